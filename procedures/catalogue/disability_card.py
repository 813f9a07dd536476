"""Cấp đổi, cấp lại giấy xác nhận khuyết tật (1.001653). Sources: social-affairs.md section 5, whose rule ids are kept.

Two numbers: the result bears its line in the register of the year (`03/2026`, the book `disability_card`), the card
bears its `Số hiệu`. The latter belongs to the determination, which an exchange does not change: by default it stays,
and the register counts the reissues. As a fact of the paper it may repeat; the number of a result never does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms

from citizens.disability import (
    Card,
    CardIssued,
    CardStatus,
    DisabilityFile,
    DisabilityType,
    Ground,
    Level,
    Sheet,
)
from citizens.dossier import Dossier, Subject
from citizens.effects import Effect
from procedures.catalogue import ApplicationForm, Document, Fee, Field, Party, Procedure, Version, shown_when
from procedures.catalogue.examples import HOME, MAN
from procedures.clock import Limit
from procedures.rules import Application, Rule
from procedures.rules.civil_status import PAPERLESS
from procedures.rules.disability import (
    ADULT_PARENT_ENOUGH,
    BLANK,
    EVERY_EXTREME_EXEMPT,
    RULES,
    SEX_LABELS,
    differs,
)
from procedures.wordings.disability import (
    POINTS,
    REASONS,
    RELATIONSHIPS,
    card_number,
    face,
    form_facts,
    kind_of,
    times_of,
)

REASON_CHOICES = [
    (key, f"{'Cấp đổi' if key in ('wrong_info', 'damaged') else 'Cấp lại'}: {text[0].lower() + text[1:]}")
    for key, text in REASONS.items()
]
WRONG_FIELDS = (
    ("", "—"),
    ("full_name", "Họ và tên"),
    ("birth_date", "Ngày, tháng, năm sinh"),
    ("sex", "Giới tính"),
    ("residence", "Nơi cư trú"),
    ("identity_number", "Số định danh cá nhân"),
    ("several", "Nhiều thông tin nhân thân"),
    ("types", "Dạng khuyết tật"),
    ("level", "Mức độ khuyết tật"),
)
PROOFS = (
    ("", "—"),
    ("id_record", "Thẻ căn cước, dữ liệu công dân"),
    ("other_paper", "Giấy tờ khác có giá trị pháp lý"),
)
REPRESENTATIONS = (
    ("parent", "Cha, mẹ của người chưa thành niên"),
    ("guardian", "Người giám hộ theo quyết định"),
    ("present", "Đi cùng: người khuyết tật có mặt và tự mình đề nghị"),
)


class DisabilityCardForm(ApplicationForm):
    """Type and level are never asked for: the file tells them, the applicant confirms that nothing has changed."""

    reason = forms.ChoiceField(label="Lý do cấp đổi, cấp lại", choices=REASON_CHOICES, widget=forms.RadioSelect)
    wrong_field = forms.ChoiceField(
        label="Giấy cũ ghi sai",
        choices=WRONG_FIELDS,
        required=False,
        widget=shown_when("reason=wrong_info", forms.Select),
    )
    wrong_text = forms.CharField(
        label="Giấy cũ ghi là",
        help_text="Chép đúng chỗ sai trên giấy cũ.",
        max_length=200,
        required=False,
        widget=shown_when("reason=wrong_info"),
    )
    proof = forms.ChoiceField(
        label="Chứng minh bằng",
        choices=PROOFS,
        required=False,
        widget=shown_when("reason=wrong_info", forms.Select),
    )
    proof_paper = forms.CharField(
        label="Tên, số, ngày, nơi cấp giấy tờ đó",
        max_length=200,
        required=False,
        widget=shown_when("proof=other_paper"),
    )
    old_card = forms.ChoiceField(
        label="Giấy cũ",
        choices=[("returned", "Đã thu lại, tôi đang giữ"), ("kept", "Chưa nộp lại")],
        required=False,
        widget=shown_when("reason=wrong_info|damaged", forms.RadioSelect),
    )
    loss_declared = forms.BooleanField(
        label="Người nộp xác nhận đã mất Giấy xác nhận khuyết tật",
        required=False,
        widget=shown_when("reason=lost", forms.CheckboxInput),
    )
    unchanged = forms.ChoiceField(
        label="Dạng và mức độ khuyết tật",
        choices=[
            ("yes", "Đúng như hồ sơ đang lưu, không thay đổi"),
            ("no", "Đã thay đổi, hoặc người nộp không đồng ý"),
        ],
        widget=forms.RadioSelect,
    )
    representation = forms.ChoiceField(label="Tư cách của người nộp", choices=REPRESENTATIONS, widget=forms.RadioSelect)
    authorisation = forms.CharField(
        label="Quyết định cử người giám hộ (số, ngày, cơ quan)",
        max_length=200,
        required=False,
        widget=shown_when("representation=guardian"),
    )
    relationship = forms.ChoiceField(
        label="Mối quan hệ với người khuyết tật", choices=[("", "—"), *RELATIONSHIPS.items()]
    )
    relationship_text = forms.CharField(
        label="Ghi rõ mối quan hệ", max_length=60, required=False, widget=shown_when("relationship=other")
    )
    phone = forms.RegexField(
        r"\A\+?[0-9][0-9 .\-]{7,18}\Z",
        label="Số điện thoại của người đại diện",
        max_length=20,
        required=False,
        error_messages={"invalid": "Ghi số điện thoại bằng chữ số, ví dụ 0912 345 678."},
    )

    def set_up(self) -> None:
        kept = self.dossier.disability
        if self.other is None:
            for name in ("representation", "authorisation", "relationship", "relationship_text", "phone"):
                del self.fields[name]
        else:
            self._suggest_representation(kept)
        if kept is None:
            return
        level = kept.level.label if kept.level else "chưa rõ mức độ"
        self.fields["unchanged"].help_text = f"Hồ sơ lưu: {kept.types_text}; mức độ: {level}. Biên bản {kept.decision}."
        if kept.last_card is not None:
            found = differs(kept.last_card, self.subject, self.subject.address(self.on))
            if found:
                self.fields["wrong_field"].initial = next(iter(found)) if len(found) == 1 else "several"
                self.fields["proof"].initial = "id_record"

    def _suggest_representation(self, kept: DisabilityFile | None) -> None:
        age = self.subject.age_on(self.on)
        if age is not None and age < 18:
            self.fields["representation"].initial = "parent"
        for row in kept.representatives if kept else ():
            if row.identity_number == self.person.identity_number and row.ground == Ground.GUARDIAN:
                self.fields["representation"].initial = "guardian"
                self.fields["authorisation"].initial = row.paper
                self.fields["relationship"].initial = "guardian"

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if answers.get("relationship") == "other" and not answers.get("relationship_text"):
            self.add_error("relationship_text", "Ghi rõ mối quan hệ.")
        return answers


class DisabilityCard(Procedure):
    """TT 01/2019/TT-BLĐTBXH Điều 7–9, amended by TT 08/2023; Luật Người khuyết tật Điều 3, 19."""

    key = "disability_card"
    name = "Cấp đổi, cấp lại giấy xác nhận khuyết tật"
    national_code = "1.001653"
    digit = 5
    form_lines = 10  # social-affairs.md 5.3, without a representative
    versions = (
        Version(
            date(2024, 2, 29),
            "Cấp đổi, cấp lại Giấy xác nhận khuyết tật",
            "Giấy xác nhận khuyết tật",
            (
                "Luật Người khuyết tật 51/2010/QH12",
                "Nghị định 28/2012/NĐ-CP Điều 2, 3",
                "Thông tư 01/2019/TT-BLĐTBXH Điều 7, 8, 9 (sửa đổi: Thông tư 08/2023/TT-BLĐTBXH)",
                "Quyết định 208/QĐ-LĐTBXH ngày 29/02/2024",
            ),
        ),
    )
    book = "disability_card"
    field = Field.SOCIAL
    symbol = "{year}"
    refusal_basis, refusal_symbol = "Điều 8, Điều 9 Thông tư 01/2019/TT-BLĐTBXH", "UBND-XNKT"
    limit = Limit(5, "Thông tư 01/2019/TT-BLĐTBXH")
    fees = (
        Fee(date(2024, 2, 29), 0, "Cổng Dịch vụ công quốc gia, thủ tục 1.001653: không thu lệ phí", confirmed=True),
    )
    bring = "Thẻ căn cước hoặc VNeID mức độ 2, và giấy cũ nếu còn. Không cần giấy tờ y tế."
    who = "Người khuyết tật cư trú tại xã, hoặc người đại diện hợp pháp."
    rules: ClassVar[Sequence[Rule]] = (*PAPERLESS, *RULES)
    points = (*POINTS, ADULT_PARENT_ENOUGH, EVERY_EXTREME_EXEMPT)
    party = Party(
        "Người khuyết tật",
        "Người nộp làm cho ai? Quét thẻ hoặc gõ số định danh của người khuyết tật",
        owed=False,
        alone="Cho bản thân",
    )
    wants = frozenset({Subject.DISABILITY, Subject.KIN})
    Form = DisabilityCardForm

    def documents(self, application: Application, *, on: date) -> Sequence[Document]:
        """The card, overprinted on its blank, and its electronic copy, which the citizen has where blanks are out."""
        card = self.version_on(application.day).result_name
        return (
            Document(self.key, card, "results/disability_card.html", self.book, self.symbol, blank=BLANK),
            Document(
                "electronic_copy",
                f"Bản điện tử {card}",
                "results/disability_card_copy.html",
                self.book,
                self.symbol,
                shares_number_of=self.key,
            ),
        )

    def handed_in(self, application: Application) -> Sequence[str]:
        """The application, and the old card, for which the slip is the citizen's receipt."""
        papers = ["Đơn đề nghị (Mẫu số 01)", *super().handed_in(application)]
        kept = application.dossier.disability
        if application.get("old_card") == "returned" and kept and kept.last_card:
            papers.append(f"Giấy xác nhận khuyết tật cũ số {kept.last_card.number} (thu hồi)")
        return papers

    def declarations(self, application: Application) -> Sequence[Document]:
        """Mẫu số 01: the whole file of this procedure, written by the counter, signed by the applicant."""
        name = "Đơn đề nghị cấp đổi, cấp lại Giấy xác nhận khuyết tật (Mẫu số 01)"
        return (Document("application", name, "results/disability_card_application.html", "", ""),)

    def facts(
        self, application: Application, document: Document, *, on: date, numbers: Mapping[str, str]
    ) -> dict[str, object]:
        return form_facts(application) if document.key == "application" else face(application)

    def effects(self, application: Application, *, on: date) -> Sequence[Effect]:
        kept, subject = application.dossier.disability, application.subject
        assert kept is not None, "rule dis_file_kept"
        return (
            CardIssued(
                document=self.key,
                number=card_number(application),
                times=times_of(kept),
                kind=kind_of(application),
                reason=REASONS[application.get("reason")],
                closes_as=CardStatus.LOST if application.get("reason") == "lost" else CardStatus.REPLACED,
                full_name=subject.full_name,
                birth_text=subject.birth_text,
                sex=SEX_LABELS[subject.sex],
                residence=subject.address(application.day),
                note=_note(application),
            ),
        )

    def follow_ups(self, application: Application, *, on: date) -> Sequence[str]:
        kept, owed = application.dossier.disability, []
        if application.get("old_card") == "returned" and kept and kept.last_card:
            owed.append(f"Lưu giấy cũ số {kept.last_card.number} đã thu hồi vào hồ sơ khuyết tật.")
        if application.get("representation") == "guardian" and not (
            kept and kept.represents(application.person.identity_number, Ground.GUARDIAN)
        ):
            owed.append(f"Ghi người giám hộ {application.person.full_name} vào hồ sơ khuyết tật.")
        return tuple(owed)

    def example(self, at: datetime) -> Application:
        kept = DisabilityFile(
            types=(DisabilityType.MOVEMENT,),
            level=Level.SEVERE,
            determined_on=date(2020, 5, 12),
            decision="15/BB-HĐXĐKT",
            sheet=Sheet.SIX_PLUS,
            lines=("1.4",),
            activities=("with_help", "can", "can", "can", "with_help", "can", "can", "cannot", "can", "can"),
            cards=(
                Card(
                    "012345",
                    date(2020, 5, 20),
                    CardStatus.ACTIVE,
                    full_name=MAN.full_name,
                    birth_text=MAN.birth_text,
                    sex="Nam",
                    residence=HOME,
                ),
            ),
        )
        return Application(
            person=MAN,
            at=at,
            commune="",
            answers={"reason": "lost", "loss_declared": True, "unchanged": "yes"},
            officer={rule.id: True for rule in self.rules},
            dossier=Dossier(disability=kept),
        )


def _note(application: Application) -> str:
    """What the register says beside the card: what the old one had wrong."""
    if application.get("reason") != "wrong_info":
        return ""
    field = dict(WRONG_FIELDS).get(application.get("wrong_field"), "")
    wrong = f" (“{application.get('wrong_text')}”)" if application.get("wrong_text") else ""
    return f"Giấy cũ ghi sai: {field.lower()}{wrong}"
