"""A citizen and a checker with a telephone, no log-in, no JavaScript: follow, see who looked, check a paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from citizens.models import Citizen
from oneshop import walls
from oneshop.models import Commune, Officer
from procedures import looks
from procedures.models import Result
from tests import factories
from tests.journeys.conftest import Visitor


@pytest.fixture
def result(village: Commune) -> Result:
    at = timezone.now()
    with walls.within(village.pk):
        mai, hung, lan = (Officer.objects.get(username=name) for name in ("mai", "hung", "lan"))
        case = factories.case(Citizen.objects.get(), by=mai, at=at - timedelta(minutes=5))
        return factories.signed(case, handled_by=hung, by=lan, at=at)


def test_a_paper_is_checked_in_three_ways_on_a_telephone_without_scripts(
    result: Result, visitor: Callable[..., Visitor], tmp_path: Path
) -> None:
    phone, watcher = visitor("phone", width=360, height=800, scripts=False), visitor("watcher", width=360, height=800)
    page = phone.page
    file = tmp_path / "giay.pdf"
    file.write_bytes(bytes(result.pdf))

    phone.open("/kiem-tra")
    phone.picture("start")
    page.get_by_label("Mã trên giấy").fill(result.facts["check_link"])
    page.get_by_role("button", name="Kiểm tra mã").click()
    page.get_by_role("heading", name="Giấy thật, đang có giá trị.").wait_for()
    phone.picture("by-link")

    phone.open("/kiem-tra")
    page.get_by_label("Mã trên giấy").fill(result.facts["offline_code"])
    page.get_by_role("button", name="Kiểm tra mã").click()
    page.get_by_role("heading", name="Mã thật, do xã ký.").wait_for()
    page.get_by_label("4 số cuối của số định danh").fill("0000")
    page.get_by_role("button", name="So").click()
    page.get_by_text("Khớp với dấu so trong mã.").wait_for()
    phone.picture("offline")

    phone.open("/kiem-tra")
    page.get_by_label("Tệp PDF, nhiều nhất 5 MB").set_input_files(file)
    page.get_by_role("button", name="Kiểm tra tệp").click()
    page.get_by_text("Tệp đúng từng byte với bản của xã.").wait_for()
    phone.picture("file")

    file.write_bytes(bytes(result.pdf) + b" ")
    phone.open("/kiem-tra")
    page.get_by_label("Tệp PDF, nhiều nhất 5 MB").set_input_files(file)
    page.get_by_role("button", name="Kiểm tra tệp").click()
    page.get_by_role("heading", name="Tệp đã bị sửa.").wait_for()
    phone.picture("changed-file")

    phone.open("/khoa")
    phone.picture("keys")
    for path in ("/kiem-tra", "/khoa", f"/K/09895/{result.token}"):
        watcher.open(path)
        watcher.has_no_barrier()
        assert watcher.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_citizen_sees_who_looked_with_a_code_from_the_counter(
    result: Result, village: Commune, visitor: Callable[..., Visitor]
) -> None:
    desk, phone = visitor("desk"), visitor("phone", width=360, height=800, scripts=False)

    desk.sign_in("mai")
    desk.scan("001192000000")
    desk.page.get_by_role("link", name="Cho công dân xem ai đã tra cứu").click()
    desk.page.get_by_role("button", name="Cấp mã 6 số").wait_for()
    desk.picture("before")
    desk.press("Control+Enter")
    digits = desk.page.locator(".look-code").inner_text()
    desk.has_no_barrier()
    desk.picture("code")
    with walls.within(village.pk):
        assert digits == looks.digits_of(looks.LookCode.objects.get())

    phone.open(f"/H/09895/{result.case.token}")
    phone.page.get_by_label("Mã 6 số").fill("000000" if digits != "000000" else "111111")
    phone.page.get_by_role("button", name="Mở").click()
    phone.page.get_by_text("Mã không đúng, đã dùng hoặc đã hết hạn.").wait_for()
    phone.picture("wrong")
    phone.page.get_by_label("Mã 6 số").fill(digits)
    phone.page.get_by_role("button", name="Mở").click()
    phone.page.get_by_role("heading", name="Ai đã xem dữ liệu của ông/bà").wait_for()
    phone.page.get_by_text("ông/bà đưa thẻ hoặc số định danh tại quầy").wait_for()
    phone.picture("looks")

    desk.page.get_by_role("button", name="Ghi yêu cầu").click()
    desk.page.get_by_role("link", name="In bản trả lời").wait_for()
    desk.picture("asked")
    desk.page.get_by_role("button", name="Đã trao bản trả lời").click()
    desk.page.get_by_role("link", name="Mọi yêu cầu của xã").click()
    desk.page.get_by_role("heading", name="Yêu cầu về dữ liệu cá nhân").wait_for()
    desk.has_no_barrier()
    desk.picture("requests")


def test_codes_are_checked_in_the_browser_after_the_network_is_gone(
    result: Result, visitor: Callable[..., Visitor]
) -> None:
    checker = visitor("checker", width=360, height=800)
    page, code = checker.page, result.facts["offline_code"]
    checker.open("/kiem-tra/khong-mang")
    checker.has_no_barrier()
    checker.context.set_offline(True)

    page.get_by_label("Mã MC1:…").fill(code)
    page.get_by_role("heading", name="Mã thật, do xã ký.").wait_for()
    page.get_by_text("01/UBND-XNTTHN").wait_for()
    page.get_by_text("T*** T** T**").wait_for()
    checker.picture("genuine")
    whole = code[: len(code) - (len(code) - len("MC1:")) % 3]  # three signs are two bytes; two at the end are one
    changed = whole[:-3] + ("AAA" if whole[-3:] != "AAA" else "BBB") + code[len(whole) :]
    page.get_by_label("Mã MC1:…").fill(changed)
    page.get_by_role("heading", name="Mã không đúng").wait_for()
    assert page.get_by_text("T*** T** T**").count() == 0
    page.get_by_label("Mã MC1:…").fill("MC1:ABC")
    page.get_by_role("heading", name="Không đọc được mã.").wait_for()
    page.get_by_label("Mã MC1:…").fill("\n".join([code[:50].lower(), code[50:]]))
    page.get_by_role("heading", name="Mã thật, do xã ký.").wait_for()
    checker.context.set_offline(False)
