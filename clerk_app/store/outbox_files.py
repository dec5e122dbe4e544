"""The second copy of every outgoing entry: one sealed file, written before the ledger row.

A file is ``<entry id>.pending`` until its transaction has committed, then ``<entry id>.sealed`` until the
entry is final. Once the entry was announced, the file also knows where: an entry brought back from it is
settled by the portal's event log and never sent blindly. Each file carries the head of the ledger it was
written on, so that a ledger put back to an older state is noticed.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from clerk_app.domain.errors import ClerkError
from clerk_app.domain.ids import EntryId
from clerk_app.store import sealed
from clerk_app.store.encoding import to_json

log = logging.getLogger(__name__)

_PENDING, _SEALED, _ABANDONED = ".pending", ".sealed", ".abandoned"


@dataclass(frozen=True)
class SealedEntry:
    """Content of one file. ``outgoing``, ``remote`` as stored in the ledger; ``sequence`` and ``head`` name
    the ledger's last entry when the file was first written."""

    entry_id: EntryId
    outgoing: dict[str, object]
    state: str
    hold_until: str
    actor: str
    sequence: int
    head: str
    remote: dict[str, object] | None = None
    committed: bool = True


class OutboxFiles:
    """Sealed copies in one directory. Safe to use from several threads for different entries."""

    def __init__(self, directory: Path, key: bytes) -> None:
        self._directory = directory
        self._key = key
        sealed.private_directory(directory)

    def prepare(self, entry: SealedEntry) -> None:
        """Writes the pending copy; durable on return. Raises ClerkError DISK_FULL, HOME_NOT_WRITABLE."""
        self._write(entry, _PENDING)

    def confirm(self, entry_id: EntryId) -> None:
        """The row is committed: the copy counts from now on. Failing here loses nothing (see ``all``)."""
        self._rename(entry_id, _PENDING, _SEALED)

    def abandon(self, entry_id: EntryId) -> None:
        """The transaction was rolled back: the copy is set aside, never deleted."""
        self._rename(entry_id, _PENDING, _ABANDONED)

    def announced(self, entry: SealedEntry) -> None:
        """Writes the copy again with its place at the delivery service; durable on return."""
        self._write(entry, _SEALED)

    def remove(self, entry_id: EntryId) -> None:
        """The entry is final and that is committed. A leftover is swept by the next ``unseal_missing``."""
        for suffix in (_SEALED, _PENDING):
            try:
                self._path(entry_id, suffix).unlink(missing_ok=True)
            except OSError:
                log.warning("sealed copy of %s could not be removed yet", entry_id)

    def has(self, entry_id: EntryId) -> bool:
        """Whether a copy exists that counts."""
        return self._path(entry_id, _SEALED).exists() or self._path(entry_id, _PENDING).exists()

    def read(self, entry_id: EntryId) -> SealedEntry:
        """Raises ClerkError DOCUMENT_MISSING or DOCUMENT_DAMAGED."""
        suffix = _SEALED if self._path(entry_id, _SEALED).exists() else _PENDING
        content = sealed.read(self._path(entry_id, suffix), self._key, ("outbox", entry_id))
        members = cast("dict[str, object]", json.loads(content))
        return SealedEntry(
            entry_id,
            cast("dict[str, object]", members["outgoing"]),
            str(members["state"]),
            str(members["hold_until"]),
            str(members["actor"]),
            int(str(members["sequence"])),
            str(members["head"]),
            cast("dict[str, object] | None", members["remote"]),
            committed=suffix == _SEALED,
        )

    def all(self) -> Iterator[SealedEntry]:
        """Every readable copy. A damaged one is logged and left where it is."""
        names = {
            path.name.removesuffix(suffix)
            for suffix in (_SEALED, _PENDING)
            for path in self._directory.glob(f"*{suffix}")
        }
        for name in sorted(names):
            try:
                yield self.read(EntryId(name))
            except ClerkError as error:
                log.error("sealed copy of %s: %s", name, error.code.value)

    def forget_abandoned(self, case_id: str) -> None:
        """Removes what was set aside of a case that is being destroyed."""
        for path in self._directory.glob(f"*{_ABANDONED}"):
            try:
                content = sealed.read(path, self._key, ("outbox", path.stem))
            except ClerkError:
                continue
            if (
                cast("dict[str, dict[str, object]]", json.loads(content))["outgoing"].get("case_id")
                == case_id
            ):
                path.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Removes parts of files a crash left behind."""
        sealed.sweep(self._directory)

    def _write(self, entry: SealedEntry, suffix: str) -> None:
        content = to_json(
            {
                "outgoing": entry.outgoing,
                "state": entry.state,
                "hold_until": entry.hold_until,
                "actor": entry.actor,
                "sequence": entry.sequence,
                "head": entry.head,
                "remote": entry.remote,
            }
        )
        path = self._path(entry.entry_id, suffix)
        sealed.write(path, self._key, ("outbox", entry.entry_id), [content.encode()])

    def _rename(self, entry_id: EntryId, old: str, new: str) -> None:
        try:
            self._path(entry_id, old).replace(self._path(entry_id, new))
            sealed.sync_directory(self._directory)
        except OSError:
            log.warning("sealed copy of %s keeps its name %s", entry_id, old)

    def _path(self, entry_id: EntryId, suffix: str) -> Path:
        return self._directory / f"{safe_name(entry_id)}{suffix}"


def safe_name(identifier: str) -> str:
    """``identifier`` as a file name. Ids are UUIDs; anything else could be a path and is refused."""
    if not identifier or not all(c.isascii() and (c.isalnum() or c == "-") for c in identifier):
        raise ValueError("not an identifier")
    return identifier
