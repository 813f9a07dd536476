"""Citizens see who looked, and what is held: with a code that opens once, on paper within two working days."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pypdfium2
import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from citizens.models import Citizen
from oneshop import audit, walls
from oneshop.models import Commune, Entry, Officer
from procedures import looks, own_data
from procedures.checking import knocks
from procedures.looks import Look
from procedures.models import Case, DataRequest, LookCode
from tests import factories
from tests.procedures.test_public_pages import words


@pytest.fixture(autouse=True)
def clock(at: datetime) -> Iterator[time_machine.Traveller]:
    knocks._full.clear()
    with time_machine.travel(at, tick=False) as traveller:
        yield traveller


@pytest.fixture
def case(khach: Citizen, mai: Officer, at: datetime) -> Case:
    return factories.case(khach, by=mai, at=at)


@pytest.fixture
def type_code(client: Client, case: Case) -> Callable[[str], HttpResponse]:
    def typed(digits: str) -> HttpResponse:
        return client.post(reverse("status", args=["09895", case.token]), {"look_code": digits})  # type: ignore[return-value]

    return typed


OPENED = "Ai đã xem dữ liệu của ông/bà"
REFUSED = "Mã không đúng, đã dùng hoặc đã hết hạn. Hỏi mã khác tại quầy."


# --- the code ---
def test_the_code_from_the_counter_opens_the_list_once(
    type_code: Callable[[str], HttpResponse], khach: Citizen, mai: Officer, at: datetime
) -> None:
    audit.record("look", "citizen", khach.pk, by=mai, at=at, why="xuất trình thẻ hoặc số định danh")
    digits = looks.digits_of(looks.new_code(khach, by=mai, at=at))

    first, second = type_code(digits), type_code(digits)

    assert words(first)[2:] == [
        OPENED,
        "Hai năm qua, ở mọi xã trên cổng này. Trang chỉ mở một lần: muốn giữ, chụp lại hoặc xin bản in tại quầy.",
        "23/11/2026, Xã Quốc Oai",
        "chính ông/bà xem trang này",
        "23/11/2026, Xã Quốc Oai",
        "ông/bà đưa thẻ hoặc số định danh tại quầy",
        "Thấy lượt xem không rõ lý do, mời ông/bà hỏi tại quầy: cán bộ nào xem, lúc nào đều có ghi.",
        "Trang này không hiện tên hay số định danh của ai.",
    ]
    assert REFUSED in words(second)
    assert [line.officer_id for line in Entry.objects.filter(act="own_look")] == [None]
    assert mai.full_name not in first.content.decode()


def test_the_code_opens_nothing_after_thirty_minutes(
    type_code: Callable[[str], HttpResponse], khach: Citizen, mai: Officer, clock: time_machine.Traveller, at: datetime
) -> None:
    digits = looks.digits_of(looks.new_code(khach, by=mai, at=at))

    clock.move_to(at + timedelta(minutes=30, seconds=1))

    assert REFUSED in words(type_code(digits))


def test_five_wrong_tries_close_the_code(
    type_code: Callable[[str], HttpResponse], khach: Citizen, mai: Officer, at: datetime
) -> None:
    digits = looks.digits_of(looks.new_code(khach, by=mai, at=at))
    wrong = f"{(int(digits) + 1) % 1_000_000:06}"

    answers = [REFUSED in words(type_code(wrong)) for _ in range(5)]

    assert answers == [True] * 5
    assert REFUSED in words(type_code(digits))
    assert LookCode.objects.get().tries == 5


def test_another_persons_code_opens_nothing_here(
    type_code: Callable[[str], HttpResponse], quoc_oai: Commune, mai: Officer, at: datetime
) -> None:
    other = factories.citizen(quoc_oai, "001192000009", "Người Khác")

    assert REFUSED in words(type_code(looks.digits_of(looks.new_code(other, by=mai, at=at))))


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６"])
def test_what_is_no_code_is_refused_alike_and_costs_no_try(
    typed: str, type_code: Callable[[str], HttpResponse], khach: Citizen, mai: Officer, at: datetime
) -> None:
    looks.new_code(khach, by=mai, at=at)

    assert REFUSED in words(type_code(typed))
    assert LookCode.objects.get().tries == 0


def test_a_new_code_ends_the_former_one_and_the_table_holds_no_digits(
    khach: Citizen, mai: Officer, case: Case, at: datetime
) -> None:
    first, second = (looks.new_code(khach, by=mai, at=at) for _ in range(2))

    row = LookCode.objects.get()
    assert row == second
    assert looks.digits_of(first) != looks.digits_of(second)
    assert looks.digits_of(second) not in " ".join(str(value) for value in vars(row).values())
    assert looks.opened_by(case, looks.digits_of(first), at=at) is None


# --- what the list says ---
@pytest.mark.parametrize(
    ("act", "kind", "key", "why", "said"),
    [
        ("look", "citizen", "{pk}", "xuất trình thẻ hoặc số định danh", "ông/bà đưa thẻ hoặc số định danh tại quầy"),
        ("look", "citizen", "{pk}", "hồ sơ H26-1", "giải quyết hồ sơ H26-1"),
        (
            "look",
            "citizen",
            "{pk}",
            "hỏi giúp anh 001085000000 bên cạnh",
            "xem thông tin cá nhân: hỏi giúp anh … bên cạnh",
        ),
        ("look", "citizen", "{pk}", "", "xem thông tin cá nhân"),
        ("look", "case", "{code}", "", "giải quyết hồ sơ {code}"),
        ("print", "result", "{code}/01/UBND", "", "in giấy tờ của hồ sơ {code}"),
        ("check_file", "result", "{code}/01/UBND", "", "có người kiểm tra tệp giấy của ông/bà có thật không"),
    ],
)
def test_a_purpose_is_told_in_words_of_every_day(
    act: str, kind: str, key: str, why: str, said: str, khach: Citizen, case: Case, mai: Officer, at: datetime
) -> None:
    named: dict[str, Any] = {"pk": khach.pk, "code": case.code}
    audit.record(act, kind, key.format(**named), by=mai, at=at, why=why)

    assert looks.looks_at(khach, at=at) == [Look(at.date(), "Xã Quốc Oai", said.format(**named), 1)]


def test_looks_of_every_commune_are_told_and_no_one_elses(
    khach: Citizen, case: Case, mai: Officer, binh: Officer, kieu_phu: Commune, at: datetime
) -> None:
    stranger = factories.citizen(khach.commune, "001192000009", "Người Khác")
    audit.record("look", "citizen", stranger.pk, by=mai, at=at)
    audit.record("look", "case", case.code + "9", by=mai, at=at)
    with walls.within(kieu_phu.pk):
        audit.record("visit", "citizen", khach.pk, by=binh, at=at, why="xuất trình thẻ tại quầy")
        audit.record("visit", "citizen", khach.pk, by=binh, at=at, why="xuất trình thẻ tại quầy")

    assert looks.looks_at(khach, at=at) == [Look(at.date(), "Xã Kiều Phú", "ông/bà đưa thẻ tại quầy của xã này", 2)]


def test_what_is_older_than_two_years_is_left_out(khach: Citizen, mai: Officer, at: datetime) -> None:
    audit.record("look", "citizen", khach.pk, by=mai, at=at - timedelta(days=731), why="hồ sơ CŨ")

    assert looks.looks_at(khach, at=at) == []


@pytest.mark.parametrize("number", [3, 30])
def test_the_list_costs_the_same_with_many_looks(
    number: int, khach: Citizen, mai: Officer, at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for day in range(number):
        audit.record("look", "citizen", khach.pk, by=mai, at=at - timedelta(days=day))

    with django_assert_num_queries(12):
        assert len(looks.looks_at(khach, at=at)) == number


# --- at the counter ---
@pytest.fixture
def clerk(client: Client, mai: Officer, case: Case) -> Client:
    client.force_login(mai)
    return client


def key(text: str) -> dict[str, str]:
    return {"form_key": text * 20}


def test_the_clerk_gives_a_code_and_the_page_shows_it(clerk: Client, khach: Citizen) -> None:
    here = reverse("own_data", args=[khach.pk])
    before = clerk.get(here).content.decode()

    clerk.post(reverse("give_look_code", args=[khach.pk]), key("a"))
    page = clerk.get(here).content.decode()

    shown = re.search(r'class="look-code"[^>]*>(\d{6})<', page)
    assert "look-code" not in before
    assert shown is not None
    assert shown[1] == looks.digits_of(LookCode.objects.get())


def test_without_a_purpose_nothing_is_shown_and_no_code_is_given(client: Client, khach: Citizen, mai: Officer) -> None:
    client.force_login(mai)

    page = client.get(reverse("own_data", args=[khach.pk]))
    client.post(reverse("give_look_code", args=[khach.pk]), key("a"))
    client.post(reverse("ask_own_data", args=[khach.pk]), key("b"))

    assert page["Location"] == reverse("citizen", args=[khach.pk])
    assert not LookCode.objects.exists()
    assert not DataRequest.objects.exists()


# --- “what do you hold on me?” (S-40) ---
def test_a_request_is_answered_within_two_working_days(khach: Citizen, mai: Officer, at: datetime) -> None:
    monday = own_data.ask(khach, by=mai, at=at)
    friday = own_data._due(khach.commune, at + timedelta(days=4))

    assert monday.due_at == at.replace(day=26, hour=17, minute=30)  # the 24th is the Day of Culture
    assert friday == at.replace(month=12, day=1, hour=17, minute=30)


def test_asked_twice_it_is_one_request(khach: Citizen, mai: Officer, at: datetime, later: datetime) -> None:
    assert own_data.ask(khach, by=mai, at=at) == own_data.ask(khach, by=mai, at=later)
    assert Entry.objects.filter(act="ask_own_data").count() == 1


def test_the_answer_says_what_is_held_why_how_long_and_who_looked_on_one_page(
    clerk: Client, khach: Citizen, mai: Officer, at: datetime
) -> None:
    for day in range(30):
        why = ("xuất trình thẻ hoặc số định danh", f"hồ sơ H26.895.00-261123-00{day:02}")[day % 2]
        audit.record("look", "citizen", khach.pk, by=mai, at=at - timedelta(days=day), why=why)
    clerk.post(reverse("ask_own_data", args=[khach.pk]), key("a"))

    response = clerk.get(reverse("own_data_paper", args=[khach.pk]))

    document = pypdfium2.PdfDocument(io.BytesIO(response.content))
    pages = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    assert len(pages) == 1
    for said in (
        "Họ, chữ đệm, tên: Trần Thị Thử",
        "Số định danh cá nhân: 001192000000",
        "Thường trú: Thôn 1, Xã Quốc Oai, Thành phố Hà Nội",
        "Hồ sơ thủ tục đã nộp",
        "ông/bà đưa thẻ hoặc số định danh tại quầy",
        "lưu trữ, không tự hết hạn",
        "Còn 20 dòng cũ hơn",
    ):
        assert said in pages[0], said
    assert mai.full_name not in pages[0]


def test_an_answered_request_is_closed_once_and_keeps_the_hash_of_its_paper(clerk: Client, khach: Citizen) -> None:
    clerk.post(reverse("ask_own_data", args=[khach.pk]), key("a"))
    open_page = clerk.get(reverse("data_requests")).content.decode()

    clerk.post(reverse("answer_own_data", args=[khach.pk]), key("b"))
    again = clerk.post(reverse("answer_own_data", args=[khach.pk]), key("c"))

    row = DataRequest.objects.get()
    assert "0011******00" in open_page
    assert khach.identity_number not in open_page
    assert len(row.sha256) == 64
    assert again.status_code == 404
    assert Entry.objects.filter(act="answer_own_data").count() == 1
    assert "Nguyễn Thị Mai" in clerk.get(reverse("data_requests")).content.decode()


def test_two_clerks_answering_at_once_answer_once(khach: Citizen, mai: Officer, at: datetime, later: datetime) -> None:
    request = own_data.ask(khach, by=mai, at=at)

    assert [own_data.answer(request, by=mai, at=later) for _ in range(2)] == [True, False]


@pytest.mark.parametrize("number", [3, 30])
def test_the_list_of_requests_costs_the_same_with_many(
    number: int, clerk: Client, quoc_oai: Commune, mai: Officer, at: datetime
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for n in range(number):
        own_data.ask(factories.citizen(quoc_oai, f"0011920001{n:02}"), by=mai, at=at)

    with CaptureQueriesContext(connection) as queries:
        clerk.get(reverse("data_requests"))

    assert len([query for query in queries if "datarequest" in query["sql"]]) == 2
    assert len([query for query in queries if '"citizens_citizen" WHERE' in query["sql"]]) == 0
