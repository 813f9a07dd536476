"""The work: a case on its way, each step of it, the drafts before it, the books, what a commune ruled."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from citizens.models import Citizen
from oneshop.models import Commune, Counter, Officer
from procedures.catalogue import Procedure, catalogue
from procedures.states import OPEN, State, Verb

STATES = [(state.value, state.label) for state in State]
VERBS = [(verb.value, verb.label) for verb in Verb]
OPEN_STATES = [state.value for state in OPEN]


class Series(models.Model):
    """One book of one year (or one day, for case codes): its last number. The row is the lock (numbering.py).

    `first` is the first number given here: 1, or the one after the paper book's last. Closed, it never changes again
    (trigger).
    """

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="series")
    book = models.CharField(max_length=40)
    period = models.CharField(max_length=10)
    first = models.PositiveIntegerField(default=1)
    last = models.PositiveIntegerField(default=0)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "book", "period"], name="book_has_one_row_a_year"),
            models.CheckConstraint(
                condition=Q(first__gte=1, last__gte=F("first") - 1), name="book_begins_before_it_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.book} {self.period}: {self.last}"


class Draft(models.Model):
    """An application being written: kept on the server for its officer, gone when received or after a day (R-15).

    `other` is the second person where there is one, `looked_for` what was sought in the files.
    """

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    officer = models.ForeignKey(Officer, models.CASCADE, related_name="drafts")
    citizen = models.ForeignKey(Citizen, models.CASCADE, related_name="+")
    other = models.ForeignKey(Citizen, models.CASCADE, null=True, related_name="+")
    looked_for = models.CharField(max_length=100, blank=True)
    procedure_key = models.CharField(max_length=40)
    posted = models.JSONField(default=dict)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["officer", "citizen", "procedure_key"], name="one_draft_a_wish"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_key} {self.citizen_id}"

    @property
    def procedure(self) -> Procedure:
        return catalogue()[self.procedure_key]


class CaseQuerySet(models.QuerySet["Case"]):
    def here(self, commune_id: int | None) -> Self:
        return self.filter(commune_id=commune_id)

    def about(self, *citizens: Citizen) -> Self:
        """Cases in which one of these people is a party."""
        return self.filter(Q(citizen__in=citizens) | Q(other__in=citizens))

    def unpaused(self) -> Self:
        """Open, and its clock runs."""
        return self.open().exclude(state=State.WAITING_PAPERS)

    def concerning(self, subject: Citizen) -> Self:
        """Cases whose result is for `subject`; not those in which `subject` acts for somebody else."""
        return self.filter(Q(other=subject) | Q(other=None, citizen=subject))

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def overdue(self, *, at: datetime) -> Self:
        """Open and past the due time; while the citizen is asked for papers the clock stands still."""
        return self.open().filter(due_at__lt=at).exclude(state=State.WAITING_PAPERS)

    def due_soon(self, *, at: datetime, within: timedelta) -> Self:
        """Open, not yet past the due time, but past it when `within` has gone by."""
        return self.open().filter(due_at__gte=at, due_at__lt=at + within).exclude(state=State.WAITING_PAPERS)

    def waiting_for(self, *states: State) -> Self:
        """What lies on a desk, the most urgent first."""
        return self.filter(state__in=states).order_by("due_at", "pk")

    def of_day(self, at: datetime) -> Self:
        """Received on the local day of `at`, or still open: the most urgent first, what has ended below."""
        start = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
        today = Q(received_at__gte=start, received_at__lt=start + timedelta(days=1))
        listed = self.filter(today | Q(state__in=[*OPEN, State.SIGNED]) | Q(closed_at__gte=start))
        return listed.order_by(F("closed_at").desc(nulls_first=True), "due_at", "pk")

    def for_board(self) -> Self:
        """Brings what a row shows, and not the answers and snapshots beside it."""
        return self.select_related("citizen", "counter").defer(
            "answers", "person", "other_person", "dossier", "findings"
        )

    def for_monitor(self) -> Self:
        """What a row shows to who may see no persons: joined to a citizen, the walls would hide the case itself."""
        return self.select_related("counter", "commune").defer(
            "answers", "person", "other_person", "dossier", "findings"
        )

    def for_page(self) -> Self:
        return self.select_related(
            "citizen", "other", "counter", "commune", "received_by", "signed_by"
        ).prefetch_related("steps__by", "slips", "results__signed_by", "follow_ups")


class Case(models.Model):
    """One citizen's file (hồ sơ) on its way through the counter. Its only writer is `workflow`.

    `citizen` is whose card was read, `other` the second person of a procedure that has one. What was known and asked at
    receipt is frozen: `person`, `other_person`, `dossier`, `answers`, and the `rulings` on unconfirmed points.
    """

    class Outcome(models.TextChoices):
        GRANT = "grant", "Giải quyết"
        REFUSE = "refuse", "Từ chối giải quyết"

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="cases")
    counter = models.ForeignKey(Counter, models.PROTECT, null=True, related_name="cases")
    code = models.CharField("mã hồ sơ", max_length=64)
    external_code = models.CharField("mã hồ sơ ngoài", max_length=64, blank=True)
    procedure_key = models.CharField("thủ tục", max_length=40)
    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="cases")
    other = models.ForeignKey(Citizen, models.PROTECT, null=True, blank=True, related_name="cases_as_other")
    looked_for = models.CharField(max_length=100, blank=True)
    state = models.CharField("trạng thái", max_length=20, choices=STATES)
    outcome = models.CharField("kết quả đề xuất", max_length=10, choices=Outcome.choices, default=Outcome.GRANT)
    answers = models.JSONField(default=dict)
    officer_answers = models.JSONField(default=dict)
    person = models.JSONField(default=dict)
    other_person = models.JSONField(null=True)
    dossier = models.JSONField(default=dict)
    rulings = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    refusal = models.JSONField(default=list)
    token = models.CharField(max_length=26)
    scanned_at = models.DateTimeField("quét thẻ lần đầu lúc", null=True)
    received_at = models.DateTimeField("tiếp nhận lúc")
    received_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    due_at = models.DateTimeField("hẹn trả")
    first_due_at = models.DateTimeField("hẹn lần đầu")
    due_sentence = models.CharField(max_length=400)
    calendar_version = models.PositiveIntegerField("theo lịch làm việc số", default=0)
    handled_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    given_out_at = models.DateTimeField(null=True)
    given_out_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    given_out_to = models.CharField("người nhận", max_length=100, blank=True)
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["commune", "received_at"], name="case_by_day"),
            models.Index(fields=["citizen", "-received_at"], name="case_of_a_citizen"),
            models.Index(fields=["commune", "due_at"], condition=Q(state__in=OPEN_STATES), name="case_open_by_due"),
            models.Index(fields=["commune", "state"], name="case_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["commune", "code"], name="case_code_is_its_own"),
            models.UniqueConstraint(fields=["commune", "token"], name="case_token_is_its_own"),
            models.CheckConstraint(
                condition=Q(scanned_at=None) | Q(scanned_at__lte=F("received_at")),
                name="case_is_scanned_before_receipt",
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("received_at")), name="case_is_due_after_receipt"),
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_by=None) | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="case_signed_at_has_its_signer",
            ),
            models.CheckConstraint(
                condition=Q(given_out_at=None, given_out_by=None)
                | Q(given_out_at__isnull=False, given_out_by__isnull=False),
                name="case_given_out_at_has_its_officer",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "given_out"]) | Q(signed_at__isnull=False),
                name="case_with_a_result_is_signed",
            ),
            models.CheckConstraint(
                condition=~Q(state="given_out") | Q(given_out_at__isnull=False), name="case_given_out_knows_when"
            ),
            models.CheckConstraint(
                condition=~Q(signed_by=F("received_by")), name="case_is_not_signed_by_who_received_it"
            ),
            models.CheckConstraint(condition=~Q(other=F("citizen")), name="case_has_two_different_people"),
            models.CheckConstraint(
                condition=Q(other=None, other_person=None) | Q(other__isnull=False, other_person__isnull=False),
                name="case_other_is_frozen_with_it",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def procedure(self) -> Procedure:
        return catalogue()[self.procedure_key]

    @property
    def where(self) -> State:
        return State(self.state)

    def is_shown(self, *, at: datetime) -> bool:
        """Whether the link of its slip still leads to it."""
        return self.closed_at is None or self.closed_at >= at - settings.STATUS_LINK_LASTS

    @property
    def is_open(self) -> bool:
        return self.where in OPEN


class CaseRow(models.Model):
    """A row that belongs to a case and lives behind the same wall."""

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Step(CaseRow):
    """One move of a case: what, from where to where, by whom, when. Never changes (trigger)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=20, choices=VERBS)
    source = models.CharField(max_length=20, choices=STATES, blank=True)
    target = models.CharField(max_length=20, choices=STATES)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["case", "at"], name="step_of_a_case")]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.at:%d/%m/%Y %H:%M}"


class Pause(CaseRow):
    """A time in which the clock of the promise stands still, with its reason."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="pauses")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500)

    class Meta:
        ordering = ["since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="pause_ends_after_it_began"
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(until=None), name="case_has_one_open_pause"),
        ]

    def __str__(self) -> str:
        return self.reason


class FollowUp(CaseRow):
    """What somebody still has to do after the signature: notify another commune, delete a residence …"""

    case = models.ForeignKey(Case, models.PROTECT, related_name="follow_ups")
    text = models.CharField(max_length=300)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="follow_up_done_at_has_its_officer",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Ruling(models.Model):
    """What a commune decided of an unconfirmed point, from a day on: its own wording, amount or practice.

    Never changes: a later row prevails. `is_confirmed`: an officer has compared it with the official paper named in
    `source`.
    """

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="rulings")
    key = models.CharField("điểm", max_length=80)
    value = models.CharField("nội dung", max_length=500)
    valid_from = models.DateField("từ ngày")
    is_confirmed = models.BooleanField("đã đối chiếu với mẫu chính thức", default=False)
    source = models.CharField("căn cứ", max_length=300)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["key", "valid_from", "pk"]
        indexes = [models.Index(fields=["commune", "key"], name="ruling_by_point")]

    def __str__(self) -> str:
        return f"{self.key}: {self.value}"
