"""Every rule of the poor-household procedure, its two paths, its edge cases (social-affairs.md 7), and its papers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pypdfium2
import pytest

from citizens.dossier import Dossier
from citizens.households import (
    Area,
    CountedElsewhere,
    Household,
    HouseholdRecognised,
    Member,
    Occupation,
    PovertyClass,
    Recognition,
    Relation,
    Review,
)
from citizens.person import Person, Residence, ResidenceKind, Sex
from procedures.catalogue import Document, catalogue
from procedures.catalogue.examples import MAN, WOMAN
from procedures.catalogue.poor_household import PoorHouseholdForm
from procedures.papers import printing
from procedures.rules import Application, Stage, Tone
from procedures.rules.household import weekdays
from procedures.rules.household_points import (
    CERTIFICATE_BASES,
    CITY_PAYER,
    MEMBER_UNIQUE,
    PERIODIC,
    POSTING_DAYS,
    STANDARD_POINTS,
    standards_of,
)

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
AT = datetime(2026, 3, 24, 8, 10, tzinfo=HANOI)
PROCEDURE = catalogue()["poor_household"]
ALL = {rule.id: True for rule in PROCEDURE.rules}
NATIONAL, CITY, NEW = "national_2022", "ha_noi_2022", "national_2027"
CITY_2026 = {STANDARD_POINTS[CITY, "valid_to"].key: "2026"}
N, C, X = PovertyClass.POOR, PovertyClass.NEAR_POOR, PovertyClass.NEITHER

CHILD = Member(
    3, "Nguyễn Thị Con", "001314000000", Sex.FEMALE, date(2014, 5, 20), "20/05/2014", "Kinh",
    Relation.CHILD, Occupation.STUDYING, note="Vào hộ 02/03/2026: giấy khai sinh số 3/2014",
)  # fmt: skip


def member_of(number: int, person: Person, relation: Relation, occupation: Occupation) -> Member:
    return Member(
        number, person.full_name, person.identity_number, person.sex, person.birth_date, person.birth_text,
        person.ethnicity, relation, occupation, date(2021, 6, 22),
    )  # fmt: skip


# a round that began on 15 March 2026 and is finished; read on the 24th
REVIEW = Review(
    id=5,
    starts_on=date(2026, 3, 15),
    periodic=False,
    reviewed_on=date(2026, 3, 16),
    reviewer="Đỗ Văn Rà Soát",
    indicators=(3, 4, 8),
    score_income=120,
    score_deprivation=30,
    area=Area.RURAL,
    standard=NATIONAL,
    national_class=N,
    met_on=date(2026, 3, 17),
    agreement=82,
    minutes="Biên bản ngày 17/03/2026",
    posted_from=date(2026, 3, 18),
    posted_to=date(2026, 3, 20),
)
HOME = Household(
    id=9,
    village="Thôn 1",
    address="Thôn 1, Xã Quốc Oai, Thành phố Hà Nội",
    area=Area.RURAL,
    read_on=AT.date(),
    members=(
        member_of(1, WOMAN, Relation.HEAD, Occupation.IDLE),
        member_of(2, MAN, Relation.HUSBAND, Occupation.WORKING),
        CHILD,
    ),
    review=REVIEW,
)
ASKED: dict[str, Any] = {
    "request_kind": "review",
    "reason": "illness",
    "reason_text": "Chồng điều trị dài ngày.",
    "member_1": "idle",
    "member_2": "working",
    "member_3": "studying",
}
UNTOLD = replace(HOME, members=tuple(replace(row, occupation=None) for row in HOME.members))
KNOWN = Recognition(
    2026, N, None, (3, 4, 8), "02/QĐ-UBND", date(2026, 1, 28), date(2026, 1, 28), date(2026, 12, 31), "03/GCN-HN.HCN"
)
ELSEWHERE = CountedElsewhere("Nguyễn Thị Con", "001314000000", "Phan Văn Khác", "01/GCN-HN.HCN")
AWAY = replace(WOMAN, residences=(Residence(ResidenceKind.PERMANENT, "Ba Vì", here=False, since=None),))
STAYS = replace(
    WOMAN, residences=(*AWAY.residences, Residence(ResidenceKind.TEMPORARY, "Thôn 1", here=True, since=None))
)
TEEN = replace(MAN, identity_number=CHILD.identity_number, birth_date=date(2010, 1, 1))


def reviewed(**facts: Any) -> Household:
    """The household with its review changed."""
    return replace(HOME, review=replace(REVIEW, **facts))


def asked(
    home: Household | None = HOME, answers: dict[str, Any] = ASKED, person: Person = WOMAN, **facts: Any
) -> Application:
    conflicts = facts.pop("conflicts", ())
    given: dict[str, Any] = {"at": AT, "commune": "1", "officer": ALL} | facts
    return Application(
        person=person, answers=answers, dossier=Dossier(household=home, household_conflicts=conflicts), **given
    )


def tone_of(rule: str, application: Application, stage: Stage = Stage.RECEIPT) -> Tone | None:
    """What the page shows for one rule; None where the rule does not concern this application."""
    findings = PROCEDURE.judge(application, stage)
    return next((finding.tone for finding in findings if finding.rule.id == rule), None)


P, F, W, L = Tone.PASS, Tone.FAIL, Tone.WARN, Tone.LATER
OVER = reviewed(score_income=141, national_class=X)
UNFINISHED = reviewed(minutes="")
TABLE: list[tuple[str, Tone | None, Application]] = [
    ("pilot_level_two", P, asked()),
    ("pilot_level_two", F, asked(person=replace(WOMAN, eid_level=1))),
    ("pilot_data_synced", P, asked()),
    ("pilot_data_synced", F, asked(person=replace(WOMAN, portal_synced_on=None))),
    ("pov_identity_verified", P, asked()),
    ("pov_identity_verified", F, asked(person=replace(WOMAN, id_document_valid=False))),
    ("pov_identity_verified", F, asked(person=replace(WOMAN, deceased_on=date(2026, 1, 1)))),
    ("pov_identity_verified", F, asked(officer=ALL | {"pov_identity_verified": False})),
    ("pov_request_kind", P, asked()),
    ("pov_request_kind", F, asked(answers=ASKED | {"request_kind": "leave"})),
    ("pov_request_kind", F, asked(answers=ASKED | {"request_kind": "average"})),
    ("pov_applicant_in_household", P, asked()),
    ("pov_applicant_in_household", P, asked(person=MAN)),
    ("pov_applicant_in_household", F, asked(person=TEEN)),
    ("pov_applicant_in_household", P, asked(person=replace(TEEN, birth_date=None))),
    ("pov_applicant_in_household", F, asked(person=replace(MAN, identity_number="001085000001"))),
    ("pov_applicant_in_household", F, asked(None)),
    ("pov_resides_here", P, asked()),
    ("pov_resides_here", F, asked(person=AWAY)),
    ("pov_resides_here", F, asked(person=replace(WOMAN, residences=()))),
    ("pov_resides_here", P, asked(person=STAYS)),
    ("pov_resides_here", F, asked(person=STAYS, officer=ALL | {"pov_resides_here": False})),
    ("pov_not_already_same", None, asked(None)),
    ("pov_not_already_same", P, asked()),
    ("pov_not_already_same", F, asked(replace(HOME, recognitions=(KNOWN,)))),
    ("pov_not_already_same", P, asked(replace(HOME, recognitions=(replace(KNOWN, year=2025),)))),
    ("pov_not_already_same", P, asked(replace(HOME, recognitions=(replace(KNOWN, national_class=C),)))),
    ("pov_not_already_same", F, asked(replace(HOME, recognitions=(KNOWN,), review=None))),
    ("pov_not_already_same", P, asked(replace(HOME, recognitions=(replace(KNOWN, national_class=C),), review=None))),
    (
        "pov_not_already_same",
        P,
        asked(replace(HOME, recognitions=(replace(KNOWN, national_class=X, city_class=N),), review=None)),
    ),
    ("pov_request_form", None, asked(None)),
    ("pov_request_form", P, asked()),
    ("pov_request_form", F, asked(answers=ASKED | {"reason": ""})),
    ("pov_request_form", F, asked(answers=ASKED | {"reason": "other", "reason_text": ""})),
    ("pov_request_form", P, asked(answers=ASKED | {"reason": "other", "reason_text": "Cháy nhà"})),
    ("pov_request_form", P, asked(UNTOLD)),
    ("pov_request_form", F, asked(UNTOLD, answers=ASKED | {"member_3": ""})),
    ("pov_member_unique", None, asked(None)),
    ("pov_member_unique", P, asked()),
    ("pov_member_unique", F, asked(conflicts=(ELSEWHERE,))),
    ("pov_member_unique", None, asked(conflicts=(ELSEWHERE,), rulings={MEMBER_UNIQUE.key: "no"})),
    ("pov_officer_not_related", P, asked()),
    ("pov_officer_not_related", F, asked(officer_number=CHILD.identity_number)),
    ("pov_officer_not_related", F, asked(None, officer_number=WOMAN.identity_number)),
    ("pov_officer_not_related", F, asked(officer=ALL | {"pov_officer_not_related": False})),
    ("pov_no_open_duplicate", P, asked()),
    ("pov_no_open_duplicate", W, asked(open_cases=("H26",))),
    ("pov_review_month", None, asked(None)),
    ("pov_review_month", P, asked()),
    ("pov_review_month", L, asked(replace(HOME, review=None))),
    ("pov_review_month", L, asked(reviewed(starts_on=date(2026, 2, 15)))),
    ("pov_scores_present", None, asked(replace(HOME, review=None))),
    ("pov_scores_present", P, asked()),
    ("pov_scores_present", P, asked(reviewed(indicators=(), score_deprivation=0, national_class=C))),
    ("pov_scores_present", L, asked(reviewed(score_income=None))),
    ("pov_scores_present", L, asked(reviewed(indicators=None, score_deprivation=None))),
    ("pov_scores_present", L, asked(reviewed(reviewer=""))),
    ("pov_scores_present", L, asked(reviewed(national_class=None))),
    ("pov_meeting_agreed", None, asked(replace(HOME, review=None))),
    ("pov_meeting_agreed", P, asked(reviewed(agreement=50))),
    ("pov_meeting_agreed", L, asked(reviewed(agreement=49))),
    ("pov_meeting_agreed", L, asked(reviewed(met_on=None))),
    ("pov_meeting_agreed", L, asked(reviewed(agreement=None))),
    ("pov_minutes_signed", None, asked(replace(HOME, review=None))),
    ("pov_minutes_signed", P, asked()),
    ("pov_minutes_signed", L, asked(UNFINISHED)),
    ("pov_posted", None, asked(replace(HOME, review=None))),
    ("pov_posted", P, asked()),
    ("pov_posted", L, asked(reviewed(posted_from=None, posted_to=None))),
    ("pov_posted", L, asked(reviewed(posted_to=date(2026, 3, 24)))),
    ("pov_posted", P, asked(reviewed(posted_to=date(2026, 3, 23)))),
    ("pov_posted", L, asked(reviewed(posted_to=date(2026, 3, 19)))),
    ("pov_posted", P, asked(reviewed(posted_to=date(2026, 3, 19)), rulings={POSTING_DAYS.key: "2"})),
    ("pov_posted", L, asked(reviewed(complaint="chấm thiếu"))),
    ("pov_posted", P, asked(reviewed(complaint="chấm thiếu", complaint_settled_on=date(2026, 3, 23)))),
    ("pov_standard_valid", None, asked(replace(HOME, review=None))),
    ("pov_standard_valid", None, asked(reviewed(reviewer=""))),
    ("pov_standard_valid", P, asked()),
    ("pov_standard_valid", F, asked(reviewed(standard=NEW))),
    ("pov_standard_valid", F, asked(reviewed(standard="unknown"))),
    ("pov_standard_valid", F, asked(reviewed(city_standard=CITY, city_class=N))),
    ("pov_standard_valid", P, asked(reviewed(city_standard=CITY, city_class=N), rulings=CITY_2026)),
    ("pov_income_ok", None, asked(UNFINISHED)),
    ("pov_income_ok", P, asked(reviewed(score_income=140))),
    ("pov_income_ok", F, asked(OVER)),
    ("pov_income_ok", P, asked(reviewed(area=Area.URBAN, score_income=175))),
    ("pov_income_ok", F, asked(reviewed(area=Area.URBAN, score_income=176, national_class=X))),
    ("pov_class_consistent", None, asked(UNFINISHED)),
    ("pov_class_consistent", P, asked()),
    ("pov_class_consistent", F, asked(reviewed(national_class=C))),
    ("pov_class_consistent", F, asked(reviewed(score_income=141))),
    ("pov_class_consistent", P, asked(OVER)),
    ("pov_class_consistent", F, asked(reviewed(standard="unknown"))),
    ("pov_decision_signed", None, asked(UNFINISHED)),
    ("pov_decision_signed", P, asked()),
    ("pov_decision_signed", P, asked(reviewed(decision_number="09/QĐ-UBND", decided_on=date(2026, 3, 23)))),
    ("pov_decision_signed", F, asked(reviewed(decision_number="09/QĐ-UBND"))),
    ("pov_decision_signed", F, asked(reviewed(decision_number="09/QĐ-UBND", decided_on=date(2026, 3, 14)))),
    ("pov_within_15_days", None, asked(replace(HOME, review=None))),
    ("pov_within_15_days", P, asked(replace(HOME, read_on=date(2026, 3, 30)))),
    ("pov_within_15_days", W, asked(replace(HOME, read_on=date(2026, 3, 31)))),
]


@pytest.mark.parametrize(
    ("rule", "tone", "application"), TABLE, ids=[f"{number}-{row[0]}" for number, row in enumerate(TABLE)]
)
def test_each_rule_lets_through_stops_or_stays_silent(rule: str, tone: Tone | None, application: Application) -> None:
    assert tone_of(rule, application) == tone


def test_every_rule_of_the_counter_stands_in_the_table_with_two_answers() -> None:
    ids = {rule.id for rule in PROCEDURE.rules if rule.stage == Stage.RECEIPT}

    assert {row[0] for row in TABLE} == ids
    assert all(len({tone for rule, tone, _ in TABLE if rule == name}) > 1 for name in ids)


@pytest.mark.parametrize("rule", ["pov_identity_verified", "pov_officer_not_related"], ids=["identity", "officer"])
def test_what_no_record_can_tell_is_asked(rule: str) -> None:
    without = {name: answer for name, answer in ALL.items() if name != rule}

    assert tone_of(rule, asked(officer=without)) == Tone.ASK


def test_the_leader_looks_at_a_limit_that_the_software_does_not_know() -> None:
    new = reviewed(standard=NEW)
    stage = Stage.SIGNATURE

    assert tone_of("pov_limit_looked_at", asked(new), stage) == Tone.PASS
    assert tone_of("pov_limit_looked_at", asked(new, officer={}), stage) == Tone.ASK
    assert tone_of("pov_limit_looked_at", asked(), stage) is None
    assert tone_of("pov_limit_looked_at", asked(replace(HOME, review=None)), stage) is None


@pytest.mark.parametrize(
    ("facts", "income", "consistent"),
    [
        ({"national_class": N}, P, P),
        ({"national_class": C}, P, F),
        ({"national_class": X}, F, P),
        ({"national_class": C, "indicators": (3,), "score_deprivation": 10}, P, P),
        ({"national_class": N, "indicators": (3,), "score_deprivation": 10}, P, F),
    ],
)
def test_of_2027_the_commissions_class_counts_until_the_points_are_known(
    facts: dict[str, Any], income: Tone, consistent: Tone
) -> None:
    application = asked(reviewed(standard=NEW, score_income=190, **facts))

    assert tone_of("pov_income_ok", application) == income
    assert tone_of("pov_class_consistent", application) == consistent


def test_a_ruling_on_the_points_of_2027_decides_like_the_old_ones() -> None:
    known = {STANDARD_POINTS[NEW, "rural_points"].key: "180"}
    inside, over = (asked(reviewed(standard=NEW, score_income=points), rulings=known) for points in (180, 181))

    assert (tone_of("pov_income_ok", inside), tone_of("pov_income_ok", over)) == (P, F)
    assert tone_of("pov_limit_looked_at", inside, Stage.SIGNATURE) is None


@pytest.mark.parametrize(
    ("reviewed_on", "standard", "tone"),
    [
        (date(2026, 12, 31), NATIONAL, P),
        (date(2027, 1, 1), NATIONAL, F),
        (date(2026, 12, 31), NEW, F),
        (date(2027, 1, 1), NEW, P),
    ],
)
def test_the_standard_on_both_sides_of_new_year_2027(reviewed_on: date, standard: str, tone: Tone) -> None:
    home = reviewed(starts_on=date(2026, 9, 1), periodic=True, reviewed_on=reviewed_on, standard=standard)

    assert tone_of("pov_standard_valid", asked(home, at=datetime(2026, 12, 1, 8, tzinfo=HANOI))) == tone


# --- edge cases of social-affairs.md 7.9 ---
def test_1_income_below_the_line_without_any_deprivation_is_near_poor_not_poor() -> None:
    bare: dict[str, Any] = {"score_income": 100, "score_deprivation": 0, "indicators": ()}

    assert tone_of("pov_class_consistent", asked(reviewed(**bare, national_class=N))) == F
    assert tone_of("pov_class_consistent", asked(reviewed(**bare, national_class=C))) == P
    [effect] = PROCEDURE.effects(asked(reviewed(**bare, national_class=C)), on=AT.date())
    assert isinstance(effect, HouseholdRecognised)
    assert effect.national_class == C


def test_2_a_household_of_the_city_standard_only_is_recognised_by_it_and_marked_not_poor_nationally() -> None:
    home = reviewed(score_income=160, national_class=X, city_standard=CITY, city_class=N)
    application = asked(home, rulings=CITY_2026)

    assert [finding.rule.id for finding in PROCEDURE.judge(application) if finding.tone != P] == []
    assert text_of(application, "decision").count("Chuẩn quốc gia: không nghèo; chuẩn thành phố: hộ nghèo") == 1
    assert CITY_PAYER.value in PROCEDURE.follow_ups(application, on=AT.date())
    [effect] = PROCEDURE.effects(application, on=AT.date())
    assert isinstance(effect, HouseholdRecognised)
    assert (effect.national_class, effect.city_class) == (X, N)


def test_3_a_request_in_mid_month_waits_for_the_next_fifteenth_whatever_the_need() -> None:
    application = asked(replace(HOME, review=None), at=datetime(2026, 3, 3, 8, 10, tzinfo=HANOI))

    appointment = PROCEDURE.appointment(application)

    assert appointment is not None
    assert (appointment.due_on, appointment.waits_for) == (
        date(2026, 3, 30),
        "15 ngày kể từ ngày bắt đầu rà soát 15/03/2026",
    )
    assert "hỗ trợ khẩn cấp" in appointment.sentence
    assert PROCEDURE.documents(application, on=application.day) == ()
    assert not any(finding.stops for finding in PROCEDURE.judge(application))


def test_4_an_agreement_of_48_percent_decides_nothing_and_is_met_again_in_the_same_round() -> None:
    application = asked(reviewed(agreement=48))

    appointment = PROCEDURE.appointment(application)

    assert tone_of("pov_meeting_agreed", application) == L
    assert appointment is not None
    assert appointment.due_on == date(2026, 3, 30)
    assert tone_of("pov_income_ok", application) is None


def test_5_a_household_of_the_former_town_is_judged_by_the_area_of_its_village_not_by_the_word_xa() -> None:
    points: dict[str, Any] = {"score_income": 170, "national_class": N}

    assert tone_of("pov_class_consistent", asked(reviewed(area=Area.URBAN, **points))) == P
    assert tone_of("pov_class_consistent", asked(reviewed(area=Area.RURAL, **points))) == F


# --- the two paths ---
def test_path_a_has_no_appointment_and_two_papers() -> None:
    application = asked()

    assert PROCEDURE.appointment(application) is None
    assert [document.key for document in PROCEDURE.documents(application, on=AT.date())] == [
        "decision",
        "poor_household",
    ]


def test_a_decision_signed_before_is_not_signed_again() -> None:
    application = asked(reviewed(decision_number="09/QĐ-UBND", decided_on=date(2026, 3, 23)))

    [document] = PROCEDURE.documents(application, on=AT.date())
    [effect] = PROCEDURE.effects(application, on=AT.date())

    assert document.key == "poor_household"
    assert isinstance(effect, HouseholdRecognised)
    assert (effect.decision, effect.decision_number, effect.decided_on) == ("", "09/QĐ-UBND", date(2026, 3, 23))
    assert "09/QĐ-UBND" not in text_of(application, "poor_household")


@pytest.mark.parametrize(
    ("received", "home", "due_on"),
    [
        (datetime(2026, 3, 20, 8, tzinfo=HANOI), None, date(2026, 4, 30)),
        (datetime(2026, 3, 15, 8, tzinfo=HANOI), None, date(2026, 3, 30)),
        (AT, UNFINISHED, date(2026, 3, 30)),
        (datetime(2026, 4, 5, 8, tzinfo=HANOI), replace(UNFINISHED, read_on=date(2026, 4, 5)), date(2026, 4, 30)),
        (datetime(2026, 8, 20, 8, tzinfo=HANOI), None, date(2026, 12, 14)),
        (datetime(2026, 11, 23, 8, tzinfo=HANOI), None, date(2026, 12, 14)),
        (datetime(2026, 12, 20, 8, tzinfo=HANOI), None, date(2027, 1, 30)),
    ],
)
def test_path_b_is_due_by_the_calendar_of_its_round(received: datetime, home: Household | None, due_on: date) -> None:
    application = asked(home or replace(HOME, review=None, read_on=received.date()), at=received)

    appointment = PROCEDURE.appointment(application)

    assert appointment is not None
    assert appointment.due_on == due_on
    assert len(appointment.sentence) <= 400


def test_from_september_the_slip_says_that_the_periodic_review_takes_the_household() -> None:
    received = datetime(2026, 11, 23, 8, tzinfo=HANOI)
    none = replace(HOME, review=None)

    periodic = PROCEDURE.appointment(asked(none, at=received))
    monthly = PROCEDURE.appointment(asked(none, at=received, rulings={PERIODIC.key: "no"}))

    assert periodic is not None
    assert monthly is not None
    assert periodic.waits_for == "theo kỳ rà soát định kỳ năm 2026 (từ 01/09/2026 đến 14/12/2026)"
    assert "công nhận cho năm 2027" in periodic.sentence
    assert monthly.due_on == date(2026, 12, 30)


def test_who_waited_is_judged_by_what_the_round_found() -> None:
    """Received on 3 March, looked at again on 24 March: the day of receipt stays, the files are new."""
    application = asked(at=datetime(2026, 3, 3, 8, 10, tzinfo=HANOI))

    assert PROCEDURE.appointment(application) is None
    assert [finding.rule.id for finding in PROCEDURE.judge(application) if finding.tone != P] == []


def test_without_a_household_nothing_is_promised_and_no_request_is_printed() -> None:
    assert PROCEDURE.appointment(asked(None)) is None
    assert PROCEDURE.declarations(asked(None)) == ()


@pytest.mark.parametrize(
    ("first", "last", "number"),
    [
        (date(2026, 3, 18), date(2026, 3, 20), 3),
        (date(2026, 3, 20), date(2026, 3, 23), 2),
        (date(2026, 3, 21), date(2026, 3, 22), 0),
    ],
)
def test_posting_counts_from_monday_to_friday(first: date, last: date, number: int) -> None:
    assert weekdays(first, last) == number


# --- effects ---
@pytest.mark.parametrize(
    ("review", "on", "year", "first"),
    [
        ({}, date(2026, 3, 24), 2026, date(2026, 3, 24)),
        ({"starts_on": date(2026, 9, 1), "periodic": True}, date(2026, 12, 1), 2027, date(2027, 1, 1)),
        ({}, date(2027, 1, 5), 2026, date(2026, 12, 31)),
    ],
)
def test_the_class_holds_from_the_decision_to_the_end_of_its_year(
    review: dict[str, Any], on: date, year: int, first: date
) -> None:
    [effect] = PROCEDURE.effects(asked(reviewed(**review)), on=on)

    assert isinstance(effect, HouseholdRecognised)
    assert (effect.year, effect.valid_from, effect.valid_to) == (year, first, date(year, 12, 31))
    assert (effect.household, effect.review, effect.indicators) == (9, 5, (3, 4, 8))


# --- form ---
def form(answers: dict[str, Any] | None = None, home: Household | None = HOME) -> PoorHouseholdForm:
    return PoorHouseholdForm(answers, person=WOMAN, on=AT.date(), dossier=Dossier(household=home))


def test_the_form_asks_the_status_of_each_member_and_presets_what_is_known() -> None:
    fields = form().fields

    assert list(fields) == ["request_kind", "reason", "reason_text", "member_1", "member_2", "member_3"]
    assert fields["member_3"].label == "Nguyễn Thị Con (con, 20/05/2014): tình trạng"
    assert fields["member_3"].initial == "studying"
    assert [value for value, _ in fields["member_1"].choices] == ["", "working", "idle", "studying"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        (ASKED, set()),
        (ASKED | {"member_2": ""}, {"member_2"}),
        (ASKED | {"reason": ""}, {"reason"}),
        (ASKED | {"reason": "other", "reason_text": " "}, {"reason_text"}),
        (ASKED | {"request_kind": "unknown"}, {"request_kind"}),
    ],
)
def test_the_form_refuses_what_is_not_told(answers: dict[str, Any], wrong: set[str]) -> None:
    assert set(form(answers).errors) == wrong


def test_without_a_household_the_form_asks_only_for_the_reason() -> None:
    assert list(form(home=None).fields) == ["request_kind", "reason", "reason_text"]


# --- papers ---
FRAME: dict[str, Any] = {
    "head": {"superior": "THÀNH PHỐ HÀ NỘI", "issuer": "ỦY BAN NHÂN DÂN XÃ QUỐC OAI"},
    "place": "Quốc Oai",
    "test": True,
    "draft": False,
    "number": "07",
    "issued_on": date(2026, 3, 24),
    "signer": {"lines": ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"], "name": "Phùng Thị Lan"},
    "check_link": "HTTPS://QO.EXAMPLE/K/09895/ABCDEFGHJKMNPQRSTVWXYZ2345",
    "case_code": "H26.895.00-260324-0001",
}


def paper_of(application: Application, key: str) -> printing.Sheet:
    documents = [*PROCEDURE.declarations(application), *PROCEDURE.documents(application, on=AT.date())]
    document: Document = next(row for row in documents if row.key == key)
    facts = PROCEDURE.facts(application, document, on=AT.date(), numbers={"decision": "06/QĐ-UBND"})
    return printing.paper(document.template, FRAME | {"symbol": document.symbol} | dict(facts))


def text_of(application: Application, key: str) -> str:
    """The text of the PDF, in one line."""
    with pypdfium2.PdfDocument(paper_of(application, key).pdf) as pdf:
        text = " ".join(pdf[number].get_textpage().get_text_range() for number in range(len(pdf)))
    return re.sub(r"\s+", " ", text)


def test_the_request_says_each_line_of_mau_so_01() -> None:
    text = text_of(asked(person=MAN), "request")

    for line in (
        "Mẫu số 01", "GIẤY ĐỀ NGHỊ", "Rà soát hộ nghèo, hộ cận nghèo",
        "Kính gửi: Chủ tịch Ủy ban nhân dân xã Quốc Oai", "Họ và tên: TRẦN THỊ THỬ", "Giới tính (1: Nam; 2: Nữ): 2",
        "Sinh ngày 17 tháng 9 năm 1992", "Dân tộc: Kinh", "Số CCCD/CMND: 001192000000", "Ngày Cấp: 22/06/2021",
        "Nơi thường trú: Thôn 1, Xã Quốc Oai, Thành phố Hà Nội", "Nơi ở hiện tại: Thôn 1", "Thông tin các thành viên",
        "02 Nguyễn Văn Mẫu 1 05/03/1985 Chồng Có việc làm", "03 Nguyễn Thị Con 2 20/05/2014 Con Đang đi học",
        "Lý do đề nghị: Thành viên ốm đau nặng: Chồng điều trị dài ngày.", "Người đề nghị", "(Ký, ghi rõ họ tên)",
        "Nguyễn Văn Mẫu", "1.011607",
    ):  # fmt: skip
        assert line in text
    assert "Số: " not in text.replace("Số: 001", "")


def test_the_request_says_only_the_text_where_the_reason_is_another() -> None:
    text = text_of(asked(answers=ASKED | {"reason": "other", "reason_text": "Cháy nhà"}), "request")

    assert "Lý do đề nghị: Cháy nhà." in text


def test_the_request_says_what_is_known_of_a_head_of_whom_only_the_year_is() -> None:
    old = replace(HOME.members[0], birth_text="1955", birth_date=date(1955, 1, 1), id_issued_on=None)
    text = text_of(asked(replace(HOME, members=(old, *HOME.members[1:]))), "request")

    assert "Sinh năm 1955" in text
    assert "Ngày Cấp: …/…/……" in text


def test_the_decision_names_the_household_in_its_list() -> None:
    text = text_of(asked(), "decision")

    for line in (
        "Số: 07/QĐ-UBND", "QUYẾT ĐỊNH Công nhận danh sách hộ nghèo, hộ cận nghèo năm 2026",
        "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ QUỐC OAI", "Căn cứ Quyết định số 24/2021/QĐ-TTg", "QUYẾT ĐỊNH:",
        "Điều 1. Công nhận hộ nghèo", "Điều 2. Quyết định này có hiệu lực kể từ ngày ký.", "Điều 3. Ban Chỉ đạo",
        "Nơi nhận:", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "DANH SÁCH HỘ NGHÈO, HỘ CẬN NGHÈO NĂM 2026",
        "(Kèm theo Quyết định số 07/QĐ-UBND ngày 24 tháng 3 năm 2026",
        "1 Trần Thị Thử 001192000000 Thôn 1, Xã Quốc Oai, Thành phố Hà Nội 3 Hộ nghèo",
    ):  # fmt: skip
        assert line in text
    assert paper_of(asked(), "decision").pages == 2


def test_the_certificate_says_each_line_of_mau_so_03() -> None:
    sheet = paper_of(asked(), "poor_household")
    text = text_of(asked(), "poor_household")

    for line in (
        "UBND XÃ QUỐC OAI", "Số: 07/GCN-HN.HCN", "Quốc Oai, ngày 24 tháng 3 năm 2026",
        "GIẤY CHỨNG NHẬN HỘ NGHÈO, HỘ CẬN NGHÈO", f"Căn cứ {CERTIFICATE_BASES[0].value};",
        "Căn cứ kết quả rà soát hộ nghèo, hộ cận nghèo hằng năm trên địa bàn, Chủ tịch Ủy ban nhân dân xã Quốc Oai "
        "chứng nhận:",
        "Hộ gia đình ông/bà: TRẦN THỊ THỬ", "Dân tộc: Kinh", "Số CCCD/CMND: 001192000000", "Ngày cấp 22/06/2021",
        "Nơi thường trú: Thôn 1", "I. Danh sách thành viên hộ gia đình", "Mối quan hệ với chủ hộ", "Năm sinh",
        "Ghi chú (trường hợp thay đổi thành viên trong hộ gia đình)", "1 Trần Thị Thử Kinh Chủ hộ 1992",
        "2 Nguyễn Văn Mẫu Kinh Chồng 1985", "Vào hộ 02/03/2026: giấy khai sinh số 3/2014",
        "II. Kết quả phân loại hộ gia đình giai đoạn 2022 – 2025",
        "Xác nhận của Chủ tịch UBND xã Quốc Oai (Ký tên và đóng dấu)", "Ngày 24 tháng 3 năm 2026",
        "PHÓ CHỦ TỊCH", "Phùng Thị Lan", "Mã hồ sơ: H26.895.00-260324-0001",
    ):  # fmt: skip
        assert line in text
    assert [year for year in range(2020, 2030) if f"NĂM {year}" in text] == [2022, 2023, 2024, 2025, 2026]
    assert sheet.pages == 2
    assert "Thay Giấy chứng nhận" not in text


def boxes(application: Application) -> dict[int, tuple[str, list[int], str]]:
    """Year → mark, lacking indicators, decision, as handed to the template."""
    document = PROCEDURE.documents(application, on=AT.date())[-1]
    facts = PROCEDURE.facts(application, document, on=AT.date(), numbers={"decision": "06/QĐ-UBND"})
    return {
        box["year"]: (
            "N" if box["poor"] else "CN" if box["near"] else "",
            [number for number, lacking in box["boxes"] if lacking],
            box["decision"],
        )
        for box in facts["years"]  # type: ignore[attr-defined]
    }


def test_a_household_recognised_in_mid_period_leaves_the_boxes_before_empty() -> None:
    assert boxes(asked()) == {year: ("", [], "") for year in range(2022, 2026)} | {2026: ("N", [3, 4, 8], "06/QĐ-UBND")}


def test_the_boxes_of_earlier_years_say_what_was_decided_then() -> None:
    before = replace(KNOWN, year=2025, national_class=C, indicators=(1,), decision_number="44/QĐ-UBND")
    application = asked(replace(HOME, recognitions=(before,)))

    assert boxes(application)[2025] == ("CN", [1], "44/QĐ-UBND")
    text = text_of(application, "poor_household")
    assert "Quyết định số 44/QĐ-UBND ngày 28/01/2026" in text
    assert "Thay Giấy chứng nhận số 03/GCN-HN.HCN." in text


def test_a_year_after_2026_has_the_boxes_of_the_new_period() -> None:
    at = datetime(2027, 3, 2, 8, 10, tzinfo=HANOI)

    example = PROCEDURE.example(at)
    laws = PROCEDURE.facts(
        example, PROCEDURE.documents(example, on=at.date())[-1], on=at.date(), numbers={"decision": "01"}
    )["bases"]

    assert list(boxes(example)) == [2027, 2028, 2029, 2030]
    assert [("07/2021" in str(laws), "351/2025" in str(laws))] == [(False, True)]


@pytest.mark.parametrize(
    ("number", "words", "pages"), [(6, 1, [1, 2, 2]), (12, 27, [2, 2, 3])], ids=["six", "twelve and a long reason"]
)
def test_a_large_household_and_a_long_reason_flow_on_and_lose_nothing(
    number: int, words: int, pages: list[int]
) -> None:
    crowd = tuple(replace(CHILD, id=place, note="") for place in range(3, number + 1))
    home = replace(HOME, members=(*HOME.members[:2], *crowd))
    application = asked(home, answers=ASKED | {"reason_text": "Nhà cháy hết tài sản. " * words})

    assert [paper_of(application, key).pages for key in ("request", "decision", "poor_household")] == pages
    assert text_of(application, "request").count("Nguyễn Thị Con") == number - 2
    assert text_of(application, "poor_household").count("Nguyễn Thị Con") == number - 2
    assert "Phùng Thị Lan" in text_of(application, "poor_household")


def test_a_ruling_changes_the_printed_words() -> None:
    ruled = {CERTIFICATE_BASES[0].key: "Luật Tổ chức chính quyền địa phương năm 2025"}

    assert "Căn cứ Luật Tổ chức chính quyền địa phương năm 2025;" in text_of(asked(rulings=ruled), "poor_household")


# --- points ---
def test_what_is_unconfirmed_of_a_standard_is_a_point_that_can_be_ruled_on() -> None:
    keys = {point.key for point in PROCEDURE.points if point.key.startswith("poverty.")}

    assert keys == {
        "poverty.national_2022_form_period",
        "poverty.ha_noi_2022_valid_to",
        "poverty.ha_noi_2022_rural_points",
        "poverty.ha_noi_2022_urban_points",
        "poverty.national_2027_rural_points",
        "poverty.national_2027_urban_points",
        "poverty.national_2027_deprivation_points",
        "poverty.national_2027_form_period",
    }


def test_rulings_change_the_standards_and_nothing_else() -> None:
    changed = standards_of(CITY_2026 | {"poverty.ha_noi_2022_urban_points": "215"})
    city = next(row for row in changed if row.id == CITY)

    assert (city.valid_to, city.urban_points, city.rural_points) == (date(2026, 12, 31), 215, 175)
    assert [row for row in changed if row.id != CITY] == [row for row in standards_of({}) if row.id != CITY]


@pytest.mark.parametrize(
    ("day", "change"),
    [(date(2025, 12, 31), ""), (date(2026, 1, 1), "31/12/2026"), (date(2026, 12, 31), "31/12/2026"),
     (date(2027, 1, 1), "2027–2030")],
)  # fmt: skip
def test_the_version_of_a_day_tells_what_is_new(day: date, change: str) -> None:
    assert change in PROCEDURE.version_on(day).change
