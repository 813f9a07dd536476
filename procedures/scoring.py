"""The facts of the index and the scores of a month, read from the cases: the definitions stand in index_facts.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Prefetch, Q
from django.utils import timezone

from oneshop.models import Officer
from procedures.clock import Calendar, CalendarEnds
from procedures.house_points import EARLY_IS_BETTER
from procedures.index_facts import IndexFacts, Life, Move, Scoring, Stop, index_facts, score_together
from procedures.models import Case, Pause, Ruling, Slip, Step
from procedures.opening import calendar_of
from procedures.papers import unit_of
from procedures.states import State, Verb


def with_life(cases: object) -> object:
    """Cases with what `life_of` reads: steps, pauses and the numbers of their supplement slips, one query each."""
    slips = Slip.objects.filter(kind=Slip.Kind.SUPPLEMENT).only("case_id", "number", "year", "at", "kind")
    return cases.prefetch_related(  # type: ignore[attr-defined]
        Prefetch("steps", Step.objects.order_by("at", "pk")),
        Prefetch("pauses", Pause.objects.order_by("since")),
        Prefetch("slips", slips, to_attr="supplements"),
    )


def life_of(case: Case) -> Life:
    """The life of one case; without `with_life` it asks for what it needs."""
    supplements = getattr(case, "supplements", None)
    if supplements is None:
        supplements = case.slips.filter(kind=Slip.Kind.SUPPLEMENT)
    numbers = {slip.at: f"{slip.number:02}/{slip.year}" for slip in supplements}
    return Life(
        received_at=case.received_at,
        first_due=case.first_due_at,
        due=case.due_at,
        promise=case.procedure.promise,
        limit=case.procedure.limit,
        moves=[Move(Verb(step.verb), step.at, step.by_id, unit_of(step)) for step in case.steps.all()],
        stops=[
            Stop(pause.since, pause.until, pause.reason, numbers.get(pause.since, "")) for pause in case.pauses.all()
        ],
    )


def facts_of(case: Case, *, at: datetime, calendar: Calendar | None = None) -> IndexFacts:
    """Raises CalendarEnds."""
    return index_facts(life_of(case), calendar or calendar_of(case.commune_id), now=at)


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
    found: Iterable[Case] = with_life(cases).iterator(chunk_size=500)  # type: ignore[attr-defined]
    yield from found
