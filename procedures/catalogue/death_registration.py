"""Đăng ký khai tử (1.000656). Sources: civil-status.md section 3, whose rule ids are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django import forms

from citizens.dossier import Subject
from citizens.effects import Died, Effect, EntryMade
from citizens.person import Person, Sex
from citizens.register import EventKind, Named, Part
from oneshop.fields import DayField
from procedures.catalogue import (
    FEE_ANSWERS,
    ApplicationForm,
    CasesEnd,
    Charge,
    Document,
    Fee,
    Party,
    Procedure,
    Version,
    shown_when,
)
from procedures.catalogue.examples import MAN, someone
from procedures.clock import Limit
from procedures.rules import Application, Rule
from procedures.rules.civil_status import CIVIL_REFUSAL, NEW_LAW, PAPERLESS
from procedures.rules.death import (
    ANOTHER_RELATIVE,
    COMMON,
    COURT_COUNTS,
    OWN_NOTICE,
    RELATIVES,
    RULES,
    age_at_death,
    death_entries,
    declares_old_death,
    died_on,
    is_late,
    issues_notice,
    last_residence,
    registration_type,
)
from procedures.rules.points import Point, Sort
from procedures.wordings import death_notice
from procedures.wordings.death import (
    CAPITALS,
    CAUSE_LINE,
    NOTICE_CAUSE,
    NOTICE_CHECK,
    NOTICE_DIED,
    NOTICE_OPENING,
    NOTICE_SIGNER,
    NOTICE_SYMBOL,
    NOTICE_TITLE,
    NOTICE_TOLD,
    NOTICE_UNKNOWN,
    NOTICE_USE,
    POINTS,
    cause_of_death,
    died_at_in_figures,
    died_at_in_words,
    notice_details,
    paper_of_the_dead,
    place_of_death,
    signer_line,
    symbol,
)

NOTICE = "death_notice"

CAPACITIES = (
    ("obliged_person", "Người thân thích của người chết"),
    ("organisation", "Đại diện cơ quan, tổ chức có liên quan (người chết không còn người thân thích)"),
    ("proxy_close_relative", "Người thân được ủy quyền (ông, bà, cha, mẹ, con, vợ, chồng, anh, chị, em ruột)"),
    ("proxy_other", "Người khác được ủy quyền"),
    ("official", "Công chức tư pháp - hộ tịch tự đăng ký (không có ai khai)"),
)
RELATIONSHIPS = (("", "—"), *((word, word) for word in (*RELATIVES, ANOTHER_RELATIVE)))
MANNERS = (
    ("natural", "Bệnh, tuổi già"),
    ("accident", "Tai nạn, hoặc chết trên phương tiện giao thông"),
    ("killed", "Bị giết"),
    ("sudden", "Đột ngột"),
    ("suspicious", "Có nghi vấn về nguyên nhân"),
    ("court_declared", "Tòa án tuyên bố là đã chết"),
    ("execution", "Thi hành án tử hình"),
)
PLACES = (
    ("here", "Tại nhà hoặc nơi khác, trong xã này"),
    ("facility", "Tại cơ sở y tế"),
    ("elsewhere", "Tại nhà hoặc nơi khác, ngoài xã này"),
)
NOTICES = (
    ("medical_facility", "Giấy báo tử của cơ sở y tế"),
    (OWN_NOTICE, "Chết tại nhà trong xã này: xã lập Giấy báo tử ngay trong hồ sơ này"),
    ("home_other", "Giấy báo tử do UBND cấp xã nơi chết đã cấp"),
    ("accident_or_suspicious", "Văn bản xác nhận của công an, hoặc kết quả giám định pháp y"),
    ("court_declared", "Bản án, quyết định có hiệu lực của Tòa án"),
    ("execution", "Giấy xác nhận việc thi hành án tử hình"),
    ("old_death", "Người chết đã lâu, không có Giấy báo tử"),
    ("none", "Chưa có giấy tờ nào"),
)
"""The kinds of civil-status.md 3.2; a notice of the commune is its own or brought along."""
NOTICE_NAMES = {
    "medical_facility": "Giấy báo tử",
    OWN_NOTICE: "Giấy báo tử",
    "home_other": "Giấy báo tử",
    "accident_or_suspicious": "Văn bản của cơ quan công an hoặc kết quả giám định pháp y",
    "court_declared": "Bản án, quyết định của Tòa án",
    "execution": "Giấy xác nhận việc thi hành án tử hình",
    "old_death": "Giấy tờ, chứng cứ về việc chết",
}
WITH_PAPER = "notice_kind=medical_facility|home_other|accident_or_suspicious|court_declared|execution"
WITHOUT_PAPER = (OWN_NOTICE, "old_death", "none")
SOURCES = (("paper", "Bản giấy (nộp 01 bản chính)"), ("electronic", "Bản điện tử đã ký số, tra cứu được"))
TYPES = {
    "on_time": "Đăng ký đúng hạn",
    "late": "Đăng ký quá hạn",
    "old": "Đăng ký khai tử cho người chết đã lâu",
}
"""civil-status.md 3.3, line 22."""
SEXES = {Sex.MALE: "Nam", Sex.FEMALE: "Nữ", None: ""}

LATE_FEE = Point(
    "death_fee.late",
    "Lệ phí đăng ký khai tử quá hạn (đồng)",
    "5000",
    "Mức của một nghị quyết HĐND thành phố Hà Nội cũ hơn; mức đang áp dụng do xã xác nhận.",
    Sort.NUMBER,
)
HEALTH_INSURANCE = Point(
    "death_follow_up.health_insurance",
    "Đăng ký khai tử: việc phải làm sau khi ký",
    "yes",
    "Có báo cơ quan bảo hiểm xã hội để dừng thẻ bảo hiểm y tế hay không.",
    Sort.YES_NO,
)


class DeathRegistrationForm(ApplicationForm):
    """Who the dead is and where he lived come from the record; asked are the death itself and the paper about it."""

    capacity = forms.ChoiceField(label="Tư cách người khai", choices=CAPACITIES, initial="obliged_person")
    relationship = forms.ChoiceField(
        label="Quan hệ với người đã chết",
        choices=RELATIONSHIPS,
        required=False,
        widget=shown_when("capacity=obliged_person", forms.Select, autofocus=True),
    )
    relationship_text = forms.CharField(
        label="Ghi rõ quan hệ",
        max_length=60,
        required=False,
        widget=shown_when(f"relationship={ANOTHER_RELATIVE}"),
    )
    organisation = forms.CharField(
        label="Cơ quan, tổ chức",
        max_length=200,
        required=False,
        widget=shown_when("capacity=organisation"),
    )
    authorisation = forms.CharField(
        label="Văn bản ủy quyền",
        help_text="Số, ngày, nơi chứng thực. Người thân ruột thịt không phải chứng thực.",
        max_length=200,
        required=False,
        widget=shown_when("capacity=proxy_close_relative|proxy_other"),
    )
    manner = forms.ChoiceField(label="Chết do", choices=MANNERS, widget=forms.RadioSelect)
    place_kind = forms.ChoiceField(label="Chết tại đâu", choices=PLACES, widget=forms.RadioSelect)
    facility_name = forms.CharField(
        label="Tên cơ sở y tế", max_length=150, required=False, widget=shown_when("place_kind=facility")
    )
    facility_address = forms.CharField(
        label="Địa chỉ cơ sở y tế",
        help_text="Ví dụ: Phường Hà Đông, Thành phố Hà Nội.",
        max_length=200,
        required=False,
        widget=shown_when("place_kind=facility"),
    )
    place_address = forms.CharField(
        label="Nơi chết",
        help_text="Thôn, xã, thành phố. Điền sẵn nơi cư trú cuối cùng.",
        max_length=200,
        required=False,
        widget=shown_when("place_kind=here|elsewhere"),
    )
    notice_kind = forms.ChoiceField(label="Giấy tờ về việc chết", choices=NOTICES, widget=forms.RadioSelect)
    notice_source = forms.ChoiceField(
        label="Bản giấy hay bản điện tử",
        choices=SOURCES,
        required=False,
        initial="paper",
        widget=shown_when(WITH_PAPER, forms.Select),
    )
    notice_text = forms.CharField(
        label="Dán nội dung Giấy báo tử điện tử",
        help_text="Chưa có kết nối tự động: mở giấy trên Cổng Dịch vụ công, chép các dòng “Nhãn: nội dung” vào đây. "
        "Dòng nào đọc được thì không phải gõ lại bên dưới.",
        max_length=4000,
        required=False,
        widget=shown_when("notice_source=electronic", forms.Textarea, rows=4),
    )
    notice_number = forms.CharField(label="Số giấy", max_length=60, required=False, widget=shown_when(WITH_PAPER))
    notice_issuer = forms.CharField(label="Nơi cấp", max_length=150, required=False, widget=shown_when(WITH_PAPER))
    notice_issued_on = DayField(
        label="Ngày cấp", required=False, widget=shown_when(WITH_PAPER, forms.DateInput, inputmode="numeric")
    )
    court_effective_on = DayField(
        label="Ngày quyết định có hiệu lực",
        required=False,
        widget=shown_when("notice_kind=court_declared", forms.DateInput, inputmode="numeric"),
    )
    evidence = forms.CharField(
        label="Giấy tờ, chứng cứ",
        help_text="Loại giấy, số, ngày, cơ quan cấp hoặc xác nhận.",
        max_length=300,
        required=False,
        widget=shown_when("notice_kind=old_death"),
    )
    home_check = forms.CharField(
        label="Đã xác minh việc chết qua",
        help_text="In trên Giấy báo tử, ví dụ: ông Nguyễn Văn A, Trưởng thôn 1; Trạm Y tế xã.",
        max_length=200,
        required=False,
        widget=shown_when(f"notice_kind={OWN_NOTICE}"),
    )
    died_on = DayField(
        label="Ngày chết",
        help_text="Dương lịch. Tòa án tuyên bố chết: ngày chết ghi trong quyết định.",
        required=False,
    )
    died_hour = forms.IntegerField(
        label="Giờ",
        help_text="0–23. Không rõ thì để trống.",
        min_value=0,
        max_value=23,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    died_minute = forms.IntegerField(
        label="Phút",
        min_value=0,
        max_value=59,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    cause_of_death = forms.CharField(
        label="Nguyên nhân chết",
        help_text="Ghi theo giấy; không rõ thì để trống.",
        max_length=200,
        required=False,
    )
    lived_a_day = forms.ChoiceField(
        label="Trẻ sống được bao lâu",
        choices=[("", "—"), ("yes", "Từ 24 giờ trở lên"), ("no", "Dưới 24 giờ")],
        required=False,
    )
    found_entry = forms.ChoiceField(
        label="Mục khai tử tìm thấy trong sổ", required=False, widget=forms.RadioSelect, initial="other"
    )
    where_registered = forms.ChoiceField(
        label="Nơi đăng ký",
        choices=[
            ("office", "Tại quầy"),
            ("mobile", "Lưu động, tại nhà (người khai già yếu, ốm đau, khuyết tật; không còn hoặc ở xa người thân)"),
        ],
        initial="office",
    )
    copies = forms.IntegerField(
        label="Số bản sao trích lục xin thêm",
        help_text="Ngoài 01 bản chính. Bản sao cấp theo thủ tục riêng, 8.000 đồng mỗi bản.",
        min_value=0,
        max_value=20,
        initial=0,
    )
    fee = forms.ChoiceField(
        label="Lệ phí (chỉ thu khi quá hạn)",
        choices=[("", "Đúng hạn: không phải nộp"), *FEE_ANSWERS],
        required=False,
    )

    def set_up(self) -> None:
        dead = self.subject
        self.fields["died_on"].owed_when_shown = True  # type: ignore[attr-defined]  # a pasted notice may bring it
        self.fields["relationship"].initial = self._relationship() or None
        if residence := last_residence(dead, self.on):
            self.fields["place_address"].initial = residence.address
        age = dead.age_on(self.on)
        if age is None or age > 5:
            del self.fields["lived_a_day"]
        entries = death_entries(self.dossier.entries)
        if not entries:
            del self.fields["found_entry"]
        else:
            choice: Any = self.fields["found_entry"]
            choice.choices = [
                *((str(entry.id), _shown_entry(entry)) for entry in entries),
                ("other", "Không mục nào là của người này"),
            ]

    def _relationship(self) -> str:
        """As far as books and record tell."""
        person, dead = self.person, self.subject
        if dead.identity_number in self.dossier.kin.parents:
            return "Con"
        if person.identity_number in self.dossier.other_kin.parents:
            return {Sex.MALE: "Cha", Sex.FEMALE: "Mẹ", None: ""}[person.sex]
        if any(marriage.spouse_name == dead.full_name for marriage in person.lasting_marriages()):
            return {Sex.MALE: "Chồng", Sex.FEMALE: "Vợ", None: ""}[person.sex]
        return ""

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if answers.get("notice_kind") in WITHOUT_PAPER:
            # what was typed before the choice changed is hidden and speaks of nothing
            answers |= {"notice_source": "", "notice_number": "", "notice_issuer": "", "notice_issued_on": None}
        if answers.get("notice_source") == "electronic":
            self._take_over(answers, str(answers.get("notice_text") or ""))
        if not answers.get("died_on") and "died_on" not in self.errors:
            self.add_error("died_on", "Ghi ngày chết, ví dụ 20/11/2026.")
        if answers.get("died_minute") is not None and answers.get("died_hour") is None:
            self.add_error("died_hour", "Ghi giờ, hoặc để trống cả giờ và phút.")
        where = answers.get("place_kind")
        if where == "facility" and not answers.get("facility_name"):
            self.add_error("facility_name", "Ghi tên cơ sở y tế.")
        elif where in ("here", "elsewhere") and not answers.get("place_address"):
            self.add_error("place_address", "Ghi nơi chết: thôn, xã, thành phố.")
        if answers.get("capacity") == "organisation" and not answers.get("organisation"):
            self.add_error("organisation", "Ghi tên cơ quan, tổ chức.")
        if answers.get("notice_kind") == OWN_NOTICE and not answers.get("home_check"):
            self.add_error("home_check", "Ghi đã xác minh việc chết qua ai, ví dụ Trưởng thôn.")
        return answers

    def _take_over(self, answers: dict[str, Any], text: str) -> None:
        """What the pasted notice says fills what was left empty; what it says otherwise than typed is asked about."""
        told = death_notice.read(text)
        if text and told.is_empty:
            self.add_error("notice_text", "Không đọc được dòng nào. Chép cả nhãn, ví dụ “Số: 12/2026”, hoặc gõ tay.")
            return
        said: dict[str, Any] = {
            "died_on": told.died_on,
            "died_hour": told.hour,
            "died_minute": told.minute,
            "cause_of_death": told.cause,
            "notice_number": told.number,
            "notice_issuer": told.facility,
            "notice_issued_on": told.issued_on,
        }
        if answers.get("place_kind") == "facility":
            said["facility_name"] = told.facility
        for name, value in said.items():
            if value in (None, ""):
                continue
            if answers.get(name) in (None, ""):
                answers[name] = value
            elif name in ("died_on", "notice_number", "notice_issued_on") and answers[name] != value:
                self.add_error(name, "Khác với Giấy báo tử đã dán. Xem lại.")
        answers["notice_person"] = {
            "full_name": told.full_name,
            "birth_text": told.birth_text,
            "sex": told.sex,
            "identity_number": told.identity_number,
        }


def _shown_entry(entry: Any) -> str:
    who = entry.person(Part.SUBJECT)
    told = f"{who.full_name}, sinh {who.birth_text or 'không rõ'}" if who else "không rõ tên"
    return f"Số {entry.number}, {entry.unit}: {told}"


class DeathRegistration(Procedure):
    """Luật Hộ tịch 2014 Điều 32–34; NĐ 123/2015 Điều 4 (amended); TT 04/2020 Điều 13, 24, 34."""

    key = "death_registration"
    name = "Đăng ký khai tử"
    national_code = "1.000656"
    digit = 3
    form_lines = 18  # civil-status.md 3.3
    versions = (
        Version(
            date(2016, 1, 1),
            "Thủ tục đăng ký khai tử",
            "Trích lục khai tử",
            (
                "Luật Hộ tịch 60/2014/QH13 Điều 5, 11, 32, 33, 34",
                "Nghị định 123/2015/NĐ-CP Điều 2, 3, 4",
                "Nghị định 07/2025/NĐ-CP; 120/2025/NĐ-CP; 18/2026/NĐ-CP",
                "Thông tư 04/2020/TT-BTP Điều 2, 13, 24, 34",
            ),
        ),
        Version(
            NEW_LAW,
            "Thủ tục đăng ký khai tử",
            "Giấy chứng tử",
            ("Luật Hộ tịch 03/2026/QH16", "Nghị định 301/2026/NĐ-CP Điều 18", "Thông tư 04/2020/TT-BTP Điều 13, 34"),
            change="Trích lục khai tử đổi tên thành Giấy chứng tử; đăng ký không còn gắn với nơi cư trú.",
            confirmed=False,
        ),
    )
    book = "death"
    symbol = "TLKT"
    limit = Limit.SAME_DAY
    fees = (
        Fee(
            date(2016, 1, 1),
            0,
            "Luật Hộ tịch 60/2014/QH13 Điều 11 khoản 1 điểm b",
            confirmed=True,
            note="khai sau 15 ngày: mức thu do xã xác nhận",
        ),
    )
    bring = "Thẻ căn cước hoặc VNeID mức độ 2; Giấy báo tử nếu có bản giấy."
    who = "Vợ, chồng, cha, mẹ, con, người thân thích khác hoặc người được ủy quyền; trong 15 ngày từ khi có người chết."
    refusal_basis, refusal_symbol = CIVIL_REFUSAL, "UBND-TP"
    rules: ClassVar[Sequence[Rule]] = (*PAPERLESS, *COMMON, *RULES)
    points = (*POINTS, COURT_COUNTS, LATE_FEE, HEALTH_INSURANCE)
    party = Party(
        "Người chết",
        "Quét thẻ hoặc gõ số định danh, họ tên người đã chết. Chưa có trong sổ thì đăng ký hồ sơ ngay tại đây.",
        represented=False,
        absent=True,
    )
    wants = frozenset({Subject.REGISTER, Subject.KIN})
    look_up = "Tìm trong Sổ đăng ký khai tử (số/năm hoặc họ tên)"
    shown_beside = frozenset({"death_registration", "marriage_registration", "marital_certificate"})
    Form = DeathRegistrationForm

    def charge(self, application: Application) -> Charge:
        """Free in time; after 15 days the amount of the HĐND, but for the exempt (civil-status.md 0.8)."""
        if not is_late(application):
            return Charge(0, "Không thu (đăng ký đúng hạn)")
        if str(application.get("fee")).startswith("exempt"):
            return Charge(0, "Được miễn", dict(FEE_ANSWERS)[application.get("fee")])
        late = Fee(application.day, LATE_FEE.number(application), "Nghị quyết của HĐND", confirmed=False)
        return Charge(late.amount, late.text)

    def handed_in(self, application: Application) -> Sequence[str]:
        papers = list(super().handed_in(application))
        notice = notice_details(application)
        if application.get("notice_source") != "electronic" and notice["number"]:
            papers.append(f"{_notice_name(application)} số {notice['number']} do {notice['issuer']} cấp (bản chính)")
        if declares_old_death(application) and application.get("evidence"):
            papers.append(str(application.get("evidence")))
        return papers

    def books(self) -> Mapping[str, str]:
        return {self.book: "Sổ đăng ký khai tử", NOTICE: "Sổ cấp Giấy báo tử"}

    def documents(self, application: Application, *, on: date) -> Sequence[Document]:
        """Our own notice of a death at home comes first: the registration cites its number."""
        version = self.version_on(application.day)
        extract = Document(self.key, version.result_name, f"results/{self.key}.html", self.book, symbol(application))
        if not issues_notice(application):
            return (extract,)
        own = Document(NOTICE, "Giấy báo tử", "results/death_notice.html", NOTICE, NOTICE_SYMBOL.of(application))
        return (own, extract)

    def facts(
        self, application: Application, document: Document, *, on: date, numbers: Mapping[str, str]
    ) -> dict[str, object]:
        dead = application.subject
        common: dict[str, object] = {
            "dead": {
                "full_name": dead.full_name,
                "birth_date": dead.birth_text,
                "sex": SEXES[dead.sex],
                "ethnicity": dead.ethnicity,
                "nationality": dead.nationality,
                "identity_number": dead.identity_number,
                "id_document": paper_of_the_dead(application, dead),
                "last_residence": _last_address(application),
            },
            "in_capitals": CAPITALS.is_on(application),
            "died_at": died_at_in_figures(application),
            "died_at_words": died_at_in_words(application),
            "place_of_death": place_of_death(application),
            "cause_of_death": cause_of_death(application),
            "declarant": {
                "full_name": application.person.full_name,
                "id_document": application.person.id_document,
                "relationship": relationship_wording(application),
            },
        }
        if document.key == NOTICE:
            return common | {
                "notice_title": NOTICE_TITLE.of(application),
                "opening": NOTICE_OPENING.of(application),
                "died_line": NOTICE_DIED.of(application),
                "cause_line": NOTICE_CAUSE.of(application),
                "unknown_cause": NOTICE_UNKNOWN.of(application),
                "told_line": NOTICE_TOLD.of(application),
                "check_line": NOTICE_CHECK.of(application),
                "home_check": str(application.get("home_check")),
                "use_line": NOTICE_USE.of(application),
                "signer_line": NOTICE_SIGNER.of(application),
            }
        return common | {
            "result_title": self.version_on(application.day).result_name,
            "prints_cause": CAUSE_LINE.is_on(application),
            "notice": notice_details(application, numbers.get(NOTICE, "…")),
            "signer_line": signer_line(application),
        }

    def effects(self, application: Application, *, on: date) -> Sequence[Effect]:
        day = died_on(application)
        assert day is not None, "the form owes the day"
        paper = self.version_on(application.day).result_name
        entry = EntryMade(
            EventKind.DEATH,
            self.key,
            persons=(
                _named(application.subject, Part.SUBJECT, "other", _last_address(application)),
                _named(application.person, Part.DECLARANT, "person", application.person.address(application.day)),
            ),
            facts=tuple((name, value) for name, value in _entry_facts(application).items() if value),
            flags=boxes(application),
            notice=NOTICE if issues_notice(application) else "",
        )
        ended = CasesEnd("other", f"Đã đăng ký khai tử cho {application.subject.full_name}.", spares=("civil_copy",))
        return (entry, Died("other", day, self.key, paper), ended)

    def follow_ups(self, application: Application, *, on: date) -> Sequence[str]:
        dead = application.subject
        day = died_on(application) or application.day
        permanent = dead.permanent_residence(day)
        owed = []
        if permanent and not permanent.here:
            owed.append(
                f"Thông báo việc khai tử của {dead.full_name} cho Ủy ban nhân dân cấp xã nơi thường trú: "
                f"{permanent.address} (Luật Hộ tịch Điều 5 khoản 4)."
            )
        owed.append(f"Chuyển Công an cấp xã để xóa đăng ký thường trú của {dead.full_name} (Luật Cư trú 2020 Điều 24).")
        owed += [
            f"Xem hồ sơ của {marriage.spouse_name}: đã chuyển sang vợ/chồng chết từ {day:%d/%m/%Y} chưa; "
            "nếu xã khác quản lý hồ sơ thì thông báo cho xã đó."
            for marriage in dead.lasting_marriages()
        ]
        owed.append("Hướng dẫn thân nhân làm mai táng phí, tử tuất (thủ tục liên thông 2.002913).")
        if HEALTH_INSURANCE.is_on(application):
            owed.append(f"Báo cơ quan bảo hiểm xã hội về thẻ bảo hiểm y tế của {dead.full_name}.")
        if copies := application.get("copies", 0):
            owed.append(f"Lập hồ sơ cấp {copies} bản sao trích lục khai tử (thủ tục 2.000635).")
        return owed

    def bridge(self, application: Application) -> Sequence[tuple[str, str]]:
        """In the order of the declaration (civil-status.md 3.3), which the entry of the book follows."""
        person, dead = application.person, application.subject
        notice = notice_details(application, "theo Giấy báo tử của xã trong hồ sơ này")
        issued = notice["issued_on"]
        return (
            ("Họ, chữ đệm, tên người yêu cầu", person.full_name),
            ("Ngày, tháng, năm sinh người yêu cầu", person.birth_text),
            ("Nơi cư trú người yêu cầu", person.address(application.day)),
            ("Giấy tờ tùy thân người yêu cầu", person.id_document),
            ("Quan hệ với người đã chết", relationship_wording(application)),
            ("Họ, chữ đệm, tên", dead.full_name),
            ("Ngày, tháng, năm sinh", dead.birth_text),
            ("Giới tính", SEXES[dead.sex]),
            ("Dân tộc", dead.ethnicity),
            ("Quốc tịch", dead.nationality),
            ("Nơi cư trú cuối cùng", _last_address(application)),
            ("Số định danh cá nhân", dead.identity_number),
            ("Giấy tờ tùy thân", dead.id_document),
            ("Đã chết vào lúc", died_at_in_figures(application)),
            ("Ghi bằng chữ", died_at_in_words(application)),
            ("Nơi chết", place_of_death(application)),
            ("Nguyên nhân chết", cause_of_death(application)),
            ("Giấy báo tử/Giấy tờ thay thế", _notice_name(application)),
            ("Số", str(notice["number"] or notice["evidence"])),
            ("Do", str(notice["issuer"])),
            ("Cấp ngày", f"{issued:%d/%m/%Y}" if isinstance(issued, date) else ""),
            ("Loại đăng ký", TYPES[registration_type(application)]),
            ("Số lượng bản sao", str(application.get("copies", 0))),
        )

    def example(self, at: datetime) -> Application:
        """An old man who died at home three days ago: notice and extract in one signature."""
        day = at.date() - timedelta(days=3)
        old = someone("001045000000", "Nguyễn Văn Thọ Mẫu", date(1945, 4, 24))
        return Application(
            person=MAN,
            other=old,
            at=at,
            commune="",
            answers={
                "capacity": "obliged_person",
                "relationship": "Con",
                "manner": "natural",
                "place_kind": "here",
                "place_address": old.address(day),
                "notice_kind": OWN_NOTICE,
                "home_check": "ông Đỗ Văn Trưởng, Trưởng thôn 1",
                "died_on": day,
                "died_hour": 12,
                "died_minute": 5,
                "cause_of_death": "Tuổi già",
                "where_registered": "office",
                "copies": 0,
                "fee": "",
            },
            officer={rule.id: True for rule in self.rules},
        )


def relationship_wording(application: Application) -> str:
    """`Con`, or in what other capacity somebody declares."""
    match application.get("capacity"):
        case "obliged_person":
            relationship = application.get("relationship")
            return str(application.get("relationship_text") if relationship == ANOTHER_RELATIVE else relationship)
        case "organisation":
            return f"Đại diện {application.get('organisation')}"
        case "proxy_close_relative" | "proxy_other":
            return "Người được ủy quyền"
        case "official":
            return "Công chức tư pháp - hộ tịch"
    return ""


def boxes(application: Application) -> tuple[str, ...]:
    """The boxes of the book's page that are ticked (civil-status.md 3.7); a death long ago is late."""
    ticked = ["Đúng hạn" if registration_type(application) == "on_time" else "Quá hạn"]
    age = age_at_death(application)
    if age is not None and age < 5:
        ticked.append("Trẻ dưới 01 tuổi" if age < 1 else "Trẻ từ 01 tuổi đến dưới 5 tuổi")
    return tuple(ticked)


def _notice_name(application: Application) -> str:
    return NOTICE_NAMES.get(str(application.get("notice_kind")), "")


def _last_address(application: Application) -> str:
    residence = last_residence(application.subject, died_on(application) or application.day)
    return residence.address if residence else ""


def _entry_facts(application: Application) -> dict[str, str]:
    """What the page of the book says of the death, in the words of the extract."""
    notice = notice_details(application)
    issued, day = notice["issued_on"], died_on(application)
    return {
        "died_at": died_at_in_figures(application),
        "died_at_words": died_at_in_words(application),
        "died_on": f"{day:%d/%m/%Y}" if day else "",
        "place_of_death": place_of_death(application),
        "cause_of_death": cause_of_death(application),
        "notice_kind": _notice_name(application),
        "notice_number": str(notice["number"]),
        "notice_issuer": str(notice["issuer"]),
        "notice_issued_on": f"{issued:%d/%m/%Y}" if isinstance(issued, date) else "",
        "evidence": str(application.get("evidence")) if declares_old_death(application) else "",
        "relationship": relationship_wording(application),
        "registration_type": TYPES[registration_type(application)],
        "note": "Đăng ký khai tử lưu động" if application.get("where_registered") == "mobile" else "",
    }


def _named(person: Person, part: Part, who: str, residence: str) -> Named:
    return Named(
        part=part,
        full_name=person.full_name,
        birth_text=person.birth_text,
        sex=SEXES[person.sex],
        ethnicity=person.ethnicity,
        nationality=person.nationality,
        residence=residence,
        id_document=person.id_document,
        identity_number=person.identity_number,
        who=who,
    )
