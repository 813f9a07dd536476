"""Biểu II.06a counted from cases: each row of a hand-made quarter, and the four sums of the form."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from oneshop import walls
from oneshop.models import Commune, Entry, Officer
from procedures import workflow
from procedures.boards.statutory import NOTHING, Line, lines, sheet_rows
from procedures.models import Case, Report
from tests import factories

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
START, END = date(2026, 7, 1), date(2026, 9, 30)


def moment(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=HANOI)


@pytest.fixture
def quarter(quoc_oai: Commune, mai: Officer, hung: Officer) -> None:
    """Received and ended as each test row says, all in the third quarter's light; written past the verbs."""
    numbers = iter(range(100))

    def case(
        received: datetime, due: datetime, *, signed: datetime | None = None, closed: datetime | None = None
    ) -> Case:
        person = factories.citizen(quoc_oai, f"0011920001{next(numbers):02}", "Trần Thị Thử")
        made = factories.case(person, by=mai, at=received)
        facts: dict[str, object] = {"due_at": due}
        if signed:
            facts |= {"signed_at": signed, "signed_by": hung, "state": "signed"}
        if closed:
            facts |= {"closed_at": closed, "state": "withdrawn"}
        Case.objects.filter(pk=made.pk).update(**facts)
        return made

    case(moment(7, 1), moment(7, 1, 14), signed=moment(7, 1, 13, 59))  # early
    case(moment(7, 2), moment(7, 2, 14), signed=moment(7, 2, 14, 0))  # in its last minute: on time
    case(moment(7, 3), moment(7, 3, 14), signed=moment(7, 3, 14, 1))  # late
    case(moment(6, 30, 16), moment(7, 1, 11), signed=moment(7, 1, 10))  # of the quarter before, early
    case(moment(6, 29), moment(6, 29, 14), signed=moment(6, 29, 15))  # ended before: not counted
    case(moment(9, 1), moment(9, 1, 14), closed=moment(9, 1, 10))  # withdrawn: on time
    case(moment(9, 30, 16), moment(10, 1, 11), signed=moment(10, 1, 10))  # under way at the end, within its time
    case(moment(9, 28), moment(9, 28, 14))  # under way and overdue
    waiting = case(moment(9, 29), moment(9, 29, 14))  # waits for the citizen: column 9
    workflow.ask_for_papers(waiting, by=hung, at=moment(9, 29, 10), note="thiếu giấy")
    case(moment(10, 1), moment(10, 1, 14))  # of the next quarter: not counted


def test_each_case_stands_in_its_column(quarter: None, quoc_oai: Commune) -> None:
    found = lines(START, END)

    assert found == {
        (quoc_oai.pk, "marital_certificate"): Line(
            received=8,
            online=0,
            direct=7,
            carried_over=1,
            solved=6,
            early=2,
            on_time=3,
            late=1,
            in_progress=2,
            within=1,
            overdue=1,
        )
    }
    assert all(line.adds_up for line in found.values())


def test_who_was_not_taken_in_is_not_counted(quoc_oai: Commune, mai: Officer) -> None:
    person = factories.citizen(quoc_oai, "001192000150", "Lê Thị Chưa", eid_level=1)
    workflow.reject(
        factories.catalogue()["marital_certificate"],
        person,
        answers=factories.ANSWERS,
        officer_answers=factories.all_checked(),
        by=mai,
        at=moment(8, 3),
    )

    assert lines(START, END) == {}


def test_a_line_that_does_not_add_up_is_known() -> None:
    assert NOTHING.adds_up
    assert not Line(1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0).adds_up
    assert not Line(1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0).adds_up


def test_sums_stand_over_their_lines_and_below_all() -> None:
    one = Line(1, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0)
    rows = sheet_rows([("Xã A", [("Khai tử", one), ("Kết hôn", one)]), ("Xã B", [("Khai tử", one)])])

    assert [(number, name, line.received, is_sum) for number, name, line, is_sum in rows] == [
        ("I", "Xã A", 2, True),
        ("1", "Khai tử", 1, False),
        ("2", "Kết hôn", 1, False),
        ("II", "Xã B", 1, True),
        ("1", "Khai tử", 1, False),
        ("", "Tổng cộng", 3, True),
    ]


def test_what_was_sent_stays_as_it_was_sent(quarter: None, quoc_oai: Commune, doi: Officer, client: Client) -> None:
    client.force_login(doi)
    period = {"since": "01/07/2026", "until": "30/09/2026"}

    sent = client.post(reverse("send_report", args=["ii-06a"]), period | {"form_key": "s" * 20})
    with walls.within(quoc_oai.pk):
        Case.objects.filter(state="received").update(due_at=moment(12, 31))
    with walls.within(None, reads_all=True):
        row = Report.objects.get()
        stored = bytes(row.pdf)
    served = client.get(reverse("sent_report", args=[row.pk])).content

    assert sent.status_code == 302
    assert served == stored
    assert hashlib.sha256(served).hexdigest() == row.sha256
    total = row.facts["rows"][-1]
    assert (total["name"], total["figures"]) == ("Tổng cộng", [8, 0, 7, 1, 6, 2, 3, 1, 2, 1, 1])


def test_a_quarter_that_is_not_over_is_not_sent(quoc_oai: Commune, doi: Officer, client: Client) -> None:
    client.force_login(doi)

    client.post(
        reverse("send_report", args=["ii-06a"]), {"since": "01/07/2026", "until": "30/09/2099", "form_key": "s" * 20}
    )

    with walls.within(None, reads_all=True):
        assert not Report.objects.exists()


def test_the_spreadsheet_asks_what_for_and_leaves_a_line(
    quarter: None, quoc_oai: Commune, doi: Officer, client: Client
) -> None:
    client.force_login(doi)
    period = {"since": "01/07/2026", "until": "30/09/2026"}

    without = client.post(reverse("report_table", args=["ii-06a"]), period)
    table = client.post(reverse("report_table", args=["ii-06a"]), period | {"purpose": "gửi thành phố"})

    assert (without.status_code, table.content[:2]) == (302, b"PK")
    with walls.within(None, reads_all=True):
        line = Entry.objects.get(act="export")
    assert (line.why, line.key) == ("gửi thành phố", "II.06a/2026-07-01/2026-09-30/9")


def test_the_report_page_and_paper_show_the_same_sums(
    quarter: None, quoc_oai: Commune, doi: Officer, client: Client
) -> None:
    client.force_login(doi)

    page = client.get(reverse("report") + "?since=01/07/2026&until=30/09/2026")
    paper = client.get(reverse("report_paper", args=["ii-06a"]) + "?since=01/07/2026&until=30/09/2026")
    wrong = client.get(reverse("report") + "?since=01/07/2026&until=30/06/2026")

    assert page.context["rows"][-1]["figures"] == [8, 0, 7, 1, 6, 2, 3, 1, 2, 1, 1]
    assert paper.content[:5] == b"%PDF-"
    assert wrong.status_code == 422


def test_a_form_of_all_21_communes_of_the_old_district_has_a_number_each() -> None:
    rows = sheet_rows([(f"Xã {n}", [("Khai tử", NOTHING)]) for n in range(1, 22)])

    sums = [number for number, _, _, is_sum in rows if is_sum]
    assert sums[8:11] == ["IX", "X", "XI"]
    assert sums[18:] == ["XIX", "XX", "XXI", ""]
