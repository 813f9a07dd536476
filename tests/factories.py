"""Plain makers of rows: say what matters, the rest is ordinary."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from citizens.models import Citizen, DisabilityCard, DisabilityRecord, Residence
from oneshop.founding import open_the_week
from oneshop.models import Commune, CommuneName, Counter, Officer, Shift
from oneshop.roles import Role
from procedures import ministry, papers, stock, workflow
from procedures.catalogue import catalogue
from procedures.models import Case, Reckoning, Result, Step
from procedures.states import State

PASSWORD = "mot-cua-khong-giay-to"


def commune(code: str = "09895", name: str = "Quốc Oai") -> Commune:
    made = Commune.objects.create(
        code=code, agency_code=f"H26.{code[2:]}.00", opened_on=date(2025, 7, 1), is_served=True
    )
    CommuneName.objects.create(
        commune=made, kind="Xã", name=name, above="Thành phố Hà Nội", valid_from=date(2025, 7, 1)
    )
    Counter.objects.create(commune=made, name=f"Điểm phục vụ {name}")
    return made


def usual_week(commune: Commune) -> None:
    open_the_week(commune, valid_from=date(2025, 7, 1))


def officer(commune: Commune | None, username: str, *roles: Role, **facts: Any) -> Officer:
    made = Officer(
        username=username,
        commune=commune,
        roles=list(roles),
        counter=commune.counters.first() if commune and Role.CLERK in roles else None,
        **{"full_name": username, "position": "Công chức Tư pháp - Hộ tịch xã"} | facts,
    )
    made.password = hashed()
    made.save()
    return made


@cache
def hashed() -> str:
    """The same hash for every officer of a run: hashing is slow on purpose."""
    return make_password(PASSWORD)


def shift(officer: Officer, role: Role, *, starts_at: datetime, ends_at: datetime) -> Shift:
    return Shift.objects.create(
        commune=officer.commune, officer=officer, role=role, starts_at=starts_at, ends_at=ends_at
    )


def citizen(commune: Commune, number: str = "001192000000", name: str = "Trần Thị Thử", **facts: Any) -> Citizen:
    """Level 2, synced, single, at home in `commune` since birth: every rule lets her through."""
    born = facts.pop("birth_date", date(1992, 9, 17))
    made = Citizen.objects.create(
        **{
            "commune": commune,
            "identity_number": number,
            "full_name": name,
            "sex": "female",
            "birth_date": born,
            "birth_text": born.strftime("%d/%m/%Y"),
            "document_issued_on": date(2021, 3, 11),
            "document_issued_by": "Cục Cảnh sát QLHC về TTXH",
            "eid_level": 2,
            "portal_synced_on": date(2025, 9, 1),
            "recorded_at": datetime.fromisoformat("2025-09-01T08:00:00+07:00"),
        }
        | facts
    )
    Residence.objects.create(
        commune=commune,
        citizen=made,
        kind="permanent",
        address="Thôn 1, Xã Quốc Oai, Thành phố Hà Nội",
        present_commune=commune,
        since=born,
    )
    return made


ANSWERS: dict[str, Any] = {
    "purpose_kind": "other",
    "purpose_text": "bổ sung hồ sơ vay vốn ngân hàng",
    "declared_status": "single",
    "capacity": "self",
    "copies": 1,
    "fee": "paid",
}


def all_checked() -> dict[str, bool]:
    return {rule.id: True for rule in catalogue()["marital_certificate"].rules}


def case(citizen: Citizen, *, by: Officer, at: datetime, scanned_at: datetime | None = None, **answers: Any) -> Case:
    return workflow.receive(
        catalogue()["marital_certificate"],
        citizen,
        answers=ANSWERS | answers,
        officer_answers=all_checked(),
        by=by,
        at=at,
        scanned_at=scanned_at,
    )


def reckoned(citizen: Citizen, *, by: Officer, ended_at: datetime, **facts: Any) -> Reckoning:
    """An ended case by its row alone, without its papers: signed on time after an hour unless `facts` say else."""
    received_at = facts.pop("received_at", ended_at - timedelta(hours=1))
    number = Case.objects.count() + 1
    made = Case.objects.create(
        commune=citizen.commune,
        counter=citizen.commune.counters.first(),
        code=f"THU-{number:04}",
        token=f"T{number:025}",
        procedure_key=facts.get("procedure_key", "marital_certificate"),
        citizen=citizen,
        state=State.WITHDRAWN,
        received_at=received_at,
        received_by=by,
        due_at=received_at + timedelta(hours=3),
        first_due_at=received_at + timedelta(hours=3),
        closed_at=ended_at,
    )
    return Reckoning.objects.create(
        **{
            "commune": citizen.commune,
            "case": made,
            "counter": made.counter,
            "procedure_key": made.procedure_key,
            "ending": "sign",
            "received_at": received_at,
            "ended_at": ended_at,
            "used_minutes": 60,
            "paused_minutes": 0,
            "late_minutes": 0,
            "on_time_index": True,
            "on_time_legal": True,
        }
        | facts
    )


def seen(case: Case, by: Officer, at: datetime) -> str:
    return papers.digest(papers.drafts_of(case, by=by, at=at))


def signed(case: Case, *, handled_by: Officer, by: Officer, at: datetime) -> Result:
    """The one paper of a case of a single paper, signed."""
    workflow.submit(case, by=handled_by, at=at)
    [result] = workflow.sign(case, by=by, at=at, seen=seen(case, by, at))
    return result


def disability_file(citizen: Citizen, **facts: Any) -> DisabilityRecord:
    """A complete file with its first card, number 012345, printed with what the record of `citizen` says."""
    record = DisabilityRecord.objects.create(
        **{
            "commune": citizen.commune,
            "citizen": citizen,
            "types": ["van_dong"],
            "level": "nang",
            "decision": "15/BB-HĐXĐKT",
            "determined_on": date(2020, 5, 12),
            "sheet": "six_plus",
            "lines": ["1.4"],
            "source": "tủ lưu UBND xã Sài Sơn cũ",
            "recorded_at": datetime.fromisoformat("2025-09-01T08:00:00+07:00"),
        }
        | facts
    )
    residence = citizen.residences.last()
    DisabilityCard.objects.create(
        commune=citizen.commune,
        record=record,
        number="012345",
        issued_on=date(2020, 5, 20),
        signer="Nguyễn Văn Cũ",
        types=record.types,
        level=record.level,
        full_name=citizen.full_name,
        birth_text=citizen.birth_text,
        sex=citizen.get_sex_display(),
        residence=residence.address if residence else "",
    )
    return record


def given_out(
    case: Case, *, by: Officer, at: datetime, to: str = "Trần Thị Thử", confirmed: Collection[str] = ()
) -> Step:
    """Handed over, after what has to come before: its entry in the Ministry's software, blanks under its originals."""
    if case.where == State.SIGNED:
        if ministry.waits(case, at=at):
            number = case.results.order_by("pk")[0].number
            year = timezone.localtime(case.signed_at).year
            ministry.record(case, number=f"{number}/{year}", code=f"HT.{case.pk}", by=case.received_by, at=at)
        stock.use_next(case, by=case.received_by, at=at)
    return workflow.give_out(case, by=by, at=at, to=to, confirmed=confirmed, inked=True)
