"""What the scan box holds: the QR text of an identity card becomes a draft of a citizen, anything else says what it is.

QR text, UTF-8, fields parted by `|`: number|old CMND|name|ddmmyyyy|Nam or Nữ|address|ddmmyyyy of issue. The card of
2021 to 2024 has these 7 fields; the `Căn cước` of Luật Căn cước 26/2023/QH15 has been seen with 4 more, empty, whose
use is not published (one-stop.md E.2): they are never read. No database; never an exception; never a guessed letter of
a name.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date

from citizens import names, scan_repair
from citizens.identity_number import (
    FULL_WIDTH_DIGITS,
    IdentityNumber,
    NotAnIdentityNumber,
    doubts,
    is_old_number,
    old_number,
    parse,
)
from citizens.person import Sex


@dataclass(frozen=True)
class Card:
    """A draft for the officer to compare with the card. Days are days in Viet Nam.

    `full_name` is empty unless `name_trusted`; `name_as_read` is what arrived, to be shown beside the empty field.
    `birth_date` is None where the card prints no whole or no real day; `birth_text` says what it prints.
    `generation` is "cccd", "can_cuoc", or empty for the machine-readable zone, which both have.
    `repairs` tells what was undone, `doubts` what does not fit; both in Vietnamese.
    The address is a residence of unknown kind: never `thường trú` without the officer's tick.
    """

    identity_number: str
    full_name: str = ""
    name_as_read: str = ""
    name_trusted: bool = False
    old_number: str = ""
    birth_date: date | None = None
    birth_text: str = ""
    sex: Sex | None = None
    address: str = ""
    issued_on: date | None = None
    valid_until: date | None = None
    generation: str = "cccd"
    repairs: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class NumberOnly:
    """The scan is damaged, its twelve digits are not. `reason` says which setting to change."""

    identity_number: str
    reason: str


@dataclass(frozen=True)
class Refused:
    """Nothing to keep. `reason` says what to do."""

    reason: str


@dataclass(frozen=True)
class Typed:
    """Not a card. `kind`: "number" (12 digits), "old_number" (9 digits), "case_code", "link" or "name".

    `text` is ready to search with: digits alone, the code in capitals, `/H/<commune>/<token>` without its host, the
    name in NFC.
    """

    kind: str
    text: str


Reading = Card | NumberOnly | Refused | Typed

LONGEST = 4096

_OR_BY_HAND = "hoặc nhập đủ 12 chữ số trên thẻ."
EMPTY = f"Quét mã QR trên thẻ căn cước, {_OR_BY_HAND}"
TOO_LONG = f"Nội dung quá dài, không phải mã trên thẻ. Xóa ô này rồi quét lại mã QR trên thẻ căn cước, {_OR_BY_HAND}"
HIDDEN_KEYS = (
    "Nội dung quét có phím điều khiển hoặc ký tự ẩn. "
    f"Tắt chế độ gửi phím điều khiển của máy quét rồi quét lại, {_OR_BY_HAND}"
)
WEB_ADDRESS = f"Đây là địa chỉ trang web, không phải mã trên thẻ. Quét mã QR trên thẻ căn cước, {_OR_BY_HAND}"
UNKNOWN = f"Không nhận ra nội dung này. Xóa ô này rồi quét lại mã QR trên thẻ căn cước, {_OR_BY_HAND}"
TWO_CARDS = "Có hơn một thẻ trong một lần quét. Xóa ô này rồi quét từng thẻ một."
MRZ_MISREAD = f"Dòng mã ở mặt sau thẻ đọc chưa đúng. Quét lại, {_OR_BY_HAND}"

_KEPT = "Đã giữ 12 chữ số; nhập các ô còn lại theo thẻ."
LETTERS_LOST = (
    f"Máy quét làm mất chữ có dấu. {_KEPT} "
    "Để lần sau đọc được: đổi bàn phím của máy quét từ US sang Unicode (UTF-8) và tắt bộ gõ tiếng Việt."
)
BYTES_LOST = (
    f"Chữ có dấu bị hỏng khi quét. {_KEPT} "
    "Để lần sau đọc được: đổi bảng mã của máy quét từ Windows-1252 sang Unicode (UTF-8)."
)
KEYBOARD_TOOL_ON = (
    f"Nội dung quét bị biến đổi. {_KEPT} "
    "Để lần sau đọc được: tắt bộ gõ tiếng Việt (UniKey, EVKey) hoặc chọn chế độ quét, rồi quét lại."
)
CUT_OFF = (
    f"Mã quét bị thiếu ô. {_KEPT} "
    "Để đọc đủ: giữ yên thẻ và quét lại; nếu vẫn thiếu, giảm tốc độ gửi phím của máy quét và tắt bộ gõ tiếng Việt."
)
OTHER_QR = (
    "Mã này ghi theo thứ tự khác mã trên thẻ (có thể là mã của ứng dụng sức khỏe). "
    "Đã giữ 12 chữ số để tra cứu; quét mã QR trên thẻ căn cước để lấy các ô còn lại."
)

CAPITALS = "Chữ hoa bị mất khi quét: họ tên đã viết hoa chữ đầu mỗi từ, địa chỉ giữ như đã quét. So lại với thẻ."
KEYS_LOST_SHIFT = "Dòng mã ở mặt sau thẻ bị mất phím Shift: đã nhận ra."

_NUMBER_FIRST = re.compile(r"[0-9]{12}(?=[^0-9]|[0-9]{9}[^0-9])")
_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9]")  # the code kind that some scanners send first, `]Q1`
_CASE_CODE = re.compile(r"[A-Z0-9.]*-[0-9]{6}-[A-Z0-9]{4,8}")
_LINK = re.compile(r"(?:https?[:;]//[^/\s]+)?(/H/[A-Z0-9.-]+/[A-Z0-9]+)/?", re.IGNORECASE)
_WEB = re.compile(r"(?:[a-z]{2,10}[:;]//|www\.)", re.IGNORECASE)
_SEXES = {"nam": Sex.MALE, "nữ": Sex.FEMALE}
_SEX_NOT_GIVEN = ("", "khác", "không rõ", "không xác định", "chưa xác định")
_CARD_LAW_SINCE = date(2024, 7, 1)  # Luật Căn cước 26/2023/QH15: from here on a card is a `thẻ căn cước`
_LONGEST_ADDRESS = 250
_ABBREVIATIONS = {"tp", "tx", "tt", "kp", "ql", "tl", "đt", "đh", "tdp", "kđt", "kcn"}


def read(text: str, *, today: date) -> Reading:
    """What `text`, scanned or typed, stands for. `today` is the day in Viet Nam. Raises nothing.

    Tries in this order: a case code or link, a number, a person's name, the machine-readable zone, the QR of a card.
    """
    if len(text) > LONGEST:
        return Refused(TOO_LONG)
    # keys that scanners put around a code; a no-break space is not among them, it may be half a letter (`Ã\xa0`)
    scan = text.strip(" \t\r\n\x02\x03\x04\ufeff").translate(FULL_WIDTH_DIGITS)
    scan = _SYMBOLOGY.sub("", scan, count=1) if scan.startswith("]") else scan
    if not scan:
        return Refused(EMPTY)
    return _typed(scan) or _machine_readable_zone(scan, today) or _card(scan, today) or _refused(scan)


# --- typed -----------------------------------------------------------------------------------------------------------
def _typed(scan: str) -> Typed | None:
    if link := _LINK.fullmatch(scan):
        return Typed("link", link[1].upper())
    if is_old_number(scan):
        return Typed("old_number", old_number(scan))
    once = scan_repair.once(scan).text if _digits_only(scan) and len(scan) > 12 else scan
    try:
        return Typed("number", parse(once).value)
    except NotAnIdentityNumber:
        pass
    code = "".join(scan.split()).upper()
    if code.isascii() and _CASE_CODE.fullmatch(code):
        return Typed("case_code", code)
    return Typed("name", names.clean(scan)) if names.is_name(scan) else None


def _digits_only(scan: str) -> bool:
    return scan.isascii() and "".join(scan.split()).isdigit()


def _refused(scan: str) -> Refused:
    if _has_hidden_keys(scan):
        return Refused(HIDDEN_KEYS)
    if _WEB.match(scan):
        return Refused(WEB_ADDRESS)
    if re.fullmatch(r"[0-9\s.-]+", scan):
        try:
            parse(scan)
        except NotAnIdentityNumber as error:
            return Refused(str(error))
    return Refused(UNKNOWN)


def _has_hidden_keys(scan: str) -> bool:
    """Control keys, NUL, marks of writing direction; not C1 and U+00AD, which are traces of a wrong code page."""
    return any(
        unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") and not "\x80" <= sign <= "\x9f"
        for sign in scan
        if sign != "\xad"
    )


# --- the QR of the card ----------------------------------------------------------------------------------------------
def _card(scan: str, today: date) -> Reading | None:
    opened = scan_repair.envelope(scan)
    found = _NUMBER_FIRST.match(opened.text)
    if found is None:
        return None
    number = found[0]
    single = scan_repair.once(opened.text)
    raw = single.text.split("|")
    if len(raw) > 11 and set(re.findall(r"[0-9]{12}(?=\|)", single.text)) - {number}:
        return Refused(TWO_CARDS)
    if _has_hidden_keys(single.text):
        return Refused(HIDDEN_KEYS)
    if len(raw) > 1 and names.is_name(scan_repair.field(raw[1]).text):
        return NumberOnly(number, OTHER_QR)
    if raw[0].strip() != number or not 7 <= len(raw) <= 11:
        return NumberOnly(number, CUT_OFF)
    return _draft(_Fields.of(raw, (*opened.notes, *single.notes)), today)


@dataclass(frozen=True)
class _Fields:
    """The seven fields, each repaired by itself: a byte lost in the address does not cost the name."""

    number: str
    old: str
    name: str
    birth: str
    sex: str
    address: str
    issue: str
    is_new_card: bool
    name_was_repaired: bool
    repairs: tuple[str, ...]

    @classmethod
    def of(cls, raw: list[str], notes: tuple[str, ...]) -> "_Fields":
        parts = [scan_repair.field(part) for part in raw[:7]]
        number, old, name, birth, sex, address, issue = (part.text for part in parts)
        return cls(
            *(number, old, name, birth, sex, address, issue),
            is_new_card=len(raw) > 7,
            name_was_repaired=bool(parts[2].notes),
            repairs=tuple(dict.fromkeys((*notes, *(note for part in parts for note in part.notes)))),
        )


def _draft(seen: _Fields, today: date) -> Reading:
    if reason := _damage(seen):
        return NumberOnly(seen.number, reason)
    seen, name_note = _with_capitals(seen)
    born = _Birth.of(seen.birth, today)
    sex = _SEXES.get(seen.sex.lower())
    old = old_number(seen.old) if is_old_number(seen.old) else ""
    address = seen.address if _is_address(seen.address) else ""
    issued_on = _day(seen.issue, not_after=today)
    trusted = names.is_spelt(seen.name) and _carries_every_letter(seen)
    asks = (
        not trusted and f"Họ tên đọc được là “{seen.name}”, có thể sai hoặc thiếu chữ. Nhập họ tên theo thẻ.",
        born.doubt,
        sex is None and "Không đọc được giới tính. Chọn theo thẻ.",
        seen.old and not old and "Số CMND cũ không có đúng 9 chữ số nên không lấy. Nhập theo thẻ nếu cần.",
        not address and "Không đọc được địa chỉ. Nhập theo thẻ.",
        issued_on is None and "Ngày cấp thẻ không có hoặc không đúng. Nhập theo thẻ.",
        issued_on and born.on and issued_on < born.on and "Ngày cấp thẻ ở trước ngày sinh. So lại với thẻ.",
        *doubts(seen.number, sex=sex, birth_date=born.on or born.year_begins, today=today),
    )
    return Card(
        identity_number=seen.number,
        full_name=seen.name if trusted else "",
        name_as_read=seen.name,
        name_trusted=trusted,
        old_number=old,
        birth_date=born.on,
        birth_text=born.text,
        sex=sex,
        address=address,
        issued_on=issued_on,
        generation="can_cuoc" if seen.is_new_card or (issued_on or date.min) >= _CARD_LAW_SINCE else "cccd",
        repairs=(*seen.repairs, *name_note),
        doubts=tuple(ask for ask in asks if ask),
    )


def _damage(seen: _Fields) -> str:
    """Why no letter of this scan can be believed, or nothing. One damaged field tells on those that came with it."""
    is_name = names.is_name(seen.name)
    byte_by_byte = scan_repair.WRONG_CODE_PAGE in seen.repairs or not _is_address(seen.address)
    # `Hà` may have arrived as `HÃ`, its second byte gone
    half_a_letter = byte_by_byte and not seen.name_was_repaired and "\x80" <= max(seen.name, default="") < "\u0100"
    sex = seen.sex.lower()
    findings = (
        (not seen.name, CUT_OFF),
        (is_name and (seen.name + seen.sex + seen.address).isascii(), LETTERS_LOST),
        (not is_name and re.search(r"[0-9%&#;=]", seen.name), KEYBOARD_TOOL_ON),
        (not is_name or half_a_letter, BYTES_LOST),
        (sex in ("n", "nu"), LETTERS_LOST),
        (sex not in (*_SEXES, *_SEX_NOT_GIVEN), KEYBOARD_TOOL_ON),
        (any(names.has_two_tones(word) for word in seen.name.split()), KEYBOARD_TOOL_ON),
        (any(_has_lost_its_vowels(word) for word in _words(f"{seen.name} {seen.address}")), LETTERS_LOST),
        (not all(re.fullmatch(r"([0-9]{4}|[0-9]{6}|[0-9]{8})?", day) for day in (seen.birth, seen.issue)), CUT_OFF),
    )
    return next((reason for damaged, reason in findings if damaged), "")


def _words(text: str) -> list[str]:
    """The words of an address; what ends in a dot is an abbreviation and no word."""
    return [
        word
        for word in re.findall(r"(?<!\w)[^\W\d_]+(?![\w.])", text[:_LONGEST_ADDRESS])
        if not (len(word) > 1 and word.isupper()) and word.lower() not in _ABBREVIATIONS
    ]


def _has_lost_its_vowels(word: str) -> bool:
    """`Nghim` has one left and passes; `Th` for Thị and Thử is in nearly every scan that lost its marked letters."""
    return len(word) > 1 and not set("aeiouy") & set(names.search_key(word))


def _carries_every_letter(seen: _Fields) -> bool:
    """Whether the scanner that sent this sends all letters: proved by one of `ạ ả ấ … ỹ`, which none but Unicode has.

    Set to a western layout it passes `à ê ô` and drops the rest, set to the Vietnamese one it passes `ă đ ơ` too: of
    `Hiếu` both leave `Hiu`, a name. Every address of Hà Nội has such a letter; a card without one needs a look.
    """
    return any("\u1ea0" <= sign <= "\u1ef9" for sign in seen.name + seen.sex + seen.address)


def _is_address(text: str) -> bool:
    plain = re.sub(r"[0-9,./()'’:;&+\"–-]", " ", text).split()
    return bool(plain) and len(text) <= _LONGEST_ADDRESS and all(names.is_name(word) for word in plain)


def _with_capitals(seen: _Fields) -> tuple[_Fields, tuple[str, ...]]:
    """Shift lost or Caps Lock on: a Vietnamese name has one capital in each word, an address does not, so it stays."""
    is_small = (seen.name + seen.sex + seen.address).islower()
    if is_small or seen.name.swapcase() == names.capitalised(seen.name) != seen.name:
        return replace(seen, name=names.capitalised(seen.name)), (CAPITALS,)
    return seen, ()


# --- days ------------------------------------------------------------------------------------------------------------
def _day(digits: str, *, not_after: date | None = None) -> date | None:
    """A real day from `ddmmyyyy`; None for anything else."""
    if not re.fullmatch(r"[0-9]{8}", digits):
        return None
    try:
        day = date(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return None
    return None if not_after and day > not_after else day


@dataclass(frozen=True)
class _Birth:
    """The day, where there is one; what the card prints; `year_begins` compares the year where only that is known."""

    text: str
    on: date | None = None
    year_begins: date | None = None
    doubt: str = ""

    @classmethod
    def of(cls, digits: str, today: date) -> "_Birth":
        """`ddmmyyyy`, `mmyyyy` or `yyyy`; day and month may be 00. What the card does not say is not completed here:
        papers print what is known (civil-status.md 0.9)."""
        if not digits:
            return cls("", doubt="Không đọc được ngày sinh. Nhập theo thẻ.")
        full = digits.zfill(8)
        day, month, year = full[:2], full[2:4], full[4:]
        text = "/".join(part for part in (day, month, year) if part != "00")
        if day == "00" and (month == "00" or 1 <= int(month) <= 12) and 1 <= int(year) <= today.year:
            known = "năm" if month == "00" else "tháng và năm"
            return cls(text, year_begins=date(int(year), 1, 1), doubt=f"Thẻ chỉ ghi {known} sinh: {text}.")
        born = _day(full)
        if born is None:
            return cls(text, doubt=f"Ngày sinh {text} không có trong lịch. Nhập theo thẻ.")
        if born > today:
            return cls(text, doubt=f"Ngày sinh {text} ở sau ngày hôm nay. Nhập theo thẻ.")
        return cls(text, born)


# --- the machine-readable zone on the back ---------------------------------------------------------------------------
_ZONE = re.compile(
    r"IDVNM(?P<nine>[0-9]{9})(?P<check>[0-9])(?P<number>[0-9]{12})<<(?P<line_check>[0-9])"
    r"(?:(?P<birth>[0-9<]{6})(?P<birth_check>[0-9])(?P<sex>[MF<])(?P<expiry>[0-9]{6})(?P<expiry_check>[0-9])"
    r"VNM[A-Z0-9<]{11}(?P<composite>[0-9])(?P<name>[A-Z<]{30})?$)?"
)
_NO_EXPIRY = "991231"


def _machine_readable_zone(scan: str, today: date) -> Reading | None:
    """TD1, three lines of 30 (ICAO Doc 9303 part 5): no marks, no address, so the name is shown and never taken."""
    zone = "".join(scan.split()).upper()
    if not zone.startswith("IDVNM"):
        return None
    shift_lost = "<" not in zone
    zone = zone.replace(",", "<") if shift_lost else zone
    zone = zone[:90] if zone == zone[:90] * (len(zone) // 90) else zone
    found = _ZONE.match(zone)
    if not found or found["number"][3:] != found["nine"] or _check_digit(found["nine"]) != found["check"]:
        return Refused(MRZ_MISREAD)
    number = found["number"]
    is_whole = found["birth"] is not None and _checks(zone, found)
    if not is_whole and _check_digit(zone[15:29]) != found["line_check"]:
        return Refused(MRZ_MISREAD)  # the check of the nine digits does not cover the province
    if not is_whole:
        return NumberOnly(number, f"Dòng mã ở mặt sau thẻ đọc chưa đủ hoặc chưa đúng. {_KEPT}")
    known = IdentityNumber(number)
    born = _Birth.of(_with_century(found["birth"], known, today), today)
    sex = {"M": Sex.MALE, "F": Sex.FEMALE}.get(found["sex"])
    valid_until = None if found["expiry"] == _NO_EXPIRY else _day(_turned(found["expiry"], "20"))
    asks = (
        "Dòng mã ở mặt sau thẻ không có dấu và không có địa chỉ. Nhập họ tên, địa chỉ, ngày cấp theo thẻ.",
        born.doubt,
        sex is None and "Không đọc được giới tính. Chọn theo thẻ.",
        valid_until and valid_until < today and f"Thẻ đã hết giá trị từ ngày {valid_until:%d/%m/%Y}.",
        *doubts(known, sex=sex, birth_date=born.on or born.year_begins, today=today),
    )
    return Card(
        identity_number=number,
        name_as_read=names.clean((found["name"] or "").replace("<", " ")),
        birth_date=born.on,
        birth_text=born.text,
        sex=sex,
        valid_until=valid_until,
        generation="",
        repairs=(KEYS_LOST_SHIFT,) if shift_lost else (),
        doubts=tuple(ask for ask in asks if ask),
    )


def _checks(zone: str, found: re.Match[str]) -> bool:
    composite = zone[5:37] + zone[38:45] + zone[48:59]
    return (
        _check_digit(found["birth"]) == found["birth_check"]
        and _check_digit(found["expiry"]) == found["expiry_check"]
        and _check_digit(composite) == found["composite"]
    )


def _check_digit(text: str) -> str:
    """ICAO Doc 9303 part 3: weights 7 3 1, A is 10, `<` is 0, modulo 10."""
    values = (0 if sign == "<" else int(sign, 36) for sign in text)
    return str(sum(value * (7, 3, 1)[at % 3] for at, value in enumerate(values)) % 10)


def _turned(yymmdd: str, century: str) -> str:
    return (yymmdd[4:] + yymmdd[2:4] + century + yymmdd[:2]).replace("<", "0")


def _with_century(yymmdd: str, number: IdentityNumber, today: date) -> str:
    """Two digits of the year are completed from the number; where the two differ, to the latest year that has begun."""
    year = int(yymmdd[:2].replace("<", "0"))
    if number.birth_year % 100 == year:
        return _turned(yymmdd, str(number.birth_year // 100))
    return _turned(yymmdd, "20" if 2000 + year <= today.year else "19")
