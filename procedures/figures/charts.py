"""The geometry of our four charts: bar with target tick, bullet, sparkline, small multiples. No database, no markup.

Each is drawn by a template of the same name in `templates/chart/`, on the server, as plain SVG: no script, no inline
style, sharp in print, a table behind it (quality.md U-26 to U-29, 6.1). Lengths are percentages of the drawing's width,
so that it stretches while its letters keep their size; a sparkline lies in a field of 100 × 100.
There is no pie, no gauge and no second axis: lengths on one scale are what people compare rightly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

WHOLE = 100.0
ROW = 26  # pixels of one bar with its words beside it
STACKED = 33  # of one bar with its words above it
LONGEST = 27  # letters of a label beside its value on a telephone; the table has the whole
_ROOM_ABOVE = 8.0  # of 100, so that neither a line at the top nor one at the bottom lies on the edge


class Tone(StrEnum):
    """How a value stands to its target: a colour of the promise, a shape and a word each (U-15)."""

    GOOD = "on_time"
    NEAR = "soon"
    BAD = "overdue"
    NONE = "paused"

    @property
    def shape(self) -> str:
        return {"on_time": "●", "soon": "▲", "overdue": "■", "paused": "∥"}[self]

    @property
    def word(self) -> str:
        return {"on_time": "đạt", "soon": "gần đạt", "overdue": "chưa đạt", "paused": "chưa có"}[self]


def tone_of(value: float | None, target: float | None, *, more_is_better: bool, near: float = 0.05) -> Tone:
    """On the right side of `target`; `near` is the part of the target by which it may be missed and still be near."""
    if value is None or target is None:
        return Tone.NONE
    gap = (target - value) if more_is_better else (value - target)
    if gap <= 0:
        return Tone.GOOD
    return Tone.NEAR if gap <= abs(target) * near else Tone.BAD


@dataclass(frozen=True)
class Bar:
    """One thing measured. `value` None: there is nothing to measure; `said` is the value in words (`3/7`, `95,0 %`)."""

    label: str
    value: float | None
    said: str
    target: float | None = None
    tone: Tone = Tone.NONE
    href: str = ""
    note: str = ""


@dataclass(frozen=True)
class Placed:
    """A bar where it lies: `y` in pixels from the top, `width` and `tick` in percent of the scale."""

    bar: Bar
    y: int
    width: float
    tick: float | None
    is_stacked: bool = False

    @property
    def label(self) -> str:
        """Cut at a word where it would run into the value."""
        words = self.bar.label
        return words if len(words) <= LONGEST else words[:LONGEST].rsplit(" ", 1)[0] + " …"

    @property
    def text_y(self) -> int:
        return self.y + (13 if self.is_stacked else 17)

    @property
    def bar_y(self) -> int:
        return self.y + (19 if self.is_stacked else 5)

    @property
    def tick_y(self) -> int:
        return self.bar_y - 3

    @property
    def tick_height(self) -> int:
        return self.thickness + 6

    @property
    def thickness(self) -> int:
        return 8 if self.is_stacked else 16


@dataclass(frozen=True)
class Table:
    """The same figures as rows: behind every chart (U-28)."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Bars:
    """`finding` says in a sentence what the chart shows, whoever reads no more."""

    title: str
    finding: str
    placed: Sequence[Placed]
    height: int
    table: Table
    is_stacked: bool = False


def bars(
    title: str,
    finding: str,
    rows: Iterable[Bar],
    *,
    columns: Sequence[str] = ("", "Giá trị"),
    top: float | None = None,
    is_stacked: bool = False,
) -> Bars:
    """Bars on one scale from 0 to `top`, or to the largest value or target. In the order given: sort before.

    `is_stacked` lays the words above each bar, for labels that are sentences.
    """
    row = STACKED if is_stacked else ROW
    listed = list(rows)
    if top is None:
        top = max((number for bar in listed for number in (bar.value, bar.target) if number is not None), default=0)
    placed = [
        Placed(
            bar,
            index * row,
            _part(bar.value or 0, top),
            None if bar.target is None else _part(bar.target, top),
            is_stacked,
        )
        for index, bar in enumerate(listed)
    ]
    has_target = any(bar.target is not None for bar in listed)
    head = [*columns, *(["So với mục tiêu"] if has_target else [])]
    body = [[bar.label, bar.said, *([bar.tone.word] if has_target else [])] for bar in listed]
    return Bars(title, finding, placed, max(1, len(listed)) * row, Table(head, body), is_stacked)


@dataclass(frozen=True)
class Bullet:
    """One value beside its target on its own scale."""

    title: str
    width: float
    tick: float | None
    tone: Tone


def bullet(title: str, value: float | None, target: float | None, *, top: float, tone: Tone) -> Bullet:
    return Bullet(title, _part(value or 0, top), None if target is None else _part(target, top), tone)


@dataclass(frozen=True)
class Sparkline:
    """A line through the weeks, broken where a week has nothing; `lines` are the points of each unbroken part.

    `dots` are weeks that stand alone; `last` is the end of the line, `target_y` the height of the target.
    """

    title: str
    lines: Sequence[str]
    dots: Sequence[tuple[float, float]]
    last: tuple[float, float] | None
    target_y: float | None
    table: Table = field(default=Table((), ()))


def sparkline(
    title: str,
    values: Sequence[float | None],
    *,
    top: float | None = None,
    target: float | None = None,
    table: Table | None = None,
) -> Sparkline:
    """`values` from the oldest to the newest, None for a week without anything. From 0 to `top` or the largest."""
    known = [value for value in values if value is not None]
    if top is None:
        top = max([*known, target or 0], default=0)
    points = [
        (_x(index, len(values)), _height(value, top)) if value is not None else None
        for index, value in enumerate(values)
    ]
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    runs = [run for run in runs if run]
    return Sparkline(
        title,
        [" ".join(f"{x:g},{y:g}" for x, y in run) for run in runs if len(run) > 1],
        [run[0] for run in runs if len(run) == 1],
        runs[-1][-1] if runs else None,
        None if target is None else _height(target, top),
        table or Table((), ()),
    )


@dataclass(frozen=True)
class Multiple:
    label: str
    said: str
    tone: Tone
    line: Sparkline
    word: str
    href: str = ""
    notes: Sequence[str] = ()
    act: tuple[str, str] | None = None


@dataclass(frozen=True)
class Multiples:
    """Many sparklines on one scale, so that heights may be compared from one to the next."""

    title: str
    finding: str
    each: Sequence[Multiple]
    top_said: str
    table: Table


@dataclass(frozen=True)
class Series:
    """One line of the small multiples, the weeks from the oldest to the newest; `each_said` are its values in words.

    `notes` stand under it; `act` is what can be done about it, words and address. `word` stands for that of the tone.
    """

    label: str
    values: Sequence[float | None]
    each_said: Sequence[str]
    said: str
    tone: Tone = Tone.NONE
    href: str = ""
    notes: Sequence[str] = ()
    act: tuple[str, str] | None = None
    word: str | None = None


def multiples(
    title: str,
    finding: str,
    series: Sequence[Series],
    *,
    weeks: Sequence[str],
    target: float | None = None,
    top: float | None = None,
    top_said: str = "",
) -> Multiples:
    """In the order given: put the worst first. `weeks` head the columns of the table."""
    if top is None:
        known = [value for one in series for value in one.values if value is not None]
        top = max([*known, target or 0], default=0)
    each = [
        Multiple(
            one.label,
            one.said,
            one.tone,
            sparkline(f"{title}: {one.label}, {one.said}", one.values, top=top, target=target),
            one.tone.word if one.word is None else one.word,
            one.href,
            one.notes,
            one.act,
        )
        for one in series
    ]
    table = Table(["", *weeks, "Cả kỳ"], [[one.label, *one.each_said, one.said] for one in series])
    return Multiples(title, finding, each, top_said, table)


def _part(value: float, top: float) -> float:
    """In percent of the scale, never beyond it; an empty scale has no lengths."""
    return round(min(max(value / top, 0.0), 1.0) * WHOLE, 2) if top > 0 else 0.0


def _x(index: int, number: int) -> float:
    return round(index * WHOLE / (number - 1), 2) if number > 1 else WHOLE


def _height(value: float, top: float) -> float:
    """From the top of the field, as SVG counts."""
    return round(WHOLE - _ROOM_ABOVE - _part(value, top) * (WHOLE - 2 * _ROOM_ABOVE) / WHOLE, 2)
