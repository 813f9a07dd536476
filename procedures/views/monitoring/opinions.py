"""What citizens and officers said, as lists that the monitoring office works through with an answer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from oneshop.keys import only
from oneshop.models import Commune
from oneshop.roles import DeskRequest, Role
from procedures.catalogue import catalogue
from procedures.figures import FEWEST, said_share
from procedures.hall import feedback
from procedures.models import Proposal, Rating
from procedures.views.shown import moment

LISTED = 200
WEEKS = 13


class AnswerForm(forms.Form):
    text = forms.CharField(
        label="Trả lời",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Ghi câu trả lời."},
    )


class ProposalForm(forms.Form):
    kind = forms.ChoiceField(label="Loại", choices=Proposal.Kind.choices, widget=forms.RadioSelect)
    procedure_key = forms.ChoiceField(label="Về thủ tục", required=False)
    text = forms.CharField(
        label="Nội dung",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Ghi nội dung góp ý."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(procedure.key, procedure.name) for procedure in catalogue()]
        self.fields["procedure_key"].choices = [("", "Cả đề án"), *named]  # type: ignore[attr-defined]
        self.fields["kind"].error_messages["required"] = "Chọn loại góp ý."


class ChooseForm(forms.Form):
    """What the lists show: `xa`, `thu-tuc`, and whether what was answered stays in sight."""

    xa = forms.ChoiceField(label="Xã", required=False)
    thu_tuc = forms.ChoiceField(label="Thủ tục", required=False)
    tat_ca = forms.BooleanField(label="Cả việc đã trả lời", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        served = Commune.objects.filter(is_served=True, closed_on=None).prefetch_related("names").order_by("code")
        communes = [(commune.code, commune.name_on(today).full) for commune in served]
        self.fields["xa"].choices = [("", "Mọi xã"), *communes]  # type: ignore[attr-defined]
        named = [(procedure.key, procedure.name) for procedure in catalogue()]
        self.fields["thu_tuc"].choices = [("", "Mọi thủ tục"), *named]  # type: ignore[attr-defined]


def _chosen(request: DeskRequest) -> tuple[ChooseForm, Q]:
    """The form of the filter and what it lets through; a commune sees itself alone."""
    form = ChooseForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    found = Q(commune=request.user.commune_id) if request.user.commune_id else Q()
    if said.get("xa") and not request.user.commune_id:
        found &= Q(commune__code=said["xa"], commune__closed_on=None)
    if said.get("thu_tuc"):
        found &= Q(procedure_key=said["thu_tuc"])
    return form, found


# --- citizens ---
@require_GET
@only(Role.MONITOR, Role.SIGNER)
def opinions(request: DeskRequest) -> HttpResponse:
    """The five questions of a quarter and the comments. A commune reads its own only where five have answered."""
    today = timezone.localdate()
    form, chosen = _chosen(request)
    span = Q(week__gt=today - timedelta(weeks=WEEKS))
    total = Rating.objects.filter(chosen & span).count()
    readable = not request.user.commune_id or total >= FEWEST
    comments = Rating.objects.filter(chosen & span).exclude(comment="").select_related("commune")
    if not form.cleaned_data.get("tat_ca"):
        comments = comments.filter(answered_at=None)
    page = {
        "is_monitor": request.user.is_(Role.MONITOR),
        "form": form,
        "weeks": WEEKS,
        "total": total,
        "fewest": FEWEST,
        "readable": readable,
        "opinions": feedback.opinions(chosen & span) if readable else [],
        "content": said_share(Rating.objects.filter(chosen & span, overall__gte=4).count(), total) if readable else "",
        "rows": [_comment(row, request, today) for row in comments.prefetch_related("commune__names")[:LISTED]]
        if readable
        else [],
    }
    return render(request, "monitor/opinions.html", page)


def _comment(row: Rating, request: DeskRequest, today: date) -> dict[str, Any]:
    answers = request.user.is_(Role.MONITOR) and row.answered_at is None
    return {
        "id": str(row.pk),
        "commune": row.commune.name_on(today).full,
        "procedure": catalogue()[row.procedure_key].name,
        "month": f"{row.week:%m/%Y}",
        "mark": dict(feedback.MARKS)[row.overall],
        "text": row.comment,
        "answer": row.answer,
        "answered": f"{settings.MONITOR_NAME}, {moment(row.answered_at)}" if row.answered_at else "",
        "answer_href": reverse("answer_opinion", args=[row.pk]) if answers else "",
        "form": AnswerForm(auto_id=f"opinion-{row.pk}-%s") if answers else None,
    }


@require_POST
@only(Role.MONITOR)
def answer_opinion(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The office's word on a citizen's comment; the commune reads it."""
    return _answer(request, get_object_or_404(Rating.objects.exclude(comment=""), pk=pk), "opinions")


# --- officers ---
@require_http_methods(["GET", "POST"])
@only(*Role)
def proposals(request: DeskRequest) -> HttpResponse:
    """An officer writes and sees the own ones, a leader those of the commune, the monitoring office all."""
    now = timezone.now()
    is_monitor = request.user.is_(Role.MONITOR)
    form = None if is_monitor else ProposalForm(request.POST or None, auto_id="proposal-%s")
    if form is not None and request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        feedback.propose(
            Proposal.Kind(said["kind"]), said["text"], procedure_key=said["procedure_key"], by=request.user, at=now
        )
        messages.success(request, "Đã gửi cơ quan theo dõi.")
        return redirect("proposals")
    choose, chosen = _chosen(request)
    found = Proposal.objects.filter(chosen).select_related("commune").prefetch_related("by", "commune__names")
    if not is_monitor and not request.user.is_(Role.SIGNER):
        found = found.filter(by=request.user)
    if is_monitor and not choose.cleaned_data.get("tat_ca"):
        found = found.filter(answered_at=None)
    today = timezone.localdate(now)
    page = {
        "is_monitor": is_monitor,
        "choose": choose,
        "form": form,
        "rows": [_proposal(row, is_monitor=is_monitor, today=today) for row in found[:LISTED]],
    }
    return render(request, "monitor/proposals.html", page, status=422 if form is not None and form.is_bound else 200)


def _proposal(row: Proposal, *, is_monitor: bool, today: date) -> dict[str, Any]:
    answers = is_monitor and row.answered_at is None
    return {
        "id": row.pk,
        "kind": row.get_kind_display(),
        "about": catalogue()[row.procedure_key].name if row.procedure_key else "Cả đề án",
        "commune": row.commune.name_on(today).full,
        "text": row.text,
        "by": f"{row.by}, {moment(row.at)}",
        "answer": row.answer,
        "answered": f"{settings.MONITOR_NAME}, {moment(row.answered_at)}" if row.answered_at else "",
        "answer_href": reverse("answer_proposal", args=[row.pk]) if answers else "",
        "form": AnswerForm(auto_id=f"proposal-{row.pk}-%s") if answers else None,
    }


@require_POST
@only(Role.MONITOR)
def answer_proposal(request: DeskRequest, pk: int) -> HttpResponse:
    return _answer(request, get_object_or_404(Proposal, pk=pk), "proposals")


def _answer(request: DeskRequest, found: Rating | Proposal, room: str) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "Ghi câu trả lời.")
        return redirect(room)
    try:
        feedback.answer(found, form.cleaned_data["text"], by=request.user, at=timezone.now())
    except feedback.FeedbackRefused as refused:
        messages.warning(request, refused.sentence)
    else:
        messages.success(request, "Đã trả lời.")
    return redirect(room)
