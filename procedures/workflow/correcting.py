"""A wrong paper is put right after its signature: proposed, signed by a leader, handed over (one-stop.md A.5, G.4).

Three ways: a new paper in place of one whose content is wrong, the recall of papers that should not stand, an official
letter about an error of form. The case stays where it is (MOVES), the correction has states of its own
(CORRECTION_MOVES). Number, papers, records, standing, step and diary line live or die together, as in `signing`.
Lock order as everywhere: case → correction → book → diary.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from oneshop import roster
from oneshop.models import Officer
from oneshop.roles import Role
from procedures import ministry, notices, stock
from procedures.applications import application_of
from procedures.books import bookkeeping
from procedures.catalogue import Document
from procedures.checking import check_keys
from procedures.frozen import freeze, freeze_value
from procedures.law.practices import is_practised
from procedures.models import Case, Correction, FollowUp, Notice, Result, Slip, Step, Void
from procedures.papers import correction_papers
from procedures.rules import Application, Finding, Kind, Stage, Tone
from procedures.rules.remedies import FEE_AGAIN
from procedures.signing import signatures
from procedures.signing.signers import why_may_not_sign
from procedures.states import CORRECTION_MOVES, CorrectionState, State, Verb
from procedures.workflow.moves import CaseMoved, NotAllowed, NotReady, frozen, move, one_after_the_other, owes_role
from procedures.workflow.redrafting import (
    as_corrected,
    chosen_of,
    day_of_effects,
    fall_of,
    fresh,
    gone,
    plan,
    standing_papers,
    undone,
    ways_of,
)
from procedures.workflow.signing import act_of, asked_at, effects_follow, issue_one
from procedures.workflow.slips import issue_slip

KEPT_BEFORE = ("answers", "officer_answers", "person", "other_person", "dossier", "findings", "refusal")
"""What a replacement changes of its case; `Correction.before` keeps it."""


# --- proposing ---
def propose_replacement(
    result: Result,
    *,
    fault: str,
    asked_by: str,
    reason: str,
    by: Officer,
    at: datetime,
    answers: Mapping[str, Any] | None = None,
    officer_answers: Mapping[str, bool] | None = None,
    refusal: Sequence[str] = (),
) -> Correction:
    """A paper of the right content is to come in place of `result`, made of these answers and of today's records.

    Of a refusal give the right reasons in `refusal`. Raises NotAllowed where the law of the subject leads elsewhere, or
    where nothing on the paper would change; NotReady if a rule stops the right paper too; PaperFailed.
    """
    lines = [{"text": line.strip(), "source": ""} for line in refusal if line.strip()]
    return _propose(
        Correction(
            case=result.case,
            result=result,
            kind=Correction.Kind.REPLACE,
            fault=fault,
            asked_by=asked_by,
            reason=reason.strip(),
            answers=freeze(dict(answers)) if answers is not None else result.case.answers,
            officer_answers=dict(officer_answers) if officer_answers is not None else result.case.officer_answers,
            refusal=lines or result.case.refusal,
        ),
        by=by,
        at=at,
    )


def propose_recall(
    result: Result, *, ground: str, decision: str, asked_by: str, reason: str, by: Officer, at: datetime
) -> Correction:
    """The papers of the case are to fall, all that one signature made, by `decision` (number, day, who decided)."""
    return _propose(
        Correction(
            case=result.case,
            result=result,
            kind=Correction.Kind.RECALL,
            ground=ground,
            decision=decision.strip(),
            asked_by=asked_by,
            reason=reason.strip(),
        ),
        by=by,
        at=at,
    )


def propose_letter(
    result: Result, *, wrong: str, right: str, asked_by: str, reason: str, by: Officer, at: datetime
) -> Correction:
    """`result` stays valid; an official letter says what stands wrongly on it and what should."""
    return _propose(
        Correction(
            case=result.case,
            result=result,
            kind=Correction.Kind.LETTER,
            wrong=wrong.strip(),
            right=right.strip(),
            asked_by=asked_by,
            reason=reason.strip(),
        ),
        by=by,
        at=at,
    )


def _propose(correction: Correction, *, by: Officer, at: datetime) -> Correction:
    owes_role(Verb.PROPOSE_CORRECTION, by)
    if not correction.reason:
        raise NotAllowed("Ghi rõ lý do.")
    with transaction.atomic():
        case = _held(correction.case_id)
        result = _main_of(Result.objects.select_related("case").get(pk=correction.result_id, commune=by.commune))
        _owes_way(correction, result, at=at)
        parties = [citizen.identity_number for citizen in (case.citizen, case.other) if citizen]
        if by.identity_number and by.identity_number in parties:
            raise NotAllowed("Không được giải quyết hồ sơ của chính mình. Đề nghị công chức khác.")
        correction.case, correction.result, correction.commune_id = case, result, case.commune_id
        correction.by, correction.at = by, at
        correction.save(force_insert=True)
        made = plan(correction, by=by, at=at)
        if stops := [finding for finding in made.findings if finding.stops]:
            raise NotReady(stops)
        if not made.redrafts:
            raise NotAllowed("Không còn giấy nào thay vào: thu hồi, hủy giấy này.")
        if correction.kind == Correction.Kind.REPLACE and not made.changes_content:
            raise NotAllowed("Giấy mới không khác giấy cũ chỗ nào: sửa câu trả lời, hoặc sửa dữ liệu công dân trước.")
        for redraft in made.redrafts:
            redraft.sheet()
        note = f"{correction.get_kind_display()}: {correction.reason}"
        step = move(case, Verb.PROPOSE_CORRECTION, by=by, at=at, note=note[:500])
        leaders = roster.on_duty(case.commune_id, Role.SIGNER, at=at)
        notices.tell_officers(Notice.Occasion.TO_SIGN, case, step, leaders, at=at)
    return correction


def _owes_way(correction: Correction, result: Result, *, at: datetime) -> None:
    ways = ways_of(result, at=at)
    if ways.why_not:
        raise NotAllowed(ways.why_not)
    if correction.kind == Correction.Kind.REPLACE and ways.why_not_replace:
        raise NotAllowed(ways.why_not_replace)
    if correction.kind == Correction.Kind.RECALL:
        if ways.why_not_recall:
            raise NotAllowed(ways.why_not_recall)
        if correction.ground not in ways.remedy.recalled_on:
            whose = "; ".join(ground.label for ground in ways.remedy.recalled_on)
            raise NotAllowed(f"Giấy này chỉ thu hồi, hủy được theo: {whose}.")


def _main_of(result: Result) -> Result:
    """The paper whose number `result` bears."""
    if not result.shares_number:
        return result
    same = Result.objects.filter(
        case_id=result.case_id, book=result.book, year=result.year, number=result.number, shares_number=False
    )
    return same.select_related("case").get(commune_id=result.commune_id)


def _held(case_id: int) -> Case:
    """The case, locked until the transaction ends, as it is now."""
    Case.objects.select_for_update(no_key=True).get(pk=case_id)
    return fresh(case_id)


# --- deciding ---
def why_may_not_sign_correction(correction: Correction, officer: Officer, *, at: datetime) -> str:
    """The sentence that keeps `officer` from signing, or nothing: like a result, and never what one proposed."""
    if correction.by_id == officer.pk:
        return "Ông/bà đã đề nghị việc này nên không được ký. Đề nghị lãnh đạo trực khác ký."
    return why_may_not_sign(correction.case, officer, at=at)


def sign_correction(
    correction: Correction, *, by: Officer, at: datetime, seen: str, confirmed: Collection[str] = ()
) -> list[Result]:
    """Sign what was shown: numbers, papers, the fall of the old ones, records, step and diary line together.

    1. `by` is a leader on duty who neither received nor proposed, and no party: else NotAllowed.
    2. The correction still waits, and the law of the subject still allows it: else CaseMoved, NotAllowed.
    3. `seen` is the digest of what was shown; if a paper would now differ, NotAllowed (S-07).
    4. The records, without what the wrong papers had done, are judged again; what stops a paper stops its correction.
    5. From this moment the old papers are replaced or cancelled, publicly; a paper that fails leaves all as it was.
    """
    owes_role(Verb.SIGN_CORRECTION, by)
    with transaction.atomic():
        one_after_the_other(correction.case.citizen, correction.case.other)
        case = _held(correction.case_id)
        correction = Correction.objects.select_related("result__case", "by").get(pk=correction.pk, commune=by.commune)
        if correction.where != CorrectionState.PROPOSED:
            raise CaseMoved(case)
        correction.case = case
        if reason := why_may_not_sign_correction(correction, by, at=at) or _closed_since(correction, at=at):
            raise NotAllowed(reason)
        made = plan(correction, by=by, at=at)
        if made.digest != seen:
            raise NotAllowed("Nội dung giấy đã thay đổi từ khi ông/bà mở xem. Xem lại rồi ký.")
        if stops := _stopping(made.findings):
            said = " ".join(finding.rule.message for finding in stops)
            raise NotAllowed(f"Dữ liệu đã thay đổi: {said} Trả lại để xử lý.")
        for rule in made.owed:
            if rule.id not in confirmed:
                raise NotAllowed(rule.message)
        check_keys.be_ready(case.commune_id, by=by, at=at)
        before = {name: getattr(case, name) for name in KEPT_BEFORE} if _replaces(correction) else None
        _moved(correction, Verb.SIGN_CORRECTION, decided_by=by, decided_at=at, before=before)
        note = f"{correction.get_kind_display()}: {correction.result.name} số {correction.result.full_number}"
        step = move(case, Verb.SIGN_CORRECTION, by=by, at=at, note=note[:500])
        notices.settled(Notice.Occasion.TO_SIGN, case, at=at)
        if case.where != State.SIGNED:  # else the citizen has been told that a result is here
            notices.tell_citizen(Notice.Occasion.CORRECTED, case, step, at=at)
        match correction.kind:
            case Correction.Kind.REPLACE:
                return _replace(correction, by=by, at=at)
            case Correction.Kind.RECALL:
                return _recall(correction, by=by, at=at)
            case _:
                ruled = correction_papers.ruled_today(case, at=at)
                about = correction_papers.letter_facts(ruled, correction)
                return [_issue_about(correction, correction_papers.letter_of(ruled), about, by=by, at=at)]


def _replaces(correction: Correction) -> bool:
    return correction.kind == Correction.Kind.REPLACE


def _closed_since(correction: Correction, *, at: datetime) -> str:
    """Why what was open when it was proposed is no longer: its paper has fallen or was given out meanwhile."""
    result = correction.result
    if result.standing != Result.Standing.VALID:
        return f"Giấy này {result.get_standing_display().lower()}. Trả lại đề nghị."
    ways = ways_of(result, at=at)
    return ways.why_not_replace if _replaces(correction) else ""


def _stopping(findings: Sequence[Finding]) -> list[Finding]:
    return [
        finding
        for finding in findings
        if (finding.stops or finding.tone == Tone.LATER) and finding.rule.kind != Kind.WARN
    ]


def _moved(correction: Correction, verb: Verb, **facts: object) -> None:
    """Carry the correction along its row of CORRECTION_MOVES, or raise CaseMoved."""
    source, target = CORRECTION_MOVES[verb]
    if not Correction.objects.filter(pk=correction.pk, state=source).update(state=target, **facts):
        raise CaseMoved(correction.case)
    for name, value in {"state": target, **facts}.items():
        setattr(correction, name, value)


def _replace(correction: Correction, *, by: Officer, at: datetime) -> list[Result]:
    case = fresh(correction.case_id)
    standing = standing_papers(case)
    first_day = day_of_effects(case, standing, at)
    case, application = as_corrected(case, correction, standing, by=by, at=at)
    case = _now_holds(case, correction, application)
    chosen = chosen_of(case, application, correction, standing, by, at=at)
    replaced = [choice.old for choice in chosen if choice.is_replaced and choice.old]
    _let_fall(replaced, Result.Standing.REPLACED, correction, by=by, at=at)
    _let_fall(gone(chosen, standing), Result.Standing.CANCELLED, correction, by=by, at=at)
    made: list[Result] = []
    numbers: dict[str, str] = {}
    for choice in chosen:
        if choice.is_replaced:
            paper = issue_one(
                case,
                choice.document,
                application,
                made,
                numbers,
                by=by,
                at=at,
                replaces=choice.line,
                correction=correction,
            )
            made.append(paper)
            if choice.old:
                Result.objects.filter(pk=choice.old.pk).update(replaced_by=paper)
            numbers[choice.document.key] = paper.full_number
        else:
            assert choice.old is not None, "what is not replaced stands"
            numbers[choice.document.key] = choice.old.full_number
    if case.outcome == Case.Outcome.REFUSE:
        return made
    effects_follow(case, application_of(case), act_of(case, numbers, by=by, on=first_day, at=at))
    known = set(FollowUp.objects.filter(case=case).values_list("text", flat=True))
    _owe(case, [text for text in case.procedure.follow_ups(application, on=first_day) if text not in known])
    return made


def _now_holds(case: Case, correction: Correction, application: Application) -> Case:
    """The case frozen anew, as it should have been."""
    facts: dict[str, Any] = {"refusal": correction.refusal}
    if case.outcome == Case.Outcome.GRANT:
        facts |= {
            "answers": correction.answers,
            "officer_answers": correction.officer_answers,
            "person": freeze_value(application.person),
            "other_person": freeze_value(application.other) if application.other else None,
            "dossier": freeze_value(application.dossier),
            "findings": [frozen(finding) for finding in case.procedure.judge(application)],
        }
    Case.objects.filter(pk=case.pk).update(**facts)
    return fresh(case.pk)


def _recall(correction: Correction, *, by: Officer, at: datetime) -> list[Result]:
    case = fresh(correction.case_id)
    standing = standing_papers(case)
    left = undone(case, standing, fall_of(correction, case, by=by, at=at), but=correction)
    ruled = correction_papers.ruled_today(case, at=at)
    about = correction_papers.recall_facts(ruled, correction, standing, at=at)
    _let_fall(standing, Result.Standing.CANCELLED, correction, by=by, at=at)
    notice = _issue_about(correction, correction_papers.recall_of(ruled), about, by=by, at=at)
    _owe(case, left)
    return [notice]


def _let_fall(
    fallen: Sequence[Result], standing: Result.Standing, correction: Correction, *, by: Officer, at: datetime
) -> None:
    """From now on these papers are what `standing` says, publicly; their numbers stay in the books as void. The sheets
    of papers that never left the office are spoiled."""
    in_house = [paper for paper in fallen if correction.case.where == State.SIGNED or _never_handed(paper)]
    on = timezone.localtime(at).date()
    reason = Void.Reason.WRONG if standing == Result.Standing.REPLACED else Void.Reason.CANCELLED
    for paper in fallen:
        if not Result.objects.filter(pk=paper.pk, standing=Result.Standing.VALID).update(
            standing=standing, standing_on=on
        ):
            raise CaseMoved(correction.case)
        if not paper.shares_number:
            bookkeeping.let_fall(paper, reason, why=correction.reason, by=by, at=at, standing=standing)
    stock.spoil_fallen(in_house, reason=f"Giấy sai, {standing.label.lower()} trước khi trả", by=by, at=at)


def _issue_about(
    correction: Correction, document: Document, about: Mapping[str, object], *, by: Officer, at: datetime
) -> Result:
    case = fresh(correction.case_id)
    return issue_one(case, document, application_of(case), [], {}, by=by, at=at, about=about, correction=correction)


def _owe(case: Case, texts: Sequence[str]) -> None:
    FollowUp.objects.bulk_create(
        FollowUp(commune_id=case.commune_id, case=case, text=text[:300]) for text in dict.fromkeys(texts)
    )


def return_correction(correction: Correction, *, by: Officer, at: datetime, note: str) -> Step:
    """The leader sends the proposal back with the reason; the papers stay as they are."""
    owes_role(Verb.RETURN_CORRECTION, by)
    if correction.by_id == by.pk:
        raise NotAllowed("Ông/bà đã đề nghị việc này: rút đề nghị trên trang của nó.")
    with transaction.atomic():
        case = _held(correction.case_id)
        step = move(case, Verb.RETURN_CORRECTION, by=by, at=at, note=note)
        _moved(correction, Verb.RETURN_CORRECTION, decided_by=by, decided_at=at, answer=note[:500])
        notices.settled(Notice.Occasion.TO_SIGN, case, at=at)
        notices.tell_officers(Notice.Occasion.SENT_BACK, case, step, [correction.by], at=at)
    return step


def drop_correction(correction: Correction, *, by: Officer, at: datetime) -> Step:
    """Who proposed it, or another specialist, takes it back before it was decided."""
    owes_role(Verb.DROP_CORRECTION, by)
    with transaction.atomic():
        case = _held(correction.case_id)
        step = move(case, Verb.DROP_CORRECTION, by=by, at=at)
        _moved(correction, Verb.DROP_CORRECTION, decided_by=by, decided_at=at)
        notices.settled(Notice.Occasion.TO_SIGN, case, at=at)
    return step


# --- into the citizen's hand ---
def fee_again(correction: Correction, *, at: datetime) -> int:
    """What is owed for the new paper, in đồng: nothing where the office was wrong (one-stop.md A.5) or the paper had
    not been given out yet, else as the commune rules."""
    if not _replaces(correction) or correction.fault != Correction.Fault.APPLICANT:
        return 0
    case = correction.case
    if case.where != State.GIVEN_OUT:
        return 0
    if not is_practised(FEE_AGAIN, case.commune_id, timezone.localtime(at).date()):
        return 0
    return case.procedure.charge(application_of(case)).amount


def why_not_handed(correction: Correction, *, at: datetime) -> str:
    """What the new papers still wait for: their blanks, their number in the Ministry's software; or nothing."""
    case = correction.case
    if _replaces(correction) and (waiting := ministry.why_not_given_out(case, at=at)):
        return waiting
    made = {paper.pk for paper in correction.papers.all()}
    if any(result.pk in made for result, _ in stock.missing(case)):
        return stock.why_not_given_out(case)
    return signatures.why_not_given_out(case)


def hand_correction(
    correction: Correction,
    *,
    by: Officer,
    at: datetime,
    to: str,
    old_paper: str = "",
    returned_copies: int | None = None,
    confirmed: Collection[str] = (),
    inked: bool = False,
) -> Step:
    """The new paper, the letter or the notice is in the hands of `to`; what became of the old paper is written down.

    `inked` as in `give_out`. A fee that is owed again is taken on a slip. Raises NotAllowed while blanks, digital
    signatures or the Ministry's number are missing.
    """
    owes_role(Verb.HAND_CORRECTION, by)
    if not to.strip():
        raise NotAllowed("Ghi họ tên người nhận.")
    if correction.kind != Correction.Kind.LETTER and not old_paper:
        raise NotAllowed("Ghi giấy cũ đã thu lại hay chưa.")
    with transaction.atomic():
        case = _held(correction.case_id)
        correction = Correction.objects.select_related("result").get(pk=correction.pk, commune=by.commune)
        correction.case = case
        if correction.where != CorrectionState.SIGNED:
            raise CaseMoved(case)
        if not correction.papers.filter(standing=Result.Standing.VALID).exists():
            raise NotAllowed("Giấy này đã hết giá trị trước khi trao: không trao nữa.")
        if waiting := why_not_handed(correction, at=at):
            raise NotAllowed(waiting)
        if signatures.owes_ink(case, made_by=correction) and not inked:
            raise NotAllowed(signatures.INK_OWED)
        if _replaces(correction):
            for rule in asked_at(case, Stage.GIVING_OUT):
                if rule.id not in confirmed:
                    raise NotAllowed(rule.message)
        step = move(
            case, Verb.HAND_CORRECTION, by=by, at=at, note=Correction.OldPaper(old_paper).label if old_paper else ""
        )
        if fee_again(correction, at=at):
            issue_slip(case, Slip.Kind.FEE, by=by, at=at)
        _moved(
            correction,
            Verb.HAND_CORRECTION,
            handed_at=at,
            handed_by=by,
            handed_to=to.strip(),
            old_paper=old_paper,
            returned_copies=returned_copies if old_paper == Correction.OldPaper.RETURNED else None,
        )
        fallen = held_papers_of(correction)
        if old_paper == Correction.OldPaper.RETURNED:
            stock.spoil_fallen(fallen, reason="Giấy sai, đã thu lại", by=by, at=at)
        if old_paper == Correction.OldPaper.KEPT:
            _owe(
                case,
                [f"Thu lại {paper.name} số {paper.full_number}: chưa thu được khi trao giấy mới." for paper in fallen],
            )
    return step


def old_papers_of(correction: Correction) -> list[Result]:
    """The papers that fell by it."""
    if correction.kind == Correction.Kind.LETTER:
        return []
    rows = Result.objects.filter(case_id=correction.case_id).defer("pdf", "facts").order_by("pk")
    if correction.kind == Correction.Kind.REPLACE:
        return list(rows.filter(replaced_by__correction=correction))
    assert correction.decided_at is not None, "a recall that was signed"
    on = timezone.localtime(correction.decided_at).date()
    return list(rows.filter(standing=Result.Standing.CANCELLED, standing_on=on, signed_at__lt=correction.decided_at))


def held_papers_of(correction: Correction) -> list[Result]:
    """What is to be taken back for it: the papers that fell, or, of one that was never handed over, the earlier one in
    whose place it came."""
    left, held = old_papers_of(correction), []
    while left:
        paper = left.pop(0)
        if _never_handed(paper):
            left += Result.objects.filter(replaced_by=paper).defer("pdf", "facts").order_by("pk")
        else:
            held.append(paper)
    return held


def _never_handed(paper: Result) -> bool:
    """It came in the place of another, and fell itself before anybody had it in hand."""
    return paper.correction is not None and paper.correction.where == CorrectionState.SIGNED


def hand_with_the_result(case: Case, *, by: Officer, at: datetime, to: str) -> None:
    """What was put right before the result was given out goes into the same hand; the old papers never left."""
    for correction in Correction.objects.filter(case=case, state=CorrectionState.SIGNED):
        correction.case = case
        never_left = "" if correction.kind == Correction.Kind.LETTER else Correction.OldPaper.NEVER_LEFT
        _moved(correction, Verb.HAND_CORRECTION, handed_at=at, handed_by=by, handed_to=to, old_paper=never_left)


def why_proposal_waits(case: Case) -> str:
    """While a proposal waits for the leader nothing that it speaks of leaves the office, or ends another way."""
    if Correction.objects.filter(case=case, state=CorrectionState.PROPOSED).exists():
        return "Giấy của hồ sơ này đang chờ lãnh đạo quyết định sửa, thay hoặc thu hồi."
    return ""
