"""Visits granted to a martyr's grave."""

from citizens.martyrs import GraveVisitGranted
from citizens.models import GraveVisit
from citizens.records.act import Act, apply


@apply.register
def _(effect: GraveVisitGranted, act: Act) -> None:
    """A line in the book of the year, which is also the visit in the file. That a grave is supported once a year is a
    constraint of the table: of two signatures at the same moment one fails whole."""
    GraveVisit.objects.create(
        commune_id=act.commune_id,
        martyr_id=effect.martyr,
        citizen=act.citizen,
        applicant_name=act.citizen.full_name,
        relation=effect.relation,
        place=effect.place,
        persons=list(effect.persons),
        supported=effect.supported,
        year=act.on.year,
        issued_on=act.on,
        application_number=act.numbers.get(effect.application, ""),
        letter_number=act.numbers.get(effect.letter, ""),
        signer=act.by.full_name,
    )
