"""Search as people type (U-22): without marks, the tone where older spelling had it, the family name last."""

from __future__ import annotations

import unicodedata

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens.models import Citizen
from oneshop import walls
from oneshop.models import Commune, Officer
from tests import factories

PEOPLE = (
    "Nguyễn Văn Mẫu",
    "Nguyễn Văn Mậu",
    "Nguyễn Vân Mầu",
    "Đỗ Đức Ước",
    "Do Duc Uoc",
    "Trần Thị Thuý Hoà",
    "Trần Thị Thúy Hòa Bình",
    "Trần Thị Thùy Hoa",
    "H’Hen Niê",
    "Lê Thị Nga",
    "Mẫu Văn Nguyễn",
)


@pytest.fixture
def village(quoc_oai: Commune) -> Commune:
    for at, name in enumerate(PEOPLE):
        factories.citizen(quoc_oai, f"001192{at:06}", name)
    return quoc_oai


@pytest.fixture
def clerk(client: Client, mai: Officer) -> Client:
    client.force_login(mai)
    return client


def found(query: str) -> list[str]:
    return [citizen.full_name for citizen in Citizen.objects.named(query)]


@pytest.mark.parametrize(
    ("query", "person"),
    [
        ("Nguyễn Văn Mẫu", "Nguyễn Văn Mẫu"),
        ("nguyen van mau", "Nguyễn Văn Mẫu"),
        ("NGUYEN VAN MAU", "Nguyễn Văn Mẫu"),
        ("nguyễn văn mậu", "Nguyễn Văn Mậu"),
        ("Mau Nguyen Van", "Nguyễn Văn Mẫu"),
        ("Văn Mẫu Nguyễn", "Nguyễn Văn Mẫu"),
        ("do duc uoc", "Đỗ Đức Ước"),
        ("Đo Duc Uoc", "Đỗ Đức Ước"),
        ("Ðỗ Đức Ước", "Đỗ Đức Ước"),
        ("thuy hoa", "Trần Thị Thuý Hoà"),
        ("Trần Thị Thúy Hòa", "Trần Thị Thuý Hoà"),
        ("Trần Thị Thuý Hoà", "Trần Thị Thuý Hoà"),
        ("Trần Thị Thuý Hoà Bình", "Trần Thị Thúy Hòa Bình"),
        (unicodedata.normalize("NFD", "Trần Thị Thúy Hòa"), "Trần Thị Thuý Hoà"),
        (unicodedata.normalize("NFD", "Nguyễn Văn Mậu"), "Nguyễn Văn Mậu"),
        ("  Nguyễn   Văn \t Mậu ", "Nguyễn Văn Mậu"),
        ("h'hen nie", "H’Hen Niê"),
        ("Nga Lê", "Lê Thị Nga"),
        ("ngu van ma", "Nguyễn Văn Mẫu"),
    ],
)
def test_the_person_meant_is_among_the_first_three(village: Commune, query: str, person: str) -> None:
    assert person in found(query)[:3]


@pytest.mark.parametrize(
    ("query", "ranked"),
    [
        ("Nguyễn Văn Mậu", ["Nguyễn Văn Mậu", "Nguyễn Vân Mầu", "Nguyễn Văn Mẫu", "Mẫu Văn Nguyễn"]),
        ("nguyễn vân mầu", ["Nguyễn Vân Mầu", "Nguyễn Văn Mẫu", "Nguyễn Văn Mậu", "Mẫu Văn Nguyễn"]),
        ("Đỗ Đức Ước", ["Đỗ Đức Ước", "Do Duc Uoc"]),
        ("Do Duc Uoc", ["Do Duc Uoc", "Đỗ Đức Ước"]),
        ("Trần Thị Thúy Hòa", ["Trần Thị Thuý Hoà", "Trần Thị Thúy Hòa Bình", "Trần Thị Thùy Hoa"]),
        ("Mẫu Văn Nguyễn", ["Mẫu Văn Nguyễn", "Nguyễn Vân Mầu", "Nguyễn Văn Mẫu", "Nguyễn Văn Mậu"]),
    ],
)
def test_the_marks_as_typed_rank_above_the_bare_letters(village: Commune, query: str, ranked: list[str]) -> None:
    names = found(query)

    assert names[0] == ranked[0]
    assert sorted(names) == sorted(ranked)


@pytest.mark.parametrize("query", ["Không Có Ai", "Nguyễn Văn Mẫu Tý", "Nguyeen", "Mẫn"])
def test_nobody_is_found_by_what_nobody_is_called(village: Commune, query: str) -> None:
    assert found(query) == []


def test_wildcards_of_the_database_stand_for_nothing(village: Commune) -> None:
    assert found("Lê%Nga") == found("Lê Nga") == ["Lê Thị Nga"]
    assert found("L_ Nga") == found("L Nga")


@pytest.mark.parametrize("query", ["%", "_", "%%%", "\\", "' OR ''='", "-", "."])
def test_signs_alone_browse_nobody(clerk: Client, village: Commune, query: str) -> None:
    response = clerk.post(reverse("scan"), {"text": query})

    assert (response.status_code, response.context["rows"]) == (422, [])


def test_people_of_another_commune_are_not_browsed(clerk: Client, village: Commune, kieu_phu: Commune) -> None:
    with walls.within(kieu_phu.pk):
        factories.citizen(kieu_phu, "001192999999", "Nguyễn Văn Mẫu")

    response = clerk.post(reverse("scan"), {"text": "Nguyễn Văn Mẫu"})

    ours = list(Citizen.objects.named("Nguyễn Văn Mẫu").values_list("pk", flat=True))
    assert [row["href"] for row in response.context["rows"]] == [reverse("citizen", args=[pk]) for pk in ours]
    assert len(ours) == 4


def test_the_page_tells_the_exact_name_from_the_near_one(clerk: Client, village: Commune) -> None:
    rows = clerk.post(reverse("scan"), {"text": "Đỗ Đức Ước"}).context["rows"]

    assert [(row["name"], row["exact"]) for row in rows] == [("Đỗ Đức Ước", True), ("Do Duc Uoc", False)]


def test_the_search_costs_as_many_questions_for_twenty_five_people_as_for_three(
    clerk: Client, quoc_oai: Commune
) -> None:
    asked, shown = [], []
    for name, number in (("Trần Thị Ba", 3), ("Lê Thị Hai Mươi Lăm", 25)):
        for at in range(number):
            factories.citizen(quoc_oai, f"0011920{number:02}{at:03}", name)
        with CaptureQueriesContext(connection) as queries:
            response = clerk.post(reverse("scan"), {"text": name})
        asked.append([query["sql"].split(" FROM ")[1].split()[0] for query in queries if " FROM " in query["sql"]])
        shown.append(len(response.context["rows"]))

    assert shown == [3, 25]
    assert asked[0] == asked[1]
    assert asked[0] == [
        f'"{table}"'
        for table in (
            *("django_session", "oneshop_officer", "citizens_citizen", "citizens_citizen", "citizens_residence"),
            *("oneshop_communename", "procedures_case"),
        )
    ]


def test_more_than_a_page_of_people_says_that_there_are_more(clerk: Client, quoc_oai: Commune) -> None:
    for at in range(30):
        factories.citizen(quoc_oai, f"001192000{at:03}", "Trần Thị Đông")

    response = clerk.post(reverse("scan"), {"text": "tran thi dong"})

    assert len(response.context["rows"]) == 25
    assert "Còn người khác nữa" in response.content.decode()
