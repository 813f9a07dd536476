"""Reckon an ended case once, for the boards: two clocks, working minutes, what had to be asked.

Source: one-stop.md A.4 and H.1. What the clocks count stands in index_facts.py; here it is written down, so that boards
of many communes and weeks read rows and judge nothing again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from procedures.clock import CalendarEnds
from procedures.clock.index_facts import IndexFacts, Punctuality, index_facts
from procedures.models import Case, Reckoning, Step
from procedures.opening import calendar_of
from procedures.reckoning.lives import life_of
from procedures.states import Verb

ENDINGS = (Verb.SIGN, Verb.WITHDRAW, Verb.STOP, Verb.REJECT)


def close(case: Case, ending: Verb, *, at: datetime, is_redirected: bool = False) -> Reckoning:
    """Write the row of `case`, which has just ended and has its papers, in the transaction of the act that ended it."""
    life = life_of(case)
    facts: IndexFacts | None = None
    if ending != Verb.REJECT:
        try:
            facts = index_facts(life, calendar_of(case.commune_id), now=at)
        except CalendarEnds:
            facts = None  # a year that nobody has planned must not keep a paper from being signed
    return Reckoning.objects.create(
        commune_id=case.commune_id,
        case=case,
        counter_id=case.counter_id,
        procedure_key=case.procedure_key,
        ending=ending,
        is_refused=ending == Verb.SIGN and case.outcome == Case.Outcome.REFUSE,
        is_redirected=is_redirected,
        received_at=case.received_at,
        ended_at=max(at, case.received_at),
        handled_by_id=case.handled_by_id,
        used_minutes=_minutes(facts.used) if facts else None,
        paused_minutes=_minutes(facts.paused) if facts else None,
        late_minutes=facts.late_minutes if facts else None,
        on_time_index=facts.index != Punctuality.LATE if facts else None,
        on_time_legal=facts.legal != Punctuality.LATE if facts else None,
        requests=life.times(Verb.ASK_FOR_PAPERS),
        send_backs=life.times(Verb.SEND_BACK),
        is_apologised=life.times(Verb.EXTEND) > 0,
        made_digital=life.is_digital,
        scan_seconds=int((case.received_at - case.scanned_at).total_seconds()) if case.scanned_at else None,
        **_paper(case, ending),
    )


def catch_up(commune_id: int) -> int:
    """Reckon what ended before there were reckonings; how many. Asked again it finds nothing."""
    cases = Case.objects.here(commune_id).filter(reckoning=None).exclude(closed_at=None, signed_at=None)
    number = 0
    for case in cases.order_by("pk").iterator(chunk_size=500):
        ending = Step.objects.filter(case=case, verb__in=ENDINGS).order_by("at", "pk").first()
        if ending is not None:
            close(case, Verb(ending.verb), at=ending.at)
            number += 1
    return number


def _paper(case: Case, ending: Verb) -> dict[str, int]:
    """What nobody had to write or bring: of a case that was received, by what its procedure says of the form."""
    if ending == Verb.REJECT:
        return {"form_lines": 0, "typed": 0, "papers_spared": 0}
    procedure = case.procedure
    typed = sum(
        1 for name, value in case.answers.items() if name not in _OF_THE_DESK and value not in (None, "", False, [])
    )
    return {
        "form_lines": procedure.form_lines,
        "typed": min(typed, procedure.form_lines),
        "papers_spared": len(procedure.papers_before),
    }


_OF_THE_DESK = {"fee", "copies", "capacity"}
"""Answers that stand on no line of the form."""


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
