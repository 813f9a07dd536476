"""Each figure by its definition, on a set of four to ten cases counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from citizens.models import Citizen
from oneshop import walls
from oneshop.models import Commune, Officer
from procedures import figures, workflow
from procedures.figures import BY_KEY, EVERY, Span, by, by_week, cases_behind, last_days, measure, now, said_share
from procedures.figures.definition import percent
from procedures.hall import feedback
from procedures.models import Rating, Reckoning
from procedures.states import State
from tests import factories

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")

End = Callable[..., Reckoning]


@pytest.fixture
def end(khach: Citizen, mai: Officer, at: datetime) -> End:
    def ended(**facts: Any) -> Reckoning:
        return factories.reckoned(khach, by=mai, ended_at=facts.pop("ended_at", at), **facts)

    return ended


@pytest.fixture
def span(at: datetime) -> Span:
    return last_days(30, at=at)


def said(key: str, span: Span) -> str:
    return measure([BY_KEY[key]], span)[key].said


# --- one figure, one set ---
def test_on_time_is_counted_of_what_was_received_and_has_ended(end: End, span: Span) -> None:
    end()
    end(ending="withdraw")
    end(on_time_index=False)
    end(ending="reject", on_time_index=None)

    assert said("on_time", span) == "2/3"


def test_the_legal_clock_is_counted_by_itself(end: End, span: Span) -> None:
    end(on_time_index=False, on_time_legal=True)
    end(on_time_index=False, on_time_legal=False)

    assert said("on_time_legal", span) == "1/2"


def test_time_used_is_told_as_half_and_nine_of_ten_of_the_signed_never_as_a_mean(end: End, span: Span) -> None:
    for minutes in (10, 20, 30, 40, 50, 60, 70, 80, 90, 1000):
        end(used_minutes=minutes)
    end(used_minutes=5000, ending="withdraw")

    value = measure([BY_KEY["time_used"]], span)["time_used"]
    assert (value.numerator, value.number, value.denominator) == (50, 90, 10)
    assert value.said == "50 – 90 phút"
    assert value.scope == "một nửa – 9/10 của 10 hồ sơ"


def test_how_late_is_told_of_the_late_alone(end: End, span: Span) -> None:
    end(late_minutes=0)
    end(late_minutes=12)
    end(late_minutes=240)

    assert said("late_by", span) == "12 – 240 phút"


def test_the_latest_is_told_beside_the_halves_and_opens_the_late(end: End, span: Span) -> None:
    for minutes in (0, 20, 45, 300):
        end(late_minutes=minutes)

    value = measure([BY_KEY["late_most"]], span)["late_most"]

    assert (value.said, value.denominator) == ("300 phút", 3)
    assert cases_behind(BY_KEY["late_most"], span).count() == 3


def test_time_paused_is_a_part_of_all_time_together(end: End, span: Span) -> None:
    end(used_minutes=60, paused_minutes=0)
    end(used_minutes=60, paused_minutes=80)

    assert said("paused", span) == "80/200 phút"


def test_supplements_and_second_requests(end: End, span: Span) -> None:
    end(requests=0)
    end(requests=1)
    end(requests=2)
    end(ending="reject")

    assert (said("supplements", span), said("second_requests", span)) == ("2/3", "1/3")


def test_apologies(end: End, span: Span) -> None:
    end(is_apologised=True)
    end()
    end(ending="reject")

    assert said("apologies", span) == "1/2"


def test_send_backs_are_counted_of_the_signed(end: End, span: Span) -> None:
    end(send_backs=2)
    end()
    end(ending="withdraw", send_backs=1)

    assert said("send_backs", span) == "1/2"


def test_refusals_are_those_at_the_counter_and_those_signed(end: End, span: Span) -> None:
    end(ending="reject")
    end(is_refused=True)
    end()
    end(ending="withdraw")

    assert said("refusals", span) == "2/4"


def test_redirected_is_counted_of_those_turned_away(end: End, span: Span) -> None:
    end(ending="reject", is_redirected=True)
    end(ending="reject")
    end()

    assert said("redirected", span) == "1/2"


def test_withdrawn(end: End, span: Span) -> None:
    end(ending="withdraw")
    end()
    end(ending="reject")

    assert said("withdrawn", span) == "1/2"


def test_the_time_from_scan_to_receipt_is_known_of_the_scanned(end: End, span: Span) -> None:
    end(scan_seconds=40)
    end(scan_seconds=90)
    end(scan_seconds=None)

    assert said("scan_time", span) == "40 – 90 giây"


def test_lines_not_written_and_papers_not_brought(end: End, span: Span) -> None:
    end(form_lines=16, typed=4, papers_spared=2)
    end(form_lines=20, typed=2, papers_spared=1)
    end(form_lines=20, typed=20, papers_spared=5, ending="withdraw")

    assert said("known_lines", span) == "30/36 dòng"
    assert said("papers_spared", span) == "3 giấy"


def test_satisfaction_is_counted_of_those_who_said_something_and_of_five_at_least(
    end: End, quoc_oai: Commune, span: Span
) -> None:
    end()
    before = said("satisfaction", span)
    week = feedback.week_of(timezone.localdate(span.until) - timedelta(days=1))
    marks = (5, 4, 3, 1)
    for mark in marks:
        Rating.objects.create(commune=quoc_oai, procedure_key="marital_certificate", week=week, overall=mark)
    few = said("satisfaction", span)
    Rating.objects.create(commune=quoc_oai, procedure_key="death_registration", week=week, overall=4)
    early = week - timedelta(weeks=30)
    Rating.objects.create(commune=quoc_oai, procedure_key="death_registration", week=early, overall=1)

    assert (before, few, said("satisfaction", span)) == ("chưa có ý kiến", "dưới 5 ý kiến", "3/5")
    assert by("commune_id", EVERY, span)[quoc_oai.pk]["satisfaction"].said == "3/5"
    assert by_week(EVERY, at=span.until - timedelta(seconds=1))[""][-1]["satisfaction"].said == "3/5"
    assert not cases_behind(BY_KEY["satisfaction"], span, every=True).exists()


# --- all of them ---
def test_every_figure_of_a_commune_without_a_case_says_so_and_divides_by_nothing(quoc_oai: Commune, span: Span) -> None:
    values = measure(EVERY, span, commune_id=quoc_oai.pk)

    assert {value.said for key, value in values.items() if key != "satisfaction"} == {"chưa có hồ sơ"}
    assert values["satisfaction"].said == "chưa có ý kiến"
    assert {value.number for value in values.values()} == {None}
    assert values == figures.nothing(EVERY)


def test_every_figure_together_is_one_query_and_one_of_what_people_said(
    end: End, span: Span, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    end()

    with django_assert_num_queries(2):
        measure(EVERY, span)
    with django_assert_num_queries(2):
        by("procedure_key", EVERY, span)
    with django_assert_num_queries(2):
        by_week(EVERY, at=span.until)
    with django_assert_num_queries(1):
        measure([BY_KEY["on_time"]], span)


@pytest.mark.parametrize("figure", EVERY, ids=lambda figure: figure.key)
def test_every_figure_says_what_it_is_and_where_it_comes_from(figure: figures.Figure) -> None:
    assert all([figure.name, figure.formula, figure.numerator, figure.denominator, figure.source])


@pytest.mark.parametrize(
    ("some", "every", "words"),
    [(0, 0, "chưa có hồ sơ"), (3, 7, "3/7"), (19, 19, "19/19"), (19, 20, "95,0 %"), (33, 40, "82,5 %")],
)
def test_small_numbers_are_said_as_numbers(some: int, every: int, words: str) -> None:
    assert said_share(some, every) == words


def test_a_percentage_has_a_comma() -> None:
    assert percent(0.125) == "12,5 %"


# --- spans and weeks ---
def test_a_span_of_days_ends_with_the_local_day(at: datetime) -> None:
    span = last_days(2, at=at)

    assert span == Span(datetime(2026, 11, 22, tzinfo=HANOI), datetime(2026, 11, 24, tzinfo=HANOI))


def test_the_span_leaves_out_what_ended_before_and_after(end: End, span: Span) -> None:
    end(ended_at=span.since)
    end(ended_at=span.since - timedelta(seconds=1))
    end(ended_at=span.until)

    assert said("on_time", span) == "1/1"


def test_weeks_begin_on_monday_in_vietnam(end: End, at: datetime) -> None:
    end(ended_at=datetime(2026, 11, 22, 23, 30, tzinfo=HANOI))  # Sunday, and in UTC as well
    end(ended_at=datetime(2026, 11, 23, 0, 30, tzinfo=HANOI), on_time_index=False)  # Monday, in UTC still Sunday

    weeks = by_week([BY_KEY["on_time"]], at=at)[""]

    assert figures.weeks_until(at)[0] == date(2026, 10, 5)
    assert [week["on_time"].said for week in weeks] == ["chưa có hồ sơ"] * 6 + ["1/1", "0/1"]


def test_figures_by_procedure(end: End, span: Span) -> None:
    end()
    end(procedure_key="civil_copy", on_time_index=False)

    found = by("procedure_key", [BY_KEY["on_time"]], span)

    assert {key: values["on_time"].said for key, values in found.items()} == {
        "marital_certificate": "1/1",
        "civil_copy": "0/1",
    }


# --- the cases behind ---
def test_behind_a_figure_lie_the_cases_that_pull_it_down(end: End, span: Span) -> None:
    end()
    late = end(on_time_index=False)

    assert list(cases_behind(BY_KEY["on_time"], span)) == [late.case]
    assert cases_behind(BY_KEY["on_time"], span, every=True).count() == 2


def test_behind_the_time_used_lie_the_cases_beyond_its_target(end: End, span: Span) -> None:
    end(used_minutes=180)
    long = end(used_minutes=181)

    assert list(cases_behind(BY_KEY["time_used"], span)) == [long.case]


def test_behind_the_time_paused_lie_the_paused(end: End, span: Span) -> None:
    end()
    paused = end(paused_minutes=5)

    assert list(cases_behind(BY_KEY["paused"], span)) == [paused.case]


def test_the_monitoring_office_counts_every_commune_and_a_commune_its_own(
    end: End, kieu_phu: Commune, binh: Officer, at: datetime, span: Span
) -> None:
    end()
    with walls.within(kieu_phu.pk):
        other = factories.citizen(kieu_phu, "001085000000", "Nguyễn Văn Mẫu", sex="male")
        factories.reckoned(other, by=binh, ended_at=at, on_time_index=False)

    here = measure([BY_KEY["on_time"]], span)["on_time"].said
    with walls.within(None, reads_all=True):
        together = measure([BY_KEY["on_time"]], span)["on_time"].said
        each = by("commune_id", [BY_KEY["on_time"]], span)

    assert (here, together) == ("1/1", "1/2")
    assert each[kieu_phu.pk]["on_time"].said == "0/1"


# --- now ---
def test_heaps_by_state_with_what_is_late_and_what_is_due_soon(
    quoc_oai: Commune, mai: Officer, hung: Officer, at: datetime
) -> None:
    people = [factories.citizen(quoc_oai, f"00119200000{n}", f"Trần Thị Thử {'ABC'[n]}") for n in range(3)]
    still, waits, paused = (factories.case(person, by=mai, at=at) for person in people)
    workflow.submit(waits, by=hung, at=at)
    workflow.ask_for_papers(paused, by=hung, at=at, note="thiếu giấy")

    early = now.heaps("state", at=at + timedelta(hours=3), commune_id=quoc_oai.pk)  # due at 11:10 → 11:10
    late = now.heaps("state", at=at + timedelta(hours=6), commune_id=quoc_oai.pk)

    assert early[State.RECEIVED] == now.Heap(1, 0, 1)
    assert late == {
        State.RECEIVED: now.Heap(1, 1, 0),
        State.WAITING_SIGNATURE: now.Heap(1, 1, 0),
        State.WAITING_PAPERS: now.Heap(1, 0, 0),
    }
    assert still.due_at == at + timedelta(hours=3)


def test_what_lies_with_each_officer(quoc_oai: Commune, mai: Officer, hung: Officer, at: datetime) -> None:
    people = [factories.citizen(quoc_oai, f"00119200000{n}", f"Trần Thị Thử {'AB'[n]}") for n in range(2)]
    taken, _ = (factories.case(person, by=mai, at=at) for person in people)
    workflow.hand_over(taken, by=hung, at=at)

    found = now.of_officers(at=at + timedelta(hours=5), commune_id=quoc_oai.pk)

    assert found == {hung.pk: now.Heap(1, 1, 0), None: now.Heap(1, 1, 0)}


def test_arrivals_are_counted_by_the_local_hour_and_weekday(khach: Citizen, mai: Officer, at: datetime) -> None:
    span = last_days(1, at=at)
    factories.case(khach, by=mai, at=at)

    assert now.arrivals_by_hour(span) == {8: 1}
    assert now.arrivals_by_weekday(span) == {1: 1}
