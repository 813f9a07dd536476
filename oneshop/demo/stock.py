"""Blanks in the cupboard of a demo commune: enough of one kind, few of another, some spoiled, some shredded."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from oneshop.models import Commune, Officer
from oneshop.roles import Role
from procedures import stock
from procedures.models import Blank

DELIVERIES = (
    # kind, letters, first, last, delivered days ago, paper of the delivery
    ("marriage_certificate", "KH/", "004201", "004320", 58, "Phiếu giao 31/PGN, Sở Tư pháp"),
    ("birth_copy", "KS/", "017651", "017750", 58, "Phiếu giao 31/PGN, Sở Tư pháp"),
    ("disability_card", "KT-HN ", "0008871", "0008890", 40, "Phiếu giao 9/PGN, Sở Y tế"),
)


def fill_stock(commune: Commune, by: Officer) -> None:
    """Deliveries of the last two months, a torn sheet, a damp one that was shredded; the cards are nearly gone.

    `by` does what the own roles allow; for the rest an officer of the commune who may.
    """
    administrator, clerk = _with(commune, Role.ADMINISTRATOR, by), _with(commune, Role.CLERK, by)
    now = timezone.now()
    for kind, letters, first, last, days, batch in DELIVERIES:
        at = _morning(now, days)
        day = timezone.localtime(at).date()
        stock.receive(
            kind,
            letters=letters,
            first=first,
            last=last,
            batch=f"{batch} ngày {day:%d/%m/%Y}",
            received_on=day,
            by=administrator,
            at=at,
        )
    damp, torn = Blank.objects.filter(kind="birth_copy").order_by("pk")[:2]
    stock.spoil(damp, reason="Ẩm mốc một góc", by=clerk, at=_morning(now, 35))
    stock.destroy(
        "birth_copy",
        first=damp.serial,
        last=damp.serial,
        minutes=f"04/BB-UBND ngày {_morning(now, 20):%d/%m/%Y}",
        by=administrator,
        at=_morning(now, 20),
    )
    stock.spoil(torn, reason="Kẹt giấy, rách mép", by=clerk, at=_morning(now, 3))


def _with(commune: Commune, role: Role, by: Officer) -> Officer:
    if by.is_(role):
        return by
    here = Officer.objects.filter(commune=commune, roles__contains=[role], is_active=True)
    return here.select_related("commune", "counter").order_by("pk")[0]


def _morning(now: datetime, days: int) -> datetime:
    day = timezone.localtime(now).date() - timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(9, 15)))
