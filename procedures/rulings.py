"""What is not confirmed, and the verb by which a commune rules on it: their only writer.

A ruling counts for what is received from its day on; an open case keeps what it was received under.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from citizens import names
from oneshop import audit, retention, walls
from oneshop.models import CalendarChange, Officer, OpeningHours
from oneshop.roles import Role
from procedures.blanks import KINDS
from procedures.catalogue import Fee, Procedure, catalogue
from procedures.clock import national_days
from procedures.house_points import all_points, house_groups, house_points
from procedures.models import BlankLayout, Ruling
from procedures.papers import PaperFailed, samples
from procedures.rules.points import Point, thousands

DOUBT = "chưa xác minh"
"""Words by which a source itself says that it is not confirmed."""

FARTHEST = timedelta(days=5 * 366)  # a ruling for a later day is a slip of the hand


class RulingRefused(Exception):
    """Nothing was ruled; the sentence says why, `where` at which field (`value`, `valid_from`, `source`)."""

    def __init__(self, sentence: str, where: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.where = sentence, where


def rule_on(
    point: Point, value: str, *, valid_from: date, source: str, is_confirmed: bool, by: Officer, at: datetime
) -> Ruling:
    """The commune of `by` decides what counts from `valid_from` on, by `source`; a later ruling prevails.

    Raises RulingRefused: not the administrator, a value of another sort or one that cannot be printed, a day that is
    past, no source.
    """
    if not by.is_(Role.ADMINISTRATOR) or by.commune_id is None:
        raise RulingRefused("Việc này thuộc vai trò “Quản trị”.")
    if all_points().get(point.key) != point:
        raise RulingRefused("Không có điểm này.")
    value, source = point.meant(value), names.clean(source)
    if fault := point.fault(value):
        raise RulingRefused(fault, "value")
    today = timezone.localtime(at).date()
    if valid_from < today:
        raise RulingRefused("Từ hôm nay trở đi: giấy đã cấp và hồ sơ đã nhận không đổi được nữa.", "valid_from")
    if valid_from > today + FARTHEST:
        raise RulingRefused("Ngày quá xa: xem lại năm.", "valid_from")
    if not source:
        raise RulingRefused("Ghi căn cứ: mẫu, văn bản hoặc người đã xác nhận.", "source")
    _owes_print(point, value, by=by, at=at)
    with transaction.atomic():
        ruling = Ruling.objects.create(
            commune_id=by.commune_id,
            key=point.key,
            value=value,
            valid_from=valid_from,
            is_confirmed=is_confirmed,
            source=source[:300],
            by=by,
            at=at,
        )
        said = f"{point.said(value)}; từ {valid_from:%d/%m/%Y}; {source}"
        audit.record("rule", "point", point.key, by=by, at=at, why=said)
    return ruling


def _owes_print(point: Point, value: str, *, by: Officer, at: datetime) -> None:
    """A ruling that no paper can hold would stop every case of tomorrow: tried before it counts."""
    try:
        for sample in samples.samples_of(point, value, by=by, at=at):
            sample.sheet()
    except PaperFailed as failed:
        raise RulingRefused("Không in được nội dung này: bỏ các ký tự lạ (biểu tượng, chữ nước ngoài).", "value") from (
            failed
        )


# --- the list ---
@dataclass(frozen=True)
class Standing:
    """A point with what a commune holds: the ruling in force, and those for days to come."""

    point: Point
    ruling: Ruling | None = None
    coming: Sequence[Ruling] = ()

    @property
    def value(self) -> str:
        return self.ruling.value if self.ruling else self.point.value

    @property
    def is_settled(self) -> bool:
        return self.ruling is not None and self.ruling.is_confirmed


@dataclass(frozen=True)
class Listed:
    """Something dated or in doubt that is corrected elsewhere, or that only a new version of the program can correct.

    `door` names the page where an officer corrects it, with its arguments.
    """

    place: str
    value: str
    doubt: str
    is_settled: bool = False
    since: date | None = None
    door: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """The house under one heading, or one procedure."""

    name: str
    standings: Sequence[Standing] = ()
    listed: Sequence[Listed] = field(default=())

    @property
    def left(self) -> int:
        """How many are still to be confirmed."""
        return sum(not row.is_settled for row in self.rows)

    @property
    def rows(self) -> list[Standing | Listed]:
        return [*self.standings, *self.listed]

    def remaining(self) -> Group:
        return Group(
            self.name,
            [row for row in self.standings if not row.is_settled],
            [row for row in self.listed if not row.is_settled],
        )


def groups(commune_id: int, on: date) -> list[Group]:
    """Everything that is not confirmed, or was until the commune ruled: the procedures, then the house."""
    rulings: dict[str, list[Ruling]] = {}
    for ruling in Ruling.objects.filter(commune_id=commune_id).select_related("by"):
        rulings.setdefault(ruling.key, []).append(ruling)

    def standing(points: Iterable[Point]) -> list[Standing]:
        return [_standing(point, rulings.get(point.key, ()), on) for point in points]

    found = []
    seen = {point.key for point in house_points()}  # what a procedure shares with the house stands there
    for procedure in catalogue():
        rows = standing(point for point in procedure.points if point.key not in seen)
        seen |= {row.point.key for row in rows}
        found.append(Group(procedure.name, rows, _of_procedure(procedure, rows)))
    found += [Group(name, standing(points)) for name, points in house_groups()]
    found.append(Group("Lịch, phôi in sẵn, lưu trữ", (), _of_house(commune_id, on)))
    return [group for group in found if group.rows]


def _standing(point: Point, rulings: Sequence[Ruling], on: date) -> Standing:
    """`rulings` in their order: by day, then by when they were written."""
    begun = [ruling for ruling in rulings if ruling.valid_from <= on]
    return Standing(point, begun[-1] if begun else None, [ruling for ruling in rulings if ruling.valid_from > on])


def standing_of(point: Point, commune_id: int, on: date) -> Standing:
    return _standing(point, history(point, commune_id), on)


def history(point: Point, commune_id: int) -> list[Ruling]:
    return list(Ruling.objects.filter(commune_id=commune_id, key=point.key).select_related("by"))


def _of_procedure(procedure: Procedure, standings: Sequence[Standing]) -> list[Listed]:
    """Versions and fees with their days, and the rules whose source is in doubt."""
    versions = [
        Listed(
            f"Văn bản áp dụng từ {version.valid_from:%d/%m/%Y}",
            f"{version.result_name}: {'; '.join(version.legal_basis)}",
            "" if version.confirmed else "Biết qua tóm tắt, chưa đọc toàn văn; quy định chuyển tiếp cũng vậy.",
            version.confirmed,
            version.valid_from,
            ("law",),
        )
        for version in procedure.versions
    ]
    fees = [_fee(fee, standings) for fee in procedure.fees]
    rules = {
        rule.id: Listed(f"Điều kiện “{rule.title}”: căn cứ", rule.message, rule.source)
        for rule in procedure.rules
        if DOUBT in rule.source
    }
    return [*versions, *fees, *rules.values()]


def _fee(fee: Fee, standings: Sequence[Standing]) -> Listed:
    ruled = next((row for row in standings if row.point == fee.point), None)
    amount = int(ruled.value) if ruled else fee.amount
    return Listed(
        f"Lệ phí từ {fee.valid_from:%d/%m/%Y}",
        f"{thousands(amount)} đồng" if amount else "Không thu",
        fee.source + ("; mức do xã quyết định ở điểm trên" if ruled else ""),
        ruled.is_settled if ruled else fee.confirmed,
        fee.valid_from,
    )


def _of_house(commune_id: int, on: date) -> list[Listed]:
    changed = set(CalendarChange.objects.filter(commune_id=commune_id, on__gte=on).values_list("on", flat=True))
    days = [
        Listed(
            f"Lịch nghỉ, dự kiến: {day.on:%d/%m/%Y}",
            day.name,
            f"Lịch nghỉ chính thức năm {day.on.year} chưa công bố; ghi lại ở trang Lịch làm việc khi có.",
            day.on in changed,
            door=("calendar",),
        )
        for day in national_days()
        if day.estimated and day.on >= on
    ]
    usual = OpeningHours.objects.filter(commune_id=commune_id, valid_from__lte=on, document__contains=DOUBT)
    hours = [
        Listed(f"Giờ làm việc, {row.get_weekday_display()}", f"{row.opens:%H:%M}–{row.closes:%H:%M}", row.document)
        for row in usual.exclude(valid_to__lt=on).order_by("weekday", "opens")
    ]
    measured = set(BlankLayout.objects.filter(commune_id=commune_id).values_list("kind", flat=True))
    blanks = [
        Listed(
            f"Phôi {kind.label}: khổ giấy, vị trí các ô",
            f"{kind.width:g} × {kind.height:g} mm",
            kind.source,
            kind.key in measured,
            door=("blank_layout", kind.key),
        )
        for kind in KINDS.values()
        if any(word in kind.source for word in (DOUBT, "chưa đối chiếu"))
    ]
    kept = [
        Listed("Thời hạn lưu", reason.ground, "Thời hạn lưu của hồ sơ chưa xác minh; không có gì tự bị xóa.")
        for reason in retention.reasons().values()
        if DOUBT in reason.ground
    ]
    return [*days, *hours, *blanks, *kept]


def orphans() -> list[str]:
    """Keys that some commune has ruled on and that no point has any more: a point was renamed or taken out."""
    known = all_points()
    with walls.within(None, reads_all=True):
        return sorted(set(Ruling.objects.values_list("key", flat=True)) - known.keys())
