"""The leader's desk: what waits, the paper as it will be printed, the signature."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from oneshop import audit
from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures import papers, workflow
from procedures.applications import application_of
from procedures.forms import NoteForm, SignForm
from procedures.models import Case, Result
from procedures.numbering import BookClosed
from procedures.states import State, Verb
from procedures.views.handling import NOTE_LABELS
from procedures.views.polling import NOTHING_NEW, listed, unchanged, version_of
from procedures.views.reception import pdf
from procedures.views.shown import frozen_findings, rows_of


@require_GET
@only(Role.SIGNER)
def signing(request: DeskRequest) -> HttpResponse:
    """What waits for a signature, the most urgent first; refreshes itself."""
    now = timezone.now()
    version = version_of(request.user.commune_id, at=now)
    if unchanged(request, version):
        return HttpResponse(status=NOTHING_NEW)
    cases = Case.objects.here(request.user.commune_id).waiting_for(State.WAITING_SIGNATURE).for_board()[:60]
    rows = rows_of(cases, at=now, commune_id=request.user.commune_id, address="sign")
    page = {
        "title": "Hồ sơ chờ ký",
        "lead": "Mở từng hồ sơ, xem giấy như sẽ in, rồi ký.",
        "empty": "Không có hồ sơ nào chờ ký.",
        "rows": rows,
    }
    return listed(request, "cases/queue.html", page, version)


@require_http_methods(["GET", "POST"])
@only(Role.SIGNER)
def sign(request: DeskRequest, code: str) -> HttpResponse:
    """The paper, what no rule could check, and the password of who signs."""
    case = get_object_or_404(Case.objects.here(request.user.commune_id).for_page(), code=code)
    now = timezone.now()
    if case.where != State.WAITING_SIGNATURE:
        messages.warning(request, workflow.CaseMoved(case).sentence)
        return redirect("signing")
    form = SignForm(request.POST or None, initial={"seen": _seen(case, request, now)})
    if request.method == "POST" and form.is_valid():
        if not request.user.check_password(form.cleaned_data["password"]):
            audit.record("sign_refused", "case", case.code, by=request.user, at=now, why="sai mật khẩu")
            form.add_error("password", "Mật khẩu không đúng. Hồ sơ chưa được ký.")
        elif answer := _sign(request, case, form.cleaned_data["seen"]):
            return answer
    page = _page(case, request, form, now)
    return render(request, "cases/sign.html", page, status=422 if form.is_bound else 200)


def _sign(request: DeskRequest, case: Case, seen: str) -> HttpResponse | None:
    try:
        result = workflow.sign(case, by=request.user, at=timezone.now(), seen=seen)
    except workflow.CaseMoved as moved:
        messages.warning(request, moved.sentence)
        return redirect("signing")
    except workflow.NotAllowed as refused:
        messages.warning(request, refused.sentence)
        return redirect("sign", case.code)
    except BookClosed:
        messages.error(request, "Sổ năm nay đã khóa nên chưa ký được. Đề nghị công chức mở sổ.")
        return redirect("sign", case.code)
    except papers.PaperFailed:
        messages.error(request, "Chưa tạo được giấy nên chưa ký; chưa dùng số nào. Thử lại, hoặc báo kỹ thuật.")
        return redirect("sign", case.code)
    messages.success(request, f"Đã ký {result.name} số {result.full_number}.")
    following = Case.objects.here(case.commune_id).waiting_for(State.WAITING_SIGNATURE).first()
    return redirect("sign", following.code) if following else redirect("signing")


def _seen(case: Case, request: DeskRequest, now: Any) -> str:
    return papers.digest(papers.result_facts(case, by=request.user, at=now))


def _page(case: Case, request: DeskRequest, form: SignForm, now: Any) -> dict[str, Any]:
    [row] = rows_of([case], at=now, commune_id=case.commune_id)
    person = application_of(case).person
    answered = [finding for finding in frozen_findings(case) if finding.answered_by or finding.tone == "warn"]
    why_not = workflow.why_may_not_sign(case, request.user, at=now)
    return {
        "case": row,
        "case_href": reverse("case", args=[case.code]),
        "preview_href": reverse("sign_preview", args=[case.code]),
        "preview_alt": f"{_kind(case)} của {person.full_name}, như sẽ in",
        "kind": _kind(case),
        "facts": [
            ("Công dân", f"{person.full_name}, sinh {person.birth_text}"),
            ("Số định danh", person.identity_number),
            ("Người tiếp nhận", str(case.received_by)),
            ("Người giải quyết", str(case.handled_by or "")),
        ],
        "findings": answered,
        "form": None if why_not else form,
        "why_not": why_not,
        "send_back_form": NoteForm(label=NOTE_LABELS[Verb.SEND_BACK], auto_id="send_back_%s"),
        "send_back_href": reverse("act", args=[case.code, Verb.SEND_BACK]),
        "next_href": reverse("signing"),
    }


def _kind(case: Case) -> str:
    return papers.REFUSAL_NAME if case.outcome == Case.Outcome.REFUSE else case.procedure.result_name


@require_GET
@only(Role.SIGNER)
def sign_preview(request: DeskRequest, code: str) -> HttpResponse:
    """The paper that is about to be signed, as a picture."""
    case = get_object_or_404(Case.objects.here(request.user.commune_id).for_page(), code=code)
    if case.where != State.WAITING_SIGNATURE:
        raise Http404
    sheet = papers.render(papers.template_of(case), papers.result_facts(case, by=request.user, at=timezone.now()))
    return HttpResponse(sheet.picture(1000), content_type="image/png")


@require_GET
@only(Role.CLERK, Role.SPECIALIST, Role.SIGNER)
def result(request: DeskRequest, code: str, pk: int) -> HttpResponse:
    """The signed paper, the stored bytes."""
    found = get_object_or_404(
        Result.objects.select_related("case"), pk=pk, case__code=code, commune_id=request.user.commune_id
    )
    audit.record("print", "result", f"{code}/{found.full_number}", by=request.user, at=timezone.now())
    return pdf(bytes(found.pdf), f"ket-qua-{code}.pdf")
