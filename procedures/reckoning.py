"""Reckon an ended case once, for the boards: two clocks, working minutes, what had to be asked.

Source: one-stop.md A.4 and H.1. The index subtracts the citizen's time and calls late what was asked for papers more
than once; the legal clock begins again with the whole file. Another hour that was promised with an apology counts for
neither. Both are compared by the minute, as the slip tells it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from procedures.clock import Calendar, CalendarEnds, Limit, due_at, promised, used_between
from procedures.models import Case, Pause, Reckoning, Step
from procedures.opening import calendar_of
from procedures.states import Verb

ENDINGS = (Verb.SIGN, Verb.WITHDRAW, Verb.STOP, Verb.REJECT)


@dataclass(frozen=True)
class Course:
    """How a case went, as far as its clocks need it. `pauses` have ended; moments are aware."""

    received_at: datetime
    resumed_at: datetime | None
    ended_at: datetime
    due_at: datetime
    first_due_at: datetime
    promise: timedelta
    limit: Limit | None
    is_apologised: bool
    requests: int
    pauses: Sequence[tuple[datetime, datetime]]

    @property
    def began_at(self) -> datetime:
        """A case that waited for its review has its three hours from then on."""
        return self.resumed_at or self.received_at


@dataclass(frozen=True)
class Clocks:
    """Working minutes, and whether either promise was kept."""

    used: int
    paused: int
    late: int
    on_time_index: bool
    on_time_legal: bool


def clocks(course: Course, calendar: Calendar) -> Clocks:
    """Raises CalendarEnds where a day lies in a year without a plan."""
    began, ended = course.began_at, course.ended_at
    first_due = course.first_due_at
    if course.resumed_at is not None:
        first_due = promised(began, course.promise, course.limit, calendar)
    used = used_between(began, ended, calendar, course.pauses)
    paused = used_between(began, ended, calendar) - used
    index_due = (
        (due_at(first_due, paused, calendar) if paused else first_due) if course.is_apologised else course.due_at
    )
    # a pause that the ending itself ended completed no file
    whole = max((until for _, until in course.pauses if until < ended), default=None)
    legal_due = due_at(whole, used_between(began, first_due, calendar), calendar) if whole else first_due
    return Clocks(
        used=_minutes(used),
        paused=_minutes(paused),
        late=_minutes(used_between(index_due, ended, calendar)),
        on_time_index=course.requests <= 1 and _minute(ended) <= _minute(index_due),
        on_time_legal=_minute(ended) <= _minute(legal_due),
    )


def close(case: Case, ending: Verb, *, at: datetime, is_redirected: bool = False) -> Reckoning:
    """Write the row of `case`, which has just ended; inside the transaction of the act that ended it."""
    steps = list(Step.objects.filter(case=case).values_list("verb", "at"))
    pauses = [
        (since, min(until or at, at)) for since, until in Pause.objects.filter(case=case).values_list("since", "until")
    ]
    verbs = [verb for verb, _ in steps]
    known: Clocks | None = None
    if ending != Verb.REJECT:
        course = Course(
            received_at=case.received_at,
            resumed_at=max((moment for verb, moment in steps if verb == Verb.RESUME), default=None),
            ended_at=at,
            due_at=case.due_at,
            first_due_at=case.first_due_at,
            promise=case.procedure.promise,
            limit=case.procedure.limit,
            is_apologised=Verb.EXTEND in verbs,
            requests=verbs.count(Verb.ASK_FOR_PAPERS),
            pauses=pauses,
        )
        try:
            known = clocks(course, calendar_of(case.commune_id))
        except CalendarEnds:
            known = None  # a year that nobody has planned must not keep a paper from being signed
    return Reckoning.objects.create(
        commune_id=case.commune_id,
        case=case,
        counter_id=case.counter_id,
        procedure_key=case.procedure_key,
        ending=ending,
        is_refused=ending == Verb.SIGN and case.outcome == Case.Outcome.REFUSE,
        is_redirected=is_redirected,
        received_at=case.received_at,
        ended_at=max(at, case.received_at),
        handled_by_id=case.handled_by_id,
        used_minutes=known.used if known else None,
        paused_minutes=known.paused if known else None,
        late_minutes=known.late if known else None,
        on_time_index=known.on_time_index if known else None,
        on_time_legal=known.on_time_legal if known else None,
        requests=verbs.count(Verb.ASK_FOR_PAPERS),
        send_backs=verbs.count(Verb.SEND_BACK),
        is_apologised=Verb.EXTEND in verbs,
        scan_seconds=int((case.received_at - case.scanned_at).total_seconds()) if case.scanned_at else None,
        **_paper(case, ending),
    )


def catch_up(commune_id: int) -> int:
    """Reckon what ended before there were reckonings; how many. Asked again it finds nothing."""
    cases = Case.objects.here(commune_id).filter(reckoning=None).exclude(closed_at=None, signed_at=None)
    number = 0
    for case in cases.order_by("pk").iterator(chunk_size=500):
        ending = Step.objects.filter(case=case, verb__in=ENDINGS).order_by("at", "pk").first()
        if ending is not None:
            close(case, Verb(ending.verb), at=ending.at)
            number += 1
    return number


def _paper(case: Case, ending: Verb) -> dict[str, int]:
    """What nobody had to write or bring: of a case that was received, by what its procedure says of the form."""
    if ending == Verb.REJECT:
        return {"form_lines": 0, "typed": 0, "papers_spared": 0}
    procedure = case.procedure
    typed = sum(
        1 for name, value in case.answers.items() if name not in _OF_THE_DESK and value not in (None, "", False, [])
    )
    return {
        "form_lines": procedure.form_lines,
        "typed": min(typed, procedure.form_lines),
        "papers_spared": len(procedure.papers_before),
    }


_OF_THE_DESK = {"fee", "copies", "capacity"}
"""Answers that stand on no line of the form."""


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
