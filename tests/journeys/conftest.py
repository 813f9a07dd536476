"""A real server on a real database, and a real browser without a mouse."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from oneshop import walls
from oneshop.models import Commune
from oneshop.roles import Role
from tests import factories

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's driver keeps an event loop on this thread

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ALBUM = os.environ.get("ONESHOP_PICTURES")  # a folder: each step of a journey leaves its picture there


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = os.environ.get("ONESHOP_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def village(real_db: str) -> Commune:
    """Xã Quốc Oai with its cast, committed; the leader is on duty now, whenever now is."""
    commune = factories.commune()
    now = timezone.now()
    with walls.within(commune.pk):
        factories.usual_week(commune)
        factories.officer(commune, "mai", Role.CLERK, full_name="Nguyễn Thị Mai")
        factories.officer(commune, "hung", Role.SPECIALIST, full_name="Nguyễn Việt Hùng")
        factories.officer(commune, "tri", Role.ADMINISTRATOR, full_name="Lê Quang Trị")
        lan = factories.officer(
            commune, "lan", Role.SIGNER, full_name="Phùng Thị Lan", position="Chủ tịch UBND xã", signs_as="CHỦ TỊCH"
        )
        factories.shift(lan, Role.SIGNER, starts_at=now - timedelta(hours=8), ends_at=now + timedelta(hours=8))
        factories.citizen(commune)
    return commune


@pytest.fixture
def server(village: Commune, real_db: str) -> Iterator[str]:
    """The portal as it is served, on a free port of the loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "oneshop.wsgi",
            "-b",
            f"127.0.0.1:{port}",
            "-k",
            "gthread",
            "--threads",
            "4",
        ],
        env=os.environ | {"ONESHOP_DATABASE": real_db, "ONESHOP_BEHIND_TLS": "0", "ONESHOP_PUBLIC_ADDRESS": address},
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    for _ in range(150):
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    else:
        raise AssertionError(process.stderr.read().decode() if process.stderr else "no server")
    yield address
    os.killpg(process.pid, signal.SIGTERM)
    process.communicate(timeout=20)


class Visitor:
    """Someone at a screen with a keyboard; whatever breaks the browser's policy or writes to its console is kept."""

    def __init__(self, context: BrowserContext, server: str, name: str) -> None:
        self.context, self.server, self.name = context, server, name
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.keys = 0
        self._shots = 0
        self.page.on("console", lambda message: self._complain(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _complain(self, kind: str, text: str) -> None:
        # a form with errors answers 422 and the browser notes it; that is no fault
        if kind in ("error", "warning") and "422" not in text and "404" not in text:
            self.complaints.append(text)

    def open(self, path: str) -> None:
        self.page.goto(self.server + path)

    def _sees_the_page(self) -> None:
        """A person presses what is there; a key that comes before the page's scripts is nobody's."""
        self.page.wait_for_function("() => document.readyState === 'complete'")

    def press(self, *keys: str) -> None:
        self._sees_the_page()
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1

    def type(self, text: str) -> None:
        self._sees_the_page()
        self.page.keyboard.type(text, delay=40)  # a person; faster than 30 ms a key is a scanner
        self.keys += len(text)

    def scan(self, text: str) -> None:
        """What a scanner does: the whole text in a burst, then Enter."""
        self._sees_the_page()
        self.page.keyboard.type(text, delay=1)
        self.page.keyboard.press("Enter")

    def stands_on(self, field: str) -> None:
        """Wait until the focus is where a person would look before typing."""
        self.page.wait_for_function("name => document.activeElement?.name === name", arg=field)

    def sign_in(self, username: str) -> None:
        self.open("/dang-nhap")
        self.stands_on("username")
        self.type(username)
        self.press("Tab")
        self.stands_on("password")
        self.type(factories.PASSWORD)
        self.press("Enter")
        self.page.wait_for_url(lambda url: "dang-nhap" not in url)

    def picture(self, name: str) -> None:
        if ALBUM:
            self._shots += 1
            Path(ALBUM).mkdir(parents=True, exist_ok=True)
            before = list(self.complaints)
            self.page.screenshot(path=f"{ALBUM}/{self.name}-{self._shots:02}-{name}.png")
            self.page.wait_for_timeout(50)
            self.complaints = before  # the camera hides the caret with a style of its own

    def has_no_barrier(self) -> None:
        """No violation of WCAG 2.2 AA that a machine can find on the page as it stands."""
        before = list(self.complaints)
        found = Axe().run(self.page, options={"preload": False})
        self.page.wait_for_timeout(50)  # what the checker caused has arrived by now
        self.complaints = before  # the checker itself styles what it measures; that is not the page's doing
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"
        homeless = self.page.eval_on_selector_all(
            "button[type=submit]", "all => all.filter(one => !one.form).map(one => one.textContent)"
        )
        assert homeless == [], "a form within a form ends the outer one; what follows sends nothing"


@pytest.fixture
def visitor(browser: Browser, server: str) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors; at the end none of them may have complained."""
    met: list[Visitor] = []

    def make(name: str = "clerk", *, width: int = 1366, height: int = 768, scripts: bool = True) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=scripts, locale="vi-VN"
        )
        met.append(Visitor(context, server, name))
        return met[-1]

    yield make
    complaints = [complaint for one in met for complaint in one.complaints]
    for one in met:
        one.context.close()
    assert complaints == []
