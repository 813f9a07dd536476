"""Whom to call: the calendar has changed, and the slip in the citizen's hand names another hour."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures.models import DueMove
from procedures.views.shown import moment
from procedures.workflow.calendar_changes import tell


@require_GET
@only(Role.CLERK)
def due_notices(request: DeskRequest) -> HttpResponse:
    """Who has a slip that says otherwise and was not told yet, the next due first."""
    open_moves = (
        DueMove.objects.filter(commune=request.user.commune, slip_differs=True, told_at=None)
        .select_related("case__citizen")
        .order_by("new_due_at", "pk")[:200]
    )
    page = {
        "moves": [
            {
                "code": row.case.code,
                "href": reverse("case", args=[row.case.code]),
                "citizen": row.case.citizen.full_name,
                "telephone": row.case.citizen.telephone,
                "old": moment(row.old_due_at),
                "new": moment(row.new_due_at),
                "tell_href": reverse("tell_due", args=[row.pk]),
            }
            for row in open_moves
        ],
        "back_href": reverse("desk"),
    }
    return render(request, "cases/due_notices.html", page)


@require_POST
@only(Role.CLERK)
def tell_due(request: DeskRequest, pk: int) -> HttpResponse:
    """The citizen has been told."""
    found = get_object_or_404(DueMove.objects.select_related("case"), pk=pk, commune=request.user.commune)
    tell(found, by=request.user, at=timezone.now())
    return redirect("due_notices")
