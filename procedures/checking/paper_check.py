"""Is a paper ours: by its offline code, by the bytes of its file, by the link that stands in it. Never by a person.

A link names its commune. A hash alone does not, so the communes are asked one after the other, each behind its own
wall, and only whether these very bytes are theirs.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet
from django.utils import timezone

from oneshop import walls
from oneshop.models import Commune
from procedures.checking.offline_code import Code, Said, digits_mark, holds, read
from procedures.models import CheckKey, Result, Signature

LARGEST = 5_000_000  # bytes of a file that is looked at
LINK = re.compile(r"/[Kk]/([0-9]{5})/([0-9A-Za-z]{26})")
LINK_IN_FILE = re.compile(rb"/K/([0-9]{5})/([0-9A-HJKMNP-TV-Z]{26})")
SHA256 = re.compile(r"[0-9a-fA-F]{64}")


class Verdict(StrEnum):
    """What may be concluded of an offline code."""

    GENUINE = "genuine"
    CHANGED = "changed"  # the key is ours, the words are not those it signed
    UNKNOWN_KEY = "unknown_key"
    LEAKED = "leaked"  # signed with a key that others may hold: only the link tells


@dataclass(frozen=True)
class Judged:
    """An offline code and what it is worth; `said` may be believed only where the verdict is GENUINE."""

    verdict: Verdict
    said: Said
    key_id: str

    def goes_with(self, last_four: str) -> bool:
        return digits_mark(self.said.token, last_four) == self.said.mark


@dataclass(frozen=True)
class FileFound:
    """What a file turned out to be. `result` None: nothing in it is ours. `is_whole`: byte for byte as we keep it."""

    sha256: str
    commune_id: int | None
    result: Result | None
    is_whole: bool
    notes: Sequence[str] = ()


def judge_code(text: str) -> Judged:
    """Judge an offline code with the public keys alone; no case and no result is looked up. Raises NotACode."""
    code = read(text)
    for commune in _communes(code.said.commune_code):
        with walls.within(commune.pk):
            key = CheckKey.objects.filter(commune=commune, key_id=code.key_id).defer("sealed").first()
        if key is not None:
            return Judged(judged_with(code, key), code.said, code.key_id)
    return Judged(Verdict.UNKNOWN_KEY, code.said, code.key_id)


def judged_with(code: Code, key: CheckKey) -> Verdict:
    """What `code` is worth under `key`: signed by it, while it was in use, and nobody else had it."""
    if not holds(code, bytes(key.public)):
        return Verdict.CHANGED
    if key.is_leaked:
        return Verdict.LEAKED
    first, last = timezone.localtime(key.since).date(), key.until and timezone.localtime(key.until).date()
    in_use = first <= code.said.issued_on and (last is None or code.said.issued_on <= last)
    return Verdict.GENUINE if in_use else Verdict.CHANGED


def link_in(text: str) -> tuple[str, str] | None:
    """Commune and token of a check link, typed or scanned with whatever stands around it."""
    found = LINK.search("".join(text.split()))
    return (found[1], found[2].upper()) if found else None


def of_file(data: bytes) -> FileFound:
    """Whose file this is. The bytes decide; else the link that our papers carry in their metadata says what it claims
    to be, so that a changed copy is told from a stranger's file. The file is searched, never interpreted: a reader of
    PDFs is no thing to hand to everybody's files."""
    sha256 = hashlib.sha256(data).hexdigest()
    claim = LINK_IN_FILE.search(data)
    communes = _communes(claim[1].decode()) if claim else []
    for commune in [*communes, *(other for other in _communes() if other not in communes)]:
        if result := _with_hash(commune, sha256):
            return FileFound(sha256, commune.pk, result, True, _signed_by(result, sha256))
    for commune in communes:
        assert claim is not None
        with walls.within(commune.pk):
            if result := _results(commune).filter(token=claim[2].decode()).first():
                return FileFound(sha256, commune.pk, result, False)
    return FileFound(sha256, None, None, False)


def of_hash(sha256: str) -> FileFound:
    """Whose file has this SHA-256, 64 hexadecimal digits."""
    wanted = sha256.lower()
    for commune in _communes():
        if result := _with_hash(commune, wanted):
            return FileFound(wanted, commune.pk, result, True, _signed_by(result, wanted))
    return FileFound(wanted, None, None, False)


def _with_hash(commune: Commune, sha256: str) -> Result | None:
    """The result of which these are the bytes: as rendered at its signature, or with its digital signatures."""
    with walls.within(commune.pk):
        found = _results(commune).filter(sha256=sha256).first()
        if found is None and (signed := Signature.objects.filter(commune=commune, sha256=sha256).first()):
            found = _results(commune).filter(pk=signed.result_id).first()
        return found


def _signed_by(result: Result, sha256: str) -> list[str]:
    """Whose digital signatures stand in a file that is byte for byte ours: known without reading it."""
    with walls.within(result.commune_id):
        rows = list(Signature.objects.filter(result=result).defer("pdf"))
    held = next((place for place, row in enumerate(rows) if row.sha256 == sha256), -1)
    return [
        f"{row.get_kind_display()}: {_common_name(row.subject)}, {timezone.localtime(row.at):%H:%M ngày %d/%m/%Y}"
        + (", có dấu thời gian" if row.is_stamped else "")
        + (", CHỨNG THƯ THỬ" if row.key.is_test else "")
        + "."
        for row in rows[: held + 1]
    ]


def _common_name(subject: str) -> str:
    found = re.search(r"CN=([^,+]+)", subject)
    return found[1] if found else subject


def _results(commune: Commune) -> QuerySet[Result]:
    return Result.objects.filter(commune=commune).select_related("case", "commune").defer("pdf")


def _communes(code: str = "") -> list[Commune]:
    """Communes that have issued papers here, of today and of the past, today's first."""
    found = Commune.objects.filter(is_served=True).order_by("-opened_on", "code")
    return list(found.filter(code=code) if code else found)
