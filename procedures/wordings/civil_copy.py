"""How copies from the books are worded, line by line (civil-status.md 1.2, 1.5), and what of it is not confirmed.

Lines are data, one template prints them all. Texts of persons stand as the book has them. No database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from citizens.entry_fields import PARTIAL_DAY, full_day, lines_of, personal_number
from citizens.register import Entry, EventKind, Named, Part
from procedures.rules import Application
from procedures.rules.civil_copy import COPIES_AT_MOST, RELATIVES_OF_THE_DEAD, chosen, event_of
from procedures.rules.civil_status import NEW_LAW
from procedures.rules.points import Point, Sort
from procedures.wordings import numbers
from procedures.wordings.days import in_words

_COPY = "Bản sao trích lục hộ tịch"
_NOT_SEEN = "Chưa đọc được mẫu của loại này."

SUBTITLE = "(BẢN SAO)"
HOW = "(Ký, ghi rõ họ, chữ đệm, tên, chức vụ và đóng dấu)"

ON_BLANK = Point(
    "civil_copy.birth_on_blank",
    "Bản sao khai sinh: in trên phôi của Bộ Tư pháp",
    "yes",
    "Từ 2020 bản giấy in trên phôi “bản sao Giấy khai sinh”. “Không”: in Trích lục khai sinh trên giấy thường.",
    Sort.YES_NO,
)
YEAR_IN_NUMBER = Point(
    "civil_copy.year_in_number",
    f"{_COPY}: số có cả năm, như 576/2026/TLKT-BS",
    "no",
    "Đã thấy cả hai cách: 12/TLKT-BS và 576/2026/TLKT-BS.",
    Sort.YES_NO,
)
INSTRUCTION = Point(
    "civil_copy.instruction",
    f"{_COPY}: dòng “{HOW}” dưới chữ ký",
    "yes",
    "Dòng này in sẵn trên mẫu để trống; trên bản in từ máy có thể bỏ.",
    Sort.YES_NO,
)
PAPER_BESIDE_NUMBER = Point(
    "civil_copy.paper_beside_number",
    "Trích lục khai tử (bản sao), dòng “Giấy tờ tùy thân” khi đã có số định danh",
    "no",
    "Bản điện tử để trống khi đã có số định danh; bản giấy chưa rõ. “Có”: vẫn ghi như trong sổ.",
    Sort.YES_NO,
)
BIRTH_WORDS = Point(
    "civil_copy.birth_words",
    "Trích lục khai sinh (bản sao): sổ không ghi ngày sinh bằng chữ",
    "yes",
    "“Có”: tự viết ngày sinh bằng chữ; cách viết (linh, nghìn, tư) chưa xác minh. “Không”: để trống như trong sổ.",
    Sort.YES_NO,
)
NOTE_BASIS = Point(
    "civil_copy.note_basis",
    f"{_COPY}, mục Ghi chú: kèm căn cứ và ngày ghi",
    "yes",
    "Chưa rõ mục Ghi chú ghi đến đâu; nội dung ghi chú luôn được in.",
    Sort.YES_NO,
)
SIGNER_BLANK = Point(
    "civil_copy.signer_birth_blank",
    "Bản sao Giấy khai sinh, bản lưu: dòng trên chữ ký",
    "NGƯỜI KÝ BẢN SAO",
    "Chưa có phôi mới để đối chiếu.",
)
SIGNER_2027 = Point(
    "civil_copy.signer_death_2027",
    "Giấy chứng tử (bản sao, từ 01/03/2027): dòng trên chữ ký",
    "NGƯỜI KÝ TRÍCH LỤC",
    "Chưa có mẫu mới.",
)
OTHER_PLACE = Point("civil_copy.other_registered_at", "Trích lục loại khác: dòng nơi đăng ký", "Đăng ký tại", _NOT_SEEN)

TITLES: dict[EventKind, Point | str] = {
    EventKind.BIRTH: "TRÍCH LỤC KHAI SINH",
    EventKind.MARRIAGE: "TRÍCH LỤC KẾT HÔN",
    EventKind.DEATH: "TRÍCH LỤC KHAI TỬ",
    EventKind.CHANGE_NOTE: Point(
        "civil_copy.title_change_note",
        "Trích lục thay đổi, cải chính: tên giấy",
        "TRÍCH LỤC GHI CHÚ THAY ĐỔI HỘ TỊCH",
        "Tên lấy từ mẫu cũ; mẫu 2020 có thể khác.",
    ),
    EventKind.ENTRY_NOTE: Point(
        "civil_copy.title_entry_note", "Trích lục ghi vào sổ: tên giấy", "TRÍCH LỤC GHI VÀO SỔ HỘ TỊCH", _NOT_SEEN
    ),
    EventKind.GUARDIANSHIP: Point(
        "civil_copy.title_guardianship", "Trích lục giám hộ: tên giấy", "TRÍCH LỤC ĐĂNG KÝ GIÁM HỘ", _NOT_SEEN
    ),
    EventKind.PARENT_RECOGNITION: Point(
        "civil_copy.title_parent_recognition",
        "Trích lục nhận cha, mẹ, con: tên giấy",
        "TRÍCH LỤC ĐĂNG KÝ NHẬN CHA, MẸ, CON",
        _NOT_SEEN,
    ),
    EventKind.ADOPTION: Point(
        "civil_copy.title_adoption",
        "Trích lục nuôi con nuôi: tên giấy",
        "TRÍCH LỤC ĐĂNG KÝ NUÔI CON NUÔI",
        _NOT_SEEN,
    ),
}
TITLE_BLANK = Point(
    "civil_copy.title_birth_blank",
    "Bản sao khai sinh trên phôi của Bộ: tên giấy",
    "GIẤY KHAI SINH",
    "Chưa có phôi để đối chiếu dòng tên.",
)
TITLE_2027 = Point(
    "civil_copy.title_death_2027",
    "Bản sao khai tử từ 01/03/2027: tên giấy",
    "GIẤY CHỨNG TỬ",
    "NĐ 301/2026 Điều 18 khoản 2 đổi tên bản chính; tên bản sao chưa rõ.",
)


def _symbol(kind: str, code: str, doubt: str = "Ký hiệu lấy từ mẫu cũ.") -> Point:
    return Point(f"civil_copy.symbol_{kind}", f"{_COPY}: ký hiệu sau số ({code})", code, doubt)


_MADE_UP = "Không có nguồn nào nói ký hiệu của loại này."
SYMBOLS: dict[EventKind, Point] = {
    EventKind.BIRTH: _symbol("birth", "TLKS-BS"),
    EventKind.MARRIAGE: _symbol("marriage", "TLKH-BS"),
    EventKind.DEATH: _symbol("death", "TLKT-BS"),
    EventKind.CHANGE_NOTE: _symbol("change_note", "TLGCHT-BS"),
    EventKind.ENTRY_NOTE: _symbol("entry_note", "TLGVS-BS", _MADE_UP),
    EventKind.GUARDIANSHIP: _symbol("guardianship", "TLGH-BS", _MADE_UP),
    EventKind.PARENT_RECOGNITION: _symbol("parent_recognition", "TLNCMC-BS", _MADE_UP),
    EventKind.ADOPTION: _symbol("adoption", "TLNCN-BS", _MADE_UP),
}
SYMBOL_BLANK = _symbol("birth_blank", "GKS-BS", _MADE_UP)
SYMBOL_2027 = _symbol("death_2027", "GCT-BS", "Chưa biết ký hiệu mới từ 01/03/2027.")

POINTS: tuple[Point, ...] = (
    COPIES_AT_MOST,
    RELATIVES_OF_THE_DEAD,
    ON_BLANK,
    YEAR_IN_NUMBER,
    INSTRUCTION,
    PAPER_BESIDE_NUMBER,
    BIRTH_WORDS,
    NOTE_BASIS,
    SIGNER_BLANK,
    SIGNER_2027,
    OTHER_PLACE,
    TITLE_BLANK,
    TITLE_2027,
    *(title for title in TITLES.values() if isinstance(title, Point)),
    *SYMBOLS.values(),
    SYMBOL_BLANK,
    SYMBOL_2027,
)

BLANK = "birth_copy"


@dataclass(frozen=True)
class Piece:
    """A label and its value; without a label the value stands alone. `is_name`: printed bold."""

    label: str
    value: str
    is_name: bool = False


Row = tuple[Piece, ...]


# --- which paper ---
def is_on_blank(application: Application) -> bool:
    """Whether the copy goes onto the Ministry's stock: births since 2020, unless an extract is asked for [C8]."""
    is_birth = event_of(application) == EventKind.BIRTH
    return is_birth and ON_BLANK.is_on(application) and application.get("birth_paper") != "extract"


def is_renamed(application: Application) -> bool:
    """The extract of a death is a Giấy chứng tử for files received from 1 March 2027 on."""
    return event_of(application) == EventKind.DEATH and application.day >= NEW_LAW


def title_of(application: Application) -> str:
    if is_on_blank(application):
        return TITLE_BLANK.of(application)
    if is_renamed(application):
        return TITLE_2027.of(application)
    title = TITLES[event_of(application) or EventKind.BIRTH]
    return title.of(application) if isinstance(title, Point) else title


def name_of(application: Application) -> str:
    """`Trích lục khai tử (bản sao)`, as lists call the paper."""
    title = title_of(application)
    return f"{title[:1].upper()}{title[1:].lower()} (bản sao)"


def symbol_of(application: Application) -> str:
    """What stands after the number; the year is filled in when it is signed."""
    point = SYMBOLS[event_of(application) or EventKind.BIRTH]
    if is_on_blank(application):
        point = SYMBOL_BLANK
    elif is_renamed(application):
        point = SYMBOL_2027
    code = point.of(application).replace("{", "{{").replace("}", "}}")
    return f"{{year}}/{code}" if YEAR_IN_NUMBER.is_on(application) else code


def signer_line(application: Application) -> str:
    if is_on_blank(application):
        return SIGNER_BLANK.of(application)
    return SIGNER_2027.of(application) if is_renamed(application) else "NGƯỜI KÝ TRÍCH LỤC"


# --- lines ---
def rows_of(application: Application) -> list[Row]:
    """The lines of the copy in the order of its table in civil-status.md 1.5, up to the notes."""
    entry = chosen(application)
    if entry is None:
        return []
    match entry.kind:
        case EventKind.DEATH:
            rows = _death(entry, application)
        case EventKind.MARRIAGE:
            rows = _marriage(entry)
        case EventKind.BIRTH:
            rows = _birth(entry, application)
        case EventKind.CHANGE_NOTE:
            rows = _change_note(entry)
        case _:
            rows = _other(entry, application)
    if entry.kind == EventKind.CHANGE_NOTE:
        return rows  # its own line of notes says from what to what
    notes = notes_of(entry, application)
    return [*rows, _row("Ghi chú", notes[0] if notes else ""), *((Piece("", note),) for note in notes[1:])]


LINE = 76
"""Letters that stand in one line of the paper, about."""


def lines_on_paper(application: Application) -> int:
    """About how many lines the paper takes: a crowded one is set closer, so that it keeps to one page."""
    texts = ("".join(f"{piece.label}: {piece.value} " for piece in row) for row in rows_of(application))
    return sum(-(-len(text) // LINE) for text in texts) + is_on_blank(application)


def notes_of(entry: Entry, application: Application) -> list[str]:
    """What was noted at registration and ever since, oldest first; every one is printed (copy_annotations_included)."""
    first = [entry.facts["note"]] if entry.facts.get("note") else []
    with_basis = NOTE_BASIS.is_on(application)
    return first + [
        f"{note.text.rstrip(' .')} (căn cứ: {note.basis.rstrip(' .')}; ghi {in_words(note.noted_on)})."
        if with_basis
        else f"{note.text.rstrip(' .')}."
        for note in entry.notes
    ]


def _row(label: str, value: str, *, is_name: bool = False) -> Row:
    return (Piece(label, value, is_name),)


def _nobody(part: Part) -> Named:
    return Named(part, "")


def entry_day(entry: Entry) -> str:
    """`ngày 10 tháng 10 năm 2003`, or as much of it as the book has: `tháng 3 năm 1979`, `năm 1975`."""
    if entry.registered_on:
        return in_words(entry.registered_on)
    partial = PARTIAL_DAY.fullmatch(entry.registered_text.strip())
    if not partial:
        return entry.registered_text
    month, year = partial.groups()
    return f"tháng {int(month)} năm {year}" if month else f"năm {year}"


def _who(named: Named) -> Row:
    return (
        Piece("Giới tính", named.sex),
        Piece("Dân tộc", named.ethnicity),
        Piece("Quốc tịch", named.nationality),
    )


def _death(entry: Entry, application: Application) -> list[Row]:
    """Table A. The cause of death is not on a copy."""
    dead = entry.person(Part.SUBJECT) or _nobody(Part.SUBJECT)
    number = personal_number(dead)
    paper = "" if number and not PAPER_BESIDE_NUMBER.is_on(application) else dead.id_document
    died = full_day(entry.facts.get("died_on", ""))
    return [
        _row("Họ, chữ đệm, tên", dead.full_name, is_name=True),
        _row("Ngày, tháng, năm sinh", dead.birth_text),
        _who(dead),
        _row("Số định danh cá nhân", number),
        _row("Giấy tờ tùy thân", paper),
        _row(
            "Đã chết vào lúc",
            entry.facts.get("died_at") or (in_words(died) if died else entry.facts.get("died_on", "")),
        ),
        _row("Nơi chết", entry.facts.get("place_of_death", "")),
        _row("Đã được đăng ký khai tử tại", entry.unit),
        (Piece("Số", entry.number), Piece("", entry_day(entry))),
    ]


def _marriage(entry: Entry) -> list[Row]:
    """Table B: the wife first."""
    rows: list[Row] = []
    for part, who in ((Part.WIFE, "vợ"), (Part.HUSBAND, "chồng")):
        spouse = entry.person(part) or _nobody(part)
        rows += [
            _row(f"Họ, chữ đệm, tên {who}", spouse.full_name, is_name=True),
            _row("Ngày, tháng, năm sinh", spouse.birth_text),
            (Piece("Dân tộc", spouse.ethnicity), Piece("Quốc tịch", spouse.nationality)),
            _row("Nơi cư trú", spouse.residence),
            _row("Giấy tờ tùy thân", spouse.id_document),
        ]
    recognised = entry.facts.get("recognised_from")
    note = [_row("Quan hệ hôn nhân được công nhận kể từ ngày", recognised)] if recognised else []
    return [*rows, _row("Đăng ký kết hôn tại", entry.unit), _row("Số", f"{entry.number}, {entry_day(entry)}"), *note]


def birth_in_words(entry: Entry, application: Application) -> str:
    """As the book has it; where it has none and the day is whole, written out."""
    said = entry.facts.get("birth_words", "")
    child = entry.person(Part.SUBJECT)
    born = full_day(child.birth_text) if child else None
    return numbers.day_in_words(born) if not said and born and BIRTH_WORDS.is_on(application) else said


def _birth(entry: Entry, application: Application) -> list[Row]:
    """Table C, and the archive copy of D, which has the same lines."""
    child = entry.person(Part.SUBJECT) or _nobody(Part.SUBJECT)
    rows = [
        _row("Họ, chữ đệm, tên", child.full_name, is_name=True),
        _row("Ngày, tháng, năm sinh", child.birth_text),
        _row("ghi bằng chữ", birth_in_words(entry, application)),
        _who(child),
        _row("Nơi sinh", entry.facts.get("birth_place", "")),
        _row("Quê quán", entry.facts.get("home_town", "")),
        _row("Số định danh cá nhân", personal_number(child)),
    ]
    for part, who in ((Part.MOTHER, "mẹ"), (Part.FATHER, "cha")):
        parent = entry.person(part) or _nobody(part)
        rows += [
            _row(f"Họ, chữ đệm, tên người {who}", parent.full_name, is_name=True),
            (
                Piece("Năm sinh", parent.birth_text),
                Piece("Dân tộc", parent.ethnicity),
                Piece("Quốc tịch", parent.nationality),
            ),
            _row("Nơi cư trú", parent.residence),
        ]
    return [*rows, _row("Đăng ký khai sinh tại", entry.unit), _row("Số", f"{entry.number}, {entry_day(entry)}")]


def _change_note(entry: Entry) -> list[Row]:
    """Table E."""
    who, facts = entry.person(Part.SUBJECT) or _nobody(Part.SUBJECT), entry.facts
    basis = (
        ("Theo", facts.get("basis_name", "")),
        ("số", facts.get("basis_number", "")),
        ("do", facts.get("basis_issuer", "")),
        ("cấp ngày", facts.get("basis_issued_on", "")),
    )
    changed = (("Từ", facts.get("changed_from", "")), ("thành", facts.get("changed_to", "")))
    later = [f"{note.text.rstrip(' .')}." for note in entry.notes]
    first = " ".join(f"{word} {value}" for word, value in changed if value)
    notes = [line for line in (first, facts.get("note", ""), *later) if line]
    return [
        _row("Họ, chữ đệm, tên", who.full_name, is_name=True),
        _row("Ngày, tháng, năm sinh", who.birth_text),
        _who(who),
        _row("Giấy tờ tùy thân", who.id_document),
        _row("Nơi cư trú", who.residence),
        _row("Đã thực hiện việc ghi chú", facts.get("noted", "")),
        _row(
            "Trong Sổ đăng ký thay đổi, cải chính, bổ sung hộ tịch, xác định lại dân tộc số",
            f"{entry.number} Quyển số: {entry.volume}",
        ),
        _row("Nội dung ghi chú", facts.get("content", "")),
        (Piece("", " ".join(f"{word} {value}" for word, value in basis if value)),),
        _row("Nơi ghi chú", entry.unit),
        _row("Ngày, tháng, năm ghi chú", entry_day(entry).removeprefix("ngày ")),
        _row("Ghi chú", notes[0] if notes else ""),
        *((Piece("", note),) for note in notes[1:]),
    ]


_OTHER_LABELS = {Part.SUBJECT: "", Part.CHILD: " con", Part.MOTHER: " mẹ", Part.FATHER: " cha"}


def _other(entry: Entry, application: Application) -> list[Row]:
    """The kinds whose forms were not seen: the people, then the lines of the book as they stand there."""
    rows: list[Row] = []
    for named in entry.persons:
        if named.part == Part.DECLARANT:
            continue
        rows += [
            _row(f"Họ, chữ đệm, tên{_OTHER_LABELS.get(named.part, '')}", named.full_name, is_name=True),
            _row("Ngày, tháng, năm sinh", named.birth_text),
            _who(named),
            *([_row("Giấy tờ tùy thân", named.id_document)] if named.id_document else []),
            *([_row("Nơi cư trú", named.residence)] if named.residence else []),
        ]
    rows += [_row(label, value) for label, value in lines_of(entry)]
    place = OTHER_PLACE.of(application)
    return [*rows, _row(place, entry.unit), _row("Số", f"{entry.number}, {entry_day(entry)}")]


def fields_of(application: Application) -> list[tuple[str, str]]:
    """Field → value for the Ministry's blank of a birth copy; where each stands on it is the printer's matter."""
    entry = chosen(application)
    if entry is None or not is_on_blank(application):
        return []
    child = entry.person(Part.SUBJECT) or _nobody(Part.SUBJECT)
    fields = [
        ("full_name", child.full_name),
        ("birth_date", child.birth_text),
        ("birth_words", birth_in_words(entry, application)),
        ("sex", child.sex),
        ("ethnicity", child.ethnicity),
        ("nationality", child.nationality),
        ("birth_place", entry.facts.get("birth_place", "")),
        ("home_town", entry.facts.get("home_town", "")),
        ("identity_number", personal_number(child)),
    ]
    for part, prefix in ((Part.MOTHER, "mother"), (Part.FATHER, "father")):
        parent = entry.person(part) or _nobody(part)
        fields += [
            (f"{prefix}_name", parent.full_name),
            (f"{prefix}_birth", parent.birth_text),
            (f"{prefix}_ethnicity", parent.ethnicity),
            (f"{prefix}_nationality", parent.nationality),
            (f"{prefix}_residence", parent.residence),
        ]
    return [
        *fields,
        ("registered_at", entry.unit),
        ("entry_number", entry.number),
        ("entry_date", entry_day(entry).removeprefix("ngày ")),
        ("note", " ".join(notes_of(entry, application))),
    ]


def lacks_birth_day(application: Application) -> Sequence[str]:
    """Whose day of birth the book has in part only, though the record knows it whole: for `bổ sung hộ tịch`."""
    entry, subject = chosen(application), application.subject
    if entry is None or full_day(subject.birth_text) is None:
        return ()
    return [
        named.full_name
        for named in entry.persons
        if named.identity_number == subject.identity_number
        and named.birth_text
        and full_day(named.birth_text) is None
        and entry.kind in (EventKind.BIRTH, EventKind.MARRIAGE, EventKind.DEATH)
        and not _is_parent(entry, named)
    ]


def _is_parent(entry: Entry, named: Named) -> bool:
    return entry.kind == EventKind.BIRTH and named.part in (Part.MOTHER, Part.FATHER)
