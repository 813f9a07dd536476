"""The law packs: what each procedure is called, rests on and costs from which day on, and what changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures.catalogue import Fee, Procedure, catalogue
from procedures.law import dated_rules
from procedures.rules import Kind, Rule
from procedures.rulings import standing_of
from procedures.views.shown import shown_news

KINDS = {Kind.WARN: "chỉ còn là lưu ý"}


@require_GET
@only(*Role)
def law(request: DeskRequest) -> HttpResponse:
    """Every procedure with its dated rows; officers of a commune also find the way to what is not confirmed."""
    today = timezone.localdate()
    commune_id = request.user.commune_id
    page = {
        "news": shown_news(today),
        "procedures": [_shown(procedure, today, commune_id) for procedure in catalogue()],
        "points_href": reverse("points") if commune_id else "",
    }
    return render(request, "law/law.html", page)


def _shown(procedure: Procedure, today: date, commune_id: int | None) -> dict[str, Any]:
    now, fee = procedure.version_on(today), procedure.fee_on(today)
    return {
        "key": procedure.key,
        "name": procedure.name,
        "code": procedure.national_code,
        "versions": [
            {
                "since": f"{version.valid_from:%d/%m/%Y}",
                "standing": _standing(version.valid_from, now.valid_from),
                "name": version.name,
                "result": version.result_name,
                "basis": version.legal_basis,
                "change": version.change,
                "is_confirmed": version.confirmed,
            }
            for version in sorted(procedure.versions, key=lambda row: row.valid_from, reverse=True)
        ],
        "fees": [
            {
                "since": f"{row.valid_from:%d/%m/%Y}",
                "standing": _standing(row.valid_from, fee.valid_from),
            }
            | _fee(row, today, commune_id)
            for row in sorted(procedure.fees, key=lambda row: row.valid_from, reverse=True)
        ],
        "rules": [_dated(rule) for rule in dated_rules(procedure)],
    }


def _fee(row: Fee, today: date, commune_id: int | None) -> dict[str, Any]:
    """The amount with its source, or what the commune has ruled and by which."""
    if row.point and commune_id:
        standing = standing_of(row.point, commune_id, today)
        if standing.ruling:
            ruled = replace(row, amount=int(standing.value))
            return {"text": ruled.text, "source": standing.ruling.source, "is_confirmed": standing.is_settled}
    return {"text": row.text, "note": row.note, "source": row.source, "is_confirmed": row.confirmed}


def _standing(since: date, now: date) -> str:
    if since == now:
        return "đang áp dụng"
    return "sắp áp dụng" if since > now else "đã hết"


def _dated(rule: Rule) -> dict[str, str]:
    day = f"từ {rule.since:%d/%m/%Y}" if rule.since else f"đến hết {rule.until:%d/%m/%Y}"
    return {"day": day, "title": rule.title, "becomes": KINDS.get(rule.kind, ""), "message": rule.message}
