"""Every rule of registering a death, each edge case of civil-status.md 3.9, the papers and what they do to records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from citizens.dossier import Dossier
from citizens.effects import Died, EntryMade
from citizens.person import Ending, Marriage, Person, Residence, ResidenceKind, Sex
from citizens.register import Entry, EventKind, Kin, Named, Part, Standing
from procedures.catalogue import CasesEnd, catalogue
from procedures.catalogue.death_registration import NOTICES, DeathRegistrationForm, boxes, relationship_wording
from procedures.catalogue.examples import MAN, WOMAN, someone
from procedures.papers import printing
from procedures.rules import Application, Stage, Tone
from procedures.rules.death import COURT_COUNTS, issues_notice, registration_type
from procedures.wordings import death as death_wordings

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
AT = datetime(2026, 11, 23, 8, 10, tzinfo=HANOI)
NEW = datetime(2027, 3, 1, 8, 10, tzinfo=HANOI)
DEATH = catalogue()["death_registration"]
THO = someone("001045000000", "Nguyễn Văn Thọ Mẫu", date(1945, 4, 24))
ELSEWHERE = (Residence(ResidenceKind.PERMANENT, "Xã Xa, Tỉnh Khác", here=False, since=date(1945, 4, 24)),)
TEMPORARY = (Residence(ResidenceKind.TEMPORARY, "Thôn 2, Xã Quốc Oai", here=True, since=date(2024, 1, 1)),)
ENTRY = Entry(
    id=7,
    kind=EventKind.DEATH,
    number="12/2024",
    volume="01",
    registered_on=date(2024, 5, 5),
    registered_text="05/05/2024",
    unit="UBND xã Sài Sơn",
    here=True,
    standing=Standing.ACTIVE,
    persons=(Named(Part.SUBJECT, "Nguyễn Văn Thọ Mẫu", "1945", identity_number=THO.identity_number),),
)
SAME_NAME = replace(ENTRY, persons=(Named(Part.SUBJECT, "Nguyễn Văn Thọ Mẫu", "1920"),))

HOME: dict[str, Any] = {
    "capacity": "obliged_person",
    "relationship": "Con",
    "manner": "natural",
    "place_kind": "here",
    "place_address": "Thôn 1, Xã Quốc Oai, Thành phố Hà Nội",
    "notice_kind": "home_here",
    "home_check": "ông Đỗ Văn Trưởng, Trưởng thôn 1",
    "died_on": date(2026, 11, 20),
    "died_hour": 12,
    "died_minute": 5,
    "cause_of_death": "Tuổi già",
    "where_registered": "office",
    "copies": 0,
    "fee": "",
}
HOSPITAL = HOME | {
    "place_kind": "facility",
    "facility_name": "Bệnh viện Đa khoa Mẫu",
    "facility_address": "Phường Hà Đông, Thành phố Hà Nội",
    "notice_kind": "medical_facility",
    "notice_source": "paper",
    "notice_number": "12/2026/GBT",
    "notice_issuer": "Bệnh viện Đa khoa Mẫu",
    "notice_issued_on": date(2026, 11, 21),
}
TOLD = {
    "full_name": "NGUYỄN VĂN THỌ MẪU",
    "birth_text": "24/4/1945",
    "sex": "Nam",
    "identity_number": "001045000000",
}
IMPORTED = HOSPITAL | {"notice_source": "electronic", "notice_person": TOLD}
POLICE = HOSPITAL | {
    "manner": "accident",
    "notice_kind": "accident_or_suspicious",
    "notice_number": "45/XN-CA",
    "notice_issuer": "Công an xã Quốc Oai",
}
COURT = HOME | {
    "manner": "court_declared",
    "place_kind": "elsewhere",
    "place_address": "Không rõ",
    "notice_kind": "court_declared",
    "notice_number": "05/2026/QĐDS-ST",
    "notice_issuer": "Tòa án nhân dân khu vực 5 - Hà Nội",
    "notice_issued_on": date(2026, 9, 1),
    "court_effective_on": date(2026, 10, 1),
    "died_on": date(2020, 10, 18),
    "fee": "paid",
}
OLD = HOME | {
    "notice_kind": "old_death",
    "evidence": "Giấy xác nhận số 15/XN-UBND ngày 02/11/2026",
    "died_on": date(1987, 4, 5),
    "died_hour": None,
    "died_minute": None,
    "fee": "paid",
}
NONE = HOME | {"notice_kind": "none"}
PROXY = HOME | {"capacity": "proxy_other", "authorisation": "Số 1, VPCC A"}
BABY = someone("001226000000", "Nguyễn Văn Sơ Sinh", date(2026, 11, 19))
BIRTH = Entry(
    id=8,
    kind=EventKind.BIRTH,
    number="90/2026",
    volume="01",
    registered_on=date(2026, 11, 19),
    registered_text="19/11/2026",
    unit="UBND xã Quốc Oai",
    here=True,
    standing=Standing.ACTIVE,
    persons=(Named(Part.CHILD, "Nguyễn Văn Sơ Sinh", identity_number=BABY.identity_number),),
)
ALL = {rule.id: True for rule in DEATH.rules}


def application(
    answers: Mapping[str, Any] = HOME,
    *,
    person: Person = MAN,
    other: Person | None = THO,
    at: datetime = AT,
    officer: Mapping[str, bool] = ALL,
    entries: tuple[Entry, ...] = (),
    **facts: Any,
) -> Application:
    return Application(
        person=person,
        other=other,
        at=at,
        commune="1",
        answers=answers,
        officer=officer,
        dossier=Dossier(entries=entries),
        **facts,
    )


def tone_of(rule: str, answers: Mapping[str, Any] = HOME, **facts: Any) -> Tone | None:
    """What the page shows for one rule; None where it does not concern this application."""
    stage = next(known.stage for known in DEATH.rules if known.id == rule)
    findings = DEATH.judge(application(answers, **facts), stage)
    return next((finding.tone for finding in findings if finding.rule.id == rule), None)


def without(rule: str) -> dict[str, bool]:
    return {name: answer for name, answer in ALL.items() if name != rule}


def failed(answers: Mapping[str, Any] = HOME, **facts: Any) -> list[str]:
    return [finding.rule.id for finding in DEATH.judge(application(answers, **facts)) if finding.stops]


# --- every rule ---
P, F, A, W = Tone.PASS, Tone.FAIL, Tone.ASK, Tone.WARN
ABROAD_FRIEND = replace(THO, nationality="Hàn Quốc")
TABLE: list[tuple[str, Tone | None, Mapping[str, Any], dict[str, Any]]] = [
    ("pilot_level_two", P, HOME, {}),
    ("pilot_level_two", P, HOME, {"other": replace(THO, eid_level=0)}),
    ("pilot_level_two", F, HOME, {"person": replace(MAN, eid_level=1)}),
    ("pilot_data_synced", P, HOME, {"other": replace(THO, portal_synced_on=None)}),
    ("pilot_data_synced", F, HOME, {"person": replace(MAN, portal_synced_on=None)}),
    ("cs_applicant_identified", P, HOME, {}),
    ("cs_applicant_identified", A, HOME, {"officer": without("cs_applicant_identified")}),
    ("cs_id_document_valid", P, HOME, {}),
    ("cs_id_document_valid", F, HOME, {"person": replace(MAN, id_document_valid=False)}),
    ("cs_id_document_valid", P, HOME, {"other": replace(THO, id_document_valid=False)}),
    ("cs_identity_data_consistent", P, HOME, {}),
    ("cs_applicant_capacity", P, HOME, {}),
    ("cs_applicant_capacity", F, HOME, {"person": replace(MAN, birth_date=date(2010, 1, 1))}),
    ("cs_proxy_document", None, HOME, {}),
    ("cs_proxy_document", P, PROXY, {}),
    ("cs_proxy_document", A, PROXY, {"officer": without("cs_proxy_document")}),
    ("cs_proxy_document", F, PROXY | {"authorisation": ""}, {}),
    ("cs_officer_not_related", P, HOME, {}),
    ("cs_officer_not_related", A, HOME, {"officer": without("cs_officer_not_related")}),
    ("cs_officer_not_related", F, HOME, {"officer_number": MAN.identity_number}),
    ("cs_no_forged_papers", None, HOME, {}),
    ("cs_no_forged_papers", None, IMPORTED, {}),
    ("cs_no_forged_papers", P, PROXY, {}),
    ("cs_no_forged_papers", P, HOSPITAL, {}),
    ("cs_no_forged_papers", A, HOSPITAL, {"officer": without("cs_no_forged_papers")}),
    ("cs_no_forged_papers", F, HOSPITAL, {"officer": ALL | {"cs_no_forged_papers": False}}),
    ("cs_fee_settled", None, HOME, {}),
    ("cs_fee_settled", None, HOME | {"fee": "unpaid"}, {}),
    ("cs_fee_settled", P, OLD, {}),
    ("cs_fee_settled", P, OLD | {"fee": "exempt_poor"}, {}),
    ("cs_fee_settled", F, OLD | {"fee": "unpaid"}, {}),
    ("cs_fee_settled", F, OLD | {"fee": ""}, {}),
    ("cs_no_open_duplicate", P, HOME, {}),
    ("cs_no_open_duplicate", W, HOME, {"open_cases": ("H26.895.00-261123-0001",)}),
    ("cs_book_open", P, HOME, {}),
    ("cs_book_open", F, HOME, {"book_is_open": False}),
    ("death_declarant_alive", P, HOME, {}),
    ("death_declarant_alive", F, HOME, {"person": replace(MAN, deceased_on=date(2026, 1, 1))}),
    ("death_declarant_entitled", P, HOME, {}),
    ("death_declarant_entitled", None, {"capacity": "obliged_person"}, {}),
    ("death_declarant_entitled", F, HOME | {"relationship": ""}, {}),
    ("death_declarant_entitled", F, HOME | {"capacity": ""}, {}),
    ("death_declarant_entitled", F, HOME | {"relationship": "Người thân thích khác"}, {}),
    ("death_declarant_entitled", P, HOME | {"relationship": "Người thân thích khác", "relationship_text": "Dì"}, {}),
    ("death_declarant_entitled", P, PROXY, {}),
    ("death_declarant_entitled", P, HOME | {"capacity": "organisation", "organisation": "Trung tâm"}, {}),
    ("death_declarant_entitled", P, HOME | {"capacity": "official"}, {}),
    ("death_declarant_entitled", A, HOME | {"capacity": "official"}, {"officer": {}}),
    ("death_identity_known", P, HOME, {}),
    ("death_identity_known", F, HOME, {"other": None}),
    ("death_identity_known", A, HOME, {"other": replace(THO, birth_date=None), "officer": {}}),
    ("death_identity_known", A, HOME, {"other": replace(THO, sex=Sex.FEMALE), "officer": {}}),
    ("death_record_kept_here", P, HOME, {}),
    ("death_record_kept_here", F, HOME, {"other": replace(THO, kept_here=False)}),
    ("death_record_kept_here", None, HOME, {"other": None}),
    ("death_vietnamese_citizen", P, HOME, {}),
    ("death_vietnamese_citizen", F, HOME, {"other": ABROAD_FRIEND}),
    ("death_not_registered", P, HOME, {}),
    ("death_not_registered", A, HOME, {"officer": {}}),
    ("death_not_registered", F, HOME, {"officer": ALL | {"death_not_registered": False}}),
    ("death_not_registered", F, HOME, {"other": replace(THO, deceased_on=date(2026, 1, 1))}),
    ("death_not_registered", F, HOME, {"entries": (ENTRY,)}),
    ("death_not_registered", P, HOME, {"entries": (replace(ENTRY, standing=Standing.CANCELLED),)}),
    ("death_not_registered", P, HOME | {"found_entry": "other"}, {"entries": (SAME_NAME,)}),
    ("death_not_registered", F, HOME | {"found_entry": "7"}, {"entries": (SAME_NAME,)}),
    ("death_last_residence_known", P, HOME, {}),
    ("death_last_residence_known", P, HOME, {"other": replace(THO, residences=TEMPORARY)}),
    ("death_last_residence_known", A, HOME, {"other": replace(THO, residences=()), "officer": {}}),
    ("death_competent_unit", P, HOME, {}),
    ("death_competent_unit", F, HOME, {"other": replace(THO, residences=ELSEWHERE)}),
    ("death_competent_unit", P, HOME, {"other": replace(THO, residences=TEMPORARY)}),
    ("death_competent_unit", F, HOME, {"other": replace(THO, residences=(*ELSEWHERE, *TEMPORARY))}),
    ("death_competent_unit", P, HOME, {"other": replace(THO, residences=())}),
    ("death_competent_unit", A, HOSPITAL, {"other": replace(THO, residences=()), "officer": {}}),
    ("death_competent_unit", F, HOME | {"place_kind": "elsewhere"}, {"other": replace(THO, residences=())}),
    ("death_notice_present", None, {}, {}),
    ("death_notice_present", P, HOME, {}),
    ("death_notice_present", P, HOSPITAL, {}),
    ("death_notice_present", P, IMPORTED, {}),
    ("death_notice_present", F, NONE, {}),
    ("death_notice_present", F, HOSPITAL | {"notice_number": ""}, {}),
    ("death_notice_present", F, HOSPITAL | {"notice_issuer": ""}, {}),
    ("death_notice_present", F, HOSPITAL | {"notice_issued_on": None}, {}),
    ("death_notice_present", None, OLD, {}),
    ("death_notice_issuer_valid", P, HOME, {}),
    ("death_notice_issuer_valid", P, HOSPITAL, {}),
    ("death_notice_issuer_valid", P, POLICE, {}),
    ("death_notice_issuer_valid", P, COURT, {}),
    ("death_notice_issuer_valid", A, HOSPITAL | {"notice_issuer": "Cơ sở Mẫu"}, {"officer": {}}),
    ("death_notice_issuer_valid", F, HOSPITAL | {"place_kind": "here"}, {}),
    ("death_notice_issuer_valid", F, HOME | {"place_kind": "facility"}, {}),
    ("death_notice_issuer_valid", F, HOME | {"place_kind": "elsewhere"}, {}),
    ("death_notice_issuer_valid", F, HOME | {"manner": "sudden"}, {}),
    ("death_notice_issuer_valid", P, HOME | {"notice_kind": "home_other", "notice_issuer": "UBND xã Kiều Phú"}, {}),
    ("death_notice_issuer_valid", F, POLICE | {"manner": "natural"}, {}),
    ("death_notice_issuer_valid", None, NONE, {}),
    ("death_notice_issuer_valid", None, OLD, {}),
    ("death_notice_issuer_valid", None, HOSPITAL | {"notice_issuer": ""}, {}),
    ("death_home_notice_issued_here", P, HOME, {}),
    ("death_home_notice_issued_here", P, HOME | {"notice_kind": "home_other"}, {}),
    ("death_home_notice_issued_here", F, NONE, {}),
    ("death_home_notice_issued_here", F, HOSPITAL | {"place_kind": "here"}, {}),
    ("death_home_notice_issued_here", None, HOME | {"place_kind": "elsewhere"}, {}),
    ("death_home_notice_issued_here", None, HOSPITAL, {}),
    ("death_home_notice_issued_here", None, OLD, {}),
    ("death_home_notice_issued_here", None, POLICE | {"place_kind": "here"}, {}),
    ("death_notice_matches_person", None, HOME, {}),
    ("death_notice_matches_person", None, NONE, {}),
    ("death_notice_matches_person", P, HOSPITAL, {}),
    ("death_notice_matches_person", A, HOSPITAL, {"officer": without("death_notice_matches_person")}),
    ("death_notice_matches_person", P, IMPORTED, {"officer": {}}),
    ("death_notice_matches_person", F, IMPORTED | {"notice_person": TOLD | {"full_name": "Nguyễn Văn Thờ"}}, {}),
    ("death_notice_matches_person", F, IMPORTED | {"notice_person": TOLD | {"birth_text": "25/04/1945"}}, {}),
    ("death_notice_matches_person", F, IMPORTED | {"notice_person": TOLD | {"sex": "Nữ"}}, {}),
    ("death_notice_matches_person", F, IMPORTED | {"notice_person": TOLD | {"identity_number": "001045000001"}}, {}),
    (
        "death_notice_matches_person",
        A,
        IMPORTED | {"notice_person": TOLD | {"identity_number": ""}},
        {"officer": {}},
    ),
    ("death_time_plausible", P, HOME, {}),
    ("death_time_plausible", None, HOME | {"died_on": None}, {}),
    ("death_time_plausible", F, HOME | {"died_on": date(2026, 11, 24)}, {}),
    ("death_time_plausible", F, HOME | {"died_on": date(1945, 4, 23)}, {}),
    ("death_time_plausible", P, HOME | {"died_on": date(1945, 4, 24)}, {}),
    ("death_time_plausible", P, HOME | {"died_on": date(2026, 11, 23), "died_hour": 8, "died_minute": 10}, {}),
    ("death_time_plausible", F, HOME | {"died_on": date(2026, 11, 23), "died_hour": 8, "died_minute": 11}, {}),
    (
        "death_time_plausible",
        P,
        HOME | {"died_on": date(2026, 11, 23), "died_hour": None, "died_minute": None},
        {},
    ),
    ("death_time_plausible", F, HOSPITAL | {"notice_issued_on": date(2026, 11, 19)}, {}),
    ("death_time_plausible", P, HOSPITAL | {"notice_issued_on": date(2026, 11, 20)}, {}),
    ("death_time_plausible", F, HOSPITAL | {"notice_issued_on": date(2026, 11, 24)}, {}),
    ("death_not_suspicious", P, HOME, {}),
    ("death_not_suspicious", None, {}, {}),
    ("death_not_suspicious", P, POLICE, {}),
    ("death_not_suspicious", F, POLICE | {"notice_number": ""}, {}),
    ("death_not_suspicious", F, HOSPITAL | {"manner": "accident"}, {}),
    ("death_not_suspicious", F, HOME | {"manner": "sudden"}, {}),
    ("death_not_suspicious", F, HOME | {"manner": "killed"}, {}),
    ("death_not_suspicious", F, HOME | {"manner": "suspicious"}, {}),
    ("death_court_decision_effective", None, HOME, {}),
    ("death_court_decision_effective", P, COURT, {}),
    ("death_court_decision_effective", F, COURT | {"court_effective_on": None}, {}),
    ("death_court_decision_effective", F, COURT | {"court_effective_on": date(2026, 11, 24)}, {}),
    ("death_within_15_days", None, {}, {}),
    ("death_within_15_days", P, HOME, {}),
    ("death_within_15_days", P, HOME | {"died_on": date(2026, 11, 8)}, {}),
    ("death_within_15_days", W, HOME | {"died_on": date(2026, 11, 7)}, {}),
    ("death_within_15_days", A, HOME | {"died_on": date(2026, 11, 7)}, {"officer": {}}),
    ("death_within_15_days", W, COURT, {}),
    ("death_within_15_days", W, OLD, {}),
    ("death_not_old_death", P, HOME, {}),
    ("death_not_old_death", None, NONE, {}),
    ("death_not_old_death", P, OLD, {}),
    ("death_not_old_death", A, OLD, {"officer": {}}),
    ("death_not_old_death", F, OLD | {"evidence": ""}, {}),
    ("death_not_old_death", F, OLD, {"officer": ALL | {"death_not_old_death": False}}),
    ("death_infant_birth_registered", None, HOME, {}),
    ("death_infant_birth_registered", P, HOME, {"other": BABY, "entries": (BIRTH,)}),
    ("death_infant_birth_registered", P, HOME | {"lived_a_day": "yes"}, {"other": BABY, "entries": (BIRTH,)}),
    ("death_infant_birth_registered", A, HOME | {"lived_a_day": "yes"}, {"other": BABY, "officer": {}}),
    ("death_infant_birth_registered", F, HOME, {"other": BABY, "officer": {"death_infant_birth_registered": False}}),
    ("death_infant_birth_registered", None, HOME | {"lived_a_day": "no"}, {"other": BABY}),
    ("death_infant_birth_registered", P, HOME | {"died_on": date(2026, 11, 22)}, {"other": BABY, "entries": (BIRTH,)}),
    ("death_infant_parents_ask", None, HOME, {}),
    ("death_infant_parents_ask", None, HOME | {"lived_a_day": "yes"}, {"other": BABY}),
    ("death_infant_parents_ask", P, HOME | {"lived_a_day": "no", "relationship": "Cha"}, {"other": BABY}),
    ("death_infant_parents_ask", F, HOME | {"lived_a_day": "no", "relationship": "Ông"}, {"other": BABY}),
    (
        "death_infant_parents_ask",
        None,
        HOME | {"lived_a_day": "no", "died_on": date(2026, 11, 22), "relationship": "Ông"},
        {"other": BABY},
    ),
    ("death_home_checked", P, HOME, {}),
    ("death_home_checked", A, HOME, {"officer": {}}),
    ("death_home_checked", None, HOSPITAL, {}),
    ("death_home_checked", None, HOME | {"notice_kind": "home_other"}, {}),
]


@pytest.mark.parametrize(("rule", "tone", "answers", "facts"), TABLE)
def test_each_rule_lets_through_stops_or_asks(
    rule: str, tone: Tone | None, answers: Mapping[str, Any], facts: dict[str, Any]
) -> None:
    assert tone_of(rule, answers, **facts) == tone


def test_no_rule_is_left_out_of_the_table() -> None:
    assert {row[0] for row in TABLE} == {rule.id for rule in DEATH.rules}


def test_the_subject_alive_rule_is_replaced() -> None:
    ids = {rule.id for rule in DEATH.rules}

    assert "cs_subject_alive" not in ids
    assert {"death_not_registered", "death_declarant_alive"} <= ids


def test_every_kind_of_notice_of_the_decree_can_be_declared() -> None:
    """civil-status.md 3.2, and `none` for who comes with nothing."""
    assert {kind for kind, _ in NOTICES} - {"home_here"} == {
        "medical_facility",
        "execution",
        "court_declared",
        "accident_or_suspicious",
        "home_other",
        "old_death",
        "none",
    }


# --- the new law ---
FAR = replace(THO, residences=ELSEWHERE)


def test_until_the_new_law_another_commune_is_competent() -> None:
    before = datetime(2027, 2, 28, 8, 10, tzinfo=HANOI)

    assert tone_of("death_competent_unit", other=FAR, at=before) == F
    assert DEATH.version_on(before.date()).result_name == "Trích lục khai tử"


def test_from_the_new_law_on_residence_is_a_warning_and_the_paper_has_its_new_name() -> None:
    late = HOME | {"died_on": date(2027, 2, 27)}

    assert tone_of("death_competent_unit", late, other=FAR, at=NEW) == W
    assert tone_of("death_competent_unit", late, other=FAR, at=NEW, officer=without("death_competent_unit")) == A
    assert tone_of("death_competent_unit", late, at=NEW) == P
    assert failed(late, other=FAR, at=NEW) == []
    [document] = DEATH.documents(application(HOSPITAL, at=NEW), on=NEW.date())
    assert document.name == "Giấy chứng tử"


def test_from_the_new_law_on_an_unknown_residence_asks_no_question_that_nobody_can_answer() -> None:
    unknown = replace(THO, residences=())
    [rule] = [rule for rule in DEATH.rules if rule.id == "death_competent_unit" and rule.in_force(NEW.date())]

    assert rule.check(application(HOSPITAL, other=unknown, at=NEW)) == "no"
    assert rule.question == "Đã biết?"


def test_a_file_received_before_the_new_law_keeps_its_paper() -> None:
    received = application(HOSPITAL, at=datetime(2027, 2, 28, 8, 10, tzinfo=HANOI))

    [document] = DEATH.documents(received, on=date(2027, 3, 2))

    assert document.name == "Trích lục khai tử"


def test_a_record_kept_elsewhere_cannot_be_locked_here_under_either_law() -> None:
    for at in (AT, NEW):
        assert tone_of("death_record_kept_here", other=replace(THO, kept_here=False), at=at) == F


# --- edge cases of 3.9 ---
def test_old_man_dies_at_home_and_the_commune_signs_its_own_notice_first() -> None:
    wish = application()

    assert failed() == []
    assert [document.key for document in DEATH.documents(wish, on=AT.date())] == ["death_notice", "death_registration"]
    assert [document.book for document in DEATH.documents(wish, on=AT.date())] == ["death_notice", "death"]
    assert [finding.rule.id for finding in DEATH.judge(wish, Stage.SIGNATURE)] == ["death_home_checked"]


def test_died_at_home_in_another_commune_which_issues_the_notice() -> None:
    there = {"place_kind": "elsewhere", "place_address": "Thôn 3, Xã Kiều Phú, Thành phố Hà Nội"}
    elsewhere = HOME | there | {"notice_kind": "home_other"}

    assert failed(HOME | there) == ["death_notice_issuer_valid"]
    assert failed(elsewhere) == ["death_notice_present"]
    brought = elsewhere | {
        "notice_source": "paper",
        "notice_number": "04/GBT-UBND",
        "notice_issuer": "UBND xã Kiều Phú",
        "notice_issued_on": date(2026, 11, 21),
    }
    assert failed(brought) == []
    assert [document.key for document in DEATH.documents(application(brought), on=AT.date())] == ["death_registration"]


def test_a_notice_this_commune_signed_on_paper_is_not_issued_twice() -> None:
    signed = HOME | {
        "notice_kind": "home_other",
        "notice_number": "02/GBT-UBND",
        "notice_issuer": "UBND xã Quốc Oai",
        "notice_issued_on": date(2026, 11, 21),
    }

    assert failed(signed) == []
    assert not issues_notice(application(signed))


def test_died_in_a_hospital_and_the_electronic_notice_is_imported_without_paper() -> None:
    assert failed(IMPORTED) == []
    assert tone_of("cs_no_forged_papers", IMPORTED) is None
    assert DEATH.handed_in(application(IMPORTED)) == []


def test_road_accident_with_a_notice_of_the_hospital_is_verified_first() -> None:
    assert failed(HOSPITAL | {"manner": "accident"}) == ["death_notice_issuer_valid", "death_not_suspicious"]
    assert failed(POLICE) == []


def test_declared_after_sixteen_weeks_is_late_and_costs_unless_exempt() -> None:
    late = HOSPITAL | {"died_on": date(2026, 8, 1), "notice_issued_on": date(2026, 8, 1), "fee": "paid"}
    at = datetime(2026, 11, 20, 8, 10, tzinfo=HANOI)

    assert failed(late, at=at) == []
    assert registration_type(application(late, at=at)) == "late"
    assert boxes(application(late, at=at)) == ("Quá hạn",)
    assert DEATH.charge(application(late, at=at)).amount == 5_000
    assert DEATH.charge(application(late, at=at)).text == "5.000 đồng"
    exempt = DEATH.charge(application(late | {"fee": "exempt_merit"}, at=at))
    assert (exempt.amount, exempt.reason) == (0, "Miễn: gia đình người có công với cách mạng")


def test_in_time_it_is_free() -> None:
    assert DEATH.charge(application()).amount == 0
    assert boxes(application()) == ("Đúng hạn",)


def test_a_commune_rules_on_the_late_fee() -> None:
    ruled = application(OLD, rulings={"death_fee.late": "8000"})

    assert DEATH.charge(ruled).text == "8.000 đồng"
    assert DEATH.charge(application(OLD, rulings={"death_fee.late": "0"})).text == "Không thu"


def test_grandmother_who_died_in_1987_needs_evidence_of_competent_bodies() -> None:
    grandmother = someone("001120000000", "Phùng Thị Cố", date(1920, 1, 1))

    assert failed(OLD, other=grandmother) == []
    assert failed(OLD | {"evidence": ""}, other=grandmother) == ["death_not_old_death"]
    assert registration_type(application(OLD, other=grandmother)) == "old"
    assert boxes(application(OLD, other=grandmother)) == ("Quá hạn",)


def test_already_registered_is_refused_and_a_copy_offered() -> None:
    [rule] = [rule for rule in DEATH.rules if rule.id == "death_not_registered"]

    assert failed(entries=(ENTRY,)) == ["death_not_registered"]
    assert rule.leads_to == "2.000635 Cấp bản sao trích lục hộ tịch"


def test_old_or_sick_relatives_are_visited_at_home_and_the_book_says_so() -> None:
    [entry, *_] = DEATH.effects(application(HOME | {"where_registered": "mobile"}), on=AT.date())

    assert isinstance(entry, EntryMade)
    assert dict(entry.facts)["note"] == "Đăng ký khai tử lưu động"
    assert "note" not in dict(facts_of_entry(HOME))


def test_dead_person_with_an_old_nine_digit_card_has_number_and_card_printed() -> None:
    old = replace(THO, id_document="Chứng minh nhân dân số 111222333 do Công an Hà Tây cấp ngày 01/02/1999")

    html = printed(application(other=old))

    assert "Số định danh cá nhân: 001045000000" in html
    assert "Giấy tờ tùy thân: Chứng minh nhân dân số 111222333 do Công an Hà Tây cấp ngày 01/02/1999" in html
    ruled = application(other=old, rulings={"death_extract.old_card": "no"})
    assert "111222333" not in printed(ruled)


def test_without_any_personal_number_the_line_stays_empty() -> None:
    unnumbered = replace(THO, identity_number="", id_document="Chứng minh nhân dân số 111222333")

    html = printed(application(other=unnumbered))

    assert "<p>Số định danh cá nhân: </p>" in html
    assert "Chứng minh nhân dân số 111222333" in html


def test_declared_dead_by_a_court_counts_the_day_in_the_decision() -> None:
    assert failed(COURT) == []
    assert registration_type(application(COURT)) == "late"
    died = next(effect for effect in DEATH.effects(application(COURT), on=AT.date()) if isinstance(effect, Died))
    assert died.died_on == date(2020, 10, 18)


def test_a_commune_may_count_the_fifteen_days_from_the_decision() -> None:
    fresh = COURT | {"court_effective_on": date(2026, 11, 10)}

    assert registration_type(application(fresh)) == "late"
    assert registration_type(application(fresh, rulings={COURT_COUNTS.key: "yes"})) == "on_time"


def test_executed_with_the_paper_of_the_council() -> None:
    executed = COURT | {
        "manner": "execution",
        "notice_kind": "execution",
        "notice_issuer": "Hội đồng thi hành án tử hình",
        "court_effective_on": None,
        "died_on": date(2026, 8, 30),
    }

    assert failed(executed) == []


# --- children ---
def test_boxes_of_children() -> None:
    child = someone("001223000000", "Nguyễn Văn Bé", date(2023, 1, 1))
    school = someone("001220000000", "Nguyễn Văn Lớn", date(2020, 1, 1))

    assert boxes(application(other=BABY)) == ("Đúng hạn", "Trẻ dưới 01 tuổi")
    assert boxes(application(other=child)) == ("Đúng hạn", "Trẻ từ 01 tuổi đến dưới 5 tuổi")
    assert boxes(application(other=school)) == ("Đúng hạn",)


# --- the papers ---
def printed(wish: Application, key: str = "death_registration", numbers: Mapping[str, str] | None = None) -> str:
    documents = {document.key: document for document in DEATH.documents(wish, on=wish.day)}
    document = documents[key]
    frame = {
        "head": {"superior": "THÀNH PHỐ HÀ NỘI", "issuer": "ỦY BAN NHÂN DÂN XÃ QUỐC OAI"},
        "place": "Quốc Oai",
        "test": True,
        "draft": False,
        "number": "07",
        "symbol": document.symbol,
        "issued_on": wish.day,
        "signer": {"lines": ["CHỦ TỊCH"], "name": "Phùng Thị Lan"},
        "check_link": "",
        "case_code": "H26.895.00-261123-0001",
        "adviser": {},
    }
    facts = DEATH.facts(wish, document, on=wish.day, numbers=numbers or {"death_notice": "03/GBT-UBND"})
    return render_to_string(document.template, frame | dict(facts))


def lines(html: str) -> list[str]:
    """The body line by line, without marks of layout."""
    body = html[html.index("<h1>") : html.index('<div class="signatures">')]
    words = [" ".join(strip_tags(line).split()) for line in body.replace("</p>", "</p>\n").splitlines()]
    return [line for line in words if line]


def test_the_extract_has_the_lines_of_the_layout_in_their_order() -> None:
    """civil-status.md 3.5, lines 3 to 14."""
    assert lines(printed(application())) == [
        "TRÍCH LỤC KHAI TỬ",
        "Họ, chữ đệm, tên: NGUYỄN VĂN THỌ MẪU",
        "Ngày, tháng, năm sinh: 24/04/1945",
        "Giới tính: Nam",
        "Dân tộc: Kinh",
        "Quốc tịch: Việt Nam",
        "Số định danh cá nhân: 001045000000",
        "Giấy tờ tùy thân:",
        "Đã chết vào lúc: 12 giờ 05 phút, ngày 20 tháng 11 năm 2026",
        "ghi bằng chữ: mười hai giờ năm phút, ngày hai mươi tháng mười một năm hai nghìn không trăm hai mươi sáu",
        "Nơi chết: Thôn 1, Xã Quốc Oai, Thành phố Hà Nội",
        "Nguyên nhân chết: Tuổi già",
        "Giấy báo tử/Giấy tờ thay thế Giấy báo tử số: 03/GBT-UBND do Ủy ban nhân dân xã Quốc Oai cấp "
        "ngày 23 tháng 11 năm 2026",
        "Họ, chữ đệm, tên người đi khai tử: Nguyễn Văn Mẫu",
        "Giấy tờ tùy thân: Căn cước công dân số 001085000000 do Cục Cảnh sát QLHC về TTXH cấp ngày 22/06/2021",
    ]


def test_the_head_and_the_signature_of_the_extract() -> None:
    html = printed(application())

    assert "Số: 07/TLKT" in html
    assert "NGƯỜI KÝ TRÍCH LỤC" in html
    assert "(Ký, ghi rõ họ, chữ đệm, tên, chức vụ và đóng dấu)" in html


def test_from_the_new_law_on_the_title_and_the_signature_line_change() -> None:
    html = printed(application(HOSPITAL | {"died_on": date(2027, 2, 27)}, at=NEW))

    assert "<h1>GIẤY CHỨNG TỬ</h1>" in html
    assert "NGƯỜI KÝ GIẤY CHỨNG TỬ" in html
    assert "TRÍCH LỤC" not in html


def test_the_extract_cites_the_notice_of_a_hospital_and_names_the_facility() -> None:
    html = printed(application(HOSPITAL))

    assert "số: 12/2026/GBT do Bệnh viện Đa khoa Mẫu cấp ngày 21 tháng 11 năm 2026" in html
    assert "Nơi chết: Bệnh viện Đa khoa Mẫu, Phường Hà Đông, Thành phố Hà Nội" in html


def test_an_unknown_time_stays_empty_on_paper_and_in_words() -> None:
    html = printed(application(OLD))

    assert "Đã chết vào lúc: … giờ … phút, ngày 05 tháng 4 năm 1987" in html
    assert "<i>ngày năm tháng tư năm một nghìn chín trăm tám mươi bảy</i>" in html
    ruled = printed(application(OLD, rulings={"death_extract.unknown_time": "no"}))
    assert "Đã chết vào lúc: ngày 05 tháng 4 năm 1987" in ruled


def test_an_hour_without_its_minute_keeps_the_minute_empty() -> None:
    wish = application(HOME | {"died_minute": None})

    assert "12 giờ … phút, ngày 20 tháng 11 năm 2026" in printed(wish)
    assert "<i>mười hai giờ, ngày hai mươi tháng" in printed(wish)


def test_a_death_long_ago_has_its_evidence_and_no_cause() -> None:
    html = printed(application(OLD))

    assert "Giấy báo tử/Giấy tờ thay thế Giấy báo tử: Giấy xác nhận số 15/XN-UBND ngày 02/11/2026" in html
    assert "<p>Nguyên nhân chết: </p>" in html
    assert "15/XN" not in printed(application(OLD, rulings={"death_extract.evidence_line": "no"}))


def test_a_commune_rules_on_what_is_not_confirmed() -> None:
    rulings = {
        "death_extract.cause_line": "no",
        "death_extract.symbol": "TLKT-KT",
        "death_extract.signer_line": "NGƯỜI KÝ",
        "death_extract.capitals": "no",
        "death_extract.paper_beside_number": "yes",
        "death_words.thousand": "ngàn",
        "death_words.mung": "yes",
        "death_notice.symbol": "UBND-BT",
    }
    wish = application(HOME | {"died_on": date(2026, 11, 9)}, rulings=rulings)
    html = printed(wish)

    assert "Nguyên nhân chết" not in html
    assert "07/TLKT-KT" in html
    assert "<b>NGƯỜI KÝ</b>" in html
    assert "<b>Nguyễn Văn Thọ Mẫu</b>" in html
    assert "Giấy tờ tùy thân: Căn cước công dân số 001045000000" in html
    assert "ngày mùng chín tháng mười một năm hai ngàn" in html
    assert "07/UBND-BT" in printed(wish, "death_notice")


def test_the_notice_of_the_commune_has_the_fields_of_the_medical_one() -> None:
    found = lines(printed(application(), "death_notice"))

    assert found == [
        "GIẤY BÁO TỬ",
        "ỦY BAN NHÂN DÂN XÃ QUỐC OAI",
        "Xác nhận người có tên dưới đây:",
        "Họ, chữ đệm, tên: NGUYỄN VĂN THỌ MẪU",
        "Ngày, tháng, năm sinh: 24/04/1945",
        "Giới tính: Nam",
        "Dân tộc: Kinh",
        "Quốc tịch: Việt Nam",
        "Nơi cư trú cuối cùng: Thôn 1, Xã Quốc Oai, Thành phố Hà Nội",
        "Số định danh cá nhân: 001045000000",
        "Giấy tờ tùy thân:",
        "Đã chết vào lúc: 12 giờ 05 phút, ngày 20 tháng 11 năm 2026",
        "ghi bằng chữ: mười hai giờ năm phút, ngày hai mươi tháng mười một năm hai nghìn không trăm hai mươi sáu",
        "Nơi chết: Thôn 1, Xã Quốc Oai, Thành phố Hà Nội",
        "Nguyên nhân chết: Tuổi già",
        "Theo lời khai của: Nguyễn Văn Mẫu (Con), Căn cước công dân số 001085000000 do Cục Cảnh sát QLHC về TTXH "
        "cấp ngày 22/06/2021",
        "Việc chết được xác minh qua: ông Đỗ Văn Trưởng, Trưởng thôn 1",
        "Giấy này được cấp để làm thủ tục đăng ký khai tử.",
    ]


def test_the_notice_says_that_a_cause_is_not_known_and_the_extract_leaves_it_empty() -> None:
    wish = application(HOME | {"cause_of_death": ""})

    assert "Nguyên nhân chết: không rõ" in printed(wish, "death_notice")
    assert "<p>Nguyên nhân chết: </p>" in printed(wish)


@pytest.mark.parametrize("answers", [HOME, HOSPITAL, COURT, OLD])
def test_a_paper_with_much_text_keeps_to_one_page(answers: Mapping[str, Any]) -> None:
    long = (
        "Suy đa tạng trên nền nhiễm khuẩn huyết, viêm phổi, đái tháo đường, tăng huyết áp, suy tim, suy thận mạn " * 2
    )
    wish = application(
        answers
        | {
            "cause_of_death": long[:200],
            "place_address": ("Số 12, ngõ 3, đường Giả Định kéo dài, Thôn Thử Nghiệm, " * 5)[:200],
            "facility_name": ("Trung tâm Gây mê và Hồi sức ngoại khoa, " * 5)[:150],
            "facility_address": ("Số 40 phố Giả Định, Phường Cửa Thử, " * 6)[:200],
            "evidence": ("Giấy xác nhận số 15/XN-UBND của UBND xã Quốc Oai; " * 8)[:300],
            "home_check": ("ông Nguyễn Văn A, Trưởng thôn Thử Nghiệm; " * 6)[:200],
        }
    )

    for document in DEATH.documents(wish, on=wish.day):
        assert printing.press(printed(wish, document.key)).pages == 1


# --- what it does ---
def facts_of_entry(answers: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    [entry] = [effect for effect in DEATH.effects(application(answers), on=AT.date()) if isinstance(effect, EntryMade)]
    return entry.facts


def test_the_entry_has_subject_declarant_and_the_lines_of_the_book() -> None:
    entry, died, ended = DEATH.effects(application(HOSPITAL), on=AT.date())

    assert isinstance(entry, EntryMade)
    assert [(named.part, named.full_name, named.who) for named in entry.persons] == [
        (Part.SUBJECT, "Nguyễn Văn Thọ Mẫu", "other"),
        (Part.DECLARANT, "Nguyễn Văn Mẫu", "person"),
    ]
    assert (entry.kind, entry.document, entry.flags, entry.notice) == (
        EventKind.DEATH,
        "death_registration",
        ("Đúng hạn",),
        "",
    )
    assert dict(entry.facts) == {
        "died_at": "12 giờ 05 phút, ngày 20 tháng 11 năm 2026",
        "died_at_words": "mười hai giờ năm phút, ngày hai mươi tháng mười một năm hai nghìn không trăm hai mươi sáu",
        "died_on": "20/11/2026",
        "place_of_death": "Bệnh viện Đa khoa Mẫu, Phường Hà Đông, Thành phố Hà Nội",
        "cause_of_death": "Tuổi già",
        "notice_kind": "Giấy báo tử",
        "notice_number": "12/2026/GBT",
        "notice_issuer": "Bệnh viện Đa khoa Mẫu",
        "notice_issued_on": "21/11/2026",
        "relationship": "Con",
        "registration_type": "Đăng ký đúng hạn",
    }
    assert died == Died("other", date(2026, 11, 20), "death_registration", "Trích lục khai tử")
    assert ended == CasesEnd("other", "Đã đăng ký khai tử cho Nguyễn Văn Thọ Mẫu.", spares=("civil_copy",))


def test_our_own_notice_lends_the_entry_its_number() -> None:
    [entry, *_] = DEATH.effects(application(), on=AT.date())

    assert isinstance(entry, EntryMade)
    assert entry.notice == "death_notice"
    assert "notice_number" not in dict(entry.facts)


def test_what_follows_is_told() -> None:
    wife = Marriage("Lê Thị Vợ", Sex.FEMALE, registered=True, certificate_number="1/1970", since=date(1970, 1, 1))
    ended = replace(wife, spouse_name="Vợ Trước", ending=Ending.DIVORCE)
    dead = replace(FAR, marriages=(ended, wife))

    owed = DEATH.follow_ups(application(HOME | {"copies": 3}, other=dead), on=AT.date())

    assert "Xã Xa, Tỉnh Khác" in owed[0]
    assert "xóa đăng ký thường trú" in owed[1]
    assert "Lê Thị Vợ" in owed[2]
    assert "mai táng phí" in owed[3]
    assert "bảo hiểm y tế" in owed[4]
    assert "3 bản sao" in owed[5]
    assert len(owed) == 6


def test_at_home_in_the_own_commune_nobody_else_has_to_be_told() -> None:
    owed = DEATH.follow_ups(application(rulings={"death_follow_up.health_insurance": "no"}), on=AT.date())

    assert [sentence.split()[0] for sentence in owed] == ["Chuyển", "Hướng"]


def test_the_bridge_follows_the_declaration() -> None:
    rows = DEATH.bridge(application(HOSPITAL))

    assert [label for label, _ in rows][:7] == [
        "Họ, chữ đệm, tên người yêu cầu",
        "Ngày, tháng, năm sinh người yêu cầu",
        "Nơi cư trú người yêu cầu",
        "Giấy tờ tùy thân người yêu cầu",
        "Quan hệ với người đã chết",
        "Họ, chữ đệm, tên",
        "Ngày, tháng, năm sinh",
    ]
    assert dict(rows)["Cấp ngày"] == "21/11/2026"
    assert dict(rows)["Loại đăng ký"] == "Đăng ký đúng hạn"


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (HOME, "Con"),
        (HOME | {"relationship": "Người thân thích khác", "relationship_text": "Dì ruột"}, "Dì ruột"),
        (HOME | {"capacity": "organisation", "organisation": "Trung tâm Bảo trợ"}, "Đại diện Trung tâm Bảo trợ"),
        (PROXY, "Người được ủy quyền"),
        (HOME | {"capacity": "official"}, "Công chức tư pháp - hộ tịch"),
        ({}, ""),
    ],
)
def test_in_what_capacity_somebody_declares(answers: Mapping[str, Any], words: str) -> None:
    assert relationship_wording(application(answers)) == words


def test_the_receipt_lists_the_originals_that_stay() -> None:
    assert DEATH.handed_in(application()) == []
    assert DEATH.handed_in(application(HOSPITAL | {"authorisation": "Số 1, VPCC A"})) == [
        "Số 1, VPCC A",
        "Giấy báo tử số 12/2026/GBT do Bệnh viện Đa khoa Mẫu cấp (bản chính)",
    ]
    assert DEATH.handed_in(application(OLD)) == ["Giấy xác nhận số 15/XN-UBND ngày 02/11/2026"]


def test_every_unconfirmed_point_of_the_wordings_is_listed() -> None:
    named = [thing for thing in vars(death_wordings).values() if isinstance(thing, death_wordings.Point)]

    assert {point.key for point in named} <= {point.key for point in DEATH.points}


# --- the form ---
POSTED = {name: value for name, value in HOME.items() if value is not None}


def form_of(posted: Mapping[str, Any] | None = None, **facts: Any) -> DeathRegistrationForm:
    people = {"person": MAN, "other": THO, "on": AT.date(), "dossier": Dossier()} | facts
    return DeathRegistrationForm(posted, **people)


def test_what_the_record_knows_is_not_asked() -> None:
    assert not {"full_name", "birth_date", "last_residence", "identity_number"} & set(form_of().fields)
    assert "lived_a_day" not in form_of().fields
    assert "found_entry" not in form_of().fields
    assert form_of().fields["place_address"].initial == "Thôn 1, Xã Quốc Oai, Thành phố Hà Nội"


def test_the_relationship_is_suggested_from_books_and_record() -> None:
    son = Dossier(kin=Kin(parents=frozenset({THO.identity_number})))
    mother = Dossier(other_kin=Kin(parents=frozenset({WOMAN.identity_number})))
    wife = replace(
        WOMAN,
        marriages=(
            Marriage(THO.full_name, Sex.MALE, registered=True, certificate_number="1/2010", since=date(2010, 1, 1)),
        ),
    )

    assert form_of(dossier=son).fields["relationship"].initial == "Con"
    assert form_of(person=WOMAN, dossier=mother).fields["relationship"].initial == "Mẹ"
    assert form_of(person=wife).fields["relationship"].initial == "Vợ"
    assert form_of().fields["relationship"].initial is None


def test_a_child_is_asked_how_long_it_lived() -> None:
    assert "lived_a_day" in form_of(other=BABY).fields


def test_an_entry_that_was_looked_for_is_offered() -> None:
    form = form_of(dossier=Dossier(entries=(SAME_NAME, BIRTH)))
    choices: Any = form.fields["found_entry"]

    assert choices.choices == [
        ("7", "Số 12/2024, UBND xã Sài Sơn: Nguyễn Văn Thọ Mẫu, sinh 1920"),
        ("other", "Không mục nào là của người này"),
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"died_on": ""}, "died_on"),
        ({"died_on": "31/02/2026"}, "died_on"),
        ({"died_hour": ""}, "died_hour"),
        ({"died_hour": "24"}, "died_hour"),
        ({"place_kind": "facility"}, "facility_name"),
        ({"place_address": ""}, "place_address"),
        ({"capacity": "organisation"}, "organisation"),
        ({"home_check": ""}, "home_check"),
        ({"notice_kind": "medical_facility", "notice_source": "electronic", "notice_text": "gì đó"}, "notice_text"),
    ],
)
def test_the_form_tells_what_is_missing(change: dict[str, str], field: str) -> None:
    assert list(form_of(POSTED | change).errors) == [field]


PASTE = """Tên cơ sở y tế: Bệnh viện Đa khoa Mẫu
Số: 12/2026/GBT
Họ và tên: NGUYỄN VĂN THỌ MẪU
Ngày sinh: 24/04/1945
Giới tính: Nam
Số định danh cá nhân: 001045000000
Đã tử vong vào lúc: 0 giờ 05 phút, ngày 20/11/2026
Nguyên nhân tử vong: Suy tim
Ngày cấp: 21/11/2026"""


def pasted(**typed: str) -> DeathRegistrationForm:
    posted = {
        "capacity": "obliged_person",
        "relationship": "Con",
        "manner": "natural",
        "place_kind": "facility",
        "notice_kind": "medical_facility",
        "notice_source": "electronic",
        "notice_text": PASTE,
        "where_registered": "office",
        "copies": "0",
        "fee": "",
    }
    return form_of(posted | typed)


def test_a_pasted_notice_fills_what_was_left_empty() -> None:
    form = pasted()

    assert form.is_valid(), form.errors
    answers = form.cleaned_data
    assert answers["died_on"] == date(2026, 11, 20)
    assert (answers["died_hour"], answers["died_minute"]) == (0, 5)
    assert answers["facility_name"] == answers["notice_issuer"] == "Bệnh viện Đa khoa Mẫu"
    assert answers["notice_number"] == "12/2026/GBT"
    assert answers["notice_issued_on"] == date(2026, 11, 21)
    assert answers["cause_of_death"] == "Suy tim"
    assert failed(answers) == []


def test_a_day_that_the_notice_says_otherwise_is_asked_about() -> None:
    form = pasted(died_on="19/11/2026")

    assert form.errors == {"died_on": ["Khác với Giấy báo tử đã dán. Xem lại."]}


def test_what_was_typed_for_another_kind_of_notice_does_not_count() -> None:
    form = form_of(
        POSTED
        | {"notice_source": "electronic", "notice_text": PASTE, "notice_issued_on": "01/01/2020", "notice_number": "9"}
    )

    assert form.is_valid(), form.errors
    assert form.cleaned_data["notice_issued_on"] is None
    assert "notice_person" not in form.cleaned_data
    assert failed(form.cleaned_data) == []


def test_a_cause_typed_by_the_clerk_is_not_overwritten() -> None:
    form = pasted(cause_of_death="Suy hô hấp")

    assert form.is_valid()
    assert form.cleaned_data["cause_of_death"] == "Suy hô hấp"


def test_an_imported_notice_of_somebody_else_is_found_out() -> None:
    form = pasted(notice_text=PASTE.replace("001045000000", "001045000009"))

    assert form.is_valid()
    assert failed(form.cleaned_data) == ["death_notice_matches_person"]
