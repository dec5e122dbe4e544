"""What the sync engine needs from outside: a mailbox at a portal, channels to citizens, and the stores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from clerk_app.domain.application import Application, CaseFacts
from clerk_app.domain.case import MailboxKey
from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.ids import AttachmentId, CaseId, DestinationId, DocumentId, EntryId, SubmissionId
from clerk_app.domain.outbox import (
    OutboxEntry,
    OutboxState,
    Outgoing,
    OutgoingDocument,
    Receipt,
    RemoteRef,
    SignedLog,
)

EncryptedBody = bytes | Path
"""A compact JWE as received: in memory when small, else in a spool file that the receiver of it removes."""


@dataclass(frozen=True)
class Waiting:
    """A submission the delivery service holds ready for us."""

    submission_id: SubmissionId
    case_id: CaseId
    destination_id: DestinationId


@dataclass(frozen=True)
class Original:
    """A submission exactly as received, with all that is needed to open and check it again, offline.

    ``submission`` is the body of GET submission, ``event_log`` the compact JWS in the service's order,
    ``verification_keys`` the public JWKs (by key id) the events were checked against.
    """

    waiting: Waiting
    portal: str
    api_version: int
    submission: bytes
    event_log: tuple[str, ...]
    verification_keys: Mapping[str, Mapping[str, object]]
    attachments: Mapping[AttachmentId, EncryptedBody]
    fetched_at: datetime


@dataclass(frozen=True)
class AuthenticationTags:
    """Fifth segments of the JWEs of one submission (domain reference 1.8)."""

    metadata: str
    data: str | None
    attachments: Mapping[AttachmentId, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """A technical problem in the words of the standard (RFC 7807 members of a reject event)."""

    type: str
    title: str
    detail: str = ""
    instance: str = ""


@dataclass(frozen=True)
class Opened:
    """Opened and checked: may be stored and then accepted."""

    original: Original
    application: Application
    tags: AuthenticationTags
    event_schema: str  # ``$schema`` of the submit event, to be copied into ours


@dataclass(frozen=True)
class Defective:
    """Cannot be used, for reasons the standard names as technical: it will be rejected with ``problems``."""

    original: Original
    code: ErrorCode
    problems: tuple[Problem, ...]
    event_schema: str = ""


@dataclass(frozen=True)
class Unreadable:
    """Cannot be read here and now, but the fault may be ours: quarantined and shown, never refused.

    ``awaits_key``: id of the service's signature key it lacks. A key set served from a cache lags behind.
    """

    original: Original
    code: ErrorCode
    params: Mapping[str, object] = field(default_factory=dict)
    awaits_key: str | None = None


Intake = Opened | Defective | Unreadable


class IntakeState(StrEnum):
    """How far a received submission has come; the store's word for ``plan_sync``."""

    STORED = "stored"  # ours durably; the accept has not been confirmed
    ACCEPTED = "accepted"
    TO_REJECT = "to-reject"  # defective; the reject has not been confirmed
    REJECTED = "rejected"
    QUARANTINED = "quarantined"
    CONTESTED = "contested"  # ours durably, but the service's log says something else settled it


class Settlement(StrEnum):
    """Result of telling the service that a submission was accepted or rejected."""

    DONE = "done"
    ALREADY_OURS = "already-ours"  # 409, and the event log holds our own earlier event: success
    OTHERWISE = "otherwise"  # the log says something else happened (for example an automatic reject)


class Mailbox(Protocol):
    """One Zustellpunkt, read by us as its subscriber. Safe to call from several threads."""

    @property
    def key(self) -> MailboxKey: ...

    @property
    def readable_fingerprint(self) -> str:
        """Changes when keys or program change, so that quarantined submissions are tried again."""
        ...

    def publishes(self, key_id: str) -> bool:
        """Whether the service publishes this signature key by now. Raises ClerkError."""
        ...

    def waiting(self) -> Sequence[Waiting]:
        """All submissions waiting, oldest first as listed; pages are followed. Raises ClerkError."""
        ...

    def fetch(self, waiting: Waiting, spool: Path) -> Original:
        """Downloads submission, attachments, event log. Large bodies go to files in ``spool``."""
        ...

    def open(self, original: Original) -> Intake:
        """Verifies and decrypts; no network. The RSA work happens here."""
        ...

    def accept(self, opened: Opened) -> Settlement: ...

    def reject(self, defective: Defective) -> Settlement: ...

    def accept_again(self, waiting: Waiting, tags: AuthenticationTags, event_schema: str) -> Settlement:
        """Accepts what an earlier run stored but could not confirm."""
        ...

    def reject_again(
        self, waiting: Waiting, problems: Sequence[Problem], event_schema: str
    ) -> Settlement: ...


class RemoteState(StrEnum):
    """What the other side's event log says of something we sent."""

    UNKNOWN = "unknown"  # the service knows nothing (never announced, or abandoned and deleted)
    INCOMPLETE = "incomplete"  # announced, not submitted
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True)
class RemoteOutcome:
    """State of a sent entry, with the event that proves it when there is one, and the log it stands in.

    For SUBMITTED the event is the service's own submit event: it says more than the answer to our call.
    """

    state: RemoteState
    receipt: Receipt | None = None
    problems: tuple[str, ...] = ()
    log: SignedLog | None = None


class DeliveryChannel(Protocol):
    """One way to the citizen. Announce, upload and submit are separate: each may be repeated."""

    def announce(self, outgoing: Outgoing) -> RemoteRef: ...

    def upload(
        self, outgoing: Outgoing, remote: RemoteRef, read: Callable[[OutgoingDocument], bytes]
    ) -> None: ...

    def submit(self, outgoing: Outgoing, remote: RemoteRef) -> None: ...

    def outcome(self, outgoing: Outgoing, remote: RemoteRef) -> RemoteOutcome: ...


class Channels(Protocol):
    """Chooses the way for an entry. None means: by post."""

    def deliverable(
        self, channel: str | None, destination_id: DestinationId, address: Mapping[str, object]
    ) -> bool:
        """Whether this office can deliver electronically over ``channel``."""
        ...

    def channel_for(self, outgoing: Outgoing) -> DeliveryChannel: ...


@dataclass(frozen=True)
class KnownIntake:
    """What the store knows of a submission."""

    state: IntakeState
    fingerprint: str  # ``plan.quarantine_fingerprint`` at the time it was quarantined
    waiting: Waiting
    tags: AuthenticationTags | None = None
    problems: tuple[Problem, ...] = ()
    event_schema: str = ""


@dataclass(frozen=True)
class StorePage:
    """A page of intake to be committed as one."""

    opened: Sequence[tuple[Opened, CaseFacts]]
    defective: Sequence[Defective] = ()
    unreadable: Sequence[tuple[Unreadable, str]] = ()  # with its ``plan.quarantine_fingerprint``


@dataclass(frozen=True)
class StoredPage:
    """What committing a page did."""

    arrived: frozenset[CaseId]
    joined: frozenset[CaseId]


class IntakeStore(Protocol):
    """Writer of the portal's word (``cache.db`` and sealed originals). One thread."""

    def known(self, submission_ids: Iterable[SubmissionId]) -> Mapping[SubmissionId, KnownIntake]: ...

    def unsettled(self, mailbox: MailboxKey) -> Sequence[KnownIntake]:
        """STORED and TO_REJECT submissions of this mailbox whose accept or reject was never confirmed."""
        ...

    def store(self, mailbox: MailboxKey, page: StorePage) -> StoredPage:
        """Seals the originals, then commits rows in one transaction. Durable on return. Idempotent."""
        ...

    def settle(self, submissions: Mapping[SubmissionId, IntakeState]) -> None: ...

    def synced(self, mailbox: MailboxKey, at: datetime) -> None:
        """Remembers the last complete round for this mailbox."""
        ...

    def originals(self) -> Iterable[Original]:
        """Every sealed original, for building the cache again."""
        ...

    def read_facts(self, reader: ApplicationReader, limit: int) -> int:
        """Reads anew who filed up to ``limit`` applications and in which language, where they were stored
        before that was kept; how many it were. 0: nothing is left to do. Idempotent."""
        ...


class OutboxStore(Protocol):
    """The sync thread's side of the ledger: states of entries, and their retry schedule."""

    def open_entries(self) -> Sequence[OutboxEntry]:
        """Entries with a step left to do by machine (not final, TO_POST or RETURNED), oldest first."""
        ...

    def state_of(self, entry_id: EntryId) -> OutboxState | None:
        """The entry's state now, whether there is a step left or not."""
        ...

    def outgoing(self, entry_id: EntryId) -> Outgoing: ...

    def read_document(self, case_id: CaseId, document_id: DocumentId) -> bytes: ...

    def move(
        self,
        entry_id: EntryId,
        to: OutboxState,
        *,
        expected: OutboxState,
        remote: RemoteRef | None = None,
        receipt: Receipt | None = None,
        problems: Sequence[str] = (),
        log: SignedLog | None = None,
        unless_overtaken: bool = False,
    ) -> bool:
        """One committed step; False when the entry is no longer in ``expected`` (a clerk was faster).

        ``log`` is kept with the step: what the service deletes later stays provable here.
        With ``unless_overtaken`` the look at the case and the step are one transaction: an overtaken entry
        goes to RETURNED with HELD_CASE_CHANGED instead, and the answer is False.
        """
        ...

    def is_overtaken(self, entry_id: EntryId) -> bool:
        """Whether the case holds a submission by now that the entry was not made on (served = signed)."""
        ...

    def postpone(self, entry_id: EntryId, attempts: int, next_try_at: datetime, error: ErrorCode) -> None: ...

    def unseal_missing(self) -> int:
        """Brings back entries whose sealed file exists without a ledger row; number of entries restored."""
        ...


class ApplicationReader(Protocol):
    """Reads the facts of an application by the rules of its service."""

    def facts(self, application: Application) -> CaseFacts: ...
