"""I8 as far as SQL cannot say it: every promise is what its receipt, its limit, its calendar and its pauses make it."""

from __future__ import annotations

from oneshop import walls
from oneshop.models import Commune
from procedures.models import Case
from procedures.opening import calendar_at
from procedures.states import State
from procedures.workflow import promise_under


def broken_promises(commune: Commune) -> dict[str, tuple[object, object]]:
    """Code → due time kept and due time reckoned anew, of every case that was received and where they differ.

    Those promised anew in writing (Mẫu 04) follow that writing; while papers are missing the time is not known yet.
    """
    found: dict[str, tuple[object, object]] = {}
    with walls.within(commune.pk):
        calendars = {}
        for case in Case.objects.here(commune.pk).select_related("commune").prefetch_related("steps", "pauses"):
            left_while_paused = not case.is_open and list(case.steps.all())[-1].source == State.WAITING_PAPERS
            if case.where in (State.REJECTED, State.WAITING_PAPERS) or left_while_paused:
                continue
            if case.calendar_version not in calendars:
                calendars[case.calendar_version] = calendar_at(commune, case.calendar_version)
            promise = promise_under(case, calendars[case.calendar_version])
            if promise is not None and promise[0] != case.due_at:
                found[case.code] = (case.due_at, promise[0])
    return found
