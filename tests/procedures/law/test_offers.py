"""A commune stops taking in a procedure from a day; what was received ends in its order, and nobody is surprised."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citizens.models import Citizen
from oneshop import walls
from oneshop.models import Commune, Entry, Officer
from procedures import workflow
from procedures.catalogue import catalogue
from procedures.law import offers
from procedures.models import Case, Offer
from procedures.states import State
from tests import factories

MARITAL = catalogue()["marital_certificate"]
Standing = Offer.Standing


@pytest.fixture
def suspended(quoc_oai: Commune, doi: Officer, at: datetime) -> Offer:
    [row] = decide(quoc_oai, doi, Standing.SUSPENDED, at=at)
    return row


def decide(commune: Commune, by: Officer, standing: Standing, *, at: datetime, days: int = 0) -> list[Offer]:
    return offers.decide(
        MARITAL,
        [commune],
        standing,
        valid_from=timezone.localtime(at).date() + timedelta(days=days),
        document="QĐ 12/QĐ-VP ngày 20/11/2026",
        reason="cần xác minh nhiều",
        by=by,
        at=at,
    )


def test_nothing_decided_means_offered(quoc_oai: Commune, at: datetime) -> None:
    assert offers.not_offered(quoc_oai.pk, at.date()) == {}


def test_a_suspended_procedure_is_not_taken_in_and_says_by_what(
    suspended: Offer, khach: Citizen, mai: Officer, at: datetime
) -> None:
    with pytest.raises(workflow.NotAllowed) as refused:
        factories.case(khach, by=mai, at=at)

    assert refused.value.sentence == ("Tạm dừng nhận thủ tục này từ 23/11/2026 theo QĐ 12/QĐ-VP ngày 20/11/2026.")
    assert not Case.objects.exists()


def test_the_case_that_was_there_ends_in_its_order(
    quoc_oai: Commune, doi: Officer, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    case = factories.case(khach, by=mai, at=at)
    decide(quoc_oai, doi, Standing.RETIRED, at=at)

    factories.signed(case, handled_by=hung, by=lan, at=at)
    factories.given_out(case, by=mai, at=at)

    assert case.where == State.GIVEN_OUT


def test_it_holds_from_its_day_on_and_the_later_decision_prevails(
    quoc_oai: Commune, doi: Officer, at: datetime
) -> None:
    decide(quoc_oai, doi, Standing.SUSPENDED, at=at, days=2)
    decide(quoc_oai, doi, Standing.OPEN, at=at, days=5)

    closed = [
        MARITAL.key in offers.not_offered(quoc_oai.pk, at.date() + timedelta(days=days)) for days in (0, 1, 2, 4, 5)
    ]
    assert closed == [False, False, True, True, False]


def test_the_commune_next_door_goes_on(suspended: Offer, kieu_phu: Commune, at: datetime) -> None:
    with walls.within(kieu_phu.pk):
        assert offers.not_offered(kieu_phu.pk, at.date()) == {}


def test_only_the_monitoring_office_decides_and_never_backwards(
    quoc_oai: Commune, doi: Officer, tri: Officer, at: datetime
) -> None:
    with pytest.raises(offers.OfferRefused):
        decide(quoc_oai, tri, Standing.SUSPENDED, at=at)
    with pytest.raises(offers.OfferRefused):
        decide(quoc_oai, doi, Standing.SUSPENDED, at=at, days=-1)

    assert not Offer.objects.exists()


def test_the_decision_stands_in_the_diary_of_the_commune(suspended: Offer, quoc_oai: Commune, doi: Officer) -> None:
    line = Entry.objects.get(act="decide")
    assert (line.commune_id, line.officer_id, line.key) == (
        quoc_oai.pk,
        doi.pk,
        "marital_certificate/suspended",
    )


@pytest.fixture
def today(quoc_oai: Commune, doi: Officer) -> Offer:
    """Suspended from today on, for pages that read the clock."""
    [row] = decide(quoc_oai, doi, Standing.SUSPENDED, at=timezone.now())
    return row


def test_the_clerk_sees_it_before_anything_is_typed(today: Offer, khach: Citizen, mai: Officer, client: Client) -> None:
    client.force_login(mai)

    page = client.post(reverse("scan"), {"text": khach.identity_number}, follow=True).content.decode()
    door = client.get(reverse("apply", args=[khach.pk, MARITAL.key]))

    assert f'href="{reverse("apply", args=[khach.pk, MARITAL.key])}"' not in page
    assert offers.sentence(today) in page
    assert (door.status_code, door["Location"]) == (302, reverse("citizen", args=[khach.pk]))


def test_the_monitoring_office_decides_on_a_page(quoc_oai: Commune, doi: Officer, client: Client) -> None:
    client.force_login(doi)
    address = reverse("decide_offer", args=[MARITAL.key])
    said = {
        "communes": [quoc_oai.pk],
        "standing": "suspended",
        "valid_from": "01/01/2099",
        "document": "QĐ 1",
        "reason": "không còn phù hợp",
        "form_key": "k" * 20,
    }

    wrong = client.post(address, said | {"communes": [], "form_key": "w" * 20})
    right = client.post(address, said)
    page = client.get(address).content.decode()

    assert (wrong.status_code, right.status_code) == (422, 302)
    with walls.within(quoc_oai.pk):
        assert [row.valid_from for row in Offer.objects.all()] == [date(2099, 1, 1)]
    assert "Xã Quốc Oai: Tạm dừng" in page


def test_the_review_counts_who_came_and_why_they_were_sent_away(
    quoc_oai: Commune, doi: Officer, mai: Officer, hung: Officer, client: Client
) -> None:
    from django.utils import timezone

    now = timezone.now()
    good = factories.citizen(quoc_oai, "001192000001", "Lê Thị Được")
    level_one = factories.citizen(quoc_oai, "001192000002", "Lê Thị Chưa", eid_level=1)
    case = factories.case(good, by=mai, at=now)
    workflow.ask_for_papers(case, by=hung, at=now, note="thiếu giấy")
    workflow.reject(
        MARITAL, level_one, answers=factories.ANSWERS, officer_answers=factories.all_checked(), by=mai, at=now
    )
    client.force_login(doi)

    shown = client.get(reverse("procedure_review")).context["procedures"]

    marital = next(row for row in shown if row["name"] == MARITAL.name)
    assert dict(marital["facts"]) == {
        "Đến nộp": "2",
        "Không nhận được": "1/2",
        "Từ chối bằng văn bản": "0/1",
        "Phải bổ sung": "1/1",
        "Hẹn lại": "0/1",
        "Công dân rút": "0/1",
    }
    assert [number for _, number in marital["reasons"]] == [1]
