"""All counters beside each other for the monitoring office: the figures of each, and in words why one needs a look.

The worst first; but a counter of few cases is never ranked by a share (U-29): what it has is said as numbers, and only
what is late now lifts it. The free words of a pause stay in their house (figures/pauses.py), so a pause is told by its
procedure. Sources: issue 5 item 4; peers.md 10 (back-dating, minutes late, small numbers).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min
from django.utils import timezone

from oneshop.models import Commune, Counter
from procedures import figures
from procedures.catalogue import catalogue
from procedures.figures import SMALL, Figure, Span, Value, ended
from procedures.figures.charts import Tone
from procedures.models import Case, Pause

CHOICES: Mapping[str, Figure] = {
    figure.key: figure
    for figure in (
        ended.ON_TIME,
        ended.TIME_USED,
        ended.LATE_BY,
        ended.LATE_MOST,
        ended.PAUSED,
        ended.SCAN_TIME,
        ended.APOLOGIES,
        ended.REFUSALS,
    )
}
"""What the small multiples may show; on-time first."""

JUDGED: tuple[Figure, ...] = (ended.ON_TIME, ended.TIME_USED, ended.PAUSED, ended.SCAN_TIME, ended.APOLOGIES)
"""What makes a counter stand before others, if it has enough cases."""

DAYS = 30
MOST_REASONS = 3


@dataclass(frozen=True)
class Late:
    """What is past its time at a counter now, and since when the oldest."""

    number: int
    since: datetime | None


@dataclass(frozen=True)
class Place:
    """A counter with its figures of the last thirty days. `reasons` say why it stands where it does.

    `weeks` hold only the figure that is shown.
    """

    counter: Counter
    commune: Commune
    late: Late
    values: Mapping[str, Value]
    weeks: Sequence[Mapping[str, Value]]
    reasons: Sequence[str]
    missed: float

    @property
    def is_small(self) -> bool:
        return self.values[ended.ON_TIME.key].denominator < SMALL


def places(*, at: datetime, shown: Figure = ended.ON_TIME) -> list[Place]:
    """Every counter of a living commune, the worst first; the same number of queries however many there are."""
    span = figures.last_days(DAYS, at=at)
    asked = [*CHOICES.values()]
    values = figures.by("counter_id", asked, span)
    weeks = figures.by_week([shown], at=at, group="counter_id")
    late, paused = late_now(at=at), _paused_in(span)
    nothing = figures.nothing(asked)
    quiet = [figures.nothing([shown])] * figures.WEEKS
    counters = Counter.objects.filter(is_open=True, commune__is_served=True, commune__closed_on=None).select_related(
        "commune"
    )
    found = []
    for counter in counters.prefetch_related("commune__names").order_by("commune__code", "pk"):
        own, waits = values.get(counter.pk, nothing), late.get(counter.pk, Late(0, None))
        found.append(
            Place(
                counter,
                counter.commune,
                waits,
                own,
                weeks.get(counter.pk, quiet),
                _reasons(own, waits, paused.get(counter.pk, "")),
                sum(_missed(own[figure.key]) for figure in JUDGED),
            )
        )
    return sorted(found, key=lambda place: (-place.late.number, -place.missed))


def late_now(*, at: datetime) -> dict[int | None, Late]:
    """By counter, what is past its promise: the same cases as in the list of the late."""
    rows = Case.objects.overdue(at=at).order_by().values("counter_id")
    return {
        row["counter_id"]: Late(row["number"], row["since"])
        for row in rows.annotate(number=Count("pk"), since=Min("due_at"))
    }


def _missed(value: Value) -> float:
    """How far beyond its target, as a part of it; nothing for small numbers, for none, and for what keeps it."""
    target = value.figure.target
    if target is None or value.number is None or value.denominator < SMALL:
        return 0.0
    beyond = target.value - value.number if value.figure.more_is_better else value.number - target.value
    return max(0.0, beyond / (target.value or 1.0))


def _paused_in(span: Span) -> dict[int | None, str]:
    """By counter, the procedure in which the clock stood still most often in the span."""
    rows = (
        Pause.objects.filter(since__gte=span.since, since__lt=span.until)
        .order_by()
        .values("case__counter_id", "case__procedure_key")
        .annotate(number=Count("pk"))
        .order_by("number", "case__procedure_key")
    )
    return {row["case__counter_id"]: catalogue()[row["case__procedure_key"]].name for row in rows}


def _reasons(values: Mapping[str, Value], late: Late, paused_in: str) -> list[str]:
    """At most three, what presses most first; none where all is well."""
    said = []
    if late.number and late.since:
        said.append(f"{late.number} hồ sơ đang quá hạn, lâu nhất từ {_moment(late.since)}")
    on_time, late_by, late_most = (values[key.key] for key in (ended.ON_TIME, ended.LATE_BY, ended.LATE_MOST))
    missed = on_time.denominator - round(on_time.numerator)
    if missed and (on_time.denominator < SMALL or _missed(on_time)):
        how = f", muộn nhất {late_most.said}" if late_most.denominator else ""
        how += f", một nửa không quá {late_by.numerator:.0f} phút" if late_by.denominator > 1 else ""
        said.append(f"{missed}/{on_time.denominator} hồ sơ muộn{how}")
    paused = values[ended.PAUSED.key]
    if _missed(paused):
        where = f", nhiều nhất ở {paused_in.lower()}" if paused_in else ""
        said.append(f"tạm dừng {paused.said} thời gian{where}")
    scans = values[ended.SCAN_TIME.key]
    if _missed(scans):
        said.append(f"từ quét thẻ đến nhận xong có khi {scans.number:.0f} giây")
    if _missed(values[ended.APOLOGIES.key]):
        said.append(f"xin lỗi, hẹn lại {values[ended.APOLOGIES.key].said}")
    used = values[ended.TIME_USED.key]
    if _missed(used):
        said.append(f"chín phần mười hồ sơ mất tới {used.number:.0f} phút")
    return said[:MOST_REASONS]


def needs_a_look(found: Sequence[Place]) -> str:
    """The first line of the board: where to look now and why, in a sentence."""
    pressing = [place for place in found if place.late.number]
    if pressing:
        shown = "; ".join(_pressing(place) for place in pressing[:3])
        more = f"; và {len(pressing) - 3} điểm khác" if len(pressing) > 3 else ""
        return f"Cần xem ngay: {shown}{more}."
    worst = next((place for place in found if place.missed), None)
    if worst is not None and worst.reasons:
        return f"Không có hồ sơ quá hạn. Xa mục tiêu nhất trong 30 ngày: {worst.counter.name}, {worst.reasons[0]}."
    return "Không có hồ sơ quá hạn; mọi điểm đều đạt mục tiêu hoặc còn ít hồ sơ."


def what_stands_out(figure: Figure, found: Sequence[Place]) -> str:
    """Of the figure that is shown: how many miss its target and who by most, among those with cases enough."""
    measured = [(place, place.values[figure.key]) for place in found]
    enough = [
        (place, value, value.number)
        for place, value in measured
        if value.number is not None and value.denominator >= SMALL
    ]
    if not enough:
        return f"Chưa điểm nào đủ {SMALL} hồ sơ để so sánh."
    worst, value, _ = (min if figure.more_is_better else max)(enough, key=lambda one: one[2])
    if figure.target is None:
        return f"Cao nhất: {worst.counter.name}, {value.said}."
    missed = sum(value.tone != Tone.GOOD for _, value, _ in enough)
    said = f"{missed} trên {len(enough)} điểm đủ hồ sơ chưa đạt mục tiêu {figure.target.said}."
    return said if value.tone == Tone.GOOD else f"{said} Xa nhất: {worst.counter.name}, {value.said}."


def _pressing(place: Place) -> str:
    since = f", lâu nhất từ {_moment(place.late.since)}" if place.late.since else ""
    return f"{place.counter.name} ({place.late.number} hồ sơ quá hạn{since})"


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M %d/%m}"
