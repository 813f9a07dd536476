"""What a signed result does to the records, as values: procedures declare them, `records` carries them out.

`who` names a person of the application: `person` (whose card was read first) or `other`.
"""

from dataclasses import dataclass
from datetime import date

from citizens.register import EventKind, Named


class Effect:
    """A change of the records that a signed result owes. Each subject defines its own beside its values."""


@dataclass(frozen=True)
class CertificateGiven(Effect):
    """A marital-status certificate was issued: it stands on the record until it expires (civil-status.md 2.6)."""

    expires_on: date
    for_marriage: bool
    purpose: str


@dataclass(frozen=True)
class CertificatesTakenBack(Effect):
    """Earlier certificates still valid were handed in (Nghị định 123/2015 Điều 22 khoản 6)."""


@dataclass(frozen=True)
class EntryMade(Effect):
    """The event was registered: an entry in this year's book under the number of the result named `document`.

    `notice` names a result of the same signature on which the entry rests (our own death notice): its number, issuer
    and day become the facts `notice_number`, `notice_issuer`, `notice_issued_on`.
    """

    kind: EventKind
    document: str
    persons: tuple[Named, ...]
    facts: tuple[tuple[str, str], ...] = ()
    flags: tuple[str, ...] = ()
    notice: str = ""


@dataclass(frozen=True)
class Married(Effect):
    """`person` and `other` are married from the day of signing; their open marital certificates end that day
    (civil-status.md 4.5, 2.7). `document` names the result whose number the marriage bears."""

    document: str


@dataclass(frozen=True)
class Died(Effect):
    """The data of `who` are locked, the surviving spouse is widowed from `died_on`, open certificates end
    (Luật Hộ tịch Điều 34 khoản 2; Luật HN&GĐ Điều 65; civil-status.md 3.7).

    `paper` is what the law of the day calls the result.
    """

    who: str
    died_on: date
    document: str
    paper: str = "Trích lục khai tử"
