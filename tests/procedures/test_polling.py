"""A list that refreshes itself costs next to nothing while nothing happens."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
import time_machine
from django.test import Client

from citizens.models import Citizen
from oneshop.models import Officer
from procedures import workflow
from tests import factories

POLL = {"HTTP_HX_REQUEST": "true"}


def seen(client: Client, path: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', client.get(path, **POLL).content.decode())
    assert found is not None
    return found[1]


@pytest.mark.parametrize("path", ["/quay", "/tra"])
def test_a_poll_with_nothing_new_is_answered_with_nothing(
    path: str, client: Client, mai: Officer, khach: Citizen, at: datetime
) -> None:
    client.force_login(mai)
    with time_machine.travel(at, tick=False):
        version = seen(client, path)

        response = client.get(path, {"seen": version}, **POLL)

    assert (response.status_code, response.content) == (204, b"")


def test_a_step_anywhere_in_the_commune_brings_the_rows(
    client: Client, mai: Officer, hung: Officer, khach: Citizen, at: datetime
) -> None:
    client.force_login(mai)
    with time_machine.travel(at, tick=False):
        case = factories.case(khach, by=mai, at=at)
        version = seen(client, "/quay")
        workflow.hand_over(case, by=hung, at=at)

        response = client.get("/quay", {"seen": version}, **POLL)

    assert response.status_code == 200
    assert "Đang xử lý" in response.content.decode()


def test_time_left_is_told_anew_each_minute(client: Client, mai: Officer, at: datetime) -> None:
    client.force_login(mai)
    with time_machine.travel(at, tick=False):
        version = seen(client, "/quay")
    with time_machine.travel(at.replace(minute=at.minute + 1), tick=False):
        response = client.get("/quay", {"seen": version}, **POLL)

    assert response.status_code == 200


def test_a_page_asked_for_by_hand_is_always_whole(client: Client, mai: Officer, at: datetime) -> None:
    client.force_login(mai)
    with time_machine.travel(at, tick=False):
        version = seen(client, "/quay")

        response = client.get("/quay", {"seen": version})

    assert response.status_code == 200
    assert "Quét thẻ căn cước" in response.content.decode()
