"""The old books of the demo: an entry of every kind, and every edge case of civil-status.md 1.8 found by its name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.utils import timezone

from citizens.dossiers import gather
from citizens.models import Citizen, RegisterEntry, kin_of
from citizens.person import MaritalStatus
from citizens.register import EventKind
from oneshop.demo.people import fill_citizens
from oneshop.demo.register import fill_register, ready_civil_copy
from oneshop.models import Commune, Officer
from procedures import papers, workflow
from procedures.applications import application_for
from procedures.catalogue import catalogue
from procedures.rules import Application, Tone

COPY = catalogue()["civil_copy"]


@pytest.fixture
def village(quoc_oai: Commune, mai: Officer, hung: Officer, lan: Officer, at: datetime) -> Iterator[Commune]:
    """Xã Quốc Oai with the people and the old books of the demo."""
    with time_machine.travel(at, tick=False):
        fill_citizens(quoc_oai, number=3, seed=7)
        fill_register(quoc_oai, hung)
        yield quoc_oai


def of(name: str) -> Citizen:
    found: Citizen = Citizen.objects.best_named(name, at_most=1)[0]
    return found


def failing(name: str, kind: EventKind | None, **answers: object) -> set[str]:
    """The rules that stop the wish of that person for a copy of that kind, before any officer has answered."""
    citizen, officer = of(name), Officer.objects.get(username="mai")
    entries = gather(COPY.wants, citizen, None, looked_for="", commune_id=citizen.commune_id, on=timezone.localdate())
    entry = next((str(found.id) for found in entries.entries if found.kind == kind), "none")
    said = {"entry": entry, "copies": 1, "capacity": "self", "fee": "paid", "book_state": "searched"} | answers
    application: Application = application_for(
        COPY, citizen, answers=said, officer_answers={}, by=officer, at=timezone.now()
    )
    return {
        found.rule.id
        for found in COPY.judge(application)
        if found.tone in (Tone.FAIL, Tone.ASK) and found.rule.id.startswith("copy_")
    }


def test_there_is_an_entry_of_every_kind(village: Commune) -> None:
    assert set(RegisterEntry.objects.values_list("kind", flat=True)) == {kind.value for kind in EventKind}


@pytest.mark.parametrize(
    ("name", "kind", "rules"),
    [
        ("Nguyễn Văn Sổ Mất", None, {"copy_event_registered"}),
        ("Kiều Thị Sài Sơn", EventKind.BIRTH, set()),
        ("Bùi Văn Chứng Minh", EventKind.MARRIAGE, {"copy_applicant_entitled"}),
        ("Tạ Thị Ghi Chú", EventKind.MARRIAGE, set()),
        ("Phùng Văn Chưa Ghi", EventKind.MARRIAGE, {"copy_annotations_included"}),
        ("Đinh Thị Năm Sinh", EventKind.BIRTH, set()),
        ("Vương Thị Trùng Sổ", EventKind.BIRTH, {"copy_entry_unique"}),
        ("Đặng Văn Bị Hủy", EventKind.BIRTH, {"copy_entry_active"}),
        ("Phí Văn Chưa Đối Chiếu", EventKind.BIRTH, {"copy_book_matches_database"}),
    ],
)
def test_people_are_stopped_by_their_own_trouble(
    village: Commune, name: str, kind: EventKind | None, rules: set[str]
) -> None:
    assert failing(name, kind) == rules


def test_what_the_books_say_is_true_of_the_people(village: Commune) -> None:
    def status(name: str) -> MaritalStatus:
        return of(name).as_person(commune_id=village.pk, on=timezone.localdate()).marital_status

    assert status("Tạ Thị Ghi Chú") == MaritalStatus.DIVORCED
    assert status("Trương Thị Góa Bụa") == MaritalStatus.WIDOWED
    assert of("Trương Văn Khuất").deceased_on is not None
    assert kin_of(of("Hoàng Văn Con Trai")).parents == {of("Hoàng Văn Quá Cố").identity_number}
    assert kin_of(of("Nguyễn Bảo Con Nhỏ")).parents == {of("Nguyễn Thị Mẹ Trẻ").identity_number}


def test_every_ready_wish_goes_from_the_counter_to_a_signed_copy(village: Commune) -> None:
    mai, hung = Officer.objects.get(username="mai"), Officer.objects.get(username="hung")
    lan, now = Officer.objects.get(username="lan"), timezone.now()
    names = []
    for citizen, other, looked_for, answers in ready_civil_copy(village):
        case = workflow.receive(
            COPY,
            citizen,
            answers=answers,
            officer_answers={rule.id: True for rule in COPY.rules},
            by=mai,
            at=now,
            other=other,
            looked_for=looked_for,
        )
        workflow.submit(case, by=hung, at=now)
        seen = papers.digest(papers.drafts_of(case, by=lan, at=now))
        [result] = workflow.sign(case, by=lan, at=now, seen=seen)
        names.append((result.number, result.name, result.originals))

    assert [number for number, _, _ in names] == list(range(1, 8))
    assert {name for _, name, _ in names} == {
        "Giấy khai sinh (bản sao)",
        "Trích lục khai sinh (bản sao)",
        "Trích lục kết hôn (bản sao)",
        "Trích lục khai tử (bản sao)",
        "Trích lục ghi chú thay đổi hộ tịch (bản sao)",
        "Trích lục ghi vào sổ hộ tịch (bản sao)",
    }
