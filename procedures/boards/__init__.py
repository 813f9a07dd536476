"""The figures of the boards: one function, one query, one definition each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, Value
from django.utils import timezone

from procedures.models import Case, Correction, Notice
from procedures.states import OPEN, State


@dataclass(frozen=True)
class Tally:
    label: str
    number: int
    room: str


def day_begins_at(day: date, *, after: int = 0) -> datetime:
    """The first moment of `day` in Vietnam, or of the day `after` so many days."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=after), time()))


def _day(at: datetime) -> tuple[datetime, datetime]:
    start = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start + timedelta(days=1)


UNREAD = "unread"


def waiting(commune_id: int, officer_id: int) -> dict[str, int]:
    """How many cases of the commune lie in each open state or wait to be given out, corrections of papers with those
    that wait for the same hand; and, in the same breath, how many notices the officer has not read (UNREAD): it is
    asked for by every page."""
    cases = Case.objects.here(commune_id).filter(state__in=[*OPEN, State.SIGNED])
    corrections = Correction.objects.here(commune_id)
    to_sign = corrections.waiting_for_signature().values("commune").annotate(state=Value(State.WAITING_SIGNATURE))
    to_hand = corrections.waiting_to_be_handed().values("commune").annotate(state=Value(State.SIGNED))
    unread = Notice.objects.filter(officer=officer_id, read_at=None).values("officer").annotate(state=Value(UNREAD))
    heaps = [
        heap.order_by().annotate(number=Count("pk")).values_list("state", "number")
        for heap in (cases.values("state"), to_sign, to_hand, unread)
    ]
    found: Counter[str] = Counter()
    for state, number in heaps[0].union(*heaps[1:], all=True):
        found[state] += number
    return dict(found)


def tally_of(commune_id: int, *, at: datetime) -> list[Tally]:
    """The five numbers above the desk: received today, in work, to be signed, to be given out, overdue."""
    start, end = _day(at)
    sums = (
        Case.objects.here(commune_id)
        .filter(Q(state__in=[*OPEN, State.SIGNED]) | Q(received_at__gte=start, received_at__lt=end))
        .aggregate(
            received=Count("pk", filter=Q(received_at__gte=start, received_at__lt=end) & ~Q(state=State.REJECTED)),
            in_work=Count("pk", filter=Q(state__in=[State.RECEIVED, State.HANDLING, State.WAITING_PAPERS])),
            to_sign=Count("pk", filter=Q(state=State.WAITING_SIGNATURE)),
            to_give=Count("pk", filter=Q(state=State.SIGNED)),
            overdue=Count("pk", filter=Q(state__in=[*OPEN], due_at__lt=at) & ~Q(state=State.WAITING_PAPERS)),
        )
    )
    return [
        Tally("Tiếp nhận hôm nay", sums["received"], "desk"),
        Tally("Đang xử lý", sums["in_work"], "handling"),
        Tally("Chờ ký", sums["to_sign"], "signing"),
        Tally("Chờ trả", sums["to_give"], "giving_out"),
        Tally("Quá hạn", sums["overdue"], "desk"),
    ]
