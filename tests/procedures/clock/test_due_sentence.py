"""What the citizen reads: every sentence says when, made of which hours, and why not earlier."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from unicodedata import normalize

import pytest

from procedures.clock import (
    HANOI,
    OFFICE_HOURS,
    Calendar,
    DayKind,
    Hours,
    Limit,
    Pauses,
    Span,
    SpecialDay,
)
from procedures.clock.due_sentence import duration_text, explain

THREE_HOURS = timedelta(hours=3)
MORNING = Span(time(7, 30), time(11, 30))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


def off(on: str, name: str, *spans: Span, kind: DayKind = DayKind.CLOSURE) -> SpecialDay:
    return SpecialDay(date.fromisoformat(on), kind, name, "QĐ số 1", spans)


def sentence(received: str, *days: SpecialDay, limit: Limit | None = None, pauses: Pauses = ()) -> str:
    saturday_receives = Hours(5, (MORNING,), date(2000, 1, 1), counts=False)
    calendar = Calendar.for_commune((*OFFICE_HOURS, saturday_receives), days)
    return explain(at(received), THREE_HOURS, calendar, pauses, limit=limit)


@pytest.mark.parametrize(
    ("received", "said"),
    [
        ("2026-11-23 08:10", "Hẹn 11:10 thứ Hai 23/11: 3 giờ làm việc từ 08:10"),
        ("2026-11-23 10:00", "Hẹn 15:00 thứ Hai 23/11: 1 giờ 30 phút buổi sáng + 1 giờ 30 phút buổi chiều"),
        (
            "2026-11-27 16:30",
            "Hẹn 09:30 thứ Hai 30/11: 1 giờ buổi chiều thứ Sáu 27/11 + 2 giờ buổi sáng thứ Hai",
        ),
        (
            "2026-11-23 16:00",
            "Hẹn 09:00 thứ Tư 25/11: 1 giờ 30 phút buổi chiều thứ Hai 23/11 + 1 giờ 30 phút buổi sáng thứ Tư; "
            "24/11 nghỉ Ngày Văn hóa Việt Nam",
        ),
        (
            "2026-11-24 09:00",
            "Hẹn 10:30 thứ Tư 25/11: 3 giờ làm việc; nhận ngoài giờ làm việc, tính từ 07:30 thứ Tư 25/11; "
            "24/11 nghỉ Ngày Văn hóa Việt Nam",
        ),
        (
            "2026-11-28 09:00",
            "Hẹn 10:30 thứ Hai 30/11: 3 giờ làm việc; nhận trong buổi chỉ tiếp nhận, tính từ 07:30 thứ Hai 30/11",
        ),
        (
            "2026-02-13 15:30",
            "Hẹn 08:30 thứ Hai 23/02: 2 giờ buổi chiều thứ Sáu 13/02 + 1 giờ buổi sáng thứ Hai; "
            "16/02–20/02 nghỉ Tết Nguyên đán Bính Ngọ",
        ),
        (
            "2025-12-31 17:00",
            "Hẹn 10:00 thứ Hai 05/01/2026: 30 phút buổi chiều thứ Tư 31/12 + 2 giờ 30 phút buổi sáng thứ Hai; "
            "01/01 nghỉ Tết Dương lịch; 02/01 nghỉ hoán đổi, làm bù thứ Bảy 10/01/2026",
        ),
        (
            "2026-01-09 16:00",
            "Hẹn 09:00 thứ Bảy 10/01: 1 giờ 30 phút buổi chiều thứ Sáu 09/01 + 1 giờ 30 phút buổi sáng thứ Bảy; "
            "10/01 làm bù cho ngày nghỉ hoán đổi 02/01/2026",
        ),
        (
            "2027-02-03 16:00",
            "Hẹn 09:00 thứ Năm 11/02: 1 giờ 30 phút buổi chiều thứ Tư 03/02 + 1 giờ 30 phút buổi sáng thứ Năm; "
            "04/02–08/02 nghỉ Tết Nguyên đán Đinh Mùi; 09/02–10/02 nghỉ bù Tết Nguyên đán; lịch nghỉ dự kiến",
        ),
    ],
)
def test_the_sentence_adds_up(received: str, said: str) -> None:
    assert sentence(received) == said


def test_seconds_are_cut_so_that_nobody_reads_a_later_promise_than_was_made() -> None:
    assert sentence("2026-11-26 10:00:59") == (
        "Hẹn 15:00 thứ Năm 26/11: 1 giờ 30 phút buổi sáng + 1 giờ 30 phút buổi chiều"
    )


def test_a_promise_that_ends_seconds_after_opening_does_not_speak_of_nothing() -> None:
    assert sentence("2026-11-26 14:30:20") == "Hẹn 07:30 thứ Sáu 27/11: 3 giờ làm việc từ 14:30 thứ Năm 26/11"


def test_the_law_is_named_when_it_is_the_earlier() -> None:
    calendar = Calendar.for_commune(
        [Hours(day, (MORNING, Span(time(13, 30), time(17))), date(2000, 1, 1)) for day in range(5)]
    )

    said = explain(at("2026-11-26 14:30"), THREE_HOURS, calendar, limit=Limit.SAME_DAY)

    assert said == "Hẹn 17:00 thứ Năm 26/11: trong ngày theo Luật Hộ tịch"


def test_the_law_of_the_next_working_day_and_of_three_are_named_as_such() -> None:
    calendar, received, long = Calendar.for_commune(), at("2026-11-26 15:30"), timedelta(hours=40)

    assert explain(received, long, calendar, limit=Limit.SAME_DAY) == (
        "Hẹn 17:30 thứ Sáu 27/11: trong ngày làm việc tiếp theo, theo Luật Hộ tịch"
    )
    assert explain(received, long, calendar, limit=Limit.THREE_WORKING_DAYS) == (
        "Hẹn 17:30 thứ Ba 01/12: trong 3 ngày làm việc theo Nghị định 123/2015/NĐ-CP"
    )


def test_the_law_of_the_same_day_is_the_day_of_the_complete_file() -> None:
    pause = (at("2026-11-26 11:00"), at("2026-11-27 14:45"))

    assert sentence("2026-11-26 10:55", limit=Limit.SAME_DAY, pauses=[pause]) == (
        "Hẹn 17:30 thứ Sáu 27/11: trong ngày theo Luật Hộ tịch; đã trừ 9 giờ 45 phút tạm dừng"
    )


def test_a_promise_as_early_as_the_law_is_explained_by_its_hours() -> None:
    assert sentence("2026-11-26 14:30", limit=Limit.SAME_DAY) == "Hẹn 17:30 thứ Năm 26/11: 3 giờ làm việc từ 14:30"


def test_pauses_are_taken_off_and_said() -> None:
    pause = (at("2026-11-26 08:30"), at("2026-11-26 09:15"))

    assert sentence("2026-11-26 08:10", pauses=[pause]) == (
        "Hẹn 13:55 thứ Năm 26/11: 2 giờ 35 phút buổi sáng + 25 phút buổi chiều; đã trừ 45 phút tạm dừng"
    )


def test_a_pause_that_cost_nothing_is_not_mentioned() -> None:
    lunch = (at("2026-11-26 11:30"), at("2026-11-26 13:30"))

    assert sentence("2026-11-26 10:00", pauses=[lunch]) == sentence("2026-11-26 10:00")


def test_two_halves_of_a_day_share_its_name() -> None:
    calendar = Calendar.for_commune()

    assert explain(at("2026-11-26 10:30"), timedelta(hours=6), calendar) == (
        "Hẹn 08:30 thứ Sáu 27/11: 1 giờ buổi sáng + 4 giờ buổi chiều thứ Năm 26/11 + 1 giờ buổi sáng thứ Sáu"
    )


def test_a_long_promise_is_not_taken_apart() -> None:
    calendar = Calendar.for_commune()

    assert explain(at("2026-11-25 08:10"), timedelta(hours=40), calendar) == (
        "Hẹn 08:10 thứ Tư 02/12: 40 giờ làm việc từ 08:10 thứ Tư 25/11"
    )


def test_on_the_screen_of_the_day_its_hours_are_today() -> None:
    calendar, received = Calendar.for_commune(), at("2026-11-27 16:30")

    assert explain(received, THREE_HOURS, calendar, today=date(2026, 11, 27)) == (
        "Hẹn 09:30 thứ Hai 30/11: 1 giờ hôm nay + 2 giờ buổi sáng thứ Hai"
    )


def test_a_session_through_noon_is_neither_morning_nor_afternoon() -> None:
    calendar = Calendar.for_commune([Hours(day, (Span(time(9), time(15)),), date(2000, 1, 1)) for day in range(5)])

    assert explain(at("2026-11-26 11:30"), timedelta(hours=5), calendar) == (
        "Hẹn 10:30 thứ Sáu 27/11: 3 giờ 30 phút thứ Năm 26/11 + 1 giờ 30 phút buổi sáng thứ Sáu"
    )


def test_an_evening_session_is_called_evening() -> None:
    evening = off("2026-11-26", "làm thêm", Span(time(18), time(19)), kind=DayKind.EXTRA)

    assert sentence("2026-11-26 15:30", evening) == "Hẹn 19:00 thứ Năm 26/11: 2 giờ buổi chiều + 1 giờ buổi tối"


def test_closures_of_the_commune_give_their_reason() -> None:
    assert sentence("2026-11-26 16:00", off("2026-11-27", "mất điện")) == (
        "Hẹn 09:00 thứ Hai 30/11: 1 giờ 30 phút buổi chiều thứ Năm 26/11 + 1 giờ 30 phút buổi sáng thứ Hai; "
        "27/11 đóng cửa: mất điện"
    )
    assert sentence("2026-11-26 08:00", off("2026-11-26", "họp", Span(time(9), time(10)))) == (
        "Hẹn 14:00 thứ Năm 26/11: 2 giờ 30 phút buổi sáng + 30 phút buổi chiều; 09:00–10:00 26/11 đóng cửa: họp"
    )


def test_days_off_with_work_between_are_not_one_run() -> None:
    days = [off("2026-11-25", "mất điện"), off("2026-11-27", "mất điện")]

    said = explain(at("2026-11-23 10:30"), timedelta(hours=14), Calendar.for_commune(local_days=days))

    assert said == (
        "Hẹn 08:30 thứ Hai 30/11: 14 giờ làm việc từ 10:30 thứ Hai 23/11; "
        "24/11 nghỉ Ngày Văn hóa Việt Nam; 25/11 đóng cửa: mất điện; 27/11 đóng cửa: mất điện"
    )


def test_a_day_made_up_by_the_commune_is_said_to_be() -> None:
    made_up = off("2026-11-28", "theo QĐ của xã", kind=DayKind.SWAP_WORK)

    assert sentence("2026-11-27 16:30", made_up) == (
        "Hẹn 09:30 thứ Bảy 28/11: 1 giờ buổi chiều thứ Sáu 27/11 + 2 giờ buổi sáng thứ Bảy; 28/11 làm bù theo QĐ của xã"
    )


def test_however_many_and_long_the_reasons_the_sentence_fits_where_it_is_kept() -> None:
    days = [off(f"2026-12-{day:02}", f"lý do thứ {day} " + "rất dài " * 20) for day in range(1, 12)]

    said = sentence("2026-11-30 16:00", *days, pauses=[(at("2026-11-30 16:05"), at("2026-11-30 16:50"))])

    assert said.endswith("; và 6 đợt nghỉ khác; đã trừ 45 phút tạm dừng")
    assert len(said) <= 400


def test_a_promise_of_nothing_is_due_when_the_clock_starts() -> None:
    said = explain(at("2026-11-28 12:00"), timedelta(), Calendar.for_commune())

    assert said == "Hẹn 07:30 thứ Hai 30/11: 0 phút làm việc; nhận ngoài giờ làm việc, tính từ 07:30 thứ Hai 30/11"


def test_the_sentence_is_in_composed_letters() -> None:
    said = sentence("2027-02-03 16:00")

    assert said == normalize("NFC", said)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        explain(datetime(2026, 11, 27, 9), THREE_HOURS, Calendar.for_commune())  # noqa: DTZ001


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        (timedelta(), "0 phút"),
        (timedelta(seconds=59), "dưới 1 phút"),
        (timedelta(minutes=1), "1 phút"),
        (timedelta(minutes=59, seconds=59), "59 phút"),
        (timedelta(hours=1), "1 giờ"),
        (timedelta(hours=1, minutes=20, seconds=59), "1 giờ 20 phút"),
        (timedelta(hours=40), "40 giờ"),
    ],
)
def test_a_duration_in_words_is_cut_to_the_minute(duration: timedelta, said: str) -> None:
    assert duration_text(duration) == said


def test_a_duration_below_zero_has_no_words() -> None:
    with pytest.raises(ValueError, match="not negative"):
        duration_text(timedelta(seconds=-1))
