"""The hall of a counter: the machines that stand in it, the numbers people draw, who is called where. No persons."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from oneshop.models import Counter, Officer
from procedures.models.cases import Case, CaseRow


class HallDevice(CaseRow):
    """A screen, a kiosk, a tablet. Whoever has its address is that machine: it has 130 bits and can be ended."""

    class Kind(models.TextChoices):
        SCREEN = "screen", "Màn hình sảnh"
        KIOSK = "kiosk", "Ki-ốt lấy số"
        TABLET = "tablet", "Máy đánh giá"

    kind = models.CharField("loại", max_length=10, choices=Kind.choices)
    counter = models.ForeignKey(Counter, models.PROTECT, related_name="devices", verbose_name="điểm phục vụ")
    name = models.CharField("chỗ đặt", max_length=100)
    prints = models.BooleanField("có máy in số", default=False)
    token = models.CharField(max_length=26, unique=True)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["counter", "kind", "name", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"


class QueueNumber(CaseRow):
    """A number drawn at a counter on a local day: 1, 2, 3 … without a gap. It knows no name and no card.

    `key` is the form it was drawn with, so that a second press draws nothing; `token` opens its page on a telephone.
    """

    class Ending(models.TextChoices):
        SERVED = "served", "Đã phục vụ"
        ABSENT = "absent", "Gọi không có mặt"

    counter = models.ForeignKey(Counter, models.PROTECT, related_name="+")
    on = models.DateField()
    number = models.PositiveIntegerField()
    wish = models.CharField(max_length=40)
    """Key of a procedure, or one of queue.py's other wishes."""
    token = models.CharField(max_length=26, unique=True)
    key = models.CharField(max_length=40)
    at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    called_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["on", "number"]
        constraints = [
            models.UniqueConstraint(fields=["counter", "on", "number"], name="number_is_drawn_once_a_day"),
            models.UniqueConstraint(fields=["commune", "key"], name="number_is_drawn_once_a_press"),
            models.CheckConstraint(
                condition=Q(called_at=None, called_by=None) | Q(called_at__isnull=False, called_by__isnull=False),
                name="number_called_has_its_officer",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ending="")
                | Q(ended_at__isnull=False, called_at__isnull=False) & ~Q(ending=""),
                name="number_that_ended_was_called",
            ),
            models.UniqueConstraint(
                fields=["called_by"],
                condition=Q(called_at__isnull=False, ended_at=None),
                name="officer_serves_one_number",
            ),
        ]
        indexes = [
            models.Index(fields=["counter", "on", "number"], condition=Q(called_at=None), name="number_still_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.on:%d/%m/%Y})"


class Call(CaseRow):
    """A line on the screen of the hall: this number, or the result of this case, at that desk."""

    counter = models.ForeignKey(Counter, models.PROTECT, related_name="+")
    number = models.ForeignKey(QueueNumber, models.PROTECT, null=True, related_name="calls")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    desk = models.PositiveSmallIntegerField("bàn số")
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number=None, case__isnull=False) | Q(number__isnull=False, case=None),
                name="call_is_for_a_number_or_a_case",
            ),
            models.CheckConstraint(condition=Q(desk__gte=1, desk__lte=99), name="desk_has_one_or_two_digits"),
        ]
        indexes = [models.Index(fields=["counter", "-at"], name="call_by_counter")]

    def __str__(self) -> str:
        return f"{self.number or self.case_id} → {self.desk}"
