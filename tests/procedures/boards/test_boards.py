"""Each figure of the boards by its definition, on a set small enough to count by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from citizens.models import Citizen
from oneshop import walls
from oneshop.models import Commune, Officer
from procedures import workflow
from procedures.boards import UNREAD, tally_of, waiting
from procedures.models import Case
from procedures.states import State
from tests import factories


@pytest.fixture
def day(quoc_oai: Commune, mai: Officer, hung: Officer, lan: Officer, at: datetime) -> list[Case]:
    """Received at 08:10: one lies still, one pauses, one waits for the pen, two are signed, one of them given out."""
    people = [factories.citizen(quoc_oai, f"00119200000{n}", f"Trần Thị Thử {'ABCDE'[n]}") for n in range(5)]
    still, paused, waits, signed, given = (factories.case(person, by=mai, at=at) for person in people)
    soon = at + timedelta(minutes=10)
    workflow.ask_for_papers(paused, by=hung, at=soon, note="thiếu giấy")
    workflow.submit(waits, by=hung, at=soon)
    for case in (signed, given):
        factories.signed(case, handled_by=hung, by=lan, at=soon)
    factories.given_out(given, by=mai, at=soon, to="Trần Thị Thử")
    return [still, paused, waits, signed, given]


def numbers(commune: Commune, at: datetime) -> dict[str, int]:
    return {tally.label: tally.number for tally in tally_of(commune.pk, at=at)}


def test_the_numbers_above_the_desk(day: list[Case], quoc_oai: Commune, at: datetime) -> None:
    assert numbers(quoc_oai, at + timedelta(hours=1)) == {
        "Tiếp nhận hôm nay": 5,
        "Đang xử lý": 2,
        "Chờ ký": 1,
        "Chờ trả": 1,
        "Quá hạn": 0,
    }


def test_late_is_what_is_open_past_its_time_and_not_what_waits_for_the_citizen(
    day: list[Case], quoc_oai: Commune, at: datetime
) -> None:
    late = at + timedelta(hours=6)

    assert numbers(quoc_oai, late)["Quá hạn"] == 2
    assert {case.pk for case in Case.objects.overdue(at=late)} == {day[0].pk, day[2].pk}


def test_yesterdays_files_are_not_received_today(day: list[Case], quoc_oai: Commune, at: datetime) -> None:
    assert numbers(quoc_oai, at + timedelta(days=1))["Tiếp nhận hôm nay"] == 0


def test_what_lies_on_each_desk_and_what_its_officer_has_not_read(
    day: list[Case], quoc_oai: Commune, mai: Officer, lan: Officer
) -> None:
    desks = {State.RECEIVED: 1, State.WAITING_PAPERS: 1, State.WAITING_SIGNATURE: 1, State.SIGNED: 1}

    assert waiting(quoc_oai.pk, mai.pk) == desks
    assert waiting(quoc_oai.pk, lan.pk) == desks | {UNREAD: 1}  # the first case before her called; the others waited


def test_the_monitoring_office_reads_the_numbers_of_the_communes_own_board(
    day: list[Case], doi: Officer, lan: Officer, quoc_oai: Commune, at: datetime, client: Client
) -> None:
    with time_machine.travel(at + timedelta(hours=6), tick=False):
        client.force_login(doi)
        [row] = client.get(reverse("monitor")).context["communes"]
        client.force_login(lan)
        own = client.get(reverse("board")).context

    assert (row["open"], row["overdue"], row["done_today"], row["on_time"]) == (4, 2, 2, "2/2")
    assert own["open"] == row["open"]


def test_the_monitoring_office_sees_late_cases_by_code_and_no_names(
    day: list[Case], doi: Officer, quoc_oai: Commune, at: datetime, client: Client
) -> None:
    with walls.within(quoc_oai.pk):
        Case.objects.filter(pk=day[0].pk).update(received_at=at - timedelta(days=3), due_at=at - timedelta(days=3))
    client.force_login(doi)

    page = client.get("/theo-doi").content.decode()

    assert day[0].code in page
    assert "Cần xem ngay: Điểm phục vụ Quốc Oai" in page
    assert Citizen.objects.first().full_name not in page  # type: ignore[union-attr]
    assert "0011******" not in page


def test_a_commune_without_a_case_is_shown_without_a_division_by_nothing(
    doi: Officer, quoc_oai: Commune, client: Client
) -> None:
    client.force_login(doi)

    page = client.get("/theo-doi").content.decode()

    assert "chưa có" in page
    assert "Không có hồ sơ quá hạn;" in page
