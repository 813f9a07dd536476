"""Unconfirmed points of the house: the frame of its papers, the slips of the counter, the letter of refusal, practices.

A commune rules on them like on those of a procedure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from procedures.catalogue import Procedure, catalogue
from procedures.rules import Application, book_points, public_points, remedies
from procedures.rules.points import Point, Sort
from procedures.wordings import fee_slip

# --- practices: they go by today ---
STOCK_LOW = Point(
    key="stock.low",
    place="Kho phôi: báo sắp hết khi còn không quá số này",
    value="20",
    doubt="Không có quy định; từng xã đặt theo thời gian chờ cấp phôi.",
    sort=Sort.NUMBER,
    daily=True,
)

NOTICE_WAITS = Point(
    key="notice.waits",
    place="Báo công dân đã có kết quả: đợi bao nhiêu phút sau khi ký",
    value="15",
    doubt="Người chờ tại quầy nhận ngay, không cần tin nhắn; xã tự đặt.",
    sort=Sort.NUMBER,
    daily=True,
)
NOTICE_FROM = Point(
    key="notice.from",
    place="Báo công dân: từ mấy giờ sáng",
    value="7",
    doubt="Không có quy định; không nhắn ban đêm.",
    sort=Sort.NUMBER,
    daily=True,
)
NOTICE_UNTIL = Point(
    key="notice.until",
    place="Báo công dân: đến mấy giờ tối",
    value="20",
    doubt="Không có quy định; không nhắn ban đêm.",
    sort=Sort.NUMBER,
    daily=True,
)
DATA_ANSWER_DAYS = Point(
    key="own_data.days",
    place="Yêu cầu “xã giữ gì về tôi”: trả lời trong số ngày làm việc",
    value="2",
    doubt="Hai ngày làm việc theo bản tóm tắt Nghị định 356/2025/NĐ-CP; chưa đọc được nguyên văn.",
    sort=Sort.NUMBER,
    daily=True,
)


def bridge_point(procedure: Procedure) -> Point:
    """Whether a result of `procedure` is given out only after the Ministry's software has given its number and code."""
    return Point(
        key=f"bridge.{procedure.key}",
        place=f"{procedure.name}: trả kết quả sau khi có số và mã của phần mềm hộ tịch dùng chung",
        value="yes",
        doubt="Nghị định 87/2020 Điều 24 buộc dùng phần mềm chung, không nói rõ kết quả nào phải chờ.",
        sort=Sort.YES_NO,
        daily=True,
    )


def digital_point(kind: str, name: str) -> Point:
    """Whether results of that kind are signed digitally; on pre-printed stock they never are (decisions.md 7)."""
    return Point(
        key=f"digital.{kind}",
        place=f"{name}: ký số (“Không”: ký tay, đóng dấu)",
        value="no",
        doubt="Chưa rõ xã đã được cấp chứng thư số và loại giấy này đã được ký số hay chưa.",
        sort=Sort.YES_NO,
        daily=True,
    )


# --- the frame of results (civil-status.md 0.13) ---
SUPERIOR_LINE = Point(
    "paper.superior_line",
    "Giấy tờ hộ tịch: dòng cơ quan cấp trên, trên tên UBND xã",
    "yes",
    "Mẫu 2020 có ba dòng (tỉnh, huyện, xã); cách ghi hai dòng từ 01/07/2025 chưa đối chiếu.",
    Sort.YES_NO,
)
KT_LINE = Point(
    "paper.kt_line",
    "Giấy tờ hộ tịch: dòng “KT. CHỦ TỊCH” khi Phó Chủ tịch ký",
    "yes",
    "Nghị định 30/2020 ghi “KT.”; riêng giấy tờ hộ tịch chưa thấy mẫu. “Không”: chỉ ghi “PHÓ CHỦ TỊCH”.",
    Sort.YES_NO,
)
HOW_TO_SIGN = Point(
    "paper.how_to_sign",
    "Giấy tờ hộ tịch: dòng nghiêng “(Ký, ghi rõ họ, chữ đệm, tên, chức vụ và đóng dấu)”",
    "yes",
    "Là lời dặn trên mẫu trống; khi in từ máy chưa rõ có giữ hay không.",
    Sort.YES_NO,
)
FRAME = (SUPERIOR_LINE, KT_LINE, HOW_TO_SIGN)

# --- the letter of refusal, for which no form is prescribed (civil-status.md 0.7) ---
COMPLAINT = Point(
    "refusal.complaint",
    "Văn bản từ chối giải quyết hồ sơ: câu về quyền khiếu nại, khởi kiện",
    "Nếu không đồng ý với nội dung trả lời này, Ông/Bà có quyền khiếu nại theo Luật Khiếu nại hoặc khởi kiện theo "
    "Luật Tố tụng hành chính.",
    "Lời văn của phần mềm, chưa có mẫu.",
    may_be_empty=True,
)

REFUSAL_BASIS_2027 = Point(
    "refusal.basis_2027",
    "Văn bản từ chối giải quyết việc hộ tịch (hồ sơ nhận từ 01/03/2027): căn cứ",
    "Luật Hộ tịch số 03/2026/QH16",
    "Chưa đọc được toàn văn luật mới nên chưa biết điều, khoản.",
)

# --- slips of the 2025 set (one-stop.md B), by kind; the rest of each key is its name in `words` ---
_NOT_SEEN = "Chưa thấy bố cục Mẫu số 05; lời văn theo các thông tin phải có."
A5 = Point(
    "slip.a5",
    "Các phiếu của quầy: khổ giấy A5",
    "yes",
    "Bộ phiếu 2018 in khổ A5, bộ 2025 chưa rõ. “Không”: in khổ A4.",
    Sort.YES_NO,
)
SET_2018 = Point(
    "slip.set_2018",
    "Các phiếu của quầy và sổ theo dõi hồ sơ: in theo bộ mẫu 2018 (Thông tư 01/2018/TT-VPCP)",
    "no",
    "Bộ 2025 (Thông tư 03/2025/TT-VPCP) đang áp dụng; có nơi còn in bộ 2018. Hồ sơ đang mở giữ bộ của ngày nhận, "
    "phiếu đã in không đổi.",
    Sort.YES_NO,
)
STOP_SYMBOL = Point("slip_stop.symbol", "Mẫu số 05, ký hiệu sau số và năm", "TBD-TTPVHCC", _NOT_SEEN)
SLIPS: Mapping[str, Sequence[Point]] = {
    "receipt": (
        Point(
            "slip_receipt.on_behalf",
            "Mẫu số 01, dòng người ủy quyền: lời dẫn",
            "Theo ủy quyền của Ông (Bà)/Tổ chức",
            "Mẫu 2025 có dòng này, chưa đọc được nguyên văn.",
        ),
        Point(
            "slip_receipt.fee_line",
            "Mẫu số 01, dòng “Phí, lệ phí”",
            "yes",
            "Không có trong mẫu; nhiều nơi in thêm.",
            Sort.YES_NO,
        ),
    ),
    "supplement": (
        Point(
            "slip_supplement.reason",
            "Mẫu số 02, sau “Lý do:”",
            "hồ sơ chưa đủ căn cứ để giải quyết. Thời gian công dân bổ sung không tính vào thời hạn giải quyết.",
            "Lời văn của phần mềm; mẫu để trống.",
        ),
    ),
    "apology": (
        Point(
            "slip_apology.sorry",
            "Mẫu số 04, câu xin lỗi",
            "Sự chậm trễ này đã gây phiền hà, tốn kém chi phí, công sức của Ông/Bà.",
            "Biết nội dung câu này, chưa đọc được nguyên văn.",
        ),
        Point(
            "slip_apology.closing",
            "Mẫu số 04, câu cuối",
            "Mong nhận được sự thông cảm của Ông/Bà vì sự chậm trễ này./.",
            "Biết nội dung câu này, chưa đọc được nguyên văn.",
        ),
        Point(
            "slip_apology.title_line",
            "Mẫu số 04, dòng chức vụ (CHỦ TỊCH …) dưới “THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ”",
            "yes",
            "Mẫu chỉ có dòng thứ nhất; chưa rõ có ghi thêm chức vụ.",
            Sort.YES_NO,
        ),
    ),
    "stop": (
        STOP_SYMBOL,
        Point("slip_stop.asked", "Mẫu số 05, dừng do công dân rút", "Theo đề nghị của người nộp hồ sơ", _NOT_SEEN),
        Point("slip_stop.by_law", "Mẫu số 05, dừng do căn cứ không còn", "Theo quy định", _NOT_SEEN),
        Point("slip_stop.reached", "Mẫu số 05, dòng đã đến bước nào", "Hồ sơ đang ở bước", _NOT_SEEN),
        Point("slip_stop.given_back", "Mẫu số 05, dòng giấy tờ trả lại", "Giấy tờ trả lại người nộp", _NOT_SEEN),
        Point("slip_stop.refund", "Mẫu số 05, dòng tiền hoàn lại", "Phí, lệ phí hoàn lại", _NOT_SEEN),
        Point("slip_stop.closing", "Mẫu số 05, câu cuối", "Xin thông báo cho Ông/Bà được biết./.", _NOT_SEEN),
        Point("slip_stop.signer", "Mẫu số 05, dòng trên chữ ký bên phải", "NGƯỜI THÔNG BÁO", _NOT_SEEN),
        Point(
            "slip_stop.applicant_signs", "Mẫu số 05, chữ ký của người nộp hồ sơ bên trái", "yes", _NOT_SEEN, Sort.YES_NO
        ),
    ),
    "fee": fee_slip.POINTS,
}

# --- slips of the 2018 set (Thông tư 01/2018/TT-VPCP), for communes that rule it (decisions.md 2) ---
SLIPS_2018: Mapping[str, Sequence[Point]] = {
    "receipt": (
        Point("slip_2018_receipt.symbol_2018", "Bộ 2018, Mẫu số 01: ký hiệu sau số", "TNHS", "Chưa đối chiếu với mẫu."),
        Point(
            "slip_2018_receipt.note_2018",
            "Bộ 2018, Mẫu số 01: lời ghi chú cuối giấy",
            "Giấy này lập thành 02 liên: một liên chuyển kèm theo Phiếu kiểm soát quá trình giải quyết hồ sơ, một liên "
            "giao người nộp hồ sơ. Người nộp hồ sơ có thể đăng ký nhận kết quả qua dịch vụ bưu chính công ích.",
            "Biết nội dung ghi chú, chưa đọc được nguyên văn.",
            may_be_empty=True,
        ),
    ),
    "supplement": (
        Point(
            "slip_2018_supplement.of_whom_2018",
            "Bộ 2018, Mẫu số 02: lời trước họ tên",
            "Tiếp nhận hồ sơ/yêu cầu của Ông/Bà",
            "Theo giấy đang in ở các nơi, chưa đối chiếu với mẫu.",
        ),
    ),
    "rejection": (
        Point(
            "slip_2018_rejection.symbol_2018",
            "Bộ 2018, Mẫu số 03: ký hiệu sau số",
            "TCHS",
            "Chưa thấy ký hiệu trong nguồn nào; đặt theo tên phiếu.",
        ),
    ),
    "apology": (
        Point(
            "slip_2018_apology.sent_to_2018",
            "Bộ 2018, Mẫu số 04: “Nơi nhận”, mỗi nơi cách nhau dấu chấm phẩy",
            "Như trên; Lưu: VT",
            "Giấy đang in có mục này, chưa rõ ghi những nơi nào.",
        ),
    ),
    "stop": (
        Point(
            "slip_2018_stop.title_2018",
            "Bộ 2018, khi dừng giải quyết: tên giấy in thay Mẫu số 05",
            "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ",
            "Bộ 2018 không có mẫu thông báo dừng; in một thông báo thường với đủ thông tin.",
        ),
        Point(
            "slip_2018_stop.symbol_2018",
            "Bộ 2018, khi dừng giải quyết: ký hiệu sau số",
            "TB-BPTNTKQ",
            "Bộ 2018 không có mẫu thông báo dừng.",
        ),
    ),
    "control": (
        Point(
            "slip_2018_control.symbol_2018",
            "Bộ 2018, Mẫu số 05 (phiếu kiểm soát): ký hiệu sau số",
            "PKS",
            "Chưa đối chiếu với mẫu.",
        ),
    ),
}

# --- the register of cases (one-stop.md B.8) ---
MONTHLY_VOLUMES = Point(
    key="register.monthly_volumes",
    place="Sổ theo dõi hồ sơ: mỗi tháng một quyển",
    value="yes",
    doubt="Thông tư 01/2018 Điều 10: sổ mở theo năm, số thứ tự chạy đến hết năm và chuyển sang quyển sau; không nói "
    "khi nào sang quyển. “Không”: cả năm một quyển.",
    sort=Sort.YES_NO,
    daily=True,
)

# --- scoring of Thông tư 01/2018 (one-stop.md H.2) ---
EARLY_IS_BETTER = Point(
    key="score.early_is_better",
    place="Chấm điểm theo TT 01/2018: trả trước hạn được 2 điểm, đúng hạn 1 điểm",
    value="yes",
    doubt="Chưa đối chiếu mức điểm từng mục. “Không”: trước hạn và đúng hạn đều 2 điểm.",
    sort=Sort.YES_NO,
    daily=True,
)


REFUSALS_DIGITAL = digital_point("refusal", "Văn bản từ chối giải quyết hồ sơ")


def words(kind: str, application: Application) -> dict[str, object]:
    """What the points of a slip say: texts by the name after the dot, yes and no as true and false."""
    return {
        point.key.partition(".")[2]: point.is_on(application) if point.sort == Sort.YES_NO else point.of(application)
        for point in (*SLIPS.get(kind, ()), *SLIPS_2018.get(kind, ()))
    }


def house_groups() -> Sequence[tuple[str, Sequence[Point]]]:
    """Heading and points, in the order of the list."""
    # those of the bridge for the procedures that have one
    bridged = (procedure for procedure in catalogue() if type(procedure).bridge is not Procedure.bridge)
    return (
        ("Khung giấy tờ và văn bản từ chối", (*FRAME, COMPLAINT, REFUSAL_BASIS_2027)),
        ("Phiếu của quầy", (A5, *(point for points in SLIPS.values() for point in points))),
        ("Phiếu của quầy, bộ mẫu 2018", (SET_2018, *(point for points in SLIPS_2018.values() for point in points))),
        ("Sửa, thay, thu hồi giấy đã cấp", remedies.POINTS),
        (
            "Ký số hay ký tay",
            (*(digital_point(procedure.key, procedure.name) for procedure in catalogue()), REFUSALS_DIGITAL),
        ),
        ("Khóa sổ", book_points.BOOKS),
        ("Trang công khai và tờ niêm yết", public_points.PUBLIC),
        (
            "Nếp làm việc của xã",
            (
                STOCK_LOW,
                MONTHLY_VOLUMES,
                EARLY_IS_BETTER,
                NOTICE_WAITS,
                NOTICE_FROM,
                NOTICE_UNTIL,
                DATA_ANSWER_DAYS,
                *(bridge_point(procedure) for procedure in bridged),
            ),
        ),
    )


def house_points() -> Sequence[Point]:
    """To be listed beside the points of the procedures."""
    return [point for _, points in house_groups() for point in points]


def all_points() -> dict[str, Point]:
    """Every point of the house and of each procedure, by key."""
    points = [*house_points(), *(point for procedure in catalogue() for point in procedure.points)]
    return {point.key: point for point in points}
