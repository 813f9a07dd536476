"""The main job by keyboard alone: a card is scanned, a certificate is in hand, the citizen reads it on her phone."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdfium2
import zxingcpp
from django.utils import timezone

from oneshop import walls
from oneshop.models import Commune
from procedures.models import Case, Result
from tests.journeys.conftest import Visitor
from tests.journeys.keyboard import answer_every_question, declare, enter_number_and_code, focus_on, tick_what_is_asked

# From the citizen's page to the receipt, 31 letters of purpose included (quality.md 9, procedure 2)
KEY_BUDGET = 85
CARD = "001192000000||Trần Thị Thử|17091992|Nữ|Xóm Giả Định, Ngọc Mỹ, Quốc Oai, Hà Nội|11032021"


def links_on(pdf: bytes) -> list[str]:
    """What a telephone reads from the first page, scanned at 150 dots to the inch."""
    picture = pypdfium2.PdfDocument(io.BytesIO(pdf))[0].render(scale=150 / 72).to_pil().convert("L")
    read = [code.text for code in zxingcpp.read_barcodes(picture)]
    return [text for text in read if text.startswith("HTTP")]  # the second code of a result is no link


def test_from_the_card_to_the_certificate_in_hand(
    visitor: Callable[..., Visitor], village: Commune, server: str
) -> None:
    mai, hung, lan = visitor("mai"), visitor("hung"), visitor("lan")

    mai.sign_in("mai")
    mai.picture("desk")
    mai.has_no_barrier()
    mai.scan(CARD)
    mai.page.wait_for_url("**/cong-dan/*")
    assert mai.page.get_by_role("heading", name="Trần Thị Thử").is_visible()
    mai.picture("citizen")
    mai.has_no_barrier()
    keys_before = mai.keys

    mai.press("2")
    mai.page.wait_for_url("**/marital_certificate")
    mai.stands_on("purpose_text")
    mai.type("bổ sung hồ sơ vay vốn ngân hàng")
    answer_every_question(mai)
    mai.picture("form")
    mai.has_no_barrier()
    mai.press("Control+Enter")
    mai.page.wait_for_url("**/nhap/*")
    mai.picture("check")
    mai.has_no_barrier()
    declare(mai)
    mai.press("Control+Enter")
    mai.page.wait_for_url("**/da-tiep-nhan")
    assert mai.keys - keys_before <= KEY_BUDGET
    mai.picture("received")
    mai.has_no_barrier()

    hung.sign_in("hung")
    hung.has_no_barrier()
    hung.press("Tab")
    focus_on(hung, "H26.895.00")
    hung.press("Enter")
    hung.page.wait_for_url("**/ho-so/*")
    hung.picture("case")
    hung.has_no_barrier()
    hung.press("Control+Enter")
    hung.page.wait_for_url("**/thu-ly")

    lan.sign_in("lan")
    lan.picture("signing")
    focus_on(lan, "H26.895.00")
    lan.press("Enter")
    lan.page.wait_for_url("**/ky/*")
    lan.page.wait_for_function("() => document.querySelector('figure.paper img').naturalWidth > 0")
    lan.picture("sign")
    lan.has_no_barrier()
    lan.stands_on("password")
    lan.type("mot-cua-khong-giay-to")
    lan.press("Control+Enter")
    lan.page.wait_for_url(lambda url: url.endswith("/ky"))
    assert lan.page.get_by_text("Đã ký Giấy xác nhận tình trạng hôn nhân số 01/UBND-XNTTHN.").is_visible()

    mai.open("/tra")
    focus_on(mai, "H26.895.00")
    mai.press("Enter")
    mai.page.wait_for_url("**/tra/*")
    mai.picture("give-out")
    mai.has_no_barrier()
    focus_on(mai, "Mở phần mềm hộ tịch")
    mai.press("Enter")
    mai.page.wait_for_url("**/phan-mem")
    enter_number_and_code(mai)
    mai.page.wait_for_url("**/tra/*")
    tick_what_is_asked(mai)
    mai.press("Control+Enter")
    mai.page.wait_for_url("**/quay")
    mai.picture("desk-after")

    with walls.within(village.pk):
        case, result = Case.objects.get(), Result.objects.get()
        slip = case.slips.get(kind="receipt")
    assert case.state == "given_out"

    khach = visitor("khach", width=360, height=740, scripts=False)
    [status] = links_on(bytes(slip.pdf))
    khach.page.goto(status)
    assert khach.page.get_by_role("heading", name="Đã trả kết quả").is_visible()
    assert "Trần" not in khach.page.content()
    khach.picture("status")

    [check] = links_on(bytes(result.pdf))
    khach.page.goto(check)
    assert khach.page.get_by_text("đang có giá trị").is_visible()
    assert khach.page.get_by_text("01/UBND-XNTTHN").is_visible()
    khach.picture("check")


def test_the_whole_way_without_javascript(visitor: Callable[..., Visitor], village: Commune, server: str) -> None:
    """Slower, with full pages, and the same case at the end (U-20, F-59)."""
    mai = visitor("mai", scripts=False)
    mai.sign_in("mai")
    mai.page.get_by_label("Quét thẻ căn cước hoặc mã hồ sơ").fill(CARD)
    mai.page.get_by_role("button", name="Tìm").click()
    mai.page.get_by_role("link", name="Cấp giấy xác nhận tình trạng hôn nhân").click()
    mai.page.get_by_label("Dùng để").fill("bổ sung hồ sơ vay vốn ngân hàng")
    for yes in mai.page.get_by_label("Đúng", exact=True).all():
        yes.check()
    mai.page.get_by_role("button", name="Xem bản in và kiểm tra").click()
    mai.page.get_by_label("Người yêu cầu đã nghe đọc lại nội dung").check()
    mai.page.get_by_role("button", name="Tiếp nhận hồ sơ").click()
    assert mai.page.get_by_text("Đã tiếp nhận").first.is_visible()

    hung = visitor("hung", scripts=False)
    hung.sign_in("hung")
    hung.page.get_by_role("link", name="H26.895.00").click()
    hung.page.get_by_role("button", name="Trình ký", exact=False).first.click()

    lan = visitor("lan", width=360, height=740, scripts=False)
    lan.sign_in("lan")
    lan.page.get_by_role("link", name="H26.895.00").click()
    lan.page.get_by_label("Mật khẩu của người ký").fill("mot-cua-khong-giay-to")
    lan.page.get_by_role("button", name="Ký và phát hành").click()
    lan.picture("signed-on-the-phone")

    mai.open("/tra")
    mai.page.get_by_role("link", name="H26.895.00").click()
    mai.page.get_by_role("link", name="Mở phần mềm hộ tịch và ghi số").click()
    mai.page.get_by_label("Số trên phần mềm hộ tịch").fill(f"01/{timezone.localdate().year}")
    mai.page.get_by_label("Mã trên phần mềm hộ tịch").fill("HT-2026-0001")
    mai.page.get_by_role("button", name="Ghi số và mã").click()
    mai.page.get_by_label("đã ký tay, đóng dấu").check()
    mai.page.get_by_role("button", name="Đã trao cho công dân").click()

    with walls.within(village.pk):
        assert [step.verb for step in Case.objects.get().steps.all()] == ["receive", "submit", "sign", "give_out"]


def test_what_a_broken_scan_says(visitor: Callable[..., Visitor], village: Commune, server: str) -> None:
    """Letters dropped by the scanner: the digits are kept, the record is found, and nothing is guessed."""
    mai = visitor("mai")
    mai.sign_in("mai")

    mai.scan("001085000000|000123456|Nguyn Vn Mu|05031985|Nam|Thn Th Nghim, Si Sn, Quc Oai, H Ni|22062021")

    mai.page.wait_for_selector("h1:has-text('Ghi công dân mới')")
    assert mai.page.get_by_label("Số định danh cá nhân").input_value() == "001085000000"
    assert mai.page.get_by_label("Họ, chữ đệm, tên").input_value() == ""
    mai.picture("broken-scan")
    mai.has_no_barrier()


def test_a_double_press_receives_once(visitor: Callable[..., Visitor], village: Commune, server: str) -> None:
    mai = visitor("mai")
    mai.sign_in("mai")
    mai.scan(CARD)
    mai.page.wait_for_url("**/cong-dan/*")
    mai.press("2")
    mai.stands_on("purpose_text")
    mai.type("vay vốn")
    answer_every_question(mai)
    mai.press("Control+Enter")
    mai.page.wait_for_url("**/nhap/*")
    declare(mai)

    mai.press("Control+Enter", "Control+Enter", "Control+Enter")
    mai.page.wait_for_url("**/da-tiep-nhan")

    with walls.within(village.pk):
        assert Case.objects.count() == 1
