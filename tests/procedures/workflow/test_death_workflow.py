"""A signed death, with the real verbs: the record is locked, the spouse widowed, certificates and cases end."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from citizens.models import Certificate, Citizen, Marriage, RegisterBook, RegisterEntry, Residence, Visit
from citizens.person import MaritalStatus
from oneshop import walls
from oneshop.keys import new_form_key
from oneshop.models import Commune, Officer
from oneshop.roles import Role
from procedures import papers, workflow
from procedures.catalogue import CasesEnd, catalogue
from procedures.models import Case, FollowUp, Result, Series
from procedures.states import State, Verb
from tests import factories

DEATH = catalogue()["death_registration"]
ANSWERS: dict[str, Any] = {
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
ALL = {rule.id: True for rule in DEATH.rules}
TICKED = ["death_home_checked"]


@pytest.fixture
def tho(quoc_oai: Commune) -> Citizen:
    """The old man."""
    return factories.citizen(quoc_oai, "001045000000", "Nguyễn Văn Thọ Mẫu", sex="male", birth_date=date(1945, 4, 24))


@pytest.fixture
def vo(quoc_oai: Commune) -> Citizen:
    """His wife."""
    return factories.citizen(quoc_oai, "001150000000", "Lê Thị Góa", birth_date=date(1950, 1, 1))


@pytest.fixture
def marriage(tho: Citizen, vo: Citizen) -> None:
    for one, other in ((tho, vo), (vo, tho)):
        _marry(one, other)


def _marry(one: Citizen, other: Citizen) -> None:
    Marriage.objects.create(
        commune_id=one.commune_id,
        citizen=one,
        spouse=other,
        spouse_name=other.full_name,
        spouse_sex=other.sex,
        certificate_number="12/1970",
        issuer="UBND xã Sài Sơn",
        since=date(1970, 2, 1),
    )


def received(
    dead: Citizen, declarant: Citizen, *, by: Officer, at: datetime, officer: dict[str, bool] = ALL, **answers: Any
) -> Case:
    return workflow.receive(
        DEATH, declarant, answers=ANSWERS | answers, officer_answers=officer, by=by, at=at, other=dead
    )


def signed(case: Case, *, handled_by: Officer, by: Officer, at: datetime) -> list[Result]:
    workflow.submit(case, by=handled_by, at=at)
    return workflow.sign(case, by=by, at=at, seen=factories.seen(case, by, at), confirmed=TICKED)


def certificate(citizen: Citizen, at: datetime) -> Certificate:
    return Certificate.objects.create(
        commune_id=citizen.commune_id,
        citizen=citizen,
        number="05/UBND-XNTTHN",
        issuer="UBND xã Quốc Oai",
        issued_on=at.date() - timedelta(days=30),
        expires_on=at.date() + timedelta(days=150),
        for_marriage=False,
        purpose="vay vốn",
    )


# --- what the signature makes ---
def test_notice_and_extract_are_signed_together_and_the_second_cites_the_first(
    tho: Citizen, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    case = received(tho, khach, by=mai, at=at)

    notice, extract = signed(case, handled_by=hung, by=lan, at=later)

    assert (notice.kind, notice.name, notice.full_number, notice.book) == (
        "death_notice",
        "Giấy báo tử",
        "01/GBT-UBND",
        "death_notice",
    )
    assert (extract.kind, extract.name, extract.full_number, extract.book) == (
        "death_registration",
        "Trích lục khai tử",
        "01/TLKT",
        "death",
    )
    assert extract.facts["notice"]["number"] == "01/GBT-UBND"


def test_the_book_has_its_entry_with_dead_declarant_and_notice(
    tho: Citizen, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    signed(received(tho, khach, by=mai, at=at), handled_by=hung, by=lan, at=later)

    [entry] = RegisterEntry.objects.about(tho)
    value = entry.as_value(tho.commune_id)
    assert (entry.kind, entry.full_number, entry.flags) == ("death", "01/2026", ["Đúng hạn"])
    assert [(named.part, named.identity_number) for named in value.persons] == [
        ("subject", tho.identity_number),
        ("declarant", khach.identity_number),
    ]
    assert value.facts["notice_number"] == "01/GBT-UBND"
    assert value.facts["notice_issuer"] == "UBND xã Quốc Oai"
    assert value.facts["notice_issued_on"] == "23/11/2026"
    assert value.facts["cause_of_death"] == "Tuổi già"
    assert RegisterBook.objects.get().kind == "death"
    assert not RegisterEntry.objects.about(khach).exists()


def test_the_record_is_locked_with_day_and_paper(
    tho: Citizen, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    signed(received(tho, khach, by=mai, at=at), handled_by=hung, by=lan, at=later)

    tho.refresh_from_db()
    assert tho.deceased_on == date(2026, 11, 20)
    assert tho.death_note == "Trích lục khai tử số 01/TLKT do UBND xã Quốc Oai cấp 23/11/2026"
    assert {row.field for row in tho.amendments.all()} == {"deceased_on", "death_note"}


def test_the_spouse_is_widowed_from_the_day_of_death_and_open_certificates_end(
    tho: Citizen,
    vo: Citizen,
    marriage: None,
    khach: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    at: datetime,
    later: datetime,
) -> None:
    of_the_dead, of_the_widow, of_another = (certificate(one, at) for one in (tho, vo, khach))

    signed(received(tho, khach, by=mai, at=at), handled_by=hung, by=lan, at=later)

    widow = vo.as_person(commune_id=vo.commune_id, on=later.date())
    [was] = widow.marriages
    assert widow.marital_status == MaritalStatus.WIDOWED
    assert (was.ended_on, was.ending_paper, was.ending_number, was.ending_issuer, was.ending_confirmed) == (
        date(2026, 11, 20),
        "Trích lục khai tử",
        "01/TLKT",
        "UBND xã Quốc Oai",
        True,
    )
    for ended in (of_the_dead, of_the_widow):
        ended.refresh_from_db()
        assert ended.ended_on == later.date()
    of_another.refresh_from_db()
    assert of_another.ended_on is None


def test_an_earlier_marriage_that_ended_by_divorce_stays_as_it_was(
    tho: Citizen, vo: Citizen, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    _marry(vo, tho)
    Marriage.objects.update(ending="divorce", ended_on=date(2000, 1, 1))

    signed(received(tho, khach, by=mai, at=at), handled_by=hung, by=lan, at=later)

    assert Marriage.objects.get().ending == "divorce"


def test_other_open_cases_of_the_dead_stop_with_the_reason(
    tho: Citizen, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    waiting = factories.case(tho, by=mai, at=at)
    paused = factories.case(khach, by=mai, at=at)
    case = received(tho, khach, by=mai, at=at)

    signed(case, handled_by=hung, by=lan, at=later)

    waiting.refresh_from_db()
    paused.refresh_from_db()
    assert waiting.state == State.STOPPED
    last = waiting.steps.last()
    assert (last.verb, last.note) == (Verb.STOP, "Đã đăng ký khai tử cho Nguyễn Văn Thọ Mẫu.")
    assert paused.state == State.RECEIVED, "the declarant's own case goes on"


def test_a_second_registration_of_the_same_death_stops_with_the_first(
    tho: Citizen, vo: Citizen, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    first = received(tho, khach, by=mai, at=at)
    second = received(tho, vo, by=mai, at=at, relationship="Vợ")

    signed(first, handled_by=hung, by=lan, at=later)

    second.refresh_from_db()
    assert second.state == State.STOPPED
    assert Result.objects.filter(kind="death_registration").count() == 1


def test_a_copy_that_another_asks_of_the_dead_goes_on(
    tho: Citizen,
    khach: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    at: datetime,
    later: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Copies are given of the dead as well; what the dead asked for himself ends. Tried with a procedure at hand."""
    entry, died, ended = DEATH.effects(DEATH.example(at), on=at.date())
    assert isinstance(ended, CasesEnd)
    assert ended.spares == ("civil_copy",)
    effects = (entry, died, replace(ended, spares=("marital_certificate",)))
    monkeypatch.setattr(type(DEATH), "effects", lambda *_, **__: effects)
    of_the_dead, by_the_dead = factories.case(khach, by=mai, at=at), factories.case(tho, by=mai, at=at)
    Case.objects.filter(pk=of_the_dead.pk).update(other=tho, other_person=of_the_dead.person)

    signed(received(tho, khach, by=mai, at=at), handled_by=hung, by=lan, at=later)

    assert dict(Case.objects.filter(procedure_key="marital_certificate").values_list("pk", "state")) == {
        of_the_dead.pk: State.RECEIVED,
        by_the_dead.pk: State.STOPPED,
    }


def test_the_dead_can_apply_for_nothing_any_more(
    tho: Citizen, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    signed(received(tho, khach, by=mai, at=at), handled_by=hung, by=lan, at=later)
    tho.refresh_from_db()

    with pytest.raises(workflow.NotReady) as stopped:
        factories.case(tho, by=mai, at=later)
    assert [finding.rule.id for finding in stopped.value.findings] == ["cs_subject_alive"]
    with pytest.raises(workflow.NotReady) as again:
        received(tho, khach, by=mai, at=later)
    assert [finding.rule.id for finding in again.value.findings] == ["death_not_registered"]


def test_what_is_still_owed_is_written_down(
    tho: Citizen,
    vo: Citizen,
    marriage: None,
    khach: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    at: datetime,
    later: datetime,
) -> None:
    case = received(tho, khach, by=mai, at=at, copies=2)

    signed(case, handled_by=hung, by=lan, at=later)

    owed = list(FollowUp.objects.filter(case=case).order_by("pk").values_list("text", flat=True))
    assert [sentence.split()[0] for sentence in owed] == ["Chuyển", "Xem", "Hướng", "Báo", "Lập"]


# --- all or nothing ---
def test_a_paper_that_fails_leaves_the_living_alive(
    tho: Citizen,
    vo: Citizen,
    marriage: None,
    khach: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    at: datetime,
    later: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second of the two papers fails: no number, no entry, no lock, no widow, no stopped case."""
    waiting = factories.case(tho, by=mai, at=at, declared_status="married")
    case = received(tho, khach, by=mai, at=at)
    workflow.submit(case, by=hung, at=later)
    seen = factories.seen(case, lan, later)
    real = papers.render

    def second_fails(template: str, facts: Any) -> Any:
        if template == "results/death_registration.html":
            raise papers.PaperFailed(template)
        return real(template, facts)

    monkeypatch.setattr(papers, "render", second_fails)
    with pytest.raises(papers.PaperFailed), transaction.atomic():
        workflow.sign(case, by=lan, at=later, seen=seen, confirmed=TICKED)

    tho.refresh_from_db()
    waiting.refresh_from_db()
    assert tho.deceased_on is None
    assert waiting.state == State.RECEIVED
    assert not RegisterEntry.objects.exists()
    assert not Result.objects.exists()
    assert not Series.objects.filter(book__in=["death", "death_notice"]).exists()
    assert set(Marriage.objects.values_list("ending", flat=True)) == {""}


def test_a_record_that_moves_while_it_is_signed_undoes_the_numbers(
    tho: Citizen,
    khach: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    at: datetime,
    later: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = received(tho, khach, by=mai, at=at)
    workflow.submit(case, by=hung, at=later)
    seen = factories.seen(case, lan, later)

    def broken(*_: object) -> None:
        raise RuntimeError("records")

    monkeypatch.setattr(workflow.signing, "carry_out", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        workflow.sign(case, by=lan, at=later, seen=seen, confirmed=TICKED)

    case.refresh_from_db()
    assert case.state == State.WAITING_SIGNATURE
    assert not Result.objects.exists()
    assert not Series.objects.filter(book="death").exists()


# --- at the signature ---
def test_the_leader_owes_the_tick_that_the_death_at_home_was_checked(
    tho: Citizen, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    case = received(tho, khach, by=mai, at=at)
    workflow.submit(case, by=hung, at=later)

    with pytest.raises(workflow.NotAllowed, match="xác minh việc chết tại nhà"):
        workflow.sign(case, by=lan, at=later, seen=factories.seen(case, lan, later))


def test_a_death_in_a_hospital_owes_no_tick_and_one_paper(
    tho: Citizen, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    case = received(
        tho,
        khach,
        by=mai,
        at=at,
        place_kind="facility",
        facility_name="Bệnh viện Đa khoa Mẫu",
        notice_kind="medical_facility",
        notice_source="paper",
        notice_number="12/2026/GBT",
        notice_issuer="Bệnh viện Đa khoa Mẫu",
        notice_issued_on=date(2026, 11, 21),
    )
    workflow.submit(case, by=hung, at=later)

    [extract] = workflow.sign(case, by=lan, at=later, seen=factories.seen(case, lan, later))

    assert extract.kind == "death_registration"
    [entry] = RegisterEntry.objects.about(tho)
    assert entry.facts["notice_number"] == "12/2026/GBT"


def test_a_death_registered_between_receipt_and_signature_of_another_case_stops_its_signature(
    tho: Citizen, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    waiting = factories.case(tho, by=mai, at=at)
    workflow.submit(waiting, by=hung, at=at)
    seen = factories.seen(waiting, lan, later)
    signed(received(tho, khach, by=mai, at=at), handled_by=hung, by=lan, at=later)

    with pytest.raises(workflow.CaseMoved):
        workflow.sign(waiting, by=lan, at=later, seen=seen)

    assert not Result.objects.filter(case=waiting).exists()


def test_a_case_of_the_dead_at_another_commune_is_held_back_at_its_signature(
    tho: Citizen,
    khach: Citizen,
    kieu_phu: Commune,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    binh: Officer,
    at: datetime,
    later: datetime,
) -> None:
    """Its case cannot be seen from here and goes on being open; but the record says what happened."""
    Residence.objects.create(
        commune=tho.commune,
        citizen=tho,
        kind="temporary",
        address="Thôn 2, Xã Kiều Phú",
        present_commune=kieu_phu,
        since=date(2024, 1, 1),
    )
    with walls.within(kieu_phu.pk, scanned=tho.identity_number):
        factories.usual_week(kieu_phu)
        Visit.objects.create(commune=kieu_phu, citizen=tho, officer=binh, at=at)
        helper = factories.officer(kieu_phu, "giup", Role.SPECIALIST)
        leader = factories.officer(kieu_phu, "ky", Role.SIGNER, signs_as="CHỦ TỊCH")
        factories.shift(leader, Role.SIGNER, starts_at=at.replace(hour=7), ends_at=at.replace(hour=18))
        far = factories.case(tho, by=binh, at=at)
        workflow.submit(far, by=helper, at=at)

    with walls.within(tho.commune_id):
        signed(received(tho, khach, by=mai, at=at), handled_by=hung, by=lan, at=later)

    with walls.within(kieu_phu.pk):
        far.refresh_from_db()
        assert far.state == State.WAITING_SIGNATURE
        seen = factories.seen(far, leader, later)
        with pytest.raises(workflow.NotAllowed, match="đã được đăng ký khai tử"), transaction.atomic():
            workflow.sign(far, by=leader, at=later, seen=seen)


# --- whose record it is ---
def test_a_dead_person_whose_record_another_commune_keeps_is_not_registered_here(
    khach: Citizen, quoc_oai: Commune, kieu_phu: Commune, mai: Officer, at: datetime
) -> None:
    with walls.within(kieu_phu.pk):
        far = factories.citizen(kieu_phu, "001045000001", "Người Xã Khác", sex="male", birth_date=date(1945, 4, 24))
    Visit.objects.create(commune=quoc_oai, citizen_id=far.pk, officer=mai, at=at)
    Residence.objects.create(
        commune=quoc_oai,
        citizen=far,
        kind="permanent",
        address="Thôn 1, Xã Quốc Oai",
        present_commune=quoc_oai,
        since=date(2000, 1, 1),
    )

    with walls.within(quoc_oai.pk, scanned=far.identity_number), pytest.raises(workflow.NotReady) as stopped:
        received(far, khach, by=mai, at=at)

    assert [finding.rule.id for finding in stopped.value.findings] == ["death_record_kept_here"]


def test_a_widow_whose_record_another_commune_keeps_may_declare_and_that_commune_is_told(
    tho: Citizen,
    quoc_oai: Commune,
    kieu_phu: Commune,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    at: datetime,
    later: datetime,
) -> None:
    """Her record can be read here, as she shows her card, but not changed."""
    with walls.within(kieu_phu.pk, scanned=tho.identity_number):
        widow = factories.citizen(kieu_phu, "001150000001", "Lê Thị Xã Khác", birth_date=date(1950, 1, 1))
        Marriage.objects.create(
            commune=kieu_phu,
            citizen=widow,
            spouse_id=tho.pk,
            spouse_name=tho.full_name,
            spouse_sex="male",
            certificate_number="12/1970",
            since=date(1970, 2, 1),
        )
    _marry(tho, widow)

    with time_machine.travel(at, tick=False):
        case = received(tho, widow, by=mai, at=at, relationship="Vợ")
        signed(case, handled_by=hung, by=lan, at=later)

    assert tho.marriages.get().ending == "death"
    with walls.within(kieu_phu.pk):
        assert widow.marriages.get().ending == ""
    assert FollowUp.objects.filter(case=case, text__startswith="Xem hồ sơ của Lê Thị Xã Khác").exists()


# --- the desks ---
def send(client: Client, path: str, **form: Any) -> Any:
    return client.post(path, form | {"form_key": new_form_key()})


def test_from_the_card_to_the_signature_at_the_desks(
    client: Client, tho: Citizen, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    apply = reverse("apply", args=[khach.pk, "death_registration"])
    posted = {
        **{name: value for name, value in ANSWERS.items() if value is not None},
        "died_on": "20/11/2026",
        **{f"rule-{rule}": "yes" for rule in ALL},
    }
    with time_machine.travel(at, tick=False):
        client.force_login(mai)
        assert client.get(apply)["Location"] == reverse("party", args=[khach.pk, "death_registration"])
        asked = client.get(reverse("party", args=[khach.pk, "death_registration"])).content.decode()
        assert "người đã chết" in asked
        send(client, reverse("party", args=[khach.pk, "death_registration"]), chosen=tho.pk)
        page = client.get(apply).content.decode()
        assert "Nguyễn Văn Thọ Mẫu" in page
        assert "Chưa có kết nối tự động" in page
        checked = send(client, apply, **posted)
        check = client.get(checked["Location"]).content.decode()
        assert "Giấy báo tử cấp cho" in check
        assert "Trích lục khai tử cấp cho" in check
        draft = checked["Location"].rstrip("/").split("/")[-1]
        for number in (0, 1):
            picture = client.get(reverse("preview", args=[draft, number]))
            assert picture["Content-Type"] == "image/png"
        send(client, checked["Location"], declaration="on")
        case = Case.objects.get()
        workflow.submit(case, by=hung, at=at)
        client.force_login(lan)
        sign = reverse("sign", args=[case.code])
        html = client.get(sign).content.decode()
        seen = re.search(r'name="seen" value="([0-9a-f]{64})"', html)
        assert seen
        facts = {"seen": seen[1], "password": factories.PASSWORD}
        assert send(client, sign, **facts).status_code == 422
        send(client, sign, **facts, **{"rule-death_home_checked": "on"})

    assert [result.full_number for result in Result.objects.order_by("pk")] == ["01/GBT-UBND", "01/TLKT"]
    tho.refresh_from_db()
    assert tho.deceased_on == date(2026, 11, 20)


def test_an_unknown_dead_person_is_registered_from_the_page_without_standing_there(
    client: Client, khach: Citizen, mai: Officer, at: datetime
) -> None:
    client.force_login(mai)
    with time_machine.travel(at, tick=False):
        page = client.post(
            reverse("party", args=[khach.pk, "death_registration"]),
            {"text": "001045000009||Nguyễn Văn Chưa Có|24041945|Nam|Thôn 2, Xã Quốc Oai|22062021"},
        ).content.decode()

    assert "Nguyễn Văn Chưa Có" in page
    assert "Đã đối chiếu từng dòng với giấy tờ của người này" in page


def test_nobody_is_said_to_act_for_the_dead_on_the_receipt_slip(
    tho: Citizen, khach: Citizen, mai: Officer, at: datetime
) -> None:
    case = received(tho, khach, by=mai, at=at)

    slip = workflow.issue_receipt(case, by=mai, at=at)

    assert slip.facts["on_behalf"] is None
    assert slip.facts["citizen"]["full_name"] == khach.full_name
    assert slip.facts["fee"] == "Không thu (đăng ký đúng hạn)"
