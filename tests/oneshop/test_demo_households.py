"""The made-up households: each is found by its trouble, and shows it to the rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from citizens.models import HouseholdMember
from oneshop.demo.households import SAMPLES, fill_households, ready_poor_household
from oneshop.models import Commune, Officer
from procedures import workflow
from procedures.applications import application_for
from procedures.catalogue import catalogue
from procedures.rules import Tone

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
PROCEDURE = catalogue()["poor_household"]
ALL = {rule.id: True for rule in PROCEDURE.rules}
LATE = datetime(2026, 11, 23, 8, 10, tzinfo=HANOI)

TROUBLES = {
    "Đỗ Thị Nghèo Đủ Hồ Sơ": {},
    "Phùng Văn Cận Nghèo": {},
    "Lê Thị Chuẩn Hà Nội": {},
    "Vương Thị Gấp Giữa Tháng": {"pov_review_month": Tone.LATER},
    "Tạ Văn Họp Bốn Tám": {"pov_meeting_agreed": Tone.LATER, "pov_minutes_signed": Tone.LATER},
    "Kiều Văn Thị Trấn": {},
    "Nguyễn Văn Vượt Chuẩn": {"pov_income_ok": Tone.FAIL},
    "Đinh Thị Đang Niêm Yết": {"pov_posted": Tone.LATER},
    "Hoàng Văn Khiếu Nại": {"pov_posted": Tone.LATER},
    "Phan Văn Đã Công Nhận": {"pov_not_already_same": Tone.FAIL},
    "Bùi Thị Hai Hộ": {"pov_review_month": Tone.LATER, "pov_member_unique": Tone.FAIL},
}


def told(commune: Commune, name: str, by: Officer, at: datetime) -> dict[str, Tone]:
    """What is not simply right with the request of that head."""
    head = HouseholdMember.objects.get(commune=commune, relation="head", full_name=name)
    assert head.citizen is not None
    application = application_for(
        PROCEDURE, head.citizen, answers={"reason": "illness"}, officer_answers=ALL, by=by, at=at
    )
    return {finding.rule.id: finding.tone for finding in PROCEDURE.judge(application) if finding.tone != Tone.PASS}


def test_each_household_shows_the_trouble_it_is_named_after(quoc_oai: Commune, mai: Officer, hung: Officer) -> None:
    with time_machine.travel(LATE, tick=False):
        fill_households(quoc_oai, hung)

        found = {name: told(quoc_oai, name, mai, LATE) for name in TROUBLES}

    assert found == TROUBLES
    assert {sample.name for sample in SAMPLES} < set(TROUBLES)


def test_the_ready_ones_are_received_at_once_or_to_their_round(quoc_oai: Commune, mai: Officer, hung: Officer) -> None:
    with time_machine.travel(LATE, tick=False):
        fill_households(quoc_oai, hung)
        states = [
            workflow.receive(
                PROCEDURE,
                citizen,
                other=other,
                looked_for=looked,
                answers=answers,
                officer_answers=ALL,
                by=mai,
                at=LATE,
            ).state
            for citizen, other, looked, answers in ready_poor_household(quoc_oai)
        ]

    assert states == ["received", "received", "waiting_review", "received"]


@pytest.mark.parametrize("day", range(0, 420, 13))
def test_the_demo_can_be_filled_on_any_day(day: int, quoc_oai: Commune, mai: Officer, hung: Officer) -> None:
    at = datetime(2026, 1, 5, 8, tzinfo=HANOI) + timedelta(days=day)
    with time_machine.travel(at, tick=False):
        fill_households(quoc_oai, hung)

        wrong = {
            tone
            for name in ("Đỗ Thị Nghèo Đủ Hồ Sơ", "Phùng Văn Cận Nghèo", "Vương Thị Gấp Giữa Tháng")
            for rule, tone in told(quoc_oai, name, mai, timezone.now()).items()
            if rule != "pov_within_15_days"
        }

    assert wrong <= {Tone.LATER}
