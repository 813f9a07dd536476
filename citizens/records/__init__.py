"""Carries out on the records what a signed result does to them, inside the transaction of the signature.

One module a subject registers how its effects are carried out; this file only hands each effect to its own.
"""

from collections.abc import Iterable

from citizens.effects import Effect
from citizens.records import disability, households, martyrs, people, register
from citizens.records.act import Act, apply

__all__ = ["Act", "apply", "carry_out", "disability", "households", "martyrs", "people", "register"]


def carry_out(effects: Iterable[Effect], act: Act) -> None:
    """Apply `effects` in their order. Raises NotImplementedError for an effect that no subject knows."""
    for effect in effects:
        apply(effect, act)
