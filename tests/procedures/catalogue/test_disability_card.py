"""Every rule of the disability card, its edge cases, its form and its papers."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pypdfium2
import pytest

from citizens.disability import (
    LINE_NUMBERS,
    TYPE_LABELS,
    Card,
    CardIssued,
    CardStatus,
    Conclusion,
    DisabilityFile,
    DisabilityType,
    Ground,
    IssueKind,
    Level,
    Representative,
    Sheet,
)
from citizens.dossier import Dossier
from citizens.person import Person, Residence, ResidenceKind
from citizens.register import Kin
from procedures.blanks import KINDS
from procedures.catalogue import Document, catalogue
from procedures.catalogue.disability_card import DisabilityCardForm
from procedures.catalogue.examples import HOME, MAN, WOMAN, someone
from procedures.papers import printing
from procedures.rules import Application, Tone

AT = datetime(2026, 11, 23, 8, 10, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
PROCEDURE = catalogue()["disability_card"]
CARD = Card(
    "012345",
    date(2020, 5, 20),
    CardStatus.ACTIVE,
    full_name="Nguyễn Văn Mẫu",
    birth_text="05/03/1985",
    sex="Nam",
    residence=HOME,
)
KEPT = DisabilityFile(
    types=(DisabilityType.MOVEMENT,),
    level=Level.SEVERE,
    determined_on=date(2020, 5, 12),
    decision="15/BB-HĐXĐKT",
    sheet=Sheet.SIX_PLUS,
    lines=("1.4",),
    activities=("with_help", *("can",) * 9),
    cards=(CARD,),
)
LOST = {"reason": "lost", "loss_declared": True, "unchanged": "yes"}
DAMAGED = {"reason": "damaged", "old_card": "returned", "unchanged": "yes"}
WRONG = {
    "reason": "wrong_info",
    "wrong_field": "full_name",
    "proof": "id_record",
    "old_card": "returned",
    "unchanged": "yes",
}
OTHER_NAME = replace(KEPT, cards=(replace(CARD, full_name="Nguyễn Văn Mâu"),))
SILENT_CARD = replace(KEPT, cards=(replace(CARD, full_name="", birth_text="", sex="", residence=""),))
CHILD = someone("001218000000", "Nguyễn Văn Con", date(2018, 4, 1))  # 8 years
TODDLER = someone("001222000000", "Nguyễn Văn Bé", date(2022, 1, 1))  # 4 years
ADULT = someone("001000000000", "Nguyễn Văn Lớn", date(2000, 4, 1))
SMALL = replace(KEPT, sheet=Sheet.UNDER_6, level=Level.EXTREME)
BY_MOTHER = LOST | {"representation": "parent", "relationship": "mother"}
BY_GUARDIAN = LOST | {"representation": "guardian", "relationship": "guardian", "authorisation": "QĐ 12/2024"}
GUARDED = replace(
    KEPT, representatives=(Representative(WOMAN.identity_number, WOMAN.full_name, Ground.GUARDIAN, "QĐ 12/2024"),)
)
BORNE = replace(
    KEPT, representatives=(Representative(WOMAN.identity_number, WOMAN.full_name, Ground.PARENT, "GKS 5/2018"),)
)
ELSEWHERE = Residence(ResidenceKind.PERMANENT, "Thanh Hóa", here=False, since=date(1985, 3, 5))
TEMPORARY = Residence(ResidenceKind.TEMPORARY, "Thôn 2, Xã Quốc Oai", here=True, since=date(2024, 1, 1))
EVERYTHING = {rule.id: True for rule in PROCEDURE.rules}


def application(
    person: Person = MAN,
    answers: dict[str, Any] = LOST,
    kept: DisabilityFile | None = KEPT,
    officer: dict[str, bool] = EVERYTHING,
    **facts: Any,
) -> Application:
    dossier = Dossier(
        disability=kept, blanks=facts.pop("blanks", {}), other_kin=Kin(parents=frozenset(facts.pop("parents", ())))
    )
    return Application(person=person, at=AT, commune="1", answers=answers, officer=officer, dossier=dossier, **facts)


def tone_of(rule: str, asked: Application) -> Tone | None:
    """What the page shows for one rule; None where the rule does not concern this application."""
    return next((finding.tone for finding in PROCEDURE.judge(asked) if finding.rule.id == rule), None)


def stopping(asked: Application) -> set[str]:
    return {finding.rule.id for finding in PROCEDURE.judge(asked) if finding.stops}


P, F, A, W = Tone.PASS, Tone.FAIL, Tone.ASK, Tone.WARN
TABLE: list[tuple[str, Tone | None, Application]] = [
    ("pilot_level_two", P, application()),
    ("pilot_level_two", F, application(replace(MAN, eid_level=1))),
    ("pilot_data_synced", P, application()),
    ("pilot_data_synced", F, application(replace(MAN, portal_synced_on=None))),
    ("dis_identity_verified", P, application()),
    ("dis_identity_verified", A, application(officer={})),
    ("dis_identity_verified", F, application(officer={"dis_identity_verified": False})),
    ("dis_identity_verified", F, application(replace(MAN, id_document_valid=False))),
    ("dis_applicant_entitled", P, application()),
    ("dis_applicant_entitled", A, application(replace(MAN, birth_date=None), officer={})),
    ("dis_applicant_entitled", F, application(CHILD)),
    ("dis_applicant_entitled", P, application(replace(MAN, birth_date=date(2011, 11, 23)))),
    ("dis_applicant_entitled", A, application(WOMAN, BY_MOTHER, officer={}, other=CHILD)),
    ("dis_applicant_entitled", P, application(WOMAN, BY_MOTHER, BORNE, officer={}, other=CHILD)),
    (
        "dis_applicant_entitled",
        P,
        application(WOMAN, BY_MOTHER, officer={}, other=CHILD, parents={WOMAN.identity_number}),
    ),
    ("dis_applicant_entitled", F, application(WOMAN, BY_MOTHER, BORNE, other=ADULT)),
    ("dis_applicant_entitled", A, application(WOMAN, BY_GUARDIAN, officer={}, other=ADULT)),
    ("dis_applicant_entitled", F, application(WOMAN, BY_GUARDIAN | {"authorisation": ""}, other=ADULT)),
    ("dis_applicant_entitled", P, application(WOMAN, BY_GUARDIAN, GUARDED, officer={}, other=ADULT)),
    ("dis_applicant_entitled", A, application(WOMAN, LOST | {"representation": "present"}, officer={}, other=ADULT)),
    ("dis_applicant_entitled", F, application(WOMAN, LOST, other=ADULT)),
    ("dis_resides_here", P, application()),
    ("dis_resides_here", F, application(replace(MAN, residences=(ELSEWHERE,)))),
    ("dis_resides_here", P, application(replace(MAN, residences=(ELSEWHERE, TEMPORARY)))),
    ("dis_resides_here", F, application(replace(MAN, residences=()))),
    ("dis_resides_here", P, application(replace(WOMAN, residences=(ELSEWHERE,)), BY_MOTHER, other=CHILD)),
    ("dis_file_kept", P, application()),
    ("dis_file_kept", F, application(kept=None)),
    ("dis_file_kept", F, application(kept=replace(KEPT, decision=""))),
    ("dis_file_kept", F, application(kept=replace(KEPT, level=None))),
    ("dis_file_kept", F, application(kept=replace(KEPT, types=()))),
    ("dis_file_kept", F, application(kept=replace(KEPT, cards=()))),
    ("dis_card_active", P, application()),
    ("dis_card_active", P, application(kept=replace(KEPT, cards=(replace(CARD, status=CardStatus.LOST),)))),
    ("dis_card_active", F, application(kept=replace(KEPT, cards=(replace(CARD, status=CardStatus.REVOKED),)))),
    ("dis_card_active", None, application(kept=None)),
    ("dis_no_wrong_conclusion", P, application()),
    (
        "dis_no_wrong_conclusion",
        F,
        application(kept=replace(KEPT, conclusions=(Conclusion("KL 5/SYT", date(2026, 1, 5)),))),
    ),
    (
        "dis_no_wrong_conclusion",
        P,
        application(kept=replace(KEPT, conclusions=(Conclusion("KL 5/SYT", date(2026, 1, 5), date(2026, 1, 9)),))),
    ),
    ("dis_no_wrong_conclusion", None, application(kept=None)),
    ("dis_reason_simple", P, application()),
    ("dis_reason_simple", P, application(answers=DAMAGED)),
    ("dis_reason_simple", P, application(answers=WRONG)),
    ("dis_reason_simple", F, application(answers={"reason": "changed_condition"})),
    ("dis_reason_simple", F, application(answers={"reason": "reached_6"})),
    ("dis_reason_simple", None, application(answers={})),
    ("dis_condition_unchanged", P, application()),
    ("dis_condition_unchanged", F, application(answers=LOST | {"unchanged": "no"})),
    ("dis_condition_unchanged", None, application(answers={})),
    ("dis_age6_ok", None, application()),
    ("dis_age6_ok", P, application(TODDLER, kept=SMALL)),
    ("dis_age6_ok", P, application(replace(TODDLER, birth_date=date(2020, 11, 24)), kept=SMALL)),
    ("dis_age6_ok", A, application(replace(TODDLER, birth_date=date(2020, 11, 23)), kept=SMALL, officer={})),
    ("dis_age6_ok", F, application(CHILD, kept=replace(SMALL, level=Level.SEVERE))),
    ("dis_age6_ok", P, application(CHILD, kept=replace(SMALL, exempt_sign="1.7"))),
    ("dis_age6_ok", F, application(CHILD, kept=replace(SMALL, exempt_sign="1.3"))),
    ("dis_age6_ok", F, application(CHILD, kept=replace(SMALL, exempt_sign="1.4"))),
    ("dis_age6_ok", F, application(CHILD, kept=SMALL, officer={"dis_age6_ok": False})),
    ("dis_age6_ok", A, application(replace(CHILD, birth_date=None), kept=SMALL, officer={})),
    ("dis_wrong_info_proved", None, application()),
    ("dis_wrong_info_proved", P, application(answers=WRONG, kept=OTHER_NAME, officer={})),
    ("dis_wrong_info_proved", F, application(answers=WRONG)),
    ("dis_wrong_info_proved", A, application(answers=WRONG, kept=SILENT_CARD, officer={})),
    ("dis_wrong_info_proved", A, application(answers=WRONG | {"wrong_field": "identity_number"}, officer={})),
    ("dis_wrong_info_proved", F, application(answers=WRONG | {"wrong_field": ""}, kept=OTHER_NAME)),
    ("dis_wrong_info_proved", F, application(answers=WRONG | {"proof": ""}, kept=OTHER_NAME)),
    ("dis_wrong_info_proved", F, application(answers=WRONG | {"proof": "other_paper"}, kept=OTHER_NAME)),
    (
        "dis_wrong_info_proved",
        A,
        application(answers=WRONG | {"proof": "other_paper", "proof_paper": "Trích lục cải chính 3/2025"}, officer={}),
    ),
    ("dis_wrong_info_scope", None, application()),
    ("dis_wrong_info_scope", P, application(answers=WRONG)),
    ("dis_wrong_info_scope", F, application(answers=WRONG | {"wrong_field": "level"})),
    ("dis_wrong_info_scope", F, application(answers=WRONG | {"wrong_field": "types"})),
    ("dis_old_card_returned", None, application()),
    ("dis_old_card_returned", P, application(answers=DAMAGED)),
    ("dis_old_card_returned", F, application(answers=DAMAGED | {"old_card": "kept"})),
    ("dis_old_card_returned", F, application(answers=WRONG | {"old_card": ""})),
    ("dis_loss_declared", P, application()),
    ("dis_loss_declared", F, application(answers=LOST | {"loss_declared": False})),
    ("dis_loss_declared", None, application(answers=DAMAGED)),
    ("dis_person_alive", P, application()),
    ("dis_person_alive", F, application(replace(MAN, deceased_on=date(2026, 1, 1)))),
    ("dis_person_alive", F, application(WOMAN, BY_MOTHER, other=replace(CHILD, deceased_on=date(2026, 1, 1)))),
    ("dis_no_open_case", P, application()),
    ("dis_no_open_case", F, application(open_cases=("A-1",))),
    ("dis_blank_available", None, application()),
    ("dis_blank_available", P, application(blanks={"disability_card": 1})),
    ("dis_blank_available", A, application(blanks={"disability_card": 0}, officer={})),
    ("dis_blank_available", W, application(blanks={"disability_card": 0})),
    ("dis_officer_not_related", P, application()),
    ("dis_officer_not_related", A, application(officer={})),
    ("dis_officer_not_related", F, application(officer_number=MAN.identity_number)),
    (
        "dis_officer_not_related",
        F,
        application(WOMAN, BY_MOTHER, other=CHILD, officer_number=CHILD.identity_number),
    ),
]


@pytest.mark.parametrize(
    ("rule", "expected", "asked"), TABLE, ids=[f"{row[0]}-{row[1]}-{at}" for at, row in enumerate(TABLE)]
)
def test_each_rule_says_what_the_law_says(rule: str, expected: Tone | None, asked: Application) -> None:
    assert tone_of(rule, asked) == expected


def test_every_rule_is_in_the_table() -> None:
    assert {rule.id for rule in PROCEDURE.rules} == {row[0] for row in TABLE}


MESSAGES = {
    "dis_identity_verified": "Chưa xác thực được danh tính người nộp. "
    "Đề nghị xuất trình thẻ căn cước hoặc VNeID mức độ 2.",
    "dis_applicant_entitled": "Chỉ người khuyết tật hoặc người đại diện hợp pháp của người khuyết tật "
    "được đề nghị cấp đổi, cấp lại.",
    "dis_resides_here": "Người khuyết tật không cư trú tại xã này. "
    "Đề nghị nộp hồ sơ tại Ủy ban nhân dân cấp xã nơi cư trú.",
    "dis_file_kept": "Không tìm thấy hồ sơ khuyết tật đang lưu giữ. "
    "Hồ sơ cần được chuyển sang thủ tục xác định mức độ khuyết tật.",
    "dis_card_active": "Giấy xác nhận khuyết tật đã bị thu hồi, không thể cấp đổi, cấp lại.",
    "dis_no_wrong_conclusion": "Đang có kết luận về việc giấy không đúng dạng hoặc mức độ khuyết tật. "
    "Hồ sơ phải xử lý theo hướng thu hồi.",
    "dis_reason_simple": "Lý do đề nghị không thuộc trường hợp giải quyết ngay. "
    "Hồ sơ chuyển sang xác định lại mức độ khuyết tật.",
    "dis_condition_unchanged": "Có thay đổi dạng hoặc mức độ khuyết tật. "
    "Cần Hội đồng xác định mức độ khuyết tật xác định lại.",
    "dis_age6_ok": "Người khuyết tật đã đủ 6 tuổi nên phải xác định lại mức độ khuyết tật trước khi cấp lại giấy.",
    "dis_wrong_info_proved": "Chưa có giấy tờ hợp lệ chứng minh thông tin cần sửa.",
    "dis_wrong_info_scope": "Chỉ được sửa thông tin nhân thân. Dạng và mức độ khuyết tật phải do Hội đồng xác định.",
    "dis_old_card_returned": "Đề nghị nộp lại Giấy xác nhận khuyết tật cũ để thu hồi.",
    "dis_loss_declared": "Đề nghị người nộp xác nhận việc mất Giấy xác nhận khuyết tật.",
    "dis_person_alive": "Người khuyết tật đã có thông tin khai tử, không giải quyết cấp giấy.",
    "dis_no_open_case": "Đã có hồ sơ đang xử lý cho người này.",
    "dis_blank_available": "Hết phôi Giấy xác nhận khuyết tật. Cấp bản điện tử và hẹn ngày trả thẻ.",
}


def test_each_rule_speaks_in_the_words_of_the_domain_file() -> None:
    assert {rule.id: rule.message for rule in PROCEDURE.rules if rule.id in MESSAGES} == MESSAGES


@pytest.mark.parametrize(
    "rule", ["dis_file_kept", "dis_reason_simple", "dis_condition_unchanged", "dis_age6_ok", "dis_wrong_info_scope"]
)
def test_what_is_the_councils_is_sent_to_the_council(rule: str) -> None:
    [found] = [known for known in PROCEDURE.rules if known.id == rule]

    assert found.leads_to.startswith("1.001699 ")


# --- edge cases of social-affairs.md 5.8 ---
def test_child_determined_at_four_now_seven_whose_card_is_lost_is_determined_anew() -> None:
    child = someone("001219000000", "Nguyễn Văn Bảy", date(2019, 11, 23))
    kept = replace(SMALL, level=Level.SEVERE, determined_on=date(2023, 12, 1))
    blind = replace(kept, level=Level.EXTREME, exempt_sign="1.5")

    assert child.age_on(AT.date()) == 7
    assert stopping(application(WOMAN, BY_MOTHER, kept, other=child)) == {"dis_age6_ok"}
    assert stopping(application(WOMAN, BY_MOTHER, blind, other=child)) == set()


def test_mother_of_an_adult_with_an_intellectual_disability_comes_alone() -> None:
    alone = application(WOMAN, BY_MOTHER, BORNE, other=ADULT)
    present = application(WOMAN, LOST | {"representation": "present"}, BORNE, other=ADULT)
    guardian = application(WOMAN, BY_GUARDIAN, GUARDED, other=ADULT)
    ruled = application(WOMAN, BY_MOTHER, BORNE, other=ADULT, rulings={"disability_card.adult_parent_enough": "yes"})

    assert stopping(alone) == {"dis_applicant_entitled"}
    assert [stopping(asked) for asked in (present, guardian, ruled)] == [set(), set(), set()]


def test_family_moved_here_and_the_file_is_kept_elsewhere() -> None:
    moved = replace(
        MAN,
        residences=(
            replace(ELSEWHERE, until=date(2026, 5, 31)),
            Residence(ResidenceKind.PERMANENT, HOME, here=True, since=date(2026, 6, 1)),
        ),
    )
    [rule] = [known for known in PROCEDURE.rules if known.id == "dis_file_kept"]

    assert stopping(application(moved, kept=None)) == {"dis_file_kept"}
    assert "đề nghị xã đó chuyển hồ sơ" in rule.leads_to
    assert stopping(application(moved)) == set()


def test_card_says_severe_and_the_person_says_it_should_be_extreme() -> None:
    as_wrong = WRONG | {"wrong_field": "level", "proof": "other_paper", "proof_paper": "Bệnh án", "unchanged": "no"}

    assert stopping(application(answers=as_wrong)) == {"dis_condition_unchanged", "dis_wrong_info_scope"}
    assert stopping(application(answers=LOST | {"unchanged": "no"})) == {"dis_condition_unchanged"}


def test_id_card_has_a_new_number_or_a_corrected_birth_year_and_the_card_is_exchanged_at_once() -> None:
    old = replace(KEPT, cards=(replace(CARD, birth_text="05/03/1958"),))
    year = application(answers=WRONG | {"wrong_field": "birth_date"}, kept=old)
    number = application(answers=WRONG | {"wrong_field": "identity_number"})

    assert stopping(year) == stopping(number) == set()
    [effect] = PROCEDURE.effects(year, on=AT.date())
    assert isinstance(effect, CardIssued)
    assert (effect.kind, effect.closes_as) == (IssueKind.EXCHANGE, CardStatus.REPLACED)
    assert effect.birth_text == "05/03/1985"
    assert PROCEDURE.follow_ups(year, on=AT.date()) == ("Lưu giấy cũ số 012345 đã thu hồi vào hồ sơ khuyết tật.",)


# --- effects and numbers ---
def test_a_lost_card_closes_as_lost_and_the_next_keeps_its_number_with_a_counter() -> None:
    [effect] = PROCEDURE.effects(application(), on=AT.date())

    assert effect == CardIssued(
        document="disability_card",
        number="012345",
        times=1,
        kind=IssueKind.REISSUE,
        reason="Mất Giấy xác nhận khuyết tật",
        closes_as=CardStatus.LOST,
        full_name="Nguyễn Văn Mẫu",
        birth_text="05/03/1985",
        sex="Nam",
        residence=HOME,
    )


def test_a_ruled_pattern_counts_from_the_first_card_not_from_the_last() -> None:
    twice = replace(KEPT, cards=(replace(CARD, status=CardStatus.REPLACED), replace(CARD, number="012345-1", times=1)))
    rulings = {"disability_card.number_pattern": "{số cũ}-{lần}/{năm}"}

    [effect] = PROCEDURE.effects(application(kept=twice, rulings=rulings), on=AT.date())

    assert isinstance(effect, CardIssued)
    assert (effect.number, effect.times) == ("012345-2/2026", 2)


def test_a_guardian_not_yet_in_the_file_is_to_be_recorded() -> None:
    new = application(WOMAN, BY_GUARDIAN, other=ADULT)
    known = application(WOMAN, BY_GUARDIAN, GUARDED, other=ADULT)

    assert PROCEDURE.follow_ups(new, on=AT.date()) == ("Ghi người giám hộ Trần Thị Thử vào hồ sơ khuyết tật.",)
    assert PROCEDURE.follow_ups(known, on=AT.date()) == ()


def test_the_slip_is_the_receipt_for_the_old_card() -> None:
    assert PROCEDURE.handed_in(application()) == ["Đơn đề nghị (Mẫu số 01)"]
    assert PROCEDURE.handed_in(application(answers=DAMAGED)) == [
        "Đơn đề nghị (Mẫu số 01)",
        "Giấy xác nhận khuyết tật cũ số 012345 (thu hồi)",
    ]


# --- the form ---
def form(other: Person | None = None, kept: DisabilityFile | None = KEPT, **answers: Any) -> DisabilityCardForm:
    person = WOMAN if other else MAN
    return DisabilityCardForm(
        answers or None, person=person, on=AT.date(), other=other, dossier=Dossier(disability=kept)
    )


def test_who_comes_for_himself_is_not_asked_whom_he_represents() -> None:
    assert "representation" not in form().fields
    assert "representation" in form(CHILD).fields


def test_the_form_never_asks_for_type_or_severity_and_shows_what_the_file_says() -> None:
    fields = form().fields

    assert not {"types", "level", "declared_types", "activities"} & fields.keys()
    assert "Khuyết tật vận động; mức độ: Nặng" in str(fields["unchanged"].help_text)


def test_what_the_old_card_prints_otherwise_is_suggested() -> None:
    one, two = form(kept=OTHER_NAME), form(kept=replace(KEPT, cards=(replace(CARD, sex="Nữ", birth_text="1985"),)))

    assert (one.fields["wrong_field"].initial, one.fields["proof"].initial) == ("full_name", "id_record")
    assert two.fields["wrong_field"].initial == "several"
    assert form().fields["wrong_field"].initial is None


def test_a_recorded_guardian_needs_no_typing() -> None:
    suggested = form(ADULT, GUARDED).fields

    assert suggested["representation"].initial == "guardian"
    assert suggested["authorisation"].initial == "QĐ 12/2024"
    assert form(CHILD).fields["representation"].initial == "parent"


def test_another_relationship_has_to_be_named() -> None:
    asked = form(ADULT, reason="lost", unchanged="yes", representation="guardian", relationship="other")

    assert asked.errors == {"relationship_text": ["Ghi rõ mối quan hệ."]}


# --- the papers ---
FRAME: dict[str, Any] = {
    "head": {"superior": "THÀNH PHỐ HÀ NỘI", "issuer": "ỦY BAN NHÂN DÂN XÃ QUỐC OAI"},
    "place": "Quốc Oai",
    "test": False,
    "draft": False,
    "number": "03",
    "symbol": "2026",
    "issued_on": AT.date(),
    "signer": {"lines": ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"], "name": "Đỗ Hữu Sơn"},
    "check_link": "HTTPS://MOTCUA.EXAMPLE.VN/K/09895/7ZK3M9QX0T4B8C2V6H1N5PWRDY",
    "case_code": "H26.895.00-261123-0001",
}


def printed(asked: Application, key: str) -> tuple[printing.Sheet, str]:
    """The paper and its text, each page's lines as they stand."""
    documents: list[Document] = [*PROCEDURE.documents(asked, on=AT.date()), *PROCEDURE.declarations(asked)]
    [document] = [known for known in documents if known.key == key]
    facts = PROCEDURE.facts(asked, document, on=AT.date(), numbers={})
    sheet = printing.paper(document.template, FRAME | dict(facts))
    pages = pypdfium2.PdfDocument(io.BytesIO(sheet.pdf))
    return sheet, "\n".join(page.get_textpage().get_text_range() for page in pages).translate({0x0D: "", 0xFFFE: "-"})


def test_the_card_prints_each_line_of_the_layout_in_its_order() -> None:
    sheet, text = printed(application(), "disability_card")

    assert text.splitlines() == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "GIẤY XÁC NHẬN KHUYẾT TẬT",
        "Họ và tên: NGUYỄN VĂN MẪU",
        "Ngày, tháng, năm sinh: 05/03/1985 Giới tính: Nam",
        "Nơi cư trú: Thôn 1, Xã Quốc Oai, Thành phố Hà Nội",
        "Dạng khuyết tật: Khuyết tật vận động",
        "Mức độ khuyết tật: Nặng",
        "Số hiệu: 012345 Quốc Oai, ngày 23 tháng 11 năm 2026",
        "KT. CHỦ TỊCH",
        "PHÓ CHỦ TỊCH",
        "Đỗ Hữu Sơn",
    ]
    page = pypdfium2.PdfDocument(io.BytesIO(sheet.pdf))[0]
    assert [round(side * 25.4 / 72) for side in page.get_size()] == [98, 66]


LONG_HOME = (
    "Số nhà 12, ngõ 35, ngách 7, khu tập thể Nhà máy Thử Nghiệm cũ, cạnh trạm bơm Đồng Lư, tổ dân phố số 4, khu phố "
    "Phủ Quốc, đường Giả Định kéo dài, Thôn Thử Nghiệm Đồng Lư, Xã Quốc Oai, Thành phố Hà Nội"
)


def test_the_longest_lines_end_above_the_foot_of_the_card() -> None:
    long = replace(
        MAN,
        full_name="Nguyễn Phúc Hoàng Trương Thị Thuỳ Khương",
        residences=(replace(MAN.residences[0], address=LONG_HOME),),
    )
    sheet, _ = printed(application(long, kept=replace(KEPT, types=tuple(DisabilityType))), "disability_card")
    page = pypdfium2.PdfDocument(io.BytesIO(sheet.pdf))[0].get_textpage()

    def span(words: str) -> tuple[float, float]:
        """Bottom and top of the first letter, in points from the lower edge."""
        found = page.search(words).get_next()
        assert found is not None, words
        _, bottom, _, top = page.get_charbox(found[0])
        return bottom, top

    assert span("Mức độ khuyết tật")[0] > span("Số hiệu")[1]
    assert sheet.pages == 1


def test_a_commune_rules_on_words_and_order_of_the_card_without_a_programmer() -> None:
    rulings = {
        "disability_card.residence_label": "Nơi đăng ký thường trú:",
        "disability_card.line_order": "1, 2, 4, 5, 3",
        "disability_card.first_issue_line": "yes",
    }

    _, text = printed(application(rulings=rulings), "disability_card")
    _, broken = printed(application(rulings={"disability_card.line_order": "1 1 9"}), "disability_card")

    assert text.splitlines()[3:10] == [
        "Họ và tên: NGUYỄN VĂN MẪU",
        "Ngày, tháng, năm sinh: 05/03/1985 Giới tính: Nam",
        "Dạng khuyết tật: Khuyết tật vận động",
        "Mức độ khuyết tật: Nặng",
        "Nơi đăng ký thường trú: Thôn 1, Xã Quốc Oai, Thành phố Hà Nội",
        "Số hiệu: 012345",
        "Cấp lần đầu: 20/05/2020",
    ]
    assert broken.splitlines()[5] == "Nơi cư trú: Thôn 1, Xã Quốc Oai, Thành phố Hà Nội"


def test_several_types_stand_joined_in_the_order_of_the_law() -> None:
    kept = replace(KEPT, types=(DisabilityType.OTHER, DisabilityType.SIGHT))

    _, text = printed(application(kept=kept), "disability_card")

    assert "Dạng khuyết tật: Khuyết tật nhìn; Khuyết tật khác" in text


def test_the_electronic_copy_says_the_same_with_its_caption_and_check_code() -> None:
    sheet, text = printed(application(), "electronic_copy")

    lines = text.splitlines()
    for line in (
        "GIẤY XÁC NHẬN KHUYẾT TẬT",
        "Bản điện tử Giấy xác nhận khuyết tật",
        "Họ và tên: NGUYỄN VĂN MẪU",
        "Nơi cư trú: Thôn 1, Xã Quốc Oai, Thành phố Hà Nội",
        "Dạng khuyết tật: Khuyết tật vận động",
        "Mức độ khuyết tật: Nặng",
        "Mã tra cứu hồ sơ",
        "PHÓ CHỦ TỊCH",
    ):
        assert line in lines, line
    assert "Số hiệu: 012345" in text
    assert "7ZK3M9QX0T4B8C2V6H1N5PWRDY" in text
    page = pypdfium2.PdfDocument(io.BytesIO(sheet.pdf))[0]
    assert [round(side * 25.4 / 72) for side in page.get_size()] == [148, 210]


def test_the_overprint_gets_each_value_by_the_name_of_its_place() -> None:
    asked = application()
    [card, _] = PROCEDURE.documents(asked, on=AT.date())

    facts: Any = PROCEDURE.facts(asked, card, on=AT.date(), numbers={})

    assert card.blank == "disability_card"
    assert {name for name, _ in facts["fields"]} <= {place.name for place in KINDS[card.blank].fields}
    assert facts["fields"] == [
        ("full_name", "NGUYỄN VĂN MẪU"),
        ("birth_date", "05/03/1985"),
        ("sex", "Nam"),
        ("residence", HOME),
        ("types", "Khuyết tật vận động"),
        ("level", "Nặng"),
        ("number", "012345"),
    ]


APPLICATION_LINES = (
    "Mẫu số 01",
    "Kính gửi: Chủ tịch Ủy ban nhân dân xã Quốc Oai",
    "Thành phố Hà Nội",
    "Sau khi tìm hiểu quy định về xác định mức độ khuyết tật, tôi đề nghị:",
    "Xác định mức độ khuyết tật và cấp Giấy xác nhận khuyết tật",
    "Xác định lại mức độ khuyết tật và cấp Giấy xác nhận khuyết tật",
    "x Cấp lại Giấy xác nhận khuyết tật",
    "Cấp đổi Giấy xác nhận khuyết tật",
    "Lý do cấp đổi, cấp lại: Mất Giấy xác nhận khuyết tật.",
    "I. Thông tin người được xác định mức độ khuyết tật",
    "- Họ và tên: NGUYỄN VĂN MẪU",
    "- Ngày, tháng, năm sinh: 05/03/1985 Giới tính: Nam",
    "- Số CMND hoặc căn cước công dân: 001085000000",
    "- Nơi ở hiện nay: Thôn 1, Xã Quốc Oai, Thành phố Hà Nội",
    "II. Thông tin người đại diện hợp pháp (nếu có)",
    "III. Thông tin về tình trạng khuyết tật",
    "1. Thông tin về dạng khuyết tật (Đánh dấu x vào ô tương ứng)",
    "2. Thông tin về mức độ khuyết tật (Trường hợp trẻ em dưới 6 tuổi không phải kê khai)",
    "Người viết đơn",
    "(Ký và ghi rõ họ tên)",
)


def test_the_application_prints_the_lines_of_form_01_filled_in() -> None:
    sheet, text = printed(application(), "application")

    lines = [line.strip() for line in text.splitlines()]
    missing = [line for line in APPLICATION_LINES if not any(line in found for found in lines)]
    assert missing == []
    assert [lines.index(line) for line in APPLICATION_LINES if line in lines] == sorted(
        lines.index(line) for line in APPLICATION_LINES if line in lines
    )
    assert "(Ban hành kèm theo Thông tư số 01/2019/TT-BLĐTBXH ngày 02 tháng 01 năm 2019)" in " ".join(lines)
    assert "BẢN XEM TRƯỚC" not in text
    assert sheet.pages == 2


def test_part_three_ticks_what_the_file_says_and_nothing_else() -> None:
    asked = application()
    [form_01] = PROCEDURE.declarations(asked)

    facts: Any = PROCEDURE.facts(asked, form_01, on=AT.date(), numbers={})
    part = facts["part_three"]

    assert [group["label"] for group in part["groups"]] == list(TYPE_LABELS.values())
    assert [group["has"] for group in part["groups"]] == [True, False, False, False, False, False]
    ticked = [line["number"] for group in part["groups"] for line in group["lines"] if line["has"]]
    assert ticked == ["1.4"]
    assert [line["number"] for group in part["groups"] for line in group["lines"]] == list(LINE_NUMBERS)
    assert part["columns"] == [
        "Thực hiện được",
        "Thực hiện được nhưng cần trợ giúp",
        "Không thực hiện được",
        "Không xác định được",
    ]
    assert [row["ticks"].index(True) for row in part["activities"]] == [1, *[0] * 9]


def test_an_exchange_leaves_part_three_away_and_a_small_child_its_activities() -> None:
    exchanged, _ = printed(application(answers=DAMAGED), "application")
    child: Any = PROCEDURE.facts(
        application(WOMAN, BY_MOTHER, SMALL, other=TODDLER),
        PROCEDURE.declarations(application())[0],
        on=AT.date(),
        numbers={},
    )

    assert "III. Thông tin về tình trạng khuyết tật" not in exchanged.html
    assert exchanged.pages == 1
    assert child["part_three"]["activities"] == []


def test_the_application_names_the_representative_who_writes_it() -> None:
    asked = application(WOMAN, BY_MOTHER | {"phone": "0912 000 000"}, BORNE, other=CHILD)

    sheet, text = printed(asked, "application")

    for line in (
        "- Họ và tên: NGUYỄN VĂN CON",
        "- Họ và tên: TRẦN THỊ THỬ",
        "- Mối quan hệ với người được xác định khuyết tật: Mẹ",
        "- Số CMND hoặc căn cước công dân: 001192000000",
        "- Số điện thoại: 0912 000 000",
    ):
        assert line in text, line
    assert [line.strip() for line in text.splitlines()[-2:]] == ["Trần Thị Thử", "2"], "the name, then the page number"
    assert sheet.pages == 2


def test_the_line_of_the_household_is_a_setting() -> None:
    _, without = printed(application(), "application")
    _, with_it = printed(application(rulings={"disability_application.household_line": "yes"}), "application")

    assert "Hộ khẩu thường trú" not in without
    assert "- Hộ khẩu thường trú: Thôn 1, Xã Quốc Oai" in with_it
