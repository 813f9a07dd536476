"""The rules of the disability card: one function per id of social-affairs.md 5.4. No database."""

from __future__ import annotations

from citizens.disability import EXEMPT_SIGNS, Card, CardStatus, DisabilityFile, Ground, Level, Sheet
from citizens.person import Person, Sex
from procedures.rules import Answer, Application, Kind, Rule, yes
from procedures.rules.points import Point, Sort

BLANK = "disability_card"
"""The kind of pre-printed stock (TT 01/2019 Điều 7 khoản 3)."""

COUNTER_REASONS = frozenset({"wrong_info", "damaged", "lost"})
CIVIL_FIELDS = frozenset({"full_name", "birth_date", "sex", "residence", "identity_number", "several"})
REDETERMINATION = "1.001699 Xác định, xác định lại mức độ khuyết tật và cấp Giấy xác nhận khuyết tật (25 ngày làm việc)"

ADULT_PARENT_ENOUGH = Point(
    key="disability_card.adult_parent_enough",
    place="Điều kiện: cha, mẹ nộp thay con đã thành niên mà không có quyết định giám hộ",
    value="no",
    doubt="Bộ luật Dân sự: cha, mẹ không đương nhiên đại diện cho con đã thành niên; chưa xác minh cách làm của xã.",
    sort=Sort.YES_NO,
)
EVERY_EXTREME_EXEMPT = Point(
    key="disability_card.every_extreme_exempt",
    place="Điều kiện: người đã đủ 6 tuổi, giấy cấp theo phiếu dưới 6 tuổi, mức đặc biệt nặng",
    value="no",
    doubt="Thông tư 01/2019 chỉ miễn xác định lại cho dấu hiệu 1.1, 1.2, 1.5, 1.6, 1.7; biểu mẫu của Cổng dịch vụ "
    "công miễn cho mọi trường hợp đặc biệt nặng.",
    sort=Sort.YES_NO,
)

SEX_LABELS = {Sex.MALE: "Nam", Sex.FEMALE: "Nữ", None: ""}


def file_of(application: Application) -> DisabilityFile | None:
    return application.dossier.disability


def last_card(application: Application) -> Card | None:
    kept = file_of(application)
    return kept.last_card if kept else None


def _identified(application: Application) -> Answer:
    return Answer.NO if application.person.id_document_valid is False else Answer.OFFICER


def _entitled(application: Application) -> Answer:
    subject, other = application.subject, application.other
    age = subject.age_on(application.day)
    if other is None:
        # under 15 a parent or guardian asks for a child (Bộ luật Dân sự 2015 Điều 21); then the child is `other`
        return Answer.OFFICER if age is None else yes(age >= 15)
    match application.get("representation"):
        case "present":
            return Answer.OFFICER
        case "guardian":
            return _guards(application)
        case "parent":
            if age is None:
                return Answer.OFFICER
            if age >= 18 and not ADULT_PARENT_ENOUGH.is_on(application):
                return Answer.NO
            return Answer.YES if _is_parent(application) else Answer.OFFICER
        case _:
            return Answer.NO


def _guards(application: Application) -> Answer:
    kept = file_of(application)
    if kept and kept.represents(application.person.identity_number, Ground.GUARDIAN):
        return Answer.YES
    return Answer.OFFICER if application.get("authorisation") else Answer.NO


def _is_parent(application: Application) -> bool:
    kept, number = file_of(application), application.person.identity_number
    in_file = kept is not None and kept.represents(number, Ground.PARENT)
    kin = application.dossier.other_kin
    return in_file or number in kin.parents | kin.adoptive_parents


def _resides_here(application: Application) -> Answer:
    day, subject = application.day, application.subject
    places = (subject.permanent_residence(day), subject.temporary_residence(day))
    return yes(any(place is not None and place.here for place in places))


def _file_kept(application: Application) -> Answer:
    kept = file_of(application)
    return yes(kept is not None and kept.is_complete)


def _card_active(application: Application) -> Answer:
    card = last_card(application)
    if card is None:
        return Answer.NOT_ASKED  # dis_file_kept speaks
    return yes(card.status in (CardStatus.ACTIVE, CardStatus.LOST))


def _no_conclusion(application: Application) -> Answer:
    kept = file_of(application)
    return Answer.NOT_ASKED if kept is None else yes(not kept.open_conclusions())


def _reason_simple(application: Application) -> Answer:
    reason = application.get("reason")
    return yes(reason in COUNTER_REASONS) if reason else Answer.NOT_ASKED


def _unchanged(application: Application) -> Answer:
    said = application.get("unchanged")
    return yes(said == "yes") if said else Answer.NOT_ASKED


def _age_six(application: Application) -> Answer:
    kept = file_of(application)
    if kept is None or kept.sheet != Sheet.UNDER_6:
        return Answer.NOT_ASKED
    age = application.subject.age_on(application.day)
    if age is not None and age < 6:
        return Answer.YES
    if kept.level != Level.EXTREME:
        return Answer.NO if age is not None else Answer.OFFICER
    if EVERY_EXTREME_EXEMPT.is_on(application) or kept.exempt_sign in EXEMPT_SIGNS:
        return Answer.YES
    if kept.exempt_sign and age is not None:
        return Answer.NO
    return Answer.OFFICER


def differs(card: Card, person: Person, address: str) -> frozenset[str]:
    """The civil data that the card prints otherwise than the record says today; what nobody noted does not count."""
    pairs = {
        "full_name": (card.full_name.casefold(), person.full_name.casefold()),
        "birth_date": (card.birth_text, person.birth_text),
        "sex": (card.sex, SEX_LABELS[person.sex]),
        "residence": (card.residence, address),
    }
    return frozenset(name for name, (printed, now) in pairs.items() if printed and printed != now)


def _proved(application: Application) -> Answer:
    if application.get("reason") != "wrong_info":
        return Answer.NOT_ASKED
    field, card = application.get("wrong_field"), last_card(application)
    if not field:
        return Answer.NO
    match application.get("proof"):
        case "id_record":
            printed = card is not None and {
                "full_name": card.full_name,
                "birth_date": card.birth_text,
                "sex": card.sex,
                "residence": card.residence,
            }.get(field)
            if card is None or not printed:
                return Answer.OFFICER  # the old card is in the officer's hand, the file does not say what it prints
            subject = application.subject
            return yes(field in differs(card, subject, subject.address(application.day)))
        case "other_paper":
            return Answer.OFFICER if application.get("proof_paper") else Answer.NO
        case _:
            return Answer.NO


def _scope(application: Application) -> Answer:
    if application.get("reason") != "wrong_info" or not application.get("wrong_field"):
        return Answer.NOT_ASKED
    return yes(application.get("wrong_field") in CIVIL_FIELDS)


def _old_card(application: Application) -> Answer:
    if application.get("reason") not in ("wrong_info", "damaged"):
        return Answer.NOT_ASKED
    return yes(application.get("old_card") == "returned")


def _loss(application: Application) -> Answer:
    return yes(bool(application.get("loss_declared"))) if application.get("reason") == "lost" else Answer.NOT_ASKED


def _officer(application: Application) -> Answer:
    people = [person.identity_number for person in (application.person, application.other) if person]
    return Answer.NO if application.officer_number in people else Answer.OFFICER


def _blank(application: Application) -> Answer:
    """Where nobody counts the stock nothing is said about it."""
    left = application.dossier.blanks.get(BLANK)
    return Answer.NOT_ASKED if left is None else yes(left > 0)


RULES = (
    Rule(
        "dis_identity_verified",
        Kind.COMPLETE,
        "Đã xác thực người nộp",
        "Chưa xác thực được danh tính người nộp. Đề nghị xuất trình thẻ căn cước hoặc VNeID mức độ 2.",
        "Quy tắc tiếp nhận của đề án",
        _identified,
        question="Đã xem thẻ căn cước hoặc VNeID mức độ 2: còn hạn và đúng người trước mặt?",
    ),
    Rule(
        "dis_applicant_entitled",
        Kind.REFUSE,
        "Người nộp là người khuyết tật hoặc người đại diện hợp pháp",
        "Chỉ người khuyết tật hoặc người đại diện hợp pháp của người khuyết tật được đề nghị cấp đổi, cấp lại.",
        "TT 01/2019/TT-BLĐTBXH Điều 9 khoản 1",
        _entitled,
        question="Đã xem giấy tờ về tư cách đại diện, hoặc người khuyết tật có mặt và tự mình đề nghị?",
    ),
    Rule(
        "dis_resides_here",
        Kind.REDIRECT,
        "Người khuyết tật cư trú tại xã",
        "Người khuyết tật không cư trú tại xã này. Đề nghị nộp hồ sơ tại Ủy ban nhân dân cấp xã nơi cư trú.",
        "TT 01/2019/TT-BLĐTBXH Điều 9 khoản 1",
        _resides_here,
        leads_to="Ủy ban nhân dân cấp xã nơi người khuyết tật cư trú",
    ),
    Rule(
        "dis_file_kept",
        Kind.REDIRECT,
        "Xã đang lưu giữ hồ sơ khuyết tật",
        "Không tìm thấy hồ sơ khuyết tật đang lưu giữ. Hồ sơ cần được chuyển sang thủ tục xác định mức độ khuyết tật.",
        "TT 01/2019/TT-BLĐTBXH Điều 9 khoản 2",
        _file_kept,
        leads_to=f"{REDETERMINATION}; nếu giấy do xã khác cấp: đề nghị xã đó chuyển hồ sơ, nhận hồ sơ rồi làm tiếp",
    ),
    Rule(
        "dis_card_active",
        Kind.REFUSE,
        "Giấy chưa bị thu hồi",
        "Giấy xác nhận khuyết tật đã bị thu hồi, không thể cấp đổi, cấp lại.",
        "TT 01/2019/TT-BLĐTBXH Điều 8 khoản 3",
        _card_active,
    ),
    Rule(
        "dis_no_wrong_conclusion",
        Kind.REFUSE,
        "Không có kết luận giấy sai dạng, mức độ",
        "Đang có kết luận về việc giấy không đúng dạng hoặc mức độ khuyết tật. Hồ sơ phải xử lý theo hướng thu hồi.",
        "TT 01/2019/TT-BLĐTBXH Điều 9",
        _no_conclusion,
    ),
    Rule(
        "dis_reason_simple",
        Kind.REDIRECT,
        "Lý do được giải quyết ngay",
        "Lý do đề nghị không thuộc trường hợp giải quyết ngay. Hồ sơ chuyển sang xác định lại mức độ khuyết tật.",
        "TT 01/2019/TT-BLĐTBXH Điều 8, 9",
        _reason_simple,
        leads_to=REDETERMINATION,
    ),
    Rule(
        "dis_condition_unchanged",
        Kind.REDIRECT,
        "Dạng và mức độ khuyết tật giữ nguyên",
        "Có thay đổi dạng hoặc mức độ khuyết tật. Cần Hội đồng xác định mức độ khuyết tật xác định lại.",
        "TT 01/2019/TT-BLĐTBXH Điều 8 khoản 2 điểm a",
        _unchanged,
        leads_to=f"{REDETERMINATION}; không đồng ý với Hội đồng: Hội đồng giám định y khoa",
    ),
    Rule(
        "dis_age6_ok",
        Kind.REDIRECT,
        "Không phải xác định lại khi đủ 6 tuổi",
        "Người khuyết tật đã đủ 6 tuổi nên phải xác định lại mức độ khuyết tật trước khi cấp lại giấy.",
        "TT 01/2019/TT-BLĐTBXH Điều 8 khoản 2 điểm c",
        _age_six,
        question="Phiếu lưu (Mẫu số 02, Mục IV) đánh dấu 1.1, 1.2, 1.5, 1.6 hoặc 1.7?",
        leads_to=REDETERMINATION,
    ),
    Rule(
        "dis_wrong_info_proved",
        Kind.COMPLETE,
        "Thông tin sai đã được chứng minh",
        "Chưa có giấy tờ hợp lệ chứng minh thông tin cần sửa.",
        "TT 01/2019/TT-BLĐTBXH Điều 8 khoản 1 điểm a",
        _proved,
        question="Đã so giấy cũ với căn cước hoặc giấy tờ hợp lệ: giấy cũ ghi sai, dữ liệu công dân đang ghi đúng?",
    ),
    Rule(
        "dis_wrong_info_scope",
        Kind.REDIRECT,
        "Chỉ sửa thông tin nhân thân",
        "Chỉ được sửa thông tin nhân thân. Dạng và mức độ khuyết tật phải do Hội đồng xác định.",
        "TT 01/2019/TT-BLĐTBXH Điều 8",
        _scope,
        leads_to=REDETERMINATION,
    ),
    Rule(
        "dis_old_card_returned",
        Kind.COMPLETE,
        "Đã thu lại giấy cũ",
        "Đề nghị nộp lại Giấy xác nhận khuyết tật cũ để thu hồi.",
        "TT 01/2019/TT-BLĐTBXH Điều 9 khoản 1",
        _old_card,
    ),
    Rule(
        "dis_loss_declared",
        Kind.COMPLETE,
        "Đã khai việc mất giấy",
        "Đề nghị người nộp xác nhận việc mất Giấy xác nhận khuyết tật.",
        "TT 01/2019/TT-BLĐTBXH Điều 8 khoản 2 điểm b",
        _loss,
    ),
    Rule(
        "dis_person_alive",
        Kind.REFUSE,
        "Chưa có đăng ký khai tử",
        "Người khuyết tật đã có thông tin khai tử, không giải quyết cấp giấy.",
        "Quy tắc của hệ thống (chưa xác minh)",
        lambda application: yes(application.subject.deceased_on is None),
    ),
    Rule(
        "dis_no_open_case",
        Kind.COMPLETE,
        "Không có hồ sơ trùng",
        "Đã có hồ sơ đang xử lý cho người này.",
        "Quy tắc của hệ thống",
        lambda application: yes(not application.open_cases),
    ),
    Rule(
        "dis_blank_available",
        Kind.WARN,
        "Còn phôi Giấy xác nhận khuyết tật",
        "Hết phôi Giấy xác nhận khuyết tật. Cấp bản điện tử và hẹn ngày trả thẻ.",
        "TT 01/2019/TT-BLĐTBXH Điều 7 khoản 3",
        _blank,
        question="Đã báo người nộp: hôm nay nhận bản điện tử, thẻ trả theo ngày hẹn?",
    ),
    Rule(
        "dis_officer_not_related",
        Kind.REDIRECT,
        "Cán bộ không phải người thân thích",
        "Cán bộ không giải quyết hồ sơ của chính mình hoặc người thân thích. Đề nghị chuyển người khác giải quyết.",
        "Quy tắc của hệ thống (tránh xung đột lợi ích)",
        _officer,
        question="Tôi không phải là người này hay người thân thích của người này?",
    ),
)
