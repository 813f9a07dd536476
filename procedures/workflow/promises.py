"""When the result is promised, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.utils import timezone

from oneshop.models import Commune
from procedures.applications import application_of
from procedures.catalogue import Appointment, Procedure
from procedures.clock import Calendar, closing_of, promised
from procedures.clock.due_sentence import explain
from procedures.models import Case
from procedures.opening import calendar_of
from procedures.rules import Application
from procedures.states import Verb


def promise_of(
    procedure: Procedure, application: Application, commune: Commune, *, at: datetime
) -> tuple[datetime, str]:
    """When the result is promised and why: by the appointment where the law decides later, else as `due` says.

    A term in days ends when its last day closes, on a day of rest with the next working day (Bộ luật Dân sự Điều 148);
    two people who agreed on a Saturday meet on it.
    """
    calendar = calendar_of(commune)
    if appointment := procedure.appointment(application):
        return _kept(appointment, calendar), appointment.sentence
    return due(procedure, at, calendar)


def _kept(appointment: Appointment, calendar: Calendar) -> datetime:
    day = appointment.due_on
    if appointment.meeting and not calendar.day(day).works:
        return timezone.make_aware(datetime.combine(day, time(23, 59)))
    while not calendar.day(day).works:
        day += timedelta(days=1)
    return closing_of(day, calendar)


def promise_under(case: Case, calendar: Calendar) -> tuple[datetime, str] | None:
    """The promise of `case` as `calendar` makes it: of the receipt, the promise, the law's limit, the calendar and the
    pauses that have ended, and of nothing else (I8). None where a person promised another hour in writing (Mẫu 04).

    What waited for its review counts from the day it was resumed; people who agreed on a day meet on it.
    Raises CalendarEnds where the calendar does.
    """
    steps = list(case.steps.all())
    if any(step.verb == Verb.EXTEND for step in steps):
        return None
    resumed = [step.at for step in steps if step.verb == Verb.RESUME]
    start = resumed[-1] if resumed else case.received_at
    if not resumed and (appointment := case.procedure.appointment(application_of(case))):
        return _kept(appointment, calendar), appointment.sentence
    pauses = [(pause.since, pause.until) for pause in case.pauses.all() if pause.until and pause.until > start]
    return due(case.procedure, start, calendar, pauses)


def due(
    procedure: Procedure, received_at: datetime, calendar: Calendar, pauses: Sequence[tuple[datetime, datetime]] = ()
) -> tuple[datetime, str]:
    """When the result is promised, the earlier of 3 working hours and the law's limit, and why, in a sentence."""
    due_at = promised(received_at, procedure.promise, procedure.limit, calendar, pauses)
    return due_at, explain(received_at, procedure.promise, calendar, pauses, limit=procedure.limit)
