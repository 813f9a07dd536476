"""The first commune and its administrator on an empty database, and what every new commune starts with."""

from __future__ import annotations

from datetime import date, time

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone

from oneshop import audit, walls
from oneshop.models import Commune, CommuneName, Counter, Officer, OpeningHours
from oneshop.roles import Role

SESSIONS = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 30)))
HOURS_DOCUMENT = "Giờ làm việc mặc định (chưa xác minh, decisions.md 4)"


def is_founded() -> bool:
    """Whether any commune works with this database."""
    return Commune.objects.filter(is_served=True).exists()


def found(
    *,
    commune_code: str,
    commune_name: str,
    kind: str,
    above: str,
    agency_code: str,
    username: str,
    full_name: str,
    password: str,
) -> Commune:
    """A commune with one counter, the usual hours and an administrator, in one transaction.

    Raises django.core.exceptions.ValidationError for a weak password.
    """
    validate_password(password, Officer(username=username, full_name=full_name))
    today = timezone.localdate()
    with transaction.atomic():
        commune = Commune.objects.create(code=commune_code, agency_code=agency_code, opened_on=today, is_served=True)
        CommuneName.objects.create(commune=commune, kind=kind, name=commune_name, above=above, valid_from=today)
        Counter.objects.create(commune=commune, name=f"Điểm phục vụ hành chính công {kind.lower()} {commune_name}")
        with walls.within(commune.pk):
            open_the_week(commune, valid_from=today)
            officer = Officer.objects.create_officer(
                username.lower(), password, full_name=full_name, commune=commune, roles=[Role.ADMINISTRATOR]
            )
            audit.record("found", "commune", commune.code, by=officer, at=timezone.now())
    return commune


def open_the_week(commune: Commune, *, valid_from: date) -> None:
    """Monday to Friday, morning and afternoon, until the administrator says otherwise."""
    OpeningHours.objects.bulk_create(
        OpeningHours(
            commune=commune,
            weekday=weekday,
            opens=opens,
            closes=closes,
            valid_from=valid_from,
            document=HOURS_DOCUMENT,
        )
        for weekday in range(5)
        for opens, closes in SESSIONS
    )
