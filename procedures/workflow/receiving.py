"""At the counter: take the file in, or refuse to in writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from citizens.models import Citizen, Visit
from oneshop.models import Officer
from procedures import reckoning
from procedures.applications import application_for
from procedures.books import case_register
from procedures.catalogue import Procedure
from procedures.checking.public_link import new_token
from procedures.frozen import freeze, freeze_value
from procedures.law import offers
from procedures.models import Case, Slip
from procedures.numbering import BookClosed, next_case_code
from procedures.opening import hold_calendar, version_of
from procedures.rules import Application, Finding, Tone
from procedures.states import Verb
from procedures.workflow.moves import (
    NotAllowed,
    NotReady,
    begins_in,
    frozen,
    one_after_the_other,
    owes_role,
    write_step,
)
from procedures.workflow.promises import promise_of
from procedures.workflow.slips import issue_slip


def receive(
    procedure: Procedure,
    citizen: Citizen,
    *,
    answers: Mapping[str, Any],
    officer_answers: Mapping[str, bool],
    by: Officer,
    at: datetime,
    other: Citizen | None = None,
    looked_for: str = "",
    scanned_at: datetime | None = None,
) -> Case:
    """Take the file in: judge it once more, give it code, due time and token, write its first step.

    1. The rules are judged on what the records say now; anything that stops it raises NotReady.
    2. People, files, answers and findings are frozen into the case.
    3. What the law decides later than at the counter gets the appointment of its procedure and waits for the review.
    4. The code is counted last: its row is the busiest lock of the morning.
    5. Where something was paid, its slip is issued: money taken without a paper does not happen.
    `scanned_at` is when the applicant's card was first read that day: how long people stood there, and no back-dating.
    Raises NotAllowed for another role or a procedure that the commune has suspended, PaperFailed if the slip cannot be
    made.
    """
    owes_role(Verb.RECEIVE, by)
    assert by.commune is not None
    if closed := offers.why_not_offered(procedure, by.commune.pk, timezone.localtime(at).date()):
        raise NotAllowed(closed)
    with transaction.atomic():
        hold_calendar(by.commune.pk)
        one_after_the_other(citizen, other)
        application = application_for(
            procedure,
            citizen,
            answers=answers,
            officer_answers=officer_answers,
            by=by,
            at=at,
            other=other,
            looked_for=looked_for,
        )
        findings = procedure.judge(application)
        if stopped := [finding for finding in findings if finding.stops]:
            raise NotReady(stopped)
        due_at, sentence = promise_of(procedure, application, by.commune, at=at)
        appointment = procedure.appointment(application)
        verb = Verb.APPOINT if appointment and not appointment.meeting else Verb.RECEIVE
        case = _open(
            procedure,
            citizen,
            application,
            findings,
            verb,
            by=by,
            at=at,
            other=other,
            looked_for=looked_for,
            due_at=due_at,
            due_sentence=sentence,
            scanned_at=scanned_at,
        )
        if procedure.charge(application).amount:
            issue_slip(case, Slip.Kind.FEE, by=by, at=at)
        return case


def reject(
    procedure: Procedure,
    citizen: Citizen,
    *,
    answers: Mapping[str, Any],
    officer_answers: Mapping[str, bool],
    by: Officer,
    at: datetime,
    other: Citizen | None = None,
    looked_for: str = "",
) -> Case:
    """Refuse to take the file in, in writing: a case that ends as it begins, and Mẫu 03 with every reason.

    Raises NotAllowed if no rule fails: without a reason of law nobody is turned away. Source: one-stop.md B.4.
    """
    owes_role(Verb.REJECT, by)
    with transaction.atomic():
        application = application_for(
            procedure,
            citizen,
            answers=answers,
            officer_answers=officer_answers,
            by=by,
            at=at,
            other=other,
            looked_for=looked_for,
        )
        findings = procedure.judge(application)
        reasons = [
            {"text": f"{finding.rule.message}{_led_on(finding)}", "source": finding.rule.source}
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
            other=other,
            looked_for=looked_for,
            due_at=at,
            closed_at=at,
            refusal=reasons,
        )
        issue_slip(case, Slip.Kind.REJECTION, by=by, at=at)
        redirected = any(finding.tone == Tone.FAIL and finding.rule.leads_to for finding in findings)
        reckoning.close(case, Verb.REJECT, at=at, is_redirected=redirected)
    return case


def _led_on(finding: Finding) -> str:
    """Nobody is turned away without being told where to go instead (Luật Hộ tịch Điều 9 khoản 3)."""
    return f" Hướng dẫn: {finding.rule.leads_to}." if finding.rule.leads_to else ""


def _open(
    procedure: Procedure,
    citizen: Citizen,
    application: Application,
    findings: Sequence[Finding],
    verb: Verb,
    *,
    by: Officer,
    at: datetime,
    other: Citizen | None,
    looked_for: str,
    due_at: datetime,
    **facts: object,
) -> Case:
    """Write the case, its line in the register and its first step; the code is counted late, the line last."""
    assert by.commune is not None
    case = Case.objects.create(
        commune=by.commune,
        counter=by.counter,
        code=next_case_code(by.commune, at=at),
        procedure_key=procedure.key,
        citizen=citizen,
        other=other,
        looked_for=looked_for,
        state=begins_in(verb),
        answers=freeze(dict(application.answers)),
        officer_answers=dict(application.officer),
        person=freeze_value(application.person),
        other_person=freeze_value(application.other) if application.other else None,
        dossier=freeze_value(application.dossier),
        rulings=dict(application.rulings),
        findings=[frozen(finding) for finding in findings],
        token=new_token(),
        received_at=at,
        received_by=by,
        due_at=due_at,
        first_due_at=due_at,
        calendar_version=version_of(by.commune),
        **facts,
    )
    if verb != Verb.REJECT:  # what is not taken in stands in no register
        try:
            case_register.enter(case, application, at=at)
        except BookClosed as closed:
            raise NotAllowed("Sổ theo dõi hồ sơ năm nay đã khóa nên chưa tiếp nhận được.") from closed
    write_step(case, verb, source="", by=by, at=at)
    for party in (citizen, other):
        if party and party.commune_id != by.commune_id:
            # the record is kept elsewhere: who serves the case goes on seeing whom it is for
            Visit.objects.create(commune=by.commune, citizen=party, officer=by, at=at, serves=True)
    return case
