"""The rules of the poor-household procedure: one function per id of social-affairs.md 7.5. No database.

A review is looked at as it stood when the files were read (`Household.read_on`), the request on its day of receipt: so
a request that waited for its round is judged by what the round found.
"""

from __future__ import annotations

from datetime import date, timedelta

from citizens.households import (
    AGREED,
    Household,
    PovertyClass,
    Review,
    Round,
    Standard,
    by_deprivation,
    classify,
    current_round,
    next_round,
)
from procedures.rules import Answer, Application, Kind, Rule, Stage, yes
from procedures.rules.household_points import MEMBER_UNIQUE, PERIODIC, POSTING_DAYS, standard_named

LAW = "Quyết định 24/2021/QĐ-TTg"
URGENT = "Nếu đang quá khó khăn: thủ tục hỗ trợ khẩn cấp, trợ giúp xã hội đột xuất của xã"


def household_of(application: Application) -> Household | None:
    return application.dossier.household


def current_review(application: Application) -> Review | None:
    """The review of the round that was running on the day of receipt, or of a later one."""
    household = household_of(application)
    review = household.review if household else None
    running = current_round(application.day, with_periodic=PERIODIC.is_on(application))
    return review if review and review.starts_on >= running.starts_on else None


def round_of(application: Application) -> Round:
    """The round in which the request is or will be decided."""
    review, household = current_review(application), household_of(application)
    if review and household and household.read_on <= review.round.due_on:
        return review.round
    if review and is_finished(application):
        return review.round
    return next_round(application.day, with_periodic=PERIODIC.is_on(application))


def status_name(member_id: int) -> str:
    """The form field that asks the status of a member."""
    return f"member_{member_id}"


# --- who asks, for which household ---
def _identified(application: Application) -> Answer:
    person = application.person
    return Answer.NO if person.id_document_valid is False or person.deceased_on else Answer.OFFICER


def _in_household(application: Application) -> Answer:
    household = household_of(application)
    member = household.member(application.person.identity_number) if household else None
    if household is None or member is None:
        return Answer.NO
    if member == household.head:
        return Answer.YES
    age = application.person.age_on(application.day)
    return Answer.OFFICER if age is None else yes(age >= 18)


def _resides(application: Application) -> Answer:
    """Permanent or, without a permanent one, temporary residence here; a temporary one beside another is looked at."""
    permanent = application.person.permanent_residence(application.day)
    temporary = application.person.temporary_residence(application.day)
    if permanent is not None and permanent.here:
        return Answer.YES
    if temporary is not None and temporary.here:
        return Answer.OFFICER
    return Answer.NO


def _not_related(application: Application) -> Answer:
    numbers = {application.person.identity_number}
    if household := household_of(application):
        numbers |= {member.identity_number for member in household.members}
    return Answer.NO if application.officer_number and application.officer_number in numbers else Answer.OFFICER


def _request_kind(application: Application) -> Answer:
    return yes(application.get("request_kind", "review") == "review")


def _request_complete(application: Application) -> Answer:
    household = household_of(application)
    if household is None:
        return Answer.NOT_ASKED
    told = all(application.get(status_name(row.id)) or row.occupation for row in household.members)
    reason = application.get("reason")
    return yes(told and bool(reason) and (reason != "other" or bool(application.get("reason_text"))))


def _not_the_same(application: Application) -> Answer:
    """Without a review a poor household has nothing to gain; with one the classes are compared."""
    household = household_of(application)
    if household is None:
        return Answer.NOT_ASKED
    known = household.recognition_of(round_of(application).year)
    if known is None:
        return Answer.YES
    review = current_review(application)
    if review is None or not is_finished(application):
        return yes(known.granted != PovertyClass.POOR or known.national_class != PovertyClass.POOR)
    return yes((known.national_class, known.city_class) != (review.national_class, review.city_class))


def _unique(application: Application) -> Answer:
    if household_of(application) is None or not MEMBER_UNIQUE.is_on(application):
        return Answer.NOT_ASKED
    return yes(not application.dossier.household_conflicts)


# --- what the round still owes: the request waits for it ---
def _reviewed(application: Application) -> Answer:
    return Answer.NOT_ASKED if household_of(application) is None else yes(current_review(application) is not None)


def _scored(application: Application) -> Answer:
    review = current_review(application)
    return Answer.NOT_ASKED if review is None else yes(review.has_scores)


def _agreed(application: Application) -> Answer:
    review = current_review(application)
    if review is None:
        return Answer.NOT_ASKED
    return yes(review.met_on is not None and review.agreement is not None and review.agreement >= AGREED)


def _minuted(application: Application) -> Answer:
    review = current_review(application)
    return Answer.NOT_ASKED if review is None else yes(bool(review.minutes))


def _posted(application: Application) -> Answer:
    review, household = current_review(application), household_of(application)
    if review is None or household is None:
        return Answer.NOT_ASKED
    if review.posted_from is None or review.posted_to is None or household.read_on <= review.posted_to:
        return Answer.NO
    if review.complaint and review.complaint_settled_on is None:
        return Answer.NO
    return yes(weekdays(review.posted_from, review.posted_to) >= POSTING_DAYS.number(application))


def weekdays(first: date, last: date) -> int:
    """Mondays to Fridays from `first` to `last`, both included; holidays are left to who posts."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return sum(day.weekday() < 5 for day in days)


def is_finished(application: Application) -> bool:
    """Whether steps 1 to 4 of the review are on file: the Chủ tịch can decide."""
    return current_review(application) is not None and not any(rule.check(application) == Answer.NO for rule in AWAITED)


# --- what the round found ---
def chosen(application: Application, review: Review) -> tuple[tuple[Standard | None, PovertyClass | None], ...]:
    """Each standard that the commission applied, with the class it wrote down; None for a standard nobody knows."""
    applied = [(standard_named(application, review.standard), review.national_class)]
    if review.city_standard:
        applied.append((standard_named(application, review.city_standard), review.city_class))
    return tuple(applied)


def _standard_valid(application: Application) -> Answer:
    review = current_review(application)
    if review is None or review.reviewed_on is None or not review.has_scores:
        return Answer.NOT_ASKED
    day = review.reviewed_on
    return yes(all(standard is not None and standard.covers(day) for standard, _ in chosen(application, review)))


def limits(application: Application, review: Review) -> list[int]:
    """The highest điểm A of each applied standard; 0 where it is not known."""
    assert review.area is not None, "scores stand beside the area"
    return [standard.income_points(review.area) for standard, _ in chosen(application, review) if standard is not None]


def _income(application: Application) -> Answer:
    """By the points; where a limit is not known, by what the commission wrote, which the leader then looks at."""
    review = current_review(application)
    if review is None or review.score_income is None or not is_finished(application):
        return Answer.NOT_ASKED
    known = limits(application, review)
    if any(limit and review.score_income <= limit for limit in known):
        return Answer.YES
    return yes(0 in known and review.granted != PovertyClass.NEITHER)


def _limit_looked_at(application: Application) -> Answer:
    """Asked of the leader where the points alone do not carry the class."""
    review = current_review(application)
    if review is None or review.score_income is None or not is_finished(application):
        return Answer.NOT_ASKED
    return Answer.OFFICER if 0 in limits(application, review) else Answer.NOT_ASKED


def _consistent(application: Application) -> Answer:
    review = current_review(application)
    if review is None or not is_finished(application):
        return Answer.NOT_ASKED
    return yes(all(_matches(review, standard, said) for standard, said in chosen(application, review)))


def _matches(review: Review, standard: Standard | None, said: PovertyClass | None) -> bool:
    if standard is None or review.score_income is None or review.score_deprivation is None or review.area is None:
        return False
    computed = classify(review.score_income, review.score_deprivation, review.area, standard)
    if computed is None:  # the limit of điểm A is not known: điểm B still decides between poor and near-poor
        return said in (PovertyClass.NEITHER, by_deprivation(review.score_deprivation, standard))
    return said == computed


def _decided(application: Application) -> Answer:
    """A decision signed before belongs to this round; without one it is signed in this case."""
    review = current_review(application)
    if review is None or not is_finished(application):
        return Answer.NOT_ASKED
    if not review.decision_number and not review.decided_on:
        return Answer.YES
    return yes(bool(review.decision_number) and review.decided_on is not None and review.decided_on >= review.starts_on)


def _in_time(application: Application) -> Answer:
    review, household = current_review(application), household_of(application)
    if review is None or household is None:
        return Answer.NOT_ASKED
    return yes(household.read_on <= review.round.due_on)


AWAITED = (
    Rule(
        "pov_review_month",
        Kind.APPOINT,
        "Hộ đã được rà soát trong kỳ",
        "Hộ chưa được rà soát trong kỳ. Hồ sơ chuyển vào danh sách rà soát ngày 15.",
        f"{LAW} Điều 3 khoản 1 điểm b",
        _reviewed,
        leads_to=URGENT,
    ),
    Rule(
        "pov_scores_present",
        Kind.APPOINT,
        "Có kết quả chấm điểm Phiếu B",
        "Chưa có kết quả chấm điểm Phiếu B.",
        "Thông tư 07/2021/TT-BLĐTBXH",
        _scored,
    ),
    Rule(
        "pov_meeting_agreed",
        Kind.APPOINT,
        "Họp dân đạt ít nhất 50% ý kiến thống nhất",
        "Kết quả họp dân chưa đạt ít nhất 50% ý kiến thống nhất. Cần rà soát lại.",
        f"{LAW} Điều 4, Điều 5",
        _agreed,
    ),
    Rule(
        "pov_minutes_signed",
        Kind.APPOINT,
        "Có biên bản họp dân",
        "Thiếu biên bản họp dân có chữ ký.",
        f"{LAW} Điều 5",
        _minuted,
    ),
    Rule(
        "pov_posted",
        Kind.APPOINT,
        "Đã niêm yết xong, không còn khiếu nại",
        "Kết quả đang niêm yết hoặc đang có khiếu nại chưa giải quyết.",
        f"{LAW} Điều 5",
        _posted,
    ),
)
"""What the round still owes. While one is missing the request is received and waits (social-affairs.md 7.3, path B)."""

RULES = (
    Rule(
        "pov_identity_verified",
        Kind.COMPLETE,
        "Đúng người, đúng giấy tờ còn giá trị",
        "Chưa xác thực được danh tính người nộp.",
        "Quy tắc tiếp nhận của Đề án",
        _identified,
        question="Đã xem thẻ (hoặc căn cước điện tử): còn hạn và đúng người trước mặt?",
    ),
    Rule(
        "pov_request_kind",
        Kind.REDIRECT,
        "Đề nghị rà soát hộ nghèo, hộ cận nghèo",
        "Đề nghị này thuộc thủ tục khác cùng nhóm.",
        f"{LAW} Mẫu số 01, Mẫu số 04",
        _request_kind,
        leads_to="1.011608 Công nhận hộ thoát nghèo, hộ thoát cận nghèo (Mẫu số 04); "
        "1.011609 Xác định hộ có mức sống trung bình",
    ),
    Rule(
        "pov_applicant_in_household",
        Kind.COMPLETE,
        "Người nộp là chủ hộ hoặc thành viên từ đủ 18 tuổi",
        "Người nộp không phải thành viên của hộ.",
        f"{LAW} Mẫu số 01",
        _in_household,
        question="Không rõ ngày sinh: người nộp đã đủ 18 tuổi?",
        leads_to="nếu hộ chưa có trong sổ, công chức nhập hộ theo dữ liệu cư trú ở phòng Hộ nghèo, cận nghèo",
    ),
    Rule(
        "pov_resides_here",
        Kind.REFUSE,
        "Hộ cư trú trên địa bàn xã",
        "Hộ không cư trú trên địa bàn xã.",
        f"{LAW}; Luật Cư trú",
        _resides,
        question="Người nộp chỉ tạm trú ở đây: hộ thực tế cư trú trên địa bàn xã?",
        leads_to="Ủy ban nhân dân cấp xã nơi hộ cư trú",
    ),
    Rule(
        "pov_not_already_same",
        Kind.REFUSE,
        "Chưa được công nhận trong năm với cùng phân loại",
        "Hộ đã được công nhận trong năm với cùng phân loại.",
        "Quy tắc của hệ thống",
        _not_the_same,
    ),
    Rule(
        "pov_request_form",
        Kind.COMPLETE,
        "Giấy đề nghị đủ thông tin",
        "Giấy đề nghị chưa đủ thông tin thành viên hoặc lý do.",
        f"{LAW} Mẫu số 01",
        _request_complete,
    ),
    Rule(
        "pov_member_unique",
        Kind.VERIFY,
        "Không ai được tính trong hai hộ nghèo",
        "Có thành viên đang thuộc hộ nghèo khác.",
        "Quy tắc của hệ thống (chưa xác minh trong luật)",
        _unique,
    ),
    Rule(
        "pov_officer_not_related",
        Kind.REDIRECT,
        "Cán bộ không thuộc hộ, không phải người thân thích",
        "Không được giải quyết việc của hộ mình hoặc của người thân thích. Đề nghị chuyển người khác giải quyết.",
        "Quy tắc của Đề án",
        _not_related,
        question="Tôi không thuộc hộ này và không phải người thân thích của họ?",
    ),
    Rule(
        "pov_no_open_duplicate",
        Kind.WARN,
        "Không có hồ sơ trùng",
        "Đã có hồ sơ đang xử lý cho người này.",
        "Quy tắc của hệ thống",
        lambda application: yes(not application.open_cases),
        question="Đã biết và vẫn tiếp nhận?",
    ),
    *AWAITED,
    Rule(
        "pov_standard_valid",
        Kind.VERIFY,
        "Chuẩn nghèo còn hiệu lực tại ngày rà soát",
        "Chuẩn nghèo áp dụng không còn hiệu lực tại ngày rà soát.",
        "Nghị định 351/2025/NĐ-CP",
        _standard_valid,
    ),
    Rule(
        "pov_income_ok",
        Kind.REFUSE,
        "Thu nhập không cao hơn chuẩn",
        "Thu nhập của hộ cao hơn chuẩn nghèo. Không đủ điều kiện công nhận.",
        "Nghị định 07/2021/NĐ-CP Điều 3; Thông tư 07/2021/TT-BLĐTBXH",
        _income,
    ),
    Rule(
        "pov_class_consistent",
        Kind.VERIFY,
        "Phân loại khớp với điểm số",
        "Phân loại không khớp với điểm số.",
        "Thông tư 07/2021/TT-BLĐTBXH",
        _consistent,
    ),
    Rule(
        "pov_limit_looked_at",
        Kind.VERIFY,
        "Mức điểm A của chuẩn đã được đối chiếu",
        "Phần mềm chưa có mức điểm A của chuẩn: đối chiếu Phiếu B với bảng điểm hiện hành rồi ký.",
        "Thông tư 07/2021/TT-BLĐTBXH Phụ lục III",
        _limit_looked_at,
        question="Phần mềm chưa có mức điểm A của chuẩn này: đã đối chiếu Phiếu B với bảng điểm hiện hành?",
        stage=Stage.SIGNATURE,
    ),
    Rule(
        "pov_decision_signed",
        Kind.COMPLETE,
        "Có Quyết định công nhận",
        "Chưa có Quyết định công nhận của Chủ tịch Ủy ban nhân dân xã.",
        f"{LAW} Điều 5 khoản 2",
        _decided,
    ),
    Rule(
        "pov_within_15_days",
        Kind.WARN,
        "Trong thời hạn 15 ngày",
        "Quá thời hạn 15 ngày kể từ ngày bắt đầu rà soát.",
        f"{LAW} Điều 5",
        _in_time,
        question="Đã biết và vẫn giải quyết?",
    ),
)
