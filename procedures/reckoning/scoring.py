"""The scores of a month, of a commune and of its officers: the definitions stand in index_facts.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q
from django.utils import timezone

from oneshop.models import Officer
from procedures.clock import CalendarEnds
from procedures.clock.index_facts import IndexFacts, Life, Scoring, index_facts, score_together
from procedures.house_points import EARLY_IS_BETTER
from procedures.models import Case, Ruling
from procedures.opening import calendar_of
from procedures.reckoning.lives import life_of, with_life
from procedures.states import State


@dataclass(frozen=True)
class Month:
    """The scoring of one commune and month: cases that were done with in it."""

    unit: Scoring
    officers: list[tuple[Officer, Scoring]]
    not_counted: int
    early_is_better: bool


def month(commune_id: int, first: date, *, at: datetime) -> Month:
    """The cases of `commune_id` that ended in the month of `first`, of the unit and of each officer who worked on one.

    `not_counted`: cases whose term lies in a year without a plan. A month not yet over counts up to `at`.
    """
    calendar = calendar_of(commune_id)
    ruled = Ruling.objects.filter(commune_id=commune_id, key=EARLY_IS_BETTER.key, valid_from__lte=first)
    last = ruled.order_by("valid_from", "pk").last()
    early_is_better = (last.value if last else EARLY_IS_BETTER.value) == "yes"
    told: list[tuple[Life, IndexFacts]] = []
    unknown = 0
    for case in _ended(commune_id, first):
        life = life_of(case)
        try:
            told.append((life, index_facts(life, calendar, now=at)))
        except CalendarEnds:
            unknown += 1
    unit, by_officer = score_together(told, early_is_better=early_is_better)
    people = Officer.objects.filter(pk__in=by_officer).order_by("full_name", "pk")
    return Month(unit, [(officer, by_officer[officer.pk]) for officer in people], unknown, early_is_better)


def _ended(commune_id: int, first: date) -> Iterator[Case]:
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    start, end = (timezone.make_aware(datetime.combine(day, time())) for day in (first, following))
    ended = Q(signed_at__gte=start, signed_at__lt=end) | Q(
        signed_at=None, state__in=[State.WITHDRAWN, State.STOPPED], closed_at__gte=start, closed_at__lt=end
    )
    cases = (
        Case.objects.here(commune_id)
        .filter(ended)
        .only("commune", "procedure_key", "state", "received_at", "first_due_at", "due_at", "signed_at", "closed_at")
        .order_by("pk")
    )
    found: Iterable[Case] = with_life(cases).iterator(chunk_size=500)
    yield from found
