"""What the law changes and when: told 30 days before and 30 days after the day. No database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from procedures.catalogue import Procedure, Version, catalogue
from procedures.rules import Rule

TOLD_FOR = timedelta(days=30)


@dataclass(frozen=True)
class News:
    """The procedures that have another law from `since` on; `is_coming` while that day lies ahead."""

    since: date
    procedures: tuple[Procedure, ...]
    is_coming: bool


def is_news(version: Version, on: date) -> bool:
    """Whether officers are told of `version` on that day as of something new: from its day on, 30 days long."""
    return bool(version.change) and version.valid_from <= on < version.valid_from + TOLD_FOR


def is_coming(version: Version, on: date) -> bool:
    return bool(version.change) and version.valid_from - TOLD_FOR <= on < version.valid_from


def news(on: date) -> list[News]:
    """Changes of law to be told on that day, one for each day on which something changes."""
    changing: dict[date, list[Procedure]] = {}
    for procedure in catalogue():
        for version in procedure.versions:
            if is_news(version, on) or is_coming(version, on):
                changing.setdefault(version.valid_from, []).append(procedure)
    return [News(since, tuple(procedures), is_coming=on < since) for since, procedures in sorted(changing.items())]


def dated_rules(procedure: Procedure) -> list[Rule]:
    """The conditions that come or go on a day, in its order; of one that only changes, what it becomes."""
    begun = {rule.id for rule in procedure.rules if rule.since}
    dated = [rule for rule in procedure.rules if rule.since or (rule.until and rule.id not in begun)]
    return sorted(dated, key=lambda rule: (rule.since or rule.until or date.min, rule.title))


def faults(procedure: Procedure) -> list[str]:
    """What is wrong with the dates of a procedure: rows out of order, two of one day, a change that is not told."""
    found = []
    for name, rows in (("version", procedure.versions), ("fee", procedure.fees)):
        days = [row.valid_from for row in rows]
        if days != sorted(set(days)):
            found.append(f"{procedure.key}: each {name} begins after the one before it, not {days}")
    found += [
        f"{procedure.key}: the version of {version.valid_from} does not say what it changes"
        for version in procedure.versions[1:]
        if not version.change
    ]
    found += [
        f"{procedure.key}: {rule.id} ends on {rule.until}, before it begins on {rule.since}"
        for rule in procedure.rules
        if rule.since and rule.until and rule.until < rule.since
    ]
    return found
