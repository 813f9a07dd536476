"""The bridge: each value to the clipboard with one key, number and code of the Ministry's software back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from oneshop import audit
from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures import ministry
from procedures.forms.stock import MinistryForm
from procedures.models import Case, MinistryEntry
from procedures.states import State
from procedures.views.shown import moment

DIGITS = "1234567890"


@require_http_methods(["GET", "POST"])
@only(Role.CLERK, Role.SPECIALIST)
def bridge(request: DeskRequest, code: str) -> HttpResponse:
    """The values in the order of the Ministry's form; below, what it gave back. The look is written down."""
    case = get_object_or_404(Case.objects.here(request.user.commune_id).for_page(), code=code)
    lines = ministry.lines_of(case)
    if not lines:
        raise Http404
    now = timezone.now()
    before = ministry.entry_of(case)
    initial = {"number": before.full_number, "code": before.code} if before else {}
    form = MinistryForm(request.POST or None, corrects=before is not None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            entry = ministry.record(case, **form.cleaned_data, by=request.user, at=now)
        except ministry.EntryRefused as refused:
            form.add_error(refused.where or None, refused.sentence)
        else:
            messages.success(request, f"Đã ghi số {entry.full_number}, mã {entry.code}.")
            if warning := ministry.differs_from_ours(case, entry):
                messages.warning(request, warning)
            goes_on = case.where == State.SIGNED and request.user.is_(Role.CLERK)
            return redirect("give_out" if goes_on else "case", code)
    if request.method == "GET":
        audit.record("bridge", "case", code, by=request.user, at=now)
    page = {
        "case": {"code": code, "href": reverse("case", args=[code]), "citizen": case.citizen.full_name},
        "procedure": case.procedure.name,
        "lines": [
            {"label": label, "value": value, "digit": DIGITS[place] if place < len(DIGITS) else ""}
            for place, (label, value) in enumerate(lines)
        ],
        "form": form,
        "entries": _history(case),
        "waits": ministry.waits(case, at=now),
    }
    return render(request, "cases/ministry.html", page, status=422 if form.is_bound else 200)


def _history(case: Case) -> list[dict[str, object]]:
    rows = MinistryEntry.objects.filter(case=case).select_related("by").order_by("-at", "-pk")
    return [
        {
            "number": row.full_number,
            "code": row.code,
            "who": f"{row.by}, {moment(row.at)}",
            "why": row.why,
            "is_current": row.is_current,
        }
        for row in rows
    ]
