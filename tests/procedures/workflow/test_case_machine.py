"""Whatever the desks do, in whatever order: a case keeps to the table of moves, and no invariant breaks (R-08).

A model of a dozen lines foretells each answer; the real verbs work on a real database. Runs are drawn at random; a
failing one is shrunk and printed as the list of its steps.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from citizens.models import Citizen
from oneshop import walls
from oneshop.models import Commune, Officer
from oneshop.roles import Role
from procedures import papers, workflow
from procedures.catalogue import catalogue
from procedures.clock import Calendar, is_open, used_between
from procedures.models import Case, Result
from procedures.opening import calendar_of
from procedures.papers.printing import Sheet
from procedures.states import MOVES, OPEN, State, Verb
from tests import factories
from tests.procedures.test_invariants import broken

DAYS = 40  # of roster; a run of 16 steps jumps 16 × 20 hours at most


def _a_later_morning(at: datetime) -> datetime:
    """Ten o'clock of a working day, nine days later or soon after."""
    ten = timezone.localtime(at).replace(hour=10, minute=0)
    return next(
        day for day in (ten + timedelta(days=more) for more in range(9, 30)) if is_open(day, Calendar.for_commune())
    )


ACTS: dict[Verb, Callable[[Case, Officer, datetime], Any]] = {
    Verb.HAND_OVER: lambda case, by, at: workflow.hand_over(case, by=by, at=at),
    Verb.ASK_FOR_PAPERS: lambda case, by, at: workflow.ask_for_papers(
        case, by=by, at=at, note="thiếu giấy", again=True
    ),
    Verb.TAKE_PAPERS: lambda case, by, at: workflow.take_papers(case, by=by, at=at, note="đã nộp"),
    Verb.SUBMIT: lambda case, by, at: workflow.submit(case, by=by, at=at),
    Verb.SUBMIT_REFUSAL: lambda case, by, at: workflow.submit_refusal(case, by=by, at=at, note="không đủ điều kiện"),
    Verb.SEND_BACK: lambda case, by, at: workflow.send_back(case, by=by, at=at, note="xem lại"),
    Verb.SIGN: lambda case, by, at: workflow.sign(case, by=by, at=at, seen=factories.seen(case, by, at)),
    Verb.EXTEND: lambda case, by, at: workflow.extend(case, by=by, at=at, note="bận", until=_a_later_morning(at)),
    Verb.GIVE_OUT: lambda case, by, at: factories.given_out(case, by=by, at=at, to="Trần Thị Thử"),
    Verb.WITHDRAW: lambda case, by, at: workflow.withdraw(case, by=by, at=at, note="không cần nữa"),
    Verb.ANNUL: lambda case, by, at: workflow.annul(case, by=by, at=at, note="người yêu cầu đã chết"),
}


@dataclass
class House:
    """What a run finds when it begins; it is put back when the run ends."""

    commune: Commune
    staff: dict[str, Officer]
    citizens: list[Citizen]
    opens_at: datetime
    walked: set[tuple[Verb, State]] = field(default_factory=set)


@pytest.fixture
def house(
    quoc_oai: Commune, mai: Officer, hung: Officer, lan: Officer, son: Officer, at: datetime, binh: Officer
) -> House:
    """lan signs from 7 to 18 every day, son has no shift; minh receives and signs; bình is of another commune."""
    minh = factories.officer(quoc_oai, "minh", Role.CLERK, Role.SIGNER, full_name="Đỗ Văn Minh", signs_as="CHỦ TỊCH")
    for leader in (lan, minh):
        for day in range(DAYS):
            starts = at.replace(hour=7, minute=0) + timedelta(days=day)
            factories.shift(leader, Role.SIGNER, starts_at=starts, ends_at=starts + timedelta(hours=11))
    people = [factories.citizen(quoc_oai, f"00119200000{n}", f"Trần Thị Thử {'AB'[n]}") for n in range(2)]
    staff = {"mai": mai, "minh": minh, "hung": hung, "lan": lan, "son": son, "binh": binh}
    return House(quoc_oai, staff, people, at)


@pytest.fixture
def quick_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet of its own for each set of facts, without the 50 ms of a real one."""

    def sheet(template: str, facts: Any) -> Sheet:
        digest = hashlib.sha256(repr(facts).encode()).hexdigest()
        return Sheet(html=template, pdf=f"%PDF {template} {digest}".encode(), pages=1)

    monkeypatch.setattr(papers, "render", sheet)


class Desks(RuleBasedStateMachine):
    """Two citizens, any number of cases, six officers, a clock that only goes on."""

    house: House

    def __init__(self) -> None:
        super().__init__()
        self._transaction = transaction.atomic()
        self._transaction.__enter__()
        self.now = self.house.opens_at
        self.model: dict[int, State] = {}
        self.citizen_of: dict[int, int] = {}
        self.received_by: dict[int, str] = {}
        self.extended: set[int] = set()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._transaction.__exit__(None, None, None)

    # --- what may happen ---
    @initialize(citizen=st.integers(0, 1), who=st.sampled_from(["mai", "minh"]))
    def the_first_citizen_comes(self, citizen: int, who: str) -> None:
        self._receive(citizen, who)

    @rule(minutes=st.sampled_from([1, 17, 45, 180, 20 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(citizen=st.integers(0, 1), who=st.sampled_from(["mai", "minh", "mai", "hung"]))
    def a_citizen_comes(self, citizen: int, who: str) -> None:
        self._receive(citizen, who)

    @rule(data=st.data(), twice=st.booleans())
    def a_desk_does_what_is_next(self, data: st.DataObject, twice: bool) -> None:
        pk = data.draw(st.sampled_from(sorted(self.model)), "case")
        open_here = [verb for verb, move in MOVES.items() if self.model[pk] in move.sources and verb in ACTS]
        if not open_here:
            return
        verb = data.draw(st.sampled_from(open_here), "verb")
        fitting = [
            name
            for name, officer in self.house.staff.items()
            if set(MOVES[verb].roles) & set(officer.roles) and officer.commune_id == self.house.commune.pk
        ]
        who = data.draw(st.sampled_from(fitting), "by")
        self._do(pk, verb, who, twice=twice)

    @rule(
        data=st.data(),
        verb=st.sampled_from(list(ACTS)),
        who=st.sampled_from(["mai", "minh", "hung", "lan", "son", "binh"]),
    )
    def a_desk_does_anything(self, data: st.DataObject, verb: Verb, who: str) -> None:
        self._do(data.draw(st.sampled_from(sorted(self.model)), "case"), verb, who, twice=False)

    @precondition(lambda self: State.WAITING_SIGNATURE in self.model.values())
    @rule()
    def the_printer_fails_while_lan_signs(self) -> None:
        pk = next(pk for pk, state in self.model.items() if state == State.WAITING_SIGNATURE)
        working = papers.render

        def broken_press(*_: object) -> Sheet:
            raise papers.PaperFailed("hết giấy")

        papers.render = broken_press
        try:
            expected = papers.PaperFailed if self._on_duty() else workflow.NotAllowed
            self._try(expected, lambda: ACTS[Verb.SIGN](self._case(pk), self.house.staff["lan"], self.now))
        finally:
            papers.render = working

    # --- what must hold, after each of them ---
    @invariant()
    def nothing_is_broken(self) -> None:
        assert broken(self.house.commune) == {}

    @invariant()
    def each_case_is_where_the_model_says(self) -> None:
        assert dict(Case.objects.values_list("pk", "state")) == self.model

    @invariant()
    def the_promise_is_three_working_hours_beside_the_pauses(self) -> None:
        calendar = calendar_of(self.house.commune)
        kept = Case.objects.exclude(state__in=[State.WAITING_PAPERS, State.WITHDRAWN]).exclude(pk__in=self.extended)
        for case in kept.prefetch_related("pauses"):
            # a pause that begins when the promise is used up gives no time back: who is late stays late
            stood = [pause for pause in case.pauses.all() if pause.since < case.due_at]
            paused = sum((used_between(pause.since, pause.until, calendar) for pause in stood), timedelta())
            assert used_between(case.received_at, case.due_at, calendar) - paused == timedelta(hours=3)

    # --- the model ---
    def _receive(self, citizen: int, who: str) -> None:
        by, person = self.house.staff[who], self.house.citizens[citizen]
        waits = any(
            state in OPEN for pk, state in self.model.items() if self.citizen_of[pk] == citizen
        )  # and nobody ticks that this is known
        expected = workflow.NotAllowed if not by.is_(Role.CLERK) else workflow.NotReady if waits else None
        checked = {rule: seen for rule, seen in factories.all_checked().items() if rule != "cs_no_open_duplicate"}

        case = self._try(
            expected,
            lambda: workflow.receive(
                catalogue()["marital_certificate"],
                person,
                answers=factories.ANSWERS | {"previous": "returned"},  # who comes again hands the old one in
                officer_answers=checked,
                by=by,
                at=self.now,
            ),
        )

        if isinstance(case, Case):
            self.model[case.pk] = State.RECEIVED
            self.citizen_of[case.pk], self.received_by[case.pk] = citizen, who

    def _do(self, pk: int, verb: Verb, who: str, *, twice: bool) -> None:
        """Act; if that went well, a second desk that still sees the old screen changes nothing more."""
        by, stale = self.house.staff[who], self._case(pk)
        expected = self._foretold(pk, verb, who)
        source = self.model[pk]

        self._try(expected, lambda: self._inside(by, lambda: ACTS[verb](self._case(pk), by, self.now)))

        if expected is None:
            self.model[pk] = MOVES[verb].leads_from(self.model[pk])
            if verb == Verb.EXTEND:
                self.extended.add(pk)
            self.house.walked.add((verb, source))
            if twice:
                # an apology leaves the case where it is; what stops the second one is that there was a first
                again = workflow.NotAllowed if verb == Verb.EXTEND else workflow.CaseMoved
                self._try(again, lambda: ACTS[verb](stale, by, self.now))

    def _foretold(self, pk: int, verb: Verb, who: str) -> type[Exception] | None:
        by, possible = self.house.staff[who], self.model[pk] in MOVES[verb].sources
        if by.commune_id != self.house.commune.pk:
            return Case.DoesNotExist
        if verb == Verb.SIGN and not possible:
            return workflow.CaseMoved  # the leader is told who was faster, whoever asks
        if not set(MOVES[verb].roles) & set(by.roles):
            return workflow.NotAllowed
        if not possible:
            return workflow.CaseMoved
        if verb == Verb.EXTEND and pk in self.extended:
            return workflow.NotAllowed
        if verb == Verb.SIGN and (who == "son" or not self._on_duty() or self.received_by[pk] == who):
            return workflow.NotAllowed
        return None

    def _on_duty(self) -> bool:
        return 7 <= timezone.localtime(self.now).hour < 18

    def _case(self, pk: int) -> Case:
        return Case.objects.get(pk=pk)

    def _inside(self, by: Officer, act: Callable[[], Any]) -> Any:
        """As at the desk of `by`: inside the walls of the own commune."""
        with walls.within(by.commune_id, officer_id=by.pk):
            return act()

    def _try(self, expected: type[Exception] | None, act: Callable[[], Any]) -> Any:
        if expected is None:
            return act()
        with pytest.raises(expected), transaction.atomic():
            act()
        return None


def test_no_order_of_acts_breaks_an_invariant(house: House, quick_press: None) -> None:
    class OurDesks(Desks):
        pass

    OurDesks.house = house
    run_state_machine_as_test(
        OurDesks,
        settings=settings(
            max_examples=40,
            stateful_step_count=16,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )

    # a run that never went anywhere would prove nothing
    assert len(house.walked) > 5
    assert not Result.objects.exists()
