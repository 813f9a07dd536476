"""What the disability card, its electronic copy and Mẫu số 01 print, and every line of them that nobody confirmed.

Sources: social-affairs.md 5.3, 5.5, 5.6. No database.
"""

from __future__ import annotations

from citizens.disability import (
    ABILITIES,
    ACTIVITIES,
    LINES,
    DisabilityFile,
    DisabilityType,
    IssueKind,
    Sheet,
    numbered_lines,
)
from citizens.person import Person, ResidenceKind
from procedures.rules import Application
from procedures.rules.disability import SEX_LABELS, file_of
from procedures.rules.points import Point, Sort

CARD_FACE = "Giấy xác nhận khuyết tật (Mẫu số 06)"
APPLICATION = "Đơn đề nghị (Mẫu số 01)"
NOT_SEEN = "Thứ tự và lời văn của dòng chưa đối chiếu với giấy thật hoặc Mẫu số 06."


def _label(name: str, value: str, doubt: str = NOT_SEEN) -> Point:
    return Point(f"disability_card.{name}_label", f"{CARD_FACE}: nhãn “{value}”", value, doubt)


LABELS = {
    "full_name": _label("full_name", "Họ và tên:"),
    "birth_date": _label("birth_date", "Ngày, tháng, năm sinh:"),
    "sex": _label("sex", "Giới tính:"),
    "residence": _label(
        "residence", "Nơi cư trú:", "Giấy cũ ghi “Nơi ĐKHK thường trú”; chưa đối chiếu với Mẫu số 06 hiện hành."
    ),
    "types": _label("types", "Dạng khuyết tật:"),
    "level": _label("level", "Mức độ khuyết tật:"),
    "number": _label("number", "Số hiệu:"),
}
TITLE = Point("disability_card.title", f"{CARD_FACE}: tên giấy", "GIẤY XÁC NHẬN KHUYẾT TẬT", NOT_SEEN)
ORDER = Point(
    key="disability_card.line_order",
    place=f"{CARD_FACE}: thứ tự các dòng (1 họ tên, 2 ngày sinh và giới tính, 3 nơi cư trú, 4 dạng, 5 mức độ)",
    value="1 2 3 4 5",
    doubt=NOT_SEEN,
)
FIRST_ISSUE = Point(
    key="disability_card.first_issue_line",
    place=f"{CARD_FACE}: in thêm dòng ngày cấp lần đầu khi cấp đổi, cấp lại",
    value="no",
    doubt="Thông tư không nói giấy cấp lại có nhắc ngày cấp lần đầu hay không.",
    sort=Sort.YES_NO,
)
NUMBER_PATTERN = Point(
    key="disability_card.number_pattern",
    place=f"{CARD_FACE}: Số hiệu khi cấp đổi, cấp lại ({{số cũ}}, {{lần}}, {{năm}} được điền)",
    value="{số cũ}",
    doubt="Chưa có quy tắc đánh Số hiệu. Mặc định giữ số cũ vì việc xác định khuyết tật không thay đổi; "
    "số lần cấp lại ghi trong sổ.",
)
HOUSEHOLD_LINE = Point(
    key="disability_application.household_line",
    place=f"{APPLICATION}: in dòng “Hộ khẩu thường trú” ở Mục I và II",
    value="no",
    doubt="Hai bản công khai của mẫu khác nhau; bản sau Thông tư 08/2023 có lẽ chỉ còn “Nơi ở hiện nay”.",
    sort=Sort.YES_NO,
)
PROVINCE = Point(
    key="disability_application.province_line",
    place=f"{APPLICATION}: dòng tỉnh, thành phố dưới “Kính gửi”",
    value="Thành phố Hà Nội",
    doubt="Mẫu còn dòng huyện; từ 01/07/2025 bỏ dòng này, chưa xác minh mẫu đã được ban hành lại.",
)
FORM_CODE = Point(
    key="disability_application.form_code",
    place=f"{APPLICATION}: dòng “Ban hành kèm theo”",
    value="(Ban hành kèm theo Thông tư số 01/2019/TT-BLĐTBXH ngày 02 tháng 01 năm 2019)",
    doubt="Mẫu được sửa bởi Thông tư 08/2023; chưa xác minh dòng này có nhắc Thông tư sửa đổi.",
)
ID_LABEL = Point(
    key="disability_application.id_label",
    place=f"{APPLICATION}: nhãn số giấy tờ ở Mục I và II",
    value="Số CMND hoặc căn cước công dân:",
    doubt="CMND hết giá trị sau 31/12/2024; chưa xác minh mẫu đã bỏ chữ CMND.",
)


def _line(number: str, doubt: str) -> Point:
    group, line = number.split(".")
    text = LINES[list(LINES)[int(group) - 1]][int(line) - 1]
    return Point(f"disability_application.line_{group}_{line}", f"{APPLICATION}: dòng {number} Mục III.1", text, doubt)


DOUBTFUL_LINES = {
    "4.3": _line("4.3", "Hai bản công khai của mẫu viết khác nhau."),
    "4.5": _line("4.5", "Một bản công khai viết thêm “, tâm thần phân liệt”."),
    "6.1": _line("6.1", "Lời văn lấy từ bản công khai, chưa đối chiếu với mẫu chính thức."),
    "6.2": _line("6.2", "Lời văn lấy từ bản công khai, chưa đối chiếu với mẫu chính thức."),
}

POINTS = (
    TITLE,
    *LABELS.values(),
    ORDER,
    FIRST_ISSUE,
    NUMBER_PATTERN,
    HOUSEHOLD_LINE,
    PROVINCE,
    FORM_CODE,
    ID_LABEL,
    *DOUBTFUL_LINES.values(),
)

REASONS = {
    "wrong_info": "Giấy xác nhận khuyết tật sai thông tin so với căn cước hoặc giấy tờ có giá trị pháp lý khác",
    "damaged": "Giấy xác nhận khuyết tật hư hỏng không sử dụng được",
    "lost": "Mất Giấy xác nhận khuyết tật",
    "changed_condition": "Thay đổi dạng khuyết tật hoặc mức độ khuyết tật",
    "reached_6": "Người khuyết tật từ đủ 6 tuổi trở lên",
}
ACTS = (
    "Xác định mức độ khuyết tật và cấp Giấy xác nhận khuyết tật",
    "Xác định lại mức độ khuyết tật và cấp Giấy xác nhận khuyết tật",
    "Cấp lại Giấy xác nhận khuyết tật",
    "Cấp đổi Giấy xác nhận khuyết tật",
)
"""The four boxes of Mẫu số 01; this procedure ticks the third or the fourth."""

RELATIONSHIPS = {
    "father": "Cha",
    "mother": "Mẹ",
    "wife": "Vợ",
    "husband": "Chồng",
    "child": "Con",
    "guardian": "Người giám hộ",
    "other": "Khác",
}


def kind_of(application: Application) -> IssueKind:
    """`Cấp lại` for a lost card, `Cấp đổi` else (TT 01/2019 Điều 8)."""
    return IssueKind.REISSUE if application.get("reason") == "lost" else IssueKind.EXCHANGE


def times_of(kept: DisabilityFile) -> int:
    """The reissue counter of the next card."""
    return kept.last_card.times + 1 if kept.last_card else 0


def card_number(application: Application) -> str:
    """The number of the next card. By default that of the first: the determination has not changed."""
    kept = file_of(application)
    if kept is None or kept.first_card is None:
        return ""
    number = NUMBER_PATTERN.of(application)
    known = {"{số cũ}": kept.first_card.number, "{lần}": str(times_of(kept)), "{năm}": str(application.day.year)}
    for place, value in known.items():
        number = number.replace(place, value)
    return number


def card_values(application: Application) -> dict[str, str]:
    """What stands on the card, by field: civil data from the record, type and level from the file."""
    subject, kept = application.subject, file_of(application)
    return {
        "full_name": subject.full_name.upper(),
        "birth_date": subject.birth_text,
        "sex": SEX_LABELS[subject.sex],
        "residence": subject.address(application.day),
        "types": kept.types_text if kept else "",
        "level": kept.level.label if kept and kept.level else "",
        "number": card_number(application),
    }


def card_lines(application: Application) -> list[list[tuple[str, str, str]]]:
    """The lines of the card from the name to the severity, each of (field, label, value), in the ruled order."""
    values = card_values(application)
    said = {name: (name, point.of(application), values[name]) for name, point in LABELS.items()}
    lines = [
        [said["full_name"]],
        [said["birth_date"], said["sex"]],
        [said["residence"]],
        [said["types"]],
        [said["level"]],
    ]
    order = [int(digit) for digit in ORDER.of(application) if digit.isdigit()]
    if sorted(order) != [1, 2, 3, 4, 5]:  # a ruling that names a line twice or none prints the order we know
        order = [1, 2, 3, 4, 5]
    return [lines[place - 1] for place in order]


def face(application: Application) -> dict[str, object]:
    """What the card and its electronic copy print alike. `fields` is what stands alone on the pre-printed blank."""
    kept = file_of(application)
    first = kept.first_card if kept else None
    return {
        "title": TITLE.of(application),
        "lines": card_lines(application),
        "card_number_label": LABELS["number"].of(application),
        "card_number": card_number(application),
        "first_issue": f"Cấp lần đầu: {first.issued_on:%d/%m/%Y}" if first and FIRST_ISSUE.is_on(application) else "",
        "card_length": sum(len(value) for value in card_values(application).values()),
        "fields": list(card_values(application).items()),
    }


def _current_address(person: Person, application: Application) -> str:
    """`Nơi ở hiện nay`: the temporary residence where there is one."""
    place = person.temporary_residence(application.day)
    return place.address if place else person.address(application.day)


def _permanent_address(person: Person, application: Application) -> str:
    rows = [row for row in person.residences if row.kind == ResidenceKind.PERMANENT and row.covers(application.day)]
    return rows[-1].address if rows else ""


def _on_form(person: Person, application: Application) -> dict[str, str]:
    return {
        "full_name": person.full_name,
        "birth_date": person.birth_text,
        "sex": SEX_LABELS[person.sex],
        "id_number": person.identity_number,
        "permanent": _permanent_address(person, application),
        "current": _current_address(person, application),
    }


def form_facts(application: Application) -> dict[str, object]:
    """Mẫu số 01 (social-affairs.md 5.3): part III only for `Cấp lại`, filled in from the kept file."""
    kind, kept = kind_of(application), file_of(application)
    ticked = 2 if kind == IssueKind.REISSUE else 3
    related = RELATIONSHIPS.get(application.get("relationship"), "")
    return {
        "form_code": FORM_CODE.of(application),
        "province": PROVINCE.of(application),
        "acts": [(text, index == ticked) for index, text in enumerate(ACTS)],
        "reason": REASONS.get(application.get("reason"), ""),
        "with_household": HOUSEHOLD_LINE.is_on(application),
        "id_label": ID_LABEL.of(application),
        "subject": _on_form(application.subject, application),
        "representative": None
        if application.other is None
        else _on_form(application.person, application)
        | {
            "relationship": application.get("relationship_text") or related,
            "phone": str(application.get("phone")),
        },
        "writer": application.person.full_name,
        "part_three": _part_three(kept, application) if kept and kind == IssueKind.REISSUE else None,
    }


def _part_three(kept: DisabilityFile, application: Application) -> dict[str, object]:
    return {
        "groups": [
            {
                "number": str(number),
                "label": kind.label,
                "has": kind in kept.types,
                "known": True,
                "lines": [
                    {
                        "number": line,
                        "text": DOUBTFUL_LINES[line].of(application) if line in DOUBTFUL_LINES else text,
                        "has": line in kept.lines,
                        # a file that ticks no sub-line does not tell: the box stays empty, for the hand
                        "known": bool(kept.lines) or kind not in kept.types,
                    }
                    for line, text in numbered_lines(kind)
                ],
            }
            for number, kind in enumerate(DisabilityType, 1)
        ],
        "columns": list(ABILITIES.values()),
        "activities": []
        if kept.sheet == Sheet.UNDER_6
        else [
            {"text": text, "ticks": [ability == key for key in ABILITIES]}
            for text, ability in zip(ACTIVITIES, kept.activities or ("",) * len(ACTIVITIES), strict=True)
        ],
    }
