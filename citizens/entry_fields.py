"""What the book of each kind of event asks, as data: forms ask it, pages show it, copies print it. No database.

Sources: civil-status.md 1.5, 3.7, 4.5 (columns of the books). Kinds whose page was not seen take free lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from citizens.register import Entry, EventKind, Named, Part

PERSON_LABELS = {
    "full_name": "Họ, chữ đệm, tên",
    "birth_text": "Ngày, tháng, năm sinh",
    "sex": "Giới tính",
    "ethnicity": "Dân tộc",
    "nationality": "Quốc tịch",
    "residence": "Nơi cư trú",
    "id_document": "Giấy tờ tùy thân",
    "identity_number": "Số định danh hoặc số CMND",
}
"""A person's fields in the order in which books write them."""

PART_WORDS = {
    Part.SUBJECT: "",
    Part.WIFE: "vợ",
    Part.HUSBAND: "chồng",
    Part.MOTHER: "mẹ",
    Part.FATHER: "cha",
    Part.CHILD: "con",
    Part.DECLARANT: "người đi khai",
}
"""The part in a word, as it stands beside a name; the one person of an event needs none."""


@dataclass(frozen=True)
class PartFields:
    """One person of the page: `label` as a heading, `fields` of PERSON_LABELS, `owed`: no entry without the name."""

    part: Part
    label: str
    fields: tuple[str, ...]
    owed: bool = False


@dataclass(frozen=True)
class FactField:
    """One further line of the page; `long` where it takes several."""

    name: str
    label: str
    help: str = ""
    long: bool = False


@dataclass(frozen=True)
class KindFields:
    parts: tuple[PartFields, ...]
    facts: tuple[FactField, ...]


LINES = FactField(
    "lines", "Các dòng khác trong sổ", "Mỗi dòng một nội dung, ghi như trong sổ: “Nhãn: giá trị”.", long=True
)
NOTE = FactField(
    "note", "Ghi chú khi đăng ký", "Chỉ ghi chú có từ khi đăng ký; thay đổi về sau ghi thành ghi chú riêng."
)

_WHOLE = ("full_name", "birth_text", "sex", "ethnicity", "nationality", "residence", "id_document", "identity_number")
_SPOUSE = ("full_name", "birth_text", "ethnicity", "nationality", "residence", "id_document", "identity_number")
_PARENT = ("full_name", "birth_text", "ethnicity", "nationality", "residence", "identity_number")
_DECLARANT = PartFields(Part.DECLARANT, "Người đi khai", ("full_name", "id_document", "identity_number"))

FIELDS: dict[EventKind, KindFields] = {
    EventKind.BIRTH: KindFields(
        (
            PartFields(
                Part.SUBJECT,
                "Người được khai sinh",
                ("full_name", "birth_text", "sex", "ethnicity", "nationality", "identity_number"),
                owed=True,
            ),
            PartFields(Part.MOTHER, "Mẹ", _PARENT),
            PartFields(Part.FATHER, "Cha", _PARENT),
            _DECLARANT,
        ),
        (
            FactField("birth_words", "Ngày sinh ghi bằng chữ"),
            FactField("birth_place", "Nơi sinh"),
            FactField("home_town", "Quê quán"),
            NOTE,
        ),
    ),
    EventKind.MARRIAGE: KindFields(
        (PartFields(Part.WIFE, "Vợ", _SPOUSE, owed=True), PartFields(Part.HUSBAND, "Chồng", _SPOUSE, owed=True)),
        (FactField("recognised_from", "Quan hệ hôn nhân được công nhận kể từ ngày"), NOTE),
    ),
    EventKind.DEATH: KindFields(
        (PartFields(Part.SUBJECT, "Người chết", _WHOLE, owed=True), _DECLARANT),
        (
            FactField("died_on", "Ngày chết", "Ví dụ 24/12/2023; chỉ biết năm thì ghi năm."),
            FactField("died_at", "Đã chết vào lúc", "Như trong sổ: “02 giờ 15 phút, ngày 24 tháng 12 năm 2023”."),
            FactField("died_at_words", "Ghi bằng chữ"),
            FactField("place_of_death", "Nơi chết"),
            FactField("cause_of_death", "Nguyên nhân chết"),
            FactField("notice_kind", "Giấy báo tử hoặc giấy tờ thay thế"),
            FactField("notice_number", "Số giấy báo tử"),
            FactField("notice_issuer", "Nơi cấp giấy báo tử"),
            FactField("notice_issued_on", "Ngày cấp giấy báo tử"),
            FactField("evidence", "Giấy tờ, chứng cứ khác"),
            FactField("relationship", "Quan hệ của người đi khai"),
            FactField("registration_type", "Loại đăng ký"),
            NOTE,
        ),
    ),
    EventKind.CHANGE_NOTE: KindFields(
        (PartFields(Part.SUBJECT, "Người được ghi chú", _WHOLE, owed=True),),
        (
            FactField("noted", "Đã thực hiện việc ghi chú", "Ví dụ: cải chính hộ tịch."),
            FactField("content", "Nội dung ghi chú", long=True),
            FactField("basis_name", "Theo", "Tên văn bản, ví dụ: Quyết định."),
            FactField("basis_number", "Số văn bản"),
            FactField("basis_issuer", "Nơi cấp văn bản"),
            FactField("basis_issued_on", "Ngày cấp văn bản"),
            FactField("changed_from", "Từ"),
            FactField("changed_to", "thành"),
            NOTE,
        ),
    ),
    EventKind.ENTRY_NOTE: KindFields((PartFields(Part.SUBJECT, "Người có tên", _WHOLE, owed=True),), (LINES,)),
    EventKind.GUARDIANSHIP: KindFields(
        (PartFields(Part.SUBJECT, "Người được giám hộ", _WHOLE, owed=True),), (LINES, NOTE)
    ),
    EventKind.PARENT_RECOGNITION: KindFields(
        (
            PartFields(Part.CHILD, "Con", _WHOLE, owed=True),
            PartFields(Part.MOTHER, "Mẹ", _SPOUSE),
            PartFields(Part.FATHER, "Cha", _SPOUSE),
        ),
        (LINES, NOTE),
    ),
    EventKind.ADOPTION: KindFields(
        (
            PartFields(Part.CHILD, "Con nuôi", _WHOLE, owed=True),
            PartFields(Part.MOTHER, "Mẹ nuôi", _SPOUSE),
            PartFields(Part.FATHER, "Cha nuôi", _SPOUSE),
        ),
        (LINES, NOTE),
    ),
}

FULL_DAY = re.compile(r"(\d{1,2})\D+(\d{1,2})\D+(\d{4})")
PARTIAL_DAY = re.compile(r"(?:(\d{1,2})\D+)?([12]\d{3})")


def full_day(text: str) -> date | None:
    """`24/12/2023` as a day; nothing where day or month are not known, or where there is no such day."""
    parts = FULL_DAY.fullmatch(text.strip())
    if not parts:
        return None
    day, month, year = map(int, parts.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def is_day_of_a_book(text: str) -> bool:
    """A whole day, a month and year, or a year alone: old books know no more."""
    partial = PARTIAL_DAY.fullmatch(text.strip())
    return full_day(text) is not None or bool(partial and 1 <= int(partial[1] or 1) <= 12)


def lines_of(entry: Entry) -> list[tuple[str, str]]:
    """The free lines of an entry, label and value, in the order of the book."""
    pairs = (line.partition(":") for line in entry.facts.get("lines", "").splitlines() if line.strip())
    return [(label.strip(), value.strip()) if colon else ("", label.strip()) for label, colon, value in pairs]


def personal_number(named: Named) -> str:
    """The personal identity number that the book itself writes; an old card's nine digits are none."""
    return named.written_number if re.fullmatch(r"[0-9]{12}", named.written_number) else ""


def names_in_words(entry: Entry) -> str:
    """`Trần Thị Thử (vợ), Nguyễn Văn Mẫu (chồng)`: whom the entry is about, declarants left out."""
    return ", ".join(
        f"{named.full_name} ({word})" if (word := PART_WORDS[named.part]) else named.full_name
        for named in entry.persons
        if named.part != Part.DECLARANT
    )
