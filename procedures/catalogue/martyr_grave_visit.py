"""Xác nhận đơn đề nghị thăm viếng mộ liệt sĩ (QO-NCC-06). Sources: social-affairs.md section 6, whose ids are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms

from citizens.dossier import Dossier, Subject
from citizens.effects import Effect
from citizens.martyrs import RELATION_LABELS, GraveVisitGranted, MartyrFile, Relation, Relative
from oneshop.fields import DayField
from procedures.catalogue import ApplicationForm, Document, Fee, Field, Procedure, Version, shown_when
from procedures.catalogue.examples import MAN, someone
from procedures.clock import Limit
from procedures.rules import Application, Finding, Rule, Stage, judge
from procedures.rules.civil_status import PAPERLESS
from procedures.rules.martyr import (
    AS_FILED,
    PRACTICES,
    RULES,
    SLOTS,
    TYPED,
    as_ruled,
    asks_support,
    companions_of,
    filed_relation,
    goes_to,
    martyr_of,
    papers_wanted,
    relation_words,
    supported,
)
from procedures.wordings.martyr import (
    APPLICATION_SYMBOL,
    LETTER_SYMBOL,
    WORDINGS,
    application_facts,
    letter_facts,
)

LETTER_KEY = "martyr_grave_letter"

RELATIONSHIPS = (
    (AS_FILED, "Như trong hồ sơ liệt sĩ"),
    *((relation.value, RELATION_LABELS[relation]) for relation in Relation if relation != Relation.OTHER),
    (Relation.OTHER.value, "Quan hệ khác (anh, chị, em, cháu …), không hưởng trợ cấp thờ cúng"),
)
COMPANION_RELATIONS = (("", "—"), *((relation.value, RELATION_LABELS[relation]) for relation in Relation))

RESULTS = (
    ("commune", "Theo lệ của xã"),
    ("application", "Chỉ xác nhận đơn"),
    ("letter", "Chỉ cấp giấy giới thiệu"),
    ("both", "Xác nhận đơn và cấp giấy giới thiệu"),
)


def _birth_field(slot: str) -> forms.RegexField:
    return forms.RegexField(
        r"\A(?:[0-9]{1,2}/){0,2}[12][0-9]{3}\Z",
        label="Ngày tháng năm sinh của người đó",
        required=False,
        error_messages={"invalid": "Ghi ngày tháng năm hoặc năm sinh, ví dụ 05/02/1965 hoặc 1965."},
        widget=shown_when(f"{slot}={TYPED}"),
    )


def _number_field(slot: str) -> forms.RegexField:
    return forms.RegexField(
        r"\A(?:[0-9]{9}|[0-9]{12})\Z",
        label="Số CCCD/CMND của người đó",
        required=False,
        error_messages={"invalid": "Nhập đủ 12 chữ số trên thẻ (hoặc 9 số của CMND cũ)."},
        widget=shown_when(f"{slot}={TYPED}", inputmode="numeric"),
    )


def _typed_fields(slot: str) -> dict[str, forms.Field]:
    """What is written of a companion whom the file does not name, or names without a card."""
    when = f"{slot}={TYPED}"
    return {
        f"{slot}_name": forms.CharField(
            label="Họ và tên người đó", max_length=100, required=False, widget=shown_when(when)
        ),
        f"{slot}_birth": _birth_field(slot),
        f"{slot}_number": _number_field(slot),
        f"{slot}_issued_on": DayField(label="Ngày cấp", required=False, widget=shown_when(when, forms.DateInput)),
        f"{slot}_issued_by": forms.CharField(label="Nơi cấp", max_length=150, required=False, widget=shown_when(when)),
        f"{slot}_relation": forms.ChoiceField(
            label="Quan hệ với liệt sĩ",
            choices=COMPANION_RELATIONS,
            required=False,
            widget=shown_when(when, forms.Select),
        ),
    }


class MartyrGraveVisitForm(ApplicationForm):
    """Which martyr, who goes, which paper. The martyr, the relatives and the grave come from the file."""

    martyr = forms.ChoiceField(
        label="Liệt sĩ",
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn liệt sĩ; chưa thấy thì tìm theo họ tên hoặc số Bằng ở ô phía trên."},
    )
    relationship = forms.ChoiceField(
        label="Người đề nghị là gì của liệt sĩ",
        choices=RELATIONSHIPS,
        initial=AS_FILED,
        help_text="Người có tên trong hồ sơ: để nguyên.",
    )
    relation_text = forms.CharField(
        label="Quan hệ tự nhiên, để in",
        help_text="Ví dụ: Cháu ruột. Để trống thì in như hồ sơ.",
        max_length=60,
        required=False,
        widget=shown_when(f"relationship={Relation.WORSHIP}|{Relation.OTHER}"),
    )
    support = forms.ChoiceField(
        label="Hỗ trợ chi phí thăm viếng",
        choices=[("yes", "Đề nghị hỗ trợ"), ("no", "Tự đi thăm, không đề nghị hỗ trợ")],
        initial="yes",
    )
    result = forms.ChoiceField(label="Giấy cần nhận", choices=RESULTS, initial="commune")
    grave_cemetery = forms.CharField(
        label="Nghĩa trang",
        help_text="Bốn dòng về mộ: chỉ ghi chỗ hồ sơ chưa có hoặc đã đổi.",
        max_length=200,
        required=False,
    )
    grave_location = forms.CharField(label="Vị trí mộ (khu, lô, hàng, số)", max_length=200, required=False)
    grave_commune = forms.CharField(label="Xã, phường nơi có mộ (hoặc nơi hy sinh)", max_length=120, required=False)
    grave_province = forms.CharField(label="Tỉnh, thành phố nơi có mộ", max_length=120, required=False)
    phone = forms.RegexField(
        r"\A\+?[0-9][0-9 .\-]{7,18}\Z",
        label="Số điện thoại",
        max_length=20,
        required=False,
        error_messages={"invalid": "Ghi số điện thoại bằng chữ số, ví dụ 0912 345 678."},
    )

    def set_up(self) -> None:
        martyrs = self.dossier.martyrs
        self._offer_martyrs(martyrs)
        for number, slot in enumerate(SLOTS, start=1):
            self.fields[slot] = forms.ChoiceField(
                label=f"Người cùng đi thứ {('nhất', 'hai', 'ba')[number - 1]}",
                choices=[("", "Không có"), *self._offered(martyrs), (TYPED, "Người khác, hoặc hồ sơ ghi chưa đủ …")],
                required=False,
            )
            for name, field in _typed_fields(slot).items():
                field.owed_when_shown = not name.endswith(("_issued_on", "_issued_by"))  # type: ignore[attr-defined]
                self.fields[name] = field
        self.order_fields(["martyr", "relationship", "relation_text", "support", *self._companion_names()])

    def _companion_names(self) -> list[str]:
        return [name for slot in SLOTS for name in (slot, *_typed_fields(slot))]

    def _offer_martyrs(self, martyrs: Sequence[MartyrFile]) -> None:
        """One file that names the applicant is the one meant; of several the clerk asks."""
        choices: Any = self.fields["martyr"]
        choices.choices = [(str(martyr.id), self._titled(martyr)) for martyr in martyrs]
        mine = [martyr for martyr in martyrs if martyr.concerns(self.person.identity_number)]
        likely = mine if mine else martyrs
        if len(likely) == 1:
            choices.initial = str(likely[0].id)
            if relation := filed_relation(likely[0], self.person.identity_number):
                self.fields["relationship"].initial = relation.value

    def _titled(self, martyr: MartyrFile) -> str:
        relation = filed_relation(martyr, self.person.identity_number)
        return f"{martyr.title}{f' – người đề nghị là {relation.label.lower()}' if relation else ''}"

    def _offered(self, martyrs: Sequence[MartyrFile]) -> list[tuple[str, str]]:
        """Everybody alive in the files found but the applicant, kin first."""
        offered = [
            (martyr, relative)
            for martyr in martyrs
            for relative in martyr.relatives
            if relative.is_alive and relative.identity_number != self.person.identity_number
        ]
        offered.sort(key=lambda pair: not pair[1].relation.is_kin)
        several = len(martyrs) > 1
        return [(str(relative.id), _said(relative, martyr, several)) for martyr, relative in offered]

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        chosen = next((martyr for martyr in self.dossier.martyrs if str(martyr.id) == answers.get("martyr")), None)
        of_this_file = {str(relative.id) for relative in chosen.relatives} if chosen else set()
        taken: set[str] = set()
        for slot in SLOTS:
            companion = answers.get(slot, "")
            if companion in ("", TYPED):
                continue
            if companion in taken:
                self.add_error(slot, "Người này đã chọn ở trên.")
            elif chosen and companion not in of_this_file:
                self.add_error(slot, f"Người này không có trong hồ sơ liệt sĩ {chosen.full_name}.")
            taken.add(companion)
        for slot in SLOTS:
            if answers.get(slot) == TYPED and answers.get(f"{slot}_number") == self.person.identity_number:
                self.add_error(f"{slot}_number", "Đây là số của người đề nghị, không ghi lại ở người cùng đi.")
        return answers


def _said(relative: Relative, martyr: MartyrFile, several: bool) -> str:
    born = f", sinh {relative.birth_text}" if relative.birth_text else ""
    return f"{relative.full_name}{born} – {relative.words}{f' của liệt sĩ {martyr.full_name}' if several else ''}"


class MartyrGraveVisit(Procedure):
    """Pháp lệnh 02/2020/UBTVQH14; NĐ 131/2021 Điều 155–158; the confirmation lives on as an internal step (6.1)."""

    key = "martyr_grave_visit"
    name = "Xác nhận đơn đề nghị thăm viếng mộ liệt sĩ"
    # none known for the internal confirmation: a local code, see Point `local_code`
    national_code = "QO-NCC-06"
    digit = 6
    form_lines = 17  # social-affairs.md 6.3, without companions
    papers_before = (  # social-affairs.md 6.2: our own file holds what they prove
        "Bản sao có chứng thực giấy chứng nhận gia đình liệt sĩ hoặc thân nhân liệt sĩ",
        "Giấy báo tin mộ liệt sĩ hoặc giấy xác nhận nơi hy sinh",
    )
    versions = (
        Version(
            date(2025, 7, 1),
            "Xác nhận đơn đề nghị thăm viếng mộ liệt sĩ",
            "Đơn đề nghị thăm viếng mộ liệt sĩ có xác nhận",
            (
                "Pháp lệnh Ưu đãi người có công với cách mạng 02/2020/UBTVQH14",
                "Nghị định 131/2021/NĐ-CP Điều 155, 156, 157, 158",
                "Nghị định 75/2021/NĐ-CP Điều 9 khoản 2",
                "Nghị định 129/2025/NĐ-CP",
            ),
            confirmed=False,
        ),
    )
    book = "martyr_grave_visit"
    field = Field.MERIT
    symbol = APPLICATION_SYMBOL.value
    # the old circular's day for the confirmation, stricter than the three for the letter (6.1)
    limit = Limit(1, "Thông tư liên tịch 13/2014/TTLT-BLĐTBXH-BTC")
    fees = (Fee(date(2025, 7, 1), 0, "Không thu lệ phí", confirmed=True),)
    who = "Thân nhân liệt sĩ, hoặc người đang hưởng trợ cấp thờ cúng liệt sĩ."
    rules: ClassVar[Sequence[Rule]] = (*PAPERLESS, *RULES)
    points = (*PRACTICES, *WORDINGS)
    wants = frozenset({Subject.MARTYRS})
    look_up = "Tìm liệt sĩ theo họ tên hoặc số Bằng “Tổ quốc ghi công”"
    refusal_basis = "Điều 155, Điều 156, Điều 157 và Điều 158 Nghị định số 131/2021/NĐ-CP ngày 30 tháng 12 năm 2021"
    Form = MartyrGraveVisitForm

    def judge(self, application: Application, stage: Stage = Stage.RECEIPT) -> list[Finding]:
        return judge(as_ruled(self.rules, application), application, stage)

    def books(self) -> Mapping[str, str]:
        return {**super().books(), LETTER_KEY: "Sổ cấp Giấy giới thiệu thăm viếng mộ liệt sĩ"}

    def documents(self, application: Application, *, on: date) -> Sequence[Document]:
        """The confirmed application, the letter, or both, each in its own book."""
        confirmed, letter = papers_wanted(application)
        found = []
        if confirmed:
            name = self.version_on(application.day).result_name
            symbol = APPLICATION_SYMBOL.of(application)
            found.append(Document(self.key, name, "results/martyr_grave_visit.html", self.book, symbol))
        if letter:
            name, symbol = "Giấy giới thiệu thăm viếng mộ liệt sĩ", LETTER_SYMBOL.of(application)
            found.append(Document(LETTER_KEY, name, "results/martyr_grave_letter.html", LETTER_KEY, symbol))
        return found

    def facts(
        self, application: Application, document: Document, *, on: date, numbers: Mapping[str, str]
    ) -> dict[str, object]:
        return letter_facts(application, year=on.year) if document.key == LETTER_KEY else application_facts(application)

    def effects(self, application: Application, *, on: date) -> Sequence[Effect]:
        martyr = martyr_of(application)
        assert martyr is not None, "rule grv_martyr_known"
        confirmed, letter = papers_wanted(application)
        relation = relation_words(application)
        companions = [f"{companion.full_name} ({companion.relation})" for companion in companions_of(application)]
        granted = GraveVisitGranted(
            martyr=martyr.id,
            relation=relation,
            place=goes_to(application),
            persons=(f"{application.person.full_name} ({relation})", *companions),
            supported=supported(application),
            application=self.key if confirmed else "",
            letter=LETTER_KEY if letter else "",
        )
        return (granted,)

    def follow_ups(self, application: Application, *, on: date) -> Sequence[str]:
        martyr = martyr_of(application)
        assert martyr is not None, "rule grv_martyr_known"
        _, letter = papers_wanted(application)
        if letter and asks_support(application):
            return (
                "Khi công dân nộp lại giấy giới thiệu có xác nhận của xã nơi có mộ: ghi Sổ theo dõi, "
                "chi hỗ trợ trong 02 ngày làm việc.",
            )
        if not letter and not martyr.kept_here:
            return (f"Hướng dẫn công dân nộp đơn đã xác nhận tại {martyr.kept_by} để được cấp giấy giới thiệu.",)
        return ()

    def example(self, at: datetime) -> Application:
        return Application(
            person=EXAMPLE_SON,
            at=at,
            commune="",
            answers={
                "martyr": str(EXAMPLE_MARTYR.id),
                "relationship": Relation.CHILD.value,
                "support": "yes",
                "result": "both",
                "companion_1": "2",
            },
            officer={rule.id: True for rule in self.rules},
            dossier=Dossier(martyrs=(EXAMPLE_MARTYR,)),
        )


EXAMPLE_SON = someone(
    "001068000000",
    "Nguyễn Văn Viếng",
    date(1968, 4, 30),
    id_kind="Căn cước công dân",
    id_issued_on=date(2021, 6, 22),
    id_issued_by="Cục Cảnh sát QLHC về TTXH",
)
EXAMPLE_MARTYR = MartyrFile(
    id=1,
    full_name="Nguyễn Văn Mẫu Liệt",
    native_place="Xã Thạch Thán, huyện Quốc Oai, thành phố Hà Nội",
    unit="Tiểu đoàn Thử, Trung đoàn Mẫu",
    rank="Hạ sĩ, tiểu đội trưởng",
    death_text="12/04/1972",
    death_place="Mặt trận phía Nam",
    certificate_number="TM-000001",
    cemetery="Nghĩa trang liệt sĩ Mẫu",
    grave_commune="Xã Mẫu",
    grave_province="Tỉnh Quảng Trị",
    grave_location="Khu A, lô 3, hàng 5, mộ số 12",
    in_cemetery_list=True,
    relatives=(
        Relative(1, Relation.CHILD, EXAMPLE_SON.full_name, identity_number=EXAMPLE_SON.identity_number),
        Relative(
            2,
            Relation.CHILD,
            MAN.full_name,
            birth_text="1970",
            identity_number="001070000000",
            id_issued_on=date(2022, 5, 4),
            id_issued_by="Cục Cảnh sát QLHC về TTXH",
        ),
    ),
)
"""Invented, like everybody in the examples."""
