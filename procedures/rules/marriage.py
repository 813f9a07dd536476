"""The rules of registering a marriage: one function per id of civil-status.md 4.3. No database.

`person` is whose card was read first, `other` the second; bride and groom follow from the sex on record. A rule of the
pilot or of 0.15 that looks at one person is run for each: under its own id for the bride, with `_groom` for the groom.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from citizens import names
from citizens.person import Certificate, Ending, MaritalStatus, Marriage, Person, ResidenceKind, Sex
from citizens.register import Entry, EventKind, Kin, Standing
from procedures.rules import Answer, Application, Kind, Rule, Stage, softened, yes
from procedures.rules.civil_status import CIVIL_STATUS, NEW_LAW, PAPERLESS
from procedures.rules.marital import MARRIAGE_AGE
from procedures.rules.points import Point, Sort

LOOK_UP_DAYS = Point(
    "marriage_rules.look_up_days",
    "Đăng ký kết hôn: kết quả tra cứu tình trạng hôn nhân không cũ quá số ngày này (0 là tra trong ngày nhận hồ sơ)",
    "0",
    "Nghị định 07/2025 buộc lưu kết quả tra cứu vào hồ sơ, không nói kết quả dùng được trong bao nhiêu ngày.",
    Sort.NUMBER,
)

Look = Callable[[Application], Answer]
Side = Callable[[Application], Person | None]


# --- who is who ---
def couple(person: Person, other: Person) -> tuple[Person, Person]:
    """Bride and groom. Where the records do not tell a woman and a man, the order of the cards: both are judged."""
    if person.sex == Sex.FEMALE:
        return person, other
    if other.sex == Sex.FEMALE or (person.sex == Sex.MALE and other.sex is None):
        return other, person
    return person, other


def bride(application: Application) -> Person:
    return couple(application.person, application.other)[0] if application.other else application.person


def groom(application: Application) -> Person | None:
    """Nobody before the second card is read."""
    return couple(application.person, application.other)[1] if application.other else None


def both(application: Application) -> tuple[Person, ...]:
    return tuple(person for person in (bride(application), groom(application)) if person)


def who(application: Application, person: Person) -> str:
    """`person` or `other`, the words of effects."""
    return "other" if person is application.other else "person"


def kin_of(application: Application, person: Person) -> Kin:
    return application.dossier.other_kin if person is application.other else application.dossier.kin


def one_is_absent(application: Application) -> bool:
    """One of the two hands the file in for both (TT 04/2020 Điều 2 khoản 1); whose card was typed is not there."""
    return bool(application.get("present") == "one")


def at_home(application: Application) -> bool:
    return bool(application.get("place") == "home")


def real_marriages(person: Person) -> tuple[Marriage, ...]:
    """An annulled marriage never was."""
    return tuple(marriage for marriage in person.marriages if marriage.ending != Ending.ANNULMENT)


# --- age ---
def born(person: Person) -> date | None:
    """The day of birth; an unknown month counts as January, an unknown day as the first (TTLT 01/2016 Điều 2)."""
    if person.birth_date is not None:
        return person.birth_date
    parts = re.fullmatch(r"(?:(?:(\d{1,2})/)?(\d{1,2})/)?(\d{4})", person.birth_text.strip())
    if parts is None:
        return None
    day, month, year = (int(part) if part else 1 for part in parts.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def first_lawful_day(person: Person) -> date | None:
    """The birthday on which marriage age is reached; born on 29 February, 1 March of a year without one."""
    birth = born(person)
    if birth is None or person.sex is None:
        return None
    year = birth.year + MARRIAGE_AGE[person.sex]
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def _age(side: Side, sex: Sex) -> Look:
    def check(application: Application) -> Answer:
        person = side(application)
        if person is None:
            return Answer.NOT_ASKED
        first = first_lawful_day(replace(person, sex=sex))
        return Answer.OFFICER if first is None else yes(first <= application.day)

    return check


def _first_day(side: Side, sex: Sex) -> Callable[[Application], str]:
    def tell(application: Application) -> str:
        person = side(application)
        first = first_lawful_day(replace(person, sex=sex)) if person else None
        return f"Ngày sớm nhất được đăng ký kết hôn: {first:%d/%m/%Y}." if first else ""

    return tell


# --- two people who may marry ---
def _different_sex(application: Application) -> Answer:
    if application.other is None:
        return Answer.NOT_ASKED
    sexes = [application.person.sex, application.other.sex]
    return Answer.OFFICER if None in sexes else yes(sexes[0] != sexes[1])


def _not_same_person(application: Application) -> Answer:
    other = application.other
    return yes(other is not None and other.identity_number != application.person.identity_number)


def _both_alive(application: Application) -> Answer:
    dead = any(person.deceased_on is not None for person in both(application))
    return yes(not dead and not any(_about(application, EventKind.DEATH, person) for person in both(application)))


def _about(application: Application, kind: EventKind, person: Person) -> list[Entry]:
    """Entries of that kind in force that are about `person`."""
    return [
        entry
        for entry in application.dossier.entries
        if entry.kind == kind and entry.standing == Standing.ACTIVE and entry.names(person.identity_number)
    ]


def _same_number(one: str, other: str) -> bool:
    """`1/2015` and `01/2015` are one number."""
    parts = [[part.strip().lstrip("0") for part in number.split("/")[:2]] for number in (one, other)]
    return bool(one and other) and parts[0] == parts[1]


def _ended(person: Person, entry: Entry) -> bool:
    """Whether the record of `person` knows that the marriage of `entry` has ended."""
    return any(
        not marriage.lasts and _same_number(marriage.certificate_number, entry.number) for marriage in person.marriages
    )


def _known(person: Person, entry: Entry) -> bool:
    return any(_same_number(marriage.certificate_number, entry.number) for marriage in person.marriages)


def _not_already_registered(application: Application) -> Answer:
    if application.other is None:
        return Answer.NOT_ASKED
    one, two = application.person, application.other
    between = [
        entry
        for entry in _about(application, EventKind.MARRIAGE, one)
        if entry.names(two.identity_number) and not _ended(one, entry)
    ]
    return yes(not between and not _married_to(one, two))


def _married_to(one: Person, two: Person) -> bool:
    """Whether both records tell of one lasting registered marriage with a spouse of the other's name."""
    return any(
        mine.registered
        and _same_number(mine.certificate_number, theirs.certificate_number)
        and names.search_key(mine.spouse_name) == names.search_key(two.full_name)
        and names.search_key(theirs.spouse_name) == names.search_key(one.full_name)
        for mine in one.lasting_marriages()
        for theirs in two.lasting_marriages()
    )


def _unmarried(side: Side, lookup: str) -> Look:
    def check(application: Application) -> Answer:
        person = side(application)
        if person is None:
            return Answer.NOT_ASKED
        return yes(not person.lasting_marriages() and application.get(lookup) != "married")

    return check


def _books_agree(application: Application) -> Answer:
    strange = any(_strange_entries(application, person) for person in both(application))
    return Answer.OFFICER if strange else Answer.YES


def _strange_entries(application: Application, person: Person) -> list[Entry]:
    """Marriages in the books that the record of `person` does not know, neither as lasting nor as ended."""
    return [entry for entry in _about(application, EventKind.MARRIAGE, person) if not _known(person, entry)]


# --- the look-up of the marital status ---
def _lookup_saved(application: Application) -> Answer:
    looked_on = application.get("lookup_on", None)
    told = [application.get(name) for name in ("bride_lookup", "groom_lookup", "lookup_source")]
    if not looked_on or not all(told):
        return Answer.NO
    return yes(0 <= (application.day - looked_on).days <= LOOK_UP_DAYS.number(application))


def _lookup_found(application: Application) -> Answer:
    told = [application.get(name) for name in ("bride_lookup", "groom_lookup")]
    return yes("unknown" not in told) if all(told) else Answer.NOT_ASKED


def _no_papers_demanded(application: Application) -> Answer:
    """Asked where a clerk may be tempted: nothing was found, or somebody already holds a certificate to marry."""
    unknown = "unknown" in (application.get("bride_lookup"), application.get("groom_lookup"))
    holds = any(_certificates_to_marry(application, person) for person in both(application))
    return yes(not unknown and not holds)


def _certificates_to_marry(application: Application, person: Person) -> list[Certificate]:
    return [paper for paper in person.certificates if paper.for_marriage and paper.valid_on(application.day)]


def _names_somebody_else(paper: Certificate, partner: Person) -> bool:
    """Whether the purpose of a certificate to marry speaks of anybody but `partner`."""
    if partner.identity_number in paper.purpose:
        return False
    if names.search_key(partner.full_name) not in names.search_key(paper.purpose):
        return True
    year = re.search(r"sinh năm (\d{4})", paper.purpose)
    birth = born(partner)
    return bool(year and birth and int(year[1]) != birth.year)


def _promised_another(side: Side, partner: Side) -> Look:
    def check(application: Application) -> Answer:
        person, other = side(application), partner(application)
        if person is None or other is None:
            return Answer.NOT_ASKED
        papers = _certificates_to_marry(application, person)
        if not papers:
            return Answer.NOT_ASKED
        return yes(not any(_names_somebody_else(paper, other) for paper in papers))

    return check


def _which_paper(side: Side, partner: Side) -> Callable[[Application], str]:
    def tell(application: Application) -> str:
        person, other = side(application), partner(application)
        if person is None or other is None:
            return ""
        papers = [
            f"số {paper.number} ngày {paper.issued_on:%d/%m/%Y}, {paper.purpose}"
            for paper in _certificates_to_marry(application, person)
            if _names_somebody_else(paper, other)
        ]
        return f"Giấy {'; giấy '.join(papers)}."

    return tell


# --- where they live, who they are ---
def lives_here(person: Person, day: date) -> bool:
    """Permanently or for a time (Luật Hộ tịch Điều 17; NĐ 120/2025)."""
    places = (person.permanent_residence(day), person.temporary_residence(day))
    return any(place is not None and place.here for place in places)


def _resident_here(application: Application) -> Answer:
    return yes(any(lives_here(person, application.day) for person in both(application)))


def _both_residents_here(application: Application) -> Answer:
    return yes(all(lives_here(person, application.day) for person in both(application)))


def _kept_here(application: Application) -> Answer:
    return yes(all(person.kept_here for person in both(application)))


def _both_vietnamese(application: Application) -> Answer:
    return yes(all(_is_citizen(person) and not _lives_abroad(person, application.day) for person in both(application)))


def _is_citizen(person: Person) -> bool:
    return names.search_key(person.nationality) == "viet nam"


def _lives_abroad(person: Person, day: date) -> bool:
    return any(place.kind == ResidenceKind.ABROAD and place.covers(day) for place in person.residences)


def _first_marriage(application: Application) -> Answer:
    """Neither the records, nor the look-up, nor they themselves know of an earlier one."""
    records = all(person.marital_status == MaritalStatus.SINGLE for person in both(application))
    looked_up = {"divorced", "widowed", "married"} & {application.get("bride_lookup"), application.get("groom_lookup")}
    told = all(application.get(name, 1) == 1 for name in ("bride_count", "groom_count"))
    return yes(records and not looked_up and told)


def _foreign_divorce_noted(application: Application) -> Answer:
    abroad = [
        marriage
        for person in both(application)
        for marriage in person.marriages
        if marriage.ended_abroad and marriage.ending in (Ending.DIVORCE, Ending.ANNULMENT)
    ]
    return yes(all(marriage.ending_noted_here for marriage in abroad)) if abroad else Answer.NOT_ASKED


def _no_de_facto(application: Application) -> Answer:
    return yes(application.get("de_facto", "no") == "no")


# --- kinship ---
def _of_both_kin(related: Callable[[Kin, Kin, Person, Person], bool]) -> Look:
    """NO where the books show it; what no book shows is asked in mari_kinship_declared."""

    def check(application: Application) -> Answer:
        one, two = application.person, application.other
        if two is None:
            return Answer.NOT_ASKED
        return yes(not related(application.dossier.kin, application.dossier.other_kin, one, two))

    return check


def _direct_line(kin: Kin, other_kin: Kin, one: Person, two: Person) -> bool:
    return two.identity_number in kin.ancestors or one.identity_number in other_kin.ancestors


def _three_generations(kin: Kin, other_kin: Kin, one: Person, two: Person) -> bool:
    """A common parent or grandparent: siblings of one parent too, uncle and niece, first cousins."""
    return bool((kin.parents | kin.grandparents) & (other_kin.parents | other_kin.grandparents))


def _adoptive(kin: Kin, other_kin: Kin, one: Person, two: Person) -> bool:
    return two.identity_number in kin.adoptive_parents or one.identity_number in other_kin.adoptive_parents


def _in_law_or_step(kin: Kin, other_kin: Kin, one: Person, two: Person) -> bool:
    return (
        two.identity_number in kin.spouse_parents | kin.spouse_children
        or one.identity_number in other_kin.spouse_parents | other_kin.spouse_children
    )


# --- capacity, will, presence ---
def _capacity(application: Application) -> Answer:
    if application.get("lost_capacity", "none") != "none":
        return Answer.NO
    noted = any(
        "mat nang luc hanh vi dan su" in names.search_key(note.text)
        for entry in application.dossier.entries
        for note in entry.notes
    )
    return Answer.OFFICER if noted else Answer.YES


def _free_will(application: Application) -> Answer:
    """Each is asked in person: at receipt where both are there, else before the signature."""
    return Answer.NOT_ASKED if one_is_absent(application) else Answer.OFFICER


def _free_will_later(application: Application) -> Answer:
    return Answer.OFFICER if one_is_absent(application) else Answer.NOT_ASKED


def _no_proxy(application: Application) -> Answer:
    return yes(application.get("capacity", "self") == "self")


def _not_related(application: Application) -> Answer:
    numbers = [person.identity_number for person in both(application)]
    return Answer.NO if application.officer_number in numbers else Answer.OFFICER


def _at_home_allowed(application: Application) -> Answer:
    if not at_home(application):
        return Answer.NOT_ASKED
    homes = [person.permanent_residence(application.day) for person in both(application)]
    return yes(len(homes) == 2 and all(home is not None and home.here for home in homes))


# --- the rules of one person, for each of the two ---
BRIDE, GROOM = "Bên nữ", "Bên nam"


def _for_each(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Each rule twice, and each says whom it speaks of."""
    return tuple(twin for rule in rules for twin in (_of(rule, bride, BRIDE, ""), _of(rule, groom, GROOM, "_groom")))


def _of(rule: Rule, side: Side, label: str, suffix: str) -> Rule:
    def check(application: Application) -> Answer:
        person = side(application)
        if person is None:
            return Answer.NOT_ASKED
        if rule.id == "cs_applicant_identified" and one_is_absent(application) and person is application.other:
            return Answer.NOT_ASKED  # mari_both_present_to_sign looks at the card of who comes later
        return rule.check(replace(application, person=person))

    return replace(
        rule,
        id=f"{rule.id}{suffix}",
        title=f"{label}: {_small(rule.title)}",
        message=f"{label}: {_small(rule.message)}",
        question=f"{label}: {_small(rule.question)}" if rule.question else "",
        check=check,
    )


def _small(text: str) -> str:
    return text[0].lower() + text[1:]


OF_EACH = ("cs_applicant_identified", "cs_id_document_valid", "cs_identity_data_consistent", "cs_subject_alive")
NOT_HERE = ("cs_proxy_document", "cs_applicant_capacity")
"""Nobody acts for a party: mari_no_proxy, mari_age_… and mari_capacity speak instead of these two."""

_OTHERWISE: dict[str, dict[str, object]] = {
    "cs_officer_not_related": {
        "check": _not_related,
        "question": "Tôi không phải là bên nam, bên nữ hay người thân thích của một trong hai bên?",
    },
    "cs_no_open_duplicate": {
        "message": "Đã có hồ sơ đăng ký kết hôn đang xử lý của một trong hai bên.",
        "question": "Đã xem hồ sơ kia và vẫn tiếp nhận?",
    },
}

COUPLE = (
    *_for_each(PAPERLESS),
    *_for_each([rule for rule in CIVIL_STATUS if rule.id in OF_EACH]),
    *(
        replace(rule, **_OTHERWISE.get(rule.id, {}))  # type: ignore[arg-type]
        for rule in CIVIL_STATUS
        if rule.id not in OF_EACH + NOT_HERE
    ),
)
"""The rules of the pilot and of civil-status.md 0.15 as a marriage runs them."""

_DEATH_FIRST = "nếu vợ/chồng đó đã chết: 1.000656 Đăng ký khai tử trước; nếu đã ly hôn: ghi chú ly hôn vào Sổ trước"

RULES = (
    Rule(
        "mari_not_same_person",
        Kind.REFUSE,
        "Hai bên là hai người khác nhau",
        "Hai bên phải là hai người khác nhau.",
        "Quy tắc của hệ thống",
        _not_same_person,
    ),
    Rule(
        "mari_different_sex",
        Kind.REFUSE,
        "Một nam, một nữ",
        "Nhà nước không thừa nhận hôn nhân giữa những người cùng giới tính.",
        "Luật HN&GĐ 2014 Điều 8 khoản 2",
        _different_sex,
        question="Dữ liệu thiếu giới tính: giấy tờ tùy thân ghi một nam, một nữ?",
    ),
    Rule(
        "mari_age_groom",
        Kind.REFUSE,
        "Bên nam đủ 20 tuổi",
        "Bên nam chưa đủ 20 tuổi. Không đủ điều kiện kết hôn.",
        "Luật HN&GĐ 2014 Điều 8 khoản 1 điểm a; TTLT 01/2016 Điều 2",
        _age(groom, Sex.MALE),
        question="Không rõ ngày sinh của bên nam: đã đủ 20 tuổi?",
        adds=_first_day(groom, Sex.MALE),
    ),
    Rule(
        "mari_age_bride",
        Kind.REFUSE,
        "Bên nữ đủ 18 tuổi",
        "Bên nữ chưa đủ 18 tuổi. Không đủ điều kiện kết hôn.",
        "Luật HN&GĐ 2014 Điều 8 khoản 1 điểm a; TTLT 01/2016 Điều 2",
        _age(bride, Sex.FEMALE),
        question="Không rõ ngày sinh của bên nữ: đã đủ 18 tuổi?",
        adds=_first_day(bride, Sex.FEMALE),
    ),
    Rule(
        "mari_both_alive",
        Kind.REFUSE,
        "Hai bên còn sống",
        "Một bên đã được đăng ký khai tử.",
        "Luật Hộ tịch Điều 34",
        _both_alive,
    ),
    Rule(
        "mari_not_already_registered",
        Kind.REFUSE,
        "Hai bên chưa đăng ký kết hôn với nhau",
        "Hai bên đã đăng ký kết hôn. Có thể cấp bản sao Trích lục kết hôn.",
        "Luật Hộ tịch Điều 5 khoản 4",
        _not_already_registered,
        leads_to="2.000635 Cấp bản sao trích lục hộ tịch",
    ),
    Rule(
        "mari_bride_unmarried",
        Kind.REFUSE,
        "Bên nữ hiện không có chồng",
        "Bên nữ đang có vợ/chồng. Không đủ điều kiện kết hôn.",
        "Luật HN&GĐ 2014 Điều 5 khoản 2 điểm c; TTLT 01/2016 Điều 2",
        _unmarried(bride, "bride_lookup"),
        leads_to=_DEATH_FIRST,
    ),
    Rule(
        "mari_groom_unmarried",
        Kind.REFUSE,
        "Bên nam hiện không có vợ",
        "Bên nam đang có vợ/chồng. Không đủ điều kiện kết hôn.",
        "Luật HN&GĐ 2014 Điều 5 khoản 2 điểm c; TTLT 01/2016 Điều 2",
        _unmarried(groom, "groom_lookup"),
        leads_to=_DEATH_FIRST,
    ),
    Rule(
        "mari_books_agree",
        Kind.VERIFY,
        "Sổ không có việc kết hôn nào mà hồ sơ công dân chưa ghi",
        "Sổ đăng ký kết hôn có việc kết hôn của một bên mà hồ sơ công dân chưa ghi. Cần đối chiếu trước khi "
        "giải quyết.",
        "Quy tắc của hệ thống; Luật Hộ tịch Điều 60 khoản 2",
        _books_agree,
        question="Sổ có việc kết hôn của một bên: đã đối chiếu, là của người khác hoặc hôn nhân đó đã chấm dứt?",
    ),
    Rule(
        "mari_status_lookup_saved",
        Kind.COMPLETE,
        "Kết quả tra cứu tình trạng hôn nhân đã lưu vào hồ sơ",
        "Chưa lưu kết quả tra cứu tình trạng hôn nhân của hai bên vào hồ sơ.",
        "NĐ 123/2015/NĐ-CP Điều 3 (sửa đổi 2025)",
        _lookup_saved,
    ),
    Rule(
        "mari_status_lookup_found",
        Kind.VERIFY,
        "Tra cứu được tình trạng hôn nhân của hai bên",
        "Không tra cứu được tình trạng hôn nhân. Đề nghị Ủy ban nhân dân cấp xã nơi thường trú/nơi đã đăng ký kết hôn "
        "xác minh (trả lời trong 03 ngày làm việc).",
        "NĐ 123/2015/NĐ-CP Điều 3 (sửa đổi 2025)",
        _lookup_found,
    ),
    Rule(
        "mari_no_papers_demanded",
        Kind.WARN,
        "Không đòi Giấy xác nhận tình trạng hôn nhân",
        "Không được yêu cầu nộp Giấy xác nhận tình trạng hôn nhân khi đăng ký kết hôn.",
        "NĐ 07/2025/NĐ-CP; Công văn 481/BTP-HTQTCT",
        _no_papers_demanded,
        question="Tôi không yêu cầu hai bên nộp Giấy xác nhận tình trạng hôn nhân hay trích lục ghi chú ly hôn.",
    ),
    Rule(
        "mari_bride_promised_another",
        Kind.WARN,
        "Bên nữ không giữ giấy xác nhận để kết hôn với người khác",
        "Bên nữ được cấp Giấy xác nhận tình trạng hôn nhân để kết hôn với người khác, giấy còn giá trị. "
        "Xem giấy đó bên cạnh và hỏi lại hai bên.",
        "Quy tắc của hệ thống; NĐ 123/2015/NĐ-CP Điều 23",
        _promised_another(bride, groom),
        question="Đã hỏi: bên nữ không còn ý định kết hôn với người ghi trên giấy đó?",
        adds=_which_paper(bride, groom),
    ),
    Rule(
        "mari_groom_promised_another",
        Kind.WARN,
        "Bên nam không giữ giấy xác nhận để kết hôn với người khác",
        "Bên nam được cấp Giấy xác nhận tình trạng hôn nhân để kết hôn với người khác, giấy còn giá trị. "
        "Xem giấy đó bên cạnh và hỏi lại hai bên.",
        "Quy tắc của hệ thống; NĐ 123/2015/NĐ-CP Điều 23",
        _promised_another(groom, bride),
        question="Đã hỏi: bên nam không còn ý định kết hôn với người ghi trên giấy đó?",
        adds=_which_paper(groom, bride),
    ),
    *softened(
        Rule(
            "mari_resident_here",
            Kind.REDIRECT,
            "Ít nhất một bên cư trú tại xã này",
            "Cả hai bên không cư trú tại xã này. Đề nghị nộp tại nơi cư trú của một trong hai bên.",
            "Luật Hộ tịch Điều 17 khoản 1; NĐ 120/2025/NĐ-CP",
            _resident_here,
            leads_to="Ủy ban nhân dân cấp xã nơi cư trú của một trong hai bên; Trung tâm hỗ trợ nộp trực tuyến",
        ),
        NEW_LAW,
        "Cả hai bên cư trú ở xã khác. Từ 01/03/2027 việc hộ tịch không gắn với nơi cư trú; "
        "xem kỹ dữ liệu của nơi thường trú.",
    ),
    Rule(
        "mari_both_residents_here",
        Kind.VERIFY,
        "Cả hai bên cư trú tại xã này",
        "Hai bên không cùng nơi cư trú; hồ sơ chuyển sang quy trình thông thường.",
        "Đề án “thủ tục hành chính không giấy tờ”",
        _both_residents_here,
        leads_to="tiếp nhận theo quy trình thông thường; nếu không tra được tình trạng hôn nhân thì hỏi xã nơi cư trú",
    ),
    Rule(
        "mari_records_kept_here",
        Kind.VERIFY,
        "Hồ sơ công dân của hai bên do xã này giữ",
        "Hồ sơ công dân của một bên do xã khác giữ nên không ghi việc kết hôn tại chỗ được; "
        "hồ sơ chuyển sang quy trình thông thường.",
        "Quy tắc của hệ thống",
        _kept_here,
        leads_to="tiếp nhận theo quy trình thông thường; đề nghị xã kia chuyển hồ sơ công dân",
    ),
    Rule(
        "mari_first_marriage_both",
        Kind.VERIFY,
        "Cả hai bên kết hôn lần đầu",
        "Một bên đã từng kết hôn; hồ sơ cần đối chiếu việc ly hôn hoặc vợ/chồng chết.",
        "Đề án “thủ tục hành chính không giấy tờ”",
        _first_marriage,
        leads_to="tiếp nhận theo quy trình thông thường; không tra được thì hỏi xã đã đăng ký kết hôn, "
        "không đòi giấy tờ",
    ),
    Rule(
        "mari_both_vietnamese",
        Kind.REDIRECT,
        "Cả hai là công dân Việt Nam cư trú trong nước",
        "Có yếu tố nước ngoài: thực hiện thủ tục đăng ký kết hôn có yếu tố nước ngoài.",
        "Luật Hộ tịch Điều 37–38",
        _both_vietnamese,
        leads_to="thủ tục Đăng ký kết hôn có yếu tố nước ngoài",
    ),
    Rule(
        "mari_foreign_divorce_noted",
        Kind.REDIRECT,
        "Ly hôn, hủy kết hôn ở nước ngoài đã ghi chú",
        "Chưa ghi chú ly hôn/hủy việc kết hôn ở nước ngoài. Hướng dẫn ghi chú trước khi đăng ký kết hôn.",
        "Cổng Dịch vụ công quốc gia, thủ tục 1.000894",
        _foreign_divorce_noted,
        leads_to="thủ tục Ghi vào Sổ hộ tịch việc ly hôn, hủy việc kết hôn đã giải quyết ở nước ngoài",
    ),
    Rule(
        "mari_not_direct_line",
        Kind.REFUSE,
        "Không cùng dòng máu về trực hệ",
        "Cấm kết hôn giữa những người cùng dòng máu về trực hệ.",
        "Luật HN&GĐ 2014 Điều 5 khoản 2 điểm d; Điều 3 khoản 17",
        _of_both_kin(_direct_line),
    ),
    Rule(
        "mari_not_three_generations",
        Kind.REFUSE,
        "Không có họ trong phạm vi ba đời",
        "Cấm kết hôn giữa những người có họ trong phạm vi ba đời.",
        "Luật HN&GĐ 2014 Điều 5 khoản 2 điểm d; Điều 3 khoản 18",
        _of_both_kin(_three_generations),
    ),
    Rule(
        "mari_not_adoptive",
        Kind.REFUSE,
        "Không phải cha, mẹ nuôi với con nuôi",
        "Cấm kết hôn giữa cha, mẹ nuôi với con nuôi (kể cả đã từng là cha, mẹ nuôi với con nuôi).",
        "Luật HN&GĐ 2014 Điều 5 khoản 2 điểm d",
        _of_both_kin(_adoptive),
    ),
    Rule(
        "mari_not_in_law_or_step",
        Kind.REFUSE,
        "Không phải cha chồng – con dâu, mẹ vợ – con rể, cha dượng, mẹ kế – con riêng",
        "Cấm kết hôn giữa cha chồng với con dâu, mẹ vợ với con rể, cha dượng với con riêng của vợ, mẹ kế với con riêng "
        "của chồng.",
        "Luật HN&GĐ 2014 Điều 5 khoản 2 điểm d",
        _of_both_kin(_in_law_or_step),
    ),
    Rule(
        "mari_kinship_declared",
        Kind.COMPLETE,
        "Đã hỏi về quan hệ họ hàng",
        "Công chức chưa xác nhận hai bên không thuộc trường hợp cấm kết hôn.",
        "Luật HN&GĐ 2014 Điều 8",
        lambda _: Answer.OFFICER,
        question="Đã hỏi hai bên: không có họ trong ba đời; không phải, và chưa từng là, cha mẹ nuôi – con nuôi, "
        "cha chồng – con dâu, mẹ vợ – con rể, cha dượng hoặc mẹ kế – con riêng?",
    ),
    Rule(
        "mari_capacity",
        Kind.REFUSE,
        "Không bên nào mất năng lực hành vi dân sự",
        "Một bên đã bị Tòa án tuyên bố mất năng lực hành vi dân sự.",
        "Luật HN&GĐ 2014 Điều 8 khoản 1 điểm c; Luật Hộ tịch Điều 3 khoản 2 điểm g",
        _capacity,
        question="Sổ hộ tịch có ghi chú về mất năng lực hành vi dân sự: Tòa án đã hủy bỏ quyết định đó?",
    ),
    Rule(
        "mari_free_will_confirmed",
        Kind.COMPLETE,
        "Hai bên tự nguyện",
        "Hai bên chưa khẳng định việc kết hôn là tự nguyện.",
        "Luật HN&GĐ 2014 Điều 8 khoản 1 điểm b",
        _free_will,
        question="Đã hỏi riêng từng bên: kết hôn là tự nguyện, không bị ép buộc, lừa dối, không giả tạo?",
    ),
    Rule(
        "mari_no_proxy",
        Kind.REFUSE,
        "Không ủy quyền",
        "Đăng ký kết hôn không được ủy quyền.",
        "TT 04/2020/TT-BTP Điều 2 khoản 1; Luật Hộ tịch Điều 6 khoản 2",
        _no_proxy,
        leads_to="một trong hai bên tự nộp hồ sơ, không cần văn bản ủy quyền của bên kia",
    ),
    Rule(
        "mari_de_facto_before_1987",
        Kind.VERIFY,
        "Không chung sống như vợ chồng từ trước 03/01/1987",
        "Chung sống như vợ chồng trước 03/01/1987: đăng ký theo khoản 2 Điều 44 Nghị định 123/2015, quan hệ được công "
        "nhận từ ngày chung sống.",
        "NĐ 123/2015/NĐ-CP Điều 44 khoản 2",
        _no_de_facto,
        leads_to="tiếp nhận theo quy trình thông thường; ngày bắt đầu chung sống ghi ở mặt sau Giấy chứng nhận kết hôn",
    ),
    Rule(
        "mari_home_registration",
        Kind.REDIRECT,
        "Đăng ký lưu động: hai bên cùng thường trú tại xã",
        "Chỉ đăng ký kết hôn lưu động khi hai bên cùng thường trú tại xã này.",
        "TT 04/2020/TT-BTP Điều 24, 26",
        _at_home_allowed,
        leads_to="hai bên đến đăng ký tại Trung tâm, hoặc đề nghị xã nơi cả hai cùng thường trú",
    ),
    # --- before the leader signs: the day both sign is the day of registration (TT 04/2020 Điều 32) ---
    Rule(
        "mari_both_present_to_sign",
        Kind.COMPLETE,
        "Hai bên cùng có mặt để ký",
        "Hai bên nam, nữ phải cùng có mặt để ký Sổ đăng ký kết hôn và Giấy chứng nhận kết hôn.",
        "Luật Hộ tịch Điều 18",
        lambda _: Answer.OFFICER,
        question="Hai bên nam, nữ cùng có mặt, đã đối chiếu giấy tờ tùy thân của cả hai.",
        stage=Stage.SIGNATURE,
    ),
    Rule(
        "mari_free_will_confirmed_at_signing",
        Kind.COMPLETE,
        "Hai bên tự nguyện",
        "Hai bên chưa khẳng định việc kết hôn là tự nguyện.",
        "Luật HN&GĐ 2014 Điều 8 khoản 1 điểm b",
        _free_will_later,
        question="Khi nhận hồ sơ chỉ có một bên; nay đã hỏi riêng từng bên: kết hôn là tự nguyện.",
        stage=Stage.SIGNATURE,
    ),
    Rule(
        "mari_signer_not_related",
        Kind.REDIRECT,
        "Người ký không phải người thân thích",
        "Người có thẩm quyền không được giải quyết việc hộ tịch cho bản thân hoặc người thân thích. "
        "Đề nghị chuyển người khác giải quyết.",
        "Luật Hộ tịch Điều 12 khoản 1 điểm h",
        lambda _: Answer.OFFICER,
        question="Tôi không phải là người thân thích của bên nam hay bên nữ.",
        stage=Stage.SIGNATURE,
    ),
    # --- before the certificates leave the counter ---
    Rule(
        "mari_book_and_certificates_signed",
        Kind.COMPLETE,
        "Hai bên đã ký Sổ và Giấy chứng nhận",
        "Hai bên nam, nữ chưa ký Sổ đăng ký kết hôn và cả hai bản Giấy chứng nhận kết hôn.",
        "Luật Hộ tịch Điều 18",
        lambda _: Answer.OFFICER,
        question="Hai bên đã ký tờ khai, Sổ đăng ký kết hôn và cả hai bản chính; trao mỗi bên một bản.",
        stage=Stage.GIVING_OUT,
    ),
)
