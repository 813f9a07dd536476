"""The made-up couples: each trouble stops where its name says, and the ready ones go all the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from citizens.models import Citizen
from oneshop import walls
from oneshop.demo.couples import answers_of_today, fill_couples, ready_marriage_registration
from oneshop.models import Commune, Officer
from procedures.applications import application_for
from procedures.catalogue import catalogue
from procedures.rules import Application, Tone
from tests.conftest import HANOI

MARRIAGE = catalogue()["marriage_registration"]
ALL = {rule.id: True for rule in MARRIAGE.rules}
DAYS = [
    datetime(2026, 11, 23, 8, 10, tzinfo=HANOI),
    datetime(2026, 12, 31, 8, 10, tzinfo=HANOI),
    datetime(2027, 1, 29, 8, 10, tzinfo=HANOI),
    datetime(2028, 2, 29, 8, 10, tzinfo=HANOI),
]


@pytest.fixture(params=DAYS, ids=[f"{day:%Y-%m-%d}" for day in DAYS])
def village(request: pytest.FixtureRequest, quoc_oai: Commune, hung: Officer) -> Iterator[Commune]:
    """Filled and tried on an ordinary day, at the end of a year, of a month, and on 29 February."""
    with time_machine.travel(request.param, tick=False), walls.within(quoc_oai.pk):
        fill_couples(quoc_oai, hung)
        yield quoc_oai


def asks(mai: Officer, one: Citizen, other: Citizen | None, answers: dict[str, Any]) -> Application:
    return application_for(MARRIAGE, one, other=other, answers=answers, officer_answers=ALL, by=mai, at=timezone.now())


def stops(mai: Officer, one: str, other: str, **changed: Any) -> set[str]:
    """What holds these two back, once the officer has said yes to all that only an officer can see."""
    people = [Citizen.objects.get(full_name=name) for name in (one, other)]
    application = asks(mai, people[0], people[1], answers_of_today(**changed))
    return {found.rule.id for found in MARRIAGE.judge(application) if found.tone in (Tone.FAIL, Tone.ASK)}


def test_the_ready_ones_pass_form_and_rules(village: Commune, mai: Officer) -> None:
    ready = ready_marriage_registration(village)

    assert len(ready) == 4
    for one, other, _, answers in ready:
        application = asks(mai, one, other, answers)
        form = MARRIAGE.Form(
            {name: value for name, value in answers.items() if value is not None},
            person=application.person,
            on=application.day,
            other=application.other,
            dossier=application.dossier,
        )
        assert form.is_valid(), form.errors
        assert not [found.rule.id for found in MARRIAGE.judge(application) if found.stops]


def test_every_trouble_is_there_under_its_name(village: Commune, mai: Officer) -> None:
    today = timezone.localdate()

    assert stops(mai, "Đặng Thị Thiếu Một Tháng", "Đặng Văn Chờ Cô Dâu") == {"mari_age_bride"}
    assert stops(mai, "Lê Văn Chưa Hai Mươi", "Lê Thị Chờ Chú Rể") == {"mari_age_groom"}
    assert stops(mai, "Phí Thị Mười Tám Hôm Nay", "Phí Văn Đúng Ngày") == set()
    assert stops(mai, "Kiều Thị Con Chị", "Kiều Văn Con Em") == {"mari_not_three_generations"}
    assert stops(mai, "Tạ Thị Cùng Cha", "Tạ Văn Khác Mẹ") == {"mari_not_three_generations"}
    assert stops(mai, "Vương Văn Từng Nuôi", "Vương Thị Con Nuôi") == {"mari_not_adoptive"}
    assert stops(mai, "Bùi Thị Con Dâu Cũ", "Bùi Văn Bố Chồng Cũ", bride_lookup="divorced", bride_count=2) == {
        "mari_not_in_law_or_step",
        "mari_first_marriage_both",
    }
    assert stops(mai, "Nguyễn Thị Đợi Ghi Chú", "Nguyễn Văn Ly Hôn Chưa Ghi", groom_lookup="divorced") == {
        "mari_first_marriage_both"
    }
    assert stops(mai, "Trần Thị Chồng Chưa Khai Tử", "Trần Văn Đợi Khai Tử", bride_lookup="married") == {
        "mari_bride_unmarried",
        "mari_first_marriage_both",
    }
    assert stops(mai, "Hoàng Thị Ly Hôn Ở Hàn", "Hoàng Văn Đợi Ghi Sổ", bride_lookup="divorced") == {
        "mari_foreign_divorce_noted",
        "mari_first_marriage_both",
    }
    assert stops(mai, "Phí Thị Sống Chung Tám Mươi", "Phí Văn Sống Chung Tám Mươi", de_facto="yes") == {
        "mari_de_facto_before_1987",
        "mari_bride_unmarried",
        "mari_groom_unmarried",
        "mari_first_marriage_both",
    }
    assert stops(mai, "Hoàng Thị Ở Nhà", "Hoàng Văn Ở Tỉnh Xa") == {"mari_both_residents_here"}
    assert stops(mai, "Phùng Thị Gốc Ở Đây", "Phùng Văn Tạm Trú") == set()
    assert stops(mai, "Bùi Thị Lấy Chồng Ngoại", "Kim Chú Rể") == {"mari_both_vietnamese"}
    assert stops(mai, "Đinh Thị Cùng Giới", "Phùng Thị Gốc Ở Đây") == {"mari_different_sex"}
    assert stops(mai, "Phùng Thị Cháu Chủ Tịch", "Phùng Văn Cháu Rể") == set(), "only the officer knows"
    alone = {"present": "one", "meets_on": today + timedelta(days=9)}
    assert stops(mai, "Nguyễn Thị Đến Một Mình", "Nguyễn Văn Đi Làm Xa", **alone) == set()
    assert stops(mai, "Kiều Thị Ngồi Xe Lăn", "Kiều Văn Cưới Tại Nhà", place="home") == set()


def test_both_elsewhere_are_sent_home_until_the_law_of_2027(village: Commune, mai: Officer) -> None:
    held = stops(mai, "Đỗ Thị Hai Bên Nơi Khác", "Đỗ Văn Hai Bên Nơi Khác")

    assert held == {"mari_resident_here", "mari_both_residents_here"} - (
        {"mari_resident_here"} if timezone.localdate().year == 2028 else set()
    )


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        ("Lê Thị Hứa Hôn", "Lê Văn Đến Sau", "mari_bride_promised_another"),
        ("Tạ Thị Mất Năng Lực", "Tạ Văn Xin Cưới", "mari_capacity"),
        ("Vũ Thị Có Trong Sổ Cũ", "Vũ Văn Không Hay Biết", "mari_books_agree"),
    ],
)
def test_some_are_left_to_the_officer(village: Commune, mai: Officer, one: str, other: str, rule: str) -> None:
    people = [Citizen.objects.get(full_name=name) for name in (one, other)]
    application = application_for(
        MARRIAGE,
        people[0],
        other=people[1],
        answers=answers_of_today(),
        officer_answers={name: value for name, value in ALL.items() if name != rule},
        by=mai,
        at=timezone.now(),
    )

    assert [found.rule.id for found in MARRIAGE.judge(application) if found.stops] == [rule]


def test_another_commune_has_its_ready_couples_and_no_troubles(kieu_phu: Commune, binh: Officer) -> None:
    with walls.within(kieu_phu.pk):
        fill_couples(kieu_phu, binh)

        assert Citizen.objects.count() == 8
        assert len(ready_marriage_registration(kieu_phu)) == 4
