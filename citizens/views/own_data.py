"""What a person may know of the own data: who looked, what is held. Shown and printed at the counter."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from citizens.models import Citizen
from citizens.views.people import purpose_of
from oneshop import audit
from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures import looks, own_data
from procedures.models import DataRequest
from procedures.papers import PaperFailed
from procedures.views.desks.reception import pdf
from procedures.views.shown import moment

LISTED = 50


@require_GET
@only(Role.CLERK)
def own_data_page(request: DeskRequest, pk: int) -> HttpResponse:
    """The code that opens the list on the citizen's own telephone, the list itself, and the request with its clock."""
    found = get_object_or_404(Citizen, pk=pk)
    if not (purpose := purpose_of(request, found)):
        return redirect("citizen", pk)
    assert request.user.commune_id is not None, "clerks belong to a commune"
    now = timezone.now()
    # shown to the citizen at the counter: written down, but no look that the list should count against itself
    audit.record("show_looks", "citizen", pk, by=request.user, at=now, why=purpose)
    code = looks.code_open_for(found, request.user.commune_id, at=now)
    asked = DataRequest.objects.filter(commune=request.user.commune, citizen=found, answered_at=None).first()
    page = {
        "name": found.full_name,
        "code": looks.digits_of(code) if code else "",
        "code_until": timezone.localtime(code.at + looks.OPENS_FOR) if code else None,
        "looks": looks.looks_at(found, at=now),
        "asked": asked,
        "asked_at": moment(asked.asked_at) if asked else "",
        "due": moment(asked.due_at) if asked else "",
        "is_late": bool(asked and asked.due_at < now),
        "citizen_href": reverse("citizen", args=[pk]),
        "pk": pk,
    }
    return render(request, "citizens/own_data.html", page)


@require_POST
@only(Role.CLERK)
def give_look_code(request: DeskRequest, pk: int) -> HttpResponse:
    """Six digits to be read out or shown; they open the list once from the citizen's own status page."""
    found = get_object_or_404(Citizen, pk=pk)
    if purpose_of(request, found):
        looks.new_code(found, by=request.user, at=timezone.now())
    return redirect("own_data", pk)


@require_POST
@only(Role.CLERK)
def ask_own_data(request: DeskRequest, pk: int) -> HttpResponse:
    """The citizen asks what is held: a request with its clock."""
    found = get_object_or_404(Citizen, pk=pk)
    if purpose_of(request, found):
        asked = own_data.ask(found, by=request.user, at=timezone.now())
        messages.success(request, f"Đã ghi yêu cầu, trả lời chậm nhất {moment(asked.due_at)}.")
    return redirect("own_data", pk)


@require_GET
@only(Role.CLERK)
def own_data_paper(request: DeskRequest, pk: int) -> HttpResponse:
    """The answer as it would be given now."""
    asked = get_object_or_404(DataRequest, commune=request.user.commune, citizen_id=pk, answered_at=None)
    now = timezone.now()
    audit.record("print_own_data", "citizen", pk, by=request.user, at=now)
    try:
        return pdf(own_data.answer_sheet(asked, at=now).pdf, "tra-loi-du-lieu-ca-nhan.pdf")
    except PaperFailed:
        messages.error(request, "Chưa in được bản trả lời. Thử lại; nếu vẫn không được, báo quản trị.")
        return redirect("own_data", pk)


@require_POST
@only(Role.CLERK)
def answer_own_data(request: DeskRequest, pk: int) -> HttpResponse:
    """The paper is in the citizen's hands."""
    asked = get_object_or_404(
        DataRequest.objects.select_related("citizen", "commune"),
        commune=request.user.commune,
        citizen_id=pk,
        answered_at=None,
    )
    try:
        answered = own_data.answer(asked, by=request.user, at=timezone.now())
    except PaperFailed:
        messages.error(request, "Chưa in được bản trả lời nên chưa ghi là đã trao.")
    else:
        messages.success(request, "Đã ghi là đã trả lời." if answered else "Người khác vừa ghi là đã trả lời.")
    return redirect("own_data", pk)


@require_GET
@only(Role.CLERK)
def data_requests(request: DeskRequest) -> HttpResponse:
    """Who waits for an answer, the most urgent first; below, the latest that were answered."""
    now = timezone.now()
    ours = DataRequest.objects.filter(commune=request.user.commune).select_related("citizen", "answered_by")
    page = {
        "open": [
            {
                "href": reverse("own_data", args=[row.citizen_id]),
                "name": row.citizen.full_name,
                "identity": row.citizen.masked_number,
                "asked": moment(row.asked_at),
                "due": moment(row.due_at),
                "is_late": row.due_at < now,
            }
            for row in ours.filter(answered_at=None)[:LISTED]
        ],
        "answered": [
            {
                "name": row.citizen.full_name,
                "asked": moment(row.asked_at),
                "answered": moment(row.answered_at) if row.answered_at else "",
                "by": str(row.answered_by),
                "was_late": row.answered_at is not None and row.answered_at > row.due_at,
            }
            for row in ours.exclude(answered_at=None).order_by("-answered_at")[:LISTED]
        ],
    }
    return render(request, "citizens/data_requests.html", page)
