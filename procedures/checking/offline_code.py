"""The code on a result that is checked without a network: what the paper says in short, signed with Ed25519.

`MC1:` + base45 of a COSE_Sign1 (RFC 9052) whose payload is a CBOR list in the order of Said's fields; at most LONGEST
bytes, so that a QR code at level M stays legible at 25 mm (feasibility-pdf-pg.md 6). No database, no settings.

What it says of the person is decided by who might read it. Whoever holds the paper reads everything on it anyway; a
photograph of the code alone goes further. So the name is masked as on the check page, and no day of birth stands in it.
A hash of the last four digits, salted or not, would be those digits: ten thousand tries open it, and with a known year
of birth they are most of the number. Instead one byte is kept of that hash: it turns away 255 strangers of 256 and
leaves some forty possible endings, whatever is tried. Source: decisions.md 8, one-stop.md I.1, quality.md S-31.
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

import base45
import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PREFIX = "MC1:"
LONGEST = 256  # bytes before base45
LONGEST_TEXT = len(PREFIX) + LONGEST * 3 // 2
WORDS_AT_MOST = 128  # bytes of the four texts together, so that the whole stays within LONGEST
EDDSA, ALG, KID, SIGN1 = -8, 1, 4, 18  # RFC 9052 and 9053


class NotACode(Exception):
    """The text is no offline code, or is damaged: nothing may be concluded of the paper."""


@dataclass(frozen=True)
class Said:
    """What a code says. `issued_on` travels as a number, `token` as 17 bytes; `mark` is digits_mark of the holder."""

    kind: str
    number: str
    issued_on: date
    commune_code: str
    office: str
    masked_name: str
    mark: int
    token: str


@dataclass(frozen=True)
class Code:
    """A code that was read and not yet judged: `key_id` names the key that should open it."""

    key_id: str
    said: Said
    signed: bytes
    signature: bytes


def key_id_of(public: bytes) -> str:
    """Eight hexadecimal digits that name a public key of 32 bytes."""
    return hashlib.sha256(public).hexdigest()[:8]


def digits_mark(token: str, last_four: str) -> int:
    """One byte that goes with these digits on this paper; each byte goes with some forty endings."""
    return hashlib.sha256(f"{token}/{last_four}".encode()).digest()[0]


def written(said: Said, key: Ed25519PrivateKey) -> str:
    """The code as text. The same key and the same words give the same code, so that a paper prints alike twice."""
    public = key.public_key().public_bytes_raw()
    protected = cbor2.dumps({ALG: EDDSA, KID: bytes.fromhex(key_id_of(public))})
    payload = cbor2.dumps(_packed(said))
    signature = key.sign(_to_sign(protected, payload))
    code = cbor2.dumps(cbor2.CBORTag(SIGN1, [protected, {}, payload, signature]))
    assert len(code) <= LONGEST, f"{len(code)} bytes"
    return f"{PREFIX}{base45.b45encode(code).decode()}"


def read(text: str) -> Code:
    """The code in a scanned or pasted text, whatever spaces or line breaks it caught. Raises NotACode."""
    if len(text) > LONGEST_TEXT * 2:
        raise NotACode
    clean = "".join(letter for letter in text.upper() if letter not in "\r\n\t").lstrip()
    if not clean.startswith(PREFIX):
        raise NotACode
    clean = clean.removeprefix(PREFIX)
    if len(clean) % 3 == 1:  # a space is a letter of base45, and one at the end is easily lost, or caught
        clean = clean[:-1] if clean.endswith(" ") else clean + " "
    try:
        raw = base45.b45decode(clean)
        if len(raw) > LONGEST:
            raise NotACode
        tag = _one(raw)
        if not isinstance(tag, cbor2.CBORTag) or tag.tag != SIGN1:
            raise NotACode
        protected, _, payload, signature = tag.value
        head = _one(protected)
        if head.get(ALG) != EDDSA:
            raise NotACode
        said = _unpacked(_one(payload))
        return Code(bytes(head[KID]).hex(), said, _to_sign(protected, payload), bytes(signature))
    except NotACode:
        raise
    except Exception as error:  # anything that a stranger can write into a code ends here
        raise NotACode from error


def holds(code: Code, public: bytes) -> bool:
    """Whether the key behind `public` (32 bytes) signed every word of it."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(code.signature, code.signed)
    except (InvalidSignature, ValueError):
        return False
    return key_id_of(public) == code.key_id


def _to_sign(protected: bytes, payload: bytes) -> bytes:
    return cbor2.dumps(["Signature1", protected, b"", payload])


def _one(raw: bytes) -> Any:
    """Exactly one item; what hangs behind it was not signed."""
    stream = io.BytesIO(raw)
    found = cbor2.CBORDecoder(stream).decode()
    if stream.tell() != len(raw):
        raise NotACode
    return found


def _packed(said: Said) -> list[object]:
    kind, number, issued_on, commune_code, office, masked_name, mark, token = astuple(said)
    day = issued_on.year * 10_000 + issued_on.month * 100 + issued_on.day
    kind, office, masked_name = _fitting([kind, office, masked_name], WORDS_AT_MOST - len(number.encode()))
    return [kind, number, day, int(commune_code), office, masked_name, mark, _token_bytes(token)]


def _unpacked(fields: Any) -> Said:
    kind, number, day, commune_code, office, masked_name, mark, token = fields
    texts = (kind, number, office, masked_name)
    if not all(isinstance(text, str) for text in texts) or not isinstance(mark, int):
        raise NotACode
    issued_on = date(day // 10_000, day // 100 % 100, day % 100)
    return Said(kind, number, issued_on, f"{commune_code:05}", office, masked_name, mark, _token_text(token))


def _fitting(texts: list[str], bytes_at_most: int) -> list[str]:
    """The texts, the longest shortened letter by letter until all of them fit; what was shortened ends in `…`."""
    whole = [unicodedata.normalize("NFC", text) for text in texts]
    short = list(whole)

    def shown(index: int) -> str:
        return whole[index] if short[index] == whole[index] else short[index].rstrip() + "…"

    while sum(len(shown(index).encode()) for index in range(len(whole))) > bytes_at_most:
        longest = max(range(len(whole)), key=lambda index: len(shown(index).encode()))
        if not short[longest]:
            break
        short[longest] = short[longest][:-1]
    return [shown(index) for index in range(len(whole))]


_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's, as in public_link


def _token_bytes(token: str) -> bytes:
    value = 0
    for letter in token:
        value = value * 32 + _ALPHABET.index(letter)
    return value.to_bytes(17, "big")


def _token_text(raw: bytes) -> str:
    value, letters = int.from_bytes(raw, "big"), []
    for _ in range(26):
        value, digit = divmod(value, 32)
        letters.append(_ALPHABET[digit])
    if value or len(raw) != 17:
        raise NotACode
    return "".join(reversed(letters))
