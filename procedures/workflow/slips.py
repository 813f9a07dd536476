"""The statutory slips, each issued by the verb that owes it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from oneshop import audit
from oneshop.models import Officer
from procedures import papers
from procedures.frozen import freeze
from procedures.models import Case, Slip
from procedures.numbering import next_number


def issue_receipt(case: Case, *, by: Officer, at: datetime) -> Slip:
    """Mẫu 01, once per case; asked again it gives the first one back."""
    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        before = Slip.objects.filter(case=case, kind=Slip.Kind.RECEIPT).first()
        return before or issue_slip(case, Slip.Kind.RECEIPT, by=by, at=at)


def issue_slip(case: Case, kind: Slip.Kind, *, by: Officer, at: datetime, note: str = "") -> Slip:
    """Number, paper and row of a slip; its book is named after its kind. `note` is the reason that the slip tells."""
    year = timezone.localtime(at).year
    number = next_number(case.commune, kind, str(year))
    facts = papers.slip_facts(case, kind, number=number, year=year, by=by, at=at, note=note)
    sheet = papers.render(papers.slip_template(case, kind), facts)
    slip = Slip.objects.create(
        commune_id=case.commune_id,
        case=case,
        kind=kind,
        number=number,
        year=year,
        facts=freeze(facts),
        pdf=sheet.pdf,
        sha256=sheet.sha256,
        by=by,
        at=at,
    )
    audit.record("issue", "slip", f"{case.code}/{kind}", by=by, at=at)
    return slip
