"""The leader's page of scores, and the two clocks on the page of a case."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens.models import Citizen
from oneshop.models import Commune, Officer
from procedures import workflow
from procedures.clock.index_facts import Punctuality
from procedures.house_points import EARLY_IS_BETTER
from procedures.models import Case
from procedures.reckoning import lives, scoring
from procedures.rulings import rule_on
from tests import factories


@pytest.fixture
def case(khach: Citizen, mai: Officer, at: datetime) -> Case:
    return factories.case(khach, by=mai, at=at)


def words_of(client: Client, at: datetime, **asked: str) -> str:
    with time_machine.travel(at, tick=False):
        page = client.get(reverse("scores"), asked).content.decode()
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_life_of_a_case_is_read_from_its_steps_and_pauses(
    case: Case, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    workflow.ask_for_papers(case, by=hung, at=at + timedelta(minutes=10), note="bản án")
    workflow.take_papers(case, by=mai, at=at + timedelta(minutes=40), note="đã có")
    factories.signed(case, handled_by=hung, by=lan, at=at + timedelta(minutes=60))

    facts = lives.facts_of(Case.objects.get(pk=case.pk), at=at + timedelta(hours=2))

    assert (facts.index, facts.legal, facts.requests, facts.returns) == (Punctuality.EARLY, Punctuality.EARLY, 1, 1)
    assert facts.index_due == at + timedelta(hours=5, minutes=30)  # three hours, half an hour, the noon
    assert facts.legal_due == at + timedelta(hours=5, minutes=40)  # three hours from 08:50 on
    assert [(stop.reason, stop.slip) for stop in facts.stops] == [("bản án", "01/2026")]
    assert facts.is_digital is False, "its paper is signed by hand"


def test_the_page_of_the_case_tells_both_clocks_in_words(
    client: Client, case: Case, mai: Officer, hung: Officer, at: datetime
) -> None:
    workflow.ask_for_papers(case, by=hung, at=at + timedelta(minutes=10), note="bản án")
    workflow.take_papers(case, by=mai, at=at + timedelta(minutes=40), note="đã có")
    client.force_login(mai)

    with time_machine.travel(at + timedelta(hours=1), tick=False):
        page = html.unescape(client.get(reverse("case", args=[case.code])).content.decode())

    assert "Theo chỉ số: còn trong hạn, đã dùng 30 phút" in page
    assert "Theo luật, tính lại từ khi đủ hồ sơ: hạn 13:50 thứ Hai 23/11" in page
    assert "Tạm dừng 08:20 thứ Hai 23/11 – 08:50 thứ Hai 23/11, phiếu số 01/2026" in page
    assert "Công dân đến 2 lần, trực tiếp" in page


def test_the_month_counts_what_ended_in_it_and_tells_small_numbers_as_they_are(
    client: Client, quoc_oai: Commune, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    people = [factories.citizen(quoc_oai, f"0011920{n:05}", f"Trần Thị Thử {n}") for n in range(1, 4)]
    early, late, still_open = (factories.case(person, by=mai, at=at) for person in people)
    factories.signed(early, handled_by=hung, by=lan, at=at + timedelta(minutes=30))
    factories.signed(late, handled_by=hung, by=lan, at=at + timedelta(hours=6, minutes=20))
    client.force_login(lan)

    now = words_of(client, at + timedelta(hours=7))
    before = words_of(client, at + timedelta(hours=7), thang="2026-10")
    still = scoring.month(quoc_oai.pk, at.date().replace(day=1), at=at + timedelta(hours=7))

    assert still_open.code
    assert "Hồ sơ giải quyết xong trong tháng: 2. Không trễ hạn: 1/2." in now
    assert "1 Thời gian giải quyết so với hạn 1,0" in now
    assert "6 Công khai thủ tục chưa đo" in now
    assert "chưa đủ mục để xếp loại" in now
    assert "Hồ sơ giải quyết xong trong tháng: 0. Không trễ hạn: chưa có hồ sơ." in before
    assert [(officer.username, found.cases, found.in_time) for officer, found in still.officers] == [
        ("mai", 2, 1),
        ("hung", 2, 1),
        ("lan", 2, 1),
    ]


def test_the_commune_rules_whether_early_is_better(
    case: Case, quoc_oai: Commune, hung: Officer, lan: Officer, tri: Officer, at: datetime
) -> None:
    factories.signed(case, handled_by=hung, by=lan, at=case.due_at)
    before = scoring.month(quoc_oai.pk, at.date(), at=at).unit.average(1)

    rule_on(EARLY_IS_BETTER, "no", valid_from=at.date(), source="QĐ 1", is_confirmed=True, by=tri, at=at)

    assert (before, scoring.month(quoc_oai.pk, at.date(), at=at).unit.average(1)) == (1.0, 2.0)


def test_the_page_asks_as_often_with_thirty_cases_as_with_three(
    client: Client, quoc_oai: Commune, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    client.force_login(lan)
    counts = []
    for start, number in ((0, 3), (10, 27)):
        for n in range(start, start + number):
            made = factories.case(factories.citizen(quoc_oai, f"0011920{n:05}", f"Trần Thị Thử {n}"), by=mai, at=at)
            factories.signed(made, handled_by=hung, by=lan, at=at + timedelta(minutes=30))
        with CaptureQueriesContext(connection) as counted:
            words_of(client, at + timedelta(hours=1))
        counts.append(len(counted))

    assert counts[0] == counts[1]


def test_a_month_to_come_and_nonsense_are_this_month(client: Client, lan: Officer, at: datetime) -> None:
    client.force_login(lan)

    assert "tháng 11/2026" in words_of(client, at, thang="2027-05")
    assert "tháng 11/2026" in words_of(client, at, thang="mai")
