"""Seals a whole home under another data key. Each step may be repeated: after a kill it is.

Documents keep their own random keys; only the small files that hold those are sealed anew. A file or database
opens with exactly one of the two keys, and is changed at one stroke.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from sqlcipher3 import dbapi2

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.store import keys, sealed
from clerk_app.store.connection import Role, assert_sqlite, damaged, raw_key
from clerk_app.store.documents import CASE_KEY_NAME, Documents
from clerk_app.store.home import StorePaths

_NOTADB = 26


def reseal(
    paths: StorePaths, old_key: bytes, new_key: bytes, tell: Callable[[int], None] = lambda done: None
) -> None:
    """From ``old_key`` to ``new_key``. The caller holds the home's lock; nothing of it is open.

    ``tell`` hears how many files were sealed so far. A file that opens with neither key stays as it is: it
    was damaged before, and whoever reads it is told. Raises ClerkError DISK_FULL, HOME_NOT_WRITABLE,
    CACHE_DAMAGED, LEDGER_DAMAGED.
    """
    assert_sqlite()
    old, new = keys.StoreKeys.from_data_key(old_key), keys.StoreKeys.from_data_key(new_key)
    done = 0
    named = _hashed_names(paths, old, new)
    for path in sorted(paths.documents.glob(f"*/{CASE_KEY_NAME}")):
        case_id = named.get(path.parent.name, path.parent.name)
        _again(path, old.cases, new.cases, ("case-key", case_id))
        done += 1
        tell(done)
    for path in sorted(paths.outbox.iterdir() if paths.outbox.is_dir() else ()):
        if path.suffix != sealed.PART_SUFFIX:
            _again(path, old.outbox, new.outbox, ("outbox", path.stem))
            done += 1
            tell(done)
    for role, path in ((Role.LEDGER, paths.ledger_db), (Role.CACHE, paths.cache_db)):
        if path.exists() and path.stat().st_size:
            _database(path, old.database, new.database, role)
    for aside in sorted(paths.cache_db.parent.glob(f"{paths.cache_db.name}.damaged-*")):
        aside.unlink()  # unreadable from now on, and its originals are kept
    proof = paths.documents.parent / "key.proof"
    if proof.exists():
        _again(proof, old.proof, new.proof, keys.PROOF_CONTEXT)


def _hashed_names(paths: StorePaths, old: keys.StoreKeys, new: keys.StoreKeys) -> dict[str, str]:
    """The case ids of directories that bear a hash: ids from outside that are no UUIDs."""
    found: dict[str, str] = {}
    if not any(path.name.startswith("x") for path in paths.documents.iterdir()):
        return found
    documents = Documents(paths.documents, old.cases)
    for path, ids in (
        (paths.ledger_db, "SELECT DISTINCT case_id FROM entry WHERE case_id IS NOT NULL"),
        (paths.cache_db, "SELECT DISTINCT case_id FROM submission"),
    ):
        for key in (old.database, new.database):
            opened = _opened(path, key) if path.exists() else None
            if opened is not None:
                rows = opened.execute(ids).fetchall()
                found.update({documents.directory(CaseId(row[0])).name: row[0] for row in rows})
                opened.close()
    return found


def _again(path: Path, old: bytes, new: bytes, context: Sequence[str]) -> None:
    try:
        content = sealed.read(path, old, context)
    except ClerkError as error:
        if error.code in (ErrorCode.DOCUMENT_DAMAGED, ErrorCode.DOCUMENT_MISSING):
            return  # sealed anew before, or damaged before
        raise
    sealed.write(path, new, context, [content])


def _opened(path: Path, key: bytes) -> dbapi2.Connection | None:
    connection = dbapi2.connect(str(path), isolation_level=None)
    try:
        connection.execute("PRAGMA cipher_log_level=NONE")
        connection.execute(f'PRAGMA key="{raw_key(key)}"')
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except dbapi2.DatabaseError as error:
        connection.close()
        if getattr(error, "sqlite_errorcode", _NOTADB) & 0xFF == _NOTADB:
            return None
        raise _disk(error) from error
    return connection


def _database(path: Path, old: bytes, new: bytes, role: Role) -> None:
    """One transaction of SQLCipher. First with the old key: a change that was cut off is rolled back then."""
    connection = _opened(path, old)
    if connection is None:
        connection = _opened(path, new)
        if connection is None:
            raise damaged(role, 0, "first-page")
        connection.close()
        return
    try:
        # The journal of before-images takes a change of keys back as a whole, whatever key is tried next.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA synchronous=EXTRA")
        connection.execute(f'PRAGMA rekey="{raw_key(new)}"')
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except dbapi2.DatabaseError as error:
        raise _disk(error) from error
    finally:
        connection.close()


def _disk(error: Exception) -> ClerkError:
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return ClerkError(ErrorCode.DISK_FULL if primary in (10, 13) else ErrorCode.HOME_NOT_WRITABLE)
