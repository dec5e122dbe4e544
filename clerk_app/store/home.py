"""The store of one home: opens, repairs and hands out what each thread needs."""

from __future__ import annotations

import itertools
import logging
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import CaseId, SubmissionId
from clerk_app.domain.ledger import MACHINE
from clerk_app.domain.outbox import SignedLog
from clerk_app.store import case_rows, keys, sealed
from clerk_app.store.bus import ChangeBus
from clerk_app.store.case_submissions import CaseSubmissions
from clerk_app.store.connection import Connection, Role, assert_sqlite, damaged
from clerk_app.store.documents import CASE_KEY_NAME, Documents
from clerk_app.store.head_marker import HeadMarker, missing
from clerk_app.store.intake import CacheIntake, read_seen
from clerk_app.store.ledger import LedgerStore
from clerk_app.store.migrations import migrate
from clerk_app.store.originals import Originals
from clerk_app.store.outbox_files import OutboxFiles
from clerk_app.store.packages import PackageFiles, StoredPackages
from clerk_app.store.reads import SqlCaseReads
from clerk_app.store.shared_ledger import SharedLedgerStore
from clerk_app.store.shared_originals import SharedOriginals
from clerk_app.store.text_index import TextIndex
from clerk_app.store.typed import SqlJournal
from clerk_app.sync.ports import Original

if TYPE_CHECKING:
    from clerk_app.store.erasing import Eraser
    from clerk_app.usecases.ports import Clock

log = logging.getLogger(__name__)

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
    def packages(self) -> Path: ...
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
    def packages(self) -> Path:
        """Archives of service packages."""
        return self.home / "packages"

    @property
    def temp(self) -> Path:
        """Encrypted spool files; emptied at every start."""
        return self.home / "temp"


class _UtcClock:
    def now(self) -> datetime:
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
        self.ledger_was_lost = False  # the home is in use but its ledger was gone: a person must be told
        self._documents = Documents(paths.documents, store_keys.cases)
        self._originals = Originals(self._documents, paths.temp)
        self._packages = PackageFiles(paths.packages, paths.temp)
        self.ledger_is_older: int | None = None  # number of an entry that this ledger no longer holds
        self._files = OutboxFiles(paths.outbox, store_keys.outbox)
        self._head = HeadMarker(paths.ledger_db.with_name(f"{paths.ledger_db.stem}.head"))

    @staticmethod
    def open(
        paths: StorePaths,
        data_key: bytes,
        *,
        create: bool = True,
        clock: Clock | None = None,
        exclusive: bool = True,
        accept_ledger: bool = False,
    ) -> Store:
        """Opens the store below ``paths``; makes it when there is none and ``create``.

        ``exclusive`` says that the caller holds the home's lock. Without it nothing is repaired or tidied
        (another process may be at work), and a damaged cache raises CACHE_DAMAGED.

        A damaged cache is set aside (renamed, never deleted) and made anew, see ``needs_rebuild``; damage met
        while running is remembered for the next start. A damaged
        ledger is never touched; one that is gone is begun anew, see ``ledger_was_lost``. Open entries of the
        outbox that the ledger has lost are brought back.

        A ledger older than the one last written to is opened and told by ``ledger_is_older``, until a person
        takes it as it is (``accept_ledger``).

        Raises ClerkError DATA_KEY_WRONG, DATA_KEY_MISSING (no store here and not ``create``),
        LEDGER_DAMAGED, STORE_TOO_NEW, SQLITE_TOO_OLD, HOME_NOT_WRITABLE, DISK_FULL.
        """
        assert_sqlite()
        store_keys = keys.StoreKeys.from_data_key(data_key)
        proof = paths.documents.parent / "key.proof"
        if not create and not (proof.exists() or paths.ledger_db.exists() or paths.cache_db.exists()):
            raise ClerkError(ErrorCode.DATA_KEY_MISSING, disposition=Disposition.SIGN_IN)
        _prove_key(paths, proof, store_keys)
        store = Store(paths, store_keys, clock or _UtcClock())
        try:
            store._open_databases(repair=exclusive, accept_ledger=accept_ledger)
            keys.prove(proof, store_keys, create=True)
            if exclusive:
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
            head=self._head,
            read_document=self._documents.read,
            submissions=CaseSubmissions(lambda: self._kept(self._reader(Role.CACHE))),
        )

    def shared_ledger(self) -> SharedLedgerStore:
        """The ledger as the team's exchange sees it."""
        return SharedLedgerStore(self.outbox(), self._documents, self._packages, self._clock)

    def shared_originals(self) -> SharedOriginals:
        """Originals as the team's exchange sees them."""
        return SharedOriginals(self._originals)

    def eraser(self, actor: str) -> Eraser:
        """Destroys cases at the end of retention. The caller holds the home's lock."""
        from clerk_app.store.erasing import Eraser

        cache, place = self._writer(Role.CACHE), self.paths.cache_db
        return Eraser(self.ledger(actor), cache, self._documents, self._files, self.bus, place)

    def journal(self, actor: str) -> SqlJournal:
        """What ``actor`` is typing."""
        return SqlJournal(lambda: self._writer(Role.LEDGER), actor, self._clock)

    def texts(self) -> TextIndex:
        """The full-text index of attachments and notes, with connections of its own."""
        return TextIndex(self._writer(Role.CACHE), self._kept(self._reader(Role.LEDGER)), self.bus)

    def outbox(self) -> LedgerStore:
        """The machine's side of the outbox."""
        return self.ledger(MACHINE)

    def intake(self) -> CacheIntake:
        """Writer of the portal's word; one at a time."""
        return CacheIntake(
            self._writer(Role.CACHE),
            self._kept(self._reader(Role.LEDGER)),
            self._originals,
            self.bus,
            self._clock,
            self._seen,
        )

    def reads(self, actor: str = "") -> SqlCaseReads:
        """A reader with its own read-only connection; ``actor``: whose marks of what is new it shows."""
        connection = self._reader(Role.CACHE)
        connection.attach_ledger(self.paths.ledger_db, self._keys.database)
        connection.name_reader(actor)
        return SqlCaseReads(self._kept(connection), self._clock)

    def documents(self) -> Documents:
        """Sealed documents; safe for all threads."""
        return self._documents

    def packages(self) -> StoredPackages:
        """Installed service packages, with a read-only connection of its own."""
        return StoredPackages(self._kept(self._reader(Role.LEDGER)), self._packages)

    def original(self, case_id: CaseId, submission_id: SubmissionId) -> Original:
        """A submission exactly as received. Raises ClerkError DOCUMENT_MISSING or DOCUMENT_DAMAGED."""
        return self._originals.read(case_id, submission_id)

    def arrival_log(self, case_id: CaseId, submission_id: SubmissionId) -> SignedLog:
        """See ``usecases.ports.ArrivalLogs``."""
        return self._originals.signed_log(case_id, submission_id)

    @property
    def needs_rebuild(self) -> bool:
        """The cache does not hold all sealed originals: it was made anew, replaced by an older copy, or is
        damaged and will be set aside at the next start that holds the home's lock."""
        if self._condemned.exists():
            return True
        connection = self._reader(Role.CACHE)
        try:
            return case_rows.recall(connection, _REBUILD) == "yes"
        finally:
            connection.close()

    def rebuild_wanted(self) -> None:
        """Whoever opens the store next with the home's lock sets the cache aside and builds it again."""
        self._condemn(Role.CACHE)

    def rebuilt(self) -> None:
        """All originals have been stored again. Asks the window for a fresh start."""
        connection = self._writer(Role.CACHE)
        try:
            with connection.transaction("rebuilt"):
                case_rows.remember(connection, _REBUILD, "no")
                held = max(case_rows.pages(connection), read_seen(self._seen))
                case_rows.remember(connection, "pages", str(held))
        finally:
            self.release(connection)
        self.bus.publish(ChangeSet(everything=True))

    def faults(self) -> dict[str, list[str]]:
        """Reads every page of both databases; what is wrong, by database. For ``doctor``; slow."""
        found = {}
        for role in Role:
            connection = Connection(self._path(role), self._keys.database, role)
            try:
                found[role.value] = connection.integrity_faults()
            finally:
                connection.close()
            if found[role.value]:
                self._condemn(role)
        return found

    def missing_from_cache(self) -> int:
        """Sealed submissions of which the cache knows nothing (its write-ahead log was lost, say): more than
        none asks for a rebuild. Reads names only; for ``doctor``."""
        connection = self._reader(Role.CACHE)
        try:
            known = {row[0] for row in connection.each("SELECT submission_id FROM submission")}
        finally:
            connection.close()
        return sum(submission_id not in known for submission_id in self._originals.names())

    def release(self, connection: Connection) -> None:
        """Closes one connection early."""
        with self._lock:
            if connection in self._connections:
                self._connections.remove(connection)
        connection.close()

    def close(self) -> None:
        """Closes all connections. Call it when the threads that use them have ended.

        Writers last: the last connection of a database moves the write-ahead log into it, which a reader
        cannot do.
        """
        with self._lock:
            connections, self._connections = self._connections, []
        for connection in sorted(connections, key=lambda each: not each.read_only):
            connection.close()

    def _open_databases(self, *, repair: bool, accept_ledger: bool) -> None:
        # the key has been proven: whatever does not open now is damaged
        used = self._documents.any_case() or any(True for _ in self._files.all())
        self.ledger_was_lost = used and not _holds_something(self.paths.ledger_db)
        if self.ledger_was_lost:
            log.error("the ledger is missing from a home that is in use")
        if accept_ledger or self.ledger_was_lost:
            self._head.forget()
        noted = self._head.noted()
        ledger = self._open_checked(Role.LEDGER, self.paths.ledger_db)
        try:
            self.ledger_is_older = missing(ledger, noted)
        finally:
            ledger.close()
        if self.ledger_is_older is not None:
            self._head.freeze()
            log.error("the ledger is an older copy: entry %d is missing", self.ledger_is_older)
        if repair and self._condemned.exists():
            self._set_cache_aside()
            self._condemned.unlink()
        fresh = not _holds_something(self.paths.cache_db)
        seen = read_seen(self._seen)  # before the cache: beside another process it only grows
        try:
            connection = self._open_checked(Role.CACHE, self.paths.cache_db)
        except ClerkError as error:
            if error.code is not ErrorCode.CACHE_DAMAGED or not repair:
                raise
            self._set_cache_aside()
            connection, fresh = self._open_checked(Role.CACHE, self.paths.cache_db), True
        try:
            older = case_rows.pages(connection) < seen
            if older:
                log.error("the cache is an older copy")
            if (fresh and used) or older:
                with connection.transaction("needs rebuild"):
                    case_rows.remember(connection, _REBUILD, "yes")
        finally:
            connection.close()

    def _open_checked(self, role: Role, path: Path) -> Connection:
        try:
            connection = Connection(path, self._keys.database, role)
        except ClerkError as error:
            if error.code is ErrorCode.DATA_KEY_WRONG:
                raise damaged(role, 0, "first-page") from error
            raise
        try:
            migrate(connection)
        except BaseException:
            connection.close()
            raise
        return connection

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
        self._files.sweep()
        ledger = self.outbox()
        ledger.unseal_missing()
        self.release(ledger.connection)

    def _reader(self, role: Role) -> Connection:
        return Connection(
            self._path(role), self._keys.database, role, read_only=True, on_damage=self._condemn
        )

    def _writer(self, role: Role) -> Connection:
        connection = Connection(self._path(role), self._keys.database, role, on_damage=self._condemn)
        if role is Role.LEDGER:
            connection.forbid_schema_changes()
        return self._kept(connection)

    def _path(self, role: Role) -> Path:
        return self.paths.cache_db if role is Role.CACHE else self.paths.ledger_db

    @property
    def _seen(self) -> Path:
        return Path(f"{self.paths.cache_db}.seen")

    @property
    def _condemned(self) -> Path:
        return Path(f"{self.paths.cache_db}.condemned")

    def _condemn(self, role: Role) -> None:
        """A page of the cache is damaged: at the next start it is set aside and built again."""
        if role is Role.CACHE:
            try:
                self._condemned.touch()
            except OSError:
                log.error("the damaged cache could not be marked")

    def _kept(self, connection: Connection) -> Connection:
        with self._lock:
            self._connections = [kept for kept in self._connections if not kept.closed]
            self._connections.append(connection)
        return connection


def _holds_something(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _prove_key(paths: StorePaths, proof: Path, store_keys: keys.StoreKeys) -> None:
    """Raises ClerkError DATA_KEY_WRONG when the home holds anything sealed and the key opens none of it.

    SQLCipher cannot tell a wrong key from a damaged first page, so one thing that opens is proof enough and
    what does not open after that is damaged. Nothing is written here.
    """
    if keys.prove(proof, store_keys, create=False):
        return
    evidence = False
    for role, path in ((Role.LEDGER, paths.ledger_db), (Role.CACHE, paths.cache_db)):
        if not _holds_something(path):
            continue
        evidence = True
        try:
            Connection(path, store_keys.database, role, read_only=True).close()
        except ClerkError as error:
            if error.code is not ErrorCode.DATA_KEY_WRONG:
                raise
        else:
            return
    for path in itertools.islice(paths.documents.glob(f"*/{CASE_KEY_NAME}"), 3):
        evidence = True
        if Documents(paths.documents, store_keys.cases).opens(path):
            return
    if evidence:
        raise ClerkError(ErrorCode.DATA_KEY_WRONG, disposition=Disposition.SIGN_IN)
