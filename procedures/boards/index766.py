"""The index of Quyết định 766/QĐ-TTg by its five groups, as far as this portal's data carry it; the rest says why not.

Points of single items are not confirmed (one-stop.md H.1), so values stand without points. A denominator of 0 means
that the item does not apply. Two decimals, as the index writes them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Avg, Count, Q

from procedures import figures
from procedures.boards import day_begins_at
from procedures.figures import Span, ended


@dataclass(frozen=True)
class Measure:
    """A value with what it was made of; `said` is empty where the item does not apply."""

    said: str
    of: str = ""


Ask = Callable[[Span, int | None], Measure]


@dataclass(frozen=True)
class Item:
    """One item: what it counts, or why it is not measured here."""

    number: str
    name: str
    formula: str
    ask: Ask | None = None
    why: str = ""


@dataclass(frozen=True)
class Group:
    name: str
    most: int
    items: tuple[Item, ...]


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.2f}\u00a0%".replace(".", ",")


def _on_time(span: Span, commune_id: int | None) -> Measure:
    value = figures.measure([ended.ON_TIME], span, commune_id=commune_id)["on_time"]
    if not value.denominator:
        return Measure("")
    return Measure(_percent(value.numerator, value.denominator), f"{value.numerator:.0f}/{value.denominator}")


def _mean_time(span: Span, commune_id: int | None) -> Measure:
    found = figures.reckoned(span, commune_id).filter(ended.TIME_USED.of, used_minutes__isnull=False)
    row = found.aggregate(mean=Avg("used_minutes"), number=Count("pk"))
    if not row["number"]:
        return Measure("")
    return Measure(f"{row['mean']:.2f} phút".replace(".", ","), f"{row['number']} hồ sơ")


def _known_lines(span: Span, commune_id: int | None) -> Measure:
    row = figures.reckoned(span, commune_id).aggregate(**ended.KNOWN_LINES.sums())
    part, whole = row["known_lines_part"] or 0, row["known_lines_whole"] or 0
    return Measure(_percent(part, whole), f"{part}/{whole} dòng") if whole else Measure("")


def _electronic(span: Span, commune_id: int | None) -> Measure:
    row = figures.reckoned(span, commune_id).aggregate(
        part=Count("pk", filter=Q(made_digital=True)), whole=Count("pk", filter=Q(made_digital__isnull=False))
    )
    return (
        Measure(_percent(row["part"], row["whole"]), f"{row['part']}/{row['whole']}") if row["whole"] else Measure("")
    )


def _satisfied(span: Span, commune_id: int | None) -> Measure:
    """100 % − (late % + dislike %), not below nothing; who said nothing dislikes nothing."""
    value = figures.measure([ended.ON_TIME], span, commune_id=commune_id)["on_time"]
    said = figures.rated(span, commune_id).aggregate(every=Count("pk"), bad=Count("pk", filter=Q(overall__lte=2)))
    if not value.denominator:
        return Measure("")
    late = 1 - value.numerator / value.denominator
    disliked = said["bad"] / said["every"] if said["every"] else 0.0
    return Measure(
        _percent(max(0.0, 1 - late - disliked), 1),
        f"muộn {value.denominator - value.numerator:.0f}/{value.denominator}, "
        f"không hài lòng {said['bad']}/{said['every']}",
    )


ONLINE = "hồ sơ ở quầy nộp trực tiếp; nộp và trả phí trực tuyến nằm trên Cổng Dịch vụ công quốc gia"
PAKN = "phản ánh, kiến nghị nhận trên hệ thống khác"

GROUPS: tuple[Group, ...] = (
    Group(
        "Công khai, minh bạch",
        18,
        (
            Item("1.1–1.3", "Công khai thủ tục hành chính", "", why="chấm trên Cổng Dịch vụ công quốc gia"),
            Item(
                "1.4",
                "Đồng bộ hồ sơ",
                "hồ sơ đồng bộ lên Cổng quốc gia ÷ hồ sơ trong kỳ",
                why="phần mềm chưa nối với Cổng quốc gia",
            ),
        ),
    ),
    Group(
        "Tiến độ, kết quả giải quyết",
        20,
        (
            Item("2.1", "Giải quyết đúng hẹn", ended.ON_TIME.formula, ask=_on_time),
            Item(
                "2.2",
                "Thời gian giải quyết trung bình",
                "trung bình phút làm việc của hồ sơ đã ký, không kể lúc tạm dừng",
                ask=_mean_time,
            ),
        ),
    ),
    Group(
        "Số hóa hồ sơ, kết quả",
        22,
        (
            Item(
                "4.1",
                "Kết quả điện tử",
                "hồ sơ có kết quả lập để ký số ÷ hồ sơ đã ký",
                ask=_electronic,
            ),
            Item("4.2", "Số hóa hồ sơ và kết quả", "", why="công dân không nộp giấy tờ nên không có gì để số hóa"),
            Item("4.3", "Dùng lại dữ liệu (cách gần đúng)", ended.KNOWN_LINES.formula, ask=_known_lines),
            Item("4.4, 4.5", "Khai thác dữ liệu dân cư", "", why="lời văn chỉ số chưa xác minh"),
        ),
    ),
    Group(
        "Cung cấp dịch vụ trực tuyến",
        22,
        (Item("3.1–3.6", "Dịch vụ và thanh toán trực tuyến", "", why=ONLINE),),
    ),
    Group(
        "Mức độ hài lòng",
        18,
        (
            Item("5.1–5.3", "Xử lý phản ánh, kiến nghị", "", why=PAKN),
            Item("5.4", "Mức độ hài lòng", "100 % − (tỷ lệ muộn + tỷ lệ không hài lòng)", ask=_satisfied),
        ),
    ),
)


@dataclass(frozen=True)
class Line:
    item: Item
    total: Measure | None
    communes: Sequence[Measure]


def lines(since: date, until: date, communes: Sequence[int]) -> list[tuple[Group, list[Line]]]:
    """Every item of all and of each commune, from the first moment of `since` to the last of `until`."""
    span = Span(day_begins_at(since), day_begins_at(until, after=1))
    return [
        (
            group,
            [
                Line(item, item.ask(span, None), [item.ask(span, pk) for pk in communes])
                if item.ask
                else Line(item, None, [])
                for item in group.items
            ],
        )
        for group in GROUPS
    ]
