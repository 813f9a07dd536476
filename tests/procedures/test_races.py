"""Several desks at the same moment, with real commits: one wins, the others are told, no number is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import TypeVar

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import reverse

from citizens.models import Certificate
from oneshop import walls
from oneshop.models import Commune, Entry, FormKey, Officer
from oneshop.roles import Role
from procedures import workflow
from procedures.catalogue import catalogue
from procedures.models import Case, Result, Series, Step
from procedures.states import State, Verb
from tests import factories
from tests.procedures.test_invariants import broken

T = TypeVar("T")
BOOK = "marital_certificate"


@pytest.fixture
def village(real_db: str, at: datetime) -> Commune:
    """Xã Quốc Oai, committed: mai and minh receive, hùng handles, lan and sơn sign, both on duty."""
    commune = factories.commune()
    with walls.within(commune.pk):
        factories.usual_week(commune)
        factories.officer(commune, "mai", Role.CLERK, full_name="Nguyễn Thị Mai")
        factories.officer(commune, "minh", Role.CLERK, full_name="Đỗ Văn Minh")
        factories.officer(commune, "hung", Role.SPECIALIST, full_name="Nguyễn Việt Hùng")
        for name, full_name, title in (
            ("lan", "Phùng Thị Lan", "CHỦ TỊCH"),
            ("son", "Đỗ Hữu Sơn", "KT. CHỦ TỊCH|PHÓ CHỦ TỊCH"),
        ):
            leader = factories.officer(commune, name, Role.SIGNER, full_name=full_name, signs_as=title)
            factories.shift(leader, Role.SIGNER, starts_at=at.replace(hour=7), ends_at=at.replace(hour=18))
    return commune


def named(village: Commune, username: str) -> Officer:
    with walls.within(village.pk):
        return Officer.objects.select_related("commune", "counter").get(username=username)


def waiting_for_signature(village: Commune, at: datetime, *, number: int) -> list[Case]:
    """So many cases before the leader."""
    mai, hung = named(village, "mai"), named(village, "hung")
    cases = []
    for n in range(number):
        with walls.within(village.pk):
            case = factories.case(factories.citizen(village, f"001192000{n:03}"), by=mai, at=at)
            workflow.submit(case, by=hung, at=at)
            cases.append(case)
    return cases


def at_once(acts: Sequence[Callable[[], T]], *, threads: int | None = None) -> list[T | Exception]:
    """Do the acts in threads, each with connections of its own, let go at one moment; answers or what was raised."""
    start = Barrier(threads or len(acts))
    shares = [acts[n :: start.parties] for n in range(start.parties)]

    def work(share: Sequence[Callable[[], T]]) -> list[T | Exception]:
        done: list[T | Exception] = []
        try:
            start.wait(timeout=20)
            for act in share:
                try:
                    done.append(act())
                except Exception as error:
                    done.append(error)
        finally:
            connections.close_all()
        return done

    with ThreadPoolExecutor(start.parties) as pool:
        return [answer for answers in pool.map(work, shares) for answer in answers]


def signs(village: Commune, case: Case, leader: Officer, at: datetime) -> Callable[[], Result]:
    """Look at the paper now, sign when the moment comes."""
    with walls.within(village.pk):
        seen = factories.seen(Case.objects.get(pk=case.pk), leader, at)

    def act() -> Result:
        with walls.within(village.pk, officer_id=leader.pk):
            [result] = workflow.sign(Case.objects.get(pk=case.pk), by=leader, at=at, seen=seen)
            return result

    return act


# --- one case, two hands ---
def test_two_leaders_at_the_same_moment_make_one_signature_and_the_other_learns_who(
    village: Commune, at: datetime
) -> None:
    cases = waiting_for_signature(village, at, number=6)
    lan, son = named(village, "lan"), named(village, "son")
    later = at + timedelta(minutes=10)

    for number, case in enumerate(cases, start=1):
        answers = at_once([signs(village, case, lan, later), signs(village, case, son, later)])

        [signed] = [answer for answer in answers if isinstance(answer, Result)]
        [told] = [answer for answer in answers if isinstance(answer, workflow.CaseMoved)]
        assert signed.number == number
        assert told.sentence.startswith(f"Hồ sơ vừa được {signed.signed_by} xử lý lúc 08:20: Ký duyệt.")
    assert broken(village) == {}


def test_a_signature_and_a_withdrawal_at_once_leave_one_of_them(village: Commune, at: datetime) -> None:
    cases = waiting_for_signature(village, at, number=6)
    lan, mai = named(village, "lan"), named(village, "mai")
    later = at + timedelta(minutes=10)

    for case in cases:

        def withdraw(case: Case = case) -> Step:
            with walls.within(village.pk, officer_id=mai.pk):
                return workflow.withdraw(Case.objects.get(pk=case.pk), by=mai, at=later, note="không cần nữa")

        answers = at_once([signs(village, case, lan, later), withdraw])

        with walls.within(village.pk):
            state = Case.objects.get(pk=case.pk).where
            results = Result.objects.filter(case=case).count()
        assert [type(answer) for answer in answers if isinstance(answer, Exception)] == [workflow.CaseMoved]
        assert (state, results) in [(State.SIGNED, 1), (State.WITHDRAWN, 0)]
    assert broken(village) == {}


def test_a_leader_never_signs_what_the_specialist_changed_meanwhile(village: Commune, at: datetime) -> None:
    [case] = waiting_for_signature(village, at, number=1)
    lan, son, hung = (named(village, name) for name in ("lan", "son", "hung"))
    sign_what_was_seen = signs(village, case, lan, at)
    with walls.within(village.pk):
        workflow.send_back(Case.objects.get(pk=case.pk), by=son, at=at, note="sai mục đích")
        workflow.submit_refusal(Case.objects.get(pk=case.pk), by=hung, at=at, note="Khai khác với dữ liệu.")

    [answer] = at_once([sign_what_was_seen])

    assert isinstance(answer, workflow.NotAllowed)
    assert answer.sentence == "Nội dung giấy đã thay đổi từ khi ông/bà mở xem. Xem lại rồi ký."
    assert broken(village) == {}


# --- one person, two counters (F-10) ---
def test_two_counters_that_receive_one_person_at_once_make_one_case(village: Commune, at: datetime) -> None:
    unaware = {rule: seen for rule, seen in factories.all_checked().items() if rule != "cs_no_open_duplicate"}

    for n in range(4):
        with walls.within(village.pk):
            citizen = factories.citizen(village, f"00119200020{n}")

        def receive(by: Officer, citizen: object = citizen) -> Callable[[], Case]:
            def act() -> Case:
                with walls.within(village.pk, officer_id=by.pk):
                    return workflow.receive(
                        catalogue()[BOOK],
                        citizen,  # type: ignore[arg-type]
                        answers=factories.ANSWERS,
                        officer_answers=unaware,
                        by=by,
                        at=at,
                    )

            return act

        answers = at_once([receive(named(village, "mai")), receive(named(village, "minh"))])

        assert [type(answer) for answer in answers if not isinstance(answer, Exception)] == [Case]
        [stopped] = [answer for answer in answers if isinstance(answer, workflow.NotReady)]
        assert [finding.rule.id for finding in stopped.findings] == ["cs_no_open_duplicate"]
    with walls.within(village.pk):
        assert sorted(Case.objects.values_list("code", flat=True)) == [
            f"H26.895.00-261123-000{n}" for n in (1, 2, 3, 4)
        ]
    assert broken(village) == {}


# --- one form, sent twice (F-11) ---
def test_a_form_sent_twice_at_once_acts_once_and_both_get_the_same_answer(village: Commune, at: datetime) -> None:
    mai = named(village, "mai")
    with walls.within(village.pk):
        cases = [factories.case(factories.citizen(village, f"00119200030{n}"), by=mai, at=at) for n in range(4)]

    for n, case in enumerate(cases):
        form = {"note": "không cần nữa", "form_key": f"double-click-{n:08}"}

        def send(case: Case = case, form: dict[str, str] = form) -> tuple[int, str]:
            client = Client()
            client.force_login(mai)
            response = client.post(reverse("act", args=[case.code, Verb.WITHDRAW]), form)
            return response.status_code, response.headers.get("Location", "")

        answers = at_once([send, send, send])

        assert answers == [(302, "/quay")] * 3
    with walls.within(village.pk):
        assert Step.objects.filter(verb=Verb.WITHDRAW).count() == 4
        assert Entry.objects.filter(act=Verb.WITHDRAW).count() == 4
        assert FormKey.objects.count() == 4
    assert broken(village) == {}


# --- killed in the middle (F-01, F-02) ---
CHILD = """
import os, signal, sys
import django
django.setup()
from datetime import datetime
from oneshop import walls
from oneshop.models import Officer
from procedures import papers, workflow
from procedures.models import Case, Result

commune, case, leader, moment, at, seen = sys.argv[1:]
die = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
match moment:
    case "number taken": papers.render = die
    case "result written": workflow.signing.carry_out = die
with walls.within(int(commune), officer_id=int(leader)):
    workflow.sign(
        Case.objects.get(pk=case), by=Officer.objects.get(pk=leader), at=datetime.fromisoformat(at), seen=seen
    )
    if moment == "all written":
        assert Result.objects.count() == 1
        die()
die()
"""


def die_while_signing(village: Commune, case: Case, leader: Officer, at: datetime, moment: str, database: str) -> None:
    """A process of its own signs and is killed at that moment."""
    with walls.within(village.pk):
        seen = factories.seen(case, leader, at)
    facts = [str(village.pk), str(case.pk), str(leader.pk), moment, at.isoformat(), seen]
    died = subprocess.run(
        [sys.executable, "-c", CHILD, *facts],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "oneshop.settings",
            "ONESHOP_DATABASE": database,
            "SECRET_KEY": settings.SECRET_KEY,
        },
        cwd=settings.HOUSE,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr


@pytest.mark.parametrize("moment", ["number taken", "result written", "all written"])
def test_a_process_killed_before_the_commit_leaves_nothing_and_its_number_is_free(
    moment: str, village: Commune, at: datetime, real_db: str
) -> None:
    [case] = waiting_for_signature(village, at, number=1)
    lan = named(village, "lan")

    die_while_signing(village, case, lan, at, moment, real_db)

    with walls.within(village.pk):
        assert Case.objects.get(pk=case.pk).where == State.WAITING_SIGNATURE
        assert not Result.objects.exists()
        assert not Certificate.objects.exists()
        assert not Series.objects.filter(book=BOOK).exists()
    assert broken(village) == {}
    assert signs(village, case, lan, at)().number == 1


def test_a_process_killed_after_the_commit_has_signed_and_a_second_try_is_told_so(
    village: Commune, at: datetime, real_db: str
) -> None:
    [case] = waiting_for_signature(village, at, number=1)
    lan = named(village, "lan")
    try_again = signs(village, case, lan, at)

    die_while_signing(village, case, lan, at, "committed", real_db)

    with walls.within(village.pk):
        assert [result.number for result in Result.objects.all()] == [1]
    with pytest.raises(workflow.CaseMoved):
        try_again()
    assert broken(village) == {}
