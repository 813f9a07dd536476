"""“What do you hold on me?”: a request with its clock, and the paper that answers it (quality.md S-40).

Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15; that the first answer is due in two working days is known from a summary only
(quality.md A44), hence a point.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from citizens.models import Citizen, DisabilityRecord, HouseholdMember, RegisterPerson
from oneshop import audit, retention
from oneshop.models import Commune, Officer
from procedures import papers
from procedures.clock import add_working_days, closing_of
from procedures.house_points import DATA_ANSWER_DAYS
from procedures.law.practices import practice
from procedures.looks import looks_at
from procedures.models import Case, DataRequest
from procedures.opening import calendar_of
from procedures.papers.printing import Sheet

SHOWN_LOOKS = 10  # so that the answer keeps to one page; the rest is counted, and shown on wish

# label, field of Citizen; what is empty is not held
FIELDS = (
    ("Họ, chữ đệm, tên", "full_name"),
    ("Số định danh cá nhân", "identity_number"),
    ("Số CMND cũ", "old_number"),
    ("Ngày sinh", "birth_text"),
    ("Giới tính", "get_sex_display"),
    ("Dân tộc", "ethnicity"),
    ("Quốc tịch", "nationality"),
    ("Giấy tờ tùy thân", "id_document"),
    ("Số điện thoại", "telephone"),
    ("Tài khoản định danh điện tử", "get_eid_level_display"),
)


def ask(citizen: Citizen, *, by: Officer, at: datetime) -> DataRequest:
    """Take the request down; asked again before it is answered it is the same one."""
    assert by.commune is not None, "who takes a request belongs to a commune"
    try:
        with transaction.atomic():
            made: DataRequest = DataRequest.objects.create(
                commune=by.commune, citizen=citizen, asked_at=at, asked_by=by, due_at=_due(by.commune, at)
            )
            audit.record("ask_own_data", "citizen", citizen.pk, by=by, at=at)
    except IntegrityError:
        return DataRequest.objects.get(commune=by.commune, citizen=citizen, answered_at=None)
    return made


def _due(commune: Commune, at: datetime) -> datetime:
    calendar, today = calendar_of(commune), timezone.localtime(at).date()
    days = int(practice(DATA_ANSWER_DAYS, commune.pk, today))
    return closing_of(add_working_days(today, days, calendar), calendar)


def answer(request: DataRequest, *, by: Officer, at: datetime) -> bool:
    """The paper is in the citizen's hands; False if a colleague was faster. Its hash stays, its content does not: the
    answer would be one more copy of everything."""
    sheet = answer_sheet(request, at=at)
    with transaction.atomic():
        answered = DataRequest.objects.filter(pk=request.pk, commune=by.commune, answered_at=None).update(
            answered_at=at, answered_by=by, sha256=sheet.sha256
        )
        if answered:
            audit.record("answer_own_data", "citizen", request.citizen_id, by=by, at=at, why=sheet.sha256[:16])
    return bool(answered)


def answer_sheet(request: DataRequest, *, at: datetime) -> Sheet:
    """The answer on paper as of `at`. Raises PaperFailed."""
    return papers.render("slips/own_data.html", _facts(request, at=at))


def _facts(request: DataRequest, *, at: datetime) -> dict[str, Any]:
    citizen, on = request.citizen, timezone.localtime(at).date()
    looks = looks_at(citizen, at=at)
    return papers.head_of(request.commune, on) | {
        "draft": False,
        "issued_on": on,
        "test": settings.IS_TEST,
        "asked_at": timezone.localtime(request.asked_at),
        "name": citizen.full_name,
        "fields": [(label, value) for label, value in _fields(citizen) if value],
        "holdings": _holdings(citizen, request.commune, on),
        "looks": looks[:SHOWN_LOOKS],
        "looks_left_out": max(0, len(looks) - SHOWN_LOOKS),
        "unit": request.commune.name_on(on).full,
    }


def _fields(citizen: Citizen) -> list[tuple[str, str]]:
    """Label and value of everything that the record itself says."""
    found = []
    for label, name in FIELDS:
        value = getattr(citizen, name)
        found.append((label, str(value() if callable(value) else value)))
    found += [
        (row.get_kind_display(), f"{row.address}{_span(row.since, row.until)}") for row in citizen.residences.all()
    ]
    found += [("Kết hôn", f"{row.spouse_name}{_span(row.since, row.ended_on)}") for row in citizen.marriages.all()]
    if citizen.deceased_on:
        found.append(("Đã chết", f"{citizen.deceased_on:%d/%m/%Y}"))
    return found


def _span(since: date | None, until: date | None) -> str:
    return "".join([f", từ {since:%d/%m/%Y}" if since else "", f", đến {until:%d/%m/%Y}" if until else ""])


def _holdings(citizen: Citizen, commune: Commune, on: date) -> Sequence[dict[str, str]]:
    """What is kept besides, why, on what ground and how long: as the retention file says (S-39)."""
    cases = Case.objects.here(commune.pk).about(citizen).order_by("received_at")
    counts = (
        ("Thông tin cá nhân ở trên", 1, "để không phải khai lại", "person"),
        ("Số điện thoại", bool(citizen.telephone), "để báo kết quả", "contact"),
        ("Hồ sơ thủ tục đã nộp", cases.count(), "để giải quyết và lưu hồ sơ", "file"),
        ("Giấy tờ đã cấp", sum(case.results.count() for case in cases), "để chứng minh giấy đã cấp", "book"),
        ("Sổ hộ tịch", RegisterPerson.objects.filter(citizen=citizen).count(), "sự kiện hộ tịch đã đăng ký", "book"),
        ("Hồ sơ khuyết tật", DisabilityRecord.objects.filter(citizen=citizen).count(), "chế độ khuyết tật", "person"),
        ("Hộ gia đình", HouseholdMember.objects.filter(citizen=citizen).count(), "rà soát hộ nghèo", "person"),
        ("Nhật ký ai đã xem", 1, "để ông/bà biết và để kiểm tra cán bộ", "diary"),
    )
    reasons = retention.reasons()
    return [
        {
            "what": f"{what} ({number})" if number > 1 else what,
            "purpose": purpose,
            "ground": re.sub(r"\s*\([SR]-\d+\)", "", reasons[reason].ground),
            "keeps": _said(reasons[reason]),
        }
        for what, number, purpose, reason in counts
        if number
    ]


def _said(reason: retention.Reason) -> str:
    if reason.lasts is None:
        return "lưu trữ, không tự hết hạn"
    return f"{reason.lasts.days} ngày" + (" sau hồ sơ cuối" if "after the last case" in reason.keeps else "")
