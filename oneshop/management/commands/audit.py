"""`python3 manage.py audit verify`: is the diary whole? `audit head`: the hash of each commune's last line."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from oneshop import chain, walls
from oneshop.models import Commune
from procedures.books import day_close

WORDS = {
    "changed": "was changed, or stands in another's place",
    "gone": "is gone",
    "cut": "is followed by a gap: lines were cut",
    "unlinked": "was written past the chain",
}


class Command(BaseCommand):
    help = "verify: name the first line of the diary that is not as it was written. head: print each commune's head"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["verify", "head"])
        parser.add_argument("--on", type=date.fromisoformat, help="head: at the end of this day (2026-11-23)")
        parser.add_argument(
            "--printed",
            metavar="COMMUNE:HASH",
            action="append",
            default=[],
            help="verify: a head from a printed end-of-day sheet that must still be in the chain",
        )

    def handle(self, *, what: str, on: date | None, printed: list[str], **options: Any) -> None:
        communes = {commune.pk: commune.code for commune in Commune.objects.all()}
        if what == "head":
            for pk, code in communes.items():
                if head := chain.head(pk, on=on):
                    self.stdout.write(f"{code}:{head.hash}  {head.seq} lines")
            return
        for fault in chain.faults():
            where = communes.get(fault.chain, "no commune")
            line = f"entry {fault.entry_id}" if fault.entry_id else f"the line after number {fault.seq}"
            raise CommandError(f"{where}: {line} {WORDS[fault.kind]}.")
        with walls.within(None, reads_all=True):
            for sent in day_close.broken_heads():
                raise CommandError(
                    f"{communes[sent.commune_id]}: the head sent for {sent.on} ({sent.head_hash[:16]}) is not in the "
                    "chain. The diary was rewritten."
                )
        by_code = {code: pk for pk, code in communes.items()}
        for sheet in printed:
            code, _, hash_ = sheet.partition(":")
            if code not in by_code or not chain.stood_once(by_code[code], hash_):
                raise CommandError(f"{sheet}: this printed head is not in the chain. The diary was rewritten.")
        self.stdout.write(f"The diary is whole: {chain.lines()} lines.")
