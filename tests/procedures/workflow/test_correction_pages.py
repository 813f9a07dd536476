"""The pages on which a wrong paper is put right: proposed by a specialist, signed by a leader, handed by a clerk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.forms import BooleanField
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citizens.models import Citizen, amend
from oneshop import walls
from oneshop.models import Commune, Officer
from procedures import ministry, workflow
from procedures.frozen import thaw
from procedures.models import Case, Correction, Print, Result
from procedures.states import CorrectionState
from tests import factories
from tests.citizens import test_disability as cards
from tests.procedures.on_blanks import delivered
from tests.procedures.test_invariants import broken


@pytest.fixture
def given(khach: Citizen, mai: Officer, hung: Officer, lan: Officer) -> Result:
    """A marital-status certificate in the citizen's hand, today."""
    now = timezone.now()
    factories.shift(lan, lan.roles[0], starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    result = factories.signed(factories.case(khach, by=mai, at=now), handled_by=hung, by=lan, at=now)
    factories.given_out(result.case, by=mai, at=now)
    return Result.objects.select_related("case").get(pk=result.pk)


@pytest.fixture
def at_desk(client: Client) -> Any:
    def enter(officer: Officer) -> Client:
        client.force_login(officer)
        return client

    return enter


def asked(result: Result) -> str:
    return reverse("correct_paper", args=[result.case.code, result.pk])


def as_received(result: Result) -> dict[str, str]:
    """The form as it was filled in at the receipt."""
    answers = {name: str(value) for name, value in thaw(result.case.answers).items() if value not in (None, "", False)}
    seen = {f"rule-{rule}": "yes" if is_so else "no" for rule, is_so in result.case.officer_answers.items()}
    return answers | seen


def right(result: Result, key: str, **more: str) -> dict[str, str]:
    """What a specialist sends: the answers of the receipt but one, and why."""
    return {
        **as_received(result),
        "purpose_text": "mua nhà ở Quốc Oai",
        "sua-fault": "office",
        "sua-asked_by": "citizen",
        "sua-reason": "in sai mục đích",
        "form_key": key * 20,
        **more,
    }


def proposed(result: Result, hung: Officer) -> Correction:
    return workflow.propose_replacement(
        result,
        answers={**thaw(result.case.answers), "purpose_text": "mua nhà"},
        officer_answers=result.case.officer_answers,
        fault="office",
        asked_by="citizen",
        reason="in sai mục đích",
        by=hung,
        at=timezone.now(),
    )


def test_from_the_case_to_the_new_paper_in_the_hand(
    given: Result, quoc_oai: Commune, mai: Officer, hung: Officer, lan: Officer, at_desk: Any
) -> None:
    code = given.case.code
    desk = at_desk(hung)
    case = desk.get(reverse("case", args=[code])).content.decode()
    sent = desk.post(f"{asked(given)}?cach=thay", right(given, "a"))
    correction = Correction.objects.get()
    shown = desk.get(sent["Location"]).content.decode()
    preview = desk.get(reverse("correction_preview", args=[correction.pk, 0]))
    queue = desk.get(reverse("handling")).content.decode()

    desk = at_desk(lan)
    waiting = desk.get(reverse("signing")).content.decode()
    page = desk.get(reverse("sign_correction", args=[correction.pk]))
    facts = {"seen": page.context["form"]["seen"].value(), "form_key": "b" * 20}
    wrong = desk.post(reverse("sign_correction", args=[correction.pk]), {**facts, "password": "sai mật khẩu này"})
    signed = desk.post(
        reverse("sign_correction", args=[correction.pk]),
        {**facts, "password": factories.PASSWORD, "form_key": "c" * 20},
    )
    new = Result.objects.get(correction=correction)

    desk = at_desk(mai)
    too_early = desk.get(reverse("hand_correction", args=[code])).content.decode()
    ministry.record(
        new.case, number=f"{new.number}/{new.year}", code="HT.99", by=mai, at=timezone.now(), why="thay giấy"
    )
    to_hand = desk.get(reverse("giving_out")).content.decode()
    hand_page = desk.get(reverse("hand_correction", args=[code]))
    hand = hand_page.content.decode()
    ticks = {name: "on" for name, field in hand_page.context["form"].fields.items() if isinstance(field, BooleanField)}
    empty = desk.post(reverse("hand_correction", args=[code]), {"to": "", "form_key": "d" * 20})
    done = desk.post(
        reverse("hand_correction", args=[code]),
        {**ticks, "to": "Trần Thị Thử", "old_paper": "returned", "returned_copies": "1", "form_key": "e" * 20},
    )

    assert asked(given) in case
    assert sent.status_code == 302
    assert "<ins>" in shown
    assert "mua nhà" in shown
    assert preview["Content-Type"] == "image/png"
    assert f"số {given.full_number}" in queue
    assert reverse("sign_correction", args=[correction.pk]) in waiting
    assert (wrong.status_code, signed.status_code) == (422, 302)
    assert "ghi lại số, mã rồi mới trả" in too_early
    assert reverse("hand_correction", args=[code]) in to_hand
    assert "xin lỗi công dân, không thu phí" in hand
    assert (empty.status_code, done.status_code) == (422, 302)
    correction.refresh_from_db()
    assert (correction.where, correction.handed_to) == (CorrectionState.HANDED, "Trần Thị Thử")
    assert new.full_number != given.full_number
    assert broken(quoc_oai) == {}


def test_the_old_code_says_at_once_that_it_is_replaced(
    given: Result, hung: Officer, lan: Officer, at_desk: Any
) -> None:
    correction, desk = proposed(given, hung), at_desk(lan)
    page = desk.get(reverse("sign_correction", args=[correction.pk]))
    desk.post(
        reverse("sign_correction", args=[correction.pk]),
        {"seen": page.context["form"]["seen"].value(), "password": factories.PASSWORD, "form_key": "s" * 20},
    )
    new = Result.objects.get(correction=correction)

    public = Client()
    old_page = public.get(reverse("result_check", args=["09895", given.token])).content.decode()
    new_page = public.get(reverse("result_check", args=["09895", new.token])).content.decode()

    assert f"Giấy này đã được thay bằng: <strong>{new.full_number}</strong>" in old_page
    assert "Giấy này đã được thay" not in new_page


def test_nothing_changed_is_no_replacement_and_what_is_missing_is_said(
    given: Result, hung: Officer, at_desk: Any
) -> None:
    desk = at_desk(hung)
    why = {"sua-fault": "office", "sua-asked_by": "citizen", "sua-reason": "thử"}

    unchanged = desk.post(f"{asked(given)}?cach=thay", {**as_received(given), **why, "form_key": "a" * 20})
    silent = desk.post(f"{asked(given)}?cach=thay", right(given, "b", **{"sua-reason": " "}))

    assert (unchanged.status_code, silent.status_code) == (422, 422)
    assert "Giấy mới không khác giấy cũ chỗ nào" in unchanged.content.decode()
    assert "Ghi rõ lý do." in silent.content.decode()
    assert not Correction.objects.exists()


def test_a_letter_leaves_the_paper_valid_and_goes_with_it(
    given: Result, mai: Officer, hung: Officer, lan: Officer, at_desk: Any, quoc_oai: Commune
) -> None:
    desk = at_desk(hung)
    sent = desk.post(
        f"{asked(given)}?cach=dinh-chinh",
        {
            "sua-wrong": "Thôn 1, xã Quốc oai",
            "sua-right": "Thôn 1, xã Quốc Oai",
            "sua-asked_by": "office",
            "sua-reason": "viết thường tên xã",
            "form_key": "a" * 20,
        },
    )
    correction, desk = Correction.objects.get(), at_desk(lan)
    page = desk.get(reverse("sign_correction", args=[correction.pk]))
    desk.post(
        reverse("sign_correction", args=[correction.pk]),
        {"seen": page.context["form"]["seen"].value(), "password": factories.PASSWORD, "form_key": "s" * 20},
    )
    hand = at_desk(mai).post(
        reverse("hand_correction", args=[given.case.code]), {"to": "Trần Thị Thử", "inked": "on", "form_key": "h" * 20}
    )

    assert (sent.status_code, hand.status_code) == (302, 302)
    assert Result.objects.get(pk=given.pk).standing == Result.Standing.VALID
    assert Result.objects.get(correction=correction).kind == "correction_letter"
    assert broken(quoc_oai) == {}


def test_a_recall_names_its_decision_and_the_ground_the_law_leaves(given: Result, hung: Officer, at_desk: Any) -> None:
    desk = at_desk(hung)
    facts = {"sua-asked_by": "other", "sua-reason": "tỉnh đã thu hồi", "sua-decision": "QĐ 15/QĐ-UBND ngày 20/11/2026"}

    page = desk.get(f"{asked(given)}?cach=thu-hoi").content.decode()
    by_commune = desk.post(f"{asked(given)}?cach=thu-hoi", {**facts, "sua-ground": "commune", "form_key": "a" * 20})
    by_province = desk.post(f"{asked(given)}?cach=thu-hoi", {**facts, "sua-ground": "province", "form_key": "b" * 20})

    assert 'value="province"' in page
    assert 'value="commune"' not in page
    assert (by_commune.status_code, by_province.status_code) == (422, 302)
    assert Correction.objects.get().decision == "QĐ 15/QĐ-UBND ngày 20/11/2026"


def test_the_leader_sends_back_and_the_specialist_proposes_anew_or_drops(
    given: Result, hung: Officer, lan: Officer, at_desk: Any
) -> None:
    first = proposed(given, hung)
    desk = at_desk(lan)
    silent = desk.post(reverse("return_correction", args=[first.pk]), {"note": " ", "form_key": "a" * 20}, follow=True)
    desk.post(reverse("return_correction", args=[first.pk]), {"note": "xem lại mục đích", "form_key": "b" * 20})
    queue = at_desk(hung).get(reverse("handling")).content.decode()
    again = at_desk(hung).post(f"{asked(given)}?cach=thay", right(given, "c"))
    second = Correction.objects.latest("pk")
    dropped = at_desk(hung).post(reverse("drop_correction", args=[second.pk]), {"form_key": "d" * 20})
    at_desk(hung).post(reverse("drop_correction", args=[second.pk]), {"form_key": "e" * 20})

    assert "Chưa trả lại: ghi rõ lý do." in silent.content.decode()
    assert "xem lại mục đích" in queue
    assert (again.status_code, dropped.status_code) == (302, 302)
    assert [row.where for row in Correction.objects.order_by("pk")] == [
        CorrectionState.RETURNED,
        CorrectionState.DROPPED,
    ]


def test_nobody_signs_what_they_proposed_and_it_is_said_before(
    given: Result, hung: Officer, lan: Officer, at_desk: Any
) -> None:
    lan.roles = [*lan.roles, *hung.roles]
    lan.save(update_fields=["roles"])
    correction = proposed(given, lan)

    page = at_desk(lan).get(reverse("sign_correction", args=[correction.pk])).content.decode()

    assert "Ông/bà đã đề nghị việc này nên không được ký." in page
    assert 'name="password"' not in page


def test_a_case_that_has_no_paper_yet_or_another_communes_is_not_corrected(
    given: Result, mai: Officer, hung: Officer, kieu_phu: Commune, at_desk: Any
) -> None:
    with walls.within(kieu_phu.pk):
        stranger = factories.officer(kieu_phu, "khach.la", *hung.roles)
    theirs = at_desk(stranger).get(asked(given))
    nothing = at_desk(mai).get(reverse("hand_correction", args=[given.case.code]), follow=True)

    assert theirs.status_code == 404
    assert "không còn giấy sửa, thay nào chờ trao" in nothing.content.decode()


def test_the_new_paper_is_printed_through_the_log_with_its_own_line(
    given: Result, mai: Officer, hung: Officer, lan: Officer, at_desk: Any
) -> None:
    correction, desk = proposed(given, hung), at_desk(lan)
    page = desk.get(reverse("sign_correction", args=[correction.pk]))
    desk.post(
        reverse("sign_correction", args=[correction.pk]),
        {"seen": page.context["form"]["seen"].value(), "password": factories.PASSWORD, "form_key": "s" * 20},
    )
    new = Result.objects.get(correction=correction)
    at_desk(mai).post(reverse("print_paper", args=[given.case.code, "result", new.pk]), {"form_key": "p" * 20})

    assert [(line.result_id, line.copy) for line in Print.objects.all()] == [(new.pk, 1)]


def test_the_case_page_tells_which_paper_has_fallen(given: Result, hung: Officer, lan: Officer, at_desk: Any) -> None:
    correction, desk = proposed(given, hung), at_desk(lan)
    page = desk.get(reverse("sign_correction", args=[correction.pk]))
    desk.post(
        reverse("sign_correction", args=[correction.pk]),
        {"seen": page.context["form"]["seen"].value(), "password": factories.PASSWORD, "form_key": "s" * 20},
    )

    case: Case = Case.objects.get(pk=given.case_id)
    shown = at_desk(hung).get(reverse("case", args=[case.code])).content.decode()

    assert "(đã được thay thế)" in shown
    assert "Đã ký, chờ trao" in shown


def signed_by_page(desk: Client, correction: Correction, key: str = "s") -> None:
    page = desk.get(reverse("sign_correction", args=[correction.pk]))
    desk.post(
        reverse("sign_correction", args=[correction.pk]),
        {"seen": page.context["form"]["seen"].value(), "password": factories.PASSWORD, "form_key": key * 20},
    )


def test_a_recall_is_signed_with_its_notice_told_to_anyone_and_the_paper_asked_back(
    given: Result, mai: Officer, hung: Officer, lan: Officer, at_desk: Any, quoc_oai: Commune
) -> None:
    facts = {
        "sua-ground": "province",
        "sua-decision": "QĐ 15/QĐ-UBND ngày 20/11/2026",
        "sua-asked_by": "other",
        "sua-reason": "cấp không đúng thẩm quyền",
    }
    nothing = at_desk(hung).post(f"{asked(given)}?cach=thu-hoi", {**facts, "sua-decision": " ", "form_key": "a" * 20})
    at_desk(hung).post(f"{asked(given)}?cach=thu-hoi", {**facts, "form_key": "b" * 20})
    correction = Correction.objects.get()
    before = Client().get(reverse("result_check", args=["09895", given.token])).content.decode()
    to_sign = at_desk(lan).get(reverse("sign_correction", args=[correction.pk])).content.decode()
    signed_by_page(at_desk(lan), correction)
    after = Client().get(reverse("result_check", args=["09895", given.token])).content.decode()
    silent = at_desk(mai).post(
        reverse("hand_correction", args=[given.case.code]), {"to": "Thử", "inked": "on", "form_key": "c" * 20}
    )
    done = at_desk(mai).post(
        reverse("hand_correction", args=[given.case.code]),
        {"to": "Thử", "inked": "on", "old_paper": "kept", "form_key": "d" * 20},
    )

    assert nothing.status_code == 422
    assert "Ghi văn bản quyết định" in nothing.content.decode()
    assert "QĐ 15/QĐ-UBND ngày 20/11/2026" in to_sign
    assert "verdict-genuine" in before
    assert "Hủy theo: Quyết định của Chủ tịch Ủy ban nhân dân cấp tỉnh." in after
    assert (silent.status_code, done.status_code) == (422, 302)
    assert "Chọn một." in silent.content.decode()
    assert given.case.follow_ups.filter(text__startswith="Thu lại").exists()
    assert broken(quoc_oai) == {}


def test_before_it_is_given_out_the_page_sends_who_would_recall_to_the_leader(
    khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at_desk: Any
) -> None:
    now = timezone.now()
    factories.shift(lan, lan.roles[0], starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    result = factories.signed(factories.case(khach, by=mai, at=now), handled_by=hung, by=lan, at=now)

    page = at_desk(hung).get(asked(result)).content.decode()
    forced = at_desk(hung).post(
        f"{asked(result)}?cach=thu-hoi", {"sua-ground": "province", "form_key": "a" * 20}, follow=True
    )
    unchosen = at_desk(hung).post(asked(result), {"form_key": "b" * 20}, follow=True)

    assert "lãnh đạo bấm “Hủy kết quả chưa trả” trên trang hồ sơ" in page
    assert "cach=thay" in page
    assert 'name="sua-ground"' not in forced.content.decode()
    assert forced.content.decode().count("Chưa trả thì chưa có gì để thu hồi") == 2
    assert "Chọn một cách xử lý." in unchosen.content.decode()
    assert not Correction.objects.exists()


def test_a_refusal_is_replaced_by_one_with_the_right_reasons(
    khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at_desk: Any
) -> None:
    now = timezone.now()
    factories.shift(lan, lan.roles[0], starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    case = factories.case(khach, by=mai, at=now)
    workflow.submit_refusal(case, by=hung, at=now, note="Sai lý do.")
    [refusal] = workflow.sign(case, by=lan, at=now, seen=factories.seen(case, lan, now))
    why = {"sua-fault": "office", "sua-asked_by": "office", "sua-reason": "ghi nhầm"}

    shown = at_desk(hung).get(f"{asked(refusal)}?cach=thay").content.decode()
    same = at_desk(hung).post(f"{asked(refusal)}?cach=thay", {**why, "sua-refusal": "Sai lý do.", "form_key": "a" * 20})
    at_desk(hung).post(f"{asked(refusal)}?cach=thay", {**why, "sua-refusal": "Đúng lý do.", "form_key": "b" * 20})
    signed_by_page(at_desk(lan), Correction.objects.get())

    assert "Sai lý do." in shown
    assert same.status_code == 422
    assert [row["text"] for row in Result.objects.get(correction__isnull=False).facts["reasons"]] == ["Đúng lý do."]


def test_a_way_that_the_law_closes_leads_to_the_procedure_that_serves_instead(
    khach: Citizen, mai: Officer, hung: Officer, lan: Officer, tri: Officer, at_desk: Any
) -> None:
    now = timezone.now()
    factories.shift(lan, lan.roles[0], starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    delivered(tri, now, kind="disability_card")
    factories.disability_file(khach)
    card, _ = cards.signed(cards.received(khach, by=mai, at=now), handled_by=hung, by=lan, at=now)
    factories.given_out(card.case, by=mai, at=now)

    page = at_desk(hung).get(asked(card)).content.decode()

    assert "cấp đổi với lý do “sai thông tin”" in page
    assert reverse("citizen", args=[khach.pk]) in page
    assert "cach=thay" not in page


def test_while_one_proposal_waits_no_other_is_made_and_what_was_seen_is_what_is_signed(
    given: Result, mai: Officer, hung: Officer, lan: Officer, at_desk: Any
) -> None:
    correction = proposed(given, hung)
    second = at_desk(hung).get(asked(given), follow=True).content.decode()
    seen = at_desk(lan).get(reverse("sign_correction", args=[correction.pk])).context["form"]["seen"].value()
    amend(given.case.citizen, {"full_name": "Trần Thị Thứ"}, paper="Căn cước", by=mai, at=timezone.now())
    answer = at_desk(lan).post(
        reverse("sign_correction", args=[correction.pk]),
        {"seen": seen, "password": factories.PASSWORD, "form_key": "s" * 20},
        follow=True,
    )
    gone = at_desk(lan).get(reverse("correction_preview", args=[correction.pk, 7]))

    assert "đang có một đề nghị sửa giấy chờ lãnh đạo ký" in second
    assert "Nội dung giấy đã thay đổi từ khi ông/bà mở xem" in answer.content.decode()
    assert Result.objects.get(pk=given.pk).standing == "valid"
    assert gone.status_code == 404


def test_a_leader_who_was_just_asked_is_not_asked_again(
    given: Result, hung: Officer, lan: Officer, at_desk: Any
) -> None:
    desk = at_desk(lan)
    signed_by_page(desk, proposed(given, hung))
    new = Result.objects.select_related("case").get(correction__isnull=False)
    second = workflow.propose_letter(
        new, wrong="UỶ", right="ỦY", asked_by="office", reason="chính tả", by=hung, at=timezone.now()
    )

    page = desk.get(reverse("sign_correction", args=[second.pk]))
    done = desk.post(
        reverse("sign_correction", args=[second.pk]),
        {"seen": page.context["form"]["seen"].value(), "form_key": "t" * 20},
    )

    assert 'name="password"' not in page.content.decode()
    assert done.status_code == 302
    assert Result.objects.filter(correction=second).exists()


def test_what_fell_before_it_was_handed_is_told_and_not_offered(
    given: Result, mai: Officer, hung: Officer, lan: Officer, at_desk: Any
) -> None:
    first = proposed(given, hung)
    signed_by_page(at_desk(lan), first)
    new = Result.objects.select_related("case").get(correction=first)
    again = workflow.propose_replacement(
        new,
        answers={**thaw(new.case.answers), "purpose_text": "mua xe"},
        officer_answers=new.case.officer_answers,
        fault="office",
        asked_by="citizen",
        reason="lại sai",
        by=hung,
        at=timezone.now(),
    )
    signed_by_page(at_desk(lan), again, "u")

    queue = at_desk(mai).get(reverse("giving_out")).content.decode()
    page = at_desk(mai).get(reverse("correction", args=[first.pk])).content.decode()
    hand = at_desk(mai).get(reverse("hand_correction", args=[given.case.code])).content.decode()

    assert queue.count("/giay-thay") == 1
    assert "Đã ký, hết giá trị trước khi trao" in page
    assert "Trao cho công dân" not in page
    assert f"Giấy cũ: {given.name} số {given.full_number}" in hand
    assert new.full_number not in hand
