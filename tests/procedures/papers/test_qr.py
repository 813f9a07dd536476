"""The QR of a slip and of a result: read back, whole, quiet around, and safe to put into a page."""

from __future__ import annotations

import re

import zxingcpp
from PIL import Image

from procedures.papers import qr

LINK = "HTTPS://MOTCUA.EXAMPLE.VN/H/09895/7ZK3M9QX0T4B8C2V6H1N5PWRDY"


def modules(svg: str) -> list[list[bool]]:
    """The strokes of the path as rows of dark and light modules."""
    found = re.search(r'viewBox="0 0 (\d+) \1"', svg)
    assert found is not None
    size = int(found.group(1))
    rows = [[False] * size for _ in range(size)]
    for start, row, length in re.findall(r"M(\d+) (\d+)h(\d+)", svg):
        for column in range(int(start), int(start) + int(length)):
            rows[int(row)][column] = True
    return rows


def picture(rows: list[list[bool]]) -> Image.Image:
    image = Image.new("L", (len(rows), len(rows)))
    image.putdata([0 if dark else 255 for row in rows for dark in row])
    return image.resize((len(rows) * 4, len(rows) * 4), Image.Resampling.NEAREST)


def test_the_strokes_read_back_as_the_link_at_level_q() -> None:
    read = zxingcpp.read_barcode(picture(modules(qr.svg(LINK, "Mã tra cứu hồ sơ"))))

    assert read is not None
    assert (read.text, read.ec_level) == (LINK, "Q")


def test_four_modules_around_the_code_stay_white() -> None:
    rows = modules(qr.svg(LINK, "Mã tra cứu hồ sơ"))

    dark = [(row, column) for row, line in enumerate(rows) for column, module in enumerate(line) if module]

    last = len(rows) - 1
    assert min(min(pair) for pair in dark) == qr.QUIET == 4
    assert max(max(pair) for pair in dark) == last - 4


def test_a_link_in_capitals_keeps_to_the_dense_mode() -> None:
    capitals, small = (len(modules(qr.svg(link, ""))) for link in (LINK, LINK.lower()))

    assert (capitals, small) == (41, 45)


def test_at_most_a_quarter_of_the_width_is_white_border() -> None:
    """33 mm must carry 25 mm of code and 27 mm 20 (U-23); the shortest link we can make is far longer than this one."""
    shortest = len(modules(qr.svg("HTTP://A.VN/H/1/7ZK3M9", "")))

    assert 33 * (shortest - 8) / shortest >= 25
    assert 27 * (shortest - 8) / shortest >= 20


def test_the_title_is_read_out_and_cannot_leave_its_place() -> None:
    svg = qr.svg(LINK, "</title><script>")

    assert "<title>&lt;/title&gt;&lt;script&gt;</title>" in svg
    assert "<script>" not in svg


def test_the_same_link_gives_the_same_drawing() -> None:
    assert qr.svg(LINK, "Mã") == qr.svg(LINK, "Mã")
