"""The leader's desk: what waits, the paper as it will be printed, the signature."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from oneshop import audit
from oneshop.keys import only
from oneshop.models import Officer, officers_commune
from oneshop.roles import DeskRequest, Role
from procedures import papers, workflow
from procedures.applications import application_of
from procedures.books import sweeping
from procedures.forms import BatchForm, SendBackForm, SignForm
from procedures.models import Case, Correction, Result, SigningRound, SigningTurn
from procedures.papers.printing import picture_of
from procedures.rules import Stage
from procedures.signing import signatures, signers
from procedures.states import State, Verb
from procedures.views.corrections.correction_parts import correction_rows
from procedures.views.desks.handling import on_to_the_next
from procedures.views.desks.reception import pdf
from procedures.views.polling import NOTHING_NEW, listed, unchanged, version_of
from procedures.views.shown import (
    ShownFinding,
    beside,
    duty_of,
    findings_of,
    frozen_findings,
    law_of,
    rows_of,
    shown_chores,
    shown_news,
)
from procedures.views.signing.proof import Proof, asked_of, proof_of, sign_files_after
from procedures.workflow.rounds import CANNOT, MOST, Chosen, said_of, show, why_not_signed


@require_GET
@only(Role.SIGNER)
def signing(request: DeskRequest) -> HttpResponse:
    """What waits for this leader's signature, the most urgent first, and what others have to sign; refreshes itself."""
    now = timezone.now()
    version = version_of(request.user.commune_id, at=now)
    if unchanged(request, version):
        return HttpResponse(status=NOTHING_NEW)
    mine, others = signers.to_sign(request.user, at=now)
    reasons = {case.code: why for case, why in others}
    page = {
        "title": "Hồ sơ chờ ký",
        "lead": "Mở từng hồ sơ, xem giấy như sẽ in, rồi ký.",
        "empty": "Không có hồ sơ nào chờ ông/bà ký.",
        "news": shown_news(timezone.localdate(now)),
        "chores": shown_chores(request.user.commune_id, timezone.localdate(now)),
        "flaws": list(sweeping.cards(request.user.commune_id or 0)),
        "unsealed": signatures.waiting_for(request.user),
        "rows": rows_of(mine, at=now, commune_id=request.user.commune_id, address="sign"),
        "batch_href": reverse("sign_batch") if len(mine) > 1 else "",
        "batch_size": min(len(mine), MOST),
        "others": [
            {"row": row, "why": reasons[row.code]}
            for row in rows_of([case for case, _ in others], at=now, commune_id=request.user.commune_id, address="sign")
        ],
        "corrections": correction_rows(
            Correction.objects.here(request.user.commune_id).waiting_for_signature().for_board()[:60], "sign_correction"
        ),
        "corrections_words": "Giấy sửa, thay, thu hồi chờ ký",
        **duty_of(request, at=now),
    }
    return listed(request, "cases/queue.html", page, version)


@require_http_methods(["GET", "POST"])
@only(Role.SIGNER)
def sign(request: DeskRequest, code: str) -> HttpResponse:
    """The paper, what no rule could check, and, unless just asked, the password of who signs."""
    case = get_object_or_404(Case.objects.here(request.user.commune_id).for_page(), code=code)
    now = timezone.now()
    if case.where != State.WAITING_SIGNATURE:
        messages.warning(request, workflow.CaseMoved(case).sentence)
        return redirect("signing")
    drafts = papers.drafts_of(case, by=request.user, at=now)
    rules = workflow.asked_at(case, Stage.SIGNATURE)
    seen = papers.digest(drafts)
    form = SignForm(request.POST or None, initial={"seen": seen}, rules=rules, asked=asked_of(request, at=now))
    if request.method == "POST" and form.is_valid():
        proof = proof_of(request, form, about=case.code, at=now)
        if proof.is_proven:
            return _sign(request, case, form, proof)
    page = _page(case, request, form, drafts, now)
    return render(request, "cases/sign.html", page, status=422 if form.is_bound else 200)


def _sign(request: DeskRequest, case: Case, form: SignForm, proof: Proof) -> HttpResponse:
    try:
        results = workflow.sign(
            case, by=request.user, at=timezone.now(), seen=form.cleaned_data["seen"], confirmed=form.confirmed
        )
    except workflow.CaseMoved as moved:
        messages.warning(request, moved.sentence)
        return redirect("signing")
    except CANNOT as refused:
        why = why_not_signed(refused)
        audit.record("sign_stopped", "case", case.code, by=request.user, at=timezone.now(), why=why[:300])
        messages.warning(request, why)
        return redirect("sign", case.code)
    sign_files_after(request.user, results, proof)
    messages.success(request, f"Đã ký {said_of(results)}.")
    return on_to_the_next(request)


@require_http_methods(["GET", "POST"])
@only(Role.SIGNER)
def sign_batch(request: DeskRequest) -> HttpResponse:
    """Up to twenty papers one below the other, each ticked after it was looked at, signed by one confirmation."""
    now = timezone.now()
    mine, _ = signers.to_sign(request.user, at=now, most=60)
    listed_cases = Case.objects.for_page().filter(pk__in=[case.pk for case in mine[:MOST]])
    cases = {case.code: case for case in listed_cases.order_by("due_at", "pk")}
    drafts = {code: papers.drafts_of(case, by=request.user, at=now) for code, case in cases.items()}
    rules = {code: workflow.asked_at(case, Stage.SIGNATURE) for code, case in cases.items()}
    digests = {code: papers.digest(made) for code, made in drafts.items()}
    asked = asked_of(request, at=now, always=True)
    form = BatchForm(request.POST or None, rules=rules, digests=digests, asked=asked)
    proof = Proof(False)
    if request.method == "POST" and form.is_valid():
        proof = proof_of(request, form, about="nhiều hồ sơ", at=now)
    if proof.is_proven:
        chosen = [Chosen(cases[code], seen, confirmed) for code, seen, confirmed in form.chosen]
        if gone := [name[5:] for name in request.POST if name.startswith("sign-") and name not in form.fields]:
            messages.warning(request, f"Không còn chờ ông/bà ký nên không ký: {', '.join(gone)}.")
        try:
            signing_round = workflow.begin_round(chosen, by=request.user, at=now)
        except workflow.NotAllowed as refused:
            form.add_error(None, refused.sentence)
        else:
            if proof.opened or not request.htmx:
                # an opened key lives in this request only; and without script nobody asks for one after the other
                transaction.on_commit(partial(_sign_all, request.user, signing_round, proof))
            return redirect("signing_round", signing_round.pk)
    rows = rows_of(cases.values(), at=now, commune_id=request.user.commune_id, address="sign")
    page = {
        "form": form,
        "cases": [
            {
                "row": row,
                "kind": papers.name_of(cases[row.code]),
                "findings": _unchecked(cases[row.code]),
                "changed": findings_of(workflow.changed_since_receipt(cases[row.code], by=request.user, at=now)),
                "previews": _previews(cases[row.code], drafts[row.code]),
                "fields": form.of(row.code),
            }
            for row in rows
        ],
        "more": max(0, len(mine) - MOST),
        "back_href": reverse("signing"),
    }
    return render(request, "cases/sign_batch.html", page, status=422 if form.is_bound else 200)


def _sign_all(officer: Officer, signing_round: SigningRound, proof: Proof) -> None:
    """What is left of the round, each case in a transaction of its own; the files of each once it is committed."""
    while True:
        with officers_commune(officer):
            turn = workflow.sign_next(signing_round, by=officer, at=timezone.now())
            if turn is None:
                return
            signed = turn.outcome == SigningTurn.Outcome.SIGNED
            sign_files_after(officer, list(turn.case.results.order_by("pk")) if signed else [], proof)


@require_GET
@only(Role.SIGNER)
def signing_round(request: DeskRequest, pk: int) -> HttpResponse:
    """How far the round is: which are signed, which could not be and why. htmx asks for the list alone."""
    found = get_object_or_404(SigningRound, pk=pk, officer=request.user)
    turns = list(found.turns.select_related("case__citizen"))
    waiting = sum(turn.outcome == SigningTurn.Outcome.WAITING for turn in turns)
    page = {
        "turns": [
            {
                "code": turn.case.code,
                "href": reverse("case", args=[turn.case.code]),
                "citizen": turn.case.citizen.full_name,
                "outcome": turn.get_outcome_display(),
                "tone": TONES[turn.outcome],
                "sentence": turn.sentence,
            }
            for turn in turns
        ],
        "done": len(turns) - waiting,
        "signed": sum(turn.outcome == SigningTurn.Outcome.SIGNED for turn in turns),
        "failed": sum(turn.outcome == SigningTurn.Outcome.FAILED for turn in turns),
        "waiting": waiting,
        "all": len(turns),
        "next_href": reverse("sign_turn", args=[pk]),
        "back_href": reverse("signing"),
    }
    is_part = request.htmx and request.htmx.target == "progress"
    return render(request, f"cases/signing_round.html{'#progress' if is_part else ''}", page)


TONES = {"waiting": "info", "signed": "good", "failed": "stop"}


@require_POST
@only(Role.SIGNER)
def sign_turn(request: DeskRequest, pk: int) -> HttpResponse:
    """Sign the next one of the round; without the script that asks again, all that are left."""
    found = get_object_or_404(SigningRound, pk=pk, officer=request.user)
    if request.htmx:
        workflow.sign_next(found, by=request.user, at=timezone.now())
    else:
        transaction.on_commit(partial(_sign_all, request.user, found, Proof(True)))
    return redirect("signing_round", pk)


def _page(case: Case, request: DeskRequest, form: SignForm, drafts: list[papers.Draft], now: Any) -> dict[str, Any]:
    [row] = rows_of([case], at=now, commune_id=case.commune_id)
    application = application_of(case)
    person, other = application.person, application.other
    why_not = workflow.why_may_not_sign(case, request.user, at=now)
    return {
        "case": row,
        "case_href": reverse("case", args=[case.code]),
        "previews": _previews(case, drafts),
        "left": max(0, len(signers.to_sign(request.user, at=now)[0]) - 1),
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
        "findings": _unchecked(case),
        "version": law_of(case),
        "form": None if why_not else form,
        "why_not": why_not,
        "send_back_form": SendBackForm(auto_id="send_back_%s"),
        "send_back_href": reverse("act", args=[case.code, Verb.SEND_BACK]),
        "next_href": reverse("signing"),
    }


def _previews(case: Case, drafts: Sequence[papers.Draft]) -> list[dict[str, str]]:
    return [
        {
            "href": reverse("sign_preview", args=[case.code, number]),
            "alt": f"{draft.document.name} của {case.citizen.full_name}, như sẽ in",
            "name": draft.document.name,
        }
        for number, draft in enumerate(drafts)
    ]


def _unchecked(case: Case) -> list[ShownFinding]:
    """What no rule could check: the officer looked, or was warned and went on."""
    return [finding for finding in frozen_findings(case) if finding.answered_by or finding.tone == "warn"]


@require_GET
@only(Role.SIGNER)
def sign_preview(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """One paper that is about to be signed, as a picture; that it was sent to this leader is kept (S-07)."""
    case = get_object_or_404(Case.objects.here(request.user.commune_id).for_page(), code=code)
    now = timezone.now()
    drafts = papers.drafts_of(case, by=request.user, at=now)
    if case.where != State.WAITING_SIGNATURE or number >= len(drafts):
        raise Http404
    picture = drafts[number].sheet().picture(1000)
    show(case, number, papers.digest(drafts), to=request.user, at=now)
    return HttpResponse(picture, content_type="image/png")


def _result(request: DeskRequest, code: str, pk: int) -> Result:
    return get_object_or_404(
        Result.objects.select_related("case"), pk=pk, case__code=code, commune_id=request.user.commune_id
    )


@require_GET
@only(Role.CLERK, Role.SPECIALIST, Role.SIGNER)
def result(request: DeskRequest, code: str, pk: int) -> HttpResponse:
    """The signed paper as an electronic file. It is read, checked and sent; printed it is by `print_paper`."""
    found = _result(request, code, pk)
    audit.record("look", "result", f"{code}/{found.full_number}", by=request.user, at=timezone.now())
    return pdf(papers.bytes_of(found), f"ket-qua-{code}.pdf")


@require_GET
@only(Role.CLERK, Role.SPECIALIST, Role.SIGNER)
def result_picture(request: DeskRequest, code: str, pk: int) -> HttpResponse:
    """The signed paper as a picture, to be laid beside a new one."""
    found = _result(request, code, pk)
    audit.record("look", "result", f"{code}/{found.full_number}", by=request.user, at=timezone.now())
    return HttpResponse(picture_of(papers.bytes_of(found), 700), content_type="image/png")
