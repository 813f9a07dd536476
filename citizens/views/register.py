"""The room of the civil-status books: look for an entry, read it, type in an old page, note, confirm, strike, link.

Clerks look and read; specialists write. Each look and each act stands in the diary, a look with its purpose
(civil-status.md 0.12).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from citizens import names, old_books
from citizens.entry_fields import FIELDS, PERSON_LABELS, names_in_words
from citizens.forms.register import PURPOSES, EntryForm, EntryNoteForm, LinkForm, SearchForm, StrikeForm, typed_of
from citizens.identity_number import NotAnIdentityNumber, is_old_number, old_number, parse
from citizens.models import Citizen, RegisterEntry, RegisterPerson
from citizens.models.register import RegisterEntryQuerySet
from citizens.old_books import EntryRefused
from citizens.register import EVENT_LABELS, Entry, EventKind, Part, Standing
from citizens.views.people import FOUND_AT_MOST, found_rows
from oneshop import audit
from oneshop.keys import only
from oneshop.models import Succession
from oneshop.roles import DeskRequest, Role
from procedures.models import Case
from procedures.states import OPEN, State
from procedures.views.shown import Act, moment

UNCHECKED_SHOWN = 20
HIDDEN_FROM_CLERKS = {"cause_of_death"}


# --- looking ---
@require_http_methods(["GET", "POST"])
@only(Role.CLERK, Role.SPECIALIST, asks=True)
def room(request: DeskRequest) -> HttpResponse:
    """The search box of the books; what was looked for never stands in an address."""
    form = SearchForm(request.POST or None, initial={"purpose": request.session.get("register_purpose")})
    page: dict[str, Any] = {"form": form, "searched": False}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        request.session["register_purpose"] = said["purpose"]
        audit.record(
            "search", "register", said["kind"] or "all", by=request.user, at=timezone.now(), why=said["purpose"]
        )
        found = _mine(request).looked_for(said["text"])
        if said["kind"]:
            found = found.filter(kind=said["kind"])
        rows = _rows(list(found.for_reading()[: FOUND_AT_MOST + 1]), request)
        page |= {"searched": True, "query": said["text"], "rows": rows[:FOUND_AT_MOST]}
        page["is_full"] = len(rows) > FOUND_AT_MOST
    if request.user.is_(Role.SPECIALIST):
        waiting = _mine(request).filter(checked_on=None)
        page |= {
            "kinds": [(reverse("register_enter", args=[kind]), label) for kind, label in EVENT_LABELS.items()],
            "copy_book_href": reverse("copy_book"),
            "unchecked": _rows(list(waiting.for_reading().order_by("-recorded_at")[:UNCHECKED_SHOWN]), request),
            "unchecked_count": waiting.count(),
        }
    return render(request, "records/register.html", page, status=422 if form.is_bound and not form.is_valid() else 200)


def _mine(request: DeskRequest) -> RegisterEntryQuerySet:
    """The books of the officer's own commune."""
    assert request.user.commune_id is not None
    mine: RegisterEntryQuerySet = RegisterEntry.objects.filter(commune_id=request.user.commune_id)
    return mine


def _rows(entries: list[RegisterEntry], request: DeskRequest) -> list[dict[str, Any]]:
    """As lists show entries: whom, where, when; nothing of how somebody died (civil-status.md 0.12)."""
    assert request.user.commune_id is not None
    rows = []
    for found in entries:
        value = found.as_value(request.user.commune_id)
        rows.append(
            {
                "href": reverse("register_entry", args=[found.pk]),
                "kind": value.kind.label,
                "number": value.number,
                "names": names_in_words(value),
                "unit": value.unit,
                "day": value.registered_text,
                "standing": "" if value.standing == Standing.ACTIVE else found.get_standing_display(),
                "notes": len(value.notes),
                "checked": value.checked_on is not None,
            }
        )
    return rows


@require_GET
@only(Role.CLERK, Role.SPECIALIST)
def entry(request: DeskRequest, pk: int) -> HttpResponse:
    """One entry: what the book says, who that is today, what was noted since."""
    found = _entry(request, pk)
    if not (purpose := _purpose(request, found)):
        messages.info(request, "Chọn mục đích và tìm việc hộ tịch cần xem.")
        return redirect("register")
    audit.record("look", "register_entry", found.pk, by=request.user, at=timezone.now(), why=purpose)
    return _entry_page(request, found)


def _entry(request: DeskRequest, pk: int) -> RegisterEntry:
    found: RegisterEntry = get_object_or_404(_mine(request).for_reading(), pk=pk)
    return found


def _purpose(request: DeskRequest, found: RegisterEntry) -> str:
    """Why this officer reads this entry: what was said at the search, an open case of one of its people, or the work
    of comparing an entry that nobody has compared yet."""
    if said := request.session.get("register_purpose"):
        return str(said)
    if request.user.is_(Role.SPECIALIST) and found.checked_on is None:
        return PURPOSES[2][0]
    people = [row.citizen for row in found.persons.all() if row.citizen]
    open_ones = Case.objects.here(request.user.commune_id).filter(state__in=[*OPEN, State.SIGNED])
    case = open_ones.about(*people).first() if people else None
    return f"hồ sơ {case.code}" if case else ""


def _entry_page(request: DeskRequest, found: RegisterEntry, *, status: int = 200, **forms: Any) -> HttpResponse:
    assert request.user.commune_id is not None
    value = found.as_value(request.user.commune_id)
    writes = request.user.is_(Role.SPECIALIST)
    page = {
        "entry": {
            "kind": value.kind.label,
            "number": value.number,
            "standing": found.get_standing_display(),
            "is_active": value.standing == Standing.ACTIVE,
            "checked": _checked(found),
            "is_checked": value.checked_on is not None,
            "missing": old_books.what_is_missing(found) if value.standing == Standing.ACTIVE else "",
            "book": _book_facts(found, value),
            "facts": _fact_pairs(value, shows_all=writes),
            "persons": _people(found, writes=writes),
            "notes": [
                {"text": row.text, "basis": row.basis, "when": f"{row.noted_on:%d/%m/%Y}", "who": row.by.full_name}
                for row in found.notes.select_related("by")
            ],
            "correct_href": reverse("register_correct", args=[found.pk]) if writes and not found.checked_on else "",
        },
        "acts": _acts(found, **forms) if writes else [],
        "back_href": reverse("register"),
    }
    return render(request, "records/register_entry.html", page, status=status)


def _checked(found: RegisterEntry) -> str:
    if found.checked_on is None:
        return "Chưa đối chiếu với trang sổ."
    who = f", {found.checked_by.full_name}" if found.checked_by else ""
    return f"Đã đối chiếu với sổ ngày {found.checked_on:%d/%m/%Y}{who}."


def _book_facts(found: RegisterEntry, value: Entry) -> list[tuple[str, str]]:
    signer = ", ".join(filter(None, (found.signer_name, found.signer_title)))
    facts = [
        ("Nơi đăng ký", value.unit),
        ("Ngày đăng ký", value.registered_text),
        ("Số, quyển", f"{value.number}, quyển {value.volume}" + (f", trang {found.page_no}" if found.page_no else "")),
        ("Sổ của", found.book.unit_name),
        ("Người thực hiện", found.performed_by),
        ("Người ký", signer),
        ("Mã phần mềm dùng chung", found.ministry_reference),
        ("Đánh dấu trong sổ", ", ".join(found.flags)),
        ("Ghi vào dữ liệu", moment(found.recorded_at) + (f", {found.recorded_by}" if found.recorded_by else "")),
    ]
    return [(label, said) for label, said in facts if said]


def _fact_pairs(value: Entry, *, shows_all: bool) -> list[tuple[str, str]]:
    return [
        (fact.label, value.facts[fact.name])
        for fact in FIELDS[value.kind].facts
        if value.facts.get(fact.name) and (shows_all or fact.name not in HIDDEN_FROM_CLERKS)
    ]


def _people(found: RegisterEntry, *, writes: bool) -> list[dict[str, Any]]:
    labels = {part.part.value: part.label for part in FIELDS[EventKind(found.kind)].parts}
    labels[Part.DECLARANT.value] = "Người đi khai"
    people = []
    for row in found.persons.all():
        if not row.full_name:
            continue
        is_open = writes and row.citizen is None and found.standing == Standing.ACTIVE
        people.append(
            {
                "label": labels.get(row.part, row.part),
                "name": row.full_name,
                "facts": [
                    (label, getattr(row, name))
                    for name, label in PERSON_LABELS.items()
                    if name != "full_name" and getattr(row, name)
                ],
                "citizen": row.citizen.full_name if row.citizen else "",
                "citizen_href": reverse("citizen", args=[row.citizen_id]) if row.citizen_id else "",
                "link_href": reverse("register_link", args=[found.pk, row.pk]) if is_open else "",
            }
        )
    return people


def _acts(found: RegisterEntry, *, note_form: Any = None, strike_form: Any = None) -> list[Act]:
    kind, today = EventKind(found.kind), timezone.localdate()
    acts = []
    if found.checked_on is None:
        acts.append(
            Act("confirm", "Đã đối chiếu với trang sổ", reverse("register_confirm", args=[found.pk]), main=True)
        )
    note_form = note_form or EntryNoteForm(kind=kind, today=today, auto_id="note_%s")
    acts.append(Act("note", "Ghi chú vào sổ", reverse("register_note", args=[found.pk]), main=False, form=note_form))
    if found.standing == Standing.ACTIVE:
        strike_form = strike_form or StrikeForm(auto_id="strike_%s")
        href = reverse("register_strike", args=[found.pk])
        acts.append(Act("strike", "Đánh dấu hủy, thu hồi", href, main=False, form=strike_form, danger=True))
    return acts


# --- writing ---
@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def enter(request: DeskRequest, event: EventKind) -> HttpResponse:
    """Type in one page of an old book of this kind, as it stands there."""
    now, today = timezone.now(), timezone.localdate()
    form = EntryForm(request.POST or None, kind=event, old_units=_old_units(request), today=today)
    if request.method == "POST" and form.is_valid():
        try:
            made = old_books.enter(form.page(), checked=form.cleaned_data["checked"], by=request.user, at=now, on=today)
        except EntryRefused as refused:
            form.add_error("number", refused.sentence)
        else:
            request.session["register_purpose"] = PURPOSES[2][0]
            messages.success(request, f"Đã ghi {old_books.title_of(made)}.")
            return redirect("register_entry", made.pk)
    title = f"Nhập trang sổ: {event.label[0].lower()}{event.label[1:]}"
    return _form_page(request, form, title=title, back_href=reverse("register"))


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def correct(request: DeskRequest, pk: int) -> HttpResponse:
    """Put right what was typed, until somebody has confirmed it against the page."""
    found = _entry(request, pk)
    if found.checked_on is not None:
        messages.warning(request, "Đã đối chiếu với sổ: thay đổi về sau ghi thành ghi chú.")
        return redirect("register_entry", pk)
    now, today = timezone.now(), timezone.localdate()
    form = EntryForm(
        request.POST or None,
        kind=EventKind(found.kind),
        old_units=_old_units(request),
        today=today,
        initial=typed_of(found),
    )
    del form.fields["checked"]
    if request.method == "POST" and form.is_valid():
        try:
            old_books.correct(found, form.page(), by=request.user, at=now)
        except EntryRefused as refused:
            form.add_error("number", refused.sentence)
        else:
            messages.success(request, "Đã sửa cho đúng sổ.")
            return redirect("register_entry", pk)
    title = f"Sửa cho đúng sổ: {old_books.title_of(found)}"
    return _form_page(request, form, title=title, back_href=reverse("register_entry", args=[pk]))


def _form_page(request: DeskRequest, form: EntryForm, *, title: str, back_href: str) -> HttpResponse:
    page = {"form": form, "title": title, "groups": list(form.groups()), "back_href": back_href}
    return render(request, "records/register_enter.html", page, status=422 if form.is_bound else 200)


def _old_units(request: DeskRequest) -> list[tuple[str, str]]:
    """The former units whose books lie here, each once, by the code they had."""
    went_in = Succession.objects.filter(successor=request.user.commune_id).select_related("former")
    units: dict[str, str] = {}
    for row in went_in.prefetch_related("former__names").order_by("former__code", "-former__opened_on"):
        units.setdefault(row.former.code, row.former.name_on(row.on).full)
    return sorted(units.items(), key=lambda unit: unit[1])


@require_POST
@only(Role.SPECIALIST)
def note(request: DeskRequest, pk: int) -> HttpResponse:
    """A later event beside the entry; it never changes."""
    found, now, today = _entry(request, pk), timezone.now(), timezone.localdate()
    form = EntryNoteForm(request.POST, kind=EventKind(found.kind), today=today, auto_id="note_%s")
    if not form.is_valid():
        return _entry_page(request, found, status=422, note_form=form)
    old_books.note(found, **form.said, by=request.user, at=now, on=today, ending=form.ending)
    messages.success(request, "Đã ghi chú vào sổ.")
    return redirect("register_entry", pk)


@require_POST
@only(Role.SPECIALIST)
def confirm(request: DeskRequest, pk: int) -> HttpResponse:
    """The data are as the page of the book has them."""
    found = _entry(request, pk)
    old_books.confirm(found, by=request.user, at=timezone.now(), on=timezone.localdate())
    messages.success(request, "Đã ghi nhận việc đối chiếu với sổ.")
    return redirect("register_entry", pk)


@require_POST
@only(Role.SPECIALIST)
def strike(request: DeskRequest, pk: int) -> HttpResponse:
    """Mark an entry cancelled or revoked; it keeps its number."""
    found, now = _entry(request, pk), timezone.now()
    form = StrikeForm(request.POST, auto_id="strike_%s")
    if not form.is_valid():
        return _entry_page(request, found, status=422, strike_form=form)
    said = form.cleaned_data
    try:
        old_books.strike(
            found, Standing(said["standing"]), basis=said["basis"], by=request.user, at=now, on=timezone.localdate()
        )
    except EntryRefused as refused:
        messages.warning(request, refused.sentence)
    else:
        messages.success(request, "Đã đánh dấu. Số của việc này vẫn được giữ.")
    return redirect("register_entry", pk)


# --- who that is today ---
@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST, asks=True)
def link(request: DeskRequest, pk: int, person: int) -> HttpResponse:
    """Who a person of the book is today: people of the same name or number, compared line by line, chosen by eye."""
    found = _entry(request, pk)
    row = get_object_or_404(RegisterPerson, pk=person, entry=found)
    if (chosen := request.POST.get("chosen", "")).isdigit():
        citizen = get_object_or_404(Citizen.objects.kept_by(request.user.commune_id), pk=int(chosen))
        try:
            old_books.link(row, citizen, by=request.user, at=timezone.now())
        except EntryRefused as refused:
            messages.warning(request, refused.sentence)
        else:
            messages.success(request, f"Đã gắn {row.full_name} với hồ sơ công dân.")
        return redirect("register_entry", pk)
    form = LinkForm(request.POST or None)
    text = form.cleaned_data["text"] if form.is_bound and form.is_valid() else row.identity_number or row.full_name
    candidates = _candidates(request, text)
    page = {
        "person": {
            "name": row.full_name,
            "facts": [(label, getattr(row, name)) for name, label in PERSON_LABELS.items() if getattr(row, name)],
        },
        "entry_title": old_books.title_of(found),
        "query": text,
        "form": LinkForm(initial={"text": text}),
        "rows": [
            shown | {"differs": bool(row.birth_text) and citizen.birth_text[-4:] != row.birth_text[-4:]}
            for shown, citizen in zip(found_rows(candidates), candidates, strict=True)
        ],
        "back_href": reverse("register_entry", args=[pk]),
    }
    return render(request, "records/register_link.html", page)


def _candidates(request: DeskRequest, text: str) -> list[Citizen]:
    here = Citizen.objects.kept_by(request.user.commune_id)
    try:
        return list(here.filter(identity_number=parse(text).value))
    except NotAnIdentityNumber:
        pass
    if is_old_number(text):
        return list(here.filter(old_number=old_number(text))[:FOUND_AT_MOST])
    found: list[Citizen] = here.best_named(names.clean(text), at_most=FOUND_AT_MOST)
    return found
