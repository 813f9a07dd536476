"""A change of the working calendar: which promises it would move, and the change itself (R-27, I8).

Looked at before it is saved, saved under a new number, and every promise that it moves is moved by one step with its
line in the diary. What has ended never moves; what a leader promised anew in writing does not move either.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from oneshop import audit
from oneshop.models import CalendarChange, CalendarVersion, Commune, Officer, OpeningHours
from procedures.clock import Calendar, CalendarEnds
from procedures.frozen import thaw
from procedures.models import Case, CaseQuerySet, DueMove, Slip
from procedures.opening import calendar_from, hold_calendar, national_hash, snapshot, version_of
from procedures.states import State, Verb
from procedures.workflow.moves import NotAllowed, move
from procedures.workflow.promises import promise_under

LONGEST_PLAN = 200_000  # bytes of a year's plan


@dataclass(frozen=True)
class NewHours:
    """From `valid_from` on these weekdays (0 is Monday) have these sessions and no others: opens, closes, counts."""

    weekdays: tuple[int, ...]
    sessions: tuple[tuple[time, time, bool], ...]
    valid_from: date


@dataclass(frozen=True)
class Change:
    """What is to be different: days (rows not yet saved), the hours of the week, or both; and by which paper."""

    what: str
    document: str
    days: tuple[CalendarChange, ...] = ()
    hours: NewHours | None = None


@dataclass(frozen=True)
class Moved:
    """`slip_differs`: the citizen holds a slip that would say another time."""

    case: Case
    old: datetime
    new: datetime
    sentence: str
    slip_differs: bool


@dataclass(frozen=True)
class DryRun:
    """What a change would do. `by_hand` were promised anew in writing for a day that is now closed: they stay, and
    somebody has to call. `paused` are reckoned when their papers are here."""

    moved: tuple[Moved, ...]
    by_hand: tuple[Case, ...] = ()
    paused: int = 0
    digest: str = field(default="", compare=False)


class LooksDifferent(NotAllowed):
    """Since the dry run was shown something has moved: it is shown again before anything is saved."""

    def __init__(self) -> None:
        super().__init__("Danh sách hồ sơ thay đổi giờ hẹn đã khác lúc xem thử. Xem lại rồi ghi.")


def dry_run(commune: Commune, change: Change) -> DryRun:
    """Which promises `change` would move, without saving anything.

    Raises NotAllowed for a calendar by which a case would never be due."""
    hours, days = _after(commune, change, version=version_of(commune) + 1)
    return _judge(list(_open_cases(commune)), calendar_from(hours, days))


def change_calendar(commune: Commune, change: Change, *, by: Officer, at: datetime, seen: str) -> CalendarVersion:
    """Save `change` as the next version and move the promises that it moves.

    `seen` is the digest of the dry run that was looked at; LooksDifferent if it would turn out otherwise now.
    """
    with transaction.atomic():
        hold_calendar(commune.pk, to_change=True)
        number = version_of(commune) + 1
        cases = list(_open_cases(commune).select_for_update(no_key=True, of=("self",)))
        before = _rows(commune)
        hours, days = _after(commune, change, version=number)
        run = _judge(cases, calendar_from(hours, days))
        if run.digest != seen:
            raise LooksDifferent
        if number == 1:
            _keep(commune, 0, *before, what="Lịch trước thay đổi đầu tiên", document="", by=None, at=at)
        _save_hours(before[0], hours)
        for row in change.days:
            row.commune, row.by, row.at, row.version = commune, by, at, number
            row.save()
        saved = _keep(commune, number, *_rows(commune), what=change.what, document=change.document, by=by, at=at)
        audit.record("change", "calendar", number, by=by, at=at, why=f"{change.what} ({change.document})")
        for moved in run.moved:
            _move(moved, number, change, by=by, at=at)
    return saved


def _move(moved: Moved, number: int, change: Change, *, by: Officer, at: datetime) -> None:
    old = timezone.localtime(moved.old)
    move(
        moved.case,
        Verb.MOVE_DUE,
        by=by,
        at=at,
        note=f"Hẹn cũ {old:%H:%M %d/%m/%Y}. Lịch số {number}: {change.what} ({change.document})."[:500],
        due_at=moved.new,
        due_sentence=moved.sentence,
        calendar_version=number,
    )
    DueMove.objects.create(
        commune_id=moved.case.commune_id,
        case=moved.case,
        version=number,
        old_due_at=moved.old,
        new_due_at=moved.new,
        slip_differs=moved.slip_differs,
        at=at,
    )


def tell(due_move: DueMove, *, by: Officer, at: datetime) -> None:
    """The citizen has been told of the new time; pressed twice it stays told by whom it was."""
    with transaction.atomic():
        if DueMove.objects.filter(pk=due_move.pk, commune=by.commune, told_at=None).update(told_at=at, told_by=by):
            audit.record("tell", "case", due_move.case.code, by=by, at=at, why="báo lại giờ hẹn")


# --- what would be ---
def _open_cases(commune: Commune) -> CaseQuerySet:
    return (
        Case.objects.here(commune.pk)
        .open()
        .select_related("commune")
        .prefetch_related("steps", "pauses", "slips", "commune__names")
        .order_by("due_at", "pk")
    )


def _rows(commune: Commune) -> tuple[list[OpeningHours], list[CalendarChange]]:
    return (
        list(OpeningHours.objects.filter(commune=commune).order_by("weekday", "opens", "valid_from")),
        list(CalendarChange.objects.filter(commune=commune)),
    )


def _after(commune: Commune, change: Change, *, version: int) -> tuple[list[OpeningHours], list[CalendarChange]]:
    """The rows as they would stand; those that exist are copies, so that nothing changes by looking."""
    hours, days = _rows(commune)
    new = [copy(row) for row in change.days]
    for row in new:
        row.version = version
    if change.hours is None:
        return hours, [*days, *new]
    kept = []
    for session in hours:
        concerned = session.weekday in change.hours.weekdays and (
            session.valid_to is None or session.valid_to >= change.hours.valid_from
        )
        if not concerned:
            kept.append(session)
        elif session.valid_from < change.hours.valid_from:
            ended = copy(session)
            ended.valid_to = change.hours.valid_from - timedelta(days=1)
            kept.append(ended)
    kept += [
        OpeningHours(
            commune=commune,
            weekday=weekday,
            opens=opens,
            closes=closes,
            counts=counts,
            valid_from=change.hours.valid_from,
            document=change.document,
        )
        for weekday in change.hours.weekdays
        for opens, closes, counts in change.hours.sessions
    ]
    return kept, [*days, *new]


def _save_hours(before: Sequence[OpeningHours], after: Sequence[OpeningHours]) -> None:
    """Sessions that end get their last day; those that would begin only after their end go. The version keeps both."""
    left = {row.pk for row in after if row.pk}
    OpeningHours.objects.filter(pk__in=[row.pk for row in before if row.pk not in left]).delete()
    was = {row.pk: row.valid_to for row in before}
    for row in after:
        if row.pk is None or row.valid_to != was[row.pk]:
            row.save()


def _keep(
    commune: Commune,
    number: int,
    hours: Sequence[OpeningHours],
    days: Sequence[CalendarChange],
    *,
    what: str,
    document: str,
    by: Officer | None,
    at: datetime,
) -> CalendarVersion:
    return CalendarVersion.objects.create(
        commune=commune,
        number=number,
        at=at,
        by=by,
        what=what[:300],
        document=document,
        rows=snapshot(hours, days),
        national=national_hash(),
    )


def _judge(cases: Sequence[Case], calendar: Calendar) -> DryRun:
    moved, by_hand, paused = [], [], 0
    for case in cases:
        if case.where == State.WAITING_PAPERS:
            paused += 1
            continue
        try:
            promise = promise_under(case, calendar)
            if promise is None:
                if not calendar.day(calendar.local(case.due_at).date()).works:
                    by_hand.append(case)
            elif promise[0] != case.due_at:
                moved.append(Moved(case, case.due_at, promise[0], promise[1], _slip_differs(case, promise[0])))
        except CalendarEnds as ends:
            raise NotAllowed(
                f"Theo lịch này hồ sơ {case.code} không có giờ hẹn trước năm {ends.year}, năm chưa có lịch. "
                "Kiểm tra lại giờ mở cửa."
            ) from ends
    said = [f"{row.case.code} {row.old.isoformat()} {row.new.isoformat()}" for row in moved]
    said += [f"{case.code} by hand" for case in by_hand]
    return DryRun(tuple(moved), tuple(by_hand), paused, hashlib.sha256("\n".join(["", *said]).encode()).hexdigest())


def _slip_differs(case: Case, due_at: datetime) -> bool:
    """Whether the receipt in the citizen's hand says another minute."""
    printed = [slip for slip in case.slips.all() if slip.kind == Slip.Kind.RECEIPT]
    if not printed:
        return False
    said = thaw(printed[0].facts).get("due_at")
    return not isinstance(said, datetime) or said.replace(second=0, microsecond=0) != due_at.replace(
        second=0, microsecond=0
    )


# --- an official plan of a year ---
class PlanUnreadable(Exception):
    """The file is no plan of a year; `sentence` says which line and what to write."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


COLUMNS = ("date", "name_vi", "kind", "source", "estimated", "makes_up")


def plan_from(text: str) -> tuple[int, tuple[CalendarChange, ...]]:
    """A year and its days from a CSV in the shape of holidays.csv. Raises PlanUnreadable."""
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    if not set(COLUMNS[:4]) <= set(reader.fieldnames or ()):
        raise PlanUnreadable(f"Dòng đầu phải ghi tên các cột: {', '.join(COLUMNS)}.")
    rows: list[CalendarChange] = []
    for number, row in enumerate(reader, start=2):
        try:
            kind = CalendarChange.Kind((row["kind"] or "").strip().replace("-", "_"))
            if kind not in PLANNED:
                raise ValueError
            makes_up = (row.get("makes_up") or "").strip()
            rows.append(
                CalendarChange(
                    on=date.fromisoformat((row["date"] or "").strip()),
                    kind=kind,
                    reason=(row["name_vi"] or "").strip()[:200],
                    document=(row["source"] or "").strip()[:200],
                    makes_up=date.fromisoformat(makes_up) if makes_up else None,
                )
            )
        except ValueError as error:
            raise PlanUnreadable(
                f"Dòng {number}: ngày ghi như 2027-02-04, loại là holiday, swap-off hoặc swap-work."
            ) from error
        if not rows[-1].reason or not rows[-1].document:
            raise PlanUnreadable(f"Dòng {number}: thiếu tên ngày nghỉ hoặc văn bản.")
        if (row.get("estimated") or "").strip() in ("yes", "1"):
            raise PlanUnreadable(f"Dòng {number} còn ghi dự kiến: chỉ nhập kế hoạch đã công bố.")
    years = {row.on.year for row in rows}
    if len(years) != 1:
        raise PlanUnreadable("Tệp phải có các ngày của đúng một năm.")
    days = [row.on for row in rows]
    if len(days) != len(set(days)):
        raise PlanUnreadable("Có ngày ghi hai lần.")
    [year] = years
    for day in rows:
        day.plan_year = year
    return year, tuple(rows)


PLANNED = (CalendarChange.Kind.HOLIDAY, CalendarChange.Kind.SWAP_OFF, CalendarChange.Kind.SWAP_WORK)
