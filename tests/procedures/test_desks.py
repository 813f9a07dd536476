"""The desks as an officer meets them: pages, forms, papers and what happens when something is wrong."""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from citizens.models import Citizen, Residence, Visit
from oneshop import walls
from oneshop.keys import new_form_key
from oneshop.models import Commune, Entry, Officer
from oneshop.roles import Role
from procedures import ministry, papers, workflow
from procedures.models import Case, Draft, Result, Slip, Step
from procedures.states import State, Verb
from tests import factories

POSTED = {
    "purpose_kind": "other",
    "purpose_text": "bổ sung hồ sơ vay vốn ngân hàng",
    "declared_status": "single",
    "capacity": "self",
    "copies": "1",
    "fee": "paid",
} | {f"rule-{rule}": "yes" for rule in factories.all_checked()}

Enter = Callable[[Officer], Client]


@pytest.fixture(autouse=True)
def clock(at: datetime) -> Iterator[time_machine.Traveller]:
    """It is Monday, ten past eight."""
    with time_machine.travel(at, tick=False) as traveller:
        yield traveller


@pytest.fixture
def as_() -> Enter:
    """A browser of their own for each officer."""

    def enter(officer: Officer) -> Client:
        client = Client()
        client.force_login(officer)
        return client

    return enter


@pytest.fixture
def case(khach: Citizen, mai: Officer, at: datetime) -> Case:
    return factories.case(khach, by=mai, at=at)


@pytest.fixture
def staff(mai: Officer, hung: Officer, lan: Officer, doi: Officer) -> dict[str, Officer]:
    """Who sits before which list."""
    return {
        "desk": mai,
        "citizen": mai,
        "giving_out": mai,
        "handling": hung,
        "signing": lan,
        "monitor": doi,
    }


@pytest.fixture
def case_to_sign(case: Case, hung: Officer, at: datetime) -> Case:
    workflow.submit(case, by=hung, at=at)
    return case


def send(client: Client, path: str, **form: str) -> HttpResponse:
    """A form as the page sends it, with a key of its own."""
    return client.post(path, form | {"form_key": secrets.token_urlsafe(16)})  # type: ignore[return-value]


def text(response: HttpResponse) -> str:
    return response.content.decode()


def title(response: HttpResponse) -> str:
    found = re.search(r"<title>(.*?)</title>", text(response), re.DOTALL)
    assert found is not None
    return found[1]


def told(client: Client, response: HttpResponse) -> str:
    """What the page says on which an answer lands."""
    return text(client.get(response["Location"]))  # type: ignore[arg-type]


def hidden(response: HttpResponse, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text(response))
    assert found is not None
    return found[1]


# --- the whole way ---
def test_a_file_goes_from_the_scanned_card_to_the_citizens_hand(
    as_: Enter, khach: Citizen, mai: Officer, hung: Officer, lan: Officer
) -> None:
    reception, specialist, leader = as_(mai), as_(hung), as_(lan)
    form = reverse("apply", args=[khach.pk, "marital_certificate"])

    scanned = reception.post(reverse("scan"), {"text": khach.identity_number})
    assert scanned["Location"] == reverse("citizen", args=[khach.pk])
    assert reception.get(form).status_code == 200

    checked = send(reception, form, **POSTED)
    assert "bổ sung hồ sơ vay vốn ngân hàng" in told(reception, checked)

    received = send(reception, checked["Location"], declaration="on", want_receipt="on")
    case = Case.objects.get()
    assert received["Location"] == reverse("received", args=[case.code])
    assert "In giấy hẹn" in told(reception, received)
    assert case.due_at - case.received_at == timedelta(hours=3)

    taken = send(specialist, reverse("act", args=[case.code, Verb.HAND_OVER]))
    assert taken["Location"] == reverse("case", args=[case.code])
    submitted = send(specialist, reverse("act", args=[case.code, Verb.SUBMIT]))
    assert submitted["Location"] == reverse("handling")

    page = leader.get(reverse("sign", args=[case.code]))
    signed = send(leader, reverse("sign", args=[case.code]), seen=hidden(page, "seen"), password=factories.PASSWORD)
    assert signed["Location"] == reverse("signing")
    assert "Đã ký Giấy xác nhận tình trạng hôn nhân số 01/UBND-XNTTHN." in told(leader, signed)

    entered = send(reception, reverse("bridge", args=[case.code]), number="01/2026", code="HT-2026-1")
    assert entered["Location"] == reverse("give_out", args=[case.code])

    given = send(reception, reverse("give_out", args=[case.code]), to=khach.full_name, inked="on")
    assert given["Location"] == reverse("desk")

    case.refresh_from_db()
    assert case.state == State.GIVEN_OUT
    assert [step.verb for step in case.steps.all()] == [
        Verb.RECEIVE,
        Verb.HAND_OVER,
        Verb.SUBMIT,
        Verb.SIGN,
        Verb.GIVE_OUT,
    ]
    assert [step.by for step in case.steps.all()] == [mai, hung, hung, lan, mai]
    assert Draft.objects.count() == 0


def test_a_visitor_from_another_commune_is_served_to_the_end_even_after_days(
    as_: Enter, khach: Citizen, kieu_phu: Commune, clock: time_machine.Traveller, at: datetime
) -> None:
    """She lives in Kiều Phú, her record is still kept by Quốc Oai: her card opens it to that counter for a day."""
    Residence.objects.filter(citizen=khach).update(present_commune=kieu_phu)
    with walls.within(kieu_phu.pk):
        factories.usual_week(kieu_phu)
        clerk = factories.officer(kieu_phu, "duyen", Role.CLERK)
        specialist = factories.officer(kieu_phu, "phuc", Role.SPECIALIST)
    counter = as_(clerk)

    assert counter.post(reverse("scan"), {"text": khach.identity_number}).status_code == 302
    checked = send(counter, reverse("apply", args=[khach.pk, "marital_certificate"]), **POSTED)
    received = send(counter, checked["Location"], declaration="on", want_receipt="on")

    with walls.within(kieu_phu.pk):
        case = Case.objects.get()
        assert received["Location"] == reverse("received", args=[case.code])
        # as if the card had been shown two days ago
        Visit.objects.update(at=at - timedelta(days=2))
    assert case.code in text(counter.get(reverse("desk")))  # type: ignore[arg-type]
    assert case.code in text(as_(specialist).get(reverse("handling")))  # type: ignore[arg-type]
    assert counter.get(reverse("case", args=[case.code])).status_code == 200
    assert Client().get(reverse("status", args=["09910", case.token])).status_code == 200


# --- lists ask the database as often for many rows as for few ---
LISTS = {
    "desk": State.RECEIVED,
    "handling": State.RECEIVED,
    "signing": State.WAITING_SIGNATURE,
    "giving_out": State.SIGNED,
    "citizen": State.RECEIVED,
    "monitor": State.RECEIVED,
}


def lay_down(like: Case, state: State, *, codes: range, signer: Officer) -> None:
    """Late cases like this one, in that state, as a list meets them."""
    signed = {"signed_at": like.received_at, "signed_by": signer} if state == State.SIGNED else {}
    for n in codes:
        Case.objects.create(
            commune_id=like.commune_id,
            counter_id=like.counter_id,
            code=f"H26.895.00-261120-{n:04}",
            procedure_key=like.procedure_key,
            citizen_id=like.citizen_id,
            state=state,
            person=like.person,
            answers=like.answers,
            token=f"{n:026}",
            received_at=like.received_at - timedelta(days=3),
            received_by_id=like.received_by_id,
            due_at=like.received_at - timedelta(days=2),
            first_due_at=like.received_at - timedelta(days=2),
            due_sentence="Hẹn trả 08:10 thứ Bảy.",
            **signed,
        )


@pytest.mark.parametrize("name", list(LISTS))
def test_a_list_of_24_costs_as_many_questions_as_a_list_of_3(
    name: str,
    as_: Enter,
    case: Case,
    khach: Citizen,
    staff: dict[str, Officer],
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    client = as_(staff[name])
    path = reverse(name, args=[khach.pk] if name == "citizen" else [])
    asked = []

    for codes in (range(1, 4), range(4, 25)):
        lay_down(case, LISTS[name], codes=codes, signer=staff["signing"])
        with django_assert_max_num_queries(44) as questions:
            shown = text(client.get(path))  # type: ignore[arg-type]
        asked.append((len(set(re.findall(r"H26\.895\.00-261120-[0-9]{4}", shown))), len(questions)))

    assert [rows for rows, _ in asked] == [
        3,
        19 if name == "citizen" else 24,
    ]  # a person's page shows 20 at most, ours first
    assert asked[0][1] == asked[1][1]


# --- what is wrong is said, and what was typed stays ---
def test_an_unfinished_form_comes_back_with_what_was_typed(as_: Enter, khach: Citizen, mai: Officer) -> None:
    path = reverse("apply", args=[khach.pk, "marital_certificate"])

    response = send(as_(mai), path, **POSTED | {"copies": "không", "purpose_text": "vay <vốn> & ngân hàng"})

    assert response.status_code == 422
    assert title(response).startswith("Lỗi: ")
    assert "vay &lt;vốn&gt; &amp; ngân hàng" in text(response)
    assert not Case.objects.exists()


def test_a_field_that_the_answers_have_hidden_is_no_error(as_: Enter, khach: Citizen, mai: Officer) -> None:
    path = reverse("apply", args=[khach.pk, "marital_certificate"])
    span = {"period_from": "31/02/2020", "period_to": "abc"}

    asked = send(as_(mai), path, **POSTED | span | {"declared_status": "was_single_in_period"})
    hidden = send(as_(mai), path, **POSTED | span)

    assert asked.status_code == 422
    assert hidden.status_code == 302, text(hidden)


def test_signs_that_no_screen_shows_reach_neither_draft_nor_case(as_: Enter, khach: Citizen, mai: Officer) -> None:
    client, path = as_(mai), reverse("apply", args=[khach.pk, "marital_certificate"])

    broken = send(client, path, **POSTED | {"purpose_text": "vay\0vốn"})
    turned = send(client, path, **POSTED | {"purpose_text": "vay vốn \u202ehnub\u200b"})
    send(client, turned["Location"], declaration="on")

    assert broken.status_code == 422
    assert "Có ký tự ẩn" in text(broken)
    assert Case.objects.get().answers["purpose_text"] == "vay vốn hnub"


def test_a_file_received_in_another_window_is_told_in_this_one(as_: Enter, khach: Citizen, mai: Officer) -> None:
    client = as_(mai)
    check = send(client, reverse("apply", args=[khach.pk, "marital_certificate"]), **POSTED)["Location"]
    first = send(client, check, declaration="on")

    second = send(client, check, declaration="on")

    assert (first.status_code, second["Location"]) == (302, reverse("desk"))
    assert "đã tiếp nhận ở cửa sổ khác" in text(client.get(second["Location"]))
    assert Case.objects.count() == 1


def test_a_file_whose_citizen_has_not_confirmed_it_is_not_received(as_: Enter, khach: Citizen, mai: Officer) -> None:
    client = as_(mai)
    checked = send(client, reverse("apply", args=[khach.pk, "marital_certificate"]), **POSTED)

    response = send(client, checked["Location"], want_receipt="on")

    assert response.status_code == 422
    assert "Người yêu cầu chưa ký tờ khai" in text(response)
    assert not Case.objects.exists()


def test_a_case_of_the_same_person_received_meanwhile_stops_the_second(
    as_: Enter, khach: Citizen, mai: Officer, at: datetime
) -> None:
    client = as_(mai)
    unaware = {name: value for name, value in POSTED.items() if name != "rule-cs_no_open_duplicate"}
    checked = send(client, reverse("apply", args=[khach.pk, "marital_certificate"]), **unaware)
    other = factories.case(khach, by=mai, at=at)

    response = send(client, checked["Location"], declaration="on")

    assert response["Location"] == reverse("apply", args=[khach.pk, "marital_certificate"])
    assert "Dữ liệu đã thay đổi. Xem lại tờ khai trước khi tiếp nhận." in told(client, response)
    assert list(Case.objects.all()) == [other]


@pytest.mark.parametrize("verb", [Verb.ASK_FOR_PAPERS, Verb.SUBMIT_REFUSAL])
def test_a_verb_that_owes_a_reason_asks_for_it(verb: Verb, as_: Enter, case: Case, hung: Officer) -> None:
    client = as_(hung)

    response = send(client, reverse("act", args=[case.code, verb]), note="   ")

    assert "Chưa thực hiện: Ghi rõ lý do." in told(client, response)
    case.refresh_from_db()
    assert case.state == State.RECEIVED


def test_who_is_slower_is_told_who_was_faster(
    as_: Enter, case: Case, hung: Officer, mai: Officer, at: datetime
) -> None:
    client = as_(mai)
    workflow.submit(case, by=hung, at=at)
    workflow.withdraw(case, by=mai, at=at, note="không cần nữa")

    response = send(as_(hung), reverse("act", args=[case.code, Verb.SUBMIT]))
    late = send(client, reverse("act", args=[case.code, Verb.WITHDRAW]), note="rút")

    assert response["Location"] == late["Location"] == reverse("case", args=[case.code])
    assert "Hồ sơ vừa được Nguyễn Thị Mai xử lý lúc 08:10: Công dân rút hồ sơ." in told(client, late)


def test_a_result_is_not_given_out_before_it_is_signed(as_: Enter, case_to_sign: Case, mai: Officer) -> None:
    client = as_(mai)

    response = send(client, reverse("give_out", args=[case_to_sign.code]), to="Trần Thị Thử")

    assert response["Location"] == reverse("case", args=[case_to_sign.code])
    case_to_sign.refresh_from_db()
    assert (case_to_sign.state, case_to_sign.given_out_at) == (State.WAITING_SIGNATURE, None)


def test_a_result_is_given_to_somebody(
    as_: Enter, case: Case, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    factories.signed(case, handled_by=hung, by=lan, at=at)

    response = send(as_(mai), reverse("give_out", args=[case.code]), to=" ")

    assert response.status_code == 422
    assert "Ghi họ tên người nhận." in text(response)
    case.refresh_from_db()
    assert case.state == State.SIGNED


# --- signing ---
def test_a_wrong_password_signs_nothing_and_stands_in_the_diary(as_: Enter, case_to_sign: Case, lan: Officer) -> None:
    client, path = as_(lan), reverse("sign", args=[case_to_sign.code])

    response = send(client, path, seen=hidden(client.get(path), "seen"), password="mật khẩu khác")  # type: ignore[arg-type]

    assert response.status_code == 422
    assert "Mật khẩu không đúng. Chưa ký." in text(response)
    assert "mật khẩu khác" not in text(response)
    assert list(Entry.objects.filter(act="sign_refused").values_list("key", "officer_id")) == [
        (case_to_sign.code, lan.pk)
    ]
    case_to_sign.refresh_from_db()
    assert case_to_sign.state == State.WAITING_SIGNATURE
    assert not Result.objects.exists()


def test_a_leader_off_duty_sees_the_paper_and_why_it_is_not_his_to_sign(
    as_: Enter, case_to_sign: Case, son: Officer, at: datetime
) -> None:
    client, path = as_(son), reverse("sign", args=[case_to_sign.code])

    page = client.get(path)
    forged = send(client, path, seen=factories.seen(case_to_sign, son, at), password=factories.PASSWORD)

    assert "Ông/bà không trong ca trực ký lúc này." in text(page)  # type: ignore[arg-type]
    assert 'type="password"' not in text(page)  # type: ignore[arg-type]
    assert forged["Location"] == path
    assert not Result.objects.exists()


def test_a_paper_that_cannot_be_made_is_told_and_uses_no_number(
    as_: Enter, case_to_sign: Case, lan: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, path = as_(lan), reverse("sign", args=[case_to_sign.code])
    seen = hidden(client.get(path), "seen")  # type: ignore[arg-type]

    def broken(*_: object) -> None:
        raise papers.PaperFailed("phông chữ mất")

    monkeypatch.setattr(papers, "render", broken)
    response = send(client, path, seen=seen, password=factories.PASSWORD)

    assert "Chưa tạo được giấy nên chưa ký; chưa dùng số nào." in told(client, response)
    assert not Result.objects.exists()


def test_the_next_paper_follows_the_signature(
    as_: Enter, case_to_sign: Case, quoc_oai: Commune, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    following = factories.case(factories.citizen(quoc_oai, "001192000001"), by=mai, at=at + timedelta(minutes=5))
    workflow.submit(following, by=hung, at=at + timedelta(minutes=6))
    client, path = as_(lan), reverse("sign", args=[case_to_sign.code])

    response = send(client, path, seen=hidden(client.get(path), "seen"), password=factories.PASSWORD)  # type: ignore[arg-type]

    assert response["Location"] == reverse("sign", args=[following.code])


# --- papers ---
@pytest.fixture
def papers_of(case: Case, mai: Officer, hung: Officer, lan: Officer, at: datetime) -> dict[str, Slip | Result]:
    """The address of each stored paper of the case, with its row."""
    slip = workflow.issue_receipt(case, by=mai, at=at)
    result = factories.signed(case, handled_by=hung, by=lan, at=at)
    return {
        reverse("print_paper", args=[case.code, "slip", slip.pk]): slip,
        reverse("print_paper", args=[case.code, "result", result.pk]): result,
    }


def test_a_paper_is_served_byte_for_byte_as_it_was_made(
    as_: Enter, papers_of: dict[str, Slip | Result], case: Case, mai: Officer
) -> None:
    client = as_(mai)

    for path, stored in papers_of.items():
        once = client.post(path, {"form_key": new_form_key()}, follow=True)
        why = {"reason": "Bản in mờ, rách, bẩn", "form_key": new_form_key()}
        again = client.post(path, why, follow=True)

        assert once.content == again.content == bytes(stored.pdf)
        assert once["Content-Type"] == "application/pdf"
    assert Entry.objects.filter(act="print").count() == 4


def test_a_paper_is_shown_in_our_own_frame_only_and_its_name_tells_nobodys(
    as_: Enter, papers_of: dict[str, Slip | Result], case: Case, mai: Officer
) -> None:
    client = as_(mai)

    for path in papers_of:
        response = client.post(path, {"form_key": new_form_key()}, follow=True)

        assert response["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "no-store"
        assert re.fullmatch(
            rf'inline; filename="(slip|result)-[0-9]+-{re.escape(case.code)}\.pdf"', response["Content-Disposition"]
        )


def test_what_is_shown_before_is_a_picture_of_a_whole_page(
    as_: Enter, khach: Citizen, mai: Officer, lan: Officer, hung: Officer, at: datetime
) -> None:
    clerk = as_(mai)
    checked = send(clerk, reverse("apply", args=[khach.pk, "marital_certificate"]), **POSTED)
    draft = clerk.get(f"{checked['Location']}/xem-truoc-0.png")
    send(clerk, checked["Location"], declaration="on")
    case = Case.objects.get()
    workflow.submit(case, by=hung, at=at)
    to_sign = as_(lan).get(reverse("sign_preview", args=[case.code, 0]))

    for response in (draft, to_sign):
        picture = Image.open(io.BytesIO(response.content))
        assert (response["Content-Type"], picture.format, picture.width) == ("image/png", "PNG", 1000)
        assert 1410 <= picture.height <= 1416  # A4 upright
        assert response["Cache-Control"] == "no-store"


def test_there_is_nothing_to_preview_once_it_is_signed(as_: Enter, papers_of: object, case: Case, lan: Officer) -> None:
    assert as_(lan).get(reverse("sign_preview", args=[case.code, 0])).status_code == 404


# --- drafts ---
def test_what_was_typed_is_there_again_for_a_day(
    as_: Enter, khach: Citizen, mai: Officer, at: datetime, clock: time_machine.Traveller
) -> None:
    typed = POSTED | {"purpose_text": "làm thủ tục thừa kế"}
    path = reverse("apply", args=[khach.pk, "marital_certificate"])
    as_(mai).post(reverse("findings", args=[khach.pk, "marital_certificate"]), typed, headers={"HX-Request": "true"})

    clock.move_to(at + timedelta(hours=23, minutes=59))
    tomorrow = as_(mai).get(path)
    clock.move_to(at + timedelta(hours=24, minutes=1))
    too_late = as_(mai).get(path)

    assert "làm thủ tục thừa kế" in text(tomorrow)  # type: ignore[arg-type]
    assert not title(tomorrow).startswith("Lỗi")  # type: ignore[arg-type]
    assert "làm thủ tục thừa kế" not in text(too_late)  # type: ignore[arg-type]


def test_a_colleague_does_not_meet_my_draft(as_: Enter, khach: Citizen, mai: Officer, quoc_oai: Commune) -> None:
    minh = factories.officer(quoc_oai, "minh", Role.CLERK)
    typed = POSTED | {"purpose_text": "làm thủ tục thừa kế"}
    checked = send(as_(mai), reverse("apply", args=[khach.pk, "marital_certificate"]), **typed)

    page = as_(minh).get(reverse("apply", args=[khach.pk, "marital_certificate"]))

    assert "làm thủ tục thừa kế" not in text(page)  # type: ignore[arg-type]
    assert as_(minh).get(checked["Location"])["Location"] == reverse("desk")


# --- what a page may say ---
def test_no_identity_number_stands_in_a_title_or_an_address(
    as_: Enter, papers_of: dict[str, Slip | Result], case: Case, khach: Citizen, staff: dict[str, Officer]
) -> None:
    number = khach.identity_number
    pages = [
        (staff["desk"], reverse("citizen", args=[khach.pk])),
        (staff["desk"], reverse("apply", args=[khach.pk, "marital_certificate"])),
        (staff["desk"], reverse("case", args=[case.code])),
        (staff["desk"], reverse("received", args=[case.code])),
        (staff["desk"], reverse("give_out", args=[case.code])),
        (staff["desk"], reverse("desk")),
    ]

    for officer, path in pages:
        response = as_(officer).get(path)
        page = text(response)  # type: ignore[arg-type]

        assert response.status_code == 200, path
        assert response["Cache-Control"] == "no-store"
        assert number not in title(response)  # type: ignore[arg-type]
        assert not [
            link for link in re.findall(r'(?:href|action|src|hx-get|hx-post)="([^"]*)"', page) if number in link
        ]


def test_lists_show_a_masked_number(as_: Enter, case: Case, khach: Citizen, staff: dict[str, Officer]) -> None:
    for name in ("desk", "handling"):
        page = text(as_(staff[name]).get(reverse(name)))  # type: ignore[arg-type]

        assert khach.full_name in page
        assert khach.identity_number not in page
        assert khach.masked_number in page


def test_a_case_of_another_commune_is_no_case(as_: Enter, case: Case, kieu_phu: Commune, mai: Officer) -> None:
    with walls.within(kieu_phu.pk):
        stranger = factories.officer(kieu_phu, "la", Role.CLERK, Role.SPECIALIST, Role.SIGNER)
    client = as_(stranger)

    answers = [
        send(client, reverse("act", args=[case.code, Verb.WITHDRAW]), note="rút").status_code,
        send(client, reverse("give_out", args=[case.code]), to="Ai đó").status_code,
        send(client, reverse("sign", args=[case.code]), seen="0" * 64, password=factories.PASSWORD).status_code,
        send(client, reverse("receipt", args=[case.code])).status_code,
    ]

    assert answers == [404] * 4
    assert case.code not in text(client.get(reverse("desk")))  # type: ignore[arg-type]
    case.refresh_from_db()
    assert case.state == State.RECEIVED


def test_a_paper_signed_by_hand_is_given_out_only_once_pen_and_stamp_were_seen(
    khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, client: Client
) -> None:
    case = factories.case(khach, by=mai, at=at)
    factories.signed(case, handled_by=hung, by=lan, at=at)
    number = case.results.get().number
    ministry.record(case, number=f"{number}/2026", code="HT.1", by=mai, at=at)
    client.force_login(mai)
    address = reverse("give_out", args=[case.code])

    unseen = client.post(address, {"to": "Trần Thị Thử", "form_key": "a" * 20})
    with pytest.raises(workflow.NotAllowed, match="ký tay và đóng dấu"):
        workflow.give_out(case, by=mai, at=at, to="Trần Thị Thử")
    seen = client.post(address, {"to": "Trần Thị Thử", "inked": "on", "form_key": "b" * 20})

    assert (unseen.status_code, seen.status_code) == (422, 302)
    assert "Xem lại từng bản chính đã ký tay và đóng dấu chưa" in unseen.content.decode()
    assert Step.objects.get(case=case, verb="give_out").note == "Đã ký tay, đóng dấu"
