"""The exact words a marital status and a purpose are printed in (civil-status.md 2.5, Thông tư 04/2020 Điều 12, 33)."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from citizens.person import MaritalStatus, Marriage, Person, Sex
from procedures.rules import Application
from procedures.rules.marital import marries
from procedures.rules.points import Point, Sort
from procedures.wordings.days import in_words

PAPER = "Giấy xác nhận tình trạng hôn nhân"
CAPITALS = Point(
    "marital_certificate.capitals",
    f"{PAPER}: họ tên người được cấp",
    "yes",
    "Các mẫu cùng loại của Bộ in chữ hoa, có dấu; riêng giấy này chưa thấy quy định.",
    Sort.YES_NO,
)
PERIOD_LINE = Point(
    "marital_certificate.period_line",
    f"{PAPER}: dòng “Trong thời gian cư trú tại …” khi không xác nhận cho thời gian trước",
    "no",
    "Chưa rõ bỏ hẳn dòng này hay in dòng để trống. “Có”: in dòng để trống.",
    Sort.YES_NO,
)
PERIOD_STATUS = Point(
    "marital_certificate.period_status",
    f"{PAPER}: tình trạng trong một thời gian trước, sau “từ ngày … đến ngày …”",
    "chưa đăng ký kết hôn với ai",
    "Thông tư 04/2020 Điều 33 mới đọc được đến chữ “trong thời gian”; phần sau theo tờ khai điện tử.",
)
USED_FOR = Point(
    "marital_certificate.used_for",
    f"{PAPER}: câu mục đích, sau “kể từ ngày cấp,”",
    "được sử dụng để",
    "Mẫu in ghi “được sử dụng để”; ví dụ của Thông tư 04/2020 Điều 12 ghi “được cấp để”.",
)
NOT_FOR_MARRIAGE = Point(
    "marital_certificate.not_for_marriage",
    f"{PAPER}: câu mục đích khác kết hôn",
    "no",
    "Nhiều nơi ghi thêm “không có giá trị đăng ký kết hôn”; không thấy văn bản nào buộc. “Có”: ghi thêm.",
    Sort.YES_NO,
)
LAST_DAY = Point(
    "marital_certificate.last_day",
    f"{PAPER}: ngày hết hạn 6 tháng (không in trên giấy)",
    "yes",
    "Chưa rõ cách đếm. “Có”: hết ngày cùng số của tháng thứ sáu; “Không”: hết ngày liền trước.",
    Sort.YES_NO,
)
FEE = Point(
    "marital_certificate.fee",
    f"{PAPER}: lệ phí (đồng)",
    "5000",
    "Mức của một nghị quyết HĐND thành phố Hà Nội cũ hơn; mức đang áp dụng do xã xác nhận.",
    Sort.NUMBER,
)
POINTS = (CAPITALS, PERIOD_LINE, PERIOD_STATUS, USED_FOR, NOT_FOR_MARRIAGE, LAST_DAY, FEE)

EMPTY_PERIOD = "Trong thời gian cư trú tại … từ ngày … tháng … năm …, đến ngày … tháng … năm …"


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


def status_wording(
    person: Person,
    declared: str = "",
    period: tuple[date, date] | None = None,
    *,
    in_period: str = PERIOD_STATUS.value,
) -> str:
    """The one statutory wording that fits (Thông tư 04/2020 Điều 33 khoản 1), first letter capital.

    `was_single_in_period` is confirmed only in its beginning (civil-status.md 2.5): `in_period` is what follows.
    """
    marriage = person.last_marriage
    status = person.marital_status
    if declared == "was_single_in_period" and period and marriage:
        start, end = period
        return (
            f"Trong thời gian từ {in_words(start)} đến {in_words(end)} {in_period}; "
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
        purpose = str(application.get("purpose_text"))
        return f"{purpose}, không có giá trị đăng ký kết hôn" if NOT_FOR_MARRIAGE.is_on(application) else purpose
    address = {"male": "anh", "female": "chị"}.get(str(application.get("partner_sex")), "anh/chị")
    return (
        f"làm thủ tục kết hôn với {address} {application.get('partner_name')}, "
        f"sinh năm {application.get('partner_birth_year')}, công dân {application.get('partner_nationality')}, "
        f"{application.get('partner_document')}; tại {application.get('marriage_place')}"
    )


def six_months_after(day: date) -> date:
    """Same day number six months on, the last day of a shorter month."""
    month = day.month + 6
    year, month = day.year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def expires_on(application: Application, issued_on: date) -> date:
    """The last day of the six months: by Bộ luật Dân sự Điều 148 the one of the same number, unless ruled otherwise."""
    day = six_months_after(issued_on)
    return day if LAST_DAY.is_on(application) else day - timedelta(days=1)
