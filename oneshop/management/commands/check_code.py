"""`python3 manage.py check_code TEXT [--keys khoa.json]`: judge a code, with a file of keys without a database."""

import base64
import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from procedures.checking.offline_code import Code, NotACode, holds, read
from procedures.checking.paper_check import Verdict, judge_code


class Command(BaseCommand):
    help = "Say whether an offline code (MC1:…) is genuine and what it says"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text", help="the scanned code")
        parser.add_argument("--keys", type=Path, help="khoa.json as published; else this database is asked")

    def handle(self, *, text: str, keys: Path | None, **options: Any) -> None:
        try:
            code = read(text)
        except NotACode:
            raise CommandError("this is no offline code, or it is damaged") from None
        verdict = _by_file(code, keys) if keys else judge_code(text).verdict
        if verdict != Verdict.GENUINE:
            raise CommandError(f"NOT genuine: {verdict} (key {code.key_id})")
        said = code.said
        self.stdout.write(
            f"genuine: {said.kind} {said.number}, {said.issued_on:%d/%m/%Y}, {said.office} ({said.commune_code}), "
            f"{said.masked_name}. Standing today: /K/{said.commune_code}/{said.token}"
        )


def _by_file(code: Code, keys: Path) -> Verdict:
    """As paper_check judges, from the published list alone."""
    for key in json.loads(keys.read_text(encoding="utf-8"))["keys"]:
        if (key["kid"], key["commune"]) != (code.key_id, code.said.commune_code):
            continue
        if not holds(code, base64.b64decode(key["public"])):
            return Verdict.CHANGED
        if key["leaked"]:
            return Verdict.LEAKED
        last = date.fromisoformat(key["until"]) if key["until"] else date.max
        in_use = date.fromisoformat(key["since"]) <= code.said.issued_on <= last
        return Verdict.GENUINE if in_use else Verdict.CHANGED
    return Verdict.UNKNOWN_KEY
