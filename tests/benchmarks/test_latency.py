"""The window while thousands of applications arrive: how long its event loop ever stands still."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clerk_app.bootstrap.premises import open_premises
from clerk_app.bootstrap.window_side import running_sync, shell_for
from clerk_app.domain.case import CaseQuery
from clerk_app.sandbox.keys import KeyRing
from clerk_app.sync.status import SyncPhase
from clerk_app.ui.application import open_window
from tests.benchmarks.limits import report
from tests.kill.office import PracticePortal

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
APPLICATIONS = int(os.environ.get("CLERK_BENCH_ARRIVALS", "4000"))
GOAL_MS = 50.0
IDLE_S = 5.0


@dataclass
class Pulse:
    """A timer that should beat every millisecond; the gaps are what the event loop was busy or kept out."""

    gaps_ms: list[float] = field(default_factory=list)
    _last: float = 0.0

    def __post_init__(self) -> None:
        self._timer = QTimer(interval=1)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        self.gaps_ms, self._last = [], time.perf_counter()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps_ms.append((now - self._last) * 1000)
        self._last = now


@pytest.fixture
def arrivals(cache_dir: Path, tmp_path: Path) -> Iterator[PracticePortal]:
    directory = tmp_path / "portal"
    directory.mkdir()
    KeyRing(directory / "keys").make_missing(cache_dir / "keys")
    running = PracticePortal(directory)
    yield running
    running.close()


def test_while_applications_arrive(
    qtbot: QtBot, qapp: QApplication, arrivals: PracticePortal, tmp_path: Path
) -> None:
    pulse = Pulse()
    with ExitStack() as stack:
        profile = Path(arrivals.ready["profiles"][0])
        premises = stack.enter_context(open_premises(tmp_path / "home", profile, lock=True))
        sync = stack.enter_context(running_sync(premises))
        desk = open_window(shell_for(premises, sync), qapp)
        desk.window.resize(1280, 800)
        stack.callback(desk.window.deleteLater)
        stack.callback(desk.bench.close)
        stack.callback(desk.window.close)
        qtbot.waitUntil(lambda: sync.status().phase is SyncPhase.IDLE, timeout=60_000)
        while desk.pages.make_one():
            pass
        filed = len(arrivals.file(APPLICATIONS))
        reads = premises.store.reads()
        stack.callback(reads.close)
        pulse.start()
        qtbot.wait(int(IDLE_S * 1000))
        pulse.stop()
        idle = sorted(pulse.gaps_ms)
        pulse.start()
        sync.sync_now()
        qtbot.waitUntil(
            lambda: len(reads.ids(CaseQuery())) == filed and sync.status().phase is SyncPhase.IDLE,
            timeout=600_000,
        )
        pulse.stop()
    gaps = sorted(pulse.gaps_ms)
    name = f"window while {APPLICATIONS} applications arrive: longest stall / 50 ms"
    report(
        name, gaps[-1], GOAL_MS, "ms", goal=1.0,
        p999_ms=round(gaps[int(len(gaps) * 0.999)], 1), p99_ms=round(gaps[int(len(gaps) * 0.99)], 1),
        over_50_ms=sum(gap > GOAL_MS for gap in gaps), beats=len(gaps), idle_longest_ms=round(idle[-1], 1),
    )  # fmt: skip
