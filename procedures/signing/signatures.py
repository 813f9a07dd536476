"""Digital signatures in papers: PAdES by the leader, then by the seal of the office, in the wake of the signature.

The act of signing is `workflow.sign`: number, paper, records and diary are committed first. What follows here adds
signatures to the bytes and changes nothing of that. A key that is away, a machine that dies in between, leave a result
that is signed and numbered and waits for its digital signature; nothing is lost, and nothing is signed twice.

The visible block is drawn by the page's own CSS and the field itself is invisible: so the file stays PDF/A-2a and
PDF/UA-1 with both signatures (feasibility-pdf-pg.md 5). Source: one-stop.md G.4, G.5; NĐ 30/2020.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError

from oneshop import audit, errands
from oneshop.models import Errand, Officer
from procedures.models import Case, Correction, InkInstead, Result, Signature
from procedures.signing import signing_keys
from procedures.signing.signing_keys import Opened, ServiceAway


class Standing(StrEnum):
    """How far the digital signature of a result is."""

    INK = "ink"  # signed by hand
    WAITS_FOR_LEADER = "waits_for_leader"
    WAITS_FOR_SEAL = "waits_for_seal"
    DONE = "done"


WORDS = {
    Standing.INK: "Ký tay, đóng dấu",
    Standing.WAITS_FOR_LEADER: "Chờ lãnh đạo ký số",
    Standing.WAITS_FOR_SEAL: "Chờ chữ ký số của cơ quan",
    Standing.DONE: "Đã ký số",
}


def said(standing: Standing) -> str:
    """Its words within a sentence: `chờ lãnh đạo ký số`."""
    return WORDS[standing][0].lower() + WORDS[standing][1:]


class NotNow(Exception):
    """What was asked for does not fit where the result stands; the sentence is for the officer."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def standing_of(result: Result) -> Standing:
    """What has been signed of `result`. The paper itself says whether it was made for digital signatures."""
    if not result.facts.get("digital") or InkInstead.objects.filter(result=result).exists():
        return Standing.INK
    kinds = set(Signature.objects.filter(result=result).values_list("kind", flat=True))
    if Signature.Kind.LEADER not in kinds:
        return Standing.WAITS_FOR_LEADER
    return Standing.DONE if Signature.Kind.SEAL in kinds else Standing.WAITS_FOR_SEAL


INK_OWED = "Xem lại từng bản chính đã ký tay và đóng dấu chưa, rồi tích xác nhận."


def owes_ink(case: Case, made_by: Correction | None = None) -> bool:
    """Whether an original of this case, or of those that a correction of it made, is signed and stamped by hand."""
    standing = case.results.filter(standing=Result.Standing.VALID)
    if made_by is not None:
        standing = standing.filter(correction=made_by)
    return any(standing_of(result) == Standing.INK for result in standing.defer("pdf"))


def why_not_given_out(case: Case) -> str:
    """The sentence that keeps a digital result from leaving before it is whole, or nothing."""
    for result in case.results.filter(standing=Result.Standing.VALID):
        standing = standing_of(result)
        if standing in (Standing.WAITS_FOR_LEADER, Standing.WAITS_FOR_SEAL):
            return f"{result.name}: {said(standing)}, chưa trả được."
    return ""


def waiting_for(officer: Officer) -> list[Result]:
    """Results that `officer` signed and whose digital signature is still owed, the oldest first."""
    found = Result.objects.filter(
        signed_by=officer, commune=officer.commune, standing=Result.Standing.VALID, facts__has_key="digital", ink=None
    ).exclude(signatures__kind=Signature.Kind.LEADER)
    return list(found.exclude(facts__digital=None).select_related("case").defer("pdf").order_by("pk"))


def sign_as_leader(results: Iterable[Result], opened: Opened, *, by: Officer, at: datetime) -> list[Signature]:
    """Put the leader's signature into each of these papers, each in a transaction of its own; what is signed stays so.

    Only who signed the result may, and only with the own key: else NotNow. Raises ServiceAway if the key's service is;
    the papers before it are signed. The seal of the office follows by itself.
    """
    if opened.row.officer_id != by.pk:
        raise NotNow("Chữ ký số này của người khác.")
    made = []
    for result in results:
        if result.signed_by_id != by.pk:
            raise NotNow("Chỉ người đã ký mới ký số được giấy này.")
        with transaction.atomic():
            held = Result.objects.select_for_update(no_key=True).get(pk=result.pk)
            if held.standing != Result.Standing.VALID or standing_of(held) != Standing.WAITS_FOR_LEADER:
                continue
            made.append(_add(result, Signature.Kind.LEADER, opened, by=by, at=at))
            errands.owe("seal", result.pk, commune_id=result.commune_id, at=at)
    return made


@errands.runs("seal")
def seal(errand: Errand, *, at: datetime) -> None:
    """Put the seal of the office beside the leader's signature; run twice it finds nothing to do."""
    result = Result.objects.select_for_update(no_key=True).get(pk=errand.key, commune=errand.commune_id)
    if result.standing != Result.Standing.VALID or standing_of(result) != Standing.WAITS_FOR_SEAL:
        return  # done before, or the paper has fallen meanwhile: nothing is added to it
    opened = signing_keys.open_seal(errand.commune_id, at=at)
    if opened is None:
        raise signing_keys.KeyRefused("Xã chưa nạp con dấu số.")
    _add(result, Signature.Kind.SEAL, opened, by=None, at=at)


def sign_by_hand_instead(result: Result, *, reason: str, by: Officer, at: datetime) -> InkInstead:
    """The keys fail and the citizen waits: print, sign and stamp by hand. Only who signed decides. Raises NotNow."""
    if result.signed_by_id != by.pk:
        raise NotNow("Người đã ký quyết định việc ký tay.")
    with transaction.atomic():
        Result.objects.select_for_update(no_key=True).get(pk=result.pk)
        if standing_of(result) not in (Standing.WAITS_FOR_LEADER, Standing.WAITS_FOR_SEAL):
            raise NotNow("Giấy này không chờ chữ ký số.")
        row: InkInstead = InkInstead.objects.create(
            commune_id=result.commune_id, result=result, reason=reason, by=by, at=at
        )
        audit.record("ink_instead", "result", f"{result.case.code}/{result.full_number}", by=by, at=at, why=reason)
        return row


def _add(result: Result, kind: Signature.Kind, opened: Opened, *, by: Officer | None, at: datetime) -> Signature:
    before = Signature.objects.filter(result=result).last()
    signed = signed_pdf(
        bytes(before.pdf if before else result.pdf),
        opened,
        field=kind.value,
        name=opened.row.subject,
        reason=kind.label,
        location=str(result.facts.get("place", "")),
        at=at,
    )
    row: Signature = Signature.objects.create(
        commune_id=result.commune_id,
        result=result,
        kind=kind,
        key=opened.row,
        subject=opened.row.subject,
        serial=opened.row.serial,
        is_stamped=bool(settings.TSA_ADDRESS),
        pdf=signed,
        sha256=hashlib.sha256(signed).hexdigest(),
        at=at,
    )
    audit.record(
        "sign_file",
        "result",
        f"{result.case.code}/{result.full_number}/{kind}",
        by=by,
        at=at,
        why=opened.row.serial,
        commune_id=result.commune_id,
    )
    return row


def signed_pdf(pdf: bytes, opened: Opened, *, field: str, name: str, reason: str, location: str, at: datetime) -> bytes:
    """`pdf` with one more signature: PAdES B-B, or B-T where a time stamp service is set; earlier ones stay valid.

    Raises ServiceAway if that service, or the one that keeps the key, does not answer.
    """
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    first = field == Signature.Kind.LEADER
    metadata = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name=name,
        reason=reason,
        location=location,
        certify=first,  # from then on only signatures may be added
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    stamper = HTTPTimeStamper(settings.TSA_ADDRESS, timeout=10) if settings.TSA_ADDRESS else None
    try:
        done = PdfSigner(metadata, opened.signer, timestamper=stamper).sign_pdf(writer)
    except TimestampRequestError as error:
        raise ServiceAway("dịch vụ cấp dấu thời gian không trả lời") from error
    signed: bytes = done.getvalue()
    return signed
