"""A form is sent again and again, by every way a hand and a browser know (F-11, F-12): one act, and the same answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from citizens.models import Citizen
from oneshop import walls
from oneshop.models import Commune, Entry, Officer
from procedures.models import Case, Step
from procedures.states import State, Verb
from tests import factories
from tests.journeys.conftest import Visitor
from tests.procedures.test_invariants import broken


@pytest.fixture
def case(village: Commune) -> Case:
    with walls.within(village.pk):
        mai = Officer.objects.select_related("commune", "counter").get(username="mai")
        return factories.case(Citizen.objects.get(), by=mai, at=timezone.now())


def taken_over(village: Commune, case: Case) -> int:
    """How often; and the case stands where one taking over leaves it."""
    with walls.within(village.pk):
        assert Case.objects.get(pk=case.pk).where == State.HANDLING
        times: int = Step.objects.filter(case=case, verb=Verb.HAND_OVER).count()
    assert broken(village) == {}
    return times


@pytest.mark.parametrize("scripts", [True, False])
def test_two_clicks_in_a_row_act_once(
    village: Commune, case: Case, visitor: Callable[..., Visitor], scripts: bool
) -> None:
    hung = visitor("hung", scripts=scripts)
    hung.page.goto(hung.server + "/dang-nhap")
    hung.page.get_by_label("Tên đăng nhập").fill("hung")
    hung.page.get_by_label("Mật khẩu").fill(factories.PASSWORD)
    hung.page.get_by_label("Mật khẩu").press("Enter")
    hung.page.wait_for_url(lambda url: "dang-nhap" not in url)
    hung.open(f"/ho-so/{case.code}")

    hung.page.get_by_role("button", name="Nhận xử lý").dblclick(delay=20)
    hung.page.get_by_text("Đang xử lý").first.wait_for()

    assert taken_over(village, case) == 1


def test_enter_held_down_reload_and_back_act_once(
    village: Commune, case: Case, visitor: Callable[..., Visitor]
) -> None:
    hung = visitor("hung")
    hung.sign_in("hung")
    hung.open(f"/ho-so/{case.code}")

    hung.page.get_by_role("button", name="Nhận xử lý").focus()
    for _ in range(12):  # a key held down repeats without coming up
        hung.page.keyboard.down("Enter")
    hung.page.keyboard.up("Enter")
    hung.page.get_by_text("Đang xử lý").first.wait_for()
    hung.page.keyboard.press("F5")
    hung.page.get_by_text("Đang xử lý").first.wait_for()
    hung.page.go_back()
    hung.page.wait_for_load_state()

    assert hung.page.get_by_role("button", name="Nhận xử lý").count() == 0  # an old page is asked for anew
    assert taken_over(village, case) == 1


def test_the_same_form_key_gets_the_same_answer_and_another_body_is_refused_and_written_down(
    village: Commune, case: Case, visitor: Callable[..., Visitor]
) -> None:
    hung = visitor("hung")
    hung.sign_in("hung")
    hung.open(f"/ho-so/{case.code}")
    form = hung.page.get_by_role("button", name="Nhận xử lý").locator("xpath=ancestor::form")
    action = form.get_attribute("action") or ""
    fields = {name: form.locator(f"[name={name}]").input_value() for name in ("csrfmiddlewaretoken", "form_key")}
    headers = {"Referer": hung.server}

    def send(**more: str) -> tuple[int, str]:
        answer = hung.context.request.post(hung.server + action, form=fields | more, headers=headers, max_redirects=0)
        return answer.status, answer.headers.get("location", "")

    first, again, other = send(), send(), send(note="đổi nội dung")

    assert first == again == (302, f"/ho-so/{case.code}")
    assert other[0] == 422
    assert taken_over(village, case) == 1
    with walls.within(village.pk):
        assert Entry.objects.filter(act="resent", kind="form").count() == 1
