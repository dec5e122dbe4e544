"""The one bridge from foreign threads to the window: what changed, and where the sync stands."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Qt, Signal, Slot

from clerk_app.domain.changes import ChangeSet
from clerk_app.sync.status import SyncStatus


class Bridge(QObject):
    """Takes news on any thread and gives it out on the UI thread, merged: 4,000 commits are a few signals.

    ``changed`` carries one ChangeSet, ``sync_changed`` the latest SyncStatus, ``presence_changed`` nothing.
    """

    changed = Signal(object)
    sync_changed = Signal(object)
    presence_changed = Signal()
    _poked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._changes = ChangeSet()
        self._status: SyncStatus | None = None
        self._presence_moved = False
        self._awake = False
        # Queued, and to a method of a QObject: a plain function would run on the thread that emits.
        self._poked.connect(self._hand_out, Qt.ConnectionType.QueuedConnection)

    def take_changes(self, changes: ChangeSet) -> None:
        """Called back after a commit, on the thread that committed."""
        with self._lock:
            self._changes = self._changes | changes
        self._poke()

    def take_status(self, status: SyncStatus) -> None:
        """Called back by the sync engine, on its thread."""
        with self._lock:
            self._status = status
        self._poke()

    def take_presence(self, _others: object) -> None:
        """Called back by the team's watch, on its thread."""
        with self._lock:
            self._presence_moved = True
        self._poke()

    def _poke(self) -> None:
        with self._lock:
            asleep, self._awake = not self._awake, True
        if asleep:
            self._poked.emit()

    @Slot()
    def _hand_out(self) -> None:
        with self._lock:
            changes, self._changes = self._changes, ChangeSet()
            status, self._status = self._status, None
            moved, self._presence_moved = self._presence_moved, False
            self._awake = False
        if status is not None:
            self.sync_changed.emit(status)
        if moved:
            self.presence_changed.emit()
        if changes:
            self.changed.emit(changes)
