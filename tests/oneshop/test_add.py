"""What the operator adds from the terminal: further communes, and those who watch all of them."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from oneshop.models import Commune
from tests import factories

COMMUNE = [
    "--commune-name=Phú Cát",
    "--commune-code=09952",
    "--agency-code=H26.952.00",
    "--full-name=Tạ Văn Quản",
    "--username=quantri.phucat",
]


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONESHOP_PASSWORD", factories.PASSWORD)


def test_a_further_commune_opens_with_its_own_administrator(quoc_oai: Commune, client: Client) -> None:
    call_command("add", "commune", *COMMUNE)

    client.post("/dang-nhap", {"username": "quantri.phucat", "password": factories.PASSWORD})

    assert Commune.objects.get(code="09952").name_on(quoc_oai.opened_on).full == "Xã Phú Cát"
    assert client.get("/")["Location"] == "/can-bo"


def test_a_code_that_is_taken_is_said_in_one_line(quoc_oai: Commune) -> None:
    taken = [word.replace("09952", "09895") for word in COMMUNE]

    with pytest.raises(CommandError, match="taken already"):
        call_command("add", "commune", *taken)


def test_who_watches_all_communes_sees_them_and_no_desk(quoc_oai: Commune, client: Client) -> None:
    call_command("add", "monitor", "--username=Giamsat", "--full-name=Hoàng Thị Dõi")

    client.post("/dang-nhap", {"username": "giamsat", "password": factories.PASSWORD})

    assert client.get("/theo-doi").status_code == 200
    assert client.get("/quay").status_code == 403
