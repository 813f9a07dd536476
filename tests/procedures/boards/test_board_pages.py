"""The leaders' board: what needs me now in words, seven figures, and the cases behind each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from citizens.models import Citizen
from oneshop.models import Commune, Officer
from procedures import figures, workflow
from procedures.figures import EVERY, measure, pauses
from procedures.figures.charts import Tone
from procedures.figures.ended import ON_TIME, TIME_USED
from procedures.figures.now import Heap
from procedures.states import State
from procedures.views.monitoring.board import needs_of, trend_of
from tests import factories

POLL = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def clock(at: datetime) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at, tick=False) as traveller:
        yield traveller


@pytest.fixture
def leader(client: Client, lan: Officer) -> Client:
    client.force_login(lan)
    return client


def text(client: Client, address: str) -> str:
    html = client.get(address).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.split('id="work"')[1]))


# --- what needs me now ---
def test_the_first_line_names_the_stage_where_most_is_late_first() -> None:
    needs = needs_of({State.HANDLING: Heap(3, 1, 1), State.WAITING_SIGNATURE: Heap(4, 2, 2)})

    assert [(need.text, need.tone) for need in needs] == [
        ("2 hồ sơ quá hạn ở khâu ký", Tone.BAD),
        ("1 hồ sơ quá hạn ở khâu xử lý", Tone.BAD),
        ("3 hồ sơ đến hạn trong 30 phút", Tone.NEAR),
    ]
    assert needs[0].href == reverse("signing")


def test_a_commune_without_a_case_says_so(leader: Client) -> None:
    said = text(leader, reverse("board"))

    assert "Không có hồ sơ nào đang mở." in said
    assert said.count("chưa có hồ sơ") >= 6
    assert "Chưa có hồ sơ nào xong." in said


def test_what_is_late_is_told_first_and_leads_to_its_list(
    leader: Client, khach: Citizen, mai: Officer, at: datetime, clock: time_machine.Traveller
) -> None:
    case = factories.case(khach, by=mai, at=at)
    clock.move_to(at + timedelta(hours=6))

    assert "1 hồ sơ quá hạn ở khâu chờ xử lý" in text(leader, reverse("board"))
    assert case.code in text(leader, reverse("board_cases", args=["qua-han"]))
    assert "Không có hồ sơ nào." in text(leader, reverse("board_cases", args=["sap-den-han"]))


def test_what_is_due_soon_has_its_own_list(
    leader: Client, khach: Citizen, mai: Officer, at: datetime, clock: time_machine.Traveller
) -> None:
    case = factories.case(khach, by=mai, at=at)
    clock.move_to(at + timedelta(hours=2, minutes=40))

    assert "1 hồ sơ đến hạn trong 30 phút" in text(leader, reverse("board"))
    assert case.code in text(leader, reverse("board_cases", args=["sap-den-han"]))


# --- seven figures ---
def test_each_of_the_seven_figures_has_its_value_target_line_and_definition(
    leader: Client, khach: Citizen, mai: Officer, at: datetime
) -> None:
    factories.reckoned(khach, by=mai, ended_at=at, on_time_index=False)
    page = leader.get(reverse("board")).content.decode()
    tiles = re.findall(r'<li class="board-tile">.*?</li>', page, re.DOTALL)

    assert len(tiles) == 7
    assert "0/1" in tiles[0]
    assert "cần từ 95\u00a0%" in tiles[0]
    assert all("Cách tính" in tile for tile in tiles)
    assert sum("<polyline" in tile or "<circle" in tile for tile in tiles) >= 3
    assert "chưa có" in tiles[-1]


def test_the_trend_compares_whole_weeks(khach: Citizen, mai: Officer, at: datetime) -> None:
    span = figures.last_days(1, at=at)
    nothing = measure([ON_TIME], span)["on_time"]
    factories.reckoned(khach, by=mai, ended_at=at, on_time_index=False)
    worse = measure([ON_TIME], span)["on_time"]
    factories.reckoned(khach, by=mai, ended_at=at)
    better = measure([ON_TIME], span)["on_time"]

    assert trend_of([worse, better, nothing]) == "Tuần trước 1/2, tốt hơn tuần trước nữa (0/1)."
    assert trend_of([better, worse, nothing]) == "Tuần trước 0/1, kém hơn tuần trước nữa (1/2)."
    assert trend_of([worse, worse, better]) == "Tuần trước 0/1, như tuần trước nữa."
    assert trend_of([nothing, worse, better]) == "Chưa đủ hai tuần để so sánh."


def test_less_time_is_better(khach: Citizen, mai: Officer, at: datetime) -> None:
    span = figures.last_days(1, at=at)
    factories.reckoned(khach, by=mai, ended_at=at, used_minutes=100)
    short = measure([TIME_USED], span)["time_used"]
    factories.reckoned(khach, by=mai, ended_at=at, used_minutes=300)
    long = measure([TIME_USED], span)["time_used"]

    assert trend_of([long, short, short]).startswith("Tuần trước 100 – 100 phút, tốt hơn")


# --- behind a figure ---
def test_behind_a_figure_are_its_cases_masked_and_paged(
    leader: Client, khach: Citizen, mai: Officer, at: datetime
) -> None:
    for _ in range(31):
        factories.reckoned(khach, by=mai, ended_at=at, on_time_index=False)
    here = reverse("board_cases", args=["on_time"])

    first, second = text(leader, here), text(leader, f"{here}?trang=2")

    assert "31 hồ sơ" in first
    assert first.count("THU-") == 30
    assert second.count("THU-") == 1
    assert khach.identity_number not in first
    assert khach.masked_number in first


def test_all_that_a_figure_counts_is_shown_when_asked_for(
    leader: Client, khach: Citizen, mai: Officer, at: datetime
) -> None:
    factories.reckoned(khach, by=mai, ended_at=at)
    here = reverse("board_cases", args=["on_time"])

    assert "THU-" not in text(leader, here)
    assert "THU-0001" in text(leader, f"{here}?tat-ca")


def test_a_figure_that_does_not_exist_has_no_list(leader: Client) -> None:
    assert leader.get(reverse("board_cases", args=["khong-co"])).status_code == 404


def test_what_people_said_belongs_to_no_case(leader: Client) -> None:
    assert "Số này không gắn với hồ sơ nào." in text(leader, reverse("board_cases", args=["satisfaction"]))


@pytest.mark.parametrize("number", [3, 30])
def test_the_board_and_its_lists_cost_the_same_with_3_cases_and_with_30(
    number: int,
    leader: Client,
    quoc_oai: Commune,
    mai: Officer,
    khach: Citizen,
    at: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(number):
        factories.reckoned(khach, by=mai, ended_at=at, on_time_index=False)
    leader.get(reverse("board"))

    with django_assert_num_queries(23):
        leader.get(reverse("board"))
    with django_assert_num_queries(19):
        leader.get(reverse("board_cases", args=["on_time"]))


def test_a_poll_with_nothing_new_is_answered_with_nothing(
    leader: Client, khach: Citizen, mai: Officer, hung: Officer, at: datetime
) -> None:
    case = factories.case(khach, by=mai, at=at)
    found = re.search(r'name="seen" value="([^"]+)"', leader.get(reverse("board"), **POLL).content.decode())
    assert found

    same = leader.get(reverse("board"), {"seen": found[1]}, **POLL)
    workflow.hand_over(case, by=hung, at=at)
    moved = leader.get(reverse("board"), {"seen": found[1]}, **POLL)

    assert (same.status_code, moved.status_code) == (204, 200)
    assert "<html" not in moved.content.decode()


# --- what each figure is ---
def test_the_page_of_definitions_says_of_every_figure_what_is_counted_of_what(leader: Client) -> None:
    said = leader.get(reverse("definitions")).content.decode()

    for figure in EVERY:
        assert f'id="{figure.key}"' in said
        for words in (figure.name, figure.formula, figure.numerator, figure.denominator, figure.source):
            assert words in said


def test_a_leader_reads_there_what_each_figure_is_now(
    leader: Client, khach: Citizen, mai: Officer, at: datetime
) -> None:
    factories.reckoned(khach, by=mai, ended_at=at, send_backs=1)

    assert "1/1 của 1 hồ sơ trong 30 ngày qua" in text(leader, reverse("definitions"))


def test_the_monitoring_office_reads_the_definitions_without_figures(client: Client, doi: Officer) -> None:
    client.force_login(doi)

    said = text(client, reverse("definitions"))

    assert "Bộ chỉ số 766" in said
    assert "ngày qua" not in said


def test_the_time_paused_tells_its_reasons_the_commonest_first(
    leader: Client, quoc_oai: Commune, mai: Officer, hung: Officer, at: datetime
) -> None:
    people = [factories.citizen(quoc_oai, f"00119200000{n}", f"Trần Thị Thử {'ABC'[n]}") for n in range(3)]
    for person, why in zip(people, ("Thiếu thẻ mới.", "thiếu thẻ mới", "Thiếu ảnh"), strict=True):
        workflow.ask_for_papers(factories.case(person, by=mai, at=at), by=hung, at=at, note=why)

    assert pauses.reasons(figures.last_days(1, at=at), commune_id=quoc_oai.pk) == [
        ("thiếu thẻ mới", 2),
        ("thiếu ảnh", 1),
    ]
    assert "Thiếu thẻ mới 2 Thiếu ảnh 1" in text(leader, reverse("board_cases", args=["paused"]))
