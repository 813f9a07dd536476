"""The notice board: procedures, communes and the poster. No log-in, no JavaScript, nothing personal."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import select_template
from django.utils import timezone
from django.views.decorators.http import require_GET

from oneshop import walls
from oneshop.models import Commune
from procedures.catalogue import Procedure, catalogue
from procedures.hall import noticeboard
from procedures.law import offers
from procedures.models import Offer
from procedures.opening import calendar_of
from procedures.papers.printing import NoPaper
from procedures.papers.samples import Sample, specimen_names, specimens_of
from procedures.views.public.doors import counted
from procedures.views.public.public import missing

log = logging.getLogger("oneshop")

KEPT = "public, max-age=3600"
SMALL, LARGE = 480, 1000
"""Pixels across a specimen: beside the text, and to read it."""


@login_not_required
@require_GET
def public_home(request: HttpRequest) -> HttpResponse:
    """The list that hangs where everyone sees it: the procedures, what to bring, how long, how much, where."""
    today = timezone.localdate()
    communes = noticeboard.served()
    closed = offers.not_offered_anywhere(today)
    page = {
        "procedures": [
            {
                "procedure": procedure,
                "time": noticeboard.time_of(procedure),
                "fee": noticeboard.fee_of(procedure, today),
                "closed": _closed(closed.get(procedure.key, []), communes, today),
            }
            for procedure in catalogue()
        ],
        "communes": [_place(commune, today) for commune in communes],
    }
    return render(request, "public/home.html", page)


def _closed(rows: list[Offer], communes: list[Commune], today: date) -> list[str]:
    """`Tạm dừng nhận tại: Xã Quốc Oai, Xã Phú Cát.`: one line for each decision there can be."""
    words: dict[str, list[str]] = {}
    for commune in communes:
        for row in rows:
            if row.commune_id == commune.pk:
                words.setdefault(offers.standing_word(row), []).append(commune.name_on(today).full)
    return [f"{word} tại: {', '.join(names)}." for word, names in words.items()]


def _place(commune: Commune, today: date) -> dict[str, Any]:
    return {
        "code": commune.code,
        "name": commune.name_on(today).full,
        "counters": [counter.name for counter in commune.counters.all() if counter.is_open],
    }


@login_not_required
@require_GET
def public_procedure(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    """One procedure in plain words. What only it says stands in `public/procedures/<key>.html`."""
    now = timezone.now()
    today = timezone.localdate(now)
    communes = noticeboard.served()
    hours = noticeboard.hours_everywhere(today)
    closed = offers.not_offered_anywhere(today).get(procedure.key, [])
    version = procedure.version_on(today)
    page = {
        "procedure": procedure,
        "version": version,
        "changes": [later for later in procedure.versions if later.valid_from > today and later.change],
        "time": noticeboard.time_of(procedure),
        "limit": noticeboard.limit_of(procedure.limit),
        "fee": noticeboard.fee_of(procedure, today),
        "closed": _closed(closed, communes, today),
        "places": [_place(commune, today) | {"hours": hours.get(commune.pk, [])} for commune in communes],
        "same_hours": len({tuple(hours.get(commune.pk, [])) for commune in communes}) == 1,
        "looked_at": noticeboard.looked_at(procedure, today),
        "specimens": specimen_names(procedure, at=timezone.localtime(now)) if communes else [],
    }
    template = select_template([f"public/procedures/{procedure.key}.html", "frame/procedure.html"])
    return HttpResponse(template.render(page, request))


def _specimens(procedure: Procedure, communes: list[Commune]) -> list[Sample]:
    commune = communes[0]
    with walls.within(commune.pk):
        return specimens_of(procedure, commune, at=timezone.localtime())


@login_not_required
@require_GET
@counted
def specimen(request: HttpRequest, procedure: Procedure, number: int) -> HttpResponse:
    """A paper of the procedure as a picture, filled in for made-up people; `?lon=1` is large enough to read."""
    communes = noticeboard.served()
    samples = _specimens(procedure, communes) if communes else []
    if number >= len(samples):
        raise Http404
    try:
        picture = noticeboard.picture(samples[number].html, LARGE if "lon" in request.GET else SMALL)
    except NoPaper:
        log.exception("specimen %s/%s failed", procedure.key, number)
        return render(request, "503.html", status=503)
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": KEPT})


@login_not_required
@require_GET
@counted
def public_commune(request: HttpRequest, commune_code: str) -> HttpResponse:
    """Where to go in a commune, when, what is taken in there today, how one is treated, where to complain."""
    commune, today = noticeboard.served_commune(commune_code), timezone.localdate()
    if commune is None:
        return missing(request)
    with walls.within(commune.pk):
        calendar = calendar_of(commune)
        page = {
            "code": commune.code,
            "office": commune.name_on(today).full,
            "telephone": commune.telephone,
            "counters": [counter for counter in commune.counters.order_by("name") if counter.is_open],
            "today": noticeboard.today_in_words(calendar, today),
            "hours": noticeboard.week_of(commune, today),
            "unusual": noticeboard.unusual_days(calendar, today),
            "rows": noticeboard.rows_of(commune, today),
            **noticeboard.promises_of(commune, today),
        }
    return render(request, "public/commune.html", page)


@login_not_required
@require_GET
@counted
def poster(request: HttpRequest, commune_code: str) -> HttpResponse:
    """The poster of a commune, `?kho=A4` or `A3`, laid out once for as long as nothing on it changes."""
    commune, size = noticeboard.served_commune(commune_code), request.GET.get("kho", "A4").upper()
    if commune is None or size not in noticeboard.SIZES:
        return missing(request)
    try:
        with walls.within(commune.pk):
            sheet = noticeboard.poster(commune, size, on=timezone.localdate())
    except NoPaper:
        log.exception("poster of %s failed", commune_code)
        return render(request, "503.html", status=503)
    name = f"to-niem-yet-{commune.code}-{size}.pdf"
    headers = {"Cache-Control": KEPT, "Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(sheet.pdf, content_type="application/pdf", headers=headers)
