"""Django's `migrate`, by the owner of the tables: the working role may make none."""

from argparse import ArgumentParser

from django.core.management.commands import migrate


class Command(migrate.Command):
    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)  # type: ignore[arg-type]  # Django's own parser is one of these
        parser.set_defaults(database="owner")
