"""`python3 manage.py errands`: do what committed acts still owe, and tidy once a day.

`up` and `demo` run it beside the web server.
"""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import Error, connections
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from oneshop import errands

REST = 2.0  # seconds between two looks; an empty look is one indexed query


class Command(BaseCommand):
    help = "Run the errands that acts have left: once with --once, else until stopped"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="run what is due now, then end")

    def handle(self, *, once: bool, **options: Any) -> None:
        autodiscover_modules("errands")
        if once:
            self.stdout.write(f"{errands.run_due()} errands done")
            return
        tidied = timezone.localdate()  # `up` and `demo` have tidied at their start
        while True:
            try:
                errands.run_due()
                if tidied != timezone.localdate():
                    call_command("tidy")
                    tidied = timezone.localdate()
            except Error as error:  # the database is away: it comes back, and so do the errands
                self.stderr.write(str(error).strip())
                connections.close_all()
            time.sleep(REST)
