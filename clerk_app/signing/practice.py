"""Übungsschlüssel: the demo certificate authority and seal of a practice office.

Made on first use, different in every practice home, worthless everywhere else: its names say so, and so does
every letter it signs (``Letter.practice``). The authority's private key is thrown away at once; it has issued
the only certificate it will ever issue.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from clerk_app.domain.errors import ClerkError, ErrorCode

FILE_NAME = "practice-seal.p12"
PASSWORD = "uebung"  # noqa: S105 - guards nothing: it lets the practice office practise typing one
_MARK = "ÜBUNG – nicht rechtsgültig"
_LIFE = timedelta(days=3 * 365)
_RENEW_BEFORE = timedelta(days=30)
_NAME_BYTES = 64  # upper bound of X.520 names, counted in UTF-8 to be safe


@dataclass(frozen=True, slots=True)
class PracticeKey:
    """Where the demo key lies, its password, and the certificate (DER) to trust when verifying."""

    path: Path
    reference: str
    password: str
    authority_certificate: bytes


def ensure_practice_key(directory: Path, office_name: str, now: datetime) -> PracticeKey:
    """The practice key of this directory; made when none is there, or a damaged or expiring one.

    Raises HOME_NOT_WRITABLE when it cannot be written.
    """
    path = directory / FILE_NAME
    authority = _authority_of(path, office_name, now)
    if authority is None:
        blob, authority = _make(office_name, now)
        _write(path, blob)
    return PracticeKey(path, f"pkcs12:{path}", PASSWORD, authority)


def practice_authority(directory: Path) -> bytes | None:
    """The demo authority's certificate (DER) when a practice key lies here; None otherwise."""
    bundle = _load(directory / FILE_NAME)
    if bundle is None or not bundle.additional_certs:
        return None
    return _der(bundle.additional_certs[0].certificate)


def _authority_of(path: Path, office_name: str, now: datetime) -> bytes | None:
    bundle = _load(path)
    if bundle is None or bundle.key is None or bundle.cert is None or not bundle.additional_certs:
        return None
    certificate = bundle.cert.certificate
    in_date = certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc - _RENEW_BEFORE
    if not in_date or certificate.subject != _name(_seal_name(office_name), office_name):
        return None
    return _der(bundle.additional_certs[0].certificate)


def _load(path: Path) -> pkcs12.PKCS12KeyAndCertificates | None:
    try:
        return pkcs12.load_pkcs12(path.read_bytes(), PASSWORD.encode())
    except (OSError, ValueError):
        return None


def _make(office_name: str, now: datetime) -> tuple[bytes, bytes]:
    authority_key, seal_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority_name = _name(f"Zertifizierungsstelle {_MARK}", office_name)
    authority = (
        _builder(authority_name, authority_name, authority_key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    seal = (
        _builder(_name(_seal_name(office_name), office_name), authority_name, seal_key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(seal_key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
        )
        .sign(authority_key, hashes.SHA256())
    )
    blob = pkcs12.serialize_key_and_certificates(
        _MARK.encode(),
        seal_key,
        seal,
        [authority],
        serialization.BestAvailableEncryption(PASSWORD.encode()),
    )
    return blob, _der(authority)


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LIFE)
    )


def _usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _seal_name(office_name: str) -> str:
    return f"{_MARK}: Siegel {office_name}"


def _name(common: str, office_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "DE"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _cut(office_name or "Übung")),
            x509.NameAttribute(NameOID.COMMON_NAME, _cut(common)),
        ]
    )


def _cut(text: str) -> str:
    return text.encode()[:_NAME_BYTES].decode(errors="ignore")


def _write(path: Path, blob: bytes) -> None:
    """Readable by the owner alone, and whole or not at all."""
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(blob)
            stream.flush()
            os.fsync(stream.fileno())
        scratch.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            scratch.unlink()
        raise ClerkError(ErrorCode.HOME_NOT_WRITABLE, {"path": path.name}) from error


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)
