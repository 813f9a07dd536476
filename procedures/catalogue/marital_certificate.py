"""Cấp giấy xác nhận tình trạng hôn nhân (1.004873). Sources: civil-status.md section 2, whose rule ids are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms

from citizens.effects import CertificateGiven, CertificatesTakenBack, Effect
from citizens.person import Sex
from oneshop.fields import DayField
from procedures.catalogue import (
    CAPACITIES,
    FEE_ANSWERS,
    ApplicationForm,
    Document,
    Fee,
    Procedure,
    Version,
    shown_when,
)
from procedures.catalogue.examples import WOMAN
from procedures.clock import Limit
from procedures.rules import Application, Rule
from procedures.rules.civil_status import CIVIL_REFUSAL, CIVIL_STATUS, NEW_LAW, PAPERLESS
from procedures.rules.marital import DECLARED_FOR, RULES, has_valid_certificate, marries
from procedures.wordings.marital import (
    CAPITALS,
    EMPTY_PERIOD,
    FEE,
    PERIOD_LINE,
    PERIOD_STATUS,
    POINTS,
    USED_FOR,
    expires_on,
    purpose_wording,
    status_wording,
)

# The national e-form's own wording of the six options (civil-status.md 2.2)
DECLARED = (
    ("single", "Hiện tại chưa đăng ký kết hôn với ai"),
    ("married", "Hiện tại đang có vợ/chồng"),
    ("divorced", "Đã đăng ký kết hôn hoặc đã có vợ/chồng nhưng đã ly hôn; hiện tại chưa đăng ký kết hôn với ai"),
    ("widowed", "Đã đăng ký kết hôn hoặc đã có vợ/chồng nhưng vợ/chồng đã chết; hiện tại chưa đăng ký kết hôn với ai"),
    (
        "was_single_in_period",
        "Từ ngày … đến ngày … chưa đăng ký kết hôn với ai; hiện tại đang có vợ/chồng",
    ),
    ("other", "Khác – nếu không thuộc trường hợp trên"),
)

WHERE = (
    ("domestic", "Tại cơ quan đăng ký hộ tịch trong nước"),
    ("abroad", "Tại cơ quan có thẩm quyền ở nước ngoài"),
    ("foreign_mission", "Tại cơ quan đại diện nước ngoài ở Việt Nam"),
)

PREVIOUS = (("returned", "Đã nộp lại"), ("lost", "Không nộp lại được"))


class MaritalCertificateForm(ApplicationForm):
    """Name, birth, residence and status come from the record; asked are purpose, copies, and what the purpose needs."""

    purpose_kind = forms.ChoiceField(
        label="Mục đích sử dụng",
        choices=[("other", "Mục đích khác"), ("marry", "Đăng ký kết hôn")],
        widget=forms.RadioSelect,
    )
    purpose_text = forms.CharField(
        label="Dùng để",
        help_text="Ghi như sẽ in trên giấy, ví dụ: bổ sung hồ sơ vay vốn ngân hàng.",
        max_length=300,
        required=False,
        widget=shown_when("purpose_kind=other", autofocus=True),
    )
    marriage_where = forms.ChoiceField(
        label="Nơi dự định đăng ký kết hôn",
        choices=WHERE,
        required=False,
        widget=shown_when("purpose_kind=marry", forms.Select),
    )
    marriage_place = forms.CharField(
        label="Tên cơ quan đăng ký",
        help_text="Ví dụ: UBND xã Kiều Phú, thành phố Hà Nội.",
        max_length=200,
        required=False,
        widget=shown_when("purpose_kind=marry"),
    )
    partner_name = forms.CharField(
        label="Họ tên người dự định kết hôn",
        max_length=100,
        required=False,
        widget=shown_when("purpose_kind=marry"),
    )
    partner_sex = forms.ChoiceField(
        label="Giới tính của người đó",
        choices=[("", "—"), (Sex.MALE.value, "Nam"), (Sex.FEMALE.value, "Nữ")],
        required=False,
        widget=shown_when("purpose_kind=marry", forms.Select),
    )
    partner_birth_year = forms.IntegerField(
        label="Năm sinh của người đó",
        min_value=1900,
        max_value=2100,
        required=False,
        widget=shown_when("purpose_kind=marry", forms.NumberInput, inputmode="numeric"),
    )
    partner_nationality = forms.CharField(
        label="Quốc tịch của người đó",
        max_length=60,
        required=False,
        initial="Việt Nam",
        widget=shown_when("purpose_kind=marry"),
    )
    partner_document = forms.CharField(
        label="Giấy tờ tùy thân của người đó",
        help_text="Ví dụ: Căn cước số 001185000000.",
        max_length=200,
        required=False,
        widget=shown_when("purpose_kind=marry"),
    )
    declared_status = forms.ChoiceField(label="Tình trạng hôn nhân người dân khai", choices=DECLARED)
    period_from = DayField(
        label="Xác nhận cho thời gian từ ngày",
        required=False,
        widget=shown_when("declared_status=was_single_in_period", forms.DateInput),
    )
    period_to = DayField(
        label="đến ngày",
        required=False,
        widget=shown_when("declared_status=was_single_in_period", forms.DateInput),
    )
    capacity = forms.ChoiceField(label="Người yêu cầu là", choices=CAPACITIES, initial="self")
    applicant_name = forms.CharField(
        label="Họ tên người yêu cầu",
        max_length=100,
        required=False,
        widget=shown_when("capacity!=self"),
    )
    applicant_document = forms.CharField(
        label="Giấy tờ tùy thân của người yêu cầu",
        max_length=200,
        required=False,
        widget=shown_when("capacity!=self"),
    )
    authorisation = forms.CharField(
        label="Văn bản ủy quyền (số, ngày, nơi chứng thực)",
        max_length=200,
        required=False,
        widget=shown_when("capacity!=self"),
    )
    previous = forms.ChoiceField(
        label="Giấy xác nhận đã cấp trước đây", choices=PREVIOUS, required=False, widget=forms.RadioSelect
    )
    copies = forms.IntegerField(label="Số bản", min_value=1, max_value=20, initial=1)
    fee = forms.ChoiceField(label="Lệ phí", choices=FEE_ANSWERS, initial="paid")

    def set_up(self) -> None:
        self.fields["declared_status"].initial = DECLARED_FOR[self.person.marital_status]
        self.fields["purpose_kind"].initial = "other"
        if not has_valid_certificate(self.person, self.on):
            del self.fields["previous"]

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        start, end = answers.get("period_from"), answers.get("period_to")
        if answers.get("declared_status") == "was_single_in_period":
            if not start or not end:
                self.add_error("period_from", "Ghi đủ ngày bắt đầu và ngày kết thúc, ví dụ 05/02/2015.")
            elif start > end or end > self.on:
                self.add_error("period_to", "Ngày kết thúc phải sau ngày bắt đầu và không sau hôm nay.")
        if answers.get("capacity") not in (None, "self") and not answers.get("applicant_name"):
            self.add_error("applicant_name", "Ghi họ tên người đứng ra yêu cầu.")
        return answers


class MaritalCertificate(Procedure):
    """Luật Hộ tịch 2014 Điều 75; NĐ 123/2015 Điều 21–23 (amended); TT 04/2020 Điều 12, 33."""

    key = "marital_certificate"
    name = "Cấp giấy xác nhận tình trạng hôn nhân"
    national_code = "1.004873"
    digit = 2
    form_lines = 16  # civil-status.md 2.2
    versions = (
        Version(
            date(2016, 1, 1),
            "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân",
            "Giấy xác nhận tình trạng hôn nhân",
            (
                "Luật Hộ tịch 60/2014/QH13",
                "Nghị định 123/2015/NĐ-CP Điều 21, 22, 23",
                "Nghị định 07/2025/NĐ-CP; 120/2025/NĐ-CP; 18/2026/NĐ-CP",
                "Thông tư 04/2020/TT-BTP Điều 12, 33",
            ),
        ),
        Version(
            NEW_LAW,
            "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân",
            "Giấy xác nhận tình trạng hôn nhân",
            ("Luật Hộ tịch 03/2026/QH16", "Nghị định 301/2026/NĐ-CP", "Thông tư 04/2020/TT-BTP Điều 12, 33"),
            change="Việc hộ tịch không còn gắn với nơi cư trú (Luật Hộ tịch 03/2026/QH16 Điều 8).",
            confirmed=False,
        ),
    )
    book = "marital_certificate"
    symbol = "UBND-XNTTHN"
    refusal_basis, refusal_symbol = CIVIL_REFUSAL, "UBND-TP"
    limit = Limit.THREE_WORKING_DAYS
    shown_beside = frozenset({"marriage_registration", "death_registration"})
    # An older Hà Nội resolution; the present amount has to be confirmed by the commune (civil-status.md 0.8).
    fees = (Fee(date(2016, 1, 1), 5_000, "Nghị quyết của HĐND thành phố Hà Nội", confirmed=False, point=FEE),)
    who = "Công dân Việt Nam thường trú tại xã; có thể ủy quyền."
    rules: ClassVar[Sequence[Rule]] = (*PAPERLESS, *CIVIL_STATUS, *RULES)
    points = POINTS
    Form = MaritalCertificateForm

    def books(self) -> Mapping[str, str]:
        return {self.book: "Sổ cấp Giấy xác nhận tình trạng hôn nhân"}

    def facts(
        self, application: Application, document: Document, *, on: date, numbers: Mapping[str, str]
    ) -> dict[str, object]:
        return {
            "subject": self._subject(application),
            "in_capitals": CAPITALS.is_on(application),
            "period": EMPTY_PERIOD if PERIOD_LINE.is_on(application) else "",
            "status": self._status(application),
            "used_for": USED_FOR.of(application),
            "purpose": purpose_wording(application),
        }

    def _subject(self, application: Application) -> dict[str, str]:
        person = application.person
        return {
            "full_name": person.full_name,
            "birth_date": person.birth_text,
            "sex": {Sex.MALE: "Nam", Sex.FEMALE: "Nữ", None: ""}[person.sex],
            "ethnicity": person.ethnicity,
            "nationality": person.nationality,
            "id_document": person.id_document,
            "residence": person.address(application.at.date()),
        }

    def _status(self, application: Application) -> str:
        start, end = application.get("period_from", None), application.get("period_to", None)
        period = (start, end) if start and end else None
        declared = str(application.get("declared_status"))
        return status_wording(application.person, declared, period, in_period=PERIOD_STATUS.of(application))

    def example(self, at: datetime) -> Application:
        return Application(
            person=WOMAN,
            at=at,
            commune="",
            answers={
                "purpose_kind": "other",
                "purpose_text": "bổ sung hồ sơ vay vốn ngân hàng",
                "declared_status": "single",
                "capacity": "self",
                "copies": 1,
                "fee": "paid",
            },
            officer={rule.id: True for rule in self.rules},
        )

    def bridge(self, application: Application) -> Sequence[tuple[str, str]]:
        """The lines of the certificate in their order (civil-status.md 2.4); of the software's own form none was at
        hand."""
        subject = self._subject(application)
        return (
            ("Họ, chữ đệm, tên", subject["full_name"]),
            ("Ngày, tháng, năm sinh", subject["birth_date"]),
            ("Giới tính", subject["sex"]),
            ("Dân tộc", subject["ethnicity"]),
            ("Quốc tịch", subject["nationality"]),
            ("Số định danh cá nhân", application.person.identity_number),
            ("Giấy tờ tùy thân", subject["id_document"]),
            ("Nơi cư trú", subject["residence"]),
            ("Tình trạng hôn nhân", self._status(application)),
            ("Mục đích sử dụng", purpose_wording(application)),
        )

    def effects(self, application: Application, *, on: date) -> Sequence[Effect]:
        given = CertificateGiven(
            expires_on=expires_on(application, on),
            for_marriage=marries(application),
            purpose=purpose_wording(application),
        )
        return (CertificatesTakenBack(), given) if application.get("previous") == "returned" else (given,)
