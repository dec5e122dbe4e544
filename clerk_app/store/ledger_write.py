"""One transaction of the clerk's word: entries appended to the chain, views brought up to date with them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.folder import DraftPlace, FrozenDraft, WaitingDraft
from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.ledger import GENESIS_HASH, Act, ActKind, LedgerEntry, chain_hash
from clerk_app.domain.outbox import FINAL_STATES, OutboxEntry, OutboxKind, OutboxState, Outgoing, may_follow
from clerk_app.domain.retention import destroyed_digest
from clerk_app.store import projections
from clerk_app.store.connection import Connection, Row
from clerk_app.store.destroyed import destroyed_rows
from clerk_app.store.drafts import WAITING, as_waiting, draft_query, frozen_members
from clerk_app.store.encoding import clean_json, read_time, stored_time, to_json
from clerk_app.store.outbox_files import OutboxFiles, SealedEntry
from clerk_app.store.outgoing import as_entry, entry_query, outgoing_members, remote_members
from clerk_app.store.own_entries import is_ours

if TYPE_CHECKING:
    from datetime import datetime

    from clerk_app.sync.team import SharedEntry
    from clerk_app.usecases.ports import Clock

ENTRY_ROW = "sequence, entry_id, at, actor, kind, case_id, subject_id, payload, previous_hash, entry_hash"
_OURS_ONLY = frozenset({OutboxKind.DECISION, OutboxKind.DOCUMENT_REQUEST})


def ledger_entry(row: Row) -> LedgerEntry:
    """An entry from a row of ``ENTRY_ROW`` columns."""
    act = Act(ActKind(row[4]), row[5], row[6], projections.payload_of(row[7]))
    return LedgerEntry(row[0], row[1], read_time(row[2]), row[3], act, row[8], row[9])


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
        entry = self._chain(
            str(uuid.uuid4()),
            stored_time(self._clock.now()),
            actor or self._actor,
            act.kind.value,
            act.case_id,
            act.subject_id,
            to_json(act.payload),
        )
        if act.kind is ActKind.RETRY_ASKED and act.subject_id is not None:
            self._clerk_asked(act.subject_id)
        if act.kind is ActKind.TAKEN_OVER and act.subject_id is not None:
            self._cover(act.subject_id)
        self._note(act)
        return entry

    def take_in(self, shared: SharedEntry) -> LedgerEntry:
        """Appends what another desktop wrote, with its own id, time and person. Nothing is sent by it.
        Raises ValueError for a kind of act that a newer program invented."""
        entry = self._chain(
            shared.entry_id, shared.at, shared.actor, ActKind(shared.kind).value,
            shared.case_id, shared.subject_id, shared.payload,
        )  # fmt: skip
        if entry.act.kind is ActKind.TAKEN_OVER and entry.act.subject_id is not None:
            self._finished.append(entry.act.subject_id)  # our sealed copy, if it was ours
        self._note(entry.act)
        return entry

    def _chain(
        self, entry_id: str, at: str, actor: str, kind: str, case_id: str | None, subject_id: str | None,
        payload: str,
    ) -> LedgerEntry:  # fmt: skip
        previous = self._head
        entry_hash = chain_hash(previous, entry_id, at, actor, kind, case_id, subject_id, payload)
        number = self._sequence + 1
        row = (number, entry_id, at, actor, kind, case_id, subject_id, payload, previous, entry_hash)
        self._connection.execute(f"INSERT INTO entry({ENTRY_ROW}) VALUES (?,?,?,?,?,?,?,?,?,?)", row)  # noqa: S608
        self._sequence += 1
        self._head = entry_hash
        entry = ledger_entry(row)
        projections.apply(self._connection, entry)
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

    def destroy(self, case_id: CaseId, why: Mapping[str, object]) -> None:
        """Declares the case destroyed and takes the words out of everything before; the chain keeps its
        hashes, and the digest in the act vouches for what stays."""
        kept = destroyed_rows(self._connection, case_id, self._sequence + 1)
        payload = {**why, "entries": len(kept), "digest": destroyed_digest(kept)}
        entry = self.append(Act(ActKind.DESTROYED, case_id, None, payload))
        run = self._connection.execute
        outgoing = "SELECT subject_id FROM entry WHERE case_id = ? AND subject_id IS NOT NULL"
        run(f"DELETE FROM schedule WHERE entry_id IN ({outgoing})", (case_id,))  # noqa: S608
        run("DELETE FROM typed WHERE case_id = ?", (case_id,))
        run("DELETE FROM wanted_document WHERE case_id = ?", (case_id,))
        run(
            "UPDATE entry SET payload = '{}' WHERE case_id = ? AND sequence < ? AND kind <> 'destroyed'",
            (case_id, entry.sequence),
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
            raise unknown_entry(entry_id)
        posted = found.state is OutboxState.TO_POST and to is OutboxState.POSTED
        if not posted and not is_ours(self._connection, entry_id):
            raise ClerkError(ErrorCode.ENTRY_ELSEWHERE, {"entry_id": entry_id}, Disposition.ASK_CLERK)
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
            raise unknown_entry(entry_id)
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
        self._cover(entry_id)

    def _cover(self, entry_id: EntryId) -> None:
        """A second copy for an entry that this desktop sends and has none of."""
        found = self.entry(entry_id)
        if found is None or found.state in FINAL_STATES or self._files.has(entry_id):
            return
        if is_ours(self._connection, entry_id):
            self._seal_again(entry_id, None if found.remote is None else remote_members(found.remote))

    def _note(self, act: Act) -> None:
        self.changes |= ChangeSet(
            changed=frozenset() if act.case_id is None else frozenset({act.case_id}),
            outbox=frozenset() if act.subject_id is None else frozenset({act.subject_id}),
        )


def unknown_entry(entry_id: EntryId) -> ClerkError:
    """The error for an id the outbox does not know."""
    return ClerkError(ErrorCode.ENTRY_UNKNOWN, {"entry_id": entry_id})
