"""What the confirmed application and the letter of introduction print, and every line of them that nobody confirmed.

Sources: social-affairs.md 6.3, 6.5. No database.
"""

from __future__ import annotations

from citizens.person import Sex
from procedures.rules import Application
from procedures.rules.martyr import (
    companions_of,
    grave_of,
    martyr_of,
    relation_words,
    supported,
)
from procedures.rules.points import Point

APPLICATION = "Đơn đề nghị thăm viếng mộ liệt sĩ"
LETTER = "Giấy giới thiệu thăm viếng mộ liệt sĩ (Mẫu số 42)"
ORDER_NOT_SEEN = "Chưa đối chiếu với Mẫu số 31 của Nghị định 131/2021."
LETTER_NOT_SEEN = "Chưa đối chiếu với Mẫu số 42 của Nghị định 131/2021: thứ tự và lời văn."
OWN_WORDS = "Lời văn của xã, chưa đối chiếu với mẫu của Hà Nội."


def _point(name: str, place: str, value: str, doubt: str) -> Point:
    return Point(f"martyr_grave_visit.{name}", place, value, doubt)


CODE = _point(
    "local_code",
    "Mã thủ tục trên màn hình",
    "QO-NCC-06",
    "Việc xác nhận nội bộ không có mã quốc gia được biết; 1.010832 là thủ tục thăm viếng mà nó phục vụ "
    "(chưa xác minh). Mã trên màn hình chỉ đổi khi cập nhật phần mềm.",
)
PART_ONE = _point("part_one", f"{APPLICATION}: đề mục 1", "1. Thông tin người đề nghị", ORDER_NOT_SEEN)
PART_TWO = _point("part_two", f"{APPLICATION}: đề mục 2", "2. Thông tin về liệt sĩ", ORDER_NOT_SEEN)
PART_THREE = _point("part_three", f"{APPLICATION}: đề mục 3", "3. Người cùng đi thăm viếng", ORDER_NOT_SEEN)
GRAVE_LINE = _point("grave_line", f"{APPLICATION}: dòng nơi có mộ", "Mộ liệt sĩ hiện an táng tại:", ORDER_NOT_SEEN)
REQUEST = _point(
    "request",
    f"{APPLICATION}: câu đề nghị",
    "Tôi đề nghị được xác nhận và giải quyết việc thăm viếng mộ liệt sĩ nêu trên.",
    ORDER_NOT_SEEN,
)
SUPPORT_LINE = _point(
    "support_line",
    f"{APPLICATION} và {LETTER}: dòng về hỗ trợ, chỉ in khi đề nghị hỗ trợ ({{số}} được điền)",
    "Số người đề nghị hỗ trợ chi phí thăm viếng: {số} người (mỗi năm một lần đối với 01 mộ liệt sĩ).",
    "Mẫu số 31 và 42 có dòng này hay không: chưa đối chiếu.",
)
CONFIRM_HEAD = _point("confirm_head", f"{APPLICATION}: đầu phần xác nhận của xã", "XÁC NHẬN CỦA", OWN_WORDS)
CONFIRM = _point(
    "confirm",
    f"{APPLICATION}: lời xác nhận của xã ({{họ tên}}, {{nơi thường trú}}, {{quan hệ}}, {{liệt sĩ}}, {{nơi quản lý}} "
    "được điền)",
    "Ông (bà) {họ tên} hiện thường trú tại {nơi thường trú} là {quan hệ} của liệt sĩ {liệt sĩ}, hồ sơ liệt sĩ được "
    "quản lý tại {nơi quản lý}.",
    OWN_WORDS,
)
KEPT_HERE = _point("kept_here", f"{APPLICATION}: {{nơi quản lý}} khi hồ sơ ở xã này", "xã", OWN_WORDS)
APPLICATION_SYMBOL = _point("application_symbol", f"{APPLICATION}: ký hiệu sau số", "XN-UBND", OWN_WORDS)
ON_BEHALF = _point(
    "on_behalf",
    f"{APPLICATION} và {LETTER}: dòng trên chức vụ người ký",
    "TM. ỦY BAN NHÂN DÂN",
    "Quy tắc chung về thể thức; chưa xác minh cho hai giấy này.",
)
LETTER_SYMBOL = _point(
    "letter_symbol", f"{LETTER}: ký hiệu sau số", "GGT-UBND", "Ký hiệu của loại giấy giới thiệu chưa xác minh."
)
ADDRESSEE = _point("addressee", f"{LETTER}: Kính gửi ({{nơi}} được điền)", "Ủy ban nhân dân {nơi}", LETTER_NOT_SEEN)
ADDRESSEE_UNNAMED = _point(
    "addressee_unnamed",
    f"{LETTER}: Kính gửi khi chưa rõ tên xã",
    "Ủy ban nhân dân cấp xã nơi quản lý mộ liệt sĩ",
    LETTER_NOT_SEEN,
)
ERRAND = _point("errand", f"{LETTER}: việc đi", "Được thăm viếng phần mộ liệt sĩ:", LETTER_NOT_SEEN)
LETTER_GRAVE = _point("letter_grave", f"{LETTER}: nơi có mộ", "Hiện an táng tại:", LETTER_NOT_SEEN)
LETTER_DEATH = _point("letter_death", f"{LETTER}: nơi hy sinh khi chưa rõ mộ", "Nơi hy sinh:", LETTER_NOT_SEEN)
LETTER_COMPANIONS = _point("letter_companions", f"{LETTER}: trên bảng", "Người cùng đi thăm viếng:", LETTER_NOT_SEEN)
LETTER_CLOSE = _point(
    "letter_close", f"{LETTER}: câu cuối", "Đề nghị quý cơ quan tạo điều kiện giúp đỡ./.", LETTER_NOT_SEEN
)
VALIDITY = _point(
    "validity",
    f"{LETTER}: thời hạn ({{năm}} được điền)",
    "Giấy giới thiệu có giá trị đến hết ngày 31 tháng 12 năm {năm}.",
    "Thời hạn của giấy không thấy ở văn bản nào; một năm dương lịch là quy tắc của xã.",
)
FOOT_HEAD = _point(
    "foot_head",
    f"{LETTER}: phần để trống cho xã nơi có mộ",
    "XÁC NHẬN CỦA ỦY BAN NHÂN DÂN CẤP XÃ NƠI QUẢN LÝ MỘ (HOẶC NƠI LIỆT SĨ HY SINH)",
    LETTER_NOT_SEEN,
)
FOOT = _point(
    "foot",
    f"{LETTER}: lời xác nhận để trống",
    "Ông (bà) có tên trên và những người cùng đi (nếu có) đã đến thăm viếng mộ liệt sĩ ngày …… tháng …… năm ………",
    LETTER_NOT_SEEN,
)

WORDINGS = (
    CODE,
    PART_ONE,
    PART_TWO,
    PART_THREE,
    GRAVE_LINE,
    REQUEST,
    SUPPORT_LINE,
    CONFIRM_HEAD,
    CONFIRM,
    KEPT_HERE,
    APPLICATION_SYMBOL,
    ON_BEHALF,
    LETTER_SYMBOL,
    ADDRESSEE,
    ADDRESSEE_UNNAMED,
    ERRAND,
    LETTER_GRAVE,
    LETTER_DEATH,
    LETTER_COMPANIONS,
    LETTER_CLOSE,
    VALIDITY,
    FOOT_HEAD,
    FOOT,
)

SEX_LABELS = {Sex.MALE: "Nam", Sex.FEMALE: "Nữ", None: ""}


def filled(text: str, **values: object) -> str:
    """`text` with each `{name}` replaced; what an officer wrote in braces and nobody knows stays as it is."""
    for name, value in values.items():
        text = text.replace(f"{{{name.replace('_', ' ')}}}", str(value))
    return text


def common_facts(application: Application) -> dict[str, object]:
    """What both papers print: who asks, for whom, who goes along."""
    person, martyr, grave = application.person, martyr_of(application), grave_of(application)
    assert martyr is not None, "rule grv_martyr_known: nothing is printed without the martyr's file"
    count = supported(application)
    return {
        "applicant": {
            "full_name": person.full_name,
            "birth_text": person.birth_text,
            "sex": SEX_LABELS[person.sex],
            "id_kind": person.id_kind,
            "id_number": person.identity_number,
            "id_issued_on": _day(person.id_issued_on),
            "id_issued_by": person.id_issued_by,
            "address": person.address(application.day),
            "phone": str(application.get("phone")),
            "relation": relation_words(application),
        },
        "martyr": {
            "full_name": martyr.full_name,
            "native_place": martyr.native_place,
            "unit": martyr.unit,
            "rank": martyr.rank,
            "death_text": martyr.death_text,
            "death_place": martyr.death_place,
            "certificate": martyr.certificate_number or martyr.decision,
            "grave": grave.words if grave.is_grave else "",
        },
        "companions": [
            {
                "full_name": companion.full_name,
                "birth_text": companion.birth_text,
                "id_number": companion.identity_number,
                "id_issued_on": _day(companion.id_issued_on),
                "id_issued_by": companion.id_issued_by,
                "relation": companion.relation,
            }
            for companion in companions_of(application)
        ],
        "support_line": filled(SUPPORT_LINE.of(application), số=f"{count:02}") if count else "",
        "on_behalf": ON_BEHALF.of(application),
    }


def application_facts(application: Application) -> dict[str, object]:
    """Paper A: the application with the commune's confirmation."""
    martyr = martyr_of(application)
    assert martyr is not None
    person = application.person
    confirmed = filled(
        CONFIRM.of(application),
        họ_tên=person.full_name,
        nơi_thường_trú=person.address(application.day),
        quan_hệ=_in_sentence(relation_words(application)),
        liệt_sĩ=martyr.full_name,
        nơi_quản_lý=KEPT_HERE.of(application) if martyr.kept_here else martyr.kept_by,
    )
    return common_facts(application) | {
        "part_one": PART_ONE.of(application),
        "part_two": PART_TWO.of(application),
        "part_three": PART_THREE.of(application),
        "grave_line": GRAVE_LINE.of(application),
        "request": REQUEST.of(application),
        "confirm_head": CONFIRM_HEAD.of(application),
        "confirm": confirmed,
        "applied_on": application.day,
    }


def letter_facts(application: Application, *, year: int) -> dict[str, object]:
    """Paper B: the letter of introduction with its empty foot."""
    grave = grave_of(application)
    place = ", ".join(_unit_in_sentence(part) for part in (grave.commune, grave.province) if part)
    return common_facts(application) | {
        "addressee": filled(ADDRESSEE.of(application), nơi=place)
        if grave.commune
        else ADDRESSEE_UNNAMED.of(application),
        "errand": ERRAND.of(application),
        "grave_label": LETTER_GRAVE.of(application),
        "death_label": LETTER_DEATH.of(application),
        "companions_label": LETTER_COMPANIONS.of(application),
        "close": LETTER_CLOSE.of(application),
        "validity": filled(VALIDITY.of(application), năm=year),
        "foot_head": FOOT_HEAD.of(application),
        "foot": FOOT.of(application),
    }


def _day(day: object) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


UNIT_WORDS = ("Xã", "Phường", "Thị trấn", "Đặc khu", "Tỉnh", "Thành phố")


def _unit_in_sentence(unit: str) -> str:
    """`Xã Gio An` within a sentence: `xã Gio An`; a bare name keeps its capital."""
    return _in_sentence(unit) if unit.startswith(UNIT_WORDS) else unit


def _in_sentence(words: str) -> str:
    """`Con đẻ` within a sentence: `con đẻ`."""
    return words[:1].lower() + words[1:]
