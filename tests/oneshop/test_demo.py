"""The first commune of an empty house, and the made-up one."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from citizens.models import Citizen
from oneshop import demo, founding, roster, walls
from oneshop.models import Commune, Counter, Officer, Succession
from oneshop.roles import Role
from procedures.models import Case, Correction, DayClose, Result, Series
from procedures.states import State
from tests import factories
from tests.procedures.test_invariants import broken

FACTS = {
    "commune_code": "09895",
    "commune_name": "Quốc Oai",
    "kind": "Xã",
    "above": "Thành phố Hà Nội",
    "agency_code": "H26.895.00",
    "username": "quantri",
    "full_name": "Lê Quang Trị",
}


def test_an_empty_house_gets_a_commune_a_counter_hours_and_an_administrator(db: None, client: Client) -> None:
    commune = founding.found(**FACTS, password=factories.PASSWORD)

    client.post("/dang-nhap", {"username": "quantri", "password": factories.PASSWORD})
    with walls.within(commune.pk):
        assert commune.hours.count() == 10
        assert Officer.objects.get().roles == [Role.ADMINISTRATOR]
    assert client.get("/")["Location"] == "/can-bo"
    assert founding.is_founded()


def test_a_weak_first_password_founds_nothing(db: None) -> None:
    with pytest.raises(ValidationError):
        founding.found(**FACTS, password="123456789012")

    assert not founding.is_founded()


def test_the_demo_has_the_map_of_quoc_oai_and_a_case_in_every_state(real_db: str) -> None:
    demo.fill(days=6, citizens=24, quiet=True)

    served = list(Commune.objects.filter(is_served=True).order_by("code"))
    assert len(served) == 5
    assert Counter.objects.count() == 21
    assert Succession.objects.count() == 21
    corrections: set[str] = set()
    for commune in served:
        with walls.within(commune.pk):
            states = set(Case.objects.values_list("state", flat=True))
            assert states >= set(State) - {State.REJECTED, State.WAITING_REVIEW, State.STOPPED}
            signed = Result.objects.filter(shares_number=False)
            assert signed.exists()
            for book, year in signed.values_list("book", "year").distinct():
                numbers = sorted(signed.filter(book=book, year=year).values_list("number", flat=True))
                series = Series.objects.get(book=book, period=str(year))
                assert numbers == list(range(series.first, series.last + 1))
                assert series.first == (42 if book == "marriage" and year == timezone.localdate().year else 1)
            assert DayClose.objects.exclude(confirmed_at=None).exists()
            corrections |= set(Correction.objects.values_list("state", flat=True))
            assert broken(commune) == {}
            assert roster.on_duty(commune, Role.SIGNER, at=timezone.now()).count() == 2
    assert corrections == {"proposed", "signed"}


def test_the_demo_greets_with_log_ins_that_work(real_db: str, client: Client) -> None:
    demo.fill(days=1, citizens=14, quiet=True)

    answers = [
        client.post("/dang-nhap", {"username": name, "password": password}).status_code
        for name, password, _ in demo.logins()
        for _ in [client.logout()]
    ]

    assert answers == [302] * 6


def test_the_sample_person_of_the_readme_lives_where_her_card_says(real_db: str) -> None:
    demo.fill(days=1, citizens=14, quiet=True)

    kieu_phu = Commune.objects.get(code="09910", closed_on=None)
    with walls.within(kieu_phu.pk):
        assert Citizen.objects.get(identity_number="001192000000").full_name == "Trần Thị Thử"
