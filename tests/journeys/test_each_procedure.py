"""Each of the seven from the card to the citizen's hand, by keyboard alone, within its budget of keys (quality.md 9).

The people are those of the demo: what is tried here can be tried by hand after `python3 manage.py demo`.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from oneshop import walls
from oneshop.demo import FILES
from oneshop.demo.cases import READY
from oneshop.demo.people import fill_citizens
from oneshop.demo.stock import fill_stock
from oneshop.models import Commune, Officer
from procedures.catalogue import catalogue
from procedures.models import Case, Result
from tests import factories
from tests.journeys.conftest import Visitor
from tests.journeys.keyboard import (
    answer_every_question,
    choose,
    declare,
    enter_number_and_code,
    fill,
    focus_on,
    tick,
    tick_what_is_asked,
)

# Keys from the citizen's page to the receipt, what a scanner sends not counted (quality.md 9). The card's model has 12:
# the loss or the old card is a tick of its own in the law, and costs one more.
BUDGETS = {
    "civil_copy": 45,
    "death_registration": 125,
    "marriage_registration": 50,
    "disability_card": 13,
    "martyr_grave_visit": 45,
    "poor_household": 45,
}


@pytest.fixture
def demo_village(village: Commune) -> Commune:
    """The village of the cast with the books, files and edge cases of the demo."""
    with walls.within(village.pk):
        specialist = Officer.objects.get(username="hung")
        fill_citizens(village, number=3, seed=7)
        fill_stock(village, specialist)
        for fill_files in FILES:
            fill_files(village, specialist)
    return village


def answers_by_keyboard(clerk: Visitor, answers: dict[str, object]) -> None:
    """Type the answers of a demo wish in the order in which the form asks, leaving alone what it suggests."""
    names = clerk.page.evaluate(
        "() => [...new Set([...document.querySelectorAll('form.columns .sheet.form [name]')].map(input => input.name))]"
    )
    for name in names:
        if name not in answers or not clerk.page.locator(f"[name='{name}']").first.is_visible():
            continue
        wanted = answers[name]
        text = wanted.strftime("%d/%m/%Y") if hasattr(wanted, "strftime") else str(wanted if wanted is not None else "")
        kind = clerk.page.evaluate("n => document.querySelector(`[name='${n}']`).type", name)
        now = clerk.page.evaluate(
            """n => {
                const control = document.querySelector('form.columns').elements.namedItem(n);
                return control instanceof HTMLInputElement && ['radio', 'checkbox'].includes(control.type)
                    ? (control.checked ? control.value : '') : control.value;
            }""",
            name,
        )
        if kind == "checkbox":
            if wanted and not now:
                tick(clerk, name)
        elif now == text:
            continue
        elif kind in ("radio", "select-one"):
            choose(clerk, name, text)
        else:
            fill(clerk, name, text)


@pytest.mark.parametrize("key", BUDGETS)
def test_from_the_card_to_the_hand(
    key: str, visitor: Callable[..., Visitor], demo_village: Commune, server: str
) -> None:
    with walls.within(demo_village.pk):
        citizen, other, looked_for, answers = READY[key](demo_village)[0]
    mai, hung, lan = visitor(f"{key}-mai"), visitor(f"{key}-hung"), visitor(f"{key}-lan")

    mai.sign_in("mai")
    mai.scan(citizen.identity_number)
    mai.page.wait_for_url("**/cong-dan/*")
    keys_before = mai.keys
    mai.press(str(catalogue()[key].digit))
    mai.page.wait_for_url(lambda url: key in url)
    if other is not None:
        mai.stands_on("text")
        mai.picture("party")
        mai.has_no_barrier()
        mai.scan(other.identity_number)
        mai.page.wait_for_url(lambda url: url.endswith(key))
    if looked_for:
        mai.page.locator("#look_up_text").focus()
        mai.type(looked_for)
        mai.press("Enter")
        mai.page.wait_for_url(lambda url: url.endswith(key))
    mai.page.wait_for_load_state("networkidle")
    answers_by_keyboard(mai, answers)
    answer_every_question(mai)
    mai.picture("form")
    mai.has_no_barrier()
    mai.press("Control+Enter")
    mai.page.wait_for_url("**/nhap/*")
    mai.page.wait_for_load_state("networkidle")
    mai.picture("check")
    mai.has_no_barrier()
    declare(mai)
    mai.press("Control+Enter")
    mai.page.wait_for_url("**/da-tiep-nhan")
    mai.picture("received")
    mai.has_no_barrier()
    keys = mai.keys - keys_before
    print(f"KLM {key}: {keys} keys")  # noqa: T201

    hung.sign_in("hung")
    focus_on(hung, "H26.895.00")
    hung.press("Enter")
    hung.page.wait_for_url("**/ho-so/*")
    hung.picture("case")
    hung.has_no_barrier()
    hung.press("Control+Enter")
    hung.page.wait_for_url("**/thu-ly")

    lan.sign_in("lan")
    focus_on(lan, "H26.895.00")
    lan.press("Enter")
    lan.page.wait_for_url("**/ky/*")
    lan.page.wait_for_load_state("networkidle")
    lan.picture("sign")
    lan.has_no_barrier()
    tick_what_is_asked(lan)
    fill(lan, "password", factories.PASSWORD)
    lan.press("Control+Enter")
    lan.page.wait_for_url(lambda url: url.endswith("/ky"))

    with walls.within(demo_village.pk):
        case = Case.objects.get(procedure_key=key)
        results = list(Result.objects.filter(case=case))
    assert case.state == "signed", lan.page.content()
    assert results

    give_out_by_keyboard(mai, case, results)

    with walls.within(demo_village.pk):
        case.refresh_from_db()
    assert case.state == "given_out"
    assert keys <= BUDGETS[key], f"{keys} keys"


def test_every_procedure_is_walked_here_or_in_the_main_journey() -> None:
    assert BUDGETS.keys() | {"marital_certificate"} == READY.keys() == {procedure.key for procedure in catalogue()}


def give_out_by_keyboard(mai: Visitor, case: Case, results: list[Result]) -> None:
    """First the Ministry's number where one is owed, then blanks, ticks, and the one main key."""
    mai.open(f"/tra/{case.code}")
    mai.page.wait_for_load_state("networkidle")
    if mai.page.get_by_role("link", name="Mở phần mềm hộ tịch và ghi số").count():
        mai.open(f"/ho-so/{case.code}/phan-mem")
        mai.picture("bridge")
        number = max(results, key=lambda result: result.pk)
        enter_number_and_code(mai, f"{number.number:02}/{number.year}", f"HT-{number.year}-{case.pk:07}")
        mai.page.wait_for_url(f"**/tra/{case.code}")
    while mai.page.get_by_role("button", name="Đã in trên phôi này").count():
        focus_on(mai, "Đã in trên phôi này")  # the next serial of the cupboard stands there already
        with mai.page.expect_navigation():
            mai.press("Enter")
        mai.page.wait_for_load_state("networkidle")
    mai.picture("give-out")
    mai.has_no_barrier()
    tick_what_is_asked(mai)
    mai.press("Control+Enter")
    mai.page.wait_for_url("**/quay")
