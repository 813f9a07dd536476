"""Citizens see who looked: the diary's lines about a person in words of every day, behind a code that opens once.

Source: issue of the papers that cannot lie, item 7; one-stop.md I.1, quality.md 10.4. Officers are not named: the
office answers for them, and a name on a telephone would be a new look at somebody.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from citizens.models import Citizen, DisabilityRecord, HouseholdMember, RegisterPerson
from oneshop import audit, walls
from oneshop.models import Commune, Entry, Officer
from procedures.models import Case, LookCode

OPENS_FOR = timedelta(minutes=30)
TRIES = 5
SHOWN = timedelta(days=730)
LOOKS = ("look", "visit", "print", "check_file", "own_look")

OWN_WISH = "own_look"
ROUTINE = {
    "xuất trình thẻ hoặc số định danh": "ông/bà đưa thẻ hoặc số định danh tại quầy",
    "xuất trình thẻ tại quầy": "ông/bà đưa thẻ tại quầy của xã này",
}
KINDS = {
    "citizen": "xem thông tin cá nhân",
    "disability": "xem hồ sơ khuyết tật",
    "household": "xem hồ sơ hộ gia đình",
    "register_entry": "xem sổ hộ tịch",
}


@dataclass(frozen=True)
class Look:
    """What an office did on one day for one purpose, so many times."""

    on: date
    office: str
    purpose: str
    times: int


def new_code(citizen: Citizen, *, by: Officer, at: datetime) -> LookCode:
    """A code that opens once within OPENS_FOR; an earlier one opens no more. Needs the officer's own commune."""
    assert by.commune_id is not None, "who gives a code belongs to a commune"
    with transaction.atomic():
        LookCode.objects.filter(commune=by.commune_id, citizen=citizen, used_at=None).delete()
        made: LookCode = LookCode.objects.create(
            commune_id=by.commune_id, citizen=citizen, nonce=secrets.token_hex(16), at=at, by=by
        )
        audit.record("give_look_code", "citizen", citizen.pk, by=by, at=at)
    return made


def digits_of(code: LookCode) -> str:
    """Its six digits, computed from the row and the server's secret: who reads the table alone cannot open it."""
    mac = salted_hmac("procedures.looks", f"{code.commune_id}/{code.citizen_id}/{code.nonce}", algorithm="sha256")
    return f"{int.from_bytes(mac.digest()[:8], 'big') % 1_000_000:06}"


def code_open_for(citizen: Citizen, commune_id: int, *, at: datetime) -> LookCode | None:
    """The code that would open now."""
    return _open(commune_id, [citizen.pk], at=at).first()


def opened_by(case: Case, typed: str, *, at: datetime) -> Citizen | None:
    """Whose looks these six digits open from the status page of `case`; the code is used up, and the look is written.

    After TRIES wrong tries the codes of the case's people open no more. One conditional UPDATE each: digits sent twice
    at once open once.
    """
    people = [pk for pk in (case.citizen_id, case.other_id) if pk]
    with transaction.atomic():
        tried = _open(case.commune_id, people, at=at)
        for code in tried.select_related("citizen"):
            if not hmac.compare_digest(digits_of(code), typed):
                continue
            if LookCode.objects.filter(pk=code.pk, used_at=None, tries__lt=TRIES).update(used_at=at):
                audit.record(OWN_WISH, "citizen", code.citizen_id, by=None, at=at, commune_id=case.commune_id)
                return code.citizen
        tried.update(tries=F("tries") + 1)
    return None


def _open(commune_id: int, citizens: Collection[int], *, at: datetime) -> QuerySet[LookCode]:
    return LookCode.objects.filter(
        commune=commune_id, citizen__in=citizens, used_at=None, tries__lt=TRIES, at__gt=at - OPENS_FOR
    )


def looks_at(citizen: Citizen, *, at: datetime) -> Sequence[Look]:
    """Who looked at this person's data in the last two years, in every commune, the latest first."""
    counted: Counter[tuple[date, str, str]] = Counter()
    for commune in Commune.objects.filter(is_served=True).prefetch_related("names").order_by("code"):
        with walls.within(commune.pk):
            for line in _lines(citizen, commune, since=at - SHOWN):
                on = timezone.localtime(line.at).date()
                counted[on, commune.name_on(on).full, purpose_of(line)] += 1
    found = [Look(on, office, purpose, times) for (on, office, purpose), times in counted.items()]
    return sorted(found, key=lambda look: (-look.on.toordinal(), look.office, look.purpose))


def _lines(citizen: Citizen, commune: Commune, *, since: datetime) -> Sequence[Entry]:
    """The diary lines of one commune about this person; call inside its walls."""
    codes = list(Case.objects.here(commune.pk).about(citizen).values_list("code", flat=True))
    entries = RegisterPerson.objects.filter(citizen=citizen).values_list("entry_id", flat=True)
    households = HouseholdMember.objects.filter(citizen=citizen).values_list("household_id", flat=True)
    files = DisabilityRecord.objects.filter(citizen=citizen).values_list("pk", flat=True)
    about = Q(kind="citizen", key=str(citizen.pk)) | Q(kind="case", key__in=codes)
    for kind, keys in (("register_entry", entries), ("household", households), ("disability", files)):
        about |= Q(kind=kind, key__in=[str(key) for key in keys])
    for code in codes:
        about |= Q(kind__in=("result", "slip"), key__startswith=f"{code}/")
    return list(Entry.objects.filter(about, commune=commune, act__in=LOOKS, at__gt=since))


def purpose_of(line: Entry) -> str:
    """In words of every day; long numbers that an officer typed are somebody's, and left out."""
    why = line.why.strip()
    if line.act == OWN_WISH:
        return "chính ông/bà xem trang này"
    if line.act == "check_file":
        return "có người kiểm tra tệp giấy của ông/bà có thật không"
    if line.kind in ("case", "result", "slip"):
        what = "in giấy tờ của" if line.act == "print" else "giải quyết"
        return f"{what} hồ sơ {line.key.split('/')[0]}"
    if why.startswith("hồ sơ "):
        return f"giải quyết {why}"
    why = ROUTINE.get(why, re.sub(r"\d{6,}", "…", why))
    kind = KINDS.get(line.kind, "xem dữ liệu")
    return f"{kind}: {why}" if why and why not in ROUTINE.values() else why or kind
