"""Two hosts: the public one knows no staff address, the staff's answers only the office (S-34)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from pytest_django import Settings

from citizens.models import Citizen
from oneshop.hosts import STAFF_DOORS, is_public
from oneshop.models import Officer
from procedures.models import Case
from tests import factories
from tests.oneshop.test_access import address, patterns

PUBLIC_HOST = "tracuu.example.vn"


@pytest.fixture(autouse=True)
def two_hosts(settings: Settings) -> None:
    settings.PUBLIC_HOSTS = [PUBLIC_HOST]
    settings.ALLOWED_HOSTS = ["testserver", PUBLIC_HOST]


@pytest.fixture
def case(khach: Citizen, mai: Officer, at: object) -> Case:
    return factories.case(khach, by=mai, at=at)  # type: ignore[arg-type]


def public(pattern: URLPattern) -> bool:
    return is_public(pattern.callback) and pattern.name not in STAFF_DOORS


@pytest.mark.parametrize("name", sorted(name for name, pattern in patterns().items() if not public(pattern)))
def test_the_public_host_knows_no_staff_address(
    name: str, client: Client, case: Case, khach: Citizen, mai: Officer
) -> None:
    client.force_login(mai)  # even a clerk's session opens nothing there

    unknown = client.get("/khong-co-trang-nay", headers={"host": PUBLIC_HOST})
    answers = [
        getattr(client, method)(address(name, case, khach), headers={"host": PUBLIC_HOST}) for method in ("get", "post")
    ]

    if name == "home":
        assert [answer["Location"] for answer in answers] == [reverse("public_home")] * 2
    else:
        assert [(answer.status_code, answer.content) for answer in answers] == [(404, unknown.content)] * 2


def test_the_public_host_answers_public_addresses_and_names_no_door(client: Client, case: Case) -> None:
    for path in ("/thu-tuc", "/kiem-tra", "/khoa", "/robots.txt", reverse("status", args=["09895", case.token])):
        response = client.get(path, headers={"host": PUBLIC_HOST})

        assert response.status_code == 200, path
        assert "dang-nhap" not in response.content.decode(), path


def test_what_the_public_host_does_not_know_has_its_headers(client: Client, db: None) -> None:
    response = client.get("/quay", headers={"host": PUBLIC_HOST})

    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_staff_pages_exist_only_for_the_office(client: Client, mai: Officer, settings: Settings) -> None:
    settings.STAFF_NETWORKS = ["10.20.0.0/16", "2001:db8::/32"]
    client.force_login(mai)

    answers = {
        origin: client.get("/quay", REMOTE_ADDR=origin).status_code
        for origin in ("10.20.3.4", "2001:db8::7", "10.21.0.1", "127.0.0.1", "", "no address")
    }

    assert answers == {
        "10.20.3.4": 200,
        "2001:db8::7": 200,
        "10.21.0.1": 404,
        "127.0.0.1": 404,
        "": 404,
        "no address": 404,
    }
    assert client.get("/dang-nhap", REMOTE_ADDR="10.21.0.1").status_code == 404
    assert client.get("/thu-tuc", REMOTE_ADDR="10.21.0.1").status_code == 200


def test_without_two_hosts_one_serves_everything(client: Client, mai: Officer, settings: Settings) -> None:
    settings.PUBLIC_HOSTS = []
    client.force_login(mai)

    assert client.get("/quay").status_code == client.get("/thu-tuc").status_code == 200
