"""Notices when the window does not answer: how long, and where the program was meanwhile.

A timer on the window's thread beats twenty times a second, and a thread of its own looks whether it does:
some microseconds each. (The signals of Qt's event dispatcher would cost nothing, but with GLib they frame
waiting and working together.)
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from clerk_app.domain.code_places import calling_places

BLOCKED_S = 0.1
MOST_TOLD = 200  # by one process
_BEAT_S = 0.05
Tell = Callable[[int, list[str]], None]
"""Milliseconds, and the places the window's thread was at when it was looked at."""


class LoopWatch(QObject):
    """Begins with ``start`` on the window's thread and ends with ``stop``."""

    def __init__(self, tell: Tell, blocked_s: float = BLOCKED_S) -> None:
        super().__init__()
        self._tell = tell
        self._blocked_s = blocked_s
        self._beat_at = 0.0
        self._seen: tuple[float, list[str]] | None = None
        self._told = 0
        self._stopping = threading.Event()
        self.looked = threading.Event()  # a block was seen while it lasted
        self._window = threading.get_ident()
        self._thread = threading.Thread(target=self._look, name="loop-watch", daemon=True)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """From now on; the event loop is about to run."""
        self._beat_at = time.monotonic()
        self._timer.start(round(_BEAT_S * 1000))
        self._thread.start()

    def stop(self) -> None:
        """Harmless when it never began."""
        self._timer.stop()
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def _beat(self) -> None:
        before, self._beat_at = self._beat_at, time.monotonic()
        late_s = self._beat_at - before - _BEAT_S
        if late_s < self._blocked_s or self._told >= MOST_TOLD:
            return
        self._told += 1
        seen = self._seen
        self._tell(round(late_s * 1000), seen[1] if seen is not None and seen[0] == before else [])

    def _look(self) -> None:
        while not self._stopping.wait(_BEAT_S):
            beat_at = self._beat_at
            if self._seen is not None and self._seen[0] == beat_at:
                continue
            if time.monotonic() - beat_at - _BEAT_S >= self._blocked_s:
                frame = sys._current_frames().get(self._window)
                self._seen = (beat_at, calling_places(frame))
                del frame
                self.looked.set()
