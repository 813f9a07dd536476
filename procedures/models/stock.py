"""Pre-printed stock (phôi): every single blank from its delivery to the citizen's hand or to the shredder.

Source: civil-status.md 1.5 D, 4.4; social-affairs.md 5.5; TT 01/2019 Điều 7 (the province prints the cards).
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Count, F, Q

from oneshop.models import Commune, Officer
from procedures.blanks import KINDS
from procedures.models.cases import CaseRow
from procedures.models.papers import Result

BLANK_KINDS = [(kind.key, kind.label) for kind in KINDS.values()]


class BlankQuerySet(models.QuerySet["Blank"]):
    def left(self) -> Self:
        """Still in the drawer, in the order in which they are to be taken."""
        return self.filter(state=Blank.State.RECEIVED).order_by("pk")

    def counts(self) -> dict[str, int]:
        """How many of each kind are left; every kind is named, that none is left as well."""
        rows = self.left().order_by().values_list("kind").annotate(Count("pk"))
        return dict.fromkeys(KINDS, 0) | dict(rows)


class Blank(models.Model):
    """One blank with the serial printed on it. Its only writer is `stock`; it is never removed, only told of.

    A used blank names the result and which of its originals (`sheet_no`, from 1) it became. Spoiled while that was
    printed, it goes on naming it, and the next one takes its place.
    """

    class State(models.TextChoices):
        RECEIVED = "received", "Trong kho"
        USED = "used", "Đã dùng"
        SPOILED = "spoiled", "Hỏng"
        DESTROYED = "destroyed", "Đã hủy"

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    kind = models.CharField("loại phôi", max_length=40, choices=BLANK_KINDS)
    serial = models.CharField("số sê-ri", max_length=40)
    state = models.CharField("tình trạng", max_length=10, choices=State.choices, default=State.RECEIVED)
    batch = models.CharField("đợt nhận (số phiếu giao nhận)", max_length=100, blank=True)
    received_on = models.DateField("ngày nhận")
    received_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    result = models.ForeignKey(Result, models.PROTECT, null=True, related_name="blanks")
    sheet_no = models.PositiveSmallIntegerField("bản chính thứ", null=True)
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    spoiled_at = models.DateTimeField(null=True)
    spoiled_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    reason = models.CharField("lý do hỏng", max_length=300, blank=True)
    destroyed_at = models.DateTimeField(null=True)
    destroyed_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    minutes = models.CharField("biên bản hủy", max_length=200, blank=True)

    objects: ClassVar[Any] = BlankQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["commune", "kind", "id"], condition=Q(state="received"), name="blank_left_in_order"),
            models.Index(fields=["result"], condition=Q(result__isnull=False), name="blank_of_a_result"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["commune", "kind", "serial"], name="blank_serial_is_its_own"),
            models.UniqueConstraint(
                fields=["result", "sheet_no"], condition=Q(state="used"), name="original_has_one_good_blank"
            ),
            models.CheckConstraint(
                condition=Q(used_at=None, used_by=None, result=None, sheet_no=None)
                | Q(used_at__isnull=False, used_by__isnull=False, result__isnull=False, sheet_no__gte=1),
                name="blank_used_knows_for_what_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(spoiled_at=None, spoiled_by=None, reason="")
                | (Q(spoiled_at__isnull=False, spoiled_by__isnull=False) & ~Q(reason="")),
                name="blank_spoiled_says_why_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(destroyed_at=None, destroyed_by=None, minutes="")
                | (Q(destroyed_at__isnull=False, destroyed_by__isnull=False) & ~Q(minutes="")),
                name="blank_destroyed_has_its_minutes",
            ),
            models.CheckConstraint(
                condition=Q(state="received", used_at=None, spoiled_at=None, destroyed_at=None)
                | Q(state="used", used_at__isnull=False, spoiled_at=None, destroyed_at=None)
                | Q(state="spoiled", spoiled_at__isnull=False, destroyed_at=None)
                | Q(state="destroyed", spoiled_at__isnull=False, destroyed_at__isnull=False),
                name="blank_state_is_what_happened_to_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.serial}"


class BlankLayoutQuerySet(models.QuerySet["BlankLayout"]):
    def in_force(self, commune_id: int, kind: str, on: date) -> BlankLayout | None:
        rows = self.filter(commune_id=commune_id, kind=kind, valid_from__lte=on)
        return rows.order_by("valid_from", "pk").last()


class BlankLayout(models.Model):
    """How far this commune's printer puts each field beside its place, from a day on. Never changes (trigger): a later
    row prevails. `fields`: name → [to the right, downwards] in millimetres; `*` moves them all."""

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    kind = models.CharField("loại phôi", max_length=40, choices=BLANK_KINDS)
    valid_from = models.DateField("từ ngày")
    fields = models.JSONField(default=dict)
    note = models.CharField("ghi chú (máy in, tờ thử)", max_length=200, blank=True)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar[Any] = BlankLayoutQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "valid_from", "pk"]
        indexes = [models.Index(fields=["commune", "kind", "valid_from"], name="layout_of_a_day")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.valid_from:%d/%m/%Y}"


class PaperOwedQuerySet(models.QuerySet["PaperOwed"]):
    def still(self) -> Self:
        """Not handed over, and the paper has not fallen meanwhile."""
        return self.filter(handed_at=None, result__standing=Result.Standing.VALID)


class PaperOwed(CaseRow):
    """The electronic copy was given out, the paper on its blank is owed on an agreed day (`dis_blank_available`)."""

    result = models.OneToOneField(Result, models.PROTECT, related_name="paper_owed")
    due_on = models.DateField("hẹn trả bản giấy ngày")
    reason = models.CharField("lý do", max_length=200)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)
    handed_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    handed_to = models.CharField("người nhận", max_length=100, blank=True)

    objects: ClassVar[Any] = PaperOwedQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(handed_at=None, handed_by=None, handed_to="")
                | (Q(handed_at__isnull=False, handed_by__isnull=False) & ~Q(handed_to="")),
                name="paper_handed_at_has_its_officer",
            ),
            models.CheckConstraint(
                condition=Q(handed_at=None) | Q(handed_at__gte=F("at")), name="paper_is_handed_after_it_was_owed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.result_id}: {self.due_on:%d/%m/%Y}"
