"""Trial keys: every leader's and each office's, from an authority that nobody else trusts; their PIN is the password.

From today on the communes sign digitally, but for the last one, which signs by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from oneshop.demo.units import PASSWORD
from oneshop.models import Commune, Errand, Officer
from oneshop.roles import Role
from procedures.catalogue import catalogue
from procedures.house_points import REFUSALS_DIGITAL, digital_point
from procedures.models import Result, Ruling, SigningKey
from procedures.signing import signatures, signing_keys, trial_keys
from procedures.signing.signatures import Standing
from procedures.signing.signing_keys import Opened


def fill_keys(commune: Commune, trusted: trial_keys.Authority, *, by: Officer, is_digital: bool) -> None:
    """Keys for everyone who signs, and whether they are used from today on."""
    now = timezone.now()
    office = f"UBND {commune.name_on(now.date()).full}"
    for leader in Officer.objects.filter(commune=commune, roles__contains=[Role.SIGNER]):
        file = trial_keys.file_of(trusted, leader.full_name, PASSWORD, at=now, organisation=office)
        key = signing_keys.keep_file(file, PASSWORD, commune=commune, officer=leader, by=leader, at=now)
        signing_keys.keep_picture(key, trial_keys.hand(), by=leader, at=now)
    seal = trial_keys.file_of(trusted, office, PASSWORD, at=now)
    key = signing_keys.keep_file(seal, PASSWORD, commune=commune, officer=None, by=by, at=now)
    signing_keys.keep_picture(key, trial_keys.seal(), by=by, at=now)
    if not is_digital:
        return
    points = [*(digital_point(procedure.key, procedure.name) for procedure in catalogue()), REFUSALS_DIGITAL]
    Ruling.objects.bulk_create(
        Ruling(
            commune=commune,
            key=point.key,
            value="yes",
            valid_from=timezone.localdate(now),
            source="Dữ liệu thử",
            by=by,
            at=now,
        )
        for point in points
    )


def sign_files(results: Sequence[Result], *, by: Officer, at: datetime) -> None:
    """What the sign page and the errands do for results that are to be signed digitally."""
    owed = [result for result in results if signatures.standing_of(result) == Standing.WAITS_FOR_LEADER]
    if not owed:
        return
    signatures.sign_as_leader(owed, _opened(by.pk, at), by=by, at=at)
    for errand in Errand.objects.filter(kind="seal", done_at=None):
        signatures.seal(errand, at=at)
        errand.done_at = at
        errand.save(update_fields=["done_at"])


def _opened(officer_pk: int, at: datetime) -> Opened:
    return signing_keys.unlock(SigningKey.objects.get(officer=officer_pk, ended_at=None), PASSWORD, at=at)
