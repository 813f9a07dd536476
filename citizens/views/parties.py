"""The second person of a wish: the spouse, the dead, the child. The card is read, or the number or name typed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from citizens import identity_card
from citizens.forms import ScanForm
from citizens.identity_card import Card, NumberOnly, Refused, Typed
from citizens.models import Citizen
from citizens.views.people import FOUND_AT_MOST, draft_of, find, found_rows, new_page
from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures.catalogue import Procedure
from procedures.models import Draft


@require_http_methods(["GET", "POST"])
@only(Role.CLERK, asks=True)
def party(request: DeskRequest, pk: int, procedure: Procedure) -> HttpResponse:
    """Who else: one box that takes a card, a number, a name; or nobody, where the applicant may come for himself."""
    citizen = get_object_or_404(Citizen, pk=pk)
    if procedure.party is None:
        return redirect("apply", pk, procedure.key)
    wish, _ = Draft.objects.get_or_create(
        officer=request.user,
        citizen=citizen,
        procedure_key=procedure.key,
        defaults={"commune_id": request.user.commune_id, "updated_at": timezone.now()},
    )
    if request.method == "GET":
        return _page(request, wish)
    if "alone" in request.POST and not procedure.party.owed:
        return _take(wish, None)
    if (chosen := request.POST.get("chosen", "")).isdigit():
        return _take(wish, get_object_or_404(Citizen, pk=int(chosen)))
    form = ScanForm(request.POST)
    if not form.is_valid():
        return _page(request, wish, note="Quét thẻ, hoặc gõ số định danh, họ tên.")
    return _read(request, wish, form.cleaned_data["text"])


def _read(request: DeskRequest, wish: Draft, text: str) -> HttpResponse:
    reading = identity_card.read(text, today=timezone.localdate())
    match reading:
        case Card():
            found = find(request, reading.identity_number)
            return _take(wish, found) if found else new_page(request, draft_of(reading), reading, wish=wish)
        case NumberOnly() | Typed(kind="number"):
            number = reading.identity_number if isinstance(reading, NumberOnly) else reading.text
            found = find(request, number)
            return _take(wish, found) if found else new_page(request, {"identity_number": number}, None, wish=wish)
        case Typed(kind="old_number"):
            old = Citizen.objects.kept_by(request.user.commune_id).filter(old_number=reading.text)
            return _page(request, wish, query=text, found=list(old[:FOUND_AT_MOST]))
        case Typed():
            here = Citizen.objects.kept_by(request.user.commune_id)
            return _page(request, wish, query=text, found=here.best_named(reading.text, at_most=FOUND_AT_MOST))
        case Refused():
            return _page(request, wish, note=reading.reason)
    raise AssertionError(reading)


def _take(wish: Draft, other: Citizen | None) -> HttpResponse:
    """Answers given for another person do not speak of this one."""
    if other is not None and other.pk == wish.citizen_id:
        other = None
    if wish.other_id != (other.pk if other else None):
        wish.posted = {}
    wish.other, wish.updated_at = other, timezone.now()
    wish.save(update_fields=["other", "posted", "updated_at"])
    return redirect("apply", wish.citizen_id, wish.procedure_key)


def _page(
    request: DeskRequest, wish: Draft, *, query: str = "", found: list[Citizen] | None = None, note: str = ""
) -> HttpResponse:
    citizen, procedure = wish.citizen, wish.procedure
    page: dict[str, Any] = {
        "citizen": {"name": citizen.full_name, "identity": citizen.identity_number, "born": citizen.birth_text},
        "procedure": procedure,
        "party": procedure.party,
        "scan_form": ScanForm(),
        "scan_note": {"tone": "stop", "text": note, "digits": ""} if note else None,
        "query": query,
        "rows": found_rows([row for row in found or [] if row.pk != citizen.pk]),
        "back_href": reverse("citizen", args=[citizen.pk]),
    }
    return render(request, "citizens/party.html", page, status=422 if note else 200)
