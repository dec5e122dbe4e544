"""What the use cases need from outside, as protocols. Adapters implement them; ``bootstrap`` wires them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import BinaryIO, Protocol

from clerk_app.domain.application import Application
from clerk_app.domain.attachment_text import SearchHit, TextCoverage
from clerk_app.domain.case import CaseFile, CaseQuery, CaseRow, ViewCounts
from clerk_app.domain.case_dates import OpenDate
from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.correspondence import Correspondence, LetterLanguages
from clerk_app.domain.deadlines import Deadline
from clerk_app.domain.decision import Outcome, Wording
from clerk_app.domain.decision_choices import DecisionChoices
from clerk_app.domain.differences import FormDifference
from clerk_app.domain.document_request import DocumentRequest
from clerk_app.domain.efile import FiledCase, Handover
from clerk_app.domain.folder import DraftPlace, FrozenDraft, WaitingDraft
from clerk_app.domain.ids import AttachmentId, CaseId, DocumentId, EntryId, SubmissionId
from clerk_app.domain.ledger import Act, LedgerEntry
from clerk_app.domain.letter import Letter
from clerk_app.domain.letter_templates import HearingDuty
from clerk_app.domain.outbox import OutboxEntry, OutboxState, Outgoing, OutgoingDocument, SignedLog
from clerk_app.domain.proof import Proof, ProofMatter
from clerk_app.domain.relations import DoublePairs, RelatedCases
from clerk_app.domain.review_basis import EvidenceMatch, ReviewBasis
from clerk_app.domain.search_terms import SearchKey
from clerk_app.domain.service_package import CheckResult, EvidenceKind, FormView
from clerk_app.domain.sheet import Sheet
from clerk_app.domain.signature import (
    NO_DEMAND,
    KeyReport,
    SignatureSummary,
    SigningDemand,
    SigningOutlook,
    VerificationReport,
)
from clerk_app.domain.stand_in import StandIn
from clerk_app.domain.statistics import CaseFact


class Clock(Protocol):
    """The time, as an aware UTC datetime."""

    def now(self) -> datetime: ...


class ChangeListener(Protocol):
    """Told after each commit, on the thread that committed."""

    def __call__(self, changes: ChangeSet) -> None: ...


class CaseReads(Protocol):
    """Reading side: portal's word with the clerk's acts laid over it. One object per thread."""

    def ids(self, query: CaseQuery) -> array[int]:
        """Row ids of all matching cases in order, for lazy models. Cheap: no rows are read."""
        ...

    def rows(self, row_ids: Sequence[int]) -> Sequence[CaseRow]:
        """The rows for ``row_ids``, in that order; ids that no longer exist are left out."""
        ...

    def list(self, query: CaseQuery) -> Sequence[CaseRow]: ...

    def row(self, case_id: CaseId) -> CaseRow | None: ...

    def find(self, text: str) -> Sequence[CaseId]:
        """Cases whose id or reference equals ``text``, or, if none, begins with it (at most ten)."""
        ...

    def case_file(self, case_id: CaseId) -> CaseFile | None: ...

    def counts(self, today: date, actor: str = "") -> ViewCounts:
        """``actor`` is whose cases ``CaseView.MINE`` counts."""
        ...

    def actors(self) -> Sequence[str]:
        """Everybody who has acted here or was assigned a case, by name."""
        ...

    def outbox(self, *, include_final: bool = True) -> Sequence[OutboxEntry]:
        """Entries of the outbox, newest first."""
        ...

    def outbox_entry(self, entry_id: EntryId) -> OutboxEntry | None: ...

    def waiting_drafts(self) -> Sequence[WaitingDraft]:
        """Fixed drafts that wait for a release or a signature, oldest first."""
        ...

    def fixed_draft(self, draft_id: EntryId) -> WaitingDraft | None:
        """One fixed draft, whatever became of it."""
        ...

    def change_token(self, case_id: CaseId) -> str:
        """``CaseFile.change_token`` without reading the file."""
        ...

    def open_dates(self, until: date) -> Sequence[OpenDate]:
        """Reminders of any case that are not done and due up to ``until``, earliest first."""
        ...

    def touched(self, since: datetime, until: datetime) -> Sequence[CaseId]:
        """Cases in which something was done or arrived from ``since`` to before ``until``."""
        ...

    def related(self, case_id: CaseId) -> RelatedCases:
        """Other cases with the same person, address or document: at most 50, possible doubles first."""
        ...

    def double_pairs(self, limit: int = 1000) -> DoublePairs:
        """All pairs of open cases that may be one application, newest first."""
        ...

    def facts(self) -> Iterator[CaseFact]:
        """What statistics may know of every readable case."""
        ...

    def stand_ins(self) -> Sequence[StandIn]:
        """Every stand-in ever entered, newest first."""
        ...

    def done_by(self, actor: str, whose: str) -> Sequence[tuple[CaseId, datetime, str]]:
        """Acts of ``actor`` in cases that are ``whose``: case, time, kind."""
        ...

    def kept(self, actor: str, name: str) -> object:
        """What ``usecases.journal.Journal.remember`` keeps for a clerk; None when there is nothing."""
        ...

    def hit(self, case_id: CaseId, text: str) -> SearchHit | None:
        """Where in the case the words of a search stand; None when its row shows them already."""
        ...

    def text_coverage(self) -> TextCoverage:
        """How many attachments the search knows, and how many not."""
        ...

    def met(self) -> Mapping[SearchKey, Sequence[str]]:
        """Values to propose behind search keys: services and municipalities of the newest cases, clerks."""
        ...

    def last_sync_at(self) -> datetime | None: ...


class LedgerTransaction(Protocol):
    """One named write of the clerk's word. Committed as a whole when the block ends, or not at all."""

    def append(self, act: Act) -> LedgerEntry: ...

    def queue(
        self, outgoing: Outgoing, hold_until: datetime, state: OutboxState = OutboxState.QUEUED
    ) -> None:
        """Records the frozen entry. Its sealed copy is on disk before this transaction commits."""
        ...

    def move(self, entry_id: EntryId, to: OutboxState, details: Mapping[str, object] | None = None) -> None:
        """One step of an entry. Raises ClerkError ENTRY_UNKNOWN, or REMOTE_CONFLICT when the step is not
        allowed from the state the entry is in *now* (someone else moved it first)."""
        ...

    def entry(self, entry_id: EntryId) -> OutboxEntry | None: ...

    def freeze(self, frozen: FrozenDraft, place: DraftPlace) -> None:
        """Fixes a draft for review or for the folder. Raises ClerkError DRAFT_ALREADY_WAITING."""
        ...

    def draft(self, draft_id: EntryId) -> WaitingDraft | None:
        """A fixed draft as it stands in this transaction."""
        ...

    def draft_of(self, case_id: CaseId) -> WaitingDraft | None:
        """The fixed draft of the case that waits for something."""
        ...

    def decision_of(self, case_id: CaseId) -> OutboxEntry | None:
        """The case's decision that is neither withdrawn nor returned, if there is one."""
        ...

    def forwarded_by(self, case_id: CaseId) -> EntryId | None:
        """The notice by which the case went to another authority; None while it is ours."""
        ...


class Ledger(Protocol):
    """Writing side of the clerk's word. One object per thread. ``actor`` is whose word it is."""

    @property
    def actor(self) -> str: ...

    @property
    def desktop(self) -> str | None:
        """Our desktop's id in the office's team; None without a team."""
        ...

    def transaction(self, name: str) -> AbstractContextManager[LedgerTransaction]: ...

    def outgoing(self, entry_id: EntryId) -> Outgoing: ...

    def entries(self, case_id: CaseId) -> Sequence[LedgerEntry]:
        """Everything done in one case, in order, with the hashes of the chain."""
        ...

    def frozen_draft(self, draft_id: EntryId) -> FrozenDraft:
        """A fixed draft with its letter. Raises ClerkError DRAFT_UNKNOWN."""
        ...

    def verify_chain(self) -> int:
        """Walks the hash chain; number of entries. Raises ClerkError LEDGER_DAMAGED naming the sequence."""
        ...


class CaseDocuments(Protocol):
    """Sealed documents of cases. Writing is durable (content and directory entry synced) on return."""

    def keep(self, case_id: CaseId, content: bytes, label: str) -> DocumentId: ...

    def read(self, case_id: CaseId, document_id: DocumentId) -> bytes: ...


class ArrivalLogs(Protocol):
    """What the delivery service's event log said when a submission was fetched, as kept with it."""

    def arrival_log(self, case_id: CaseId, submission_id: SubmissionId) -> SignedLog:
        """Raises ClerkError DOCUMENT_MISSING or DOCUMENT_DAMAGED."""
        ...


class Attachments(Protocol):
    """Opens what citizens sent, checked against its recorded hash."""

    def write_to(
        self, case_id: CaseId, submission_id: SubmissionId, attachment_id: AttachmentId, sink: BinaryIO
    ) -> None: ...


class LetterOffice(Protocol):
    """Makes letters: data in, finished PDF out; signs and verifies."""

    def render(self, letter: Letter, created_at: datetime) -> bytes: ...

    def sign(
        self,
        pdf: bytes,
        key_reference: str | None,
        ask_password: Callable[[], str | None],
        demand: SigningDemand = NO_DEMAND,
    ) -> tuple[bytes, SignatureSummary]:
        """The signed document, and its signature as checked after signing: whoever calls need not verify it
        again. Without ``key_reference`` the office's key that fits the demand signs."""
        ...

    def verify(self, pdf: bytes) -> VerificationReport: ...

    def examine_key(self, key_reference: str | None) -> KeyReport:
        """What is known of a key, by default the office's. Needs no PIN; never raises for what a key is."""
        ...

    def outlook(self, demand: SigningDemand, key_reference: str | None = None) -> SigningOutlook:
        """How a letter with this demand would be signed now: by which key, at which level."""
        ...

    def batch(self, expected: int = 1) -> AbstractContextManager[None]:
        """Inside, a key once opened stays open: its password is asked for once. ``expected``: how many
        signatures it will be; a remote key is authorised for that many at once."""
        ...


class RequestDueDates(Protocol):
    """Until when an applicant has time to answer, by the service's rules and the Land's calendar."""

    def today(self, now: datetime) -> date:
        """The office's date at ``now`` (Europe/Berlin)."""
        ...

    def request_due_on(self, case: CaseFile, now: datetime) -> date: ...


class Assessor(Protocol):
    """Reads a case by the rules of its service: the form with labels, check points, deadlines, evidence."""

    def form(self, case: CaseFile, application: Application) -> FormView:
        """One application of the case, by the version of the service's rules the case goes by."""
        ...

    def raw_text(self, application: Application) -> str:
        """The form's bytes as text, laid out for reading; not a sign of it is missing."""
        ...

    def checks(self, case: CaseFile) -> tuple[CheckResult, ...]: ...

    def deadlines(self, case: CaseFile, now: datetime) -> tuple[Deadline, ...]: ...

    def differences(self, case: CaseFile) -> tuple[FormDifference, ...]:
        """What each later submission says differently from the one before it, newest first."""
        ...

    def basis(self, case: CaseFile, now: datetime) -> ReviewBasis:
        """By which package the case is read, and how well that fits what came."""
        ...

    def matched(self, case: CaseFile) -> EvidenceMatch:
        """Which kind of evidence each attachment seems to be, and what is missing."""
        ...

    def evidence(self, case: CaseFile) -> tuple[EvidenceKind, ...]:
        """What may be asked for in this service (Nachforderungskatalog)."""
        ...


class LetterWriter(Protocol):
    """Turns a decision or a request into a letter, by the service's templates and the law in force."""

    def decision(self, case: CaseFile, outcome: Outcome, wording: Wording, at: datetime) -> Letter:
        """Bescheid. Raises ClerkError TEMPLATE_UNKNOWN, LANGUAGE_NOT_OFFERED."""
        ...

    def document_request(self, case: CaseFile, wanted: DocumentRequest, at: datetime) -> Letter:
        """Nachforderung. Raises ClerkError LANGUAGE_NOT_OFFERED."""
        ...

    def notice(self, case: CaseFile, wanted: Correspondence, at: datetime) -> Letter:
        """A letter that decides nothing. Raises ClerkError LETTER_INCOMPLETE (``missing``: what the clerk
        must add), DUE_NOT_MEANT, LANGUAGE_NOT_OFFERED."""
        ...

    def languages(self, case: CaseFile, at: datetime) -> LetterLanguages:
        """In which languages letters of this case may be written, and which one the applicant asked for."""
        ...

    def choices(self, case: CaseFile, at: datetime) -> DecisionChoices:
        """What a clerk may choose from when deciding this case: templates with their fees, languages."""
        ...

    def hearing_duty(self, case: CaseFile, outcome: Outcome, wording: Wording, at: datetime) -> HearingDuty:
        """Whether the applicant must be heard before this decision. Raises ClerkError TEMPLATE_UNKNOWN."""
        ...

    def signing_demand(self, case: CaseFile) -> SigningDemand:
        """What the service asks of a decision's signature."""
        ...

    def message_text(self, letter: Letter) -> str:
        """The same words as plain text, for the citizen's mailbox."""
        ...


class SheetWriter(Protocol):
    """Puts a list under the office's letterhead."""

    def sheet(self, sheet: Sheet, at: datetime) -> Letter: ...


def as_document(document_id: DocumentId, filename: str, media_type: str, content: bytes) -> OutgoingDocument:
    """Describes ``content`` for an outgoing entry."""
    import hashlib

    return OutgoingDocument(
        document_id,
        filename,
        media_type,
        len(content),
        hashlib.sha256(content).hexdigest(),
        hashlib.sha512(content).hexdigest(),
    )


class EFilePackage(Protocol):
    """A package for another system, while it is being written."""

    def add(self, case: FiledCase) -> int:
        """Adds a case whole; number of its documents. Raises ClerkError; then nothing of it was added."""
        ...


class EFilePacker(Protocol):
    """Writes cases in the form other systems read (xdomea)."""

    def opened(self, sink: BinaryIO, handover: Handover) -> AbstractContextManager[EFilePackage]:
        """A package in ``sink``; complete when the block has ended without an error."""
        ...

    def name(self, handover: Handover) -> str:
        """The file name the standard wants for the package."""
        ...


class ProofMaker(Protocol):
    """Makes a proof bundle anybody can check."""

    def bundle(self, matter: ProofMatter, sink: BinaryIO) -> Proof:
        """Writes the bundle: the same matter gives the same bytes. Raises ClerkError LEDGER_DAMAGED when an
        entry of the ledger does not have the hash it says."""
        ...
