"""The rules of registering a death: one function per id of civil-status.md 3.4. No database.

`person` is who declares, `other` the dead.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from citizens import names
from citizens.identity_number import doubts
from citizens.person import Person, Residence, Sex
from citizens.register import Entry, EventKind, Part, Standing
from procedures.rules import Answer, Application, Kind, Rule, Stage, softened, yes
from procedures.rules.civil_status import CIVIL_STATUS, NEW_LAW
from procedures.rules.points import Point, Sort

IN_TIME = timedelta(days=15)  # Luật Hộ tịch 2014 Điều 33 khoản 1

COURT_COUNTS = Point(
    "death_rules.court_counts_from_decision",
    "Đăng ký khai tử: hạn 15 ngày khi Tòa án tuyên bố chết",
    "no",
    "Chưa rõ hạn 15 ngày tính từ ngày chết ghi trong quyết định hay từ ngày quyết định có hiệu lực. "
    "“Có”: tính từ ngày có hiệu lực.",
    Sort.YES_NO,
)

OWN_NOTICE = "home_here"  # what the form calls a `home_other` whose notice this very case makes
VIOLENT = ("accident", "killed", "sudden", "suspicious")
RELATIVES = ("Vợ", "Chồng", "Cha", "Mẹ", "Con", "Ông", "Bà", "Cháu", "Anh ruột", "Chị ruột", "Em ruột")
ANOTHER_RELATIVE = "Người thân thích khác"

# Words that tell from the name of an issuer what kind of body it is, bare of marks
ISSUERS: dict[str, tuple[str, ...]] = {
    "medical_facility": ("benh vien", "y te", "phong kham", "vien ", "nha ho sinh"),
    "execution": ("thi hanh an",),
    "court_declared": ("toa an",),
    "accident_or_suspicious": ("cong an", "canh sat", "phap y", "giam dinh"),
    "home_other": ("ubnd", "uy ban nhan dan"),
}


# --- what the answers say ---
def declares_old_death(application: Application) -> bool:
    return bool(application.get("notice_kind") == "old_death")


def died_here_at_home(application: Application) -> bool:
    return bool(application.get("place_kind") == "here")


def issues_notice(application: Application) -> bool:
    """Whether this commune signs its own notice in this case: died at home here, and no notice signed before."""
    return bool(application.get("notice_kind") == OWN_NOTICE)


def notice_kind(application: Application) -> str:
    """The kind of civil-status.md 3.2 that was declared; our own notice is one of `home_other`."""
    return "home_other" if issues_notice(application) else str(application.get("notice_kind"))


def expected_kind(application: Application) -> str:
    """The notice that the manner and place of death call for (NĐ 123/2015 Điều 4 khoản 2, civil-status.md 3.2)."""
    manner = application.get("manner")
    if manner in ("execution", "court_declared"):
        return str(manner)
    if manner in VIOLENT:
        return "accident_or_suspicious"
    return "medical_facility" if application.get("place_kind") == "facility" else "home_other"


def died_on(application: Application) -> date | None:
    day: date | None = application.get("died_on", None)
    return day


def registration_type(application: Application) -> str:
    """`on_time`, `late` or `old` (civil-status.md 3.3, line 22); an unknown day is taken as in time."""
    if declares_old_death(application):
        return "old"
    start = died_on(application)
    if application.get("notice_kind") == "court_declared" and COURT_COUNTS.is_on(application):
        start = application.get("court_effective_on", None) or start
    return "late" if start and application.day > start + IN_TIME else "on_time"


def is_late(application: Application) -> bool:
    return registration_type(application) != "on_time"


def last_residence(person: Person, day: date) -> Residence | None:
    """Where the person lived on `day`: permanently, else for a time (civil-status.md 3.4, death_competent_unit)."""
    return person.permanent_residence(day) or person.temporary_residence(day)


def _lived_where(application: Application) -> Residence | None:
    assert application.other is not None
    return last_residence(application.other, died_on(application) or application.day)


def age_at_death(application: Application) -> int | None:
    day = died_on(application)
    return application.other.age_on(day) if application.other and day else None


def death_entries(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry.kind == EventKind.DEATH and entry.standing == Standing.ACTIVE)


# --- who declares ---
def _declarant_entitled(application: Application) -> Answer:
    match application.get("capacity"):
        case "obliged_person":
            if "relationship" not in application.answers:
                return Answer.NOT_ASKED  # the form is not filled in yet
            if application.get("relationship") == ANOTHER_RELATIVE:
                return Answer.OFFICER if application.get("relationship_text") else Answer.NO
            return yes(application.get("relationship") in RELATIVES)
        case "organisation" | "official":
            return Answer.OFFICER
        case "proxy_close_relative" | "proxy_other":
            return Answer.YES  # cs_proxy_document looks at the authorisation
    return Answer.NO


def _declarant_alive(application: Application) -> Answer:
    return yes(application.person.deceased_on is None)


# --- who died, and where it belongs ---
def _identity_known(application: Application) -> Answer:
    dead = application.other
    if dead is None:
        return Answer.NO
    strange = doubts(dead.identity_number, sex=dead.sex, birth_date=dead.birth_date) or dead.birth_date is None
    return Answer.OFFICER if strange else Answer.YES


def _record_kept_here(application: Application) -> Answer:
    return Answer.NOT_ASKED if application.other is None else yes(application.other.kept_here)


def _vietnamese(application: Application) -> Answer:
    if application.other is None:
        return Answer.NOT_ASKED
    return yes(names.search_key(application.other.nationality) == "viet nam")


def _not_registered(application: Application) -> Answer:
    dead = application.other
    if dead is None:
        return Answer.NOT_ASKED
    known = death_entries(application.dossier.entries)
    if dead.deceased_on is not None or any(entry.names(dead.identity_number) for entry in known):
        return Answer.NO
    if str(application.get("found_entry")).isdigit():
        return Answer.NO
    return Answer.OFFICER


def _residence_known(application: Application) -> Answer:
    if application.other is None:
        return Answer.NOT_ASKED
    return Answer.YES if _lived_where(application) else Answer.OFFICER


def _competent_unit(application: Application) -> Answer:
    if application.other is None:
        return Answer.NOT_ASKED
    if residence := _lived_where(application):
        return yes(residence.here)
    match application.get("place_kind"):
        case "here":
            return Answer.YES
        case "facility":
            return Answer.OFFICER
    return Answer.NO


# --- the notice ---
def _has_notice_details(application: Application) -> bool:
    return all(application.get(name) for name in ("notice_number", "notice_issuer", "notice_issued_on"))


def _notice_present(application: Application) -> Answer:
    if "notice_kind" not in application.answers or declares_old_death(application):
        return Answer.NOT_ASKED  # not asked yet, or death_not_old_death speaks
    if issues_notice(application):
        return Answer.YES
    return yes(application.get("notice_kind") != "none" and _has_notice_details(application))


def _notice_issuer_valid(application: Application) -> Answer:
    kind = notice_kind(application)
    if kind in ("", "none", "old_death"):
        return Answer.NOT_ASKED
    if kind != expected_kind(application):
        return Answer.NO
    if issues_notice(application):
        return yes(died_here_at_home(application))
    issuer = f"{names.search_key(str(application.get('notice_issuer')))} "
    if issuer.isspace():
        return Answer.NOT_ASKED  # death_notice_present speaks
    return Answer.YES if any(word in issuer for word in ISSUERS[kind]) else Answer.OFFICER


def _home_notice_issued_here(application: Application) -> Answer:
    if expected_kind(application) != "home_other" or not died_here_at_home(application):
        return Answer.NOT_ASKED
    if declares_old_death(application):
        return Answer.NOT_ASKED
    return yes(notice_kind(application) == "home_other")


def _notice_matches_person(application: Application) -> Answer:
    dead = application.other
    kind = application.get("notice_kind")
    if dead is None or kind in ("", "none", "old_death") or issues_notice(application):
        return Answer.NOT_ASKED
    told = application.get("notice_person", None)
    if not told:
        return Answer.OFFICER  # nothing was imported: the officer lays paper and record side by side
    sex = {Sex.MALE: "nam", Sex.FEMALE: "nu", None: ""}[dead.sex]
    pairs = (
        (names.exact_key(told.get("full_name", "")), names.exact_key(dead.full_name)),
        (_digits(told.get("birth_text", "")), _digits(dead.birth_text)),
        (names.search_key(told.get("sex", "")), sex),
        (told.get("identity_number", ""), dead.identity_number),
    )
    if any(said and said != known for said, known in pairs):
        return Answer.NO
    # what a notice without name or number matches is for eyes to say
    return Answer.YES if told.get("full_name") and told.get("identity_number") else Answer.OFFICER


def _digits(text: str) -> str:
    return "/".join(part.lstrip("0") for part in "".join(c if c.isdigit() else " " for c in text).split())


# --- when and how ---
def _time_plausible(application: Application) -> Answer:
    day, dead = died_on(application), application.other
    if day is None:
        return Answer.NOT_ASKED  # the form owes the day
    if dead and dead.birth_date and day < dead.birth_date:
        return Answer.NO
    issued = application.get("notice_issued_on", None)
    if issued and not day <= issued <= application.day:
        return Answer.NO
    hour, minute = application.get("died_hour", None), application.get("died_minute", None)
    died = datetime.combine(day, time(hour or 0, minute or 0), application.at.tzinfo)
    return yes(died <= application.at)


def _not_suspicious(application: Application) -> Answer:
    if application.get("manner") not in VIOLENT:
        return Answer.YES if application.get("manner") else Answer.NOT_ASKED
    return yes(application.get("notice_kind") == "accident_or_suspicious" and _has_notice_details(application))


def _court_effective(application: Application) -> Answer:
    if application.get("notice_kind") != "court_declared":
        return Answer.NOT_ASKED
    effective = application.get("court_effective_on", None)
    return yes(effective is not None and effective <= application.day)


def _within_15_days(application: Application) -> Answer:
    return Answer.NOT_ASKED if died_on(application) is None else yes(not is_late(application))


def _not_old_death(application: Application) -> Answer:
    if not declares_old_death(application):
        return Answer.NOT_ASKED if application.get("notice_kind") in ("", "none") else Answer.YES
    return Answer.OFFICER if application.get("evidence") else Answer.NO


# --- children ---
def lived_a_day(application: Application) -> bool | None:
    """Whether a child lived 24 hours or more; nothing where two days alone cannot tell."""
    day, dead = died_on(application), application.other
    if day is None or dead is None or dead.birth_date is None:
        return None
    if day - dead.birth_date > timedelta(days=1):
        return True
    return {"yes": True, "no": False}.get(str(application.get("lived_a_day")))


def _is_infant(application: Application) -> bool:
    return age_at_death(application) == 0


def _infant_birth_registered(application: Application) -> Answer:
    if not _is_infant(application) or lived_a_day(application) is False:
        return Answer.NOT_ASKED
    assert application.other is not None
    born = any(
        entry.kind == EventKind.BIRTH
        and entry.standing == Standing.ACTIVE
        and any(
            named.identity_number == application.other.identity_number and named.part in (Part.CHILD, Part.SUBJECT)
            for named in entry.persons
        )
        for entry in application.dossier.entries
    )
    return Answer.YES if born else Answer.OFFICER


def _infant_parents_ask(application: Application) -> Answer:
    if not _is_infant(application) or lived_a_day(application) is not False:
        return Answer.NOT_ASKED
    return yes(application.get("relationship") in ("Cha", "Mẹ"))


# --- the common rules, as they concern a death ---
def _officer_not_related(application: Application) -> Answer:
    parties = [party.identity_number for party in (application.person, application.other) if party]
    return Answer.NO if application.officer_number in parties else Answer.OFFICER


def _no_forged_papers(application: Application) -> Answer:
    on_paper = application.get("notice_kind") not in ("", "none") and application.get("notice_source") != "electronic"
    shown = on_paper and not issues_notice(application)
    by_proxy = application.get("capacity") not in ("", "obliged_person")
    return Answer.OFFICER if shown or by_proxy else Answer.NOT_ASKED


def _fee_settled(application: Application) -> Answer:
    if "notice_kind" not in application.answers or not is_late(application):
        return Answer.NOT_ASKED
    return yes(application.get("fee") not in ("", "unpaid"))


AS_FOR_A_DEATH = {
    "cs_officer_not_related": {
        "check": _officer_not_related,
        "question": "Tôi không phải là người khai và không là người thân thích của người khai, của người chết?",
    },
    "cs_no_forged_papers": {"check": _no_forged_papers},
    "cs_fee_settled": {"check": _fee_settled},
}

COMMON = tuple(
    replace(rule, **AS_FOR_A_DEATH.get(rule.id, {}))  # type: ignore[arg-type]
    for rule in CIVIL_STATUS
    if rule.id != "cs_subject_alive"
)
"""civil-status.md 0.15; `death_not_registered` and `death_declarant_alive` stand for `cs_subject_alive`."""

_BY_RESIDENCE = Rule(
    "death_competent_unit",
    Kind.REDIRECT,
    "Xã này là nơi cư trú cuối cùng",
    "Xã này không phải nơi cư trú cuối cùng của người chết. Hướng dẫn hoặc hỗ trợ nộp đến Ủy ban nhân dân "
    "cấp xã có thẩm quyền.",
    "Luật Hộ tịch Điều 32",
    _competent_unit,
    question="Không rõ nơi cư trú cuối cùng: cơ sở y tế nơi người đó chết nằm trong xã này?",
    leads_to="Ủy ban nhân dân cấp xã nơi cư trú cuối cùng của người chết",
)
_ANYWHERE = softened(
    _BY_RESIDENCE,
    NEW_LAW,
    "Xã này không phải nơi cư trú cuối cùng của người chết, hoặc chưa rõ nơi đó. Từ 01/03/2027 việc hộ tịch không gắn "
    "với nơi cư trú; xem kỹ dữ liệu của nơi cư trú cuối cùng.",
)
_COMPETENT = (
    _ANYWHERE[0],
    # a warning is ticked or not: there is nothing left to ask for eyes
    replace(
        _ANYWHERE[1],
        check=lambda application: yes(_competent_unit(application) in (Answer.YES, Answer.NOT_ASKED)),
        question="Đã biết?",
        leads_to="",
    ),
)

RULES = (
    Rule(
        "death_declarant_alive",
        Kind.REFUSE,
        "Người khai còn sống",
        "Người khai đã được đăng ký khai tử: giấy tờ xuất trình không phải của người trước mặt.",
        "Luật Hộ tịch Điều 34 khoản 2; quy tắc của hệ thống",
        _declarant_alive,
    ),
    Rule(
        "death_declarant_entitled",
        Kind.COMPLETE,
        "Đúng người đi khai tử",
        "Người yêu cầu không thuộc diện có trách nhiệm đi đăng ký khai tử hoặc được ủy quyền.",
        "Luật Hộ tịch Điều 33",
        _declarant_entitled,
        question="Người khai thuộc diện phải đi khai tử: người thân thích khác, đại diện cơ quan, tổ chức liên quan, "
        "hoặc công chức tự đăng ký vì không còn ai khai?",
    ),
    Rule(
        "death_identity_known",
        Kind.REDIRECT,
        "Đã xác định nhân thân người chết",
        "Chưa xác định được nhân thân người chết, không giải quyết tại chỗ.",
        "Quy tắc của hệ thống",
        _identity_known,
        question="Số định danh, ngày sinh, giới tính của người chết lệch nhau: đã đối chiếu giấy tờ gốc và thấy đúng?",
        leads_to="Công an cấp xã xác định nhân thân người chết",
    ),
    Rule(
        "death_record_kept_here",
        Kind.REDIRECT,
        "Hồ sơ người chết do xã này quản lý",
        "Hồ sơ công dân của người chết do xã khác quản lý nên xã này không khóa được. Đề nghị xã đó chuyển hồ sơ về, "
        "hoặc hướng dẫn đăng ký tại xã đó.",
        "Luật Hộ tịch Điều 34 khoản 2; quy tắc của hệ thống",
        _record_kept_here,
        leads_to="Ủy ban nhân dân cấp xã đang quản lý hồ sơ công dân của người chết",
    ),
    Rule(
        "death_vietnamese_citizen",
        Kind.REDIRECT,
        "Người chết là công dân Việt Nam",
        "Người chết là người nước ngoài: thực hiện thủ tục đăng ký khai tử có yếu tố nước ngoài.",
        "Luật Hộ tịch Điều 51–52",
        _vietnamese,
        leads_to="Đăng ký khai tử có yếu tố nước ngoài",
    ),
    Rule(
        "death_not_registered",
        Kind.REFUSE,
        "Chưa được đăng ký khai tử",
        "Việc chết của người này đã được đăng ký khai tử; mỗi sự kiện chỉ đăng ký tại một cơ quan. "
        "Có thể cấp bản sao trích lục.",
        "Luật Hộ tịch Điều 5 khoản 4",
        _not_registered,
        question="Đã tra Sổ đăng ký khai tử và cơ sở dữ liệu hộ tịch điện tử: việc chết này chưa được đăng ký?",
        leads_to="2.000635 Cấp bản sao trích lục hộ tịch",
    ),
    Rule(
        "death_last_residence_known",
        Kind.VERIFY,
        "Biết nơi cư trú cuối cùng",
        "Không khai thác được nơi cư trú cuối cùng. Đề nghị xuất trình giấy tờ chứng minh nơi chết hoặc nơi phát hiện "
        "thi thể.",
        "Cổng Dịch vụ công quốc gia, thủ tục 1.000656",
        _residence_known,
        question="Không có nơi cư trú cuối cùng trong dữ liệu: đã xem giấy tờ chứng minh nơi chết hoặc nơi phát hiện "
        "thi thể?",
    ),
    *_COMPETENT,
    Rule(
        "death_notice_present",
        Kind.COMPLETE,
        "Có Giấy báo tử hoặc giấy tờ thay thế",
        "Chưa có Giấy báo tử hoặc giấy tờ thay Giấy báo tử.",
        "Luật Hộ tịch Điều 34 khoản 1; NĐ 123/2015/NĐ-CP Điều 2 khoản 2",
        _notice_present,
    ),
    Rule(
        "death_notice_issuer_valid",
        Kind.VERIFY,
        "Giấy báo tử đúng nơi cấp",
        "Giấy báo tử không do cơ quan có thẩm quyền cấp đối với trường hợp này.",
        "NĐ 123/2015/NĐ-CP Điều 4 khoản 2",
        _notice_issuer_valid,
        question="Nơi cấp ghi trên giấy là cơ quan có thẩm quyền cho trường hợp chết này?",
    ),
    Rule(
        "death_home_notice_issued_here",
        Kind.COMPLETE,
        "Xã này cấp Giấy báo tử trước",
        "Ủy ban nhân dân cấp xã nơi người đó chết phải cấp Giấy báo tử trước khi đăng ký khai tử.",
        "NĐ 123/2015/NĐ-CP Điều 4 khoản 2 điểm đ",
        _home_notice_issued_here,
    ),
    Rule(
        "death_notice_matches_person",
        Kind.VERIFY,
        "Giấy báo tử khớp hồ sơ người chết",
        "Thông tin trên Giấy báo tử khác với dữ liệu của người chết.",
        "Luật Hộ tịch Điều 34 khoản 2",
        _notice_matches_person,
        question="Họ tên, ngày sinh, giới tính, số định danh trên giấy giống hồ sơ của người chết?",
    ),
    Rule(
        "death_time_plausible",
        Kind.REFUSE,
        "Thời điểm chết hợp lý",
        "Thời điểm chết không hợp lý.",
        "Quy tắc của hệ thống",
        _time_plausible,
    ),
    Rule(
        "death_not_suspicious",
        Kind.VERIFY,
        "Không phải tai nạn, đột ngột, nghi vấn",
        "Trường hợp tai nạn, đột ngột hoặc có nghi vấn phải có văn bản của cơ quan công an hoặc kết quả giám định "
        "pháp y.",
        "NĐ 123/2015/NĐ-CP Điều 4 khoản 2 điểm d",
        _not_suspicious,
    ),
    Rule(
        "death_court_decision_effective",
        Kind.VERIFY,
        "Quyết định của Tòa án đã có hiệu lực",
        "Quyết định của Tòa án chưa có hiệu lực pháp luật.",
        "NĐ 123/2015/NĐ-CP Điều 4 khoản 2 điểm c; Luật HN&GĐ Điều 65",
        _court_effective,
    ),
    Rule(
        "death_not_old_death",
        Kind.VERIFY,
        "Có Giấy báo tử, hoặc chứng cứ hợp lệ",
        "Không có Giấy báo tử: cần giấy tờ, chứng cứ do cơ quan có thẩm quyền cấp hoặc xác nhận; nếu không có thì "
        "từ chối.",
        "TT 04/2020/TT-BTP Điều 13",
        _not_old_death,
        question="Người chết đã lâu: giấy tờ, chứng cứ do cơ quan có thẩm quyền cấp hoặc xác nhận hợp lệ?",
    ),
    Rule(
        "death_within_15_days",
        Kind.WARN,
        "Khai trong 15 ngày",
        "Quá thời hạn 15 ngày: đăng ký quá hạn, không được miễn lệ phí (trừ đối tượng miễn).",
        "Luật Hộ tịch Điều 11, 33",
        _within_15_days,
        question="Đã biết là đăng ký quá hạn?",
    ),
    Rule(
        "death_infant_birth_registered",
        Kind.REDIRECT,
        "Trẻ đã được đăng ký khai sinh",
        "Trẻ sống từ 24 giờ trở lên phải đăng ký khai sinh trước khi khai tử.",
        "BLDS 2015 Điều 30 khoản 3 (khai sinh trước: chưa xác minh)",
        _infant_birth_registered,
        question="Đã tra thấy đăng ký khai sinh của trẻ trong sổ hoặc cơ sở dữ liệu?",
        leads_to="1.001193 Đăng ký khai sinh",
    ),
    Rule(
        "death_infant_parents_ask",
        Kind.REFUSE,
        "Cha, mẹ yêu cầu khai tử cho trẻ dưới 24 giờ tuổi",
        "Trẻ chết trước 24 giờ tuổi không phải khai tử; chỉ đăng ký khi cha, mẹ yêu cầu.",
        "BLDS 2015 Điều 30 khoản 3",
        _infant_parents_ask,
    ),
    Rule(
        "death_home_checked",
        Kind.COMPLETE,
        "Việc chết tại nhà đã được xác minh",
        "Chưa xác nhận cách xác minh việc chết tại nhà nên chưa ký được Giấy báo tử.",
        "NĐ 123/2015/NĐ-CP Điều 4 khoản 2 điểm đ (cách xác minh: chưa xác minh)",
        lambda application: Answer.OFFICER if issues_notice(application) else Answer.NOT_ASKED,
        question="Đã xem: việc chết tại nhà được xác minh như ghi trên Giấy báo tử, không có dấu hiệu nghi vấn?",
        stage=Stage.SIGNATURE,
    ),
)
