"""The keys of the doors: who may open a view, on whose side of the walls it works, and that no form acts twice."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from oneshop import audit, walls
from oneshop.models import FormKey, Officer, officers_commune
from oneshop.roles import DeskRequest, Role

P = ParamSpec("P")
View = Callable[..., HttpResponse]

FACTOR_LASTS = timedelta(minutes=5)
_UNLOCKED = "unlocked"
_NOT_OF_THE_FORM = {"csrfmiddlewaretoken", "form_key", "password", "pin", "old", "new", "new_password"}
"""Nothing secret goes into a digest that is kept: a PIN of six digits would be found from it in a moment."""


class OfficerBackend(BaseBackend):
    """Finds the officer behind a name or a session. The walls let a row be seen only by who names it exactly."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> Officer | None:
        if username is None or password is None:
            return None
        with walls.within(None, login=username):
            officer = Officer.objects.select_related("commune", "counter").filter(username=username).first()
        if officer is None:
            Officer().set_password(password)  # an unknown name takes as long as a wrong password (S-10)
            return None
        return officer if officer.check_password(password) and officer.is_active else None

    def get_user(self, user_id: int) -> Officer | None:
        with walls.within(None, officer_id=user_id):
            officer = Officer.objects.select_related("commune", "counter").filter(pk=user_id).first()
        return officer if officer is not None and officer.is_active else None


class SignInFirst(LoginRequiredMiddleware):
    """To the door, and back to the page that one was on: a list that refreshes itself sends its whole page there, and
    a form that was sent after the session had ended is opened again, not sent again."""

    def handle_no_permission(self, request: HttpRequest, view_func: object) -> HttpResponse:  # type: ignore[override]
        htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
        wanted = request.get_full_path()
        if htmx:
            wanted = htmx.current_url_abs_path or "/"
        elif request.method != "GET":
            came_from = urlsplit(request.headers.get("Referer", ""))
            wanted = came_from.path if came_from.netloc == request.get_host() else "/"
        had_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        door = f"{reverse('sign_in')}?{urlencode({'next': wanted} | ({'ended': 1} if had_session else {}))}"
        return HttpResponseClientRedirect(door) if htmx else redirect(door)


def only(*roles: Role, asks: bool = False) -> Callable[[Callable[Concatenate[DeskRequest, P], HttpResponse]], View]:
    """Open a view to these roles, inside the walls of the officer's commune, in one transaction.

    A POST must carry a form key and answer with a redirect; sent again with the same key it gets the same answer,
    with another body 422 (R-02, F-11, F-12). `asks`: the POST only asks (a search whose words must not stand in an
    address), so it may be sent as often as one likes.
    """

    def locked(view: Callable[Concatenate[DeskRequest, P], HttpResponse]) -> View:
        @wraps(view)
        def opened(request: DeskRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            officer = request.user
            if not any(officer.is_(role) for role in roles):
                raise PermissionDenied
            with officers_commune(officer):
                if request.method != "POST" or asks:
                    return view(request, *args, **kwargs)
                return _once(request, lambda: view(request, *args, **kwargs))

        opened.opens_to = roles  # type: ignore[attr-defined]
        return opened

    return locked


def keep_unlocked(request: DeskRequest, *, at: datetime) -> None:
    """Remember that who signs has just been asked."""
    request.session[_UNLOCKED] = [request.user.pk, at.timestamp()]


def is_unlocked(request: DeskRequest, *, at: datetime) -> bool:
    """Whether the last factor of this officer in this session is no older than five minutes (S-07)."""
    officer, when = request.session.get(_UNLOCKED, (0, 0.0))
    return bool(officer == request.user.pk and 0 <= at.timestamp() - when <= FACTOR_LASTS.total_seconds())


def new_form_key() -> str:
    return secrets.token_urlsafe(16)


def _once(request: DeskRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    key = request.POST.get("form_key", "")
    if not 16 <= len(key) <= 40:
        return render(request, "400.html", status=400)
    digest = _digest(request)
    with connection.cursor() as cursor:
        # Waits for a twin that is still at work; sees its answer, or does the work itself if the twin failed.
        cursor.execute(
            "INSERT INTO oneshop_formkey (commune_id, officer_id, key, digest, at) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT (officer_id, key) DO NOTHING",
            [request.user.commune_id, request.user.pk, key, digest, timezone.now()],
        )
        is_first = cursor.rowcount == 1
    if not is_first:
        before = FormKey.objects.get(officer=request.user, key=key)
        if before.digest != digest or before.answer is None:
            now = timezone.now()
            audit.record("resent", "form", request.path, by=request.user, at=now, why="cùng khóa, nội dung khác")
            return render(request, "422.html", status=422)
        return HttpResponseRedirect(before.answer["location"])
    response = act()
    mine = FormKey.objects.filter(officer=request.user, key=key)
    if response.status_code >= 400:
        mine.delete()
        return response
    mine.update(answer={"location": response["Location"]})
    return response


def _digest(request: HttpRequest) -> str:
    body = sorted((name, values) for name, values in request.POST.lists() if name not in _NOT_OF_THE_FORM)
    return hashlib.sha256(repr((request.path, body)).encode()).hexdigest()
