"""A wrong paper put right at the desks: what may be done and the proposal, old and new side by side, the signature, the
new paper in the citizen's hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from citizens.models import RecordChanged
from oneshop import audit
from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures import papers, workflow
from procedures.applications import application_of
from procedures.catalogue import ApplicationForm, catalogue
from procedures.correction_forms import HandForm, LetterForm, RecallForm, RefusalForm, ReplaceForm, WhyForm
from procedures.forms import NoteForm, RuleAnswers, SignForm, officer_answers
from procedures.frozen import thaw
from procedures.models import Case, Correction, Result
from procedures.numbering import BookClosed
from procedures.points import thousands
from procedures.rules import Application, Finding, Rule, Stage
from procedures.states import CorrectionState
from procedures.views.blanks import sheets_of
from procedures.views.digital import prove, sign_files_after
from procedures.views.print_buttons import by_paper, lines_of, print_button
from procedures.views.shown import findings_of, moment

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


# --- rows of the queues ---
@dataclass(frozen=True)
class CorrectionRow:
    href: str
    code: str
    citizen: str
    paper: str
    kind: str
    state: str
    tone: str
    since: str
    said: str


TONES = {
    CorrectionState.PROPOSED: "waiting_signature",
    CorrectionState.SIGNED: "signed",
    CorrectionState.HANDED: "given_out",
    CorrectionState.RETURNED: "waiting_papers",
    CorrectionState.DROPPED: "withdrawn",
}


def correction_rows(corrections: Iterable[Correction], address: str) -> list[CorrectionRow]:
    """Corrections brought by `for_board()`; `address` names the page that a row opens."""
    return [_row(correction, address) for correction in corrections]


def _row(correction: Correction, address: str) -> CorrectionRow:
    by_code = address == "hand_correction"
    return CorrectionRow(
        href=reverse(address, args=[correction.case.code if by_code else correction.pk]),
        code=correction.case.code,
        citizen=correction.case.citizen.full_name,
        paper=f"{correction.result.name} số {correction.result.full_number}",
        kind=correction.get_kind_display(),
        state=_how_far(correction),
        tone=TONES[correction.where],
        since=moment(correction.decided_at or correction.at),
        said=correction.answer,
    )


def _how_far(correction: Correction) -> str:
    fell = correction.where == CorrectionState.SIGNED and not getattr(correction, "stands", True)
    return "Đã ký, hết giá trị trước khi trao" if fell else correction.where.label


# --- what may be done, and the proposal ---
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
    shown = _Proposal(request, result, WAYS[way], ways, now) if way else None
    if shown and request.method == "POST" and (answer := shown.propose()):
        return answer
    page = {
        "paper": _shown_paper(result),
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


def _shown_paper(result: Result) -> dict[str, Any]:
    return {
        "name": result.name,
        "number": result.full_number,
        "issued_on": result.issued_on,
        "originals": result.originals,
        "href": reverse("result", args=[result.case.code, result.pk]),
        "picture": reverse("result_picture", args=[result.case.code, result.pk]),
    }


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
        for field in self.form.fields.values():
            field.widget.attrs.pop("autofocus", None)
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


# --- old and new side by side ---
def _correction(request: DeskRequest, **keys: Any) -> Correction:
    rows = Correction.objects.here(request.user.commune_id).select_related(
        "case__citizen", "case__other", "case__commune", "case__received_by", "result__case", "by", "decided_by"
    )
    found: Correction = get_object_or_404(rows, **keys)
    return found


@dataclass(frozen=True)
class Shown:
    """What a page shows of a correction: its facts, the papers in pairs, where they part."""

    facts: Sequence[tuple[str, str]]
    pairs: Sequence[dict[str, Any]]
    differences: Sequence[dict[str, Any]]
    trouble: str = ""


def _shown(correction: Correction, made: workflow.Plan | None) -> Shown:
    facts = [
        ("Cách xử lý", correction.get_kind_display()),
        ("Giấy", f"{correction.result.name} số {correction.result.full_number}"),
        ("Sai do", correction.get_fault_display()),
        ("Đã ghi", correction.wrong),
        ("Sửa là", correction.right),
        ("Căn cứ", correction.get_ground_display()),
        ("Văn bản", correction.decision),
        ("Ai đề nghị", correction.get_asked_by_display()),
        ("Lý do", correction.reason),
        ("Người trình", f"{correction.by}, {moment(correction.at)}"),
        ("Quyết định", _decided(correction)),
        ("Giấy cũ", _old_paper(correction)),
    ]
    pairs = _pairs_to_be(correction, made) if made else _pairs(correction)
    parted = [
        {"paper": redraft.draft.document.name, "rows": redraft.differences()}
        for redraft in (made.redrafts if made else ())
        if redraft.old
    ]
    return Shown([(label, value) for label, value in facts if value], pairs, [row for row in parted if row["rows"]])


def _decided(correction: Correction) -> str:
    if correction.decided_by is None or correction.decided_at is None:
        return ""
    said = f": {correction.answer}" if correction.answer else ""
    return f"{correction.where.label}, {correction.decided_by}, {moment(correction.decided_at)}{said}"


def _old_paper(correction: Correction) -> str:
    if not correction.old_paper:
        return ""
    copies = f" ({correction.returned_copies} bản)" if correction.returned_copies else ""
    return f"{correction.get_old_paper_display()}{copies}; {correction.handed_to} nhận {moment(correction.handed_at)}"  # type: ignore[arg-type]


def _pairs_to_be(correction: Correction, made: workflow.Plan) -> list[dict[str, Any]]:
    """Each paper that will be made beside the one it replaces; papers that fall without one stand alone."""
    pairs = []
    for number, redraft in enumerate(made.redrafts):
        old = redraft.old or (correction.result if correction.kind != Correction.Kind.REPLACE else None)
        pairs.append(
            {
                "old": _shown_paper(old) if old else None,
                "new": {
                    "name": redraft.draft.document.name,
                    "picture": reverse("correction_preview", args=[correction.pk, number]),
                },
            }
        )
    shown = {redraft.old.pk for redraft in made.redrafts if redraft.old} | {correction.result_id}
    return pairs + [{"old": _shown_paper(paper), "new": None} for paper in made.falls if paper.pk not in shown]


def _pairs(correction: Correction) -> list[dict[str, Any]]:
    """After the decision: the papers themselves."""
    made = list(correction.papers.select_related("case").defer("pdf", "facts").order_by("pk"))
    if not made:
        return [{"old": _shown_paper(correction.result), "new": None}]
    by_new = {paper.replaced_by_id: paper for paper in workflow.old_papers_of(correction)}
    return [
        {
            "old": _shown_paper(by_new.get(paper.pk, correction.result))
            if paper.pk in by_new or correction.kind != Correction.Kind.REPLACE
            else None,
            "new": _shown_paper(paper),
        }
        for paper in made
    ]


@require_GET
@only(Role.CLERK, Role.SPECIALIST, Role.SIGNER)
def correction(request: DeskRequest, pk: int) -> HttpResponse:
    """One correction: why, old and new side by side, how far it is, and the acts open to this officer."""
    found, now = _correction(request, pk=pk), timezone.now()
    audit.record("look", "correction", found.pk, by=request.user, at=now, why=found.case.code)
    trouble, made = "", None
    if found.where == CorrectionState.PROPOSED:
        trouble, made = _planned(found, None, now)
    page = {
        "case": _case_of(found),
        "correction": found,
        "state": found.where.label,
        "tone": TONES[found.where],
        "shown": _shown(found, made),
        "trouble": trouble,
        "acts": _acts(found, request),
    }
    return render(request, "cases/correction.html", page)


def _case_of(found: Correction) -> dict[str, str]:
    case = found.case
    return {"code": case.code, "href": reverse("case", args=[case.code]), "citizen": case.citizen.full_name}


def _planned(found: Correction, by: Any, now: datetime) -> tuple[str, workflow.Plan | None]:
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
    found, now = _correction(request, pk=pk, state=CorrectionState.PROPOSED), timezone.now()
    _, made = _planned(found, request.user if request.user.is_(Role.SIGNER) else None, now)
    if made is None or number >= len(made.redrafts):
        raise Http404
    return HttpResponse(made.redrafts[number].sheet().picture(1000), content_type="image/png")


@require_POST
@only(Role.SPECIALIST)
def drop_correction(request: DeskRequest, pk: int) -> HttpResponse:
    """The proposal is taken back before the leader decided."""
    found = _correction(request, pk=pk)
    try:
        workflow.drop_correction(found, by=request.user, at=timezone.now())
    except (workflow.CaseMoved, workflow.NotAllowed) as refused:
        messages.warning(request, refused.sentence)
        return redirect("correction", pk)
    messages.success(request, "Đã rút đề nghị. Giấy vẫn như cũ.")
    return redirect("case", found.case.code)


# --- the leader ---
@require_http_methods(["GET", "POST"])
@only(Role.SIGNER)
def sign_correction(request: DeskRequest, pk: int) -> HttpResponse:
    """Old and new side by side with what differs in words, and the password of who signs."""
    found, now = _correction(request, pk=pk), timezone.now()
    if found.where != CorrectionState.PROPOSED:
        messages.warning(request, workflow.CaseMoved(found.case).sentence)
        return redirect("signing")
    trouble, made = _planned(found, request.user, now)
    why_not = trouble or workflow.why_may_not_sign_correction(found, request.user, at=now)
    rules: Sequence[Rule] = made.owed if made else ()
    form = SignForm(request.POST or None, initial={"seen": made.digest if made else ""}, rules=rules)
    if request.method == "POST" and form.is_valid():
        proof = prove(request.user, form.cleaned_data["password"], at=now)
        if not proof.is_proven:
            audit.record("sign_refused", "correction", found.pk, by=request.user, at=now, why="sai mật khẩu")
            form.add_error("password", proof.trouble or "Mật khẩu không đúng. Chưa ký.")
        else:
            return _sign(request, found, form, proof)
    page = {
        "case": _case_of(found),
        "correction": found,
        "shown": _shown(found, made),
        "findings": findings_of([row for row in (made.findings if made else ()) if row.stops]),
        "why_not": why_not,
        "form": None if why_not else form,
        "send_back_form": NoteForm(label="Lý do trả lại", auto_id="return_%s"),
        "send_back_href": reverse("return_correction", args=[pk]),
        "next_href": reverse("signing"),
    }
    return render(request, "cases/sign_correction.html", page, status=422 if form.is_bound else 200)


def _sign(request: DeskRequest, found: Correction, form: SignForm, proof: Any) -> HttpResponse:
    try:
        results = workflow.sign_correction(
            found, by=request.user, at=timezone.now(), seen=form.cleaned_data["seen"], confirmed=form.confirmed
        )
    except workflow.CaseMoved as moved:
        messages.warning(request, moved.sentence)
        return redirect("signing")
    except workflow.NotAllowed as refused:
        messages.warning(request, refused.sentence)
    except (RecordChanged, IntegrityError):
        messages.warning(
            request, "Dữ liệu vừa được nơi khác ghi cùng lúc nên chưa ký; chưa dùng số nào. Xem lại rồi ký."
        )
    except BookClosed:
        messages.error(request, "Sổ năm nay đã khóa nên chưa ký được. Đề nghị công chức mở sổ.")
    except papers.PaperFailed:
        messages.error(request, "Chưa tạo được giấy nên chưa ký; chưa dùng số nào. Thử lại, hoặc báo kỹ thuật.")
    else:
        sign_files_after(request.user, results, proof)
        signed = ", ".join(f"{result.name} số {result.full_number}" for result in results)
        messages.success(request, f"Đã ký {signed}.")
        return redirect("signing")
    return redirect("sign_correction", found.pk)


@require_POST
@only(Role.SIGNER)
def return_correction(request: DeskRequest, pk: int) -> HttpResponse:
    """The leader sends the proposal back with the reason."""
    found, form = _correction(request, pk=pk), NoteForm(request.POST, label="Lý do trả lại", auto_id="return_%s")
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


# --- into the citizen's hand ---
@require_http_methods(["GET", "POST"])
@only(Role.CLERK)
def hand_correction(request: DeskRequest, code: str) -> HttpResponse:
    """Print the new paper, take the old one back, name who took it."""
    waiting = Correction.objects.here(request.user.commune_id).waiting_to_be_handed().filter(case__code=code).first()
    if waiting is None:
        get_object_or_404(Case.objects.here(request.user.commune_id), code=code)
        messages.info(request, "Hồ sơ này không còn giấy sửa, thay nào chờ trao.")
        return redirect("case", code)
    found, now = _correction(request, pk=waiting.pk), timezone.now()
    case = found.case
    old = workflow.held_papers_of(found)
    originals = max((paper.originals for paper in old), default=1)
    replaces = found.kind == Correction.Kind.REPLACE
    form = HandForm(
        request.POST or None,
        initial={"to": _taker(case)},
        rules=workflow.asked_at(case, Stage.GIVING_OUT) if replaces else (),
        asks_old_paper=found.kind != Correction.Kind.LETTER,
        originals=originals,
    )
    if request.method == "POST" and form.is_valid():
        try:
            workflow.hand_correction(found, by=request.user, at=now, **form.said)
        except workflow.CaseMoved as moved:
            messages.warning(request, moved.sentence)
            return redirect("case", code)
        except workflow.NotAllowed as refused:
            form.add_error(None, refused.sentence)
        except papers.PaperFailed:
            form.add_error(None, "Chưa in được phiếu thu nên chưa ghi nhận. Thử lại, hoặc báo kỹ thuật.")
        else:
            messages.success(request, f"Đã trao giấy của hồ sơ {code} cho {form.cleaned_data['to']}.")
            return redirect("giving_out")
    fee = workflow.fee_again(found, at=now)
    made = found.papers.filter(standing=Result.Standing.VALID).select_related("case").order_by("pk")
    printed = by_paper(lines_of(case))
    page = {
        "case": _case_of(found),
        "correction": found,
        "papers": [
            {
                "name": paper.name + _originals(paper),
                "number": paper.full_number,
                "href": reverse("paper_picture", args=[code, "result", paper.pk]),
                "press": print_button(
                    code,
                    f"result/{paper.pk}",
                    paper.name,
                    1 if paper.blank else paper.originals,
                    printed.get(f"result/{paper.pk}", []),
                ),
            }
            for paper in made
        ],
        "old": [f"{paper.name} số {paper.full_number}{_originals(paper)}" for paper in old],
        "sheets": [sheet for sheet in sheets_of(case) if sheet["form"] or sheet["used"]],
        "waits": workflow.why_not_handed(found, at=now),
        "bridge_href": reverse("bridge", args=[code]) if replaces and case.procedure.is_civil_status else "",
        "sentence": _to_say(found, fee),
        "form": form,
    }
    return render(request, "cases/hand_correction.html", page, status=422 if form.is_bound else 200)


def _taker(case: Case) -> str:
    application: Application = application_of(case)
    return case.given_out_to or str(application.get("applicant_name") or application.person.full_name)


def _originals(paper: Result) -> str:
    return f" ({paper.originals} bản chính)" if paper.originals > 1 else ""


def _to_say(found: Correction, fee: int) -> str:
    """What the clerk tells the citizen: whose fault it was, and what it costs."""
    if found.kind != Correction.Kind.REPLACE:
        return ""
    if found.fault == Correction.Fault.OFFICE:
        return "Sai do cơ quan: xin lỗi công dân, không thu phí."
    return f"Sai do người dân khai: thu {thousands(fee)} đồng, máy lập phiếu thu." if fee else "Không thu phí."
