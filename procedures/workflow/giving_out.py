"""After the signature: the result in the citizen's hand, and what is still owed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from citizens.records import Fall
from oneshop import audit
from oneshop.models import Officer
from procedures import ministry, stock
from procedures.books import bookkeeping
from procedures.models import Case, FollowUp, Result, Slip, Step, Void
from procedures.rules import Stage
from procedures.signing import signatures
from procedures.states import MOVES, Verb
from procedures.workflow.correcting import hand_with_the_result, why_proposal_waits
from procedures.workflow.moves import NotAllowed, move, owes_role
from procedures.workflow.redrafting import standing_papers, undone
from procedures.workflow.signing import owes_ticks, ticked
from procedures.workflow.slips import issue_slip


def give_out(
    case: Case,
    *,
    by: Officer,
    at: datetime,
    to: str,
    confirmed: Collection[str] = (),
    paper_on: date | None = None,
    paper_reason: str = "",
    inked: bool = False,
) -> Step:
    """The result is in the hands of `to`: the case ends, its control sheet (Mẫu 06) is closed.

    `inked`: who gives it out has seen pen and stamp on every original that is signed by hand; owed where there is one
    and the paper does not come later.

    Where its originals are not on their pre-printed blanks, `paper_on` is the day on which the citizen comes back for
    the paper; today the electronic copy is given. Raises NotAllowed if a tick of this stage, a blank without such a
    day, or the number of the Ministry's software is missing, PaperFailed if the sheet cannot be made.
    """
    owes_role(Verb.GIVE_OUT, by)
    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        owes_ticks(case, Stage.GIVING_OUT, confirmed)
        if case.where in MOVES[Verb.GIVE_OUT].sources:
            if waiting := why_proposal_waits(case):
                raise NotAllowed(waiting)
            _owes_papers(case, paper_on, paper_reason, by=by, at=at)
        owes_ink = signatures.owes_ink(case)
        if owes_ink and not inked and paper_on is None:
            raise NotAllowed(signatures.INK_OWED)
        note = ticked(case, Stage.GIVING_OUT)
        step = move(
            case,
            Verb.GIVE_OUT,
            by=by,
            at=at,
            note="; ".join(filter(None, [note, "Đã ký tay, đóng dấu" if inked and owes_ink else ""]))[:500],
            given_out_at=at,
            given_out_by=by,
            given_out_to=to,
            closed_at=at,
        )
        hand_with_the_result(case, by=by, at=at, to=to)
        issue_slip(case, Slip.Kind.CONTROL, by=by, at=at)
    return step


def _owes_papers(case: Case, paper_on: date | None, paper_reason: str, *, by: Officer, at: datetime) -> None:
    if waiting := ministry.why_not_given_out(case, at=at) or signatures.why_not_given_out(case):
        raise NotAllowed(waiting)
    if not stock.missing(case):
        return
    if paper_on is None:
        raise NotAllowed(stock.why_not_given_out(case))
    try:
        stock.owe_paper(case, due_on=paper_on, reason=paper_reason, by=by, at=at)
    except stock.StockRefused as refused:
        raise NotAllowed(refused.sentence) from refused


def annul(case: Case, *, by: Officer, at: datetime, note: str) -> Step:
    """A result that was signed and not handed over is none: its citizen has died or no longer wants it (F-56).

    The case ends, its papers say so at once, its numbers stay in their books as void, its blanks are spoiled. What the
    signature had made true in books and files is true no longer; where that cannot be undone, NotAllowed says why.
    """
    on = timezone.localtime(at).date()
    with transaction.atomic():
        step = move(case, Verb.ANNUL, by=by, at=at, note=note, closed_at=at)
        if waiting := why_proposal_waits(case):
            raise NotAllowed(waiting)
        results = list(Result.objects.filter(case=case, standing=Result.Standing.VALID).order_by("pk"))
        fall = Fall(on=on, at=at, by=by, basis=f"Hồ sơ {case.code}: {note}"[:300], replaced=False, in_hand=False)
        left = undone(case, standing_papers(case), fall)
        for result in results:
            if result.shares_number:
                Result.objects.filter(pk=result.pk).update(standing=Result.Standing.CANCELLED, standing_on=on)
            else:
                bookkeeping.let_fall(result, Void.Reason.ENDED, why=note, by=by, at=at)
        stock.spoil_fallen(results, reason="Kết quả bị hủy trước khi trả", by=by, at=at)
        FollowUp.objects.bulk_create(FollowUp(commune_id=case.commune_id, case=case, text=text[:300]) for text in left)
    return step


def do_follow_up(follow_up: FollowUp, *, by: Officer, at: datetime) -> None:
    """What was owed after the signature is done; pressed twice it stays done by whom it was."""
    owes_role(Verb.SUBMIT, by)
    with transaction.atomic():
        if FollowUp.objects.filter(pk=follow_up.pk, commune=by.commune, done_at=None).update(done_at=at, done_by=by):
            audit.record("follow_up", "case", follow_up.case.code, by=by, at=at, why=follow_up.text)
