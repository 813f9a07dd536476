"""The records of the work, one module a subject."""

from procedures.models.cases import (
    Case,
    CaseQuerySet,
    CaseRow,
    Draft,
    FollowUp,
    Pause,
    Ruling,
    Series,
    Step,
)
from procedures.models.corrections import Correction
from procedures.models.ministry import MinistryEntry
from procedures.models.papers import Result, Sheet, Slip
from procedures.models.stock import Blank, BlankLayout, PaperOwed

__all__ = [
    "Blank",
    "BlankLayout",
    "Case",
    "CaseQuerySet",
    "CaseRow",
    "Correction",
    "Draft",
    "FollowUp",
    "MinistryEntry",
    "PaperOwed",
    "Pause",
    "Result",
    "Ruling",
    "Series",
    "Sheet",
    "Slip",
    "Step",
]
