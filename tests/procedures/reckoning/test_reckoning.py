"""Each ending verb writes its row once, with what the case counts for."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from citizens.models import Citizen
from oneshop.models import Commune, Officer
from procedures import reckoning, workflow
from procedures.models import Case, Reckoning
from procedures.states import Verb
from tests import factories


@pytest.fixture
def case(khach: Citizen, mai: Officer, at: datetime) -> Case:
    return factories.case(khach, by=mai, at=at)


def test_the_signature_reckons_the_case(case: Case, hung: Officer, lan: Officer, later: datetime) -> None:
    factories.signed(case, handled_by=hung, by=lan, at=later)

    row = Reckoning.objects.get()
    assert (row.case, row.ending, row.procedure_key, row.handled_by) == (case, "sign", "marital_certificate", hung)
    assert (row.used_minutes, row.paused_minutes, row.late_minutes) == (10, 0, 0)
    assert (row.on_time_index, row.on_time_legal, row.is_refused, row.requests) == (True, True, False, 0)
    assert (row.received_at, row.ended_at) == (case.received_at, later)


def test_sent_back_refused_and_asked_once_is_counted_so(
    case: Case, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    minutes = [at + timedelta(minutes=number) for number in range(0, 60, 10)]
    workflow.ask_for_papers(case, by=hung, at=minutes[1], note="thiếu giấy")
    workflow.take_papers(case, by=mai, at=minutes[2], note="đã đủ")
    workflow.submit(case, by=hung, at=minutes[3])
    workflow.send_back(case, by=lan, at=minutes[4], note="sai tên")
    workflow.submit_refusal(case, by=hung, at=minutes[5], note="không đủ điều kiện")
    case.refresh_from_db()
    workflow.sign(case, by=lan, at=minutes[5], seen=factories.seen(case, lan, minutes[5]))

    row = Reckoning.objects.get()
    assert (row.requests, row.send_backs, row.is_refused, row.is_apologised) == (1, 1, True, False)
    assert (row.used_minutes, row.paused_minutes, row.on_time_index) == (40, 10, True)


def test_a_withdrawal_is_an_end_and_a_rejection_has_no_clock(
    case: Case, quoc_oai: Commune, mai: Officer, later: datetime
) -> None:
    workflow.withdraw(case, by=mai, at=later, note="không cần nữa")
    child = factories.citizen(quoc_oai, "001310000009", "Trần Thị Bé", birth_date=date(2010, 5, 1))
    procedure = case.procedure
    workflow.reject(
        procedure, child, answers=factories.ANSWERS, officer_answers=factories.all_checked(), by=mai, at=later
    )

    rows = {row.ending: row for row in Reckoning.objects.all()}
    assert set(rows) == {"withdraw", "reject"}
    assert (rows["withdraw"].on_time_index, rows["withdraw"].used_minutes) == (True, 10)
    assert (rows["reject"].on_time_index, rows["reject"].used_minutes, rows["reject"].form_lines) == (None, None, 0)


def test_what_has_been_reckoned_never_changes(case: Case, mai: Officer, later: datetime) -> None:
    workflow.withdraw(case, by=mai, at=later, note="không cần nữa")

    with pytest.raises(DatabaseError), transaction.atomic():
        Reckoning.objects.update(late_minutes=0)


def test_what_ended_before_there_were_reckonings_is_caught_up_once(
    case: Case, quoc_oai: Commune, mai: Officer, later: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("procedures.workflow.handling.reckoning.close", lambda *args, **facts: None)
        workflow.withdraw(case, by=mai, at=later, note="không cần nữa")
    assert not Reckoning.objects.exists()

    assert [reckoning.catch_up(quoc_oai.pk), reckoning.catch_up(quoc_oai.pk)] == [1, 0]
    assert Reckoning.objects.get().ending == Verb.WITHDRAW


def test_the_first_scan_is_kept_with_the_case(khach: Citizen, mai: Officer, at: datetime, later: datetime) -> None:
    case = factories.case(khach, by=mai, at=at, scanned_at=at - timedelta(seconds=50))

    workflow.withdraw(case, by=mai, at=later, note="không cần nữa")

    assert Reckoning.objects.get().scan_seconds == 50
