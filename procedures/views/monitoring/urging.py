"""Urging: what the monitoring office wrote to the communes, and what they answered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from oneshop.fields import DayField
from oneshop.keys import only
from oneshop.models import Commune
from oneshop.roles import DeskRequest, Role
from procedures import urging
from procedures.models import Case, Urge
from procedures.views.shown import moment, rows_of, steps_of

LISTED = 100


class AnswerForm(forms.Form):
    text = forms.CharField(
        label="Trả lời",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Ghi đã làm gì, khi nào xong."},
    )


class UrgeForm(forms.Form):
    """A note to one commune: on a case of its, or on a figure."""

    commune = forms.ModelChoiceField(Commune.objects.none(), label="Xã")
    code = forms.CharField(label="Mã hồ sơ", max_length=64, required=False, help_text="Bỏ trống nếu đôn đốc chung.")
    figure = forms.CharField(
        label="Về việc",
        max_length=100,
        required=False,
        help_text="Khi không nêu hồ sơ: chỉ số, việc cần chấn chỉnh.",
    )
    text = forms.CharField(
        label="Nội dung đôn đốc",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Ghi xã cần làm gì."},
    )
    answer_by = DayField(label="Trả lời trước hết ngày")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        served = Commune.objects.filter(is_served=True, closed_on=None).prefetch_related("names").order_by("code")
        self.fields["commune"].queryset = served  # type: ignore[attr-defined]
        today = timezone.localdate()
        self.fields["commune"].label_from_instance = lambda commune: commune.name_on(today).full  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        code, commune = answers.get("code", "").strip(), answers.get("commune")
        if bool(code) == bool(answers.get("figure")):
            self.add_error("code", "Ghi mã hồ sơ, hoặc ghi về việc gì; một trong hai.")
        elif code and commune:
            answers["case"] = Case.objects.filter(commune=commune, code__iexact=code).first()
            if answers["case"] is None:
                self.add_error("code", "Xã này không có hồ sơ mang mã đó.")
        return answers


@require_GET
@only(Role.MONITOR, Role.SIGNER, Role.ADMINISTRATOR)
def urges(request: DeskRequest) -> HttpResponse:
    """Unanswered ones on top. A commune sees its own, the monitoring office those of all."""
    # not joined to its author: the walls hide the monitoring office's people from a commune, and the row with them
    found = Urge.objects.select_related("case", "commune", "answered_by").prefetch_related("commune__names")
    if request.user.commune_id:
        found = found.filter(commune_id=request.user.commune_id)
    rows = sorted(found[:LISTED], key=lambda row: (row.answered_at is not None, -row.at.timestamp()))
    today = timezone.localdate()
    page = {
        "is_monitor": request.user.is_(Role.MONITOR),
        "urges": [_shown(row, today, request) for row in rows],
        "open": sum(row.answered_at is None for row in rows),
    }
    return render(request, "monitor/urges.html", page)


def _shown(row: Urge, today: date, request: DeskRequest) -> dict[str, Any]:
    answers = row.answered_at is None and row.commune_id == request.user.commune_id
    inside = bool(row.case and row.commune_id == request.user.commune_id and request.user.is_(Role.SIGNER))
    return {
        "id": row.pk,
        "commune": row.commune.name_on(today).full,
        "about": row.about,
        "case_href": reverse("case", args=[row.case.code]) if row.case and inside else "",
        "href": reverse("urged_case", args=[row.pk]) if row.case and request.user.is_(Role.MONITOR) else "",
        "text": row.text,
        "by": f"{settings.MONITOR_NAME}, {moment(row.at)}",
        "due": f"{row.answer_by:%d/%m/%Y}",
        "is_late": row.answered_at is None and row.answer_by < today,
        "answer": row.answer,
        "answered": f"{row.answered_by}, {moment(row.answered_at)}" if row.answered_at else "",
        "answer_href": reverse("answer_urge", args=[row.pk]) if answers else "",
        "form": AnswerForm(auto_id=f"answer-{row.pk}-%s") if answers else None,
    }


@require_http_methods(["GET", "POST"])
@only(Role.MONITOR)
def new_urge(request: DeskRequest) -> HttpResponse:
    """A note to one commune; `?xa=09895&ho-so=…` or `?xa=…&ve=…` fill it from where one came."""
    now = timezone.now()
    form = UrgeForm(
        request.POST or None,
        initial={
            "commune": Commune.objects.filter(code=request.GET.get("xa", ""), closed_on=None).first(),
            "code": request.GET.get("ho-so", ""),
            "figure": request.GET.get("ve", "")[:100],
            "answer_by": timezone.localdate(now) + timedelta(days=1),
        },
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            urging.urge(
                said["commune"],
                case=said.get("case"),
                figure=said["figure"],
                text=said["text"],
                answer_by=said["answer_by"],
                by=request.user,
                at=now,
            )
        except urging.UrgeRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Đã gửi. Lãnh đạo xã thấy ngay trên màn hình.")
            return redirect("urges")
    page = {"form": form, "back_href": reverse("urges"), "title": "Đôn đốc một xã", "lead": ""}
    return render(request, "monitor/edit.html", page, status=422 if form.is_bound else 200)


@require_POST
@only(Role.SIGNER, Role.ADMINISTRATOR)
def answer_urge(request: DeskRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Urge, pk=pk, commune_id=request.user.commune_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "Ghi đã làm gì, khi nào xong.")
        return redirect("urges")
    try:
        urging.answer(found, text=form.cleaned_data["text"], by=request.user, at=timezone.now())
    except urging.UrgeRefused as refused:
        messages.warning(request, refused.sentence)
    else:
        messages.success(request, "Đã trả lời cơ quan theo dõi.")
    return redirect("urges")


class PurposeForm(forms.Form):
    purpose = forms.CharField(
        label="Xem công dân để làm gì",
        max_length=200,
        error_messages={"required": "Ghi rõ để làm gì; công dân và xã xem lại được."},
    )


@require_http_methods(["GET", "POST"])
@only(Role.MONITOR, asks=True)
def urged_case(request: DeskRequest, pk: int) -> HttpResponse:
    """The way of a case that was urged on. Who it is about only with a purpose, which is written down."""
    found = get_object_or_404(Urge.objects.select_related("case__commune", "case__counter"), pk=pk)
    if found.case is None:
        raise Http404
    now = timezone.now()
    form = PurposeForm(request.POST or None)
    person = None
    if request.method == "POST" and form.is_valid():
        person = urging.look_at_person(found, purpose=form.cleaned_data["purpose"], by=request.user, at=now)
    [row] = rows_of([found.case], at=now, commune_id=None, nameless=True)
    page = {
        "row": row,
        "steps": steps_of(found.case.steps.select_related("by")),
        "text": found.text,
        "form": None if person else form,
        "person": person,
        "back_href": reverse("urges"),
    }
    return render(request, "monitor/urged_case.html", page, status=422 if form.is_bound and not person else 200)
