"""Who sits where these three weeks, who stands in for whom, and a delegation: what the roster of the demo shows."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from oneshop import rostering
from oneshop.demo.units import DIRECTOR
from oneshop.models import CalendarChange, Commune, Officer, Shift
from oneshop.roles import Role
from procedures import workflow
from procedures.workflow.calendar_changes import Change

HOURS = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 30)))


def fill_duty(commune: Commune, *, today: date) -> None:
    """Desks of last week to next week, deputies both ways, an absence next week, copies signed by delegation."""
    at = timezone.now()
    admin = Officer.objects.get(commune=commune, roles__contains=[Role.ADMINISTRATOR])
    signers = Officer.objects.filter(commune=commune, roles__contains=[Role.SIGNER])
    head, deputy = signers.exclude(signs_as="").order_by("pk")
    director = signers.get(full_name=DIRECTOR[1])
    monday = today - timedelta(days=today.weekday())
    _desks(commune, [monday + timedelta(days=offset) for offset in range(-7, 14) if offset % 7 < 5])
    rostering.stand_in(head, deputy, rank=1, by=admin, at=at)
    rostering.stand_in(head, director, rank=2, by=admin, at=at)
    rostering.stand_in(deputy, head, rank=1, by=admin, at=at)
    rostering.delegate(
        head,
        director,
        procedures=["civil_copy"],
        first_day=today,
        last_day=today + timedelta(days=90),
        document=f"15/QĐ-UBND ngày {today:%d/%m/%Y}",
        lines="TUQ. CHỦ TỊCH|GIÁM ĐỐC TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
        by=admin,
        at=at,
    )
    rostering.be_away(
        head,
        starts_at=_moment(monday + timedelta(days=9), time(0)),
        ends_at=_moment(monday + timedelta(days=10), time(0)),
        reason="họp thành phố",
        by=admin,
        at=at,
    )
    _close_for_training(commune, monday + timedelta(days=23), admin, at)


def _desks(commune: Commune, days: list[date]) -> None:
    Shift.objects.bulk_create(
        Shift(
            commune=commune,
            officer=officer,
            role=officer.roles[0],
            counter=officer.counter,
            starts_at=_moment(day, opens),
            ends_at=_moment(day, closes),
        )
        for officer in Officer.objects.filter(commune=commune).order_by("pk")
        if officer.roles[0] in (Role.CLERK, Role.SPECIALIST)
        for day in days
        for opens, closes in HOURS
    )


def _close_for_training(commune: Commune, on: date, by: Officer, at: datetime) -> None:
    """An afternoon three weeks ahead, by the dry run and the verb that every change takes."""
    row = CalendarChange(
        on=on,
        kind=CalendarChange.Kind.CLOSURE,
        opens=HOURS[1][0],
        closes=HOURS[1][1],
        reason="Tập huấn nghiệp vụ",
        document="Thông báo 31/TB-UBND",
    )
    change = Change(f"Đóng cửa chiều {on:%d/%m/%Y}: tập huấn", row.document, days=(row,))
    workflow.change_calendar(commune, change, by=by, at=at, seen=workflow.dry_run(commune, change).digest)


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
