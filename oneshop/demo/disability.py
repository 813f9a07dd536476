"""Invented people with disability files, each named after the trouble at the counter (social-affairs.md 5.8)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from citizens.models import (
    Citizen,
    DisabilityCard,
    DisabilityConclusion,
    DisabilityRecord,
    DisabilityRepresentative,
    Parentage,
    Residence,
    settle_conclusion,
)
from oneshop.demo.people import number_of
from oneshop.demo.units import CITY, NAMES_NOW
from oneshop.models import Commune, Officer

PILOT = "09895"
SYNCED = date(2025, 9, 1)

Ready = tuple[Citizen, Citizen | None, str, dict[str, Any]]


def fill_disability(commune: Commune, by: Officer) -> None:
    """Three ordinary files in every commune; in Xã Quốc Oai every trouble. Inside the commune's walls."""
    for serial, (name, sex, types, level) in enumerate(ORDINARY):
        person = _person(commune, name, _number(commune, serial), sex, _born(serial))
        _file(person, by, types=types, level=level, number=f"{commune.code}-{serial + 11:04}")
    if commune.code == PILOT:
        _children(commune, by)
        _grown_up(commune, by)


def ready_disability_card(commune: Commune) -> list[Ready]:
    """Applicant, whom for, looked-for text and answers that every rule lets through once the officer says yes."""
    lost: dict[str, Any] = {"reason": "lost", "loss_declared": True, "unchanged": "yes"}
    damaged: dict[str, Any] = {"reason": "damaged", "old_card": "returned", "unchanged": "yes"}
    people = [Citizen.objects.get(identity_number=_number(commune, serial)) for serial in range(len(ORDINARY))]
    return [(citizen, None, "", answers) for citizen, answers in zip(people, (lost, damaged, lost), strict=True)]


# --- in every commune ---
ORDINARY = (
    ("Vương Đình Chống Gậy", "male", ["van_dong"], "nang"),
    ("Phùng Thị Nghe Kém", "female", ["nghe_noi"], "nhe"),
    ("Kiều Văn Hai Dạng", "male", ["van_dong", "nhin"], "dac_biet_nang"),
)


def _born(serial: int) -> date:
    return date(1960 + 7 * serial, 8, 8)


def _number(commune: Commune, serial: int) -> str:
    """Serials of this commune that no ordinary person of the demo has."""
    return number_of(ORDINARY[serial][1], _born(serial), 1000 * (commune.pk % 90 + 1) + 920 + serial)


# --- social-affairs.md 5.8, and what the other rules stop ---
def _children(commune: Commune, by: Officer) -> None:
    today = timezone.localdate()
    seven = today - timedelta(days=365 * 7 + 30)
    four = seven + timedelta(days=365 * 4)

    mother = _person(commune, "Phan Thị Mẹ Bảy Tuổi", "001190000300", "female", date(1990, 2, 2))
    lost = _person(commune, "Phan Văn Bảy Tuổi Mất Thẻ", number_of("male", seven, 301), "male", seven)
    blind = _person(commune, "Phan Thị Bảy Tuổi Được Miễn", number_of("female", seven, 302), "female", seven)
    _file(lost, by, types=["tri_tue"], level="nang", number="07301", sheet="under_6", on=four)
    _file(
        blind,
        by,
        types=["nhin"],
        level="dac_biet_nang",
        number="07302",
        sheet="under_6",
        on=four,
        exempt_sign="1.5",
    )
    unticked = _person(commune, "Phan Văn Bảy Tuổi Không Rõ Dấu Hiệu", number_of("male", seven, 303), "male", seven)
    _file(unticked, by, types=["van_dong"], level="dac_biet_nang", number="07303", sheet="under_6", on=four)
    for child in (lost, blind, unticked):
        Parentage.objects.create(
            commune=commune, child=child, parent=mother, basis=f"Giấy khai sinh của {child.full_name}"
        )


def _grown_up(commune: Commune, by: Officer) -> None:
    now = timezone.now()
    today = timezone.localdate(now)

    mother = _person(commune, "Vũ Thị Mẹ Đi Một Mình", "001165000310", "female", date(1965, 3, 3))
    grown = _person(commune, "Vũ Văn Lớn Trí Tuệ", "001095000311", "male", date(1995, 4, 4))
    _file(grown, by, types=["tri_tue"], level="nang", number="05311")
    Parentage.objects.create(commune=commune, child=grown, parent=mother, basis="Giấy khai sinh số 12/1995")

    guardian = _person(commune, "Hoàng Thị Giám Hộ", "001170000312", "female", date(1970, 5, 5))
    ward = _person(commune, "Hoàng Văn Được Giám Hộ", "001093000313", "male", date(1993, 6, 6))
    kept = _file(ward, by, types=["than_kinh_tam_than"], level="dac_biet_nang", number="05313")
    DisabilityRepresentative.objects.create(
        commune=commune,
        record=kept,
        identity_number=guardian.identity_number,
        full_name=guardian.full_name,
        ground="guardian",
        paper="Quyết định 12/QĐ-UBND ngày 05/03/2024 của UBND xã Sài Sơn",
        by=by,
        at=now,
    )

    _person(commune, "Tạ Thị Mới Chuyển Đến", "001188000314", "female", date(1988, 7, 7))  # no file here

    more = _person(commune, "Đỗ Văn Xin Mức Nặng Hơn", "001072000315", "male", date(1972, 8, 8))
    _file(more, by, types=["van_dong"], level="nang", number="05315")

    year = _person(commune, "Bùi Thị Đổi Năm Sinh", "001158000316", "female", date(1958, 9, 9))
    wrong = _file(year, by, types=["van_dong"], level="nang", number="05316")
    wrong.cards.update(birth_text="09/09/1985")

    doubted = _person(commune, "Phí Thị Có Kết Luận Sai", "001177000317", "female", date(1977, 1, 1))
    kept = _file(doubted, by, types=["nghe_noi"], level="nang", number="05317")
    _conclusion(kept, by, "Kết luận 18/KL-SYT của Sở Y tế", today - timedelta(days=3))

    revoked = _person(commune, "Trịnh Văn Thẻ Thu Hồi", "001069000318", "male", date(1969, 2, 2))
    kept = _file(revoked, by, types=["khac"], level="nhe", number="05318")
    conclusion = _conclusion(kept, by, "Kết luận 7/KL-SYT của Sở Y tế", today - timedelta(days=60))
    settle_conclusion(
        conclusion, outcome="revoked", paper="Quyết định 41/QĐ-UBND", on=today - timedelta(days=56), by=by
    )

    half = _person(commune, "Lê Thị Hồ Sơ Thiếu", "001175000319", "female", date(1975, 3, 3))
    kept = _file(half, by, types=["nhin"], level="nang", number="05319")
    DisabilityRecord.objects.filter(pk=kept.pk).update(decision="")


def _person(commune: Commune, name: str, number: str, sex: str, born: date) -> Citizen:
    person = Citizen.objects.create(
        commune=commune,
        identity_number=number,
        full_name=name,
        sex=sex,
        birth_date=born,
        birth_text=f"{born:%d/%m/%Y}",
        document_issued_on=date(2022, 6, 22),
        document_issued_by="Cục Cảnh sát QLHC về TTXH",
        eid_level=2,
        portal_synced_on=SYNCED,
        recorded_at=timezone.now(),
    )
    Residence.objects.create(
        commune=commune,
        citizen=person,
        kind=Residence.Kind.PERMANENT,
        address=f"Thôn 2, Xã {NAMES_NOW[commune.code]}, {CITY}",
        unit_code=commune.code,
        present_commune=commune,
        since=born,
    )
    return person


LINES = {
    "van_dong": "1.4",
    "nghe_noi": "2.3",
    "nhin": "3.1",
    "than_kinh_tam_than": "4.2",
    "tri_tue": "5.2",
    "khac": "6.1",
}


def _file(
    person: Citizen,
    by: Officer,
    *,
    types: list[str],
    level: str,
    number: str,
    sheet: str = "six_plus",
    on: date = date(2020, 5, 12),
    exempt_sign: str = "",
) -> DisabilityRecord:
    """A complete file whose card prints what the record says today."""
    record: DisabilityRecord = DisabilityRecord.objects.create(
        commune=person.commune,
        citizen=person,
        types=types,
        level=level,
        decision=f"{number[-3:]}/BB-HĐXĐKT",
        determined_on=on,
        sheet=sheet,
        exempt_sign=exempt_sign,
        lines=[LINES[kind] for kind in types],
        activities=[] if sheet == "under_6" else ["with_help", *["can"] * 6, "cannot", "can", "can"],
        source="Hồ sơ bàn giao của xã cũ khi sáp nhập",
        recorded_at=timezone.now(),
        recorded_by=by,
    )
    DisabilityCard.objects.create(
        commune=person.commune,
        record=record,
        number=number,
        issued_on=on + timedelta(days=8),
        signer="Chủ tịch UBND xã cũ",
        types=types,
        level=level,
        full_name=person.full_name,
        birth_text=person.birth_text,
        sex=person.get_sex_display(),
        residence=f"Thôn 2, Xã {NAMES_NOW[person.commune.code]}, {CITY}",
    )
    return record


def _conclusion(record: DisabilityRecord, by: Officer, paper: str, on: date) -> DisabilityConclusion:
    return DisabilityConclusion.objects.create(
        commune=record.commune,
        record=record,
        paper=f"{paper} ngày {on:%d/%m/%Y}",
        received_on=on,
        by=by,
        at=timezone.now(),
    )
