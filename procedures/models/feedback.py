"""What citizens and officers say of the service. A rating knows neither case nor person, officer, day nor hour."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from oneshop.models import Commune, Officer
from procedures.models.cases import Case, CaseRow


class Rating(models.Model):
    """What one citizen said after the result was given out: of a procedure and a week, of nobody's case.

    The law asks for secrecy of who answers (one-stop.md H.3), so the row carries no moment, and its key is random: the
    order of the rows says nothing. `week` is the Monday of the answer. Marks run from 1 (rất không hài lòng) to 5.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="ratings")
    procedure_key = models.CharField("thủ tục", max_length=40)
    week = models.DateField("tuần")
    overall = models.PositiveSmallIntegerField()
    on_time = models.PositiveSmallIntegerField(null=True)
    attitude = models.PositiveSmallIntegerField(null=True)
    as_published = models.PositiveSmallIntegerField(null=True)
    trips = models.PositiveSmallIntegerField(null=True)
    comment = models.CharField("ý kiến", max_length=500, blank=True)
    answer = models.CharField("trả lời", max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-week", "pk"]
        indexes = [models.Index(fields=["commune", "week"], name="rating_by_week")]
        constraints = [
            *(
                models.CheckConstraint(
                    condition=Q(**{name: None}) | Q(**{f"{name}__gte": 1, f"{name}__lte": most}),
                    name=f"rating_{name}_is_on_its_scale",
                )
                for name, most in (("on_time", 5), ("attitude", 5), ("as_published", 5), ("trips", 3))
            ),
            models.CheckConstraint(condition=Q(overall__gte=1, overall__lte=5), name="rating_overall_is_on_its_scale"),
            models.CheckConstraint(condition=Q(week__iso_week_day=1), name="rating_is_of_a_week"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="rating_answered_at_has_its_officer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_key} {self.week:%d/%m/%Y}"


class Heard(CaseRow):
    """That the citizen of a case has answered, so that nobody answers twice; not what, and not when."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="heard")

    def __str__(self) -> str:
        return f"{self.case_id}"


class Proposal(CaseRow):
    """What an officer proposes or complains of, about a procedure or the plan, with the monitoring office's answer."""

    class Kind(models.TextChoices):
        PROPOSAL = "proposal", "Đề xuất"
        OBSTACLE = "obstacle", "Vướng mắc"
        COMPLAINT = "complaint", "Phản ánh"

    kind = models.CharField("loại", max_length=10, choices=Kind.choices)
    procedure_key = models.CharField("thủ tục", max_length=40, blank=True)
    text = models.CharField("nội dung", max_length=1000)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc")
    answer = models.CharField("trả lời", max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["commune", "-at"], name="proposal_of_a_commune")]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="proposal_answered_at_has_its_officer",
            ),
        ]

    def __str__(self) -> str:
        return self.text
