"""How far the ledger has come, noted beside it: an older ``ledger.db`` that is put back is noticed.

Sealed copies of the outbox tell of open entries only; after everything was delivered nothing else would know
that decisions have left which an older ledger has never heard of.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from clerk_app.store.connection import Connection

log = logging.getLogger(__name__)


class HeadMarker:
    """One small file, written after each commit. It may lag behind (a kill comes between, a write fails) and
    may be gone: then less is noticed and nothing is claimed. It never runs ahead of the ledger."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._last = 0
        self._frozen = False

    def noted(self) -> tuple[int, str] | None:
        """Number and hash of the last entry that was noted; None when nothing can be read."""
        try:
            sequence, head = self._path.read_text(encoding="ascii").split()
            return int(sequence), head
        except (OSError, ValueError):  # none yet, or a write that was cut off
            return None

    def freeze(self) -> None:
        """The ledger is an older one: what was noted stays until a person has dealt with it."""
        with self._lock:
            self._frozen = True

    def note(self, sequence: int, head: str) -> None:
        """The ledger ends with this entry now, and that is committed."""
        with self._lock:
            if self._frozen or sequence <= self._last:
                return
            self._last = sequence
            try:
                self._path.write_text(f"{sequence} {head}\n", encoding="ascii")
            except OSError:
                log.warning("the ledger's head could not be noted")

    def forget(self) -> None:
        """A person takes the ledger as it is."""
        with self._lock:
            self._frozen, self._last = False, 0
            self._path.unlink(missing_ok=True)


def missing(connection: Connection, noted: tuple[int, str] | None) -> int | None:
    """Number of the ``noted`` entry when the ledger does not hold it, else None. Ask the marker before the
    ledger: beside another process that one only grows."""
    if noted is None:
        return None
    sequence, head = noted
    found = connection.value("SELECT entry_hash FROM entry WHERE sequence = ?", (sequence,))
    return None if found == head else sequence
