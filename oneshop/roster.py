"""Who is on duty at a given moment, and who may sign."""

from datetime import datetime

from django.db.models import QuerySet

from oneshop.models import Commune, Officer, Shift
from oneshop.roles import Role


def on_duty(commune: Commune | int, role: Role, *, at: datetime) -> QuerySet[Officer]:
    """The active officers of `commune` whose shift in `role` covers `at`; a shift ends just before its last moment."""
    return (
        Officer.objects.filter(
            shifts__commune=commune,
            shifts__role=role,
            shifts__starts_at__lte=at,
            shifts__ends_at__gt=at,
            roles__contains=[role],
            is_active=True,
        )
        .distinct()
        .order_by("full_name")
    )


def may_sign_now(officer: Officer, *, at: datetime) -> bool:
    """Whether `officer` is a leader on duty in the own commune at this moment (S-06)."""
    return (
        officer.commune_id is not None
        and on_duty(officer.commune_id, Role.SIGNER, at=at).filter(pk=officer.pk).exists()
    )


def week_of(commune: Commune, *, starts_at: datetime, ends_at: datetime) -> QuerySet[Shift]:
    """The lines of the roster that touch the given span, in order of time."""
    return (
        Shift.objects.filter(commune=commune, starts_at__lt=ends_at, ends_at__gt=starts_at)
        .select_related("officer")
        .order_by("starts_at", "officer__full_name")
    )
