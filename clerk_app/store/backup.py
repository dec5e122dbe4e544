"""Sicherung: the clerk's word in one file, and back.

In it: the ledger as of one moment, everything sealed below ``documents`` and ``packages``, and what names the
key, never the key itself (a practice office's open key excepted). All of it is encrypted already; a manifest
with sizes and SHA-256 of every file carries a MAC of the data key, so that nothing can be exchanged, left out
or put in.

Not in it: the cache, which is built again from the originals, and the sealed copies of the outbox. A copy put
back could send a second time what has left since; without one the store lets an open entry rest until a clerk
looks at it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from sqlcipher3 import dbapi2

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ledger import GENESIS_HASH
from clerk_app.store import keys, sealed
from clerk_app.store.connection import Connection, Role, assert_sqlite
from clerk_app.store.home import StorePaths
from clerk_app.store.migrations import migrations
from clerk_app.store.originals import SUFFIXES

FORMAT = 1
MANIFEST = "manifest.json"
LEDGER = "ledger.db"
TREES = ("documents", "packages")
_NAME = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]{0,199}/){0,3}[A-Za-z0-9][A-Za-z0-9._-]{0,199}\Z")
_LARGEST_MANIFEST_BYTES = 256 << 20
_PIECE_BYTES = 1 << 20
_NOT_READABLE = (
    OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, EOFError, RecursionError,
    RuntimeError, OverflowError, dbapi2.Error,
)  # fmt: skip
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Head:
    """How far a ledger has come: number of entries and hash of the last one."""

    entries: int
    hash: str


class Kept(NamedTuple):
    """A file of a backup; the time of an envelope is when its submission was settled."""

    size: int
    sha256: str
    mtime_ns: int


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. ``home`` is the home's id, ``key`` names the data key without telling it,
    ``files`` by their names."""

    made_at: datetime
    program: str
    home: str
    office: str
    practice: bool
    key: str
    head: Head
    schema: int
    files: Mapping[str, Kept]

    @property
    def documents(self) -> int:
        """Sealed files of cases."""
        return sum(name.startswith("documents/") for name in self.files)


def key_mark(data_key: bytes) -> str:
    """Names a data key in a manifest without telling it."""
    return keys.derive(data_key, "backup-mark").hex()


def write(
    target: BinaryIO,
    paths: StorePaths,
    data_key: bytes,
    named: Mapping[str, Any],
    extra: Mapping[str, Path],
    tell: Tell = lambda done, total: None,
) -> Manifest:
    """Writes a backup of the store below ``paths``, also while a program works there.

    ``named`` are ``made_at`` (aware), ``program``, ``home``, ``office`` and ``practice``; ``extra`` further
    small files by their names in the backup. ``tell`` hears how many files of how many are in.

    The ledger comes first: whatever it names was sealed before, so what is copied afterwards holds it all.
    Raises ClerkError LEDGER_DAMAGED, DISK_FULL, HOME_NOT_WRITABLE, BACKUP_DISTURBED when files vanish again
    and again meanwhile, and OSError of the target.
    """
    assert_sqlite()
    sealed.sweep(paths.temp, f"backup-*{sealed.PART_SUFFIX}")  # of runs that were killed
    snapshot = paths.temp / f"backup-{os.getpid()}.db{sealed.PART_SUFFIX}"
    try:
        head, schema = _snapshot(paths, data_key, snapshot)
        files: dict[str, Kept] = {}
        wanted: list[tuple[str, Path]] = [(LEDGER, snapshot), *extra.items()]
        for tree, folder in zip(TREES, (paths.documents, paths.packages), strict=True):
            wanted += [
                (f"{tree}/{path.relative_to(folder).as_posix()}", path) for path in sealed_files(folder)
            ]
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
            for name, path in wanted:
                try:
                    files[name] = _put(archive, name, path)
                except FileNotFoundError as error:
                    if (again := _renamed(path)) is None:
                        params = {"name": name}
                        raise ClerkError(ErrorCode.BACKUP_DISTURBED, params, Disposition.RETRY) from error
                    name = name.removesuffix(path.suffix) + again.suffix  # noqa: PLW2901
                    files[name] = _put(archive, name, again)
                tell(len(files), len(wanted))
            manifest = Manifest(
                made_at=named["made_at"],
                program=str(named["program"]),
                home=str(named["home"]),
                office=str(named["office"]),
                practice=bool(named["practice"]),
                key=key_mark(data_key),
                head=head,
                schema=schema,
                files=files,
            )
            archive.writestr(MANIFEST, _signed(manifest, data_key))
        return manifest
    finally:
        snapshot.unlink(missing_ok=True)


class Backup:
    """A backup in a file. Raises ClerkError BACKUP_DAMAGED, BACKUP_TOO_NEW when it is none we can read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._opened() as archive:
            self.manifest, self._mac, self._members = _read_manifest(archive, path)

    def check(self, data_key: bytes | None, tell: Tell = lambda done, total: None) -> None:
        """Reads everything. With the data key the manifest itself is proven; without it only that the files
        are those it names. Raises ClerkError BACKUP_DAMAGED, DATA_KEY_WRONG."""
        if data_key is not None:
            self.prove(data_key)
        with self._opened() as archive:
            self._require_same_names(archive)
            for at, (name, (size, digest, _mtime_ns)) in enumerate(self.manifest.files.items(), 1):
                found = hashlib.sha256()
                for piece in self._pieces(archive, name, size):
                    found.update(piece)
                if not hmac.compare_digest(found.hexdigest(), digest):
                    raise self._damaged("changed", name)
                tell(at, len(self.manifest.files))

    def prove(self, data_key: bytes) -> None:
        """Raises ClerkError DATA_KEY_WRONG for another key than the backup was made with, BACKUP_DAMAGED for
        a manifest that key did not make."""
        if not hmac.compare_digest(self.manifest.key, key_mark(data_key)):
            raise ClerkError(ErrorCode.DATA_KEY_WRONG, {}, Disposition.ASK_CLERK)
        if not hmac.compare_digest(self._mac, _mac(self._members, data_key)):
            raise self._damaged("manifest", MANIFEST)

    def small(self, name: str) -> bytes | None:
        """One of the small files, or None when it is not in."""
        if name not in self.manifest.files:
            return None
        size, digest, _mtime_ns = self.manifest.files[name]
        with self._opened() as archive:
            content = b"".join(self._pieces(archive, name, size))
        if hashlib.sha256(content).hexdigest() != digest:
            raise self._damaged("changed", name)
        return content

    def unpack(self, folder: Path, tell: Tell = lambda done, total: None) -> None:
        """Everything into ``folder``, checked while it is written. Raises ClerkError BACKUP_DAMAGED,
        DISK_FULL, HOME_NOT_WRITABLE."""
        with self._opened() as archive:
            self._require_same_names(archive)
            for at, name in enumerate(self.manifest.files, 1):
                self._unpack_one(archive, name, folder)
                tell(at, len(self.manifest.files))

    def unpack_ledger(self, folder: Path) -> None:
        """The ledger alone. Raises as ``unpack``."""
        with self._opened() as archive:
            self._unpack_one(archive, LEDGER, folder)

    def _unpack_one(self, archive: zipfile.ZipFile, name: str, folder: Path) -> None:
        size, digest, mtime_ns = self.manifest.files[name]
        found, place = hashlib.sha256(), folder / name
        try:
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with place.open("xb") as sink:
                for piece in self._pieces(archive, name, size):
                    found.update(piece)
                    sink.write(piece)
                sink.flush()
                os.fsync(sink.fileno())
            os.utime(place, ns=(mtime_ns, mtime_ns))
        except OSError as error:
            raise sealed.disk_error(error) from error
        if not hmac.compare_digest(found.hexdigest(), digest):
            raise self._damaged("changed", name)

    def _opened(self) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(self.path)
        except (OSError, zipfile.BadZipFile, ValueError, RuntimeError) as error:
            reason = "missing" if isinstance(error, FileNotFoundError) else "not-a-backup"
            raise _damaged(self.path, reason, "") from error

    def _require_same_names(self, archive: zipfile.ZipFile) -> None:
        found = archive.namelist()
        if len(found) != len(set(found)) or set(found) != {MANIFEST, *self.manifest.files}:
            raise self._damaged("names", "")

    def _pieces(self, archive: zipfile.ZipFile, name: str, size: int) -> Iterator[bytes]:
        """Never more than the manifest says."""
        left = size + 1
        try:
            with archive.open(name) as source:
                while left > 0 and (piece := source.read(min(left, _PIECE_BYTES))):
                    left -= len(piece)
                    yield piece
        except (OSError, zipfile.BadZipFile, KeyError, EOFError, ValueError, RuntimeError) as error:
            raise self._damaged("unreadable", name) from error
        if left != 1:
            raise self._damaged("size", name)

    def _damaged(self, reason: str, name: str) -> ClerkError:
        return _damaged(self.path, reason, name)


def head_of(path: Path, data_key: bytes) -> Head | None:
    """How far the ledger in ``path`` has come; None when there is none. Raises ClerkError LEDGER_DAMAGED,
    DATA_KEY_WRONG."""
    if not path.exists() or not path.stat().st_size:
        return None
    key = keys.StoreKeys.from_data_key(data_key).database
    connection = Connection(path, key, Role.LEDGER, read_only=True)
    try:
        return _head(connection)
    finally:
        connection.close()


def holds(path: Path, data_key: bytes, head: Head) -> bool:
    """Whether the ledger in ``path`` contains everything up to ``head``. Raises ClerkError as ``head_of``."""
    if head.entries == 0:
        return True
    key = keys.StoreKeys.from_data_key(data_key).database
    connection = Connection(path, key, Role.LEDGER, read_only=True)
    try:
        found = connection.value("SELECT entry_hash FROM entry WHERE sequence = ?", (head.entries,))
        return bool(found == head.hash)
    finally:
        connection.close()


def _snapshot(paths: StorePaths, data_key: bytes, target: Path) -> tuple[Head, int]:
    """The ledger as of one moment, encrypted as it is."""
    key = keys.StoreKeys.from_data_key(data_key).database
    target.unlink(missing_ok=True)
    connection = Connection(paths.ledger_db, key, Role.LEDGER)
    try:
        connection.execute("VACUUM INTO ?", (str(target),))
    finally:
        connection.close()
    copy = Connection(target, key, Role.LEDGER, read_only=True)
    try:
        return _head(copy), int(copy.value("PRAGMA user_version"))
    finally:
        copy.close()


def _head(connection: Connection) -> Head:
    row = connection.one("SELECT sequence, entry_hash FROM entry ORDER BY sequence DESC LIMIT 1")
    return Head(0, GENESIS_HASH) if row is None else Head(int(row[0]), str(row[1]))


def sealed_files(folder: Path) -> Iterator[Path]:
    """Finished files, without those that are just being written."""
    if not folder.is_dir():
        return
    for path in folder.rglob("*"):
        inside = path.relative_to(folder).parts
        if path.is_file() and not path.name.endswith(sealed.PART_SUFFIX) and not inside[0].startswith("."):
            yield path


def _renamed(path: Path) -> Path | None:
    """An envelope gets another suffix when its submission was accepted: no reason to begin anew."""
    found = [path.with_suffix(f".{suffix}") for suffix in set(SUFFIXES.values())]
    if path.suffix not in {each.suffix for each in found}:
        return None
    return next((each for each in found if each.exists()), None)


def _put(archive: zipfile.ZipFile, name: str, path: Path) -> Kept:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source:
        mtime_ns = os.fstat(source.fileno()).st_mtime_ns
        info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        with archive.open(info, "w", force_zip64=True) as sink:
            while piece := source.read(_PIECE_BYTES):
                digest.update(piece)
                size += len(piece)
                sink.write(piece)
    return Kept(size, digest.hexdigest(), mtime_ns)


def _members_of(manifest: Manifest) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "made_at": manifest.made_at.astimezone(UTC).isoformat(timespec="seconds"),
        "program": manifest.program,
        "home": manifest.home,
        "office": manifest.office,
        "practice": manifest.practice,
        "key": manifest.key,
        "ledger": {"entries": manifest.head.entries, "hash": manifest.head.hash, "schema": manifest.schema},
        "files": {name: list(found) for name, found in manifest.files.items()},
    }


def _signed(manifest: Manifest, data_key: bytes) -> bytes:
    members = _members_of(manifest)
    return json.dumps({**members, "mac": _mac(members, data_key)}, ensure_ascii=False, indent=1).encode()


def _mac(members: Mapping[str, Any], data_key: bytes) -> str:
    canonical = json.dumps(members, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return hmac.digest(keys.derive(data_key, "backup-manifest"), canonical, "sha256").hex()


def _read_manifest(archive: zipfile.ZipFile, path: Path) -> tuple[Manifest, str, dict[str, Any]]:
    try:
        with archive.open(MANIFEST) as source:
            content = source.read(_LARGEST_MANIFEST_BYTES + 1)
        members = json.loads(content)
        if members["format"] > FORMAT:
            raise ClerkError(ErrorCode.BACKUP_TOO_NEW, {"found": members["format"], "known": FORMAT})
        mac = str(members.pop("mac"))
        ledger = members["ledger"]
        files = {
            str(name): Kept(int(size), str(digest), int(mtime_ns))
            for name, (size, digest, mtime_ns) in members["files"].items()
        }
        if LEDGER not in files or not all(_NAME.match(name) for name in files):
            raise ValueError("names")
        manifest = Manifest(
            made_at=datetime.fromisoformat(members["made_at"]),
            program=str(members["program"]),
            home=str(members["home"]),
            office=str(members["office"]),
            practice=bool(members["practice"]),
            key=str(members["key"]),
            head=Head(int(ledger["entries"]), str(ledger["hash"])),
            schema=int(ledger["schema"]),
            files=files,
        )
        newest = migrations(Role.LEDGER)[-1].version
        if manifest.schema > newest:
            raise ClerkError(ErrorCode.BACKUP_TOO_NEW, {"found": manifest.schema, "known": newest})
        if manifest.made_at.tzinfo is None:
            raise ValueError("made_at")
    except ClerkError:
        raise
    except _NOT_READABLE as error:
        raise _damaged(path, "not-a-backup", MANIFEST) from error
    return manifest, mac, members


def _damaged(path: Path, reason: str, name: str) -> ClerkError:
    params = {"path": str(path), "reason": reason, **({"name": name} if name else {})}
    return ClerkError(ErrorCode.BACKUP_DAMAGED, params, Disposition.ASK_CLERK)
