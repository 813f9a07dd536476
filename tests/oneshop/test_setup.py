"""What manage.py does before Django starts, and the command that serves: with real folders, ports and processes."""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management.base import CommandError
from packaging.requirements import Requirement

from oneshop import postgres, setup
from oneshop.management.commands import test as check
from oneshop.management.commands.lock import divided, entries
from oneshop.setup import PORTAL, TESTS, Trouble

# --- the lock -------------------------------------------------------------------------------------------------------


def named(requirements: list[str]) -> dict[str, Requirement]:
    return {requirement.name: requirement for requirement in map(Requirement, requirements)}


def pins(part: str) -> dict[str, str]:
    return dict(pin.split("==") for pin in entries(setup.lock_parts()[part]))


def test_the_lock_holds_what_pyproject_asks_for_and_nothing_that_tests_need_goes_to_the_portal() -> None:
    project = tomllib.loads((setup.HOUSE / "pyproject.toml").read_text())
    portal = named(project["project"]["dependencies"])
    tests = named(project["dependency-groups"]["test"])

    locked, locked_for_tests = pins(PORTAL), pins(TESTS)

    for name, requirement in portal.items():
        assert requirement.specifier.contains(locked[name]), name
    for name, requirement in tests.items():
        assert requirement.specifier.contains(locked_for_tests[name]), name
    assert locked.keys() & locked_for_tests.keys() == set()


def test_every_package_of_the_lock_is_known_by_its_hashes_and_by_no_address() -> None:
    everything = "".join(setup.lock_parts().values())

    without = [pin for pin, text in entries(everything).items() if "--hash=sha256:" not in text]

    assert without == []
    assert re.findall(r"\w+://\S+|^--\S+", everything, re.MULTILINE) == []


def test_what_the_portal_needs_stands_above_the_line_under_the_wider_condition() -> None:
    everything = "a==1 \\\n    --hash=sha256:aa\nb==2 \\\n    --hash=sha256:bb\nt==3 \\\n    --hash=sha256:cc\n"
    portal = "a==1 \\\n    --hash=sha256:aa\nb==2 ; python_full_version < '3.13' \\\n    --hash=sha256:bb\n"

    above, below = divided(everything, portal).split(setup.DIVIDER)

    assert list(entries(above)) == ["a==1", "b==2"]
    assert list(entries(below)) == ["t==3"]
    assert "python_full_version" not in above


def test_a_portal_that_resolves_to_another_version_than_its_tests_is_not_locked() -> None:
    with pytest.raises(CommandError, match="other versions"):
        divided("a==1 \\\n    --hash=sha256:aa\n", "a==2 \\\n    --hash=sha256:ab\n")


# --- the virtual environment ----------------------------------------------------------------------------------------


def wheel(folder: Path, text: str) -> str:
    """A package `counter_bell` 1.0 made of one line; returns its hash."""
    file = folder / "counter_bell-1.0-py3-none-any.whl"
    about = "counter_bell-1.0.dist-info"
    with zipfile.ZipFile(file, "w") as parcel:
        parcel.writestr("counter_bell.py", text)
        parcel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: counter-bell\nVersion: 1.0\n")
        parcel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        parcel.writestr(f"{about}/RECORD", "")
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.fixture
def empty_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout without environment, whose packages come from a folder."""
    monkeypatch.setattr(setup, "HOUSE", tmp_path)
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup, "LOCK", tmp_path / "requirements.lock")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    return tmp_path


def write_lock(house: Path, digest: str) -> None:
    (house / "requirements.lock").write_text(
        f"counter-bell==1.0 \\\n    --hash=sha256:{digest}\n{setup.DIVIDER}\n# the tests need nothing\n"
    )


def test_a_fresh_checkout_gets_its_environment_and_a_package_of_another_content_is_refused(empty_house: Path) -> None:
    write_lock(empty_house, wheel(empty_house, "ring = 'ding'"))
    before = setup.is_installed((PORTAL,))

    setup.prepare((PORTAL,))

    after = setup.is_installed((PORTAL,)), setup.is_installed((PORTAL, TESTS))
    heard = subprocess.run(
        [setup.VENV / "bin" / "python", "-c", "import counter_bell; print(counter_bell.ring)"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert (before, after, heard) == (False, (True, False), "ding\n")

    wheel(empty_house, "ring = 'something else'")
    shutil.rmtree(setup.VENV)
    with pytest.raises(Trouble, match="is not the one that requirements") as refused:
        setup.prepare((PORTAL,))

    assert "\n" not in str(refused.value)
    assert not setup.is_installed((PORTAL,))


def test_a_changed_lock_is_noticed(empty_house: Path) -> None:
    write_lock(empty_house, "aa" * 32)
    python = setup.VENV / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(Path(sys.executable).resolve())
    (setup.VENV / "pyvenv.cfg").write_text("")
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    (setup.VENV / "lib" / version / "site-packages" / "pip").mkdir(parents=True)
    (setup.VENV / "oneshop.stamp").write_text("".join(f"{part} {seal}\n" for part, seal in setup._seals().items()))
    before = setup.is_installed((PORTAL, TESTS))

    write_lock(empty_house, "bb" * 32)

    assert before
    assert not setup.is_installed((PORTAL,))
    assert setup.is_installed((TESTS,))


def test_an_environment_whose_python_has_gone_is_not_whole(empty_house: Path) -> None:
    write_lock(empty_house, "aa" * 32)
    (setup.VENV / "bin").mkdir(parents=True)
    (setup.VENV / "bin" / "python").symlink_to(empty_house / "python-that-was-removed")
    (setup.VENV / "oneshop.stamp").write_text("".join(f"{part} {seal}\n" for part, seal in setup._seals().items()))

    assert not setup.is_installed((PORTAL,))


def test_a_missing_lock_is_one_line_with_the_remedy(empty_house: Path) -> None:
    with pytest.raises(Trouble, match="git checkout"):
        setup.lock_parts()


# --- what only an administrator can give ----------------------------------------------------------------------------


def test_every_library_that_draws_papers_is_here_and_one_that_is_not_is_noticed() -> None:
    opened = [name for name in (*setup.LIBRARIES, "libno-such-thing.so.9") if setup._opens(name)]

    assert opened == list(setup.LIBRARIES)


def test_without_apt_get_the_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Trouble) as told:
        setup._apt_install(setup.LIBRARY_PACKAGES, "libpango-1.0.so.0 for drawing papers")

    assert "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in str(told.value)


def test_without_any_browser_the_line_says_three_ways_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("ONESHOP_CHROMIUM", raising=False)

    with pytest.raises(Trouble) as told:
        setup.find_chromium()

    assert [way for way in ("apt-get install chromium", "npm", "--quick") if way in str(told.value)] == [
        "apt-get install chromium", "npm", "--quick",
    ]  # fmt: skip


def test_without_the_judges_of_papers_one_line_says_what_to_install_and_the_tests_go_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    setup.find_judges()

    assert capsys.readouterr().err == (
        "oneshop: missing: the judges of archive quality and of digital signatures. Install it as root: apt-get "
        "install default-jre-headless libjaxb-java poppler-utils libnss3-tools softhsm2 (Debian's names; other "
        "systems have alike). Their tests are left out.\n"
    )


def test_a_browser_that_is_named_is_used_and_a_name_without_a_program_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ONESHOP_CHROMIUM", sys.executable)
    setup.find_chromium()
    kept = os.environ["ONESHOP_CHROMIUM"]
    monkeypatch.setenv("ONESHOP_CHROMIUM", str(tmp_path / "nothing"))

    with pytest.raises(Trouble, match="which is no program"):
        setup.find_chromium()

    assert kept == sys.executable


# --- the door -------------------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ONESHOP_HOME", str(tmp_path))
    return tmp_path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_door_is_eight_thousand_of_this_machine_unless_said_otherwise() -> None:
    assert setup.door(["manage.py", "demo", "--fresh"]) == ("127.0.0.1", 8000)
    assert setup.door(["manage.py", "up", "--port=8080", "--host", "::1"]) == ("::1", 8080)
    assert setup.address("::1", 8080) == "http://[::1]:8080"


@pytest.mark.parametrize("words", [["--port", "eight"], ["--port"]])
def test_a_door_that_is_no_number_is_one_line(words: list[str]) -> None:
    with pytest.raises(Trouble):
        setup.door(["manage.py", "demo", *words])


def test_a_taken_port_is_one_line_with_the_next_port(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(Trouble, match=f"port {port} of 127.0.0.1 is taken by another program.*--port {port + 1}"):
            setup.check_port("127.0.0.1", port)


def test_a_free_port_and_one_just_left_are_accepted(home: Path) -> None:
    setup.check_port("127.0.0.1", free_port())


def test_a_port_beyond_all_ports_is_one_line(home: Path) -> None:
    with pytest.raises(Trouble, match="70000 is no port"):
        setup.check_port("127.0.0.1", 70000)


def test_an_address_of_another_machine_is_one_line(home: Path) -> None:
    with pytest.raises(Trouble, match="choose another --host"):
        setup.check_port("192.0.2.1", free_port())


def test_a_web_server_whose_demo_was_killed_is_ended_for_the_next_one(home: Path) -> None:
    port = free_port()
    left_behind = subprocess.Popen(
        [
            sys.executable, "-c",
            "import socket, sys, time\n"
            "host, port = sys.argv[2].split(':')\n"
            "door = socket.create_server((host, int(port))); print(flush=True); time.sleep(600)",
            "oneshop.wsgi:application", f"127.0.0.1:{port}",
        ],
        stdout=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert left_behind.stdout is not None
    left_behind.stdout.readline()
    setup.portal_pid_file(port).write_text(str(left_behind.pid))

    setup.check_port("127.0.0.1", port)

    assert left_behind.wait(5) == -signal.SIGTERM
    left_behind.stdout.close()


def test_manage_py_ends_with_code_2_and_one_line(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])

        done = subprocess.run(
            [sys.executable, "manage.py", "demo", "--port", port],
            cwd=setup.HOUSE, capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"oneshop: port {port} of 127.0.0.1 is taken")


def test_the_secret_key_is_made_once_and_for_its_owner_only(home: Path) -> None:
    first, second = setup.kept_key(), setup.kept_key()

    assert first == second
    assert len(first) > 80
    assert (home / "secret_key").stat().st_mode & 0o777 == 0o600


# --- `up`, from an empty database to a killed one -------------------------------------------------------------------

FIRST_COMMUNE = [
    "--commune-name", "Quốc Oai", "--commune-code", "09895", "--agency-code", "H26.000", "--full-name", "Lê Quang Trị",
]  # fmt: skip


@pytest.fixture(scope="module")
def served_home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="oneshop-test-"))
    folder.chmod(0o755)
    yield folder
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONESHOP_HOME", str(folder))
        cluster = postgres.Cluster()
        cluster.stop()
        shutil.rmtree(cluster.sockets, ignore_errors=True)
    shutil.rmtree(folder)


def up(home: Path, port: int, *words: str, **more: str) -> subprocess.Popen[str]:
    names = ("DATABASE_URL", "DATABASE_OWNER_URL", "SECRET_KEY", "ONESHOP_BEHIND_TLS", "PGHOST", "PGPORT", "PGDATABASE")
    environment = {key: value for key, value in os.environ.items() if key not in names}
    return subprocess.Popen(
        [sys.executable, "manage.py", "up", "--port", str(port), *words],
        cwd=setup.HOUSE, env={**environment, "ONESHOP_HOME": str(home), **more},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def wait_until_open(portal: subprocess.Popen[str]) -> None:
    assert portal.stdout is not None
    lines = iter(portal.stdout.readline, "")
    if not any(line.startswith("The portal is open at") for line in lines):
        assert portal.stderr is not None
        pytest.fail(portal.stderr.read())


def answers(port: int) -> bool:
    door = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        door.request("GET", "/")
        return door.getresponse().status < 500
    finally:
        door.close()


def test_up_on_an_empty_database_asks_and_away_from_a_terminal_names_what_it_would_ask(served_home: Path) -> None:
    portal = up(served_home, free_port())

    _, said = portal.communicate(timeout=120)

    assert portal.returncode == 1
    assert said == (
        "CommandError: the database is empty. Start on a terminal to be asked, or say "
        "--commune-name --commune-code --agency-code --full-name and the variable ONESHOP_PASSWORD\n"
    )


def test_up_founds_the_first_commune_serves_and_stops_cleanly(served_home: Path) -> None:
    port = free_port()
    portal = up(served_home, port, *FIRST_COMMUNE, ONESHOP_PASSWORD="con-tàu-chở-gạo-57")
    wait_until_open(portal)
    answered = answers(port)

    portal.send_signal(signal.SIGTERM)
    said, _ = portal.communicate(timeout=30)

    assert (answered, portal.returncode) == (True, 0)
    assert said.endswith("Stopped; the data are kept.\n")
    assert not (served_home / "postgres" / "postmaster.pid").exists()


def test_up_starts_again_at_once_after_it_and_its_database_were_killed(served_home: Path) -> None:
    port = free_port()
    portal = up(served_home, port)
    wait_until_open(portal)
    portal.kill()
    os.kill(int((served_home / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    portal.communicate()
    began = time.monotonic()

    again = up(served_home, port)
    wait_until_open(again)

    took = time.monotonic() - began
    answered = answers(port)
    again.send_signal(signal.SIGINT)
    again.communicate(timeout=30)
    assert (answered, again.returncode) == (True, 0)
    assert took < 30


def test_up_mends_a_database_that_was_killed_under_it(served_home: Path) -> None:
    port = free_port()
    portal = up(served_home, port)
    wait_until_open(portal)
    os.kill(int((served_home / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    assert portal.stdout is not None

    said = portal.stdout.readline()
    while said.startswith("Put a server with TLS"):
        said = portal.stdout.readline()

    assert said == "The database server had gone; it is back.\n"
    portal.send_signal(signal.SIGINT)
    portal.communicate(timeout=30)
    assert portal.returncode == 0


def errands_of(portal: subprocess.Popen[str], *, but: int = 0) -> int:
    """The process that runs the errands of `portal`; waits for one that is not `but`."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        children = Path(f"/proc/{portal.pid}/task/{portal.pid}/children").read_text().split()
        for child in map(int, children):
            if b'"errands"' in Path(f"/proc/{child}/cmdline").read_bytes() and child != but:
                return child
        time.sleep(0.1)
    pytest.fail("nobody runs the errands")


def test_up_runs_the_errands_and_starts_them_again_when_they_were_killed(served_home: Path) -> None:
    portal = up(served_home, free_port())
    wait_until_open(portal)
    first = errands_of(portal)

    os.kill(first, signal.SIGKILL)
    second = errands_of(portal, but=first)
    portal.kill()
    portal.communicate()  # its output ends when nobody holds it any more

    deadline = time.monotonic() + 10
    while Path(f"/proc/{second}").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert second != first
    assert not Path(f"/proc/{second}").exists()


def test_up_refuses_a_short_secret_key(served_home: Path) -> None:
    portal = up(served_home, free_port(), SECRET_KEY="mot-cua")

    _, said = portal.communicate(timeout=120)

    assert portal.returncode == 1
    assert said.startswith("CommandError: SECRET_KEY must have 50 letters or more")


# --- `test` ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "summary"),
    [
        ("== 3 passed in 0.52s ==\n", "3 passed in 0.52s"),
        ("\x1b[31m\x1b[1m1 failed\x1b[0m, 2 passed in 61.20s (0:01:01)\n", "1 failed, 2 passed in 61.20s"),
        ("=== no tests ran in 0.01s ===\n", "no tests ran in 0.01s"),
        ("INTERNALERROR> boom\n", ""),
    ],
)  # fmt: skip
def test_the_summary_of_a_run_is_read_from_its_last_lines(said: str, summary: str) -> None:
    assert check.last_summary(said) == summary


def test_the_last_line_is_the_sum_of_both_runs() -> None:
    runs = ["1 failed, 40 passed, 2 skipped, 9 deselected in 10.50s", "9 passed, 43 deselected, 1 warning in 20.25s"]

    line = check.total(runs, complaints=0, quick=False)

    assert line == "===== 1 failed, 49 passed, 2 skipped, 1 warnings in 30.75s ====="


def test_a_failed_check_and_a_run_without_a_word_are_errors_in_the_last_line() -> None:
    assert (
        check.total(["40 passed in 1.00s", ""], complaints=1, quick=False) == "===== 40 passed, 2 errors in 1.00s ====="
    )


def test_what_was_left_out_for_speed_is_said() -> None:
    line = check.total(["40 passed, 9 deselected in 1.00s"], complaints=0, quick=True)

    assert line == "===== 40 passed, 9 deselected in 1.00s ====="


def test_finding_no_test_fails_unless_one_asked_for_certain_tests() -> None:
    stage = check.Stage("journeys", [sys.executable, "-m", "pytest"], code=check.NO_TESTS)

    assert check.is_bad(stage, [])
    assert not check.is_bad(stage, ["tests/oneshop"])


def test_all_stages_run_in_order_of_patience() -> None:
    everything = [stage.name for stage in check.stages([], quick=False, colour=False)]
    quick = [stage.name for stage in check.stages([], quick=True, colour=False)]
    certain = [stage.name for stage in check.stages(["-k", "kiosk"], quick=False, colour=False)]

    assert everything == ["ruff", "djlint", "mypy", "floors", "migrations", "deployment", "tests", "journeys"]
    assert quick == everything[:-1]
    assert certain == ["tests", "journeys"]
