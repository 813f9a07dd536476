"""The reception desk: today's cases, what has just been received, and its slips."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from oneshop import audit, roster
from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures import qr, workflow
from procedures.boards import Tally, tally_of
from procedures.models import Case, Slip
from procedures.public_link import status_link
from procedures.views.polling import NOTHING_NEW, listed, unchanged, version_of
from procedures.views.shown import on_duty_sentence, rows_of, shown_chores, shown_news


@require_GET
@only(Role.CLERK)
def desk(request: DeskRequest) -> HttpResponse:
    """Scan box and today's cases; htmx asks for the rows alone."""
    now = timezone.now()
    version = version_of(request.user.commune_id, at=now)
    if unchanged(request, version):
        return HttpResponse(status=NOTHING_NEW)
    cases = Case.objects.here(request.user.commune_id).of_day(now).for_board()[:60]
    assert request.user.commune_id is not None
    page = {
        "rows": rows_of(cases, at=now, commune_id=request.user.commune_id),
        "tally": _tally(request, tally_of(request.user.commune_id, at=now)),
        "news": shown_news(timezone.localdate(now)),
        "chores": shown_chores(request.user.commune_id, timezone.localdate(now)),
        "duty": on_duty_sentence(roster.on_duty(request.user.commune_id, Role.SIGNER, at=now)),
    }
    return listed(request, "cases/desk.html", page, version)


def _tally(request: DeskRequest, counted: list[Tally]) -> list[tuple[str, int, str]]:
    """The numbers, each with the room it lies in where this officer may go there."""
    open_rooms = {"desk", "giving_out"} | ({"handling"} if request.user.is_(Role.SPECIALIST) else set())
    open_rooms |= {"signing"} if request.user.is_(Role.SIGNER) else set()
    return [
        (tally.label, tally.number, reverse(tally.room) if tally.room in open_rooms - {"desk"} else "")
        for tally in counted
    ]


@require_GET
@only(Role.CLERK)
def received(request: DeskRequest, code: str) -> HttpResponse:
    """The file is in: the slip to print, the code to follow it by, and the way back to the desk."""
    case = get_object_or_404(Case.objects.here(request.user.commune_id).for_page(), code=code)
    now = timezone.now()
    [row] = rows_of([case], at=now, commune_id=case.commune_id)
    hrefs = {slip.kind: reverse("slip", args=[case.code, slip.pk]) for slip in case.slips.all()}
    page = {
        "case": row,
        "receipt_href": hrefs.get(Slip.Kind.RECEIPT, ""),
        "print_href": hrefs.get(Slip.Kind.RECEIPT, ""),
        "fee_href": hrefs.get(Slip.Kind.FEE, ""),
        "issue_href": reverse("receipt", args=[case.code]),
        "status_link": status_link(case.commune.code, case.token),
        "qr_svg": qr.svg(status_link(case.commune.code, case.token), "Mã tra cứu hồ sơ"),
        "next_href": reverse("desk"),
    }
    return render(request, "cases/received.html", page)


@require_POST
@only(Role.CLERK)
def receipt(request: DeskRequest, code: str) -> HttpResponse:
    """Issue the receipt slip after all."""
    case = get_object_or_404(Case.objects.here(request.user.commune_id).for_page(), code=code)
    workflow.issue_receipt(case, by=request.user, at=timezone.now())
    return redirect("received", case.code)


@require_GET
@only(Role.CLERK, Role.SPECIALIST, Role.SIGNER)
def slip(request: DeskRequest, code: str, pk: int) -> HttpResponse:
    """The stored bytes of a slip: what was printed once is printed again, byte for byte."""
    found = get_object_or_404(Slip, pk=pk, case__code=code, commune_id=request.user.commune_id)
    audit.record("print", "slip", f"{code}/{found.kind}", by=request.user, at=timezone.now())
    return pdf(bytes(found.pdf), f"{found.kind}-{code}.pdf")


def pdf(content: bytes, name: str) -> HttpResponse:
    """A paper to be shown in place and printed from a frame of our own pages, nowhere else."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Frame-Options"] = "SAMEORIGIN"
    response._csp_replace = {  # type: ignore[attr-defined]
        "default-src": ["'self'"],
        "object-src": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
    return response
