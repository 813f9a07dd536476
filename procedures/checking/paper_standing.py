"""What anyone may be told of how a paper stands: valid, corrected by letter, replaced by which one, cancelled.

Numbers, days and kinds of decisions, never a reason and never a person (S-31, I11, F-44).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from procedures.models import Correction, Result
from procedures.rules.remedies import Ground
from procedures.states import CorrectionState

DONE = (CorrectionState.SIGNED, CorrectionState.HANDED)


@dataclass(frozen=True)
class Letter:
    """An official letter that corrects the form of a paper, which stays valid."""

    number: str
    issued_on: date


@dataclass(frozen=True)
class Said:
    """`newest` stands at the end of the chain of replacements; `newest_fell` where even that one is no longer valid.
    `ground` is whose decision cancelled the paper. `letters` correct a paper that is valid."""

    newest: Result | None = None
    newest_fell: bool = False
    ground: str = ""
    letters: Sequence[Letter] = ()


def said_of(result: Result) -> Said:
    """How `result` stands now; call inside the walls of its commune."""
    match Result.Standing(result.standing):
        case Result.Standing.VALID:
            return Said(letters=_letters_about(result))
        case Result.Standing.REPLACED:
            newest = _newest(result)
            fell = newest is not None and newest.standing != Result.Standing.VALID
            return Said(newest, fell, _ground_of(newest) if newest and fell else "", _letters_about(newest))
        case Result.Standing.CANCELLED:
            return Said(ground=_ground_of(result))


def holder_of_paper(result: Result) -> str:
    """Whose name stands on this very paper: a replacement may have set the name of the case right."""
    later = Correction.objects.filter(case_id=result.case_id, decided_at__gt=result.signed_at).replaced().first()
    person = later.before["person"] if later and later.before else result.case.person
    return str(person.get("full_name", ""))


def _newest(result: Result) -> Result | None:
    """The last of the chain that begins with `result`: each replacement stands after the one before it."""
    seen, last = {result.pk}, result.replaced_by_id
    newest: Result | None = None
    while last is not None and last not in seen:
        newest = Result.objects.select_related("case").defer("pdf", "facts").get(pk=last)
        seen.add(newest.pk)
        last = newest.replaced_by_id
    return newest


def _letters_about(result: Result | None) -> list[Letter]:
    """Also those written of the main paper whose number it bears."""
    if result is None:
        return []
    letters = Result.objects.filter(
        correction__kind=Correction.Kind.LETTER,
        correction__state__in=DONE,
        correction__result__case_id=result.case_id,
        correction__result__book=result.book,
        correction__result__number=result.number,
        correction__result__year=result.year,
        standing=Result.Standing.VALID,
    )
    return [Letter(letter.full_number, letter.issued_on) for letter in letters.defer("pdf", "facts").order_by("pk")]


def _ground_of(result: Result) -> str:
    recall = Correction.objects.filter(case_id=result.case_id, kind=Correction.Kind.RECALL, state__in=DONE).last()
    return Ground(recall.ground).label if recall else ""
