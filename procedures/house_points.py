"""Unconfirmed practices of the house that belong to no paper: a commune rules on them like on any other point."""

from __future__ import annotations

from collections.abc import Sequence

from procedures.catalogue import Procedure, catalogue
from procedures.points import Point, Sort

STOCK_LOW = Point(
    key="stock.low",
    place="Kho phôi: báo sắp hết khi còn không quá số này",
    value="20",
    doubt="Không có quy định; từng xã đặt theo thời gian chờ cấp phôi.",
    sort=Sort.NUMBER,
)


def bridge_point(procedure: Procedure) -> Point:
    """Whether a result of `procedure` is given out only after the Ministry's software has given its number and code."""
    return Point(
        key=f"bridge.{procedure.key}",
        place=f"{procedure.name}: trả kết quả sau khi có số và mã của phần mềm hộ tịch dùng chung",
        value="yes",
        doubt="Nghị định 87/2020 Điều 24 buộc dùng phần mềm chung, không nói rõ kết quả nào phải chờ.",
        sort=Sort.YES_NO,
    )


def house_points() -> Sequence[Point]:
    """To be listed beside the points of the procedures; those of the bridge for the procedures that have one."""
    bridged = (procedure for procedure in catalogue() if type(procedure).bridge is not Procedure.bridge)
    return (STOCK_LOW, *(bridge_point(procedure) for procedure in bridged))
