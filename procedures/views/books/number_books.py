"""The room of the number books: how far each has come, its lines, and what is laid out and signed for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from oneshop import audit
from oneshop.keys import only
from oneshop.models import Commune
from oneshop.roles import DeskRequest, Role
from oneshop.workbook import Leaf, workbook
from procedures import books, papers
from procedures.books import Book, Line, bookkeeping
from procedures.books.bookkeeping import BookRefused, said
from procedures.forms.books import CatchUpForm, CloseForm, OpenForm, PasswordForm, TakeOutForm, VoidForm
from procedures.frozen import thaw
from procedures.models import BookAct, Slip, Void
from procedures.papers.printing import picture_of
from procedures.views.desks.reception import pdf
from procedures.views.signing.proof import is_own_password

READERS = (Role.CLERK, Role.SPECIALIST, Role.SIGNER)
LINES_A_PAGE = 100
AT_MOST_PRINTED = 400  # lines of one PDF: some 25 pages, within what a worker's thread may take
LONGEST = 400_000  # characters of its HTML
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _commune(request: DeskRequest) -> Commune:
    assert request.user.commune is not None, "who keeps books belongs to a commune"
    return request.user.commune


@require_GET
@only(*READERS)
def number_books(request: DeskRequest) -> HttpResponse:
    """Every book of a year; `?nam=2025`."""
    commune, today = _commune(request), timezone.localdate()
    years = sorted({today.year, *books.years_of(commune.pk)}, reverse=True)
    asked = request.GET.get("nam", "")
    year = int(asked) if asked.isdigit() and int(asked) in years else today.year
    shelf = books.shelf(commune.pk, year)
    page = {
        "year": year,
        "years": [(other, f"?nam={other}", other == year) for other in years],
        "rows": [_row(book) for book in shelf],
        "waiting": [_waiting(book.waiting, book.title) for book in shelf if book.waiting],
        "gaps": [f"{book.title}: thiếu số {books.runs(book.gaps)}." for book in shelf if book.gaps],
        "case_codes": books.codes_of_day(commune.pk, today),
        "former": books.former_books(commune.pk),
    }
    return render(request, "books/shelf.html", page)


def _row(book: Book) -> dict[str, Any]:
    return {
        "title": book.title,
        "href": reverse("number_book", args=[book.year, book.key]),
        "first": f"{book.first:02}" if book.first else "–",
        "last": f"{book.last:02}" if book.first else "–",
        "count": book.count,
        "voids": book.voids,
        "gaps": books.runs(book.gaps),
        "state": book.state,
        "opened": said(book.opening) if book.opening else "",
    }


def _waiting(act: BookAct, title: str) -> dict[str, str]:
    return {
        "what": f"{act.get_kind_display()}: {title} năm {act.year}, {said(act)}. {act.by} lập.",
        "href": reverse("book_act", args=[act.pk]),
    }


@require_GET
@only(*READERS)
def number_book(request: DeskRequest, year: int, book: str) -> HttpResponse:
    """The lines of one book, the latest first, `?den=120` those up to that number. The look is written down."""
    commune, found = _commune(request), _book(request, year, book)
    audit.record("look", "book", f"{book}/{year}", by=request.user, at=timezone.now())
    asked = request.GET.get("den", "")
    upto = min(int(asked), found.last) if asked.isdigit() and len(asked) < 7 else found.last
    first = max(found.first, upto - LINES_A_PAGE + 1)
    lines = books.lines(commune.pk, book, year, first=max(first, 1), last=upto) if found.is_begun else []
    page = {
        "book": found,
        "opened": said(found.opening) if found.opening else "",
        "gaps": books.runs(found.gaps),
        "rows": [_shown(request, line, found) for line in reversed(lines)],
        "earlier_href": f"?den={first - 1}" if found.is_begun and first > found.first else "",
        "acts": _acts(request, found),
        "waiting": _waiting(found.waiting, found.title) if found.waiting else None,
        "closing_href": reverse("closing_lines", args=[found.closing.pk]) if found.closing else "",
        "form": TakeOutForm(initial={"first": max(found.first, 1), "last": found.last}) if found.is_begun else None,
        "take_out_href": reverse("take_out_book", args=[year, book]),
        "back_href": f"{reverse('number_books')}?nam={year}",
    }
    return render(request, "books/book.html", page)


def _shown(request: DeskRequest, line: Line, book: Book) -> dict[str, Any]:
    falls = isinstance(line.paper, Slip) and not line.is_void
    may = request.user.is_(Role.CLERK) or request.user.is_(Role.SPECIALIST)
    return {
        "line": line,
        "number": f"{line.number:02}",
        "href": reverse("case", args=[line.code]) if line.code else "",
        "void_href": reverse("void_number", args=[book.year, book.key, line.number]) if falls and may else "",
    }


def _acts(request: DeskRequest, book: Book) -> list[dict[str, str]]:
    if not request.user.is_(Role.SPECIALIST) or book.closed_on or book.waiting:
        return []
    doors = [("Khóa sổ", "close_book")] if book.is_begun or book.opening else []
    doors += [("Mở tiếp theo sổ giấy", "open_book")] if not book.is_begun and not book.opening else []
    doors += [("Ghi lại số sau khôi phục", "catch_up_book")]
    return [{"label": label, "href": reverse(name, args=[book.year, book.key])} for label, name in doors]


def _book(request: DeskRequest, year: int, key: str) -> Book:
    if not 2000 <= year <= timezone.localdate().year + 1:
        raise Http404
    found = books.book_of(_commune(request).pk, key, year)
    if key not in books.titles() and not found.is_begun:
        raise Http404
    return found


# --- lay out ---
@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def open_book(request: DeskRequest, year: int, book: str) -> HttpResponse:
    """Our numbers go on from those of the paper book."""
    form = OpenForm(request.POST or None)
    return _laid_out(
        request,
        _book(request, year, book),
        form,
        lambda: bookkeeping.open_after_paper(book, year, **form.cleaned_data, by=request.user, at=timezone.now()),
        title="Mở sổ tiếp theo sổ giấy",
        lead="Chỉ ghi được trước khi máy cấp số đầu tiên. Lãnh đạo ký rồi không sửa được.",
    )


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def catch_up_book(request: DeskRequest, year: int, book: str) -> HttpResponse:
    """After a restore: the printed sheet knows numbers that the data have lost."""
    form = CatchUpForm(request.POST or None)
    return _laid_out(
        request,
        _book(request, year, book),
        form,
        lambda: bookkeeping.catch_up(book, year, **form.cleaned_data, by=request.user, at=timezone.now()),
        title="Ghi lại số đã cấp sau khôi phục dữ liệu",
        lead="Chỉ khi dữ liệu được khôi phục từ bản cũ. Các số này đứng trong sổ như số đã cấp, không cấp lại.",
    )


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def close_book(request: DeskRequest, year: int, book: str) -> HttpResponse:
    """The year is over: the closing lines, to be signed by a leader."""
    form = CloseForm(request.POST or None)
    last_day = bookkeeping.last_day(_commune(request), year)
    return _laid_out(
        request,
        _book(request, year, book),
        form,
        lambda: bookkeeping.close_year(book, year, **form.cleaned_data, by=request.user, at=timezone.now()),
        title="Khóa sổ",
        lead=f"Sau giờ làm việc cuối cùng của ngày {last_day:%d/%m/%Y}. Khóa rồi không mở lại được.",
    )


def _laid_out(
    request: DeskRequest, book: Book, form: forms.Form, act: Callable[[], BookAct], *, title: str, lead: str
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            made = act()
        except BookRefused as refused:
            form.add_error(refused.where or None, refused.sentence)
        else:
            messages.success(request, "Đã lập. Có hiệu lực khi lãnh đạo ký.")
            return redirect("book_act", made.pk)
    page = {
        "form": form,
        "title": f"{title}: {book.title} năm {book.year}",
        "lead": lead,
        "back_href": reverse("number_book", args=[book.year, book.key]),
    }
    return render(request, "stock/act.html", page, status=422 if form.is_bound else 200)


# --- sign ---
def _act(request: DeskRequest, pk: int) -> BookAct:
    rows = BookAct.objects.select_related("by", "signed_by", "commune").defer("pdf")
    return get_object_or_404(rows, pk=pk, commune=_commune(request))


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST, Role.SIGNER)
def book_act(request: DeskRequest, pk: int) -> HttpResponse:
    """What was laid out for a book; a leader signs it with the own password."""
    act, now = _act(request, pk), timezone.now()
    may_sign = request.user.is_(Role.SIGNER) and not act.signed_at and not act.dropped_at
    form = PasswordForm(request.POST or None) if may_sign else None
    if request.method == "POST" and form is not None and form.is_valid():
        about = f"{act.book}/{act.year}"
        if is_own_password(request, form, kind="book", about=about, at=now) and _signed(request, act, form):
            return redirect("number_book", act.year, act.book)
    page = {
        "title": f"{act.get_kind_display()}: {books.title_of(act.book)} năm {act.year}",
        "facts": [
            ("Nội dung", said(act)),
            ("Căn cứ, lý do", act.ground),
            ("Người lập", f"{act.by}, {timezone.localtime(act.at):%H:%M %d/%m/%Y}"),
            (
                "Người ký",
                f"{act.signed_by}, {timezone.localtime(act.signed_at):%H:%M %d/%m/%Y}" if act.signed_at else "",
            ),
        ],
        "picture_href": reverse("closing_picture", args=[act.pk]) if act.kind == BookAct.Kind.CLOSE else "",
        "paper_href": reverse("closing_lines", args=[act.pk]) if act.sha256 else "",
        "is_dropped": act.dropped_at is not None,
        "form": form,
        "drop_href": reverse("drop_book_act", args=[act.pk]) if not act.signed_at and not act.dropped_at else "",
        "back_href": reverse("number_book", args=[act.year, act.book]),
    }
    return render(request, "books/act.html", page, status=422 if form is not None and form.is_bound else 200)


def _signed(request: DeskRequest, act: BookAct, form: PasswordForm) -> bool:
    try:
        bookkeeping.sign(act, by=request.user, at=timezone.now())
    except BookRefused as refused:
        form.add_error(None, refused.sentence)
    except papers.PaperFailed:
        form.add_error(None, "Chưa in được dòng khóa sổ nên chưa khóa. Thử lại, hoặc báo kỹ thuật.")
    else:
        messages.success(
            request, f"Đã ký: {act.get_kind_display().lower()}, {books.title_of(act.book)} năm {act.year}."
        )
        return True
    return False


@require_POST
@only(Role.SPECIALIST, Role.SIGNER)
def drop_book_act(request: DeskRequest, pk: int) -> HttpResponse:
    """What was laid out is not to be signed."""
    act = _act(request, pk)
    try:
        bookkeeping.drop(act, by=request.user, at=timezone.now())
        messages.success(request, "Đã bỏ việc này; chưa có gì thay đổi trong sổ.")
    except BookRefused as refused:
        messages.warning(request, refused.sentence)
    return redirect("number_book", act.year, act.book)


@require_GET
@only(*READERS)
def closing_lines(request: DeskRequest, pk: int) -> HttpResponse:
    """The stored closing lines of a book, byte for byte."""
    act = _act(request, pk)
    if act.pdf is None:
        raise Http404
    audit.record("print", "book", f"{act.book}/{act.year}", by=request.user, at=timezone.now(), why="dòng khóa sổ")
    return pdf(bytes(act.pdf), f"khoa-so-{act.book}-{act.year}.pdf")


@require_GET
@only(*READERS)
def closing_picture(request: DeskRequest, pk: int) -> HttpResponse:
    """The closing lines as a picture: as stored, or as the leader's signature would make them."""
    act = _act(request, pk)
    if act.kind != BookAct.Kind.CLOSE:
        raise Http404
    if act.pdf is not None:
        return HttpResponse(picture_of(bytes(act.pdf), 1000), content_type="image/png")
    sheet = bookkeeping.preview(act, by=request.user, at=timezone.now())
    return HttpResponse(sheet.picture(1000), content_type="image/png")


# --- a number falls ---
@require_http_methods(["GET", "POST"])
@only(Role.CLERK, Role.SPECIALIST)
def void_number(request: DeskRequest, year: int, book: str, number: int) -> HttpResponse:
    """A slip that was wrong or spoiled keeps its number as void."""
    slip = get_object_or_404(Slip, commune=_commune(request), kind=book, year=year, number=number)
    form = VoidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            bookkeeping.let_fall(
                slip,
                Void.Reason(form.cleaned_data["reason"]),
                why=form.cleaned_data["why"],
                by=request.user,
                at=timezone.now(),
            )
        except BookRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, f"Số {number:02}/{year} đã ghi bỏ; vẫn giữ chỗ trong sổ.")
            return redirect("number_book", year, book)
    page = {
        "form": form,
        "title": f"Ghi bỏ số {number:02}/{year}",
        "lead": f"{slip.get_kind_display()}. Số bỏ giữ nguyên chỗ trong sổ, không cấp lại.",
        "back_href": reverse("number_book", args=[year, book]),
    }
    return render(request, "stock/act.html", page, status=422 if form.is_bound else 200)


# --- out of the house ---
@require_POST
@only(*READERS, asks=True)
def take_out_book(request: DeskRequest, year: int, book: str) -> HttpResponse:
    """Lines of a book as PDF or XLSX, for a purpose that is written down with how many they are (S-28)."""
    found, form = _book(request, year, book), TakeOutForm(request.POST)
    as_table = request.POST.get("as") == "xlsx"
    if not form.is_valid():
        said_errors = " ".join(str(error) for errors in form.errors.values() for error in errors)
        messages.error(request, f"Chưa in: {said_errors}")
        return redirect("number_book", year, book)
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    if not as_table and last - first >= AT_MOST_PRINTED:
        messages.error(request, f"Một bản in nhiều nhất {AT_MOST_PRINTED} số: chia thành nhiều lần.")
        return redirect("number_book", year, book)
    commune = _commune(request)
    lines = books.lines(commune.pk, book, year, first=first, last=last)
    why = f"{form.cleaned_data['purpose']} ({len(lines)} dòng)"
    audit.record(
        "export" if as_table else "print", "book", f"{book}/{year}", by=request.user, at=timezone.now(), why=why
    )
    name = f"so-{book}-{year}-{first}-{last}"
    if as_table:
        heading = (f"{found.title} năm {year}", found.state, f"Mục đích: {form.cleaned_data['purpose']}")
        leaf = Leaf(str(year), books.COLUMNS, [line.cells for line in lines], heading, (8, 12, 30, 40, 26, 24, 50))
        response = HttpResponse(workbook([leaf]), content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
        return response
    sheet = papers.render(
        "lists/number_book.html", book_facts(commune, found, lines, by=request.user.full_name), longest=LONGEST
    )
    return pdf(sheet.pdf, f"{name}.pdf")


def book_facts(commune: Commune, book: Book, lines: list[Line], *, by: str) -> dict[str, Any]:
    """What the print of these lines tells; the closing lines stand below the last number of a closed book."""
    today = timezone.localdate()
    on = book.closed_on or today
    name = commune.name_on(on)
    ends_here = book.closing and lines and lines[-1].number == book.last
    numbers = {line.number for line in lines}
    missing = set(range(lines[0].number, lines[-1].number + 1)) - numbers if lines else set()
    return {
        "test": settings.IS_TEST,
        "head": {"superior": "", "issuer": name.issuer},
        "place": name.name,
        "issued_on": today,
        "title": book.title,
        "year": book.year,
        "span": f"từ số {lines[0].number:02} đến số {lines[-1].number:02}" if lines else "",
        "opened": said(book.opening) if book.opening else "",
        "state": book.state,
        "lines": lines,
        "voids": sum(line.is_void for line in lines),
        "gaps": books.runs(missing),
        "closing": thaw(book.closing.facts) if ends_here and book.closing else None,
        "printed_by": by,
    }
