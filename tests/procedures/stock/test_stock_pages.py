"""The pages of stock and of the Ministry's software, as clerk, specialist and administrator meet them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from PIL import Image

from citizens.models import Citizen
from oneshop import walls
from oneshop.models import Commune, Entry, Officer
from oneshop.roles import Role
from procedures import ministry, stock, workflow
from procedures.blanks import KINDS
from procedures.catalogue import Procedure
from procedures.models import Blank, BlankLayout, Case, MinistryEntry, PaperOwed, Result
from procedures.states import State
from tests import factories
from tests.procedures import on_blanks as stub
from tests.procedures.on_blanks import KIND, LINES, OnBlanks, delivered, on_blanks, send, text

__all__ = ["on_blanks"]

Enter = Callable[[Officer], Client]


@pytest.fixture(autouse=True)
def clock(at: datetime) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at, tick=False) as traveller:
        yield traveller


@pytest.fixture
def as_() -> Enter:
    def enter(officer: Officer) -> Client:
        client = Client()
        client.force_login(officer)
        return client

    return enter


@pytest.fixture
def case(on_blanks: Procedure, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime) -> Case:
    return stub.signed(khach, received_by=mai, handled_by=hung, by=lan, at=at)


@pytest.fixture
def result(case: Case) -> Result:
    found: Result = case.results.get()
    return found


@pytest.fixture
def blanks(tri: Officer, at: datetime) -> list[Blank]:
    return delivered(tri, at)


def told(client: Client, response: Any) -> str:
    return text(client.get(response["Location"]))  # type: ignore[arg-type]


# --- the stock room ---
def test_a_delivery_is_typed_in_and_counted(as_: Enter, tri: Officer) -> None:
    client = as_(tri)
    form = {"letters": "KH-", "first": "000101", "last": "000130", "received_on": "23/11/2026", "batch": "Phiếu 12"}

    response = send(client, reverse("receive_blanks"), kind=KIND, **form)

    page = told(client, response)
    assert "Đã nhập 30 phôi, từ KH-000101 đến KH-000130." in page
    assert "Hết phôi: Bản sao Giấy khai sinh, Giấy xác nhận khuyết tật. Trả bản điện tử" in page
    assert "Sắp hết phôi" not in page
    assert Blank.objects.counts()[KIND] == 30


def test_a_wrong_delivery_comes_back_with_what_was_typed(as_: Enter, tri: Officer, blanks: list[Blank]) -> None:
    form = {"letters": "KH-", "first": "000105", "last": "000130", "received_on": "23/11/2026", "batch": "Phiếu 13"}

    response = send(as_(tri), reverse("receive_blanks"), kind=KIND, **form)

    assert response.status_code == 422
    assert "Đã có trong kho: KH-000105. Chưa nhập phôi nào của đợt này." in text(response)
    assert "Phiếu 13" in text(response)
    assert Blank.objects.count() == 5


def test_clerk_and_administrator_see_the_same_counts_and_only_the_clerk_the_case(
    as_: Enter, blanks: list[Blank], result: Result, mai: Officer, tri: Officer, at: datetime
) -> None:
    stock.use(result, 1, by=mai, at=at)
    clerk, administrator = as_(mai).get(reverse("stock")), as_(tri).get(reverse("stock"))

    for page in (text(clerk), text(administrator)):  # type: ignore[arg-type]
        assert "KH-000101" in page
        assert "<strong>4</strong>" in page
    assert result.case.code in text(clerk)  # type: ignore[arg-type]
    assert result.case.code not in text(administrator)  # type: ignore[arg-type]
    assert reverse("receive_blanks") not in text(clerk)  # type: ignore[arg-type]
    assert reverse("spoil_blank") not in text(administrator)  # type: ignore[arg-type]


def test_the_list_is_narrowed_down(as_: Enter, blanks: list[Blank], mai: Officer, at: datetime) -> None:
    stock.spoil(blanks[2], reason="rách góc", by=mai, at=at)

    spoiled = text(as_(mai).get(reverse("stock"), {"state": "spoiled"}))  # type: ignore[arg-type]
    of_number = text(as_(mai).get(reverse("stock"), {"serial": "0104"}))  # type: ignore[arg-type]

    assert "rách góc" in spoiled
    assert ("KH-000104" in spoiled, "KH-000104" in of_number, "KH-000103" in of_number) == (False, True, False)


def test_the_room_asks_the_database_as_often_for_many_blanks_as_for_few(
    as_: Enter, tri: Officer, at: datetime, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client, asked = as_(tri), []
    for first, last in (("000101", "000103"), ("000104", "000130")):
        delivered(tri, at, first=first, last=last)
        with django_assert_max_num_queries(20) as questions:
            client.get(reverse("stock"), {"kind": KIND})
        asked.append(len(questions))

    assert asked[0] == asked[1]


def test_a_torn_blank_is_told_and_one_in_use_is_not_spoiled_here(
    as_: Enter, blanks: list[Blank], result: Result, mai: Officer, at: datetime
) -> None:
    client = as_(mai)
    stock.use(result, 1, by=mai, at=at)

    done = told(client, send(client, reverse("spoil_blank"), kind=KIND, serial="KH-000102", reason="rách"))
    in_use = send(client, reverse("spoil_blank"), kind=KIND, serial="KH-000101", reason="rách")
    unknown = send(client, reverse("spoil_blank"), kind=KIND, serial="KH-9", reason="rách")

    assert "Đã ghi phôi KH-000102 hỏng." in done
    assert "đã gắn với một kết quả" in text(in_use)
    assert "Phôi KH-9 không có trong kho của xã" in text(unknown)
    assert Blank.objects.filter(state="spoiled").count() == 1


def test_blanks_are_destroyed_with_minutes(as_: Enter, blanks: list[Blank], tri: Officer) -> None:
    client, form = as_(tri), {"kind": KIND, "first": "KH-000104", "last": "KH-000105"}

    without = send(client, reverse("destroy_blanks"), **form, minutes="")
    done = send(client, reverse("destroy_blanks"), **form, minutes="02/BB-UBND ngày 23/11/2026")

    assert without.status_code == 422
    assert "Ghi số và ngày của biên bản hủy." in text(without)
    assert "Đã ghi hủy 2 phôi" in told(client, done)


def test_the_sheet_of_a_month_is_shown_and_any_other_word_is_this_month(
    as_: Enter, blanks: list[Blank], mai: Officer
) -> None:
    client = as_(mai)

    this = text(client.get(reverse("stock_month")))  # type: ignore[arg-type]
    before = text(client.get(reverse("stock_month"), {"thang": "2026-10"}))  # type: ignore[arg-type]
    odd = text(client.get(reverse("stock_month"), {"thang": "2026-13'"}))  # type: ignore[arg-type]

    assert "Sổ phôi tháng 11/2026" in this
    assert '<td role="cell" class="number" data-label="Nhận">5</td>' in this
    assert '<td role="cell" class="number" data-label="Nhận">5</td>' not in before
    assert "Sổ phôi tháng 11/2026" in odd


# --- the printer ---
@pytest.mark.parametrize("kind", list(KINDS))
def test_the_test_sheet_is_shown_and_printed(kind: str, as_: Enter, tri: Officer) -> None:
    client = as_(tri)

    page = client.get(reverse("blank_layout", args=[kind]))
    sheet = client.get(reverse("test_sheet", args=[kind]))
    picture = client.get(reverse("test_sheet_picture", args=[kind]))

    assert KINDS[kind].label in text(page)  # type: ignore[arg-type]
    assert sheet["Content-Type"] == "application/pdf"
    assert Image.open(io.BytesIO(picture.content)).width == 700
    assert client.get(reverse("blank_layout", args=["moon"])).status_code == 404


def test_what_was_measured_becomes_a_new_dated_row(as_: Enter, tri: Officer, quoc_oai: Commune, at: datetime) -> None:
    client, path = as_(tri), reverse("blank_layout", args=[KIND])

    response = send(client, path, **{"*-0": "1,5", "wife_name-1": "-0.5", "valid_from": "23/11/2026", "note": "máy 1"})

    assert "Đã ghi vị trí mới." in told(client, response)
    assert BlankLayout.objects.in_force(quoc_oai.pk, KIND, at.date()).fields == {"*": [1.5, 0], "wife_name": [0, -0.5]}
    assert 'value="1,5"' in text(client.get(path))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong", [{"*-0": "31"}, {"*-0": "một"}, {"valid_from": "22/11/2026"}, {"valid_from": ""}, {"*-0": "NaN"}]
)
def test_what_no_printer_can_do_is_refused(wrong: dict[str, str], as_: Enter, tri: Officer) -> None:
    response = send(as_(tri), reverse("blank_layout", args=[KIND]), **{"valid_from": "23/11/2026"} | wrong)

    assert response.status_code == 422
    assert not BlankLayout.objects.exists()


# --- giving out on blanks ---
def test_the_clerk_prints_confirms_the_serials_and_gives_out(
    as_: Enter, blanks: list[Blank], case: Case, result: Result, mai: Officer, at: datetime
) -> None:
    client, path = as_(mai), reverse("give_out", args=[case.code])
    ministry.record(case, number="01/2026", code="HT-1", by=mai, at=at)

    page = text(client.get(path))  # type: ignore[arg-type]
    assert reverse("overprint", args=[case.code, result.pk]) in page
    assert 'value="KH-000101"' in page
    assert 'value="KH-000102"' in page
    early = send(client, path, to="Trần Thị Thử", inked="on")
    assert "Chưa ghi phôi của bản chính 1" in told(client, early)

    used = send(
        client,
        reverse("use_blanks", args=[case.code, result.pk]),
        **{"serial-1": "KH-000101", "serial-2": "KH-000104"},
    )
    after = told(client, used)
    assert "Đã ghi Giấy chứng nhận kết hôn trên phôi KH-000101, KH-000104." in after
    assert "paper_later" not in after

    given = send(client, path, to="Trần Thị Thử", inked="on")
    assert given["Location"] == reverse("desk")
    case.refresh_from_db()
    assert case.where == State.GIVEN_OUT


def test_a_serial_taken_meanwhile_is_told_and_the_other_original_keeps_its_own(
    as_: Enter, blanks: list[Blank], case: Case, result: Result, mai: Officer, at: datetime
) -> None:
    stock.spoil(blanks[0], reason="rách", by=mai, at=at)
    client = as_(mai)

    response = send(
        client,
        reverse("use_blanks", args=[case.code, result.pk]),
        **{"serial-1": "KH-000101", "serial-2": "KH-000102"},
    )

    page = told(client, response)
    assert "Bản chính 1: Phôi KH-000101 đã ghi là hỏng. Phôi kế tiếp là KH-000102." in page
    assert "trên phôi KH-000102." in page
    assert stock.missing(case) == [(result, 1)]


def test_serials_left_empty_take_nothing(
    as_: Enter, blanks: list[Blank], case: Case, result: Result, mai: Officer
) -> None:
    client = as_(mai)

    response = send(client, reverse("use_blanks", args=[case.code, result.pk]), **{"serial-1": "", "serial-2": " "})

    assert "Chưa ghi: ghi số sê-ri như in trên phôi." in told(client, response)
    assert not Blank.objects.filter(state="used").exists()


def test_without_stock_the_paper_is_promised_and_handed_over_later(
    as_: Enter,
    case: Case,
    result: Result,
    mai: Officer,
    tri: Officer,
    at: datetime,
    clock: time_machine.Traveller,
) -> None:
    client, path = as_(mai), reverse("give_out", args=[case.code])
    ministry.record(case, number="01/2026", code="HT-1", by=mai, at=at)
    page = text(client.get(path))  # type: ignore[arg-type]
    assert "Kho hết phôi này." in page
    assert 'value="Hết phôi"' in page

    undated = send(client, path, to="Trần Thị Thử", paper_later="on", paper_reason="Hết phôi")
    assert undated.status_code == 422
    assert "Ghi ngày hẹn trả bản giấy." in text(undated)
    send(client, path, to="Trần Thị Thử", paper_later="on", paper_on="30/11/2026", paper_reason="Hết phôi")
    case.refresh_from_db()
    assert case.where == State.GIVEN_OUT
    owed = reverse("hand_paper", args=[case.code])
    assert owed in text(client.get(reverse("stock")))  # type: ignore[arg-type]
    assert owed in text(client.get(reverse("case", args=[case.code])))  # type: ignore[arg-type]

    clock.move_to(at + timedelta(days=8))
    client = as_(mai)
    delivered(tri, at)
    assert "đã quá ngày hẹn" in text(client.get(reverse("stock")))  # type: ignore[arg-type]
    assert "Chưa ghi đủ số sê-ri" in text(send(client, owed, to="Trần Thị Thử"))
    used = send(
        client,
        reverse("use_blanks", args=[case.code, result.pk]),
        **{"serial-1": "KH-000101", "serial-2": "KH-000102"},
    )
    assert used["Location"] == owed
    handed = send(client, owed, to="Trần Thị Thử")
    assert "Đã trả bản giấy" in told(client, handed)
    assert PaperOwed.objects.get().handed_to == "Trần Thị Thử"
    assert client.get(owed)["Location"] == reverse("case", args=[case.code])


def test_a_spoiled_original_is_printed_again_on_the_next_blank(
    as_: Enter, blanks: list[Blank], case: Case, result: Result, mai: Officer, at: datetime
) -> None:
    first = stock.use(result, 1, by=mai, at=at)
    client, path = as_(mai), reverse("change_blank", args=[case.code, first.pk])
    assert 'value="KH-000102"' in text(client.get(path))  # type: ignore[arg-type]

    silent = send(client, path, what="spoiled", serial="KH-000102")
    done = send(client, path, what="spoiled", reason="lem mực", serial="KH-000102")

    assert (silent.status_code, done["Location"]) == (422, reverse("give_out", args=[case.code]))
    assert "Đã ghi phôi KH-000101 hỏng. Bản chính 1 in trên phôi KH-000102." in told(client, done)
    assert client.get(path).status_code == 404


def test_a_serial_read_wrong_is_put_right(
    as_: Enter, blanks: list[Blank], case: Case, result: Result, mai: Officer, at: datetime
) -> None:
    wrong = stock.use(result, 1, by=mai, at=at)
    client, path = as_(mai), reverse("change_blank", args=[case.code, wrong.pk])

    taken = send(client, path, what="wrong", serial="KH-000101")
    done = send(client, path, what="wrong", serial="KH-000103")

    assert "Đã sửa: bản chính 1 in trên phôi KH-000103; phôi KH-000101 trở lại kho." in told(client, done)
    assert taken.status_code in (302, 422)
    assert dict(Blank.objects.values_list("serial", "state"))["KH-000103"] == "used"


def test_the_overprint_is_a_pdf_whose_print_is_written_down(
    as_: Enter, case: Case, result: Result, mai: Officer
) -> None:
    response = as_(mai).get(reverse("overprint", args=[case.code, result.pk]))

    assert response["Content-Type"] == "application/pdf"
    assert Entry.objects.get(act="overprint").key == f"{case.code}/01/2026"


def test_values_without_a_place_print_nothing_and_say_so(
    as_: Enter,
    on_blanks: OnBlanks,
    monkeypatch: pytest.MonkeyPatch,
    khach: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    at: datetime,
) -> None:
    monkeypatch.setattr(stub, "FIELDS", [["moon", "tròn"]])
    case = stub.signed(khach, received_by=mai, handled_by=hung, by=lan, at=at)
    client = as_(mai)

    page = text(client.get(reverse("give_out", args=[case.code])))  # type: ignore[arg-type]
    response = client.get(reverse("overprint", args=[case.code, case.results.get().pk]))

    assert "Chưa in lên phôi được: chưa có chỗ cho moon. Báo quản trị." in page
    assert response["Location"] == reverse("give_out", args=[case.code])


def test_another_communes_blanks_do_not_exist(
    as_: Enter, blanks: list[Blank], case: Case, result: Result, mai: Officer, kieu_phu: Commune, at: datetime
) -> None:
    used = stock.use(result, 1, by=mai, at=at)
    with walls.within(kieu_phu.pk):
        stranger = as_(factories.officer(kieu_phu, "khach.la", Role.CLERK, Role.SPECIALIST))

    for path in (
        reverse("overprint", args=[case.code, result.pk]),
        reverse("change_blank", args=[case.code, used.pk]),
        reverse("hand_paper", args=[case.code]),
        reverse("bridge", args=[case.code]),
    ):
        assert stranger.get(path).status_code == 404
    assert send(stranger, reverse("use_blanks", args=[case.code, result.pk])).status_code == 404
    assert "KH-000101" not in text(stranger.get(reverse("stock")))  # type: ignore[arg-type]


# --- the Ministry's software ---
def test_the_values_stand_in_order_as_plain_text_and_as_keys(as_: Enter, case: Case, hung: Officer) -> None:
    page = text(as_(hung).get(reverse("bridge", args=[case.code])))  # type: ignore[arg-type]

    places = [page.index(f"<dt>{label}</dt>") for label, _ in LINES]
    assert places == sorted(places)
    assert all(f"<dd>{value}</dd>" in page for _, value in LINES if value)
    assert 'data-copy="TRẦN THỊ THỬ" data-label="Họ, chữ đệm, tên" data-key="1"' in page
    assert page.count("data-copy=") == 3  # nothing to copy where there is no value
    assert Entry.objects.get(act="bridge").key == case.code


def test_number_and_code_come_back_and_the_result_may_go(as_: Enter, case: Case, mai: Officer, hung: Officer) -> None:
    clerk, path = as_(mai), reverse("bridge", args=[case.code])
    waiting = text(clerk.get(reverse("give_out", args=[case.code])))  # type: ignore[arg-type]
    assert "Chưa ghi số và mã của phần mềm hộ tịch dùng chung" in waiting
    assert path in waiting
    assert "Chưa ghi số và mã" in told(
        clerk, send(clerk, reverse("give_out", args=[case.code]), to="Trần Thị Thử", inked="on")
    )

    response = send(clerk, path, number="01/2026", code="HT-2026-1")

    assert response["Location"] == reverse("give_out", args=[case.code])
    after = told(clerk, response)
    assert "Đã ghi số 01/2026, mã HT-2026-1." in after
    assert "Chưa ghi số và mã" not in after
    specialist = as_(hung)
    assert "Số 01/2026, mã HT-2026-1" in text(specialist.get(reverse("case", args=[case.code])))  # type: ignore[arg-type]


def test_what_is_wrong_with_number_or_code_is_said_at_its_field(
    as_: Enter, case: Case, quoc_oai: Commune, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    other = stub.signed(
        factories.citizen(quoc_oai, "001192000111", "Nguyễn Thị Khác"),
        received_by=mai,
        handled_by=hung,
        by=lan,
        at=at,
    )
    ministry.record(other, number="15/2026", code="HT-15", by=mai, at=at)
    client, path = as_(hung), reverse("bridge", args=[case.code])

    double = send(client, path, number="15/2026", code="HT-16")
    empty = send(client, path, number="", code="")

    assert (double.status_code, empty.status_code) == (422, 422)
    assert f"Số 15/2026 đã ghi cho hồ sơ {other.code}." in text(double)
    assert "Dán mã mà phần mềm hộ tịch trả về." in text(empty)
    assert MinistryEntry.objects.filter(case=case).count() == 0


def test_a_correction_asks_why_and_shows_both(as_: Enter, case: Case, hung: Officer, at: datetime) -> None:
    client, path = as_(hung), reverse("bridge", args=[case.code])
    send(client, path, number="15/2026", code="HT-15")

    silent = send(client, path, number="16/2026", code="HT-16")
    done = told(client, send(client, path, number="16/2026", code="HT-16", why="gõ nhầm"))
    page = text(client.get(path))  # type: ignore[arg-type]

    assert silent.status_code == 422
    assert "số trong sổ của xã là 01. Đối chiếu lại hai bên." in done
    assert "<s>15/2026 HT-15</s>" in page
    assert "<strong>16/2026</strong>" in page


def test_a_case_without_a_bridge_has_no_such_page(
    as_: Enter, on_blanks: OnBlanks, monkeypatch: pytest.MonkeyPatch, khach: Citizen, mai: Officer, at: datetime
) -> None:
    monkeypatch.setattr(OnBlanks, "bridge", lambda self, application: ())
    case = stub.received(khach, by=mai, at=at)
    client = as_(mai)

    assert client.get(reverse("bridge", args=[case.code])).status_code == 404
    assert reverse("bridge", args=[case.code]) not in text(client.get(reverse("case", args=[case.code])))  # type: ignore[arg-type]


def test_an_ended_case_takes_no_number_any_more(
    as_: Enter, on_blanks: Procedure, khach: Citizen, mai: Officer, at: datetime
) -> None:
    case = stub.received(khach, by=mai, at=at)
    workflow.withdraw(case, by=mai, at=at, note="không cần nữa")

    response = send(as_(mai), reverse("bridge", args=[case.code]), number="15/2026", code="HT-15")

    assert response.status_code == 422
    assert "Công dân rút hồ sơ" in text(response)
