"""The papers that leave the counter: slips and signed results, each with the bytes that were printed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from oneshop.models import Officer
from procedures.models.cases import Case, CaseRow


class Sheet(CaseRow):
    """A paper that left the counter: its facts, its bytes and their hash, frozen when it was made (I4)."""

    facts = models.JSONField()
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        abstract = True


class Slip(Sheet):
    """A statutory slip (one-stop.md B), issued by the verb that owes it."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"
        SUPPLEMENT = "supplement", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"
        REJECTION = "rejection", "Phiếu từ chối tiếp nhận giải quyết hồ sơ"
        FEE = "fee", "Phiếu thu phí, lệ phí"
        APOLOGY = "apology", "Phiếu xin lỗi và đề nghị gia hạn thời gian giải quyết"
        STOP = "stop", "Thông báo dừng giải quyết hồ sơ"
        CONTROL = "control", "Phiếu kiểm soát quá trình giải quyết hồ sơ"

    case = models.ForeignKey(Case, models.PROTECT, related_name="slips")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    number = models.PositiveIntegerField()
    year = models.PositiveSmallIntegerField()
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "kind", "year", "number"], name="slip_number_is_its_own"),
            # papers may be asked for again, though the law wants it once: the second try is warned, and numbered
            models.UniqueConstraint(
                fields=["case", "kind"],
                # … and a fee is taken again for a paper replaced because the citizen had said it wrongly
                condition=~Q(kind__in=["supplement", "fee"]),
                name="case_has_one_slip_of_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}/{self.year}"


class Result(Sheet):
    """The signed result of a case, or its written refusal: number, day and signer live and die with it.

    `correction` made it where it replaces or speaks of an earlier paper. What has fallen never stands again (trigger).
    """

    class Standing(models.TextChoices):
        VALID = "valid", "Có giá trị"
        REPLACED = "replaced", "Đã được thay thế"
        CANCELLED = "cancelled", "Đã bị hủy"

    REFUSAL = "refusal"
    CORRECTION_LETTER = "correction_letter"
    RECALL_NOTICE = "recall_notice"
    ABOUT_PAPERS = (CORRECTION_LETTER, RECALL_NOTICE)
    """Kinds that speak of another paper of the case: they answer no wish, and a case may have several."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="results")
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=150)
    originals = models.PositiveSmallIntegerField(default=1)
    blank = models.CharField(max_length=40, blank=True)
    shares_number = models.BooleanField(default=False)
    book = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    symbol = models.CharField(max_length=40)
    issued_on = models.DateField()
    signed_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    signer_title = models.CharField(max_length=150)
    token = models.CharField(max_length=26)
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.VALID)
    standing_on = models.DateField(null=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaces")
    correction = models.ForeignKey("procedures.Correction", models.PROTECT, null=True, related_name="papers")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "book", "year", "number"],
                condition=Q(shares_number=False),
                name="result_number_is_its_own",
            ),
            models.UniqueConstraint(fields=["commune", "token"], name="result_token_is_its_own"),
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(standing="valid") & ~Q(kind__in=["correction_letter", "recall_notice"]),
                name="case_has_one_valid_result_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(standing="valid", standing_on=None) | (~Q(standing="valid") & Q(standing_on__isnull=False)),
                name="result_that_fell_knows_when",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | Q(standing="replaced"), name="result_with_a_successor_is_replaced"
            ),
        ]
        indexes = [models.Index(fields=["sha256"], name="result_by_its_bytes")]

    def __str__(self) -> str:
        return self.full_number

    @property
    def full_number(self) -> str:
        return f"{self.number:02}/{self.symbol}"
