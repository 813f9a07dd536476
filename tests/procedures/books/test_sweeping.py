"""The sweeper finds each half state that is planted, once, and its card goes when the state is whole again (R-06)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.urls import reverse

from citizens.models import Citizen
from oneshop import errands, walls
from oneshop.models import Commune, Errand, Officer
from procedures import workflow
from procedures.books import sweeping
from procedures.models import Case, Flaw, Result, Series, Slip
from procedures.states import State
from tests import factories
from tests.procedures.test_races import named, signs, village, waiting_for_signature

__all__ = ["village"]


@pytest.fixture
def result(mai: Officer, hung: Officer, lan: Officer, khach: Citizen, at: datetime) -> Result:
    return factories.signed(factories.case(khach, by=mai, at=at), handled_by=hung, by=lan, at=at)


def kinds(commune: Commune, at: datetime, *, all_papers: bool = True) -> list[str]:
    return [flaw.kind for flaw in sweeping.sweep(commune.pk, at=at, all_papers=all_papers)]


def test_a_day_of_work_raises_no_card(quoc_oai: Commune, result: Result, lan: Officer, at: datetime) -> None:
    workflow.annul(Case.objects.get(pk=result.case_id), by=lan, at=at, note="không cần nữa")

    assert kinds(quoc_oai, at) == []


def _a_number_without_a_row(result: Result) -> None:
    Series.objects.filter(book=result.book).update(last=2)


def _a_row_without_its_book(result: Result) -> None:
    Series.objects.filter(book=result.book).update(book="khac")


def _signed_without_a_result(result: Result) -> None:
    other = factories.citizen(result.case.commune, "001192000778", "Lê Thị Khác")
    case = factories.case(other, by=result.case.received_by, at=result.signed_at)
    Case.objects.filter(pk=case.pk).update(state="signed", signed_by=result.signed_by, signed_at=result.signed_at)


def _a_result_of_a_case_that_is_not_signed(result: Result) -> None:
    Case.objects.filter(pk=result.case_id).update(state=State.HANDLING)


def _a_paper_that_is_another(result: Result) -> None:
    case = result.case
    Slip.objects.create(
        commune_id=case.commune_id,
        case=case,
        kind=Slip.Kind.RECEIPT,
        number=1,
        year=2026,
        by=case.received_by,
        at=result.signed_at,
        facts={},
        pdf=b"%PDF khac",
        sha256="0" * 64,
    )
    Series.objects.create(commune_id=case.commune_id, book="receipt", period="2026", last=1)


PLANTED: list[tuple[Callable[[Result], None], set[str]]] = [
    (_a_number_without_a_row, {"gap"}),
    (_a_row_without_its_book, {"past_the_book", "gap"}),
    (_signed_without_a_result, {"unsigned"}),
    (_a_result_of_a_case_that_is_not_signed, {"early"}),
    (_a_paper_that_is_another, {"paper"}),
]


@pytest.mark.parametrize(("plant", "expected"), PLANTED, ids=[plant.__name__ for plant, _ in PLANTED])
def test_each_half_state_is_found_and_found_once(
    plant: Callable[[Result], None], expected: set[str], quoc_oai: Commune, result: Result, at: datetime
) -> None:
    plant(result)

    first = kinds(quoc_oai, at)
    again = kinds(quoc_oai, at + timedelta(minutes=5))

    assert set(first) == expected
    assert again == first
    assert Flaw.objects.count() == len(first)


def test_a_paper_changed_behind_our_back_is_found(village: Commune, at: datetime) -> None:
    """The trigger keeps the portal from it; who owns the database steps over the trigger."""
    [case] = waiting_for_signature(village, at, number=1)
    result = signs(village, case, named(village, "lan"), at)()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('app.commune', %s, false)", [str(village.pk)])
        cursor.execute("ALTER TABLE procedures_result DISABLE TRIGGER keeps_what_was_signed")
        cursor.execute("UPDATE procedures_result SET pdf = pdf || 'x'::bytea WHERE id = %s", [result.pk])
        cursor.execute("ALTER TABLE procedures_result ENABLE TRIGGER keeps_what_was_signed")
    connections["owner"].close()

    with walls.within(village.pk):
        [flaw] = sweeping.sweep(village.pk, at=at)

    assert (flaw.kind, flaw.key) == ("paper", f"result/{result.pk}")
    assert case.code in flaw.sentence


def test_what_is_whole_again_loses_its_card(quoc_oai: Commune, result: Result, at: datetime) -> None:
    _a_result_of_a_case_that_is_not_signed(result)
    kinds(quoc_oai, at)
    Case.objects.filter(pk=result.case_id).update(state=State.SIGNED)

    assert kinds(quoc_oai, at + timedelta(minutes=5)) == []
    assert Flaw.objects.get().gone_at == at + timedelta(minutes=5)


def test_a_quick_look_takes_down_no_card_about_an_old_paper(quoc_oai: Commune, result: Result, at: datetime) -> None:
    _a_paper_that_is_another(result)
    kinds(quoc_oai, at)

    assert kinds(quoc_oai, at + timedelta(days=9), all_papers=False) == ["paper"]


def test_the_card_hangs_on_the_leaders_page(
    quoc_oai: Commune, result: Result, lan: Officer, at: datetime, client: Client
) -> None:
    _a_number_without_a_row(result)
    sweeping.sweep(quoc_oai.pk, at=at)
    client.force_login(lan)

    page = client.get(reverse("signing")).content.decode()

    assert "năm 2026 thiếu số 02" in page


def test_the_errand_looks_every_five_minutes_and_leaves_one_behind(village: Commune, at: datetime) -> None:
    assert sweeping.begin(at=at) == 1
    assert sweeping.begin(at=at) == 0
    with walls.within(village.pk):
        Series.objects.create(commune=village, book="receipt", period="2026", last=1)

    errands.run_due(at=at)
    errands.run_due(at=at + timedelta(minutes=4))
    errands.run_due(at=at + timedelta(minutes=5))

    with walls.within(village.pk):
        waiting = Errand.objects.get(kind="sweep", done_at=None)
        assert waiting.due_at == at + timedelta(minutes=10)
        assert Errand.objects.filter(kind="sweep").count() <= 2
        assert [flaw.kind for flaw in Flaw.objects.all()] == ["gap"]


def test_the_errands_command_knows_the_sweeper(village: Commune) -> None:
    call_command("tidy")

    call_command("errands", once=True)

    with walls.within(village.pk):
        assert Errand.objects.filter(kind="sweep", done_at__isnull=False).exists()
