"""A citizen says how it was: from the slip's page on a telephone, or on the tablet at the counter. Nobody is named."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from oneshop import walls
from procedures.hall import feedback
from procedures.hall.feedback import MARKS, QUESTIONS, TRIPS
from procedures.models import Case, HallDevice
from procedures.views.public.doors import counted, quiet
from procedures.views.public.kiosk import for_device
from procedures.views.public.public import commune_of, missing, token_or_none

SOON, IDLE = 8, 5
"""Seconds: the thanks stay so long on the tablet, and it looks so often for the next citizen."""


class RatingForm(forms.Form):
    """Five questions; the first must be answered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in QUESTIONS.items():
            self.fields[name] = forms.TypedChoiceField(
                label=words,
                choices=TRIPS if name == "trips" else MARKS,
                coerce=int,
                empty_value=None,
                required=name == "overall",
                widget=forms.RadioSelect,
                error_messages={"required": "Chọn một mức hài lòng."},
            )
        self.fields["comment"] = forms.CharField(
            label="Ý kiến khác", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
        )
        self.fields["comment"].help_text = "Xin đừng ghi tên, số định danh của ai."


@csrf_exempt  # under `no-referrer` a browser sends its form with the origin "null"; the token in the address is the key
@login_not_required
@require_http_methods(["GET", "POST"])
@counted
def rate(request: HttpRequest, commune_code: str, token: str) -> HttpResponse:
    """From the page of the slip, once, for a month after the result was given out."""
    commune, clean = commune_of(commune_code), token_or_none(token)
    with walls.within(commune.pk if commune else None):
        case = Case.objects.here(commune.pk if commune else 0).filter(token=clean).first()
        if commune is None or case is None or not case.is_shown(at=timezone.now()):
            return missing(request)
        form = RatingForm(request.POST or None)
        page: dict[str, Any] = {
            "form": form,
            "back_href": reverse("status", args=[commune.code, case.token]),
            "thanks": "",
        }
        if request.method == "POST" and form.is_valid():
            page["thanks"] = _keep(case, form)
        elif not feedback.may_rate(case, at=timezone.now()):
            page["thanks"] = "Hồ sơ này đã được đánh giá, hoặc chưa đến lúc đánh giá."
        return quiet(render(request, "public/rate.html", page, status=_status(form, page["thanks"])))


@for_device(HallDevice.Kind.TABLET)
@require_http_methods(["GET", "POST"])
def tablet(request: HttpRequest, device: HallDevice) -> HttpResponse:
    """At the counter: whoever has just been given a result is asked, then the next."""
    now = timezone.now()
    here = reverse("tablet", args=[device.commune.code, device.token])
    page: dict[str, Any] = {"device": device, "home_href": here, "thanks": "", "rest": IDLE}
    case = feedback.newest_given_out(device.counter, at=now)
    form = RatingForm(request.POST or None)
    if request.method == "POST":
        asked = Case.objects.here(device.commune_id).filter(token=token_or_none(request.POST.get("asked", "")))
        case = asked.filter(counter=device.counter).first()
        if case is None:
            return redirect(here)
        if form.is_valid():
            page |= {"thanks": _keep(case, form), "rest": SOON}
            return render(request, "kiosk/rate.html", page)
    if case is not None:
        page |= {"form": form, "asked": case.token, "rest": 60}
    return render(request, "kiosk/rate.html", page, status=422 if form.is_bound else 200)


def _keep(case: Case, form: RatingForm) -> str:
    """Keep what was said; what to say to it."""
    try:
        feedback.rate(case, at=timezone.now(), **form.cleaned_data)
    except feedback.FeedbackRefused as refused:
        return refused.sentence
    return "Cảm ơn ông/bà. Ý kiến đã được ghi nhận, không kèm tên."


def _status(form: RatingForm, thanks: str) -> int:
    return 422 if form.is_bound and not thanks else 200
