"""How a wrong paper is put right, kind by kind: replaced, recalled, or corrected by an official letter. No database.

The one table of it. A kind that is not listed goes by the general rule of Nghị định 30/2020 (one-stop.md G.4): an error
of content is replaced by a document of equal form, an error of form is corrected by official letter, and who issued a
paper may recall it. Papers of civil status have rules of their own (civil-status.md 0.2, 0.9, 2.7, 3.8, 4.6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from procedures.rules.points import Point, Sort


class When(StrEnum):
    """Until when a paper of this kind may be replaced by the commune itself."""

    ALWAYS = "always"
    BEFORE_GIVING_OUT = "before_giving_out"

    @property
    def label(self) -> str:
        return {When.ALWAYS: "Trước và sau khi trả", When.BEFORE_GIVING_OUT: "Chỉ khi chưa trả"}[self]


class Ground(StrEnum):
    """Whose decision takes a paper back; as the check page says it, without number or name."""

    COMMUNE = "commune"
    PROVINCE = "province"
    COURT = "court"

    @property
    def label(self) -> str:
        return GROUND_LABELS[self]


GROUND_LABELS = {
    Ground.COMMUNE: "Quyết định của Chủ tịch Ủy ban nhân dân cấp xã",
    Ground.PROVINCE: "Quyết định của Chủ tịch Ủy ban nhân dân cấp tỉnh",
    Ground.COURT: "Bản án, quyết định của Tòa án",
}


@dataclass(frozen=True)
class Remedy:
    """What may be done about a wrong paper of one kind.

    `recalled_on`: whose decisions recall it once it was given out; before, the leader annuls the result. `instead` says
    where it leads when it may not be replaced, `leads_to` is a procedure of this counter by key. `practice`: a commune
    that rules it "no" replaces before giving out only. `as_one`: all papers of the signature are replaced together.
    `from_first_day`: what it makes true stays true from the day of the first paper.
    """

    replaced: When
    recalled_on: Sequence[Ground]
    source: str
    instead: str = ""
    leads_to: str = ""
    practice: Point | None = None
    as_one: bool = False
    from_first_day: bool = False


# --- what the sources leave open ---
MARITAL_AFTER = Point(
    "correction.marital_after",
    "Giấy xác nhận tình trạng hôn nhân đã trả mà sai nội dung: xã tự thu hồi và cấp lại giấy đúng",
    "yes",
    "NĐ 120/2025: Chủ tịch UBND cấp tỉnh thu hồi giấy tờ hộ tịch cấp sai; chưa rõ sai nội dung thông thường có phải "
    "trình tỉnh. “Không”: sau khi trả chỉ thay khi có quyết định của tỉnh.",
    Sort.YES_NO,
    daily=True,
)
CARD_AFTER = Point(
    "correction.card_after",
    "Giấy xác nhận khuyết tật đã trả mà in sai: thay ngay trên hồ sơ cũ, không phải làm hồ sơ cấp đổi",
    "no",
    "TT 01/2019 Điều 8: giấy sai thông tin thì cấp đổi; chưa rõ lỗi in của xã có phải làm thành thủ tục.",
    Sort.YES_NO,
    daily=True,
)
FEE_AGAIN = Point(
    "correction.fee_again",
    "Giấy đã trả, sai do người dân khai: thu lại phí, lệ phí khi trao giấy thay thế",
    "yes",
    "Sai do cơ quan thì cơ quan chịu (NĐ 61/2018 Điều 21); sai do người khai thì chưa thấy quy định.",
    Sort.YES_NO,
    daily=True,
)
REPLACES = Point(
    "correction.replaces",
    "Giấy thay thế: lời dẫn trước tên, số và ngày của giấy cũ",
    "Thay thế",
    "Chưa có mẫu nào ghi dòng này; theo NĐ 30/2020 văn bản thay thế phải nêu văn bản bị thay.",
)
LETTER_SYMBOL = Point(
    "correction.letter_symbol", "Công văn đính chính: ký hiệu sau số", "UBND", "Từng xã đặt ký hiệu công văn."
)
LETTER_OPENING = Point(
    "correction.letter_opening",
    "Công văn đính chính: câu mở đầu sau tên giấy",
    "có sai sót về thể thức, kỹ thuật trình bày, nay đính chính như sau:",
    "Lời văn của phần mềm theo NĐ 30/2020; chưa có mẫu.",
)
LETTER_CLOSING = Point(
    "correction.letter_closing",
    "Công văn đính chính: câu cuối",
    "Các nội dung khác của giấy nêu trên không thay đổi và giấy vẫn có giá trị. Công văn này đi kèm giấy nêu trên.",
    "Lời văn của phần mềm; chưa có mẫu.",
    may_be_empty=True,
)
RECALL_SYMBOL = Point(
    "correction.recall_symbol", "Thông báo thu hồi, hủy giấy: ký hiệu sau số", "TB-UBND", "Từng xã đặt ký hiệu."
)
RECALL_DUTY = Point(
    "correction.recall_duty",
    "Thông báo thu hồi, hủy giấy: câu về việc nộp lại",
    "Đề nghị người đang giữ giấy nộp lại bản chính, xóa bản điện tử và không sử dụng giấy này nữa.",
    "NĐ 30/2020: nơi nhận bản điện tử bị thu hồi phải hủy và báo lại; lời văn của phần mềm.",
    may_be_empty=True,
)
POINTS = (
    REPLACES,
    LETTER_SYMBOL,
    LETTER_OPENING,
    LETTER_CLOSING,
    RECALL_SYMBOL,
    RECALL_DUTY,
    MARITAL_AFTER,
    CARD_AFTER,
    FEE_AGAIN,
)

# --- the table ---
BOOK_CORRECTION = (
    "Đã trả thì không thay giấy: việc hộ tịch ghi sai được sửa bằng thủ tục cải chính hộ tịch (1.004859), ghi vào sổ"
)

GENERAL = Remedy(
    When.ALWAYS,
    (Ground.COMMUNE, Ground.PROVINCE, Ground.COURT),
    "Nghị định 30/2020/NĐ-CP: sai nội dung thì thay bằng văn bản có hình thức tương đương, sai thể thức thì đính chính "
    "bằng công văn; Nghị định 61/2018/NĐ-CP Điều 21: sai do cơ quan thì cơ quan chịu chi phí.",
)

REMEDIES: dict[str, Remedy] = {
    # civil-status.md 1.7: the copy is cancelled and issued anew; wrong because the book is wrong: the book comes first
    "civil_copy": Remedy(
        When.ALWAYS,
        (Ground.COMMUNE, Ground.PROVINCE, Ground.COURT),
        "Bản sao ghi khác sổ: hủy, cấp bản sao đúng. Sổ ghi sai: cải chính hộ tịch (1.004859) trước, rồi cấp bản sao.",
    ),
    # civil-status.md 2.7: withdraw and issue a corrected one; the province revokes
    "marital_certificate": Remedy(
        When.ALWAYS,
        (Ground.PROVINCE, Ground.COURT),
        "Sai sau khi cấp: thu hồi và cấp giấy đúng; chỉ Chủ tịch UBND cấp tỉnh thu hồi giấy cấp không đúng thẩm quyền, "
        "trái quy định (Nghị định 120/2025/NĐ-CP).",
        instead="Xã đã quyết định không tự thay giấy này sau khi trả: báo cáo Chủ tịch UBND cấp tỉnh thu hồi "
        "(Nghị định 120/2025/NĐ-CP), rồi cấp giấy mới bằng hồ sơ mới.",
        practice=MARITAL_AFTER,
    ),
    # civil-status.md 0.9, 3.8: errors found before the procedure has ended are written anew, later ones corrected
    "death_registration": Remedy(
        When.BEFORE_GIVING_OUT,
        (Ground.COURT, Ground.PROVINCE),
        "Sai phát hiện khi chưa xong thủ tục: hủy giấy sai, ghi lại (Thông tư 04/2020/TT-BTP Điều 34, 35). Đã xong: "
        "chỉ cải chính hộ tịch (Luật Hộ tịch Điều 28; Nghị định 123/2015/NĐ-CP Điều 7 khoản 2).",
        instead=f"{BOOK_CORRECTION}; bản sao cấp sau đó có ghi chú. Đăng ký hai lần: đề nghị tỉnh hủy lần sau.",
        as_one=True,
    ),
    "death_notice": Remedy(
        When.BEFORE_GIVING_OUT,
        (Ground.COURT, Ground.PROVINCE),
        "Trích lục khai tử đã ghi số của giấy báo tử này: hai giấy đi cùng nhau.",
        instead=f"{BOOK_CORRECTION}.",
        as_one=True,
    ),
    # civil-status.md 0.9, 4.6
    "marriage_registration": Remedy(
        When.BEFORE_GIVING_OUT,
        (Ground.COURT, Ground.PROVINCE),
        "Sai phát hiện khi chưa xong thủ tục: hủy giấy sai, ghi lại (Thông tư 04/2020/TT-BTP Điều 34, 35). Đã xong: "
        "chỉ cải chính hộ tịch, ghi vào sổ và vào Giấy chứng nhận kết hôn (Luật Hộ tịch Điều 28 khoản 2).",
        instead=f"{BOOK_CORRECTION} và vào mặt sau Giấy chứng nhận kết hôn. Kết hôn trái pháp luật chỉ Tòa án hủy "
        "(Luật Hôn nhân và gia đình Điều 11).",
        as_one=True,
    ),
    # social-affairs.md 5.1, 5.8: wrong civil data is the very reason `wrong_info` of the exchange
    "disability_card": Remedy(
        When.ALWAYS,
        (Ground.COMMUNE,),
        "Thông tư 01/2019/TT-BLĐTBXH Điều 8: sai thông tin thì cấp đổi; Điều 9: có kết luận sai dạng hoặc mức độ thì "
        "Chủ tịch UBND cấp xã thu hồi trong 05 ngày làm việc.",
        instead="Giấy đã trả: cấp đổi với lý do “sai thông tin”, giấy cũ thu hồi khi trả giấy mới. Không thu phí.",
        leads_to="disability_card",
        practice=CARD_AFTER,
        as_one=True,
    ),
    # social-affairs.md 7.8: nothing is said of errors; the class of the year stays that of its decision
    "poor_household": Remedy(
        When.ALWAYS,
        (Ground.COMMUNE,),
        f"Quyết định 24/2021/QĐ-TTg không nói về giấy cấp sai. {GENERAL.source}",
        from_first_day=True,
    ),
}


def remedy_for(kind: str) -> Remedy:
    """By the key of the document."""
    return REMEDIES.get(kind, GENERAL)


def may_replace(remedy: Remedy, *, given_out: bool, practised: bool) -> bool:
    """`practised`: what the commune rules on `remedy.practice` today."""
    if not given_out:
        return True
    return remedy.replaced == When.ALWAYS and (remedy.practice is None or practised)
