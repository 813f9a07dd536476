"""Disability files: what the council determined, the cards issued on it, who represents, what was concluded later.

Sensitive data: seen by the commune that keeps the file alone, a card shown at another counter opens nothing of it.
Source: TT 01/2019/TT-BLĐTBXH Điều 7–9 (social-affairs.md 5.6, 8).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from citizens import disability, names
from citizens.models.citizen import Citizen, CitizenRow
from oneshop.models import Officer

TYPES = [(kind.value, kind.label) for kind in disability.DisabilityType]
LEVELS = [(level.value, level.label) for level in disability.Level]
SHEETS = [(sheet.value, sheet.label) for sheet in disability.Sheet]
STATUSES = [(status.value, status.label) for status in disability.CardStatus]
ISSUE_KINDS = [(kind.value, kind.label) for kind in disability.IssueKind]
GROUNDS = [(ground.value, ground.label) for ground in disability.Ground]


class DisabilityRecordQuerySet(models.QuerySet["DisabilityRecord"]):
    def kept_by(self, commune_id: int | None) -> Self:
        return self.filter(commune_id=commune_id)

    def named(self, text: str) -> Self:
        """By identity number, card number, or words of the name, marks or not, in any order; by name."""
        text = text.strip()
        listed = self.order_by("citizen__sort_key", "pk")
        if any(letter.isdigit() for letter in text):
            return listed.filter(Q(citizen__identity_number=text) | Q(cards__number__iexact=text)).distinct()
        for word in names.words(text):
            listed = listed.filter(
                Q(citizen__search_key__startswith=word) | Q(citizen__search_key__contains=f" {word}")
            )
        return listed

    def for_reading(self) -> Self:
        return self.select_related("citizen").prefetch_related("cards", "representatives", "conclusions")


class DisabilityRecord(CitizenRow):
    """The kept file of one person. Type and level are what the council determined; corrected only on a paper."""

    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="disability_records")
    types = ArrayField(models.CharField(max_length=20, choices=TYPES), verbose_name="dạng khuyết tật")
    level = models.CharField("mức độ khuyết tật", max_length=20, choices=LEVELS, blank=True)
    decision = models.CharField("số biên bản kết luận của Hội đồng", max_length=100, blank=True)
    determined_on = models.DateField("ngày kết luận", null=True, blank=True)
    sheet = models.CharField("phiếu xác định", max_length=10, choices=SHEETS)
    exempt_sign = models.CharField("dấu hiệu đặc biệt nặng (Mục IV Mẫu số 02)", max_length=3, blank=True)
    lines = ArrayField(models.CharField(max_length=4), default=list, blank=True, verbose_name="biểu hiện đã đánh dấu")
    activities = ArrayField(
        models.CharField(max_length=10), default=list, blank=True, verbose_name="khả năng thực hiện các hoạt động"
    )
    source = models.CharField("nguồn hồ sơ", max_length=300)
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[Any] = DisabilityRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "citizen"], name="person_has_one_disability_file_here"),
            models.CheckConstraint(condition=~Q(types=[]), name="disability_file_names_a_type"),
        ]

    def __str__(self) -> str:
        return f"{self.citizen_id}: {self.level}"

    def as_value(self) -> disability.DisabilityFile:
        """Reads cards, representatives and conclusions: bring them by `for_reading`."""
        return disability.DisabilityFile(
            types=tuple(disability.DisabilityType(kind) for kind in self.types),
            level=disability.Level(self.level) if self.level else None,
            determined_on=self.determined_on,
            decision=self.decision,
            sheet=disability.Sheet(self.sheet),
            exempt_sign=self.exempt_sign,
            lines=tuple(self.lines),
            activities=tuple(self.activities),
            cards=tuple(card.as_value() for card in self.cards.all() if card.status != disability.CardStatus.VOID),
            representatives=tuple(row.as_value() for row in self.representatives.all() if row.ended_on is None),
            conclusions=tuple(row.as_value() for row in self.conclusions.all()),
        )


class DisabilityCard(CitizenRow):
    """One card as it was issued, with the type and level it bears. `register_number` is its line of that year's book;
    none for a card older than the book."""

    record = models.ForeignKey(DisabilityRecord, models.PROTECT, related_name="cards")
    number = models.CharField("số hiệu", max_length=60)
    times = models.PositiveSmallIntegerField("lần cấp đổi, cấp lại", default=0)
    kind = models.CharField("loại cấp", max_length=10, choices=ISSUE_KINDS, default=disability.IssueKind.NEW.value)
    reason = models.CharField("lý do", max_length=200, blank=True)
    register_number = models.PositiveIntegerField("số thứ tự trong sổ", null=True, blank=True)
    issued_on = models.DateField("ngày ký")
    signer = models.CharField("người ký", max_length=150, blank=True)
    types = ArrayField(models.CharField(max_length=20, choices=TYPES), verbose_name="dạng khuyết tật")
    level = models.CharField("mức độ khuyết tật", max_length=20, choices=LEVELS)
    full_name = models.CharField("họ tên in trên giấy", max_length=100, blank=True)
    birth_text = models.CharField("ngày sinh in trên giấy", max_length=40, blank=True)
    sex = models.CharField("giới tính in trên giấy", max_length=10, blank=True)
    residence = models.CharField("nơi cư trú in trên giấy", max_length=250, blank=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    status = models.CharField("tình trạng", max_length=10, choices=STATUSES, default=disability.CardStatus.ACTIVE.value)
    status_on = models.DateField("từ ngày", null=True, blank=True)
    status_paper = models.CharField("căn cứ", max_length=300, blank=True)

    class Meta:
        ordering = ["issued_on", "times", "pk"]
        indexes = [models.Index(fields=["commune", "issued_on"], name="disability_card_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=Q(status="active"), name="disability_file_has_one_active_card"
            ),
            models.UniqueConstraint(
                fields=["record", "times"], condition=~Q(status="void"), name="disability_card_is_counted_once"
            ),
            models.CheckConstraint(condition=~Q(number=""), name="disability_card_has_its_number"),
            models.CheckConstraint(
                condition=Q(status="active", status_on=None) | (~Q(status="active") & Q(status_on__isnull=False)),
                name="disability_card_that_fell_knows_when",
            ),
            models.CheckConstraint(
                condition=~Q(status="revoked") | ~Q(status_paper=""), name="disability_card_is_revoked_on_paper"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.issued_on:%d/%m/%Y})"

    def as_value(self) -> disability.Card:
        return disability.Card(
            number=self.number,
            issued_on=self.issued_on,
            status=disability.CardStatus(self.status),
            times=self.times,
            full_name=self.full_name,
            birth_text=self.birth_text,
            sex=self.sex,
            residence=self.residence,
        )


class DisabilityRepresentative(CitizenRow):
    """Who acts for the person by law; ended, not removed."""

    record = models.ForeignKey(DisabilityRecord, models.PROTECT, related_name="representatives")
    identity_number = models.CharField("số định danh cá nhân", max_length=12)
    full_name = models.CharField("họ và tên", max_length=100)
    ground = models.CharField("tư cách", max_length=10, choices=GROUNDS)
    paper = models.CharField("căn cứ", max_length=300)
    by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    ended_on = models.DateField("đến hết ngày", null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(identity_number__regex=r"^[0-9]{12}$"), name="representative_number_has_twelve_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def as_value(self) -> disability.Representative:
        return disability.Representative(
            identity_number=self.identity_number,
            full_name=self.full_name,
            ground=disability.Ground(self.ground),
            paper=self.paper,
        )


class DisabilityConclusion(CitizenRow):
    """A written conclusion that the card is wrong in type or level (Điều 8 khoản 3): while it is open no card is
    exchanged; settled by the decision that withdraws the card, or by a paper that takes the conclusion back."""

    class Outcome(models.TextChoices):
        REVOKED = "revoked", "Đã thu hồi giấy"
        WITHDRAWN = "withdrawn", "Kết luận được rút lại"

    record = models.ForeignKey(DisabilityRecord, models.PROTECT, related_name="conclusions")
    paper = models.CharField("văn bản kết luận (số, ngày, cơ quan)", max_length=300)
    received_on = models.DateField("nhận ngày")
    by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    outcome = models.CharField("đã xử lý", max_length=10, choices=Outcome.choices, blank=True)
    settled_on = models.DateField("ngày xử lý", null=True, blank=True)
    settled_paper = models.CharField("quyết định hoặc văn bản xử lý", max_length=300, blank=True)
    settled_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["received_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_on=None, settled_by=None, outcome="", settled_paper="")
                | (Q(settled_on__isnull=False, settled_by__isnull=False) & ~Q(outcome="") & ~Q(settled_paper="")),
                name="disability_conclusion_is_settled_on_paper",
            ),
        ]

    def __str__(self) -> str:
        return self.paper

    def as_value(self) -> disability.Conclusion:
        return disability.Conclusion(paper=self.paper, received_on=self.received_on, settled_on=self.settled_on)


class DisabilityAmendment(CitizenRow):
    """One correction of a file: what it was, what it is, by whom, on what paper. Never changes."""

    record = models.ForeignKey(DisabilityRecord, models.PROTECT, related_name="amendments")
    field = models.CharField(max_length=60)
    before = models.CharField(max_length=500, blank=True)
    after = models.CharField(max_length=500, blank=True)
    paper = models.CharField("căn cứ", max_length=300)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.field}: {self.before} → {self.after}"


class DisabilityFileChanged(Exception):
    """Another officer saved this file first (F-09)."""


def amend_disability(
    record: DisabilityRecord, changes: dict[str, Any], *, paper: str, by: Officer, at: datetime
) -> list[DisabilityAmendment]:
    """Change the named fields of a file, keeping each former value beside the paper that ordered it.

    The cards already issued keep what is printed on them. Raises DisabilityFileChanged if the file
    moved on since it was read.
    """
    changed = {name: value for name, value in changes.items() if getattr(record, name) != value}
    if not changed:
        return []
    before = {name: _as_text(record, name) for name in changed}
    mine = DisabilityRecord.objects.filter(pk=record.pk, version=record.version)
    if not mine.update(**changed, version=F("version") + 1):
        raise DisabilityFileChanged
    record.refresh_from_db()
    return DisabilityAmendment.objects.bulk_create(
        DisabilityAmendment(
            commune_id=record.commune_id,
            record=record,
            field=name,
            before=before[name],
            after=_as_text(record, name),
            paper=paper,
            by=by,
            at=at,
        )
        for name in changed
    )


def _as_text(record: DisabilityRecord, name: str) -> str:
    """The value as the page shows it: labels, not keys."""
    value = getattr(record, name)
    if name == "types":
        return "; ".join(disability.DisabilityType(kind).label for kind in value)
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    display = getattr(record, f"get_{name}_display", None)
    return str(display() if display else value or "")


def settle_conclusion(
    conclusion: DisabilityConclusion, *, outcome: str, paper: str, on: date, by: Officer
) -> DisabilityConclusion:
    """Close an open conclusion; where the card is withdrawn, the last card is revoked on the same paper.

    Source: TT 01/2019 Điều 9 (the Chủ tịch revokes within 05 working days). Raises DisabilityFileChanged if it was
    settled before.
    """
    open_one = DisabilityConclusion.objects.filter(pk=conclusion.pk, settled_on=None)
    if not open_one.update(outcome=outcome, settled_on=on, settled_paper=paper, settled_by=by):
        raise DisabilityFileChanged
    if outcome == DisabilityConclusion.Outcome.REVOKED:
        cards = DisabilityCard.objects.filter(record=conclusion.record_id).exclude(status=disability.CardStatus.VOID)
        if last := cards.last():
            cards.filter(pk=last.pk).update(status=disability.CardStatus.REVOKED, status_on=on, status_paper=paper)
    conclusion.refresh_from_db()
    return conclusion
