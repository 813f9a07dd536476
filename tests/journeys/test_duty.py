"""The leader on the telephone, one paper after the other and three at once; the administrator's week and delegation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from oneshop import walls
from oneshop.models import Commune, Delegation, Officer, Shift
from oneshop.roles import Role
from procedures import workflow
from procedures.models import Case, Result
from tests import factories
from tests.journeys.conftest import Visitor
from tests.journeys.keyboard import choose, fill, focus_on
from tests.journeys.touch import Finger, does_not_scroll_sideways

MOST_TOUCHES, MOST_SECONDS = 6, 17.0  # a paper, U-25


@pytest.fixture
def waiting(village: Commune) -> list[str]:
    """Three cases before the leader; their codes, the most urgent first."""
    now = timezone.now()
    with walls.within(village.pk):
        mai, hung = Officer.objects.get(username="mai"), Officer.objects.get(username="hung")
        for number in range(3):
            person = factories.citizen(village, f"00119200001{number}", f"Trần Thị Thử {'ABC'[number]}")
            case = factories.case(person, by=mai, at=now - timedelta(minutes=10 - number))
            workflow.submit(case, by=hung, at=now)
        return list(Case.objects.order_by("due_at", "pk").values_list("code", flat=True))


def seen_in_full(leader: Visitor) -> None:
    leader.page.wait_for_function("() => document.querySelector('figure.paper img').naturalWidth > 0")


def test_a_leader_signs_one_paper_after_the_other_on_the_telephone(
    visitor: Callable[..., Visitor], village: Commune, waiting: list[str]
) -> None:
    lan = visitor("lan-phone", width=360, height=740)
    finger, page = Finger(lan), lan.page
    lan.sign_in("lan")
    lan.picture("queue")
    lan.has_no_barrier()
    does_not_scroll_sideways(lan)

    page.get_by_role("link", name=waiting[0]).click()
    seen_in_full(lan)
    lan.picture("sign")
    lan.has_no_barrier()
    does_not_scroll_sideways(lan)
    page.get_by_label("Mật khẩu của người ký").fill(factories.PASSWORD)
    finger.tap(page.get_by_role("button", name="Ký và sang hồ sơ tiếp (còn 2)"))

    page.wait_for_url(f"**/ky/{waiting[1]}")
    finger.start()  # from here on who signs is known for five minutes: this is what a paper takes
    seen_in_full(lan)
    finger.flick_to(page.locator("figure.paper img").first)
    finger.flick_to(page.get_by_role("heading", name="Tóm tắt"))
    lan.picture("sign-next")
    finger.tap(page.get_by_role("button", name="Ký và sang hồ sơ tiếp (còn 1)"), after_thinking=True)
    page.wait_for_url(f"**/ky/{waiting[2]}")
    assert finger.touches <= MOST_TOUCHES
    assert finger.seconds <= MOST_SECONDS

    page.get_by_text("Trả lại cho người giải quyết…").click()
    lan.picture("send-back")
    lan.has_no_barrier()
    finger.tap(page.locator("label", has_text="Sai nơi cư trú hoặc địa danh."))
    finger.tap(page.get_by_role("button", name="Trả lại", exact=True))
    page.wait_for_url(lambda url: url.endswith("/ky"))
    assert page.get_by_text("Không có hồ sơ nào chờ ông/bà ký.").is_visible()

    with walls.within(village.pk):
        assert sorted(Case.objects.values_list("state", flat=True)) == ["handling", "signed", "signed"]


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
def test_a_leader_signs_three_at_one_confirmation_on_the_telephone(
    scripts: bool, visitor: Callable[..., Visitor], village: Commune, waiting: list[str]
) -> None:
    lan = visitor(f"lan-batch-{scripts}", width=360, height=740, scripts=scripts)
    finger, page = Finger(lan), lan.page
    lan.open("/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill("lan")
    page.get_by_label("Mật khẩu").fill(factories.PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    finger.tap(page.get_by_role("link", name="Xem liền và ký 3 hồ sơ"))
    page.wait_for_url("**/ky/nhieu")
    if scripts:
        does_not_scroll_sideways(lan)
        lan.has_no_barrier()
    for code in waiting:
        finger.flick_to(page.locator(f"img[src*='{code}']"))
        if scripts:
            page.wait_for_function("code => document.querySelector(`img[src*='${code}']`).naturalWidth > 0", arg=code)
        finger.tap(page.locator("label", has_text=f"Ký hồ sơ {code}"), after_thinking=True)
    page.wait_for_load_state("networkidle")
    lan.picture("batch")
    page.get_by_label("Mật khẩu của người ký").fill(factories.PASSWORD)
    finger.tap(page.get_by_role("button", name="Ký các hồ sơ đã chọn"))
    page.wait_for_url("**/ky/luot/*")
    page.get_by_text("Đã ký 3 trên 3 hồ sơ.").wait_for()
    lan.picture("round")
    if scripts:
        lan.has_no_barrier()
        does_not_scroll_sideways(lan)
    assert finger.touches / 3 <= MOST_TOUCHES
    assert finger.seconds / 3 <= MOST_SECONDS

    with walls.within(village.pk):
        assert sorted(Result.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_the_administrator_copies_a_week_and_writes_down_a_delegation(
    visitor: Callable[..., Visitor], village: Commune, server: str
) -> None:
    """By keyboard: the week like the last one, then who signs in whose name."""
    now = timezone.localtime()
    with walls.within(village.pk):
        son = factories.officer(village, "son", Role.SIGNER, full_name="Đỗ Hữu Sơn", position="Phó Chủ tịch")
        monday = (now - timedelta(days=now.weekday())).replace(hour=7, minute=30, second=0, microsecond=0)
        for day in range(5):
            starts = monday + timedelta(days=day)
            factories.shift(son, Role.SIGNER, starts_at=starts, ends_at=starts.replace(hour=17))
    tri = visitor("tri")
    tri.sign_in("tri")
    tri.open("/lich-truc")
    tri.picture("roster")
    tri.has_no_barrier()
    focus_on(tri, "Tuần sau")
    tri.press("Enter")
    tri.page.wait_for_url("**/lich-truc?tuan=*")
    assert tri.page.get_by_role("heading", name="Giờ mở cửa chưa có người ký").is_visible()
    tri.open(tri.page.get_by_role("link", name="Chép từ tuần khác").get_attribute("href") or "")
    assert tri.page.get_by_role("heading", name="Sẽ thêm").is_visible()
    tri.picture("copy-week")
    tri.has_no_barrier()
    tri.press("Control+Enter")
    tri.page.wait_for_url("**/lich-truc?tuan=*")
    tri.picture("next-week")
    tri.has_no_barrier()
    with walls.within(village.pk):
        assert Shift.objects.filter(officer=son, starts_at__gte=monday + timedelta(days=7)).count() >= 4

    tri.open("/lich-truc/thay-the")
    tri.picture("stand-ins")
    tri.has_no_barrier()
    with walls.within(village.pk):
        lan = Officer.objects.get(username="lan")
    choose(tri, "uy-quyen-giver", str(lan.pk))
    choose(tri, "uy-quyen-taker", str(son.pk))
    fill(tri, "uy-quyen-lines", "KT. CHỦ TỊCH|PHÓ CHỦ TỊCH")
    fill(tri, "uy-quyen-document", "16/QĐ-UBND")
    fill(tri, "uy-quyen-first_day", f"{now:%d/%m/%Y}")
    fill(tri, "uy-quyen-last_day", f"{now + timedelta(days=30):%d/%m/%Y}")
    tri.press("Control+Enter")
    tri.page.get_by_text("Đã ghi Đỗ Hữu Sơn được giao ký").wait_for()
    tri.picture("delegated")
    tri.has_no_barrier()
    with walls.within(village.pk):
        assert Delegation.objects.get().document == "16/QĐ-UBND"


def test_the_administrator_tries_a_closure_out_and_the_clerk_is_told_whom_to_call(
    visitor: Callable[..., Visitor], village: Commune, waiting: list[str]
) -> None:
    with walls.within(village.pk):
        mai = Officer.objects.get(username="mai")
        case = Case.objects.get(code=waiting[0])
        workflow.issue_receipt(case, by=mai, at=timezone.now())
        due = timezone.localtime(case.due_at)
    tri = visitor("tri-calendar")
    tri.sign_in("tri")
    tri.open("/lich-lam-viec")
    tri.picture("calendar")
    tri.has_no_barrier()
    fill(tri, "on", f"{due:%d/%m/%Y}")
    choose(tri, "kind", "closure")
    fill(tri, "reason", "Mất điện")
    fill(tri, "document", "TB 12")
    tri.press("Control+Enter")
    tri.page.wait_for_url("**/lich-lam-viec/thu?*")
    assert tri.page.get_by_role("heading", name="3 hồ sơ đổi giờ hẹn").is_visible()
    tri.picture("dry-run")
    tri.has_no_barrier()
    tri.press("Control+Enter")
    tri.page.get_by_text("Đã ghi lịch số 1").wait_for()
    tri.page.get_by_role("link", name="Số 0").click()
    tri.picture("version")
    tri.has_no_barrier()

    clerk = visitor("mai-calendar")
    clerk.sign_in("mai")
    clerk.page.get_by_role("link", name="1 công dân cần báo lại giờ hẹn").click()
    clerk.picture("to-tell")
    clerk.has_no_barrier()
    clerk.page.get_by_role("button", name="Đã báo").click()
    assert clerk.page.get_by_text("Không còn ai cần báo lại.").is_visible()
