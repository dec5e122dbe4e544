"""Into the citizen's BundID mailbox: an ordinary submission to the ZBP bridge's destination."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.outbox import OutboxKind, Outgoing, OutgoingDocument, RemoteRef
from clerk_app.portal.channels import sending, zbp_content
from clerk_app.portal.channels.sending import RemoteLog
from clerk_app.portal.channels.zbp_content import ZbpAuthor
from clerk_app.portal.config import ZbpConfig
from clerk_app.portal.trust import PublishedKeys
from clerk_app.portal.wire import DestinationBody, Wire
from clerk_app.sync.ports import RemoteOutcome

_METADATA = "https://schema.fitko.de/fit-connect/metadata/{version}/metadata.schema.json"
_WRITABLE = ("2.1.0", "2.0.0", "1.5.0", "1.4.0", "1.3.0", "1.0.0")  # what we write is valid in all of them


class ZbpChannel:
    """Postfach: implements ``sync.ports.DeliveryChannel``. Used by one thread at a time."""

    def __init__(
        self, config: ZbpConfig, wire: Wire, published: PublishedKeys, now: Callable[[], datetime]
    ) -> None:
        self._config = config
        self._wire = wire
        self._published = published
        self._now = now
        self._author = ZbpAuthor(config)
        self._log = RemoteLog(wire, published, now)

    def announce(self, outgoing: Outgoing) -> RemoteRef:
        """Gets an id. The content is made once before, so that nothing incomplete is announced."""
        self._content(outgoing)
        identifier = zbp_content.service_of(outgoing)
        return self._wire.announce(
            self._config.destination_id,
            service_identifier=identifier,
            service_name=zbp_content.SERVICE_NAMES[identifier],
            attachments=[] if outgoing.kind is OutboxKind.STATUS else sending.attachment_ids(outgoing),
            region=self._config.region,
        )

    def upload(
        self, outgoing: Outgoing, remote: RemoteRef, read: Callable[[OutgoingDocument], bytes]
    ) -> None:
        """Puts every document there. May be repeated."""
        if outgoing.kind is OutboxKind.STATUS or not outgoing.documents:
            return
        jwk = self._bridge_key(self._destination())
        for document in outgoing.documents:
            content = sending.checked_document(document, read)
            jwe = sending.encrypted(content, jwk, document.media_type)
            try:
                self._wire.put_attachment(remote.remote_id, sending.attachment_id(outgoing, document), jwe)
            except ClerkError as refusal:
                self._log.unless_submitted(refusal, _subject(remote), remote)
                return

    def submit(self, outgoing: Outgoing, remote: RemoteRef) -> None:
        """Hands it over. Success also when the log says that an earlier call already did."""
        destination = self._destination()
        jwk = self._bridge_key(destination)
        content = self._author.envelope(self._content(outgoing), self._now())
        metadata = sending.metadata_for(
            outgoing,
            content,
            schema_uri=zbp_content.SCHEMA_URI,
            metadata_schema=_METADATA.format(version=_version_for(destination)),
        )
        try:
            self._wire.submit(
                remote.remote_id,
                sending.encrypted(metadata, jwk, "application/json"),
                sending.encrypted(content, jwk, "application/json"),
            )
        except ClerkError as refusal:
            self._log.unless_submitted(refusal, _subject(remote), remote)

    def outcome(self, outgoing: Outgoing, remote: RemoteRef) -> RemoteOutcome:
        """What the log says; accepted by the bridge means it lies in the mailbox."""
        return self._log.outcome(_subject(remote), remote.remote_case_id)

    def _content(self, outgoing: Outgoing) -> dict[str, object]:
        if outgoing.kind is OutboxKind.STATUS:
            return zbp_content.status(outgoing, self._config)
        return zbp_content.message(outgoing, self._config)

    def _destination(self) -> DestinationBody:
        return self._wire.destination(self._config.destination_id)

    def _bridge_key(self, destination: DestinationBody) -> Mapping[str, object]:
        """Asked for each time: the bridge may have changed its key since. The key itself is remembered."""
        jwk = self._published.of_destination(self._config.destination_id, destination.encryption_kid)
        if jwk is None:
            raise ClerkError(ErrorCode.REMOTE_GONE, {"kid": destination.encryption_kid}, Disposition.RETRY)
        return jwk


def _subject(remote: RemoteRef) -> str:
    return f"submission:{remote.remote_id}"


def _version_for(destination: DestinationBody) -> str:
    accepted = destination.metadata_versions
    if not accepted:
        return _WRITABLE[0]
    return next((version for version in _WRITABLE if version in accepted), _WRITABLE[0])
