"""How a death is written on papers and in the book (TT 04/2020 Điều 34; civil-status.md 3.5, 3.6), and what of it is
not confirmed. No database."""

from __future__ import annotations

from datetime import date

from citizens.person import Person
from procedures.rules import Application
from procedures.rules.civil_status import NEW_LAW
from procedures.rules.death import declares_old_death, died_on, issues_notice
from procedures.rules.points import Point, Sort
from procedures.wordings import days, numbers
from procedures.wordings.numbers import Style

# --- points: words of moments ---
ZERO_TENS = Point("death_words.zero_tens", "Ngày giờ bằng chữ: 05 trong 2005", "linh", "Dùng “linh” hay “lẻ”.")
THOUSAND = Point("death_words.thousand", "Ngày giờ bằng chữ: 2026", "nghìn", "Dùng “nghìn” hay “ngàn”.")
FOUR = Point(
    "death_words.four", "Ngày giờ bằng chữ: 24, tháng 4", "tư", "Dùng “tư” hay “bốn” sau “mươi” và cho tháng 4."
)
MUNG = Point(
    "death_words.mung",
    "Ngày giờ bằng chữ: ngày 1 đến ngày 10",
    "no",
    "Có ghi “mùng” trước ngày 1 đến 10 hay không.",
    Sort.YES_NO,
)
UNKNOWN_TIME = Point(
    "death_extract.unknown_time",
    "Trích lục khai tử, dòng “Đã chết vào lúc”, khi không rõ giờ, phút",
    "yes",
    "“Có”: giữ chữ “… giờ … phút” để trống; “Không”: chỉ ghi ngày.",
    Sort.YES_NO,
)

# --- points: the extract ---
SYMBOL = Point("death_extract.symbol", "Trích lục khai tử, ký hiệu sau số", "TLKT", "Mẫu 2020 in “TLKT” (mẫu cũ).")
SYMBOL_NEW = Point(
    "death_extract.symbol_2027", "Giấy chứng tử (từ 01/03/2027), ký hiệu sau số", "TLKT", "Chưa biết ký hiệu mới."
)
SIGNER = Point(
    "death_extract.signer_line", "Trích lục khai tử, dòng trên chữ ký", "NGƯỜI KÝ TRÍCH LỤC", "Lấy từ mẫu cũ hơn."
)
SIGNER_NEW = Point(
    "death_extract.signer_line_2027",
    "Giấy chứng tử (từ 01/03/2027), dòng trên chữ ký",
    "NGƯỜI KÝ GIẤY CHỨNG TỬ",
    "Chưa có mẫu mới.",
)
CAUSE_LINE = Point(
    "death_extract.cause_line",
    "Trích lục khai tử, dòng “Nguyên nhân chết”",
    "yes",
    "Mẫu 2020 có thể chỉ ghi nguyên nhân chết trong sổ, không ghi trên trích lục.",
    Sort.YES_NO,
)
PAPER_BESIDE_NUMBER = Point(
    "death_extract.paper_beside_number",
    "Trích lục khai tử, dòng “Giấy tờ tùy thân” của người chết",
    "no",
    "Bản điện tử để trống khi đã có số định danh; bản giấy chưa rõ. “Có”: vẫn ghi.",
    Sort.YES_NO,
)
OLD_CARD = Point(
    "death_extract.old_card",
    "Trích lục khai tử, dòng “Giấy tờ tùy thân” khi người chết chỉ có CMND",
    "yes",
    "Ghi Chứng minh nhân dân cũ vào dòng này dù đã có số định danh.",
    Sort.YES_NO,
)
EVIDENCE_LINE = Point(
    "death_extract.evidence_line",
    "Trích lục khai tử, dòng “Giấy báo tử/Giấy tờ thay thế”, người chết đã lâu",
    "yes",
    "Không có Giấy báo tử: “Có” ghi giấy tờ, chứng cứ đã xem; “Không” để trống.",
    Sort.YES_NO,
)
CAPITALS = Point(
    "death_extract.capitals",
    "Trích lục khai tử, Giấy báo tử: họ tên người chết",
    "yes",
    "In chữ hoa, có dấu như các mẫu tờ khai của Bộ.",
    Sort.YES_NO,
)

# --- points: the commune's own notice, for which no form was read ---
_NO_FORM = "Chưa đọc được mẫu Giấy báo tử của UBND cấp xã; lời văn theo các trường của Mẫu 05 (TT 25/2025/TT-BYT)."
NOTICE_SYMBOL = Point("death_notice.symbol", "Giấy báo tử của xã, ký hiệu sau số", "GBT-UBND", _NO_FORM)
NOTICE_TITLE = Point("death_notice.title", "Giấy báo tử của xã, tên giấy", "GIẤY BÁO TỬ", _NO_FORM)
NOTICE_OPENING = Point(
    "death_notice.opening", "Giấy báo tử của xã, lời dẫn", "Xác nhận người có tên dưới đây:", _NO_FORM
)
NOTICE_DIED = Point("death_notice.died_line", "Giấy báo tử của xã, dòng giờ chết", "Đã chết vào lúc", _NO_FORM)
NOTICE_CAUSE = Point("death_notice.cause_line", "Giấy báo tử của xã, dòng nguyên nhân", "Nguyên nhân chết", _NO_FORM)
NOTICE_UNKNOWN = Point("death_notice.unknown_cause", "Giấy báo tử của xã, không rõ nguyên nhân", "không rõ", _NO_FORM)
NOTICE_TOLD = Point("death_notice.told_line", "Giấy báo tử của xã, dòng người báo tin", "Theo lời khai của", _NO_FORM)
NOTICE_CHECK = Point(
    "death_notice.check_line",
    "Giấy báo tử của xã, dòng cách xác minh",
    "Việc chết được xác minh qua",
    "Chưa có văn bản nói xã xác minh việc chết tại nhà bằng cách nào (trưởng thôn, trạm y tế, hàng xóm).",
)
NOTICE_USE = Point(
    "death_notice.use_line",
    "Giấy báo tử của xã, câu cuối",
    "Giấy này được cấp để làm thủ tục đăng ký khai tử.",
    _NO_FORM,
)
NOTICE_SIGNER = Point(
    "death_notice.signer_line", "Giấy báo tử của xã, dòng trên chữ ký", "NGƯỜI KÝ GIẤY BÁO TỬ", _NO_FORM
)

POINTS = (
    ZERO_TENS,
    THOUSAND,
    FOUR,
    MUNG,
    UNKNOWN_TIME,
    SYMBOL,
    SYMBOL_NEW,
    SIGNER,
    SIGNER_NEW,
    CAUSE_LINE,
    PAPER_BESIDE_NUMBER,
    OLD_CARD,
    EVIDENCE_LINE,
    CAPITALS,
    NOTICE_SYMBOL,
    NOTICE_TITLE,
    NOTICE_OPENING,
    NOTICE_DIED,
    NOTICE_CAUSE,
    NOTICE_UNKNOWN,
    NOTICE_TOLD,
    NOTICE_CHECK,
    NOTICE_USE,
    NOTICE_SIGNER,
)


def by_new_law(application: Application) -> bool:
    """The extract is called Giấy chứng tử for files received from 1 March 2027 on (NĐ 301/2026 Điều 18 khoản 2)."""
    return application.day >= NEW_LAW


def symbol(application: Application) -> str:
    return (SYMBOL_NEW if by_new_law(application) else SYMBOL).of(application)


def signer_line(application: Application) -> str:
    return (SIGNER_NEW if by_new_law(application) else SIGNER).of(application)


def style(application: Application) -> Style:
    return Style(
        zero_tens=ZERO_TENS.of(application),
        thousand=THOUSAND.of(application),
        four=FOUR.of(application),
        first_days="mùng" if MUNG.is_on(application) else "",
    )


def died_at_in_figures(application: Application) -> str:
    """`12 giờ 05 phút, ngày 20 tháng 11 năm 2026`; unknown hour and minute stay empty (TT 04/2020 Điều 34)."""
    day = days.in_words(died_on(application))
    hour, minute = application.get("died_hour", None), application.get("died_minute", None)
    if hour is None and not UNKNOWN_TIME.is_on(application):
        return day
    # the minute of an unknown hour tells nothing
    minutes = "…" if hour is None or minute is None else f"{minute:02}"
    return f"{'…' if hour is None else f'{hour:02}'} giờ {minutes} phút, {day}"


def died_at_in_words(application: Application) -> str:
    """`mười hai giờ năm phút, ngày hai mươi tháng mười một năm …`, nothing while the day is not given."""
    day = died_on(application)
    if day is None:
        return ""
    hour, minute = application.get("died_hour", None), application.get("died_minute", None)
    return numbers.moment_in_words(day, hour, minute, style(application))


def place_of_death(application: Application) -> str:
    """In a facility its name and administrative address, elsewhere the administrative place (civil-status.md 3.6)."""
    if application.get("place_kind") == "facility":
        name, address = application.get("facility_name"), application.get("facility_address")
        return ", ".join(filter(None, (name, address)))
    return str(application.get("place_address"))


def cause_of_death(application: Application) -> str:
    """From the notice; empty if unknown or if there is no paper."""
    return "" if declares_old_death(application) else str(application.get("cause_of_death"))


def paper_of_the_dead(application: Application, dead: Person) -> str:
    """What stands after `Giấy tờ tùy thân:` of the dead: nothing beside a personal number, but for an old CMND."""
    is_old_card = dead.id_document.startswith("Chứng minh nhân dân")
    if dead.identity_number and not PAPER_BESIDE_NUMBER.is_on(application):
        return dead.id_document if is_old_card and OLD_CARD.is_on(application) else ""
    return dead.id_document


def notice_details(application: Application, own_number: str = "") -> dict[str, object]:
    """Number, issuer and day of the notice. Our own has the number it was signed under a moment before, this office as
    its issuer (`own`), and today as its day; of a death long ago there is evidence at best."""
    if issues_notice(application):
        return {"own": True, "number": own_number, "issuer": "", "issued_on": None, "evidence": ""}
    if declares_old_death(application):
        evidence = str(application.get("evidence")) if EVIDENCE_LINE.is_on(application) else ""
        return {"own": False, "number": "", "issuer": "", "issued_on": None, "evidence": evidence}
    issued: date | None = application.get("notice_issued_on", None)
    return {
        "own": False,
        "number": application.get("notice_number"),
        "issuer": application.get("notice_issuer"),
        "issued_on": issued,
        "evidence": "",
    }
