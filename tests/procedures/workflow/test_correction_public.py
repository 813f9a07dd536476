"""What anyone reads of a paper that was put right: golden pages of every standing (F-44, I11, S-31)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from citizens.models import Citizen, amend
from oneshop.models import Officer
from procedures import workflow
from procedures.checking import paper_standing
from procedures.models import Result
from procedures.rules.remedies import Ground
from tests.procedures.test_public_pages import words
from tests.procedures.workflow import test_corrections as corrections
from tests.procedures.workflow.test_corrections import WHY, fresh, letter, recalled, replaced, signed

result, given, later, afternoon = (
    corrections.result,
    corrections.given,
    corrections.later,
    corrections.afternoon,
)

ABOVE = ["Đến nội dung chính", "ỦY BAN NHÂN DÂN XÃ QUỐC OAI", "Kiểm tra giấy tờ"]
BELOW = [
    "So với người cầm giấy",
    "4 số cuối của số định danh",
    "So",
    "So từng dòng trên đây với tờ giấy. Khác một dòng thì giấy không đúng với sổ: hỏi lại nơi cấp.",
    "Kiểm tra lúc 14:10, 23/11/2026.",
    "Kiểm tra giấy khác",
]


@pytest.fixture(autouse=True)
def clock(afternoon: datetime) -> Iterator[None]:
    with time_machine.travel(afternoon, tick=False):
        yield


def page(client: Client, paper: Result) -> list[str]:
    return words(client.get(reverse("result_check", args=["09895", paper.token])))  # type: ignore[arg-type]


def facts(number: str, *, fell: tuple[str, ...] = (), name: str = "T*** T** T**") -> list[str]:
    return [
        *("Loại giấy", "Giấy xác nhận tình trạng hôn nhân"),
        *("Số", number),
        *("Ngày cấp", "23/11/2026"),
        *fell,
        *("Nơi cấp", "ỦY BAN NHÂN DÂN XÃ QUỐC OAI"),
        *("Người ký", "CHỦ TỊCH"),
        *("Cấp cho", name),
    ]


def test_a_replaced_paper_says_by_which_number_and_on_which_day(
    client: Client, given: Result, hung: Officer, lan: Officer, afternoon: datetime
) -> None:
    new = replaced(given, by=hung, signer=lan, at=afternoon)

    assert page(client, given) == [
        *ABOVE,
        "↻",
        "Giấy đã được thay thế, không còn giá trị.",
        *("Giấy này đã được thay bằng:", "02/UBND-XNTTHN", ", ngày 23/11/2026. Không dùng giấy cũ nữa."),
        *facts("01/UBND-XNTTHN", fell=("Ngày thay thế", "23/11/2026")),
        *BELOW,
    ]
    assert page(client, new) == [
        *ABOVE,
        "✓",
        "Giấy thật, đang có giá trị.",
        *facts("02/UBND-XNTTHN"),
        *BELOW,
    ]


def test_the_oldest_of_a_chain_leads_to_the_newest(
    client: Client, given: Result, hung: Officer, lan: Officer, afternoon: datetime
) -> None:
    second = replaced(given, by=hung, signer=lan, at=afternoon)
    replaced(fresh(second), by=hung, signer=lan, at=afternoon, purpose_text="mua xe")

    assert "03/UBND-XNTTHN" in page(client, given)
    assert "03/UBND-XNTTHN" in page(client, second)
    assert "02/UBND-XNTTHN" not in page(client, given)


def test_a_cancelled_paper_says_on_which_day_and_by_what_kind_of_decision_and_no_reason(
    client: Client, given: Result, hung: Officer, lan: Officer, afternoon: datetime
) -> None:
    notice = recalled(given, by=hung, signer=lan, at=afternoon)

    shown = page(client, given)
    assert shown == [
        *ABOVE,
        "✕",
        "Giấy đã bị hủy, không còn giá trị.",
        "Hủy theo: Quyết định của Chủ tịch Ủy ban nhân dân cấp tỉnh.",
        *facts("01/UBND-XNTTHN", fell=("Ngày hủy", "23/11/2026")),
        *BELOW,
    ]
    assert "thẩm quyền" not in " ".join(shown)
    assert "Thông báo thu hồi, hủy giấy" in page(client, notice)


def test_a_replacement_that_was_cancelled_is_told_on_the_old_paper_too(
    client: Client, given: Result, hung: Officer, lan: Officer, afternoon: datetime
) -> None:
    new = replaced(given, by=hung, signer=lan, at=afternoon)
    recalled(fresh(new), by=hung, signer=lan, at=afternoon, ground=Ground.COURT)

    shown = page(client, given)
    assert "Giấy thay thế cũng đã bị hủy: Bản án, quyết định của Tòa án." in shown
    assert "đang có giá trị" not in " ".join(shown)


def test_a_letter_leaves_the_paper_valid_and_is_named(
    client: Client, given: Result, hung: Officer, lan: Officer, afternoon: datetime
) -> None:
    letter(given, by=hung, signer=lan, at=afternoon)

    assert page(client, given) == [
        *ABOVE,
        "✓",
        "Giấy thật, đang có giá trị, có công văn đính chính.",
        *("Đọc giấy này cùng công văn đính chính số", "01/UBND", ", ngày 23/11/2026."),
        *facts("01/UBND-XNTTHN"),
        *BELOW,
    ]


def test_who_holds_the_slip_is_called_for_the_new_paper_until_it_is_handed_over(
    client: Client, given: Result, mai: Officer, hung: Officer, lan: Officer, afternoon: datetime
) -> None:
    def told() -> str:
        return client.get(reverse("status", args=[given.commune.code, given.case.token])).content.decode()

    before = told()
    made = letter(given, by=hung, signer=lan, at=afternoon)
    waiting = told()
    assert made.correction is not None
    workflow.hand_correction(made.correction, by=mai, at=afternoon, to="Trần Thị Thử", inked=True)

    assert "Mời ông/bà đến quầy nhận giấy" not in before
    assert "Có giấy mới của hồ sơ này." in waiting
    assert "Mời ông/bà đến quầy nhận giấy, mang theo giấy đã nhận" in waiting
    assert told() == before


def test_what_is_only_proposed_is_nobodys_business(
    client: Client, given: Result, hung: Officer, afternoon: datetime
) -> None:
    before = page(client, given)

    corrections.proposed(given, by=hung, at=afternoon)

    assert page(client, given) == before


def test_each_paper_shows_the_name_that_stands_on_it(
    client: Client, given: Result, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, afternoon: datetime
) -> None:
    amend(khach, {"full_name": "Lê Thị Đúng"}, paper="Căn cước", by=mai, at=afternoon)
    [new] = signed(
        workflow.propose_replacement(given, fault="office", asked_by="citizen", reason=WHY, by=hung, at=afternoon),
        by=lan,
        at=afternoon,
    )

    assert "T*** T** T**" in page(client, given)
    assert "L* T** Đ***" in page(client, new)
    assert paper_standing.holder_of_paper(fresh(given)) == "Trần Thị Thử"


def test_how_many_originals_there_are_is_told(client: Client, given: Result) -> None:
    alone = page(client, given)
    Result.objects.filter(pk=given.pk).update(originals=3)

    assert "Số bản chính" not in alone
    assert "3, như nhau" in page(client, given)


def test_from_the_very_moment_of_the_signature(
    client: Client, given: Result, hung: Officer, lan: Officer, afternoon: datetime
) -> None:
    correction = corrections.proposed(given, by=hung, at=afternoon)
    assert "Giấy thật, đang có giá trị." in page(client, given)

    signed(correction, by=lan, at=afternoon + timedelta(minutes=1))

    assert "Giấy đã được thay thế, không còn giá trị." in page(client, given)
