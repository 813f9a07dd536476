"""What a signed result does to a citizen's record, as values: procedures declare them, `records` carries them out."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class CertificateGiven:
    """A marital-status certificate was issued: it stands on the record until it expires (civil-status.md 2.6)."""

    expires_on: date
    for_marriage: bool
    purpose: str


@dataclass(frozen=True)
class CertificatesTakenBack:
    """Earlier certificates still valid were handed in (Nghị định 123/2015 Điều 22 khoản 6)."""


Effect = CertificateGiven | CertificatesTakenBack
