"""Signaturschlüssel: key references, and what a key must be before anything is signed with it.

A reference is ``pkcs12:PATH`` (a file, relative to the profile's directory),
``pkcs11:MODULE?token=LABEL[&key=LABEL]`` (a card or a security module) or ``csc:URL?credential=ID`` (a remote
signing service). A signature library signs with an expired certificate without a word, so the certificate is
checked here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.signature import SignerKind
from clerk_app.signing.algorithms import HASHES
from clerk_app.signing.pins import PinGuard, wrong_pin

if TYPE_CHECKING:
    from clerk_app.signing.csc import RemoteAccess

PasswordSource = Callable[[], str | None]
"""Asks for the password or PIN; None means: nobody is there to ask, or the clerk cancelled."""

_QC_STATEMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
_QC_TYPE_SIGNATURE = bytes.fromhex("060704008e46010601")
_QC_TYPE_SEAL = bytes.fromhex("060704008e46010602")
_PERSONAL_NAMES = (NameOID.GIVEN_NAME, NameOID.SURNAME, NameOID.PSEUDONYM)
_MIN_RSA_BITS = 2048
_MAX_FILE_BYTES = 1 << 20


class SigningKey(Protocol):
    """Signaturschlüssel: a key with its certificate, ready to sign many documents."""

    reference: str
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]  # further certificates to embed, without the signer's own

    @property
    def pss(self) -> bool:
        """Whether an RSA key signs by RSASSA-PSS (else PKCS#1 v1.5)."""

    def sign(self, message: bytes, digest: str) -> bytes:
        """The raw signature over ``message``; ``digest`` as in "sha256". Raises SIGNING_FAILED."""

    def close(self) -> None:
        """Let go of the card or the memory."""


@dataclass(slots=True)
class SoftwareKey:
    """A key from a file. The private key is parsed and checked once: that costs more than 200 signatures."""

    reference: str
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    _private_key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = field(repr=False)

    @property
    def pss(self) -> bool:
        """Always."""
        return True

    def sign(self, message: bytes, digest: str) -> bytes:
        """RSASSA-PSS (salt as long as the digest) or ECDSA."""
        algorithm = HASHES[digest]()
        if isinstance(self._private_key, rsa.RSAPrivateKey):
            salted = padding.PSS(mgf=padding.MGF1(algorithm), salt_length=algorithm.digest_size)
            return self._private_key.sign(message, salted, algorithm)
        return self._private_key.sign(message, ec.ECDSA(algorithm))

    def close(self) -> None:
        """Nothing is held open."""


def open_key(
    reference: str,
    base: Path,
    password: PasswordSource,
    *,
    remote: RemoteAccess | None = None,
    guard: PinGuard | None = None,
    expected: int = 1,
) -> SigningKey:
    """Open the key a reference names. ``expected``: how many signatures it will be asked for.

    Raises SIGNING_KEY_MISSING (no such file or token), KEY_FILE_INVALID (not a PKCS#12 file),
    SIGNING_PASSWORD_NEEDED, SIGNING_PASSWORD_WRONG, SIGNING_PIN_LOCKED, SIGNING_SERVICE_UNAVAILABLE,
    SIGNING_KEY_UNSUITABLE (params ``cause``: "no-private-key", "no-certificate", "mismatch", "algorithm",
    "too-short", "key-usage", "disabled"), or USAGE for an unknown kind of reference.
    """
    kind, _, rest = reference.partition(":")
    if kind == "pkcs12" and rest:
        return _open_pkcs12(reference, base / Path(rest).expanduser(), password)
    if kind == "pkcs11" and rest:
        from clerk_app.signing.card import open_card

        return open_card(reference, password, guard or PinGuard())
    if kind == "csc" and rest:
        from clerk_app.signing.csc import RemoteAccess
        from clerk_app.signing.remote import open_remote
        from clerk_app.signing.web import offline

        access = remote or RemoteAccess(offline)
        return open_remote(reference, access, password, guard or PinGuard(), expected)
    raise ClerkError(ErrorCode.USAGE, {"value": kind or reference, "expected": "pkcs12:PATH"})


def require_usable(certificate: x509.Certificate, at: datetime, reference: str) -> None:
    """Raise CERTIFICATE_EXPIRED (params ``cause``: expired or not-yet-valid) unless it is in date."""
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not begins <= at <= ends:
        cause = "expired" if at > ends else "not-yet-valid"
        raise ClerkError(
            ErrorCode.CERTIFICATE_EXPIRED,
            {
                "key": reference,
                "cause": cause,
                "valid_from": begins.date().isoformat(),
                "valid_to": ends.date().isoformat(),
            },
        )


def require_suitable(certificate: x509.Certificate, reference: str) -> None:
    """Raise SIGNING_KEY_UNSUITABLE unless the certificate is for signing, with a strong enough key."""
    public_key = certificate.public_key()
    if isinstance(public_key, rsa.RSAPublicKey):
        if public_key.key_size < _MIN_RSA_BITS:
            raise unsuitable(reference, "too-short")
    elif isinstance(public_key, ec.EllipticCurvePublicKey):
        if public_key.curve.name not in ("secp256r1", "secp384r1", "secp521r1"):
            raise unsuitable(reference, "algorithm")
    else:
        raise unsuitable(reference, "algorithm")
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    except ValueError as error:
        raise unsuitable(reference, "key-usage") from error
    if not (usage.digital_signature or usage.content_commitment):
        raise unsuitable(reference, "key-usage")


def kind_of(certificate: x509.Certificate) -> SignerKind | None:
    """Whose certificate it is: a person's or an organisation's seal; None when it does not say.

    The statement for qualified certificates decides (ETSI EN 319 412-5, 4.2.3), else the names: a seal has no
    personal ones (ETSI EN 319 412-3).
    """
    try:
        statements = certificate.extensions.get_extension_for_oid(_QC_STATEMENTS).value
        stated = statements.value if isinstance(statements, x509.UnrecognizedExtension) else b""
    except (x509.ExtensionNotFound, ValueError):
        stated = b""
    if _QC_TYPE_SEAL in stated:
        return SignerKind.SEAL
    if _QC_TYPE_SIGNATURE in stated:
        return SignerKind.PERSONAL
    subject = certificate.subject
    if any(subject.get_attributes_for_oid(oid) for oid in _PERSONAL_NAMES):
        return SignerKind.PERSONAL
    return SignerKind.SEAL if subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME) else None


def require_kind(certificate: x509.Certificate, wanted: SignerKind | None, reference: str) -> None:
    """Raise SIGNING_KEY_UNSUITABLE (``cause``: "not-a-seal", "not-personal") if the wrong one would sign."""
    found = kind_of(certificate)
    if wanted is None or found is None or found is wanted:
        return
    raise unsuitable(reference, "not-a-seal" if wanted is SignerKind.SEAL else "not-personal")


def unsuitable(reference: str, cause: str) -> ClerkError:
    """The error for a key that exists and cannot sign letters."""
    return ClerkError(ErrorCode.SIGNING_KEY_UNSUITABLE, {"key": reference, "cause": cause})


def _open_pkcs12(reference: str, path: Path, password: PasswordSource) -> SoftwareKey:
    try:
        with path.open("rb") as stream:
            blob = stream.read(_MAX_FILE_BYTES + 1)
    except OSError as error:
        cause = "no-file" if isinstance(error, FileNotFoundError) else None
        params = {"key": reference, "path": path.name, "cause": cause}
        raise ClerkError(ErrorCode.SIGNING_KEY_MISSING, params) from error
    if len(blob) > _MAX_FILE_BYTES or not _is_pkcs12(blob):
        raise ClerkError(
            ErrorCode.KEY_FILE_INVALID, {"key": reference, "path": path.name}, Disposition.ASK_CLERK
        )
    bundle = _unlock(reference, blob, password)
    if bundle.key is None:
        raise unsuitable(reference, "no-private-key")
    if not isinstance(bundle.key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
        raise unsuitable(reference, "algorithm")
    if bundle.cert is None:
        raise unsuitable(reference, "no-certificate")
    certificate = bundle.cert.certificate
    if _spki(certificate.public_key()) != _spki(bundle.key.public_key()):
        raise unsuitable(reference, "mismatch")
    require_suitable(certificate, reference)
    chain = tuple(extra.certificate for extra in bundle.additional_certs)
    return SoftwareKey(reference, certificate, chain, bundle.key)


def _unlock(reference: str, blob: bytes, password: PasswordSource) -> pkcs12.PKCS12KeyAndCertificates:
    """Try without a password first: asking for one that does not exist would confuse."""
    for empty in (None, b""):
        try:
            return pkcs12.load_pkcs12(blob, empty)
        except ValueError:
            continue
        except Exception as error:
            raise ClerkError(ErrorCode.KEY_FILE_INVALID, {"key": reference}) from error
    secret = password()
    if secret is None:
        raise ClerkError(ErrorCode.SIGNING_PASSWORD_NEEDED, {"key": reference}, Disposition.ASK_CLERK)
    try:
        return pkcs12.load_pkcs12(blob, secret.encode())
    except ValueError as error:
        raise wrong_pin(reference) from error
    except Exception as error:
        raise ClerkError(ErrorCode.KEY_FILE_INVALID, {"key": reference}) from error


def _is_pkcs12(blob: bytes) -> bool:
    """Whether the outer structure is PKCS#12: only then a failure to open it means a wrong password."""
    try:
        outer = asn1_pkcs12.Pfx.load(blob, strict=True)
        return outer["version"].native == "v3" and bool(outer["auth_safe"]["content"].native)
    except (ValueError, TypeError, KeyError):
        return False


def _spki(key: object) -> bytes:
    return key.public_bytes(  # type: ignore[attr-defined,no-any-return]
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
