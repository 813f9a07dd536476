"""The monitoring office: where to look now, an urge from there, the month's form and the index."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from citizens.models import Citizen
from oneshop import walls
from oneshop.models import Commune, Counter, Officer
from oneshop.roles import Role
from procedures.models import Case
from tests import factories
from tests.journeys.conftest import Visitor
from tests.journeys.keyboard import fill
from tests.journeys.touch import does_not_scroll_sideways

COUNTERS = 21


def test_from_the_late_case_to_the_urge_and_on_to_the_reports(
    visitor: Callable[..., Visitor], village: Commune
) -> None:
    now = timezone.now()
    with walls.within(village.pk):
        mai = Officer.objects.get(username="mai")
        for n in range(20):
            Counter.objects.create(commune=village, name=f"Điểm phục vụ số {n + 2}")
        person = factories.citizen(village, "001192000071", "Trần Văn Kín")
        case = factories.case(person, by=mai, at=now - timedelta(days=6))
        Case.objects.filter(pk=case.pk).update(due_at=now - timedelta(days=4))
        for n in range(25):
            factories.reckoned(person, by=mai, ended_at=now - timedelta(days=n % 20), on_time_index=n % 4 > 0)
    with walls.within(None, reads_all=True):
        factories.officer(None, "doi", Role.MONITOR, full_name="Trần Văn Dõi")

    office = visitor("doi")
    office.sign_in("doi")
    office.page.wait_for_url("**/theo-doi")
    office.picture("board")
    office.has_no_barrier()
    assert "Trần Văn Kín" not in office.page.content()
    assert office.page.locator(".chart-multiples > li").count() == 21
    office.page.get_by_role("link", name=f"Đôn đốc {case.code}").press("Enter")
    office.page.wait_for_url("**/don-doc/moi**")
    fill(office, "text", "Xem ngay, báo lại trong buổi.")
    office.picture("urge")
    office.has_no_barrier()
    office.press("Control+Enter")
    office.page.get_by_text("Đã gửi.").wait_for()
    office.page.goto(f"{office.server}/bao-cao/thi-diem")
    office.picture("pilot")
    office.has_no_barrier()
    office.page.goto(f"{office.server}/chi-so-766")
    office.picture("index")
    office.has_no_barrier()

    phone = visitor("doi-phone", width=360, height=740)
    phone.sign_in("doi")
    for path in ("/theo-doi", "/chi-so-766"):
        phone.page.goto(phone.server + path)
        phone.picture(path.strip("/"))
        phone.has_no_barrier()
        does_not_scroll_sideways(phone)


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


def test_the_worst_of_21_counters_are_seen_without_scrolling_and_each_figure_names_its_own(
    visitor: Callable[..., Visitor], watched: str
) -> None:
    doi = visitor("office")
    doi.sign_in("doi")
    doi.open("/theo-doi")

    page = doi.page
    page.get_by_text("Cần xem ngay: Điểm phục vụ Thôn 8 (2 hồ sơ quá hạn, lâu nhất từ").wait_for()
    page.get_by_text("7 trên 20 điểm đủ hồ sơ chưa đạt mục tiêu").wait_for()
    each = page.locator(".chart-multiples > li")
    assert each.count() == COUNTERS
    for place, name in enumerate(("Điểm phục vụ Thôn 8", "Điểm phục vụ Thôn 3")):
        assert name in each.nth(place).inner_text()
        box = each.nth(place).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 768
    doi.picture("worst-first")
    doi.has_no_barrier()

    page.get_by_role("link", name="Thời gian tạm dừng").focus()
    doi.press("Enter")
    page.get_by_text("Xa nhất: Điểm phục vụ Thôn 3, 60,0 %.").wait_for()
    doi.picture("paused")
    page.locator(".chart-table summary").focus()
    doi.press("Enter")
    assert page.locator(".chart-table tbody tr").count() == COUNTERS
    doi.has_no_barrier()

    page.get_by_role("link", name=f"Đôn đốc {watched}").focus()
    doi.press("Enter")
    page.wait_for_url("**ho-so=**")
    assert page.get_by_label("Mã hồ sơ").input_value() == watched
