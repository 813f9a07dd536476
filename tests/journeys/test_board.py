"""A leader sees at a glance what is wrong, opens it by keyboard, and keeps open what was open when it reloads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from citizens.models import Citizen
from oneshop import walls
from oneshop.models import Commune, Officer
from procedures.models import Case
from tests import factories
from tests.journeys.conftest import Visitor


def a_morning(village: Commune) -> None:
    """Twelve ended cases, one of them late, and one that lies open past its time."""
    with walls.within(village.pk):
        citizen, mai = Citizen.objects.get(), Officer.objects.get(username="mai")
        now = timezone.now()
        for back in range(12):
            facts = {"on_time_index": False, "late_minutes": 90} if back == 3 else {}
            factories.reckoned(citizen, by=mai, ended_at=now - timedelta(days=2 * back), scan_seconds=60, **facts)
        open_case = factories.case(citizen, by=mai, at=now)
        before = now - timedelta(days=2)
        Case.objects.filter(pk=open_case.pk).update(received_at=before, due_at=before, first_due_at=before)


def test_a_leader_reads_the_board_and_opens_what_is_late(visitor: Callable[..., Visitor], village: Commune) -> None:
    a_morning(village)
    lan = visitor("leader")
    lan.sign_in("lan")
    lan.page.get_by_role("link", name="Điều hành").focus()
    lan.press("Enter")

    late = lan.page.get_by_role("link", name="1 hồ sơ quá hạn ở khâu chờ xử lý")
    late.wait_for()
    lan.picture("board")
    assert lan.page.evaluate("document.documentElement.scrollHeight") <= 768, "one screen, no scrolling"
    lan.has_no_barrier()

    lan.page.get_by_text("Bảng số: Đúng hẹn, 8 tuần").focus()
    lan.press("Enter")
    lan.page.evaluate("htmx.trigger(document.body, 'case-moved')")  # as when another desk has moved a case
    lan.page.evaluate("document.querySelector('[name=seen]').value = ''")
    with lan.page.expect_response(lambda answer: "/dieu-hanh" in answer.url):
        lan.page.evaluate("htmx.trigger(document.body, 'case-moved')")
    lan.page.wait_for_function("document.querySelector('.chart-table').open")
    lan.has_no_barrier()

    late.focus()
    lan.press("Enter")
    lan.page.get_by_role("heading", name="Hồ sơ quá hạn").wait_for()
    lan.has_no_barrier()
    lan.press("Escape")
    lan.page.get_by_role("link", name="Đúng hẹn", exact=True).focus()
    lan.press("Enter")
    lan.page.get_by_role("heading", name="1 hồ sơ").wait_for()
    lan.page.get_by_role("link", name="Cách tính").focus()
    lan.press("Enter")
    lan.page.get_by_role("heading", name="Cách tính các số").wait_for()
    lan.picture("definitions")
    lan.has_no_barrier()


def test_the_board_fits_a_telephone(visitor: Callable[..., Visitor], village: Commune) -> None:
    a_morning(village)
    lan = visitor("leader-phone", width=360, height=740)
    lan.sign_in("lan")
    lan.open("/dieu-hanh")

    assert lan.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing to the right of the screen"
    lan.picture("board")
    lan.has_no_barrier()
