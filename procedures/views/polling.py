"""Lists that refresh themselves: asked every few seconds, answered in full only when something has changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from oneshop.roles import DeskRequest
from procedures.models import Step


def version_of(commune_id: int | None, *, at: datetime) -> str:
    """Changes with every step in the commune and with every minute, since time left is told in minutes."""
    assert commune_id is not None, "desks belong to a commune"
    last = Step.objects.filter(commune_id=commune_id).order_by("-pk").values_list("pk", flat=True).first()
    return f"{last or 0}.{timezone.localtime(at):%d%H%M}"


def unchanged(request: DeskRequest, version: str) -> bool:
    """Whether this is a poll by someone who has seen just this."""
    return bool(request.htmx) and request.GET.get("seen") == version


def listed(request: DeskRequest, template: str, page: dict[str, Any], version: str) -> HttpResponse:
    """The page, or for htmx its rows alone; with the version the next poll will name."""
    name = f"{template}#rows" if request.htmx else template
    return render(request, name, page | {"version": version})


NOTHING_NEW = 204
