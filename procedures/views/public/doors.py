"""What all public pages share: they leave no trail, and those that look something up are counted."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from oneshop.hosts import origin_of
from procedures.checking import knocks


def quiet(response: HttpResponse) -> HttpResponse:
    """No trail: not in caches, not in search engines, not in the next page's referrer (S-32)."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django would write the address, and a token stands in it
    return response


def counted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Every look-up counts; over the cap it is asked to wait, whatever it wanted (S-33)."""

    @wraps(view)
    def knocked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if wait := knocks.wait_after(origin_of(request), at=timezone.now()):
            response = quiet(render(request, "public/busy.html", {"seconds": wait}, status=429))
            response["Retry-After"] = str(wait)
            return response
        return view(request, *args, **kwargs)

    return knocked
