"""The made-up people of examples: everybody may use their names and numbers, nobody bears them."""

from __future__ import annotations

from datetime import date

from citizens.person import Person, Residence, ResidenceKind, Sex

HOME = "Thôn 1, Xã Quốc Oai, Thành phố Hà Nội"


def someone(number: str, name: str, born: date, *, at_home_since: date | None = None, **facts: object) -> Person:
    """Level 2, synced, at home in the commune since birth, single: every rule lets such a person through."""
    known: dict[str, object] = {
        "identity_number": number,
        "full_name": name,
        "sex": Sex.FEMALE if int(number[3]) % 2 else Sex.MALE,
        "birth_date": born,
        "birth_text": f"{born:%d/%m/%Y}",
        "ethnicity": "Kinh",
        "nationality": "Việt Nam",
        "id_document": f"Căn cước công dân số {number} do Cục Cảnh sát QLHC về TTXH cấp ngày 22/06/2021",
        "id_document_valid": True,
        "eid_level": 2,
        "portal_synced_on": date(2025, 9, 1),
        "residences": (Residence(ResidenceKind.PERMANENT, HOME, here=True, since=at_home_since or born),),
    }
    return Person(**known | facts)  # type: ignore[arg-type]


WOMAN = someone("001192000000", "Trần Thị Thử", date(1992, 9, 17))
MAN = someone("001085000000", "Nguyễn Văn Mẫu", date(1985, 3, 5))
