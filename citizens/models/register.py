"""The civil-status books: entries as they were written, what was noted beside them, and who descends from whom.

Source: Luật Hộ tịch 60/2014 Điều 57–61; NĐ 123/2015 Điều 11; TT 04/2020 Điều 29 (civil-status.md 0.10).
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from citizens import names, register
from citizens.models.citizen import Citizen, CitizenRow, Marriage
from oneshop.models import Officer

KINDS = [(kind.value, kind.label) for kind in register.EventKind]
PARTIES = [part.value for part in register.Part if part != register.Part.DECLARANT]


class RegisterBookQuerySet(models.QuerySet["RegisterBook"]):
    def of_year(self, commune_id: int, kind: str, on: date) -> RegisterBook:
        """This commune's own book of the year of `on`, opened with its first entry."""
        book, _ = self.get_or_create(
            commune_id=commune_id, kind=kind, year=on.year, volume="01", unit_code="", defaults={"opened_on": on}
        )
        return book


class RegisterBook(CitizenRow):
    """One volume of one kind and year. `unit_name` and `unit_code` are those of an old unit; empty for our own."""

    kind = models.CharField("loại sổ", max_length=20, choices=KINDS)
    year = models.PositiveSmallIntegerField("năm")
    volume = models.CharField("quyển số", max_length=10, default="01")
    unit_name = models.CharField("đơn vị ghi sổ (như khi đó)", max_length=150, blank=True)
    unit_code = models.CharField("mã đơn vị khi đó", max_length=5, blank=True)
    opened_on = models.DateField("mở ngày", null=True, blank=True)
    closed_on = models.DateField("khóa ngày", null=True, blank=True)
    page_count = models.PositiveIntegerField("số trang", null=True, blank=True)

    objects: ClassVar[Any] = RegisterBookQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "unit_code", "kind", "year", "volume"], name="register_book_is_its_own"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}, quyển {self.volume}"


class RegisterEntryQuerySet(models.QuerySet["RegisterEntry"]):
    def about(self, *citizens: Citizen) -> Self:
        """Entries in which one of these people is a party, by link, number or old number."""
        who = Q()
        for citizen in citizens:
            who |= Q(persons__citizen=citizen) | Q(persons__identity_number=citizen.identity_number)
            if citizen.old_number:
                who |= Q(persons__identity_number=citizen.old_number)
        # in one filter, so that name and part are of the same person: an entry has a declarant beside its parties
        return self.filter(who, persons__part__in=PARTIES).distinct()

    def looked_for(self, text: str) -> Self:
        """By `number/year`, by the digits of a card old or new, or by the names of the parties, marks or not."""
        text = text.strip()
        if re.fullmatch(r"[0-9]{9}|[0-9]{12}", text):
            return self.filter(Q(persons__identity_number=text) | Q(persons__citizen__identity_number=text)).distinct()
        number, slash, year = text.partition("/")
        if slash and number.strip().isdigit() and year.strip().isdigit():
            return self.filter(number=int(number), year=int(year))
        found = self if names.words(text) else self.none()
        for word in names.words(text):
            found = found.filter(Q(persons__search_key__startswith=word) | Q(persons__search_key__contains=f" {word}"))
        return found.distinct()

    def for_reading(self) -> Self:
        return self.select_related("book").prefetch_related("persons__citizen", "notes")


class RegisterEntry(CitizenRow):
    """One registered event, as the book has it. Never removed; a cancelled one keeps its number.

    `checked_on`: the day an officer compared the data with the page of the paper book, which is the legal basis
    (Luật Hộ tịch Điều 58, 60).
    """

    class Standing(models.TextChoices):
        ACTIVE = register.Standing.ACTIVE.value, "Đang có hiệu lực"
        CANCELLED = register.Standing.CANCELLED.value, "Đã hủy"
        REVOKED = register.Standing.REVOKED.value, "Đã thu hồi"

    book = models.ForeignKey(RegisterBook, models.PROTECT, related_name="entries")
    kind = models.CharField("việc hộ tịch", max_length=20, choices=KINDS)
    number = models.PositiveIntegerField("số")
    year = models.PositiveSmallIntegerField("năm")
    page_no = models.PositiveIntegerField("trang số", null=True, blank=True)
    registered_on = models.DateField("ngày đăng ký", null=True, blank=True)
    registered_text = models.CharField("ngày đăng ký như trong sổ", max_length=40, blank=True)
    unit = models.CharField("nơi đăng ký (như trong sổ)", max_length=150)
    standing = models.CharField("hiệu lực", max_length=10, choices=Standing.choices, default=Standing.ACTIVE)
    facts = models.JSONField(default=dict)
    flags = models.JSONField(default=list)
    performed_by = models.CharField("người thực hiện", max_length=100, blank=True)
    signer_name = models.CharField("người ký", max_length=100, blank=True)
    signer_title = models.CharField("chức vụ người ký", max_length=150, blank=True)
    ministry_reference = models.CharField("mã trên phần mềm hộ tịch dùng chung", max_length=60, blank=True)
    recorded_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    checked_on = models.DateField("đã đối chiếu sổ ngày", null=True, blank=True)
    checked_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[Any] = RegisterEntryQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-year", "-number", "pk"]
        indexes = [models.Index(fields=["commune", "kind", "year", "number"], name="entry_by_number")]
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="entry_number_is_its_own"),
            models.CheckConstraint(
                condition=Q(checked_on=None, checked_by=None) | Q(checked_on__isnull=False),
                name="entry_checked_by_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.full_number}"

    @property
    def full_number(self) -> str:
        return f"{self.number:02}/{self.year}"

    def as_value(self, commune_id: int) -> register.Entry:
        """Reads persons and notes: bring them by `for_reading` where many are read."""
        return register.Entry(
            id=self.pk,
            kind=register.EventKind(self.kind),
            number=self.full_number,
            volume=self.book.volume,
            registered_on=self.registered_on,
            registered_text=self.registered_text or (f"{self.registered_on:%d/%m/%Y}" if self.registered_on else ""),
            unit=self.unit,
            here=self.commune_id == commune_id,
            standing=register.Standing(self.standing),
            persons=tuple(row.as_value() for row in self.persons.all() if row.full_name),
            facts=dict(self.facts),
            notes=tuple(row.as_value() for row in self.notes.all()),
            checked_on=self.checked_on,
        )


class RegisterPerson(CitizenRow):
    """A person in an entry, every text as the book has it; `citizen` where we know who that is today."""

    entry = models.ForeignKey(RegisterEntry, models.PROTECT, related_name="persons")
    part = models.CharField("vai trò", max_length=12, choices=[(part.value, part.value) for part in register.Part])
    citizen = models.ForeignKey(Citizen, models.PROTECT, null=True, blank=True, related_name="+")
    full_name = models.CharField("họ, chữ đệm, tên", max_length=100)
    search_key = models.CharField(max_length=120, db_collation="C", editable=False)
    birth_text = models.CharField("ngày, tháng, năm sinh", max_length=40, blank=True)
    sex = models.CharField("giới tính", max_length=10, blank=True)
    ethnicity = models.CharField("dân tộc", max_length=40, blank=True)
    nationality = models.CharField("quốc tịch", max_length=60, blank=True)
    residence = models.CharField("nơi cư trú", max_length=250, blank=True)
    id_document = models.CharField("giấy tờ tùy thân", max_length=200, blank=True)
    identity_number = models.CharField("số định danh", max_length=12, blank=True, db_index=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["commune", "search_key"], name="entry_person_by_name")]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.full_name = names.clean(self.full_name)
        self.search_key = names.search_key(self.full_name)
        super().save(*args, **kwargs)

    @classmethod
    def of(cls, entry: RegisterEntry, named: register.Named, citizen: Citizen | None) -> Self:
        """The row of `named`, not yet saved."""
        return cls(
            commune_id=entry.commune_id,
            entry=entry,
            citizen=citizen,
            part=named.part,
            full_name=names.clean(named.full_name),
            search_key=names.search_key(named.full_name),
            birth_text=named.birth_text,
            sex=named.sex,
            ethnicity=named.ethnicity,
            nationality=named.nationality,
            residence=named.residence,
            id_document=named.id_document,
            identity_number=named.identity_number,
        )

    def as_value(self) -> register.Named:
        return register.Named(
            part=register.Part(self.part),
            full_name=self.full_name,
            birth_text=self.birth_text,
            sex=self.sex,
            ethnicity=self.ethnicity,
            nationality=self.nationality,
            residence=self.residence,
            id_document=self.id_document,
            identity_number=self.citizen.identity_number if self.citizen else self.identity_number,
            written_number=self.identity_number,
        )


class Annotation(CitizenRow):
    """What was later noted in an entry: divorce, annulment, correction (Luật Hộ tịch Điều 28, 30). Never changes."""

    entry = models.ForeignKey(RegisterEntry, models.PROTECT, related_name="notes")
    text = models.CharField("nội dung ghi chú", max_length=500)
    basis = models.CharField("theo văn bản", max_length=300)
    noted_on = models.DateField("ngày ghi")
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["noted_on", "pk"]

    def __str__(self) -> str:
        return self.text

    def as_value(self) -> register.Note:
        return register.Note(text=self.text, basis=self.basis, noted_on=self.noted_on)


class Parentage(CitizenRow):
    """A child and a parent, by blood or by adoption; `ended_on` for an adoption that ended, which still forbids."""

    class Kind(models.TextChoices):
        BLOOD = "blood", "Con đẻ"
        ADOPTION = "adoption", "Con nuôi"

    child = models.ForeignKey(Citizen, models.PROTECT, related_name="parentages")
    parent = models.ForeignKey(Citizen, models.PROTECT, related_name="offspring")
    kind = models.CharField("quan hệ", max_length=10, choices=Kind.choices, default=Kind.BLOOD)
    basis = models.CharField("căn cứ", max_length=200)
    ended_on = models.DateField("chấm dứt ngày", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["child", "parent", "kind"], name="parent_of_a_child_once"),
            models.CheckConstraint(condition=~Q(child=models.F("parent")), name="nobody_is_their_own_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} ← {self.parent_id}"


GENERATIONS = 5  # further up no living couple meets


def kin_of(citizen: Citizen) -> register.Kin:
    """Who `citizen` is kin to, as far as Parentage and Marriage rows that this commune sees tell."""
    blood = Parentage.Kind.BLOOD
    parents = _parents([citizen.pk], blood)
    grandparents = _parents(list(parents), blood)
    ancestors = dict(parents)
    line = grandparents
    for _ in range(GENERATIONS):
        new = {pk: number for pk, number in line.items() if pk not in ancestors}
        if not new:
            break
        ancestors |= new
        line = _parents(list(new), blood)
    # a marriage may be on record from one side alone
    sides = Marriage.objects.filter(Q(citizen=citizen) | Q(spouse=citizen)).exclude(spouse=None)
    sides = sides.exclude(ending=Marriage.Ending.VOID)
    spouses = sorted({pk for row in sides.values_list("citizen_id", "spouse_id") for pk in row} - {citizen.pk})
    return register.Kin(
        parents=frozenset(parents.values()),
        grandparents=frozenset(grandparents.values()),
        ancestors=frozenset(ancestors.values()),
        adoptive_parents=frozenset(_parents([citizen.pk], Parentage.Kind.ADOPTION).values()),
        spouse_parents=frozenset(_parents(spouses).values()),
        spouse_children=frozenset(_children(spouses).values()),
    )


def _parents(children: list[int], *kinds: str) -> dict[int, str]:
    rows = Parentage.objects.filter(child__in=children)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return dict(rows.values_list("parent_id", "parent__identity_number"))


def _children(parents: list[int]) -> dict[int, str]:
    return dict(Parentage.objects.filter(parent__in=parents).values_list("child_id", "child__identity_number"))
