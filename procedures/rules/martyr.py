"""The rules of the visit to a martyr's grave: one function per id of social-affairs.md 6.4. No database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from citizens import names
from citizens.martyrs import MartyrFile, Relation, Relative
from procedures.rules import Answer, Application, Kind, Rule, yes
from procedures.rules.points import Point, Sort

AS_FILED = "as_filed"
TYPED = "typed"
SLOTS = ("companion_1", "companion_2", "companion_3")
"""One more than the two that may be supported beside the applicant: who asks for four is told why three."""

MOST_SUPPORTED = 3

GIVES_APPLICATION = Point(
    key="martyr_grave_visit.gives_application",
    place="Kết quả mặc định: xác nhận vào đơn",
    value="yes",
    doubt="Thông tư liên tịch 13/2014 đã được thay thế; chưa xác minh Hà Nội còn cần đơn có xác nhận.",
    sort=Sort.YES_NO,
)
GIVES_LETTER = Point(
    key="martyr_grave_visit.gives_letter",
    place="Kết quả mặc định: cấp giấy giới thiệu",
    value="yes",
    doubt="Từ 01/07/2025 xã quản lý hồ sơ gốc cấp giấy giới thiệu: theo cổng dịch vụ công của một tỉnh, "
    "chưa có văn bản của Hà Nội.",
    sort=Sort.YES_NO,
)
PRIVATE_VISIT = Point(
    key="martyr_grave_visit.private_visit",
    place="Điều kiện: không được hỗ trợ thì vẫn xác nhận để tự đi thăm",
    value="yes",
    doubt="Nghị định 131/2021 chỉ nói về hỗ trợ; chưa xác minh xã có xác nhận cho người tự đi.",
    sort=Sort.YES_NO,
)
CALENDAR_YEAR = Point(
    key="martyr_grave_visit.calendar_year",
    place="Điều kiện: “mỗi năm một lần” tính theo năm dương lịch (không thì đủ 12 tháng kể từ lần trước)",
    value="yes",
    doubt="Điều 156 Nghị định 131/2021 ghi “mỗi năm một lần”, không nói cách tính năm.",
    sort=Sort.YES_NO,
)
WORSHIP_ALONE = Point(
    key="martyr_grave_visit.worship_alone",
    place="Điều kiện: người chỉ hưởng trợ cấp thờ cúng được hỗ trợ một mình",
    value="yes",
    doubt="Cách hiểu Điều 155 Nghị định 131/2021, chưa xác minh.",
    sort=Sort.YES_NO,
)
PRACTICES = (GIVES_APPLICATION, GIVES_LETTER, PRIVATE_VISIT, CALENDAR_YEAR, WORSHIP_ALONE)


@dataclass(frozen=True)
class Companion:
    """Who goes along, as the letter lists him or her. `is_kin`: thân nhân in the martyr's file."""

    full_name: str
    birth_text: str
    identity_number: str
    id_issued_on: date | None
    id_issued_by: str
    relation: str
    is_kin: bool

    @property
    def is_complete(self) -> bool:
        return all((self.full_name, self.birth_text, self.identity_number, self.relation))


@dataclass(frozen=True)
class Grave:
    """Where they go: as the file says, or as told at the counter.

    Not `is_grave` where only the place of death is known: then `commune` is the one that lies there.
    """

    cemetery: str
    location: str
    commune: str
    province: str
    is_grave: bool = True

    @property
    def words(self) -> str:
        """`Nghĩa trang …, lô 3, xã …, tỉnh …`: what is known, from the nearest to the widest."""
        return ", ".join(part for part in (self.cemetery, self.location, self.commune, self.province) if part)


def martyr_of(application: Application) -> MartyrFile | None:
    chosen = str(application.get("martyr"))
    return next((martyr for martyr in application.dossier.martyrs if str(martyr.id) == chosen), None)


def filed_relation(martyr: MartyrFile, identity_number: str) -> Relation | None:
    """What the file says this person is: kin before the worship allowance, which before any other relation."""
    relative = martyr.relative(identity_number)
    if relative and relative.relation.is_kin:
        return relative.relation
    if _holds_worship(martyr, identity_number):
        return Relation.WORSHIP
    return relative.relation if relative else None


def relation_of(application: Application) -> Relation | None:
    """What the applicant is to the martyr: as said, or as the file says; nothing where neither tells."""
    said, martyr = str(application.get("relationship", AS_FILED)), martyr_of(application)
    if said != AS_FILED:
        return Relation(said)
    return filed_relation(martyr, application.person.identity_number) if martyr else None


def relation_words(application: Application) -> str:
    """As printed: the natural relation (`Cháu ruột`) where one was told or stands in the file, else the label."""
    relation, martyr = relation_of(application), martyr_of(application)
    if relation is None or martyr is None:
        return ""
    told = str(application.get("relation_text"))
    if relation == Relation.WORSHIP:
        return told or (martyr.worship.words if martyr.worship else relation.label)
    relative = martyr.relative(application.person.identity_number)
    return relative.words if relative and relative.relation == relation else told or relation.label


def companions_of(application: Application) -> tuple[Companion, ...]:
    martyr = martyr_of(application)
    found = (_companion(application, martyr, slot) for slot in SLOTS) if martyr else ()
    return tuple(companion for companion in found if companion)


def _companion(application: Application, martyr: MartyrFile, slot: str) -> Companion | None:
    chosen = str(application.get(slot))
    if chosen == TYPED:
        return _typed_companion(application, martyr, slot)
    relative = next((relative for relative in martyr.relatives if str(relative.id) == chosen), None)
    if relative is None:
        return None
    return Companion(
        full_name=relative.full_name,
        birth_text=relative.birth_text,
        identity_number=relative.identity_number,
        id_issued_on=relative.id_issued_on,
        id_issued_by=relative.id_issued_by,
        relation=relative.words,
        is_kin=relative.relation.is_kin,
    )


def _typed_companion(application: Application, martyr: MartyrFile, slot: str) -> Companion:
    name, number = str(application.get(f"{slot}_name")), str(application.get(f"{slot}_number"))
    relation = str(application.get(f"{slot}_relation"))
    return Companion(
        full_name=name,
        birth_text=str(application.get(f"{slot}_birth")),
        identity_number=number,
        id_issued_on=application.get(f"{slot}_issued_on", None),
        id_issued_by=str(application.get(f"{slot}_issued_by")),
        relation=Relation(relation).label if relation else "",
        is_kin=any(_is_same(relative, name, number) for relative in martyr.relatives if relative.relation.is_kin),
    )


def _is_same(relative: Relative, name: str, number: str) -> bool:
    """By number; by name only where an old file gives none."""
    if relative.identity_number:
        return relative.identity_number == number
    return bool(name) and names.exact_key(relative.full_name) == names.exact_key(name)


def grave_of(application: Application) -> Grave:
    """What was told at the counter prevails over the file, line by line."""
    martyr = martyr_of(application)

    def told(name: str, filed: str) -> str:
        return str(application.get(name)) or filed

    return Grave(
        cemetery=told("grave_cemetery", martyr.cemetery if martyr else ""),
        location=told("grave_location", martyr.grave_location if martyr else ""),
        commune=told("grave_commune", martyr.grave_commune if martyr else ""),
        province=told("grave_province", martyr.grave_province if martyr else ""),
        is_grave=bool(
            (martyr and (martyr.cemetery or martyr.grave_location or martyr.grave_commune))
            or application.get("grave_cemetery")
            or application.get("grave_location")
        ),
    )


def goes_to(application: Application) -> str:
    """Where the visit leads, for the book: the grave, or the place of death where no grave is known."""
    martyr, grave = martyr_of(application), grave_of(application)
    if grave.is_grave or martyr is None:
        return grave.words
    return ", ".join(part for part in (martyr.death_place, grave.words) if part)


def lives_here(application: Application) -> bool:
    home = application.person.permanent_residence(application.day)
    return home is not None and home.here


def papers_wanted(application: Application) -> tuple[bool, bool]:
    """Whether the application is confirmed, and whether a letter is issued: as asked, else as the commune does.

    Left to the commune, each paper comes only from who may issue it: the letter from the commune that manages the file,
    the confirmation from the one where the applicant lives (6.1, edge case 4).
    """
    match application.get("result", "commune"):
        case "application":
            return True, False
        case "letter":
            return False, True
        case "both":
            return True, True
    martyr = martyr_of(application)
    letter = GIVES_LETTER.is_on(application) and martyr is not None and martyr.kept_here
    confirmed = GIVES_APPLICATION.is_on(application) and (lives_here(application) or not letter)
    return confirmed or not letter, letter


def asks_support(application: Application) -> bool:
    return bool(application.get("support", "yes") != "no")


def supported(application: Application) -> int:
    """How many travel at public cost."""
    if not asks_support(application):
        return 0
    if relation_of(application) == Relation.WORSHIP and WORSHIP_ALONE.is_on(application):
        return 1
    return 1 + sum(companion.is_kin for companion in companions_of(application))


def _support_binds(application: Application) -> bool:
    """Rules on support let a private visit through, where the commune confirms such visits."""
    return asks_support(application) or not PRIVATE_VISIT.is_on(application)


def _holds_worship(martyr: MartyrFile, identity_number: str) -> bool:
    return martyr.worship is not None and bool(identity_number) and martyr.worship.identity_number == identity_number


def _identified(application: Application) -> Answer:
    person = application.person
    if person.deceased_on is not None or person.id_document_valid is False:
        return Answer.NO
    return Answer.OFFICER


def _martyr_known(application: Application) -> Answer:
    martyr = martyr_of(application)
    if martyr is None:
        # files were found and none is chosen yet: the form asks
        return Answer.NOT_ASKED if application.dossier.martyrs else Answer.NO
    return yes(bool(martyr.certificate_number or martyr.decision))


def _entitled(application: Application) -> Answer:
    martyr, relation = martyr_of(application), relation_of(application)
    if martyr is None or relation is None:
        return Answer.NOT_ASKED  # grv_martyr_known or grv_relation_recorded speaks
    if relation == Relation.WORSHIP:
        return yes(_holds_worship(martyr, application.person.identity_number))
    return yes(relation.is_kin)


def _recorded(application: Application) -> Answer:
    martyr, relation = martyr_of(application), relation_of(application)
    if martyr is None or relation == Relation.OTHER:
        return Answer.NOT_ASKED
    number = application.person.identity_number
    if relation == Relation.WORSHIP:
        return yes(_holds_worship(martyr, number))
    return yes(any(kin.relation == relation and kin.identity_number == number for kin in martyr.relatives))


def _visit_condition(application: Application) -> Answer:
    martyr = martyr_of(application)
    if martyr is None:
        return Answer.NOT_ASKED
    fell_known = martyr.died_in_country and bool(martyr.death_place and martyr.death_place_paper)
    return yes(martyr.in_cemetery_list or fell_known)


def _max_three(application: Application) -> Answer:
    if martyr_of(application) is None or not _support_binds(application):
        return Answer.NOT_ASKED
    return yes(1 + sum(companion.is_kin for companion in companions_of(application)) <= MOST_SUPPORTED)


def _worship_single(application: Application) -> Answer:
    alone = WORSHIP_ALONE.is_on(application) and _support_binds(application)
    if relation_of(application) != Relation.WORSHIP or not alone:
        return Answer.NOT_ASKED
    return yes(not companions_of(application))


def _once_a_year(application: Application) -> Answer:
    martyr = martyr_of(application)
    if martyr is None or not _support_binds(application):
        return Answer.NOT_ASKED
    return yes(not any(visit.counts and _same_year(visit.on, application) for visit in martyr.visits))


def _same_year(visited: date, application: Application) -> bool:
    day = application.day
    if CALENDAR_YEAR.is_on(application):
        return visited.year == day.year
    # 12 months: the same day of the next year is free again
    return (day.year - visited.year) * 12 + day.month - visited.month - (day.day < visited.day) < 12


def _competent(application: Application) -> Answer:
    martyr, (_, letter) = martyr_of(application), papers_wanted(application)
    return yes(martyr.kept_here) if martyr and letter else Answer.NOT_ASKED


def _letter_elsewhere(application: Application) -> Answer:
    martyr, (_, letter) = martyr_of(application), papers_wanted(application)
    return yes(martyr.kept_here) if martyr and not letter else Answer.NOT_ASKED


def _residence(application: Application) -> Answer:
    confirmed, _ = papers_wanted(application)
    return yes(lives_here(application)) if confirmed else Answer.NOT_ASKED


def _grave_located(application: Application) -> Answer:
    _, letter = papers_wanted(application)
    if martyr_of(application) is None or not letter:
        return Answer.NOT_ASKED
    grave = grave_of(application)
    return yes(bool(grave.cemetery or grave.commune))


def _companions_complete(application: Application) -> Answer:
    companions = companions_of(application)
    return yes(all(companion.is_complete for companion in companions)) if companions else Answer.NOT_ASKED


def _companion_is_relative(application: Application) -> Answer:
    companions = companions_of(application)
    if not companions or not _support_binds(application):
        return Answer.NOT_ASKED
    return yes(all(companion.is_kin for companion in companions))


def _officer_not_related(application: Application) -> Answer:
    officer, martyr = application.officer_number, martyr_of(application)
    if officer and officer == application.person.identity_number:
        return Answer.NO
    if martyr and martyr.concerns(officer):
        return Answer.NO
    return Answer.OFFICER


PRIVATE_ADVICE = "nếu tự đi thăm, không có hỗ trợ, thì đề nghị xác nhận theo cách đó"

RULES = (
    Rule(
        "grv_identity_verified",
        Kind.COMPLETE,
        "Đã xác thực danh tính người đề nghị",
        "Chưa xác thực được danh tính người đề nghị.",
        "Quy tắc tiếp nhận của xã",
        _identified,
        question="Đã xem thẻ (hoặc căn cước điện tử): còn hạn và đúng người trước mặt?",
    ),
    Rule(
        "grv_martyr_known",
        Kind.COMPLETE,
        "Có hồ sơ liệt sĩ tại xã",
        "Chưa có thông tin liệt sĩ trong hồ sơ của xã. Cần trích lục hồ sơ liệt sĩ.",
        "Nghị định 131/2021/NĐ-CP Điều 157",
        _martyr_known,
        leads_to="bộ phận người có công của xã để trích lục, bổ sung hồ sơ liệt sĩ",
    ),
    Rule(
        "grv_entitled_person",
        Kind.REFUSE,
        "Thân nhân liệt sĩ hoặc người hưởng trợ cấp thờ cúng",
        "Người đề nghị không phải thân nhân liệt sĩ hoặc người hưởng trợ cấp thờ cúng liệt sĩ.",
        "Nghị định 131/2021/NĐ-CP Điều 155",
        _entitled,
        leads_to="3.000010 Chế độ đi tìm mộ liệt sĩ (Bộ Quốc phòng), với giấy giới thiệu của UBND xã nơi cư trú",
    ),
    Rule(
        "grv_relation_recorded",
        Kind.COMPLETE,
        "Quan hệ với liệt sĩ có trong hồ sơ",
        "Chưa có căn cứ về quan hệ với liệt sĩ trong hồ sơ lưu.",
        "Nghị định 131/2021/NĐ-CP Điều 158 khoản 1",
        _recorded,
        leads_to="bộ phận người có công của xã để bổ sung quan hệ vào hồ sơ liệt sĩ",
    ),
    Rule(
        "grv_visit_condition",
        Kind.REFUSE,
        "Có tên trong danh sách nghĩa trang hoặc rõ nơi hy sinh",
        "Liệt sĩ chưa có tên trong danh sách nghĩa trang liệt sĩ và chưa rõ địa danh nơi hy sinh trong nước.",
        "Nghị định 131/2021/NĐ-CP Điều 157 khoản 1",
        _visit_condition,
        leads_to="3.000010 Chế độ đi tìm mộ liệt sĩ (Bộ Quốc phòng), với giấy giới thiệu của UBND xã nơi cư trú",
    ),
    Rule(
        "grv_max_three",
        Kind.REFUSE,
        "Tối đa 03 thân nhân được hỗ trợ",
        "Mỗi lần thăm viếng được hỗ trợ tối đa 03 thân nhân liệt sĩ.",
        "Nghị định 131/2021/NĐ-CP Điều 155",
        _max_three,
        leads_to="bỏ bớt người trong danh sách; người thứ tư tự đi, không ghi vào giấy giới thiệu",
    ),
    Rule(
        "grv_worship_single",
        Kind.REFUSE,
        "Người hưởng trợ cấp thờ cúng đi một mình",
        "Người hưởng trợ cấp thờ cúng chỉ được hỗ trợ cho bản thân.",
        "Nghị định 131/2021/NĐ-CP Điều 155 (cách hiểu, chưa xác minh)",
        _worship_single,
        leads_to=PRIVATE_ADVICE,
    ),
    Rule(
        "grv_once_a_year",
        Kind.REFUSE,
        "Mộ chưa được hỗ trợ thăm viếng trong năm",
        "Mộ liệt sĩ này đã được hỗ trợ thăm viếng trong năm nay.",
        "Nghị định 131/2021/NĐ-CP Điều 156",
        _once_a_year,
        leads_to=PRIVATE_ADVICE,
    ),
    Rule(
        "grv_commune_competent",
        Kind.REDIRECT,
        "Xã quản lý hồ sơ gốc của liệt sĩ",
        "Hồ sơ gốc của liệt sĩ do xã khác quản lý. Đề nghị nộp tại xã đó.",
        "Cổng dịch vụ công tỉnh Lào Cai, thủ tục thăm viếng mộ liệt sĩ (chưa có văn bản của Hà Nội)",
        _competent,
        leads_to="UBND xã quản lý hồ sơ gốc của liệt sĩ",
    ),
    Rule(
        "grv_letter_elsewhere",
        Kind.WARN,
        "Giấy giới thiệu do xã này cấp",
        "Xã chỉ xác nhận đơn: hồ sơ gốc do xã khác quản lý, giấy giới thiệu và tiền hỗ trợ do xã đó giải quyết.",
        "Cổng dịch vụ công tỉnh Lào Cai, thủ tục thăm viếng mộ liệt sĩ (chưa có văn bản của Hà Nội)",
        _letter_elsewhere,
        question="Đã hướng dẫn công dân đến xã quản lý hồ sơ gốc?",
        leads_to="UBND xã quản lý hồ sơ gốc của liệt sĩ",
    ),
    Rule(
        "grv_residence_here",
        Kind.REDIRECT,
        "Người đề nghị thường trú tại xã",
        "Xã chỉ xác nhận đơn của người thường trú tại xã.",
        "Thông tư liên tịch 13/2014/TTLT-BLĐTBXH-BTC Điều 17 (đã thay thế; quy tắc của xã)",
        _residence,
        leads_to="UBND xã nơi thường trú; giấy giới thiệu thì nhận tại xã quản lý hồ sơ gốc",
    ),
    Rule(
        "grv_grave_located",
        Kind.COMPLETE,
        "Biết nghĩa trang hoặc địa phương có mộ",
        "Chưa xác định nghĩa trang hoặc địa phương nơi có mộ liệt sĩ.",
        "Nghị định 131/2021/NĐ-CP Điều 158",
        _grave_located,
    ),
    Rule(
        "grv_companions_complete",
        Kind.COMPLETE,
        "Đủ thông tin người cùng đi",
        "Thông tin người cùng đi chưa đầy đủ.",
        "Mẫu điện tử của thủ tục thăm viếng mộ liệt sĩ",
        _companions_complete,
    ),
    Rule(
        "grv_companion_is_relative",
        Kind.REFUSE,
        "Người cùng đi là thân nhân liệt sĩ",
        "Người cùng đi không phải thân nhân liệt sĩ nên không được hỗ trợ.",
        "Nghị định 131/2021/NĐ-CP Điều 155",
        _companion_is_relative,
        leads_to="người này tự đi, không ghi vào giấy giới thiệu",
    ),
    Rule(
        "grv_officer_not_related",
        Kind.REDIRECT,
        "Cán bộ không phải người thân thích",
        "Cán bộ không giải quyết việc của mình hoặc của người thân thích. Đề nghị chuyển người khác giải quyết.",
        "Quy tắc tiếp nhận của xã",
        _officer_not_related,
        question="Tôi không phải người đề nghị, thân nhân của liệt sĩ hay người thân thích của họ?",
    ),
    Rule(
        "grv_no_open_duplicate",
        Kind.WARN,
        "Không có hồ sơ trùng",
        "Đã có hồ sơ đang xử lý cho người này.",
        "Quy tắc của hệ thống",
        lambda application: yes(not application.open_cases),
        question="Đã biết và vẫn tiếp nhận?",
    ),
)
"""The rules of 6.4 in their order, with four of our own: the letter of another commune, residence, the officer's kin,
and a double."""


def as_ruled(rules: Sequence[Rule], application: Application) -> tuple[Rule, ...]:
    """The rules with advice that holds here: nobody is sent on a private visit that this commune does not confirm."""
    if PRIVATE_VISIT.is_on(application):
        return tuple(rules)
    return tuple(replace(rule, leads_to="") if rule.leads_to == PRIVATE_ADVICE else rule for rule in rules)
