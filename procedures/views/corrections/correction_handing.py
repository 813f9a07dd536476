"""A correction in the citizen's hand: the new paper printed, the old one taken back, who took it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures import papers, workflow
from procedures.applications import application_of
from procedures.forms.corrections import HandForm
from procedures.models import Case, Correction, Result
from procedures.rules import Application, Stage
from procedures.rules.points import thousands
from procedures.signing import signatures
from procedures.views.corrections.correction_parts import case_of, correction_or_404
from procedures.views.desks.blanks import sheets_of
from procedures.views.desks.print_buttons import by_paper, lines_of, print_button


@require_http_methods(["GET", "POST"])
@only(Role.CLERK)
def hand_correction(request: DeskRequest, code: str) -> HttpResponse:
    """Print the new paper, take the old one back, name who took it."""
    waiting = Correction.objects.here(request.user.commune_id).waiting_to_be_handed().filter(case__code=code).first()
    if waiting is None:
        get_object_or_404(Case.objects.here(request.user.commune_id), code=code)
        messages.info(request, "Hồ sơ này không còn giấy sửa, thay nào chờ trao.")
        return redirect("case", code)
    found, now = correction_or_404(request, pk=waiting.pk), timezone.now()
    case = found.case
    old = workflow.held_papers_of(found)
    originals = max((paper.originals for paper in old), default=1)
    replaces = found.kind == Correction.Kind.REPLACE
    form = HandForm(
        request.POST or None,
        initial={"to": _taker(case)},
        rules=workflow.asked_at(case, Stage.GIVING_OUT) if replaces else (),
        owes_ink=signatures.owes_ink(case, made_by=found),
        asks_old_paper=found.kind != Correction.Kind.LETTER,
        originals=originals,
    )
    if request.method == "POST" and form.is_valid():
        try:
            workflow.hand_correction(found, by=request.user, at=now, **form.said)
        except workflow.CaseMoved as moved:
            messages.warning(request, moved.sentence)
            return redirect("case", code)
        except workflow.NotAllowed as refused:
            form.add_error(None, refused.sentence)
        except papers.PaperFailed:
            form.add_error(None, "Chưa in được phiếu thu nên chưa ghi nhận. Thử lại, hoặc báo kỹ thuật.")
        else:
            messages.success(request, f"Đã trao giấy của hồ sơ {code} cho {form.cleaned_data['to']}.")
            return redirect("giving_out")
    fee = workflow.fee_again(found, at=now)
    made = found.papers.filter(standing=Result.Standing.VALID).select_related("case").order_by("pk")
    printed = by_paper(lines_of(case))
    page = {
        "case": case_of(found),
        "correction": found,
        "papers": [
            {
                "name": paper.name + _originals(paper),
                "number": paper.full_number,
                "href": reverse("paper_picture", args=[code, "result", paper.pk]),
                "press": print_button(
                    code,
                    f"result/{paper.pk}",
                    paper.name,
                    1 if paper.blank else paper.originals,
                    printed.get(f"result/{paper.pk}", []),
                ),
            }
            for paper in made
        ],
        "old": [f"{paper.name} số {paper.full_number}{_originals(paper)}" for paper in old],
        "sheets": [sheet for sheet in sheets_of(case) if sheet["form"] or sheet["used"]],
        "waits": workflow.why_not_handed(found, at=now),
        "bridge_href": reverse("bridge", args=[code]) if replaces and case.procedure.is_civil_status else "",
        "sentence": _to_say(found, fee),
        "form": form,
    }
    return render(request, "cases/hand_correction.html", page, status=422 if form.is_bound else 200)


def _taker(case: Case) -> str:
    application: Application = application_of(case)
    return case.given_out_to or str(application.get("applicant_name") or application.person.full_name)


def _originals(paper: Result) -> str:
    return f" ({paper.originals} bản chính)" if paper.originals > 1 else ""


def _to_say(found: Correction, fee: int) -> str:
    """What the clerk tells the citizen: whose fault it was, and what it costs."""
    if found.kind != Correction.Kind.REPLACE:
        return ""
    if found.fault == Correction.Fault.OFFICE:
        return "Sai do cơ quan: xin lỗi công dân, không thu phí."
    return f"Sai do người dân khai: thu {thousands(fee)} đồng, máy lập phiếu thu." if fee else "Không thu phí."
