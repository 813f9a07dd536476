"""The chain of the diary: is it whole, and what is its head today.

What it proves and what not (quality.md 10.7): an edited, removed, moved or cut line is found. Whoever owns the database
could rewrite everything; against that stand the heads printed every day and sent to the monitoring office.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection

from oneshop import walls

# One row for each line that is not what was linked: changed, gone, out of its place, never linked, or behind the head.
BROKEN = """
WITH walked AS (
  SELECT l.chain, l.seq, l.entry_id, l.hash,
         lag(l.hash, 1, ''::bytea) OVER w AS before, lag(l.seq, 1, 0::bigint) OVER w AS seq_before,
         e.id IS NULL AS gone, sha256(lag(l.hash, 1, ''::bytea) OVER w || oneshop_line_of(e)) AS should_be
  FROM oneshop_link l LEFT JOIN oneshop_entry e ON e.id = l.entry_id AND coalesce(e.commune_id, 0) = l.chain
  WINDOW w AS (PARTITION BY l.chain ORDER BY l.seq)
)
SELECT chain, seq, entry_id,
       CASE WHEN gone THEN 'gone' WHEN seq <> seq_before + 1 THEN 'cut' ELSE 'changed' END AS fault
FROM walked WHERE gone OR seq <> seq_before + 1 OR hash IS DISTINCT FROM should_be
UNION ALL
SELECT coalesce(e.commune_id, 0), NULL, e.id, 'unlinked'
FROM oneshop_entry e WHERE NOT EXISTS (SELECT FROM oneshop_link l WHERE l.entry_id = e.id)
UNION ALL
SELECT h.chain, h.seq, NULL, 'cut'
FROM oneshop_head h LEFT JOIN oneshop_link l ON l.chain = h.chain AND l.seq = h.seq AND l.hash = h.hash
WHERE l.chain IS NULL
ORDER BY 1, 2 NULLS LAST, 3
"""


@dataclass(frozen=True)
class Fault:
    """The first thing wrong with a chain. `chain` is the commune's row number, 0 for lines of no commune."""

    chain: int
    seq: int | None
    entry_id: int | None
    kind: str  # changed, gone, cut, unlinked


@dataclass(frozen=True)
class Head:
    """How far a chain has come by the end of a day: so many lines, and the hash that stands for all of them."""

    chain: int
    seq: int
    hash: str


def faults() -> Iterator[Fault]:
    """Every line of every commune that is not as it was linked, the first of each chain first."""
    with walls.within(None, reads_all=True), connection.cursor() as cursor:
        cursor.execute(BROKEN)
        for chain, seq, entry_id, kind in cursor.fetchall():
            yield Fault(chain, seq, entry_id, kind)


def head(chain: int, *, on: date | None = None) -> Head | None:
    """The head of a commune's chain at the end of the day `on` (of all days without it); None before its first line."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq, encode(hash, 'hex') FROM oneshop_link"
            " WHERE chain = %s AND linked_on <= coalesce(%s::date, 'infinity')"
            " ORDER BY seq DESC LIMIT 1",
            [chain, on],
        )
        row = cursor.fetchone()
    return Head(chain, *row) if row else None


def stood_once(chain: int, hash_: str) -> bool:
    """Whether a head that was printed some day is still a link of the chain."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM oneshop_link WHERE chain = %s AND hash = decode(%s, 'hex')", [chain, hash_])
        return cursor.fetchone() is not None


def lines() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(seq), 0) FROM oneshop_head")
        return int(cursor.fetchone()[0])
