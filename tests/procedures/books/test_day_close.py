"""The end of a day: frozen by one, confirmed by another, its head with the monitoring office (S-36, F-49)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from citizens.models import Citizen
from oneshop import audit, chain, walls
from oneshop.models import Commune, Officer
from oneshop.roles import Role
from procedures import papers, workflow
from procedures.books import bookkeeping, day_close
from procedures.books.day_close import DayRefused
from procedures.models import Case, DayClose, Void
from tests import factories
from tests.procedures.test_invariants import broken
from tests.procedures.test_races import at_once, named, village
from tests.procedures.workflow.test_corrections import fresh, letter, replaced

__all__ = ["village"]

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
EVENING = datetime(2026, 11, 23, 17, 35, tzinfo=HANOI)
TODAY = EVENING.date()


@pytest.fixture
def worked(quoc_oai: Commune, mai: Officer, hung: Officer, lan: Officer, at: datetime) -> list[Case]:
    """One given out, one signed and waiting, one annulled, one open and late by the evening."""
    people = [factories.citizen(quoc_oai, f"00119200002{n}", f"Lê Thị {'ABCD'[n]}") for n in range(4)]
    cases = [factories.case(person, by=mai, at=at) for person in people]
    for case in cases[:3]:
        factories.signed(case, handled_by=hung, by=lan, at=at + timedelta(minutes=5))
    factories.given_out(cases[0], by=mai, at=at + timedelta(minutes=9))
    workflow.annul(cases[2], by=lan, at=at + timedelta(minutes=9), note="người yêu cầu đã chết")
    slip = workflow.issue_receipt(cases[3], by=mai, at=at)
    bookkeeping.let_fall(slip, Void.Reason.SPOILED, why="kẹt giấy", by=mai, at=at)
    return cases


@pytest.fixture
def as_(client: Client) -> Callable[[Officer], Client]:
    def enter(officer: Officer) -> Client:
        client.force_login(officer)
        return client

    return enter


def test_the_sheet_counts_what_the_day_was(quoc_oai: Commune, worked: list[Case], mai: Officer) -> None:
    facts = day_close.close(TODAY, by=mai, at=EVENING).facts

    assert (facts["in"], facts["signed"]) == ({"receive": 4, "appoint": 0, "reject": 0}, 3)
    assert facts["out"] == {"give_out": 1, "withdraw": 0, "stop": 0, "annul": 1}
    assert {state: number for state, number in facts["left"].items() if number} == {"received": 1, "signed": 1}
    assert facts["late"] == [worked[3].code]
    assert facts["case_codes"] == 4
    told = {row["key"]: (row["first"], row["last"], row["count"], row["voids"], row["gaps"]) for row in facts["books"]}
    assert told["marital_certificate"] == (1, 3, 3, 1, [])
    assert told["receipt"] == (1, 1, 1, 1, [])
    assert facts["fees"]["slips"] == 4
    assert facts["fees"]["sum"] > 0


def test_the_sheet_tells_of_papers_put_right_and_of_numbers_of_earlier_days_that_fell(
    quoc_oai: Commune, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    friday = at - timedelta(days=3)
    factories.shift(lan, Role.SIGNER, starts_at=friday, ends_at=friday.replace(hour=18))
    result = factories.signed(factories.case(khach, by=mai, at=friday), handled_by=hung, by=lan, at=friday)
    factories.given_out(result.case, by=mai, at=friday)
    letter(fresh(result), by=hung, signer=lan, at=at)
    replaced(fresh(result), by=hung, signer=lan, at=at, fault="applicant")

    day = day_close.close(TODAY, by=mai, at=EVENING)
    figures = {label: number for label, number, _ in day_close.paper_facts(day)["figures"]}
    told = {row["key"]: (row["first"], row["last"], row["count"], row["voids"]) for row in day.facts["books"]}

    assert (figures["Ký duyệt"], figures["Ký sửa, thay, thu hồi giấy"], figures["Giấy đã cấp số"]) == (0, 2, 2)
    assert told == {"marital_certificate": (2, 2, 1, 0), "official_letter": (1, 1, 1, 0)}
    assert day.facts["fell"] == ["Sổ cấp Giấy xác nhận tình trạng hôn nhân, 01/2026"]
    assert "Số của ngày trước bị bỏ trong ngày" in day_close.sheet(day).html
    assert broken(quoc_oai) == {}


def test_what_a_slip_says_was_paid_is_counted_though_the_case_was_put_right_since(
    quoc_oai: Commune, worked: list[Case], mai: Officer
) -> None:
    paid = day_close.facts_of(quoc_oai, TODAY, at=EVENING)["fees"]
    Case.objects.filter(pk=worked[0].pk).update(answers=worked[0].answers | {"fee": "exempt_poor"})

    assert day_close.facts_of(quoc_oai, TODAY, at=EVENING)["fees"] == paid


def test_the_paper_says_the_head_in_groups_of_four_and_where_a_book_goes_on_from_paper(
    quoc_oai: Commune, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    act = bookkeeping.open_after_paper("death", 2026, upto=41, volume="01/2026", ground="chuyển sổ", by=hung, at=at)
    bookkeeping.sign(act, by=lan, at=at)
    day = day_close.close(TODAY, by=mai, at=EVENING)
    DayClose.objects.filter(pk=day.pk)
    day.head_hash = "0123456789abcdef" * 4

    html = papers.render("lists/day_close.html", day_close.paper_facts(day)).html

    assert "0123 4567 89ab cdef 0123" in html
    assert "Sổ đăng ký khai tử, tiếp theo số 41 của sổ giấy, quyển 01/2026" in html


def test_it_is_closed_after_the_last_hour_by_who_works_at_the_desk(
    quoc_oai: Commune, mai: Officer, lan: Officer
) -> None:
    with pytest.raises(DayRefused, match="17:30"):
        day_close.close(TODAY, by=mai, at=EVENING - timedelta(minutes=10))
    with pytest.raises(DayRefused, match="vai trò"):
        day_close.close(TODAY, by=lan, at=EVENING)
    with pytest.raises(DayRefused, match="chưa đến"):
        day_close.close(TODAY + timedelta(days=1), by=mai, at=EVENING)


def test_another_person_confirms_and_the_paper_is_frozen(
    quoc_oai: Commune, worked: list[Case], mai: Officer, lan: Officer
) -> None:
    day = day_close.close(TODAY, by=mai, at=EVENING)

    with pytest.raises(DayRefused, match="vai trò"):
        day_close.confirm(day, by=mai, at=EVENING)
    confirmed = day_close.confirm(day, by=lan, at=EVENING + timedelta(minutes=3))
    with pytest.raises(DayRefused, match="đã được xác nhận"):
        day_close.confirm(day, by=lan, at=EVENING)

    assert confirmed.pdf
    assert (confirmed.confirmed_by, len(confirmed.sha256)) == (lan, 64)
    for change in ({"head_hash": "0" * 64}, {"facts": {}}, {"confirmed_at": EVENING}):
        with pytest.raises(DatabaseError), transaction.atomic():
            DayClose.objects.update(**change)
    assert broken(quoc_oai) == {}


def test_who_closed_does_not_confirm(quoc_oai: Commune, lan: Officer) -> None:
    both = factories.officer(quoc_oai, "both", Role.CLERK, Role.SIGNER)
    day = day_close.close(TODAY, by=both, at=EVENING)

    with pytest.raises(DayRefused, match="không được tự xác nhận"):
        day_close.confirm(day, by=both, at=EVENING)


def test_a_second_closing_is_a_supplement_and_never_an_overwrite(
    quoc_oai: Commune, worked: list[Case], mai: Officer, lan: Officer
) -> None:
    first = day_close.close(TODAY, by=mai, at=EVENING)
    with pytest.raises(DayRefused, match="chưa được xác nhận"):
        day_close.close(TODAY, by=mai, at=EVENING)
    day_close.confirm(first, by=lan, at=EVENING)
    with pytest.raises(DayRefused, match="không có gì thêm"):
        day_close.close(TODAY, by=mai, at=EVENING)
    late = EVENING + timedelta(minutes=20)
    factories.given_out(worked[1], by=mai, at=late)

    second = day_close.close(TODAY, by=mai, at=late)

    shown = {label: (now, before) for label, now, before in day_close.paper_facts(second)["figures"]}
    assert (second.part, DayClose.objects.count()) == (2, 2)
    assert shown["Trả kết quả"] == (2, 1)
    assert shown["Tiếp nhận"] == (4, 4)
    first.refresh_from_db()
    assert first.facts["out"]["give_out"] == 1


def test_two_who_close_at_one_moment_close_once(village: Commune, at: datetime) -> None:
    def closes(name: str) -> Callable[[], int]:
        by = named(village, name)

        def act() -> int:
            with walls.within(village.pk, officer_id=by.pk):
                return day_close.close(TODAY, by=by, at=EVENING).part

        return act

    answers = at_once([closes("mai"), closes("minh"), closes("hung")])

    assert [answer for answer in answers if not isinstance(answer, Exception)] == [1]
    assert all(isinstance(answer, DayRefused) for answer in answers if isinstance(answer, Exception))


def test_a_day_with_acts_and_no_close_is_told_next_morning(
    quoc_oai: Commune, worked: list[Case], mai: Officer, lan: Officer
) -> None:
    morning = TODAY + timedelta(days=1)

    before = day_close.chores(quoc_oai.pk, morning)
    day_close.close(TODAY, by=mai, at=EVENING)

    assert before == [("Chưa chốt ngày: 23/11.", "day_closes")]
    assert day_close.chores(quoc_oai.pk, morning) == []
    assert day_close.chores(quoc_oai.pk, TODAY) == []


def test_books_of_last_year_that_are_open_are_told(quoc_oai: Commune, worked: list[Case]) -> None:
    told = day_close.chores(quoc_oai.pk, date(2027, 1, 4))

    assert len(told) == 1
    assert told[0][0].startswith("Sổ năm 2026 chưa khóa: ")
    assert told[0][1] == "number_books"


def test_the_pages_close_and_confirm(
    quoc_oai: Commune, as_: Callable[[Officer], Client], worked: list[Case], mai: Officer, lan: Officer
) -> None:
    """A past day, since the clock of the machine is not ours to set."""
    here = as_(mai).post(reverse("close_day", args=[TODAY]), {"form_key": "a" * 20})["Location"]
    if not here.endswith("/1"):  # the machine's own day is before the closing hour of that day
        day_close.close(TODAY, by=mai, at=EVENING)
        here = reverse("day_close", args=[TODAY, 1])

    wrong = as_(lan).post(here, {"password": "sai", "form_key": "b" * 20})
    right = as_(lan).post(here, {"password": factories.PASSWORD, "form_key": "c" * 20})
    paper = as_(mai).get(reverse("day_close_paper", args=[TODAY, 1]))

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert paper.content.startswith(b"%PDF")
    assert "Phùng Thị Lan" in as_(mai).get(here).content.decode()


# --- the monitoring office ---
def as_owner(*statements: str) -> None:
    """What a person with the keys of the database can do."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('app.reads_all', 'on', false)")
        for statement in (
            "ALTER TABLE oneshop_entry NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE oneshop_entry DISABLE TRIGGER ALL",
            *statements,
            "ALTER TABLE oneshop_entry ENABLE TRIGGER ALL",
            "ALTER TABLE oneshop_entry FORCE ROW LEVEL SECURITY",
        ):
            cursor.execute(statement)
    connections["owner"].close()


REWRITE = """
DO $$ DECLARE l oneshop_link; before bytea := ''; BEGIN
  FOR l IN SELECT * FROM oneshop_link WHERE chain = {commune} ORDER BY seq LOOP
    before := sha256(before || (SELECT oneshop_line_of(e) FROM oneshop_entry e WHERE e.id = l.entry_id));
    UPDATE oneshop_link SET hash = before WHERE chain = l.chain AND seq = l.seq;
  END LOOP;
  UPDATE oneshop_head SET hash = before WHERE chain = {commune};
END $$
"""


def closed_village(village: Commune, at: datetime) -> DayClose:
    mai, lan = named(village, "mai"), named(village, "lan")
    with walls.within(village.pk):
        for number in range(8):
            audit.record("look", "case", f"H-{number}", by=mai, at=at)
    with walls.within(village.pk):
        day = day_close.close(TODAY, by=mai, at=EVENING)
    with walls.within(village.pk):
        return day_close.confirm(day, by=lan, at=EVENING)


def test_a_history_rewritten_whole_is_red_at_the_monitoring_office(
    village: Commune, at: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    """The chain itself is whole again after the forgery: only the head that was sent tells (F-49)."""
    with walls.within(None, reads_all=True):
        doi = factories.officer(None, "doi", Role.MONITOR, full_name="Hoàng Văn Dõi")
    day = closed_village(village, at)
    client = Client()
    client.force_login(doi)
    before = client.get(reverse("sent_days")).content.decode()
    call_command("audit", "verify")
    as_owner("UPDATE oneshop_entry SET why = 'khác' WHERE key = 'H-3'", REWRITE.format(commune=village.pk))

    after = client.get(reverse("sent_days")).content.decode()

    assert list(chain.faults()) == []
    assert "CHUỖI ĐÃ BỊ SỬA" not in before
    assert "CHUỖI ĐÃ BỊ SỬA. Xã Quốc Oai, ngày 23/11/2026" in after
    assert day_close.short(day.head_hash) in after
    with pytest.raises(CommandError, match="rewritten"):
        call_command("audit", "verify")


def test_the_list_of_heads_is_what_verify_takes(village: Commune, at: datetime) -> None:
    with walls.within(None, reads_all=True):
        doi = factories.officer(None, "doi", Role.MONITOR)
    day = closed_village(village, at)
    client = Client()
    client.force_login(doi)

    [line] = client.get(reverse("sent_heads")).content.decode().splitlines()

    assert line == f"09895:{day.head_hash} 2026-11-23 {day.head_seq}"
    call_command("audit", "verify", printed=[line.split()[0]])


def test_the_monitoring_office_reads_heads_and_writes_none(quoc_oai: Commune, worked: list[Case], mai: Officer) -> None:
    day_close.close(TODAY, by=mai, at=EVENING)
    with walls.within(None, reads_all=True):
        changed = DayClose.objects.update(facts={})
        sent = day_close.sent_heads(since=TODAY)

    assert (changed, [row.commune_id for row in sent]) == (0, [quoc_oai.pk])


@pytest.mark.parametrize("number", [3, 30])
def test_the_page_of_heads_costs_the_same_for_few_communes_and_for_many(
    number: int, quoc_oai: Commune, mai: Officer, doi: Officer, as_: Callable[[Officer], Client]
) -> None:
    for other in range(number):
        factories.commune(f"0992{other:02}"[-5:], f"Xã thử {other}")
    for back in range(8):
        DayClose.objects.create(
            commune=quoc_oai,
            on=timezone.localdate() - timedelta(days=back),
            part=1,
            facts={},
            head_seq=0,
            head_hash="",
            by=mai,
            at=EVENING,
        )
    client = as_(doi)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("sent_days")).content.decode()

    assert page.count("Xã Xã thử") == number
    assert len(queries) == 18


def test_a_past_day_bears_the_head_of_that_day(quoc_oai: Commune, khach: Citizen, mai: Officer, at: datetime) -> None:
    factories.case(khach, by=mai, at=at)

    day = day_close.close(TODAY, by=mai, at=EVENING + timedelta(days=400))

    stands = chain.head(quoc_oai.pk, on=TODAY)
    assert day.head_seq == (stands.seq if stands else 0)
