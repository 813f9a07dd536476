"""What a procedure must say of itself. Each module of this package declares one; nothing else lists them.

A procedure is one file here and one template `results/<key>.html`. It reads applications, never the database. What is
not confirmed by the sources is a Point; what the law changes on a day is a Version or a rule with `since` and `until`.
"""

from __future__ import annotations

import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from importlib import import_module
from typing import Any, ClassVar

from django import forms

from citizens import names
from citizens.dossier import Dossier, Subject
from citizens.effects import Effect
from citizens.person import Person
from procedures.clock import Limit
from procedures.rules import Application, Finding, Rule, Stage, judge
from procedures.rules.points import Point, thousands


class Field(StrEnum):
    """The field a procedure belongs to: each has its own Sổ theo dõi hồ sơ (one-stop.md B.8)."""

    CIVIL_STATUS = "1"
    SOCIAL = "2"
    MERIT = "3"

    @property
    def label(self) -> str:
        return {"1": "Hộ tịch", "2": "Bảo trợ xã hội, giảm nghèo", "3": "Người có công"}[self]


@dataclass(frozen=True)
class Fee:
    """What the procedure costs from a day on, in đồng. `confirmed` is false until an officer has checked the amount.

    `note` tells the public what else it may cost, where that depends on the case. `point`: a commune may rule the
    amount itself.
    """

    valid_from: date
    amount: int
    source: str
    confirmed: bool
    note: str = ""
    point: Point | None = None

    @property
    def text(self) -> str:
        return f"{thousands(self.amount)} đồng" if self.amount else "Không thu"

    def of(self, application: Application) -> Fee:
        """With the amount that the commune has ruled."""
        return replace(self, amount=self.point.number(application)) if self.point else self


FEE_ANSWERS = (
    ("paid", "Đã nộp"),
    ("exempt_merit", "Miễn: gia đình người có công với cách mạng"),
    ("exempt_poor", "Miễn: người thuộc hộ nghèo"),
    ("exempt_disabled", "Miễn: người khuyết tật"),
    ("unpaid", "Chưa nộp"),
)
"""The answers of a form field `fee`; exempt groups of civil-status.md 0.8."""

CAPACITIES = (
    ("self", "Bản thân"),
    ("proxy_close_relative", "Người thân được ủy quyền (ông, bà, cha, mẹ, con, vợ, chồng, anh, chị, em ruột)"),
    ("proxy_other", "Người khác được ủy quyền"),
    ("legal_representative", "Người đại diện theo pháp luật"),
)
"""In what capacity somebody applies (civil-status.md 0.5)."""


def shown_when(condition: str, kind: type[forms.Widget] = forms.TextInput, **attrs: object) -> forms.Widget:
    """An input asked for with a certain answer only: `field=value` or `field!=value`; without JavaScript always."""
    return kind(attrs={"data-shown-when": condition, "autocomplete": "off", **attrs})


class ApplicationForm(forms.Form):
    """The questions no record can answer. `set_up` presets what a record suggests."""

    def __init__(
        self,
        *args: Any,
        person: Person,
        on: date,
        other: Person | None = None,
        dossier: Dossier | None = None,
        **kwargs: Any,
    ) -> None:
        self.person, self.on, self.other, self.dossier = person, on, other, dossier or Dossier()
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # shown only with a certain answer, and then owed: the rules say so, not the form
            field.owed_when_shown = "data-shown-when" in field.widget.attrs  # type: ignore[attr-defined]
        self.set_up()
        if self.fields and not any("autofocus" in field.widget.attrs for field in self.fields.values()):
            next(iter(self.fields.values())).widget.attrs["autofocus"] = True  # the hand begins where the work begins

    @property
    def subject(self) -> Person:
        return self.other or self.person

    def set_up(self) -> None:
        """Drop the questions that do not concern these people, preset the others, offer what the files hold."""

    def asks_for(self, name: str) -> bool:
        """Whether the field stands on the page with the answers as they are (`shown_when`); call after `is_valid`."""
        condition = self.fields[name].widget.attrs.get("data-shown-when", "")
        if not condition:
            return True
        other, equals, values = condition.partition("!=") if "!=" in condition else condition.partition("=")
        answer = str(self.cleaned_data.get(other))
        return (answer in values.split("|")) is (equals == "=")

    def full_clean(self) -> None:
        """What stands on the page no more cannot be mended there, so it is no error."""
        super().full_clean()
        if self.is_bound:
            for name in [name for name in self.errors if name in self.fields and not self.asks_for(name)]:
                del self.errors[name]
                self.cleaned_data[name] = self.fields[name].to_python("")

    def clean(self) -> dict[str, Any]:
        """Every text as one sees it, composed (NFC) and with single spaces."""
        answers: dict[str, Any] = super().clean() or {}
        for name, value in answers.items():
            if isinstance(value, str):
                seen = names.visible(value)
                answers[name] = seen if isinstance(self.fields[name].widget, forms.Textarea) else names.clean(seen)
        return answers


@dataclass(frozen=True)
class Version:
    """How the law names and grounds a procedure from `valid_from` on.

    `change` tells officers for 30 days what is new.
    """

    valid_from: date
    name: str
    result_name: str
    legal_basis: Sequence[str]
    change: str = ""
    confirmed: bool = True


@dataclass(frozen=True)
class Document:
    """A paper that the signature makes. `key` is its kind and its place in `numbers`.

    `symbol` stands after the number (`{year}` is filled in). `originals` are signed alike under one number. `blank`
    names the pre-printed stock it is printed on. `shares_number_of` names an earlier document whose number it bears.
    """

    key: str
    name: str
    template: str
    book: str
    symbol: str
    originals: int = 1
    blank: str = ""
    shares_number_of: str = ""


@dataclass(frozen=True)
class Party:
    """The second person of a procedure: whose card is read after the applicant's.

    `owed`: nothing goes without. Else the applicant is taken to come for himself, `alone` says so (`Cho bản thân`).
    `represented`: the applicant acts for the other, who is the one the paper concerns; a spouse is not represented.
    `absent`: nobody acts for the other, who all the same does not stand at the counter (the dead).
    """

    label: str
    question: str
    owed: bool = True
    alone: str = ""
    represented: bool = True
    absent: bool = False


@dataclass(frozen=True)
class Appointment:
    """Why a case is lawfully later than three working hours: what it waits for and the day it is due by.

    `meeting`: nothing is waited for but the people themselves, who come on that day: the case is received like any
    other, due when the counter closes.
    """

    waits_for: str
    due_on: date
    sentence: str
    meeting: bool = False


@dataclass(frozen=True)
class Charge:
    """What is to be paid: `amount` in đồng, `text` as printed, `reason` of an exemption, `name` of the fee in law."""

    amount: int
    text: str
    reason: str = ""
    name: str = ""


@dataclass(frozen=True)
class CasesEnd(Effect):
    """Open cases in which `who` is a party end with this signature: the person is dead (civil-status.md section 5).

    `spares`: procedures by key whose cases go on where another applies: copies are given of the dead as well.
    """

    who: str
    reason: str
    spares: tuple[str, ...] = ()


class Procedure(ABC):
    """One administrative procedure (thủ tục hành chính) of the counter."""

    key: ClassVar[str]
    name: ClassVar[str]
    national_code: ClassVar[str]
    digit: ClassVar[int]
    versions: ClassVar[Sequence[Version]]
    book: ClassVar[str]
    symbol: ClassVar[str]
    field: ClassVar[Field] = Field.CIVIL_STATUS
    promise: ClassVar[timedelta] = timedelta(hours=3)
    limit: ClassVar[Limit]
    fees: ClassVar[Sequence[Fee]]
    bring: ClassVar[str] = "Chỉ cần thẻ căn cước, hoặc điện thoại có VNeID mức độ 2."
    form_lines: ClassVar[int]
    """Lines that somebody without our records would fill in on the form of the law: counted on it, for the boards."""
    papers_before: ClassVar[Sequence[str]] = ()
    """What is handed in or copied where no record answers; the card itself is shown, never handed in."""
    who: ClassVar[str]
    rules: ClassVar[Sequence[Rule]]
    points: ClassVar[Sequence[Point]] = ()
    party: ClassVar[Party | None] = None
    wants: ClassVar[frozenset[Subject]] = frozenset()
    look_up: ClassVar[str] = ""
    """What the clerk may look for in the books and files, as the label of the box; empty where nothing is looked up."""
    shown_beside: ClassVar[frozenset[str]] = frozenset()
    """Kinds of results of the same people that are laid beside the new paper before receipt and signature."""
    refusal_basis: ClassVar[str]
    refusal_symbol: ClassVar[str] = "UBND"
    Form: ClassVar[type[ApplicationForm]]

    @property
    def is_civil_status(self) -> bool:
        """Whether the law on civil status rules its papers: by that law it is refused."""
        return "Luật Hộ tịch" in self.refusal_basis

    def version_on(self, day: date) -> Version:
        """The version in force on `day`; the first one for an earlier day."""
        rows = sorted(self.versions, key=lambda version: version.valid_from)
        return next((version for version in reversed(rows) if version.valid_from <= day), rows[0])

    def fee_on(self, day: date) -> Fee:
        """The fee in force on `day`; the first row for an earlier day."""
        rows = sorted(self.fees, key=lambda fee: fee.valid_from)
        return next((fee for fee in reversed(rows) if fee.valid_from <= day), rows[0])

    def charge(self, application: Application) -> Charge:
        """What this application costs: the fee of the day, or nothing with the reason of the exemption."""
        fee = self.fee_on(application.day).of(application)
        if str(application.get("fee")).startswith("exempt"):
            return Charge(0, "Được miễn", dict(FEE_ANSWERS)[application.get("fee")])
        return Charge(fee.amount, fee.text)

    def judge(self, application: Application, stage: Stage = Stage.RECEIPT) -> list[Finding]:
        return judge(self.rules, application, stage)

    def handed_in(self, application: Application) -> Sequence[str]:
        """The papers that stay with the file, as the receipt slip lists them."""
        return [str(application.get("authorisation"))] if application.get("authorisation") else []

    def appointment(self, application: Application) -> Appointment | None:
        """Where the law does not let the counter decide at once: when it will; else nothing."""
        return None

    def documents(self, application: Application, *, on: date) -> Sequence[Document]:
        """The papers that the signature makes, in the order of their numbers."""
        version = self.version_on(application.day)
        return (Document(self.key, version.result_name, f"results/{self.key}.html", self.book, self.symbol),)

    def books(self) -> Mapping[str, str]:
        """Every number book that its documents are entered in, with the title on the cover."""
        name = self.versions[0].result_name
        return {self.book: f"Sổ cấp {name[0].lower()}{name[1:]}"}

    def declarations(self, application: Application) -> Sequence[Document]:
        """Forms that the applicant signs, filled in from the records: printed before receipt and from the case, without
        number, book and signature of ours. Their `facts` are given as those of a result."""
        return ()

    @abstractmethod
    def facts(
        self, application: Application, document: Document, *, on: date, numbers: Mapping[str, str]
    ) -> Mapping[str, object]:
        """What the template of `document` prints beyond head, number, date and signature.

        `on` is the day of issue; `numbers` the full numbers of the documents signed before it, `…` in a preview.
        """

    @abstractmethod
    def effects(self, application: Application, *, on: date) -> Sequence[Effect]:
        """What the signed result does to the records."""

    def follow_ups(self, application: Application, *, on: date) -> Sequence[str]:
        """What somebody still has to do after the signature, one sentence each (notify another commune, …)."""
        return ()

    @abstractmethod
    def example(self, at: datetime) -> Application:
        """A made-up application that every rule lets through once the officer has said yes: the sample of the paper
        that the public sees, and what tests print."""

    def bridge(self, application: Application) -> Sequence[tuple[str, str]]:
        """Label and value in the order of the Ministry's software; empty where the case need not be entered there."""
        return ()

    def __str__(self) -> str:
        return self.name


class Catalogue:
    """The procedures by key. Refuses a second one with the same key or digit."""

    def __init__(self) -> None:
        self._by_key: dict[str, Procedure] = {}

    def add(self, procedure: Procedure) -> None:
        for known in self:
            if known.key == procedure.key or known.digit == procedure.digit:
                raise ValueError(f"{procedure.key} and {known.key} claim the same place")
        self._by_key[procedure.key] = procedure

    def __getitem__(self, key: str) -> Procedure:
        return self._by_key[key]

    def __contains__(self, key: str) -> bool:
        return key in self._by_key

    def __iter__(self) -> Any:
        return iter(sorted(self._by_key.values(), key=lambda procedure: procedure.digit))

    def __len__(self) -> int:
        return len(self._by_key)


def _found() -> Catalogue:
    catalogue = Catalogue()
    for module in pkgutil.iter_modules(__path__):
        for thing in vars(import_module(f"{__name__}.{module.name}")).values():
            if isinstance(thing, type) and issubclass(thing, Procedure) and thing.__module__.endswith(module.name):
                catalogue.add(thing())
    return catalogue


_catalogue: Catalogue | None = None


def catalogue() -> Catalogue:
    """All procedures, found once."""
    global _catalogue  # noqa: PLW0603  (found at the first question, not at import: the modules import this one)
    if _catalogue is None:
        _catalogue = _found()
    return _catalogue
