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
from procedures.models.duty import DueMove, Showing, SigningRound, SigningTurn
from procedures.models.ministry import MinistryEntry
from procedures.models.papers import Result, Sheet, Slip
from procedures.models.stock import Blank, BlankLayout, PaperOwed

__all__ = [
    "Blank",
    "BlankLayout",
    "Case",
    "CaseQuerySet",
    "CaseRow",
    "Draft",
    "DueMove",
    "FollowUp",
    "MinistryEntry",
    "PaperOwed",
    "Pause",
    "Result",
    "Ruling",
    "Series",
    "Sheet",
    "Showing",
    "SigningRound",
    "SigningTurn",
    "Slip",
    "Step",
]
