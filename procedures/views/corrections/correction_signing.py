"""A correction looked at and decided: old and new side by side, the leader's signature or the way back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from oneshop import audit
from oneshop.keys import only
from oneshop.models import Officer
from oneshop.roles import DeskRequest, Role
from procedures import workflow
from procedures.forms import NoteForm, SignForm
from procedures.models import Correction
from procedures.rules import Rule
from procedures.states import CorrectionState
from procedures.views.corrections.correction_parts import TONES, case_of, correction_or_404, how_far, shown_of
from procedures.views.shown import findings_of
from procedures.views.signing.proof import Proof, asked_of, proof_of, sign_files_after
from procedures.workflow.rounds import CANNOT, said_of, why_not_signed


@require_GET
@only(Role.CLERK, Role.SPECIALIST, Role.SIGNER)
def correction(request: DeskRequest, pk: int) -> HttpResponse:
    """One correction: why, old and new side by side, how far it is, and the acts open to this officer."""
    found, now = correction_or_404(request, pk=pk), timezone.now()
    audit.record("look", "correction", found.pk, by=request.user, at=now, why=found.case.code)
    trouble, made = "", None
    if found.where == CorrectionState.PROPOSED:
        trouble, made = _planned(found, None, now)
    page = {
        "case": case_of(found),
        "correction": found,
        "state": how_far(found),
        "tone": TONES[found.where],
        "shown": shown_of(found, made),
        "trouble": trouble,
        "acts": _acts(found, request),
    }
    return render(request, "cases/correction.html", page)


def _planned(found: Correction, by: Officer | None, now: datetime) -> tuple[str, workflow.Plan | None]:
    try:
        return "", workflow.plan(found, by=by, at=now)
    except workflow.NotAllowed as refused:
        return refused.sentence, None


def _acts(found: Correction, request: DeskRequest) -> dict[str, str]:
    """Where this officer goes on from here."""
    acts = {}
    if found.where == CorrectionState.PROPOSED and request.user.is_(Role.SIGNER):
        acts["sign_href"] = reverse("sign_correction", args=[found.pk])
    if found.where == CorrectionState.PROPOSED and request.user.is_(Role.SPECIALIST):
        acts["drop_href"] = reverse("drop_correction", args=[found.pk])
    if found.where == CorrectionState.RETURNED and request.user.is_(Role.SPECIALIST):
        acts["again_href"] = reverse("correct_paper", args=[found.case.code, found.result_id])
    waits = Correction.objects.waiting_to_be_handed().filter(pk=found.pk)
    if request.user.is_(Role.CLERK) and waits.exists():
        acts["hand_href"] = reverse("hand_correction", args=[found.case.code])
    return acts


@require_GET
@only(Role.SPECIALIST, Role.SIGNER)
def correction_preview(request: DeskRequest, pk: int, number: int) -> HttpResponse:
    """One paper of a proposal as a picture of the very paper that would be printed."""
    found, now = correction_or_404(request, pk=pk, state=CorrectionState.PROPOSED), timezone.now()
    _, made = _planned(found, request.user if request.user.is_(Role.SIGNER) else None, now)
    if made is None or number >= len(made.redrafts):
        raise Http404
    return HttpResponse(made.redrafts[number].sheet().picture(1000), content_type="image/png")


@require_http_methods(["GET", "POST"])
@only(Role.SIGNER)
def sign_correction(request: DeskRequest, pk: int) -> HttpResponse:
    """Old and new side by side with what differs in words, and the password of who signs."""
    found, now = correction_or_404(request, pk=pk), timezone.now()
    if found.where != CorrectionState.PROPOSED:
        messages.warning(request, workflow.CaseMoved(found.case).sentence)
        return redirect("signing")
    trouble, made = _planned(found, request.user, now)
    why_not = trouble or workflow.why_may_not_sign_correction(found, request.user, at=now)
    rules: Sequence[Rule] = made.owed if made else ()
    initial = {"seen": made.digest if made else ""}
    form = SignForm(request.POST or None, initial=initial, rules=rules, asked=asked_of(request, at=now))
    if request.method == "POST" and not why_not and form.is_valid():
        proof = proof_of(request, form, about=str(found.pk), at=now, kind="correction")
        if proof.is_proven:
            return _sign(request, found, form, proof)
    page = {
        "case": case_of(found),
        "correction": found,
        "shown": shown_of(found, made),
        "findings": findings_of([row for row in (made.findings if made else ()) if row.stops]),
        "why_not": why_not,
        "form": None if why_not else form,
        "send_back_form": NoteForm(label="Lý do trả lại", auto_id="return_%s"),
        "send_back_href": reverse("return_correction", args=[pk]),
        "next_href": reverse("signing"),
    }
    return render(request, "cases/sign_correction.html", page, status=422 if form.is_bound else 200)


def _sign(request: DeskRequest, found: Correction, form: SignForm, proof: Proof) -> HttpResponse:
    try:
        results = workflow.sign_correction(
            found, by=request.user, at=timezone.now(), seen=form.cleaned_data["seen"], confirmed=form.confirmed
        )
    except workflow.CaseMoved as moved:
        messages.warning(request, moved.sentence)
        return redirect("signing")
    except CANNOT as refused:
        why = why_not_signed(refused)
        audit.record("sign_stopped", "correction", found.pk, by=request.user, at=timezone.now(), why=why[:300])
        messages.warning(request, why)
        return redirect("sign_correction", found.pk)
    sign_files_after(request.user, results, proof)
    messages.success(request, f"Đã ký {said_of(results)}.")
    return redirect("signing")


@require_POST
@only(Role.SIGNER)
def return_correction(request: DeskRequest, pk: int) -> HttpResponse:
    """The leader sends the proposal back with the reason."""
    found, form = correction_or_404(request, pk=pk), NoteForm(request.POST, label="Lý do trả lại", auto_id="return_%s")
    if not form.is_valid():
        messages.error(request, "Chưa trả lại: ghi rõ lý do.")
        return redirect("sign_correction", pk)
    try:
        workflow.return_correction(found, by=request.user, at=timezone.now(), note=form.cleaned_data["note"])
    except (workflow.CaseMoved, workflow.NotAllowed) as refused:
        messages.warning(request, refused.sentence)
        return redirect("signing")
    messages.success(request, f"Đã trả lại đề nghị sửa giấy của hồ sơ {found.case.code}.")
    return redirect("signing")
