"""One move of a case: state, step and diary line together, or none of it; and who keeps one from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from citizens.models import Citizen
from oneshop import audit
from oneshop.models import Officer
from procedures.models import Case, Step
from procedures.rules import Finding
from procedures.states import MOVES, State, Verb


class CaseMoved(Exception):
    """Another desk was faster. `step` says who did what and when."""

    def __init__(self, case: Case) -> None:
        self.step = Step.objects.filter(case_id=case.pk).select_related("by").last()
        super().__init__(case.code)

    @property
    def sentence(self) -> str:
        if self.step is None:
            return "Hồ sơ vừa được người khác xử lý. Màn hình đã tải lại."
        when = timezone.localtime(self.step.at)
        return (
            f"Hồ sơ vừa được {self.step.by} xử lý lúc {when:%H:%M}: {self.step.get_verb_display()}. "
            "Màn hình đã tải lại."
        )


class NotAllowed(Exception):
    """The officer may not do this now; the sentence says why and who may."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotReady(Exception):
    """The application still has findings that stop it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(", ".join(finding.rule.id for finding in findings))
        self.findings = findings


def move(case: Case, verb: Verb, *, by: Officer, at: datetime, note: str = "", **facts: object) -> Step:
    """Carry `case` along one row of MOVES and write its step and its diary line, or do none of it.

    Raises NotAllowed if the officer's roles lack the verb or a reason is owed, CaseMoved if another desk was faster.
    """
    move, seen = MOVES[verb], case.where
    owes_role(verb, by)
    assert by.commune_id is not None, "who may move a case belongs to a commune"
    if move.says_why and not note.strip():
        raise NotAllowed("Ghi rõ lý do.")
    with transaction.atomic():
        moved = seen in move.sources and Case.objects.filter(pk=case.pk, state=seen, commune_id=by.commune_id).update(
            state=move.leads_from(seen), **facts
        )
        if not moved:
            raise CaseMoved(case)
        case.refresh_from_db()
        return write_step(case, verb, source=seen, by=by, at=at, note=note)


def write_step(case: Case, verb: Verb, *, source: State | str, by: Officer, at: datetime, note: str = "") -> Step:
    step = Step.objects.create(
        commune_id=case.commune_id,
        case=case,
        verb=verb,
        source=source,
        target=MOVES[verb].leads_from(State(source)) if source else begins_in(verb),
        by=by,
        at=at,
        note=note,
    )
    audit.record(verb, "case", case.code, by=by, at=at, why=note)
    return step


def begins_in(verb: Verb) -> State:
    """Where a case stands that begins with `verb`."""
    target = MOVES[verb].target
    assert target is not None, f"no case begins with {verb}"
    return target


def owes_role(verb: Verb, by: Officer) -> None:
    if not set(MOVES[verb].roles) & set(by.roles):
        raise NotAllowed(f"Việc “{verb.label}” không thuộc vai trò của ông/bà.")


def one_after_the_other(*citizens: Citizen | None) -> None:
    """Two counters, one person: the second waits and then sees the first one's case (F-10).

    A lock by number, not on the row: behind the wall a row kept by another commune may be read, not locked. In the
    order of the numbers, so that a couple at two counters does not wait for each other.
    """
    with connection.cursor() as cursor:
        for pk in sorted(citizen.pk for citizen in citizens if citizen):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('receive', %s))", [pk])


def frozen(finding: Finding) -> dict[str, Any]:
    """A finding as the case keeps it: with its words, since the rule may read otherwise next year."""
    return {
        "id": finding.rule.id,
        "kind": finding.rule.kind,
        "tone": finding.tone,
        "title": finding.rule.title,
        "message": finding.rule.message,
        "source": finding.rule.source,
        "by_officer": finding.answered_by_officer,
    }
