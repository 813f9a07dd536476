"""A spreadsheet holds text and nothing that could run, whatever a name holds (S-27)."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from oneshop.workbook import Leaf, workbook

NASTY = [
    "=1+1",
    '=HYPERLINK("http://evil.example")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "https://evil.example",
    "0123",
]


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


@pytest.mark.parametrize("text", NASTY)
def test_every_cell_is_text(text: str) -> None:
    sheet = parts(workbook([Leaf("Sổ", ["Tên"], [[text]])]))["xl/worksheets/sheet1.xml"]

    kinds = re.findall(r'<c r="[A-Z]+\d+"[^>]*?(?: t="(\w+)")?>', sheet)
    assert kinds == ["s", "s"]
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet


def test_heading_columns_and_rows_stand_below_each_other_in_vietnamese() -> None:
    files = parts(
        workbook([Leaf("Sổ: 11/2026?", ["Họ và tên", "Số"], [["Nguyễn Thị Thử", 7], [None, ""]], ["SỔ THEO DÕI"])])
    )

    words = re.findall(r"<t[^>]*>([^<]*)</t>", files["xl/sharedStrings.xml"])
    assert words == ["SỔ THEO DÕI", "Họ và tên", "Số", "Nguyễn Thị Thử", "7", ""]
    assert 'name="Sổ 112026"' in files["xl/workbook.xml"]
