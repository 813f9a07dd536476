"""What is asked when a paper is put right: who is at fault, who asked, why; what the letter says; who decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from citizens import names
from procedures.forms import TickForm
from procedures.models import Correction
from procedures.rules.remedies import Ground
from procedures.signing.signatures import INK_OWED

PREFIX = "sua"
"""The fields of a procedure stand on the same page under names of their own."""


class WhyForm(forms.Form):
    """Common to all three ways."""

    asked_by = forms.ChoiceField(label="Ai đề nghị", choices=Correction.AskedBy.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Lý do",
        help_text="Ghi trong hồ sơ và trong sổ; không in trên giấy thay thế, không hiện trên trang kiểm tra.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Ghi rõ lý do."},
    )

    prefix = PREFIX

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.RadioSelect):
                field.error_messages["required"] = "Chọn một."
        first = next(iter(self.fields.values()))
        first.widget.attrs["autofocus"] = True

    def clean_reason(self) -> str:
        return names.clean(self.cleaned_data["reason"])


class ReplaceForm(WhyForm):
    fault = forms.ChoiceField(
        label="Sai do",
        choices=Correction.Fault.choices,
        widget=forms.RadioSelect,
        help_text="Do cơ quan thì không thu phí và xin lỗi công dân.",
    )
    field_order: tuple[str, ...] = ("fault", "asked_by", "reason")


class RefusalForm(ReplaceForm):
    """A written refusal is replaced by one with the right reasons."""

    refusal = forms.CharField(
        label="Lý do từ chối đúng, mỗi lý do một dòng (in trên văn bản)",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Ghi lý do từ chối."},
    )
    field_order = ("refusal", "fault", "asked_by", "reason")

    def clean_refusal(self) -> list[str]:
        return [names.clean(line) for line in self.cleaned_data["refusal"].splitlines() if line.strip()]


class RecallForm(WhyForm):
    ground = forms.ChoiceField(label="Căn cứ thu hồi", widget=forms.RadioSelect)
    decision = forms.CharField(
        label="Văn bản quyết định",
        help_text="Loại, số, ngày, cơ quan; ví dụ: Quyết định số 15/QĐ-UBND ngày 20/11/2026 của Chủ tịch UBND xã.",
        max_length=300,
        error_messages={"required": "Ghi văn bản quyết định: loại, số, ngày, cơ quan."},
    )
    field_order = ("ground", "decision", "asked_by", "reason")

    def __init__(self, *args: Any, grounds: Sequence[Ground], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = [(ground.value, ground.label) for ground in grounds]  # type: ignore[attr-defined]
        self.fields["reason"].help_text = "In trên thông báo thu hồi; không hiện trên trang kiểm tra."

    def clean_decision(self) -> str:
        return names.clean(self.cleaned_data["decision"])


class LetterForm(WhyForm):
    wrong = forms.CharField(
        label="Giấy đã ghi",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Ghi nguyên văn chỗ sai."},
    )
    right = forms.CharField(
        label="Sửa là",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Ghi nội dung đúng."},
    )
    field_order = ("wrong", "right", "asked_by", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "Ghi trong hồ sơ; không in trên công văn."


class HandForm(TickForm):
    """Who takes the new paper, and what became of the old one."""

    to = forms.CharField(label="Người nhận", max_length=100, error_messages={"required": "Ghi họ tên người nhận."})

    def __init__(
        self, *args: Any, asks_old_paper: bool, owes_ink: bool = False, originals: int = 1, **kwargs: Any
    ) -> None:
        """`originals`: how many sheets of the old paper there are; of several it is asked how many came back.
        `owes_ink`: the new one is signed by hand."""
        super().__init__(*args, **kwargs)
        if owes_ink:
            self.fields["inked"] = forms.BooleanField(
                label="Mọi bản chính trao hôm nay đã ký tay, đóng dấu", error_messages={"required": INK_OWED}
            )
        if not asks_old_paper:
            return
        left = [choice for choice in Correction.OldPaper.choices if choice[0] != Correction.OldPaper.NEVER_LEFT]
        self.fields["old_paper"] = forms.ChoiceField(
            label="Giấy cũ", choices=left, widget=forms.RadioSelect, error_messages={"required": "Chọn một."}
        )
        if originals > 1:
            self.fields["returned_copies"] = forms.IntegerField(
                label=f"Thu lại được mấy bản trong {originals} bản chính",
                min_value=1,
                max_value=originals,
                required=False,
                widget=forms.NumberInput(
                    attrs={"data-shown-when": "old_paper=returned", "inputmode": "numeric", "autocomplete": "off"}
                ),
            )
            self.fields["returned_copies"].owed_when_shown = True  # type: ignore[attr-defined]

    def clean_to(self) -> str:
        return names.clean(self.cleaned_data["to"])

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        asked = "returned_copies" in self.fields and answers.get("old_paper") == Correction.OldPaper.RETURNED
        if asked and not answers.get("returned_copies") and "returned_copies" not in self.errors:
            self.add_error("returned_copies", "Ghi số bản chính đã thu lại.")
        return answers

    @property
    def said(self) -> dict[str, Any]:
        """As `workflow.hand_correction` takes it; call after `is_valid`."""
        return {
            "to": self.cleaned_data["to"],
            "old_paper": self.cleaned_data.get("old_paper", ""),
            "returned_copies": self.cleaned_data.get("returned_copies"),
            "confirmed": self.confirmed,
            "inked": bool(self.cleaned_data.get("inked")),
        }
