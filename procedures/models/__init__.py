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
from procedures.models.checking import CheckKey, DataRequest, Knock, LookCode
from procedures.models.corrections import Correction
from procedures.models.duty import DueMove, Showing, SigningRound, SigningTurn
from procedures.models.feedback import Heard, Proposal, Rating
from procedures.models.hall import Call, HallDevice, QueueNumber
from procedures.models.ministry import MinistryEntry
from procedures.models.notices import Notice
from procedures.models.oversight import Offer, Report, Urge
from procedures.models.papers import Result, Sheet, Slip
from procedures.models.prints import Mishap, Print, RegisterLine
from procedures.models.reckoning import Reckoning
from procedures.models.signatures import InkInstead, Signature, SigningKey
from procedures.models.stock import Blank, BlankLayout, PaperOwed

__all__ = [
    "Blank",
    "BlankLayout",
    "BookAct",
    "Call",
    "Case",
    "CaseQuerySet",
    "CaseRow",
    "CheckKey",
    "Correction",
    "DataRequest",
    "DayClose",
    "Draft",
    "DueMove",
    "Flaw",
    "FollowUp",
    "HallDevice",
    "Heard",
    "InkInstead",
    "Knock",
    "LookCode",
    "MinistryEntry",
    "Mishap",
    "Notice",
    "Offer",
    "PaperOwed",
    "Pause",
    "Print",
    "Proposal",
    "QueueNumber",
    "Rating",
    "Reckoning",
    "RegisterLine",
    "Report",
    "Result",
    "Ruling",
    "Series",
    "Sheet",
    "Showing",
    "Signature",
    "SigningKey",
    "SigningRound",
    "SigningTurn",
    "Slip",
    "Step",
    "Urge",
    "Void",
]
