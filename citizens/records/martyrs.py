"""Visits granted to a martyr's grave."""

from collections.abc import Sequence

from citizens.martyrs import GraveVisitGranted
from citizens.models import GraveVisit
from citizens.records.act import Act, CannotTakeBack, Fall, apply, undo


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


@undo.register
def _(effect: GraveVisitGranted, act: Act, fall: Fall) -> Sequence[str]:
    """The visit counts for the year no longer, like one that nobody made. Raises CannotTakeBack once it was made."""
    visit = GraveVisit.objects.filter(
        commune_id=act.commune_id,
        martyr_id=effect.martyr,
        citizen=act.citizen,
        issued_on=act.on,
        application_number=act.numbers.get(effect.application, ""),
        letter_number=act.numbers.get(effect.letter, ""),
    ).last()
    if visit is None:
        return ()
    if visit.returned_on is not None:
        raise CannotTakeBack(
            f"Giấy đã dùng: nộp lại có xác nhận ngày {visit.returned_on:%d/%m/%Y}, không thay, thu hồi được nữa. "
            "Sai thể thức thì ra công văn đính chính."
        )
    GraveVisit.objects.filter(pk=visit.pk, unused_on=None).update(unused_on=fall.on, unused_by=fall.by)
    return ()
