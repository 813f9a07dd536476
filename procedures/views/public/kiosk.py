"""The machines of the hall: the screen that calls, the kiosk that gives numbers, the page of a number on a telephone.

Whoever has the address of a machine is that machine: nobody signs in, no person is shown, nothing is kept between one
citizen and the next. A POST is exempt from the CSRF token because a stranger's page cannot know the address.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from oneshop import roster, walls
from oneshop.roles import Role
from procedures import hall
from procedures.checking.public_link import number_link, token_of_link
from procedures.hall import noticeboard
from procedures.models import Call, Case, HallDevice, QueueNumber
from procedures.papers import qr
from procedures.signing import signers
from procedures.states import State
from procedures.views.public.doors import counted, quiet
from procedures.views.public.public import commune_of, missing, progress_of, token_or_none

CALLS, DUE = 4, 6
"""Lines of the screen: as many as letters of 32 mm leave room for on 43 inches (U-30)."""

SHORT = len("1123-0012")

P = ParamSpec("P")
View = Callable[..., HttpResponse]


def for_device(
    kind: HallDevice.Kind,
) -> Callable[[Callable[Concatenate[HttpRequest, HallDevice, P], HttpResponse]], View]:
    """Open a view to one machine, inside its commune's walls; a wrong or ended address is counted like any guess."""

    def locked(view: Callable[Concatenate[HttpRequest, HallDevice, P], HttpResponse]) -> View:
        @wraps(view)
        def opened(
            request: HttpRequest, commune_code: str, device_token: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            commune, token = commune_of(commune_code), token_or_none(device_token)
            with walls.within(commune.pk if commune else None):
                device = hall.device_of(kind, commune.pk if commune else 0, token)
                if device is None:
                    return counted(missing)(request)
                return quiet(view(request, device, *args, **kwargs))

        return csrf_exempt(login_not_required(opened))

    return locked


# --- the screen ---
@for_device(HallDevice.Kind.SCREEN)
@require_GET
def hall_screen(request: HttpRequest, device: HallDevice) -> HttpResponse:
    """Who is called where, what is due when, who is on duty. htmx asks for the lines alone."""
    now = timezone.now()
    waiting = hall.waiting_at(device.counter, at=now)
    page = {
        "device": device,
        "now": timezone.localtime(now),
        "calls": [_shown_call(call) for call in hall.on_screen(device.counter, rows=CALLS, at=now)],
        "due": [
            {
                "code": short_code(case),
                "when": f"{timezone.localtime(case.due_at):%H:%M}",
                "is_ready": case.where == State.SIGNED,
                "is_late": case.where != State.SIGNED and case.due_at < now,
            }
            for case in hall.due_board(device.counter, rows=DUE, at=now)
        ],
        "waiting": waiting.count,
        "leaders": [leader.name for leader in signers.leaders_on_duty(device.commune_id, at=now)],
        "clerks": [officer.full_name for officer in roster.on_duty(device.commune_id, Role.CLERK, at=now)[:3]],
    }
    return render(request, "kiosk/screen.html#hall" if request.htmx else "kiosk/screen.html", page)  # type: ignore[attr-defined]


def _shown_call(call: Call) -> dict[str, Any]:
    if call.number is not None:
        return {"what": "Số", "code": str(call.number.number), "desk": call.desk}
    assert call.case is not None, "a call is for a number or a case"
    return {"what": "Hồ sơ", "code": short_code(call.case), "desk": call.desk}


def short_code(case: Case) -> str:
    """`1123-0012`: the end of the code as it stands on the slip, month, day and number."""
    return case.code[-SHORT:]


# --- the kiosk ---
@for_device(HallDevice.Kind.KIOSK)
@require_http_methods(["GET", "POST"])
def kiosk(request: HttpRequest, device: HallDevice) -> HttpResponse:
    """Choose what one comes for, take a number; or lay the slip under the scanner."""
    now = timezone.now()
    trouble = ""
    if request.method == "POST":
        key = request.POST.get("key", "")
        try:
            if not 16 <= len(key) <= 40:
                raise ValueError(key)
            number = hall.draw(device, request.POST.get("wish", ""), key=key, at=now)
        except hall.HallRefused as refused:
            trouble = refused.sentence
        except ValueError:
            trouble = "Chưa chọn được. Mời ông/bà chọn lại."
        else:
            return redirect("kiosk_number", device.commune.code, device.token, number.token)
    page = {
        "device": device,
        "wishes": hall.wishes(device.commune_id, timezone.localdate(now)),
        "key": secrets.token_urlsafe(16),
        "closed": hall.why_closed(device.commune_id, at=now),
        "hours": noticeboard.week_of(device.commune, timezone.localdate(now)),
        "trouble": trouble,
        "home_href": _home(device),
        "case_href": reverse("kiosk_case", args=[device.commune.code, device.token]),
    }
    return render(request, "kiosk/start.html", page, status=422 if trouble else 200)


@for_device(HallDevice.Kind.KIOSK)
@require_GET
def kiosk_number(request: HttpRequest, device: HallDevice, token: str) -> HttpResponse:
    """The number, large; its slip where the kiosk prints; its page to take along on a telephone."""
    number = QueueNumber.objects.filter(
        commune=device.commune_id, token=token_or_none(token), on=timezone.localdate()
    ).first()
    if number is None:
        return missing(request)
    link = number_link(device.commune.code, number.token)
    page = {
        "device": device,
        "home_href": _home(device),
        "number": number,
        "wish": hall.words_of(number.wish),
        "ahead": hall.ahead_of(number),
        "qr_svg": qr.svg(link, "Mã xem lượt trên điện thoại"),
        "at": timezone.localtime(number.at),
    }
    return render(request, "kiosk/number.html", page)


@for_device(HallDevice.Kind.KIOSK)
@require_POST
def kiosk_case(request: HttpRequest, device: HallDevice) -> HttpResponse:
    """How far the case of the scanned slip is. Counted: whoever stands here may also type."""
    return counted(_kiosk_case)(request, device)


def _kiosk_case(request: HttpRequest, device: HallDevice) -> HttpResponse:
    found = token_of_link(request.POST.get("link", "")[:300])
    commune = commune_of(found[0]) if found else None
    progress = None
    if found and commune:
        with walls.within(commune.pk):
            case = Case.objects.here(commune.pk).select_related("counter").filter(token=token_or_none(found[1])).first()
            progress = progress_of(case, now=timezone.now()) if case and case.is_shown(at=timezone.now()) else None
    page = {"device": device, "home_href": _home(device), "progress": progress}
    return render(request, "kiosk/case.html", page, status=200 if progress else 404)


def _home(device: HallDevice) -> str:
    return reverse("kiosk", args=[device.commune.code, device.token])


# --- on the telephone ---
@login_not_required
@require_GET
@counted
def queue_number(request: HttpRequest, commune_code: str, token: str) -> HttpResponse:
    """How many are called before this number, or which desk it is called to; lives until midnight."""
    commune, clean = commune_of(commune_code), token_or_none(token)
    with walls.within(commune.pk if commune else None):
        here = QueueNumber.objects.filter(commune=commune, on=timezone.localdate()).select_related("counter")
        number = here.filter(token=clean).first() if commune else None
        if number is None:
            return missing(request)
        call = number.calls.first()
        page = {
            "number": number,
            "place": number.counter.name,
            "ahead": hall.ahead_of(number) if not number.called_at else 0,
            "desk": call.desk if call and not number.ended_at else 0,
        }
        return quiet(render(request, "public/number.html", page))
