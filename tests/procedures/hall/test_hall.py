"""The hall: numbers without gap, calls that stay long enough, machines that know nobody."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citizens.models import Citizen
from oneshop import walls
from oneshop.models import CalendarChange, Commune, Counter, Officer
from procedures import hall
from procedures.checking.public_link import new_token, status_link, token_of_link
from procedures.models import Call, Case, HallDevice, Offer, QueueNumber
from tests import factories
from tests.procedures.test_races import at_once, named, village  # noqa: F401 (a fixture)

Ending = QueueNumber.Ending


@pytest.fixture
def counter(quoc_oai: Commune) -> Counter:
    return quoc_oai.counters.get()


@pytest.fixture
def kiosk(counter: Counter, tri: Officer, at: datetime) -> HallDevice:
    return hall.add_device(HallDevice.Kind.KIOSK, counter, "cửa vào", prints=True, by=tri, at=at)


@pytest.fixture
def screen(counter: Counter, tri: Officer, at: datetime) -> HallDevice:
    return hall.add_device(HallDevice.Kind.SCREEN, counter, "tường sảnh", by=tri, at=at)


def drawn(kiosk: HallDevice, at: datetime, wish: str = "marital_certificate") -> QueueNumber:
    return hall.draw(kiosk, wish, key=new_token(), at=at)


# --- numbers ---
def test_numbers_count_from_one_each_day_and_at_each_counter(
    kiosk: HallDevice, quoc_oai: Commune, tri: Officer, at: datetime
) -> None:
    second = Counter.objects.create(commune=quoc_oai, name="Điểm phục vụ Phú Cát")
    there = hall.add_device(HallDevice.Kind.KIOSK, second, "cửa", by=tri, at=at)

    today = [drawn(kiosk, at).number for _ in range(3)]
    elsewhere = drawn(there, at).number
    later = drawn(kiosk, at + timedelta(days=2)).number  # the day between is a holiday

    assert (today, elsewhere, later) == ([1, 2, 3], 1, 1)


def test_a_second_press_draws_nothing(kiosk: HallDevice, at: datetime) -> None:
    first = hall.draw(kiosk, hall.COLLECT, key="k" * 20, at=at)
    again = hall.draw(kiosk, hall.COLLECT, key="k" * 20, at=at)

    assert (again.pk, QueueNumber.objects.count()) == (first.pk, 1)


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        ("2026-11-23 06:59", "Chưa đến giờ lấy số. Buổi làm việc tới mở lúc 07:30."),
        ("2026-11-23 07:00", ""),
        ("2026-11-23 11:29", ""),
        ("2026-11-23 11:30", "Chưa đến giờ lấy số. Buổi làm việc tới mở lúc 13:30."),
        ("2026-11-23 17:30", "Hôm nay đã hết giờ làm việc."),
        ("2026-11-24 09:00", "Hôm nay quầy không làm việc."),
        ("2028-01-04 09:00", "Hôm nay quầy không làm việc."),
    ],
)
def test_numbers_are_drawn_around_the_hours(kiosk: HallDevice, at: datetime, moment: str, why: str) -> None:
    when = datetime.fromisoformat(moment).replace(tzinfo=at.tzinfo)

    assert hall.why_closed(kiosk.commune_id, at=when) == why
    if why:
        with pytest.raises(hall.HallRefused, match=re.escape(why)):
            drawn(kiosk, when)
    else:
        assert drawn(kiosk, when).number == 1


def test_a_suspended_procedure_has_no_numbers_and_says_why(kiosk: HallDevice, doi: Officer, at: datetime) -> None:
    Offer.objects.create(
        commune_id=kiosk.commune_id,
        procedure_key="death_registration",
        standing=Offer.Standing.SUSPENDED,
        valid_from=at.date(),
        document="QĐ 7",
        reason="đổi mẫu",
        by=doi,
        at=at,
    )

    with pytest.raises(hall.HallRefused, match="QĐ 7"):
        drawn(kiosk, at, "death_registration")
    assert drawn(kiosk, at).number == 1
    with pytest.raises(ValueError, match="passport"):
        drawn(kiosk, at, "passport")


def test_drawn_by_many_at_once_there_is_no_gap_and_none_twice(village: Commune, at: datetime) -> None:  # noqa: F811
    mai = named(village, "mai")
    with walls.within(village.pk):
        counter = village.counters.get()
        kiosk = hall.add_device(HallDevice.Kind.KIOSK, counter, "cửa", by=mai, at=at)

    def draws() -> int:
        with walls.within(village.pk):
            return drawn(kiosk, at).number

    def calls(by: Officer) -> int:
        with walls.within(village.pk):
            return hall.call_next(counter, desk=1, by=by, at=at).number

    numbers = at_once([draws] * 24, threads=8)
    minh = named(village, "minh")
    called = at_once([lambda: calls(mai), lambda: calls(minh)])

    assert sorted(numbers) == list(range(1, 25))  # type: ignore[type-var]
    assert len(set(called)) == 2
    assert set(called) <= {1, 2}


# --- calling ---
def test_the_first_who_came_is_called_and_the_one_before_was_served(
    kiosk: HallDevice, counter: Counter, mai: Officer, at: datetime
) -> None:
    numbers = [drawn(kiosk, at) for _ in range(3)]

    first = hall.call_next(counter, desk=2, by=mai, at=at)
    second = hall.call_next(counter, desk=2, by=mai, at=at + timedelta(minutes=4))
    hall.end_served(Ending.ABSENT, by=mai, at=at + timedelta(minutes=5))

    assert [first.pk, second.pk] == [numbers[0].pk, numbers[1].pk]
    assert [row.ending for row in QueueNumber.objects.order_by("number")] == [Ending.SERVED, Ending.ABSENT, ""]
    assert hall.served_by(mai, at=at) is None
    assert hall.ahead_of(numbers[2]) == 0
    assert (hall.waiting_at(counter, at=at).count, hall.waiting_at(counter, at=at).since) == (1, at)


def test_nobody_is_called_where_nobody_waits(counter: Counter, mai: Officer, at: datetime) -> None:
    with pytest.raises(hall.HallRefused, match="Không còn ai chờ"):
        hall.call_next(counter, desk=1, by=mai, at=at)
    with pytest.raises(hall.HallRefused, match="Chưa gọi số nào"):
        hall.call_again(desk=1, by=mai, at=at)


def test_a_case_is_called_by_its_code_once_its_result_is_ready(
    khach: Citizen, screen: HallDevice, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    case = factories.case(khach, by=mai, at=at)
    with pytest.raises(hall.HallRefused, match="chưa có kết quả"):
        hall.call_case(case, desk=1, by=mai, at=at)
    factories.signed(case, handled_by=hung, by=lan, at=at)
    case.refresh_from_db()

    hall.call_case(case, desk=3, by=mai, at=at)
    shown = hall.on_screen(screen.counter, rows=4, at=at)
    factories.given_out(case, by=mai, at=at)
    after = hall.on_screen(screen.counter, rows=4, at=at)

    assert [(call.case_id, call.desk) for call in shown] == [(case.pk, 3)]
    assert after == []


def test_a_call_stays_eight_seconds_however_many_follow(
    kiosk: HallDevice, counter: Counter, quoc_oai: Commune, at: datetime
) -> None:
    clerks = [factories.officer(quoc_oai, f"c{n}", full_name=f"Cán Bộ {n}") for n in range(6)]
    for _ in clerks:
        drawn(kiosk, at)
    for n, clerk in enumerate(clerks):
        hall.call_next(counter, desk=n + 1, by=clerk, at=at + timedelta(seconds=n))

    def shown(after: float) -> list[int]:
        calls = hall.on_screen(counter, rows=4, at=at + timedelta(seconds=after))
        return [call.number.number for call in calls if call.number]

    assert shown(5) == [4, 3, 2, 1], "the fifth and sixth wait"
    assert shown(8) == [5, 4, 3, 2], "the first has had its eight seconds"
    assert shown(60) == [6, 5, 4, 3]
    assert shown(604) == [6], "ten minutes later the call is over"


def test_the_database_keeps_what_the_hall_promises(kiosk: HallDevice, mai: Officer, at: datetime) -> None:
    number = drawn(kiosk, at)
    for facts in ({"number": 1, "key": "x"}, {"number": 9, "key": number.key}):
        with pytest.raises(IntegrityError), transaction.atomic():
            QueueNumber.objects.create(
                commune_id=kiosk.commune_id,
                counter_id=kiosk.counter_id,
                on=number.on,
                wish="other",
                token=new_token(),
                at=at,
                **facts,
            )
    with pytest.raises(IntegrityError), transaction.atomic():
        QueueNumber.objects.filter(pk=number.pk).update(ended_at=at, ending=Ending.SERVED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.create(commune_id=kiosk.commune_id, counter_id=kiosk.counter_id, desk=1, by=mai, at=at)


def test_numbers_and_calls_end_after_a_quarter(kiosk: HallDevice, counter: Counter, mai: Officer) -> None:
    old = timezone.now() - timedelta(days=91)
    for on, moment in ((date(2026, 1, 5), old), (date(2026, 1, 6), timezone.now())):
        number = QueueNumber.objects.create(
            commune_id=kiosk.commune_id,
            counter=counter,
            on=on,
            number=1,
            wish="other",
            token=new_token(),
            key=new_token(),
            at=moment,
            called_at=moment,
            called_by=mai,
            ending=Ending.SERVED,
            ended_at=moment,
        )
        Call.objects.create(commune_id=kiosk.commune_id, counter=counter, number=number, desk=1, by=mai, at=moment)

    call_command("tidy", verbosity=0)

    assert [row.on for row in QueueNumber.objects.all()] == [date(2026, 1, 6)]
    assert Call.objects.count() == 1


# --- the links ---
@pytest.mark.parametrize(
    "text", ["", "H/1/2/3/4", "https://example.vn/", "K/09895/ABC", "09895/ABC", "001192000001", "/" * 300]
)
def test_what_is_no_slip_leads_nowhere(text: str) -> None:
    found = token_of_link(text)

    assert found is None or found[0] != "09895"


def test_the_link_of_a_slip_is_read_as_printed_and_as_scanners_spell_it() -> None:
    link = status_link("09895", "A" * 26)

    assert token_of_link(link) == token_of_link(f" {link.lower()}/\n") == ("09895", "A" * 26)


# --- the pages of the machines ---
def of(device: HallDevice, name: str, *more: str) -> str:
    return reverse(name, args=[device.commune.code, device.token, *more])


@pytest.fixture
def open_now(quoc_oai: Commune, tri: Officer) -> None:
    """Whenever now is, the counter works."""
    CalendarChange.objects.create(
        commune=quoc_oai,
        on=timezone.localdate(),
        kind="extra",
        opens="00:00",
        closes="23:59:59",
        reason="thử",
        document="thử",
        by=tri,
        at=timezone.now(),
    )


def test_from_the_kiosk_to_the_desk(
    kiosk: HallDevice, screen: HallDevice, open_now: None, mai: Officer, client: Client
) -> None:
    start = client.get(of(kiosk, "kiosk"))
    sent = client.post(of(kiosk, "kiosk"), {"wish": "marital_certificate", "key": start.context["key"]})
    twice = client.post(of(kiosk, "kiosk"), {"wish": "marital_certificate", "key": start.context["key"]})
    number = client.get(sent["Location"])
    token = QueueNumber.objects.get().token
    phone = reverse("queue_number", args=["09895", token])
    waits = client.get(phone).content.decode()

    desk = Client()
    desk.force_login(mai)
    strip = desk.get(reverse("desk")).content.decode()
    desk.post(reverse("hall_desk"), {"desk": "7", "form_key": "d" * 20})
    desk.post(reverse("hall_call", args=["tiep"]), {"form_key": "t" * 20})

    assert (sent.status_code, twice["Location"]) == (302, sent["Location"])
    assert number.context["ahead"] == 0
    assert "người tiếp theo" in waits
    assert "Mời số 1" in strip
    assert "Mời ông/bà đến bàn 7" in client.get(phone).content.decode()
    assert "<strong>1</strong>" in client.get(of(screen, "hall_screen")).content.decode()
    assert number["Cache-Control"] == "no-store"


def test_an_address_that_is_no_machine_or_no_more_leads_nowhere(
    kiosk: HallDevice, screen: HallDevice, tri: Officer, client: Client, at: datetime
) -> None:
    wrong = client.get(reverse("kiosk", args=["09895", new_token()]))
    other_kind = client.get(of(screen, "kiosk"))
    other_commune = client.get(reverse("kiosk", args=["09910", kiosk.token]))
    hall.end_device(kiosk, by=tri, at=at)
    ended = client.get(of(kiosk, "kiosk"))

    assert {answer.status_code for answer in (wrong, other_kind, other_commune, ended)} == {404}
    assert len({answer.content for answer in (wrong, other_kind, other_commune, ended)}) == 1


@pytest.mark.parametrize("facts", [{}, {"wish": "other"}, {"wish": "passport", "key": "k" * 20}, {"key": "k" * 20}])
def test_a_press_that_says_nothing_draws_nothing(
    facts: dict[str, str], kiosk: HallDevice, open_now: None, client: Client
) -> None:
    answer = client.post(of(kiosk, "kiosk"), facts)

    assert answer.status_code == 422
    assert "Mời ông/bà chọn lại" in answer.content.decode()
    assert not QueueNumber.objects.exists()


def test_the_kiosk_shows_a_case_without_persons_and_nothing_of_what_is_no_slip(
    kiosk: HallDevice, khach: Citizen, mai: Officer, client: Client
) -> None:
    case = factories.case(khach, by=mai, at=timezone.now())
    address = of(kiosk, "kiosk_case")

    found = client.post(address, {"link": status_link("09895", case.token)})
    lost = [client.post(address, {"link": text}) for text in ("", "x" * 500, status_link("09895", new_token()))]

    page = found.content.decode()
    assert (found.status_code, "Hồ sơ đã được tiếp nhận." in page) == (200, True)
    assert khach.full_name not in page
    assert khach.identity_number not in page
    assert {answer.status_code for answer in lost} == {404}


def test_the_screen_names_no_citizen_and_asks_as_much_for_thirty_as_for_three(
    screen: HallDevice,
    quoc_oai: Commune,
    mai: Officer,
    client: Client,
    django_assert_max_num_queries: object,
) -> None:
    def of_cases(number: int) -> str:
        for n in range(number):
            factories.case(
                factories.citizen(quoc_oai, f"0011920{number:02}{n:03}", "Trần Văn Kín"), by=mai, at=timezone.now()
            )
        Case.objects.update(due_at=timezone.now())  # due today, whatever the time is
        with django_assert_max_num_queries(28):  # type: ignore[operator]
            return str(client.get(of(screen, "hall_screen")).content.decode())

    few, many = of_cases(3), of_cases(30)

    assert "Trần Văn Kín" not in few + many
    assert few.count("hall-line") == 3
    assert many.count("hall-line") == 6


# --- at the desk and in the administrator's room ---
def test_without_a_kiosk_the_desk_shows_no_hall(screen: HallDevice, mai: Officer, client: Client) -> None:
    client.force_login(mai)

    assert "hall-now" not in client.get(reverse("desk")).content.decode()
    assert client.get(reverse("hall_strip")).status_code == 204


def test_the_strip_is_sent_only_when_it_has_changed(
    kiosk: HallDevice, open_now: None, mai: Officer, client: Client
) -> None:
    client.force_login(mai)
    first = client.get(reverse("hall_strip"))
    version = first.context["hall"]["version"]
    same = client.get(reverse("hall_strip"), {"hall_seen": version})
    drawn(kiosk, timezone.now())
    changed = client.get(reverse("hall_strip"), {"hall_seen": version})

    assert (first.status_code, same.status_code, changed.status_code) == (200, 204, 200)


def test_an_unknown_act_and_an_impossible_desk_do_nothing(kiosk: HallDevice, mai: Officer, client: Client) -> None:
    client.force_login(mai)

    unknown = client.post(reverse("hall_call", args=["xoa"]), {"form_key": "a" * 20})
    client.post(reverse("hall_desk"), {"desk": "0", "form_key": "b" * 20})

    assert unknown.status_code == 404
    assert "desk" not in client.session


def test_the_clerk_calls_a_result_from_its_page(
    screen: HallDevice, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, client: Client
) -> None:
    now = timezone.now()
    factories.shift(lan, lan.roles[0], starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    case = factories.case(khach, by=mai, at=now)
    factories.signed(case, handled_by=hung, by=lan, at=now)
    client.force_login(mai)

    page = client.get(reverse("give_out", args=[case.code])).content.decode()
    client.post(reverse("hall_call_case", args=[case.code]), {"form_key": "m" * 20})

    assert "Mời lên màn hình" in page
    assert case.code[-9:] in Client().get(of(screen, "hall_screen")).content.decode()


def test_the_administrator_adds_and_ends_machines(
    quoc_oai: Commune, kieu_phu: Commune, tri: Officer, client: Client
) -> None:
    client.force_login(tri)
    facts = {"kind": "kiosk", "counter": quoc_oai.counters.get().pk, "name": "cửa", "prints": "on"}

    strange = client.post(
        reverse("hall_devices"), facts | {"counter": kieu_phu.counters.get().pk, "form_key": "s" * 20}
    )
    added = client.post(reverse("hall_devices"), facts | {"form_key": "a" * 20}, follow=True)
    device = HallDevice.objects.get()
    client.post(reverse("end_hall_device", args=[device.pk]), {"form_key": "e" * 20})

    assert strange.status_code == 422
    assert of(device, "kiosk") in added.content.decode()
    assert HallDevice.objects.get().ended_at is not None
    assert of(device, "kiosk") not in client.get(reverse("hall_devices")).content.decode()


def test_a_number_is_tied_to_nobody() -> None:
    assert {field.name for field in QueueNumber._meta.get_fields() if field.is_relation} == {
        "commune",
        "counter",
        "called_by",
        "calls",
    }
