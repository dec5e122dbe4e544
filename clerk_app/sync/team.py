"""One caseload on several desktops: what is exchanged, and in which order.

Every desktop keeps its own ledger, an append-only chain. The server gives each entry a number, without a gap
and in the order of commits. All desktops show the same because each of them reads the entries in the server's
order, with its own unplaced ones after them. That one order also decides which of two decisions counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import AttachmentId, CaseId, DestinationId, DocumentId, EntryId, SubmissionId
from clerk_app.sync.ports import EncryptedBody, IntakeState

ENTRIES_AT_ONCE = 500
DOCUMENTS_AT_ONCE = 20


@dataclass(frozen=True)
class SharedEntry:
    """An entry as it travels: the very texts its hash is made of. ``desktop``: whose desktop wrote it;
    ``signature`` is that desktop's (base64), empty while it is ours and has not left yet."""

    entry_id: str
    at: str
    actor: str
    kind: str
    case_id: str | None
    subject_id: str | None
    payload: str
    desktop: str
    signature: str = ""


@dataclass(frozen=True)
class PlacedEntry:
    """An entry with its number in the team's order. ``entry`` is None when it could not be believed; then
    ``fault`` says why (a code of ``SetAside``)."""

    number: int
    entry_id: str
    author: str
    entry: SharedEntry | None
    fault: str | None = None


@dataclass(frozen=True)
class Cursor:
    """How far the team's order has been read: the last number and the server's chain value there (hex)."""

    number: int = 0
    chain: str = ""


@dataclass(frozen=True)
class EntryPage:
    """Entries after a cursor. ``cursor`` is where the page ends; ``head`` the server's last number."""

    entries: Sequence[PlacedEntry]
    cursor: Cursor
    head: int


@dataclass(frozen=True)
class SharedDocument:
    """A sealed document of a case (notice, letter) with its label, as bytes."""

    case_id: CaseId
    document_id: DocumentId
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class SharedOriginal:
    """A submission as received, and how far the office has come with it. ``number``: place in the team's
    order of changes to originals; 0 when it goes out."""

    submission_id: SubmissionId
    case_id: CaseId
    destination_id: DestinationId
    portal: str
    state: IntakeState
    settled_at: datetime | None
    envelope: bytes = field(repr=False)
    attachments: Mapping[AttachmentId, EncryptedBody] = field(repr=False, default_factory=dict)
    number: int = 0


@dataclass(frozen=True)
class RoutingFacts:
    """What the county may know of a case. Nothing of it names a person."""

    case_id: CaseId
    case_reference: str
    leika_key: str
    service: str
    municipality: str
    portal: str
    arrived_at: datetime
    first_received_on: str
    due_on: str | None
    status: str
    assigned: bool
    proposal: str = ""
    proposal_reason: str = ""


class SharedLedger(Protocol):
    """Our ledger, as the exchange needs it. One thread."""

    @property
    def desktop(self) -> str: ...

    def cursor(self) -> Cursor: ...

    def cursors(self) -> Sequence[Cursor]:
        """Places where the order is known to have been, newest first: to find a restored server's end."""
        ...

    def unplaced(self, limit: int, after: int = 0) -> Sequence[tuple[int, SharedEntry]]:
        """Entries the server has given no number yet, in our order, with our sequence."""
        ...

    def take_in(self, page: EntryPage) -> int:
        """One transaction: new entries join our chain, numbers are noted, views follow the team's order. How
        many entries were new here. Idempotent."""
        ...

    def go_back_to(self, cursor: Cursor) -> None:
        """The server lost everything after ``cursor``: numbers above are void, their entries go out again."""
        ...

    def documents_of(self, entries: Sequence[SharedEntry]) -> Sequence[tuple[CaseId, DocumentId]]:
        """Documents these entries refer to."""
        ...

    def wanted_documents(self, limit: int) -> Sequence[tuple[CaseId, DocumentId]]: ...

    def document(self, case_id: CaseId, document_id: DocumentId) -> SharedDocument | None:
        """None when this desktop does not hold it (any more)."""
        ...

    def keep_document(self, document: SharedDocument) -> None: ...

    def is_ours_to_send(self, entry_id: EntryId) -> bool:
        """Whether the entry is placed, still open, and this desktop's to send."""
        ...


class TeamServer(Protocol):
    """The office's place on the server, over one connection. Raises ClerkError TEAM_…."""

    def place(self, entries: Sequence[SharedEntry]) -> None: ...

    def entries_after(self, cursor: Cursor, limit: int) -> EntryPage: ...

    def holds(self, cursor: Cursor) -> bool:
        """Whether the server's order is at ``cursor`` what it was when we read it."""
        ...

    def place_documents(self, documents: Sequence[SharedDocument]) -> None: ...

    def lacking_documents(
        self, wanted: Sequence[tuple[CaseId, DocumentId]]
    ) -> Sequence[tuple[CaseId, DocumentId]]:
        """Those the server does not hold yet."""
        ...

    def document(self, case_id: CaseId, document_id: DocumentId) -> SharedDocument | None: ...

    def place_original(self, original: SharedOriginal) -> None: ...

    def lacking_originals(self, submission_ids: Sequence[SubmissionId]) -> frozenset[SubmissionId]:
        """Those the server does not hold."""
        ...

    def settle_originals(self, states: Mapping[SubmissionId, tuple[IntakeState, datetime]]) -> None: ...

    def originals_after(self, number: int, limit: int) -> Sequence[SharedOriginal]:
        """Changed after ``number``, by number; attachments are fetched by ``attachments``."""
        ...

    def attachments(self, submission_id: SubmissionId) -> Mapping[AttachmentId, EncryptedBody]: ...

    def note_routing(self, facts: Sequence[RoutingFacts]) -> None: ...

    def intake(self) -> AbstractContextManager[bool]:
        """Whether this desktop is the one that fetches from the portal just now."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Exchanged:
    """What an exchange did."""

    sent: int = 0
    taken_in: int = 0
    documents: int = 0
    went_back: bool = False

    @property
    def moved(self) -> bool:
        """Whether anything changed here or there."""
        return bool(self.sent or self.taken_in or self.documents)

    def __add__(self, other: Exchanged) -> Exchanged:
        return Exchanged(
            self.sent + other.sent,
            self.taken_in + other.taken_in,
            self.documents + other.documents,
            self.went_back or other.went_back,
        )


@dataclass(frozen=True)
class Exchange:
    """Austausch: our entries out, then everybody's in. Interrupted anywhere it goes on where it stopped."""

    ledger: SharedLedger
    server: TeamServer
    progress: Callable[[int, int], None] = lambda done, total: None
    stopping: Callable[[], bool] = lambda: False

    def is_on_common_ground(self) -> bool:
        """Whether the server still holds what we read from it."""
        cursor = self.ledger.cursor()
        return cursor.number == 0 or self.server.holds(cursor)

    def run(self) -> Exchanged:
        """Until nothing is left in either direction. Raises ClerkError TEAM_…; what was done stays done."""
        went_back = self._find_common_ground()
        sent = self._send()
        taken_in = self._take_in()
        documents = self._fetch_documents()
        return Exchanged(sent, taken_in, documents, went_back)

    def _find_common_ground(self) -> bool:
        """A server restored to an older state ends before our cursor, or went on differently."""
        if self.is_on_common_ground():
            return False
        for earlier in self.ledger.cursors():
            if earlier.number == 0 or self.server.holds(earlier):
                self.ledger.go_back_to(earlier)
                return True
        self.ledger.go_back_to(Cursor())
        return True

    def _send(self) -> int:
        sent = after = 0
        while not self.stopping():
            page = self.ledger.unplaced(ENTRIES_AT_ONCE, after)
            if not page:
                break
            entries = [entry for _sequence, entry in page]
            self._send_documents(entries)  # first: who takes an entry in finds what it speaks of
            self.server.place(entries)
            sent, after = sent + len(entries), page[-1][0]
        return sent

    def _send_documents(self, entries: Sequence[SharedEntry]) -> None:
        wanted = self.server.lacking_documents(self.ledger.documents_of(entries))
        for start in range(0, len(wanted), DOCUMENTS_AT_ONCE):
            found = [self.ledger.document(*each) for each in wanted[start : start + DOCUMENTS_AT_ONCE]]
            self.server.place_documents([document for document in found if document is not None])

    def _take_in(self) -> int:
        first = cursor = self.ledger.cursor()
        new = 0
        while not self.stopping():
            page = self.server.entries_after(cursor, ENTRIES_AT_ONCE)
            if not page.entries:
                break
            _assert_gap_free(cursor, page)
            new += self.ledger.take_in(page)
            cursor = page.cursor
            self.progress(cursor.number - first.number, page.head - first.number)
        return new

    def _fetch_documents(self) -> int:
        fetched = 0
        while not self.stopping():
            wanted = self.ledger.wanted_documents(DOCUMENTS_AT_ONCE)
            got = 0
            for case_id, document_id in wanted:
                document = self.server.document(case_id, document_id)
                if document is not None:
                    self.ledger.keep_document(document)
                    got += 1
            fetched += got
            if got == 0:  # the others' desktops have not sent them yet: next time
                break
        return fetched


def _assert_gap_free(cursor: Cursor, page: EntryPage) -> None:
    expected = cursor.number
    for placed in page.entries:
        expected += 1
        if placed.number != expected:
            raise ClerkError(ErrorCode.TEAM_DAMAGED, {"number": expected})


@dataclass(frozen=True)
class SendingGate:
    """Nobody sends what somebody else may have sent: asked after an entry was announced and before it leaves.

    The announcement stands in the team's order then. Whoever took the entry over before it is seen here, and
    we do not send; whoever does so later knows the announcement and settles by the portal's event log.
    """

    exchange: Exchange

    def __call__(self, entry_id: EntryId) -> bool:
        """Whether the entry may leave. Raises ClerkError TEAM_UNREACHABLE and the like: it waits then."""
        self.exchange.run()
        return self.exchange.ledger.is_ours_to_send(entry_id)


def in_pages(facts: Sequence[RoutingFacts], size: int = ENTRIES_AT_ONCE) -> Iterator[Sequence[RoutingFacts]]:
    """Cuts ``facts`` into pages."""
    for start in range(0, len(facts), size):
        yield facts[start : start + size]
