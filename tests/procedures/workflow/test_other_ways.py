"""What only some procedures need, tried on one that is lent it: a second person, ticks, several papers, an appointment.

The procedures themselves are tried in catalogue/; here the house is, so that an eighth can rely on it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from citizens.effects import Died, Effect
from citizens.models import Citizen
from oneshop.keys import new_form_key
from oneshop.models import Commune, Entry, Officer
from procedures import papers, workflow
from procedures.catalogue import Appointment, CasesEnd, Document, Party, catalogue
from procedures.catalogue.marital_certificate import MaritalCertificate
from procedures.models import Case, Draft, FollowUp, Result
from procedures.rules import Answer, Application, Kind, Rule, Stage, yes
from procedures.states import State, Verb
from tests import factories
from tests.conftest import HANOI

SPOUSE = "001085000000||Nguyễn Văn Mẫu|05031985|Nam|Thôn 1, Xã Quốc Oai|22062021"


@pytest.fixture
def lend(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lend the marital certificate what another procedure has."""

    def set_(**things: Any) -> None:
        for name, value in things.items():
            monkeypatch.setattr(MaritalCertificate, name, value)

    return set_


@pytest.fixture
def mau(quoc_oai: Commune) -> Citizen:
    return factories.citizen(quoc_oai, "001085000000", "Nguyễn Văn Mẫu", sex="male", birth_date=date(1985, 3, 5))


@pytest.fixture
def clerk(client: Client, mai: Officer, at: datetime) -> Any:
    client.force_login(mai)
    with time_machine.travel(at, tick=False):
        yield client


def party_page(citizen: Citizen) -> str:
    return reverse("party", args=[citizen.pk, "marital_certificate"])


def apply_page(citizen: Citizen) -> str:
    return reverse("apply", args=[citizen.pk, "marital_certificate"])


def rule(stage: Stage = Stage.RECEIPT, **facts: Any) -> Rule:
    made = Rule(
        "lent_rule", Kind.COMPLETE, "Điều kiện mượn", "Chưa đủ điều kiện mượn.", "Thử", lambda _: Answer.OFFICER
    )
    return replace(made, stage=stage, question="Đã xem?", **facts)


# --- a second person ---
def test_a_procedure_for_two_asks_for_the_second_card_first(clerk: Client, khach: Citizen, lend: Any) -> None:
    lend(party=Party("Người kia", "Quét thẻ của người kia"))

    response = clerk.get(apply_page(khach))

    assert response["Location"] == party_page(khach)
    assert "Quét thẻ của người kia" in clerk.get(party_page(khach)).content.decode()


def test_the_second_card_leads_to_the_form_and_into_the_case(
    clerk: Client, khach: Citizen, mau: Citizen, mai: Officer, at: datetime, lend: Any
) -> None:
    lend(party=Party("Người kia", "Quét thẻ của người kia"))

    response = clerk.post(party_page(khach), {"text": SPOUSE})

    assert response["Location"] == apply_page(khach)
    assert "Nguyễn Văn Mẫu" in clerk.get(apply_page(khach)).content.decode()
    case = workflow.receive(
        catalogue()["marital_certificate"],
        khach,
        other=mau,
        answers=factories.ANSWERS,
        officer_answers=factories.all_checked(),
        by=mai,
        at=at,
    )
    assert case.other == mau
    assert case.other_person["full_name"] == "Nguyễn Văn Mẫu"


def test_a_second_person_who_is_not_known_is_registered_and_taken(
    clerk: Client, khach: Citizen, mau: Citizen, lend: Any
) -> None:
    lend(party=Party("Người kia", "Quét thẻ của người kia"))

    page = clerk.post(party_page(khach), {"text": "001090000000||Lê Văn Mới|01021990|Nam|Thôn 2, Xã Quốc Oai|22062021"})
    wish = Draft.objects.get()
    form = {
        "wish": wish.pk,
        "form_key": new_form_key(),
        "identity_number": "001090000000",
        "full_name": "Lê Văn Mới",
        "birth_date": "01/02/1990",
        "sex": "male",
        "ethnicity": "Kinh",
        "nationality": "Việt Nam",
        "address": "Thôn 2, Xã Quốc Oai",
        "lives_here": "on",
        "card_seen": "on",
        "document_kind": "cccd",
        "eid_level": "2",
    }
    saved = clerk.post(reverse("register_citizen"), form)

    assert f'name="wish" value="{wish.pk}"' in page.content.decode()
    assert "Đã đối chiếu từng dòng với giấy tờ của người này" in page.content.decode()
    assert saved["Location"] == apply_page(khach)
    wish.refresh_from_db()
    assert wish.other is not None
    assert wish.other.full_name == "Lê Văn Mới"


def test_a_name_lists_people_to_choose_from_but_never_the_applicant(
    clerk: Client, khach: Citizen, mau: Citizen, lend: Any
) -> None:
    lend(party=Party("Người kia", "Quét thẻ của người kia"))

    page = clerk.post(party_page(khach), {"text": "mau"}).content.decode()
    chosen = clerk.post(party_page(khach), {"chosen": mau.pk})

    assert f'name="chosen" value="{mau.pk}"' in page
    assert f'name="chosen" value="{khach.pk}"' not in page
    assert chosen["Location"] == apply_page(khach)
    assert Draft.objects.get().other == mau


def test_who_may_come_alone_is_not_asked_but_may_say_otherwise(
    clerk: Client, khach: Citizen, mau: Citizen, lend: Any
) -> None:
    lend(party=Party("Người kia", "Cấp cho ai?", owed=False, alone="Cho bản thân"))

    first = clerk.get(apply_page(khach)).content.decode()
    clerk.post(party_page(khach), {"chosen": mau.pk})
    for_another = Draft.objects.get().other
    clerk.post(party_page(khach), {"alone": "1"})

    assert f'href="{party_page(khach)}">Cho người khác: người kia…' in first
    assert for_another == mau
    assert Draft.objects.get().other is None


def test_who_is_owed_cannot_be_left_out(clerk: Client, khach: Citizen, lend: Any) -> None:
    lend(party=Party("Người kia", "Quét thẻ của người kia"))

    response = clerk.post(party_page(khach), {"alone": "1"})

    assert response.status_code == 422
    assert clerk.get(apply_page(khach))["Location"] == party_page(khach)


def test_an_unreadable_card_is_said_and_nobody_is_taken(clerk: Client, khach: Citizen, lend: Any) -> None:
    lend(party=Party("Người kia", "Quét thẻ của người kia"))

    response = clerk.post(party_page(khach), {"text": "1234567890123"})

    assert response.status_code == 422
    assert Draft.objects.get().other is None


def test_another_second_person_takes_the_answers_of_the_first_away(
    clerk: Client, khach: Citizen, mau: Citizen, lend: Any
) -> None:
    lend(party=Party("Người kia", "Cấp cho ai?", owed=False, alone="Cho bản thân"))
    clerk.post(party_page(khach), {"chosen": mau.pk})
    Draft.objects.update(posted={"purpose_text": "của người trước"})

    clerk.post(party_page(khach), {"alone": "1"})

    assert Draft.objects.get().posted == {}


def test_an_open_case_of_the_second_person_counts_as_a_double(
    khach: Citizen, mau: Citizen, mai: Officer, at: datetime
) -> None:
    factories.case(mau, by=mai, at=at)

    with pytest.raises(workflow.NotReady) as stopped:
        workflow.receive(
            catalogue()["marital_certificate"],
            khach,
            other=mau,
            answers=factories.ANSWERS,
            officer_answers=factories.all_checked() | {"cs_no_open_duplicate": False},
            by=mai,
            at=at,
        )

    assert [finding.rule.id for finding in stopped.value.findings] == ["cs_no_open_duplicate"]


def test_nobody_signs_for_their_own_spouse(
    khach: Citizen, mau: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    lan.identity_number = mau.identity_number
    lan.save()
    case = workflow.receive(
        catalogue()["marital_certificate"],
        khach,
        other=mau,
        answers=factories.ANSWERS,
        officer_answers=factories.all_checked(),
        by=mai,
        at=at,
    )

    assert "chính mình" in workflow.why_may_not_sign(case, lan, at=at)


def test_what_was_looked_for_stays_with_the_draft(clerk: Client, khach: Citizen, lend: Any) -> None:
    lend(look_up="Tìm trong sổ")
    form = clerk.get(apply_page(khach)).content.decode()

    response = clerk.post(reverse("look_up", args=[khach.pk, "marital_certificate"]), {"text": "15/1998"})

    assert "Tìm trong sổ" in form
    assert response["Location"] == apply_page(khach)
    assert Draft.objects.get().looked_for == "15/1998"


# --- ticks at the signature and when the result is given out ---
def test_the_leader_ticks_what_has_to_be_seen_at_the_signature(
    khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, lend: Any
) -> None:
    lend(rules=(*MaritalCertificate.rules, rule(Stage.SIGNATURE)))
    case = factories.case(khach, by=mai, at=at)
    workflow.submit(case, by=hung, at=at)
    seen = factories.seen(case, lan, at)

    with pytest.raises(workflow.NotAllowed, match="Chưa đủ điều kiện mượn"):
        workflow.sign(case, by=lan, at=at, seen=seen)
    workflow.sign(case, by=lan, at=at, seen=seen, confirmed=["lent_rule"])

    assert case.steps.get(verb=Verb.SIGN).note == "Điều kiện mượn"


def test_nothing_is_given_out_before_its_tick(
    khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, lend: Any
) -> None:
    lend(rules=(*MaritalCertificate.rules, rule(Stage.GIVING_OUT)))
    case = factories.case(khach, by=mai, at=at)
    factories.signed(case, handled_by=hung, by=lan, at=at)

    with pytest.raises(workflow.NotAllowed):
        factories.given_out(case, by=mai, at=at, to="Trần Thị Thử")
    factories.given_out(case, by=mai, at=at, to="Trần Thị Thử", confirmed=["lent_rule"])

    assert case.steps.get(verb=Verb.GIVE_OUT).note == "Điều kiện mượn; Đã ký tay, đóng dấu"


def test_the_pages_ask_for_their_ticks_and_refuse_without(
    client: Client, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, lend: Any
) -> None:
    lend(rules=(*MaritalCertificate.rules, rule(Stage.SIGNATURE)))
    case = factories.case(khach, by=mai, at=at)
    workflow.submit(case, by=hung, at=at)
    client.force_login(lan)
    with time_machine.travel(at, tick=False):
        path = reverse("sign", args=[case.code])
        posted = {"seen": factories.seen(case, lan, at), "password": factories.PASSWORD}
        without = client.post(path, posted | {"form_key": new_form_key()})
        with_ = client.post(path, posted | {"form_key": new_form_key(), "rule-lent_rule": "on"})

    assert without.status_code == 422
    assert "Đã xem?" in without.content.decode()
    assert with_.status_code == 302
    case.refresh_from_db()
    assert case.state == State.SIGNED


# --- several papers ---
def _two(self: MaritalCertificate, application: Application, *, on: date) -> tuple[Document, ...]:
    [first] = super(MaritalCertificate, self).documents(application, on=on)
    second = replace(first, key="second", name="Bản kèm theo", originals=2, shares_number_of=first.key)
    third = replace(first, key="third", name="Giấy khác", book="third", symbol="{year}")
    return (first, second, third)


def test_one_signature_makes_every_paper_of_the_case(
    khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, lend: Any
) -> None:
    lend(documents=_two, effects=lambda *_, **__: ())
    case = factories.case(khach, by=mai, at=at)
    workflow.submit(case, by=hung, at=at)

    results = workflow.sign(case, by=lan, at=at, seen=factories.seen(case, lan, at))

    assert [(result.kind, result.full_number, result.originals) for result in results] == [
        ("marital_certificate", "01/UBND-XNTTHN", 1),
        ("second", "01/UBND-XNTTHN", 2),
        ("third", "01/2026", 1),
    ]
    assert len({result.token for result in results}) == 3


def test_a_paper_that_fails_takes_the_others_and_their_numbers_with_it(
    khach: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    at: datetime,
    lend: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lend(documents=_two, effects=lambda *_, **__: ())
    case = factories.case(khach, by=mai, at=at)
    workflow.submit(case, by=hung, at=at)
    seen, whole = factories.seen(case, lan, at), papers.render

    def breaks(template: str, facts: Any) -> Any:
        if Result.objects.count() == 2:
            raise papers.PaperFailed(template)
        return whole(template, facts)

    monkeypatch.setattr(papers, "render", breaks)
    with pytest.raises(papers.PaperFailed):
        workflow.sign(case, by=lan, at=at, seen=seen)
    monkeypatch.setattr(papers, "render", whole)

    assert not Result.objects.exists()
    case.refresh_from_db()
    assert case.state == State.WAITING_SIGNATURE
    [first, *_] = workflow.sign(case, by=lan, at=at, seen=seen)
    assert first.number == 1


# --- what the records say by the time of the signature ---
def test_a_death_between_receipt_and_signature_holds_the_signature_back(
    client: Client, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    case = factories.case(khach, by=mai, at=at)
    workflow.submit(case, by=hung, at=at)
    Citizen.objects.filter(pk=khach.pk).update(deceased_on=at.date())
    case = Case.objects.get(pk=case.pk)

    with pytest.raises(workflow.NotAllowed, match="đã được đăng ký khai tử"):
        workflow.sign(case, by=lan, at=later, seen=factories.seen(case, lan, later))

    client.force_login(lan)
    with time_machine.travel(later, tick=False):
        page = client.get(reverse("sign", args=[case.code])).content.decode()
    assert "Đã thay đổi từ khi tiếp nhận" in page
    assert not Result.objects.exists()


def test_a_double_that_came_later_does_not_hold_the_first_back(
    khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    case = factories.case(khach, by=mai, at=at)
    factories.case(khach, by=mai, at=at + timedelta(minutes=1))
    workflow.submit(case, by=hung, at=at)

    assert workflow.changed_since_receipt(case, by=lan, at=later) == []


def test_an_older_paper_of_the_same_person_is_laid_beside_the_new_one(
    client: Client, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    first = factories.case(khach, by=mai, at=at)
    result = factories.signed(first, handled_by=hung, by=lan, at=at)
    second = factories.case(khach, by=mai, at=later, previous="returned")
    workflow.submit(second, by=hung, at=later)
    client.force_login(lan)

    with time_machine.travel(later, tick=False):
        page = client.get(reverse("sign", args=[second.code])).content.decode()
        picture = client.get(reverse("result_picture", args=[first.code, result.pk]))

    assert reverse("result_picture", args=[first.code, result.pk]) in page
    assert picture["Content-Type"] == "image/png"


def test_a_record_written_elsewhere_in_the_same_moment_is_said_and_nothing_is_signed(
    client: Client,
    khach: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = factories.case(khach, by=mai, at=at)
    workflow.submit(case, by=hung, at=at)

    def elsewhere(*_: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(workflow.signing, "carry_out", elsewhere)
    client.force_login(lan)
    with time_machine.travel(at, tick=False):
        posted = {"seen": factories.seen(case, lan, at), "password": factories.PASSWORD, "form_key": new_form_key()}
        response = client.post(reverse("sign", args=[case.code]), posted)
        page = client.get(reverse("sign", args=[case.code])).content.decode()

    assert response["Location"] == reverse("sign", args=[case.code])
    assert "vừa được nơi khác ghi cùng lúc" in page
    assert not Result.objects.exists()
    case.refresh_from_db()
    assert case.state == State.WAITING_SIGNATURE


# --- cross effects ---
def _deadly(self: MaritalCertificate, application: Application, *, on: date) -> tuple[Effect, ...]:
    return (Died("other", on, self.key), CasesEnd("other", "Đã đăng ký khai tử."))


def test_a_death_ends_the_other_cases_of_the_dead_and_widows_the_spouse(
    khach: Citizen, mau: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime, lend: Any
) -> None:
    khach.marriages.create(
        commune=khach.commune,
        spouse=mau,
        spouse_name=mau.full_name,
        spouse_sex="male",
        certificate_number="12/2015",
        issuer="UBND xã Sài Sơn",
        since=date(2015, 2, 1),
    )
    his = factories.case(mau, by=mai, at=at)
    workflow.ask_for_papers(his, by=hung, at=at, note="thiếu")
    lend(effects=_deadly, follow_ups=lambda *_, **__: ("Xóa đăng ký thường trú.",))
    hers = workflow.receive(
        catalogue()["marital_certificate"],
        khach,
        other=mau,
        answers=factories.ANSWERS | {"declared_status": "married"},
        officer_answers=factories.all_checked(),
        by=mai,
        at=at,
    )
    workflow.submit(hers, by=hung, at=at)

    workflow.sign(hers, by=lan, at=later, seen=factories.seen(hers, lan, later))

    his.refresh_from_db()
    mau.refresh_from_db()
    assert (his.state, his.closed_at) == (State.STOPPED, later)
    assert his.steps.get(verb=Verb.STOP).note == "Đã đăng ký khai tử."
    assert his.pauses.get().until == later
    assert mau.deceased_on == later.date()
    marriage = khach.marriages.get()
    assert (marriage.ending, marriage.ended_on, marriage.ending_confirmed) == ("death", later.date(), True)
    assert [row.text for row in hers.follow_ups.all()] == ["Xóa đăng ký thường trú."]


def test_what_is_owed_after_the_signature_is_done_once(
    client: Client, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime, lend: Any
) -> None:
    lend(follow_ups=lambda *_, **__: ("Thông báo cho xã nơi thường trú.",))
    case = factories.case(khach, by=mai, at=at)
    factories.signed(case, handled_by=hung, by=lan, at=at)
    owed = case.follow_ups.get()
    client.force_login(hung)

    with time_machine.travel(later, tick=False):
        for _ in range(2):
            client.post(reverse("follow_up", args=[case.code, owed.pk]), {"form_key": new_form_key()})

    owed.refresh_from_db()
    assert (owed.done_by, owed.done_at) == (hung, later)
    assert Entry.objects.filter(act="follow_up").count() == 1
    assert FollowUp.objects.count() == 1


# --- lawful, but later ---
def _reviewed(application: Application) -> Answer:
    return yes(application.person.portal_synced_on != date(2025, 9, 1))


def _appointment(self: MaritalCertificate, application: Application) -> Appointment | None:
    if _reviewed(application) == Answer.YES:
        return None
    return Appointment(
        "chờ kỳ rà soát ngày 15/12/2026", date(2026, 12, 30), "Hẹn kỳ rà soát; trả lời trước 30/12/2026."
    )


def later_rule() -> Rule:
    return Rule("lent_review", Kind.APPOINT, "Đã rà soát", "Chưa rà soát trong kỳ.", "Thử", _reviewed)


def test_what_the_law_decides_later_is_received_with_an_appointment_of_its_own(
    client: Client, khach: Citizen, mai: Officer, at: datetime, lend: Any
) -> None:
    lend(rules=(*MaritalCertificate.rules, later_rule()), appointment=_appointment)

    case = factories.case(khach, by=mai, at=at)

    assert case.state == State.WAITING_REVIEW
    assert f"{case.due_at.astimezone(at.tzinfo):%H:%M %d/%m/%Y}" == "17:30 30/12/2026"
    assert case.due_sentence == "Hẹn kỳ rà soát; trả lời trước 30/12/2026."
    slip = workflow.issue_receipt(case, by=mai, at=at)
    assert slip.facts["time_limit"] == "chờ kỳ rà soát ngày 15/12/2026"


def test_a_case_goes_on_only_when_its_review_is_done_and_then_has_three_hours(
    khach: Citizen, mai: Officer, hung: Officer, at: datetime, later: datetime, lend: Any
) -> None:
    lend(rules=(*MaritalCertificate.rules, later_rule()), appointment=_appointment)
    case = factories.case(khach, by=mai, at=at)

    with pytest.raises(workflow.NotReady):
        workflow.resume(case, by=hung, at=later)
    Citizen.objects.filter(pk=khach.pk).update(portal_synced_on=date(2026, 11, 20))
    case = Case.objects.get(pk=case.pk)
    workflow.resume(case, by=hung, at=later)

    case.refresh_from_db()
    assert case.state == State.HANDLING
    assert case.due_at == later + timedelta(hours=3)
    assert case.person["portal_synced_on"] == "2026-11-20"


def test_a_review_that_ends_against_the_citizen_cannot_be_granted(
    khach: Citizen, mai: Officer, hung: Officer, at: datetime, later: datetime, lend: Any
) -> None:
    lend(rules=(*MaritalCertificate.rules, later_rule()), appointment=_appointment)
    case = factories.case(khach, by=mai, at=at)
    Citizen.objects.filter(pk=khach.pk).update(portal_synced_on=date(2026, 11, 20), eid_level=1)
    case = Case.objects.get(pk=case.pk)
    workflow.resume(case, by=hung, at=later)

    with pytest.raises(workflow.NotAllowed, match="Trình văn bản từ chối"):
        workflow.submit(case, by=hung, at=later)
    workflow.submit_refusal(case, by=hung, at=later, note="Không đủ điều kiện.")

    case.refresh_from_db()
    assert case.state == State.WAITING_SIGNATURE


# --- the law of its day ---
def test_a_case_keeps_the_law_of_its_day_and_officers_hear_of_the_new_one_for_thirty_days(
    client: Client, khach: Citizen, mai: Officer, hung: Officer
) -> None:
    def page_on(day: datetime) -> str:
        with time_machine.travel(day, tick=False):
            client.force_login(mai)
            return client.get(apply_page(khach)).content.decode()

    eve = datetime(2027, 2, 26, 9, 0, tzinfo=HANOI)
    first = datetime(2027, 3, 1, 9, 0, tzinfo=HANOI)

    assert "Luật Hộ tịch 60/2014/QH13" in page_on(eve)
    assert "Luật Hộ tịch 03/2026/QH16" in page_on(first)
    assert "không còn gắn với nơi cư trú" in page_on(first)
    assert "không còn gắn với nơi cư trú" in page_on(first + timedelta(days=29))
    assert "không còn gắn với nơi cư trú" not in page_on(first + timedelta(days=30))
