"""What is not confirmed: the list on screen and on paper, and the page on which the administrator rules on a point."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from oneshop import audit
from oneshop.keys import only
from oneshop.models import Commune
from oneshop.roles import DeskRequest, Role
from procedures import papers, rulings
from procedures.forms import RulingForm
from procedures.house_points import all_points
from procedures.models import Ruling
from procedures.papers.samples import Sample, samples_of
from procedures.rules.points import Point, Sort
from procedures.rulings import Group, Listed, Standing, groups, history, rule_on, standing_of
from procedures.views.desks.reception import pdf

READERS = (Role.CLERK, Role.SPECIALIST, Role.SIGNER, Role.ADMINISTRATOR)
LONGEST_LIST = 400_000  # characters of HTML: some 600 rows


@require_GET
@only(*READERS)
def points(request: DeskRequest) -> HttpResponse:
    """Everything in doubt with its place, by procedure; `con-lai` leaves out what is confirmed."""
    only_left = "con-lai" in request.GET
    found = groups(_commune(request).pk, timezone.localdate())
    shown = [group.remaining() if only_left else group for group in found]
    page = {
        "groups": [
            _shown_group(index, group, rules=request.user.is_(Role.ADMINISTRATOR))
            for index, group in enumerate(shown, start=1)
            if group.rows
        ],
        "only_left": only_left,
        "left": sum(group.left for group in found),
        "number": sum(len(group.rows) for group in found),
        "here": reverse("points"),
        "paper_href": f"{reverse('points_paper')}{'?con-lai' if only_left else ''}",
    }
    return render(request, "points/list.html", page)


def _shown_group(index: int, group: Group, *, rules: bool) -> dict[str, Any]:
    rows = [_shown_standing(row, rules=rules) for row in group.standings]
    rows += [_shown_listed(row, rules=rules) for row in group.listed]
    return {"id": f"nhom-{index}", "name": group.name, "left": group.left, "rows": rows}


def _shown_standing(row: Standing, *, rules: bool) -> dict[str, Any]:
    point = row.point
    return {
        "place": point.place,
        "value": point.said(row.value),
        "default": point.said(point.value) if row.value != point.value else "",
        "doubt": point.doubt,
        "ruled": _ruled(row.ruling) if row.ruling else "",
        "coming": [f"từ {ruling.valid_from:%d/%m/%Y}: {point.said(ruling.value)}" for ruling in row.coming],
        "is_settled": row.is_settled,
        "href": reverse("point", args=[point.key]),
        "door": "Quyết định" if rules else "Xem",
    }


def _shown_listed(row: Listed, *, rules: bool) -> dict[str, Any]:
    name, *args = row.door or ("",)
    may_go = bool(name) and (rules or name == "law")
    return {
        "place": row.place,
        "value": row.value,
        "doubt": row.doubt,
        "is_settled": row.is_settled,
        "href": reverse(name, args=args) if may_go else "",
        "door": "Xem" if name == "law" else "Sửa",
    }


def _ruled(ruling: Ruling) -> str:
    return f"{ruling.by}, từ {ruling.valid_from:%d/%m/%Y}; {ruling.source}"


@require_GET
@only(*READERS)
def points_paper(request: DeskRequest) -> HttpResponse:
    """The list as a paper, with room to write what the official form says."""
    commune, now = _commune(request), timezone.now()
    today = timezone.localdate(now)
    found = groups(commune.pk, today)
    if "con-lai" in request.GET:
        found = [group.remaining() for group in found]
    audit.record("print", "points", commune.code, by=request.user, at=now)
    sheet = papers.render("lists/points.html", paper_facts(commune, found, today), longest=LONGEST_LIST)
    return pdf(sheet.pdf, f"diem-chua-xac-minh-{today:%Y-%m-%d}.pdf")


def paper_facts(commune: Commune, found: list[Group], on: date) -> dict[str, object]:
    """What the printed list holds: one line a point, numbered through."""
    numbered = 0
    shown = []
    for group in found:
        rows = []
        for row in group.rows:
            numbered += 1
            rows.append(_printed(row) | {"number": numbered})
        if rows:
            shown.append({"name": group.name, "rows": rows})
    return papers.head_of(commune, on) | {
        "draft": False,
        "issued_on": on,
        "groups": shown,
        "number_of_points": numbered,
        "left": sum(group.left for group in found),
    }


def _printed(row: Standing | Listed) -> dict[str, Any]:
    match row:
        case Standing():
            ruled = _ruled(row.ruling) if row.ruling else ""
            value = row.point.said(row.value)
            return {
                "place": row.point.place,
                "value": value,
                "doubt": row.point.doubt,
                "ruled": ruled,
                "settled": row.is_settled,
            }
        case Listed():
            return {
                "place": row.place,
                "value": row.value,
                "doubt": row.doubt,
                "ruled": "",
                "settled": row.is_settled,
            }


@require_GET
@only(*READERS)
def point(request: DeskRequest, key: str) -> HttpResponse:
    """One point: what counts, what was ruled and why, how it looks on paper; while typing htmx asks for the paper."""
    found = _point(key)
    standing = standing_of(found, _commune(request).pk, timezone.localdate())
    form = RulingForm(point=found, value=standing.value) if request.user.is_(Role.ADMINISTRATOR) else None
    tried = found.meant(request.GET["value"]) if "value" in request.GET else standing.value
    name = "points/point.html#preview" if request.htmx else "points/point.html"
    return render(request, name, _page(request, standing, form, tried))


@require_POST
@only(Role.ADMINISTRATOR)
def rule_on_point(request: DeskRequest, key: str) -> HttpResponse:
    """The commune decides; refused, the form comes back with the reason at its field."""
    found, now = _point(key), timezone.now()
    standing = standing_of(found, _commune(request).pk, timezone.localdate(now))
    form = RulingForm(request.POST, point=found, value=standing.value)
    if form.is_valid():
        answers = form.cleaned_data
        try:
            ruling = rule_on(found, **answers, by=request.user, at=now)
        except rulings.RulingRefused as refused:
            form.add_error(refused.where or None, refused.sentence)
        else:
            since = "hôm nay" if ruling.valid_from == timezone.localdate(now) else f"ngày {ruling.valid_from:%d/%m/%Y}"
            messages.success(request, f"Đã ghi: {found.place}: {found.said(ruling.value)}, từ {since}.")
            return redirect("points")
    tried = found.meant(str(request.POST.get("value", "")))
    return render(request, "points/point.html", _page(request, standing, form, tried), status=422)


def _page(request: DeskRequest, standing: Standing, form: RulingForm | None, tried: str) -> dict[str, Any]:
    found = standing.point
    return {
        "place": found.place,
        "facts": [
            ("Đang dùng", found.said(standing.value)),
            ("Mặc định", found.said(found.value)),
            ("Điều chưa rõ", found.doubt),
            ("Xã đã quyết định", _ruled(standing.ruling) if standing.ruling else "chưa"),
            ("Đối chiếu mẫu chính thức", "rồi" if standing.is_settled else "chưa"),
        ],
        "counts": "từ ngày đó, cho mọi việc"
        if found.daily
        else "cho hồ sơ nhận từ ngày đó; hồ sơ đang mở giữ như lúc nhận",
        "history": [
            {
                "since": f"{row.valid_from:%d/%m/%Y}",
                "value": found.said(row.value),
                "by": str(row.by),
                "at": f"{timezone.localtime(row.at):%H:%M %d/%m/%Y}",
                "source": row.source,
                "is_confirmed": row.is_confirmed,
            }
            for row in reversed(history(found, _commune(request).pk))
        ],
        "form": form,
        "is_text": found.sort == Sort.TEXT,
        "rule_href": reverse("rule_on_point", args=[found.key]),
        "preview_href": reverse("point", args=[found.key]),
        "previews": _previews(request, found, tried),
        "tried": found.said(tried) if not found.fault(tried) else "",
        "back_href": reverse("points"),
    }


def _previews(request: DeskRequest, found: Point, tried: str) -> list[dict[str, str]]:
    return [
        {
            "name": sample.name,
            "href": f"{reverse('point_picture', args=[found.key, number])}?{urlencode({'value': tried})}",
        }
        for number, sample in enumerate(_samples(request, found, tried))
    ]


def _samples(request: DeskRequest, found: Point, tried: str) -> list[Sample]:
    if found.fault(tried):
        return []
    return samples_of(found, tried, by=request.user, at=timezone.now())


@require_GET
@only(*READERS)
def point_picture(request: DeskRequest, key: str, number: int) -> HttpResponse:
    """A paper of made-up people with the value tried."""
    found = _point(key)
    listed = _samples(request, found, found.meant(request.GET.get("value", found.value)))
    if number >= len(listed):
        raise Http404
    try:
        return HttpResponse(listed[number].sheet().picture(900), content_type="image/png")
    except papers.PaperFailed as failed:
        raise Http404 from failed


def _point(key: str) -> Point:
    known = all_points()
    if key not in known:
        raise Http404
    return known[key]


def _commune(request: DeskRequest) -> Commune:
    assert request.user.commune is not None, "rulings belong to a commune"
    return request.user.commune
