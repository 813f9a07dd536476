"""The verbs of the number books: open after a paper book, take on after a restore, let a number fall, close a year.

A specialist lays an act out, a leader signs it, and only then is it so; nothing is reopened, nothing is taken back.
Lock order: book → diary. Source: Luật Hộ tịch Điều 58; NĐ 123/2015 Điều 11; TT 04/2020 Điều 29 (civil-status.md 0.10).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from oneshop import audit
from oneshop.models import Commune, Officer
from oneshop.roles import Role
from procedures import books, papers
from procedures.books import Book, Sort
from procedures.clock import CalendarEnds, closing_of
from procedures.frozen import freeze
from procedures.law.practices import practice
from procedures.models import BookAct, Result, Series, Slip, Void
from procedures.opening import calendar_of
from procedures.papers.printing import Sheet
from procedures.rules import book_points

AT_MOST = 500
"""Numbers that one catching-up takes over: more is a slip of the hand."""


class BookRefused(Exception):
    """Nothing was done with the book; the sentence says why, `where` names the field it is about."""

    def __init__(self, sentence: str, where: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.where = sentence, where


# --- lay out ---
def open_after_paper(key: str, year: int, *, upto: int, volume: str, ground: str, by: Officer, at: datetime) -> BookAct:
    """Lay out: our book of `year` goes on from number `upto` of the paper book `volume`; the first number here is the
    next one. Raises BookRefused once a number was given, or where the book is opened or closed already."""
    commune = _owes(by, Role.SPECIALIST)
    _owes_book(key)
    row = Series.objects.filter(commune=commune, book=key, period=str(year)).first()
    _refuse_begun(row)
    return _lay_out(
        BookAct(kind=BookAct.Kind.OPEN, upto=upto, volume=volume.strip(), ground=ground), commune, key, year, by, at
    )


def catch_up(key: str, year: int, *, upto: int, ground: str, by: Officer, at: datetime) -> BookAct:
    """Lay out: after a restore of older data, the numbers up to `upto` of the last printed day's sheet were given.

    Signed, they stand in the book as given, and none is used twice (F-51). Raises BookRefused.
    """
    commune = _owes(by, Role.SPECIALIST)
    _owes_book(key)
    _refuse_catching_up(Series.objects.filter(commune=commune, book=key, period=str(year)).first(), upto)
    return _lay_out(BookAct(kind=BookAct.Kind.CATCH_UP, upto=upto, ground=ground), commune, key, year, by, at)


def close_year(key: str, year: int, *, pages: int, volume: str, by: Officer, at: datetime, ground: str = "") -> BookAct:
    """Lay out the closing of a book: `pages` of the volume are written on. Raises BookRefused before the last working
    hour of the year (of the last day before a merger), with a gap, or for a book that nobody wrote in."""
    commune = _owes(by, Role.SPECIALIST)
    on = last_day(commune, year)
    _refuse_too_early(commune, on, at)
    _owes_whole(books.book_of(commune.pk, key, year))
    act = BookAct(kind=BookAct.Kind.CLOSE, pages=pages, volume=volume.strip(), on=on, ground=ground)
    return _lay_out(act, commune, key, year, by, at)


def drop(act: BookAct, *, by: Officer, at: datetime) -> None:
    """What was laid out is not to be signed; the row stays. Raises BookRefused once signed."""
    commune = _owes(by, Role.SPECIALIST, Role.SIGNER)
    with transaction.atomic():
        waiting = BookAct.objects.filter(pk=act.pk, commune=commune, signed_at=None, dropped_at=None)
        if not waiting.update(dropped_at=at):
            raise BookRefused("Việc này đã ký hoặc đã bỏ từ trước.")
        audit.record("drop_book_act", "book", f"{act.book}/{act.year}", by=by, at=at, why=act.get_kind_display())


def _lay_out(act: BookAct, commune: Commune, key: str, year: int, by: Officer, at: datetime) -> BookAct:
    act.commune, act.book, act.year, act.by, act.at = commune, key, year, by, at
    try:
        with transaction.atomic():
            act.save()
            audit.record(f"lay_out_{act.kind}", "book", f"{key}/{year}", by=by, at=at, why=act.ground)
    except IntegrityError as taken:
        raise BookRefused("Sổ này đã có một việc chờ lãnh đạo ký, hoặc đã mở, đã khóa.") from taken
    return act


# --- sign ---
def sign(act: BookAct, *, by: Officer, at: datetime) -> BookAct:
    """The leader signs what a specialist laid out, and it is so. Raises BookRefused where it no longer may be,
    PaperFailed where the closing lines cannot be printed; then nothing has changed."""
    commune = _owes(by, Role.SIGNER)
    with transaction.atomic():
        act = (
            BookAct.objects.select_for_update(no_key=True)
            .select_related("commune", "by")
            .get(pk=act.pk, commune=commune)
        )
        if act.signed_at or act.dropped_at:
            raise BookRefused("Việc này đã ký hoặc đã bỏ từ trước.")
        if act.by_id == by.pk:
            raise BookRefused("Người lập không được tự ký. Đề nghị lãnh đạo khác ký.")
        match act.kind:
            case BookAct.Kind.OPEN:
                _open(act)
            case BookAct.Kind.CATCH_UP:
                _take_over(act, by=by, at=at)
            case BookAct.Kind.CLOSE:
                _close(act, by=by, at=at)
        act.signed_by, act.signed_at = by, at
        act.save(update_fields=["signed_by", "signed_at", "facts", "pdf", "sha256"])
        audit.record(f"{act.kind}_book", "book", f"{act.book}/{act.year}", by=by, at=at, why=said(act))
    return act


def said(act: BookAct) -> str:
    """`tiếp theo số 41 của sổ giấy, quyển 01/2026`: an act in words."""
    volume = f", quyển {act.volume}" if act.volume else ""
    match act.kind:
        case BookAct.Kind.OPEN:
            return f"tiếp theo số {act.upto:02} của sổ giấy{volume}"
        case BookAct.Kind.CATCH_UP:
            return f"đã cấp đến số {act.upto:02} trước khi khôi phục dữ liệu"
        case _:
            return f"khóa sổ ngày {act.on:%d/%m/%Y}{volume}"


def _open(act: BookAct) -> None:
    """One statement that either makes the row or moves one that has given no number: a signature that takes the first
    number at this moment waits for us, or we see its number and refuse."""
    assert act.upto is not None
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procedures_series AS s (commune_id, book, period, first, last) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT (commune_id, book, period) DO UPDATE SET first = EXCLUDED.first, last = EXCLUDED.last "
            "WHERE s.last < s.first AND s.closed_on IS NULL RETURNING id",
            [act.commune_id, act.book, str(act.year), act.upto + 1, act.upto],
        )
        if cursor.fetchone() is None:
            _refuse_begun(_row(act))
            raise BookRefused("Sổ đã khóa.")


def _take_over(act: BookAct, *, by: Officer, at: datetime) -> None:
    assert act.upto is not None
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procedures_series (commune_id, book, period, first, last) VALUES (%s, %s, %s, 1, 0) "
            "ON CONFLICT (commune_id, book, period) DO NOTHING",
            [act.commune_id, act.book, str(act.year)],
        )
    row = Series.objects.select_for_update().get(commune=act.commune_id, book=act.book, period=str(act.year))
    _refuse_catching_up(row, act.upto)
    Void.objects.bulk_create(
        Void(
            commune_id=act.commune_id,
            book=act.book,
            year=act.year,
            number=number,
            reason=Void.Reason.RESTORED,
            why=act.ground,
            by=by,
            at=at,
        )
        for number in range(row.last + 1, act.upto + 1)
    )
    Series.objects.filter(pk=row.pk).update(last=act.upto)


def _close(act: BookAct, *, by: Officer, at: datetime) -> None:
    row = Series.objects.select_for_update().filter(
        commune=act.commune_id, book=act.book, period=str(act.year), closed_on=None
    )
    if not row:
        raise BookRefused("Sổ này chưa dùng hoặc đã khóa từ trước.")
    assert act.on is not None
    _refuse_too_early(act.commune, act.on, at)
    book = books.book_of(act.commune_id, act.book, act.year)
    _owes_whole(book)
    facts = closing_facts(act, book, by=by, at=at)
    sheet = papers.render("lists/book_closing.html", facts)
    act.facts, act.pdf, act.sha256 = freeze(facts), sheet.pdf, sheet.sha256
    Series.objects.filter(pk=row[0].pk).update(closed_on=act.on)


def preview(act: BookAct, *, by: Officer, at: datetime) -> Sheet:
    """The closing lines as they would be printed, before they are signed."""
    book = books.book_of(act.commune_id, act.book, act.year)
    return papers.render("lists/book_closing.html", closing_facts(act, book, by=by, at=at) | {"draft": True})


def closing_facts(act: BookAct, book: Book, *, by: Officer, at: datetime) -> dict[str, object]:
    """What the closing lines say, by the rules of this kind of book. `by` signs at `at`."""
    assert act.on is not None
    day = timezone.localtime(at).date()
    words = {point.key.partition(".")[2]: practice(point, act.commune_id, day) for point in book_points.BOOKS}
    # the name that was valid on the last day of the book, also where the unit is another one by now (F-57)
    name = act.commune.name_on(act.on)
    by_head_of_counter = book.sort == Sort.SLIP and words["head_of_counter"] == "no"
    return {
        "test": settings.IS_TEST,
        "head": {"superior": "", "issuer": name.issuer},
        "place": name.name,
        "issued_on": day,
        "title": book.title,
        "year": book.year,
        "volume": act.volume,
        "opened": said(book.opening) if book.opening else "",
        "closed_on": act.on,
        "pages": act.pages,
        "first": f"{book.first:02}",
        "last": f"{book.last:02}",
        "count": book.count,
        "voids": [(f"{line.number:02}", line.note) for line in _fallen(act.commune_id, book)],
        "valid": book.valid,
        "total_label": words["events"] if book.sort == Sort.CIVIL_STATUS else words["numbers"],
        "pages_label": words["pages"],
        "officer_line": words["officer"],
        "officer": act.by.full_name,
        "laid_out_at": timezone.localtime(act.at),
        "signed_at": timezone.localtime(at),
        "ground": act.ground,
        "signer": {"lines": [] if by_head_of_counter else papers.signature_lines(by, "", at=at), "name": by.full_name},
    }


def _fallen(commune_id: int, book: Book) -> list[books.Line]:
    return [line for line in books.lines(commune_id, book.key, book.year) if line.is_void] if book.voids else []


# --- a number falls ---
def let_fall(
    paper: Result | Slip,
    reason: Void.Reason,
    *,
    why: str,
    by: Officer,
    at: datetime,
    standing: Result.Standing = Result.Standing.CANCELLED,
) -> Void:
    """The paper of a number is no longer one: wrong, spoiled, cancelled, its case ended. The number keeps its place.

    A result that stood is cancelled with it, or is what `standing` says, which a leader alone may do; a slip is let
    fall by who writes slips.
    Raises BookRefused the second time. Where a result bears another's number, name the one that was numbered.
    """
    commune = _owes(by, Role.SIGNER) if isinstance(paper, Result) else _owes(by, Role.CLERK, Role.SPECIALIST)
    if not why.strip():
        raise BookRefused("Ghi rõ lý do.", "why")
    on = timezone.localtime(at).date()
    key = paper.book if isinstance(paper, Result) else paper.kind
    try:
        with transaction.atomic():
            if isinstance(paper, Result):
                Result.objects.filter(pk=paper.pk, commune=commune, standing=Result.Standing.VALID).update(
                    standing=standing, standing_on=on
                )
            void = Void.objects.create(
                commune=commune,
                book=key,
                year=paper.year,
                number=paper.number,
                reason=reason,
                why=why.strip()[:300],
                result=paper if isinstance(paper, Result) else None,
                slip=paper if isinstance(paper, Slip) else None,
                by=by,
                at=at,
            )
            audit.record("let_fall", "book", f"{key}/{paper.year}/{paper.number}", by=by, at=at, why=why)
    except IntegrityError as taken:
        raise BookRefused("Số này đã ghi bỏ từ trước.") from taken
    return void


# --- what may be ---
def last_day(commune: Commune, year: int) -> date:
    """The day whose end closes the books of `year`: 31 December, or the day before the unit ceased to be."""
    end = date(year, 12, 31)
    return min(end, commune.closed_on - timedelta(days=1)) if commune.closed_on else end


def closes_from(commune: Commune, on: date) -> datetime:
    """The end of the last working hour of `on`; where nobody works then, or no calendar tells, the end of that day."""
    try:
        return closing_of(on, calendar_of(commune))
    except (ValueError, CalendarEnds):
        return timezone.make_aware(datetime.combine(on + timedelta(days=1), datetime.min.time()))


def _refuse_too_early(commune: Commune, on: date, at: datetime) -> None:
    if at < closes_from(commune, on):
        raise BookRefused(f"Chỉ khóa sổ sau giờ làm việc cuối cùng của ngày {on:%d/%m/%Y}.")


def _owes_whole(book: Book) -> None:
    if not book.is_begun and not book.opening:
        raise BookRefused("Sổ này chưa dùng nên không phải khóa.")
    if book.closed_on:
        raise BookRefused("Sổ này đã khóa. Không mở lại được; sai sót ghi thành dòng mới.")
    if book.gaps:
        raise BookRefused(f"Sổ thiếu số {books.runs(book.gaps)}. Báo kỹ thuật tìm nguyên nhân trước khi khóa.")


def _refuse_begun(row: Series | None) -> None:
    if row is not None and row.last >= row.first:
        raise BookRefused(f"Sổ đã cấp đến số {row.last:02} nên không ghi “tiếp theo số” được nữa.", "upto")


def _refuse_catching_up(row: Series | None, upto: int) -> None:
    if row is not None and row.closed_on:
        raise BookRefused("Sổ này đã khóa.")
    last = row.last if row else 0
    if upto <= last:
        raise BookRefused(f"Sổ đã cấp đến số {last:02}. Không có số nào phải ghi lại.", "upto")
    if upto - last > AT_MOST:
        raise BookRefused(f"Một lần ghi lại nhiều nhất {AT_MOST} số; xem lại tờ chốt ngày.", "upto")


def _row(act: BookAct) -> Series:
    return Series.objects.get(commune=act.commune_id, book=act.book, period=str(act.year))


def _owes_book(key: str) -> None:
    if key not in books.titles():
        raise BookRefused("Không có sổ này.")


def _owes(by: Officer, *roles: Role) -> Commune:
    if not any(by.is_(role) for role in roles) or by.commune is None:
        said = " hoặc ".join(f"“{role.label}”" for role in roles)
        raise BookRefused(f"Việc này thuộc vai trò {said}.")
    return by.commune
