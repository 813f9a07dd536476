"""`python3 manage.py test`: everything that must hold before a change goes in, quick things first.

All stages run even if one fails; the last line is the sum of pytest's own summaries. Arguments for pytest, such as a
file, run only the tests: `python3 manage.py test tests/oneshop -x`.
"""

import os
import re
import secrets
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from django.core.management.base import BaseCommand

from oneshop import setup

PYTHON = sys.executable
MANAGE = str(setup.HOUSE / "manage.py")
NO_TESTS = 5  # pytest's code for having found none

COUNTED = ("failed", "passed", "skipped", "deselected", "xfailed", "xpassed", "warnings", "errors")
_COUNT = re.compile(r"(\d+) (failed|passed|skipped|deselected|xfailed|xpassed|warnings?|errors?)")
_SUMMARY = re.compile(r"^=* ?(?P<counts>\d+ [a-z]+(?:, \d+ [a-z]+)*|no tests ran) in (?P<seconds>[\d.]+)s")
_COLOUR = re.compile(r"\x1b\[[\d;]*m")


@dataclass
class Stage:
    """One program of the check, and how it went."""

    name: str
    words: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    seconds: float = 0
    code: int | None = None
    summary: str = ""

    @property
    def is_pytest(self) -> bool:
        return "pytest" in self.words

    def run(self) -> None:
        """Run it; pytest speaks as it goes, the others only when they have something to complain about."""
        started = time.monotonic()
        environment = {**os.environ, **self.environment}
        with subprocess.Popen(
            self.words, cwd=setup.HOUSE, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as program:
            assert program.stdout is not None
            said = []
            try:
                for line in program.stdout:
                    said.append(line)
                    if self.is_pytest:
                        _write(line)
            except BaseException:
                program.terminate()
                raise
        self.code, self.seconds = program.returncode, time.monotonic() - started
        if self.is_pytest:
            self.summary = last_summary("".join(said))
        elif self.code:
            _write("".join(said))


class Command(BaseCommand):
    help = "Run every check and test, the browser journeys included"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quick", action="store_true", help="leave out the browser journeys")
        parser.add_argument("pytest", nargs="*", help="files or options for pytest; then only the tests are run")

    def run_from_argv(self, argv: list[str]) -> None:
        """Hand pytest's own words through as they stand; Django's parser would refuse or reorder them."""
        if not {"-h", "--help"}.isdisjoint(argv):
            self.print_help(argv[0], argv[1])
            return
        words = [word for word in argv[2:] if word != "--quick"]
        sys.exit(self.check_everything(quick="--quick" in argv, words=words))

    def check_everything(self, *, quick: bool, words: list[str]) -> int:
        """The process's exit code: 0 if every stage passed, 1 if not."""
        all_stages = stages(words, quick=quick, colour=sys.stdout.isatty())
        for stage in all_stages:
            if stage.is_pytest:
                _write(f"── {stage.name}\n")
            stage.run()
            _write(f"── {stage.name}: {verdict(stage, words)}, {stage.seconds:.1f} s\n")
        if quick:
            _write("── journeys: left out (--quick)\n")
        failed = [stage.name for stage in all_stages if is_bad(stage, words)]
        if failed:
            _write(f"── failed: {', '.join(failed)}\n")
        summaries = [stage.summary for stage in all_stages if stage.is_pytest]
        complaints = sum(1 for stage in all_stages if not stage.is_pytest and is_bad(stage, words))
        _write(total(summaries, complaints=complaints, quick=quick) + "\n")
        return 1 if failed else 0


def stages(words: list[str], *, quick: bool, colour: bool) -> list[Stage]:
    """In order of patience."""
    pytest = [PYTHON, "-m", "pytest", f"--color={'yes' if colour else 'no'}"]
    side_by_side = [] if words else ["-n", "auto", "--dist", "worksteal"]  # the browser's hands keep their own time
    tests = [Stage("tests", [*pytest, "-m", "not journey", *side_by_side, *words])]
    if not quick:
        tests.append(Stage("journeys", [*pytest, "-m", "journey", *words]))
    if words:
        return tests
    production = {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ONESHOP_DEBUG": "",
        "ONESHOP_IS_TEST": "",
        "ONESHOP_BEHIND_TLS": "1",
    }
    return [
        Stage("ruff", [PYTHON, "-m", "ruff", "check", "."]),
        Stage("djlint", [PYTHON, "-m", "djlint", "--lint", "--quiet", "templates"]),
        Stage("mypy", [PYTHON, "-m", "mypy"]),
        Stage("floors", [str(Path(PYTHON).parent / "lint-imports")]),
        Stage("migrations", [PYTHON, MANAGE, "makemigrations", "--check", "--dry-run"]),
        Stage("deployment", [PYTHON, MANAGE, "check", "--deploy", "--fail-level", "WARNING"], production),
        *tests,
    ]


def is_bad(stage: Stage, words: list[str]) -> bool:
    """Whether a stage failed. Finding no test is a failure, unless one asked for certain tests only."""
    return stage.code != 0 and not (stage.is_pytest and words and stage.code == NO_TESTS)


def verdict(stage: Stage, words: list[str]) -> str:
    if stage.is_pytest and stage.code == NO_TESTS:
        return "none among those asked for" if words else "FAILED, no test was found"
    return "FAILED" if is_bad(stage, words) else "passed"


def last_summary(said: str) -> str:
    """pytest's last summary line without frame and colour, such as `3 passed, 1 skipped in 0.52s`; empty if none."""
    for line in reversed(_COLOUR.sub("", said).splitlines()):
        found = _SUMMARY.match(line)
        if found:
            return f"{found['counts']} in {found['seconds']}s"
    return ""


def total(summaries: list[str], *, complaints: int, quick: bool) -> str:
    """One summary line in pytest's form out of several.

    A check that is no test but failed, and a run that ended without a word, count as errors. What one run left to
    the other is not counted as left out.
    """
    counts: Counter[str] = Counter(errors=complaints + summaries.count(""))
    seconds = 0.0
    for summary in summaries:
        for number, what in _COUNT.findall(summary):
            counts[{"error": "errors", "warning": "warnings"}.get(what, what)] += int(number)
        seconds += float(summary.rpartition(" in ")[2].rstrip("s") or 0)
    if not quick:
        counts["deselected"] = 0
    line = ", ".join(f"{counts[what]} {what}" for what in COUNTED if counts[what]) or "no tests ran"
    return f"===== {line} in {seconds:.2f}s ====="


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
