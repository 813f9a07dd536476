"""Undoes what scanners and keyboards do to the text of a card, exactly or not at all. No database.

A repair may only reverse a known encoding; it never guesses a letter. UTF-8 helps: a swallowed byte always leaves an
impossible sequence, so a repair that succeeds is the true text (one-stop.md E.3, samples B1 to B9).
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

WRONG_CODE_PAGE = "Máy quét gửi chữ sai bảng mã: đã khôi phục đúng chữ có dấu. Nên đặt máy quét gửi Unicode (UTF-8)."
ALT_CODES = "Máy quét gửi chữ có dấu bằng mã số Alt: đã đổi lại thành chữ. Nên đặt máy quét gửi Unicode (UTF-8)."
DECOMPOSED = "Dấu được gửi tách rời khỏi chữ: đã ghép lại."
ENTITIES = "Chữ có dấu được gửi dạng mã HTML: đã đổi lại thành chữ."
PERCENT = "Chữ có dấu được gửi dạng mã phần trăm của trang web: đã đổi lại thành chữ."
BARS = "Dấu ngăn “|” bị gõ thành ký tự khác: đã nhận ra các ô. Kiểm tra kiểu bàn phím và phím Shift của máy quét."
TWICE = "Thẻ được quét nhiều lần liền nhau: chỉ lấy một lần."

_LOOK_ALIKE_BARS = str.maketrans(dict.fromkeys("\uff5c\u00a6\uffe4\u2502\u2223\u01c0\u2758\u2016\uffe8", "|"))
_KEYS_INSTEAD_OF_BAR = "\\~¬"  # Shift lost, or the layout of another country
_ENTITY = re.compile(r"&(?:#[0-9]{2,7}|#[xX][0-9a-fA-F]{2,6}|[A-Za-z]{2,8});")
_PERCENT_BYTES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
# Only bytes that Vietnamese letters have in UTF-8: C3 C4 C6 E1-BA E1-BB, and CC for marks sent apart.
_ALT = re.compile(r"(?:(?:0195|0196|0198|0204|02250186|02250187)0(?:12[89]|1[3-8][0-9]|19[01]))+")
_CODE_PAGES = ("cp1252", "cp1258")


@dataclass(frozen=True)
class Repaired:
    """A text and the sentences that tell the officer what was done to it."""

    text: str
    notes: tuple[str, ...] = ()


def envelope(text: str) -> Repaired:
    """The whole scan: entities, percent codes, then bars. What does not decode stays as it is, for others to judge."""
    notes = []
    decoded = _ENTITY.sub(_entity, text)
    if decoded != text:
        notes.append(ENTITIES)
    plain = decoded
    decoded = _PERCENT_BYTES.sub(_percent, plain)
    if decoded != plain:
        notes.append(PERCENT)
        decoded = decoded if " " in decoded else decoded.replace("+", " ")
    barred = decoded.translate(_LOOK_ALIKE_BARS)
    key = barred[12:13]
    if key and key in _KEYS_INSTEAD_OF_BAR and "|" not in barred:
        barred = barred.replace(key, "|")
    if barred != decoded:
        notes.append(BARS)
    return Repaired(barred, tuple(notes))


def _entity(found: re.Match[str]) -> str:
    sign = html.unescape(found[0])
    return sign if len(sign) == 1 and (sign.isalpha() or unicodedata.combining(sign) or sign in " |'") else found[0]


def _percent(found: re.Match[str]) -> str:
    try:
        return unquote_to_bytes(found[0]).decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


def once(text: str) -> Repaired:
    """One card where the same card was scanned again, whole or in part, with or without a key between."""
    number = text[:12]
    scans = [number + rest.rstrip(" \t\r\n") for rest in text.split(number)[1:]]
    whole = max(scans, key=len)
    if len(scans) < 2 or not all(whole.startswith(scan) for scan in scans):
        return Repaired(text)
    return Repaired(whole, (TWICE,))


def field(text: str) -> Repaired:
    """One field of the card: Alt codes, a wrong code page, marks sent apart; then trimmed."""
    notes = []
    repaired = _ALT.sub(_alt, text)
    if repaired != text:
        notes.append(ALT_CODES)
    else:
        repaired = _right_code_page(text)
        if repaired != text:
            notes.append(WRONG_CODE_PAGE)
    composed = unicodedata.normalize("NFC", repaired)
    if composed != repaired:
        notes.append(DECOMPOSED)
    return Repaired(" ".join(composed.split()), tuple(notes))


def _alt(found: re.Match[str]) -> str:
    digits = found[0]  # the pattern lets only whole sequences of UTF-8 through
    return bytes(int(digits[at : at + 4]) for at in range(0, len(digits), 4)).decode("utf-8")


def _right_code_page(text: str) -> str:
    if text.isascii():
        return text
    for code_page in _CODE_PAGES:
        try:
            return b"".join(_byte(sign, code_page) for sign in text).decode("utf-8")
        except UnicodeError:
            continue
    return text


def _byte(sign: str, code_page: str) -> bytes:
    """The byte that `sign` was; one without a sign in the code page is shown as the control character of its number."""
    return sign.encode("latin-1") if "\x80" <= sign <= "\x9f" else sign.encode(code_page)
