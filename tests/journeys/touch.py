"""What a finger does on a small screen: touches counted, targets measured, and the time a person would need.

The time is foretold by the keystroke-level model (quality.md 7, source A26) with its usual operators, in seconds: to
point 1.1, to press 0.2, to think before a decision 1.35, to flick through a paper 0.7. Waiting is measured by others.
"""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator

from tests.journeys.conftest import Visitor

POINT, PRESS, THINK, FLICK = 1.1, 0.2, 1.35, 0.7
SMALLEST = 44  # CSS pixels, U-25


@dataclass
class Finger:
    """One hand on the telephone of `visitor`."""

    visitor: Visitor
    touches: int = 0
    seconds: float = 0

    def tap(self, target: Locator, *, after_thinking: bool = False) -> None:
        """Touch what can be touched: at least 44 × 44, or the test fails."""
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        assert box is not None, "what is not drawn cannot be touched"
        assert min(box["width"], box["height"]) >= SMALLEST, f"{target}: {box}"
        target.click()
        self.touches += 1
        self.seconds += POINT + PRESS + (THINK if after_thinking else 0)

    def flick_to(self, target: Locator) -> None:
        """Move the paper by the thumb until `target` is in sight."""
        target.scroll_into_view_if_needed()
        self.touches += 1
        self.seconds += FLICK + THINK

    def start(self) -> None:
        self.touches, self.seconds = 0, 0.0


def does_not_scroll_sideways(visitor: Visitor) -> None:
    wide, seen = visitor.page.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= seen, f"{visitor.page.url}: {wide} > {seen}"
