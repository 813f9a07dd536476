"""What the monitoring office does: urge a commune, open or suspend a procedure, keep the reports it has sent."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from oneshop.models import Commune, Officer
from procedures.models.cases import Case


class Urge(models.Model):
    """A note of the monitoring office to a commune, on a case or on a figure, with the commune's answer."""

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="urges")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="urges", verbose_name="hồ sơ")
    figure = models.CharField("về chỉ số", max_length=100, blank=True)
    text = models.CharField("nội dung đôn đốc", max_length=500)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc")
    answer_by = models.DateField("trả lời trước hết ngày")
    answer = models.CharField("trả lời", max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["commune", "-at"], name="urge_of_a_commune")]
        constraints = [
            models.CheckConstraint(
                condition=Q(case=None) & ~Q(figure="") | Q(case__isnull=False, figure=""),
                name="urge_is_about_a_case_or_a_figure",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="urge_answered_at_has_its_officer",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def about(self) -> str:
        return f"Hồ sơ {self.case.code}" if self.case else self.figure


class Offer(models.Model):
    """From `valid_from` on a commune offers, suspends or has given up a procedure. Never changes: a later row prevails.

    A procedure without a row is offered. Open cases end in their order whatever is decided.
    """

    class Standing(models.TextChoices):
        OPEN = "open", "Đang thực hiện"
        SUSPENDED = "suspended", "Tạm dừng"
        RETIRED = "retired", "Thôi thực hiện"

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="offers")
    procedure_key = models.CharField("thủ tục", max_length=40)
    standing = models.CharField("quyết định", max_length=10, choices=Standing.choices)
    valid_from = models.DateField("từ ngày")
    document = models.CharField("văn bản quyết định", max_length=200)
    reason = models.CharField("lý do", max_length=300)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["valid_from", "pk"]
        indexes = [models.Index(fields=["commune", "procedure_key", "valid_from"], name="offer_of_a_day")]

    def __str__(self) -> str:
        return f"{self.procedure_key}: {self.get_standing_display()} {self.valid_from:%d/%m/%Y}"


class Report(models.Model):
    """A report as it was sent: its facts and its bytes, frozen, so that later corrections do not change history.

    Without a commune it is the monitoring office's own, of all of them.
    """

    class Kind(models.TextChoices):
        STATUTORY = "II.06a", "Biểu số II.06a/VPCP/KSTT"
        PILOT = "pilot", "Báo cáo thủ tục không giấy tờ"

    FROZEN: ClassVar[tuple[str, ...]] = ("pdf", "sha256", "facts")

    commune = models.ForeignKey(Commune, models.PROTECT, null=True, related_name="+")
    kind = models.CharField("biểu", max_length=10, choices=Kind.choices)
    since = models.DateField("từ ngày")
    until = models.DateField("đến hết ngày")
    facts = models.JSONField()
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=models.F("since")), name="report_ends_after_it_began"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.since:%d/%m/%Y}–{self.until:%d/%m/%Y}"

    def period(self) -> tuple[date, date]:
        return self.since, self.until
