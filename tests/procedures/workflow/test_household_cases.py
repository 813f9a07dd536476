"""A poor household through the counter: at once when its round is finished, else from the slip to the resumed case."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from citizens.models import (
    Citizen,
    Household,
    HouseholdMember,
    HouseholdRecognition,
    HouseholdReview,
    VillageArea,
)
from oneshop.models import Commune, Officer
from oneshop.roles import Role
from procedures import papers, workflow
from procedures.applications import application_of
from procedures.catalogue import catalogue
from procedures.models import Case, Result, Slip
from procedures.rules.household import status_name
from tests import factories

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
PROCEDURE = catalogue()["poor_household"]
RECEIVED = datetime(2026, 3, 3, 8, 10, tzinfo=HANOI)
RESUMED = datetime(2026, 3, 24, 8, 10, tzinfo=HANOI)
START = date(2026, 3, 15)
FOUND: dict[str, Any] = {
    "starts_on": START,
    "reviewed_on": date(2026, 3, 16),
    "reviewer": "Đỗ Văn Rà Soát",
    "indicators": [3, 4, 8],
    "score_income": 120,
    "score_deprivation": 30,
    "area": "rural",
    "standard": "national_2022",
    "national_class": "ho_ngheo",
    "met_on": date(2026, 3, 17),
    "agreement": 82,
    "minutes": "Biên bản ngày 17/03/2026",
    "posted_from": date(2026, 3, 18),
    "posted_to": date(2026, 3, 20),
}


@pytest.fixture
def household(quoc_oai: Commune, khach: Citizen) -> Household:
    return home_of(quoc_oai, khach)


def home_of(commune: Commune, head: Citizen) -> Household:
    now = timezone.now()
    row = Household.objects.create(commune=commune, village="Thôn 1", address="Thôn 1", source="thử", recorded_at=now)
    HouseholdMember.of(head, "head", household=row, commune=commune, occupation="idle", paper="thử", at=now).save()
    VillageArea.objects.create(
        commune=commune, village="Thôn 1", area="rural", since=date(2025, 7, 1), paper="thử", at=now
    )
    return row


def find(row: Household, **facts: Any) -> HouseholdReview:
    return HouseholdReview.objects.create(
        commune=row.commune, household=row, recorded_at=timezone.now(), **FOUND | facts
    )


def receive(row: Household, by: Officer, at: datetime, **officer: bool) -> Case:
    head = row.members.get(relation="head")
    answers = {"request_kind": "review", "reason": "illness", "reason_text": "Ốm.", status_name(head.pk): "idle"}
    checked = {rule.id: True for rule in PROCEDURE.rules} | officer
    assert head.citizen is not None
    return workflow.receive(PROCEDURE, head.citizen, answers=answers, officer_answers=checked, by=by, at=at)


def sign(case: Case, hung: Officer, lan: Officer, at: datetime, confirmed: tuple[str, ...] = ()) -> list[Result]:
    factories.shift(lan, Role.SIGNER, starts_at=at.replace(hour=7), ends_at=at.replace(hour=18))
    workflow.submit(case, by=hung, at=at)
    seen = papers.digest(papers.drafts_of(case, by=lan, at=at))
    return workflow.sign(case, by=lan, at=at, seen=seen, confirmed=confirmed)


def test_path_a_a_finished_round_is_decided_in_three_working_hours(
    household: Household, mai: Officer, hung: Officer, lan: Officer
) -> None:
    review = find(household)

    case = receive(household, mai, RESUMED)
    decision, certificate = sign(case, hung, lan, RESUMED)

    assert case.due_at == RESUMED + timedelta(hours=3)
    assert (decision.full_number, certificate.full_number) == ("01/QĐ-UBND", "01/GCN-HN.HCN")
    [row] = HouseholdRecognition.objects.all()
    assert (row.year, row.national_class, row.city_class, row.review_id) == (2026, "ho_ngheo", "", review.pk)
    assert (row.decision_number, row.certificate_number) == ("01/QĐ-UBND", "01/GCN-HN.HCN")
    assert (row.decided_on, row.valid_from, row.valid_to, row.members) == (
        date(2026, 3, 24),
        date(2026, 3, 24),
        date(2026, 12, 31),
        1,
    )
    assert [work.text for work in case.follow_ups.all()] == list(
        PROCEDURE.follow_ups(application_of(case), on=date(2026, 3, 24))
    )


def test_path_b_waits_for_its_round_and_goes_on_when_it_is_finished(
    household: Household, mai: Officer, hung: Officer, lan: Officer
) -> None:
    case = receive(household, mai, RECEIVED)
    slip = workflow.issue_receipt(case, by=mai, at=RECEIVED)

    assert (case.state, timezone.localtime(case.due_at).date()) == ("waiting_review", date(2026, 3, 30))
    assert "Chờ rà soát trong kỳ tháng 3/2026" in slip.facts["due_sentence"]
    with pypdfium2.PdfDocument(bytes(slip.pdf)) as pdf:
        assert len(pdf) == 1
    assert slip.facts["time_limit"] == "15 ngày kể từ ngày bắt đầu rà soát 15/03/2026"

    with pytest.raises(workflow.NotReady) as early:
        workflow.resume(case, by=hung, at=RESUMED)
    assert [finding.rule.id for finding in early.value.findings] == ["pov_review_month"]

    find(household)
    workflow.resume(case, by=hung, at=RESUMED)
    case.refresh_from_db()
    assert (case.state, case.due_at) == ("handling", RESUMED + timedelta(hours=3))

    results = sign(case, hung, lan, RESUMED)
    assert [result.kind for result in results] == ["decision", "poor_household"]
    assert HouseholdRecognition.objects.get().valid_from == date(2026, 3, 24)


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"agreement": 48}, "pov_meeting_agreed"),
        ({"minutes": ""}, "pov_minutes_signed"),
        ({"posted_to": date(2026, 3, 24)}, "pov_posted"),
        ({"complaint": "chấm thiếu"}, "pov_posted"),
        ({"reviewer": ""}, "pov_scores_present"),
    ],
)
def test_a_round_that_owes_a_step_is_not_resumed(
    household: Household, mai: Officer, hung: Officer, facts: dict[str, Any], rule: str
) -> None:
    case = receive(household, mai, RECEIVED)
    find(household, **facts)

    with pytest.raises(workflow.NotReady) as early:
        workflow.resume(case, by=hung, at=RESUMED)

    assert [finding.rule.id for finding in early.value.findings] == [rule]


def test_a_household_above_the_line_gets_a_written_answer_with_the_reason(
    household: Household, mai: Officer, hung: Officer, lan: Officer
) -> None:
    case = receive(household, mai, RECEIVED)
    find(household, score_income=141, national_class="khong_ngheo")
    workflow.resume(case, by=hung, at=RESUMED)

    with pytest.raises(workflow.NotAllowed, match="Thu nhập của hộ cao hơn chuẩn nghèo"):
        workflow.submit(case, by=hung, at=RESUMED)
    factories.shift(lan, Role.SIGNER, starts_at=RESUMED.replace(hour=7), ends_at=RESUMED.replace(hour=18))
    workflow.submit_refusal(case, by=hung, at=RESUMED, note="Điểm A là 141, cao hơn mức 140 của khu vực nông thôn.")
    seen = papers.digest(papers.drafts_of(case, by=lan, at=RESUMED))
    [letter] = workflow.sign(case, by=lan, at=RESUMED, seen=seen)

    assert letter.kind == Result.REFUSAL
    assert letter.facts["basis"] == PROCEDURE.refusal_basis
    assert letter.facts["reasons"][0]["text"].startswith("Điểm A là 141")
    assert not HouseholdRecognition.objects.exists()


def test_at_the_counter_a_household_above_the_line_is_turned_away_in_writing(
    household: Household, mai: Officer
) -> None:
    find(household, score_income=141, national_class="khong_ngheo")
    head = household.members.get()
    answers = {"request_kind": "review", "reason": "illness", status_name(head.pk): "idle"}
    checked = {rule.id: True for rule in PROCEDURE.rules}
    assert head.citizen is not None

    with pytest.raises(workflow.NotReady):
        receive(household, mai, RESUMED)
    case = workflow.reject(PROCEDURE, head.citizen, answers=answers, officer_answers=checked, by=mai, at=RESUMED)

    assert [reason["text"] for reason in case.refusal] == [
        "Thu nhập của hộ cao hơn chuẩn nghèo. Không đủ điều kiện công nhận."
    ]
    assert Slip.objects.get(case=case).kind == Slip.Kind.REJECTION


def test_a_decision_signed_for_the_whole_round_leaves_only_the_certificate(
    household: Household, mai: Officer, hung: Officer, lan: Officer
) -> None:
    find(household, decision_number="09/QĐ-UBND", decided_on=date(2026, 3, 23))

    [certificate] = sign(receive(household, mai, RESUMED), hung, lan, RESUMED)

    row = HouseholdRecognition.objects.get()
    assert certificate.kind == "poor_household"
    assert (row.decision_number, row.decided_on) == ("09/QĐ-UBND", date(2026, 3, 23))


def test_a_class_changed_within_the_year_ends_the_one_before(
    household: Household, mai: Officer, hung: Officer, lan: Officer
) -> None:
    HouseholdRecognition.objects.create(
        commune=household.commune,
        household=household,
        year=2026,
        national_class="ho_can_ngheo",
        decision_number="01/QĐ-UBND",
        decided_on=date(2026, 1, 28),
        certificate_number="02/GCN-HN.HCN",
        valid_from=date(2026, 1, 28),
        valid_to=date(2026, 12, 31),
        members=1,
        recorded_at=timezone.now(),
    )
    find(household)

    sign(receive(household, mai, RESUMED), hung, lan, RESUMED)

    rows = HouseholdRecognition.objects.order_by("valid_from")
    assert [(row.national_class, row.valid_from, row.valid_to) for row in rows] == [
        ("ho_can_ngheo", date(2026, 1, 28), date(2026, 3, 23)),
        ("ho_ngheo", date(2026, 3, 24), date(2026, 12, 31)),
    ]


def test_a_member_of_another_recognised_household_stops_the_request(
    household: Household, quoc_oai: Commune, mai: Officer, hung: Officer, lan: Officer
) -> None:
    other = factories.citizen(quoc_oai, "001085000000", "Nguyễn Văn Mẫu", sex="male")
    second = home_of(quoc_oai, other)
    find(household)
    sign(receive(household, mai, RESUMED), hung, lan, RESUMED)
    twice = HouseholdMember.of(household.members.get().citizen, "other", household=second, commune=quoc_oai)
    twice.paper, twice.at = "thử", timezone.now()
    twice.save()

    with pytest.raises(workflow.NotReady) as stopped:
        workflow.receive(
            PROCEDURE,
            other,
            answers={"request_kind": "review", "reason": "illness", **{status_name(row.pk): "idle" for row in
                     second.members.all()}},
            officer_answers={rule.id: True for rule in PROCEDURE.rules},
            by=mai,
            at=RESUMED,
        )  # fmt: skip

    assert [finding.rule.id for finding in stopped.value.findings] == ["pov_member_unique"]


def test_of_2027_the_leader_ticks_that_the_points_were_looked_up(
    household: Household, mai: Officer, hung: Officer, lan: Officer
) -> None:
    at = datetime(2027, 3, 1, 8, 10, tzinfo=HANOI)
    days = {"starts_on": date(2027, 2, 15), "reviewed_on": date(2027, 2, 16), "met_on": date(2027, 2, 17)}
    find(household, **days, posted_from=date(2027, 2, 18), posted_to=date(2027, 2, 24), standard="national_2027")
    case = receive(household, mai, at)

    with pytest.raises(workflow.NotAllowed, match="đối chiếu Phiếu B"):
        sign(case, hung, lan, at)
    seen = papers.digest(papers.drafts_of(case, by=lan, at=at))
    results = workflow.sign(case, by=lan, at=at, seen=seen, confirmed=["pov_limit_looked_at"])

    assert [result.kind for result in results] == ["decision", "poor_household"]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"score_income": 141, "national_class": "khong_ngheo"}, "Thu nhập của hộ cao hơn"),
        ({"complaint": "chấm thiếu thu nhập"}, "đang có khiếu nại chưa giải quyết"),
    ],
)
def test_what_the_round_takes_back_after_receipt_is_not_signed(
    household: Household, mai: Officer, hung: Officer, lan: Officer, facts: dict[str, Any], reason: str
) -> None:
    review = find(household)
    case = receive(household, mai, RESUMED)
    HouseholdReview.objects.filter(pk=review.pk).update(**facts)

    with pytest.raises(workflow.NotAllowed, match=reason):
        sign(case, hung, lan, RESUMED)

    assert not HouseholdRecognition.objects.exists()


# --- the pages of the counter ---
@pytest.fixture
def clerk(client: Client, mai: Officer) -> Client:
    client.force_login(mai)
    return client


@time_machine.travel(RECEIVED, tick=False)
def test_the_page_shows_at_once_which_path_applies_and_prints_the_request(
    household: Household, khach: Citizen, clerk: Client, mai: Officer
) -> None:
    form = f"/cong-dan/{khach.pk}/poor_household"
    head = household.members.get()
    answers = {"request_kind": "review", "reason": "illness", status_name(head.pk): "idle", "form_key": "k" * 20}
    asked = ("pov_identity_verified", "pov_officer_not_related")

    shown = clerk.get(form).content.decode()
    sent = clerk.post(form, answers | {f"rule-{name}": "yes" for name in asked})
    check = clerk.get(sent["Location"]).content.decode()
    unasked = clerk.get(f"{sent['Location']}/don-0.pdf")
    paper = clerk.post(f"{sent['Location']}/don-0/in", {"form_key": "p" * 20}, follow=True)

    assert "Hẹn sau" in shown
    assert "Hồ sơ chuyển vào danh sách rà soát ngày 15." in shown
    assert "trả lời chậm nhất ngày 30/03/2026" in check
    assert "Giấy đề nghị (Mẫu số 01)" in check
    assert unasked.status_code == 302
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
    assert paper.content.startswith(b"%PDF")


@time_machine.travel(RECEIVED, tick=False)
def test_the_request_is_printed_again_from_the_case(household: Household, clerk: Client, mai: Officer) -> None:
    case = receive(household, mai, RECEIVED)

    page = clerk.get(f"/ho-so/{case.code}").content.decode()

    form = f"/ho-so/{case.code}/in/declaration"
    assert f"{form}/0" in page
    assert clerk.post(f"{form}/0", {"form_key": "a" * 20}, follow=True).content.startswith(b"%PDF")
    assert clerk.post(f"{form}/1", {"form_key": "b" * 20}).status_code == 404
