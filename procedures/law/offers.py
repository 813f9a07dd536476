"""Which procedures a commune takes in today: opened, suspended or given up from a day, by a deciding document.

The plan drops procedures that no longer fit. Whatever is decided, a case that was received ends in its order.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from oneshop import audit, walls
from oneshop.models import Commune, Officer
from oneshop.roles import Role
from procedures.catalogue import Procedure
from procedures.models import Offer

Standing = Offer.Standing


class OfferRefused(Exception):
    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def not_offered(commune_id: int, on: date) -> dict[str, Offer]:
    """By key, the procedures that the commune does not take in on that day; one query."""
    latest = (
        Offer.objects.filter(commune_id=commune_id, valid_from__lte=on)
        .order_by("procedure_key", "-valid_from", "-pk")
        .distinct("procedure_key")
    )
    return {row.procedure_key: row for row in latest if row.standing != Standing.OPEN}


def not_offered_anywhere(on: date) -> dict[str, list[Offer]]:
    """By key, where a procedure is not taken in on that day; one query over every commune, without persons."""
    with walls.within(None, reads_all=True):
        latest = (
            Offer.objects.filter(valid_from__lte=on)
            .order_by("commune_id", "procedure_key", "-valid_from", "-pk")
            .distinct("commune_id", "procedure_key")
        )
        found: dict[str, list[Offer]] = {}
        for row in latest:
            if row.standing != Standing.OPEN:
                found.setdefault(row.procedure_key, []).append(row)
    return found


def why_not_offered(procedure: Procedure, commune_id: int, on: date) -> str:
    """The sentence for clerk and citizen, or nothing."""
    row = not_offered(commune_id, on).get(procedure.key)
    return sentence(row) if row else ""


def standing_word(row: Offer) -> str:
    return "Tạm dừng nhận" if row.standing == Standing.SUSPENDED else "Không còn nhận"


def sentence(row: Offer) -> str:
    return f"{standing_word(row)} thủ tục này từ {row.valid_from:%d/%m/%Y} theo {row.document}."


def decide(
    procedure: Procedure,
    communes: Iterable[Commune],
    standing: Standing,
    *,
    valid_from: date,
    document: str,
    reason: str,
    by: Officer,
    at: datetime,
) -> list[Offer]:
    """Open, suspend or give up `procedure` in these communes from a day on, today at the earliest.

    Raises OfferRefused for a past day (what was received then was received rightly) and for who is not the monitor.
    """
    if not by.is_(Role.MONITOR):
        raise OfferRefused("Việc này của cơ quan theo dõi.")
    if valid_from < timezone.localtime(at).date():
        raise OfferRefused("Chỉ quyết định từ hôm nay trở đi.")
    made = []
    with transaction.atomic():
        for commune in communes:
            with walls.within(commune.pk, reads_all=True, officer_id=by.pk):
                row = Offer.objects.create(
                    commune=commune,
                    procedure_key=procedure.key,
                    standing=standing,
                    valid_from=valid_from,
                    document=document,
                    reason=reason,
                    by=by,
                    at=at,
                )
                audit.record(
                    "decide",
                    "offer",
                    f"{procedure.key}/{standing}",
                    by=by,
                    at=at,
                    why=f"{document}: {reason}",
                    commune_id=commune.pk,
                )
                made.append(row)
    return made
