"""What the commune keeps of its people: one module a subject. None of them knows a case."""

from citizens.models.citizen import (
    Amendment,
    Certificate,
    Citizen,
    CitizenQuerySet,
    CitizenRow,
    Marriage,
    RecordChanged,
    Residence,
    Visit,
    amend,
)
from citizens.models.martyrs import (
    FileChanged,
    GraveVisit,
    Martyr,
    MartyrAmendment,
    MartyrRelative,
    WorshipGrant,
)
from citizens.models.register import Annotation, Parentage, RegisterBook, RegisterEntry, RegisterPerson, kin_of

__all__ = [
    "Amendment",
    "Annotation",
    "Certificate",
    "Citizen",
    "CitizenQuerySet",
    "CitizenRow",
    "FileChanged",
    "GraveVisit",
    "Marriage",
    "Martyr",
    "MartyrAmendment",
    "MartyrRelative",
    "Parentage",
    "RecordChanged",
    "RegisterBook",
    "RegisterEntry",
    "RegisterPerson",
    "Residence",
    "Visit",
    "WorshipGrant",
    "amend",
    "kin_of",
]
