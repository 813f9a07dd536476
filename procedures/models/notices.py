"""What was told to whom: one line a message, kept so that nobody is told twice and everyone can see what was said."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from citizens.models import Citizen
from oneshop.messengers import Channel
from oneshop.models import Officer
from procedures.models.cases import Case, CaseRow
from procedures.models.oversight import Urge


class Notice(CaseRow):
    """A sentence that was told: to the citizen of a case, or to an officer. `step_id` is the move that gave occasion.

    Holds no telephone and no address: where it went is the record's business at that moment, and may change.
    """

    class Occasion(models.TextChoices):
        READY = "ready", "Đã có kết quả"
        SUPPLEMENT = "supplement", "Cần bổ sung"
        LATE = "late", "Xin lỗi, hẹn lại"
        TO_SIGN = "to_sign", "Chờ ký"
        SENT_BACK = "sent_back", "Lãnh đạo trả lại"
        CORRECTED = "corrected", "Giấy đã sửa, thay"
        URGED = "urged", "Cơ quan theo dõi đôn đốc"

    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="notices")
    urge = models.ForeignKey(Urge, models.PROTECT, null=True, related_name="notices")
    occasion = models.CharField("việc", max_length=20, choices=Occasion.choices)
    key = models.CharField(max_length=80)
    citizen = models.ForeignKey(Citizen, models.PROTECT, null=True, related_name="+")
    officer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="notices")
    channel = models.CharField("cách báo", max_length=10, choices=Channel.choices)
    text = models.CharField("nội dung", max_length=300)
    at = models.DateTimeField("báo lúc")
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "key"], name="notice_is_told_once"),
            models.CheckConstraint(
                condition=Q(citizen=None, officer__isnull=False) | Q(citizen__isnull=False, officer=None),
                name="notice_is_for_a_citizen_or_an_officer",
            ),
            models.CheckConstraint(
                condition=Q(case=None, urge__isnull=False) | Q(case__isnull=False, urge=None),
                name="notice_is_about_a_case_or_an_urge",
            ),
            models.CheckConstraint(
                condition=Q(officer__isnull=False) | Q(read_at=None), name="only_officers_say_that_they_have_read"
            ),
        ]
        indexes = [
            models.Index(fields=["officer", "-at"], condition=Q(read_at=None), name="notice_not_yet_read"),
        ]

    def __str__(self) -> str:
        return f"{self.get_occasion_display()} {self.case_id or self.urge_id}"
