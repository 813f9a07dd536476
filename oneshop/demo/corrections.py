"""Two papers of the last days that were wrong: one is replaced and waits for its citizen, one waits for the leader."""

from __future__ import annotations

from itertools import islice

from django.db import transaction
from django.utils import timezone

from oneshop.demo.keys import sign_files
from oneshop.models import Commune, Officer
from oneshop.roles import Role
from procedures import workflow
from procedures.frozen import thaw
from procedures.models import Correction, Result
from procedures.states import State

RIGHT = "làm thủ tục mua nhà ở xã hội"


def fill_corrections(commune: Commune) -> None:
    """The purpose of two certificates was written wrongly; the newest that are in their citizens' hands."""
    given = Result.objects.filter(
        commune=commune,
        kind="marital_certificate",
        standing=Result.Standing.VALID,
        case__state=State.GIVEN_OUT,
        case__outcome="grant",
    )
    tried = (_proposed(result, commune) for result in given.select_related("case").order_by("-pk")[:6])
    proposed = list(islice(filter(None, tried), 2))
    if len(proposed) == 2:
        _signed(proposed[1], commune)


def _proposed(result: Result, commune: Commune) -> Correction | None:
    """Nothing where the records no longer let the right paper through either."""
    try:
        with transaction.atomic():
            return workflow.propose_replacement(
                result,
                answers={**thaw(result.case.answers), "purpose_text": RIGHT},
                officer_answers=result.case.officer_answers,
                fault=Correction.Fault.OFFICE,
                asked_by=Correction.AskedBy.CITIZEN,
                reason="In sai mục đích sử dụng so với tờ khai.",
                by=_people(commune, Role.SPECIALIST)[0],
                at=timezone.now(),
            )
    except (workflow.NotAllowed, workflow.NotReady):
        return None


def _signed(correction: Correction, commune: Commune) -> None:
    now = timezone.now()
    for leader in _people(commune, Role.SIGNER):
        if leader.signs_as and not workflow.why_may_not_sign_correction(correction, leader, at=now):
            made = workflow.plan(correction, by=leader, at=now)
            ticks = [rule.id for rule in made.owed]
            results = workflow.sign_correction(correction, by=leader, at=now, seen=made.digest, confirmed=ticks)
            sign_files(results, by=leader, at=now)
            return


def _people(commune: Commune, role: Role) -> list[Officer]:
    here = Officer.objects.filter(commune=commune, is_active=True).select_related("commune").order_by("pk")
    return [officer for officer in here if officer.is_(role)]
