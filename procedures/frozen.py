"""Persons, dossiers and answers as JSON and back: what a case keeps of the day it was received."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar

from cattrs import Converter
from cattrs.preconf.json import make_converter

T = TypeVar("T")


@cache
def _converter() -> Converter:
    """Days as `2026-11-23`, choices by their value. Cases of version 0.1 wrote days as `{"day": …}`: read as well."""
    converter = make_converter()
    converter.register_structure_hook(
        date, lambda value, _: date.fromisoformat(value["day"] if isinstance(value, dict) else value)
    )
    return converter


def freeze_value(value: object) -> Any:
    """A frozen dataclass as plain JSON."""
    return _converter().unstructure(value)


def thaw_value(frozen: Any, kind: type[T]) -> T:
    """The value of that class again; what the class has gained since takes its default."""
    return _converter().structure(frozen, kind)


def freeze(value: Any) -> Any:
    """Answers and facts, which have no class: days become `{"day": "2026-11-23"}` so that they come back as days."""
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
