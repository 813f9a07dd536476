"""From records to an application that rules can judge: of a draft, of a case as received, and of a case as of now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from citizens.dossier import Dossier
from citizens.dossiers import gather
from citizens.models import Citizen
from citizens.person import Person
from oneshop.models import Officer
from procedures.catalogue import Procedure
from procedures.frozen import thaw, thaw_value
from procedures.house_points import house_points
from procedures.models import Blank, Case, Ruling
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
    other: Citizen | None = None,
    looked_for: str = "",
) -> Application:
    """What `citizen` asks of `procedure` at the counter of `by`, with what the records say at this moment."""
    assert by.commune_id is not None, "only officers of a commune receive"
    local = timezone.localtime(at)
    day = local.date()
    open_cases = _open_cases(procedure, citizen, other)
    return Application(
        person=citizen.as_person(commune_id=by.commune_id, on=day),
        other=other.as_person(commune_id=by.commune_id, on=day) if other else None,
        dossier=replace(
            gather(procedure.wants, citizen, other, looked_for=looked_for, commune_id=by.commune_id, on=day),
            blanks=Blank.objects.filter(commune_id=by.commune_id).counts(),
        ),
        rulings=rulings_of(procedure, by.commune_id, on=day),
        at=local,
        commune=str(by.commune_id),
        answers=answers,
        officer=officer_answers,
        open_cases=tuple(open_cases.values_list("code", flat=True)),
        officer_number=by.identity_number,
        book_is_open=book_is_open(by.commune_id, procedure.book, local.year),
        office=by.commune.name_on(day).office if by.commune else "",
    )


def _open_cases(procedure: Procedure, citizen: Citizen, other: Citizen | None) -> Any:
    """Of the same procedure for the same people. A mother acts for each of her children: her case for one of them is
    none for another."""
    listed = Case.objects.open().filter(procedure_key=procedure.key)
    if procedure.party is not None and procedure.party.represented:
        return listed.concerning(other or citizen)
    return listed.about(*([citizen, other] if other else [citizen]))


def rulings_of(procedure: Procedure, commune_id: int, *, on: date) -> dict[str, str]:
    """The commune's rulings in force on that day on the points of `procedure` and of the house, by key."""
    keys = [point.key for point in (*procedure.points, *house_points())]
    rows = Ruling.objects.filter(commune_id=commune_id, key__in=keys, valid_from__lte=on)
    return {row.key: row.value for row in rows}  # ordered by day: the later one prevails


def application_of(case: Case) -> Application:
    """The application as it was received: people, files, answers and the officer's own looks are frozen in the case."""
    return Application(
        person=thaw_value(case.person, Person),
        other=thaw_value(case.other_person, Person) if case.other_person else None,
        dossier=thaw_value(case.dossier, Dossier),
        rulings=case.rulings,
        at=timezone.localtime(case.received_at),
        commune=str(case.commune_id),
        answers=thaw(case.answers),
        officer=case.officer_answers,
        office=case.commune.name_on(timezone.localdate(case.received_at)).office,
    )


def application_now(
    case: Case,
    *,
    by: Officer,
    at: datetime,
    answers: Mapping[str, Any] | None = None,
    officer_answers: Mapping[str, bool] | None = None,
) -> Application:
    """The same wish judged by what the records say at `at`: what has changed since receipt comes to light.

    The version of the law stays that of the day of receipt, and the case does not count as a double of itself.
    `answers` and `officer_answers` stand in for those of the receipt where they were wrong.
    """
    now = application_for(
        case.procedure,
        case.citizen,
        answers=thaw(case.answers) if answers is None else answers,
        officer_answers=case.officer_answers if officer_answers is None else officer_answers,
        by=by,
        at=at,
        other=case.other,
        looked_for=case.looked_for,
    )
    return replace(
        now,
        at=timezone.localtime(case.received_at),
        rulings=case.rulings,
        open_cases=tuple(code for code in now.open_cases if code != case.code),
        officer_number="",  # who signs is asked by `why_may_not_sign`
    )
