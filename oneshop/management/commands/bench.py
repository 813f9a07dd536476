"""`python3 manage.py bench`: how long the daily acts take on this machine, each beside its floor.

It works in a database of its own, made for it and removed at the end, and measures with the settings of production.
"""

import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections
from django.test.utils import override_settings

DATABASE = "oneshop_bench"
ALIASES = ("default", "owner")


class Command(BaseCommand):
    help = "Measure the daily acts of the counter, each beside its floor, in a database of its own"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--citizens", type=int, default=10_000, help="spread over 21 communes; default 10000")
        parser.add_argument("--days", type=int, default=60, help="of 120 cases in each commune; default 60")
        parser.add_argument("--runs", type=int, default=30, help="that count, after the warm ones; default 30")

    def handle(self, *, citizens: int, days: int, runs: int, **options: Any) -> None:
        from oneshop.bench.population import COMMUNES

        if citizens < COMMUNES or runs < 1 or days < 1:
            raise CommandError(f"--citizens must be {COMMUNES} or more, --runs and --days 1 or more")
        with own_database():
            self.stdout.write(report(citizens=citizens, days=days, runs=runs, quiet=not sys.stderr.isatty()))


def report(*, citizens: int, runs: int, quiet: bool, days: int) -> str:
    """Fill the empty, migrated database that is connected, measure, and give the table as text."""
    from oneshop.bench import lines, population, table
    from procedures.papers import printing

    with override_settings(ROOT_URLCONF="oneshop.bench.addresses", ALLOWED_HOSTS=["testserver"], DEBUG=False):
        printing.warm()
        began = time.monotonic()
        house = population.fill(citizens=citizens, quiet=quiet)
        filled = time.monotonic() - began
        wire = lines.Wire()
        try:
            every = lines.all_lines(house, wire, runs=table.WARM + runs, days=days, quiet=quiet)
            measured = table.measure(every, runs=runs, quiet=quiet)
        finally:
            wire.close()
        notes = f"Medians of {runs} runs after {table.WARM} warm ones; filled in {filled:.0f} s."
        return f"{table.text(measured)}\n\n{table.circumstances()}\n{notes}"


@contextmanager
def own_database() -> Iterator[None]:
    """Point both connections to a fresh, migrated database while the block runs; then remove it."""
    before = {alias: connections[alias].settings_dict["NAME"] for alias in ALIASES}
    _point_to(dict.fromkeys(ALIASES, DATABASE))
    try:
        try:
            # without force: a database in use belongs to another bench that is at work
            _administer(f"DROP DATABASE IF EXISTS {DATABASE}", f"CREATE DATABASE {DATABASE}")
        except DatabaseError as error:
            raise CommandError(f"the owner cannot make the database {DATABASE}: {error}") from error
        try:
            call_command("migrate", database="owner", verbosity=0, interactive=False)
            yield
        finally:
            _point_to(dict.fromkeys(ALIASES, DATABASE))
            _administer(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    finally:
        _point_to(before)


def _point_to(names: dict[str, Any]) -> None:
    for alias, name in names.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def _administer(*statements: str) -> None:
    """Run statements as the owner from outside of any of our databases."""
    with connections["owner"]._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
