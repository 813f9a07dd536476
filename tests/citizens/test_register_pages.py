"""The room of the books as pages: who looks says why, what was typed comes back, nothing acts from elsewhere."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from citizens import old_books
from citizens.models import Annotation, Citizen, Marriage, RegisterEntry
from citizens.old_books import Page
from citizens.register import EventKind, Named, Part
from oneshop import walls
from oneshop.keys import new_form_key
from oneshop.models import Commune, CommuneName, Entry, Officer, Succession
from oneshop.roles import Role
from tests import factories

TODAY = date(2026, 11, 23)
SAI_SON = "UBND xã Sài Sơn, huyện Quốc Oai, tỉnh Hà Tây"
MARRIAGE = {
    "number": "12",
    "year": "2003",
    "volume": "01",
    "book_of": "09898",
    "unit": SAI_SON,
    "registered": "10/10/2003",
    "wife_full_name": "Trần Thị Thử",
    "wife_identity_number": "111234568",
    "husband_full_name": "Nguyễn Văn Mẫu",
    "husband_residence": "Thôn Đa Phúc, xã Sài Sơn, huyện Quốc Oai, tỉnh Hà Tây",
}


@pytest.fixture(autouse=True)
def clock(at: datetime) -> Iterator[None]:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def as_(client: Client) -> Callable[[Officer], Client]:
    def enter(officer: Officer) -> Client:
        client.force_login(officer)
        return client

    return enter


@pytest.fixture
def sai_son(quoc_oai: Commune) -> Commune:
    """The old unit whose books lie here."""
    old = Commune.objects.create(code="09898", opened_on=date(1994, 1, 1), closed_on=date(2025, 7, 1))
    CommuneName.objects.create(
        commune=old, kind="Xã", name="Sài Sơn", above="Huyện Quốc Oai", valid_from=date(2008, 8, 1)
    )
    Succession.objects.create(former=old, successor=quoc_oai, on=date(2025, 7, 1), document="NQ 1656")
    return old


@pytest.fixture
def entry(quoc_oai: Commune, hung: Officer, at: datetime) -> RegisterEntry:
    """A death, not yet compared with the book."""
    page = Page(
        kind=EventKind.DEATH,
        number=88,
        year=2024,
        volume="01",
        unit=SAI_SON,
        registered_on=date(2024, 12, 30),
        registered_text="30/12/2024",
        persons=(Named(Part.SUBJECT, "Hoàng Văn Cụ", "1950", identity_number="111000111"),),
        facts={"died_on": "24/12/2024", "cause_of_death": "Bệnh tim"},
    )
    return old_books.enter(page, checked=False, by=hung, at=at, on=TODAY)


def send(client: Client, path: str, **fields: Any) -> HttpResponse:
    response: HttpResponse = client.post(path, {"form_key": new_form_key(), **fields})  # type: ignore[assignment]
    return response


def text(response: HttpResponse) -> str:
    return html.unescape(response.content.decode())


def looked(client: Client, what: str, purpose: str = "cấp bản sao trích lục") -> HttpResponse:
    return send(client, reverse("register"), text=what, kind="", purpose=purpose)


# --- looking ---
def test_an_entry_is_found_by_name_and_its_cause_of_death_is_in_no_list(
    as_: Callable[[Officer], Client], entry: RegisterEntry, mai: Officer
) -> None:
    page = text(looked(as_(mai), "hoang van cu"))

    assert "Hoàng Văn Cụ" in page
    assert "số 88/2024" in page
    assert "Bệnh tim" not in page
    assert "Nhập một trang sổ cũ" not in page, "a clerk only reads"


def test_what_is_looked_for_is_written_down_by_purpose_and_not_by_name(
    as_: Callable[[Officer], Client], entry: RegisterEntry, mai: Officer
) -> None:
    client = as_(mai)
    looked(client, "Hoàng Văn Cụ")
    client.get(reverse("register_entry", args=[entry.pk]))

    lines = list(Entry.objects.exclude(act="enter").values_list("act", "kind", "key", "why"))
    assert lines == [
        ("search", "register", "all", "cấp bản sao trích lục"),
        ("look", "register_entry", str(entry.pk), "cấp bản sao trích lục"),
    ]


def test_a_search_keeps_to_its_kind(as_: Callable[[Officer], Client], entry: RegisterEntry, mai: Officer) -> None:
    found = send(as_(mai), reverse("register"), text="88/2024", kind="birth", purpose="trả lời cơ quan khác")

    assert "Không có việc nào khớp với “88/2024”" in text(found)


def test_a_search_for_nothing_is_422(as_: Callable[[Officer], Client], mai: Officer) -> None:
    assert looked(as_(mai), "").status_code == 422


def test_without_a_purpose_a_clerk_reads_no_entry(
    as_: Callable[[Officer], Client], entry: RegisterEntry, mai: Officer
) -> None:
    response = as_(mai).get(reverse("register_entry", args=[entry.pk]))

    assert response["Location"] == reverse("register")  # type: ignore[index]
    assert not Entry.objects.filter(act="look").exists()


def test_an_open_case_of_its_people_is_purpose_enough(
    as_: Callable[[Officer], Client], entry: RegisterEntry, khach: Citizen, mai: Officer, hung: Officer, at: datetime
) -> None:
    old_books.link(entry.persons.get(), khach, by=hung, at=at)
    Citizen.objects.filter(pk=khach.pk).update(deceased_on=None)
    case = factories.case(Citizen.objects.get(pk=khach.pk), by=mai, at=at)

    assert as_(mai).get(reverse("register_entry", args=[entry.pk])).status_code == 200
    assert Entry.objects.get(act="look").why == f"hồ sơ {case.code}"


def test_a_clerk_reads_and_has_no_button(as_: Callable[[Officer], Client], entry: RegisterEntry, mai: Officer) -> None:
    client = as_(mai)
    looked(client, "88/2024")
    page = text(client.get(reverse("register_entry", args=[entry.pk])))  # type: ignore[arg-type]

    assert "Hoàng Văn Cụ" in page
    assert "Chưa đối chiếu với trang sổ." in page
    assert "Bệnh tim" not in page
    assert reverse("register_confirm", args=[entry.pk]) not in page


def test_a_specialist_sees_what_nobody_has_compared_yet(
    as_: Callable[[Officer], Client], entry: RegisterEntry, hung: Officer
) -> None:
    client = as_(hung)
    room = text(client.get(reverse("register")))  # type: ignore[arg-type]
    page = text(client.get(reverse("register_entry", args=[entry.pk])))  # type: ignore[arg-type]

    assert "Chưa đối chiếu với trang sổ" in room
    assert reverse("register_entry", args=[entry.pk]) in room
    assert "Bệnh tim" in page
    assert "111000111" in page


def test_the_books_of_another_commune_do_not_exist(
    as_: Callable[[Officer], Client], entry: RegisterEntry, kieu_phu: Commune
) -> None:
    with walls.within(kieu_phu.pk):
        stranger = factories.officer(kieu_phu, "la", Role.CLERK, Role.SPECIALIST)
    client = as_(stranger)

    assert "Không có việc nào khớp" in text(looked(client, "Hoàng Văn Cụ"))
    assert client.get(reverse("register_entry", args=[entry.pk])).status_code == 404
    assert send(client, reverse("register_confirm", args=[entry.pk])).status_code == 404


# --- typing in ---
def test_a_page_of_an_old_book_is_typed_in_as_it_stands(
    as_: Callable[[Officer], Client], sai_son: Commune, hung: Officer
) -> None:
    client = as_(hung)
    path = reverse("register_enter", args=["marriage"])
    form = text(client.get(path))  # type: ignore[arg-type]
    response = send(client, path, **MARRIAGE, checked="on")

    made = RegisterEntry.objects.get()
    assert "Xã Sài Sơn" in form
    assert response["Location"] == reverse("register_entry", args=[made.pk])
    assert (made.unit, made.book.unit_name, made.checked_by) == (SAI_SON, "Xã Sài Sơn", hung)
    assert {row.part: row.full_name for row in made.persons.all()} == {
        "wife": "Trần Thị Thử",
        "husband": "Nguyễn Văn Mẫu",
    }
    page = text(client.get(response["Location"]))  # type: ignore[arg-type]
    assert "Đã đối chiếu với sổ ngày 23/11/2026, Nguyễn Việt Hùng." in page
    assert "Thôn Đa Phúc, xã Sài Sơn, huyện Quốc Oai, tỉnh Hà Tây" in page


@pytest.mark.parametrize("kind", [kind.value for kind in EventKind])
def test_every_kind_has_its_form(as_: Callable[[Officer], Client], quoc_oai: Commune, hung: Officer, kind: str) -> None:
    client = as_(hung)

    assert client.get(reverse("register_enter", args=[kind])).status_code == 200
    assert send(client, reverse("register_enter", args=[kind])).status_code == 422


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"registered": "hôm qua"}, "Ghi ngày tháng năm, hoặc tháng và năm, hoặc năm"),
        ({"registered": "24/11/2026", "year": "2026"}, "Ngày đăng ký không thể sau hôm nay."),
        ({"year": "2004"}, "Năm của sổ và năm đăng ký phải là một"),
        ({"wife_identity_number": "12345"}, "CMND có 9 chữ số, số định danh có 12 chữ số"),
        ({"husband_full_name": ""}, "Họ, chữ đệm, tên"),
        ({"unit": "<b>UBND</b>"}, "Có ký tự lạ không in được."),
    ],
)
def test_what_no_book_can_say_is_not_taken(
    as_: Callable[[Officer], Client], sai_son: Commune, hung: Officer, fields: dict[str, str], told: str
) -> None:
    response = send(as_(hung), reverse("register_enter", args=["marriage"]), **MARRIAGE | fields)

    assert response.status_code == 422
    assert told in text(response)
    assert not RegisterEntry.objects.exists()


def test_a_number_that_is_taken_is_told_and_nothing_typed_is_lost(
    as_: Callable[[Officer], Client], sai_son: Commune, hung: Officer
) -> None:
    client, path = as_(hung), reverse("register_enter", args=["marriage"])
    send(client, path, **MARRIAGE)

    response = send(client, path, **MARRIAGE | {"wife_full_name": "Lê Thị Khác"})

    assert response.status_code == 422
    assert "Sổ này đã có số 12/2003" in text(response)
    assert "Lê Thị Khác" in text(response)


def test_a_slip_of_the_hand_is_put_right_until_it_is_confirmed(
    as_: Callable[[Officer], Client], sai_son: Commune, hung: Officer
) -> None:
    client = as_(hung)
    send(client, reverse("register_enter", args=["marriage"]), **MARRIAGE)
    made = RegisterEntry.objects.get()
    path = reverse("register_correct", args=[made.pk])

    assert 'value="Nguyễn Văn Mẫu"' in text(client.get(path))  # type: ignore[arg-type]
    send(client, path, **MARRIAGE | {"husband_full_name": "Nguyễn Văn Mậu"})
    assert made.persons.get(part="husband").full_name == "Nguyễn Văn Mậu"

    send(client, reverse("register_confirm", args=[made.pk]))
    assert client.get(path)["Location"] == reverse("register_entry", args=[made.pk])  # type: ignore[index]


def test_an_unknown_kind_is_no_address(as_: Callable[[Officer], Client], quoc_oai: Commune, hung: Officer) -> None:
    assert as_(hung).get("/so-ho-tich/nhap/divorce").status_code == 404


# --- notes, confirmation, striking ---
def test_a_divorce_is_noted_in_parts_and_ends_the_marriage(
    as_: Callable[[Officer], Client], sai_son: Commune, khach: Citizen, hung: Officer, at: datetime
) -> None:
    client = as_(hung)
    send(client, reverse("register_enter", args=["marriage"]), **MARRIAGE)
    made = RegisterEntry.objects.get()
    old_books.link(made.persons.get(part="wife"), khach, by=hung, at=at)
    path = reverse("register_note", args=[made.pk])

    half = send(client, path, happened="divorce", number="45/2019/HNGĐ-ST")
    whole = send(
        client,
        path,
        happened="divorce",
        paper="Bản án",
        number="45/2019/HNGĐ-ST",
        issuer="Tòa án nhân dân huyện Quốc Oai",
        issued_on="12/05/2019",
        ended_on="12/06/2019",
    )

    assert half.status_code == 422
    assert "Ghi đủ mục này, như trong văn bản." in text(half)
    assert whole["Location"] == reverse("register_entry", args=[made.pk])
    assert Annotation.objects.get().text == "Đã ly hôn, có hiệu lực từ ngày 12/06/2019"
    assert Marriage.objects.get(citizen=khach).ending == "divorce"
    assert "Đã ly hôn, có hiệu lực từ ngày 12/06/2019" in text(client.get(whole["Location"]))  # type: ignore[arg-type]


def test_another_note_says_what_and_on_what_paper(
    as_: Callable[[Officer], Client], entry: RegisterEntry, hung: Officer
) -> None:
    client, path = as_(hung), reverse("register_note", args=[entry.pk])

    assert send(client, path, text="Cải chính năm sinh").status_code == 422
    send(client, path, text="Cải chính năm sinh", basis="Quyết định số 3 ngày 01/02/2026")

    assert [(row.text, row.basis) for row in Annotation.objects.all()] == [
        ("Cải chính năm sinh", "Quyết định số 3 ngày 01/02/2026")
    ]


def test_an_entry_is_struck_with_its_paper_and_keeps_its_number(
    as_: Callable[[Officer], Client], entry: RegisterEntry, hung: Officer
) -> None:
    client, path = as_(hung), reverse("register_strike", args=[entry.pk])

    assert send(client, path, standing="revoked").status_code == 422
    send(client, path, standing="revoked", basis="Quyết định số 12/QĐ-UBND")
    page = text(client.get(reverse("register_entry", args=[entry.pk])))  # type: ignore[arg-type]

    entry.refresh_from_db()
    assert (entry.standing, entry.number) == ("revoked", 88)
    assert "Đã thu hồi: không cấp bản sao của việc này." in page
    assert reverse("register_strike", args=[entry.pk]) not in page


def test_a_form_without_a_key_confirms_nothing(
    as_: Callable[[Officer], Client], entry: RegisterEntry, hung: Officer
) -> None:
    response = as_(hung).post(reverse("register_confirm", args=[entry.pk]))

    entry.refresh_from_db()
    assert response.status_code == 400
    assert entry.checked_on is None


# --- who that is today ---
def test_a_person_of_the_book_is_found_by_name_and_chosen_by_eye(
    as_: Callable[[Officer], Client], entry: RegisterEntry, quoc_oai: Commune, hung: Officer
) -> None:
    same = factories.citizen(quoc_oai, "001050000001", "Hoàng Văn Cụ", sex="male", birth_date=date(1950, 3, 3))
    factories.citizen(quoc_oai, "001077000001", "Hoàng Văn Cụ", sex="male", birth_date=date(1977, 1, 1))
    client = as_(hung)
    path = reverse("register_link", args=[entry.pk, entry.persons.get().pk])

    listed = text(send(client, path, text="Hoàng Văn Cụ"))
    chosen = send(client, path, chosen=str(same.pk))

    assert listed.count("Đúng người này") == 2
    assert listed.count("khác năm sinh trong sổ") == 1
    assert chosen["Location"] == reverse("register_entry", args=[entry.pk])
    assert entry.persons.get().citizen == same
    same.refresh_from_db()
    assert same.deceased_on == date(2024, 12, 24)


def test_the_old_card_of_the_book_finds_its_bearer_at_once(
    as_: Callable[[Officer], Client], entry: RegisterEntry, quoc_oai: Commune, hung: Officer
) -> None:
    factories.citizen(quoc_oai, "001050000001", "Hoàng Văn Cụ", birth_date=date(1950, 3, 3), old_number="111000111")

    page = text(as_(hung).get(reverse("register_link", args=[entry.pk, entry.persons.get().pk])))  # type: ignore[arg-type]

    assert "1 người khớp với “111000111”" in page


def test_the_room_costs_the_same_with_three_rows_and_with_thirty(
    as_: Callable[[Officer], Client],
    quoc_oai: Commune,
    hung: Officer,
    at: datetime,
    django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
) -> None:
    def fill(first: int, last: int) -> None:
        for number in range(first, last):
            page = Page(
                kind=EventKind.BIRTH,
                number=number,
                year=1990,
                volume="01",
                unit=SAI_SON,
                registered_on=None,
                registered_text="1990",
                persons=(Named(Part.SUBJECT, "Trùng Tên"),),
                facts={},
            )
            old_books.enter(page, checked=False, by=hung, at=at, on=TODAY)

    client = as_(hung)
    fill(1, 4)
    with django_assert_max_num_queries(60) as few:
        looked(client, "Trùng Tên")
    fill(4, 31)
    with django_assert_num_queries(len(few)):
        looked(client, "Trùng Tên")
