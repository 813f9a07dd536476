"""The working calendar of a commune: its hours and its own days, laid over the national ones."""

from collections.abc import Collection

from oneshop.models import CalendarChange, Commune, OpeningHours
from procedures.clock import Calendar, DayKind, Hours, Span, SpecialDay


def calendar_of(commune: Commune | int) -> Calendar:
    """What the commune's rows say today; two queries. A later change of the same day wins over an earlier one."""
    pk = commune if isinstance(commune, int) else commune.pk
    return calendars_of([pk])[pk]


def calendars_of(communes: Collection[int]) -> dict[int, Calendar]:
    """The same for several communes side by side; two queries for all of them."""
    hours: dict[int, list[Hours]] = {pk: [] for pk in communes}
    for row in OpeningHours.objects.filter(commune__in=communes).order_by("weekday", "opens"):
        hours[row.commune_id].append(
            Hours(
                weekday=row.weekday,
                spans=(Span(row.opens, row.closes),),
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                document=row.document,
                counts=row.counts,
            )
        )
    days: dict[int, list[SpecialDay]] = {pk: [] for pk in communes}
    for change in CalendarChange.objects.filter(commune__in=communes):
        days[change.commune_id].append(
            SpecialDay(
                on=change.on,
                kind=DayKind(change.kind),
                name=change.reason,
                document=change.document,
                spans=(Span(change.opens, change.closes),) if change.opens and change.closes else (),
            )
        )
    return {pk: Calendar.for_commune(hours[pk], days[pk]) for pk in communes}
