"""The monthly form of the pilot: each counter in a line with the figures of the boards, each commune and all in a sum.

The office has fixed no columns (one-stop.md H.4 tells what it usually asks for); they stand here, to be changed in one
place. A sum is measured anew over all its cases, never added up from shares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count

from oneshop.models import Commune
from procedures import figures
from procedures.boards import day_begins_at
from procedures.boards.statutory import roman
from procedures.figures import Figure, Span, Value, ended
from procedures.models import Case
from procedures.states import State

SHOWN: tuple[tuple[str, Figure], ...] = (
    ("Đúng hẹn", ended.ON_TIME),
    ("Muộn bao lâu (phút: một nửa – 9/10)", ended.LATE_BY),
    ("Thời gian giải quyết (phút: một nửa – 9/10)", ended.TIME_USED),
    ("Thời gian tạm dừng", ended.PAUSED),
    ("Phải bổ sung", ended.SUPPLEMENTS),
    ("Xin lỗi, hẹn lại", ended.APOLOGIES),
    ("Từ chối", ended.REFUSALS),
    ("Dòng không phải viết", ended.KNOWN_LINES),
    ("Giấy tờ không phải nộp", ended.PAPERS_SPARED),
    ("Hài lòng", ended.SATISFACTION),
)
COLUMNS = ("TT", "Xã, điểm phục vụ", "Nhận trong kỳ", "Xong trong kỳ", *(name for name, _ in SHOWN))

_FIGURES = [figure for _, figure in SHOWN]


def rows(communes: Sequence[Commune], since: date, until: date) -> list[dict[str, Any]]:
    """A sum a commune (I, II …), its counters below, the sum of all last; `figures` are words, small shares as 3/7.

    People rate a commune, not a counter, so a counter's line has no satisfaction. From the first moment of `since` to
    the last of `until`, Vietnam time.
    """
    span = Span(day_begins_at(since), day_begins_at(until, after=1))
    by_commune, by_counter = (figures.by(group, _FIGURES, span) for group in ("commune_id", "counter_id"))
    received = _received(span)
    nothing = figures.nothing(_FIGURES)
    found = []
    for place, commune in enumerate(communes, start=1):
        counters = list(commune.counters.all())
        came = sum(number for (pk, _), number in received.items() if pk == commune.pk)
        found.append(_row(roman(place), commune.name_on(until).full, came, by_commune.get(commune.pk, nothing), True))
        for below, counter in enumerate(counters, start=1):
            values = by_counter.get(counter.pk, nothing)
            came = received.get((commune.pk, counter.pk), 0)
            found.append(_row(str(below), counter.name, came, values, False))
    found.append(_row("", "Tổng cộng", sum(received.values()), figures.measure(_FIGURES, span), True))
    return found


def _received(span: Span) -> dict[tuple[int, int | None], int]:
    rows = Case.objects.filter(received_at__gte=span.since, received_at__lt=span.until).exclude(state=State.REJECTED)
    counted = rows.order_by().values_list("commune_id", "counter_id").annotate(number=Count("pk"))
    return {(commune, counter): number for commune, counter, number in counted}


def _row(number: str, name: str, received: int, values: Mapping[str, Value], is_sum: bool) -> dict[str, Any]:
    ended_here = values[ended.ON_TIME.key].denominator
    said = ["" if figure is ended.SATISFACTION and not is_sum else _plain(values[figure.key]) for figure in _FIGURES]
    return {"number": number, "name": name, "figures": [str(received), str(ended_here), *said], "is_sum": is_sum}


def _plain(value: Value) -> str:
    """Without the unit, which the heading says; `–` where there was nothing."""
    return value.said.removesuffix(" phút").removesuffix(" giấy") if value.denominator else "–"
