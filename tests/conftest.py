"""The house for tests: a database made once by the owner's migrations, copied where a test needs real transactions.

The cast: mai receives, hùng handles, lan signs (on duty), sơn signs but is off duty, all of Xã Quốc Oai; bình receives
in another commune; dõi watches; trị administers; khách is the citizen whom every rule lets through.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections

from citizens.models import Citizen
from oneshop import postgres, walls
from oneshop.models import Commune, Officer
from oneshop.roles import Role
from tests import factories

# named after the process: two runs side by side do not meet, and what a killed run left behind is known by its name
DATABASE = f"oneshop_test_{os.getpid()}"
TEMPLATE, REAL = f"{DATABASE}_template", f"{DATABASE}_real"
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def _administer(*statements: str) -> list[str]:
    """Run statements as the owner, outside any of our databases; the first column of the last one that has rows."""
    connections["owner"].close()
    facts = connections["owner"].get_connection_params()
    with psycopg.connect(
        host=facts.get("host"),
        port=facts.get("port"),
        user=facts.get("user"),
        password=facts.get("password"),
        dbname="postgres",
        autocommit=True,
    ) as connection:
        found: list[str] = []
        for statement in statements:
            cursor = connection.execute(statement)  # type: ignore[arg-type]
            found = [row[0] for row in cursor] if cursor.description else found
        return found


def _left_behind() -> list[str]:
    """Test databases whose process is gone."""
    names = _administer("SELECT datname FROM pg_database WHERE datname ~ '^oneshop_test_[0-9]+'")
    return [name for name in names if not Path(f"/proc/{name.split('_')[2]}").exists()]


def _point_to(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with postgres.serve(), django_db_blocker.unblock():  # type: ignore[attr-defined]
        _drop(*_left_behind())
        _administer(f"CREATE DATABASE {TEMPLATE}")
        _point_to(TEMPLATE)
        call_command("migrate", database="owner", verbosity=0)
        _copy(DATABASE)
        yield
        _point_to("postgres")
        _drop(DATABASE, TEMPLATE)


def _drop(*names: str) -> None:
    """Also while the server's own cleaner is at work in one of them, which the owner may not interrupt."""
    for name in names:
        for patience in range(20, -1, -1):
            try:
                _administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
                break
            except psycopg.errors.InsufficientPrivilege:
                if not patience:
                    raise
                time.sleep(0.1)


def _copy(name: str) -> None:
    _point_to("postgres")
    _drop(name)
    _administer(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    _point_to(name)


@pytest.fixture
def real_db(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """A database of its own, with real commits: for threads, killed processes and browsers. Yields its name."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        _copy(REAL)
        yield REAL
        _point_to(DATABASE)
        _drop(REAL)


@pytest.fixture
def at() -> datetime:
    """A Monday morning inside working hours."""
    return datetime(2026, 11, 23, 8, 10, tzinfo=HANOI)


@pytest.fixture
def quoc_oai(db: None, at: datetime) -> Iterator[Commune]:
    """The commune of the cast; the test runs inside its walls."""
    commune = factories.commune()
    with walls.within(commune.pk):
        factories.usual_week(commune)
        yield commune


@pytest.fixture
def kieu_phu(db: None) -> Commune:
    """The commune next door."""
    return factories.commune(code="09910", name="Kiều Phú")


@pytest.fixture
def mai(quoc_oai: Commune) -> Officer:
    return factories.officer(quoc_oai, "mai", Role.CLERK, full_name="Nguyễn Thị Mai")


@pytest.fixture
def hung(quoc_oai: Commune) -> Officer:
    return factories.officer(quoc_oai, "hung", Role.SPECIALIST, full_name="Nguyễn Việt Hùng")


@pytest.fixture
def lan(quoc_oai: Commune, at: datetime) -> Officer:
    lan = factories.officer(
        quoc_oai, "lan", Role.SIGNER, full_name="Phùng Thị Lan", position="Chủ tịch UBND xã", signs_as="CHỦ TỊCH"
    )
    factories.shift(lan, Role.SIGNER, starts_at=at.replace(hour=7), ends_at=at.replace(hour=18))
    return lan


@pytest.fixture
def son(quoc_oai: Commune) -> Officer:
    return factories.officer(quoc_oai, "son", Role.SIGNER, full_name="Đỗ Hữu Sơn", signs_as="KT. CHỦ TỊCH|PHÓ CHỦ TỊCH")


@pytest.fixture
def tri(quoc_oai: Commune) -> Officer:
    return factories.officer(quoc_oai, "tri", Role.ADMINISTRATOR, full_name="Lê Quang Trị")


@pytest.fixture
def doi(db: None) -> Officer:
    with walls.within(None, reads_all=True):
        return factories.officer(None, "doi", Role.MONITOR, full_name="Hoàng Văn Dõi")


@pytest.fixture
def binh(kieu_phu: Commune) -> Officer:
    with walls.within(kieu_phu.pk):
        return factories.officer(kieu_phu, "binh", Role.CLERK, full_name="Trần Thị Bình")


@pytest.fixture
def khach(quoc_oai: Commune) -> Citizen:
    return factories.citizen(quoc_oai)


@pytest.fixture
def later(at: datetime) -> datetime:
    return at + timedelta(minutes=10)
