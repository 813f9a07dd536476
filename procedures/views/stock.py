"""The stock room: what is left of each kind of blank, what came in and went out, how the printer is set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models.functions import Greatest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from oneshop import audit
from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures import stock
from procedures.blanks import KINDS, BlankKind
from procedures.forms.stock import DestroyForm, FilterForm, LayoutForm, ReceiveForm, SpoilForm
from procedures.models import Blank, BlankLayout, PaperOwed
from procedures.papers import overprint
from procedures.views.desks.reception import pdf

SHOWN = 60
MONTHS = 12


@require_GET
@only(Role.CLERK, Role.ADMINISTRATOR)
def stock_room(request: DeskRequest) -> HttpResponse:
    """Counts, papers still owed, and the blanks themselves, the latest first; the administrator sees no case."""
    commune_id = _commune(request)
    today = timezone.localdate()
    is_clerk = request.user.is_(Role.CLERK)
    form = FilterForm(request.GET or None)
    standings = stock.standings(commune_id, today)
    none_left = [standing.kind.label for standing in standings if not standing.left]
    runs_low = [standing.kind.label for standing in standings if standing.left and standing.is_low]
    page = {
        "none_left": _said("Hết phôi", none_left, "Trả bản điện tử và hẹn ngày trả bản giấy."),
        "runs_low": _said("Sắp hết phôi", runs_low, "Xin cấp thêm."),
        "kinds": [
            {
                "label": standing.kind.label,
                "left": standing.left,
                "following": standing.following,
                "is_low": standing.is_low,
                "layout_href": reverse("blank_layout", args=[standing.kind.key]),
            }
            for standing in standings
        ],
        "low_at": stock.low_at(commune_id, today),
        "acts": _acts(request),
        "owed": _owed(commune_id, today) if is_clerk else [],
        "form": form,
        "blanks": [_shown(blank, with_case=is_clerk) for blank in _listed(commune_id, form)],
        "shown": SHOWN,
    }
    return render(request, "stock/room.html", page)


def _said(what: str, kinds: list[str], then: str) -> str:
    return f"{what}: {', '.join(kinds)}. {then}" if kinds else ""


def _acts(request: DeskRequest) -> list[dict[str, str]]:
    doors = (
        ("Nhập phôi", "receive_blanks", Role.ADMINISTRATOR),
        ("Hủy phôi", "destroy_blanks", Role.ADMINISTRATOR),
        ("Ghi phôi hỏng", "spoil_blank", Role.CLERK),
        ("Sổ tháng", "stock_month", None),
    )
    return [
        {"label": label, "href": reverse(name)} for label, name, role in doors if role is None or request.user.is_(role)
    ]


def _listed(commune_id: int, form: FilterForm) -> list[Blank]:
    rows = Blank.objects.filter(commune_id=commune_id).select_related("result__case")
    if form.is_valid():
        chosen = form.cleaned_data
        rows = rows.filter(**{name: chosen[name] for name in ("kind", "state") if chosen[name]})
        rows = rows.filter(serial__contains=chosen["serial"]) if chosen["serial"] else rows
    else:
        rows = rows.exclude(state=Blank.State.RECEIVED)
    return list(rows.order_by(Greatest("used_at", "spoiled_at", "destroyed_at").desc(nulls_last=True), "pk")[:SHOWN])


def _shown(blank: Blank, *, with_case: bool) -> dict[str, Any]:
    moment = blank.destroyed_at or blank.spoiled_at or blank.used_at
    case = blank.result.case if blank.result else None
    return {
        "serial": blank.serial,
        "kind": blank.get_kind_display(),
        "state": blank.get_state_display(),
        "when": f"{timezone.localtime(moment):%d/%m/%Y}" if moment else f"nhận {blank.received_on:%d/%m/%Y}",
        "case": case.code if case and with_case else "",
        "case_href": reverse("case", args=[case.code]) if case and with_case else "",
        "words": " · ".join(word for word in (blank.reason, blank.minutes and f"biên bản {blank.minutes}") if word),
    }


def _owed(commune_id: int, today: date) -> list[dict[str, Any]]:
    rows = PaperOwed.objects.still().filter(commune_id=commune_id).select_related("result__case")
    return [
        {
            "code": owed.result.case.code,
            "href": reverse("hand_paper", args=[owed.result.case.code]),
            "name": owed.result.name,
            "due": f"{owed.due_on:%d/%m/%Y}",
            "is_late": owed.due_on < today,
        }
        for owed in rows[:SHOWN]
    ]


@require_http_methods(["GET", "POST"])
@only(Role.ADMINISTRATOR)
def receive_blanks(request: DeskRequest) -> HttpResponse:
    """A delivery: the packet's first and last serial."""
    form = ReceiveForm(request.POST or None)

    def act() -> str:
        chosen = dict(form.cleaned_data)
        made = stock.receive(chosen.pop("kind"), **chosen, by=request.user, at=timezone.now())
        return f"Đã nhập {len(made)} phôi, từ {made[0].serial} đến {made[-1].serial}."

    return _answered(request, form, act, title="Nhập phôi", lead="Mỗi phôi một số sê-ri; số đã có thì không nhập lại.")


@require_http_methods(["GET", "POST"])
@only(Role.CLERK)
def spoil_blank(request: DeskRequest) -> HttpResponse:
    """A blank that nobody can use any more; one that a result stands on is changed on the page of its case."""
    form = SpoilForm(request.POST or None)

    def act() -> str:
        chosen = form.cleaned_data
        blank = Blank.objects.filter(
            commune_id=_commune(request), kind=chosen["kind"], serial=chosen["serial"].strip()
        ).first()
        if blank is None:
            raise stock.StockRefused(f"Phôi {chosen['serial']} không có trong kho của xã. Xem lại số in trên phôi.")
        if blank.state == Blank.State.USED:
            raise stock.StockRefused(
                f"Phôi {blank.serial} đã gắn với một kết quả. Ghi hỏng ở trang trả kết quả của hồ sơ."
            )
        stock.spoil(blank, reason=chosen["reason"], by=request.user, at=timezone.now())
        return f"Đã ghi phôi {blank.serial} hỏng."

    return _answered(request, form, act, title="Ghi phôi hỏng", lead="Giữ lại phôi hỏng đến khi hủy có biên bản.")


@require_http_methods(["GET", "POST"])
@only(Role.ADMINISTRATOR)
def destroy_blanks(request: DeskRequest) -> HttpResponse:
    """What went through the shredder; the rows stay."""
    form = DestroyForm(request.POST or None)

    def act() -> str:
        chosen = {name: value.strip() for name, value in form.cleaned_data.items()}
        number = stock.destroy(chosen.pop("kind"), **chosen, by=request.user, at=timezone.now())
        return f"Đã ghi hủy {number} phôi theo biên bản {chosen['minutes']}."

    return _answered(
        request, form, act, title="Hủy phôi", lead="Phôi hỏng, hoặc phôi còn trắng theo mẫu không dùng nữa."
    )


def _answered(request: DeskRequest, form: forms.Form, act: Callable[[], str], *, title: str, lead: str) -> HttpResponse:
    """One form, one verb: back to the room with what was done, or the form again with what is wrong."""
    if request.method == "POST" and form.is_valid():
        try:
            done = act()
        except stock.StockRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, done)
            return redirect("stock")
    page = {"form": form, "title": title, "lead": lead, "back_href": reverse("stock")}
    return render(request, "stock/act.html", page, status=422 if form.is_bound else 200)


@require_GET
@only(Role.CLERK, Role.ADMINISTRATOR)
def stock_month(request: DeskRequest) -> HttpResponse:
    """The sheet of one month: what was there, came in, went out, is left; `?thang=2026-11`."""
    this = timezone.localdate().replace(day=1)
    first = _month(request.GET.get("thang", "")) or this
    firsts = [this]
    while len(firsts) < MONTHS:
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    page = {
        "month": f"{first:%m/%Y}",
        "is_running": first == this,
        "rows": stock.month(_commune(request), first),
        "months": [{"label": f"{day:%m/%Y}", "href": f"?thang={day:%Y-%m}", "current": day == first} for day in firsts],
        "back_href": reverse("stock"),
    }
    return render(request, "stock/month.html", page)


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


@require_http_methods(["GET", "POST"])
@only(Role.CLERK, Role.ADMINISTRATOR)
def blank_layout(request: DeskRequest, kind: str) -> HttpResponse:
    """Print the test sheet, hold it against a real blank, write down what is off: a new dated row."""
    found = _kind(kind)
    offsets = overprint.offsets_of(_commune(request), kind, timezone.localdate())
    form = LayoutForm(request.POST or None, kind=found, offsets=offsets)
    if request.method == "POST" and form.is_valid():
        stock.set_layout(
            kind,
            form.shifts,
            valid_from=form.cleaned_data["valid_from"],
            note=form.cleaned_data["note"],
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, "Đã ghi vị trí mới. In lại tờ thử để kiểm tra.")
        return redirect("blank_layout", kind)
    rows = BlankLayout.objects.filter(commune_id=_commune(request), kind=kind).select_related("by")
    page = {
        "kind": found,
        "size": f"{found.width:g} × {found.height:g} mm",
        "form": form,
        "test_href": reverse("test_sheet", args=[kind]),
        "picture_href": reverse("test_sheet_picture", args=[kind]),
        "history": [
            {"since": f"{row.valid_from:%d/%m/%Y}", "by": str(row.by), "note": row.note, "number": len(row.fields)}
            for row in rows.order_by("-valid_from", "-pk")[:10]
        ],
        "back_href": reverse("stock"),
    }
    return render(request, "stock/layout.html", page, status=422 if form.is_bound else 200)


@require_GET
@only(Role.CLERK, Role.ADMINISTRATOR)
def test_sheet(request: DeskRequest, kind: str) -> HttpResponse:
    """A grid and every place with its name, printed on plain paper of that size."""
    audit.record("print", "test_sheet", kind, by=request.user, at=timezone.now())
    return pdf(_sample(request, kind).pdf, f"to-thu-{kind}.pdf")


@require_GET
@only(Role.CLERK, Role.ADMINISTRATOR)
def test_sheet_picture(request: DeskRequest, kind: str) -> HttpResponse:
    return HttpResponse(_sample(request, kind).picture(700), content_type="image/png")


def _sample(request: DeskRequest, kind: str) -> Any:
    found = _kind(kind)
    return overprint.sample(found, overprint.offsets_of(_commune(request), kind, timezone.localdate()))


def _kind(key: str) -> BlankKind:
    if key not in KINDS:
        raise Http404
    return KINDS[key]


def _commune(request: DeskRequest) -> int:
    assert request.user.commune_id is not None, "who keeps stock belongs to a commune"
    return request.user.commune_id
