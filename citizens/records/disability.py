"""Cards on disability files."""

from citizens.disability import CardIssued
from citizens.models import DisabilityCard, DisabilityRecord
from citizens.records.act import Act, apply


@apply.register
def _(effect: CardIssued, act: Act) -> None:
    """Close the last card, open the new one. Type and level come from the file, under its lock, never from a form."""
    person = act.other or act.citizen
    record = DisabilityRecord.objects.select_for_update(no_key=True).get(citizen=person, commune_id=act.commune_id)
    cards = DisabilityCard.objects.filter(record=record)
    last = cards.last()
    assert last is not None, "rule dis_file_kept: a file without a first card is no ground for another"
    cards.filter(pk=last.pk).update(
        status=effect.closes_as,
        status_on=act.on,
        status_paper=f"{effect.kind.label} ngày {act.on:%d/%m/%Y}: {effect.reason}"[:300],
    )
    DisabilityCard.objects.create(
        commune_id=act.commune_id,
        record=record,
        number=effect.number,
        times=effect.times,
        kind=effect.kind,
        reason=effect.reason,
        register_number=int(act.numbers[effect.document].partition("/")[0]),
        issued_on=act.on,
        signer=act.by.full_name,
        types=record.types,
        level=record.level,
        full_name=effect.full_name,
        birth_text=effect.birth_text,
        sex=effect.sex,
        residence=effect.residence,
        note=effect.note,
    )
