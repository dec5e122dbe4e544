"""What the delivery service remembers: destinations, submissions, replies, cases and their event logs."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Where a submission or reply stands (FIT-Connect, status of a submission)."""

    INCOMPLETE = "incomplete"
    SUBMITTED = "submitted"
    FORWARDED = "forwarded"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DELETED = "deleted"


@dataclass
class Limits:
    """FIT-Connect limits (documentation, "limits"): MB = 10^6 bytes; small ones for tests."""

    attachment_bytes: int = 500_000_000
    attachments: int = 100
    submission_bytes: int = 2_000_000_000
    body_bytes: int = 510_000_000


@dataclass(frozen=True)
class Client:
    """An OAuth client. ``destinations`` it may subscribe to and manage; every client may send."""

    client_id: str
    client_secret: str
    destinations: frozenset[str] = frozenset()
    subscriber: bool = False


@dataclass
class Destination:
    """Zustellpunkt. ``services`` as in the API: identifier, regions, submissionSchemas."""

    destination_id: str
    name: str
    owner: str
    encryption_kid: str
    services: list[dict[str, Any]]
    contact: dict[str, Any]
    metadata_versions: list[str]
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)  # kid -> public JWK
    reply_channels: dict[str, Any] | None = None
    status: str = "active"
    callback_url: str | None = None


@dataclass(frozen=True)
class Service:
    """Verwaltungsleistung as announced."""

    name: str
    identifier: str
    description: str | None = None


@dataclass
class Payload:
    """The encrypted parts; dropped after accept or reject."""

    metadata: str = ""
    content: str | None = None
    attachments: dict[str, str] = field(default_factory=dict)


@dataclass
class Submission:
    """Einreichung."""

    submission_id: str
    case_id: str
    destination_id: str
    sender: str  # client id
    announced: list[str]
    service: Service
    version: int
    created_s: float
    region: str | None = None
    callback_url: str | None = None
    state: State = State.INCOMPLETE
    payload: Payload | None = field(default_factory=Payload)
    fingerprints: dict[str, str] = field(default_factory=dict)  # part -> sha256, to know a repeated PUT
    kept_copy: Payload | None = None  # what a backup of the service would still hold
    submitted_s: float = 0.0

    def tags(self) -> dict[str, Any]:
        """Authentication tags of the stored parts, as the submit event quotes them."""
        if self.payload is None:
            return {}
        return tags_of(self.payload)


@dataclass
class Reply:
    """Antwort der Behörde in einem Vorgang (shape assumed, see ``replies``)."""

    reply_id: str
    case_id: str
    submission_id: str
    announced: list[str]
    created_s: float
    state: State = State.INCOMPLETE
    payload: Payload | None = field(default_factory=Payload)
    fingerprints: dict[str, str] = field(default_factory=dict)


@dataclass
class Case:
    """Vorgang: one event log for everything in it."""

    case_id: str
    destination_id: str
    sender: str
    log: list[Any] = field(default_factory=list)  # events.Event


def tags_of(payload: Payload) -> dict[str, Any]:
    """Authentication tags of a payload in the shape of the event payload."""
    tags: dict[str, Any] = {"metadata": payload.metadata.rsplit(".", 1)[-1]}
    if payload.content is not None:
        tags["data"] = payload.content.rsplit(".", 1)[-1]
    if payload.attachments:
        tags["attachments"] = {key: jwe.rsplit(".", 1)[-1] for key, jwe in payload.attachments.items()}
    return tags
