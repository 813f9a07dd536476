"""Poverty standards on both sides of their days, the class over a grid of points, and the calendar of rounds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from citizens.households import (
    INDICATORS,
    Area,
    PovertyClass,
    Recognition,
    Round,
    Scope,
    classify,
    current_round,
    more_of,
    next_round,
    round_starting,
    rounds_of,
    standard_on,
    standards,
)
from citizens.models import Citizen, Household, HouseholdMember, HouseholdReview, VillageArea
from oneshop.models import Commune

N, C, X = PovertyClass.POOR, PovertyClass.NEAR_POOR, PovertyClass.NEITHER
RURAL, URBAN = Area.RURAL, Area.URBAN


def standard(name: str) -> object:
    return next(row for row in standards() if row.id == name)


def test_there_are_twelve_indicators_in_the_order_of_the_decree() -> None:
    assert (len(INDICATORS), INDICATORS[0], INDICATORS[11]) == (
        12,
        "Việc làm",
        "Phương tiện phục vụ tiếp cận thông tin",
    )


@pytest.mark.parametrize(
    ("scope", "day", "name"),
    [
        (Scope.NATIONAL, date(2021, 12, 31), None),
        (Scope.NATIONAL, date(2022, 1, 1), "national_2022"),
        (Scope.NATIONAL, date(2025, 12, 31), "national_2022"),
        (Scope.NATIONAL, date(2026, 1, 1), "national_2022"),
        (Scope.NATIONAL, date(2026, 12, 31), "national_2022"),
        (Scope.NATIONAL, date(2027, 1, 1), "national_2027"),
        (Scope.NATIONAL, date(2030, 12, 31), "national_2027"),
        (Scope.NATIONAL, date(2031, 1, 1), None),
        (Scope.CITY, date(2025, 12, 31), "ha_noi_2022"),
        (Scope.CITY, date(2026, 1, 1), None),
    ],
)
def test_the_standard_of_a_day(scope: Scope, day: date, name: str | None) -> None:
    found = standard_on(scope, day, standards())

    assert (found.id if found else None) == name


def test_the_lines_are_those_of_the_decrees() -> None:
    lines = {row.id: (row.income_line(RURAL), row.income_line(URBAN)) for row in standards()}

    assert lines == {
        "national_2022": (1_500_000, 2_000_000),
        "ha_noi_2022": (2_000_000, 2_500_000),
        "national_2027": (2_200_000, 2_800_000),
    }


@pytest.mark.parametrize(
    ("area", "income", "lacking", "found"),
    [
        (area, income, lacking, X if income > limit else (N if lacking >= 30 else C))
        for area, limit in ((RURAL, 140), (URBAN, 175))
        for income in (0, 139, 140, 141, 174, 175, 176, 300)
        for lacking in (0, 10, 20, 29, 30, 40, 120)
    ],
)
def test_the_class_over_a_grid_of_points(area: Area, income: int, lacking: int, found: PovertyClass) -> None:
    national = standard_on(Scope.NATIONAL, date(2026, 3, 20), standards())

    assert national is not None
    assert classify(income, lacking, area, national) == found


@pytest.mark.parametrize(
    ("day", "area", "income", "found"),
    [
        (date(2026, 12, 31), RURAL, 140, N),
        (date(2026, 12, 31), RURAL, 141, X),
        (date(2027, 1, 1), RURAL, 140, None),
        (date(2027, 1, 1), URBAN, 0, None),
    ],
)
def test_the_class_on_both_sides_of_new_year_2027(
    day: date, area: Area, income: int, found: PovertyClass | None
) -> None:
    national = standard_on(Scope.NATIONAL, day, standards())

    assert national is not None
    assert classify(income, 30, area, national) == found


def test_a_limit_once_known_decides() -> None:
    new = replace(standard_on(Scope.NATIONAL, date(2027, 1, 1), standards()), rural_points=200)  # type: ignore[type-var]

    assert [classify(income, 20, RURAL, new) for income in (200, 201)] == [C, X]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("national", "city", "found"), [(N, None, N), (X, N, N), (X, C, C), (C, C, C), (N, N, N), (X, X, X), (X, None, X)]
)
def test_what_is_granted_is_the_better_of_two_standards(
    national: PovertyClass, city: PovertyClass | None, found: PovertyClass
) -> None:
    assert more_of(national, city) == found


# --- rounds ---
@pytest.mark.parametrize(
    ("day", "starts_on", "due_on"),
    [
        (date(2026, 1, 1), date(2026, 1, 15), date(2026, 1, 30)),
        (date(2026, 3, 3), date(2026, 3, 15), date(2026, 3, 30)),
        (date(2026, 3, 15), date(2026, 3, 15), date(2026, 3, 30)),
        (date(2026, 3, 16), date(2026, 4, 15), date(2026, 4, 30)),
        (date(2026, 2, 20), date(2026, 3, 15), date(2026, 3, 30)),
        (date(2027, 2, 1), date(2027, 2, 15), date(2027, 3, 2)),
        (date(2026, 8, 15), date(2026, 8, 15), date(2026, 8, 30)),
        (date(2026, 8, 16), date(2026, 9, 1), date(2026, 12, 14)),
        (date(2026, 9, 1), date(2026, 9, 1), date(2026, 12, 14)),
        (date(2026, 11, 23), date(2026, 9, 1), date(2026, 12, 14)),
        (date(2026, 12, 14), date(2026, 9, 1), date(2026, 12, 14)),
        (date(2026, 12, 15), date(2027, 1, 15), date(2027, 1, 30)),
        (date(2026, 12, 31), date(2027, 1, 15), date(2027, 1, 30)),
    ],
)
def test_the_round_a_request_goes_into(day: date, starts_on: date, due_on: date) -> None:
    held = next_round(day)

    assert (held.starts_on, held.due_on) == (starts_on, due_on)
    assert held.due_on >= day


@pytest.mark.parametrize(
    ("day", "starts_on"),
    [
        (date(2026, 1, 14), date(2025, 9, 1)),
        (date(2026, 1, 15), date(2026, 1, 15)),
        (date(2026, 3, 14), date(2026, 2, 15)),
        (date(2026, 3, 15), date(2026, 3, 15)),
        (date(2026, 8, 31), date(2026, 8, 15)),
        (date(2026, 9, 1), date(2026, 9, 1)),
        (date(2026, 12, 31), date(2026, 9, 1)),
    ],
)
def test_the_round_that_runs(day: date, starts_on: date) -> None:
    assert current_round(day).starts_on == starts_on


def test_without_a_periodic_review_every_month_has_its_round() -> None:
    assert next_round(date(2026, 11, 23), with_periodic=False) == Round(date(2026, 12, 15))
    assert current_round(date(2026, 11, 23), with_periodic=False) == Round(date(2026, 11, 15))
    assert len(rounds_of(2026, with_periodic=False)) == 12


def test_a_periodic_round_decides_the_year_after() -> None:
    assert (current_round(date(2026, 11, 1)).year, current_round(date(2026, 8, 20)).year) == (2027, 2026)
    assert Round(date(2026, 3, 15)).due_on == date(2026, 3, 30)
    assert Round(date(2026, 9, 1), periodic=True).due_on == date(2026, 12, 14)


def test_a_round_is_named_by_its_first_day_only() -> None:
    assert round_starting(date(2026, 3, 15)) == Round(date(2026, 3, 15))
    assert round_starting(date(2026, 9, 1)) == Round(date(2026, 9, 1), periodic=True)
    assert round_starting(date(2026, 3, 16)) is None


def test_a_recognition_lasts_its_days_and_only_for_the_poor() -> None:
    row = Recognition(2026, C, None, (), "07/QĐ-UBND", date(2026, 3, 30), date(2026, 3, 30), date(2026, 12, 31))

    assert [row.lasts_on(day) for day in (date(2026, 3, 29), date(2026, 3, 30), date(2026, 12, 31))] == [
        False,
        True,
        True,
    ]
    assert not row.lasts_on(date(2027, 1, 1))
    assert not replace(row, national_class=X).lasts_on(date(2026, 6, 1))


# --- rows ---
@pytest.fixture
def household(quoc_oai: Commune, khach: Citizen) -> Household:
    now = timezone.now()
    row = Household.objects.create(commune=quoc_oai, village="Thôn 1", address="Thôn 1", source="thử", recorded_at=now)
    HouseholdMember.of(khach, "head", household=row, commune=quoc_oai, occupation="idle", paper="thử", at=now).save()
    return row


def test_the_area_of_a_village_is_what_was_last_said_of_it(quoc_oai: Commune) -> None:
    for since, area in ((date(2008, 1, 1), "urban"), (date(2025, 7, 1), "rural")):
        VillageArea.objects.create(
            commune=quoc_oai, village="Khu phố 1", area=area, since=since, paper="QĐ", at=timezone.now()
        )
    days = (date(2007, 1, 1), date(2025, 6, 30), date(2025, 7, 1))

    found = [VillageArea.objects.of(quoc_oai.pk, "Khu phố 1", day) for day in days]

    assert found == [None, URBAN, RURAL]


def test_a_household_has_one_head(household: Household) -> None:
    with pytest.raises(IntegrityError, match="household_has_one_head"), transaction.atomic():
        HouseholdMember.objects.create(
            commune=household.commune,
            household=household,
            full_name="Nguyễn Văn Hai",
            birth_text="1980",
            ethnicity="Kinh",
            relation="head",
            paper="thử",
            at=timezone.now(),
        )


def test_somebody_leaves_on_a_paper(household: Household) -> None:
    with pytest.raises(IntegrityError, match="member_leaves_on_paper"), transaction.atomic():
        household.members.update(left_on=date(2026, 3, 1))


@pytest.mark.parametrize(
    ("facts", "broken"),
    [
        ({"indicators": [0], "score_deprivation": 10}, "indicators_are_one_to_twelve"),
        ({"indicators": [13], "score_deprivation": 10}, "indicators_are_one_to_twelve"),
        ({"score_deprivation": 10}, "deprivation_points_stand_beside_their_indicators"),
        ({"agreement": 101}, "agreement_is_a_percentage"),
        ({"posted_to": date(2026, 3, 20)}, "posting_ends_after_it_began"),
        ({"complaint_settled_on": date(2026, 3, 20)}, "settled_complaint_was_made"),
    ],
)
def test_what_a_review_cannot_say(household: Household, facts: dict[str, object], broken: str) -> None:
    with pytest.raises(IntegrityError, match=broken), transaction.atomic():
        HouseholdReview.objects.create(
            commune=household.commune,
            household=household,
            starts_on=date(2026, 3, 15),
            recorded_at=timezone.now(),
            **facts,
        )


def test_a_household_is_found_by_name_number_and_village(household: Household) -> None:
    words = ("tran thu", "001192000000", "thôn 1", "Nobody", "   ")

    assert [list(Household.objects.looked_for(text)) for text in words] == [[household]] * 3 + [[]] * 2


def test_a_member_on_record_is_shown_as_the_record_says_today(household: Household, khach: Citizen) -> None:
    Citizen.objects.filter(pk=khach.pk).update(full_name="Trần Thị Thử Mới")

    [member] = Household.objects.for_reading().get().as_value(on=date(2026, 3, 20)).members

    assert (member.full_name, member.id_issued_on) == ("Trần Thị Thử Mới", date(2021, 3, 11))


def test_a_review_of_a_round_to_come_is_not_read(household: Household) -> None:
    for start in (date(2026, 2, 15), date(2026, 3, 15)):
        HouseholdReview.objects.create(
            commune=household.commune, household=household, starts_on=start, recorded_at=timezone.now()
        )

    seen = [
        household.as_value(on=day).review.starts_on  # type: ignore[union-attr]
        for day in (date(2026, 3, 14), date(2026, 3, 15))
    ]

    assert seen == [date(2026, 2, 15), date(2026, 3, 15)]
