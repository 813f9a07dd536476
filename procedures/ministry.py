"""The bridge to the Ministry's civil-status software: who waits for it, and what it gave back.

The law wants every registration entered there (Nghị định 87/2020 Điều 24; civil-status.md point 2): the valid
electronic version and its QR code come from there. Lock order: case → entry → diary.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from citizens.models import RegisterEntry
from oneshop import audit
from oneshop.models import Officer
from oneshop.roles import Role
from procedures.applications import application_of
from procedures.house_points import bridge_point
from procedures.law.practices import is_practised
from procedures.models import Case, Correction, MinistryEntry, Result
from procedures.states import OPEN, State

NUMBER = re.compile(r"(?P<number>[0-9]{1,6})\s*/\s*(?P<year>[0-9]{4})")
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z./_-]{2,59}")


class EntryRefused(Exception):
    """Number and code were not taken; the sentence says why, `where` which of the two (`number`, `code`, `why`)."""

    def __init__(self, sentence: str, where: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.where = sentence, where


def lines_of(case: Case) -> list[tuple[str, str]]:
    """Label and value in the order of the Ministry's software; nothing where the case need not be entered there."""
    if case.outcome == Case.Outcome.REFUSE:
        return []
    return list(case.procedure.bridge(application_of(case)))


def entry_of(case: Case) -> MinistryEntry | None:
    return MinistryEntry.objects.filter(case=case, is_current=True).first()


def waits(case: Case, *, at: datetime) -> bool:
    """Whether the result of `case` may not be given out before number and code are known (ruling `bridge.<key>`)."""
    if not lines_of(case):
        return False
    entry, renewed = entry_of(case), renewed_at(case)
    if entry is not None and (renewed is None or entry.at >= renewed):
        return False
    point = bridge_point(case.procedure)
    day = timezone.localtime(at).date()
    return is_practised(point, case.commune_id, day)


def renewed_at(case: Case) -> datetime | None:
    """When a paper of the case was last replaced: what was entered before tells of the wrong one."""
    last: Correction | None = Correction.objects.filter(case=case).replaced().last()
    return last.decided_at if last else None


def why_not_given_out(case: Case, *, at: datetime) -> str:
    if not waits(case, at=at):
        return ""
    if entry_of(case) is not None:
        return "Giấy đã thay: sửa trên phần mềm hộ tịch dùng chung và ghi lại số, mã rồi mới trả."
    return "Chưa ghi số và mã của phần mềm hộ tịch dùng chung nên chưa trả được kết quả."


def record(case: Case, *, number: str, code: str, by: Officer, at: datetime, why: str = "") -> MinistryEntry:
    """What the Ministry's software gave back: `15/2026` and its code. A second time is a correction and says why.

    Raises EntryRefused: not of that form, another year, the number or the code of somebody else (F-61).
    """
    if not any(by.is_(role) for role in (Role.CLERK, Role.SPECIALIST)):
        raise EntryRefused("Việc này thuộc vai trò “Tiếp nhận” hoặc “Giải quyết”.")
    with transaction.atomic():
        case = Case.objects.select_for_update(no_key=True).get(pk=case.pk, commune=by.commune)
        _owes_bridge(case)
        parsed, year = _number_of(number, case, at=at)
        code = _code_of(code)
        before = entry_of(case)
        renewed = renewed_at(case)
        is_outdated = before is not None and renewed is not None and before.at < renewed
        if before is not None and not is_outdated and (before.number, before.year, before.code) == (parsed, year, code):
            return before
        if before is not None and not why.strip():
            raise EntryRefused("Đã có số và mã. Sửa thì ghi rõ lý do.", "why")
        _refuse_others(case, parsed, year, code)
        if before is not None:
            MinistryEntry.objects.filter(pk=before.pk).update(is_current=False)
        try:
            with transaction.atomic():
                entry = MinistryEntry.objects.create(
                    commune_id=case.commune_id,
                    case=case,
                    book=case.procedure.book,
                    year=year,
                    number=parsed,
                    code=code,
                    why=why.strip() if before is not None else "",
                    by=by,
                    at=at,
                )
        except IntegrityError:  # the other counter was faster by a moment
            _refuse_others(case, parsed, year, code)
            raise
        audit.record("ministry_entry", "ministry", case.code, by=by, at=at, why=f"{entry}; {why}".strip("; "))
        pass_on(case)
    return entry


def pass_on(case: Case) -> None:
    """Write the code beside the entry that this case made in our own book, if it made one.

    An entry keeps whose signature made it and when, to the microsecond, and bears the number of its result.
    """
    entry = entry_of(case)
    if entry is not None:
        entries_made(case).update(ministry_reference=entry.code)


def entries_made(case: Case) -> QuerySet[RegisterEntry]:
    """The entries that the signature of `case` made in our own books; after a replacement those of the right paper."""
    moment = renewed_at(case) or case.signed_at
    if moment is None:
        return RegisterEntry.objects.none()
    return RegisterEntry.objects.filter(
        commune_id=case.commune_id,
        recorded_at=moment,
        number__in=list(Result.objects.filter(case=case).values_list("number", flat=True)),
        year=timezone.localtime(moment).year,
    )


def differs_from_ours(case: Case, entry: MinistryEntry) -> str:
    """Said, not forbidden: the paper book is the basis, and the two numberings can part (civil-status.md 0.10)."""
    numbers = {
        result.number
        for result in case.results.all()
        if result.book == entry.book and result.standing == Result.Standing.VALID
    }
    if not numbers or entry.number in numbers:
        return ""
    ours = ", ".join(f"{number:02}" for number in sorted(numbers))
    return f"Số trên phần mềm hộ tịch là {entry.full_number}, số trong sổ của xã là {ours}. Đối chiếu lại hai bên."


def _owes_bridge(case: Case) -> None:
    if not lines_of(case):
        raise EntryRefused("Hồ sơ này không nhập vào phần mềm hộ tịch dùng chung.")
    if case.where not in (*OPEN, State.SIGNED, State.GIVEN_OUT):
        raise EntryRefused(f"Hồ sơ đang “{case.where.label}” nên không ghi số và mã nữa.")


def _number_of(text: str, case: Case, *, at: datetime) -> tuple[int, int]:
    found = NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None or int(found["number"]) == 0:
        raise EntryRefused("Ghi số và năm, ví dụ 15/2026.", "number")
    year, expected = int(found["year"]), _year_of(case, at)
    if year != expected.year:
        raise EntryRefused(f"Năm phải là {expected.year}, năm của việc đăng ký này.", "number")
    return int(found["number"]), year


def _year_of(case: Case, at: datetime) -> date:
    """Signed, the year of the signature that stands; before it, the year of today."""
    return timezone.localtime(renewed_at(case) or case.signed_at or at).date()


def _code_of(text: str) -> str:
    code = "".join(unicodedata.normalize("NFKC", text).split())
    if not CODE.fullmatch(code):
        raise EntryRefused("Mã gồm chữ cái không dấu, chữ số và các dấu . / - _, ít nhất 3 ký tự.", "code")
    return code


def _refuse_others(case: Case, number: int, year: int, code: str) -> None:
    """Raise EntryRefused with the code of the case that has this number or this code."""
    # two counters with the same number: the second waits here and then reads the first one's row
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('ministry', %s))", [case.commune_id])
    others = MinistryEntry.objects.filter(commune_id=case.commune_id, is_current=True).exclude(case=case)
    others = others.select_related("case")
    if same := others.filter(book=case.procedure.book, year=year, number=number).first():
        raise EntryRefused(f"Số {same.full_number} đã ghi cho hồ sơ {same.case.code}.", "number")
    if same := others.filter(code=code).first():
        raise EntryRefused(f"Mã này đã ghi cho hồ sơ {same.case.code}.", "code")
