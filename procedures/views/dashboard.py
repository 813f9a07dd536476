"""The monitoring office: all communes side by side, worst first, without persons."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from oneshop.keys import only
from oneshop.models import Commune
from oneshop.roles import DeskRequest, Role
from procedures.boards import CommuneFigures, figures_by_commune
from procedures.models import Case
from procedures.signers import gaps_everywhere
from procedures.views.shown import rows_of, shown_gaps


@require_GET
@only(Role.MONITOR)
def monitor(request: DeskRequest) -> HttpResponse:
    """Figures of every commune and the cases that are late now, by code only (decisions.md 10)."""
    now = timezone.now()
    figures = figures_by_commune(at=now)
    communes = Commune.objects.filter(is_served=True, closed_on=None).prefetch_related("names", "counters")
    listed = [(commune, figures.get(commune.pk, CommuneFigures(commune.pk, 0, 0, 0, 0, 0, 0))) for commune in communes]
    listed.sort(key=lambda pair: (-pair[1].overdue, -pair[1].open, pair[0].code))
    late = Case.objects.overdue(at=now).order_by("due_at").for_monitor()[:40]
    names = {commune.pk: commune.name_on(timezone.localdate(now)).full for commune, _ in listed}
    page = {
        "communes": [
            {
                "name": commune.name_on(timezone.localdate(now)).full,
                "counters": len(commune.counters.all()),
                "open": figure.open,
                "overdue": figure.overdue,
                "done_today": figure.done_today,
                "received": figure.received,
                "on_time": figure.share,
            }
            for commune, figure in listed
        ],
        "gaps": [{"commune": names[pk], "alerts": shown_gaps(found)} for pk, found in gaps_everywhere(at=now).items()],
        "rows": rows_of(late, at=now, commune_id=None, nameless=True),
        "worst": f"{listed[0][0].name_on(timezone.localdate(now)).full} có {listed[0][1].overdue} hồ sơ quá hạn."
        if listed and listed[0][1].overdue
        else "Không có hồ sơ quá hạn.",
    }
    return render(request, "monitor/board.html#rows" if request.htmx else "monitor/board.html", page)
