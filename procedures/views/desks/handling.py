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
from procedures import ministry, papers, workflow
from procedures.applications import application_of
from procedures.books import prints
from procedures.forms import AgainForm, ExtendForm, NoteForm, SendBackForm
from procedures.frozen import thaw
from procedures.models import Case, Correction, FollowUp, Notice, PaperOwed, Print, Result, Step
from procedures.rules import Application
from procedures.signing import signatures, signers
from procedures.signing.signatures import Standing
from procedures.states import MOVES, State, Verb, verbs_from
from procedures.views.corrections.correction_parts import correction_rows
from procedures.views.desks.applying import shown_answers
from procedures.views.desks.print_buttons import by_paper, lines_of, print_button, shown_prints
from procedures.views.monitoring.scoring import times_of
from procedures.views.polling import NOTHING_NEW, listed, unchanged, version_of
from procedures.views.shown import (
    Act,
    duty_of,
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
        "corrections": correction_rows(
            Correction.objects.here(request.user.commune_id).in_work().for_board()[:60], "correction"
        ),
        "corrections_words": "Giấy đang đề nghị sửa, thay, thu hồi",
        **duty_of(request, at=now),
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
    lines = lines_of(found)
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
        "papers": _papers(found, lines, corrects=request.user.is_(Role.SPECIALIST)),
        "corrections": correction_rows(Correction.objects.filter(case=found).for_board(), "correction"),
        "prints": shown_prints(found.code, lines),
        "times": times_of(found, at=now),
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
    owed = PaperOwed.objects.still().filter(result__case=found).exists()
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


def _may_be_wrong(result: Result) -> bool:
    return result.standing == Result.Standing.VALID and result.kind not in Result.ABOUT_PAPERS


def _how_it_stands(result: Result) -> str:
    """In a word, where the paper has fallen or is one of digital signatures."""
    if result.standing != Result.Standing.VALID:
        return f" ({result.get_standing_display().lower()})"
    standing = signatures.standing_of(result) if result.facts.get("digital") else Standing.INK
    words = signatures.WORDS[standing]
    return "" if standing == Standing.INK else f" ({words[0].lower()}{words[1:]})"


def _papers(found: Case, lines: list[Print], *, corrects: bool) -> list[dict[str, Any]]:
    """Forms of the applicant, slips, results: each with its number, who issued it when, how often it was printed.

    `corrects`: whether this officer may put a wrong result right.
    """
    printed = by_paper(lines)

    def listed(key: str, name: str, number: str = "", issued: str = "", owed: int = 1) -> dict[str, Any]:
        before = printed.get(key, [])
        return {
            "name": name,
            "number": number,
            "issued": issued,
            "href": reverse("paper_picture", args=[found.code, *key.split("/")]),
            "press": print_button(found.code, key, name, owed, before),
            "times": f"đã in {prints.good(before)} bản" if before else "chưa in",
        }

    slips = [
        listed(
            f"slip/{slip.pk}",
            slip.get_kind_display(),
            f"{slip.number:02}/{slip.year}",
            f"{moment(slip.at)}, {slip.by}",
        )
        for slip in sorted(found.slips.all(), key=lambda slip: (slip.at, slip.pk))
    ]
    results = [
        listed(
            f"result/{result.pk}",
            result.name + _how_it_stands(result),
            result.full_number,
            f"{moment(result.signed_at)}, {result.signed_by}",
            1 if result.blank else result.originals,
        )
        | (
            {"correct_href": reverse("correct_paper", args=[found.code, result.pk])}
            if corrects and _may_be_wrong(result)
            else {}
        )
        for result in found.results.all()
    ]
    own = [
        listed(f"declaration/{number}", document.name)
        for number, document in enumerate(found.procedure.declarations(application_of(found)))
    ]
    return own + slips + results


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


def _form_of(verb: Verb, found: Case, posted: QueryDict | None = None) -> NoteForm | SendBackForm | None:
    """What a verb asks for before it is done; nothing for one that needs no word."""
    if not MOVES[verb].says_why:
        return None
    if verb == Verb.SEND_BACK:
        return SendBackForm(posted, auto_id=f"{verb}_%s")
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
    if verb == Verb.SEND_BACK:
        return on_to_the_next(request)
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


def on_to_the_next(request: DeskRequest) -> HttpResponse:
    """The leader goes on with the most urgent paper that is left, or back to the empty desk."""
    mine, _ = signers.to_sign(request.user, at=timezone.now(), most=20)
    return redirect("sign", mine[0].code) if mine else redirect("signing")


def _next_desk(verb: Verb) -> str:
    match verb:
        case Verb.HAND_OVER | Verb.RESUME | Verb.EXTEND:
            return "case"
        case Verb.WITHDRAW | Verb.TAKE_PAPERS:
            return "desk"
        case _:
            return "handling"
