"""Carries out on the records what a signed result does to them, inside the transaction of the signature.

One module a subject registers how its effects are carried out; this file only hands each effect to its own.
"""

from collections.abc import Iterable

from citizens.effects import Effect
from citizens.records import disability, households, martyrs, people, register
from citizens.records.act import Act, CannotTakeBack, Fall, apply, undo

__all__ = [
    "Act",
    "CannotTakeBack",
    "Fall",
    "apply",
    "carry_out",
    "disability",
    "households",
    "martyrs",
    "people",
    "register",
    "take_back",
    "undo",
]


def carry_out(effects: Iterable[Effect], act: Act) -> None:
    """Apply `effects` in their order. Raises NotImplementedError for an effect that no subject knows."""
    for effect in effects:
        apply(effect, act)


def take_back(effects: Iterable[Effect], act: Act, fall: Fall) -> list[str]:
    """Undo `effects`, the last first, as `act` had carried them out: what is left for people to do, one sentence each.

    Raises CannotTakeBack where something was built upon them, NotImplementedError as `carry_out` does.
    """
    return [left for effect in reversed(list(effects)) for left in undo(effect, act, fall)]
