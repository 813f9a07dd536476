"""Who may sign which case, who is on duty until when, and which cases may end unsigned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from citizens.models import Marriage, Parentage
from oneshop import roster
from oneshop.duty import Roster
from oneshop.models import Commune, Officer, Succession
from oneshop.roles import Role
from procedures.catalogue import catalogue
from procedures.clock import Calendar, CalendarEnds, closing_of, due_at
from procedures.clock.gaps import FIRST_CALL, Gap, Hole, Waiting, gaps, holes
from procedures.models import Case
from procedures.opening import calendar_of, calendars_of
from procedures.states import State

RECEIVED_IT = "Ông/bà đã tiếp nhận hồ sơ này nên không được ký. Đề nghị lãnh đạo trực khác ký."
IS_PARTY = "Không được giải quyết hồ sơ của chính mình. Đề nghị lãnh đạo trực khác ký."
IS_KIN = "Hồ sơ của vợ, chồng, cha, mẹ, con hoặc người thân đã khai nên ông/bà không được ký. Đề nghị người khác ký."
OFF_DUTY = "Ông/bà không trong ca trực ký lúc này. Lịch trực do quản trị của xã phân công."
NO_AUTHORITY = (
    "Ông/bà không có hoặc đã hết thẩm quyền ký thủ tục này: chưa có chức danh ký, hoặc văn bản ủy quyền không còn hiệu "
    "lực. Hồ sơ vẫn chờ người có thẩm quyền ký."
)
GOING_ON = (State.RECEIVED, State.HANDLING, State.WAITING_SIGNATURE)


def why_may_not_sign(case: Case, officer: Officer, *, at: datetime) -> str:
    """The sentence that keeps `officer` from signing `case` now, or nothing (S-06, R-18; Luật Hộ tịch Điều 12)."""
    return why_each([case], officer, at=at)[case.pk]


def why_each(cases: Sequence[Case], officer: Officer, *, at: datetime) -> dict[int, str]:
    """The same for many cases (with `citizen` and `other`) at once, by row number; as many queries as for one."""
    assert officer.commune is not None, "leaders belong to a commune"
    barred = barred_of(cases, [officer])
    plan = roster.roster_of(officer.commune, starts_at=at)
    on = timezone.localtime(at).date()
    ended = _unit_ended(officer.commune, on)
    is_on_duty = officer.pk in plan.on_duty(Role.SIGNER, at=at)
    found = {}
    for case in cases:
        numbers = [citizen.identity_number for citizen in (case.citizen, case.other) if citizen]
        if case.received_by_id == officer.pk:
            found[case.pk] = RECEIVED_IT
        elif officer.identity_number and officer.identity_number in numbers:
            found[case.pk] = IS_PARTY
        elif officer.pk in barred[case.pk]:
            found[case.pk] = IS_KIN
        elif not is_on_duty:
            found[case.pk] = OFF_DUTY
        elif plan.authority(officer.pk, case.procedure_key, on=on, at=at) is None:
            found[case.pk] = NO_AUTHORITY
        else:
            found[case.pk] = ended
    return found


def _unit_ended(commune: Commune, on: date) -> str:
    """A unit that went into another one gives no more numbers from that day on; the successor's go on (F-57)."""
    if commune.closed_on is None or on < commune.closed_on:
        return ""
    after = Succession.objects.filter(former=commune).select_related("successor").first()
    where = f" vào {after.successor.name_on(on).full}" if after else ""
    return f"Đơn vị đã sáp nhập{where} từ ngày {commune.closed_on:%d/%m/%Y} nên không cấp số nữa. Chuyển hồ sơ sang đó."


def to_sign(officer: Officer, *, at: datetime, most: int = 60) -> tuple[list[Case], list[tuple[Case, str]]]:
    """What waits for a signature, the most urgent first: what this officer may sign, and the rest with its reason."""
    cases = list(
        Case.objects.here(officer.commune_id)
        .waiting_for(State.WAITING_SIGNATURE)
        .for_board()
        .select_related("citizen", "other", "counter")[:most]
    )
    why = why_each(cases, officer, at=at)
    return [case for case in cases if not why[case.pk]], [(case, why[case.pk]) for case in cases if why[case.pk]]


def barred_of(cases: Sequence[Case], officers: Iterable[Officer]) -> dict[int, frozenset[int]]:
    """For each case those of `officers` who may not sign it: who received it, a party, and kin of a party.

    Kin: spouse, parent, child as far as the books of the commune know, and whom the officer has declared (F-63). Three
    queries, however many cases.
    """
    parties = {case.pk: [pk for pk in (case.citizen_id, case.other_id) if pk] for case in cases}
    numbers = {
        citizen.pk: citizen.identity_number for case in cases for citizen in (case.citizen, case.other) if citizen
    }
    listed = [officer for officer in officers if officer.identity_number or officer.relatives]
    related = _related([officer.identity_number for officer in listed if officer.identity_number], list(numbers))
    barred = {}
    for case in cases:
        mine = {case.received_by_id}
        for officer in listed:
            known = {officer.identity_number, *officer.relatives}
            if any(numbers[pk] in known or (officer.identity_number, pk) in related for pk in parties[case.pk]):
                mine.add(officer.pk)
        barred[case.pk] = frozenset(mine)
    return barred


def _related(numbers: list[str], people: list[int]) -> set[tuple[str, int]]:
    """Pairs of an identity number and a person who are parent and child or living spouses on record."""
    if not numbers or not people:
        return set()
    found: set[tuple[str, int]] = set()
    parents = Parentage.objects.filter(parent__identity_number__in=numbers, child__in=people)
    found |= set(parents.values_list("parent__identity_number", "child_id"))
    children = Parentage.objects.filter(child__identity_number__in=numbers, parent__in=people)
    found |= set(children.values_list("child__identity_number", "parent_id"))
    lasting = Marriage.objects.filter(ending=Marriage.Ending.NONE).filter(
        Q(citizen__identity_number__in=numbers, spouse__in=people)
        | Q(spouse__identity_number__in=numbers, citizen__in=people)
    )
    for row in lasting.select_related("citizen", "spouse"):
        if row.spouse is not None:
            found |= {(row.citizen.identity_number, row.spouse.pk), (row.spouse.identity_number, row.citizen.pk)}
    return found


@dataclass(frozen=True)
class OnDuty:
    """A leader who may sign now, until when without a break of the plan, and in whose stead."""

    name: str
    position: str
    until: datetime
    instead_of: str = ""

    @property
    def words(self) -> str:
        """`Phùng Thị Lan (Chủ tịch UBND xã), đến 11:30`."""
        position = f" ({self.position})" if self.position else ""
        instead = f", thay {self.instead_of}" if self.instead_of else ""
        return f"{self.name}{position}{instead}, đến {timezone.localtime(self.until):%H:%M}"


def leaders_on_duty(commune_id: int, *, at: datetime) -> list[OnDuty]:
    """Who may sign something now; by the title or a delegation of any procedure."""
    calendar = calendar_of(commune_id)
    end = _end_of_day(calendar, at)
    plan = roster.roster_of(commune_id, starts_at=at, ends_at=end)
    now = _anything(plan, at)
    if not now:
        return []
    people = Officer.objects.in_bulk(now)
    planned = {turn.officer for turn in plan.turns if turn.role == Role.SIGNER and turn.starts_at <= at < turn.ends_at}
    away = [officer for officer in planned if plan.is_away(officer, at=at)]
    shown = []
    for pk in now:
        gone = [moment for moment in plan.changes_between(at, end) if pk not in _anything(plan, moment)]
        replaces = next(
            (row.officer for row in plan.stand_ins if row.deputy == pk and row.officer in away and pk not in planned), 0
        )
        instead = plan.hand(replaces)
        shown.append(
            OnDuty(people[pk].full_name, people[pk].position, min([end, *gone]), instead.name if instead else "")
        )
    return shown


def _anything(plan: Roster, at: datetime) -> list[int]:
    """Who is on duty and may sign some procedure at least."""
    on = timezone.localtime(at).date()
    keys = [procedure.key for procedure in catalogue()]
    return plan.on_duty(
        Role.SIGNER,
        at=at,
        fits=lambda officer: any(plan.authority(officer, key, on=on, at=at) for key in keys),
    )


def _end_of_day(calendar: Calendar, at: datetime) -> datetime:
    """When the office closes today, or midnight where it does not open or has closed."""
    local = timezone.localtime(at)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    try:
        closing = closing_of(local.date(), calendar)
    except (CalendarEnds, ValueError):
        return midnight
    return closing if closing > at else midnight


def gaps_of(commune_id: int, *, at: datetime) -> list[Gap]:
    """Which cases of the commune may end unsigned, the most urgent first; one query where none is due soon."""
    calendar = calendar_of(commune_id)
    soon = _soon(calendar, at)
    cases = list(
        Case.objects.here(commune_id)
        .filter(state__in=GOING_ON, due_at__gt=at, due_at__lte=soon)
        .select_related("citizen", "other")
        .only(
            "pk", "code", "procedure_key", "due_at", "received_by_id", "commune_id",
            "citizen__identity_number", "other__identity_number",
        )
        .order_by("due_at")
    )  # fmt: skip
    if not cases:
        return []
    leaders = Officer.objects.filter(commune=commune_id, roles__contains=[Role.SIGNER], is_active=True)
    barred = barred_of(cases, leaders)
    waiting = [Waiting(case.code, case.procedure_key, case.due_at, barred[case.pk]) for case in cases]
    plan = roster.roster_of(commune_id, starts_at=at, ends_at=max(case.due_at for case in cases))
    return gaps(waiting, plan, calendar, at=at)


def _soon(calendar: Calendar, at: datetime) -> datetime:
    """Until when a promise ends within the next 60 working minutes."""
    try:
        return due_at(at, FIRST_CALL, calendar)
    except CalendarEnds:
        return at


def gaps_everywhere(*, at: datetime) -> dict[int, list[Gap]]:
    """The same for the monitoring office, commune by commune.

    It sees no persons, so only who received a case is left out; the commune's own pages also know of kin."""
    due = list(
        Case.objects.filter(state__in=GOING_ON, due_at__gt=at, due_at__lte=at + timedelta(days=14))
        .order_by("due_at")
        .values_list("commune_id", "code", "procedure_key", "due_at", "received_by_id")
    )
    calendars = calendars_of({row[0] for row in due})
    found = {}
    for commune_id, calendar in calendars.items():
        soon = _soon(calendar, at)
        waiting = [
            Waiting(code, key, due_moment, frozenset({receiver}))
            for commune, code, key, due_moment, receiver in due
            if commune == commune_id and due_moment <= soon
        ]
        if waiting:
            plan = roster.roster_of(commune_id, starts_at=at, ends_at=max(case.due_at for case in waiting))
            if shown := gaps(waiting, plan, calendar, at=at):
                found[commune_id] = shown
    return found


def holes_of(commune_id: int, *, since: datetime, until: datetime) -> list[Hole]:
    """The opening hours of the span that no leader covers, as the roster stands now."""
    plan = roster.roster_of(commune_id, starts_at=since, ends_at=until)
    keys = [procedure.key for procedure in catalogue()]
    return holes(plan, calendar_of(commune_id), keys, since=since, until=until)


def words_of(gap: Gap) -> str:
    """What a desk is told, in a sentence with the code and what can still be done."""
    minutes = int(gap.left.total_seconds() // 60)
    due = f"Hồ sơ {gap.code} hẹn {timezone.localtime(gap.due_at):%H:%M}, còn {minutes} phút làm việc:"
    why = "người trực đã tiếp nhận hồ sơ hoặc là người thân" if gap.only_barred else "không có lãnh đạo ký được"
    if gap.signable_from is None:
        return f"{due} {why}, đến giờ hẹn vẫn chưa có ai."
    if gap.signable_until is not None:
        return f"{due} chỉ còn ký được đến {timezone.localtime(gap.signable_until):%H:%M}."
    return f"{due} {why} trước {timezone.localtime(gap.signable_from):%H:%M}."
