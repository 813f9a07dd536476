"""The end of the day: what went in and out, the numbers of each book, and the head of the diary, signed by two people.

One closes and the facts are frozen with the head of the chain; a leader looks at the sheet and confirms it with the
own password, and the paper is made. Whatever happens after is a further part of the same day, never an overwrite.
The rows go to the monitoring office by standing where it may read them (S-36, quality.md 10.7, F-49).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Q
from django.db.models.fields.json import KT
from django.db.models.functions import TruncDate
from django.utils import timezone

from oneshop import audit, chain
from oneshop.models import Commune, Officer
from oneshop.roles import Role
from procedures import books, papers
from procedures.applications import application_of
from procedures.blanks import KINDS
from procedures.books.bookkeeping import closes_from, said
from procedures.clock import CalendarEnds
from procedures.models import Blank, Case, DayClose, Slip, Step, Void
from procedures.opening import calendars_of
from procedures.papers.printing import Sheet
from procedures.rules.points import thousands
from procedures.states import OPEN, State, Verb

SHOWN_DAYS = 14
"""So far back a missing day is announced, and the monitoring office sees the days side by side."""

LEFT = (*OPEN, State.SIGNED)
"""What is still in the house at the day's end, in the order of the way."""


class DayRefused(Exception):
    """The day was not closed, or not confirmed; the sentence says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


# --- what a day was ---
def facts_of(commune: Commune, on: date, *, at: datetime, before: DayClose | None = None) -> dict[str, Any]:
    """The figures of the day `on` as they stand at `at`, plain JSON; codes and numbers, no persons.

    `before` is the part that was closed earlier the same day: its figures stand beside, so that what came after shows.
    """
    start = timezone.make_aware(datetime.combine(on, datetime.min.time()))
    end = start + timedelta(days=1)
    steps = Counter(
        dict(
            Step.objects.filter(commune=commune, at__gte=start, at__lt=end)
            .values_list("verb")
            .annotate(number=Count("pk"))
            .order_by()
        )
    )
    left = Counter(
        dict(
            Case.objects.filter(commune=commune, state__in=LEFT).values_list("state").annotate(n=Count("pk")).order_by()
        )
    )
    fees = Slip.objects.filter(commune=commune, kind=Slip.Kind.FEE, at__gte=start, at__lt=end, voids=None)
    fees = fees.select_related("case").defer("pdf", "facts")
    amounts = [_charged(slip) for slip in fees.annotate(charged=KT("facts__charged"))]
    today = {
        "in": {verb: steps[verb] for verb in (Verb.RECEIVE, Verb.APPOINT, Verb.REJECT)},
        "out": {verb: steps[verb] for verb in (Verb.GIVE_OUT, Verb.WITHDRAW, Verb.STOP, Verb.ANNUL)},
        "signed": steps[Verb.SIGN],
        "corrected": steps[Verb.SIGN_CORRECTION],
        "fell": _fallen_of_before(commune.pk, start, end),
        "left": {state.value: left[state] for state in LEFT},
        "books": _books_of_day(commune.pk, on),
        "case_codes": books.codes_of_day(commune.pk, on),
        "blanks": _blanks_of_day(commune.pk, start, end),
        "fees": {"slips": len(amounts), "sum": sum(amounts)},
        "late": _late(commune, start, end, at),
        "apologies": list(
            Slip.objects.filter(commune=commune, kind=Slip.Kind.APOLOGY, at__gte=start, at__lt=end)
            .order_by("number")
            .values_list("case__code", flat=True)
        ),
    }
    return today | {"before": _figures(before.facts) if before else None}


def _charged(slip: Slip) -> int:
    """What stands on the slip, in đồng. Slips that do not keep the number say what their case says."""
    kept: str | None = getattr(slip, "charged", None)
    return int(kept) if kept else slip.case.procedure.charge(application_of(slip.case)).amount


def _fallen_of_before(commune_id: int, start: datetime, end: datetime) -> list[str]:
    """Numbers of earlier days whose papers fell that day: `Sổ trích lục, 41/2026`, as books and lines are read."""
    fell = Void.objects.filter(commune=commune_id, at__gte=start, at__lt=end)
    before = fell.filter(Q(result__signed_at__lt=start) | Q(slip__at__lt=start)).order_by("book", "year", "number")
    return [f"{books.title_of(void.book)}, {void.number:02}/{void.year}" for void in before]


DAYS_NUMBERS = """
WITH issued AS (
  SELECT book, number, id AS result_id, NULL::bigint AS slip_id FROM procedures_result
    WHERE commune_id = %(commune)s AND issued_on = %(on)s AND NOT shares_number
  UNION ALL
  SELECT kind, number, NULL, id FROM procedures_slip
    WHERE commune_id = %(commune)s AND (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date = %(on)s AND year = %(year)s
  UNION ALL
  SELECT book, number, NULL, NULL FROM procedures_void
    WHERE commune_id = %(commune)s AND year = %(year)s AND (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date = %(on)s
      AND result_id IS NULL AND slip_id IS NULL
), fell AS (
  SELECT book, number FROM procedures_void WHERE commune_id = %(commune)s AND year = %(year)s
  UNION
  SELECT book, number FROM procedures_result
    WHERE commune_id = %(commune)s AND year = %(year)s AND NOT shares_number AND standing = 'cancelled'
)
SELECT i.book, min(i.number), max(i.number), count(*), count(f.number)
FROM issued i LEFT JOIN fell f ON f.book = i.book AND f.number = i.number
GROUP BY i.book
"""


def _books_of_day(commune_id: int, on: date) -> list[dict[str, Any]]:
    """Each book in which a number was given that day or fell, or that was opened after a paper book this year."""
    with connection.cursor() as cursor:
        cursor.execute(DAYS_NUMBERS, {"commune": commune_id, "on": on, "year": on.year})
        given = {book: numbers for book, *numbers in cursor.fetchall()}
    rows = []
    for book in books.shelf(commune_id, on.year):
        if book.key not in given and not book.opening:
            continue
        first, last, count, voids = given.get(book.key, (0, 0, 0, 0))
        rows.append(
            {
                "key": book.key,
                "title": book.title,
                "first": first,
                "last": last,
                "count": count,
                "voids": voids,
                "gaps": list(book.gaps),
                "stands_at": book.last,
                "continues": said(book.opening) if book.opening else "",
            }
        )
    return rows


def _blanks_of_day(commune_id: int, start: datetime, end: datetime) -> list[dict[str, Any]]:
    rows = Blank.objects.filter(commune_id=commune_id).order_by().values("kind")
    counted = {
        row["kind"]: row
        for row in rows.annotate(
            used=Count("pk", filter=Q(used_at__gte=start, used_at__lt=end)),
            spoiled=Count("pk", filter=Q(spoiled_at__gte=start, spoiled_at__lt=end)),
            left=Count("pk", filter=Q(state=Blank.State.RECEIVED)),
        )
    }
    nothing = {"used": 0, "spoiled": 0, "left": 0}
    return [
        {"label": kind.label} | {name: counted.get(key, nothing)[name] for name in nothing}
        for key, kind in KINDS.items()
    ]


def _late(commune: Commune, start: datetime, end: datetime, at: datetime) -> list[str]:
    """Codes of the cases that stand open past their time, and of those finished that day after it."""
    overdue = Case.objects.here(commune.pk).overdue(at=min(at, end))
    finished = Case.objects.here(commune.pk).filter(signed_at__gte=start, signed_at__lt=end)
    late = {*overdue.values_list("code", flat=True)}
    late |= {
        code for code, signed, due in finished.values_list("code", "signed_at", "due_at") if signed and signed > due
    }
    return sorted(late)


def _figures(facts: Mapping[str, Any]) -> dict[str, int]:
    """The figures that a later part is compared with, in the order in which the sheet tells them."""
    return {
        "Tiếp nhận": facts["in"][Verb.RECEIVE] + facts["in"][Verb.APPOINT],
        "Từ chối tiếp nhận": facts["in"][Verb.REJECT],
        "Ký duyệt": facts["signed"],
        "Ký sửa, thay, thu hồi giấy": facts.get("corrected", 0),
        "Trả kết quả": facts["out"][Verb.GIVE_OUT],
        "Công dân rút": facts["out"][Verb.WITHDRAW],
        "Dừng, hủy kết quả chưa trả": facts["out"][Verb.STOP] + facts["out"][Verb.ANNUL],
        "Còn lại trong ngày": sum(facts["left"].values()),
        "Giấy đã cấp số": sum(row["count"] for row in facts["books"]),
        "Phiếu thu": facts["fees"]["slips"],
    }


def grouped(hash_: str) -> str:
    """`3f2a 90c1 …`: a hash in groups of four, so that two people can read it to each other."""
    return " ".join(hash_[index : index + 4] for index in range(0, len(hash_), 4))


def short(hash_: str) -> str:
    """The first eight letters, for lists."""
    return grouped(hash_[:8])


# --- close and confirm ---
def may_close_from(commune: Commune, on: date) -> datetime:
    """The end of the last working hour of the day."""
    return closes_from(commune, on)


def close(on: date, *, by: Officer, at: datetime) -> DayClose:
    """Freeze the day with the head of the diary. A second time it is part 2 of the same day, and so on.

    Today only after the last working hour, a past day at any time. Raises DayRefused: too early, a part that nobody
    has confirmed yet, or nothing happened since the last part.
    """
    commune = _owes(by, Role.CLERK, Role.SPECIALIST)
    if on > timezone.localtime(at).date():
        raise DayRefused("Ngày này chưa đến.")
    with transaction.atomic():
        _one_at_a_time(commune)
        before = DayClose.objects.filter(commune=commune, on=on).defer("pdf").last()
        if before is None and on == timezone.localtime(at).date() and at < closes_from(commune, on):
            raise DayRefused(f"Chốt sau giờ làm việc cuối cùng: {timezone.localtime(closes_from(commune, on)):%H:%M}.")
        if before is not None and before.confirmed_at is None:
            raise DayRefused(f"Lần {before.part} của ngày này chưa được xác nhận. Xác nhận trước, rồi chốt bổ sung.")
        facts = facts_of(commune, on, at=at, before=before)
        if before is not None and not _moved(before, facts):
            raise DayRefused(f"Từ lần chốt {before.part} không có gì thêm trong ngày.")
        is_today = on == timezone.localtime(at).date()
        head = chain.head(commune.pk) if is_today else chain.head(commune.pk, on=on)
        try:
            with transaction.atomic():
                day = DayClose.objects.create(
                    commune=commune,
                    on=on,
                    part=before.part + 1 if before else 1,
                    facts=facts,
                    head_seq=head.seq if head else 0,
                    head_hash=head.hash if head else "",
                    by=by,
                    at=at,
                )
        except IntegrityError as taken:
            raise DayRefused("Người khác vừa chốt ngày này. Màn hình đã tải lại.") from taken
        audit.record(
            "close_day", "day", f"{on}/{day.part}", by=by, at=at, why=f"{day.head_seq} dòng, {day.head_hash[:16]}"
        )
    return day


def confirm(day: DayClose, *, by: Officer, at: datetime) -> DayClose:
    """Another person, a leader, has looked at the sheet and stands for it: the paper is made with both names.

    Raises DayRefused for who closed it or the second time, PaperFailed where it cannot be printed.
    """
    commune = _owes(by, Role.SIGNER)
    with transaction.atomic():
        day = DayClose.objects.select_for_update(no_key=True).select_related("by").get(pk=day.pk, commune=commune)
        if day.confirmed_at is not None:
            raise DayRefused("Lần chốt này đã được xác nhận.")
        if day.by_id == by.pk:
            raise DayRefused("Người chốt không được tự xác nhận. Đề nghị lãnh đạo khác xác nhận.")
        day.commune = commune
        paper = sheet(day, confirmed_by=by, at=at)
        day.confirmed_by, day.confirmed_at, day.pdf, day.sha256 = by, at, paper.pdf, paper.sha256
        day.save(update_fields=["confirmed_by", "confirmed_at", "pdf", "sha256"])
        audit.record("confirm_day", "day", f"{day.on}/{day.part}", by=by, at=at, why=day.sha256)
    return day


def _moved(before: DayClose, facts: Mapping[str, Any]) -> bool:
    return any(before.facts.get(name) != facts[name] for name in facts if name != "before")


def _one_at_a_time(commune: Commune) -> None:
    """Two people who close one day: the second waits, and sees the first one's part."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('close_day', %s))", [commune.pk])


def _owes(by: Officer, *roles: Role) -> Commune:
    if not any(by.is_(role) for role in roles) or by.commune is None:
        said_roles = " hoặc ".join(f"“{role.label}”" for role in roles)
        raise DayRefused(f"Việc này thuộc vai trò {said_roles}.")
    return by.commune


# --- the paper ---
def sheet(day: DayClose, *, confirmed_by: Officer | None = None, at: datetime | None = None) -> Sheet:
    """The end-of-day sheet and the proof page of that part; without `confirmed_by` it is a preview."""
    return papers.render("lists/day_close.html", paper_facts(day, confirmed_by=confirmed_by, at=at))


def paper_facts(day: DayClose, *, confirmed_by: Officer | None = None, at: datetime | None = None) -> dict[str, Any]:
    facts, name = day.facts, day.commune.name_on(day.on)
    now, before = _figures(facts), facts["before"]
    return {
        "test": settings.IS_TEST,
        "draft": confirmed_by is None,
        "head": {"superior": "", "issuer": name.issuer},
        "place": name.name,
        "issued_on": timezone.localtime(at or day.at).date(),
        "on": day.on,
        "part": day.part,
        "figures": [(label, number, before.get(label, 0) if before else None) for label, number in now.items()],
        "has_before": before is not None,
        "left": [(state.label, facts["left"][state.value]) for state in LEFT],
        "books": [row | {"gaps": books.runs(row["gaps"])} for row in facts["books"]],
        "case_codes": facts["case_codes"],
        "blanks": facts["blanks"],
        "fees": {"slips": facts["fees"]["slips"], "sum": f"{thousands(facts['fees']['sum'])} đồng"},
        "late": facts["late"],
        "apologies": facts["apologies"],
        "fell": facts.get("fell", []),
        "head_seq": thousands(day.head_seq),
        "head_hash": grouped(day.head_hash),
        "closed": (day.by.full_name, timezone.localtime(day.at)),
        "confirmed": (confirmed_by.full_name, timezone.localtime(at)) if confirmed_by and at else None,
    }


# --- what is missing ---
def missing_days(commune_id: int, today: date) -> list[date]:
    """Days before `today` on which somebody acted and nobody closed, of the last two weeks; two queries."""
    first = today - timedelta(days=SHOWN_DAYS)
    start = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    end = timezone.make_aware(datetime.combine(today, datetime.min.time()))
    acted = Step.objects.filter(commune_id=commune_id, at__gte=start, at__lt=end)
    days = acted.annotate(on=TruncDate("at")).order_by("on").values_list("on", flat=True).distinct()
    closed = set(DayClose.objects.filter(commune_id=commune_id, on__gte=first).values_list("on", flat=True))
    return [day for day in days if day not in closed]


def chores(commune_id: int, today: date) -> list[tuple[str, str]]:
    """What the desks are told in the morning: sentence and name of the page; three queries."""
    told = []
    if days := missing_days(commune_id, today):
        named = ", ".join(f"{day:%d/%m}" for day in days[-5:])
        told.append((f"Chưa chốt ngày: {named}{' và trước đó' if len(days) > 5 else ''}.", "day_closes"))
    if left := books.unclosed(commune_id, today.year - 1):
        named = f"{left[0]} và {len(left) - 1} sổ khác" if len(left) > 1 else left[0]
        told.append((f"Sổ năm {today.year - 1} chưa khóa: {named}. Hạn khóa trước ngày 05/01.", "number_books"))
    return told


# --- the monitoring office ---
@dataclass(frozen=True)
class Sent:
    """The last part of a closed day as the monitoring office sees it. `stands`: its head is still in the chain."""

    commune_id: int
    on: date
    parts: int
    head_seq: int
    head_hash: str
    is_confirmed: bool
    stands: bool


def sent_heads(*, since: date) -> list[Sent]:
    """Of every commune within the walls, each closed day from `since` on; a head that fell out of its chain shows.

    Every part is compared, the earliest broken one is told: one query.
    """
    with connection.cursor() as cursor:
        cursor.execute(COMPARED, [since])
        rows = cursor.fetchall()
    days: dict[tuple[int, date], list[tuple[Any, ...]]] = {}
    for row in rows:
        days.setdefault((row[0], row[1]), []).append(row)
    found = []
    for (commune_id, on), parts in days.items():
        _, _, _, seq, hash_, confirmed, stands = next((row for row in parts if not row[6]), parts[-1])
        found.append(Sent(commune_id, on, len(parts), seq, hash_, confirmed, stands))
    return found


# A head of no line at all stands as long as nothing else is claimed of it.
COMPARED = """
SELECT d.commune_id, d."on", d.part, d.head_seq, d.head_hash, d.confirmed_at IS NOT NULL,
       d.head_seq = 0 OR EXISTS (SELECT FROM oneshop_link l WHERE l.chain = d.commune_id AND l.seq = d.head_seq
                                 AND l.hash = decode(d.head_hash, 'hex'))
FROM procedures_dayclose d WHERE d."on" >= %s ORDER BY d.commune_id, d."on", d.part
"""


def broken_heads() -> Sequence[Sent]:
    """Every head ever sent that is no longer in its chain."""
    return [sent for sent in sent_heads(since=date.min) if not sent.stands]


def worked_days(communes: Sequence[Commune], days: Sequence[date]) -> dict[int, set[date]]:
    """Which of `days` are working days, by commune; a year without a plan has none. Two queries."""
    found: dict[int, set[date]] = {}
    for pk, calendar in calendars_of([commune.pk for commune in communes]).items():
        found[pk] = set()
        for day in days:
            try:
                if calendar.day(day).works:
                    found[pk].add(day)
            except CalendarEnds:
                continue
    return found
