"""What the Ministry's civil-status software gave back for a case: number and code under which it is known there.

Source: civil-status.md point 2, 0.11 (Nghị định 87/2020 Điều 24); quality.md F-61.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from oneshop.models import Officer
from procedures.models.cases import Case, CaseRow


class MinistryEntry(CaseRow):
    """Number and code of one case. Never changes (trigger) but for losing its place to a correction, a new row."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="ministry_entries")
    book = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField("năm")
    number = models.PositiveIntegerField("số")
    code = models.CharField("mã trên phần mềm hộ tịch dùng chung", max_length=60)
    why = models.CharField("lý do sửa", max_length=300, blank=True)
    is_current = models.BooleanField(default=True)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(is_current=True), name="case_has_one_ministry_entry_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["commune", "book", "year", "number"],
                condition=Q(is_current=True),
                name="ministry_number_is_its_own",
            ),
            models.UniqueConstraint(
                fields=["commune", "code"], condition=Q(is_current=True), name="ministry_code_is_its_own"
            ),
            models.CheckConstraint(condition=Q(number__gte=1) & ~Q(code=""), name="ministry_entry_is_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.full_number} ({self.code})"

    @property
    def full_number(self) -> str:
        return f"{self.number:02}/{self.year}"
