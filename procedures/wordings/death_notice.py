"""An electronic death notice, pasted as text, read into values (Mẫu 05, Thông tư 25/2025/TT-BYT). No database.

No system hands notices over to us: the officer opens the signed notice where it is, and copies its lines. The wording
of the labels is not confirmed (civil-status.md 3.2), so several are understood; a line that is not is left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from citizens import names

LABELS: dict[str, tuple[str, ...]] = {
    "facility": ("ten co so y te", "co so y te", "co so kham benh, chua benh", "noi cap"),
    "full_name": ("ho, chu dem, ten nguoi tu vong", "ho, chu dem, ten", "ho va ten", "ho ten"),
    "birth_text": ("ngay, thang, nam sinh", "ngay sinh", "sinh ngay"),
    "sex": ("gioi tinh",),
    "identity_number": ("so dinh danh ca nhan", "so dinh danh", "ma dinh danh ca nhan"),
    "died_at": ("da tu vong vao luc", "tu vong luc", "tu vong vao luc", "da chet vao luc", "thoi gian tu vong"),
    "cause": ("nguyen nhan tu vong", "nguyen nhan chet"),
    "number": ("giay bao tu so", "so giay bao tu", "so"),
    "issued_on": ("ngay cap", "cap ngay", "ngay ky"),
}
BULLETS = " -*.)0123456789"
UNKNOWN = "khong ro"  # what a facility writes where it does not know the cause


@dataclass(frozen=True)
class Notice:
    """What the pasted lines say; empty where they do not. `hour` and `minute` only where the notice names them."""

    facility: str = ""
    full_name: str = ""
    birth_text: str = ""
    sex: str = ""
    identity_number: str = ""
    died_on: date | None = None
    hour: int | None = None
    minute: int | None = None
    cause: str = ""
    number: str = ""
    issued_on: date | None = None

    @property
    def is_empty(self) -> bool:
        return self == Notice()


def read(text: str) -> Notice:
    """Each line `Nhãn: giá trị`; the first line with a label counts. Never raises."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        label, colon, value = line.partition(":")
        bare = names.search_key(label).strip(BULLETS)
        key = next((key for key, labels in LABELS.items() if bare in labels), None)
        if colon and key and key not in found:
            found[key] = names.clean(value).rstrip(" ;")
    died = found.pop("died_at", "")
    hour, minute = _time(died)
    cause = found.pop("cause", "")
    return Notice(
        died_on=day_in(died),
        hour=hour,
        minute=minute,
        issued_on=day_in(found.pop("issued_on", "")),
        cause="" if names.search_key(cause).startswith(UNKNOWN) else cause,
        identity_number="".join(sign for sign in found.pop("identity_number", "") if sign.isdigit()),
        **found,
    )


def day_in(text: str) -> date | None:
    """The first day in `text`: `20/11/2026`, `20-11-2026` or `ngày 20 tháng 11 năm 2026`; nothing if it is no day."""
    match = re.search(r"(\d{1,2})\s*(?:/|-|\.|tháng)\s*(\d{1,2})\s*(?:/|-|\.|năm)\s*(\d{4})", text)
    if not match:
        return None
    day, month, year = map(int, match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _time(text: str) -> tuple[int | None, int | None]:
    match = re.search(r"(\d{1,2})\s*(?:giờ|h|:)(?:\s*(\d{1,2}))?", text)
    if not match:
        return None, None
    hour, minute = int(match[1]), int(match[2]) if match[2] else None
    return (hour, minute) if hour < 24 and (minute is None or minute < 60) else (None, None)
