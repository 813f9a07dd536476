"""What the records say of a person, as plain values: what rules judge and papers print. No database."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class ResidenceKind(StrEnum):
    PERMANENT = "permanent"
    TEMPORARY = "temporary"
    ABROAD = "abroad"


class Ending(StrEnum):
    """How a marriage ended; NONE while it lasts."""

    NONE = ""
    DIVORCE = "divorce"
    DEATH = "death"
    ANNULMENT = "annulment"


class MaritalStatus(StrEnum):
    """Our word for it; the printed wordings are those of Thông tư 04/2020 Điều 33 khoản 1."""

    SINGLE = "single"
    MARRIED = "married"
    MARRIED_DE_FACTO = "married_de_facto"
    DIVORCED = "divorced"
    WIDOWED = "widowed"


@dataclass(frozen=True)
class Residence:
    """Where a person lived from a day to a day. `here`: in the commune that asks, its old units included."""

    kind: ResidenceKind
    address: str
    here: bool
    since: date | None
    until: date | None = None

    def covers(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Marriage:
    """A marriage on record. `registered` is false for life together since before 3 January 1987.

    `ending_paper` names kind, number, issuer and day of what ended it; `ending_confirmed` says whether it was found in
    the books or the database, not only told by the person.
    """

    spouse_name: str
    spouse_sex: Sex
    registered: bool
    certificate_number: str = ""
    issuer: str = ""
    since: date | None = None
    ending: Ending = Ending.NONE
    ended_on: date | None = None
    ending_paper: str = ""
    ending_number: str = ""
    ending_issuer: str = ""
    ending_issued_on: date | None = None
    ending_confirmed: bool = False
    ended_abroad: bool = False
    ending_noted_here: bool = False

    @property
    def lasts(self) -> bool:
        return self.ending == Ending.NONE


@dataclass(frozen=True)
class Certificate:
    """A marital-status certificate already given: it is void after six months, when handed back, or on marriage."""

    number: str
    issued_on: date
    expires_on: date
    for_marriage: bool
    purpose: str
    returned: bool
    ended_on: date | None = None

    def valid_on(self, day: date) -> bool:
        ended = self.ended_on is not None and self.ended_on <= day
        return not self.returned and not ended and self.issued_on <= day <= self.expires_on


@dataclass(frozen=True)
class Person:
    """One citizen as the records of this commune and of the national portal know him or her on a day.

    `kept_here`: the commune that asks keeps the record and may change it. `id_kind`, `id_issued_on`, `id_issued_by` are
    the parts of `id_document` that some forms print apart.
    """

    identity_number: str
    full_name: str
    sex: Sex | None
    birth_date: date | None
    birth_text: str
    ethnicity: str
    nationality: str
    id_document: str
    id_document_valid: bool | None
    eid_level: int
    portal_synced_on: date | None
    deceased_on: date | None = None
    kept_here: bool = True
    residences: tuple[Residence, ...] = ()
    marriages: tuple[Marriage, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    doubts: tuple[str, ...] = field(default=())
    id_kind: str = ""
    id_issued_on: date | None = None
    id_issued_by: str = ""

    def age_on(self, day: date) -> int | None:
        """Full years; a birth date of which only the year is known has been completed to 1 January (TTLT 01/2016)."""
        if self.birth_date is None:
            return None
        born = self.birth_date
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    def permanent_residence(self, day: date) -> Residence | None:
        return self._residence(ResidenceKind.PERMANENT, day)

    def temporary_residence(self, day: date) -> Residence | None:
        return self._residence(ResidenceKind.TEMPORARY, day)

    def address(self, day: date) -> str:
        residence = self.permanent_residence(day) or self.temporary_residence(day)
        return residence.address if residence else ""

    def _residence(self, kind: ResidenceKind, day: date) -> Residence | None:
        return next((r for r in reversed(self.residences) if r.kind == kind and r.covers(day)), None)

    def lasting_marriages(self) -> tuple[Marriage, ...]:
        return tuple(marriage for marriage in self.marriages if marriage.lasts)

    @property
    def last_marriage(self) -> Marriage | None:
        """The marriage that says what the person is today: one that lasts, else the one that ended last."""
        if not self.marriages:
            return None
        return max(self.marriages, key=lambda m: (m.lasts, m.ended_on or m.since or date.min))

    @property
    def marital_status(self) -> MaritalStatus:
        """Computed from the marriages on record, never entered by hand. An annulled marriage never was."""
        real = [marriage for marriage in self.marriages if marriage.ending != Ending.ANNULMENT]
        if not real:
            return MaritalStatus.SINGLE
        last = max(real, key=lambda m: (m.lasts, m.ended_on or m.since or date.min))
        if last.lasts:
            return MaritalStatus.MARRIED if last.registered else MaritalStatus.MARRIED_DE_FACTO
        return MaritalStatus.DIVORCED if last.ending == Ending.DIVORCE else MaritalStatus.WIDOWED
