"""Entries in the civil-status books."""

from collections.abc import Sequence

from citizens.effects import EntryMade
from citizens.models import Annotation, Citizen, RegisterBook, RegisterEntry, RegisterPerson
from citizens.records.act import Act, Fall, apply, undo
from citizens.register import Named
from oneshop import audit


@apply.register
def _(effect: EntryMade, act: Act) -> None:
    number = act.numbers[effect.document].partition("/")[0]
    facts = dict(effect.facts)
    if effect.notice:
        facts |= {
            "notice_number": act.numbers[effect.notice],
            "notice_issuer": act.issuer,
            "notice_issued_on": f"{act.on:%d/%m/%Y}",
        }
    book = RegisterBook.objects.of_year(act.commune_id, effect.kind, act.on)
    entry = RegisterEntry.objects.create(
        commune_id=act.commune_id,
        book=book,
        kind=effect.kind,
        number=int(number),
        year=act.on.year,
        registered_on=act.on,
        unit=act.issuer,
        facts=facts,
        flags=list(effect.flags),
        performed_by="",
        signer_name=act.by.full_name,
        signer_title=act.by.position,
        recorded_by=act.by,
        recorded_at=act.at,
        checked_on=act.on,
        checked_by=act.by,
    )
    RegisterPerson.objects.bulk_create(_row(entry, named, act) for named in effect.persons)


def _row(entry: RegisterEntry, named: Named, act: Act) -> RegisterPerson:
    citizen: Citizen | None = act.citizen_of(named.who)
    return RegisterPerson.of(entry, named, citizen)


@undo.register
def _(effect: EntryMade, act: Act, fall: Fall) -> Sequence[str]:
    """The entry is struck, keeps its number and says why (civil-status.md 0.9, 0.10)."""
    entry = RegisterEntry.objects.filter(
        commune_id=act.commune_id,
        kind=effect.kind,
        number=int(act.numbers[effect.document].partition("/")[0]),
        year=act.on.year,
        recorded_at=act.at,
        standing=RegisterEntry.Standing.ACTIVE,
    ).first()
    if entry is None:  # struck in the register before
        return ()
    RegisterEntry.objects.filter(pk=entry.pk).update(standing=RegisterEntry.Standing.CANCELLED)
    text = "Ghi sai, đăng ký lại dưới số khác" if fall.replaced else "Đã hủy việc hộ tịch này"
    Annotation.objects.create(
        commune_id=act.commune_id, entry=entry, text=text, basis=fall.basis, noted_on=fall.on, by=fall.by, at=fall.at
    )
    audit.record("cancelled", "register_entry", entry.pk, by=fall.by, at=fall.at, why=fall.basis)
    return ()
