"""After the signature: the result in the citizen's hand, and what is still owed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from citizens import old_books
from citizens.effects import CertificateGiven, CertificatesTakenBack, Died, EntryMade, Married
from citizens.models import Certificate
from citizens.register import Standing
from oneshop import audit
from oneshop.models import Officer
from procedures import bookkeeping, ministry, signatures, stock
from procedures.applications import application_of
from procedures.catalogue import CasesEnd
from procedures.models import Blank, Case, FollowUp, Result, Slip, Step, Void
from procedures.rules import Stage
from procedures.states import MOVES, Verb
from procedures.workflow.moves import NotAllowed, move, owes_role
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
) -> Step:
    """The result is in the hands of `to`: the case ends, its control sheet (Mẫu 06) is closed.

    Where its originals are not on their pre-printed blanks, `paper_on` is the day on which the citizen comes back for
    the paper; today the electronic copy is given. Raises NotAllowed if a tick of this stage, a blank without such a
    day, or the number of the Ministry's software is missing, PaperFailed if the sheet cannot be made.
    """
    owes_role(Verb.GIVE_OUT, by)
    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        owes_ticks(case, Stage.GIVING_OUT, confirmed)
        if case.where in MOVES[Verb.GIVE_OUT].sources:
            _owes_papers(case, paper_on, paper_reason, by=by, at=at)
        step = move(
            case,
            Verb.GIVE_OUT,
            by=by,
            at=at,
            note=ticked(case, Stage.GIVING_OUT),
            given_out_at=at,
            given_out_by=by,
            given_out_to=to,
            closed_at=at,
        )
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

    The case ends, its papers say so at once, its numbers stay in their books as void. What the signature wrote into
    certificates and civil-status entries is struck; what else it changed is named as work to do.
    """
    on = timezone.localtime(at).date()
    with transaction.atomic():
        step = move(case, Verb.ANNUL, by=by, at=at, note=note, closed_at=at)
        results = list(Result.objects.filter(case=case, standing=Result.Standing.VALID).order_by("pk"))
        for result in results:
            if result.shares_number:
                Result.objects.filter(pk=result.pk).update(standing=Result.Standing.CANCELLED, standing_on=on)
            else:
                bookkeeping.let_fall(result, Void.Reason.ENDED, why=note, by=by, at=at)
        parties = [citizen for citizen in (case.citizen, case.other) if citizen]
        Certificate.objects.filter(
            citizen__in=parties, number__in=[result.full_number for result in results], issued_on__year=step.at.year
        ).update(ended_on=on)
        entries = list(ministry.entries_made(case))
        for entry in entries:
            old_books.strike(entry, Standing.CANCELLED, basis=f"Hồ sơ {case.code}: {note}", by=by, at=at, on=on)
        FollowUp.objects.bulk_create(
            FollowUp(commune_id=case.commune_id, case=case, text=text) for text in _left_after(case, results)
        )
    return step


UNDONE = (CertificateGiven, CertificatesTakenBack, EntryMade, Married, Died, CasesEnd)
"""Effects that need no further look: struck with the entry, ended with the certificate, or not to be taken back."""


def _left_after(case: Case, results: Sequence[Result]) -> list[str]:
    """What an annulled result leaves to be done by hand."""
    left = [
        f"Ghi hỏng phôi {blank.serial} đã in kết quả bị hủy."
        for blank in Blank.objects.filter(result__in=results, state=Blank.State.USED)
    ]
    if case.outcome == Case.Outcome.REFUSE:
        return left
    effects = case.procedure.effects(application_of(case), on=results[0].issued_on) if results else []
    if any(not isinstance(effect, UNDONE) for effect in effects):
        left.append("Xem lại hồ sơ lưu của người dân: kết quả bị hủy đã ghi vào đó khi ký.")
    return left


def do_follow_up(follow_up: FollowUp, *, by: Officer, at: datetime) -> None:
    """What was owed after the signature is done; pressed twice it stays done by whom it was."""
    owes_role(Verb.SUBMIT, by)
    with transaction.atomic():
        if FollowUp.objects.filter(pk=follow_up.pk, commune=by.commune, done_at=None).update(done_at=at, done_by=by):
            audit.record("follow_up", "case", follow_up.case.code, by=by, at=at, why=follow_up.text)
