"""Every result has room for both codes, and both are read from a poor print and a pale copy (U-23, F-26)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from procedures import papers
from procedures.catalogue import catalogue
from procedures.checking.offline_code import Said, written
from procedures.papers import printing
from procedures.papers.printing import Sheet
from procedures.rules import Application

AT = datetime(2026, 11, 23, 8, 10, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
LINK = "HTTPS://MOTCUA.QUOCOAI.HANOI.EXAMPLE.VN/K/09895/7ZK3M9QX0T4B8C2V6H1N5PWRDY"
LONG_NAME = "Công Tằng Tôn Nữ Nguyễn Thị Phương Quỳnh Hương"
WITHOUT_CODES = {"declaration", "disability_card"}  # what the citizen signs, and what is laid over a blank
DPI = 150


def cases() -> Iterator[tuple[str, str, bool]]:
    for procedure in catalogue():
        example = procedure.example(AT)
        for document in procedure.documents(example, on=example.day):
            for long in (False, True):
                yield procedure.key, document.key, long


def made(procedure_key: str, document_key: str, *, long: bool, code: str, draft: bool = False) -> Sheet:
    procedure = catalogue()[procedure_key]
    application: Application = procedure.example(AT)
    if long:
        other = replace(application.other, full_name=LONG_NAME) if application.other else None
        application = replace(application, person=replace(application.person, full_name=LONG_NAME), other=other)
    documents = procedure.documents(application, on=application.day)
    document = next(document for document in documents if document.key == document_key)
    numbers = {each.key: "01" for each in documents}
    frame = {
        "head": {"superior": "THÀNH PHỐ HÀ NỘI", "issuer": "ỦY BAN NHÂN DÂN XÃ QUỐC OAI"},
        "place": "Quốc Oai",
        "test": True,
        "draft": draft,
        "number": "" if draft else "01",
        "symbol": papers.symbol_of(document, application.day),
        "issued_on": application.day,
        "signer": {"lines": ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"], "name": "Phùng Thị Lan"},
        "check_link": "" if draft else LINK,
        "offline_code": code,
        "case_code": "H26.895.00-261123-0001",
        "adviser": {"salutation": "ông", "text": "NGUYỄN VĂN A - Công chức"},
    }
    facts = procedure.facts(application, document, on=application.day, numbers=numbers)
    return printing.paper(document.template, frame | dict(facts))


def longest_code() -> str:
    said = Said("Ữ" * 60, "12345/2026/UBND-XNTTHN", date(2026, 12, 31), "09895", "Ữ" * 40, "Ữ" * 40, 255, LINK[-26:])
    return written(said, Ed25519PrivateKey.from_private_bytes(b"k" * 32))


def pages_of(sheet: Sheet) -> Iterator[Image.Image]:
    """Page by page as a printer of DPI dots an inch draws them."""
    width_mm = 148 if 'class="a5' in sheet.html else 210
    roll = Image.open(io.BytesIO(sheet.picture(round(width_mm / 25.4 * DPI))))
    height = roll.height // sheet.pages
    for page in range(sheet.pages):
        yield roll.crop((0, page * height, roll.width, (page + 1) * height))


def codes_on(sheet: Sheet, *, pale: bool) -> set[str]:
    found: set[str] = set()
    for page in pages_of(sheet):
        # a copier at 80 %: what was black comes out as grey, paper stays paper
        seen = page.point(lambda level: round(level * 0.8 + 51)) if pale else page
        found |= {code.text for code in zxingcpp.read_barcodes(seen)}
    return found


@pytest.mark.parametrize(("procedure", "document", "long"), list(cases()))
def test_both_codes_of_a_result_are_read_and_push_nothing_to_a_further_page(
    procedure: str, document: str, long: bool
) -> None:
    code = longest_code()

    sheet = made(procedure, document, long=long, code=code)
    preview = made(procedure, document, long=long, code="", draft=True)

    wanted = set() if document in WITHOUT_CODES else {LINK, code}
    assert sheet.pages == made(procedure, document, long=long, code="").pages == preview.pages
    assert codes_on(sheet, pale=False) == wanted
    assert codes_on(sheet, pale=True) == wanted
