"""The monitoring office: where to look now, an urge from there, the month's form and the index."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from oneshop import walls
from oneshop.models import Commune, Counter, Officer
from oneshop.roles import Role
from procedures.models import Case
from tests import factories
from tests.journeys.conftest import Visitor
from tests.journeys.keyboard import fill
from tests.journeys.touch import does_not_scroll_sideways


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
