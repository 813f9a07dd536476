"""Number books of a demo commune: one that goes on from a paper book, and the last days closed by two people."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from oneshop.models import Commune, Officer
from oneshop.roles import Role
from procedures.books import bookkeeping, day_close
from procedures.models import Step
from procedures.opening import calendar_of

DAYS = 4
"""Closed days of the demo; the day before the newest of them is left open in a commune, so that its desk says so."""
PAPER_BOOK, PAPER_NUMBER = "marriage", 41


def open_books(commune: Commune, *, at: datetime) -> None:
    """The marriages of this year were written in a paper book up to number 41; before the first case."""
    year = timezone.localtime(at).year
    act = bookkeeping.open_after_paper(
        PAPER_BOOK,
        year,
        upto=PAPER_NUMBER,
        volume=f"01/{year}",
        ground="Chuyển từ sổ giấy sang phần mềm một cửa",
        by=_with(commune, Role.SPECIALIST),
        at=at,
    )
    bookkeeping.sign(act, by=_with(commune, Role.SIGNER), at=at)


def close_days(commune: Commune, *, leave_open: bool) -> None:
    """Close the last working days on which something was done, in their own evenings."""
    today = timezone.localdate()
    calendar = calendar_of(commune)
    worked = [
        day
        for day in (today - timedelta(days=back) for back in range(1, 15))
        if calendar.day(day).works and _acted(commune, day)
    ][:DAYS]
    for day in worked[1:] if leave_open else worked:
        evening = timezone.make_aware(datetime.combine(day, time(17, 40)))
        made = day_close.close(day, by=_with(commune, Role.CLERK), at=evening)
        day_close.confirm(made, by=_with(commune, Role.SIGNER), at=evening + timedelta(minutes=6))


def _acted(commune: Commune, day: date) -> bool:
    start = timezone.make_aware(datetime.combine(day, time()))
    return Step.objects.filter(commune=commune, at__gte=start, at__lt=start + timedelta(days=1)).exists()


def _with(commune: Commune, role: Role) -> Officer:
    here = Officer.objects.filter(commune=commune, roles__contains=[role], is_active=True)
    return here.select_related("commune", "counter").order_by("pk")[0]
