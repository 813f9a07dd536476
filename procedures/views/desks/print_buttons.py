"""Buttons that print, and the sheets of a case, as pages show them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from procedures.books import prints
from procedures.forms import AgainPrintForm, MishapForm
from procedures.models import Case, Print
from procedures.views.shown import moment


def print_button(code: str, key: str, name: str, owed: int, lines: list[Print], *, words: str = "In") -> dict[str, Any]:
    """The button of one paper: printed for the first time with one key, again with a reason."""
    missing = owed - prints.good(lines)
    label = f"{words} {missing} bản" if missing > 1 else words
    return {
        "href": reverse("print_paper", args=[code, *key.split("/")]),
        "words": label,
        "name": name,
        "hint": f"Đặt số bản trong hộp in: {missing}" if missing > 1 else "",
        "again": missing <= 0,
        "form": AgainPrintForm(auto_id=f"again-{key.replace('/', '-')}-%s"),
    }


def shown_prints(code: str, lines: list[Print]) -> list[dict[str, Any]]:
    """The sheets of a case as a timeline, the latest last. The lines come with `by` and `mishap`."""
    return [
        {
            "name": line.name,
            "copy": line.copy,
            "sheets": line.sheets,
            "when": moment(line.at),
            "who": str(line.by),
            "why": line.why,
            "mishap": str(line.mishap) if hasattr(line, "mishap") else "",
            "report_href": "" if hasattr(line, "mishap") else reverse("report_print", args=[code, line.pk]),
            "form": None if hasattr(line, "mishap") else MishapForm(auto_id=f"mishap-{line.pk}-%s"),
        }
        for line in lines
    ]


def by_paper(lines: list[Print]) -> dict[str, list[Print]]:
    found: dict[str, list[Print]] = {}
    for line in lines:
        found.setdefault(line.paper_key, []).append(line)
    return found


def lines_of(case: Case) -> list[Print]:
    return list(Print.objects.filter(case=case).select_related("by", "mishap"))
