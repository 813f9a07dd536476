"""The people who come: identity, residence, marriages, and every correction of them. Knows no case."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Length

from citizens import names, person
from citizens.identity_number import IdentityNumber, mask
from oneshop.models import Commune, Officer


class CitizenQuerySet(models.QuerySet["Citizen"]):
    def kept_by(self, commune_id: int | None) -> Self:
        return self.filter(commune_id=commune_id)

    def named(self, query: str) -> Self:
        """People whose name has a word beginning with each word of `query`, marks or not, in any order (U-22).

        Exact marks rank first; then a name that begins with the query, so that who types from the left is served.
        """
        bare, exact = names.search_key(query), names.exact_key(query)
        words = names.words(query)
        found = self if words else self.none()  # signs alone browse nobody
        for word in words:
            found = found.filter(Q(search_key__startswith=word) | Q(search_key__contains=f" {word}"))
        rank = models.Case(
            models.When(exact_key=exact, then=Value(0)),
            models.When(search_key=bare, then=Value(1)),
            models.When(exact_key__contains=exact, then=Value(2)),
            models.When(search_key__startswith=bare, then=Value(3)),
            default=Value(4),
            output_field=models.IntegerField(),
        )
        return found.annotate(rank=rank, length=Length("search_key")).order_by("rank", "length", "sort_key", "pk")

    def best_named(self, query: str, *, at_most: int) -> list[Citizen]:
        """The best of `named`, found in the index alone; only those that are shown are fetched from the table."""
        # `rank` is an annotation, which the stubs see only where it is made
        ranks = dict(self.named(query).values_list("pk", "rank")[:at_most])  # type: ignore[misc]
        rows = self.in_bulk(list(ranks))
        for pk, rank in ranks.items():
            rows[pk].rank = rank
        return [rows[pk] for pk in ranks]


class Citizen(models.Model):
    """A person, found by identity number. `commune` keeps the record; where the person lives is a dated row."""

    class EidLevel(models.IntegerChoices):
        NONE = 0, "Chưa có"
        ONE = 1, "Mức độ 1"
        TWO = 2, "Mức độ 2"

    class SexChoice(models.TextChoices):
        MALE = person.Sex.MALE.value, "Nam"
        FEMALE = person.Sex.FEMALE.value, "Nữ"

    class Document(models.TextChoices):
        """Identity papers of Nghị định 123/2015 Điều 2 khoản 1 as amended in 2026; the old CMND is history only."""

        CAN_CUOC = "can_cuoc", "Thẻ căn cước"
        CCCD = "cccd", "Thẻ căn cước công dân"
        ELECTRONIC = "can_cuoc_dien_tu", "Căn cước điện tử"
        CERTIFICATE = "giay_chung_nhan_can_cuoc", "Giấy chứng nhận căn cước"
        PASSPORT = "ho_chieu", "Hộ chiếu"
        OTHER = "giay_to_khac", "Giấy tờ khác có dán ảnh"
        CMND = "cmnd", "Chứng minh nhân dân"

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="citizens")
    identity_number = models.CharField("số định danh cá nhân", max_length=12, unique=True)
    old_number = models.CharField("số CMND cũ", max_length=9, blank=True, db_index=True)
    full_name = models.CharField("họ, chữ đệm, tên", max_length=100)
    search_key = models.CharField(max_length=120, db_collation="C", editable=False)
    exact_key = models.CharField(max_length=120, db_collation="C", editable=False)
    sort_key = models.CharField(max_length=400, db_collation="C", editable=False)
    birth_date = models.DateField("ngày sinh", null=True, blank=True)
    birth_text = models.CharField("ngày, tháng, năm sinh như trên giấy tờ", max_length=40)
    sex = models.CharField("giới tính", max_length=6, choices=SexChoice.choices, blank=True)
    ethnicity = models.CharField("dân tộc", max_length=40, default="Kinh")
    nationality = models.CharField("quốc tịch", max_length=60, default="Việt Nam")
    telephone = models.CharField("số điện thoại", max_length=20, blank=True)
    email = models.EmailField("thư điện tử", max_length=100, blank=True)
    document_kind = models.CharField(
        "loại giấy tờ tùy thân", max_length=30, choices=Document.choices, default=Document.CCCD
    )
    document_issued_on = models.DateField("ngày cấp", null=True, blank=True)
    document_issued_by = models.CharField("nơi cấp", max_length=150, blank=True)
    document_valid_until = models.DateField("có giá trị đến", null=True, blank=True)
    eid_level = models.PositiveSmallIntegerField(
        "tài khoản định danh điện tử", choices=EidLevel.choices, default=EidLevel.NONE
    )
    portal_synced_on = models.DateField("đồng bộ với Cổng Dịch vụ công quốc gia", null=True, blank=True)
    deceased_on = models.DateField("ngày chết", null=True, blank=True)
    death_note = models.CharField("căn cứ khai tử", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)

    rank: int  # how well a search was met, 0 best; only on what `best_named` found

    objects: ClassVar[Any] = CitizenQuerySet.as_manager()

    class Meta:
        indexes = [
            # carries all that a search and the wall look at, so that only the people shown are fetched from the table
            models.Index(
                fields=["commune", "search_key"],
                include=["id", "identity_number", "exact_key", "sort_key"],
                name="citizen_by_name_here",
            ),
            models.Index(fields=["search_key", "birth_date"], name="citizen_by_name_and_birth"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(identity_number__regex=r"^[0-9]{12}$"), name="identity_number_has_twelve_digits"
            ),
            models.CheckConstraint(
                condition=Q(old_number="") | Q(old_number__regex=r"^[0-9]{9}$"), name="old_number_has_nine_digits"
            ),
            models.CheckConstraint(condition=~Q(full_name=""), name="citizen_has_a_name"),
            models.CheckConstraint(
                condition=Q(deceased_on=None) | Q(birth_date=None) | Q(deceased_on__gte=F("birth_date")),
                name="citizen_dies_after_birth",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.full_name = names.clean(self.full_name)
        self.search_key = names.search_key(self.full_name)
        self.exact_key = names.exact_key(self.full_name)
        self.sort_key = names.sort_key(self.full_name)
        super().save(*args, **kwargs)

    @property
    def masked_number(self) -> str:
        return mask(self.identity_number)

    @property
    def id_kind(self) -> str:
        """`Căn cước công dân`."""
        kind = self.Document(self.document_kind).label.removeprefix("Thẻ ")
        return f"{kind[0].upper()}{kind[1:]}"

    @property
    def id_document(self) -> str:
        """`Căn cước công dân số 001… do … cấp ngày 20/11/2021`, the model text of the 2024 forms."""
        number = self.old_number if self.document_kind == self.Document.CMND else ""
        text = f"{self.id_kind} số {number or self.identity_number}"
        if self.document_issued_by:
            text += f" do {self.document_issued_by}"
        if self.document_issued_on:
            text += f"{'' if self.document_issued_by else ','} cấp ngày {self.document_issued_on:%d/%m/%Y}"
        return text

    def as_person(self, *, commune_id: int, on: date) -> person.Person:
        """The plain values that rules judge. `commune_id` is the commune that asks: it decides what is "here".

        Reads residences, marriages and certificates: bring them by `prefetch_related` where many are read.
        """
        residences = tuple(row.as_value(commune_id) for row in self.residences.all())
        return person.Person(
            identity_number=self.identity_number,
            full_name=self.full_name,
            sex=person.Sex(self.sex) if self.sex else None,
            birth_date=self.birth_date,
            birth_text=self.birth_text,
            ethnicity=self.ethnicity,
            nationality=self.nationality,
            id_document=self.id_document,
            id_document_valid=self._document_valid(on),
            eid_level=self.eid_level,
            portal_synced_on=self.portal_synced_on,
            deceased_on=self.deceased_on,
            kept_here=self.commune_id == commune_id,
            residences=residences,
            # what a paper taken back had said is kept for history and counts for nobody
            marriages=tuple(row.as_value() for row in self.marriages.all() if row.ending != Marriage.Ending.VOID),
            certificates=tuple(row.as_value() for row in self.certificates.all()),
            id_kind=self.id_kind,
            id_issued_on=self.document_issued_on,
            id_issued_by=self.document_issued_by,
        )

    def _document_valid(self, on: date) -> bool | None:
        """None where no expiry is known: the officer looks at the card."""
        if self.document_kind == self.Document.CMND:
            return False
        return None if self.document_valid_until is None else self.document_valid_until >= on

    @property
    def number(self) -> IdentityNumber:
        return IdentityNumber(self.identity_number)


class Visit(models.Model):
    """A card shown at a counter of another commune than the one that keeps the record (quality.md 10.4).

    It lets that counter see this one person for a day; a visit that `serves` a case, as long as the case is kept.
    """

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="visits")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    serves = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["citizen", "commune", "at"], name="visit_of_a_citizen")]

    def __str__(self) -> str:
        return f"{self.citizen_id} @ {self.commune_id}"


class CitizenRow(models.Model):
    """A row that belongs to a citizen and lives behind the same wall."""

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Residence(CitizenRow):
    """Where a citizen lived: the text as written then, and the commune it lies in today."""

    class Kind(models.TextChoices):
        PERMANENT = person.ResidenceKind.PERMANENT.value, "Thường trú"
        TEMPORARY = person.ResidenceKind.TEMPORARY.value, "Tạm trú"
        ABROAD = person.ResidenceKind.ABROAD.value, "Ở nước ngoài"

    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="residences")
    kind = models.CharField("loại", max_length=10, choices=Kind.choices)
    address = models.CharField("nơi cư trú", max_length=250)
    unit_code = models.CharField("mã đơn vị khi đó", max_length=5, blank=True)
    present_commune = models.ForeignKey(Commune, models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateField("từ ngày", null=True, blank=True)
    until = models.DateField("đến hết ngày", null=True, blank=True)

    class Meta:
        ordering = [F("since").asc(nulls_first=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")), name="residence_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return self.address

    def as_value(self, commune_id: int) -> person.Residence:
        return person.Residence(
            kind=person.ResidenceKind(self.kind),
            address=self.address,
            here=self.present_commune_id == commune_id,
            since=self.since,
            until=self.until,
        )


class Marriage(CitizenRow):
    """A marriage on record, seen from one of the two. `marital_status` is computed from these rows, never entered."""

    class Ending(models.TextChoices):
        NONE = person.Ending.NONE.value, "Đang tồn tại"
        DIVORCE = person.Ending.DIVORCE.value, "Ly hôn"
        DEATH = person.Ending.DEATH.value, "Vợ/chồng đã chết"
        ANNULMENT = person.Ending.ANNULMENT.value, "Tòa án hủy"
        VOID = "void", "Giấy đã thay hoặc hủy, coi như không có"

    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="marriages")
    spouse = models.ForeignKey(Citizen, models.PROTECT, null=True, blank=True, related_name="+")
    spouse_name = models.CharField("vợ/chồng", max_length=100)
    spouse_sex = models.CharField("giới tính vợ/chồng", max_length=6, choices=Citizen.SexChoice.choices)
    registered = models.BooleanField("có đăng ký", default=True)
    certificate_number = models.CharField("số Giấy chứng nhận kết hôn", max_length=30, blank=True)
    issuer = models.CharField("nơi cấp", max_length=150, blank=True)
    since = models.DateField("ngày đăng ký", null=True, blank=True)
    ending = models.CharField("chấm dứt", max_length=10, choices=Ending.choices, blank=True, default="")
    ended_on = models.DateField("ngày chấm dứt", null=True, blank=True)
    ending_paper = models.CharField("loại giấy tờ", max_length=60, blank=True)
    ending_number = models.CharField("số", max_length=40, blank=True)
    ending_issuer = models.CharField("nơi cấp", max_length=150, blank=True)
    ending_issued_on = models.DateField("ngày cấp", null=True, blank=True)
    ending_confirmed = models.BooleanField("đã tra cứu thấy trong sổ hoặc cơ sở dữ liệu", default=False)
    ended_abroad = models.BooleanField("ly hôn ở nước ngoài", default=False)
    ending_noted_here = models.BooleanField("đã ghi chú ly hôn tại Việt Nam", default=False)

    class Meta:
        ordering = [F("since").asc(nulls_first=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(registered=False) | (~Q(certificate_number="") & Q(since__isnull=False)),
                name="registered_marriage_has_number_and_day",
            ),
            models.CheckConstraint(
                condition=Q(ending="", ended_on=None) | ~Q(ending=""), name="lasting_marriage_has_no_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.citizen_id} – {self.spouse_name}"

    def as_value(self) -> person.Marriage:
        return person.Marriage(
            spouse_name=self.spouse_name,
            spouse_sex=person.Sex(self.spouse_sex),
            registered=self.registered,
            certificate_number=self.certificate_number,
            issuer=self.issuer,
            since=self.since,
            ending=person.Ending(self.ending),
            ended_on=self.ended_on,
            ending_paper=self.ending_paper,
            ending_number=self.ending_number,
            ending_issuer=self.ending_issuer,
            ending_issued_on=self.ending_issued_on,
            ending_confirmed=self.ending_confirmed,
            ended_abroad=self.ended_abroad,
            ending_noted_here=self.ending_noted_here,
        )


class Certificate(CitizenRow):
    """A marital-status certificate given to this citizen (civil-status.md 2.6): purpose, expiry, handed back or not."""

    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="certificates")
    number = models.CharField("số", max_length=30)
    issuer = models.CharField("nơi cấp", max_length=150)
    issued_on = models.DateField("ngày cấp")
    expires_on = models.DateField("hết hạn")
    for_marriage = models.BooleanField("để đăng ký kết hôn")
    purpose = models.CharField("mục đích", max_length=500)
    returned_on = models.DateField("ngày nộp lại", null=True, blank=True)
    ended_on = models.DateField("hết giá trị do kết hôn hoặc chết", null=True, blank=True)

    class Meta:
        ordering = ["issued_on", "pk"]

    def __str__(self) -> str:
        return f"{self.number} ({self.issued_on:%d/%m/%Y})"

    def as_value(self) -> person.Certificate:
        return person.Certificate(
            number=self.number,
            issued_on=self.issued_on,
            expires_on=self.expires_on,
            for_marriage=self.for_marriage,
            purpose=self.purpose,
            returned=self.returned_on is not None,
            ended_on=self.ended_on,
        )


class Amendment(CitizenRow):
    """One correction of a citizen's record: what it was, what it is, by whom, on what paper. Never changes."""

    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="amendments")
    field = models.CharField(max_length=60)
    before = models.CharField(max_length=300, blank=True)
    after = models.CharField(max_length=300, blank=True)
    paper = models.CharField("căn cứ", max_length=300)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.field}: {self.before} → {self.after}"


class RecordChanged(Exception):
    """Another officer saved this citizen's record first (F-09); `current` is what it says now."""

    def __init__(self, current: Citizen) -> None:
        super().__init__(str(current.pk))
        self.current = current


def amend(citizen: Citizen, changes: dict[str, Any], *, paper: str, by: Officer, at: datetime) -> list[Amendment]:
    """Change the named fields of `citizen` and keep each former value beside the paper that ordered it.

    Raises RecordChanged if the record moved on since `citizen` was read; then nothing is changed.
    """
    changed = {name: value for name, value in changes.items() if getattr(citizen, name) != value}
    if not changed:
        return []
    before = {name: getattr(citizen, name) for name in changed}
    for name, value in changed.items():
        setattr(citizen, name, value)
    if "full_name" in changed:
        citizen.full_name = names.clean(citizen.full_name)
        changed |= {
            "full_name": citizen.full_name,
            "search_key": names.search_key(citizen.full_name),
            "exact_key": names.exact_key(citizen.full_name),
            "sort_key": names.sort_key(citizen.full_name),
        }
    if not Citizen.objects.filter(pk=citizen.pk, version=citizen.version).update(**changed, version=F("version") + 1):
        raise RecordChanged(Citizen.objects.get(pk=citizen.pk))
    citizen.version += 1
    return Amendment.objects.bulk_create(
        Amendment(
            commune_id=citizen.commune_id,
            citizen=citizen,
            field=name,
            before=_as_text(before[name]),
            after=_as_text(getattr(citizen, name)),
            paper=paper,
            by=by,
            at=at,
        )
        for name in before
    )


def _as_text(value: object) -> str:
    return value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value if value is not None else "")
