"""Pre-printed stock: each blank is taken once, for one original, and whatever becomes of it stays told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from citizens.models import Citizen
from oneshop import walls
from oneshop.demo.stock import fill_stock
from oneshop.models import Commune, Entry, Officer
from oneshop.roles import Role
from procedures import ministry, stock, workflow
from procedures.applications import application_of
from procedures.blanks import KINDS
from procedures.catalogue import Procedure, catalogue
from procedures.house_points import STOCK_LOW
from procedures.models import Blank, BlankLayout, Case, PaperOwed, Result, Ruling
from procedures.papers import overprint
from procedures.states import State
from tests import factories
from tests.procedures import on_blanks as stub
from tests.procedures.on_blanks import KIND, delivered, on_blanks

__all__ = ["on_blanks"]


@pytest.fixture
def blanks(tri: Officer, at: datetime) -> list[Blank]:
    """KH-000101 to KH-000105, delivered this morning."""
    return delivered(tri, at)


@pytest.fixture
def case(on_blanks: Procedure, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime) -> Case:
    """Signed, with two originals to be printed on blanks; number and code of the Ministry's software are known."""
    case = stub.signed(khach, received_by=mai, handled_by=hung, by=lan, at=at)
    ministry.record(case, number="01/2026", code="HT-2026-0001", by=mai, at=at)
    return case


@pytest.fixture
def result(case: Case) -> Result:
    found: Result = case.results.get()
    return found


def states(kind: str = KIND) -> dict[str, str]:
    return dict(Blank.objects.filter(kind=kind).order_by("serial").values_list("serial", "state"))


# --- receiving ---
def test_a_delivery_is_taken_in_serial_by_serial(blanks: list[Blank], tri: Officer, at: datetime) -> None:
    assert states() == {f"KH-00010{n}": "received" for n in range(1, 6)}
    assert Blank.objects.counts() == {KIND: 5, "birth_copy": 0, "disability_card": 0}
    line = Entry.objects.get(act="receive_blanks")
    assert (line.key, line.why) == (
        f"{KIND}/KH-000101",
        "5 phôi, KH-000101–KH-000105, Phiếu 12/PGN, Sở Tư pháp",
    )


def test_a_serial_that_is_there_already_lets_nothing_of_the_delivery_in(
    blanks: list[Blank], tri: Officer, at: datetime
) -> None:
    with pytest.raises(stock.StockRefused, match=r"Đã có trong kho: KH-000105\. Chưa nhập phôi nào"):
        delivered(tri, at, first="000105", last="000120")

    assert len(states()) == 5


def test_the_same_serial_of_another_kind_is_another_blank(blanks: list[Blank], tri: Officer, at: datetime) -> None:
    delivered(tri, at, kind="birth_copy", first="000101", last="000101")

    assert Blank.objects.filter(serial="KH-000101").count() == 2


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("000110", "000101", "Số cuối phải lớn hơn hoặc bằng số đầu."),
        ("101", "000105", "Số đầu và số cuối phải cùng số chữ số"),
        ("00010A", "000105", "chỉ gồm chữ số"),
        ("٠٠١", "٠٠٥", "chỉ gồm chữ số"),
        ("000001", "900000", "nhiều nhất 2000 phôi"),
    ],
)
def test_what_is_no_range_is_refused(first: str, last: str, words: str, tri: Officer, at: datetime) -> None:
    with pytest.raises(stock.StockRefused, match=words):
        delivered(tri, at, first=first, last=last)

    assert not Blank.objects.exists()


def test_a_delivery_of_tomorrow_is_refused(tri: Officer, at: datetime) -> None:
    with pytest.raises(stock.StockRefused, match="không được sau hôm nay"):
        stock.receive(
            KIND,
            letters="",
            first="1",
            last="2",
            batch="x",
            received_on=at.date() + timedelta(days=1),
            by=tri,
            at=at,
        )


def test_only_the_administrator_receives_and_destroys(blanks: list[Blank], mai: Officer, at: datetime) -> None:
    with pytest.raises(stock.StockRefused, match="vai trò “Quản trị”"):
        delivered(mai, at, first="000200", last="000200")
    with pytest.raises(stock.StockRefused, match="vai trò “Quản trị”"):
        stock.destroy(KIND, first="KH-000101", last="KH-000101", minutes="01/BB", by=mai, at=at)

    assert set(states().values()) == {"received"}


# --- using ---
def test_an_original_takes_the_next_blank_in_order(
    blanks: list[Blank], result: Result, mai: Officer, at: datetime
) -> None:
    first = stock.use(result, 1, by=mai, at=at)
    second = stock.use(result, 2, by=mai, at=at)

    assert (first.serial, second.serial) == ("KH-000101", "KH-000102")
    row = Blank.objects.get(serial="KH-000102")
    assert (row.state, row.result, row.sheet_no, row.used_by, row.used_at) == ("used", result, 2, mai, at)
    assert stock.missing(result.case) == []
    assert Entry.objects.filter(act="use_blank").last().why == f"{result.case.code}, bản chính 2"  # type: ignore[union-attr]


def test_a_scanned_serial_is_the_one_that_is_taken(
    blanks: list[Blank], result: Result, mai: Officer, at: datetime
) -> None:
    stock.use(result, 1, by=mai, at=at, serial=" KH-000104 ")

    assert states()["KH-000104"] == "used"
    assert stock.following(KIND, result.commune_id, 9) == ["KH-000101", "KH-000102", "KH-000103", "KH-000105"]


def test_an_original_takes_one_blank_only(blanks: list[Blank], result: Result, mai: Officer, at: datetime) -> None:
    stock.use(result, 1, by=mai, at=at)

    with pytest.raises(stock.StockRefused, match=r"Bản chính 1 đã in trên phôi KH-000101\."):
        stock.use(result, 1, by=mai, at=at)

    assert list(states().values()).count("used") == 1


def test_a_blank_is_taken_once_and_its_case_is_named(
    blanks: list[Blank], result: Result, mai: Officer, at: datetime
) -> None:
    stock.use(result, 1, by=mai, at=at, serial="KH-000101")

    with pytest.raises(stock.StockRefused) as refused:
        stock.use(result, 2, by=mai, at=at, serial="KH-000101")

    assert refused.value.sentence == (
        f"Phôi KH-000101 đã dùng cho hồ sơ {result.case.code}. Phôi kế tiếp là KH-000102."
    )


def test_a_serial_typed_wrong_takes_nothing(blanks: list[Blank], result: Result, mai: Officer, at: datetime) -> None:
    with pytest.raises(stock.StockRefused, match="Phôi KH-0001O1 không có trong kho"):
        stock.use(result, 1, by=mai, at=at, serial="KH-0001O1")

    assert set(states().values()) == {"received"}


def test_the_blank_of_another_commune_is_not_ours(
    result: Result, mai: Officer, kieu_phu: Commune, at: datetime
) -> None:
    with walls.within(kieu_phu.pk):
        theirs = factories.officer(kieu_phu, "tri.kp", Role.ADMINISTRATOR)
        delivered(theirs, at, first="000900", last="000900")

    with pytest.raises(stock.StockRefused, match="Phôi KH-000900 không có trong kho Giấy chứng nhận kết hôn của xã"):
        stock.use(result, 1, by=mai, at=at, serial="KH-000900")


def test_without_stock_the_way_out_is_told(result: Result, mai: Officer, at: datetime) -> None:
    with pytest.raises(stock.StockRefused, match=r"Hết phôi Giấy chứng nhận kết hôn\. Trả bản điện tử và hẹn"):
        stock.use(result, 1, by=mai, at=at)


def test_only_the_clerk_uses_a_blank(
    blanks: list[Blank], result: Result, hung: Officer, tri: Officer, at: datetime
) -> None:
    for officer in (hung, tri):
        with pytest.raises(stock.StockRefused, match="vai trò “Tiếp nhận”"):
            stock.use(result, 1, by=officer, at=at)


@pytest.mark.parametrize("number", [0, 3])
def test_there_is_no_third_original(
    number: int, blanks: list[Blank], result: Result, mai: Officer, at: datetime
) -> None:
    with pytest.raises(stock.StockRefused, match="không in bản chính đó lên phôi"):
        stock.use(result, number, by=mai, at=at)


# --- spoiling and correcting (F-62) ---
def test_the_next_blank_takes_the_place_of_a_spoiled_one(
    blanks: list[Blank], result: Result, mai: Officer, at: datetime, later: datetime
) -> None:
    spoiled = stock.use(result, 1, by=mai, at=at)

    stock.spoil(spoiled, reason="lem mực", by=mai, at=later)
    again = stock.use(result, 1, by=mai, at=later)

    assert states() == {
        "KH-000101": "spoiled",
        "KH-000102": "used",
        "KH-000103": "received",
        "KH-000104": "received",
        "KH-000105": "received",
    }
    assert (spoiled.result, spoiled.sheet_no, spoiled.reason, spoiled.spoiled_by) == (result, 1, "lem mực", mai)
    assert (again.result, again.sheet_no) == (result, 1)


def test_a_blank_is_spoiled_once_and_with_a_reason(blanks: list[Blank], mai: Officer, at: datetime) -> None:
    with pytest.raises(stock.StockRefused, match="Ghi rõ phôi hỏng vì sao"):
        stock.spoil(blanks[0], reason=" ", by=mai, at=at)
    stock.spoil(blanks[0], reason="rách", by=mai, at=at)

    with pytest.raises(stock.StockRefused, match=r"Phôi KH-000101 đã ghi là hỏng\."):
        stock.spoil(blanks[0], reason="rách nữa", by=mai, at=at)

    assert Blank.objects.get(serial="KH-000101").reason == "rách"


def test_a_spoiled_blank_is_used_no_more(blanks: list[Blank], result: Result, mai: Officer, at: datetime) -> None:
    stock.spoil(blanks[0], reason="rách", by=mai, at=at)

    with pytest.raises(stock.StockRefused, match=r"Phôi KH-000101 đã ghi là hỏng\. Phôi kế tiếp là KH-000102\."):
        stock.use(result, 1, by=mai, at=at, serial="KH-000101")


def test_the_specialist_spoils_nothing(blanks: list[Blank], hung: Officer, at: datetime) -> None:
    with pytest.raises(stock.StockRefused, match="vai trò"):
        stock.spoil(blanks[0], reason="rách", by=hung, at=at)


def test_a_serial_read_wrong_is_put_right_and_the_good_blank_goes_back(
    blanks: list[Blank], result: Result, mai: Officer, at: datetime
) -> None:
    wrong = stock.use(result, 1, by=mai, at=at)

    right = stock.correct(wrong, serial="KH-000103", by=mai, at=at)

    assert (right.serial, right.sheet_no) == ("KH-000103", 1)
    assert (states()["KH-000101"], states()["KH-000103"]) == ("received", "used")
    assert Entry.objects.get(act="correct_blank").why == "ghi nhầm, đúng là KH-000103"


def test_a_correction_to_a_blank_that_is_not_there_changes_nothing(
    blanks: list[Blank], result: Result, mai: Officer, at: datetime
) -> None:
    wrong = stock.use(result, 1, by=mai, at=at)

    with pytest.raises(stock.StockRefused, match="không có trong kho"):
        stock.correct(wrong, serial="KH-999999", by=mai, at=at)

    assert states()["KH-000101"] == "used"


def test_once_the_paper_is_in_the_citizens_hand_its_blanks_are_settled(
    blanks: list[Blank], case: Case, mai: Officer, at: datetime, later: datetime
) -> None:
    used = stock.use_next(case, by=mai, at=at)
    workflow.give_out(case, inked=True, by=mai, at=later, to="Trần Thị Thử")

    with pytest.raises(stock.StockRefused, match="không thay đổi được"):
        stock.spoil(used[0], reason="lem mực", by=mai, at=later)
    with pytest.raises(stock.StockRefused, match="không thay đổi được"):
        stock.correct(used[0], serial="KH-000104", by=mai, at=later)


# --- destroying ---
def test_spoiled_and_outdated_blanks_are_destroyed_by_minutes_and_stay_told(
    blanks: list[Blank], mai: Officer, tri: Officer, at: datetime, later: datetime
) -> None:
    stock.spoil(blanks[0], reason="rách", by=mai, at=at)

    number = stock.destroy(KIND, first="KH-000101", last="KH-000103", minutes="02/BB-UBND", by=tri, at=later)

    assert number == 3
    rows = Blank.objects.order_by("serial")
    assert [row.state for row in rows] == ["destroyed"] * 3 + ["received"] * 2
    assert [row.reason for row in rows][:2] == ["rách", "Không dùng nữa: 02/BB-UBND"]
    assert {row.minutes for row in rows[:3]} == {"02/BB-UBND"}


def test_nothing_of_a_range_is_destroyed_when_one_of_it_is_in_use(
    blanks: list[Blank], result: Result, mai: Officer, tri: Officer, at: datetime
) -> None:
    stock.use(result, 1, by=mai, at=at, serial="KH-000102")

    with pytest.raises(stock.StockRefused, match="Phôi KH-000102 đã dùng cho một kết quả nên không hủy"):
        stock.destroy(KIND, first="KH-000101", last="KH-000103", minutes="02/BB", by=tri, at=at)

    assert "destroyed" not in states().values()


@pytest.mark.parametrize(
    ("first", "last", "minutes", "words"),
    [
        ("KH-000101", "KH-000101", " ", "Ghi số và ngày của biên bản hủy."),
        ("KH-000105", "KH-000101", "02/BB", "số cuối không nhỏ hơn số đầu"),
        ("KH-101", "KH-000101", "02/BB", "đầy đủ như in trên phôi"),
        ("KH-000900", "KH-000901", "02/BB", "Không có phôi nào của xã"),
    ],
)
def test_what_is_not_clear_is_not_destroyed(
    first: str, last: str, minutes: str, words: str, blanks: list[Blank], tri: Officer, at: datetime
) -> None:
    with pytest.raises(stock.StockRefused, match=words):
        stock.destroy(KIND, first=first, last=last, minutes=minutes, by=tri, at=at)


def test_a_blank_is_destroyed_once(blanks: list[Blank], tri: Officer, at: datetime) -> None:
    stock.destroy(KIND, first="KH-000101", last="KH-000101", minutes="02/BB", by=tri, at=at)

    with pytest.raises(stock.StockRefused, match="đã hủy trước đây"):
        stock.destroy(KIND, first="KH-000101", last="KH-000101", minutes="03/BB", by=tri, at=at)

    assert Blank.objects.get(serial="KH-000101").minutes == "02/BB"


# --- the database keeps what the verbs promise ---
FORBIDDEN: list[Callable[[Blank], object]] = [
    lambda blank: blank.delete(),
    lambda blank: Blank.objects.filter(pk=blank.pk).update(serial="KH-000999"),
    lambda blank: Blank.objects.filter(pk=blank.pk).update(
        state="received", spoiled_at=None, spoiled_by=None, reason=""
    ),
    lambda blank: Blank.objects.filter(pk=blank.pk).update(reason="khác"),
]


@pytest.mark.parametrize("act", FORBIDDEN)
def test_what_became_of_a_blank_cannot_be_changed_by_anybody(
    act: Callable[[Blank], object], blanks: list[Blank], mai: Officer, at: datetime
) -> None:
    stock.spoil(blanks[0], reason="rách", by=mai, at=at)

    with pytest.raises(DatabaseError), transaction.atomic():
        act(blanks[0])

    assert states()["KH-000101"] == "spoiled"


def test_a_used_blank_must_say_for_what(blanks: list[Blank]) -> None:
    with pytest.raises(IntegrityError, match="blank_state_is_what_happened_to_it"), transaction.atomic():
        Blank.objects.filter(pk=blanks[0].pk).update(state="used")


# --- the case waits for its blanks ---
def test_a_result_is_not_given_out_before_each_original_has_its_blank(
    blanks: list[Blank], case: Case, result: Result, mai: Officer, later: datetime
) -> None:
    stock.use(result, 1, by=mai, at=later)

    with pytest.raises(workflow.NotAllowed, match="Chưa ghi phôi của bản chính 2 của Giấy chứng nhận kết hôn"):
        workflow.give_out(case, inked=True, by=mai, at=later, to="Trần Thị Thử")
    stock.use(result, 2, by=mai, at=later)
    workflow.give_out(case, inked=True, by=mai, at=later, to="Trần Thị Thử")

    assert case.where == State.GIVEN_OUT
    assert not PaperOwed.objects.exists()


def test_without_stock_the_electronic_copy_goes_and_the_paper_is_owed(
    case: Case, result: Result, mai: Officer, tri: Officer, at: datetime, later: datetime
) -> None:
    day = at.date() + timedelta(days=7)
    workflow.give_out(case, inked=True, by=mai, at=later, to="Trần Thị Thử", paper_on=day, paper_reason="Hết phôi")
    owed = PaperOwed.objects.get()
    assert (case.where, owed.result, owed.due_on, owed.reason) == (State.GIVEN_OUT, result, day, "Hết phôi")

    week = later + timedelta(days=7)
    with pytest.raises(stock.StockRefused, match="Chưa ghi đủ số sê-ri"):
        stock.hand_paper(owed, to="Trần Thị Thử", by=mai, at=week)
    delivered(tri, week)
    stock.use_next(case, by=mai, at=week)
    stock.hand_paper(owed, to="Trần Thị Thử", by=mai, at=week)

    assert (owed.handed_by, owed.handed_to) == (mai, "Trần Thị Thử")
    with pytest.raises(stock.StockRefused, match="đã được trả"):
        stock.hand_paper(owed, to="Trần Thị Thử", by=mai, at=week)


@pytest.mark.parametrize(("days", "reason", "words"), [(-1, "Hết phôi", "trước hôm nay"), (1, " ", "vì sao")])
def test_a_paper_is_owed_for_a_day_to_come_and_for_a_reason(
    days: int, reason: str, words: str, case: Case, mai: Officer, later: datetime
) -> None:
    day = later.date() + timedelta(days=days)

    with pytest.raises(workflow.NotAllowed, match=words):
        workflow.give_out(case, inked=True, by=mai, at=later, to="Trần Thị Thử", paper_on=day, paper_reason=reason)

    case.refresh_from_db()
    assert case.where == State.SIGNED
    assert not PaperOwed.objects.exists()


# --- counting ---
def test_rules_read_how_many_blanks_are_left(
    on_blanks: Procedure, blanks: list[Blank], khach: Citizen, mai: Officer, at: datetime
) -> None:
    case = stub.received(khach, by=mai, at=at)

    assert application_of(case).dossier.blanks == {KIND: 5, "birth_copy": 0, "disability_card": 0}


def test_a_kind_runs_low_at_the_communes_own_number(
    blanks: list[Blank], quoc_oai: Commune, tri: Officer, at: datetime
) -> None:
    def low() -> list[bool]:
        return [standing.is_low for standing in stock.standings(quoc_oai.pk, at.date())]

    assert low() == [True, True, True]  # up to 20, until the commune rules otherwise
    Ruling.objects.create(
        commune=quoc_oai,
        key=STOCK_LOW.key,
        value="4",
        valid_from=at.date(),
        source="QĐ 1",
        by=tri,
        at=at,
    )

    assert low() == [False, True, True]
    assert stock.standings(quoc_oai.pk, at.date())[0].following == "KH-000101"


def test_the_sheet_of_a_month_adds_up_and_later_news_does_not_change_it(
    result: Result, mai: Officer, tri: Officer, quoc_oai: Commune, at: datetime
) -> None:
    october = at.replace(month=10, day=5)
    december = at.replace(month=12, day=2)
    delivered(tri, october, first="000101", last="000110")
    delivered(tri, at, first="000201", last="000203")
    stock.spoil(Blank.objects.get(serial="KH-000101"), reason="ẩm", by=mai, at=october)
    first = stock.use(result, 1, by=mai, at=at)
    stock.use(result, 2, by=mai, at=at)
    before = {row.kind.key: row for row in stock.month(quoc_oai.pk, date(2026, 11, 1))}[KIND]

    stock.spoil(first, reason="lem mực", by=mai, at=december)
    stock.use(result, 1, by=mai, at=december)
    stock.destroy(KIND, first="KH-000101", last="KH-000102", minutes="09/BB", by=tri, at=december)

    rows = [
        (row.before, row.received, row.used, row.spoiled, row.left, row.spoiled_later, row.destroyed)
        for month in (10, 11, 12)
        for row in stock.month(quoc_oai.pk, date(2026, month, 1))
        if row.kind.key == KIND
    ]
    assert rows == [
        (0, 10, 0, 1, 9, 0, 0),
        (9, 3, 2, 0, 10, 0, 0),
        (10, 0, 1, 0, 9, 1, 2),
    ]
    assert before == stock.month(quoc_oai.pk, date(2026, 11, 1))[0]
    assert Blank.objects.counts()[KIND] == 9


# --- the printer ---
def test_a_layout_is_a_dated_row_and_the_latest_of_the_day_counts(
    quoc_oai: Commune, mai: Officer, at: datetime
) -> None:
    today = at.date()
    for right, day in ((1.5, today), (2.0, today + timedelta(days=1)), (1.0, today)):
        shifts = [stock.Shift("*", right, 0), stock.Shift("wife_name", 0, -0.5), stock.Shift("number", 0, 0)]
        stock.set_layout(KIND, shifts, valid_from=day, note="máy in quầy 1", by=mai, at=at)

    def in_force(day: date) -> dict[str, list[float]]:
        return BlankLayout.objects.in_force(quoc_oai.pk, KIND, day).fields  # type: ignore[no-any-return, union-attr]

    assert in_force(today) == {"*": [1.0, 0], "wife_name": [0, -0.5]}
    assert in_force(today + timedelta(days=1))["*"] == [2.0, 0]
    assert BlankLayout.objects.in_force(quoc_oai.pk, KIND, today - timedelta(days=1)) is None
    with pytest.raises(DatabaseError), transaction.atomic():
        BlankLayout.objects.update(note="khác")


@pytest.mark.parametrize("shift", [stock.Shift("nothing", 1, 1), stock.Shift("number", 31, 0)])
def test_a_shift_that_cannot_be_is_refused(shift: stock.Shift, mai: Officer, at: datetime) -> None:
    with pytest.raises(stock.StockRefused):
        stock.set_layout(KIND, [shift], valid_from=at.date(), note="", by=mai, at=at)


def test_only_who_stands_at_the_printer_sets_it(lan: Officer, at: datetime) -> None:
    with pytest.raises(stock.StockRefused, match="vai trò"):
        stock.set_layout(KIND, [], valid_from=at.date(), note="", by=lan, at=at)


# --- what the procedures owe the stock ---
def test_every_value_of_a_procedure_finds_its_place_on_its_blank(at: datetime) -> None:
    printed: dict[str, int] = {}
    for procedure in catalogue():
        example = procedure.example(at)
        for document in procedure.documents(example, on=example.day):
            if document.blank:
                facts = procedure.facts(example, document, on=example.day, numbers={})
                fields: list[list[str]] = facts["fields"]  # type: ignore[assignment]
                boxes = overprint.facts_of(KINDS[document.blank], {name: str(value) for name, value in fields}, {})
                printed[document.blank] = len(boxes["boxes"])

    # the copy of a birth certificate takes a blank for some books only
    assert {"marriage_certificate", "disability_card"} <= set(printed)
    assert min(printed.values()) >= 5


def test_the_demo_fills_the_cupboard_of_a_commune(quoc_oai: Commune, mai: Officer, tri: Officer) -> None:
    fill_stock(quoc_oai, mai)

    assert Blank.objects.counts() == {KIND: 120, "birth_copy": 98, "disability_card": 20}
    assert set(states("birth_copy").values()) == {"received", "spoiled", "destroyed"}
