"""The one door: name and password, slow for guessers, never locking an office out (S-10)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.db.models import Count, Q
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
FROM_ONE_PLACE = 30  # wrong tries a minute from one address, whatever the names
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
                return redirect("own_password" if officer.password_is_given else _next(request))
            with walls.within(None, reads_all=True):
                audit.record("sign_in_failed", "login", username, by=None, at=now, origin=origin_of(request))
            form.add_error(None, WRONG)
    status = 422 if form.is_bound else 200
    page = {"form": form, "next": _next(request), "has_ended": request.method == "GET" and "ended" in request.GET}
    return render(request, "sign_in.html", page, status=status)


def _tried_too_often(username: str, request: HttpRequest, now: datetime) -> bool:
    """Per name and address, and per address over all names: a guesser at one machine stops nobody at another."""
    with walls.within(None, reads_all=True):
        from_here = Entry.objects.filter(
            commune=None, kind="login", act="sign_in_failed", origin=origin_of(request), at__gt=now - TRIES_WINDOW
        )
        tries = from_here.aggregate(
            of_name=Count("pk", filter=Q(key=username)),
            last_minute=Count("pk", filter=Q(at__gt=now - timedelta(minutes=1))),
        )
    return bool(tries["of_name"] >= TRIES or tries["last_minute"] >= FROM_ONE_PLACE)


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()) else "/"


class OwnPasswordForm(forms.Form):
    old = forms.CharField(
        label="Mật khẩu đang dùng",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
        error_messages={"required": "Nhập mật khẩu đang dùng."},
    )
    new = forms.CharField(
        label="Mật khẩu mới",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Ít nhất 12 ký tự, không chỉ ghép tên người, tên xã và chữ số.",
        error_messages={"required": "Nhập mật khẩu mới."},
    )

    def __init__(self, *args: Any, officer: Officer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.officer = officer

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.officer.check_password(old):
            raise forms.ValidationError("Mật khẩu đang dùng không đúng.")
        return old

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        if new == self.data.get("old"):
            raise forms.ValidationError("Mật khẩu mới phải khác mật khẩu đang dùng.")
        validate_password(new, self.officer)
        return new


@sensitive_post_parameters("old", "new")
@require_http_methods(["GET", "POST"])
@only(*Role)
def own_password(request: DeskRequest) -> HttpResponse:
    """Everyone's password is one's own: what an administrator has given opens the door and signs nothing (S-50)."""
    officer = request.user
    form = OwnPasswordForm(request.POST or None, officer=officer)
    if request.method == "POST" and form.is_valid():
        officer.set_password(form.cleaned_data["new"])
        officer.password_is_given = False
        officer.save(update_fields=["password", "password_is_given"])
        update_session_auth_hash(request, officer)  # the other sessions end
        audit.record("change", "officer", officer.pk, by=officer, at=timezone.now(), why="tự đổi mật khẩu")
        messages.success(request, "Đã đổi mật khẩu. Các máy khác đã đăng nhập bằng mật khẩu cũ phải đăng nhập lại.")
        return redirect("home")
    page = {"form": form, "is_given": officer.password_is_given}
    return render(request, "staff/own_password.html", page, status=422 if form.is_bound else 200)


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
