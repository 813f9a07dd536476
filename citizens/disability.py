"""What a disability file says: types, severity, determination, cards, who represents. Plain values, no database.

Sources: Luật Người khuyết tật 51/2010 Điều 3, 19; NĐ 28/2012 Điều 2, 3; TT 01/2019/TT-BLĐTBXH Điều 7–9
(social-affairs.md section 5). Type and level are the council's: they are copied from card to card, never edited.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from citizens.effects import Effect


class DisabilityType(StrEnum):
    """Luật Điều 3 khoản 1; a person may have several."""

    MOVEMENT = "van_dong"
    HEARING_SPEECH = "nghe_noi"
    SIGHT = "nhin"
    MENTAL = "than_kinh_tam_than"
    INTELLECT = "tri_tue"
    OTHER = "khac"

    @property
    def label(self) -> str:
        return TYPE_LABELS[self]


TYPE_LABELS = {
    DisabilityType.MOVEMENT: "Khuyết tật vận động",
    DisabilityType.HEARING_SPEECH: "Khuyết tật nghe, nói",
    DisabilityType.SIGHT: "Khuyết tật nhìn",
    DisabilityType.MENTAL: "Khuyết tật thần kinh, tâm thần",
    DisabilityType.INTELLECT: "Khuyết tật trí tuệ",
    DisabilityType.OTHER: "Khuyết tật khác",
}
"""In the order of the law, which is also the order of the groups 1–6 of Mẫu số 01, part III."""


class Level(StrEnum):
    """Luật Điều 3 khoản 2; exactly one."""

    EXTREME = "dac_biet_nang"
    SEVERE = "nang"
    MILD = "nhe"

    @property
    def label(self) -> str:
        return {Level.EXTREME: "Đặc biệt nặng", Level.SEVERE: "Nặng", Level.MILD: "Nhẹ"}[self]


class Sheet(StrEnum):
    """The sheet the council filled in: for children under 6 years (Mẫu số 02), or for everybody else (Mẫu số 03)."""

    UNDER_6 = "under_6"
    SIX_PLUS = "six_plus"

    @property
    def label(self) -> str:
        return "Phiếu trẻ em dưới 6 tuổi (Mẫu số 02)" if self == Sheet.UNDER_6 else "Phiếu từ đủ 6 tuổi (Mẫu số 03)"


SEVERE_SIGNS = {
    "1.1": "Mềm nhẽo hoặc co cứng toàn thân hoặc liệt toàn thân",
    "1.2": "Thiếu hai tay",
    "1.3": "Thiếu hai chân hoặc liệt hoàn toàn hai chân",
    "1.4": "Thiếu một tay và một chân",
    "1.5": "Mù hai mắt hoặc thiếu hai mắt",
    "1.6": "Liệt hoàn toàn hai tay hoặc liệt nửa người",
    "1.7": "Có kết luận của cơ sở y tế cấp tỉnh trở lên mắc một hoặc nhiều loại bệnh: bệnh bại não, não úng thủy, "
    "tâm thần phân liệt",
}
"""Signs of `đặc biệt nặng` in Mẫu số 02, part IV."""

EXEMPT_SIGNS = frozenset({"1.1", "1.2", "1.5", "1.6", "1.7"})
"""With one of them a card goes on after 6 years of age (TT 01/2019 Điều 8 khoản 2 điểm c); not with 1.3 or 1.4."""


class CardStatus(StrEnum):
    ACTIVE = "active"
    REPLACED = "replaced"
    LOST = "lost"
    REVOKED = "revoked"
    VOID = "void"

    @property
    def label(self) -> str:
        return {
            CardStatus.ACTIVE: "Đang sử dụng",
            CardStatus.REPLACED: "Đã đổi, cấp lại",
            CardStatus.LOST: "Mất",
            CardStatus.REVOKED: "Đã thu hồi",
            CardStatus.VOID: "Cấp sai, đã thay",
        }[self]


class IssueKind(StrEnum):
    """The column `loại cấp` of the register (social-affairs.md 5.6)."""

    NEW = "new"
    EXCHANGE = "exchange"
    REISSUE = "reissue"

    @property
    def label(self) -> str:
        return {IssueKind.NEW: "Cấp mới", IssueKind.EXCHANGE: "Cấp đổi", IssueKind.REISSUE: "Cấp lại"}[self]


class Ground(StrEnum):
    """Why somebody may act for the person by law."""

    PARENT = "parent"
    GUARDIAN = "guardian"

    @property
    def label(self) -> str:
        return "Cha, mẹ của người chưa thành niên" if self == Ground.PARENT else "Người giám hộ theo quyết định"


@dataclass(frozen=True)
class Card:
    """A card as it was issued. `times` counts its reissues: 0 is the first card of the determination.

    `full_name`, `birth_text`, `sex` and `residence` stand as printed on it; empty where nobody has noted them.
    """

    number: str
    issued_on: date
    status: CardStatus
    times: int = 0
    full_name: str = ""
    birth_text: str = ""
    sex: str = ""
    residence: str = ""


@dataclass(frozen=True)
class Representative:
    """Who acts for the person by law, and on what paper."""

    identity_number: str
    full_name: str
    ground: Ground
    paper: str


@dataclass(frozen=True)
class Conclusion:
    """A competent body said in writing that the card is wrong in type or level (Điều 8 khoản 3); open until settled."""

    paper: str
    received_on: date
    settled_on: date | None = None


@dataclass(frozen=True)
class DisabilityFile:
    """The kept file of a determination. What it lacks is empty: `is_complete` says whether a card can rest on it.

    `lines` are the ticked sub-lines of Mẫu số 01, part III.1 (`1.4`), `activities` the column of each of its ten
    activities (one of ABILITIES); empty where the file does not tell. `cards` in the order of their issue.
    """

    types: tuple[DisabilityType, ...]
    level: Level | None
    determined_on: date | None
    decision: str
    sheet: Sheet
    exempt_sign: str = ""
    lines: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    representatives: tuple[Representative, ...] = ()
    conclusions: tuple[Conclusion, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Type, level, decision number and day of the first card are known (rule dis_file_kept)."""
        return bool(self.types and self.level and self.decision and self.cards)

    @property
    def last_card(self) -> Card | None:
        return self.cards[-1] if self.cards else None

    @property
    def first_card(self) -> Card | None:
        return self.cards[0] if self.cards else None

    @property
    def types_text(self) -> str:
        return "; ".join(kind.label for kind in TYPE_LABELS if kind in self.types)

    def open_conclusions(self) -> tuple[Conclusion, ...]:
        return tuple(conclusion for conclusion in self.conclusions if conclusion.settled_on is None)

    def represents(self, identity_number: str, ground: Ground) -> bool:
        return any(row.identity_number == identity_number and row.ground == ground for row in self.representatives)


@dataclass(frozen=True)
class CardIssued(Effect):
    """The signed card is the person's card from now on: the old one is closed as `closes_as`, this one opened with
    the type and level of the file (social-affairs.md 5.6). `document` names the result whose number is the line of the
    register; the other facts stand as printed on the card."""

    document: str
    number: str
    times: int
    kind: IssueKind
    reason: str
    closes_as: CardStatus
    full_name: str
    birth_text: str
    sex: str
    residence: str
    note: str = ""


# --- Mẫu số 01, part III, as printed (social-affairs.md 5.3) ---
LINES: dict[DisabilityType, tuple[str, ...]] = {
    DisabilityType.MOVEMENT: (
        "Mềm nhẽo hoặc co cứng toàn thân",
        "Thiếu tay hoặc không cử động được tay",
        "Thiếu chân hoặc không cử động được chân",
        "Yếu, liệt, teo cơ hoặc hạn chế vận động tay, chân, lưng, cổ",
        "Cong, vẹo, chân tay, lưng, cổ; gù cột sống lưng hoặc dị dạng, biến dạng khác trên cơ thể ở đầu, cổ, lưng, "
        "tay, chân",
        "Có kết luận của cơ sở y tế cấp tỉnh trở lên về suy giảm chức năng vận động",
    ),
    DisabilityType.HEARING_SPEECH: (
        "Không phát ra âm thanh, lời nói",
        "Phát ra âm thanh, lời nói nhưng không rõ tiếng, rõ câu",
        "Không nghe được",
        "Khiếm khuyết hoặc dị dạng cơ quan phát âm ảnh hưởng đến việc phát âm",
        "Khiếm khuyết hoặc dị dạng vành tai hoặc ống tai ngoài ảnh hưởng đến nghe",
        "Có kết luận của cơ sở y tế cấp tỉnh trở lên về suy giảm chức năng nghe, nói",
    ),
    DisabilityType.SIGHT: (
        "Mù một hoặc hai mắt",
        "Thiếu một hoặc hai mắt",
        "Khó khăn khi nhìn hoặc không nhìn thấy các đồ vật",
        "Khó khăn khi phân biệt màu sắc hoặc không phân biệt được các màu sắc",
        "Rung, giật nhãn thị, đục nhân mắt hoặc sẹo loét giác mạc",
        "Bị dị tật, biến dạng ở vùng mắt",
        "Có kết luận của cơ sở y tế cấp tỉnh trở lên về suy giảm chức năng nhìn",
    ),
    DisabilityType.MENTAL: (
        "Thường ngồi một mình, chơi một mình, không bao giờ nói chuyện hoặc quan tâm tới bất kỳ ai",
        "Có những hành vi bất thường như kích động, cáu giận hoặc sợ hãi vô cớ gây ảnh hưởng đến sức khỏe, sự an toàn "
        "của bản thân và người khác",
        "Bất ngờ dừng mọi hoạt động, mắt mở trừng trừng không chớp, co giật chân tay, môi, mặt hoặc bất thình lình "
        "ngã xuống, co giật, sùi bọt mép, gọi hỏi không biết",
        "Bị mất trí nhớ, bỏ nhà đi lang thang",
        "Có kết luận của cơ sở y tế cấp tỉnh trở lên về suy giảm thần kinh, tâm thần",
    ),
    DisabilityType.INTELLECT: (
        "Khó khăn trong việc nhận biết người thân trong gia đình hoặc khó khăn trong giao tiếp với những người xung "
        "quanh so với người cùng lứa tuổi",
        "Chậm chạp, ngờ nghệch hoặc không thể làm được một việc đơn giản (so với tuổi) dù đã được hướng dẫn",
        "Khó khăn trong việc đọc, viết, tính toán và kỹ năng học tập khác so với người cùng tuổi do chậm phát triển "
        "trí tuệ",
        "Có kết luận cơ sở y tế cấp tỉnh trở lên về chậm phát triển trí tuệ",
    ),
    DisabilityType.OTHER: (
        "Có kết luận của cơ sở y tế cấp tỉnh trở lên về bệnh tê bì, mất cảm giác ở tay, chân hoặc sự bất thường của "
        "cơ thể làm giảm khả năng thực hiện các hoạt động; lao động; đọc, viết, tính toán và kỹ năng học tập khác; "
        "sinh hoạt hoặc giao tiếp",
        "Có kết luận của cơ sở y tế cấp tỉnh trở lên về bệnh hô hấp hoặc do bệnh tim mạch hoặc do rối loạn đại, tiểu "
        "tiện mặc dù đã được điều trị liên tục trên 3 tháng, làm giảm khả năng thực hiện các hoạt động; lao động; "
        "đọc, viết, tính toán và kỹ năng học tập khác; sinh hoạt hoặc giao tiếp",
        "Có kết luận của cơ sở y tế cấp tỉnh trở lên về rối loạn phổ tự kỷ hoặc các loại bệnh hiếm",
    ),
}
"""The sub-lines of each group; the number of a line is `group.line`, both from 1."""

ACTIVITIES = (
    "1. Đi lại",
    "2. Ăn, uống",
    "3. Tiểu tiện, đại tiện",
    "4. Vệ sinh cá nhân như đánh răng, rửa mặt, tắm rửa...",
    "5. Mặc, cởi quần áo, giầy dép",
    "6. Nghe và hiểu người khác nói gì",
    "7. Diễn đạt được ý muốn và suy nghĩ của bản thân qua lời nói",
    "8. Làm các việc gia đình như gấp quần áo, quét nhà, rửa bát, nấu cơm phù hợp với độ tuổi; lao động, sản xuất tạo "
    "thu nhập",
    "9. Giao tiếp xã hội, hòa nhập cộng đồng phù hợp với độ tuổi",
    "10. Đọc, viết, tính toán và kỹ năng học tập khác",
)

ABILITIES = {
    "can": "Thực hiện được",
    "with_help": "Thực hiện được nhưng cần trợ giúp",
    "cannot": "Không thực hiện được",
    "unknown": "Không xác định được",
}


def numbered_lines(kind: DisabilityType) -> list[tuple[str, str]]:
    """`[("1.1", "Mềm nhẽo hoặc …"), …]`."""
    group = list(LINES).index(kind) + 1
    return [(f"{group}.{line}", text) for line, text in enumerate(LINES[kind], 1)]


LINE_NUMBERS = tuple(number for kind in LINES for number, _ in numbered_lines(kind))
