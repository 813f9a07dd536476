"""The administrator's rooms: people, roster, calendar, and what they change at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from citizens.models import Citizen
from oneshop import roster, walls
from oneshop.models import CalendarChange, Commune, Entry, Officer, Shift
from oneshop.roles import Role
from procedures.clock import due_at
from procedures.opening import calendar_of
from tests import factories

KEY = {"form_key": "k" * 20}
NEW = {
    "full_name": "Trần Văn Mới",
    "username": "Moi",
    "position": "Công chức",
    "signs_as": "",
    "counter": "",
    "identity_number": "",
    "is_active": "on",
    "roles": ["clerk", "specialist"],
    "new_password": "mat-khau-rat-dai-2026",
}


@pytest.fixture
def desk(client: Client, tri: Officer) -> Client:
    client.force_login(tri)
    return client


def save(desk: Client, change: dict[str, str]) -> None:
    """As one saves a change of the calendar: look at what it would move, then confirm just that."""
    looked = desk.get(reverse("calendar_preview"), change)
    desk.post(reverse("calendar"), dict(looked.context["hidden"]) | KEY)


def test_a_new_officer_gets_roles_a_password_and_a_line_in_the_diary(desk: Client, quoc_oai: Commune) -> None:
    response = desk.post(reverse("people"), NEW | KEY)

    made = Officer.objects.get(username="moi")
    assert response.status_code == 302
    assert (made.commune, made.roles) == (quoc_oai, ["clerk", "specialist"])
    assert made.check_password("mat-khau-rat-dai-2026")
    assert Entry.objects.filter(act="add", kind="officer", key=str(made.pk)).count() == 1


@pytest.mark.parametrize(
    "password", ["ngan", "password1234", "tran van moi", "motcua2026motcua", "123456789012", "QuocOai@2026!"]
)
def test_a_weak_password_is_refused_and_nobody_is_made(desk: Client, password: str) -> None:
    response = desk.post(reverse("people"), NEW | KEY | {"new_password": password})

    assert response.status_code == 422
    assert not Officer.objects.filter(username="moi").exists()


def test_nobody_can_be_made_a_monitor_of_all_communes_from_a_commune(desk: Client) -> None:
    response = desk.post(reverse("people"), NEW | KEY | {"roles": ["monitor"]})

    assert response.status_code == 422


def test_an_officer_of_another_commune_cannot_be_opened(desk: Client, kieu_phu: Commune) -> None:
    with walls.within(kieu_phu.pk):
        stranger = factories.officer(kieu_phu, "la", Role.CLERK)

    assert desk.get(reverse("person", args=[stranger.pk])).status_code == 404


def test_a_role_taken_away_closes_the_door_at_the_next_request(desk: Client, mai: Officer, tri: Officer) -> None:
    facts = {"full_name": mai.full_name, "username": "mai", "position": "x", "is_active": "on", "roles": ["specialist"]}
    desk.post(reverse("person", args=[mai.pk]), facts | KEY)

    desk.force_login(mai)

    assert desk.get(reverse("desk")).status_code == 403


def test_a_shift_puts_a_leader_on_duty_and_its_removal_takes_the_duty_away(
    desk: Client, son: Officer, at: datetime
) -> None:
    with time_machine.travel(at, tick=False):
        shift = {"officer": son.pk, "role": "signer", "on": "23/11/2026", "starts": "07:30", "ends": "17:30"}
        desk.post(reverse("roster"), shift | KEY)
        on_duty = roster.may_sign_now(son, at=at)
        page = desk.get(reverse("roster")).content.decode()
        desk.post(reverse("remove_shift", args=[Shift.objects.get().pk]), {"form_key": "l" * 20})

    assert on_duty
    assert "07:30–17:30" in page
    assert not roster.may_sign_now(son, at=at)


def test_a_shift_ends_just_before_its_last_moment(son: Officer, at: datetime) -> None:
    factories.shift(son, Role.SIGNER, starts_at=at, ends_at=at + timedelta(hours=1))

    duty = [roster.may_sign_now(son, at=at + timedelta(minutes=minutes)) for minutes in (-1, 0, 59, 60)]

    assert duty == [False, True, True, False]


def test_a_role_the_officer_lacks_cannot_be_rostered(desk: Client, mai: Officer) -> None:
    shift = {"officer": mai.pk, "role": "signer", "on": "23/11/2026", "starts": "07:30", "ends": "17:30"}

    response = desk.post(reverse("roster"), shift | KEY)

    assert response.status_code == 422
    assert not Shift.objects.exists()


def test_a_closed_day_moves_the_due_time_of_new_files(desk: Client, quoc_oai: Commune, at: datetime) -> None:
    change = {
        "on": "23/11/2026",
        "kind": "closure",
        "opens": "",
        "closes": "",
        "reason": "Mất điện",
        "document": "TB 12",
    }
    before = due_at(at, timedelta(hours=3), calendar_of(quoc_oai))

    save(desk, change)

    after = due_at(at, timedelta(hours=3), calendar_of(quoc_oai))
    assert (before.day, after.day) == (23, 25)  # 24/11 is a holiday
    assert CalendarChange.objects.get().document == "TB 12"


def test_an_extra_shift_without_hours_is_refused(desk: Client) -> None:
    change = {"on": "28/11/2026", "kind": "extra", "opens": "", "closes": "", "reason": "Thêm ca", "document": "TB 13"}

    response = desk.post(reverse("calendar"), change | KEY)

    assert response.status_code == 422
    assert not CalendarChange.objects.exists()


def test_an_extra_saturday_morning_counts(desk: Client, quoc_oai: Commune, at: datetime) -> None:
    change = {
        "on": "28/11/2026",
        "kind": "extra",
        "opens": "07:30",
        "closes": "11:30",
        "reason": "Ca",
        "document": "TB",
    }

    save(desk, change)

    friday = at.replace(day=27, hour=16, minute=45)
    assert due_at(friday, timedelta(hours=3), calendar_of(quoc_oai)) == at.replace(day=28, hour=9, minute=45)


def test_from_october_on_the_calendar_speaks_of_the_next_year(desk: Client, tri: Officer, at: datetime) -> None:
    with time_machine.travel(at, tick=False):
        desk.force_login(tri)
        estimated = desk.get(reverse("calendar")).content.decode()
    with time_machine.travel(at.replace(year=2027, month=10, day=1), tick=False):
        desk.force_login(tri)
        missing = desk.get(reverse("calendar")).content.decode()

    assert "Lịch nghỉ năm 2027 còn dự kiến" in estimated
    assert "Chưa có lịch nghỉ năm 2028" in missing


def test_the_administrator_sees_no_cases(desk: Client, khach: Citizen, mai: Officer, at: datetime) -> None:
    case = factories.case(khach, by=mai, at=at)

    pages = [desk.get(path).status_code for path in ("/quay", "/thu-ly", "/ky", "/tra", f"/ho-so/{case.code}")]

    assert pages == [403] * 5


def test_what_a_commune_is_called_depends_on_the_day(quoc_oai: Commune) -> None:
    quoc_oai.names.create(
        kind="Phường", name="Quốc Oai", above="Thành phố Hà Nội", valid_from=date(2027, 1, 1), document="thử"
    )

    names = [quoc_oai.name_on(day).full for day in (date(2026, 12, 31), date(2027, 1, 1))]

    assert names == ["Xã Quốc Oai", "Phường Quốc Oai"]


# --- one's own password ---
OLD, OWN = "mat-khau-rat-dai-2026", "con trâu trắng gặm cỏ chiều"


def test_a_given_password_is_changed_at_the_first_log_in_and_the_other_sessions_end(
    desk: Client, quoc_oai: Commune, mai: Officer
) -> None:
    desk.post(reverse("person", args=[mai.pk]), NEW | {"username": "mai", "new_password": OLD, "form_key": "g" * 20})
    here, there = Client(), Client()
    doors = [one.post(reverse("sign_in"), {"username": "mai", "password": OLD}) for one in (here, there)]

    def change(old: str, new: str, key: str) -> int:
        return here.post(reverse("own_password"), {"old": old, "new": new, "form_key": key * 20}).status_code

    refused = [change("khac", OWN, "a"), change(OLD, OLD, "b"), change(OLD, "quocoai2026", "c")]
    changed = change(OLD, OWN, "d")

    mai.refresh_from_db()
    assert [door["Location"] for door in doors] == [reverse("own_password")] * 2
    assert (refused, changed) == ([422] * 3, 302)
    assert (mai.check_password(OWN), mai.password_is_given) == (True, False)
    assert here.get(reverse("own_password")).status_code == 200
    assert there.get(reverse("own_password")).status_code == 302
    assert Entry.objects.filter(act="change", kind="officer", key=str(mai.pk), why="tự đổi mật khẩu").count() == 1


def test_thirty_wrong_tries_a_minute_from_one_address_close_it_for_every_name(client: Client, mai: Officer) -> None:
    def typed(username: str, password: str) -> str:
        return client.post(reverse("sign_in"), {"username": username, "password": password}).content.decode()

    for number in range(30):
        typed(f"ten{number}", "sai")
    closed = typed("mai", factories.PASSWORD)
    elsewhere = client.post(
        reverse("sign_in"), {"username": "mai", "password": factories.PASSWORD}, REMOTE_ADDR="127.0.0.2"
    )

    assert "Đã nhập sai nhiều lần từ máy này." in closed
    assert elsewhere.status_code == 302
