"""The communes and counters of Quốc Oai, then and now, and the people who work there."""

from __future__ import annotations

import csv
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from citizens.names import search_key
from oneshop import walls
from oneshop.founding import open_the_week
from oneshop.models import Commune, CommuneName, Counter, Officer, Shift, Succession
from oneshop.roles import Role

HERE = Path(__file__).parent
PASSWORD = "mot-cua-khong-giay-to"
DISTRICT = "Huyện Quốc Oai, Thành phố Hà Nội"
CITY = "Thành phố Hà Nội"
MERGED_ON = date(2025, 7, 1)
SERVED = ("09895", "09910", "09931", "09952", "04930")


def fill_units() -> list[Commune]:
    """The five communes with their counters, the 21 old units closed, and who went into whom."""
    now = {code: _living(code) for code in SERVED}
    with (HERE / "quoc-oai-units.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            _old_unit(row, now)
    return list(now.values())


NAMES_NOW = {"09895": "Quốc Oai", "09910": "Kiều Phú", "09931": "Hưng Đạo", "09952": "Phú Cát", "04930": "Yên Xuân"}


def _living(code: str) -> Commune:
    # The agency codes are made up: the real ones are typed in by the administrator (one-stop.md C.2).
    commune = Commune.objects.create(
        code=code, agency_code=f"H26.{code[2:]}.00", opened_on=MERGED_ON, is_served=True, telephone="024 0000 0000"
    )
    CommuneName.objects.create(
        commune=commune,
        kind="Xã",
        name=NAMES_NOW[code],
        above=CITY,
        valid_from=MERGED_ON,
        document="Nghị quyết 1656/NQ-UBTVQH15",
    )
    return commune


def _old_unit(row: dict[str, str], now: dict[str, Commune]) -> None:
    """One of the 21: closed at its merger, alive as a counter of its successor."""
    history = _history(row["gso_code"], row["name_vi"])
    successor = now[row["merged_into"][:5]]
    kind = row["kind"].capitalize()
    old = Commune.objects.create(code=row["gso_code"], opened_on=date(1994, 1, 1), closed_on=history["closed_on"])
    CommuneName.objects.create(commune=old, kind=kind, name=row["name_vi"], above=DISTRICT, valid_from=date(2008, 8, 1))
    Succession.objects.create(
        former=old,
        successor=successor,
        on=MERGED_ON,
        document=history["document"],
        confirmed=history["confirmed"],
    )
    Counter.objects.create(
        commune=successor,
        name=f"Điểm phục vụ {row['name_vi']}",
        address=f"Trụ sở cũ {kind} {row['name_vi']}",
    )


def _history(code: str, name: str) -> dict[str, Any]:
    """When the unit of this code and name ended; units merged in January 2025 reach today's commune in two steps."""
    with (HERE / "quoc-oai-unit-history.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["from_code"] == code and row["from_name_vi"].endswith(name)]
    first = rows[0]
    return {
        "closed_on": date.fromisoformat(first["effective_date"]),
        "document": first["source"],
        "confirmed": all(row["confirmed"] == "yes" for row in rows),
    }


# serials from 900000 up: officers are invented too, and nobody in the demo comes to the counter with such a number
LEADERS = (
    ("lan", "Phùng Thị Lan", "Chủ tịch", "CHỦ TỊCH"),
    ("son", "Đỗ Hữu Sơn", "Phó Chủ tịch", "KT. CHỦ TỊCH|PHÓ CHỦ TỊCH"),
)
DIRECTOR = ("van", "Cấn Thị Vân", "Giám đốc Trung tâm Phục vụ hành chính công")
"""Signs copies by a written delegation, and has no standing title."""
SPECIALISTS = (("hung", "Nguyễn Việt Hùng"), ("thao", "Vương Thị Thảo"))
CLERKS = (
    ("mai", "Nguyễn Thị Mai"),
    ("duc", "Kiều Minh Đức"),
    ("yen", "Đặng Hải Yến"),
    ("tuan", "Bùi Anh Tuấn"),
    ("huong", "Phí Thu Hương"),
    ("long", "Tạ Hoàng Long"),
    ("ngoc", "Trịnh Bích Ngọc"),
)


def fill_officers(communes: list[Commune]) -> None:
    """A clerk at each counter, specialists, leaders and an administrator in each commune; the monitoring office."""
    shared = make_password(PASSWORD)  # one hash for all: the password is printed on the screen anyway
    for commune in communes:
        place = search_key(NAMES_NOW[commune.code]).replace(" ", "")
        counters = list(commune.counters.order_by("pk"))
        with walls.within(commune.pk):
            open_the_week(commune, valid_from=MERGED_ON)
            staff = [
                Officer(
                    username=f"{short}.{place}",
                    full_name=name,
                    counter=counter,
                    roles=[Role.CLERK],
                    position="Công chức Trung tâm Phục vụ hành chính công",
                )
                for (short, name), counter in zip(CLERKS, counters, strict=False)
            ]
            staff += [
                Officer(
                    username=f"{short}.{place}",
                    full_name=name,
                    roles=[Role.SPECIALIST],
                    position="Công chức Tư pháp - Hộ tịch xã",
                )
                for short, name in SPECIALISTS
            ]
            staff += [
                Officer(
                    username=f"{short}.{place}",
                    full_name=name,
                    roles=[Role.SIGNER],
                    position=f"{position} UBND xã",
                    signs_as=signs_as,
                )
                for short, name, position, signs_as in LEADERS
            ]
            staff.append(
                Officer(
                    username=f"{DIRECTOR[0]}.{place}",
                    full_name=DIRECTOR[1],
                    roles=[Role.SIGNER],
                    position=DIRECTOR[2],
                )
            )
            staff.append(
                Officer(
                    username=f"quantri.{place}",
                    full_name="Lê Quang Trị",
                    roles=[Role.ADMINISTRATOR],
                    position="Quản trị",
                )
            )
            for index, officer in enumerate(staff):
                officer.commune, officer.password = commune, shared
                female = "Thị" in officer.full_name or "Thu" in officer.full_name or "Bích" in officer.full_name
                officer.identity_number = f"001{1 if female else 0}85{900000 + commune.pk * 100 + index:06}"
            Officer.objects.bulk_create(staff)
    with walls.within(None, reads_all=True):
        Officer.objects.create(
            username="theodoi",
            full_name="Hoàng Văn Dõi",
            roles=[Role.MONITOR],
            password=shared,
            position="Cơ quan theo dõi",
        )


def keep_roster(commune: Commune, *, first: date, last: date) -> None:
    """A leader on duty every day of the span, weekends too, so that the demo can be shown on any of them."""
    leaders = list(
        Officer.objects.filter(commune=commune, roles__contains=[Role.SIGNER]).exclude(signs_as="").order_by("pk")
    )
    known = {
        timezone.localtime(starts_at).date()
        for starts_at in Shift.objects.filter(commune=commune, role=Role.SIGNER).values_list("starts_at", flat=True)
    }
    shifts = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day not in known:
            start = timezone.make_aware(datetime.combine(day, time(0)))
            shifts += [
                Shift(
                    commune=commune,
                    officer=leader,
                    role=Role.SIGNER,
                    starts_at=start,
                    ends_at=start + timedelta(days=1),
                )
                for leader in leaders
            ]
    Shift.objects.bulk_create(shifts)
