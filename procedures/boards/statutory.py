"""Biểu số II.06a/VPCP/KSTT: received, solved, in progress, counted from the cases themselves.

Source: Thông tư 01/2020/TT-VPCP, one-stop.md H.4. Column 9 takes in what waits for the citizen's papers and what ended
without a result (withdrawn, stopped): the office is not late with it. Online filing is not ours: column 4 is 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import date

from django.db import connection

from procedures.boards import day_begins_at
from procedures.states import State

COLUMNS = (
    "TT",
    "Lĩnh vực, đơn vị",
    "Tiếp nhận: Tổng số",
    "Trong kỳ: Trực tuyến",
    "Trong kỳ: Trực tiếp, dịch vụ bưu chính",
    "Từ kỳ trước",
    "Đã giải quyết: Tổng số",
    "Trước hạn",
    "Đúng hạn",
    "Quá hạn",
    "Đang giải quyết: Tổng số",
    "Trong hạn",
    "Quá hạn",
)


@dataclass(frozen=True)
class Line:
    """The columns 3 to 13 of one line."""

    received: int
    online: int
    direct: int
    carried_over: int
    solved: int
    early: int
    on_time: int
    late: int
    in_progress: int
    within: int
    overdue: int

    def __add__(self, other: Line) -> Line:
        return Line(*(mine + its for mine, its in zip(astuple(self), astuple(other), strict=True)))

    @property
    def figures(self) -> tuple[int, ...]:
        return astuple(self)

    @property
    def adds_up(self) -> bool:
        """The four checks of the form: 3 = 4 + 5 + 6; 7 = 8 + 9 + 10; 11 = 12 + 13; 3 = 7 + 11."""
        return (
            self.received == self.online + self.direct + self.carried_over
            and self.solved == self.early + self.on_time + self.late
            and self.in_progress == self.within + self.overdue
            and self.received == self.solved + self.in_progress
        )


NOTHING = Line(*[0] * 11)

# A case counts in a period if it came in it, or came before and had not ended when it began. `done` is the end by
# H.1: the signature, else the moment in which it was closed without one.
QUERY = """
WITH mine AS (
  SELECT c.commune_id, c.procedure_key, c.received_at, c.due_at, c.signed_at,
         coalesce(c.signed_at, c.closed_at) AS done,
         EXISTS (SELECT FROM procedures_pause p
                 WHERE p.case_id = c.id AND p.since < %(end)s AND coalesce(p.until, 'infinity') >= %(end)s) AS paused
  FROM procedures_case c
  WHERE c.state <> %(rejected)s AND c.received_at < %(end)s
), told AS (
  SELECT *, CASE
    WHEN done < %(end)s AND signed_at IS NULL THEN 'on_time'
    WHEN done < %(end)s AND date_trunc('minute', signed_at) < date_trunc('minute', due_at) THEN 'early'
    WHEN done < %(end)s AND date_trunc('minute', signed_at) = date_trunc('minute', due_at) THEN 'on_time'
    WHEN done < %(end)s THEN 'late'
    WHEN paused THEN 'on_time'
    WHEN due_at >= %(end)s THEN 'within'
    ELSE 'overdue' END AS fate
  FROM mine WHERE received_at >= %(start)s OR done IS NULL OR done >= %(start)s
)
SELECT commune_id, procedure_key, count(*),
       count(*) FILTER (WHERE received_at >= %(start)s), count(*) FILTER (WHERE received_at < %(start)s),
       count(*) FILTER (WHERE fate = 'early'), count(*) FILTER (WHERE fate = 'on_time'),
       count(*) FILTER (WHERE fate = 'late'), count(*) FILTER (WHERE fate = 'within'),
       count(*) FILTER (WHERE fate = 'overdue')
FROM told GROUP BY 1, 2
"""


def lines(since: date, until: date) -> dict[tuple[int, str], Line]:
    """By commune and procedure, whatever one may see, from the first moment of `since` to the last of `until`."""
    with connection.cursor() as cursor:
        cursor.execute(
            QUERY,
            {"start": day_begins_at(since), "end": day_begins_at(until, after=1), "rejected": State.REJECTED},
        )
        return {
            (commune, key): Line(
                received=received,
                online=0,
                direct=direct,
                carried_over=carried_over,
                solved=early + on_time + late,
                early=early,
                on_time=on_time,
                late=late,
                in_progress=within + overdue,
                within=within,
                overdue=overdue,
            )
            for commune, key, received, direct, carried_over, early, on_time, late, within, overdue in cursor.fetchall()
        }


def total(found: Iterable[Line]) -> Line:
    return sum(found, start=NOTHING)


def sheet_rows(groups: Sequence[tuple[str, Sequence[tuple[str, Line]]]]) -> list[tuple[str, str, Line, bool]]:
    """Number, name, line and whether it is a sum: a sum a group (I, II …), its lines below, the sum of all last."""
    rows: list[tuple[str, str, Line, bool]] = []
    for index, (name, members) in enumerate(groups, start=1):
        rows.append((roman(index), name, total(line for _, line in members), True))
        rows += [(str(place), member, line, False) for place, (member, line) in enumerate(members, start=1)]
    rows.append(("", "Tổng cộng", total(line for _, members in groups for _, line in members), True))
    return rows


def roman(number: int) -> str:
    """From 1 to 39: more communes than a district ever had."""
    return "X" * (number // 10) + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[number % 10]
