"""Poor and near-poor households: standards, review rounds, what is kept of a household, as plain values. No database.

Sources: Nghị định 07/2021 Điều 3, Nghị định 351/2025, Quyết định 24/2021/QĐ-TTg Điều 3–5 (social-affairs.md 7).
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from citizens.effects import Effect
from citizens.person import Sex

INDICATORS = (
    "Việc làm",
    "Người phụ thuộc trong hộ gia đình",
    "Dinh dưỡng",
    "Bảo hiểm y tế",
    "Trình độ giáo dục của người lớn",
    "Tình trạng đi học của trẻ em",
    "Chất lượng nhà ở",
    "Diện tích nhà ở bình quân đầu người",
    "Nguồn nước sinh hoạt",
    "Nhà tiêu hợp vệ sinh",
    "Sử dụng dịch vụ viễn thông",
    "Phương tiện phục vụ tiếp cận thông tin",
)
"""The twelve indicators in the order of the decree; each is 0 or 10 points of điểm B (Thông tư 07/2021)."""

POINTS_OF_ONE = 10
AGREED = 50
"""Percent of those present who must agree with the scores (Quyết định 24/2021 Điều 4)."""


class Area(StrEnum):
    """Said of a village with a date, never read off the kind of unit (social-affairs.md 7.9, case 5)."""

    RURAL = "rural"
    URBAN = "urban"

    @property
    def label(self) -> str:
        return {Area.RURAL: "Nông thôn", Area.URBAN: "Thành thị"}[self]


class Relation(StrEnum):
    """To the head, in the words of Mẫu số 01."""

    HEAD = "head"
    WIFE = "wife"
    HUSBAND = "husband"
    FATHER = "father"
    MOTHER = "mother"
    CHILD = "child"
    GRANDCHILD = "grandchild"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"
    OTHER = "other"

    @property
    def label(self) -> str:
        return RELATION_LABELS[self]


RELATION_LABELS = {
    Relation.HEAD: "Chủ hộ",
    Relation.WIFE: "Vợ",
    Relation.HUSBAND: "Chồng",
    Relation.FATHER: "Bố",
    Relation.MOTHER: "Mẹ",
    Relation.CHILD: "Con",
    Relation.GRANDCHILD: "Cháu",
    Relation.GRANDPARENT: "Ông, bà",
    Relation.SIBLING: "Anh, chị, em",
    Relation.OTHER: "Khác",
}


class Occupation(StrEnum):
    """`Tình trạng` of Mẫu số 01: three values only."""

    WORKING = "working"
    IDLE = "idle"
    STUDYING = "studying"

    @property
    def label(self) -> str:
        return OCCUPATION_LABELS[self]


OCCUPATION_LABELS = {
    Occupation.WORKING: "Có việc làm",
    Occupation.IDLE: "Không có việc làm",
    Occupation.STUDYING: "Đang đi học",
}


class PovertyClass(StrEnum):
    POOR = "ho_ngheo"
    NEAR_POOR = "ho_can_ngheo"
    NEITHER = "khong_ngheo"

    @property
    def label(self) -> str:
        return CLASS_LABELS[self]

    @property
    def mark(self) -> str:
        """The box of the year on the certificate."""
        return {PovertyClass.POOR: "N", PovertyClass.NEAR_POOR: "CN", PovertyClass.NEITHER: ""}[self]


CLASS_LABELS = {
    PovertyClass.POOR: "Hộ nghèo",
    PovertyClass.NEAR_POOR: "Hộ cận nghèo",
    PovertyClass.NEITHER: "Không nghèo",
}


# --- standards ---
class Scope(StrEnum):
    NATIONAL = "national"
    CITY = "city"


@dataclass(frozen=True)
class Standard:
    """One dated poverty standard. Lines in đồng a person and month; points are those of điểm A and điểm B.

    0 income points: not known. `unconfirmed` names the fields that no source confirms.
    """

    id: str
    scope: Scope
    name: str
    law: str
    valid_from: date
    valid_to: date
    urban_word: str
    rural_line: int
    urban_line: int
    rural_points: int
    urban_points: int
    deprivation_points: int
    form_period: str
    unconfirmed: tuple[str, ...] = ()

    def covers(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_to

    def income_points(self, area: Area) -> int:
        """The highest điểm A that is still poor or near-poor; 0 where nobody knows it."""
        return self.rural_points if area == Area.RURAL else self.urban_points

    def income_line(self, area: Area) -> int:
        return self.rural_line if area == Area.RURAL else self.urban_line


@cache
def standards() -> tuple[Standard, ...]:
    """The rows of poverty_standards.toml, in its order."""
    rows = tomllib.loads(Path(__file__).with_name("poverty_standards.toml").read_text(encoding="utf-8"))["standard"]
    return tuple(
        Standard(**row | {"scope": Scope(row["scope"]), "unconfirmed": tuple(row["unconfirmed"])}) for row in rows
    )


def standard_on(scope: Scope, day: date, rows: Sequence[Standard]) -> Standard | None:
    return next((row for row in rows if row.scope == scope and row.covers(day)), None)


def classify(score_income: int, score_deprivation: int, area: Area, standard: Standard) -> PovertyClass | None:
    """The class by the two totals of Phiếu B (Thông tư 07/2021); None where the limit of điểm A is not known."""
    limit = standard.income_points(area)
    if not limit:
        return None
    if score_income > limit:
        return PovertyClass.NEITHER
    return by_deprivation(score_deprivation, standard)


def by_deprivation(score_deprivation: int, standard: Standard) -> PovertyClass:
    """The class of a household whose income is not above the line."""
    return PovertyClass.POOR if score_deprivation >= standard.deprivation_points else PovertyClass.NEAR_POOR


# --- rounds ---
ROUND_DAY = 15
LAST_REGULAR_MONTH = 8
ROUND_LASTS = timedelta(days=15)


@dataclass(frozen=True)
class Round:
    """One review round, named by the day it starts. Regular: the 15th (Quyết định 24/2021 Điều 3 khoản 1 điểm b).

    `periodic`: the yearly one, 1 September to 14 December, which decides the following year.
    """

    starts_on: date
    periodic: bool = False

    @property
    def due_on(self) -> date:
        """The last day of the decision: 15 days from the start (Điều 5); of the periodic round its last day."""
        return date(self.starts_on.year, 12, 14) if self.periodic else self.starts_on + ROUND_LASTS

    @property
    def year(self) -> int:
        """The year whose policies the class opens."""
        return self.starts_on.year + (1 if self.periodic else 0)

    @property
    def name(self) -> str:
        """`kỳ tháng 3/2026`, `kỳ rà soát định kỳ năm 2026`."""
        start = self.starts_on
        return f"kỳ rà soát định kỳ năm {start.year}" if self.periodic else f"kỳ tháng {start.month}/{start.year}"


def rounds_of(year: int, *, with_periodic: bool = True) -> tuple[Round, ...]:
    """The rounds that start in `year`, in order. Without a periodic one every month has its 15th."""
    months = range(1, LAST_REGULAR_MONTH + 1) if with_periodic else range(1, 13)
    regular = tuple(Round(date(year, month, ROUND_DAY)) for month in months)
    return (*regular, Round(date(year, 9, 1), periodic=True)) if with_periodic else regular


def round_starting(day: date) -> Round | None:
    """The round that starts on `day`; nothing where none does."""
    every = {*rounds_of(day.year), *rounds_of(day.year, with_periodic=False)}
    return next((known for known in every if known.starts_on == day), None)


def current_round(day: date, *, with_periodic: bool = True) -> Round:
    """The round that began last, on `day` or before."""
    rounds = [row for year in (day.year - 1, day.year) for row in rounds_of(year, with_periodic=with_periodic)]
    return max((row for row in rounds if row.starts_on <= day), key=lambda row: row.starts_on)


def next_round(day: date, *, with_periodic: bool = True) -> Round:
    """The round into which a request of `day` goes: the next 15th, that day included.

    After 15 August no month has a round of its own: up to 14 December the periodic review takes the request, even one
    that has begun; after it the 15th of January does.
    """
    rounds = [row for year in (day.year, day.year + 1) for row in rounds_of(year, with_periodic=with_periodic)]
    return next(row for row in rounds if row.starts_on >= day or (row.periodic and day <= row.due_on))


# --- a household ---
@dataclass(frozen=True)
class Member:
    """One member. `id_issued_on` is known of a citizen on record. `note` tells a change of membership."""

    id: int
    full_name: str
    identity_number: str
    sex: Sex | None
    birth_date: date | None
    birth_text: str
    ethnicity: str
    relation: Relation
    occupation: Occupation | None = None
    id_issued_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Recognition:
    """The class of one year, decided by the Chủ tịch. `city_class` is None where no city standard was applied."""

    year: int
    national_class: PovertyClass
    city_class: PovertyClass | None
    indicators: tuple[int, ...]
    decision_number: str
    decided_on: date
    valid_from: date
    valid_to: date
    certificate_number: str = ""

    @property
    def granted(self) -> PovertyClass:
        """What the household is: by the city's standard where that gives more."""
        return more_of(self.national_class, self.city_class)

    def lasts_on(self, day: date) -> bool:
        return self.granted != PovertyClass.NEITHER and self.valid_from <= day <= self.valid_to


def more_of(national: PovertyClass, city: PovertyClass | None) -> PovertyClass:
    order = (PovertyClass.POOR, PovertyClass.NEAR_POOR, PovertyClass.NEITHER)
    return min((national, city or PovertyClass.NEITHER), key=order.index)


@dataclass(frozen=True)
class Review:
    """What one round found: Phiếu B, meeting, minutes, posting, and the decision where it was signed outside.

    `indicators` are the numbers (1–12) of those the household is deprived in; None until they are recorded.
    `agreement` is the percentage of those present. `standard` and `city_standard` are the ids the commission chose.
    """

    id: int
    starts_on: date
    periodic: bool
    reviewed_on: date | None = None
    reviewer: str = ""
    indicators: tuple[int, ...] | None = None
    score_income: int | None = None
    score_deprivation: int | None = None
    area: Area | None = None
    standard: str = ""
    city_standard: str = ""
    national_class: PovertyClass | None = None
    city_class: PovertyClass | None = None
    met_on: date | None = None
    agreement: int | None = None
    minutes: str = ""
    posted_from: date | None = None
    posted_to: date | None = None
    complaint: str = ""
    complaint_settled_on: date | None = None
    decision_number: str = ""
    decided_on: date | None = None

    @property
    def round(self) -> Round:
        return Round(self.starts_on, self.periodic)

    @property
    def has_scores(self) -> bool:
        return (
            None not in (self.score_income, self.score_deprivation, self.indicators, self.area, self.national_class)
            and bool(self.reviewer)
            and self.reviewed_on is not None
        )

    @property
    def granted(self) -> PovertyClass | None:
        """What the commission says the household is; None while it has not said so."""
        return more_of(self.national_class, self.city_class) if self.national_class else None


@dataclass(frozen=True)
class Household:
    """One household as the commune knows it on `read_on`. `area` is that of its village; None where nobody said.

    `review` is the latest one. `certificate_number` is that of the last certificate given.
    """

    id: int
    village: str
    address: str
    area: Area | None
    read_on: date
    members: tuple[Member, ...]
    recognitions: tuple[Recognition, ...] = ()
    review: Review | None = None

    @property
    def head(self) -> Member:
        """Raises StopIteration for a household without a head, which the database forbids."""
        return next(member for member in self.members if member.relation == Relation.HEAD)

    @property
    def certificate_number(self) -> str:
        return next((row.certificate_number for row in reversed(self.recognitions) if row.certificate_number), "")

    def member(self, identity_number: str) -> Member | None:
        return next((row for row in self.members if row.identity_number == identity_number), None)

    def recognition_of(self, year: int) -> Recognition | None:
        """The class of `year`, the last one decided."""
        return next((row for row in reversed(self.recognitions) if row.year == year), None)


@dataclass(frozen=True)
class CountedElsewhere:
    """A member who also stands in another recognised household."""

    full_name: str
    identity_number: str
    head_name: str
    certificate_number: str


@dataclass(frozen=True)
class HouseholdRecognised(Effect):
    """The household has its class for `year` (social-affairs.md 7.7). `certificate` and `decision` name the results
    whose numbers it bears; `decision_number` and `decided_on` a decision signed before this case."""

    household: int
    review: int
    year: int
    national_class: PovertyClass
    city_class: PovertyClass | None
    standard: str
    city_standard: str
    indicators: tuple[int, ...]
    valid_from: date
    valid_to: date
    certificate: str
    decision: str = ""
    decision_number: str = ""
    decided_on: date | None = None
