"""What both electronic ways have in common: ids, metadata, encrypted documents, and what became of them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.outbox import Outgoing, OutgoingDocument, Receipt, RemoteRef, SignedLog
from clerk_app.portal import events, jose, trust
from clerk_app.portal.events import Event
from clerk_app.portal.trust import PublishedKeys
from clerk_app.portal.wire import Wire
from clerk_app.sync.ports import RemoteOutcome, RemoteState

METADATA_2_1 = "https://schema.fitko.de/fit-connect/metadata/2.1.0/metadata.schema.json"
MOST_ATTACHMENTS = 100
# A JWE is a third longer than its content (base64url), and the limits count what is sent.
LARGEST_ATTACHMENT = 500_000_000 * 3 // 4 - 10_000
LARGEST_SUBMISSION = 2_000_000_000 * 3 // 4 - 1_000_000
_ATTACHMENT_IDS = uuid.UUID("0b5ad0a3-4f5c-5d0e-8d39-6f1c6a1f44d2")  # namespace


def attachment_id(outgoing: Outgoing, document: OutgoingDocument) -> str:
    """The same id each time, so that an interrupted upload goes on instead of starting anew."""
    return str(uuid.uuid5(_ATTACHMENT_IDS, f"{outgoing.entry_id}/{document.document_id}"))


def attachment_ids(outgoing: Outgoing) -> list[str]:
    """Ids of all documents of an entry, in order. Raises ClerkError LIMIT_EXCEEDED when the service would not
    take them (domain reference 1.12; MB = 10^6)."""
    sizes = [document.size_bytes for document in outgoing.documents]
    for found, limit, words in (
        (len(sizes), MOST_ATTACHMENTS, f"{MOST_ATTACHMENTS}"),
        (max(sizes, default=0), LARGEST_ATTACHMENT, "500 MB"),
        (sum(sizes), LARGEST_SUBMISSION, "2 GB"),
    ):
        if found > limit:
            raise ClerkError(ErrorCode.LIMIT_EXCEEDED, {"limit": words}, Disposition.ASK_CLERK)
    return [attachment_id(outgoing, document) for document in outgoing.documents]


def metadata_for(
    outgoing: Outgoing, content: bytes, *, schema_uri: str, metadata_schema: str = METADATA_2_1
) -> bytes:
    """Metadata of what we send (2.1.0 has all members required in any known version)."""
    document = {
        "$schema": metadata_schema,
        "contentStructure": {
            "data": {
                "hash": {"type": "sha512", "content": hashlib.sha512(content).hexdigest()},
                "submissionSchema": {"schemaUri": schema_uri, "mimeType": "application/json"},
            },
            "attachments": [
                {
                    "attachmentId": attachment_id(outgoing, each),
                    "hash": {"type": "sha512", "content": each.sha512},
                    "purpose": "attachment",
                    "mimeType": each.media_type,
                    "filename": each.filename,
                }
                for each in outgoing.documents
            ],
        },
    }
    return msgspec.json.encode(document)


def checked_document(document: OutgoingDocument, read: Callable[[OutgoingDocument], bytes]) -> bytes:
    """The document exactly as it was when the clerk signed. Raises ClerkError DOCUMENT_DAMAGED."""
    content = read(document)
    if len(content) != document.size_bytes or hashlib.sha512(content).hexdigest() != document.sha512:
        raise ClerkError(
            ErrorCode.DOCUMENT_DAMAGED, {"document_id": document.document_id}, Disposition.ASK_CLERK
        )
    return content


def encrypted(content: bytes, jwk: Mapping[str, object], media_type: str) -> bytes:
    """A JWE for the recipient. Raises ClerkError KEY_FILE_INVALID when the recipient's key is not usable."""
    try:
        return jose.encrypt(content, jwk, cty=media_type)
    except ValueError:
        raise ClerkError(
            ErrorCode.KEY_FILE_INVALID, {"path": "recipient", "reason": "unusable"}, Disposition.ASK_CLERK
        ) from None


@dataclass(frozen=True)
class RemoteLog:
    """Reads what the other side's log says of something we sent."""

    wire: Wire
    published: PublishedKeys
    now: Callable[[], datetime]

    def outcome(self, subject: str, case_id: str) -> RemoteOutcome:
        """``subject`` is ``submission:<id>`` or ``reply:<id>``. Raises ClerkError; a log that does not hold
        what it should is RETRY: nothing is concluded from it, and the entry stays as it is."""
        try:
            story, log = self._story(subject, case_id)
        except ClerkError as error:
            if error.code is ErrorCode.REMOTE_GONE:
                return RemoteOutcome(RemoteState.UNKNOWN)
            if error.code in (ErrorCode.EVENT_LOG_FORGED, ErrorCode.EVENT_LOG_DISORDERED):
                raise ClerkError(error.code, error.params, Disposition.RETRY) from None
            raise
        outcome = judged([event for event in story if event.subject == subject and event.verified])
        return replace(outcome, log=log)

    def _story(self, subject: str, case_id: str) -> tuple[Sequence[Event], SignedLog]:
        log = self.wire.event_log(case_id)  # type: ignore[arg-type]  # a remote case id has the same form
        now = self.now()
        keys = self.published.for_log(log.tokens)
        story = events.read_log(
            log.tokens,
            case_id=case_id,
            key_for=trust.key_finder(keys),
            essential_subject=subject,
            not_after=max(now, log.server_at or now),
        )
        return story, SignedLog(tuple(log.tokens), keys, now)

    def unless_submitted(self, refusal: ClerkError, subject: str, remote: RemoteRef) -> None:
        """A repeated PUT was refused: fine if the log proves that it had been handed over before, else
        raises.

        An announcement the service no longer knows (it lapses after a day) is no refusal of the letter:
        RETRY, it may be announced again.
        """
        if refusal.code not in _PERHAPS_DONE_BEFORE:
            raise refusal
        state = self.outcome(subject, remote.remote_case_id).state
        if state in (RemoteState.SUBMITTED, RemoteState.ACCEPTED, RemoteState.REJECTED):
            return
        if state is RemoteState.UNKNOWN or refusal.code is ErrorCode.REMOTE_GONE:
            raise ClerkError(ErrorCode.REMOTE_GONE, refusal.params, Disposition.RETRY)
        raise refusal


_PERHAPS_DONE_BEFORE = frozenset({ErrorCode.REMOTE_CONFLICT, ErrorCode.REMOTE_GONE, ErrorCode.PORTAL_REFUSED})


def judged(story: Sequence[Event]) -> RemoteOutcome:
    """What a verified log of one object amounts to."""
    verbs = {event.name.partition("-")[0]: event for event in story}
    accepted, rejected, submitted = verbs.get("accept"), verbs.get("reject"), verbs.get("submit")
    if accepted is not None:
        return RemoteOutcome(RemoteState.ACCEPTED, _receipt(accepted))
    if rejected is not None:
        return RemoteOutcome(RemoteState.REJECTED, _receipt(rejected), _problem_types(rejected))
    if submitted is not None:
        return RemoteOutcome(RemoteState.SUBMITTED, _receipt(submitted))
    if "delete" in verbs or not story:  # an abandoned announcement, deleted by the service
        return RemoteOutcome(RemoteState.UNKNOWN)
    return RemoteOutcome(RemoteState.INCOMPLETE)


def _receipt(event: Event) -> Receipt:
    return Receipt(event.uri, event.event_id, event.issued_at, event.token)


def _problem_types(event: Event) -> tuple[str, ...]:
    stated = event.payload.get("problems")
    types = (
        [each.get("type") for each in stated if isinstance(each, dict)] if isinstance(stated, list) else []
    )
    return tuple(each[:300] for each in types if isinstance(each, str))
