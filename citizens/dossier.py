"""What books and files say beside the persons of an application, as plain values. No database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from citizens.disability import DisabilityFile
from citizens.households import CountedElsewhere, Household
from citizens.martyrs import MartyrFile
from citizens.register import Entry, Kin


class Subject(StrEnum):
    """What a procedure asks the records for."""

    REGISTER = "register"
    REGISTER_OF_BOTH = "register_of_both"
    KIN = "kin"
    DISABILITY = "disability"
    HOUSEHOLD = "household"
    MARTYRS = "martyrs"


@dataclass(frozen=True)
class Dossier:
    """What was found for an application; only what its procedure asked for is filled.

    `entries` concern the subject (both persons for REGISTER_OF_BOTH), or match what was looked for. `kin` is the
    applicant's, `other_kin` the other's.
    `blanks`: how many of each kind of pre-printed stock are left at the counter; empty where nobody has counted.
    `disability` is the file this commune keeps of the subject.
    `household` is the one the applicant is counted in, `household_conflicts` its members who also stand in another
    recognised one.
    `martyrs` are files that name the applicant, or match what was looked for.
    """

    entries: tuple[Entry, ...] = ()
    kin: Kin = field(default_factory=Kin)
    other_kin: Kin = field(default_factory=Kin)
    blanks: Mapping[str, int] = field(default_factory=dict)
    disability: DisabilityFile | None = None
    household: Household | None = None
    household_conflicts: tuple[CountedElsewhere, ...] = ()
    martyrs: tuple[MartyrFile, ...] = ()
