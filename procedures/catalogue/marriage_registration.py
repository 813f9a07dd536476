"""Đăng ký kết hôn (1.000894). Sources: civil-status.md section 4, whose rule ids are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms

from citizens.dossier import Subject
from citizens.effects import Effect, EntryMade, Married
from citizens.person import Person, Sex
from citizens.register import EventKind, Named, Part
from oneshop.fields import DayField
from procedures.catalogue import ApplicationForm, Appointment, Document, Fee, Party, Procedure, Version
from procedures.catalogue.examples import MAN, WOMAN
from procedures.clock import Calendar, CalendarEnds, Limit, add_working_days
from procedures.rules import Application, Rule
from procedures.rules.civil_status import CIVIL_REFUSAL, NEW_LAW
from procedures.rules.marriage import (
    COUPLE,
    LOOK_UP_DAYS,
    RULES,
    at_home,
    both,
    couple,
    real_marriages,
    who,
)
from procedures.rules.points import Point, Sort
from procedures.wordings.days import in_words

DECLARATION = "declaration"
HOME_DAYS = 5  # working days, TT 04/2020 Điều 26

# The status of each, as the national e-form asks it (civil-status.md 4.2 line 8, 0.14)
LOOKED_UP = (
    ("single", "Chưa đăng ký kết hôn với ai"),
    ("married", "Đang có vợ/chồng"),
    ("divorced", "Đã ly hôn"),
    ("widowed", "Vợ/chồng đã chết"),
    ("unknown", "Không có thông tin"),
)
LOOKED_UP_IN = "Cơ sở dữ liệu hộ tịch điện tử, qua Hệ thống thông tin giải quyết thủ tục hành chính cấp tỉnh"

CAPITALS = Point(
    "marriage.names_in_capitals",
    "Giấy chứng nhận kết hôn, Tờ khai: họ tên hai bên",
    "yes",
    "Các mẫu cùng loại in hoa, có dấu; riêng hai giấy này chưa thấy quy định.",
    Sort.YES_NO,
)
DAY_IN_WORDS = Point(
    "marriage.day_in_words",
    "Giấy chứng nhận kết hôn: dòng “Ngày, tháng, năm đăng ký”",
    "no",
    "Chưa rõ ghi 23/11/2026 hay “ngày 23 tháng 11 năm 2026”. “Có”: ghi bằng chữ ngày, tháng, năm.",
    Sort.YES_NO,
)
OFFICE_WITH_CITY = Point(
    "marriage.office_with_city",
    "Giấy chứng nhận kết hôn: dòng “Nơi đăng ký kết hôn”",
    "yes",
    "Cách ghi hai cấp (xã, thành phố) từ 01/07/2025 chưa đối chiếu với phôi mới.",
    Sort.YES_NO,
)
BIRTH_ENTRY_NOTE = Point(
    "marriage.birth_entry_note",
    "Việc phải làm sau khi ký: ghi chú việc kết hôn vào Sổ đăng ký khai sinh",
    "no",
    "Không thấy văn bản nào buộc ghi chú việc kết hôn vào Sổ đăng ký khai sinh.",
    Sort.YES_NO,
)


class MarriageRegistrationForm(ApplicationForm):
    """Names, births, residences and papers come from the records; asked are the look-up and what nobody else knows."""

    bride_lookup = forms.ChoiceField(label="Kết quả tra cứu của bên nữ", choices=LOOKED_UP, widget=forms.RadioSelect)
    groom_lookup = forms.ChoiceField(label="Kết quả tra cứu của bên nam", choices=LOOKED_UP, widget=forms.RadioSelect)
    lookup_on = DayField(label="Tra cứu ngày", help_text="Lưu kèm hồ sơ, không in lên giấy nào.")
    lookup_source = forms.CharField(label="Tra cứu tại", max_length=200, initial=LOOKED_UP_IN)
    bride_count = forms.IntegerField(label="Bên nữ kết hôn lần thứ mấy", min_value=1, max_value=9)
    groom_count = forms.IntegerField(label="Bên nam kết hôn lần thứ mấy", min_value=1, max_value=9)
    present = forms.ChoiceField(
        label="Ai có mặt hôm nay",
        choices=[("both", "Cả hai bên"), ("one", "Chỉ người quét thẻ trước; bên kia đến ký sau")],
        initial="both",
        widget=forms.RadioSelect,
    )
    place = forms.ChoiceField(
        label="Nơi hai bên ký",
        choices=[("counter", "Tại quầy"), ("home", "Tại nhà (lưu động): một bên không đi lại được")],
        initial="counter",
    )
    meets_on = DayField(
        label="Ngày hai bên cùng ký",
        help_text="Chỉ khi không ký hôm nay: hai bên phải cùng có mặt, mang giấy tờ tùy thân.",
        required=False,
    )
    de_facto = forms.ChoiceField(
        label="Đã chung sống như vợ chồng từ trước 03/01/1987",
        choices=[("no", "Không"), ("yes", "Có")],
        initial="no",
    )
    lost_capacity = forms.ChoiceField(
        label="Quyết định của Tòa án tuyên bố mất năng lực hành vi dân sự",
        choices=[("none", "Không có"), ("bride", "Đối với bên nữ"), ("groom", "Đối với bên nam")],
        initial="none",
    )
    capacity = forms.ChoiceField(
        label="Người nộp hồ sơ",
        choices=[("self", "Một trong hai bên, hoặc cả hai"), ("proxy_other", "Người khác nộp thay")],
        initial="self",
    )
    copies = forms.IntegerField(
        label="Đề nghị cấp bản sao Trích lục kết hôn",
        help_text="Số bản, ngoài hai bản chính Giấy chứng nhận; 0 nếu không cần.",
        min_value=0,
        max_value=20,
        initial=0,
    )

    def set_up(self) -> None:
        self.fields["lookup_on"].initial = self.on
        if self.other is None:
            return
        for side, person in zip(("bride", "groom"), couple(self.person, self.other), strict=True):
            for name in (f"{side}_lookup", f"{side}_count"):
                self.fields[name].label = f"{self.fields[name].label} ({person.full_name})"
            self.fields[f"{side}_count"].initial = len(real_marriages(person)) + 1
        self.fields["present"].choices = [  # type: ignore[attr-defined]
            ("both", "Cả hai bên"),
            ("one", f"Chỉ {self.person.full_name}; {self.other.full_name} đến ký sau"),
        ]

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if (looked_on := answers.get("lookup_on")) and looked_on > self.on:
            self.add_error("lookup_on", "Ngày tra cứu không thể sau hôm nay.")
        meets_on = answers.get("meets_on")
        if meets_on and meets_on < self.on:
            self.add_error("meets_on", "Ghi hôm nay hoặc một ngày sau hôm nay.")
        elif not meets_on and answers.get("present") == "one":
            self.add_error("meets_on", "Ghi ngày hai bên hẹn cùng đến ký, ví dụ 05/12/2026.")
        elif meets_on and answers.get("place") == "home":
            self._comes_home_in_time(meets_on)
        return answers

    def _comes_home_in_time(self, meets_on: date) -> None:
        try:
            last = _last_day_at_home(self.on)
        except CalendarEnds:
            return  # no promise is made in an unplanned year anyway
        if meets_on > last:
            self.add_error("meets_on", f"Đăng ký lưu động trong {HOME_DAYS} ngày làm việc: chậm nhất {last:%d/%m/%Y}.")


class MarriageRegistration(Procedure):
    """Luật Hộ tịch 2014 Điều 17, 18; Luật HN&GĐ 2014 Điều 5, 8; NĐ 123/2015 Điều 2, 3; TT 04/2020 Điều 2, 24–32."""

    key = "marriage_registration"
    name = "Đăng ký kết hôn"
    national_code = "1.000894"
    digit = 4
    form_lines = 16  # civil-status.md 4.2: seven lines of each party, addressee, copies
    versions = (
        Version(
            date(2016, 1, 1),
            "Thủ tục đăng ký kết hôn",
            "Giấy chứng nhận kết hôn",
            (
                "Luật Hộ tịch 60/2014/QH13 Điều 17, 18",
                "Luật Hôn nhân và gia đình 52/2014/QH13 Điều 5, 8",
                "Nghị định 123/2015/NĐ-CP Điều 2, 3",
                "Nghị định 07/2025/NĐ-CP; 120/2025/NĐ-CP; 18/2026/NĐ-CP",
                "Thông tư 04/2020/TT-BTP Điều 2, 24, 26, 32",
            ),
        ),
        Version(
            NEW_LAW,
            "Thủ tục đăng ký kết hôn",
            "Giấy chứng nhận kết hôn",
            (
                "Luật Hộ tịch 03/2026/QH16",
                "Luật Hôn nhân và gia đình 52/2014/QH13 Điều 5, 8",
                "Nghị định 301/2026/NĐ-CP",
                "Thông tư 04/2020/TT-BTP Điều 2, 24, 26, 32",
            ),
            change="Đăng ký kết hôn không còn gắn với nơi cư trú; mọi việc kết hôn thuộc cấp xã "
            "(Luật Hộ tịch 03/2026/QH16 Điều 8, 16).",
            confirmed=False,
        ),
    )
    book = "marriage"
    symbol = "{year}"
    refusal_basis, refusal_symbol = CIVIL_REFUSAL, "UBND-TP"
    limit = Limit.SAME_DAY
    fees = (Fee(date(2016, 1, 1), 0, "Luật Hộ tịch 2014 Điều 11 khoản 1 điểm b", confirmed=True),)
    bring = "Thẻ căn cước của cả hai người; không cần Giấy xác nhận tình trạng hôn nhân."
    who = "Hai bên nam, nữ; một người có thể nộp hồ sơ, nhưng khi ký phải có mặt cả hai."
    rules: ClassVar[Sequence[Rule]] = (*COUPLE, *RULES)
    points = (LOOK_UP_DAYS, CAPITALS, DAY_IN_WORDS, OFFICE_WITH_CITY, BIRTH_ENTRY_NOTE)
    party = Party("Người kia", "Quét thẻ của người kia", represented=False)
    wants = frozenset({Subject.KIN, Subject.REGISTER_OF_BOTH})
    shown_beside = frozenset({"marital_certificate", "marriage_registration", "death_registration"})
    Form = MarriageRegistrationForm

    def books(self) -> Mapping[str, str]:
        return {self.book: "Sổ đăng ký kết hôn"}

    def documents(self, application: Application, *, on: date) -> Sequence[Document]:
        """The certificate of which each keeps an original, and the declaration that the couple signs for the file."""
        name = self.version_on(application.day).result_name
        return (
            Document(
                self.key,
                name,
                "results/marriage_registration.html",
                self.book,
                self.symbol,
                originals=2,
                blank="marriage_certificate",
            ),
            Document(
                DECLARATION,
                "Tờ khai đăng ký kết hôn",
                "results/marriage_declaration.html",
                self.book,
                self.symbol,
                shares_number_of=self.key,
            ),
        )

    def appointment(self, application: Application) -> Appointment | None:
        """The day on which both sign, where that is not today; at home within five working days."""
        meets_on = application.get("meets_on", None)
        if meets_on and meets_on > application.day:
            where = "tại nhà" if at_home(application) else "tại quầy"
            return Appointment(
                "Ngày hai bên cùng có mặt ký",
                meets_on,
                f"Hẹn {meets_on:%d/%m/%Y}, {where}: hai bên nam, nữ cùng có mặt, mang giấy tờ tùy thân để ký "
                "Sổ đăng ký kết hôn và Giấy chứng nhận kết hôn.",
                meeting=True,
            )
        if at_home(application):
            last = _last_day_at_home(application.day)
            return Appointment(
                f"{HOME_DAYS} ngày làm việc (đăng ký lưu động)",
                last,
                f"Chậm nhất {last:%d/%m/%Y}: đăng ký kết hôn lưu động trong {HOME_DAYS} ngày làm việc "
                "(Thông tư 04/2020/TT-BTP Điều 26).",
                meeting=True,
            )
        return None

    def facts(
        self, application: Application, document: Document, *, on: date, numbers: Mapping[str, str]
    ) -> dict[str, object]:
        wife, husband = self._couple(application)
        if document.key == DECLARATION:
            return {
                "office": application.office,
                "rows": _rows(application, wife, husband),
                "copies": application.get("copies", 0),
                "declared_on": application.day,
            }
        office = application.office
        if not OFFICE_WITH_CITY.is_on(application):
            office = office.partition(",")[0]
        registered_on = in_words(on) if DAY_IN_WORDS.is_on(application) else f"{on:%d/%m/%Y}"
        parties = {"wife": _lines(application, wife), "husband": _lines(application, husband)}
        fields = [[f"{side}_{line}", value] for side, lines in parties.items() for line, value in lines.items()]
        return {
            "archive": True,
            **parties,
            "registered_at": office,
            "registered_on": registered_on,
            "fields": [*fields, ["registered_at", office], ["registered_on", registered_on]],
        }

    def _couple(self, application: Application) -> tuple[Person, Person]:
        assert application.other is not None, "a marriage has two"
        return couple(application.person, application.other)

    def effects(self, application: Application, *, on: date) -> Sequence[Effect]:
        wife, husband = self._couple(application)
        return (
            EntryMade(
                EventKind.MARRIAGE,
                self.key,
                (_named(Part.WIFE, application, wife), _named(Part.HUSBAND, application, husband)),
                facts=(
                    ("registration_kind", "Đăng ký mới"),
                    ("wife_count", str(application.get("bride_count", 1))),
                    ("husband_count", str(application.get("groom_count", 1))),
                ),
                flags=("first_marriage",),
            ),
            Married(self.key),
        )

    def follow_ups(self, application: Application, *, on: date) -> Sequence[str]:
        owed = ["Cập nhật ngay việc kết hôn vào Cơ sở dữ liệu hộ tịch điện tử (Luật Hộ tịch Điều 5 khoản 5)."]
        for person in both(application):
            home = person.permanent_residence(application.day)
            if home is not None and not home.here:
                owed.append(
                    f"Thông báo việc kết hôn của {person.full_name} cho Ủy ban nhân dân cấp xã nơi thường trú: "
                    f"{home.address} (Luật Hộ tịch Điều 5 khoản 4)."[:300]
                )
        if copies := application.get("copies", 0):
            owed.append(f"Lập hồ sơ cấp {copies} bản sao Trích lục kết hôn (thủ tục 2.000635).")
        if BIRTH_ENTRY_NOTE.is_on(application):
            owed.append("Ghi chú việc kết hôn vào Sổ đăng ký khai sinh của hai bên.")
        return owed

    def bridge(self, application: Application) -> Sequence[tuple[str, str]]:
        wife, husband = self._couple(application)
        lines: list[tuple[str, str]] = [("Loại đăng ký", "Đăng ký mới")]
        for side, label, person in (("bride", "vợ", wife), ("groom", "chồng", husband)):
            lines += [
                (f"Họ, chữ đệm, tên người {label}", person.full_name),
                (f"Ngày, tháng, năm sinh người {label}", person.birth_text),
                (f"Dân tộc người {label}", person.ethnicity),
                (f"Quốc tịch người {label}", person.nationality),
                (f"Nơi cư trú người {label}", person.address(application.day)),
                (f"Giấy tờ tùy thân người {label}", person.id_document),
                (f"Kết hôn lần thứ mấy (người {label})", str(application.get(f"{side}_count", 1))),
                (
                    f"Tình trạng hôn nhân trước khi kết hôn (người {label})",
                    dict(LOOKED_UP).get(str(application.get(f"{side}_lookup")), ""),
                ),
            ]
        return (*lines, ("Số lượng bản sao", str(application.get("copies", 0))))

    def example(self, at: datetime) -> Application:
        return Application(
            person=WOMAN,
            other=MAN,
            at=at,
            commune="",
            office="Ủy ban nhân dân xã Quốc Oai, thành phố Hà Nội",
            answers={
                "bride_lookup": "single",
                "groom_lookup": "single",
                "lookup_on": at.date(),
                "lookup_source": LOOKED_UP_IN,
                "bride_count": 1,
                "groom_count": 1,
                "present": "both",
                "place": "counter",
                "meets_on": None,
                "de_facto": "no",
                "lost_capacity": "none",
                "capacity": "self",
                "copies": 0,
            },
            officer={rule.id: True for rule in self.rules},
        )


def _last_day_at_home(day: date) -> date:
    """TT 04/2020 Điều 26. By the national calendar: a day off of the commune's own moves nothing in the law."""
    return add_working_days(day, HOME_DAYS, Calendar.for_commune())


def _name(application: Application, person: Person) -> str:
    return person.full_name.upper() if CAPITALS.is_on(application) else person.full_name


def _lines(application: Application, person: Person) -> dict[str, str]:
    """The five lines of one of the two on the certificate, by the names of the places on the blank."""
    return {
        "name": _name(application, person),
        "birth": person.birth_text,
        "ethnicity": person.ethnicity,
        "nationality": person.nationality,
        "residence": person.address(application.day),
        "document": person.id_document,
    }


def _rows(application: Application, wife: Person, husband: Person) -> list[list[str]]:
    """Label, her and his value in the order of the declaration (civil-status.md 4.2)."""
    hers, his = _lines(application, wife), _lines(application, husband)
    labels = {
        "name": "Họ, chữ đệm, tên",
        "birth": "Ngày, tháng, năm sinh",
        "ethnicity": "Dân tộc",
        "nationality": "Quốc tịch",
        "residence": "Nơi cư trú",
        "document": "Giấy tờ tùy thân",
    }
    rows = [[label, hers[line], his[line]] for line, label in labels.items()]
    counts = [str(application.get(f"{side}_count", 1)) for side in ("bride", "groom")]
    return [*rows, ["Kết hôn lần thứ mấy", *counts]]


def _named(part: Part, application: Application, person: Person) -> Named:
    return Named(
        part=part,
        full_name=person.full_name,
        birth_text=person.birth_text,
        sex={Sex.MALE: "Nam", Sex.FEMALE: "Nữ", None: ""}[person.sex],
        ethnicity=person.ethnicity,
        nationality=person.nationality,
        residence=person.address(application.day),
        id_document=person.id_document,
        identity_number=person.identity_number,
        who=who(application, person),
    )
