"""Two citizens of a commune who asked what is held on them: one waits, one has the answer."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from citizens.models import Citizen
from oneshop.models import Commune, Officer
from oneshop.roles import Role
from procedures import own_data


def fill_requests(commune: Commune) -> None:
    """Call inside the commune's walls, after its citizens."""
    now = timezone.now()
    clerk = Officer.objects.filter(commune=commune, roles__contains=[Role.CLERK]).order_by("pk")[0]
    first, second = Citizen.objects.kept_by(commune.pk).filter(deceased_on=None).order_by("pk")[:2]
    answered = own_data.ask(first, by=clerk, at=now - timedelta(days=4))
    own_data.answer(answered, by=clerk, at=now - timedelta(days=3))
    own_data.ask(second, by=clerk, at=now - timedelta(hours=2))
