"""The reception desk: today's cases, what has just been received, and its slips."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures import workflow
from procedures.boards import Tally, tally_of
from procedures.checking.public_link import status_link
from procedures.models import Case, DueMove, Slip
from procedures.papers import qr
from procedures.views.desks.print_buttons import by_paper, lines_of, print_button
from procedures.views.polling import NOTHING_NEW, listed, unchanged, version_of
from procedures.views.public.hall import strip_of
from procedures.views.shown import duty_of, rows_of, shown_chores, shown_news


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
        **duty_of(request, at=now),
        "hall": strip_of(request),
        "to_tell": DueMove.objects.filter(commune=request.user.commune, slip_differs=True, told_at=None).count(),
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


WORDS: dict[str, str] = {Slip.Kind.RECEIPT: "In giấy hẹn", Slip.Kind.FEE: "In phiếu thu"}


@require_GET
@only(Role.CLERK)
def received(request: DeskRequest, code: str) -> HttpResponse:
    """The file is in: the slip to print, the code to follow it by, and the way back to the desk."""
    case = get_object_or_404(Case.objects.here(request.user.commune_id).for_page(), code=code)
    now = timezone.now()
    [row] = rows_of([case], at=now, commune_id=case.commune_id)
    printed = by_paper(lines_of(case))
    buttons = {
        slip.kind: print_button(
            case.code,
            f"slip/{slip.pk}",
            slip.get_kind_display(),
            1,
            printed.get(f"slip/{slip.pk}", []),
            words=WORDS[slip.kind],
        )
        for slip in case.slips.all()
        if slip.kind in WORDS
    }
    page = {
        "case": row,
        "receipt": buttons.get(Slip.Kind.RECEIPT),
        "fee": buttons.get(Slip.Kind.FEE),
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
