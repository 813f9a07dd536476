"""What the sources do not confirm: used as written here until an officer has compared it with the official paper.

A commune rules on a point without a programmer (`/chua-xac-minh`); a ruling counts from its day on.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from citizens import names
from procedures.rules import Application

LONGEST = 300  # letters of a label; the longest of ours has some 150
MOST = 10_000_000  # đồng, copies, days: more is a slip of the hand


class Sort(StrEnum):
    """How a point is ruled on: a text as printed, a whole number (đồng, copies …), or yes and no."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"


@dataclass(frozen=True)
class Point:
    """One unconfirmed label, amount or practice. `key` is unique in the house; `place` says on which paper and line.

    `value` is what counts until a ruling (`yes`/`no` for a practice), `doubt` what exactly is not confirmed.
    `may_be_empty`: the line may be left out. `daily`: a practice of the house that goes by today, not by the day on
    which a case was received.
    """

    key: str
    place: str
    value: str
    doubt: str
    sort: Sort = Sort.TEXT
    may_be_empty: bool = False
    daily: bool = False

    def of(self, application: Application) -> str:
        """The text in force for `application`."""
        return application.rulings.get(self.key, self.value)

    def is_on(self, application: Application) -> bool:
        return self.of(application) == "yes"

    def number(self, application: Application) -> int:
        return int(self.of(application))

    def meant(self, typed: str) -> str:
        """`typed` as it is kept: composed, with single spaces; a number without the dots of its thousands."""
        clean = names.clean(typed)
        if self.sort == Sort.NUMBER:
            digits = clean.replace(".", "").replace(" ", "")
            return str(int(digits)) if digits.isascii() and digits.isdigit() else clean
        return clean

    def fault(self, value: str) -> str:
        """Why `value` cannot be ruled, as told to who typed it; nothing if it can."""
        match self.sort:
            case Sort.YES_NO if value not in ("yes", "no"):
                return "Chọn “Có” hoặc “Không”."
            case Sort.NUMBER if not (value.isascii() and value.isdigit() and str(int(value)) == value):
                return "Ghi một số nguyên, ví dụ 8.000."
            case Sort.NUMBER if int(value) > MOST:
                return f"Số lớn quá {thousands(MOST)}: xem lại."
            case Sort.TEXT if not value and not self.may_be_empty:
                return "Ghi nội dung sẽ in."
            case Sort.TEXT if len(value) > LONGEST:
                return f"Dài quá {LONGEST} ký tự: rút gọn lại."
        return ""

    def said(self, value: str) -> str:
        """A value as a page says it."""
        match self.sort:
            case Sort.YES_NO:
                return "Có" if value == "yes" else "Không"
            case Sort.NUMBER:
                return thousands(int(value))
        return value or "(bỏ, không in)"

    @property
    def others(self) -> tuple[str, str]:
        """Two values that differ: what they print differently is where this point stands."""
        return {Sort.YES_NO: ("yes", "no"), Sort.NUMBER: ("1", "2"), Sort.TEXT: ("A", "B")}[self.sort]


def thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")
