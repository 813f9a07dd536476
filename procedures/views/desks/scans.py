"""When a card was first read at this desk today: since then the citizen stands there, whenever the file is received."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from oneshop.roles import DeskRequest


def note_scan(request: DeskRequest, pk: int, *, at: datetime) -> None:
    """Kept in the session, by the row of the person and never by the number; only the day's first counts."""
    today = {key: noted for key, noted in request.session.get("scans", {}).items() if _is_today(noted, at)}
    request.session["scans"] = {str(pk): at.isoformat()} | today


def first_scan(request: DeskRequest, pk: int, *, at: datetime) -> datetime | None:
    """None where this officer has not read this person's card on the local day of `at`."""
    noted = request.session.get("scans", {}).get(str(pk))
    return datetime.fromisoformat(noted) if noted and _is_today(noted, at) else None


def _is_today(noted: str, at: datetime) -> bool:
    return timezone.localdate(datetime.fromisoformat(noted)) == timezone.localdate(at)
