"""Several clerks at one drawer at the same moment, with real commits: no blank and no number is taken twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from oneshop import walls
from oneshop.models import Commune, Officer
from oneshop.roles import Role
from procedures import ministry, stock
from procedures.catalogue import Procedure
from procedures.models import Blank, Case, MinistryEntry, Result
from tests import factories
from tests.procedures import on_blanks as stub
from tests.procedures.on_blanks import KIND, delivered, on_blanks
from tests.procedures.test_races import at_once, named, village

__all__ = ["on_blanks", "village"]

CASES = 8


@pytest.fixture
def results(on_blanks: Procedure, village: Commune, at: datetime) -> list[Result]:
    """Eight signed results of two originals each, and one blank more than they need."""
    mai, hung, lan = named(village, "mai"), named(village, "hung"), named(village, "lan")
    with walls.within(village.pk):
        tri = factories.officer(village, "tri", Role.ADMINISTRATOR)
        delivered(tri, at, first="000001", last=f"{CASES * 2 + 1:06}")
        cases = [
            stub.signed(
                factories.citizen(village, f"0011920002{n:02}"), received_by=mai, handled_by=hung, by=lan, at=at
            )
            for n in range(CASES)
        ]
        return list(Result.objects.filter(case__in=cases).order_by("pk"))


def takes(
    village: Commune, result: Result, number: int, by: Officer, at: datetime, serial: str = ""
) -> Callable[[], str]:
    def act() -> str:
        with walls.within(village.pk, officer_id=by.pk):
            return stock.use(Result.objects.get(pk=result.pk), number, by=by, at=at, serial=serial).serial

    return act


def test_sixteen_originals_by_eight_hands_take_sixteen_blanks(
    village: Commune, results: list[Result], at: datetime
) -> None:
    clerks = [named(village, "mai"), named(village, "minh")]
    acts = [takes(village, result, number, clerks[number - 1], at) for result in results for number in (1, 2)]

    taken = at_once(acts, threads=8)

    assert [answer for answer in taken if isinstance(answer, Exception)] == []
    with walls.within(village.pk):
        used = Blank.objects.filter(state="used")
        assert sorted(used.values_list("serial", flat=True)) == sorted(str(serial) for serial in taken)
        assert used.values("result", "sheet_no").distinct().count() == used.count() == CASES * 2
        assert Blank.objects.left().count() == 1


def test_two_clerks_with_the_same_sheet_in_mind_take_it_once_and_the_other_is_told(
    village: Commune, results: list[Result], at: datetime
) -> None:
    mai, minh = named(village, "mai"), named(village, "minh")

    for n, (one, other) in enumerate(zip(results[::2], results[1::2], strict=True), start=1):
        serial = f"KH-{n:06}"
        answers = at_once([takes(village, one, 1, mai, at, serial), takes(village, other, 1, minh, at, serial)])

        [refused] = [answer for answer in answers if isinstance(answer, Exception)]
        assert [answer for answer in answers if not isinstance(answer, Exception)] == [serial]
        assert isinstance(refused, stock.StockRefused)
        assert refused.sentence.startswith(f"Phôi {serial} đã dùng cho hồ sơ ")


def test_two_clerks_at_the_same_original_use_one_blank(village: Commune, results: list[Result], at: datetime) -> None:
    mai, minh = named(village, "mai"), named(village, "minh")

    for result in results:
        answers = at_once([takes(village, result, 1, mai, at), takes(village, result, 1, minh, at)])
        assert sorted(isinstance(answer, stock.StockRefused) for answer in answers) == [False, True]

    with walls.within(village.pk):
        assert Blank.objects.filter(state="used").count() == CASES


def test_the_same_delivery_typed_in_twice_is_taken_in_once(
    village: Commune, results: list[Result], at: datetime
) -> None:
    def receives() -> int:
        with walls.within(village.pk):
            tri = Officer.objects.select_related("commune").get(username="tri")
            return len(delivered(tri, at, first="000500", last="000549"))

    answers = at_once([receives, receives])

    assert sorted(str(type(answer).__name__) for answer in answers) == ["StockRefused", "int"]
    with walls.within(village.pk):
        assert Blank.objects.filter(kind=KIND, serial__gte="KH-000500").count() == 50


def test_two_cases_with_the_same_number_of_the_ministry_write_it_once(
    village: Commune, results: list[Result], at: datetime
) -> None:
    mai, minh = named(village, "mai"), named(village, "minh")

    def writes(result: Result, by: Officer, number: str) -> Callable[[], str]:
        def act() -> str:
            with walls.within(village.pk, officer_id=by.pk):
                case = Case.objects.get(pk=result.case_id)
                return ministry.record(case, number=number, code=f"HT-{case.pk}", by=by, at=at).full_number

        return act

    for n, (one, other) in enumerate(zip(results[::2], results[1::2], strict=True), start=1):
        answers = at_once([writes(one, mai, f"{n}/2026"), writes(other, minh, f"{n}/2026")])

        [refused] = [answer for answer in answers if isinstance(answer, Exception)]
        assert isinstance(refused, ministry.EntryRefused), refused
        assert refused.sentence.startswith(f"Số {n:02}/2026 đã ghi cho hồ sơ ")
    with walls.within(village.pk):
        assert MinistryEntry.objects.count() == CASES // 2
