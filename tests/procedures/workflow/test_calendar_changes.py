"""A change of the calendar is tried out, saved under a number, moves the promises it must and rewrites nothing."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citizens.models import Citizen
from oneshop.models import CalendarChange, CalendarVersion, Commune, Entry, Officer, OpeningHours
from procedures import workflow
from procedures.clock import CalendarEnds, due_at
from procedures.models import Case, DueMove
from procedures.opening import calendar_at, calendar_of, version_of
from procedures.states import Verb
from procedures.workflow.calendar_changes import Change, LooksDifferent, NewHours, PlanUnreadable, plan_from
from tests import factories
from tests.procedures.promises_kept import broken_promises
from tests.procedures.test_invariants import broken

KEY = {"form_key": "k" * 20}
THREE_HOURS = timedelta(hours=3)


def closure(day: date, reason: str = "Mất điện") -> Change:
    row = CalendarChange(on=day, kind=CalendarChange.Kind.CLOSURE, reason=reason, document="TB 12")
    return Change(f"Đóng cửa {day:%d/%m/%Y}: {reason}", "TB 12", days=(row,))


def save(commune: Commune, change: Change, by: Officer, at: datetime) -> CalendarVersion:
    return workflow.change_calendar(commune, change, by=by, at=at, seen=workflow.dry_run(commune, change).digest)


@pytest.fixture
def cases(quoc_oai: Commune, mai: Officer, hung: Officer, lan: Officer, at: datetime) -> dict[str, Case]:
    """Monday 16:00, due on Wednesday (24/11 is a holiday): one at each stage."""
    received = at.replace(hour=16, minute=0)
    people = [factories.citizen(quoc_oai, f"00119200001{n}", f"Trần Thị Thử {'ABCDEFG'[n]}") for n in range(6)]
    fresh, printed, signed, paused, extended, withdrawn = (
        factories.case(person, by=mai, at=received) for person in people
    )
    workflow.issue_receipt(printed, by=mai, at=received)
    factories.signed(signed, handled_by=hung, by=lan, at=received + timedelta(minutes=10))
    workflow.ask_for_papers(paused, by=hung, at=received + timedelta(minutes=10), note="thiếu giấy")
    workflow.extend(
        extended, by=lan, at=received + timedelta(minutes=10), note="bận", until=received + timedelta(days=2, hours=1)
    )
    workflow.withdraw(withdrawn, by=mai, at=received + timedelta(minutes=10), note="không cần nữa")
    named = {
        "fresh": fresh,
        "printed": printed,
        "signed": signed,
        "paused": paused,
        "extended": extended,
        "withdrawn": withdrawn,
    }
    for case in named.values():
        case.refresh_from_db()
    return named


@pytest.fixture
def evening(at: datetime) -> datetime:
    return at.replace(hour=17)


WEDNESDAY = date(2026, 11, 25)


def test_the_dry_run_names_what_would_move_and_changes_nothing(quoc_oai: Commune, cases: dict[str, Case]) -> None:
    before = list(Case.objects.order_by("pk").values_list("due_at", flat=True))

    run = workflow.dry_run(quoc_oai, closure(WEDNESDAY))

    assert [(row.case.code, row.slip_differs) for row in run.moved] == [
        (cases["fresh"].code, False),
        (cases["printed"].code, True),
    ]
    assert {(row.old.day, row.new.day) for row in run.moved} == {(25, 26)}
    assert [case.code for case in run.by_hand] == [cases["extended"].code]
    assert run.paused == 1
    assert list(Case.objects.order_by("pk").values_list("due_at", flat=True)) == before
    assert not CalendarChange.objects.exists()
    assert version_of(quoc_oai) == 0


def test_saving_moves_those_by_a_step_and_keeps_every_version_readable(
    quoc_oai: Commune, cases: dict[str, Case], tri: Officer, evening: datetime
) -> None:
    old = {name: case.due_at for name, case in cases.items()}

    saved = save(quoc_oai, closure(WEDNESDAY), tri, evening)

    for case in cases.values():
        case.refresh_from_db()
    moved = {name for name, case in cases.items() if case.due_at != old[name]}
    assert moved == {"fresh", "printed"}
    assert (saved.number, cases["fresh"].calendar_version, cases["signed"].calendar_version) == (1, 1, 0)
    step = cases["fresh"].steps.last()
    assert step is not None
    assert (step.verb, step.by, step.source, step.target) == (Verb.MOVE_DUE, tri, "received", "received")
    assert "Hẹn cũ 09:00 25/11/2026" in step.note
    assert "26/11" in cases["fresh"].due_sentence
    assert Entry.objects.filter(act="move_due", key=cases["fresh"].code).count() == 1
    assert Entry.objects.get(act="change", kind="calendar").key == "1"
    assert DueMove.objects.filter(slip_differs=True).get().case == cases["printed"]
    start = cases["fresh"].received_at
    assert [due_at(start, THREE_HOURS, calendar_at(quoc_oai, number)).day for number in (0, 1)] == [25, 26]
    assert broken(quoc_oai) == {}
    assert broken_promises(quoc_oai) == {}


def test_what_has_ended_never_moves_whatever_is_changed(
    quoc_oai: Commune, cases: dict[str, Case], tri: Officer, evening: datetime
) -> None:
    ended = {name: cases[name].due_at for name in ("signed", "withdrawn")}

    for number, day in enumerate((WEDNESDAY, WEDNESDAY + timedelta(days=1), date(2026, 11, 23))):
        save(quoc_oai, closure(day, f"lần {number}"), tri, evening + timedelta(minutes=number))

    assert {name: Case.objects.get(pk=cases[name].pk).due_at for name in ended} == ended
    assert not DueMove.objects.filter(case__in=[cases[name].pk for name in ended]).exists()
    assert broken_promises(quoc_oai) == {}


def test_a_planted_lie_about_a_promise_is_found(quoc_oai: Commune, cases: dict[str, Case]) -> None:
    case = cases["fresh"]
    Case.objects.filter(pk=case.pk).update(due_at=case.due_at + timedelta(hours=1))

    assert broken_promises(quoc_oai) == {case.code: (case.due_at + timedelta(hours=1), case.due_at)}


def test_a_paused_case_is_reckoned_by_the_new_calendar_when_its_papers_are_here(
    quoc_oai: Commune, cases: dict[str, Case], tri: Officer, mai: Officer, evening: datetime
) -> None:
    save(quoc_oai, closure(WEDNESDAY), tri, evening)

    workflow.take_papers(cases["paused"], by=mai, at=evening, note="đã nộp")

    case = Case.objects.get(pk=cases["paused"].pk)
    assert (case.due_at.astimezone(evening.tzinfo).day, case.calendar_version) == (26, 1)
    assert broken_promises(quoc_oai) == {}


def test_a_new_case_is_promised_by_the_new_number(
    quoc_oai: Commune, tri: Officer, mai: Officer, khach: Citizen, evening: datetime
) -> None:
    save(quoc_oai, closure(WEDNESDAY), tri, evening)

    assert factories.case(khach, by=mai, at=evening).calendar_version == 1


def test_what_turns_out_differently_than_shown_is_not_saved(
    quoc_oai: Commune, cases: dict[str, Case], tri: Officer, mai: Officer, khach: Citizen, evening: datetime
) -> None:
    change = closure(WEDNESDAY)
    seen = workflow.dry_run(quoc_oai, change).digest
    factories.case(khach, by=mai, at=evening)

    with pytest.raises(LooksDifferent):
        workflow.change_calendar(quoc_oai, change, by=tri, at=evening, seen=seen)

    assert version_of(quoc_oai) == 0
    assert not CalendarChange.objects.exists()


def test_versions_never_change(quoc_oai: Commune, tri: Officer, evening: datetime) -> None:
    save(quoc_oai, closure(WEDNESDAY), tri, evening)

    with pytest.raises(ProgrammingError), transaction.atomic():
        CalendarVersion.objects.update(what="khác")


def test_an_extra_session_brings_promises_forward(
    quoc_oai: Commune, cases: dict[str, Case], tri: Officer, evening: datetime
) -> None:
    row = CalendarChange(
        on=date(2026, 11, 23), kind="extra", opens=time(18), closes=time(20), reason="Ca", document="TB"
    )

    save(quoc_oai, Change("Làm thêm ca 23/11", "TB", days=(row,)), tri, evening)

    case = Case.objects.get(pk=cases["fresh"].pk)
    assert timezone.localtime(case.due_at).strftime("%d %H:%M") == "23 19:30"
    assert broken(quoc_oai) == {}
    assert broken_promises(quoc_oai) == {}


def test_new_hours_end_the_old_rows_and_leave_what_was_promised_before_readable(
    quoc_oai: Commune, cases: dict[str, Case], tri: Officer, evening: datetime
) -> None:
    hours = NewHours(tuple(range(5)), ((time(8), time(12), True), (time(14), time(17), True)), WEDNESDAY)

    save(quoc_oai, Change("Giờ mùa đông", "QĐ 20", hours=hours), tri, evening)

    rows = OpeningHours.objects.filter(commune=quoc_oai, weekday=2).order_by("valid_from", "opens")
    assert [(str(row.opens), str(row.valid_from), str(row.valid_to)) for row in rows] == [
        ("07:30:00", "2025-07-01", "2026-11-24"),
        ("13:30:00", "2025-07-01", "2026-11-24"),
        ("08:00:00", "2026-11-25", "None"),
        ("14:00:00", "2026-11-25", "None"),
    ]
    assert timezone.localtime(Case.objects.get(pk=cases["fresh"].pk).due_at).strftime("%d %H:%M") == "25 09:30"
    assert len(CalendarVersion.objects.get(number=0).rows["hours"]) == 10
    assert broken_promises(quoc_oai) == {}


def test_a_calendar_by_which_nothing_ever_opens_is_refused_with_the_case_it_would_strand(
    quoc_oai: Commune, cases: dict[str, Case]
) -> None:
    never = Change("Nghỉ hẳn", "TB", hours=NewHours(tuple(range(7)), (), date(2026, 11, 24)))

    with pytest.raises(workflow.NotAllowed, match="không có giờ hẹn"):
        workflow.dry_run(quoc_oai, never)


# --- the plan of a year ---
PLAN = """date,name_vi,kind,source,estimated,makes_up
2027-01-01,Tết Dương lịch,holiday,TB 100/TB-BNV,,
2027-02-05,Tết Nguyên đán,holiday,TB 100/TB-BNV,,
2027-02-08,Tết Nguyên đán,holiday,TB 100/TB-BNV,,
2027-02-11,Nghỉ hoán đổi,swap-off,TB 100/TB-BNV,,
2027-02-13,Làm bù,swap-work,TB 100/TB-BNV,,2027-02-11
"""


def test_an_official_plan_replaces_what_was_only_expected(quoc_oai: Commune, tri: Officer, at: datetime) -> None:
    year, rows = plan_from(PLAN)

    save(quoc_oai, Change("Kế hoạch 2027", "TB 100", days=rows), tri, at)

    calendar = calendar_of(quoc_oai)
    worked = [bool(calendar.day(date(2027, 2, day)).works) for day in (4, 5, 8, 9, 10, 11, 13)]
    assert year == 2027
    assert worked == [True, False, False, True, True, False, True]  # 4, 9 and 10/2 were only expected
    assert not any(day.estimated for day in calendar.days if day.on.year == 2027)
    assert calendar.day(date(2027, 4, 16)).works == []  # what the law itself names stays


def test_a_later_plan_of_the_year_counts_whole(quoc_oai: Commune, tri: Officer, at: datetime) -> None:
    save(quoc_oai, Change("Kế hoạch 2027", "TB 100", days=plan_from(PLAN)[1]), tri, at)
    corrected = PLAN.replace("2027-02-11", "2027-02-12")

    save(quoc_oai, Change("Kế hoạch 2027, sửa", "TB 101", days=plan_from(corrected)[1]), tri, at)

    calendar = calendar_of(quoc_oai)
    assert [bool(calendar.day(date(2027, 2, day)).works) for day in (11, 12)] == [True, False]
    assert [bool(calendar_at(quoc_oai, 1).day(date(2027, 2, day)).works) for day in (11, 12)] == [False, True]


def test_a_year_that_nobody_had_planned_is_planned_by_its_plan(quoc_oai: Commune, tri: Officer, at: datetime) -> None:
    with pytest.raises(CalendarEnds):
        calendar_of(quoc_oai).day(date(2028, 3, 1))

    save(quoc_oai, Change("Kế hoạch 2028", "TB", days=plan_from(PLAN.replace("2027-", "2028-"))[1]), tri, at)

    assert calendar_of(quoc_oai).day(date(2028, 3, 1)).works


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ngày,tên\n", "tên các cột"),
        (PLAN.replace("2027-02-05", "05/02/2027"), "Dòng 3"),
        (PLAN.replace("swap-off", "extra"), "Dòng 5"),
        (PLAN.replace("TB 100/TB-BNV,,\n2027-02-05", ",,\n2027-02-05"), "Dòng 2: thiếu"),
        (PLAN.replace("2027-01-01", "2026-01-01"), "đúng một năm"),
        (PLAN.replace("2027-02-08", "2027-02-05"), "hai lần"),
        (PLAN.replace("TB-BNV,,\n2027-02-05", "TB-BNV,yes,\n2027-02-05"), "dự kiến"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_with_its_line(text: str, says: str) -> None:
    with pytest.raises(PlanUnreadable) as refused:
        plan_from(text)

    assert says in refused.value.sentence


# --- the pages ---
DAY = {
    "what": "ngay",
    "on": "25/11/2026",
    "kind": "closure",
    "opens": "",
    "closes": "",
    "makes_up": "",
    "reason": "Mất điện",
    "document": "TB 12",
}


def test_the_page_shows_the_moves_then_saves_them_and_the_clerk_calls(
    client: Client, cases: dict[str, Case], tri: Officer, mai: Officer, evening: datetime
) -> None:
    with time_machine.travel(evening, tick=False):
        client.force_login(tri)
        looked = client.get(reverse("calendar_preview"), DAY)
        shown = looked.content.decode()
        saved = client.post(reverse("calendar"), dict(looked.context["hidden"]) | KEY, follow=True).content.decode()
        old = client.get(reverse("calendar_version", args=[0])).content.decode()
        client.force_login(mai)
        desk = client.get(reverse("desk")).content.decode()
        listed = client.get(reverse("due_notices"))
        [move] = listed.context["moves"]
        client.post(move["tell_href"], {"form_key": "t" * 20})
        after = client.get(reverse("due_notices")).content.decode()

    assert "2 hồ sơ đổi giờ hẹn" in shown
    assert cases["fresh"].code in shown
    assert "Trần Thị Thử" not in shown
    assert "Đã ghi lịch số 1" in saved
    assert "Lịch trước thay đổi đầu tiên" in old
    assert "1 công dân cần báo lại giờ hẹn" in desk
    assert (move["code"], move["citizen"]) == (cases["printed"].code, "Trần Thị Thử B")
    assert "Không còn ai cần báo lại." in after


def test_nothing_is_saved_that_was_not_looked_at(
    client: Client, cases: dict[str, Case], tri: Officer, evening: datetime
) -> None:
    with time_machine.travel(evening, tick=False):
        client.force_login(tri)
        response = client.post(reverse("calendar"), DAY | KEY)

    assert response.status_code == 422
    assert "Xem lại rồi ghi." in response.content.decode()
    assert version_of(cases["fresh"].commune) == 0


def test_a_plan_is_uploaded_looked_at_and_saved(client: Client, quoc_oai: Commune, tri: Officer, at: datetime) -> None:
    with time_machine.travel(at, tick=False):
        client.force_login(tri)
        file = SimpleUploadedFile("ke-hoach.csv", PLAN.encode())
        looked = client.post(reverse("plan_preview"), {"file": file, "form_key": "p" * 20})
        client.post(reverse("calendar"), dict(looked.context["hidden"]) | KEY)
        page = client.get(reverse("calendar")).content.decode()

    assert "Các ngày sẽ ghi, thay các ngày dự kiến" in looked.content.decode()
    assert version_of(quoc_oai) == 1
    assert CalendarChange.objects.filter(plan_year=2027).count() == 5
    assert "còn dự kiến" not in page


def test_hours_are_edited_by_the_day_they_begin(client: Client, quoc_oai: Commune, tri: Officer, at: datetime) -> None:
    asked = {
        "what": "gio",
        "weekdays": ["5"],
        "sessions": "",
        "only_receives": "7h30-11:30",
        "valid_from": "28/11/2026",
        "document": "QĐ 20",
    }
    with time_machine.travel(at, tick=False):
        client.force_login(tri)
        past = client.get(reverse("calendar_preview"), asked | {"valid_from": "01/11/2026"})
        wrong = client.get(reverse("calendar_preview"), asked | {"only_receives": "sáng"})
        looked = client.get(reverse("calendar_preview"), asked)
        client.post(reverse("calendar"), dict(looked.context["hidden"]) | KEY)

    saturday = OpeningHours.objects.get(commune=quoc_oai, weekday=5)
    assert (past.status_code, wrong.status_code) == (422, 422)
    assert (saturday.opens, saturday.closes, saturday.counts) == (time(7, 30), time(11, 30), False)
