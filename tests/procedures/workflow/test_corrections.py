"""A wrong paper is put right: replaced, recalled, corrected by letter; what follows in books and records."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from citizens.models import Certificate, Citizen, amend
from oneshop.models import Commune, Entry, Officer
from oneshop.roles import Role
from procedures import papers, workflow
from procedures.applications import application_of
from procedures.frozen import thaw
from procedures.models import Case, Correction, FollowUp, Result, Series, Slip
from procedures.rules.remedies import Ground
from procedures.states import CorrectionState, State
from tests import factories
from tests.procedures.test_invariants import broken

WHY = "In sai mục đích sử dụng."


@pytest.fixture
def later(at: datetime) -> datetime:
    return at + timedelta(minutes=10)


@pytest.fixture
def afternoon(at: datetime) -> datetime:
    return at.replace(hour=14)


@pytest.fixture
def result(khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime) -> Result:
    """A marital-status certificate, signed and not yet given out."""
    return factories.signed(factories.case(khach, by=mai, at=at), handled_by=hung, by=lan, at=later)


@pytest.fixture
def given(result: Result, mai: Officer, later: datetime) -> Result:
    """The same, in the citizen's hand."""
    factories.given_out(result.case, by=mai, at=later + timedelta(minutes=5))
    return fresh(result)


def fresh(result: Result) -> Result:
    return Result.objects.select_related("case").get(pk=result.pk)


def proposed(result: Result, *, by: Officer, at: datetime, fault: str = "office", **answers: Any) -> Correction:
    """A replacement with other answers than those of the receipt."""
    case = result.case
    return workflow.propose_replacement(
        result,
        answers={**thaw(case.answers), "purpose_text": "mua nhà", **answers},
        officer_answers=case.officer_answers,
        fault=fault,
        asked_by="citizen",
        reason=WHY,
        by=by,
        at=at,
    )


def signed(correction: Correction, *, by: Officer, at: datetime) -> list[Result]:
    made = workflow.plan(correction, by=by, at=at)
    return workflow.sign_correction(
        correction, by=by, at=at, seen=made.digest, confirmed=[rule.id for rule in made.owed]
    )


def replaced(result: Result, *, by: Officer, signer: Officer, at: datetime, **answers: Any) -> Result:
    [new] = signed(proposed(result, by=by, at=at, **answers), by=signer, at=at)
    return new


# --- the new paper ---
def test_a_replaced_paper_has_a_number_of_its_own_and_names_the_old_one(
    given: Result, hung: Officer, lan: Officer, afternoon: datetime, quoc_oai: Commune
) -> None:
    new = replaced(given, by=hung, signer=lan, at=afternoon)

    old = fresh(given)
    assert (old.standing, old.standing_on, old.replaced_by) == ("replaced", date(2026, 11, 23), new)
    assert (new.full_number, new.standing, new.kind) == ("02/UBND-XNTTHN", "valid", "marital_certificate")
    assert new.token != old.token
    assert new.facts["replaces"] == "Thay thế Giấy xác nhận tình trạng hôn nhân số 01/UBND-XNTTHN ngày 23/11/2026."
    assert "mua nhà" in new.facts["purpose"]
    assert Series.objects.get(book="marital_certificate").last == 2
    assert broken(quoc_oai) == {}


def test_the_line_that_names_the_old_paper_is_printed(
    given: Result, hung: Officer, lan: Officer, afternoon: datetime
) -> None:
    new = replaced(given, by=hung, signer=lan, at=afternoon)

    text = " ".join(papers.render("results/marital_certificate.html", thaw(new.facts)).html.split())
    assert new.facts["replaces"] in text


def test_the_case_stays_where_it_is_and_holds_the_right_answers(
    given: Result, hung: Officer, lan: Officer, afternoon: datetime
) -> None:
    replaced(given, by=hung, signer=lan, at=afternoon)

    case = Case.objects.get(pk=given.case_id)
    correction = Correction.objects.get()
    assert case.where == State.GIVEN_OUT
    assert (case.signed_at, case.signed_by) == (given.signed_at, given.signed_by)
    assert application_of(case).get("purpose_text") == "mua nhà"
    assert correction.before["answers"]["purpose_text"] == "bổ sung hồ sơ vay vốn ngân hàng"
    assert [step.verb for step in case.steps.all()][-2:] == ["propose_correction", "sign_correction"]


def test_old_certificates_count_no_more_and_the_new_one_does(
    given: Result, khach: Citizen, hung: Officer, lan: Officer, afternoon: datetime
) -> None:
    replaced(given, by=hung, signer=lan, at=afternoon)

    rows = {row.number: row.as_value().valid_on(afternoon.date()) for row in Certificate.objects.filter(citizen=khach)}
    assert rows == {"01/UBND-XNTTHN": False, "02/UBND-XNTTHN": True}


def test_on_a_later_day_the_wrong_certificate_is_no_earlier_one_that_must_be_returned(
    given: Result, khach: Citizen, hung: Officer, lan: Officer, afternoon: datetime, quoc_oai: Commune
) -> None:
    week_after = afternoon + timedelta(days=7)
    factories.shift(lan, Role.SIGNER, starts_at=week_after, ends_at=week_after.replace(hour=18))

    new = replaced(given, by=hung, signer=lan, at=week_after)

    rows = {row.number: row.as_value().valid_on(week_after.date()) for row in Certificate.objects.filter(citizen=khach)}
    assert rows == {given.full_number: False, new.full_number: True}
    assert broken(quoc_oai) == {}


def test_data_that_were_mended_in_the_record_come_onto_the_new_paper(
    given: Result, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, afternoon: datetime
) -> None:
    amend(khach, {"full_name": "Trần Thị Thứ"}, paper="Căn cước", by=mai, at=afternoon)

    [new] = signed(
        workflow.propose_replacement(given, fault="office", asked_by="citizen", reason=WHY, by=hung, at=afternoon),
        by=lan,
        at=afternoon,
    )

    assert new.facts["subject"]["full_name"] == "Trần Thị Thứ"
    assert Case.objects.get(pk=given.case_id).person["full_name"] == "Trần Thị Thứ"


def test_several_replacements_make_a_chain(
    given: Result, hung: Officer, lan: Officer, afternoon: datetime, quoc_oai: Commune
) -> None:
    second = replaced(given, by=hung, signer=lan, at=afternoon)
    third = replaced(fresh(second), by=hung, signer=lan, at=afternoon + timedelta(minutes=5), purpose_text="mua xe")

    numbers = Result.objects.order_by("pk").values_list("full_number" if False else "number", "standing")
    assert list(numbers) == [(1, "replaced"), (2, "replaced"), (3, "valid")]
    assert fresh(given).replaced_by == second
    assert fresh(second).replaced_by == third
    assert broken(quoc_oai) == {}


# --- who, and when ---
def test_who_proposed_does_not_sign(
    given: Result, quoc_oai: Commune, at: datetime, afternoon: datetime, lan: Officer
) -> None:
    both = factories.officer(quoc_oai, "both", Role.SPECIALIST, Role.SIGNER)
    factories.shift(both, Role.SIGNER, starts_at=at.replace(hour=7), ends_at=at.replace(hour=18))
    correction = proposed(given, by=both, at=afternoon)

    with pytest.raises(workflow.NotAllowed, match="đã đề nghị việc này"):
        signed(correction, by=both, at=afternoon)


def test_who_received_the_case_does_not_sign_its_correction(
    khach: Citizen, quoc_oai: Commune, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    minh = factories.officer(quoc_oai, "minh", Role.CLERK, Role.SIGNER)
    factories.shift(minh, Role.SIGNER, starts_at=at.replace(hour=7), ends_at=at.replace(hour=18))
    result = factories.signed(factories.case(khach, by=minh, at=at), handled_by=hung, by=lan, at=later)
    correction = proposed(fresh(result), by=hung, at=later)

    with pytest.raises(workflow.NotAllowed, match="đã tiếp nhận hồ sơ này"):
        signed(correction, by=minh, at=later)


def test_off_duty_nobody_signs(given: Result, hung: Officer, son: Officer, afternoon: datetime) -> None:
    correction = proposed(given, by=hung, at=afternoon)

    with pytest.raises(workflow.NotAllowed, match="không trong ca trực"):
        signed(correction, by=son, at=afternoon)


def test_what_was_seen_is_what_is_signed(
    given: Result, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, afternoon: datetime
) -> None:
    correction = proposed(given, by=hung, at=afternoon)
    seen = workflow.plan(correction, by=lan, at=afternoon).digest
    amend(khach, {"ethnicity": "Mường"}, paper="Căn cước", by=mai, at=afternoon)

    with pytest.raises(workflow.NotAllowed, match="Nội dung giấy đã thay đổi"):
        workflow.sign_correction(correction, by=lan, at=afternoon, seen=seen)

    assert fresh(given).standing == "valid"


def test_nothing_that_would_print_alike_is_proposed(given: Result, hung: Officer, afternoon: datetime) -> None:
    with pytest.raises(workflow.NotAllowed, match="không khác giấy cũ"):
        workflow.propose_replacement(given, fault="office", asked_by="citizen", reason=WHY, by=hung, at=afternoon)

    assert not Correction.objects.exists()


def test_a_reason_is_owed(given: Result, hung: Officer, afternoon: datetime) -> None:
    with pytest.raises(workflow.NotAllowed, match="Ghi rõ lý do"):
        workflow.propose_letter(given, wrong="a", right="b", asked_by="citizen", reason=" ", by=hung, at=afternoon)


def test_what_a_rule_stops_is_not_proposed(given: Result, khach: Citizen, hung: Officer, afternoon: datetime) -> None:
    Citizen.objects.filter(pk=khach.pk).update(deceased_on=date(2026, 11, 22))

    with pytest.raises(workflow.NotReady) as stopped:
        proposed(given, by=hung, at=afternoon)

    assert "cs_subject_alive" in {finding.rule.id for finding in stopped.value.findings}
    assert not Correction.objects.exists()


def test_only_one_proposal_waits_at_a_time(given: Result, hung: Officer, afternoon: datetime) -> None:
    proposed(given, by=hung, at=afternoon)

    with pytest.raises(workflow.NotAllowed, match="đang có một đề nghị"):
        proposed(fresh(given), by=hung, at=afternoon)


def test_a_clerk_proposes_nothing_and_a_specialist_signs_nothing(
    given: Result, mai: Officer, hung: Officer, afternoon: datetime
) -> None:
    with pytest.raises(workflow.NotAllowed):
        proposed(given, by=mai, at=afternoon)
    correction = proposed(given, by=hung, at=afternoon)
    with pytest.raises(workflow.NotAllowed):
        signed(correction, by=hung, at=afternoon)


def test_the_leader_sends_it_back_and_it_is_proposed_anew(
    given: Result, hung: Officer, lan: Officer, afternoon: datetime
) -> None:
    first = proposed(given, by=hung, at=afternoon)

    workflow.return_correction(first, by=lan, at=afternoon, note="Ghi rõ tên ngân hàng.")
    second = proposed(fresh(given), by=hung, at=afternoon, purpose_text="mua nhà ở xã hội")

    first.refresh_from_db()
    assert (first.where, first.answer) == (CorrectionState.RETURNED, "Ghi rõ tên ngân hàng.")
    assert list(Correction.objects.in_work()) == [second]
    with pytest.raises(workflow.CaseMoved):
        signed(first, by=lan, at=afternoon)


def test_a_proposal_may_be_dropped_before_it_is_decided(
    given: Result, hung: Officer, lan: Officer, afternoon: datetime
) -> None:
    correction = proposed(given, by=hung, at=afternoon)

    workflow.drop_correction(correction, by=hung, at=afternoon)

    with pytest.raises(workflow.CaseMoved):
        workflow.return_correction(correction, by=lan, at=afternoon, note="muộn")
    assert fresh(given).standing == "valid"


# --- all or nothing (F-03) ---
def test_a_paper_that_fails_leaves_everything_as_it_was(
    given: Result,
    khach: Citizen,
    hung: Officer,
    lan: Officer,
    afternoon: datetime,
    quoc_oai: Commune,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    correction = proposed(given, by=hung, at=afternoon)
    lines = Entry.objects.count()
    made = workflow.plan(correction, by=lan, at=afternoon)

    def no_paper(*_: object, **__: object) -> None:
        raise papers.PaperFailed("hết giấy")

    monkeypatch.setattr(papers, "render", no_paper)
    with pytest.raises(papers.PaperFailed):
        workflow.sign_correction(correction, by=lan, at=afternoon, seen=made.digest)
    monkeypatch.undo()

    correction.refresh_from_db()
    assert correction.where == CorrectionState.PROPOSED
    assert fresh(given).standing == "valid"
    assert Series.objects.get(book="marital_certificate").last == 1
    assert [row.ended_on for row in Certificate.objects.filter(citizen=khach)] == [None]
    assert Case.objects.get(pk=given.case_id).answers["purpose_text"] == "bổ sung hồ sơ vay vốn ngân hàng"
    assert Entry.objects.count() == lines
    assert broken(quoc_oai) == {}
    assert signed(correction, by=lan, at=afternoon)[0].number == 2


# --- recall ---
def recalled(result: Result, *, by: Officer, signer: Officer, at: datetime, ground: Ground = Ground.PROVINCE) -> Result:
    correction = workflow.propose_recall(
        result,
        ground=ground,
        decision="Quyết định số 15/QĐ-UBND ngày 20/11/2026 của Chủ tịch UBND thành phố Hà Nội",
        asked_by="other",
        reason="Cấp không đúng thẩm quyền.",
        by=by,
        at=at,
    )
    [notice] = signed(correction, by=signer, at=at)
    return notice


def test_a_recalled_paper_is_cancelled_and_a_notice_says_so(
    given: Result, khach: Citizen, hung: Officer, lan: Officer, afternoon: datetime, quoc_oai: Commune
) -> None:
    notice = recalled(given, by=hung, signer=lan, at=afternoon)

    old = fresh(given)
    assert (old.standing, old.standing_on, old.replaced_by) == ("cancelled", date(2026, 11, 23), None)
    assert (notice.name, notice.full_number, notice.book) == (
        "Thông báo thu hồi, hủy giấy",
        "01/TB-UBND",
        "recall_notice",
    )
    assert [row.as_value().valid_on(afternoon.date()) for row in Certificate.objects.filter(citizen=khach)] == [False]
    assert Case.objects.get(pk=given.case_id).where == State.GIVEN_OUT
    assert "Đề nghị hủy số đã ghi trên phần mềm hộ tịch dùng chung." in FollowUp.objects.values_list("text", flat=True)
    assert broken(quoc_oai) == {}


def test_after_a_recall_a_new_certificate_may_be_asked_for(
    given: Result, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, afternoon: datetime
) -> None:
    recalled(given, by=hung, signer=lan, at=afternoon)

    again = factories.case(khach, by=mai, at=afternoon)

    assert again.where == State.RECEIVED


def test_the_commune_alone_does_not_recall_a_paper_of_civil_status_that_was_given_out(
    given: Result, hung: Officer, lan: Officer, afternoon: datetime
) -> None:
    with pytest.raises(workflow.NotAllowed, match="chỉ thu hồi, hủy được theo"):
        recalled(given, by=hung, signer=lan, at=afternoon, ground=Ground.COMMUNE)


def test_what_nobody_holds_yet_is_not_recalled_the_leader_annuls_it(
    result: Result, khach: Citizen, hung: Officer, lan: Officer, afternoon: datetime, quoc_oai: Commune
) -> None:
    with pytest.raises(workflow.NotAllowed, match="Hủy kết quả chưa trả"):
        recalled(fresh(result), by=hung, signer=lan, at=afternoon, ground=Ground.PROVINCE)

    workflow.annul(Case.objects.get(pk=result.case_id), by=lan, at=afternoon, note="cấp nhầm người")

    assert not Correction.objects.exists()
    assert fresh(result).standing == "cancelled"
    assert [row.as_value().valid_on(afternoon.date()) for row in Certificate.objects.filter(citizen=khach)] == [False]
    assert broken(quoc_oai) == {}


# --- letter ---
def letter(result: Result, *, by: Officer, signer: Officer, at: datetime) -> Result:
    correction = workflow.propose_letter(
        result,
        wrong="Độc lập – Tự do – Hạnh phúc",
        right="Độc lập - Tự do - Hạnh phúc",
        asked_by="office",
        reason="Sai dấu gạch nối ở tiêu ngữ.",
        by=by,
        at=at,
    )
    [made] = signed(correction, by=signer, at=at)
    return made


def test_an_error_of_form_gets_a_letter_and_the_paper_stays_valid(
    given: Result, hung: Officer, lan: Officer, afternoon: datetime, quoc_oai: Commune
) -> None:
    made = letter(given, by=hung, signer=lan, at=afternoon)
    second = letter(fresh(given), by=hung, signer=lan, at=afternoon)

    assert fresh(given).standing == "valid"
    assert (made.full_number, second.full_number) == ("01/UBND", "02/UBND")
    assert made.facts["paper"]["number"] == "01/UBND-XNTTHN"
    assert broken(quoc_oai) == {}


# --- into the hand ---
def test_the_new_paper_is_handed_over_and_the_old_one_taken_back(
    given: Result, mai: Officer, hung: Officer, lan: Officer, afternoon: datetime, quoc_oai: Commune
) -> None:
    replaced(given, by=hung, signer=lan, at=afternoon)
    correction = Correction.objects.get()
    factories.ministry.record(correction.case, number="2/2026", code="HT.99", by=mai, at=afternoon, why="thay giấy")

    with pytest.raises(workflow.NotAllowed, match="đã ký tay và đóng dấu chưa"):
        workflow.hand_correction(correction, by=mai, at=afternoon, to="Trần Thị Thử", old_paper="returned")
    workflow.hand_correction(correction, by=mai, at=afternoon, to="Trần Thị Thử", old_paper="returned", inked=True)

    correction.refresh_from_db()
    assert (correction.where, correction.handed_to, correction.old_paper) == (
        CorrectionState.HANDED,
        "Trần Thị Thử",
        "returned",
    )
    assert not Slip.objects.filter(kind="fee", case=given.case, number__gt=1).exists()
    assert broken(quoc_oai) == {}


def test_a_paper_replaced_in_the_books_of_the_ministry_waits_for_its_new_entry(
    given: Result, mai: Officer, hung: Officer, lan: Officer, afternoon: datetime
) -> None:
    replaced(given, by=hung, signer=lan, at=afternoon)

    with pytest.raises(workflow.NotAllowed, match="phần mềm hộ tịch"):
        workflow.hand_correction(Correction.objects.get(), by=mai, at=afternoon, to="Thử", old_paper="lost", inked=True)


def test_a_fee_is_owed_again_only_where_the_citizen_had_said_it_wrongly(
    given: Result, mai: Officer, hung: Officer, lan: Officer, afternoon: datetime, quoc_oai: Commune
) -> None:
    correction = proposed(given, by=hung, at=afternoon, fault="applicant")
    signed(correction, by=lan, at=afternoon)
    factories.ministry.record(correction.case, number="2/2026", code="HT.9", by=mai, at=afternoon, why="thay giấy")

    workflow.hand_correction(correction, by=mai, at=afternoon, to="Trần Thị Thử", old_paper="kept", inked=True)

    assert Slip.objects.filter(kind="fee", case=given.case).count() == 2
    assert "Thu lại Giấy xác nhận tình trạng hôn nhân số 01/UBND-XNTTHN: chưa thu được khi trao giấy mới." in (
        FollowUp.objects.values_list("text", flat=True)
    )
    assert broken(quoc_oai) == {}


def test_the_second_fee_slip_tells_who_took_the_money_and_when_and_the_first_stays_as_it_was(
    khach: Citizen, mai: Officer, hung: Officer, lan: Officer, quoc_oai: Commune, at: datetime, afternoon: datetime
) -> None:
    result = factories.signed(factories.case(khach, by=mai, at=at), handled_by=hung, by=lan, at=at)
    factories.given_out(result.case, by=mai, at=at)
    correction = proposed(fresh(result), by=hung, at=afternoon, fault="applicant")
    signed(correction, by=lan, at=afternoon)
    factories.ministry.record(correction.case, number="2/2026", code="HT.9", by=mai, at=afternoon, why="thay giấy")
    nga = factories.officer(quoc_oai, "nga", Role.CLERK)

    workflow.hand_correction(correction, by=nga, at=afternoon, to="Trần Thị Thử", old_paper="lost", inked=True)

    first, second = Slip.objects.filter(kind="fee", case=result.case).order_by("pk")
    assert (first.facts["receiver"], second.facts["receiver"]) == (mai.full_name, nga.full_name)
    assert thaw(second.facts)["received_at"] == afternoon
    assert first.facts["charged"] == second.facts["charged"] > 0


# --- wrong again, before it was handed over ---
def test_a_new_paper_that_fell_before_it_was_handed_is_not_handed_and_the_first_one_is_taken_back(
    given: Result, mai: Officer, hung: Officer, lan: Officer, afternoon: datetime, quoc_oai: Commune
) -> None:
    second = replaced(given, by=hung, signer=lan, at=afternoon)
    soon = afternoon + timedelta(minutes=5)
    third = replaced(fresh(second), by=hung, signer=lan, at=soon, purpose_text="mua xe")
    first_try, last_try = Correction.objects.order_by("pk")
    factories.ministry.record(first_try.case, number="3/2026", code="HT.9", by=mai, at=soon, why="thay giấy")

    assert list(Correction.objects.waiting_to_be_handed()) == [last_try]
    assert workflow.old_papers_of(last_try) == [second]
    assert workflow.held_papers_of(last_try) == [given]
    with pytest.raises(workflow.NotAllowed, match="hết giá trị trước khi trao"):
        workflow.hand_correction(first_try, by=mai, at=soon, to="Thử", old_paper="returned", inked=True)
    workflow.hand_correction(last_try, by=mai, at=soon, to="Thử", old_paper="kept", inked=True)
    assert FollowUp.objects.filter(text__startswith=f"Thu lại {given.name} số {given.full_number}").exists()
    assert third.standing == "valid"
    assert broken(quoc_oai) == {}


def test_a_replaced_result_that_is_annulled_before_it_was_given_out_waits_for_nobody(
    result: Result, hung: Officer, lan: Officer, afternoon: datetime, quoc_oai: Commune
) -> None:
    new = replaced(fresh(result), by=hung, signer=lan, at=afternoon)

    workflow.annul(Case.objects.get(pk=result.case_id), by=lan, at=afternoon, note="không nhận nữa")

    assert not Correction.objects.waiting_to_be_handed().exists()
    assert (fresh(result).standing, fresh(new).standing) == ("replaced", "cancelled")
    assert broken(quoc_oai) == {}


def test_before_it_is_given_out_the_new_paper_goes_with_the_result(
    result: Result, mai: Officer, hung: Officer, lan: Officer, afternoon: datetime, quoc_oai: Commune
) -> None:
    new = replaced(fresh(result), by=hung, signer=lan, at=afternoon, fault="applicant")
    case = Case.objects.get(pk=result.case_id)

    factories.given_out(case, by=mai, at=afternoon)

    correction = Correction.objects.get()
    assert (correction.where, correction.old_paper) == (CorrectionState.HANDED, "never_left")
    assert Slip.objects.filter(kind="fee", case=case).count() == 1
    assert new.standing == "valid"
    assert broken(quoc_oai) == {}


def test_nothing_is_given_out_while_a_proposal_waits(
    result: Result, mai: Officer, hung: Officer, afternoon: datetime
) -> None:
    proposed(fresh(result), by=hung, at=afternoon)

    with pytest.raises(workflow.NotAllowed, match="chờ lãnh đạo quyết định"):
        factories.given_out(Case.objects.get(pk=result.case_id), by=mai, at=afternoon)


# --- a refusal ---
def test_a_refusal_is_replaced_by_one_with_the_right_reasons(
    khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime, quoc_oai: Commune
) -> None:
    case = factories.case(khach, by=mai, at=at)
    workflow.submit_refusal(case, by=hung, at=at, note="Sai lý do.")
    [refusal] = workflow.sign(case, by=lan, at=later, seen=factories.seen(case, lan, later))
    correction = workflow.propose_replacement(
        refusal,
        fault="office",
        asked_by="office",
        reason="Ghi nhầm lý do.",
        refusal=["Đúng lý do."],
        by=hung,
        at=later,
    )

    [new] = signed(correction, by=lan, at=later)

    assert new.facts["reasons"] == [{"text": "Đúng lý do.", "source": ""}]
    assert Case.objects.get(pk=case.pk).refusal == [{"text": "Đúng lý do.", "source": ""}]
    assert broken(quoc_oai) == {}
