"""The clerk's word: appended to ``ledger.db`` in named transactions, chained by hashes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.folder import FrozenDraft
from clerk_app.domain.ids import CaseId, DocumentId, EntryId
from clerk_app.domain.ledger import LedgerEntry
from clerk_app.domain.outbox import (
    OutboxEntry,
    OutboxState,
    Outgoing,
    Receipt,
    RemoteRef,
    SignedLog,
)
from clerk_app.store import projections
from clerk_app.store.bus import ChangeBus
from clerk_app.store.case_submissions import CaseSubmissions
from clerk_app.store.connection import Connection, Role, damaged
from clerk_app.store.drafts import frozen_from
from clerk_app.store.encoding import stored_time
from clerk_app.store.head_marker import HeadMarker
from clerk_app.store.ledger_write import ENTRY_ROW, LedgerWrite, ledger_entry, unknown_entry
from clerk_app.store.outbox_files import OutboxFiles
from clerk_app.store.outgoing import (
    as_entry,
    entry_query,
    log_members,
    outgoing_from,
    receipt_members,
    remote_members,
)
from clerk_app.store.own_entries import OURS

if TYPE_CHECKING:
    from clerk_app.usecases.ports import Clock

_NEVER_BY_ITSELF = datetime(9999, 1, 1, tzinfo=UTC)
ReadDocument = Callable[[CaseId, DocumentId], bytes]


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
    def desktop(self) -> str | None:
        """Our desktop's id in its team."""
        return cast(
            "str | None", self._connection.value("SELECT value FROM team_mark WHERE name = 'desktop'")
        )

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
            raise unknown_entry(entry_id)
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
                    f"AND o.state NOT IN ('DELIVERED', 'POSTED', 'WITHDRAWN') AND {OURS} "
                    "ORDER BY o.queued_sequence"
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
                raise unknown_entry(entry_id)
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
            raise unknown_entry(entry_id)
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
