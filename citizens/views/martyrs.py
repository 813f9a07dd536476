"""The martyrs' files, for the specialist: find, enter, correct on a paper; and the book of visits to the graves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from citizens.forms.martyr import (
    BroughtBackForm,
    CorrectionForm,
    MartyrForm,
    MartyrSearchForm,
    PaidForm,
    RelativeForm,
    UnusedForm,
    WorshipEndForm,
    WorshipForm,
)
from citizens.models import FileChanged, GraveVisit, Martyr, MartyrRelative, WorshipGrant
from citizens.models.martyrs import NamedInFile, bring_back, citizen_with, correct, leave_unused, pay
from oneshop import audit
from oneshop.keys import only
from oneshop.roles import DeskRequest, Role

LISTED_AT_MOST = 50


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST, asks=True)
def martyrs(request: DeskRequest) -> HttpResponse:
    """All files by name, or those that a search finds."""
    form = MartyrSearchForm(request.POST or None)
    files = Martyr.objects.kept_by(request.user.commune_id)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    found = list((files.looked_for(text) if text else files.all())[:LISTED_AT_MOST])
    page = {
        "form": form,
        "query": text,
        "rows": [
            {
                "href": reverse("martyr", args=[row.pk]),
                "name": row.full_name,
                "native_place": row.native_place,
                "fell": row.death_text,
                "certificate": row.certificate_number or row.decision,
                "kept": row.kept_elsewhere or "Xã này",
            }
            for row in found
        ],
        "is_full": len(found) == LISTED_AT_MOST,
        "new_href": reverse("new_martyr"),
        "book_href": reverse("grave_visits"),
    }
    return render(request, "records/martyrs.html", page)


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def new_martyr(request: DeskRequest) -> HttpResponse:
    """Enter an old file, or the extract of one that another commune manages."""
    form = MartyrForm(request.POST or None, commune_id=request.user.commune_id)
    if request.method == "POST" and form.is_valid():
        row = form.save(commit=False)
        row.commune_id = request.user.commune_id
        row.recorded_at, row.recorded_by = timezone.now(), request.user
        row.save()
        audit.record("record", "martyr", row.pk, by=request.user, at=row.recorded_at)
        messages.success(request, "Đã ghi hồ sơ liệt sĩ. Ghi tiếp thân nhân và người thờ cúng.")
        return redirect("martyr", row.pk)
    return _edit(request, form, title="Ghi hồ sơ liệt sĩ", back=reverse("martyrs"))


@require_GET
@only(Role.SPECIALIST)
def martyr(request: DeskRequest, pk: int) -> HttpResponse:
    """One file: facts, grave, people, visits, corrections. The look is written down."""
    row = _file(request, pk)
    audit.record("look", "martyr", row.pk, by=request.user, at=timezone.now())
    page = {
        "martyr": {"name": row.full_name, "kept": row.kept_elsewhere},
        "facts": _facts(row),
        "grave": _grave(row),
        "relatives": [_shown_relative(relative) for relative in row.relatives.select_related("citizen")],
        "worships": [_shown_worship(worship) for worship in row.worships.select_related("citizen")],
        "visits": [_shown_visit(visit) for visit in row.visits.select_related("martyr").order_by("-issued_on", "-pk")],
        "amendments": row.amendments.select_related("by")[:20],
        "amend_href": reverse("amend_martyr", args=[pk]),
        "relative_href": reverse("new_martyr_relative", args=[pk]),
        "worship_href": reverse("new_worship", args=[pk]),
        "back_href": reverse("martyrs"),
    }
    return render(request, "records/martyr.html", page)


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def amend_martyr(request: DeskRequest, pk: int) -> HttpResponse:
    """Correct the file on a paper; a colleague's change in between is shown, not overwritten (F-09)."""
    row = _file(request, pk)
    form = MartyrForm(request.POST or None, instance=row, commune_id=request.user.commune_id)
    if request.method == "POST" and form.is_valid() and _corrected(request, form, row):
        return redirect("martyr", pk)
    return _edit(request, form, title="Sửa hồ sơ liệt sĩ", back=reverse("martyr", args=[pk]), name=row.full_name)


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def new_martyr_relative(request: DeskRequest, pk: int) -> HttpResponse:
    """Add a relative whom a paper of the file names."""
    row = _file(request, pk)
    form = RelativeForm(request.POST or None, martyr=row)
    if request.method == "POST" and form.is_valid():
        _added(request, row, form.save(commit=False))
        return redirect("martyr", pk)
    return _edit(request, form, title="Thêm thân nhân", back=reverse("martyr", args=[pk]), name=row.full_name)


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def amend_martyr_relative(request: DeskRequest, pk: int) -> HttpResponse:
    """Correct a relative, or strike out one written by mistake."""
    relatives = MartyrRelative.objects.select_related("martyr", "citizen")
    relative = get_object_or_404(relatives, pk=pk, commune_id=request.user.commune_id)
    form = RelativeForm(request.POST or None, instance=relative, martyr=relative.martyr)
    if request.method == "POST" and form.is_valid() and _corrected(request, form, relative):
        return redirect("martyr", relative.martyr_id)
    back = reverse("martyr", args=[relative.martyr_id])
    return _edit(request, form, title="Sửa thân nhân", back=back, name=relative.martyr.full_name)


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def new_worship(request: DeskRequest, pk: int) -> HttpResponse:
    """Who holds the worship allowance now; only when nobody does."""
    row = _file(request, pk)
    form = WorshipForm(request.POST or None, martyr=row)
    if request.method == "POST" and form.is_valid():
        if row.worships.filter(ended_on=None).exists():
            form.add_error(None, "Còn người đang hưởng trợ cấp thờ cúng: ghi thôi hưởng trước.")
        else:
            _added(request, row, form.save(commit=False))
            return redirect("martyr", pk)
    title, back = "Người hưởng trợ cấp thờ cúng", reverse("martyr", args=[pk])
    return _edit(request, form, title=title, back=back, name=row.full_name)


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def amend_worship(request: DeskRequest, pk: int) -> HttpResponse:
    """Correct what the file says of the allowance."""
    worship = _worship(request, pk)
    form = WorshipForm(request.POST or None, instance=worship, martyr=worship.martyr)
    if request.method == "POST" and form.is_valid() and _corrected(request, form, worship):
        return redirect("martyr", worship.martyr_id)
    title, back = "Sửa người hưởng trợ cấp thờ cúng", reverse("martyr", args=[worship.martyr_id])
    return _edit(request, form, title=title, back=back, name=worship.martyr.full_name)


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def end_worship(request: DeskRequest, pk: int) -> HttpResponse:
    """The allowance stops by a paper; the row stays."""
    worship = _worship(request, pk)
    form = WorshipEndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        paper, now = form.cleaned_data["paper"], timezone.now()
        changes = {"ended_on": form.cleaned_data["ended_on"], "ended_paper": paper}
        for line in correct(worship, changes, paper=paper, by=request.user, at=now):
            audit.record("amend", "martyr", worship.martyr_id, by=request.user, at=now, why=line.field)
        messages.success(request, "Đã ghi thôi hưởng trợ cấp thờ cúng.")
        return redirect("martyr", worship.martyr_id)
    title, back = "Thôi hưởng trợ cấp thờ cúng", reverse("martyr", args=[worship.martyr_id])
    return _edit(request, form, title=title, back=back, name=worship.full_name)


@require_GET
@only(Role.SPECIALIST)
def grave_visits(request: DeskRequest) -> HttpResponse:
    """Sổ theo dõi of one year, line by line (social-affairs.md 6.6)."""
    commune_id, asked = request.user.commune_id, request.GET.get("nam", "")
    this_year = timezone.localdate().year
    year = int(asked) if asked.isdigit() and len(asked) == 4 else this_year
    rows = [_shown_visit(visit) for visit in GraveVisit.objects.of_year(commune_id, year)]
    page = {
        "year": year,
        "years": sorted({this_year, year, *GraveVisit.objects.years(commune_id)}, reverse=True),
        "rows": rows,
        "paid": _money(sum(row["amount"] or 0 for row in rows)),
        "back_href": reverse("martyrs"),
    }
    audit.record("look", "grave_visits", year, by=request.user, at=timezone.now())
    return render(request, "records/grave_visits.html", page)


ACTS: dict[str, tuple[type[forms.Form], str]] = {
    "brought_back": (BroughtBackForm, "Ghi giấy đã nộp lại"),
    "paid": (PaidForm, "Ghi đã chi hỗ trợ"),
    "unused": (UnusedForm, "Ghi giấy không sử dụng"),
}


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def grave_visit(request: DeskRequest, pk: int) -> HttpResponse:
    """One line of the book: what the visitor brought back, what was paid, or that nobody went."""
    rows = GraveVisit.objects.select_related("martyr")
    visit = get_object_or_404(rows, pk=pk, commune_id=request.user.commune_id)
    may = _may(visit)
    said = request.POST.get("act", "")
    bound = {act: _visit_form(visit, act, request.POST if act == said else None) for act in may}
    if request.method == "POST" and said in bound and bound[said].is_valid():
        try:
            with transaction.atomic():
                _carry_out(visit, said, bound[said].cleaned_data, request)
        except FileChanged:
            messages.warning(request, "Đồng nghiệp vừa ghi dòng này. Xem lại.")
        else:
            messages.success(request, "Đã ghi vào Sổ theo dõi.")
        return redirect("grave_visit", pk)
    page = {
        "visit": _shown_visit(visit),
        "facts": _visit_facts(visit),
        "acts": [{"key": act, "label": ACTS[act][1], "form": bound[act], "main": act == may[0]} for act in may],
        "martyr_href": reverse("martyr", args=[visit.martyr_id]),
        "back_href": f"{reverse('grave_visits')}?nam={visit.year}",
    }
    return render(request, "records/grave_visit.html", page, status=422 if request.method == "POST" else 200)


def _may(visit: GraveVisit) -> list[str]:
    """What can still be written into this line, the likely first."""
    if visit.unused_on or visit.paid_on:
        return []
    if visit.returned_on:
        return ["paid", "brought_back"] if visit.supported else ["brought_back"]
    return ["brought_back", "unused"] if visit.letter_number else ["unused"]


def _visit_form(visit: GraveVisit, act: str, posted: Any) -> forms.Form:
    kind = ACTS[act][0]
    facts: dict[str, Any] = {} if act == "unused" else {"visit": visit}
    known = {"returned_on": visit.returned_on, "kilometres": visit.kilometres} if visit.returned_on else {}
    return kind(posted, initial=known, prefix=act, **facts)


def _carry_out(visit: GraveVisit, act: str, said: dict[str, Any], request: DeskRequest) -> None:
    by = request.user
    doing: dict[str, Callable[[], None]] = {
        "brought_back": lambda: bring_back(visit, on=said["returned_on"], kilometres=said["kilometres"], by=by),
        "paid": lambda: pay(visit, on=said["paid_on"], amount=said["amount"], by=by),
        "unused": lambda: leave_unused(visit, on=said["unused_on"], by=by),
    }
    doing[act]()
    audit.record(act, "grave_visit", visit.pk, by=by, at=timezone.now())


def _file(request: DeskRequest, pk: int) -> Martyr:
    found: Martyr = get_object_or_404(Martyr.objects.kept_by(request.user.commune_id), pk=pk)
    return found


def _worship(request: DeskRequest, pk: int) -> WorshipGrant:
    rows = WorshipGrant.objects.select_related("martyr", "citizen")
    return get_object_or_404(rows, pk=pk, commune_id=request.user.commune_id, ended_on=None)


def _edit(
    request: DeskRequest, form: forms.Form | CorrectionForm, *, title: str, back: str, name: str = ""
) -> HttpResponse:
    page = {"form": form, "title": title, "name": name, "back_href": back}
    return render(request, "records/edit.html", page, status=422 if form.is_bound else 200)


def _added(request: DeskRequest, row: Martyr, person: NamedInFile) -> None:
    """Somebody new in the file, linked to the commune's records where the number is known there."""
    person.martyr, person.commune_id = row, row.commune_id  # type: ignore[attr-defined]
    person.citizen = citizen_with(person.identity_number, row.commune_id)
    person.save()
    audit.record("amend", "martyr", row.pk, by=request.user, at=timezone.now(), why=f"thêm {type(person).__name__}")
    messages.success(request, "Đã ghi.")


def _corrected(request: DeskRequest, form: CorrectionForm, row: Martyr | MartyrRelative | WorshipGrant) -> bool:
    """Write the correction; false where a colleague was faster, which the form then says."""
    row.version, now = form.cleaned_data["version"], timezone.now()
    try:
        with transaction.atomic():
            made = correct(row, form.changes, paper=form.cleaned_data["paper"], by=request.user, at=now)
            key = row.pk if isinstance(row, Martyr) else row.martyr_id
            for line in made:
                audit.record("amend", "martyr", key, by=request.user, at=now, why=line.field)
    except FileChanged as changed:
        last = changed.last
        who = f"{last.by} lúc {timezone.localtime(last.at):%H:%M}" if last else "Người khác"
        what = f" ({last.field}: {last.after})" if last else ""
        form.add_error(None, f"{who} vừa sửa hồ sơ này{what}. Mở lại trang để sửa tiếp.")
        return False
    messages.success(request, "Đã lưu." if made else "Không có gì thay đổi.")
    return True


def _facts(row: Martyr) -> list[tuple[str, str]]:
    return [
        ("Quê quán", row.native_place),
        ("Đơn vị khi hy sinh", row.unit),
        ("Cấp bậc, chức vụ", row.rank),
        ("Ngày hy sinh", row.death_text),
        ("Nơi hy sinh", row.death_place + ("" if row.died_in_country else " (ngoài nước)")),
        ("Căn cứ về nơi hy sinh", row.death_place_paper),
        ("Bằng “Tổ quốc ghi công”", row.certificate_number),
        ("Quyết định cấp bằng", row.decision),
        ("Hồ sơ gốc", row.kept_elsewhere or "Xã này quản lý"),
    ]


def _grave(row: Martyr) -> list[tuple[str, str]]:
    return [
        ("Danh sách nghĩa trang", "Có tên" if row.in_cemetery_list else "Chưa có tên"),
        ("Nghĩa trang", row.cemetery),
        ("Vị trí mộ", row.grave_location),
        ("Xã, phường", row.grave_commune),
        ("Tỉnh, thành phố", row.grave_province),
    ]


def _shown_relative(row: MartyrRelative) -> dict[str, Any]:
    value = row.as_value()
    return {
        "href": reverse("amend_martyr_relative", args=[row.pk]),
        "name": value.full_name,
        "relation": value.words,
        "is_kin": value.relation.is_kin,
        "born": value.birth_text,
        "number": value.identity_number,
        "basis": row.basis,
        "struck": row.struck_paper,
        "dead": not value.is_alive,
    }


def _shown_worship(row: WorshipGrant) -> dict[str, Any]:
    value = row.as_value()
    is_current = row.ended_on is None
    return {
        "name": value.full_name,
        "relation": row.relation_text,
        "number": value.identity_number,
        "decision": row.decision,
        "decided_on": row.decided_on,
        "ended": "" if row.ended_on is None else f"{row.ended_on:%d/%m/%Y}, {row.ended_paper}",
        "amend_href": reverse("amend_worship", args=[row.pk]) if is_current else "",
        "end_href": reverse("end_worship", args=[row.pk]) if is_current else "",
    }


def _shown_visit(row: GraveVisit) -> dict[str, Any]:
    return {
        "href": reverse("grave_visit", args=[row.pk]),
        "numbers": [number for number in (row.application_number, row.letter_number) if number],
        "on": row.issued_on,
        "applicant": row.applicant_name,
        "relation": row.relation,
        "martyr": row.martyr.full_name,
        "place": row.place,
        "people": len(row.persons),
        "supported": row.supported,
        "kilometres": row.kilometres,
        "returned_on": row.returned_on,
        "amount": row.amount,
        "amount_text": _money(row.amount) if row.amount else "",
        "paid_on": row.paid_on,
        "unused_on": row.unused_on,
        "signer": row.signer,
    }


def _visit_facts(row: GraveVisit) -> list[tuple[str, str]]:
    expected = row.expected
    return [
        ("Số xác nhận đơn", row.application_number),
        ("Số giấy giới thiệu", row.letter_number),
        ("Ngày ký, người ký", f"{row.issued_on:%d/%m/%Y}, {row.signer}"),
        ("Người đề nghị", f"{row.applicant_name}, {row.relation}"),
        ("Những người đi", "; ".join(row.persons)),
        ("Số người được hỗ trợ", str(row.supported) if row.supported else "Không đề nghị hỗ trợ"),
        ("Nơi có mộ", row.place),
        ("Nộp lại giấy có xác nhận", f"{row.returned_on:%d/%m/%Y}" if row.returned_on else ""),
        ("Khoảng cách một lượt", f"{row.kilometres} km" if row.kilometres else ""),
        (
            "Mức hỗ trợ tính được",
            f"{_money(expected)} ({row.kilometres} km × {row.supported} người, một lượt)" if expected else "",
        ),
        ("Đã chi", f"{_money(row.amount)}, ngày {row.paid_on:%d/%m/%Y}" if row.amount and row.paid_on else ""),
        ("Không sử dụng", f"nộp lại ngày {row.unused_on:%d/%m/%Y}" if row.unused_on else ""),
    ]


def _money(amount: int | None) -> str:
    return f"{amount or 0:,} đồng".replace(",", ".")
