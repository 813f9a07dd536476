"""What the pages of a correction share: its row in a queue, its facts, old and new papers in pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from oneshop.roles import DeskRequest
from procedures import workflow
from procedures.models import Correction, Result
from procedures.states import CorrectionState
from procedures.views.shown import moment


@dataclass(frozen=True)
class CorrectionRow:
    href: str
    code: str
    citizen: str
    paper: str
    kind: str
    state: str
    tone: str
    since: str
    said: str


TONES = {
    CorrectionState.PROPOSED: "waiting_signature",
    CorrectionState.SIGNED: "signed",
    CorrectionState.HANDED: "given_out",
    CorrectionState.RETURNED: "waiting_papers",
    CorrectionState.DROPPED: "withdrawn",
}


def correction_rows(corrections: Iterable[Correction], address: str) -> list[CorrectionRow]:
    """Corrections brought by `for_board()`; `address` names the page that a row opens."""
    return [_row(correction, address) for correction in corrections]


def _row(correction: Correction, address: str) -> CorrectionRow:
    by_code = address == "hand_correction"
    return CorrectionRow(
        href=reverse(address, args=[correction.case.code if by_code else correction.pk]),
        code=correction.case.code,
        citizen=correction.case.citizen.full_name,
        paper=f"{correction.result.name} số {correction.result.full_number}",
        kind=correction.get_kind_display(),
        state=how_far(correction),
        tone=TONES[correction.where],
        since=moment(correction.decided_at or correction.at),
        said=correction.answer,
    )


def how_far(correction: Correction) -> str:
    """Its state in words, for a correction that is `knowing_what_stands`."""
    fell = correction.where == CorrectionState.SIGNED and not correction.stands
    return "Đã ký, hết giá trị trước khi trao" if fell else correction.where.label


def shown_paper(result: Result) -> dict[str, Any]:
    return {
        "name": result.name,
        "number": result.full_number,
        "issued_on": result.issued_on,
        "originals": result.originals,
        "href": reverse("result", args=[result.case.code, result.pk]),
        "picture": reverse("result_picture", args=[result.case.code, result.pk]),
    }


def case_of(found: Correction) -> dict[str, str]:
    case = found.case
    return {"code": case.code, "href": reverse("case", args=[case.code]), "citizen": case.citizen.full_name}


def correction_or_404(request: DeskRequest, **keys: Any) -> Correction:
    """With all that its pages show."""
    rows = Correction.objects.here(request.user.commune_id).knowing_what_stands()
    rows = rows.select_related(
        "case__citizen", "case__other", "case__commune", "case__received_by", "result__case", "by", "decided_by"
    )
    found: Correction = get_object_or_404(rows, **keys)
    return found


@dataclass(frozen=True)
class Shown:
    """What a page shows of a correction: its facts, the papers in pairs, where they part."""

    facts: Sequence[tuple[str, str]]
    pairs: Sequence[dict[str, Any]]
    differences: Sequence[dict[str, Any]]
    trouble: str = ""


def shown_of(correction: Correction, made: workflow.Plan | None) -> Shown:
    facts = [
        ("Cách xử lý", correction.get_kind_display()),
        ("Giấy", f"{correction.result.name} số {correction.result.full_number}"),
        ("Sai do", correction.get_fault_display()),
        ("Đã ghi", correction.wrong),
        ("Sửa là", correction.right),
        ("Căn cứ", correction.get_ground_display()),
        ("Văn bản", correction.decision),
        ("Ai đề nghị", correction.get_asked_by_display()),
        ("Lý do", correction.reason),
        ("Người trình", f"{correction.by}, {moment(correction.at)}"),
        ("Quyết định", _decided(correction)),
        ("Giấy cũ", _old_paper(correction)),
    ]
    pairs = _pairs_to_be(correction, made) if made else _pairs(correction)
    parted = [
        {"paper": redraft.draft.document.name, "rows": redraft.differences()}
        for redraft in (made.redrafts if made else ())
        if redraft.old
    ]
    return Shown([(label, value) for label, value in facts if value], pairs, [row for row in parted if row["rows"]])


def _decided(correction: Correction) -> str:
    if correction.decided_by is None or correction.decided_at is None:
        return ""
    said = f": {correction.answer}" if correction.answer else ""
    return f"{correction.where.label}, {correction.decided_by}, {moment(correction.decided_at)}{said}"


def _old_paper(correction: Correction) -> str:
    if not correction.old_paper:
        return ""
    copies = f" ({correction.returned_copies} bản)" if correction.returned_copies else ""
    return f"{correction.get_old_paper_display()}{copies}; {correction.handed_to} nhận {moment(correction.handed_at)}"  # type: ignore[arg-type]


def _pairs_to_be(correction: Correction, made: workflow.Plan) -> list[dict[str, Any]]:
    """Each paper that will be made beside the one it replaces; papers that fall without one stand alone."""
    pairs = []
    for number, redraft in enumerate(made.redrafts):
        old = redraft.old or (correction.result if correction.kind != Correction.Kind.REPLACE else None)
        pairs.append(
            {
                "old": shown_paper(old) if old else None,
                "new": {
                    "name": redraft.draft.document.name,
                    "picture": reverse("correction_preview", args=[correction.pk, number]),
                },
            }
        )
    shown = {redraft.old.pk for redraft in made.redrafts if redraft.old} | {correction.result_id}
    return pairs + [{"old": shown_paper(paper), "new": None} for paper in made.falls if paper.pk not in shown]


def _pairs(correction: Correction) -> list[dict[str, Any]]:
    """After the decision: the papers themselves."""
    made = list(correction.papers.select_related("case").defer("pdf", "facts").order_by("pk"))
    if not made:
        return [{"old": shown_paper(correction.result), "new": None}]
    by_new = {paper.replaced_by_id: paper for paper in workflow.old_papers_of(correction)}
    return [
        {
            "old": shown_paper(by_new.get(paper.pk, correction.result))
            if paper.pk in by_new or correction.kind != Correction.Kind.REPLACE
            else None,
            "new": shown_paper(paper),
        }
        for paper in made
    ]
