"""Signing many at one confirmation: only what the leader was shown, at most twenty, each in a transaction of its own.

Source: quality.md S-07 (a factor no older than five minutes, one for at most 20 shown papers), I10.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from citizens.models import RecordChanged
from oneshop import audit
from oneshop.keys import FACTOR_LASTS
from oneshop.models import Officer
from procedures import papers
from procedures.models import Case, Result, Showing, SigningRound, SigningTurn
from procedures.numbering import BookClosed
from procedures.workflow.moves import CaseMoved, NotAllowed
from procedures.workflow.signing import sign

MOST = 20

CANNOT = (CaseMoved, NotAllowed, RecordChanged, IntegrityError, BookClosed, papers.PaperFailed)


def why_not_signed(error: Exception) -> str:
    """What a leader is told of a signature that did not come about; in each case nothing was kept, no number used."""
    match error:
        case CaseMoved() | NotAllowed():
            return error.sentence
        case RecordChanged() | IntegrityError():
            # another desk wrote the same record in this very moment
            return "Dữ liệu vừa được nơi khác ghi cùng lúc nên chưa ký; chưa dùng số nào. Xem lại rồi ký."
        case BookClosed():
            return "Sổ năm nay đã khóa nên chưa ký được. Đề nghị công chức mở sổ."
        case papers.PaperFailed():
            return "Chưa tạo được giấy nên chưa ký; chưa dùng số nào. Thử lại, hoặc báo kỹ thuật."
    raise error


def show(case: Case, number: int, digest: str, *, to: Officer, at: datetime) -> None:
    """Keep that the picture of paper `number` of that digest was sent to the leader's screen."""
    assert to.commune_id is not None, "leaders belong to a commune"
    Showing.objects.bulk_create(
        [Showing(commune_id=to.commune_id, case=case, officer=to, digest=digest, number=number, at=at)],
        ignore_conflicts=True,
    )


def shown(cases: Collection[Case], *, to: Officer) -> dict[tuple[int, str], set[int]]:
    """Which papers of which digest of these cases the leader has had on the screen."""
    found: dict[tuple[int, str], set[int]] = {}
    for pk, digest, number in Showing.objects.filter(case__in=cases, officer=to).values_list(
        "case_id", "digest", "number"
    ):
        found.setdefault((pk, digest), set()).add(number)
    return found


@dataclass(frozen=True)
class Chosen:
    """A case to be signed with others: the digest that was shown, the rules of its stage that were ticked."""

    case: Case
    seen: str
    confirmed: Sequence[str] = ()


def begin_round(chosen: Sequence[Chosen], *, by: Officer, at: datetime) -> SigningRound:
    """Keep what is to be signed by this one confirmation; nothing is signed yet.

    Raises NotAllowed for none, for more than 20, and for a case whose papers were not all shown as they are (S-07).
    """
    assert by.commune_id is not None, "leaders belong to a commune"
    if not 1 <= len(chosen) <= MOST:
        raise NotAllowed(f"Chọn từ 1 đến {MOST} hồ sơ.")
    looked_at = shown([one.case for one in chosen], to=by)
    for one in chosen:
        drafts = papers.drafts_of(one.case, by=by, at=at)
        if looked_at.get((one.case.pk, one.seen), set()) < set(range(len(drafts))):
            raise NotAllowed(f"Hồ sơ {one.case.code}: chưa xem hết các bản sẽ ký. Cuộn đến bản giấy rồi ký.")
    with transaction.atomic():
        signing_round = SigningRound.objects.create(commune_id=by.commune_id, officer=by, confirmed_at=at)
        SigningTurn.objects.bulk_create(
            SigningTurn(
                commune_id=by.commune_id,
                round=signing_round,
                case=one.case,
                seen=one.seen,
                confirmed=list(one.confirmed),
            )
            for one in chosen
        )
        audit.record("begin", "signing_round", signing_round.pk, by=by, at=at, why=f"{len(chosen)} hồ sơ")
    return signing_round


def sign_next(signing_round: SigningRound, *, by: Officer, at: datetime) -> SigningTurn | None:
    """Sign the next case of the round, or say why not; None when none is left. One case, one transaction: whoever
    calls opens it, and what fails here is rolled back to before the signature alone.

    Two who ask at once take different cases. A round older than five minutes signs nothing more (S-07).
    """
    with transaction.atomic():
        turn = (
            signing_round.turns.select_for_update(skip_locked=True, of=("self",))
            .select_related("case__commune", "case__citizen", "case__other")
            .filter(outcome=SigningTurn.Outcome.WAITING, round__officer=by)
            .first()
        )
        if turn is None:
            return None
        turn.done_at = at
        try:
            if at - signing_round.confirmed_at > FACTOR_LASTS:
                raise NotAllowed("Đã quá 5 phút từ khi xác nhận. Mở hồ sơ và ký lại.")
            with transaction.atomic():
                results = sign(turn.case, by=by, at=at, seen=turn.seen, confirmed=turn.confirmed)
            turn.outcome, turn.sentence = SigningTurn.Outcome.SIGNED, said_of(results)
        except CANNOT as error:
            turn.outcome, turn.sentence = SigningTurn.Outcome.FAILED, why_not_signed(error)[:500]
        turn.save(update_fields=["outcome", "sentence", "done_at"])
        return turn


def said_of(results: Sequence[Result]) -> str:
    """`Giấy xác nhận tình trạng hôn nhân số 01/UBND-XNTTHN`."""
    return ", ".join(f"{result.name} số {result.full_number}" for result in results)[:500]


def tally(signing_round: SigningRound) -> Mapping[str, int]:
    """How many of the round are signed, failed, and waiting."""
    outcomes = list(signing_round.turns.values_list("outcome", flat=True))
    return {outcome: outcomes.count(outcome) for outcome in SigningTurn.Outcome.values}
