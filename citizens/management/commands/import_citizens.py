"""`python3 manage.py import_citizens FILE --commune 09895`: bring a commune's people in from a spreadsheet.

The columns are those of citizens/intake.py; `--help` lists them. May be repeated: a row that is on record as it stands
changes nothing, and a value that has been corrected since does not come back. Beside the file `<name>.report.csv` says
in Vietnamese which rows were refused, changed or doubtful; FILE may then be mended and imported again.
"""

from __future__ import annotations

import csv
import hashlib
import os
import re
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, DjangoHelpFormatter
from django.db import DataError, IntegrityError
from django.utils import timezone
from tqdm import tqdm

from citizens import intake, names
from citizens.identity_number import mask
from citizens.intake import Draft, Refused
from citizens.models import Amendment, Citizen, Marriage, RecordChanged, Residence, amend
from oneshop import audit, walls
from oneshop.models import Commune, Officer
from oneshop.roles import Role

BATCH = 500  # rows a transaction: long enough to be quick, short enough that a counter never waits for it

KEPT_ELSEWHERE = "Số định danh này không ghi mới được tại xã. Mời công dân đến quầy quét thẻ để mở hồ sơ."
CHANGED_MEANWHILE = "Có người vừa sửa bản ghi này. Nhập lại tệp để so lại."
NOT_TAKEN = "Cơ sở dữ liệu không nhận dòng này. Xem lại từng ô; nếu vẫn vậy, báo người quản trị."

_LABELS = {(column.part, column.field or column.name): column.label for column in intake.COLUMNS}


class Outcome(StrEnum):
    NEW = "mới"
    CHANGED = "đã sửa"
    UNCHANGED = "giữ nguyên"
    REFUSED = "từ chối"


@dataclass(frozen=True)
class Line:
    """What became of a row."""

    row: int
    outcome: Outcome
    messages: tuple[str, ...] = ()


class _Rehearsed(Exception):
    """Carries the lines out of a transaction that is not to be kept."""

    def __init__(self, lines: list[Line]) -> None:
        super().__init__()
        self.lines = lines


class _Help(DjangoHelpFormatter, RawDescriptionHelpFormatter):
    """The list of columns keeps its lines."""


def _commune_code(text: str) -> str:
    if not re.fullmatch(r"[0-9]{5}", text):
        raise ArgumentTypeError("five digits, such as 09895")
    return text


class Command(BaseCommand):
    help = "Bring people in from a CSV file (UTF-8); safe to repeat, reports row by row beside the file"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = _Help
        width = max(len(column.name) for column in intake.COLUMNS)
        parser.epilog = "\n".join(
            [
                "columns, by either name, in any order (* must be there; an empty cell never erases anything):",
                *(
                    f"  {'*' if column.name in intake.OWED else ' '} {column.name:{width}}  {column.label}"
                    for column in intake.COLUMNS
                ),
                "days: 17/9/1992, 17091992, 1992-09-17; a birth date also 1955 or 03/1955.",
                "unit_code: of the place of residence; without it the person is not taken to live here.",
                "several marriages of one person: one row each.",
            ]
        )
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--commune", type=_commune_code, required=True, help="code of the commune that keeps them")
        parser.add_argument("--by", default="", help="log-in name of who imports; left out: the only administrator")
        parser.add_argument("--dry-run", action="store_true", help="judge and report every row, keep nothing")

    def handle(self, *, file: Path, commune: str, by: str = "", dry_run: bool = False, **_: Any) -> None:
        try:
            content = file.read_bytes()
            table = intake.read(content)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except intake.NotATable as error:
            raise CommandError(str(error)) from error
        unit = Commune.objects.filter(code=commune, closed_on=None, is_served=True).first()
        if unit is None:
            raise CommandError(f"no commune with the code {commune} is served here")
        at = timezone.now()
        intake_ = Intake(unit, self._officer(unit, by), at=at, paper=_name_of(file), is_rehearsal=dry_run)
        report = file.with_suffix(".report.csv")
        try:
            counts = self._import(table, intake_, report, mark=hashlib.sha256(content).hexdigest()[:12])
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        said = ", ".join(f"{outcome} {counts[outcome]}" for outcome in Outcome)
        self.stdout.write(f"{'Thử, không ghi gì: ' if dry_run else ''}{said}. Báo cáo: {report}")

    def _officer(self, unit: Commune, username: str) -> Officer:
        with walls.within(unit.pk):
            staff = Officer.objects.filter(commune=unit, is_active=True)
            wanted = {"username": username} if username else {"roles__contains": [Role.ADMINISTRATOR]}
            found = list(staff.filter(**wanted)[:2])
        if len(found) != 1:
            raise CommandError(
                f"nobody of the commune has the log-in name {username}"
                if username
                else "the commune has no or several administrators: name one with --by"
            )
        return found[0]

    def _import(self, table: intake.Table, intake_: Intake, report: Path, *, mark: str) -> Counter[Outcome]:
        counts: Counter[Outcome] = Counter()
        descriptor = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)  # it speaks of persons
        with (
            open(descriptor, "w", encoding="utf-8-sig", newline="") as sheet,
            tqdm(total=len(table), desc="Nhập công dân", unit=" dòng", disable=None, leave=False) as progress,
        ):
            write = csv.writer(sheet).writerow
            write(["dòng", "kết quả", "nội dung"])
            if table.ignored:
                write([1, "cột không dùng", tame(", ".join(table.ignored))])
            intake_.open(f"{len(table)} dòng, SHA-256 {mark}")
            for rows in _batches(table.judged(today=timezone.localdate(intake_.at))):
                for line in intake_.take(rows):
                    counts[line.outcome] += 1
                    if line.messages:
                        write([line.row, line.outcome.value, tame(" ".join(line.messages))])
                progress.update(len(rows))
        return counts


def _name_of(file: Path) -> str:
    """The file as papers and the diary name it: a personal number in its name stays out of them (S-05)."""
    return re.sub(r"[0-9]{12}", lambda found: mask(found[0]), file.name)[:80]


def _batches(rows: Iterable[Draft | Refused]) -> Iterator[list[Draft | Refused]]:
    batch: list[Draft | Refused] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def tame(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (S-27)."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\0")) else cell


class Intake:
    """Keeps drafts as records of `commune`, or, as a rehearsal, only says what would become of them."""

    def __init__(self, commune: Commune, by: Officer, *, at: datetime, paper: str, is_rehearsal: bool) -> None:
        self.commune, self.by, self.at, self.paper = commune, by, at, paper
        self.is_rehearsal = is_rehearsal
        self._rehearsed_new: set[str] = set()
        self._today: dict[tuple[str, date | None], tuple[Commune | None, str]] = {}

    def open(self, why: str) -> None:
        """The diary's one line, written before the first row: no row is kept without it (S-35)."""
        if not self.is_rehearsal:
            with walls.within(self.commune.pk, officer_id=self.by.pk):
                audit.record("import", "citizens", self.paper, by=self.by, at=self.at, why=why)

    def take(self, rows: Sequence[Draft | Refused]) -> list[Line]:
        """Keep one batch in one transaction; a line for each row, in their order."""
        lines = [Line(row.row, Outcome.REFUSED, row.reasons) for row in rows if isinstance(row, Refused)]
        drafts = [row for row in rows if isinstance(row, Draft)]
        if drafts:
            lines += self._take(drafts)
        return sorted(lines, key=lambda line: line.row)

    def _take(self, drafts: Sequence[Draft]) -> list[Line]:
        try:
            with walls.within(self.commune.pk, officer_id=self.by.pk):
                lines = self._keep(drafts)
                if self.is_rehearsal:
                    raise _Rehearsed(lines)
                return lines
        except _Rehearsed as rehearsed:
            return rehearsed.lines
        except (IntegrityError, DataError):
            # a row that was judged sound and is not: find it by halves, the others are kept
            if len(drafts) == 1:
                return [Line(drafts[0].row, Outcome.REFUSED, (NOT_TAKEN,))]
            half = len(drafts) // 2
            return [*self._take(drafts[:half]), *self._take(drafts[half:])]

    def _keep(self, drafts: Sequence[Draft]) -> list[Line]:
        lines = []
        while drafts:
            once = {draft.number: draft for draft in reversed(drafts)}  # the first row of each person
            lines += self._keep_persons(once)
            drafts = [draft for draft in drafts if once[draft.number] is not draft]
        return lines

    def _keep_persons(self, drafts: Mapping[str, Draft]) -> list[Line]:
        known = self._known(drafts)
        # in the order of numbers, so that two imports at once never wait for each other in a circle
        new = [drafts[number] for number in sorted(drafts) if number not in known | self._rehearsed_new_set()]
        Citizen.objects.bulk_create([self._citizen(draft) for draft in new], ignore_conflicts=True)
        found = self._known({draft.number: draft for draft in new}) if new else {}
        made = {number for number, citizen in found.items() if citizen.recorded_at == self.at}
        lines = self._fill_new([(drafts[number], found[number]) for number in made])
        former = self._former([*known.values()])
        for number, draft in drafts.items():
            if number in made:
                continue
            if citizen := known.get(number) or found.get(number):
                lines.append(self._compare(draft, citizen, former.get(citizen.pk, set())))
            elif number in self._rehearsed_new:
                outcome = Outcome.CHANGED if draft.marriage else Outcome.UNCHANGED
                lines.append(Line(draft.row, outcome, draft.doubts))
            else:
                lines.append(Line(draft.row, Outcome.REFUSED, (KEPT_ELSEWHERE,)))
        if self.is_rehearsal:
            self._rehearsed_new |= made
        return lines

    def _rehearsed_new_set(self) -> set[str]:
        return self._rehearsed_new
