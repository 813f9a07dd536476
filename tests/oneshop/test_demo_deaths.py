"""The made-up dead: each trouble stops where its name says, and the ready ones go all the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from citizens.models import Citizen
from oneshop import walls
from oneshop.demo.deaths import fill_deaths, pasted_notice, ready_death_registration
from oneshop.models import Commune, Officer
from procedures.applications import application_for
from procedures.catalogue import catalogue
from procedures.catalogue.death_registration import boxes
from procedures.rules import Tone

DEATH = catalogue()["death_registration"]
ALL = {rule.id: True for rule in DEATH.rules}


@pytest.fixture
def village(quoc_oai: Commune, mai: Officer) -> Iterator[Commune]:
    with walls.within(quoc_oai.pk):
        fill_deaths(quoc_oai, mai)
        yield quoc_oai


def stops(mai: Officer, name: str, *, looked_for: str = "", **change: Any) -> list[str]:
    """What holds the death of `name` back, declared by the daughter of the first ready family but for `change`."""
    daughter, _, _, answers = ready_death_registration(mai.commune)[0]  # type: ignore[arg-type]
    application = application_for(
        DEATH,
        daughter,
        answers=answers | change,
        officer_answers=ALL,
        by=mai,
        at=timezone.now(),
        other=Citizen.objects.get(full_name=name),
        looked_for=looked_for,
    )
    return [found.rule.id for found in DEATH.judge(application) if found.tone in (Tone.FAIL, Tone.ASK)]


def test_the_ready_ones_pass_form_and_rules(village: Commune, mai: Officer) -> None:
    ready = ready_death_registration(village)

    assert len(ready) == 3
    for declarant, dead, looked_for, answers in ready:
        application = application_for(
            DEATH,
            declarant,
            answers=answers,
            officer_answers=ALL,
            by=mai,
            at=timezone.now(),
            other=dead,
            looked_for=looked_for,
        )
        form = DEATH.Form(
            {name: value for name, value in answers.items() if value is not None},
            person=application.person,
            on=application.day,
            other=application.other,
            dossier=application.dossier,
        )
        assert form.is_valid(), form.errors
        assert form.fields["relationship"].initial == "Con"
        assert not [found.rule.id for found in DEATH.judge(application) if found.stops]


def test_every_edge_case_is_there_under_its_name(village: Commune, mai: Officer) -> None:
    today = timezone.localdate()
    hospital = ready_death_registration(village)[1][3]

    assert stops(mai, "Phùng Văn Mất Tại Nhà") == []
    assert stops(mai, "Bùi Văn Tai Nạn Đường", **(hospital | {"manner": "accident"})) == [
        "death_notice_issuer_valid",
        "death_not_suspicious",
    ]
    late = hospital | {"died_on": today - timedelta(days=111), "notice_issued_on": today, "fee": "paid"}
    assert stops(mai, "Nguyễn Thị Khai Muộn", **late) == []
    assert stops(mai, "Trần Thị Mất Năm Tám Bảy", notice_kind="old_death", fee="paid") == ["death_not_old_death"]
    assert stops(mai, "Lê Văn Đã Khai Tử") == ["death_not_registered"]
    assert stops(mai, "Hoàng Văn Khai Lưu Động", where_registered="mobile") == []
    far = {"place_kind": "elsewhere", "notice_kind": "home_other"}
    assert stops(mai, "Phí Văn Mất Ở Xã Khác", **far) == ["death_notice_present"]
    assert stops(mai, "Đặng Văn Ở Tỉnh Khác") == ["death_competent_unit"]
    assert stops(mai, "Vương Thị Không Nơi Ở") == []
    assert stops(mai, "Kim Người Nước Ngoài") == ["death_vietnamese_citizen"]
    assert stops(mai, "Bùi Văn Trẻ Sơ Sinh") == []
    assert stops(mai, "Nguyễn Văn Trùng Tên", looked_for="15/1998", found_entry="other") == []


def test_the_electronic_notice_to_be_pasted_is_that_of_the_man_in_hospital(village: Commune, mai: Officer) -> None:
    dead = Citizen.objects.get(full_name="Đỗ Văn Mất Bệnh Viện")
    form = DEATH.Form(
        {
            "capacity": "obliged_person",
            "relationship": "Con",
            "manner": "natural",
            "place_kind": "facility",
            "notice_kind": "medical_facility",
            "notice_source": "electronic",
            "notice_text": pasted_notice(),
            "where_registered": "office",
            "copies": "0",
        },
        person=ready_death_registration(village)[0][0].as_person(commune_id=village.pk, on=timezone.localdate()),
        on=timezone.localdate(),
        other=dead.as_person(commune_id=village.pk, on=timezone.localdate()),
    )

    assert form.is_valid(), form.errors
    assert stops(mai, "Đỗ Văn Mất Bệnh Viện", **form.cleaned_data) == []


def test_the_old_card_is_told_by_its_nine_digits(village: Commune) -> None:
    dead = Citizen.objects.get(full_name="Vũ Thị Chỉ Có Chứng Minh")

    assert dead.id_document == "Chứng minh nhân dân số 111000208 do Công an tỉnh Hà Tây cấp ngày 08/08/1998"


def test_the_child_gets_its_box(village: Commune, mai: Officer) -> None:
    declarant, _, _, answers = ready_death_registration(village)[0]
    baby = Citizen.objects.get(full_name="Bùi Văn Trẻ Sơ Sinh")
    application = application_for(
        DEATH, declarant, answers=answers, officer_answers=ALL, by=mai, at=timezone.now(), other=baby
    )

    assert boxes(application) == ("Đúng hạn", "Trẻ dưới 01 tuổi")


def test_another_commune_has_its_ready_families_under_other_numbers(
    village: Commune, kieu_phu: Commune, binh: Officer
) -> None:
    with walls.within(kieu_phu.pk):
        fill_deaths(kieu_phu, binh)
        assert len(ready_death_registration(kieu_phu)) == 3
        assert not Citizen.objects.filter(full_name="Phùng Văn Mất Tại Nhà").exists()
