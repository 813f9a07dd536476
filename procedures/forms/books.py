"""The small forms of the number books and of the day's end."""

from __future__ import annotations

from typing import Any

from django import forms

from citizens import names
from procedures.books.bookkeeping import AT_MOST
from procedures.models import Void

LAST = 999_999


class _Ground(forms.Form):
    ground = forms.CharField(
        label="Căn cứ, lý do",
        max_length=300,
        error_messages={"required": "Ghi căn cứ, lý do."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_ground(self) -> str:
        return names.clean(self.cleaned_data["ground"])


class OpenForm(_Ground):
    """Our book goes on from a paper book."""

    upto = forms.IntegerField(
        label="Tiếp theo số",
        min_value=1,
        max_value=LAST,
        help_text="Số cuối cùng đã ghi trong sổ giấy; máy cấp từ số kế tiếp.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}),
    )
    volume = forms.CharField(label="Quyển số (sổ giấy)", max_length=60, help_text="Như ghi ở bìa, ví dụ 01/2026.")
    field_order = ("upto", "volume", "ground")


class CatchUpForm(_Ground):
    """Numbers that were given before older data were restored."""

    upto = forms.IntegerField(
        label="Đã cấp đến số",
        min_value=1,
        max_value=LAST,
        help_text=f"Số cuối trên tờ chốt ngày hoặc trên giấy mới nhất đã cấp. Một lần nhiều nhất {AT_MOST} số.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}),
    )
    field_order = ("upto", "ground")


class CloseForm(forms.Form):
    """The closing lines: what only who holds the volume knows."""

    volume = forms.CharField(label="Quyển số", max_length=60, required=False)
    pages = forms.IntegerField(
        label="Tổng số trang đã ghi của quyển",
        min_value=1,
        max_value=9999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}),
    )
    ground = forms.CharField(
        label="Căn cứ, ghi chú",
        max_length=300,
        required=False,
        help_text="Khi khóa sổ vì sáp nhập: số, ngày nghị quyết.",
    )


class VoidForm(forms.Form):
    """A slip's number falls."""

    reason = forms.ChoiceField(
        label="Lý do",
        choices=[(reason.value, reason.label) for reason in (Void.Reason.WRONG, Void.Reason.SPOILED)],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label="Ghi rõ", max_length=300, error_messages={"required": "Ghi rõ lý do."}, widget=forms.TextInput()
    )

    def clean_why(self) -> str:
        return names.clean(self.cleaned_data["why"])


class TakeOutForm(forms.Form):
    """Part of a book leaves the house: which numbers, and what for."""

    first = forms.IntegerField(
        label="Từ số", min_value=1, max_value=LAST, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    last = forms.IntegerField(
        label="Đến số", min_value=1, max_value=LAST, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    purpose = forms.CharField(
        label="Mục đích", max_length=200, error_messages={"required": "Ghi mục đích in hoặc xuất sổ."}
    )

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = super().clean() or {}
        if asked.get("first") and asked.get("last") and asked["first"] > asked["last"]:
            self.add_error("last", "Số cuối phải lớn hơn hoặc bằng số đầu.")
        return asked


class PasswordForm(forms.Form):
    """Who signs or confirms proves who it is."""

    password = forms.CharField(
        label="Mật khẩu của người ký",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
        error_messages={"required": "Nhập mật khẩu để ký."},
    )
