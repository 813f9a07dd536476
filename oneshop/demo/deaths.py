"""Invented dead people, each named after what is special about the death (civil-status.md 3.9), and who declares them.

The living declarant of all of them in Xã Quốc Oai is Phùng Thị Đi Khai; whoever else declares says so in the name.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from citizens.models import Citizen, Marriage, Parentage, RegisterBook, RegisterEntry, RegisterPerson, Residence
from citizens.register import EventKind, Named, Part
from oneshop.demo.people import number_of
from oneshop.demo.units import CITY, NAMES_NOW
from oneshop.models import Commune, Officer

PILOT = "09895"
SYNCED = date(2025, 9, 1)

PASTED = """Tên cơ sở y tế: Bệnh viện Đa khoa Thử Nghiệm
Số: 118/2026/GBT
Họ, chữ đệm, tên: ĐỖ VĂN MẤT BỆNH VIỆN
Ngày, tháng, năm sinh: 02/02/1949
Giới tính: Nam
Số định danh cá nhân: 001049000202
Đã tử vong vào lúc: 03 giờ 40 phút, ngày {died:%d/%m/%Y}
Nguyên nhân tử vong: Suy tim
Ngày cấp: {issued:%d/%m/%Y}"""
"""What a clerk copies from the electronic notice of Đỗ Văn Mất Bệnh Viện."""


def fill_deaths(commune: Commune, by: Officer) -> None:
    """Three old people with a daughter in every commune; in Xã Quốc Oai every trouble. Inside the commune's walls."""
    for serial in range(3):
        _family(commune, serial)
    if commune.code == PILOT:
        _edge_cases(commune, by)


def pasted_notice() -> str:
    """The electronic notice of the man who died in hospital two days ago."""
    today = timezone.localdate()
    return PASTED.format(died=today - timedelta(days=2), issued=today - timedelta(days=1))


def ready_death_registration(commune: Commune) -> list[tuple[Citizen, Citizen | None, str, dict[str, Any]]]:
    """Applicant, dead, looked-for text and answers that every rule lets through once the officer says yes to all."""
    today = timezone.localdate()
    ready: list[tuple[Citizen, Citizen | None, str, dict[str, Any]]] = []
    for serial in range(3):
        daughter, father = (
            Citizen.objects.get(identity_number=number)
            for number in (_daughter(commune, serial), _old(commune, serial))
        )
        at_home = serial != 1
        ready.append((daughter, father, "", _home(commune, today) if at_home else _hospital(today)))
    return ready


def _home(commune: Commune, today: date) -> dict[str, Any]:
    return {
        "capacity": "obliged_person",
        "relationship": "Con",
        "manner": "natural",
        "place_kind": "here",
        "place_address": _address(commune),
        "notice_kind": "home_here",
        "home_check": "ông Kiều Văn Trưởng, Trưởng thôn 1",
        "died_on": today - timedelta(days=1),
        "died_hour": 21,
        "died_minute": 15,
        "cause_of_death": "Tuổi già",
        "where_registered": "office",
        "copies": 0,
        "fee": "",
    }


def _hospital(today: date) -> dict[str, Any]:
    return {
        "capacity": "obliged_person",
        "relationship": "Con",
        "manner": "natural",
        "place_kind": "facility",
        "facility_name": "Bệnh viện Đa khoa Thử Nghiệm",
        "facility_address": f"Phường Giả Định, {CITY}",
        "notice_kind": "medical_facility",
        "notice_source": "paper",
        "notice_number": "207/2026/GBT",
        "notice_issuer": "Bệnh viện Đa khoa Thử Nghiệm",
        "notice_issued_on": today - timedelta(days=1),
        "died_on": today - timedelta(days=2),
        "died_hour": None,
        "died_minute": None,
        "cause_of_death": "",
        "where_registered": "office",
        "copies": 0,
        "fee": "",
    }


# --- in every commune ---
def _block(commune: Commune) -> int:
    """Serials of this commune that no ordinary person of the demo has."""
    return 1000 * (commune.pk % 90 + 1) + 900


def _old(commune: Commune, serial: int) -> str:
    return number_of("male", date(1940 + serial, 3, 3), _block(commune) + serial)


def _daughter(commune: Commune, serial: int) -> str:
    return number_of("female", date(1970 + serial, 6, 6), _block(commune) + serial)


def _family(commune: Commune, serial: int) -> None:
    names = (("Kiều Văn Hòa", "Kiều Thị Hiền"), ("Vương Văn Lộc", "Vương Thị Liên"), ("Tạ Văn Quý", "Tạ Thị Quyên"))
    father_name, daughter_name = names[serial]
    father = _person(commune, father_name, _old(commune, serial), "male", date(1940 + serial, 3, 3))
    daughter = _person(commune, daughter_name, _daughter(commune, serial), "female", date(1970 + serial, 6, 6))
    _child_of(daughter, father)


# --- civil-status.md 3.9, one each ---
def _edge_cases(commune: Commune, by: Officer) -> None:
    _person(commune, "Phùng Thị Đi Khai", "001168000200", "female", date(1968, 5, 5))

    at_home = _person(commune, "Phùng Văn Mất Tại Nhà", "001041000201", "male", date(1941, 1, 1))
    widow = _person(commune, "Đinh Thị Sắp Góa", "001144000201", "female", date(1944, 1, 1))
    for one, other in ((at_home, widow), (widow, at_home)):
        _married(one, other)

    _person(commune, "Đỗ Văn Mất Bệnh Viện", "001049000202", "male", date(1949, 2, 2))
    _person(commune, "Bùi Văn Tai Nạn Đường", "001095000203", "male", date(1995, 3, 3))
    _person(commune, "Nguyễn Thị Khai Muộn", "001150000204", "female", date(1950, 4, 4))
    _person(commune, "Trần Thị Mất Năm Tám Bảy", "001120000205", "female", date(1920, 1, 1))

    again = _person(commune, "Lê Văn Đã Khai Tử", "001038000206", "male", date(1938, 6, 6))
    Citizen.objects.filter(pk=again.pk).update(
        deceased_on=date(2026, 2, 14), death_note="Trích lục khai tử số 09/TLKT do UBND xã Quốc Oai cấp 16/02/2026"
    )
    _entry(commune, by, EventKind.DEATH, 9, date(2026, 2, 16), again, Part.SUBJECT)

    sick = _person(commune, "Hoàng Thị Ốm Không Đi Được", "001146000207", "female", date(1946, 7, 7))
    husband = _person(commune, "Hoàng Văn Khai Lưu Động", "001045000207", "male", date(1945, 7, 7))
    for one, other in ((sick, husband), (husband, sick)):
        _married(one, other)

    old_card = _person(commune, "Vũ Thị Chỉ Có Chứng Minh", "001135000208", "female", date(1935, 8, 8))
    Citizen.objects.filter(pk=old_card.pk).update(
        document_kind=Citizen.Document.CMND,
        old_number="111000208",
        document_issued_by="Công an tỉnh Hà Tây",
        document_issued_on=date(1998, 8, 8),
    )

    _person(commune, "Phí Văn Mất Ở Xã Khác", "001052000209", "male", date(1952, 9, 9))
    _person(commune, "Tạ Văn Tòa Tuyên Bố", "001070000210", "male", date(1970, 10, 10))
    _person(commune, "Đặng Văn Ở Tỉnh Khác", "001060000211", "male", date(1960, 11, 11), here=False)
    _person(commune, "Vương Thị Không Nơi Ở", "001158000212", "female", date(1958, 12, 12), lives=False)
    foreigner = _person(commune, "Kim Người Nước Ngoài", "001066000213", "male", date(1966, 1, 13))
    Citizen.objects.filter(pk=foreigner.pk).update(nationality="Hàn Quốc")

    born = timezone.localdate() - timedelta(days=20)
    baby = _person(commune, "Bùi Văn Trẻ Sơ Sinh", number_of("male", born, 214), "male", born)
    mother = _person(commune, "Bùi Thị Mẹ Trẻ", "001198000214", "female", date(1998, 2, 14))
    _child_of(baby, mother)
    _entry(commune, by, EventKind.BIRTH, 214, born, baby, Part.CHILD)

    # of the same name as somebody in an old book, who had no number: who looks it up has to decide
    namesake = _person(commune, "Nguyễn Văn Trùng Tên", "001043000215", "male", date(1943, 3, 15))
    older = Named(Part.SUBJECT, namesake.full_name, birth_text="1919", sex="Nam", residence="Thôn Hạ, xã Sài Sơn")
    _entry(commune, by, EventKind.DEATH, 15, date(1998, 3, 15), None, Part.SUBJECT, older)


def _address(commune: Commune) -> str:
    return f"Thôn 1, Xã {NAMES_NOW[commune.code]}, {CITY}"


def _person(
    commune: Commune, name: str, number: str, sex: str, born: date, *, here: bool = True, lives: bool = True
) -> Citizen:
    person = Citizen.objects.create(
        commune=commune,
        identity_number=number,
        full_name=name,
        sex=sex,
        birth_date=born,
        birth_text=f"{born:%d/%m/%Y}",
        document_issued_on=date(2021, 6, 22),
        document_issued_by="Cục Cảnh sát QLHC về TTXH",
        eid_level=2,
        portal_synced_on=SYNCED,
        recorded_at=timezone.now(),
    )
    if lives:
        Residence.objects.create(
            commune=commune,
            citizen=person,
            kind=Residence.Kind.PERMANENT,
            address=_address(commune) if here else "Thôn Xa, Xã Giả Định, Tỉnh Thử Nghiệm",
            present_commune=commune if here else None,
            since=born,
        )
    return person


def _child_of(child: Citizen, parent: Citizen) -> None:
    Parentage.objects.create(
        commune_id=child.commune_id, child=child, parent=parent, basis="Sổ đăng ký khai sinh (dữ liệu mẫu)"
    )


def _married(one: Citizen, other: Citizen) -> None:
    Marriage.objects.create(
        commune_id=one.commune_id,
        citizen=one,
        spouse=other,
        spouse_name=other.full_name,
        spouse_sex=other.sex,
        certificate_number="07/1968",
        issuer="UBND xã Sài Sơn, huyện Quốc Oai",
        since=date(1968, 2, 2),
    )


def _entry(
    commune: Commune,
    by: Officer,
    kind: EventKind,
    number: int,
    on: date,
    who: Citizen | None,
    part: Part,
    named: Named | None = None,
) -> None:
    """One entry of a book of that year, about `who` or, where nobody knows the number, about `named`."""
    named = named or Named(part, who.full_name if who else "", birth_text=who.birth_text if who else "")
    entry = RegisterEntry.objects.create(
        commune=commune,
        book=RegisterBook.objects.of_year(commune.pk, kind, on),
        kind=kind,
        number=number,
        year=on.year,
        registered_on=on,
        unit="UBND xã Sài Sơn, huyện Quốc Oai" if on < date(2025, 7, 1) else f"UBND xã {NAMES_NOW[commune.code]}",
        recorded_by=by,
        recorded_at=timezone.now(),
        checked_on=timezone.localdate(),
        checked_by=by,
    )
    RegisterPerson.of(entry, named, who).save()
