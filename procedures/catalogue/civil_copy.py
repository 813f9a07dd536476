"""Cấp bản sao trích lục hộ tịch (2.000635). Sources: civil-status.md section 1, whose rule ids are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms

from citizens.dossier import Dossier, Subject
from citizens.effects import Effect
from citizens.entry_fields import names_in_words
from citizens.register import EVENT_LABELS, Entry, EventKind, Named, Part, Standing
from oneshop.fields import DayField
from procedures.catalogue import (
    CAPACITIES,
    FEE_ANSWERS,
    ApplicationForm,
    Charge,
    Document,
    Fee,
    Party,
    Procedure,
    Version,
    shown_when,
)
from procedures.catalogue.examples import MAN, WOMAN
from procedures.clock import Limit
from procedures.rules import Application, Rule
from procedures.rules.civil_copy import COMMON, NOT_FOUND, RULES, fingerprint
from procedures.rules.civil_status import CIVIL_REFUSAL, NEW_LAW, PAPERLESS
from procedures.rules.points import Point
from procedures.wordings import civil_copy as copy_papers
from procedures.wordings import fee_slip

RELATIONSHIPS = (
    "Vợ",
    "Chồng",
    "Cha",
    "Mẹ",
    "Con",
    "Ông",
    "Bà",
    "Cháu",
    "Anh ruột",
    "Chị ruột",
    "Em ruột",
    "Người giám hộ",
    "Người đại diện theo pháp luật",
    "Người được ủy quyền",
    "Cơ quan, tổ chức",
    "Khác",
)
"""civil-status.md 0.14; `Bản thân` follows from the capacity."""

CAPACITIES_HERE = (
    ("self", "Bản thân, có tên trong việc hộ tịch"),
    *(row for row in CAPACITIES if row[0] != "self"),
    ("relative", "Người thân của người đã chết"),
    ("organisation", "Cơ quan, tổ chức có văn bản yêu cầu"),
)

BOOK_STATES = (
    ("searched", "Đã tra sổ của xã và của mọi xã cũ đã sáp nhập, không thấy"),
    ("elsewhere", "Sổ do cơ quan khác giữ"),
)

BIRTH_PAPERS = (
    ("blank", "Bản sao Giấy khai sinh, in trên phôi của Bộ Tư pháp"),
    ("extract", "Trích lục khai sinh (bản sao), in trên giấy thường"),
)

STANDING_WORDS = {Standing.ACTIVE: "", Standing.CANCELLED: " – ĐÃ HỦY", Standing.REVOKED: " – ĐÃ THU HỒI"}


def entry_label(entry: Entry) -> str:
    """`Khai sinh số 15/1998, UBND xã Sài Sơn, huyện Quốc Oai: Nguyễn Văn Mẫu, Trần Thị Thử (mẹ)`."""
    noted = f" – {len(entry.notes)} ghi chú" if entry.notes else ""
    return (
        f"{entry.kind.label} số {entry.number}, {entry.unit}: {names_in_words(entry)}{noted}"
        f"{STANDING_WORDS[entry.standing]}"
    )


class CivilCopyForm(ApplicationForm):
    """Everything the copy says stands in the entry; asked are which entry, how many, and by what right."""

    entry = forms.ChoiceField(label="Việc hộ tịch cần cấp bản sao", widget=forms.RadioSelect)
    event_kind = forms.ChoiceField(
        label="Việc hộ tịch theo lời khai",
        choices=[("", "—"), *((kind.value, label) for kind, label in EVENT_LABELS.items())],
        required=False,
        widget=shown_when(f"entry={NOT_FOUND}", forms.Select),
    )
    registered_unit = forms.CharField(
        label="Đã đăng ký tại, năm nào (theo lời khai)",
        help_text="Ghi tên cũ, ví dụ: UBND xã Sài Sơn, huyện Quốc Oai, năm 1975.",
        max_length=200,
        required=False,
        widget=shown_when(f"entry={NOT_FOUND}"),
    )
    book_state = forms.ChoiceField(
        label="Đã tra cứu",
        choices=[("", "—"), *BOOK_STATES],
        required=False,
        widget=shown_when(f"entry={NOT_FOUND}", forms.Select),
    )
    birth_paper = forms.ChoiceField(label="Bản sao khai sinh in trên", choices=BIRTH_PAPERS, initial="blank")
    copies = forms.IntegerField(label="Số lượng bản sao", min_value=1, initial=1)
    capacity = forms.ChoiceField(label="Người yêu cầu là", choices=CAPACITIES_HERE, initial="self")
    relationship = forms.ChoiceField(
        label="Quan hệ với người được cấp bản sao",
        choices=[("", "—"), *((word, word) for word in RELATIONSHIPS)],
        required=False,
        widget=shown_when("capacity!=self", forms.Select),
    )
    authorisation = forms.CharField(
        label="Văn bản ủy quyền (số, ngày, nơi chứng thực)",
        max_length=200,
        required=False,
        widget=shown_when("capacity=proxy_close_relative|proxy_other"),
    )
    letter_sender = forms.CharField(
        label="Cơ quan, tổ chức gửi văn bản",
        max_length=200,
        required=False,
        widget=shown_when("capacity=organisation"),
    )
    letter_number = forms.CharField(
        label="Số văn bản", max_length=60, required=False, widget=shown_when("capacity=organisation")
    )
    letter_date = DayField(
        label="Ngày văn bản", required=False, widget=shown_when("capacity=organisation", forms.DateInput)
    )
    letter_reason = forms.CharField(
        label="Lý do nêu trong văn bản",
        max_length=300,
        required=False,
        widget=shown_when("capacity=organisation"),
    )
    fee = forms.ChoiceField(label="Phí", choices=FEE_ANSWERS, initial="paid")

    def set_up(self) -> None:
        entries = self.dossier.entries
        field = self.fields["entry"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            *((str(entry.id), entry_label(entry)) for entry in entries),
            (NOT_FOUND, "Không thấy trong sổ và dữ liệu"),
        ]
        if not entries:
            field.initial = NOT_FOUND
        elif len(entries) == 1:
            field.initial = str(entries[0].id)
        births = "|".join(str(entry.id) for entry in entries if entry.kind == EventKind.BIRTH)
        if births:
            self.fields["birth_paper"].widget.attrs["data-shown-when"] = f"entry={births}"
        else:
            del self.fields["birth_paper"]
        self.fields["capacity"].initial = self._suggested_capacity()

    def _suggested_capacity(self) -> str:
        if self.other is None:
            return "self"
        if self.other.deceased_on is not None:
            return "relative"
        age = self.other.age_on(self.on)
        return "legal_representative" if age is not None and age < 18 else "proxy_close_relative"

    def clean(self) -> dict[str, Any]:
        """Beside what was typed: what the entry says now, so that a later change of it is seen before the signature."""
        answers = super().clean()
        if answers.get("entry") == NOT_FOUND and not answers.get("book_state"):
            self.add_error("book_state", "Chọn: đã tra hết sổ của các xã cũ, hay sổ do cơ quan khác giữ.")
        if answers.get("capacity") not in (None, "self") and not answers.get("relationship"):
            self.add_error("relationship", "Chọn quan hệ với người được cấp bản sao.")
        entry = next((entry for entry in self.dossier.entries if str(entry.id) == answers.get("entry")), None)
        if entry is not None:
            answers["entry_read"] = fingerprint(entry)
            answers["notes"] = [note.text for note in entry.notes]
        return answers


class CivilCopy(Procedure):
    """Luật Hộ tịch 2014 Điều 4, 61–64, 75; NĐ 123/2015 Điều 2, 3; TT 04/2020 Điều 2, 23."""

    key = "civil_copy"
    name = "Cấp bản sao trích lục hộ tịch"
    national_code = "2.000635"
    digit = 1
    form_lines = 19  # civil-status.md 1.3
    versions = (
        Version(
            date(2016, 1, 1),
            "Cấp bản sao Trích lục hộ tịch, bản sao Giấy khai sinh",
            "Bản sao trích lục hộ tịch",
            (
                "Luật Hộ tịch 60/2014/QH13 Điều 4, 61, 63, 64, 75",
                "Nghị định 123/2015/NĐ-CP Điều 2, 3; 87/2020/NĐ-CP; 120/2025/NĐ-CP; 18/2026/NĐ-CP",
                "Thông tư 04/2020/TT-BTP Điều 2, 23; 281/2016/TT-BTC",
            ),
        ),
        Version(
            NEW_LAW,
            "Cấp bản sao Trích lục hộ tịch, bản sao Giấy khai sinh",
            "Bản sao trích lục hộ tịch",
            (
                "Luật Hộ tịch 03/2026/QH16",
                "Nghị định 301/2026/NĐ-CP",
                "Thông tư 04/2020/TT-BTP Điều 2, 23; 281/2016/TT-BTC",
            ),
            change="Bản sao khai tử mang tên Giấy chứng tử; sổ ở nơi khác không còn là lý do để không nhận.",
            confirmed=False,
        ),
    )
    book = "copy_issue"
    symbol = "TLHT-BS"
    refusal_basis, refusal_symbol = CIVIL_REFUSAL, "UBND-TP"
    limit = Limit.SAME_DAY
    fees = (Fee(date(2017, 1, 1), 8_000, "Thông tư 281/2016/TT-BTC", confirmed=True, note="mỗi bản sao, mỗi sự kiện"),)
    who = "Người có tên trong sự kiện hộ tịch, người đại diện, người được ủy quyền; không phụ thuộc nơi cư trú."
    rules: ClassVar[Sequence[Rule]] = (*PAPERLESS, *COMMON, *RULES)
    points: ClassVar[Sequence[Point]] = (*copy_papers.POINTS, *fee_slip.POINTS)
    party = Party(
        label="Người được cấp bản sao",
        question="Bản sao cấp cho ai? Quét thẻ hoặc gõ số của người có tên trong sổ (con, người được giám hộ, "
        "người đã chết, người ủy quyền).",
        owed=False,
        alone="Cho bản thân",
        represented=True,
    )
    wants = frozenset({Subject.REGISTER, Subject.KIN})
    look_up = "Tìm sổ cũ: số/năm (15/1998) hoặc họ tên"
    Form = CivilCopyForm

    def charge(self, application: Application) -> Charge:
        """8.000 đồng for each copy of each event; one request is of one event (civil-status.md 0.8)."""
        name = "Phí khai thác, sử dụng thông tin trong cơ sở dữ liệu hộ tịch"
        one = self.fee_on(application.day)
        if str(application.get("fee")).startswith("exempt"):
            return Charge(0, "Được miễn", dict(FEE_ANSWERS)[application.get("fee")], name)
        copies = max(int(application.get("copies", 1)), 1)
        whole = Fee(one.valid_from, one.amount * copies, one.source, one.confirmed)
        return Charge(whole.amount, whole.text + (f" ({copies} bản × {one.text})" if copies > 1 else ""), name=name)

    def handed_in(self, application: Application) -> Sequence[str]:
        if application.get("capacity") == "organisation" and application.get("letter_number"):
            sent = application.get("letter_date", None)
            day = f" ngày {sent:%d/%m/%Y}" if sent else ""
            return [f"Văn bản số {application.get('letter_number')}{day} của {application.get('letter_sender')}"]
        return super().handed_in(application)

    def books(self) -> Mapping[str, str]:
        return {self.book: "Sổ cấp bản sao trích lục"}

    def documents(self, application: Application, *, on: date) -> Sequence[Document]:
        """One paper, as many originals as copies asked: all bear the one number of the copy book."""
        return (
            Document(
                self.key,
                copy_papers.name_of(application),
                "results/civil_copy.html",
                self.book,
                copy_papers.symbol_of(application),
                originals=max(int(application.get("copies", 1)), 1),
                blank=copy_papers.BLANK if copy_papers.is_on_blank(application) else "",
            ),
        )

    def facts(
        self, application: Application, document: Document, *, on: date, numbers: Mapping[str, str]
    ) -> dict[str, object]:
        return {
            "title": copy_papers.title_of(application),
            "crowd": copy_papers.lines_on_paper(application),
            "subtitle": copy_papers.SUBTITLE,
            "rows": [
                [{"label": piece.label, "value": piece.value, "is_name": piece.is_name} for piece in row]
                for row in copy_papers.rows_of(application)
            ],
            "signer_line": copy_papers.signer_line(application),
            "how": copy_papers.HOW if copy_papers.INSTRUCTION.is_on(application) else "",
            "is_archive": bool(document.blank),
            "fields": [list(field) for field in copy_papers.fields_of(application)],
        }

    def effects(self, application: Application, *, on: date) -> Sequence[Effect]:
        """None: the issue is a line of the copy book, which is the result itself (civil-status.md 1.6)."""
        return ()

    def follow_ups(self, application: Application, *, on: date) -> Sequence[str]:
        return [
            f"Sổ không ghi đủ ngày, tháng sinh của {name}: hướng dẫn làm bổ sung hộ tịch (1.004859) nếu người dân cần."
            for name in copy_papers.lacks_birth_day(application)
        ]

    def example(self, at: datetime) -> Application:
        wed = Entry(
            id=1,
            kind=EventKind.MARRIAGE,
            number="12/2015",
            volume="01",
            registered_on=date(2015, 2, 6),
            registered_text="06/02/2015",
            unit="UBND xã Sài Sơn, huyện Quốc Oai, thành phố Hà Nội",
            here=True,
            standing=Standing.ACTIVE,
            persons=(
                Named(
                    Part.WIFE,
                    WOMAN.full_name,
                    WOMAN.birth_text,
                    ethnicity="Kinh",
                    nationality="Việt Nam",
                    residence="Thôn Thử, xã Sài Sơn, huyện Quốc Oai, thành phố Hà Nội",
                    id_document="Chứng minh nhân dân số 111000000, Công an thành phố Hà Nội cấp ngày 02/03/2010",
                    identity_number=WOMAN.identity_number,
                ),
                Named(
                    Part.HUSBAND,
                    MAN.full_name,
                    MAN.birth_text,
                    ethnicity="Kinh",
                    nationality="Việt Nam",
                    residence="Thôn Mẫu, xã Sài Sơn, huyện Quốc Oai, thành phố Hà Nội",
                    id_document="Chứng minh nhân dân số 111000001, Công an thành phố Hà Nội cấp ngày 05/06/2009",
                    identity_number=MAN.identity_number,
                ),
            ),
            checked_on=date(2026, 1, 5),
        )
        return Application(
            person=WOMAN,
            at=at,
            commune="",
            answers={"entry": "1", "copies": 2, "capacity": "self", "fee": "paid"},
            officer={rule.id: True for rule in self.rules},
            dossier=Dossier(entries=(wed,)),
        )
