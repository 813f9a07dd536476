"""The two clocks and the nine items, on cases made by hand; Monday to Friday, 07:30–11:30 and 13:30–17:30."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from procedures.clock import Calendar, due_at
from procedures.clock.index_facts import (
    ITEMS,
    OF_OFFICERS,
    IndexFacts,
    Life,
    Move,
    Punctuality,
    Scoring,
    Stop,
    grade_of_officer,
    grade_of_unit,
    index_facts,
    punctuality,
    score_together,
    scores_of,
    scores_of_officer,
)
from procedures.states import Verb

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = Calendar.for_commune()
MAI, HUNG, LAN = 1, 2, 3
UNITS = {MAI: "Bộ phận TN&TKQ", HUNG: "Bộ phận chuyên môn", LAN: "Lãnh đạo UBND"}
THREE_HOURS = timedelta(hours=3)


def on(clock: str, day: int = 23) -> datetime:
    """A time of Monday 23 November 2026, or of another day of that month."""
    hour, minute = clock.split(":")
    return datetime(2026, 11, day, int(hour), int(minute), tzinfo=HANOI)


def life(*moves: tuple[Verb, datetime, int], stops: Sequence[Stop] = (), due: datetime | None = None) -> Life:
    received = moves[0][1]
    first = due_at(received, THREE_HOURS, CALENDAR)
    pauses = [(stop.since, stop.until) for stop in stops if stop.until]
    return Life(
        received_at=received,
        first_due=first,
        due=due or due_at(received, THREE_HOURS, CALENDAR, pauses),
        promise=THREE_HOURS,
        limit=None,
        moves=[Move(verb, at, by, UNITS[by]) for verb, at, by in moves],
        stops=stops,
    )


MONTH_END = on("17:00", 30)


def facts(life: Life, now: datetime = MONTH_END) -> IndexFacts:
    return index_facts(life, CALENDAR, now=now)


RECEIVED = (Verb.RECEIVE, on("8:00"), MAI)


@pytest.mark.parametrize(
    ("ended", "expected"),
    [("10:59", Punctuality.EARLY), ("11:00", Punctuality.ON_TIME), ("11:01", Punctuality.LATE)],
)
def test_early_on_time_and_late_are_told_by_the_minute(ended: str, expected: Punctuality) -> None:
    found = facts(life(RECEIVED, (Verb.SIGN, on(ended), LAN)))

    assert (found.index, found.legal, found.how) == (expected, expected, "Đã xử lý xong")
    assert found.late_minutes == (1 if expected == Punctuality.LATE else 0)


def test_the_last_minute_counts_to_its_last_second() -> None:
    assert punctuality(on("11:00") + timedelta(seconds=59), on("11:00")) == Punctuality.ON_TIME


def test_the_end_is_the_signature_and_not_the_day_on_which_the_citizen_comes() -> None:
    found = facts(life(RECEIVED, (Verb.SIGN, on("9:00"), LAN), (Verb.GIVE_OUT, on("9:00", 27), MAI)))

    assert (found.ended_at, found.index, found.used) == (on("9:00"), Punctuality.EARLY, timedelta(hours=1))


def test_a_supplement_moves_the_index_by_its_working_time_and_starts_the_legal_term_anew() -> None:
    stop = Stop(on("9:00"), on("14:30"), "thiếu bản án", "01/2026")  # 3,5 hours of work
    found = facts(
        life(
            RECEIVED,
            (Verb.ASK_FOR_PAPERS, on("9:00"), HUNG),
            (Verb.TAKE_PAPERS, on("14:30"), MAI),
            (Verb.SIGN, on("17:00"), LAN),
            stops=[stop],
        )
    )

    assert (found.index_due, found.legal_due) == (on("16:30"), on("17:30"))
    assert (found.index, found.legal) == (Punctuality.LATE, Punctuality.EARLY)
    assert (found.late_minutes, found.used, found.paused) == (30, timedelta(minutes=210), timedelta(minutes=210))
    assert (found.requests, found.returns, found.contacts, found.stops) == (1, 1, 2, [stop])


def test_a_second_request_is_late_for_the_index_whatever_the_clock_says() -> None:
    stops = [Stop(on("8:10"), on("8:20"), "một"), Stop(on("8:30"), on("8:40"), "hai")]
    found = facts(
        life(
            RECEIVED,
            (Verb.ASK_FOR_PAPERS, on("8:10"), HUNG),
            (Verb.TAKE_PAPERS, on("8:20"), MAI),
            (Verb.ASK_FOR_PAPERS, on("8:30"), HUNG),
            (Verb.TAKE_PAPERS, on("8:40"), MAI),
            (Verb.SIGN, on("9:00"), LAN),
            stops=stops,
        )
    )

    assert (found.index, found.legal, found.late_by_rule, found.late_minutes) == (
        Punctuality.LATE,
        Punctuality.EARLY,
        True,
        0,
    )


def test_a_case_that_waits_for_its_only_supplement_ends_at_that_moment() -> None:
    stop = Stop(on("9:00"), None, "thiếu bản án")
    found = facts(life(RECEIVED, (Verb.ASK_FOR_PAPERS, on("9:00"), HUNG), stops=[stop]))

    assert (found.ended_at, found.how, found.index) == (on("9:00"), "Chờ công dân bổ sung", Punctuality.EARLY)


def test_an_apology_moves_the_promise_and_not_the_index() -> None:
    found = facts(life(RECEIVED, (Verb.EXTEND, on("10:00"), LAN), (Verb.SIGN, on("8:00", 25), LAN), due=on("9:00", 25)))

    assert (found.apologised, found.index_due, found.index) == (True, on("11:00"), Punctuality.LATE)
    assert found.late_minutes == 30 + 240 + 30  # to the noon, the afternoon, Wednesday morning: Tuesday is a holiday


def test_a_withdrawal_stops_the_case_and_an_open_one_is_late_only_when_it_is() -> None:
    withdrawn = facts(life(RECEIVED, (Verb.WITHDRAW, on("8:30"), MAI)))
    young, old = facts(life(RECEIVED), on("10:00")), facts(life(RECEIVED), on("11:01"))

    assert (withdrawn.how, withdrawn.index) == ("Dừng xử lý", Punctuality.EARLY)
    assert (young.index, young.ended_at, old.index, old.late_minutes) == (None, None, Punctuality.LATE, 1)


def test_what_was_never_received_counts_for_nothing() -> None:
    rejected = life((Verb.REJECT, on("8:00"), MAI), due=on("8:00"))

    assert facts(rejected).index is None
    assert scores_of(rejected, facts(rejected)) == {}


def test_a_case_that_waited_for_its_review_has_its_three_hours_from_then() -> None:
    waited = life(
        (Verb.APPOINT, on("8:00"), MAI), (Verb.RESUME, on("8:00", 25), HUNG), (Verb.SIGN, on("10:00", 25), LAN)
    )

    found = facts(replace(waited, due=on("11:00", 25)))

    assert (found.legal_due, found.index, found.used) == (on("11:00", 25), Punctuality.EARLY, timedelta(hours=2))


# --- the nine items ---
WHOLE = (
    RECEIVED,
    (Verb.HAND_OVER, on("8:10"), HUNG),
    (Verb.SUBMIT, on("9:00"), HUNG),
    (Verb.SIGN, on("11:30"), LAN),
    (Verb.GIVE_OUT, on("14:00"), MAI),
)


def test_what_is_not_measured_is_left_out_and_not_guessed() -> None:
    late = life(*WHOLE)

    assert scores_of(late, facts(late)) == {1: 0, 2: 0, 3: 2, 4: 2, 5: 2}
    assert set(ITEMS) - set(scores_of(late, facts(late))) == {6, 7, 8, 9}


def test_an_officer_answers_for_the_own_hand_overs_alone() -> None:
    late = life(*WHOLE)
    found = facts(late)

    assert scores_of_officer(HUNG, late, found) == {1: 0, 2: 2, 3: 2, 4: 2}
    assert scores_of_officer(LAN, late, found) == {1: 0, 2: 0, 3: 2, 4: 2}
    assert scores_of_officer(MAI, late, found) == {1: 0, 3: 2, 4: 2}
    assert scores_of_officer(99, late, found) == {}


def test_on_time_is_one_point_or_two_as_the_commune_rules() -> None:
    just = life(RECEIVED, (Verb.SIGN, on("11:00"), LAN))

    assert scores_of(just, facts(just))[1] == 1
    assert scores_of(just, facts(just), early_is_better=False)[1] == 2


def test_averages_have_one_decimal_and_a_part_of_the_nine_has_no_grade() -> None:
    early, late = life(RECEIVED, (Verb.SIGN, on("9:00"), LAN)), life(*WHOLE)
    told = [(early, facts(early)), (early, facts(early)), (late, facts(late))]

    unit, officers = score_together(told)

    assert (unit.cases, unit.in_time, unit.average(1), unit.average(6)) == (3, 2, 1.3, None)
    assert (unit.measured, unit.total, unit.grade) == ([1, 2, 3, 4, 5], 8.6, "")
    assert (officers[HUNG].cases, officers[HUNG].average(1), officers[LAN].cases) == (1, 0.0, 3)


@pytest.mark.parametrize(
    ("total", "grade"), [(15, "Xuất sắc"), (14.9, "Tốt"), (12, "Tốt"), (9, "Khá"), (6, "Trung bình"), (5.9, "Yếu")]
)
def test_the_grades_of_a_unit(total: float, grade: str) -> None:
    assert grade_of_unit(total) == grade


def test_the_grades_of_an_officer_need_all_five_items() -> None:
    whole = Scoring(OF_OFFICERS)
    early = life(*WHOLE[:3], (Verb.SIGN, on("9:10"), LAN))
    whole.add(facts(early), scores_of_officer(HUNG, early, facts(early)) | {7: 2})

    assert (whole.total, whole.grade) == (10.0, "Hoàn thành 100% nhiệm vụ")
    assert [grade_of_officer(total) for total in (5, 4.9, 3.4)] == [
        "Hoàn thành 100% nhiệm vụ",
        "Hoàn thành từ 70% đến dưới 100%",
        "Hoàn thành dưới 70%",
    ]
