"""Form fields that take what people type at a counter, and the renderer that draws every field alike."""

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils import timezone


class CounterFormRenderer(TemplatesSetting):
    """Every field through one template: label, help and error tied together for the screen reader."""

    field_template_name = "part/field.html"
    form_template_name = "part/form.html"


class DayField(forms.DateField):
    """A day as people write it: `5/2/1990`, `05021990`, `5.2.90`, `5 2 1990`. Two digits of a year mean the past."""

    default_error_messages = {"invalid": "Ghi ngày tháng năm, ví dụ 05/02/1990."}
    widget = forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date):
            return value
        text = unicodedata.normalize("NFKC", str(value or "")).strip()
        if not text:
            return None
        parts = re.fullmatch(r"(\d{1,2})\D+(\d{1,2})\D+(\d{4}|\d{2})", text) or re.fullmatch(
            r"(\d{2})(\d{2})(\d{4})", text
        )
        iso = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text)
        try:
            if iso:
                return _sane(date(*map(int, iso.groups())))
            if parts:
                day, month, year = map(int, parts.groups())
                return _sane(date(_century(year) if len(parts[3]) == 2 else year, month, day))
        except ValueError:
            pass
        raise forms.ValidationError(self.error_messages["invalid"], code="invalid")


def _sane(day: date) -> date:
    """Nobody and no paper at a counter is older than 1900: `0192` is a slip of the hand."""
    if day.year < 1900:
        raise ValueError
    return day


def _century(year: int) -> int:
    this = timezone.localdate().year
    return year + (this // 100) * 100 if year <= this % 100 else year + (this // 100 - 1) * 100
