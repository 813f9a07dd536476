"""The roster as plain values: who is on duty when somebody is away, and in whose name one signs on which day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from oneshop.duty import Away, Hand, Power, Roster, StandIn, Turn, may_delegate, signs_by_office

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
EIGHT = datetime(2026, 11, 23, 8, tzinfo=HANOI)
TODAY = EIGHT.date()
LAN, SON, VAN = 1, 2, 3
HEAD = Hand(LAN, "Lan", frozenset({"signer"}), ("CHỦ TỊCH",))
DEPUTY = Hand(SON, "Sơn", frozenset({"signer"}), ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"))
DIRECTOR = Hand(VAN, "Vân", frozenset({"signer", "clerk"}))
MORNING = Turn(LAN, "signer", EIGHT, EIGHT + timedelta(hours=3))
PLAN = Roster(hands=(HEAD, DEPUTY, DIRECTOR), turns=(MORNING,))
AWAY = Away(LAN, EIGHT, EIGHT + timedelta(hours=2))
BY_PAPER = Power(
    pk=7,
    giver=LAN,
    taker=VAN,
    procedures=frozenset({"civil_copy"}),
    first_day=TODAY,
    last_day=TODAY + timedelta(days=4),
    document="15/QĐ-UBND",
    lines=("TUQ. CHỦ TỊCH", "GIÁM ĐỐC TRUNG TÂM"),
)


def test_a_shift_covers_its_first_moment_and_not_its_last() -> None:
    moments = [EIGHT - timedelta(seconds=1), EIGHT, EIGHT + timedelta(hours=3)]

    assert [PLAN.on_duty("signer", at=at) for at in moments] == [[], [LAN], []]


def test_who_is_away_is_replaced_by_the_first_deputy_who_is_here_and_only_meanwhile() -> None:
    second, first = StandIn(LAN, VAN, 2, since=EIGHT), StandIn(LAN, SON, 1, since=EIGHT)
    plan = replace(PLAN, aways=(AWAY,), stand_ins=(second, first))
    both_away = replace(plan, aways=(AWAY, replace(AWAY, officer=SON)))

    assert plan.on_duty("signer", at=EIGHT) == [SON]
    assert both_away.on_duty("signer", at=EIGHT) == [VAN]
    assert plan.on_duty("signer", at=EIGHT + timedelta(hours=2)) == [LAN]
    assert replace(plan, stand_ins=()).on_duty("signer", at=EIGHT) == []


def test_a_deputy_stands_in_from_when_it_was_written_down_until_it_was_ended() -> None:
    row = StandIn(LAN, SON, 1, since=EIGHT + timedelta(minutes=10), until=EIGHT + timedelta(minutes=20))
    plan = replace(PLAN, aways=(AWAY,), stand_ins=(row,))

    found = [plan.on_duty("signer", at=EIGHT + timedelta(minutes=minutes)) for minutes in (9, 10, 19, 20)]

    assert found == [[], [SON], [SON], []]


def test_a_deputy_without_the_role_does_not_stand_in() -> None:
    clerk = Hand(9, "Mai", frozenset({"clerk"}))
    stand_ins = (StandIn(LAN, 9, 1, EIGHT), StandIn(LAN, SON, 2, EIGHT))
    plan = replace(PLAN, hands=(*PLAN.hands, clerk), aways=(AWAY,), stand_ins=stand_ins)

    assert plan.on_duty("signer", at=EIGHT) == [SON]


@pytest.mark.parametrize(
    ("day", "procedure", "revoked", "holds"),
    [
        (TODAY - timedelta(days=1), "civil_copy", None, False),
        (TODAY, "civil_copy", None, True),
        (TODAY + timedelta(days=4), "civil_copy", None, True),
        (TODAY + timedelta(days=5), "civil_copy", None, False),
        (TODAY, "marriage_registration", None, False),
        (TODAY, "civil_copy", EIGHT, False),
        (TODAY, "civil_copy", EIGHT + timedelta(seconds=1), True),
    ],
)
def test_a_delegation_is_limited_in_time_and_content(
    day: date, procedure: str, revoked: datetime | None, holds: bool
) -> None:
    plan = replace(PLAN, powers=(replace(BY_PAPER, revoked_at=revoked),))

    authority = plan.authority(VAN, procedure, on=day, at=EIGHT)

    assert (authority is not None) == holds
    assert authority is None or authority.lines == ("TUQ. CHỦ TỊCH", "GIÁM ĐỐC TRUNG TÂM")


def test_a_delegation_of_no_named_procedure_covers_all_and_goes_before_the_title() -> None:
    power = replace(BY_PAPER, taker=SON, procedures=frozenset(), lines=("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH PHỤ TRÁCH"))
    plan = replace(PLAN, powers=(power,))

    here = plan.authority(SON, "disability_card", on=TODAY, at=EIGHT)
    later = plan.authority(SON, "disability_card", on=TODAY + timedelta(days=9), at=EIGHT)

    assert here is not None
    assert later is not None
    assert (here.lines, later.lines) == (power.lines, DEPUTY.title)


def test_a_title_that_needs_a_paper_each_time_is_no_authority_of_its_own() -> None:
    assert [signs_by_office(title) for title in ((), ("TUQ. CHỦ TỊCH", "X"), ("TL. CHỦ TỊCH", "X"))] == [False] * 3
    assert signs_by_office(("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"))


def test_what_was_given_is_never_passed_on() -> None:
    assert may_delegate(HEAD.title)
    assert [may_delegate(title) for title in (DEPUTY.title, BY_PAPER.lines, ())] == [False] * 3


def test_the_next_deputy_is_asked_where_the_first_may_not_sign_this_very_case() -> None:
    stand_ins = (StandIn(LAN, SON, 1, EIGHT), StandIn(LAN, VAN, 2, EIGHT))
    plan = replace(PLAN, aways=(AWAY,), stand_ins=stand_ins, powers=(BY_PAPER,))

    def signers(procedure: str, *barred: int) -> list[int]:
        return plan.signers(procedure, on=TODAY, at=EIGHT, barred=frozenset(barred))

    assert signers("civil_copy") == [SON]
    assert signers("civil_copy", SON) == [VAN]
    assert signers("marriage_registration", SON) == []  # the paper of the second names another procedure
