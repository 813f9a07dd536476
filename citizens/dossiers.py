"""From the records to a dossier: what books and files say of the people of an application."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from citizens.dossier import Dossier, Subject
from citizens.martyrs import MartyrFile
from citizens.models import Citizen, Martyr, RegisterEntry, kin_of

FOUND_AT_MOST = 20


def gather(
    wanted: Collection[Subject],
    citizen: Citizen,
    other: Citizen | None,
    *,
    looked_for: str,
    commune_id: int,
    on: date,
) -> Dossier:
    """What the commune knows on the day `on`; `looked_for` is what the clerk typed to find an old entry or file."""
    found = Dossier()
    facts: dict[str, object] = {}
    if Subject.REGISTER in wanted:
        facts["entries"] = _entries(citizen, other, looked_for, commune_id)
    if Subject.KIN in wanted:
        facts["kin"] = kin_of(citizen)
        facts["other_kin"] = kin_of(other) if other else found.other_kin
    if Subject.MARTYRS in wanted:
        facts["martyrs"] = _martyrs(citizen, looked_for, commune_id)
    return Dossier(**facts)  # type: ignore[arg-type]


def _entries(citizen: Citizen, other: Citizen | None, looked_for: str, commune_id: int) -> tuple[object, ...]:
    """About the other person where there is one, else about the applicant; and what was looked for."""
    known = RegisterEntry.objects.about(other or citizen).for_reading()
    rows = {row.pk: row for row in known}
    if looked_for:
        rows |= {row.pk: row for row in RegisterEntry.objects.looked_for(looked_for).for_reading()[:FOUND_AT_MOST]}
    return tuple(row.as_value(commune_id) for row in rows.values())


def _martyrs(citizen: Citizen, looked_for: str, commune_id: int) -> tuple[MartyrFile, ...]:
    """The files that name the applicant, then those found by the martyr's name or certificate."""
    files = Martyr.objects.kept_by(commune_id)
    rows = {row.pk: row for row in files.naming(citizen).for_reading()}
    if looked_for:
        rows |= {row.pk: row for row in files.looked_for(looked_for).for_reading()[:FOUND_AT_MOST]}
    return tuple(row.as_value() for row in rows.values())
