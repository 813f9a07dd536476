"""When a card was first read: kept until the day ends, and given to the case that is received."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from citizens.models import Citizen
from oneshop.models import Officer
from procedures.models import Case, Draft
from tests import factories


def post(client: Client, address: str, **form: object) -> HttpResponse:
    return client.post(address, form | {"form_key": secrets.token_urlsafe(16)})  # type: ignore[return-value]


def test_the_case_knows_when_the_card_was_first_read(
    khach: Citizen, mai: Officer, client: Client, at: datetime
) -> None:
    ticks = {f"rule-{name}": "yes" for name in factories.all_checked()}

    with time_machine.travel(at, tick=False) as clock:
        client.force_login(mai)
        post(client, reverse("scan"), text=khach.identity_number)
        clock.shift(timedelta(seconds=30))
        post(client, reverse("scan"), text=khach.identity_number)
        clock.shift(timedelta(seconds=25))
        post(client, reverse("apply", args=[khach.pk, "marital_certificate"]), **factories.ANSWERS, **ticks)
        post(client, reverse("check", args=[Draft.objects.get().pk]), declaration="on")

    case = Case.objects.get()
    assert (case.scanned_at, case.received_at) == (at, at + timedelta(seconds=55))


def test_a_scan_of_yesterday_is_not_of_today(khach: Citizen, mai: Officer, client: Client, at: datetime) -> None:
    for moment in (at, at + timedelta(days=1)):
        with time_machine.travel(moment, tick=False):
            client.force_login(mai)
            post(client, reverse("scan"), text=khach.identity_number)

    [(key, noted)] = client.session["scans"].items()
    assert (key, datetime.fromisoformat(noted)) == (str(khach.pk), at + timedelta(days=1))
