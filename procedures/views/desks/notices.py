"""What an officer was told, and the mark that it was read; what a citizen was told stands with the case."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from oneshop import audit
from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures import notices
from procedures.models import Notice
from procedures.views.shown import moment

LISTED = 60


@require_GET
@only(Role.CLERK, Role.SPECIALIST, Role.SIGNER, Role.ADMINISTRATOR)
def told(request: DeskRequest) -> HttpResponse:
    """The officer's own lines, the newest first."""
    rows = Notice.objects.filter(officer=request.user).select_related("case")[:LISTED]
    page = {
        "notices": [
            {
                "text": row.text,
                "what": row.get_occasion_display(),
                "when": moment(row.at),
                "href": reverse("case", args=[row.case.code]) if row.case else reverse("urges"),
                "is_new": row.read_at is None,
            }
            for row in rows
        ],
        "is_new": any(row.read_at is None for row in rows),
    }
    return render(request, "cases/notices.html", page)


@require_POST
@only(Role.CLERK, Role.SPECIALIST, Role.SIGNER, Role.ADMINISTRATOR)
def read(request: DeskRequest) -> HttpResponse:
    now = timezone.now()
    if number := notices.read(request.user, at=now):
        audit.record("read", "notice", number, by=request.user, at=now)
        messages.success(request, f"Đã xem {number} tin.")
    return redirect("notices")
