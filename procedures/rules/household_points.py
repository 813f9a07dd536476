"""What no source confirms of the poor-household procedure (social-affairs.md 7), and the standards as ruled on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from citizens.households import Standard, standards
from procedures.rules import Application
from procedures.rules.points import Point, Sort


def _yes_no(key: str, place: str, value: str, doubt: str) -> Point:
    return Point(f"poor_household.{key}", place, value, doubt, Sort.YES_NO)


def _text(key: str, place: str, value: str, doubt: str) -> Point:
    return Point(f"poor_household.{key}", place, value, doubt)


NATIONAL_CODE = _text(
    "national_code",
    "Giấy đề nghị: mã thủ tục hành chính",
    "1.011607",
    "Một danh mục năm 2026 còn ghi 1.116214, 1.116215 cho việc công nhận hộ nghèo; chưa rõ mã nào đang dùng.",
)
MEMBER_UNIQUE = _yes_no(
    "member_unique",
    "Điều kiện: thành viên đang được tính trong hộ nghèo, cận nghèo khác",
    "yes",
    "Không thấy văn bản nào quy định; đây là quy tắc của phần mềm.",
)
PERIODIC = _yes_no(
    "periodic_from_september",
    "Giấy hẹn: từ tháng 9, hộ được đưa vào kỳ rà soát định kỳ",
    "yes",
    "Suy ra từ lịch báo cáo (tháng 2–9) và lịch rà soát định kỳ (01/9–14/12); chưa thấy văn bản nói thẳng.",
)
POSTING_DAYS = Point(
    "poor_household.posting_days",
    "Điều kiện: số ngày làm việc phải niêm yết",
    "3",
    "03 ngày làm việc theo thông lệ; quyết định 24/2021 chưa đọc được đến câu này. Ngày lễ do cán bộ trừ.",
    Sort.NUMBER,
)
CITY_PAYER = _text(
    "city_payer",
    "Việc phải làm sau khi ký: hộ chỉ đạt chuẩn của thành phố",
    "Hộ chỉ đạt chuẩn nghèo của thành phố: chuyển danh sách để chi chính sách từ ngân sách thành phố.",
    "Chưa xác minh chính sách nào theo chuẩn nào và ngân sách nào chi.",
)
MONTHLY_REPORT = _text(
    "monthly_report",
    "Việc phải làm sau khi ký: báo cáo tháng",
    "Đưa hộ vào báo cáo biến động hộ nghèo, cận nghèo gửi thành phố trước ngày 05 tháng sau.",
    "Trước 01/7/2025 báo cáo gửi cấp huyện; nay gửi cấp nào chưa xác minh.",
)
REQUEST_SIGNATURE = _text(
    "request_signature",
    "Giấy đề nghị (Mẫu số 01): dòng ký",
    "Người đề nghị",
    "Chưa thấy cuối mẫu chính thức.",
)
DECISION_FORM = Point(
    "poor_household.decision_form",
    "Quyết định công nhận: số mẫu, để trống thì không in",
    "",
    "Có thể là Mẫu số 02 kèm Quyết định 24/2021; chưa thấy mẫu.",
    may_be_empty=True,
)
DECISION_SYMBOL = _text(
    "decision_symbol",
    "Quyết định công nhận: ký hiệu sau số",
    "QĐ-UBND",
    "Theo thể thức Nghị định 30/2020; chưa thấy mẫu.",
)
DECISION_TITLE = _text(
    "decision_title",
    "Quyết định công nhận: trích yếu",
    "Công nhận danh sách hộ nghèo, hộ cận nghèo",
    "Tên mẫu chỉ đọc được trong câu hỏi tìm kiếm, phần sau bị cắt.",
)
DECISION_BASES = (
    _text(
        "decision_basis_1",
        "Quyết định công nhận: căn cứ thứ nhất",
        "Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025",
        "Luật năm 2025 thay luật năm 2015 ghi trên mẫu; ngày của luật chưa đối chiếu.",
    ),
    _text(
        "decision_basis_2",
        "Quyết định công nhận: căn cứ thứ hai",
        "Quyết định số 24/2021/QĐ-TTg ngày 16 tháng 7 năm 2021 của Thủ tướng Chính phủ quy định quy trình rà soát "
        "hộ nghèo, hộ cận nghèo hằng năm và quy trình xác định hộ làm nông nghiệp, lâm nghiệp, ngư nghiệp, diêm nghiệp "
        "có mức sống trung bình giai đoạn 2022 – 2025",
        "Chưa rõ văn bản thay thế cho năm 2026; ngày và tên đầy đủ chưa đối chiếu.",
    ),
    _text(
        "decision_basis_3",
        "Quyết định công nhận: căn cứ thứ ba",
        "kết quả rà soát hộ nghèo, hộ cận nghèo trên địa bàn và đề nghị của Ban Chỉ đạo rà soát cấp xã",
        "Lời văn của phần mềm.",
    ),
)
DECISION_ARTICLES = (
    _text(
        "decision_article_1",
        "Quyết định công nhận: Điều 1",
        "Công nhận hộ nghèo, hộ cận nghèo đối với các hộ gia đình có tên trong danh sách kèm theo Quyết định này.",
        "Lời văn của phần mềm.",
    ),
    _text(
        "decision_article_2",
        "Quyết định công nhận: Điều 2",
        "Quyết định này có hiệu lực kể từ ngày ký.",
        "Lời văn của phần mềm.",
    ),
    _text(
        "decision_article_3",
        "Quyết định công nhận: Điều 3",
        "Ban Chỉ đạo rà soát cấp xã, công chức được giao việc giảm nghèo, Trưởng thôn và các hộ gia đình có tên tại "
        "Điều 1 chịu trách nhiệm thi hành Quyết định này.",
        "Lời văn của phần mềm.",
    ),
)
CERTIFICATE_BASES = (
    _text(
        "certificate_basis_1",
        "Giấy chứng nhận (Mẫu số 03): căn cứ thứ nhất",
        "Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015",
        "Như mẫu đã in; luật này đã được thay năm 2025.",
    ),
    _text(
        "certificate_basis_2",
        "Giấy chứng nhận (Mẫu số 03): căn cứ thứ hai",
        "Luật sửa đổi, bổ sung một số điều của Luật Tổ chức Chính phủ và Luật Tổ chức chính quyền địa phương "
        "ngày 22 tháng 11 năm 2019",
        "Như mẫu đã in; luật này đã được thay năm 2025.",
    ),
    _text(
        "certificate_basis_3",
        "Giấy chứng nhận (Mẫu số 03): căn cứ thứ ba",
        "Nghị định số 07/2021/NĐ-CP ngày 27 tháng 01 năm 2021 của Chính phủ quy định chuẩn nghèo đa chiều giai đoạn "
        "2021 – 2025",
        "Như mẫu đã in; từ 2026 có Nghị định 351/2025/NĐ-CP.",
    ),
)
CERTIFICATE_BASIS_2027 = _text(
    "certificate_basis_2027",
    "Giấy chứng nhận (Mẫu số 03): căn cứ thứ ba, từ năm 2027",
    "Nghị định số 351/2025/NĐ-CP ngày 30 tháng 12 năm 2025 của Chính phủ quy định chuẩn nghèo đa chiều quốc gia "
    "giai đoạn 2026 – 2030",
    "Mẫu mới chưa ban hành; tên nghị định chép từ tin báo.",
)
CERTIFICATE_GRID = _text(
    "certificate_grid",
    "Giấy chứng nhận (Mẫu số 03): lời trong ô của từng năm",
    "Chỉ số thiếu hụt các dịch vụ xã hội cơ bản của hộ",
    "Bản chép lại rất mờ; chưa thấy mẫu chính thức.",
)
CERTIFICATE_CONFIRMS = _text(
    "certificate_confirms",
    "Giấy chứng nhận (Mẫu số 03): dòng xác nhận trong ô của từng năm",
    "Xác nhận của Chủ tịch UBND",
    "Bản chép lại rất mờ; chưa thấy mẫu chính thức.",
)
TWO_CLASSES = _text(
    "two_classes",
    "Quyết định và Giấy chứng nhận: hộ được phân loại theo hai chuẩn",
    "Chuẩn quốc gia: {quốc gia}; chuẩn thành phố: {thành phố}",
    "Mẫu không có dòng này; lời văn của phần mềm, vì mỗi chuẩn mở ra chính sách khác nhau.",
)
CERTIFICATE_NOTES = (
    _text(
        "certificate_note_1",
        "Giấy chứng nhận (Mẫu số 03): ghi chú thứ nhất",
        "Giấy chứng nhận này dùng để xác nhận hộ nghèo, hộ cận nghèo khi thực hiện các chính sách của Nhà nước; được "
        "ký, đóng dấu hằng năm ngay sau khi có kết quả rà soát thì được hưởng chính sách của năm đó.",
        "Chỉ biết ý từ một trang chép sai chữ.",
    ),
    _text(
        "certificate_note_2",
        "Giấy chứng nhận (Mẫu số 03): ghi chú thứ hai",
        "Khi có thay đổi thành viên, hộ gia đình báo cho Ủy ban nhân dân cấp xã kèm giấy tờ hộ tịch để ghi vào mục I.",
        "Chỉ biết ý từ một trang chép sai chữ.",
    ),
)

FIELD_PLACES = {
    "valid_to": "năm cuối cùng được áp dụng",
    "rural_points": "điểm A tương đương mức thu nhập, khu vực nông thôn",
    "urban_points": "điểm A tương đương mức thu nhập, khu vực thành thị",
    "deprivation_points": "điểm B từ đó là hộ nghèo",
    "form_period": "giai đoạn in trên Giấy chứng nhận",
}
FIELD_DOUBTS = {
    "valid_to": "Chưa tìm thấy văn bản kéo dài hoặc thay chuẩn của thành phố cho năm 2026.",
    "rural_points": "Chưa có bảng điểm chính thức; 0 là chưa biết, khi đó tính theo phân loại ghi trên Phiếu B.",
    "urban_points": "Chưa có bảng điểm chính thức; 0 là chưa biết, khi đó tính theo phân loại ghi trên Phiếu B.",
    "deprivation_points": "Chưa đọc được danh mục chỉ số mới; tạm tính 3 chỉ số, mỗi chỉ số 10 điểm.",
    "form_period": "Mẫu in giai đoạn 2022 – 2025; chuẩn đã kéo dài, mẫu có được in lại hay chưa thì chưa rõ.",
}


def _of_standard(standard: Standard, field: str) -> Point:
    value = getattr(standard, field)
    return Point(
        key=f"poverty.{standard.id}_{field}",
        place=f"{standard.name}: {FIELD_PLACES[field]}",
        value=str(value.year) if isinstance(value, date) else str(value),
        doubt=FIELD_DOUBTS[field],
        sort=Sort.TEXT if isinstance(value, str) else Sort.NUMBER,
    )


STANDARD_POINTS: Mapping[tuple[str, str], Point] = {
    (standard.id, field): _of_standard(standard, field) for standard in standards() for field in standard.unconfirmed
}

POINTS = (
    NATIONAL_CODE,
    *STANDARD_POINTS.values(),
    MEMBER_UNIQUE,
    PERIODIC,
    POSTING_DAYS,
    CITY_PAYER,
    MONTHLY_REPORT,
    REQUEST_SIGNATURE,
    DECISION_FORM,
    DECISION_SYMBOL,
    DECISION_TITLE,
    *DECISION_BASES,
    *DECISION_ARTICLES,
    *CERTIFICATE_BASES,
    CERTIFICATE_BASIS_2027,
    CERTIFICATE_GRID,
    CERTIFICATE_CONFIRMS,
    TWO_CLASSES,
    *CERTIFICATE_NOTES,
)


def certificate_bases(standard: Standard) -> tuple[Point, ...]:
    """The laws that the certificate of a period names; the last is that of its standard."""
    return (*CERTIFICATE_BASES[:2], CERTIFICATE_BASES[2] if standard.id == "national_2022" else CERTIFICATE_BASIS_2027)


def standards_of(rulings: Mapping[str, str]) -> tuple[Standard, ...]:
    """The standards with what the commune has ruled on them; `valid_to` is ruled on as a year."""
    return tuple(
        replace(row, **{field: _ruled(row, field, rulings) for field in row.unconfirmed}) for row in standards()
    )


def _ruled(standard: Standard, field: str, rulings: Mapping[str, str]) -> Any:
    point, value = STANDARD_POINTS[standard.id, field], getattr(standard, field)
    said = rulings.get(point.key, point.value)
    if isinstance(value, date):
        return date(int(said), 12, 31)
    return int(said) if isinstance(value, int) else said


def standard_named(application: Application, name: str) -> Standard | None:
    return next((row for row in standards_of(application.rulings) if row.id == name), None)
