"""The forms of disability files: an old file typed in, a correction on paper, who represents, what was concluded."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils import timezone

from citizens.disability import ABILITIES, ACTIVITIES, LINE_NUMBERS, SEVERE_SIGNS, Level, Sheet
from citizens.forms import NameField, PlainField
from citizens.identity_number import NotAnIdentityNumber, parse
from citizens.models.disability import GROUNDS, LEVELS, SHEETS, TYPES, DisabilityConclusion
from oneshop.fields import DayField

SIGNS = [
    ("", "Không ghi, hoặc không phải mức đặc biệt nặng"),
    *((key, f"{key} {text}") for key, text in SEVERE_SIGNS.items()),
]


class PastDayField(DayField):
    """A day that has come."""

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and day > timezone.localdate():
            raise forms.ValidationError("Ngày này không thể sau hôm nay.")
        return day


class NumberField(forms.CharField):
    """A personal number of twelve digits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return parse(text).value
        except NotAnIdentityNumber as error:
            raise forms.ValidationError(str(error)) from error


class LinesField(forms.CharField):
    """The ticked sub-lines of Mẫu số 01, part III.1, as they are read off: `1.4, 1.6`."""

    def to_python(self, value: Any) -> Any:
        found = re.findall(r"\d+\.\d+", ", ".join(value) if isinstance(value, list) else str(value or ""))
        if unknown := [number for number in found if number not in LINE_NUMBERS]:
            raise forms.ValidationError(f"Mẫu không có dòng {unknown[0]}.")
        return sorted(set(found), key=LINE_NUMBERS.index)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def validate(self, value: Any) -> None:
        """Empty where the file does not tell."""


class ActivitiesField(forms.CharField):
    """The ticked column of each of the ten activities, as ten digits from 1 to 4 (Mẫu số 01, part III.2)."""

    def to_python(self, value: Any) -> Any:
        columns = list(ABILITIES)
        if isinstance(value, list):
            return value
        digits = re.sub(r"\D", "", str(value or ""))
        if not digits:
            return []
        if len(digits) != len(ACTIVITIES) or set(digits) - set("1234"):
            raise forms.ValidationError("Ghi đủ 10 chữ số từ 1 đến 4, hoặc bỏ trống.")
        return [columns[int(digit) - 1] for digit in digits]

    def prepare_value(self, value: Any) -> Any:
        return "".join(str(list(ABILITIES).index(key) + 1) for key in value) if isinstance(value, list) else value

    def validate(self, value: Any) -> None:
        """Empty where the file does not tell."""


class DeterminedForm(forms.Form):
    """What the council determined, as the kept file says it."""

    types = forms.MultipleChoiceField(
        label="Dạng khuyết tật",
        choices=TYPES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Đánh dấu ít nhất một dạng, như biên bản kết luận."},
    )
    level = forms.ChoiceField(label="Mức độ khuyết tật", choices=LEVELS, widget=forms.RadioSelect)
    decision = PlainField(label="Số biên bản kết luận của Hội đồng", max_length=100, required=False)
    determined_on = PastDayField(label="Ngày kết luận", required=False)
    sheet = forms.ChoiceField(
        label="Phiếu xác định", choices=SHEETS, initial=Sheet.SIX_PLUS.value, widget=forms.RadioSelect
    )
    exempt_sign = forms.ChoiceField(label="Dấu hiệu đã đánh dấu ở Mục IV Mẫu số 02", choices=SIGNS, required=False)
    lines = LinesField(
        label="Biểu hiện đã đánh dấu (Mục III.1 của đơn)", help_text="Ví dụ: 1.4, 1.6.", required=False, max_length=200
    )
    activities = ActivitiesField(
        label="Mức thực hiện 10 hoạt động (Mục III.2 của đơn)",
        help_text="Mỗi hoạt động một chữ số: 1 thực hiện được, 2 cần trợ giúp, 3 không thực hiện được, "
        "4 không xác định được. Ví dụ: 2111211311.",
        required=False,
        max_length=40,
    )

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("exempt_sign") and answers.get("level") != Level.EXTREME:
            self.add_error("exempt_sign", "Chỉ ghi dấu hiệu khi mức độ là đặc biệt nặng.")
        return answers


DETERMINED = tuple(DeterminedForm.base_fields)


class OldFileForm(DeterminedForm):
    """A file from the cupboard or from another commune, with the last card issued on it."""

    identity_number = NumberField(label="Số định danh của người khuyết tật")
    source = PlainField(
        label="Nguồn hồ sơ",
        help_text="Ví dụ: tủ lưu UBND xã Sài Sơn cũ; UBND phường X chuyển đến theo công văn số …, ngày ….",
        max_length=300,
    )
    card_number = PlainField(label="Số hiệu trên giấy đang dùng", max_length=60)
    card_issued_on = PastDayField(label="Ngày ký giấy")
    card_signer = PlainField(label="Người ký giấy", max_length=150, required=False)
    card_full_name = PlainField(label="Họ tên in trên giấy", max_length=100, required=False)
    card_birth_text = PlainField(label="Ngày sinh in trên giấy", max_length=40, required=False)
    card_sex = forms.ChoiceField(
        label="Giới tính in trên giấy", choices=[("", "—"), ("Nam", "Nam"), ("Nữ", "Nữ")], required=False
    )
    card_residence = PlainField(label="Nơi cư trú in trên giấy", max_length=250, required=False)

    field_order = ("identity_number", "source", *DETERMINED)

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        determined, issued = answers.get("determined_on"), answers.get("card_issued_on")
        if determined and issued and issued < determined:
            self.add_error("card_issued_on", "Giấy không thể ký trước ngày Hội đồng kết luận.")
        return answers


class AmendFileForm(DeterminedForm):
    """A correction: what the file should have said, and the paper that says so."""

    paper = PlainField(
        label="Căn cứ sửa",
        help_text="Ví dụ: biên bản kết luận số 15/BB-HĐXĐKT ngày 12/05/2020, bản lưu.",
        max_length=300,
        error_messages={"required": "Ghi căn cứ của việc sửa."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class RepresentativeForm(forms.Form):
    identity_number = NumberField(label="Số định danh của người đại diện")
    full_name = NameField(label="Họ và tên")
    ground = forms.ChoiceField(label="Tư cách", choices=GROUNDS)
    paper = PlainField(
        label="Căn cứ",
        help_text="Quyết định cử người giám hộ, hoặc giấy khai sinh: số, ngày, cơ quan.",
        max_length=300,
    )


class ConclusionForm(forms.Form):
    paper = PlainField(label="Văn bản kết luận giấy sai (số, ngày, cơ quan)", max_length=300)
    received_on = PastDayField(label="Xã nhận ngày")


class SettleForm(forms.Form):
    outcome = forms.ChoiceField(
        label="Đã xử lý", choices=DisabilityConclusion.Outcome.choices, widget=forms.RadioSelect
    )
    paper = PlainField(label="Quyết định thu hồi, hoặc văn bản rút kết luận (số, ngày)", max_length=300)
    on = PastDayField(label="Ngày xử lý")


class SearchForm(forms.Form):
    text = forms.CharField(
        label="Tìm theo họ tên, số định danh hoặc số hiệu giấy",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
