"""Households, who is in them, what each review round found, and the class of each year.

Sensitive: only the commune that keeps the file sees it; a card shown at another counter opens nothing of it. Rows stay:
who leaves a household leaves with a day and a paper. Source: Quyết định 24/2021/QĐ-TTg (social-affairs.md 7).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from citizens import households, names
from citizens.models.citizen import Citizen, CitizenRow
from citizens.person import Sex
from oneshop.models import Officer

AREAS = [(area.value, area.label) for area in households.Area]
RELATIONS = [(relation.value, relation.label) for relation in households.Relation]
OCCUPATIONS = [(occupation.value, occupation.label) for occupation in households.Occupation]
CLASSES = [(kind.value, kind.label) for kind in households.PovertyClass]


class VillageAreaQuerySet(models.QuerySet["VillageArea"]):
    def of(self, commune_id: int, village: str, on: date) -> households.Area | None:
        """Rural or urban, as last said on `on` or before."""
        row = self.filter(commune_id=commune_id, village=village, since__lte=on).order_by("since", "pk").last()
        return households.Area(row.area) if row else None


class VillageArea(CitizenRow):
    """Rural or urban, said of a village from a day on, by a paper; a later row prevails (social-affairs.md 7.9)."""

    village = models.CharField("thôn, tổ dân phố", max_length=100)
    area = models.CharField("khu vực", max_length=10, choices=AREAS)
    since = models.DateField("từ ngày")
    paper = models.CharField("căn cứ", max_length=300)
    by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar[Any] = VillageAreaQuerySet.as_manager()

    class Meta:
        ordering = ["village", "since", "pk"]
        indexes = [models.Index(fields=["commune", "village", "since"], name="area_of_a_village")]

    def __str__(self) -> str:
        return f"{self.village}: {self.get_area_display()}"


class HouseholdQuerySet(models.QuerySet["Household"]):
    def kept_by(self, commune_id: int | None) -> Self:
        return self.filter(commune_id=commune_id)

    def of_member(self, *citizens: Citizen) -> Self:
        """Households in which one of these people is counted now."""
        return self.filter(members__citizen__in=citizens, members__left_on=None).distinct()

    def looked_for(self, text: str) -> Self:
        """By a member's identity number, the number of a certificate, a village, or words of a member's name."""
        text = text.strip()
        if not names.words(text):
            return self.none()
        by_name = Q()
        for word in names.words(text):
            by_name &= Q(search_key__startswith=word) | Q(search_key__contains=f" {word}")
        named = HouseholdMember.objects.filter(by_name | Q(identity_number=text), left_on=None)
        return self.filter(
            Q(pk__in=named.values("household")) | Q(village__iexact=text) | Q(recognitions__certificate_number=text)
        ).distinct()

    def for_reading(self) -> Self:
        return self.prefetch_related("members__citizen", "recognitions", "reviews")


class Household(CitizenRow):
    """A household of the commune. Its head is the member whose relation says so; `source` is the paper behind it."""

    village = models.CharField("thôn, tổ dân phố", max_length=100)
    address = models.CharField("nơi ở của hộ", max_length=250)
    source = models.CharField("nguồn dữ liệu", max_length=300)
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[Any] = HouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["village", "pk"]
        indexes = [models.Index(fields=["commune", "village"], name="household_by_village")]

    def __str__(self) -> str:
        return f"{self.village} {self.pk}"

    @property
    def counted(self) -> list[HouseholdMember]:
        """Who is counted now, the head first; from what `for_reading` brought."""
        return [member for member in self.members.all() if member.left_on is None]

    def as_value(self, *, on: date) -> households.Household:
        """As known on `on`. Reads members, recognitions and reviews: bring them by `for_reading`."""
        reviews = [row for row in self.reviews.all() if row.starts_on <= on]
        return households.Household(
            id=self.pk,
            village=self.village,
            address=self.address,
            area=VillageArea.objects.of(self.commune_id, self.village, on),
            read_on=on,
            members=tuple(member.as_value() for member in self.counted),
            recognitions=tuple(row.as_value() for row in self.recognitions.all() if row.fallen_on is None),
            review=reviews[-1].as_value() if reviews else None,
        )


class HouseholdMember(CitizenRow):
    """Somebody counted in a household, as request or civil paper has it; `citizen` where the record is known."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="members")
    citizen = models.ForeignKey(Citizen, models.PROTECT, null=True, blank=True, related_name="+")
    full_name = models.CharField("họ và tên", max_length=100)
    search_key = models.CharField(max_length=120, db_collation="C", editable=False)
    identity_number = models.CharField("số định danh cá nhân", max_length=12, blank=True, db_index=True)
    sex = models.CharField("giới tính", max_length=6, choices=Citizen.SexChoice.choices, blank=True)
    birth_date = models.DateField("ngày sinh", null=True, blank=True)
    birth_text = models.CharField("ngày, tháng, năm sinh", max_length=40)
    ethnicity = models.CharField("dân tộc", max_length=40)
    relation = models.CharField("quan hệ với chủ hộ", max_length=12, choices=RELATIONS)
    occupation = models.CharField("tình trạng", max_length=10, choices=OCCUPATIONS, blank=True)
    joined_on = models.DateField("vào hộ ngày", null=True, blank=True)
    paper = models.CharField("căn cứ", max_length=300)
    left_on = models.DateField("ra khỏi hộ ngày", null=True, blank=True)
    left_paper = models.CharField("căn cứ ra khỏi hộ", max_length=300, blank=True)
    by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = [models.Case(models.When(relation="head", then=0), default=1), "pk"]
        indexes = [models.Index(fields=["commune", "search_key"], name="household_member_by_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(relation="head", left_on=None), name="household_has_one_head"
            ),
            models.UniqueConstraint(
                fields=["household", "identity_number"],
                condition=Q(left_on=None) & ~Q(identity_number=""),
                name="member_is_counted_once_in_a_household",
            ),
            models.CheckConstraint(
                condition=Q(identity_number="") | Q(identity_number__regex=r"^[0-9]{12}$"),
                name="member_number_has_twelve_digits",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None, left_paper="") | (Q(left_on__isnull=False) & ~Q(left_paper="")),
                name="member_leaves_on_paper",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.full_name = names.clean(self.full_name)
        self.search_key = names.search_key(self.full_name)
        super().save(*args, **kwargs)

    @classmethod
    def of(cls, citizen: Citizen, relation: str, **facts: Any) -> Self:
        """A member whose data are those of the citizen's record, not yet saved."""
        return cls(
            citizen=citizen,
            full_name=citizen.full_name,
            identity_number=citizen.identity_number,
            sex=citizen.sex,
            birth_date=citizen.birth_date,
            birth_text=citizen.birth_text,
            ethnicity=citizen.ethnicity,
            relation=relation,
            **facts,
        )

    def as_value(self) -> households.Member:
        """Who has a record is shown as the record says today."""
        source: Citizen | HouseholdMember = self.citizen or self
        return households.Member(
            id=self.pk,
            full_name=source.full_name,
            identity_number=source.identity_number,
            sex=Sex(source.sex) if source.sex else None,
            birth_date=source.birth_date,
            birth_text=source.birth_text,
            ethnicity=source.ethnicity,
            relation=households.Relation(self.relation),
            occupation=households.Occupation(self.occupation) if self.occupation else None,
            id_issued_on=self.citizen.document_issued_on if self.citizen else None,
            note=f"Vào hộ {self.joined_on:%d/%m/%Y}: {self.paper}" if self.joined_on else "",
        )


class HouseholdReview(CitizenRow):
    """One household in one round: Phiếu B as signed by the reviewer, meeting, minutes, posting, complaints.

    `area` is that of the village on the day of the review, kept because it decides the class.
    """

    household = models.ForeignKey(Household, models.PROTECT, related_name="reviews")
    starts_on = models.DateField("kỳ rà soát bắt đầu")
    periodic = models.BooleanField("rà soát định kỳ", default=False)
    reviewed_on = models.DateField("ngày chấm Phiếu B", null=True, blank=True)
    reviewer = models.CharField("rà soát viên đã ký", max_length=100, blank=True)
    indicators = ArrayField(
        models.PositiveSmallIntegerField(), null=True, blank=True, verbose_name="chỉ số thiếu hụt (1–12)"
    )
    score_income = models.PositiveSmallIntegerField("điểm A", null=True, blank=True)
    score_deprivation = models.PositiveSmallIntegerField("điểm B", null=True, blank=True)
    area = models.CharField("khu vực", max_length=10, choices=AREAS, blank=True)
    standard = models.CharField("chuẩn quốc gia", max_length=40, blank=True)
    city_standard = models.CharField("chuẩn của thành phố", max_length=40, blank=True)
    national_class = models.CharField("phân loại quốc gia", max_length=12, choices=CLASSES, blank=True)
    city_class = models.CharField("phân loại Hà Nội", max_length=12, choices=CLASSES, blank=True)
    met_on = models.DateField("ngày họp dân", null=True, blank=True)
    agreement = models.PositiveSmallIntegerField("tỷ lệ thống nhất (%)", null=True, blank=True)
    minutes = models.CharField("biên bản họp dân", max_length=200, blank=True)
    posted_from = models.DateField("niêm yết từ ngày", null=True, blank=True)
    posted_to = models.DateField("đến hết ngày", null=True, blank=True)
    complaint = models.CharField("khiếu nại", max_length=500, blank=True)
    complaint_settled_on = models.DateField("giải quyết xong ngày", null=True, blank=True)
    decision_number = models.CharField("số quyết định đã ký", max_length=60, blank=True)
    decided_on = models.DateField("ngày ký quyết định", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["starts_on", "pk"]
        indexes = [models.Index(fields=["commune", "starts_on"], name="review_by_round")]
        constraints = [
            models.UniqueConstraint(fields=["household", "starts_on"], name="household_is_reviewed_once_a_round"),
            models.CheckConstraint(
                condition=Q(indicators=None, score_deprivation=None)
                | Q(indicators__isnull=False, score_deprivation__isnull=False),
                name="deprivation_points_stand_beside_their_indicators",
            ),
            models.CheckConstraint(
                condition=Q(indicators=None)
                | Q(indicators__contained_by=list(range(1, len(households.INDICATORS) + 1))),
                name="indicators_are_one_to_twelve",
            ),
            models.CheckConstraint(
                condition=Q(agreement=None) | Q(agreement__lte=100), name="agreement_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=Q(posted_to=None) | Q(posted_from__isnull=False, posted_to__gte=F("posted_from")),
                name="posting_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(complaint_settled_on=None) | ~Q(complaint=""), name="settled_complaint_was_made"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.starts_on:%d/%m/%Y}"

    def as_value(self) -> households.Review:
        return households.Review(
            id=self.pk,
            starts_on=self.starts_on,
            periodic=self.periodic,
            reviewed_on=self.reviewed_on,
            reviewer=self.reviewer,
            indicators=None if self.indicators is None else tuple(self.indicators),
            score_income=self.score_income,
            score_deprivation=self.score_deprivation,
            area=households.Area(self.area) if self.area else None,
            standard=self.standard,
            city_standard=self.city_standard,
            national_class=_class(self.national_class),
            city_class=_class(self.city_class),
            met_on=self.met_on,
            agreement=self.agreement,
            minutes=self.minutes,
            posted_from=self.posted_from,
            posted_to=self.posted_to,
            complaint=self.complaint,
            complaint_settled_on=self.complaint_settled_on,
            decision_number=self.decision_number,
            decided_on=self.decided_on,
        )


class HouseholdRecognition(CitizenRow):
    """The class of one year. `review` where it was made here; an older one is typed in from its paper, `note`.

    A class changed within the year ends the one before on that day; nothing is removed. `fallen_on`: its certificate
    was replaced or taken back that day, and the row counts for nobody.
    """

    household = models.ForeignKey(Household, models.PROTECT, related_name="recognitions")
    review = models.ForeignKey(HouseholdReview, models.PROTECT, null=True, blank=True, related_name="+")
    year = models.PositiveSmallIntegerField("năm áp dụng")
    national_class = models.CharField("phân loại quốc gia", max_length=12, choices=CLASSES)
    city_class = models.CharField("phân loại Hà Nội", max_length=12, choices=CLASSES, blank=True)
    standard = models.CharField("chuẩn quốc gia", max_length=40, blank=True)
    city_standard = models.CharField("chuẩn của thành phố", max_length=40, blank=True)
    indicators = ArrayField(
        models.PositiveSmallIntegerField(), default=list, blank=True, verbose_name="chỉ số thiếu hụt (1–12)"
    )
    decision_number = models.CharField("số quyết định", max_length=60)
    decided_on = models.DateField("ngày quyết định")
    certificate_number = models.CharField("số giấy chứng nhận", max_length=60, blank=True)
    valid_from = models.DateField("có giá trị từ ngày")
    valid_to = models.DateField("đến hết ngày")
    members = models.PositiveSmallIntegerField("số khẩu")
    note = models.CharField("ghi chú", max_length=300, blank=True)
    fallen_on = models.DateField("giấy đã thay hoặc thu hồi ngày", null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["year", "decided_on", "pk"]
        indexes = [models.Index(fields=["commune", "year"], name="recognition_by_year")]
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="recognition_ends_after_it_began"),
            models.CheckConstraint(condition=~Q(decision_number=""), name="recognition_has_its_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.year}"

    def as_value(self) -> households.Recognition:
        return households.Recognition(
            year=self.year,
            national_class=households.PovertyClass(self.national_class),
            city_class=_class(self.city_class),
            indicators=tuple(self.indicators),
            decision_number=self.decision_number,
            decided_on=self.decided_on,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            certificate_number=self.certificate_number,
        )


class HouseholdAmendment(CitizenRow):
    """One correction of a household or of a review: what it was, what it is, by whom, on what paper. Never changes."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="amendments")
    field = models.CharField(max_length=60)
    before = models.CharField(max_length=300, blank=True)
    after = models.CharField(max_length=300, blank=True)
    paper = models.CharField("căn cứ", max_length=300)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.field}: {self.before} → {self.after}"


class HouseholdChanged(Exception):
    """Another officer saved this row first (F-09)."""


def amend_household(
    row: Household | HouseholdReview, changes: dict[str, Any], *, paper: str, by: Officer, at: datetime
) -> list[HouseholdAmendment]:
    """Change the named fields and keep each former value beside the paper that ordered it.

    Raises HouseholdChanged if the row moved on since it was read; then nothing is changed.
    """
    before = {name: getattr(row, name) for name, value in changes.items() if getattr(row, name) != value}
    if not before:
        return []
    changed = {name: changes[name] for name in before}
    manager = type(row).objects
    if not manager.filter(pk=row.pk, version=row.version).update(**changed, version=F("version") + 1):
        raise HouseholdChanged
    for name, value in changed.items():
        setattr(row, name, value)
    row.version += 1
    return HouseholdAmendment.objects.bulk_create(
        HouseholdAmendment(
            commune_id=row.commune_id,
            household_id=row.pk if isinstance(row, Household) else row.household_id,
            field=str(getattr(row._meta.get_field(name), "verbose_name", name)),
            before=_as_text(before[name]),
            after=_as_text(changed[name]),
            paper=paper,
            by=by,
            at=at,
        )
        for name in before
    )


def counted_elsewhere(household: households.Household, *, commune_id: int, on: date) -> tuple[Any, ...]:
    """Members who also stand in another household of this commune that is recognised on `on`."""
    numbers = [member.identity_number for member in household.members if member.identity_number]
    rows = (
        HouseholdMember.objects.filter(identity_number__in=numbers, left_on=None, household__commune_id=commune_id)
        .exclude(household_id=household.id)
        .filter(household__recognitions__in=lasting_on(on))
        .select_related("household")
        .prefetch_related("household__members", "household__recognitions")
        .distinct()
    )
    return tuple(_elsewhere(row, on) for row in rows)


def lasting_on(on: date) -> models.QuerySet[HouseholdRecognition]:
    """Recognitions as poor or near-poor, by either standard, in force on `on`."""
    poor = [households.PovertyClass.POOR, households.PovertyClass.NEAR_POOR]
    return HouseholdRecognition.objects.filter(
        Q(national_class__in=poor) | Q(city_class__in=poor), valid_from__lte=on, valid_to__gte=on, fallen_on=None
    )


def _elsewhere(row: HouseholdMember, on: date) -> households.CountedElsewhere:
    value = row.household.as_value(on=on)
    return households.CountedElsewhere(
        full_name=row.full_name,
        identity_number=row.identity_number,
        head_name=value.head.full_name,
        certificate_number=value.certificate_number,
    )


def _class(value: str) -> households.PovertyClass | None:
    return households.PovertyClass(value) if value else None


def _as_text(value: object) -> str:
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(str(item) for item in value)
    return str(value if value is not None else "")
