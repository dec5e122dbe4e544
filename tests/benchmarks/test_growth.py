"""Twice the cases must not cost more: the start, a sync with nothing new, a case looked at."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from statistics import median

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clerk_app.bootstrap.premises import open_premises
from clerk_app.bootstrap.sync_side import open_engine
from clerk_app.store.home import HomePaths, Store
from clerk_app.sync.status import StatusBoard
from tests.benchmarks.caseload import KEY, fill_cases, filled_store
from tests.benchmarks.limits import cpu_s, report
from tests.benchmarks.starting import middle_start_s
from tests.benchmarks.test_keystrokes import CASES as FILLED
from tests.benchmarks.test_keystrokes import Bench, make_bench
from tests.journeys.conftest import Office, key_cache, office, portal, start_portal

__all__ = ["key_cache", "make_bench", "office", "portal", "start_portal"]
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
CASES = int(os.environ.get("CLERK_BENCH_GROWTH_CASES", "100000"))
GOAL = 1.1


def middle_cpu_ms(work: Callable[[], object], repeats: int) -> float:
    """The middle CPU milliseconds of ``work``, all threads."""
    used = []
    for _ in range(repeats):
        began = cpu_s()
        work()
        used.append((cpu_s() - began) * 1000)
    return median(used)


def test_start(tmp_path: Path) -> None:
    filled_store(tmp_path, CASES).close()
    once = middle_start_s("ours", tmp_path)
    store = Store.open(HomePaths(tmp_path), KEY)
    fill_cases(store, CASES, CASES)
    store.close()
    twice = middle_start_s("ours", tmp_path)
    report(f"growth: start with {2 * CASES} / with {CASES} cases", twice * 1000, once * 1000, "ms", goal=GOAL)


def test_idle_sync(office: Office) -> None:
    with (
        open_premises(office.home, office.profile, lock=True) as premises,
        open_engine(premises, StatusBoard()) as engine,
    ):
        engine.run_until_settled(force=True)
        used = []
        for begin in (0, CASES):
            fill_cases(premises.store, CASES, begin)
            engine.run_once(force=True)
            used.append(middle_cpu_ms(lambda: engine.run_once(force=True), 40))
    name = f"growth: sync with nothing new, {2 * CASES} / {CASES} cases"
    report(name, used[1], used[0], "ms CPU", goal=GOAL)


def test_a_case_looked_at(qtbot: QtBot, make_bench: Callable[[str], Bench]) -> None:
    """Down and up in the list, the same two cases again and again, until everything of a case is shown."""
    bench = make_bench("")
    used = []
    ways = cycle((Qt.Key.Key_Down, Qt.Key.Key_Up))

    def next_case() -> None:
        QTest.keyClick(QApplication.focusWidget() or bench.desk.window, next(ways))
        bench.calm()

    for begin in (None, FILLED):
        if begin is not None:
            fill_cases(bench.premises.store, FILLED, begin)
        middle_cpu_ms(next_case, 6)  # what is read for the first time is no matter of growth
        used.append(middle_cpu_ms(next_case, 20))
    name = f"growth: one case looked at among {2 * FILLED} / {FILLED} cases"
    report(name, used[1], used[0], "ms CPU", goal=GOAL)
