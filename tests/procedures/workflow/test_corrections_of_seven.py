"""Each of the seven procedures, a week later: its papers replaced, recalled, corrected by letter; what their codes say.

A week, because a wrong paper is hardly ever found on the day of its signature, and the law and the records are asked
as of two days then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from citizens.models import Citizen, amend
from oneshop.models import Commune, Officer
from oneshop.roles import Role
from procedures import ministry, stock, workflow
from procedures.catalogue import catalogue
from procedures.frozen import thaw
from procedures.models import Case, Correction, Result
from procedures.rules import Stage
from procedures.rules.remedies import Ground, remedy_for
from procedures.states import CorrectionState, State
from tests import factories
from tests.citizens import test_disability as cards
from tests.citizens import test_martyrs as graves
from tests.procedures.on_blanks import delivered
from tests.procedures.test_invariants import broken
from tests.procedures.workflow import test_civil_copy_case as copies
from tests.procedures.workflow import test_death_workflow as deaths
from tests.procedures.workflow import test_household_cases as homes
from tests.procedures.workflow import test_marriage_workflow as weddings
from tests.procedures.workflow.test_corrections import fresh, signed

WEEK = timedelta(days=7)


@dataclass
class World:
    """Who is there; `at` is the hour of the receipt and the signature, `wrong` the answers that were wrong."""

    commune: Commune
    khach: Citizen
    mai: Officer
    hung: Officer
    lan: Officer
    at: datetime
    wrong: dict[str, Any] = field(default_factory=dict)

    @property
    def week_after(self) -> datetime:
        return self.at + WEEK


@pytest.fixture
def world(
    quoc_oai: Commune, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, tri: Officer, at: datetime
) -> World:
    for kind in ("marriage_certificate", "disability_card"):
        delivered(tri, at, kind=kind)
    return World(quoc_oai, khach, mai, hung, lan, at)


def _marital(world: World) -> list[Result]:
    return [factories.signed(factories.case(world.khach, by=world.mai, at=world.at), **_by(world))]


def _copy(world: World) -> list[Result]:
    entry = copies.entry.__wrapped__(world.khach, world.hung, world.at)
    copy = catalogue()["civil_copy"]
    answers = {"entry": str(entry.pk), "copies": 3, "capacity": "self", "fee": "paid", "birth_paper": "extract"}
    checked = {rule.id: True for rule in copy.rules}
    case = workflow.receive(copy, world.khach, answers=answers, officer_answers=checked, by=world.mai, at=world.at)
    world.wrong = {"copies": 2}
    return [factories.signed(case, **_by(world))]


def _death(world: World) -> list[Result]:
    dead = factories.citizen(world.commune, "001048000001", "Nguyễn Văn Thọ", sex="male", birth_date=date(1948, 3, 5))
    world.wrong = {"died_on": date(2026, 11, 19)}
    return deaths.signed(deaths.received(dead, world.khach, by=world.mai, at=world.at), **_by(world))


def _marriage(world: World) -> list[Result]:
    groom = factories.citizen(world.commune, "001085000000", "Nguyễn Văn Mẫu", sex="male", birth_date=date(1985, 3, 5))
    return weddings.signed(weddings.received(groom, world.khach, by=world.mai, at=world.at), **_by(world))


def _card(world: World) -> list[Result]:
    factories.disability_file(world.khach)
    return cards.signed(cards.received(world.khach, by=world.mai, at=world.at), **_by(world))


def _grave(world: World) -> list[Result]:
    file = graves.martyr(world.commune, world.at)
    graves.relative(file, world.khach.full_name, world.khach.identity_number, world.khach)
    case = graves.received(world.khach, file, world.mai, world.at)
    return graves.signed(case, world.hung, world.lan, world.at)


def _household(world: World) -> list[Result]:
    home = homes.home_of(world.commune, world.khach)
    homes.find(home)
    world.at = homes.RESUMED
    return homes.sign(homes.receive(home, world.mai, world.at), world.hung, world.lan, world.at)


SEVEN: dict[str, Callable[[World], list[Result]]] = {
    "marital_certificate": _marital,
    "civil_copy": _copy,
    "death_registration": _death,
    "marriage_registration": _marriage,
    "disability_card": _card,
    "martyr_grave_visit": _grave,
    "poor_household": _household,
}
ONLY_BEFORE = {"death_registration", "marriage_registration", "disability_card"}
"""Once in somebody's hand these are put right by a procedure of their own, as the law has it (remedies.py)."""

seven = pytest.mark.parametrize("key", SEVEN)


def _by(world: World) -> dict[str, Any]:
    return {"handled_by": world.hung, "by": world.lan, "at": world.at}


def issued(key: str, world: World) -> list[Result]:
    """The papers of a case of that procedure, signed at `world.at`; a week later its leader is on duty again."""
    made = SEVEN[key](world)
    assert made[0].case.procedure_key == key
    factories.shift(world.lan, Role.SIGNER, starts_at=world.week_after, ends_at=world.week_after.replace(hour=18))
    return [fresh(paper) for paper in made]


def given(papers: list[Result], world: World, at: datetime) -> None:
    case = Case.objects.get(pk=papers[0].case_id)
    ticks = [rule.id for rule in workflow.asked_at(case, Stage.GIVING_OUT)]
    factories.given_out(case, by=world.mai, at=at, confirmed=ticks)


def main_of(papers: list[Result], key: str) -> Result:
    return next((paper for paper in papers if paper.kind == key), papers[0])


def replacement(paper: Result, world: World) -> Correction:
    """Where no answer was wrong the name in the record was, and has been put right there."""
    if not world.wrong:
        amend(world.khach, {"full_name": "Trần Thị Thứ"}, paper="Căn cước", by=world.mai, at=world.week_after)
    return workflow.propose_replacement(
        fresh(paper),
        answers={**thaw(paper.case.answers), **world.wrong},
        officer_answers=paper.case.officer_answers,
        fault="office",
        asked_by="citizen",
        reason="ghi sai",
        by=world.hung,
        at=world.week_after,
    )


def said(client: Client, paper: Result) -> str:
    """What anyone reads who scans the code of the paper."""
    return client.get(reverse("result_check", args=["09895", paper.token])).content.decode()


def fallen_and_new(papers: list[Result]) -> list[tuple[Result, Result]]:
    old = [fresh(paper) for paper in papers if fresh(paper).standing != Result.Standing.VALID]
    return [(paper, Result.objects.get(pk=paper.replaced_by_id)) for paper in old]


@seven
def test_before_it_is_given_out_each_is_replaced_and_its_code_leads_to_the_new_one(
    key: str, world: World, client: Client
) -> None:
    papers = issued(key, world)

    signed(replacement(main_of(papers, key), world), by=world.lan, at=world.week_after)
    given(papers, world, world.week_after)

    pairs = fallen_and_new(papers)
    assert main_of(papers, key).pk in {old.pk for old, _ in pairs}
    for old, new in pairs:
        assert new.full_number != old.full_number
        assert new.issued_on == world.week_after.date()
        assert f"Giấy này đã được thay bằng: <strong>{new.full_number}</strong>" in said(client, old)
        assert "verdict-genuine" in said(client, new)
        assert f"số {old.full_number} ngày {old.issued_on:%d/%m/%Y}" in new.facts["replaces"]
    assert Case.objects.get(pk=papers[0].case_id).where == State.GIVEN_OUT
    assert broken(world.commune) == {}


@seven
def test_once_in_a_hand_each_is_replaced_or_the_law_of_the_subject_leads_elsewhere(
    key: str, world: World, client: Client
) -> None:
    papers = issued(key, world)
    given(papers, world, world.at)
    paper = main_of(papers, key)

    if key in ONLY_BEFORE:
        with pytest.raises(workflow.NotAllowed) as refused:
            replacement(paper, world)
        assert refused.value.sentence == remedy_for(paper.kind).instead
        assert "verdict-genuine" in said(client, fresh(paper))
        assert broken(world.commune) == {}
        return
    signed(replacement(paper, world), by=world.lan, at=world.week_after)
    correction = Correction.objects.get()
    if ministry.waits(correction.case, at=world.week_after):
        ministry.record(
            correction.case, number="99/2026", code="HT.99", by=world.mai, at=world.week_after, why="thay giấy"
        )
    stock.use_next(correction.case, by=world.mai, at=world.week_after)
    workflow.hand_correction(
        correction,
        by=world.mai,
        at=world.week_after,
        to="Trần Thị Thử",
        old_paper="returned",
        returned_copies=1,
        inked=True,
    )

    assert Correction.objects.get().where == CorrectionState.HANDED
    for old, new in fallen_and_new(papers):
        assert f"Giấy này đã được thay bằng: <strong>{new.full_number}</strong>" in said(client, old)
    assert broken(world.commune) == {}


@seven
def test_each_is_recalled_by_whom_the_law_names_and_its_code_says_so(key: str, world: World, client: Client) -> None:
    papers = issued(key, world)
    given(papers, world, world.at)
    paper = main_of(papers, key)
    grounds = remedy_for(paper.kind).recalled_on

    def recall(ground: Ground) -> Correction:
        return workflow.propose_recall(
            fresh(paper),
            ground=ground,
            decision="Quyết định số 7/QĐ ngày 27/11/2026",
            asked_by="other",
            reason="cấp trái quy định",
            by=world.hung,
            at=world.week_after,
        )

    for ground in set(Ground) - set(grounds):
        with pytest.raises(workflow.NotAllowed, match="chỉ thu hồi, hủy được theo"):
            recall(ground)
    [notice] = signed(recall(grounds[0]), by=world.lan, at=world.week_after)

    assert "verdict-genuine" in said(client, notice)
    for old in papers:
        page = said(client, old)
        assert "verdict-cancelled" in page
        assert f"Hủy theo: {grounds[0].label}" in page
        assert "cấp trái quy định" not in page
    assert broken(world.commune) == {}


@seven
def test_each_stays_valid_beside_a_letter_of_correction(key: str, world: World, client: Client) -> None:
    papers = issued(key, world)
    given(papers, world, world.at)
    proposal = workflow.propose_letter(
        main_of(papers, key),
        wrong="UỶ BAN",
        right="ỦY BAN",
        asked_by="office",
        reason="sai chính tả ở tên cơ quan",
        by=world.hung,
        at=world.week_after,
    )

    [letter] = signed(proposal, by=world.lan, at=world.week_after)
    workflow.hand_correction(proposal, by=world.mai, at=world.week_after, to="Trần Thị Thử", inked=True)

    page = said(client, main_of(papers, key))
    assert "verdict-corrected" in page
    assert f"công văn đính chính số <strong>{letter.full_number}</strong>" in page
    assert {fresh(paper).standing for paper in papers} == {"valid"}
    assert broken(world.commune) == {}
