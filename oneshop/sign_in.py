"""The one door: name and password, slow for guessers, never locking an office out (S-10)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from oneshop import audit, walls
from oneshop.bar import first_room
from oneshop.hosts import origin_of
from oneshop.keys import only
from oneshop.models import Entry, Officer
from oneshop.roles import DeskRequest, Role

TRIES = 5
TRIES_WINDOW = timedelta(minutes=15)
WRONG = "Tên đăng nhập hoặc mật khẩu không đúng."
SLOW = "Đã nhập sai nhiều lần từ máy này. Đợi 15 phút, hoặc nhờ quản trị đặt lại mật khẩu."


class SignInForm(forms.Form):
    username = forms.CharField(
        label="Tên đăng nhập",
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label="Mật khẩu",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@sensitive_post_parameters("password")
@login_not_required
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Who comes in, comes in here. A wrong name and a wrong password look and last the same."""
    if isinstance(request.user, Officer):
        return redirect("home")
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        username, now = form.cleaned_data["username"].strip().lower(), timezone.now()
        if _tried_too_often(username, request, now):
            form.add_error(None, SLOW)
        else:
            officer = authenticate(request, username=username, password=form.cleaned_data["password"])
            if isinstance(officer, Officer):
                login(request, officer)
                with walls.within(officer.commune_id, reads_all=officer.commune_id is None):
                    audit.record("sign_in", "officer", officer.pk, by=officer, at=now, origin=origin_of(request))
                return redirect(_next(request))
            with walls.within(None, reads_all=True):
                audit.record("sign_in_failed", "login", username, by=None, at=now, origin=origin_of(request))
            form.add_error(None, WRONG)
    status = 422 if form.is_bound else 200
    page = {"form": form, "next": _next(request), "has_ended": request.method == "GET" and "ended" in request.GET}
    return render(request, "sign_in.html", page, status=status)


def _tried_too_often(username: str, request: HttpRequest, now: datetime) -> bool:
    """Per name and address: a guesser at one machine stops nobody at another."""
    with walls.within(None, reads_all=True):
        tries = Entry.objects.filter(
            commune=None,
            kind="login",
            key=username,
            act="sign_in_failed",
            origin=origin_of(request),
            at__gt=now - TRIES_WINDOW,
        ).count()
    return tries >= TRIES


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()) else "/"


@require_POST
@only(*Role, asks=True)
def sign_out(request: DeskRequest) -> HttpResponse:
    """Leave nothing on the counter's machine (S-14)."""
    audit.record("sign_out", "officer", request.user.pk, by=request.user, at=timezone.now())
    logout(request)
    response = redirect("sign_in")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_GET
@only(*Role)
def home(request: DeskRequest) -> HttpResponse:
    """To the first room of the officer's roles."""
    return redirect(first_room(request.user))


@require_GET
@only(*Role)
def help_page(request: DeskRequest) -> HttpResponse:
    """The keys and what to do when something does not work."""
    return render(request, "help.html")
