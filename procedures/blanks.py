"""The kinds of pre-printed stock (phôi) and where each value stands on them. No database.

Not one position is confirmed: no real blank was at hand, so each place is our best reading of the order of lines in
civil-status.md 1.5 C, D and 4.4 and social-affairs.md 5.5, and a commune shifts it by what its test sheet shows
(`/phoi/can-chinh/…`, rows of BlankLayout).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ALL = "*"
"""Stands in a layout for every field at once: how far the printer draws the whole sheet aside."""


@dataclass(frozen=True)
class Place:
    """Where one value is printed: `x` from the left edge to its first letter, `y` from the upper edge to the line it
    stands on (its baseline), in millimetres; `size` in points. What is too long gets smaller, then takes the next of
    `lines`, each `pitch` millimetres below the last."""

    name: str
    label: str
    x: float
    y: float
    width: float
    size: float = 13
    lines: int = 1
    pitch: float = 8
    centred: bool = False
    bold: bool = False


@dataclass(frozen=True)
class BlankKind:
    """One kind of stock: `width` and `height` of the sheet as it is laid into the printer, in millimetres. `source` is
    a sentence for the officer who sets the printer: the law, and what of it is not confirmed."""

    key: str
    label: str
    printed_by: str
    width: float
    height: float
    fields: Sequence[Place]
    source: str

    def place(self, name: str) -> Place | None:
        return next((place for place in self.fields if place.name == name), None)


def _person(prefix: str, who: str, *, y: float) -> list[Place]:
    """The five lines of one of the couple (civil-status.md 4.4, lines 4–8)."""
    return [
        Place(f"{prefix}_name", f"Họ, chữ đệm, tên {who}", 78, y, 112, bold=True),
        Place(f"{prefix}_birth", f"Ngày, tháng, năm sinh {who}", 70, y + 9, 120),
        Place(f"{prefix}_ethnicity", f"Dân tộc {who}", 45, y + 18, 50),
        Place(f"{prefix}_nationality", f"Quốc tịch {who}", 122, y + 18, 68),
        Place(f"{prefix}_residence", f"Nơi cư trú {who}", 50, y + 27, 140, lines=2),
        Place(f"{prefix}_document", f"Giấy tờ tùy thân {who}", 60, y + 43, 130, size=12),
    ]


def _parent(prefix: str, who: str, *, y: float) -> list[Place]:
    """The three lines of a parent (civil-status.md 1.5 C, lines 9–14)."""
    return [
        Place(f"{prefix}_name", f"Họ, chữ đệm, tên {who}", 82, y, 108, bold=True),
        Place(f"{prefix}_birth", f"Năm sinh của {who}", 45, y + 8.5, 28),
        Place(f"{prefix}_ethnicity", f"Dân tộc của {who}", 96, y + 8.5, 32),
        Place(f"{prefix}_nationality", f"Quốc tịch của {who}", 152, y + 8.5, 38),
        Place(f"{prefix}_residence", f"Nơi cư trú của {who}", 50, y + 17, 140, size=12),
    ]


_SIGNER = (
    Place("signer_title", "Chức vụ người ký", 110, 246, 80, lines=2, pitch=6, centred=True, bold=True),
    Place("signer_name", "Họ, chữ đệm, tên người ký", 110, 282, 80, centred=True, bold=True),
)

_MARRIAGE = BlankKind(
    key="marriage_certificate",
    label="Giấy chứng nhận kết hôn",
    printed_by="Bộ Tư pháp in, phát hành",
    width=210,
    height=297,
    source="Thông tư 04/2020/TT-BTP: khổ giấy và vị trí các ô chưa đối chiếu với phôi thật.",
    fields=(
        Place("number", "Số", 150, 52, 40),
        *_person("wife", "vợ", y=88),
        *_person("husband", "chồng", y=146),
        Place("registered_at", "Nơi đăng ký kết hôn", 68, 204, 122, size=12, lines=2),
        Place("registered_on", "Ngày, tháng, năm đăng ký", 75, 222, 115),
        *_SIGNER,
    ),
)

_BIRTH = BlankKind(
    key="birth_copy",
    label="Bản sao Giấy khai sinh",
    printed_by="Bộ Tư pháp in, phát hành",
    width=210,
    height=297,
    source="Thông tư 04/2020/TT-BTP: khổ giấy, các ô và vị trí chưa đối chiếu với phôi thật.",
    fields=(
        Place("number", "Số", 150, 44, 40),
        Place("full_name", "Họ, chữ đệm, tên", 65, 74, 125, bold=True),
        Place("birth_date", "Ngày, tháng, năm sinh", 68, 82.5, 45),
        Place("birth_words", "Ngày sinh ghi bằng chữ", 55, 91, 135, size=12),
        Place("sex", "Giới tính", 45, 99.5, 24),
        Place("ethnicity", "Dân tộc", 92, 99.5, 34),
        Place("nationality", "Quốc tịch", 150, 99.5, 40),
        Place("birth_place", "Nơi sinh", 47, 108, 143, size=12),
        Place("home_town", "Quê quán", 48, 116.5, 142, size=12),
        Place("identity_number", "Số định danh cá nhân", 70, 125, 60),
        *_parent("mother", "người mẹ", y=137),
        *_parent("father", "người cha", y=167),
        Place("registered_at", "Đăng ký khai sinh tại", 68, 197, 122, size=12, lines=2),
        Place("entry_number", "Số đăng ký", 45, 213, 40),
        Place("entry_date", "Ngày đăng ký", 105, 213, 85),
        Place("note", "Ghi chú", 45, 222, 145, size=12, lines=2, pitch=7),
        Place("place_and_day", "Nơi và ngày cấp", 105, 238, 85, centred=True),
        *_SIGNER,
    ),
)

_CARD = BlankKind(
    key="disability_card",
    label="Giấy xác nhận khuyết tật",
    printed_by="do thành phố in, cấp cho xã",
    width=98,  # 66 × 98 mm in the circular: it lies in the printer
    height=66,
    source="Thông tư 01/2019 Điều 7 (66 mm × 98 mm): thứ tự dòng và vị trí chưa đối chiếu với phôi thật.",
    fields=(
        Place("full_name", "Họ và tên", 20, 23.5, 74, size=8, bold=True),
        Place("birth_date", "Ngày, tháng, năm sinh", 33, 28, 24, size=8),
        Place("sex", "Giới tính", 74, 28, 20, size=8),
        Place("residence", "Nơi cư trú", 20, 32.5, 74, size=8, lines=2, pitch=3.6),
        Place("types", "Dạng khuyết tật", 27, 40.5, 67, size=8, lines=2, pitch=3.6),
        Place("level", "Mức độ khuyết tật", 30, 48, 40, size=8),
        Place("number", "Số hiệu", 15, 53, 30, size=7.5),
        Place("place_and_day", "Nơi và ngày cấp", 46, 53, 48, size=7.5, centred=True),
        Place("signer_title", "Chức vụ người ký", 50, 56, 40, size=6.5, lines=2, pitch=2.5, centred=True, bold=True),
        Place("signer_name", "Họ và tên người ký", 50, 64.5, 40, size=7.5, centred=True, bold=True),
    ),
)

KINDS: Mapping[str, BlankKind] = {kind.key: kind for kind in (_MARRIAGE, _BIRTH, _CARD)}
