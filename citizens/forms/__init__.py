"""The scan box, a new citizen, a correction."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from citizens import names
from citizens.identity_number import NotAnIdentityNumber, doubts, is_old_number, old_number, parse
from citizens.models import Citizen
from citizens.person import Sex
from oneshop.fields import DayField


class ScanForm(forms.Form):
    """One box for everything: a card's QR text, a number, a case code, a name."""

    text = forms.CharField(max_length=4000, strip=True, label="Quét thẻ hoặc tìm")


class NameField(forms.CharField):
    """A person's name: NFC, single spaces, letters only. Never changed beyond that."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=100, **kwargs)

    def clean(self, value: Any) -> str:
        name = names.clean(super().clean(value))
        if name and not names.is_name(name):
            raise forms.ValidationError("Họ tên chỉ gồm chữ cái và dấu cách, như trên thẻ.")
        return name


class PlainField(forms.CharField):
    """A line of text that can be printed as it stands: no brackets, nothing unseen that hides letters."""

    def clean(self, value: Any) -> str:
        text = names.clean(super().clean(value))
        if any(letter in "<>" or unicodedata.category(letter).startswith("C") for letter in text):
            raise forms.ValidationError("Có ký tự lạ không in được. Gõ lại bằng bàn phím.")
        return text


class TelephoneField(forms.RegexField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            r"\A\+?[0-9][0-9 .\-]{7,18}\Z",
            label="Số điện thoại",
            max_length=20,
            required=False,
            error_messages={"invalid": "Ghi số điện thoại bằng chữ số, ví dụ 0912 345 678."},
            **kwargs,
        )


class CitizenForm(forms.ModelForm):  # type: ignore[type-arg]  # takes its type only in the stubs
    """A citizen's record as the officer reads it off the card; doubts are warnings the officer may override (F-35)."""

    full_name = NameField(label="Họ, chữ đệm, tên")
    identity_number = forms.CharField(
        label="Số định danh cá nhân", max_length=30, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    old_number = forms.CharField(label="Số CMND cũ", max_length=20, required=False)
    birth_date = DayField(label="Ngày, tháng, năm sinh", required=False)
    birth_text = forms.RegexField(
        r"\A(?:[0-9]{1,2}/){0,2}[12][0-9]{3}\Z",
        label="Ngày sinh như trên thẻ",
        help_text="Chỉ khi thẻ không ghi đủ ngày, tháng: ví dụ 1955.",
        max_length=40,
        required=False,
        error_messages={"invalid": "Ghi như trên thẻ: năm, hoặc tháng và năm, ví dụ 1955 hoặc 03/1955."},
    )
    ethnicity = PlainField(label="Dân tộc", max_length=40)
    nationality = PlainField(label="Quốc tịch", max_length=60)
    telephone = TelephoneField()
    portal_synced_on = DayField(label="Ngày đồng bộ với Cổng Dịch vụ công quốc gia", required=False)
    document_issued_on = DayField(label="Ngày cấp thẻ", required=False)
    document_valid_until = DayField(label="Thẻ có giá trị đến", required=False)
    address = PlainField(label="Nơi cư trú", max_length=250)
    lives_here = forms.BooleanField(
        label="Đã đối chiếu: đây là nơi thường trú, thuộc xã này",
        required=False,
        help_text="Địa chỉ trên thẻ không nói rõ loại cư trú: chỉ đánh dấu khi đã tra cứu.",
    )
    card_seen = forms.BooleanField(
        label="Đã xem thẻ và đúng người", error_messages={"required": "Xem thẻ và đối chiếu người trước khi lưu."}
    )
    doubts_checked = forms.BooleanField(label="Đã đối chiếu giấy tờ, thông tin trên là đúng", required=False)

    class Meta:
        model = Citizen
        fields = (
            "full_name",
            "identity_number",
            "old_number",
            "birth_date",
            "birth_text",
            "sex",
            "ethnicity",
            "nationality",
            "telephone",
            "email",
            "document_kind",
            "document_issued_on",
            "document_valid_until",
            "eid_level",
            "portal_synced_on",
        )

    def __init__(self, *args: Any, is_here: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doubts: tuple[str, ...] = ()
        if not is_here:  # the dead, the child, the ward: somebody else brings their papers
            self.fields["card_seen"].label = "Đã đối chiếu từng dòng với giấy tờ của người này"

    def clean_identity_number(self) -> str:
        try:
            number = parse(self.cleaned_data["identity_number"]).value
        except NotAnIdentityNumber as error:
            raise forms.ValidationError(str(error)) from error
        return number

    def clean_old_number(self) -> str:
        text: str = self.cleaned_data["old_number"]
        if text and not is_old_number(text):
            raise forms.ValidationError("Số CMND cũ có 9 chữ số; bỏ trống nếu không có.")
        return old_number(text)

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        born = answers.get("birth_date")
        if born and born > timezone.localdate():
            self.add_error("birth_date", "Ngày sinh không thể sau hôm nay. Xem lại trên thẻ.")
        if born:
            answers["birth_text"] = born.strftime("%d/%m/%Y")
        elif text := answers.get("birth_text"):
            born = date(int(text[-4:]), 1, 1)  # the year alone is compared with the number
            if born > timezone.localdate():
                self.add_error("birth_text", "Năm sinh không thể sau năm nay. Xem lại trên thẻ.")
        elif not {"birth_date", "birth_text"} & self.errors.keys():
            self.add_error("birth_date", "Ghi ngày sinh; nếu thẻ chỉ có năm, ghi năm ở ô bên cạnh.")
        for name in ("portal_synced_on", "document_issued_on"):
            if (day := answers.get(name)) and day > timezone.localdate():
                self.add_error(name, "Ngày này không thể sau hôm nay.")
        issued = answers.get("document_issued_on")
        if issued and born and issued < born:
            self.add_error("document_issued_on", "Ngày cấp thẻ không thể trước ngày sinh.")
        if number := answers.get("identity_number"):
            sex = Sex(answers["sex"]) if answers.get("sex") else None
            self.doubts = doubts(number, sex=sex, birth_date=born)
            if self.doubts and not answers.get("doubts_checked"):
                self.add_error("doubts_checked", " ".join(self.doubts) + " Đối chiếu giấy tờ gốc rồi đánh dấu để lưu.")
        return answers


class WhyForm(forms.Form):
    """Why an officer opens the record of somebody who is not at the counter."""

    reason = forms.ChoiceField(
        label="Xem hồ sơ công dân để làm gì?",
        choices=[
            ("công dân đến quầy, không mang thẻ", "Công dân đang ở quầy, không mang thẻ"),
            ("công dân gọi điện hỏi", "Trả lời công dân gọi điện hoặc gửi thư"),
            ("sửa, bổ sung dữ liệu", "Sửa, bổ sung dữ liệu theo giấy tờ"),
            ("other", "Việc khác"),
        ],
        widget=forms.RadioSelect(attrs={"autofocus": True}),
        error_messages={"required": "Chọn mục đích xem."},
    )
    other = forms.CharField(
        label="Việc gì (công dân xem được câu này)",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"data-shown-when": "reason=other"}),
    )

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("reason") == "other" and not answers.get("other"):
            self.add_error("other", "Ghi rõ xem để làm gì.")
        return answers

    @property
    def purpose(self) -> str:
        said = self.cleaned_data["reason"]
        return names.clean(self.cleaned_data["other"]) if said == "other" else said


class AmendForm(forms.Form):
    """A correction of the record: the field, the paper that orders it."""

    telephone = TelephoneField()
    email = forms.EmailField(label="Thư điện tử", max_length=100, required=False)
    ethnicity = PlainField(label="Dân tộc", max_length=40)
    eid_level = forms.TypedChoiceField(
        label="Tài khoản định danh điện tử", choices=Citizen.EidLevel.choices, coerce=int
    )
    portal_synced_on = DayField(label="Ngày đồng bộ với Cổng Dịch vụ công quốc gia", required=False)
    document_valid_until = DayField(label="Thẻ có giá trị đến", required=False)
    full_name = NameField(label="Họ, chữ đệm, tên")
    paper = PlainField(
        label="Căn cứ sửa",
        help_text="Ví dụ: thẻ căn cước cấp ngày 01/08/2024; kết quả tra cứu ngày hôm nay.",
        max_length=300,
        error_messages={"required": "Ghi căn cứ của việc sửa."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
