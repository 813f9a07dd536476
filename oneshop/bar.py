"""The identity bar and the rooms on every desk page: who works where, and how much waits."""

from __future__ import annotations

from collections.abc import Mapping
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
from procedures.boards import UNREAD, waiting
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
    unread: int
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
    (Group.BOOKS, "Sổ cấp số", "number_books", "", (Role.SPECIALIST, Role.SIGNER, Role.CLERK), ()),
    (Group.LEAD, "Điều hành", "board", "u", (Role.SIGNER,), ()),
    (Group.LEAD, "Theo dõi", "monitor", "d", (Role.MONITOR,), ()),
    (Group.LEAD, "Đôn đốc", "urges", "", (Role.MONITOR, Role.SIGNER, Role.ADMINISTRATOR), ()),
    (Group.LEAD, "Ý kiến công dân", "opinions", "", (Role.MONITOR, Role.SIGNER), ()),
    (Group.LEAD, "Góp ý", "proposals", "", tuple(Role), ()),
    (Group.LEAD, "Rà soát thủ tục", "procedure_review", "", (Role.MONITOR,), ()),
    (Group.LEAD, "Báo cáo", "report", "", (Role.MONITOR,), ()),
    (Group.LEAD, "Chấm điểm", "scores", "i", (Role.SIGNER,), ()),
    (Group.LEAD, "Chốt ngày", "day_closes", "y", (Role.CLERK, Role.SPECIALIST, Role.SIGNER), ()),
    (Group.HOUSE, "Chữ ký số", "my_key", "", (Role.SIGNER,), ()),
    (Group.HOUSE, "Con dấu số", "office_seal", "", (Role.ADMINISTRATOR,), ()),
    (Group.HOUSE, "Cán bộ", "people", "c", (Role.ADMINISTRATOR,), ()),
    (Group.HOUSE, "Lịch trực", "roster", "l", (Role.ADMINISTRATOR,), ()),
    (Group.HOUSE, "Lịch làm việc", "calendar", "n", (Role.ADMINISTRATOR,), ()),
    (Group.HOUSE, "Máy ở sảnh", "hall_devices", "", (Role.ADMINISTRATOR,), ()),
    (Group.HOUSE, "Kho phôi", "stock", "p", (Role.CLERK, Role.ADMINISTRATOR), ()),
    (Group.HOUSE, "Chưa xác minh", "points", "x", (Role.ADMINISTRATOR,), ()),
    (Group.HOUSE, "Quy định", "law", "q", tuple(Role), ()),
)


FIRST_ROOMS = {
    Role.CLERK: "desk",
    Role.SPECIALIST: "handling",
    Role.SIGNER: "signing",
    Role.MONITOR: "monitor",
    Role.ADMINISTRATOR: "people",
}


def bar(request: HttpRequest) -> dict[str, object]:
    """Made only when a page asks for it: public pages and error pages have no bar and cost no query."""
    return {"bar": SimpleLazyObject(lambda: _bar(request))}


def _bar(request: HttpRequest) -> Bar | None:
    officer = request.user
    if not isinstance(officer, Officer):
        return None
    now = timezone.localtime()
    commune = officer.commune.name_on(now.date()).full if officer.commune else settings.MONITOR_NAME
    counts = waiting(officer.commune_id, officer.pk) if officer.commune_id else {}
    return Bar(
        commune=commune,
        counter=officer.counter.name if officer.counter else "",
        officer=officer.full_name,
        roles=officer.role_names,
        now=now,
        rooms=_rooms(officer, request.path, counts),
        unread=counts.get(UNREAD, 0),
        is_test=settings.IS_TEST,
    )


def _rooms(officer: Officer, path: str, counts: Mapping[str, int]) -> list[Room]:
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
    """Where an officer begins the day, by the first of the roles held."""
    return next(room for role, room in FIRST_ROOMS.items() if officer.is_(role))
