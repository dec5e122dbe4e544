"""One encrypted SQLite database, one thread, one connection (SQLCipher with a raw key)."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from time import perf_counter
from typing import Any, NoReturn

from sqlcipher3 import dbapi2

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.store import slow_queries

log = logging.getLogger(__name__)

# 3.51.3 repairs the WAL-reset bug, which could corrupt a database with a writer and a reader.
OLDEST_SQLITE = (3, 51, 3)
BUSY_TIMEOUT_S = 30.0
_SLOW_S = 0.1
_BUSY_S = 1.0

Row = tuple[Any, ...]

_READ_FAILED = (266, 522)  # SQLITE_IOERR_READ and _SHORT_READ: the disk gives nothing, or too little
_BUSY, _LOCKED, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB = 5, 6, 8, 10, 11, 13, 14, 26


class Role(StrEnum):
    """Which of the two databases a connection opens; decides what damage means."""

    CACHE = "cache"
    LEDGER = "ledger"


_DAMAGED = {Role.CACHE: ErrorCode.CACHE_DAMAGED, Role.LEDGER: ErrorCode.LEDGER_DAMAGED}


def damaged(role: Role, sequence: int, cause: str) -> ClerkError:
    """CACHE_DAMAGED or LEDGER_DAMAGED; ``sequence`` is the ledger entry concerned, 0 for the file itself."""
    return ClerkError(_DAMAGED[role], {"sequence": sequence, "cause": cause}, Disposition.GIVE_UP)


def assert_sqlite() -> None:
    """Raises ClerkError SQLITE_TOO_OLD when the linked SQLite has the WAL-reset bug."""
    if dbapi2.sqlite_version_info < OLDEST_SQLITE:
        raise ClerkError(
            ErrorCode.SQLITE_TOO_OLD,
            {"found": dbapi2.sqlite_version, "needed": ".".join(map(str, OLDEST_SQLITE))},
            Disposition.GIVE_UP,
        )


def raw_key(key: bytes) -> str:
    """SQLCipher's spelling of a raw 32-byte key: no passphrase, no key derivation, 1 ms to open."""
    return f"x'{key.hex()}'"


class Connection:
    """A connection that belongs to the thread which first uses it; any other use is a BUG.

    Raises ClerkError only: DATA_KEY_WRONG when the first page does not open (never taken for damage here),
    CACHE_DAMAGED or LEDGER_DAMAGED, DISK_FULL, HOME_NOT_WRITABLE, INSTANCE_RUNNING when another process
    holds the write lock longer than ``BUSY_TIMEOUT_S``.
    """

    def __init__(
        self,
        path: Path,
        key: bytes,
        role: Role,
        *,
        read_only: bool = False,
        on_damage: Callable[[Role], None] | None = None,
    ) -> None:
        assert_sqlite()
        self.role = role
        self.read_only = read_only
        self.closed = False
        self._on_damage = on_damage
        self._ledger_attached = False
        self._owner: int | None = None
        self._opened = False
        address = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
        try:
            self._raw = dbapi2.connect(
                address, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_S, check_same_thread=False
            )
        except dbapi2.Error as error:
            self._fail(error)
        try:
            self._prepare(key)
        except BaseException:
            self._raw.close()
            raise
        self._opened = True
        self._owner = None  # opened here, used by whichever thread comes first

    def _prepare(self, key: bytes) -> None:
        self.execute("PRAGMA cipher_log_level=NONE")  # SQLCipher would write to stderr
        self.execute(f'PRAGMA key="{raw_key(key)}"')
        self.execute("PRAGMA trusted_schema=OFF")
        self.execute("PRAGMA cell_size_check=ON")
        self.execute("PRAGMA temp_store=MEMORY")  # sorting must not leave plain text in temporary files
        self.execute("PRAGMA foreign_keys=ON")
        self.execute("PRAGMA recursive_triggers=ON")  # else INSERT OR REPLACE slips past DELETE triggers
        self.one("SELECT count(*) FROM sqlite_master")  # the first read: a wrong key shows here
        if self.read_only:
            self.execute("PRAGMA query_only=ON")
            return
        mode = self.value("PRAGMA journal_mode=WAL")
        if mode != "wal":  # network shares have no shared memory; WAL there corrupts
            raise ClerkError(ErrorCode.HOME_NOT_WRITABLE, {"cause": "no-wal"})
        self.execute("PRAGMA synchronous=FULL")
        self.execute("PRAGMA secure_delete=ON")
        self.execute("PRAGMA wal_autocheckpoint=1000")
        self.execute("PRAGMA journal_size_limit=67108864")

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        """Runs one statement; the cursor, whose fetches may raise ``dbapi2.Error`` (see ``rows``)."""
        self._assert_thread()
        begun = perf_counter()
        try:
            return self._raw.execute(sql, parameters)
        except dbapi2.Error as error:
            self._fail(error)
        finally:
            self._timed(sql, begun)

    def execute_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Runs one statement for each of ``rows``."""
        self._assert_thread()
        try:
            self._raw.executemany(sql, rows)
        except dbapi2.Error as error:
            self._fail(error)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows."""
        self._assert_thread()
        begun = perf_counter()
        try:
            rows: list[Row] = self._raw.execute(sql, parameters).fetchall()
        except dbapi2.Error as error:
            self._fail(error)
        self._timed(sql, begun)
        return rows

    def each(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[Row]:
        """Row by row, without holding them all."""
        cursor = self.execute(sql, parameters)
        while True:
            try:
                page: list[Row] = cursor.fetchmany(4096)
            except dbapi2.Error as error:
                self._fail(error)
            if not page:
                return
            yield from page

    def one(self, sql: str, parameters: Sequence[object] = ()) -> Row | None:
        """The first row, or None."""
        self._assert_thread()
        begun = perf_counter()
        try:
            row: Row | None = self._raw.execute(sql, parameters).fetchone()
        except dbapi2.Error as error:
            self._fail(error)
        self._timed(sql, begun)
        return row

    def value(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        """The first column of the first row, or None."""
        row = self.one(sql, parameters)
        return None if row is None else row[0]

    @contextmanager
    def transaction(self, name: str) -> Iterator[None]:
        """BEGIN IMMEDIATE … COMMIT. Waiting over 1 s or holding over 100 ms is logged under ``name``."""
        started = time.monotonic()
        self.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        if begun - started > _BUSY_S:
            log.warning("[BUSY] %s %s waited %d ms", self.role.value, name, (begun - started) * 1000)
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise
        held = time.monotonic() - begun
        if held > _SLOW_S:
            log.info("[SLOW] %s %s held %d ms", self.role.value, name, held * 1000)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads inside see one state of the database."""
        self.execute("BEGIN")
        try:
            yield
        finally:
            self._roll_back()

    def _roll_back(self) -> None:
        # SQLite rolls back by itself after a full disk or an I/O error
        if self._raw.in_transaction:
            self.execute("ROLLBACK")

    def attach_ledger(self, path: Path, key: bytes) -> None:
        """Attaches the ledger read-only as ``ledger``."""
        address = f"{path.absolute().as_uri()}?mode=ro"
        self.execute("ATTACH DATABASE ? AS ledger KEY ?", (address, raw_key(key)))
        self._ledger_attached = True

    def name_reader(self, actor: str) -> None:
        """Makes ``reading_actor()`` known in SQL: who looks."""
        self._raw.create_function("reading_actor", 0, lambda: actor, deterministic=True)

    def integrity_faults(self) -> list[str]:
        """What SQLCipher's and SQLite's own checks find, reading every page. Slow on a large database."""
        faults = [str(row[0]) for row in self.rows("PRAGMA cipher_integrity_check")]
        if not faults:
            faults = [str(row[0]) for row in self.rows("PRAGMA quick_check") if row[0] != "ok"]
        return faults

    def forbid_schema_changes(self) -> None:
        """From now on this connection cannot drop triggers or tables, nor attach or rekey."""
        forbidden = {
            dbapi2.SQLITE_DROP_TRIGGER,
            dbapi2.SQLITE_DROP_TABLE,
            dbapi2.SQLITE_ALTER_TABLE,
            dbapi2.SQLITE_ATTACH,
        }
        pragmas = {"writable_schema", "recursive_triggers", "foreign_keys", "key", "rekey", "journal_mode"}

        def allowed(action: int, first: str | None, *_rest: str | None) -> int:
            if action in forbidden or (action == dbapi2.SQLITE_PRAGMA and first in pragmas):
                return int(dbapi2.SQLITE_DENY)
            return int(dbapi2.SQLITE_OK)

        self._raw.set_authorizer(allowed)

    def close(self) -> None:
        """Closes; harmless when closed already. Allowed from any thread once the owner has stopped."""
        self.closed = True
        self._raw.close()

    def _timed(self, sql: str, begun: float) -> None:
        took_s = perf_counter() - begun
        if took_s >= slow_queries.SLOW_QUERY_S:
            slow_queries.tell(self.role.value, sql, took_s)

    def _assert_thread(self) -> None:
        here = threading.get_ident()
        if self._owner is None:
            self._owner = here
        elif self._owner != here:
            raise ClerkError(ErrorCode.INTERNAL, {"cause": "connection-thread"}, Disposition.BUG)

    def _fail(self, error: Exception) -> NoReturn:
        raise self._as_clerk_error(error) from error

    def _as_clerk_error(self, error: Exception) -> ClerkError:
        extended = getattr(error, "sqlite_errorcode", None)
        primary = extended & 0xFF if isinstance(extended, int) else None
        if primary == _NOTADB and not self._opened:
            return ClerkError(ErrorCode.DATA_KEY_WRONG, disposition=Disposition.SIGN_IN)
        if primary in (_CORRUPT, _NOTADB) or extended in _READ_FAILED:
            return self._damage()
        if primary == _FULL:
            return ClerkError(ErrorCode.DISK_FULL)
        if primary in (_READONLY, _CANTOPEN):
            return ClerkError(ErrorCode.HOME_NOT_WRITABLE)
        if primary == _IOERR:
            # a write beyond a quota or a file size limit comes as an I/O error, not as "full"
            return ClerkError(ErrorCode.DISK_FULL)
        if primary in (_BUSY, _LOCKED):
            return ClerkError(ErrorCode.INSTANCE_RUNNING, disposition=Disposition.RETRY)
        cause = getattr(error, "sqlite_errorname", None) or type(error).__name__
        return ClerkError(ErrorCode.INTERNAL, {"cause": cause}, Disposition.BUG)

    def _damage(self) -> ClerkError:
        role = self.role
        if self._ledger_attached and self._raw.execute("PRAGMA ledger.cipher_integrity_check").fetchone():
            role = Role.LEDGER
        if self._on_damage is not None:
            self._on_damage(role)
        return damaged(role, 0, "page")
