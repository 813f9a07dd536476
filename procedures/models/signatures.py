"""Digital signatures: the keys that sign, and what they have signed. A result's own bytes never change for them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from oneshop.models import Commune, Officer
from procedures.models.cases import CaseRow
from procedures.models.papers import Result


class SigningKey(models.Model):
    """Where a private key lies and which certificate goes with it. Without an officer it is the seal of the office.

    A file (PKCS#12) is kept as it was given, protected by its owner's PIN, which is kept nowhere; of a key elsewhere
    `file` is its certificate and `reference` its name there. The seal must sign by itself: its pass phrase lies beside
    it, encrypted under a key derived from the server's secret. `picture` is what a paper shows of it: a PNG.
    """

    class Kind(models.TextChoices):
        FILE = "file", "Tệp chứng thư (PKCS#12)"
        REMOTE = "remote", "Dịch vụ ký từ xa (CSC)"
        TOKEN = "token", "Token, thiết bị ký (PKCS#11)"

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="signing_keys")
    officer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="signing_keys")
    kind = models.CharField("nơi giữ khóa", max_length=10, choices=Kind.choices)
    file = models.BinaryField(default=bytes)
    reference = models.CharField("tên khóa ở dịch vụ ký", max_length=200, blank=True)
    secret = models.BinaryField(default=bytes)
    picture = models.BinaryField("hình chữ ký, hình con dấu", default=bytes)
    subject = models.CharField("chủ chứng thư", max_length=300)
    serial = models.CharField("số sê-ri", max_length=60)
    valid_from = models.DateTimeField("có hiệu lực từ")
    valid_until = models.DateTimeField("đến")
    is_test = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["officer"],
                condition=Q(ended_at=None, officer__isnull=False),
                name="officer_has_one_signing_key",
            ),
            models.UniqueConstraint(
                fields=["commune"], condition=Q(ended_at=None, officer=None), name="commune_has_one_seal"
            ),
            models.CheckConstraint(condition=Q(officer=None) | Q(secret=b""), name="pin_of_an_officer_is_kept_nowhere"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.serial})"


class Signature(CaseRow):
    """One signature in the file of a result: the bytes with it, whose it is, when. Never changes (trigger).

    The leader signs first, the seal of the office follows in the same file; the newest row is what is given out.
    """

    class Kind(models.TextChoices):
        LEADER = "leader", "Chữ ký số của người ký"
        SEAL = "seal", "Chữ ký số của cơ quan"

    result = models.ForeignKey(Result, models.PROTECT, related_name="signatures")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.ForeignKey(SigningKey, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=300)
    serial = models.CharField(max_length=60)
    is_stamped = models.BooleanField("có dấu thời gian", default=False)
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["result", "kind"], name="result_is_signed_once_by_each"),
        ]
        indexes = [models.Index(fields=["commune", "sha256"], name="signature_by_hash")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.result_id}"


class InkInstead(CaseRow):
    """A result that was to be signed digitally and is signed by hand after all: who decided, and why."""

    result = models.OneToOneField(Result, models.PROTECT, related_name="ink")
    reason = models.CharField("lý do", max_length=300)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.reason
