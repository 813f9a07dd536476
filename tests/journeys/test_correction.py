"""A wrong paper in the citizen's hand: proposed, compared, signed, and its code says so to anyone."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from oneshop import walls
from oneshop.models import Commune, Officer
from procedures import ministry, workflow
from procedures.models import Result
from procedures.rules.remedies import Ground
from tests import factories
from tests.journeys.conftest import Visitor
from tests.journeys.keyboard import choose, fill
from tests.journeys.touch import does_not_scroll_sideways


def test_a_wrong_paper_is_replaced_by_keyboard_and_its_code_says_so(
    visitor: Callable[..., Visitor], village: Commune
) -> None:
    now = timezone.now()
    with walls.within(village.pk):
        mai, hung, lan = (Officer.objects.get(username=name) for name in ("mai", "hung", "lan"))
        case = factories.case(factories.citizen(village, "001192000041"), by=mai, at=now)
        old = factories.signed(case, handled_by=hung, by=lan, at=now)
        factories.given_out(case, by=mai, at=now)

    desk = visitor("hung")
    desk.sign_in("hung")
    desk.page.goto(f"{desk.server}/ho-so/{case.code}")
    desk.page.get_by_role("link", name="Sửa, thay, thu hồi").press("Enter")
    desk.page.wait_for_url("**/sua")
    desk.picture("ways")
    desk.has_no_barrier()
    desk.page.get_by_role("link", name="Thay giấy sai nội dung").press("Enter")
    desk.page.wait_for_url("**cach=thay")
    fill(desk, "purpose_text", "bổ sung hồ sơ mua nhà ở Quốc Oai")
    choose(desk, "sua-fault", "office")
    choose(desk, "sua-asked_by", "citizen")
    fill(desk, "sua-reason", "in sai mục đích sử dụng")
    desk.picture("proposal")
    desk.has_no_barrier()
    desk.press("Control+Enter")
    desk.page.wait_for_url("**/sua-giay/*")
    desk.page.wait_for_load_state("networkidle")
    desk.picture("proposed")
    desk.has_no_barrier()

    leader = visitor("lan")
    leader.sign_in("lan")
    leader.page.get_by_role("link", name=old.full_number).press("Enter")
    leader.page.wait_for_url("**/ky")
    leader.page.wait_for_load_state("networkidle")
    fill(leader, "password", factories.PASSWORD)
    leader.picture("sign")
    leader.has_no_barrier()
    leader.press("Control+Enter")
    leader.page.get_by_text("Đã ký Giấy xác nhận").wait_for()

    with walls.within(village.pk):
        new = Result.objects.get(correction__isnull=False)
        mai = Officer.objects.get(username="mai")
        ministry.record(new.case, number="2/2026", code="HT.2", by=mai, at=timezone.now(), why="thay giấy")
    clerk = visitor("mai")
    clerk.sign_in("mai")
    clerk.page.goto(f"{clerk.server}/tra")
    clerk.page.get_by_role("link", name=old.full_number).press("Enter")
    clerk.page.wait_for_url("**/giay-thay")
    clerk.page.get_by_label("Mọi bản chính trao hôm nay đã ký tay, đóng dấu").press("Space")
    choose(clerk, "old_paper", "returned")
    clerk.picture("hand")
    clerk.has_no_barrier()
    clerk.press("Control+Enter")
    clerk.page.get_by_text(f"Đã trao giấy của hồ sơ {case.code}").wait_for()

    anyone = visitor("anyone", width=360, height=740, scripts=False)
    anyone.page.goto(f"{anyone.server}/K/09895/{old.token}")
    anyone.picture("replaced")
    does_not_scroll_sideways(anyone)
    assert f"Giấy này đã được thay bằng: {new.full_number}" in anyone.page.locator("main").inner_text()


def test_the_pages_of_a_correction_fit_a_telephone(visitor: Callable[..., Visitor], village: Commune) -> None:
    now = timezone.now()
    with walls.within(village.pk):
        mai, hung, lan = (Officer.objects.get(username=name) for name in ("mai", "hung", "lan"))
        case = factories.case(factories.citizen(village, "001192000041"), by=mai, at=now)
        old = factories.signed(case, handled_by=hung, by=lan, at=now)
        factories.given_out(case, by=mai, at=now)
        waiting = workflow.propose_recall(
            Result.objects.select_related("case").get(pk=old.pk),
            ground=Ground.PROVINCE,
            decision="Quyết định số 15/QĐ-UBND ngày 20/11/2026 của Chủ tịch UBND thành phố Hà Nội",
            asked_by="other",
            reason="cấp không đúng thẩm quyền",
            by=hung,
            at=now,
        )
        other = factories.case(factories.citizen(village, "001192000042", "Lê Thị Thử Hai"), by=mai, at=now)
        paper = factories.signed(other, handled_by=hung, by=lan, at=now)
        factories.given_out(other, by=mai, at=now)

    def shows(who: Visitor, path: str, name: str) -> None:
        who.open(path)
        who.page.wait_for_load_state("networkidle")
        who.picture(f"narrow-{name}")
        does_not_scroll_sideways(who)
        who.has_no_barrier()

    desk = visitor("hung", width=360, height=740)
    desk.sign_in("hung")
    for way in ("thay", "thu-hoi", "dinh-chinh"):
        shows(desk, f"/ho-so/{other.code}/giay/{paper.pk}/sua?cach={way}", way)
    shows(desk, f"/sua-giay/{waiting.pk}", "correction")
    leader = visitor("lan", width=360, height=740)
    leader.sign_in("lan")
    shows(leader, f"/sua-giay/{waiting.pk}/ky", "sign")
    fill(leader, "password", factories.PASSWORD)
    leader.press("Control+Enter")
    leader.page.get_by_text("Đã ký Thông báo thu hồi").wait_for()
    clerk = visitor("mai", width=360, height=740)
    clerk.sign_in("mai")
    shows(clerk, f"/tra/{case.code}/giay-thay", "hand")
    anyone = visitor("anyone", width=360, height=740)
    shows(anyone, f"/K/09895/{old.token}", "cancelled")
    assert "Hủy theo: Quyết định của Chủ tịch Ủy ban nhân dân cấp tỉnh." in anyone.page.locator("main").inner_text()
