"""What a correction does to books and files: nobody dies twice, nobody marries twice, and what fell counts no more."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from citizens.models import (
    Annotation,
    Certificate,
    Citizen,
    DisabilityCard,
    DisabilityConclusion,
    DisabilityRecord,
    GraveVisit,
    Household,
    HouseholdRecognition,
    Marriage,
    Martyr,
    RegisterEntry,
    amend,
)
from citizens.person import MaritalStatus
from oneshop.models import Commune, Officer
from procedures import ministry, stock, workflow
from procedures.applications import application_of
from procedures.catalogue import catalogue
from procedures.frozen import thaw
from procedures.models import Blank, Case, Correction, FollowUp, Result
from procedures.rules import Stage
from procedures.rules.remedies import GENERAL, REMEDIES, Ground, remedy_for
from procedures.states import State
from tests import factories
from tests.citizens import test_disability as cards
from tests.citizens import test_martyrs as graves
from tests.procedures.on_blanks import delivered
from tests.procedures.test_invariants import broken
from tests.procedures.workflow import test_civil_copy_case as copies
from tests.procedures.workflow import test_death_workflow as deaths
from tests.procedures.workflow import test_household_cases as homes
from tests.procedures.workflow import test_marriage_workflow as weddings
from tests.procedures.workflow.test_corrections import fresh, signed

tho, vo, marriage = deaths.tho, deaths.vo, deaths.marriage
mau = weddings.mau
record = cards.record
file = graves.file
household = homes.household
WHY = "Ghi sai."


@pytest.fixture
def afternoon(at: datetime) -> datetime:
    return at.replace(hour=14)


def replaces(paper: Result, *, by: Officer, at: datetime, fault: str = "office", **answers: Any) -> Correction:
    case = paper.case
    return workflow.propose_replacement(
        fresh(paper),
        answers={**thaw(case.answers), **answers},
        officer_answers=case.officer_answers,
        fault=fault,
        asked_by="office",
        reason=WHY,
        by=by,
        at=at,
    )


def recalls(result: Result, ground: Ground, *, by: Officer, at: datetime) -> Correction:
    return workflow.propose_recall(
        fresh(result),
        ground=ground,
        decision="Quyết định số 7/QĐ ngày 23/11/2026",
        asked_by="other",
        reason=WHY,
        by=by,
        at=at,
    )


def person(citizen: Citizen, at: datetime) -> Any:
    return Citizen.objects.get(pk=citizen.pk).as_person(commune_id=citizen.commune_id, on=at.date())


# --- a death ---
@pytest.fixture
def death(
    tho: Citizen, khach: Citizen, marriage: None, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> list[Result]:
    """Notice and extract of the old man, not yet given out."""
    return deaths.signed(deaths.received(tho, khach, by=mai, at=at), handled_by=hung, by=lan, at=at)


def test_a_death_registered_wrongly_is_registered_once_more_and_kills_once(
    death: list[Result],
    tho: Citizen,
    vo: Citizen,
    hung: Officer,
    lan: Officer,
    afternoon: datetime,
    quoc_oai: Commune,
) -> None:
    correction = replaces(death[1], by=hung, at=afternoon, died_on=date(2026, 11, 19))

    notice, extract = signed(correction, by=lan, at=afternoon)

    tho.refresh_from_db()
    assert tho.deceased_on == date(2026, 11, 19)
    assert tho.death_note == "Trích lục khai tử số 02/TLKT do UBND xã Quốc Oai cấp 23/11/2026"
    assert (notice.full_number, extract.full_number) == ("02/GBT-UBND", "02/TLKT")
    assert extract.facts["notice"]["number"] == "02/GBT-UBND"
    entries = RegisterEntry.objects.about(tho).order_by("number")
    assert [(entry.full_number, entry.standing) for entry in entries] == [
        ("01/2026", "cancelled"),
        ("02/2026", "active"),
    ]
    assert Annotation.objects.get().text == "Ghi sai, đăng ký lại dưới số khác"
    [was] = person(vo, afternoon).marriages
    assert (was.ended_on, was.ending_number) == (date(2026, 11, 19), "02/TLKT")
    assert [result.standing for result in Result.objects.order_by("pk")] == ["replaced", "replaced", "valid", "valid"]
    assert broken(quoc_oai) == {}


def test_after_it_was_given_out_a_death_is_corrected_in_the_book_and_the_page_leads_there(
    death: list[Result], mai: Officer, hung: Officer, afternoon: datetime
) -> None:
    factories.given_out(death[1].case, by=mai, at=afternoon, confirmed=[])

    with pytest.raises(workflow.NotAllowed, match="cải chính hộ tịch"):
        replaces(death[1], by=hung, at=afternoon, died_on=date(2026, 11, 19))


def test_a_court_takes_a_death_back_and_he_lives_married_as_before(
    death: list[Result],
    tho: Citizen,
    vo: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    afternoon: datetime,
    quoc_oai: Commune,
) -> None:
    factories.given_out(death[1].case, by=mai, at=afternoon)

    signed(recalls(death[1], Ground.COURT, by=hung, at=afternoon), by=lan, at=afternoon)

    tho.refresh_from_db()
    assert (tho.deceased_on, tho.death_note) == (None, "")
    assert person(vo, afternoon).marital_status == MaritalStatus.MARRIED
    assert {result.standing for result in Result.objects.exclude(kind="recall_notice")} == {"cancelled"}
    assert RegisterEntry.objects.about(tho).get().standing == "cancelled"
    assert any(text.startswith("Hồ sơ đã dừng khi ký") for text in FollowUp.objects.values_list("text", flat=True))
    assert broken(quoc_oai) == {}


def test_a_widow_who_has_married_again_is_not_given_back(
    death: list[Result],
    tho: Citizen,
    vo: Citizen,
    khach: Citizen,
    mau: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    afternoon: datetime,
) -> None:
    factories.given_out(death[1].case, by=mai, at=afternoon)
    Marriage.objects.create(
        commune_id=vo.commune_id,
        citizen=vo,
        spouse=mau,
        spouse_name=mau.full_name,
        spouse_sex="male",
        certificate_number="5/2026",
        issuer="UBND xã Quốc Oai",
        since=afternoon.date(),
    )

    signed(recalls(death[1], Ground.COURT, by=hung, at=afternoon), by=lan, at=afternoon)

    assert [row.lasts for row in person(vo, afternoon).marriages] == [False, True]
    assert any("không khôi phục" in text for text in FollowUp.objects.values_list("text", flat=True))


def test_the_commune_does_not_take_a_death_back_by_itself(
    death: list[Result], mai: Officer, hung: Officer, afternoon: datetime
) -> None:
    factories.given_out(death[1].case, by=mai, at=afternoon)

    with pytest.raises(workflow.NotAllowed, match="Tòa án"):
        recalls(death[1], Ground.COMMUNE, by=hung, at=afternoon)


# --- a marriage ---
@pytest.fixture
def wedding(
    khach: Citizen, mau: Citizen, mai: Officer, hung: Officer, lan: Officer, tri: Officer, at: datetime
) -> list[Result]:
    delivered(tri, at)
    return weddings.signed(weddings.received(mau, khach, by=mai, at=at), handled_by=hung, by=lan, at=at)


def test_a_marriage_registered_wrongly_marries_once(
    wedding: list[Result],
    khach: Citizen,
    mau: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    afternoon: datetime,
    quoc_oai: Commune,
) -> None:
    stock.use_next(Case.objects.get(), by=mai, at=afternoon)
    amend(khach, {"full_name": "Trần Thị Thứ"}, paper="Căn cước", by=mai, at=afternoon)

    certificate, declaration = signed(replaces(wedding[0], by=hung, at=afternoon), by=lan, at=afternoon)

    assert (certificate.full_number, declaration.full_number, certificate.originals) == ("02/2026", "02/2026", 2)
    assert certificate.facts["wife"]["name"].upper() == "TRẦN THỊ THỨ"
    for one in (khach, mau):
        [lasting] = person(one, afternoon).marriages
        assert (lasting.certificate_number, lasting.lasts) == ("02/2026", True)
        assert person(one, afternoon).marital_status == MaritalStatus.MARRIED
    assert sorted(Marriage.objects.values_list("certificate_number", "ending")) == [
        ("01/2026", "void"),
        ("01/2026", "void"),
        ("02/2026", ""),
        ("02/2026", ""),
    ]
    assert list(Blank.objects.order_by("pk").values_list("state", flat=True)[:3]) == ["spoiled", "spoiled", "received"]
    assert broken(quoc_oai) == {}


def test_the_right_certificates_are_printed_on_blanks_and_given_out(
    wedding: list[Result],
    khach: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    afternoon: datetime,
    quoc_oai: Commune,
) -> None:
    amend(khach, {"full_name": "Trần Thị Thứ"}, paper="Căn cước", by=mai, at=afternoon)
    signed(replaces(wedding[0], by=hung, at=afternoon), by=lan, at=afternoon)
    case = Case.objects.get()
    soon = afternoon + timedelta(minutes=5)

    ministry.record(case, number="2/2026", code="KH.2", by=mai, at=soon)
    stock.use_next(case, by=mai, at=soon)
    ticks = [rule.id for rule in workflow.asked_at(case, Stage.GIVING_OUT)]
    workflow.give_out(case, inked=True, by=mai, at=soon, to="hai vợ chồng", confirmed=ticks)

    used = Blank.objects.filter(state="used").select_related("result")
    assert {(blank.result.full_number, blank.sheet_no) for blank in used if blank.result} == {
        ("02/2026", 1),
        ("02/2026", 2),
    }
    assert Correction.objects.get().old_paper == "never_left"
    active, struck = (RegisterEntry.objects.get(number=number) for number in (2, 1))
    assert (active.ministry_reference, struck.ministry_reference) == ("KH.2", "")
    assert broken(quoc_oai) == {}


@pytest.mark.parametrize(("ground", "ending"), [(Ground.COURT, "annulment"), (Ground.PROVINCE, "void")])
def test_a_marriage_taken_back_never_was(
    ground: Ground,
    ending: str,
    wedding: list[Result],
    khach: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    afternoon: datetime,
    quoc_oai: Commune,
) -> None:
    factories.given_out(wedding[0].case, by=mai, at=afternoon, confirmed=weddings.AT_THE_COUNTER, to="hai vợ chồng")

    signed(recalls(wedding[0], ground, by=hung, at=afternoon), by=lan, at=afternoon)

    assert set(Marriage.objects.values_list("ending", flat=True)) == {ending}
    assert person(khach, afternoon).marital_status == MaritalStatus.SINGLE
    assert broken(quoc_oai) == {}


def test_a_given_out_marriage_is_not_replaced(
    wedding: list[Result], mai: Officer, hung: Officer, afternoon: datetime
) -> None:
    factories.given_out(wedding[0].case, by=mai, at=afternoon, confirmed=weddings.AT_THE_COUNTER, to="hai vợ chồng")

    assert "mặt sau Giấy chứng nhận kết hôn" in workflow.ways_of(fresh(wedding[0]), at=afternoon).why_not_replace


# --- a disability card ---
@pytest.fixture
def card(
    record: DisabilityRecord, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, tri: Officer, at: datetime
) -> Result:
    made, _ = cards.signed(cards.received(khach, by=mai, at=at), handled_by=hung, by=lan, at=at)
    return made


def test_a_card_printed_wrongly_is_no_card_and_the_right_one_closes_the_old(
    card: Result, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, afternoon: datetime, quoc_oai: Commune
) -> None:
    amend(khach, {"full_name": "Trần Thị Thứ"}, paper="Căn cước", by=mai, at=afternoon)

    new, copy = signed(replaces(card, by=hung, at=afternoon), by=lan, at=afternoon)

    assert (new.full_number, copy.number) == (card.full_number.replace("01", "02"), new.number)
    rows = DisabilityCard.objects.order_by("pk").values_list("times", "status", "full_name")
    assert list(rows) == [
        (0, "lost", "Trần Thị Thử"),
        (1, "void", "Trần Thị Thử"),
        (1, "active", "Trần Thị Thứ"),
    ]
    assert broken(quoc_oai) == {}


def test_a_wrong_card_in_the_hand_is_exchanged_by_its_own_procedure(
    card: Result, mai: Officer, hung: Officer, afternoon: datetime, tri: Officer
) -> None:
    delivered(tri, afternoon, kind="disability_card")
    factories.given_out(card.case, by=mai, at=afternoon)

    ways = workflow.ways_of(fresh(card), at=afternoon)

    assert "cấp đổi với lý do “sai thông tin”" in ways.why_not_replace
    assert ways.remedy.leads_to == "disability_card"


def test_a_recalled_card_is_revoked_and_settles_the_conclusion(
    card: Result, mai: Officer, hung: Officer, lan: Officer, tri: Officer, afternoon: datetime, quoc_oai: Commune
) -> None:
    delivered(tri, afternoon, kind="disability_card")
    factories.given_out(card.case, by=mai, at=afternoon)
    DisabilityConclusion.objects.create(
        commune=quoc_oai,
        record=DisabilityRecord.objects.get(),
        paper="Kết luận số 3",
        received_on=afternoon.date(),
        by=hung,
        at=afternoon,
    )

    signed(recalls(card, Ground.COMMUNE, by=hung, at=afternoon), by=lan, at=afternoon)

    last = DisabilityCard.objects.last()
    assert last is not None
    assert (last.status, last.status_paper) == ("revoked", "Quyết định số 7/QĐ ngày 23/11/2026")
    assert DisabilityConclusion.objects.get().outcome == "revoked"
    assert broken(quoc_oai) == {}


# --- a visit to a grave ---
def test_a_letter_replaced_supports_the_grave_once(
    file: Martyr, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, afternoon: datetime
) -> None:
    confirmed, letter = graves.signed(graves.received(khach, file, mai, at), hung, lan, at)
    factories.given_out(confirmed.case, by=mai, at=at)

    amend(khach, {"full_name": "Trần Thị Thứ"}, paper="Căn cước", by=mai, at=afternoon)

    made = signed(replaces(letter, by=hung, at=afternoon), by=lan, at=afternoon)

    assert [result.kind for result in made] == ["martyr_grave_visit", "martyr_grave_letter"]
    assert [(row.letter_number, row.unused_on) for row in GraveVisit.objects.order_by("pk")] == [
        ("01/GGT-UBND", afternoon.date()),
        ("02/GGT-UBND", None),
    ]


def test_a_paper_no_longer_asked_for_falls_without_a_successor(
    file: Martyr,
    khach: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    at: datetime,
    afternoon: datetime,
    quoc_oai: Commune,
) -> None:
    confirmed, letter = graves.signed(graves.received(khach, file, mai, at), hung, lan, at)

    with pytest.raises(workflow.NotAllowed, match="Không còn giấy nào"):
        replaces(letter, by=hung, at=afternoon, result="application")
    signed(replaces(confirmed, by=hung, at=afternoon, result="application"), by=lan, at=afternoon)

    assert (fresh(confirmed).standing, fresh(letter).standing) == ("replaced", "cancelled")
    assert broken(quoc_oai) == {}


def test_a_letter_that_was_used_is_not_taken_back(
    file: Martyr, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, afternoon: datetime
) -> None:
    confirmed, letter = graves.signed(graves.received(khach, file, mai, at), hung, lan, at)
    factories.given_out(confirmed.case, by=mai, at=at)
    GraveVisit.objects.update(returned_on=afternoon.date(), returned_by=hung, kilometres=800)

    with pytest.raises(workflow.NotAllowed, match="Giấy đã dùng"):
        replaces(letter, by=hung, at=afternoon, support="no")
    with pytest.raises(workflow.NotAllowed, match="Giấy đã dùng"):
        recalls(letter, Ground.COMMUNE, by=hung, at=afternoon)


# --- a poor household ---
def test_a_household_keeps_its_class_from_the_first_day(
    household: Household, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, quoc_oai: Commune
) -> None:
    homes.find(household)
    case = homes.receive(household, mai, homes.RESUMED)
    _, certificate = homes.sign(case, hung, lan, homes.RESUMED)
    factories.given_out(case, by=mai, at=homes.RESUMED)
    later = homes.RESUMED + timedelta(days=9)
    factories.shift(lan, lan.roles[0], starts_at=later.replace(hour=7), ends_at=later.replace(hour=18))
    amend(khach, {"full_name": "Trần Thị Thứ"}, paper="Căn cước", by=mai, at=later)

    made = signed(replaces(certificate, by=hung, at=later), by=lan, at=later)

    assert certificate.kind in [result.kind for result in made]
    wrong, right = HouseholdRecognition.objects.order_by("pk")
    assert (wrong.fallen_on, right.fallen_on) == (later.date(), None)
    assert (right.valid_from, right.valid_to) == (date(2026, 3, 24), date(2026, 12, 31))
    assert right.certificate_number == "02/GCN-HN.HCN"
    assert right.decision_number == Result.objects.get(kind="decision", standing="valid").full_number
    value = Household.objects.for_reading().get().as_value(on=later.date())
    assert [row.certificate_number for row in value.recognitions] == ["02/GCN-HN.HCN"]
    assert broken(quoc_oai) == {}


# --- a copy of a book ---
def test_copies_wrongly_made_are_made_anew_from_the_book_as_it_stands(
    khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, afternoon: datetime, quoc_oai: Commune
) -> None:
    entry = copies.entry.__wrapped__(khach, hung, at) if hasattr(copies.entry, "__wrapped__") else None
    assert entry is not None
    case = workflow.receive(
        catalogue()["civil_copy"],
        khach,
        answers={"entry": str(entry.pk), "copies": 3, "capacity": "self", "fee": "paid", "birth_paper": "extract"},
        officer_answers={rule.id: True for rule in catalogue()["civil_copy"].rules},
        by=mai,
        at=at,
    )
    result = factories.signed(case, handled_by=hung, by=lan, at=at)
    factories.given_out(case, by=mai, at=at)

    [new] = signed(replaces(result, by=hung, at=afternoon, copies=2), by=lan, at=afternoon)

    assert (fresh(result).originals, new.originals, new.number) == (3, 2, 2)
    assert application_of(Case.objects.get(pk=case.pk)).get("copies") == 2
    assert Certificate.objects.count() == 0
    assert broken(quoc_oai) == {}


# --- the table ---
def test_every_paper_of_every_procedure_has_its_remedy_and_its_effects_can_be_undone(at: datetime, db: None) -> None:
    from citizens.records.act import undo
    from procedures.catalogue import CasesEnd

    for procedure in catalogue():
        example = procedure.example(at)
        for document in procedure.documents(example, on=at.date()):
            assert remedy_for(document.key).source
        for effect in procedure.effects(example, on=at.date()):
            if not isinstance(effect, CasesEnd):
                assert undo.dispatch(type(effect)) is not undo.dispatch(object), type(effect).__name__


def test_what_the_table_does_not_name_goes_by_the_general_rule() -> None:
    assert remedy_for("martyr_grave_visit") is GENERAL
    assert remedy_for(Result.REFUSAL) is GENERAL
    assert set(REMEDIES) >= {"death_registration", "marriage_registration", "disability_card"}


def test_a_case_not_yet_signed_has_nothing_to_correct(khach: Citizen, mai: Officer, at: datetime) -> None:
    case = factories.case(khach, by=mai, at=at)

    assert case.where == State.RECEIVED
    assert not Result.objects.filter(case=case).exists()
