"""`python3 manage.py up`: serve the portal for real work; on an empty database ask for the first commune."""

import contextlib
import getpass
import http.client
import os
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

from oneshop import postgres, setup, walls
from oneshop.checks import every_ruling_finds_its_point

PATIENCE = 60  # seconds for the first answer
FAREWELL = 10  # seconds for requests under way when asked to stop
SHORTEST_KEY = 50  # letters, as Django's own deployment check asks

# Runs gunicorn so that the kernel ends it with us, also when we are killed: prctl(PR_SET_PDEATHSIG, SIGTERM) in the
# child itself, since code between fork and exec is unsafe beside the threads of a progress bar.
MINDED = """\
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 15)
if os.getppid() != int(sys.argv.pop(1)):
    sys.exit(1)
from gunicorn.app.wsgiapp import run
run()
"""
# The same care for the errands, which run beside it.
MINDED_ERRANDS = """\
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 15)
if os.getppid() != int(sys.argv.pop(1)):
    sys.exit(1)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oneshop.settings")
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "errands"])
"""


class Serving(BaseCommand, ABC):
    """Migrate, let `prepare` see to the data, then serve until Ctrl-C. `up` and `demo` differ in what they prepare."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        setup.add_door(parser)

    def handle(self, *, host: str, port: int, **options: Any) -> None:
        try:
            self.prepare(**options)
        except (OSError, DatabaseError) as error:
            if not postgres.is_foreign() and postgres.is_full(postgres.place()):
                raise CommandError(postgres.full_line(postgres.place()), returncode=2) from error
            if postgres.is_foreign() and isinstance(error, OperationalError) and "connection" in str(error):
                said = " ".join(str(error).split())
                if "set role" in said:
                    raise CommandError(
                        f"the login of DATABASE_URL may not work as {walls.WORKING_ROLE}: run GRANT "
                        f"{walls.WORKING_ROLE} TO that login, or name the owner in DATABASE_OWNER_URL"
                    ) from error
                raise CommandError(f"your database server is not to be reached, see DATABASE_URL: {said}") from error
            raise
        except KeyboardInterrupt:
            self.say("\nStopped before it was ready; start again to go on.")
            sys.exit(130)
        call_command("tidy")
        for warning in every_ruling_finds_its_point(None, databases=["default"]):
            self.say(f"Warning: {warning.msg}")
        self.serve(host, port)

    @abstractmethod
    def prepare(self, **options: Any) -> None:
        """Bring the data to where serving may begin."""

    def greeting(self, address: str) -> str:
        return f"The portal is open at {address}   (Ctrl-C stops it)"

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def migrate(self) -> None:
        """Bring the tables to this release as their owner; says nothing when there is nothing to do."""
        owner = connections["owner"]
        executor = MigrationExecutor(owner)
        steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if steps:
            self.say(f"Database: {len(steps)} migrations")
            call_command("migrate", database="owner", verbosity=0, interactive=False)
        owner.close()

    def serve(self, host: str, port: int) -> None:
        """Run gunicorn until a signal or its end. It dies with this process, however this process dies."""
        connections.close_all()
        words = [
            sys.executable, "-c", MINDED, str(os.getpid()), "oneshop.wsgi:application", "--bind", f"{host}:{port}",
            "--worker-class", "gthread", "--workers", os.environ.get("WEB_CONCURRENCY", "2"), "--threads", "4",
            "--timeout", "60", "--graceful-timeout", str(FAREWELL - 5), "--log-level", "warning", "--no-control-socket",
        ]  # fmt: skip
        if os.access("/dev/shm", os.W_OK):  # noqa: S108 (the workers' heartbeat must not wait for a disk)
            words += ["--worker-tmp-dir", "/dev/shm"]  # noqa: S108
        # Every polite way to end this process is a Ctrl-C from here on, also where a script started it deaf to that.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number == signal.SIGINT or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, signal.default_int_handler)
        portal = subprocess.Popen(words, cwd=setup.HOUSE, start_new_session=True)
        note = setup.portal_pid_file(port)
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(str(portal.pid))
        errands = _run_errands()
        try:
            self._wait_for_answer(portal, host, port)
            self.say(self.greeting(setup.address(host, port)))
            while portal.poll() is None:
                time.sleep(1)
                self._mend_database()
                if errands.poll() is not None:  # it holds nothing that another cannot take up
                    errands = _run_errands()
        except KeyboardInterrupt:
            self.say("\nStopping …")
        finally:
            _stop(errands)
            _stop(portal)
            note.unlink(missing_ok=True)
        if portal.returncode not in {0, -signal.SIGTERM, -signal.SIGKILL}:
            raise CommandError("the web server has ended by itself; the lines above say why")
        self.say("Stopped; the data are kept.")

    def _wait_for_answer(self, portal: "subprocess.Popen[bytes]", host: str, port: int) -> None:
        nearby = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (compared, not bound)
        deadline = time.monotonic() + PATIENCE
        while portal.poll() is None:
            door = http.client.HTTPConnection(nearby, port, timeout=PATIENCE)
            try:
                door.request("GET", "/", headers={"Host": _own_name()})
                door.getresponse()
            except OSError:
                if time.monotonic() > deadline:
                    raise CommandError(f"the portal does not answer within {PATIENCE} seconds") from None
                time.sleep(0.05)
            else:
                return
            finally:
                door.close()

    def _mend_database(self) -> None:
        if setup.cluster is None:
            return
        try:
            if setup.cluster.mend():
                self.say("The database server had gone; it is back.")
        except postgres.CannotServe as trouble:
            self.say(str(trouble))


class Command(Serving):
    help = "Serve the portal; on an empty database ask for the first commune and its administrator"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        first = parser.add_argument_group("on an empty database, instead of questions")
        for option, (question, _) in QUESTIONS.items():
            first.add_argument(f"--{option.replace('_', '-')}", help=question)

    def prepare(self, **options: Any) -> None:
        if len(settings.SECRET_KEY) < SHORTEST_KEY or len(set(settings.SECRET_KEY)) < 5:
            raise CommandError(f"SECRET_KEY must have {SHORTEST_KEY} letters or more; leave it out to have one made")
        self.migrate()
        from oneshop import founding

        if not founding.is_founded():
            self._found(**options)

    def _found(self, **options: Any) -> None:
        from oneshop import founding

        asked = sys.stdin.isatty()
        facts: dict[str, str] = {name: options.get(name) or "" for name in QUESTIONS}
        password = os.environ.get("ONESHOP_PASSWORD", "")
        if not asked:
            missing = [
                f"--{name.replace('_', '-')}" for name, (_, usual) in QUESTIONS.items() if not facts[name] and not usual
            ]
            if missing or not password:
                raise CommandError(
                    "the database is empty. Start on a terminal to be asked, or say "
                    + " ".join([*missing, *([] if password else ["and the variable ONESHOP_PASSWORD"])])
                )
        else:
            self.say("The database is empty. The first commune and its administrator:")
        for name, (question, usual) in QUESTIONS.items():
            while asked and not facts[name]:
                facts[name] = input(f"  {question}{f' [{usual}]' if usual else ''}: ").strip() or usual
            facts[name] = facts[name] or usual
        while True:
            password = password or getpass.getpass("  Password (12 letters or more, not shown): ")
            try:
                founding.found(**facts, password=password)
            except ValidationError as error:
                if not asked:
                    raise CommandError(" ".join(error.messages)) from None
                self.say("  " + " ".join(error.messages))
                password = ""
            else:
                break

    def greeting(self, address: str) -> str:
        lines = [super().greeting(address)]
        if settings.BEHIND_TLS:
            lines.append(
                f"Put a server with TLS before it, for {settings.PUBLIC_ADDRESS}, and set ONESHOP_TRUSTS_PROXY=1; "
                "for a trial on this machine alone set ONESHOP_BEHIND_TLS=0."
            )
        return "\n".join(lines)


# What the first start asks, with the answer that an empty line gives.
QUESTIONS = {
    "kind": ("Loại đơn vị", "Xã"),
    "commune_name": ("Tên đơn vị, không kèm loại", ""),
    "commune_code": ("Mã đơn vị hành chính, 5 chữ số", ""),
    "above": ("Đơn vị cấp trên", "Thành phố Hà Nội"),
    "agency_code": ("Mã định danh cơ quan", ""),
    "full_name": ("Họ và tên quản trị viên", ""),
    "username": ("Tên đăng nhập của quản trị viên", "quantri"),
}


def _run_errands() -> "subprocess.Popen[bytes]":
    words = [sys.executable, "-c", MINDED_ERRANDS, str(os.getpid())]
    return subprocess.Popen(words, cwd=setup.HOUSE, start_new_session=True)


def _own_name() -> str:
    """A name that the portal answers to; asked under another it would call us a stranger."""
    name = settings.ALLOWED_HOSTS[0] if settings.ALLOWED_HOSTS else ""
    return "127.0.0.1" if name in {"", "*"} or name.startswith(".") else name


def _stop(portal: "subprocess.Popen[bytes]") -> None:
    """Let requests under way finish, then end the whole group."""
    if portal.poll() is None:
        portal.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
        portal.wait(FAREWELL)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(portal.pid, signal.SIGKILL)
    portal.wait()
