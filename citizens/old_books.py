"""Entries typed from old books, and what they make true of people: kin, marriages, deaths. Each verb tells the diary.

`marital_status` stays computed: an entry creates or completes Marriage rows, a court's note ends them, nobody edits the
status (civil-status.md section 5). The paper book is the legal basis (Luật Hộ tịch Điều 58, 60): what was typed may be
put right until an officer has confirmed it against the page; later changes are notes, which never change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from citizens import names
from citizens.entry_fields import full_day
from citizens.models import (
    Annotation,
    Certificate,
    Citizen,
    Marriage,
    Parentage,
    RegisterBook,
    RegisterEntry,
    RegisterPerson,
    amend,
)
from citizens.register import EventKind, Named, Part, Standing
from oneshop import audit
from oneshop.models import Officer


class EntryRefused(Exception):
    """The entry was not written; the sentence says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Page:
    """What a page of a book says. `unit_code`, `unit_name`: the old unit whose book it is; empty for our own."""

    kind: EventKind
    number: int
    year: int
    volume: str
    unit: str
    registered_on: date | None
    registered_text: str
    persons: Sequence[Named]
    facts: Mapping[str, str]
    unit_code: str = ""
    unit_name: str = ""
    page_no: int | None = None
    performed_by: str = ""
    signer_name: str = ""
    signer_title: str = ""


@dataclass(frozen=True)
class CourtEnding:
    """How a court ended a marriage: `ending` is divorce or annulment, `on` the day it took effect."""

    ending: Marriage.Ending
    on: date
    paper: str
    number: str
    issuer: str
    issued_on: date

    @property
    def text(self) -> str:
        word = "Đã ly hôn" if self.ending == Marriage.Ending.DIVORCE else "Hôn nhân đã bị hủy"
        return f"{word}, có hiệu lực từ ngày {self.on:%d/%m/%Y}"

    @property
    def basis(self) -> str:
        return f"{self.paper} số {self.number} ngày {self.issued_on:%d/%m/%Y} của {self.issuer}"

    @property
    def facts(self) -> dict[str, str]:
        return {
            "ended_kind": self.ending.value,
            "ended_on": f"{self.on:%d/%m/%Y}",
            "ended_paper": self.paper,
            "ended_number": self.number,
            "ended_issuer": self.issuer,
            "ended_issued_on": f"{self.issued_on:%d/%m/%Y}",
        }


def enter(page: Page, *, checked: bool, by: Officer, at: datetime, on: date) -> RegisterEntry:
    """Type in a page of a book; people whose twelve digits it names are linked at once.

    `checked`: compared with the page by the one who types. Raises EntryRefused where the book has that number already.
    """
    assert by.commune_id is not None
    try:
        with transaction.atomic():
            entry = RegisterEntry.objects.create(
                commune_id=by.commune_id,
                kind=page.kind,
                recorded_by=by,
                recorded_at=at,
                checked_on=on if checked else None,
                checked_by=by if checked else None,
                **_columns(page, by.commune_id),
            )
            _write_persons(entry, page.persons)
            audit.record("enter", "register_entry", entry.pk, by=by, at=at)
            follow(entry, by=by, at=at)
    except IntegrityError as taken:
        raise _taken(page) from taken
    return entry


def correct(entry: RegisterEntry, page: Page, *, by: Officer, at: datetime) -> None:
    """Put right what was typed, as the book has it. Raises EntryRefused once it was confirmed against the page.

    People stay linked where the part still has the same name.
    """
    if entry.checked_on is not None:
        raise EntryRefused("Đã xác nhận theo sổ: thay đổi về sau ghi thành ghi chú (cải chính 1.004859).")
    try:
        with transaction.atomic():
            ended = {name: value for name, value in entry.facts.items() if name.startswith("ended_")}
            for name, value in _columns(page, entry.commune_id).items():
                setattr(entry, name, value)
            entry.facts = {**page.facts, **ended}
            entry.save()
            _rewrite_persons(entry, page.persons)
            audit.record("correct", "register_entry", entry.pk, by=by, at=at)
            follow(entry, by=by, at=at)
    except IntegrityError as taken:
        raise _taken(page) from taken


def _columns(page: Page, commune_id: int) -> dict[str, object]:
    book, _ = RegisterBook.objects.get_or_create(
        commune_id=commune_id,
        unit_code=page.unit_code,
        kind=page.kind,
        year=page.year,
        volume=page.volume,
        defaults={"unit_name": page.unit_name},
    )
    return {
        "book": book,
        "number": page.number,
        "year": page.year,
        "page_no": page.page_no,
        "registered_on": page.registered_on,
        "registered_text": page.registered_text,
        "unit": page.unit,
        "facts": dict(page.facts),
        "performed_by": page.performed_by,
        "signer_name": page.signer_name,
        "signer_title": page.signer_title,
    }


def _taken(page: Page) -> EntryRefused:
    return EntryRefused(f"Sổ này đã có số {page.number:02}/{page.year}. Tìm trong sổ để xem.")


def _write_persons(entry: RegisterEntry, persons: Sequence[Named]) -> None:
    for named in persons:
        RegisterPerson.of(entry, named, _who(entry, named)).save()


def _rewrite_persons(entry: RegisterEntry, persons: Sequence[Named]) -> None:
    """A row is changed, never removed: a part that is no longer in the page keeps a row without a name."""
    rows = {row.part: row for row in entry.persons.all()}
    empty = [Named(Part(part), "") for part in rows.keys() - {named.part for named in persons}]
    for named in (*persons, *empty):
        fresh = RegisterPerson.of(entry, named, _who(entry, named))
        if (row := rows.get(named.part)) is not None:
            fresh.pk = row.pk
            if fresh.citizen_id is None and fresh.search_key and fresh.search_key == row.search_key:
                fresh.citizen_id = row.citizen_id
        fresh.save()


def _who(entry: RegisterEntry, named: Named) -> Citizen | None:
    """Who bears the twelve digits and the name that the book writes; anything less is looked at by an officer."""
    if len(named.identity_number) != 12:
        return None
    found = Citizen.objects.kept_by(entry.commune_id).filter(identity_number=named.identity_number).first()
    return found if found and found.search_key == names.search_key(named.full_name) else None


def link(row: RegisterPerson, citizen: Citizen, *, by: Officer, at: datetime) -> None:
    """The person of the entry is this citizen; what the entry says of him or her is true from now on.

    Raises EntryRefused where the row is linked already: a wrong link made true things of the wrong person, which only
    corrections of that record undo.
    """
    with transaction.atomic():
        changed = RegisterPerson.objects.filter(pk=row.pk, citizen=None).update(citizen=citizen)
        if not changed:
            raise EntryRefused("Người này đã được gắn với một công dân.")
        audit.record("link", "register_entry", row.entry_id, by=by, at=at, why=f"{row.part}: công dân {citizen.pk}")
        follow(RegisterEntry.objects.for_reading().get(pk=row.entry_id), by=by, at=at)


def note(
    entry: RegisterEntry,
    *,
    text: str,
    basis: str,
    by: Officer,
    at: datetime,
    on: date,
    ending: CourtEnding | None = None,
) -> Annotation:
    """Write a later event beside the entry; where a court ended the marriage, it ends for both people's records."""
    with transaction.atomic():
        made = Annotation.objects.create(
            commune_id=entry.commune_id, entry=entry, text=text, basis=basis, noted_on=on, by=by, at=at
        )
        if ending is not None:
            entry.facts = {**entry.facts, **ending.facts}
            entry.save(update_fields=["facts"])
        audit.record("note", "register_entry", entry.pk, by=by, at=at, why=basis)
        follow(entry, by=by, at=at)
    return made


def confirm(entry: RegisterEntry, *, by: Officer, at: datetime, on: date) -> None:
    """The data were compared with the page of the book; pressed twice it stays confirmed by whom it was."""
    with transaction.atomic():
        if RegisterEntry.objects.filter(pk=entry.pk, checked_on=None).update(checked_on=on, checked_by=by):
            audit.record("confirm", "register_entry", entry.pk, by=by, at=at)


def strike(entry: RegisterEntry, standing: Standing, *, basis: str, by: Officer, at: datetime, on: date) -> None:
    """Cancel an entry, or mark it revoked by the province (NĐ 120/2025): it keeps its number, its note tells why, and
    what it made true of people is true no longer. Raises EntryRefused for one that has fallen already."""
    word = {Standing.CANCELLED: "Đã hủy", Standing.REVOKED: "Đã thu hồi, hủy bỏ"}[standing]
    with transaction.atomic():
        active = RegisterEntry.objects.filter(pk=entry.pk, standing=Standing.ACTIVE)
        if not active.update(standing=standing):
            raise EntryRefused("Việc hộ tịch này đã bị hủy hoặc thu hồi từ trước.")
        Annotation.objects.create(
            commune_id=entry.commune_id,
            entry=entry,
            text=f"{word} việc hộ tịch này",
            basis=basis,
            noted_on=on,
            by=by,
            at=at,
        )
        audit.record(standing.value, "register_entry", entry.pk, by=by, at=at, why=basis)
        entry.refresh_from_db()
        _undo(entry, basis, by=by, at=at, on=on)


# --- what an entry makes true ---
def follow(entry: RegisterEntry, *, by: Officer, at: datetime) -> None:
    """Carry what an active entry says over to the records of the people it is linked to; done twice it does no more."""
    if entry.standing != Standing.ACTIVE:
        return
    people = {row.part: row.citizen for row in entry.persons.select_related("citizen") if row.citizen}
    match entry.kind:
        case EventKind.BIRTH:
            _descends(entry, people.get(Part.SUBJECT), people, Parentage.Kind.BLOOD)
        case EventKind.PARENT_RECOGNITION:
            _descends(entry, people.get(Part.CHILD), people, Parentage.Kind.BLOOD)
        case EventKind.ADOPTION:
            _descends(entry, people.get(Part.CHILD), people, Parentage.Kind.ADOPTION)
        case EventKind.MARRIAGE:
            _married(entry, people)
        case EventKind.DEATH if Part.SUBJECT in people:
            _died(entry, people[Part.SUBJECT], by=by, at=at)


def title_of(entry: RegisterEntry) -> str:
    """`Khai sinh số 15/1998, UBND xã Sài Sơn, huyện Quốc Oai`."""
    return f"{entry.get_kind_display()} số {entry.full_number}, {entry.unit}"


def _descends(entry: RegisterEntry, child: Citizen | None, people: Mapping[str, Citizen], kind: str) -> None:
    if child is None:
        return
    for part in (Part.MOTHER, Part.FATHER):
        parent = people.get(part)
        if parent is not None and parent.pk != child.pk:
            Parentage.objects.get_or_create(
                child=child,
                parent=parent,
                kind=kind,
                defaults={"commune_id": entry.commune_id, "basis": title_of(entry)[:200]},
            )


SEX_OF = {Part.WIFE: Citizen.SexChoice.FEMALE, Part.HUSBAND: Citizen.SexChoice.MALE}


def _married(entry: RegisterEntry, people: Mapping[str, Citizen]) -> None:
    """A row for each of the two who is linked, or the row that was there already completed.

    An entry without a whole day makes no row: a made-up day would be printed on certificates. The page says so.
    """
    if entry.registered_on is None:
        return
    rows = {row.part: row for row in entry.persons.all()}
    for part, other in ((Part.WIFE, Part.HUSBAND), (Part.HUSBAND, Part.WIFE)):
        one, spouse = people.get(part), people.get(other)
        if one is None:
            continue
        marriage = _marriage_of(entry, one) or Marriage(
            commune_id=entry.commune_id, citizen=one, spouse_sex=SEX_OF[other], since=entry.registered_on
        )
        marriage.spouse = spouse or marriage.spouse
        marriage.spouse_name = rows[other].full_name if other in rows else marriage.spouse_name
        marriage.registered = True
        marriage.certificate_number, marriage.issuer, marriage.since = (
            entry.full_number,
            entry.unit,
            entry.registered_on,
        )
        _end_as_noted(entry, marriage)
        if spouse is not None and spouse.deceased_on is not None and not marriage.ending:
            marriage.ending, marriage.ended_on = Marriage.Ending.DEATH, spouse.deceased_on
            marriage.ending_paper, marriage.ending_confirmed = "Trích lục khai tử", True
        marriage.save()


def _marriage_of(entry: RegisterEntry, citizen: Citizen) -> Marriage | None:
    """The row that tells of this very marriage: by number, or by its day."""
    rows = Marriage.objects.filter(citizen=citizen)
    same_number = rows.filter(certificate_number__in=[entry.full_number, f"{entry.number}/{entry.year}"])
    return same_number.first() or rows.filter(since=entry.registered_on, certificate_number="").first()


def _end_as_noted(entry: RegisterEntry, marriage: Marriage) -> None:
    """A court's ending stands above a later death: the marriage was over by then."""
    said = entry.facts
    if not said.get("ended_kind"):
        return
    marriage.ending = said["ended_kind"]
    marriage.ended_on = full_day(said["ended_on"])
    marriage.ending_paper, marriage.ending_number = said["ended_paper"], said["ended_number"]
    marriage.ending_issuer, marriage.ending_issued_on = said["ended_issuer"], full_day(said["ended_issued_on"])
    marriage.ending_confirmed = True


def _died(entry: RegisterEntry, dead: Citizen, *, by: Officer, at: datetime) -> None:
    """As `Died` does at a signature: the record is locked, the survivor widowed, open certificates end."""
    day = full_day(entry.facts.get("died_on", ""))
    if day is None:
        return
    issued = f" ngày {entry.registered_text}" if entry.registered_text else ""
    paper = f"Trích lục khai tử số {entry.full_number} do {entry.unit} đăng ký{issued}"[:200]
    if dead.commune_id == entry.commune_id and dead.deceased_on is None:
        amend(dead, {"deceased_on": day, "death_note": paper}, paper=paper, by=by, at=at)
    lasting = Marriage.objects.filter(Q(spouse=dead) | Q(citizen=dead), ending=Marriage.Ending.NONE)
    touched = [dead.pk, *lasting.values_list("citizen_id", flat=True)]
    lasting.update(
        ending=Marriage.Ending.DEATH,
        ended_on=day,
        ending_paper="Trích lục khai tử",
        ending_number=entry.full_number,
        ending_issuer=entry.unit,
        ending_issued_on=entry.registered_on,
        ending_confirmed=True,
    )
    open_ones = Certificate.objects.filter(citizen__in=touched, returned_on=None, ended_on=None, expires_on__gte=day)
    open_ones.update(ended_on=day)


def _undo(entry: RegisterEntry, basis: str, *, by: Officer, at: datetime, on: date) -> None:
    """What a fallen entry had made true: an annulled marriage never was, and who was not dead is alive."""
    people = {row.part: row.citizen for row in entry.persons.select_related("citizen") if row.citizen}
    if entry.kind == EventKind.MARRIAGE:
        for citizen in people.values():
            if (marriage := _marriage_of(entry, citizen)) is not None:
                marriage.ending, marriage.ended_on = Marriage.Ending.ANNULMENT, on
                marriage.ending_paper, marriage.ending_confirmed = basis[:60], True
                marriage.save()
    if entry.kind == EventKind.DEATH and (alive := people.get(Part.SUBJECT)) is not None:
        if alive.commune_id == entry.commune_id and f"số {entry.full_number}" in alive.death_note:
            amend(alive, {"deceased_on": None, "death_note": ""}, paper=basis, by=by, at=at)
        ended = Marriage.objects.filter(
            Q(spouse=alive) | Q(citizen=alive),
            ending=Marriage.Ending.DEATH,
            ending_number=entry.full_number,
            ending_issuer=entry.unit,
        )
        ended.update(
            ending=Marriage.Ending.NONE,
            ended_on=None,
            ending_paper="",
            ending_number="",
            ending_issuer="",
            ending_issued_on=None,
            ending_confirmed=False,
        )


def what_is_missing(entry: RegisterEntry) -> str:
    """Why an entry does not yet count on the records of its people, as a sentence; nothing where it does."""
    if entry.kind == EventKind.MARRIAGE and entry.registered_on is None:
        return "Sổ không ghi đủ ngày đăng ký nên chưa tính được vào tình trạng hôn nhân của hai người."
    if entry.kind == EventKind.DEATH and full_day(entry.facts.get("died_on", "")) is None:
        return "Sổ không ghi đủ ngày chết nên chưa ghi được vào bản ghi của người chết."
    return ""
