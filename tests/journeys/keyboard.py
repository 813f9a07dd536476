"""What a person does with the keyboard alone, and how many keys it takes."""

from __future__ import annotations

from django.utils import timezone

from tests.journeys.conftest import Visitor


def answer_every_question(clerk: Visitor) -> None:
    """One key a question: F2 says yes to the one that stands out, as long as there is one."""
    for _ in range(60):
        if clerk.page.locator(".finding-ask").count() == 0:
            clerk.page.wait_for_function("() => !document.querySelector('.htmx-request')")
            return
        clerk.press("F2")
    raise AssertionError("a question cannot be answered by keyboard")


def to(clerk: Visitor, field: str) -> None:
    """Tab until the focus stands on the field of that name; tabs count as keys."""
    for _ in range(80):
        if clerk.page.evaluate("name => document.activeElement.name === name", field):
            return
        clerk.press("Tab")
    raise AssertionError(f"{field} cannot be reached by keyboard")


def fill(clerk: Visitor, field: str, text: str) -> None:
    to(clerk, field)
    clerk.type(text)


def choose(clerk: Visitor, field: str, value: str) -> None:
    """By the arrow keys, in a list or among radio buttons."""
    to(clerk, field)
    for _ in range(40):
        chosen = clerk.page.evaluate(
            """name => {
                const control = document.activeElement.form.elements.namedItem(name);
                return control instanceof RadioNodeList || control.type !== 'radio' ? control.value
                    : control.checked ? control.value : '';
            }""",
            field,
        )
        if chosen == value:
            return
        clerk.press("ArrowDown")
    raise AssertionError(f"{field} has no {value}")


def tick(clerk: Visitor, field: str) -> None:
    to(clerk, field)
    if not clerk.page.evaluate("() => document.activeElement.checked"):
        clerk.press("Space")


def declare(clerk: Visitor) -> None:
    """The focus waits on the declaration; one key ticks it."""
    tick(clerk, "declaration")


def enter_number_and_code(clerk: Visitor, number: str = "", code: str = "HT-2026-0001") -> None:
    """What the Ministry's software gave back, typed under the values."""
    fill(clerk, "number", number or f"01/{timezone.localdate().year}")
    fill(clerk, "code", code)
    clerk.press("Control+Enter")


def focus_on(clerk: Visitor, text: str) -> None:
    """Tab until the focus stands on a link that begins with `text`."""
    for _ in range(40):
        if clerk.page.evaluate("t => document.activeElement.textContent.trim().startsWith(t)", text):
            return
        clerk.press("Tab")
    raise AssertionError(f"{text} cannot be reached by keyboard")


def tick_what_is_asked(officer: Visitor) -> None:
    """Every tick of this stage, with Tab and Space."""
    for box in officer.page.locator("input[type=checkbox]:is([name^=rule-], [name=inked])").all():
        tick(officer, str(box.get_attribute("name")))
