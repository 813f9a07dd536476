"""Who is kin to whom, as the books tell: what forbids a marriage (Luật HN&GĐ Điều 3 khoản 17–18, Điều 5)."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from django.test.utils import CaptureQueriesContext

from citizens.models import Citizen, Marriage, Parentage, kin_of
from citizens.register import Kin
from oneshop import walls
from oneshop.models import Commune
from tests import factories


class Village:
    """People by a short name, parents and marriages between them."""

    def __init__(self, commune: Commune) -> None:
        self.commune = commune
        self.people: dict[str, Citizen] = {}

    def __getitem__(self, name: str) -> Citizen:
        if name not in self.people:
            number = f"0011700{len(self.people):05}"
            self.people[name] = factories.citizen(self.commune, number, f"Trần Thị {name}")
        return self.people[name]

    def child(self, name: str, *parents: str, kind: str = "blood", ended_on: date | None = None) -> None:
        for parent in parents:
            Parentage.objects.create(
                commune=self.commune,
                child=self[name],
                parent=self[parent],
                kind=kind,
                basis="Giấy khai sinh số 01/1990",
                ended_on=ended_on,
            )

    def married(self, one: str, two: str, *, ending: str = "", both_sides: bool = True) -> None:
        ended = {"ending": ending, "ended_on": date(2020, 1, 1)} if ending else {}
        for citizen, spouse in [(one, two), (two, one)] if both_sides else [(one, two)]:
            Marriage.objects.create(
                commune=self.commune,
                citizen=self[citizen],
                spouse=self[spouse],
                spouse_name=self[spouse].full_name,
                spouse_sex="male",
                certificate_number="01/2010",
                issuer="UBND xã Sài Sơn",
                since=date(2010, 1, 1),
                **ended,
            )

    def kin(self, name: str) -> Kin:
        return kin_of(self[name])

    def named(self, numbers: frozenset[str]) -> set[str]:
        return {name for name, citizen in self.people.items() if citizen.identity_number in numbers}


@pytest.fixture
def village(quoc_oai: Commune) -> Village:
    return Village(quoc_oai)


def within_three_generations(village: Village, one: str, two: str) -> bool:
    mine, theirs = village.kin(one), village.kin(two)
    return bool((mine.parents | mine.grandparents) & (theirs.parents | theirs.grandparents))


def test_somebody_of_whom_no_book_tells_has_no_kin(village: Village) -> None:
    assert village.kin("An") == Kin()


def test_half_siblings_share_one_parent(village: Village) -> None:
    village.child("An", "Mẹ", "Bố An")
    village.child("Bình", "Mẹ", "Bố Bình")

    assert within_three_generations(village, "An", "Bình")


def test_cousins_of_two_sisters_share_a_grandparent(village: Village) -> None:
    village.child("Chị", "Bà")
    village.child("Em", "Bà")
    village.child("An", "Chị")
    village.child("Bình", "Em")

    assert within_three_generations(village, "An", "Bình")
    assert village.named(village.kin("An").grandparents) == {"Bà"}


def test_an_uncle_and_his_niece_are_within_three_generations(village: Village) -> None:
    village.child("Bố", "Ông")
    village.child("Chú", "Ông")
    village.child("Cháu", "Bố")

    assert within_three_generations(village, "Chú", "Cháu")


def test_second_cousins_are_beyond_three_generations(village: Village) -> None:
    for grandparent, parent, child in (("Ông An", "Bố An", "An"), ("Ông Bình", "Bố Bình", "Bình")):
        village.child(grandparent, "Cụ")
        village.child(parent, grandparent)
        village.child(child, parent)

    assert not within_three_generations(village, "An", "Bình")
    assert village.named(village.kin("An").ancestors) == {"Bố An", "Ông An", "Cụ"}


def test_five_generations_up_the_line_is_still_direct(village: Village) -> None:
    line = ["An", "Bố", "Ông", "Cụ", "Kỵ", "Tổ"]
    for child, parent in itertools.pairwise(line):
        village.child(child, parent)

    assert village.named(village.kin("An").ancestors) == set(line[1:])
    assert village.named(village.kin("An").grandparents) == {"Ông"}


def test_an_adoptive_parent_is_none_by_blood_and_a_former_one_still_counts(village: Village) -> None:
    village.child("An", "Mẹ nuôi", kind="adoption", ended_on=date(2015, 5, 5))
    village.child("An", "Mẹ đẻ")

    kin = village.kin("An")

    assert village.named(kin.adoptive_parents) == {"Mẹ nuôi"}
    assert village.named(kin.parents) == {"Mẹ đẻ"}
    assert village.named(kin.ancestors) == {"Mẹ đẻ"}


def test_siblings_by_adoption_alone_are_not_kin_by_blood(village: Village) -> None:
    village.child("An", "Mẹ", kind="adoption")
    village.child("Bình", "Mẹ")

    assert not within_three_generations(village, "An", "Bình")


@pytest.mark.parametrize("ending", ["", "divorce", "death"])
def test_in_laws_and_step_children_of_ended_marriages_too(village: Village, ending: str) -> None:
    village.married("An", "Chồng", ending=ending)
    village.child("Chồng", "Bố chồng", "Mẹ chồng")
    village.child("Con riêng", "Chồng", "Vợ cũ")

    kin = village.kin("An")

    assert village.named(kin.spouse_parents) == {"Bố chồng", "Mẹ chồng"}
    assert village.named(kin.spouse_children) == {"Con riêng"}


def test_the_step_parent_is_found_from_the_side_of_the_child(village: Village) -> None:
    """A stepfather: the child's kin does not know him, his own does; the rule asks both."""
    village.married("Bố dượng", "Mẹ", ending="divorce")
    village.child("An", "Mẹ")

    assert village.named(village.kin("Bố dượng").spouse_children) == {"An"}
    assert village.named(village.kin("An").spouse_children) == set()


def test_a_marriage_on_record_from_one_side_alone_is_seen_from_both(village: Village) -> None:
    village.married("Chồng", "An", both_sides=False)
    village.child("Chồng", "Bố chồng")
    village.child("An", "Bố An")

    assert village.named(village.kin("An").spouse_parents) == {"Bố chồng"}
    assert village.named(village.kin("Chồng").spouse_parents) == {"Bố An"}


def test_a_circle_in_the_books_ends(village: Village) -> None:
    village.child("An", "Bình")
    village.child("Bình", "An")

    assert village.named(village.kin("An").ancestors) == {"An", "Bình"}


def test_what_another_commune_keeps_is_not_seen(village: Village, kieu_phu: Commune) -> None:
    village.child("An", "Mẹ")

    with walls.within(kieu_phu.pk):
        assert kin_of(village["An"]) == Kin()


@pytest.mark.parametrize("width", [1, 6])
def test_the_number_of_questions_does_not_grow_with_the_family(
    village: Village, width: int, django_assert_num_queries: CaptureQueriesContext
) -> None:
    line = ["An", "Bố", "Ông", "Cụ", "Kỵ", "Tổ", "Sơ", "Xa"]
    for child, parent in itertools.pairwise(line):
        village.child(child, parent)
    for number in range(width):
        village.married("An", f"Chồng {number}", ending="divorce")
        village.child(f"Chồng {number}", f"Bố chồng {number}")
        village.child(f"Con riêng {number}", f"Chồng {number}")
    an = village["An"]

    with django_assert_num_queries(11):  # type: ignore[operator]
        kin_of(an)
