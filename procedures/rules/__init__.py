"""What a rule is and what judging it yields. A rule reads an application, never the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from citizens.dossier import Dossier
from citizens.person import Person


class Kind(StrEnum):
    """What a failed rule means (civil-status.md 0.7). APPOINT: lawful, but later: the case is received and gets an
    appointment of its own instead of three working hours (`Procedure.appointment`)."""

    REFUSE = "refuse"
    REDIRECT = "redirect"
    COMPLETE = "complete"
    VERIFY = "verify"
    WARN = "warn"
    APPOINT = "appoint"


class Stage(StrEnum):
    """When a rule is judged: before the file is received, at the signature, when the result is given out."""

    RECEIPT = "receipt"
    SIGNATURE = "signature"
    GIVING_OUT = "giving_out"


class Answer(StrEnum):
    """What the records say to a rule."""

    YES = "yes"
    NO = "no"
    OFFICER = "officer"  # the records cannot tell: the officer looks and answers
    NOT_ASKED = "not_asked"  # the rule does not concern this application


class Tone(StrEnum):
    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    ASK = "ask"
    WARN = "warn"
    LATER = "later"
    SKIP = "skip"


TONE_WORDS = {
    Tone.PASS: "Đạt",
    Tone.FAIL: "Không đạt",
    Tone.ASK: "Cần kiểm tra",
    Tone.WARN: "Lưu ý",
    Tone.LATER: "Hẹn sau",
    Tone.SKIP: "Không áp dụng",
}


@dataclass(frozen=True)
class Application:
    """One wish of one person on one day: all that rules may look at.

    `person` is whose card was read, `other` the second person of a procedure that has one (the dead, the spouse, whom
    the paper is for). `answers` are the cleaned answers of the procedure's form, `officer` the yes/no of the officer by
    rule id. `at` is the moment of receipt, aware, Asia/Ho_Chi_Minh: its day chooses the version of law. `open_cases`
    are codes of open cases of the same procedure for the same people, `officer_number` the identity number of the
    officer who judges, `dossier` what books and files say, `rulings` what this commune decided of unconfirmed points,
    `office` who decides, as papers write it (`Ủy ban nhân dân xã Quốc Oai, thành phố Hà Nội`).
    """

    person: Person
    at: datetime
    commune: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    officer: Mapping[str, bool] = field(default_factory=dict)
    open_cases: Sequence[str] = ()
    officer_number: str = ""
    book_is_open: bool = True
    other: Person | None = None
    dossier: Dossier = field(default_factory=Dossier)
    rulings: Mapping[str, str] = field(default_factory=dict)
    office: str = ""

    def get(self, name: str, default: Any = "") -> Any:
        value = self.answers.get(name)
        return default if value is None else value

    @property
    def day(self) -> date:
        """The local day of receipt."""
        return self.at.date()

    @property
    def subject(self) -> Person:
        """Whom the paper concerns: the other where there is one, else the applicant."""
        return self.other or self.person


@dataclass(frozen=True)
class Rule:
    """One check owed by law or by the pilot.

    `title` names it, `message` says what to do when it fails, `source` the article, `question` is what the officer is
    asked when the records cannot tell. `check` answers from the records. `leads_to` names the procedure or office that
    serves instead, as told to the citizen. `since` and `until` (both included) bound the law it comes from. `adds` says
    what only this application knows, after the message of a rule that failed: the first lawful day, which paper.
    """

    id: str
    kind: Kind
    title: str
    message: str
    source: str
    check: Callable[[Application], Answer]
    question: str = ""
    leads_to: str = ""
    stage: Stage = Stage.RECEIPT
    since: date | None = None
    until: date | None = None
    adds: Callable[[Application], str] | None = None

    def in_force(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Finding:
    """A rule with its outcome. `answered_by_officer` tells what was looked at by eye."""

    rule: Rule
    tone: Tone
    answered_by_officer: bool | None = None

    @property
    def stops(self) -> bool:
        return self.tone in (Tone.FAIL, Tone.ASK)


def judge(rules: Sequence[Rule], application: Application, stage: Stage = Stage.RECEIPT) -> list[Finding]:
    """Run every rule of that stage in force that day; those that do not concern the application are left out."""
    findings = []
    for rule in rules:
        if rule.stage != stage or not rule.in_force(application.day):
            continue
        answer = rule.check(application)
        if answer != Answer.NOT_ASKED:
            findings.append(_finding(_telling(rule, answer, application), answer, application.officer.get(rule.id)))
    return findings


def _telling(rule: Rule, answer: Answer, application: Application) -> Rule:
    """The rule with the sentence that only this application yields, where it failed."""
    more = rule.adds(application) if rule.adds and answer == Answer.NO else ""
    return replace(rule, message=f"{rule.message} {more}") if more else rule


def _finding(rule: Rule, answer: Answer, officer: bool | None) -> Finding:
    if rule.kind == Kind.WARN:
        # A warning is seen and acknowledged; until then it asks.
        if answer == Answer.YES:
            return Finding(rule, Tone.PASS)
        return Finding(rule, Tone.WARN if officer else Tone.ASK, officer)
    if answer == Answer.YES:
        return Finding(rule, Tone.PASS)
    if answer == Answer.NO:
        return Finding(rule, Tone.LATER if rule.kind == Kind.APPOINT else Tone.FAIL)
    if officer is None:
        return Finding(rule, Tone.ASK)
    if rule.kind == Kind.APPOINT and not officer:
        return Finding(rule, Tone.LATER, officer)
    return Finding(rule, Tone.PASS if officer else Tone.FAIL, officer)


def softened(rule: Rule, since: date, message: str) -> tuple[Rule, Rule]:
    """`rule` until the day before `since`, and from then on a mere warning that says `message` (a change of law)."""
    return (
        replace(rule, until=since - timedelta(days=1)),
        replace(rule, kind=Kind.WARN, message=message, since=since, question=rule.question or "Đã biết?"),
    )


def yes(condition: bool) -> Answer:
    return Answer.YES if condition else Answer.NO
