"""The rules of the marital-status certificate: one function per id of civil-status.md 2.3. No database."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any

from citizens.person import Ending, MaritalStatus, Marriage, Person, ResidenceKind, Sex
from procedures.rules import Answer, Application, Kind, Rule, softened, yes
from procedures.rules.civil_status import NEW_LAW

MARRIAGE_AGE = {Sex.MALE: 20, Sex.FEMALE: 18}  # Luật Hôn nhân và gia đình 2014 Điều 8 khoản 1

DECLARED_FOR = {
    MaritalStatus.SINGLE: "single",
    MaritalStatus.MARRIED: "married",
    MaritalStatus.MARRIED_DE_FACTO: "married",
    MaritalStatus.DIVORCED: "divorced",
    MaritalStatus.WIDOWED: "widowed",
}
"""The option of the national e-form that each status on record answers to."""


def marries(application: Application) -> bool:
    return bool(application.get("purpose_kind") == "marry")


def _adult_since(person: Person) -> date | None:
    """The day the person reached marriage age; None where birth or sex is unknown."""
    if person.birth_date is None or person.sex is None:
        return None
    born = person.birth_date
    year = born.year + MARRIAGE_AGE[person.sex]
    day = min(born.day, calendar.monthrange(year, born.month)[1])
    return date(year, born.month, day)


def has_valid_certificate(person: Person, on: date) -> bool:
    return any(certificate.valid_on(on) for certificate in person.certificates)


def _resides_here(application: Application) -> Answer:
    today = application.at.date()
    permanent = application.person.permanent_residence(today)
    temporary = application.person.temporary_residence(today)
    if permanent is not None and not permanent.here and temporary is not None and temporary.here:
        return Answer.NOT_ASKED  # mar_temporary_residence_choice speaks
    place = permanent or temporary
    return yes(place is not None and place.here)


def _temporary_choice(application: Application) -> Answer:
    today = application.at.date()
    permanent = application.person.permanent_residence(today)
    temporary = application.person.temporary_residence(today)
    asks = permanent is not None and not permanent.here and temporary is not None and temporary.here
    return Answer.NO if asks else Answer.NOT_ASKED


def _status_found(application: Application) -> Answer:
    return yes(application.person.portal_synced_on is not None)


def _declared_equals(application: Application) -> Answer:
    declared = application.get("declared_status")
    if not declared:
        return Answer.NOT_ASKED
    status = application.person.marital_status
    if declared == "was_single_in_period":
        marriage = application.person.last_marriage
        end = application.get("period_to", None)
        return yes(
            status == MaritalStatus.MARRIED
            and marriage is not None
            and marriage.since is not None
            and end is not None
            and end < marriage.since
            and len(application.person.marriages) == 1
        )
    return yes(declared == DECLARED_FOR[status])


def _single_residence(application: Application) -> Answer:
    adult = _adult_since(application.person)
    today = application.at.date()
    if adult is None:
        return Answer.OFFICER
    if adult > today:
        return Answer.YES
    elsewhere = any(
        not residence.here and (residence.until or today) >= adult
        for residence in application.person.residences
        if residence.kind == ResidenceKind.PERMANENT
    )
    if elsewhere:
        return Answer.OFFICER if application.person.portal_synced_on else Answer.NO
    return Answer.YES if _gapless(application.person, adult, today) else Answer.OFFICER


def _gapless(person: Person, since: date, until: date) -> bool:
    """Whether permanent residences here follow each other from `since` to `until` without a day between."""
    reached = since
    rows = sorted(
        (r for r in person.residences if r.kind == ResidenceKind.PERMANENT and r.here),
        key=lambda r: r.since or date.min,
    )
    for row in rows:
        if (row.since or date.min).toordinal() > reached.toordinal() + (1 if reached != since else 0):
            return False
        reached = max(reached, row.until or until)
    return bool(rows) and reached >= until


def _no_period_abroad(application: Application) -> Answer:
    adult = _adult_since(application.person)
    today = application.at.date()
    start, end = application.get("period_from", None), application.get("period_to", None)
    for residence in application.person.residences:
        if residence.kind != ResidenceKind.ABROAD or (adult and (residence.until or today) < adult):
            continue
        if start and end and ((residence.until or today) < start or (residence.since or date.min) > end):
            continue
        return Answer.NO
    return Answer.YES


def _of_last(ending: Ending) -> Any:
    def last(application: Application) -> Marriage | None:
        marriage = application.person.last_marriage
        return marriage if marriage is not None and marriage.ending == ending else None

    return last


_divorced_from, _widowed_of = _of_last(Ending.DIVORCE), _of_last(Ending.DEATH)


def _divorce_complete(application: Application) -> Answer:
    marriage = _divorced_from(application)
    if marriage is None:
        return Answer.NOT_ASKED
    return yes(
        bool(marriage.ending_paper and marriage.ending_number and marriage.ending_issuer and marriage.ending_issued_on)
    )


def _divorce_confirmed(application: Application) -> Answer:
    marriage = _divorced_from(application)
    return Answer.NOT_ASKED if marriage is None else yes(marriage.ending_confirmed)


def _foreign_divorce_noted(application: Application) -> Answer:
    marriage = _divorced_from(application)
    if marriage is None or not marriage.ended_abroad:
        return Answer.NOT_ASKED
    return yes(marriage.ending_noted_here)


def _spouse_death_confirmed(application: Application) -> Answer:
    marriage = _widowed_of(application)
    if marriage is None:
        return Answer.NOT_ASKED if application.get("declared_status") != "widowed" else Answer.NO
    return yes(marriage.ending_confirmed)


def _one_marriage(application: Application) -> Answer:
    return yes(len(application.person.lasting_marriages()) <= 1)


def _purpose_given(application: Application) -> Answer:
    if "purpose_text" not in application.answers:
        return Answer.NOT_ASKED  # the form is not filled in yet
    return yes(marries(application) or bool(application.get("purpose_text")))


def _partner_given(application: Application) -> Answer:
    if not marries(application):
        return Answer.NOT_ASKED
    owed = ("partner_name", "partner_birth_year", "partner_nationality", "partner_document", "marriage_place")
    return yes(all(application.get(name) for name in owed))


def _age_reached(application: Application) -> Answer:
    if not marries(application):
        return Answer.NOT_ASKED
    person = application.person
    age = person.age_on(application.at.date())
    if age is None or person.sex is None:
        return Answer.OFFICER
    return yes(age >= MARRIAGE_AGE[person.sex])


def _not_married(application: Application) -> Answer:
    if not marries(application):
        return Answer.NOT_ASKED
    return yes(application.person.marital_status not in (MaritalStatus.MARRIED, MaritalStatus.MARRIED_DE_FACTO))


def _other_sex(application: Application) -> Answer:
    if not marries(application):
        return Answer.NOT_ASKED
    if not application.get("partner_sex") or application.person.sex is None:
        return Answer.OFFICER
    return yes(application.get("partner_sex") != application.person.sex.value)


def _no_mission(application: Application) -> Answer:
    if not marries(application):
        return Answer.NOT_ASKED
    return yes(application.get("marriage_where") != "foreign_mission")


def _domestic(application: Application) -> Answer:
    asks = marries(application) and application.get("marriage_where") == "domestic"
    return Answer.NO if asks else Answer.NOT_ASKED


def _one_original(application: Application) -> Answer:
    return yes(application.get("copies", 1) == 1) if marries(application) else Answer.NOT_ASKED


def _previous_returned(application: Application) -> Answer:
    if not has_valid_certificate(application.person, application.at.date()):
        return Answer.NOT_ASKED
    match application.get("previous"):
        case "returned":
            return Answer.YES
        case "lost" if marries(application):
            return Answer.NOT_ASKED  # mar_lost_certificate_for_marriage speaks
        case _:
            return Answer.NO


def _lost_for_marriage(application: Application) -> Answer:
    lost = application.get("previous") == "lost" and marries(application)
    return Answer.NO if lost else Answer.NOT_ASKED


RULES = (
    *softened(
        Rule(
            "mar_subject_resides_here",
            Kind.REDIRECT,
            "Thường trú tại xã này",
            "Người được cấp không thường trú tại xã này. Đề nghị nộp tại Ủy ban nhân dân cấp xã nơi thường trú; "
            "Trung tâm hỗ trợ nộp trực tuyến.",
            "NĐ 123/2015/NĐ-CP Điều 21 khoản 1; NĐ 120/2025/NĐ-CP",
            _resides_here,
        ),
        NEW_LAW,
        "Người được cấp thường trú ở xã khác. Từ 01/03/2027 việc hộ tịch không gắn với nơi cư trú; "
        "xem kỹ dữ liệu của nơi thường trú.",
    ),
    Rule(
        "mar_temporary_residence_choice",
        Kind.WARN,
        "Nộp tại nơi tạm trú",
        "Thẩm quyền cấp là nơi thường trú; công chức xác nhận căn cứ giải quyết tại nơi tạm trú.",
        "NĐ 123/2015/NĐ-CP Điều 21; NĐ 120/2025/NĐ-CP (chưa xác minh văn bản nào ưu tiên)",
        _temporary_choice,
        question="Đã xác nhận căn cứ giải quyết tại nơi tạm trú?",
    ),
    Rule(
        "mar_status_found_in_database",
        Kind.VERIFY,
        "Có tình trạng hôn nhân trong cơ sở dữ liệu",
        "Cơ sở dữ liệu chưa có thông tin tình trạng hôn nhân. Cần đề nghị Ủy ban nhân dân cấp xã nơi thường trú "
        "hoặc nơi đã đăng ký kết hôn xác minh.",
        "NĐ 123/2015/NĐ-CP Điều 22 (sửa đổi)",
        _status_found,
    ),
    Rule(
        "mar_declared_equals_record",
        Kind.VERIFY,
        "Lời khai khớp dữ liệu",
        "Tình trạng hôn nhân khai khác với dữ liệu. Cần xác minh trước khi cấp.",
        "NĐ 123/2015/NĐ-CP Điều 22 khoản 3",
        _declared_equals,
    ),
    Rule(
        "mar_single_residence_since_adult",
        Kind.VERIFY,
        "Thường trú liên tục tại đây từ tuổi kết hôn",
        "Người được cấp đã từng thường trú ở nhiều nơi, dữ liệu chưa đủ. Cần xác minh tình trạng hôn nhân tại nơi "
        "thường trú trước đây.",
        "NĐ 123/2015/NĐ-CP Điều 22 khoản 4 (tính từ tuổi kết hôn: chưa xác minh)",
        _single_residence,
        question="Cơ sở dữ liệu đã có tình trạng hôn nhân cho cả thời gian thường trú ở nơi khác?",
    ),
    Rule(
        "mar_all_local_books_searched",
        Kind.COMPLETE,
        "Đã tra Sổ đăng ký kết hôn của các xã cũ",
        "Chưa tra cứu đủ Sổ đăng ký kết hôn của các xã cũ đã sáp nhập.",
        "Quy tắc của hệ thống (do sáp nhập xã)",
        lambda _: Answer.OFFICER,
        question="Đã tra Sổ đăng ký kết hôn của tất cả các xã cũ nay thuộc xã này?",
    ),
    Rule(
        "mar_no_period_abroad",
        Kind.VERIFY,
        "Không có thời gian cư trú ở nước ngoài",
        "Người được cấp có thời gian cư trú ở nước ngoài. Cần xác minh hoặc văn bản cam đoan cho thời gian đó.",
        "TT 04/2020/TT-BTP Điều 4, 5 (áp dụng cho trường hợp này: chưa xác minh)",
        _no_period_abroad,
    ),
    Rule(
        "mar_divorce_data_complete",
        Kind.COMPLETE,
        "Đủ thông tin Bản án/Quyết định ly hôn",
        "Thiếu thông tin Bản án/Quyết định ly hôn (số, ngày, Tòa án).",
        "TT 04/2020/TT-BTP Điều 33",
        _divorce_complete,
    ),
    Rule(
        "mar_divorce_confirmed",
        Kind.VERIFY,
        "Việc ly hôn tra cứu được",
        "Chưa tra cứu được việc ly hôn. Đề nghị xuất trình Bản án/Quyết định có hiệu lực pháp luật hoặc chờ xác minh.",
        "NĐ 123/2015/NĐ-CP Điều 22 khoản 2; Luật HN&GĐ Điều 57",
        _divorce_confirmed,
    ),
    Rule(
        "mar_foreign_divorce_noted",
        Kind.REDIRECT,
        "Ly hôn ở nước ngoài đã ghi chú",
        "Việc ly hôn ở nước ngoài chưa được ghi vào Sổ hộ tịch. Hướng dẫn làm thủ tục ghi chú ly hôn trước.",
        "NĐ 123/2015/NĐ-CP Điều 37",
        _foreign_divorce_noted,
    ),
    Rule(
        "mar_spouse_death_confirmed",
        Kind.VERIFY,
        "Việc khai tử của vợ/chồng tra cứu được",
        "Chưa tra cứu được việc khai tử của vợ/chồng. Đề nghị cung cấp thông tin Trích lục khai tử "
        "hoặc đăng ký khai tử trước.",
        "Cổng Dịch vụ công quốc gia, thủ tục 1.004873",
        _spouse_death_confirmed,
    ),
    Rule(
        "mar_no_two_open_marriages",
        Kind.VERIFY,
        "Không có hai quan hệ hôn nhân chưa chấm dứt",
        "Dữ liệu có nhiều quan hệ hôn nhân chưa chấm dứt. Phải làm rõ.",
        "Luật HN&GĐ 2014 Điều 5 khoản 2 điểm c",
        _one_marriage,
    ),
    Rule(
        "mar_purpose_given",
        Kind.COMPLETE,
        "Có ghi mục đích sử dụng",
        "Phải ghi rõ mục đích sử dụng Giấy xác nhận tình trạng hôn nhân.",
        "NĐ 123/2015/NĐ-CP Điều 22 khoản 3, Điều 23",
        _purpose_given,
    ),
    Rule(
        "mar_partner_details_given",
        Kind.COMPLETE,
        "Đủ thông tin người dự định kết hôn",
        "Phải ghi họ tên, năm sinh, quốc tịch, giấy tờ tùy thân của người dự định kết hôn và nơi dự định "
        "đăng ký kết hôn.",
        "TT 04/2020/TT-BTP Điều 12 khoản 3",
        _partner_given,
    ),
    Rule(
        "mar_age_reached_for_marriage",
        Kind.REFUSE,
        "Đủ tuổi kết hôn",
        "Chưa đủ tuổi kết hôn (nam từ đủ 20 tuổi, nữ từ đủ 18 tuổi) nên không cấp để kết hôn.",
        "NĐ 123/2015/NĐ-CP Điều 22 khoản 1; Luật HN&GĐ Điều 8",
        _age_reached,
        question="Không rõ ngày sinh: đã đủ tuổi kết hôn?",
    ),
    Rule(
        "mar_not_married_for_marriage",
        Kind.REFUSE,
        "Hiện không có vợ/chồng",
        "Người đang có vợ/chồng không được cấp để kết hôn.",
        "NĐ 123/2015/NĐ-CP Điều 22 khoản 1; Luật HN&GĐ Điều 5",
        _not_married,
    ),
    Rule(
        "mar_partner_other_sex",
        Kind.REFUSE,
        "Hai người khác giới tính",
        "Nhà nước không thừa nhận hôn nhân giữa những người cùng giới tính; từ chối cấp để kết hôn với người "
        "cùng giới tính.",
        "Luật HN&GĐ Điều 8 khoản 2; TT 04/2020/TT-BTP Điều 12",
        _other_sex,
        question="Người dự định kết hôn khác giới tính với người được cấp?",
    ),
    Rule(
        "mar_not_foreign_mission_in_vn",
        Kind.REFUSE,
        "Không kết hôn tại cơ quan đại diện nước ngoài",
        "Không cấp để kết hôn với người nước ngoài tại Cơ quan đại diện nước ngoài tại Việt Nam.",
        "TT 04/2020/TT-BTP Điều 12",
        _no_mission,
    ),
    Rule(
        "mar_domestic_marriage_not_needed",
        Kind.WARN,
        "Kết hôn trong nước không cần giấy này",
        "Từ 09/01/2025 đăng ký kết hôn trong nước không phải nộp giấy này. Vẫn cấp nếu người dân yêu cầu.",
        "NĐ 07/2025/NĐ-CP; Công văn 481/BTP-HTQTCT",
        _domestic,
        question="Đã giải thích và người dân vẫn yêu cầu?",
    ),
    Rule(
        "mar_one_original_for_marriage",
        Kind.REFUSE,
        "Cấp để kết hôn: 01 bản",
        "Cấp để kết hôn chỉ được cấp 01 bản.",
        "TT 04/2020/TT-BTP Điều 12 khoản 3",
        _one_original,
    ),
    Rule(
        "mar_previous_certificate_returned",
        Kind.COMPLETE,
        "Nộp lại giấy đã cấp trước đây",
        "Đề nghị nộp lại Giấy xác nhận tình trạng hôn nhân đã được cấp trước đó.",
        "NĐ 123/2015/NĐ-CP Điều 22 khoản 6",
        _previous_returned,
    ),
    Rule(
        "mar_lost_certificate_for_marriage",
        Kind.VERIFY,
        "Mất giấy đã cấp để kết hôn",
        "Không nộp lại được giấy đã cấp để kết hôn. Cần trình bày lý do; cơ quan trao đổi bằng văn bản với nơi "
        "dự định kết hôn trước đây (trong 03 ngày làm việc).",
        "TT 04/2020/TT-BTP Điều 12 khoản 1",
        _lost_for_marriage,
    ),
)
