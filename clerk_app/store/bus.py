"""Tells listeners what a committed transaction changed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from clerk_app.domain.changes import ChangeSet

log = logging.getLogger(__name__)

Listener = Callable[[ChangeSet], None]


class ChangeBus:
    """Publishes after COMMIT, on the thread that committed. Safe to use from every thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: tuple[Listener, ...] = ()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Adds ``listener``; the returned call removes it again (harmless when repeated)."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def unsubscribe() -> None:
            with self._lock:
                self._listeners = tuple(kept for kept in self._listeners if kept is not listener)

        return unsubscribe

    def publish(self, changes: ChangeSet) -> None:
        """Tells every listener, unless nothing changed. A listener that fails does not stop the others: what
        was committed stays committed."""
        if not changes:
            return
        for listener in self._listeners:
            try:
                listener(changes)
            except Exception as error:  # noqa: BLE001 - a window's mistake must not fail a committed write
                log.error("change listener failed: %s", type(error).__name__)
