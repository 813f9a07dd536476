"""From the records to a dossier: what books and files say of the people of an application."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from citizens.disability import DisabilityFile
from citizens.dossier import Dossier, Subject
from citizens.martyrs import MartyrFile
from citizens.models import Citizen, DisabilityRecord, Household, Martyr, RegisterEntry, counted_elsewhere, kin_of

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
        facts["entries"] = _entries([other or citizen], looked_for, commune_id)
    if Subject.REGISTER_OF_BOTH in wanted:
        facts["entries"] = _entries([one for one in (citizen, other) if one], looked_for, commune_id)
    if Subject.KIN in wanted:
        facts["kin"] = kin_of(citizen)
        facts["other_kin"] = kin_of(other) if other else found.other_kin
    if Subject.DISABILITY in wanted:
        facts["disability"] = _disability(other or citizen, commune_id)
    if Subject.HOUSEHOLD in wanted:
        facts |= _household(citizen, commune_id, on)
    if Subject.MARTYRS in wanted:
        facts["martyrs"] = _martyrs(citizen, looked_for, commune_id)
    return Dossier(**facts)  # type: ignore[arg-type]


def _entries(people: list[Citizen], looked_for: str, commune_id: int) -> tuple[object, ...]:
    """About these people, and what was looked for."""
    rows = {row.pk: row for person in people for row in RegisterEntry.objects.about(person).for_reading()}
    if looked_for:
        rows |= {row.pk: row for row in RegisterEntry.objects.looked_for(looked_for).for_reading()[:FOUND_AT_MOST]}
    return tuple(row.as_value(commune_id) for row in rows.values())


def _disability(citizen: Citizen, commune_id: int) -> DisabilityFile | None:
    """The file this commune keeps; one that lies elsewhere has to be asked for (social-affairs.md 5.8, case 3)."""
    record = DisabilityRecord.objects.kept_by(commune_id).filter(citizen=citizen).for_reading().first()
    return record.as_value() if record else None


def _household(citizen: Citizen, commune_id: int, on: date) -> dict[str, object]:
    """The household the applicant is counted in now, the last one entered where there are two, and who else counts."""
    row = Household.objects.kept_by(commune_id).of_member(citizen).for_reading().order_by("pk").last()
    if row is None:
        return {}
    household = row.as_value(on=on)
    return {
        "household": household,
        "household_conflicts": counted_elsewhere(household, commune_id=commune_id, on=on),
    }


def _martyrs(citizen: Citizen, looked_for: str, commune_id: int) -> tuple[MartyrFile, ...]:
    """The files that name the applicant, then those found by the martyr's name or certificate."""
    files = Martyr.objects.kept_by(commune_id)
    rows = {row.pk: row for row in files.naming(citizen).for_reading()}
    if looked_for:
        rows |= {row.pk: row for row in files.looked_for(looked_for).for_reading()[:FOUND_AT_MOST]}
    return tuple(row.as_value() for row in rows.values())
