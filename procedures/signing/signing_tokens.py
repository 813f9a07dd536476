"""Keys that lie in a token or a security module (PKCS#11): they sign inside it and never leave it.

The module is a library of the token's maker on this server (ONESHOP_PKCS11_MODULE). A session is opened for each
signature and closed after it, so that a token may be pulled out and put back; each process loads the library for
itself, since it does not outlive a fork. Source: one-stop.md G.5.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from pkcs11 import Attribute, Mechanism, ObjectClass
from pkcs11.exceptions import PinIncorrect, PinInvalid, PinLenRange, PKCS11Error
from pkcs11.util.ec import encode_ecdsa_signature


class TokenAway(Exception):
    """The token is not there, or does not do what is asked of it; the words never repeat a PIN."""


class TokenRefused(Exception):
    """There is no such key in it, or no certificate beside the key."""


class WrongTokenPin(Exception):
    pass


def parts(reference: str) -> tuple[str, str]:
    """`mã token/tên khóa`: the labels of token and key. Raises TokenRefused for what has another shape."""
    token, slash, key = reference.strip().partition("/")
    if not (slash and token and key):
        raise TokenRefused("Ghi nhãn token và tên khóa, cách nhau bằng dấu gạch chéo.")
    return token, key


def certificate_in(reference: str, pin: str) -> x509.Certificate:
    """The certificate that lies beside the key under the same label. Raises TokenAway, TokenRefused, WrongTokenPin."""
    _, label = parts(reference)
    with _session(reference, pin) as session:
        _private_key(session, label)
        # to the end: a search that is left half way outlives its session
        found = list(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.LABEL: label}))
        if not found:
            raise TokenRefused("Token không có chứng thư cùng tên với khóa.")
        return x509.load_der_x509_certificate(found[0][Attribute.VALUE])


def sign(reference: str, pin: str, data: bytes, digest: hashes.HashAlgorithm, certificate: x509.Certificate) -> bytes:
    """The signature of `data` as CMS wants it: PKCS#1 v1.5, or ECDSA in DER. Raises as `certificate_in`."""
    hashed = hashes.Hash(digest)
    hashed.update(data)
    _, label = parts(reference)
    with _session(reference, pin) as session:
        key = _private_key(session, label)
        if isinstance(certificate.public_key(), rsa.RSAPublicKey):
            return bytes(key.sign(data, mechanism=_RSA[digest.name]))
        raw = key.sign(hashed.finalize(), mechanism=Mechanism.ECDSA)
        return bytes(encode_ecdsa_signature(raw))


_RSA = {
    "sha256": Mechanism.SHA256_RSA_PKCS,
    "sha384": Mechanism.SHA384_RSA_PKCS,
    "sha512": Mechanism.SHA512_RSA_PKCS,
}


@contextmanager
def _session(reference: str, pin: str) -> Iterator[Any]:
    token, _ = parts(reference)
    try:
        with _library(settings.PKCS11_MODULE).get_token(token_label=token).open(user_pin=pin) as session:
            yield session
    except (PinIncorrect, PinInvalid, PinLenRange) as wrong:
        raise WrongTokenPin from wrong
    except (PKCS11Error, OSError, RuntimeError) as error:
        raise TokenAway(f"token {token}: {type(error).__name__}") from error


def _private_key(session: Any, label: str) -> Any:
    found = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: label}))
    if not found:
        raise TokenRefused("Token không có khóa mang tên này.")
    return found[0]


@cache
def _library(path: str) -> Any:
    return pkcs11.lib(path)
