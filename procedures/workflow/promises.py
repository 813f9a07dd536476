"""When the result is promised, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.utils import timezone

from oneshop.models import Commune
from procedures.catalogue import Procedure
from procedures.clock import Calendar, closing_of, promised
from procedures.due_sentence import explain
from procedures.opening import calendar_of
from procedures.rules import Application


def promise_of(
    procedure: Procedure, application: Application, commune: Commune, *, at: datetime
) -> tuple[datetime, str]:
    """When the result is promised and why: by the appointment where the law decides later, else as `due` says.

    A term in days ends when its last day closes, on a day of rest with the next working day (Bộ luật Dân sự Điều 148);
    two people who agreed on a Saturday meet on it.
    """
    if appointment := procedure.appointment(application):
        calendar, day = calendar_of(commune), appointment.due_on
        if appointment.meeting and not calendar.day(day).works:
            return timezone.make_aware(datetime.combine(day, time(23, 59))), appointment.sentence
        while not calendar.day(day).works:
            day += timedelta(days=1)
        return closing_of(day, calendar), appointment.sentence
    return due(procedure, at, calendar_of(commune))


def due(
    procedure: Procedure, received_at: datetime, calendar: Calendar, pauses: Sequence[tuple[datetime, datetime]] = ()
) -> tuple[datetime, str]:
    """When the result is promised, the earlier of 3 working hours and the law's limit, and why, in a sentence."""
    due_at = promised(received_at, procedure.promise, procedure.limit, calendar, pauses)
    return due_at, explain(received_at, procedure.promise, calendar, pauses, limit=procedure.limit)
