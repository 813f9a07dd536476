"""What an ended case counts for: the two clocks by hand, and that each ending verb writes its row once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction

from citizens.models import Citizen
from oneshop.models import Commune, Officer
from procedures import reckoning, workflow
from procedures.clock import Calendar, Limit
from procedures.models import Case, Reckoning
from procedures.reckoning import Clocks, Course, clocks
from procedures.states import Verb
from tests import factories

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def on(clock: str, day: int = 23) -> datetime:
    hour, minute = clock.split(":")
    return datetime(2026, 11, day, int(hour), int(minute), tzinfo=HANOI)


def course(ended: datetime, **facts: object) -> Course:
    """Received on Monday at 08:00, due at 11:00 of the same day."""
    usual = {
        "received_at": on("8:00"),
        "resumed_at": None,
        "ended_at": ended,
        "due_at": on("11:00"),
        "first_due_at": on("11:00"),
        "promise": timedelta(hours=3),
        "limit": Limit.THREE_WORKING_DAYS,
        "is_apologised": False,
        "requests": 0,
        "pauses": (),
    }
    return Course(**usual | facts)  # type: ignore[arg-type]


CALENDAR = Calendar.for_commune()


def test_signed_in_the_minute_of_the_promise_is_on_time() -> None:
    ended = on("11:00") + timedelta(seconds=59)

    assert clocks(course(ended), CALENDAR) == Clocks(180, 0, 0, True, True)


def test_late_is_counted_in_working_minutes_without_the_noon_break() -> None:
    # 11:00 to 11:30 and 13:30 to 14:00
    assert clocks(course(on("14:00")), CALENDAR) == Clocks(240, 0, 60, False, False)


def test_the_citizens_time_is_left_out_and_the_legal_clock_begins_again() -> None:
    # paused from 09:00 to 10:00, so the promise moved by an hour: half of it before noon, half of it after
    paused = course(on("14:30"), due_at=on("14:00"), requests=1, pauses=[(on("9:00"), on("10:00"))])

    # used: 8–9, 10–11:30, 13:30–14:30 = 210; the legal term: 3 hours from 10:00 = 15:00
    assert clocks(paused, CALENDAR) == Clocks(210, 60, 30, False, True)


def test_asked_for_papers_twice_is_late_for_the_index_whatever_the_clock_says() -> None:
    twice = course(on("10:30"), requests=2, due_at=on("11:30"))

    assert clocks(twice, CALENDAR) == Clocks(150, 0, 0, False, True)


def test_another_hour_promised_with_an_apology_helps_neither_clock() -> None:
    apologised = course(on("15:00"), due_at=on("16:00"), is_apologised=True)

    # due at 11:00 for both: 30 minutes before noon and 90 after
    assert clocks(apologised, CALENDAR) == Clocks(300, 0, 120, False, False)


def test_after_a_review_the_three_hours_begin_with_it() -> None:
    reviewed = course(on("10:00", 25), resumed_at=on("8:00", 25), due_at=on("11:00", 25), first_due_at=on("17:30", 25))

    assert clocks(reviewed, CALENDAR) == Clocks(120, 0, 0, True, True)


def test_a_pause_that_the_withdrawal_ended_completed_no_file() -> None:
    withdrawn = course(on("9:30"), requests=1, pauses=[(on("9:00"), on("9:30"))])

    assert clocks(withdrawn, CALENDAR) == Clocks(60, 30, 0, True, True)


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
