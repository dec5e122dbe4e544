"""A window that does not answer is told with the place that held it."""

from __future__ import annotations

from PySide6.QtCore import QEventLoop, QTimer

from clerk_app.ui import loop_watch
from clerk_app.ui.loop_watch import LoopWatch


def test_a_block_is_told_with_its_place(qapp: object) -> None:
    told: list[tuple[int, list[str]]] = []
    watch = LoopWatch(lambda ms, places: told.append((ms, places)), blocked_s=0.05)
    loop = QEventLoop()

    def held_up() -> None:
        assert watch.looked.wait(60), "nobody looked while the window was held up"

    watch.start()
    try:
        QTimer.singleShot(1, held_up)
        QTimer.singleShot(2, lambda: watch._timer.timeout.connect(loop.quit))
        loop.exec()
    finally:
        watch.stop()
    ms, places = next((ms, places) for ms, places in told if any(":held_up" in place for place in places))
    assert ms >= 50
    assert all(place.count(":") == 2 and " " not in place for place in places)


def _beats(watch: LoopWatch, count: int) -> None:
    loop = QEventLoop()
    left = [count]

    def beaten() -> None:
        left[0] -= 1
        if not left[0]:
            loop.quit()

    watch.start()
    try:
        watch._timer.timeout.connect(beaten)
        loop.exec()
    finally:
        watch.stop()
    watch.stop()


def test_an_idle_window_is_not_told(qapp: object) -> None:
    told: list[object] = []
    watch = LoopWatch(lambda *block: told.append(block), blocked_s=3600)
    _beats(watch, 4)
    assert told == []
    assert not watch.looked.is_set()


def test_a_slow_machine_does_not_fill_the_log(qapp: object) -> None:
    told: list[object] = []
    watch = LoopWatch(lambda *block: told.append(block), blocked_s=-3600)
    watch._told = loop_watch.MOST_TOLD - 3
    _beats(watch, 6)
    assert len(told) == 3
