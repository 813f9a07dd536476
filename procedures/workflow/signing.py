"""The signature: numbers, papers, effects on the records, step and diary line in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from citizens.models import Citizen
from citizens.records import Act, carry_out
from oneshop.models import Commune, Officer
from procedures import ministry, notices, papers, reckoning
from procedures.applications import application_now, application_of
from procedures.catalogue import CasesEnd, Document
from procedures.checking import check_keys
from procedures.checking.public_link import new_token
from procedures.frozen import freeze
from procedures.models import Case, Correction, FollowUp, Notice, Pause, Result, Slip
from procedures.numbering import next_number
from procedures.rules import Answer, Application, Finding, Kind, Rule, Stage, Tone
from procedures.signing.signers import why_may_not_sign
from procedures.states import MOVES, Verb
from procedures.workflow.moves import CaseMoved, NotAllowed, move, one_after_the_other
from procedures.workflow.slips import issue_slip


def changed_since_receipt(case: Case, *, by: Officer, at: datetime) -> list[Finding]:
    """What the records say today against what they said at receipt: findings that would stop the case now.

    A death, a marriage, a certificate that another counter registered meanwhile; looked at again before the signature.
    A warning is no ground to hold back what was received without it. What a review owes again (a complaint) is one.
    """
    if case.outcome == Case.Outcome.REFUSE:
        return []
    found = case.procedure.judge(application_now(case, by=by, at=at))
    return [
        finding for finding in found if (finding.stops or finding.tone == Tone.LATER) and finding.rule.kind != Kind.WARN
    ]


def sign(case: Case, *, by: Officer, at: datetime, seen: str, confirmed: Collection[str] = ()) -> list[Result]:
    """Sign what was shown: numbers, papers, effects on the records, step and diary line in one transaction.

    1. `by` must be a leader on duty, not the one who received, not a party: else NotAllowed.
    2. `seen` is the digest of the previews shown; if a paper would now differ, NotAllowed (S-07).
    3. The records are judged again: what has changed since receipt and forbids the result, NotAllowed.
    4. `confirmed` are the ids of the rules of this stage that the leader has ticked; one missing, NotAllowed.
    5. The case moves from WAITING_SIGNATURE, or CaseMoved says who was faster.
    6. Number → paper → result row, one after the other; a paper that fails leaves nothing, not even the number (F-03).
    """
    with transaction.atomic():
        one_after_the_other(case.citizen, case.other)
        Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        case.refresh_from_db()
        if case.where not in MOVES[Verb.SIGN].sources:
            raise CaseMoved(case)
        if reason := why_may_not_sign(case, by, at=at):
            raise NotAllowed(reason)
        if papers.digest(papers.drafts_of(case, by=by, at=at)) != seen:
            raise NotAllowed("Nội dung giấy đã thay đổi từ khi ông/bà mở xem. Xem lại rồi ký.")
        if changed := changed_since_receipt(case, by=by, at=at):
            said = " ".join(finding.rule.message for finding in changed)
            raise NotAllowed(f"Dữ liệu đã thay đổi từ khi tiếp nhận: {said} Trả lại để xử lý.")
        owes_ticks(case, Stage.SIGNATURE, confirmed)
        step = move(case, Verb.SIGN, by=by, at=at, note=ticked(case, Stage.SIGNATURE), signed_at=at, signed_by=by)
        results = _issue(case, by=by, at=at)
        reckoning.close(case, Verb.SIGN, at=at)
        notices.settled(Notice.Occasion.TO_SIGN, case, at=at)
        notices.tell_citizen(Notice.Occasion.READY, case, step, at=at)
        return results


def asked_at(case: Case, stage: Stage, application: Application | None = None) -> list[Rule]:
    """The rules of that stage that somebody has to look at and tick; none for a refusal.

    `application` where another one than that of the receipt is to be signed.
    """
    if case.outcome == Case.Outcome.REFUSE:
        return []
    application = application or application_of(case)
    return [
        rule
        for rule in case.procedure.rules
        if rule.stage == stage and rule.in_force(application.day) and rule.check(application) == Answer.OFFICER
    ]


def owes_ticks(case: Case, stage: Stage, confirmed: Collection[str]) -> None:
    for rule in asked_at(case, stage):
        if rule.id not in confirmed:
            raise NotAllowed(rule.message)


def ticked(case: Case, stage: Stage) -> str:
    return "; ".join(rule.title for rule in asked_at(case, stage))[:500]


def _issue(case: Case, *, by: Officer, at: datetime) -> list[Result]:
    on = timezone.localtime(at).date()
    application = application_of(case)
    check_keys.be_ready(case.commune_id, by=by, at=at)
    results: list[Result] = []
    numbers: dict[str, str] = {}
    for document in papers.documents_of(case, application, on=on):
        result = issue_one(case, document, application, results, numbers, by=by, at=at)
        results.append(result)
        numbers[document.key] = result.full_number
    if case.outcome == Case.Outcome.REFUSE:
        return results
    effects_follow(case, application, act_of(case, numbers, by=by, on=on, at=at))
    FollowUp.objects.bulk_create(
        FollowUp(commune_id=case.commune_id, case=case, text=text)
        for text in case.procedure.follow_ups(application, on=on)
    )
    return results


def act_of(case: Case, numbers: Mapping[str, str], *, by: Officer, on: date, at: datetime) -> Act:
    """The signature as the records know it; `numbers` the full number of each paper of the case by its key."""
    return Act(
        citizen=case.citizen,
        other=case.other,
        numbers=numbers,
        issuer=_issuer(case.commune, on),
        commune_id=case.commune_id,
        by=by,
        on=on,
        at=at,
    )


def effects_follow(case: Case, application: Application, act: Act) -> None:
    """The records change as the signed papers say; other cases whose ground is gone with that end."""
    effects = case.procedure.effects(application, on=act.on)
    carry_out((effect for effect in effects if not isinstance(effect, CasesEnd)), act)
    ministry.pass_on(case)  # where number and code were taken down before the signature
    for effect in effects:
        if isinstance(effect, CasesEnd):
            _end_cases(case, act.citizen_of(effect.who), effect, by=act.by, at=act.at)


def issue_one(
    case: Case,
    document: Document,
    application: Application,
    before: Sequence[Result],
    numbers: Mapping[str, str],
    *,
    by: Officer,
    at: datetime,
    replaces: str = "",
    about: Mapping[str, object] | None = None,
    correction: Correction | None = None,
) -> Result:
    """Number, paper and row of one document; `before` and `numbers` are those of the documents signed before it.

    `replaces` and `about` as in `papers.result_facts`, where a `correction` makes it.
    """
    on = timezone.localtime(at).date()
    shared = next((result for result in before if result.kind == document.shares_number_of), None)
    number = shared.number if shared else next_number(case.commune, document.book, str(on.year))
    token = new_token()
    facts = papers.result_facts(
        case,
        document,
        application,
        by=by,
        at=at,
        numbers=numbers,
        number=number,
        token=token,
        replaces=replaces,
        about=about,
    )
    sheet = papers.render(document.template, facts)
    return Result.objects.create(
        commune_id=case.commune_id,
        case=case,
        kind=document.key,
        name=document.name,
        originals=document.originals,
        blank=document.blank,
        book=document.book,
        year=on.year,
        number=number,
        shares_number=shared is not None,
        symbol=papers.symbol_of(document, on),
        issued_on=on,
        signed_by=by,
        signed_at=at,
        signer_title=" ".join(facts["signer"]["lines"]),
        token=token,
        facts=freeze(papers.without_pictures(facts)),
        pdf=sheet.pdf,
        sha256=sheet.sha256,
        correction=correction,
    )


def _end_cases(case: Case, party: Citizen | None, end: CasesEnd, *, by: Officer, at: datetime) -> None:
    """Stop every other open case of that person: its ground is gone."""
    if party is None:
        return
    open_cases = Case.objects.here(case.commune_id).open().about(party).exclude(pk=case.pk)
    for other in open_cases.exclude(procedure_key__in=end.spares, other=party).order_by("pk"):
        move(other, Verb.STOP, by=by, at=at, note=end.reason, closed_at=at)
        Pause.objects.filter(case=other, until=None).update(until=at)
        reckoning.close(other, Verb.STOP, at=at)
        issue_slip(other, Slip.Kind.STOP, by=by, at=at, note=end.reason)


def _issuer(commune: Commune, on: Any) -> str:
    return f"UBND {commune.name_on(on).full.lower()[0]}{commune.name_on(on).full[1:]}"
