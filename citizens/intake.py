"""A table of people (CSV) becomes drafts of citizens, each row judged by itself. No database.

The text is UTF-8, with or without a byte order mark, columns parted by comma, semicolon or tab. A column is known by
its English name or its Vietnamese label (COLUMNS), with or without marks, in any order; only the number, the name and
the birth date are owed. Days are written as people write them (`17/9/1992`, `17091992`, `1992-09-17`); a birth date may
be a year or a month and a year. An empty cell says nothing: it never erases what is on record.
A person with several marriages stands in several rows, which must not contradict one another.

A row is refused whole or kept whole. What does not fit but may be true (a number of another birth year) is a doubt:
said, never a wall (F-35).
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from citizens import names
from citizens.identity_number import NotAnIdentityNumber, doubts, is_old_number, old_number, parse
from citizens.person import Ending, Sex
from oneshop.fields import DayField


class NotATable(ValueError):
    """The file as a whole cannot be read; the text is the Vietnamese sentence that says what to do."""


class Unclear(ValueError):
    """A cell that cannot be taken; the text is the Vietnamese sentence that says what to do."""


@dataclass(frozen=True)
class Draft:
    """One row that may be kept. The mappings hold what the row gives, by field of Citizen, Residence and Marriage.

    `row` counts as a spreadsheet does: the header is row 1.
    """

    row: int
    person: Mapping[str, Any]
    home: Mapping[str, Any]
    marriage: Mapping[str, Any]
    doubts: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        return str(self.person["identity_number"])

    @property
    def marriage_key(self) -> tuple[Any, ...]:
        """What tells one marriage of a person from another."""
        said = {name: self.marriage.get(name) for name in ("certificate_number", "since", "spouse_name")}
        return marriage_key(**said)


@dataclass(frozen=True)
class Refused:
    """One row that is not kept, and every reason."""

    row: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The rows of a file that hold anything, with their numbers; `ignored` are headers that no column is known by."""

    columns: tuple[Column | None, ...]
    lines: tuple[tuple[int, list[str]], ...]
    ignored: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.lines)

    def judged(self, *, today: date) -> Iterator[Draft | Refused]:
        """Every row in the order of the file. `today` is the day in Viet Nam."""
        told: dict[tuple[Any, ...], tuple[int, dict[str, Any]]] = {}
        for row, cells in self.lines:
            draft = _judge(row, self.columns, cells, today)
            yield _against(told, draft) if isinstance(draft, Draft) else draft


def marriage_key(*, certificate_number: str | None, since: date | None, spouse_name: str | None) -> tuple[Any, ...]:
    """Two marriages of one person are the same if number and day agree; without a number, spouse and day."""
    return ("number", certificate_number, since) if certificate_number else ("name", spouse_name, since)


# --- cells: text → value ---------------------------------------------------------------------------------------------
_day_field = DayField(required=False)
_PART_OF_A_DAY = re.compile(r"(?:0{1,2}[/.-])?(?:(?P<month>[0-9]{1,2})[/.-])?(?P<year>[0-9]{4})")
_FIRST_YEAR = 1900  # earlier is a slip of the hand: `0199`, `1092`
_TELEPHONE = re.compile(r"\+?[0-9][0-9 .\-]{6,18}")


def _text(longest: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if len(cell) > longest:
            raise Unclear(f"dài {len(cell)} ký tự, nhiều nhất {longest}.")
        return cell

    return read


def _number(cell: str) -> str:
    try:
        return parse(cell).value
    except NotAnIdentityNumber as error:
        lost_zeros = re.fullmatch(r"[0-9]{10,11}|[0-9][0-9.,]*E\+?[0-9]+", cell, re.IGNORECASE)
        if lost_zeros:
            raise Unclear(
                "bảng tính đã làm mất chữ số: đặt định dạng cột là Văn bản (Text) trước khi dán số, rồi lưu lại."
            ) from error
        raise Unclear(str(error)) from error


def _old_number(cell: str) -> str:
    if not is_old_number(cell):
        raise Unclear("số CMND cũ có 9 chữ số; bỏ trống nếu không có.")
    return old_number(cell)


def _name(cell: str) -> str:
    if not names.is_name(cell):
        raise Unclear("họ tên chỉ gồm chữ cái và dấu cách, nhiều nhất 100 ký tự, như trên thẻ.")
    return names.clean(cell)


def _day(cell: str) -> date:
    try:
        day = _day_field.clean(cell)
    except ValidationError as error:
        raise Unclear(f"“{cell[:20]}” không phải một ngày. Ghi ngày/tháng/năm, ví dụ 05/02/1990.") from error
    assert isinstance(day, date), "an empty cell is not read"
    if day.year < _FIRST_YEAR:
        raise Unclear(f"“{cell[:20]}” ở trước năm {_FIRST_YEAR}. Ghi đủ bốn chữ số của năm.")
    return day


def _birth(cell: str) -> tuple[date | None, str]:
    """The day, where there is one, and what the card prints: `1955`, `03/1955` or `17/09/1992`."""
    part = _PART_OF_A_DAY.fullmatch(cell)
    if part is None:
        day = _day(cell)
        return day, day.strftime("%d/%m/%Y")
    month = int(part["month"] or 0)
    if month > 12 or int(part["year"]) < _FIRST_YEAR:
        raise Unclear(f"“{cell}” không có trong lịch.")
    return None, f"{month:02}/{part['year']}" if month else part["year"]


def _telephone(cell: str) -> str:
    if not _TELEPHONE.fullmatch(cell):
        raise Unclear("số điện thoại gồm 7 đến 20 chữ số, dấu cách hoặc dấu chấm.")
    return cell


def _unit_code(cell: str) -> str:
    if not re.fullmatch(r"[0-9]{5}", cell):
        raise Unclear("mã đơn vị hành chính có 5 chữ số (bảng tính có thể đã bỏ số 0 ở đầu).")
    return cell


def _one_of(words: Mapping[str, Any], said: str) -> Callable[[str], Any]:
    def read(cell: str) -> Any:
        try:
            return words[_plain(cell)]
        except KeyError:
            raise Unclear(f"“{cell[:30]}” không rõ. Ghi: {said}.") from None

    return read


def _plain(text: str) -> str:
    """Lower case, no marks, words of letters and digits only: how headers and words of a choice are compared."""
    return " ".join(re.findall(r"[a-z0-9]+", names.search_key(text)))


_SEXES = {
    "nam": Sex.MALE.value,
    "male": Sex.MALE.value,
    "m": Sex.MALE.value,
    "nu": Sex.FEMALE.value,
    "female": Sex.FEMALE.value,
    "f": Sex.FEMALE.value,
}
_LEVELS = {"chua co": 0, "khong": 0, "0": 0} | {
    f"{word} {level}".strip(): level for level in (1, 2) for word in ("", "muc", "muc do", "level")
}
_DOCUMENTS = {
    _plain(word): kind
    for kind, words in {
        "can_cuoc": ("can_cuoc", "Thẻ căn cước", "Căn cước", "CC"),
        "cccd": ("cccd", "Thẻ căn cước công dân", "Căn cước công dân", "Thẻ CCCD"),
        "can_cuoc_dien_tu": ("can_cuoc_dien_tu",),
        "giay_chung_nhan_can_cuoc": ("giay_chung_nhan_can_cuoc",),
        "ho_chieu": ("ho_chieu", "passport"),
        "giay_to_khac": ("giay_to_khac", "Giấy tờ khác có dán ảnh"),
        "cmnd": ("cmnd", "Chứng minh nhân dân"),
    }.items()
    for word in words
}
_ENDINGS = {
    **dict.fromkeys(("ly hon", "divorce", "divorced"), Ending.DIVORCE.value),
    **dict.fromkeys(("chet", "da chet", "tu vong", "vo chong da chet", "death", "widowed"), Ending.DEATH.value),
    **dict.fromkeys(("huy", "toa an huy", "annulment", "annulled"), Ending.ANNULMENT.value),
}
_YES_NO = {
    **dict.fromkeys(("co", "x", "1", "yes", "true", "da", "roi", "dung"), True),
    **dict.fromkeys(("khong", "0", "no", "false", "chua"), False),
}


# --- columns ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Column:
    """`name` is the header in English, `label` in Vietnamese; `field` is what it fills in its part."""

    name: str
    label: str
    part: str
    read: Callable[[str], Any]
    others: tuple[str, ...] = ()
    field: str = ""

    @property
    def headers(self) -> set[str]:
        return {_plain(header) for header in (self.name, self.label, *self.others)}


_sex = _one_of(_SEXES, "Nam hoặc Nữ")
_yes = _one_of(_YES_NO, "có hoặc không")
COLUMNS = (
    Column("identity_number", "Số định danh cá nhân", "person", _number, ("Số định danh", "Số CCCD", "Số căn cước")),
    Column("full_name", "Họ và tên", "person", _name, ("Họ tên", "Họ, chữ đệm, tên")),
    Column("birth_date", "Ngày sinh", "person", _birth, ("Ngày, tháng, năm sinh", "Năm sinh")),
    Column("old_number", "Số CMND cũ", "person", _old_number, ("CMND cũ", "Số CMND")),
    Column("sex", "Giới tính", "person", _sex),
    Column("ethnicity", "Dân tộc", "person", _text(40)),
    Column("nationality", "Quốc tịch", "person", _text(60)),
    Column("telephone", "Số điện thoại", "person", _telephone, ("Điện thoại",)),
    Column(
        "eid_level",
        "Mức độ định danh điện tử",
        "person",
        _one_of(_LEVELS, "0, 1 hoặc 2"),
        ("Tài khoản định danh điện tử", "Mức định danh"),
    ),
    Column("portal_synced_on", "Ngày đồng bộ Cổng Dịch vụ công", "person", _day, ("Ngày đồng bộ",)),
    Column(
        "document_kind",
        "Loại giấy tờ",
        "person",
        _one_of(_DOCUMENTS, "Căn cước, Căn cước công dân, Căn cước điện tử, Hộ chiếu hoặc CMND"),
        ("Loại giấy tờ tùy thân",),
    ),
    Column("document_issued_on", "Ngày cấp", "person", _day, ("Ngày cấp giấy tờ",)),
    Column("document_issued_by", "Nơi cấp", "person", _text(150), ("Nơi cấp giấy tờ", "Cơ quan cấp")),
    Column("document_valid_until", "Có giá trị đến", "person", _day, ("Ngày hết hạn",)),
    Column("address", "Nơi thường trú", "home", _text(250), ("Địa chỉ thường trú", "Thường trú")),
    Column("residence_since", "Thường trú từ ngày", "home", _day, ("Thường trú từ",), field="since"),
    Column("unit_code", "Mã đơn vị hành chính", "home", _unit_code, ("Mã đơn vị", "Mã xã")),
    Column("spouse_name", "Họ tên vợ/chồng", "marriage", _name, ("Vợ/chồng",)),
    Column("spouse_sex", "Giới tính vợ/chồng", "marriage", _sex),
    Column("marriage_registered", "Có đăng ký kết hôn", "marriage", _yes, field="registered"),
    Column(
        "certificate_number",
        "Số giấy chứng nhận kết hôn",
        "marriage",
        _text(30),
        ("Số đăng ký kết hôn", "Số GCN kết hôn"),
    ),
    Column("marriage_issuer", "Nơi đăng ký kết hôn", "marriage", _text(150), field="issuer"),
    Column("marriage_since", "Ngày đăng ký kết hôn", "marriage", _day, ("Ngày kết hôn",), field="since"),
    Column("ending", "Chấm dứt hôn nhân", "marriage", _one_of(_ENDINGS, "ly hôn, đã chết hoặc tòa án hủy")),
    Column("ended_on", "Ngày chấm dứt hôn nhân", "marriage", _day, ("Ngày chấm dứt",)),
    Column("ending_paper", "Giấy tờ chấm dứt hôn nhân", "marriage", _text(60), ("Giấy tờ chấm dứt",)),
    Column("ending_number", "Số giấy tờ chấm dứt", "marriage", _text(40)),
    Column("ending_issuer", "Nơi cấp giấy tờ chấm dứt", "marriage", _text(150)),
    Column("ending_issued_on", "Ngày cấp giấy tờ chấm dứt", "marriage", _day),
    Column("ending_confirmed", "Đã xác minh chấm dứt", "marriage", _yes),
)
OWED = ("identity_number", "full_name", "birth_date")
_BY_HEADER = {header: column for column in COLUMNS for header in column.headers}


# --- the file --------------------------------------------------------------------------------------------------------
NOT_UNICODE = (
    "Tệp không phải Unicode (UTF-8), có thể là TCVN3 (ABC), VNI hoặc Windows-1252. "
    "Mở bằng bảng tính, chuyển phông chữ sang Unicode, lưu lại dạng “CSV UTF-8” rồi nhập lại."
)
OLD_FONT = (
    "Chữ trong tệp gõ bằng phông cũ (TCVN3, VNI) hoặc đã bị lưu sai bảng mã, dù tệp là UTF-8. "
    "Dùng công cụ chuyển mã sang Unicode dựng sẵn, xem lại vài họ tên, rồi nhập lại."
)
_FOREIGN_AT_LEAST = 5
_VOWELS = "aăâeêioôơuưy"
_VIETNAMESE = {
    unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in ("", *"\u0300\u0301\u0303\u0309\u0323")
} | set("đ’‘“”–—…·°\u00a0")


def read(content: bytes) -> Table:
    """The table in a file.

    Raises NotATable if the file as a whole says nothing: another encoding, no header, an owed column missing.
    """
    lines = _lines(_decoded(content))
    if not lines:
        raise NotATable("Tệp không có dòng nào.")
    header, *rows = lines
    columns = tuple(_BY_HEADER.get(_plain(cell)) for cell in header[1])
    _check(columns)
    ignored = tuple(
        cell.strip() for cell, column in zip(header[1], columns, strict=True) if not column and cell.strip()
    )
    return Table(columns, tuple(rows), ignored)


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise NotATable(f"{NOT_UNICODE} (dòng {line})") from error
    if text.count("\0") * 4 > len(text):  # two bytes a letter: the spreadsheet's "Unicode text"
        raise NotATable(NOT_UNICODE)
    composed = unicodedata.normalize("NFC", text)
    marked = [sign for sign in composed.lower() if not sign.isascii()]
    foreign = sum(sign not in _VIETNAMESE for sign in marked)
    if foreign >= _FOREIGN_AT_LEAST and foreign * 5 > len(marked):
        raise NotATable(OLD_FONT)
    return composed


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """Rows that hold anything, numbered as a spreadsheet shows them: a cell with a line break is still one row."""
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found: list[tuple[int, list[str]]] = []
    try:
        found.extend((row, cells) for row, cells in enumerate(reader, start=1) if any(cell.strip() for cell in cells))
    except csv.Error as error:
        row = found[-1][0] if found else 0
        raise NotATable(
            f"Sau dòng {row} có dấu nháy kép không đóng hoặc ô quá dài: không biết dòng kết thúc ở đâu. "
            "Sửa dấu nháy rồi nhập lại."
        ) from error
    return found


def _check(columns: tuple[Column | None, ...]) -> None:
    known = [column.name for column in columns if column]
    twice = {column.label for column in columns if column and known.count(column.name) > 1}
    if twice:
        raise NotATable(f"Cột có hai lần: {', '.join(sorted(twice))}. Giữ lại một.")
    missing = [column.label for column in COLUMNS if column.name in OWED and column.name not in known]
    if missing:
        raise NotATable(f"Dòng đầu của tệp thiếu cột: {', '.join(missing)}.")


# --- a row -----------------------------------------------------------------------------------------------------------
@dataclass
class _Parts:
    person: dict[str, Any] = field(default_factory=dict)
    home: dict[str, Any] = field(default_factory=dict)
    marriage: dict[str, Any] = field(default_factory=dict)


def _judge(row: int, columns: tuple[Column | None, ...], cells: list[str], today: date) -> Draft | Refused:
    reasons = []
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        reasons.append(
            f"Dòng có {len(cells)} ô, dòng tiêu đề chỉ có {len(columns)}: ô nào chứa dấu ngăn thì đặt trong nháy kép."
        )
    parts = _Parts()
    for column, cell in zip(columns, cells, strict=False):
        if column is None:
            continue
        try:
            if text := _bare(cell):
                getattr(parts, column.part)[column.field or column.name] = column.read(text)
        except Unclear as unclear:
            reasons.append(f"{column.label}: {unclear}")
    reasons = reasons or _gaps(parts, today)
    if reasons:
        return Refused(row, tuple(reasons))
    return Draft(row, parts.person, parts.home, parts.marriage, _doubts(parts, today))


def _gaps(parts: _Parts, today: date) -> list[str]:
    """What is missing or cannot be, once every cell by itself is clear."""
    person = parts.person
    missing = [column.label for column in COLUMNS if column.name in OWED and column.name not in person]
    if missing:
        return [f"{label}: không được bỏ trống." for label in missing]
    person["birth_date"], person["birth_text"] = person["birth_date"]
    return [
        *_wrong_days(person, today),
        *_wrong_home(parts.home, today),
        *_wrong_marriage(parts.marriage, today),
    ]


def _bare(cell: str) -> str:
    """Without what spreadsheets put around a text: `="001…"`, a leading apostrophe, stray spaces."""
    text = " ".join(cell.split())
    if quoted := re.fullmatch(r'="(.*)"', text):
        text = quoted[1]
    elif text.startswith("'"):
        text = text[1:]
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co") for sign in text):
        raise Unclear("có ký tự ẩn hoặc phím điều khiển; gõ lại ô này.")
    return text.strip()


def _wrong_days(person: dict[str, Any], today: date) -> Iterator[str]:
    born, issued = person["birth_date"], person.get("document_issued_on")
    if (born and born > today) or int(person["birth_text"][-4:]) > today.year:
        yield "Ngày sinh: ở sau ngày hôm nay."
    if issued and issued > today:
        yield "Ngày cấp: ở sau ngày hôm nay."
    if issued and born and issued < born:
        yield "Ngày cấp: ở trước ngày sinh."
    if issued and (until := person.get("document_valid_until")) and until < issued:
        yield "Có giá trị đến: ở trước ngày cấp; ghi đủ bốn chữ số của năm."
    if (synced := person.get("portal_synced_on")) and synced > today:
        yield "Ngày đồng bộ Cổng Dịch vụ công: ở sau ngày hôm nay."


def _wrong_home(home: dict[str, Any], today: date) -> Iterator[str]:
    if home and "address" not in home:
        yield "Nơi thường trú: không được bỏ trống khi có ngày hoặc mã đơn vị."
    if (since := home.get("since")) and since > today:
        yield "Thường trú từ ngày: ở sau ngày hôm nay."


def _wrong_marriage(marriage: dict[str, Any], today: date) -> Iterator[str]:
    if not marriage:
        return
    for name, label in (("spouse_name", "Họ tên vợ/chồng"), ("spouse_sex", "Giới tính vợ/chồng")):
        if name not in marriage:
            yield f"{label}: không được bỏ trống khi có thông tin hôn nhân."
    since, ended_on = marriage.get("since"), marriage.get("ended_on")
    if marriage.get("registered", True) and not (since and marriage.get("certificate_number")):
        yield "Hôn nhân có đăng ký phải có số giấy chứng nhận và ngày đăng ký kết hôn."
    if "ending" not in marriage and any(name.startswith(("ended", "ending")) for name in marriage):
        yield "Chấm dứt hôn nhân: ghi ly hôn, đã chết hoặc tòa án hủy khi có ngày hoặc giấy tờ chấm dứt."
    if since and ended_on and ended_on < since:
        yield "Ngày chấm dứt hôn nhân: ở trước ngày đăng ký kết hôn."
    for name, label in (
        ("since", "Ngày đăng ký kết hôn"),
        ("ended_on", "Ngày chấm dứt hôn nhân"),
        ("ending_issued_on", "Ngày cấp giấy tờ chấm dứt"),
    ):
        if (day := marriage.get(name)) and day > today:
            yield f"{label}: ở sau ngày hôm nay."


def _doubts(parts: _Parts, today: date) -> tuple[str, ...]:
    person = parts.person
    year_begins = date(int(person["birth_text"][-4:]), 1, 1)
    found = list(
        doubts(
            person["identity_number"],
            sex=person.get("sex"),
            birth_date=person["birth_date"] or year_begins,
            today=today,
        )
    )
    if not names.is_spelt(person["full_name"]):
        found.append("Họ tên viết khác chính tả tiếng Việt: so lại với thẻ.")
    if parts.home and "unit_code" not in parts.home:
        found.append("Nơi thường trú không có mã đơn vị: chưa coi là cư trú tại xã này.")
    if parts.marriage and parts.marriage.get("spouse_sex") == person.get("sex"):
        found.append("Vợ/chồng ghi cùng giới tính với công dân: so lại với sổ.")
    return tuple(found)


def _against(told: dict[tuple[Any, ...], tuple[int, dict[str, Any]]], draft: Draft) -> Draft | Refused:
    """Refuse a row that says of the same person or marriage something else than an earlier one.

    Neither is believed more, and taking both in turn would change the record at every repetition of the file.
    """
    said: dict[tuple[Any, ...], Mapping[str, Any]] = {
        (draft.number,): {**draft.person, **{f"home.{name}": value for name, value in draft.home.items()}}
    }
    if draft.marriage:
        said[draft.number, *draft.marriage_key] = draft.marriage
    for key, facts in said.items():
        row, before = told.get(key, (draft.row, {}))
        if any(before[name] != value for name, value in facts.items() if name in before):
            return Refused(draft.row, (f"Số định danh này đã có ở dòng {row} với nội dung khác. Giữ lại dòng đúng.",))
    for key, facts in said.items():
        told.setdefault(key, (draft.row, {}))[1].update(facts)
    return draft
