"""Who signs proves it, and what was typed opens the signing key for this one request (S-07, S-08)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from oneshop import audit
from oneshop.keys import is_unlocked, keep_unlocked
from oneshop.models import Entry, Officer, officers_commune
from oneshop.roles import DeskRequest
from procedures.forms import Asked, ProofForm
from procedures.forms.books import PasswordForm
from procedures.models import Result, SigningKey
from procedures.signing import signatures, signing_keys
from procedures.signing.signing_keys import KeyRefused, Opened, ServiceAway, WrongPin

log = logging.getLogger(__name__)

TRIES = 5  # wrong passwords or PINs, then none is tried at all for
TRIES_WINDOW = timedelta(minutes=15)


@dataclass(frozen=True)
class Proof:
    """What was typed proves who signs, and perhaps opens the signing key; `trouble` says what does not, and of which
    field."""

    is_proven: bool
    opened: Opened | None = None
    trouble: str = ""
    field: str = "password"


def asked_of(request: DeskRequest, *, at: datetime, always: bool = False) -> Asked:
    """One field for password or PIN where the key is a file; a key elsewhere has a PIN field of its own, so that no
    password is ever tried as a PIN that a token counts. `always`: also who was asked in the last five minutes."""
    row = signing_keys.key_of(request.user)
    if row is not None and row.kind == SigningKey.Kind.FILE:
        return Asked("Mật khẩu hoặc mã PIN của người ký")
    has_pin = row is not None and row.valid_from <= at < row.valid_until
    return Asked("" if is_unlocked(request, at=at) and not always else Asked.label, pin=has_pin)


GIVEN = "Mật khẩu do quản trị đặt: đổi thành mật khẩu của mình (F1) rồi ký."
SLOW = "Đã nhập sai nhiều lần. Đợi 15 phút, hoặc nhờ quản trị đặt lại mật khẩu."


def proof_of(request: DeskRequest, form: ProofForm, *, about: str, at: datetime, kind: str = "case") -> Proof:
    """That who signs is who is signed in: asked now, or in the last five minutes. Call after `is_valid`."""
    password, pin = form.cleaned_data.get("password"), form.cleaned_data.get("pin", "")
    proof = _tried(request, lambda: _prove(request.user, password, pin, at=at), kind=kind, about=about, at=at)
    if proof.is_proven and password is not None:
        keep_unlocked(request, at=at)
    if not proof.is_proven:
        form.add_error(proof.field if proof.field in form.fields else None, f"{proof.trouble} Chưa ký.")
    return proof


def is_own_password(request: DeskRequest, form: PasswordForm, *, kind: str, about: str, at: datetime) -> bool:
    """As `proof_of`, for what a leader confirms without any key."""
    password = form.cleaned_data["password"]
    proof = _tried(request, lambda: _by_password(request.user, password), kind=kind, about=about, at=at)
    if not proof.is_proven:
        form.add_error("password", f"{proof.trouble} Chưa ký.")
    return proof.is_proven


def _tried(request: DeskRequest, prove: Callable[[], Proof], *, kind: str, about: str, at: datetime) -> Proof:
    """A wrong one is written down; after five of them none is tried any more, and none is written down."""
    if request.user.password_is_given:
        return Proof(False, trouble=GIVEN)
    if _tried_too_often(request.user, at=at):
        return Proof(False, trouble=SLOW)
    proof = prove()
    if not proof.is_proven:
        why = "sai mã PIN" if proof.field == "pin" else "sai mật khẩu"
        audit.record("sign_refused", kind, about, by=request.user, at=at, why=why)
    return proof


def _tried_too_often(officer: Officer, *, at: datetime) -> bool:
    """Whoever sits at a screen that was left open guesses as slowly here as at the door (S-10)."""
    wrong = Entry.objects.filter(
        commune=officer.commune_id, officer_id=officer.pk, act="sign_refused", at__gt=at - TRIES_WINDOW
    )
    return wrong.count() >= TRIES


def _prove(officer: Officer, password: str | None, pin: str, *, at: datetime) -> Proof:
    """`password` is None for who was asked in the last minutes."""
    row = signing_keys.key_of(officer)
    if row is not None and row.kind == SigningKey.Kind.FILE:
        return _by_file(row, officer, password or "", at=at)
    known = Proof(True) if password is None else _by_password(officer, password)
    if not known.is_proven or row is None or not pin:
        return known
    try:
        return Proof(True, signing_keys.unlock(row, pin, at=at))
    except KeyRefused as refused:
        return Proof(False, trouble=refused.sentence, field="pin")
    except ServiceAway as away:
        log.warning("signing key: %s", away)
        return Proof(True, trouble="Dịch vụ hoặc thiết bị ký số chưa trả lời; giấy đã ký chờ chữ ký số.")


def _by_password(officer: Officer, password: str) -> Proof:
    return Proof(True) if officer.check_password(password) else Proof(False, trouble="Mật khẩu không đúng.")


def _by_file(row: SigningKey, officer: Officer, secret: str, *, at: datetime) -> Proof:
    """The log-in's password, or the PIN that opens the officer's own key file: having the file and knowing its PIN is
    the stronger proof, and so one field is enough."""
    is_password = officer.check_password(secret)
    try:
        return Proof(True, signing_keys.unlock(row, secret, at=at))
    except WrongPin as wrong:
        return Proof(is_password, trouble=wrong.sentence if is_password else "Mật khẩu hoặc mã PIN không đúng.")
    except KeyRefused as refused:
        return Proof(is_password, trouble=refused.sentence)


def sign_files_after(officer: Officer, results: Sequence[Result], proof: Proof) -> None:
    """Sign the files once the act is committed; what does not succeed waits on the leader's page, nothing is undone."""
    if proof.opened is not None:
        transaction.on_commit(partial(_sign_files, officer, [result.pk for result in results], proof.opened))


def _sign_files(officer: Officer, pks: Sequence[int], opened: Opened) -> None:
    try:
        with officers_commune(officer):
            results = Result.objects.filter(pk__in=pks).order_by("pk")
            signatures.sign_as_leader(results, opened, by=officer, at=timezone.now())
    except Exception:
        log.exception("digital signature of %s left waiting", pks)
