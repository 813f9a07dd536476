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
from citizens.models.disability import (
    DisabilityAmendment,
    DisabilityCard,
    DisabilityConclusion,
    DisabilityFileChanged,
    DisabilityRecord,
    DisabilityRepresentative,
    amend_disability,
    settle_conclusion,
)
from citizens.models.register import Annotation, Parentage, RegisterBook, RegisterEntry, RegisterPerson, kin_of

__all__ = [
    "Amendment",
    "Annotation",
    "Certificate",
    "Citizen",
    "CitizenQuerySet",
    "CitizenRow",
    "DisabilityAmendment",
    "DisabilityCard",
    "DisabilityConclusion",
    "DisabilityFileChanged",
    "DisabilityRecord",
    "DisabilityRepresentative",
    "Marriage",
    "Parentage",
    "RecordChanged",
    "RegisterBook",
    "RegisterEntry",
    "RegisterPerson",
    "Residence",
    "Visit",
    "amend",
    "amend_disability",
    "kin_of",
    "settle_conclusion",
]
