"""Who is on duty and in whose name one may sign: plain values of a roster, no database, no `now()`.

Conventions: moments are aware; a shift, an absence and a stand-in cover their first moment and not their last. Days of
a delegation are local days, both included. Officers are named by their row number.

Sources: one-stop.md G.3 (Nghị định 30/2020/NĐ-CP Điều 13): the head signs as such; a deputy signs `KT.` in the field
assigned; `TUQ.` only in writing, limited in time and content, and never passed on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

IN_SOMEBODYS_NAME = ("KT.", "TUQ.", "TL.")
ONLY_IN_WRITING = ("TUQ.", "TL.")
"""What no standing title may begin with: these need a dated document each time."""


@dataclass(frozen=True)
class Turn:
    """A shift as planned."""

    officer: int
    role: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Away:
    officer: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class StandIn:
    """`deputy` stands in for `officer`; a lower `rank` comes first. `until` None: until further notice."""

    officer: int
    deputy: int
    rank: int
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Power:
    """A written delegation, as far as its time and content go. No `procedures` means all of them."""

    pk: int
    giver: int
    taker: int
    procedures: frozenset[str]
    first_day: date
    last_day: date
    document: str
    lines: tuple[str, ...]
    revoked_at: datetime | None = None

    def holds(self, procedure: str, *, on: date, at: datetime) -> bool:
        """Whether it covers `procedure` on the local day `on`; from the moment it is revoked it covers nothing."""
        return (
            self.first_day <= on <= self.last_day
            and (not self.procedures or procedure in self.procedures)
            and (self.revoked_at is None or at < self.revoked_at)
        )


@dataclass(frozen=True)
class Hand:
    """An active officer: roles, and the lines of a standing title (`CHỦ TỊCH`, `KT. CHỦ TỊCH|PHÓ CHỦ TỊCH`), if any."""

    pk: int
    name: str
    roles: frozenset[str]
    title: tuple[str, ...] = ()


@dataclass(frozen=True)
class Authority:
    """In which words an officer signs, and by which delegation if not by office."""

    lines: tuple[str, ...]
    power: Power | None = None


def signs_by_office(title: Sequence[str]) -> bool:
    """Whether a title is one's own and lasts: none, or one of those that need a document each time, is not."""
    return bool(title) and not title[0].startswith(ONLY_IN_WRITING)


def may_delegate(title: Sequence[str]) -> bool:
    """Only who signs as himself may hand his signature on; what was given to him is never passed on (G.3)."""
    return bool(title) and not title[0].startswith(IN_SOMEBODYS_NAME)


@dataclass(frozen=True)
class Roster:
    """The plan of a commune with whoever is away, and who may sign what."""

    hands: tuple[Hand, ...]
    turns: tuple[Turn, ...]
    aways: tuple[Away, ...] = ()
    stand_ins: tuple[StandIn, ...] = ()
    powers: tuple[Power, ...] = ()

    def hand(self, officer: int) -> Hand | None:
        return next((hand for hand in self.hands if hand.pk == officer), None)

    def is_away(self, officer: int, *, at: datetime) -> bool:
        return any(away.officer == officer and away.starts_at <= at < away.ends_at for away in self.aways)

    def on_duty(self, role: str, *, at: datetime, fits: Callable[[int], bool] = lambda officer: True) -> list[int]:
        """Who does `role` at `at`: those of the plan who are here, and for each who is away the first deputy who is.

        `fits` leaves out whoever may not do this very thing, so that the next deputy is asked (F-63).
        """
        found: list[int] = []
        for turn in self.turns:
            if turn.role == role and turn.starts_at <= at < turn.ends_at:
                officer = self._here(turn.officer, role, at=at, fits=fits)
                if officer is not None and officer not in found:
                    found.append(officer)
        return found

    def _here(self, officer: int, role: str, *, at: datetime, fits: Callable[[int], bool]) -> int | None:
        if not self.is_away(officer, at=at):
            return officer if self._does(officer, role) and fits(officer) else None
        rows = [row for row in self.stand_ins if row.officer == officer and row.since <= at]
        for row in sorted(rows, key=lambda row: row.rank):
            still = row.until is None or at < row.until
            if still and self._does(row.deputy, role) and not self.is_away(row.deputy, at=at) and fits(row.deputy):
                return row.deputy
        return None

    def _does(self, officer: int, role: str) -> bool:
        hand = self.hand(officer)
        return hand is not None and role in hand.roles

    def authority(self, officer: int, procedure: str, *, on: date, at: datetime) -> Authority | None:
        """In whose name `officer` signs results of `procedure`: by a delegation in force, else by office, else not."""
        for power in self.powers:
            if power.taker == officer and power.holds(procedure, on=on, at=at):
                return Authority(power.lines, power)
        hand = self.hand(officer)
        return Authority(hand.title) if hand is not None and signs_by_office(hand.title) else None

    def signers(self, procedure: str, *, on: date, at: datetime, barred: frozenset[int] = frozenset()) -> list[int]:
        """Who may sign a result of `procedure` at this moment; `barred` took it in, or is kin to it."""
        return self.on_duty(
            "signer",
            at=at,
            fits=lambda officer: officer not in barred and self.authority(officer, procedure, on=on, at=at) is not None,
        )

    def changes_between(self, since: datetime, until: datetime) -> list[datetime]:
        """Every moment from `since` to `until` at which somebody comes or goes, in order, both ends included."""
        moments = {since, until}
        for turn in self.turns:
            moments |= {turn.starts_at, turn.ends_at}
        for away in self.aways:
            moments |= {away.starts_at, away.ends_at}
        moments |= {moment for row in self.stand_ins for moment in (row.since, row.until) if moment}
        moments |= {power.revoked_at for power in self.powers if power.revoked_at}
        moments |= set(self._midnights(since, until))
        return sorted(moment for moment in moments if since <= moment <= until)

    @staticmethod
    def _midnights(since: datetime, until: datetime) -> Iterator[datetime]:
        """A delegation begins and ends with a local day."""
        midnight = since.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        while midnight <= until:
            yield midnight
            midnight += timedelta(days=1)
