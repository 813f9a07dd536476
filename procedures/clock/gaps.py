"""Where nobody may sign although a promise is running out: a function of roster, calendar, cases and time. No database.

Told at 60 and at 20 minutes of working time before the promise ends (quality.md F-55): what is left overnight or over
lunch is no time in which anybody could sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from oneshop.duty import Roster
from procedures.clock import Calendar, CalendarEnds, remaining, running

FIRST_CALL, LAST_CALL = timedelta(minutes=60), timedelta(minutes=20)


@dataclass(frozen=True)
class Waiting:
    """An open case whose clock runs. `barred` are officers who may not sign it: they took it in, or are kin to it."""

    code: str
    procedure: str
    due_at: datetime
    barred: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Gap:
    """A case that may end unsigned. `signable_from`: the first moment somebody may sign it, None if nobody will before
    it is due. `signable_until`: since when nobody may any more, None if somebody may up to the end."""

    code: str
    due_at: datetime
    left: timedelta
    signable_from: datetime | None
    signable_until: datetime | None
    only_barred: bool

    @property
    def is_last_call(self) -> bool:
        return self.left <= LAST_CALL


@dataclass(frozen=True)
class Hole:
    """Opening hours in which nobody may sign: nothing at all, or none of these procedures (keys)."""

    starts_at: datetime
    ends_at: datetime
    procedures: tuple[str, ...] = ()


def gaps(cases: Iterable[Waiting], roster: Roster, calendar: Calendar, *, at: datetime) -> list[Gap]:
    """Of the cases due within the next 60 working minutes those that nobody may sign now, or not to their end.

    The most urgent first. A case already late is no gap: it is on every board as late.
    """
    found = []
    for case in cases:
        if case.due_at <= at:
            continue
        left = remaining(at, case.due_at, calendar)
        if left <= FIRST_CALL and (gap := _gap(case, roster, calendar, at=at, left=left)):
            found.append(gap)
    return sorted(found, key=lambda gap: (gap.due_at, gap.code))


def _gap(case: Waiting, roster: Roster, calendar: Calendar, *, at: datetime, left: timedelta) -> Gap | None:
    pieces = [
        (begins, ends, bool(_signers(case, roster, calendar, begins)))
        for begins, ends in _pieces(roster, calendar, at, case.due_at)
    ]
    if not pieces or (pieces[0][2] and pieces[-1][2]):
        return None  # whoever is here now, or comes back in between, can still do it in time
    covered = [(begins, ends) for begins, ends, is_covered in pieces if is_covered]
    unbarred = replace(case, barred=frozenset())
    return Gap(
        code=case.code,
        due_at=case.due_at,
        left=left,
        signable_from=calendar.local(covered[0][0]) if covered else None,
        signable_until=calendar.local(covered[-1][1]) if covered and not pieces[-1][2] else None,
        only_barred=bool(_signers(unbarred, roster, calendar, pieces[0][0])) and not pieces[0][2],
    )


def _signers(case: Waiting, roster: Roster, calendar: Calendar, at: datetime) -> list[int]:
    return roster.signers(case.procedure, on=calendar.local(at).date(), at=at, barred=case.barred)


def _pieces(
    roster: Roster, calendar: Calendar, since: datetime, until: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Opening hours from `since` to `until`, cut wherever somebody comes or goes."""
    cuts = roster.changes_between(calendar.local(since), calendar.local(until))
    for opens, closes in running(since, calendar):
        if opens >= until:
            return
        ends = min(closes, until)
        yield from pairwise([opens, *(cut for cut in cuts if opens < cut < ends), ends])


def holes(
    roster: Roster, calendar: Calendar, procedures: Sequence[str], *, since: datetime, until: datetime
) -> list[Hole]:
    """The opening hours of that span in which nobody may sign, or nobody may sign some of `procedures` (keys).

    Stops where the calendar does: a year without a plan has no opening hours yet."""
    found: list[Hole] = []
    try:
        for begins, ends in _pieces(roster, calendar, since, until):
            on: date = calendar.local(begins).date()
            missing = tuple(key for key in procedures if not roster.signers(key, on=on, at=begins))
            if not missing:
                continue
            lacks = () if len(missing) == len(procedures) else missing
            if found and found[-1].ends_at == begins and found[-1].procedures == lacks:
                found[-1] = replace(found[-1], ends_at=calendar.local(ends))
            else:
                found.append(Hole(calendar.local(begins), calendar.local(ends), lacks))
    except CalendarEnds:
        pass
    return found
