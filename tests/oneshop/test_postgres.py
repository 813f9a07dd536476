"""The embedded database server: a real one, in a folder of its own, killed as often as need be."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from oneshop import postgres
from oneshop.postgres import OWNER, WORKING, CannotServe, Cluster

SERVER_NAMES = ("DATABASE_URL", "DATABASE_OWNER_URL", "PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGSERVICE")
MARKED = "001192000000"  # a made-up identity number


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A home whose data are made once for this file; passable, since as root another account runs the server."""
    folder = Path(tempfile.mkdtemp(prefix="oneshop-test-"))
    folder.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONESHOP_HOME", str(folder))
        for name in SERVER_NAMES:
            patch.delenv(name, raising=False)
        yield folder
        Cluster().stop()
        shutil.rmtree(Cluster().sockets, ignore_errors=True)
    shutil.rmtree(folder)


@pytest.fixture
def cluster(home: Path) -> Iterator[Cluster]:
    with postgres.serve("counter") as cluster:
        assert cluster is not None
        yield cluster


def connect(cluster: Cluster, user: str, database: str = "counter") -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(host=str(cluster.sockets), user=user, dbname=database, autocommit=True)


def pid_of(cluster: Cluster) -> int:
    pid = cluster.running_pid()
    assert pid is not None
    return pid


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    while postgres._command_line(pid):
        time.sleep(0.01)


def stranger(cluster: Cluster) -> subprocess.Popen[bytes]:
    """A process of the server's account that is no PostgreSQL."""
    account = {"user": cluster.account.uid} if os.geteuid() == 0 else {}
    return subprocess.Popen(["sleep", "600"], cwd="/", **account)  # type: ignore[call-overload, no-any-return]


# --- its life -------------------------------------------------------------------------------------------------------


def test_what_was_committed_is_there_after_the_server_was_killed(cluster: Cluster) -> None:
    with connect(cluster, OWNER) as owner:
        owner.execute("CREATE TABLE received (code text)")
        owner.execute("INSERT INTO received SELECT 'H' || n FROM generate_series(1, 500) n")

    kill(pid_of(cluster))
    came_back = cluster.mend()

    assert came_back
    with connect(cluster, OWNER) as owner:
        assert owner.execute("SELECT count(*) FROM received").fetchone() == (500,)
        owner.execute("DROP TABLE received")


def test_no_confirmed_row_is_lost_when_the_server_is_killed_under_four_writing_counters(cluster: Cluster) -> None:
    with connect(cluster, OWNER) as owner:
        owner.execute("CREATE TABLE booked (counter int, number int, PRIMARY KEY (counter, number))")
    confirmed: list[tuple[int, int]] = []
    closing = threading.Event()

    def write(counter: int) -> None:
        number = 0
        while not closing.is_set():
            try:
                with connect(cluster, OWNER) as owner:
                    while not closing.is_set():
                        number += 1
                        owner.execute("INSERT INTO booked VALUES (%s, %s)", [counter, number])
                        confirmed.append((counter, number))
            except psycopg.OperationalError:
                time.sleep(0.02)

    counters = [threading.Thread(target=write, args=[counter]) for counter in range(4)]
    for thread in counters:
        thread.start()
    for _ in range(3):
        time.sleep(0.4)
        kill(pid_of(cluster))
        assert cluster.mend()
    closing.set()
    for thread in counters:
        thread.join()

    with connect(cluster, OWNER) as owner:
        booked = owner.execute("SELECT counter, number FROM booked").fetchall()
        owner.execute("DROP TABLE booked")
    assert len(confirmed) > 100
    assert set(confirmed) <= set(booked)


def test_a_living_server_is_not_mended(cluster: Cluster) -> None:
    before = cluster.running_pid()

    came_back = cluster.mend()

    assert (came_back, cluster.running_pid()) == (False, before)


def test_whoever_leaves_last_stops_the_server(home: Path) -> None:
    with postgres.serve() as first:
        assert first is not None
        with postgres.serve() as second:
            assert second is not None
            both = second.running_pid()
        one_left = first.running_pid()

    assert both == one_left
    assert first.running_pid() is None


def test_a_start_after_the_starter_was_killed_takes_over_the_running_server(home: Path) -> None:
    program = (
        "from oneshop import postgres; import time\n"
        "with postgres.serve() as cluster: print(cluster.running_pid(), flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=postgres.HOUSE, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        started = int(starter.stdout.readline())
        starter.kill()

    with postgres.serve() as cluster:
        assert cluster is not None
        taken_over = cluster.running_pid()

    assert taken_over == started
    assert cluster.running_pid() is None


def test_two_starts_at_once_share_one_server(home: Path) -> None:
    together, pids = threading.Barrier(2), []

    def start() -> None:
        together.wait()
        with postgres.serve("counter") as cluster:
            assert cluster is not None
            pids.append(cluster.running_pid())
            together.wait()

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(pids) == 2
    assert len(set(pids)) == 1


def test_a_start_succeeds_where_the_number_of_a_killed_server_now_belongs_to_a_stranger(home: Path) -> None:
    with postgres.serve() as cluster:
        assert cluster is not None
        lock_files = [cluster.data / "postmaster.pid", cluster.sockets / ".s.PGSQL.5432.lock"]
        kept = [(file, file.read_text(), file.stat()) for file in lock_files]
    other = stranger(cluster)
    for file, text, status in kept:
        file.write_text(text.replace(text.split("\n", 1)[0], str(other.pid), 1))
        os.chown(file, status.st_uid, status.st_gid)

    with postgres.serve() as again:
        assert again is not None
        running = again.running_pid()

    assert running not in {None, other.pid}
    assert other.poll() is None
    other.kill()
    other.wait()


def test_a_start_waits_for_orphans_of_a_killed_server(cluster: Cluster) -> None:
    """A backend that is stopped by a signal cannot see that its server died, and holds on to its memory."""
    with connect(cluster, OWNER) as owner:
        backend = owner.info.backend_pid
        os.kill(backend, signal.SIGSTOP)
        kill(pid_of(cluster))
        threading.Timer(1.5, os.kill, (backend, signal.SIGCONT)).start()
        began = time.monotonic()

        came_back = cluster.mend()

        assert came_back
        assert time.monotonic() - began > 1


def test_a_half_made_cluster_is_thrown_away(home: Path) -> None:
    with postgres.serve():
        pass
    (home / "postgres").rename(home / "whole")
    (home / "postgres-new").mkdir()
    (home / "postgres-new" / "PG_VERSION").write_text("18\n")

    with postgres.serve("counter") as cluster:
        assert cluster is not None
        made = cluster.running_pid()

    assert made is not None
    assert not (home / "postgres-new").exists()
    shutil.rmtree(home / "whole")


# --- what it refuses, in one line -----------------------------------------------------------------------------------


def test_data_of_another_postgresql_are_left_alone(home: Path) -> None:
    with postgres.serve():
        pass
    version = home / "postgres" / "PG_VERSION"
    version.write_text("17\n")

    with pytest.raises(CannotServe, match="was made by PostgreSQL 17, here is 18"), postgres.serve():
        pass

    version.write_text("18\n")


def test_a_folder_of_sockets_that_others_may_open_is_refused(home: Path) -> None:
    with postgres.serve() as cluster:
        assert cluster is not None
    cluster.sockets.chmod(0o777)

    with pytest.raises(CannotServe, match="is not a closed folder of the account"), postgres.serve():
        pass

    cluster.sockets.chmod(0o700)


def test_a_full_disk_is_one_line_with_the_remedy(tmp_path: Path) -> None:
    with (
        pytest.raises(CannotServe) as refused,
        postgres._speaking_plainly(tmp_path),
        open("/dev/full", "w") as full,
    ):
        full.write("one byte too many")

    assert str(refused.value) == postgres.full_line(tmp_path)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["", "Counter", "a-b", "x; DROP ROLE oneshop_app", "ô_cửa", "1st", "a" * 64])
def test_an_odd_name_of_a_database_is_refused(cluster: Cluster, name: str) -> None:
    with pytest.raises(CannotServe, match="is no name for a database"):
        cluster.make_database(name)


# --- its walls ------------------------------------------------------------------------------------------------------


def test_the_working_role_owns_nothing_and_row_security_binds_it(cluster: Cluster) -> None:
    with connect(cluster, WORKING) as work:
        powers = work.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication FROM pg_roles "
            "WHERE rolname = current_user"
        ).fetchone()
        owned = work.execute("SELECT count(*) FROM pg_database WHERE datdba = %s::regrole", [WORKING]).fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            work.execute("CREATE TABLE mine (code text)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            work.execute("CREATE TEMP TABLE mine (code text)")

    assert powers == (False, False, False, False, False)
    assert owned == (0,)


def test_the_server_listens_to_no_network_and_keeps_what_it_confirmed(cluster: Cluster) -> None:
    names = ("listen_addresses", "fsync", "synchronous_commit", "full_page_writes", "data_checksums", "TimeZone")

    with connect(cluster, WORKING) as work:
        found = [work.execute("SELECT current_setting(%s)", [name]).fetchone() for name in names]

    assert found == [("",), ("on",), ("on",), ("on",), ("on",), ("UTC",)]
    assert stat.S_IMODE(cluster.sockets.stat().st_mode) == 0o700


def test_the_log_holds_no_identity_number(cluster: Cluster) -> None:
    with connect(cluster, OWNER) as owner:
        owner.execute("CREATE TABLE person (identity_number text UNIQUE)")
        owner.execute("INSERT INTO person VALUES (%s)", [MARKED])
        with pytest.raises(psycopg.errors.UniqueViolation):
            psycopg.ClientCursor(owner).execute("INSERT INTO person VALUES (%s)", [MARKED])
        with pytest.raises(psycopg.errors.SyntaxError):
            psycopg.ClientCursor(owner).execute("SELECT FROM WHERE %s", [MARKED])
        owner.execute("DROP TABLE person")

    said = "".join(file.read_text() for file in (cluster.data / "log").iterdir())
    assert "duplicate key" in said
    assert MARKED not in said


def test_a_database_that_the_owner_makes_compares_vietnamese_names_letter_by_letter(cluster: Cluster) -> None:
    with connect(cluster, OWNER, "postgres") as owner:
        owner.execute("CREATE DATABASE counter_of_a_test")

    with connect(cluster, OWNER, "counter_of_a_test") as owner:
        found = owner.execute(
            "SELECT upper('đặng quỳnh hương'), unaccent('Nguyễn Đặng Quỳnh'), similarity('đặng văn', 'đặng vân') < 1"
        ).fetchone()

    assert found == ("ĐẶNG QUỲNH HƯƠNG", "Nguyen Dang Quynh", True)
    cluster.drop_database("counter_of_a_test")


# --- addresses ------------------------------------------------------------------------------------------------------


@pytest.fixture
def no_server_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in SERVER_NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ONESHOP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_addresses_of_the_embedded_server_are_told_without_starting_it(no_server_named: Path) -> None:
    databases = postgres.settings_for("oneshop")

    assert [databases[alias]["USER"] for alias in ("default", "owner")] == [WORKING, OWNER]
    assert [databases[alias]["NAME"] for alias in ("default", "owner")] == ["oneshop", "oneshop"]
    assert len(os.fsencode(str(databases["default"]["HOST"]))) < 90
    assert not no_server_named.exists()


def test_a_page_waits_fifteen_seconds_at_most_and_a_migration_as_long_as_it_takes(no_server_named: Path) -> None:
    databases = postgres.settings_for("oneshop")

    assert databases["default"]["OPTIONS"] == {"connect_timeout": 5, "options": postgres.WORKING_OPTIONS}
    assert "statement_timeout=15s" in postgres.WORKING_OPTIONS
    assert databases["owner"]["OPTIONS"] == {"connect_timeout": 5}


def test_a_single_address_puts_the_working_role_on(no_server_named: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://boss:p%40ss%20word@db.example:6432/mot_cua?sslmode=require")

    databases = postgres.settings_for("oneshop")

    assert postgres.is_foreign()
    assert {key: databases["default"][key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "NAME": "mot_cua", "USER": "boss", "PASSWORD": "p@ss word", "HOST": "db.example", "PORT": "6432",
    }  # fmt: skip
    assert databases["default"]["OPTIONS"] == {
        "connect_timeout": 5,
        "sslmode": "require",
        "options": f"{postgres.WORKING_OPTIONS} -c role=oneshop_app",
    }
    assert databases["owner"]["OPTIONS"] == {"connect_timeout": 5, "sslmode": "require"}


def test_two_addresses_log_in_as_they_are(no_server_named: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://work@/mot_cua?host=/run/postgresql")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgres://keeper@/mot_cua?host=/run/postgresql")

    databases = postgres.settings_for("oneshop")

    assert [databases[alias]["USER"] for alias in ("default", "owner")] == ["work", "keeper"]
    assert databases["default"]["HOST"] == "/run/postgresql"
    assert databases["default"]["OPTIONS"] == {"connect_timeout": 5, "options": postgres.WORKING_OPTIONS}


def test_the_usual_variables_name_a_server_too(no_server_named: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("PGDATABASE", "mot_cua")

    databases = postgres.settings_for("oneshop")

    assert postgres.is_foreign()
    assert databases["default"]["NAME"] == "mot_cua"
    assert "HOST" not in databases["default"]  # libpq reads it


def test_a_foreign_server_is_neither_started_nor_stopped(
    no_server_named: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://work@db.example/mot_cua")

    with postgres.serve("oneshop") as cluster:
        assert cluster is None

    assert not no_server_named.exists()


@pytest.mark.parametrize("address", ["mysql://work:secret@db/x", "postgresql://work:secret@db:port/x"])
def test_an_address_that_cannot_be_read_is_refused_without_telling_its_password(
    no_server_named: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)

    with pytest.raises(CannotServe) as refused:
        postgres.settings_for("oneshop")

    assert "secret" not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
