"""Keys that sign papers, behind one small port: a file under a PIN, a service far away, a token in the server.

Each way ends in a pyHanko `Signer` that keeps its key open for as long as one request or errand needs it; pyHanko's own
SimpleSigner parses and checks an RSA key anew at every signature, which costs ten times as much as signing
(feasibility-pdf-pg.md 5). Source of what is recorded: one-stop.md G.5.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import algos
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from django.conf import settings
from django.db import transaction
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from oneshop import audit
from oneshop.models import Commune, Officer
from procedures.models import SigningKey
from procedures.signing import signature_pictures, signing_tokens

LARGEST = 50_000  # bytes of a PKCS#12 file; honest ones have a few thousand
PATIENCE = 20.0  # seconds for a service far away


class KeyRefused(Exception):
    """The key does not open or may not sign; the sentence says why and never repeats a PIN."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class WrongPin(KeyRefused):
    def __init__(self) -> None:
        super().__init__("Mã PIN của chữ ký số không đúng.")


class ServiceAway(Exception):
    """The signing service does not answer or refuses for now: to be tried again."""


@dataclass(frozen=True)
class Opened:
    """A key ready to sign, with the row that it came from."""

    row: SigningKey
    signer: Signer


class HeldKey(Signer):
    """Signs with a private key that was opened once."""

    def __init__(self, certificate: x509.Certificate, key: Any, chain: Sequence[x509.Certificate]) -> None:
        store = _no_chain()
        store.register_multiple(_asn1(link) for link in chain)
        super().__init__(signing_cert=_asn1(certificate), cert_registry=store, embed_roots=False)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        digest = _HASHES[digest_algorithm.lower().replace("-", "")]
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), digest)
        assert isinstance(self._key, ec.EllipticCurvePrivateKey), "keys_of_file lets in RSA and EC alone"
        return self._key.sign(data, ec.ECDSA(digest))


class RemoteKey(Signer):
    """Signs by a service of the Cloud Signature Consortium (API v1: credentials/authorize, signatures/signHash)."""

    def __init__(self, certificate: x509.Certificate, reference: str, pin: str) -> None:
        super().__init__(signing_cert=_asn1(certificate), cert_registry=_no_chain(), embed_roots=False)
        self._reference, self._pin, self._is_rsa = (
            reference,
            pin,
            isinstance(certificate.public_key(), rsa.RSAPublicKey),
        )
        self._size = (certificate.public_key().key_size + 7) // 8  # type: ignore[union-attr]

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if dry_run:  # how much room the signature will take; nobody is asked for that
            return bytes(self._size if self._is_rsa else 2 * self._size + 9)
        digest = hashes.Hash(_HASHES[digest_algorithm.lower().replace("-", "")])
        digest.update(data)
        hash_ = base64.b64encode(digest.finalize()).decode()
        credential = {"credentialID": self._reference}
        leave = csc("credentials/authorize", credential | {"numSignatures": 1, "hash": [hash_], "PIN": self._pin})
        answer = csc(
            "signatures/signHash",
            credential
            | {
                "SAD": leave.get("SAD", ""),
                "hash": [hash_],
                "hashAlgo": algos.DigestAlgorithmId(digest_algorithm).dotted,
                "signAlgo": "1.2.840.113549.1.1.11" if self._is_rsa else "1.2.840.10045.4.3.2",
            },
        )
        try:
            return base64.b64decode(answer["signatures"][0], validate=True)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise ServiceAway("signatures/signHash: không có chữ ký") from error


class TokenKey(Signer):
    """Signs inside a token; the PIN lives as long as the request."""

    def __init__(self, certificate: x509.Certificate, reference: str, pin: str) -> None:
        super().__init__(signing_cert=_asn1(certificate), cert_registry=_no_chain(), embed_roots=False)
        self._certificate, self._reference, self._pin = certificate, reference, pin

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if dry_run:
            public = self._certificate.public_key()
            size = (public.key_size + 7) // 8  # type: ignore[union-attr]
            return bytes(size if isinstance(public, rsa.RSAPublicKey) else 2 * size + 9)
        with _of_token():
            digest = _HASHES[digest_algorithm.lower().replace("-", "")]
            return signing_tokens.sign(self._reference, self._pin, data, digest, self._certificate)


@contextmanager
def _of_token() -> Iterator[None]:
    """What goes wrong with a token, in the words of this port."""
    try:
        yield
    except signing_tokens.WrongTokenPin as wrong:
        raise WrongPin from wrong
    except signing_tokens.TokenRefused as refused:
        raise KeyRefused(str(refused)) from refused
    except signing_tokens.TokenAway as away:
        raise ServiceAway(str(away)) from away


_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


def csc(act: str, body: dict[str, object]) -> dict[str, Any]:
    """Ask the service; raises ServiceAway without repeating what was sent."""
    request = urllib.request.Request(  # noqa: S310 (checks.py lets in https and loopback alone)
        f"{settings.CSC_ADDRESS.rstrip('/')}/csc/v1/{act}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {settings.CSC_SECRET}"},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            found = json.loads(answer.read(200_000))
    except (OSError, http.client.HTTPException, ValueError) as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()  # it holds the connection
        raise ServiceAway(f"{act}: {type(error).__name__} {getattr(error, 'code', '')}".strip()) from error
    if not isinstance(found, dict):
        raise ServiceAway(f"{act}: câu trả lời lạ")
    return found


# --- files ---
@dataclass(frozen=True)
class InFile:
    """What a PKCS#12 file holds."""

    certificate: x509.Certificate
    key: Any
    chain: tuple[x509.Certificate, ...]


def keys_of_file(data: bytes, pin: str) -> InFile:
    """Open a PKCS#12 file. Raises WrongPin, or KeyRefused for a file that is none or holds no key that may sign."""
    if len(data) > LARGEST:
        raise KeyRefused("Tệp quá lớn, không phải tệp chứng thư số.")
    try:
        key, certificate, chain = pkcs12.load_key_and_certificates(data, pin.encode())
    except ValueError as error:
        if "password" in str(error).lower() or "mac" in str(error).lower():
            raise WrongPin from error
        raise KeyRefused("Tệp không phải tệp chứng thư số (.p12, .pfx).") from error
    if certificate is None or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise KeyRefused("Tệp không có khóa ký RSA hoặc ECDSA kèm chứng thư.")
    return InFile(certificate, key, tuple(chain))


def keep_file(
    data: bytes, pin: str, *, commune: Commune, officer: Officer | None, by: Officer | None, at: datetime
) -> SigningKey:
    """Keep an officer's key file (without its PIN) or the office's seal; the one before ends. Raises KeyRefused.

    The officer's own name must stand in the certificate: nobody signs with somebody else's.
    """
    held = keys_of_file(data, pin)
    secret = b"" if officer else _sealed(pin, commune.pk)
    return _keep(
        held.certificate,
        commune=commune,
        officer=officer,
        by=by,
        at=at,
        kind=SigningKey.Kind.FILE,
        file=data,
        secret=secret,
    )


def keep_remote(
    reference: str, *, commune: Commune, officer: Officer | None, by: Officer | None, at: datetime
) -> SigningKey:
    """Keep the name of a key at the signing service, with the certificate that the service shows for it.

    Raises KeyRefused as `keep_file` does, ServiceAway if the service does not answer.
    """
    found = csc("credentials/info", {"credentialID": reference, "certificates": "chain"})
    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode(found["cert"]["certificates"][0]))
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise KeyRefused("Dịch vụ ký không đưa ra chứng thư của khóa này.") from error
    return _keep(
        certificate,
        commune=commune,
        officer=officer,
        by=by,
        at=at,
        kind=SigningKey.Kind.REMOTE,
        file=certificate.public_bytes(Encoding.DER),
        reference=reference,
    )


def keep_token(
    reference: str, pin: str, *, commune: Commune, officer: Officer | None, by: Officer | None, at: datetime
) -> SigningKey:
    """Keep the name of a key in a token (`nhãn token/tên khóa`), with the certificate beside it. The PIN proves that it
    opens; that of an officer is kept nowhere. Raises WrongPin, KeyRefused, ServiceAway while the token is away.
    """
    with _of_token():
        certificate = signing_tokens.certificate_in(reference, pin)
    return _keep(
        certificate,
        commune=commune,
        officer=officer,
        by=by,
        at=at,
        kind=SigningKey.Kind.TOKEN,
        file=certificate.public_bytes(Encoding.DER),
        reference=reference.strip(),
        secret=b"" if officer else _sealed(pin, commune.pk),
    )


def _keep(
    certificate: x509.Certificate,
    *,
    commune: Commune,
    officer: Officer | None,
    by: Officer | None,
    at: datetime,
    **held: object,
) -> SigningKey:
    """Write the row of a key, wherever it lies; the one before ends."""
    if not certificate.not_valid_before_utc <= at < certificate.not_valid_after_utc:
        raise KeyRefused("Chứng thư đã hết hạn hoặc chưa có hiệu lực.")
    if officer is not None and _name_of(certificate).casefold() != officer.full_name.casefold():
        raise KeyRefused("Tên trên chứng thư không phải tên của ông/bà.")
    with transaction.atomic():
        before = SigningKey.objects.filter(commune=commune, officer=officer, ended_at=None)
        picture = next((bytes(key.picture) for key in before), b"")  # the hand stays the same
        before.update(ended_at=at)
        row: SigningKey = SigningKey.objects.create(
            commune=commune,
            officer=officer,
            subject=certificate.subject.rfc4514_string()[:300],
            serial=f"{certificate.serial_number:x}",
            valid_from=certificate.not_valid_before_utc,
            valid_until=certificate.not_valid_after_utc,
            is_test="TEST" in certificate.issuer.rfc4514_string(),
            at=at,
            by=by,
            picture=picture,
            **held,
        )
        audit.record("keep_key", "signing_key", row.serial, by=by, at=at, why=row.subject, commune_id=commune.pk)
    return row


def keep_picture(row: SigningKey, data: bytes, *, by: Officer, at: datetime) -> None:
    """What papers show of this key from now on. Raises PictureRefused."""
    picture = signature_pictures.cleaned(data)
    with transaction.atomic():
        SigningKey.objects.filter(pk=row.pk, ended_at=None).update(picture=picture)
        audit.record("keep_picture", "signing_key", row.serial, by=by, at=at, commune_id=row.commune_id)


def key_of(officer: Officer) -> SigningKey | None:
    return SigningKey.objects.filter(officer=officer, ended_at=None).first()


def seal_of(commune_id: int) -> SigningKey | None:
    return SigningKey.objects.filter(commune=commune_id, officer=None, ended_at=None).first()


def unlock(row: SigningKey, pin: str, *, at: datetime) -> Opened:
    """Open a key for one request. Raises WrongPin, KeyRefused when its certificate does not hold at `at`."""
    if not row.valid_from <= at < row.valid_until:
        raise KeyRefused("Chứng thư của chữ ký số đã hết hạn hoặc chưa có hiệu lực.")
    if row.kind == SigningKey.Kind.REMOTE:
        return Opened(row, RemoteKey(x509.load_der_x509_certificate(bytes(row.file)), row.reference, pin))
    if row.kind == SigningKey.Kind.TOKEN:
        certificate = x509.load_der_x509_certificate(bytes(row.file))
        with _of_token():  # a wrong PIN is said now, and once: a token locks itself after a few
            if signing_tokens.certificate_in(row.reference, pin) != certificate:
                raise KeyRefused("Trong token là chứng thư khác với chứng thư đã nạp. Nạp lại.")
        return Opened(row, TokenKey(certificate, row.reference, pin))
    held = keys_of_file(bytes(row.file), pin)
    return Opened(row, HeldKey(held.certificate, held.key, held.chain))


def open_seal(commune_id: int, *, at: datetime) -> Opened | None:
    """The seal of the office, which opens by itself; None where there is none. Raises KeyRefused."""
    row = seal_of(commune_id)
    if row is None:
        return None
    return unlock(row, _unsealed(bytes(row.secret), commune_id) if row.secret else "", at=at)


def _name_of(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


def _no_chain() -> SimpleCertificateStore:
    return SimpleCertificateStore()  # type: ignore[no-untyped-call]


def _asn1(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))


# --- the pass phrase of the seal ---
def _sealing_key(secret: str, commune_id: int) -> bytes:
    return HKDF(hashes.SHA256(), 32, b"oneshop", f"seal {commune_id}".encode()).derive(secret.encode())


def _sealed(pin: str, commune_id: int) -> bytes:
    nonce = os.urandom(12)
    return nonce + AESGCM(_sealing_key(settings.SECRET_KEY, commune_id)).encrypt(nonce, pin.encode(), None)


def _unsealed(secret: bytes, commune_id: int) -> str:
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return AESGCM(_sealing_key(key, commune_id)).decrypt(secret[:12], secret[12:], None).decode()
        except InvalidTag:
            continue
    raise KeyRefused("Không mở được con dấu số: khóa bí mật của máy chủ đã đổi. Nạp lại tệp con dấu.")
