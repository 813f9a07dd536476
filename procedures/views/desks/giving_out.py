"""The give-out desk: signed results, printed and put into the citizen's hands."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures import hall, ministry, papers, workflow
from procedures.applications import application_of
from procedures.forms import GiveOutForm
from procedures.models import Case, Correction, HallDevice, Result
from procedures.rules import Stage
from procedures.signing import signatures
from procedures.states import State
from procedures.views.corrections.correction_parts import correction_rows
from procedures.views.desks.blanks import sheets_of
from procedures.views.desks.print_buttons import by_paper, lines_of, print_button, shown_prints
from procedures.views.polling import NOTHING_NEW, listed, unchanged, version_of
from procedures.views.shown import duty_of, rows_of


@require_GET
@only(Role.CLERK)
def giving_out(request: DeskRequest) -> HttpResponse:
    """Results that wait for their citizens, the oldest promise first; refreshes itself."""
    now = timezone.now()
    version = version_of(request.user.commune_id, at=now)
    if unchanged(request, version):
        return HttpResponse(status=NOTHING_NEW)
    cases = Case.objects.here(request.user.commune_id).waiting_for(State.SIGNED).for_board()[:60]
    page = {
        "title": "Kết quả chờ trả",
        "lead": "In kết quả, đóng dấu, trao cho công dân.",
        "empty": "Không có kết quả nào chờ trả.",
        "rows": rows_of(cases, at=now, commune_id=request.user.commune_id, address="give_out"),
        "corrections": correction_rows(
            Correction.objects.here(request.user.commune_id).waiting_to_be_handed().for_board()[:60], "hand_correction"
        ),
        "corrections_words": "Giấy sửa, thay chờ trao",
        **duty_of(request, at=now),
    }
    return listed(request, "cases/queue.html", page, version)


@require_http_methods(["GET", "POST"])
@only(Role.CLERK)
def give_out(request: DeskRequest, code: str) -> HttpResponse:
    """Print with one key, name who took it, close."""
    case = get_object_or_404(Case.objects.here(request.user.commune_id).for_page(), code=code)
    if case.where != State.SIGNED:
        messages.warning(request, workflow.CaseMoved(case).sentence)
        return redirect("case", code)
    application = application_of(case)
    receiver = application.get("applicant_name") or application.person.full_name
    rules = workflow.asked_at(case, Stage.GIVING_OUT)
    sheets = sheets_of(case)
    form = GiveOutForm(
        request.POST or None,
        initial={"to": receiver, "paper_later": any(sheet["none_left"] for sheet in sheets)},
        rules=rules,
        owes_ink=signatures.owes_ink(case),
        lacks_paper=any(sheet["form"] for sheet in sheets),
        paper_reason="Hết phôi" if any(sheet["none_left"] for sheet in sheets) else "",
    )
    if request.method == "POST" and form.is_valid():
        try:
            workflow.give_out(
                case,
                by=request.user,
                at=timezone.now(),
                to=form.cleaned_data["to"],
                confirmed=form.confirmed,
                inked=bool(form.cleaned_data.get("inked")),
                **form.promise,
            )
        except papers.PaperFailed:
            messages.error(request, "Chưa in được phiếu kiểm soát nên chưa đóng hồ sơ. Thử lại, hoặc báo kỹ thuật.")
            return redirect("give_out", code)
        except (workflow.CaseMoved, workflow.NotAllowed) as refused:
            messages.warning(request, refused.sentence)
            return redirect("give_out" if isinstance(refused, workflow.NotAllowed) else "case", code)
        messages.success(request, f"Đã trả kết quả hồ sơ {code} cho {form.cleaned_data['to']}.")
        return redirect("desk")
    lines = lines_of(case)
    printed = by_paper(lines)
    [row] = rows_of([case], at=timezone.now(), commune_id=case.commune_id)
    has_screen = case.counter is not None and HallDevice.Kind.SCREEN in hall.stands_in(case.counter)
    page = {
        "case": row,
        "case_href": reverse("case", args=[case.code]),
        "papers": [
            {
                "name": result.name + _how_many(result),
                "number": result.full_number,
                "href": reverse("paper_picture", args=[code, "result", result.pk]),
                "press": print_button(
                    code,
                    f"result/{result.pk}",
                    result.name,
                    1 if result.blank else result.originals,
                    printed.get(f"result/{result.pk}", []),
                ),
            }
            for result in case.results.all()
            if result.standing == Result.Standing.VALID
        ],
        "prints": shown_prints(code, [line for line in lines if line.result_id]),
        "papers_first": not any(sheet["form"] for sheet in sheets),
        "sheets": sheets,
        "waits": ministry.why_not_given_out(case, at=timezone.now()),
        "bridge_href": reverse("bridge", args=[code]),
        "seal_waits": signatures.why_not_given_out(case),
        "call_href": reverse("hall_call_case", args=[code]) if has_screen else "",
        "form": form,
    }
    return render(request, "cases/give_out.html", page, status=422 if form.is_bound else 200)


def _how_many(result: Result) -> str:
    """On pre-printed stock our own sheet is the copy for the file and for the telephone, not an original."""
    if result.blank:
        return " (bản lưu, bản điện tử)"
    return f" ({result.originals} bản chính)" if result.originals > 1 else ""
