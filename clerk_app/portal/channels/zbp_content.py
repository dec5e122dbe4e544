"""Messages and status notes for BundID mailboxes, as the ZBP bridge wants them (domain reference 1.11)."""

from __future__ import annotations

import base64
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.outbox import OutboxKind, Outgoing
from clerk_app.portal import base64url, wire
from clerk_app.portal.config import ZbpConfig

MESSAGE_SERVICE = "urn:schema-fitko-de:fit-connect:id.bund.de:message_v6"
STATUS_SERVICE = "urn:schema-fitko-de:fit-connect:id.bund.de:status_v6"
SERVICE_NAMES: Mapping[str, str] = {
    MESSAGE_SERVICE: "ZBP Message Forwarding",
    STATUS_SERVICE: "ZBP Status Forwarding",  # assumed by likeness
}
# The same schema is named for both in the only source at hand.
SCHEMA_URI = "https://schema.fitko.de/fit-connect/id.bund.de/message_v6/1.0.0/zbp-message.schema.json"
TOKEN_LIFE_S = 1800
TRUST_LEVELS = range(1, 5)  # STORK
# Longest lengths in characters (domain reference 1.11). ``content`` has none.
MESSAGE_LIMITS: Mapping[str, int] = {
    "sender": 255,
    "title": 1024,
    "service": 255,
    "reference": 255,
    "replyAddress": 320,
    "senderUrl": 255,
}
STATUS_LIMITS: Mapping[str, int] = {
    "publicServiceName": 100,
    "senderName": 100,
    "statusDetails": 50,
    "additionalInformation": 100,
    "reference": 50,
}
STATUSES = frozenset({"INITIATED", "SUBMITTED", "RECEIVED", "PROCESSING", "ACTION_REQUIRED", "COMPLETED"})


def service_of(outgoing: Outgoing) -> str:
    """Which of the bridge's services takes this entry."""
    return STATUS_SERVICE if outgoing.kind is OutboxKind.STATUS else MESSAGE_SERVICE


def _uuid(value: object, member: str) -> str:
    try:
        return wire.uuid_text(value if isinstance(value, str) else "")
    except wire.UnexpectedBodyError:
        raise ClerkError(ErrorCode.LETTER_INCOMPLETE, {"missing": member}, Disposition.ASK_CLERK) from None


def shortened(text: str, longest: int) -> str:
    """``text`` within ``longest`` characters. What describes may be cut, at the end of a word and with a sign
    that it was; the letter beside it says it in full."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    at_word = kept.rpartition(" ")[0] if not text[longest - 1].isspace() else kept
    if len(at_word) < longest // 2:  # one endless word
        at_word = kept
    return at_word.rstrip(" ,;:–-") + "…"


def whole(text: str, longest: int, member: str) -> str:
    """``text`` as it is: what identifies or leads somewhere says something else when it is cut.

    Raises ClerkError TEXT_TOO_LONG.
    """
    if len(text) > longest:
        raise ClerkError(ErrorCode.TEXT_TOO_LONG, {"key": member, "limit": longest}, Disposition.ASK_CLERK)
    return text


def _stated(text: str, member: str) -> str:
    if not text.strip():
        raise ClerkError(ErrorCode.LETTER_INCOMPLETE, {"missing": member}, Disposition.ASK_CLERK)
    return text


def message(outgoing: Outgoing, config: ZbpConfig) -> dict[str, object]:
    """A message with attachments into a citizen's mailbox.

    A title that had to be cut stands in full at the head of the content. Raises ClerkError LETTER_INCOMPLETE,
    TEXT_TOO_LONG, PROFILE_VALUE_WRONG.
    """
    title = _stated(outgoing.title, "title")
    shown = shortened(title, MESSAGE_LIMITS["title"])
    text = outgoing.text or title
    content: dict[str, object] = {
        "stork_qaa_level": _trust_level(config),
        "mailboxUuid": _uuid(outgoing.address.get("mailboxUuid"), "mailboxUuid"),
        "sender": _whole_member(config.sender_name, "sender"),
        "title": shown,
        "content": text if shown == title or title in text else f"{title}\n\n{text}",
        "service": shortened(outgoing.service_name or title, MESSAGE_LIMITS["service"]),
        "attachments": [
            {"filename": each.filename, "sha512sum": each.sha512, "contentLength": each.size_bytes}
            for each in outgoing.documents
        ],
    }
    if outgoing.portal_application_id:
        content["applicationId"] = _uuid(outgoing.portal_application_id, "applicationId")
    optional = {
        "reference": outgoing.case_reference,
        "replyAddress": config.reply_address,
        "senderUrl": config.sender_url,
    }
    content.update({name: _whole_member(value, name) for name, value in optional.items() if value})
    return content


def _whole_member(text: str, member: str) -> str:
    return whole(_stated(text, member), MESSAGE_LIMITS[member], member)


def _trust_level(config: ZbpConfig) -> int:
    if config.trust_level not in TRUST_LEVELS:
        raise ClerkError(ErrorCode.PROFILE_VALUE_WRONG, {"key": "zbp.trust_level"}, Disposition.ASK_CLERK)
    return config.trust_level


def status(outgoing: Outgoing, config: ZbpConfig) -> dict[str, object]:
    """A progress note for the citizen's status monitor. Raises ClerkError LETTER_INCOMPLETE, TEXT_TOO_LONG.

    Its few words only point to the message beside it. A day to keep is never what is cut away.
    """
    state = outgoing.account_status or "PROCESSING"
    if state not in STATUSES:
        raise ClerkError(ErrorCode.LETTER_INCOMPLETE, {"missing": "status"}, Disposition.ASK_CLERK)
    service = _stated(outgoing.service_name or outgoing.title, "publicServiceName")
    content: dict[str, object] = {
        "applicationId": _uuid(outgoing.portal_application_id, "applicationId"),
        "status": state,
        "publicServiceName": {"de": shortened(service, STATUS_LIMITS["publicServiceName"])},
        "senderName": shortened(_stated(config.sender_name, "senderName"), STATUS_LIMITS["senderName"]),
        "createdDate": created_date(outgoing.created_at),
    }
    if outgoing.title:
        content["statusDetails"] = {"de": shortened(outgoing.title, STATUS_LIMITS["statusDetails"])}
    due = f"Frist: {outgoing.due_on:%d.%m.%Y}" if outgoing.due_on is not None else ""
    more = f"{due}. {outgoing.text}" if due and outgoing.text else due or outgoing.text
    if more:
        longest = STATUS_LIMITS["additionalInformation"]
        content["additionalInformation"] = {"de": shortened(more, longest)}
    if outgoing.case_reference:
        content["reference"] = whole(outgoing.case_reference, STATUS_LIMITS["reference"], "reference")
    return content


def created_date(at: datetime) -> str:
    """``YYYY-MM-DDThh:mm:ss.000Z``: in UTC, to the second, with three zeros."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


@dataclass(frozen=True)
class _Author:
    key: rsa.RSAPrivateKey
    pem: str
    name: str


class ZbpAuthor:
    """Signs in the authority's name. Key and certificate are read at first use, once."""

    def __init__(self, config: ZbpConfig) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._author: _Author | None = None

    def envelope(self, content: Mapping[str, object], now: datetime) -> bytes:
        """The signed form data. ``sha512sum`` holds, despite its name, a signature over the content
        string."""
        author = self._loaded()
        text = msgspec.json.encode(content).decode("utf-8")
        signature = author.key.sign(text.encode("utf-8"), padding.PKCS1v15(), hashes.SHA512())
        return msgspec.json.encode(
            {
                "content": text,
                "sha512sum": base64.b64encode(signature).decode("ascii"),
                "authorToken": self._token(author, now),
                "authorCertificate": author.pem,
            }
        )

    def _token(self, author: _Author, now: datetime) -> str:
        issued = int(now.timestamp())
        header = {"typ": "JWT", "alg": "RS512"}
        claims = {
            "iat": issued,
            "exp": issued + TOKEN_LIFE_S,
            "signer": author.name,
            "roles": ["THIRD_PARTY"],
        }
        signed = ".".join(base64url.encode(msgspec.json.encode(part)) for part in (header, claims))
        signature = author.key.sign(signed.encode("ascii"), padding.PKCS1v15(), hashes.SHA512())
        return f"{signed}.{base64url.encode(signature)}"

    def _loaded(self) -> _Author:
        with self._lock:
            if self._author is None:
                self._author = _load(self._config)
            return self._author


def _load(config: ZbpConfig) -> _Author:
    try:
        certificate = x509.load_pem_x509_certificate(config.certificate_pem)
        key = serialization.load_pem_private_key(config.private_key_pem().encode("utf-8"), password=None)
    except (ValueError, TypeError):
        raise _invalid("damaged") from None
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if not isinstance(key, rsa.RSAPrivateKey) or not names:
        raise _invalid("not RSA")
    if key.public_key() != certificate.public_key():
        raise _invalid("does not match the certificate")
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")
    return _Author(key, pem, str(names[0].value))


def _invalid(reason: str) -> ClerkError:
    return ClerkError(ErrorCode.KEY_FILE_INVALID, {"path": "zbp", "reason": reason}, Disposition.ASK_CLERK)
