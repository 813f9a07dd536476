"""What each procedure owes us. The eighth is tested by existing."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.template.loader import get_template

from procedures.catalogue import SEVEN, Catalogue, Procedure, catalogue
from procedures.rules import Kind

ALL = list(catalogue())


@pytest.fixture(params=ALL, ids=[procedure.key for procedure in ALL])
def procedure(request: pytest.FixtureRequest) -> Procedure:
    found: Procedure = request.param
    return found


def test_it_names_itself_its_code_and_its_law(procedure: Procedure) -> None:
    assert re.fullmatch(r"[a-z_]+", procedure.key)
    assert procedure.name[0].isupper()
    assert re.fullmatch(r"\d\.\d{6}", procedure.national_code) or not listed_code(procedure)
    assert procedure.legal_basis
    assert procedure.who


def test_it_promises_no_more_than_three_working_hours(procedure: Procedure) -> None:
    assert timedelta() < procedure.promise <= timedelta(hours=3)


def test_its_rules_have_their_own_id_a_message_and_a_source(procedure: Procedure) -> None:
    ids = [rule.id for rule in procedure.rules]

    assert len(ids) == len(set(ids))
    for rule in procedure.rules:
        assert rule.kind in Kind
        assert rule.title
        assert rule.message.endswith("."), rule.id
        assert rule.source, rule.id


def test_its_template_renders_its_book_and_symbol_stand(procedure: Procedure) -> None:
    assert get_template(procedure.result_template)
    assert procedure.book
    assert procedure.symbol


def test_its_fee_is_a_dated_row(procedure: Procedure) -> None:
    fee = procedure.fee_on(date(2026, 11, 23))

    assert fee.amount >= 0
    assert fee.source


def listed_code(procedure: Procedure) -> str:
    """The national code in the list of the desk; two of the seven have none that is known."""
    return next((planned.national_code for planned in SEVEN if planned.digit == procedure.digit), "")


def test_it_is_one_of_the_seven(procedure: Procedure) -> None:
    listed = {planned.digit: planned.national_code for planned in SEVEN}

    assert listed[procedure.digit] == procedure.national_code


def test_the_catalogue_refuses_a_key_twice() -> None:
    shelf = Catalogue()
    shelf.add(ALL[0])

    with pytest.raises(ValueError, match="claim the same place"):
        shelf.add(ALL[0])
