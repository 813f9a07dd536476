"""The statutory slips: each issued by the verb that owes it, with what one-stop.md B says it holds."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pypdfium2
import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from citizens.models import Citizen
from oneshop.keys import new_form_key
from oneshop.models import Officer
from procedures import papers, workflow
from procedures.models import Case, Slip
from procedures.states import State, Verb
from tests import factories


@pytest.fixture
def case(khach: Citizen, mai: Officer, at: datetime) -> Case:
    return factories.case(khach, by=mai, at=at)


def text_of(slip: Slip) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(bytes(slip.pdf)))
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def slip(case: Case, kind: Slip.Kind) -> Slip:
    found: Slip = case.slips.get(kind=kind)
    return found


# --- Mẫu 02 ---
def test_asking_for_papers_gives_the_citizen_everything_missing_in_one_go(
    case: Case, hung: Officer, later: datetime
) -> None:
    workflow.ask_for_papers(case, by=hung, at=later, note="Văn bản ủy quyền có chứng thực\nBản án ly hôn")

    text = text_of(slip(case, Slip.Kind.SUPPLEMENT))
    assert "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ" in text
    assert "Số: 01/2026/PBS-TTPVHCC" in text
    assert "1. Văn bản ủy quyền có chứng thực. 2. Bản án ly hôn." in text
    assert "NGƯỜI HƯỚNG DẪN (Ký và ghi rõ họ tên) Nguyễn Việt Hùng" in text


def test_a_second_request_is_warned_and_needs_a_word(
    case: Case, mai: Officer, hung: Officer, at: datetime, later: datetime
) -> None:
    workflow.ask_for_papers(case, by=hung, at=at, note="thẻ")
    workflow.take_papers(case, by=mai, at=later, note="đã mang thẻ")

    with pytest.raises(workflow.NotAllowed, match="chỉ được yêu cầu một lần"):
        workflow.ask_for_papers(case, by=hung, at=later, note="ủy quyền")
    workflow.ask_for_papers(case, by=hung, at=later, note="ủy quyền", again=True)

    assert [found.number for found in case.slips.filter(kind="supplement").order_by("number")] == [1, 2]


def test_the_page_of_the_case_warns_before_a_second_request(
    client: Client, case: Case, mai: Officer, hung: Officer, at: datetime, later: datetime
) -> None:
    workflow.ask_for_papers(case, by=hung, at=at, note="thẻ")
    workflow.take_papers(case, by=mai, at=later, note="đã mang thẻ")
    client.force_login(hung)
    act = reverse("act", args=[case.code, Verb.ASK_FOR_PAPERS])

    with time_machine.travel(later, tick=False):
        page = client.get(reverse("case", args=[case.code])).content.decode()
        client.post(act, {"note": "ủy quyền", "form_key": new_form_key()})
        case.refresh_from_db()
        unticked = case.state
        client.post(act, {"note": "ủy quyền", "again": "on", "form_key": new_form_key()})

    assert "Biết là chỉ được yêu cầu một lần" in page
    assert unticked == State.HANDLING
    case.refresh_from_db()
    assert case.state == State.WAITING_PAPERS


# --- Mẫu 04 ---
def test_a_leader_apologises_once_and_promises_another_hour(
    case: Case, lan: Officer, at: datetime, later: datetime
) -> None:
    first, until = case.due_at, at + timedelta(days=2)

    workflow.extend(case, by=lan, at=later, note="Máy chủ của Bộ gián đoạn", until=until)

    case.refresh_from_db()
    assert (case.state, case.first_due_at, case.due_at) == (State.RECEIVED, first, until)
    text = text_of(slip(case, Slip.Kind.APOLOGY))
    assert "PHIẾU XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT" in text
    assert "Lý do: Máy chủ của Bộ gián đoạn." in text
    assert "11 giờ 10 phút, ngày 23 tháng 11 năm 2026" in text
    assert "08 giờ 10 phút, ngày 25 tháng 11 năm 2026" in text
    assert "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ" in text
    with pytest.raises(workflow.NotAllowed, match="một lần"):
        workflow.extend(case, by=lan, at=later, note="lại bận", until=until + timedelta(days=1))


def test_the_second_promise_moves_with_a_pause_and_is_not_forgotten(
    case: Case, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    workflow.extend(case, by=lan, at=at, note="bận", until=at + timedelta(days=2))
    workflow.ask_for_papers(case, by=hung, at=at + timedelta(minutes=10), note="thẻ")

    workflow.take_papers(case, by=mai, at=at + timedelta(minutes=40), note="đã có")

    case.refresh_from_db()
    assert case.due_at == at + timedelta(days=2, minutes=30)


def test_a_new_promise_is_later_than_the_old_one(case: Case, lan: Officer, later: datetime) -> None:
    with pytest.raises(workflow.NotAllowed, match="phải sau giờ hẹn cũ"):
        workflow.extend(case, by=lan, at=later, note="bận", until=case.due_at)

    assert not case.slips.filter(kind="apology").exists()


def test_the_leader_extends_on_the_page_of_the_case(client: Client, case: Case, lan: Officer, later: datetime) -> None:
    client.force_login(lan)
    posted = {"note": "Máy chủ gián đoạn", "on": "25/11/2026", "hour": "9:30", "form_key": new_form_key()}

    with time_machine.travel(later, tick=False):
        client.post(reverse("act", args=[case.code, Verb.EXTEND]), posted)

    case.refresh_from_db()
    assert f"{case.due_at.astimezone(later.tzinfo):%H:%M %d/%m/%Y}" == "09:30 25/11/2026"


# --- Mẫu 05 ---
def test_a_citizen_who_withdraws_gets_the_notice(case: Case, mai: Officer, later: datetime) -> None:
    workflow.withdraw(case, by=mai, at=later, note="Không còn nhu cầu")

    text = text_of(slip(case, Slip.Kind.STOP))
    assert "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ" in text
    assert "Theo đề nghị của người nộp hồ sơ" in text
    assert "Lý do: Không còn nhu cầu." in text
    assert "Hồ sơ đang ở bước: Đã tiếp nhận" in text


# --- Mẫu 06 ---
def test_the_control_sheet_is_built_from_the_steps(
    case: Case, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    workflow.hand_over(case, by=hung, at=at + timedelta(minutes=5))
    workflow.ask_for_papers(case, by=hung, at=at + timedelta(minutes=6), note="thẻ")
    workflow.take_papers(case, by=mai, at=at + timedelta(minutes=20), note="đã có")
    factories.signed(case, handled_by=hung, by=lan, at=at + timedelta(minutes=30))
    factories.given_out(case, by=mai, at=at + timedelta(minutes=40), to="Trần Thị Thử")

    sheet = slip(case, Slip.Kind.CONTROL)
    rows = [(row["from"], row["to"], row["what"]) for row in sheet.facts["rows"]]
    assert rows[0] == ("Nguyễn Thị Mai", "Nguyễn Việt Hùng", "Nhận xử lý")
    assert rows[-1] == ("Phùng Thị Lan", "Nguyễn Thị Mai", "Trả kết quả")
    text = text_of(sheet)
    assert "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ" in text
    assert "Kết quả chung: trước hạn." in text
    assert "Tạm dừng từ 08 giờ 16 phút" in text


def test_a_control_sheet_that_cannot_be_printed_leaves_the_case_open(
    case: Case, mai: Officer, hung: Officer, lan: Officer, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.signed(case, handled_by=hung, by=lan, at=at)

    def breaks(template: str, facts: object) -> None:
        raise papers.PaperFailed(template)

    monkeypatch.setattr(papers, "render", breaks)

    with pytest.raises(papers.PaperFailed):
        factories.given_out(case, by=mai, at=at, to="Trần Thị Thử")

    case.refresh_from_db()
    assert case.state == State.SIGNED
