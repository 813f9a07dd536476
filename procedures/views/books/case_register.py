"""The room of the Sổ theo dõi hồ sơ: a register a field, by year, month or day; on screen, on paper, as XLSX."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from oneshop import audit
from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from oneshop.workbook import Leaf, workbook
from procedures.books import case_register
from procedures.books.case_register import COLUMNS, COLUMNS_2018, Span
from procedures.catalogue import Field
from procedures.forms import PurposeForm, SpanForm
from procedures.models import RegisterLine
from procedures.papers import PaperFailed
from procedures.views.desks.reception import pdf

LINES_A_PAGE = 50
MOST_ON_PAPER = 3000
"""Lines printed at once: about half a minute of the press; a year is printed by its months."""
PERSONS_WITHOUT_LEADER = 1000
"""More persons than this leave the house only with the leader (quality.md S-28)."""


@require_GET
@only(Role.CLERK, Role.SPECIALIST, Role.SIGNER)
def case_book(request: DeskRequest) -> HttpResponse:
    """The lines of one part, in their order; the look is written down."""
    span, form = _asked(request, request.GET)
    shown = Paginator(span.lines(), LINES_A_PAGE).get_page(request.GET.get("trang"))
    on_page = span.lines()[max(shown.start_index() - 1, 0) : shown.end_index()]
    audit.record("look", "case_book", span.key, by=request.user, at=timezone.now())
    extent = case_register.extent_of(span)
    is_2018 = span.is_2018()
    page = {
        "span": span,
        "form": form,
        "purpose": PurposeForm(auto_id="xlsx_%s"),
        "hidden": _hidden(span),
        "extent": extent,
        "first": f"{extent.first:02}",
        "last": f"{extent.last:02}",
        "volumes": _said(extent.volumes),
        "columns": COLUMNS[:6],
        "group": case_register.GROUP_2018 if is_2018 else case_register.GROUP,
        "grouped": COLUMNS[6:],
        "rows": [
            {"row": row, "href": reverse("case", args=[row.code])}
            for row in case_register.rows_of(on_page, span.commune)
        ],
        "page": shown,
        "before_href": _page_href(span, shown.previous_page_number()) if shown.has_previous() else "",
        "after_href": _page_href(span, shown.next_page_number()) if shown.has_next() else "",
        "too_long": extent.lines > MOST_ON_PAPER,
        "pdf_href": reverse("case_book_pdf"),
        "xlsx_href": reverse("case_book_xlsx"),
    }
    return render(request, "cases/case_book.html", page)


def _asked(request: DeskRequest, said: Any) -> tuple[Span, SpanForm]:
    """The part that was asked for; what cannot be read is this month of the first register."""
    assert request.user.commune is not None, "desks belong to a commune"
    today = timezone.localdate()
    years = RegisterLine.objects.filter(commune=request.user.commune).order_by("year")
    known = sorted({*years.values_list("year", flat=True).distinct(), today.year}, reverse=True)
    start = {"so": Field.CIVIL_STATUS, "nam": today.year, "thang": today.month, "ngay": ""}
    form = SpanForm({**start, **{name: said[name] for name in start if name in said}}, years=known)
    if not form.is_valid():
        form = SpanForm(start, years=known)
        form.is_valid()
    found = form.cleaned_data
    return Span(request.user.commune, Field(found["so"]), found["nam"], found["thang"], found["ngay"]), form


def _said(volumes: tuple[int, ...]) -> str:
    return ", ".join(f"{volume:02}" for volume in volumes)


def _hidden(span: Span) -> list[tuple[str, str | int]]:
    return [("so", span.field.value), ("nam", span.year), ("thang", span.month), ("ngay", span.day or "")]


def _page_href(span: Span, number: int) -> str:
    return f"{reverse('case_book')}?{urlencode({**dict(_hidden(span)), 'trang': number})}"


def _back(span: Span) -> str:
    return f"{reverse('case_book')}?{urlencode(dict(_hidden(span)))}"


@require_POST
@only(Role.CLERK, Role.SPECIALIST, Role.SIGNER, asks=True)
def case_book_pdf(request: DeskRequest) -> HttpResponse:
    """The part as it is printed, with its purpose in the diary."""
    span, lines, refused = _export(request, "print_out")
    if refused:
        return refused
    if lines > MOST_ON_PAPER:
        messages.warning(request, f"Phần này có {lines} dòng: in từng tháng.")
        return redirect(_back(span))
    try:
        sheet = case_register.sheet_of(span, on=timezone.localdate())
    except PaperFailed:
        messages.error(request, "Chưa tạo được sổ để in. Thử lại, hoặc báo kỹ thuật.")
        return redirect(_back(span))
    return pdf(sheet.pdf, f"so-theo-doi-{span.key.replace('/', '-')}.pdf")


@require_POST
@only(Role.CLERK, Role.SPECIALIST, Role.SIGNER, asks=True)
def case_book_xlsx(request: DeskRequest) -> HttpResponse:
    """The part as a spreadsheet with the statutory columns, every cell a text (S-27)."""
    span, _, refused = _export(request, "export")
    if refused:
        return refused
    is_2018 = span.is_2018()
    extent = case_register.extent_of(span)
    found = case_register.rows_of(span.lines(), span.commune)
    leaf = Leaf(
        title=f"So {span.field.value} {span.key.partition('/')[2]}",
        heading=[
            "SỔ THEO DÕI HỒ SƠ",
            f"Lĩnh vực: {span.field.label}; {span.words}; quyển số {_said(extent.volumes) or '–'}",
            f"Cộng {extent.lines} hồ sơ, số thứ tự từ {extent.first:02} đến {extent.last:02}",
        ],
        columns=COLUMNS_2018 if is_2018 else COLUMNS,
        rows=(row.cells_2018 if is_2018 else row.cells for row in found),
    )
    response = HttpResponse(
        workbook([leaf]), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = f'attachment; filename="so-theo-doi-{span.key.replace("/", "-")}.xlsx"'
    return response


def _export(request: DeskRequest, act: str) -> tuple[Span, int, HttpResponse | None]:
    """What leaves the house leaves with its purpose and the number of its lines in the diary (S-28)."""
    span, _ = _asked(request, request.POST)
    form = PurposeForm(request.POST)
    lines = span.lines().count()
    if not form.is_valid():
        messages.error(request, "Chưa xuất: ghi mục đích.")
        return span, lines, redirect(_back(span))
    if lines > PERSONS_WITHOUT_LEADER and not request.user.is_(Role.SIGNER):
        messages.warning(
            request, f"Phần này có {lines} người: hơn {PERSONS_WITHOUT_LEADER} người do lãnh đạo xuất, hoặc chọn ngày."
        )
        return span, lines, redirect(_back(span))
    purpose = form.cleaned_data["purpose"]
    audit.record(act, "case_book", span.key, by=request.user, at=timezone.now(), why=f"{lines} dòng; {purpose}")
    return span, lines, None
