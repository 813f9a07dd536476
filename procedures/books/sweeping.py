"""The sweeper: looks for half states that no act should leave behind, and raises a card on the leader's page (R-06).

It repairs nothing: a number or a paper that is not as it should be is for people to look at. Run again it finds the
same once; what is no longer so goes away by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from oneshop import audit, errands, walls
from oneshop.models import Commune, Errand
from procedures import books
from procedures.models import Flaw

EVERY = timedelta(minutes=5)
LATEST = timedelta(days=2)
"""How far back the frequent look reads the bytes of papers; the first look of a day reads all of them."""


@dataclass(frozen=True)
class Found:
    """A half state: `kind` and `key` say what it is, once; `sentence` what a leader reads."""

    kind: str
    key: str
    sentence: str


def look(commune_id: int, *, at: datetime, all_papers: bool) -> list[Found]:
    """What is not whole in this commune now; inside its walls."""
    since = None if all_papers else at - LATEST
    return [*_numbers(commune_id), *_papers(commune_id, since), *_cases(commune_id)]


PAST_THE_BOOK = """
SELECT u.book, u.year, u.number FROM (
  SELECT book, year, number FROM procedures_result WHERE commune_id = %(commune)s AND NOT shares_number
  UNION ALL SELECT kind, year, number FROM procedures_slip WHERE commune_id = %(commune)s
  UNION ALL SELECT book, year, number FROM procedures_void WHERE commune_id = %(commune)s
) u LEFT JOIN procedures_series s ON s.commune_id = %(commune)s AND s.book = u.book AND s.period = u.year::text
WHERE s.id IS NULL OR u.number NOT BETWEEN s.first AND s.last ORDER BY 1, 2, 3
"""


def _numbers(commune_id: int) -> Iterator[Found]:
    """A number that the book counts and no row bears, and a row whose number the book does not know."""
    for year in books.years_of(commune_id):
        for book in books.shelf(commune_id, year):
            for number in book.gaps:
                yield Found(
                    "gap",
                    f"{book.key}/{year}/{number}",
                    f"{book.title} năm {year} thiếu số {number:02}: sổ đã cấp số này nhưng không có giấy.",
                )
    with connection.cursor() as cursor:
        cursor.execute(PAST_THE_BOOK, {"commune": commune_id})
        for key, year, number in cursor.fetchall():
            yield Found(
                "past_the_book",
                f"{key}/{year}/{number}",
                f"{books.title_of(key)} năm {year}: có giấy số {number:02} mà sổ chưa cấp số này.",
            )


DIFFERENT = """
SELECT 'result', r.id, c.code, r.name FROM procedures_result r JOIN procedures_case c ON c.id = r.case_id
 WHERE r.commune_id = %(commune)s AND (%(since)s::timestamptz IS NULL OR r.signed_at >= %(since)s)
   AND encode(sha256(r.pdf), 'hex') <> r.sha256
UNION ALL
SELECT 'slip', s.id, c.code, s.kind FROM procedures_slip s JOIN procedures_case c ON c.id = s.case_id
 WHERE s.commune_id = %(commune)s AND (%(since)s::timestamptz IS NULL OR s.at >= %(since)s)
   AND encode(sha256(s.pdf), 'hex') <> s.sha256
ORDER BY 1, 2
"""


def _papers(commune_id: int, since: datetime | None) -> Iterator[Found]:
    """A stored paper whose bytes are not those that were signed (I4)."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENT, {"commune": commune_id, "since": since})
        for kind, pk, code, name in cursor.fetchall():
            title = name if kind == "result" else books.title_of(name).removeprefix("Sổ ")
            yield Found(
                "paper", f"{kind}/{pk}", f"Hồ sơ {code}: {title} lưu trong máy khác với bản đã ký. Không in, không trả."
            )


HALF = """
SELECT 'unsigned', c.code FROM procedures_case c
 WHERE c.commune_id = %(commune)s AND c.state IN ('signed', 'given_out')
   AND NOT EXISTS (SELECT FROM procedures_result r WHERE r.case_id = c.id)
UNION ALL
SELECT 'early', c.code FROM procedures_case c
 WHERE c.commune_id = %(commune)s AND c.state NOT IN ('signed', 'given_out')
   AND EXISTS (SELECT FROM procedures_result r WHERE r.case_id = c.id AND r.standing = 'valid')
ORDER BY 1, 2
"""
SENTENCES = {
    "unsigned": "Hồ sơ {code} ghi là đã ký nhưng không có kết quả nào.",
    "early": "Hồ sơ {code} có kết quả còn giá trị nhưng không ở bước đã ký.",
}


def _cases(commune_id: int) -> Iterator[Found]:
    with connection.cursor() as cursor:
        cursor.execute(HALF, {"commune": commune_id})
        for kind, code in cursor.fetchall():
            yield Found(kind, code, SENTENCES[kind].format(code=code))


def sweep(commune_id: int, *, at: datetime, all_papers: bool = False) -> list[Flaw]:
    """Raise a card for what is found, take down what is gone; the open cards. Idempotent.

    A frequent look does not read old papers, so it takes down no card about one.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('sweep', %s))", [commune_id])
        found = {(flaw.kind, flaw.key): flaw for flaw in look(commune_id, at=at, all_papers=all_papers)}
        known = {(flaw.kind, flaw.key): flaw for flaw in Flaw.objects.filter(commune_id=commune_id, gone_at=None)}
        for place in found.keys() - known.keys():
            Flaw.objects.create(
                commune_id=commune_id, kind=place[0], key=place[1], sentence=found[place].sentence[:300], found_at=at
            )
            audit.record("flaw", place[0], place[1][:80], by=None, at=at, commune_id=commune_id)
        for place in known.keys() - found.keys():
            if all_papers or place[0] != "paper":
                Flaw.objects.filter(pk=known[place].pk).update(gone_at=at)
                audit.record("flaw_gone", place[0], place[1][:80], by=None, at=at, commune_id=commune_id)
    return list(cards(commune_id))


def cards(commune_id: int) -> Iterator[Flaw]:
    """The cards that hang on the leader's page."""
    yield from Flaw.objects.filter(commune_id=commune_id, gone_at=None)


@errands.runs("sweep")
def _sweep_again(errand: Errand, *, at: datetime) -> None:
    """One look, and the next one owed. The first look of a day reads every paper."""
    day = timezone.localtime(at).date()
    sweep(errand.commune_id, at=at, all_papers=errand.facts.get("day") != day.isoformat())
    Errand.objects.filter(commune_id=errand.commune_id, kind="sweep", done_at__isnull=False).delete()
    _owe(errand.commune_id, at=at, due_at=at + EVERY, day=day)


def begin(*, at: datetime) -> int:
    """Owe a first look to every commune that has none waiting; how many. Done twice it does nothing more."""
    begun = 0
    for commune in Commune.objects.filter(is_served=True):
        with walls.within(commune.pk):
            if not Errand.objects.filter(commune=commune, kind="sweep", done_at=None).exists():
                _owe(commune.pk, at=at, due_at=at, day=None)
                begun += 1
    return begun


def _owe(commune_id: int, *, at: datetime, due_at: datetime, day: date | None) -> None:
    errands.owe(
        "sweep", due_at.isoformat(), commune_id=commune_id, at=at, due_at=due_at, day=day.isoformat() if day else ""
    )
