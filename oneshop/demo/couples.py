"""Invented couples: some whom nothing holds back, and one for each trouble of civil-status.md 4.7, named after it."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any

from django.utils import timezone

from citizens.models import (
    Annotation,
    Certificate,
    Citizen,
    Marriage,
    Parentage,
    RegisterBook,
    RegisterEntry,
    RegisterPerson,
    Residence,
)
from citizens.register import EventKind, Named, Part
from oneshop.demo.people import number_of
from oneshop.demo.units import CITY, NAMES_NOW
from oneshop.models import Commune, Officer
from procedures.catalogue.marriage_registration import LOOKED_UP_IN

PILOT = "09895"
SYNCED = date(2025, 9, 1)

ORDINARY = (
    (("Kiều Thị Mai Hạnh", date(1998, 3, 3)), ("Vương Đình Phúc", date(1996, 5, 5))),
    (("Phùng Thu Duyên", date(2001, 7, 7)), ("Tạ Quang Thuận", date(1999, 9, 9))),
    (("Đỗ Ngọc Bích", date(1995, 11, 11)), ("Bùi Minh Long", date(1997, 1, 1))),
    (("Nguyễn Thanh Tâm", date(2003, 2, 2)), ("Lê Hữu Bền", date(2000, 4, 4))),
)


def fill_couples(commune: Commune, by: Officer) -> None:
    """Four couples in every commune; in Xã Quốc Oai every trouble. Inside the commune's walls."""
    for serial, ((her, her_birth), (him, his_birth)) in enumerate(ORDINARY):
        _person(commune, her, _number(commune, "female", her_birth, serial), "female", her_birth)
        _person(commune, him, _number(commune, "male", his_birth, serial), "male", his_birth)
    if commune.code == PILOT:
        _Troubles(commune, by).fill()


def ready_marriage_registration(commune: Commune) -> list[tuple[Citizen, Citizen | None, str, dict[str, Any]]]:
    """Who came first, the other, looked-for text and answers that every rule lets through once the officer says yes."""
    ready: list[tuple[Citizen, Citizen | None, str, dict[str, Any]]] = []
    for serial, ((_, her_birth), (_, his_birth)) in enumerate(ORDINARY):
        couple = [
            Citizen.objects.get(identity_number=_number(commune, sex, born, serial))
            for sex, born in (("female", her_birth), ("male", his_birth))
        ]
        first, second = couple if serial % 2 else reversed(couple)
        ready.append((first, second, "", answers_of_today(copies=serial % 3)))
    return ready


def answers_of_today(**changed: Any) -> dict[str, Any]:
    """What a couple of two single people answers, looked up today."""
    return {
        "bride_lookup": "single",
        "groom_lookup": "single",
        "lookup_on": timezone.localdate(),
        "lookup_source": LOOKED_UP_IN,
        "bride_count": 1,
        "groom_count": 1,
        "present": "both",
        "place": "counter",
        "meets_on": None,
        "de_facto": "no",
        "lost_capacity": "none",
        "capacity": "self",
        "copies": 0,
    } | changed


def _number(commune: Commune, sex: str, born: date, serial: int) -> str:
    return number_of(sex, born, 1000 * (commune.pk % 90 + 1) + 940 + serial)


def _years_ago(years: int, today: date) -> date:
    day = min(today.day, calendar.monthrange(today.year - years, today.month)[1])
    return date(today.year - years, today.month, day)


def _next_month(day: date) -> date:
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


class _Troubles:
    """Each method is one trouble; its two people stand beside each other in a search."""

    def __init__(self, commune: Commune, by: Officer) -> None:
        self.commune, self.by, self.serial = commune, by, 400

    def fill(self) -> None:
        self.age()
        self.kinship()
        self.earlier_marriages()
        self.places()
        self.papers_and_people()

    def couple(
        self, her: str, him: str, *, her_birth: date = date(1995, 5, 5), his_birth: date = date(1993, 3, 3)
    ) -> tuple[Citizen, Citizen]:
        self.serial += 1
        return (
            _person(self.commune, her, number_of("female", her_birth, self.serial), "female", her_birth),
            _person(self.commune, him, number_of("male", his_birth, self.serial), "male", his_birth),
        )

    def one(self, name: str, sex: str, born: date) -> Citizen:
        self.serial += 1
        return _person(self.commune, name, number_of(sex, born, self.serial), sex, born)

    def age(self) -> None:
        today = timezone.localdate()
        self.couple("Đặng Thị Thiếu Một Tháng", "Đặng Văn Chờ Cô Dâu", her_birth=_years_ago(18, _next_month(today)))
        self.couple("Lê Thị Chờ Chú Rể", "Lê Văn Chưa Hai Mươi", his_birth=_years_ago(20, _next_month(today)))
        self.couple("Phí Thị Mười Tám Hôm Nay", "Phí Văn Đúng Ngày", her_birth=_years_ago(18, today))

    def kinship(self) -> None:
        grandmother = self.one("Kiều Thị Bà Ngoại", "female", date(1940, 1, 1))
        her, him = self.couple("Kiều Thị Con Chị", "Kiều Văn Con Em")
        for name, child, born in (
            ("Kiều Thị Người Chị", her, date(1965, 1, 1)),
            ("Kiều Thị Người Em", him, date(1968, 1, 1)),
        ):
            sister = self.one(name, "female", born)
            _child_of(sister, grandmother)
            _child_of(child, sister)

        father = self.one("Tạ Văn Cha Chung", "male", date(1960, 1, 1))
        for half in self.couple("Tạ Thị Cùng Cha", "Tạ Văn Khác Mẹ"):
            _child_of(half, father)

        adopted, foster = self.couple("Vương Thị Con Nuôi", "Vương Văn Từng Nuôi", his_birth=date(1970, 1, 1))
        Parentage.objects.create(
            commune=self.commune,
            child=adopted,
            parent=foster,
            kind=Parentage.Kind.ADOPTION,
            basis="Giấy chứng nhận nuôi con nuôi số 02/2000 (dữ liệu mẫu)",
            ended_on=date(2012, 6, 6),
        )

        widow, his_father = self.couple("Bùi Thị Con Dâu Cũ", "Bùi Văn Bố Chồng Cũ", his_birth=date(1968, 2, 2))
        son = self.one("Bùi Văn Con Trai Đã Mất", "male", date(1992, 2, 2))
        _child_of(son, his_father)
        self.married(widow, son, ending="divorce", ended_on=date(2021, 1, 1), ending_confirmed=True)

    def earlier_marriages(self) -> None:
        _, divorced = self.couple("Nguyễn Thị Đợi Ghi Chú", "Nguyễn Văn Ly Hôn Chưa Ghi")
        self.married_once(
            divorced,
            "Trần Thị Xa",
            ending="divorce",
            ended_on=date(2019, 4, 4),
            ending_paper="Bản án",
            ending_number="45/2019/HNGĐ-ST",
            ending_issuer="Tòa án nhân dân huyện Quốc Oai",
            ending_issued_on=date(2019, 4, 4),
        )

        widow, _ = self.couple("Trần Thị Chồng Chưa Khai Tử", "Trần Văn Đợi Khai Tử")
        self.married(widow, self.one("Trần Văn Mất Năm Hai Mươi", "male", date(1980, 6, 6)))

        abroad, _ = self.couple("Hoàng Thị Ly Hôn Ở Hàn", "Hoàng Văn Đợi Ghi Sổ")
        self.married_once(
            abroad, "Kim Min", ending="divorce", ended_on=date(2022, 2, 2), ended_abroad=True, ending_noted_here=False
        )

        old = {"her_birth": date(1960, 1, 1), "his_birth": date(1957, 1, 1)}
        together = self.couple("Phí Thị Sống Chung Tám Mươi", "Phí Văn Sống Chung Tám Mươi", **old)
        for one, spouse in (together, together[::-1]):
            Marriage.objects.create(
                commune=self.commune,
                citizen=one,
                spouse=spouse,
                spouse_name=spouse.full_name,
                spouse_sex=spouse.sex,
                registered=False,
            )

        in_the_book, _ = self.couple("Vũ Thị Có Trong Sổ Cũ", "Vũ Văn Không Hay Biết")
        self.entry(EventKind.MARRIAGE, 88, date(2014, 8, 8), in_the_book, Part.WIFE)

    def places(self) -> None:
        for person in self.couple("Đỗ Thị Hai Bên Nơi Khác", "Đỗ Văn Hai Bên Nơi Khác"):
            _move_away(person)
        _, far = self.couple("Hoàng Thị Ở Nhà", "Hoàng Văn Ở Tỉnh Xa")
        _move_away(far)
        _, guest = self.couple("Phùng Thị Gốc Ở Đây", "Phùng Văn Tạm Trú")
        _move_away(guest)
        Residence.objects.create(
            commune=self.commune,
            citizen=guest,
            kind=Residence.Kind.TEMPORARY,
            address=_address(self.commune),
            present_commune=self.commune,
            since=date(2024, 1, 1),
        )

    def papers_and_people(self) -> None:
        promised, _ = self.couple("Lê Thị Hứa Hôn", "Lê Văn Đến Sau")
        today = timezone.localdate()
        Certificate.objects.create(
            commune=self.commune,
            citizen=promised,
            number="19/UBND-XNTTHN",
            issuer=f"UBND xã {NAMES_NOW[self.commune.code]}",
            issued_on=_years_ago(1, today) if today.month == 1 else date(today.year, today.month - 1, 1),
            expires_on=date(today.year + 1, 1, 1),
            for_marriage=True,
            purpose="làm thủ tục kết hôn với anh Kim Min, sinh năm 1990, công dân Hàn Quốc, Hộ chiếu M0000; "
            "tại Tòa thị chính Seoul",
        )

        lost, _ = self.couple("Tạ Thị Mất Năng Lực", "Tạ Văn Xin Cưới")
        birth = self.entry(EventKind.BIRTH, 51, date(1995, 6, 6), lost, Part.CHILD)
        Annotation.objects.create(
            commune=self.commune,
            entry=birth,
            text="Tòa án tuyên bố mất năng lực hành vi dân sự",
            basis="Quyết định số 03/2020/QĐDS-ST của Tòa án nhân dân huyện Quốc Oai",
            noted_on=date(2020, 9, 9),
            by=self.by,
            at=timezone.now(),
        )

        _, foreigner = self.couple("Bùi Thị Lấy Chồng Ngoại", "Kim Chú Rể")
        Citizen.objects.filter(pk=foreigner.pk).update(nationality="Hàn Quốc")
        self.one("Đinh Thị Cùng Giới", "female", date(1996, 6, 6))
        self.couple("Phùng Thị Cháu Chủ Tịch", "Phùng Văn Cháu Rể")
        self.couple("Nguyễn Thị Đến Một Mình", "Nguyễn Văn Đi Làm Xa")
        self.couple("Kiều Thị Ngồi Xe Lăn", "Kiều Văn Cưới Tại Nhà")

    def married(self, one: Citizen, other: Citizen, **facts: Any) -> None:
        for citizen, spouse in ((one, other), (other, one)):
            self.married_once(citizen, spouse.full_name, spouse=spouse, **facts)

    def married_once(self, citizen: Citizen, spouse_name: str, **facts: Any) -> None:
        Marriage.objects.create(
            commune=self.commune,
            citizen=citizen,
            spouse_name=spouse_name,
            spouse_sex="male" if citizen.sex == "female" else "female",
            certificate_number="31/2016",
            issuer="UBND xã Sài Sơn, huyện Quốc Oai",
            since=date(2016, 2, 2),
            **facts,
        )

    def entry(self, kind: EventKind, number: int, on: date, who: Citizen, part: Part) -> RegisterEntry:
        entry = RegisterEntry.objects.create(
            commune=self.commune,
            book=RegisterBook.objects.of_year(self.commune.pk, kind, on),
            kind=kind,
            number=number,
            year=on.year,
            registered_on=on,
            unit="UBND xã Sài Sơn, huyện Quốc Oai",
            recorded_by=self.by,
            recorded_at=timezone.now(),
            checked_on=timezone.localdate(),
            checked_by=self.by,
        )
        RegisterPerson.of(entry, Named(part, who.full_name, birth_text=who.birth_text), who).save()
        return entry


def _address(commune: Commune) -> str:
    return f"Thôn 2, Xã {NAMES_NOW[commune.code]}, {CITY}"


def _person(commune: Commune, name: str, number: str, sex: str, born: date) -> Citizen:
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
    Residence.objects.create(
        commune=commune,
        citizen=person,
        kind=Residence.Kind.PERMANENT,
        address=_address(commune),
        present_commune=commune,
        since=born,
    )
    return person


def _move_away(person: Citizen) -> None:
    person.residences.update(address="Thôn Xa, Xã Giả Định, Tỉnh Thử Nghiệm", present_commune=None)


def _child_of(child: Citizen, parent: Citizen) -> None:
    Parentage.objects.create(
        commune_id=child.commune_id, child=child, parent=parent, basis="Sổ đăng ký khai sinh (dữ liệu mẫu)"
    )
