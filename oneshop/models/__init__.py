"""The records of the house: who and where we are (house), and who is on duty in whose name (duty)."""

from oneshop.models.duty import Absence, CalendarVersion, Delegation, Deputy
from oneshop.models.house import (
    CalendarChange,
    Commune,
    CommuneName,
    Counter,
    Entry,
    Errand,
    FormKey,
    Officer,
    OpeningHours,
    Shift,
    Succession,
    officers_commune,
)

__all__ = [
    "Absence",
    "CalendarChange",
    "CalendarVersion",
    "Commune",
    "CommuneName",
    "Counter",
    "Delegation",
    "Deputy",
    "Entry",
    "Errand",
    "FormKey",
    "Officer",
    "OpeningHours",
    "Shift",
    "Succession",
    "officers_commune",
]
