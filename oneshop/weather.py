"""What falls on every page alike: the headers of staff and public pages, and a plain page when the database is away."""

import logging
import secrets
import sys
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

log = logging.getLogger("oneshop")


class Weather:
    """Adds `no-store` and friends; turns a database that is away into one plain page that reloads by itself (R-12)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            response = self.get_response(request)
        except (OperationalError, InterfaceError) as error:
            response = database_away(request, error)
        if not request.path.startswith("/" + settings.STATIC_URL.lstrip("/")):
            response.headers.setdefault("Cache-Control", "no-store")
            response.headers.setdefault(
                "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"
            )
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationalError | InterfaceError):
            return database_away(request, error)
        return None


def database_away(request: HttpRequest, error: Exception) -> HttpResponse:
    """One plain page; what was only being read comes back by itself, what was sent waits for the sender's key."""
    headers = {"Retry-After": "5"} | ({"Refresh": "5"} if request.method == "GET" else {})
    return HttpResponse(render_to_string("503.html", {"code": _log(error)}), status=503, headers=headers)


def server_error(request: HttpRequest) -> HttpResponse:
    """The last resort: a page of its own, a code for the telephone, nothing of the inside (S-38). Asked while the
    error is on its way: one that is the database's, met before any view (session, officer), is told as such."""
    error = sys.exception()
    if isinstance(error, OperationalError | InterfaceError):
        return database_away(request, error)
    code = _log(None)
    return HttpResponse(render_to_string("500.html", {"code": code}), status=500)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What is too large says so; the rest is nobody's honest mistake."""
    if isinstance(exception, RequestDataTooBig):
        return HttpResponse(render_to_string("413.html"), status=413)
    return HttpResponse(render_to_string("400.html"), status=400)


class Brief(logging.Filter):
    """Pages refused or not found are one line in the log: their paths through Django would bury what really broke."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = None
        return True


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return HttpResponse(render_to_string("403.html", {"session_over": True}), status=403)


def _log(error: Exception | None) -> str:
    code = secrets.token_hex(3).upper()
    log.error("page error %s", code, exc_info=error or True)
    return code
