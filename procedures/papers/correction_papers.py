"""What a correction prints: the line that names a replaced paper, the official letter, the notice of a recall.

No form of them was seen: layout and words follow Nghị định 30/2020 (one-stop.md G.1, G.4) and are points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from procedures.applications import application_of, rulings_of
from procedures.catalogue import Document
from procedures.models import Case, Correction, Result
from procedures.rules import Application
from procedures.rules.remedies import (
    LETTER_CLOSING,
    LETTER_OPENING,
    LETTER_SYMBOL,
    RECALL_DUTY,
    RECALL_SYMBOL,
    REPLACES,
    Ground,
)

LETTER_BOOK = "official_letter"
RECALL_BOOK = "recall_notice"
BOOKS = {LETTER_BOOK: "Sổ công văn đính chính giấy đã cấp", RECALL_BOOK: "Sổ thông báo thu hồi, hủy giấy đã cấp"}


def ruled_today(case: Case, *, at: datetime) -> Application:
    """The application under the words that the commune holds today: a correction may come years after the receipt."""
    on = timezone.localtime(at).date()
    return replace(application_of(case), rulings=rulings_of(case.procedure, case.commune_id, on=on))


def replaces_line(application: Application, old: Result) -> str:
    """`Thay thế Giấy xác nhận tình trạng hôn nhân số 01/UBND-XNTTHN ngày 20/11/2026.`"""
    return f"{REPLACES.of(application)} {old.name} số {old.full_number} ngày {old.issued_on:%d/%m/%Y}."


def letter_of(application: Application) -> Document:
    symbol = LETTER_SYMBOL.of(application)
    return Document(
        Result.CORRECTION_LETTER, "Công văn đính chính", "results/correction_letter.html", LETTER_BOOK, symbol
    )


def recall_of(application: Application) -> Document:
    symbol = RECALL_SYMBOL.of(application)
    return Document(
        Result.RECALL_NOTICE, "Thông báo thu hồi, hủy giấy", "results/recall_notice.html", RECALL_BOOK, symbol
    )


def letter_facts(application: Application, correction: Correction) -> Mapping[str, object]:
    """What the letter says of its paper, which stays valid."""
    paper = correction.result
    return {
        "citizen": _holder(application),
        "paper": _said(paper),
        "opening": LETTER_OPENING.of(application),
        "wrong": _lines(correction.wrong),
        "right": _lines(correction.right),
        "closing": LETTER_CLOSING.of(application),
    }


def recall_facts(
    application: Application, correction: Correction, papers: Sequence[Result], *, at: datetime
) -> Mapping[str, object]:
    """What the notice says of the papers that fall with it."""
    return {
        "citizen": _holder(application),
        "papers": [_said(paper) for paper in papers],
        "ground": Ground(correction.ground).label,
        "decision": correction.decision,
        "reason": correction.reason,
        "from_day": timezone.localtime(at).date(),
        "duty": RECALL_DUTY.of(application),
    }


def _said(paper: Result) -> dict[str, object]:
    return {"name": paper.name, "number": paper.full_number, "issued_on": paper.issued_on}


def _holder(application: Application) -> dict[str, str]:
    person = application.person
    return {"full_name": person.full_name, "address": person.address(application.day)}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
