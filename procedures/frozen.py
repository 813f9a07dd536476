"""Persons and answers as JSON and back: what a case keeps of the day it was received."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from typing import Any

from citizens.person import Certificate, Ending, Marriage, Person, Residence, ResidenceKind, Sex


def freeze(value: Any) -> Any:
    """Plain JSON; days become `{"day": "2026-11-23"}` so that they come back as days."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: freeze(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, dict):
        return {str(key): freeze(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [freeze(item) for item in value]
    return value


def thaw(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"day"}:
            return date.fromisoformat(value["day"])
        if set(value) == {"moment"}:
            return datetime.fromisoformat(value["moment"])
        return {key: thaw(item) for key, item in value.items()}
    if isinstance(value, list):
        return [thaw(item) for item in value]
    return value


def thaw_person(frozen: dict[str, Any]) -> Person:
    facts = thaw(frozen)
    return Person(
        **facts
        | {
            "sex": Sex(facts["sex"]) if facts["sex"] else None,
            "residences": tuple(Residence(**row | {"kind": ResidenceKind(row["kind"])}) for row in facts["residences"]),
            "marriages": tuple(
                Marriage(**row | {"spouse_sex": Sex(row["spouse_sex"]), "ending": Ending(row["ending"])})
                for row in facts["marriages"]
            ),
            "certificates": tuple(Certificate(**row) for row in facts["certificates"]),
            "doubts": tuple(facts["doubts"]),
        }
    )
