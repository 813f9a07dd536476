"""What a correction would do, before anybody signs it: which ways are open, which papers it makes, which fall.

The records are judged as if the wrong papers had never been, in a part of the transaction that is rolled back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from citizens.records import CannotTakeBack, Fall, take_back
from oneshop.models import Officer
from procedures import ministry, papers
from procedures.applications import application_now, application_of
from procedures.catalogue import CasesEnd, Document
from procedures.frozen import freeze, thaw
from procedures.law.practices import is_practised
from procedures.models import Case, Correction, Result
from procedures.papers import correction_papers
from procedures.papers.paper_words import Difference, differences
from procedures.papers.printing import Sheet
from procedures.rules import Application, Finding, Rule, Stage
from procedures.rules.remedies import Ground, Remedy, may_replace, remedy_for
from procedures.states import MOVES, CorrectionState, State, Verb
from procedures.workflow.moves import NotAllowed
from procedures.workflow.signing import act_of, asked_at

OF_THE_MOMENT = (
    "draft", "number", "symbol", "issued_on", "signer", "check_link", "offline_code", "digital", "adviser", "replaces",
    "head", "place", "test", "case_code",
)  # fmt: skip
"""Facts that differ from paper to paper of the same content."""

NOT_IN_A_HAND = (
    "Chưa trả thì chưa có gì để thu hồi: lãnh đạo bấm “Hủy kết quả chưa trả” trên trang hồ sơ và ghi lý do; giấy hết "
    "giá trị ngay."
)
"""Before it was given out a result is annulled by the leader (`workflow.annul`); a recall is of what somebody holds."""


# --- what may be done ---
@dataclass(frozen=True)
class Ways:
    """What may be done about a paper now. `why_not` closes all of them; the other two lead on elsewhere."""

    remedy: Remedy
    why_not: str = ""
    why_not_replace: str = ""
    why_not_recall: str = ""


def ways_of(result: Result, *, at: datetime) -> Ways:
    """By the table of remedies, the state of the case, and what the commune rules of the doubtful ones."""
    case, remedy = result.case, remedy_for(result.kind)
    given_out = case.where != State.SIGNED
    on = timezone.localtime(at).date()
    practised = remedy.practice is None or is_practised(remedy.practice, case.commune_id, on)
    open_to_replace = may_replace(remedy, given_out=given_out, practised=practised)
    return Ways(
        remedy=remedy,
        why_not=_why_not(result),
        why_not_replace="" if open_to_replace else remedy.instead,
        why_not_recall="" if given_out else NOT_IN_A_HAND,
    )


def _why_not(result: Result) -> str:
    case = result.case
    if case.where not in MOVES[Verb.PROPOSE_CORRECTION].sources:
        return f"Hồ sơ đang “{case.where.label}”: chưa có giấy nào để sửa."
    if result.standing != Result.Standing.VALID:
        return f"Giấy này {result.get_standing_display().lower()}: không còn gì để sửa."
    if result.kind in Result.ABOUT_PAPERS:
        return "Đây là văn bản về một giấy khác: sửa trên giấy đó."
    if Correction.objects.filter(case=case, state=CorrectionState.PROPOSED).exists():
        return "Hồ sơ này đang có một đề nghị sửa giấy chờ lãnh đạo ký."
    return ""


# --- what it would print ---
def fresh(case_id: int) -> Case:
    case: Case = Case.objects.select_related("citizen", "other", "commune", "received_by", "handled_by").get(pk=case_id)
    return case


@dataclass(frozen=True)
class Redraft:
    """A paper that a correction will make, as it would be printed now; `old` is the one in whose place it comes."""

    draft: papers.Draft
    old: Result | None = None

    def sheet(self) -> Sheet:
        return self.draft.sheet()

    def differences(self) -> list[Difference]:
        """Where it says something else than the paper in whose place it comes, apart from number, day and signer."""
        if self.old is None:
            return []
        same = {name: self.draft.facts[name] for name in OF_THE_MOMENT if name in self.draft.facts}
        old, new = (
            render_to_string(self.draft.document.template, dict(facts))
            for facts in (thaw(self.old.facts) | same, self.draft.facts)
        )
        return differences(old, new)


@dataclass(frozen=True)
class Plan:
    """What the signature of a correction will do: papers it makes, papers that fall, what the rules say to them."""

    redrafts: Sequence[Redraft]
    falls: Sequence[Result]
    findings: Sequence[Finding] = ()
    application: Application | None = None
    changes_content: bool = True
    owed: Sequence[Rule] = ()

    @property
    def digest(self) -> str:
        """What a leader has seen; the signature must match it (S-07)."""
        return papers.digest([redraft.draft for redraft in self.redrafts])


def plan(correction: Correction, *, by: Officer | None, at: datetime) -> Plan:
    """What would be signed at `at`. The records are judged as if the wrong papers had never been: in a part of the
    transaction that is rolled back. Raises NotAllowed where something has been built upon them."""
    with transaction.atomic():
        made = _plan(correction, by=by or correction.by, signer=by, at=at)
        transaction.set_rollback(True)
    return made


def _plan(correction: Correction, *, by: Officer, signer: Officer | None, at: datetime) -> Plan:
    case = fresh(correction.case_id)
    standing = standing_papers(case)
    ruled = correction_papers.ruled_today(case, at=at)
    match correction.kind:
        case Correction.Kind.LETTER:
            document = correction_papers.letter_of(ruled)
            about = correction_papers.letter_facts(ruled, correction)
            return Plan([_about(case, document, about, signer, at)], [])
        case Correction.Kind.RECALL:
            undone(case, standing, fall_of(correction, case, by=by, at=at), but=correction)
            document = correction_papers.recall_of(ruled)
            about = correction_papers.recall_facts(ruled, correction, standing, at=at)
            return Plan([_about(case, document, about, signer, at)], standing)
    case, application = as_corrected(case, correction, standing, by=by, at=at)
    chosen = chosen_of(case, application, correction, standing, signer, at=at)
    redrafts = [
        Redraft(papers.Draft(choice.document, choice.facts), choice.old) for choice in chosen if choice.is_replaced
    ]
    findings = [] if case.outcome == Case.Outcome.REFUSE else case.procedure.judge(application)
    return Plan(
        redrafts,
        falling(chosen, standing),
        findings,
        application,
        changes_content=any(choice.differs for choice in chosen) or bool(gone(chosen, standing)),
        owed=asked_at(case, Stage.SIGNATURE, application),
    )


def application_to_correct(
    result: Result,
    *,
    answers: Mapping[str, Any],
    officer_answers: Mapping[str, bool],
    by: Officer,
    at: datetime,
) -> Application:
    """What the rules judge when `result` is to be replaced: today's records as if it had never been. Raises NotAllowed
    as `plan` does."""
    wish = Correction(
        case=result.case,
        result=result,
        kind=Correction.Kind.REPLACE,
        answers=freeze(dict(answers)),
        officer_answers=dict(officer_answers),
    )
    with transaction.atomic():
        case = fresh(result.case_id)
        _, application = as_corrected(case, wish, standing_papers(case), by=by, at=at)
        transaction.set_rollback(True)
    return application


def standing_papers(case: Case) -> list[Result]:
    """The valid papers that answer the wish of the case, in the order of their signature."""
    valid = Result.objects.filter(case=case, standing=Result.Standing.VALID).exclude(kind__in=Result.ABOUT_PAPERS)
    return list(valid.select_related("case").defer("pdf").order_by("pk"))


def _about(case: Case, document: Document, about: Mapping[str, object], by: Officer | None, at: datetime) -> Redraft:
    facts = papers.result_facts(case, document, application_of(case), by=by, at=at, numbers={}, about=about)
    return Redraft(papers.Draft(document, facts))


def as_corrected(
    case: Case, correction: Correction, standing: Sequence[Result], *, by: Officer, at: datetime
) -> tuple[Case, Application]:
    """The case as it should have been: its wrong papers undone, its answers set right, its people read anew."""
    if case.outcome == Case.Outcome.REFUSE:
        case.refusal = correction.refusal
        return case, application_of(case)
    undone(case, standing, fall_of(correction, case, by=by, at=at), but=correction)
    case = fresh(case.pk)
    application = application_now(
        case, by=by, at=at, answers=thaw(correction.answers), officer_answers=correction.officer_answers
    )
    return case, application


def undone(case: Case, standing: Sequence[Result], fall: Fall, *, but: Correction | None = None) -> list[str]:
    """Undo in the records what the papers that stand had done; what is left for people to do.

    `but` is the correction at work itself. Raises NotAllowed where something has been built upon them.
    """
    if case.outcome == Case.Outcome.REFUSE:
        return []
    done = Correction.objects.filter(case=case).exclude(pk=but.pk if but else 0)
    last = done.replaced().select_related("decided_by").last()
    signer, moment = (last.decided_by, last.decided_at) if last else (case.signed_by, case.signed_at)
    assert signer is not None, "a paper that stands was signed"
    assert moment is not None, "a paper that stands was signed"
    numbers = {paper.kind: paper.full_number for paper in standing}
    act = act_of(case, numbers, by=signer, on=day_of_effects(case, standing, moment), at=moment)
    effects = case.procedure.effects(application_of(case), on=act.on)
    try:
        left = take_back([effect for effect in effects if not isinstance(effect, CasesEnd)], act, fall)
    except CannotTakeBack as built_upon:
        raise NotAllowed(built_upon.sentence) from built_upon
    if fall.replaced:
        return left
    if ministry.entry_of(case) is not None:
        left.append("Đề nghị hủy số đã ghi trên phần mềm hộ tịch dùng chung.")
    if any(isinstance(effect, CasesEnd) for effect in effects):
        left.append("Hồ sơ đã dừng khi ký giấy này không tự mở lại: hướng dẫn người dân nộp lại nếu còn cần.")
    return left


def fall_of(correction: Correction, case: Case, *, by: Officer, at: datetime) -> Fall:
    """How the papers fall by `correction`, as the records are told."""
    replaced = correction.kind == Correction.Kind.REPLACE
    return Fall(
        on=timezone.localtime(at).date(),
        at=at,
        by=by,
        basis=f"Sửa giấy cấp sai trong hồ sơ {case.code}" if replaced else correction.decision,
        replaced=replaced,
        in_hand=case.where != State.SIGNED,
        by_court=correction.ground == Ground.COURT,
    )


def day_of_effects(case: Case, standing: Sequence[Result], moment: datetime) -> date:
    """The day from which the papers make true what they say: that of their signature, or of the first one."""
    if any(remedy_for(paper.kind).from_first_day for paper in standing):
        assert case.signed_at is not None, "it was signed"
        moment = case.signed_at
    return timezone.localtime(moment).date()


@dataclass(frozen=True)
class _Choice:
    """One document of the corrected case: the paper that stands for it, and whether a new one comes in its place."""

    document: Document
    old: Result | None
    facts: dict[str, Any]
    differs: bool
    is_replaced: bool
    line: str


def chosen_of(
    case: Case,
    application: Application,
    correction: Correction,
    standing: Sequence[Result],
    by: Officer | None,
    *,
    at: datetime,
) -> list[_Choice]:
    """Which papers are made anew: those that would say something else, with all that bear the same number; where the
    law of the subject holds them together, all."""
    ruled = correction_papers.ruled_today(case, at=at)
    documents = papers.documents_of(case, application, on=timezone.localtime(at).date())
    as_one = any(remedy_for(document.key).as_one for document in documents)
    by_kind = {paper.kind: paper for paper in standing}
    former = {kind: paper.full_number for kind, paper in by_kind.items()}
    numbers: dict[str, str] = {}
    found: list[_Choice] = []
    for group in _by_number(documents):
        drafted: list[_Choice] = []
        goes = as_one
        for document in group:
            old = by_kind.get(document.key)
            line = correction_papers.replaces_line(ruled, old) if old else ""
            printed = partial(papers.result_facts, case, document, application, by=by, at=at, replaces=line)
            facts, unmoved = printed(numbers=numbers), printed(numbers=former)
            said = _content(old.facts) if old and _made_like(document, old) else None
            # what cites the number of a replaced paper is replaced with it, though it says nothing else anew
            goes = goes or said != _content(facts) or (old is not None and old.pk == correction.result_id)
            drafted.append(_Choice(document, old, facts, said != _content(unmoved), is_replaced=False, line=line))
        for choice in drafted:
            numbers[choice.document.key] = papers.TO_COME if goes or choice.old is None else choice.old.full_number
            found.append(replace(choice, is_replaced=goes))
    return found


def _by_number(documents: Sequence[Document]) -> list[list[Document]]:
    groups: list[list[Document]] = []
    for document in documents:
        home = next((group for group in groups if document.shares_number_of in [one.key for one in group]), None)
        if home is None:
            groups.append([document])
        else:
            home.append(document)
    return groups


def _made_like(document: Document, old: Result) -> bool:
    """Whether the paper would be issued under the same name, in as many originals, on the same stock."""
    return (old.name, old.originals, old.blank) == (document.name, document.originals, document.blank)


def _content(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a paper says of its people and matters, whenever it was printed."""
    said: dict[str, Any] = freeze({name: value for name, value in facts.items() if name not in OF_THE_MOMENT})
    return said


def gone(chosen: Sequence[_Choice], standing: Sequence[Result]) -> list[Result]:
    """Papers that the right answers no longer ask for."""
    kinds = {choice.document.key for choice in chosen}
    return [paper for paper in standing if paper.kind not in kinds]


def falling(chosen: Sequence[_Choice], standing: Sequence[Result]) -> list[Result]:
    return [choice.old for choice in chosen if choice.is_replaced and choice.old] + gone(chosen, standing)
