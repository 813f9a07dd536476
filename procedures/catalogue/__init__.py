"""What a procedure must say of itself. Each module of this package declares one; nothing else lists them.

A procedure is one file here and one template `results/<key>.html`. It reads applications, never the database.
"""

from __future__ import annotations

import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module
from typing import Any, ClassVar

from django import forms

from citizens.effects import Effect
from citizens.person import Person
from procedures.clock import Limit
from procedures.rules import Application, Finding, Rule, judge


@dataclass(frozen=True)
class Fee:
    """What the procedure costs from a day on, in đồng. `confirmed` is false until an officer has checked the amount."""

    valid_from: date
    amount: int
    source: str
    confirmed: bool

    @property
    def text(self) -> str:
        return f"{self.amount:,} đồng".replace(",", ".") if self.amount else "Không thu"


def shown_when(condition: str, kind: type[forms.Widget] = forms.TextInput, **attrs: object) -> forms.Widget:
    """An input asked for with a certain answer only: `field=value` or `field!=value`; without JavaScript always."""
    return kind(attrs={"data-shown-when": condition, "autocomplete": "off", **attrs})


class ApplicationForm(forms.Form):
    """The questions no record can answer. `for_person` presets what a record suggests."""

    def __init__(self, *args: Any, person: Person, on: date, **kwargs: Any) -> None:
        self.person, self.on = person, on
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # shown only with a certain answer, and then owed: the rules say so, not the form
            field.owed_when_shown = "data-shown-when" in field.widget.attrs  # type: ignore[attr-defined]
        self.set_up()

    def set_up(self) -> None:
        """Drop the questions that do not concern this person, preset the others."""


class Procedure(ABC):
    """One administrative procedure (thủ tục hành chính) of the counter."""

    key: ClassVar[str]
    name: ClassVar[str]
    national_code: ClassVar[str]
    digit: ClassVar[int]
    legal_basis: ClassVar[Sequence[str]]
    result_name: ClassVar[str]
    book: ClassVar[str]
    symbol: ClassVar[str]
    promise: ClassVar[timedelta] = timedelta(hours=3)
    limit: ClassVar[Limit]
    fees: ClassVar[Sequence[Fee]]
    bring: ClassVar[str] = "Chỉ cần thẻ căn cước, hoặc điện thoại có VNeID mức độ 2."
    who: ClassVar[str]
    rules: ClassVar[Sequence[Rule]]
    Form: ClassVar[type[ApplicationForm]]

    @property
    def result_template(self) -> str:
        return f"results/{self.key}.html"

    def fee_on(self, day: date) -> Fee:
        """The fee in force on `day`; the first row for an earlier day."""
        rows = sorted(self.fees, key=lambda fee: fee.valid_from)
        return next((fee for fee in reversed(rows) if fee.valid_from <= day), rows[0])

    def judge(self, application: Application) -> list[Finding]:
        return judge(self.rules, application)

    @abstractmethod
    def facts(self, application: Application, *, on: date) -> Mapping[str, object]:
        """What the result template prints beyond head, number, date and signature; `on` is the day of issue."""

    @abstractmethod
    def effects(self, application: Application, *, on: date) -> Sequence[Effect]:
        """What the signed result does to the citizen's record."""

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


@dataclass(frozen=True)
class Planned:
    """One of the seven whose file is not written yet: the desk says so instead of hiding it."""

    digit: int
    name: str
    national_code: str


SEVEN = (
    Planned(1, "Cấp bản sao trích lục hộ tịch", "2.000635"),
    Planned(2, "Cấp giấy xác nhận tình trạng hôn nhân", "1.004873"),
    Planned(3, "Đăng ký khai tử", "1.000656"),
    Planned(4, "Đăng ký kết hôn", "1.000894"),
    Planned(5, "Cấp đổi, cấp lại giấy xác nhận khuyết tật", "1.001653"),
    Planned(6, "Xác nhận đơn đề nghị thăm viếng mộ liệt sĩ", ""),
    Planned(7, "Công nhận hộ nghèo, hộ cận nghèo thường xuyên hằng năm", ""),
)
