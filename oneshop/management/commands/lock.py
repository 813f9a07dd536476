"""`python3 manage.py lock`: remake requirements.lock from pyproject.toml.

Run it after a change of the dependencies, or with --upgrade to take newer releases; then run the tests and commit both
files. The work is done by uv in an environment that is thrown away: it resolves for every platform at once and writes
the hash of every file of every package. No index address is written, so the file serves behind any mirror.
"""

import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from oneshop import setup

HEADER = """\
# Exact versions with the hashes of their files; made by `python3 manage.py lock` from pyproject.toml, not by hand.
# First what the portal needs, then, below the dividing line, what its tests need besides.
# manage.py installs from here: pip install --require-hashes.
"""


class Command(BaseCommand):
    help = "Remake requirements.lock (exact versions, hashes, no addresses) from pyproject.toml"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--upgrade", action="store_true", help="take the newest releases that pyproject.toml allows"
        )

    def handle(self, *, upgrade: bool, **options: object) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            python = folder / "venv" / "bin" / "python"
            _run([sys.executable, "-m", "venv", folder / "venv"])
            _run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "uv"])
            everything, portal = folder / "all.txt", folder / "portal.txt"
            if not upgrade and setup.LOCK.exists():
                everything.write_text(setup.LOCK.read_text())  # uv keeps the versions it finds
            compile_ = [
                python, "-m", "uv", "pip", "compile", "-q", setup.HOUSE / "pyproject.toml", "--universal",
                "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-annotate", "--no-header",
            ]  # fmt: skip
            _run([*compile_, "--group", f"{setup.HOUSE / 'pyproject.toml'}:test", "-o", everything])
            _run([*compile_, "--constraint", everything, "-o", portal])
            text = divided(everything.read_text(), portal.read_text())
        setup.LOCK.write_text(text)
        self.stdout.write(f"{setup.LOCK.name}: {text.count('==')} packages")


def divided(everything: str, portal: str) -> str:
    """The lock file: the entries that `portal` needs, the dividing line, and what `everything` has besides.

    Raises CommandError if the two resolved a package differently. (A condition such as `python_full_version < "3.13"`
    may differ: the wider one, of everything, is kept.)
    """
    needed, known = entries(portal), entries(everything)
    if missing := needed.keys() - known.keys():
        raise CommandError(f"The portal alone resolves to other versions than with its tests: {sorted(missing)}")
    first = "".join(text for pin, text in known.items() if pin in needed)
    second = "".join(text for pin, text in known.items() if pin not in needed)
    return f"{HEADER}{first}\n{setup.DIVIDER}\n{second}"


def entries(lock: str) -> dict[str, str]:
    """The entries of a requirements file, each with its condition and hashes, by what they pin: `django==5.2.19`."""
    found: dict[str, str] = {}
    pin = ""
    for line in lock.splitlines(keepends=True):
        if line.startswith(("#", "\n")):
            continue
        if not line.startswith(" "):
            pin = line.split()[0]
        found[pin] = found.get(pin, "") + line
    return found


def _run(words: list[object]) -> None:
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CommandError((done.stderr or done.stdout).strip()[-1500:])
