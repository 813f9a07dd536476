"""Putting a wrong paper right after its signature: what was proposed, what the leader decided, who has the new paper.

Source: one-stop.md A.5, G.4; civil-status.md 0.9; procedures/remedies.py says what may be done with which paper.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from oneshop.models import Officer
from procedures.models.cases import Case, CaseRow
from procedures.models.papers import Result
from procedures.rules.remedies import Ground
from procedures.states import CorrectionState

STATES = [(state.value, state.label) for state in CorrectionState]
GROUNDS = [(ground.value, ground.label) for ground in Ground]


def _standing_papers() -> models.QuerySet[Result]:
    """Papers of the outer correction that are valid."""
    return Result.objects.filter(correction=models.OuterRef("pk"), standing=Result.Standing.VALID)


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def here(self, commune_id: int | None) -> Self:
        return self.filter(commune_id=commune_id)

    def knowing_what_stands(self) -> Self:
        """With `stands`: whether a paper of it is still valid."""
        return self.annotate(stands=models.Exists(_standing_papers()))

    def for_board(self) -> Self:
        """What a row of a queue shows, the oldest first; without what was answered and kept."""
        return (
            self.knowing_what_stands()
            .select_related("case__citizen", "result", "by", "decided_by")
            .defer(
                "answers", "officer_answers", "before", "result__pdf", "result__facts",
                "case__answers", "case__person", "case__other_person", "case__dossier", "case__findings",
            )
            .order_by("at", "pk")
        )  # fmt: skip

    def waiting_for_signature(self) -> Self:
        return self.filter(state=CorrectionState.PROPOSED)

    def waiting_to_be_handed(self) -> Self:
        """Signed beside a case that was given out, and a paper of it still stands; else they go with the result of
        the case, or another has come in their place and nothing is to be handed."""
        return self.filter(models.Exists(_standing_papers()), state=CorrectionState.SIGNED, case__state="given_out")

    def in_work(self) -> Self:
        """What a specialist follows: waiting for the leader, or sent back and not proposed anew."""
        later = Correction.objects.filter(case=models.OuterRef("case"), pk__gt=models.OuterRef("pk"))
        unanswered = Q(state=CorrectionState.RETURNED) & ~models.Exists(later)
        return self.filter(Q(state=CorrectionState.PROPOSED) | unanswered)

    def replaced(self) -> Self:
        """Those by which a paper was replaced, in their order."""
        done = [CorrectionState.SIGNED, CorrectionState.HANDED]
        return self.filter(kind=Correction.Kind.REPLACE, state__in=done).order_by("decided_at", "pk")


class Correction(CaseRow):
    """One wrong paper and what is done about it. What was proposed never changes (trigger); the leader signs it, or
    sends it back with the reason, and the specialist proposes anew.

    `answers`, `officer_answers`, `refusal` are what the right paper is to be made of; `before` what the case held until
    then. `wrong` and `right` are the words of a letter, `ground` and `decision` the decision that recalls.
    """

    class Kind(models.TextChoices):
        REPLACE = "replace", "Thay giấy sai nội dung"
        RECALL = "recall", "Thu hồi, hủy giấy"
        LETTER = "letter", "Đính chính bằng công văn"

    class Fault(models.TextChoices):
        OFFICE = "office", "Do cơ quan"
        APPLICANT = "applicant", "Do người dân khai"

    class AskedBy(models.TextChoices):
        CITIZEN = "citizen", "Công dân"
        OFFICE = "office", "Cơ quan tự phát hiện"
        OTHER = "other", "Cơ quan, tổ chức khác"

    class OldPaper(models.TextChoices):
        RETURNED = "returned", "Đã thu lại"
        KEPT = "kept", "Chưa thu lại được"
        LOST = "lost", "Người dân báo mất"
        NEVER_LEFT = "never_left", "Chưa rời cơ quan"

    result = models.ForeignKey(Result, models.PROTECT, related_name="corrections")
    case = models.ForeignKey(Case, models.PROTECT, related_name="corrections")
    kind = models.CharField("cách xử lý", max_length=10, choices=Kind.choices)
    fault = models.CharField("sai do", max_length=10, choices=Fault.choices, blank=True)
    asked_by = models.CharField("ai đề nghị", max_length=10, choices=AskedBy.choices)
    reason = models.CharField("lý do", max_length=500)
    answers = models.JSONField(default=dict)
    officer_answers = models.JSONField(default=dict)
    refusal = models.JSONField(default=list)
    wrong = models.CharField("đã ghi", max_length=500, blank=True)
    right = models.CharField("sửa là", max_length=500, blank=True)
    ground = models.CharField("căn cứ thu hồi", max_length=10, choices=GROUNDS, blank=True)
    decision = models.CharField("văn bản quyết định (số, ngày, cơ quan)", max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=STATES, default=CorrectionState.PROPOSED.value)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField("lời của lãnh đạo", max_length=500, blank=True)
    before = models.JSONField(null=True)
    handed_at = models.DateTimeField(null=True)
    handed_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    handed_to = models.CharField("người nhận", max_length=100, blank=True)
    old_paper = models.CharField("giấy cũ", max_length=10, choices=OldPaper.choices, blank=True)
    returned_copies = models.PositiveSmallIntegerField("số bản chính cũ thu lại", null=True)

    objects: ClassVar[Any] = CorrectionQuerySet.as_manager()

    stands: bool  # only of `knowing_what_stands`

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["commune", "state"], name="correction_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="proposed"), name="case_has_one_correction_waiting"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="correction_says_why"),
            models.CheckConstraint(
                condition=(Q(kind="replace") & ~Q(fault="") & Q(wrong="", right="", ground="", decision=""))
                | (Q(kind="recall", fault="", wrong="", right="") & ~Q(ground="") & ~Q(decision=""))
                | (Q(kind="letter", fault="", ground="", decision="") & ~Q(wrong="") & ~Q(right="")),
                name="correction_says_what_its_kind_asks",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed"], decided_at=None, decided_by=None)
                | (~Q(state__in=["proposed"]) & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="correction_decided_at_has_its_officer",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "handed", "returned"]) | ~Q(decided_by=models.F("by")),
                name="correction_is_not_signed_by_who_proposed_it",
            ),
            models.CheckConstraint(
                condition=Q(state="handed", handed_at__isnull=False, handed_by__isnull=False) & ~Q(handed_to="")
                | ~Q(state="handed") & Q(handed_at=None, handed_by=None, handed_to="", old_paper=""),
                name="correction_handed_at_has_its_officer",
            ),
            models.CheckConstraint(
                condition=~Q(kind="replace", state__in=["signed", "handed"]) | Q(before__isnull=False),
                name="correction_that_replaced_keeps_what_was_before",
            ),
            models.CheckConstraint(
                condition=Q(returned_copies=None) | Q(old_paper="returned", returned_copies__gte=1),
                name="correction_counts_what_came_back",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.result_id}"

    @property
    def where(self) -> CorrectionState:
        return CorrectionState(self.state)

    @property
    def is_done(self) -> bool:
        return self.where in (CorrectionState.SIGNED, CorrectionState.HANDED)
