"""Invented citizens: ordinary ones by chance, and the edge cases of the domain files by name."""

from __future__ import annotations

import random
from datetime import date, timedelta

from django.utils import timezone

from citizens.models import Citizen, Marriage, Residence
from oneshop.demo.units import CITY, MERGED_ON, NAMES_NOW
from oneshop.models import Commune

FAMILY = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Phan",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Kiều",
    "Phùng",
    "Vương",
    "Đinh",
    "Tạ",
    "Phí",
)
MIDDLE = {"male": ("Văn", "Hữu", "Đức", "Quang", "Minh", "Xuân"), "female": ("Thị", "Thu", "Ngọc", "Thanh", "Bích")}
GIVEN = {
    "male": (
        "An",
        "Bình",
        "Cường",
        "Dũng",
        "Đạt",
        "Hải",
        "Hiếu",
        "Khánh",
        "Lâm",
        "Nghĩa",
        "Phúc",
        "Quân",
        "Thắng",
        "Tùng",
    ),
    "female": ("Ánh", "Châu", "Diệp", "Hà", "Hạnh", "Hoa", "Lan", "Linh", "Mỹ", "Nga", "Nhung", "Oanh", "Thúy", "Yến"),
}
HAMLETS = ("Thôn 1", "Thôn 2", "Thôn 3", "Thôn Thượng", "Thôn Hạ", "Thôn Đông", "Thôn Đoài", "Xóm Mới")


def fill_citizens(commune: Commune, *, number: int, seed: int) -> None:
    """`number` people of the commune, and the named ones that live there. Call inside the commune's walls."""
    chance = random.Random(f"{seed}/{commune.code}")
    made = [_anyone(commune, chance, serial) for serial in range(number)]
    villages = [counter.name.removeprefix("Điểm phục vụ ") for counter in commune.counters.order_by("pk")]
    for person in made:
        person.save()
    Residence.objects.bulk_create(_home(commune, chance, person) for person in made)
    Marriage.objects.bulk_create(filter(None, (_past(commune, chance, person, villages) for person in made)))
    for sample in SAMPLES.get(commune.code, ()):
        _sample(commune, *sample)
    if commune.code == "09895":
        _edge_cases(commune)


def _anyone(commune: Commune, chance: random.Random, serial: int) -> Citizen:
    sex = chance.choice(("male", "female"))
    born = date(chance.randint(1950, 2006), chance.randint(1, 12), chance.randint(1, 28))
    today = timezone.localdate()
    synced = chance.random() < 0.9
    return _citizen(
        commune,
        f"{chance.choice(FAMILY)} {chance.choice(MIDDLE[sex])} {chance.choice(GIVEN[sex])}",
        number_of(sex, born, 1000 * (commune.pk % 90 + 1) + serial),
        sex=sex,
        born=born,
        eid_level=2 if synced or chance.random() < 0.5 else 1,
        synced_on=today - timedelta(days=chance.randint(5, 300)) if synced else None,
    )


def number_of(sex: str, born: date, serial: int) -> str:
    century = (born.year // 100 - 19) * 2 + (1 if sex == "female" else 0)
    return f"001{century}{born.year % 100:02}{serial:06}"


def _citizen(
    commune: Commune, name: str, number: str, *, sex: str, born: date, eid_level: int = 2, synced_on: date | None = None
) -> Citizen:
    return Citizen(
        commune=commune,
        identity_number=number,
        full_name=name,
        sex=sex,
        birth_date=born,
        birth_text=born.strftime("%d/%m/%Y"),
        document_issued_on=date(2021, 6, 22),
        document_issued_by="Cục Cảnh sát QLHC về TTXH",
        eid_level=eid_level,
        portal_synced_on=synced_on,
        recorded_at=timezone.now(),
    )


def _home(commune: Commune, chance: random.Random, person: Citizen) -> Residence:
    return Residence(
        commune=commune,
        citizen=person,
        kind=Residence.Kind.PERMANENT,
        address=f"{chance.choice(HAMLETS)}, Xã {NAMES_NOW[commune.code]}, {CITY}",
        unit_code=commune.code,
        present_commune=commune,
        since=person.birth_date,
    )


def _past(commune: Commune, chance: random.Random, person: Citizen, villages: list[str]) -> Marriage | None:
    """Two thirds of those of age are or were married, in the books of the unit that stood then."""
    assert person.birth_date is not None
    wed = person.birth_date + timedelta(days=365 * chance.randint(21, 30))
    if wed > timezone.localdate() or chance.random() < 0.35:
        return None
    spouse_sex = "female" if person.sex == "male" else "male"
    marriage = Marriage(
        commune=commune,
        citizen=person,
        spouse_name=f"{chance.choice(FAMILY)} {chance.choice(MIDDLE[spouse_sex])} {chance.choice(GIVEN[spouse_sex])}",
        spouse_sex=spouse_sex,
        certificate_number=f"{chance.randint(1, 90):02}/{wed.year}",
        issuer=_issuer(chance.choice(villages), wed),
        since=wed,
    )
    ended = wed + timedelta(days=chance.randint(700, 6000))
    if chance.random() < 0.15 and ended < timezone.localdate():
        marriage.ending, marriage.ended_on, marriage.ending_confirmed = "divorce", ended, True
        marriage.ending_paper, marriage.ending_number = (
            "Quyết định ly hôn",
            f"{chance.randint(1, 200)}/{ended.year}/QĐST-HNGĐ",
        )
        marriage.ending_issuer, marriage.ending_issued_on = "Tòa án nhân dân huyện Quốc Oai", ended
    return marriage


def _issuer(village: str, on: date) -> str:
    if on >= MERGED_ON:
        return f"UBND xã {village}"
    return f"UBND {'thị trấn' if village == 'Quốc Oai' else 'xã'} {village}, huyện Quốc Oai"


# The persons of the sample card texts, by the commune their old unit lies in today
SAMPLES: dict[str, tuple[tuple[str, str, str, date, str], ...]] = {
    "09895": (
        ("001085000000", "Nguyễn Văn Mẫu", "male", date(1985, 3, 5), "Thôn Thử Nghiệm, Sài Sơn, Quốc Oai, Hà Nội"),
        ("001203000000", "Lê Đức Ví Dụ", "male", date(2003, 1, 1), "Khu phố Mẫu, TT. Quốc Oai, Quốc Oai, Hà Nội"),
        ("001186000000", "Nguyễn Thị Ảo", "female", date(1986, 3, 8), "Thôn Giả, Xã Quốc Oai, Hà Nội"),
    ),
    "09910": (
        ("001192000000", "Trần Thị Thử", "female", date(1992, 9, 17), "Xóm Giả Định, Ngọc Mỹ, Quốc Oai, Hà Nội"),
        ("001304000000", "Phùng Thị Thuỳ Giả", "female", date(2004, 2, 29), "Thôn Mẫu, Cấn Hữu, Quốc Oai, Hà Nội"),
    ),
    "09931": (
        ("001079000000", "Đỗ Quang Kiểm Thử", "male", date(1979, 4, 30), "Thôn Giả, Đồng Quang, Quốc Oai, Hà Nội"),
    ),
    "04930": (
        ("017178000000", "Đinh Thị Mười Mẫu", "female", date(1978, 12, 31), "Thôn Đá Thử, Đông Xuân, Quốc Oai, Hà Nội"),
    ),
}


def _sample(commune: Commune, number: str, name: str, sex: str, born: date, address: str) -> Citizen:
    person = _citizen(commune, name, number, sex=sex, born=born, synced_on=date(2025, 9, 1))
    person.save()
    _lives(commune, person, address, since=born)
    return person


def _lives(
    commune: Commune,
    person: Citizen,
    address: str,
    *,
    since: date,
    until: date | None = None,
    kind: str = "permanent",
    here: bool = True,
) -> None:
    Residence.objects.create(
        commune=commune,
        citizen=person,
        kind=kind,
        address=address,
        present_commune=commune if here else None,
        since=since,
        until=until,
    )


def _edge_cases(commune: Commune) -> None:
    """civil-status.md 2.8, one person each, named after what is special."""
    synced, here = date(2025, 9, 1), f"Thôn 1, Xã Quốc Oai, {CITY}"

    divorced = _citizen(commune, "Kiều Văn Ly Hôn", "001080000101", sex="male", born=date(1980, 5, 5), synced_on=synced)
    divorced.save()
    _lives(commune, divorced, here, since=date(1980, 5, 5))
    Marriage.objects.create(
        commune=commune,
        citizen=divorced,
        spouse_name="Trần Thị Xa",
        spouse_sex="female",
        certificate_number="31/2006",
        issuer="UBND xã ở tỉnh khác",
        since=date(2006, 2, 2),
        ending="divorce",
        ended_on=date(2015, 8, 8),
        ending_paper="Bản án",
        ending_number="45/2015/HNGĐ-ST",
        ending_issuer="Tòa án nhân dân thành phố Thanh Hóa",
        ending_issued_on=date(2015, 8, 8),
        ending_confirmed=False,
    )

    moved = _citizen(
        commune, "Phí Thị Chuyển Nhà", "001190000102", sex="female", born=date(1990, 7, 7), synced_on=synced
    )
    moved.save()
    _lives(commune, moved, "Thôn 2, Sài Sơn, Quốc Oai, Hà Nội", since=date(1990, 7, 7), until=date(2018, 4, 30))
    _lives(commune, moved, "Thôn 5, Thạch Thán, Quốc Oai, Hà Nội", since=date(2018, 5, 1))

    abroad = _citizen(
        commune, "Vương Đình Hàn Quốc", "001095000103", sex="male", born=date(1995, 1, 9), synced_on=synced
    )
    abroad.save()
    _lives(commune, abroad, here, since=date(1995, 1, 9))
    _lives(commune, abroad, "Hàn Quốc", since=date(2019, 3, 1), until=date(2023, 2, 28), kind="abroad", here=False)

    young = timezone.localdate() - timedelta(days=int(365.25 * 17))
    minor = _citizen(
        commune, "Đặng Thị Mười Bảy", number_of("female", young, 104), sex="female", born=young, synced_on=synced
    )
    minor.save()
    _lives(commune, minor, here, since=young)

    husband = _citizen(
        commune, "Tạ Quang Vay Vốn", "001078000105", sex="male", born=date(1978, 11, 2), synced_on=synced
    )
    husband.save()
    _lives(commune, husband, here, since=date(1978, 11, 2))
    Marriage.objects.create(
        commune=commune,
        citizen=husband,
        spouse_name="Lê Thị Vợ",
        spouse_sex="female",
        certificate_number="12/2003",
        issuer="UBND xã Thạch Thán",
        since=date(2003, 10, 10),
    )

    widow = _citizen(
        commune, "Bùi Thị Chưa Khai Tử", "001165000106", sex="female", born=date(1965, 6, 6), synced_on=synced
    )
    widow.save()
    _lives(commune, widow, here, since=date(1965, 6, 6))
    Marriage.objects.create(
        commune=commune,
        citizen=widow,
        spouse_name="Bùi Văn Đã Mất",
        spouse_sex="male",
        registered=False,
        since=None,
        ending="death",
        ended_on=date(2020, 1, 1),
        ending_confirmed=False,
    )

    level_one = _citizen(commune, "Đinh Văn Mức Một", "001070000107", sex="male", born=date(1970, 2, 2), eid_level=1)
    level_one.save()
    _lives(commune, level_one, here, since=date(1970, 2, 2))

    gone = _citizen(commune, "Hoàng Văn Quá Cố", "001050000108", sex="male", born=date(1950, 3, 3), synced_on=synced)
    gone.deceased_on, gone.death_note = date(2024, 12, 24), "Trích lục khai tử số 88/2024"
    gone.save()
    _lives(commune, gone, here, since=date(1950, 3, 3))
