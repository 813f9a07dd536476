"""Numbers in words: each number its own words, the words of the schoolbook, and moments as the register owes them."""

from __future__ import annotations

from datetime import date

import hypothesis.strategies as st
import pytest
from hypothesis import given

from procedures.wordings.numbers import DIGITS, Style, day_in_words, in_words, moment_in_words

VALUES = {word: value for value, word in enumerate(DIGITS)} | {"mốt": 1, "tư": 4, "lăm": 5}


def read(words: str) -> int:
    """The number of the words again, by another way: word for word from the left."""
    total, digit = 0, 0
    for word in words.split():
        match word:
            case "nghìn" | "ngàn":
                total, digit = (total + digit) * 1000, 0
            case "trăm":
                total, digit = total + digit * 100, 0
            case "mươi":
                total, digit = total + digit * 10, 0
            case "mười":
                total, digit = total + 10, 0
            case "linh" | "lẻ":
                pass
            case _:
                digit = VALUES[word]
    return total + digit


@given(st.integers(0, 9999))
def test_the_words_tell_the_number(number: int) -> None:
    assert read(in_words(number)) == number


@given(st.integers(0, 9999), st.sampled_from(["linh", "lẻ"]), st.sampled_from(["nghìn", "ngàn"]))
def test_another_style_tells_the_same_number(number: int, zero: str, thousand: str) -> None:
    style = Style(zero_tens=zero, thousand=thousand, four="bốn")

    words = in_words(number, style)

    assert read(words) == number
    assert "tư" not in words.split()


def test_no_two_numbers_share_their_words() -> None:
    assert len({in_words(number) for number in range(10_000)}) == 10_000


@given(st.integers(21, 99).filter(lambda number: number % 10))
def test_one_four_and_five_change_behind_the_tens_only(number: int) -> None:
    changed = {1: "mốt", 4: "tư", 5: "lăm"}.get(number % 10, DIGITS[number % 10])

    assert in_words(number).endswith(f"mươi {changed}")
    assert in_words(100 + number % 10) == f"một trăm linh {DIGITS[number % 10]}"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (4, "bốn"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (55, "năm mươi lăm"),
        (100, "một trăm"),
        (105, "một trăm linh năm"),
        (115, "một trăm mười lăm"),
        (1000, "một nghìn"),
        (1005, "một nghìn không trăm linh năm"),
        (1015, "một nghìn không trăm mười lăm"),
        (1900, "một nghìn chín trăm"),
        (1954, "một nghìn chín trăm năm mươi tư"),
        (1975, "một nghìn chín trăm bảy mươi lăm"),
        (2001, "hai nghìn không trăm linh một"),
        (2021, "hai nghìn không trăm hai mươi mốt"),
        (2026, "hai nghìn không trăm hai mươi sáu"),
    ],
)
def test_the_words_are_those_of_the_schoolbook(number: int, words: str) -> None:
    assert in_words(number) == words


@pytest.mark.parametrize("number", [-1, 10_000])
def test_what_no_year_reaches_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        in_words(number)


def test_the_moment_of_the_domain_file() -> None:
    assert moment_in_words(date(2026, 11, 20), 12, 5) == (
        "mười hai giờ năm phút, ngày hai mươi tháng mười một năm hai nghìn không trăm hai mươi sáu"
    )


def test_what_is_not_known_of_the_time_is_left_out() -> None:
    day = date(1987, 4, 24)
    words = "ngày hai mươi tư tháng tư năm một nghìn chín trăm tám mươi bảy"

    assert moment_in_words(day) == words
    assert moment_in_words(day, None, 30) == words
    assert moment_in_words(day, 0) == f"không giờ, {words}"
    assert moment_in_words(day, 0, 0) == f"không giờ không phút, {words}"


def test_a_commune_may_write_the_first_ten_days_with_mung() -> None:
    style = Style(first_days="mùng", four="bốn")

    assert day_in_words(date(2026, 4, 4), style).startswith("ngày mùng bốn tháng bốn năm")
    assert day_in_words(date(2026, 1, 10), style).startswith("ngày mùng mười tháng một")
    assert day_in_words(date(2026, 1, 11), style).startswith("ngày mười một")
