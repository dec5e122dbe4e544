"""Signatures of packages: Ed25519 (RFC 8032) over ``contents.json``, which holds every other file's hash.

A key is PEM: private ones PKCS#8, with a password or without; public ones SubjectPublicKeyInfo or a
certificate. A key is named by the SHA-256 of its public part in DER.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.package import PackageFaultyError
from clerk_app.services.packages.archive import build
from clerk_app.services.packages.files import PackageFiles, read_package
from clerk_app.services.packages.packing import CONTENTS, SIGNATURE, pack

_ALGORITHM = "Ed25519"
_MEMBERS = {"algorithm", "key", "signature"}


def sign(archive: bytes, key_pem: bytes, password: bytes | None = None) -> bytes:
    """The archive with this signature in it; one that was there is replaced.

    :raises PackageFaultyError: it is no package, or was changed after it was built
    :raises ClerkError: SIGNING_KEY_UNSUITABLE, SIGNING_PASSWORD_NEEDED, SIGNING_PASSWORD_WRONG
    """
    given = read_package(archive)
    if given.altered:
        raise PackageFaultyError(given.altered)
    files = read_package(build(given))
    key = _private_key(key_pem, password)
    signature = {
        "algorithm": _ALGORITHM,
        "key": key_id(key.public_key()),
        "signature": base64.b64encode(key.sign(files[CONTENTS])).decode("ascii"),
    }
    text = json.dumps(signature, indent=1, sort_keys=True) + "\n"
    return pack(files.with_file(SIGNATURE, text.encode("ascii")))


def signer(files: PackageFiles, trusted_pems: Iterable[bytes]) -> str | None:
    """The id of the trusted key that signed the package; None for an unsigned one.

    :raises ClerkError: PACKAGE_SIGNATURE_BROKEN (``file``) when something was changed after signing,
        PACKAGE_SIGNER_UNKNOWN (``signer``) when nobody trusts the key, KEY_FILE_INVALID for a trusted key
        that is none
    """
    if SIGNATURE not in files:
        return None
    if files.altered:
        raise _broken(files.altered[0].file)
    claimed = _claimed(files[SIGNATURE])
    trusted = {key_id(key): key for key in map(public_key, trusted_pems)}
    key = trusted.get(claimed["key"])
    if key is None:
        raise ClerkError(ErrorCode.PACKAGE_SIGNER_UNKNOWN, {"signer": claimed["key"]})
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(base64.b64decode(claimed["signature"], validate=True), files.get(CONTENTS, b""))
    except (InvalidSignature, binascii.Error) as error:
        raise _broken(CONTENTS) from error
    return claimed["key"]


def public_key(pem: bytes) -> Any:
    """An Ed25519 public key from PEM, also out of a certificate.

    :raises ClerkError: KEY_FILE_INVALID
    """
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        if b"BEGIN CERTIFICATE" in pem:
            found: object = x509.load_pem_x509_certificate(pem).public_key()
        else:
            found = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ClerkError(ErrorCode.KEY_FILE_INVALID, {"reason": "unusable"}) from error
    if not isinstance(found, Ed25519PublicKey):
        raise ClerkError(ErrorCode.KEY_FILE_INVALID, {"reason": "unusable"})
    return found


def key_id(key: Any) -> str:
    """SHA-256 of a public key in DER, lower-case hex."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def _private_key(pem: bytes, password: bytes | None) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    protected = b"ENCRYPTED" in pem
    if protected and not password:
        raise ClerkError(ErrorCode.SIGNING_PASSWORD_NEEDED)
    try:
        key = load_pem_private_key(pem, password if protected else None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        if protected and b"BEGIN" in pem:
            raise ClerkError(ErrorCode.SIGNING_PASSWORD_WRONG) from error
        raise ClerkError(ErrorCode.SIGNING_KEY_UNSUITABLE, {"reason": "not-pem"}) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ClerkError(ErrorCode.SIGNING_KEY_UNSUITABLE, {"reason": "algorithm"})
    return key


def _claimed(content: bytes) -> Mapping[str, str]:
    try:
        claimed = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _broken(SIGNATURE) from error
    if not isinstance(claimed, dict) or set(claimed) != _MEMBERS or claimed["algorithm"] != _ALGORITHM:
        raise _broken(SIGNATURE)
    if not all(isinstance(value, str) for value in claimed.values()):
        raise _broken(SIGNATURE)
    return claimed


def _broken(file: str) -> ClerkError:
    return ClerkError(ErrorCode.PACKAGE_SIGNATURE_BROKEN, {"file": file})
