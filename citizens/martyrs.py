"""What a martyr's file says: the fallen, the grave, the relatives, who keeps the altar, earlier visits. No database.

Sources: Pháp lệnh 02/2020/UBTVQH14; NĐ 131/2021/NĐ-CP Điều 155–158; NĐ 75/2021/NĐ-CP Điều 9 khoản 2
(social-affairs.md section 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from citizens.effects import Effect


class Relation(StrEnum):
    """What somebody is to the martyr; the keys of social-affairs.md 6.3, and `khac` for who is none of them."""

    FATHER = "cha_de"
    MOTHER = "me_de"
    WIFE = "vo"
    HUSBAND = "chong"
    CHILD = "con_de"
    ADOPTED_CHILD = "con_nuoi"
    FOSTER = "nguoi_co_cong_nuoi"
    WORSHIP = "tho_cung"
    OTHER = "khac"

    @property
    def label(self) -> str:
        return RELATION_LABELS[self]

    @property
    def is_kin(self) -> bool:
        """Thân nhân liệt sĩ in the sense of the law: brothers, sisters and grandchildren are not (6.2)."""
        return self not in (Relation.WORSHIP, Relation.OTHER)


RELATION_LABELS = {
    Relation.FATHER: "Cha đẻ",
    Relation.MOTHER: "Mẹ đẻ",
    Relation.WIFE: "Vợ",
    Relation.HUSBAND: "Chồng",
    Relation.CHILD: "Con đẻ",
    Relation.ADOPTED_CHILD: "Con nuôi",
    Relation.FOSTER: "Người có công nuôi liệt sĩ",
    Relation.WORSHIP: "Người hưởng trợ cấp thờ cúng liệt sĩ",
    Relation.OTHER: "Quan hệ khác",
}


@dataclass(frozen=True)
class Relative:
    """Somebody named in the file. `relation_text` is the natural relation where the key says too little (`Em trai`)."""

    id: int
    relation: Relation
    full_name: str
    relation_text: str = ""
    birth_text: str = ""
    identity_number: str = ""
    id_issued_on: date | None = None
    id_issued_by: str = ""
    is_alive: bool = True

    @property
    def words(self) -> str:
        return self.relation_text or self.relation.label


@dataclass(frozen=True)
class Worship:
    """Who holds the worship allowance of this martyr now, and by which decision."""

    full_name: str
    decision: str
    decided_on: date | None = None
    identity_number: str = ""
    relation_text: str = ""

    @property
    def words(self) -> str:
        return self.relation_text or Relation.WORSHIP.label


@dataclass(frozen=True)
class Visit:
    """A visit once granted. `supported` counts the people whose travel is paid; one that did not happen is `unused`."""

    on: date
    place: str
    persons: tuple[str, ...] = ()
    supported: int = 0
    unused: bool = False

    @property
    def counts(self) -> bool:
        return self.supported > 0 and not self.unused


@dataclass(frozen=True)
class MartyrFile:
    """One martyr as the file says. Texts stand as written there; `death_text` may be a year alone.

    `kept_by`: the commune that manages the original file, as printed; `kept_here` whether that is the commune that
    asks. `death_place_paper` is what the place of death is known from: an extract of the file, Mẫu số 44.
    """

    id: int
    full_name: str
    native_place: str = ""
    unit: str = ""
    rank: str = ""
    death_text: str = ""
    death_place: str = ""
    death_place_paper: str = ""
    died_in_country: bool = True
    certificate_number: str = ""
    decision: str = ""
    cemetery: str = ""
    grave_commune: str = ""
    grave_province: str = ""
    grave_location: str = ""
    in_cemetery_list: bool = False
    kept_here: bool = True
    kept_by: str = ""
    relatives: tuple[Relative, ...] = ()
    worship: Worship | None = None
    visits: tuple[Visit, ...] = ()

    def relative(self, identity_number: str) -> Relative | None:
        """The entry of that person; one of kin before one that is not."""
        if not identity_number:
            return None
        found = [relative for relative in self.relatives if relative.identity_number == identity_number]
        return next((relative for relative in found if relative.relation.is_kin), found[0] if found else None)

    def concerns(self, identity_number: str) -> bool:
        holds = self.worship is not None and self.worship.identity_number == identity_number
        return bool(identity_number) and (holds or self.relative(identity_number) is not None)

    @property
    def title(self) -> str:
        """What tells this file from another of the same name."""
        parts = [
            self.full_name,
            self.native_place and f"quê {self.native_place}",
            self.death_text and f"hy sinh {self.death_text}",
            self.certificate_number and f"Bằng số {self.certificate_number}",
        ]
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True)
class SupportRate:
    """What is paid for a kilometre, one way, and a person from a day on, in đồng."""

    valid_from: date
    amount: int
    source: str


SUPPORT_RATES = (SupportRate(date(2021, 9, 15), 3_000, "Nghị định 75/2021/NĐ-CP Điều 9 khoản 2"),)
"""The Ministry answered that the distance counts once, not both ways (social-affairs.md 6.2)."""


def support(kilometres: int, persons: int, *, on: date) -> int:
    """The amount of support in đồng for a visit granted on that day: rate × kilometres one way × persons."""
    rates = [rate for rate in SUPPORT_RATES if rate.valid_from <= on] or list(SUPPORT_RATES[:1])
    return rates[-1].amount * kilometres * persons


@dataclass(frozen=True)
class GraveVisitGranted(Effect):
    """A visit enters the martyr's file and the book of 6.6. `application` and `letter` name the results signed, if any.

    `persons` are all who go, the applicant first; `supported` of them are paid for.
    """

    martyr: int
    relation: str
    place: str
    persons: tuple[str, ...]
    supported: int
    application: str = ""
    letter: str = ""
