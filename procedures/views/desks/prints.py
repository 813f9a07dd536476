"""Printing: the button that writes the line of the print log, the bytes of that line, and what went wrong with a sheet.

A page shows a paper as a picture and prints it by a POST, which writes the log and leads to the bytes. A GET alone
writes nothing, so that a browser that fetches ahead or loads again counts no sheet twice.
"""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from oneshop import audit
from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures.books import prints
from procedures.forms import AgainPrintForm, MishapForm
from procedures.models import Case, Mishap, Print, Result, Slip
from procedures.papers import PaperFailed
from procedures.papers.printing import picture_of
from procedures.states import State
from procedures.views.desks.reception import pdf


def _case(request: DeskRequest, code: str) -> Case:
    found: Case = get_object_or_404(Case.objects.here(request.user.commune_id).for_page(), code=code)
    return found


def _paper(case: Case, kind: str, pk: int) -> prints.Paper:
    match kind:
        case "slip":
            return prints.paper_of_slip(get_object_or_404(Slip, pk=pk, case=case))
        case "result":
            return prints.paper_of_result(get_object_or_404(Result, pk=pk, case=case))
        case "declaration":
            if paper := prints.paper_of_declaration(case, pk):
                return paper
    raise Http404


@require_POST
@only(Role.CLERK, Role.SPECIALIST, Role.SIGNER)
def print_paper(request: DeskRequest, code: str, kind: str, pk: int) -> HttpResponse:
    """Write the lines of what goes to the printer, then lead to the bytes."""
    case = _case(request, code)
    form = AgainPrintForm(request.POST)
    form.is_valid()
    try:
        lines = prints.print_paper(
            _paper(case, kind, pk), case, by=request.user, at=timezone.now(), why=form.cleaned_data.get("why", "")
        )
    except prints.PrintRefused as refused:
        messages.warning(request, refused.sentence)
        return redirect(_page_of(case), code)
    except PaperFailed:
        messages.error(request, "Chưa tạo được giấy nên chưa in. Thử lại, hoặc báo kỹ thuật.")
        return redirect(_page_of(case), code)
    return redirect("printed", code, lines[0].pk)


@require_GET
@only(Role.CLERK, Role.SPECIALIST, Role.SIGNER)
def printed(request: DeskRequest, code: str, pk: int) -> HttpResponse:
    """The bytes of one line of the log, for who pressed print and for ten minutes; later it is printed anew."""
    case = _case(request, code)
    line = get_object_or_404(Print.objects.filter(case=case), pk=pk)
    if not prints.may_be_served(line, request.user, at=timezone.now()):
        messages.info(request, "Bản in này đã quá mười phút hoặc do người khác in. Muốn in thêm, chọn “In lại”.")
        return redirect("case", code)
    kind, number = line.paper_key.split("/")
    paper = _paper(case, kind, int(number))
    if hashlib.sha256(paper.pdf).hexdigest() != line.sha256:
        messages.warning(request, "Giấy vừa đổi từ lúc bấm in (vừa được ký số). Ghi tờ này không ra giấy rồi in lại.")
        return redirect("case", code)
    return pdf(paper.pdf, f"{paper.file_name}-{code}.pdf")


@require_POST
@only(Role.CLERK, Role.SPECIALIST, Role.SIGNER)
def report_print(request: DeskRequest, code: str, pk: int) -> HttpResponse:
    """Nothing came out of the printer, the sheet is spoiled, or the printer gave one too many."""
    case = _case(request, code)
    line = get_object_or_404(Print.objects.filter(case=case), pk=pk)
    form = MishapForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Chưa ghi: chọn việc đã xảy ra và ghi lý do.")
        return redirect(_page_of(case), code)
    what, why, now = form.cleaned_data["what"], form.cleaned_data["why"], timezone.now()
    try:
        if what == MishapForm.TWICE:
            kind, number = line.paper_key.split("/")
            extra = prints.came_twice(_paper(case, kind, int(number)), case, by=request.user, at=now)
            messages.success(request, f"Đã ghi tờ thừa: {line.name}, bản {extra.copy}, đã hủy.")
        else:
            mishap = prints.report(line, Mishap.Kind(what), why=why, by=request.user, at=now)
            said = mishap.get_kind_display()
            messages.success(request, f"Đã ghi {said[0].lower()}{said[1:]}: {line.name}, bản {line.copy}.")
    except prints.PrintRefused as refused:
        messages.warning(request, refused.sentence)
    return redirect(_page_of(case), code)


@require_GET
@only(Role.CLERK, Role.SPECIALIST, Role.SIGNER)
def paper_picture(request: DeskRequest, code: str, kind: str, pk: int) -> HttpResponse:
    """A paper to be read on screen, the very bytes that are printed; the look is written down."""
    case = _case(request, code)
    paper = _paper(case, kind, pk)
    audit.record("look", "paper", f"{code}/{paper.key}", by=request.user, at=timezone.now())
    return HttpResponse(picture_of(paper.pdf, 1000), content_type="image/png")


def _page_of(case: Case) -> str:
    """Where the case is printed from: at the give-out desk until it is handed over."""
    return "give_out" if case.where == State.SIGNED else "case"
