"""The twelve digits. Every number is made up: the six serial digits begin at 000000."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizens.identity_number import IdentityNumber, NotAnIdentityNumber, doubts, is_old_number, mask, old_number, parse
from citizens.person import Sex

TODAY = date(2026, 11, 23)


def test_the_twelve_digits_tell_province_sex_year_and_serial():
    number = IdentityNumber("001085000000")

    assert (number.province_code, number.province_name) == ("001", "Hà Nội")
    assert (number.sex, number.birth_year, number.serial) == ("male", 1985, "000000")
    assert str(number) == "001085000000"


@pytest.mark.parametrize(
    ("digits", "sex", "year"),
    [
        ("001000000000", Sex.MALE, 1900),
        ("001199000000", Sex.FEMALE, 1999),
        ("001203000000", Sex.MALE, 2003),
        ("001304000000", Sex.FEMALE, 2004),
        ("001400000000", Sex.MALE, 2100),
        ("001599000000", Sex.FEMALE, 2199),
        ("001600000000", Sex.MALE, 2200),
        ("001700000000", Sex.FEMALE, 2200),
        ("001800000000", Sex.MALE, 2300),
        ("001999000000", Sex.FEMALE, 2399),
    ],
)
def test_the_fourth_digit_counts_sexes_and_centuries(digits, sex, year):
    number = IdentityNumber(digits)

    assert (number.sex, number.birth_year) == (sex, year)


@pytest.mark.parametrize(
    ("code", "name"), [("017", "Hòa Bình"), ("079", "Hồ Chí Minh"), ("096", "Cà Mau"), ("999", None)]
)
def test_the_first_three_digits_are_a_province_of_before_july_2025_or_unknown(code, name):
    assert IdentityNumber(f"{code}085000000").province_name == name


@pytest.mark.parametrize(
    "typed",
    [
        "001085000000",
        " 001 085 000 000 ",
        "001.085.000.000",
        "001-085-000000",
        "001\u2013085\u2013000000",
        "001\u00a0085\u00a0000000",
        "\uff10\uff10\uff11\uff10\uff18\uff15\uff10\uff10\uff10\uff10\uff10\uff10",
    ],
)
def test_a_number_is_taken_with_spaces_dots_dashes_and_full_width_digits(typed):
    assert parse(typed) == IdentityNumber("001085000000")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Nhập đủ 12 chữ số trên thẻ."),
        (" - ", "Nhập đủ 12 chữ số trên thẻ."),
        ("00108500000", "Vừa nhập 11 chữ số. Nhập đủ 12 chữ số trên thẻ."),
        ("0010850000000", "Vừa nhập 13 chữ số. Nhập đủ 12 chữ số trên thẻ."),
        ("000 123 456", "Đây là số CMND cũ có 9 chữ số. Nhập đủ 12 chữ số trên thẻ căn cước."),
        ("00l085000000", "Số định danh chỉ gồm chữ số. Nhập đủ 12 chữ số trên thẻ."),
        ("٠٠١٠٨٥٠٠٠٠٠٠", "Số định danh chỉ gồm chữ số. Nhập đủ 12 chữ số trên thẻ."),
        ("00108500000²", "Số định danh chỉ gồm chữ số. Nhập đủ 12 chữ số trên thẻ."),
    ],
)
def test_what_is_no_number_is_told_what_to_do(typed, sentence):
    with pytest.raises(NotAnIdentityNumber) as refusal:
        parse(typed)

    assert str(refusal.value) == sentence


@pytest.mark.parametrize("value", ["", "00108500000", "001 085 000 000", "001085000000\n", "x01085000000"])
def test_the_value_itself_is_exact(value):
    with pytest.raises(NotAnIdentityNumber):
        IdentityNumber(value)


def test_an_old_number_has_nine_digits():
    assert [is_old_number(text) for text in ("000123456", "000 123 456", "00012345", "001085000000", "abc", "")] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]
    assert old_number("000 123.456") == "000123456"


@pytest.mark.parametrize(
    ("text", "masked"),
    [("001085000001", "0010******01"), ("000123456", "*******56"), ("1234", "****"), ("", ""), ("7", "*")],
)
def test_a_masked_number_shows_six_digits_at_most(text, masked):
    assert mask(text) == masked


def test_the_number_masks_itself():
    assert IdentityNumber("001085000001").masked == "0010******01"


@pytest.mark.parametrize(
    ("number", "facts", "expected"),
    [
        ("001085000000", {"sex": Sex.MALE, "birth_date": date(1985, 3, 5), "today": TODAY}, ()),
        ("001085000000", {}, ()),
        ("001085000000", {"sex": None, "birth_date": None}, ()),
        (
            "999085000000",
            {},
            (
                "Ba chữ số đầu 999 không có trong bảng mã tỉnh, thành phố: "
                "có thể đăng ký khai sinh ở nước ngoài hoặc là mã mới. So lại với thẻ.",
            ),
        ),
        (
            "001085000000",
            {"sex": "female"},
            ("Chữ số thứ tư của số định danh là của nam, giới tính lại ghi nữ. So lại với thẻ.",),
        ),
        (
            "001085000000",
            {"birth_date": date(1958, 3, 5)},
            ("Số định danh cho biết sinh năm 1985, ngày sinh lại ghi năm 1958. So lại với thẻ.",),
        ),
        (
            "001599000000",
            {"today": TODAY},
            ("Số định danh cho biết sinh năm 2199, sau năm nay. So lại với thẻ.",),
        ),
        (
            "001226000000",
            {"birth_date": date(2026, 11, 24), "today": TODAY},
            ("Ngày sinh 24/11/2026 ở sau ngày hôm nay. So lại với thẻ.",),
        ),
        ("001226000000", {"birth_date": TODAY, "today": TODAY}, ()),
        ("123", {}, ("Số định danh không đủ 12 chữ số. So lại với thẻ.",)),
    ],
)
def test_what_does_not_fit_is_a_sentence_and_no_wall(number, facts, expected):
    assert doubts(number, **facts) == expected


def test_all_doubts_are_told_together_and_the_number_may_come_parsed():
    told = doubts(parse("999 185 000000"), sex=Sex.MALE, birth_date=date(1900, 1, 1), today=TODAY)

    assert [sentence.split(" ")[0] for sentence in told] == ["Ba", "Chữ", "Số"]


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_a_sentence(text):
    try:
        told = parse(text).value
    except NotAnIdentityNumber as refusal:
        told = str(refusal)

    assert told.endswith(("trên thẻ.", "thẻ căn cước.")) or re.fullmatch(r"[0-9]{12}", told)


@given(st.from_regex(r"[0-9]{12}", fullmatch=True))
def test_every_twelve_digits_can_be_asked_everything(digits):
    number = IdentityNumber(digits)

    assert number.masked[4:10] == "******"
    assert 1900 <= number.birth_year <= 2399
    assert doubts(number, sex=number.sex, birth_date=date(number.birth_year, 1, 1)) == doubts(number)
