"""The walls between communes hold in the database itself, whatever the code forgets."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.utils import DatabaseError, InternalError

from citizens.models import Citizen, Visit
from oneshop import audit, walls
from oneshop.models import Commune, Entry, Officer
from tests import factories

# Tables that know a commune and stand outside the walls on purpose, each with its reason
OUTSIDE = {
    "oneshop_communename": "names of units are public",
    "oneshop_counter": "counters are public",
}


def rows(sql: str, *facts: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, facts)
        return list(cursor.fetchall())


def test_every_table_with_a_commune_has_row_security_forced_upon_its_owner_too(db: None) -> None:
    listed = rows(
        "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c"
        " JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relkind IN ('r', 'p') AND a.attname = 'commune_id' AND NOT a.attisdropped"
    )

    assert {name for name, _, _ in listed} > {"procedures_case", "citizens_citizen", "oneshop_entry"}
    assert {name: (on, forced) for name, on, forced in listed if name not in OUTSIDE and not (on and forced)} == {}


def test_the_working_role_owns_nothing_and_cannot_step_over_the_walls(db: None) -> None:
    role = rows("SELECT rolname, rolbypassrls, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user")
    owned = rows("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")

    assert role == [(walls.WORKING_ROLE, False, False, False)]
    assert owned == [(0,)]


def test_no_view_of_the_walls_means_no_rows_at_all(quoc_oai: Commune, khach: Citizen, mai: Officer) -> None:
    with walls.within(None):
        counts = [
            rows(f"SELECT count(*) FROM {table}")[0][0]
            for table in ("citizens_citizen", "oneshop_officer", "citizens_residence", "oneshop_openinghours")
        ]

    assert counts == [0, 0, 0, 0]
    assert Citizen.objects.count() == 1


def test_a_row_of_another_commune_is_neither_read_nor_written(
    quoc_oai: Commune, kieu_phu: Commune, khach: Citizen
) -> None:
    with walls.within(kieu_phu.pk):
        changed = Citizen.objects.filter(pk=khach.pk).update(full_name="Bị đổi")
        seen = Citizen.objects.filter(pk=khach.pk).exists()
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            factories.citizen(quoc_oai, "001192000001")

    assert (changed, seen) == (0, False)
    khach.refresh_from_db()
    assert khach.full_name == "Trần Thị Thử"


def test_the_view_does_not_stick_to_the_connection(real_db: str) -> None:
    communes = [factories.commune(), factories.commune("09910", "Kiều Phú")]
    for commune in communes:
        with walls.within(commune.pk):
            factories.citizen(commune, f"00119200000{commune.pk % 10}")

    for turn in range(200):
        with walls.within(communes[turn % 2].pk):
            assert [citizen.commune_id for citizen in Citizen.objects.all()] == [communes[turn % 2].pk]

        assert Citizen.objects.count() == 0


def test_a_nested_view_gives_the_outer_one_back(quoc_oai: Commune, kieu_phu: Commune, khach: Citizen) -> None:
    with walls.within(kieu_phu.pk):
        assert Citizen.objects.count() == 0

    assert Citizen.objects.count() == 1


def test_the_monitoring_office_reads_work_but_no_persons_and_changes_nothing(
    quoc_oai: Commune, khach: Citizen, mai: Officer
) -> None:
    with walls.within(None, reads_all=True):
        officers = Officer.objects.filter(pk=mai.pk).count()
        citizens = Citizen.objects.count()
        changed = Officer.objects.filter(pk=mai.pk).update(full_name="Khác")

    assert (officers, citizens, changed) == (1, 0, 0)


def test_whoever_holds_the_card_is_found_and_seen_for_a_day_at_that_counter(
    quoc_oai: Commune, kieu_phu: Commune, khach: Citizen, binh: Officer, at: object
) -> None:
    from django.utils import timezone

    with walls.within(kieu_phu.pk, scanned=khach.identity_number):
        found = Citizen.objects.get(identity_number=khach.identity_number)
        Visit.objects.create(commune=kieu_phu, citizen=found, officer=binh, at=timezone.now())
    with walls.within(kieu_phu.pk):
        seen = list(Citizen.objects.all())
        changed = Citizen.objects.filter(pk=khach.pk).update(full_name="Bị đổi")

    assert seen == [khach]
    assert changed == 0


def test_the_diary_never_changes(quoc_oai: Commune, mai: Officer, at: object) -> None:
    line = audit.record("look", "citizen", 1, by=mai, at=at)  # type: ignore[arg-type]

    for forbidden in ("UPDATE oneshop_entry SET why = 'x'", "DELETE FROM oneshop_entry", "TRUNCATE oneshop_entry"):
        with pytest.raises((ProgrammingError, InternalError, DatabaseError)), transaction.atomic():
            rows(forbidden)

    assert list(Entry.objects.all()) == [line]
