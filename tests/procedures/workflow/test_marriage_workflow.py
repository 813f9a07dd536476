"""A marriage with the real verbs: two people, one transaction; two counters; what changed before the signature."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from citizens.effects import Married
from citizens.models import Certificate, Citizen, Marriage, Parentage, RegisterEntry
from citizens.person import MaritalStatus
from citizens.records import Act, carry_out
from oneshop import walls
from oneshop.keys import new_form_key
from oneshop.models import Commune, Officer
from oneshop.roles import Role
from procedures import ministry, papers, stock, workflow
from procedures.catalogue import catalogue
from procedures.models import Case, Draft, FollowUp, Result, Series, Void
from procedures.papers import overprint
from procedures.rules import Stage
from procedures.states import State
from tests import factories
from tests.conftest import HANOI
from tests.procedures.on_blanks import delivered
from tests.procedures.test_races import at_once

MARRIAGE = catalogue()["marriage_registration"]
ALL = {rule.id: True for rule in MARRIAGE.rules}
AT_SIGNING = ["mari_both_present_to_sign", "mari_signer_not_related"]
AT_THE_COUNTER = ["mari_book_and_certificates_signed"]


def answers(at: datetime, **changed: Any) -> dict[str, Any]:
    return {**MARRIAGE.example(at).answers, **changed}


@pytest.fixture
def mau(quoc_oai: Commune) -> Citizen:
    return factories.citizen(quoc_oai, "001085000000", "Nguyễn Văn Mẫu", sex="male", birth_date=date(1985, 3, 5))


def received(
    one: Citizen, two: Citizen, *, by: Officer, at: datetime, officer: dict[str, bool] = ALL, **changed: Any
) -> Case:
    return workflow.receive(
        MARRIAGE, one, other=two, answers=answers(at, **changed), officer_answers=officer, by=by, at=at
    )


def signed(case: Case, *, handled_by: Officer, by: Officer, at: datetime) -> list[Result]:
    workflow.submit(case, by=handled_by, at=at)
    ticks = [rule.id for rule in workflow.asked_at(case, Stage.SIGNATURE)]
    return workflow.sign(case, by=by, at=at, seen=factories.seen(case, by, at), confirmed=ticks)


def certificate(citizen: Citizen, issued_on: date, **facts: Any) -> Certificate:
    return Certificate.objects.create(
        **{
            "commune_id": citizen.commune_id,
            "citizen": citizen,
            "number": "05/UBND-XNTTHN",
            "issuer": "UBND xã Quốc Oai",
            "issued_on": issued_on,
            "expires_on": issued_on + timedelta(days=181),
            "for_marriage": False,
            "purpose": "vay vốn ngân hàng",
        }
        | facts
    )


def status(citizen: Citizen, at: datetime) -> MaritalStatus:
    fresh = Citizen.objects.get(pk=citizen.pk)
    return fresh.as_person(commune_id=citizen.commune_id, on=at.date()).marital_status


def stopped_by(stopped: pytest.ExceptionInfo[workflow.NotReady]) -> set[str]:
    return {finding.rule.id for finding in stopped.value.findings}


# --- what the signature makes ---
def test_both_are_married_by_one_signature_under_one_number(
    khach: Citizen, mau: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    case = received(mau, khach, by=mai, at=at)

    results = signed(case, handled_by=hung, by=lan, at=later)

    assert [(result.kind, result.full_number, result.originals) for result in results] == [
        ("marriage_registration", "01/2026", 2),
        ("declaration", "01/2026", 1),
    ]
    assert Series.objects.get(book="marriage").last == 1
    assert [status(one, at) for one in (khach, mau)] == [MaritalStatus.MARRIED] * 2
    sides = Marriage.objects.order_by("pk").values_list("citizen__full_name", "spouse__full_name", "certificate_number")
    assert sorted(sides) == [
        ("Nguyễn Văn Mẫu", "Trần Thị Thử", "01/2026"),
        ("Trần Thị Thử", "Nguyễn Văn Mẫu", "01/2026"),
    ]
    assert set(Marriage.objects.values_list("since", "issuer")) == {(date(2026, 11, 23), "UBND xã Quốc Oai")}


def test_a_marriage_annulled_before_its_certificate_was_handed_over_never_was(
    khach: Citizen, mau: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    """The number stays in the book as void, the entry is struck, both are as they were (F-56)."""
    case = received(mau, khach, by=mai, at=at)
    results = signed(case, handled_by=hung, by=lan, at=later)

    workflow.annul(Case.objects.get(pk=case.pk), by=lan, at=later, note="hai bên không ký Sổ")

    entry = RegisterEntry.objects.get(number=results[0].number, kind="marriage")
    assert [status(one, at) for one in (khach, mau)] == [MaritalStatus.SINGLE] * 2
    assert entry.standing == "cancelled"
    assert set(Result.objects.values_list("standing", flat=True)) == {"cancelled"}
    assert [void.number for void in Void.objects.all()] == [1]
    assert Series.objects.get(book="marriage").last == 1


def test_the_entry_in_the_book_names_wife_and_husband(
    khach: Citizen, mau: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    signed(received(mau, khach, by=mai, at=at), handled_by=hung, by=lan, at=later)

    entry = RegisterEntry.objects.get()

    assert (entry.kind, entry.full_number, entry.flags) == ("marriage", "01/2026", ["first_marriage"])
    assert [(row.part, row.full_name, row.citizen) for row in entry.persons.all()] == [
        ("wife", "Trần Thị Thử", khach),
        ("husband", "Nguyễn Văn Mẫu", mau),
    ]
    assert list(FollowUp.objects.values_list("text", flat=True)) == [
        "Cập nhật ngay việc kết hôn vào Cơ sở dữ liệu hộ tịch điện tử (Luật Hộ tịch Điều 5 khoản 5)."
    ]


def test_a_certificate_of_3_february_2020_ends_with_the_marriage_of_10_february_2020(
    khach: Citizen, mau: Citizen, lan: Officer
) -> None:
    """The example of Thông tư 04/2020 Điều 12 khoản 2. The effect alone: our calendar does not know that year."""
    for one in (khach, mau):
        certificate(one, date(2020, 2, 3))
    certificate(khach, date(2019, 1, 3), number="01/UBND-XNTTHN")
    act = Act(
        citizen=khach,
        other=mau,
        numbers={"marriage_registration": "05/2020"},
        issuer="UBND xã Quốc Oai",
        commune_id=khach.commune_id,
        by=lan,
        on=date(2020, 2, 10),
        at=datetime(2020, 2, 10, 9, 0, tzinfo=HANOI),
    )

    carry_out([Married("marriage_registration")], act)

    ended = Certificate.objects.filter(issued_on=date(2020, 2, 3))
    assert [row.ended_on for row in ended] == [date(2020, 2, 10)] * 2
    assert [row.as_value().valid_on(date(2020, 2, 9)) for row in ended] == [True, True]
    assert [row.as_value().valid_on(date(2020, 2, 10)) for row in ended] == [False, False]
    assert Certificate.objects.get(number="01/UBND-XNTTHN").ended_on is None, "expired long before"


def test_the_certificates_of_both_end_on_the_day_of_the_signature(
    khach: Citizen, mau: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    for one in (khach, mau):
        certificate(one, date(2026, 11, 3))

    signed(received(khach, mau, by=mai, at=at), handled_by=hung, by=lan, at=later)

    assert list(Certificate.objects.values_list("ended_on", flat=True)) == [date(2026, 11, 23)] * 2


def test_a_second_marriage_of_either_is_refused(
    quoc_oai: Commune,
    khach: Citizen,
    mau: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    at: datetime,
    later: datetime,
) -> None:
    signed(received(khach, mau, by=mai, at=at), handled_by=hung, by=lan, at=later)
    another = factories.citizen(quoc_oai, "001190000001", "Lê Văn Khác", sex="male", birth_date=date(1990, 1, 1))

    with pytest.raises(workflow.NotReady) as stopped:
        received(khach, another, by=mai, at=later)

    assert stopped_by(stopped) == {"mari_bride_unmarried", "mari_first_marriage_both"}


def test_the_same_two_again_are_told_that_they_are_married(
    khach: Citizen, mau: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    signed(received(khach, mau, by=mai, at=at), handled_by=hung, by=lan, at=later)

    with pytest.raises(workflow.NotReady) as stopped:
        received(mau, khach, by=mai, at=later)

    assert "mari_not_already_registered" in stopped_by(stopped)


def test_the_marital_certificate_of_a_bride_of_today_says_married(
    khach: Citizen, mau: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    signed(received(khach, mau, by=mai, at=at), handled_by=hung, by=lan, at=later)

    case = factories.case(khach, by=mai, at=later, declared_status="married")
    [draft] = papers.drafts_of(case, by=lan, at=later)

    assert draft.facts["status"] == (
        "Hiện tại đang có chồng là ông Nguyễn Văn Mẫu (Giấy chứng nhận kết hôn số 01/2026, do UBND xã Quốc Oai cấp "
        "ngày 23 tháng 11 năm 2026)"
    )


def test_a_paper_that_cannot_be_made_marries_nobody(
    khach: Citizen,
    mau: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    at: datetime,
    later: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = received(khach, mau, by=mai, at=at)
    workflow.submit(case, by=hung, at=later)
    seen, render = factories.seen(case, lan, later), papers.render

    def broken(template: str, facts: Any) -> Any:
        if template.endswith("marriage_declaration.html"):
            raise papers.PaperFailed(template)
        return render(template, facts)

    monkeypatch.setattr(papers, "render", broken)
    with pytest.raises(papers.PaperFailed):
        workflow.sign(case, by=lan, at=later, seen=seen, confirmed=AT_SIGNING)

    assert not Marriage.objects.exists()
    assert not Result.objects.exists()
    assert not Series.objects.filter(book="marriage").exists()


def test_the_look_up_is_kept_with_the_case_and_on_no_paper(
    khach: Citizen, mau: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    case = received(khach, mau, by=mai, at=at, lookup_source="Hệ thống tra cứu thử")

    results = signed(case, handled_by=hung, by=lan, at=later)
    case.refresh_from_db()

    assert case.answers["lookup_source"] == "Hệ thống tra cứu thử"
    assert case.answers["lookup_on"] == {"day": "2026-11-23"}
    assert (case.answers["bride_lookup"], case.answers["groom_lookup"]) == ("single", "single")
    assert all("tra cứu" not in str(result.facts) for result in results)


# --- what changed between receipt and signature ---
def test_a_leader_does_not_sign_without_having_seen_both(
    khach: Citizen, mau: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    case = received(khach, mau, by=mai, at=at)
    workflow.submit(case, by=hung, at=later)

    with pytest.raises(workflow.NotAllowed, match="phải cùng có mặt để ký"):
        workflow.sign(
            case, by=lan, at=later, seen=factories.seen(case, lan, later), confirmed=["mari_signer_not_related"]
        )

    assert not Marriage.objects.exists()


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (
            lambda bride, groom: Citizen.objects.filter(pk=groom.pk).update(deceased_on=date(2026, 11, 22)),
            "đã được đăng ký khai tử",
        ),
        (
            lambda bride, groom: Marriage.objects.create(
                commune_id=groom.commune_id,
                citizen=groom,
                spouse_name="Lê Thị Vợ",
                spouse_sex="female",
                certificate_number="90/2026",
                issuer="UBND xã Kiều Phú",
                since=date(2026, 11, 23),
            ),
            "Bên nam đang có vợ/chồng",
        ),
        (
            lambda bride, groom: Parentage.objects.create(
                commune_id=groom.commune_id, child=bride, parent=groom, kind="adoption", basis="QĐ nuôi con nuôi"
            ),
            "cha, mẹ nuôi với con nuôi",
        ),
    ],
    ids=["died", "married elsewhere", "was adopted"],
)
def test_what_came_to_light_after_receipt_stops_the_signature(
    happens: Callable[[Citizen, Citizen], Any],
    said: str,
    khach: Citizen,
    mau: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    at: datetime,
    later: datetime,
) -> None:
    case = received(khach, mau, by=mai, at=at)
    happens(khach, mau)

    with pytest.raises(workflow.NotAllowed, match=said):
        signed(case, handled_by=hung, by=lan, at=later)

    assert not Marriage.objects.filter(citizen=khach).exists()


# --- only one of the two comes today ---
def test_a_case_of_one_who_came_alone_is_due_on_the_day_both_come(
    khach: Citizen, mau: Citizen, mai: Officer, hung: Officer, at: datetime, later: datetime
) -> None:
    case = received(khach, mau, by=mai, at=at, present="one", meets_on=date(2026, 12, 3))

    assert case.state == State.RECEIVED
    assert case.due_at == datetime(2026, 12, 3, 17, 30, tzinfo=HANOI)
    assert "hai bên nam, nữ cùng có mặt" in case.due_sentence
    slip = workflow.issue_receipt(case, by=mai, at=at)
    assert slip.facts["time_limit"] == "Ngày hai bên cùng có mặt ký"

    workflow.ask_for_papers(case, by=hung, at=at, note="Đối chiếu lại địa chỉ")
    workflow.take_papers(case, by=mai, at=later, note="đã nộp")
    case.refresh_from_db()
    assert case.due_at == datetime(2026, 12, 3, 17, 30, tzinfo=HANOI), "the day they meet does not move"


def test_on_a_saturday_the_day_itself_is_the_promise(khach: Citizen, mau: Citizen, mai: Officer, at: datetime) -> None:
    case = received(khach, mau, by=mai, at=at, present="one", meets_on=date(2026, 12, 5))

    assert case.due_at == datetime(2026, 12, 5, 23, 59, tzinfo=HANOI)


def test_a_case_of_today_is_due_as_the_law_says(khach: Citizen, mau: Citizen, mai: Officer, at: datetime) -> None:
    case = received(khach, mau, by=mai, at=at)

    assert case.due_at == at + timedelta(hours=3)


# --- certificates that name another ---
def test_a_certificate_naming_another_partner_is_a_warning_with_the_paper_beside(
    khach: Citizen, mau: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    to_marry = {
        "purpose_kind": "marry",
        "purpose_text": "",
        "marriage_where": "abroad",
        "marriage_place": "Tòa thị chính Seoul",
        "partner_name": "Kim Min",
        "partner_sex": "male",
        "partner_birth_year": 1990,
        "partner_nationality": "Hàn Quốc",
        "partner_document": "Hộ chiếu M0000",
    }
    factories.signed(factories.case(khach, by=mai, at=at, **to_marry), handled_by=hung, by=lan, at=later)
    unaware = {name: value for name, value in ALL.items() if name != "mari_bride_promised_another"}

    with pytest.raises(workflow.NotReady) as stopped:
        received(khach, mau, by=mai, at=later, officer=unaware)
    case = received(khach, mau, by=mai, at=later)

    assert stopped_by(stopped) == {"mari_bride_promised_another"}
    [warned] = [row for row in case.findings if row["id"] == "mari_bride_promised_another"]
    assert "Giấy số 01/UBND-XNTTHN ngày 23/11/2026, làm thủ tục kết hôn với anh Kim Min" in warned["message"]


# --- the blank ---
def test_the_values_of_a_signed_marriage_find_their_places_on_the_blank(
    khach: Citizen, mau: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    result, _ = signed(received(khach, mau, by=mai, at=at), handled_by=hung, by=lan, at=later)

    sheet = overprint.overprint(result)

    assert sheet.pages == 1
    for value in ("01/2026", "TRẦN THỊ THỬ", "NGUYỄN VĂN MẪU", "Ủy ban nhân dân xã Quốc Oai", "Phùng Thị Lan"):
        assert value in sheet.html


def test_the_ministrys_software_is_waited_for(
    khach: Citizen, mau: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime, later: datetime
) -> None:
    case = received(khach, mau, by=mai, at=at)
    signed(case, handled_by=hung, by=lan, at=later)

    assert ministry.lines_of(case)[1] == ("Họ, chữ đệm, tên người vợ", "Trần Thị Thử")
    with pytest.raises(workflow.NotAllowed, match="phần mềm hộ tịch dùng chung"):
        workflow.give_out(case, inked=True, by=mai, at=later, to="hai bên", confirmed=AT_THE_COUNTER)


def test_each_of_the_two_gets_an_original_on_a_blank_of_its_own(
    khach: Citizen, mau: Citizen, mai: Officer, hung: Officer, lan: Officer, tri: Officer, at: datetime, later: datetime
) -> None:
    case = received(khach, mau, by=mai, at=at)
    result, _ = signed(case, handled_by=hung, by=lan, at=later)
    delivered(tri, at)
    ministry.record(case, number="01/2026", code="KH-2026-00001", by=hung, at=later)

    assert stock.missing(case) == [(result, 1), (result, 2)], "the declaration takes no blank"
    used = stock.use_next(case, by=mai, at=later)
    with pytest.raises(workflow.NotAllowed, match="chưa ký Sổ đăng ký kết hôn"):
        workflow.give_out(case, inked=True, by=mai, at=later, to="hai bên")
    workflow.give_out(case, inked=True, by=mai, at=later, to="hai bên", confirmed=AT_THE_COUNTER)

    assert [blank.sheet_no for blank in used] == [1, 2]
    case.refresh_from_db()
    assert case.state == State.GIVEN_OUT


# --- two counters, one couple ---
@pytest.fixture
def village(real_db: str, at: datetime) -> Commune:
    commune = factories.commune()
    with walls.within(commune.pk):
        factories.usual_week(commune)
        for name in ("mai", "minh"):
            factories.officer(commune, name, Role.CLERK, full_name=name)
        factories.officer(commune, "hung", Role.SPECIALIST)
        for name in ("lan", "son"):
            leader = factories.officer(commune, name, Role.SIGNER, signs_as="CHỦ TỊCH")
            factories.shift(leader, Role.SIGNER, starts_at=at.replace(hour=7), ends_at=at.replace(hour=18))
        factories.citizen(commune)
        factories.citizen(commune, "001085000000", "Nguyễn Văn Mẫu", sex="male", birth_date=date(1985, 3, 5))
        factories.citizen(commune, "001090000001", "Lê Văn Khác", sex="male", birth_date=date(1990, 1, 1))
    return commune


def _receives(village: Commune, clerk: str, one: str, two: str, at: datetime) -> Callable[[], Case]:
    unaware = {name: value for name, value in ALL.items() if name != "cs_no_open_duplicate"}

    def act() -> Case:
        with walls.within(village.pk):
            by = Officer.objects.select_related("commune", "counter").get(username=clerk)
            people = [Citizen.objects.get(identity_number=number) for number in (one, two)]
            return received(people[0], people[1], by=by, at=at, officer=unaware)

    return act


@pytest.mark.parametrize("attempt", range(3))
def test_a_couple_at_two_counters_at_once_makes_one_case(village: Commune, at: datetime, attempt: int) -> None:
    """She is scanned first at one counter, he at the other: neither waits for the other for ever."""
    her, his = "001192000000", "001085000000"

    made = at_once([_receives(village, "mai", her, his, at), _receives(village, "minh", his, her, at)])

    cases = [one for one in made if isinstance(one, Case)]
    refused = [one for one in made if isinstance(one, workflow.NotReady)]
    assert (len(cases), len(refused)) == (1, 1)
    assert {finding.rule.id for finding in refused[0].findings} == {"cs_no_open_duplicate"}
    with walls.within(village.pk):
        assert Case.objects.count() == 1


def test_a_bride_with_two_grooms_before_two_leaders_marries_one(village: Commune, at: datetime) -> None:
    """Both clerks saw the other's case and went on; the signature is where it ends."""
    her = "001192000000"
    cases = []
    with walls.within(village.pk):
        mai = Officer.objects.select_related("commune", "counter").get(username="mai")
        hung = Officer.objects.select_related("commune").get(username="hung")
        bride = Citizen.objects.get(identity_number=her)
        for number in ("001085000000", "001090000001"):
            case = received(bride, Citizen.objects.get(identity_number=number), by=mai, at=at)
            workflow.submit(case, by=hung, at=at)
            cases.append(case.pk)

    def signs(pk: int, leader: str) -> Callable[[], list[Result]]:
        def act() -> list[Result]:
            with walls.within(village.pk):
                by = Officer.objects.select_related("commune").get(username=leader)
                case = Case.objects.select_related("commune", "citizen", "other").get(pk=pk)
                return workflow.sign(case, by=by, at=at, seen=factories.seen(case, by, at), confirmed=AT_SIGNING)

        return act

    made = at_once([signs(cases[0], "lan"), signs(cases[1], "son")])

    [refused] = [one for one in made if isinstance(one, workflow.NotAllowed)]
    assert "Bên nữ đang có vợ/chồng" in refused.sentence
    with walls.within(village.pk):
        assert Marriage.objects.filter(citizen__identity_number=her).count() == 1
        assert Series.objects.get(book="marriage").last == 1


# --- at the counter ---
@pytest.fixture
def clerk(client: Client, mai: Officer, at: datetime) -> Any:
    client.force_login(mai)
    with time_machine.travel(at, tick=False):
        yield client


def posted(at: datetime, **changed: Any) -> dict[str, Any]:
    typed = {name: "" if value is None else value for name, value in answers(at, **changed).items()}
    typed["lookup_on"] = f"{at:%d/%m/%Y}"
    asked = {
        f"rule-{rule}": "yes"
        for rule in (
            "cs_applicant_identified",
            "cs_applicant_identified_groom",
            "cs_officer_not_related",
            "mari_kinship_declared",
            "mari_free_will_confirmed",
        )
    }
    return typed | asked | {"form_key": new_form_key()}


def test_two_cards_one_form_one_case(clerk: Client, khach: Citizen, mau: Citizen, at: datetime) -> None:
    apply = reverse("apply", args=[khach.pk, "marriage_registration"])
    party = reverse("party", args=[khach.pk, "marriage_registration"])

    assert clerk.get(apply)["Location"] == party
    assert "Quét thẻ của người kia" in clerk.get(party).content.decode()
    card = "001085000000||Nguyễn Văn Mẫu|05031985|Nam|Thôn 1, Xã Quốc Oai|22062021"
    assert clerk.post(party, {"text": card})["Location"] == apply
    page = clerk.get(apply).content.decode()
    assert "Kết quả tra cứu của bên nam (Nguyễn Văn Mẫu)" in page
    check = clerk.post(apply, posted(at))
    assert check.status_code == 302, check.content.decode()
    shown = clerk.get(check["Location"]).content.decode()
    assert "Tờ khai đăng ký kết hôn" in shown
    assert "Chưa đăng ký kết hôn với ai" in shown
    for number in (0, 1):
        picture = clerk.get(reverse("preview", args=[Draft.objects.get().pk, number]))
        assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")
    received_page = clerk.post(check["Location"], {"declaration": "on", "form_key": new_form_key()})
    case = Case.objects.get()
    assert received_page["Location"] == reverse("received", args=[case.code])
    assert (case.citizen, case.other) == (khach, mau)
    page = clerk.get(reverse("case", args=[case.code])).content.decode()
    assert "Kết quả tra cứu của bên nữ (Trần Thị Thử)" in page


def test_an_under_age_bride_gets_the_first_lawful_day_in_writing(
    clerk: Client, quoc_oai: Commune, mau: Citizen, at: datetime
) -> None:
    girl = factories.citizen(quoc_oai, "001308000001", "Phùng Thị Non", birth_date=date(2008, 12, 15))
    clerk.post(reverse("party", args=[girl.pk, "marriage_registration"]), {"chosen": mau.pk})

    clerk.post(reverse("reject", args=[girl.pk, "marriage_registration"]), posted(at))

    case = Case.objects.get()
    assert case.state == State.REJECTED
    [reason] = case.refusal
    assert reason["text"].startswith("Bên nữ chưa đủ 18 tuổi.")
    assert "Ngày sớm nhất được đăng ký kết hôn: 15/12/2026." in reason["text"]


def test_the_leader_and_the_counter_tick_what_they_have_seen(
    client: Client, khach: Citizen, mau: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    case = received(khach, mau, by=mai, at=at)
    workflow.submit(case, by=hung, at=at)
    client.force_login(lan)
    with time_machine.travel(at + timedelta(minutes=5), tick=False):
        page = client.get(reverse("sign", args=[case.code])).content.decode()
        seen = factories.seen(Case.objects.get(pk=case.pk), lan, at)
        form = {"seen": seen, "password": factories.PASSWORD, "form_key": new_form_key()}
        unticked = client.post(reverse("sign", args=[case.code]), form)
        ticks = {f"rule-{rule}": "on" for rule in AT_SIGNING}
        client.post(reverse("sign", args=[case.code]), form | ticks | {"form_key": new_form_key()})

    assert "Hai bên nam, nữ cùng có mặt, đã đối chiếu giấy tờ tùy thân của cả hai." in page
    assert unticked.status_code == 422
    case.refresh_from_db()
    assert case.state == State.SIGNED
    client.force_login(mai)
    with time_machine.travel(at + timedelta(minutes=9), tick=False):
        page = client.get(reverse("give_out", args=[case.code])).content.decode()
    assert "ký tờ khai, Sổ đăng ký kết hôn và cả hai bản chính" in page
