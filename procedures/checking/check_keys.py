"""The keys behind the offline codes: one living key a commune, the old ones' public halves for ever.

The private half lies in the database, encrypted under a key derived from the server's secret (HKDF, bound to this
commune and key), and not in a file of its own. So every server process and a second host sign alike, nothing more has
to be laid out or copied, and a stolen database or backup alone signs nothing. Who has both has the portal anyway. After
a change of SECRET_KEY the fallbacks still open it; where none does, the commune goes on with a new key, and papers
signed before stay checkable: that needs the public half only.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import connection, transaction

from oneshop import audit
from oneshop.models import Officer
from procedures.checking.offline_code import Said, key_id_of, written
from procedures.models import CheckKey

log = logging.getLogger("oneshop")

NONCE = b"\0" * 12  # each sealing key is derived for one private key and used once


def signed_code(said: Said, *, commune_id: int, by: Officer | None, at: datetime) -> str:
    """The offline code of a result, inside the transaction of its signature; makes the commune's first key itself."""
    return written(said, _living(commune_id, by=by, at=at))


def be_ready(commune_id: int, *, by: Officer | None, at: datetime) -> None:
    """Have a key before any book is locked: who waits here for the commune's first key must hold no number yet."""
    _living(commune_id, by=by, at=at)


def new_key(
    commune_id: int, *, by: Officer | None, at: datetime, reason: str = "", old_leaked: bool = False
) -> CheckKey:
    """Sign with a new key from now on. `old_leaked`: what the former one signed proves nothing any more."""
    with transaction.atomic():
        _one_at_a_time(commune_id)
        CheckKey.objects.filter(commune=commune_id, until=None).update(until=at, is_leaked=old_leaked, reason=reason)
        return _made(commune_id, by=by, at=at, why=reason or "khóa mới")


def keys_of(commune_id: int) -> Sequence[CheckKey]:
    """All keys of a commune, the living one first; call inside its walls."""
    return list(CheckKey.objects.filter(commune=commune_id).defer("sealed"))


def _living(commune_id: int, *, by: Officer | None, at: datetime) -> Ed25519PrivateKey:
    row = CheckKey.objects.filter(commune=commune_id, until=None).first()
    if row is None:
        _one_at_a_time(commune_id)  # two leaders may sign the commune's first two papers in the same moment
        row = CheckKey.objects.filter(commune=commune_id, until=None).first()
        row = row or _made(commune_id, by=by, at=at, why="khóa đầu tiên")
    opened = _opened(row)
    if opened is None:
        log.error("check key %s cannot be opened with SECRET_KEY or its fallbacks; a new one is made", row.key_id)
        opened = _opened(new_key(commune_id, by=by, at=at, reason="SECRET_KEY đã đổi, không mở được khóa cũ"))
    assert opened is not None, "a key sealed a moment ago opens"
    return opened


def _made(commune_id: int, *, by: Officer | None, at: datetime, why: str) -> CheckKey:
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    key_id = key_id_of(public)
    sealed = AESGCM(_sealing_key(settings.SECRET_KEY, commune_id, key_id)).encrypt(NONCE, key.private_bytes_raw(), None)
    row: CheckKey = CheckKey.objects.create(
        commune_id=commune_id, key_id=key_id, public=public, sealed=sealed, since=at
    )
    audit.record("make_key", "check_key", key_id, by=by, at=at, why=why, commune_id=commune_id)
    return row


def _opened(row: CheckKey) -> Ed25519PrivateKey | None:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            raw = AESGCM(_sealing_key(secret, row.commune_id, row.key_id)).decrypt(NONCE, bytes(row.sealed), None)
        except InvalidTag:
            continue
        return Ed25519PrivateKey.from_private_bytes(raw)
    return None


def _sealing_key(secret: str, commune_id: int, key_id: str) -> bytes:
    info = f"oneshop check key {commune_id} {key_id}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret.encode())


def _one_at_a_time(commune_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('check_key', %s))", [commune_id])
