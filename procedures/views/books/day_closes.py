"""The day's end: the sheet, its confirmation, the days that are missing; and what the monitoring office sees of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

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
from procedures import papers
from procedures.books import day_close
from procedures.books.day_close import SHOWN_DAYS, DayRefused
from procedures.forms.books import PasswordForm
from procedures.models import DayClose
from procedures.papers.printing import picture_of
from procedures.views.desks.reception import pdf
from procedures.views.signing.proof import is_own_password

KEEPERS = (Role.CLERK, Role.SPECIALIST, Role.SIGNER)


def _commune(request: DeskRequest) -> Commune:
    assert request.user.commune is not None, "who closes a day belongs to a commune"
    return request.user.commune


@require_GET
@only(*KEEPERS)
def day_closes(request: DeskRequest) -> HttpResponse:
    """The last two weeks: closed, confirmed, missing; and the button that closes today."""
    commune, now = _commune(request), timezone.now()
    today = timezone.localdate(now)
    rows = DayClose.objects.filter(commune=commune, on__gt=today - timedelta(days=SHOWN_DAYS)).defer("pdf", "facts")
    opens = timezone.localtime(day_close.may_close_from(commune, today))
    page = {
        "today": today,
        "may_close": request.user.is_(Role.CLERK) or request.user.is_(Role.SPECIALIST),
        "is_early": now < opens and not any(row.on == today for row in rows),
        "opens": opens,
        "close_href": reverse("close_day", args=[today]),
        "missing": [
            {"on": day, "href": reverse("close_day", args=[day])} for day in day_close.missing_days(commune.pk, today)
        ],
        "rows": [
            {
                "day": row,
                "by": f"{row.by}, {timezone.localtime(row.at):%H:%M %d/%m}",
                "confirmed": f"{row.confirmed_by}, {timezone.localtime(row.confirmed_at):%H:%M %d/%m}"
                if row.confirmed_at
                else "",
                "head": f"{day_close.short(row.head_hash)} ({row.head_seq} dòng)",
                "href": reverse("day_close", args=[row.on, row.part]),
            }
            for row in rows.select_related("by", "confirmed_by").order_by("-on", "-part")
        ],
    }
    return render(request, "books/days.html", page)


@require_POST
@only(Role.CLERK, Role.SPECIALIST)
def close_day(request: DeskRequest, on: date) -> HttpResponse:
    """Freeze the day as it stands; a second time it is a supplement."""
    try:
        made = day_close.close(on, by=request.user, at=timezone.now())
    except DayRefused as refused:
        messages.warning(request, refused.sentence)
        return redirect("day_closes")
    messages.success(request, f"Đã chốt ngày {made.on:%d/%m/%Y}, lần {made.part}. Chờ lãnh đạo xác nhận.")
    return redirect("day_close", made.on, made.part)


def _day(request: DeskRequest, on: date, part: int) -> DayClose:
    rows = DayClose.objects.select_related("by", "confirmed_by", "commune")
    return get_object_or_404(rows, commune=_commune(request), on=on, part=part)


@require_http_methods(["GET", "POST"])
@only(*KEEPERS)
def day_close_page(request: DeskRequest, on: date, part: int) -> HttpResponse:
    """One part of a day; a leader who did not close it confirms it with the own password."""
    day, now = _day(request, on, part), timezone.now()
    may = request.user.is_(Role.SIGNER) and day.confirmed_at is None and day.by_id != request.user.pk
    form = PasswordForm(request.POST or None) if may else None
    if request.method == "POST" and form is not None and form.is_valid():
        about = f"{on}/{part}"
        if is_own_password(request, form, kind="day", about=about, at=now) and _confirmed(request, day, form):
            return redirect("day_close", on, part)
    page = {
        "day": day,
        "closed": f"{day.by}, {timezone.localtime(day.at):%H:%M %d/%m/%Y}",
        "confirmed": f"{day.confirmed_by}, {timezone.localtime(day.confirmed_at):%H:%M %d/%m/%Y}"
        if day.confirmed_at
        else "",
        "head_hash": day_close.grouped(day.head_hash),
        "picture_href": reverse("day_close_picture", args=[on, part]),
        "paper_href": reverse("day_close_paper", args=[on, part]) if day.sha256 else "",
        "form": form,
        "back_href": reverse("day_closes"),
    }
    return render(request, "books/day.html", page, status=422 if form is not None and form.is_bound else 200)


def _confirmed(request: DeskRequest, day: DayClose, form: PasswordForm) -> bool:
    try:
        day_close.confirm(day, by=request.user, at=timezone.now())
    except DayRefused as refused:
        form.add_error(None, refused.sentence)
    except papers.PaperFailed:
        form.add_error(None, "Chưa in được tờ chốt ngày nên chưa xác nhận. Thử lại, hoặc báo kỹ thuật.")
    else:
        messages.success(request, "Đã xác nhận. In tờ chốt ngày, hai người ký tay và lưu.")
        return True
    return False


@require_GET
@only(*KEEPERS)
def day_close_paper(request: DeskRequest, on: date, part: int) -> HttpResponse:
    """The confirmed sheet, the stored bytes."""
    day = _day(request, on, part)
    if day.pdf is None:
        raise Http404
    audit.record("print", "day", f"{on}/{part}", by=request.user, at=timezone.now())
    return pdf(bytes(day.pdf), f"chot-ngay-{on}-{part}.pdf")


@require_GET
@only(*KEEPERS)
def day_close_picture(request: DeskRequest, on: date, part: int) -> HttpResponse:
    """The sheet as a picture, before it is confirmed as a preview."""
    day = _day(request, on, part)
    picture = picture_of(bytes(day.pdf), 1000) if day.pdf is not None else day_close.sheet(day).picture(1000)
    return HttpResponse(picture, content_type="image/png")


# --- the monitoring office ---
@require_GET
@only(Role.MONITOR)
def sent_days(request: DeskRequest) -> HttpResponse:
    """Communes beside their last fourteen days, and whether each head sent is still in its chain (F-49)."""
    today = timezone.localdate()
    days = [today - timedelta(days=back) for back in reversed(range(SHOWN_DAYS))]
    communes = list(Commune.objects.filter(is_served=True, closed_on=None).prefetch_related("names").order_by("code"))
    sent = {(row.commune_id, row.on): row for row in day_close.sent_heads(since=days[0])}
    named = {commune.pk: commune.name_on(today).full for commune in communes}
    works = day_close.worked_days(communes, days)
    page = {
        "days": days,
        "rows": [
            {
                "name": named[commune.pk],
                "days": [_cell(sent.get((commune.pk, day)), day, works[commune.pk]) for day in days],
            }
            for commune in communes
        ],
        "broken": [
            f"{named.get(row.commune_id, 'Xã khác')}, ngày {row.on:%d/%m/%Y}: dấu {day_close.short(row.head_hash)} "
            f"({row.head_seq} dòng) không còn trong nhật ký."
            for row in day_close.broken_heads()
        ],
        "list_href": reverse("sent_heads"),
        "back_href": reverse("monitor"),
    }
    return render(request, "monitor/sent_days.html", page)


def _cell(sent: day_close.Sent | None, day: date, works: set[date]) -> dict[str, Any]:
    if sent is None:
        return {"on": day, "word": "chưa chốt" if day in works else "nghỉ", "tone": "" if day in works else "off"}
    if not sent.stands:
        return {"on": day, "word": "chuỗi đã bị sửa", "tone": "broken", "head": day_close.short(sent.head_hash)}
    word = "đã chốt" if sent.is_confirmed else "chờ xác nhận"
    return {"on": day, "word": word, "tone": "closed", "head": day_close.short(sent.head_hash)}


@require_GET
@only(Role.MONITOR)
def sent_heads(request: DeskRequest) -> HttpResponse:
    """Every head sent, as `audit verify --printed` takes it: to be kept where nobody of this house reaches."""
    codes = dict(Commune.objects.values_list("pk", "code"))
    rows = day_close.sent_heads(since=date.min)
    audit.record("export", "day", "heads", by=request.user, at=timezone.now(), why=f"{len(rows)} dòng")
    text = "".join(f"{codes[row.commune_id]}:{row.head_hash} {row.on} {row.head_seq}\n" for row in rows)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="dau-nhat-ky-{timezone.localdate()}.txt"'
    return response
