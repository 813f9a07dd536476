"""Reviewing the procedures: how each is used, and which communes offer it from when on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from oneshop.fields import DayField
from oneshop.keys import only
from oneshop.models import Commune
from oneshop.roles import DeskRequest, Role
from procedures import figures
from procedures.boards import review
from procedures.catalogue import Procedure, catalogue
from procedures.figures import Value, ended, said_share
from procedures.hall import feedback
from procedures.law import offers
from procedures.models import Offer

SPAN = timedelta(days=90)


def served() -> list[Commune]:
    found = Commune.objects.filter(is_served=True, closed_on=None).prefetch_related("names", "counters")
    return list(found.order_by("code"))


class OfferForm(forms.Form):
    """One decision for one procedure, in some or all communes."""

    communes = forms.ModelMultipleChoiceField(
        Commune.objects.none(),
        label="Ở các xã",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Chọn ít nhất một xã."},
    )
    standing = forms.ChoiceField(label="Quyết định", choices=Offer.Standing.choices)
    valid_from = DayField(label="Từ ngày")
    document = forms.CharField(
        label="Văn bản quyết định", max_length=200, help_text="Số, ngày, cơ quan ban hành; in trên trang công khai."
    )
    reason = forms.CharField(label="Lý do", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        communes = self.fields["communes"]
        communes.queryset = Commune.objects.filter(is_served=True, closed_on=None).order_by("code")  # type: ignore[attr-defined]
        communes.label_from_instance = lambda commune: commune.name_on(today).full  # type: ignore[attr-defined]


@require_GET
@only(Role.MONITOR)
def procedure_review(request: DeskRequest) -> HttpResponse:
    """Each procedure: how many came, how many were sent away and why, where it is not offered."""
    today = timezone.localdate()
    since = today - SPAN
    communes = served()
    closed = {commune.pk: offers.not_offered(commune.pk, today) for commune in communes}
    span = figures.last_days(SPAN.days, at=timezone.now())
    measured = figures.by("procedure_key", [ended.TIME_USED, ended.SATISFACTION], span)
    unanswered = feedback.unanswered()
    page = {
        "since": since,
        "until": today,
        "procedures": [
            _shown(use, communes, closed, today) | _heard(use.procedure, measured.get(use.procedure.key), unanswered)
            for use in review.use_of(list(catalogue()), since=since, until=today)
        ],
    }
    return render(request, "monitor/procedures.html", page)


def _heard(
    procedure: Procedure, measured: Mapping[str, Value] | None, unanswered: Mapping[tuple[str, str], int]
) -> dict[str, Any]:
    """How long it took, how content people were, and what still waits for an answer, each with the way there."""
    values = measured or figures.nothing([ended.TIME_USED, ended.SATISFACTION])
    words = [
        ("comment", "opinions", "lời của công dân chưa trả lời"),
        ("proposal", "proposals", "góp ý của cán bộ chưa trả lời"),
    ]
    return {
        "measured": [(values[key].figure.name, values[key].said) for key in ("time_used", "satisfaction")],
        "words": [
            (f"{unanswered[kind, procedure.key]} {said}", f"{reverse(room)}?thu_tuc={procedure.key}")
            for kind, room, said in words
            if unanswered.get((kind, procedure.key))
        ],
    }


def _shown(
    use: review.Use, communes: list[Commune], closed: dict[int, dict[str, Offer]], today: date
) -> dict[str, Any]:
    key = use.procedure.key
    return {
        "name": use.procedure.name,
        "href": reverse("decide_offer", args=[key]),
        "facts": [
            ("Đến nộp", str(use.came)),
            ("Không nhận được", said_share(use.rejected, use.came)),
            ("Từ chối bằng văn bản", said_share(use.refused, use.received)),
            ("Phải bổ sung", said_share(use.asked_for_papers, use.received)),
            ("Hẹn lại", said_share(use.extended, use.received)),
            ("Công dân rút", said_share(use.withdrawn, use.received)),
        ],
        "reasons": use.reasons[:5],
        "closed": [
            f"{commune.name_on(today).full}: {offers.sentence(closed[commune.pk][key])}"
            for commune in communes
            if key in closed[commune.pk]
        ],
    }


@require_http_methods(["GET", "POST"])
@only(Role.MONITOR)
def decide_offer(request: DeskRequest, procedure: Procedure) -> HttpResponse:
    """Open, suspend or give up a procedure from a day on; what was decided before stands below."""
    now = timezone.now()
    form = OfferForm(request.POST or None, initial={"valid_from": timezone.localdate(now)})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            offers.decide(
                procedure,
                said["communes"],
                Offer.Standing(said["standing"]),
                valid_from=said["valid_from"],
                document=said["document"],
                reason=said["reason"],
                by=request.user,
                at=now,
            )
        except offers.OfferRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, f"Đã ghi quyết định cho {len(said['communes'])} xã.")
            return redirect("procedure_review")
    rows = Offer.objects.filter(procedure_key=procedure.key).select_related("commune", "by")
    today = timezone.localdate(now)
    page = {
        "form": form,
        "back_href": reverse("procedure_review"),
        "title": procedure.name,
        "lead": "Hồ sơ đã nhận vẫn giải quyết đến cùng, dù quyết định thế nào.",
        "history": [
            {
                "when": f"{row.valid_from:%d/%m/%Y}",
                "what": f"{row.commune.name_on(today).full}: {row.get_standing_display()}",
                "why": f"{row.document}. {row.reason}",
                "by": str(row.by),
            }
            for row in rows.prefetch_related("commune__names").order_by("-valid_from", "-pk")[:60]
        ],
    }
    return render(request, "monitor/decide.html", page, status=422 if form.is_bound else 200)
