"""Case codes and numbers of books: one locked row per commune, book and year (or day)."""

from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from oneshop.models import Commune
from procedures.models import Series


class BookClosed(Exception):
    """The book of this year has been closed; an officer has to open the next one first."""


def next_number(commune: Commune, book: str, period: str) -> int:
    """The next number of `book` in `period`, without gaps: the row stays locked until the caller's transaction ends.

    Take it as late in the transaction as the work allows: everyone else of the same book waits meanwhile.
    Raises BookClosed. Source: NĐ 123/2015 Điều 11; TT 04/2020 Điều 29 (numbers start at 01 each year).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procedures_series (commune_id, book, period, first, last) VALUES (%s, %s, %s, 1, 0) "
            "ON CONFLICT (commune_id, book, period) DO NOTHING",
            [commune.pk, book, period],
        )
        cursor.execute(
            "UPDATE procedures_series SET last = last + 1 "
            "WHERE commune_id = %s AND book = %s AND period = %s AND closed_on IS NULL RETURNING last",
            [commune.pk, book, period],
        )
        row = cursor.fetchone()
    if row is None:
        raise BookClosed(book)
    return int(row[0])


def book_is_open(commune: Commune | int, book: str, year: int) -> bool:
    """Whether the book may be written in; a book not yet begun opens with its first number."""
    return not Series.objects.filter(commune=commune, book=book, period=str(year), closed_on__isnull=False).exists()


def next_case_code(commune: Commune, *, at: datetime) -> str:
    """`<agency>-YYMMDD-XXXX`, counted per agency and local day (one-stop.md C.1); gaps are allowed, reuse is not."""
    day: date = timezone.localdate(at)
    number = next_number(commune, "case", day.isoformat())
    return f"{commune.agency_code}-{day:%y%m%d}-{number:04}"
