"""What lets anyone check a paper and citizens see who looked: keys, counted knocks, one-time codes, requests."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from citizens.models import Citizen
from oneshop.models import Officer
from procedures.models.cases import CaseRow


class CheckKey(CaseRow):
    """A key that signs the offline codes of a commune, from a moment on. Old ones stay: their papers are still about.

    `sealed` is the private half, encrypted (check_keys.py says with what and why). `is_leaked`: somebody else may hold
    it, so nothing that it signed proves anything any more.
    """

    key_id = models.CharField(max_length=8)
    public = models.BinaryField()
    sealed = models.BinaryField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    is_leaked = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["commune"], condition=Q(until=None), name="commune_has_one_check_key"),
            models.UniqueConstraint(fields=["commune", "key_id"], name="check_key_has_its_own_name"),
            models.CheckConstraint(condition=Q(is_leaked=False) | Q(until__isnull=False), name="leaked_key_has_ended"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="check_key_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return self.key_id


class Knock(models.Model):
    """How often the public doors were knocked at in one minute, from one address (hashed) or from all together."""

    minute = models.DateTimeField()
    origin = models.CharField(max_length=24)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["minute", "origin"], name="minute_counts_an_origin_once")]

    def __str__(self) -> str:
        return f"{self.minute:%H:%M} {self.count}"


class LookCode(CaseRow):
    """Lets a citizen see once, from the status page, who looked at the own data. The six digits are not kept: they are
    computed from this row and the server's secret (looks.py)."""

    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="+")
    nonce = models.CharField(max_length=32)
    at = models.DateTimeField()
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "citizen"], condition=Q(used_at=None), name="citizen_has_one_look_code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M}"


class DataRequest(CaseRow):
    """“What do you hold on me?”: asked at a counter, answered on paper within two working days (quality.md S-40)."""

    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "citizen"], condition=Q(answered_at=None), name="citizen_asks_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, sha256="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(sha256="")),
                name="answered_request_has_its_officer_and_paper",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%d/%m/%Y}"
