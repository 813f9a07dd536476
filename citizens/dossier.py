"""What books and files say beside the persons of an application, as plain values. No database."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from citizens.martyrs import MartyrFile
from citizens.register import Entry, Kin


class Subject(StrEnum):
    """What a procedure asks the records for."""

    REGISTER = "register"
    KIN = "kin"
    MARTYRS = "martyrs"


@dataclass(frozen=True)
class Dossier:
    """What was found for an application; only what its procedure asked for is filled.

    `entries` concern the subject, or match what was looked for. `kin` is the applicant's, `other_kin` the other's.
    `martyrs` are files that name the applicant, or match what was looked for.
    """

    entries: tuple[Entry, ...] = ()
    kin: Kin = field(default_factory=Kin)
    other_kin: Kin = field(default_factory=Kin)
    martyrs: tuple[MartyrFile, ...] = ()
