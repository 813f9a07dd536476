"""What falls on every page alike: headers, error pages that say nothing of the inside, a database that is away."""

from __future__ import annotations

import logging
import re
from datetime import datetime

import pytest
from django.db import OperationalError
from django.test import Client, override_settings
from django.urls import path, reverse

from citizens.models import Citizen
from oneshop import urls
from oneshop.keys import new_form_key
from oneshop.models import Officer
from oneshop.weather import Brief, Weather
from procedures.boards import tally_of
from tests import factories

INSIDE = re.compile(r"Traceback|site-packages|\.py\b|SELECT |django|psycopg|/work|line \d+", re.IGNORECASE)


def breaks(request: object) -> None:
    raise RuntimeError("SELECT secret FROM somewhere")


breaks.login_required = False  # type: ignore[attr-defined]
urlpatterns = [*urls.urlpatterns, path("gay-loi", breaks)]
handler500 = urls.handler500


@pytest.fixture
def desk(client: Client, mai: Officer) -> Client:
    client.force_login(mai)
    return client


def policy(response: object) -> dict[str, str]:
    parts = response["Content-Security-Policy"].split(";")  # type: ignore[index]
    return {part.split()[0]: " ".join(part.split()[1:]) for part in parts if part.split()}


@pytest.mark.parametrize("where", ["/quay", "/tra", "/tro-giup", "/khong-co-trang-nay", "/thu-tuc", "/ky", "/can-bo"])
def test_every_page_keeps_to_the_policy(desk: Client, where: str) -> None:
    response = desk.get(where)

    said = policy(response)
    assert said["default-src"] == "'none'"
    assert said["style-src"] == "'self'"
    assert said["frame-ancestors"] == said["base-uri"] == said["object-src"] == "'none'"
    assert "unsafe" not in response["Content-Security-Policy"]
    assert re.fullmatch(r"('nonce-[\w+/=-]{20,}')?", said["script-src"])
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


def test_each_answer_has_a_nonce_of_its_own(desk: Client) -> None:
    nonces = {policy(desk.get("/quay"))["script-src"] for _ in range(3)}

    assert len(nonces) == 3


def test_the_nonce_of_the_page_is_the_nonce_of_the_policy(desk: Client) -> None:
    response = desk.get("/quay")

    used = set(re.findall(r'<script[^>]* nonce="([^"]+)"', response.content.decode()))
    assert {f"'nonce-{nonce}'" for nonce in used} == {policy(response)["script-src"]}


def test_a_paper_may_be_framed_by_our_own_pages_only(desk: Client, mai: Officer, khach: Citizen, at: datetime) -> None:
    from procedures import workflow

    case = factories.case(khach, by=mai, at=at)
    workflow.issue_receipt(case, by=mai, at=at)

    pressed = reverse("print_paper", args=[case.code, "slip", case.slips.get(kind="receipt").pk])
    response = desk.post(pressed, {"form_key": new_form_key()}, follow=True)

    assert policy(response)["frame-ancestors"] == "'self'"
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_an_unknown_page_says_what_to_do_and_nothing_of_the_inside(desk: Client) -> None:
    response = desk.get("/khong-co")

    assert response.status_code == 404
    assert "Không tìm thấy trang này" in response.content.decode()
    assert not INSIDE.search(response.content.decode())


@override_settings(ROOT_URLCONF=__name__)
def test_a_page_that_breaks_gives_a_code_and_nothing_of_the_inside(client: Client, db: None) -> None:
    client.raise_request_exception = False

    response = client.get("/gay-loi")

    page = response.content.decode()
    assert response.status_code == 500
    assert re.search(r"\b[0-9A-F]{6}\b", page)
    assert not INSIDE.search(page)


def test_a_form_from_elsewhere_is_refused_in_vietnamese(mai: Officer) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(mai)

    response = strict.post("/dang-xuat")

    assert response.status_code == 403
    assert "Phiên làm việc đã hết" in response.content.decode()


@pytest.mark.parametrize(("method", "refresh"), [("get", "5"), ("post", None)])
def test_a_database_that_is_away_is_one_plain_page_that_comes_back_by_itself(
    desk: Client, monkeypatch: pytest.MonkeyPatch, method: str, refresh: str | None
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError('connection to server at "10.0.0.9" failed: SELECT 1')

    monkeypatch.setattr("procedures.views.desks.reception.tally_of", away)
    monkeypatch.setattr("citizens.views.people.identity_card.read", away)

    response = desk.get("/quay") if method == "get" else desk.post(reverse("scan"), {"text": "x"})

    page = response.content.decode()
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert response.headers.get("Refresh") == refresh
    assert "Chữ đã gõ" in page
    assert "10.0.0.9" not in page
    assert not INSIDE.search(page)


def test_a_form_beyond_all_measure_says_so(desk: Client, settings: object) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000  # type: ignore[attr-defined]

    response = desk.post(reverse("scan"), {"text": "x" * 2000})

    assert response.status_code == 413
    assert "quá lớn" in response.content.decode()


def test_what_is_not_found_is_one_line_in_the_log_and_what_broke_its_whole_way() -> None:
    def record(status: int) -> logging.LogRecord:
        made = logging.LogRecord("django.request", logging.WARNING, "", 0, "x", None, (ValueError, ValueError(), None))
        made.status_code = status  # type: ignore[attr-defined]
        Brief().filter(made)
        return made

    assert (record(404).exc_info, record(403).exc_info) == (None, None)
    assert record(500).exc_info


@pytest.mark.parametrize(
    "where", ["django.contrib.sessions.backends.db.SessionStore.load", "oneshop.keys.OfficerBackend.get_user"]
)
def test_a_database_away_while_the_session_is_read_is_the_same_page(
    desk: Client, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError('connection to server at "10.0.0.9" failed')

    monkeypatch.setattr(where, away)
    desk.raise_request_exception = False

    response = desk.get("/quay")

    assert (response.status_code, response.headers.get("Refresh")) == (503, "5")
    assert "10.0.0.9" not in response.content.decode()


def test_it_is_back_with_the_database(desk: Client) -> None:
    assert tally_of.__module__ == "procedures.boards"
    assert desk.get("/quay").status_code == 200


def test_a_database_away_before_any_view_is_the_same_page(rf: object) -> None:
    def away(_: object) -> None:
        raise OperationalError("gone")

    response = Weather(away)(rf.get("/quay"))  # type: ignore[arg-type,attr-defined]

    assert response.status_code == 503


@pytest.mark.parametrize(
    ("file", "kind"),
    [("css/desk.css", "text/css"), ("js/once.js", "text/javascript"), ("vendor/icons.svg", "image/svg+xml")],
)
def test_static_files_are_served_with_their_type(client: Client, file: str, kind: str) -> None:
    response = client.get(f"/static/{file}")

    assert response.status_code == 200
    assert response["Content-Type"].startswith(kind)
    b"".join(response.streaming_content)  # type: ignore[arg-type]


def test_a_desk_page_is_sent_small(desk: Client) -> None:
    whole = len(desk.get("/quay").content)

    packed = len(desk.get("/quay", headers={"Accept-Encoding": "gzip"}).content)

    assert packed < whole / 2
    assert packed < 15_000
