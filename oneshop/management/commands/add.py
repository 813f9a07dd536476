"""`python3 manage.py add commune …` and `add monitor …`: what no administrator of one commune may add from a screen.

The password is asked for, or read from ONESHOP_PASSWORD.
"""

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError
from django.utils import timezone

from oneshop import audit, founding, walls
from oneshop.management.commands.up import QUESTIONS
from oneshop.models import Officer
from oneshop.roles import Role


class Command(BaseCommand):
    help = "Add a further commune with its administrator, or an officer of the monitoring office"

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="what", required=True)
        commune = kinds.add_parser("commune", help="a commune, one counter, its hours and its administrator")
        for option, (question, usual) in QUESTIONS.items():
            commune.add_argument(f"--{option.replace('_', '-')}", help=question, default=usual, required=not usual)
        monitor = kinds.add_parser("monitor", help="an officer who watches all communes and changes nothing")
        monitor.add_argument("--username", required=True)
        monitor.add_argument("--full-name", required=True)

    def handle(self, *, what: str, **options: Any) -> None:
        password = os.environ.get("ONESHOP_PASSWORD") or getpass.getpass("Password (12 letters or more, not shown): ")
        try:
            if what == "commune":
                founding.found(**{name: options[name] for name in QUESTIONS}, password=password)
            else:
                _add_monitor(options["username"], options["full_name"], password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except IntegrityError:
            raise CommandError("that code or that user name is taken already") from None
        self.stdout.write(f"Added: {options['username']}")


def _add_monitor(username: str, full_name: str, password: str) -> None:
    validate_password(password, Officer(username=username, full_name=full_name))
    with walls.within(None, reads_all=True):
        officer = Officer.objects.create_officer(
            username.lower(), password, full_name=full_name, roles=[Role.MONITOR], position="Cơ quan theo dõi"
        )
        audit.record("add", "officer", officer.pk, by=officer, at=timezone.now())
