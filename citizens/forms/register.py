"""The forms of the register rooms: look for an entry, type in a page of an old book, write a note, strike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from citizens import names
from citizens.entry_fields import FIELDS, PERSON_LABELS, PartFields, full_day, is_day_of_a_book
from citizens.forms import PlainField
from citizens.models import Marriage, RegisterEntry
from citizens.old_books import CourtEnding, Page
from citizens.register import EVENT_LABELS, EventKind, Named, Standing
from oneshop.fields import DayField

KIND_CHOICES = [(kind.value, label) for kind, label in EVENT_LABELS.items()]

PURPOSES = (
    ("cấp bản sao trích lục", "Cấp bản sao trích lục"),
    ("xác minh cho hồ sơ đang giải quyết", "Xác minh cho hồ sơ đang giải quyết"),
    ("nhập, đối chiếu sổ cũ", "Nhập, đối chiếu sổ cũ"),
    ("trả lời cơ quan khác", "Trả lời cơ quan khác"),
)
"""Why an officer looks into the books: each look is written down with its purpose (civil-status.md 0.12)."""

SOLID = "data-shown-when"


class TextField(forms.CharField):
    """Several lines as the book has them: each composed and trimmed, empty ones left out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4}), max_length=3000, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return "\n".join(names.clean(line) for line in text.splitlines() if line.strip())


class SearchForm(forms.Form):
    """By number and year, by names, or by an old number; and what for."""

    text = forms.CharField(
        label="Số/năm (15/1998), họ tên, hoặc số CMND, số định danh",
        max_length=100,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label="Loại việc", choices=[("", "Mọi loại"), *KIND_CHOICES], required=False)
    purpose = forms.ChoiceField(label="Phục vụ việc gì", choices=PURPOSES)


class EntryForm(forms.Form):
    """A page of a book of `kind`; the persons and lines of that kind are data (entry_fields.py)."""

    number = forms.IntegerField(
        label="Số đăng ký", min_value=1, max_value=99999, widget=forms.NumberInput(attrs={"autofocus": True})
    )
    year = forms.IntegerField(label="Năm của sổ", min_value=1900, max_value=2100)
    volume = PlainField(label="Quyển số", max_length=10, initial="01")
    page_no = forms.IntegerField(label="Trang số", min_value=1, max_value=9999, required=False)
    book_of = forms.ChoiceField(label="Sổ của", required=False)
    unit = PlainField(
        label="Nơi đăng ký, ghi như trong sổ",
        help_text="Giữ tên cũ, ví dụ: UBND xã Sài Sơn, huyện Quốc Oai, tỉnh Hà Tây.",
        max_length=150,
    )
    registered = forms.CharField(
        label="Ngày đăng ký",
        help_text="Ví dụ 15/03/1998; sổ chỉ ghi tháng, năm thì ghi 03/1998 hoặc 1998.",
        max_length=40,
    )

    def __init__(
        self, *args: Any, kind: EventKind, old_units: Sequence[tuple[str, str]] = (), today: date, **kwargs: Any
    ) -> None:
        self.kind, self.today, self.old_units = kind, today, dict(old_units)
        super().__init__(*args, **kwargs)
        book_of = self.fields["book_of"]
        assert isinstance(book_of, forms.ChoiceField)
        book_of.choices = [("", "Xã hiện nay"), *old_units]
        for part in FIELDS[kind].parts:
            for name in part.fields:
                self.fields[f"{part.part.value}_{name}"] = _person_field(part, name)
        for fact in FIELDS[kind].facts:
            self.fields[f"fact_{fact.name}"] = (
                TextField(label=fact.label, help_text=fact.help, required=False)
                if fact.long
                else PlainField(label=fact.label, help_text=fact.help, max_length=300, required=False)
            )
        self.fields["performed_by"] = PlainField(label="Người thực hiện", max_length=100, required=False)
        self.fields["signer_name"] = PlainField(label="Người ký", max_length=100, required=False)
        self.fields["signer_title"] = PlainField(label="Chức vụ người ký", max_length=150, required=False)
        self.fields["checked"] = forms.BooleanField(label="Đã đối chiếu từng dòng với trang sổ", required=False)

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Heading and fields, in the order of the page of the book."""
        fixed = ["number", "year", "volume", "page_no", "book_of", "unit", "registered"]
        yield "Sổ", [self[name] for name in fixed]
        for part in FIELDS[self.kind].parts:
            yield part.label, [self[f"{part.part.value}_{name}"] for name in part.fields]
        yield "Nội dung", [self[f"fact_{fact.name}"] for fact in FIELDS[self.kind].facts]
        last = ["performed_by", "signer_name", "signer_title", "checked"]
        yield "Người ghi sổ, người ký", [self[name] for name in last if name in self.fields]

    def clean_registered(self) -> str:
        text = names.clean(self.cleaned_data["registered"])
        if not is_day_of_a_book(text):
            raise forms.ValidationError(
                "Ghi ngày tháng năm, hoặc tháng và năm, hoặc năm, ví dụ 15/03/1998, 03/1998, 1998."
            )
        if (day := full_day(text)) and day > self.today:
            raise forms.ValidationError("Ngày đăng ký không thể sau hôm nay.")
        return text

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        registered, year = answers.get("registered", ""), answers.get("year")
        if registered and year and not registered.endswith(str(year)):
            self.add_error("year", "Năm của sổ và năm đăng ký phải là một: số bắt đầu lại từ 01 mỗi năm.")
        died = answers.get("fact_died_on", "")
        if died and not is_day_of_a_book(died):
            self.add_error("fact_died_on", "Ghi ngày tháng năm, hoặc năm, ví dụ 24/12/2023.")
        elif died and (day := full_day(died)) and day > self.today:
            self.add_error("fact_died_on", "Ngày chết không thể sau hôm nay.")
        return answers

    def page(self) -> Page:
        """What was typed, as `old_books` takes it; call after `is_valid`."""
        answers = self.cleaned_data
        text = answers["registered"]
        return Page(
            kind=self.kind,
            number=answers["number"],
            year=answers["year"],
            volume=answers["volume"],
            unit=answers["unit"],
            unit_code=answers["book_of"],
            unit_name=self.old_units.get(answers["book_of"], ""),
            page_no=answers["page_no"],
            registered_on=full_day(text),
            registered_text=text,
            persons=tuple(self._persons()),
            facts={fact.name: value for fact in FIELDS[self.kind].facts if (value := answers[f"fact_{fact.name}"])},
            performed_by=answers["performed_by"],
            signer_name=answers["signer_name"],
            signer_title=answers["signer_title"],
        )

    def _persons(self) -> Iterator[Named]:
        for part in FIELDS[self.kind].parts:
            said = {name: self.cleaned_data[f"{part.part.value}_{name}"] for name in part.fields}
            if said["full_name"]:
                yield Named(part=part.part, **said)


def _person_field(part: PartFields, name: str) -> forms.Field:
    label = PERSON_LABELS[name]
    if part.label in ("Mẹ", "Cha") and name == "birth_text":
        label = "Năm sinh"
    if name == "identity_number":
        return forms.RegexField(
            r"\A(?:[0-9]{9}|[0-9]{12})\Z",
            label=label,
            help_text="Chỉ khi sổ có ghi; CMND có 9 chữ số.",
            required=False,
            error_messages={"invalid": "CMND có 9 chữ số, số định danh có 12 chữ số; bỏ trống nếu sổ không ghi."},
        )
    length = {"full_name": 100, "birth_text": 40, "sex": 10, "ethnicity": 40, "nationality": 60, "residence": 250}
    required = name == "full_name" and part.owed
    return PlainField(label=label, max_length=length.get(name, 200), required=required)


def typed_of(entry: RegisterEntry) -> dict[str, Any]:
    """The initial values of `EntryForm` for an entry that is to be put right."""
    initial: dict[str, Any] = {
        "number": entry.number,
        "year": entry.year,
        "volume": entry.book.volume,
        "page_no": entry.page_no,
        "book_of": entry.book.unit_code,
        "unit": entry.unit,
        "registered": entry.registered_text,
        "performed_by": entry.performed_by,
        "signer_name": entry.signer_name,
        "signer_title": entry.signer_title,
    }
    initial |= {f"fact_{name}": value for name, value in entry.facts.items()}
    for row in entry.persons.all():
        initial |= {f"{row.part}_{name}": getattr(row, name) for name in PERSON_LABELS}
    return initial


def _shown(condition: str, widget: type[forms.Widget] = forms.TextInput) -> forms.Widget:
    return widget(attrs={SOLID: condition, "autocomplete": "off"})


COURT = "happened=divorce|annulment"


class EntryNoteForm(forms.Form):
    """A later event written beside the entry; how a court ended a marriage is asked in parts: it changes the status."""

    happened = forms.ChoiceField(
        label="Ghi chú việc gì",
        choices=[
            ("other", "Thay đổi, cải chính, bổ sung hoặc việc khác"),
            ("divorce", "Ly hôn"),
            ("annulment", "Tòa án hủy việc kết hôn trái pháp luật"),
        ],
    )
    text = PlainField(
        label="Nội dung ghi chú", max_length=500, required=False, widget=_shown("happened=other", forms.Textarea)
    )
    basis = PlainField(
        label="Theo văn bản (tên, số, ngày, nơi cấp)", max_length=300, required=False, widget=_shown("happened=other")
    )
    paper = forms.ChoiceField(
        label="Văn bản của Tòa án",
        choices=[("Bản án", "Bản án"), ("Quyết định ly hôn", "Quyết định ly hôn"), ("Quyết định", "Quyết định")],
        required=False,
        widget=_shown(COURT, forms.Select),
    )
    number = PlainField(label="Số", max_length=40, required=False, widget=_shown(COURT))
    issuer = PlainField(label="Tòa án", max_length=150, required=False, widget=_shown(COURT))
    issued_on = DayField(label="Ngày văn bản", required=False, widget=_shown(COURT, forms.DateInput))
    ended_on = DayField(label="Có hiệu lực từ ngày", required=False, widget=_shown(COURT, forms.DateInput))

    def __init__(self, *args: Any, kind: EventKind, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)
        if kind != EventKind.MARRIAGE:
            for name in ("happened", "paper", "number", "issuer", "issued_on", "ended_on"):
                del self.fields[name]
            for name in ("text", "basis"):
                del self.fields[name].widget.attrs[SOLID]
                self.fields[name].required = True
        for field in self.fields.values():
            field.owed_when_shown = SOLID in field.widget.attrs  # type: ignore[attr-defined]
        self.fields["text"].widget.attrs["rows"] = 3

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        is_court = answers.get("happened") in ("divorce", "annulment")
        owed = ("number", "issuer", "issued_on", "ended_on") if is_court else ("text", "basis")
        for name in owed:
            if not answers.get(name) and name not in self.errors:
                self.add_error(name, "Ghi đủ mục này, như trong văn bản.")
        for name in ("issued_on", "ended_on"):
            if (day := answers.get(name)) and day > self.today:
                self.add_error(name, "Ngày này không thể sau hôm nay.")
        return answers

    @property
    def ending(self) -> CourtEnding | None:
        answers = self.cleaned_data
        if answers.get("happened") not in ("divorce", "annulment"):
            return None
        return CourtEnding(
            ending=Marriage.Ending(answers["happened"]),
            on=answers["ended_on"],
            paper=answers["paper"] or "Bản án",
            number=answers["number"],
            issuer=answers["issuer"],
            issued_on=answers["issued_on"],
        )

    @property
    def said(self) -> Mapping[str, str]:
        """Text and basis of the note, of a court's ending composed."""
        if (ending := self.ending) is not None:
            return {"text": ending.text, "basis": ending.basis}
        return {"text": self.cleaned_data["text"], "basis": self.cleaned_data["basis"]}


class StrikeForm(forms.Form):
    """An entry falls, on a paper that says so."""

    standing = forms.ChoiceField(
        label="Đánh dấu",
        choices=[
            (Standing.CANCELLED.value, "Đã hủy (ghi nhầm, giữ số)"),
            (Standing.REVOKED.value, "Đã thu hồi, hủy bỏ theo quyết định"),
        ],
    )
    basis = PlainField(
        label="Theo văn bản (tên, số, ngày, nơi cấp)",
        max_length=300,
        error_messages={"required": "Ghi văn bản căn cứ."},
    )


class LinkForm(forms.Form):
    """Who of today's citizens a person of the book is."""

    text = forms.CharField(label="Số định danh, số CMND cũ hoặc họ tên", max_length=100, required=False)
