"""Every rule of a marriage: lets through, stops, with its own words; the edge cases of the law; what is printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string

from citizens.dossier import Dossier
from citizens.effects import EntryMade, Married
from citizens.person import Certificate, Ending, Marriage, Person, Residence, ResidenceKind, Sex
from citizens.register import Entry, EventKind, Kin, Named, Note, Part, Standing
from procedures.blanks import KINDS
from procedures.catalogue import Document, catalogue
from procedures.catalogue.examples import HOME, MAN, WOMAN
from procedures.catalogue.marriage_registration import MarriageRegistrationForm
from procedures.rules import Application, Kind, Stage, Tone
from procedures.rules.civil_status import CIVIL_STATUS, NEW_LAW, PAPERLESS
from procedures.rules.marriage import NOT_HERE, bride, couple, first_lawful_day, groom

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
AT = datetime(2026, 11, 23, 8, 10, tzinfo=HANOI)
TODAY = AT.date()
PROCEDURE = catalogue()["marriage_registration"]
USUAL: dict[str, Any] = dict(PROCEDURE.example(AT).answers)
ALL = {rule.id: True for rule in PROCEDURE.rules}
THU, MAU = WOMAN, MAN

ELSEWHERE = Residence(ResidenceKind.PERMANENT, "Phường Giả, Tỉnh Thanh Hóa", here=False, since=date(1985, 3, 5))
TEMPORARY = Residence(ResidenceKind.TEMPORARY, HOME, here=True, since=date(2024, 1, 1))
ABROAD = Residence(ResidenceKind.ABROAD, "Hàn Quốc", here=False, since=date(2019, 1, 1))
BACK = replace(ABROAD, until=date(2023, 1, 1))
HUSBAND = Marriage("Lê Văn Chồng", Sex.MALE, True, "12/2015", "UBND xã Sài Sơn", since=date(2015, 2, 1))
WIFE = replace(HUSBAND, spouse_name="Lê Thị Vợ", spouse_sex=Sex.FEMALE)
DE_FACTO = Marriage("Lê Văn Chung Sống", Sex.MALE, registered=False)
DIVORCED = replace(
    WIFE,
    ending=Ending.DIVORCE,
    ended_on=date(2019, 1, 5),
    ending_paper="Bản án",
    ending_number="45/2019/HNGĐ-ST",
    ending_issuer="Tòa án nhân dân huyện Quốc Oai",
    ending_issued_on=date(2019, 1, 5),
)
WIDOWED = replace(HUSBAND, ending=Ending.DEATH, ended_on=date(2020, 3, 3))
ANNULLED = replace(HUSBAND, ending=Ending.ANNULMENT, ended_on=date(2016, 1, 1))
TO_EACH_OTHER = (
    replace(HUSBAND, spouse_name=MAU.full_name, certificate_number="07/2020"),
    replace(WIFE, spouse_name=THU.full_name, certificate_number="7/2020"),
)


def certificate(purpose: str, **facts: Any) -> Certificate:
    made = Certificate("05/UBND-XNTTHN", date(2026, 9, 23), date(2027, 3, 23), True, purpose, returned=False)
    return replace(made, **facts)


FOR_MAU = certificate("làm thủ tục kết hôn với anh Nguyễn Văn Mẫu, sinh năm 1985, công dân Việt Nam; tại UBND xã A")
FOR_NAMESAKE = certificate("làm thủ tục kết hôn với anh Nguyễn Văn Mẫu, sinh năm 1990, công dân Việt Nam")
FOR_HIS_NUMBER = certificate("kết hôn với người có số định danh 001085000000")
FOR_KIM = certificate("làm thủ tục kết hôn với anh Kim Min, sinh năm 1990, công dân Hàn Quốc, Hộ chiếu M0000")
FOR_BANK = certificate("vay vốn ngân hàng", for_marriage=False)


def entry(kind: EventKind, *people: tuple[Part, Person], number: str = "12/2015", **facts: Any) -> Entry:
    made = Entry(
        id=1,
        kind=kind,
        number=number,
        volume="01",
        registered_on=date(2015, 2, 1),
        registered_text="01/02/2015",
        unit="UBND xã Sài Sơn, huyện Quốc Oai",
        here=True,
        standing=Standing.ACTIVE,
        persons=tuple(Named(part, person.full_name, identity_number=person.identity_number) for part, person in people),
    )
    return replace(made, **facts)


WED_BEFORE = entry(EventKind.MARRIAGE, (Part.WIFE, THU))
WED_EACH_OTHER = entry(EventKind.MARRIAGE, (Part.WIFE, THU), (Part.HUSBAND, MAU), number="7/2020")
DEATH_OF_MAU = entry(EventKind.DEATH, (Part.SUBJECT, MAU))
DECLARED_BY_MAU = entry(EventKind.DEATH, (Part.DECLARANT, MAU))
COURT = Note("Mất năng lực hành vi dân sự theo Quyết định số 3/2020 của Tòa án", "QĐ 3/2020", date(2020, 5, 5))
BIRTH_WITH_COURT = entry(EventKind.BIRTH, (Part.SUBJECT, THU), notes=(COURT,))


def kin(**known: set[str]) -> Kin:
    return Kin(**{name: frozenset(numbers) for name, numbers in known.items()})


def dossier(*entries: Entry, her: Kin | None = None, his: Kin | None = None) -> Dossier:
    return Dossier(entries=entries, kin=her or Kin(), other_kin=his or Kin())


def wish(
    her: Person = THU,
    him: Person | None = MAU,
    answers: dict[str, Any] | None = None,
    files: Dossier | None = None,
    officer: dict[str, bool] = ALL,
    at: datetime = AT,
    **facts: Any,
) -> Application:
    given = {**USUAL, "lookup_on": at.date(), **(answers or {})}
    return Application(
        person=her, other=him, at=at, commune="1", answers=given, officer=officer, dossier=files or Dossier(), **facts
    )


def tone(rule: str, application: Application, stage: Stage = Stage.RECEIPT) -> Tone | None:
    """What the page shows for one rule; None where the rule does not concern this application."""
    findings = PROCEDURE.judge(application, stage)
    return next((finding.tone for finding in findings if finding.rule.id == rule), None)


def stopping(application: Application) -> set[str]:
    return {finding.rule.id for finding in PROCEDURE.judge(application) if finding.stops}


def without(rule: str) -> dict[str, bool]:
    return {name: answer for name, answer in ALL.items() if name != rule}


GIRL = replace(THU, birth_date=date(2008, 12, 15), birth_text="15/12/2008")
BOY = replace(MAU, birth_date=date(2006, 11, 24), birth_text="24/11/2006")
P, F, A, W = Tone.PASS, Tone.FAIL, Tone.ASK, Tone.WARN
TABLE: list[tuple[str, Tone | None, Application]] = [
    ("pilot_level_two", P, wish()),
    ("pilot_level_two", F, wish(replace(THU, eid_level=1))),
    ("pilot_level_two", P, wish(him=replace(MAU, eid_level=1))),
    ("pilot_level_two_groom", F, wish(him=replace(MAU, eid_level=1))),
    ("pilot_level_two_groom", P, wish(replace(THU, eid_level=1))),
    ("pilot_data_synced", F, wish(replace(THU, portal_synced_on=None))),
    ("pilot_data_synced", P, wish()),
    ("pilot_data_synced_groom", F, wish(him=replace(MAU, portal_synced_on=None))),
    ("pilot_data_synced_groom", P, wish()),
    ("cs_id_document_valid", P, wish()),
    ("cs_id_document_valid", F, wish(replace(THU, id_document_valid=False))),
    ("cs_id_document_valid_groom", P, wish()),
    ("cs_id_document_valid_groom", F, wish(him=replace(MAU, id_document_valid=False))),
    ("cs_id_document_valid_groom", None, wish(him=replace(MAU, id_document_valid=None))),
    ("cs_identity_data_consistent", P, wish()),
    ("cs_identity_data_consistent_groom", P, wish()),
    ("cs_subject_alive", P, wish()),
    ("cs_subject_alive", F, wish(replace(THU, deceased_on=date(2026, 1, 1)))),
    ("cs_subject_alive_groom", P, wish()),
    ("cs_subject_alive_groom", F, wish(him=replace(MAU, deceased_on=date(2026, 1, 1)))),
    ("cs_no_forged_papers", None, wish()),
    ("cs_fee_settled", None, wish()),
    ("mari_not_same_person", P, wish()),
    ("mari_not_same_person", F, wish(him=THU)),
    ("mari_not_same_person", F, wish(him=None)),
    ("mari_different_sex", P, wish()),
    ("mari_different_sex", F, wish(him=replace(MAU, sex=Sex.FEMALE))),
    ("mari_different_sex", F, wish(replace(THU, sex=Sex.MALE))),
    ("mari_age_groom", P, wish()),
    ("mari_age_groom", F, wish(him=BOY)),
    ("mari_age_groom", P, wish(him=replace(BOY, birth_date=date(2006, 11, 23)))),
    ("mari_age_bride", P, wish()),
    ("mari_age_bride", F, wish(GIRL)),
    ("mari_age_bride", P, wish(replace(GIRL, birth_date=date(2008, 11, 23)))),
    ("mari_age_bride", P, wish(replace(THU, birth_date=None, birth_text="11/2008"))),
    ("mari_age_bride", F, wish(replace(THU, birth_date=None, birth_text="12/2008"))),
    ("mari_age_bride", P, wish(replace(THU, birth_date=None, birth_text="2008"))),
    ("mari_age_bride", F, wish(replace(THU, birth_date=None, birth_text="2009"))),
    ("mari_both_alive", P, wish()),
    ("mari_both_alive", F, wish(him=replace(MAU, deceased_on=date(2026, 1, 1)))),
    ("mari_both_alive", F, wish(files=dossier(DEATH_OF_MAU))),
    ("mari_both_alive", P, wish(files=dossier(DECLARED_BY_MAU))),
    ("mari_both_alive", P, wish(files=dossier(replace(DEATH_OF_MAU, standing=Standing.CANCELLED)))),
    ("mari_not_already_registered", P, wish()),
    ("mari_not_already_registered", F, wish(files=dossier(WED_EACH_OTHER))),
    ("mari_not_already_registered", P, wish(files=dossier(replace(WED_EACH_OTHER, standing=Standing.REVOKED)))),
    ("mari_not_already_registered", P, wish(files=dossier(WED_BEFORE))),
    (
        "mari_not_already_registered",
        F,
        wish(replace(THU, marriages=TO_EACH_OTHER[:1]), replace(MAU, marriages=TO_EACH_OTHER[1:])),
    ),
    (
        "mari_not_already_registered",
        P,
        wish(replace(THU, marriages=(HUSBAND,)), replace(MAU, marriages=(WIFE,))),
    ),
    (
        "mari_not_already_registered",
        P,
        wish(
            replace(THU, marriages=(replace(TO_EACH_OTHER[0], ending=Ending.DIVORCE, ended_on=date(2022, 1, 1)),)),
            files=dossier(WED_EACH_OTHER),
        ),
    ),
    ("mari_bride_unmarried", P, wish()),
    ("mari_bride_unmarried", F, wish(replace(THU, marriages=(HUSBAND,)))),
    ("mari_bride_unmarried", F, wish(replace(THU, marriages=(DE_FACTO,)))),
    ("mari_bride_unmarried", F, wish(answers={"bride_lookup": "married"})),
    ("mari_bride_unmarried", P, wish(replace(THU, marriages=(WIDOWED,)))),
    ("mari_groom_unmarried", P, wish(replace(THU, marriages=(HUSBAND,)))),
    ("mari_groom_unmarried", F, wish(him=replace(MAU, marriages=(WIFE,)))),
    ("mari_groom_unmarried", F, wish(answers={"groom_lookup": "married"})),
    ("mari_books_agree", P, wish()),
    ("mari_books_agree", P, wish(files=dossier(replace(WED_BEFORE, standing=Standing.CANCELLED)))),
    ("mari_books_agree", P, wish(replace(THU, marriages=(HUSBAND,)), files=dossier(WED_BEFORE))),
    ("mari_status_lookup_saved", P, wish()),
    ("mari_status_lookup_saved", F, wish(answers={"bride_lookup": ""})),
    ("mari_status_lookup_saved", F, wish(answers={"groom_lookup": ""})),
    ("mari_status_lookup_saved", F, wish(answers={"lookup_source": ""})),
    ("mari_status_lookup_saved", F, wish(answers={"lookup_on": None})),
    ("mari_status_lookup_saved", F, wish(answers={"lookup_on": date(2026, 11, 22)})),
    (
        "mari_status_lookup_saved",
        P,
        wish(answers={"lookup_on": date(2026, 11, 20)}, rulings={"marriage_rules.look_up_days": "3"}),
    ),
    ("mari_status_lookup_found", P, wish()),
    ("mari_status_lookup_found", F, wish(answers={"groom_lookup": "unknown"})),
    ("mari_status_lookup_found", None, wish(answers={"groom_lookup": ""})),
    ("mari_no_papers_demanded", P, wish()),
    ("mari_no_papers_demanded", W, wish(answers={"bride_lookup": "unknown"})),
    ("mari_no_papers_demanded", W, wish(replace(THU, certificates=(FOR_MAU,)))),
    ("mari_no_papers_demanded", P, wish(replace(THU, certificates=(FOR_BANK,)))),
    ("mari_bride_promised_another", None, wish()),
    ("mari_bride_promised_another", None, wish(replace(THU, certificates=(FOR_BANK,)))),
    ("mari_bride_promised_another", P, wish(replace(THU, certificates=(FOR_MAU,)))),
    ("mari_bride_promised_another", P, wish(replace(THU, certificates=(FOR_HIS_NUMBER,)))),
    ("mari_bride_promised_another", W, wish(replace(THU, certificates=(FOR_KIM,)))),
    ("mari_bride_promised_another", W, wish(replace(THU, certificates=(FOR_NAMESAKE,)))),
    ("mari_bride_promised_another", W, wish(replace(THU, certificates=(FOR_MAU, FOR_KIM)))),
    ("mari_bride_promised_another", None, wish(replace(THU, certificates=(replace(FOR_KIM, returned=True),)))),
    (
        "mari_bride_promised_another",
        None,
        wish(replace(THU, certificates=(replace(FOR_KIM, expires_on=date(2026, 11, 22)),))),
    ),
    ("mari_groom_promised_another", None, wish(replace(THU, certificates=(FOR_KIM,)))),
    ("mari_groom_promised_another", W, wish(him=replace(MAU, certificates=(FOR_KIM,)))),
    ("mari_resident_here", P, wish()),
    ("mari_resident_here", P, wish(him=replace(MAU, residences=(ELSEWHERE,)))),
    ("mari_resident_here", P, wish(replace(THU, residences=(ELSEWHERE, TEMPORARY)), replace(MAU, residences=()))),
    ("mari_resident_here", F, wish(replace(THU, residences=(ELSEWHERE,)), replace(MAU, residences=(ELSEWHERE,)))),
    ("mari_both_residents_here", P, wish()),
    ("mari_both_residents_here", P, wish(him=replace(MAU, residences=(ELSEWHERE, TEMPORARY)))),
    ("mari_both_residents_here", F, wish(him=replace(MAU, residences=(ELSEWHERE,)))),
    ("mari_records_kept_here", P, wish()),
    ("mari_records_kept_here", F, wish(him=replace(MAU, kept_here=False))),
    ("mari_first_marriage_both", P, wish()),
    ("mari_first_marriage_both", P, wish(replace(THU, marriages=(ANNULLED,)))),
    ("mari_first_marriage_both", F, wish(him=replace(MAU, marriages=(DIVORCED,)))),
    ("mari_first_marriage_both", F, wish(replace(THU, marriages=(WIDOWED,)))),
    ("mari_first_marriage_both", F, wish(answers={"bride_count": 2})),
    ("mari_first_marriage_both", F, wish(answers={"groom_lookup": "divorced"})),
    ("mari_both_vietnamese", P, wish()),
    ("mari_both_vietnamese", F, wish(him=replace(MAU, nationality="Hàn Quốc"))),
    ("mari_both_vietnamese", F, wish(him=replace(MAU, residences=(*MAU.residences, ABROAD)))),
    ("mari_both_vietnamese", P, wish(him=replace(MAU, residences=(*MAU.residences, BACK)))),
    ("mari_foreign_divorce_noted", None, wish(him=replace(MAU, marriages=(DIVORCED,)))),
    ("mari_foreign_divorce_noted", F, wish(him=replace(MAU, marriages=(replace(DIVORCED, ended_abroad=True),)))),
    ("mari_foreign_divorce_noted", F, wish(replace(THU, marriages=(replace(ANNULLED, ended_abroad=True),)))),
    (
        "mari_foreign_divorce_noted",
        P,
        wish(him=replace(MAU, marriages=(replace(DIVORCED, ended_abroad=True, ending_noted_here=True),))),
    ),
    ("mari_not_direct_line", P, wish()),
    ("mari_not_direct_line", F, wish(files=dossier(her=kin(ancestors={MAU.identity_number})))),
    ("mari_not_direct_line", F, wish(files=dossier(his=kin(ancestors={THU.identity_number})))),
    ("mari_not_three_generations", P, wish()),
    ("mari_not_three_generations", F, wish(files=dossier(her=kin(parents={"1"}), his=kin(parents={"1"})))),
    ("mari_not_three_generations", F, wish(files=dossier(her=kin(grandparents={"1"}), his=kin(grandparents={"1"})))),
    ("mari_not_three_generations", F, wish(files=dossier(her=kin(parents={"1"}), his=kin(grandparents={"1"})))),
    ("mari_not_three_generations", P, wish(files=dossier(her=kin(ancestors={"1"}), his=kin(ancestors={"1"})))),
    ("mari_not_adoptive", P, wish()),
    ("mari_not_adoptive", F, wish(files=dossier(her=kin(adoptive_parents={MAU.identity_number})))),
    ("mari_not_adoptive", F, wish(files=dossier(his=kin(adoptive_parents={THU.identity_number})))),
    ("mari_not_adoptive", P, wish(files=dossier(her=kin(adoptive_parents={"1"}), his=kin(adoptive_parents={"1"})))),
    ("mari_not_in_law_or_step", P, wish()),
    ("mari_not_in_law_or_step", F, wish(files=dossier(her=kin(spouse_parents={MAU.identity_number})))),
    ("mari_not_in_law_or_step", F, wish(files=dossier(her=kin(spouse_children={MAU.identity_number})))),
    ("mari_not_in_law_or_step", F, wish(files=dossier(his=kin(spouse_parents={THU.identity_number})))),
    ("mari_not_in_law_or_step", F, wish(files=dossier(his=kin(spouse_children={THU.identity_number})))),
    ("mari_capacity", P, wish()),
    ("mari_capacity", F, wish(answers={"lost_capacity": "groom"})),
    ("mari_no_proxy", P, wish()),
    ("mari_no_proxy", F, wish(answers={"capacity": "proxy_other"})),
    ("mari_de_facto_before_1987", P, wish()),
    ("mari_de_facto_before_1987", F, wish(answers={"de_facto": "yes"})),
    ("mari_home_registration", None, wish()),
    ("mari_home_registration", P, wish(answers={"place": "home"})),
    ("mari_home_registration", F, wish(him=replace(MAU, residences=(TEMPORARY,)), answers={"place": "home"})),
]


@pytest.mark.parametrize(
    ("rule", "expected", "application"), TABLE, ids=[f"{n}-{row[0]}" for n, row in enumerate(TABLE)]
)
def test_each_rule_says_what_the_law_says(rule: str, expected: Tone | None, application: Application) -> None:
    assert tone(rule, application) == expected


ASKED = {
    "cs_applicant_identified": wish(),
    "cs_applicant_identified_groom": wish(),
    "cs_officer_not_related": wish(),
    "mari_kinship_declared": wish(),
    "mari_free_will_confirmed": wish(),
    "mari_books_agree": wish(files=dossier(WED_BEFORE)),
    "mari_capacity": wish(files=dossier(BIRTH_WITH_COURT)),
    "mari_different_sex": wish(him=replace(MAU, sex=None)),
    "mari_age_bride": wish(replace(THU, birth_date=None, birth_text="không rõ")),
    "mari_age_groom": wish(him=replace(MAU, birth_date=None, birth_text="31/02/1980")),
    "cs_identity_data_consistent": wish(replace(THU, birth_date=date(1993, 1, 1))),
    "cs_identity_data_consistent_groom": wish(him=replace(MAU, birth_date=date(1984, 1, 1))),
}
AT_SIGNING = {
    "mari_both_present_to_sign": wish(),
    "mari_signer_not_related": wish(),
    "mari_free_will_confirmed_at_signing": wish(answers={"present": "one"}),
}


@pytest.mark.parametrize("rule", ASKED)
def test_what_no_record_knows_is_asked_of_the_officer(rule: str) -> None:
    application = ASKED[rule]

    tones = [tone(rule, replace(application, officer=officer)) for officer in (without(rule), ALL, ALL | {rule: False})]

    assert tones == [Tone.ASK, Tone.PASS, Tone.FAIL]
    assert next(row for row in PROCEDURE.rules if row.id == rule).question.endswith("?")


@pytest.mark.parametrize("rule", AT_SIGNING)
def test_what_only_the_day_of_the_signature_shows_is_ticked_by_the_leader(rule: str) -> None:
    application = AT_SIGNING[rule]

    assert tone(rule, application) is None, "not a matter of receipt"
    assert tone(rule, replace(application, officer={}), Stage.SIGNATURE) == Tone.ASK


def test_the_certificates_leave_the_counter_only_signed_by_both() -> None:
    assert tone("mari_book_and_certificates_signed", wish(officer={}), Stage.GIVING_OUT) == Tone.ASK


@pytest.mark.parametrize("number", [THU.identity_number, MAU.identity_number])
def test_an_officer_handles_neither_side_of_the_own_wedding_whatever_he_answers(number: str) -> None:
    assert tone("cs_officer_not_related", wish(officer_number=number)) == Tone.FAIL


def test_an_open_case_of_the_same_kind_must_be_acknowledged() -> None:
    rule = "cs_no_open_duplicate"

    tones = [
        tone(rule, wish(officer=without(rule), open_cases=("A-1",))),
        tone(rule, wish(open_cases=("A-1",))),
        tone(rule, wish()),
    ]

    assert tones == [Tone.ASK, Tone.WARN, Tone.PASS]


def test_a_closed_book_stops_the_case() -> None:
    assert tone("cs_book_open", wish(book_is_open=False)) == Tone.FAIL


def test_every_rule_is_in_the_table_or_in_a_test_of_its_own() -> None:
    alone = {"cs_no_open_duplicate", "cs_book_open", "mari_book_and_certificates_signed"} | set(ASKED) | set(AT_SIGNING)

    assert {rule.id for rule in PROCEDURE.rules} == {row[0] for row in TABLE} | alone


def test_every_common_rule_runs_for_both_but_the_two_of_who_acts_for_another() -> None:
    common = {rule.id for rule in (*PAPERLESS, *CIVIL_STATUS)}
    ids = {rule.id for rule in PROCEDURE.rules}

    assert common - ids == set(NOT_HERE) == {"cs_proxy_document", "cs_applicant_capacity"}
    assert {name for name in ids if name.endswith("_groom")} - {"mari_age_groom"} == {
        f"{rule.id}_groom"
        for rule in (*PAPERLESS, *CIVIL_STATUS)
        if rule.id.startswith("pilot_")
        or rule.id
        in ("cs_applicant_identified", "cs_id_document_valid", "cs_identity_data_consistent", "cs_subject_alive")
    }


def test_a_rule_of_one_person_says_of_whom_it_speaks() -> None:
    findings = PROCEDURE.judge(wish(him=replace(MAU, eid_level=1)))
    [failed] = [finding.rule for finding in findings if finding.rule.id == "pilot_level_two_groom"]

    assert failed.message.startswith("Bên nam: công dân chưa có định danh điện tử mức độ 2.")
    assert failed.title == "Bên nam: có tài khoản định danh điện tử mức độ 2"


@pytest.mark.parametrize(
    ("id_", "kind", "message"),
    [
        ("mari_age_groom", "refuse", "Bên nam chưa đủ 20 tuổi. Không đủ điều kiện kết hôn."),
        ("mari_age_bride", "refuse", "Bên nữ chưa đủ 18 tuổi. Không đủ điều kiện kết hôn."),
        ("mari_different_sex", "refuse", "Nhà nước không thừa nhận hôn nhân giữa những người cùng giới tính."),
        ("mari_not_same_person", "refuse", "Hai bên phải là hai người khác nhau."),
        ("mari_both_alive", "refuse", "Một bên đã được đăng ký khai tử."),
        ("mari_bride_unmarried", "refuse", "Bên nữ đang có vợ/chồng. Không đủ điều kiện kết hôn."),
        ("mari_groom_unmarried", "refuse", "Bên nam đang có vợ/chồng. Không đủ điều kiện kết hôn."),
        (
            "mari_status_lookup_saved",
            "complete",
            "Chưa lưu kết quả tra cứu tình trạng hôn nhân của hai bên vào hồ sơ.",
        ),
        (
            "mari_status_lookup_found",
            "verify",
            "Không tra cứu được tình trạng hôn nhân. Đề nghị Ủy ban nhân dân cấp xã nơi thường trú/nơi đã đăng ký "
            "kết hôn xác minh (trả lời trong 03 ngày làm việc).",
        ),
        (
            "mari_no_papers_demanded",
            "warn",
            "Không được yêu cầu nộp Giấy xác nhận tình trạng hôn nhân khi đăng ký kết hôn.",
        ),
        (
            "mari_resident_here",
            "redirect",
            "Cả hai bên không cư trú tại xã này. Đề nghị nộp tại nơi cư trú của một trong hai bên.",
        ),
        (
            "mari_both_residents_here",
            "verify",
            "Hai bên không cùng nơi cư trú; hồ sơ chuyển sang quy trình thông thường.",
        ),
        (
            "mari_first_marriage_both",
            "verify",
            "Một bên đã từng kết hôn; hồ sơ cần đối chiếu việc ly hôn hoặc vợ/chồng chết.",
        ),
        (
            "mari_both_vietnamese",
            "redirect",
            "Có yếu tố nước ngoài: thực hiện thủ tục đăng ký kết hôn có yếu tố nước ngoài.",
        ),
        (
            "mari_foreign_divorce_noted",
            "redirect",
            "Chưa ghi chú ly hôn/hủy việc kết hôn ở nước ngoài. Hướng dẫn ghi chú trước khi đăng ký kết hôn.",
        ),
        ("mari_not_direct_line", "refuse", "Cấm kết hôn giữa những người cùng dòng máu về trực hệ."),
        ("mari_not_three_generations", "refuse", "Cấm kết hôn giữa những người có họ trong phạm vi ba đời."),
        (
            "mari_not_adoptive",
            "refuse",
            "Cấm kết hôn giữa cha, mẹ nuôi với con nuôi (kể cả đã từng là cha, mẹ nuôi với con nuôi).",
        ),
        (
            "mari_not_in_law_or_step",
            "refuse",
            "Cấm kết hôn giữa cha chồng với con dâu, mẹ vợ với con rể, cha dượng với con riêng của vợ, mẹ kế với con "
            "riêng của chồng.",
        ),
        (
            "mari_kinship_declared",
            "complete",
            "Công chức chưa xác nhận hai bên không thuộc trường hợp cấm kết hôn.",
        ),
        ("mari_capacity", "refuse", "Một bên đã bị Tòa án tuyên bố mất năng lực hành vi dân sự."),
        ("mari_free_will_confirmed", "complete", "Hai bên chưa khẳng định việc kết hôn là tự nguyện."),
        ("mari_no_proxy", "refuse", "Đăng ký kết hôn không được ủy quyền."),
        (
            "mari_both_present_to_sign",
            "complete",
            "Hai bên nam, nữ phải cùng có mặt để ký Sổ đăng ký kết hôn và Giấy chứng nhận kết hôn.",
        ),
        (
            "mari_not_already_registered",
            "refuse",
            "Hai bên đã đăng ký kết hôn. Có thể cấp bản sao Trích lục kết hôn.",
        ),
        (
            "mari_de_facto_before_1987",
            "verify",
            "Chung sống như vợ chồng trước 03/01/1987: đăng ký theo khoản 2 Điều 44 Nghị định 123/2015, quan hệ được "
            "công nhận từ ngày chung sống.",
        ),
    ],
)
def test_the_words_and_the_weight_of_each_rule_are_those_of_the_law(id_: str, kind: str, message: str) -> None:
    rule = next(rule for rule in PROCEDURE.rules if rule.id == id_)

    assert (rule.kind.value, rule.message) == (kind, message)


# --- who is bride and who is groom ---
def test_bride_and_groom_follow_from_the_sex_whoever_was_scanned_first() -> None:
    for application in (wish(THU, MAU), wish(MAU, THU)):
        assert (bride(application), groom(application)) == (THU, MAU)


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (Sex.MALE, None, "two one"),
        (None, Sex.FEMALE, "two one"),
        (Sex.FEMALE, None, "one two"),
        (None, Sex.MALE, "one two"),
        (None, None, "one two"),
        (Sex.FEMALE, Sex.FEMALE, "one two"),
        (Sex.MALE, Sex.MALE, "one two"),
    ],
)
def test_where_the_sex_is_unknown_both_are_judged_all_the_same(one: Sex | None, two: Sex | None, expected: str) -> None:
    people = couple(replace(THU, full_name="one", sex=one), replace(MAU, full_name="two", sex=two))

    assert " ".join(person.full_name for person in people) == expected


def test_the_rules_are_the_same_whoever_was_scanned_first() -> None:
    girl_first, girl_second = wish(GIRL, MAU), wish(MAU, GIRL)

    assert stopping(girl_first) == stopping(girl_second) == {"mari_age_bride"}


def test_two_women_are_refused_and_both_are_looked_at() -> None:
    dead = replace(MAU, sex=Sex.FEMALE, identity_number="001185000009", deceased_on=date(2026, 1, 1))

    assert stopping(wish(him=dead)) == {"mari_different_sex", "cs_subject_alive_groom", "mari_both_alive"}


# --- edge cases of civil-status.md 4.7 ---
def test_bride_turns_18_next_month() -> None:
    application = wish(GIRL)

    assert stopping(application) == {"mari_age_bride"}
    [failed] = [finding.rule for finding in PROCEDURE.judge(application) if finding.stops]
    assert failed.kind == Kind.REFUSE
    assert failed.message == (
        "Bên nữ chưa đủ 18 tuổi. Không đủ điều kiện kết hôn. Ngày sớm nhất được đăng ký kết hôn: 15/12/2026."
    )
    assert stopping(wish(GIRL, at=AT.replace(month=12, day=15))) == set(), "the birthday itself is allowed"
    assert stopping(wish(GIRL, at=AT.replace(month=12, day=14))) == {"mari_age_bride"}


def test_who_was_born_on_29_february_may_marry_on_1_march_of_a_common_year() -> None:
    leap = replace(THU, birth_date=date(2008, 2, 29))

    assert first_lawful_day(leap) == date(2026, 3, 1)
    assert first_lawful_day(replace(leap, sex=Sex.MALE)) == date(2028, 2, 29)


def test_groom_was_married_divorced_at_court_in_2019_no_note_in_the_book() -> None:
    application = wish(him=replace(MAU, marriages=(DIVORCED,)), answers={"groom_lookup": "divorced", "groom_count": 2})

    assert stopping(application) == {"mari_first_marriage_both"}
    [stopped] = [finding.rule for finding in PROCEDURE.judge(application) if finding.stops]
    assert "không đòi giấy tờ" in stopped.leads_to


def test_brides_first_husband_died_in_2020_and_was_never_registered_dead() -> None:
    application = wish(replace(THU, marriages=(HUSBAND,)), answers={"bride_lookup": "married", "bride_count": 2})

    assert stopping(application) == {"mari_bride_unmarried", "mari_first_marriage_both"}
    unmarried = next(rule for rule in PROCEDURE.rules if rule.id == "mari_bride_unmarried")
    assert "1.000656 Đăng ký khai tử trước" in unmarried.leads_to


def test_the_couple_are_children_of_two_sisters() -> None:
    grandmother = "001140000001"
    her = kin(parents={"001165000002"}, grandparents={grandmother}, ancestors={"001165000002", grandmother})
    his = kin(parents={"001168000003"}, grandparents={grandmother}, ancestors={"001168000003", grandmother})

    assert stopping(wish(files=dossier(her=her, his=his))) == {"mari_not_three_generations"}


def test_groom_lives_in_another_province_both_want_it_here() -> None:
    him = replace(MAU, residences=(ELSEWHERE,))

    assert stopping(wish(him=him)) == {"mari_both_residents_here"}
    assert stopping(wish(him=him, answers={"groom_lookup": "unknown"})) == {
        "mari_both_residents_here",
        "mari_status_lookup_found",
    }


def test_only_the_bride_comes_groom_works_in_another_city() -> None:
    answers = {"present": "one", "meets_on": date(2026, 12, 5)}
    unseen = {name: value for name, value in ALL.items() if name != "cs_applicant_identified_groom"}
    unseen.pop("mari_free_will_confirmed")
    application = wish(answers=answers, officer=unseen)

    assert stopping(application) == set(), "received from one of the two, without an authorisation of the other"
    appointment = PROCEDURE.appointment(application)
    assert appointment is not None
    assert (appointment.due_on, appointment.meeting) == (date(2026, 12, 5), True)
    assert "hai bên nam, nữ cùng có mặt" in appointment.sentence
    ticks = {finding.rule.id for finding in PROCEDURE.judge(replace(application, officer={}), Stage.SIGNATURE)}
    assert {"mari_both_present_to_sign", "mari_free_will_confirmed_at_signing"} <= ticks


def test_who_comes_later_is_asked_for_the_card_whichever_side_that_is() -> None:
    he_came = wish(MAU, THU, {"present": "one"}, officer={})

    asked = {finding.rule.id for finding in PROCEDURE.judge(he_came) if finding.tone == Tone.ASK}

    assert "cs_applicant_identified_groom" in asked
    assert "cs_applicant_identified" not in asked


def test_disabled_party_cannot_come() -> None:
    application = wish(answers={"place": "home"})

    assert stopping(application) == set()
    appointment = PROCEDURE.appointment(application)
    assert appointment is not None
    assert appointment.due_on == date(2026, 12, 1)  # the fifth working day: 24 November 2026 is a day off
    temporary = wish(him=replace(MAU, residences=(TEMPORARY,)), answers={"place": "home"})
    assert stopping(temporary) == {"mari_home_registration"}


def test_the_officials_own_niece_marries() -> None:
    application = wish(officer=ALL | {"cs_officer_not_related": False})

    assert stopping(application) == {"cs_officer_not_related"}
    signer = next(rule for rule in PROCEDURE.rules if rule.id == "mari_signer_not_related")
    assert (signer.stage, signer.kind) == (Stage.SIGNATURE, Kind.REDIRECT)


def test_couple_who_lived_together_since_1980() -> None:
    application = wish(answers={"de_facto": "yes"})

    assert stopping(application) == {"mari_de_facto_before_1987"}
    [stopped] = [finding.rule for finding in PROCEDURE.judge(application) if finding.stops]
    assert "mặt sau Giấy chứng nhận kết hôn" in stopped.leads_to


def test_a_certificate_for_another_partner_is_named_in_the_warning() -> None:
    rule = "mari_bride_promised_another"
    application = wish(replace(THU, certificates=(FOR_KIM,)), officer=without(rule))

    [found] = [finding for finding in PROCEDURE.judge(application) if finding.rule.id == rule]

    assert found.tone == Tone.ASK
    assert "Giấy số 05/UBND-XNTTHN ngày 23/09/2026, làm thủ tục kết hôn với anh Kim Min" in found.rule.message
    assert "marital_certificate" in PROCEDURE.shown_beside


# --- both sides of 1 March 2027 ---
@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2027, 2, 26, 8, 10, tzinfo=HANOI), Tone.FAIL),
        (datetime(2027, 3, 1, 8, 10, tzinfo=HANOI), Tone.WARN),
    ],
)
def test_from_march_2027_residence_no_longer_decides(at: datetime, expected: Tone) -> None:
    strangers = wish(replace(THU, residences=(ELSEWHERE,)), replace(MAU, residences=(ELSEWHERE,)), at=at)

    assert tone("mari_resident_here", strangers) == expected


def test_the_names_of_the_law_change_in_march_2027() -> None:
    before, after = PROCEDURE.version_on(date(2027, 2, 28)), PROCEDURE.version_on(NEW_LAW)

    assert before.legal_basis[0] == "Luật Hộ tịch 60/2014/QH13 Điều 17, 18"
    assert after.legal_basis[0] == "Luật Hộ tịch 03/2026/QH16"
    assert before.result_name == after.result_name == "Giấy chứng nhận kết hôn"
    assert after.confirmed is False


# --- papers ---
def certificate_and_declaration(application: Application) -> tuple[Document, Document]:
    one, two = PROCEDURE.documents(application, on=TODAY)
    return one, two


def html(document: Document, application: Application) -> str:
    facts = PROCEDURE.facts(application, document, on=TODAY, numbers={"marriage_registration": "01/2026"})
    frame = {
        "head": {"superior": "THÀNH PHỐ HÀ NỘI", "issuer": "ỦY BAN NHÂN DÂN XÃ QUỐC OAI"},
        "place": "Quốc Oai",
        "number": "01",
        "symbol": "2026",
        "issued_on": TODAY,
        "signer": {"lines": ["CHỦ TỊCH"], "name": "Phùng Thị Lan"},
    }
    return render_to_string(document.template, frame | facts)


def in_order(text: str, *parts: str) -> bool:
    at = -1
    for part in parts:
        at = text.find(part, at + 1)
        if at < 0:
            return False
    return True


def test_two_originals_on_the_ministrys_blank_and_a_declaration_that_shares_the_number() -> None:
    certificate, declaration = certificate_and_declaration(PROCEDURE.example(AT))

    assert (certificate.originals, certificate.blank, certificate.symbol) == (2, "marriage_certificate", "{year}")
    assert (declaration.key, declaration.shares_number_of, declaration.blank) == ("declaration", certificate.key, "")
    assert certificate.book == declaration.book == "marriage"


def test_the_certificate_has_the_lines_of_the_blank_in_their_order() -> None:
    text = html(certificate_and_declaration(PROCEDURE.example(AT))[0], PROCEDURE.example(AT))

    assert in_order(
        text,
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 01/2026",
        "GIẤY CHỨNG NHẬN KẾT HÔN",
        "Họ, chữ đệm, tên vợ: <b>TRẦN THỊ THỬ</b>",
        "Ngày, tháng, năm sinh: 17/09/1992",
        "Dân tộc: Kinh",
        "Quốc tịch: Việt Nam",
        "Nơi cư trú: Thôn 1, Xã Quốc Oai, Thành phố Hà Nội",
        "Giấy tờ tùy thân: Căn cước công dân số 001192000000",
        "Họ, chữ đệm, tên chồng: <b>NGUYỄN VĂN MẪU</b>",
        "Ngày, tháng, năm sinh: 05/03/1985",
        "Dân tộc: Kinh",
        "Quốc tịch: Việt Nam",
        "Nơi cư trú:",
        "Giấy tờ tùy thân: Căn cước công dân số 001085000000",
        "Nơi đăng ký kết hôn: Ủy ban nhân dân xã Quốc Oai, thành phố Hà Nội",
        "Ngày, tháng, năm đăng ký: 23/11/2026",
        "<b>Vợ</b>",
        "(Ký, ghi rõ họ, chữ đệm, tên)",
        "<b>Chồng</b>",
        "(Ký, ghi rõ họ, chữ đệm, tên)",
        "NGƯỜI KÝ<br>GIẤY CHỨNG NHẬN KẾT HÔN",
        "(Ký, ghi rõ họ, chữ đệm, tên, chức vụ và đóng dấu)",
    )
    assert "BẢN LƯU" in text


def test_the_declaration_has_her_and_his_column_and_the_words_both_sign() -> None:
    application = PROCEDURE.example(AT)
    text = html(certificate_and_declaration(application)[1], application)

    assert in_order(
        text,
        "TỜ KHAI ĐĂNG KÝ KẾT HÔN",
        "Kính gửi: Ủy ban nhân dân xã Quốc Oai, thành phố Hà Nội",
        "Thông tin",
        "Bên nữ",
        "Bên nam",
        "Họ, chữ đệm, tên",
        "TRẦN THỊ THỬ",
        "NGUYỄN VĂN MẪU",
        "Ngày, tháng, năm sinh",
        "Dân tộc",
        "Quốc tịch",
        "Nơi cư trú",
        "Giấy tờ tùy thân",
        "Kết hôn lần thứ mấy",
        "Chúng tôi cam đoan những lời khai trên đây là đúng sự thật, việc kết hôn của chúng tôi là tự nguyện, không vi "
        "phạm quy định của Luật hôn nhân và gia đình Việt Nam.",
        "Chúng tôi chịu hoàn toàn trách nhiệm trước pháp luật về cam đoan của mình.",
        "Đề nghị Quý cơ quan đăng ký.",
        "Làm tại: Quốc Oai, ngày 23 tháng 11 năm 2026",
        "Bên nữ",
        "Bên nam",
        "Đề nghị cấp bản sao: Có",
        "Số lượng:",
    )
    assert "Số: 01/2026" not in text


def test_the_values_for_the_blank_have_the_names_of_its_places_in_order() -> None:
    application = PROCEDURE.example(AT)
    facts = PROCEDURE.facts(application, certificate_and_declaration(application)[0], on=TODAY, numbers={})
    fields: Any = facts["fields"]
    places = [place.name for place in KINDS["marriage_certificate"].fields]

    assert [name for name, _ in fields] == [
        name for name in places if name not in ("number", "signer_title", "signer_name")
    ]
    assert dict(fields)["registered_at"] == "Ủy ban nhân dân xã Quốc Oai, thành phố Hà Nội"
    assert all(value for _, value in fields)


def test_the_papers_are_the_same_whoever_was_scanned_first() -> None:
    hers = PROCEDURE.example(AT)
    his = replace(hers, person=MAU, other=THU)

    for document in certificate_and_declaration(hers):
        assert html(document, hers) == html(document, his)


def test_the_look_up_is_kept_with_the_case_and_printed_nowhere() -> None:
    application = replace(
        PROCEDURE.example(AT), answers={**USUAL, "lookup_source": "Nơi tra cứu thử", "lookup_on": date(2026, 11, 22)}
    )

    for document in certificate_and_declaration(application):
        text = html(document, application)
        assert "tra cứu" not in text
        assert "22/11/2026" not in text


def test_a_commune_rules_on_what_is_not_confirmed() -> None:
    application = replace(
        PROCEDURE.example(AT),
        rulings={
            "marriage.names_in_capitals": "no",
            "marriage.day_in_words": "yes",
            "marriage.office_with_city": "no",
            "marriage.birth_entry_note": "yes",
        },
    )
    text = html(certificate_and_declaration(application)[0], application)

    assert "Họ, chữ đệm, tên vợ: <b>Trần Thị Thử</b>" in text
    assert "Nơi đăng ký kết hôn: Ủy ban nhân dân xã Quốc Oai<" in text
    assert "Ngày, tháng, năm đăng ký: ngày 23 tháng 11 năm 2026" in text
    assert "Ghi chú việc kết hôn vào Sổ đăng ký khai sinh của hai bên." in PROCEDURE.follow_ups(application, on=TODAY)


# --- what the signature does ---
def test_the_entry_names_wife_and_husband_and_both_records_change() -> None:
    made, married = PROCEDURE.effects(wish(MAU, THU), on=TODAY)

    assert isinstance(made, EntryMade)
    assert (made.kind, made.document, made.flags) == (
        EventKind.MARRIAGE,
        "marriage_registration",
        ("first_marriage",),
    )
    assert [(named.part, named.full_name, named.who) for named in made.persons] == [
        (Part.WIFE, "Trần Thị Thử", "other"),
        (Part.HUSBAND, "Nguyễn Văn Mẫu", "person"),
    ]
    assert married == Married("marriage_registration")


def test_the_commune_of_a_permanent_residence_elsewhere_is_told() -> None:
    him = replace(MAU, residences=(ELSEWHERE, TEMPORARY))

    owed = PROCEDURE.follow_ups(wish(him=him, answers={"copies": 3}), on=TODAY)

    assert owed == [
        "Cập nhật ngay việc kết hôn vào Cơ sở dữ liệu hộ tịch điện tử (Luật Hộ tịch Điều 5 khoản 5).",
        "Thông báo việc kết hôn của Nguyễn Văn Mẫu cho Ủy ban nhân dân cấp xã nơi thường trú: Phường Giả, "
        "Tỉnh Thanh Hóa (Luật Hộ tịch Điều 5 khoản 4).",
        "Lập hồ sơ cấp 3 bản sao Trích lục kết hôn (thủ tục 2.000635).",
    ]


def test_the_ministrys_software_gets_its_values_in_the_order_of_the_book() -> None:
    labels = [label for label, _ in PROCEDURE.bridge(wish())]

    assert labels[0] == "Loại đăng ký"
    assert [label for label in labels if label.startswith("Họ, chữ đệm, tên")] == [
        "Họ, chữ đệm, tên người vợ",
        "Họ, chữ đệm, tên người chồng",
    ]
    assert dict(PROCEDURE.bridge(wish()))["Tình trạng hôn nhân trước khi kết hôn (người vợ)"] == (
        "Chưa đăng ký kết hôn với ai"
    )


def test_a_marriage_is_free() -> None:
    assert PROCEDURE.charge(wish()).text == "Không thu"


# --- the form asks only what no record knows ---
def form_for(her: Person = THU, him: Person = MAU, **answers: Any) -> MarriageRegistrationForm:
    return MarriageRegistrationForm({**USUAL, **answers}, person=her, on=TODAY, other=him)


def test_the_form_presets_the_count_and_names_each_side() -> None:
    form = MarriageRegistrationForm(person=replace(MAU, marriages=(DIVORCED,)), other=THU, on=TODAY)

    assert (form.fields["bride_count"].initial, form.fields["groom_count"].initial) == (1, 2)
    assert form.fields["bride_lookup"].label == "Kết quả tra cứu của bên nữ (Trần Thị Thử)"
    assert form.fields["lookup_on"].initial == TODAY
    assert form.fields["bride_lookup"].initial is None, "a look-up is not suggested by what we know already"


@pytest.mark.parametrize(
    ("answers", "where", "said"),
    [
        ({"lookup_on": "24/11/2026"}, "lookup_on", "Ngày tra cứu không thể sau hôm nay."),
        ({"present": "one", "meets_on": ""}, "meets_on", "Ghi ngày hai bên hẹn cùng đến ký, ví dụ 05/12/2026."),
        ({"meets_on": "22/11/2026"}, "meets_on", "Ghi hôm nay hoặc một ngày sau hôm nay."),
        (
            {"place": "home", "meets_on": "2/12/2026"},
            "meets_on",
            "Đăng ký lưu động trong 5 ngày làm việc: chậm nhất 01/12/2026.",
        ),
        ({"bride_lookup": ""}, "bride_lookup", "Trường này là bắt buộc."),
    ],
)
def test_the_form_says_what_to_do(answers: dict[str, Any], where: str, said: str) -> None:
    assert form_for(**answers).errors[where][0] == said


@pytest.mark.parametrize("meets_on", ["23/11/2026", "1/12/2026"])
def test_a_day_in_time_is_taken(meets_on: str) -> None:
    assert form_for(place="home", meets_on=meets_on).is_valid()


def test_in_a_year_nobody_has_planned_the_form_still_answers() -> None:
    late = date(2027, 12, 30)
    form = MarriageRegistrationForm(
        {**USUAL, "lookup_on": "30/12/2027", "place": "home", "meets_on": "5/1/2028"}, person=THU, on=late, other=MAU
    )

    assert form.is_valid(), form.errors


def test_signing_today_needs_no_appointment() -> None:
    assert PROCEDURE.appointment(wish(answers={"meets_on": TODAY})) is None
    assert PROCEDURE.appointment(wish()) is None
