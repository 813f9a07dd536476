"""Numbers and moments in Vietnamese words, as death and birth papers owe them (TT 04/2020 Điều 34). No database.

The style of the words is not confirmed (civil-status.md 0.9), hence a setting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
MUNG = 10  # the days of a month that some write with `mùng`


@dataclass(frozen=True)
class Style:
    """`zero_tens`: `linh` or `lẻ` (205). `thousand`: `nghìn` or `ngàn`. `four`: of 24 and of April, `tư` or `bốn`.

    `first_days`: what stands before the days 1 to 10, nothing or `mùng`.
    """

    zero_tens: str = "linh"
    thousand: str = "nghìn"
    four: str = "tư"
    first_days: str = ""


PLAIN = Style()


def in_words(number: int, style: Style = PLAIN) -> str:
    """`2026` → `hai nghìn không trăm hai mươi sáu`. Raises ValueError outside 0 to 9999."""
    if not 0 <= number <= 9999:
        raise ValueError(number)
    thousands, below = divmod(number, 1000)
    parts = [DIGITS[thousands], style.thousand] if thousands else []
    if below or not thousands:
        parts += _below_thousand(below, style, spoken_hundred=bool(thousands))
    return " ".join(parts)


def _below_thousand(number: int, style: Style, *, spoken_hundred: bool) -> list[str]:
    """After a thousand the hundreds are always spoken: `không trăm`."""
    hundreds, below = divmod(number, 100)
    if not hundreds and not spoken_hundred:
        return _below_hundred(below, style)
    parts = [DIGITS[hundreds], "trăm"]
    if not below:
        return parts
    return [*parts, style.zero_tens, DIGITS[below]] if below < 10 else parts + _below_hundred(below, style)


def _below_hundred(number: int, style: Style) -> list[str]:
    """1, 4 and 5 change behind the tens: `mốt`, `tư`, `lăm`; behind `mười` only 5 does."""
    tens, units = divmod(number, 10)
    if not tens:
        return [DIGITS[units]]
    if tens == 1:
        return ["mười", *([{5: "lăm"}.get(units, DIGITS[units])] if units else [])]
    changed = {1: "mốt", 4: style.four, 5: "lăm"}
    return [DIGITS[tens], "mươi", *([changed.get(units, DIGITS[units])] if units else [])]


def day_in_words(day: date, style: Style = PLAIN) -> str:
    """`ngày hai mươi tháng mười một năm hai nghìn không trăm hai mươi sáu`."""
    first = f"{style.first_days} " if style.first_days and day.day <= MUNG else ""
    month = style.four if day.month == 4 else in_words(day.month, style)
    return f"ngày {first}{in_words(day.day, style)} tháng {month} năm {in_words(day.year, style)}"


def moment_in_words(day: date, hour: int | None = None, minute: int | None = None, style: Style = PLAIN) -> str:
    """`mười hai giờ năm phút, ngày …`. What is not known of the time is left out; a minute alone tells nothing."""
    if hour is None:
        return day_in_words(day, style)
    time = f"{in_words(hour, style)} giờ" + ("" if minute is None else f" {in_words(minute, style)} phút")
    return f"{time}, {day_in_words(day, style)}"
