"""The clock by worked cases: the counter's own, the law's, and 79 of other houses. No database."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from procedures.clock import (
    HANOI,
    OFFICE_HOURS,
    Calendar,
    CalendarEnds,
    DayKind,
    Hours,
    Limit,
    Pauses,
    Span,
    SpecialDay,
    StillPaused,
    add_working_days,
    closing_of,
    due_at,
    is_open,
    legal_limit,
    national_days,
    next_opening,
    only_receives,
    promised,
    remaining,
    used_between,
)

THREE_HOURS = timedelta(hours=3)
MINUTE = timedelta(minutes=1)
ALWAYS = date(2000, 1, 1)
MORNING = Span(time(7, 30), time(11, 30))


def at(text: str) -> datetime:
    """`2026-11-23 08:10`, or with seconds, in Hà Nội."""
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


def hours(opens: str, closes: str) -> Span:
    return Span(time.fromisoformat(opens), time.fromisoformat(closes))


def local_day(on: str, kind: DayKind, *spans: Span) -> SpecialDay:
    return SpecialDay(date.fromisoformat(on), kind, "theo quyết định của xã", "QĐ số 1", spans)


def commune(*days: SpecialDay) -> Calendar:
    return Calendar.for_commune(local_days=days)


@pytest.fixture
def calendar() -> Calendar:
    return commune()


# --- the counter's own table ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-23 08:10", "2026-11-23 11:10"),
        ("2026-11-23 10:00", "2026-11-23 15:00"),
        ("2026-11-23 11:40", "2026-11-23 16:30"),
        ("2026-11-23 14:30", "2026-11-23 17:30"),
        ("2026-11-23 16:00", "2026-11-25 09:00"),
        ("2026-11-27 16:45", "2026-11-30 09:45"),
        ("2025-12-31 17:00", "2026-01-05 10:00"),
        ("2026-01-09 16:00", "2026-01-10 09:00"),
        ("2026-02-13 15:30", "2026-02-23 08:30"),
        ("2026-08-21 17:00", "2026-08-22 10:00"),
        ("2026-04-24 16:30", "2026-04-28 09:30"),
        ("2026-11-28 09:00", "2026-11-30 10:30"),
    ],
)
def test_three_working_hours_as_the_domain_file_counts_them(received: str, due: str) -> None:
    saturday_receives = Hours(5, (MORNING,), ALWAYS, counts=False)

    counted = due_at(at(received), THREE_HOURS, Calendar.for_commune((*OFFICE_HOURS, saturday_receives)))

    assert counted == at(due)


# --- the worked cases of other houses -------------------------------------------------------------
WEEKDAYS = {name: number for number, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))}
DECLARED_DIFFERENCES = {
    # Their pause of 45 minutes before opening is added to the due time; ours costs nothing while closed.
    "ERP-11": "2020-03-04 16:00:00",
    # They cut the due time to the minute when storing it; we keep the seconds and cut what is shown.
    "ZAM-08": "2016-11-09 09:26:36",
}

with (Path(__file__).with_name("working-time-cases.csv")).open(encoding="utf-8", newline="") as table:
    PEERS = list(csv.DictReader(table))


def _weekly(schedule: str) -> list[Hours]:
    """`Mon+Wed 09:00-17:00; Sat 08:00-12:00+13:00-24:00` as rows."""
    rows = []
    for part in schedule.split("; "):
        days, sessions = part.split(" ")
        first, dash, last = days.partition("-")
        weekdays = range(WEEKDAYS[first], WEEKDAYS[last] + 1) if dash else [WEEKDAYS[day] for day in days.split("+")]
        spans = tuple(hours(*session.replace("24:00", "00:00").split("-")) for session in sessions.split("+"))
        rows += [Hours(weekday, spans, ALWAYS) for weekday in weekdays]
    return rows


def _calendar_of(row: dict[str, str]) -> Calendar:
    off = tuple(
        SpecialDay(date.fromisoformat(day), DayKind.HOLIDAY, "holiday", row["peer"]) for day in row["holidays"].split()
    )
    return Calendar(
        tuple(_weekly(row["schedule"])), off, frozenset(range(2005, 2027)), ZoneInfo(row["calendar_timezone"])
    )


def _rows(*kinds: str) -> list[object]:
    return [pytest.param(row, id=row["case_id"]) for row in PEERS if row["kind"] in kinds]


def _moment(row: dict[str, str], text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(row["times_written_in"]))


def _pauses(row: dict[str, str]) -> Pauses:
    ends = [pause.split(" to ") for pause in row["pauses"].split("; ") if pause]
    return [(_moment(row, since), _moment(row, until)) for since, until in ends]


def _number(text: str) -> float:
    return float(text.split(maxsplit=1)[0])


def test_the_peers_table_is_whole() -> None:
    kinds = [row["kind"] for row in PEERS]

    assert [(kind, kinds.count(kind)) for kind in ("due", "elapsed", "due-days", "due-days-timeofday")] == [
        ("due", 39),
        ("elapsed", 19),
        ("due-days", 19),
        ("due-days-timeofday", 2),
    ]
    assert len(PEERS) == 79


@pytest.mark.parametrize("row", _rows("due"))
def test_due_as_other_houses_count_it(row: dict[str, str]) -> None:
    promise = timedelta(minutes=_number(row["duration"]))

    due = due_at(_moment(row, row["start"]), promise, _calendar_of(row), _pauses(row))

    assert due == _moment(row, DECLARED_DIFFERENCES.get(row["case_id"], row["expected"]))


@pytest.mark.parametrize("row", _rows("elapsed"))
def test_time_used_as_other_houses_count_it(row: dict[str, str]) -> None:
    start, end = _moment(row, row["start"]), _moment(row, row["measured_end"])

    assert used_between(start, end, _calendar_of(row), _pauses(row)) == timedelta(minutes=_number(row["expected"]))


@pytest.mark.parametrize("row", _rows("due-days"))
def test_working_days_as_other_houses_count_them(row: dict[str, str]) -> None:
    start = date.fromisoformat(row["start"])

    assert add_working_days(start, int(_number(row["duration"])), _calendar_of(row)) == date.fromisoformat(
        row["expected"]
    )


@pytest.mark.parametrize("row", _rows("due-days-timeofday"))
def test_working_days_at_the_same_time_of_day_as_other_houses_count_them(row: dict[str, str]) -> None:
    start, theirs = _moment(row, row["start"]), _calendar_of(row)

    day = add_working_days(start.date(), int(_number(row["duration"])), theirs)

    assert next_opening(datetime.combine(day, start.timetz()), theirs) == _moment(row, row["expected"])


# --- conventions ----------------------------------------------------------------------------------
def test_a_promise_that_ends_exactly_at_closing_stays_at_closing(calendar: Calendar) -> None:
    assert due_at(at("2026-11-27 10:30"), timedelta(hours=1), calendar) == at("2026-11-27 11:30")


def test_a_promise_of_nothing_made_while_closed_is_due_at_the_next_opening(calendar: Calendar) -> None:
    assert due_at(at("2026-11-27 17:30"), timedelta(), calendar) == at("2026-11-30 07:30")


def test_seconds_are_kept(calendar: Calendar) -> None:
    assert due_at(at("2026-11-27 16:59:59"), THREE_HOURS, calendar) == at("2026-11-30 09:59:59")


def test_an_end_before_its_start_is_no_time_at_all(calendar: Calendar) -> None:
    assert used_between(at("2026-11-27 10:00"), at("2026-11-27 09:00"), calendar) == timedelta()


def test_a_promise_is_never_negative(calendar: Calendar) -> None:
    with pytest.raises(ValueError, match="not negative"):
        due_at(at("2026-11-27 10:00"), -MINUTE, calendar)


def test_a_moment_from_abroad_is_the_same_moment_here(calendar: Calendar) -> None:
    due = due_at(at("2026-11-27 16:45").astimezone(ZoneInfo("Pacific/Honolulu")), THREE_HOURS, calendar)

    assert (due, due.tzinfo) == (at("2026-11-30 09:45"), HANOI)


def test_a_moment_without_a_zone_is_refused_everywhere(calendar: Calendar) -> None:
    naive, aware = datetime(2026, 11, 27, 9), at("2026-11-27 09:00")  # noqa: DTZ001

    questions: list[Callable[[], object]] = [
        lambda: due_at(naive, THREE_HOURS, calendar),
        lambda: due_at(aware, THREE_HOURS, calendar, [(naive, aware)]),
        lambda: due_at(aware, THREE_HOURS, calendar, [(aware, naive)]),
        lambda: used_between(naive, aware, calendar),
        lambda: used_between(aware, naive, calendar),
        lambda: remaining(naive, aware, calendar),
        lambda: is_open(naive, calendar),
        lambda: only_receives(naive, calendar),
        lambda: next_opening(naive, calendar),
        lambda: legal_limit(naive, Limit.SAME_DAY, calendar),
        lambda: legal_limit(naive, Limit.THREE_WORKING_DAYS, calendar),
        lambda: promised(naive, THREE_HOURS, None, calendar),
    ]
    for question in questions:
        with pytest.raises(ValueError, match="has no time zone"):
            question()


def test_what_remains_is_working_time_and_nothing_once_late(calendar: Calendar) -> None:
    due = at("2026-11-30 09:45")

    assert remaining(at("2026-11-27 17:00"), due, calendar) == timedelta(hours=2, minutes=45)
    assert remaining(due, due, calendar) == timedelta()
    assert remaining(at("2026-11-30 10:00"), due, calendar) == timedelta()


# --- years without a plan -------------------------------------------------------------------------
def test_a_promise_that_reaches_into_an_unplanned_year_is_refused(calendar: Calendar) -> None:
    with pytest.raises(CalendarEnds) as ends:
        due_at(at("2027-12-31 16:00"), THREE_HOURS, calendar)

    assert ends.value.year == 2028


def test_a_promise_kept_within_the_last_planned_day_is_given(calendar: Calendar) -> None:
    assert due_at(at("2027-12-31 14:30"), THREE_HOURS, calendar) == at("2027-12-31 17:30")


def test_time_used_up_to_midnight_needs_no_hour_of_the_new_year(calendar: Calendar) -> None:
    assert used_between(at("2027-12-31 16:30"), at("2028-01-01 00:00"), calendar) == timedelta(hours=1)
    with pytest.raises(CalendarEnds):
        used_between(at("2027-12-31 16:30"), at("2028-01-01 00:00:01"), calendar)


def test_a_day_of_the_commune_does_not_plan_its_year() -> None:
    with pytest.raises(CalendarEnds):
        is_open(at("2028-01-03 09:00"), commune(local_day("2028-01-03", DayKind.EXTRA, MORNING)))


def test_a_commune_that_never_opens_ends_with_its_calendar_not_in_an_endless_search() -> None:
    with pytest.raises(CalendarEnds):
        next_opening(at("2026-11-27 09:00"), Calendar.for_commune(()))


# --- hours ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("moment", "runs"),
    [
        ("2026-11-27 07:29:59", False),
        ("2026-11-27 07:30:00", True),
        ("2026-11-27 11:29:59", True),
        ("2026-11-27 11:30:00", False),
        ("2026-11-27 17:29:59", True),
        ("2026-11-27 17:30:00", False),
        ("2026-11-28 09:00:00", False),
        ("2026-11-24 09:00:00", False),
    ],
)
def test_the_clock_runs_from_the_second_of_opening_to_the_second_of_closing(
    moment: str, runs: bool, calendar: Calendar
) -> None:
    assert is_open(at(moment), calendar) is runs


def test_the_next_opening_of_an_open_moment_is_itself(calendar: Calendar) -> None:
    assert next_opening(at("2026-11-27 09:12:34"), calendar) == at("2026-11-27 09:12:34")


def test_a_day_closes_with_its_last_session(calendar: Calendar) -> None:
    assert closing_of(date(2026, 11, 27), calendar) == at("2026-11-27 17:30")


def test_a_day_off_has_no_closing(calendar: Calendar) -> None:
    with pytest.raises(ValueError, match="2026-11-24 is not a working day"):
        closing_of(date(2026, 11, 24), calendar)


def test_working_days_leave_out_the_day_of_receipt_and_the_days_off(calendar: Calendar) -> None:
    monday, saturday = date(2026, 11, 23), date(2026, 11, 28)

    assert [add_working_days(monday, number, calendar) for number in range(3)] == [
        monday,
        date(2026, 11, 25),
        date(2026, 11, 26),
    ]
    assert [add_working_days(saturday, number, calendar) for number in range(2)] == [date(2026, 11, 30)] * 2
    with pytest.raises(ValueError, match="counted forward"):
        add_working_days(monday, -1, calendar)


def test_new_hours_begin_on_their_day_and_old_ones_end_on_theirs() -> None:
    winter = Hours(4, (hours("08:00", "12:00"),), date(2026, 11, 27), document="QĐ giờ mùa đông")
    summer = Hours(4, (MORNING,), ALWAYS, valid_to=date(2026, 11, 26))
    seasons = Calendar.for_commune((summer, winter))

    summer_ends_on_a_friday = Hours(4, (MORNING,), ALWAYS, valid_to=date(2026, 11, 27))

    assert is_open(at("2026-11-27 08:00"), Calendar.for_commune((summer_ends_on_a_friday,)))
    assert next_opening(at("2026-11-20 00:00"), seasons) == at("2026-11-20 07:30")
    assert next_opening(at("2026-11-27 00:00"), seasons) == at("2026-11-27 08:00")


def test_rows_of_one_weekday_add_up_and_their_overlap_counts_once() -> None:
    rows = [Hours(4, (MORNING,), ALWAYS), Hours(4, (hours("11:00", "12:00"),), ALWAYS)]

    used = used_between(at("2026-11-27 00:00"), at("2026-11-28 00:00"), Calendar.for_commune(rows))

    assert used == timedelta(hours=4, minutes=30)


def test_in_a_session_that_only_receives_the_desk_is_open_and_the_clock_stands() -> None:
    saturday = Calendar.for_commune((*OFFICE_HOURS, Hours(5, (MORNING,), ALWAYS, counts=False)))

    assert only_receives(at("2026-11-28 09:00"), saturday)
    assert not is_open(at("2026-11-28 09:00"), saturday)
    assert not only_receives(at("2026-11-28 12:00"), saturday)
    assert not only_receives(at("2026-11-27 09:00"), saturday)
    assert used_between(at("2026-11-28 07:00"), at("2026-11-28 12:00"), saturday) == timedelta()


def test_a_session_that_only_receives_is_closed_made_up_and_outvoted_like_any_other() -> None:
    saturday = (*OFFICE_HOURS, Hours(5, (hours("07:30", "18:00"),), ALWAYS, counts=False))
    noon, evening = at("2026-11-28 12:00"), at("2026-11-28 17:45")
    closed = Calendar.for_commune(saturday, [local_day("2026-11-28", DayKind.CLOSURE)])
    closed_at_noon = Calendar.for_commune(saturday, [local_day("2026-11-28", DayKind.CLOSURE, hours("11:30", "13:30"))])
    made_up = Calendar.for_commune(saturday, [local_day("2026-11-28", DayKind.SWAP_WORK)])
    extra = Calendar.for_commune(saturday, [local_day("2026-11-28", DayKind.EXTRA, hours("11:00", "13:00"))])

    receives = {
        name: (only_receives(noon, calendar), only_receives(evening, calendar))
        for name, calendar in [("closed", closed), ("at noon", closed_at_noon), ("made up", made_up), ("extra", extra)]
    }

    assert receives == {
        "closed": (False, False),
        "at noon": (False, True),
        "made up": (False, False),
        "extra": (False, True),
    }


def test_a_session_may_last_to_midnight() -> None:
    night = Calendar.for_commune([Hours(4, (hours("20:00", "00:00"),), ALWAYS)])

    assert closing_of(date(2026, 11, 27), night) == at("2026-11-28 00:00")


@pytest.mark.parametrize(("opens", "closes"), [("11:30", "07:30"), ("07:30", "07:30")])
def test_a_session_opens_before_it_closes(opens: str, closes: str) -> None:
    with pytest.raises(ValueError, match="is not before"):
        hours(opens, closes)


def test_an_hour_that_summer_time_leaves_out_is_not_worked() -> None:
    row = Hours(6, (hours("02:00", "03:00"), hours("04:00", "05:00")), ALWAYS)
    berlin = Calendar((row,), (), frozenset({2026}), ZoneInfo("Europe/Berlin"))

    night = datetime(2026, 3, 29, tzinfo=UTC)

    assert used_between(night, night + timedelta(hours=12), berlin) == timedelta(hours=1)


# --- special days ---------------------------------------------------------------------------------
def test_a_day_made_up_has_the_hours_of_the_day_it_makes_up() -> None:
    short_friday = [row for row in OFFICE_HOURS if row.weekday != 4] + [Hours(4, (MORNING,), ALWAYS)]
    calendar = Calendar.for_commune(short_friday)

    assert closing_of(date(2026, 1, 10), calendar) == at("2026-01-10 11:30")  # for Friday 2 January
    assert closing_of(date(2026, 8, 22), calendar) == at("2026-08-22 17:30")  # for Monday 31 August


def test_a_day_made_up_for_an_unknown_day_has_the_hours_of_a_monday() -> None:
    monday_until_three = [row for row in OFFICE_HOURS if row.weekday != 0] + [
        Hours(0, (hours("09:00", "15:00"),), ALWAYS)
    ]
    made_up = local_day("2026-12-05", DayKind.SWAP_WORK)

    calendar = Calendar.for_commune(monday_until_three, [made_up])

    assert closing_of(date(2026, 12, 5), calendar) == at("2026-12-05 15:00")


def test_a_day_made_up_with_hours_of_its_own_has_only_those() -> None:
    calendar = commune(local_day("2026-12-05", DayKind.SWAP_WORK, hours("08:00", "10:00")))

    assert used_between(at("2026-12-05 00:00"), at("2026-12-06 00:00"), calendar) == timedelta(hours=2)


def test_a_day_of_the_commune_wins_over_the_national_one() -> None:
    calendar = commune(local_day("2026-11-24", DayKind.SWAP_WORK), local_day("2026-08-22", DayKind.CLOSURE))

    assert due_at(at("2026-11-23 16:00"), THREE_HOURS, calendar) == at("2026-11-24 09:00")
    assert due_at(at("2026-08-21 17:00"), THREE_HOURS, calendar) == at("2026-08-24 10:00")


def test_of_two_rows_for_one_day_the_later_given_wins() -> None:
    closed, worked = local_day("2026-11-27", DayKind.CLOSURE), local_day("2026-11-27", DayKind.SWAP_WORK)

    assert not is_open(at("2026-11-27 09:00"), commune(worked, closed))
    assert is_open(at("2026-11-27 09:00"), commune(closed, worked))


def test_an_extra_session_is_added_to_the_day() -> None:
    evening = local_day("2026-11-27", DayKind.EXTRA, hours("17:30", "19:00"))
    saturday = local_day("2026-11-28", DayKind.EXTRA, MORNING)

    calendar = commune(evening, saturday)

    assert due_at(at("2026-11-27 16:45"), THREE_HOURS, calendar) == at("2026-11-28 08:15")


def test_an_extra_session_without_hours_is_refused() -> None:
    with pytest.raises(ValueError, match="has no hours"):
        local_day("2026-11-27", DayKind.EXTRA)


def test_a_closure_with_hours_closes_only_those() -> None:
    power_cut = local_day("2026-11-27", DayKind.CLOSURE, hours("09:00", "10:00"))

    assert due_at(at("2026-11-27 08:00"), THREE_HOURS, commune(power_cut)) == at("2026-11-27 14:00")


def test_a_holiday_declared_afterwards_moves_a_promise_already_given(calendar: Calendar) -> None:
    received = at("2026-11-27 16:45")
    declared = commune(local_day("2026-11-30", DayKind.HOLIDAY))

    assert due_at(received, THREE_HOURS, calendar) == at("2026-11-30 09:45")
    assert due_at(received, THREE_HOURS, declared) == at("2026-12-01 09:45")


def test_a_calendar_asked_twice_answers_the_same_and_equals_its_twin(calendar: Calendar) -> None:
    first = due_at(at("2026-02-13 15:30"), THREE_HOURS, calendar)

    assert due_at(at("2026-02-13 15:30"), THREE_HOURS, calendar) == first
    assert (calendar, hash(calendar)) == (commune(), hash(commune()))


# --- the national days ----------------------------------------------------------------------------
def test_every_planned_year_has_its_eleven_holidays_and_from_2026_the_day_of_culture() -> None:
    named = (
        "Tết Dương lịch",
        "Tết Nguyên đán",
        "Giỗ Tổ",
        "Ngày Chiến thắng",
        "Ngày Quốc tế",
        "Quốc khánh",
        "Ngày Văn hóa",
    )
    counts = {
        year: [sum(day.name.startswith(name) and day.on.year == year for day in national_days()) for name in named]
        for year in sorted(Calendar.for_commune().years)
    }

    assert counts == {
        2024: [1, 5, 1, 1, 1, 2, 0],
        2025: [1, 5, 1, 1, 1, 2, 0],
        2026: [1, 5, 1, 1, 1, 2, 1],
        2027: [1, 5, 1, 1, 1, 2, 1],
    }


def test_every_swap_gives_back_the_day_it_takes() -> None:
    taken = [day.on for day in national_days() if day.kind == DayKind.SWAP_OFF]
    given_back = [day.makes_up for day in national_days() if day.kind == DayKind.SWAP_WORK]

    assert sorted(taken) == sorted(day for day in given_back if day)
    assert len(taken) == 4


def test_the_plan_of_2027_is_marked_as_estimated() -> None:
    estimated = [day.on for day in national_days() if day.estimated]

    assert estimated == [*(date(2027, 2, day) for day in range(4, 11)), date(2027, 9, 3)]


# --- pauses ---------------------------------------------------------------------------------------
def test_the_time_of_a_pause_is_not_ours(calendar: Calendar) -> None:
    pause = (at("2026-11-27 08:30"), at("2026-11-27 09:15"))

    assert due_at(at("2026-11-27 08:10"), THREE_HOURS, calendar, [pause]) == at("2026-11-27 13:55")


def test_overlapping_pauses_count_once_in_any_order(calendar: Calendar) -> None:
    early, late = (at("2026-11-27 08:30"), at("2026-11-27 09:00")), (at("2026-11-27 08:45"), at("2026-11-27 09:15"))

    assert due_at(at("2026-11-27 08:10"), THREE_HOURS, calendar, [late, early]) == at("2026-11-27 13:55")


@pytest.mark.parametrize(
    "pause",
    [
        ("2026-11-27 11:30", "2026-11-27 13:30"),
        ("2026-11-27 17:30", "2026-11-30 07:30"),
        ("2026-11-26 08:00", "2026-11-27 10:00"),
        ("2026-11-27 11:00", "2026-11-27 10:30"),
    ],
    ids=["over lunch", "over the weekend", "before the receipt", "ended before it began"],
)
def test_a_pause_without_working_time_costs_nothing(pause: tuple[str, str], calendar: Calendar) -> None:
    stopped = [(at(pause[0]), at(pause[1]))]

    assert due_at(at("2026-11-27 10:00"), timedelta(hours=7), calendar, stopped) == at("2026-11-30 09:00")


def test_a_pause_longer_than_the_rest_leaves_the_rest_whole(calendar: Calendar) -> None:
    received, pause = at("2026-11-27 08:00"), (at("2026-11-27 10:30"), at("2026-12-01 09:00"))

    assert due_at(received, THREE_HOURS, calendar, [pause]) == at("2026-12-01 09:30")
    assert used_between(received, at("2026-11-30 17:00"), calendar, [pause]) == timedelta(hours=2, minutes=30)


def test_a_pause_opened_at_closing_and_ended_on_a_holiday_costs_nothing(calendar: Calendar) -> None:
    pause = (at("2026-11-23 17:30"), at("2026-11-24 10:00"))

    assert due_at(at("2026-11-23 16:00"), THREE_HOURS, calendar, [pause]) == at("2026-11-25 09:00")


def test_while_the_pause_lasts_nobody_knows_the_due_time(calendar: Calendar) -> None:
    since = at("2026-11-27 08:30")

    with pytest.raises(StillPaused) as paused:
        due_at(at("2026-11-27 08:10"), THREE_HOURS, calendar, [(since, None)])

    assert paused.value.since == since


def test_a_pause_opened_at_lunch_is_met_at_the_next_opening(calendar: Calendar) -> None:
    with pytest.raises(StillPaused):
        due_at(at("2026-11-27 10:00"), THREE_HOURS, calendar, [(at("2026-11-27 12:00"), None)])


def test_a_pause_opened_after_the_promise_was_used_up_changes_nothing(calendar: Calendar) -> None:
    stopped = [(at("2026-11-27 11:10"), None)]

    assert due_at(at("2026-11-27 08:10"), THREE_HOURS, calendar, stopped) == at("2026-11-27 11:10")


def test_time_used_stands_still_while_a_pause_lasts(calendar: Calendar) -> None:
    stopped = [(at("2026-11-27 08:30"), None)]

    assert used_between(at("2026-11-27 08:10"), at("2026-12-04 08:10"), calendar, stopped) == timedelta(minutes=20)


# --- what the law allows --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("received", "limit"),
    [
        ("2026-11-26 07:00:00", "2026-11-26 17:30"),
        ("2026-11-26 14:30:00", "2026-11-26 17:30"),
        ("2026-11-26 15:00:00", "2026-11-26 17:30"),
        ("2026-11-26 15:00:00.900000", "2026-11-26 17:30"),
        ("2026-11-26 15:00:01", "2026-11-27 17:30"),
        ("2026-11-26 16:59:59", "2026-11-27 17:30"),
        ("2026-11-26 17:30:00", "2026-11-27 17:30"),
        ("2026-11-28 09:00:00", "2026-11-30 17:30"),
        ("2026-01-09 15:30:00", "2026-01-10 17:30"),
        ("2026-01-10 15:00:00", "2026-01-10 17:30"),
        ("2026-02-13 15:00:00", "2026-02-13 17:30"),
        ("2026-02-13 15:00:01", "2026-02-23 17:30"),
    ],
)
def test_the_law_wants_it_the_same_day_or_after_three_o_clock_the_next(
    received: str, limit: str, calendar: Calendar
) -> None:
    assert legal_limit(at(received), Limit.SAME_DAY, calendar) == at(limit)


@pytest.mark.parametrize(
    ("received", "limit"),
    [
        ("2026-11-23 08:00", "2026-11-27 17:30"),
        ("2026-11-23 16:59", "2026-11-27 17:30"),
        ("2026-11-21 09:00", "2026-11-26 17:30"),
    ],
)
def test_three_working_days_end_with_the_third_day_after_the_receipt(
    received: str, limit: str, calendar: Calendar
) -> None:
    assert legal_limit(at(received), Limit.THREE_WORKING_DAYS, calendar) == at(limit)


def test_a_law_may_draw_its_line_at_another_hour(calendar: Calendar) -> None:
    until_four = Limit(0, "Luật thử", late_after=time(16))

    assert legal_limit(at("2026-11-26 16:00"), until_four, calendar) == at("2026-11-26 17:30")


def test_the_law_counts_anew_from_the_complete_file(calendar: Calendar) -> None:
    stopped = [(at("2026-11-25 09:00"), at("2026-11-26 14:00"))]

    assert legal_limit(at("2026-11-25 08:00"), Limit.SAME_DAY, calendar, stopped) == at("2026-11-26 17:30")
    assert legal_limit(at("2026-11-25 08:00"), Limit.THREE_WORKING_DAYS, calendar, stopped) == at("2026-12-01 17:30")


def test_a_pause_without_working_time_or_after_the_limit_does_not_move_the_law(calendar: Calendar) -> None:
    received = at("2026-11-25 08:00")
    lunch = (at("2026-11-25 11:30"), at("2026-11-25 13:30"))
    too_late = (at("2026-11-25 17:30"), at("2026-11-26 10:00"))

    assert legal_limit(received, Limit.SAME_DAY, calendar, [lunch, too_late]) == at("2026-11-25 17:30")


def test_a_pause_before_the_receipt_does_not_move_the_law(calendar: Calendar) -> None:
    before = (at("2026-11-25 08:00"), at("2026-11-25 10:00"))

    assert legal_limit(at("2026-11-25 16:00"), Limit.SAME_DAY, calendar, [before]) == at("2026-11-26 17:30")


def test_the_law_waits_with_an_open_pause(calendar: Calendar) -> None:
    with pytest.raises(StillPaused):
        legal_limit(at("2026-11-25 08:00"), Limit.SAME_DAY, calendar, [(at("2026-11-25 09:00"), None)])


# --- what is promised: the earlier of both --------------------------------------------------------
def test_an_office_that_closes_at_five_promises_today_what_three_hours_would_give_tomorrow() -> None:
    until_five = [Hours(day, (MORNING, hours("13:30", "17:00")), ALWAYS) for day in range(5)]
    calendar, received = Calendar.for_commune(until_five), at("2026-11-26 14:30")

    assert due_at(received, THREE_HOURS, calendar) == at("2026-11-27 08:00")
    assert promised(received, THREE_HOURS, Limit.SAME_DAY, calendar) == at("2026-11-26 17:00")


def test_three_hours_are_promised_where_the_law_allows_longer(calendar: Calendar) -> None:
    received = at("2026-11-27 16:45")

    assert promised(received, THREE_HOURS, Limit.SAME_DAY, calendar) == at("2026-11-30 09:45")
    assert promised(received, THREE_HOURS, Limit.THREE_WORKING_DAYS, calendar) == at("2026-11-30 09:45")
    assert promised(received, THREE_HOURS, None, calendar) == at("2026-11-30 09:45")


def test_a_pause_moves_the_promise_and_the_law_together(calendar: Calendar) -> None:
    stopped = [(at("2026-11-26 11:00"), at("2026-11-27 14:45"))]

    assert due_at(at("2026-11-26 10:55"), THREE_HOURS, calendar, stopped) == at("2026-11-30 07:40")
    assert promised(at("2026-11-26 10:55"), THREE_HOURS, Limit.SAME_DAY, calendar, stopped) == at("2026-11-27 17:30")


@pytest.mark.parametrize(
    ("hours_promised", "limit", "due"),
    [(3, Limit.THREE_WORKING_DAYS, "2026-11-26 11:00"), (20, Limit.SAME_DAY, "2026-11-26 17:30")],
    ids=["the promise was used up before", "the law's day was over before"],
)
def test_an_open_pause_hides_no_due_time_that_was_reached_before_it(
    hours_promised: int, limit: Limit, due: str, calendar: Calendar
) -> None:
    stopped = [(at("2026-11-27 08:00"), None)]

    assert promised(at("2026-11-26 08:00"), timedelta(hours=hours_promised), limit, calendar, stopped) == at(due)


def test_an_open_pause_before_both_leaves_the_due_time_unknown(calendar: Calendar) -> None:
    with pytest.raises(StillPaused):
        promised(at("2026-11-26 08:00"), THREE_HOURS, Limit.SAME_DAY, calendar, [(at("2026-11-26 09:00"), None)])
