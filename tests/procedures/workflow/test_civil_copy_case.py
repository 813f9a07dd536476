"""A copy from the counter to the citizen's hand: found, received, noted meanwhile, signed, in the copy book."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from citizens import old_books
from citizens.models import Citizen, RegisterEntry
from citizens.old_books import Page
from citizens.register import EventKind, Named, Part, Standing
from oneshop.keys import new_form_key
from oneshop.models import Commune, Entry, Officer
from procedures import papers, workflow
from procedures.catalogue import catalogue
from procedures.models import Case, Result, Slip
from procedures.states import State
from tests import factories

COPY = catalogue()["civil_copy"]
TODAY = date(2026, 11, 23)
SAI_SON = "UBND xã Sài Sơn, huyện Quốc Oai, tỉnh Hà Tây"


@pytest.fixture(autouse=True)
def clock(at: datetime) -> Iterator[None]:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def entry(khach: Citizen, hung: Officer, at: datetime) -> RegisterEntry:
    """Khách's birth, in the book of Sài Sơn, with the old way of writing everything."""
    page = Page(
        kind=EventKind.BIRTH,
        number=41,
        year=1992,
        volume="01",
        unit=SAI_SON,
        registered_on=date(1992, 10, 2),
        registered_text="02/10/1992",
        persons=(Named(Part.SUBJECT, "Trần Thị Thử", "17/09/1992", sex="Nữ"), Named(Part.MOTHER, "Nguyễn Thị Lụa")),
        facts={"birth_place": "Trạm xá xã Sài Sơn"},
    )
    made = old_books.enter(page, checked=True, by=hung, at=at, on=TODAY)
    old_books.link(made.persons.get(part="subject"), khach, by=hung, at=at)
    return made


@pytest.fixture
def clerk(client: Client, mai: Officer) -> Client:
    client.force_login(mai)
    return client


def send(client: Client, path: str, **fields: Any) -> HttpResponse:
    response: HttpResponse = client.post(path, {"form_key": new_form_key(), **fields})  # type: ignore[assignment]
    return response


def text(response: HttpResponse) -> str:
    return html.unescape(response.content.decode())


def posted(entry: RegisterEntry, **more: str) -> dict[str, str]:
    said = {"entry": str(entry.pk), "copies": "2", "capacity": "self", "fee": "paid", "birth_paper": "extract"}
    return said | {"rule-cs_applicant_identified": "yes", "rule-cs_officer_not_related": "yes"} | more


@pytest.fixture
def case(clerk: Client, khach: Citizen, entry: RegisterEntry) -> Case:
    """Received over the pages of the counter, for khách herself."""
    send(clerk, reverse("party", args=[khach.pk, "civil_copy"]), alone="1")
    checked = send(clerk, reverse("apply", args=[khach.pk, "civil_copy"]), **posted(entry))
    send(clerk, checked["Location"], declaration="on", want_receipt="on")
    found: Case = Case.objects.get()
    return found


def signed(case: Case, hung: Officer, lan: Officer, at: datetime) -> Result:
    result: Result = factories.signed(case, handled_by=hung, by=lan, at=at)
    return result


def test_a_copy_is_received_paid_and_signed(case: Case, hung: Officer, lan: Officer, at: datetime) -> None:
    result = signed(case, hung, lan, at)

    assert {slip.kind for slip in case.slips.all()} == {Slip.Kind.FEE, Slip.Kind.RECEIPT}
    assert case.slips.get(kind="fee").facts["amount_in_words"] == "Mười sáu nghìn đồng"
    assert "16.000 đồng" in case.slips.get(kind="receipt").facts["fee"]
    assert (result.book, result.full_number, result.originals) == ("copy_issue", "01/TLKS-BS", 2)
    assert result.name == "Trích lục khai sinh (bản sao)"
    assert RegisterEntry.objects.get().notes.count() == 0, "the entry is not annotated"


def test_the_form_offers_what_the_books_know_of_her(clerk: Client, khach: Citizen, entry: RegisterEntry) -> None:
    send(clerk, reverse("party", args=[khach.pk, "civil_copy"]), alone="1")

    page = text(clerk.get(reverse("apply", args=[khach.pk, "civil_copy"])))  # type: ignore[arg-type]

    assert f"Khai sinh số 41/1992, {SAI_SON}: Trần Thị Thử, Nguyễn Thị Lụa (mẹ)" in page
    assert "Tìm sổ cũ: số/năm (15/1998) hoặc họ tên" in page


def test_an_entry_that_names_nobody_by_number_is_found_by_looking_for_it(
    clerk: Client, quoc_oai: Commune, entry: RegisterEntry
) -> None:
    stranger = factories.citizen(quoc_oai, "001160000001", "Nguyễn Thị Lụa", birth_date=date(1960, 1, 1))
    path = reverse("apply", args=[stranger.pk, "civil_copy"])
    send(clerk, reverse("party", args=[stranger.pk, "civil_copy"]), alone="1")
    before = text(clerk.get(path))  # type: ignore[arg-type]

    send(clerk, reverse("look_up", args=[stranger.pk, "civil_copy"]), text="41/1992")
    after = text(clerk.get(path))  # type: ignore[arg-type]

    assert "Khai sinh số 41/1992" not in before
    assert "Khai sinh số 41/1992" in after


def test_a_note_written_after_receipt_holds_the_signature_back(
    case: Case, entry: RegisterEntry, hung: Officer, lan: Officer, at: datetime
) -> None:
    old_books.note(entry, text="Cải chính họ", basis="Quyết định 3", by=hung, at=at, on=TODAY)

    with pytest.raises(workflow.NotAllowed, match="Chưa đưa nội dung thay đổi, cải chính"):
        signed(case, hung, lan, at)
    assert not Result.objects.exists()


def test_an_entry_struck_after_receipt_gives_no_copy(
    case: Case, entry: RegisterEntry, hung: Officer, lan: Officer, at: datetime
) -> None:
    old_books.strike(entry, Standing.REVOKED, basis="Quyết định 3", by=hung, at=at, on=TODAY)

    with pytest.raises(workflow.NotAllowed, match="đã bị hủy hoặc thu hồi"):
        signed(case, hung, lan, at)


def test_an_entry_put_right_after_receipt_gives_no_copy_of_the_fault(
    case: Case, entry: RegisterEntry, hung: Officer, lan: Officer, at: datetime
) -> None:
    RegisterEntry.objects.filter(pk=entry.pk).update(facts={"birth_place": "Nơi khác"})

    with pytest.raises(workflow.NotAllowed, match="Dữ liệu điện tử khác với Sổ hộ tịch"):
        signed(case, hung, lan, at)


def test_a_lost_book_is_refused_in_writing_with_the_way_on(
    clerk: Client, khach: Citizen, mai: Officer, at: datetime
) -> None:
    send(clerk, reverse("party", args=[khach.pk, "civil_copy"]), alone="1")
    said = {
        "entry": "none",
        "event_kind": "birth",
        "registered_unit": "UBND xã Sài Sơn, 1975",
        "book_state": "searched",
        "copies": "1",
        "capacity": "self",
        "fee": "paid",
    }
    send(clerk, reverse("reject", args=[khach.pk, "civil_copy"]), **said)

    case = Case.objects.get()
    assert case.where == State.REJECTED
    [reason] = case.refusal
    assert "Hướng dẫn: đăng ký lại khai sinh (1.004884)" in reason["text"]
    assert {slip.kind for slip in case.slips.all()} == {Slip.Kind.REJECTION}, "who is turned away has paid nothing"


def test_the_son_of_a_dead_man_is_no_proxy_on_the_receipt(
    quoc_oai: Commune, khach: Citizen, entry: RegisterEntry, mai: Officer, at: datetime
) -> None:
    Citizen.objects.filter(pk=khach.pk).update(deceased_on=date(2025, 1, 1))
    dead = Citizen.objects.get(pk=khach.pk)
    son = factories.citizen(quoc_oai, "001085000000", "Nguyễn Văn Mẫu", sex="male", birth_date=date(1985, 3, 5))
    answers = {"entry": str(entry.pk), "copies": 1, "capacity": "relative", "relationship": "Con", "fee": "paid"}
    case = workflow.receive(
        COPY,
        son,
        answers=answers,
        officer_answers={rule.id: True for rule in COPY.rules},
        by=mai,
        at=at,
        other=dead,
    )

    receipt = workflow.issue_receipt(case, by=mai, at=at)
    assert receipt.facts["on_behalf"] is None
    assert receipt.facts["citizen"]["full_name"] == son.full_name


def test_the_copy_book_has_a_line_a_request(
    client: Client, case: Case, hung: Officer, lan: Officer, at: datetime, khach: Citizen
) -> None:
    signed(case, hung, lan, at)
    client.force_login(hung)

    page = text(client.get(reverse("copy_book")))  # type: ignore[arg-type]

    for heading in (
        "STT",
        "Ngày, tháng, năm cấp bản sao Trích lục",
        "Họ, chữ đệm, tên, giấy tờ tùy thân của người yêu cầu cấp bản sao Trích lục",
        "Loại bản sao Trích lục",
        "Họ, chữ đệm, tên, chức vụ của người ký cấp bản sao Trích lục",
        "Số lượng bản sao",
        "Ghi chú",
    ):
        assert heading in page
    for value in ("23/11/2026", khach.full_name, khach.identity_number, "Phùng Thị Lan", "CHỦ TỊCH"):
        assert value in page
    assert ">2</td>" in page
    assert Entry.objects.filter(act="look", kind="book", key="copy_issue/2026").exists()


def test_the_copy_book_of_another_year_is_asked_by_its_year(client: Client, case: Case, hung: Officer) -> None:
    client.force_login(hung)

    assert "Chưa cấp bản sao nào trong năm này." in text(client.get(reverse("copy_book")))  # type: ignore[arg-type]
    assert "năm 2026" in text(client.get(reverse("copy_book") + "?nam=1999"))  # type: ignore[arg-type]


def test_numbers_run_on_whatever_the_kind(
    case: Case, quoc_oai: Commune, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    """One book `copy_issue` for births, marriages and deaths alike."""
    first = signed(case, hung, lan, at)
    page = Page(
        kind=EventKind.DEATH,
        number=5,
        year=2020,
        volume="01",
        unit=SAI_SON,
        registered_on=date(2020, 1, 5),
        registered_text="05/01/2020",
        persons=(Named(Part.SUBJECT, "Lê Văn Mất"),),
        facts={"died_on": "01/01/2020"},
    )
    death = old_books.enter(page, checked=True, by=hung, at=at, on=TODAY)
    answers = {"entry": str(death.pk), "copies": 1, "capacity": "relative", "relationship": "Con", "fee": "exempt_poor"}
    asked = workflow.receive(
        COPY,
        factories.citizen(quoc_oai, "001085000000", "Lê Văn Con", sex="male", birth_date=date(1985, 3, 5)),
        answers=answers,
        officer_answers={rule.id: True for rule in COPY.rules},
        by=mai,
        at=at,
        looked_for="5/2020",
    )
    second = signed(asked, hung, lan, at)

    assert (first.full_number, second.full_number) == ("01/TLKS-BS", "02/TLKT-BS")
    assert not asked.slips.exists()
    assert papers.name_of(asked) == "Bản sao trích lục hộ tịch"
