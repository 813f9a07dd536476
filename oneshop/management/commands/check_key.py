"""`python3 manage.py check_key --commune CODE`: sign offline codes with a new key; without a commune, list all keys."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from oneshop import walls
from oneshop.models import Commune
from procedures.checking import check_keys


class Command(BaseCommand):
    help = "Make a commune's next key for offline codes, or list the keys; old ones go on proving what they signed"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--commune", help="code of five digits; without it all keys are listed")
        parser.add_argument("--reason", default="thay khóa định kỳ", help="kept with the key that ends")
        parser.add_argument(
            "--leaked",
            action="store_true",
            help="others may hold the key that ends: it proves nothing any more",
        )

    def handle(self, *, commune: str | None, reason: str, leaked: bool, **options: Any) -> None:
        if commune:
            self._make(commune, reason, leaked)
        for one in Commune.objects.filter(is_served=True).order_by("code", "opened_on"):
            with walls.within(one.pk):
                for key in check_keys.keys_of(one.pk):
                    until = f"{key.until:%Y-%m-%d}" if key.until else "now"
                    said = " LEAKED" if key.is_leaked else ""
                    self.stdout.write(f"{one.code} {key.key_id} {key.since:%Y-%m-%d} – {until}{said}")

    def _make(self, code: str, reason: str, leaked: bool) -> None:
        commune = Commune.objects.filter(code=code, is_served=True, closed_on=None).first()
        if commune is None:
            raise CommandError(f"no commune {code} is served here")
        with walls.within(commune.pk):
            key = check_keys.new_key(commune.pk, by=None, at=timezone.now(), reason=reason, old_leaked=leaked)
        self.stdout.write(f"From now on {key.key_id} signs for {code}. Publish again: /khoa.json")
