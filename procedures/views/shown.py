"""Cases, findings and steps as pages show them: words and addresses made once, not in the loops of templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils import timezone

from citizens.models import Citizen
from oneshop.models import Officer
from oneshop.models import OpeningHours as _Hours
from oneshop.roles import DeskRequest, Role
from procedures import law
from procedures.books import day_close
from procedures.catalogue import Procedure
from procedures.clock import Calendar, CalendarEnds, remaining, used_between
from procedures.clock.due_sentence import duration_text
from procedures.clock.gaps import Gap
from procedures.models import Case, Result, Step
from procedures.opening import calendar_of
from procedures.rules import TONE_WORDS, Finding, Tone
from procedures.signing import signers
from procedures.states import State, Verb

SPEAKING = (Tone.FAIL, Tone.WARN, Tone.LATER)
"""Tones whose rule tells its message."""

SOON = timedelta(minutes=36)  # the last fifth of three hours

WAITING_FOR = {
    State.RECEIVED: "chờ công chức xử lý",
    State.WAITING_REVIEW: "chờ kỳ rà soát",
    State.HANDLING: "công chức đang xử lý",
    State.WAITING_PAPERS: "chờ công dân bổ sung",
    State.WAITING_SIGNATURE: "chờ lãnh đạo ký",
    State.SIGNED: "chờ trả cho công dân",
    State.GIVEN_OUT: "",
    State.WITHDRAWN: "",
    State.REJECTED: "",
    State.STOPPED: "",
}


@dataclass(frozen=True)
class Clock:
    kind: str
    word: str
    due: str
    sentence: str


@dataclass(frozen=True)
class Row:
    code: str
    href: str
    procedure: str
    citizen: str
    identity: str
    state: str
    state_key: str
    received: str
    clock: Clock
    waiting_for: str
    urge_href: str = ""


@dataclass(frozen=True)
class ShownFinding:
    id: str
    tone: str
    tone_word: str
    title: str
    message: str
    source: str
    leads_to: str = ""
    field: Any = None
    answered_by: str = ""

    @property
    def passed(self) -> bool:
        """Passed by the records alone: nobody has to look at it again."""
        return self.tone == Tone.PASS and self.field is None and not self.answered_by


@dataclass(frozen=True)
class ShownStep:
    when: str
    who: str
    verb: str
    note: str
    tone: str


@dataclass
class Act:
    verb: str
    label: str
    href: str
    main: bool
    form: Any = None
    danger: bool = False
    is_page: bool = False


def moment(at: datetime) -> str:
    """`10:30 thứ Hai 23/11`, as one says it."""
    local = timezone.localtime(at)
    weekday = _Hours.Weekday(local.weekday()).label
    return f"{local:%H:%M} {weekday[0].lower()}{weekday[1:]} {local:%d/%m}"


def clock_of(case: Case, *, at: datetime, calendar: Calendar) -> Clock:
    """The state of the promise in a colour, a word and a shape; lateness is computed, never stored."""
    due = moment(case.due_at)
    match case.where:
        case State.WAITING_PAPERS:
            return Clock("paused", "tạm dừng", due, case.due_sentence)
        case State.WITHDRAWN:
            return Clock("done", "đã rút", due, case.due_sentence)
        case State.STOPPED:
            return Clock("done", "đã dừng", due, case.due_sentence)
        case State.REJECTED:
            return Clock("done", "không tiếp nhận", "", "")
        case State.SIGNED | State.GIVEN_OUT if case.signed_at is not None:
            late = case.signed_at > case.due_at
            when = timezone.localtime(case.given_out_at or case.signed_at)
            day = f" {when:%d/%m}" if when.date() != timezone.localtime(case.due_at).date() else ""
            word = f"{'đã trả' if case.given_out_at else 'có kết quả'} {when:%H:%M}{day}" + (
                " (quá hạn)" if late else ""
            )
            return Clock("done", word, due, case.due_sentence)
    if at > case.due_at:
        return Clock("overdue", _late_by(case.due_at, at, calendar), due, case.due_sentence)
    try:
        left = remaining(at, case.due_at, calendar)
    except CalendarEnds:  # as below: the row says less, the board stands
        return Clock("on_time", "còn hạn", due, case.due_sentence)
    kind = "soon" if left <= SOON else "on_time"
    return Clock(kind, f"còn {duration_text(left)}", due, case.due_sentence)


def _late_by(due_at: datetime, at: datetime, calendar: Calendar) -> str:
    """How late; a year that nobody has planned yet must not take the board away with it."""
    try:
        return f"quá hạn {duration_text(used_between(due_at, at, calendar))}"
    except CalendarEnds:
        return "quá hạn"


def rows_of(
    cases: Iterable[Case], *, at: datetime, commune_id: int | None, nameless: bool = False, address: str = "case"
) -> list[Row]:
    """`cases` brought by `for_board()`; one calendar for all of them. `nameless` for who may not see persons.

    `address` names the page a row opens.
    """
    listed = list(cases)
    calendars: dict[int, Calendar] = {}
    rows = []
    for case in listed:
        key = commune_id or case.commune_id
        if key not in calendars:
            calendars[key] = calendar_of(key)
        rows.append(_row(case, at=at, calendar=calendars[key], nameless=nameless, address=address))
    return rows


def _row(case: Case, *, at: datetime, calendar: Calendar, nameless: bool, address: str) -> Row:
    return Row(
        code=case.code,
        href="" if nameless else reverse(address, args=[case.code]),
        procedure=case.procedure.name,
        citizen="" if nameless else case.citizen.full_name,
        identity="" if nameless else case.citizen.masked_number,
        state=case.where.label,
        state_key=case.state,
        received=moment(case.received_at),
        clock=clock_of(case, at=at, calendar=calendar),
        waiting_for=WAITING_FOR[case.where],
        urge_href=f"{reverse('new_urge')}?{urlencode({'xa': case.commune.code, 'ho-so': case.code})}"
        if nameless
        else "",
    )


def findings_of(findings: Sequence[Finding], form: forms.Form | None = None) -> list[ShownFinding]:
    """Findings as a page lists them: what stops first, then what is asked, then what passed."""
    order = {Tone.FAIL: 0, Tone.ASK: 1, Tone.LATER: 2, Tone.WARN: 2, Tone.PASS: 3, Tone.SKIP: 4}
    shown = []
    for finding in sorted(findings, key=lambda found: order[found.tone] if found.answered_by_officer is None else 1):
        rule, name = finding.rule, f"rule-{finding.rule.id}"
        bound = form[name] if form is not None and name in form.fields else None
        shown.append(
            ShownFinding(
                id=rule.id,
                tone=finding.tone,
                tone_word=TONE_WORDS[finding.tone],
                title=rule.question if bound is not None and rule.question else rule.title,
                message=rule.message if finding.tone in SPEAKING else "",
                leads_to=rule.leads_to if finding.tone in SPEAKING else "",
                source=rule.source if finding.tone != Tone.PASS else "",
                field=bound,
            )
        )
    return shown


def frozen_findings(case: Case) -> list[ShownFinding]:
    """What was found at receipt, in the words of that day."""
    rows = sorted(case.findings, key=lambda row: (row["by_officer"] is None, row["tone"] == "pass"))
    return [
        ShownFinding(
            id=row["id"],
            tone=row["tone"],
            tone_word=TONE_WORDS[Tone(row["tone"])],
            title=row["title"],
            message=row["message"] if row["tone"] in SPEAKING else "",
            source=row["source"],
            answered_by=f"{case.received_by} đã kiểm tra" if row["by_officer"] is not None else "",
        )
        for row in rows
    ]


def steps_of(steps: Iterable[Step]) -> list[ShownStep]:
    tones = {Verb.SIGN: "good", Verb.GIVE_OUT: "good", Verb.SEND_BACK: "warn", Verb.ASK_FOR_PAPERS: "warn"}
    return [
        ShownStep(
            when=timezone.localtime(step.at).strftime("%H:%M %d/%m/%Y"),
            who=str(step.by),
            verb=step.get_verb_display(),
            note=step.note,
            tone=tones.get(Verb(step.verb), "plain"),
        )
        for step in steps
    ]


def duty_of(request: DeskRequest, *, at: datetime) -> dict[str, Any]:
    """For the desks of a commune: who may sign now and until when, and which cases may end unsigned (F-55)."""
    assert request.user.commune_id is not None, "desks belong to a commune"
    return {
        "duty": "; ".join(leader.words for leader in signers.leaders_on_duty(request.user.commune_id, at=at)),
        "alerts": shown_gaps(signers.gaps_of(request.user.commune_id, at=at)),
    }


def shown_gaps(gaps: Sequence[Gap]) -> list[dict[str, str]]:
    """The last call as a stop, the first as a warning."""
    return [{"tone": "stop" if gap.is_last_call else "warn", "text": signers.words_of(gap)} for gap in gaps]


def shown_procedure(procedure: Procedure, on: date) -> dict[str, str]:
    """Name, code and source in the version of that day, and what it has changed while that is new."""
    version = procedure.version_on(on)
    return {
        "name": procedure.name,
        "national_code": procedure.national_code,
        "source": "; ".join(version.legal_basis),
        "change": version.change if law.is_news(version, on) else "",
        "change_since": f"{version.valid_from:%d/%m/%Y}",
    }


def shown_news(on: date) -> list[str]:
    """A sentence for each day on which the law changes, a month before and a month after."""
    return [
        f"{'Sắp áp dụng' if row.is_coming else 'Đang áp dụng'} quy định mới từ {row.since:%d/%m/%Y}: "
        f"{', '.join(procedure.name for procedure in row.procedures)}."
        for row in law.news(on)
    ]


def shown_chores(commune_id: int | None, on: date) -> list[tuple[str, str]]:
    """What the day's end and the year's end still owe: sentence and where it is done."""
    assert commune_id is not None, "desks belong to a commune"
    return [(sentence, reverse(name)) for sentence, name in day_close.chores(commune_id, on)]


def law_of(case: Case) -> str:
    """An open case stays with the law of its day of receipt; the officer is told when that is no longer today's."""
    received = timezone.localtime(case.received_at).date()
    then, now = case.procedure.version_on(received), case.procedure.version_on(timezone.localdate())
    if then == now:
        return ""
    return (
        f"Hồ sơ giải quyết theo quy định của ngày tiếp nhận ({received:%d/%m/%Y}); "
        f"từ {now.valid_from:%d/%m/%Y}: {now.change}"
    )


def beside(procedure: Procedure, *people: Citizen | None, but: Case | None = None) -> list[dict[str, str]]:
    """Valid papers of the same people that may contradict the new one, to be laid beside it: the newest three."""
    known = [citizen for citizen in people if citizen]
    cases = Case.objects.about(*known)
    cases = cases.exclude(pk=but.pk) if but else cases
    kinds = procedure.shown_beside | {procedure.key}
    found = Result.objects.filter(case__in=cases, kind__in=kinds, standing=Result.Standing.VALID)
    return [
        {
            "name": f"{result.name} số {result.full_number}, ngày {result.issued_on:%d/%m/%Y}",
            "href": reverse("result", args=[result.case.code, result.pk]),
            "picture": reverse("result_picture", args=[result.case.code, result.pk]),
        }
        for result in found.select_related("case").order_by("-signed_at")[:3]
    ]


def may(officer: Officer, *roles: Role) -> bool:
    return any(officer.is_(role) for role in roles)
