"""Cards on disability files."""

from collections.abc import Sequence

from citizens.disability import CardIssued, CardStatus
from citizens.models import DisabilityCard, DisabilityConclusion, DisabilityRecord, settle_conclusion
from citizens.records.act import Act, Fall, apply, undo


@apply.register
def _(effect: CardIssued, act: Act) -> None:
    """Close the last card, open the new one. Type and level come from the file, under its lock, never from a form."""
    person = act.other or act.citizen
    record = DisabilityRecord.objects.select_for_update(no_key=True).get(citizen=person, commune_id=act.commune_id)
    cards = DisabilityCard.objects.filter(record=record).exclude(status=CardStatus.VOID)
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


@undo.register
def _(effect: CardIssued, act: Act, fall: Fall) -> Sequence[str]:
    """A card that never left, or that a right one replaces, was never the person's: the one before is the last again. A
    recalled card is revoked, and an open conclusion that it is wrong is settled by that (TT 01/2019 Điều 9)."""
    person = act.other or act.citizen
    record = DisabilityRecord.objects.select_for_update(no_key=True).get(citizen=person, commune_id=act.commune_id)
    cards = DisabilityCard.objects.filter(record=record).exclude(status=CardStatus.VOID)
    wrong = cards.filter(times=effect.times, status=CardStatus.ACTIVE)
    if fall.in_hand and not fall.replaced:
        for conclusion in DisabilityConclusion.objects.filter(record=record, settled_on=None):
            settle_conclusion(
                conclusion, outcome=DisabilityConclusion.Outcome.REVOKED, paper=fall.basis, on=fall.on, by=fall.by
            )
        wrong.update(status=CardStatus.REVOKED, status_on=fall.on, status_paper=fall.basis)
        return ()
    wrong.update(status=CardStatus.VOID, status_on=fall.on, status_paper=fall.basis)
    if before := cards.last():
        cards.filter(pk=before.pk).update(status=CardStatus.ACTIVE, status_on=None, status_paper="")
    return ()
