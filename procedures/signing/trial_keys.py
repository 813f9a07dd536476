"""Keys for the demo and the tests: an authority of our own, its name saying TEST, and what it issues."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image, ImageDraw

LASTS = timedelta(days=365)


@dataclass(frozen=True)
class Authority:
    """A certificate authority nobody else trusts."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def _name(common: str, organisation: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN")]
    parts += [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation)] if organisation else []
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def authority(at: datetime) -> Authority:
    """A fresh authority, marked TEST in its name."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("oneshop TEST CA (BẢN THỬ)")
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + 2 * LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Authority(made, key)


def file_of(
    trusted: Authority, name: str, pin: str, *, at: datetime, organisation: str = "", lasts: timedelta = LASTS
) -> bytes:
    """A PKCS#12 file with a fresh P-256 key and a certificate for `name`, under `pin`."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name(name, organisation))
        .issuer_name(trusted.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + lasts)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .sign(trusted.key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(
        name.encode(), key, certificate, [trusted.certificate], BestAvailableEncryption(pin.encode())
    )


def stamping_certificate(trusted: Authority, key: rsa.RSAPublicKey, *, at: datetime) -> x509.Certificate:
    """The certificate of a time stamp service (RFC 3161 2.3: this use alone, and critical)."""
    return (
        x509.CertificateBuilder()
        .subject_name(_name("oneshop TEST TSA (BẢN THỬ)"))
        .issuer_name(trusted.certificate.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(trusted.key, hashes.SHA256())
    )


def hand() -> bytes:
    """A made-up signature: a blue line that nobody's hand wrote."""
    picture = Image.new("RGBA", (360, 140), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.line([(10 + x, 70 + 45 * math.sin(x / 21) * math.cos(x / 87)) for x in range(0, 340, 4)], (20, 50, 170), 6)
    return _png(picture)


def seal() -> bytes:
    """A red ring that says it is a trial; no seal of any office looks like it."""
    picture = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    for inset, width in ((6, 10), (70, 4)):
        pen.ellipse([inset, inset, 400 - inset, 400 - inset], outline=(200, 20, 20), width=width)
    pen.text((200, 200), "BAN THU", (200, 20, 20), anchor="mm", font_size=54)
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
