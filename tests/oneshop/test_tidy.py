"""What is kept only for a while goes when its while is over, and nothing else."""

from __future__ import annotations

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone

from citizens.models import Citizen
from oneshop.models import Commune, FormKey, Officer
from procedures.models import Draft


def test_drafts_of_yesterday_and_answers_of_last_week_go(quoc_oai: Commune, mai: Officer, khach: Citizen) -> None:
    now = timezone.now()
    for key, age in (("young", timedelta(hours=23)), ("old", timedelta(hours=25))):
        Draft.objects.create(commune=quoc_oai, officer=mai, citizen=khach, procedure_key=key, updated_at=now - age)
    for key, age in (("fresh", timedelta(days=6)), ("stale", timedelta(days=8))):
        FormKey.objects.create(commune=quoc_oai, officer=mai, key=key, digest="", at=now - age)

    call_command("tidy")

    assert list(Draft.objects.values_list("procedure_key", flat=True)) == ["young"]
    assert list(FormKey.objects.values_list("key", flat=True)) == ["fresh"]
