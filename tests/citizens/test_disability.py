"""Disability files: kept, searched, corrected on paper, and what a signed card does to them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens.disability import CardStatus
from citizens.models import (
    Citizen,
    DisabilityAmendment,
    DisabilityCard,
    DisabilityConclusion,
    DisabilityFileChanged,
    DisabilityRecord,
    DisabilityRepresentative,
    Parentage,
    Visit,
    amend_disability,
    settle_conclusion,
)
from oneshop import walls
from oneshop.demo.disability import fill_disability, ready_disability_card
from oneshop.keys import new_form_key
from oneshop.models import Commune, Entry, Officer
from procedures import papers, stock, workflow
from procedures.applications import application_for
from procedures.catalogue import catalogue
from procedures.models import Case, Result
from procedures.papers import overprint
from procedures.rules import Tone
from procedures.states import State
from tests import factories

PROCEDURE = catalogue()["disability_card"]
LOST = {"reason": "lost", "loss_declared": True, "unchanged": "yes"}
CHECKED = {rule.id: True for rule in PROCEDURE.rules}


@pytest.fixture
def record(khach: Citizen) -> DisabilityRecord:
    return factories.disability_file(khach)


@pytest.fixture
def specialist(client: Client, hung: Officer) -> Client:
    client.force_login(hung)
    return client


@pytest.fixture
def opened(specialist: Client, record: DisabilityRecord) -> Client:
    """A specialist who has said why."""
    specialist.post(
        reverse("disability_why", args=[record.pk]), {"reason": "sửa, bổ sung dữ liệu", "form_key": "w" * 20}
    )
    return specialist


def received(citizen: Citizen, *, by: Officer, at: datetime, other: Citizen | None = None, **answers: Any) -> Case:
    return workflow.receive(
        PROCEDURE, citizen, answers=LOST | answers, officer_answers=CHECKED, by=by, at=at, other=other
    )


def signed(case: Case, *, handled_by: Officer, by: Officer, at: datetime) -> list[Result]:
    workflow.submit(case, by=handled_by, at=at)
    return workflow.sign(case, by=by, at=at, seen=factories.seen(case, by, at))


# --- the effect ---
def test_a_signed_card_closes_the_old_one_and_copies_type_and_level_from_the_file(
    record: DisabilityRecord, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    case = received(khach, by=mai, at=at)

    card, copy = signed(case, handled_by=hung, by=lan, at=at)

    old, new = record.cards.all()
    assert (old.status, old.status_on) == (CardStatus.LOST, at.date())
    assert old.status_paper == "Cấp lại ngày 23/11/2026: Mất Giấy xác nhận khuyết tật"
    assert (new.status, new.number, new.times, new.kind) == (CardStatus.ACTIVE, "012345", 1, "reissue")
    assert (new.types, new.level) == (record.types, record.level)
    assert (new.register_number, new.signer, new.issued_on) == (1, "Phùng Thị Lan", at.date())
    assert (card.full_number, copy.full_number) == ("01/2026", "01/2026")
    assert (card.blank, copy.blank) == ("disability_card", "")
    assert card.facts["fields"][-1] == ["number", "012345"]


def test_an_exchange_closes_the_old_card_as_replaced_and_leaves_what_is_owed(
    record: DisabilityRecord, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    case = received(khach, by=mai, at=at, reason="damaged", old_card="returned")

    signed(case, handled_by=hung, by=lan, at=at)

    assert [card.status for card in record.cards.all()] == [CardStatus.REPLACED, CardStatus.ACTIVE]
    assert [row.text for row in case.follow_ups.all()] == ["Lưu giấy cũ số 012345 đã thu hồi vào hồ sơ khuyết tật."]


def test_a_card_revoked_after_receipt_is_not_issued_anew(
    record: DisabilityRecord, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    case = received(khach, by=mai, at=at)
    DisabilityConclusion.objects.create(
        commune=khach.commune, record=record, paper="KL 5/SYT", received_on=at.date(), by=hung, at=at
    )

    with pytest.raises(workflow.NotAllowed, match="Đang có kết luận"):
        signed(case, handled_by=hung, by=lan, at=at)

    assert [card.status for card in record.cards.all()] == [CardStatus.ACTIVE]


def test_a_mother_may_have_a_case_open_for_each_of_her_children(khach: Citizen, mai: Officer, at: datetime) -> None:
    children = [
        factories.citizen(khach.commune, f"00121800000{at_}", f"Trần Văn Con {word}", birth_date=date(2018, 4, 1))
        for at_, word in enumerate(("Cả", "Hai"))
    ]
    for child in children:
        factories.disability_file(child)
        Parentage.objects.create(commune=khach.commune, child=child, parent=khach, basis="GKS 5/2018")
    asked = {"representation": "parent", "relationship": "mother"}

    cases = [received(khach, by=mai, at=at, other=child, **asked) for child in children]
    with pytest.raises(workflow.NotReady, match="dis_no_open_case"):
        received(khach, by=mai, at=at, other=children[0], **asked)

    assert [case.where for case in cases] == [State.RECEIVED, State.RECEIVED]


def test_a_guardian_applies_and_the_ward_gets_the_card(
    khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    ward = factories.citizen(khach.commune, "001085000000", "Nguyễn Văn Mẫu", sex="male", birth_date=date(1985, 3, 5))
    record = factories.disability_file(ward)
    DisabilityRepresentative.objects.create(
        commune=ward.commune,
        record=record,
        identity_number=khach.identity_number,
        full_name=khach.full_name,
        ground="guardian",
        paper="QĐ 12/2024",
        by=hung,
        at=at,
    )

    case = received(khach, by=mai, at=at, other=ward, representation="guardian", relationship="guardian")
    signed(case, handled_by=hung, by=lan, at=at)

    new = record.cards.last()
    assert new is not None
    assert (new.full_name, new.times) == ("Nguyễn Văn Mẫu", 1)


def test_a_file_kept_by_another_commune_is_as_good_as_none(
    record: DisabilityRecord, khach: Citizen, kieu_phu: Commune, binh: Officer, at: datetime
) -> None:
    with walls.within(kieu_phu.pk):
        Visit.objects.create(commune=kieu_phu, citizen=khach, officer=binh, at=datetime.now(at.tzinfo))
        asked = application_for(PROCEDURE, khach, answers=LOST, officer_answers=CHECKED, by=binh, at=at)
        seen = DisabilityRecord.objects.count() + DisabilityCard.objects.count()

    assert asked.person.full_name == khach.full_name
    assert asked.dossier.disability is None
    assert seen == 0
    assert {f.rule.id for f in PROCEDURE.judge(asked) if f.tone == Tone.FAIL} == {"dis_file_kept", "dis_resides_here"}


# --- the people of the demo ---
@pytest.fixture
def village(quoc_oai: Commune, hung: Officer) -> Commune:
    fill_disability(quoc_oai, hung)
    return quoc_oai


def stops(name: str, by: Officer, at: datetime, *, other: str = "", **answers: Any) -> set[str]:
    """What stops a person of the demo, found by name, whatever the officer says."""
    person = Citizen.objects.get(full_name=name)
    subject = Citizen.objects.get(full_name=other) if other else None
    asked = application_for(
        PROCEDURE, person, answers=LOST | answers, officer_answers=CHECKED, by=by, at=at, other=subject
    )
    return {finding.rule.id for finding in PROCEDURE.judge(asked) if finding.stops}


CHILD_OF = {"representation": "parent", "relationship": "mother"}


@pytest.mark.parametrize(
    ("name", "facts", "stopped"),
    [
        ("Phan Thị Mẹ Bảy Tuổi", CHILD_OF | {"other": "Phan Văn Bảy Tuổi Mất Thẻ"}, {"dis_age6_ok"}),
        ("Phan Thị Mẹ Bảy Tuổi", CHILD_OF | {"other": "Phan Thị Bảy Tuổi Được Miễn"}, set()),
        ("Phan Thị Mẹ Bảy Tuổi", CHILD_OF | {"other": "Phan Văn Bảy Tuổi Không Rõ Dấu Hiệu"}, set()),
        ("Vũ Thị Mẹ Đi Một Mình", CHILD_OF | {"other": "Vũ Văn Lớn Trí Tuệ"}, {"dis_applicant_entitled"}),
        (
            "Hoàng Thị Giám Hộ",
            {"other": "Hoàng Văn Được Giám Hộ", "representation": "guardian", "relationship": "guardian"},
            set(),
        ),
        ("Tạ Thị Mới Chuyển Đến", {}, {"dis_file_kept"}),
        ("Đỗ Văn Xin Mức Nặng Hơn", {"unchanged": "no"}, {"dis_condition_unchanged"}),
        (
            "Bùi Thị Đổi Năm Sinh",
            {"reason": "wrong_info", "wrong_field": "birth_date", "proof": "id_record", "old_card": "returned"},
            set(),
        ),
        ("Phí Thị Có Kết Luận Sai", {}, {"dis_no_wrong_conclusion"}),
        ("Trịnh Văn Thẻ Thu Hồi", {}, {"dis_card_active"}),
        ("Lê Thị Hồ Sơ Thiếu", {}, {"dis_file_kept"}),
    ],
)
def test_each_demo_person_meets_the_trouble_of_the_name(
    village: Commune, mai: Officer, at: datetime, name: str, facts: dict[str, Any], stopped: set[str]
) -> None:
    assert stops(name, mai, at, **facts) == stopped


def test_the_wishes_of_the_demo_are_let_through(village: Commune, mai: Officer, at: datetime) -> None:
    cases = [
        received(citizen, by=mai, at=at, other=other, **answers)
        for citizen, other, _, answers in ready_disability_card(village)
    ]

    assert [case.where for case in cases] == [State.RECEIVED] * 3


# --- truth in the database ---
def test_a_file_has_one_active_card_and_a_revoked_one_its_paper(record: DisabilityRecord, at: datetime) -> None:
    card = record.cards.get()

    for wrong in ({"status": "revoked", "status_on": at.date()}, {"status": "lost"}, {"number": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DisabilityCard.objects.filter(pk=card.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        DisabilityCard.objects.create(
            commune=record.commune,
            record=record,
            number="012345",
            times=1,
            issued_on=at.date(),
            types=record.types,
            level=record.level,
        )


def test_a_correction_never_changes_and_nothing_of_a_file_is_removed(
    record: DisabilityRecord, hung: Officer, at: datetime
) -> None:
    amend_disability(record, {"level": "dac_biet_nang"}, paper="Biên bản gốc", by=hung, at=at)

    for forbidden in (
        "UPDATE citizens_disabilityamendment SET after = 'x'",
        "DELETE FROM citizens_disabilityamendment",
        "DELETE FROM citizens_disabilitycard",
        "DELETE FROM citizens_disabilityrecord",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(forbidden)


def test_a_correction_keeps_what_it_was_and_leaves_the_printed_card_alone(
    record: DisabilityRecord, hung: Officer, at: datetime
) -> None:
    made = amend_disability(
        record,
        {"level": "dac_biet_nang", "types": ["van_dong", "nhin"], "sheet": "six_plus"},
        paper="Biên bản gốc số 15",
        by=hung,
        at=at,
    )

    assert [(line.field, line.before, line.after) for line in made] == [
        ("level", "Nặng", "Đặc biệt nặng"),
        ("types", "Khuyết tật vận động", "Khuyết tật vận động; Khuyết tật nhìn"),
    ]
    assert (record.version, record.cards.get().level) == (2, "nang")


def test_two_officers_correcting_at_once_do_not_overwrite_each_other(
    record: DisabilityRecord, hung: Officer, at: datetime
) -> None:
    as_seen_elsewhere = DisabilityRecord.objects.get(pk=record.pk)
    amend_disability(record, {"decision": "16/BB"}, paper="bản lưu", by=hung, at=at)

    with pytest.raises(DisabilityFileChanged):
        amend_disability(as_seen_elsewhere, {"decision": "17/BB"}, paper="bản lưu", by=hung, at=at)

    record.refresh_from_db()
    assert record.decision == "16/BB"


def test_a_conclusion_is_settled_once_and_revokes_the_card_on_its_paper(
    record: DisabilityRecord, hung: Officer, at: datetime
) -> None:
    conclusion = DisabilityConclusion.objects.create(
        commune=record.commune, record=record, paper="KL 5/SYT", received_on=at.date(), by=hung, at=at
    )

    settle_conclusion(conclusion, outcome="revoked", paper="QĐ 9/QĐ-UBND", on=at.date(), by=hung)
    with pytest.raises(DisabilityFileChanged):
        settle_conclusion(conclusion, outcome="withdrawn", paper="CV 1", on=at.date(), by=hung)

    card = record.cards.get()
    assert (card.status, card.status_paper) == (CardStatus.REVOKED, "QĐ 9/QĐ-UBND")


def test_a_conclusion_taken_back_leaves_the_card_in_force(
    record: DisabilityRecord, hung: Officer, at: datetime
) -> None:
    conclusion = DisabilityConclusion.objects.create(
        commune=record.commune, record=record, paper="KL 5/SYT", received_on=at.date(), by=hung, at=at
    )

    settle_conclusion(conclusion, outcome="withdrawn", paper="CV 1/SYT", on=at.date(), by=hung)

    assert record.cards.get().status == CardStatus.ACTIVE
    assert record.as_value().open_conclusions() == ()


# --- the pages ---
def test_nobody_is_listed_unasked_and_the_list_says_nothing_of_the_disability(
    specialist: Client, record: DisabilityRecord
) -> None:
    unasked = specialist.get(reverse("disability_files")).content.decode()
    asked = specialist.post(reverse("disability_files"), {"text": "thu tran"}).content.decode()

    assert record.citizen.full_name not in unasked
    assert record.citizen.full_name in asked
    assert record.citizen.identity_number not in asked
    assert "Khuyết tật vận động" not in asked
    assert list(Entry.objects.values_list("act", "kind", "why")) == [("search", "disability", "1 hồ sơ")]


@pytest.mark.parametrize("text", ["001192000000", "012345", "Trần Thị Thử", "tran thi"])
def test_a_file_is_found_by_name_number_and_card(specialist: Client, record: DisabilityRecord, text: str) -> None:
    page = specialist.post(reverse("disability_files"), {"text": text}).content.decode()

    assert reverse("disability_file", args=[record.pk]) in page


@pytest.mark.parametrize("page", ["search", "register"])
def test_a_list_asks_as_much_with_thirty_files_as_with_three(specialist: Client, khach: Citizen, page: str) -> None:
    def make(first: int, last: int) -> None:
        for serial in range(first, last):
            factories.disability_file(factories.citizen(khach.commune, f"0011920001{serial:02}", "Lê Thị Nhiều"))

    def asked() -> tuple[int, str]:
        with CaptureQueriesContext(connection) as queries:
            if page == "search":
                response = specialist.post(reverse("disability_files"), {"text": "nhieu"})
            else:
                response = specialist.get(reverse("disability_register", args=[2020]))
        return len(queries), response.content.decode()

    make(0, 3)
    asked()  # the session is warm
    few, _ = asked()
    make(3, 30)
    many, shown = asked()

    assert few == many
    assert shown.count("Lê Thị Nhiều") == 30


def test_a_file_stays_closed_until_its_officer_says_why(specialist: Client, record: DisabilityRecord) -> None:
    here, why = reverse("disability_file", args=[record.pk]), reverse("disability_why", args=[record.pk])

    closed = specialist.get(here).content.decode()
    amending = specialist.get(reverse("amend_disability_file", args=[record.pk]))
    silent = specialist.post(why, {"reason": "", "form_key": "a" * 20})
    said = specialist.post(why, {"reason": "other", "other": "đối chiếu sổ", "form_key": "b" * 20})
    shown = specialist.get(here).content.decode()

    assert "Khuyết tật vận động" not in closed
    assert amending["Location"] == here
    assert silent.status_code == 422
    assert said["Location"] == here
    assert "Khuyết tật vận động" in shown
    assert list(Entry.objects.filter(act="look").values_list("kind", "key", "why")) == [
        ("disability", str(record.pk), "đối chiếu sổ")
    ]


def test_a_file_of_another_commune_does_not_exist(record: DisabilityRecord, client: Client, kieu_phu: Commune) -> None:
    with walls.within(kieu_phu.pk):
        foreign = factories.officer(kieu_phu, "la", *["specialist"])  # type: ignore[list-item]
    client.force_login(foreign)

    answers = [
        client.get(reverse(name, args=[record.pk])).status_code for name in ("disability_file", "amend_disability_file")
    ]

    assert answers == [404, 404]


OLD_FILE = {
    "identity_number": "001192000000",
    "source": "tủ lưu UBND xã Sài Sơn cũ",
    "types": ["van_dong", "nhin"],
    "level": "nang",
    "decision": "15/BB-HĐXĐKT",
    "determined_on": "12/5/2020",
    "sheet": "six_plus",
    "lines": "3.1; 1.4",
    "activities": "2111 2113 11",
    "card_number": "012345",
    "card_issued_on": "20/5/2020",
    "form_key": "n" * 20,
}


def test_an_old_file_is_typed_in_with_its_card(specialist: Client, khach: Citizen) -> None:
    response = specialist.post(reverse("new_disability_file"), OLD_FILE)

    record = DisabilityRecord.objects.get()
    assert response["Location"] == reverse("disability_file", args=[record.pk])
    kept = record.as_value()
    assert kept.is_complete
    assert kept.types_text == "Khuyết tật vận động; Khuyết tật nhìn"
    assert kept.lines == ("1.4", "3.1")
    assert kept.activities == ("with_help", "can", "can", "can", "with_help", "can", "can", "cannot", "can", "can")
    assert kept.last_card is not None
    assert (kept.last_card.number, kept.last_card.issued_on) == ("012345", date(2020, 5, 20))
    assert Entry.objects.filter(act="record", kind="disability", key=str(record.pk)).count() == 1
    assert "Khuyết tật nhìn" in specialist.get(response["Location"]).content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"identity_number": "001192000009"}, "Chưa có người này trong dữ liệu công dân của xã."),
        ({"lines": "9.9"}, "Mẫu không có dòng 9.9."),
        ({"activities": "12"}, "Ghi đủ 10 chữ số từ 1 đến 4, hoặc bỏ trống."),
        ({"exempt_sign": "1.5"}, "Chỉ ghi dấu hiệu khi mức độ là đặc biệt nặng."),
        ({"card_issued_on": "1/5/2020"}, "Giấy không thể ký trước ngày Hội đồng kết luận."),
        ({"determined_on": "1/1/2999"}, "Ngày này không thể sau hôm nay."),
        ({"types": []}, "Đánh dấu ít nhất một dạng, như biên bản kết luận."),
    ],
)
def test_an_old_file_that_cannot_be_is_not_kept(
    specialist: Client, khach: Citizen, wrong: dict[str, Any], said: str
) -> None:
    response = specialist.post(reverse("new_disability_file"), OLD_FILE | wrong)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert DisabilityRecord.objects.count() == 0


def test_a_person_has_one_file_here(specialist: Client, record: DisabilityRecord) -> None:
    response = specialist.post(reverse("new_disability_file"), OLD_FILE)

    assert response.status_code == 422
    assert "Người này đã có hồ sơ khuyết tật tại xã." in response.content.decode()


def test_a_correction_needs_its_paper_and_leaves_a_trail(opened: Client, record: DisabilityRecord) -> None:
    here = reverse("amend_disability_file", args=[record.pk])
    form = {
        "types": ["van_dong"],
        "level": "dac_biet_nang",
        "decision": record.decision,
        "determined_on": "12/05/2020",
        "sheet": "six_plus",
        "lines": "1.4",
        "version": "1",
    }

    refused = opened.post(here, form | {"form_key": "a" * 20})
    changed = opened.post(here, form | {"paper": "Biên bản gốc số 15", "form_key": "b" * 20})
    stale = opened.post(here, form | {"paper": "khác", "level": "nhe", "form_key": "c" * 20})

    assert (refused.status_code, changed.status_code, stale.status_code) == (422, 302, 422)
    line = DisabilityAmendment.objects.get()
    assert (line.field, line.before, line.after, line.paper) == (
        "level",
        "Nặng",
        "Đặc biệt nặng",
        "Biên bản gốc số 15",
    )
    assert "Biên bản gốc số 15" in opened.get(reverse("disability_file", args=[record.pk])).content.decode()


def test_a_representative_is_recorded_and_ended(opened: Client, record: DisabilityRecord) -> None:
    here = reverse("represent", args=[record.pk])
    said = {
        "represent-identity_number": "001085000000",
        "represent-full_name": "Nguyễn Văn Mẫu",
        "represent-ground": "guardian",
        "represent-paper": "QĐ 12/2024",
    }

    wrong = opened.post(here, said | {"represent-identity_number": "12", "form_key": "a" * 20})
    opened.post(here, said | {"form_key": "b" * 20})
    row = DisabilityRepresentative.objects.get()
    in_force = record.as_value().representatives
    record = DisabilityRecord.objects.get(pk=record.pk)
    opened.post(reverse("end_representation", args=[record.pk, row.pk]), {"form_key": "c" * 20})

    assert wrong.status_code == 422
    assert [one.full_name for one in in_force] == ["Nguyễn Văn Mẫu"]
    assert DisabilityRecord.objects.get(pk=record.pk).as_value().representatives == ()
    row.refresh_from_db()
    assert row.ended_on is not None


def test_a_conclusion_and_the_decision_that_revokes_the_card_are_recorded(
    opened: Client, record: DisabilityRecord
) -> None:
    opened.post(
        reverse("conclude", args=[record.pk]),
        {"conclude-paper": "KL 5/SYT", "conclude-received_on": "2/3/2026", "form_key": "a" * 20},
    )
    conclusion = DisabilityConclusion.objects.get()
    warned = opened.get(reverse("disability_file", args=[record.pk])).content.decode()
    settle = reverse("settle_conclusion", args=[record.pk, conclusion.pk])
    name = f"settle-{conclusion.pk}"
    silent = opened.post(settle, {f"{name}-outcome": "revoked", "form_key": "b" * 20})
    opened.post(
        settle,
        {f"{name}-outcome": "revoked", f"{name}-paper": "QĐ 9", f"{name}-on": "5/3/2026", "form_key": "c" * 20},
    )

    assert "không cấp đổi, cấp lại cho đến khi xử lý xong" in warned
    assert silent.status_code == 422
    assert record.cards.get().status == CardStatus.REVOKED
    assert "Giấy đã bị thu hồi" in opened.get(reverse("disability_file", args=[record.pk])).content.decode()
    acts = Entry.objects.filter(kind="disability").exclude(act="look").order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["conclude", "revoked"]


def test_the_register_of_a_year_shows_every_column_and_who_received(
    specialist: Client,
    record: DisabilityRecord,
    khach: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    tri: Officer,
    at: datetime,
) -> None:
    case = received(khach, by=mai, at=at)
    signed(case, handled_by=hung, by=lan, at=at)
    stock.receive(
        "disability_card", letters="KT ", first="0001", last="0002", batch="đợt 1", received_on=at.date(), by=tri, at=at
    )
    factories.given_out(case, by=mai, at=at + timedelta(minutes=9), to="Trần Thị Nhận Thay")

    this_year = specialist.get(reverse("disability_register", args=[2026])).content.decode()
    first_year = specialist.get(reverse("disability_register", args=[2020])).content.decode()

    for said in (
        '<td role="cell">01</td>',
        "012345",
        "Trần Thị Thử",
        "17/09/1992, Nữ",
        "001192000000",
        "Khuyết tật vận động",
        "Nặng",
        "15/BB-HĐXĐKT, 12/05/2020",
        "Cấp lại (lần 1)",
        "Mất Giấy xác nhận khuyết tật",
        "23/11/2026",
        "Phùng Thị Lan",
        "Trần Thị Nhận Thay",
    ):
        assert said in this_year, said
    assert "Cấp mới" in first_year
    assert "20/05/2020" in first_year
    assert Entry.objects.filter(kind="disability_register", act="look").count() == 2


def test_the_signed_card_is_laid_over_its_blank(
    record: DisabilityRecord, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    card, _ = signed(received(khach, by=mai, at=at), handled_by=hung, by=lan, at=at)

    sheet = overprint.overprint(card)

    assert overprint.values_of(card) == {
        "full_name": "TRẦN THỊ THỬ",
        "birth_date": "17/09/1992",
        "sex": "Nữ",
        "residence": "Thôn 1, Xã Quốc Oai, Thành phố Hà Nội",
        "types": "Khuyết tật vận động",
        "level": "Nặng",
        "number": "012345",
        "place_and_day": "Quốc Oai, ngày 23 tháng 11 năm 2026",
        "signer_title": "CHỦ TỊCH",
        "signer_name": "Phùng Thị Lan",
    }
    assert "CỘNG HÒA" not in sheet.html


# --- the applicant's own form ---
def test_the_application_is_printed_before_receipt_and_from_the_case(
    record: DisabilityRecord, khach: Citizen, mai: Officer, client: Client, at: datetime
) -> None:
    case = received(khach, by=mai, at=at)
    client.force_login(mai)

    page = client.get(reverse("case", args=[case.code])).content.decode()
    form, none = (reverse("print_paper", args=[case.code, "declaration", number]) for number in (0, 1))
    response = client.post(form, {"form_key": new_form_key()}, follow=True)
    nothing = client.post(none, {"form_key": new_form_key()})

    assert form in page
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert nothing.status_code == 404
    assert Entry.objects.filter(act="print", kind="paper", key=f"{case.code}/declaration/0/1").count() == 1
    [draft] = papers.declarations_of(case, at=at)
    assert draft.document.key == "application"


def test_at_the_counter_the_check_page_offers_the_filled_application(
    record: DisabilityRecord, khach: Citizen, mai: Officer, client: Client
) -> None:
    client.force_login(mai)
    apply = reverse("apply", args=[khach.pk, "disability_card"])
    form = client.get(apply).content.decode()
    ticks = {f"rule-{rule.id}": "yes" for rule in PROCEDURE.rules}

    sent = client.post(apply, LOST | ticks | {"form_key": "s" * 20})
    check = client.get(sent["Location"]).content.decode()

    assert reverse("party", args=[khach.pk, "disability_card"]) in form
    assert "Hồ sơ lưu: Khuyết tật vận động; mức độ: Nặng. Biên bản 15/BB-HĐXĐKT." in form
    pk = sent["Location"].rsplit("/", 1)[-1]
    assert reverse("print_declaration", args=[pk, 0]) in check
    assert "<dd>Có</dd>" in check
    assert "<dd>True</dd>" not in check
    pressed = client.post(reverse("print_declaration", args=[pk, 0]), {"form_key": "p" * 20}, follow=True)
    assert pressed.content.startswith(b"%PDF")
    assert client.get(reverse("declaration", args=[pk, 1])).status_code == 404
    assert client.get(reverse("preview", args=[pk, 1]))["Content-Type"] == "image/png"
