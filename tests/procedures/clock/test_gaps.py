"""Nobody may sign and a promise runs out: told at 60 and at 20 minutes of working time (F-55)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from oneshop.duty import Away, Hand, Power, Roster, StandIn, Turn
from procedures.clock import Calendar
from procedures.clock.gaps import Gap, Hole, Waiting, gaps, holes

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = Calendar.for_commune()
LAN, SON = 1, 2
HANDS = (
    Hand(LAN, "Lan", frozenset({"signer"}), ("CHỦ TỊCH",)),
    Hand(SON, "Sơn", frozenset({"signer"}), ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
)


def on_monday(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 23, hour, minute, tzinfo=HANOI)


CASE = Waiting("H26.1", "civil_copy", on_monday(11))
EARLY = Turn(LAN, "signer", on_monday(7), on_monday(10))
ALL_DAY = Turn(LAN, "signer", on_monday(7), on_monday(18))


def told(roster: Roster, at: datetime, *cases: Waiting) -> list[Gap]:
    return gaps(cases or (CASE,), roster, CALENDAR, at=at)


@pytest.mark.parametrize(
    ("minutes", "calls"),
    [(61, []), (60, [False]), (21, [False]), (20, [True]), (1, [True]), (0, []), (-5, [])],
)
def test_the_first_call_comes_at_60_minutes_the_last_at_20_and_lateness_is_told_elsewhere(
    minutes: int, calls: list[bool]
) -> None:
    found = told(Roster(HANDS, ()), CASE.due_at - timedelta(minutes=minutes))

    assert [gap.is_last_call for gap in found] == calls


def test_a_leader_on_duty_to_the_end_is_no_gap() -> None:
    assert told(Roster(HANDS, (ALL_DAY,)), on_monday(10, 30)) == []


def test_the_leader_who_leaves_before_the_promise_ends_is_told_while_still_here() -> None:
    turn = replace(EARLY, ends_at=on_monday(10, 45))

    [gap] = told(Roster(HANDS, (turn,)), on_monday(10, 30))

    assert (gap.signable_from, gap.signable_until) == (on_monday(10, 30), on_monday(10, 45))


def test_the_leader_who_comes_back_in_time_is_named_with_the_hour() -> None:
    back = Turn(LAN, "signer", on_monday(10, 40), on_monday(12))

    [gap] = told(Roster(HANDS, (EARLY, back)), on_monday(10, 30))

    assert (gap.signable_from, gap.signable_until) == (on_monday(10, 40), None)


def test_lunch_is_no_working_time_so_the_afternoon_is_seen_in_the_morning() -> None:
    """Due at 13:45 with the leader gone at 11:30: at 11:15 there are 30 working minutes left, not 150."""
    case = replace(CASE, due_at=on_monday(13, 45))
    morning = Turn(LAN, "signer", on_monday(7), on_monday(11, 30))

    [gap] = told(Roster(HANDS, (morning,)), on_monday(11, 15), case)

    assert (gap.left, gap.signable_until) == (timedelta(minutes=30), on_monday(11, 30))


def test_the_only_leader_who_received_the_case_or_is_kin_leaves_a_gap() -> None:
    case = replace(CASE, barred=frozenset({LAN}))

    [gap] = told(Roster(HANDS, (ALL_DAY,)), on_monday(10, 30), case)

    assert gap.only_barred
    assert gap.signable_from is None
    second = replace(ALL_DAY, officer=SON)
    assert told(Roster(HANDS, (ALL_DAY, second)), on_monday(10, 30), case) == []


def test_an_absence_opens_a_gap_and_a_deputy_closes_it() -> None:
    away = Away(LAN, on_monday(7), on_monday(18))
    alone = Roster(HANDS, (ALL_DAY,), aways=(away,))

    assert len(told(alone, on_monday(10, 30))) == 1
    assert told(replace(alone, stand_ins=(StandIn(LAN, SON, 1, on_monday(7)),)), on_monday(10, 30)) == []


def test_the_most_urgent_comes_first() -> None:
    later = replace(CASE, code="H26.0", due_at=on_monday(11, 10))

    assert [gap.code for gap in told(Roster(HANDS, ()), on_monday(10, 30), later, CASE)] == ["H26.1", "H26.0"]


def test_the_holes_of_a_week_are_opening_hours_without_a_signer() -> None:
    """24 November is a holiday: it needs nobody. Tuesday to Friday are named by their sessions."""
    wednesday = datetime(2026, 11, 25, tzinfo=HANOI)
    turn = Turn(LAN, "signer", wednesday.replace(hour=7), wednesday.replace(hour=15))

    plan, end = Roster(HANDS, (ALL_DAY, turn)), on_monday(0) + timedelta(days=3)

    found = holes(plan, CALENDAR, ["civil_copy"], since=on_monday(0), until=end)

    assert found == [Hole(wednesday.replace(hour=15), wednesday.replace(hour=17, minute=30))]


def test_a_hole_names_the_procedures_that_the_one_on_duty_may_not_sign() -> None:
    taker = Hand(3, "Vân", frozenset({"signer"}))
    power = Power(
        1, LAN, 3, frozenset({"civil_copy"}), on_monday(0).date(), on_monday(0).date(), "15/QĐ", ("TUQ.", "X")
    )
    plan = Roster((*HANDS, taker), (replace(ALL_DAY, officer=3),), powers=(power,))

    found = holes(plan, CALENDAR, ["civil_copy", "disability_card"], since=on_monday(0), until=on_monday(23))

    assert [hole.procedures for hole in found] == [("disability_card",), ("disability_card",)]
