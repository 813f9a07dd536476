"""The code that is checked without a network: what it says, that nothing in it can be changed, how long it gets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import base45
import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from procedures.checking.offline_code import (
    LONGEST,
    LONGEST_TEXT,
    PREFIX,
    NotACode,
    Said,
    digits_mark,
    holds,
    key_id_of,
    read,
    written,
)

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
SAID = Said(
    kind="Giấy xác nhận tình trạng hôn nhân",
    number="01/UBND-XNTTHN",
    issued_on=date(2026, 11, 23),
    commune_code="09895",
    office="Xã Quốc Oai",
    masked_name="T*** T** T**",
    mark=7,
    token="7ZK3M9QX0T4B8C2V6H1N5PWRDY",
)


def test_what_was_written_is_read_and_holds_under_its_key_alone() -> None:
    code = read(written(SAID, KEY))

    assert code.said == SAID
    assert code.key_id == key_id_of(PUBLIC)
    assert holds(code, PUBLIC)
    assert not holds(code, Ed25519PrivateKey.from_private_bytes(b"o" * 32).public_key().public_bytes_raw())


def test_a_usual_code_is_197_bytes_and_the_longest_stays_within_256() -> None:
    long = replace(SAID, kind="Ấ" * 150, number="12345/2026/UBND-XNTTHN", office="Ữ" * 100, masked_name="Ẫ" * 100)

    usual, longest = (base45.b45decode(written(said, KEY).removeprefix(PREFIX)) for said in (SAID, long))

    assert len(usual) == 197
    assert len(longest) <= LONGEST
    assert len(written(long, KEY)) <= LONGEST_TEXT
    shown = read(written(long, KEY)).said
    assert shown.number == long.number
    assert all(text.endswith("…") for text in (shown.kind, shown.office, shown.masked_name))


def test_the_same_words_give_the_same_code_so_that_a_paper_prints_alike_twice() -> None:
    assert written(SAID, KEY) == written(SAID, KEY)


def test_it_is_a_cose_sign1_that_any_library_can_check() -> None:
    tag = cbor2.loads(base45.b45decode(written(SAID, KEY).removeprefix(PREFIX)))
    protected, unprotected, payload, signature = tag.value

    assert tag.tag == 18
    assert cbor2.loads(protected) == {1: -8, 4: bytes.fromhex(key_id_of(PUBLIC))}
    assert unprotected == {}
    KEY.public_key().verify(signature, cbor2.dumps(["Signature1", protected, b"", payload]))
    assert cbor2.loads(payload)[:4] == ["Giấy xác nhận tình trạng hôn nhân", "01/UBND-XNTTHN", 20261123, 9895]


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_whatever_byte_is_changed_the_code_holds_no_more(place: int, change: int) -> None:
    raw = bytearray(base45.b45decode(written(SAID, KEY).removeprefix(PREFIX)))
    raw[place % len(raw)] ^= change

    try:
        code = read(PREFIX + base45.b45encode(bytes(raw)).decode())
    except NotACode:
        return

    # outside the signed words stands nothing that is shown; a changed frame may read, never say something else
    assert not holds(code, PUBLIC) or code.said == SAID


@given(st.text(max_size=600))
def test_whatever_is_pasted_is_a_code_or_politely_none(text: str) -> None:
    for pasted in (text, PREFIX + text):
        with pytest.raises(NotACode):
            read(pasted)


@given(st.binary(max_size=300))
def test_no_bytes_of_a_stranger_break_the_reader(raw: bytes) -> None:
    with pytest.raises(NotACode):
        read(PREFIX + base45.b45encode(raw).decode())


def test_line_breaks_small_letters_and_a_lost_last_space_do_no_harm() -> None:
    for number in range(200):  # until one of them ends in a space, a letter of base45
        text = written(replace(SAID, number=f"{number}/X"), KEY)
        broken = "\r\n".join(text[start : start + 40] for start in range(0, len(text), 40))

        assert holds(read("  " + broken.lower() + "\n"), PUBLIC)
        assert holds(read(text.rstrip()), PUBLIC)


def test_what_hangs_behind_the_code_makes_it_none() -> None:
    raw = base45.b45decode(written(SAID, KEY).removeprefix(PREFIX)) + b"\x00"

    with pytest.raises(NotACode):
        read(PREFIX + base45.b45encode(raw).decode())


def test_the_mark_turns_most_strangers_away_and_names_no_digits() -> None:
    """Of 10,000 endings some forty carry the same mark: it compares, and gives the digits away to nobody."""
    mark = digits_mark(SAID.token, "7432")
    alike = [f"{ending:04}" for ending in range(10_000) if digits_mark(SAID.token, f"{ending:04}") == mark]

    assert "7432" in alike
    assert 15 < len(alike) < 80
    assert digits_mark("0" * 26, "7432") != digits_mark("1" * 26, "7432")
