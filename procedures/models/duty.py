"""What a leader has been shown, what is signed in one go, and which promises a change of the calendar moved."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from oneshop.models import Officer
from procedures.models.cases import Case, CaseRow


class Showing(CaseRow):
    """One picture of a paper that an officer was shown before signing: of which digest, which of the papers (S-07)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["officer", "case", "digest", "number"], name="paper_is_shown_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number}"


class SigningRound(CaseRow):
    """Several papers signed after one confirmation; each is signed in a transaction of its own."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.officer} {self.confirmed_at:%d/%m/%Y %H:%M}"


class SigningTurn(CaseRow):
    """One case of a round: what was shown and ticked, and what became of it. `sentence` tells it to the leader."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", "Chờ ký"
        SIGNED = "signed", "Đã ký"
        FAILED = "failed", "Chưa ký"

    round = models.ForeignKey(SigningRound, models.PROTECT, related_name="turns")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    seen = models.CharField(max_length=64)
    confirmed = models.JSONField(default=list)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    sentence = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "case"], name="case_is_once_in_a_round"),
            models.CheckConstraint(
                condition=Q(outcome="waiting", done_at=None) | (~Q(outcome="waiting") & Q(done_at__isnull=False)),
                name="turn_that_ended_knows_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.outcome}"


class DueMove(CaseRow):
    """A promise that a change of the calendar moved, and whether the citizen, whose slip says otherwise, was told."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="due_moves")
    version = models.PositiveIntegerField()
    old_due_at = models.DateTimeField()
    new_due_at = models.DateTimeField()
    slip_differs = models.BooleanField()
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["new_due_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="promise_moves_once_a_version"),
            models.CheckConstraint(
                condition=Q(told_at=None, told_by=None) | Q(told_at__isnull=False, told_by__isnull=False),
                name="due_move_told_at_has_its_officer",
            ),
        ]
        indexes = [
            models.Index(
                fields=["commune"], condition=Q(slip_differs=True, told_at=None), name="due_move_not_yet_told"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.old_due_at:%d/%m %H:%M} → {self.new_due_at:%d/%m %H:%M}"
