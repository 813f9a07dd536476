"""Martyrs' files: the fallen, the relatives, who holds the worship allowance, the visits granted and what came of them.

The book of visits is the table `GraveVisit` itself (social-affairs.md 6.6). Source: NĐ 131/2021/NĐ-CP Điều 155–158.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from citizens import martyrs, names
from citizens.models.citizen import Citizen, CitizenRow
from oneshop.models import Officer

RELATIONS = [(relation.value, relation.label) for relation in martyrs.Relation]
NAMED_RELATIONS = [(value, label) for value, label in RELATIONS if value != martyrs.Relation.WORSHIP]
"""What a relative in the file may be; who holds the worship allowance stands in a row of its own."""


class MartyrQuerySet(models.QuerySet["Martyr"]):
    def kept_by(self, commune_id: int | None) -> Self:
        """The commune whose officers entered the file or its extract; where the original lies is `kept_elsewhere`."""
        return self.filter(commune_id=commune_id)

    def naming(self, citizen: Citizen) -> Self:
        """Files in which this person is a relative or holds the worship allowance, by link, number or old number."""
        numbers = [number for number in (citizen.identity_number, citizen.old_number) if number]
        kin = Q(relatives__citizen=citizen) | Q(relatives__identity_number__in=numbers)
        altar = Q(worships__citizen=citizen) | Q(worships__identity_number__in=numbers)
        return self.filter((kin & Q(relatives__struck_paper="")) | (altar & Q(worships__ended_on=None))).distinct()

    def looked_for(self, text: str) -> Self:
        """By the certificate's number, or by words of the martyr's name, marks or not, in any order."""
        text = text.strip()
        if any(letter.isdigit() for letter in text):
            return self.filter(certificate_number__iexact=text)
        found = self if names.words(text) else self.none()
        for word in names.words(text):
            found = found.filter(Q(search_key__startswith=word) | Q(search_key__contains=f" {word}"))
        return found

    def for_reading(self) -> Self:
        return self.prefetch_related("relatives__citizen", "worships__citizen", "visits")


class Martyr(CitizenRow):
    """One martyr's file, or the extract of one that another commune manages. Corrected only on a paper (`correct`)."""

    full_name = models.CharField("họ và tên liệt sĩ", max_length=100)
    search_key = models.CharField(max_length=120, db_collation="C", editable=False)
    native_place = models.CharField("quê quán", max_length=250)
    unit = models.CharField("cơ quan, đơn vị khi hy sinh", max_length=200, blank=True)
    rank = models.CharField("cấp bậc, chức vụ khi hy sinh", max_length=150, blank=True)
    death_text = models.CharField("ngày tháng năm hy sinh", max_length=10)
    death_place = models.CharField("nơi hy sinh", max_length=250, blank=True)
    death_place_paper = models.CharField("căn cứ về nơi hy sinh", max_length=250, blank=True)
    died_in_country = models.BooleanField("nơi hy sinh ở trong nước", default=True)
    certificate_number = models.CharField("Bằng “Tổ quốc ghi công” số", max_length=60, blank=True)
    decision = models.CharField("quyết định cấp bằng", max_length=150, blank=True)
    in_cemetery_list = models.BooleanField("có tên trong danh sách liệt sĩ của nghĩa trang trong nước", default=False)
    cemetery = models.CharField("nghĩa trang", max_length=200, blank=True)
    grave_commune = models.CharField("xã, phường nơi có mộ", max_length=120, blank=True)
    grave_province = models.CharField("tỉnh, thành phố nơi có mộ", max_length=120, blank=True)
    grave_location = models.CharField("vị trí mộ", max_length=200, blank=True)
    kept_elsewhere = models.CharField("hồ sơ gốc do xã khác quản lý", max_length=150, blank=True)
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[Any] = MartyrQuerySet.as_manager()

    class Meta:
        ordering = ["search_key", "pk"]
        indexes = [models.Index(fields=["commune", "search_key"], name="martyr_by_name")]
        constraints = [
            models.CheckConstraint(condition=~Q(full_name=""), name="martyr_has_a_name"),
            models.CheckConstraint(
                condition=Q(death_text__regex=r"^([0-9]{1,2}/){0,2}[12][0-9]{3}$"), name="martyr_fell_in_a_year"
            ),
            models.UniqueConstraint(
                fields=["commune", "certificate_number"],
                condition=~Q(certificate_number=""),
                name="martyr_certificate_is_its_own",
            ),
            models.CheckConstraint(
                condition=Q(in_cemetery_list=False) | ~Q(cemetery=""), name="martyr_in_a_list_has_a_cemetery"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.full_name = names.clean(self.full_name)
        self.search_key = names.search_key(self.full_name)
        super().save(*args, **kwargs)

    def as_value(self) -> martyrs.MartyrFile:
        """Reads relatives, worship and visits: bring them by `for_reading` where many are read."""
        worship = next((row for row in self.worships.all() if row.ended_on is None), None)
        return martyrs.MartyrFile(
            id=self.pk,
            full_name=self.full_name,
            native_place=self.native_place,
            unit=self.unit,
            rank=self.rank,
            death_text=self.death_text,
            death_place=self.death_place,
            death_place_paper=self.death_place_paper,
            died_in_country=self.died_in_country,
            certificate_number=self.certificate_number,
            decision=self.decision,
            cemetery=self.cemetery,
            grave_commune=self.grave_commune,
            grave_province=self.grave_province,
            grave_location=self.grave_location,
            in_cemetery_list=self.in_cemetery_list,
            kept_here=not self.kept_elsewhere,
            kept_by=self.kept_elsewhere,
            relatives=tuple(row.as_value() for row in self.relatives.all() if not row.struck_paper),
            worship=worship.as_value() if worship else None,
            visits=tuple(row.as_value() for row in self.visits.all()),
        )


class NamedInFile(CitizenRow):
    """A person in a martyr's file as its papers write him or her; `citizen` where we know who that is today."""

    citizen = models.ForeignKey(Citizen, models.PROTECT, null=True, blank=True, related_name="+")
    full_name = models.CharField("họ và tên", max_length=100)
    relation_text = models.CharField("quan hệ tự nhiên", max_length=60, blank=True)
    identity_number = models.CharField("số định danh hoặc CMND", max_length=12, blank=True, db_index=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.full_name = names.clean(self.full_name)
        super().save(*args, **kwargs)

    @property
    def present_number(self) -> str:
        return self.citizen.identity_number if self.citizen else self.identity_number


class MartyrRelative(NamedInFile):
    """A relative, with the paper that says so. One written by mistake is struck out, never removed."""

    martyr = models.ForeignKey(Martyr, models.PROTECT, related_name="relatives")
    relation = models.CharField("quan hệ với liệt sĩ", max_length=20, choices=NAMED_RELATIONS)
    birth_text = models.CharField("ngày tháng năm sinh", max_length=10, blank=True)
    id_issued_on = models.DateField("ngày cấp", null=True, blank=True)
    id_issued_by = models.CharField("nơi cấp", max_length=150, blank=True)
    basis = models.CharField("căn cứ về quan hệ", max_length=250)
    struck_paper = models.CharField("gạch khỏi hồ sơ theo", max_length=250, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(relation__in=[value for value, _ in NAMED_RELATIONS]), name="relative_is_something_named"
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="relative_has_a_paper"),
            models.UniqueConstraint(
                fields=["martyr", "identity_number"],
                condition=~Q(identity_number="") & Q(struck_paper=""),
                name="relative_stands_once_in_a_file",
            ),
        ]

    def as_value(self) -> martyrs.Relative:
        """Facts of the card come from the person's own record where there is one."""
        known = self.citizen
        return martyrs.Relative(
            id=self.pk,
            relation=martyrs.Relation(self.relation),
            relation_text=self.relation_text,
            full_name=known.full_name if known else self.full_name,
            birth_text=known.birth_text if known else self.birth_text,
            identity_number=self.present_number,
            id_issued_on=known.document_issued_on if known else self.id_issued_on,
            id_issued_by=known.document_issued_by if known else self.id_issued_by,
            is_alive=known is None or known.deceased_on is None,
        )


class WorshipGrant(NamedInFile):
    """The allowance for keeping the altar, by decision; a martyr has one who holds it."""

    martyr = models.ForeignKey(Martyr, models.PROTECT, related_name="worships")
    decision = models.CharField("quyết định trợ cấp thờ cúng", max_length=150)
    decided_on = models.DateField("ngày quyết định", null=True, blank=True)
    ended_on = models.DateField("thôi hưởng từ ngày", null=True, blank=True)
    ended_paper = models.CharField("theo văn bản", max_length=250, blank=True)

    class Meta:
        ordering = ["decided_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["martyr"], condition=Q(ended_on=None), name="martyr_has_one_worship_beneficiary"
            ),
            models.CheckConstraint(condition=~Q(decision=""), name="worship_allowance_has_its_decision"),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_paper="") | (Q(ended_on__isnull=False) & ~Q(ended_paper="")),
                name="worship_allowance_ends_on_paper",
            ),
        ]

    def as_value(self) -> martyrs.Worship:
        return martyrs.Worship(
            full_name=self.citizen.full_name if self.citizen else self.full_name,
            decision=self.decision,
            decided_on=self.decided_on,
            identity_number=self.present_number,
            relation_text=self.relation_text,
        )


class GraveVisitQuerySet(models.QuerySet["GraveVisit"]):
    def of_year(self, commune_id: int | None, year: int) -> Self:
        return self.filter(commune_id=commune_id, year=year).select_related("martyr")

    def years(self, commune_id: int | None) -> list[int]:
        """The years that have a book, the latest first."""
        return list(self.filter(commune=commune_id).order_by("-year").values_list("year", flat=True).distinct())


class GraveVisit(CitizenRow):
    """One line of `Sổ theo dõi xác nhận đơn, giấy giới thiệu thăm viếng mộ liệt sĩ` (6.6).

    Written by the signature; the specialist adds what the visitor brings back (`bring_back`) and what was paid (`pay`),
    or that the letter came back unused (`leave_unused`).
    """

    martyr = models.ForeignKey(Martyr, models.PROTECT, related_name="visits")
    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="grave_visits")
    applicant_name = models.CharField("người đề nghị", max_length=100)
    relation = models.CharField("quan hệ với liệt sĩ", max_length=100)
    place = models.CharField("nghĩa trang, địa phương nơi có mộ", max_length=400)
    persons = models.JSONField("những người đi", default=list)
    supported = models.PositiveSmallIntegerField("số người được hỗ trợ", default=0)
    year = models.PositiveSmallIntegerField("năm")
    issued_on = models.DateField("ngày ký")
    application_number = models.CharField("số xác nhận đơn", max_length=60, blank=True)
    letter_number = models.CharField("số giấy giới thiệu", max_length=60, blank=True)
    signer = models.CharField("người ký", max_length=100)
    returned_on = models.DateField("ngày nộp lại giấy có xác nhận", null=True, blank=True)
    returned_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    kilometres = models.PositiveIntegerField("khoảng cách một lượt (km)", null=True, blank=True)
    amount = models.PositiveIntegerField("số tiền hỗ trợ (đồng)", null=True, blank=True)
    paid_on = models.DateField("ngày chi", null=True, blank=True)
    paid_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    unused_on = models.DateField("ngày nộp lại giấy không sử dụng", null=True, blank=True)
    unused_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = GraveVisitQuerySet.as_manager()

    class Meta:
        ordering = ["issued_on", "pk"]
        indexes = [models.Index(fields=["commune", "year"], name="grave_visit_of_a_year")]
        constraints = [
            models.UniqueConstraint(
                fields=["martyr", "year"],
                condition=Q(supported__gt=0, unused_on=None),
                name="martyr_grave_is_supported_once_a_year",
            ),
            models.CheckConstraint(
                condition=~Q(application_number="") | ~Q(letter_number=""), name="grave_visit_has_a_paper"
            ),
            models.CheckConstraint(
                condition=Q(returned_on=None, returned_by=None, kilometres=None)
                | (Q(returned_on__isnull=False, returned_by__isnull=False) & ~Q(letter_number="")),
                name="grave_visit_returned_is_a_letter_with_its_officer",
            ),
            models.CheckConstraint(
                condition=Q(paid_on=None, paid_by=None, amount=None)
                | Q(paid_on__isnull=False, paid_by__isnull=False, amount__isnull=False, returned_on__isnull=False),
                name="grave_visit_is_paid_after_its_return",
            ),
            models.CheckConstraint(
                condition=Q(paid_on=None) | (Q(supported__gt=0) & Q(paid_on__gte=F("returned_on"))),
                name="grave_visit_without_support_is_not_paid",
            ),
            models.CheckConstraint(
                condition=Q(unused_on=None, unused_by=None)
                | Q(unused_on__isnull=False, unused_by__isnull=False, returned_on=None),
                name="grave_visit_is_returned_or_unused",
            ),
        ]

    def __str__(self) -> str:
        return self.letter_number or self.application_number

    @property
    def expected(self) -> int | None:
        """What the support comes to, for information; nothing while the distance is unknown."""
        if self.kilometres is None:
            return None
        return martyrs.support(self.kilometres, self.supported, on=self.issued_on)

    def as_value(self) -> martyrs.Visit:
        return martyrs.Visit(
            on=self.issued_on,
            place=self.place,
            persons=tuple(self.persons),
            supported=self.supported,
            unused=self.unused_on is not None,
        )


class MartyrAmendment(CitizenRow):
    """One correction of a file: what it was, what it is, by whom, on what paper. Never changes."""

    martyr = models.ForeignKey(Martyr, models.PROTECT, related_name="amendments")
    field = models.CharField(max_length=150)
    before = models.CharField(max_length=300, blank=True)
    after = models.CharField(max_length=300, blank=True)
    paper = models.CharField("căn cứ", max_length=250)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.field}: {self.before} → {self.after}"


class FileChanged(Exception):
    """Another officer saved this file first (F-09); `by` says who, if a line of it tells."""

    def __init__(self, martyr: Martyr) -> None:
        self.last = martyr.amendments.select_related("by").first()
        super().__init__(str(martyr.pk))


def correct(
    row: Martyr | MartyrRelative | WorshipGrant,
    changes: dict[str, Any],
    *,
    paper: str,
    by: Officer,
    at: datetime,
) -> list[MartyrAmendment]:
    """Change the named fields of the file or of a person in it; each former value stays beside its paper.

    Raises FileChanged if the row moved on since it was read; then nothing is changed.
    """
    martyr = row if isinstance(row, Martyr) else row.martyr
    before = {name: getattr(row, name) for name, value in changes.items() if getattr(row, name) != value}
    if not before:
        return []
    changed = {name: changes[name] for name in before}
    if isinstance(row, Martyr):
        if "full_name" in changed:
            changed["search_key"] = names.search_key(changed["full_name"])
    elif "identity_number" in changed:
        changed["citizen"] = citizen_with(changed["identity_number"], martyr.commune_id)
    rows = type(row)._default_manager.filter(pk=row.pk, version=row.version)
    if not rows.update(**changed, version=F("version") + 1):
        raise FileChanged(martyr)
    row.refresh_from_db()
    whose = "" if row is martyr else f"{row}: "
    return MartyrAmendment.objects.bulk_create(
        MartyrAmendment(
            commune_id=martyr.commune_id,
            martyr=martyr,
            field=f"{whose}{_label(row, name)}"[:150],
            before=_as_text(value),
            after=_as_text(changed[name]),
            paper=paper,
            by=by,
            at=at,
        )
        for name, value in before.items()
    )


def _label(row: models.Model, name: str) -> str:
    field = row._meta.get_field(name)
    return str(getattr(field, "verbose_name", name))


def citizen_with(number: str, commune_id: int | None) -> Citizen | None:
    """The person of this commune's records who bears that number, new or old."""
    if not number:
        return None
    here = Citizen.objects.kept_by(commune_id)
    return here.filter(identity_number=number).first() or here.filter(old_number=number).first()


def bring_back(visit: GraveVisit, *, on: date, kilometres: int, by: Officer) -> None:
    """The letter is back, confirmed by the commune of the grave; a wrong distance may be mended until it is paid.

    Raises FileChanged if it was paid or noted as unused meanwhile.
    """
    waiting = GraveVisit.objects.filter(pk=visit.pk, paid_on=None, unused_on=None)
    _once(visit, waiting.update(returned_on=on, returned_by=by, kilometres=kilometres))


def pay(visit: GraveVisit, *, on: date, amount: int, by: Officer) -> None:
    """The support was paid, within two working days of the return (6.1). Raises FileChanged if it had been already."""
    _once(visit, GraveVisit.objects.filter(pk=visit.pk, paid_on=None).update(paid_on=on, amount=amount, paid_by=by))


def leave_unused(visit: GraveVisit, *, on: date, by: Officer) -> None:
    """The letter came back and nobody went: the visit no longer counts for the year. Raises FileChanged as `pay`."""
    waiting = GraveVisit.objects.filter(pk=visit.pk, returned_on=None, unused_on=None)
    _once(visit, waiting.update(unused_on=on, unused_by=by))


def _once(visit: GraveVisit, changed: int) -> None:
    if not changed:
        raise FileChanged(visit.martyr)
    visit.refresh_from_db()


def _as_text(value: object) -> str:
    match value:
        case bool():
            return "có" if value else "không"
        case date():
            return f"{value:%d/%m/%Y}"
        case None:
            return ""
        case _:
            return str(dict(RELATIONS).get(str(value), value))[:300]
