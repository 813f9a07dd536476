"""Invented martyrs' files: an ordinary one for each of three families, and the edge cases of social-affairs.md 6.7.

Who comes to the counter is named after the trouble: search for `Cháu Ruột`, `Bốn Con`, `Lần Hai` …
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from citizens.martyrs import Relation
from citizens.models import Citizen, GraveVisit, Martyr, MartyrRelative, Residence, WorshipGrant
from oneshop.demo.units import CITY, NAMES_NOW
from oneshop.models import Commune, Officer

BORN_SINCE, BORN_UNTIL = date(1950, 1, 1), date(1976, 12, 31)
ORDINARY = 3
FAMILY_PAPER = "Giấy chứng nhận gia đình liệt sĩ trong hồ sơ gốc"


def fill_martyrs(commune: Commune, by: Officer) -> None:
    """Files of `commune`, entered by `by`. Call inside the commune's walls, after its citizens."""
    for number, child in enumerate(_orphans(commune), start=1):
        family = child.full_name.split()[0]
        martyr = _martyr(commune, by, f"{family} Văn Liệt", number)
        _relative(martyr, Relation.CHILD, child)
    if commune.code == "09895":
        _edge_cases(commune, by)


def ready_martyr_grave_visit(commune: Commune) -> list[tuple[Citizen, Citizen | None, str, dict[str, object]]]:
    """Who can apply without a hitch, with the answers: (applicant, nobody else, nothing looked for, answers)."""
    kin = MartyrRelative.objects.filter(
        martyr__commune=commune, martyr__certificate_number__startswith="TM-", relation=Relation.CHILD
    )
    return [
        (
            relative.citizen,
            None,
            "",
            {
                "martyr": str(relative.martyr_id),
                "relationship": Relation.CHILD.value,
                "support": "yes",
                "result": "commune",
            },
        )
        for relative in kin.exclude(citizen=None).select_related("citizen").order_by("pk")
        if relative.citizen and int(relative.citizen.number.serial) >= 1000
    ]


def _orphans(commune: Commune) -> list[Citizen]:
    """Ordinary people of an age to have lost a father in the war, whom the paperless service is open to."""
    here = Citizen.objects.kept_by(commune.pk).filter(
        eid_level=Citizen.EidLevel.TWO,
        portal_synced_on__isnull=False,
        deceased_on=None,
        birth_date__range=(BORN_SINCE, BORN_UNTIL),
    )
    return [citizen for citizen in here.order_by("pk") if int(citizen.number.serial) >= 1000][:ORDINARY]


def _martyr(commune: Commune, by: Officer, name: str, number: int, **facts: Any) -> Martyr:
    return Martyr.objects.create(
        **{
            "commune": commune,
            "full_name": name,
            "native_place": f"Thôn Thượng, Xã {NAMES_NOW[commune.code]}, {CITY}",
            "unit": "Tiểu đoàn Thử, Trung đoàn Mẫu",
            "rank": "Hạ sĩ, tiểu đội trưởng",
            "death_text": f"{12 + number % 15:02}/04/1972",
            "death_place": "Mặt trận phía Nam",
            "certificate_number": f"TM-{commune.code}-{number:03}",
            "in_cemetery_list": True,
            "cemetery": "Nghĩa trang liệt sĩ Mẫu",
            "grave_commune": "xã Mẫu",
            "grave_province": "tỉnh Quảng Trị",
            "grave_location": f"Khu A, lô 3, mộ số {number}",
            "recorded_at": timezone.now(),
            "recorded_by": by,
        }
        | facts
    )


def _relative(martyr: Martyr, relation: Relation, citizen: Citizen, relation_text: str = "") -> MartyrRelative:
    return MartyrRelative.objects.create(
        commune=martyr.commune,
        martyr=martyr,
        citizen=citizen,
        full_name=citizen.full_name,
        relation=relation,
        relation_text=relation_text,
        identity_number=citizen.identity_number,
        birth_text=citizen.birth_text,
        basis=FAMILY_PAPER,
    )


def _person(commune: Commune, name: str, number: str, born: date) -> Citizen:
    person = Citizen.objects.create(
        commune=commune,
        identity_number=number,
        full_name=name,
        sex="female" if int(number[3]) % 2 else "male",
        birth_date=born,
        birth_text=f"{born:%d/%m/%Y}",
        document_issued_on=date(2021, 6, 22),
        document_issued_by="Cục Cảnh sát QLHC về TTXH",
        eid_level=Citizen.EidLevel.TWO,
        portal_synced_on=date(2025, 9, 1),
        recorded_at=timezone.now(),
    )
    Residence.objects.create(
        commune=commune,
        citizen=person,
        kind=Residence.Kind.PERMANENT,
        address=f"Thôn 1, Xã Quốc Oai, {CITY}",
        present_commune=commune,
        since=born,
    )
    return person


def _edge_cases(commune: Commune, by: Officer) -> None:
    """social-affairs.md 6.7, in its order, and the two files that are not good enough."""
    nephew = _person(commune, "Nguyễn Hữu Cháu Ruột", "001075000601", date(1975, 2, 1))
    keeper = _person(commune, "Nguyễn Hữu Thờ Cúng", "001073000602", date(1973, 5, 9))
    without = _martyr(commune, by, "Nguyễn Văn Bác", 601)
    _relative(without, Relation.OTHER, nephew, "Cháu ruột")
    holding = _martyr(commune, by, "Nguyễn Văn Chú", 602)
    WorshipGrant.objects.create(
        commune=commune,
        martyr=holding,
        citizen=keeper,
        full_name=keeper.full_name,
        identity_number=keeper.identity_number,
        relation_text="Cháu ruột",
        decision="1207/QĐ-UBND",
        decided_on=date(2015, 7, 27),
    )

    searching = _person(commune, "Kiều Thị Chưa Thấy Mộ", "001170000603", date(1970, 8, 8))
    unfound = _martyr(commune, by, "Kiều Văn Không Rõ Mộ", 603, grave_location="")
    _relative(unfound, Relation.CHILD, searching)

    father = _martyr(commune, by, "Phùng Văn Có Bốn Con", 604)
    for serial, name in enumerate(("Bốn Con Cả", "Bốn Con Hai", "Bốn Con Ba", "Bốn Con Út"), start=604):
        child = _person(commune, f"Phùng Thị {name}", f"0011{serial - 540}000{serial}", date(1900 + serial - 540, 1, 1))
        _relative(father, Relation.CHILD, child)

    moved = _person(commune, "Đỗ Thị Hồ Sơ Nơi Khác", "001168000608", date(1968, 3, 3))
    kept_elsewhere = "UBND xã Kiều Phú, thành phố Hà Nội"
    _relative(_martyr(commune, by, "Đỗ Văn Gốc Nơi Khác", 608, kept_elsewhere=kept_elsewhere), Relation.CHILD, moved)

    mother = _person(commune, "Vương Thị Lần Hai", "001131000609", date(1931, 9, 2))
    elder = _martyr(commune, by, "Vương Văn Đã Thăm", 609)
    younger = _martyr(commune, by, "Vương Văn Chưa Thăm", 610)
    for son in (elder, younger):
        _relative(son, Relation.MOTHER, mother)
    today = timezone.localdate()
    _visited(elder, mother, on=min(date(today.year, 1, 2), today), by=by)

    no_paper = _person(commune, "Bùi Văn Chưa Có Bằng", "001069000611", date(1969, 4, 4))
    _relative(_martyr(commune, by, "Bùi Văn Thiếu Bằng", 611, certificate_number=""), Relation.CHILD, no_paper)
    nowhere = _person(commune, "Tạ Thị Chưa Rõ Nơi Hy Sinh", "001171000612", date(1971, 6, 6))
    lost = _martyr(
        commune,
        by,
        "Tạ Văn Không Rõ Nơi",
        612,
        in_cemetery_list=False,
        cemetery="",
        grave_commune="",
        grave_province="",
        grave_location="",
        death_place="",
    )
    _relative(lost, Relation.CHILD, nowhere)


def _visited(martyr: Martyr, citizen: Citizen, *, on: date, by: Officer) -> None:
    """Supported once this year already, from the paper book of before."""
    GraveVisit.objects.create(
        commune=martyr.commune,
        martyr=martyr,
        citizen=citizen,
        applicant_name=citizen.full_name,
        relation=Relation.MOTHER.label,
        place="Nghĩa trang liệt sĩ Mẫu, xã Mẫu, tỉnh Quảng Trị",
        persons=[f"{citizen.full_name} (Mẹ đẻ)"],
        supported=1,
        year=on.year,
        issued_on=on,
        letter_number="sổ giấy 01",
        signer="Phùng Thị Lan",
        returned_on=on,
        returned_by=by,
        kilometres=612,
    )
