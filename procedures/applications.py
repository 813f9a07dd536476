"""From records to an application that rules can judge: of a draft being written, and of a case as it was received."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from citizens.models import Citizen
from oneshop.models import Officer
from procedures.catalogue import Procedure
from procedures.frozen import thaw, thaw_person
from procedures.models import Case
from procedures.numbering import book_is_open
from procedures.rules import Application


def application_for(
    procedure: Procedure,
    citizen: Citizen,
    *,
    answers: Mapping[str, Any],
    officer_answers: Mapping[str, bool],
    by: Officer,
    at: datetime,
) -> Application:
    """What `citizen` asks of `procedure` at the counter of `by`, with what the records say at this moment."""
    assert by.commune_id is not None, "only officers of a commune receive"
    local = timezone.localtime(at)
    open_cases = Case.objects.open().filter(citizen=citizen, procedure_key=procedure.key)
    return Application(
        person=citizen.as_person(commune_id=by.commune_id, on=local.date()),
        at=local,
        commune=str(by.commune_id),
        answers=answers,
        officer=officer_answers,
        open_cases=tuple(open_cases.values_list("code", flat=True)),
        officer_number=by.identity_number,
        book_is_open=book_is_open(by.commune_id, procedure.book, local.year),
    )


def application_of(case: Case) -> Application:
    """The application as it was received: person, answers and the officer's own looks are frozen in the case."""
    return Application(
        person=thaw_person(case.person),
        at=timezone.localtime(case.received_at),
        commune=str(case.commune_id),
        answers=thaw(case.answers),
        officer=case.officer_answers,
    )
