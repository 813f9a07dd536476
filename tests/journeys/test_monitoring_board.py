"""The monitoring office sees which of 21 counters needs it, and urges it on from there, by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from citizens.models import Citizen
from oneshop import walls
from oneshop.models import Commune, Counter, Officer
from oneshop.roles import Role
from procedures.models import Case, Urge
from tests import factories
from tests.journeys.conftest import Visitor

COUNTERS = 21


@pytest.fixture
def watched(village: Commune) -> str:
    """21 counters: one late now, one that pauses long, one of few cases; the code of the case that is late longest."""
    with walls.within(None, reads_all=True):
        factories.officer(None, "doi", Role.MONITOR, full_name="Trần Văn Dõi")
    with walls.within(village.pk):
        citizen, mai = Citizen.objects.get(), Officer.objects.get(username="mai")
        now = timezone.now()
        counters = [village.counters.get()]
        counters += [
            Counter.objects.create(commune=village, name=f"Điểm phục vụ Thôn {number}")
            for number in range(2, COUNTERS + 1)
        ]
        for place, counter in enumerate(counters, start=1):
            for back in range(3 if place == 4 else 22):
                ended_at = now - timedelta(days=2 * (back % 14), minutes=back)
                facts = {"paused_minutes": 90} if place == 3 else {}
                if back < place % 3:
                    facts |= {"on_time_index": False, "late_minutes": 45}
                factories.reckoned(citizen, by=mai, ended_at=ended_at, counter=counter, scan_seconds=60, **facts)
        late = [factories.case(citizen, by=mai, at=now) for _ in range(2)]
        for days, case in enumerate(late, start=2):
            before = now - timedelta(days=days)
            Case.objects.filter(pk=case.pk).update(
                received_at=before, due_at=before, first_due_at=before, counter=counters[7]
            )
    return late[1].code


def test_the_office_reads_the_board_and_urges_on_a_late_case(
    visitor: Callable[..., Visitor], village: Commune, watched: str
) -> None:
    doi = visitor("office")
    doi.sign_in("doi")
    doi.open("/theo-doi")

    page = doi.page
    page.get_by_text("Cần xem ngay: Điểm phục vụ Thôn 8 (2 hồ sơ quá hạn, lâu nhất từ").wait_for()
    page.get_by_text("7 trên 20 điểm đủ hồ sơ chưa đạt mục tiêu").wait_for()
    each = page.locator(".chart-multiples > li")
    assert each.count() == COUNTERS
    assert "Điểm phục vụ Thôn 8" in each.nth(0).inner_text()
    assert "Điểm phục vụ Thôn 3" in each.nth(1).inner_text()
    for worst in (0, 1):
        box = each.nth(worst).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 768, "the worst are seen without scrolling"
    doi.picture("board")
    doi.has_no_barrier()

    page.get_by_role("link", name="Thời gian tạm dừng").focus()
    doi.press("Enter")
    page.wait_for_url("**/theo-doi?so=*")
    page.get_by_text("Xa nhất: Điểm phục vụ Thôn 3, 60,0 %.").wait_for()
    doi.picture("paused")
    doi.has_no_barrier()
    page.locator(".chart-table summary").focus()
    doi.press("Enter")
    page.get_by_role("cell", name="Điểm phục vụ Thôn 21").or_(
        page.get_by_role("rowheader", name="Điểm phục vụ Thôn 21")
    ).wait_for()

    page.get_by_role("link", name=f"Đôn đốc {watched}").focus()
    doi.press("Enter")
    page.wait_for_url("**ho-so=**")
    assert page.get_by_label("Mã hồ sơ").input_value() == watched
    doi.picture("urge")
    page.get_by_label("Nội dung đôn đốc").focus()
    doi.type("Ký ngay, báo lại lý do chậm.")
    doi.press("Control+Enter")
    page.get_by_text("chưa có trả lời").wait_for()
    doi.has_no_barrier()
    with walls.within(None, reads_all=True):
        urge = Urge.objects.select_related("case").get()
    assert urge.case is not None
    assert urge.case.code == watched


def test_the_board_of_the_office_fits_a_telephone_and_needs_no_script(
    visitor: Callable[..., Visitor], watched: str
) -> None:
    phone = visitor("office-phone", width=360, height=740)
    phone.sign_in("doi")
    phone.open("/theo-doi")

    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing to the right"
    assert phone.page.locator(".chart-multiples > li").count() == COUNTERS
    phone.picture("board")
    phone.has_no_barrier()
