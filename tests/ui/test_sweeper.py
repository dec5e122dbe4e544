"""Whatever a worker allocates, a window's objects end on the window's thread."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from clerk_app.ui.sweeper import Sweeper


class Ring(QObject):
    """Refers to itself, as views and their models do."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self


def test_rings_are_taken_away_on_the_thread_of_the_window(qtbot: QtBot) -> None:
    gc.collect()
    sweeper = Sweeper()
    ended_on: list[int] = []

    def ended(_gone: weakref.ref[Ring]) -> None:
        ended_on.append(threading.get_ident())

    try:
        watch = weakref.ref(Ring(), ended)

        def allocate() -> None:
            kept: list[list[object]] = []
            for _turn in range(50_000):
                kept.append([kept])

        worker = threading.Thread(target=allocate)
        worker.start()
        worker.join()
        assert ended_on == [], "nothing is collected on another thread"

        qtbot.waitUntil(lambda: watch() is None, timeout=10_000)
    finally:
        sweeper.end()

    assert ended_on == [threading.get_ident()]
    assert gc.isenabled()
