"""What a case counts for in the index and in the scoring, from its steps and pauses alone. No database, no `now()`.

Two clocks (one-stop.md A.4, H.1). The legal one starts again from zero when the file is whole (Nghị định 61/2018 Điều
17–20). The one of the index (Quyết định 766/QĐ-TTg) subtracts the citizen's time instead, and calls a case late that
asked for papers more than once, whatever the clock says. Both start from the term of the receipt slip; another hour
that the office promised with its apology counts for neither.

Nine items of Thông tư 01/2018/TT-VPCP, each 0, 1 or 2 (one-stop.md H.2): what is not measured here is left out, not
guessed. Moments are aware; how much a score takes is our reading of the circular, not compared with its text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from procedures.clock import Calendar, Limit, due_at, promised, used_between
from procedures.states import Verb


class Punctuality(StrEnum):
    """Compared by the minute, as the slip tells it: ended in the very minute of the promise is on time."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"

    @property
    def label(self) -> str:
        return {"early": "trước hạn", "on_time": "đúng hạn", "late": "quá hạn"}[self]


def punctuality(ended_at: datetime, due: datetime) -> Punctuality:
    ended, promised_at = (moment.replace(second=0, microsecond=0) for moment in (ended_at, due))
    if ended == promised_at:
        return Punctuality.ON_TIME
    return Punctuality.EARLY if ended < promised_at else Punctuality.LATE


@dataclass(frozen=True)
class Move:
    """One step: `by` is the row of the officer, `unit` where the file lies after it."""

    verb: Verb
    at: datetime
    by: int
    unit: str


@dataclass(frozen=True)
class Stop:
    """A time in which the citizen completes the file; `until` is None while it lasts. `slip`: number of Mẫu 02."""

    since: datetime
    until: datetime | None
    reason: str
    slip: str = ""


@dataclass(frozen=True)
class Life:
    """What the clocks need of a case. `due` is the promise in force, `first_due` the one of the receipt slip.

    `is_digital`: whether the result exists as a signed electronic paper; None before there is a result.
    """

    received_at: datetime
    first_due: datetime
    due: datetime
    promise: timedelta
    limit: Limit | None
    moves: Sequence[Move]
    stops: Sequence[Stop] = ()
    is_digital: bool | None = None
    channel: str = "Trực tiếp"

    def first(self, *verbs: Verb) -> datetime | None:
        return next((move.at for move in self.moves if move.verb in verbs), None)

    def times(self, verb: Verb) -> int:
        return sum(move.verb == verb for move in self.moves)


@dataclass(frozen=True)
class IndexFacts:
    """`ended_at` is when it was done with, as the index counts it; None while it is open.

    `index` and `legal` are None while the case is open and not late, and for what was never received. `late_by` is
    working time past the index clock, `used` and `paused` working time until the end or until now.
    """

    ended_at: datetime | None
    how: str
    index_due: datetime
    legal_due: datetime
    index: Punctuality | None
    legal: Punctuality | None
    late_by: timedelta
    used: timedelta
    paused: timedelta
    requests: int
    returns: int
    contacts: int
    apologised: bool
    stops: Sequence[Stop]
    channel: str
    is_digital: bool | None

    @property
    def late_minutes(self) -> int:
        return int(self.late_by.total_seconds() // 60)

    @property
    def late_by_rule(self) -> bool:
        """Late for the index only because papers were asked for more than once."""
        return self.requests > 1 and not self.late_by


ENDINGS = (
    ((Verb.SIGN,), "Đã xử lý xong"),
    ((Verb.GIVE_OUT,), "Đã trả kết quả"),
    ((Verb.WITHDRAW, Verb.STOP), "Dừng xử lý"),
)
"""What ends a case for the index, the first of these that it has (one-stop.md H.1, item 2.1)."""


def index_facts(life: Life, calendar: Calendar, *, now: datetime) -> IndexFacts:
    """Raises CalendarEnds where the term lies in a year without a plan."""
    ended_at, how = _ending(life)
    index_due, legal_due = _index_due(life, calendar), _legal_due(life, calendar)
    until = ended_at or now
    pauses = [(stop.since, stop.until or until) for stop in life.stops if stop.since < (stop.until or until)]
    rejected = life.first(Verb.REJECT) is not None
    requests = life.times(Verb.ASK_FOR_PAPERS)
    index = None if rejected else _judged(ended_at, index_due, now)
    if requests > 1 and not rejected:
        index = Punctuality.LATE
    begins = _begins(life)
    return IndexFacts(
        ended_at=ended_at,
        how=how,
        index_due=index_due,
        legal_due=legal_due,
        index=index,
        legal=None if rejected else _judged(ended_at, legal_due, now),
        late_by=timedelta() if rejected else used_between(index_due, until, calendar),
        used=used_between(begins, until, calendar, pauses),
        paused=used_between(begins, until, calendar) - used_between(begins, until, calendar, pauses),
        requests=requests,
        returns=life.times(Verb.TAKE_PAPERS),
        contacts=1 + life.times(Verb.TAKE_PAPERS) + life.times(Verb.GIVE_OUT),
        apologised=life.first(Verb.EXTEND) is not None,
        stops=life.stops,
        channel=life.channel,
        is_digital=life.is_digital,
    )


def _ending(life: Life) -> tuple[datetime | None, str]:
    for verbs, how in ENDINGS:
        if at := life.first(*verbs):
            return at, how
    if at := life.first(Verb.REJECT):
        return at, "Từ chối tiếp nhận"
    if life.times(Verb.ASK_FOR_PAPERS) == 1 and any(stop.until is None for stop in life.stops):
        return life.first(Verb.ASK_FOR_PAPERS), "Chờ công dân bổ sung"  # exactly one request: counted to that moment
    return None, "Đang xử lý"


def _judged(ended_at: datetime | None, due: datetime, now: datetime) -> Punctuality | None:
    if ended_at:
        return punctuality(ended_at, due)
    return Punctuality.LATE if punctuality(now, due) == Punctuality.LATE else None


def _begins(life: Life) -> datetime:
    """A case that waited for its review has its three hours from then on."""
    return max((move.at for move in life.moves if move.verb == Verb.RESUME), default=life.received_at)


def _first_due(life: Life, calendar: Calendar) -> datetime:
    begins = _begins(life)
    if begins == life.received_at:
        return life.first_due
    return promised(begins, life.promise, life.limit, calendar)


def _index_due(life: Life, calendar: Calendar) -> datetime:
    """The first promise, moved by the working time of the pauses. An apology moves the promise, not the index."""
    if life.first(Verb.EXTEND) is None:
        return life.due
    paused = sum((used_between(stop.since, stop.until, calendar) for stop in life.stops if stop.until), timedelta())
    return due_at(_first_due(life, calendar), paused, calendar) if paused else _first_due(life, calendar)


def _legal_due(life: Life, calendar: Calendar) -> datetime:
    """The whole term again from when the file was completed last."""
    whole = max((stop.until for stop in life.stops if stop.until), default=None)
    first_due = _first_due(life, calendar)
    if whole is None or life.first(Verb.WITHDRAW, Verb.STOP) == whole:
        return first_due
    return due_at(whole, used_between(_begins(life), first_due, calendar), calendar)


# --- the nine items of Thông tư 01/2018 ---
ITEMS: Mapping[int, str] = {
    1: "Thời gian giải quyết so với hạn",
    2: "Thời gian của từng bộ phận",
    3: "Số lần công dân phải quay lại bổ sung",
    4: "Số cơ quan phải liên hệ",
    5: "Làm đủ các bước tại bộ phận một cửa",
    6: "Công khai thủ tục",
    7: "Thái độ của công chức",
    8: "Tiếp thu, giải quyết phản ánh",
    9: "Dịch vụ công trực tuyến",
}
OF_OFFICERS = (1, 2, 3, 4, 7)
FULL = 2  # points of one item
_HANDED_ON = (Verb.HAND_OVER, Verb.SUBMIT, Verb.SUBMIT_REFUSAL, Verb.SIGN)
"""Steps in which one unit passes the file on within the term; giving out waits for the citizen."""


def scores_of(life: Life, facts: IndexFacts, *, early_is_better: bool = True) -> dict[int, int]:
    """Item → 0, 1 or 2 of one case that has ended; what is not known is left out. A rejection scores nothing.

    (1) early 2, on time 1, late 0. (2) the slowest hand-over against the term, alike. (3) no return 2, one 1, more 0.
    (4) one agency 2: the commune solves all of its procedures itself. (5) every step made here 2.
    """
    if facts.index is None or facts.ended_at is None:
        return {}
    given = {1: _points(facts.index, early_is_better), 3: max(0, FULL - facts.returns), 4: FULL, 5: FULL}
    if handed := [punctuality(move.at, facts.index_due) for move in life.moves if move.verb in _HANDED_ON]:
        given[2] = min(_points(found, early_is_better) for found in handed)
    return given


def scores_of_officer(officer: int, life: Life, facts: IndexFacts, *, early_is_better: bool = True) -> dict[int, int]:
    """The items of one officer of a case: item 2 is of the hand-overs made by this officer alone."""
    whole = scores_of(life, facts, early_is_better=early_is_better)
    if not whole or all(move.by != officer for move in life.moves):
        return {}
    own = [
        punctuality(move.at, facts.index_due) for move in life.moves if move.by == officer and move.verb in _HANDED_ON
    ]
    given = {item: points for item, points in whole.items() if item in OF_OFFICERS and item != 2}
    if own:
        given[2] = min(_points(found, early_is_better) for found in own)
    return given


def _points(found: Punctuality, early_is_better: bool) -> int:
    if found == Punctuality.LATE:
        return 0
    return FULL if found == Punctuality.EARLY or not early_is_better else 1


@dataclass
class Scoring:
    """The scores of many cases together, of a unit or of one officer."""

    items: Sequence[int] = tuple(ITEMS)
    cases: int = 0
    punctual: dict[Punctuality, int] = field(default_factory=dict)
    late_minutes: int = 0
    points: dict[int, list[int]] = field(default_factory=dict)

    def add(self, facts: IndexFacts, scores: Mapping[int, int]) -> None:
        if facts.index is None or not scores:
            return
        self.cases += 1
        self.punctual[facts.index] = self.punctual.get(facts.index, 0) + 1
        self.late_minutes += facts.late_minutes
        for item, points in scores.items():
            self.points.setdefault(item, []).append(points)

    @property
    def in_time(self) -> int:
        return self.cases - self.punctual.get(Punctuality.LATE, 0)

    def average(self, item: int) -> float | None:
        """With one decimal, as the circular counts; None where nothing was measured."""
        found = self.points.get(item)
        return round(sum(found) / len(found), 1) if found else None

    @property
    def measured(self) -> list[int]:
        return [item for item in self.items if self.average(item) is not None]

    @property
    def total(self) -> float:
        return round(sum(self.average(item) or 0 for item in self.measured), 1)

    @property
    def grade(self) -> str:
        """The grade of the circular, only where every item was measured: a part of the nine says nothing of it."""
        if not self.cases or len(self.measured) < len(self.items):
            return ""
        return grade_of_officer(self.total) if len(self.items) == len(OF_OFFICERS) else grade_of_unit(self.total)


def grade_of_unit(total: float) -> str:
    """One-stop.md H.2: of nine items, eighteen points."""
    bounds = ((15, "Xuất sắc"), (12, "Tốt"), (9, "Khá"), (6, "Trung bình"))
    return next((name for bound, name in bounds if total >= bound), "Yếu")


def grade_of_officer(total: float) -> str:
    """One-stop.md H.2: of five items, ten points."""
    bounds = ((5, "Hoàn thành 100% nhiệm vụ"), (3.5, "Hoàn thành từ 70% đến dưới 100%"))
    return next((name for bound, name in bounds if total >= bound), "Hoàn thành dưới 70%")


def score_together(
    told: Iterable[tuple[Life, IndexFacts]], *, early_is_better: bool = True
) -> tuple[Scoring, dict[int, Scoring]]:
    """The unit's scoring, and that of each officer who made a step, by row."""
    unit, officers = Scoring(), dict[int, Scoring]()
    for life, facts in told:
        unit.add(facts, scores_of(life, facts, early_is_better=early_is_better))
        for officer in {move.by for move in life.moves}:
            scores = scores_of_officer(officer, life, facts, early_is_better=early_is_better)
            officers.setdefault(officer, Scoring(OF_OFFICERS)).add(facts, scores)
    return unit, officers
