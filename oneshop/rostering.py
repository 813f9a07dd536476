"""The verbs of the roster: shifts, absences, deputies, delegations; each with its line in the diary.

Nothing that has begun is wiped out: a shift, an absence, a stand-in that runs is ended at that moment, so that the
roster can say who was on duty when a paper was signed (I3).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from oneshop import audit, roster
from oneshop.duty import may_delegate
from oneshop.models import Absence, Commune, Counter, Delegation, Deputy, Officer, Shift
from oneshop.roles import Role


class RosterRefused(Exception):
    """It cannot stand in the roster; the sentence says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def add_shift(
    officer: Officer,
    role: Role,
    *,
    starts_at: datetime,
    ends_at: datetime,
    counter: Counter | None = None,
    by: Officer,
    at: datetime,
) -> Shift:
    """One more line of the roster. Raises RosterRefused for a role the officer lacks and for an overlap."""
    shift = Shift(
        commune_id=_home(by), officer=officer, role=role, starts_at=starts_at, ends_at=ends_at, counter=counter
    )
    with transaction.atomic():
        _may_stand(shift)
        shift.save()
        audit.record("add", "shift", shift.pk, by=by, at=at, why=words_of(shift))
    return shift


def change_shift(shift: Shift, *, by: Officer, at: datetime, **facts: object) -> Shift:
    """Other hours, another officer, another counter. Of a shift that has begun only the end may change."""
    before = words_of(shift)
    if shift.starts_at <= at:
        if set(facts) - {"ends_at"} and any(
            getattr(shift, name) != value for name, value in facts.items() if name != "ends_at"
        ):
            raise RosterRefused("Ca đã bắt đầu: chỉ đổi được giờ kết thúc. Xếp ca mới cho người khác.")
        if shift.ends_at <= at or facts.get("ends_at", at) < at:  # type: ignore[operator]
            raise RosterRefused("Ca đã qua giữ nguyên để biết ai đã trực.")
    for name, value in facts.items():
        setattr(shift, name, value)
    with transaction.atomic():
        _may_stand(shift)
        shift.save()
        audit.record("change", "shift", shift.pk, by=by, at=at, why=f"{before} → {words_of(shift)}")
    return shift


def remove_shift(shift: Shift, *, by: Officer, at: datetime) -> None:
    """Take a shift out of the plan; one that runs ends now. Raises RosterRefused for one that is over."""
    with transaction.atomic():
        if shift.ends_at <= at:
            raise RosterRefused("Ca đã qua giữ nguyên để biết ai đã trực.")
        audit.record("remove", "shift", shift.pk, by=by, at=at, why=words_of(shift))
        if shift.starts_at < at:
            Shift.objects.filter(pk=shift.pk).update(ends_at=at)
        else:
            shift.delete()


def _may_stand(shift: Shift) -> None:
    if shift.role not in shift.officer.roles:
        raise RosterRefused(f"{shift.officer.full_name} chưa có vai trò này.")
    overlapping = Shift.objects.filter(
        commune=shift.commune,
        officer=shift.officer,
        role=shift.role,
        starts_at__lt=shift.ends_at,
        ends_at__gt=shift.starts_at,
    ).exclude(pk=shift.pk)
    if other := overlapping.first():
        raise RosterRefused(f"Trùng ca đã xếp: {words_of(other)}.")


def _home(by: Officer) -> int:
    assert by.commune_id is not None, "administrators belong to a commune"
    return by.commune_id


def words_of(shift: Shift) -> str:
    """`Phùng Thị Lan, Ký duyệt, 23/11/2026 07:30–11:30`."""
    starts, ends = timezone.localtime(shift.starts_at), timezone.localtime(shift.ends_at)
    place = f", {shift.counter}" if shift.counter else ""
    return f"{shift.officer.full_name}, {Role(shift.role).label}, {starts:%d/%m/%Y %H:%M}–{ends:%H:%M}{place}"


# --- a week like another one ---
@dataclass(frozen=True)
class Copied:
    """What a week would get: new shifts (not saved), and what is left out, each with its reason."""

    shifts: tuple[Shift, ...]
    left_out: tuple[tuple[str, str], ...]

    @property
    def digest(self) -> str:
        return "|".join(words_of(shift) for shift in self.shifts)


def week_like(commune: Commune, source: date, target: date, *, closed: Collection[date], at: datetime) -> Copied:
    """The week of Monday `target` as that of Monday `source` was planned.

    Left out by name: days in `closed`, what has begun by `at`, officers gone or without the role, and clashes.
    """
    first = _moment(source, time(0))
    planned = roster.week_of(commune, starts_at=first, ends_at=first + timedelta(days=7))
    there = list(
        roster.week_of(
            commune, starts_at=_moment(target, time(0)), ends_at=_moment(target + timedelta(days=8), time(0))
        )
    )
    shifts: list[Shift] = []
    left_out: list[tuple[str, str]] = []
    for old in planned.filter(starts_at__gte=first):
        new = Shift(
            commune=commune,
            officer=old.officer,
            role=old.role,
            counter=old.counter,
            starts_at=_shifted(old.starts_at, target - source),
            ends_at=_shifted(old.ends_at, target - source),
        )
        if reason := _why_left_out(new, there, closed, at):
            left_out.append((words_of(new), reason))
        else:
            shifts.append(new)
    return Copied(tuple(shifts), tuple(left_out))


def _why_left_out(new: Shift, there: Sequence[Shift], closed: Collection[date], at: datetime) -> str:
    if timezone.localtime(new.starts_at).date() in closed:
        return "ngày nghỉ"
    if new.starts_at < at:
        return "đã qua"
    if not new.officer.is_active:
        return "cán bộ không còn làm việc"
    if new.role not in new.officer.roles:
        return "cán bộ không còn vai trò này"
    for other in there:
        same = other.officer_id == new.officer_id and other.role == new.role
        if same and other.starts_at < new.ends_at and other.ends_at > new.starts_at:
            return (
                f"trùng ca đã xếp {timezone.localtime(other.starts_at):%H:%M}–{timezone.localtime(other.ends_at):%H:%M}"
            )
    return ""


def copy_week(
    commune: Commune,
    source: date,
    target: date,
    *,
    closed: Collection[date],
    seen: str,
    by: Officer,
    at: datetime,
) -> Copied:
    """Save what `week_like` shows. Raises RosterRefused if it is no longer what was `seen` (its digest), or nothing."""
    with transaction.atomic():
        copied = week_like(commune, source, target, closed=closed, at=at)
        if copied.digest != seen:
            raise RosterRefused("Lịch đã thay đổi từ khi xem trước. Xem lại rồi ghi.")
        if not copied.shifts:
            raise RosterRefused("Không có ca nào để chép.")
        Shift.objects.bulk_create(copied.shifts)
        audit.record("copy", "roster", f"{source}/{target}", by=by, at=at, why=f"{len(copied.shifts)} ca")
    return copied


def _shifted(moment: datetime, by: timedelta) -> datetime:
    """The same hour by the clock on the wall, some days later."""
    local = timezone.localtime(moment)
    return _moment(local.date() + by, local.time())


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


# --- away, and who stands in ---
def be_away(
    officer: Officer, *, starts_at: datetime, ends_at: datetime, reason: str, by: Officer, at: datetime
) -> Absence:
    """From then to then the officer is not here; the plan stays, the deputies stand in."""
    if ends_at <= starts_at:
        raise RosterRefused("Ngày về phải sau ngày đi.")
    if ends_at <= at:
        raise RosterRefused("Thời gian vắng mặt đã qua.")
    with transaction.atomic():
        absence = Absence.objects.create(
            commune_id=_home(by),
            officer=officer,
            starts_at=max(starts_at, at),
            ends_at=ends_at,
            reason=reason,
            by=by,
            at=at,
        )
        audit.record("add", "absence", absence.pk, by=by, at=at, why=f"{officer.full_name}: {reason}")
    return absence


def be_back(absence: Absence, *, by: Officer, at: datetime) -> None:
    """The officer is here again, or did not leave at all."""
    with transaction.atomic():
        audit.record("end", "absence", absence.pk, by=by, at=at, why=absence.officer.full_name)
        if absence.starts_at >= at:
            absence.delete()
        else:
            Absence.objects.filter(pk=absence.pk, ends_at__gt=at).update(ends_at=at)


def stand_in(officer: Officer, deputy: Officer, *, rank: int, by: Officer, at: datetime) -> Deputy:
    """`deputy` does the shifts of `officer` while that one is away, after those of a lower rank."""
    if officer == deputy:
        raise RosterRefused("Không ai tự thay mình. Chọn hai người khác nhau.")
    if not set(officer.roles) & set(deputy.roles):
        raise RosterRefused(f"{deputy.full_name} không có vai trò nào của {officer.full_name} nên không thay được.")
    with transaction.atomic():
        if Deputy.objects.filter(officer=officer, deputy=deputy, until=None).exists():
            raise RosterRefused(f"{deputy.full_name} đã là người thay của {officer.full_name}.")
        row = Deputy.objects.create(commune_id=_home(by), officer=officer, deputy=deputy, rank=rank, since=at)
        audit.record("add", "deputy", row.pk, by=by, at=at, why=f"{deputy.full_name} thay {officer.full_name}")
    return row


def stand_in_no_more(row: Deputy, *, by: Officer, at: datetime) -> None:
    with transaction.atomic():
        if Deputy.objects.filter(pk=row.pk, until=None).update(until=at):
            audit.record("end", "deputy", row.pk, by=by, at=at, why=str(row))


# --- in whose name ---
def delegate(
    giver: Officer,
    taker: Officer,
    *,
    procedures: Sequence[str],
    first_day: date,
    last_day: date,
    document: str,
    lines: str,
    by: Officer,
    at: datetime,
) -> Delegation:
    """Write down a delegation that a paper has given: `taker` signs with `lines` from day to day, both included.

    Raises RosterRefused where the law does: a signature that was itself given to `giver` is not passed on
    (Nghị định 30/2020/NĐ-CP Điều 13); without a paper, without an end, or to somebody who does not sign there is none.
    """
    if giver == taker:
        raise RosterRefused("Người giao và người được giao phải khác nhau.")
    if Role.SIGNER not in giver.roles or not may_delegate(roster.title_of(giver)):
        raise RosterRefused(
            f"{giver.full_name} không ký bằng chức vụ của chính mình nên không giao được: "
            "việc được giao không giao tiếp."
        )
    if Role.SIGNER not in taker.roles:
        raise RosterRefused(f"{taker.full_name} chưa có vai trò Ký duyệt.")
    if last_day < first_day:
        raise RosterRefused("Ngày hết hiệu lực phải sau ngày bắt đầu.")
    if first_day < timezone.localtime(at).date():
        raise RosterRefused("Không ghi lùi ngày: hiệu lực tính từ hôm nay trở đi.")
    printed = "|".join(line.strip() for line in lines.split("|") if line.strip())
    if not printed.startswith(("KT.", "TUQ.", "TL.")) or "|" not in printed:
        raise RosterRefused("Dòng chức danh ghi như “KT. CHỦ TỊCH|PHÓ CHỦ TỊCH” hoặc “TUQ. CHỦ TỊCH|…”.")
    with transaction.atomic():
        row = Delegation.objects.create(
            commune_id=_home(by),
            giver=giver,
            taker=taker,
            procedures=list(procedures),
            first_day=first_day,
            last_day=last_day,
            document=document,
            lines=printed,
            by=by,
            at=at,
        )
        audit.record("add", "delegation", row.pk, by=by, at=at, why=f"{document}: {giver} → {taker}")
    return row


def revoke(row: Delegation, *, by: Officer, at: datetime) -> None:
    """From this moment nobody signs by it; papers signed before stay as they are."""
    with transaction.atomic():
        if Delegation.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=at, revoked_by=by):
            audit.record("revoke", "delegation", row.pk, by=by, at=at, why=str(row))


def in_force(commune: Commune, *, on: date) -> Sequence[Delegation]:
    """Delegations that run on that day, will, or ended in the 90 days before; the first to end on top."""
    rows = Delegation.objects.filter(commune=commune, last_day__gte=on - timedelta(days=90))
    return list(rows.select_related("giver", "taker").order_by("last_day", "pk"))
