"""The roster as the records say: who is on duty at a given moment, who may sign, and who stands in for whom."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from oneshop.duty import Authority, Away, Hand, Power, Roster, StandIn, Turn
from oneshop.models import Absence, Commune, Delegation, Deputy, Officer, Shift
from oneshop.roles import Role


def title_of(officer: Officer) -> tuple[str, ...]:
    """`("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")`."""
    return tuple(line.strip() for line in officer.signs_as.split("|") if line.strip())


def roster_of(commune: Commune | int, *, starts_at: datetime, ends_at: datetime | None = None) -> Roster:
    """Plan, absences, deputies and delegations that touch the span (one moment without `ends_at`); five queries."""
    until = ends_at or starts_at + timedelta(microseconds=1)
    first, last = timezone.localtime(starts_at).date(), timezone.localtime(until).date()
    touches = Q(starts_at__lt=until, ends_at__gt=starts_at)
    return Roster(
        hands=tuple(
            Hand(officer.pk, officer.full_name, frozenset(officer.roles), title_of(officer))
            for officer in Officer.objects.filter(commune=commune, is_active=True)
        ),
        turns=tuple(
            Turn(*row)
            for row in Shift.objects.filter(touches, commune=commune)
            .order_by("starts_at", "officer__full_name")
            .values_list("officer_id", "role", "starts_at", "ends_at")
        ),
        aways=tuple(
            Away(*row)
            for row in Absence.objects.filter(touches, commune=commune).values_list(
                "officer_id", "starts_at", "ends_at"
            )
        ),
        stand_ins=tuple(
            StandIn(*row)
            for row in Deputy.objects.filter(Q(until=None) | Q(until__gt=starts_at), commune=commune).values_list(
                "officer_id", "deputy_id", "rank", "since", "until"
            )
        ),
        powers=tuple(
            _power(row) for row in Delegation.objects.filter(commune=commune, first_day__lte=last, last_day__gte=first)
        ),
    )


def _power(row: Delegation) -> Power:
    return Power(
        pk=row.pk,
        giver=row.giver_id,
        taker=row.taker_id,
        procedures=frozenset(row.procedures),
        first_day=row.first_day,
        last_day=row.last_day,
        document=row.document,
        lines=tuple(line.strip() for line in row.lines.split("|") if line.strip()),
        revoked_at=row.revoked_at,
    )


def on_duty(commune: Commune | int, role: Role, *, at: datetime) -> QuerySet[Officer]:
    """The officers of `commune` who do `role` at `at`; a shift ends just before its last moment.

    Whoever is absent is replaced by the first deputy who is not.
    """
    found = roster_of(commune, starts_at=at).on_duty(role, at=at)
    return Officer.objects.filter(pk__in=found).order_by("full_name")


def may_sign_now(officer: Officer, *, at: datetime) -> bool:
    """Whether `officer` is a leader on duty in the own commune at this moment, or stands in for one (S-06)."""
    return officer.commune_id is not None and officer.pk in roster_of(officer.commune_id, starts_at=at).on_duty(
        Role.SIGNER, at=at
    )


def authority_of(officer: Officer, procedure_key: str, *, at: datetime) -> Authority | None:
    """In which words `officer` signs results of that procedure at `at`, or None if in none (one query)."""
    on = timezone.localtime(at).date()
    held = Delegation.objects.filter(taker=officer.pk, first_day__lte=on, last_day__gte=on) if officer.pk else ()
    hand = Hand(officer.pk or 0, officer.full_name, frozenset(officer.roles or ()), title_of(officer))
    alone = Roster(hands=(hand,), turns=(), powers=tuple(_power(row) for row in held))
    return alone.authority(hand.pk, procedure_key, on=on, at=at)


def week_of(commune: Commune, *, starts_at: datetime, ends_at: datetime) -> QuerySet[Shift]:
    """The lines of the roster that touch the given span, in order of time."""
    return (
        Shift.objects.filter(commune=commune, starts_at__lt=ends_at, ends_at__gt=starts_at)
        .select_related("officer", "counter")
        .order_by("starts_at", "officer__full_name")
    )
