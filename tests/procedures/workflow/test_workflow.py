"""The verbs of a case: each does it, not twice, not from elsewhere, not by the wrong hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from citizens.models import Certificate, Citizen
from oneshop import walls
from oneshop.models import Commune, Entry, Officer
from oneshop.roles import Role
from procedures import papers, workflow
from procedures.catalogue import catalogue
from procedures.models import Case, Result, Series, Slip, Step
from procedures.states import CORRECTION_MOVES, MOVES, State, Verb
from tests import factories


@pytest.fixture
def case(khach: Citizen, mai: Officer, at: datetime) -> Case:
    return factories.case(khach, by=mai, at=at)


@pytest.fixture
def case_to_sign(case: Case, hung: Officer, later: datetime) -> Case:
    workflow.submit(case, by=hung, at=later)
    return case


def verbs(case: Case) -> list[str]:
    return [step.verb for step in case.steps.all()]


# --- receive ---
def test_a_file_is_received_with_code_due_time_and_first_step(case: Case, at: datetime) -> None:
    assert case.code == "H26.895.00-261123-0001"
    assert case.due_at == at + timedelta(hours=3)
    assert case.state == State.RECEIVED
    assert len(case.token) == 26
    assert verbs(case) == [Verb.RECEIVE]


def test_what_was_known_at_receipt_stays_in_the_case(case: Case, khach: Citizen) -> None:
    khach.full_name = "Tên Sửa Sau"
    khach.save()

    assert case.person["full_name"] == "Trần Thị Thử"


def test_a_file_that_a_rule_stops_is_not_received_and_burns_no_code(
    quoc_oai: Commune, khach: Citizen, mai: Officer, at: datetime
) -> None:
    Citizen.objects.filter(pk=khach.pk).update(eid_level=1)
    khach.refresh_from_db()

    with pytest.raises(workflow.NotReady) as stopped:
        factories.case(khach, by=mai, at=at)

    assert [finding.rule.id for finding in stopped.value.findings] == ["pilot_level_two"]
    assert not Series.objects.filter(book="case").exists()
    assert not Case.objects.exists()


def test_the_officers_own_check_left_open_stops_the_receipt(khach: Citizen, mai: Officer, at: datetime) -> None:
    with pytest.raises(workflow.NotReady):
        workflow.receive(
            catalogue()["marital_certificate"], khach, answers=factories.ANSWERS, officer_answers={}, by=mai, at=at
        )


def test_a_second_open_case_of_the_same_kind_is_seen(case: Case, khach: Citizen, mai: Officer, later: datetime) -> None:
    unaware = factories.all_checked() | {"cs_no_open_duplicate": False}

    with pytest.raises(workflow.NotReady) as stopped:
        workflow.receive(
            catalogue()["marital_certificate"],
            khach,
            answers=factories.ANSWERS,
            officer_answers=unaware,
            by=mai,
            at=later,
        )

    assert [finding.rule.id for finding in stopped.value.findings] == ["cs_no_open_duplicate"]


def test_the_receipt_is_issued_once_and_the_same_is_given_back(case: Case, mai: Officer, later: datetime) -> None:
    first = workflow.issue_receipt(case, by=mai, at=later)
    second = workflow.issue_receipt(case, by=mai, at=later)

    assert first == second
    assert Slip.objects.filter(kind=Slip.Kind.RECEIPT).count() == 1
    assert (first.number, first.year) == (1, 2026)


# --- reject ---
def test_a_file_that_the_law_stops_is_refused_in_writing_with_every_reason(
    quoc_oai: Commune, khach: Citizen, mai: Officer, at: datetime
) -> None:
    Citizen.objects.filter(pk=khach.pk).update(eid_level=1, portal_synced_on=None)
    khach.refresh_from_db()

    case = workflow.reject(
        catalogue()["marital_certificate"],
        khach,
        answers=factories.ANSWERS,
        officer_answers=factories.all_checked(),
        by=mai,
        at=at,
    )

    slip = case.slips.get()
    assert (case.state, case.closed_at, slip.kind, slip.number) == ("rejected", at, "rejection", 1)
    assert len(case.refusal) == 3
    assert verbs(case) == [Verb.REJECT]


def test_nobody_is_turned_away_without_a_reason(khach: Citizen, mai: Officer, at: datetime) -> None:
    with pytest.raises(workflow.NotAllowed, match="không được từ chối"):
        workflow.reject(
            catalogue()["marital_certificate"],
            khach,
            answers=factories.ANSWERS,
            officer_answers=factories.all_checked(),
            by=mai,
            at=at,
        )

    assert not Case.objects.exists()


# --- the table ---
ACTS = {
    Verb.RESUME: lambda case, by, at: workflow.resume(case, by=by, at=at),
    Verb.HAND_OVER: lambda case, by, at: workflow.hand_over(case, by=by, at=at),
    Verb.ASK_FOR_PAPERS: lambda case, by, at: workflow.ask_for_papers(
        case, by=by, at=at, note="thiếu giấy", again=True
    ),
    Verb.TAKE_PAPERS: lambda case, by, at: workflow.take_papers(case, by=by, at=at, note="đã nộp"),
    Verb.EXTEND: lambda case, by, at: workflow.extend(case, by=by, at=at, note="bận", until=at + timedelta(days=9)),
    Verb.SUBMIT: lambda case, by, at: workflow.submit(case, by=by, at=at),
    Verb.SUBMIT_REFUSAL: lambda case, by, at: workflow.submit_refusal(case, by=by, at=at, note="không đủ điều kiện"),
    Verb.SEND_BACK: lambda case, by, at: workflow.send_back(case, by=by, at=at, note="xem lại"),
    Verb.SIGN: lambda case, by, at: workflow.sign(case, by=by, at=at, seen=factories.seen(case, by, at)),
    Verb.GIVE_OUT: lambda case, by, at: factories.given_out(case, by=by, at=at, to="Trần Thị Thử"),
    Verb.WITHDRAW: lambda case, by, at: workflow.withdraw(case, by=by, at=at, note="không cần nữa"),
    Verb.ANNUL: lambda case, by, at: workflow.annul(case, by=by, at=at, note="người yêu cầu đã chết"),
}


def test_every_verb_of_the_table_is_tried_here() -> None:
    begins, follows_another = {Verb.RECEIVE, Verb.APPOINT, Verb.REJECT}, {Verb.STOP, Verb.MOVE_DUE}
    of_one_paper = set(CORRECTION_MOVES)  # tests/procedures/workflow/test_corrections.py

    assert set(ACTS) | begins | follows_another | of_one_paper == set(Verb) == set(MOVES)


def _brought_to(state: State, case: Case, *, hung: Officer, lan: Officer, mai: Officer, at: datetime) -> Case:
    match state:
        case State.RECEIVED:
            pass
        case State.HANDLING:
            workflow.hand_over(case, by=hung, at=at)
        case State.WAITING_PAPERS:
            workflow.ask_for_papers(case, by=hung, at=at, note="thiếu")
        case State.WAITING_SIGNATURE:
            workflow.submit(case, by=hung, at=at)
        case State.SIGNED:
            factories.signed(case, handled_by=hung, by=lan, at=at)
        case State.GIVEN_OUT:
            factories.signed(case, handled_by=hung, by=lan, at=at)
            factories.given_out(case, by=mai, at=at, to="Trần Thị Thử")
        case State.WITHDRAWN:
            workflow.withdraw(case, by=mai, at=at, note="rút")
        case State.WAITING_REVIEW | State.STOPPED:
            # where only another procedure, or another case, leads: set by hand
            Case.objects.filter(pk=case.pk).update(state=state)
    case.refresh_from_db()
    return case


@pytest.mark.parametrize("state", [state for state in State if state != State.REJECTED], ids=str)
@pytest.mark.parametrize("verb", list(ACTS), ids=str)
def test_a_verb_works_from_its_sources_and_from_nowhere_else(
    verb: Verb, state: State, case: Case, mai: Officer, hung: Officer, lan: Officer, later: datetime
) -> None:
    case = _brought_to(state, case, hung=hung, lan=lan, mai=mai, at=later)
    by = {Role.CLERK: mai, Role.SPECIALIST: hung, Role.SIGNER: lan}[MOVES[verb].roles[0]]
    before = Step.objects.count()

    if state in MOVES[verb].sources:
        ACTS[verb](case, by, later)
        case.refresh_from_db()
        assert case.state == MOVES[verb].leads_from(state)
        assert Step.objects.count() == before + 1
    else:
        with pytest.raises(workflow.CaseMoved):
            ACTS[verb](case, by, later)
        case.refresh_from_db()
        assert case.state == state
        assert Step.objects.count() == before


@pytest.mark.parametrize("verb", [verb for verb in ACTS if verb != Verb.SIGN], ids=str)
def test_a_verb_refuses_the_wrong_role(
    verb: Verb, case: Case, mai: Officer, hung: Officer, lan: Officer, later: datetime
) -> None:
    wrong = lan if Role.SIGNER not in MOVES[verb].roles else mai
    case = _brought_to(MOVES[verb].sources[0], case, hung=hung, lan=lan, mai=mai, at=later)

    with pytest.raises(workflow.NotAllowed):
        ACTS[verb](case, wrong, later)


def test_each_move_leaves_one_line_in_the_diary(
    case_to_sign: Case, lan: Officer, mai: Officer, later: datetime
) -> None:
    workflow.sign(case_to_sign, by=lan, at=later, seen=factories.seen(case_to_sign, lan, later))
    factories.given_out(case_to_sign, by=mai, at=later, to="Trần Thị Thử")

    acts = Entry.objects.filter(kind="case", key=case_to_sign.code).order_by("pk").values_list("act", flat=True)

    assert list(acts) == [step.verb for step in case_to_sign.steps.all()]


def test_a_verb_that_owes_a_reason_refuses_without_one(case: Case, hung: Officer, later: datetime) -> None:
    with pytest.raises(workflow.NotAllowed):
        workflow.ask_for_papers(case, by=hung, at=later, note="  ")


def test_steps_never_change(case: Case) -> None:
    with pytest.raises(Exception, match=r"permission denied|never changes"), transaction.atomic():
        case.steps.update(note="khác")


# --- the clock stands while papers are missing ---
def test_the_time_the_citizen_needs_is_not_ours(case: Case, hung: Officer, mai: Officer, at: datetime) -> None:
    workflow.ask_for_papers(case, by=hung, at=at + timedelta(minutes=20), note="thiếu")
    workflow.take_papers(case, by=mai, at=at + timedelta(minutes=65), note="đã nộp")
    case.refresh_from_db()

    assert case.due_at == at.replace(hour=13, minute=55)  # 11:10 + 45 minutes, of which 25 after lunch
    assert case.first_due_at == at + timedelta(hours=3)


# --- sign ---
def test_a_signature_makes_number_paper_record_and_step_together(
    case_to_sign: Case, lan: Officer, later: datetime, khach: Citizen
) -> None:
    [result] = workflow.sign(case_to_sign, by=lan, at=later, seen=factories.seen(case_to_sign, lan, later))

    assert result.full_number == "01/UBND-XNTTHN"
    assert bytes(result.pdf).startswith(b"%PDF")
    assert Certificate.objects.get().citizen == khach
    assert Certificate.objects.get().number == "01/UBND-XNTTHN"
    assert verbs(case_to_sign)[-1] == Verb.SIGN


def test_numbers_of_a_book_follow_each_other(
    quoc_oai: Commune, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    people = [factories.citizen(quoc_oai, f"00119200000{n}", f"Trần Thị Thử {'ABC'[n]}") for n in range(3)]

    numbers = [
        factories.signed(factories.case(person, by=mai, at=at), handled_by=hung, by=lan, at=later).number
        for person in people
    ]

    assert numbers == [1, 2, 3]


def test_a_leader_off_duty_may_not_sign(case_to_sign: Case, son: Officer, later: datetime) -> None:
    with pytest.raises(workflow.NotAllowed, match="không trong ca trực"):
        workflow.sign(case_to_sign, by=son, at=later, seen=factories.seen(case_to_sign, son, later))


def test_a_leader_may_not_sign_what_he_took_in(
    quoc_oai: Commune, khach: Citizen, hung: Officer, at: datetime, later: datetime
) -> None:
    both = factories.officer(quoc_oai, "both", Role.CLERK, Role.SIGNER)
    factories.shift(both, Role.SIGNER, starts_at=at, ends_at=at + timedelta(hours=8))
    case = factories.case(khach, by=both, at=at)
    workflow.submit(case, by=hung, at=later)

    with pytest.raises(workflow.NotAllowed, match="đã tiếp nhận"):
        workflow.sign(case, by=both, at=later, seen=factories.seen(case, both, later))


def test_the_database_itself_refuses_a_signature_by_who_received(
    case_to_sign: Case, mai: Officer, later: datetime
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case_to_sign.pk).update(signed_by=mai, signed_at=later)


def test_a_leader_may_not_sign_his_own_case(case_to_sign: Case, lan: Officer, khach: Citizen, later: datetime) -> None:
    Officer.objects.filter(pk=lan.pk).update(identity_number=khach.identity_number)
    lan.refresh_from_db()

    with pytest.raises(workflow.NotAllowed, match="chính mình"):
        workflow.sign(case_to_sign, by=lan, at=later, seen=factories.seen(case_to_sign, lan, later))


def test_what_was_not_shown_is_not_signed(case_to_sign: Case, lan: Officer, later: datetime) -> None:
    seen = factories.seen(case_to_sign, lan, later)
    Case.objects.filter(pk=case_to_sign.pk).update(answers=case_to_sign.answers | {"purpose_text": "mục đích khác"})

    with pytest.raises(workflow.NotAllowed, match="đã thay đổi"):
        workflow.sign(case_to_sign, by=lan, at=later, seen=seen)


def test_two_signers_pressing_at_once_sign_once_and_burn_no_number(
    case_to_sign: Case, lan: Officer, later: datetime
) -> None:
    at_the_other_desk = Case.objects.get(pk=case_to_sign.pk)
    seen = factories.seen(case_to_sign, lan, later)

    workflow.sign(case_to_sign, by=lan, at=later, seen=seen)
    with pytest.raises(workflow.CaseMoved, match="0001") as moved:
        workflow.sign(at_the_other_desk, by=lan, at=later, seen=seen)

    assert "Phùng Thị Lan" in moved.value.sentence
    assert Result.objects.count() == 1
    assert Series.objects.get(book="marital_certificate").last == 1


def test_a_paper_that_cannot_be_made_leaves_nothing_behind(
    case_to_sign: Case, lan: Officer, later: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = factories.seen(case_to_sign, lan, later)

    def broken(*_: object) -> None:
        raise papers.PaperFailed("phông chữ mất")

    monkeypatch.setattr(papers, "render", broken)
    with pytest.raises(papers.PaperFailed):
        workflow.sign(case_to_sign, by=lan, at=later, seen=seen)
    case_to_sign.refresh_from_db()

    assert case_to_sign.state == State.WAITING_SIGNATURE
    assert not Series.objects.filter(book="marital_certificate").exists()
    assert not Result.objects.exists()


def test_a_refusal_is_signed_numbered_in_its_own_book_and_changes_no_record(
    case: Case, hung: Officer, lan: Officer, later: datetime
) -> None:
    workflow.submit_refusal(case, by=hung, at=later, note="Tình trạng hôn nhân khai khác với dữ liệu.")

    [result] = workflow.sign(case, by=lan, at=later, seen=factories.seen(case, lan, later))

    assert (result.kind, result.book, result.full_number) == ("refusal", "refusal", "01/UBND-TP")
    assert not Certificate.objects.exists()


def test_a_signed_result_never_changes(case_to_sign: Case, lan: Officer, later: datetime) -> None:
    [result] = workflow.sign(case_to_sign, by=lan, at=later, seen=factories.seen(case_to_sign, lan, later))

    with pytest.raises(Exception, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE procedures_result SET number = 99 WHERE id = %s", [result.pk])


def test_a_colleague_of_another_commune_finds_no_such_case(case: Case, binh: Officer, later: datetime) -> None:
    with walls.within(binh.commune_id), pytest.raises(workflow.CaseMoved):
        workflow.withdraw(case, by=binh, at=later, note="không phải việc của tôi")


@pytest.mark.parametrize(
    ("until", "why"),
    [
        ("2028-11-25T09:00+07:00", "Chưa có lịch làm việc năm 2028"),
        ("2026-11-25T12:30+07:00", "trong giờ làm việc"),
        ("2026-11-24T09:00+07:00", "trong giờ làm việc"),
    ],
)
def test_another_time_is_promised_only_when_somebody_can_keep_it(
    khach: Citizen, mai: Officer, lan: Officer, at: datetime, until: str, why: str
) -> None:
    case = factories.case(khach, by=mai, at=at)

    with pytest.raises(workflow.NotAllowed, match=why):
        workflow.extend(case, by=lan, at=at, note="mất điện", until=datetime.fromisoformat(until))

    assert workflow.extend(case, by=lan, at=at, note="mất điện", until=datetime.fromisoformat("2026-11-25T11:30+07:00"))
