"""What the Submission API says, as structs. Members nobody here knows are ignored (domain reference 1.4,
1.5)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from clerk_app.domain.ids import AttachmentId, CaseId, DestinationId, SubmissionId
from clerk_app.domain.outbox import RemoteRef
from clerk_app.sync.ports import EncryptedBody, Waiting

_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\Z")
T = TypeVar("T")


class UnexpectedBodyError(ValueError):
    """The body is not what this call answers."""


class WireModel(msgspec.Struct, rename="camel"):
    """Base of all wire structs."""


class ServiceName(WireModel):
    """``serviceType`` (v1) or ``publicService`` (v2)."""

    identifier: str | None = None
    name: str | None = None


class ListedSubmission(WireModel):
    """One line of the list of waiting submissions."""

    destination_id: str
    submission_id: str
    case_id: str


class SubmissionPage(WireModel):
    """``GET submissions``."""

    submissions: list[ListedSubmission]
    total_count: int | None = None


class SubmissionBody(WireModel):
    """``GET submissions/{id}``."""

    destination_id: str
    submission_id: str
    case_id: str
    encrypted_metadata: str
    encrypted_data: str | None = None
    attachments: list[str] | None = None
    announced_attachments: list[str] | None = None
    service_type: ServiceName | None = None
    public_service: ServiceName | None = None

    @property
    def service(self) -> ServiceName | None:
        """The service, under whichever name this version of the interface gives it."""
        return self.public_service or self.service_type

    @property
    def attachment_ids(self) -> tuple[AttachmentId, ...]:
        """Announced attachments, in order. Raises UnexpectedBodyError for ids that are none."""
        listed = self.attachments if self.attachments is not None else self.announced_attachments
        return tuple(AttachmentId(uuid_text(each)) for each in dict.fromkeys(listed or ()))


class EventPage(WireModel):
    """``GET cases/{id}/events``."""

    event_log: list[str]
    total_count: int | None = None


class Created(WireModel):
    """Answer to an announcement."""

    case_id: str
    submission_id: str | None = None
    reply_id: str | None = None


class DestinationBody(WireModel):
    """``GET destinations/{id}``, as far as a sender needs it."""

    encryption_kid: str
    metadata_versions: list[str] | None = None
    status: str | None = None


class ProblemBody(WireModel):
    """RFC 7807 document. The type is opaque text."""

    type: str | None = None
    title: str | None = None


def decode(body: bytes, kind: type[T]) -> T:
    """``body`` as ``kind``. Raises UnexpectedBodyError and nothing else."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError):
        raise UnexpectedBodyError(kind.__name__) from None


def uuid_text(text: str) -> str:
    """``text`` in lower case. Raises UnexpectedBodyError when it is no UUID: ids become parts of paths."""
    if _UUID.match(text) is None:
        raise UnexpectedBodyError("uuid")
    return text.lower()


@dataclass(frozen=True)
class EventLog:
    """A case's events as received, and what the service's clock said."""

    tokens: tuple[str, ...]
    server_at: datetime | None


class Wire(Protocol):
    """The Submission API in one of its versions, signed in as one client. All methods raise ClerkError."""

    version: int

    def waiting(self, destination_id: DestinationId) -> Sequence[Waiting]: ...

    def submission(self, submission_id: SubmissionId) -> bytes: ...

    def attachment(
        self, submission_id: SubmissionId, attachment_id: AttachmentId, spool: Path
    ) -> EncryptedBody: ...

    def event_log(self, case_id: CaseId) -> EventLog: ...

    def post_event(self, case_id: CaseId, token: str) -> None: ...

    def service_keys(self) -> Mapping[str, Mapping[str, object]]:
        """The delivery service's signature keys, by key id."""
        ...

    def destination_key(self, destination_id: str, kid: str) -> Mapping[str, object] | None:
        """A key the destination has published, or None when the service does not know it."""
        ...

    def destination(self, destination_id: str) -> DestinationBody: ...

    def server_clock(self) -> datetime | None:
        """What the portal's clock says now, or None when it does not say."""
        ...

    def announce(
        self,
        destination_id: str,
        *,
        service_identifier: str,
        service_name: str,
        attachments: Sequence[str],
        region: str | None = None,
        case_id: str | None = None,
    ) -> RemoteRef: ...

    def put_attachment(self, submission_id: str, attachment_id: str, jwe: bytes) -> None: ...

    def submit(self, submission_id: str, metadata: bytes, content: bytes) -> None: ...

    def announce_reply(self, case_id: str, attachments: Sequence[str]) -> RemoteRef: ...

    def put_reply_attachment(self, reply_id: str, attachment_id: str, jwe: bytes) -> None: ...

    def submit_reply(self, reply_id: str, metadata: bytes, content: bytes) -> None: ...
