"""Between receipt and signature: take over, ask for papers, lay before the leader, or end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from oneshop import audit, roster
from oneshop.models import Officer
from oneshop.roles import Role
from procedures import notices, reckoning
from procedures.applications import application_now
from procedures.checking.public_link import new_token
from procedures.clock import CalendarEnds, is_open, used_between
from procedures.clock import due_at as due_after
from procedures.frozen import freeze_value
from procedures.models import Case, Notice, Pause, Slip, Step
from procedures.opening import calendar_of, hold_calendar, version_of
from procedures.rules import Tone
from procedures.states import MOVES, State, Verb
from procedures.workflow.moves import CaseMoved, NotAllowed, NotReady, frozen, move, owes_role
from procedures.workflow.promises import due, promise_under
from procedures.workflow.slips import issue_slip


def hand_over(case: Case, *, by: Officer, at: datetime) -> Step:
    """The specialist takes the file over."""
    return move(case, Verb.HAND_OVER, by=by, at=at, handled_by=by)


def extend(case: Case, *, by: Officer, at: datetime, note: str, until: datetime) -> Step:
    """The office will be late: it apologises, says why, and promises another time; once (one-stop.md A.5, Mẫu 04).

    The first promise stays on record. Raises NotAllowed the second time, and for a time that is no later, or lies in a
    year without a plan, or outside the hours in which anybody could keep it.
    """
    owes_role(Verb.EXTEND, by)
    if case.where not in MOVES[Verb.EXTEND].sources:
        raise CaseMoved(case)
    if until <= max(case.due_at, at):
        raise NotAllowed("Giờ hẹn lại phải sau giờ hẹn cũ và sau lúc này.")
    try:
        is_kept = is_open(until - timedelta(minutes=1), calendar_of(case.commune_id))
    except CalendarEnds as ends:
        raise NotAllowed(f"Chưa có lịch làm việc năm {ends.year}: hẹn một ngày gần hơn.") from ends
    if not is_kept:
        raise NotAllowed("Giờ hẹn lại phải nằm trong giờ làm việc.")
    if Slip.objects.filter(case=case, kind=Slip.Kind.APOLOGY).exists():
        raise NotAllowed("Chỉ được hẹn lại một lần, hồ sơ này đã hẹn lại.")
    with transaction.atomic():
        promised_before = case.due_at
        sentence = f"Hẹn lại một lần, thay giờ hẹn {timezone.localtime(promised_before):%H:%M ngày %d/%m/%Y}."
        step = move(case, Verb.EXTEND, by=by, at=at, note=note, due_at=until, due_sentence=sentence)
        issue_slip(case, Slip.Kind.APOLOGY, by=by, at=at, note=note)
        notices.tell_citizen(Notice.Occasion.LATE, case, step, at=at)
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
        step = move(case, Verb.ASK_FOR_PAPERS, by=by, at=at, note=note)
        Pause.objects.create(commune_id=case.commune_id, case=case, since=at, reason=note)
        issue_slip(case, Slip.Kind.SUPPLEMENT, by=by, at=at, note=note)
        notices.tell_citizen(Notice.Occasion.SUPPLEMENT, case, step, at=at)
    return step


def take_papers(case: Case, *, by: Officer, at: datetime, note: str) -> Step:
    """What was missing is here: the clock goes on, the due time moves by the working time of the pause."""
    with transaction.atomic():
        hold_calendar(case.commune_id)
        step = move(case, Verb.TAKE_PAPERS, by=by, at=at, note=note)
        Pause.objects.filter(case=case, until=None).update(until=at)
        calendar = calendar_of(case.commune)
        if promise := promise_under(case, calendar):
            due_at, sentence = promise
        else:  # another time was promised: that promise moves, not the first one
            last = Pause.objects.filter(case=case).order_by("since").last()
            assert last is not None, "papers are taken after a pause"
            assert last.until is not None, "the pause was ended just now"
            paused = used_between(last.since, last.until, calendar)
            due_at, sentence = due_after(case.due_at, paused, calendar), case.due_sentence
        Case.objects.filter(pk=case.pk).update(
            due_at=due_at, due_sentence=sentence, calendar_version=version_of(case.commune)
        )
    return step


def resume(case: Case, *, by: Officer, at: datetime) -> Step:
    """The review is done: the files are read anew, judged anew, and the three working hours begin.

    Raises NotReady while a rule still asks for the review. What now fails for good is refused in writing later.
    """
    with transaction.atomic():
        hold_calendar(case.commune_id)
        application = replace(application_now(case, by=by, at=at), officer_number=by.identity_number)
        if case.procedure.appointment(application):
            raise NotReady([finding for finding in case.procedure.judge(application) if finding.tone == Tone.LATER])
        due_at, sentence = due(case.procedure, at, calendar_of(case.commune))
        return move(
            case,
            Verb.RESUME,
            by=by,
            at=at,
            handled_by=by,
            person=freeze_value(application.person),
            dossier=freeze_value(application.dossier),
            findings=[frozen(finding) for finding in case.procedure.judge(application)],
            due_at=due_at,
            due_sentence=sentence,
            calendar_version=version_of(case.commune),
        )


def submit(case: Case, *, by: Officer, at: datetime, note: str = "") -> Step:
    """Lay the file before the leader, result as asked. Raises NotAllowed where a condition of law is not met."""
    if failed := [row for row in case.findings if row["tone"] == Tone.FAIL]:
        raise NotAllowed(f"Không trình được kết quả: {failed[0]['message']} Trình văn bản từ chối.")
    with transaction.atomic():
        step = move(case, Verb.SUBMIT, by=by, at=at, note=note, outcome=Case.Outcome.GRANT, refusal=[], handled_by=by)
        _call_leaders(case, step, at=at)
    return step


def submit_refusal(case: Case, *, by: Officer, at: datetime, note: str) -> Step:
    """Lay a written refusal before the leader: only the head refuses, with reasons (Luật Hộ tịch Điều 5)."""
    reasons = [{"text": line.strip(), "source": ""} for line in note.splitlines() if line.strip()]
    with transaction.atomic():
        step = move(
            case,
            Verb.SUBMIT_REFUSAL,
            by=by,
            at=at,
            note=note,
            outcome=Case.Outcome.REFUSE,
            refusal=reasons,
            handled_by=by,
        )
        _call_leaders(case, step, at=at)
    return step


def _call_leaders(case: Case, step: Step, *, at: datetime) -> None:
    """The first that waits calls; those that come while it waits are seen with it."""
    notices.settled(Notice.Occasion.SENT_BACK, case, at=at)
    waiting = Case.objects.here(case.commune_id).waiting_for(State.WAITING_SIGNATURE).exclude(pk=case.pk)
    if not waiting.exists():
        leaders = roster.on_duty(case.commune_id, Role.SIGNER, at=at)
        notices.tell_officers(Notice.Occasion.TO_SIGN, case, step, leaders, at=at)


def send_back(case: Case, *, by: Officer, at: datetime, note: str) -> Step:
    """The leader gives the file back to the specialist, with the reason."""
    with transaction.atomic():
        step = move(case, Verb.SEND_BACK, by=by, at=at, note=note)
        notices.settled(Notice.Occasion.TO_SIGN, case, at=at)
        if case.handled_by:
            notices.tell_officers(Notice.Occasion.SENT_BACK, case, step, [case.handled_by], at=at)
    return step


def withdraw(case: Case, *, by: Officer, at: datetime, note: str) -> Step:
    """The citizen no longer wants it, and gets Mẫu 05; possible until it is signed (one-stop.md A.3)."""
    with transaction.atomic():
        step = move(case, Verb.WITHDRAW, by=by, at=at, note=note, closed_at=at)
        Pause.objects.filter(case=case, until=None).update(until=at)
        reckoning.close(case, Verb.WITHDRAW, at=at)
        issue_slip(case, Slip.Kind.STOP, by=by, at=at, note=note)
    return step


def revoke_link(case: Case, *, by: Officer, at: datetime) -> None:
    """The link printed on the slip leads nowhere from now on, like one that never was (S-30, S-32)."""
    owes_role(Verb.RECEIVE, by)
    with transaction.atomic():
        Case.objects.filter(pk=case.pk, commune=by.commune).update(token=new_token())
        audit.record("revoke_link", "case", case.code, by=by, at=at)
