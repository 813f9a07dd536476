"""Spreadsheets that leave the house. Every cell is text: nothing that a name holds can run as a formula (S-27)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook

WIDTH = 18  # of a column for which none was said, in letters
LONGEST = 32_767  # letters that a cell can hold


@dataclass(frozen=True)
class Leaf:
    """One sheet: `heading` lines above the table, then the names of the columns, then the rows.

    `title` is its tab; letters that a tab may not hold are left out. `widths` in letters, one a column.
    """

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[object]]
    heading: Sequence[str] = ()
    widths: Sequence[int] = ()


def workbook(leaves: Sequence[Leaf]) -> bytes:
    """The bytes of an XLSX file in which every cell is of type text."""
    held = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(held, settings) as book:
        head, cell = (
            book.add_format({"bold": True, "text_wrap": True, "border": 1}),
            book.add_format({"text_wrap": True}),
        )
        line = book.add_format({"bold": True})
        for leaf in leaves:
            sheet = book.add_worksheet("".join(letter for letter in leaf.title if letter not in "[]:*?/\\")[:31])
            for row, text in enumerate(leaf.heading):
                sheet.write_string(row, 0, text, line)
            top = len(leaf.heading) + bool(leaf.heading)
            for column, name in enumerate(leaf.columns):
                sheet.set_column(column, column, leaf.widths[column] if leaf.widths else WIDTH)
                sheet.write_string(top, column, name, head)
            for row, values in enumerate(leaf.rows, start=top + 1):
                for column, value in enumerate(values):
                    sheet.write_string(row, column, "" if value is None else str(value)[:LONGEST], cell)
            sheet.freeze_panes(top + 1, 0)
            sheet.set_landscape()
            sheet.set_paper(9)  # A4
            sheet.repeat_rows(top)
            sheet.fit_to_pages(1, 0)
    return held.getvalue()
