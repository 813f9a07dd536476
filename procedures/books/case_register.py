"""The Sổ theo dõi hồ sơ (2018: Mẫu 06, 2025: Mẫu 07): one register a field and year, a line for each case taken in.

A line is written with the receipt and keeps its number; what became of the case is read when the register is shown.
Source: one-stop.md B.8; Thông tư 01/2018/TT-VPCP Điều 10 (opened by the year, numbers from 01 to the end of the year,
going on in the next volume, closed at the end of the year with signature and seal).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone

from oneshop.models import Commune
from procedures import papers
from procedures.catalogue import Field
from procedures.house_points import MONTHLY_VOLUMES, SET_2018
from procedures.models import Case, RegisterLine, Ruling
from procedures.numbering import next_number
from procedures.papers.printing import Sheet
from procedures.rules import Application
from procedures.states import State


def book_of(field: Field | str) -> str:
    """The name of its row of numbers."""
    return f"register-{field}"


def enter(case: Case, application: Application, *, at: datetime) -> RegisterLine:
    """The next line of the register of its field, with the name and address of the receipt slip.

    Take it late: the row of numbers stays locked until the transaction ends. Raises BookClosed.
    """
    on = timezone.localtime(at).date()
    procedure = case.procedure
    typed = application.get("applicant_name")
    return RegisterLine.objects.create(
        commune_id=case.commune_id,
        case=case,
        field=procedure.field,
        year=on.year,
        volume=on.month if MONTHLY_VOLUMES.is_on(application) else 1,
        number=next_number(case.commune, book_of(procedure.field), str(on.year)),
        received_on=on,
        name=(typed or application.person.full_name)[:200],
        address="" if typed else application.person.address(on)[:500],
        procedure=procedure.name[:300],
    )


@dataclass(frozen=True)
class Row:
    """One line as every form of the register tells it, in the order of the statutory columns."""

    number: str
    code: str
    procedure: str
    name: str
    contact: str
    solved_by: str
    received: str
    due: str
    returned: str
    how: str
    taken_by: str
    case_pk: int

    @property
    def cells(self) -> tuple[str, ...]:
        """Columns of the 2025 form."""
        return (
            self.number,
            self.code,
            self.procedure,
            self.name,
            self.contact,
            self.solved_by,
            self.received,
            self.due,
            self.returned,
            self.how,
            self.taken_by,
        )

    @property
    def cells_2018(self) -> tuple[str, ...]:
        """Columns of the 2018 form: how many files, and a last one for remarks (unconfirmed, one-stop.md B.8)."""
        return (*self.cells[:5], "1", *self.cells[5:], "")


COLUMNS = (
    "STT",
    "Mã hồ sơ",
    "Tên TTHC",
    "Tên tổ chức, cá nhân",
    "Địa chỉ/SĐT",
    "Cơ quan chủ trì giải quyết",
    "Nhận hồ sơ",
    "Hẹn trả kết quả",
    "Trả kết quả",
    "Phương thức nhận kết quả",
    "Ký nhận",
)
COLUMNS_2018 = (*COLUMNS[:5], "Số lượng hồ sơ (bộ)", *COLUMNS[5:], "Ghi chú")
GROUP, GROUP_2018 = "Nhận và trả kết quả", "Ngày, tháng, năm"


@dataclass(frozen=True)
class Span:
    """The part of one register that is shown: a year, one of its months, or one day."""

    commune: Commune
    field: Field
    year: int
    month: int = 0
    day: int = 0

    @property
    def first(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        if self.day:
            return self.first
        month = self.month or 12
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def words(self) -> str:
        if self.day:
            return f"ngày {self.first:%d/%m/%Y}"
        return f"tháng {self.month:02}/{self.year}" if self.month else f"năm {self.year}"

    @property
    def key(self) -> str:
        """How the diary names it: `1/2026-11`."""
        parts = [str(self.year), *(f"{part:02}" for part in (self.month, self.day) if part)]
        return f"{self.field.value}/{'-'.join(parts)}"

    def lines(self) -> QuerySet[RegisterLine]:
        found = RegisterLine.objects.filter(commune=self.commune, field=self.field, year=self.year)
        if self.month:
            found = found.filter(received_on__gte=self.first, received_on__lte=self.last)
        return found.order_by("number")

    def is_2018(self) -> bool:
        """Whether the commune printed the 2018 set on the last day of this part."""
        ruled = Ruling.objects.filter(commune=self.commune, key=SET_2018.key, valid_from__lte=self.last)
        last = ruled.order_by("valid_from", "pk").last()
        return (last.value if last else SET_2018.value) == "yes"


def rows_of(lines: QuerySet[RegisterLine], commune: Commune) -> Iterator[Row]:
    """The lines with what became of their cases: one query, however many; read a thousand at a time."""
    brought = lines.select_related("case", "case__citizen").only(
        "volume",
        "number",
        "name",
        "address",
        "procedure",
        "received_on",
        "case__code",
        "case__state",
        "case__received_at",
        "case__due_at",
        "case__given_out_at",
        "case__given_out_to",
        "case__closed_at",
        "case__outcome",
        "case__citizen__telephone",
    )
    names: dict[date, str] = {}
    for line in brought.iterator(chunk_size=1000):
        if line.received_on not in names:
            names[line.received_on] = f"UBND {_lowered(commune.name_on(line.received_on).full)}"
        yield _row(line, names[line.received_on])


def _row(line: RegisterLine, solved_by: str) -> Row:
    case = line.case
    returned, taken_by = "", ""
    if case.given_out_at:
        returned, taken_by = _moment(case.given_out_at), case.given_out_to
    elif case.state in (State.WITHDRAWN, State.STOPPED) and case.closed_at:
        returned = f"{case.where.label} {_moment(case.closed_at)}"
    how = "Tại quầy" if case.state not in (State.WITHDRAWN, State.STOPPED) else ""
    if case.given_out_at and case.outcome == Case.Outcome.REFUSE:
        how = "Tại quầy (văn bản từ chối)"
    return Row(
        number=f"{line.number:02}",
        code=case.code,
        procedure=line.procedure,
        name=line.name,
        contact="; ".join(part for part in (line.address, case.citizen.telephone) if part),
        solved_by=solved_by,
        received=_moment(case.received_at),
        due=_moment(case.due_at),
        returned=returned,
        how=how,
        taken_by=taken_by,
        case_pk=line.case_id,
    )


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M %d/%m/%Y}"


def _lowered(name: str) -> str:
    return name[:1].lower() + name[1:]


@dataclass(frozen=True)
class Extent:
    """What a part of a register holds. `no_gap`: every number from the first to the last is there once."""

    lines: int
    first: int
    last: int
    volumes: tuple[int, ...]

    @property
    def no_gap(self) -> bool:
        return self.lines == (self.last - self.first + 1 if self.lines else 0)


def extent_of(span: Span) -> Extent:
    found = span.lines().aggregate(lines=Count("pk"), first=Min("number"), last=Max("number"))
    volumes = tuple(span.lines().order_by("volume").values_list("volume", flat=True).distinct())
    return Extent(found["lines"], found["first"] or 0, found["last"] or 0, volumes)


LINES_A_PART = 240
"""Lines laid out at a time, so that no other paper waits longer for the press."""


def sheet_of(span: Span, *, on: date) -> Sheet:
    """The register as it is printed, A4 landscape. Raises PaperFailed.

    When its year is over it ends with the closing lines and room for signature and seal.
    """
    is_2018 = span.is_2018()
    rows = [row.cells_2018 if is_2018 else row.cells for row in rows_of(span.lines(), span.commune)]
    extent = extent_of(span)
    number = "" if is_2018 else f"Số: {span.field.value}/{span.year}/STD-TTPVHCC"
    facts = papers.head_of(span.commune, min(on, span.last)) | {
        "is_2018": is_2018,
        "number_line": number,
        "draft": False,
        "issued_on": on,
        "field": span.field.label,
        "words": span.words,
        "year": span.year,
        "volumes": ", ".join(f"{volume:02}" for volume in extent.volumes),
        "columns": (COLUMNS_2018 if is_2018 else COLUMNS)[: 7 if is_2018 else 6],
        "group": GROUP_2018 if is_2018 else GROUP,
        "grouped": COLUMNS[6:],
        "extent": extent,
        "first": f"{extent.first:02}",
        "last": f"{extent.last:02}",
        "is_closed": on > date(span.year, 12, 31) and span.last == date(span.year, 12, 31),
        "closed_on": date(span.year, 12, 31),
    }
    return papers.render_list("lists/case_register.html", facts, rows, mark=1, part=LINES_A_PART)
