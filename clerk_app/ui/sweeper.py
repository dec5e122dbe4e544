"""Garbage that refers to itself is taken away on the window's thread alone.

Python collects such garbage on whatever thread happens to allocate next. A widget found there would be
destroyed on a thread it does not live on, which Qt answers with warnings at best ("Timers cannot be stopped
from another thread").
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

SWEEP_MS = 500
#: When a generation is worth a look: objects made since, then looks at the younger generation.
_WORTH_A_LOOK = (2_000, 10, 10)


class Sweeper(QObject):
    """Replaces Python's own collector until ``end``; lives on the window's thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=SWEEP_MS)
        self._timer.timeout.connect(self.sweep)
        self._timer.start()

    def sweep(self) -> None:
        """Collects the oldest generation that is worth it."""
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > _WORTH_A_LOOK[generation]:
                gc.collect(generation)
                return

    def end(self) -> None:
        """Gives the work back to Python."""
        self._timer.stop()
        gc.enable()
