"""Disability files for the specialist: find, open, type in an old one, correct, and the register of the year.

Sensitive data (social-affairs.md 8): only specialists open these pages, each look says why and stands in the diary.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from citizens.disability import ABILITIES, ACTIVITIES, SEVERE_SIGNS, TYPE_LABELS, CardStatus
from citizens.forms import WhyForm
from citizens.forms.disability import (
    DETERMINED,
    AmendFileForm,
    ConclusionForm,
    OldFileForm,
    RepresentativeForm,
    SearchForm,
    SettleForm,
)
from citizens.models import (
    Citizen,
    DisabilityCard,
    DisabilityConclusion,
    DisabilityFileChanged,
    DisabilityRecord,
    DisabilityRepresentative,
    amend_disability,
    settle_conclusion,
)
from citizens.views.people import looks_because, purpose_of
from oneshop import audit
from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures.models import Result

SHOWN_AT_MOST = 50
KIND = "disability"
"""How the diary calls a file, and how Result calls the card."""


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST, asks=True)
def files(request: DeskRequest) -> HttpResponse:
    """Look for a file. Nobody is listed unasked, and the list says no type and no severity."""
    form = SearchForm(request.POST or None)
    kept = DisabilityRecord.objects.kept_by(request.user.commune_id)
    text = form.cleaned_data["text"] if form.is_bound and form.is_valid() else ""
    found = list(kept.named(text).select_related("citizen")[:SHOWN_AT_MOST]) if text else []
    if text:
        audit.record("search", KIND, "", by=request.user, at=timezone.now(), why=f"{len(found)} hồ sơ")
    page = {
        "form": form,
        "query": text,
        "count": kept.count(),
        "rows": [
            {
                "href": reverse("disability_file", args=[record.pk]),
                "name": record.citizen.full_name,
                "born": record.citizen.birth_text,
                "identity": record.citizen.masked_number,
            }
            for record in found
        ],
        "is_full": len(found) == SHOWN_AT_MOST,
        "new_href": reverse("new_disability_file"),
        "register_href": reverse("disability_register", args=[timezone.localdate().year]),
    }
    return render(request, "records/disability_files.html", page)


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def new_file(request: DeskRequest) -> HttpResponse:
    """Type in a file that lies in the cupboard or came from another commune."""
    form = OldFileForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (record := _kept_anew(request, form)):
        looks_because(request, record.citizen_id, "nhập hồ sơ khuyết tật")
        messages.success(request, "Đã lưu hồ sơ khuyết tật.")
        return redirect("disability_file", record.pk)
    page = {"form": form, "title": "Nhập hồ sơ khuyết tật đang lưu giữ", "back_href": reverse("disability_files")}
    return render(request, "records/disability_edit.html", page, status=422 if form.is_bound else 200)


def _kept_anew(request: DeskRequest, form: OldFileForm) -> DisabilityRecord | None:
    """The new file with its card; None with an error on the form."""
    assert request.user.commune is not None, "specialists belong to a commune"
    answers, now = form.cleaned_data, timezone.now()
    citizen = Citizen.objects.filter(identity_number=answers["identity_number"]).first()
    if citizen is None:
        form.add_error("identity_number", "Chưa có người này trong dữ liệu công dân của xã. Ghi công dân ở quầy trước.")
        return None
    try:
        with transaction.atomic():
            record: DisabilityRecord = DisabilityRecord.objects.create(
                commune=request.user.commune,
                citizen=citizen,
                source=answers["source"],
                recorded_at=now,
                recorded_by=request.user,
                **{name: answers[name] for name in DETERMINED},
            )
    except IntegrityError:
        form.add_error("identity_number", "Người này đã có hồ sơ khuyết tật tại xã. Mở hồ sơ đó để sửa.")
        return None
    DisabilityCard.objects.create(
        commune_id=record.commune_id,
        record=record,
        number=answers["card_number"],
        issued_on=answers["card_issued_on"],
        signer=answers["card_signer"],
        types=record.types,
        level=record.level,
        full_name=answers["card_full_name"],
        birth_text=answers["card_birth_text"],
        sex=answers["card_sex"],
        residence=answers["card_residence"],
        note=f"Nhập từ hồ sơ lưu: {record.source}"[:300],
    )
    audit.record("record", KIND, record.pk, by=request.user, at=now, why=record.source)
    return record


@require_GET
@only(Role.SPECIALIST)
def file(request: DeskRequest, pk: int) -> HttpResponse:
    """One file whole. Without an open case and without a purpose it stays closed."""
    record = _record(request, pk)
    if not (purpose := purpose_of(request, record.citizen)):
        page = {"form": WhyForm(), "why_href": reverse("disability_why", args=[pk])}
        return render(request, "citizens/why.html", page)
    audit.record("look", KIND, record.pk, by=request.user, at=timezone.now(), why=purpose)
    return _file_page(request, record)


@require_POST
@only(Role.SPECIALIST)
def why(request: DeskRequest, pk: int) -> HttpResponse:
    """Why the file is opened, for the diary."""
    record = _record(request, pk)
    form = WhyForm(request.POST)
    if not form.is_valid():
        page = {"form": form, "why_href": reverse("disability_why", args=[pk])}
        return render(request, "citizens/why.html", page, status=422)
    looks_because(request, record.citizen_id, form.purpose)
    return redirect("disability_file", pk)


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def amend_file(request: DeskRequest, pk: int) -> HttpResponse:
    """Correct what was typed from the paper; the cards already issued stay as they were printed."""
    record = _record(request, pk)
    if not purpose_of(request, record.citizen):
        return redirect("disability_file", pk)
    form = AmendFileForm(
        request.POST or None, initial={name: getattr(record, name) for name in (*DETERMINED, "version")}
    )
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        record.version = form.cleaned_data["version"]
        try:
            with transaction.atomic():
                made = amend_disability(
                    record,
                    {name: form.cleaned_data[name] for name in DETERMINED},
                    paper=form.cleaned_data["paper"],
                    by=request.user,
                    at=now,
                )
                for line in made:
                    audit.record("amend", KIND, record.pk, by=request.user, at=now, why=line.field)
        except DisabilityFileChanged:
            form.add_error(None, "Người khác vừa sửa hồ sơ này. Mở lại trang rồi sửa tiếp.")
        else:
            messages.success(request, "Đã lưu." if made else "Không có gì thay đổi.")
            return redirect("disability_file", pk)
    elif request.method == "GET":
        audit.record("look", KIND, record.pk, by=request.user, at=timezone.now(), why="sửa hồ sơ")
    page = {
        "form": form,
        "title": "Sửa hồ sơ khuyết tật",
        "name": record.citizen.full_name,
        "back_href": reverse("disability_file", args=[pk]),
    }
    return render(request, "records/disability_edit.html", page, status=422 if form.is_bound else 200)


@require_POST
@only(Role.SPECIALIST)
def represent(request: DeskRequest, pk: int) -> HttpResponse:
    """Record who acts for the person by law."""
    record = _record(request, pk)
    form = RepresentativeForm(request.POST, prefix="represent")
    if not form.is_valid():
        return _file_page(request, record, represent_form=form)
    now = timezone.now()
    DisabilityRepresentative.objects.create(
        commune_id=record.commune_id, record=record, by=request.user, at=now, **form.cleaned_data
    )
    audit.record("represent", KIND, record.pk, by=request.user, at=now, why=form.cleaned_data["paper"])
    messages.success(request, "Đã ghi người đại diện.")
    return redirect("disability_file", pk)


@require_POST
@only(Role.SPECIALIST)
def end_representation(request: DeskRequest, pk: int, number: int) -> HttpResponse:
    """From today on this representative no longer acts; the line stays."""
    record, now = _record(request, pk), timezone.now()
    lasting = DisabilityRepresentative.objects.filter(record=record, pk=number, ended_on=None)
    if lasting.update(ended_on=timezone.localdate(now)):
        audit.record("end_representation", KIND, record.pk, by=request.user, at=now)
        messages.success(request, "Đã ghi thôi đại diện.")
    return redirect("disability_file", pk)


@require_POST
@only(Role.SPECIALIST)
def conclude(request: DeskRequest, pk: int) -> HttpResponse:
    """A competent body has said in writing that the card is wrong: no exchange until it is settled."""
    record = _record(request, pk)
    form = ConclusionForm(request.POST, prefix="conclude")
    if not form.is_valid():
        return _file_page(request, record, conclude_form=form)
    now = timezone.now()
    DisabilityConclusion.objects.create(
        commune_id=record.commune_id, record=record, by=request.user, at=now, **form.cleaned_data
    )
    audit.record("conclude", KIND, record.pk, by=request.user, at=now, why=form.cleaned_data["paper"])
    messages.success(request, "Đã ghi kết luận. Chủ tịch quyết định thu hồi trong 05 ngày làm việc.")
    return redirect("disability_file", pk)


@require_POST
@only(Role.SPECIALIST)
def settle(request: DeskRequest, pk: int, number: int) -> HttpResponse:
    """The decision that withdraws the card, or the paper that takes the conclusion back."""
    record = _record(request, pk)
    conclusion = get_object_or_404(DisabilityConclusion, pk=number, record=record)
    form = SettleForm(request.POST, prefix=f"settle-{number}")
    if not form.is_valid():
        return _file_page(request, record, settle_form=form, settled=number)
    answers, now = form.cleaned_data, timezone.now()
    try:
        with transaction.atomic():
            settle_conclusion(
                conclusion, outcome=answers["outcome"], paper=answers["paper"], on=answers["on"], by=request.user
            )
            audit.record(answers["outcome"], KIND, record.pk, by=request.user, at=now, why=answers["paper"])
    except DisabilityFileChanged:
        messages.warning(request, "Kết luận này đã được xử lý.")
    else:
        messages.success(request, "Đã ghi việc xử lý kết luận.")
    return redirect("disability_file", pk)


@require_GET
@only(Role.SPECIALIST)
def register(request: DeskRequest, year: int) -> HttpResponse:
    """Sổ theo dõi cấp Giấy xác nhận khuyết tật of one year (social-affairs.md 5.6). The look is written down."""
    assert request.user.commune_id is not None, "specialists belong to a commune"
    audit.record("look", "disability_register", year, by=request.user, at=timezone.now())
    cards = (
        DisabilityCard.objects.filter(commune_id=request.user.commune_id, issued_on__year=year)
        .select_related("record__citizen")
        .prefetch_related("record__cards")
        .order_by("register_number", "issued_on", "pk")
    )
    results = Result.objects.filter(
        commune_id=request.user.commune_id, kind="disability_card", year=year
    ).select_related("case")
    receivers = dict(results.values_list("number", "case__given_out_to"))
    page = {
        "year": year,
        "rows": [_line(card, receivers) for card in cards],
        "before_href": reverse("disability_register", args=[year - 1]),
        "after_href": reverse("disability_register", args=[year + 1]) if year < timezone.localdate().year else "",
        "back_href": reverse("disability_files"),
    }
    return render(request, "records/disability_register.html", page)


def _line(card: DisabilityCard, receivers: dict[int, str]) -> dict[str, str]:
    citizen, record = card.record.citizen, card.record
    before = [other for other in record.cards.all() if other.times < card.times and other.status != CardStatus.VOID]
    fell = f"{card.get_status_display()} ngày {card.status_on:%d/%m/%Y}" if card.status == CardStatus.VOID else ""
    again = f" (lần {card.times})" if card.times else ""
    return {
        "line": f"{card.register_number:02}" if card.register_number else "–",
        "number": card.number,
        "name": card.full_name or citizen.full_name,
        "born": card.birth_text or citizen.birth_text,
        "sex": card.sex or citizen.get_sex_display(),
        "identity": citizen.identity_number,
        "residence": card.residence,
        "types": "; ".join(label for kind, label in TYPE_LABELS.items() if kind in card.types),
        "level": card.get_level_display(),
        "decision": record.decision + (f", {record.determined_on:%d/%m/%Y}" if record.determined_on else ""),
        "kind": card.get_kind_display() + again,
        "reason": card.reason,
        "old_number": before[-1].number if before else "",
        "signed_on": f"{card.issued_on:%d/%m/%Y}",
        "signer": card.signer,
        "receiver": receivers.get(card.register_number or 0, ""),
        "note": "; ".join(part for part in (card.note, fell) if part),
    }


def _record(request: DeskRequest, pk: int) -> DisabilityRecord:
    kept = DisabilityRecord.objects.kept_by(request.user.commune_id).for_reading()
    record: DisabilityRecord = get_object_or_404(kept, pk=pk)
    return record


def _file_page(request: DeskRequest, record: DisabilityRecord, **bound: Any) -> HttpResponse:
    """The page of a file; `bound` holds the one form that was not understood."""
    citizen, kept = record.citizen, record.as_value()
    sign = record.exempt_sign
    last = kept.last_card
    page: dict[str, Any] = {
        "name": citizen.full_name,
        "identity": citizen.identity_number,
        "born": citizen.birth_text,
        "citizen_href": reverse("citizen", args=[citizen.pk]),
        "amend_href": reverse("amend_disability_file", args=[record.pk]),
        "back_href": reverse("disability_files"),
        "incomplete": not kept.is_complete,
        "revoked": bool(last and last.status == CardStatus.REVOKED),
        "open_conclusions": len(kept.open_conclusions()),
        "facts": [
            ("Dạng khuyết tật", kept.types_text),
            ("Mức độ", record.get_level_display()),
            ("Biên bản kết luận", record.decision),
            ("Ngày kết luận", f"{record.determined_on:%d/%m/%Y}" if record.determined_on else ""),
            ("Phiếu xác định", record.get_sheet_display()),
            ("Dấu hiệu Mục IV", f"{sign} {SEVERE_SIGNS.get(sign, '')}" if sign else ""),
            ("Biểu hiện (Mục III.1)", ", ".join(record.lines)),
            ("Hoạt động (Mục III.2)", "; ".join(_activities(record.activities))),
            ("Nguồn hồ sơ", record.source),
        ],
        "cards": [
            {
                "number": card.number,
                "kind": card.get_kind_display() + (f", lần {card.times}" if card.times else ""),
                "issued": f"{card.issued_on:%d/%m/%Y}",
                "signer": card.signer,
                "status": card.get_status_display(),
                "status_on": f"{card.status_on:%d/%m/%Y}" if card.status_on else "",
                "paper": card.status_paper,
                "is_active": card.status == CardStatus.ACTIVE,
            }
            for card in record.cards.all()
        ],
        "representatives": [
            {
                "name": row.full_name,
                "identity": row.identity_number,
                "ground": row.get_ground_display(),
                "paper": row.paper,
                "ended": f"{row.ended_on:%d/%m/%Y}" if row.ended_on else "",
                "end_href": "" if row.ended_on else reverse("end_representation", args=[record.pk, row.pk]),
            }
            for row in record.representatives.all()
        ],
        "conclusions": [
            _shown_conclusion(record, row, bound.get("settle_form") if bound.get("settled") == row.pk else None)
            for row in record.conclusions.all()
        ],
        "amendments": [
            {
                "when": _moment(row.at),
                "who": str(row.by),
                "field": _field_label(row.field),
                "before": row.before or "–",
                "after": row.after or "–",
                "paper": row.paper,
            }
            for row in record.amendments.select_related("by").order_by("-at", "-pk")
        ],
        "represent_form": bound.get("represent_form") or RepresentativeForm(prefix="represent"),
        "represent_href": reverse("represent", args=[record.pk]),
        "conclude_form": bound.get("conclude_form") or ConclusionForm(prefix="conclude"),
        "conclude_href": reverse("conclude", args=[record.pk]),
        "has_errors": bool(bound),
    }
    return render(request, "records/disability_file.html", page, status=422 if bound else 200)


def _shown_conclusion(record: DisabilityRecord, row: DisabilityConclusion, form: forms.Form | None) -> dict[str, Any]:
    settled = (
        f"{row.get_outcome_display()} ngày {row.settled_on:%d/%m/%Y}, {row.settled_paper}" if row.settled_on else ""
    )
    return {
        "paper": row.paper,
        "received": f"{row.received_on:%d/%m/%Y}",
        "settled": settled,
        "href": reverse("settle_conclusion", args=[record.pk, row.pk]),
        "form": None if row.settled_on else form or SettleForm(prefix=f"settle-{row.pk}"),
    }


def _activities(columns: list[str]) -> list[str]:
    """Only what is not simply done: `Đi lại: thực hiện được nhưng cần trợ giúp`."""
    return [
        f"{text.partition('. ')[2]}: {ABILITIES[key][0].lower()}{ABILITIES[key][1:]}"
        for text, key in zip(ACTIVITIES, columns, strict=False)
        if key != "can"
    ]


def _field_label(name: str) -> str:
    return str(DisabilityRecord._meta.get_field(name).verbose_name).capitalize()  # type: ignore[union-attr]


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M %d/%m/%Y}"
