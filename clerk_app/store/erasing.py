"""Destroys cases so that nothing can be read any more, not even with the data key.

Order: the ledger first, in one transaction (the chained act, then payloads and views); then the case's
key and documents; then the rows of the cache with their shadows in the full-text index; last the write-ahead
logs. What a kill left undone is finished by the next run (``unfinished``).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.store.bus import ChangeBus
from clerk_app.store.connection import Connection
from clerk_app.store.documents import Documents
from clerk_app.store.ledger import LedgerStore
from clerk_app.store.outbox_files import OutboxFiles

_INDEXES = ("case_fts", "reference_fts")


class Eraser:
    """Implements ``usecases.retention.Destroyer``; belongs to one thread that holds the home's lock."""

    def __init__(
        self,
        ledger: LedgerStore,
        cache: Connection,
        documents: Documents,
        files: OutboxFiles,
        bus: ChangeBus,
        cache_db: Path,
    ) -> None:
        self._ledger = ledger
        self._files = files
        self._cache_db = cache_db
        self._cache = cache
        self._documents = documents
        self._bus = bus

    def destroy(self, case_id: CaseId, why: Mapping[str, object]) -> None:
        """Raises ClerkError RETENTION_TEAM when others hold copies of the ledger, DISK_FULL,
        HOME_NOT_WRITABLE."""
        if self._ledger.desktop is not None:
            raise ClerkError(ErrorCode.RETENTION_TEAM)
        with self._ledger.transaction("destroy") as write:
            write.destroy(case_id, why)
        self._clear(case_id)

    def unfinished(self) -> list[CaseId]:
        """Cases the ledger calls destroyed of which something from before is still there."""
        found = []
        for case_id, at in self._ledger.connection.rows(
            "SELECT case_id, max(at) FROM entry WHERE kind = 'destroyed' GROUP BY 1"
        ):
            later = self._cache.value(
                "SELECT count(*) FROM submission WHERE case_id = ? AND received_at > ?", (case_id, at)
            )
            here = self._cache.value("SELECT count(*) FROM submission WHERE case_id = ?", (case_id,))
            if not later and (here or self._documents.directory(CaseId(case_id)).exists()):
                found.append(CaseId(case_id))
        return found

    def finish(self) -> int:
        """What a kill left undone; how many cases that were."""
        cases = self.unfinished()
        for case_id in cases:
            self._clear(case_id)
        return len(cases)

    def settle(self) -> None:
        """Writes the full-text index anew and empties the write-ahead logs: both hold words from before.

        FTS5 marks what it deletes and keeps the words; its ``secure-delete`` leaves them between its pages
        (measured: names among 500 records could still be read). A second per 50,000 cases.
        """
        with self._cache.transaction("index anew"):
            for index in _INDEXES:
                self._cache.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")  # noqa: S608
        for aside in self._cache_db.parent.glob(f"{self._cache_db.name}.damaged-*"):
            aside.unlink(missing_ok=True)  # a cache set aside: built again long since, and full of names
        for connection in (self._ledger.connection, self._cache):
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Closes both connections."""
        self._cache.close()
        self._ledger.close()

    def _clear(self, case_id: CaseId) -> None:
        self._documents.forget(case_id)
        self._files.forget_abandoned(case_id)
        run = self._cache.execute
        with self._cache.transaction("destroy"):
            mine = "SELECT id FROM submission WHERE case_id = ?"
            contents = [
                row[0]
                for row in self._cache.rows(
                    f"SELECT DISTINCT sha512 FROM attachment WHERE submission IN ({mine})",  # noqa: S608
                    (case_id,),
                )
            ]
            for table in ("text_wanted", "attachment", "application"):
                run(f"DELETE FROM {table} WHERE submission IN ({mine})", (case_id,))  # noqa: S608
            for sha512 in contents:
                run(
                    "DELETE FROM attachment_text WHERE sha512 = ?1 "
                    "AND NOT EXISTS (SELECT 1 FROM attachment WHERE sha512 = ?1)",
                    (sha512,),
                )
            key = "SELECT id FROM cases WHERE case_id = ?"
            for table, column in (("relation_key", "case_key"), ("case_text", "id")):
                run(f"DELETE FROM {table} WHERE {column} IN ({key})", (case_id,))  # noqa: S608
            for table in ("submission", "cases", "portal_event", "note_text"):
                run(f"DELETE FROM {table} WHERE case_id = ?", (case_id,))  # noqa: S608
        self._bus.publish(ChangeSet(everything=True))
