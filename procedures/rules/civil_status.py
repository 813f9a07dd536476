"""Rules that every civil-status procedure runs (civil-status.md 0.15), and those of the paperless pilot."""

from __future__ import annotations

from datetime import date

from citizens.identity_number import doubts
from procedures.rules import Answer, Application, Kind, Rule, yes

NEW_LAW = date(2027, 3, 1)
"""Luật Hộ tịch 03/2026/QH16 replaces the law of 2014 (civil-status.md section 7, known from summaries)."""

CIVIL_REFUSAL = "khoản 2 Điều 5 Luật Hộ tịch năm 2014"

# --- the paperless service: who qualifies ---
PAPERLESS = (
    Rule(
        "pilot_level_two",
        Kind.REDIRECT,
        "Có tài khoản định danh điện tử mức độ 2",
        "Công dân chưa có định danh điện tử mức độ 2. Hướng dẫn đăng ký tại công an xã, "
        "hoặc nhận hồ sơ theo cách thông thường.",
        "Đề án “thủ tục hành chính không giấy tờ”",
        lambda application: yes(application.person.eid_level >= 2),
    ),
    Rule(
        "pilot_data_synced",
        Kind.REDIRECT,
        "Dữ liệu đã đồng bộ với Cổng Dịch vụ công quốc gia",
        "Dữ liệu của công dân chưa đồng bộ với Cổng Dịch vụ công quốc gia. Đồng bộ trước, "
        "hoặc nhận hồ sơ theo cách thông thường.",
        "Đề án “thủ tục hành chính không giấy tờ”",
        lambda application: yes(application.person.portal_synced_on is not None),
    ),
)


def _identified(_: Application) -> Answer:
    return Answer.OFFICER


def _document_valid(application: Application) -> Answer:
    match application.person.id_document_valid:
        case True:
            return Answer.YES
        case False:
            return Answer.NO
        case None:
            # the officer answers for the card as a whole in cs_applicant_identified: one look, one key
            return Answer.NOT_ASKED


def _consistent(application: Application) -> Answer:
    person = application.person
    found = doubts(person.identity_number, sex=person.sex, birth_date=person.birth_date)
    return Answer.OFFICER if found or person.birth_date is None else Answer.YES


def _capacity(application: Application) -> Answer:
    age = application.person.age_on(application.at.date())
    if age is None:
        return Answer.OFFICER
    return yes(age >= 18 or application.get("capacity") == "legal_representative")


def _proxy(application: Application) -> Answer:
    if application.get("capacity") not in ("proxy_close_relative", "proxy_other"):
        return Answer.NOT_ASKED
    return Answer.OFFICER if application.get("authorisation") else Answer.NO


def _forged(application: Application) -> Answer:
    shows_papers = application.get("capacity") in ("proxy_close_relative", "proxy_other", "legal_representative")
    return Answer.OFFICER if shows_papers else Answer.NOT_ASKED


def _fee(application: Application) -> Answer:
    if "fee" not in application.answers:
        return Answer.NOT_ASKED
    return yes(application.get("fee") != "unpaid")


CIVIL_STATUS = (
    Rule(
        "cs_applicant_identified",
        Kind.COMPLETE,
        "Đúng người, đúng giấy tờ còn giá trị",
        "Chưa xác thực được nhân thân người yêu cầu. Đề nghị xuất trình thẻ căn cước, căn cước điện tử trên VNeID, "
        "hộ chiếu hoặc giấy tờ tùy thân khác có ảnh, còn giá trị sử dụng.",
        "Luật Hộ tịch Điều 9 khoản 2; NĐ 123/2015 Điều 2 khoản 1 (sửa đổi 2026)",
        _identified,
        question="Đã xem thẻ (hoặc căn cước điện tử): còn hạn và đúng người trước mặt?",
    ),
    Rule(
        "cs_id_document_valid",
        Kind.COMPLETE,
        "Giấy tờ tùy thân còn giá trị",
        "Chứng minh nhân dân hoặc giấy tờ đã hết hạn không còn giá trị sử dụng. "
        "Đề nghị dùng thẻ căn cước, căn cước điện tử hoặc hộ chiếu.",
        "Luật Căn cước 2023 Điều 46",
        _document_valid,
    ),
    Rule(
        "cs_identity_data_consistent",
        Kind.VERIFY,
        "Thông tin nhân thân thống nhất",
        "Thông tin nhân thân chưa thống nhất giữa giấy tờ tùy thân và dữ liệu hộ tịch. "
        "Cần đối chiếu, cập nhật hoặc cải chính trước khi giải quyết.",
        "Luật Hộ tịch Điều 60 khoản 2; NQ 66.7/2025/NQ-CP",
        _consistent,
        question="Số định danh, ngày sinh, giới tính lệch nhau: đã đối chiếu giấy tờ gốc và thấy đúng?",
    ),
    Rule(
        "cs_applicant_capacity",
        Kind.REFUSE,
        "Người yêu cầu có đủ năng lực",
        "Người chưa thành niên hoặc người mất năng lực hành vi dân sự phải yêu cầu thông qua "
        "người đại diện theo pháp luật.",
        "Luật Hộ tịch Điều 6 khoản 3",
        _capacity,
        question="Không rõ ngày sinh: người yêu cầu đã đủ 18 tuổi và có đủ năng lực?",
    ),
    Rule(
        "cs_proxy_document",
        Kind.COMPLETE,
        "Văn bản ủy quyền",
        "Thiếu văn bản ủy quyền hợp lệ. Văn bản ủy quyền phải được chứng thực, trừ khi người được ủy quyền là ông, bà, "
        "cha, mẹ, con, vợ, chồng, anh, chị, em ruột.",
        "TT 04/2020/TT-BTP Điều 2",
        _proxy,
        question="Đã xem văn bản ủy quyền: hợp lệ (chứng thực nếu không phải người thân)?",
    ),
    Rule(
        "cs_subject_alive",
        Kind.REFUSE,
        "Chưa có đăng ký khai tử",
        "Dữ liệu hộ tịch đã khóa do người này đã được đăng ký khai tử.",
        "Luật Hộ tịch Điều 34 khoản 2",
        lambda application: yes(application.person.deceased_on is None),
    ),
    Rule(
        "cs_officer_not_related",
        Kind.REDIRECT,
        "Cán bộ không phải người thân thích",
        "Người có thẩm quyền không được giải quyết việc hộ tịch cho bản thân hoặc người thân thích. "
        "Đề nghị chuyển người khác giải quyết.",
        "Luật Hộ tịch Điều 12 khoản 1 điểm h",
        lambda application: (
            Answer.NO if application.person.identity_number == application.officer_number else Answer.OFFICER
        ),
        question="Tôi không phải là người này hay người thân thích của người này?",
    ),
    Rule(
        "cs_no_forged_papers",
        Kind.REFUSE,
        "Giấy tờ không bị tẩy xóa, làm giả",
        "Giấy tờ nộp hoặc xuất trình bị tẩy xóa, sửa chữa hoặc làm giả; từ chối giải quyết.",
        "Luật Hộ tịch Điều 12",
        _forged,
        question="Giấy tờ xuất trình không bị tẩy xóa, sửa chữa, làm giả?",
    ),
    Rule(
        "cs_fee_settled",
        Kind.COMPLETE,
        "Phí, lệ phí",
        "Chưa nộp phí, lệ phí hoặc chưa ghi nhận căn cứ miễn.",
        "Luật Hộ tịch Điều 11",
        _fee,
    ),
    Rule(
        "cs_no_open_duplicate",
        Kind.WARN,
        "Không có hồ sơ trùng",
        "Đã có hồ sơ đang xử lý cho người này.",
        "Quy tắc của hệ thống",
        lambda application: yes(not application.open_cases),
        question="Đã biết và vẫn tiếp nhận?",
    ),
    Rule(
        "cs_book_open",
        Kind.COMPLETE,
        "Sổ hộ tịch năm nay đang mở",
        "Chưa mở Sổ hộ tịch năm nay. Đề nghị công chức mở sổ trước khi ghi.",
        "NĐ 123/2015 Điều 11; TT 04/2020/TT-BTP Điều 29",
        lambda application: yes(application.book_is_open),
    ),
)
"""`cs_declaration_confirmed` is not here: the declaration is confirmed on the check page, before receipt."""
