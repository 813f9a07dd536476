"""The practices of a commune today: what it has ruled on a point that goes by the day, else the point's own value."""

from collections.abc import Iterable
from datetime import date

from procedures.models import Ruling
from procedures.rules.points import Point


def practice(point: Point, commune_id: int, on: date) -> str:
    """The value of `point` in that commune on that day."""
    ruled = Ruling.objects.filter(commune_id=commune_id, key=point.key, valid_from__lte=on).last()
    return ruled.value if ruled else point.value


def is_practised(point: Point, commune_id: int, on: date) -> bool:
    return practice(point, commune_id, on) == "yes"


def ruled(points: Iterable[Point], commune_id: int, on: date) -> dict[str, str]:
    """What the commune itself has ruled on these points by that day, by key; one query."""
    rows = Ruling.objects.filter(commune_id=commune_id, key__in=[point.key for point in points], valid_from__lte=on)
    return {row.key: row.value for row in rows}  # ordered by day: the later one prevails
