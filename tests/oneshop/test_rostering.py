"""The verbs of the roster and its pages: the week as a grid, a week like another one, who is away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from oneshop import roster, rostering
from oneshop.models import Absence, Commune, Delegation, Deputy, Entry, Officer, Shift
from oneshop.roles import Role
from oneshop.roster_pages import closed_days
from oneshop.rostering import RosterRefused
from procedures.opening import calendar_of
from tests import factories
from tests.conftest import HANOI

KEY = {"form_key": "k" * 20}
MONDAY = date(2026, 11, 16)
NEXT = date(2026, 11, 23)


@pytest.fixture
def desk(client: Client, tri: Officer, at: datetime) -> Client:
    with time_machine.travel(at, tick=False):
        client.force_login(tri)
    return client


def shift(officer: Officer, role: Role, day: int, first: int = 7, last: int = 17) -> Shift:
    start = datetime(2026, 11, day, first, tzinfo=HANOI)
    return factories.shift(officer, role, starts_at=start, ends_at=start.replace(hour=last))


def test_a_week_is_copied_without_holidays_and_clashes_are_named(
    quoc_oai: Commune, son: Officer, hung: Officer, tri: Officer, at: datetime
) -> None:
    early = at - timedelta(days=3)
    for day in (16, 17, 18):
        shift(son, Role.SIGNER, day)
    shift(hung, Role.SPECIALIST, 18)
    shift(son, Role.SIGNER, 25, 8, 9)  # there already
    closed = frozenset({date(2026, 11, 24)})

    shown = rostering.week_like(quoc_oai, MONDAY, NEXT, closed=closed, at=early)
    rostering.copy_week(quoc_oai, MONDAY, NEXT, closed=closed, seen=shown.digest, by=tri, at=early)

    assert [rostering.words_of(one) for one in shown.shifts] == [
        "Đỗ Hữu Sơn, Ký duyệt, 23/11/2026 07:00–17:00",
        "Nguyễn Việt Hùng, Giải quyết, 25/11/2026 07:00–17:00",
    ]
    assert dict(shown.left_out) == {
        "Đỗ Hữu Sơn, Ký duyệt, 24/11/2026 07:00–17:00": "ngày nghỉ",
        "Đỗ Hữu Sơn, Ký duyệt, 25/11/2026 07:00–17:00": "trùng ca đã xếp 08:00–09:00",
    }
    assert Shift.objects.filter(starts_at__gte=at.replace(hour=0)).count() == 3
    assert Entry.objects.filter(act="copy", kind="roster").count() == 1


def test_a_week_is_saved_only_as_it_was_shown(quoc_oai: Commune, son: Officer, tri: Officer, at: datetime) -> None:
    early = at - timedelta(days=3)
    shift(son, Role.SIGNER, 16)
    shown = rostering.week_like(quoc_oai, MONDAY, NEXT, closed=(), at=early)
    shift(son, Role.SIGNER, 17)

    with pytest.raises(RosterRefused, match="Xem lại"):
        rostering.copy_week(quoc_oai, MONDAY, NEXT, closed=(), seen=shown.digest, by=tri, at=early)

    assert Shift.objects.count() == 2


def test_who_left_or_lost_the_role_is_not_copied(quoc_oai: Commune, son: Officer, hung: Officer, at: datetime) -> None:
    shift(son, Role.SIGNER, 16)
    shift(hung, Role.SPECIALIST, 16)
    Officer.objects.filter(pk=son.pk).update(is_active=False)
    Officer.objects.filter(pk=hung.pk).update(roles=["clerk"])

    shown = rostering.week_like(quoc_oai, MONDAY, NEXT, closed=(), at=at - timedelta(days=3))

    assert {why for _, why in shown.left_out} == {"cán bộ không còn làm việc", "cán bộ không còn vai trò này"}
    assert shown.shifts == ()


def test_what_was_worked_stays_in_the_roster(son: Officer, tri: Officer, at: datetime) -> None:
    past = factories.shift(son, Role.SIGNER, starts_at=at - timedelta(hours=3), ends_at=at)
    running = factories.shift(son, Role.SIGNER, starts_at=at, ends_at=at + timedelta(hours=2))
    when = at + timedelta(minutes=30)

    with pytest.raises(RosterRefused):
        rostering.remove_shift(past, by=tri, at=when)
    with pytest.raises(RosterRefused):
        rostering.change_shift(past, by=tri, at=when, ends_at=at + timedelta(hours=1))
    with pytest.raises(RosterRefused):
        rostering.change_shift(running, by=tri, at=when, officer=tri)
    running.refresh_from_db()
    rostering.remove_shift(running, by=tri, at=when)

    running.refresh_from_db()
    assert running.ends_at == when
    assert not roster.may_sign_now(son, at=when)
    assert roster.may_sign_now(son, at=when - timedelta(minutes=1))


def test_the_same_officer_is_not_rostered_twice_for_the_same_hours(son: Officer, tri: Officer, at: datetime) -> None:
    factories.shift(son, Role.SIGNER, starts_at=at, ends_at=at + timedelta(hours=2))

    with pytest.raises(RosterRefused, match="Trùng ca"):
        rostering.add_shift(
            son, Role.SIGNER, starts_at=at + timedelta(hours=1), ends_at=at + timedelta(hours=3), by=tri, at=at
        )


def test_back_early_ends_an_absence_and_one_that_never_began_goes(son: Officer, tri: Officer, at: datetime) -> None:
    begun = rostering.be_away(
        son, starts_at=at - timedelta(days=1), ends_at=at + timedelta(days=1), reason="ốm", by=tri, at=at
    )
    coming = rostering.be_away(
        son, starts_at=at + timedelta(days=5), ends_at=at + timedelta(days=6), reason="phép", by=tri, at=at
    )

    rostering.be_back(begun, by=tri, at=at + timedelta(hours=1))
    rostering.be_back(coming, by=tri, at=at + timedelta(hours=1))

    [kept] = Absence.objects.all()
    assert (kept.starts_at, kept.ends_at) == (at, at + timedelta(hours=1))  # never written back to yesterday


def test_deputies_are_people_of_the_same_role_and_end_without_leaving_no_trace(
    lan: Officer, son: Officer, mai: Officer, tri: Officer, at: datetime
) -> None:
    row = rostering.stand_in(lan, son, rank=1, by=tri, at=at)

    for deputy in (lan, mai, son):
        with pytest.raises(RosterRefused):
            rostering.stand_in(lan, deputy, rank=2, by=tri, at=at)
    rostering.stand_in_no_more(row, by=tri, at=at + timedelta(hours=1))

    assert Deputy.objects.get().until == at + timedelta(hours=1)


# --- the pages ---
def test_the_grid_shows_the_week_its_holes_and_who_is_away(
    desk: Client, lan: Officer, hung: Officer, tri: Officer, at: datetime
) -> None:
    rostering.be_away(lan, starts_at=at, ends_at=at + timedelta(hours=2), reason="họp huyện", by=tri, at=at)
    with time_machine.travel(at, tick=False):
        page = desk.get(reverse("roster")).content.decode()
        by_counter = desk.get(reverse("roster"), {"theo": "quay"}).content.decode()
        next_week = desk.get(reverse("roster"), {"tuan": "2026-12-02"}).content.decode()

    assert "Tuần 23/11 – 29/11/2026" in page
    assert "07:10–18:10" in page
    assert "Vắng: họp huyện" in page
    assert "Thứ Hai 23/11, 08:10–10:10: chưa có lãnh đạo ký." in page
    assert "Thứ Ba 24/11" not in page  # a holiday needs nobody
    assert "Thứ Tư 25/11, 07:30–11:30, 13:30–17:30: chưa có lãnh đạo ký." in page
    assert "Điểm phục vụ Quốc Oai" in by_counter
    assert "Tuần 30/11 – 06/12/2026" in next_week


def test_a_cell_prefills_the_form(desk: Client, son: Officer, at: datetime) -> None:
    with time_machine.travel(at, tick=False):
        page = desk.get(reverse("roster"), {"nguoi": son.pk, "vai": "signer", "ngay": "2026-11-25"})

    form = page.context["form"]
    assert (form["officer"].value(), form["on"].value()) == (str(son.pk), date(2026, 11, 25))


def test_a_shift_is_changed_and_removed_by_form(desk: Client, son: Officer, at: datetime) -> None:
    planned = shift(son, Role.SIGNER, 25)
    facts = {"officer": son.pk, "role": "signer", "on": "26/11/2026", "starts": "08:00", "ends": "11:00", "counter": ""}
    with time_machine.travel(at, tick=False):
        changed = desk.post(reverse("shift", args=[planned.pk]), facts | KEY)
        clash = desk.post(reverse("roster"), facts | {"form_key": "c" * 20})
        desk.post(reverse("remove_shift", args=[planned.pk]), {"form_key": "r" * 20})

    assert changed["Location"] == "/lich-truc?tuan=2026-11-23"
    assert clash.status_code == 422
    assert not Shift.objects.exists()


def test_copying_is_previewed_and_saved_from_the_page(desk: Client, son: Officer, at: datetime) -> None:
    for day in (19, 17):
        shift(son, Role.SIGNER, day)
    with time_machine.travel(at, tick=False):
        page = desk.get(reverse("copy_week"), {"den": "2026-11-23"})
        shown = page.content.decode()
        desk.post(
            reverse("copy_week"),
            {"tu": "2026-11-16", "den": "2026-11-23", "seen": page.context["digest"]} | KEY,
        )

    assert "Sẽ thêm 1 ca" in shown
    assert "24/11/2026 07:00–17:00: <strong>ngày nghỉ</strong>" in shown
    assert Shift.objects.filter(starts_at__gte=at).count() == 1


def test_absence_deputy_and_delegation_are_written_down_and_ended_on_one_page(
    desk: Client, lan: Officer, son: Officer, at: datetime
) -> None:
    def post(number: int, **facts: object) -> int:
        return desk.post(reverse("stand_ins"), facts | {"form_key": f"{number}" * 20}).status_code

    away = {"vang-mat-officer": lan.pk, "vang-mat-first": "25/11/2026", "vang-mat-starts": "00:00"}
    away |= {"vang-mat-last": "26/11/2026", "vang-mat-ends": "23:59", "vang-mat-reason": "họp thành phố"}
    given = {"uy-quyen-giver": lan.pk, "uy-quyen-taker": son.pk, "uy-quyen-lines": "KT. CHỦ TỊCH|PHÓ CHỦ TỊCH"}
    given |= {"uy-quyen-document": "16/QĐ", "uy-quyen-first_day": "23/11/2026", "uy-quyen-last_day": "31/12/2026"}
    with time_machine.travel(at, tick=False):
        codes = [
            post(1, what="vang-mat", **away),
            post(2, what="thay", **{"thay-officer": lan.pk, "thay-deputy": son.pk, "thay-rank": 1}),
            post(3, what="uy-quyen", **given),
            post(4, what="uy-quyen", **(given | {"uy-quyen-giver": son.pk, "uy-quyen-taker": lan.pk})),
        ]
        page = desk.get(reverse("stand_ins")).content.decode()
        absence, delegation = Absence.objects.get(), Delegation.objects.get()
        for number, (what, pk) in enumerate((("vang-mat", absence.pk), ("uy-quyen", delegation.pk))):
            desk.post(reverse("end_stand_in", args=[what, pk]), {"form_key": f"e{number}" * 10})

    assert codes == [302, 302, 302, 422]
    assert absence.ends_at == datetime(2026, 11, 27, tzinfo=HANOI)
    assert "họp thành phố" in page
    assert "đang hiệu lực" in page
    assert not Absence.objects.exists()
    assert Delegation.objects.get().revoked_at == at


def test_a_roster_of_30_costs_as_many_questions_as_one_of_3(
    desk: Client, quoc_oai: Commune, at: datetime, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    def questions(number: int) -> int:
        for n in range(number):
            officer = factories.officer(quoc_oai, f"ky{number}{n}", Role.SIGNER, signs_as="CHỦ TỊCH")
            shift(officer, Role.SIGNER, 25)
        with time_machine.travel(at, tick=False), django_assert_max_num_queries(40) as asked:
            desk.get(reverse("roster"))
        return len(asked)

    assert questions(3) == questions(27)


def test_titles_that_need_a_paper_each_time_are_no_standing_titles(desk: Client, son: Officer, at: datetime) -> None:
    facts = {"full_name": "Sơn", "username": "son", "position": "x", "is_active": "on", "roles": ["signer"]}
    with time_machine.travel(at, tick=False):
        refused = desk.post(reverse("person", args=[son.pk]), facts | {"signs_as": "TUQ. CHỦ TỊCH|X"} | KEY)
        number = desk.post(
            reverse("person", args=[son.pk]), facts | {"relatives": "12345", "form_key": "n" * 20}
        ).content.decode()

    assert refused.status_code == 422
    assert "đúng 12 chữ số" in number


def test_the_closed_days_of_a_week_are_its_holidays(quoc_oai: Commune) -> None:
    week = [NEXT + timedelta(days=offset) for offset in range(7)]

    assert closed_days(calendar_of(quoc_oai), week) == {date(2026, 11, 24)}
