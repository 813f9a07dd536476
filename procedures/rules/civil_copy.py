"""The rules of copies from the civil-status books: one function per id of civil-status.md 1.4. No database."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from citizens import names
from citizens.person import Ending, Person
from citizens.register import Entry, EventKind, Named, Part, Standing
from procedures.rules import Answer, Application, Kind, Rule, softened, yes
from procedures.rules.civil_status import CIVIL_STATUS, NEW_LAW
from procedures.rules.points import Point, Sort

NOT_FOUND = "none"
"""The answer `entry` when nothing was found in books and data."""

COPIES_AT_MOST = Point(
    "civil_copy.copies_at_most",
    "Bản sao trích lục hộ tịch: số bản nhiều nhất của một yêu cầu",
    "20",
    "Luật không đặt giới hạn; xã tự đặt để tránh gõ nhầm.",
    Sort.NUMBER,
)
RELATIVES_OF_THE_DEAD = Point(
    "civil_copy.relatives_of_the_dead",
    "Bản sao trích lục hộ tịch: người thân yêu cầu cho người đã chết",
    "yes",
    "Luật chỉ nói về sự kiện của chính mình; thực tế người thừa kế vẫn yêu cầu. “Không”: từ chối, cần văn bản của "
    "cơ quan, tổ chức (công chứng, Tòa án).",
    Sort.YES_NO,
)

ACTS_FOR_OTHERS = ("legal_representative", "proxy_close_relative", "proxy_other")


def chosen(application: Application) -> Entry | None:
    """The entry that the clerk picked out of what was found."""
    picked = str(application.get("entry"))
    return next((entry for entry in application.dossier.entries if str(entry.id) == picked), None)


def event_of(application: Application) -> EventKind | None:
    """Of which event a copy is asked, found or not."""
    entry = chosen(application)
    if entry is not None:
        return entry.kind
    asked = str(application.get("event_kind"))
    return EventKind(asked) if asked in set(EventKind) else None


def is_party(entry: Entry, person: Person) -> Answer:
    """Whether `entry` is about `person`: by number, or by a name that an officer has to look at.

    Old books have an old card's number or none: the same name and no contradicting year of birth is a weak match
    (civil-status.md 0.4).
    """
    if entry.names(person.identity_number):
        return Answer.YES
    mine = names.search_key(person.full_name)
    for named in entry.persons:
        is_known = re.fullmatch(r"[0-9]{12}", named.identity_number) is not None
        if named.part == Part.DECLARANT or is_known or names.search_key(named.full_name) != mine:
            continue
        if _same_year(named, person):
            return Answer.OFFICER
    return Answer.NO


def _same_year(named: Named, person: Person) -> bool:
    years = (re.search(r"(?<!\d)[12]\d{3}(?!\d)", text) for text in (named.birth_text, person.birth_text))
    then, now = years
    return then is None or now is None or then[0] == now[0]


def concerns_the_dead(application: Application) -> bool:
    """Whether the one the copy concerns is dead: by the record, because the entry is of the death itself, or as the
    relative says of somebody who has no record any more, which the officer confirms."""
    entry = chosen(application)
    is_told = application.get("capacity") == "relative" and application.other is None
    return is_told or application.subject.deceased_on is not None or _is_of_death(entry)


def _is_of_death(entry: Entry | None) -> bool:
    return entry is not None and entry.kind == EventKind.DEATH


def fingerprint(entry: Entry) -> str:
    """What the entry said when the file was received, in 16 letters; notes are compared on their own."""
    said = (entry.kind, entry.number, entry.volume, entry.registered_text, entry.unit, sorted(entry.facts.items()))
    people = [replace(named, identity_number="", who="") for named in entry.persons]
    return hashlib.sha256(repr((said, people)).encode()).hexdigest()[:16]


def _entitled(application: Application) -> Answer:
    entry = chosen(application)
    if entry is None:
        return Answer.NOT_ASKED
    capacity = application.get("capacity")
    if capacity == "organisation":
        return Answer.YES  # copy_reason_given looks at the letter
    mine = is_party(entry, application.person)
    if mine == Answer.YES:
        return Answer.YES
    if concerns_the_dead(application):
        return Answer.NOT_ASKED if RELATIVES_OF_THE_DEAD.is_on(application) else Answer.NO
    if capacity in ACTS_FOR_OTHERS and application.other is not None:
        theirs = is_party(entry, application.other)
        if theirs == Answer.YES and capacity == "legal_representative" and not _is_parent_of_a_minor(application):
            return Answer.OFFICER  # guardianship, loss of capacity: papers the books do not hold
        return theirs
    return mine if capacity == "self" else Answer.NO


def _is_parent_of_a_minor(application: Application) -> bool:
    other = application.other
    age = other.age_on(application.day) if other else None
    kin = application.dossier.other_kin
    return age is not None and age < 18 and application.person.identity_number in kin.parents | kin.adoptive_parents


def _dead_relative(application: Application) -> Answer:
    entry = chosen(application)
    if entry is None or not concerns_the_dead(application) or application.get("capacity") == "organisation":
        return Answer.NOT_ASKED
    if is_party(entry, application.person) == Answer.YES or not RELATIVES_OF_THE_DEAD.is_on(application):
        return Answer.NOT_ASKED
    return Answer.NO


def _registered(application: Application) -> Answer:
    if chosen(application) is not None:
        return Answer.YES
    if not application.get("entry"):
        return Answer.NOT_ASKED
    if application.get("book_state") == "elsewhere" and application.day < NEW_LAW:
        return Answer.NOT_ASKED  # copy_unit_manages_data speaks
    return Answer.NO


def _same_event(one: Entry, other: Entry) -> bool:
    """Whether two entries seem to tell the same event twice: the same kind, of the same people."""
    if one.kind != other.kind:
        return False
    parties = [
        {names.search_key(named.full_name) for named in entry.persons if named.part not in _NOT_TO_BE_COMPARED}
        for entry in (one, other)
    ]
    born, born_too = _birth_years(one), _birth_years(other)
    return parties[0] == parties[1] and (not born or not born_too or bool(born & born_too))


_NOT_TO_BE_COMPARED = {Part.DECLARANT, Part.MOTHER, Part.FATHER}


def _birth_years(entry: Entry) -> set[str]:
    return {
        year
        for named in entry.persons
        if named.part not in _NOT_TO_BE_COMPARED
        for year in re.findall(r"(?<!\d)[12]\d{3}(?!\d)", named.birth_text)
    }


def _unique(application: Application) -> Answer:
    entry = chosen(application)
    if entry is None:
        return Answer.NOT_ASKED
    twins = [other for other in application.dossier.entries if other.id != entry.id and _same_event(entry, other)]
    return Answer.OFFICER if any(twin.standing == Standing.ACTIVE for twin in twins) else Answer.YES


def is_complete(entry: Entry) -> bool:
    """Whether the data alone give the whole copy: number, day, unit, and every person with a name."""
    dated = bool(entry.registered_on or entry.registered_text)
    return bool(dated and entry.unit and entry.persons) and all(named.full_name for named in entry.persons)


def _manages_data(application: Application) -> Answer:
    entry = chosen(application)
    if entry is not None:
        return yes(entry.here or is_complete(entry))
    is_elsewhere = application.get("entry") == NOT_FOUND and application.get("book_state") == "elsewhere"
    return Answer.NO if is_elsewhere else Answer.NOT_ASKED


def _book_matches(application: Application) -> Answer:
    entry = chosen(application)
    if entry is None:
        return Answer.NOT_ASKED
    if (read := application.get("entry_read")) and read != fingerprint(entry):
        return Answer.NO  # the entry was put right after this file was received
    return Answer.OFFICER if entry.checked_on is None else Answer.YES


def _active(application: Application) -> Answer:
    entry = chosen(application)
    return Answer.NOT_ASKED if entry is None else yes(entry.standing == Standing.ACTIVE)


def _annotations(application: Application) -> Answer:
    """Every note is printed by itself; what fails is a note that came after receipt, or an end of the marriage that
    the record knows and the entry does not yet (Luật Hộ tịch Điều 31: at once after the court's notice)."""
    entry = chosen(application)
    if entry is None:
        return Answer.NOT_ASKED
    known = application.get("notes", None)
    if known is not None and not {note.text for note in entry.notes} <= set(known):
        return Answer.NO
    if entry.kind == EventKind.MARRIAGE and not entry.notes:
        ended = [
            marriage
            for person in (application.person, application.other)
            for marriage in (person.marriages if person else ())
            if marriage.certificate_number.partition(" ")[0] == entry.number
            and marriage.ending in (Ending.DIVORCE, Ending.ANNULMENT)
        ]
        return yes(not ended)
    return Answer.YES


def _quantity(application: Application) -> Answer:
    if "copies" not in application.answers:
        return Answer.NOT_ASKED
    copies = application.get("copies", 0)
    return yes(isinstance(copies, int) and 1 <= copies <= COPIES_AT_MOST.number(application))


LETTER = ("letter_sender", "letter_number", "letter_date", "letter_reason")


def _reason(application: Application) -> Answer:
    if application.get("capacity") != "organisation":
        return Answer.NOT_ASKED
    return yes(all(application.get(name) for name in LETTER))


def _of_age(application: Application) -> Answer:
    """Who comes for a child is the applicant here: the capacity says nothing of the applicant's own age."""
    age = application.person.age_on(application.day)
    return Answer.OFFICER if age is None else yes(age >= 18)


COMMON = tuple(
    replace(rule, check=_of_age) if rule.id == "cs_applicant_capacity" else rule
    for rule in CIVIL_STATUS
    if rule.id != "cs_subject_alive"  # a copy may concern a dead person
)

AGAIN = "đăng ký lại khai sinh (1.004884), đăng ký lại kết hôn (1.004746) hoặc đăng ký lại khai tử (1.005461)"

RULES = (
    Rule(
        "copy_applicant_entitled",
        Kind.REFUSE,
        "Người yêu cầu có quyền yêu cầu bản sao này",
        "Chỉ người có tên trong sự kiện hộ tịch, người đại diện hợp pháp, người được ủy quyền hoặc cơ quan có văn bản "
        "nêu rõ lý do được cấp bản sao.",
        "Luật Hộ tịch Điều 6, 63, 64",
        _entitled,
        question="Đã đối chiếu (họ tên, ngày sinh, cha mẹ, số CMND cũ, giấy tờ đại diện): đúng người có quyền yêu cầu?",
    ),
    Rule(
        "copy_dead_subject_relative",
        Kind.WARN,
        "Người thân yêu cầu cho người đã chết",
        "Người có tên trong sự kiện đã chết. Công chức cần xác nhận quan hệ của người yêu cầu.",
        "Thực tiễn (chưa xác minh): Luật Hộ tịch Điều 63 chỉ nói về sự kiện của chính mình",
        _dead_relative,
        question="Đã xác nhận: người có tên đã chết, và quan hệ của người yêu cầu với người đó?",
        leads_to="công chứng viên hoặc Tòa án gửi văn bản nêu rõ lý do (Luật Hộ tịch Điều 64)",
    ),
    Rule(
        "copy_event_registered",
        Kind.REFUSE,
        "Tra cứu được việc hộ tịch",
        "Không tra cứu được sự kiện hộ tịch theo thông tin đã cung cấp. Đề nghị bổ sung thông tin; nếu không bổ sung "
        "được, cơ quan từ chối giải quyết.",
        "Cổng Dịch vụ công quốc gia, thủ tục 2.000635; Luật Hộ tịch Điều 75",
        _registered,
        leads_to=AGAIN,
    ),
    Rule(
        "copy_entry_unique",
        Kind.VERIFY,
        "Chỉ một việc hộ tịch khớp",
        "Có nhiều sự kiện trùng thông tin. Công chức cần đối chiếu Sổ hộ tịch.",
        "Quy tắc của hệ thống",
        _unique,
        question="Có việc khác trùng thông tin: đã đối chiếu Sổ và chọn đúng?",
    ),
    *softened(
        Rule(
            "copy_unit_manages_data",
            Kind.REDIRECT,
            "Xã giữ sổ hoặc có đủ dữ liệu",
            "Cơ quan này không lưu giữ Sổ hộ tịch và dữ liệu điện tử chưa có sự kiện này. Hướng dẫn hoặc hỗ trợ nộp "
            "trực tuyến đến cơ quan đang quản lý.",
            "Luật Hộ tịch Điều 9 khoản 3, Điều 63; NĐ 120/2025/NĐ-CP",
            _manages_data,
            leads_to="cơ quan đang giữ Sổ hộ tịch, nộp trực tuyến qua Cổng Dịch vụ công quốc gia",
        ),
        NEW_LAW,
        "Sổ do cơ quan khác giữ. Từ 01/03/2027 việc hộ tịch không gắn với nơi cư trú; xem kỹ dữ liệu điện tử.",
    ),
    Rule(
        "copy_book_matches_database",
        Kind.VERIFY,
        "Dữ liệu đúng như Sổ",
        "Dữ liệu điện tử khác với Sổ hộ tịch. Phải điều chỉnh theo Sổ trước khi cấp bản sao.",
        "Luật Hộ tịch Điều 60 khoản 2",
        _book_matches,
        question="Chưa ai đối chiếu: đã mở trang Sổ, dữ liệu đúng như Sổ?",
    ),
    Rule(
        "copy_entry_active",
        Kind.REFUSE,
        "Việc hộ tịch đang có hiệu lực",
        "Sự kiện hộ tịch đã bị hủy hoặc thu hồi, không cấp bản sao.",
        "Luật Hộ tịch Điều 12 khoản 2",
        _active,
    ),
    Rule(
        "copy_annotations_included",
        Kind.COMPLETE,
        "Đủ nội dung ghi chú",
        "Chưa đưa nội dung thay đổi, cải chính, ghi chú vào mục Ghi chú của bản sao.",
        "Luật Hộ tịch Điều 31 (in mọi ghi chú lên bản sao: chưa xác minh)",
        _annotations,
    ),
    Rule(
        "copy_quantity_valid",
        Kind.COMPLETE,
        "Số lượng bản sao",
        "Số lượng bản sao không hợp lệ.",
        "Tờ khai, chú thích (6)",
        _quantity,
    ),
    Rule(
        "copy_reason_given",
        Kind.COMPLETE,
        "Văn bản của cơ quan, tổ chức nêu rõ lý do",
        "Văn bản yêu cầu của cơ quan, tổ chức phải nêu rõ lý do.",
        "Luật Hộ tịch Điều 64 khoản 1",
        _reason,
    ),
)
