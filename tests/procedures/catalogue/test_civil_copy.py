"""Every rule of copies from the books: lets through, stops, asks; the edge cases of 1.8; papers, fee, both laws."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pypdfium2
import pytest

from citizens.dossier import Dossier
from citizens.person import Ending, Marriage, Person, Sex
from citizens.register import Entry, EventKind, Kin, Named, Note, Part, Standing
from procedures import papers
from procedures.catalogue import catalogue
from procedures.catalogue.civil_copy import CivilCopyForm, entry_label
from procedures.catalogue.examples import MAN, WOMAN, someone
from procedures.papers import printing
from procedures.rules import Application, Tone
from procedures.wordings import civil_copy as copy_papers

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
AT = datetime(2026, 11, 23, 8, 10, tzinfo=HANOI)
LAST_DAY, FIRST_DAY = datetime(2027, 2, 28, 8, 10, tzinfo=HANOI), datetime(2027, 3, 1, 8, 10, tzinfo=HANOI)
COPY = catalogue()["civil_copy"]
YES = {rule.id: True for rule in COPY.rules}
NO = dict.fromkeys(YES, False)
SAI_SON = "UBND xã Sài Sơn, huyện Quốc Oai, tỉnh Hà Tây"


def named(part: Part, person: Person, **texts: str) -> Named:
    facts = {"birth_text": person.birth_text, "ethnicity": "Kinh", "nationality": "Việt Nam"}
    return Named(part, person.full_name, identity_number=person.identity_number, **facts | texts)  # type: ignore[arg-type]


BIRTH = Entry(
    id=7,
    kind=EventKind.BIRTH,
    number="41/1992",
    volume="01",
    registered_on=date(1992, 10, 2),
    registered_text="02/10/1992",
    unit=SAI_SON,
    here=True,
    standing=Standing.ACTIVE,
    persons=(
        named(Part.SUBJECT, WOMAN, sex="Nữ"),
        Named(Part.MOTHER, "Nguyễn Thị Lụa", "1960", ethnicity="Kinh", nationality="Việt Nam", residence="Xã Sài Sơn"),
        Named(Part.FATHER, "Trần Văn Thầy", "1957", ethnicity="Mường", nationality="Việt Nam", residence="Xã Yên Sơn"),
    ),
    facts={"birth_place": "Trạm xá xã Sài Sơn", "home_town": "Xã Sài Sơn, tỉnh Hà Tây"},
    checked_on=date(2026, 1, 5),
)
DIVORCE_NOTE = Note("Đã ly hôn, có hiệu lực từ ngày 12/06/2019", "Bản án số 45/2019/HNGĐ-ST", date(2019, 6, 20))
WEDDING = Entry(
    id=8,
    kind=EventKind.MARRIAGE,
    number="12/2015",
    volume="01",
    registered_on=date(2015, 2, 6),
    registered_text="06/02/2015",
    unit=SAI_SON,
    here=True,
    standing=Standing.ACTIVE,
    persons=(
        named(Part.WIFE, WOMAN, residence="Thôn Thử", id_document="CMND số 111234568"),
        named(Part.HUSBAND, MAN, residence="Thôn Mẫu", id_document="CMND số 111234567"),
    ),
    checked_on=date(2026, 1, 5),
)
FATHER = replace(someone("001050000001", "Hoàng Văn Cụ", date(1950, 3, 3)), deceased_on=date(2024, 12, 24), eid_level=0)
DEATH = Entry(
    id=9,
    kind=EventKind.DEATH,
    number="88/2024",
    volume="02",
    registered_on=date(2024, 12, 30),
    registered_text="30/12/2024",
    unit="UBND thị trấn Quốc Oai, huyện Quốc Oai, thành phố Hà Nội",
    here=True,
    standing=Standing.ACTIVE,
    persons=(
        named(
            Part.SUBJECT,
            FATHER,
            sex="Nam",
            written_number=FATHER.identity_number,
            id_document="Căn cước công dân số 001050000001",
        ),
        Named(Part.DECLARANT, MAN.full_name, identity_number=MAN.identity_number),
    ),
    facts={
        "died_on": "24/12/2024",
        "died_at": "02 giờ 15 phút, ngày 24 tháng 12 năm 2024",
        "place_of_death": "Thôn 1, thị trấn Quốc Oai",
        "cause_of_death": "Bệnh tim",
    },
    checked_on=date(2026, 1, 5),
)
CHILD = someone("001218000001", "Trần Bảo Con", date(2018, 7, 20))
OF_CHILD = replace(
    BIRTH, id=10, number="118/2018", persons=(named(Part.SUBJECT, CHILD, sex="Nam"),), registered_on=date(2018, 8, 3)
)
SELF = {"entry": "7", "copies": 1, "capacity": "self", "fee": "paid"}
LETTER = {
    "capacity": "organisation",
    "letter_sender": "Tòa án nhân dân khu vực 8",
    "letter_number": "15/CV-TA",
    "letter_date": date(2026, 11, 20),
    "letter_reason": "giải quyết vụ án thừa kế",
}


def wish(
    answers: Mapping[str, Any] = SELF,
    *entries: Entry,
    person: Person = WOMAN,
    other: Person | None = None,
    officer: Mapping[str, bool] = YES,
    at: datetime = AT,
    kin: Kin | None = None,
    **facts: Any,
) -> Application:
    dossier = Dossier(entries=entries or (BIRTH,), other_kin=kin or Kin())
    return Application(
        person=person, other=other, at=at, commune="1", answers=answers, officer=officer, dossier=dossier, **facts
    )


def tone_of(rule: str, application: Application) -> Tone | None:
    """What the page shows for one rule; None where the rule does not concern this application."""
    return next((found.tone for found in COPY.judge(application) if found.rule.id == rule), None)


def unanswered(application: Application) -> Application:
    return replace(application, officer={})


P, F, A, W = Tone.PASS, Tone.FAIL, Tone.ASK, Tone.WARN
ENDED = Marriage(
    "Nguyễn Văn Mẫu",
    Sex.MALE,
    registered=True,
    certificate_number="12/2015",
    since=date(2015, 2, 6),
    ending=Ending.DIVORCE,
    ended_on=date(2026, 10, 30),
)
OLD = replace(
    WEDDING,
    persons=(
        Named(Part.WIFE, "Trần Thị Thử", "1992", identity_number="111234568"),
        Named(Part.HUSBAND, "Nguyễn Văn Mẫu", "", identity_number="111234567"),
    ),
)
MINOR = someone("001209000001", "Lê Thị Trẻ", date(2009, 5, 5))
OTHER_OLD = {"entry": "8", "copies": 1, "capacity": "self", "fee": "paid"}

TABLE: list[tuple[str, Tone | None, Application]] = [
    ("pilot_level_two", P, wish()),
    ("pilot_level_two", F, wish(person=replace(WOMAN, eid_level=1))),
    ("pilot_data_synced", P, wish()),
    ("pilot_data_synced", F, wish(person=replace(WOMAN, portal_synced_on=None))),
    ("cs_applicant_identified", P, wish()),
    ("cs_applicant_identified", A, unanswered(wish())),
    ("cs_id_document_valid", P, wish()),
    ("cs_id_document_valid", F, wish(person=replace(WOMAN, id_document_valid=False))),
    ("cs_id_document_valid", None, wish(person=replace(WOMAN, id_document_valid=None))),
    ("cs_identity_data_consistent", P, wish()),
    ("cs_identity_data_consistent", A, unanswered(wish(person=replace(WOMAN, birth_date=date(1990, 1, 1))))),
    ("cs_applicant_capacity", P, wish()),
    ("cs_applicant_capacity", F, wish(person=MINOR)),
    ("cs_applicant_capacity", F, wish(SELF | {"capacity": "legal_representative"}, person=MINOR)),
    ("cs_applicant_capacity", A, unanswered(wish(person=replace(WOMAN, birth_date=None)))),
    ("cs_proxy_document", None, wish()),
    ("cs_proxy_document", F, wish(SELF | {"capacity": "proxy_other"}, other=WOMAN, person=MAN)),
    (
        "cs_proxy_document",
        P,
        wish(SELF | {"capacity": "proxy_other", "authorisation": "Số 1, VPCC A"}, other=WOMAN, person=MAN),
    ),
    ("cs_subject_alive", None, wish(other=FATHER)),
    ("cs_officer_not_related", P, wish()),
    ("cs_officer_not_related", F, wish(officer_number=WOMAN.identity_number)),
    ("cs_no_forged_papers", None, wish()),
    ("cs_no_forged_papers", F, wish(SELF | {"capacity": "legal_representative"}, officer=NO)),
    ("cs_fee_settled", P, wish()),
    ("cs_fee_settled", P, wish(SELF | {"fee": "exempt_merit"})),
    ("cs_fee_settled", F, wish(SELF | {"fee": "unpaid"})),
    ("cs_no_open_duplicate", P, wish()),
    ("cs_no_open_duplicate", A, unanswered(wish(open_cases=("H26",)))),
    ("cs_book_open", P, wish()),
    ("cs_book_open", F, wish(book_is_open=False)),
    # --- copy_applicant_entitled ---
    ("copy_applicant_entitled", P, wish()),
    ("copy_applicant_entitled", None, wish({"entry": "none"})),
    ("copy_applicant_entitled", F, wish(person=MAN)),
    ("copy_applicant_entitled", F, wish(SELF | {"capacity": "relative", "entry": "8"}, WEDDING, other=WOMAN,
                                        person=someone("001080000077", "Lê Văn Lạ", date(1980, 1, 1)))),
    ("copy_applicant_entitled", P, wish(SELF | {"entry": "8"}, WEDDING, person=MAN)),
    ("copy_applicant_entitled", P, wish(SELF | {"capacity": "proxy_close_relative"}, person=MAN, other=WOMAN)),
    ("copy_applicant_entitled", F, wish(SELF | {"capacity": "proxy_close_relative"}, person=MAN, other=CHILD)),
    (
        "copy_applicant_entitled",
        P,
        wish(
            SELF | {"entry": "10", "capacity": "legal_representative"},
            OF_CHILD,
            other=CHILD,
            kin=Kin(parents=frozenset({WOMAN.identity_number})),
            officer={},
        ),
    ),
    (
        "copy_applicant_entitled",
        A,
        wish(SELF | {"entry": "10", "capacity": "legal_representative"}, OF_CHILD, other=CHILD, officer={}),
    ),
    ("copy_applicant_entitled", P, wish(SELF | LETTER, person=MAN)),
    ("copy_applicant_entitled", A, unanswered(wish(OTHER_OLD, OLD))),
    ("copy_applicant_entitled", P, wish(OTHER_OLD, OLD)),
    ("copy_applicant_entitled", F, wish(OTHER_OLD, OLD, officer=NO)),
    ("copy_applicant_entitled", F, wish(OTHER_OLD, OLD, person=replace(WOMAN, identity_number="001170000009",
                                                                    birth_text="17/09/1970"))),
    # --- copy_dead_subject_relative ---
    ("copy_dead_subject_relative", None, wish()),
    ("copy_dead_subject_relative", W, wish(SELF | {"entry": "9"}, DEATH, person=MAN, other=FATHER)),
    ("copy_dead_subject_relative", A, unanswered(wish(SELF | {"entry": "9"}, DEATH, person=MAN, other=FATHER))),
    ("copy_dead_subject_relative", None, wish(SELF | LETTER | {"entry": "9"}, DEATH, person=MAN, other=FATHER)),
    ("copy_dead_subject_relative", None, wish({"entry": "none"}, DEATH, other=FATHER)),
    # --- copy_event_registered ---
    ("copy_event_registered", P, wish()),
    ("copy_event_registered", F, wish({"entry": "none"})),
    ("copy_event_registered", F, wish({"entry": "none", "book_state": "searched"})),
    ("copy_event_registered", None, wish({"entry": "none", "book_state": "elsewhere"})),
    ("copy_event_registered", None, wish({})),
    # --- copy_entry_unique ---
    ("copy_entry_unique", P, wish()),
    ("copy_entry_unique", P, wish(SELF, BIRTH, WEDDING)),
    ("copy_entry_unique", A, unanswered(wish(SELF, BIRTH, replace(BIRTH, id=70, number="55/1992")))),
    ("copy_entry_unique", P, wish(SELF, BIRTH, replace(BIRTH, id=70, number="55/1992"))),
    ("copy_entry_unique", F, wish(SELF, BIRTH, replace(BIRTH, id=70), officer=NO)),
    ("copy_entry_unique", P, wish(SELF, BIRTH, replace(BIRTH, id=70, standing=Standing.CANCELLED), officer={})),
    ("copy_entry_unique", None, wish({"entry": "none"})),
    # --- copy_unit_manages_data ---
    ("copy_unit_manages_data", P, wish()),
    ("copy_unit_manages_data", P, wish(SELF, replace(BIRTH, here=False))),
    ("copy_unit_manages_data", F, wish(SELF, replace(BIRTH, here=False, registered_on=None, registered_text=""))),
    ("copy_unit_manages_data", F, wish({"entry": "none", "book_state": "elsewhere"})),
    ("copy_unit_manages_data", None, wish({"entry": "none", "book_state": "searched"})),
    # --- copy_book_matches_database ---
    ("copy_book_matches_database", P, wish(officer={})),
    ("copy_book_matches_database", A, wish(SELF, replace(BIRTH, checked_on=None), officer={})),
    ("copy_book_matches_database", P, wish(SELF, replace(BIRTH, checked_on=None))),
    ("copy_book_matches_database", F, wish(SELF, replace(BIRTH, checked_on=None), officer=NO)),
    ("copy_book_matches_database", F, wish(SELF | {"entry_read": "0" * 16})),
    ("copy_book_matches_database", None, wish({"entry": "none"})),
    # --- copy_entry_active ---
    ("copy_entry_active", P, wish()),
    ("copy_entry_active", F, wish(SELF, replace(BIRTH, standing=Standing.CANCELLED))),
    ("copy_entry_active", F, wish(SELF, replace(BIRTH, standing=Standing.REVOKED))),
    ("copy_entry_active", None, wish({"entry": "none"})),
    # --- copy_annotations_included ---
    ("copy_annotations_included", P, wish()),
    ("copy_annotations_included", P, wish(SELF | {"notes": [DIVORCE_NOTE.text]},
                                          replace(BIRTH, notes=(DIVORCE_NOTE,)))),
    ("copy_annotations_included", F, wish(SELF | {"notes": []}, replace(BIRTH, notes=(DIVORCE_NOTE,)))),
    ("copy_annotations_included", F, wish(OTHER_OLD, WEDDING, person=replace(WOMAN, marriages=(ENDED,)))),
    ("copy_annotations_included", None, wish({"entry": "none"})),
    # --- copy_quantity_valid ---
    ("copy_quantity_valid", P, wish()),
    ("copy_quantity_valid", P, wish(SELF | {"copies": 20})),
    ("copy_quantity_valid", F, wish(SELF | {"copies": 21})),
    ("copy_quantity_valid", P, wish(SELF | {"copies": 21}, rulings={"civil_copy.copies_at_most": "30"})),
    ("copy_quantity_valid", F, wish(SELF | {"copies": 0})),
    ("copy_quantity_valid", None, wish({})),
    # --- copy_reason_given ---
    ("copy_reason_given", None, wish()),
    ("copy_reason_given", P, wish(SELF | LETTER)),
    ("copy_reason_given", F, wish(SELF | LETTER | {"letter_reason": ""})),
    ("copy_reason_given", F, wish(SELF | LETTER | {"letter_date": None})),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "tone", "application"), TABLE, ids=[f"{row[0]}-{row[1]}" for row in TABLE])
def test_rule(rule: str, tone: Tone | None, application: Application) -> None:
    assert tone_of(rule, application) == tone


def test_every_rule_stands_in_the_table() -> None:
    assert {rule.id for rule in COPY.rules} == {row[0] for row in TABLE} - {"cs_subject_alive"}


def test_a_relative_of_the_dead_may_be_refused_by_a_ruling() -> None:
    application = wish(
        SELF | {"entry": "9", "capacity": "relative"},
        DEATH,
        person=MAN,
        other=FATHER,
        rulings={"civil_copy.relatives_of_the_dead": "no"},
    )

    assert tone_of("copy_applicant_entitled", application) == Tone.FAIL
    assert tone_of("copy_dead_subject_relative", application) is None


# --- the edge cases of civil-status.md 1.8 ---
def texts(application: Application) -> list[str]:
    """The lines of the paper as they are read, label and value."""
    return [
        " ".join(f"{piece.label}: {piece.value}".strip() if piece.label else piece.value for piece in row)
        for row in copy_papers.rows_of(application)
    ]


def test_the_birth_book_of_1975_is_lost_and_no_data() -> None:
    lost = wish({"entry": "none", "event_kind": "birth", "book_state": "searched", "copies": 1})
    [failed] = [found for found in COPY.judge(lost) if found.tone == Tone.FAIL]

    assert failed.rule.id == "copy_event_registered"
    assert "1.004884" in failed.rule.leads_to
    assert "1.004746" in failed.rule.leads_to
    assert "1.005461" in failed.rule.leads_to


def test_entry_made_by_ubnd_xa_sai_son_asked_at_xa_quoc_oai() -> None:
    application = wish()

    assert tone_of("copy_unit_manages_data", application) == Tone.PASS
    assert f"Đăng ký khai sinh tại: {SAI_SON}" in texts(application)


def test_extract_quotes_cmnd_and_the_person_now_has_cccd() -> None:
    entry = replace(
        OLD, persons=(replace(OLD.persons[0], id_document="Chứng minh nhân dân số 111234568"), OLD.persons[1])
    )
    application = wish(OTHER_OLD, entry)

    assert tone_of("copy_applicant_entitled", unanswered(application)) == Tone.ASK
    assert "Giấy tờ tùy thân: Chứng minh nhân dân số 111234568" in texts(application)
    assert WOMAN.identity_number not in " ".join(texts(application))


def test_marriage_entry_has_a_divorce_annotation() -> None:
    application = wish(OTHER_OLD, replace(WEDDING, notes=(DIVORCE_NOTE,)))
    lines = texts(application)

    assert lines[-1] == (
        "Ghi chú: Đã ly hôn, có hiệu lực từ ngày 12/06/2019 "
        "(căn cứ: Bản án số 45/2019/HNGĐ-ST; ghi ngày 20 tháng 6 năm 2019)."
    )
    assert "Họ, chữ đệm, tên chồng: Nguyễn Văn Mẫu" in lines


def test_the_court_notice_arrived_but_is_not_yet_written_in_the_book() -> None:
    told = replace(WOMAN, marriages=(ENDED,))

    assert tone_of("copy_annotations_included", wish(OTHER_OLD, WEDDING, person=told)) == Tone.FAIL
    written = replace(WEDDING, notes=(DIVORCE_NOTE,))
    assert tone_of("copy_annotations_included", wish(OTHER_OLD, written, person=told)) == Tone.PASS


def test_son_asks_for_the_birth_extract_of_his_dead_father() -> None:
    of_father = replace(BIRTH, id=11, persons=(named(Part.SUBJECT, FATHER),))
    said = {"entry": "11", "copies": 1, "capacity": "relative", "relationship": "Con", "fee": "paid"}
    application = wish(said, of_father, person=MAN, other=FATHER, officer={})

    assert tone_of("copy_applicant_entitled", application) is None
    assert tone_of("copy_dead_subject_relative", application) == Tone.ASK
    assert tone_of("copy_dead_subject_relative", replace(application, officer=YES)) == Tone.WARN
    assert tone_of("copy_dead_subject_relative", wish(said | LETTER, of_father, person=MAN, other=FATHER)) is None


def test_a_dead_father_without_a_record_is_told_by_the_relative_and_confirmed_by_the_officer() -> None:
    nameless = replace(BIRTH, id=12, persons=(Named(Part.SUBJECT, "Nguyễn Văn Cụ", "1930"),))
    said = {"entry": "12", "copies": 1, "capacity": "relative", "relationship": "Con", "fee": "paid"}

    assert tone_of("copy_dead_subject_relative", wish(said, nameless, person=MAN, officer={})) == Tone.ASK
    assert tone_of("copy_applicant_entitled", wish(said | {"capacity": "self"}, nameless, person=MAN)) == Tone.FAIL


def test_the_entry_says_year_of_birth_only_and_the_id_full_date() -> None:
    year = replace(BIRTH, persons=(named(Part.SUBJECT, WOMAN, birth_text="1992"), *BIRTH.persons[1:]))
    application = wish(SELF, year)

    assert "Ngày, tháng, năm sinh: 1992" in texts(application)
    assert "ghi bằng chữ:" in texts(application)
    [owed] = COPY.follow_ups(application, on=AT.date())
    assert "bổ sung hộ tịch (1.004859)" in owed
    assert COPY.follow_ups(wish(), on=AT.date()) == []


# --- papers against the statutory labels ---
def paper(application: Application, *, pages: int = 1) -> str:
    """The text of the printed pages; `pages` at most."""
    [document] = COPY.documents(application, on=application.day)
    facts = dict(COPY.facts(application, document, on=application.day, numbers={}))
    frame = {
        "head": {"superior": "THÀNH PHỐ HÀ NỘI", "issuer": "ỦY BAN NHÂN DÂN XÃ QUỐC OAI"},
        "place": "Quốc Oai",
        "test": False,
        "draft": False,
        "number": "576",
        "symbol": papers.symbol_of(document, application.day),
        "issued_on": application.day,
        "signer": {"lines": ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"], "name": "Đỗ Hữu Sơn"},
        "check_link": "HTTPS://MOTCUA.EXAMPLE.VN/K/09895/7ZK3M9QX0T4B8C2V6H1N5PWRDY",
        "case_code": "H26.895.00-261123-0001",
    }
    sheet = printing.paper(document.template, frame | facts)
    assert sheet.pages <= pages
    pdf = pypdfium2.PdfDocument(io.BytesIO(sheet.pdf))
    try:
        return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pdf)
    finally:
        pdf.close()


def in_order(text: str, *labels: str) -> bool:
    at = -1
    for label in labels:
        at = text.find(label, at + 1)
        if at < 0:
            raise AssertionError(label)
    return True


def test_paper_a_death() -> None:
    text = paper(wish(SELF | {"entry": "9", "capacity": "relative"}, DEATH, person=MAN, other=FATHER))

    assert in_order(
        text,
        "Số: 576/TLKT-BS",
        "Quốc Oai, ngày 23 tháng 11 năm 2026",
        "TRÍCH LỤC KHAI TỬ",
        "(BẢN SAO)",
        "Họ, chữ đệm, tên: Hoàng Văn Cụ",
        "Ngày, tháng, năm sinh: 03/03/1950",
        "Giới tính: Nam",
        "Dân tộc: Kinh",
        "Quốc tịch: Việt Nam",
        "Số định danh cá nhân: 001050000001",
        "Giấy tờ tùy thân:",
        "Đã chết vào lúc: 02 giờ 15 phút, ngày 24 tháng 12 năm 2024",
        "Nơi chết: Thôn 1, thị trấn Quốc Oai",
        "Đã được đăng ký khai tử tại: UBND thị trấn Quốc Oai, huyện Quốc Oai, thành phố Hà Nội",
        "Số: 88/2024",
        "ngày 30 tháng 12 năm 2024",
        "Ghi chú:",
        "NGƯỜI KÝ TRÍCH LỤC",
        "(Ký, ghi rõ họ, chữ đệm, tên, chức vụ và đóng dấu)",
        "KT. CHỦ TỊCH",
        "PHÓ CHỦ TỊCH",
        "Đỗ Hữu Sơn",
    )
    assert "Bệnh tim" not in text, "the cause of death is not on the copy"
    assert "Căn cước công dân" not in text, "empty where there is a personal number"


def test_paper_b_marriage() -> None:
    text = paper(wish(OTHER_OLD, WEDDING))

    assert in_order(
        text,
        "Số: 576/TLKH-BS",
        "TRÍCH LỤC KẾT HÔN",
        "(BẢN SAO)",
        "Họ, chữ đệm, tên vợ: Trần Thị Thử",
        "Ngày, tháng, năm sinh: 17/09/1992",
        "Dân tộc: Kinh",
        "Quốc tịch: Việt Nam",
        "Nơi cư trú: Thôn Thử",
        "Giấy tờ tùy thân: CMND số 111234568",
        "Họ, chữ đệm, tên chồng: Nguyễn Văn Mẫu",
        "Ngày, tháng, năm sinh: 05/03/1985",
        "Dân tộc: Kinh",
        "Nơi cư trú: Thôn Mẫu",
        "Giấy tờ tùy thân: CMND số 111234567",
        f"Đăng ký kết hôn tại: {SAI_SON}",
        "Số: 12/2015, ngày 06 tháng 02 năm 2015",
        "Ghi chú:",
        "NGƯỜI KÝ TRÍCH LỤC",
    )


BIRTH_LINES = (
    "Họ, chữ đệm, tên: Trần Thị Thử",
    "Ngày, tháng, năm sinh: 17/09/1992",
    "ghi bằng chữ: ngày mười bảy tháng chín năm một nghìn chín trăm chín mươi hai",
    "Giới tính: Nữ",
    "Nơi sinh: Trạm xá xã Sài Sơn",
    "Quê quán: Xã Sài Sơn, tỉnh Hà Tây",
    "Số định danh cá nhân:",
    "Họ, chữ đệm, tên người mẹ: Nguyễn Thị Lụa",
    "Năm sinh: 1960",
    "Nơi cư trú: Xã Sài Sơn",
    "Họ, chữ đệm, tên người cha: Trần Văn Thầy",
    "Năm sinh: 1957",
    "Dân tộc: Mường",
    "Nơi cư trú: Xã Yên Sơn",
    f"Đăng ký khai sinh tại: {SAI_SON}",
    "Số: 41/1992, ngày 02 tháng 10 năm 1992",
    "Ghi chú:",
)


def test_paper_c_birth_as_an_extract() -> None:
    text = paper(wish(SELF | {"birth_paper": "extract"}))

    assert in_order(text, "Số: 576/TLKS-BS", "TRÍCH LỤC KHAI SINH", "(BẢN SAO)", *BIRTH_LINES, "NGƯỜI KÝ TRÍCH LỤC")


def test_paper_d_birth_on_the_ministrys_blank_keeps_an_archive_copy_and_hands_over_the_fields() -> None:
    application = wish(SELF | {"copies": 2, "birth_paper": "blank"})
    [document] = COPY.documents(application, on=AT.date())
    fields = dict(COPY.facts(application, document, on=AT.date(), numbers={})["fields"])  # type: ignore[call-overload]

    assert in_order(paper(application), "GIẤY KHAI SINH", "(BẢN SAO)", *BIRTH_LINES, "Bản lưu")
    assert (document.blank, document.originals, document.book) == ("birth_copy", 2, "copy_issue")
    assert fields["full_name"] == "Trần Thị Thử"
    assert fields["mother_name"] == "Nguyễn Thị Lụa"
    assert fields["father_ethnicity"] == "Mường"
    assert (fields["entry_number"], fields["entry_date"]) == ("41/1992", "02 tháng 10 năm 1992")
    assert all(isinstance(value, str) for value in fields.values())


def test_a_commune_may_rule_that_births_are_extracts() -> None:
    application = wish(rulings={"civil_copy.birth_on_blank": "no"})
    [document] = COPY.documents(application, on=AT.date())

    assert (document.blank, document.name) == ("", "Trích lục khai sinh (bản sao)")
    assert copy_papers.fields_of(application) == []


CHANGE = replace(
    BIRTH,
    id=13,
    kind=EventKind.CHANGE_NOTE,
    number="05/2017",
    volume="02",
    registered_on=date(2017, 3, 14),
    persons=(named(Part.SUBJECT, WOMAN, sex="Nữ", residence="Thị trấn Quốc Oai", id_document="CMND 111234575"),),
    facts={
        "noted": "Cải chính hộ tịch",
        "content": "Cải chính ngày sinh",
        "basis_name": "Quyết định",
        "basis_number": "27/QĐ-UBND",
        "basis_issuer": "UBND huyện Quốc Oai",
        "basis_issued_on": "10/03/2017",
        "changed_from": "01/09/1992",
        "changed_to": "17/09/1992",
    },
)


def test_paper_e_change_note() -> None:
    text = paper(wish(SELF | {"entry": "13"}, CHANGE))

    assert in_order(
        text,
        "Số: 576/TLGCHT-BS",
        "TRÍCH LỤC GHI CHÚ THAY ĐỔI HỘ TỊCH",
        "(BẢN SAO)",
        "Họ, chữ đệm, tên: Trần Thị Thử",
        "Ngày, tháng, năm sinh:",
        "Giới tính: Nữ",
        "Dân tộc:",
        "Quốc tịch:",
        "Giấy tờ tùy thân: CMND 111234575",
        "Nơi cư trú: Thị trấn Quốc Oai",
        "Đã thực hiện việc ghi chú: Cải chính hộ tịch",
        "Trong Sổ đăng ký thay đổi, cải chính, bổ sung hộ tịch, xác định lại dân tộc số: 05/2017",
        "Quyển số: 02",
        "Nội dung ghi chú: Cải chính ngày sinh",
        "Theo Quyết định số 27/QĐ-UBND do UBND huyện Quốc Oai cấp ngày 10/03/2017",
        f"Nơi ghi chú: {SAI_SON}",
        "Ngày, tháng, năm ghi chú: 14 tháng 3 năm 2017",
        "Ghi chú: Từ 01/09/1992 thành 17/09/1992",
        "NGƯỜI KÝ TRÍCH LỤC",
    )


@pytest.mark.parametrize(
    ("kind", "title", "symbol"),
    [
        (EventKind.ENTRY_NOTE, "TRÍCH LỤC GHI VÀO SỔ HỘ TỊCH", "TLGVS-BS"),
        (EventKind.GUARDIANSHIP, "TRÍCH LỤC ĐĂNG KÝ GIÁM HỘ", "TLGH-BS"),
        (EventKind.PARENT_RECOGNITION, "TRÍCH LỤC ĐĂNG KÝ NHẬN CHA, MẸ, CON", "TLNCMC-BS"),
        (EventKind.ADOPTION, "TRÍCH LỤC ĐĂNG KÝ NUÔI CON NUÔI", "TLNCN-BS"),
    ],
)
def test_the_other_kinds_print_the_lines_of_the_book(kind: EventKind, title: str, symbol: str) -> None:
    lines = {"lines": "Người giám hộ: Bùi Văn Giám Hộ\nLý do: Cha mẹ đều đã chết"}
    text = paper(wish(SELF, replace(BIRTH, kind=kind, facts=lines)))

    assert in_order(
        text,
        f"Số: 576/{symbol}",
        title,
        "(BẢN SAO)",
        "Họ, chữ đệm, tên",
        "Trần Thị Thử",
        "Người giám hộ: Bùi Văn Giám Hộ",
        "Lý do: Cha mẹ đều đã chết",
        f"Đăng ký tại: {SAI_SON}",
        "Số: 41/1992, ngày 02 tháng 10 năm 1992",
    )


def test_every_note_is_printed_however_many_there_are() -> None:
    notes = tuple(Note(f"Việc thứ {turn}", f"Quyết định {turn}", date(2020, 1, turn)) for turn in range(1, 10))
    text = paper(wish(SELF, replace(BIRTH, notes=notes, facts={**BIRTH.facts, "note": "Đăng ký quá hạn"})), pages=2)

    assert in_order(text, "Ghi chú: Đăng ký quá hạn", *(f"Việc thứ {turn}" for turn in range(1, 10)))


def test_a_long_marriage_with_notes_keeps_to_one_page() -> None:
    long = "Thôn Rất Dài Tên Phụng Châu, xã Phượng Cách, huyện Quốc Oai, thành phố Hà Nội"
    paper_ = "Chứng minh nhân dân số 111234567, Công an thành phố Hà Nội cấp ngày 02/03/2010"
    persons = tuple(replace(one, residence=long, id_document=paper_) for one in WEDDING.persons)

    assert paper(wish(OTHER_OLD, replace(WEDDING, persons=persons, notes=(DIVORCE_NOTE,) * 3)))


def test_the_year_stands_in_the_number_where_the_commune_rules_so() -> None:
    application = wish(OTHER_OLD, WEDDING, rulings={"civil_copy.year_in_number": "yes"})

    assert "Số: 576/2026/TLKH-BS" in paper(application)


def test_unknown_parts_of_the_day_of_registration_stay_unknown() -> None:
    for text, printed in (("1968", "năm 1968"), ("03/1979", "tháng 3 năm 1979")):
        entry = replace(BIRTH, registered_on=None, registered_text=text)
        assert copy_papers.entry_day(entry) == printed


# --- fee ---
@pytest.mark.parametrize(
    ("answers", "amount", "text"),
    [
        ({"copies": 1, "fee": "paid"}, 8_000, "8.000 đồng"),
        ({"copies": 3, "fee": "paid"}, 24_000, "24.000 đồng (3 bản × 8.000 đồng)"),
        ({"copies": 3, "fee": "exempt_merit"}, 0, "Được miễn"),
        ({"copies": 3, "fee": "exempt_poor"}, 0, "Được miễn"),
        ({"copies": 3, "fee": "exempt_disabled"}, 0, "Được miễn"),
        ({}, 8_000, "8.000 đồng"),
    ],
)
def test_the_fee_counts_copies(answers: dict[str, Any], amount: int, text: str) -> None:
    charge = COPY.charge(wish(SELF | answers))

    assert (charge.amount, charge.text) == (amount, text)
    assert charge.name == "Phí khai thác, sử dụng thông tin trong cơ sở dữ liệu hộ tịch"


def test_an_exemption_keeps_its_reason() -> None:
    assert COPY.charge(wish(SELF | {"fee": "exempt_poor"})).reason == "Miễn: người thuộc hộ nghèo"


def test_a_letter_of_an_organisation_stays_with_the_file() -> None:
    assert COPY.handed_in(wish(SELF | LETTER)) == ["Văn bản số 15/CV-TA ngày 20/11/2026 của Tòa án nhân dân khu vực 8"]
    assert COPY.handed_in(wish(SELF | {"authorisation": "Giấy ủy quyền số 3"})) == ["Giấy ủy quyền số 3"]
    assert COPY.handed_in(wish()) == []


# --- both sides of 1 March 2027 ---
DEAD_WISH = SELF | {"entry": "9", "capacity": "relative"}


def test_until_28_february_2027_the_death_copy_is_a_trich_luc_khai_tu() -> None:
    text = paper(wish(DEAD_WISH, DEATH, person=MAN, other=FATHER, at=LAST_DAY))

    assert "TRÍCH LỤC KHAI TỬ" in text
    assert "Số: 576/TLKT-BS" in text


def test_from_1_march_2027_the_death_copy_is_a_giay_chung_tu() -> None:
    application = wish(DEAD_WISH, DEATH, person=MAN, other=FATHER, at=FIRST_DAY)
    text = paper(application)

    assert "GIẤY CHỨNG TỬ" in text
    assert "TRÍCH LỤC KHAI TỬ" not in text
    assert COPY.documents(application, on=FIRST_DAY.date())[0].name == "Giấy chứng tử (bản sao)"
    assert not COPY.version_on(FIRST_DAY.date()).confirmed


def test_from_1_march_2027_a_book_kept_elsewhere_is_only_a_warning() -> None:
    bare = replace(BIRTH, here=False, registered_on=None, registered_text="")

    assert tone_of("copy_unit_manages_data", wish(SELF, bare, at=LAST_DAY)) == Tone.FAIL
    assert tone_of("copy_unit_manages_data", wish(SELF, bare, at=FIRST_DAY)) == Tone.WARN
    gone = {"entry": "none", "book_state": "elsewhere"}
    assert tone_of("copy_event_registered", wish(gone, at=LAST_DAY)) is None
    assert tone_of("copy_event_registered", wish(gone, at=FIRST_DAY)) == Tone.FAIL, "nothing can be printed"


# --- the form ---
def form_of(
    posted: dict[str, Any] | None = None, *entries: Entry, other: Person | None = None, person: Person = WOMAN
) -> CivilCopyForm:
    return CivilCopyForm(posted, person=person, on=AT.date(), other=other, dossier=Dossier(entries=entries))


def test_what_was_found_is_offered_with_readable_labels() -> None:
    struck = replace(BIRTH, id=70, standing=Standing.REVOKED)
    choices = dict(form_of(None, WEDDING, struck).fields["entry"].choices)  # type: ignore[attr-defined]

    assert choices["8"] == f"Kết hôn số 12/2015, {SAI_SON}: Trần Thị Thử (vợ), Nguyễn Văn Mẫu (chồng)"
    assert choices["70"].endswith("– ĐÃ THU HỒI")
    assert choices["none"] == "Không thấy trong sổ và dữ liệu"
    assert entry_label(replace(WEDDING, notes=(DIVORCE_NOTE,))).endswith("– 1 ghi chú")


def test_a_single_entry_is_preset_and_none_says_so() -> None:
    assert form_of(None, BIRTH).fields["entry"].initial == "7"
    assert form_of(None).fields["entry"].initial == "none"
    assert form_of(None, BIRTH, WEDDING).fields["entry"].initial is None


@pytest.mark.parametrize(
    ("other", "capacity"),
    [(None, "self"), (FATHER, "relative"), (CHILD, "legal_representative"), (MAN, "proxy_close_relative")],
)
def test_the_capacity_is_suggested_by_who_the_copy_is_for(other: Person | None, capacity: str) -> None:
    assert form_of(None, BIRTH, other=other).fields["capacity"].initial == capacity


def test_the_form_asks_for_the_blank_only_where_there_is_a_birth() -> None:
    assert "birth_paper" in form_of(None, BIRTH).fields
    assert "birth_paper" not in form_of(None, WEDDING).fields


def test_the_form_keeps_what_the_entry_said() -> None:
    form = form_of(
        {"entry": "8", "copies": "2", "capacity": "self", "fee": "paid"}, replace(WEDDING, notes=(DIVORCE_NOTE,))
    )

    assert form.is_valid(), form.errors
    assert form.cleaned_data["notes"] == [DIVORCE_NOTE.text]
    assert len(form.cleaned_data["entry_read"]) == 16


@pytest.mark.parametrize(
    ("posted", "field"),
    [
        ({"entry": "none", "copies": "1", "capacity": "self", "fee": "paid"}, "book_state"),
        ({"entry": "7", "copies": "1", "capacity": "relative", "fee": "paid", "birth_paper": "blank"}, "relationship"),
        ({"entry": "7", "copies": "0", "capacity": "self", "fee": "paid", "birth_paper": "blank"}, "copies"),
        ({"copies": "1", "capacity": "self", "fee": "paid", "birth_paper": "blank"}, "entry"),
    ],
)
def test_the_form_refuses_what_is_not_said(posted: dict[str, str], field: str) -> None:
    assert field in form_of(posted, BIRTH).errors
