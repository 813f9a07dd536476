"""The working calendar of a commune: its hours and its own days, laid over the national ones, in numbered versions.

A promise is kept with the number of the calendar it was computed by, and each number stays readable (I8): number 0 is
what stood before the first change that was made with a dry run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from django.db import connection, models
from django.db.models import Max

from oneshop.models import CalendarChange, CalendarVersion, Commune, OpeningHours
from procedures import clock
from procedures.clock import Calendar, DayKind, Hours, Span, SpecialDay

_HOURS = ("weekday", "opens", "closes", "counts", "valid_from", "valid_to", "document")
_DAYS = ("on", "kind", "opens", "closes", "reason", "document", "makes_up", "plan_year", "version")


def calendar_of(commune: Commune | int) -> Calendar:
    """What the commune's rows say today; two queries. A later change of the same day wins over an earlier one."""
    pk = commune if isinstance(commune, int) else commune.pk
    return calendars_of([pk])[pk]


def calendars_of(communes: Collection[int]) -> dict[int, Calendar]:
    """The same for several communes side by side; two queries for all of them."""
    hours: dict[int, list[OpeningHours]] = {pk: [] for pk in communes}
    for row in OpeningHours.objects.filter(commune__in=communes).order_by("weekday", "opens"):
        hours[row.commune_id].append(row)
    days: dict[int, list[CalendarChange]] = {pk: [] for pk in communes}
    for change in CalendarChange.objects.filter(commune__in=communes):
        days[change.commune_id].append(change)
    return {pk: calendar_from(hours[pk], days[pk]) for pk in communes}


def calendar_from(hours: Iterable[OpeningHours], changes: Iterable[CalendarChange]) -> Calendar:
    """The calendar that these rows make, saved or not. Of two official plans of one year the later one counts whole."""
    listed = list(changes)
    latest: dict[int, int] = {}
    for row in listed:
        if row.plan_year is not None:
            latest[row.plan_year] = max(row.version, latest.get(row.plan_year, 0))
    return Calendar.for_commune(
        [
            Hours(
                weekday=row.weekday,
                spans=(Span(row.opens, row.closes),),
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                document=row.document,
                counts=row.counts,
            )
            for row in hours
        ],
        [
            SpecialDay(
                on=row.on,
                kind=DayKind(row.kind),
                name=row.reason,
                document=row.document,
                spans=(Span(row.opens, row.closes),) if row.opens and row.closes else (),
                makes_up=row.makes_up,
            )
            for row in listed
            if row.plan_year is None or row.version == latest[row.plan_year]
        ],
        planned=frozenset(latest),
    )


# --- versions ---
def version_of(commune: Commune | int) -> int:
    """The number of the calendar in force."""
    return CalendarVersion.objects.filter(commune=commune).aggregate(last=Max("number"))["last"] or 0


def calendar_at(commune: Commune | int, number: int) -> Calendar:
    """The calendar of that number as it read then. Raises CalendarVersion.DoesNotExist for one that never was."""
    if number == version_of(commune):
        return calendar_of(commune)
    return calendar_from(*rows_of_version(CalendarVersion.objects.get(commune=commune, number=number)))


def rows_of_version(version: CalendarVersion) -> tuple[list[OpeningHours], list[CalendarChange]]:
    """The commune's own rows as they were, not to be saved."""
    return (
        [_row(OpeningHours, facts) for facts in version.rows["hours"]],
        [_row(CalendarChange, facts) for facts in version.rows["days"]],
    )


def snapshot(hours: Iterable[OpeningHours], changes: Iterable[CalendarChange]) -> dict[str, Any]:
    return {
        "hours": [_facts(row, _HOURS) for row in hours],
        "days": [_facts(row, _DAYS) for row in changes],
    }


def national_hash() -> str:
    """Which national list the program carries: its SHA-256."""
    return hashlib.sha256(Path(clock.__file__).with_name("holidays.csv").read_bytes()).hexdigest()


def _facts(row: models.Model, names: Iterable[str]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _row(kind: type[Any], facts: Mapping[str, Any]) -> Any:
    return kind(**{name: kind._meta.get_field(name).to_python(value) for name, value in facts.items()})


# --- nobody promises by a calendar that is being changed ---
def hold_calendar(commune_id: int, *, to_change: bool = False) -> None:
    """Until the transaction ends: those who promise let each other pass, who changes the calendar waits for them.

    Lock order: calendar → case → book → diary.
    """
    shared = "" if to_change else "_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{shared}(hashtextextended('calendar', %s))", [commune_id])
