"""The clerk's word: appended to ``ledger.db`` in named transactions, chained by hashes."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.folder import DraftPlace, FrozenDraft, WaitingDraft
from clerk_app.domain.ids import CaseId, DocumentId, EntryId
from clerk_app.domain.ledger import GENESIS_HASH, Act, ActKind, LedgerEntry, chain_hash
from clerk_app.domain.outbox import (
    FINAL_STATES,
    OutboxEntry,
    OutboxKind,
    OutboxState,
    Outgoing,
    Receipt,
    RemoteRef,
    SignedLog,
    may_follow,
)
from clerk_app.store import projections
from clerk_app.store.bus import ChangeBus
from clerk_app.store.case_submissions import CaseSubmissions
from clerk_app.store.connection import Connection, Role, Row, damaged
from clerk_app.store.drafts import WAITING, as_waiting, draft_query, frozen_from, frozen_members
from clerk_app.store.encoding import clean_json, read_time, stored_time, to_json
from clerk_app.store.head_marker import HeadMarker
from clerk_app.store.outbox_files import OutboxFiles, SealedEntry
from clerk_app.store.outgoing import (
    as_entry,
    entry_query,
    log_members,
    outgoing_from,
    outgoing_members,
    receipt_members,
    remote_members,
)

if TYPE_CHECKING:
    from clerk_app.usecases.ports import Clock

ENTRY_ROW = "sequence, entry_id, at, actor, kind, case_id, subject_id, payload, previous_hash, entry_hash"
_NEVER_BY_ITSELF = datetime(9999, 1, 1, tzinfo=UTC)
_OURS_ONLY = frozenset({OutboxKind.DECISION, OutboxKind.DOCUMENT_REQUEST})
ReadDocument = Callable[[CaseId, DocumentId], bytes]


def ledger_entry(row: Row) -> LedgerEntry:
    """An entry from a row of ``ENTRY_ROW`` columns."""
    act = Act(ActKind(row[4]), row[5], row[6], projections.payload_of(row[7]))
    return LedgerEntry(row[0], row[1], read_time(row[2]), row[3], act, row[8], row[9])


class LedgerStore:
    """Implements ``usecases.ports.Ledger`` and ``sync.ports.OutboxStore``. One object per thread."""

    def __init__(
        self,
        connection: Connection,
        *,
        actor: str,
        clock: Clock,
        bus: ChangeBus,
        files: OutboxFiles,
        head: HeadMarker,
        read_document: ReadDocument,
        submissions: CaseSubmissions,
    ) -> None:
        self._connection = connection
        self._actor = actor
        self._clock = clock
        self._bus = bus
        self._files = files
        self._marker = head
        self._read_document = read_document
        self._submissions = submissions

    @property
    def actor(self) -> str:
        """Whose acts are recorded here."""
        return self._actor

    @property
    def connection(self) -> Connection:
        """The connection, for the store that closes it."""
        return self._connection

    @contextmanager
    def transaction(self, name: str) -> Iterator[LedgerWrite]:
        """One named write: committed when the block ends, rolled back when it raises."""
        write = LedgerWrite(self._connection, self._actor, self._clock, self._files)
        try:
            with self._connection.transaction(name):
                write.begin()
                yield write
        except BaseException:
            write.rolled_back()
            raise
        write.committed()
        self._marker.note(*write.head)
        self._bus.publish(write.changes)

    def outgoing(self, entry_id: EntryId) -> Outgoing:
        """The frozen content. Raises ClerkError ENTRY_UNKNOWN, or LEDGER_DAMAGED when it does not have the
        hash it was queued with."""
        row = self._connection.one(
            "SELECT e.payload, o.payload_sha256, e.sequence FROM outbox_state o "
            "JOIN entry e ON e.sequence = o.queued_sequence WHERE o.entry_id = ?",
            (entry_id,),
        )
        if row is None:
            raise _unknown(entry_id)
        members = cast("dict[str, object]", projections.payload_of(row[0])["outgoing"])
        if projections.payload_hash(members) != row[1]:
            raise damaged(Role.LEDGER, row[2], "payload")
        return outgoing_from(members)

    def entries(self, case_id: CaseId) -> Sequence[LedgerEntry]:
        """Everything done in one case, in order, with the hashes of the chain."""
        rows = self._connection.rows(
            f"SELECT {ENTRY_ROW} FROM entry WHERE case_id = ? ORDER BY sequence",  # noqa: S608
            (case_id,),
        )
        return [ledger_entry(row) for row in rows]

    def frozen_draft(self, draft_id: EntryId) -> FrozenDraft:
        """A fixed draft with its letter. Raises ClerkError DRAFT_UNKNOWN."""
        payload = self._connection.value(
            "SELECT e.payload FROM draft_state d JOIN entry e ON e.sequence = d.frozen_sequence "
            "WHERE d.draft_id = ?",
            (draft_id,),
        )
        if payload is None:
            raise ClerkError(ErrorCode.DRAFT_UNKNOWN, {"entry": draft_id})
        return frozen_from(cast("Mapping[str, object]", projections.payload_of(payload)["frozen"]))

    def read_document(self, case_id: CaseId, document_id: DocumentId) -> bytes:
        """A sealed document of the case, to be sent."""
        return self._read_document(case_id, document_id)

    def open_entries(self) -> Sequence[OutboxEntry]:
        """Entries the machine has a step to do for, oldest first."""
        return [
            as_entry(row)
            for row in self._connection.rows(
                entry_query(
                    "o.state IN ('QUEUED', 'ANNOUNCED', 'UPLOADED', 'IN_DOUBT', 'SUBMITTED') "
                    "AND o.state NOT IN ('DELIVERED', 'POSTED', 'WITHDRAWN') ORDER BY o.queued_sequence"
                )
            )
        ]

    def state_of(self, entry_id: EntryId) -> OutboxState | None:
        """The entry's state now, whether there is a step left or not."""
        state = self._connection.value("SELECT state FROM outbox_state WHERE entry_id = ?", (entry_id,))
        return None if state is None else OutboxState(state)

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
        """One committed step of the machine; False when a clerk was faster, or when the entry is overtaken
        and returned instead.

        ANNOUNCED is returned only after the place at the delivery service is in both copies.
        """
        details: dict[str, object] = {}
        if remote is not None:
            details["remote"] = remote_members(remote)
        if receipt is not None:
            details["receipt"] = receipt_members(receipt)
        if problems:
            details["problems"] = list(problems)
        if log is not None:
            details["log"] = log_members(log)
        with self.transaction(f"move to {to.value}") as write:
            found = write.entry(entry_id)
            if found is None:
                raise _unknown(entry_id)
            if found.state is not expected:
                return False
            if unless_overtaken and self._overtaken(found):
                held = {"problems": [ErrorCode.HELD_CASE_CHANGED.value]}
                write.move(entry_id, OutboxState.RETURNED, held)
                return False
            write.move(entry_id, to, details)
        return True

    def is_overtaken(self, entry_id: EntryId) -> bool:
        """Whether the case holds a submission the entry was not made on. Raises ClerkError ENTRY_UNKNOWN."""
        row = self._connection.one(entry_query("o.entry_id = ?"), (entry_id,))
        if row is None:
            raise _unknown(entry_id)
        return self._overtaken(as_entry(row))

    def _overtaken(self, entry: OutboxEntry) -> bool:
        return bool(entry.basis) and not set(entry.basis).issuperset(self._submissions.of(entry.case_id))

    def postpone(self, entry_id: EntryId, attempts: int, next_try_at: datetime, error: ErrorCode) -> None:
        """Remembers when the machine tries again and why. Not an entry of the chain."""
        with self._connection.transaction("postpone"):
            self._connection.execute(
                "INSERT INTO schedule VALUES (?, ?, ?, ?) ON CONFLICT(entry_id) DO UPDATE SET "
                "attempts = excluded.attempts, next_try_at = excluded.next_try_at, "
                "last_error = excluded.last_error",
                (entry_id, attempts, stored_time(next_try_at), error.value),
            )
        self._bus.publish(ChangeSet(outbox=frozenset({entry_id})))

    def unseal_missing(self) -> int:
        """Puts the two copies of the outbox in step; number of entries brought back to the ledger."""
        from clerk_app.store.recovery import unseal_missing

        return unseal_missing(self, self._connection, self._files)

    def suspend(self, entry_id: EntryId) -> None:
        """Keeps the machine from sending an entry until a clerk asks for it."""
        self.postpone(entry_id, 0, _NEVER_BY_ITSELF, ErrorCode.LEDGER_DAMAGED)

    def close(self) -> None:
        """Closes its connections."""
        self._connection.close()
        self._submissions.close()

    def verify_chain(self) -> int:
        """Walks the chain, replays the projections and compares the heads kept in sealed files."""
        from clerk_app.store.recovery import verify_chain

        return verify_chain(self._connection, self._files, self._marker)


class LedgerWrite:
    """Implements ``usecases.ports.LedgerTransaction``: valid inside its ``with`` block only."""

    def __init__(self, connection: Connection, actor: str, clock: Clock, files: OutboxFiles) -> None:
        self._connection = connection
        self._actor = actor
        self._clock = clock
        self._files = files
        self._sequence = 0
        self._head = GENESIS_HASH
        self._begun_at = (0, GENESIS_HASH)
        self._prepared: list[EntryId] = []
        self._finished: list[EntryId] = []
        self.changes = ChangeSet()

    @property
    def head(self) -> tuple[int, str]:
        """Number and hash of the ledger's last entry as this transaction sees it."""
        return self._sequence, self._head

    def begin(self) -> None:
        """Reads the head of the chain, under the write lock."""
        row = self._connection.one("SELECT sequence, entry_hash FROM entry ORDER BY sequence DESC LIMIT 1")
        if row is not None:
            self._sequence, self._head = self._begun_at = row

    def append(self, act: Act, *, actor: str | None = None) -> LedgerEntry:
        """Appends ``act`` with the time of the clock and the hash of its predecessor."""
        at = stored_time(self._clock.now())
        who = actor or self._actor
        entry_id = str(uuid.uuid4())
        payload = to_json(act.payload)
        previous = self._head
        entry_hash = chain_hash(
            previous, entry_id, at, who, act.kind.value, act.case_id, act.subject_id, payload
        )
        row = (
            self._sequence + 1,
            entry_id,
            at,
            who,
            act.kind.value,
            act.case_id,
            act.subject_id,
            payload,
            previous,
            entry_hash,
        )
        self._connection.execute(f"INSERT INTO entry({ENTRY_ROW}) VALUES (?,?,?,?,?,?,?,?,?,?)", row)  # noqa: S608
        self._sequence += 1
        self._head = entry_hash
        entry = ledger_entry(row)
        projections.apply(self._connection, entry)
        if act.kind is ActKind.RETRY_ASKED and act.subject_id is not None:
            self._clerk_asked(act.subject_id)
        self._note(act)
        return entry

    def queue(
        self,
        outgoing: Outgoing,
        hold_until: datetime,
        state: OutboxState = OutboxState.QUEUED,
        *,
        actor: str | None = None,
    ) -> None:
        """Freezes ``outgoing``. Raises ClerkError CASE_ALREADY_DECIDED for a second decision in the case, and
        CASE_ALREADY_FORWARDED for what only the competent authority may do."""
        if outgoing.kind is OutboxKind.DECISION and self.decision_of(outgoing.case_id) is not None:
            raise ClerkError(ErrorCode.CASE_ALREADY_DECIDED, {"case_id": outgoing.case_id})
        if outgoing.kind in _OURS_ONLY and self.forwarded_by(outgoing.case_id) is not None:
            raise ClerkError(ErrorCode.CASE_ALREADY_FORWARDED, {"case": outgoing.case_reference})
        members = outgoing_members(outgoing)
        sealed_entry = SealedEntry(
            outgoing.entry_id,
            members,
            state.value,
            stored_time(hold_until),
            actor or self._actor,
            *self._begun_at,  # not an entry of this transaction: after a kill nobody would know that head
        )
        self._prepared.append(outgoing.entry_id)
        self._files.prepare(sealed_entry)
        self.append(
            Act(
                ActKind.QUEUED,
                outgoing.case_id,
                outgoing.entry_id,
                {"outgoing": members, "hold_until": stored_time(hold_until), "state": state.value},
            ),
            actor=actor,
        )

    def freeze(self, frozen: FrozenDraft, place: DraftPlace) -> None:
        """Fixes a draft. Raises ClerkError DRAFT_ALREADY_WAITING for a second one in the case."""
        case_id = frozen.draft.case_id
        if self.draft_of(case_id) is not None:
            raise ClerkError(ErrorCode.DRAFT_ALREADY_WAITING, {"case": frozen.case_reference})
        kind = ActKind.FOLDER_ADDED if place is DraftPlace.FOLDER else ActKind.REVIEW_SUBMITTED
        self.append(Act(kind, case_id, frozen.draft.entry_id, {"frozen": frozen_members(frozen)}))

    def draft(self, draft_id: EntryId) -> WaitingDraft | None:
        """A fixed draft as it stands in this transaction."""
        row = self._connection.one(draft_query("d.draft_id = ?"), (draft_id,))
        return None if row is None else as_waiting(row)

    def draft_of(self, case_id: CaseId) -> WaitingDraft | None:
        """The fixed draft of the case that waits for something."""
        row = self._connection.one(draft_query(f"d.case_id = ? AND {WAITING}"), (case_id,))
        return None if row is None else as_waiting(row)

    def move(self, entry_id: EntryId, to: OutboxState, details: Mapping[str, object] | None = None) -> None:
        """One step. Raises ClerkError ENTRY_UNKNOWN, REMOTE_CONFLICT when ``to`` may not follow the state the
        entry is in now, CASE_ALREADY_DECIDED when a returned decision would become a second one."""
        found = self.entry(entry_id)
        if found is None:
            raise _unknown(entry_id)
        if not may_follow(found.state, to):
            raise ClerkError(
                ErrorCode.REMOTE_CONFLICT,
                {"entry_id": entry_id, "state": found.state.value, "wanted": to.value},
            )
        if found.kind is OutboxKind.DECISION and found.state is OutboxState.RETURNED:
            other = self.decision_of(found.case_id)
            if to is not OutboxState.WITHDRAWN and other is not None:
                raise ClerkError(ErrorCode.CASE_ALREADY_DECIDED, {"case_id": found.case_id})
        payload: dict[str, object] = dict(details or {})
        payload |= {"from": found.state.value, "to": to.value}
        self.append(Act(ActKind.MOVED, found.case_id, entry_id, payload))
        self._connection.execute("DELETE FROM schedule WHERE entry_id = ?", (entry_id,))
        if payload.get("remote") is not None:
            self._seal_again(entry_id, cast("dict[str, object]", clean_json(payload["remote"])))
        if to in FINAL_STATES:
            self._finished.append(entry_id)

    def entry(self, entry_id: EntryId) -> OutboxEntry | None:
        """The entry as it stands in this transaction."""
        row = self._connection.one(entry_query("o.entry_id = ?"), (entry_id,))
        return None if row is None else as_entry(row)

    def decision_of(self, case_id: CaseId) -> OutboxEntry | None:
        """The decision that counts: neither withdrawn nor returned nor left behind by reopening the case."""
        row = self._connection.one(
            entry_query(
                "o.case_id = ? AND o.kind = 'decision' AND o.state NOT IN ('WITHDRAWN', 'RETURNED') "
                "AND o.superseded = 0"
            ),
            (case_id,),
        )
        return None if row is None else as_entry(row)

    def forwarded_by(self, case_id: CaseId) -> EntryId | None:
        """The notice by which the case went to another authority, as this transaction sees it."""
        found = self._connection.value("SELECT forwarded_by FROM case_state WHERE case_id = ?", (case_id,))
        return None if found is None else EntryId(found)

    def committed(self) -> None:
        """After COMMIT: sealed copies count, or go when their entry is final."""
        for entry_id in self._prepared:
            self._files.confirm(entry_id)
        for entry_id in self._finished:
            self._files.remove(entry_id)

    def rolled_back(self) -> None:
        """After ROLLBACK: nobody was promised anything, so the copies do not count."""
        for entry_id in self._prepared:
            self._files.abandon(entry_id)

    def _seal_again(self, entry_id: EntryId, remote: dict[str, object] | None) -> None:
        # Written before COMMIT: a copy that knows too much leads to a look into the event log, one that
        # knows too little could lead to a second delivery.
        row = self._connection.one(
            "SELECT e.payload, o.hold_until, e.actor, e.sequence, e.previous_hash FROM outbox_state o "
            "JOIN entry e ON e.sequence = o.queued_sequence WHERE o.entry_id = ?",
            (entry_id,),
        )
        if row is None:
            raise _unknown(entry_id)
        payload = projections.payload_of(row[0])
        outgoing = cast("dict[str, object]", payload["outgoing"])
        copy = SealedEntry(
            entry_id, outgoing, str(payload["state"]), row[1], row[2], row[3] - 1, row[4], remote
        )
        if entry_id in self._prepared:
            self._files.prepare(copy)
        else:
            self._files.announced(copy)

    def _clerk_asked(self, entry_id: EntryId) -> None:
        self._connection.execute("DELETE FROM schedule WHERE entry_id = ?", (entry_id,))
        found = self.entry(entry_id)
        if found is not None and found.state not in FINAL_STATES and not self._files.has(entry_id):
            self._seal_again(entry_id, None if found.remote is None else remote_members(found.remote))

    def _note(self, act: Act) -> None:
        self.changes |= ChangeSet(
            changed=frozenset() if act.case_id is None else frozenset({act.case_id}),
            outbox=frozenset() if act.subject_id is None else frozenset({act.subject_id}),
        )


def _unknown(entry_id: EntryId) -> ClerkError:
    return ClerkError(ErrorCode.ENTRY_UNKNOWN, {"entry_id": entry_id})
