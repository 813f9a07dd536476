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
from oneshop.models import Commune, Officer
from procedures import papers, workflow
from procedures.catalogue import catalogue
from procedures.house_points import SET_2018
from procedures.models import Case, Slip
from procedures.rulings import rule_on
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


# --- the set of 2018 ---
@pytest.fixture
def in_2018(tri: Officer, at: datetime) -> None:
    rule_on(
        SET_2018,
        "yes",
        valid_from=at.date(),
        source="QĐ 1/2026",
        is_confirmed=True,
        by=tri,
        at=at - timedelta(minutes=30),
    )


def every_slip(quoc_oai: Commune, mai: Officer, hung: Officer, lan: Officer, at: datetime) -> dict[str, str]:
    """What each kind of slip says, by kind, of two cases received at `at`, and of one that is turned away."""
    one, other = (
        factories.case(factories.citizen(quoc_oai, f"00119200001{n}", f"Trần Thị {n}"), by=mai, at=at) for n in (1, 2)
    )
    workflow.issue_receipt(one, by=mai, at=at)
    workflow.ask_for_papers(one, by=hung, at=at + timedelta(minutes=5), note="Bản án ly hôn")
    workflow.take_papers(one, by=mai, at=at + timedelta(minutes=9), note="đã có")
    workflow.extend(one, by=lan, at=at + timedelta(minutes=12), note="Mất điện", until=at + timedelta(days=2))
    factories.signed(one, handled_by=hung, by=lan, at=at + timedelta(minutes=20))
    factories.given_out(one, by=mai, at=at + timedelta(minutes=30))
    workflow.withdraw(other, by=mai, at=at + timedelta(minutes=9), note="Không còn nhu cầu")
    turned_away = factories.citizen(quoc_oai, "001192000019", "Trần Thị Ba", eid_level=1)
    workflow.reject(
        catalogue()["marital_certificate"],
        turned_away,
        answers=factories.ANSWERS,
        officer_answers=factories.all_checked(),
        by=mai,
        at=at,
    )
    return {slip.kind: text_of(slip) for slip in Slip.objects.all()}


OF_2025 = {
    "receipt": ("Số: 01/2026-TTPVHCC", "TRUNG TÂM PHỤC VỤ", "Số định danh cá nhân/tổ chức: 001192000011"),
    "supplement": ("Số: 01/2026/PBS-TTPVHCC", "Hồ sơ của: Trần Thị 1"),
    "rejection": ("Số: 01/2026/PTC-TTPVHCC", "Mã hồ sơ (nếu có):", "Số định danh cá nhân/tổ chức: 001192000019"),
    "apology": ("PHIẾU XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN", "Số: 01/2026/PXL"),
    "stop": ("THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ", "Số: 01/2026/TBD-TTPVHCC"),
    "control": ("Tên đơn vị", "Ngày nhận:", "Hẹn trả kết quả vào", "Người giao: Nguyễn Thị Mai"),
}
OF_2018 = {
    "receipt": (
        "Số: 01/TNHS",
        "BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ",
        "(Liên 1: Lưu)",
        "(Liên 2: Giao khách hàng)",
        "1. Thành phần hồ sơ nộp gồm:",
        "6. Đăng ký nhận kết quả tại: Tại quầy",
        "Quyển số: 11 Số thứ tự: 01",
    ),
    "supplement": ("Số: 01/HDHS", "Tiếp nhận hồ sơ/yêu cầu của Ông/Bà: Trần Thị 1", "NGƯỜI HƯỚNG DẪN"),
    "rejection": ("Số: 01/TCHS", "Qua xem xét, Bộ phận Tiếp nhận và Trả kết quả thông báo"),
    "apology": (
        "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ",
        "Số: 01/PXL",
        "Số biên nhận hồ sơ: H26.895.00-261123-0001",
        "Thời gian hẹn trả kết quả lại: 08 giờ 10 phút, ngày 25 tháng 11 năm 2026",
        "Nơi nhận:",
    ),
    "stop": ("THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ", "Số: 01/TB-BPTNTKQ", "BỘ PHẬN TIẾP NHẬN"),
    "control": ("TÊN CƠ QUAN", "Số: 01/PKS", "Người nhận: Nguyễn Việt Hùng"),
}
NOT_OF_2018 = {
    "receipt": ("Số định danh", "TTPVHCC"),
    "rejection": ("Số định danh", "Mã hồ sơ", "TTPVHCC"),
    "control": ("Ngày nhận:", "Hẹn trả kết quả vào"),
}


def test_every_slip_of_2025_reads_as_its_form(
    quoc_oai: Commune, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    told = every_slip(quoc_oai, mai, hung, lan, at)

    assert [(kind, line) for kind, lines in OF_2025.items() for line in lines if line not in told[kind]] == []


def test_every_slip_of_2018_reads_as_its_form(
    in_2018: None, quoc_oai: Commune, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    told = every_slip(quoc_oai, mai, hung, lan, at)

    assert [(kind, line) for kind, lines in OF_2018.items() for line in lines if line not in told[kind]] == []
    assert [(kind, line) for kind, lines in NOT_OF_2018.items() for line in lines if line in told[kind]] == []


def test_an_old_slip_and_an_open_case_keep_their_set_when_the_set_changes(
    case: Case, mai: Officer, hung: Officer, tri: Officer, at: datetime, later: datetime
) -> None:
    old = workflow.issue_receipt(case, by=mai, at=at)
    bytes_then = bytes(old.pdf)

    rule_on(SET_2018, "yes", valid_from=at.date(), source="QĐ 1", is_confirmed=True, by=tri, at=later)
    workflow.ask_for_papers(case, by=hung, at=later, note="Bản án")

    old.refresh_from_db()
    assert bytes(old.pdf) == bytes_then
    assert "PBS-TTPVHCC" in text_of(slip(case, Slip.Kind.SUPPLEMENT))
