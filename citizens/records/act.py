"""The signature whose effects are carried out: for whom, under which numbers, by which commune, when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import singledispatch

from citizens.effects import Effect
from citizens.models import Citizen
from oneshop.models import Officer


@dataclass(frozen=True)
class Act:
    """`numbers`: the full number of each result by its key. `issuer`: `UBND xã Quốc Oai`. `at` is aware."""

    citizen: Citizen
    other: Citizen | None
    numbers: Mapping[str, str]
    issuer: str
    commune_id: int
    by: Officer
    on: date
    at: datetime

    def citizen_of(self, who: str) -> Citizen | None:
        """The citizen called `person` or `other`; nobody for another word."""
        return {"person": self.citizen, "other": self.other}.get(who)


@singledispatch
def apply(effect: Effect, act: Act) -> None:
    raise NotImplementedError(type(effect).__name__)
