"""The retention file, as values: which reason keeps a field, for how long, and what is not named in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps

FILE = Path(__file__).with_name("retention.toml")
OURS = ("oneshop", "citizens", "procedures")


@dataclass(frozen=True)
class Reason:
    """Why something is kept. `lasts` is None for what has no end of its own; `ground` names law or rule."""

    name: str
    keeps: str
    ground: str
    lasts: timedelta | None


@cache
def reasons() -> dict[str, Reason]:
    """By name. Raises ValueError for a period that cannot be read."""
    found = {}
    for name, said in _file()["reason"].items():
        days = re.match(r"(\d+) days?", said["keeps"])
        if not days and said["keeps"] != "for ever":
            raise ValueError(f"retention.toml: {name} keeps {said['keeps']!r}")
        lasts = timedelta(days=int(days[1])) if days else None
        found[name] = Reason(name, said["keeps"], said["ground"], lasts)
    return found


def kept(model: str) -> dict[str, str]:
    """Field → name of the reason, for `citizens.Citizen`; empty for a model the file does not name."""
    app, _, name = model.partition(".")
    said = _file().get(app, {}).get(name, {})
    return {field: reason for reason, fields in said.items() for field in fields}


def unnamed() -> Iterator[str]:
    """Columns without a line, lines without a column, and unknown reasons: `citizens.Citizen.telephone`."""
    for app in OURS:
        for model in apps.get_app_config(app).get_models():
            label = model._meta.label
            columns = {field.name for field in model._meta.concrete_fields if not field.primary_key}
            lines = kept(label)
            yield from (f"{label}.{name} has no line" for name in sorted(columns - lines.keys()))
            yield from (f"{label}.{name} is no column" for name in sorted(lines.keys() - columns))
            yield from (f"{label}: no reason {name!r}" for name in sorted(set(lines.values()) - reasons().keys()))


def lasts(reason: str) -> timedelta:
    """How long that reason keeps; only for one that ends."""
    period = reasons()[reason].lasts
    assert period is not None, f"{reason} has no end"
    return period


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
