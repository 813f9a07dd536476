"""The blanks of one case: the values printed over them, the serial of each original, the paper that comes later."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from oneshop import audit
from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures import stock
from procedures.blanks import KINDS
from procedures.forms.stock import ChangeForm, HandPaperForm, SerialsForm
from procedures.models import Blank, Case, PaperOwed, Result
from procedures.papers import PaperFailed, overprint
from procedures.states import State
from procedures.views.desks.reception import pdf


def sheets_of(case: Case, bound: SerialsForm | None = None, of: int | None = None) -> list[dict[str, Any]]:
    """What a page shows of each result on pre-printed stock: the serials it has, a form for those it lacks."""
    lacking: dict[int, list[int]] = {}
    for result, number in stock.missing(case):
        lacking.setdefault(result.pk, []).append(number)
    used = Blank.objects.filter(result__case=case, state=Blank.State.USED).order_by("sheet_no")
    shown = []
    for result in case.results.all():
        if result.blank:
            kind, numbers = KINDS[result.blank], lacking.get(result.pk, [])
            following = stock.following(kind.key, case.commune_id, len(numbers))
            form = SerialsForm(sheets=numbers, following=following, auto_id=f"blank-{result.pk}-%s")
            shown.append(
                {
                    "name": result.name,
                    "kind": kind.label,
                    "overprint_href": reverse("overprint", args=[case.code, result.pk]),
                    "used": [
                        {
                            "number": blank.sheet_no,
                            "serial": blank.serial,
                            "change_href": reverse("change_blank", args=[case.code, blank.pk]),
                        }
                        for blank in used
                        if blank.result_id == result.pk
                    ],
                    "form": (bound if bound is not None and of == result.pk else form) if numbers else None,
                    "use_href": reverse("use_blanks", args=[case.code, result.pk]),
                    "none_left": bool(numbers) and not following,
                    "left_words": f"Kho còn {len(following)} phôi, cần {len(numbers)}."
                    if 0 < len(following) < len(numbers)
                    else "",
                    "not_placed": _not_placed(result),
                }
            )
    return shown


def _not_placed(result: Result) -> str:
    kind = KINDS[result.blank]
    try:
        overprint.facts_of(kind, overprint.values_of(result), {})
    except overprint.NotPlaced as homeless:
        return homeless.sentence
    return ""


@require_GET
@only(Role.CLERK)
def overprint_sheet(request: DeskRequest, code: str, pk: int) -> HttpResponse:
    """The values alone, at their places; the same for every original of a result."""
    result = _result(request, code, pk)
    try:
        sheet = overprint.overprint(result)
    except (overprint.NotPlaced, PaperFailed) as failed:
        messages.error(request, getattr(failed, "sentence", "Chưa tạo được tờ in. Thử lại, hoặc báo kỹ thuật."))
        return redirect(_page_of(result.case), code)
    audit.record("overprint", "result", f"{code}/{result.full_number}", by=request.user, at=timezone.now())
    return pdf(sheet.pdf, f"in-phoi-{code}.pdf")


@require_POST
@only(Role.CLERK)
def use_blanks(request: DeskRequest, code: str, pk: int) -> HttpResponse:
    """Each original was printed on the blank of that serial."""
    result = _result(request, code, pk)
    numbers = [number for found, number in stock.missing(result.case) if found.pk == result.pk]
    form = SerialsForm(request.POST, sheets=numbers, following=())
    if not form.is_valid():
        messages.error(request, "Chưa ghi: ghi số sê-ri như in trên phôi.")
        return redirect(_page_of(result.case), code)
    now = timezone.now()
    done = []
    for number, serial in form.serials:
        try:
            done.append(stock.use(result, number, by=request.user, at=now, serial=serial).serial)
        except stock.StockRefused as refused:
            messages.error(request, f"Bản chính {number}: {refused.sentence}" if len(numbers) > 1 else refused.sentence)
    if done:
        messages.success(request, f"Đã ghi {result.name} trên phôi {', '.join(done)}.")
    return redirect(_page_of(result.case), code)


@require_http_methods(["GET", "POST"])
@only(Role.CLERK)
def change_blank(request: DeskRequest, code: str, pk: int) -> HttpResponse:
    """The blank of an original was spoiled, or its serial was read wrong: what takes its place."""
    blank = get_object_or_404(
        Blank.objects.select_related("result__case").filter(state=Blank.State.USED),
        pk=pk,
        result__case__code=code,
        commune_id=request.user.commune_id,
    )
    assert blank.result is not None
    assert blank.sheet_no is not None
    result, number, now = blank.result, blank.sheet_no, timezone.now()
    following = stock.following(blank.kind, result.commune_id, 1)
    form = ChangeForm(request.POST or None, initial={"serial": following[0] if following else ""})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            if chosen["what"] == "wrong":
                right = stock.correct(blank, serial=chosen["serial"], by=request.user, at=now)
                done = f"Đã sửa: bản chính {number} in trên phôi {right.serial}; phôi {blank.serial} trở lại kho."
            else:
                stock.spoil(blank, reason=chosen["reason"], by=request.user, at=now)
                done = f"Đã ghi phôi {blank.serial} hỏng."
                if chosen["serial"].strip():
                    right = stock.use(result, number, by=request.user, at=now, serial=chosen["serial"])
                    done += f" Bản chính {number} in trên phôi {right.serial}."
        except stock.StockRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, done)
            return redirect(_page_of(result.case), code)
    page = {
        "code": code,
        "serial": blank.serial,
        "number": number,
        "name": result.name,
        "form": form,
        "back_href": reverse(_page_of(result.case), args=[code]),
    }
    return render(request, "stock/change.html", page, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@only(Role.CLERK)
def hand_paper(request: DeskRequest, code: str) -> HttpResponse:
    """The citizen comes back for the paper whose electronic copy was given out before."""
    case = get_object_or_404(Case.objects.here(request.user.commune_id).for_page(), code=code)
    owed = list(PaperOwed.objects.still().filter(result__case=case).select_related("result"))
    if case.where != State.GIVEN_OUT or not owed:
        messages.info(request, "Hồ sơ này không còn hẹn trả bản giấy.")
        return redirect("case", code)
    form = HandPaperForm(request.POST or None, initial={"to": case.given_out_to})
    if request.method == "POST" and form.is_valid():
        try:
            for row in owed:
                stock.hand_paper(row, to=form.cleaned_data["to"], by=request.user, at=timezone.now())
        except stock.StockRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, f"Đã trả bản giấy của hồ sơ {code} cho {form.cleaned_data['to']}.")
            return redirect("stock")
    page = {
        "code": code,
        "case_href": reverse("case", args=[code]),
        "citizen": case.citizen.full_name,
        "procedure": case.procedure.name,
        "sheets": sheets_of(case),
        "owed": [f"{row.result.name}: hẹn {row.due_on:%d/%m/%Y}, {row.reason}" for row in owed],
        "form": form,
        "back_href": reverse("stock"),
    }
    return render(request, "stock/hand_paper.html", page, status=422 if form.is_bound else 200)


def _result(request: HttpRequest, code: str, pk: int) -> Result:
    return get_object_or_404(
        Result.objects.select_related("case").exclude(blank=""),
        pk=pk,
        case__code=code,
        commune_id=request.user.commune_id,  # type: ignore[union-attr]
    )


def _page_of(case: Case) -> str:
    """Where the blanks of this case are worked on: before it is given out, or for a paper that is still owed."""
    return "hand_paper" if case.where == State.GIVEN_OUT else "give_out"
