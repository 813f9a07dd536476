"""Working time: when a result is due, and how much of the promise is used up. No database, no `now()`.

Conventions:
- Moments are aware, in and out; answers carry the calendar's zone. A naive moment raises ValueError. All sums are made
  on UTC instants, so a change of summer time or the zone of the process moves nothing.
- Received while closed counts from the next opening. A budget that ends exactly at closing stays at closing. A budget
  of nothing while closed ends at the next opening.
- A pause outside working hours costs nothing; overlapping pauses count once. An end before its start is no time at all.
- Seconds are kept. What is shown is cut to the minute: a citizen never reads a later promise than was computed, an
  officer never a longer rest.
- A day of a year without a plan raises CalendarEnds: an unknown year is not a year without Tết.

Sources: Bộ luật Dân sự 2015 Điều 147, 148 (a term in hours starts at its moment, a term in days leaves out the first
day); Bộ luật Lao động 2019 Điều 111, 112 (holidays); Luật Hộ tịch 2014 Điều 5 khoản 3 (the same day; after 15:00 the
next working day). "3 giờ làm việc" is our promise, no text of law counts working hours.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
Pauses = Sequence[tuple[datetime, datetime | None]]
"""From and to of each pause, in any order; to is None while the pause lasts."""

_Stretch = tuple[datetime, datetime]  # UTC, never empty
_NOTHING, _DAY = timedelta(), timedelta(days=1)
_NEVER = datetime.max.replace(tzinfo=UTC)
_MONDAY = 0


class CalendarEnds(Exception):
    """A day of `year` was needed and nobody has planned that year yet."""

    def __init__(self, year: int) -> None:
        super().__init__(f"no working calendar for {year}")
        self.year = year


class StillPaused(Exception):
    """The clock stands since `since` and the end of the pause is not known, so the due time is not known either."""

    def __init__(self, since: datetime) -> None:
        super().__init__(f"paused since {since}")
        self.since = since


@dataclass(frozen=True)
class Span:
    """From `opens` up to `closes`, local time of one day; `closes` 00:00 is the midnight that ends the day."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.closes != time() and self.opens >= self.closes:
            raise ValueError(f"{self.opens} is not before {self.closes}")


@dataclass(frozen=True)
class Hours:
    """One row of the weekly hours: `weekday` 0 is Monday; in force from `valid_from` to `valid_to`, both included.

    `counts=False` is a session that only receives ("chỉ tiếp nhận"): the desk is open, the clock does not run. Rows of
    the same weekday add up.
    """

    weekday: int
    spans: tuple[Span, ...]
    valid_from: date
    valid_to: date | None = None
    document: str = ""
    counts: bool = True

    def on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class DayKind(StrEnum):
    HOLIDAY = "holiday"
    SWAP_OFF = "swap_off"
    SWAP_WORK = "swap_work"
    CLOSURE = "closure"
    EXTRA = "extra"

    @property
    def is_off(self) -> bool:
        return self in (DayKind.HOLIDAY, DayKind.SWAP_OFF, DayKind.CLOSURE)


@dataclass(frozen=True)
class SpecialDay:
    """A day that differs from its week, with the document that says so.

    An off kind without spans closes the day, with spans only those hours of it. `swap_work` replaces the day by its
    spans or, without any, by the hours of the weekday it makes up (`makes_up`; Monday's when that is not known).
    `extra` adds its spans. `estimated`: the official plan is not published yet.
    """

    on: date
    kind: DayKind
    name: str
    document: str
    spans: tuple[Span, ...] = ()
    estimated: bool = False
    makes_up: date | None = None

    def __post_init__(self) -> None:
        if self.kind == DayKind.EXTRA and not self.spans:
            raise ValueError(f"the extra session of {self.on} has no hours")


OFFICE_HOURS = tuple(
    Hours(weekday, (Span(time(7, 30), time(11, 30)), Span(time(13, 30), time(17, 30))), valid_from=date(2000, 1, 1))
    for weekday in range(5)
)
"""The pilot's default: Monday to Friday 07:30–11:30 and 13:30–17:30 (decisions.md 4)."""


@cache
def national_days() -> tuple[SpecialDay, ...]:
    """holidays.csv, in its order. An empty `makes_up` or `estimated` means none and no."""
    with Path(__file__).with_name("holidays.csv").open(encoding="utf-8", newline="") as rows:
        return tuple(
            SpecialDay(
                on=date.fromisoformat(row["date"]),
                kind=DayKind(row["kind"].replace("-", "_")),
                name=row["name_vi"],
                document=row["source"],
                estimated=row["estimated"] == "yes",
                makes_up=date.fromisoformat(row["makes_up"]) if row["makes_up"] else None,
            )
            for row in csv.DictReader(rows)
        )


@dataclass(frozen=True)
class Day:
    """One resolved day: when the clock runs, when the desk only receives, and the special days that shaped it."""

    works: list[_Stretch]
    only_receives: list[_Stretch]
    usual: list[_Stretch]  # what the week alone would have worked
    special: tuple[SpecialDay, ...]


@dataclass(frozen=True)
class Calendar:
    """Weekly hours with the special days laid over them, in the order given: where two contradict, the later wins.

    `years` are the planned ones. Days are resolved when first asked for, then kept.
    """

    hours: tuple[Hours, ...]
    days: tuple[SpecialDay, ...]
    years: frozenset[int]
    zone: tzinfo = HANOI
    _resolved: dict[date, Day] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def for_commune(
        cls,
        hours: Iterable[Hours] = OFFICE_HOURS,
        local_days: Iterable[SpecialDay] = (),
        planned: frozenset[int] = frozenset(),
    ) -> Calendar:
        """The commune's own days over the national ones.

        `planned` are years whose official plan is among `local_days`: what was only expected of them falls away. Other
        local rows plan no year.
        """
        national = tuple(day for day in national_days() if not (day.estimated and day.on.year in planned))
        years = frozenset(day.on.year for day in national_days())
        return cls(tuple(hours), (*national, *local_days), years | planned)

    def day(self, on: date) -> Day:
        """Raises CalendarEnds if the year is not planned."""
        if on not in self._resolved:
            if on.year not in self.years:
                raise CalendarEnds(on.year)
            self._resolved[on] = self._resolve(on)
        return self._resolved[on]

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(self.zone)

    @cached_property
    def _special(self) -> dict[date, tuple[SpecialDay, ...]]:
        special: dict[date, tuple[SpecialDay, ...]] = {}
        for day in self.days:
            special[day.on] = (*special.get(day.on, ()), day)
        return special

    def _resolve(self, on: date) -> Day:
        special = self._special.get(on, ())
        works = usual = self._weekly(on, on.weekday(), counts=True)
        only_receives = self._weekly(on, on.weekday(), counts=False)
        for day in special:
            given = self._stretches(on, day.spans)
            if day.kind.is_off:
                works = _without(works, given) if given else []
                only_receives = _without(only_receives, given) if given else []
            elif day.kind == DayKind.EXTRA:
                works = _merged([*works, *given])
            else:
                weekday = day.makes_up.weekday() if day.makes_up else _MONDAY
                works = given or self._weekly(on, weekday, counts=True)
                only_receives = [] if given else self._weekly(on, weekday, counts=False)
        return Day(works, only_receives, usual, special)

    def _weekly(self, on: date, weekday: int, *, counts: bool) -> list[_Stretch]:
        rows = (row for row in self.hours if row.weekday == weekday and row.counts == counts and row.on(on))
        return self._stretches(on, [span for row in rows for span in row.spans])

    def _stretches(self, on: date, spans: Iterable[Span]) -> list[_Stretch]:
        def instant(at: time, day: date) -> datetime:
            return datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)

        return _merged(
            (instant(span.opens, on), instant(span.closes, on if span.closes != time() else on + _DAY))
            for span in spans
        )


def _merged(stretches: Iterable[_Stretch]) -> list[_Stretch]:
    """In order, without overlaps and without empty ones (an hour that summer time leaves out is empty)."""
    merged: list[_Stretch] = []
    for begins, ends in sorted(stretches):
        if merged and begins <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(ends, merged[-1][1]))
        elif begins < ends:
            merged.append((begins, ends))
    return merged


def _without(stretches: list[_Stretch], holes: Iterable[_Stretch]) -> list[_Stretch]:
    for hole_begins, hole_ends in holes:
        stretches = [
            (begins, ends)
            for stretch in stretches
            for begins, ends in ((stretch[0], min(stretch[1], hole_begins)), (max(stretch[0], hole_ends), stretch[1]))
            if begins < ends
        ]
    return stretches


def _utc(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(UTC)


def _stops(pauses: Pauses) -> list[_Stretch]:
    return _merged((_utc(since), _NEVER if until is None else _utc(until)) for since, until in pauses)


def running(start: datetime, calendar: Calendar, pauses: Pauses = ()) -> Iterator[tuple[datetime, datetime]]:
    """The stretches from `start` on in which the clock runs, in UTC, in order, without end.

    Raises StillPaused when it comes to an open pause, CalendarEnds when it comes to a year without a plan.
    """
    begin = _utc(start)
    stops = _stops(pauses)
    standstill = stops[-1][0] if stops and stops[-1][1] == _NEVER else _NEVER
    day = calendar.local(begin).date()
    while True:
        for opens, closes in calendar.day(day).works:
            if closes > begin:
                stretch = (max(opens, begin), closes)
                yield from _without([stretch], stops) if stops else (stretch,)
                if closes > standstill:
                    raise StillPaused(calendar.local(standstill))
        day += _DAY


def due_at(received_at: datetime, promise: timedelta, calendar: Calendar, pauses: Pauses = ()) -> datetime:
    """The moment `promise` of working time is used up; aware in, aware out in the calendar's zone.

    A pause without end raises StillPaused, unless the promise was used up before it began; whoever wants the due time
    "if the pause ended now" closes the pause at that moment and asks again.
    Raises CalendarEnds past the last planned year, ValueError for a naive moment or a negative promise.
    """
    if promise < _NOTHING:
        raise ValueError("a promise is not negative")
    left, stretches = promise, running(received_at, calendar, pauses)
    begins, ends = next(stretches)
    while left > ends - begins:
        left -= ends - begins
        begins, ends = next(stretches)
    return calendar.local(begins + left)


def used_between(start: datetime, end: datetime, calendar: Calendar, pauses: Pauses = ()) -> timedelta:
    """The working time from `start` to `end` without the pauses; an open pause lasts to `end`. Never negative.

    Raises CalendarEnds if one of the days lies in a year without a plan."""
    begin, finish = _utc(start), _utc(end)
    if finish <= begin:
        return _NOTHING
    stops = _stops(pauses)
    used = _NOTHING
    day = calendar.local(begin).date()
    last = calendar.local(finish - timedelta.resolution).date()  # an end at midnight needs no hour of the new day
    while day <= last:
        for opens, closes in calendar.day(day).works:
            if closes > begin and opens < finish:
                for begins, ends in _without([(max(opens, begin), min(closes, finish))], stops):
                    used += ends - begins
        day += _DAY
    return used


def remaining(at: datetime, due: datetime, calendar: Calendar) -> timedelta:
    """The working time left at `at`; nothing once `due` has passed."""
    return used_between(at, due, calendar)


def is_open(at: datetime, calendar: Calendar) -> bool:
    """Whether the clock runs at `at`: from the second of opening, no more at the second of closing."""
    instant = _utc(at)
    return any(opens <= instant < closes for opens, closes in calendar.day(calendar.local(instant).date()).works)


def only_receives(at: datetime, calendar: Calendar) -> bool:
    """Whether `at` lies in a session that takes files in while the clock stands ("chỉ tiếp nhận")."""
    instant = _utc(at)
    day = calendar.day(calendar.local(instant).date())
    return not is_open(at, calendar) and any(opens <= instant < closes for opens, closes in day.only_receives)


def next_opening(at: datetime, calendar: Calendar) -> datetime:
    """`at` itself while the clock runs, else the next moment it starts."""
    return due_at(at, _NOTHING, calendar)


def closing_of(day: date, calendar: Calendar) -> datetime:
    """The end of the last session of `day`. Raises ValueError if nobody works that day."""
    works = calendar.day(day).works
    if not works:
        raise ValueError(f"{day} is not a working day")
    return calendar.local(works[-1][1])


def add_working_days(day: date, number: int, calendar: Calendar) -> date:
    """The `number`th working day after `day`, which is day 0 whether worked or not (Bộ luật Dân sự Điều 147 khoản 2).

    Number 0 is `day` itself or, if nobody works then, the next working day. A day with any working hour is one.
    """
    if number < 0:
        raise ValueError("working days are counted forward")
    while number or not calendar.day(day).works:
        day += _DAY
        if calendar.day(day).works and number:
            number -= 1
    return day


@dataclass(frozen=True)
class Limit:
    """How long the law allows: `working_days` after the day of receipt, to the closing of the last.

    0 is the same day, or the next working day if received after `late_after` (local; 15:00:00 itself is still in
    time). `law` names the source as a citizen reads it.
    """

    working_days: int
    law: str
    late_after: time = time(15)

    SAME_DAY: ClassVar[Limit]
    THREE_WORKING_DAYS: ClassVar[Limit]


Limit.SAME_DAY = Limit(0, "Luật Hộ tịch")  # Luật Hộ tịch 2014 Điều 5 khoản 3
Limit.THREE_WORKING_DAYS = Limit(3, "Nghị định 123/2015/NĐ-CP")  # Điều 22 khoản 3


def legal_limit(received_at: datetime, limit: Limit, calendar: Calendar, pauses: Pauses = ()) -> datetime:
    """The last lawful moment. A same-day file received while closed counts as received at the next opening.

    A pause that took working time starts the limit anew when it ends: the law counts from the complete file (Nghị định
    61/2018/NĐ-CP Điều 17–20), and the time other offices need is not counted (Nghị định 123/2015/NĐ-CP Điều 3). Pauses
    begun after the limit had passed change nothing. Raises StillPaused, CalendarEnds and ValueError as due_at does.
    """
    ends_at = _limit_from(received_at, limit, calendar)
    for since, until in _stops(pauses):
        if since >= ends_at:
            break
        if until == _NEVER:
            raise StillPaused(calendar.local(since))
        if used_between(max(since, _utc(received_at)), until, calendar):
            ends_at = _limit_from(until, limit, calendar)
    return ends_at


def _limit_from(start: datetime, limit: Limit, calendar: Calendar) -> datetime:
    if limit.working_days:
        day = add_working_days(calendar.local(_utc(start)).date(), limit.working_days, calendar)
    else:
        opening = next_opening(start, calendar)
        # The receipt shows seconds at most, so 15:00:00.9 is 15:00:00.
        late = opening.time().replace(microsecond=0) > limit.late_after
        day = add_working_days(opening.date(), 1 if late else 0, calendar)
    return closing_of(day, calendar)


def promised(
    received_at: datetime, promise: timedelta, limit: Limit | None, calendar: Calendar, pauses: Pauses = ()
) -> datetime:
    """The earlier of `promise` and the law's `limit` (decisions.md 6).

    Raises StillPaused only if neither was reached before an open pause began."""
    if limit is None:
        return due_at(received_at, promise, calendar, pauses)
    try:
        due = due_at(received_at, promise, calendar, pauses)
    except StillPaused:
        return legal_limit(received_at, limit, calendar, pauses)  # known means reached before the pause, so the earlier
    try:
        return min(due, legal_limit(received_at, limit, calendar, pauses), key=_utc)
    except StillPaused:
        return due
