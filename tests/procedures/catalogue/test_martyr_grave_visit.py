"""Every rule of the visit to a martyr's grave: lets through, stops, asks; the edge cases; the two papers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pypdfium2
import pytest

from citizens.dossier import Dossier
from citizens.martyrs import GraveVisitGranted, MartyrFile, Relation, Relative, Visit, Worship, support
from citizens.person import Person, Residence, ResidenceKind
from procedures.catalogue import catalogue
from procedures.catalogue.examples import someone
from procedures.catalogue.martyr_grave_visit import LETTER_KEY, MartyrGraveVisitForm
from procedures.papers import printing
from procedures.rules import Application, Tone
from procedures.rules.martyr import goes_to, relation_words, supported
from procedures.wordings.martyr import filled

AT = datetime(2026, 11, 23, 8, 10, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
VISIT = catalogue()["martyr_grave_visit"]

SON = someone(
    "001068000000",
    "Nguyễn Văn Viếng",
    date(1968, 4, 30),
    id_kind="Căn cước công dân",
    id_issued_on=date(2021, 6, 22),
    id_issued_by="Cục Cảnh sát QLHC về TTXH",
)
NEPHEW = someone("001075000001", "Nguyễn Hữu Cháu", date(1975, 2, 1))
STRANGER = someone("001080000002", "Lê Văn Lạ", date(1980, 3, 3))
ELSEWHERE = Residence(ResidenceKind.PERMANENT, "Phường Xa, Tỉnh Khác", here=False, since=date(1990, 1, 1))


def child(number: int, name: str, card: str, **facts: Any) -> Relative:
    return Relative(
        number,
        Relation.CHILD,
        name,
        **{
            "birth_text": "1970",
            "identity_number": card,
            "id_issued_on": date(2022, 5, 4),
            "id_issued_by": "Bộ Công an",
        }
        | facts,
    )


FILE = MartyrFile(
    id=7,
    full_name="Nguyễn Văn Liệt",
    native_place="Xã Thạch Thán, huyện Quốc Oai, thành phố Hà Nội",
    unit="Tiểu đoàn Thử",
    rank="Hạ sĩ",
    death_text="1972",
    death_place="Mặt trận phía Nam",
    certificate_number="TM-000001",
    cemetery="Nghĩa trang liệt sĩ Mẫu",
    grave_commune="xã Mẫu",
    grave_province="tỉnh Quảng Trị",
    grave_location="Khu A, mộ số 12",
    in_cemetery_list=True,
    relatives=(
        child(1, SON.full_name, SON.identity_number),
        child(2, "Nguyễn Thị Hai", "001170000010"),
        child(3, "Nguyễn Văn Ba", "001072000011"),
        child(4, "Nguyễn Thị Tư", "001174000012"),
        Relative(5, Relation.OTHER, NEPHEW.full_name, "Cháu ruột", "01/02/1975", NEPHEW.identity_number),
        Relative(6, Relation.WIFE, "Trần Thị Góa", birth_text="1945"),
    ),
)
ALTAR = Worship(NEPHEW.full_name, "12/QĐ-UBND", date(2015, 7, 27), NEPHEW.identity_number, "Cháu ruột")
SUPPORTED = Visit(date(2026, 3, 8), "Nghĩa trang liệt sĩ Mẫu", ("Nguyễn Thị Hai (Con đẻ)",), supported=1)


def asked(person: Person = SON, file: MartyrFile | None = FILE, **answers: Any) -> Application:
    """`person` asks to visit the grave of `file`, everything else as the form suggests."""
    chosen = {"martyr": str(file.id)} if file else {}
    return Application(
        person=person,
        at=AT,
        commune="1",
        answers={"relationship": "as_filed", "support": "yes", "result": "commune"} | chosen | answers,
        dossier=Dossier(martyrs=(file,) if file else ()),
    )


def typed(slot: str = "companion_1", **facts: Any) -> dict[str, Any]:
    said = {"name": "Trần Thị Góa", "birth": "1945", "number": "001145000013", "relation": "vo"} | facts
    return {slot: "typed"} | {f"{slot}_{name}": value for name, value in said.items()}


def tone(rule: str, application: Application) -> Tone | None:
    return next((finding.tone for finding in VISIT.judge(application) if finding.rule.id == rule), None)


def message(rule: str) -> str:
    return next(one.message for one in VISIT.rules if one.id == rule)


off = {"martyr_grave_visit.private_visit": "no"}

# rule, application, what it says
TABLE: list[tuple[str, Application, Tone | None]] = [
    ("grv_identity_verified", asked(), Tone.ASK),
    ("grv_identity_verified", replace(asked(), officer={"grv_identity_verified": True}), Tone.PASS),
    ("grv_identity_verified", replace(asked(), officer={"grv_identity_verified": False}), Tone.FAIL),
    ("grv_identity_verified", asked(replace(SON, id_document_valid=False)), Tone.FAIL),
    ("grv_identity_verified", asked(replace(SON, deceased_on=date(2026, 1, 1))), Tone.FAIL),
    ("grv_martyr_known", asked(), Tone.PASS),
    ("grv_martyr_known", asked(file=replace(FILE, certificate_number="", decision="45/QĐ")), Tone.PASS),
    ("grv_martyr_known", asked(file=replace(FILE, certificate_number="")), Tone.FAIL),
    ("grv_martyr_known", asked(file=None), Tone.FAIL),
    ("grv_martyr_known", asked(martyr=""), None),
    ("grv_entitled_person", asked(), Tone.PASS),
    ("grv_entitled_person", asked(STRANGER, relationship="con_de"), Tone.PASS),
    ("grv_entitled_person", asked(NEPHEW), Tone.FAIL),
    ("grv_entitled_person", asked(NEPHEW, relationship="khac"), Tone.FAIL),
    ("grv_entitled_person", asked(NEPHEW, relationship="tho_cung"), Tone.FAIL),
    ("grv_entitled_person", asked(NEPHEW, replace(FILE, worship=ALTAR)), Tone.PASS),
    ("grv_entitled_person", asked(STRANGER), None),
    ("grv_relation_recorded", asked(), Tone.PASS),
    ("grv_relation_recorded", asked(STRANGER), Tone.FAIL),
    ("grv_relation_recorded", asked(STRANGER, relationship="con_de"), Tone.FAIL),
    ("grv_relation_recorded", asked(relationship="con_nuoi"), Tone.FAIL),
    ("grv_relation_recorded", asked(NEPHEW, replace(FILE, worship=ALTAR), relationship="tho_cung"), Tone.PASS),
    ("grv_relation_recorded", asked(STRANGER, replace(FILE, worship=ALTAR), relationship="tho_cung"), Tone.FAIL),
    ("grv_relation_recorded", asked(STRANGER, relationship="khac"), None),
    ("grv_visit_condition", asked(), Tone.PASS),
    ("grv_visit_condition", asked(file=replace(FILE, in_cemetery_list=False)), Tone.FAIL),
    (
        "grv_visit_condition",
        asked(file=replace(FILE, in_cemetery_list=False, death_place_paper="Trích lục 12/TL")),
        Tone.PASS,
    ),
    (
        "grv_visit_condition",
        asked(file=replace(FILE, in_cemetery_list=False, death_place_paper="Trích lục 12/TL", died_in_country=False)),
        Tone.FAIL,
    ),
    ("grv_max_three", asked(companion_1="2", companion_2="3"), Tone.PASS),
    ("grv_max_three", asked(companion_1="2", companion_2="3", companion_3="4"), Tone.FAIL),
    ("grv_max_three", asked(companion_1="2", companion_2="3", companion_3="4", support="no"), None),
    (
        "grv_max_three",
        replace(asked(companion_1="2", companion_2="3", companion_3="4", support="no"), rulings=off),
        Tone.FAIL,
    ),
    ("grv_worship_single", asked(NEPHEW, replace(FILE, worship=ALTAR)), Tone.PASS),
    ("grv_worship_single", asked(NEPHEW, replace(FILE, worship=ALTAR), companion_1="2"), Tone.FAIL),
    ("grv_worship_single", asked(NEPHEW, replace(FILE, worship=ALTAR), companion_1="2", support="no"), None),
    ("grv_worship_single", asked(companion_1="2"), None),
    (
        "grv_worship_single",
        replace(
            asked(NEPHEW, replace(FILE, worship=ALTAR), companion_1="2"),
            rulings={"martyr_grave_visit.worship_alone": "no"},
        ),
        None,
    ),
    ("grv_once_a_year", asked(), Tone.PASS),
    ("grv_once_a_year", asked(file=replace(FILE, visits=(SUPPORTED,))), Tone.FAIL),
    ("grv_once_a_year", asked(file=replace(FILE, visits=(SUPPORTED,)), support="no"), None),
    ("grv_once_a_year", asked(file=replace(FILE, visits=(replace(SUPPORTED, supported=0),))), Tone.PASS),
    ("grv_once_a_year", asked(file=replace(FILE, visits=(replace(SUPPORTED, unused=True),))), Tone.PASS),
    ("grv_once_a_year", asked(file=replace(FILE, visits=(replace(SUPPORTED, on=date(2025, 12, 31)),))), Tone.PASS),
    ("grv_commune_competent", asked(), Tone.PASS),
    (
        "grv_commune_competent",
        asked(file=replace(FILE, kept_here=False, kept_by="UBND xã X"), result="both"),
        Tone.FAIL,
    ),
    (
        "grv_commune_competent",
        asked(file=replace(FILE, kept_here=False, kept_by="UBND xã X"), result="letter"),
        Tone.FAIL,
    ),
    ("grv_commune_competent", asked(file=replace(FILE, kept_here=False, kept_by="UBND xã X")), None),
    ("grv_commune_competent", asked(result="application"), None),
    ("grv_letter_elsewhere", asked(result="application"), Tone.PASS),
    ("grv_letter_elsewhere", asked(file=replace(FILE, kept_here=False, kept_by="UBND xã X")), Tone.ASK),
    ("grv_letter_elsewhere", asked(), None),
    ("grv_residence_here", asked(), Tone.PASS),
    ("grv_residence_here", asked(replace(SON, residences=(ELSEWHERE,)), result="both"), Tone.FAIL),
    ("grv_residence_here", asked(replace(SON, residences=(ELSEWHERE,))), None),
    ("grv_residence_here", asked(replace(SON, residences=()), result="application"), Tone.FAIL),
    ("grv_grave_located", asked(), Tone.PASS),
    ("grv_grave_located", asked(file=replace(FILE, cemetery="", grave_commune="")), Tone.FAIL),
    (
        "grv_grave_located",
        asked(file=replace(FILE, cemetery="", grave_commune=""), grave_commune="xã Gio An"),
        Tone.PASS,
    ),
    ("grv_grave_located", asked(file=replace(FILE, cemetery="", grave_commune=""), result="application"), None),
    ("grv_companions_complete", asked(), None),
    ("grv_companions_complete", asked(companion_1="2"), Tone.PASS),
    ("grv_companions_complete", asked(companion_1="6"), Tone.FAIL),
    ("grv_companions_complete", asked(**typed()), Tone.PASS),
    ("grv_companions_complete", asked(**typed(number="")), Tone.FAIL),
    ("grv_companions_complete", asked(**typed(birth="")), Tone.FAIL),
    ("grv_companions_complete", asked(**typed(name="")), Tone.FAIL),
    ("grv_companions_complete", asked(**typed(relation="")), Tone.FAIL),
    ("grv_companion_is_relative", asked(), None),
    ("grv_companion_is_relative", asked(companion_1="2"), Tone.PASS),
    ("grv_companion_is_relative", asked(companion_1="5"), Tone.FAIL),
    ("grv_companion_is_relative", asked(companion_1="5", support="no"), None),
    ("grv_companion_is_relative", asked(**typed()), Tone.PASS),
    ("grv_companion_is_relative", asked(**typed(name="Lê Thị Bạn", relation="con_de")), Tone.FAIL),
    ("grv_companion_is_relative", asked(**typed(name="Nguyễn Thị Hai", number="001999999999")), Tone.FAIL),
    ("grv_officer_not_related", asked(), Tone.ASK),
    ("grv_officer_not_related", replace(asked(), officer={"grv_officer_not_related": True}), Tone.PASS),
    ("grv_officer_not_related", replace(asked(), officer_number=SON.identity_number), Tone.FAIL),
    ("grv_officer_not_related", replace(asked(), officer_number="001170000010"), Tone.FAIL),
    ("grv_no_open_duplicate", asked(), Tone.PASS),
    ("grv_no_open_duplicate", replace(asked(), open_cases=("H26",)), Tone.ASK),
    ("pilot_level_two", asked(), Tone.PASS),
    ("pilot_level_two", asked(replace(SON, eid_level=1)), Tone.FAIL),
    ("pilot_data_synced", asked(replace(SON, portal_synced_on=None)), Tone.FAIL),
]


@pytest.mark.parametrize(("rule", "application", "says"), TABLE)
def test_a_rule_says(rule: str, application: Application, says: Tone | None) -> None:
    assert tone(rule, application) == says


def test_the_table_names_every_rule() -> None:
    assert {rule.id for rule in VISIT.rules} == {rule for rule, _, _ in TABLE}


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("grv_identity_verified", "Chưa xác thực được danh tính người đề nghị."),
        ("grv_martyr_known", "Chưa có thông tin liệt sĩ trong hồ sơ của xã. Cần trích lục hồ sơ liệt sĩ."),
        (
            "grv_entitled_person",
            "Người đề nghị không phải thân nhân liệt sĩ hoặc người hưởng trợ cấp thờ cúng liệt sĩ.",
        ),
        ("grv_relation_recorded", "Chưa có căn cứ về quan hệ với liệt sĩ trong hồ sơ lưu."),
        (
            "grv_visit_condition",
            "Liệt sĩ chưa có tên trong danh sách nghĩa trang liệt sĩ và chưa rõ địa danh nơi hy sinh trong nước.",
        ),
        ("grv_max_three", "Mỗi lần thăm viếng được hỗ trợ tối đa 03 thân nhân liệt sĩ."),
        ("grv_worship_single", "Người hưởng trợ cấp thờ cúng chỉ được hỗ trợ cho bản thân."),
        ("grv_once_a_year", "Mộ liệt sĩ này đã được hỗ trợ thăm viếng trong năm nay."),
        ("grv_commune_competent", "Hồ sơ gốc của liệt sĩ do xã khác quản lý. Đề nghị nộp tại xã đó."),
        ("grv_grave_located", "Chưa xác định nghĩa trang hoặc địa phương nơi có mộ liệt sĩ."),
        ("grv_companions_complete", "Thông tin người cùng đi chưa đầy đủ."),
        ("grv_companion_is_relative", "Người cùng đi không phải thân nhân liệt sĩ nên không được hỗ trợ."),
    ],
)
def test_a_rule_speaks_in_the_words_of_the_domain_file(rule: str, words: str) -> None:
    assert message(rule) == words


@pytest.mark.parametrize(
    ("visited", "calendar", "twelve_months"),
    [
        (date(2026, 1, 1), Tone.FAIL, Tone.FAIL),
        (date(2025, 12, 31), Tone.PASS, Tone.FAIL),
        (date(2025, 11, 24), Tone.PASS, Tone.FAIL),
        (date(2025, 11, 23), Tone.PASS, Tone.PASS),
    ],
)
def test_a_year_is_counted_as_the_commune_rules(visited: date, calendar: Tone, twelve_months: Tone) -> None:
    application = asked(file=replace(FILE, visits=(replace(SUPPORTED, on=visited),)))

    ruled = replace(application, rulings={"martyr_grave_visit.calendar_year": "no"})

    assert (tone("grv_once_a_year", application), tone("grv_once_a_year", ruled)) == (calendar, twelve_months)


def test_a_private_visit_is_advised_only_where_the_commune_confirms_it() -> None:
    application = asked(file=replace(FILE, visits=(SUPPORTED,)))

    advised, bare = (
        next(finding.rule.leads_to for finding in VISIT.judge(one) if finding.rule.id == "grv_once_a_year")
        for one in (application, replace(application, rulings=off))
    )

    assert "tự đi thăm" in advised
    assert bare == ""


# --- the edge cases of 6.7 ---
def test_edge_1_a_nephew_who_keeps_the_altar_goes_by_the_decision_or_is_told_of_the_other_procedure() -> None:
    without, holding = asked(NEPHEW), asked(NEPHEW, replace(FILE, worship=ALTAR))

    [refused] = [finding.rule for finding in VISIT.judge(without) if finding.rule.id == "grv_entitled_person"]

    assert tone("grv_entitled_person", without) == Tone.FAIL
    assert refused.leads_to.startswith("3.000010 Chế độ đi tìm mộ liệt sĩ (Bộ Quốc phòng)")
    assert tone("grv_entitled_person", holding) == tone("grv_relation_recorded", holding) == Tone.PASS
    assert relation_words(holding) == "Cháu ruột"
    assert supported(holding) == 1


def test_edge_2_a_grave_not_found_but_a_name_in_the_cemetery_list_leaves_the_position_blank() -> None:
    application = asked(file=replace(FILE, grave_location=""))

    [_, letter] = VISIT.documents(application, on=AT.date())
    facts: Any = VISIT.facts(application, letter, on=AT.date(), numbers={})

    assert tone("grv_visit_condition", application) == tone("grv_grave_located", application) == Tone.PASS
    assert facts["martyr"]["grave"] == "Nghĩa trang liệt sĩ Mẫu, xã Mẫu, tỉnh Quảng Trị"


def test_edge_3_of_four_children_three_are_supported_and_the_fourth_is_not_in_the_letter() -> None:
    four = asked(companion_1="2", companion_2="3", companion_3="4")
    three = asked(companion_1="2", companion_2="3")

    [_, letter] = VISIT.documents(three, on=AT.date())
    facts: Any = VISIT.facts(three, letter, on=AT.date(), numbers={})

    assert tone("grv_max_three", four) == Tone.FAIL
    assert tone("grv_max_three", three) == Tone.PASS
    assert supported(three) == 3
    assert [companion["full_name"] for companion in facts["companions"]] == ["Nguyễn Thị Hai", "Nguyễn Văn Ba"]


def test_edge_4_the_file_of_another_commune_is_confirmed_here_and_the_letter_is_asked_for_there() -> None:
    application = asked(file=replace(FILE, kept_here=False, kept_by="UBND xã Kiều Phú"))

    documents = VISIT.documents(application, on=AT.date())
    facts: Any = VISIT.facts(application, documents[0], on=AT.date(), numbers={})

    assert [document.key for document in documents] == ["martyr_grave_visit"]
    assert tone("grv_letter_elsewhere", application) == Tone.ASK
    assert facts["confirm"].endswith("hồ sơ liệt sĩ được quản lý tại UBND xã Kiều Phú.")
    [owed] = VISIT.follow_ups(application, on=AT.date())
    assert "UBND xã Kiều Phú" in owed


def test_edge_5_a_second_request_in_the_year_fails_for_the_same_martyr_and_not_for_the_brother() -> None:
    brother = replace(FILE, id=8, full_name="Nguyễn Văn Anh")
    files = Dossier(martyrs=(replace(FILE, visits=(SUPPORTED,)), brother))

    same, other = (replace(asked(martyr=number), dossier=files) for number in ("7", "8"))

    assert tone("grv_once_a_year", same) == Tone.FAIL
    assert tone("grv_once_a_year", other) == Tone.PASS


# --- what the signature makes ---
AT_HOME_ELSEWHERE = asked(replace(SON, residences=(ELSEWHERE,)))


@pytest.mark.parametrize(
    ("application", "keys"),
    [
        (asked(), ["martyr_grave_visit", LETTER_KEY]),
        (asked(result="both"), ["martyr_grave_visit", LETTER_KEY]),
        (asked(result="application"), ["martyr_grave_visit"]),
        (asked(result="letter"), [LETTER_KEY]),
        (AT_HOME_ELSEWHERE, [LETTER_KEY]),
        (replace(asked(), rulings={"martyr_grave_visit.gives_letter": "no"}), ["martyr_grave_visit"]),
        (replace(asked(), rulings={"martyr_grave_visit.gives_application": "no"}), [LETTER_KEY]),
    ],
)
def test_the_commune_chooses_the_papers_unless_the_citizen_does(application: Application, keys: list[str]) -> None:
    documents = VISIT.documents(application, on=AT.date())

    assert [document.key for document in documents] == keys
    assert len({document.book for document in documents}) == len(keys), "each has its own book"


def test_a_visit_enters_the_file_with_everybody_who_goes() -> None:
    [effect] = VISIT.effects(asked(companion_1="2"), on=AT.date())

    assert effect == GraveVisitGranted(
        martyr=7,
        relation="Con đẻ",
        place="Nghĩa trang liệt sĩ Mẫu, Khu A, mộ số 12, xã Mẫu, tỉnh Quảng Trị",
        persons=("Nguyễn Văn Viếng (Con đẻ)", "Nguyễn Thị Hai (Con đẻ)"),
        supported=2,
        application="martyr_grave_visit",
        letter=LETTER_KEY,
    )


def test_a_visit_without_support_counts_nobody_and_owes_no_payment() -> None:
    application = asked(companion_1="5", support="no", result="letter")

    [effect] = VISIT.effects(application, on=AT.date())

    assert isinstance(effect, GraveVisitGranted)
    assert (effect.supported, effect.application, effect.letter) == (0, "", LETTER_KEY)
    assert VISIT.follow_ups(application, on=AT.date()) == ()


def test_a_letter_with_support_owes_the_payment_once_it_is_back() -> None:
    [owed] = VISIT.follow_ups(asked(), on=AT.date())

    assert "02 ngày làm việc" in owed


def test_support_is_three_thousand_a_kilometre_one_way_and_a_person() -> None:
    assert support(612, 3, on=AT.date()) == 5_508_000


# --- the form ---
def form(person: Person = SON, *files: MartyrFile, posted: dict[str, Any] | None = None) -> MartyrGraveVisitForm:
    return MartyrGraveVisitForm(posted, person=person, on=AT.date(), dossier=Dossier(martyrs=files))


POSTED = {"martyr": "7", "relationship": "con_de", "support": "yes", "result": "commune"}


def test_the_one_file_that_names_the_applicant_is_preset_with_the_relation() -> None:
    other = replace(FILE, id=9, full_name="Lê Văn Khác", relatives=())

    asked_for = form(SON, FILE, other)

    assert asked_for.fields["martyr"].initial == "7"
    assert asked_for.fields["relationship"].initial == "con_de"
    assert [value for value, _ in asked_for.fields["martyr"].choices] == ["7", "9"]  # type: ignore[attr-defined]


def test_of_two_files_the_clerk_chooses() -> None:
    asked_for = form(SON, FILE, replace(FILE, id=8, full_name="Nguyễn Văn Anh"))

    assert asked_for.fields["martyr"].initial is None
    assert asked_for.fields["relationship"].initial == "as_filed"


def test_companions_are_offered_from_the_file_without_the_applicant_and_the_dead() -> None:
    file = replace(FILE, relatives=(*FILE.relatives[:3], replace(FILE.relatives[3], is_alive=False), FILE.relatives[4]))

    offered: Any = form(SON, file).fields["companion_1"]

    assert [value for value, _ in offered.choices] == ["", "2", "3", "5", "typed"]
    assert offered.choices[1][1] == "Nguyễn Thị Hai, sinh 1970 – Con đẻ"
    assert offered.choices[3][1] == "Nguyễn Hữu Cháu, sinh 01/02/1975 – Cháu ruột"


@pytest.mark.parametrize(
    ("posted", "field"),
    [
        ({"martyr": "99"}, "martyr"),
        ({"martyr": ""}, "martyr"),
        ({"companion_1": "2", "companion_2": "2"}, "companion_2"),
        ({"companion_1": "77"}, "companion_1"),
        ({"phone": "khong co"}, "phone"),
        (typed(birth="năm 45"), "companion_1_birth"),
        (typed(number="12"), "companion_1_number"),
        (typed(number=SON.identity_number), "companion_1_number"),
    ],
)
def test_the_form_refuses(posted: dict[str, Any], field: str) -> None:
    asked_for = form(SON, FILE, posted=POSTED | posted)

    assert not asked_for.is_valid()
    assert list(asked_for.errors) == [field]


def test_a_companion_of_another_martyr_is_refused() -> None:
    brother = replace(FILE, id=8, full_name="Nguyễn Văn Anh", relatives=(child(20, "Nguyễn Thị Cháu", "001180000030"),))

    asked_for = form(SON, FILE, brother, posted=POSTED | {"companion_1": "20"})

    assert asked_for.errors == {"companion_1": ["Người này không có trong hồ sơ liệt sĩ Nguyễn Văn Liệt."]}


def test_the_form_lets_the_usual_wish_through() -> None:
    assert form(SON, FILE, posted=POSTED | {"companion_1": "2"} | typed("companion_2")).is_valid()


def test_without_a_file_the_form_says_where_to_look() -> None:
    asked_for = form(STRANGER, posted=POSTED)

    assert not asked_for.is_valid()
    assert "martyr" in asked_for.errors


# --- the papers ---
FRAME = {
    "head": {"superior": "THÀNH PHỐ HÀ NỘI", "issuer": "ỦY BAN NHÂN DÂN XÃ QUỐC OAI"},
    "place": "Quốc Oai",
    "test": False,
    "draft": False,
    "number": "01",
    "issued_on": date(2026, 11, 24),
    "signer": {"lines": ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"], "name": "Đỗ Hữu Sơn"},
    "check_link": "HTTPS://MOTCUA.EXAMPLE.VN/K/09895/7ZK3M9QX0T4B8C2V6H1N5PWRDY",
    "case_code": "H26.895.00-261123-0001",
}
LONG = replace(
    FILE,
    native_place="Thôn Phúc Đức, xã Sài Sơn, huyện Quốc Oai, tỉnh Hà Tây (nay là xã Quốc Oai, thành phố Hà Nội)",
    unit="Đại đội 3, Tiểu đoàn 5, Trung đoàn Thử nghiệm số 27, Sư đoàn Mẫu",
    death_place="Bờ nam sông Thử, xã Mẫu Hai, huyện Mẫu, tỉnh Quảng Trị",
    cemetery="Nghĩa trang liệt sĩ quốc gia Trường Mẫu – khu vực liệt sĩ thành phố Hà Nội",
    relatives=(
        FILE.relatives[0],
        child(2, "Nguyễn Thị Thanh Huyền Trang Mẫu", "001170000010", id_issued_by="Cục Cảnh sát quản lý hành chính"),
        child(3, "Nguyễn Văn Ba", "001072000011"),
    ),
)


def paper(key: str, application: Application) -> printing.Sheet:
    [document] = [one for one in VISIT.documents(application, on=AT.date()) if one.key == key]
    facts = VISIT.facts(application, document, on=AT.date(), numbers={})
    return printing.paper(document.template, FRAME | {"symbol": document.symbol} | dict(facts))


def text_of(sheet: printing.Sheet) -> str:
    document = pypdfium2.PdfDocument(sheet.pdf)
    try:
        text = "".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()
    return squeezed(text.replace("\x02", "-"))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def positions(text: str, lines: list[str]) -> list[int]:
    return [text.find(squeezed(line)) for line in lines]


def test_the_application_prints_every_line_of_6_3_in_its_order() -> None:
    text = text_of(paper("martyr_grave_visit", asked(companion_1="2", phone="0900 000 000")))

    found = positions(
        text,
        [
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "ĐƠN ĐỀ NGHỊ THĂM VIẾNG MỘ LIỆT SĨ",
            "Kính gửi: Ủy ban nhân dân xã Quốc Oai",
            "1. Thông tin người đề nghị",
            "Họ và tên: NGUYỄN VĂN VIẾNG",
            "Ngày tháng năm sinh: 30/04/1968",
            "Giới tính: Nam",
            "Loại giấy tờ: Căn cước công dân",
            "CCCD/CMND số: 001068000000; Ngày cấp: 22/06/2021; Nơi cấp: Cục Cảnh sát QLHC về TTXH",
            "Nơi thường trú: Thôn 1, Xã Quốc Oai, Thành phố Hà Nội",
            "Số điện thoại: 0900 000 000",
            "Mối quan hệ với liệt sĩ: Con đẻ",
            "2. Thông tin về liệt sĩ",
            "Họ và tên liệt sĩ: NGUYỄN VĂN LIỆT",
            "Quê quán: Xã Thạch Thán, huyện Quốc Oai, thành phố Hà Nội",
            "Cơ quan, đơn vị khi hy sinh: Tiểu đoàn Thử",
            "Cấp bậc, chức vụ khi hy sinh: Hạ sĩ",
            "Ngày tháng năm hy sinh: 1972",
            "Nơi hy sinh: Mặt trận phía Nam",
            'Bằng "Tổ quốc ghi công" số: TM-000001',
            "Mộ liệt sĩ hiện an táng tại: Nghĩa trang liệt sĩ Mẫu, Khu A, mộ số 12, xã Mẫu, tỉnh Quảng Trị",
            "3. Người cùng đi thăm viếng",
        ],
    )

    assert -1 not in found
    assert found == sorted(found)


def test_the_confirmation_of_the_commune_stands_left_of_the_applicant() -> None:
    sheet = paper("martyr_grave_visit", asked())
    text = text_of(sheet)

    for line in (
        "XÁC NHẬN CỦA ỦY BAN NHÂN DÂN XÃ QUỐC OAI",
        "Số: 01/XN-UBND",
        "Ông (bà) Nguyễn Văn Viếng hiện thường trú tại Thôn 1, Xã Quốc Oai, Thành phố Hà Nội là con đẻ của liệt sĩ "
        "Nguyễn Văn Liệt, hồ sơ liệt sĩ được quản lý tại xã.",
        "Quốc Oai, ngày 24 tháng 11 năm 2026",
        "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH",
        "(Ký, ghi rõ họ tên và đóng dấu)",
        "Quốc Oai, ngày 23 tháng 11 năm 2026",
        "NGƯỜI ĐỀ NGHỊ",
        "(Ký, ghi rõ họ tên)",
    ):
        assert squeezed(line) in text
    confirmed, applicant = left_edges(sheet, "XÁC NHẬN CỦA", "NGƯỜI ĐỀ NGHỊ")
    assert confirmed < 595 / 2 < applicant


def left_edges(sheet: printing.Sheet, *words: str) -> list[float]:
    document = pypdfium2.PdfDocument(sheet.pdf)
    try:
        page = document[0].get_textpage()
        return [page.get_charbox(page.search(word, match_case=True).get_next()[0])[0] for word in words]
    finally:
        document.close()


def test_the_letter_prints_every_zone_of_6_5_in_its_order() -> None:
    text = text_of(paper(LETTER_KEY, asked(companion_1="2")))

    found = positions(
        text,
        [
            "ỦY BAN NHÂN DÂN XÃ QUỐC OAI",
            "Số: 01/GGT-UBND",
            "GIẤY GIỚI THIỆU THĂM VIẾNG MỘ LIỆT SĨ",
            "Kính gửi: Ủy ban nhân dân xã Mẫu, tỉnh Quảng Trị",
            "Ủy ban nhân dân xã Quốc Oai trân trọng giới thiệu Ông (bà): NGUYỄN VĂN VIẾNG",
            "CCCD/CMND số 001068000000 Ngày cấp 22/06/2021 Nơi cấp Cục Cảnh sát QLHC về TTXH",
            "thường trú tại Thôn 1, Xã Quốc Oai, Thành phố Hà Nội",
            "Mối quan hệ với liệt sĩ: Con đẻ",
            "thăm viếng phần mộ liệt sĩ: NGUYỄN VĂN LIỆT",
            "Nghĩa trang liệt sĩ Mẫu, Khu A, mộ số 12, xã Mẫu, tỉnh Quảng Trị",
            "Người cùng đi thăm viếng:",
            "Nguyễn Thị Hai",
            "02 người",
            "31 tháng 12 năm 2026",
            "TM. ỦY BAN NHÂN DÂN",
            "XÁC NHẬN CỦA ỦY BAN NHÂN DÂN CẤP XÃ NƠI QUẢN LÝ MỘ",
        ],
    )

    assert -1 not in found
    assert found == sorted(found)


@pytest.mark.parametrize("key", ["martyr_grave_visit", LETTER_KEY])
def test_the_table_of_companions_has_the_columns_of_the_e_form(key: str) -> None:
    text = text_of(paper(key, asked(companion_1="2")))

    for column in ("Họ và tên", "Ngày tháng năm sinh", "Số CCCD/CMND", "Ngày cấp", "Nơi cấp", "Quan hệ với liệt sĩ"):
        assert squeezed(column) in text
    for value in ("Nguyễn Thị Hai", "1970", "001170000010", "04/05/2022", "Bộ Công an", "Con đẻ"):
        assert squeezed(value) in text


@pytest.mark.parametrize("key", ["martyr_grave_visit", LETTER_KEY])
def test_without_support_the_line_of_support_is_left_out(key: str) -> None:
    with_it, without = (text_of(paper(key, asked(support=said))) for said in ("yes", "no"))

    assert squeezed("hỗ trợ chi phí thăm viếng") in with_it
    assert squeezed("hỗ trợ chi phí thăm viếng") not in without


@pytest.mark.parametrize("key", ["martyr_grave_visit", LETTER_KEY])
def test_long_names_and_two_companions_still_fit_one_page(key: str) -> None:
    application = asked(file=LONG, companion_1="2", companion_2="3", phone="0900 000 000")

    assert paper(key, application).pages == 1


def test_a_letter_without_the_commune_of_the_cemetery_goes_to_whoever_keeps_the_grave() -> None:
    text = text_of(paper(LETTER_KEY, asked(file=replace(FILE, grave_commune="", grave_province=""))))

    assert squeezed("Kính gửi: Ủy ban nhân dân cấp xã nơi quản lý mộ liệt sĩ") in text
    assert squeezed("Hiện an táng tại: Nghĩa trang liệt sĩ Mẫu, Khu A, mộ số 12") in text


def test_a_letter_to_where_only_the_place_of_death_is_known_says_so_and_names_no_grave() -> None:
    file = replace(
        FILE,
        in_cemetery_list=False,
        death_place_paper="Mẫu số 44",
        cemetery="",
        grave_location="",
        grave_commune="",
        grave_province="",
    )
    application = asked(file=file, grave_commune="Xã Gio An", grave_province="Tỉnh Quảng Trị")

    text = text_of(paper(LETTER_KEY, application))

    assert tone("grv_visit_condition", application) == tone("grv_grave_located", application) == Tone.PASS
    assert squeezed("Kính gửi: Ủy ban nhân dân xã Gio An, tỉnh Quảng Trị") in text
    assert squeezed("Nơi hy sinh: Mặt trận phía Nam") in text
    assert squeezed("an táng tại") not in text
    assert goes_to(application) == "Mặt trận phía Nam, Xã Gio An, Tỉnh Quảng Trị"


def test_an_officer_corrects_a_wording_and_strange_braces_do_no_harm() -> None:
    ruled = replace(asked(), rulings={"martyr_grave_visit.confirm": "Xác nhận {họ tên} {lạ} là {quan hệ}."})

    assert squeezed("Xác nhận Nguyễn Văn Viếng {lạ} là con đẻ.") in text_of(paper("martyr_grave_visit", ruled))
    assert filled("{a} {b}", a=1) == "1 {b}"
