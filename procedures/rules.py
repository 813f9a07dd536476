"""What a rule is and what judging it yields. A rule reads an application, never the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from citizens.person import Person


class Kind(StrEnum):
    """What a failed rule means (civil-status.md 0.7)."""

    REFUSE = "refuse"
    REDIRECT = "redirect"
    COMPLETE = "complete"
    VERIFY = "verify"
    WARN = "warn"


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
    SKIP = "skip"


TONE_WORDS = {
    Tone.PASS: "Đạt",
    Tone.FAIL: "Không đạt",
    Tone.ASK: "Cần kiểm tra",
    Tone.WARN: "Lưu ý",
    Tone.SKIP: "Không áp dụng",
}


@dataclass(frozen=True)
class Application:
    """One wish of one person on one day: all that rules may look at.

    `answers` are the cleaned answers of the procedure's form, `officer` the yes/no of the officer by rule id.
    `at` is the moment of receipt, aware, Asia/Ho_Chi_Minh. `open_cases` are codes of open cases of the same procedure
    for the same person, `officer_number` the identity number of the officer who judges.
    """

    person: Person
    at: datetime
    commune: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    officer: Mapping[str, bool] = field(default_factory=dict)
    open_cases: Sequence[str] = ()
    officer_number: str = ""
    book_is_open: bool = True

    def get(self, name: str, default: Any = "") -> Any:
        value = self.answers.get(name)
        return default if value is None else value


@dataclass(frozen=True)
class Rule:
    """One check owed by law or by the pilot.

    `title` names it, `message` says what to do when it fails, `source` the article, `question` is what the officer is
    asked when the records cannot tell. `check` answers from the records.
    """

    id: str
    kind: Kind
    title: str
    message: str
    source: str
    check: Callable[[Application], Answer]
    question: str = ""


@dataclass(frozen=True)
class Finding:
    """A rule with its outcome. `answered_by_officer` tells what was looked at by eye."""

    rule: Rule
    tone: Tone
    answered_by_officer: bool | None = None

    @property
    def stops(self) -> bool:
        return self.tone in (Tone.FAIL, Tone.ASK)


def judge(rules: Sequence[Rule], application: Application) -> list[Finding]:
    """Run every rule; those that do not concern the application are left out of the list."""
    findings = []
    for rule in rules:
        answer = rule.check(application)
        if answer != Answer.NOT_ASKED:
            findings.append(_finding(rule, answer, application.officer.get(rule.id)))
    return findings


def _finding(rule: Rule, answer: Answer, officer: bool | None) -> Finding:
    if rule.kind == Kind.WARN:
        # A warning is seen and acknowledged; until then it asks.
        if answer == Answer.YES:
            return Finding(rule, Tone.PASS)
        return Finding(rule, Tone.WARN if officer else Tone.ASK, officer)
    if answer == Answer.YES:
        return Finding(rule, Tone.PASS)
    if answer == Answer.NO:
        return Finding(rule, Tone.FAIL)
    if officer is None:
        return Finding(rule, Tone.ASK)
    return Finding(rule, Tone.PASS if officer else Tone.FAIL, officer)


def yes(condition: bool) -> Answer:
    return Answer.YES if condition else Answer.NO
