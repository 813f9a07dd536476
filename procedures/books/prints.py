"""The print log and its only writer: a line for each paper sent to the printer, and what went wrong with it (I12).

A paper is a slip, a result or a form that the applicant signs. It is printed as often as originals are owed; once more
needs a reason. The same bytes each time: that it was printed again stands here, not on the paper (one-stop.md B.9).
A line is written when the officer presses print, before the bytes are served, and the bytes are served for that line
only: whoever asks for them twice (a browser that prefetches, a page loaded again) prints nothing twice.
Lock order: case → diary.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from citizens.models import Citizen
from oneshop import audit
from oneshop.models import Officer
from procedures import papers
from procedures.models import Case, Mishap, Print, Result, Slip
from procedures.papers.printing import pages_of

SERVED = timedelta(minutes=10)
"""How long the bytes of a print may be fetched: long enough for a slow printer dialogue, too short to keep a link."""


class PrintRefused(Exception):
    """Nothing was printed; the sentence says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Paper:
    """What can be printed: its name, its bytes, how many originals are owed, and what the log calls it."""

    key: str
    name: str
    pdf: bytes
    owed: int = 1
    slip: Slip | None = None
    result: Result | None = None
    declaration: int | None = None
    citizen: Citizen | None = None

    @property
    def file_name(self) -> str:
        return self.key.replace("/", "-")


def paper_of_slip(slip: Slip) -> Paper:
    return Paper(f"slip/{slip.pk}", slip.get_kind_display(), bytes(slip.pdf), slip=slip)


def paper_of_result(result: Result) -> Paper:
    """On pre-printed stock our own sheet is the one copy for the file; the originals are counted by their blanks."""
    owed = 1 if result.blank else result.originals
    return Paper(f"result/{result.pk}", result.name, papers.bytes_of(result), owed, result=result)


def paper_of_declaration(case: Case, number: int) -> Paper | None:
    """The form that the applicant signs, as the case was received; None where the procedure has no such form."""
    drafts = papers.declarations_of(case, at=case.received_at)
    if number >= len(drafts):
        return None
    draft = drafts[number]
    return Paper(f"declaration/{number}", draft.document.name, draft.sheet().pdf, declaration=number)


def prints_of(paper: Paper, case: Case) -> list[Print]:
    """The lines of this paper so far, the first copy first."""
    lines = Print.objects.filter(case=case, slip=paper.slip, result=paper.result, declaration=paper.declaration)
    return list(lines.select_related("mishap", "by").order_by("copy"))


def good(lines: Sequence[Print]) -> int:
    """How many of them are in somebody's hands: neither lost in the printer nor torn up."""
    return sum(not hasattr(line, "mishap") for line in lines)


def print_paper(paper: Paper, case: Case, *, by: Officer, at: datetime, why: str = "") -> list[Print]:
    """Write the lines of what goes to the printer now: every original that is still owed, or one more with its reason.

    Raises PrintRefused where all that is owed was printed and no reason is given.
    """
    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        before = prints_of(paper, case)
        missing = paper.owed - good(before)
        why = " ".join(why.split())[:300]
        if missing <= 0 and not why:
            raise PrintRefused(f"{paper.name} đã in rồi. Muốn in lại, chọn “In lại” và ghi lý do.")
        if missing > 0 and before and not why:
            fallen = [line.mishap for line in before if hasattr(line, "mishap")]
            why = f"thay {fallen[-1]}" if fallen else ""
        first = before[-1].copy + 1 if before else 1
        return [_line(paper, case, copy, why[:300], by=by, at=at) for copy in range(first, first + max(missing, 1))]


def _line(paper: Paper, case: Case, copy: int, why: str, *, by: Officer, at: datetime) -> Print:
    line = Print.objects.create(
        commune_id=case.commune_id,
        case=case,
        slip=paper.slip,
        result=paper.result,
        declaration=paper.declaration,
        name=paper.name[:150],
        copy=copy,
        sheets=pages_of(paper.pdf),
        sha256=hashlib.sha256(paper.pdf).hexdigest(),
        why=why,
        by=by,
        at=at,
    )
    audit.record("print", "paper", f"{case.code}/{paper.key}/{copy}", by=by, at=at, why=why)
    return line


def print_draft(name: str, pdf: bytes, number: int, citizen: Citizen, *, by: Officer, at: datetime) -> Print:
    """A form printed before there is a case: printed again until what it says is right, so no reason is owed."""
    with transaction.atomic():
        assert by.commune_id is not None, "who prints belongs to a commune"
        last = Print.objects.filter(case=None, citizen=citizen, declaration=number).aggregate(last=Max("copy"))["last"]
        line = Print.objects.create(
            commune_id=by.commune_id,
            citizen=citizen,
            declaration=number,
            name=name[:150],
            copy=(last or 0) + 1,
            sheets=pages_of(pdf),
            sha256=hashlib.sha256(pdf).hexdigest(),
            by=by,
            at=at,
        )
        audit.record("print", "paper", f"draft/{citizen.pk}/{number}/{line.copy}", by=by, at=at)
        return line


def report(line: Print, kind: Mishap.Kind, *, why: str, by: Officer, at: datetime) -> Mishap:
    """Nothing came out of the printer, or the sheet is spoiled. The next print of that paper then takes its place.

    Raises PrintRefused for a line that has been reported before, or without a reason.
    """
    why = " ".join(why.split())[:300]
    if not why:
        raise PrintRefused("Ghi rõ lý do.")
    if line.case is None:
        raise PrintRefused("Đơn in trước khi tiếp nhận: in lại là xong.")
    with transaction.atomic():
        case = Case.objects.select_for_update(no_key=True).get(pk=line.case.pk)
        if Mishap.objects.filter(print=line).exists():
            raise PrintRefused(f"Bản {line.copy} đã được ghi rồi.")
        mishap = Mishap.objects.create(
            commune_id=line.commune_id, case=case, print=line, kind=kind, why=why, by=by, at=at
        )
        audit.record(kind, "paper", f"{case.code}/{line.paper_key}/{line.copy}", by=by, at=at, why=why)
        return mishap


def came_twice(paper: Paper, case: Case, *, by: Officer, at: datetime) -> Print:
    """The driver printed a sheet more than was asked for: it gets its own line and is torn up (F-25)."""
    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        before = prints_of(paper, case)
        if not before:
            raise PrintRefused("Giấy này chưa in lần nào.")
        line = _line(paper, case, before[-1].copy + 1, "máy in ra thừa một tờ", by=by, at=at)
        report(line, Mishap.Kind.SPOILED, why="tờ in thừa, đã hủy", by=by, at=at)
        return line


def may_be_served(line: Print, officer: Officer, *, at: datetime) -> bool:
    """The bytes are for who pressed print, for a short while."""
    return line.by_id == officer.pk and at - line.at <= SERVED
