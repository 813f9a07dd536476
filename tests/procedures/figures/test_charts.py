"""The geometry of the charts, counted by hand, and what their templates draw of it."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string

from procedures.figures.charts import (
    Bar,
    Series,
    Table,
    Tone,
    bars,
    bullet,
    multiples,
    sparkline,
    tone_of,
)


def test_bars_lie_on_one_scale_that_reaches_to_the_largest_target() -> None:
    chart = bars("Đúng hẹn", "Phú Cát thấp nhất.", [Bar("Phú Cát", 30, "30", 40), Bar("Yên Xuân", 20, "20", 40)])

    assert [(one.y, one.width, one.tick) for one in chart.placed] == [(0, 75.0, 100.0), (26, 50.0, 100.0)]
    assert chart.height == 52


def test_stacked_bars_have_room_for_their_words_and_long_ones_are_cut_at_a_word() -> None:
    chart = bars("t", "f", [Bar("Cấp giấy xác nhận tình trạng hôn nhân", 1, "1")] * 2, is_stacked=True)

    assert [(one.y, one.label) for one in chart.placed] == [
        (0, "Cấp giấy xác nhận tình …"),
        (33, "Cấp giấy xác nhận tình …"),
    ]
    assert chart.table.rows[0][0] == "Cấp giấy xác nhận tình trạng hôn nhân"


def test_the_table_behind_bars_says_the_same_in_words() -> None:
    chart = bars("t", "f", [Bar("Phú Cát", 0.3, "3/10", 0.95, Tone.BAD)], columns=("Xã", "Đúng hẹn"))

    assert chart.table == Table(["Xã", "Đúng hẹn", "So với mục tiêu"], [["Phú Cát", "3/10", "chưa đạt"]])


@pytest.mark.parametrize("rows", [[], [Bar("Trống", None, "chưa có hồ sơ")], [Bar("Không", 0, "0", 0)]])
def test_bars_of_nothing_have_no_length_and_divide_by_nothing(rows: list[Bar]) -> None:
    chart = bars("t", "f", rows)

    assert [one.width for one in chart.placed] == [0.0] * len(rows)
    assert chart.height == 26


def test_a_bar_beyond_a_given_scale_ends_at_its_edge() -> None:
    assert bars("t", "f", [Bar("x", 3, "3")], top=2).placed[0].width == 100.0


def test_a_bullet_stands_beside_its_target() -> None:
    drawn = bullet("Đúng hẹn 80 %, mục tiêu 95 %", 0.8, 0.95, top=1, tone=Tone.BAD)

    assert (drawn.width, drawn.tick) == (80.0, 95.0)


def test_a_sparkline_runs_from_the_oldest_week_to_the_newest_and_breaks_where_there_is_nothing() -> None:
    line = sparkline("t", [0, 1, None, 1, None, 0.5], target=1)

    assert line.lines == ["0,92 20,8"]
    assert line.dots == [(60.0, 8.0), (100.0, 50.0)]
    assert line.last == (100.0, 50.0)
    assert line.target_y == 8.0


@pytest.mark.parametrize("values", [[], [None, None]])
def test_a_sparkline_of_nothing_is_empty(values: list[float | None]) -> None:
    line = sparkline("t", values)

    assert (line.lines, line.dots, line.last, line.target_y) == ([], [], None, None)


def test_small_multiples_share_one_scale() -> None:
    chart = multiples(
        "Quá hạn",
        "Phú Cát nhiều nhất.",
        [Series("Phú Cát", [0, 8], ["0", "8"], "8"), Series("Yên Xuân", [0, 4], ["0", "4"], "4")],
        weeks=["16/11", "23/11"],
    )

    assert [one.line.lines for one in chart.each] == [["0,92 100,8"], ["0,92 100,50"]]
    assert chart.table.columns == ["", "16/11", "23/11", "Cả kỳ"]
    assert chart.table.rows == [["Phú Cát", "0", "8", "8"], ["Yên Xuân", "0", "4", "4"]]


@pytest.mark.parametrize(
    ("value", "target", "more_is_better", "tone"),
    [
        (0.95, 0.95, True, Tone.GOOD),
        (0.91, 0.95, True, Tone.NEAR),
        (0.90, 0.95, True, Tone.BAD),
        (180, 180, False, Tone.GOOD),
        (189, 180, False, Tone.NEAR),
        (190, 180, False, Tone.BAD),
        (0.01, 0.0, False, Tone.BAD),
        (None, 0.95, True, Tone.NONE),
        (0.95, None, True, Tone.NONE),
    ],
)
def test_a_value_is_judged_by_its_target(
    value: float | None, target: float | None, more_is_better: bool, tone: Tone
) -> None:
    assert tone_of(value, target, more_is_better=more_is_better) == tone


CHARTS = {
    "chart/bar_target.html": {"chart": bars("Đúng hẹn", "Câu nói.", [Bar("Phú Cát", 0.8, "80,0 %", 0.95, Tone.BAD)])},
    "chart/bullet.html": {"chart": bullet("Đúng hẹn. Câu nói.", 0.8, 0.95, top=1, tone=Tone.BAD)},
    "chart/sparkline.html": {
        "line": sparkline("Đúng hẹn. Câu nói.", [0.5, 0.8], target=0.95, table=Table(["Tuần"], [["16/11"]]))
    },
    "chart/multiples.html": {
        "chart": multiples("Đúng hẹn", "Câu nói.", [Series("Phú Cát", [0.5, 0.8], ["1/2", "4/5"], "5/7")], weeks=["a"])
    },
}


@pytest.mark.parametrize("template", CHARTS)
def test_each_drawing_has_a_title_and_speaks_no_commas_where_numbers_are_drawn(template: str) -> None:
    drawn = render_to_string(template, CHARTS[template])

    assert drawn.count('role="img"') == drawn.count("<title>") >= 1
    assert "Câu nói." in drawn
    assert re.findall(r'(?:width|x|y|cx|cy|x1|y1)="[^"]*,[^"]*"', drawn) == []
    assert "style=" not in drawn


@pytest.mark.parametrize("template", [name for name in CHARTS if name != "chart/bullet.html"])
def test_behind_each_chart_lies_its_table(template: str) -> None:
    drawn = render_to_string(template, CHARTS[template])

    assert re.search(r"<details.*<table", drawn, re.DOTALL)
