"""Nachweise: time stamps and validation material for the signature levels above B-B (ETSI EN 319 142-1).

A level is reached as a whole or not at all: a certificate whose state cannot be established, or a time stamp
that does not come, is an error before anything is signed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko_certvalidator import CertificateValidator, ValidationContext, errors

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.signature import SignatureLevel
from clerk_app.signing.keys import unsuitable
from clerk_app.signing.web import Kept, Web, WebTimeStamper, fetchers, offline

_MAX_FILE_BYTES = 4 << 20


def _nobody() -> Sequence[bytes]:
    return ()


@dataclass(frozen=True)
class ProofServices:
    """Where proofs come from. ``trust``: DER certificates of the authorities this office believes."""

    timestamp_url: str | None = None
    trust: Callable[[], Sequence[bytes]] = _nobody
    web: Web = offline

    def missing_for(self, level: SignatureLevel) -> str | None:
        """The profile's key that is missing for this level, or None: "timestamp_url", "trust"."""
        if level.at_least(SignatureLevel.B_T) and not self.timestamp_url:
            return "timestamp_url"
        if level.at_least(SignatureLevel.B_LT) and not self.trust():
            return "trust"
        return None

    def begin(self) -> Proofs:
        """Proofs for a batch: what was fetched once serves all its documents."""
        return Proofs(self)


class Proofs:
    """One batch's time stamper and answers about certificates."""

    def __init__(self, services: ProofServices) -> None:
        self._services = services
        self._kept = Kept()
        self._stamper: WebTimeStamper | None = None

    def stamper(self, level: SignatureLevel) -> WebTimeStamper | None:
        """The time stamper this level needs; None for B-B. Raises SIGNATURE_LEVEL_UNREACHABLE."""
        missing = self._services.missing_for(level)
        if missing is not None:
            raise ClerkError(ErrorCode.SIGNATURE_LEVEL_UNREACHABLE, {"level": level.value, "cause": missing})
        if not level.at_least(SignatureLevel.B_T):
            return None
        if self._stamper is None:
            self._stamper = WebTimeStamper(self._services.timestamp_url or "", self._services.web)
        return self._stamper

    def context(self, chain: Sequence[x509.Certificate]) -> ValidationContext:
        """A context that wants proof for every certificate; one per document, it collects what it sees."""
        return ValidationContext(
            trust_roots=[asn1_x509.Certificate.load(der) for der in self._services.trust()],
            other_certs=[as_asn1(certificate) for certificate in chain],
            fetchers=fetchers(self._services.web, self._kept),
            allow_fetching=True,
            revocation_mode="hard-fail",
        )

    async def require_valid(
        self, certificate: x509.Certificate, context: ValidationContext, key: str
    ) -> None:
        """Raise CERTIFICATE_REVOKED, CERTIFICATE_EXPIRED, CERTIFICATE_UNTRUSTED, REVOCATION_UNAVAILABLE or
        SIGNING_KEY_UNSUITABLE unless the whole chain is believed and known not to be revoked."""
        validator = CertificateValidator(as_asn1(certificate), validation_context=context)
        try:
            await validator.async_validate_usage(usage_of(certificate))  # type: ignore[no-untyped-call]
        except Exception as error:
            raise refused_certificate(error, key) from error


def refused_certificate(error: Exception, key: str) -> ClerkError:
    """Why the library does not accept a certificate, as one of our codes."""
    if isinstance(error, errors.RevokedError):
        on = error.revocation_dt.date() if error.revocation_dt else None
        return ClerkError(ErrorCode.CERTIFICATE_REVOKED, {"key": key, "revoked_on": on})
    if isinstance(error, errors.ExpiredError | errors.NotYetValidError):
        return ClerkError(ErrorCode.CERTIFICATE_EXPIRED, {"key": key})
    if isinstance(error, errors.InsufficientRevinfoError):
        return ClerkError(ErrorCode.REVOCATION_UNAVAILABLE, {"key": key}, Disposition.RETRY)
    if isinstance(error, errors.InvalidCertificateError):
        self_signed = "self-signed" in str(error)
        return (
            ClerkError(ErrorCode.CERTIFICATE_UNTRUSTED, {"key": key})
            if self_signed
            else unsuitable(key, "key-usage")
        )
    return ClerkError(ErrorCode.CERTIFICATE_UNTRUSTED, {"key": key})


def usage_of(certificate: x509.Certificate) -> set[str]:
    """The key usage to insist on: what certificates for signatures carry, whichever of the two it has."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return set()
    return {"non_repudiation"} if usage.content_commitment else {"digital_signature"}


def load_authorities(paths: Sequence[Path]) -> tuple[bytes, ...]:
    """The certificates in PEM or DER files, as DER. Raises KEY_FILE_INVALID naming the file."""
    found: list[bytes] = []
    for path in paths:
        try:
            with path.open("rb") as stream:
                content = stream.read(_MAX_FILE_BYTES)
            blobs = [content]
            if pem.detect(content):
                blobs = [der for kind, _, der in pem.unarmor(content, multiple=True) if kind == "CERTIFICATE"]
            for blob in blobs:
                found.append(as_der(x509.load_der_x509_certificate(blob)))
            if not blobs:
                raise ValueError("no certificate")
        except FileNotFoundError as error:
            raise _unusable(path, "missing") from error
        except OSError as error:
            raise _unusable(path, "unreadable") from error
        except (ValueError, TypeError) as error:
            raise _unusable(path, "unusable") from error
    return tuple(found)


def _unusable(path: Path, cause: str) -> ClerkError:
    return ClerkError(ErrorCode.KEY_FILE_INVALID, {"path": path.name, "cause": cause}, Disposition.ASK_CLERK)


def as_der(certificate: x509.Certificate) -> bytes:
    """DER bytes."""
    return certificate.public_bytes(serialization.Encoding.DER)


def as_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """The same certificate for the signature library."""
    return asn1_x509.Certificate.load(as_der(certificate))
