"""The laws of the clock, held against generated moments, promises, pauses and calendars (quality.md R-07).

CLOCK_EXAMPLES sets how many examples each law meets; the nightly run asks for 10 000.
"""

from __future__ import annotations

import os
import time as process
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from procedures.clock import (
    HANOI,
    OFFICE_HOURS,
    Calendar,
    DayKind,
    Hours,
    Limit,
    Span,
    SpecialDay,
    add_working_days,
    closing_of,
    due_at,
    is_open,
    legal_limit,
    next_opening,
    promised,
    running,
    used_between,
)
from procedures.clock.due_sentence import explain

law = settings(max_examples=int(os.environ.get("CLOCK_EXAMPLES", "300")), deadline=None)

ALWAYS = date(2000, 1, 1)
MORNING = Span(time(7, 30), time(11, 30))
INSTANT = timedelta.resolution

PLAIN = Calendar.for_commune()
SATURDAY_RECEIVES = Calendar.for_commune((*OFFICE_HOURS, Hours(5, (MORNING,), ALWAYS, counts=False)))
ODD = Calendar.for_commune(
    (
        Hours(0, (Span(time(8, 0, 17), time(11, 59, 43)), Span(time(11, 30), time(16))), ALWAYS),
        Hours(2, (Span(time(0), time(0)),), ALWAYS),
        Hours(3, (Span(time(0), time(9)), Span(time(22), time(0))), ALWAYS),
        Hours(5, (MORNING,), ALWAYS, valid_to=date(2026, 6, 30)),
        Hours(6, (Span(time(14), time(15)),), date(2026, 7, 1)),
    ),
    (
        SpecialDay(date(2026, 3, 11), DayKind.CLOSURE, "họp", "QĐ 1", (Span(time(9), time(10, 30)),)),
        SpecialDay(date(2026, 5, 29), DayKind.EXTRA, "làm thêm", "QĐ 2", (Span(time(18), time(20)),)),
        SpecialDay(date(2026, 9, 2), DayKind.SWAP_WORK, "trực lễ", "QĐ 3", (MORNING,)),
    ),
)
BERLIN = Calendar(OFFICE_HOURS, (), frozenset(range(2024, 2028)), ZoneInfo("Europe/Berlin"))

calendars = st.sampled_from([PLAIN, SATURDAY_RECEIVES, ODD, BERLIN])
zones = st.sampled_from([HANOI, UTC, ZoneInfo("Pacific/Honolulu"), ZoneInfo("Europe/Berlin")])
# Whole minutes meet openings and closings; microseconds meet everything between.
moments = st.one_of(
    st.datetimes(datetime(2025, 12, 20), datetime(2027, 3, 31), timezones=zones),  # noqa: DTZ001
    st.builds(
        lambda day, at: datetime.combine(day, at, tzinfo=HANOI),
        st.dates(date(2025, 12, 20), date(2027, 3, 31)),
        st.sampled_from([time(0), time(7, 30), time(11, 30), time(13, 30), time(15), time(17, 30), time(17, 29, 59)]),
    ),
)
promises = st.one_of(
    st.just(timedelta(hours=3)),
    st.integers(0, 30 * 60).map(lambda minutes: timedelta(minutes=minutes)),
    st.timedeltas(timedelta(), timedelta(hours=30)),
)
lengths = st.timedeltas(timedelta(days=-1), timedelta(days=6))
limits = st.sampled_from([Limit.SAME_DAY, Limit.THREE_WORKING_DAYS, Limit(1, "luật thử")])


@st.composite
def cases_with_pauses(draw: st.DrawFn) -> tuple[datetime, list[tuple[datetime, datetime]]]:
    """A receipt and up to four pauses around it, overlapping, reversed or empty as they come."""
    received = draw(moments)
    pauses = [
        (received + offset, received + offset + length)
        for offset, length in draw(st.lists(st.tuples(lengths, lengths), max_size=4))
    ]
    return received, pauses


@contextmanager
def process_zone(name: str) -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = name
    process.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        process.tzset()


@law
@given(moments, lengths, lengths, calendars)
def test_time_used_adds_up(start: datetime, first: timedelta, second: timedelta, calendar: Calendar) -> None:
    a, b, c = sorted([start, start + first, start + second])

    assert used_between(a, b, calendar) + used_between(b, c, calendar) == used_between(a, c, calendar)


@law
@given(cases_with_pauses(), lengths, calendars)
def test_time_used_adds_up_around_pauses(
    case: tuple[datetime, list[tuple[datetime, datetime]]], length: timedelta, calendar: Calendar
) -> None:
    a, pauses = case
    b, c = a + abs(length) / 3, a + abs(length)

    parts = used_between(a, b, calendar, pauses) + used_between(b, c, calendar, pauses)

    assert parts == used_between(a, c, calendar, pauses)


@law
@given(st.dates(date(2026, 1, 1), date(2026, 12, 1)), st.integers(0, 47), st.integers(0, 5 * 48))
def test_time_used_is_what_counting_every_half_hour_gives(day: date, first: int, number: int) -> None:
    half_hour = timedelta(minutes=30)
    start = datetime.combine(day, time(), tzinfo=HANOI) + first * half_hour

    counted = sum(is_open(start + n * half_hour, PLAIN) for n in range(number))

    assert used_between(start, start + number * half_hour, PLAIN) == counted * half_hour


@law
@given(cases_with_pauses(), promises, calendars)
def test_at_the_due_time_exactly_the_promise_is_used_up(
    case: tuple[datetime, list[tuple[datetime, datetime]]], promise: timedelta, calendar: Calendar
) -> None:
    received, pauses = case

    due = due_at(received, promise, calendar, pauses)

    assert used_between(received, due, calendar, pauses) == promise
    if promise:
        assert used_between(received, due - INSTANT, calendar, pauses) < promise


@law
@given(moments, promises, calendars)
def test_nothing_is_due_outside_hours(received: datetime, promise: timedelta, calendar: Calendar) -> None:
    due = due_at(received, promise, calendar)

    assert is_open(due - INSTANT if promise else due, calendar)
    assert due >= received


@law
@given(moments, st.timedeltas(timedelta(), timedelta(days=3)), promises, promises, calendars)
def test_later_received_or_longer_promised_is_never_due_earlier(
    received: datetime, later: timedelta, promise: timedelta, more: timedelta, calendar: Calendar
) -> None:
    due = due_at(received, promise, calendar)

    assert due_at(received + later, promise, calendar) >= due
    assert due_at(received, promise + more, calendar) >= due


@law
@given(cases_with_pauses(), promises, calendars)
def test_a_pause_never_brings_the_due_time_nearer(
    case: tuple[datetime, list[tuple[datetime, datetime]]], promise: timedelta, calendar: Calendar
) -> None:
    received, pauses = case

    dues = [due_at(received, promise, calendar, pauses[:number]) for number in range(len(pauses) + 1)]

    assert dues == sorted(dues)


@law
@given(moments, promises, calendars, st.integers(0, 5), st.floats(0, 1), st.floats(0, 1))
def test_a_pause_outside_hours_costs_nothing(
    received: datetime, promise: timedelta, calendar: Calendar, which: int, one: float, other: float
) -> None:
    closed = [(end, start) for (_, end), (start, _) in pairwise(islice(running(received, calendar), 8))]
    since, until = closed[which]
    pause = (since + min(one, other) * (until - since), since + max(one, other) * (until - since))

    assert due_at(received, promise, calendar, [pause]) == due_at(received, promise, calendar)
    assert legal_limit(received, Limit.SAME_DAY, calendar, [pause]) == legal_limit(received, Limit.SAME_DAY, calendar)


@law
@given(moments, promises, calendars, lengths, lengths, st.floats(0, 1))
def test_a_pause_cut_into_overlapping_pieces_is_the_same_pause(
    received: datetime, promise: timedelta, calendar: Calendar, offset: timedelta, length: timedelta, cut: float
) -> None:
    since, until = sorted([received + offset, received + offset + length])
    middle = since + cut * (until - since)
    pieces = [(middle, until), (since, middle), (since, middle + (until - middle) / 2)]

    assert due_at(received, promise, calendar, pieces) == due_at(received, promise, calendar, [(since, until)])


@law
@given(moments, promises, calendars, st.sampled_from(["Pacific/Honolulu", "Asia/Kolkata", "Europe/Berlin"]))
def test_the_zone_of_the_process_moves_nothing(
    received: datetime, promise: timedelta, calendar: Calendar, elsewhere: str
) -> None:
    with process_zone("UTC"):
        here = promised(received, promise, Limit.SAME_DAY, calendar), explain(received, promise, calendar)
    with process_zone(elsewhere):
        there = promised(received, promise, Limit.SAME_DAY, calendar), explain(received, promise, calendar)

    assert there == here


@law
@given(moments, promises, calendars, zones)
def test_the_zone_a_moment_is_written_in_moves_nothing(
    received: datetime, promise: timedelta, calendar: Calendar, zone: ZoneInfo
) -> None:
    due = due_at(received, promise, calendar)

    assert due_at(received.astimezone(zone), promise, calendar) == due
    assert due.tzinfo is calendar.zone


@law
@given(st.dates(date(2026, 3, 2), date(2026, 3, 27)), st.sampled_from([date(2026, 2, 28), date(2026, 3, 28)]))
def test_a_swap_moves_hours_and_makes_or_loses_none(taken: date, saturday: date) -> None:
    swap = [
        SpecialDay(taken, DayKind.SWAP_OFF, "", ""),
        SpecialDay(saturday, DayKind.SWAP_WORK, "", "", makes_up=taken),
    ]
    first, last = datetime(2026, 2, 24, tzinfo=HANOI), datetime(2026, 4, 1, tzinfo=HANOI)
    uneven = [Hours(day, (Span(time(8), time(9 + day)),), ALWAYS) for day in range(5)]

    swapped = used_between(first, last, Calendar.for_commune(uneven, swap))

    assert swapped == used_between(first, last, Calendar.for_commune(uneven))


@law
@given(moments, promises, limits, calendars)
def test_what_is_promised_is_the_earlier_of_promise_and_law(
    received: datetime, promise: timedelta, limit: Limit, calendar: Calendar
) -> None:
    due, lawful = due_at(received, promise, calendar), legal_limit(received, limit, calendar)

    assert promised(received, promise, limit, calendar) == min(due, lawful)
    assert lawful == closing_of(lawful.date() if lawful.time() > time(0) else (lawful - INSTANT).date(), calendar)
    assert lawful > received


@law
@given(cases_with_pauses(), limits, calendars)
def test_a_pause_never_brings_the_law_nearer(
    case: tuple[datetime, list[tuple[datetime, datetime]]], limit: Limit, calendar: Calendar
) -> None:
    received, pauses = case

    lawful = [legal_limit(received, limit, calendar, pauses[:number]) for number in range(len(pauses) + 1)]

    assert lawful == sorted(lawful)


@law
@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 20), st.integers(1, 20), calendars)
def test_working_days_add_up(day: date, first: int, second: int, calendar: Calendar) -> None:
    in_two_goes = add_working_days(add_working_days(day, first, calendar), second, calendar)

    # From a day off, going nowhere already reaches the next working day.
    on_the_way = first == 0 and not calendar.day(day).works
    assert in_two_goes == add_working_days(day, first + second + on_the_way, calendar)


@law
@given(cases_with_pauses(), promises, limits, calendars)
def test_the_sentence_names_the_promised_minute_and_fits_where_it_is_kept(
    case: tuple[datetime, list[tuple[datetime, datetime]]], promise: timedelta, limit: Limit, calendar: Calendar
) -> None:
    received, pauses = case

    said = explain(received, promise, calendar, pauses, limit=limit)

    due = promised(received, promise, limit, calendar, pauses)
    assert said.startswith(f"Hẹn {due:%H:%M} ")
    assert f"{due:%d/%m}" in said.split(": ")[0]
    assert len(said) <= 400


@law
@given(moments, calendars)
def test_the_next_opening_is_open_and_nothing_is_worked_before_it(at: datetime, calendar: Calendar) -> None:
    opening = next_opening(at, calendar)

    assert is_open(opening, calendar)
    assert used_between(at, opening, calendar) == timedelta()
