"""Invented households: one for each edge case of social-affairs.md 7.9 and each step of a round, named after it.

Dated relative to the day they are filled: the round is the one that runs then. In its first week nobody can have
finished posting, so that the finished ones still wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from citizens.households import (
    POINTS_OF_ONE,
    Area,
    Scope,
    by_deprivation,
    classify,
    current_round,
    standard_on,
)
from citizens.models import (
    Citizen,
    Household,
    HouseholdMember,
    HouseholdRecognition,
    HouseholdReview,
    Residence,
    VillageArea,
)
from oneshop.demo.people import number_of
from oneshop.demo.units import CITY, NAMES_NOW, SERVED
from oneshop.models import Commune, Officer
from procedures.models import Ruling
from procedures.rules.household import status_name
from procedures.rules.household_points import STANDARD_POINTS, standards_of

RURAL, URBAN = "Thôn Thử Nghiệm", "Khu phố Mẫu"
SYNCED = date(2025, 9, 1)
CITY_UNTIL = STANDARD_POINTS["ha_noi_2022", "valid_to"]


@dataclass(frozen=True)
class Sample:
    """One household: its head's name, what its round found (`lacking` None: not reviewed), and what is special."""

    name: str
    sex: str
    lacking: tuple[int, ...] | None = None
    income: int = 0
    village: str = RURAL
    agreement: int = 90
    posted: bool = True
    complaint: str = ""
    recognised: bool = False


SAMPLES = (
    Sample("Đỗ Thị Nghèo Đủ Hồ Sơ", "female", (3, 4, 8), 120),
    Sample("Phùng Văn Cận Nghèo", "male", (), 130),  # 7.9 case 1
    Sample("Lê Thị Chuẩn Hà Nội", "female", (1, 4, 7), 160),  # 7.9 case 2
    Sample("Vương Thị Gấp Giữa Tháng", "female"),  # 7.9 case 3
    Sample("Tạ Văn Họp Bốn Tám", "male", (4, 7, 10), 125, agreement=48),  # 7.9 case 4
    Sample("Kiều Văn Thị Trấn", "male", (1, 2, 4), 170, village=URBAN),  # 7.9 case 5
    Sample("Nguyễn Văn Vượt Chuẩn", "male", (4,), 240),
    Sample("Đinh Thị Đang Niêm Yết", "female", (3, 4, 9), 100, posted=False),
    Sample("Hoàng Văn Khiếu Nại", "male", (3, 4, 9), 110, complaint="Hộ bên cạnh cho rằng chấm thiếu thu nhập"),
    Sample("Phan Văn Đã Công Nhận", "male", (3, 4, 8), 120, recognised=True),
)
"""Beside them `Bùi Thị Hai Hộ`, whose child also counts in the household of `Phan Văn Đã Công Nhận`."""

READY = ("Đỗ Thị Nghèo Đủ Hồ Sơ", "Phùng Văn Cận Nghèo", "Vương Thị Gấp Giữa Tháng", "Kiều Văn Thị Trấn")


def fill_households(commune: Commune, by: Officer) -> None:
    """The sample households of one commune. Call inside its walls, after its citizens."""
    today, now = timezone.localdate(), timezone.now()
    for village, area in ((RURAL, Area.RURAL), (URBAN, Area.URBAN)):
        VillageArea.objects.create(
            commune=commune, village=village, area=area, since=date(2025, 7, 1), paper="Dữ liệu thử", by=by, at=now
        )
    # made up like everything here, so that the city's own standard can be tried (decisions: unconfirmed for 2026)
    Ruling.objects.create(
        commune=commune,
        key=CITY_UNTIL.key,
        value=str(today.year),
        valid_from=date(today.year, 1, 1),
        source="Dữ liệu thử, không phải văn bản thật",
        by=by,
        at=now,
    )
    rulings = {CITY_UNTIL.key: str(today.year)}
    first = 700 + 20 * SERVED.index(commune.code)
    rows = {
        sample.name: _household(commune, sample, first + place, rulings, by, today)
        for place, sample in enumerate(SAMPLES)
    }
    counted_twice(commune, rows["Phan Văn Đã Công Nhận"], first + len(SAMPLES), by)


def counted_twice(commune: Commune, recognised: Household, serial: int, by: Officer) -> None:
    child = recognised.members.get(relation="child")
    assert child.citizen is not None
    row = _kept(commune, Sample("Bùi Thị Hai Hộ", "female"), serial, by)
    twice = HouseholdMember.of(
        child.citizen, "grandchild", household=row, commune=commune, paper="Dữ liệu thử", by=by, at=timezone.now()
    )
    twice.occupation = "studying"
    twice.save()


def _household(
    commune: Commune, sample: Sample, serial: int, rulings: dict[str, str], by: Officer, today: date
) -> Household:
    row = _kept(commune, sample, serial, by)
    if sample.lacking is not None:
        review = _review(row, sample, rulings, by, today)
        if sample.recognised:
            _recognise(row, review, by)
    return row


def _kept(commune: Commune, sample: Sample, serial: int, by: Officer) -> Household:
    """The household with its head and, apart from the last sample, a child at school."""
    now = timezone.now()
    address = f"{sample.village}, Xã {NAMES_NOW[commune.code]}, {CITY}"
    row = Household.objects.create(
        commune=commune, village=sample.village, address=address, source="Dữ liệu thử", recorded_at=now, recorded_by=by
    )
    head = _citizen(commune, sample.name, sample.sex, date(1980, 4, 12), serial, address)
    facts = {"household": row, "commune": commune, "paper": "Dữ liệu thử", "by": by, "at": now}
    HouseholdMember.of(head, "head", occupation="idle", **facts).save()
    if sample.name != "Bùi Thị Hai Hộ":
        child = _citizen(commune, f"{sample.name.split()[0]} Thị Con", "female", date(2013, 9, 5), serial, address)
        HouseholdMember.of(child, "child", occupation="studying", **facts).save()
    return row


def _citizen(commune: Commune, name: str, sex: str, born: date, serial: int, address: str) -> Citizen:
    made = Citizen.objects.create(
        commune=commune,
        identity_number=number_of(sex, born, serial),
        full_name=name,
        sex=sex,
        birth_date=born,
        birth_text=f"{born:%d/%m/%Y}",
        document_issued_on=date(2021, 6, 22),
        document_issued_by="Cục Cảnh sát QLHC về TTXH",
        eid_level=2,
        portal_synced_on=SYNCED,
        recorded_at=timezone.now(),
    )
    Residence.objects.create(
        commune=commune,
        citizen=made,
        kind=Residence.Kind.PERMANENT,
        address=address,
        unit_code=commune.code,
        present_commune=commune,
        since=born,
    )
    return made


def _review(row: Household, sample: Sample, rulings: dict[str, str], by: Officer, today: date) -> HouseholdReview:
    """As the commission would have written it in the round that runs, up to today."""
    assert sample.lacking is not None
    running = current_round(today)
    start = running.starts_on
    rows = standards_of(rulings)
    area = Area.URBAN if sample.village == URBAN else Area.RURAL
    national, city = standard_on(Scope.NATIONAL, start, rows), standard_on(Scope.CITY, start, rows)
    assert national is not None, "the demo runs within a national standard"
    points = POINTS_OF_ONE * len(sample.lacking)
    past = min(today, start + timedelta(days=9))
    return HouseholdReview.objects.create(
        commune=row.commune,
        household=row,
        starts_on=start,
        periodic=running.periodic,
        reviewed_on=start,
        reviewer="Đỗ Văn Rà Soát",
        indicators=list(sample.lacking),
        score_income=sample.income,
        score_deprivation=points,
        area=area,
        standard=national.id,
        city_standard=city.id if city else "",
        national_class=classify(sample.income, points, area, national) or by_deprivation(points, national),
        city_class=(classify(sample.income, points, area, city) or by_deprivation(points, city)) if city else "",
        met_on=min(today, start + timedelta(days=2)),
        agreement=sample.agreement,
        minutes="Biên bản họp dân, bản gốc lưu tại xã" if sample.agreement >= 50 else "",
        posted_from=start if sample.posted else today,
        posted_to=(past - timedelta(days=1) if past > start else start) if sample.posted else today + timedelta(days=2),
        complaint=sample.complaint,
        recorded_at=timezone.now(),
        recorded_by=by,
    )


def _recognise(row: Household, review: HouseholdReview, by: Officer) -> None:
    year = review.as_value().round.year
    start = review.starts_on + timedelta(days=1)
    HouseholdRecognition.objects.create(
        commune=row.commune,
        household=row,
        review=review,
        year=year,
        national_class=review.national_class,
        city_class=review.city_class,
        standard=review.standard,
        city_standard=review.city_standard,
        indicators=review.indicators or [],
        decision_number="01/QĐ-UBND",
        decided_on=start,
        certificate_number="01/GCN-HN.HCN",
        valid_from=start,  # at once, not from 1 January, so that the counter has somebody recognised today
        valid_to=date(year, 12, 31),
        members=row.members.count(),
        note="Dữ liệu thử",
        recorded_at=timezone.now(),
        recorded_by=by,
    )


def ready_poor_household(commune: Commune) -> list[tuple[Citizen, Citizen | None, str, dict[str, Any]]]:
    """Applicant, other, what is looked for, answers: households that every rule lets through, at once or to a round."""
    found: list[tuple[Citizen, Citizen | None, str, dict[str, Any]]] = []
    for name in READY:
        head = HouseholdMember.objects.get(commune=commune, relation="head", left_on=None, full_name=name)
        answers: dict[str, object] = {"request_kind": "review", "reason": "illness", "reason_text": "Ốm dài ngày."}
        for member in head.household.members.filter(left_on=None):
            answers[status_name(member.pk)] = member.occupation
        assert head.citizen is not None
        found.append((head.citizen, None, "", answers))
    return found
