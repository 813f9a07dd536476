"""Old books of Xã Quốc Oai: an entry of every kind, and the edge cases of civil-status.md 1.8 by their trouble.

Search for `Sổ Mất`, `Sài Sơn`, `Chứng Minh`, `Ghi Chú`, `Chưa Ghi`, `Con Trai`, `Năm Sinh`, `Trùng Sổ`, `Bị Hủy`,
`Chưa Đối Chiếu`, `Mẹ Trẻ`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from citizens import old_books
from citizens.dossiers import gather
from citizens.models import Citizen, Marriage, RegisterEntry
from citizens.old_books import CourtEnding, Page
from citizens.register import EventKind, Named, Part, Standing
from oneshop.demo.people import _citizen, _lives, number_of
from oneshop.demo.units import CITY
from oneshop.models import Commune, Officer
from procedures.catalogue import catalogue

SAI_SON = "UBND xã Sài Sơn, huyện Quốc Oai, tỉnh Hà Tây"
TOWN = "UBND thị trấn Quốc Oai, huyện Quốc Oai, thành phố Hà Nội"
THACH_THAN = "UBND xã Thạch Thán, huyện Quốc Oai, thành phố Hà Nội"
UNITS = {SAI_SON: ("09898", "Xã Sài Sơn"), TOWN: ("09895", "Thị trấn Quốc Oai"), THACH_THAN: ("09916", "Xã Thạch Thán")}
QUOC_OAI = "09895"


class Scribe:
    """Types pages of old books in, by one officer, all at one moment."""

    def __init__(self, commune: Commune, by: Officer) -> None:
        self.commune, self.by, self.at = commune, by, timezone.now()
        self.today = timezone.localdate(self.at)

    def person(self, name: str, serial: int, sex: str, born: date, *, old_number: str = "", **facts: Any) -> Citizen:
        """Level 2, synced, at home here since birth: only the entry is the trouble."""
        made = _citizen(
            self.commune, name, number_of(sex, born, serial), sex=sex, born=born, synced_on=date(2025, 9, 1)
        )
        made.old_number = old_number
        for field, value in facts.items():
            setattr(made, field, value)
        made.save()
        _lives(self.commune, made, f"Thôn 2, Xã Quốc Oai, {CITY}", since=born)
        return made

    def page(
        self,
        kind: EventKind,
        number: int,
        registered: str,
        unit: str,
        *persons: Named,
        checked: bool = True,
        volume: str = "01",
        **facts: str,
    ) -> RegisterEntry:
        code, name = UNITS[unit]
        parts = registered.split("/")
        day = date(int(parts[2]), int(parts[1]), int(parts[0])) if len(parts) == 3 else None
        page = Page(
            kind=kind,
            number=number,
            year=int(parts[-1]),
            volume=volume,
            unit=unit,
            unit_code=code,
            unit_name=name,
            registered_on=day,
            registered_text=registered,
            persons=persons,
            facts=facts,
            signer_name="Nguyễn Văn Ký",
            signer_title="Chủ tịch",
        )
        return old_books.enter(page, checked=checked, by=self.by, at=self.at, on=self.today)

    def link(self, entry: RegisterEntry, **people: Citizen) -> None:
        for part, citizen in people.items():
            row = entry.persons.get(part=part)
            if row.citizen_id is None:
                old_books.link(row, citizen, by=self.by, at=self.at)


def _named(part: Part, name: str, born: str, *, sex: str = "", number: str = "", home: str = "", **texts: str) -> Named:
    return Named(
        part,
        name,
        born,
        sex=sex,
        ethnicity="Kinh",
        nationality="Việt Nam",
        residence=home,
        identity_number=number,
        id_document=texts.get("paper", ""),
    )


def fill_register(commune: Commune, by: Officer) -> None:
    """Fill the books of Xã Quốc Oai, no other commune's. Call inside the commune's walls, after the people."""
    if commune.code != QUOC_OAI:
        return
    scribe = Scribe(commune, by)
    _births(scribe)
    _marriages(scribe)
    _deaths(scribe)
    _others(scribe)


def _births(scribe: Scribe) -> None:
    # no entry at all: the book of 1975 is lost
    scribe.person("Nguyễn Văn Sổ Mất", 201, "male", date(1975, 4, 30))

    son_ = scribe.person("Kiều Thị Sài Sơn", 202, "female", date(1985, 5, 19))
    entry = scribe.page(
        EventKind.BIRTH,
        41,
        "02/06/1985",
        SAI_SON,
        _named(Part.SUBJECT, "Kiều Thị Sài Sơn", "19/05/1985", sex="Nữ"),
        _named(Part.MOTHER, "Nguyễn Thị Lụa", "1960", home="Thôn Đa Phúc, xã Sài Sơn, huyện Quốc Oai, tỉnh Hà Tây"),
        _named(Part.FATHER, "Kiều Văn Thầy", "1957", home="Thôn Đa Phúc, xã Sài Sơn, huyện Quốc Oai, tỉnh Hà Tây"),
        birth_words="Ngày mười chín tháng năm năm một nghìn chín trăm tám mươi lăm",
        birth_place="Trạm xá xã Sài Sơn",
        home_town="Xã Sài Sơn, huyện Quốc Oai, tỉnh Hà Tây",
    )
    scribe.link(entry, subject=son_)

    year_only = scribe.person("Đinh Thị Năm Sinh", 203, "female", date(1968, 4, 15))
    entry = scribe.page(
        EventKind.BIRTH,
        7,
        "1968",
        SAI_SON,
        _named(Part.SUBJECT, "Đinh Thị Năm Sinh", "1968", sex="Nữ"),
        _named(Part.MOTHER, "Phí Thị Cần", "1945", home="Xã Sài Sơn, huyện Quốc Oai, tỉnh Hà Tây"),
        birth_place="Xã Sài Sơn",
    )
    scribe.link(entry, subject=year_only)

    # the father died in 2024 (people.py); his son asks for his birth extract
    father = Citizen.objects.get(identity_number="001050000108")
    son = scribe.person("Hoàng Văn Con Trai", 204, "male", date(1978, 10, 1))
    of_father = scribe.page(
        EventKind.BIRTH,
        3,
        "10/03/1950",
        THACH_THAN,
        _named(Part.SUBJECT, "Hoàng Văn Quá Cố", "03/03/1950", sex="Nam"),
        birth_place="Xã Thạch Thán",
    )
    of_son = scribe.page(
        EventKind.BIRTH,
        22,
        "12/10/1978",
        THACH_THAN,
        _named(Part.SUBJECT, "Hoàng Văn Con Trai", "01/10/1978", sex="Nam"),
        _named(Part.FATHER, "Hoàng Văn Quá Cố", "1950", home="Xã Thạch Thán, huyện Quốc Oai, thành phố Hà Nội"),
    )
    scribe.link(of_father, subject=father)
    scribe.link(of_son, subject=son, father=father)

    mother = scribe.person("Nguyễn Thị Mẹ Trẻ", 205, "female", date(1994, 2, 8))
    child = scribe.person("Nguyễn Bảo Con Nhỏ", 206, "male", date(2018, 7, 20), eid_level=0, portal_synced_on=None)
    entry = scribe.page(
        EventKind.BIRTH,
        118,
        "03/08/2018",
        TOWN,
        _named(Part.SUBJECT, "Nguyễn Bảo Con Nhỏ", "20/07/2018", sex="Nam", number=child.identity_number),
        _named(Part.MOTHER, "Nguyễn Thị Mẹ Trẻ", "1994", home="Thị trấn Quốc Oai, huyện Quốc Oai, thành phố Hà Nội"),
        birth_words="Ngày hai mươi tháng bảy năm hai nghìn không trăm mười tám",
        birth_place="Bệnh viện đa khoa huyện Quốc Oai, thành phố Hà Nội",
        home_town="Thị trấn Quốc Oai, huyện Quốc Oai, thành phố Hà Nội",
    )
    scribe.link(entry, mother=mother)

    twice = scribe.person("Vương Thị Trùng Sổ", 207, "female", date(1990, 9, 9))
    for number, registered in ((55, "20/09/1990"), (61, "04/10/1990")):
        entry = scribe.page(
            EventKind.BIRTH,
            number,
            registered,
            SAI_SON,
            _named(Part.SUBJECT, "Vương Thị Trùng Sổ", "09/09/1990", sex="Nữ"),
        )
        scribe.link(entry, subject=twice)

    struck = scribe.person("Đặng Văn Bị Hủy", 208, "male", date(1988, 8, 8))
    entry = scribe.page(
        EventKind.BIRTH, 30, "15/08/1988", SAI_SON, _named(Part.SUBJECT, "Đặng Văn Bị Hủy", "08/08/1988", sex="Nam")
    )
    scribe.link(entry, subject=struck)
    old_books.strike(
        entry,
        Standing.REVOKED,
        basis="Quyết định số 12/QĐ-UBND ngày 05/01/2026 của UBND thành phố Hà Nội",
        by=scribe.by,
        at=scribe.at,
        on=scribe.today,
    )

    raw = scribe.person("Phí Văn Chưa Đối Chiếu", 209, "male", date(1982, 12, 1))
    entry = scribe.page(
        EventKind.BIRTH,
        77,
        "10/12/1982",
        SAI_SON,
        _named(Part.SUBJECT, "Phí Văn Chưa Đối Chiếu", "01/12/1982", sex="Nam"),
        checked=False,
    )
    scribe.link(entry, subject=raw)


def _couple(scribe: Scribe, number: int, registered: str, unit: str, wife: Citizen, husband: Citizen) -> RegisterEntry:
    home = "xã Thạch Thán, huyện Quốc Oai, thành phố Hà Nội"
    cards = {
        citizen.pk: f"Chứng minh nhân dân số {citizen.old_number}, Công an thành phố Hà Nội cấp ngày 02/03/2001"
        if citizen.old_number
        else ""
        for citizen in (wife, husband)
    }
    return scribe.page(
        EventKind.MARRIAGE,
        number,
        registered,
        unit,
        _named(
            Part.WIFE, wife.full_name, wife.birth_text, number=wife.old_number, home=f"Thôn Thượng, {home}",
            paper=cards[wife.pk],
        ),
        _named(
            Part.HUSBAND, husband.full_name, husband.birth_text, number=husband.old_number, home=f"Thôn Hạ, {home}",
            paper=cards[husband.pk],
        ),
    )  # fmt: skip


def _marriages(scribe: Scribe) -> None:
    wife = scribe.person("Lê Thị Chứng Minh", 211, "female", date(1979, 3, 3), old_number="111234568")
    husband = scribe.person("Bùi Văn Chứng Minh", 212, "male", date(1976, 6, 6), old_number="111234567")
    _couple(scribe, 12, "10/10/2003", THACH_THAN, wife, husband)  # found by their old numbers, linked to nobody yet

    noted = scribe.person("Tạ Thị Ghi Chú", 213, "female", date(1984, 1, 20), old_number="111234569")
    left = scribe.person("Phan Văn Ghi Chú", 214, "male", date(1981, 2, 2), old_number="111234570")
    entry = _couple(scribe, 31, "06/02/2009", THACH_THAN, noted, left)
    scribe.link(entry, wife=noted, husband=left)
    ending = CourtEnding(
        Marriage.Ending.DIVORCE,
        on=date(2019, 6, 12),
        paper="Quyết định ly hôn",
        number="88/2019/QĐST-HNGĐ",
        issuer="Tòa án nhân dân huyện Quốc Oai",
        issued_on=date(2019, 6, 12),
    )
    old_books.note(
        entry, text=ending.text, basis=ending.basis, by=scribe.by, at=scribe.at, on=date(2019, 6, 20), ending=ending
    )

    # the record knows of a divorce that is not written in the book yet
    told = scribe.person("Phùng Văn Chưa Ghi", 215, "male", date(1983, 3, 13), old_number="111234571")
    wife = scribe.person("Trịnh Thị Chưa Ghi", 216, "female", date(1986, 9, 1), old_number="111234572")
    entry = _couple(scribe, 44, "18/11/2010", THACH_THAN, wife, told)
    scribe.link(entry, wife=wife, husband=told)
    Marriage.objects.filter(citizen__in=[told, wife]).update(
        ending=Marriage.Ending.DIVORCE,
        ended_on=date(2026, 10, 30),
        ending_paper="Bản án",
        ending_number="101/2026/HNGĐ-ST",
        ending_issuer="Tòa án nhân dân khu vực 8 – Hà Nội",
        ending_issued_on=date(2026, 10, 1),
    )


def _deaths(scribe: Scribe) -> None:
    gone = Citizen.objects.get(identity_number="001050000108")
    entry = scribe.page(
        EventKind.DEATH,
        88,
        "30/12/2024",
        TOWN,
        _named(Part.SUBJECT, "Hoàng Văn Quá Cố", "03/03/1950", sex="Nam", number=gone.identity_number),
        died_on="24/12/2024",
        died_at="02 giờ 15 phút, ngày 24 tháng 12 năm 2024",
        place_of_death="Thôn 1, thị trấn Quốc Oai, huyện Quốc Oai, thành phố Hà Nội",
        cause_of_death="Tuổi già",
    )
    scribe.link(entry, subject=gone)

    widow = scribe.person("Trương Thị Góa Bụa", 221, "female", date(1958, 5, 5), old_number="111234573")
    dead = scribe.person("Trương Văn Khuất", 222, "male", date(1955, 7, 7), old_number="111234574")
    scribe.link(_couple(scribe, 9, "20/01/1980", THACH_THAN, widow, dead), wife=widow, husband=dead)
    entry = scribe.page(
        EventKind.DEATH,
        15,
        "11/09/2021",
        THACH_THAN,
        _named(
            Part.SUBJECT,
            "Trương Văn Khuất",
            "1955",
            sex="Nam",
            number="111234574",
            paper="Chứng minh nhân dân số 111234574, Công an thành phố Hà Nội cấp ngày 05/06/1999",
        ),
        died_on="07/09/2021",
        died_at="18 giờ … phút, ngày 07 tháng 9 năm 2021",
        place_of_death="Thôn 3, xã Thạch Thán, huyện Quốc Oai, thành phố Hà Nội",
    )
    scribe.link(entry, subject=dead)


def _others(scribe: Scribe) -> None:
    mended = scribe.person("Trần Thị Cải Chính", 231, "female", date(1991, 11, 11), old_number="111234575")
    entry = scribe.page(
        EventKind.CHANGE_NOTE,
        5,
        "14/03/2017",
        TOWN,
        _named(
            Part.SUBJECT,
            "Trần Thị Cải Chính",
            "11/11/1991",
            sex="Nữ",
            home="Thị trấn Quốc Oai, huyện Quốc Oai, thành phố Hà Nội",
            paper="Chứng minh nhân dân số 111234575, Công an thành phố Hà Nội cấp ngày 02/03/2010",
        ),
        noted="Cải chính hộ tịch",
        content="Cải chính ngày sinh trong Sổ đăng ký khai sinh",
        basis_name="Quyết định",
        basis_number="27/QĐ-UBND",
        basis_issuer="UBND huyện Quốc Oai",
        basis_issued_on="10/03/2017",
        changed_from="01/11/1991",
        changed_to="11/11/1991",
    )
    scribe.link(entry, subject=mended)

    ward = scribe.person("Bùi Gia Được Giám Hộ", 232, "male", date(2012, 6, 1), eid_level=0, portal_synced_on=None)
    uncle = scribe.person("Bùi Văn Giám Hộ", 233, "male", date(1980, 1, 15))
    entry = scribe.page(
        EventKind.GUARDIANSHIP,
        2,
        "05/05/2022",
        TOWN,
        _named(Part.SUBJECT, ward.full_name, "01/06/2012", sex="Nam", number=ward.identity_number),
        lines=f"Người giám hộ: {uncle.full_name}, sinh ngày 15/01/1980\nLý do: Cha mẹ đều đã chết",
    )
    scribe.link(entry, subject=ward)

    father = scribe.person("Kiều Quang Nhận Con", 234, "male", date(1987, 4, 4))
    child = scribe.person("Kiều Minh Được Nhận", 235, "male", date(2015, 3, 3), eid_level=0, portal_synced_on=None)
    entry = scribe.page(
        EventKind.PARENT_RECOGNITION,
        4,
        "09/09/2019",
        TOWN,
        _named(Part.CHILD, child.full_name, "03/03/2015", sex="Nam", number=child.identity_number),
        _named(Part.FATHER, father.full_name, "04/04/1987", number=father.identity_number),
        lines="Việc: cha nhận con",
    )

    adopter = scribe.person("Đỗ Thị Nuôi Con", 236, "female", date(1975, 12, 12))
    adopted = scribe.person("Đỗ An Con Nuôi", 237, "female", date(2014, 10, 10), eid_level=0, portal_synced_on=None)
    scribe.page(
        EventKind.ADOPTION,
        1,
        "21/12/2016",
        TOWN,
        _named(Part.CHILD, adopted.full_name, "10/10/2014", sex="Nữ", number=adopted.identity_number),
        _named(Part.MOTHER, adopter.full_name, "12/12/1975", number=adopter.identity_number),
        lines="Người giao con nuôi: Trung tâm bảo trợ trẻ em (hư cấu)",
    )

    abroad = scribe.person("Phạm Thị Ghi Vào Sổ", 238, "female", date(1993, 8, 18))
    entry = scribe.page(
        EventKind.ENTRY_NOTE,
        6,
        "17/07/2023",
        TOWN,
        _named(Part.SUBJECT, abroad.full_name, "18/08/1993", sex="Nữ", number=abroad.identity_number),
        lines="Việc hộ tịch: Kết hôn\nNơi đăng ký ở nước ngoài: Tòa thị chính Seoul\nNgày đăng ký: 02/05/2022",
    )


def ready_civil_copy(commune: Commune) -> list[tuple[Citizen, Citizen | None, str, dict[str, Any]]]:
    """Applicant, other, what was looked for, answers: let through when the officer says yes to all."""
    if commune.code != QUOC_OAI:
        return []
    son, father = _by("Hoàng Văn Con Trai"), _by("Hoàng Văn Quá Cố")
    mother, child = _by("Nguyễn Thị Mẹ Trẻ"), _by("Nguyễn Bảo Con Nhỏ")
    relative = {"capacity": "relative", "relationship": "Con"}
    return [
        _wish(_by("Kiều Thị Sài Sơn"), None, "", EventKind.BIRTH, copies=2),
        _wish(_by("Tạ Thị Ghi Chú"), None, "", EventKind.MARRIAGE, copies=1),
        _wish(_by("Bùi Văn Chứng Minh"), None, "", EventKind.MARRIAGE, copies=1),
        _wish(_by("Trần Thị Cải Chính"), None, "", EventKind.CHANGE_NOTE, copies=1, fee="exempt_poor"),
        _wish(_by("Phạm Thị Ghi Vào Sổ"), None, "", EventKind.ENTRY_NOTE, copies=1),
        _wish(son, father, "", EventKind.DEATH, copies=3, **relative),
        _wish(
            mother, child, "", EventKind.BIRTH, copies=2, capacity="legal_representative", relationship="Mẹ",
            birth_paper="extract",
        ),
    ]  # fmt: skip


def _by(name: str) -> Citizen:
    found: Citizen = Citizen.objects.get(full_name=name)
    return found


def _wish(
    citizen: Citizen, other: Citizen | None, looked_for: str, kind: EventKind, **answers: Any
) -> tuple[Citizen, Citizen | None, str, dict[str, Any]]:
    """Through the procedure's own form, so that the answers hold all that a counter would have sent."""
    procedure, today = catalogue()["civil_copy"], timezone.localdate()
    dossier = gather(procedure.wants, citizen, other, looked_for=looked_for, commune_id=citizen.commune_id, on=today)
    entry = next(found for found in dossier.entries if found.kind == kind)
    said = {"entry": str(entry.id), "copies": 1, "capacity": "self", "fee": "paid", "birth_paper": "blank"} | answers
    form = procedure.Form(
        said,
        person=citizen.as_person(commune_id=citizen.commune_id, on=today),
        on=today,
        other=other.as_person(commune_id=citizen.commune_id, on=today) if other else None,
        dossier=dossier,
    )
    assert form.is_valid(), form.errors
    return citizen, other, looked_for, dict(form.cleaned_data)
