"""The monitoring office urges, the commune answers; who a case is about only with a purpose that is written down."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from citizens.models import Citizen
from oneshop import walls
from oneshop.models import Commune, Entry, Officer
from procedures import urging
from procedures.models import Case, Notice, Urge
from tests import factories


@pytest.fixture
def case(khach: Citizen, mai: Officer, at: datetime) -> Case:
    return factories.case(khach, by=mai, at=at)


@pytest.fixture
def urge(case: Case, quoc_oai: Commune, doi: Officer, lan: Officer, tri: Officer, at: datetime) -> Urge:
    return urging.urge(
        quoc_oai, case=case, text="Ký ngay hôm nay.", by=doi, at=at, answer_by=at.date() + timedelta(days=1)
    )


def test_leaders_and_administrators_of_that_commune_see_it_at_once(
    urge: Urge, lan: Officer, tri: Officer, case: Case
) -> None:
    assert set(Notice.objects.values_list("officer", flat=True)) == {lan.pk, tri.pk}
    assert urge.about == f"Hồ sơ {case.code}"
    assert Entry.objects.get(act="urge").why == "Ký ngay hôm nay."


def test_the_commune_answers_once(urge: Urge, lan: Officer, tri: Officer, at: datetime) -> None:
    urging.answer(urge, text="Đã ký lúc 10:00.", by=lan, at=at)
    with pytest.raises(urging.UrgeRefused):
        urging.answer(urge, text="Đã ký.", by=tri, at=at)

    urge.refresh_from_db()
    assert (urge.answer, urge.answered_by, urge.answered_at) == ("Đã ký lúc 10:00.", lan, at)


def test_who_may_not(urge: Urge, mai: Officer, lan: Officer, doi: Officer, kieu_phu: Commune, at: datetime) -> None:
    tomorrow = at.date() + timedelta(days=1)
    with pytest.raises(urging.UrgeRefused):
        urging.answer(urge, text="…", by=mai, at=at)
    with pytest.raises(urging.UrgeRefused):
        urging.urge(kieu_phu, text="…", figure="Đúng hẹn", by=lan, at=at, answer_by=tomorrow)
    with pytest.raises(urging.UrgeRefused, match="xã khác"):
        urging.urge(kieu_phu, text="…", case=urge.case, by=doi, at=at, answer_by=tomorrow)
    with pytest.raises(urging.UrgeRefused, match="đã qua"):
        urging.urge(kieu_phu, text="…", figure="Đúng hẹn", by=doi, at=at, answer_by=at.date() - timedelta(days=1))
    with walls.within(None, reads_all=True):
        assert Urge.objects.count() == 1


def test_another_commune_sees_nothing_of_it(urge: Urge, kieu_phu: Commune) -> None:
    with walls.within(kieu_phu.pk):
        assert not Urge.objects.exists()


def test_the_person_is_shown_for_a_purpose_and_the_look_is_written_down_in_the_commune(
    urge: Urge, doi: Officer, khach: Citizen, quoc_oai: Commune, case: Case, at: datetime
) -> None:
    with pytest.raises(urging.UrgeRefused):
        urging.look_at_person(urge, purpose=" ", by=doi, at=at)

    person = urging.look_at_person(urge, purpose="trả lời đơn", by=doi, at=at)

    assert person == {"full_name": khach.full_name, "identity_number": khach.identity_number}
    line = Entry.objects.get(act="look", kind="case")
    assert (line.commune_id, line.key, line.why, line.officer_id) == (
        quoc_oai.pk,
        case.code,
        "trả lời đơn",
        doi.pk,
    )


def test_the_way_through_the_pages(case: Case, lan: Officer, doi: Officer, khach: Citizen, client: Client) -> None:
    client.force_login(doi)
    said = {
        "commune": case.commune_id,
        "code": case.code.lower(),
        "figure": "",
        "text": "Ký ngay.",
        "answer_by": "1/1/2099",
    }
    both = client.post(reverse("new_urge"), said | {"figure": "Đúng hẹn", "form_key": "b" * 20})
    unknown = client.post(reverse("new_urge"), said | {"code": "H26-000", "form_key": "u" * 20})
    sent = client.post(reverse("new_urge"), said | {"form_key": "s" * 20})
    with walls.within(case.commune_id):
        made = Urge.objects.get()
    before = client.get(reverse("urged_case", args=[made.pk])).content.decode()
    empty = client.post(reverse("urged_case", args=[made.pk]), {"purpose": ""})
    shown = client.post(reverse("urged_case", args=[made.pk]), {"purpose": "trả lời đơn"}).content.decode()

    client.force_login(lan)
    listed = client.get(reverse("urges")).content.decode()
    client.post(reverse("answer_urge", args=[made.pk]), {"text": "Đã ký.", "form_key": "a" * 20})

    client.force_login(doi)
    answered = client.get(reverse("urges")).content.decode()

    assert [both.status_code, unknown.status_code, sent.status_code, empty.status_code] == [422, 422, 302, 422]
    assert [khach.full_name in page for page in (before, shown)] == [False, True]
    assert "Ký ngay." in listed
    assert "Đã ký." in answered
