"""Two hosts: the public one answers public addresses only, the staff's only from the office (S-34)."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import resolve, reverse

STAFF_DOORS = frozenset({"sign_in"})
"""Open to whoever is not signed in yet, and still no public page."""


class Hosts:
    """Without ONESHOP_PUBLIC_HOSTS one host serves everything; without networks staff come from anywhere.

    What a host does not serve looks like an address that does not exist.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.is_public_host = is_public_host(request)  # type: ignore[attr-defined]
        if request.path_info.startswith("/" + settings.STATIC_URL.lstrip("/")) or _is_for_everyone(request):
            return self.get_response(request)
        if is_public_host(request):
            if request.path_info == "/":
                return HttpResponseRedirect(reverse("public_home"))
            return _nowhere()
        if settings.STAFF_NETWORKS and not _comes_from_the_office(request):
            return _nowhere()
        return self.get_response(request)


def is_public_host(request: HttpRequest) -> bool:
    host = request.get_host().rsplit(":", 1)[0].lower()
    return host in settings.PUBLIC_HOSTS


def is_public(view: Any) -> bool:
    """Whether a view opens without a sign-in."""
    return not getattr(view, "login_required", True)


def origin_of(request: HttpRequest) -> str:
    """The address asked from; behind a proxy of ours, the one that the proxy itself saw last."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.TRUSTS_PROXY else ""
    return str(forwarded.split(",")[-1].strip() or request.META.get("REMOTE_ADDR", ""))


def _is_for_everyone(request: HttpRequest) -> bool:
    try:
        found = resolve(request.path_info)
    except Http404:
        return False
    return is_public(found.func) and found.url_name not in STAFF_DOORS


def _comes_from_the_office(request: HttpRequest) -> bool:
    try:
        address = ipaddress.ip_address(origin_of(request))
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network) for network in settings.STAFF_NETWORKS)


def _nowhere() -> HttpResponse:
    return HttpResponse(render_to_string("public/missing.html"), status=404)
