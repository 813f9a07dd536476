"""The keeping of the number books: opened, closed, numbers that fell; the day's end; what the sweeper found.

Source: Luật Hộ tịch Điều 58; NĐ 123/2015 Điều 11; TT 04/2020 Điều 29 (civil-status.md 0.10); one-stop.md G.4.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from oneshop.models import Commune, Officer
from procedures.models.papers import Result, Slip


class BookAct(models.Model):
    """A book is opened or closed, or taken on after a restore: laid out by a specialist, true once a leader signs.

    `upto`: the last number of the paper book that ours continues, or of the day's sheet after a restore. `on` is the
    day written in the closing lines. A signed or dropped act never changes (trigger).
    """

    class Kind(models.TextChoices):
        OPEN = "open", "Mở sổ tiếp theo sổ giấy"
        CATCH_UP = "catch_up", "Ghi lại số đã cấp sau khôi phục dữ liệu"
        CLOSE = "close", "Khóa sổ"

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    book = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField("năm")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    upto = models.PositiveIntegerField("tiếp theo số", null=True)
    volume = models.CharField("quyển số", max_length=60, blank=True)
    pages = models.PositiveIntegerField("tổng số trang", null=True)
    on = models.DateField("ngày", null=True)
    ground = models.CharField("căn cứ, lý do", max_length=300, blank=True)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    signed_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    facts = models.JSONField(default=dict)
    pdf = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "book", "year", "kind"],
                condition=Q(dropped_at=None) & ~Q(kind="catch_up"),
                name="book_is_opened_and_closed_once_a_year",
            ),
            models.UniqueConstraint(
                fields=["commune", "book", "year"],
                condition=Q(dropped_at=None, signed_at=None),
                name="book_has_one_act_before_the_leader",
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_by=None) | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="book_act_signed_at_has_its_signer",
            ),
            models.CheckConstraint(condition=~Q(signed_by=F("by")), name="book_act_is_signed_by_another"),
            models.CheckConstraint(
                condition=Q(signed_at=None) | Q(dropped_at=None), name="book_act_is_signed_or_dropped"
            ),
            models.CheckConstraint(
                condition=Q(kind="close") | Q(upto__gte=1), name="book_act_names_the_number_it_continues"
            ),
            models.CheckConstraint(
                condition=~Q(kind="close") | Q(signed_at=None) | Q(pdf__isnull=False, on__isnull=False),
                name="book_closed_has_its_closing_lines",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.book} {self.year}"


class Void(models.Model):
    """A number whose paper fell, or that has none: it keeps its place in the book, with why, by whom and when."""

    class Reason(models.TextChoices):
        WRONG = "wrong", "Ghi sai, cấp lại số khác"
        SPOILED = "spoiled", "Giấy hỏng"
        CANCELLED = "cancelled", "Kết quả bị hủy"
        ENDED = "ended", "Hồ sơ kết thúc sau khi ký"
        RESTORED = "restored", "Đã cấp trước khi khôi phục dữ liệu"

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    book = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    reason = models.CharField(max_length=10, choices=Reason.choices)
    why = models.CharField(max_length=300)
    result = models.ForeignKey(Result, models.PROTECT, null=True, related_name="voids")
    slip = models.ForeignKey(Slip, models.PROTECT, null=True, related_name="voids")
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["book", "year", "number"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "book", "year", "number"], name="number_falls_once"),
            models.CheckConstraint(condition=~Q(why=""), name="number_that_fell_says_why"),
            models.CheckConstraint(
                condition=Q(reason="restored", result=None, slip=None)
                | (~Q(reason="restored") & (Q(result=None) ^ Q(slip=None))),
                name="number_that_fell_names_its_paper",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number:02}/{self.year} {self.get_reason_display()}"


class DayClose(models.Model):
    """The end of a day: what went in and out, and the head of the diary; frozen by one, confirmed by another.

    `part` 1 closes the day, later parts tell what happened after. The monitoring office reads these rows.
    `head_seq` and `head_hash` are the number of lines and the hash of the commune's chain when it was closed.
    """

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    on = models.DateField("ngày")
    part = models.PositiveSmallIntegerField("lần")
    facts = models.JSONField()
    head_seq = models.PositiveBigIntegerField()
    head_hash = models.CharField(max_length=64)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    pdf = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["on", "part"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "on", "part"], name="day_is_closed_once_a_part"),
            models.CheckConstraint(condition=~Q(confirmed_by=F("by")), name="day_is_confirmed_by_another"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None, pdf=None, sha256="")
                | (
                    Q(confirmed_at__gte=F("at"), confirmed_by__isnull=False, pdf__isnull=False)
                    & Q(sha256__regex="^[0-9a-f]{64}$")
                ),
                name="day_confirmed_has_its_paper",
            ),
            models.CheckConstraint(
                condition=Q(head_hash__regex="^([0-9a-f]{64})?$"), name="day_has_the_head_of_its_chain"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y} lần {self.part}"


class Flaw(models.Model):
    """A half state that the sweeper found (R-06): a card on the leader's page until it is gone."""

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=120)
    sentence = models.CharField(max_length=300)
    found_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["found_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "kind", "key"], condition=Q(gone_at=None), name="flaw_has_one_card"
            ),
        ]

    def __str__(self) -> str:
        return self.sentence
