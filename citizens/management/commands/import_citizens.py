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
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
        desk = Desk(unit, self._officer(unit, by), at=at, paper=_name_of(file), is_rehearsal=dry_run)
        report = file.with_suffix(".report.csv")
        try:
            counts = self._import(table, desk, report, mark=hashlib.sha256(content).hexdigest()[:12])
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        said = ", ".join(f"{outcome} {counts[outcome]}" for outcome in Outcome)
        self.stdout.write(f"{'Thử, không ghi gì: ' if dry_run else ''}{said}. Báo cáo: {report}")

    def _officer(self, unit: Commune, username: str) -> Officer:
        with walls.within(unit.pk):
            staff = Officer.objects.filter(commune=unit, is_active=True)
            wanted: dict[str, Any] = {"username": username} if username else {"roles__contains": [Role.ADMINISTRATOR]}
            found = list(staff.filter(**wanted)[:2])
        if len(found) != 1:
            raise CommandError(
                f"nobody of the commune has the log-in name {username}"
                if username
                else "the commune has no or several administrators: name one with --by"
            )
        return found[0]

    def _import(self, table: intake.Table, desk: Desk, report: Path, *, mark: str) -> Counter[Outcome]:
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
            desk.open(f"{len(table)} dòng, SHA-256 {mark}")
            for rows in _batches(table.judged(today=timezone.localdate(desk.at))):
                for line in desk.take(rows):
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


class Desk:
    """Keeps drafts as records of `commune`, or, as a rehearsal, only says what would become of them."""

    def __init__(self, commune: Commune, by: Officer, *, at: datetime, paper: str, is_rehearsal: bool) -> None:
        self.commune, self.by, self.at, self.paper = commune, by, at, paper
        self.is_rehearsal = is_rehearsal
        self._rehearsed_new: set[str] = set()
        self._places: dict[tuple[str, date | None], Commune | None] = {}

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
            new = {line.row for line in rehearsed.lines if line.outcome == Outcome.NEW}
            self._rehearsed_new |= {draft.number for draft in drafts if draft.row in new}
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
            lines += self._keep_each_once(once)
            drafts = [draft for draft in drafts if once[draft.number] is not draft]
        return lines

    def _keep_each_once(self, drafts: Mapping[str, Draft]) -> list[Line]:
        known = self._known(drafts)
        # in the order of numbers, so that two imports at once never wait for each other in a circle
        new = sorted(drafts.keys() - known.keys() - self._rehearsed_new)
        Citizen.objects.bulk_create([self._citizen(drafts[number]) for number in new], ignore_conflicts=True)
        found = self._known(new) if new else {}
        made = {number: citizen for number, citizen in found.items() if citizen.recorded_at == self.at}
        lines = self._fill({citizen: drafts[number] for number, citizen in made.items()})
        known |= {number: citizen for number, citizen in found.items() if number not in made}
        former = self._former(known.values())
        for number in sorted(drafts.keys() - made.keys()):
            draft = drafts[number]
            if citizen := known.get(number):
                lines.append(self._compare(draft, citizen, former))
            elif number in self._rehearsed_new:
                lines.append(Line(draft.row, Outcome.CHANGED if draft.marriage else Outcome.UNCHANGED, draft.doubts))
            else:
                lines.append(Line(draft.row, Outcome.REFUSED, (KEPT_ELSEWHERE,)))
        return lines

    def _known(self, numbers: Collection[str]) -> dict[str, Citizen]:
        found = Citizen.objects.kept_by(self.commune.pk).filter(identity_number__in=numbers)
        return {citizen.identity_number: citizen for citizen in found.prefetch_related("residences", "marriages")}

    def _former(self, citizens: Iterable[Citizen]) -> set[tuple[int, str, str]]:
        """What these records said before it was corrected; a file may be older than the correction."""
        lines = Amendment.objects.filter(citizen__in=[citizen.pk for citizen in citizens])
        return set(lines.values_list("citizen_id", "field", "before"))

    # --- a new record ---
    def _citizen(self, draft: Draft) -> Citizen:
        name = draft.person["full_name"]
        return Citizen(
            **draft.person,
            commune=self.commune,
            search_key=names.search_key(name),
            exact_key=names.exact_key(name),
            sort_key=names.sort_key(name),
            recorded_at=self.at,
            recorded_by=self.by,
        )

    def _fill(self, made: Mapping[Citizen, Draft]) -> list[Line]:
        """Homes and marriages of records just made."""
        homes = [self._home(citizen, draft.home) for citizen, draft in made.items() if draft.home]
        Residence.objects.bulk_create(homes)
        marriages = [self._marriage(citizen, draft.marriage) for citizen, draft in made.items() if draft.marriage]
        Marriage.objects.bulk_create(marriages)
        doubt = {home.citizen_id: self._doubts_of(home) for home in homes}
        return [
            Line(draft.row, Outcome.NEW, (*draft.doubts, *doubt.get(citizen.pk, ()))) for citizen, draft in made.items()
        ]

    def _home(self, citizen: Citizen, facts: Mapping[str, Any]) -> Residence:
        return Residence(
            commune=self.commune,
            citizen=citizen,
            kind=Residence.Kind.PERMANENT,
            present_commune=self._present(facts.get("unit_code", ""), facts.get("since")),
            **facts,
        )

    def _marriage(self, citizen: Citizen, facts: Mapping[str, Any]) -> Marriage:
        return Marriage(commune=self.commune, citizen=citizen, **facts)

    def _present(self, code: str, since: date | None) -> Commune | None:
        """The commune in which the place of `code` lies today; None where that is not known for certain.

        A code may have named two units, one after the other: `since` tells which is meant, if they went different ways.
        """
        if (code, since) not in self._places:
            named = list(Commune.objects.filter(code=code)) if code else []
            then = [
                unit
                for unit in named
                if since and unit.opened_on <= since and (unit.closed_on is None or since < unit.closed_on)
            ]
            ways = {_living(unit) for unit in named}
            ways = ways if len(ways) == 1 else {_living(unit) for unit in then}
            self._places[code, since] = ways.pop() if len(ways) == 1 else None
        return self._places[code, since]

    def _doubts_of(self, home: Residence) -> tuple[str, ...]:
        if home.unit_code and home.present_commune is None:
            return (f"Mã đơn vị {home.unit_code} chưa rõ nay thuộc xã nào: chưa coi là cư trú tại xã này.",)
        return ()

    # --- a record that is there ---
    def _compare(self, draft: Draft, citizen: Citizen, former: set[tuple[int, str, str]]) -> Line:
        change = _Change(draft, citizen, former, paper=f"Tệp {self.paper}, dòng {draft.row}", by=self.by, at=self.at)
        try:
            change.person()
        except RecordChanged:
            return Line(draft.row, Outcome.REFUSED, (CHANGED_MEANWHILE,))
        if draft.home:
            change.home(self._home(citizen, draft.home))
        if draft.marriage:
            change.marriage(self._marriage(citizen, draft.marriage))
        said = [f"Đã sửa: {', '.join(dict.fromkeys(change.changed))}."] if change.changed else []
        if change.kept:
            labels = ", ".join(dict.fromkeys(change.kept))
            said.append(f"Giữ nguyên bản ghi, vì tệp nêu giá trị cũ đã được thay: {labels}.")
        return Line(draft.row, Outcome.CHANGED if change.changed else Outcome.UNCHANGED, (*said, *draft.doubts))


class _Change:
    """What one row changes in a record that is there; each former value stays in an Amendment."""

    def __init__(
        self,
        draft: Draft,
        citizen: Citizen,
        former: set[tuple[int, str, str]],
        *,
        paper: str,
        by: Officer,
        at: datetime,
    ) -> None:
        self.draft, self.citizen, self.former = draft, citizen, former
        self.paper, self.by, self.at = paper, by, at
        self.changed: list[str] = []
        self.kept: list[str] = []

    def person(self) -> None:
        changes = self._wanted("person", self.citizen, self.draft.person)
        made = amend(self.citizen, changes, paper=self.paper, by=self.by, at=self.at)
        self.changed += [_label("person", line.field) for line in made]

    def home(self, told: Residence) -> None:
        """The same home, a correction of it, or a move: a later day and another address."""
        homes = [row for row in self.citizen.residences.all() if row.kind == Residence.Kind.PERMANENT]
        if any(all(getattr(row, name) == value for name, value in self.draft.home.items()) for row in homes):
            return
        present = next((row for row in reversed(homes) if row.until is None), None)
        if present is None or (told.since and present.since and told.since > present.since and _moved(told, present)):
            if present is not None and told.since is not None:
                present.until = told.since - timedelta(days=1)
                present.save(update_fields=["until"])
            told.save()
            self._note("home", "address", before=present.address if present else "", after=told.address)
        elif told.since and present.since and told.since < present.since and _moved(told, present):
            self.kept.append(_label("home", "address"))
        else:
            self._correct("home", present, {**self.draft.home})
            if present.unit_code == told.unit_code and present.present_commune_id != told.present_commune_id:
                present.present_commune = told.present_commune
                present.save(update_fields=["present_commune"])

    def marriage(self, told: Marriage) -> None:
        for row in self.citizen.marriages.all():
            facts = {name: getattr(row, name) for name in ("certificate_number", "since", "spouse_name")}
            if intake.marriage_key(**facts) == self.draft.marriage_key:
                self._correct("marriage", row, self.draft.marriage)
                return
        told.save()
        self._note("marriage", "spouse_name", before="", after=told.spouse_name)

    def _correct(self, part: str, row: Residence | Marriage, facts: Mapping[str, Any]) -> None:
        changes = self._wanted(part, row, facts)
        for name, value in changes.items():
            self._note(part, name, before=_text(getattr(row, name)), after=_text(value))
            setattr(row, name, value)
        if changes:
            row.save(update_fields=list(changes))

    def _wanted(self, part: str, row: Citizen | Residence | Marriage, facts: Mapping[str, Any]) -> dict[str, Any]:
        """What differs, without what was corrected away: a file may be older than the correction."""
        changes = {name: value for name, value in facts.items() if getattr(row, name) != value}
        for name, value in list(changes.items()):
            if (self.citizen.pk, _field(part, name), _text(value)) in self.former:
                del changes[name]
                self.kept.append(_label(part, name))
        return changes

    def _note(self, part: str, name: str, *, before: str, after: str) -> None:
        Amendment.objects.create(
            commune_id=self.citizen.commune_id,
            citizen=self.citizen,
            field=_field(part, name),
            before=before,
            after=after,
            paper=self.paper,
            by=self.by,
            at=self.at,
        )
        self.changed.append(_label(part, name))


def _moved(told: Residence, present: Residence) -> bool:
    return told.address != present.address


def _field(part: str, name: str) -> str:
    return name if part == "person" else f"{part}.{name}"


def _label(part: str, name: str) -> str:
    return _LABELS.get((part, name), _LABELS["person", "birth_date"])


def _text(value: object) -> str:
    """As amendments write it."""
    return value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value if value is not None else "")


def _living(unit: Commune) -> Commune | None:
    """The commune that has the people of `unit` today, if they all went one way."""
    while unit.closed_on is not None:
        ways = list(unit.successions.filter(takes_people=True).select_related("successor"))
        if len(ways) != 1:
            return None
        unit = ways[0].successor
    return unit
