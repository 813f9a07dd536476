"""Number books: gap-free from their first number to their closing lines, whatever falls, merges or comes at once."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens.models import Certificate, Citizen
from oneshop import walls
from oneshop.models import Commune, CommuneName, Entry, Officer, Succession
from procedures import books, papers, workflow
from procedures.books import bookkeeping
from procedures.books.bookkeeping import BookRefused
from procedures.models import BookAct, Result, Series, Slip, Void
from procedures.numbering import BookClosed, next_number
from procedures.states import State
from procedures.views.books.number_books import book_facts
from tests import factories
from tests.procedures.test_invariants import broken
from tests.procedures.test_races import at_once, named, signs, village, waiting_for_signature

__all__ = ["village"]

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
BOOK = "marital_certificate"
LAST_HOUR = datetime(2026, 12, 31, 17, 30, tzinfo=HANOI)


def opened(hung: Officer, lan: Officer, at: datetime, *, upto: int = 41, book: str = BOOK) -> BookAct:
    act = bookkeeping.open_after_paper(
        book, 2026, upto=upto, volume="01/2026", ground="Chuyển từ sổ giấy sang phần mềm", by=hung, at=at
    )
    return bookkeeping.sign(act, by=lan, at=at)


def closed(hung: Officer, lan: Officer, at: datetime, *, book: str = BOOK, year: int = 2026) -> BookAct:
    act = bookkeeping.close_year(book, year, pages=12, volume="01/2026", by=hung, at=at)
    return bookkeeping.sign(act, by=lan, at=at)


@pytest.fixture
def signed_result(mai: Officer, hung: Officer, lan: Officer, khach: Citizen, at: datetime) -> Result:
    return factories.signed(factories.case(khach, by=mai, at=at), handled_by=hung, by=lan, at=at)


@pytest.fixture
def as_(client: Client) -> Callable[[Officer], Client]:
    def enter(officer: Officer) -> Client:
        client.force_login(officer)
        return client

    return enter


# --- where a book begins ---
def test_a_book_that_goes_on_from_paper_gives_the_next_number_first(
    quoc_oai: Commune, hung: Officer, lan: Officer, mai: Officer, khach: Citizen, at: datetime
) -> None:
    opened(hung, lan, at, upto=41)

    result = factories.signed(factories.case(khach, by=mai, at=at), handled_by=hung, by=lan, at=at)

    book = books.book_of(quoc_oai.pk, BOOK, 2026)
    assert result.number == 42
    assert (book.first, book.last, book.count, book.gaps, book.continues) == (42, 42, 1, (), 41)
    assert broken(quoc_oai) == {}


def test_until_a_leader_signs_nothing_has_begun(
    quoc_oai: Commune, hung: Officer, lan: Officer, mai: Officer, khach: Citizen, at: datetime
) -> None:
    act = bookkeeping.open_after_paper(BOOK, 2026, upto=41, volume="01", ground="chuyển sổ", by=hung, at=at)
    result = factories.signed(factories.case(khach, by=mai, at=at), handled_by=hung, by=lan, at=at)

    with pytest.raises(BookRefused, match="đã cấp đến số 01"):
        bookkeeping.sign(act, by=lan, at=at)

    assert result.number == 1
    assert broken(quoc_oai) == {}


def test_once_signed_it_is_not_said_again(quoc_oai: Commune, hung: Officer, lan: Officer, at: datetime) -> None:
    opened(hung, lan, at, upto=41)

    with pytest.raises(BookRefused):
        bookkeeping.open_after_paper(BOOK, 2026, upto=50, volume="01", ground="gõ sai", by=hung, at=at)
    with pytest.raises(DatabaseError), transaction.atomic():
        BookAct.objects.update(upto=50)

    assert Series.objects.get(book=BOOK).first == 42


def test_who_laid_it_out_does_not_sign_it_and_who_may_not_does_neither(
    quoc_oai: Commune, hung: Officer, mai: Officer, lan: Officer, at: datetime
) -> None:
    hung.roles = [*hung.roles, "signer"]
    act = bookkeeping.open_after_paper(BOOK, 2026, upto=41, volume="01", ground="chuyển sổ", by=hung, at=at)

    with pytest.raises(BookRefused, match="không được tự ký"):
        bookkeeping.sign(act, by=hung, at=at)
    with pytest.raises(BookRefused, match="vai trò"):
        bookkeeping.sign(act, by=mai, at=at)
    with pytest.raises(BookRefused, match="vai trò"):
        bookkeeping.open_after_paper("receipt", 2026, upto=4, volume="", ground="x", by=mai, at=at)


def test_what_was_dropped_is_not_signed_and_can_be_laid_out_anew(
    quoc_oai: Commune, hung: Officer, lan: Officer, at: datetime
) -> None:
    act = bookkeeping.open_after_paper(BOOK, 2026, upto=14, volume="01", ground="gõ nhầm", by=hung, at=at)
    bookkeeping.drop(act, by=hung, at=at)

    with pytest.raises(BookRefused, match="đã bỏ"):
        bookkeeping.sign(act, by=lan, at=at)
    opened(hung, lan, at, upto=41)

    assert Series.objects.get(book=BOOK).first == 42


def test_an_opening_and_first_numbers_at_one_moment_leave_no_gap(village: Commune, at: datetime) -> None:
    hung, lan = named(village, "hung"), named(village, "lan")
    cases = waiting_for_signature(village, at, number=6)
    with walls.within(village.pk):
        act = bookkeeping.open_after_paper(BOOK, 2026, upto=41, volume="01", ground="chuyển sổ", by=hung, at=at)

    def opens() -> str:
        with walls.within(village.pk, officer_id=lan.pk):
            return bookkeeping.sign(act, by=lan, at=at).kind

    answers = at_once([opens, *(signs(village, case, lan, at + timedelta(minutes=5)) for case in cases)])

    with walls.within(village.pk):
        book = books.book_of(village.pk, BOOK, 2026)
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert all(isinstance(answer, BookRefused) for answer in refused)
    assert book.first == (1 if refused else 42)
    assert (book.count, book.last - book.first + 1, book.gaps) == (6, 6, ())
    assert broken(village) == {}


# --- numbers that fall ---
def test_a_result_annulled_after_its_signature_keeps_its_number_as_void(
    quoc_oai: Commune, hung: Officer, mai: Officer, lan: Officer, signed_result: Result, at: datetime
) -> None:
    case = signed_result.case
    case.refresh_from_db()

    workflow.annul(case, by=lan, at=at, note="người yêu cầu đã chết ngày 23/11/2026")
    other = factories.citizen(quoc_oai, "001192000777", "Lê Thị Sau")
    following = factories.signed(factories.case(other, by=mai, at=at), handled_by=hung, by=lan, at=at)

    signed_result.refresh_from_db()
    first, second = books.lines(quoc_oai.pk, BOOK, 2026)
    assert (case.state, signed_result.standing, following.number) == (State.STOPPED, "cancelled", 2)
    assert (first.number, first.is_void, second.is_void) == (1, True, False)
    assert first.note.startswith(
        "Bỏ số: Hồ sơ kết thúc sau khi ký, người yêu cầu đã chết ngày 23/11/2026 (Phùng Thị Lan"
    )
    assert Certificate.objects.get(number=signed_result.full_number).ended_on == date(2026, 11, 23)
    assert books.book_of(quoc_oai.pk, BOOK, 2026).voids == 1
    assert broken(quoc_oai) == {}


def test_a_number_falls_once(
    quoc_oai: Commune, hung: Officer, lan: Officer, signed_result: Result, at: datetime
) -> None:
    case = signed_result.case
    case.refresh_from_db()
    workflow.annul(case, by=lan, at=at, note="không cần nữa")

    with pytest.raises(workflow.CaseMoved):
        workflow.annul(case, by=lan, at=at, note="lần nữa")
    with pytest.raises(BookRefused, match="từ trước"):
        bookkeeping.let_fall(signed_result, Void.Reason.CANCELLED, why="lần nữa", by=lan, at=at)

    assert Void.objects.count() == 1


def test_a_spoiled_slip_keeps_its_number_and_the_row_never_changes(
    quoc_oai: Commune, mai: Officer, khach: Citizen, at: datetime
) -> None:
    slip = workflow.issue_receipt(factories.case(khach, by=mai, at=at), by=mai, at=at)

    void = bookkeeping.let_fall(slip, Void.Reason.SPOILED, why="kẹt giấy", by=mai, at=at)

    [line] = books.lines(quoc_oai.pk, "receipt", 2026)
    assert (line.is_void, line.note) == (True, "Bỏ số: Giấy hỏng, kẹt giấy (Nguyễn Thị Mai, 23/11/2026)")
    with pytest.raises(DatabaseError), transaction.atomic():
        Void.objects.filter(pk=void.pk).update(why="khác")
    assert broken(quoc_oai) == {}


# --- after a restore (F-51) ---
def test_numbers_of_the_printed_sheet_are_not_used_again(
    quoc_oai: Commune, hung: Officer, mai: Officer, lan: Officer, signed_result: Result, at: datetime
) -> None:
    act = bookkeeping.catch_up(BOOK, 2026, upto=4, ground="Khôi phục bản 22/11", by=hung, at=at)
    bookkeeping.sign(act, by=lan, at=at)
    other = factories.citizen(quoc_oai, "001192000777", "Lê Thị Sau")
    following = factories.signed(factories.case(other, by=mai, at=at), handled_by=hung, by=lan, at=at)

    lines = books.lines(quoc_oai.pk, BOOK, 2026)
    assert following.number == 5
    assert [(line.number, line.is_void) for line in lines] == [(1, False), (2, True), (3, True), (4, True), (5, False)]
    assert books.book_of(quoc_oai.pk, BOOK, 2026).gaps == ()
    assert broken(quoc_oai) == {}


# --- the year is over ---
def test_a_year_is_closed_after_its_last_working_hour_and_not_before(
    hung: Officer, lan: Officer, signed_result: Result
) -> None:
    with pytest.raises(BookRefused, match="31/12/2026"):
        closed(hung, lan, LAST_HOUR - timedelta(minutes=1))

    act = closed(hung, lan, LAST_HOUR)

    assert Series.objects.get(book=BOOK).closed_on == date(2026, 12, 31)
    assert (act.facts["first"], act.facts["last"], act.facts["count"], act.facts["valid"]) == ("01", "01", 1, 1)
    assert act.facts["pages"] == 12


def test_a_closed_book_refuses_numbers_and_is_never_opened_again(
    quoc_oai: Commune, hung: Officer, lan: Officer, signed_result: Result
) -> None:
    closed(hung, lan, LAST_HOUR)

    with pytest.raises(BookClosed), transaction.atomic():
        next_number(quoc_oai, BOOK, "2026")
    with pytest.raises(DatabaseError, match="stays closed"), transaction.atomic():
        Series.objects.filter(book=BOOK).update(closed_on=None)
    with pytest.raises(BookRefused, match="Không mở lại"):
        bookkeeping.close_year(BOOK, 2026, pages=1, volume="", by=hung, at=LAST_HOUR)

    assert next_number(quoc_oai, BOOK, "2027") == 1
    assert broken(quoc_oai)["I2"][0][1:3] == (BOOK, "2027")  # the number just taken has no paper; 2026 is whole


def test_a_book_with_a_gap_is_not_closed(hung: Officer, lan: Officer, signed_result: Result) -> None:
    Series.objects.filter(book=BOOK).update(last=4)

    with pytest.raises(BookRefused, match="thiếu số 02–04"):
        closed(hung, lan, LAST_HOUR)


def test_the_closing_lines_say_what_the_law_asks(
    quoc_oai: Commune, hung: Officer, lan: Officer, signed_result: Result
) -> None:
    act = bookkeeping.close_year(BOOK, 2026, pages=12, volume="01/2026", by=hung, at=LAST_HOUR)

    html = bookkeeping.preview(act, by=lan, at=LAST_HOUR).html

    for said in (
        "SỔ CẤP GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN",
        "Quyển số: 01/2026",
        "Tổng số trang đã ghi: <b>12</b> trang",
        "Tổng số sự kiện hộ tịch đã đăng ký, đã cấp: <b>1</b>",
        "NGƯỜI THỰC HIỆN",
        "Nguyễn Việt Hùng",
        "CHỦ TỊCH",
        "và đóng dấu",
    ):
        assert said in html


def test_a_signature_and_the_closing_at_one_moment_leave_the_book_whole(village: Commune, at: datetime) -> None:
    """One of the two comes first: either the number stands in the closing lines, or the signature is refused."""
    hung, lan, son = named(village, "hung"), named(village, "lan"), named(village, "son")
    with walls.within(village.pk):
        for leader in (lan, son):
            factories.shift(
                leader,
                leader.roles[0],
                starts_at=LAST_HOUR.replace(hour=7),
                ends_at=LAST_HOUR + timedelta(hours=3),
            )
    first, *late = waiting_for_signature(village, LAST_HOUR - timedelta(hours=1), number=4)
    assert signs(village, first, lan, LAST_HOUR)().number == 1
    with walls.within(village.pk):
        act = bookkeeping.close_year(BOOK, 2026, pages=3, volume="01", by=hung, at=LAST_HOUR)

    def closes() -> BookAct:
        with walls.within(village.pk, officer_id=son.pk):
            return bookkeeping.sign(act, by=son, at=LAST_HOUR + timedelta(minutes=1))

    answers = at_once([closes, *(signs(village, case, lan, LAST_HOUR + timedelta(minutes=1)) for case in late)])

    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert all(isinstance(answer, BookClosed) for answer in refused)
    with walls.within(village.pk):
        told = BookAct.objects.get(kind="close").facts
        assert (told["last"], told["count"]) == (f"{4 - len(refused):02}", 4 - len(refused))
    assert broken(village) == {}


def test_unclosed_books_of_last_year_are_named(quoc_oai: Commune, hung: Officer, lan: Officer, at: datetime) -> None:
    Series.objects.create(commune=quoc_oai, book="death", period="2025", last=3)
    Series.objects.create(commune=quoc_oai, book="receipt", period="2025", last=3, closed_on=date(2025, 12, 31))

    assert books.unclosed(quoc_oai.pk, 2025) == ["Sổ đăng ký khai tử"]


# --- units change (F-57) ---
def test_a_renamed_commune_goes_on_numbering_and_papers_bear_the_name_of_their_day(
    quoc_oai: Commune, mai: Officer, hung: Officer, lan: Officer, khach: Citizen, signed_result: Result, at: datetime
) -> None:
    open_case = factories.case(factories.citizen(quoc_oai, "001192000777", "Lê Thị Mở"), by=mai, at=at)
    morrow = at + timedelta(days=1)
    CommuneName.objects.create(
        commune=quoc_oai, kind="Phường", name="Sài Sơn", above="Thành phố Hà Nội", valid_from=morrow.date()
    )
    factories.shift(lan, lan.roles[0], starts_at=morrow.replace(hour=7), ends_at=morrow.replace(hour=18))
    for officer in (mai, hung, lan):
        officer.refresh_from_db()

    after = factories.signed(open_case, handled_by=hung, by=lan, at=morrow)

    assert (signed_result.number, after.number) == (1, 2)
    assert signed_result.facts["head"]["issuer"] == "ỦY BAN NHÂN DÂN XÃ QUỐC OAI"
    assert after.facts["head"]["issuer"] == "ỦY BAN NHÂN DÂN PHƯỜNG SÀI SƠN"
    assert broken(quoc_oai) == {}


def test_the_books_of_a_merged_commune_close_with_its_last_day_and_are_named_by_the_successor(
    quoc_oai: Commune, kieu_phu: Commune, mai: Officer, hung: Officer, lan: Officer, signed_result: Result, at: datetime
) -> None:
    merger = date(2026, 12, 1)
    case = factories.case(factories.citizen(quoc_oai, "001192000777", "Lê Thị Mở"), by=mai, at=at)
    Commune.objects.filter(pk=quoc_oai.pk).update(closed_on=merger)
    Succession.objects.create(former=quoc_oai, successor=kieu_phu, on=merger, document="Nghị quyết thử")
    quoc_oai.refresh_from_db()
    for officer in (hung, lan):
        officer.commune = quoc_oai
    last_hour = datetime(2026, 11, 30, 17, 30, tzinfo=HANOI)
    factories.shift(
        lan, lan.roles[0], starts_at=datetime(2026, 12, 1, 7, tzinfo=HANOI), ends_at=last_hour + timedelta(2)
    )

    act = closed(hung, lan, last_hour)
    workflow.submit(case, by=hung, at=last_hour)
    case.commune.refresh_from_db()
    after = datetime(2026, 12, 1, 9, tzinfo=HANOI)
    seen = factories.seen(case, lan, after)
    with pytest.raises(workflow.NotAllowed, match="sáp nhập vào Xã Kiều Phú từ ngày 01/12/2026"):
        workflow.sign(case, by=lan, at=after, seen=seen)

    assert act.on == date(2026, 11, 30)
    with walls.within(kieu_phu.pk):
        former = books.former_books(kieu_phu.pk)
        assert next_number(kieu_phu, BOOK, "2026") == 1
    named_books = [(row.unit, row.title, row.last, row.closed_on) for row in former if row.title.endswith("hôn nhân")]
    assert named_books == [("Xã Quốc Oai", "Sổ cấp Giấy xác nhận tình trạng hôn nhân", 1, date(2026, 11, 30))]


def test_another_neighbour_sees_no_book_of_ours(quoc_oai: Commune, kieu_phu: Commune, signed_result: Result) -> None:
    with walls.within(kieu_phu.pk):
        assert Series.objects.count() == 0


# --- on screen and on paper ---
def test_the_room_names_every_book_with_its_numbers(
    as_: Callable[[Officer], Client], hung: Officer, signed_result: Result
) -> None:
    page = as_(hung).get(reverse("number_books")).content.decode()

    assert "Sổ cấp Giấy xác nhận tình trạng hôn nhân" in page
    assert "Sổ phiếu xin lỗi và đề nghị gia hạn thời gian giải quyết" in page
    assert "Đang mở" in page


@pytest.mark.parametrize("number", [3, 30])
def test_a_book_costs_the_same_queries_with_few_lines_and_many(
    number: int,
    quoc_oai: Commune,
    as_: Callable[[Officer], Client],
    hung: Officer,
    mai: Officer,
    khach: Citizen,
    at: datetime,
) -> None:
    slip = workflow.issue_receipt(factories.case(khach, by=mai, at=at), by=mai, at=at)
    fields = {field.attname: getattr(slip, field.attname) for field in Slip._meta.concrete_fields}
    for n in range(2, number + 1):
        other = factories.case(factories.citizen(quoc_oai, f"0011920003{n:02}"), by=mai, at=at)
        Slip.objects.create(**fields | {"id": None, "number": n, "case_id": other.pk})
    Series.objects.filter(book="receipt").update(last=number)
    client = as_(hung)
    client.get(reverse("number_book", args=[2026, "receipt"]))

    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("number_book", args=[2026, "receipt"])).content.decode()

    assert page.count("Ghi bỏ") == number
    assert len(queries) <= 21


def test_two_people_and_a_password_open_a_book(as_: Callable[[Officer], Client], hung: Officer, lan: Officer) -> None:
    form = {"upto": "41", "volume": "01/2026", "ground": "chuyển sổ", "form_key": "a" * 20}
    act_page = as_(hung).post(reverse("open_book", args=[2026, BOOK]), form)["Location"]

    wrong = as_(lan).post(act_page, {"password": "sai", "form_key": "b" * 20})
    right = as_(lan).post(act_page, {"password": factories.PASSWORD, "form_key": "c" * 20})

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert Series.objects.get(book=BOOK).first == 42
    assert "tiếp theo số 41 của sổ giấy, quyển 01/2026" in as_(lan).get(right["Location"]).content.decode()


def test_a_book_leaves_the_house_for_a_purpose_that_is_written_down(
    as_: Callable[[Officer], Client], hung: Officer, signed_result: Result
) -> None:
    here = reverse("take_out_book", args=[2026, BOOK])
    asked = {"first": "1", "last": "1", "purpose": "kiểm tra cuối quý"}

    silent = as_(hung).post(here, asked | {"purpose": " ", "as": "xlsx"})
    table = as_(hung).post(here, asked | {"as": "xlsx"})
    paper = as_(hung).post(here, asked | {"as": "pdf"})

    assert silent.status_code == 302
    with zipfile.ZipFile(io.BytesIO(table.content)) as sheet:
        assert "Trần Thị Thử" in sheet.read("xl/sharedStrings.xml").decode()
    assert paper.content.startswith(b"%PDF")
    lines = Entry.objects.filter(kind="book", act__in=["export", "print"]).order_by("pk")
    assert [(line.act, line.why) for line in lines] == [
        ("export", "kiểm tra cuối quý (1 dòng)"),
        ("print", "kiểm tra cuối quý (1 dòng)"),
    ]


def test_the_print_shows_a_void_number_struck_and_the_closing_lines_below_the_last(
    quoc_oai: Commune, hung: Officer, lan: Officer, signed_result: Result, at: datetime
) -> None:
    case = signed_result.case
    case.refresh_from_db()
    workflow.annul(case, by=lan, at=at, note="không cần nữa")
    closed(hung, lan, LAST_HOUR)
    book = books.book_of(quoc_oai.pk, BOOK, 2026)

    facts: dict[str, Any] = book_facts(quoc_oai, book, books.lines(quoc_oai.pk, BOOK, 2026), by="Nguyễn Việt Hùng")
    html = papers.render("lists/number_book.html", facts).html

    assert "<s>01</s>" in html
    assert "Khóa sổ ngày 31 tháng 12 năm 2026" in html
    assert "trong đó bỏ: <b>1</b>" in html


def test_a_clerk_lets_a_spoiled_slip_fall_from_the_page_of_its_book(
    quoc_oai: Commune, as_: Callable[[Officer], Client], mai: Officer, khach: Citizen, at: datetime
) -> None:
    workflow.issue_receipt(factories.case(khach, by=mai, at=at), by=mai, at=at)

    answer = as_(mai).post(
        reverse("void_number", args=[2026, "receipt", 1]),
        {"reason": "spoiled", "why": "kẹt giấy", "form_key": "a" * 20},
    )

    assert answer.status_code == 302
    assert "<s>01</s>" in as_(mai).get(answer["Location"]).content.decode()
