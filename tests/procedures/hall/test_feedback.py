"""What people say: once, of nobody's case, read by a commune only where five have spoken, answered by the office."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citizens.models import Citizen
from oneshop import walls
from oneshop.models import Commune, Entry, Officer
from procedures import hall
from procedures.checking.public_link import new_token
from procedures.hall import feedback
from procedures.hall.feedback import FEWEST
from procedures.models import Case, HallDevice, Heard, Proposal, Rating
from tests import factories


@pytest.fixture
def given(khach: Citizen, mai: Officer, hung: Officer, lan: Officer) -> Case:
    """A case whose result is in the citizen's hand since now."""
    now = timezone.now()
    factories.shift(lan, lan.roles[0], starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    case = factories.case(khach, by=mai, at=now)
    factories.signed(case, handled_by=hung, by=lan, at=now)
    factories.given_out(case, by=mai, at=now)
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def at_desk(client: Client) -> Any:
    def enter(officer: Officer) -> Client:
        client.force_login(officer)
        return client

    return enter


def said(commune: Commune, number: int, **facts: Any) -> None:
    week = feedback.week_of(timezone.localdate())
    for _ in range(number):
        Rating.objects.create(
            **{"commune": commune, "procedure_key": "marital_certificate", "week": week, "overall": 5} | facts
        )


# --- secrecy ---
def test_what_was_said_leads_to_no_case_officer_day_or_hour(given: Case) -> None:
    feedback.rate(given, at=timezone.now(), overall=2, attitude=1, comment="chậm")

    rating = Rating.objects.get()
    relations = {field.name for field in Rating._meta.get_fields() if field.is_relation}
    moments = {field.name for field in Rating._meta.get_fields() if "Date" in type(field).__name__}
    assert relations == {"commune", "answered_by"}
    assert moments == {"week", "answered_at"}
    assert rating.week.weekday() == 0
    assert {field.name for field in Heard._meta.get_fields()} == {"id", "commune", "case"}
    assert not Entry.objects.filter(kind__in=["rating", "heard"]).exists(), "the diary would tell when"


def test_a_citizen_answers_once_and_for_a_month(given: Case) -> None:
    now = timezone.now()
    too_late = feedback.may_rate(given, at=now + feedback.ASKED_FOR + timedelta(minutes=1))
    feedback.rate(given, at=now, overall=5)

    with pytest.raises(feedback.FeedbackRefused):
        feedback.rate(given, at=now, overall=1)
    assert (too_late, feedback.may_rate(given, at=now)) == (False, False)
    assert Rating.objects.count() == 1


def test_nobody_is_asked_before_the_result_is_in_the_hand(khach: Citizen, mai: Officer, at: datetime) -> None:
    case = factories.case(khach, by=mai, at=at)

    with pytest.raises(feedback.FeedbackRefused):
        feedback.rate(case, at=at, overall=5)


@pytest.mark.parametrize("facts", [{"overall": 0}, {"overall": 6}, {"trips": 4}, {"attitude": 9}])
def test_marks_stay_on_their_scale(quoc_oai: Commune, facts: dict[str, int]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        said(quoc_oai, 1, **facts)


# --- on the telephone and the tablet ---
def test_from_the_slips_page_without_a_log_in(given: Case, client: Client) -> None:
    status = reverse("status", args=["09895", given.token])
    address = reverse("rate", args=["09895", given.token])
    before = client.get(status).content.decode()
    silent = client.post(address, {"comment": "không chấm"})
    sent = client.post(address, {"overall": "4", "trips": "1", "comment": "  tốt  "})
    again = client.post(address, {"overall": "1"})
    after = client.get(status).content.decode()

    assert (address in before, address in after) == (True, False)
    assert (silent.status_code, sent.status_code) == (422, 200)
    assert "Cảm ơn ông/bà." in sent.content.decode()
    assert "đã được đánh giá" in again.content.decode()
    assert [(row.overall, row.trips, row.attitude, row.comment) for row in Rating.objects.all()] == [
        (4, 1, None, "tốt")
    ]


def test_a_link_that_leads_nowhere_asks_nothing(given: Case, client: Client) -> None:
    assert client.get(reverse("rate", args=["09895", new_token()])).status_code == 404
    assert client.get(reverse("rate", args=["09910", given.token])).status_code == 404


def test_the_tablet_asks_whom_the_counter_has_just_served_then_waits(
    given: Case, tri: Officer, khach: Citizen, client: Client
) -> None:
    assert given.counter is not None
    device = hall.add_device(HallDevice.Kind.TABLET, given.counter, "bàn 1", by=tri, at=timezone.now())
    here = reverse("tablet", args=["09895", device.token])
    asked = client.get(here)
    silent = client.post(here, {"asked": given.token})
    strange = client.post(here, {"asked": new_token(), "overall": "5"})
    thanks = client.post(here, {"asked": given.token, "overall": "5"})
    idle = client.get(here).content.decode()

    assert asked.context["asked"] == given.token
    assert khach.full_name not in asked.content.decode()
    assert (silent.status_code, strange.status_code) == (422, 302)
    assert "Cảm ơn ông/bà." in thanks.content.decode()
    assert "mời ông/bà cho biết" in idle
    assert Rating.objects.count() == 1


def test_the_tablet_forgets_after_ten_minutes(given: Case) -> None:
    assert given.counter is not None
    now = given.given_out_at
    assert now is not None

    assert feedback.newest_given_out(given.counter, at=now + timedelta(minutes=9)) == given
    assert feedback.newest_given_out(given.counter, at=now + timedelta(minutes=11)) is None


# --- the lists ---
def test_a_commune_reads_its_own_only_where_five_have_spoken(quoc_oai: Commune, lan: Officer, at_desk: Any) -> None:
    said(quoc_oai, FEWEST - 1, comment="một lời")
    few = at_desk(lan).get(reverse("opinions")).content.decode()
    said(quoc_oai, 1, procedure_key="death_registration")
    enough = at_desk(lan).get(reverse("opinions")).content.decode()
    narrowed = at_desk(lan).get(reverse("opinions"), {"thu_tuc": "death_registration"}).content.decode()

    assert ("một lời" in few, "một lời" in enough) == (False, True)
    assert "hài lòng 5/5" in enough
    assert "ít nhất 5 người trả lời" in narrowed


def test_the_office_reads_all_and_answers_once(
    quoc_oai: Commune, kieu_phu: Commune, doi: Officer, lan: Officer, at_desk: Any
) -> None:
    said(quoc_oai, FEWEST, comment="nên có ghế")
    with walls.within(kieu_phu.pk):
        said(kieu_phu, 1, comment="chờ lâu")
    desk = at_desk(doi)
    page = desk.get(reverse("opinions")).content.decode()
    of_one = desk.get(reverse("opinions"), {"xa": "09910"}).content.decode()
    row = Rating.objects.filter(commune=quoc_oai).first()
    assert row is not None
    address = reverse("answer_opinion", args=[row.pk])
    empty = desk.post(address, {"text": " ", "form_key": "a" * 20}, follow=True).content.decode()
    desk.post(address, {"text": "Đã đề nghị xã thêm ghế.", "form_key": "b" * 20})
    twice = desk.post(address, {"text": "lần nữa", "form_key": "c" * 20}, follow=True).content.decode()
    shown = at_desk(lan).get(reverse("opinions"), {"tat_ca": "on"}).content.decode()

    assert ("nên có ghế" in page, "chờ lâu" in page) == (True, True)
    assert ("nên có ghế" in of_one, "chờ lâu" in of_one) == (False, True)
    assert "Ghi câu trả lời." in empty
    assert "Đã có trả lời." in twice
    assert "Đã đề nghị xã thêm ghế." in shown


def test_officers_propose_and_read_the_answer_to_their_own(
    mai: Officer, hung: Officer, lan: Officer, doi: Officer, at_desk: Any
) -> None:
    facts = {"kind": "obstacle", "procedure_key": "death_registration", "text": "thiếu giấy báo tử"}
    unsaid = at_desk(mai).post(reverse("proposals"), {"kind": "obstacle", "text": " ", "form_key": "a" * 20})
    at_desk(mai).post(reverse("proposals"), {**facts, "form_key": "b" * 20})
    made = Proposal.objects.get()
    seen = {officer.username: made.text in _page(at_desk(officer)) for officer in (mai, hung, lan, doi)}
    at_desk(doi).post(reverse("answer_proposal", args=[made.pk]), {"text": "Đang sửa mẫu.", "form_key": "c" * 20})

    assert unsaid.status_code == 422
    assert seen == {"mai": True, "hung": False, "lan": True, "doi": True}
    assert "Đang sửa mẫu." in _page(at_desk(mai))
    assert "thiếu giấy báo tử" not in _page(at_desk(doi)), "what was answered leaves the list"


def _page(client: Client) -> str:
    return str(client.get(reverse("proposals")).content.decode())


def test_only_the_office_answers(quoc_oai: Commune, mai: Officer, lan: Officer, at: datetime) -> None:
    made = feedback.propose(Proposal.Kind.PROPOSAL, "thêm bàn", by=mai, at=at)

    with pytest.raises(feedback.FeedbackRefused, match="Cơ quan theo dõi trả lời"):
        feedback.answer(made, "được", by=lan, at=at)


def test_the_review_of_procedures_tells_what_was_said(
    quoc_oai: Commune, mai: Officer, doi: Officer, at_desk: Any
) -> None:
    said(quoc_oai, 1, procedure_key="death_registration", comment="chậm")
    feedback.propose(Proposal.Kind.OBSTACLE, "thiếu mẫu", procedure_key="death_registration", by=mai, at=timezone.now())

    page = at_desk(doi).get(reverse("procedure_review")).content.decode()

    assert "1 lời của công dân chưa trả lời" in page
    assert "1 góp ý của cán bộ chưa trả lời" in page
    assert "Hài lòng:" in page


@pytest.mark.parametrize("number", [3, 30])
def test_the_lists_cost_the_same_with_3_rows_and_with_30(
    number: int, quoc_oai: Commune, mai: Officer, doi: Officer, at_desk: Any, django_assert_max_num_queries: Any
) -> None:
    said(quoc_oai, number, comment="một lời")
    for n in range(number):
        feedback.propose(Proposal.Kind.PROPOSAL, f"việc {n}", by=mai, at=timezone.now())
    desk = at_desk(doi)

    with django_assert_max_num_queries(24):
        desk.get(reverse("opinions"))
    with django_assert_max_num_queries(24):
        desk.get(reverse("proposals"))
