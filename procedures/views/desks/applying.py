"""An application on its way into a case: the questions, what the rules say, the paper as it will be printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from citizens import names
from citizens.models import Citizen
from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures import papers, workflow
from procedures.applications import application_for
from procedures.books import prints
from procedures.catalogue import ApplicationForm, Procedure
from procedures.clock import CalendarEnds
from procedures.forms import CheckForm, LookUpForm, RuleAnswers, officer_answers
from procedures.law import offers
from procedures.models import Case, Draft, Print
from procedures.numbering import BookClosed
from procedures.rules import Application
from procedures.views.desks.reception import pdf
from procedures.views.desks.scans import first_scan
from procedures.views.shown import beside, findings_of, shown_procedure

DRAFT_LASTS = timedelta(hours=24)


@require_http_methods(["GET", "POST"])
@only(Role.CLERK)
def apply(request: DeskRequest, pk: int, procedure: Procedure) -> HttpResponse:
    """The questions no record answers, beside what the rules say. A valid form becomes a draft to be checked."""
    citizen = get_object_or_404(Citizen, pk=pk)
    if closed := offers.why_not_offered(procedure, request.user.commune_id or 0, timezone.localdate()):
        messages.warning(request, f"{procedure.name}: {closed}")
        return redirect("citizen", pk)
    wish = _wish(request, citizen, procedure)
    if procedure.party and procedure.party.owed and not wish.other:
        return redirect("party", pk, procedure.key)
    posted = request.POST if request.method == "POST" else wish.posted or None
    form, answers, application = _judged(request, wish, posted)
    findings = procedure.judge(application)
    ready = request.method == "POST" and form.is_valid() and not any(finding.stops for finding in findings)
    if ready and not _prints(request, wish, application):
        form.add_error(None, "Không in được nội dung này: bỏ các ký tự lạ (biểu tượng, chữ nước ngoài) rồi thử lại.")
    elif ready:
        _keep(request, wish)
        return redirect("check", wish.pk)
    if request.method == "POST":
        _keep(request, wish)
    elif posted:
        # what was kept is shown again as typed, but nobody has sent it yet: no field is in error
        form = procedure.Form(initial=posted, person=form.person, on=form.on, other=form.other, dossier=form.dossier)
        answers = RuleAnswers(findings, application)
    return render(
        request,
        "cases/form.html",
        _form_page(wish, form, findings, answers) | {"is_posted": request.method == "POST"},
        status=422 if request.method == "POST" else 200,
    )


@require_POST
@only(Role.CLERK, asks=True)
def look_up(request: DeskRequest, pk: int, procedure: Procedure) -> HttpResponse:
    """Look for an old entry or file; what is found stands among the choices of the form."""
    citizen = get_object_or_404(Citizen, pk=pk)
    wish = _wish(request, citizen, procedure)
    form = LookUpForm(request.POST)
    wish.looked_for = form.cleaned_data["text"] if form.is_valid() else ""
    wish.updated_at = timezone.now()
    wish.save(update_fields=["looked_for", "updated_at"])
    return redirect("apply", pk, procedure.key)


@require_POST
@only(Role.CLERK)
def reject(request: DeskRequest, pk: int, procedure: Procedure) -> HttpResponse:
    """What a rule of law stops is not taken in: the citizen gets the reasons in writing."""
    citizen = get_object_or_404(Citizen, pk=pk)
    wish = _wish(request, citizen, procedure)
    _, _, application = _judged(request, wish, request.POST)
    try:
        case = workflow.reject(
            procedure,
            citizen,
            answers=application.answers,
            officer_answers=application.officer,
            by=request.user,
            at=timezone.now(),
            other=wish.other,
            looked_for=wish.looked_for,
        )
    except workflow.NotAllowed as refused:
        messages.warning(request, refused.sentence)
        return redirect("apply", citizen.pk, procedure.key)
    wish.delete()
    messages.success(request, "Đã lập phiếu từ chối tiếp nhận. In và trao cho công dân.")
    return redirect("case", case.code)


@require_POST
@only(Role.CLERK, asks=True)
def findings(request: DeskRequest, pk: int, procedure: Procedure) -> HttpResponse:
    """What the rules say to the form as it stands, while it is being filled in."""
    citizen = get_object_or_404(Citizen, pk=pk)
    wish = _wish(request, citizen, procedure)
    form, answers, application = _judged(request, wish, request.POST)
    _keep(request, wish)
    page = _form_page(wish, form, procedure.judge(application), answers)
    return render(request, "cases/form.html#findings", page)


def _judged(request: DeskRequest, wish: Draft, posted: Any) -> tuple[ApplicationForm, RuleAnswers, Application]:
    """The form, the officer's answers and the application that the rules judge; unbound without anything posted."""
    now = timezone.now()
    procedure = wish.procedure
    application = application_for(
        procedure,
        wish.citizen,
        answers={},
        officer_answers=officer_answers(procedure.rules, posted or {}),
        by=request.user,
        at=now,
        other=wish.other,
        looked_for=wish.looked_for,
    )
    form = procedure.Form(
        posted or None,
        person=application.person,
        on=application.day,
        other=application.other,
        dossier=application.dossier,
    )
    application = replace(application, answers=_answers(form))
    return form, RuleAnswers(procedure.judge(application), application, posted or None), application


def _answers(form: ApplicationForm) -> dict[str, Any]:
    """The clean answers; of a form not yet sent, what it suggests, so that rules speak from the first moment."""
    if form.is_bound:
        form.is_valid()
        return dict(form.cleaned_data)
    suggested = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: value for name, value in suggested.items() if value is not None}


def _form_page(wish: Draft, form: ApplicationForm, found: Any, answers: RuleAnswers) -> dict[str, Any]:
    citizen, procedure = wish.citizen, wish.procedure
    keys = [citizen.pk, procedure.key]
    return {
        "citizen": _shown_person(citizen) | {"href": reverse("citizen", args=[citizen.pk])},
        "other": _shown_person(wish.other) | {"label": procedure.party.label}
        if wish.other and procedure.party
        else None,
        "party_href": reverse("party", args=keys) if procedure.party else "",
        "party_words": "Đổi người"
        if wish.other
        else f"Cho người khác: {procedure.party.label.lower()}…"
        if procedure.party
        else "",
        "look_up": procedure.look_up,
        "look_up_form": LookUpForm(initial={"text": wish.looked_for}, label=procedure.look_up, auto_id="look_up_%s"),
        "look_up_href": reverse("look_up", args=keys) if procedure.look_up else "",
        "procedure": shown_procedure(procedure, form.on),
        "form": form,
        "findings": findings_of(found, answers),
        "blocked": any(finding.tone == "fail" for finding in found),
        "findings_href": reverse("findings", args=keys),
        "reject_href": reverse("reject", args=keys),
    }


def _shown_person(citizen: Citizen) -> dict[str, str]:
    return {"name": citizen.full_name, "identity": citizen.identity_number, "born": citizen.birth_text}


def _kept(posted: Any) -> dict[str, Any]:
    """As typed, but for signs that nobody sees: PostgreSQL keeps no zero byte."""
    typed = (item for item in posted.items() if item[0] not in ("csrfmiddlewaretoken", "form_key"))
    return {names.visible(name): names.visible(value) for name, value in typed}


def _keep(request: DeskRequest, wish: Draft) -> None:
    """What was typed stays on the server, so that no closed browser loses it (R-15)."""
    wish.posted, wish.updated_at = _kept(request.POST), timezone.now()
    wish.save(update_fields=["posted", "updated_at"])


def _wish(request: DeskRequest, citizen: Citizen, procedure: Procedure) -> Draft:
    """This officer's draft for this person and procedure; one of yesterday begins anew."""
    now = timezone.now()
    mine = Draft.objects.filter(officer=request.user, citizen=citizen, procedure_key=procedure.key)
    mine.filter(updated_at__lte=now - DRAFT_LASTS).delete()
    wish, _ = Draft.objects.select_related("citizen", "other").get_or_create(
        officer=request.user,
        citizen=citizen,
        procedure_key=procedure.key,
        defaults={"commune_id": request.user.commune_id, "updated_at": now},
    )
    return wish


def _draft(request: DeskRequest, pk: int) -> Draft:
    return get_object_or_404(
        Draft.objects.select_related("citizen", "other"),
        pk=pk,
        officer=request.user,
        updated_at__gt=timezone.now() - DRAFT_LASTS,
    )


@require_http_methods(["GET", "POST"])
@only(Role.CLERK)
def check(request: DeskRequest, pk: int) -> HttpResponse:
    """The paper as it will be printed, each answer with its way back, and one key to receive."""
    try:
        draft = _draft(request, pk)
    except Http404:  # received in another window, or kept for a day and let go
        messages.warning(request, "Tờ khai này không còn chờ: đã tiếp nhận ở cửa sổ khác, hoặc để quá một ngày.")
        return redirect("desk")
    procedure, citizen = draft.procedure, draft.citizen
    form, _, application = _judged(request, draft, draft.posted)
    found = procedure.judge(application)
    if not form.is_valid() or any(finding.stops for finding in found):
        messages.warning(request, "Dữ liệu đã thay đổi. Xem lại tờ khai trước khi tiếp nhận.")
        return redirect("apply", citizen.pk, procedure.key)
    confirm = CheckForm(request.POST or None)
    if request.method == "POST" and confirm.is_valid():
        now = timezone.now()
        try:
            with transaction.atomic():  # a receipt that cannot be printed takes the receiving back with it
                case = workflow.receive(
                    procedure,
                    citizen,
                    answers=form.cleaned_data,
                    officer_answers=application.officer,
                    by=request.user,
                    at=now,
                    other=draft.other,
                    looked_for=draft.looked_for,
                    scanned_at=first_scan(request, citizen.pk, at=now),
                )
                if confirm.cleaned_data["want_receipt"]:
                    workflow.issue_receipt(case, by=request.user, at=now)
        except (workflow.NotReady, workflow.NotAllowed, CalendarEnds, BookClosed, papers.PaperFailed) as stopped:
            messages.error(request, _why_not(stopped))
            return redirect("apply", citizen.pk, procedure.key)
        draft.delete()
        return redirect("received", case.code)
    now = timezone.now()
    try:
        _, sentence = workflow.promise_of(procedure, application, draft.commune, at=now)
    except CalendarEnds as ends:
        sentence = _why_not(ends)
    page = {
        "draft": {"edit_href": reverse("apply", args=[citizen.pk, procedure.key])},
        "citizen": _shown_person(citizen),
        "other": _shown_person(draft.other) | {"label": procedure.party.label}
        if draft.other and procedure.party
        else None,
        "procedure": shown_procedure(procedure, form.on),
        "answers": shown_answers(form, reverse("apply", args=[citizen.pk, procedure.key])),
        "findings": findings_of([finding for finding in found if finding.answered_by_officer is not None]),
        "previews": [
            {
                "href": reverse("preview", args=[draft.pk, number]),
                "alt": f"{document.name} cấp cho {citizen.full_name}, như sẽ in",
                "name": document.name,
            }
            for number, document in enumerate(procedure.documents(application, on=form.on))
        ],
        "declarations": [
            {
                "name": document.name,
                "press": {
                    "href": reverse("print_declaration", args=[draft.pk, number]),
                    "words": "In",
                    "name": document.name,
                },
            }
            for number, document in enumerate(procedure.declarations(application))
        ],
        "beside": beside(procedure, draft.citizen, draft.other),
        "due_sentence": sentence,
        "fee": procedure.charge(application).text,
        "form": confirm,
    }
    return render(request, "cases/check.html", page, status=422 if confirm.is_bound else 200)


def _why_not(stopped: Exception) -> str:
    match stopped:
        case workflow.NotReady():
            return "Chưa tiếp nhận được: " + " ".join(finding.rule.message for finding in stopped.findings)
        case papers.PaperFailed():
            return "Chưa in được giấy hẹn nên chưa tiếp nhận. Thử lại, hoặc bỏ chọn in giấy hẹn."
        case workflow.NotAllowed():
            return stopped.sentence
        case CalendarEnds():
            return "Chưa có lịch làm việc của năm tới nên chưa tính được giờ hẹn. Báo quản trị nhập lịch nghỉ."
        case _:
            return "Sổ năm nay đã khóa. Đề nghị công chức mở sổ trước khi ghi."


def shown_answers(form: ApplicationForm, edit_href: str) -> list[tuple[str, str, str]]:
    """Label, answer in words, and where to mend it: only what was answered."""
    shown = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if value is None or value is False or value == "":
            continue
        if not form.asks_for(name):
            continue
        said = "Có" if value is True else dict(getattr(field, "choices", ())).get(value, value)
        text = said.strftime("%d/%m/%Y") if isinstance(said, date) else str(said)
        shown.append((str(field.label), text, edit_href))
    return shown


@require_GET
@only(Role.CLERK)
def preview(request: DeskRequest, pk: int, number: int) -> HttpResponse:
    """One result of a draft as a picture of the very paper that would be printed."""
    draft = _draft(request, pk)
    _, _, application = _judged(request, draft, draft.posted)
    drafted = _drafted(request, draft, application)
    if number >= len(drafted):
        raise Http404
    return HttpResponse(drafted[number].sheet().picture(1000), content_type="image/png")


@require_GET
@only(Role.CLERK)
def declaration(request: DeskRequest, pk: int, number: int) -> HttpResponse:
    """A form for the applicant's own signature, filled in with what has been answered so far, to who pressed print."""
    draft = _draft(request, pk)
    _, _, application = _judged(request, draft, draft.posted)
    forms_to_sign = papers.declarations_of(_unborn(request, draft), at=application.at, application=application)
    if number >= len(forms_to_sign):
        raise Http404
    line = Print.objects.filter(case=None, citizen=draft.citizen, declaration=number, by=request.user).last()
    if line is None or not prints.may_be_served(line, request.user, at=timezone.now()):
        messages.info(request, "Bấm “In” để in đơn.")
        return redirect("check", pk)
    return pdf(forms_to_sign[number].sheet().pdf, f"don-{number + 1}.pdf")


@require_POST
@only(Role.CLERK)
def print_declaration(request: DeskRequest, pk: int, number: int) -> HttpResponse:
    """Write the line of the print log, then lead to the form; it is corrected and printed again until it is right."""
    draft = _draft(request, pk)
    _, _, application = _judged(request, draft, draft.posted)
    forms_to_sign = papers.declarations_of(_unborn(request, draft), at=application.at, application=application)
    if number >= len(forms_to_sign):
        raise Http404
    form = forms_to_sign[number]
    prints.print_draft(form.document.name, form.sheet().pdf, number, draft.citizen, by=request.user, at=timezone.now())
    return redirect("declaration", pk, number)


def _unborn(request: DeskRequest, wish: Draft) -> Case:
    """The case that there will be."""
    return Case(
        commune=request.user.commune,
        procedure_key=wish.procedure_key,
        citizen=wish.citizen,
        other=wish.other,
        received_by=request.user,
        outcome=Case.Outcome.GRANT,
    )


def _drafted(request: DeskRequest, wish: Draft, application: Application) -> list[papers.Draft]:
    """The results as they would be printed now, before there is a case."""
    return papers.drafts_of(_unborn(request, wish), by=None, at=application.at, application=application)


def _prints(request: DeskRequest, wish: Draft, application: Application) -> bool:
    """Tried before anything is received: what no paper can hold is found while nothing is locked (quality.md 10.8)."""
    try:
        unborn = _unborn(request, wish)
        for drafted in (
            *_drafted(request, wish, application),
            *papers.declarations_of(unborn, at=application.at, application=application),
        ):
            drafted.sheet()
    except papers.PaperFailed:
        return False
    return True
