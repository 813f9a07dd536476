"""The exact words a marital status and a purpose are printed in (civil-status.md 2.5, Thông tư 04/2020 Điều 12, 33)."""

from __future__ import annotations

import calendar
from datetime import date

from citizens.person import MaritalStatus, Marriage, Person, Sex
from procedures.day_words import in_words
from procedures.marital_rules import marries
from procedures.rules import Application


def _spouse(marriage: Marriage) -> str:
    """`vợ là bà Trần Thị Thử (Giấy chứng nhận kết hôn số …)`; life together since before 1987 has no certificate."""
    who = "vợ là bà" if marriage.spouse_sex == Sex.FEMALE else "chồng là ông"
    text = f"{who} {marriage.spouse_name}"
    if marriage.registered:
        text += (
            f" (Giấy chứng nhận kết hôn số {marriage.certificate_number}, do {marriage.issuer} cấp "
            f"{in_words(marriage.since)})"
        )
    return text


def status_wording(person: Person, declared: str = "", period: tuple[date, date] | None = None) -> str:
    """The one statutory wording that fits (Thông tư 04/2020 Điều 33 khoản 1), first letter capital.

    `was_single_in_period` is confirmed only in its beginning (civil-status.md 2.5).
    """
    marriage = person.last_marriage
    status = person.marital_status
    if declared == "was_single_in_period" and period and marriage:
        start, end = period
        return (
            f"Trong thời gian từ {in_words(start)} đến {in_words(end)} chưa đăng ký kết hôn với ai; "
            f"hiện tại đang có {_spouse(marriage)}"
        )
    match status:
        case MaritalStatus.MARRIED | MaritalStatus.MARRIED_DE_FACTO if marriage:
            return f"Hiện tại đang có {_spouse(marriage)}"
        case MaritalStatus.DIVORCED if marriage:
            return (
                f"Đã đăng ký kết hôn hoặc đã có {_half(marriage)}, nhưng đã ly hôn theo {marriage.ending_paper} số "
                f"{marriage.ending_number} {in_words(marriage.ending_issued_on)} của {marriage.ending_issuer}; "
                "hiện tại chưa đăng ký kết hôn với ai"
            )
        case MaritalStatus.WIDOWED if marriage:
            return (
                f"Đã đăng ký kết hôn hoặc đã có {_half(marriage)}, nhưng {_half(marriage)} đã chết "
                f"({marriage.ending_paper} số: {marriage.ending_number} do {marriage.ending_issuer} cấp "
                f"{in_words(marriage.ending_issued_on)}); hiện tại chưa đăng ký kết hôn với ai"
            )
    return "Hiện tại chưa đăng ký kết hôn với ai"


def _half(marriage: Marriage) -> str:
    return "vợ" if marriage.spouse_sex == Sex.FEMALE else "chồng"


def purpose_wording(application: Application) -> str:
    """What stands after `được sử dụng để:`; for a marriage the model of Thông tư 04/2020 Điều 12 khoản 3."""
    if not marries(application):
        return str(application.get("purpose_text"))
    address = {"male": "anh", "female": "chị"}.get(str(application.get("partner_sex")), "anh/chị")
    return (
        f"làm thủ tục kết hôn với {address} {application.get('partner_name')}, "
        f"sinh năm {application.get('partner_birth_year')}, công dân {application.get('partner_nationality')}, "
        f"{application.get('partner_document')}; tại {application.get('marriage_place')}"
    )


def six_months_after(day: date) -> date:
    """Same day number six months on, the last day of a shorter month (day-count rule unconfirmed)."""
    month = day.month + 6
    year, month = day.year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
