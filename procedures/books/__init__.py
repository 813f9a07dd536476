"""The number books of a commune as they stand: which there are, their numbers, what is missing, what fell.

A book of a year runs from its first number to its last without a gap. What is not a valid paper (a number that fell)
keeps its place. Source: civil-status.md 0.10; NĐ 30/2020 (one-stop.md G.4); quality.md I2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from oneshop.models import Succession
from procedures.catalogue import catalogue
from procedures.models import BookAct, Result, Series, Slip, Void
from procedures.papers.correction_papers import BOOKS as CORRECTION_BOOKS

REFUSAL = "refusal"
REFUSAL_TITLE = "Sổ văn bản từ chối giải quyết hồ sơ"
CASE_CODES = "case"
# series that number no paper: case codes by the day, and the lines of the registers of cases (case_register.py)
COUNTERS = Q(book=CASE_CODES) | Q(book__startswith="register-")


class Sort(StrEnum):
    """Whose rules close a book: the law on civil status, the rules of documents, or those of the counter's slips."""

    CIVIL_STATUS = "civil_status"
    RESULT = "result"
    SLIP = "slip"


def titles() -> Mapping[str, str]:
    """Book → title, of every book that the counter may write in: results first, then slips."""
    found = {book: title for procedure in catalogue() for book, title in procedure.books().items()}
    found |= {REFUSAL: REFUSAL_TITLE, **CORRECTION_BOOKS}
    return found | {kind.value: f"Sổ {kind.label[0].lower()}{kind.label[1:]}" for kind in Slip.Kind}


def title_of(book: str) -> str:
    """The title of a book; a book that no procedure names any more goes by its key."""
    return titles().get(book, f"Sổ {book}")


def sort_of(book: str) -> Sort:
    if book in Slip.Kind.values:
        return Sort.SLIP
    return Sort.CIVIL_STATUS if book in _civil_status() else Sort.RESULT


def _civil_status() -> frozenset[str]:
    return frozenset(name for procedure in catalogue() if procedure.is_civil_status for name in procedure.books())


@dataclass(frozen=True)
class Book:
    """One book of one year. `first` and `last` are 0 and `count` is 0 while no number was given here.

    `count` counts the numbers that stand in the book, fallen ones included; `voids` those that fell.
    """

    key: str
    title: str
    sort: Sort
    year: int
    first: int
    last: int
    count: int
    voids: int
    gaps: tuple[int, ...]
    closed_on: date | None
    opening: BookAct | None
    closing: BookAct | None
    waiting: BookAct | None

    @property
    def is_begun(self) -> bool:
        return self.last >= self.first > 0

    @property
    def continues(self) -> int | None:
        """The last number of the paper book that this one goes on from."""
        return self.opening.upto if self.opening else None

    @property
    def valid(self) -> int:
        return self.count - self.voids

    @property
    def state(self) -> str:
        if self.closed_on:
            return f"Đã khóa ngày {self.closed_on:%d/%m/%Y}"
        if self.waiting:
            return f"Chờ lãnh đạo ký: {self.waiting.get_kind_display().lower()}"
        return "Đang mở" if self.is_begun or self.opening else "Chưa dùng"


NUMBERS = """
WITH used AS (
  SELECT book, number FROM procedures_result
    WHERE commune_id = %(commune)s AND year = %(year)s AND NOT shares_number AND (%(book)s = '' OR book = %(book)s)
  UNION ALL
  SELECT kind, number FROM procedures_slip
    WHERE commune_id = %(commune)s AND year = %(year)s AND (%(book)s = '' OR kind = %(book)s)
  UNION ALL
  SELECT book, number FROM procedures_void
    WHERE commune_id = %(commune)s AND year = %(year)s AND result_id IS NULL AND slip_id IS NULL
      AND (%(book)s = '' OR book = %(book)s)
), fell AS (
  SELECT book, number FROM procedures_void WHERE commune_id = %(commune)s AND year = %(year)s
  UNION
  SELECT book, number FROM procedures_result
    WHERE commune_id = %(commune)s AND year = %(year)s AND NOT shares_number AND standing = 'cancelled'
)
SELECT u.book, array_agg(DISTINCT u.number), count(DISTINCT u.number) FILTER (WHERE f.number IS NOT NULL)
FROM used u LEFT JOIN fell f ON f.book = u.book AND f.number = u.number
GROUP BY u.book
"""


def shelf(commune_id: int, year: int) -> list[Book]:
    """Every book of the year, also those not yet written in; three queries."""
    return _books(commune_id, year)


def book_of(commune_id: int, key: str, year: int) -> Book:
    """One book of the year, as `shelf` shows it."""
    return next(book for book in _books(commune_id, year, key) if book.key == key)


def _books(commune_id: int, year: int, key: str = "") -> list[Book]:
    rows = Series.objects.filter(commune_id=commune_id, period=str(year)).exclude(COUNTERS)
    series = {row.book: row for row in (rows.filter(book=key) if key else rows)}
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS, {"commune": commune_id, "year": year, "book": key})
        given = {book: (set(numbers), voids) for book, numbers, voids in cursor.fetchall()}
    acts = BookAct.objects.filter(commune_id=commune_id, year=year, dropped_at=None).defer("pdf", "facts")
    by_book: dict[str, list[BookAct]] = {}
    for act in (acts.filter(book=key) if key else acts).select_related("by", "signed_by"):
        by_book.setdefault(act.book, []).append(act)
    names = titles()
    keys = [key] if key else [*names, *sorted((series.keys() | given.keys()) - names.keys())]
    return [_book(name, year, series.get(name), given.get(name, (set(), 0)), by_book.get(name, [])) for name in keys]


def _book(key: str, year: int, row: Series | None, given: tuple[set[int], int], acts: Sequence[BookAct]) -> Book:
    used, voids = given
    first, last = (row.first, row.last) if row and row.last >= row.first else (0, 0)
    signed = {act.kind: act for act in acts if act.signed_at}
    return Book(
        key=key,
        title=title_of(key),
        sort=sort_of(key),
        year=year,
        first=first,
        last=last,
        count=len(used),
        voids=voids,
        gaps=tuple(sorted(set(range(first, last + 1)) - used)) if first else (),
        closed_on=row.closed_on if row else None,
        opening=signed.get(BookAct.Kind.OPEN),
        closing=signed.get(BookAct.Kind.CLOSE),
        waiting=next((act for act in acts if not act.signed_at), None),
    )


def codes_of_day(commune_id: int, on: date) -> int:
    """How many case codes were given on that day; a book of the day that needs no closing (one-stop.md C.1)."""
    row = Series.objects.filter(commune_id=commune_id, book=CASE_CODES, period=on.isoformat()).first()
    return row.last if row else 0


def years_of(commune_id: int) -> list[int]:
    """The years that have books, the latest first."""
    periods = Series.objects.filter(commune_id=commune_id).exclude(COUNTERS).values_list("period", flat=True)
    return sorted({int(period) for period in periods}, reverse=True)


def unclosed(commune_id: int, year: int) -> list[str]:
    """Titles of the books of `year` that were written in and are not closed."""
    rows = Series.objects.filter(commune_id=commune_id, period=str(year), closed_on=None).exclude(COUNTERS)
    names = titles()
    return [names.get(book, title_of(book)) for book in rows.order_by("book").values_list("book", flat=True)]


# --- the lines of a book ---
@dataclass(frozen=True)
class Line:
    """One number in its place, as the book tells it. `code` is the case, `pk` and `paper` where its paper is."""

    number: int
    on: date | None
    name: str
    what: str
    code: str
    signer: str
    note: str
    is_void: bool
    paper: Result | Slip | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """In the order of COLUMNS."""
        day = f"{self.on:%d/%m/%Y}" if self.on else ""
        return (f"{self.number:02}", day, self.name, self.what, self.code, self.signer, self.note)


COLUMNS = ("Số", "Ngày", "Họ, chữ đệm, tên", "Giấy đã cấp", "Mã hồ sơ", "Người ký", "Ghi chú")


def lines(commune_id: int, key: str, year: int, *, first: int = 1, last: int | None = None) -> list[Line]:
    """The lines of a book between two numbers, in order, fallen ones in their places; three queries."""
    upto = {} if last is None else {"number__lte": last}
    voids = {
        void.number: void
        for void in Void.objects.filter(commune_id=commune_id, book=key, year=year).select_related("by")
    }
    within = {"commune_id": commune_id, "year": year, "number__gte": first, **upto}
    found: dict[int, Line] = {}
    for result in (
        Result.objects.filter(book=key, shares_number=False, **within)
        .select_related("case", "signed_by", "replaced_by")
        .defer("pdf", "facts", "case__answers", "case__dossier", "case__findings")
    ):
        found[result.number] = _line_of_result(result, voids.get(result.number))
    for slip in (
        Slip.objects.filter(kind=key, **within)
        .select_related("case", "by")
        .defer("pdf", "facts", "case__answers", "case__dossier", "case__findings")
    ):
        found[slip.number] = _line_of_slip(slip, voids.get(slip.number))
    for number, void in voids.items():
        if number not in found and number >= first and (last is None or number <= last):
            day = timezone.localtime(void.at).date()
            found[number] = Line(number, day, "", "", "", "", told(void), is_void=True)
    return [found[number] for number in sorted(found)]


def _line_of_result(result: Result, void: Void | None) -> Line:
    notes = [f"{result.originals} bản chính"] if result.originals > 1 else []
    if void:
        notes.append(told(void))
        notes += [f"thay bằng số {result.replaced_by.full_number}"] if result.replaced_by else []
    elif result.standing == Result.Standing.CANCELLED:
        notes.append(f"{result.get_standing_display()} ngày {result.standing_on:%d/%m/%Y}")
    elif result.standing == Result.Standing.REPLACED:
        by = f" bằng số {result.replaced_by.full_number}" if result.replaced_by else ""
        notes.append(f"{result.get_standing_display()}{by} ngày {result.standing_on:%d/%m/%Y}")
    return Line(
        number=result.number,
        on=result.issued_on,
        name=_names(result.case),
        what=result.name,
        code=result.case.code,
        signer=result.signed_by.full_name,
        note="; ".join(notes),
        is_void=void is not None or result.standing == Result.Standing.CANCELLED,
        paper=result,
    )


def _line_of_slip(slip: Slip, void: Void | None) -> Line:
    return Line(
        number=slip.number,
        on=timezone.localtime(slip.at).date(),
        name=_names(slip.case),
        what=slip.get_kind_display(),
        code=slip.case.code,
        signer=slip.by.full_name,
        note=told(void) if void else "",
        is_void=void is not None,
        paper=slip,
    )


def _names(case: object) -> str:
    """Who asked, and the second person where there is one, as frozen at receipt."""
    people: Iterable[Mapping[str, str] | None] = (case.person, case.other_person)  # type: ignore[attr-defined]
    return ", ".join(person["full_name"] for person in people if person)


def told(void: Void) -> str:
    """`Bỏ số: Giấy hỏng, kẹt giấy (Nguyễn Thị Mai, 23/11/2026)`."""
    return f"Bỏ số: {void.get_reason_display()}, {void.why} ({void.by}, {timezone.localtime(void.at):%d/%m/%Y})"


def runs(numbers: Iterable[int]) -> str:
    """`3, 7–9`: numbers as people list them."""
    groups = groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0])
    spans = [[number for _, number in group] for _, group in groups]
    return ", ".join(f"{span[0]:02}–{span[-1]:02}" if len(span) > 1 else f"{span[0]:02}" for span in spans)


# --- books of units that are no more (F-57) ---
@dataclass(frozen=True)
class FormerBook:
    """A book of a unit that went into this commune: closed by the day of the merger, kept under its old name."""

    unit: str
    title: str
    year: int
    last: int
    closed_on: date | None
    merged_on: date


def former_books(commune_id: int) -> list[FormerBook]:
    """What the wall lets a successor see: the numbers of its predecessors' books, no papers and no persons."""
    before = (
        Succession.objects.filter(successor_id=commune_id).select_related("former").prefetch_related("former__names")
    )
    units = {row.former_id: row for row in before}
    rows = Series.objects.filter(commune_id__in=units).exclude(COUNTERS).order_by("commune_id", "period", "book")
    names = titles()
    return [
        FormerBook(
            unit=units[row.commune_id].former.name_on(units[row.commune_id].on - ONE_DAY).full,
            title=names.get(row.book, title_of(row.book)),
            year=int(row.period),
            last=row.last,
            closed_on=row.closed_on,
            merged_on=units[row.commune_id].on,
        )
        for row in rows
    ]


ONE_DAY = date.resolution
