"""From the kiosk to the desk that calls and the screen that shows: letters as for people five metres off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from oneshop import walls
from oneshop.models import CalendarChange, Commune, Officer
from procedures import hall, workflow
from procedures.checking.public_link import status_link
from procedures.models import Case, HallDevice
from tests import factories
from tests.journeys.conftest import Visitor

INCHES_43 = 535.0
"""Height of a 43 inch picture in millimetres."""

CAP_HEIGHT = """element => {
  const style = getComputedStyle(element), canvas = document.createElement("canvas").getContext("2d");
  canvas.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  return canvas.measureText("H").actualBoundingBoxAscent / innerHeight;
}"""

CONTRAST = """element => {
  const linear = (value) => ((value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number);
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  };
  let behind = element;
  while (getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
  const [a, b] = [light(getComputedStyle(element).color), light(getComputedStyle(behind).backgroundColor)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""


@pytest.fixture
def machines(village: Commune) -> dict[str, HallDevice]:
    """A screen and a kiosk; the counter is open whenever now is."""
    now = timezone.now()
    with walls.within(village.pk):
        tri = Officer.objects.get(username="tri")
        CalendarChange.objects.create(
            commune=village,
            on=timezone.localdate(),
            kind="extra",
            opens="00:00",
            closes="23:59:59",
            reason="thử",
            document="thử",
            by=tri,
            at=now,
        )
        counter = village.counters.get()
        return {
            kind: hall.add_device(HallDevice.Kind(kind), counter, "sảnh", by=tri, at=now)
            for kind in ("screen", "kiosk")
        }


def path_of(device: HallDevice) -> str:
    return f"/{'sanh' if device.kind == 'screen' else 'ki-ot'}/{device.commune.code}/{device.token}"


def opened(visitor: Visitor, path: str) -> None:
    visitor.page.goto(visitor.server + path)


def test_a_number_is_drawn_called_with_one_key_and_shown(
    visitor: Callable[..., Visitor], village: Commune, machines: dict[str, HallDevice]
) -> None:
    citizen = visitor("kiosk", width=1280, height=1024)
    opened(citizen, path_of(machines["kiosk"]))
    citizen.picture("start")
    citizen.has_no_barrier()
    small = citizen.page.eval_on_selector_all(
        "button, input:not([type=hidden]), a",
        "all => all.filter(one => !one.closest('[hidden]')).filter(one => { const box = one.getBoundingClientRect();"
        " return box.width < 60 || box.height < 60 }).map(one => one.outerHTML)",
    )
    citizen.page.get_by_role("button", name="Đăng ký khai tử").click()
    citizen.page.wait_for_url("**/so/*")
    citizen.picture("number")
    citizen.has_no_barrier()

    mai = visitor("mai")
    mai.sign_in("mai")
    mai.picture("desk")
    mai.has_no_barrier()
    mai.press("F2")
    mai.page.get_by_text("Mời số 1 đến bàn 1.").wait_for()
    mai.picture("called")
    mai.has_no_barrier()

    wall = visitor("screen", width=1920, height=1080)
    opened(wall, path_of(machines["screen"]))
    wall.picture("screen")
    wall.has_no_barrier()

    assert small == [], "U-31"
    assert wall.page.locator(".hall-call strong").first.inner_text() == "1"
    assert citizen.page.locator("h1 strong").inner_text() == "1"


def test_the_screen_is_read_from_five_metres_and_refreshes_itself(
    visitor: Callable[..., Visitor], village: Commune, machines: dict[str, HallDevice]
) -> None:
    now = timezone.now()
    with walls.within(village.pk):
        mai, hung, lan = (Officer.objects.get(username=name) for name in ("mai", "hung", "lan"))
        for n in range(6):
            person = factories.citizen(village, f"00119200002{n}", "Trần Thị Thử")
            case = factories.case(person, by=mai, at=now - timedelta(minutes=n))
            if n < 2:
                workflow.submit(case, by=hung, at=now)
            if n == 0:
                workflow.sign(case, by=lan, at=now, seen=factories.seen(case, lan, now))
        Case.objects.update(due_at=now)
        ready = Case.objects.get(state="signed")
        for _ in range(4):
            number = hall.draw(machines["kiosk"], "other", key=factories.PASSWORD + str(_), at=now)
        hall.call_case(ready, desk=12, by=mai, at=now)
    wall = visitor("wall", width=1920, height=1080)
    opened(wall, path_of(machines["screen"]))
    with walls.within(village.pk):
        hall.call_next(machines["screen"].counter, desk=2, by=mai, at=timezone.now())
    wall.page.locator(".hall-call").nth(1).wait_for(timeout=9000)
    wall.picture("screen")
    wall.has_no_barrier()

    heights = {
        where: wall.page.locator(where).first.evaluate(CAP_HEIGHT) * INCHES_43
        for where in (".hall-call strong", ".hall-desk", ".hall-line strong", ".hall-line span", ".hall-foot p")
    }
    contrasts = [
        element.evaluate(CONTRAST) for element in wall.page.locator("main :is(h1, h2, strong, span, p, time)").all()
    ]
    wider = wall.page.eval_on_selector_all(
        ".hall-call, .hall-line, .hall-head", "all => all.filter(one => one.scrollWidth > one.clientWidth).length"
    )

    assert heights[".hall-call strong"] >= 32
    assert min(heights.values()) >= 23
    assert min(contrasts) >= 7
    assert wider == 0, "no line is cut off"
    assert wall.page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert number.number == 4


def test_the_kiosk_reads_a_slip_and_forgets_it_after_half_a_minute(
    visitor: Callable[..., Visitor], village: Commune, machines: dict[str, HallDevice]
) -> None:
    with walls.within(village.pk):
        mai = Officer.objects.get(username="mai")
        case = factories.case(factories.citizen(village, "001192000031"), by=mai, at=timezone.now())
    citizen = visitor("slip", width=1280, height=1024)
    home = path_of(machines["kiosk"])
    opened(citizen, home)
    citizen.page.clock.install()
    opened(citizen, home)
    citizen.type(status_link("09895", case.token))
    citizen.press("Enter")
    citizen.page.get_by_text("Hồ sơ đã được tiếp nhận.").wait_for()
    citizen.picture("case")
    citizen.has_no_barrier()

    citizen.page.clock.fast_forward(19_000)
    silent = citizen.page.locator("#idle").is_hidden()
    citizen.page.clock.run_for(3_000)
    citizen.page.locator("#idle").wait_for()
    citizen.picture("warned")
    citizen.press("Shift")
    citizen.page.clock.run_for(3_000)
    stays = citizen.page.locator("#idle").is_hidden()
    citizen.page.clock.run_for(31_000)
    citizen.page.wait_for_url(f"**{home}")

    assert (silent, stays) == (True, True)
    assert citizen.page.locator("#link").input_value() == ""


def test_without_script_numbers_are_drawn_and_slips_are_read(
    visitor: Callable[..., Visitor], village: Commune, machines: dict[str, HallDevice]
) -> None:
    citizen = visitor("plain", width=1280, height=1024, scripts=False)
    opened(citizen, path_of(machines["kiosk"]))
    citizen.page.get_by_role("button", name="Nhận kết quả").click()
    citizen.page.wait_for_url("**/so/*")

    phone = visitor("phone", width=360, height=740, scripts=False)
    with walls.within(village.pk):
        token = hall.QueueNumber.objects.get().token
    opened(phone, f"/S/09895/{token}")
    phone.picture("turn")

    assert "người tiếp theo" in phone.page.locator("h1").inner_text()
