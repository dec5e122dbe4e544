"""A portal, stores and a clock that behave, in memory. They remember what was done to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from clerk_app.domain.application import Application, CaseFacts
from clerk_app.domain.case import MailboxKey
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import CaseId, DestinationId, DocumentId, EntryId, SubmissionId
from clerk_app.domain.outbox import (
    FINAL_STATES,
    OutboxEntry,
    OutboxKind,
    OutboxState,
    Outgoing,
    OutgoingDocument,
    Receipt,
    RemoteRef,
    SignedLog,
    may_follow,
)
from clerk_app.sync.ports import (
    ApplicationReader,
    AuthenticationTags,
    Defective,
    Intake,
    IntakeState,
    KnownIntake,
    Opened,
    Original,
    Problem,
    RemoteOutcome,
    RemoteState,
    Settlement,
    StoredPage,
    StorePage,
    Unreadable,
    Waiting,
)
from clerk_app.usecases.ports import as_document

START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
DESTINATION = DestinationId("11111111-1111-4111-8111-111111111111")
KEY = MailboxKey("service-bw", DESTINATION)


@dataclass
class FakeClock:
    """Time moves only when told."""

    time: datetime = START

    def now(self) -> datetime:
        return self.time

    def pass_(self, **parts: float) -> None:
        self.time += timedelta(**parts)


def unreachable() -> ClerkError:
    return ClerkError(ErrorCode.PORTAL_UNREACHABLE, {}, Disposition.RETRY)


def waiting(case_id: str | None = None) -> Waiting:
    return Waiting(SubmissionId(str(uuid4())), CaseId(case_id or str(uuid4())), DESTINATION)


@dataclass
class FakeMailbox:
    """A delivery service with one destination. ``kind`` says what opening a submission gives."""

    listed: list[Waiting] = field(default_factory=list)
    kind: dict[SubmissionId, str] = field(default_factory=dict)
    fingerprint: str = "keys-1"
    accepted: list[SubmissionId] = field(default_factory=list)
    rejected: list[SubmissionId] = field(default_factory=list)
    fetched: list[SubmissionId] = field(default_factory=list)
    lose_accept_answer: bool = False
    fail_fetch: set[SubmissionId] = field(default_factory=set)
    fail_listing: ClerkError | None = None
    stale: bool = False  # keeps listing what was settled
    published: set[str] = field(default_factory=set)

    @property
    def key(self) -> MailboxKey:
        return KEY

    @property
    def readable_fingerprint(self) -> str:
        return self.fingerprint

    def publishes(self, key_id: str) -> bool:
        return key_id in self.published

    def waiting(self) -> Sequence[Waiting]:
        if self.fail_listing:
            raise self.fail_listing
        return list(self.listed)

    def fetch(self, waiting: Waiting, spool: Path) -> Original:
        if waiting.submission_id in self.fail_fetch:
            raise unreachable()
        self.fetched.append(waiting.submission_id)
        return Original(waiting, KEY.portal, 2, b"{}", (), {}, {}, START)

    def open(self, original: Original) -> Intake:
        kind = self.kind.get(original.waiting.submission_id, "good")
        if kind == "defective":
            return Defective(original, ErrorCode.HASH_MISMATCH, (Problem("hash-mismatch", "Hash"),), "schema")
        if kind == "unreadable":
            return Unreadable(original, ErrorCode.KEY_UNKNOWN, {"kid": "k"})
        if kind == "unverified":
            return Unreadable(original, ErrorCode.EVENT_LOG_FORGED, {"kid": "s"}, awaits_key="s")
        application = Application(
            submission_id=original.waiting.submission_id,
            case_id=original.waiting.case_id,
            destination_id=DESTINATION,
            portal=KEY.portal,
            service_identifier=None,
            service_name=None,
            schema_uri=None,
            content=b"{}",
            content_media_type="application/json",
            content_sha512="",
            metadata={},
            attachments=(),
            submitted_at=START,
        )
        return Opened(original, application, AuthenticationTags("m", "d"), "schema")

    def accept(self, opened: Opened) -> Settlement:
        return self._settle(opened.original.waiting, self.accepted)

    def reject(self, defective: Defective) -> Settlement:
        return self._settle(defective.original.waiting, self.rejected)

    def accept_again(self, waiting: Waiting, tags: AuthenticationTags, event_schema: str) -> Settlement:
        return self._settle(waiting, self.accepted)

    def reject_again(self, waiting: Waiting, problems: Sequence[Problem], event_schema: str) -> Settlement:
        return self._settle(waiting, self.rejected)

    def _settle(self, item: Waiting, settled: list[SubmissionId]) -> Settlement:
        if item.submission_id in self.accepted + self.rejected:
            return Settlement.ALREADY_OURS if item.submission_id in settled else Settlement.OTHERWISE
        settled.append(item.submission_id)
        if not self.stale:
            self.listed = [w for w in self.listed if w.submission_id != item.submission_id]
        if self.lose_accept_answer:
            raise unreachable()
        return Settlement.DONE


@dataclass
class FakeIntakeStore:
    """Remembers pages like the real one; ``events`` is the order in which things became durable."""

    rows: dict[SubmissionId, KnownIntake] = field(default_factory=dict)
    cases: dict[CaseId, list[SubmissionId]] = field(default_factory=dict)
    synced_at: dict[MailboxKey, datetime] = field(default_factory=dict)
    kept: list[Original] = field(default_factory=list)
    unread: int = 0  # applications of an older program

    def known(self, submission_ids: Iterable[SubmissionId]) -> Mapping[SubmissionId, KnownIntake]:
        return {s: self.rows[s] for s in submission_ids if s in self.rows}

    def unsettled(self, mailbox: MailboxKey) -> Sequence[KnownIntake]:
        return [r for r in self.rows.values() if r.state in (IntakeState.STORED, IntakeState.TO_REJECT)]

    def store(self, mailbox: MailboxKey, page: StorePage) -> StoredPage:
        arrived: set[CaseId] = set()
        joined: set[CaseId] = set()
        for item, _facts in page.opened:
            place = item.original.waiting
            (joined if place.case_id in self.cases else arrived).add(place.case_id)
            self.cases.setdefault(place.case_id, []).append(place.submission_id)
            self._keep(item.original, KnownIntake(IntakeState.STORED, "", place, item.tags, (), "schema"))
        for defect in page.defective:
            place = defect.original.waiting
            self._keep(
                defect.original,
                KnownIntake(IntakeState.TO_REJECT, "", place, None, defect.problems, "schema"),
            )
        for unread, fingerprint in page.unreadable:
            place = unread.original.waiting
            self._keep(unread.original, KnownIntake(IntakeState.QUARANTINED, fingerprint, place))
        return StoredPage(frozenset(arrived), frozenset(joined))

    def _keep(self, original: Original, row: KnownIntake) -> None:
        self.kept.append(original)
        self.rows[original.waiting.submission_id] = row

    def settle(self, submissions: Mapping[SubmissionId, IntakeState]) -> None:
        for submission_id, state in submissions.items():
            self.rows[submission_id] = replace(self.rows[submission_id], state=state)

    def synced(self, mailbox: MailboxKey, at: datetime) -> None:
        self.synced_at[mailbox] = at

    def originals(self) -> Iterable[Original]:
        return list(self.kept)

    def read_facts(self, reader: ApplicationReader, limit: int) -> int:
        read = min(limit, self.unread)
        self.unread -= read
        return read


class FakeReader:
    """Facts without rules."""

    def facts(self, application: Application) -> CaseFacts:
        return CaseFacts("Leistung", None, "Name", "NAME", "Ort", None, "")


@dataclass
class FakeOutbox:
    """The ledger's side of the outbox, with the real rule of which state may follow which."""

    clock: FakeClock
    entries: dict[EntryId, OutboxEntry] = field(default_factory=dict)
    frozen: dict[EntryId, Outgoing] = field(default_factory=dict)
    path: dict[EntryId, list[OutboxState]] = field(default_factory=dict)
    logs: dict[EntryId, SignedLog] = field(default_factory=dict)
    before_move: Callable[[EntryId, OutboxState], None] = lambda entry_id, to: None
    overtaken: set[EntryId] = field(default_factory=set)
    content: bytes = b"%PDF"

    def queue(
        self,
        kind: OutboxKind = OutboxKind.DECISION,
        *,
        hold_s: float = 0,
        accompanies: EntryId | None = None,
        portal: str = "service-bw",
    ) -> EntryId:
        entry_id = EntryId(str(uuid4()))
        document = as_document(DocumentId("d"), "Bescheid.pdf", "application/pdf", b"%PDF")
        self.frozen[entry_id] = Outgoing(
            entry_id=entry_id,
            case_id=CaseId("c"),
            kind=kind,
            channel="idBundDeMailbox",
            portal=portal,
            destination_id=DESTINATION,
            answers_submission_id=SubmissionId("s"),
            case_reference="2026-TEST-TEST",
            service_name="Leistung",
            service_identifier=None,
            recipient_name="Name",
            title="Titel",
            text="Text",
            created_at=self.clock.now(),
            documents=(document,),
            accompanies=accompanies,
        )
        self.entries[entry_id] = OutboxEntry(
            entry_id=entry_id,
            case_id=CaseId("c"),
            kind=kind,
            channel="idBundDeMailbox",
            portal=portal,
            state=OutboxState.QUEUED,
            created_at=self.clock.now(),
            changed_at=self.clock.now(),
            hold_until=self.clock.now() + timedelta(seconds=hold_s),
            accompanies=accompanies,
        )
        self.path[entry_id] = [OutboxState.QUEUED]
        return entry_id

    def open_entries(self) -> Sequence[OutboxEntry]:
        done = FINAL_STATES | {OutboxState.TO_POST, OutboxState.RETURNED}
        return [e for e in self.entries.values() if e.state not in done]

    def state_of(self, entry_id: EntryId) -> OutboxState | None:
        entry = self.entries.get(entry_id)
        return None if entry is None else entry.state

    def outgoing(self, entry_id: EntryId) -> Outgoing:
        return self.frozen[entry_id]

    def read_document(self, case_id: CaseId, document_id: DocumentId) -> bytes:
        return self.content

    def is_overtaken(self, entry_id: EntryId) -> bool:
        return entry_id in self.overtaken

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
        self.before_move(entry_id, to)
        entry = self.entries[entry_id]
        if entry.state is not expected:
            return False
        if unless_overtaken and entry_id in self.overtaken:
            held = (ErrorCode.HELD_CASE_CHANGED.value,)
            assert self.move(entry_id, OutboxState.RETURNED, expected=expected, problems=held)
            return False
        assert may_follow(entry.state, to), (entry.state, to)
        self.entries[entry_id] = replace(
            entry,
            state=to,
            remote=remote or (None if to is OutboxState.QUEUED else entry.remote),
            receipt=receipt or entry.receipt,
            problems=tuple(problems),
            changed_at=self.clock.now(),
            attempts=0,
            next_try_at=None,
        )
        self.path[entry_id].append(to)
        if log is not None:
            self.logs[entry_id] = log
        return True

    def postpone(self, entry_id: EntryId, attempts: int, next_try_at: datetime, error: ErrorCode) -> None:
        self.entries[entry_id] = replace(
            self.entries[entry_id], attempts=attempts, next_try_at=next_try_at, last_error=error.value
        )

    def unseal_missing(self) -> int:
        return 0


@dataclass
class FakeService:
    """The other side of a channel: announcements, submissions, and an event log that never lies."""

    clock: FakeClock
    state: dict[str, RemoteState] = field(default_factory=dict)
    submissions: list[EntryId] = field(default_factory=list)  # what really arrived, in order
    uploads: list[str] = field(default_factory=list)
    accept_at_once: bool = True
    answer: RemoteState = RemoteState.ACCEPTED
    fail: dict[str, list[ClerkError]] = field(default_factory=dict)  # by step, before the step has effect
    lose: set[str] = field(default_factory=set)  # steps whose answer is lost after they had effect

    def deliverable(
        self, channel: str | None, destination_id: DestinationId, address: Mapping[str, object]
    ) -> bool:
        return channel is not None

    def channel_for(self, outgoing: Outgoing) -> FakeService:
        return self

    def _step(self, name: str) -> None:
        if self.fail.get(name):
            raise self.fail[name].pop(0)

    def _answer(self, name: str) -> None:
        if name in self.lose:
            self.lose.discard(name)
            raise unreachable()

    def announce(self, outgoing: Outgoing) -> RemoteRef:
        self._step("announce")
        remote = RemoteRef(str(uuid4()), str(uuid4()))
        self.state[remote.remote_id] = RemoteState.INCOMPLETE
        self._answer("announce")
        return remote

    def upload(
        self, outgoing: Outgoing, remote: RemoteRef, read: Callable[[OutgoingDocument], bytes]
    ) -> None:
        self._step("upload")
        for document in outgoing.documents:
            assert read(document) == b"%PDF"
            self.uploads.append(remote.remote_id)
        self._answer("upload")

    def submit(self, outgoing: Outgoing, remote: RemoteRef) -> None:
        self._step("submit")
        if self.state[remote.remote_id] is RemoteState.INCOMPLETE:
            self.submissions.append(outgoing.entry_id)
            self.state[remote.remote_id] = self.answer if self.accept_at_once else RemoteState.SUBMITTED
        self._answer("submit")

    def outcome(self, outgoing: Outgoing, remote: RemoteRef) -> RemoteOutcome:
        self._step("outcome")
        state = self.state.get(remote.remote_id, RemoteState.UNKNOWN)
        receipt = Receipt("accept-submission", "jti", self.clock.now(), "token")
        log = SignedLog(("token",), {"service:k": {"kty": "RSA"}}, self.clock.now())
        if state is RemoteState.ACCEPTED:
            return RemoteOutcome(state, receipt, log=log)
        if state is RemoteState.REJECTED:
            return RemoteOutcome(state, receipt, ("hash-mismatch",), log)
        if state is RemoteState.SUBMITTED:
            return RemoteOutcome(state, replace(receipt, event="submit-submission"), log=log)
        return RemoteOutcome(state)
