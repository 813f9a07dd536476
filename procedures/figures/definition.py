"""What a figure is: a name, a formula in words, what is counted of what, its source, its target; and its value.

One definition each: the board, the list of cases behind it, the comparison of communes and the page “Cách tính” all
read the same object (one-stop.md H.1: a metric shows numerator, denominator, formula and the cases behind it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db.models import Aggregate, Count, F, FloatField, Max, Q, Sum

from procedures.figures.charts import Tone, tone_of

SMALL = 20  # under this a share says less than the two numbers (U-29)
FEWEST = 5  # opinions: fewer say who gave them
NOTHING = "chưa có hồ sơ"


class Percentile(Aggregate):
    """A value that was measured, none between two: as many as `part` of the rows are no larger."""

    function = "PERCENTILE_DISC"
    output_field = FloatField()

    def __init__(self, expression: str, part: float, **extra: Any) -> None:
        super().__init__(expression, part=part, **extra)

    template = "%(function)s(%(part)s) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True)
class Target:
    """`value` in the unit of the figure. `is_law`: named by a text; else the house's own, open to the office's word."""

    value: float
    said: str
    is_law: bool = False


@dataclass(frozen=True)
class Value:
    """One figure of one set of cases. `number` is None where there is nothing to measure: never a division by zero."""

    figure: Figure
    numerator: float
    denominator: int
    number: float | None
    said: str

    @property
    def tone(self) -> Tone:
        target = self.figure.target
        return tone_of(self.number, target.value if target else None, more_is_better=self.figure.more_is_better)

    @property
    def scope(self) -> str:
        """Of how many cases it speaks, and which of them where a value has two numbers."""
        if not self.denominator:
            return ""
        if isinstance(self.figure, Times):
            return f"một nửa – 9/10 của {self.denominator} hồ sơ"
        return f"của {self.denominator} {'ý kiến' if isinstance(self.figure, Opinions) else 'hồ sơ'}"


@dataclass(frozen=True)
class Figure:
    """`of` and `which` choose among reckonings: all that is counted, and of these what the figure tells.

    `look_at` are the cases worth a look: those that pull the figure the wrong way.
    """

    key: str
    name: str
    formula: str
    numerator: str
    denominator: str
    source: str
    target: Target | None = None
    more_is_better: bool = False
    of: Q = field(default_factory=Q)
    unit: ClassVar[str] = ""
    has_cases: ClassVar[bool] = True

    def sums(self) -> Mapping[str, Aggregate]:
        """The columns of the query that this figure needs; their names begin with its key."""
        raise NotImplementedError

    def value(self, row: Mapping[str, Any]) -> Value:
        raise NotImplementedError

    @property
    def look_at(self) -> Q:
        return self.of

    def _name(self, part: str) -> str:
        return f"{self.key}_{part}"


@dataclass(frozen=True)
class Share(Figure):
    """How many of them."""

    which: Q = field(default_factory=Q)
    unit: ClassVar[str] = "%"

    def sums(self) -> Mapping[str, Aggregate]:
        return {
            self._name("all"): Count("pk", filter=self.of),
            self._name("some"): Count("pk", filter=self.of & self.which),
        }

    def value(self, row: Mapping[str, Any]) -> Value:
        some, every = row[self._name("some")], row[self._name("all")]
        return Value(self, some, every, some / every if every else None, said_share(some, every))

    @property
    def look_at(self) -> Q:
        return self.of & (~self.which if self.more_is_better else self.which)


@dataclass(frozen=True)
class Ratio(Figure):
    """The sum of one column in the sum of others, of all cases together: no mean of means."""

    part: str = ""
    whole: tuple[str, ...] = ()
    unit_said: str = ""
    unit: ClassVar[str] = "%"

    def sums(self) -> Mapping[str, Aggregate]:
        whole = sum((F(name) for name in self.whole[1:]), F(self.whole[0]))
        return {
            self._name("all"): Count("pk", filter=self.of),
            self._name("part"): Sum(self.part, filter=self.of),
            self._name("whole"): Sum(whole, filter=self.of),
        }

    def value(self, row: Mapping[str, Any]) -> Value:
        part, whole = row[self._name("part")] or 0, row[self._name("whole")] or 0
        cases = row[self._name("all")]
        if not whole:
            return Value(self, part, cases, None, NOTHING if not cases else "không có")
        said = f"{part}/{whole} {self.unit_said}" if cases < SMALL else percent(part / whole)
        return Value(self, part, cases, part / whole, said)

    @property
    def look_at(self) -> Q:
        return self.of & (Q() if self.more_is_better else Q(**{f"{self.part}__gt": 0}))


@dataclass(frozen=True)
class Times(Figure):
    """How long: half of them took no longer than p50, nine of ten no longer than p90; never a mean. Judged by p90."""

    column: str = ""
    per_unit: int = 1  # how many of the column's units make one that is shown
    unit_said: str = "phút"
    unit: ClassVar[str] = "phút"

    def sums(self) -> Mapping[str, Aggregate]:
        known = self.of & Q(**{f"{self.column}__isnull": False})
        return {
            self._name("all"): Count("pk", filter=known),
            self._name("p50"): Percentile(self.column, 0.5, filter=known),
            self._name("p90"): Percentile(self.column, 0.9, filter=known),
        }

    def value(self, row: Mapping[str, Any]) -> Value:
        number, half, nine = row[self._name("all")], row[self._name("p50")], row[self._name("p90")]
        if not number:
            return Value(self, 0, 0, None, NOTHING)
        half, nine = half / self.per_unit, nine / self.per_unit
        said = f"{_plain(half)} – {_plain(nine)} {self.unit_said}"
        return Value(self, half, number, nine, said)

    @property
    def look_at(self) -> Q:
        beyond = {f"{self.column}__gt": (self.target.value if self.target else 0) * self.per_unit}
        return self.of & Q(**beyond)


@dataclass(frozen=True)
class Longest(Figure):
    """The one that took longest, beside the halves and nine tenths, which hide it."""

    column: str = ""
    unit_said: str = "phút"
    unit: ClassVar[str] = "phút"

    def sums(self) -> Mapping[str, Aggregate]:
        known = self.of & Q(**{f"{self.column}__isnull": False})
        return {
            self._name("all"): Count("pk", filter=known),
            self._name("most"): Max(self.column, filter=known),
        }

    def value(self, row: Mapping[str, Any]) -> Value:
        number, most = row[self._name("all")], row[self._name("most")]
        if not number:
            return Value(self, 0, 0, None, NOTHING)
        return Value(self, most, number, most, f"{_plain(most)} {self.unit_said}")


@dataclass(frozen=True)
class Total(Figure):
    """A plain sum: what was done, without a whole to compare it with."""

    column: str = ""
    unit_said: str = ""

    def sums(self) -> Mapping[str, Aggregate]:
        return {
            self._name("all"): Count("pk", filter=self.of),
            self._name("sum"): Sum(self.column, filter=self.of),
        }

    def value(self, row: Mapping[str, Any]) -> Value:
        number, cases = row[self._name("sum")] or 0, row[self._name("all")]
        if not cases:
            return Value(self, 0, 0, None, NOTHING)
        return Value(self, number, cases, number, f"{_plain(number)} {self.unit_said}".strip())


@dataclass(frozen=True)
class Opinions(Figure):
    """How many of those who said something were content. It belongs to no case, so no case lies behind it."""

    unit: ClassVar[str] = "%"
    has_cases: ClassVar[bool] = False

    def sums(self) -> Mapping[str, Aggregate]:
        return {}

    def heard(self) -> Mapping[str, Aggregate]:
        """The same for the table of ratings."""
        return {self._name("all"): Count("pk"), self._name("some"): Count("pk", filter=Q(overall__gte=4))}

    def value(self, row: Mapping[str, Any]) -> Value:
        some, every = row.get(self._name("some"), 0), row.get(self._name("all"), 0)
        if every < FEWEST:
            return Value(self, 0, 0, None, f"dưới {FEWEST} ý kiến" if every else "chưa có ý kiến")
        return Value(self, some, every, some / every, said_share(some, every))


def said_share(some: int, every: int) -> str:
    """`3/7` for small numbers, else `82,5 %`; `chưa có hồ sơ` where there is none (U-29, F-54)."""
    if not every:
        return NOTHING
    return f"{some}/{every}" if every < SMALL else percent(some / every)


def percent(part: float) -> str:
    return f"{100 * part:.1f} %".replace(".", ",")


def _plain(number: float) -> str:
    return f"{number:.0f}" if number >= 10 or number == int(number) else f"{number:.1f}".replace(".", ",")
