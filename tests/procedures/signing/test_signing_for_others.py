"""In whose name a leader signs, and who may not: delegations, stand-ins, kin, and many papers at one confirmation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citizens.models import Citizen, Marriage, Parentage
from oneshop import roster, rostering
from oneshop.models import Commune, Delegation, Entry, Officer
from oneshop.roles import Role
from procedures import papers, workflow
from procedures.models import Case, Result, Series, Showing, SigningRound, SigningTurn
from procedures.signing import signers
from procedures.states import State
from procedures.workflow import rounds
from tests import factories
from tests.procedures.test_invariants import broken

KEY = {"form_key": "k" * 20}


@pytest.fixture
def van(quoc_oai: Commune, at: datetime) -> Officer:
    """Head of the centre: no title of her own, on duty all day."""
    van = factories.officer(quoc_oai, "van", Role.SIGNER, full_name="Cấn Thị Vân", position="Giám đốc Trung tâm")
    factories.shift(van, Role.SIGNER, starts_at=at.replace(hour=7), ends_at=at.replace(hour=18))
    return van


@pytest.fixture
def case(khach: Citizen, mai: Officer, hung: Officer, at: datetime) -> Case:
    case = factories.case(khach, by=mai, at=at)
    workflow.submit(case, by=hung, at=at)
    return case


def delegated(lan: Officer, van: Officer, tri: Officer, at: datetime, **facts: object) -> Delegation:
    given: dict[str, object] = {
        "procedures": ["marital_certificate"],
        "first_day": timezone.localdate(at),
        "last_day": timezone.localdate(at) + timedelta(days=3),
        "document": "15/QĐ-UBND ngày 20/11/2026",
        "lines": "TUQ. CHỦ TỊCH | GIÁM ĐỐC TRUNG TÂM",
    }
    return rostering.delegate(lan, van, **(given | facts), by=tri, at=at)  # type: ignore[arg-type]


def sign(case: Case, by: Officer, at: datetime) -> Result:
    [result] = workflow.sign(case, by=by, at=at, seen=factories.seen(case, by, at))
    return result


def test_a_delegation_prints_its_lines_and_papers_signed_before_stay(
    case: Case, lan: Officer, van: Officer, tri: Officer, at: datetime, later: datetime
) -> None:
    row = delegated(lan, van, tri, at)

    result = sign(case, van, later)
    before = bytes(result.pdf)
    rostering.revoke(row, by=tri, at=later)

    result.refresh_from_db()
    assert result.signer_title == "TUQ. CHỦ TỊCH GIÁM ĐỐC TRUNG TÂM"
    assert result.facts["signer"] == {"lines": ["TUQ. CHỦ TỊCH", "GIÁM ĐỐC TRUNG TÂM"], "name": "Cấn Thị Vân"}
    assert bytes(result.pdf) == before


@pytest.mark.parametrize("ending", ["revoked", "over", "never", "other procedure"])
def test_without_a_delegation_in_force_she_who_has_no_title_is_refused_and_the_case_waits_on(
    ending: str, case: Case, lan: Officer, van: Officer, tri: Officer, at: datetime
) -> None:
    """R-18: what ended between the opening of the page and the click."""
    when = at + timedelta(minutes=5)
    if ending == "revoked":
        row = delegated(lan, van, tri, at)
        rostering.revoke(row, by=tri, at=when)
    elif ending == "over":
        delegated(lan, van, tri, at, last_day=timezone.localdate(at))
        when = at + timedelta(days=2)
        factories.shift(van, Role.SIGNER, starts_at=when - timedelta(hours=1), ends_at=when + timedelta(hours=1))
    elif ending == "other procedure":
        delegated(lan, van, tri, at, procedures=["civil_copy"])
    seen = factories.seen(case, van, when)

    with pytest.raises(workflow.NotAllowed) as refused:
        workflow.sign(case, by=van, at=when, seen=seen)

    case.refresh_from_db()
    assert refused.value.sentence == signers.NO_AUTHORITY
    assert case.where == State.WAITING_SIGNATURE
    assert not Series.objects.filter(book="marital_certificate").exists()


def test_a_delegation_ended_while_the_page_was_open_is_told_on_the_page(
    client: Client, case: Case, lan: Officer, van: Officer, tri: Officer, at: datetime
) -> None:
    row = delegated(lan, van, tri, at)
    client.force_login(van)
    with time_machine.travel(at, tick=False):
        client.force_login(van)
        page = client.get(reverse("sign", args=[case.code]))
        seen = page.context["form"].initial["seen"]
        rostering.revoke(row, by=tri, at=at)
        client.post(reverse("sign", args=[case.code]), {"seen": seen, "password": factories.PASSWORD} | KEY)
        told = client.get(reverse("signing")).content.decode()

    case.refresh_from_db()
    assert case.where == State.WAITING_SIGNATURE
    assert "hết thẩm quyền" in told


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"document": "", "lines": ""}, "Dòng chức danh"),
        ({"lines": "CHỦ TỊCH"}, "Dòng chức danh"),
        ({"last_day": date(2026, 11, 1)}, "Ngày hết hiệu lực"),
        ({"first_day": date(2026, 11, 1)}, "Không ghi lùi ngày"),
    ],
)
def test_a_delegation_has_its_words_and_its_days(
    facts: dict[str, object], says: str, lan: Officer, van: Officer, tri: Officer, at: datetime
) -> None:
    with pytest.raises(rostering.RosterRefused, match=says):
        delegated(lan, van, tri, at, **facts)


def test_what_was_given_is_not_passed_on(lan: Officer, son: Officer, van: Officer, tri: Officer, at: datetime) -> None:
    delegated(lan, van, tri, at)

    for giver in (son, van):
        with pytest.raises(rostering.RosterRefused, match="không giao tiếp"):
            delegated(giver, lan, tri, at)


def test_the_deputy_of_an_absent_leader_signs_and_no_invariant_breaks(
    case: Case, lan: Officer, son: Officer, tri: Officer, at: datetime, later: datetime, quoc_oai: Commune
) -> None:
    rostering.stand_in(lan, son, rank=1, by=tri, at=at)
    assert signers.why_may_not_sign(case, son, at=later) == signers.OFF_DUTY
    rostering.be_away(lan, starts_at=at, ends_at=at + timedelta(hours=2), reason="họp huyện", by=tri, at=at)

    assert signers.why_may_not_sign(case, lan, at=later) == signers.OFF_DUTY
    result = sign(case, son, later)

    assert result.signer_title == "KT. CHỦ TỊCH PHÓ CHỦ TỊCH"
    assert broken(quoc_oai) == {}
    [leader] = signers.leaders_on_duty(quoc_oai.pk, at=later)
    assert leader.words == "Đỗ Hữu Sơn (Công chức Tư pháp - Hộ tịch xã), thay Phùng Thị Lan, đến 10:10"


def _spouse(khach: Citizen, number: str) -> None:
    other = factories.citizen(khach.commune, number, "Nguyễn Văn Mẫu", sex="male")
    Marriage.objects.create(
        commune=khach.commune,
        citizen=other,
        spouse=khach,
        spouse_name=khach.full_name,
        spouse_sex="female",
        registered=False,
    )


def _child(khach: Citizen, number: str) -> None:
    parent = factories.citizen(khach.commune, number, "Trần Văn Cha", sex="male")
    Parentage.objects.create(commune=khach.commune, child=khach, parent=parent, basis="sổ khai sinh")


def _parent(khach: Citizen, number: str) -> None:
    child = factories.citizen(khach.commune, number, "Trần Thị Con")
    Parentage.objects.create(commune=khach.commune, child=child, parent=khach, basis="sổ khai sinh")


@pytest.mark.parametrize("kin", [_spouse, _child, _parent])
def test_spouse_parent_and_child_on_record_do_not_sign(
    kin: Callable[[Citizen, str], None], case: Case, khach: Citizen, lan: Officer, later: datetime
) -> None:
    assert signers.why_may_not_sign(case, lan, at=later) == ""
    number = "001085000009"
    kin(khach, number)
    Officer.objects.filter(pk=lan.pk).update(identity_number=number)
    lan.refresh_from_db()

    assert signers.why_may_not_sign(case, lan, at=later) == signers.IS_KIN


def test_a_declared_relative_is_kin_too(case: Case, khach: Citizen, lan: Officer, later: datetime) -> None:
    Officer.objects.filter(pk=lan.pk).update(relatives=[khach.identity_number])
    lan.refresh_from_db()

    assert signers.why_may_not_sign(case, lan, at=later) == signers.IS_KIN
    with pytest.raises(workflow.NotAllowed):
        sign(case, lan, later)


def test_the_desks_are_told_who_signs_and_what_may_end_unsigned(
    client: Client, case: Case, mai: Officer, hung: Officer, lan: Officer, doi: Officer, tri: Officer, at: datetime
) -> None:
    soon = case.due_at - timedelta(minutes=15)
    with time_machine.travel(soon, tick=False):
        pages = {}
        client.force_login(mai)
        before = client.get(reverse("desk")).content.decode()
        rostering.be_away(lan, starts_at=soon, ends_at=soon + timedelta(days=1), reason="ốm", by=tri, at=soon)
        for officer, address in ((mai, "desk"), (hung, "handling"), (lan, "signing"), (doi, "monitor")):
            client.force_login(officer)
            pages[address] = client.get(reverse(address)).content.decode()

    assert "Lãnh đạo trực: <strong>Phùng Thị Lan (Chủ tịch UBND xã), đến 17:30</strong>" in before
    assert "không có lãnh đạo ký được" not in before
    for page in pages.values():
        assert f"Hồ sơ {case.code} hẹn 11:10, còn 15 phút làm việc: không có lãnh đạo ký được" in page
        assert "note-stop" in page
    assert "Trần Thị Thử" not in pages["monitor"]


# --- many at one confirmation ---
@pytest.fixture
def three(quoc_oai: Commune, mai: Officer, hung: Officer, at: datetime) -> list[Case]:
    cases = []
    for number in range(3):
        person = factories.citizen(quoc_oai, f"00119200001{number}", f"Trần Thị Thử {'ABC'[number]}")
        cases.append(factories.case(person, by=mai, at=at + timedelta(minutes=number)))
        workflow.submit(cases[-1], by=hung, at=at + timedelta(minutes=number))
    return cases


def look_at(client: Client, cases: list[Case]) -> dict[str, str]:
    """What the browser of the leader asks for while she scrolls, and the form as it comes back from there."""
    page = client.get(reverse("sign_batch"))
    form = {}
    for case in cases:
        client.get(reverse("sign_preview", args=[case.code, 0]))
        form |= {f"sign-{case.code}": "on", f"seen-{case.code}": page.context["form"][f"seen-{case.code}"].value()}
    return form | {"password": factories.PASSWORD} | KEY


def test_a_batch_signs_each_case_by_itself_and_one_that_fails_stops_no_other(
    client: Client,
    three: list[Case],
    lan: Officer,
    hung: Officer,
    mai: Officer,
    later: datetime,
    quoc_oai: Commune,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    with time_machine.travel(later, tick=False):
        client.force_login(lan)
        form = look_at(client, three)
        real, calls = papers.render, []

        def jams_at_the_second(*facts: object, **named: object) -> object:
            calls.append(1)
            if len(calls) == 2:
                raise papers.PaperFailed("kẹt giấy")
            return real(*facts, **named)  # type: ignore[arg-type]

        papers.render = jams_at_the_second  # type: ignore[assignment]
        try:
            with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
                response = client.post(reverse("sign_batch"), form)
        finally:
            papers.render = real
        page = client.get(response["Location"]).content.decode()

    assert "Đã ký 2 trên 3 hồ sơ, 1 hồ sơ chưa ký được." in page
    assert "Chưa tạo được giấy nên chưa ký; chưa dùng số nào." in page
    assert [turn.outcome for turn in SigningTurn.objects.order_by("pk")] == ["signed", "failed", "signed"]
    assert sorted(Result.objects.values_list("number", flat=True)) == [1, 2]
    assert broken(quoc_oai) == {}


def test_what_was_not_shown_as_it_is_cannot_be_signed_with_others(
    client: Client, three: list[Case], lan: Officer, later: datetime
) -> None:
    with time_machine.travel(later, tick=False):
        client.force_login(lan)
        form = look_at(client, three)
        Showing.objects.filter(case=three[1]).delete()  # as if it had not been scrolled to
        response = client.post(reverse("sign_batch"), form)

    assert response.status_code == 422
    assert f"Hồ sơ {three[1].code}: chưa xem hết các bản sẽ ký" in response.content.decode()
    assert not SigningRound.objects.exists()


def test_what_one_leader_was_shown_is_nothing_another_has_seen(
    client: Client, three: list[Case], lan: Officer, son: Officer, later: datetime
) -> None:
    factories.shift(son, Role.SIGNER, starts_at=later.replace(hour=7), ends_at=later.replace(hour=18))
    with time_machine.travel(later, tick=False):
        client.force_login(lan)
        form = look_at(client, three[:1])
        chosen = rounds.Chosen(three[0], form[f"seen-{three[0].code}"])

    with pytest.raises(workflow.NotAllowed, match="chưa xem hết"):
        workflow.begin_round([chosen], by=son, at=later)


def test_a_wrong_password_signs_nothing_and_is_written_down(
    client: Client, three: list[Case], lan: Officer, later: datetime
) -> None:
    with time_machine.travel(later, tick=False):
        client.force_login(lan)
        response = client.post(reverse("sign_batch"), look_at(client, three) | {"password": "sai"})

    assert response.status_code == 422
    assert not SigningRound.objects.exists()
    assert Entry.objects.filter(act="sign_refused").count() == 1


def test_who_guesses_at_an_open_screen_guesses_no_sixth_time(
    client: Client, three: list[Case], lan: Officer, later: datetime
) -> None:
    def typed(password: str, at: datetime) -> int:
        with time_machine.travel(at, tick=False):
            return client.post(reverse("sign_batch"), look_at(client, three) | {"password": password}).status_code

    client.force_login(lan)
    wrong = [typed(f"doan {number}", later) for number in range(5)]
    right_too_soon = typed(factories.PASSWORD, later + timedelta(minutes=14))
    right = typed(factories.PASSWORD, later + timedelta(minutes=16))

    assert wrong == [422] * 5
    assert (right_too_soon, right) == (422, 302)


def test_a_password_that_was_given_opens_the_door_and_signs_nothing(
    client: Client, three: list[Case], lan: Officer, later: datetime
) -> None:
    Officer.objects.filter(pk=lan.pk).update(password_is_given=True)
    with time_machine.travel(later, tick=False):
        client.force_login(lan)
        response = client.post(reverse("sign_batch"), look_at(client, three) | {"password": factories.PASSWORD})

    assert response.status_code == 422
    assert "đổi thành mật khẩu của mình" in response.content.decode()


def test_a_round_signs_at_most_twenty_and_at_least_one(three: list[Case], lan: Officer, later: datetime) -> None:
    for number in (0, 21):
        with pytest.raises(workflow.NotAllowed, match="từ 1 đến 20"):
            workflow.begin_round([rounds.Chosen(three[0], "x")] * number, by=lan, at=later)


def test_with_the_script_one_case_is_signed_a_request_and_the_list_comes_back(
    client: Client, three: list[Case], lan: Officer, later: datetime
) -> None:
    with time_machine.travel(later, tick=False):
        client.force_login(lan)
        htmx = {"HX-Request": "true"}
        begun = client.post(reverse("sign_batch"), look_at(client, three), headers=htmx)
        [signing_round] = SigningRound.objects.all()
        after_one = client.post(
            reverse("sign_turn", args=[signing_round.pk]), {"form_key": "a" * 20}, headers=htmx, follow=True
        ).content.decode()

    assert begun["Location"] == reverse("signing_round", args=[signing_round.pk])
    assert "Đang ký: xong 1 trên 3 hồ sơ." in after_one
    assert Result.objects.count() == 1


def test_a_confirmation_older_than_five_minutes_signs_nothing_more(
    client: Client, three: list[Case], lan: Officer, later: datetime
) -> None:
    with time_machine.travel(later, tick=False):
        client.force_login(lan)
        client.post(reverse("sign_batch"), look_at(client, three), headers={"HX-Request": "true"})
    [signing_round] = SigningRound.objects.all()

    in_time = workflow.sign_next(signing_round, by=lan, at=later + timedelta(minutes=5))
    too_late = workflow.sign_next(signing_round, by=lan, at=later + timedelta(minutes=5, seconds=1))

    assert in_time is not None
    assert too_late is not None
    assert (in_time.outcome, too_late.outcome) == ("signed", "failed")
    assert "quá 5 phút" in too_late.sentence


def test_who_signs_is_asked_again_after_five_minutes_and_not_before(
    client: Client, three: list[Case], lan: Officer, later: datetime
) -> None:
    def post(number: int, at: datetime, **facts: str) -> int:
        with time_machine.travel(at, tick=False):
            address = reverse("sign", args=[three[number].code])
            seen = client.get(address).context["form"].initial["seen"]
            return client.post(address, {"seen": seen, "form_key": f"{number}" * 20} | facts).status_code

    with time_machine.travel(later, tick=False):
        client.force_login(lan)

    first = post(0, later, password=factories.PASSWORD)
    next_one = post(1, later + timedelta(minutes=5))
    too_late = post(2, later + timedelta(minutes=5, seconds=2))

    assert (first, next_one, too_late) == (302, 302, 422)
    assert Result.objects.count() == 2


def test_a_file_goes_back_with_a_ready_phrase_and_the_next_paper_comes(
    client: Client, three: list[Case], lan: Officer, later: datetime
) -> None:
    with time_machine.travel(later, tick=False):
        client.force_login(lan)
        address = reverse("act", args=[three[0].code, "send_back"])
        nothing = client.post(address, {"form_key": "a" * 20}, follow=True).content.decode()
        phrase = "Sai nơi cư trú hoặc địa danh."
        response = client.post(address, {"phrases": [phrase], "note": "xem lại thôn", "form_key": "b" * 20})

    assert "Chọn hoặc ghi lý do trả lại." in nothing
    assert response["Location"] == reverse("sign", args=[three[1].code])
    assert three[0].steps.last().note == f"{phrase}\nxem lại thôn"  # type: ignore[union-attr]


def test_the_lines_of_a_paper_follow_the_day_of_its_signature(
    son: Officer, lan: Officer, tri: Officer, at: datetime
) -> None:
    rostering.delegate(
        lan,
        son,
        procedures=[],
        first_day=timezone.localdate(at),
        last_day=timezone.localdate(at),
        document="16/QĐ-UBND",
        lines="KT. CHỦ TỊCH|PHÓ CHỦ TỊCH PHỤ TRÁCH",
        by=tri,
        at=at,
    )

    today = papers.signature_lines(son, "civil_copy", at=at)
    tomorrow = papers.signature_lines(son, "civil_copy", at=at + timedelta(days=1))

    assert (today[1], tomorrow[1]) == ("PHÓ CHỦ TỊCH PHỤ TRÁCH", "PHÓ CHỦ TỊCH")
    assert roster.authority_of(son, "civil_copy", at=at).power.document == "16/QĐ-UBND"  # type: ignore[union-attr]
