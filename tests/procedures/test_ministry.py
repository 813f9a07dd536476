"""Number and code of the Ministry's software: whole, nobody else's, corrected by a new row, waited for where asked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from citizens.effects import EntryMade
from citizens.models import Citizen, RegisterEntry
from citizens.register import EventKind, Named, Part
from oneshop.models import Commune, Entry, Officer
from procedures import ministry, workflow
from procedures.catalogue import Procedure
from procedures.house_points import bridge_point, house_points
from procedures.models import Case, MinistryEntry, Ruling
from procedures.states import State
from tests import factories
from tests.procedures import on_blanks as stub
from tests.procedures.on_blanks import LINES, OnBlanks, on_blanks

__all__ = ["on_blanks"]


@pytest.fixture
def case(
    on_blanks: OnBlanks,
    monkeypatch: pytest.MonkeyPatch,
    khach: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    at: datetime,
) -> Case:
    """Signed, on plain paper, to be entered in the Ministry's software."""
    monkeypatch.setattr(OnBlanks, "blank", "")
    return stub.signed(khach, received_by=mai, handled_by=hung, by=lan, at=at)


@pytest.fixture
def another(case: Case, quoc_oai: Commune, mai: Officer, hung: Officer, lan: Officer, at: datetime) -> Case:
    person = factories.citizen(quoc_oai, "001192000111", "Nguyễn Thị Khác")
    return stub.signed(person, received_by=mai, handled_by=hung, by=lan, at=at)


def rule(commune: Commune, value: str, procedure: Procedure, by: Officer, at: datetime) -> None:
    Ruling.objects.create(
        commune=commune,
        key=bridge_point(procedure).key,
        value=value,
        valid_from=at.date(),
        source="Công văn 1",
        by=by,
        at=at,
    )


def test_number_and_code_are_written_down(case: Case, hung: Officer, at: datetime) -> None:
    entry = ministry.record(case, number=" 15 / 2026 ", code=" HT-2026-15 ", by=hung, at=at)

    assert (entry.number, entry.year, entry.code, entry.book) == (15, 2026, "HT-2026-15", "marital_certificate")
    assert ministry.entry_of(case) == entry
    assert Entry.objects.get(act="ministry_entry").why == "15/2026 (HT-2026-15)"


@pytest.mark.parametrize(
    "number", ["", "15", "15-2026", "0/2026", "15/26", "mười lăm/2026", "15/2026/1", "1234567/2026"]
)
def test_what_is_no_number_is_refused(number: str, case: Case, mai: Officer, at: datetime) -> None:
    with pytest.raises(ministry.EntryRefused, match=r"Ghi số và năm, ví dụ 15/2026\."):
        ministry.record(case, number=number, code="HT-1", by=mai, at=at)

    assert not MinistryEntry.objects.exists()


def test_the_year_is_that_of_the_registration(case: Case, mai: Officer, at: datetime) -> None:
    with pytest.raises(ministry.EntryRefused, match="Năm phải là 2026"):
        ministry.record(case, number="15/2025", code="HT-1", by=mai, at=at.replace(year=2027))


@pytest.mark.parametrize("code", ["", "  ", "x", "mã số", "<b>15</b>", "HT" * 40])
def test_what_is_no_code_is_refused(code: str, case: Case, mai: Officer, at: datetime) -> None:
    with pytest.raises(ministry.EntryRefused, match="Mã gồm"):
        ministry.record(case, number="15/2026", code=code, by=mai, at=at)


def test_the_number_of_another_case_is_told_with_that_case(
    case: Case, another: Case, mai: Officer, at: datetime
) -> None:
    """F-61."""
    ministry.record(case, number="15/2026", code="HT-15", by=mai, at=at)

    with pytest.raises(ministry.EntryRefused) as same_number:
        ministry.record(another, number="015/2026", code="HT-16", by=mai, at=at)
    with pytest.raises(ministry.EntryRefused) as same_code:
        ministry.record(another, number="16/2026", code="HT-15", by=mai, at=at)

    assert same_number.value.sentence == f"Số 15/2026 đã ghi cho hồ sơ {case.code}."
    assert same_code.value.sentence == f"Mã này đã ghi cho hồ sơ {case.code}."
    assert (same_number.value.where, same_code.value.where) == ("number", "code")


def test_a_correction_is_a_new_row_and_leaves_both_values(
    case: Case, another: Case, mai: Officer, at: datetime
) -> None:
    """F-61."""
    first = ministry.record(case, number="15/2026", code="HT-15", by=mai, at=at)
    with pytest.raises(ministry.EntryRefused, match="ghi rõ lý do"):
        ministry.record(case, number="16/2026", code="HT-16", by=mai, at=at)

    second = ministry.record(case, number="16/2026", code="HT-16", by=mai, at=at, why="gõ nhầm số")

    rows = list(MinistryEntry.objects.filter(case=case))
    assert [(row.full_number, row.code, row.is_current, row.why) for row in rows] == [
        ("15/2026", "HT-15", False, ""),
        ("16/2026", "HT-16", True, "gõ nhầm số"),
    ]
    assert ministry.entry_of(case) == second
    # what was typed wrong is free for the case it belongs to
    assert ministry.record(another, number="15/2026", code="HT-15", by=mai, at=at).number == first.number


def test_the_same_twice_is_one_row(case: Case, mai: Officer, at: datetime) -> None:
    first = ministry.record(case, number="15/2026", code="HT-15", by=mai, at=at)

    again = ministry.record(case, number="15/2026", code="HT-15", by=mai, at=at)

    assert again == first
    assert MinistryEntry.objects.count() == 1


def test_an_entry_is_never_rewritten(case: Case, mai: Officer, at: datetime) -> None:
    entry = ministry.record(case, number="15/2026", code="HT-15", by=mai, at=at)

    for change in ({"number": 16}, {"code": "HT-16"}, {"is_current": True}):
        with pytest.raises(DatabaseError), transaction.atomic():
            MinistryEntry.objects.filter(pk=entry.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        entry.delete()


def test_leader_and_administrator_write_nothing(case: Case, lan: Officer, tri: Officer, at: datetime) -> None:
    for officer in (lan, tri):
        with pytest.raises(ministry.EntryRefused, match="vai trò"):
            ministry.record(case, number="15/2026", code="HT-15", by=officer, at=at)


def test_a_case_that_ended_otherwise_has_no_entry(
    on_blanks: Procedure, khach: Citizen, mai: Officer, at: datetime
) -> None:
    case = stub.received(khach, by=mai, at=at)
    workflow.withdraw(case, by=mai, at=at, note="không cần nữa")

    with pytest.raises(ministry.EntryRefused, match="Công dân rút hồ sơ"):
        ministry.record(case, number="15/2026", code="HT-15", by=mai, at=at)


def test_a_procedure_without_a_bridge_has_no_entry(
    on_blanks: OnBlanks, monkeypatch: pytest.MonkeyPatch, khach: Citizen, mai: Officer, at: datetime
) -> None:
    monkeypatch.setattr(OnBlanks, "bridge", lambda self, application: ())
    case = stub.received(khach, by=mai, at=at)

    with pytest.raises(ministry.EntryRefused, match="không nhập vào phần mềm"):
        ministry.record(case, number="15/2026", code="HT-15", by=mai, at=at)


# --- giving out waits ---
def test_the_result_waits_for_number_and_code(case: Case, mai: Officer, later: datetime) -> None:
    """F-61."""
    with pytest.raises(workflow.NotAllowed, match="Chưa ghi số và mã của phần mềm hộ tịch"):
        workflow.give_out(case, inked=True, by=mai, at=later, to="Trần Thị Thử")

    ministry.record(case, number="15/2026", code="HT-15", by=mai, at=later)
    workflow.give_out(case, inked=True, by=mai, at=later, to="Trần Thị Thử")

    assert case.where == State.GIVEN_OUT


def test_a_commune_may_rule_that_a_result_does_not_wait(
    case: Case, on_blanks: Procedure, quoc_oai: Commune, tri: Officer, mai: Officer, at: datetime
) -> None:
    tomorrow = at + timedelta(days=1)
    rule(quoc_oai, "no", on_blanks, tri, tomorrow)

    assert (ministry.waits(case, at=at), ministry.waits(case, at=tomorrow)) == (True, False)
    assert workflow.give_out(case, inked=True, by=mai, at=tomorrow, to="Trần Thị Thử").target == State.GIVEN_OUT


def test_a_refusal_waits_for_nothing(
    on_blanks: Procedure, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    case = stub.received(khach, by=mai, at=at)
    workflow.submit_refusal(case, by=hung, at=at, note="Khai khác với dữ liệu.")
    workflow.sign(case, by=lan, at=at, seen=factories.seen(case, lan, at))

    assert ministry.lines_of(case) == []
    assert workflow.give_out(case, inked=True, by=mai, at=at, to="Trần Thị Thử").target == State.GIVEN_OUT


def test_each_bridge_is_a_point_that_a_commune_may_rule_on(on_blanks: Procedure) -> None:
    keys = [point.key for point in house_points()]

    assert {"stock.low", "bridge.on_blanks"} <= set(keys)
    assert len(keys) == len(set(keys))


# --- our own book ---
@pytest.fixture
def with_an_entry(on_blanks: OnBlanks, monkeypatch: pytest.MonkeyPatch) -> None:
    """The signature makes an entry in our own book too."""
    person = Named(part=Part.SUBJECT, full_name="Trần Thị Thử", who="person")
    made = EntryMade(kind=EventKind.MARRIAGE, document="on_blanks", persons=(person,))
    monkeypatch.setattr(OnBlanks, "effects", lambda self, application, *, on: [made])
    monkeypatch.setattr(OnBlanks, "blank", "")


def test_the_entry_that_the_case_made_bears_the_code(
    with_an_entry: None, quoc_oai: Commune, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    case = stub.signed(khach, received_by=mai, handled_by=hung, by=lan, at=at)
    other = factories.citizen(quoc_oai, "001192000111", "Nguyễn Thị Khác")
    stub.signed(other, received_by=mai, handled_by=hung, by=lan, at=at + timedelta(minutes=1))

    ministry.record(case, number="01/2026", code="HT-15", by=mai, at=at)
    ministry.record(case, number="01/2026", code="HT-17", by=mai, at=at, why="mã cũ sai")

    assert list(RegisterEntry.objects.order_by("number").values_list("number", "ministry_reference")) == [
        (1, "HT-17"),
        (2, ""),
    ]


def test_taken_down_before_the_signature_it_is_passed_on_by_it(
    with_an_entry: None, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    case = stub.received(khach, by=mai, at=at)
    ministry.record(case, number="01/2026", code="HT-15", by=hung, at=at)

    factories.signed(case, handled_by=hung, by=lan, at=later)

    assert RegisterEntry.objects.get().ministry_reference == "HT-15"


def test_another_number_than_ours_is_said(case: Case, mai: Officer, at: datetime) -> None:
    entry = ministry.record(case, number="15/2026", code="HT-15", by=mai, at=at)
    same = replace_number(entry, 1)

    assert ministry.differs_from_ours(case, entry) == (
        "Số trên phần mềm hộ tịch là 15/2026, số trong sổ của xã là 01. Đối chiếu lại hai bên."
    )
    assert ministry.differs_from_ours(case, same) == ""


def replace_number(entry: MinistryEntry, number: int) -> MinistryEntry:
    return MinistryEntry(case=entry.case, book=entry.book, year=entry.year, number=number, code=entry.code)


def test_the_values_come_in_the_order_of_the_procedure(case: Case) -> None:
    assert ministry.lines_of(case) == list(LINES)
