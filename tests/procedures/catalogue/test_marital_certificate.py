"""Every rule of the marital-status certificate: lets through, stops, with its own words; and the statutory wordings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from citizens.person import Certificate, Ending, Marriage, Person, Residence, ResidenceKind, Sex
from procedures.catalogue import catalogue
from procedures.catalogue.marital_certificate import MaritalCertificateForm
from procedures.rules import Application, Tone
from procedures.wordings.marital import purpose_wording, six_months_after, status_wording

AT = datetime(2026, 11, 23, 8, 10, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
HOME = Residence(ResidenceKind.PERMANENT, "Thôn 1, Xã Quốc Oai", here=True, since=date(1992, 9, 17))
THU = Person(
    identity_number="001192000000",
    full_name="Trần Thị Thử",
    sex=Sex.FEMALE,
    birth_date=date(1992, 9, 17),
    birth_text="17/09/1992",
    ethnicity="Kinh",
    nationality="Việt Nam",
    id_document="Căn cước công dân số 001192000000",
    id_document_valid=True,
    eid_level=2,
    portal_synced_on=date(2025, 9, 1),
    residences=(HOME,),
)
BANK = {
    "purpose_kind": "other",
    "purpose_text": "vay vốn ngân hàng",
    "declared_status": "single",
    "capacity": "self",
    "copies": 1,
    "fee": "paid",
}
WED = BANK | {
    "purpose_kind": "marry",
    "marriage_where": "abroad",
    "marriage_place": "Tòa thị chính Seoul",
    "partner_name": "Kim Min",
    "partner_sex": "male",
    "partner_birth_year": 1990,
    "partner_nationality": "Hàn Quốc",
    "partner_document": "Hộ chiếu M0000",
}
MARRIED = Marriage(
    "Lê Văn Chồng",
    Sex.MALE,
    registered=True,
    certificate_number="12/2015",
    issuer="UBND xã Sài Sơn",
    since=date(2015, 2, 1),
)
DIVORCED = replace(
    MARRIED,
    ending=Ending.DIVORCE,
    ended_on=date(2020, 1, 5),
    ending_paper="Bản án",
    ending_number="45/2020/HNGĐ-ST",
    ending_issuer="Tòa án nhân dân huyện Quốc Oai",
    ending_issued_on=date(2020, 1, 5),
    ending_confirmed=True,
)
WIDOWED = replace(
    MARRIED,
    ending=Ending.DEATH,
    ended_on=date(2021, 3, 3),
    ending_paper="Trích lục khai tử",
    ending_number="08/2021",
    ending_issuer="UBND xã Sài Sơn",
    ending_issued_on=date(2021, 3, 4),
    ending_confirmed=True,
)
CERTIFICATE = Certificate("05/UBND-XNTTHN", date(2026, 9, 23), date(2027, 3, 23), False, "vay vốn", False)
ELSEWHERE = Residence(ResidenceKind.PERMANENT, "Thanh Hóa", here=False, since=date(1992, 9, 17), until=date(2018, 1, 1))
BACK_HOME = replace(HOME, since=date(2018, 1, 2))
ABROAD = Residence(ResidenceKind.ABROAD, "Hàn Quốc", here=False, since=date(2019, 1, 1), until=date(2023, 1, 1))
TEMPORARY_HERE = Residence(ResidenceKind.TEMPORARY, "Thôn 2, Xã Quốc Oai", here=True, since=date(2024, 1, 1))
ALL = {rule.id: True for rule in catalogue()["marital_certificate"].rules}


def tone_of(
    rule: str, person: Person = THU, answers: dict[str, Any] = BANK, officer: dict[str, bool] = ALL, **facts: Any
) -> Tone | None:
    """What the page shows for one rule; None where the rule does not concern this application."""
    application = Application(person=person, at=AT, commune="1", answers=answers, officer=officer, **facts)
    findings = catalogue()["marital_certificate"].judge(application)
    return next((finding.tone for finding in findings if finding.rule.id == rule), None)


def without(rule: str) -> dict[str, bool]:
    return {name: answer for name, answer in ALL.items() if name != rule}


P, F, A, W = Tone.PASS, Tone.FAIL, Tone.ASK, Tone.WARN
TABLE: list[tuple[str, Tone | None, Person, dict[str, Any]]] = [
    ("pilot_level_two", P, THU, BANK),
    ("pilot_level_two", F, replace(THU, eid_level=1), BANK),
    ("pilot_data_synced", P, THU, BANK),
    ("pilot_data_synced", F, replace(THU, portal_synced_on=None), BANK),
    ("cs_id_document_valid", P, THU, BANK),
    ("cs_id_document_valid", F, replace(THU, id_document_valid=False), BANK),
    ("cs_id_document_valid", None, replace(THU, id_document_valid=None), BANK),
    ("cs_identity_data_consistent", P, THU, BANK),
    ("cs_applicant_capacity", P, THU, BANK),
    ("cs_applicant_capacity", F, replace(THU, birth_date=date(2009, 1, 1)), BANK),
    (
        "cs_applicant_capacity",
        P,
        replace(THU, birth_date=date(2009, 1, 1)),
        BANK | {"capacity": "legal_representative"},
    ),
    ("cs_proxy_document", None, THU, BANK),
    ("cs_proxy_document", F, THU, BANK | {"capacity": "proxy_other"}),
    ("cs_proxy_document", P, THU, BANK | {"capacity": "proxy_other", "authorisation": "Số 1, VPCC A"}),
    ("cs_subject_alive", P, THU, BANK),
    ("cs_subject_alive", F, replace(THU, deceased_on=date(2026, 1, 1)), BANK),
    ("cs_no_forged_papers", None, THU, BANK),
    ("cs_no_forged_papers", P, THU, BANK | {"capacity": "proxy_other"}),
    ("cs_fee_settled", P, THU, BANK),
    ("cs_fee_settled", P, THU, BANK | {"fee": "exempt_poor"}),
    ("cs_fee_settled", F, THU, BANK | {"fee": "unpaid"}),
    ("mar_subject_resides_here", P, THU, BANK),
    ("mar_subject_resides_here", F, replace(THU, residences=(replace(HOME, here=False),)), BANK),
    ("mar_subject_resides_here", P, replace(THU, residences=(TEMPORARY_HERE,)), BANK),
    ("mar_subject_resides_here", None, replace(THU, residences=(replace(HOME, here=False), TEMPORARY_HERE)), BANK),
    ("mar_subject_resides_here", F, replace(THU, residences=()), BANK),
    ("mar_temporary_residence_choice", None, THU, BANK),
    ("mar_temporary_residence_choice", W, replace(THU, residences=(replace(HOME, here=False), TEMPORARY_HERE)), BANK),
    ("mar_status_found_in_database", P, THU, BANK),
    ("mar_status_found_in_database", F, replace(THU, portal_synced_on=None), BANK),
    ("mar_declared_equals_record", P, THU, BANK),
    ("mar_declared_equals_record", F, replace(THU, marriages=(MARRIED,)), BANK),
    ("mar_declared_equals_record", P, replace(THU, marriages=(MARRIED,)), BANK | {"declared_status": "married"}),
    ("mar_declared_equals_record", F, THU, BANK | {"declared_status": "other"}),
    (
        "mar_declared_equals_record",
        P,
        replace(THU, marriages=(MARRIED,)),
        BANK
        | {"declared_status": "was_single_in_period", "period_from": date(2012, 1, 1), "period_to": date(2015, 1, 31)},
    ),
    (
        "mar_declared_equals_record",
        F,
        replace(THU, marriages=(MARRIED,)),
        BANK
        | {"declared_status": "was_single_in_period", "period_from": date(2012, 1, 1), "period_to": date(2016, 1, 1)},
    ),
    ("mar_single_residence_since_adult", P, THU, BANK),
    ("mar_single_residence_since_adult", P, replace(THU, residences=(ELSEWHERE, BACK_HOME)), BANK),
    (
        "mar_single_residence_since_adult",
        F,
        replace(THU, residences=(ELSEWHERE, BACK_HOME), portal_synced_on=None),
        BANK,
    ),
    ("mar_no_period_abroad", P, THU, BANK),
    ("mar_no_period_abroad", F, replace(THU, residences=(HOME, ABROAD)), BANK),
    (
        "mar_no_period_abroad",
        P,
        replace(THU, residences=(HOME, ABROAD)),
        BANK | {"period_from": date(2012, 1, 1), "period_to": date(2015, 1, 1)},
    ),
    ("mar_divorce_data_complete", None, THU, BANK),
    ("mar_divorce_data_complete", P, replace(THU, marriages=(DIVORCED,)), BANK),
    ("mar_divorce_data_complete", F, replace(THU, marriages=(replace(DIVORCED, ending_number=""),)), BANK),
    ("mar_divorce_confirmed", P, replace(THU, marriages=(DIVORCED,)), BANK),
    ("mar_divorce_confirmed", F, replace(THU, marriages=(replace(DIVORCED, ending_confirmed=False),)), BANK),
    ("mar_foreign_divorce_noted", None, replace(THU, marriages=(DIVORCED,)), BANK),
    ("mar_foreign_divorce_noted", F, replace(THU, marriages=(replace(DIVORCED, ended_abroad=True),)), BANK),
    (
        "mar_foreign_divorce_noted",
        P,
        replace(THU, marriages=(replace(DIVORCED, ended_abroad=True, ending_noted_here=True),)),
        BANK,
    ),
    ("mar_spouse_death_confirmed", None, THU, BANK),
    ("mar_spouse_death_confirmed", P, replace(THU, marriages=(WIDOWED,)), BANK),
    ("mar_spouse_death_confirmed", F, replace(THU, marriages=(replace(WIDOWED, ending_confirmed=False),)), BANK),
    ("mar_spouse_death_confirmed", F, THU, BANK | {"declared_status": "widowed"}),
    ("mar_no_two_open_marriages", P, replace(THU, marriages=(MARRIED,)), BANK),
    ("mar_no_two_open_marriages", F, replace(THU, marriages=(MARRIED, MARRIED)), BANK),
    ("mar_purpose_given", P, THU, BANK),
    ("mar_purpose_given", F, THU, BANK | {"purpose_text": ""}),
    ("mar_partner_details_given", None, THU, BANK),
    ("mar_partner_details_given", P, THU, WED),
    ("mar_partner_details_given", F, THU, WED | {"partner_document": ""}),
    ("mar_age_reached_for_marriage", None, THU, BANK),
    ("mar_age_reached_for_marriage", P, THU, WED),
    ("mar_age_reached_for_marriage", F, replace(THU, birth_date=date(2009, 11, 23)), WED),
    ("mar_age_reached_for_marriage", P, replace(THU, birth_date=date(2008, 11, 23)), WED),
    ("mar_age_reached_for_marriage", F, replace(THU, sex=Sex.MALE, birth_date=date(2006, 11, 24)), WED),
    ("mar_not_married_for_marriage", P, THU, WED),
    ("mar_not_married_for_marriage", F, replace(THU, marriages=(MARRIED,)), WED),
    ("mar_not_married_for_marriage", P, replace(THU, marriages=(DIVORCED,)), WED),
    ("mar_partner_other_sex", P, THU, WED),
    ("mar_partner_other_sex", F, THU, WED | {"partner_sex": "female"}),
    ("mar_not_foreign_mission_in_vn", P, THU, WED),
    ("mar_not_foreign_mission_in_vn", F, THU, WED | {"marriage_where": "foreign_mission"}),
    ("mar_domestic_marriage_not_needed", None, THU, WED),
    ("mar_domestic_marriage_not_needed", W, THU, WED | {"marriage_where": "domestic"}),
    ("mar_one_original_for_marriage", P, THU, WED),
    ("mar_one_original_for_marriage", F, THU, WED | {"copies": 2}),
    ("mar_one_original_for_marriage", None, THU, BANK | {"copies": 2}),
    ("mar_previous_certificate_returned", None, THU, BANK),
    ("mar_previous_certificate_returned", F, replace(THU, certificates=(CERTIFICATE,)), BANK),
    (
        "mar_previous_certificate_returned",
        P,
        replace(THU, certificates=(CERTIFICATE,)),
        BANK | {"previous": "returned"},
    ),
    ("mar_previous_certificate_returned", F, replace(THU, certificates=(CERTIFICATE,)), BANK | {"previous": "lost"}),
    ("mar_previous_certificate_returned", None, replace(THU, certificates=(CERTIFICATE,)), WED | {"previous": "lost"}),
    ("mar_lost_certificate_for_marriage", F, replace(THU, certificates=(CERTIFICATE,)), WED | {"previous": "lost"}),
    ("mar_lost_certificate_for_marriage", None, THU, WED),
]


@pytest.mark.parametrize(("rule", "expected", "person", "answers"), TABLE, ids=lambda value: str(value)[:40])
def test_each_rule_says_what_the_law_says(
    rule: str, expected: Tone | None, person: Person, answers: dict[str, Any]
) -> None:
    assert tone_of(rule, person, answers) == expected


@pytest.mark.parametrize("rule", ["cs_applicant_identified", "cs_officer_not_related", "mar_all_local_books_searched"])
def test_what_no_record_knows_is_asked_of_the_officer(rule: str) -> None:
    tones = [
        tone_of(rule, officer=without(rule)),
        tone_of(rule, officer=ALL),
        tone_of(rule, officer=ALL | {rule: False}),
    ]

    assert tones == [Tone.ASK, Tone.PASS, Tone.FAIL]


def test_a_number_that_contradicts_the_sex_is_asked_not_refused() -> None:
    tone = tone_of(
        "cs_identity_data_consistent", replace(THU, sex=Sex.MALE), officer=without("cs_identity_data_consistent")
    )

    assert tone == Tone.ASK


def test_an_officer_cannot_handle_the_own_case_whatever_he_answers() -> None:
    assert tone_of("cs_officer_not_related", officer_number="001192000000") == Tone.FAIL


def test_an_open_case_of_the_same_kind_must_be_acknowledged() -> None:
    rule = "cs_no_open_duplicate"

    tones = [
        tone_of(rule, officer=without(rule), open_cases=("A-1",)),
        tone_of(rule, open_cases=("A-1",)),
        tone_of(rule),
    ]

    assert tones == [Tone.ASK, Tone.WARN, Tone.PASS]


def test_a_closed_book_stops_the_case() -> None:
    assert tone_of("cs_book_open", book_is_open=False) == Tone.FAIL


def test_every_rule_is_in_the_table_or_in_a_test_of_its_own() -> None:
    alone = {
        "cs_applicant_identified",
        "cs_officer_not_related",
        "mar_all_local_books_searched",
        "cs_no_open_duplicate",
        "cs_book_open",
    }

    assert {rule.id for rule in catalogue()["marital_certificate"].rules} == {row[0] for row in TABLE} | alone


# --- edge cases of civil-status.md 2.8 ---
def stopping(person: Person, answers: dict[str, Any]) -> set[str]:
    application = Application(person=person, at=AT, commune="1", answers=answers, officer=ALL)
    return {finding.rule.id for finding in catalogue()["marital_certificate"].judge(application) if finding.stops}


def test_divorced_elsewhere_without_a_note_in_the_book_leaves_the_three_hour_track() -> None:
    person = replace(THU, marriages=(replace(DIVORCED, ending_confirmed=False),))

    assert stopping(person, BANK | {"declared_status": "divorced"}) == {"mar_divorce_confirmed"}


def test_moved_between_two_old_units_of_this_commune_counts_as_one_residence() -> None:
    first = replace(HOME, address="Sài Sơn", until=date(2018, 4, 30))
    second = replace(HOME, address="Thạch Thán", since=date(2018, 5, 1))

    assert stopping(replace(THU, residences=(first, second)), BANK) == set()


def test_worked_in_south_korea_needs_verification() -> None:
    assert stopping(replace(THU, residences=(HOME, ABROAD)), BANK) == {"mar_no_period_abroad"}


def test_a_woman_of_seventeen_may_not_marry_but_is_served_for_another_purpose_by_her_representative() -> None:
    girl = replace(
        THU,
        birth_date=date(2009, 5, 5),
        identity_number="001309000000",
        residences=(replace(HOME, since=date(2009, 5, 5)),),
    )

    represented = BANK | {"capacity": "legal_representative", "applicant_name": "Trần Văn Cha"}

    assert stopping(girl, WED | {"capacity": "legal_representative"}) == {"mar_age_reached_for_marriage"}
    assert stopping(girl, represented) == set()


def test_a_married_man_gets_the_truth_for_the_bank() -> None:
    wife = replace(MARRIED, spouse_name="Lê Thị Vợ", spouse_sex=Sex.FEMALE)
    man = replace(THU, identity_number="001092000000", sex=Sex.MALE, marriages=(wife,))

    assert stopping(man, BANK | {"declared_status": "married"}) == set()
    assert status_wording(man) == (
        "Hiện tại đang có vợ là bà Lê Thị Vợ (Giấy chứng nhận kết hôn số 12/2015, do UBND xã Sài Sơn cấp "
        "ngày 01 tháng 02 năm 2015)"
    )


def test_a_second_certificate_needs_the_first_one_back() -> None:
    person = replace(THU, certificates=(CERTIFICATE,))

    assert stopping(person, BANK) == {"mar_previous_certificate_returned"}


def test_a_spouse_whose_death_was_never_registered_is_no_proof_of_widowhood() -> None:
    person = replace(THU, marriages=(MARRIED,))

    assert stopping(person, BANK | {"declared_status": "widowed"}) == {
        "mar_declared_equals_record",
        "mar_spouse_death_confirmed",
    }


# --- wordings ---
@pytest.mark.parametrize(
    ("marriages", "expected"),
    [
        ((), "Hiện tại chưa đăng ký kết hôn với ai"),
        (
            (replace(MARRIED, registered=False, certificate_number="", since=None),),
            "Hiện tại đang có chồng là ông Lê Văn Chồng",
        ),
        (
            (DIVORCED,),
            "Đã đăng ký kết hôn hoặc đã có chồng, nhưng đã ly hôn theo Bản án số 45/2020/HNGĐ-ST ngày 05 tháng 01 năm "
            "2020 của Tòa án nhân dân huyện Quốc Oai; hiện tại chưa đăng ký kết hôn với ai",
        ),
        (
            (WIDOWED,),
            "Đã đăng ký kết hôn hoặc đã có chồng, nhưng chồng đã chết (Trích lục khai tử số: 08/2021 do UBND xã "
            "Sài Sơn cấp ngày 04 tháng 3 năm 2021); hiện tại chưa đăng ký kết hôn với ai",
        ),
        (
            (replace(MARRIED, ending=Ending.ANNULMENT, ended_on=date(2016, 1, 1)),),
            "Hiện tại chưa đăng ký kết hôn với ai",
        ),
    ],
    ids=["single", "de facto", "divorced", "widowed", "annulled"],
)
def test_the_status_is_printed_in_the_words_of_the_circular(marriages: tuple[Marriage, ...], expected: str) -> None:
    assert status_wording(replace(THU, marriages=marriages)) == expected


def test_single_in_an_earlier_period_names_the_period_and_the_spouse_of_today() -> None:
    wording = status_wording(
        replace(THU, marriages=(MARRIED,)), "was_single_in_period", (date(2012, 1, 1), date(2015, 1, 31))
    )

    assert wording == (
        "Trong thời gian từ ngày 01 tháng 01 năm 2012 đến ngày 31 tháng 01 năm 2015 chưa đăng ký kết hôn với ai; hiện "
        "tại đang có chồng là ông Lê Văn Chồng (Giấy chứng nhận kết hôn số 12/2015, do UBND xã Sài Sơn cấp "
        "ngày 01 tháng 02 năm 2015)"
    )


def test_the_purpose_to_marry_names_the_partner_as_the_circular_does() -> None:
    application = Application(person=THU, at=AT, commune="1", answers=WED)

    assert purpose_wording(application) == (
        "làm thủ tục kết hôn với anh Kim Min, sinh năm 1990, công dân Hàn Quốc, Hộ chiếu M0000; tại Tòa thị chính Seoul"
    )


@pytest.mark.parametrize(
    ("issued", "expires"),
    [
        (date(2026, 2, 3), date(2026, 8, 3)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2027, 6, 30)),
    ],
)
def test_a_certificate_lives_six_months(issued: date, expires: date) -> None:
    assert six_months_after(issued) == expires


# --- the form asks only what no record knows ---
def form_for(person: Person, **answers: Any) -> MaritalCertificateForm:
    return MaritalCertificateForm({**BANK, **answers}, person=person, on=AT.date())


def test_the_form_presets_the_status_on_record() -> None:
    form = MaritalCertificateForm(person=replace(THU, marriages=(DIVORCED,)), on=AT.date())

    assert form.fields["declared_status"].initial == "divorced"


def test_the_form_asks_for_the_old_certificate_only_if_there_is_one() -> None:
    assert "previous" not in form_for(THU).fields
    assert "previous" in form_for(replace(THU, certificates=(CERTIFICATE,))).fields


@pytest.mark.parametrize("typed", ["5/2/2015", "05022015", "5.2.2015", "5-2-15", "2015-02-05"])
def test_a_day_is_taken_as_people_write_it(typed: str) -> None:
    form = form_for(THU, declared_status="was_single_in_period", period_from=typed, period_to="1/3/2015")

    assert form.is_valid(), form.errors
    assert form.cleaned_data["period_from"] == date(2015, 2, 5)


def test_an_impossible_day_says_what_to_do() -> None:
    form = form_for(THU, declared_status="was_single_in_period", period_from="31/2/2015", period_to="1/3/2015")

    assert form.errors["period_from"][0] == "Ghi ngày tháng năm, ví dụ 05/02/1990."


def test_a_decomposed_purpose_is_stored_composed() -> None:
    form = form_for(THU, purpose_text="vay  vốn ngân hàng")

    assert form.is_valid(), form.errors
    assert form.cleaned_data["purpose_text"] == "vay vốn ngân hàng"
