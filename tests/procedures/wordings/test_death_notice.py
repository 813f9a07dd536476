"""A pasted electronic death notice: what is read, what is left alone."""

from __future__ import annotations

from datetime import date

import hypothesis.strategies as st
import pytest
from hypothesis import given

from procedures.wordings.death_notice import Notice, day_in, read

PASTED = """Bộ Y tế
Tên cơ sở y tế: Bệnh viện Đa khoa Mẫu
GIẤY BÁO TỬ
Số: 12/2026/GBT
1. Họ và tên: NGUYỄN VĂN THỌ MẪU
Họ, chữ đệm, tên: NGUYỄN VĂN THỌ MẪU
Ngày, tháng, năm sinh: 24/04/1945
Giới tính: Nam;
Số định danh cá nhân: 0010 4500 0000
Đã tử vong vào lúc: 12 giờ 05 phút, ngày 20 tháng 11 năm 2026
Nguyên nhân tử vong:  Suy  tim
Ngày cấp: 21/11/2026
"""


def test_the_lines_of_a_notice_are_read() -> None:
    assert read(PASTED) == Notice(
        facility="Bệnh viện Đa khoa Mẫu",
        full_name="NGUYỄN VĂN THỌ MẪU",
        birth_text="24/04/1945",
        sex="Nam",
        identity_number="001045000000",
        died_on=date(2026, 11, 20),
        hour=12,
        minute=5,
        cause="Suy tim",
        number="12/2026/GBT",
        issued_on=date(2026, 11, 21),
    )


def test_a_cause_the_facility_does_not_know_stays_empty() -> None:
    assert read("Nguyên nhân tử vong: Không rõ nguyên nhân").cause == ""


def test_decomposed_text_is_read_as_well() -> None:
    import unicodedata

    assert read(unicodedata.normalize("NFD", PASTED)) == read(PASTED)


@pytest.mark.parametrize("text", ["", "Không có gì", "GIẤY BÁO TỬ\n12/2026", ":::", "Một nhãn lạ: 5"])
def test_what_has_no_label_tells_nothing(text: str) -> None:
    assert read(text).is_empty


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("0 giờ 0 phút, ngày 01/02/2026", 0, 0),
        ("23h59 ngày 1-2-2026", 23, 59),
        ("07:45, 1.2.2026", 7, 45),
        ("8 giờ ngày 1/2/2026", 8, None),
        ("ngày 1/2/2026", None, None),
        ("25 giờ 10 phút, ngày 1/2/2026", None, None),
    ],
)
def test_the_time_is_read_as_people_write_it(text: str, hour: int | None, minute: int | None) -> None:
    found = read(f"Tử vong lúc: {text}")

    assert (found.died_on, found.hour, found.minute) == (date(2026, 2, 1), hour, minute)


def test_no_day_is_made_of_what_is_none() -> None:
    assert day_in("31/02/2026") is None
    assert day_in("tháng 2 năm 2026") is None


@given(st.text(max_size=300))
def test_nothing_that_is_pasted_breaks_the_reading(text: str) -> None:
    assert isinstance(read(text), Notice)


@given(st.text(max_size=60))
def test_no_value_breaks_the_reading(value: str) -> None:
    assert isinstance(read(f"Tử vong lúc: {value}\nSố định danh: {value}\nNgày cấp: {value}"), Notice)
