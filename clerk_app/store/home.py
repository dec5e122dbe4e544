"""The store of one home: opens, repairs and hands out what each thread needs."""

from __future__ import annotations

import logging
import os
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import CaseId, SubmissionId
from clerk_app.store import case_rows, keys, sealed
from clerk_app.store.bus import ChangeBus
from clerk_app.store.connection import Connection, Role, assert_sqlite
from clerk_app.store.documents import Documents
from clerk_app.store.intake import CacheIntake
from clerk_app.store.ledger import LedgerStore
from clerk_app.store.migrations import migrate
from clerk_app.store.originals import Originals
from clerk_app.store.outbox_files import OutboxFiles
from clerk_app.store.reads import SqlCaseReads
from clerk_app.sync.ports import Original

if TYPE_CHECKING:
    from clerk_app.usecases.ports import Clock

log = logging.getLogger(__name__)

MACHINE = "machine"  # actor of the sync thread's steps
_REBUILD = "needs-rebuild"


class StorePaths(Protocol):
    """Where things lie."""

    @property
    def cache_db(self) -> Path: ...
    @property
    def ledger_db(self) -> Path: ...
    @property
    def documents(self) -> Path: ...
    @property
    def outbox(self) -> Path: ...
    @property
    def temp(self) -> Path: ...


@dataclass(frozen=True)
class HomePaths:
    """The usual places below one directory."""

    home: Path

    @property
    def cache_db(self) -> Path:
        """The portal's word."""
        return self.home / "cache.db"

    @property
    def ledger_db(self) -> Path:
        """The clerk's word."""
        return self.home / "ledger.db"

    @property
    def documents(self) -> Path:
        """Sealed files of cases."""
        return self.home / "documents"

    @property
    def outbox(self) -> Path:
        """Sealed copies of outgoing entries."""
        return self.home / "outbox"

    @property
    def temp(self) -> Path:
        """Encrypted spool files; emptied at every start."""
        return self.home / "temp"


class _UtcClock:
    def now(self) -> datetime:
        """Now, in UTC."""
        return datetime.now(UTC)


class Store:
    """One home's databases and sealed files. ``open`` is the only way in.

    The factories may be called from any thread; what they return belongs to the thread that uses it first.
    Only one process at a time should hold a home (the caller locks it): every write is safe even so, but the
    change bus tells only this process.
    """

    def __init__(self, paths: StorePaths, store_keys: keys.StoreKeys, clock: Clock) -> None:
        self.paths = paths
        self.bus = ChangeBus()
        self._keys = store_keys
        self._clock = clock
        self._connections: list[Connection] = []
        self._lock = threading.Lock()
        self._documents = Documents(paths.documents, store_keys.cases)
        self._originals = Originals(self._documents, paths.temp)
        self._files = OutboxFiles(paths.outbox, store_keys.outbox)

    @staticmethod
    def open(paths: StorePaths, data_key: bytes, *, create: bool = True, clock: Clock | None = None) -> Store:
        """Opens the store below ``paths``; makes it when there is none and ``create``.

        A damaged cache is set aside (renamed, never deleted) and made anew, see ``needs_rebuild``. A damaged
        ledger is never touched. Open entries of the outbox that the ledger has lost are brought back.

        Raises ClerkError DATA_KEY_WRONG, DATA_KEY_MISSING (no store here and not ``create``),
        LEDGER_DAMAGED, STORE_TOO_NEW, SQLITE_TOO_OLD, HOME_NOT_WRITABLE, DISK_FULL.
        """
        assert_sqlite()
        store_keys = keys.StoreKeys.from_data_key(data_key)
        proof = paths.documents.parent / "key.proof"
        if not create and not (proof.exists() or paths.ledger_db.exists() or paths.cache_db.exists()):
            raise ClerkError(ErrorCode.DATA_KEY_MISSING, disposition=Disposition.SIGN_IN)
        sealed.private_directory(proof.parent)
        databases_exist = paths.ledger_db.exists() or paths.cache_db.exists()
        proven = keys.prove(proof, store_keys, create=not databases_exist)
        store = Store(paths, store_keys, clock or _UtcClock())
        try:
            store._open_databases(proven=proven)
            if not proven:
                keys.prove(proof, store_keys, create=True)
            store._tidy()
        except BaseException:
            store.close()
            raise
        return store

    def ledger(self, actor: str) -> LedgerStore:
        """Writer of the clerk's word for ``actor``."""
        return LedgerStore(
            self._writer(Role.LEDGER),
            actor=actor,
            clock=self._clock,
            bus=self.bus,
            files=self._files,
            read_document=self._documents.read,
        )

    def outbox(self) -> LedgerStore:
        """The machine's side of the outbox."""
        return self.ledger(MACHINE)

    def intake(self) -> CacheIntake:
        """Writer of the portal's word; one at a time."""
        return CacheIntake(
            self._writer(Role.CACHE),
            self._kept(Connection(self.paths.ledger_db, self._keys.database, Role.LEDGER, read_only=True)),
            self._originals,
            self.bus,
            self._clock,
        )

    def reads(self) -> SqlCaseReads:
        """A reader with its own read-only connection."""
        connection = Connection(self.paths.cache_db, self._keys.database, Role.CACHE, read_only=True)
        connection.attach(self.paths.ledger_db, "ledger", self._keys.database)
        return SqlCaseReads(self._kept(connection), self._clock)

    def documents(self) -> Documents:
        """Sealed documents; safe for all threads."""
        return self._documents

    def original(self, case_id: CaseId, submission_id: SubmissionId) -> Original:
        """A submission exactly as received. Raises ClerkError DOCUMENT_MISSING or DOCUMENT_DAMAGED."""
        return self._originals.read(case_id, submission_id)

    @property
    def needs_rebuild(self) -> bool:
        """The cache was made anew and does not hold all sealed originals yet."""
        connection = Connection(self.paths.cache_db, self._keys.database, Role.CACHE, read_only=True)
        try:
            return case_rows.recall(connection, _REBUILD) == "yes"
        finally:
            connection.close()

    def rebuilt(self) -> None:
        """All originals have been stored again. Asks the window for a fresh start."""
        from clerk_app.domain.changes import ChangeSet

        connection = self._writer(Role.CACHE)
        try:
            with connection.transaction("rebuilt"):
                case_rows.remember(connection, _REBUILD, "no")
        finally:
            self.release(connection)
        self.bus.publish(ChangeSet(everything=True))

    def faults(self) -> dict[str, list[str]]:
        """Reads every page of both databases; what is wrong, by database. For ``doctor``; slow."""
        found = {}
        for role, path in ((Role.CACHE, self.paths.cache_db), (Role.LEDGER, self.paths.ledger_db)):
            connection = Connection(path, self._keys.database, role)
            try:
                found[role.value] = connection.integrity_faults()
            finally:
                connection.close()
        return found

    def release(self, connection: Connection) -> None:
        """Closes one connection early."""
        with self._lock:
            if connection in self._connections:
                self._connections.remove(connection)
        connection.close()

    def close(self) -> None:
        """Closes all connections. Call it when the threads that use them have ended."""
        with self._lock:
            connections, self._connections = self._connections, []
        for connection in connections:
            connection.close()

    def _open_databases(self, *, proven: bool) -> None:
        had_documents = any(True for _ in self._documents.cases())
        fresh = not self.paths.cache_db.exists()
        cache_key_wrong = False
        try:
            connection = self._open_cache()
        except ClerkError as error:
            if error.code not in (ErrorCode.CACHE_DAMAGED, ErrorCode.DATA_KEY_WRONG):
                raise
            cache_key_wrong = error.code is ErrorCode.DATA_KEY_WRONG
            connection = None
        self._open_ledger(proven=proven or connection is not None)
        # the key has been proven by now, by the proof or by the ledger: what did not open is damaged
        if connection is None:
            if cache_key_wrong:
                log.error("the cache's first page is damaged")
            self._set_cache_aside()
            connection, fresh = self._open_cache(), True
        if fresh and had_documents:
            with connection.transaction("needs rebuild"):
                case_rows.remember(connection, _REBUILD, "yes")
        connection.close()

    def _open_cache(self) -> Connection:
        connection = Connection(self.paths.cache_db, self._keys.database, Role.CACHE)
        try:
            migrate(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _open_ledger(self, *, proven: bool) -> None:
        try:
            connection = Connection(self.paths.ledger_db, self._keys.database, Role.LEDGER)
        except ClerkError as error:
            if error.code is ErrorCode.DATA_KEY_WRONG and proven:
                raise ClerkError(
                    ErrorCode.LEDGER_DAMAGED, {"sequence": 0, "cause": "file"}, Disposition.GIVE_UP
                ) from error
            raise
        try:
            migrate(connection)
        finally:
            connection.close()

    def _set_cache_aside(self) -> None:
        stamp = self._clock.now().astimezone(UTC).strftime("%Y%m%dT%H%M%S%f")
        for suffix in ("", "-wal", "-shm"):
            path = Path(f"{self.paths.cache_db}{suffix}")
            if path.exists():
                path.replace(f"{self.paths.cache_db}.damaged-{stamp}{suffix}")
        sealed.sync_directory(self.paths.cache_db.parent)
        log.error("the damaged cache was set aside and is built again")

    def _tidy(self) -> None:
        self._documents.sweep()
        self._originals.sweep()
        ledger = self.outbox()
        ledger.unseal_missing()
        self.release(ledger.connection)

    def _writer(self, role: Role) -> Connection:
        path = self.paths.cache_db if role is Role.CACHE else self.paths.ledger_db
        connection = Connection(path, self._keys.database, role)
        if role is Role.LEDGER:
            connection.forbid_schema_changes()
        return self._kept(connection)

    def _kept(self, connection: Connection) -> Connection:
        with self._lock:
            self._connections.append(connection)
        return connection


def private_umask() -> None:
    """New files for their owner only, from now on (SQLite makes its files by the umask)."""
    os.umask(0o077)
