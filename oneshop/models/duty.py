"""Who is away, who stands in for whom, who signs in whose name, and how the calendar read on which day."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from oneshop.models.house import Commune, Officer


class Absence(models.Model):
    """A time in which an officer is not here. The plan of the shifts stays as it is; the deputies stand in."""

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="absences")
    starts_at = models.DateTimeField("từ")
    ends_at = models.DateTimeField("đến")
    reason = models.CharField("lý do", max_length=200)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="absence_ends_after_it_starts"),
        ]
        indexes = [models.Index(fields=["commune", "ends_at"], name="absence_by_end")]

    def __str__(self) -> str:
        return f"{self.officer} {self.starts_at:%d/%m %H:%M}–{self.ends_at:%d/%m %H:%M}"


class Deputy(models.Model):
    """`deputy` stands in for `officer` when that one is absent, in the order of `rank`, from `since` until `until`."""

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="deputies")
    deputy = models.ForeignKey(Officer, models.PROTECT, related_name="stands_in_for")
    rank = models.PositiveSmallIntegerField("thứ tự")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["officer", "rank", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(officer=F("deputy")), name="nobody_is_their_own_deputy"),
            models.UniqueConstraint(
                fields=["officer", "deputy"], condition=Q(until=None), name="deputy_stands_in_once_for_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} thay {self.officer}"


class Delegation(models.Model):
    """A written authority to sign in somebody's name: from whom, to whom, what, from day to day, by which document.

    `procedures` are keys, none meaning all. `lines` are printed above the name, parted by `|`
    (`TUQ. CHỦ TỊCH|…`). It is never passed on; it ends on its last day or when it is revoked, and the row stays.
    Source: Nghị định 30/2020/NĐ-CP Điều 13; one-stop.md G.3.
    """

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    giver = models.ForeignKey(Officer, models.PROTECT, related_name="delegations_given")
    taker = models.ForeignKey(Officer, models.PROTECT, related_name="delegations_taken")
    procedures = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    first_day = models.DateField("từ ngày")
    last_day = models.DateField("đến hết ngày")
    document = models.CharField("văn bản", max_length=200)
    lines = models.CharField("dòng chức danh khi ký, cách nhau bằng dấu |", max_length=150)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-first_day", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="delegation_goes_to_somebody_else"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="delegation_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(document="") & ~Q(lines=""), name="delegation_is_written_and_says_its_lines"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="delegation_revoked_at_has_its_officer",
            ),
        ]
        indexes = [models.Index(fields=["taker", "last_day"], name="delegation_by_taker")]

    def __str__(self) -> str:
        return f"{self.document}: {self.giver} → {self.taker}"


class CalendarVersion(models.Model):
    """How the commune's calendar read from a moment on; never changes (trigger), so that an old promise can be checked.

    `rows` holds the commune's own hours and days as they were then, `national` the hash of the national list of that
    day. Number 0 is what there was before the first change.
    """

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=300)
    document = models.CharField(max_length=200, blank=True)
    rows = models.JSONField()
    national = models.CharField(max_length=64)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "number"], name="calendar_version_has_its_own_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.what}"
