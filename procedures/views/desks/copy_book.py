"""The book of copies issued (SỔ CẤP BẢN SAO TRÍCH LỤC): one line a request and event (civil-status.md 1.6)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from oneshop import audit
from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures.applications import application_of
from procedures.catalogue import catalogue
from procedures.models import Result
from procedures.rules import Application

BOOK = "copy_issue"
LINES_A_PAGE = 200


@require_GET
@only(Role.SPECIALIST)
def copy_book(request: DeskRequest) -> HttpResponse:
    """The lines of one year, the latest first; the look is written down."""
    assert request.user.commune_id is not None, "specialists belong to a commune"
    now = timezone.now()
    issued = Result.objects.filter(commune_id=request.user.commune_id, book=BOOK)
    years = sorted(set(issued.values_list("year", flat=True)) | {timezone.localdate(now).year}, reverse=True)
    asked = request.GET.get("nam", "")
    year = int(asked) if asked.isdigit() and int(asked) in years else years[0]
    audit.record("look", "book", f"{BOOK}/{year}", by=request.user, at=now)
    lines = issued.filter(year=year).select_related("case", "signed_by").order_by("-number")[:LINES_A_PAGE]
    page = {
        "year": year,
        "years": [(other, f"{reverse('copy_book')}?nam={other}") for other in years],
        "rows": [_line(result) for result in lines],
        "is_full": issued.filter(year=year).count() > LINES_A_PAGE,
        "back_href": reverse("register"),
    }
    return render(request, "records/register_copies.html", page)


def _line(result: Result) -> dict[str, Any]:
    application = application_of(result.case)
    person = application.person
    return {
        "number": f"{result.number:02}",
        "day": f"{result.issued_on:%d/%m/%Y}",
        "applicant": person.full_name,
        "document": person.id_document,
        "kind": result.name,
        "signer": result.signed_by.full_name,
        "signer_title": result.signer_title,
        "copies": result.originals,
        "remark": _remark(result, application),
        "href": reverse("case", args=[result.case.code]),
    }


def _remark(result: Result, application: Application) -> str:
    """Column `Ghi chú`: for whom, on whose letter, why without a fee, and what became of the copy."""
    procedure = catalogue()[result.case.procedure_key]
    said = []
    if application.other is not None:
        said.append(f"Cho {application.other.full_name}")
    if application.get("capacity") == "organisation":
        said += procedure.handed_in(application)
    elif application.get("relationship"):
        said.append(f"Quan hệ: {application.get('relationship')}")
    if reason := procedure.charge(application).reason:
        said.append(reason)
    if result.standing != Result.Standing.VALID:
        said.append(result.get_standing_display())
    return "; ".join(said)
