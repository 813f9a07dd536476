"""The records of the work, one module a subject."""

from procedures.models.books import BookAct, DayClose, Flaw, Void
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
from procedures.models.ministry import MinistryEntry
from procedures.models.papers import Result, Sheet, Slip
from procedures.models.stock import Blank, BlankLayout, PaperOwed

__all__ = [
    "Blank",
    "BlankLayout",
    "BookAct",
    "Case",
    "CaseQuerySet",
    "CaseRow",
    "DayClose",
    "Draft",
    "Flaw",
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
    "Void",
]
