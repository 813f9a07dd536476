"""The due time in a sentence a citizen can check: when, made of which hours, and why not earlier. No database.

The sentence is kept with the case and printed, so it names days and never says "hôm nay" unless told which day it is
read on. Hours of a half-day are "buổi sáng": "2 giờ sáng" would be the middle of the night.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from textwrap import shorten

from procedures.clock import (
    Calendar,
    DayKind,
    Limit,
    Pauses,
    SpecialDay,
    is_open,
    next_opening,
    only_receives,
    promised,
    running,
    used_between,
)

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
_MOST_PARTS, _MOST_HOLIDAYS, _LONGEST_NAME = 4, 3, 60  # the sentence stays below the 400 letters kept with a case


def duration_text(duration: timedelta) -> str:
    """`1 giờ 20 phút`, cut to the minute; hours are not made into days. Raises ValueError below zero."""
    if duration < timedelta():
        raise ValueError("a duration is not negative")
    if timedelta() < duration < _MINUTE:
        return "dưới 1 phút"
    hours, minutes = divmod(duration // _MINUTE, 60)
    if not hours:
        return f"{minutes} phút"
    return f"{hours} giờ {minutes} phút" if minutes else f"{hours} giờ"


def explain(
    received_at: datetime,
    promise: timedelta,
    calendar: Calendar,
    pauses: Pauses = (),
    limit: Limit | None = None,
    *,
    today: date | None = None,
) -> str:
    """`Hẹn 09:30 thứ Hai 30/11: 1 giờ buổi chiều thứ Sáu 27/11 + 2 giờ buổi sáng thứ Hai`.

    The same due time as `promised`, in the calendar's zone, cut to the minute. Then, as far as they apply: received
    while closed, days off by name, a made-up day, pauses taken off, a calendar still estimated. `today` is the day the
    sentence is read on, for a screen: its hours become "hôm nay". Raises what `promised` raises.
    """
    received = calendar.local(received_at)
    due = promised(received_at, promise, limit, calendar, pauses)
    worked = _worked(received_at, due, calendar, pauses)
    if limit is not None and used_between(received_at, due, calendar, pauses) < promise:
        reckoning = _limit_text(limit, same_day=due.date() == _complete_on(received_at, due, calendar, pauses))
    else:
        reckoning = _parts_text(worked, promise, received=received, due=due, today=today)
    special = [day for on in _days(received.date(), due.date()) for day in calendar.day(on).special]
    notes = [
        *_closed_at_receipt(received, calendar),
        *_days_off(received.date(), due.date(), calendar),
        *(f"{day.on:%d/%m} {_lowered(day)}" for day in special if _was_made_up(day, worked)),
        *_paused(received_at, due, calendar, pauses),
        *(["lịch nghỉ dự kiến"] if any(day.estimated for day in special) else []),
    ]
    year = "" if due.year == received.year else f"/{due.year}"
    return "; ".join([f"Hẹn {due:%H:%M} {_named(due.date())}{year}: {reckoning}", *notes])


def _worked(start: datetime, end: datetime, calendar: Calendar, pauses: Pauses) -> list[tuple[datetime, datetime]]:
    """The stretches of work from `start` to `end`, local, cut to the minute as every moment that is shown."""
    worked, stretches = [], running(start, calendar, pauses)
    while True:
        begins, ends = next(stretches)
        worked.append((_minute(calendar.local(begins)), _minute(calendar.local(min(ends, end)))))
        if ends >= end:
            return worked


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _DAY


def _named(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day:%d/%m}"


def _half(begins: datetime, ends: datetime) -> str:
    """The part of the day, or nothing for a session that runs through noon."""
    first, last = ((at.hour >= 12) + (at.hour >= 18) for at in (begins, ends - _MINUTE))
    return ("buổi sáng", "buổi chiều", "buổi tối")[first] if first == last else ""


def _parts_text(
    worked: list[tuple[datetime, datetime]],
    promise: timedelta,
    *,
    received: datetime,
    due: datetime,
    today: date | None,
) -> str:
    parts: dict[tuple[date, str], timedelta] = {}
    for begins, ends in worked:
        if begins < ends:
            part = begins.date(), "" if begins.date() == today else _half(begins, ends)
            parts[part] = parts.get(part, timedelta()) + (ends - begins)
    if not 1 < len(parts) <= _MOST_PARTS:
        return f"{duration_text(promise)} làm việc{_since(worked[0][0], received=received, due=due)}"
    days = [day for day, _ in parts]
    texts = []
    for number, ((day, half), duration) in enumerate(parts.items(), start=1):
        # Two halves of one day share its name, said once, after the last.
        name = "" if day in days[number:] else _day_in_parts(day, due.date(), days[0], today)
        texts.append(" ".join(word for word in (duration_text(duration), half, name) if word))
    return " + ".join(texts)


def _since(begins: datetime, *, received: datetime, due: datetime) -> str:
    if begins != _minute(received):
        return ""  # received while closed: a note of its own tells from when
    return f" từ {begins:%H:%M}" + ("" if begins.date() == due.date() else f" {_named(begins.date())}")


def _day_in_parts(day: date, due_on: date, first: date, today: date | None) -> str:
    """The head has given the date of the due day, so its weekday is enough, and nothing if no other day is involved."""
    if day == today:
        return "hôm nay"
    if day != due_on:
        return _named(day)
    return "" if first == due_on else _WEEKDAYS[day.weekday()]


def _limit_text(limit: Limit, *, same_day: bool) -> str:
    if limit.working_days:
        return f"trong {limit.working_days} ngày làm việc theo {limit.law}"
    return f"trong ngày theo {limit.law}" if same_day else f"trong ngày làm việc tiếp theo, theo {limit.law}"


def _complete_on(received_at: datetime, due: datetime, calendar: Calendar, pauses: Pauses) -> date:
    """The day the law counts from: of the receipt or, after a pause, of the complete file."""
    ends = [until for _, until in pauses if until is not None and received_at < until < due]
    return next_opening(max([received_at, *ends]), calendar).date()


def _closed_at_receipt(received: datetime, calendar: Calendar) -> Iterator[str]:
    if not is_open(received, calendar):
        opening = next_opening(received, calendar)
        when = "trong buổi chỉ tiếp nhận" if only_receives(received, calendar) else "ngoài giờ làm việc"
        yield f"nhận {when}, tính từ {opening:%H:%M} {_named(opening.date())}"


def _days_off(first: date, last: date, calendar: Calendar) -> list[str]:
    """Days and hours off on which the week would have worked, each unbroken run with its reason once."""
    runs: list[tuple[str, list[str]]] = []
    unbroken = False
    for on in _days(first, last):
        day = calendar.day(on)
        off = [special for special in day.special if special.kind.is_off]
        if off and off[-1].spans:
            hours = ", ".join(f"{span.opens:%H:%M}–{span.closes:%H:%M}" for span in off[-1].spans)
            runs.append((_lowered(off[-1]), [f"{hours} {on:%d/%m}"]))
        elif off and day.usual and not day.works:
            if not (unbroken and runs[-1][0] == _lowered(off[-1])):
                runs.append((_lowered(off[-1]), []))
            runs[-1][1].append(f"{on:%d/%m}")
            unbroken = True
        unbroken = unbroken and not day.works
    texts = [f"{days[0]}–{days[-1]} {why}" if len(days) > 1 else f"{days[0]} {why}" for why, days in runs]
    more = len(texts) - _MOST_HOLIDAYS
    return texts if more <= 0 else [*texts[:_MOST_HOLIDAYS], f"và {more} đợt nghỉ khác"]


def _lowered(day: SpecialDay) -> str:
    """`nghỉ Ngày Văn hóa Việt Nam`: the name as it stands inside a sentence, without its bracketed detail."""
    name = shorten(day.name.split(" (")[0], _LONGEST_NAME, placeholder="…")
    if name.startswith(("Nghỉ", "Làm bù")):
        return name[0].lower() + name[1:]
    if day.kind == DayKind.SWAP_WORK:
        return f"làm bù {name}".strip()
    return f"{'đóng cửa:' if day.kind == DayKind.CLOSURE else 'nghỉ'} {name}"


def _was_made_up(day: SpecialDay, worked: list[tuple[datetime, datetime]]) -> bool:
    return day.kind == DayKind.SWAP_WORK and any(begins.date() == day.on for begins, _ in worked)


def _paused(received_at: datetime, due: datetime, calendar: Calendar, pauses: Pauses) -> Iterator[str]:
    paused = used_between(received_at, due, calendar) - used_between(received_at, due, calendar, pauses)
    if paused:
        yield f"đã trừ {duration_text(paused)} tạm dừng"
