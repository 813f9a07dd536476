"""What a case counts for, in words; and the leader's page of scores by Thông tư 01/2018."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from oneshop import audit
from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures.clock import CalendarEnds
from procedures.clock.due_sentence import duration_text
from procedures.clock.index_facts import FULL, ITEMS, OF_OFFICERS, Punctuality, Scoring
from procedures.figures import said_share
from procedures.models import Case
from procedures.reckoning import lives, scoring
from procedures.views.shown import moment

NOT_MEASURED = "chưa đo"


def times_of(case: Case, *, at: datetime) -> list[str]:
    """The two clocks of a case, its pauses and its contacts, a short sentence each."""
    try:
        facts = lives.facts_of(case, at=at)
    except CalendarEnds:
        return []
    if facts.index is None and facts.ended_at and case.where.value == "rejected":
        return []
    said = []
    if facts.index:
        late = f" {duration_text(facts.late_by)}" if facts.late_by else ""
        said.append(f"Theo chỉ số: {facts.index.label}{late}, đã dùng {duration_text(facts.used)}")
        if facts.late_by_rule:
            said.append("Yêu cầu bổ sung quá một lần: chỉ số tính là quá hạn")
    else:
        said.append(f"Theo chỉ số: còn trong hạn, đã dùng {duration_text(facts.used)}")
    if facts.legal_due != facts.index_due:
        verdict = f" ({facts.legal.label})" if facts.legal else ""
        said.append(f"Theo luật, tính lại từ khi đủ hồ sơ: hạn {moment(facts.legal_due)}{verdict}")
    for stop in facts.stops:
        until = moment(stop.until) if stop.until else "nay"
        number = f", phiếu số {stop.slip}" if stop.slip else ""
        said.append(f"Tạm dừng {moment(stop.since)} – {until}{number}")
    if facts.apologised:
        said.append("Đã xin lỗi và hẹn lại: chỉ số vẫn tính theo hẹn đầu")
    digital = {True: "kết quả điện tử", False: "kết quả giấy", None: ""}[facts.is_digital]
    contacts = f"Công dân đến {facts.contacts} lần, {facts.channel.lower()}"
    said.append(f"{contacts}, {digital}" if digital else contacts)
    return said


@require_GET
@only(Role.SIGNER)
def scores(request: DeskRequest) -> HttpResponse:
    """Points of a month, of the unit and of each officer; what is not measured says so."""
    assert request.user.commune_id is not None, "leaders belong to a commune"
    now = timezone.now()
    today = timezone.localtime(now).date()
    first = _month(request.GET.get("thang", ""), today)
    audit.record("look", "scores", f"{first:%Y-%m}", by=request.user, at=now)
    found = scoring.month(request.user.commune_id, first, at=now)
    before, after = (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=32)).replace(day=1)
    page = {
        "month": f"{first:%m/%Y}",
        "before_href": f"{reverse('scores')}?thang={before:%Y-%m}",
        "after_href": f"{reverse('scores')}?thang={after:%Y-%m}" if after <= today else "",
        "unit": _shown(found.unit),
        "items": [{"number": item, "name": name, "score": _score(found.unit, item)} for item, name in ITEMS.items()],
        "officers": [
            {
                "name": officer.full_name,
                "position": officer.position,
                **_shown(of_officer),
                "scores": [(ITEMS[item], _score(of_officer, item)) for item in OF_OFFICERS],
            }
            for officer, of_officer in found.officers
        ],
        "columns": [(item, ITEMS[item]) for item in OF_OFFICERS],
        "not_counted": found.not_counted,
        "early_is_better": found.early_is_better,
        "points_href": reverse("points"),
    }
    return render(request, "cases/scores.html", page)


def _month(asked: str, today: date) -> date:
    """`2026-11`; anything else, or a month to come, is this month."""
    try:
        first = date.fromisoformat(f"{asked}-01")
    except ValueError:
        return today.replace(day=1)
    return min(first, today.replace(day=1))


def _shown(found: Scoring) -> dict[str, Any]:
    return {
        "cases": found.cases,
        "in_time": said_share(found.in_time, found.cases),
        "early": found.punctual.get(Punctuality.EARLY, 0),
        "on_time": found.punctual.get(Punctuality.ON_TIME, 0),
        "late": found.punctual.get(Punctuality.LATE, 0),
        "late_by": duration_text(timedelta(minutes=found.late_minutes)) if found.late_minutes else "",
        "total": _decimal(found.total) if found.measured else NOT_MEASURED,
        "most": f"{FULL * len(found.measured)}",
        "measured": f"{len(found.measured)}/{len(found.items)}",
        "grade": found.grade or "chưa đủ mục để xếp loại",
    }


def _score(found: Scoring, item: int) -> str:
    average = found.average(item)
    return NOT_MEASURED if average is None else _decimal(average)


def _decimal(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")
