"""The small forms of the stock room, of the printer, and of the Ministry's software."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from citizens import names
from oneshop.fields import DayField
from procedures.blanks import ALL, KINDS, BlankKind
from procedures.models import Blank
from procedures.stock import FARTHEST, Shift

KIND_CHOICES = [(kind.key, kind.label) for kind in KINDS.values()]


def serial_field(label: str = "Số sê-ri", **kwargs: Any) -> forms.CharField:
    """A serial as printed on the blank; a scanner may write it straight into the field (scan-box.js lets it)."""
    return forms.CharField(
        label=label,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-takes-scan": True}),
        error_messages={"required": "Ghi số sê-ri như in trên phôi."},
        **kwargs,
    )


class ReceiveForm(forms.Form):
    """A delivery: the first and the last serial of a packet."""

    kind = forms.ChoiceField(label="Loại phôi", choices=KIND_CHOICES)
    letters = forms.CharField(
        label="Chữ đứng trước số",
        max_length=20,
        required=False,
        help_text="Như in trên phôi, ví dụ KH/2026-. Không có thì để trống.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    first = forms.CharField(
        label="Số đầu",
        max_length=12,
        help_text="Đủ chữ số như trên phôi, kể cả số 0 ở trước.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-takes-scan": True}),
    )
    last = forms.CharField(
        label="Số cuối",
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-takes-scan": True}),
    )
    received_on = DayField(label="Ngày nhận", initial=timezone.localdate)
    batch = forms.CharField(label="Phiếu giao nhận", max_length=100, help_text="Số, ngày và nơi giao.")

    def clean_batch(self) -> str:
        return names.clean(self.cleaned_data["batch"])

    def clean_letters(self) -> str:
        return names.clean(self.cleaned_data["letters"])


class SpoilForm(forms.Form):
    """A blank that nobody can use any more."""

    kind = forms.ChoiceField(label="Loại phôi", choices=KIND_CHOICES)
    serial = serial_field()
    reason = forms.CharField(
        label="Hỏng vì sao", max_length=300, error_messages={"required": "Ghi rõ phôi hỏng vì sao."}
    )

    def clean_reason(self) -> str:
        return names.clean(self.cleaned_data["reason"])


class DestroyForm(forms.Form):
    """What went through the shredder, and by which minutes."""

    kind = forms.ChoiceField(label="Loại phôi", choices=KIND_CHOICES)
    first = serial_field("Số sê-ri đầu")
    last = serial_field("Số sê-ri cuối", help_text="Một phôi thì ghi lại số đầu.")
    minutes = forms.CharField(
        label="Biên bản hủy",
        max_length=200,
        help_text="Số, ngày của biên bản và thành phần chứng kiến.",
        error_messages={"required": "Ghi số và ngày của biên bản hủy."},
    )

    def clean_minutes(self) -> str:
        return names.clean(self.cleaned_data["minutes"])


class SerialsForm(forms.Form):
    """The serial of the blank under each original, preset with the next ones of the drawer."""

    def __init__(self, *args: Any, sheets: Sequence[int], following: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheets = sheets
        for place, number in enumerate(sheets):
            label = f"Số sê-ri phôi của bản chính {number}" if len(sheets) > 1 or number > 1 else "Số sê-ri phôi"
            self.fields[f"serial-{number}"] = serial_field(
                label, initial=following[place] if place < len(following) else ""
            )

    @property
    def serials(self) -> list[tuple[int, str]]:
        """Number of the original and serial; call after `is_valid`."""
        return [(number, self.cleaned_data[f"serial-{number}"]) for number in self.sheets]


class ChangeForm(forms.Form):
    """An original whose blank went wrong, or whose serial was read wrong."""

    what = forms.ChoiceField(
        label="Việc đã xảy ra",
        choices=[("spoiled", "Phôi hỏng, in lại trên phôi khác"), ("wrong", "Ghi nhầm số sê-ri, phôi vẫn tốt")],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Hỏng vì sao",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"data-shown-when": "what=spoiled"}),
    )
    serial = serial_field("Số sê-ri của phôi mới, hoặc số đúng", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].owed_when_shown = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("what") == "spoiled" and not answers.get("reason", "").strip():
            self.add_error("reason", "Ghi rõ phôi hỏng vì sao.")
        if answers.get("what") == "wrong" and not answers.get("serial", "").strip():
            self.add_error("serial", "Ghi số sê-ri đúng, như in trên phôi.")
        return answers


class HandPaperForm(forms.Form):
    to = forms.CharField(label="Người nhận bản giấy", max_length=100, error_messages={"required": "Ghi họ tên."})

    def clean_to(self) -> str:
        return names.clean(self.cleaned_data["to"])


class LayoutForm(forms.Form):
    """How far each field is to be moved: to the right and downwards, in millimetres, as measured on the test sheet."""

    def __init__(self, *args: Any, kind: BlankKind, offsets: Mapping[str, Sequence[float]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = {ALL: "Cả tờ"} | {place.name: place.label for place in kind.fields}
        self.names = list(self.words)
        for name, label in self.words.items():
            for axis, words in ((0, "sang phải"), (1, "xuống dưới")):
                shift = offsets.get(name, (0, 0))[axis]
                self.fields[f"{name}-{axis}"] = forms.DecimalField(
                    label=f"{label}, {words} (mm)",
                    min_value=-int(FARTHEST),
                    max_value=int(FARTHEST),
                    decimal_places=1,
                    required=False,
                    initial=shift or None,
                    localize=True,
                    widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 6}),
                )
        self.fields["valid_from"] = DayField(label="Áp dụng từ ngày", initial=timezone.localdate)
        self.fields["note"] = forms.CharField(
            label="Máy in, tờ thử", max_length=200, required=False, help_text="Ví dụ: máy in quầy 1, thử ngày 23/11."
        )

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if day < timezone.localdate():
            raise forms.ValidationError("Từ hôm nay trở đi: giấy đã in không đổi được nữa.")
        return day

    @property
    def shifts(self) -> list[Shift]:
        """Call after `is_valid`."""
        answers = self.cleaned_data
        return [
            Shift(name, float(answers.get(f"{name}-0") or 0), float(answers.get(f"{name}-1") or 0))
            for name in self.names
        ]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One line a field for the page: its name and its two boxes."""
        return [{"label": self.words[name], "boxes": [self[f"{name}-0"], self[f"{name}-1"]]} for name in self.names]


class MinistryForm(forms.Form):
    """What the Ministry's software gave back. `why` is asked for a correction only."""

    number = forms.CharField(
        label="Số trên phần mềm hộ tịch",
        max_length=20,
        help_text="Số và năm, ví dụ 15/2026.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": "Ghi số và năm, ví dụ 15/2026."},
    )
    code = forms.CharField(
        label="Mã trên phần mềm hộ tịch",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-takes-scan": True}),
        error_messages={"required": "Dán mã mà phần mềm hộ tịch trả về."},
    )
    why = forms.CharField(label="Vì sao sửa", max_length=300)

    def __init__(self, *args: Any, corrects: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not corrects:
            del self.fields["why"]


class FilterForm(forms.Form):
    """What of the stock is listed."""

    kind = forms.ChoiceField(label="Loại", choices=[("", "Mọi loại"), *KIND_CHOICES], required=False)
    state = forms.ChoiceField(
        label="Tình trạng", choices=[("", "Mọi tình trạng"), *Blank.State.choices], required=False
    )
    serial = serial_field(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.owed_when_shown = True  # type: ignore[attr-defined]  # no `(nếu có)`: a filter is never owed
