"""What is still to be done after an act has been committed: seals, messages, copies to other offices (the outbox).

An errand is owed within the transaction of the act itself, so that it is never forgotten and never runs for an act
that did not happen. `manage.py errands` takes them with SKIP LOCKED, each in a transaction of its own within the walls
of its commune; `up` and `demo` run that command beside the web server (decisions.md 16). What a runner writes in the
database lives or dies with the mark that it is done; what it sends elsewhere may be sent twice when a machine dies in
between, so whoever writes one makes that harmless.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone

from oneshop import walls
from oneshop.models import Errand

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


class Later(Exception):
    """A runner's word that it is not yet time; no try is counted."""

    def __init__(self, due_at: datetime) -> None:
        super().__init__(due_at)
        self.due_at = due_at


class GivenUp(Exception):
    """A runner's word that trying again is of no use: the errand ends, and its last trouble stays on it."""


class Runner(Protocol):
    def __call__(self, errand: Errand, *, at: datetime) -> None: ...


_runners: dict[str, Runner] = {}


def runs(kind: str) -> Callable[[Runner], Runner]:
    """Let the decorated function run the errands of `kind`. Two runners of one kind are an error at import."""

    def named(runner: Runner) -> Runner:
        if _runners.setdefault(kind, runner) is not runner:
            raise ValueError(f"two runners of {kind}")
        return runner

    return named


def kinds() -> list[str]:
    """Every kind that somebody runs."""
    return sorted(_runners)


def owe(
    kind: str, key: object, *, commune_id: int, at: datetime, due_at: datetime | None = None, **facts: Any
) -> Errand:
    """Owe an errand, to be run from `due_at` (default: at once). Owed twice with one key it is owed once.

    `facts` are small JSON values, keys of rows and not persons: what is said to whom is read when it is run.
    """
    errand, _ = Errand.objects.get_or_create(
        commune_id=commune_id,
        kind=kind,
        key=str(key),
        defaults={"facts": facts, "owed_at": at, "due_at": due_at or at},
    )
    return errand


def run_due(*, at: datetime | None = None) -> int:
    """Run whatever is due, commune by commune; how many were done. One that fails waits and keeps its trouble."""
    moment = at or timezone.now()
    with walls.within(None, reads_all=True):
        communes = list(
            Errand.objects.filter(done_at=None, due_at__lte=moment, kind__in=kinds())
            .order_by("commune_id")
            .values_list("commune_id", flat=True)
            .distinct()
        )
    done = 0
    for commune_id in communes:
        while (ended := _run_next(commune_id, moment)) is not None:
            done += ended
    return done


def _run_next(commune_id: int, at: datetime) -> bool | None:
    """Run the oldest due errand of the commune that no other process holds; None when there is none."""
    with walls.within(commune_id):
        errand = (
            Errand.objects.select_for_update(skip_locked=True)
            .filter(commune_id=commune_id, done_at=None, due_at__lte=at, kind__in=kinds())
            .order_by("due_at", "pk")
            .first()
        )
        if errand is None:
            return None
        try:
            with transaction.atomic():
                _runners[errand.kind](errand, at=at)
        except Later as later:
            errand.due_at = later.due_at
            errand.save(update_fields=["due_at"])
            return False
        except GivenUp:
            errand.done_at = at
            errand.save(update_fields=["done_at"])
            return False
        except Exception as error:
            log.exception("errand %s %s failed", errand.kind, errand.key)
            errand.tries += 1
            errand.trouble = f"{type(error).__name__}: {error}"[:300]
            errand.due_at = at + min(FIRST_WAIT * 2 ** (errand.tries - 1), LONGEST_WAIT)
            errand.save(update_fields=["tries", "trouble", "due_at"])
            return False
        errand.done_at, errand.trouble = at, ""
        errand.save(update_fields=["done_at", "trouble"])
        return True
