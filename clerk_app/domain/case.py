"""The Vorgang: what lists show and what the review page holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from clerk_app.domain.application import Application, Attachment
from clerk_app.domain.competence import Forwarded
from clerk_app.domain.deadlines import DeadlineKind
from clerk_app.domain.ids import AttachmentId, CaseId, DestinationId, DocumentId, SubmissionId
from clerk_app.domain.outbox import OutboxEntry
from clerk_app.domain.package import PackageMark


class CaseStatus(StrEnum):
    """Status of a case: the portal's word with the clerk's acts laid over it."""

    NEW = "new"
    IN_REVIEW = "in-review"
    REQUESTED = "requested"  # waiting for the applicant
    ANSWERED = "answered"  # the applicant answered; the clerk's turn
    DECIDED = "decided"  # signed and on its way (or waiting for the post)
    CLOSED = "closed"  # decision delivered or posted
    RETURNED = "returned"  # the decision came back
    FORWARDED = "forwarded"  # handed to the competent authority; nothing is decided here any more
    QUARANTINED = "quarantined"  # could not be read; nothing was refused


OPEN_STATUSES = frozenset(
    {CaseStatus.NEW, CaseStatus.IN_REVIEW, CaseStatus.REQUESTED, CaseStatus.ANSWERED, CaseStatus.RETURNED}
)


class CaseView(StrEnum):
    """The sidebar's areas."""

    NEW = "new"  # new or answered: needs a first look
    OPEN = "open"  # everything not yet decided
    MINE = "mine"  # of these, what is assigned to one clerk
    REQUESTS = "requests"  # waiting for applicants
    DECIDED = "decided"  # signed, on the way
    ARCHIVE = "archive"  # closed, or forwarded
    QUARANTINE = "quarantine"
    ALL = "all"


class CaseOrder(StrEnum):
    """What a list is sorted by; newest first, all others from the beginning."""

    NEWEST = "newest"
    DUE = "due"
    APPLICANT = "applicant"
    SERVICE = "service"
    MUNICIPALITY = "municipality"
    REFERENCE = "reference"
    STATUS = "status"  # in the order of a case's way through the office
    ASSIGNED = "assigned"  # by account; what is nobody's comes last
    ATTACHMENTS = "attachments"
    PORTAL = "portal"
    LANGUAGE = "language"  # by code; who names none comes last


@dataclass(frozen=True)
class CaseQuery:
    """What a list should show. ``text`` is what a person typed into the search field. ``reverse`` turns the
    order round: oldest first, latest deadline first."""

    text: str = ""
    view: CaseView = CaseView.ALL
    status: CaseStatus | None = None
    order: CaseOrder = CaseOrder.NEWEST
    limit: int | None = None
    unread_only: bool = False
    with_attachments_only: bool = False
    due_before: date | None = None
    reverse: bool = False
    actor: str = ""  # whose cases ``CaseView.MINE`` lists


@dataclass(frozen=True)
class CaseRow:
    """One line of a list. ``row_id`` is the cache's integer key, for lazy models only.

    ``due_on`` is the deadline that matters now (the office's target, or while the applicant is asked the day
    the answer is due). ``remind_on`` is the clerk's earliest open reminder of ``remind_kind`` (follow-up,
    warning or a day set by hand): it moves no deadline. ``assigned_to`` is the account whose case it is.
    ``language`` is what the form asks to be answered in (BCP 47, else as written); "" when it does not say.
    ``changed``: unread, and not for the first time: something came since somebody worked on the case.
    """

    row_id: int
    case_id: CaseId
    case_reference: str
    service: str
    leika_key: str | None
    applicant: str
    municipality: str
    arrived_at: datetime
    due_on: date | None
    status: CaseStatus
    portal: str
    channel: str | None
    attachment_count: int
    unread: bool
    remind_on: date | None = None
    remind_kind: DeadlineKind | None = None
    assigned_to: str | None = None
    language: str = ""
    changed: bool = False


@dataclass(frozen=True)
class CaseAttachment:
    """An attachment of the case with the submission it came with."""

    attachment: Attachment
    submission_id: SubmissionId
    document_id: DocumentId
    arrived_at: datetime


@dataclass(frozen=True)
class HistoryEvent:
    """One line of the timeline. ``kind`` is an ActKind value or ``portal:`` plus the event's short name;
    ``details`` carries codes, ids and texts the views turn into a sentence."""

    at: datetime
    actor: str
    kind: str
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class IssuedDocument:
    """A document this office made in the case (signed decision, request letter)."""

    document_id: DocumentId
    filename: str
    media_type: str
    size_bytes: int
    sha256: str
    kind: str
    entry_id: str


@dataclass(frozen=True)
class Arrival:
    """Something that arrived in a case after an entry was frozen. ``at`` None: it could not be read."""

    submission_id: SubmissionId
    at: datetime | None
    attachments: int


@dataclass(frozen=True)
class CaseFile:
    """Akte: everything about one case. ``applications`` oldest first; the first one is the Antrag, later ones
    are answers. ``change_token`` differs whenever anything in the case changed (served = signed lock).
    ``basis`` are all submissions of the case, readable or not: what is frozen now rests on them. ``moved_to``
    is the version of its service package a clerk moved it to; None: the one in force when it arrived.
    ``forwarded`` stands while the notice of it is not withdrawn, whatever arrived since."""

    row: CaseRow
    applications: tuple[Application, ...]
    attachments: tuple[CaseAttachment, ...]
    history: tuple[HistoryEvent, ...]
    outgoing: tuple[OutboxEntry, ...]
    issued: tuple[IssuedDocument, ...]
    change_token: str
    quarantine_code: str | None = None
    basis: tuple[SubmissionId, ...] = ()
    moved_to: PackageMark | None = None
    forwarded: Forwarded | None = None

    @property
    def first(self) -> Application:
        """The Antrag that opened the case."""
        return self.applications[0]

    def answers_to(self, entry: OutboxEntry) -> tuple[Application, ...]:
        """What came since an entry was made, as far as it can be read. What it was made on tells that
        exactly; times only where it was made on nothing: the portal's are whole seconds of another clock."""
        if entry.basis:
            return tuple(each for each in self.applications if each.submission_id not in entry.basis)
        return tuple(each for each in self.applications if each.submitted_at > entry.created_at)

    def arrived_beside(self, basis: Collection[SubmissionId]) -> tuple[Arrival, ...]:
        """What stands in the case beside ``basis``, oldest first; what cannot be read comes last. Nothing
        when ``basis`` is empty: such an entry rests on no submission."""
        if not basis:
            return ()
        readable = {each.submission_id: each for each in self.applications}
        found = []
        for submission_id in self.basis:
            if submission_id not in basis:
                read = readable.get(submission_id)
                found.append(
                    Arrival(
                        submission_id,
                        None if read is None else read.submitted_at,
                        0 if read is None else len(read.attachments),
                    )
                )
        return tuple(sorted(found, key=lambda each: (each.at is None, each.at, each.submission_id)))


@dataclass(frozen=True)
class ViewCounts:
    """Numbers beside the sidebar's areas, and the status bar's."""

    by_view: Mapping[CaseView, int]
    outbox_waiting: int
    outbox_attention: int  # returned, or waiting for the post
    due_today: int
    overdue: int
    drafts_waiting: int = 0  # in the signature folder or for review
    reminded: int = 0  # a reminder has come up, the deadline not yet


@dataclass(frozen=True)
class AttachmentKey:
    """Names one attachment of one submission."""

    submission_id: SubmissionId
    attachment_id: AttachmentId


@dataclass(frozen=True)
class MailboxKey:
    """Zustellpunkt at a portal."""

    portal: str
    destination_id: DestinationId
