"""Certificates, marriages and deaths on the records of people."""

from collections.abc import Collection, Sequence

from django.db.models import Q

from citizens.effects import CertificateGiven, CertificatesTakenBack, Died, Married
from citizens.models import Certificate, Citizen, Marriage, amend
from citizens.records.act import Act, Fall, apply, undo


@apply.register
def _(effect: CertificatesTakenBack, act: Act) -> None:
    Certificate.objects.filter(citizen=act.citizen, returned_on=None, expires_on__gte=act.on).update(returned_on=act.on)


@apply.register
def _(effect: CertificateGiven, act: Act) -> None:
    [number] = act.numbers.values()
    Certificate.objects.create(
        commune_id=act.commune_id,
        citizen=act.citizen,
        number=number,
        issuer=act.issuer,
        issued_on=act.on,
        expires_on=effect.expires_on,
        for_marriage=effect.for_marriage,
        purpose=effect.purpose,
    )


@apply.register
def _(effect: Married, act: Act) -> None:
    assert act.other is not None, "a marriage has two"
    for one, spouse in ((act.citizen, act.other), (act.other, act.citizen)):
        Marriage.objects.create(
            commune_id=act.commune_id,
            citizen=one,
            spouse=spouse,
            spouse_name=spouse.full_name,
            spouse_sex=spouse.sex,
            certificate_number=act.numbers[effect.document],
            issuer=act.issuer,
            since=act.on,
        )
        _end_certificates([one.pk], act)


@apply.register
def _(effect: Died, act: Act) -> None:
    dead = act.citizen_of(effect.who)
    assert dead is not None, "whose death is registered is known"
    number = act.numbers[effect.document]
    note = f"{effect.paper} số {number} do {act.issuer} cấp {act.on:%d/%m/%Y}"
    amend(dead, {"deceased_on": effect.died_on, "death_note": note}, paper=note, by=act.by, at=act.at)
    lasting = Marriage.objects.filter(Q(spouse=dead) | Q(citizen=dead), ending=Marriage.Ending.NONE)
    _end_certificates([dead.pk, *lasting.values_list("citizen_id", flat=True)], act)
    # Seen from the survivor; the dead one's own row ends alike, so that both sides tell the same. One UPDATE, not rows
    # saved: a survivor's record that another commune keeps can be read here and not changed; that commune is told.
    lasting.update(
        ending=Marriage.Ending.DEATH,
        ended_on=effect.died_on,
        ending_paper=effect.paper,
        ending_number=number,
        ending_issuer=act.issuer,
        ending_issued_on=act.on,
        ending_confirmed=True,
    )


def _end_certificates(citizens: Collection[int], act: Act) -> None:
    """A certificate is valid until the status changes (TT 04/2020 Điều 12 khoản 2); handed in or not."""
    Certificate.objects.filter(citizen__in=citizens, returned_on=None, ended_on=None, expires_on__gte=act.on).update(
        ended_on=act.on
    )


# --- the papers of a signature fall ---
@undo.register
def _(effect: CertificatesTakenBack, act: Act, fall: Fall) -> Sequence[str]:
    """What was handed in stays handed in."""
    return ()


@undo.register
def _(effect: CertificateGiven, act: Act, fall: Fall) -> Sequence[str]:
    """Another certificate may be given from that very day on; one that is replaced never counted, for the new one is
    judged as on the day of the receipt."""
    [number] = act.numbers.values()
    given = Certificate.objects.filter(
        citizen=act.citizen, number=number, issuer=act.issuer, issued_on=act.on, ended_on=None
    )
    given.update(ended_on=act.on if fall.replaced else fall.on)
    return ()


@undo.register
def _(effect: Married, act: Act, fall: Fall) -> Sequence[str]:
    """Both sides at once. A court annuls the marriage; a paper given wrongly never was one. The certificates that the
    marriage had ended stay ended: each may be asked for again."""
    Marriage.objects.filter(
        Q(citizen=act.citizen) | Q(citizen=act.other),
        certificate_number=act.numbers[effect.document],
        issuer=act.issuer,
        since=act.on,
        ending=Marriage.Ending.NONE,
    ).update(
        ending=Marriage.Ending.ANNULMENT if fall.by_court else Marriage.Ending.VOID,
        ended_on=fall.on,
        ending_paper="Bản án, quyết định của Tòa án" if fall.by_court else "Giấy đã thay hoặc thu hồi",
        ending_confirmed=True,
    )
    return ()


@undo.register
def _(effect: Died, act: Act, fall: Fall) -> Sequence[str]:
    """Who was not dead is alive, and the marriage with that person lasts again, unless the other has married since
    (Luật HN&GĐ Điều 67)."""
    dead = act.citizen_of(effect.who)
    assert dead is not None, "whose death was registered is known"
    number = act.numbers[effect.document]
    now = Citizen.objects.get(pk=dead.pk)
    if f" số {number} do {act.issuer} " in now.death_note:
        amend(now, {"deceased_on": None, "death_note": ""}, paper=fall.basis, by=fall.by, at=fall.at)
    ended = Marriage.objects.filter(
        Q(spouse=dead) | Q(citizen=dead),
        ending=Marriage.Ending.DEATH,
        ending_number=number,
        ending_issuer=act.issuer,
        ending_issued_on=act.on,
    )
    couple = set(ended.values_list("citizen_id", flat=True)) | set(ended.values_list("spouse_id", flat=True))
    if Marriage.objects.filter(citizen__in=couple - {None}, ending=Marriage.Ending.NONE).exists():
        return (
            f"Vợ hoặc chồng của {dead.full_name} đã kết hôn với người khác: quan hệ hôn nhân cũ không khôi phục "
            "(Luật Hôn nhân và gia đình Điều 67).",
        )
    ended.update(
        ending=Marriage.Ending.NONE,
        ended_on=None,
        ending_paper="",
        ending_number="",
        ending_issuer="",
        ending_issued_on=None,
        ending_confirmed=False,
    )
    return ()
