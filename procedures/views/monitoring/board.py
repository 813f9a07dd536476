"""The leaders' board of one commune: what needs me now, seven figures, where the work lies, the cases behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from oneshop.keys import only
from oneshop.models import Officer
from oneshop.roles import DeskRequest, Role
from procedures import figures
from procedures.catalogue import catalogue
from procedures.figures import Figure, Value, charts, ended, now, pauses
from procedures.figures.charts import Bar, Bars, Sparkline, Table, Tone
from procedures.models import Case, CaseQuerySet
from procedures.states import State
from procedures.views.polling import NOTHING_NEW, listed, unchanged, version_of
from procedures.views.shown import rows_of

DAYS = 30
ROWS = 30  # cases of a page
SEVEN: tuple[Figure, ...] = (
    ended.ON_TIME,
    ended.TIME_USED,
    ended.SCAN_TIME,
    ended.PAUSED,
    ended.APOLOGIES,
    ended.KNOWN_LINES,
    ended.SATISFACTION,
)
STAGES: Mapping[State, str] = {
    State.RECEIVED: "chờ xử lý",
    State.HANDLING: "xử lý",
    State.WAITING_REVIEW: "chờ rà soát",
    State.WAITING_PAPERS: "chờ bổ sung",
    State.WAITING_SIGNATURE: "ký",
    State.SIGNED: "trả kết quả",
}
LISTS = {"qua-han": "Hồ sơ quá hạn", "sap-den-han": "Hồ sơ đến hạn trong 30 phút"}
"""Lists of this moment, beside those of the figures."""


@dataclass(frozen=True)
class Need:
    """One thing that needs somebody now: in words, with the way there. `tone` as that of a promise."""

    text: str
    href: str
    tone: Tone


@dataclass(frozen=True)
class Tile:
    """A figure as the board shows it."""

    figure: Figure
    value: Value
    line: Sparkline
    href: str


@require_GET
@only(Role.SIGNER)
def board(request: DeskRequest) -> HttpResponse:
    """One screen at 1366 × 768; htmx asks for what has changed."""
    at = timezone.now()
    commune_id = request.user.commune_id
    assert commune_id is not None, "leaders belong to a commune"
    version = version_of(commune_id, at=at)
    if unchanged(request, version):
        return HttpResponse(status=NOTHING_NEW)
    span = figures.last_days(DAYS, at=at)
    stages = now.heaps("state", at=at, commune_id=commune_id)
    procedures = figures.by("procedure_key", [ended.ON_TIME], span, commune_id=commune_id)
    page = {
        "needs": needs_of(stages),
        "open": sum(heap.number for heap in stages.values()),
        "tiles": _tiles(at, span, commune_id),
        "stages": _stages(stages),
        "procedures": _procedures(procedures),
        "officers": _officers(now.of_officers(at=at, commune_id=commune_id), commune_id),
        "hours": _hours(now.arrivals_by_hour(span, commune_id=commune_id)),
        "days": DAYS,
        "definitions_href": reverse("definitions"),
    }
    return listed(request, "board/board.html", page, version)


def needs_of(stages: Mapping[State, now.Heap]) -> list[Need]:
    """What is late, the largest heap first, then what is late soon; nothing where nothing presses."""
    late = sorted((key for key, heap in stages.items() if heap.overdue), key=lambda key: -stages[key].overdue)
    needs = [
        Need(f"{stages[key].overdue} hồ sơ quá hạn ở khâu {STAGES[State(key)]}", _room(State(key)), Tone.BAD)
        for key in late
    ]
    if soon := sum(heap.soon for heap in stages.values()):
        here = reverse("board_cases", args=["sap-den-han"])
        needs.append(Need(f"{soon} hồ sơ đến hạn trong 30 phút", here, Tone.NEAR))
    return needs


def _room(state: State) -> str:
    """A leader signs in the signing room; the rest is opened from its list."""
    return reverse("signing") if state == State.WAITING_SIGNATURE else reverse("board_cases", args=["qua-han"])


def _tiles(at: datetime, span: figures.Span, commune_id: int) -> list[Tile]:
    values = figures.measure(SEVEN, span, commune_id=commune_id)
    weeks = figures.by_week(SEVEN, at=at, commune_id=commune_id)[""]
    mondays = figures.weeks_until(at)
    return [Tile(figure, values[figure.key], _line(figure, weeks, mondays), _behind(figure)) for figure in SEVEN]


def _behind(figure: Figure) -> str:
    """Where that which a figure counts is read: its cases, or what people said."""
    return reverse("board_cases", args=[figure.key]) if figure.has_cases else reverse("opinions")


def _line(figure: Figure, weeks: Sequence[Mapping[str, Value]], mondays: Sequence[date]) -> Sparkline:
    values = [week[figure.key] for week in weeks]
    rows = [[f"{monday:%d/%m}", value.said] for monday, value in zip(mondays, values, strict=True)]
    return charts.sparkline(
        f"{figure.name}, 8 tuần. {trend_of(values)}",
        [value.number for value in values],
        top=1.0 if figure.unit == "%" else None,
        target=figure.target.value if figure.target else None,
        table=Table(["Tuần từ", figure.name], rows),
    )


def trend_of(values: Sequence[Value]) -> str:
    """In a sentence how the last whole week stands to the one before; the running week says little yet."""
    known = [value for value in values[:-1] if value.number is not None]
    if len(known) < 2:
        return "Chưa đủ hai tuần để so sánh."
    before, last = known[-2], known[-1]
    assert before.number is not None
    assert last.number is not None
    if before.number == last.number:
        return f"Tuần trước {last.said}, như tuần trước nữa."
    better = (last.number > before.number) == last.figure.more_is_better
    return f"Tuần trước {last.said}, {'tốt' if better else 'kém'} hơn tuần trước nữa ({before.said})."


def _stages(stages: Mapping[State, now.Heap]) -> Bars:
    rows = [_heap(f"{label[0].upper()}{label[1:]}", stages.get(state)) for state, label in STAGES.items()]
    fullest = max(stages, key=lambda key: stages[key].number, default=None)
    finding = f"Nhiều nhất ở khâu {STAGES[State(fullest)]}." if fullest else "Không có hồ sơ nào đang mở."
    return charts.bars("Đang ở khâu nào", finding, rows, columns=("Khâu", "Hồ sơ"))


def _heap(label: str, heap: now.Heap | None) -> Bar:
    heap = heap or now.Heap(0, 0, 0)
    said = f"{heap.number}, {heap.overdue} quá hạn" if heap.overdue else str(heap.number)
    tone = Tone.BAD if heap.overdue else Tone.NEAR if heap.soon else Tone.GOOD
    return Bar(label, heap.number, said, tone=tone)


def _procedures(found: Mapping[str, Mapping[str, Value]]) -> Bars:
    """On time by procedure, the worst first; what had no case last."""
    key, rows = ended.ON_TIME.key, []
    for procedure in catalogue():
        value = found.get(procedure.key, figures.nothing([ended.ON_TIME]))[key]
        target = ended.ON_TIME.target
        rows.append(Bar(procedure.name, value.number, value.said, target.value if target else None, value.tone))
    rows.sort(key=lambda bar: (bar.value is None, bar.value))
    known = [bar for bar in rows if bar.value is not None]
    finding = "Chưa có hồ sơ nào xong."
    if known:
        worst = known[0]
        finding = f"Thấp nhất: {worst.label}, {worst.said}."
        if worst.tone == Tone.GOOD:
            finding = "Mọi thủ tục có hồ sơ đều đạt."
    columns = ("Thủ tục", "Đúng hẹn")
    return charts.bars("Đúng hẹn theo thủ tục", finding, rows, columns=columns, top=1.0, is_stacked=True)


def _officers(found: Mapping[int | None, now.Heap], commune_id: int) -> Bars:
    known = Officer.objects.filter(commune_id=commune_id, pk__in=[pk for pk in found if pk])
    names = dict(known.values_list("pk", "full_name"))
    order = sorted(found, key=lambda pk: (-found[pk].overdue, -found[pk].number))
    rows = [_heap(names[pk] if pk else "Chưa ai nhận", found[pk]) for pk in order[:6]]
    finding = "Không ai giữ hồ sơ nào."
    if order:
        who = names[order[0]] if order[0] else "Chưa ai nhận"
        finding = f"{who}: {found[order[0]].number} hồ sơ."
    return charts.bars("Đang ở tay ai", finding, rows, columns=("Công chức", "Hồ sơ"))


def _hours(found: Mapping[int, int]) -> Sparkline | None:
    """Arrivals by hour; None where nobody came."""
    if not found:
        return None
    hours = range(min(found), max(found) + 1)
    busiest = max(found, key=lambda hour: found[hour])
    return charts.sparkline(
        f"Giờ người dân đến, từ {hours[0]} giờ đến {hours[-1]} giờ. Đông nhất lúc {busiest} giờ: "
        f"{found[busiest]} hồ sơ trong {DAYS} ngày.",
        [found.get(hour, 0) for hour in hours],
        table=Table(["Giờ", "Hồ sơ nhận"], [[f"{hour}–{hour + 1} giờ", str(found.get(hour, 0))] for hour in hours]),
    )


# --- the cases behind a figure ---
@require_GET
@only(Role.SIGNER)
def board_cases(request: DeskRequest, what: str) -> HttpResponse:
    """`what` is a list of this moment or the key of a figure; `?tat-ca` shows all that the figure counts."""
    at = timezone.now()
    commune_id = request.user.commune_id
    assert commune_id is not None, "leaders belong to a commune"
    every = "tat-ca" in request.GET
    figure = figures.BY_KEY.get(what)
    if figure is None and what not in LISTS:
        raise Http404
    span = figures.last_days(DAYS, at=at)
    if figure is not None:
        cases = figures.cases_behind(figure, span, commune_id=commune_id, every=every)
    else:
        cases = _cases_now(what, at=at, commune_id=commune_id)
    sheet = Paginator(cases.for_board(), ROWS).get_page(request.GET.get("trang"))
    shown: dict[str, Any] = {
        "title": figure.name if figure else LISTS[what],
        "figure": figure,
        "value": figures.measure([figure], span, commune_id=commune_id)[figure.key] if figure else None,
        "days": DAYS,
        "every": every,
        "reasons": pauses.reasons(span, commune_id=commune_id) if figure == ended.PAUSED else [],
        "rows": rows_of(sheet.object_list, at=at, commune_id=commune_id),
        "sheet": sheet,
        "keep": "tat-ca&" if every else "",
        "here": reverse("board_cases", args=[what]),
        "back_href": reverse("board"),
        "definition_href": f"{reverse('definitions')}#{what}",
    }
    return render(request, "board/cases.html", shown)


def _cases_now(what: str, *, at: datetime, commune_id: int) -> CaseQuerySet:
    here = Case.objects.here(commune_id)
    chosen = here.overdue(at=at) if what == "qua-han" else here.due_soon(at=at, within=now.SOON)
    ordered: CaseQuerySet = chosen.order_by("due_at", "pk")
    return ordered


# --- what each figure is ---
@require_GET
@only(*Role)
def definitions(request: DeskRequest) -> HttpResponse:
    """Every figure from the objects that are counted by, so that no page says other than what is done.

    A leader sees beside it what it is now in the own commune, also of those that the board has no room for.
    """
    leads = request.user.is_(Role.SIGNER)
    span = figures.last_days(DAYS, at=timezone.now())
    values = figures.measure(figures.EVERY, span, commune_id=request.user.commune_id) if leads else {}
    page = {
        "figures": [(figure, values.get(figure.key), _behind(figure)) for figure in figures.EVERY],
        "days": DAYS,
        "small": figures.SMALL,
        "back_href": _back(request.user),
    }
    return render(request, "board/definitions.html", page)


def _back(officer: Officer) -> str:
    if officer.is_(Role.SIGNER):
        return reverse("board")
    return reverse("monitor") if officer.is_(Role.MONITOR) else ""
