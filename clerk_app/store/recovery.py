"""Checks of the ledger and its second copies, and what is done when they differ."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, cast

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import EntryId
from clerk_app.domain.ledger import GENESIS_HASH, ActKind, chain_hash
from clerk_app.domain.outbox import FINAL_STATES, OutboxState
from clerk_app.store import projections
from clerk_app.store.connection import Connection, Role, damaged
from clerk_app.store.destroyed import TAKEN_OUT, DestroyedCases
from clerk_app.store.encoding import read_time
from clerk_app.store.head_marker import HeadMarker, missing
from clerk_app.store.ledger import LedgerStore
from clerk_app.store.ledger_write import ENTRY_ROW, ledger_entry
from clerk_app.store.outbox_files import OutboxFiles, SealedEntry
from clerk_app.store.outgoing import as_entry, entry_query, outgoing_from
from clerk_app.store.own_entries import OURS

if TYPE_CHECKING:
    from clerk_app.store.ledger_write import LedgerWrite

log = logging.getLogger(__name__)


def verify_chain(connection: Connection, files: OutboxFiles, marker: HeadMarker) -> int:
    """Recomputes every hash, replays every projection and looks up the heads kept in sealed files and beside
    the ledger.

    The number of entries. Raises ClerkError LEDGER_DAMAGED: ``sequence`` is the first entry that is wrong,
    ``cause`` one of chain, projection, rollback; LEDGER_OLDER when it does not hold what was noted beside it.
    """
    noted = marker.noted()
    with connection.snapshot():
        replay = projections.Replay(connection)
        try:
            count = _walk(connection, replay)
            differing = replay.differing()
        finally:
            replay.close()
        if differing:
            raise damaged(Role.LEDGER, count, "projection")
        for kept in files.all():
            if not _contains_head(connection, kept):
                raise damaged(Role.LEDGER, kept.sequence, "rollback")
        if (sequence := missing(connection, noted)) is not None:
            raise ClerkError(ErrorCode.LEDGER_OLDER, {"sequence": sequence})
    return count


def _walk(connection: Connection, replay: projections.Replay) -> int:
    previous, count = GENESIS_HASH, 0
    destroyed = DestroyedCases(connection)
    for row in connection.each(f"SELECT {ENTRY_ROW} FROM entry ORDER BY sequence"):  # noqa: S608
        expected = chain_hash(previous, *row[1:8])
        without_words = row[7] == TAKEN_OUT and destroyed.covers(row[5], row[0])
        if row[0] != count + 1 or row[8] != previous or (row[9] != expected and not without_words):
            raise damaged(Role.LEDGER, count + 1, "chain")
        if row[4] == ActKind.DESTROYED and not destroyed.vouches(row[5], row[0], row[7]):
            raise damaged(Role.LEDGER, count + 1, "chain")
        previous, count = row[9], count + 1
    columns = ", ".join(f"e.{name.strip()}" for name in ENTRY_ROW.split(","))
    order = projections.IN_TEAM_ORDER.format(where="")
    for row in connection.each(f"SELECT {columns} FROM entry e {order}"):  # noqa: S608
        if destroyed.covers(row[5], row[0]):
            continue
        try:
            replay.apply(ledger_entry(row))
        except (KeyError, ValueError, TypeError, ClerkError) as error:
            raise damaged(Role.LEDGER, row[0], "chain") from error
    return count


def _contains_head(connection: Connection, kept: SealedEntry) -> bool:
    if kept.sequence == 0:
        return kept.head == GENESIS_HASH
    found = connection.value("SELECT entry_hash FROM entry WHERE sequence = ?", (kept.sequence,))
    return bool(found == kept.head)


def unseal_missing(ledger: LedgerStore, connection: Connection, files: OutboxFiles) -> int:
    """Brings the outbox's rows and sealed files into step.

    * A file without a row: the entry is appended again; one that had been announced comes back IN_DOUBT, so
      that the portal's event log settles it. A pending file on a ledger that holds its head was never
      promised to anybody and is set aside.
    * A file that knows of an announcement its row does not know: the row is moved to IN_DOUBT.
    * A row that is open without a file: the ledger is older than the outbox was (a copy was put back). It
      may have been delivered already, so the machine leaves it alone until a clerk asks.
    """
    lost: list[SealedEntry] = []
    doubtful: list[SealedEntry] = []
    # Under the write lock no other process is between a pending copy and its COMMIT: what looks left behind
    # is left behind.
    with connection.transaction("outbox check"):
        for kept in list(files.all()):
            row = connection.one(entry_query("o.entry_id = ?"), (kept.entry_id,))
            if row is None:
                if kept.committed or not _contains_head(connection, kept):
                    lost.append(kept)
                else:
                    files.abandon(kept.entry_id)
                continue
            state = as_entry(row).state
            if state in FINAL_STATES:
                files.remove(kept.entry_id)
                continue
            if not kept.committed:
                files.confirm(kept.entry_id)
            announced = kept.remote is not None and state is OutboxState.QUEUED
            if announced and not _was_announced(connection, kept):
                doubtful.append(kept)
        uncovered = _without_copy(connection, files)
    for kept in doubtful:
        with ledger.transaction("announced elsewhere") as write:
            found = write.entry(kept.entry_id)
            if found is not None and found.state is OutboxState.QUEUED:
                _doubt(write, kept)
    for entry_id in uncovered:
        log.error("entry %s has no sealed copy: the ledger may be an older one", entry_id)
        ledger.suspend(entry_id)
    return sum(_restore(ledger, kept) for kept in lost)


def _without_copy(connection: Connection, files: OutboxFiles) -> list[EntryId]:
    entries = map(
        as_entry,
        connection.rows(
            entry_query(
                f"o.state NOT IN ('DELIVERED', 'POSTED', 'WITHDRAWN') AND {OURS} ORDER BY o.queued_sequence"
            )
        ),
    )
    return [
        entry.entry_id
        for entry in entries
        if not files.has(entry.entry_id) and entry.last_error != ErrorCode.LEDGER_DAMAGED
    ]


def _was_announced(connection: Connection, kept: SealedEntry) -> bool:
    """Whether the ledger itself knows this announcement (and went back to QUEUED on purpose)."""
    for (payload,) in connection.rows(
        "SELECT payload FROM entry WHERE case_id = ? AND kind = 'moved' AND subject_id = ?",
        (kept.outgoing["case_id"], kept.entry_id),
    ):
        if projections.payload_of(payload).get("remote") == kept.remote:
            return True
    return False


def _restore(ledger: LedgerStore, kept: SealedEntry) -> bool:
    outgoing = outgoing_from(kept.outgoing)
    try:
        with ledger.transaction("restore") as write:
            if write.entry(kept.entry_id) is not None:
                return False  # another process was faster
            write.queue(outgoing, read_time(kept.hold_until), OutboxState(kept.state), actor=kept.actor)
            if kept.remote is not None:
                _doubt(write, kept)
    except ClerkError as error:
        if error.code is not ErrorCode.CASE_ALREADY_DECIDED:
            raise
        log.error("entry %s stays sealed: its case has another decision by now", kept.entry_id)
        return False
    log.warning("entry %s was brought back from its sealed copy", kept.entry_id)
    return True


def _doubt(write: LedgerWrite, kept: SealedEntry) -> None:
    remote = cast("dict[str, object]", kept.remote)
    write.move(kept.entry_id, OutboxState.ANNOUNCED, {"remote": remote, "cause": "restored"})
    write.move(kept.entry_id, OutboxState.IN_DOUBT, {"cause": "restored"})
