"""The working calendar of a commune: its hours and its own days, laid over the national ones."""

from oneshop.models import CalendarChange, Commune, OpeningHours
from procedures.clock import Calendar, DayKind, Hours, Span, SpecialDay


def calendar_of(commune: Commune | int) -> Calendar:
    """What the commune's rows say today; two queries. A later change of the same day wins over an earlier one."""
    hours = [
        Hours(
            weekday=row.weekday,
            spans=(Span(row.opens, row.closes),),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            document=row.document,
            counts=row.counts,
        )
        for row in OpeningHours.objects.filter(commune=commune).order_by("weekday", "opens")
    ]
    days = [
        SpecialDay(
            on=row.on,
            kind=DayKind(row.kind),
            name=row.reason,
            document=row.document,
            spans=(Span(row.opens, row.closes),) if row.opens and row.closes else (),
        )
        for row in CalendarChange.objects.filter(commune=commune)
    ]
    return Calendar.for_commune(hours, days)
