"""The print log: as many lines as sheets, the same bytes each time, a reason for each one too many (I12, R-16)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

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
from procedures.books import prints
from procedures.models import Case, Mishap, Print, Result, Slip
from tests import factories
from tests.procedures.test_invariants import broken

Enter = Callable[[Officer], Client]
AGAIN = "Bản in mờ, rách, bẩn"


@pytest.fixture
def case(khach: Citizen, mai: Officer, at: datetime) -> Case:
    made = factories.case(khach, by=mai, at=at)
    workflow.issue_receipt(made, by=mai, at=at)
    return made


@pytest.fixture
def receipt(case: Case) -> prints.Paper:
    return prints.paper_of_slip(case.slips.get(kind=Slip.Kind.RECEIPT))


@pytest.fixture
def as_(client: Client) -> Enter:
    def enter(officer: Officer) -> Client:
        client.force_login(officer)
        return client

    return enter


def press(client: Client, case: Case, key: str, **posted: str) -> Any:
    address = reverse("print_paper", args=[case.code, *key.split("/")])
    return client.post(address, {"form_key": new_form_key()} | posted)


def lines(case: Case) -> list[tuple[int, str, str]]:
    return [(line.copy, line.why, line.by.username) for line in Print.objects.filter(case=case).order_by("copy")]


# --- the verbs ---
def test_a_paper_is_printed_once_without_a_word_and_again_with_its_reason(
    case: Case, receipt: prints.Paper, mai: Officer, at: datetime, quoc_oai: Commune
) -> None:
    [first] = prints.print_paper(receipt, case, by=mai, at=at)

    with pytest.raises(prints.PrintRefused, match="ghi lý do"):
        prints.print_paper(receipt, case, by=mai, at=at, why="  ")
    [second] = prints.print_paper(receipt, case, by=mai, at=at, why="Công dân làm mất, xin lại")

    assert (first.copy, first.sheets, first.sha256) == (1, 1, hashlib.sha256(receipt.pdf).hexdigest())
    assert (second.copy, second.sha256) == (2, first.sha256)
    assert lines(case) == [(1, "", "mai"), (2, "Công dân làm mất, xin lại", "mai")]
    assert broken(quoc_oai) == {}


def test_a_sheet_that_never_came_is_printed_again_at_once(
    case: Case, receipt: prints.Paper, mai: Officer, at: datetime, quoc_oai: Commune
) -> None:
    """F-24: the printer is out of paper, the job is lost."""
    [lost] = prints.print_paper(receipt, case, by=mai, at=at)

    prints.report(lost, Mishap.Kind.NEVER_CAME, why="hết giấy", by=mai, at=at)
    [good] = prints.print_paper(receipt, case, by=mai, at=at)

    assert (good.copy, good.why, good.sha256) == (2, "thay Không ra giấy: hết giấy", lost.sha256)
    assert prints.good(prints.prints_of(receipt, case)) == 1
    with pytest.raises(prints.PrintRefused, match="đã được ghi"):
        prints.report(lost, Mishap.Kind.SPOILED, why="rách", by=mai, at=at)
    assert broken(quoc_oai) == {}


def test_a_sheet_that_the_driver_printed_twice_gets_its_line_and_is_torn_up(
    case: Case, receipt: prints.Paper, mai: Officer, at: datetime, quoc_oai: Commune
) -> None:
    """F-25: two sheets lie in the tray, one is spoiled; the log has two lines, one good."""
    prints.print_paper(receipt, case, by=mai, at=at)

    extra = prints.came_twice(receipt, case, by=mai, at=at)

    assert (extra.copy, extra.mishap.kind) == (2, Mishap.Kind.SPOILED)
    assert (len(lines(case)), prints.good(prints.prints_of(receipt, case))) == (2, 1)
    assert broken(quoc_oai) == {}


def test_every_original_has_its_own_line(
    case: Case, mai: Officer, hung: Officer, lan: Officer, at: datetime, quoc_oai: Commune
) -> None:
    result = factories.signed(case, handled_by=hung, by=lan, at=at)
    Result.objects.filter(pk=result.pk).update(originals=3)
    result.refresh_from_db()
    paper = prints.paper_of_result(result)

    three = prints.print_paper(paper, case, by=mai, at=at)
    prints.report(three[1], Mishap.Kind.SPOILED, why="lem mực", by=mai, at=at)
    [replaced] = prints.print_paper(paper, case, by=mai, at=at)

    assert [line.copy for line in three] == [1, 2, 3]
    assert replaced.copy == 4
    assert {line.sha256 for line in [*three, replaced]} == {result.sha256}
    assert broken(quoc_oai) == {}


def test_the_log_never_changes(case: Case, receipt: prints.Paper, mai: Officer, at: datetime) -> None:
    [line] = prints.print_paper(receipt, case, by=mai, at=at)

    with pytest.raises(DatabaseError), transaction.atomic():
        Print.objects.filter(pk=line.pk).update(why="khác")
    with pytest.raises(DatabaseError), transaction.atomic():
        Print.objects.filter(pk=line.pk).delete()


# --- at the desk ---
def test_the_button_writes_the_line_and_leads_to_the_bytes(
    as_: Enter, case: Case, receipt: prints.Paper, mai: Officer, at: datetime
) -> None:
    with time_machine.travel(at, tick=False):
        pressed = press(as_(mai), case, receipt.key)
        served = as_(mai).get(pressed["Location"])

    assert served.content == receipt.pdf
    assert lines(case) == [(1, "", "mai")]


def test_bytes_fetched_ahead_or_loaded_again_count_no_sheet(
    as_: Enter, case: Case, receipt: prints.Paper, mai: Officer, at: datetime
) -> None:
    client = as_(mai)
    with time_machine.travel(at, tick=False):
        key = new_form_key()
        once = press(client, case, receipt.key, form_key=key)
        twice = press(client, case, receipt.key, form_key=key)  # the same form sent again
        for _ in range(3):
            client.get(once["Location"], headers={"Sec-Purpose": "prefetch"})
        client.get(reverse("paper_picture", args=[case.code, *receipt.key.split("/")]))

    assert once["Location"] == twice["Location"]
    assert lines(case) == [(1, "", "mai")]
    assert Entry.objects.filter(act="print").count() == 1


def test_the_bytes_are_for_who_pressed_and_for_a_short_while(
    as_: Enter, case: Case, receipt: prints.Paper, mai: Officer, hung: Officer, at: datetime
) -> None:
    with time_machine.travel(at, tick=False):
        where = press(as_(mai), case, receipt.key)["Location"]
        others = as_(hung).get(where)
    with time_machine.travel(at + timedelta(minutes=11), tick=False):
        late = as_(mai).get(where)

    assert (others.status_code, late.status_code) == (302, 302)


def test_pressed_again_without_a_reason_nothing_is_printed(
    as_: Enter, case: Case, receipt: prints.Paper, mai: Officer, at: datetime
) -> None:
    with time_machine.travel(at, tick=False):
        client = as_(mai)
        press(client, case, receipt.key)
        refused = press(client, case, receipt.key)
        other = press(client, case, receipt.key, reason="other", other="")
        granted = press(client, case, receipt.key, reason="other", other="đóng dấu lệch")

    assert refused["Location"] == other["Location"] == reverse("case", args=[case.code])
    assert granted["Location"].endswith(".pdf")
    assert lines(case) == [(1, "", "mai"), (2, "đóng dấu lệch", "mai")]


def test_the_page_of_the_case_shows_every_sheet_and_what_became_of_it(
    as_: Enter, case: Case, receipt: prints.Paper, mai: Officer, at: datetime
) -> None:
    with time_machine.travel(at, tick=False):
        client = as_(mai)
        before = client.get(reverse("case", args=[case.code])).content.decode()
        press(client, case, receipt.key)
        line = Print.objects.get()
        reported = client.post(
            reverse("report_print", args=[case.code, line.pk]),
            {"what": "spoiled", "why": "cà phê đổ", "form_key": new_form_key()},
        )
        press(client, case, receipt.key)
        after = client.get(reverse("case", args=[case.code])).content.decode()

    assert "chưa in" in before
    assert reported.status_code == 302
    assert "Tờ hỏng: cà phê đổ" in after
    assert "in lại: thay Tờ hỏng: cà phê đổ" in after
    assert "đã in 1 bản" in after
    assert Mishap.objects.get().print == line


def test_one_too_many_is_written_from_the_page(
    as_: Enter, case: Case, receipt: prints.Paper, mai: Officer, at: datetime
) -> None:
    with time_machine.travel(at, tick=False):
        client = as_(mai)
        press(client, case, receipt.key)
        where = reverse("report_print", args=[case.code, Print.objects.get().pk])
        client.post(where, {"what": "twice", "form_key": new_form_key()})

    assert [why for _, why, _ in lines(case)] == ["", "máy in ra thừa một tờ"]
    assert Mishap.objects.get().why == "tờ in thừa, đã hủy"


def test_papers_of_another_case_are_not_printed_here(
    as_: Enter, case: Case, receipt: prints.Paper, mai: Officer, quoc_oai: Commune, at: datetime
) -> None:
    other = factories.case(factories.citizen(quoc_oai, "001192000019", "Trần Thị Hai"), by=mai, at=at)

    assert press(as_(mai), other, receipt.key).status_code == 404
    assert press(as_(mai), case, "invoice/1").status_code == 404
    assert not Print.objects.exists()


def test_the_page_of_a_case_asks_as_often_with_three_sheets_as_with_thirty(
    as_: Enter,
    case: Case,
    receipt: prints.Paper,
    mai: Officer,
    at: datetime,
) -> None:
    client = as_(mai)
    counts = []
    with time_machine.travel(at, tick=False):
        for number in (3, 27):
            for _ in range(number):
                prints.print_paper(receipt, case, by=mai, at=at, why=AGAIN)
            with CaptureQueriesContext(connection) as counted:
                client.get(reverse("case", args=[case.code]))
            counts.append(len(counted))

    assert counts[0] == counts[1]
