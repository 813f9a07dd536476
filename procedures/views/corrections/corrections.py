"""A wrong paper at the specialist's desk: which ways are open, the form of the one chosen, the proposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures import papers, workflow
from procedures.catalogue import ApplicationForm, catalogue
from procedures.forms import RuleAnswers, officer_answers
from procedures.forms.corrections import LetterForm, RecallForm, RefusalForm, ReplaceForm, WhyForm
from procedures.frozen import thaw
from procedures.models import Case, Correction, Result
from procedures.rules import Finding
from procedures.views.corrections.correction_parts import correction_or_404, shown_paper
from procedures.views.shown import findings_of

WAYS = {
    "thay": Correction.Kind.REPLACE,
    "thu-hoi": Correction.Kind.RECALL,
    "dinh-chinh": Correction.Kind.LETTER,
}
ABOUT_WAYS = {
    "thay": "Nội dung sai: giấy mới, số mới, giấy cũ hết giá trị ngay khi ký.",
    "thu-hoi": "Không được cấp, hoặc có quyết định hủy: giấy hết giá trị, không có giấy thay.",
    "dinh-chinh": "Chỉ sai thể thức, trình bày: giấy vẫn có giá trị, đi kèm công văn.",
}


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def correct_paper(request: DeskRequest, code: str, pk: int) -> HttpResponse:
    """The ways that the law of the subject leaves open for this paper, and the form of the one chosen."""
    result = get_object_or_404(
        Result.objects.select_related("case__citizen", "case__other", "case__commune"),
        pk=pk,
        case__code=code,
        commune_id=request.user.commune_id,
    )
    now = timezone.now()
    ways = workflow.ways_of(result, at=now)
    if ways.why_not:
        messages.warning(request, ways.why_not)
        return redirect("case", code)
    open_ways = [way for way, kind in WAYS.items() if not _closed(kind, ways)]
    way = request.GET.get("cach", "")
    if way not in open_ways:
        way = open_ways[0] if len(open_ways) == 1 else ""
    if request.method == "POST" and not way:  # closed while the form was open, or never chosen
        asked = WAYS.get(request.GET.get("cach", ""))
        messages.warning(request, (asked and _closed(asked, ways)) or "Chọn một cách xử lý.")
        return redirect("correct_paper", code, pk)
    shown = _Proposal(request, result, WAYS[way], ways, now) if way else None
    if shown and request.method == "POST" and (answer := shown.propose()):
        return answer
    page = {
        "paper": shown_paper(result),
        "case": {"code": code, "href": reverse("case", args=[code]), "citizen": result.case.citizen.full_name},
        "ways": [
            {
                "key": key,
                "name": kind.label,
                "about": ABOUT_WAYS[key],
                "href": f"{reverse('correct_paper', args=[code, pk])}?cach={key}",
                "current": key == way,
                "closed": _closed(kind, ways),
            }
            for key, kind in WAYS.items()
        ],
        "source": ways.remedy.source,
        "instead": ways.why_not_replace,
        "leads_to": _leads_to(result, ways),
        "way": way,
        "asked": shown.page() if shown else None,
    }
    return render(request, "cases/correct.html", page, status=422 if shown and shown.is_sent else 200)


def _closed(kind: Correction.Kind, ways: workflow.Ways) -> str:
    closed = {Correction.Kind.REPLACE: ways.why_not_replace, Correction.Kind.RECALL: ways.why_not_recall}
    return closed.get(kind, "")


def _leads_to(result: Result, ways: workflow.Ways) -> dict[str, str]:
    """The procedure of this counter that serves instead, where there is one."""
    key = ways.remedy.leads_to
    if not ways.why_not_replace or key not in catalogue():
        return {}
    return {"name": catalogue()[key].name, "href": reverse("citizen", args=[result.case.citizen_id])}


class _Proposal:
    """One way to put a paper right, asked and judged: its form, for a replacement the form of the procedure too."""

    def __init__(
        self, request: DeskRequest, result: Result, kind: Correction.Kind, ways: workflow.Ways, now: datetime
    ) -> None:
        self.request, self.result, self.kind, self.now = request, result, kind, now
        self.is_sent = request.method == "POST"
        self.form: ApplicationForm | None = None
        self.answers: RuleAnswers | None = None
        self.findings: Sequence[Finding] = ()
        self.trouble = ""
        posted = request.POST if self.is_sent else None
        self.why = self._why_form(posted, ways)
        if kind == Correction.Kind.REPLACE and result.case.outcome == Case.Outcome.GRANT:
            try:
                self._judge(posted)
            except workflow.NotAllowed as refused:
                self.trouble = refused.sentence

    def _why_form(self, posted: Any, ways: workflow.Ways) -> WhyForm:
        match self.kind:
            case Correction.Kind.RECALL:
                return RecallForm(posted, grounds=ways.remedy.recalled_on)
            case Correction.Kind.LETTER:
                return LetterForm(posted)
        if self.result.case.outcome == Case.Outcome.REFUSE:
            lines = "\n".join(reason["text"] for reason in self.result.case.refusal)
            return RefusalForm(posted, initial={"refusal": lines})
        return ReplaceForm(posted)

    def _judge(self, posted: Any) -> None:
        """The people as the records have them now, the answers as typed, or as they were."""
        case, procedure = self.result.case, self.result.case.procedure
        seen = officer_answers(procedure.rules, posted) if posted else case.officer_answers
        before = thaw(case.answers)
        application = workflow.application_to_correct(
            self.result, answers=before, officer_answers=seen, by=self.request.user, at=self.now
        )
        self.form = procedure.Form(
            posted,
            initial=before,
            person=application.person,
            on=application.day,
            other=application.other,
            dossier=application.dossier,
        )
        for field in [*self.form.fields.values(), *self.why.fields.values()]:
            field.widget.attrs.pop("autofocus", None)
        if self.form.fields:  # what is wrong comes before why
            next(iter(self.form.fields.values())).widget.attrs["autofocus"] = True
        typed = self._typed(before)
        application = replace(application, answers=typed)
        self.findings = procedure.judge(application)
        self.answers = RuleAnswers(self.findings, application, posted)

    def _typed(self, before: dict[str, Any]) -> dict[str, Any]:
        assert self.form is not None, "a replacement asks the form of its procedure"
        if self.is_sent:
            self.form.is_valid()
            return dict(self.form.cleaned_data)
        return before

    def propose(self) -> HttpResponse | None:
        """Lay it before the leader, or say on the page what is missing."""
        forms_valid = [form.is_valid() for form in (self.why, self.form) if form is not None]
        if self.trouble or not all(forms_valid) or any(finding.stops for finding in self.findings):
            return None
        said = self.why.cleaned_data
        try:
            correction = self._proposed(said)
        except workflow.NotReady as stopped:
            self.findings = [*stopped.findings]
            return None
        except workflow.NotAllowed as refused:
            self.trouble = refused.sentence
            return None
        except (workflow.CaseMoved, IntegrityError):
            messages.warning(self.request, "Hồ sơ vừa được người khác xử lý. Xem lại rồi đề nghị.")
            return redirect("case", self.result.case.code)
        except papers.PaperFailed:
            self.trouble = "Không in được nội dung này: bỏ các ký tự lạ (biểu tượng, chữ nước ngoài) rồi thử lại."
            return None
        messages.success(self.request, "Đã trình lãnh đạo. Xem giấy cũ và giấy mới cạnh nhau ở dưới.")
        return redirect("correction", correction.pk)

    def _proposed(self, said: dict[str, Any]) -> Correction:
        facts: dict[str, Any] = {"by": self.request.user, "at": self.now, **said}
        match self.kind:
            case Correction.Kind.RECALL:
                return workflow.propose_recall(self.result, **facts)
            case Correction.Kind.LETTER:
                return workflow.propose_letter(self.result, **facts)
        if self.form is not None:
            rules = self.result.case.procedure.rules
            facts |= {
                "answers": self.form.cleaned_data,
                "officer_answers": officer_answers(rules, self.request.POST),
            }
        return workflow.propose_replacement(self.result, **facts)

    def page(self) -> dict[str, Any]:
        return {
            "why": self.why,
            "form": self.form,
            "trouble": self.trouble,
            "findings": findings_of(self.findings, self.answers) if self.findings else [],
            "is_sent": self.is_sent,
            "kind": self.kind.value,
        }


@require_POST
@only(Role.SPECIALIST)
def drop_correction(request: DeskRequest, pk: int) -> HttpResponse:
    """The proposal is taken back before the leader decided."""
    found = correction_or_404(request, pk=pk)
    try:
        workflow.drop_correction(found, by=request.user, at=timezone.now())
    except (workflow.CaseMoved, workflow.NotAllowed) as refused:
        messages.warning(request, refused.sentence)
        return redirect("correction", pk)
    messages.success(request, "Đã rút đề nghị. Giấy vẫn như cũ.")
    return redirect("case", found.case.code)
