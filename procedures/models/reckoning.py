"""What an ended case counts for on the boards: one narrow row, written by the verb that ends it.

Lateness of what is still open is computed and never stored. What has ended no longer changes, and its working minutes
need the calendar of their days, so they are reckoned once; a board of 21 counters then reads numbers, not files.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from oneshop.models import Counter, Officer
from procedures.models.cases import Case, CaseRow


class Reckoning(CaseRow):
    """Minutes are working minutes of the commune's calendar, None where a day lies in a year without a plan.

    `on_time_index`: by the clock of Quyết định 766, which leaves out the citizen's time and calls late what was asked
    for papers twice. `on_time_legal`: by the clock that begins again with the whole file (Nghị định 61/2018 Điều 17 đến
    20). Both None for what was never received. `late_minutes` is by the first of them. `scan_seconds`: from the first
    scan of the card to receipt, None where nothing was scanned. `form_lines`: lines of the usual form, of which `typed`
    were asked; `papers_spared`: papers usually handed in that the records replaced. `made_digital`: every
    paper was made to be signed digitally, None where nothing was signed. Never changes (trigger).
    """

    class Ending(models.TextChoices):
        SIGN = "sign", "Đã ký kết quả"
        WITHDRAW = "withdraw", "Công dân rút"
        STOP = "stop", "Dừng giải quyết"
        REJECT = "reject", "Từ chối tiếp nhận"

    case = models.OneToOneField(Case, models.PROTECT, related_name="reckoning")
    counter = models.ForeignKey(Counter, models.PROTECT, null=True, related_name="+", db_index=False)
    procedure_key = models.CharField(max_length=40)
    ending = models.CharField(max_length=10, choices=Ending.choices)
    is_refused = models.BooleanField(default=False)
    is_redirected = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    handled_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", db_index=False)
    used_minutes = models.PositiveIntegerField(null=True)
    paused_minutes = models.PositiveIntegerField(null=True)
    late_minutes = models.PositiveIntegerField(null=True)
    on_time_index = models.BooleanField(null=True)
    on_time_legal = models.BooleanField(null=True)
    requests = models.PositiveSmallIntegerField(default=0)
    send_backs = models.PositiveSmallIntegerField(default=0)
    is_apologised = models.BooleanField(default=False)
    scan_seconds = models.PositiveIntegerField(null=True)
    form_lines = models.PositiveSmallIntegerField(default=0)
    typed = models.PositiveSmallIntegerField(default=0)
    papers_spared = models.PositiveSmallIntegerField(default=0)
    made_digital = models.BooleanField(null=True)

    class Meta:
        indexes = [models.Index(fields=["commune", "ended_at"], name="reckoning_by_day")]
        constraints = [
            models.CheckConstraint(condition=Q(ended_at__gte=F("received_at")), name="reckoning_ends_after_receipt"),
            models.CheckConstraint(
                condition=Q(typed__lte=F("form_lines")), name="reckoning_types_no_more_than_the_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.ending}"
