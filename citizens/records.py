"""Carries out on a citizen's record what a signed result does to it, inside the transaction of the signature."""

from collections.abc import Iterable
from datetime import date

from citizens.effects import CertificateGiven, CertificatesTakenBack, Effect
from citizens.models import Certificate, Citizen


def carry_out(
    effects: Iterable[Effect], citizen: Citizen, *, number: str, issuer: str, commune_id: int, on: date
) -> None:
    """Apply `effects` of the result `number`, issued by `issuer` on the day `on`."""
    for effect in effects:
        match effect:
            case CertificatesTakenBack():
                Certificate.objects.filter(citizen=citizen, returned_on=None, expires_on__gte=on).update(returned_on=on)
            case CertificateGiven():
                Certificate.objects.create(
                    commune_id=commune_id,
                    citizen=citizen,
                    number=number,
                    issuer=issuer,
                    issued_on=on,
                    expires_on=effect.expires_on,
                    for_marriage=effect.for_marriage,
                    purpose=effect.purpose,
                )
