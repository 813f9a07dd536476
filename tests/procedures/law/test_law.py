"""Law packs: the day chooses the law, an open case keeps its own, and officers are told in time and not for ever."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pypdfium2
import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from citizens.models import Citizen
from oneshop import checks
from oneshop.models import Officer
from oneshop.roles import Role
from procedures import law, papers, workflow
from procedures.applications import application_of
from procedures.catalogue import Document, Fee, Procedure, Version, catalogue
from procedures.catalogue.marital_certificate import MaritalCertificate
from procedures.clock import HANOI
from procedures.models import Case
from procedures.rules import Answer, Application, Kind, Rule
from procedures.rules.civil_status import NEW_LAW
from procedures.rulings import rule_on
from procedures.views.shown import law_of
from procedures.wordings.marital import FEE
from tests import factories

DEATH = catalogue()["death_registration"]
BEFORE = datetime(2027, 2, 28, 9, 0, tzinfo=HANOI)  # a Sunday: received is received
AFTER = datetime(2027, 3, 1, 8, 0, tzinfo=HANOI)
SIGNED = datetime(2027, 3, 2, 9, 0, tzinfo=HANOI)

Enter = Callable[[Officer], Client]


@pytest.fixture
def as_() -> Enter:
    def enter(officer: Officer) -> Client:
        client = Client()
        client.force_login(officer)
        return client

    return enter


@pytest.fixture
def leader(lan: Officer) -> Officer:
    factories.shift(lan, Role.SIGNER, starts_at=SIGNED.replace(hour=7), ends_at=SIGNED.replace(hour=18))
    return lan


class Renamed(MaritalCertificate):
    """A certificate that the law calls otherwise from its day on, on paper too."""

    def documents(self, application: Application, *, on: date) -> list[Document]:
        [document] = super().documents(application, on=on)
        return [replace(document, symbol=f"UBND-{self.version_on(application.day).valid_from:%Y}")]


def text_of(pdf: Any) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(bytes(pdf)))
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


# --- both sides of 1 March 2027 ---
def test_a_case_received_the_day_before_keeps_the_old_law_when_signed_after_it(
    monkeypatch: pytest.MonkeyPatch, khach: Citizen, mai: Officer, hung: Officer, leader: Officer
) -> None:
    monkeypatch.setitem(catalogue()._by_key, "marital_certificate", Renamed())
    with time_machine.travel(BEFORE, tick=False):
        case = factories.case(khach, by=mai, at=BEFORE)

    with time_machine.travel(SIGNED, tick=False):
        result = factories.signed(case, handled_by=hung, by=leader, at=SIGNED)

        assert "01/UBND-2016" in text_of(result.pdf)
        assert "Quốc Oai, ngày 02 tháng 3 năm 2027" in text_of(result.pdf)
        case.refresh_from_db()
        assert law_of(case).startswith("Hồ sơ giải quyết theo quy định của ngày tiếp nhận (28/02/2027); từ 01/03/2027:")


def test_a_case_received_on_the_day_has_the_new_law(
    monkeypatch: pytest.MonkeyPatch, khach: Citizen, mai: Officer, hung: Officer, leader: Officer
) -> None:
    monkeypatch.setitem(catalogue()._by_key, "marital_certificate", Renamed())
    with time_machine.travel(AFTER, tick=False):
        case = factories.case(khach, by=mai, at=AFTER)
    with time_machine.travel(SIGNED, tick=False):
        result = factories.signed(case, handled_by=hung, by=leader, at=SIGNED)

        assert "01/UBND-2027" in text_of(result.pdf)
        assert law_of(case) == ""


@pytest.mark.parametrize(
    ("at", "name"), [(BEFORE, "Trích lục khai tử"), (AFTER, "Giấy chứng tử"), (SIGNED, "Giấy chứng tử")]
)
def test_a_death_is_certified_under_the_name_of_the_day_of_receipt(at: datetime, name: str) -> None:
    application = DEATH.example(at)

    assert DEATH.documents(application, on=SIGNED.date())[-1].name == name


def test_a_refusal_rests_on_the_law_of_the_day_of_receipt(
    khach: Citizen, mai: Officer, hung: Officer, leader: Officer
) -> None:
    letters = []
    for at, number in ((BEFORE, "001192000111"), (AFTER, "001192000222")):
        with time_machine.travel(at, tick=False):
            case = factories.case(factories.citizen(khach.commune, number, "Nguyễn Thị Khác"), by=mai, at=at)
        with time_machine.travel(SIGNED, tick=False):
            workflow.submit_refusal(case, by=hung, at=SIGNED, note="Chưa đủ căn cứ")
            [letter] = workflow.sign(case, by=leader, at=SIGNED, seen=factories.seen(case, leader, SIGNED))
        letters.append(text_of(letter.pdf))

    assert "căn cứ khoản 2 Điều 5 Luật Hộ tịch năm 2014" in letters[0]
    assert "căn cứ Luật Hộ tịch số 03/2026/QH16" in letters[1]
    assert "2014" not in letters[1]


def test_what_is_not_civil_status_is_refused_by_its_own_law() -> None:
    disability = catalogue()["disability_card"]
    application = disability.example(SIGNED)

    assert not disability.is_civil_status
    assert papers.refusal_basis(disability, application) == disability.refusal_basis


@pytest.mark.parametrize("key", [procedure.key for procedure in catalogue() if procedure.is_civil_status])
def test_a_residence_that_was_a_bar_is_only_a_warning_from_the_day_on(key: str) -> None:
    """Competence is not tied to residence any more (civil-status.md section 7.2)."""
    softened = [rule for rule in catalogue()[key].rules if rule.until == NEW_LAW - timedelta(days=1)]

    for rule in softened:
        [later] = [other for other in catalogue()[key].rules if other.id == rule.id and other.since == NEW_LAW]
        assert (rule.kind != Kind.WARN, later.kind) == (True, Kind.WARN)
    assert key == "civil_copy" or softened


# --- being told ---
@pytest.mark.parametrize(
    ("on", "told"),
    [
        (date(2027, 1, 29), None),
        (date(2027, 1, 30), "coming"),
        (date(2027, 2, 28), "coming"),
        (date(2027, 3, 1), "new"),
        (date(2027, 3, 30), "new"),  # the thirtieth day
        (date(2027, 3, 31), None),  # the thirty-first
    ],
)
def test_officers_are_told_thirty_days_before_and_thirty_days_long(
    on: date, told: str | None, as_: Enter, mai: Officer, khach: Citizen
) -> None:
    at = datetime(on.year, on.month, on.day, 9, tzinfo=HANOI)
    with time_machine.travel(at, tick=False):
        client = as_(mai)
        desk = client.get(reverse("desk")).content.decode()
        form = client.get(reverse("apply", args=[khach.pk, "marital_certificate"])).content.decode()

    words = "quy định mới từ 01/03/2027: "
    assert (words in desk) == (told is not None)
    assert ("Sắp áp dụng" in desk) == (told == "coming")
    assert ("Việc hộ tịch không còn gắn với nơi cư trú" in form) == (told == "new")


@pytest.mark.parametrize(("who", "name"), [("hung", "handling"), ("lan", "signing")])
def test_the_other_desks_are_told_too(who: str, name: str, request: pytest.FixtureRequest, as_: Enter) -> None:
    officer = request.getfixturevalue(who)
    with time_machine.travel(AFTER, tick=False):
        page = as_(officer).get(reverse(name)).content.decode()

    assert "Đang áp dụng quy định mới từ 01/03/2027" in page


def test_one_line_names_every_procedure_of_that_day() -> None:
    [row] = law.news(date(2027, 3, 1))

    assert row.since == NEW_LAW
    assert {procedure.key for procedure in row.procedures} == {
        procedure.key for procedure in catalogue() if procedure.versions[-1].valid_from == NEW_LAW
    }
    assert law.news(date(2026, 11, 23)) == []


def test_the_page_of_a_case_says_when_its_law_is_no_longer_todays(
    as_: Enter, khach: Citizen, mai: Officer, hung: Officer, leader: Officer
) -> None:
    with time_machine.travel(BEFORE, tick=False):
        case = factories.case(khach, by=mai, at=BEFORE)
        today = as_(hung).get(reverse("case", args=[case.code])).content.decode()
        workflow.submit(case, by=hung, at=BEFORE)
    with time_machine.travel(SIGNED, tick=False):
        later = as_(hung).get(reverse("case", args=[case.code])).content.decode()
        signing = as_(leader).get(reverse("sign", args=[case.code])).content.decode()

    sentence = "theo quy định của ngày tiếp nhận (28/02/2027)"
    assert sentence not in today
    assert sentence in later
    assert sentence in signing


def test_the_frozen_case_is_judged_by_the_rules_of_its_day(khach: Citizen, mai: Officer) -> None:
    with time_machine.travel(BEFORE, tick=False):
        case: Case = factories.case(khach, by=mai, at=BEFORE)

    ids = {
        finding.rule.id: finding.rule.kind
        for finding in case.procedure.judge(application_of(case))
        if finding.rule.until == NEW_LAW - timedelta(days=1)
    }
    assert ids
    assert Kind.WARN not in ids.values()


# --- the page ---
@pytest.fixture
def page(as_: Enter, doi: Officer, mai: Officer) -> Iterator[Callable[[Officer], str]]:
    with time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=HANOI), tick=False):
        yield lambda officer: as_(officer).get(reverse("law")).content.decode()


def test_every_version_of_every_procedure_stands_on_the_page(
    page: Callable[[Officer], str], mai: Officer, doi: Officer
) -> None:
    shown = page(mai)

    for procedure in catalogue():
        assert f'id="{procedure.key}"' in shown
        for version in procedure.versions:
            assert version.result_name in shown
            assert f"{version.valid_from:%d/%m/%Y}" in shown
    assert "Việc hộ tịch không còn gắn với nơi cư trú" in shown
    assert "sắp áp dụng" in shown
    assert reverse("points") in shown
    assert reverse("points") not in page(doi)  # the monitoring office has no rulings


def test_the_fee_on_the_page_is_the_one_the_commune_has_ruled(
    page: Callable[[Officer], str], mai: Officer, doi: Officer, tri: Officer, at: datetime
) -> None:
    rule_on(FEE, "8000", valid_from=at.date(), source="Nghị quyết 99", is_confirmed=True, by=tri, at=at)

    here, everywhere = page(mai), page(doi)

    assert "Nghị quyết 99" in here
    assert "Nghị quyết 99" not in everywhere
    assert "5.000 đồng" in everywhere


# --- what stops the start ---
def _yes(_: Application) -> Answer:
    return Answer.YES


def test_dates_out_of_order_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    first, last = MaritalCertificate.versions
    fee = Fee(date(2026, 1, 1), 1, "NQ", confirmed=True)
    ends_first = Rule("r", Kind.WARN, "R", "R.", "R", _yes, since=date(2027, 1, 2), until=date(2027, 1, 1))

    class Muddled(MaritalCertificate):
        key, digit = "muddled", 9
        versions = (last, first, replace(first, change="Đổi."))
        fees = (fee, fee)
        rules = (ends_first,)

    monkeypatch.setitem(catalogue()._by_key, "muddled", Muddled())

    faults = [str(fault.msg) for fault in checks.the_law_stands_in_the_order_of_its_days(None)]

    assert len(faults) == 4
    assert all(fault.startswith("muddled: ") for fault in faults)


def test_a_condition_that_only_ends_is_told_with_its_last_day() -> None:
    class Ending(MaritalCertificate):
        rules = (
            Rule("ends", Kind.REFUSE, "Chấm dứt", "X.", "Y", _yes, until=date(2027, 2, 28)),
            Rule("changes", Kind.REFUSE, "Đổi", "X.", "Y", _yes, until=date(2027, 2, 28)),
            Rule("changes", Kind.WARN, "Đổi", "X.", "Y", _yes, since=date(2027, 3, 1)),
            Rule("stays", Kind.REFUSE, "Giữ", "X.", "Y", _yes),
        )

    told: list[tuple[str, Kind]] = [(rule.id, rule.kind) for rule in law.dated_rules(Ending())]

    assert told == [("ends", Kind.REFUSE), ("changes", Kind.WARN)]


def test_a_version_without_a_word_on_its_change_is_no_news() -> None:
    silent = Version(date(2027, 3, 1), "X", "Y", ("Z",))
    procedure: Procedure = catalogue()["marital_certificate"]

    assert not law.is_news(silent, date(2027, 3, 1))
    assert not law.is_coming(silent, date(2027, 2, 20))
    assert law.is_news(procedure.versions[-1], date(2027, 3, 1))
