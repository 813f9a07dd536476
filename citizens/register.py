"""What an entry of a civil-status book says, and who is kin to whom, as plain values. No database.

Sources: Luật Hộ tịch 60/2014 Điều 57–64; Luật Hôn nhân và gia đình 52/2014 Điều 3 (civil-status.md 0.10, 4.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class EventKind(StrEnum):
    """What was registered (civil-status.md 1.2)."""

    BIRTH = "birth"
    MARRIAGE = "marriage"
    DEATH = "death"
    CHANGE_NOTE = "change_note"
    ENTRY_NOTE = "entry_note"
    GUARDIANSHIP = "guardianship"
    PARENT_RECOGNITION = "parent_recognition"
    ADOPTION = "adoption"

    @property
    def label(self) -> str:
        return EVENT_LABELS[self]


EVENT_LABELS = {
    EventKind.BIRTH: "Khai sinh",
    EventKind.MARRIAGE: "Kết hôn",
    EventKind.DEATH: "Khai tử",
    EventKind.CHANGE_NOTE: "Thay đổi, cải chính, bổ sung hộ tịch, xác định lại dân tộc",
    EventKind.ENTRY_NOTE: "Việc hộ tịch ghi vào sổ",
    EventKind.GUARDIANSHIP: "Giám hộ",
    EventKind.PARENT_RECOGNITION: "Nhận cha, mẹ, con",
    EventKind.ADOPTION: "Nuôi con nuôi",
}


class Standing(StrEnum):
    """A cancelled entry keeps its number; a revoked one was withdrawn by the province (NĐ 120/2025)."""

    ACTIVE = "active"
    CANCELLED = "cancelled"
    REVOKED = "revoked"


class Part(StrEnum):
    """The part a person plays in an entry."""

    SUBJECT = "subject"
    WIFE = "wife"
    HUSBAND = "husband"
    MOTHER = "mother"
    FATHER = "father"
    CHILD = "child"
    DECLARANT = "declarant"


@dataclass(frozen=True)
class Named:
    """A person as an entry writes him or her. `who` links to a person of the application: `person`, `other` or nobody.

    Every text stands as it is written in the book; nothing is modernised or completed. `identity_number` is who that
    is today; `written_number` what the book itself says: today's number, an old card's, or nothing.
    """

    part: Part
    full_name: str
    birth_text: str = ""
    sex: str = ""
    ethnicity: str = ""
    nationality: str = ""
    residence: str = ""
    id_document: str = ""
    identity_number: str = ""
    who: str = ""
    written_number: str = ""


@dataclass(frozen=True)
class Note:
    """A later event written beside the entry: divorce, correction, a court's declaration (Luật Hộ tịch Điều 30)."""

    text: str
    basis: str
    noted_on: date


@dataclass(frozen=True)
class Entry:
    """One registered event. `number` is printed `15/1998`; `unit` and `registered_text` as written then.

    `here`: the book lies in the commune that asks, its old units included. `checked_on`: the day an officer compared
    the data with the book's page; None where nobody has. `facts` are the event's own lines by name (`birth_place`, …).
    """

    id: int
    kind: EventKind
    number: str
    volume: str
    registered_on: date | None
    registered_text: str
    unit: str
    here: bool
    standing: Standing
    persons: tuple[Named, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    checked_on: date | None = None

    def person(self, part: Part) -> Named | None:
        return next((named for named in self.persons if named.part == part), None)

    def names(self, identity_number: str) -> bool:
        """Whether the entry is about this person (declarants are not a party)."""
        return any(named.identity_number == identity_number and named.part != Part.DECLARANT for named in self.persons)


@dataclass(frozen=True)
class Kin:
    """Who one person is kin to, as far as the books know: identity numbers. What no book says is asked of the officer.

    `ancestors` reach up as far as known; `spouse_*` follow every marriage, ended ones too ("kể cả đã từng").
    """

    parents: frozenset[str] = frozenset()
    grandparents: frozenset[str] = frozenset()
    ancestors: frozenset[str] = frozenset()
    adoptive_parents: frozenset[str] = frozenset()
    spouse_parents: frozenset[str] = frozenset()
    spouse_children: frozenset[str] = frozenset()
