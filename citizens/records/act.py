"""The signature whose effects are carried out: for whom, under which numbers, by which commune, when."""

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True)
class Fall:
    """A signature whose papers fall: when, by whose signature, on what ground.

    `replaced`: right papers follow in the same transaction. `in_hand`: the papers had been given out, so that people
    may have acted on them; else what was written never counted. `by_court`: a court took the event itself back.
    """

    on: date
    at: datetime
    by: Officer
    basis: str
    replaced: bool
    in_hand: bool = True
    by_court: bool = False


class CannotTakeBack(Exception):
    """What the signature did has been built upon; the sentence says how, and what to do instead."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@singledispatch
def apply(effect: Effect, act: Act) -> None:
    raise NotImplementedError(type(effect).__name__)


@singledispatch
def undo(effect: Effect, act: Act, fall: Fall) -> Sequence[str]:
    """What `effect` had made true is true no longer; nothing is removed. Sentences of what is left for people to do."""
    raise NotImplementedError(type(effect).__name__)
