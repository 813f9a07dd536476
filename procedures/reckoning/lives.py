"""The life of a case, read from its steps, pauses and papers: what index_facts.py judges."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.db.models.fields.json import KT

from procedures.clock import Calendar
from procedures.clock.index_facts import IndexFacts, Life, Move, Stop, index_facts
from procedures.models import Case, InkInstead, Pause, Result, Slip, Step
from procedures.opening import calendar_of
from procedures.papers import unit_of
from procedures.states import Verb


def with_life(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Cases with what `life_of` reads: steps, pauses, numbers of supplement slips and kinds of papers, a query each."""
    return cases.prefetch_related(
        Prefetch("steps", Step.objects.order_by("at", "pk")),
        Prefetch("pauses", Pause.objects.order_by("since")),
        Prefetch("slips", _supplements(), to_attr="supplements"),
        Prefetch("results", _standing_papers(), to_attr="standing_papers"),
    )


def life_of(case: Case) -> Life:
    """The life of one case; without `with_life` it asks for what it needs."""
    supplements = _kept(case, "supplements", _supplements)
    papers = _kept(case, "standing_papers", _standing_papers)
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
        is_digital=all(paper.made_digital and not paper.inked for paper in papers) if papers else None,
    )


def facts_of(case: Case, *, at: datetime, calendar: Calendar | None = None) -> IndexFacts:
    """Raises CalendarEnds."""
    return index_facts(life_of(case), calendar or calendar_of(case.commune_id), now=at)


def _supplements() -> QuerySet[Slip]:
    return Slip.objects.filter(kind=Slip.Kind.SUPPLEMENT).only("case_id", "number", "year", "at", "kind")


def _standing_papers() -> QuerySet[Result]:
    """With `made_digital`, and `inked` where the keys failed and a leader decided for pen and stamp."""
    inked = Exists(InkInstead.objects.filter(result=OuterRef("pk")))
    valid = Result.objects.filter(standing=Result.Standing.VALID)
    return valid.annotate(made_digital=KT("facts__digital"), inked=inked).only("case_id")


def _kept(case: Case, name: str, rows: Callable[[], QuerySet[Any]]) -> list[Any]:
    """What `with_life` has laid beside the case, or the rows themselves."""
    found: list[Any] | None = getattr(case, name, None)
    return list(rows().filter(case=case)) if found is None else found
