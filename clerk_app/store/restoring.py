"""Rückspielung: puts an unpacked backup into a home, so that nothing that lies there is lost.

Documents are joined: what came after the backup stays (the delivery service has deleted its copy), what the
backup holds and the home lacks is added, and of two that differ the home's is set aside. The ledger comes
last: a stop before leaves a home without a ledger, which nobody takes for an empty one, and a second run
finishes it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from clerk_app.domain.errors import ClerkError
from clerk_app.store import keys, sealed
from clerk_app.store.backup import LEDGER, TREES, Head, head_of, holds, sealed_files
from clerk_app.store.connection import Connection, Role
from clerk_app.store.documents import CASE_KEY_NAME
from clerk_app.store.head_marker import HeadMarker
from clerk_app.store.home import StorePaths
from clerk_app.store.migrations import migrate
from clerk_app.store.originals import SUFFIXES
from clerk_app.store.outbox_files import OutboxFiles
from clerk_app.store.recovery import verify_chain

_ENVELOPES = tuple(sorted({f".{suffix}" for suffix in SUFFIXES.values()}))
_UNCERTAIN = "restored"  # no hash: a note that never fits, until a person takes the ledger as it is


@dataclass(frozen=True)
class PutBack:
    """What was done. ``aside``: the former ledger, None when there was none. ``uncertain``: something may
    have happened after the backup. ``destroyed``: cases that were destroyed since and are back."""

    documents: int
    aside: Path | None
    uncertain: bool
    destroyed: Sequence[str]


def put_back(staged: Path, paths: StorePaths, data_key: bytes, now: datetime) -> PutBack:
    """Moves what was unpacked into place; ``staged`` is sealed with ``data_key``, the home's.

    The caller holds the home's lock; nothing of it is open. The cache is built again at the next start. When
    the home cannot prove that nothing happened after the backup (its ledger is gone, damaged or goes
    further), the restored ledger counts as an older copy: it is told at every command, and nothing is sent,
    until a person takes it as it is. Raises ClerkError DISK_FULL, HOME_NOT_WRITABLE.
    """
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%S%f")
    marker = paths.ledger_db.with_name(f"{paths.ledger_db.stem}.head")
    noted = HeadMarker(marker).noted()
    lacks_noted = noted is not None and not holds(staged / LEDGER, data_key, Head(*noted))
    present = _readable_head(paths.ledger_db, data_key)
    uncertain = lacks_noted or present is None or not holds(staged / LEDGER, data_key, present)
    destroyed = _destroyed(paths.ledger_db, data_key) - _destroyed(staged / LEDGER, data_key)
    joining = _Joining(paths, keys.StoreKeys.from_data_key(data_key).cases, f".replaced-{stamp}")
    try:
        added = sum(joining.tree(staged, tree) for tree in TREES)
        aside = _set_aside(paths.ledger_db, stamp)
        if uncertain and not lacks_noted:  # else the home's own note says so already
            kept = head_of(staged / LEDGER, data_key)
            marker.write_text(f"{(kept.entries if kept else 0) + 1} {_UNCERTAIN}\n", encoding="ascii")
        sealed.sync_directory(paths.ledger_db.parent)
        (staged / LEDGER).replace(paths.ledger_db)
        sealed.sync_directory(paths.ledger_db.parent)
        Path(f"{paths.cache_db}.condemned").touch()
    except OSError as error:
        raise sealed.disk_error(error) from error
    return PutBack(added, aside, uncertain, sorted(destroyed))


def check_ledger(folder: Path, data_key: bytes) -> int:
    """Walks the chain of an unpacked ledger, brought to today's schema; number of entries. Raises ClerkError
    LEDGER_DAMAGED."""
    database = keys.StoreKeys.from_data_key(data_key).database
    connection = Connection(folder / LEDGER, database, Role.LEDGER)
    try:
        migrate(connection)
        nothing_waits = OutboxFiles(folder / "outbox", b"")
        return verify_chain(connection, nothing_waits, HeadMarker(folder / "no.head"))
    finally:
        connection.close()


def _readable_head(ledger_db: Path, data_key: bytes) -> Head | None:
    """How far the former ledger has come. A writer that closes moves the write-ahead log into it: what is set
    aside is one file."""
    with contextlib.suppress(ClerkError):
        if head_of(ledger_db, data_key) is not None:
            database = keys.StoreKeys.from_data_key(data_key).database
            Connection(ledger_db, database, Role.LEDGER).close()
            return head_of(ledger_db, data_key)
    return None


def _destroyed(ledger_db: Path, data_key: bytes) -> set[str]:
    if not ledger_db.exists() or not ledger_db.stat().st_size:
        return set()
    with contextlib.suppress(ClerkError):
        database = keys.StoreKeys.from_data_key(data_key).database
        connection = Connection(ledger_db, database, Role.LEDGER, read_only=True)
        try:
            return {
                str(row[0]) for row in connection.rows("SELECT case_id FROM entry WHERE kind='destroyed'")
            }
        finally:
            connection.close()
    return set()


def _set_aside(ledger_db: Path, stamp: str) -> Path | None:
    """The write-ahead log first: beside another database it would be applied to that one."""
    aside: Path | None = None
    for suffix in ("-wal", "-shm", ""):
        former = Path(f"{ledger_db}{suffix}")
        if former.exists():
            aside = Path(f"{ledger_db}.replaced-{stamp}{suffix}")
            former.replace(aside)
    return aside


class _Joining:
    """One restore's moves below ``documents`` and ``packages``."""

    def __init__(self, paths: StorePaths, case_keys: bytes, aside: str) -> None:
        self._folders = dict(zip(TREES, (paths.documents, paths.packages), strict=True))
        self._case_keys = case_keys
        self._aside = aside
        self._other_key: dict[Path, bool] = {}
        self._changed: set[Path] = set()

    def tree(self, staged: Path, tree: str) -> int:
        """Number of documents added or replaced."""
        folder, count = self._folders[tree], 0
        for source in sorted(sealed_files(staged / tree)):
            place = folder / source.relative_to(staged / tree)
            if tree == "documents" and self._has_other_key(source.parent, place.parent):
                continue  # destroyed, and the applicant began anew: the old papers do not come back
            count += self._take(source, place) and tree == "documents"
        if self._changed:  # every name lasts before the ledger that needs it
            for changed in sorted({folder, *self._changed}):
                sealed.sync_directory(changed)
            self._changed.clear()
        return count

    def _take(self, source: Path, place: Path) -> bool:
        place = _as_named_now(place)
        if place.exists():
            if _same(source, place) or (place.name == CASE_KEY_NAME and self._key(place) is not None):
                return False
            place.replace(place.with_name(f"{place.name}{self._aside}"))
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        source.replace(place)
        self._changed.add(place.parent)
        return True

    def _has_other_key(self, source: Path, place: Path) -> bool:
        if place not in self._other_key:
            mine, theirs = self._key(place / CASE_KEY_NAME), self._key(source / CASE_KEY_NAME)
            self._other_key[place] = mine is not None and theirs is not None and mine != theirs
        return self._other_key[place]

    def _key(self, path: Path) -> bytes | None:
        with contextlib.suppress(ClerkError):
            return sealed.read(path, self._case_keys, ("case-key", path.parent.name))
        return None


def _as_named_now(place: Path) -> Path:
    """Where the home keeps the same envelope: its suffix says how far the submission has come since."""
    if place.suffix in _ENVELOPES and not place.exists():
        for suffix in _ENVELOPES:
            if place.with_suffix(suffix).exists():
                return place.with_suffix(suffix)
    return place


def _same(one: Path, other: Path) -> bool:
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as left, other.open("rb") as right:
        while piece := left.read(1 << 20):
            if piece != right.read(1 << 20):
                return False
    return True
