"""What hangs where everyone sees it: the procedures, where and when they are received, the poster. No persons.

Publicity of the counter: name, place, hours, what to bring, time, fee, law and where to complain (one-stop.md H, the
items of Thông tư 01/2018 and of Bộ chỉ số 766 on publicity).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Q
from django.template.loader import render_to_string

from oneshop import walls
from oneshop.models import Commune, OpeningHours
from procedures import papers
from procedures.catalogue import Fee, Procedure, catalogue
from procedures.checking.public_link import commune_link
from procedures.clock import Calendar, CalendarEnds, Limit
from procedures.law import offers
from procedures.law.practices import ruled
from procedures.papers import printing
from procedures.rules import Kind, Rule
from procedures.rules.public_points import ANSWER_DAYS, COMPLAINT_PLACES, CONDUCT, HOTLINE, PUBLIC

DAYS_AHEAD = 90
SIZES = ("A4", "A3")
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


# --- what a procedure says of itself ---
def time_of(procedure: Procedure) -> str:
    """`Tối đa 3 giờ làm việc`."""
    return f"Tối đa {procedure.promise.total_seconds() / 3600:g} giờ làm việc".replace(".", ",")


def limit_of(limit: Limit) -> str:
    """The limit of the law as a citizen reads it."""
    if limit.working_days:
        return f"Luật cho phép nhiều nhất {limit.working_days} ngày làm việc ({limit.law})."
    return (
        f"Luật buộc trả ngay trong ngày; nhận sau {limit.late_after.hour} giờ thì trả trong ngày làm việc tiếp theo "
        f"({limit.law})."
    )


def fee_of(procedure: Procedure, on: date, amounts: Mapping[str, str] | None = None) -> str:
    """With its doubt: an amount that no officer has confirmed says so. `amounts`: what a commune has ruled, by key."""
    fee = procedure.fee_on(on)
    if amounts and fee.point and fee.point.key in amounts:
        return _with_note(replace(fee, amount=int(amounts[fee.point.key])).text, fee.note)
    return _with_note(fee.text, fee.note or _doubt(fee))


def _doubt(fee: Fee) -> str:
    if fee.confirmed:
        return ""
    return "mức thu do xã xác nhận" if fee.amount else "chưa xác minh"


def _with_note(text: str, note: str) -> str:
    return f"{text} ({note})" if note else text


def looked_at(procedure: Procedure, on: date) -> list[tuple[str, list[Rule]]]:
    """What is checked before receipt and may end the fast way, by what follows: the rules' own words."""
    headings = {
        Kind.VERIFY: "Phải xác minh thêm, làm theo cách thông thường",
        Kind.REDIRECT: "Làm ở nơi khác hoặc bằng thủ tục khác",
        Kind.REFUSE: "Luật không cho giải quyết",
    }
    rules = [rule for rule in procedure.rules if rule.in_force(on)]
    found = [(heading, [rule for rule in rules if rule.kind == kind]) for kind, heading in headings.items()]
    return [(heading, listed) for heading, listed in found if listed]


# --- papers, laid out once ---
@lru_cache(maxsize=64)
def pressed(html: str) -> printing.Sheet:
    """What was asked for once is not laid out again while nothing on it changes."""
    return printing.press(html)


@lru_cache(maxsize=64)
def picture(html: str, width_px: int) -> bytes:
    return pressed(html).picture(width_px)


# --- communes ---
def served() -> list[Commune]:
    """Living communes with a counter here, with names and counters; three queries."""
    rows = Commune.objects.filter(is_served=True, closed_on=None)
    return list(rows.prefetch_related("names", "counters").order_by("code"))


def served_commune(code: str) -> Commune | None:
    return next(iter(Commune.objects.filter(code=code, is_served=True, closed_on=None)), None)


def hours_everywhere(on: date) -> dict[int, list[str]]:
    """The weekly hours by commune; one query over all of them: hours are no secret and hold no person."""
    with walls.within(None, reads_all=True):
        rows = list(OpeningHours.objects.filter(_in_force(on)).order_by("commune_id", "weekday", "opens"))
    by_commune: dict[int, list[OpeningHours]] = {}
    for row in rows:
        by_commune.setdefault(row.commune_id, []).append(row)
    return {pk: week_in_words(listed) for pk, listed in by_commune.items()}


def _in_force(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gte=on))


def week_in_words(rows: Iterable[OpeningHours]) -> list[str]:
    """`Thứ Hai đến Thứ Sáu: 07:30–11:30, 13:30–17:30`; days alike stand in one line."""
    sessions: dict[int, list[str]] = {}
    for row in rows:
        only = "" if row.counts else " (chỉ nhận hồ sơ)"
        sessions.setdefault(row.weekday, []).append(f"{row.opens:%H:%M}–{row.closes:%H:%M}{only}")
    alike: list[tuple[int, int, str]] = []
    for weekday in sorted(sessions):
        said = ", ".join(sessions[weekday])
        if alike and alike[-1][1] == weekday - 1 and alike[-1][2] == said:
            alike[-1] = (alike[-1][0], weekday, said)
        else:
            alike.append((weekday, weekday, said))
    return [
        f"{WEEKDAYS[first]}{f' đến {WEEKDAYS[last]}' if last > first else ''}: {said}" for first, last, said in alike
    ]


@dataclass(frozen=True)
class Unusual:
    """Days that differ from their week, said in one line."""

    first: date
    last: date
    what: str

    @property
    def days(self) -> str:
        if self.first == self.last:
            return f"{WEEKDAYS[self.first.weekday()]} {self.first:%d/%m/%Y}"
        return f"{self.first:%d/%m} đến {self.last:%d/%m/%Y}"


def today_in_words(calendar: Calendar, on: date) -> str:
    """`Hôm nay mở cửa: 07:30–11:30`, or why not."""
    hours = _hours(calendar, on)
    if hours:
        return f"Hôm nay mở cửa: {hours}."
    names = [day.name for day in calendar.day(on).special if day.kind.is_off]
    return f"Hôm nay nghỉ{': ' + names[-1] if names else ''}."


def unusual_days(calendar: Calendar, on: date, *, days: int = DAYS_AHEAD) -> list[Unusual]:
    """From `on`: days off that would be working days, and days worked that would be off.

    Days alike stand in one line, over a weekend too. Stops at a year that nobody has planned yet.
    """
    found: list[Unusual] = []
    is_parted = False
    for offset in range(days):
        day = on + timedelta(days=offset)
        try:
            what = _unusual(calendar, day)
        except CalendarEnds:
            break
        if not what:
            is_parted = is_parted or bool(calendar.day(day).works)
            continue
        if found and found[-1].what == what and not is_parted:
            found[-1] = Unusual(found[-1].first, day, what)
        else:
            found.append(Unusual(day, day, what))
        is_parted = False
    return found


def _unusual(calendar: Calendar, on: date) -> str:
    day = calendar.day(on)
    if not day.special or day.works == day.usual:
        return ""
    said = day.special[-1]
    name = said.name.split(" (", maxsplit=1)[0]
    doubt = " (dự kiến, chưa có lịch chính thức)" if said.estimated else ""
    if not day.works:
        return f"{'' if name.startswith('Nghỉ') else 'nghỉ: '}{_within(name)}{doubt}"
    return f"mở cửa {_hours(calendar, on)}: {_within(name)}{doubt}"


def _within(name: str) -> str:
    """`Nghỉ bù Tết` within a sentence: `nghỉ bù Tết`; the name of a feast keeps its capital."""
    return name[0].lower() + name[1:] if name.startswith(("Nghỉ", "Làm")) else name


def _hours(calendar: Calendar, on: date) -> str:
    day = calendar.day(on)
    return ", ".join(
        f"{calendar.local(opens):%H:%M}–{calendar.local(closes):%H:%M}"
        for opens, closes in sorted([*day.works, *day.only_receives])
    )


# --- what a commune says ---
def rows_of(commune: Commune, on: date) -> list[dict[str, Any]]:
    """Each procedure as the commune takes it in on that day; call inside its walls; two queries."""
    closed = offers.not_offered(commune.pk, on)
    amounts = ruled([fee.point for fee in _fees(on) if fee.point], commune.pk, on)
    return [
        {
            "procedure": procedure,
            "time": time_of(procedure),
            "fee": fee_of(procedure, on, amounts),
            "not_offered": offers.sentence(closed[procedure.key]) if procedure.key in closed else "",
        }
        for procedure in catalogue()
    ]


def _fees(on: date) -> list[Fee]:
    return [procedure.fee_on(on) for procedure in catalogue()]


def promises_of(commune: Commune, on: date) -> dict[str, Any]:
    """How officers behave and where to complain, as the commune has ruled or as the house supposes; one query."""
    own = ruled(PUBLIC, commune.pk, on)

    def said(key: str, value: str) -> str:
        return own.get(key, value)

    return {
        "conduct": _parts(said(CONDUCT.key, CONDUCT.value)),
        "conduct_doubted": CONDUCT.key not in own,
        "complaint_places": _parts(said(COMPLAINT_PLACES.key, COMPLAINT_PLACES.value)),
        "hotline": said(HOTLINE.key, HOTLINE.value),
        "answer_days": said(ANSWER_DAYS.key, ANSWER_DAYS.value),
        "complaints_doubted": COMPLAINT_PLACES.key not in own,
    }


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def week_of(commune: Commune, on: date) -> list[str]:
    """Call inside the commune's walls."""
    return week_in_words(OpeningHours.objects.filter(_in_force(on), commune=commune).order_by("weekday", "opens"))


def poster_html(commune: Commune, size: str, *, on: date, tight: bool = False) -> str:
    """The poster as it is laid out; call inside the commune's walls. `size` is one of SIZES."""
    facts = {
        **papers.head_of(commune, on),
        **promises_of(commune, on),
        "size": size.lower(),
        "tight": tight,
        "office": commune.name_on(on).full,
        "telephone": commune.telephone,
        "rows": rows_of(commune, on),
        "usual_bring": Procedure.bring,
        "hours": week_of(commune, on),
        "issued_on": on,
        "link": commune_link(commune.code),
    }
    return render_to_string("lists/poster.html", facts)


def poster(commune: Commune, size: str, *, on: date) -> printing.Sheet:
    """One page: in smaller letters where the commune has much to say. Raises NoPaper."""
    sheet = pressed(poster_html(commune, size, on=on))
    return sheet if sheet.pages == 1 else pressed(poster_html(commune, size, on=on, tight=True))
