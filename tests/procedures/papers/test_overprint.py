"""The values over a blank: each at its place, none lost, none running into the next."""

from __future__ import annotations

import io
import re
from contextlib import closing
from datetime import datetime, timedelta

import pypdfium2
import pytest

from citizens.models import Citizen
from oneshop.models import Officer
from procedures import stock
from procedures.blanks import ALL, KINDS, BlankKind, Place
from procedures.catalogue import Procedure
from procedures.models import Result
from procedures.papers import overprint, printing
from procedures.papers.overprint import facts_of, sample, values_of
from tests.procedures import on_blanks as stub
from tests.procedures.on_blanks import KIND, on_blanks

__all__ = ["on_blanks"]

LONGEST = {
    "wife_name": "CÔNG TẰNG TÔN NỮ NGUYỄN THỊ PHƯƠNG THẢO",
    "wife_residence": "Số 12, ngách 34/56, ngõ 789 đường Phủ Quốc, Tổ dân phố Đình Tổ, xã Quốc Oai, thành phố Hà Nội",
    "wife_document": "Căn cước công dân số 001192000000, Cục Cảnh sát QLHC về TTXH cấp ngày 11/03/2021",
    "registered_at": "Ủy ban nhân dân xã Quốc Oai, thành phố Hà Nội",
}


@pytest.fixture(params=list(KINDS.values()), ids=list(KINDS))
def kind(request: pytest.FixtureRequest) -> BlankKind:
    found: BlankKind = request.param
    return found


@pytest.fixture
def result(on_blanks: Procedure, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime) -> Result:
    found: Result = stub.signed(khach, received_by=mai, handled_by=hung, by=lan, at=at).results.get()
    return found


def words_at(pdf: bytes) -> dict[str, tuple[float, float]]:
    """Each line of the page: millimetres from the left edge to its first letter, from the top to its foot."""
    found = {}
    with closing(pypdfium2.PdfDocument(io.BytesIO(pdf))) as document:
        page = document[0]
        text = page.get_textpage()
        for number in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(number)
            words = text.get_text_bounded(left, bottom, right, top).strip()
            found[words] = (left * 25.4 / 72, (page.get_height() - bottom) * 25.4 / 72)
    return found


def test_places_of_a_kind_lie_on_the_sheet_and_have_names_of_their_own(kind: BlankKind) -> None:
    assert len({place.name for place in kind.fields}) == len(kind.fields)
    for place in kind.fields:
        assert re.fullmatch(r"[a-z_]+", place.name)
        assert 0 < place.x < place.x + place.width <= kind.width, place.name
        assert 0 < place.y <= place.y + (place.lines - 1) * place.pitch < kind.height, place.name


def test_no_place_reaches_into_another(kind: BlankKind) -> None:
    def box(place: Place) -> tuple[float, float, float, float]:
        letter = place.size * 25.4 / 72
        last = place.y + (place.lines - 1) * place.pitch
        return place.x, place.y - letter * 0.7, place.x + place.width, last + letter * 0.22

    boxes = {place.name: box(place) for place in kind.fields}
    overlapping = [
        (one, other)
        for one, (left, top, right, bottom) in boxes.items()
        for other, (x1, y1, x2, y2) in boxes.items()
        if one < other and left < x2 and x1 < right and top < y2 and y1 < bottom
    ]

    assert overlapping == []


def test_the_sheet_has_the_size_of_the_blank_and_one_page(kind: BlankKind) -> None:
    with closing(pypdfium2.PdfDocument(io.BytesIO(sample(kind, {}).pdf))) as document:
        sizes = [page.get_size() for page in document]

    assert [[round(points * 25.4 / 72) for points in size] for size in sizes] == [[kind.width, kind.height]]


def test_the_test_sheet_names_every_place(kind: BlankKind) -> None:
    html = sample(kind, {}).html

    assert all(f"<p>{place.label}</p>" in html for place in kind.fields)


def test_a_value_stands_on_the_line_of_its_place_and_moves_as_the_layout_says() -> None:
    kind = KINDS[KIND]
    place = kind.place("registered_on")
    assert place is not None

    shifts = {ALL: [2.0, -1.0], "registered_on": [0.5, 3.0]}
    before = words_at(printing.paper(f"overprint/{KIND}.html", facts_of(kind, {"registered_on": "HH"}, {})).pdf)["HH"]
    after = words_at(printing.paper(f"overprint/{KIND}.html", facts_of(kind, {"registered_on": "HH"}, shifts)).pdf)[
        "HH"
    ]

    assert before == pytest.approx((place.x, place.y), abs=0.4)
    assert (after[0] - before[0], after[1] - before[1]) == pytest.approx((2.5, 2.0), abs=0.05)


def test_long_values_get_smaller_then_break_and_never_leave_their_place() -> None:
    kind = KINDS[KIND]

    boxes = {box.name: box for box in facts_of(kind, LONGEST, {})["boxes"]}

    assert [" ".join(box.lines) for box in boxes.values()] == list(LONGEST.values())
    for name, box in boxes.items():
        place = kind.place(name)
        assert place is not None
        assert len(box.lines) <= place.lines
        widths = [printing.width_of(line, float(box.size), bold=box.bold) for line in box.lines]
        assert max(widths) <= place.width
    assert len(boxes["wife_residence"].lines) == 2


def test_what_finds_no_room_is_named_and_nothing_is_printed() -> None:
    with pytest.raises(overprint.NotPlaced) as homeless:
        facts_of(KINDS["disability_card"], {"full_name": "Nguyễn " * 30, "moon": "tròn", "sex": "Nữ"}, {})

    assert homeless.value.names == ["moon", "Họ và tên"]


def test_an_empty_value_needs_no_place() -> None:
    assert facts_of(KINDS[KIND], {"moon": "", "wife_name": "  "}, {})["boxes"] == []


def test_our_width_is_the_width_of_the_press() -> None:
    words = "Ủy ban nhân dân xã Quốc Oai, thành phố Hà Nội"
    page = '<html lang="vi"><title>x</title><style>@page { margin: 10mm }</style><body><p>'
    page += f'<span style="font-size: 13pt">{words}</span></p></body></html>'
    with closing(pypdfium2.PdfDocument(io.BytesIO(printing.press(page).pdf))) as document:
        text = document[0].get_textpage()
        assert text.count_rects() == 1
        left, _, right, _ = text.get_rect(0)

    assert printing.width_of(words, 13) == pytest.approx((right - left) * 25.4 / 72, abs=0.5)


# --- of a result ---
def test_number_signer_place_and_day_come_from_the_signature(result: Result) -> None:
    assert values_of(result) == {
        "number": "01/2026",
        "signer_title": "CHỦ TỊCH",
        "signer_name": "Phùng Thị Lan",
        "wife_name": "TRẦN THỊ THỬ",
        "wife_residence": "Thôn 1, xã Quốc Oai, thành phố Hà Nội",
        "registered_at": "Ủy ban nhân dân xã Quốc Oai, thành phố Hà Nội",
    }


def test_the_overprint_holds_the_values_and_not_the_words_of_the_blank(result: Result) -> None:
    html = overprint.overprint(result).html
    body = re.sub(r"<[^>]+>", " ", html[html.index("<body") :])

    assert (
        body.split()
        == " ".join(
            [
                "BẢN THỬ" if "BẢN THỬ" in body else "",
                "01/2026 TRẦN THỊ THỬ Thôn 1, xã Quốc Oai, thành phố Hà Nội",
                "Ủy ban nhân dân xã Quốc Oai, thành phố Hà Nội CHỦ TỊCH Phùng Thị Lan",
            ]
        ).split()
    )


def test_the_layout_of_today_is_the_one_that_counts(result: Result, mai: Officer, at: datetime) -> None:
    before = overprint.offsets_of(result.commune_id, KIND, at.date())
    stock.set_layout(KIND, [stock.Shift(ALL, 1.5, 0)], valid_from=at.date() + timedelta(days=1), note="", by=mai, at=at)

    assert before == overprint.offsets_of(result.commune_id, KIND, at.date()) == {}
    assert overprint.offsets_of(result.commune_id, KIND, at.date() + timedelta(days=1)) == {ALL: [1.5, 0]}
