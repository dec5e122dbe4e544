"""What leaves the office: entries, their states, and which step may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from clerk_app.domain.ids import CaseId, DestinationId, DocumentId, EntryId, SubmissionId


class OutboxKind(StrEnum):
    """Art des Ausgangs."""

    DECISION = "decision"
    DOCUMENT_REQUEST = "document-request"
    LETTER = "letter"  # a letter that decides nothing: hearing, interim notice, receipt, …
    STATUS = "status"  # a progress note in the citizen's account; accompanies one of the others


class OutboxState(StrEnum):
    """Zustand im Postausgang."""

    QUEUED = "QUEUED"  # frozen and safe here; nothing has left
    ANNOUNCED = "ANNOUNCED"  # the service gave us an id; committed before that id is used
    UPLOADED = "UPLOADED"  # every attachment is there
    SUBMITTED = "SUBMITTED"  # handed over: the service said so (its submit event is the receipt, once read)
    IN_DOUBT = "IN_DOUBT"  # an answer was lost; settled from the event log, never by sending again blindly
    DELIVERED = "DELIVERED"  # receipt kept
    RETURNED = "RETURNED"  # refused by the other side; a clerk must look
    TO_POST = "TO_POST"  # a letter waits to be printed and posted
    POSTED = "POSTED"  # a clerk said it went to the post
    WITHDRAWN = "WITHDRAWN"  # a clerk took it back


S = OutboxState
TRANSITIONS: Mapping[OutboxState, frozenset[OutboxState]] = {
    S.QUEUED: frozenset({S.ANNOUNCED, S.WITHDRAWN, S.RETURNED, S.TO_POST}),
    # back to QUEUED only when the event log proves that the announcement was never submitted
    S.ANNOUNCED: frozenset({S.UPLOADED, S.IN_DOUBT, S.SUBMITTED, S.DELIVERED, S.RETURNED, S.QUEUED}),
    S.UPLOADED: frozenset({S.SUBMITTED, S.IN_DOUBT, S.DELIVERED, S.RETURNED, S.QUEUED}),
    S.IN_DOUBT: frozenset({S.SUBMITTED, S.UPLOADED, S.DELIVERED, S.RETURNED, S.QUEUED}),
    # to itself once: handed over by the service's answer, then proven by its event
    S.SUBMITTED: frozenset({S.SUBMITTED, S.DELIVERED, S.RETURNED}),
    S.RETURNED: frozenset({S.QUEUED, S.WITHDRAWN, S.TO_POST}),
    S.TO_POST: frozenset({S.POSTED, S.WITHDRAWN}),
    S.DELIVERED: frozenset(),
    S.POSTED: frozenset(),
    S.WITHDRAWN: frozenset(),
}
del S

FINAL_STATES = frozenset(state for state, following in TRANSITIONS.items() if not following)
WITHDRAWABLE_STATES = frozenset(
    s for s, following in TRANSITIONS.items() if OutboxState.WITHDRAWN in following
)
IN_TRANSIT_STATES = frozenset(
    {OutboxState.ANNOUNCED, OutboxState.UPLOADED, OutboxState.IN_DOUBT, OutboxState.SUBMITTED}
)


LONGEST_TAKE_BACK = timedelta(seconds=900)
"""The longest take-back time an office may set."""


def may_follow(current: OutboxState, following: OutboxState) -> bool:
    """Whether an entry in ``current`` may move to ``following``."""
    return following in TRANSITIONS[current]


@dataclass(frozen=True)
class OutgoingDocument:
    """A document that travels with an entry; it lies sealed in the case and is checked against ``sha512``."""

    document_id: DocumentId
    filename: str
    media_type: str
    size_bytes: int
    sha256: str
    sha512: str


@dataclass(frozen=True)
class Outgoing:
    """An entry's frozen content: all a delivery needs, fixed when the clerk acted, never changed afterwards.

    ``channel`` is the applicant's reply channel kind, or None for a letter by post. ``address`` are the
    channel's members as the applicant gave them. ``structured`` is the machine-readable form that travels
    along (kind, items or outcome). ``account_status`` is the ZBP status a STATUS entry sets. ``basis`` are
    the submissions the case held when the clerk acted (``CaseFile.basis``): with another one beside them the
    entry is held back (served = signed lock). Empty for what rests on none. ``due_on`` is the day an answer
    is due: with one, the case waits for the applicant.
    """

    entry_id: EntryId
    case_id: CaseId
    kind: OutboxKind
    channel: str | None
    portal: str
    destination_id: DestinationId
    answers_submission_id: SubmissionId
    case_reference: str
    service_name: str
    service_identifier: str | None
    recipient_name: str
    title: str
    text: str
    created_at: datetime
    address: Mapping[str, object] = field(default_factory=dict)
    portal_application_id: str | None = None
    documents: tuple[OutgoingDocument, ...] = ()
    structured: Mapping[str, object] = field(default_factory=dict)
    account_status: str | None = None
    accompanies: EntryId | None = None
    due_on: date | None = None
    basis: tuple[SubmissionId, ...] = ()
    postal_address: tuple[str, ...] = ()  # the lines of the letter's address field, should it go by post


@dataclass(frozen=True)
class RemoteRef:
    """Where an entry lives at the delivery service once announced."""

    remote_id: str  # submissionId or replyId
    remote_case_id: str


@dataclass(frozen=True)
class Receipt:
    """Quittung of the other side: the signed event that proves it, as received."""

    event: str  # the event's URI
    event_id: str  # jti
    issued_at: datetime
    token: str  # compact JWS


@dataclass(frozen=True)
class SignedLog:
    """Ereignisprotokoll of one case at a delivery service, as received and checked.

    ``tokens`` are the signed events (compact JWS) in the service's order. ``keys`` are the public JWKs they
    were checked against, named by who published them (``service:<kid>``, ``destination:<id>:<kid>``).
    """

    tokens: tuple[str, ...]
    keys: Mapping[str, Mapping[str, object]]
    fetched_at: datetime = field(compare=False)  # the same events fetched twice are the same log


@dataclass(frozen=True)
class OutboxEntry:
    """Eintrag im Postausgang as it stands now."""

    entry_id: EntryId
    case_id: CaseId
    kind: OutboxKind
    channel: str | None
    portal: str
    state: OutboxState
    created_at: datetime
    changed_at: datetime
    hold_until: datetime  # take-back time ends; nothing leaves before
    attempts: int = 0
    next_try_at: datetime | None = None
    last_error: str | None = None  # an ErrorCode
    remote: RemoteRef | None = None
    receipt: Receipt | None = None
    problems: tuple[str, ...] = ()  # why it was returned: problem types, as received
    case_reference: str = ""
    recipient_name: str = ""
    title: str = ""
    accompanies: EntryId | None = None
    payload_sha256: str = ""
    posted_on: date | None = None  # the day a clerk gave the letter to the post
    basis: tuple[SubmissionId, ...] = ()  # what it was made on, or what a clerk has seen since
    elsewhere: bool = False  # another desktop of the team sends it
