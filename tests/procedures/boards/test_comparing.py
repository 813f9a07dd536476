"""Counters beside each other: order, reasons and honesty of small numbers, on sets counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citizens.models import Citizen
from oneshop import walls
from oneshop.models import Commune, Counter, Officer
from procedures import workflow
from procedures.boards import comparing
from procedures.boards.comparing import needs_a_look, places, what_stands_out
from procedures.figures import ended
from procedures.models import Case, Pause
from procedures.states import State
from tests import factories

Fill = Callable[..., None]


@pytest.fixture
def second(quoc_oai: Commune) -> Counter:
    return Counter.objects.create(commune=quoc_oai, name="Điểm phục vụ Phượng Cách")


@pytest.fixture
def fill(khach: Citizen, mai: Officer, at: datetime) -> Fill:
    """So many ended cases at a counter, with these facts."""

    def filled(number: int, *, counter: Counter | None = None, **facts: Any) -> None:
        for _ in range(number):
            row = {"counter": counter} if counter else {}
            factories.reckoned(khach, by=mai, ended_at=at, **row, **facts)

    return filled


def names(at: datetime) -> list[str]:
    return [place.counter.name for place in places(at=at)]


def of(name: str, at: datetime) -> comparing.Place:
    return next(place for place in places(at=at) if place.counter.name == name)


def test_who_misses_its_target_by_more_stands_first_with_its_reasons(
    fill: Fill, second: Counter, quoc_oai: Commune, at: datetime
) -> None:
    fill(20)
    fill(15, counter=second)
    fill(5, counter=second, on_time_index=False, late_minutes=45, paused_minutes=60)

    found = places(at=at)

    assert [place.counter.name for place in found] == ["Điểm phục vụ Phượng Cách", "Điểm phục vụ Quốc Oai"]
    # late 5 of 20; 300 of 1200 + 300 minutes stood still
    assert list(found[0].reasons) == [
        "5/20 hồ sơ muộn, muộn nhất 45 phút, một nửa không quá 45 phút",
        "tạm dừng 20,0 % thời gian",
    ]
    assert list(found[1].reasons) == []
    assert needs_a_look(found) == (
        "Không có hồ sơ quá hạn. Xa mục tiêu nhất trong 30 ngày: Điểm phục vụ Phượng Cách, "
        "5/20 hồ sơ muộn, muộn nhất 45 phút, một nửa không quá 45 phút."
    )


def test_few_cases_are_told_and_never_ranked(fill: Fill, second: Counter, at: datetime) -> None:
    fill(20, on_time_index=False, late_minutes=1)
    fill(3, counter=second, on_time_index=False, late_minutes=300)

    found = places(at=at)

    assert [place.counter.name for place in found] == ["Điểm phục vụ Quốc Oai", "Điểm phục vụ Phượng Cách"]
    assert found[1].is_small
    assert found[1].missed == 0
    assert list(found[1].reasons) == ["3/3 hồ sơ muộn, muộn nhất 300 phút, một nửa không quá 300 phút"]


def test_what_is_late_now_comes_before_everything(
    fill: Fill, second: Counter, quoc_oai: Commune, mai: Officer, at: datetime
) -> None:
    fill(20, on_time_index=False)
    case = factories.case(factories.citizen(quoc_oai, "001192000061"), by=mai, at=at)
    Case.objects.filter(pk=case.pk).update(counter=second)
    later = at + timedelta(days=2)

    found = places(at=later)

    assert found[0].counter == second
    assert found[0].reasons[0].startswith("1 hồ sơ đang quá hạn, lâu nhất từ ")
    assert needs_a_look(found).startswith("Cần xem ngay: Điểm phục vụ Phượng Cách (1 hồ sơ quá hạn, lâu nhất từ ")


def test_what_waits_for_its_review_beyond_its_time_is_late(quoc_oai: Commune, mai: Officer, at: datetime) -> None:
    case = factories.case(factories.citizen(quoc_oai, "001192000065"), by=mai, at=at)
    Case.objects.filter(pk=case.pk).update(state=State.WAITING_REVIEW)

    [late] = comparing.late_now(at=at + timedelta(days=2)).values()

    assert late.number == Case.objects.overdue(at=at + timedelta(days=2)).count() == 1


def test_the_figure_that_is_shown_names_its_own_worst_and_none_of_few_cases(
    fill: Fill, second: Counter, at: datetime
) -> None:
    few = Counter.objects.create(commune=second.commune, name="Điểm phục vụ Yên Sơn")
    fill(19, on_time_index=True)
    fill(1, on_time_index=False, late_minutes=400)
    fill(20, counter=second, paused_minutes=30)
    fill(3, counter=few, paused_minutes=600, on_time_index=False, late_minutes=5)

    found = places(at=at, shown=ended.PAUSED)

    assert what_stands_out(ended.PAUSED, found) == (
        "1 trên 2 điểm đủ hồ sơ chưa đạt mục tiêu không quá 5\u00a0%. Xa nhất: Điểm phục vụ Phượng Cách, 33,3 %."
    )
    assert what_stands_out(ended.ON_TIME, found) == "0 trên 2 điểm đủ hồ sơ chưa đạt mục tiêu từ 95\u00a0%."
    assert what_stands_out(ended.LATE_MOST, found) == "Chưa điểm nào đủ 20 hồ sơ để so sánh."
    assert [*found[0].weeks[0]] == ["paused"]


def test_what_waits_for_the_citizen_is_not_late(quoc_oai: Commune, mai: Officer, hung: Officer, at: datetime) -> None:
    case = factories.case(factories.citizen(quoc_oai, "001192000062"), by=mai, at=at)
    workflow.ask_for_papers(case, by=hung, at=at, note="thiếu giấy")

    assert comparing.late_now(at=at + timedelta(days=2)) == {}


def test_a_pause_is_told_by_its_procedure_and_not_by_its_words(
    fill: Fill, quoc_oai: Commune, mai: Officer, at: datetime
) -> None:
    fill(20, paused_minutes=60)
    case = factories.case(factories.citizen(quoc_oai, "001192000063"), by=mai, at=at)
    Pause.objects.create(commune=quoc_oai, case=case, since=at, reason="bà Trần Thị Kín thiếu giấy")

    [reason] = of("Điểm phục vụ Quốc Oai", at).reasons

    assert reason == "tạm dừng 50,0 % thời gian, nhiều nhất ở cấp giấy xác nhận tình trạng hôn nhân"


def test_a_long_way_from_the_scan_to_the_receipt_is_seen(fill: Fill, at: datetime) -> None:
    fill(20, scan_seconds=600)

    assert list(of("Điểm phục vụ Quốc Oai", at).reasons) == ["từ quét thẻ đến nhận xong có khi 600 giây"]


def test_where_all_is_well_it_is_said(fill: Fill, at: datetime) -> None:
    fill(25)

    assert needs_a_look(places(at=at)) == "Không có hồ sơ quá hạn; mọi điểm đều đạt mục tiêu hoặc còn ít hồ sơ."


def test_a_counter_without_a_case_and_one_that_is_closed(second: Counter, at: datetime) -> None:
    Counter.objects.filter(pk=second.pk).update(is_open=False)

    [place] = places(at=at)

    assert place.values["on_time"].said == "chưa có hồ sơ"
    assert len(place.weeks) == 8


# --- the page ---
def test_the_board_shows_each_counter_with_the_way_to_urge_it(
    fill: Fill, second: Counter, kieu_phu: Commune, doi: Officer, mai: Officer, khach: Citizen, client: Client
) -> None:
    now = timezone.now()
    factories.reckoned(khach, by=mai, ended_at=now)
    case = factories.case(factories.citizen(second.commune, "001192000064"), by=mai, at=now - timedelta(days=9))
    Case.objects.filter(pk=case.pk).update(due_at=now - timedelta(days=5))
    client.force_login(doi)

    page = client.get(reverse("monitor")).content.decode()
    other = client.get(reverse("monitor"), {"so": "scan_time"}).content.decode()
    unknown = client.get(reverse("monitor"), {"so": "khong-co"})
    urge = client.get(f"{reverse('new_urge')}?xa=09895&ho-so={case.code}")

    assert page.count('class="chart-act"') == 3 + 2, "a counter each and a commune each"
    assert "đạt mục tiêu" not in page, "one case is not judged"
    assert "ít hồ sơ, không xếp hạng" in page
    assert f"ho-so={case.code}" in page
    assert khach.full_name not in page
    assert "Từ quét thẻ đến nhận xong, 8 tuần" in other
    assert unknown.status_code == 200
    assert urge.context["form"]["code"].value() == case.code


def test_the_minute_is_asked_for_without_the_weeks(fill: Fill, doi: Officer, client: Client) -> None:
    client.force_login(doi)

    part = client.get(reverse("monitor"), headers={"HX-Request": "true"}).content.decode()

    assert "Từng xã" in part
    assert "chart-multiples" not in part


@pytest.mark.parametrize("number", [3, 21])
def test_the_board_costs_the_same_with_3_counters_and_with_21(
    number: int, quoc_oai: Commune, doi: Officer, client: Client, django_assert_max_num_queries: Any
) -> None:
    for n in range(number):
        Counter.objects.create(commune=quoc_oai, name=f"Điểm {n}")
    client.force_login(doi)
    client.get(reverse("monitor"))

    with walls.within(None, reads_all=True), django_assert_max_num_queries(9):
        places(at=timezone.now())
