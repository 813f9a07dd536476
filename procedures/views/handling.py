"""The specialist's desk, and the page of a case with what may be done next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from oneshop import audit
from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures import ministry, papers, signatures, workflow
from procedures.applications import application_of
from procedures.forms import AgainForm, ExtendForm, NoteForm
from procedures.frozen import thaw
from procedures.models import Case, FollowUp, Notice, PaperOwed, Result, Step
from procedures.rules import Application
from procedures.signatures import Standing
from procedures.states import MOVES, State, Verb, verbs_from
from procedures.views.applying import shown_answers
from procedures.views.polling import NOTHING_NEW, listed, unchanged, version_of
from procedures.views.reception import pdf
from procedures.views.shown import (
    Act,
    frozen_findings,
    law_of,
    may,
    moment,
    rows_of,
    shown_chores,
    shown_news,
    steps_of,
)

NOTE_LABELS = {
    Verb.ASK_FOR_PAPERS: "Còn thiếu những gì (ghi đủ một lần)",
    Verb.TAKE_PAPERS: "Công dân đã bổ sung gì",
    Verb.EXTEND: "Lý do chậm (in trên phiếu xin lỗi)",
    Verb.SUBMIT_REFUSAL: "Lý do từ chối, mỗi lý do một dòng (in trên văn bản)",
    Verb.SEND_BACK: "Lý do trả lại",
    Verb.WITHDRAW: "Lý do công dân rút hồ sơ",
    Verb.ANNUL: "Lý do hủy kết quả đã ký, chưa trả (ghi vào sổ)",
}
DANGEROUS = {Verb.SUBMIT_REFUSAL, Verb.WITHDRAW, Verb.ANNUL}


@require_GET
@only(Role.SPECIALIST)
def handling(request: DeskRequest) -> HttpResponse:
    """What waits for the specialist, the most urgent first; refreshes itself."""
    now = timezone.now()
    version = version_of(request.user.commune_id, at=now)
    if unchanged(request, version):
        return HttpResponse(status=NOTHING_NEW)
    cases = (
        Case.objects.here(request.user.commune_id)
        .waiting_for(State.RECEIVED, State.HANDLING, State.WAITING_REVIEW)
        .for_board()[:60]
    )
    page = {
        "title": "Hồ sơ chờ giải quyết",
        "lead": "Mở hồ sơ, kiểm tra, rồi trình lãnh đạo ký.",
        "empty": "Không có hồ sơ nào chờ giải quyết.",
        "news": shown_news(timezone.localdate(now)),
        "chores": shown_chores(request.user.commune_id, timezone.localdate(now)),
        "rows": rows_of(cases, at=now, commune_id=request.user.commune_id),
    }
    return listed(request, "cases/queue.html", page, version)


@require_GET
@only(Role.CLERK, Role.SPECIALIST, Role.SIGNER)
def case(request: DeskRequest, code: str) -> HttpResponse:
    """One case: facts, findings, papers, history, and the acts open to this officer. The look is written down."""
    found = get_object_or_404(Case.objects.here(request.user.commune_id).for_page(), code=code)
    now = timezone.now()
    audit.record("look", "case", found.code, by=request.user, at=now)
    [row] = rows_of([found], at=now, commune_id=found.commune_id)
    application = application_of(found)
    form = found.procedure.Form(
        {name: value for name, value in thaw(found.answers).items() if value is not None},
        person=application.person,
        on=application.day,
        other=application.other,
        dossier=application.dossier,
    )
    form.is_valid()
    shown = vars(row) | {
        "identity": application.person.identity_number,
        "citizen_href": reverse("citizen", args=[found.citizen_id]),
        "applicant": application.get("applicant_name"),
        "answers": [
            ("Ngày sinh", application.person.birth_text),
            ("Nơi cư trú", application.person.address(application.day)),
            *_other(found, application),
            *((label, value) for label, value, _ in shown_answers(form, "")),
        ],
        "findings": frozen_findings(found),
        "steps": steps_of(found.steps.all()),
        "notices": [
            f"{moment(row.at)}, {row.get_channel_display()}: {row.get_occasion_display()}" for row in _told(found)
        ],
        "papers": _papers(found),
        "status_href": reverse("status", args=[found.commune.code, found.token]),
        "revoke_href": reverse("revoke_link", args=[found.code]) if request.user.is_(Role.CLERK) else "",
        "officer_hint": _hint(found, request, now),
        "version": law_of(found),
        "bridge": _bridge(found, request),
        "hand_paper_href": _owed_paper(found, request),
        "follow_ups": [
            {
                "text": row.text,
                "done": f"{row.done_by}, {moment(row.done_at)}" if row.done_at else "",
                "href": reverse("follow_up", args=[found.code, row.pk]) if request.user.is_(Role.SPECIALIST) else "",
            }
            for row in found.follow_ups.all()
        ],
    }
    return render(request, "cases/case.html", {"case": shown, "acts": _acts(found, request.user.roles)})


def _bridge(found: Case, request: DeskRequest) -> dict[str, str]:
    """The way to the Ministry's software and what it gave back, for a case that has to be entered there."""
    if not may(request.user, Role.CLERK, Role.SPECIALIST) or not ministry.lines_of(found):
        return {}
    entry = ministry.entry_of(found)
    words = f"Số {entry.full_number}, mã {entry.code}" if entry else "Chưa có số và mã"
    return {"href": reverse("bridge", args=[found.code]), "words": words}


def _owed_paper(found: Case, request: DeskRequest) -> str:
    owed = PaperOwed.objects.filter(result__case=found, handed_at=None).exists()
    return reverse("hand_paper", args=[found.code]) if owed and request.user.is_(Role.CLERK) else ""


def _other(found: Case, application: Application) -> list[tuple[str, str]]:
    other, party = application.other, found.procedure.party
    if other is None or party is None:
        return []
    return [(party.label, f"{other.full_name}, sinh {other.birth_text}, {other.identity_number}")]


def _told(case: Case) -> QuerySet[Notice]:
    """What its citizen was told, the newest first."""
    told: QuerySet[Notice] = case.notices.filter(officer=None)
    return told


def _hint(found: Case, request: DeskRequest, now: datetime) -> str:
    """What keeps this very officer from the next step, said before the button is missed."""
    if found.where == State.WAITING_SIGNATURE and request.user.is_(Role.SIGNER):
        return workflow.why_may_not_sign(found, request.user, at=now)
    return ""


def _how_signed(result: Result) -> str:
    """In a word, where the paper is one of digital signatures."""
    standing = signatures.standing_of(result) if result.facts.get("digital") else Standing.INK
    return (
        ""
        if standing == Standing.INK
        else f" ({signatures.WORDS[standing][0].lower()}{signatures.WORDS[standing][1:]})"
    )


def _papers(found: Case) -> list[dict[str, str]]:
    slips = [
        {
            "name": slip.get_kind_display(),
            "number": f"{slip.number:02}/{slip.year}",
            "href": reverse("slip", args=[found.code, slip.pk]),
        }
        for slip in found.slips.all()
    ]
    results = [
        {
            "name": result.name + _how_signed(result),
            "number": result.full_number,
            "href": reverse("result", args=[found.code, result.pk]),
        }
        for result in found.results.all()
    ]
    own = [
        {"name": document.name, "number": "", "href": reverse("case_declaration", args=[found.code, number])}
        for number, document in enumerate(found.procedure.declarations(application_of(found)))
    ]
    return own + slips + results


@require_GET
@only(Role.CLERK, Role.SPECIALIST, Role.SIGNER)
def case_declaration(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """The form that the applicant signs, as the case was received."""
    found = get_object_or_404(Case.objects.here(request.user.commune_id).for_page(), code=code)
    drafts = papers.declarations_of(found, at=found.received_at)
    if number >= len(drafts):
        raise Http404
    audit.record("print", "declaration", f"{found.code}/{number}", by=request.user, at=timezone.now())
    return pdf(drafts[number].sheet().pdf, f"don-{number + 1}-{found.code}.pdf")


def _acts(found: Case, roles: list[str]) -> list[Act]:
    """The verbs of the table that are open here; signing and giving out have pages of their own."""
    acts: list[Act] = []
    for verb in verbs_from(found.where, [Role(role) for role in roles]):
        match verb:
            case Verb.SIGN:
                acts.append(Act(verb, "Xem và ký", reverse("sign", args=[found.code]), main=True, is_page=True))
            case Verb.GIVE_OUT:
                acts.append(Act(verb, "Trả kết quả", reverse("give_out", args=[found.code]), main=True, is_page=True))
            case _:
                acts.append(
                    Act(
                        verb,
                        verb.label,
                        reverse("act", args=[found.code, verb]),
                        main=verb in (Verb.SUBMIT, Verb.TAKE_PAPERS, Verb.RESUME),
                        form=_form_of(verb, found),
                        danger=verb in DANGEROUS,
                    )
                )
    return sorted(acts, key=lambda act: (not act.main, act.danger))


def _form_of(verb: Verb, found: Case, posted: QueryDict | None = None) -> NoteForm | None:
    """What a verb asks for before it is done; nothing for one that needs no word."""
    if not MOVES[verb].says_why:
        return None
    kind = NoteForm
    if verb == Verb.EXTEND:
        kind = ExtendForm
    elif verb == Verb.ASK_FOR_PAPERS and workflow.asked_before(found):
        kind = AgainForm
    return kind(posted, label=NOTE_LABELS[verb], auto_id=f"{verb}_%s")


ACTS: dict[str, Callable[..., Step]] = {
    Verb.EXTEND: workflow.extend,
    Verb.RESUME: workflow.resume,
    Verb.HAND_OVER: workflow.hand_over,
    Verb.ASK_FOR_PAPERS: workflow.ask_for_papers,
    Verb.TAKE_PAPERS: workflow.take_papers,
    Verb.SUBMIT: workflow.submit,
    Verb.SUBMIT_REFUSAL: workflow.submit_refusal,
    Verb.SEND_BACK: workflow.send_back,
    Verb.WITHDRAW: workflow.withdraw,
    Verb.ANNUL: workflow.annul,
}


@require_POST
@only(Role.CLERK, Role.SPECIALIST, Role.SIGNER)
def act(request: DeskRequest, code: str, verb: str) -> HttpResponse:
    """One verb on one case. Whoever was slower is told who was faster, and sees the case as it is now."""
    found = get_object_or_404(Case.objects.here(request.user.commune_id).select_related("commune"), code=code)
    if verb not in ACTS:
        raise Http404
    facts: dict[str, Any] = {}
    if form := _form_of(Verb(verb), found, request.POST):
        if not form.is_valid():
            said = " ".join(str(error) for errors in form.errors.values() for error in errors)
            messages.error(request, f"Chưa thực hiện: {said}")
            return redirect("case", code)
        facts["note"] = form.cleaned_data["note"]
        if isinstance(form, AgainForm):
            facts["again"] = True
        if isinstance(form, ExtendForm):
            facts["until"] = form.until
    try:
        ACTS[Verb(verb)](found, by=request.user, at=timezone.now(), **facts)
    except (workflow.CaseMoved, workflow.NotAllowed) as refused:
        messages.warning(request, refused.sentence)
        return redirect("case", code)
    except papers.PaperFailed:
        messages.error(request, "Chưa in được phiếu nên chưa thực hiện. Thử lại, hoặc báo kỹ thuật.")
        return redirect("case", code)
    except workflow.NotReady as early:
        messages.warning(request, " ".join(finding.rule.message for finding in early.findings))
        return redirect("case", code)
    messages.success(request, f"{Verb(verb).label}: hồ sơ {code}.")
    return redirect(_next_desk(Verb(verb)), *([code] if verb in (Verb.HAND_OVER, Verb.RESUME, Verb.EXTEND) else []))


@require_POST
@only(Role.SPECIALIST)
def follow_up(request: DeskRequest, code: str, pk: int) -> HttpResponse:
    """What was owed after the signature is done."""
    found = get_object_or_404(FollowUp.objects.select_related("case"), pk=pk, case__code=code)
    workflow.do_follow_up(found, by=request.user, at=timezone.now())
    return redirect("case", code)


@require_POST
@only(Role.CLERK)
def revoke_link(request: DeskRequest, code: str) -> HttpResponse:
    """A slip that was lost or passed on stops telling anything."""
    found = get_object_or_404(Case.objects.here(request.user.commune_id), code=code)
    workflow.revoke_link(found, by=request.user, at=timezone.now())
    messages.success(request, "Đã thu hồi mã theo dõi in trên giấy hẹn.")
    return redirect("case", code)


def _next_desk(verb: Verb) -> str:
    match verb:
        case Verb.HAND_OVER | Verb.RESUME | Verb.EXTEND:
            return "case"
        case Verb.SEND_BACK:
            return "signing"
        case Verb.WITHDRAW | Verb.TAKE_PAPERS:
            return "desk"
        case _:
            return "handling"
