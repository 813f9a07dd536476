"""The verbs of a case and their only writer. Each is one transaction: state, step, diary line, and what it issues.

Lock order, everywhere: case → book → diary (R-04). The number of a result, its PDF, its step and its line in the diary
live or die together (quality.md 10.8 (a)); a paper takes about 50 ms to make, so one book signs some ten results a
second, far above any commune.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from citizens.models import Citizen, Visit
from citizens.records import Act, carry_out
from oneshop import audit, roster
from oneshop.models import Commune, Officer
from procedures import ministry, papers, stock
from procedures.applications import application_for, application_now, application_of
from procedures.catalogue import CasesEnd, Document, Procedure
from procedures.clock import Calendar, closing_of, promised, used_between
from procedures.clock import due_at as due_after
from procedures.due_sentence import explain
from procedures.frozen import freeze, freeze_value
from procedures.models import Case, FollowUp, Pause, Result, Slip, Step
from procedures.numbering import next_case_code, next_number
from procedures.opening import calendar_of
from procedures.public_link import new_token
from procedures.rules import Answer, Application, Finding, Kind, Rule, Stage, Tone
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
    other: Citizen | None = None,
    looked_for: str = "",
) -> Case:
    """Take the file in: judge it once more, give it code, due time and token, write its first step.

    1. The rules are judged on what the records say now; anything that stops it raises NotReady.
    2. People, files, answers and findings are frozen into the case.
    3. What the law decides later than at the counter gets the appointment of its procedure and waits for the review.
    4. The code is counted last: its row is the busiest lock of the morning.
    5. Where something was paid, its slip is issued: money taken without a paper does not happen.
    Raises NotAllowed for another role, PaperFailed if the slip cannot be made.
    """
    _owes_role(Verb.RECEIVE, by)
    assert by.commune is not None
    with transaction.atomic():
        _one_after_the_other(citizen, other)
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
        )
        if procedure.charge(application).amount:
            _issue_slip(case, Slip.Kind.FEE, by=by, at=at)
        return case


def _one_after_the_other(*citizens: Citizen | None) -> None:
    """Two counters, one person: the second waits and then sees the first one's case (F-10).

    A lock by number, not on the row: behind the wall a row kept by another commune may be read, not locked. In the
    order of the numbers, so that a couple at two counters does not wait for each other.
    """
    with connection.cursor() as cursor:
        for pk in sorted(citizen.pk for citizen in citizens if citizen):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('receive', %s))", [pk])


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
    _owes_role(Verb.REJECT, by)
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
        _issue_slip(case, Slip.Kind.REJECTION, by=by, at=at)
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
    """Write the case and its first step; the code is counted last."""
    assert by.commune is not None
    case = Case.objects.create(
        commune=by.commune,
        counter=by.counter,
        code=next_case_code(by.commune, at=at),
        procedure_key=procedure.key,
        citizen=citizen,
        other=other,
        looked_for=looked_for,
        state=_begins_in(verb),
        answers=freeze(dict(application.answers)),
        officer_answers=dict(application.officer),
        person=freeze_value(application.person),
        other_person=freeze_value(application.other) if application.other else None,
        dossier=freeze_value(application.dossier),
        rulings=dict(application.rulings),
        findings=[_frozen(finding) for finding in findings],
        token=new_token(),
        received_at=at,
        received_by=by,
        due_at=due_at,
        first_due_at=due_at,
        **facts,
    )
    _write_step(case, verb, source="", by=by, at=at)
    for party in (citizen, other):
        if party and party.commune_id != by.commune_id:
            # the record is kept elsewhere: who serves the case goes on seeing whom it is for
            Visit.objects.create(commune=by.commune, citizen=party, officer=by, at=at, serves=True)
    return case


def promise_of(
    procedure: Procedure, application: Application, commune: Commune, *, at: datetime
) -> tuple[datetime, str]:
    """When the result is promised and why: by the appointment where the law decides later, else as `due` says.

    A term in days ends when its last day closes, on a day of rest with the next working day (Bộ luật Dân sự Điều 148);
    two people who agreed on a Saturday meet on it.
    """
    if appointment := procedure.appointment(application):
        calendar, day = calendar_of(commune), appointment.due_on
        if appointment.meeting and not calendar.day(day).works:
            return timezone.make_aware(datetime.combine(day, time(23, 59))), appointment.sentence
        while not calendar.day(day).works:
            day += timedelta(days=1)
        return closing_of(day, calendar), appointment.sentence
    return due(procedure, at, calendar_of(commune))


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


def _issue_slip(case: Case, kind: Slip.Kind, *, by: Officer, at: datetime, note: str = "") -> Slip:
    """Number, paper and row of a slip; its book is named after its kind. `note` is the reason that the slip tells."""
    year = timezone.localtime(at).year
    number = next_number(case.commune, kind, str(year))
    facts = papers.slip_facts(case, kind, number=number, year=year, by=by, at=at, note=note)
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


def extend(case: Case, *, by: Officer, at: datetime, note: str, until: datetime) -> Step:
    """The office will be late: it apologises, says why, and promises another time; once (one-stop.md A.5, Mẫu 04).

    The first promise stays on record. Raises NotAllowed the second time, and for a time that is no later.
    """
    _owes_role(Verb.EXTEND, by)
    if case.where not in MOVES[Verb.EXTEND].sources:
        raise CaseMoved(case)
    if until <= max(case.due_at, at):
        raise NotAllowed("Giờ hẹn lại phải sau giờ hẹn cũ và sau lúc này.")
    if Slip.objects.filter(case=case, kind=Slip.Kind.APOLOGY).exists():
        raise NotAllowed("Chỉ được hẹn lại một lần, hồ sơ này đã hẹn lại.")
    with transaction.atomic():
        promised_before = case.due_at
        sentence = f"Hẹn lại một lần, thay giờ hẹn {timezone.localtime(promised_before):%H:%M ngày %d/%m/%Y}."
        step = _move(case, Verb.EXTEND, by=by, at=at, note=note, due_at=until, due_sentence=sentence)
        _issue_slip(case, Slip.Kind.APOLOGY, by=by, at=at, note=note)
    return step


def asked_before(case: Case) -> Step | None:
    """The time papers were asked for already: the law allows it once (NĐ 118/2025 Điều 11, one-stop.md A.4)."""
    return Step.objects.filter(case=case, verb=Verb.ASK_FOR_PAPERS).select_related("by").first()


def ask_for_papers(case: Case, *, by: Officer, at: datetime, note: str, again: bool = False) -> Step:
    """Everything missing in one go, on Mẫu 02; the clock stands still until the citizen has brought it.

    A second time only with `again`: whoever does it has been told that the law allows it once. Else NotAllowed.
    """
    with transaction.atomic():
        if not again and (first := asked_before(case)):
            when = timezone.localtime(first.at)
            raise NotAllowed(
                f"Đã yêu cầu bổ sung một lần lúc {when:%H:%M ngày %d/%m/%Y}; quy định chỉ được yêu cầu một lần. "
                "Nếu vẫn phải yêu cầu, xác nhận trên trang hồ sơ."
            )
        step = _move(case, Verb.ASK_FOR_PAPERS, by=by, at=at, note=note)
        Pause.objects.create(commune_id=case.commune_id, case=case, since=at, reason=note)
        _issue_slip(case, Slip.Kind.SUPPLEMENT, by=by, at=at, note=note)
    return step


def take_papers(case: Case, *, by: Officer, at: datetime, note: str) -> Step:
    """What was missing is here: the clock goes on, the due time moves by the working time of the pause."""
    with transaction.atomic():
        step = _move(case, Verb.TAKE_PAPERS, by=by, at=at, note=note)
        Pause.objects.filter(case=case, until=None).update(until=at)
        pauses = [(pause.since, pause.until) for pause in Pause.objects.filter(case=case) if pause.until]
        calendar, appointment = calendar_of(case.commune), case.procedure.appointment(application_of(case))
        if Slip.objects.filter(case=case, kind=Slip.Kind.APOLOGY).exists():
            # another time was promised: that promise moves, not the first one
            due_at, sentence = due_after(case.due_at, used_between(*pauses[-1], calendar), calendar), case.due_sentence
        elif appointment and appointment.meeting:  # the day on which people meet does not move with their papers
            due_at, sentence = case.due_at, case.due_sentence
        else:
            due_at, sentence = due(case.procedure, case.received_at, calendar, pauses)
        Case.objects.filter(pk=case.pk).update(due_at=due_at, due_sentence=sentence)
    return step


def resume(case: Case, *, by: Officer, at: datetime) -> Step:
    """The review is done: the files are read anew, judged anew, and the three working hours begin.

    Raises NotReady while a rule still asks for the review. What now fails for good is refused in writing later.
    """
    with transaction.atomic():
        application = replace(application_now(case, by=by, at=at), officer_number=by.identity_number)
        if case.procedure.appointment(application):
            raise NotReady([finding for finding in case.procedure.judge(application) if finding.tone == Tone.LATER])
        due_at, sentence = due(case.procedure, at, calendar_of(case.commune))
        return _move(
            case,
            Verb.RESUME,
            by=by,
            at=at,
            handled_by=by,
            person=freeze_value(application.person),
            dossier=freeze_value(application.dossier),
            findings=[_frozen(finding) for finding in case.procedure.judge(application)],
            due_at=due_at,
            due_sentence=sentence,
        )


def submit(case: Case, *, by: Officer, at: datetime, note: str = "") -> Step:
    """Lay the file before the leader, result as asked. Raises NotAllowed where a condition of law is not met."""
    if failed := [row for row in case.findings if row["tone"] == Tone.FAIL]:
        raise NotAllowed(f"Không trình được kết quả: {failed[0]['message']} Trình văn bản từ chối.")
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
    parties = [citizen.identity_number for citizen in (case.citizen, case.other) if citizen]
    if officer.identity_number and officer.identity_number in parties:
        return "Không được giải quyết hồ sơ của chính mình. Đề nghị lãnh đạo trực khác ký."
    if not roster.may_sign_now(officer, at=at):
        return "Ông/bà không trong ca trực ký lúc này. Lịch trực do quản trị của xã phân công."
    return ""


def changed_since_receipt(case: Case, *, by: Officer, at: datetime) -> list[Finding]:
    """What the records say today against what they said at receipt: findings that would stop the case now.

    A death, a marriage, a certificate that another counter registered meanwhile; looked at again before the signature.
    A warning is no ground to hold back what was received without it. What a review owes again (a complaint) is one.
    """
    if case.outcome == Case.Outcome.REFUSE:
        return []
    found = case.procedure.judge(application_now(case, by=by, at=at))
    return [
        finding for finding in found if (finding.stops or finding.tone == Tone.LATER) and finding.rule.kind != Kind.WARN
    ]


def sign(case: Case, *, by: Officer, at: datetime, seen: str, confirmed: Collection[str] = ()) -> list[Result]:
    """Sign what was shown: numbers, papers, effects on the records, step and diary line in one transaction.

    1. `by` must be a leader on duty, not the one who received, not a party: else NotAllowed.
    2. `seen` is the digest of the previews shown; if a paper would now differ, NotAllowed (S-07).
    3. The records are judged again: what has changed since receipt and forbids the result, NotAllowed.
    4. `confirmed` are the ids of the rules of this stage that the leader has ticked; one missing, NotAllowed.
    5. The case moves from WAITING_SIGNATURE, or CaseMoved says who was faster.
    6. Number → paper → result row, one after the other; a paper that fails leaves nothing, not even the number (F-03).
    """
    with transaction.atomic():
        _one_after_the_other(case.citizen, case.other)
        Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        case.refresh_from_db()
        if case.where not in MOVES[Verb.SIGN].sources:
            raise CaseMoved(case)
        if reason := why_may_not_sign(case, by, at=at):
            raise NotAllowed(reason)
        if papers.digest(papers.drafts_of(case, by=by, at=at)) != seen:
            raise NotAllowed("Nội dung giấy đã thay đổi từ khi ông/bà mở xem. Xem lại rồi ký.")
        if changed := changed_since_receipt(case, by=by, at=at):
            said = " ".join(finding.rule.message for finding in changed)
            raise NotAllowed(f"Dữ liệu đã thay đổi từ khi tiếp nhận: {said} Trả lại để xử lý.")
        _owes_ticks(case, Stage.SIGNATURE, confirmed)
        _move(case, Verb.SIGN, by=by, at=at, note=_ticked(case, Stage.SIGNATURE), signed_at=at, signed_by=by)
        return _issue(case, by=by, at=at)


def asked_at(case: Case, stage: Stage) -> list[Rule]:
    """The rules of that stage that somebody has to look at and tick; none for a refusal."""
    if case.outcome == Case.Outcome.REFUSE:
        return []
    application = application_of(case)
    return [
        rule
        for rule in case.procedure.rules
        if rule.stage == stage and rule.in_force(application.day) and rule.check(application) == Answer.OFFICER
    ]


def _owes_ticks(case: Case, stage: Stage, confirmed: Collection[str]) -> None:
    for rule in asked_at(case, stage):
        if rule.id not in confirmed:
            raise NotAllowed(rule.message)


def _ticked(case: Case, stage: Stage) -> str:
    return "; ".join(rule.title for rule in asked_at(case, stage))[:500]


def _issue(case: Case, *, by: Officer, at: datetime) -> list[Result]:
    on = timezone.localtime(at).date()
    application = application_of(case)
    results: list[Result] = []
    numbers: dict[str, str] = {}
    for document in papers.documents_of(case, application, on=on):
        result = _issue_one(case, document, application, results, numbers, by=by, at=at)
        results.append(result)
        numbers[document.key] = result.full_number
    if case.outcome == Case.Outcome.REFUSE:
        return results
    effects = case.procedure.effects(application, on=on)
    act = Act(
        citizen=case.citizen,
        other=case.other,
        numbers=numbers,
        issuer=_issuer(case.commune, on),
        commune_id=case.commune_id,
        by=by,
        on=on,
        at=at,
    )
    carry_out((effect for effect in effects if not isinstance(effect, CasesEnd)), act)
    ministry.pass_on(case)  # where number and code were taken down before the signature
    for effect in effects:
        if isinstance(effect, CasesEnd):
            _end_cases(case, act.citizen_of(effect.who), effect, by=by, at=at)
    FollowUp.objects.bulk_create(
        FollowUp(commune_id=case.commune_id, case=case, text=text)
        for text in case.procedure.follow_ups(application, on=on)
    )
    return results


def _issue_one(
    case: Case,
    document: Document,
    application: Application,
    before: Sequence[Result],
    numbers: Mapping[str, str],
    *,
    by: Officer,
    at: datetime,
) -> Result:
    """Number, paper and row of one document; `before` and `numbers` are those of the documents signed before it."""
    on = timezone.localtime(at).date()
    shared = next((result for result in before if result.kind == document.shares_number_of), None)
    number = shared.number if shared else next_number(case.commune, document.book, str(on.year))
    token = new_token()
    facts = papers.result_facts(case, document, application, by=by, at=at, numbers=numbers, number=number, token=token)
    sheet = papers.render(document.template, facts)
    return Result.objects.create(
        commune_id=case.commune_id,
        case=case,
        kind=document.key,
        name=document.name,
        originals=document.originals,
        blank=document.blank,
        book=document.book,
        year=on.year,
        number=number,
        shares_number=shared is not None,
        symbol=papers.symbol_of(document, on),
        issued_on=on,
        signed_by=by,
        signed_at=at,
        signer_title=" ".join(facts["signer"]["lines"]),
        token=token,
        facts=freeze(facts),
        pdf=sheet.pdf,
        sha256=sheet.sha256,
    )


def _end_cases(case: Case, party: Citizen | None, end: CasesEnd, *, by: Officer, at: datetime) -> None:
    """Stop every other open case of that person: its ground is gone."""
    if party is None:
        return
    open_cases = Case.objects.here(case.commune_id).open().about(party).exclude(pk=case.pk)
    for other in open_cases.exclude(procedure_key__in=end.spares, other=party).order_by("pk"):
        _move(other, Verb.STOP, by=by, at=at, note=end.reason, closed_at=at)
        Pause.objects.filter(case=other, until=None).update(until=at)
        _issue_slip(other, Slip.Kind.STOP, by=by, at=at, note=end.reason)


def do_follow_up(follow_up: FollowUp, *, by: Officer, at: datetime) -> None:
    """What was owed after the signature is done; pressed twice it stays done by whom it was."""
    _owes_role(Verb.SUBMIT, by)
    with transaction.atomic():
        if FollowUp.objects.filter(pk=follow_up.pk, commune=by.commune, done_at=None).update(done_at=at, done_by=by):
            audit.record("follow_up", "case", follow_up.case.code, by=by, at=at, why=follow_up.text)


def give_out(
    case: Case,
    *,
    by: Officer,
    at: datetime,
    to: str,
    confirmed: Collection[str] = (),
    paper_on: date | None = None,
    paper_reason: str = "",
) -> Step:
    """The result is in the hands of `to`: the case ends, its control sheet (Mẫu 06) is closed.

    Where its originals are not on their pre-printed blanks, `paper_on` is the day on which the citizen comes back for
    the paper; today the electronic copy is given. Raises NotAllowed if a tick of this stage, a blank without such a
    day, or the number of the Ministry's software is missing, PaperFailed if the sheet cannot be made.
    """
    _owes_role(Verb.GIVE_OUT, by)
    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        _owes_ticks(case, Stage.GIVING_OUT, confirmed)
        if case.where in MOVES[Verb.GIVE_OUT].sources:
            _owes_papers(case, paper_on, paper_reason, by=by, at=at)
        step = _move(
            case,
            Verb.GIVE_OUT,
            by=by,
            at=at,
            note=_ticked(case, Stage.GIVING_OUT),
            given_out_at=at,
            given_out_by=by,
            given_out_to=to,
            closed_at=at,
        )
        _issue_slip(case, Slip.Kind.CONTROL, by=by, at=at)
    return step


def _owes_papers(case: Case, paper_on: date | None, paper_reason: str, *, by: Officer, at: datetime) -> None:
    if waiting := ministry.why_not_given_out(case, at=at):
        raise NotAllowed(waiting)
    if not stock.missing(case):
        return
    if paper_on is None:
        raise NotAllowed(stock.why_not_given_out(case))
    try:
        stock.owe_paper(case, due_on=paper_on, reason=paper_reason, by=by, at=at)
    except stock.StockRefused as refused:
        raise NotAllowed(refused.sentence) from refused


def withdraw(case: Case, *, by: Officer, at: datetime, note: str) -> Step:
    """The citizen no longer wants it, and gets Mẫu 05; possible until it is signed (one-stop.md A.3)."""
    with transaction.atomic():
        step = _move(case, Verb.WITHDRAW, by=by, at=at, note=note, closed_at=at)
        Pause.objects.filter(case=case, until=None).update(until=at)
        _issue_slip(case, Slip.Kind.STOP, by=by, at=at, note=note)
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
            state=move.leads_from(seen), **facts
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
        target=MOVES[verb].leads_from(State(source)) if source else _begins_in(verb),
        by=by,
        at=at,
        note=note,
    )
    audit.record(verb, "case", case.code, by=by, at=at, why=note)
    return step


def _begins_in(verb: Verb) -> State:
    """Where a case stands that begins with `verb`."""
    target = MOVES[verb].target
    assert target is not None, f"no case begins with {verb}"
    return target


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
