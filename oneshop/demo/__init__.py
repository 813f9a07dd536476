"""A made-up but believable Quốc Oai: five communes, 21 counters, officers, citizens, thirty days of cases.

Dated relative to the day it is filled, and made with the same verbs as real work. Everybody in it is invented: the
serial digits of every personal number start at 000000.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from tqdm import tqdm

from oneshop import walls
from oneshop.demo.books import close_days, open_books
from oneshop.demo.cases import fill_cases
from oneshop.demo.corrections import fill_corrections
from oneshop.demo.couples import fill_couples
from oneshop.demo.deaths import fill_deaths
from oneshop.demo.disability import fill_disability
from oneshop.demo.duty import fill_duty
from oneshop.demo.households import fill_households
from oneshop.demo.keys import fill_keys
from oneshop.demo.machines import fill_hall
from oneshop.demo.martyrs import fill_martyrs
from oneshop.demo.opinions import fill_opinions
from oneshop.demo.people import fill_citizens
from oneshop.demo.register import fill_register
from oneshop.demo.requests import fill_requests
from oneshop.demo.stock import fill_stock
from oneshop.demo.units import PASSWORD, fill_officers, fill_units, keep_roster
from oneshop.models import Commune, Officer
from oneshop.roles import Role
from procedures.signing.trial_keys import authority

FILES: tuple[Callable[[Commune, Officer], None], ...] = (
    fill_register,
    fill_deaths,
    fill_disability,
    fill_couples,
    fill_households,
    fill_martyrs,
)
"""Books and files of the commune with their edge cases, one a subject; recorded by a specialist."""


def is_filled() -> bool:
    return Commune.objects.filter(is_served=True).exists()


def fill(*, days: int = 30, citizens: int = 60, seed: int = 7, quiet: bool = False) -> None:
    """Fill an empty database: `citizens` a commune, cases of the last `days`. The same seed, the same village."""
    today = timezone.localdate()
    communes = fill_units()
    fill_officers(communes)
    trusted = authority(timezone.now())
    with tqdm(total=len(communes) * 2, desc="Demo data", unit="step", disable=quiet, leave=False) as progress:
        for commune in communes:
            with walls.within(commune.pk):
                keep_roster(commune, first=today - timedelta(days=days + 3), last=today + timedelta(days=14))
                fill_duty(commune, today=today)
                fill_citizens(commune, number=citizens, seed=seed)
                staff = Officer.objects.filter(commune=commune).order_by("pk")
                fill_stock(commune, staff[0])
                open_books(commune, at=timezone.now() - timedelta(days=days + 2))
                specialist = staff.filter(roles__contains=[Role.SPECIALIST])[0]
                for fill_files in FILES:
                    fill_files(commune, specialist)
                fill_requests(commune)
                fill_hall(commune)
                fill_keys(commune, trusted, by=specialist, is_digital=commune != communes[-1])
            progress.update()
        for commune in communes:
            fill_cases(commune, days=days, seed=seed, tick=progress.refresh)
            with walls.within(commune.pk):  # after the cases are committed: the head of the diary counts their lines
                close_days(commune, leave_open=commune == communes[1])
                fill_opinions(commune, seed=seed)
                fill_corrections(commune)
            progress.update()


def refresh_roster() -> None:
    """Whatever the day of a later start, a leader is on duty."""
    today = timezone.localdate()
    for commune in Commune.objects.filter(is_served=True).order_by("pk"):
        with walls.within(commune.pk):
            keep_roster(commune, first=today, last=today + timedelta(days=14))


def logins() -> list[tuple[str, str, str]]:
    """Name, password and what for, of the people worth trying first."""
    return [
        ("mai.quocoai", PASSWORD, "tiếp nhận, Xã Quốc Oai"),
        ("hung.quocoai", PASSWORD, "giải quyết, Xã Quốc Oai"),
        ("lan.quocoai", PASSWORD, "ký duyệt, Xã Quốc Oai"),
        ("quantri.quocoai", PASSWORD, "quản trị, Xã Quốc Oai"),
        ("mai.kieuphu", PASSWORD, "tiếp nhận, Xã Kiều Phú (thẻ mẫu: Trần Thị Thử 001192000000)"),
        ("theodoi", PASSWORD, "cơ quan theo dõi, mọi xã"),
    ]
