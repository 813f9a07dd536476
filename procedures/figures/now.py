"""What lies where at this moment, and when people come. Counted from the cases themselves: it changes by the minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay
from django.utils import timezone

from procedures.figures import Span
from procedures.models import Case
from procedures.states import OPEN, State

SOON = timedelta(minutes=30)


@dataclass(frozen=True)
class Heap:
    """Cases that lie together: how many, how many of them past their time, how many due within half an hour."""

    number: int
    overdue: int
    soon: int


def heaps(group: str, *, at: datetime, commune_id: int | None = None) -> dict[Any, Heap]:
    """What is open or waits to be given out, by a column of the case: state, procedure_key, counter_id, commune_id …

    While the citizen is asked for papers the clock stands still, and a signed paper is on time or late for good.
    """
    rows = Case.objects.filter(state__in=[*OPEN, State.SIGNED])
    rows = rows.filter(commune_id=commune_id) if commune_id is not None else rows
    running = Q(state__in=OPEN) & ~Q(state=State.WAITING_PAPERS)
    counted = (
        rows.values(group)
        .annotate(
            number=Count("pk"),
            overdue=Count("pk", filter=running & Q(due_at__lt=at)),
            soon=Count("pk", filter=running & Q(due_at__gte=at, due_at__lt=at + SOON)),
        )
        .order_by()
    )
    return {row[group]: Heap(row["number"], row["overdue"], row["soon"]) for row in counted}


def of_officers(*, at: datetime, commune_id: int) -> dict[int | None, Heap]:
    """What lies with each specialist (by row); None is what nobody has taken over."""
    rows = Case.objects.here(commune_id).filter(state__in=[State.RECEIVED, State.HANDLING])
    counted = (
        rows.values("handled_by")
        .annotate(
            number=Count("pk"),
            overdue=Count("pk", filter=Q(due_at__lt=at)),
            soon=Count("pk", filter=Q(due_at__gte=at, due_at__lt=at + SOON)),
        )
        .order_by()
    )
    return {row["handled_by"]: Heap(row["number"], row["overdue"], row["soon"]) for row in counted}


def arrivals_by_hour(span: Span, *, commune_id: int | None = None) -> dict[int, int]:
    """How many files were received in each hour of the day (7 is 07:00 to 07:59, Vietnam's time)."""
    return _by(ExtractHour("received_at", tzinfo=timezone.get_default_timezone()), span, commune_id)


def arrivals_by_weekday(span: Span, *, commune_id: int | None = None) -> dict[int, int]:
    """How many files were received on each weekday, 1 is Monday."""
    return _by(ExtractIsoWeekDay("received_at", tzinfo=timezone.get_default_timezone()), span, commune_id)


def _by(part: Any, span: Span, commune_id: int | None) -> dict[int, int]:
    rows = Case.objects.filter(received_at__gte=span.since, received_at__lt=span.until).exclude(state=State.REJECTED)
    rows = rows.filter(commune_id=commune_id) if commune_id is not None else rows
    counted = rows.annotate(part=part).values("part").annotate(number=Count("pk")).order_by("part")
    return {row["part"]: row["number"] for row in counted}
