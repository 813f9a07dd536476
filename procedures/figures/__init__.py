"""The figures of the boards: what each is (`definition`, `ended`) and how they are asked for, here and in `now`.

Whatever the number of figures, a question is one query, and one more where people's opinions are asked for; the walls
decide of which communes it speaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import TruncWeek
from django.utils import timezone

from procedures.figures.definition import FEWEST, NOTHING, SMALL, Figure, Opinions, Target, Value, percent, said_share
from procedures.figures.ended import BY_KEY, EVERY
from procedures.models import Case, CaseQuerySet, Rating, Reckoning

__all__ = [
    "BY_KEY",
    "EVERY",
    "FEWEST",
    "NOTHING",
    "SMALL",
    "Figure",
    "Span",
    "Target",
    "Value",
    "by",
    "by_week",
    "cases_behind",
    "last_days",
    "measure",
    "percent",
    "rated",
    "reckoned",
    "said_share",
    "weeks_until",
]

WEEKS = 8


@dataclass(frozen=True)
class Span:
    """From `since` up to but without `until`; aware moments."""

    since: datetime
    until: datetime


def last_days(days: int, *, at: datetime) -> Span:
    """The local day of `at` and the whole days before it, `days` together."""
    day = timezone.localdate(at) + timedelta(days=1)
    return Span(_midnight(day - timedelta(days=days)), _midnight(day))


def weeks_until(at: datetime, *, weeks: int = WEEKS) -> list[date]:
    """The Mondays of the ISO weeks in Vietnam's time, the oldest first; the last is the week of `at`."""
    today = timezone.localdate(at)
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]


def reckoned(span: Span, commune_id: int | None = None) -> QuerySet[Reckoning]:
    """What ended in the span, of one commune or of all that the walls show."""
    rows = Reckoning.objects.filter(ended_at__gte=span.since, ended_at__lt=span.until)
    rows = rows.filter(commune_id=commune_id) if commune_id is not None else rows
    return rows.annotate(known=F("form_lines") - F("typed"))


def rated(span: Span, commune_id: int | None = None) -> QuerySet[Rating]:
    """What citizens said in the weeks that the span touches."""
    since, until = timezone.localdate(span.since), timezone.localdate(span.until)
    rows = Rating.objects.filter(week__gte=since - timedelta(days=since.weekday()), week__lt=until)
    return rows.filter(commune_id=commune_id) if commune_id is not None else rows


def measure(figures: Sequence[Figure], span: Span, *, commune_id: int | None = None) -> dict[str, Value]:
    """Every figure by its key."""
    row = reckoned(span, commune_id).aggregate(**_sums(figures))
    if heard := _heard(figures):
        row |= rated(span, commune_id).aggregate(**heard)
    return {figure.key: figure.value(row) for figure in figures}


def by(
    group: str, figures: Sequence[Figure], span: Span, *, commune_id: int | None = None
) -> dict[Any, dict[str, Value]]:
    """As `measure`, for each value of the column `group`: commune_id, counter_id, procedure_key, handled_by_id."""
    rows = {row[group]: row for row in reckoned(span, commune_id).values(group).annotate(**_sums(figures)).order_by()}
    if (heard := _heard(figures)) and group in ("commune_id", "procedure_key"):  # nobody rates an officer
        for said in rated(span, commune_id).values(group).annotate(**heard).order_by():
            if said[group] in rows:
                rows[said[group]] |= said
    return {key: {figure.key: figure.value(row) for figure in figures} for key, row in rows.items()}


def by_week(
    figures: Sequence[Figure], *, at: datetime, commune_id: int | None = None, group: str = ""
) -> dict[Any, list[dict[str, Value]]]:
    """As `by`, with the last eight ISO weeks in Vietnam's time, the oldest first; without a group under the key "".

    Weeks without a case are there, with figures that say so.
    """
    mondays = weeks_until(at)
    span = Span(_midnight(mondays[0]), _midnight(mondays[-1] + timedelta(weeks=1)))
    week = TruncWeek("ended_at", tzinfo=timezone.get_default_timezone())
    groups = [group] if group else []
    rows = reckoned(span, commune_id).annotate(week=week).values(*groups, "week").annotate(**_sums(figures)).order_by()
    said: dict[tuple[Any, date], dict[str, Any]] = {}
    if (heard := _heard(figures)) and group in ("", "commune_id", "procedure_key"):
        for one in rated(span, commune_id).values(*groups, "week").annotate(**heard).order_by():
            said[one[group] if group else "", one["week"]] = one
    found: dict[Any, dict[date, dict[str, Value]]] = {} if group else {"": {}}
    for row in rows:
        key, monday = row[group] if group else "", timezone.localdate(row["week"])
        whole = row | said.pop((key, monday), {})
        found.setdefault(key, {})[monday] = {figure.key: figure.value(whole) for figure in figures}
    for (key, monday), one in said.items():  # weeks in which people spoke and no case ended
        row = dict.fromkeys(_sums(figures), 0) | one
        found.setdefault(key, {})[monday] = {figure.key: figure.value(row) for figure in figures}
    empty = _nothing(figures)
    return {key: [weeks.get(monday, empty) for monday in mondays] for key, weeks in found.items()}


def cases_behind(figure: Figure, span: Span, *, commune_id: int | None = None, every: bool = False) -> CaseQuerySet:
    """The cases that pull the figure the wrong way, or with `every` all that it counts; the latest first."""
    chosen = reckoned(span, commune_id).filter(figure.of if every else figure.look_at)
    if not figure.has_cases:
        chosen = chosen.none()
    cases: CaseQuerySet = Case.objects.filter(pk__in=chosen.values("case_id")).order_by("-received_at", "-pk")
    return cases


def nothing(figures: Sequence[Figure]) -> dict[str, Value]:
    """The figures of a commune without a case (F-54)."""
    return _nothing(figures)


def _nothing(figures: Sequence[Figure]) -> dict[str, Value]:
    row = dict.fromkeys(_sums(figures), 0)
    return {figure.key: figure.value(row) for figure in figures}


def _sums(figures: Sequence[Figure]) -> dict[str, Any]:
    return {name: expression for figure in figures for name, expression in figure.sums().items()}


def _heard(figures: Sequence[Figure]) -> dict[str, Any]:
    return {
        name: expression
        for figure in figures
        if isinstance(figure, Opinions)
        for name, expression in figure.heard().items()
    }


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001  (made aware at once)
