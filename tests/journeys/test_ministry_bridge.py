"""Value after value to the Ministry's software, by keyboard alone; the serials of a delivery, by scanner."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from citizens.models import Citizen
from oneshop import walls
from oneshop.models import Commune, Officer
from procedures.models import Blank, Case, MinistryEntry
from tests import factories
from tests.journeys.conftest import Visitor


@pytest.fixture
def case(village: Commune) -> Case:
    """A signed certificate, to be entered in the Ministry's software before it is given out."""
    now = timezone.now()
    with walls.within(village.pk):
        here = {officer.username: officer for officer in Officer.objects.select_related("commune", "counter")}
        case = factories.case(Citizen.objects.get(), by=here["mai"], at=now)
        factories.signed(case, handled_by=here["hung"], by=here["lan"], at=now)
    return case


def test_each_value_is_handed_over_with_one_key(visitor: Callable[..., Visitor], village: Commune, case: Case) -> None:
    hung = visitor("hung")
    hung.context.grant_permissions(["clipboard-read", "clipboard-write"])
    hung.sign_in("hung")
    hung.open(f"/ho-so/{case.code}/phan-mem")
    hung.picture("bridge")
    hung.has_no_barrier()

    def copied(word: str) -> str:
        hung.page.get_by_role("status").get_by_text(f"Đã chép: {word}").wait_for()
        text: str = hung.page.evaluate("navigator.clipboard.readText()")
        return text

    hung.press("Enter")
    assert copied("Họ, chữ đệm, tên") == "Trần Thị Thử"
    hung.press("Enter")
    assert copied("Ngày, tháng, năm sinh") == "17/09/1992"
    hung.press("6")
    assert copied("Số định danh cá nhân") == "001192000000"
    hung.press("ArrowUp", "ArrowUp", "Enter")
    assert copied("Quốc tịch") == "Việt Nam"
    hung.picture("bridge-copied")

    hung.page.get_by_label("Số trên phần mềm hộ tịch").focus()
    year = timezone.localtime(timezone.now()).year
    hung.type(f"1/{year}")
    hung.press("Tab")
    hung.stands_on("code")
    hung.scan(f"HT-{year}-0000001")
    hung.page.get_by_text(f"Đã ghi số 01/{year}, mã HT-{year}-0000001.").wait_for()

    with walls.within(village.pk):
        assert MinistryEntry.objects.get().case == case


def test_a_delivery_is_scanned_in_and_the_printer_is_set(
    visitor: Callable[..., Visitor], village: Commune, server: str
) -> None:
    tri = visitor("tri")
    tri.sign_in("tri")
    tri.open("/phoi")
    tri.picture("stock-empty")
    tri.has_no_barrier()
    tri.open("/phoi/nhap")
    tri.picture("delivery")
    tri.has_no_barrier()

    tri.page.get_by_label("Phiếu giao nhận").fill("Phiếu 12, Sở Tư pháp")
    tri.page.get_by_label("Số đầu").focus()
    tri.scan("000001201")
    tri.stands_on("last")
    tri.scan("000001250")
    tri.page.wait_for_url(lambda url: url.endswith("/phoi"))
    assert tri.page.get_by_text("Đã nhập 50 phôi, từ 000001201 đến 000001250.").is_visible()
    tri.picture("stock")
    tri.has_no_barrier()

    tri.open("/phoi/can-chinh/disability_card")
    tri.page.wait_for_function("() => document.querySelector('figure.paper img').naturalWidth > 0")
    tri.picture("layout")
    tri.has_no_barrier()
    tri.open("/phoi/thang")
    tri.picture("month")
    tri.has_no_barrier()

    with walls.within(village.pk):
        assert Blank.objects.left().count() == 50
