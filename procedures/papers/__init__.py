"""What is printed: the facts of each paper, from a case; and that what was shown is what is signed."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.utils import timezone

from citizens.identity_number import NotAnIdentityNumber, parse
from oneshop import roster
from oneshop.models import Commune, Officer
from oneshop.roles import Role
from procedures.applications import application_of
from procedures.catalogue import Document, Procedure
from procedures.checking.check_keys import signed_code
from procedures.checking.offline_code import Said, digits_mark
from procedures.checking.public_link import check_link, masked_name, status_link
from procedures.clock.index_facts import punctuality
from procedures.frozen import freeze
from procedures.house_points import (
    A5,
    COMPLAINT,
    HOW_TO_SIGN,
    KT_LINE,
    REFUSAL_BASIS_2027,
    REFUSALS_DIGITAL,
    SET_2018,
    STOP_SYMBOL,
    SUPERIOR_LINE,
    digital_point,
    words,
)
from procedures.law.practices import is_practised
from procedures.models import Case, Result, Signature, Slip, Step
from procedures.papers import printing
from procedures.papers.printing import Sheet
from procedures.rules import Application
from procedures.rules.civil_status import NEW_LAW
from procedures.signing import signature_pictures, signing_keys
from procedures.states import MOVES, State, Verb
from procedures.wordings import fee_slip

log = logging.getLogger("oneshop")

REFUSAL_BOOK = "refusal"
REFUSAL_NAME = "Văn bản từ chối giải quyết hồ sơ"
SPEAK_FOR_THEMSELVES = ("relative", "organisation")
"""Capacities of who asks for a paper of somebody else without acting in that person's name."""
TO_COME = "…"
"""Stands in a preview for a number that only the signature gives."""


class PaperFailed(Exception):
    """The paper could not be made; whatever was about to happen with it did not happen (F-03)."""


def render(template: str, facts: Mapping[str, object], *, longest: int = printing.LONGEST) -> Sheet:
    """The paper, or PaperFailed whatever the reason: a font away, no memory, a template that breaks."""
    try:
        return printing.paper(template, facts, longest=longest)
    except Exception as error:
        log.exception("paper %s failed", template)
        raise PaperFailed(template) from error


def render_list(
    template: str, facts: Mapping[str, object], rows: Sequence[Sequence[str]], *, mark: int, part: int
) -> Sheet:
    """A list of any length, or PaperFailed."""
    try:
        return printing.long_list(template, facts, rows, mark=mark, part=part)
    except Exception as error:
        log.exception("list %s failed", template)
        raise PaperFailed(template) from error


def bytes_of(result: Result) -> bytes:
    """What is printed and given out of a result: the file with its digital signatures, else the paper as rendered."""
    last = Signature.objects.filter(result=result).last()
    return bytes(last.pdf if last else result.pdf)


@dataclass(frozen=True)
class Draft:
    """A paper that the signature will make, as it would be printed now."""

    document: Document
    facts: dict[str, object]

    def sheet(self) -> Sheet:
        return render(self.document.template, self.facts)


def documents_of(case: Case, application: Application, *, on: date) -> Sequence[Document]:
    """The papers of the case: those of its procedure, or the written refusal alone."""
    if case.outcome == Case.Outcome.REFUSE:
        symbol = case.procedure.refusal_symbol
        return (Document(Result.REFUSAL, REFUSAL_NAME, "results/refusal.html", REFUSAL_BOOK, symbol),)
    return case.procedure.documents(application, on=on)


def name_of(case: Case) -> str:
    """What the signature makes, in a word: the first of its papers."""
    if case.outcome == Case.Outcome.REFUSE:
        return REFUSAL_NAME
    return case.procedure.version_on(timezone.localtime(case.received_at).date()).result_name


def digest(drafts: Sequence[Draft]) -> str:
    """What a leader has seen, in 64 characters: the preview carries it, the signature must match it (S-07)."""
    facts = [[draft.document.key, freeze(draft.facts)] for draft in drafts]
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def signature_lines(officer: Officer, procedure_key: str, *, at: datetime) -> list[str]:
    """`["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]`: in whose name `officer` signs at `at` (G.3), else the own post.

    Without a procedure: what no procedure names, a book or a form of the office.
    """
    authority = roster.authority_of(officer, procedure_key, at=at)
    return list(authority.lines) if authority else [officer.position.upper()]


def drafts_of(case: Case, *, by: Officer | None, at: datetime, application: Application | None = None) -> list[Draft]:
    """Every paper of `case` as it would be printed at `at`, without number: what is checked and what is signed.

    Of a case not yet received give the `application`.
    """
    application = application or application_of(case)
    documents = documents_of(case, application, on=timezone.localtime(at).date())
    numbers = {document.key: TO_COME for document in documents}
    return [
        Draft(document, result_facts(case, document, application, by=by, at=at, numbers=numbers))
        for document in documents
    ]


def declarations_of(case: Case, *, at: datetime, application: Application | None = None) -> list[Draft]:
    """The forms that the applicant of `case` signs, filled in. Of a case not yet received give the `application`."""
    application = application or application_of(case)
    local = timezone.localtime(at)
    on = local.date()
    frame = {**_head(case, on=local), "draft": False, "issued_on": on, "case_code": case.code}
    return [
        Draft(document, frame | dict(case.procedure.facts(application, document, on=on, numbers={})))
        for document in case.procedure.declarations(application)
    ]


def result_facts(
    case: Case,
    document: Document,
    application: Application,
    *,
    by: Officer | None,
    at: datetime,
    numbers: Mapping[str, str],
    number: int | None = None,
    token: str = "",
    replaces: str = "",
    about: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    """What `document` prints. Without a number it is the preview that the leader sees.

    `replaces` is the line that names the paper in whose place it comes; `about` is what a paper that only speaks of
    another one says.
    """
    on = timezone.localtime(at).date()
    lines = signature_lines(by, case.procedure_key, at=at) if by else ["CHỦ TỊCH"]
    facts: dict[str, Any] = {
        **_head(case, on=timezone.localtime(at)),
        "draft": number is None,
        "number": f"{number:02}" if number else "",
        "symbol": symbol_of(document, on),
        "issued_on": on,
        "signer": {"lines": lines, "name": by.full_name if by else ""},
        "check_link": check_link(case.commune.code, token) if token else "",
        "offline_code": _offline_code(case, document, f"{number:02}", token, by=by, at=at) if number and token else "",
        "case_code": case.code,
        "adviser": _adviser(case),
        "replaces": replaces,
        "digital": _digital(case, by, at=at) if number and by and is_digital(case, document, by, at=at) else None,
    }
    if about is not None:
        return facts | dict(about)
    if case.outcome == Case.Outcome.REFUSE:
        return facts | {
            "procedure": case.procedure.name,
            "basis": refusal_basis(case.procedure, application),
            "citizen": {
                "full_name": application.person.full_name,
                "identity_number": application.person.identity_number,
                "address": application.person.address(application.day),
            },
            "received_at": timezone.localtime(case.received_at),
            "reasons": case.refusal,
            "complaint": COMPLAINT.of(application),
        }
    if case.procedure.is_civil_status:
        facts |= _by_civil_status(facts, application)
    return facts | dict(case.procedure.facts(application, document, on=on, numbers=numbers))


def _offline_code(case: Case, document: Document, number: str, token: str, *, by: Officer | None, at: datetime) -> str:
    """What is checked without a network, signed in the transaction of the signature itself (0.06 ms)."""
    on = timezone.localtime(at).date()
    said = Said(
        kind=document.name,
        number=f"{number}/{symbol_of(document, on)}",
        issued_on=on,
        commune_code=case.commune.code,
        office=case.commune.name_on(on).full,
        masked_name=masked_name(holder_of(case)),
        mark=digits_mark(token, str(case.person.get("identity_number", ""))[-4:]),
        token=token,
    )
    return signed_code(said, commune_id=case.commune_id, by=by, at=at)


def holder_of(case: Case) -> str:
    """Whose name a check of the paper shows, masked."""
    return str(case.person.get("full_name", ""))


def _digital(case: Case, by: Officer, *, at: datetime) -> dict[str, Any]:
    """What the paper shows of its digital signatures: when, the hand, the seal."""
    hand, seal = signing_keys.key_of(by), signing_keys.seal_of(case.commune_id)
    return {
        "at": timezone.localtime(at),
        "hand": signature_pictures.address(bytes(hand.picture)) if hand else "",
        "seal": signature_pictures.address(bytes(seal.picture)) if seal else "",
    }


def without_pictures(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept beside the bytes: hand and seal lie in those, and with their keys."""
    digital = facts.get("digital")
    return dict(facts) | {"digital": {"at": digital["at"]} if digital else None}


def is_digital(case: Case, document: Document, by: Officer, *, at: datetime) -> bool:
    """Whether `document` will be signed digitally: the commune has ruled so, and leader and office have their keys.

    Pre-printed stock is always signed by hand (decisions.md 7).
    """
    if document.blank:
        return False
    point = (
        REFUSALS_DIGITAL if document.key == Result.REFUSAL else digital_point(case.procedure.key, case.procedure.name)
    )
    if not is_practised(point, case.commune_id, timezone.localtime(at).date()):
        return False
    keys = (signing_keys.key_of(by), signing_keys.seal_of(case.commune_id))
    return all(key is not None and key.valid_from <= at < key.valid_until for key in keys)


def refusal_basis(procedure: Procedure, application: Application) -> str:
    """The article by which the head refuses, in the law of the day of receipt."""
    if procedure.is_civil_status and application.day >= NEW_LAW:
        return REFUSAL_BASIS_2027.of(application)
    return procedure.refusal_basis


def _by_civil_status(facts: Mapping[str, Any], application: Application) -> dict[str, object]:
    """Head and signature as the commune holds them on papers of civil status (civil-status.md 0.13)."""
    head, signer = facts["head"], facts["signer"]
    own = [line for line in signer["lines"] if not line.startswith("KT.")]
    return {
        "head": head if SUPERIOR_LINE.is_on(application) else head | {"superior": ""},
        "signer": signer if KT_LINE.is_on(application) or not own else signer | {"lines": own},
        "without_how": not HOW_TO_SIGN.is_on(application),
    }


def symbol_of(document: Document, on: date) -> str:
    return document.symbol.format(year=on.year)


def slip_facts(
    case: Case,
    kind: Slip.Kind,
    *,
    number: int,
    year: int,
    by: Officer,
    at: datetime,
    note: str = "",
    last: Step | None = None,
) -> dict[str, object]:
    """What a slip prints, of the set of its case (one-stop.md B). `note` is the reason it tells, `by` who issues it.

    `last` stands for the steps of a sample, which has none.
    """
    on, application = timezone.localtime(at), application_of(case)
    said = words(kind, application)
    lines = NUMBER_LINES_2018 if SET_2018.is_on(application) else NUMBER_LINES
    common = _head(case, on=on) | {
        "draft": False,
        "number_line": lines.get(kind, "").format(
            number=f"{number:02}",
            year=year,
            symbol=STOP_SYMBOL.of(application),
            symbol_2018=said.get("symbol_2018", ""),
        ),
        "words": said,
        "on_a4": not A5.is_on(application),
        "issued_on": on.date(),
        "unit": case.counter.name if case.counter else case.commune.name_on(on.date()).full,
        "case_code": case.code,
        "procedure": case.procedure.name,
        "receiver": case.received_by.full_name,
        "issuer": {"name": by.full_name, "lines": signature_lines(by, case.procedure_key, at=at)},
        "citizen": _citizen_facts(case),
        "status_link": status_link(case.commune.code, case.token),
    }
    match kind:
        case Slip.Kind.RECEIPT:
            return common | _receipt_facts(case)
        case Slip.Kind.REJECTION:
            return common | {"reasons": case.refusal}
        case Slip.Kind.SUPPLEMENT:
            return common | {"items": _lines(note), "telephone": case.commune.telephone}
        case Slip.Kind.APOLOGY:
            return common | {
                "received_at": timezone.localtime(case.received_at),
                "promised_at": timezone.localtime(case.first_due_at),
                "due_at": timezone.localtime(case.due_at),
                "reason": note,
            }
        case Slip.Kind.STOP:
            return common | _stop_facts(case, note, last or case.steps.select_related("by").last())
        case Slip.Kind.CONTROL:
            return common | _control_facts(case, last)
        case Slip.Kind.FEE:
            # a fee may be taken a second time, by another and on another day than the receipt
            return common | _fee_facts(case, number=number, year=year) | {"received_at": on, "receiver": by.full_name}


def slip_template(case: Case, kind: Slip.Kind) -> str:
    """The form of the set that `case` was received under: a ruling moves no open case and no printed slip."""
    return f"slips/{'2018/' if SET_2018.is_on(application_of(case)) else ''}{kind}.html"


NUMBER_LINES = {
    Slip.Kind.RECEIPT: "Số: {number}/{year}-TTPVHCC",
    Slip.Kind.SUPPLEMENT: "Số: {number}/{year}/PBS-TTPVHCC",
    Slip.Kind.REJECTION: "Số: {number}/{year}/PTC-TTPVHCC",
    Slip.Kind.APOLOGY: "Số: {number}/{year}/PXL",
    Slip.Kind.STOP: "Số: {number}/{year}/{symbol}",
    Slip.Kind.CONTROL: "Số: {number}/{year}/PKS-TTPVHCC",
}

NUMBER_LINES_2018 = {
    Slip.Kind.RECEIPT: "Số: {number}/{symbol_2018}",
    Slip.Kind.SUPPLEMENT: "Số: {number}/HDHS",
    Slip.Kind.REJECTION: "Số: {number}/{symbol_2018}",
    Slip.Kind.APOLOGY: "Số: {number}/PXL",
    Slip.Kind.STOP: "Số: {number}/{symbol_2018}",
    Slip.Kind.CONTROL: "Số: {number}/{symbol_2018}",
}
"""Without the year, as the forms of 2018 have it; each starts at 01 with the year."""


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _citizen_facts(case: Case) -> dict[str, str]:
    application = application_of(case)
    person = application.person
    return {
        "full_name": person.full_name,
        "identity_number": person.identity_number,
        "address": person.address(application.day),
        "phone": case.citizen.telephone,
        "email": case.citizen.email,
    }


def _stop_facts(case: Case, note: str, last: Step | None) -> dict[str, object]:
    """Mẫu 05 (layout not seen, one-stop.md B.6): what was asked, how far it was, what is given back."""
    assert last is not None, "a case that stops has a step that stopped it"
    return {
        "reason": note,
        "asked_by_citizen": case.where == State.WITHDRAWN,
        "stopped_at": timezone.localtime(last.at),
        "reached": State(last.source).label,
        "papers": [str(paper) for paper in [application_of(case).get("authorisation")] if paper],
        "charged": case.procedure.charge(application_of(case)).amount,
    }


def _control_facts(case: Case, last: Step | None = None) -> dict[str, object]:
    """The control sheet (2025: Mẫu 06, 2018: Mẫu 05), built from the steps: a block for each hand-over.

    The result column is what the receiving side finds when it takes over (one-stop.md B.7). `last` as in `slip_facts`.
    """
    steps = list(case.steps.select_related("by")) if case.pk else [step for step in (last, last) if step]
    ended = case.signed_at or case.closed_at
    return {
        "department": case.commune.name_on(timezone.localtime(case.received_at).date()).full,
        "received_at": timezone.localtime(case.received_at),
        "due_at": timezone.localtime(case.due_at),
        "rows": [
            {
                "unit": unit_of(before),
                "to_unit": unit_of(step),
                "from": before.by.full_name,
                "to": step.by.full_name,
                "what": step.get_verb_display(),
                "at": timezone.localtime(step.at),
                "note": step.note,
                "outcome": punctuality(step.at, case.due_at).label,
            }
            for before, step in pairwise(steps)
        ],
        "outcome": punctuality(ended or case.due_at, case.due_at).label,
        "pauses": [
            (timezone.localtime(pause.since), timezone.localtime(pause.until) if pause.until else None, pause.reason)
            for pause in (case.pauses.all() if case.pk else ())
        ],
    }


def unit_of(step: Step) -> str:
    """Where the file lay when `step` was made, as the control sheet names units."""
    roles = MOVES[Verb(step.verb)].roles
    if Role.CLERK in roles:
        return "Bộ phận TN&TKQ"
    return "Lãnh đạo UBND" if Role.SIGNER in roles else "Bộ phận chuyên môn"


def _fee_facts(case: Case, *, number: int, year: int) -> dict[str, object]:
    """What was paid, by whom and why; no form of it was seen, so its words are points (fee_slip.py)."""
    application = application_of(case)
    person = application.person
    charge = case.procedure.charge(application)
    typed = application.get("applicant_name")
    return {
        "number_line": f"Số: {number:02}/{year}/{fee_slip.SYMBOL.of(application)}",
        "title": fee_slip.TITLE.of(application),
        "payer_line": fee_slip.PAYER.of(application),
        "taker_line": fee_slip.TAKER.of(application),
        "citizen": {
            "full_name": typed or person.full_name,
            "identity_number": application.get("applicant_document") if typed else person.identity_number,
            "address": "" if typed else person.address(application.day),
        },
        "fee_name": charge.name or f"Lệ phí {case.procedure.name[0].lower()}{case.procedure.name[1:]}",
        "amount": charge.text,
        "amount_in_words": fee_slip.amount_in_words(charge.amount),
        "charged": charge.amount,  # kept: a correction may change what the case would be charged today
        "source": case.procedure.fee_on(application.day).source,
    }


def _receipt_facts(case: Case) -> dict[str, object]:
    """Mẫu 01, one-stop.md B.2, line by line."""
    application = application_of(case)
    person = application.person
    received = timezone.localtime(case.received_at)
    capacity = application.get("capacity", "self")
    on_behalf = None
    typed = capacity != "self" and application.get("applicant_name")  # came without a card of their own
    party = case.procedure.party
    if party and party.represented and application.other and capacity not in SPEAK_FOR_THEMSELVES:
        other = application.other
        on_behalf = {
            "full_name": other.full_name,
            "address": other.address(received.date()),
            "identity_number": other.identity_number,
            "paper": application.get("authorisation"),
        }
    elif typed:
        on_behalf = {
            "full_name": person.full_name,
            "address": person.address(received.date()),
            "identity_number": person.identity_number,
            "paper": application.get("authorisation"),
        }
    return {
        "citizen": {
            "full_name": application.get("applicant_name") or person.full_name,
            "identity_number": application.get("applicant_document") if typed else person.identity_number,
            "address": "" if typed else person.address(received.date()),
            "phone": case.citizen.telephone,
            "email": case.citizen.email,
        },
        "on_behalf": on_behalf,
        "papers": list(case.procedure.handed_in(application)),
        "copies": 1,
        "time_limit": _time_limit(case, application),
        "received_at": received,
        "due_at": timezone.localtime(case.due_at),
        "due_sentence": case.due_sentence,
        "deliver_at": "Tại quầy",
        "book": _line_of(case),
        "fee": case.procedure.charge(application).text,
    }


def _line_of(case: Case) -> dict[str, object] | None:
    """The line of the register that the case was written in at receipt; none for a sample or a case of before."""
    line = getattr(case, "register_line", None)
    return {"volume": f"{line.volume:02}", "line": f"{line.number:02}"} if line else None


def _time_limit(case: Case, application: Application) -> str:
    if appointment := case.procedure.appointment(application):
        return appointment.waits_for
    return f"{case.procedure.promise.total_seconds() / 3600:.0f} giờ làm việc"


def _head(case: Case, *, on: datetime) -> dict[str, Any]:
    return head_of(case.commune, on.date())


def head_of(commune: Commune, on: date) -> dict[str, Any]:
    """Who issues, as every paper of `commune` begins."""
    name = commune.name_on(on)
    return {
        "head": {"superior": name.above.upper(), "issuer": name.issuer},
        "place": name.name,
        "test": settings.IS_TEST,
    }


def _adviser(case: Case) -> dict[str, str]:
    """The officer who advised the file: `ông NGUYỄN VĂN A - Công chức Tư pháp - Hộ tịch xã` (civil-status.md 2.4)."""
    officer = case.handled_by or case.received_by
    try:
        salutation = {"male": "ông", "female": "bà"}[parse(officer.identity_number).sex]
    except NotAnIdentityNumber:
        salutation = "ông/bà"
    position = officer.position or "Công chức Tư pháp - Hộ tịch"
    return {"salutation": salutation, "text": f"{officer.full_name.upper()} - {position}"}
