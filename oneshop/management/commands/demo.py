"""`python3 manage.py demo`: the portal with a made-up demo, its data kept from start to start."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError, connections

from oneshop import setup
from oneshop.management.commands.up import Serving

WHOLE = "oneshop demo, filled"  # said of the database once everything is in it


class Command(Serving):
    help = "Serve the portal with a made-up demo; the data are kept, --fresh starts over"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--fresh", action="store_true", help="throw the demo's data away and fill it anew")

    def prepare(self, **options: Any) -> None:
        from oneshop import demo

        name = str(connections["owner"].settings_dict["NAME"])
        if options["fresh"]:
            self._start_over(name)
        self.migrate()
        if not self._is_whole():
            if demo.is_filled():  # a first start was cut short
                self._start_over(name)
                self.migrate()
            self.say("Filling the demo")
            demo.fill(quiet=not sys.stderr.isatty())  # a log would keep every step of the bar
            self._call_whole(name)
        demo.refresh_roster()

    def greeting(self, address: str) -> str:
        from oneshop import demo

        logins = demo.logins()
        widths = [max(len(row[column]) for row in logins) for column in (0, 1)]
        lines = [f"  {name:{widths[0]}}  {password:{widths[1]}}  {what}" for name, password, what in logins]
        return "\n".join([super().greeting(address), "Log-ins of the demo (name, password, what for):", *lines])

    def _start_over(self, name: str) -> None:
        """Drop and make the database again. On a foreign server only one whose name says that it is a demo's."""
        connections.close_all()
        if setup.cluster is not None:
            setup.cluster.drop_database(name)
            setup.cluster.make_database(name)
            return
        if not name.endswith("_demo"):
            raise CommandError(
                f"the demo will not empty the database {name} of your server: "
                "name one that ends in _demo, or empty it yourself"
            )
        owner = connections["owner"]
        try:
            with owner._nodb_cursor() as cursor:
                quoted = owner.ops.quote_name(name)
                cursor.execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")
                cursor.execute(f"CREATE DATABASE {quoted}")
        except DatabaseError as error:
            raise CommandError(f"your server does not let the owner make {name} anew: {error}") from error

    def _is_whole(self) -> bool:
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
            )
            return bool(cursor.fetchone() == (WHOLE,))

    def _call_whole(self, name: str) -> None:
        owner = connections["owner"]
        with owner.cursor() as cursor:
            cursor.execute(f"COMMENT ON DATABASE {owner.ops.quote_name(name)} IS '{WHOLE}'")
        owner.close()
