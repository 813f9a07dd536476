"""The hall: people draw a number and are called to a desk, by number or by the code of a case whose result is ready.

Nothing here knows a name. Numbers begin with 1 each day at each counter and have no gap; the first drawn is called
first. A screen shows each call for at least STAYS, however fast calls follow each other (quality.md U-30).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Min, Q
from django.utils import timezone

from oneshop import audit
from oneshop.models import Counter, Officer
from procedures.catalogue import catalogue
from procedures.checking.public_link import new_token
from procedures.clock import CalendarEnds
from procedures.law import offers
from procedures.models import Call, Case, HallDevice, QueueNumber
from procedures.opening import calendar_of
from procedures.states import State

COLLECT, OTHER = "collect", "other"
WISHES = {COLLECT: "Nhận kết quả", OTHER: "Việc khác, hỏi hướng dẫn"}
"""What people come for apart from the seven procedures."""

OPENS_BEFORE = timedelta(minutes=30)
"""Numbers are drawn from then on: the door is opened before the desks."""

STAYS = timedelta(seconds=8)
SHOWN_FOR = timedelta(minutes=10)


class HallRefused(Exception):
    """What was asked for does not fit; the sentence is for whoever asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


# --- the machines ---
def add_device(
    kind: HallDevice.Kind, counter: Counter, name: str, *, prints: bool = False, by: Officer, at: datetime
) -> HallDevice:
    """A machine with an address of its own."""
    with transaction.atomic():
        made: HallDevice = HallDevice.objects.create(
            commune_id=counter.commune_id,
            kind=kind,
            counter=counter,
            name=name,
            prints=prints and kind == HallDevice.Kind.KIOSK,
            token=new_token(),
            by=by,
            at=at,
        )
        audit.record("add", "hall_device", made.pk, by=by, at=at, why=str(made))
    return made


def end_device(device: HallDevice, *, by: Officer, at: datetime) -> None:
    """From now on its address leads nowhere. Ended twice it stays ended."""
    with transaction.atomic():
        if HallDevice.objects.filter(pk=device.pk, ended_at=None).update(ended_at=at):
            audit.record("end", "hall_device", device.pk, by=by, at=at, why=str(device))


def device_of(kind: HallDevice.Kind, commune_id: int, token: str) -> HallDevice | None:
    """The machine that this address belongs to; call inside the commune's walls."""
    return (
        HallDevice.objects.select_related("counter", "commune")
        .filter(kind=kind, commune=commune_id, token=token, ended_at=None)
        .first()
    )


def stands_in(counter: Counter) -> frozenset[str]:
    """Which kinds of machines the hall of this counter has."""
    return frozenset(HallDevice.objects.filter(counter=counter, ended_at=None).values_list("kind", flat=True))


# --- drawing a number ---
def wishes(commune_id: int, on: date) -> list[tuple[str, str, str]]:
    """What a number can be drawn for: key, words, and why not today; in the order of the keys at the desk."""
    closed = offers.not_offered(commune_id, on)
    listed = [
        (procedure.key, procedure.name, offers.sentence(closed[procedure.key]) if procedure.key in closed else "")
        for procedure in catalogue()
    ]
    return [*listed, *((key, words, "") for key, words in WISHES.items())]


def words_of(wish: str) -> str:
    """`Đăng ký khai tử`."""
    return WISHES.get(wish) or catalogue()[wish].name


def why_closed(commune_id: int, *, at: datetime) -> str:
    """Why no number is drawn at this moment, or nothing: from half an hour before a session until it ends."""
    calendar = calendar_of(commune_id)
    try:
        day = calendar.day(timezone.localtime(at).date())
    except CalendarEnds:
        return "Hôm nay quầy không làm việc."
    sessions = sorted([*day.works, *day.only_receives])
    if any(opens - OPENS_BEFORE <= at < closes for opens, closes in sessions):
        return ""
    later = [opens for opens, _ in sessions if opens > at]
    if later:
        return f"Chưa đến giờ lấy số. Buổi làm việc tới mở lúc {timezone.localtime(later[0]):%H:%M}."
    return "Hôm nay đã hết giờ làm việc." if sessions else "Hôm nay quầy không làm việc."


def draw(device: HallDevice, wish: str, *, key: str, at: datetime) -> QueueNumber:
    """The next number of the day at this kiosk's counter; the same `key` again is the same number.

    Raises HallRefused outside the hours and for a procedure that is not taken in, ValueError for an unknown wish.
    """
    on = timezone.localtime(at).date()
    known = {name: closed for name, _, closed in wishes(device.commune_id, on)}
    if wish not in known:
        raise ValueError(wish)
    if why := known[wish] or why_closed(device.commune_id, at=at):
        raise HallRefused(why)
    with transaction.atomic():
        Counter.objects.select_for_update(no_key=True).get(pk=device.counter_id)
        before = QueueNumber.objects.filter(commune=device.commune_id, key=key).first()
        if before is not None:
            return before
        last = QueueNumber.objects.filter(counter=device.counter_id, on=on).order_by("-number").first()
        made: QueueNumber = QueueNumber.objects.create(
            commune_id=device.commune_id,
            counter_id=device.counter_id,
            on=on,
            number=last.number + 1 if last else 1,
            wish=wish,
            token=new_token(),
            key=key,
            at=at,
        )
        return made


def ahead_of(number: QueueNumber) -> int:
    """How many are called before this one."""
    return QueueNumber.objects.filter(
        counter=number.counter_id, on=number.on, called_at=None, number__lt=number.number
    ).count()


# --- calling ---
@dataclass(frozen=True)
class Waiting:
    """How many wait at a counter, since when the first of them, and who is next."""

    count: int
    since: datetime | None
    next: QueueNumber | None


def waiting_at(counter: Counter, *, at: datetime) -> Waiting:
    there = QueueNumber.objects.filter(counter=counter, on=timezone.localtime(at).date(), called_at=None)
    found = there.aggregate(count=Count("pk"), since=Min("at"))
    return Waiting(found["count"], found["since"], there.order_by("number").first() if found["count"] else None)


def served_by(officer: Officer, *, at: datetime) -> QueueNumber | None:
    """Whom this officer has called and not let go yet, today."""
    return QueueNumber.objects.filter(
        called_by=officer, ended_at=None, called_at__isnull=False, on=timezone.localtime(at).date()
    ).first()


def call_next(counter: Counter, *, desk: int, by: Officer, at: datetime) -> QueueNumber:
    """Call the first who waits to `desk`; whom the officer called before has been served. Raises HallRefused if none.

    Two officers at once never call the same number (SKIP LOCKED).
    """
    with transaction.atomic():
        _let_go(by, QueueNumber.Ending.SERVED, at=at)
        number = (
            QueueNumber.objects.select_for_update(skip_locked=True)
            .filter(counter=counter, on=timezone.localtime(at).date(), called_at=None)
            .order_by("number")
            .first()
        )
        if number is None:
            raise HallRefused("Không còn ai chờ.")
        number.called_at, number.called_by = at, by
        number.save(update_fields=["called_at", "called_by"])
        _call(counter, desk=desk, by=by, at=at, number=number)
    return number


def call_again(*, desk: int, by: Officer, at: datetime) -> QueueNumber:
    """Show the number once more. Raises HallRefused if the officer has called none."""
    number = served_by(by, at=at)
    if number is None:
        raise HallRefused("Chưa gọi số nào.")
    _call(number.counter, desk=desk, by=by, at=at, number=number)
    return number


def end_served(ending: QueueNumber.Ending, *, by: Officer, at: datetime) -> None:
    """The number was served, or nobody came. Without a number nothing happens."""
    _let_go(by, ending, at=at)


def call_case(case: Case, *, desk: int, by: Officer, at: datetime) -> None:
    """Ask to the desk, by its code, who waits for the result of this case. Raises HallRefused if it has none yet."""
    if case.where != State.SIGNED:
        raise HallRefused("Hồ sơ chưa có kết quả để mời nhận.")
    if case.counter is None:
        raise HallRefused("Hồ sơ không thuộc điểm phục vụ nào.")
    _call(case.counter, desk=desk, by=by, at=at, case=case)


def _let_go(by: Officer, ending: QueueNumber.Ending, *, at: datetime) -> None:
    QueueNumber.objects.filter(called_by=by, called_at__isnull=False, ended_at=None).update(ending=ending, ended_at=at)


def _call(
    counter: Counter,
    *,
    desk: int,
    by: Officer,
    at: datetime,
    number: QueueNumber | None = None,
    case: Case | None = None,
) -> None:
    Call.objects.create(
        commune_id=counter.commune_id, counter=counter, number=number, case=case, desk=desk, by=by, at=at
    )


# --- the screen ---
def on_screen(counter: Counter, *, rows: int, at: datetime) -> list[Call]:
    """The calls to show, the newest first, each number or case once.

    Those of the last ten minutes whose number still stands; a call that came less than STAYS ago is not pushed out by
    newer ones: they wait for its place.
    """
    recent = list(
        Call.objects.filter(counter=counter, at__gt=at - SHOWN_FOR, at__lte=at)
        .filter(Q(number__isnull=False, number__ended_at=None) | Q(case__state=State.SIGNED))
        .select_related("number", "case")
        .order_by("-at", "-pk")
    )
    return fitting(recent, rows=rows, at=at)


def fitting(calls: Sequence[Call], *, rows: int, at: datetime) -> list[Call]:
    """Of `calls`, the newest first, those that have a place on the screen."""
    once: dict[tuple[int | None, int | None], Call] = {}
    for call in calls:
        once.setdefault((call.number_id, call.case_id), call)
    listed = list(once.values())
    fresh = [call for call in listed if at - call.at < STAYS]
    return fresh[-rows:] if len(fresh) > rows else listed[:rows]


def due_board(counter: Counter, *, rows: int, at: datetime) -> list[Case]:
    """Cases of this counter whose result people may be waiting for: ready ones of today, then by their promise."""
    today = timezone.localtime(at).date()
    end = timezone.make_aware(datetime.combine(today + timedelta(days=1), datetime.min.time()))
    here = Case.objects.here(counter.commune_id).filter(counter=counter)
    ready = list(here.filter(state=State.SIGNED).order_by("-due_at", "-pk")[:rows])
    going = (State.RECEIVED, State.HANDLING, State.WAITING_SIGNATURE)
    going_on = list(here.filter(state__in=going, due_at__lt=end).order_by("due_at", "pk")[:rows])
    return [*ready[: max(rows - len(going_on), rows // 2)], *going_on][:rows]
