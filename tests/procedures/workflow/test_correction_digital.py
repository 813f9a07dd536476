"""What puts a digital paper right is digital too: leader's signature, then seal, by the same errands as any result."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citizens.models import Citizen
from oneshop import errands
from oneshop.models import Commune, Officer
from procedures import ministry, papers, workflow
from procedures.models import Case, Correction, Result
from procedures.rules.remedies import Ground
from procedures.signing import signatures
from procedures.signing.signatures import Standing
from procedures.signing.trial_keys import Authority
from tests import factories
from tests.procedures.checking.test_checking import ask, pdf
from tests.procedures.signing import test_signatures as keys
from tests.procedures.test_invariants import broken
from tests.procedures.workflow.test_corrections import fresh, proposed

trusted, digital = keys.trusted, keys.digital


@pytest.fixture
def at() -> datetime:
    """Now: the pages take their time from the clock."""
    return timezone.now()


@pytest.fixture
def given(digital: Commune, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime) -> Result:
    """A certificate with both signatures, in the citizen's hand."""
    factories.shift(lan, lan.roles[0], starts_at=at - timedelta(hours=1), ends_at=at + timedelta(hours=1))
    result = factories.signed(factories.case(khach, by=mai, at=at), handled_by=hung, by=lan, at=at)
    keys.sealed(result, lan, at)
    factories.given_out(Case.objects.get(pk=result.case_id), by=mai, at=at)
    return fresh(result)


def proposal(kind: str, given: Result, hung: Officer, at: datetime) -> Correction:
    match kind:
        case "replace":
            return proposed(given, by=hung, at=at)
        case "recall":
            return workflow.propose_recall(
                given,
                ground=Ground.PROVINCE,
                decision="QĐ 15",
                asked_by="other",
                reason="trái quy định",
                by=hung,
                at=at,
            )
        case _:
            return workflow.propose_letter(
                given, wrong="UỶ BAN", right="ỦY BAN", asked_by="office", reason="chính tả", by=hung, at=at
            )


def sign_by_page(client: Client, correction: Correction, secret: str) -> int:
    address = reverse("sign_correction", args=[correction.pk])
    seen = client.get(address).context["form"]["seen"].value()
    return client.post(address, {"seen": seen, "password": secret, "form_key": f"{secret:x<20}"}).status_code


@pytest.mark.parametrize(
    ("kind", "old_file"),
    [
        ("replace", "Giấy này đã được thay bằng: <strong>02/UBND-XNTTHN</strong>"),
        ("recall", f"Hủy theo: {Ground.PROVINCE.label}"),
        ("letter", "công văn đính chính số <strong>01/UBND</strong>"),
    ],
)
def test_the_pin_signs_it_the_seal_follows_and_the_old_file_is_told_how_it_stands(
    kind: str,
    old_file: str,
    given: Result,
    trusted: Authority,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    client: Client,
    at: datetime,
    django_capture_on_commit_callbacks: Any,
) -> None:
    client.force_login(lan)
    correction = proposal(kind, given, hung, at)

    with django_capture_on_commit_callbacks(execute=True):
        status = sign_by_page(client, correction, keys.PIN)
    new = Result.objects.get(correction=correction)
    between = signatures.standing_of(new)
    errands.run_due(at=timezone.now())

    assert (status, between, signatures.standing_of(new)) == (302, Standing.WAITS_FOR_SEAL, Standing.DONE)
    judged = keys.judged(papers.bytes_of(new), trusted, timezone.now() + timedelta(minutes=1))
    assert judged == [(True, True, "Phùng Thị Lan"), (True, True, "UBND xã Quốc Oai")]
    assert old_file in ask(Client(), file=pdf(papers.bytes_of(given))).content.decode()
    if kind == "replace":
        ministry.record(correction.case, number="2/2026", code="HT.99", by=mai, at=timezone.now(), why="thay giấy")
    workflow.hand_correction(
        correction, by=mai, at=timezone.now(), to="Thử", old_paper="" if kind == "letter" else "returned"
    )  # no pen and no stamp to be seen
    assert broken(given.commune_id) == {}


def test_with_the_password_alone_it_is_signed_waits_for_the_pin_and_is_not_handed_before(
    given: Result, mai: Officer, hung: Officer, lan: Officer, client: Client, at: datetime
) -> None:
    client.force_login(lan)
    correction = proposed(given, by=hung, at=at)

    sign_by_page(client, correction, factories.PASSWORD)
    queue = client.get(reverse("signing")).content.decode()
    ministry.record(correction.case, number="2/2026", code="HT.99", by=mai, at=timezone.now(), why="thay giấy")

    assert "1 giấy đã ký còn chờ chữ ký số" in queue
    assert fresh(given).standing == "replaced"
    with pytest.raises(workflow.NotAllowed, match="chờ lãnh đạo ký số, chưa trả được"):
        workflow.hand_correction(correction, by=mai, at=timezone.now(), to="Thử", old_paper="returned", inked=True)
