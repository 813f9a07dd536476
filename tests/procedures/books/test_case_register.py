"""The Sổ theo dõi hồ sơ: a line for each case, numbers without gaps, the statutory columns on screen and on paper."""

from __future__ import annotations

import html
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pypdfium2
import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens.models import Citizen
from oneshop.keys import new_form_key
from oneshop.models import Commune, Entry, Officer
from procedures import workflow
from procedures.books import case_register
from procedures.books.case_register import COLUMNS, COLUMNS_2018, Span
from procedures.catalogue import Field, catalogue
from procedures.house_points import MONTHLY_VOLUMES, SET_2018
from procedures.models import Case, RegisterLine, Series, Slip
from procedures.rulings import rule_on
from procedures.views.books import case_register as room
from tests import factories

Enter = Callable[[Officer], Client]
NOVEMBER = {"so": "1", "nam": "2026", "thang": "11", "ngay": ""}
F_36 = [
    '=HYPERLINK("http://example.invalid")',
    "+1",
    "-1+1",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "'; DROP TABLE procedures_case; --",
    "Nguyễn " + "e" + "\u0301" * 300,
]


@pytest.fixture
def as_(client: Client) -> Enter:
    def enter(officer: Officer) -> Client:
        client.force_login(officer)
        return client

    return enter


@pytest.fixture
def span(quoc_oai: Commune) -> Span:
    return Span(quoc_oai, Field.CIVIL_STATUS, 2026, 11)


def many(commune: Commune, number: int, *, by: Officer, at: datetime, start: int = 0) -> list[Case]:
    return [
        factories.case(factories.citizen(commune, f"0011920{n:05}", f"Trần Thị Thử {n}"), by=by, at=at)
        for n in range(start + 1, start + number + 1)
    ]


def cells_of(xlsx: bytes) -> list[list[tuple[str, str]]]:
    """Type and text of every cell, row by row: `s` a shared string, `inlineStr`, `n` a number; `f` for a formula."""
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(xlsx)) as book:
        shared = [
            "".join(text.text or "" for text in item.iter(f"{main}t"))
            for item in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314
        ]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314
    rows = []
    for row in sheet.iter(f"{main}row"):
        cells = []
        for cell in row.iter(f"{main}c"):
            value = cell.find(f"{main}v")
            kind = "f" if cell.find(f"{main}f") is not None else cell.get("t", "n")
            text = value.text if value is not None and value.text else ""
            cells.append((kind, shared[int(text)] if kind == "s" else text))
        rows.append(cells)
    return rows


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


# --- the line ---
def test_the_receipt_names_the_line_that_the_register_holds(khach: Citizen, mai: Officer, at: datetime) -> None:
    case = factories.case(khach, by=mai, at=at)

    slip = workflow.issue_receipt(case, by=mai, at=at)

    line = case.register_line
    assert (line.field, line.year, line.volume, line.number, line.name) == ("1", 2026, 11, 1, "Trần Thị Thử")
    assert "Vào Sổ theo dõi hồ sơ, Quyển số: 11 Số thứ tự: 01" in text_of(bytes(slip.pdf))


def test_numbers_run_to_the_end_of_the_year_and_begin_anew_with_the_next(
    quoc_oai: Commune, mai: Officer, at: datetime
) -> None:
    for number, when in enumerate((at, datetime.fromisoformat("2026-12-31T09:00:00+07:00"))):
        many(quoc_oai, 1, by=mai, at=when, start=number)
    many(quoc_oai, 1, by=mai, at=datetime.fromisoformat("2027-01-04T09:00:00+07:00"), start=5)

    found = [(line.year, line.volume, line.number) for line in RegisterLine.objects.order_by("pk")]
    assert found == [(2026, 11, 1), (2026, 12, 2), (2027, 1, 1)]


def test_a_commune_may_rule_one_volume_a_year(quoc_oai: Commune, mai: Officer, tri: Officer, at: datetime) -> None:
    rule_on(MONTHLY_VOLUMES, "no", valid_from=at.date(), source="QĐ 1", is_confirmed=True, by=tri, at=at)

    [case] = many(quoc_oai, 1, by=mai, at=at)

    assert case.register_line.volume == 1


def test_each_field_has_its_own_register() -> None:
    fields = {procedure.key: procedure.field for procedure in catalogue()}

    assert fields == {
        "civil_copy": Field.CIVIL_STATUS,
        "marital_certificate": Field.CIVIL_STATUS,
        "death_registration": Field.CIVIL_STATUS,
        "marriage_registration": Field.CIVIL_STATUS,
        "disability_card": Field.SOCIAL,
        "poor_household": Field.SOCIAL,
        "martyr_grave_visit": Field.MERIT,
    }


def test_what_is_not_taken_in_stands_in_no_register_and_leaves_no_gap(
    khach: Citizen, mai: Officer, quoc_oai: Commune, span: Span, at: datetime
) -> None:
    Citizen.objects.filter(pk=khach.pk).update(eid_level=1)
    khach.refresh_from_db()
    facts: dict[str, Any] = {"answers": factories.ANSWERS, "officer_answers": factories.all_checked()}
    workflow.reject(catalogue()["marital_certificate"], khach, by=mai, at=at, **facts)
    with pytest.raises(workflow.NotReady):
        workflow.receive(catalogue()["marital_certificate"], khach, by=mai, at=at, **facts)
    many(quoc_oai, 3, by=mai, at=at)

    extent = case_register.extent_of(span)
    assert (extent.lines, extent.first, extent.last, extent.volumes, extent.no_gap) == (3, 1, 3, (11,), True)


def test_a_line_never_changes_and_a_closed_register_takes_no_more(
    quoc_oai: Commune, khach: Citizen, mai: Officer, at: datetime
) -> None:
    [case] = many(quoc_oai, 1, by=mai, at=at)
    with pytest.raises(DatabaseError), transaction.atomic():
        RegisterLine.objects.filter(case=case).update(number=9)
    Series.objects.filter(book="register-1").update(closed_on=at.date())

    with pytest.raises(workflow.NotAllowed, match="đã khóa"):
        factories.case(khach, by=mai, at=at)

    assert Case.objects.count() == 1


# --- what became of the case ---
def test_the_line_tells_how_the_case_ended(
    quoc_oai: Commune, mai: Officer, hung: Officer, lan: Officer, span: Span, at: datetime
) -> None:
    given, gone, open_case = many(quoc_oai, 3, by=mai, at=at)
    factories.signed(given, handled_by=hung, by=lan, at=at + timedelta(minutes=30))
    factories.given_out(given, by=mai, at=at + timedelta(minutes=40), to="Trần Văn Nhận")
    workflow.withdraw(gone, by=mai, at=at + timedelta(minutes=5), note="thôi")

    rows = list(case_register.rows_of(span.lines(), quoc_oai))

    assert [(row.number, row.returned, row.how, row.taken_by) for row in rows] == [
        ("01", "08:50 23/11/2026", "Tại quầy", "Trần Văn Nhận"),
        ("02", "Công dân rút hồ sơ 08:15 23/11/2026", "", ""),
        ("03", "", "Tại quầy", ""),
    ]
    assert rows[2].code == open_case.code
    assert rows[0].cells[5:8] == ("UBND xã Quốc Oai", "08:10 23/11/2026", "11:10 23/11/2026")


# --- on screen ---
def test_the_room_shows_a_month_a_day_and_a_field(
    as_: Enter, quoc_oai: Commune, mai: Officer, hung: Officer, at: datetime
) -> None:
    with time_machine.travel(at + timedelta(days=2), tick=False):
        many(quoc_oai, 2, by=mai, at=at)
        many(quoc_oai, 1, by=mai, at=at + timedelta(days=2), start=5)
        desk = as_(hung)
        month = html.unescape(desk.get(reverse("case_book")).content.decode())
        day = html.unescape(desk.get(reverse("case_book"), NOVEMBER | {"ngay": "23"}).content.decode())
        merit = html.unescape(desk.get(reverse("case_book"), NOVEMBER | {"so": "3"}).content.decode())
        strange = desk.get(reverse("case_book"), {"so": "9", "nam": "x", "thang": "13", "ngay": "99"})

    assert "3 hồ sơ, số thứ tự 01 đến 03, quyển số 11." in month
    assert "2 hồ sơ, số thứ tự 01 đến 02" in day
    assert "Không có hồ sơ nào trong phần này." in merit
    assert strange.status_code == 200
    assert Entry.objects.filter(act="look", kind="case_book", key="1/2026-11-23").count() == 1


def test_a_long_register_is_paged_and_asks_as_often_with_thirty_lines_as_with_three(
    as_: Enter, quoc_oai: Commune, mai: Officer, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "LINES_A_PAGE", 20)
    counts, page = [], ""
    with time_machine.travel(at, tick=False):
        desk = as_(mai)
        for start, number in ((0, 3), (10, 27)):
            many(quoc_oai, number, by=mai, at=at, start=start)
            with CaptureQueriesContext(connection) as counted:
                page = desk.get(reverse("case_book")).content.decode()
            counts.append(len(counted))
        second = desk.get(reverse("case_book"), NOVEMBER | {"trang": "2"}).content.decode()

    assert counts[0] == counts[1]
    assert page.count('class="row-link"') == 20
    assert second.count('class="row-link"') == 10


# --- on paper and as a spreadsheet ---
def export(client: Client, kind: str, **facts: str) -> Any:
    posted = NOVEMBER | {"purpose": "lưu sổ tháng", "form_key": new_form_key()} | facts
    return client.post(reverse(f"case_book_{kind}"), posted)


@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_nothing_leaves_the_house_without_its_purpose_and_its_line(
    kind: str, as_: Enter, quoc_oai: Commune, mai: Officer, at: datetime
) -> None:
    with time_machine.travel(at, tick=False):
        many(quoc_oai, 2, by=mai, at=at)
        silent = export(as_(mai), kind, purpose=" ")
        said = export(as_(mai), kind)

    assert silent.status_code == 302
    assert said.status_code == 200
    [entry] = Entry.objects.filter(act__in=["export", "print_out"])
    assert (entry.kind, entry.key, entry.why) == ("case_book", "1/2026-11", "2 dòng; lưu sổ tháng")


def test_more_than_a_thousand_persons_leave_with_the_leader_only(
    as_: Enter, quoc_oai: Commune, mai: Officer, lan: Officer, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "PERSONS_WITHOUT_LEADER", 1)
    with time_machine.travel(at, tick=False):
        many(quoc_oai, 2, by=mai, at=at)
        clerk = export(as_(mai), "xlsx")
        leader = export(as_(lan), "xlsx")

    assert (clerk.status_code, leader.status_code) == (302, 200)
    assert Entry.objects.filter(act="export").count() == 1


def headings(columns: tuple[str, ...]) -> list[str]:
    """As they stand in the two rows of the head: the group over the five columns of receiving and returning."""
    if columns == COLUMNS:
        return [*columns[:6], case_register.GROUP, *columns[6:]]
    return [*columns[:7], case_register.GROUP_2018, columns[-1], *columns[7:-1]]


@pytest.mark.parametrize(("ruled", "columns"), [("no", COLUMNS), ("yes", COLUMNS_2018)])
def test_paper_and_spreadsheet_have_the_columns_of_the_set(
    ruled: str, columns: tuple[str, ...], as_: Enter, quoc_oai: Commune, mai: Officer, tri: Officer, at: datetime
) -> None:
    rule_on(SET_2018, ruled, valid_from=at.date(), source="QĐ 1", is_confirmed=True, by=tri, at=at)
    with time_machine.travel(at, tick=False):
        [case] = many(quoc_oai, 1, by=mai, at=at)
        paper = export(as_(mai), "pdf").content
        rows = cells_of(export(as_(mai), "xlsx").content)
    text = squeezed(text_of(paper))
    html_ = case_register.sheet_of(Span(quoc_oai, Field.CIVIL_STATUS, 2026, 11), on=at.date()).html

    assert [text_ for _, text_ in rows[3]] == list(columns)
    assert re.findall(r"<th[^>]*>([^<]*)</th>", html_) == headings(columns)
    assert ("Ngày,tháng,năm" in text) == (ruled == "yes")
    assert ("1/2026/STD-TTPVHCC" in text) == (ruled == "no")
    assert squeezed(case.code) in text


@pytest.mark.parametrize("name", F_36, ids=range(len(F_36)))
def test_a_name_is_a_name_on_screen_on_paper_and_in_the_spreadsheet(
    name: str, as_: Enter, quoc_oai: Commune, mai: Officer, at: datetime
) -> None:
    """F-36: formulas, scripts, templates, SQL and three hundred marks on one letter."""
    with time_machine.travel(at, tick=False):
        many(quoc_oai, 1, by=mai, at=at)
        case = factories.case(
            factories.citizen(quoc_oai, "001192000019", "Trần Thị Hai"),
            by=mai,
            at=at,
            capacity="proxy_other",
            applicant_name=name[:200],
            applicant_document="Căn cước số 001085000000",
            authorisation="Giấy ủy quyền 1",
        )
        workflow.issue_receipt(case, by=mai, at=at)
        screen = as_(mai).get(reverse("case_book")).content.decode()
        page = as_(mai).get(reverse("case", args=[case.code])).content.decode()
        rows = cells_of(export(as_(mai), "xlsx").content)
        paper = export(as_(mai), "pdf").content

    kept = case.register_line.name
    assert html.escape(kept) in screen
    assert "<script>alert" not in screen + page
    assert {kind for row in rows for kind, _ in row} == {"s"}
    assert unicodedata.normalize("NFC", kept) in [unicodedata.normalize("NFC", text) for text in map(_text, rows[-1])]
    if "\u0301" not in name:
        assert squeezed(kept) in squeezed(text_of(paper))
        assert squeezed(kept) in squeezed(text_of(bytes(case.slips.get(kind=Slip.Kind.RECEIPT).pdf)))
    assert RegisterLine.objects.count() == 2


def _text(cell: tuple[str, str]) -> str:
    return cell[1]


def test_a_year_that_is_over_ends_with_its_closing_lines(quoc_oai: Commune, mai: Officer, at: datetime) -> None:
    many(quoc_oai, 2, by=mai, at=at)
    year = Span(quoc_oai, Field.CIVIL_STATUS, 2026)

    still_open = text_of(case_register.sheet_of(year, on=date(2026, 12, 31)).pdf)
    over = text_of(case_register.sheet_of(year, on=date(2027, 1, 2)).pdf)

    assert "Khóa sổ" not in still_open
    assert "Cộng 2 hồ sơ, số thứ tự từ 01 đến 02." in over
    assert "Khóa sổ ngày 31 tháng 12 năm 2026: sổ năm 2026 hết ở số thứ tự 02; phần này gồm 1 trang" in over
    assert "TRƯỞNG BỘ PHẬN (Ký, ghi rõ họ tên và đóng dấu)" in over


def test_a_register_laid_out_in_parts_has_every_line_once_and_no_hole(
    quoc_oai: Commune, mai: Officer, span: Span, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = many(quoc_oai, 60, by=mai, at=at)
    whole = case_register.sheet_of(span, on=at.date())
    monkeypatch.setattr(case_register, "LINES_A_PART", 25)

    parts = case_register.sheet_of(span, on=at.date())

    assert parts.pages == whole.pages > 2
    document = pypdfium2.PdfDocument(io.BytesIO(parts.pdf))
    pages = [squeezed(page.get_textpage().get_text_range()) for page in document]
    assert [sum(squeezed(case.code) in page for page in pages) for case in cases] == [1] * 60
    assert [f"Trang{number}" in page for number, page in enumerate(pages, start=1)] == [True] * len(pages)


def test_too_much_for_one_paper_is_printed_by_the_month(
    as_: Enter, quoc_oai: Commune, mai: Officer, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_ON_PAPER", 1)
    with time_machine.travel(at, tick=False):
        many(quoc_oai, 2, by=mai, at=at)

        assert export(as_(mai), "pdf").status_code == 302
