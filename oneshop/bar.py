"""The identity bar and the rooms on every desk page: who works where, and how much waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from oneshop.models import Officer
from oneshop.roles import Role
from procedures.boards import waiting
from procedures.states import State


@dataclass(frozen=True)
class Room:
    group: str
    label: str
    href: str
    key: str
    current: bool
    count: int | None


@dataclass(frozen=True)
class Bar:
    commune: str
    counter: str
    officer: str
    roles: list[str]
    now: datetime
    rooms: list[Room]
    is_test: bool


class Group(StrEnum):
    """What a room is for; the rooms stand in the order of the groups."""

    DESK = "Quầy"
    BOOKS = "Sổ và hồ sơ"
    LEAD = "Điều hành"
    HOUSE = "Cơ quan"


# group, label, address, key, who, states whose cases wait there
ROOMS: tuple[tuple[Group, str, str, str, tuple[Role, ...], tuple[State, ...]], ...] = (
    (Group.DESK, "Tiếp nhận", "desk", "t", (Role.CLERK,), ()),
    (Group.DESK, "Giải quyết", "handling", "g", (Role.SPECIALIST,), (State.RECEIVED, State.HANDLING)),
    (Group.DESK, "Ký duyệt", "signing", "k", (Role.SIGNER,), (State.WAITING_SIGNATURE,)),
    (Group.DESK, "Trả kết quả", "giving_out", "r", (Role.CLERK,), (State.SIGNED,)),
    (Group.BOOKS, "Sổ hộ tịch", "register", "s", (Role.SPECIALIST, Role.CLERK), ()),
    (Group.BOOKS, "Hồ sơ khuyết tật", "disability_files", "h", (Role.SPECIALIST,), ()),
    (Group.BOOKS, "Hồ sơ liệt sĩ", "martyrs", "m", (Role.SPECIALIST,), ()),
    (Group.BOOKS, "Hộ nghèo, cận nghèo", "households", "o", (Role.SPECIALIST,), ()),
    (Group.BOOKS, "Sổ theo dõi", "case_book", "b", (Role.CLERK, Role.SPECIALIST, Role.SIGNER), ()),
    (Group.LEAD, "Theo dõi", "monitor", "d", (Role.MONITOR,), ()),
    (Group.LEAD, "Chấm điểm", "scores", "i", (Role.SIGNER,), ()),
    (Group.HOUSE, "Cán bộ", "people", "c", (Role.ADMINISTRATOR,), ()),
    (Group.HOUSE, "Lịch trực", "roster", "l", (Role.ADMINISTRATOR,), ()),
    (Group.HOUSE, "Lịch làm việc", "calendar", "n", (Role.ADMINISTRATOR,), ()),
    (Group.HOUSE, "Kho phôi", "stock", "p", (Role.CLERK, Role.ADMINISTRATOR), ()),
    (Group.HOUSE, "Chưa xác minh", "points", "x", (Role.ADMINISTRATOR,), ()),
    (Group.HOUSE, "Quy định", "law", "q", tuple(Role), ()),
)


def bar(request: HttpRequest) -> dict[str, object]:
    """Made only when a page asks for it: public pages and error pages have no bar and cost no query."""
    return {"bar": SimpleLazyObject(lambda: _bar(request))}


def _bar(request: HttpRequest) -> Bar | None:
    officer = request.user
    if not isinstance(officer, Officer):
        return None
    now = timezone.localtime()
    commune = officer.commune.name_on(now.date()).full if officer.commune else "Cơ quan theo dõi"
    return Bar(
        commune=commune,
        counter=officer.counter.name if officer.counter else "",
        officer=officer.full_name,
        roles=officer.role_names,
        now=now,
        rooms=_rooms(officer, request.path),
        is_test=settings.IS_TEST,
    )


def _rooms(officer: Officer, path: str) -> list[Room]:
    counts = waiting(officer.commune_id) if officer.commune_id else {}
    return [
        Room(
            group=group,
            label=label,
            href=reverse(address),
            key=key,
            current=path.startswith(reverse(address)),
            count=sum(counts.get(state, 0) for state in states) if states else None,
        )
        for group, label, address, key, roles, states in ROOMS
        if any(officer.is_(role) for role in roles)
    ]


def first_room(officer: Officer) -> str:
    """Where an officer begins the day."""
    return next(address for _, _, address, _, roles, _ in ROOMS if any(officer.is_(role) for role in roles))
