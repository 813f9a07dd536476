"""Old books typed in: what an entry makes true of people, what a note ends, what a fallen entry takes back."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import InternalError, ProgrammingError, transaction

from citizens import old_books
from citizens.entry_fields import full_day, is_day_of_a_book, lines_of, names_in_words
from citizens.models import Annotation, Certificate, Citizen, Marriage, Parentage, RegisterEntry, kin_of
from citizens.old_books import CourtEnding, EntryRefused, Page
from citizens.person import MaritalStatus
from citizens.register import EventKind, Named, Part, Standing
from oneshop.models import Commune, Entry, Officer
from tests import factories

TODAY = date(2026, 11, 23)
SAI_SON = "UBND xã Sài Sơn, huyện Quốc Oai, tỉnh Hà Tây"


def page(kind: EventKind, *persons: Named, number: int = 15, registered: str = "10/10/2003", **facts: str) -> Page:
    return Page(
        kind=kind,
        number=number,
        year=int(registered[-4:]),
        volume="01",
        unit=SAI_SON,
        unit_code="09898",
        unit_name="Xã Sài Sơn",
        registered_on=full_day(registered),
        registered_text=registered,
        persons=persons,
        facts=facts,
    )


@pytest.fixture
def mau(quoc_oai: Commune) -> Citizen:
    return factories.citizen(quoc_oai, "001085000000", "Nguyễn Văn Mẫu", sex="male", birth_date=date(1985, 3, 5))


@pytest.fixture
def write(hung: Officer, at: datetime) -> object:
    def enter(what: Page, *, checked: bool = True) -> RegisterEntry:
        return old_books.enter(what, checked=checked, by=hung, at=at, on=TODAY)

    return enter


COUPLE = (Named(Part.WIFE, "Trần Thị Thử", "1992"), Named(Part.HUSBAND, "Nguyễn Văn Mẫu", "1985"))


def link(entry: RegisterEntry, by: Officer, at: datetime, **people: Citizen) -> None:
    for part, citizen in people.items():
        old_books.link(entry.persons.get(part=part), citizen, by=by, at=at)


def status(citizen: Citizen) -> MaritalStatus:
    fresh = Citizen.objects.get(pk=citizen.pk)
    return fresh.as_person(commune_id=fresh.commune_id, on=TODAY).marital_status


# --- typing in ---
def test_an_entry_keeps_every_text_as_written_then(write, hung: Officer) -> None:  # type: ignore[no-untyped-def]
    entry = write(
        page(
            EventKind.BIRTH, Named(Part.SUBJECT, "Trần Thị Thử", "1992", identity_number="111234567"), registered="1992"
        )
    )
    value = entry.as_value(entry.commune_id)

    assert (value.number, value.unit, value.registered_text, value.registered_on) == ("15/1992", SAI_SON, "1992", None)
    assert value.persons[0].birth_text == "1992"
    assert value.persons[0].written_number == "111234567"
    assert (entry.book.unit_code, entry.book.unit_name) == ("09898", "Xã Sài Sơn")
    assert (entry.checked_on, entry.checked_by) == (TODAY, hung)


def test_the_same_number_of_the_same_book_is_refused(write) -> None:  # type: ignore[no-untyped-def]
    write(page(EventKind.BIRTH, Named(Part.SUBJECT, "Trần Thị Thử")))

    with pytest.raises(EntryRefused, match="Sổ này đã có số 15/2003"):
        write(page(EventKind.BIRTH, Named(Part.SUBJECT, "Ai Đó")))
    assert RegisterEntry.objects.count() == 1


def test_twelve_digits_and_the_name_link_at_once_anything_less_does_not(write, khach: Citizen) -> None:  # type: ignore[no-untyped-def]
    both = write(page(EventKind.BIRTH, Named(Part.SUBJECT, "trần thị thử", identity_number=khach.identity_number)))
    number_only = write(
        page(EventKind.BIRTH, Named(Part.SUBJECT, "Lê Thị Khác", identity_number=khach.identity_number), number=16)
    )

    assert both.persons.get().citizen == khach
    assert number_only.persons.get().citizen is None


def test_what_was_typed_is_put_right_until_it_is_confirmed(write, hung: Officer, khach: Citizen, at: datetime) -> None:  # type: ignore[no-untyped-def]
    entry = write(
        page(EventKind.BIRTH, Named(Part.SUBJECT, "Trần Thị Thử"), Named(Part.MOTHER, "Mẹ"), birth_place="A"),
        checked=False,
    )
    link(entry, hung, at, subject=khach)

    old_books.correct(entry, page(EventKind.BIRTH, Named(Part.SUBJECT, "Trần Thị Thử", "1992")), by=hung, at=at)
    value = RegisterEntry.objects.get().as_value(entry.commune_id)
    assert names_in_words(value) == "Trần Thị Thử", "a person no longer in the page is not shown"
    assert value.facts == {}
    assert value.persons[0].identity_number == khach.identity_number, "who has the same name stays linked"

    old_books.confirm(entry, by=hung, at=at, on=TODAY)
    entry.refresh_from_db()
    with pytest.raises(EntryRefused, match="Đã xác nhận theo sổ"):
        old_books.correct(entry, page(EventKind.BIRTH, Named(Part.SUBJECT, "Ai Đó")), by=hung, at=at)


def test_a_confirmation_stays_with_whom_it_was(write, hung: Officer, son: Officer, at: datetime) -> None:  # type: ignore[no-untyped-def]
    entry = write(page(EventKind.BIRTH, Named(Part.SUBJECT, "Trần Thị Thử")), checked=False)

    old_books.confirm(entry, by=hung, at=at, on=TODAY)
    old_books.confirm(entry, by=son, at=at, on=date(2026, 12, 1))

    entry.refresh_from_db()
    assert (entry.checked_on, entry.checked_by) == (TODAY, hung)
    assert Entry.objects.filter(act="confirm", kind="register_entry").count() == 1


# --- kin ---
def test_a_birth_entry_makes_kin_once_its_people_are_linked(write, hung, quoc_oai, khach, mau, at) -> None:  # type: ignore[no-untyped-def]
    child = factories.citizen(quoc_oai, "001218000001", "Nguyễn Bảo Con", birth_date=date(2018, 7, 20), sex="male")
    entry = write(
        page(
            EventKind.BIRTH,
            Named(Part.SUBJECT, child.full_name),
            Named(Part.MOTHER, khach.full_name),
            Named(Part.FATHER, mau.full_name),
        )
    )
    assert kin_of(child).parents == frozenset()

    link(entry, hung, at, subject=child, mother=khach, father=mau)

    assert kin_of(child).parents == {khach.identity_number, mau.identity_number}
    assert {row.basis for row in Parentage.objects.all()} == {f"Khai sinh số 15/2003, {SAI_SON}"}
    old_books.follow(entry, by=hung, at=at)
    assert Parentage.objects.count() == 2, "done twice it does no more"


def test_an_adoption_makes_adoptive_parents(write, hung, khach, mau, at) -> None:  # type: ignore[no-untyped-def]
    entry = write(page(EventKind.ADOPTION, Named(Part.CHILD, khach.full_name), Named(Part.FATHER, mau.full_name)))
    link(entry, hung, at, child=khach, father=mau)

    assert kin_of(khach).adoptive_parents == {mau.identity_number}
    assert kin_of(khach).parents == frozenset()


# --- marriages ---
def test_an_old_marriage_makes_both_married(write, hung, khach, mau, at) -> None:  # type: ignore[no-untyped-def]
    entry = write(page(EventKind.MARRIAGE, *COUPLE))
    link(entry, hung, at, wife=khach)
    assert (status(khach), status(mau)) == (MaritalStatus.MARRIED, MaritalStatus.SINGLE)

    link(entry, hung, at, husband=mau)

    assert (status(khach), status(mau)) == (MaritalStatus.MARRIED, MaritalStatus.MARRIED)
    rows = {row.citizen_id: row for row in Marriage.objects.all()}
    assert len(rows) == 2
    assert (rows[khach.pk].spouse, rows[mau.pk].spouse) == (mau, khach)
    assert (rows[khach.pk].certificate_number, rows[khach.pk].issuer, rows[khach.pk].since) == (
        "15/2003",
        SAI_SON,
        date(2003, 10, 10),
    )


def test_a_row_that_was_there_is_completed_not_doubled(write, hung, quoc_oai, khach, mau, at) -> None:  # type: ignore[no-untyped-def]
    Marriage.objects.create(
        commune=quoc_oai,
        citizen=khach,
        spouse_name="Mẫu",
        spouse_sex="male",
        certificate_number="15/2003",
        since=date(2003, 10, 10),
    )
    entry = write(page(EventKind.MARRIAGE, *COUPLE))
    link(entry, hung, at, wife=khach, husband=mau)

    row = Marriage.objects.get(citizen=khach)
    assert (row.spouse, row.spouse_name, row.issuer) == (mau, "Nguyễn Văn Mẫu", SAI_SON)


def test_a_marriage_without_a_whole_day_makes_no_row_and_says_so(write, hung, khach, at) -> None:  # type: ignore[no-untyped-def]
    entry = write(page(EventKind.MARRIAGE, *COUPLE, registered="1985"))
    link(entry, hung, at, wife=khach)

    assert status(khach) == MaritalStatus.SINGLE
    assert "chưa tính được vào tình trạng hôn nhân" in old_books.what_is_missing(entry)


DIVORCE = CourtEnding(
    Marriage.Ending.DIVORCE,
    on=date(2019, 6, 12),
    paper="Bản án",
    number="45/2019/HNGĐ-ST",
    issuer="Tòa án nhân dân huyện Quốc Oai",
    issued_on=date(2019, 5, 12),
)


def note_divorce(entry: RegisterEntry, by: Officer, at: datetime) -> Annotation:
    return old_books.note(entry, text=DIVORCE.text, basis=DIVORCE.basis, by=by, at=at, on=TODAY, ending=DIVORCE)


def test_a_divorce_note_ends_the_marriage_of_both(write, hung, khach, mau, at) -> None:  # type: ignore[no-untyped-def]
    entry = write(page(EventKind.MARRIAGE, *COUPLE))
    link(entry, hung, at, wife=khach, husband=mau)

    note = note_divorce(entry, hung, at)

    assert (status(khach), status(mau)) == (MaritalStatus.DIVORCED, MaritalStatus.DIVORCED)
    assert note.text == "Đã ly hôn, có hiệu lực từ ngày 12/06/2019"
    assert note.basis == "Bản án số 45/2019/HNGĐ-ST ngày 12/05/2019 của Tòa án nhân dân huyện Quốc Oai"
    value = Marriage.objects.get(citizen=khach).as_value()
    assert (value.ended_on, value.ending_number, value.ending_issued_on, value.ending_confirmed) == (
        date(2019, 6, 12),
        "45/2019/HNGĐ-ST",
        date(2019, 5, 12),
        True,
    )


def test_people_linked_after_the_divorce_was_noted_are_divorced_too(write, hung, khach, at) -> None:  # type: ignore[no-untyped-def]
    entry = write(page(EventKind.MARRIAGE, *COUPLE))
    note_divorce(entry, hung, at)
    link(entry, hung, at, wife=khach)

    assert status(khach) == MaritalStatus.DIVORCED


def test_a_note_never_changes(write, hung, at) -> None:  # type: ignore[no-untyped-def]
    entry = write(page(EventKind.MARRIAGE, *COUPLE))
    note = note_divorce(entry, hung, at)

    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        Annotation.objects.filter(pk=note.pk).update(text="khác")


# --- deaths ---
DEAD = {"died_on": "07/09/2021", "place_of_death": "Thôn 3"}


def test_an_old_death_locks_the_record_and_widows_the_spouse(write, hung, quoc_oai, khach, mau, at) -> None:  # type: ignore[no-untyped-def]
    wed = write(page(EventKind.MARRIAGE, *COUPLE))
    link(wed, hung, at, wife=khach, husband=mau)
    certificate = Certificate.objects.create(
        commune=quoc_oai,
        citizen=khach,
        number="05",
        issuer="UBND",
        issued_on=date(2021, 8, 1),
        expires_on=date(2022, 2, 1),
        for_marriage=False,
        purpose="vay vốn",
    )
    entry = write(page(EventKind.DEATH, Named(Part.SUBJECT, mau.full_name), registered="11/09/2021", **DEAD))
    link(entry, hung, at, subject=mau)

    mau.refresh_from_db()
    certificate.refresh_from_db()
    assert mau.deceased_on == date(2021, 9, 7)
    assert mau.death_note == f"Trích lục khai tử số 15/2021 do {SAI_SON} đăng ký ngày 11/09/2021"
    assert status(khach) == MaritalStatus.WIDOWED
    assert certificate.ended_on == date(2021, 9, 7)
    assert [(row.field, row.after) for row in mau.amendments.all() if row.field == "deceased_on"] == [
        ("deceased_on", "07/09/2021")
    ]


def test_a_marriage_entered_after_the_death_is_ended_by_it(write, hung, khach, mau, at) -> None:  # type: ignore[no-untyped-def]
    entry = write(page(EventKind.DEATH, Named(Part.SUBJECT, mau.full_name), registered="11/09/2021", **DEAD))
    link(entry, hung, at, subject=mau)
    wed = write(page(EventKind.MARRIAGE, *COUPLE))
    link(wed, hung, at, wife=khach, husband=Citizen.objects.get(pk=mau.pk))

    assert status(khach) == MaritalStatus.WIDOWED


def test_a_death_of_which_only_the_year_is_known_does_not_invent_a_day(write, hung, mau, at) -> None:  # type: ignore[no-untyped-def]
    entry = write(page(EventKind.DEATH, Named(Part.SUBJECT, mau.full_name), died_on="1999"))
    link(entry, hung, at, subject=mau)

    mau.refresh_from_db()
    assert mau.deceased_on is None
    assert "chưa ghi được vào bản ghi của người chết" in old_books.what_is_missing(entry)


# --- entries that fall ---
def test_a_struck_marriage_never_was(write, hung, khach, mau, at) -> None:  # type: ignore[no-untyped-def]
    entry = write(page(EventKind.MARRIAGE, *COUPLE))
    link(entry, hung, at, wife=khach, husband=mau)

    old_books.strike(entry, Standing.REVOKED, basis="Quyết định số 1", by=hung, at=at, on=TODAY)

    assert (status(khach), status(mau)) == (MaritalStatus.SINGLE, MaritalStatus.SINGLE)
    assert [note.text for note in entry.notes.all()] == ["Đã thu hồi, hủy bỏ việc hộ tịch này"]
    assert RegisterEntry.objects.get().number == 15, "it keeps its number"
    with pytest.raises(EntryRefused, match="từ trước"):
        old_books.strike(entry, Standing.CANCELLED, basis="x", by=hung, at=at, on=TODAY)


def test_a_struck_death_lets_the_dead_live_and_the_widow_be_married(write, hung, khach, mau, at) -> None:  # type: ignore[no-untyped-def]
    wed = write(page(EventKind.MARRIAGE, *COUPLE))
    link(wed, hung, at, wife=khach, husband=mau)
    entry = write(page(EventKind.DEATH, Named(Part.SUBJECT, mau.full_name), registered="11/09/2021", **DEAD))
    link(entry, hung, at, subject=mau)

    old_books.strike(entry, Standing.CANCELLED, basis="Quyết định của Tòa án", by=hung, at=at, on=TODAY)

    mau.refresh_from_db()
    assert mau.deceased_on is None
    assert status(khach) == MaritalStatus.MARRIED


def test_a_link_is_made_once(write, hung, khach, mau, at) -> None:  # type: ignore[no-untyped-def]
    entry = write(page(EventKind.BIRTH, Named(Part.SUBJECT, khach.full_name)))
    link(entry, hung, at, subject=khach)

    with pytest.raises(EntryRefused, match="đã được gắn"):
        old_books.link(entry.persons.get(), mau, by=hung, at=at)


# --- looking for ---
@pytest.mark.parametrize(
    ("text", "found"), [("15/2003", 1), ("thu tran", 1), ("111234567", 1), ("16/2003", 0), ("1112345", 0), ("?", 0)]
)
def test_an_entry_is_found_by_number_name_or_old_card(write, text: str, found: int) -> None:  # type: ignore[no-untyped-def]
    write(page(EventKind.BIRTH, Named(Part.SUBJECT, "Trần Thị Thử", identity_number="111234567")))

    assert RegisterEntry.objects.looked_for(text).count() == found


def test_days_of_old_books() -> None:
    assert full_day("5/2/1990") == date(1990, 2, 5)
    assert full_day("31/02/1990") is None
    assert [is_day_of_a_book(text) for text in ("05/02/1990", "02/1990", "1990", "13/1990", "hôm qua", "")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


def test_free_lines_keep_their_order(write) -> None:  # type: ignore[no-untyped-def]
    entry = write(
        page(EventKind.GUARDIANSHIP, Named(Part.SUBJECT, "Bé"), lines="Người giám hộ: A: B\nkhông nhãn\n Lý do : C")
    )
    value = RegisterEntry.objects.get(pk=entry.pk).as_value(entry.commune_id)

    assert lines_of(value) == [("Người giám hộ", "A: B"), ("", "không nhãn"), ("Lý do", "C")]
