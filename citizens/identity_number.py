"""The twelve digits of the personal identity number (số định danh cá nhân): shape, province, sex, century, year.

Three digits of the place where the birth was registered, one of century and sex, two of the year of birth, six random.
There is no check digit (Nghị định 137/2015/NĐ-CP Điều 13; Luật Căn cước 26/2023/QH15). No database.
"""

import csv
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from citizens.person import Sex

FULL_WIDTH_DIGITS = {0xFF10 + digit: str(digit) for digit in range(10)}
_TWELVE = re.compile(r"[0-9]{12}")
_NINE = re.compile(r"[0-9]{9}")
_BETWEEN_GROUPS = re.compile(r"[\s.\-‐‑–—]+")
_SEX_WORDS = {Sex.MALE: "nam", Sex.FEMALE: "nữ"}


def _provinces() -> dict[str, str]:
    with Path(__file__).with_name("provinces.csv").open(encoding="utf-8", newline="") as rows:
        return {row["code"]: row["name_vi"] for row in csv.DictReader(rows)}


# The 63 provinces of before July 2025: a number keeps the code of its birth registration when provinces merge.
PROVINCES = _provinces()


class NotAnIdentityNumber(ValueError):
    """Not twelve digits; its text is the Vietnamese sentence that tells the officer what to do."""


@dataclass(frozen=True, order=True)
class IdentityNumber:
    """Twelve ASCII digits. Raises NotAnIdentityNumber for anything else; `parse` forgives what people type."""

    value: str

    def __post_init__(self) -> None:
        if not _TWELVE.fullmatch(self.value):
            raise NotAnIdentityNumber("Nhập đủ 12 chữ số trên thẻ.")

    def __str__(self) -> str:
        return self.value

    @property
    def province_code(self) -> str:
        """Where the birth was registered; not where the person lives."""
        return self.value[:3]

    @property
    def province_name(self) -> str | None:
        """None for births registered abroad and for newer codes: no error, the list is not complete."""
        return PROVINCES.get(self.province_code)

    @property
    def sex(self) -> Sex:
        return Sex.FEMALE if int(self.value[3]) % 2 else Sex.MALE

    @property
    def birth_year(self) -> int:
        """1900 to 2399: the fourth digit counts the centuries in pairs."""
        return 1900 + int(self.value[3]) // 2 * 100 + int(self.value[4:6])

    @property
    def serial(self) -> str:
        return self.value[6:]

    @property
    def masked(self) -> str:
        return mask(self.value)


def _digits_of(text: str) -> str:
    return _BETWEEN_GROUPS.sub("", text.translate(FULL_WIDTH_DIGITS))


def parse(text: str) -> IdentityNumber:
    """The number as people type it: with spaces, dots, dashes or full-width digits.

    Raises NotAnIdentityNumber with a sentence for the officer.
    """
    digits = _digits_of(text)
    if _TWELVE.fullmatch(digits):
        return IdentityNumber(digits)
    if _NINE.fullmatch(digits):
        raise NotAnIdentityNumber("Đây là số CMND cũ có 9 chữ số. Nhập đủ 12 chữ số trên thẻ căn cước.")
    if digits and re.fullmatch(r"[0-9]+", digits):
        raise NotAnIdentityNumber(f"Vừa nhập {len(digits)} chữ số. Nhập đủ 12 chữ số trên thẻ.")
    if digits:
        raise NotAnIdentityNumber("Số định danh chỉ gồm chữ số. Nhập đủ 12 chữ số trên thẻ.")
    raise NotAnIdentityNumber("Nhập đủ 12 chữ số trên thẻ.")


def is_old_number(text: str) -> bool:
    """Whether `text` has the nine digits of a CMND: history only, no identity paper since 1 January 2025."""
    return _NINE.fullmatch(_digits_of(text)) is not None


def old_number(text: str) -> str:
    """The nine digits alone, for a `text` that is_old_number has accepted."""
    return _digits_of(text)


def mask(text: str) -> str:
    """`0010******01`. Anything shorter than twelve characters shows its last two only; nothing shows more than six."""
    if len(text) >= 12:
        return f"{text[:4]}{'*' * (len(text) - 6)}{text[-2:]}"
    return "*" * (len(text) - 2) + text[-2:] if len(text) > 4 else "*" * len(text)


def doubts(
    number: str | IdentityNumber,
    *,
    sex: Sex | str | None = None,
    birth_date: date | None = None,
    today: date | None = None,
) -> tuple[str, ...]:
    """What does not fit, in sentences for the officer. Warnings, never a wall: corrected civil status exists (F-35).

    `birth_date` and `today` are days in Viet Nam. Without `today` nothing is said about the future.
    """
    try:
        known = number if isinstance(number, IdentityNumber) else IdentityNumber(number)
    except NotAnIdentityNumber:
        return ("Số định danh không đủ 12 chữ số. So lại với thẻ.",)
    found = []
    if known.province_name is None:
        found.append(
            f"Ba chữ số đầu {known.province_code} không có trong bảng mã tỉnh, thành phố: "
            "có thể đăng ký khai sinh ở nước ngoài hoặc là mã mới. So lại với thẻ."
        )
    if sex and sex != known.sex:
        found.append(
            f"Chữ số thứ tư của số định danh là của {_SEX_WORDS[known.sex]}, "
            f"giới tính lại ghi {_SEX_WORDS[Sex(sex)]}. So lại với thẻ."
        )
    if birth_date and birth_date.year != known.birth_year:
        found.append(
            f"Số định danh cho biết sinh năm {known.birth_year}, "
            f"ngày sinh lại ghi năm {birth_date.year}. So lại với thẻ."
        )
    if today and known.birth_year > today.year:
        found.append(f"Số định danh cho biết sinh năm {known.birth_year}, sau năm nay. So lại với thẻ.")
    if today and birth_date and birth_date > today:
        found.append(f"Ngày sinh {birth_date:%d/%m/%Y} ở sau ngày hôm nay. So lại với thẻ.")
    return tuple(found)
