"""What the sources do not confirm: used as written here until an officer has compared it with the official paper.

A commune rules on a point without a programmer (`/chua-xac-minh`); a ruling counts from its day on.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from procedures.rules import Application


class Sort(StrEnum):
    """How a point is ruled on: a text as printed, a whole number (đồng, copies …), or yes and no."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"


@dataclass(frozen=True)
class Point:
    """One unconfirmed label, amount or practice. `key` is unique in the house; `place` says on which paper and line.

    `value` is what counts until a ruling (`yes`/`no` for a practice), `doubt` what exactly is not confirmed.
    """

    key: str
    place: str
    value: str
    doubt: str
    sort: Sort = Sort.TEXT

    def of(self, application: Application) -> str:
        """The text in force for `application`."""
        return application.rulings.get(self.key, self.value)

    def is_on(self, application: Application) -> bool:
        return self.of(application) == "yes"

    def number(self, application: Application) -> int:
        return int(self.of(application))
