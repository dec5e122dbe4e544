"""What the BundID mailbox (ZBP) accepts: the form of messages and states, and who may send them."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import NameOID

from clerk_app.sandbox import jose
from clerk_app.sandbox.content import Opened, OpenedFile, Rejected
from clerk_app.sandbox.wire import is_uuid

STATES = ("INITIATED", "SUBMITTED", "RECEIVED", "PROCESSING", "ACTION_REQUIRED", "COMPLETED")
AUTHOR_TOKEN_LIFETIME_S = 1800
CLOCK_TOLERANCE_S = 300
_CREATED = re.compile(r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z")
# member -> longest length; the first group is required
_MESSAGE_REQUIRED = {"sender": 255, "title": 1024, "content": 10_000_000, "service": 255}
_MESSAGE_OPTIONAL = {
    "retrievalConfirmationAddress": 320,
    "replyAddress": 320,
    "reference": 255,
    "senderUrl": 255,
}


def _invalid(detail: str) -> Rejected:
    return Rejected("invalid-content", "data", detail)


def authentic_content(opened: Opened, registered: dict[bytes, str], now_s: float) -> dict[str, Any]:
    """The inner ``content`` once certificate, author token and signature hold.

    ``registered``: SHA-256 fingerprints of the certificates the mailbox knows, with their owners. The member
    ``sha512sum`` holds, despite its name, the RSA signature over the content string.
    """
    outer = opened.content
    parts = {name: outer.get(name) for name in ("content", "sha512sum", "authorToken", "authorCertificate")}
    missing = [name for name, value in parts.items() if not isinstance(value, str)]
    if missing:
        raise Rejected("schema-violation", "data", f"missing: {', '.join(missing)}")
    content, signature, token, pem = (str(value) for value in parts.values())
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode("ascii"))
    except (ValueError, UnicodeEncodeError):
        raise _invalid("authorCertificate is not a certificate") from None
    key = certificate.public_key()
    if certificate.fingerprint(hashes.SHA256()) not in registered or not isinstance(key, RSAPublicKey):
        raise _invalid("authorCertificate is not registered")
    try:
        raw_signature = base64.b64decode(signature, validate=True)
    except (ValueError, binascii.Error):
        raise _invalid("sha512sum is not base64") from None
    if not jose.verify_rs512(content.encode("utf-8"), raw_signature, key):
        raise _invalid("sha512sum does not sign the content")
    _check_author_token(token, key, certificate, now_s)
    try:
        value = json.loads(content)
    except ValueError:
        raise Rejected("syntax-violation", "data", "content is not JSON") from None
    if not isinstance(value, dict):
        raise Rejected("syntax-violation", "data", "content is not a JSON object")
    return value


def _check_author_token(token: str, key: RSAPublicKey, certificate: x509.Certificate, now_s: float) -> None:
    try:
        header, claims = jose.read_jws(token)
        signing_input, _, signature = token.rpartition(".")
        good = jose.verify_rs512(signing_input.encode("ascii"), jose.unb64u(signature), key)
    except (jose.JoseError, InvalidSignature, UnicodeEncodeError):
        raise _invalid("authorToken is malformed") from None
    if header.get("alg") != "RS512" or header.get("typ") != "JWT" or not good:
        raise _invalid("authorToken does not verify")
    issued, expires = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int) or not isinstance(expires, int):
        raise _invalid("authorToken needs iat and exp")
    if issued > now_s + CLOCK_TOLERANCE_S or expires <= now_s:
        raise _invalid("authorToken has expired")
    if expires - issued > AUTHOR_TOKEN_LIFETIME_S:
        raise _invalid("authorToken lives too long")
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if not names or claims.get("signer") != names[0].value:
        raise _invalid("authorToken names another signer")
    roles = claims.get("roles")
    if not isinstance(roles, list) or "THIRD_PARTY" not in roles:
        raise _invalid("authorToken lacks the role THIRD_PARTY")


def check_message(content: dict[str, Any], files: tuple[OpenedFile, ...]) -> None:
    """The form of a mailbox message and its attachments; raises ``Rejected``."""
    level = content.get("stork_qaa_level")
    if not isinstance(level, int) or isinstance(level, bool) or not 1 <= level <= 4:
        raise _invalid("stork_qaa_level must be 1 to 4")
    if not is_uuid(content.get("mailboxUuid")):
        raise _invalid("mailboxUuid is not a UUID")
    if "applicationId" in content and not is_uuid(content["applicationId"]):
        raise _invalid("applicationId is not a UUID")
    for name, most in _MESSAGE_REQUIRED.items():
        _check_text(content, name, most, required=True)
    for name, most in _MESSAGE_OPTIONAL.items():
        _check_text(content, name, most)
    listed = content.get("attachments", [])
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise _invalid("attachments must be a list of objects")
    announced = sorted(
        (str(e.get("filename")), str(e.get("sha512sum")), str(e.get("contentLength"))) for e in listed
    )
    sent = sorted((file.filename, file.sha512, str(len(file.content))) for file in files)
    if announced != sent:
        raise Rejected(
            "attachments-mismatch", "data", "attachments differ in name, sha512sum or contentLength"
        )


def check_status(content: dict[str, Any]) -> None:
    """The form of a status; raises ``Rejected``."""
    if not is_uuid(content.get("applicationId")):
        raise _invalid("applicationId is not a UUID")
    if content.get("status") not in STATES:
        raise _invalid("unknown status")
    created = content.get("createdDate")
    if not isinstance(created, str) or _CREATED.match(created) is None:
        raise _invalid("createdDate must look like 2026-01-31T10:00:00.000Z")
    _check_text(content, "senderName", 100, required=True)
    _check_text(content, "reference", 50)
    for name, most, required in (
        ("publicServiceName", 100, True),
        ("statusDetails", 50, False),
        ("additionalInformation", 100, False),
    ):
        value = content.get(name)
        if value is None and not required:
            continue
        if not isinstance(value, dict):
            raise _invalid(f"{name} must be an object with the member de")
        _check_text(value, "de", most, required=True)


def _check_text(content: dict[str, Any], name: str, most: int, *, required: bool = False) -> None:
    value = content.get(name)
    if value is None and not required:
        return
    if not isinstance(value, str) or not value or len(value) > most:
        raise _invalid(f"{name} must be text of 1 to {most} characters")
