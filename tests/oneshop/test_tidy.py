"""What is kept only for a while goes when its while is over, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from citizens.models import Citizen, Visit
from oneshop import checks, retention
from oneshop.models import Commune, FormKey, Officer
from procedures.models import Case, Draft
from tests import factories


def test_drafts_of_yesterday_and_answers_of_last_week_go(quoc_oai: Commune, mai: Officer, khach: Citizen) -> None:
    now = timezone.now()
    for key, age in (("young", timedelta(hours=23)), ("old", timedelta(hours=25))):
        Draft.objects.create(commune=quoc_oai, officer=mai, citizen=khach, procedure_key=key, updated_at=now - age)
    for key, age in (("fresh", timedelta(days=6)), ("stale", timedelta(days=8))):
        FormKey.objects.create(commune=quoc_oai, officer=mai, key=key, digest="", at=now - age)

    call_command("tidy")

    assert list(Draft.objects.values_list("procedure_key", flat=True)) == ["young"]
    assert list(FormKey.objects.values_list("key", flat=True)) == ["fresh"]


def test_a_visit_ends_after_two_years_but_one_that_serves_a_case_stays(
    quoc_oai: Commune, mai: Officer, khach: Citizen
) -> None:
    now = timezone.now()
    for age, serves in ((729, False), (731, False), (731, True)):
        Visit.objects.create(commune=quoc_oai, citizen=khach, officer=mai, at=now - timedelta(days=age), serves=serves)

    call_command("tidy")

    assert list(Visit.objects.order_by("at", "pk").values_list("serves", flat=True)) == [True, False]


def test_a_telephone_is_forgotten_two_years_after_the_last_case(quoc_oai: Commune, mai: Officer) -> None:
    now = timezone.now()
    people = {}
    for number, name in enumerate(("mới ghi", "hồ sơ đang mở", "vừa xong", "xong đã lâu", "không hồ sơ")):
        people[name] = factories.citizen(
            quoc_oai,
            f"00119200000{number}",
            "Trần Thị Thử",
            telephone="0901234567",
            recorded_at=now - timedelta(days=900),
        )
    Citizen.objects.filter(pk=people["mới ghi"].pk).update(recorded_at=now)
    for name, closed in (("hồ sơ đang mở", None), ("vừa xong", 700), ("xong đã lâu", 740)):
        case = factories.case(people[name], by=mai, at=now - timedelta(days=800))
        Case.objects.filter(pk=case.pk).update(closed_at=closed and now - timedelta(days=closed))

    for _ in range(2):
        call_command("tidy")

    known = {name for name, person in people.items() if Citizen.objects.get(pk=person.pk).telephone}
    assert known == {"mới ghi", "hồ sơ đang mở", "vừa xong"}


# --- the file itself ---
def test_every_column_has_its_line_and_every_line_its_column() -> None:
    assert list(retention.unnamed()) == []


def test_a_new_column_without_a_line_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    told = retention.kept

    def forgets(model: str) -> dict[str, str]:
        lines = dict(told(model))
        lines.pop("telephone", None)
        return lines

    monkeypatch.setattr(retention, "kept", forgets)

    faults = [error.msg for error in checks.every_column_has_its_retention(None)]

    assert faults == [
        "retention.toml: oneshop.Commune.telephone has no line",
        "retention.toml: citizens.Citizen.telephone has no line",
    ]


def test_every_reason_has_a_ground_and_a_period_one_can_read() -> None:
    assert all(reason.ground for reason in retention.reasons().values())
    assert {name for name, reason in retention.reasons().items() if reason.lasts} == {
        "contact",
        "visit",
        "draft",
        "answer",
        "knock",
        "errand",
        "queue",
    }
