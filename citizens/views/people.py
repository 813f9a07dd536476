"""Find, scan, open, amend. A look at a person is written into the diary."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from citizens import identity_card
from citizens.forms import AmendForm, CitizenForm, ScanForm, WhyForm
from citizens.identity_card import Card, NumberOnly, Refused, Typed
from citizens.models import Citizen, RecordChanged, Residence, Visit, amend
from citizens.person import MaritalStatus
from oneshop import audit, walls
from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures.catalogue import catalogue
from procedures.checking.public_link import ALPHABET
from procedures.law.offers import not_offered, sentence
from procedures.models import Case, Draft
from procedures.rules import Application, judge
from procedures.rules.civil_status import PAPERLESS
from procedures.states import OPEN, State
from procedures.views.desks.scans import note_scan
from procedures.views.shown import findings_of, rows_of
from procedures.wordings.marital import status_wording

FOUND_AT_MOST = 25


@require_POST
@only(Role.CLERK, asks=True)
def scan(request: DeskRequest) -> HttpResponse:
    """Whatever the box holds: a card opens the person or a new record, a number or name finds, a code opens a case."""
    form = ScanForm(request.POST)
    if not form.is_valid():
        return _not_read(request, Refused("Quét thẻ, hoặc gõ số định danh, mã hồ sơ, họ tên."))
    reading = identity_card.read(form.cleaned_data["text"], today=timezone.localdate())
    match reading:
        case Card():
            return _open(request, reading.identity_number) or _new(request, draft_of(reading), reading)
        case NumberOnly():
            return _open(request, reading.identity_number) or _new(
                request, {"identity_number": reading.identity_number}, reading
            )
        case Typed(kind="number"):
            return _open(request, reading.text) or _new(request, {"identity_number": reading.text}, None)
        case Typed(kind="old_number"):
            found = Citizen.objects.kept_by(request.user.commune_id).filter(old_number=reading.text)
            return _listed(request, reading.text, list(found[:FOUND_AT_MOST]))
        case Typed(kind="case_code" | "link"):
            return _case(request, reading.text)
        case Typed():
            here = Citizen.objects.kept_by(request.user.commune_id)
            return _listed(request, reading.text, here.best_named(reading.text, at_most=FOUND_AT_MOST))
    return _not_read(request, reading)


def find(request: DeskRequest, number: str) -> Citizen | None:
    """The person behind a full number, wherever the record is kept; a look at another commune's is logged."""
    commune_id = request.user.commune_id
    assert commune_id is not None, "clerks belong to a commune"
    with walls.within(commune_id, scanned=number, officer_id=request.user.pk):
        citizen = Citizen.objects.filter(identity_number=number).first()
        if citizen is not None and citizen.commune_id != commune_id:
            now = timezone.now()
            Visit.objects.create(commune_id=commune_id, citizen=citizen, officer=request.user, at=now)
            audit.record("visit", "citizen", citizen.pk, by=request.user, at=now, why="xuất trình thẻ tại quầy")
    return citizen


def _open(request: DeskRequest, number: str) -> HttpResponse | None:
    citizen = find(request, number)
    if citizen is None:
        return None
    looks_because(request, citizen.pk, "xuất trình thẻ hoặc số định danh")
    note_scan(request, citizen.pk, at=timezone.now())
    return redirect("citizen", citizen.pk)


def looks_because(request: DeskRequest, pk: int, purpose: str) -> None:
    """Whose record this officer may open until the session ends, and why (S-35)."""
    request.session["looks"] = request.session.get("looks", {}) | {str(pk): purpose[:200]}


def _case(request: DeskRequest, text: str) -> HttpResponse:
    """By the code typed in any case, or by the token of a scanned slip."""
    wanted = text.strip().upper()
    cases = Case.objects.here(request.user.commune_id)
    last = wanted.rstrip("/").rsplit("/", 1)[-1]
    is_token = len(last) == 26 and not set(last) - set(ALPHABET)
    found = cases.filter(token=last).first() if is_token else cases.filter(code__iexact=wanted.replace(" ", "")).first()
    if found is None:
        return _not_read(request, Refused("Không có hồ sơ này tại xã. Kiểm tra lại mã trên giấy hẹn."))
    return redirect("case", found.code)


def draft_of(card: Card) -> dict[str, Any]:
    return {
        "identity_number": card.identity_number,
        "old_number": card.old_number,
        "full_name": card.full_name if card.name_trusted else "",
        "birth_date": card.birth_date,
        "birth_text": "" if card.birth_date else card.birth_text,
        "sex": card.sex or "",
        "address": card.address,
        "document_kind": card.generation or Citizen.Document.CAN_CUOC,
        "document_issued_on": card.issued_on,
        "document_valid_until": card.valid_until,
    }


def _new(request: DeskRequest, draft: dict[str, Any], reading: Any) -> HttpResponse:
    return new_page(request, draft, reading)


def new_page(request: DeskRequest, draft: dict[str, Any], reading: Any, *, wish: Draft | None = None) -> HttpResponse:
    """The form of a new record; `wish` is the application whose second person this is."""
    form = CitizenForm(is_here=_is_here(wish), initial={"ethnicity": "Kinh", "nationality": "Việt Nam", **draft})
    notes = list(getattr(reading, "repairs", ())) + ([reading.reason] if isinstance(reading, NumberOnly) else [])
    warnings = list(getattr(reading, "doubts", ()))
    if isinstance(reading, Card) and not reading.name_trusted and reading.name_as_read:
        warnings.append(f"Máy đọc được tên là “{reading.name_as_read}”, chưa chắc đúng: gõ lại tên như trên thẻ.")
    page = {"form": form, "repairs": notes, "warnings": warnings, "wish": wish.pk if wish else ""}
    return render(request, "citizens/new.html", page)


def _listed(request: DeskRequest, query: str, found: list[Citizen]) -> HttpResponse:
    if len(found) == 1:
        return redirect("citizen", found[0].pk)
    page = {"query": query, "rows": found_rows(found), "is_full": len(found) == FOUND_AT_MOST, "scan_form": ScanForm()}
    return render(request, "citizens/found.html", page)


def found_rows(found: list[Citizen]) -> list[dict[str, Any]]:
    residences = {
        row.citizen_id: row.address
        for row in Residence.objects.filter(citizen__in=found, kind=Residence.Kind.PERMANENT, until=None)
    }
    return [
        {
            "pk": citizen.pk,
            "href": reverse("citizen", args=[citizen.pk]),
            "name": citizen.full_name,
            "born": citizen.birth_text,
            "identity": citizen.masked_number,
            "residence": residences.get(citizen.pk, ""),
            "exact": getattr(citizen, "rank", 0) == 0,
        }
        for citizen in found
    ]


def _not_read(request: DeskRequest, reading: Refused) -> HttpResponse:
    note = {"tone": "stop", "text": reading.reason, "digits": ""}
    form = ScanForm(initial={"text": request.POST.get("text", "")[:200]})
    page = {"query": "", "rows": [], "scan_note": note, "scan_form": form}
    return render(request, "citizens/found.html", page, status=422)


@require_POST
@only(Role.CLERK)
def register_citizen(request: DeskRequest) -> HttpResponse:
    """Keep a new citizen's record in this commune."""
    wish = _wish(request)
    form = CitizenForm(request.POST, is_here=_is_here(wish))
    if not form.is_valid():
        number = form.data.get("identity_number", "")
        if "identity_number" in form.errors and (known := find(request, number)) is not None:
            return _found_or_made(request, known, wish)
        page = {"form": form, "repairs": [], "warnings": list(form.doubts), "wish": wish.pk if wish else ""}
        return render(request, "citizens/new.html", page, status=422)
    assert request.user.commune is not None, "clerks belong to a commune"
    now = timezone.now()
    citizen = form.save(commit=False)
    citizen.commune = request.user.commune
    citizen.recorded_at, citizen.recorded_by = now, request.user
    try:
        with transaction.atomic():
            citizen.save()
            here = form.cleaned_data["lives_here"]
            Residence.objects.create(
                commune=request.user.commune,
                citizen=citizen,
                kind=Residence.Kind.PERMANENT if here else Residence.Kind.TEMPORARY,
                address=form.cleaned_data["address"],
                present_commune=request.user.commune if here else None,
            )
            audit.record("record", "citizen", citizen.pk, by=request.user, at=now, why="; ".join(form.doubts))
    except IntegrityError:
        # another commune keeps the record, which the walls hide from the form, or another desk was faster
        known = find(request, citizen.identity_number)
        if known is None:
            raise
        return _found_or_made(request, known, wish)
    messages.success(request, f"Đã lưu {citizen.full_name}.")
    return _found_or_made(request, citizen, wish)


def _wish(request: DeskRequest) -> Draft | None:
    """The application that waits for its second person, if this form was opened from there."""
    pk = request.POST.get("wish", "")
    return Draft.objects.filter(pk=pk, officer=request.user).first() if pk.isdigit() else None


def _is_here(wish: Draft | None) -> bool:
    """Whether who is registered stands at the counter; whom another represents need not, and the dead cannot."""
    party = wish.procedure.party if wish else None
    return not (party and (party.represented or party.absent))


def _found_or_made(request: DeskRequest, citizen: Citizen, wish: Draft | None) -> HttpResponse:
    looks_because(request, citizen.pk, "xuất trình thẻ hoặc số định danh")
    if wish is None or wish.citizen_id == citizen.pk:
        return redirect("citizen", citizen.pk)
    wish.other = citizen
    wish.save(update_fields=["other"])
    return redirect("apply", wish.citizen_id, wish.procedure_key)


@require_GET
@only(Role.CLERK, Role.SPECIALIST, Role.SIGNER)
def citizen(request: DeskRequest, pk: int) -> HttpResponse:
    """What the records say, whether the paperless service is open to this person, cases, and the procedures."""
    found = get_object_or_404(
        Citizen.objects.select_related("commune").prefetch_related(
            "residences", "marriages", "certificates", "commune__names"
        ),
        pk=pk,
    )
    assert request.user.commune_id is not None
    now = timezone.now()
    today = timezone.localdate(now)
    if not (purpose := purpose_of(request, found)):
        return render(request, "citizens/why.html", {"form": WhyForm(), "why_href": reverse("why", args=[pk])})
    audit.record("look", "citizen", found.pk, by=request.user, at=now, why=purpose)
    person = found.as_person(commune_id=request.user.commune_id, on=today)
    paperless = judge(PAPERLESS, Application(person=person, at=timezone.localtime(now), commune=""))
    cases = rows_of(
        Case.objects.here(request.user.commune_id).about(found).order_by("-received_at").for_board()[:20],
        at=now,
        commune_id=request.user.commune_id,
    )
    receives = request.user.is_(Role.CLERK)
    page = {
        "citizen": {
            "name": found.full_name,
            "identity": found.identity_number,
            "old_number": found.old_number,
            "born": found.birth_text,
            "sex": found.get_sex_display(),
            "ethnicity": found.ethnicity,
            "nationality": found.nationality,
            "residence": person.address(today),
            "document": found.id_document,
            "telephone": found.telephone,
            "marital": status_wording(person),
            "marital_reasons": _reasons(found, person.marital_status),
            "deceased": f"Đã chết ngày {found.deceased_on:%d/%m/%Y}. {found.death_note}" if found.deceased_on else "",
            "level": found.get_eid_level_display(),
            "synced": found.portal_synced_on.strftime("%d/%m/%Y") if found.portal_synced_on else "chưa",
            "kept_by": found.commune.name_on(today).full,
            "amend_href": reverse("amend", args=[found.pk])
            if receives and found.commune_id == request.user.commune_id
            else "",
        },
        "own_data_href": reverse("own_data", args=[found.pk]) if receives else "",
        "paperless": findings_of(paperless),
        "paperless_ok": not any(finding.stops for finding in paperless),
        "procedures": _procedures(found, request.user.commune_id or 0) if receives else [],
        "open_cases": [row for row in cases if row.state_key in OPEN or row.state_key == "signed"],
        "past_cases": [row for row in cases if row.state_key not in OPEN and row.state_key != "signed"],
    }
    return render(request, "citizens/citizen.html", page)


def purpose_of(request: DeskRequest, found: Citizen) -> str:
    """Why this officer looks at this person: a card shown, an open case, or what was said; else nothing."""
    said = str(request.session.get("looks", {}).get(str(found.pk), ""))
    case = Case.objects.here(request.user.commune_id).about(found).filter(state__in=[*OPEN, State.SIGNED]).first()
    return said or (f"hồ sơ {case.code}" if case else "")


@require_POST
@only(Role.CLERK, Role.SPECIALIST, Role.SIGNER)
def why(request: DeskRequest, pk: int) -> HttpResponse:
    """Without a card and without a case nobody browses people: the purpose is said, and stands in the diary."""
    found = get_object_or_404(Citizen, pk=pk)
    form = WhyForm(request.POST)
    if not form.is_valid():
        return render(request, "citizens/why.html", {"form": form, "why_href": reverse("why", args=[pk])}, status=422)
    looks_because(request, found.pk, form.purpose)
    return redirect("citizen", found.pk)


def _reasons(found: Citizen, status: MaritalStatus) -> list[str]:
    """The rows behind the computed status."""
    reasons = []
    for marriage in found.marriages.all():
        began = f"kết hôn {marriage.since:%d/%m/%Y}" if marriage.since else "chung sống"
        ended = f"; {marriage.get_ending_display().lower()}" if marriage.ending else ""
        when = f" {marriage.ended_on:%d/%m/%Y}" if marriage.ended_on else ""
        reasons.append(f"{marriage.spouse_name}: {began}{ended}{when}")
    return reasons or (["không có bản ghi kết hôn"] if status == MaritalStatus.SINGLE else [])


def _procedures(found: Citizen, commune_id: int) -> list[dict[str, Any]]:
    closed = not_offered(commune_id, timezone.localdate())
    return [
        {
            "key_digit": procedure.digit,
            "name": procedure.name,
            "href": reverse("apply", args=[found.pk, procedure.key]),
            "closed": sentence(closed[procedure.key]) if procedure.key in closed else "",
        }
        for procedure in catalogue()
    ]


AMENDABLE = ("full_name", "ethnicity", "telephone", "email", "eid_level", "portal_synced_on", "document_valid_until")


@require_http_methods(["GET", "POST"])
@only(Role.CLERK)
def amend_citizen(request: DeskRequest, pk: int) -> HttpResponse:
    """Correct the record on a paper; a colleague's change in between is shown, not overwritten (F-09)."""
    found = get_object_or_404(Citizen.objects.kept_by(request.user.commune_id), pk=pk)
    form = AmendForm(request.POST or None, initial={name: getattr(found, name) for name in (*AMENDABLE, "version")})
    if request.method == "POST" and form.is_valid():
        found.version = form.cleaned_data["version"]
        changes = {name: form.cleaned_data[name] for name in AMENDABLE}
        now = timezone.now()
        try:
            with transaction.atomic():
                made = amend(found, changes, paper=form.cleaned_data["paper"], by=request.user, at=now)
                for line in made:
                    audit.record("amend", "citizen", found.pk, by=request.user, at=now, why=line.field)
        except RecordChanged as changed:
            form.add_error(None, _both_versions(changed.current))
        else:
            messages.success(request, "Đã lưu." if made else "Không có gì thay đổi.")
            return redirect("citizen", pk)
    page = {"form": form, "name": found.full_name, "back_href": reverse("citizen", args=[pk])}
    return render(request, "citizens/amend.html", page, status=422 if form.is_bound else 200)


def _both_versions(current: Citizen) -> str:
    last = current.amendments.order_by("-at").select_related("by").first()
    who = f"{last.by} lúc {timezone.localtime(last.at):%H:%M}" if last else "Người khác"
    now = (
        f"{current.full_name}, {current.ethnicity}, {current.get_eid_level_display()}, "
        f"điện thoại {current.telephone or '–'}, thư điện tử {current.email or '–'}"
    )
    return f"{who} vừa sửa bản ghi này. Hiện là: {now}. Ông/bà đã gõ nội dung dưới đây; mở lại trang để sửa tiếp."
