"""The verbs of a case and their only writer. Each is one transaction: state, step, diary line, and what it issues.

Lock order, everywhere: case → book → diary (R-04). The number of a result, its PDF, its step and its line in the diary
live or die together (quality.md 10.8 (a)); a paper takes about 50 ms to make, so one book signs some ten results a
second, far above any commune.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from citizens import records
from citizens.models import Citizen, Visit
from oneshop import audit, roster
from oneshop.models import Commune, Officer
from procedures import papers
from procedures.applications import application_for, application_of
from procedures.catalogue import Procedure
from procedures.clock import Calendar, promised
from procedures.due_sentence import explain
from procedures.frozen import freeze
from procedures.models import Case, Pause, Result, Slip, Step
from procedures.numbering import next_case_code, next_number
from procedures.opening import calendar_of
from procedures.public_link import new_token
from procedures.rules import Application, Finding, Tone
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


def receive(
    procedure: Procedure,
    citizen: Citizen,
    *,
    answers: Mapping[str, Any],
    officer_answers: Mapping[str, bool],
    by: Officer,
    at: datetime,
) -> Case:
    """Take the file in: judge it once more, give it code, due time and token, write its first step.

    1. The rules are judged on what the records say now; anything that stops it raises NotReady.
    2. Person, answers and findings are frozen into the case.
    3. The code is counted last: its row is the busiest lock of the morning.
    Raises NotAllowed for another role.
    """
    _owes_role(Verb.RECEIVE, by)
    assert by.commune is not None
    with transaction.atomic():
        _one_after_the_other(citizen)
        application = application_for(
            procedure, citizen, answers=answers, officer_answers=officer_answers, by=by, at=at
        )
        findings = procedure.judge(application)
        if stopped := [finding for finding in findings if finding.stops]:
            raise NotReady(stopped)
        due_at, sentence = due(procedure, at, calendar_of(by.commune))
        return _open(
            procedure, citizen, application, findings, Verb.RECEIVE, by=by, at=at, due_at=due_at, due_sentence=sentence
        )


def _one_after_the_other(citizen: Citizen) -> None:
    """Two counters, one person: the second waits and then sees the first one's case (F-10).

    A lock by number, not on the row: behind the wall a row kept by another commune may be read, not locked.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('receive', %s))", [citizen.pk])


def reject(
    procedure: Procedure,
    citizen: Citizen,
    *,
    answers: Mapping[str, Any],
    officer_answers: Mapping[str, bool],
    by: Officer,
    at: datetime,
) -> Case:
    """Refuse to take the file in, in writing: a case that ends as it begins, and Mẫu 03 with every reason.

    Raises NotAllowed if no rule fails: without a reason of law nobody is turned away. Source: one-stop.md B.4.
    """
    _owes_role(Verb.REJECT, by)
    with transaction.atomic():
        application = application_for(
            procedure, citizen, answers=answers, officer_answers=officer_answers, by=by, at=at
        )
        findings = procedure.judge(application)
        reasons = [
            {"text": finding.rule.message, "source": finding.rule.source}
            for finding in findings
            if finding.tone == Tone.FAIL
        ]
        if not reasons:
            raise NotAllowed("Không có điều kiện nào không đạt nên không được từ chối tiếp nhận.")
        case = _open(
            procedure,
            citizen,
            application,
            findings,
            Verb.REJECT,
            by=by,
            at=at,
            due_at=at,
            closed_at=at,
            refusal=reasons,
        )
        _issue_slip(case, Slip.Kind.REJECTION, by=by, at=at)
    return case


def _open(
    procedure: Procedure,
    citizen: Citizen,
    application: Application,
    findings: Sequence[Finding],
    verb: Verb,
    *,
    by: Officer,
    at: datetime,
    due_at: datetime,
    **facts: object,
) -> Case:
    """Write the case and its first step; the code is counted last."""
    assert by.commune is not None
    case = Case.objects.create(
        commune=by.commune,
        counter=by.counter,
        code=next_case_code(by.commune, at=at),
        procedure_key=procedure.key,
        citizen=citizen,
        state=MOVES[verb].target,
        answers=freeze(dict(application.answers)),
        officer_answers=dict(application.officer),
        person=freeze(application.person),
        findings=[_frozen(finding) for finding in findings],
        token=new_token(),
        received_at=at,
        received_by=by,
        due_at=due_at,
        first_due_at=due_at,
        **facts,
    )
    _write_step(case, verb, source="", by=by, at=at)
    if citizen.commune_id != by.commune_id:
        # the record is kept elsewhere: who serves the case goes on seeing whom it is for
        Visit.objects.create(commune=by.commune, citizen=citizen, officer=by, at=at, serves=True)
    return case


def due(
    procedure: Procedure, received_at: datetime, calendar: Calendar, pauses: Sequence[tuple[datetime, datetime]] = ()
) -> tuple[datetime, str]:
    """When the result is promised, the earlier of 3 working hours and the law's limit, and why, in a sentence."""
    due_at = promised(received_at, procedure.promise, procedure.limit, calendar, pauses)
    return due_at, explain(received_at, procedure.promise, calendar, pauses, limit=procedure.limit)


def issue_receipt(case: Case, *, by: Officer, at: datetime) -> Slip:
    """Mẫu 01, once per case; asked again it gives the first one back."""
    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        before = Slip.objects.filter(case=case, kind=Slip.Kind.RECEIPT).first()
        return before or _issue_slip(case, Slip.Kind.RECEIPT, by=by, at=at)


def _issue_slip(case: Case, kind: Slip.Kind, *, by: Officer, at: datetime) -> Slip:
    """Number, paper and row of a slip; its book is named after its kind."""
    year = timezone.localtime(at).year
    number = next_number(case.commune, kind, str(year))
    facts = papers.slip_facts(case, kind, number=number, year=year)
    sheet = papers.render(f"slips/{kind}.html", facts)
    slip = Slip.objects.create(
        commune_id=case.commune_id,
        case=case,
        kind=kind,
        number=number,
        year=year,
        facts=freeze(facts),
        pdf=sheet.pdf,
        sha256=sheet.sha256,
        by=by,
        at=at,
    )
    audit.record("issue", "slip", f"{case.code}/{kind}", by=by, at=at)
    return slip


def hand_over(case: Case, *, by: Officer, at: datetime) -> Step:
    """The specialist takes the file over."""
    return _move(case, Verb.HAND_OVER, by=by, at=at, handled_by=by)


def ask_for_papers(case: Case, *, by: Officer, at: datetime, note: str) -> Step:
    """Everything missing in one go; the clock stands still until the citizen has brought it."""
    with transaction.atomic():
        step = _move(case, Verb.ASK_FOR_PAPERS, by=by, at=at, note=note)
        Pause.objects.create(commune_id=case.commune_id, case=case, since=at, reason=note)
    return step


def take_papers(case: Case, *, by: Officer, at: datetime, note: str) -> Step:
    """What was missing is here: the clock goes on, the due time moves by the working time of the pause."""
    with transaction.atomic():
        step = _move(case, Verb.TAKE_PAPERS, by=by, at=at, note=note)
        Pause.objects.filter(case=case, until=None).update(until=at)
        pauses = [(pause.since, pause.until) for pause in Pause.objects.filter(case=case) if pause.until]
        due_at, sentence = due(case.procedure, case.received_at, calendar_of(case.commune), pauses)
        Case.objects.filter(pk=case.pk).update(due_at=due_at, due_sentence=sentence)
    return step


def submit(case: Case, *, by: Officer, at: datetime, note: str = "") -> Step:
    """Lay the file before the leader, result as asked."""
    return _move(case, Verb.SUBMIT, by=by, at=at, note=note, outcome=Case.Outcome.GRANT, refusal=[], handled_by=by)


def submit_refusal(case: Case, *, by: Officer, at: datetime, note: str) -> Step:
    """Lay a written refusal before the leader: only the head refuses, with reasons (Luật Hộ tịch Điều 5)."""
    reasons = [{"text": line.strip(), "source": ""} for line in note.splitlines() if line.strip()]
    return _move(
        case, Verb.SUBMIT_REFUSAL, by=by, at=at, note=note, outcome=Case.Outcome.REFUSE, refusal=reasons, handled_by=by
    )


def send_back(case: Case, *, by: Officer, at: datetime, note: str) -> Step:
    """The leader gives the file back to the specialist, with the reason."""
    return _move(case, Verb.SEND_BACK, by=by, at=at, note=note)


def why_may_not_sign(case: Case, officer: Officer, *, at: datetime) -> str:
    """The sentence that keeps `officer` from signing `case` now, or nothing (S-06; Luật Hộ tịch Điều 12)."""
    if case.received_by_id == officer.pk:
        return "Ông/bà đã tiếp nhận hồ sơ này nên không được ký. Đề nghị lãnh đạo trực khác ký."
    if officer.identity_number and officer.identity_number == case.citizen.identity_number:
        return "Không được giải quyết việc hộ tịch cho bản thân. Đề nghị lãnh đạo trực khác ký."
    if not roster.may_sign_now(officer, at=at):
        return "Ông/bà không trong ca trực ký lúc này. Lịch trực do quản trị của xã phân công."
    return ""


def sign(case: Case, *, by: Officer, at: datetime, seen: str) -> Result:
    """Sign what was shown: number, paper, effect on the record, step and diary line in one transaction.

    1. `by` must be a leader on duty, not the one who received, not the citizen: else NotAllowed.
    2. `seen` is the digest of the preview shown; if the paper would now differ, NotAllowed (S-07).
    3. The case moves from WAITING_SIGNATURE, or CaseMoved says who was faster.
    4. Number → paper → result row; a paper that fails leaves nothing behind, not even the number (F-03).
    """
    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        case.refresh_from_db()
        if case.where not in MOVES[Verb.SIGN].sources:
            raise CaseMoved(case)
        if reason := why_may_not_sign(case, by, at=at):
            raise NotAllowed(reason)
        if papers.digest(papers.result_facts(case, by=by, at=at)) != seen:
            raise NotAllowed("Nội dung giấy đã thay đổi từ khi ông/bà mở xem. Xem lại rồi ký.")
        _move(case, Verb.SIGN, by=by, at=at, signed_at=at, signed_by=by)
        return _issue(case, by=by, at=at)


def _issue(case: Case, *, by: Officer, at: datetime) -> Result:
    on = timezone.localtime(at).date()
    refused = case.outcome == Case.Outcome.REFUSE
    book = papers.REFUSAL_BOOK if refused else case.procedure.book
    token = new_token()
    number = next_number(case.commune, book, str(on.year))
    facts = papers.result_facts(case, by=by, at=at, number=number, token=token)
    sheet = papers.render(papers.template_of(case), facts)
    result = Result.objects.create(
        commune_id=case.commune_id,
        case=case,
        kind=Result.REFUSAL if refused else case.procedure_key,
        name=papers.REFUSAL_NAME if refused else case.procedure.result_name,
        book=book,
        year=on.year,
        number=number,
        symbol=papers.symbol_of(case),
        issued_on=on,
        signed_by=by,
        signed_at=at,
        signer_title=" ".join(papers.signature_lines(by)),
        token=token,
        facts=freeze(facts),
        pdf=sheet.pdf,
        sha256=sheet.sha256,
    )
    if not refused:
        records.carry_out(
            case.procedure.effects(application_of(case), on=on),
            case.citizen,
            number=result.full_number,
            issuer=_issuer(case.commune, on),
            commune_id=case.commune_id,
            on=on,
        )
    return result


def give_out(case: Case, *, by: Officer, at: datetime, to: str) -> Step:
    """The result is in the hands of `to`: the case ends."""
    return _move(case, Verb.GIVE_OUT, by=by, at=at, given_out_at=at, given_out_by=by, given_out_to=to, closed_at=at)


def withdraw(case: Case, *, by: Officer, at: datetime, note: str) -> Step:
    """The citizen no longer wants it; possible until it is signed (one-stop.md A.3)."""
    with transaction.atomic():
        step = _move(case, Verb.WITHDRAW, by=by, at=at, note=note, closed_at=at)
        Pause.objects.filter(case=case, until=None).update(until=at)
    return step


def revoke_link(case: Case, *, by: Officer, at: datetime) -> None:
    """The link printed on the slip leads nowhere from now on, like one that never was (S-30, S-32)."""
    _owes_role(Verb.RECEIVE, by)
    with transaction.atomic():
        Case.objects.filter(pk=case.pk, commune=by.commune).update(token=new_token())
        audit.record("revoke_link", "case", case.code, by=by, at=at)


def _move(case: Case, verb: Verb, *, by: Officer, at: datetime, note: str = "", **facts: object) -> Step:
    """Carry `case` along one row of MOVES and write its step and its diary line, or do none of it.

    Raises NotAllowed if the officer's roles lack the verb or a reason is owed, CaseMoved if another desk was faster.
    """
    move, seen = MOVES[verb], case.where
    _owes_role(verb, by)
    assert by.commune_id is not None, "who may move a case belongs to a commune"
    if move.says_why and not note.strip():
        raise NotAllowed("Ghi rõ lý do.")
    with transaction.atomic():
        moved = seen in move.sources and Case.objects.filter(pk=case.pk, state=seen, commune_id=by.commune_id).update(
            state=move.target, **facts
        )
        if not moved:
            raise CaseMoved(case)
        case.refresh_from_db()
        return _write_step(case, verb, source=seen, by=by, at=at, note=note)


def _write_step(case: Case, verb: Verb, *, source: State | str, by: Officer, at: datetime, note: str = "") -> Step:
    step = Step.objects.create(
        commune_id=case.commune_id,
        case=case,
        verb=verb,
        source=source,
        target=MOVES[verb].target,
        by=by,
        at=at,
        note=note,
    )
    audit.record(verb, "case", case.code, by=by, at=at, why=note)
    return step


def _owes_role(verb: Verb, by: Officer) -> None:
    if not set(MOVES[verb].roles) & set(by.roles):
        raise NotAllowed(f"Việc “{verb.label}” không thuộc vai trò của ông/bà.")


def _frozen(finding: Finding) -> dict[str, Any]:
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


def _issuer(commune: Commune, on: Any) -> str:
    return f"UBND {commune.name_on(on).full.lower()[0]}{commune.name_on(on).full[1:]}"
