"""What left the printer, sheet by sheet, and the line of the register that each case stands in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from citizens.models import Citizen
from oneshop.models import Commune, Officer
from procedures.catalogue import Field
from procedures.models.cases import Case, CaseRow
from procedures.models.papers import Result, Slip


class RegisterLine(CaseRow):
    """One line of the Sổ theo dõi hồ sơ, written at receipt: number without gaps from 01 to the end of the year.

    `name`, `address` and `procedure` are those of the day of receipt. Never changes (trigger); what becomes of the case
    is read from the case. Source: one-stop.md B.8; Thông tư 01/2018/TT-VPCP Điều 10.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="register_line")
    field = models.CharField("sổ", max_length=10, choices=[(field.value, field.label) for field in Field])
    year = models.PositiveSmallIntegerField()
    volume = models.PositiveSmallIntegerField("quyển")
    number = models.PositiveIntegerField("số thứ tự")
    received_on = models.DateField()
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=500, blank=True)
    procedure = models.CharField(max_length=300)

    class Meta:
        ordering = ["field", "year", "number"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "field", "year", "number"], name="register_number_is_its_own"),
        ]
        indexes = [models.Index(fields=["commune", "field", "received_on"], name="register_by_day")]

    def __str__(self) -> str:
        return f"{self.get_field_display()} {self.year}, quyển {self.volume:02}, số {self.number:02}"


class Print(models.Model):
    """One paper sent to the printer once: the print log has as many rows as there are papers outside (I12).

    Of a slip, of a result, or of a form that the applicant signs (`declaration`, its place in the list of the
    procedure; before receipt it hangs on the citizen). `copy` counts from 1 per paper, `sheets` are its leaves,
    `sha256` the bytes that were served. Beyond the originals that are owed it says `why`. Never changes (trigger).
    """

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="prints")
    citizen = models.ForeignKey(Citizen, models.PROTECT, null=True, related_name="+")
    slip = models.ForeignKey(Slip, models.PROTECT, null=True, related_name="prints")
    result = models.ForeignKey(Result, models.PROTECT, null=True, related_name="prints")
    declaration = models.PositiveSmallIntegerField(null=True)
    name = models.CharField(max_length=150)
    copy = models.PositiveSmallIntegerField()
    sheets = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    why = models.CharField("lý do in lại", max_length=300, blank=True)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(slip__isnull=False, result=None, declaration=None, case__isnull=False)
                | Q(slip=None, result__isnull=False, declaration=None, case__isnull=False)
                | Q(slip=None, result=None, declaration__isnull=False),
                name="print_is_of_one_paper",
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=False, citizen=None) | Q(case=None, citizen__isnull=False),
                name="print_is_of_a_case_or_of_a_draft",
            ),
            models.CheckConstraint(condition=Q(copy__gte=1, sheets__gte=1), name="print_has_a_copy_and_a_sheet"),
            models.UniqueConstraint(fields=["slip", "copy"], name="copy_of_a_slip_is_its_own"),
            models.UniqueConstraint(fields=["result", "copy"], name="copy_of_a_result_is_its_own"),
            models.UniqueConstraint(fields=["case", "declaration", "copy"], name="copy_of_a_declaration_is_its_own"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, bản {self.copy}"

    @property
    def paper_key(self) -> str:
        """What was printed, without the copy: `slip/12`."""
        if self.slip_id:
            return f"slip/{self.slip_id}"
        return f"result/{self.result_id}" if self.result_id else f"declaration/{self.declaration}"


class Mishap(CaseRow):
    """What went wrong with one print: nothing came out, or the sheet is spoiled and torn up. Never changes."""

    class Kind(models.TextChoices):
        NEVER_CAME = "never_came", "Không ra giấy"
        SPOILED = "spoiled", "Tờ hỏng"

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    print = models.OneToOneField(Print, models.PROTECT, related_name="mishap")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    why = models.CharField("lý do", max_length=300)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.why}"
