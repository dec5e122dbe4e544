"""FIT-Connect reply: an answer inside the citizen's own case, for the online service that sent the
application.

Assumed: public documentation names the call that creates a reply, the states and the events; paths and
members follow submissions by symmetry (domain reference 1.10). ``MailboxConfig.replies`` switches this way
off; such answers then go by post.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from clerk_app.domain.errors import ClerkError
from clerk_app.domain.outbox import Outgoing, OutgoingDocument, RemoteRef
from clerk_app.portal import keys
from clerk_app.portal.channels import sending
from clerk_app.portal.channels.sending import RemoteLog
from clerk_app.portal.trust import PublishedKeys
from clerk_app.portal.wire import Wire
from clerk_app.sync.ports import RemoteOutcome

# Assumed: what the form data of a reply is called when the sender names no process standard of its own.
DEFAULT_SCHEMA_URI = "urn:clerk-app:reply:1.0.0"
_INTERNAL = frozenset({"postReason", "letter", "signed"})  # the office's own notes on an entry


class ReplyChannel:
    """Antwort im Vorgang: implements ``sync.ports.DeliveryChannel``. Used by one thread at a time."""

    def __init__(self, wire: Wire, published: PublishedKeys, now: Callable[[], datetime]) -> None:
        self._wire = wire
        self._log = RemoteLog(wire, published, now)

    def announce(self, outgoing: Outgoing) -> RemoteRef:
        """Gets a reply id in the application's case."""
        return self._wire.announce_reply(outgoing.case_id, sending.attachment_ids(outgoing))

    def upload(
        self, outgoing: Outgoing, remote: RemoteRef, read: Callable[[OutgoingDocument], bytes]
    ) -> None:
        """Puts every document there. May be repeated."""
        jwk = reply_key(outgoing.address)
        for document in outgoing.documents:
            content = sending.checked_document(document, read)
            jwe = sending.encrypted(content, jwk, document.media_type)
            try:
                self._wire.put_reply_attachment(
                    remote.remote_id, sending.attachment_id(outgoing, document), jwe
                )
            except ClerkError as refusal:
                self._log.unless_submitted(refusal, _subject(remote), remote)
                return

    def submit(self, outgoing: Outgoing, remote: RemoteRef) -> None:
        """Hands it over. Success also when the log says that an earlier call already did."""
        jwk = reply_key(outgoing.address)
        content = reply_content(outgoing)
        metadata = sending.metadata_for(outgoing, content, schema_uri=_schema_uri(outgoing.address))
        try:
            self._wire.submit_reply(
                remote.remote_id,
                sending.encrypted(metadata, jwk, "application/json"),
                sending.encrypted(content, jwk, "application/json"),
            )
        except ClerkError as refusal:
            self._log.unless_submitted(refusal, _subject(remote), remote)

    def outcome(self, outgoing: Outgoing, remote: RemoteRef) -> RemoteOutcome:
        """What the log of the case says of our reply."""
        return self._log.outcome(_subject(remote), remote.remote_case_id)


def reply_key(address: Mapping[str, object]) -> dict[str, object]:
    """The key the sender wants replies encrypted for; empty when there is none."""
    jwk = address.get("encryptionPublicKey")
    if not isinstance(jwk, dict):
        return {}
    n, e = jwk.get("n"), jwk.get("e")
    if "kid" not in jwk and isinstance(n, str) and isinstance(e, str):
        return {**jwk, "kid": keys.thumbprint(n, e)}
    return jwk


def usable_address(address: Mapping[str, object]) -> bool:
    """Whether a reply could be encrypted for this address."""
    try:
        keys.public_key(reply_key(address), operation="wrapKey")
    except ValueError:
        return False
    return True


def reply_content(outgoing: Outgoing) -> bytes:
    """Form data of a reply: the entry's words, and its machine-readable form where it has one."""
    told = {name: value for name, value in outgoing.structured.items() if name not in _INTERNAL}
    words = {"caseReference": outgoing.case_reference, "title": outgoing.title, "text": outgoing.text}
    return msgspec.json.encode({"kind": outgoing.kind.value, **words, **told})


def _schema_uri(address: Mapping[str, object]) -> str:
    standards = address.get("processStandards")
    first = standards[0] if isinstance(standards, list) and standards else None
    return first if isinstance(first, str) and first else DEFAULT_SCHEMA_URI


def _subject(remote: RemoteRef) -> str:
    return f"reply:{remote.remote_id}"
