"""A citizen says how it was: on the telephone without script, on the tablet; the office reads and answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from oneshop import walls
from oneshop.models import Commune, Officer
from oneshop.roles import Role
from procedures import hall
from procedures.hall import feedback
from procedures.models import Case, HallDevice, Proposal, Rating
from tests import factories
from tests.journeys.conftest import Visitor
from tests.journeys.keyboard import fill
from tests.journeys.touch import does_not_scroll_sideways


@pytest.fixture
def given(village: Commune) -> Case:
    """A result in the citizen's hand since now."""
    now = timezone.now()
    with walls.within(village.pk):
        mai, hung, lan = (Officer.objects.get(username=name) for name in ("mai", "hung", "lan"))
        case = factories.case(factories.citizen(village, "001192000051"), by=mai, at=now)
        factories.signed(case, handled_by=hung, by=lan, at=now)
        factories.given_out(case, by=mai, at=now)
        return Case.objects.get(pk=case.pk)


def test_on_the_telephone_without_script(visitor: Callable[..., Visitor], village: Commune, given: Case) -> None:
    citizen = visitor("phone", width=360, height=740, scripts=False)
    citizen.page.goto(f"{citizen.server}/H/09895/{given.token}")
    citizen.page.get_by_role("link", name="Đánh giá").click()
    citizen.page.get_by_role("button", name="Gửi đánh giá").click()
    citizen.page.get_by_text("Chọn một mức hài lòng.").wait_for()
    does_not_scroll_sideways(citizen)
    citizen.page.locator("input[name=overall][value='5']").check()
    citizen.page.locator("input[name=trips][value='1']").check()
    citizen.picture("questions")
    citizen.page.get_by_role("button", name="Gửi đánh giá").click()
    citizen.page.get_by_text("Cảm ơn ông/bà.").wait_for()
    citizen.picture("thanks")

    with walls.within(village.pk):
        assert [(row.overall, row.trips) for row in Rating.objects.all()] == [(5, 1)]


def test_on_the_tablet_and_before_the_office(visitor: Callable[..., Visitor], village: Commune, given: Case) -> None:
    now = timezone.now()
    with walls.within(village.pk):
        tri = Officer.objects.get(username="tri")
        device = hall.add_device(HallDevice.Kind.TABLET, village.counters.get(), "bàn 1", by=tri, at=now)
        feedback.propose(Proposal.Kind.PROPOSAL, "thêm bàn tiếp nhận", by=tri, at=now)
    with walls.within(None, reads_all=True):
        factories.officer(None, "doi", Role.MONITOR, full_name="Trần Văn Dõi")
    tablet = visitor("tablet", width=1280, height=800)
    tablet.page.goto(f"{tablet.server}/danh-gia/09895/{device.token}")
    tablet.picture("asked")
    tablet.has_no_barrier()
    tablet.page.get_by_text("Hài lòng", exact=True).first.click()
    tablet.page.locator("textarea").fill("nên có ghế ngồi chờ")
    tablet.page.get_by_role("button", name="Gửi").click()
    tablet.page.get_by_text("Cảm ơn ông/bà.").wait_for()
    tablet.picture("thanks")
    tablet.has_no_barrier()

    office = visitor("doi")
    office.sign_in("doi")
    office.page.goto(f"{office.server}/y-kien")
    office.picture("opinions")
    office.has_no_barrier()
    office.page.get_by_text("Trả lời…").click()
    office.page.locator("textarea").first.focus()
    office.type("Đã đề nghị xã thêm ghế.")
    office.page.get_by_role("button", name="Trả lời").click()
    office.page.get_by_text("Đã trả lời.").wait_for()
    office.page.goto(f"{office.server}/gop-y")
    office.picture("proposals")
    office.has_no_barrier()
    office.page.goto(f"{office.server}/ra-soat-thu-tuc")
    office.picture("review")
    office.has_no_barrier()

    desk = visitor("tri")
    desk.sign_in("tri")
    desk.page.goto(f"{desk.server}/gop-y")
    fill(desk, "text", "thêm máy in")
    desk.page.get_by_role("radio", name="Đề xuất").check()
    desk.picture("propose")
    desk.has_no_barrier()
    desk.press("Control+Enter")
    desk.page.get_by_text("Đã gửi cơ quan theo dõi.").wait_for()
