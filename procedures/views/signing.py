"""The leader's desk: what waits, the paper as it will be printed, the signature."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from citizens.models import RecordChanged
from oneshop import audit
from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures import papers, signatures, sweeping, workflow
from procedures.applications import application_of
from procedures.forms import NoteForm, SignForm
from procedures.models import Case, Result
from procedures.numbering import BookClosed
from procedures.printing import picture_of
from procedures.rules import Stage
from procedures.states import State, Verb
from procedures.views.digital import Proof, prove, sign_files_after
from procedures.views.handling import NOTE_LABELS
from procedures.views.polling import NOTHING_NEW, listed, unchanged, version_of
from procedures.views.reception import pdf
from procedures.views.shown import beside, findings_of, frozen_findings, law_of, rows_of, shown_chores, shown_news


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
        "news": shown_news(timezone.localdate(now)),
        "chores": shown_chores(request.user.commune_id, timezone.localdate(now)),
        "flaws": list(sweeping.cards(request.user.commune_id or 0)),
        "unsealed": signatures.waiting_for(request.user),
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
    drafts = papers.drafts_of(case, by=request.user, at=now)
    rules = workflow.asked_at(case, Stage.SIGNATURE)
    form = SignForm(request.POST or None, initial={"seen": papers.digest(drafts)}, rules=rules)
    if request.method == "POST" and form.is_valid():
        proof = prove(request.user, form.cleaned_data["password"], at=now)
        if not proof.is_proven:
            audit.record("sign_refused", "case", case.code, by=request.user, at=now, why="sai mật khẩu")
            form.add_error("password", proof.trouble or "Mật khẩu không đúng. Hồ sơ chưa được ký.")
        elif answer := _sign(request, case, form, proof):
            return answer
    page = _page(case, request, form, drafts, now)
    return render(request, "cases/sign.html", page, status=422 if form.is_bound else 200)


def _sign(request: DeskRequest, case: Case, form: SignForm, proof: Proof) -> HttpResponse | None:
    try:
        results = workflow.sign(
            case, by=request.user, at=timezone.now(), seen=form.cleaned_data["seen"], confirmed=form.confirmed
        )
    except workflow.CaseMoved as moved:
        messages.warning(request, moved.sentence)
        return redirect("signing")
    except workflow.NotAllowed as refused:
        messages.warning(request, refused.sentence)
        return redirect("sign", case.code)
    except (RecordChanged, IntegrityError):
        # another desk wrote the same record in this very moment; nothing of ours was kept
        messages.warning(
            request, "Dữ liệu vừa được nơi khác ghi cùng lúc nên chưa ký; chưa dùng số nào. Xem lại rồi ký."
        )
        return redirect("sign", case.code)
    except BookClosed:
        messages.error(request, "Sổ năm nay đã khóa nên chưa ký được. Đề nghị công chức mở sổ.")
        return redirect("sign", case.code)
    except papers.PaperFailed:
        messages.error(request, "Chưa tạo được giấy nên chưa ký; chưa dùng số nào. Thử lại, hoặc báo kỹ thuật.")
        return redirect("sign", case.code)
    sign_files_after(request.user, results, proof)
    signed = ", ".join(f"{result.name} số {result.full_number}" for result in results)
    messages.success(request, f"Đã ký {signed}.")
    following = Case.objects.here(case.commune_id).waiting_for(State.WAITING_SIGNATURE).first()
    return redirect("sign", following.code) if following else redirect("signing")


def _page(case: Case, request: DeskRequest, form: SignForm, drafts: list[papers.Draft], now: Any) -> dict[str, Any]:
    [row] = rows_of([case], at=now, commune_id=case.commune_id)
    application = application_of(case)
    person, other = application.person, application.other
    answered = [finding for finding in frozen_findings(case) if finding.answered_by or finding.tone == "warn"]
    why_not = workflow.why_may_not_sign(case, request.user, at=now)
    return {
        "case": row,
        "case_href": reverse("case", args=[case.code]),
        "previews": [
            {
                "href": reverse("sign_preview", args=[case.code, number]),
                "alt": f"{draft.document.name} của {person.full_name}, như sẽ in",
                "name": draft.document.name,
            }
            for number, draft in enumerate(drafts)
        ],
        "beside": beside(case.procedure, case.citizen, case.other, but=case),
        "changed": findings_of(workflow.changed_since_receipt(case, by=request.user, at=now)),
        "kind": papers.name_of(case),
        "facts": [
            ("Công dân", f"{person.full_name}, sinh {person.birth_text}"),
            ("Số định danh", person.identity_number),
            *(
                [(case.procedure.party.label, f"{other.full_name}, sinh {other.birth_text}, {other.identity_number}")]
                if other and case.procedure.party
                else []
            ),
            ("Người tiếp nhận", str(case.received_by)),
            ("Người giải quyết", str(case.handled_by or "")),
        ],
        "findings": answered,
        "version": law_of(case),
        "form": None if why_not else form,
        "why_not": why_not,
        "send_back_form": NoteForm(label=NOTE_LABELS[Verb.SEND_BACK], auto_id="send_back_%s"),
        "send_back_href": reverse("act", args=[case.code, Verb.SEND_BACK]),
        "next_href": reverse("signing"),
    }


@require_GET
@only(Role.SIGNER)
def sign_preview(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """One paper that is about to be signed, as a picture."""
    case = get_object_or_404(Case.objects.here(request.user.commune_id).for_page(), code=code)
    drafts = papers.drafts_of(case, by=request.user, at=timezone.now())
    if case.where != State.WAITING_SIGNATURE or number >= len(drafts):
        raise Http404
    return HttpResponse(drafts[number].sheet().picture(1000), content_type="image/png")


def _result(request: DeskRequest, code: str, pk: int) -> Result:
    return get_object_or_404(
        Result.objects.select_related("case"), pk=pk, case__code=code, commune_id=request.user.commune_id
    )


@require_GET
@only(Role.CLERK, Role.SPECIALIST, Role.SIGNER)
def result(request: DeskRequest, code: str, pk: int) -> HttpResponse:
    """The signed paper, the stored bytes."""
    found = _result(request, code, pk)
    audit.record("print", "result", f"{code}/{found.full_number}", by=request.user, at=timezone.now())
    return pdf(papers.bytes_of(found), f"ket-qua-{code}.pdf")


@require_GET
@only(Role.CLERK, Role.SPECIALIST, Role.SIGNER)
def result_picture(request: DeskRequest, code: str, pk: int) -> HttpResponse:
    """The signed paper as a picture, to be laid beside a new one."""
    found = _result(request, code, pk)
    audit.record("look", "result", f"{code}/{found.full_number}", by=request.user, at=timezone.now())
    return HttpResponse(picture_of(papers.bytes_of(found), 700), content_type="image/png")
