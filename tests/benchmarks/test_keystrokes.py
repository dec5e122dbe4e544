"""Three keystrokes for a routine application among very many cases: what each asks of the window.

The office is whole: a practice portal, a store on disk, letters, signatures; only its list is long. Times are
of the window's own thread (CPU) from the key until the next screen is painted; what it does for answers that
come in behind it, and what the clock said, is told beside.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clerk_app.bootstrap.premises import Premises, open_premises
from clerk_app.bootstrap.window_side import running_sync, shell_for
from clerk_app.domain.case import CaseQuery
from clerk_app.domain.outbox import OutboxKind
from clerk_app.sandbox.server import RunningSandbox
from clerk_app.sync.status import SyncPhase
from clerk_app.ui.application import open_window
from clerk_app.ui.commands import Screen
from clerk_app.ui.desk_window import DeskWindow
from clerk_app.ui.sign_dialog import SignDialog
from tests.benchmarks.caseload import fill_cases
from tests.benchmarks.limits import report
from tests.journeys.conftest import Office, key_cache, office, portal, start_portal
from tests.signing.pki import P12_PASSWORD, Pki

__all__ = ["key_cache", "office", "portal", "start_portal"]  # fixtures of a whole office
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
CASES = int(os.environ.get("CLERK_BENCH_KEYSTROKE_CASES", "50000"))
GOAL_MS = 100.0
PATIENCE_MS = 60_000
Key, Modifier = Qt.Key, Qt.KeyboardModifier


@dataclass(frozen=True)
class Step:
    """Milliseconds of the window's thread until the next screen was painted, and for what came in behind it;
    of the clock until it was painted, and until all was calm (what signing and reading took is in these)."""

    name: str
    window_ms: float
    behind_ms: float
    there_ms: float
    calm_ms: float


class Bench:
    """The window, and a clerk with a stopwatch."""

    def __init__(self, qtbot: QtBot, premises: Premises, desk: DeskWindow) -> None:
        self.qtbot, self.premises, self.desk = qtbot, premises, desk
        self.steps: list[Step] = []

    def until(self, done: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(done, timeout=PATIENCE_MS)

    def idle(self) -> bool:
        bench = self.desk.bench
        return bench.worker.idle and bench.queries.idle and bench.pictures.idle

    def calm(self) -> None:
        for _turn in range(3):
            self.until(self.idle)
            QApplication.processEvents()

    def wait(self, done: Callable[[], bool]) -> None:
        """Waits asleep: looking again and again would be counted as the window's own time."""
        waker = QTimer(interval=2)
        waker.start()
        while not done():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        waker.stop()

    def press(self, name: str, key: Qt.Key, modifier: Qt.KeyboardModifier, there: Callable[[], bool]) -> None:
        """One keystroke, measured until ``there`` and until nothing is left to do."""
        began, used = time.perf_counter(), time.thread_time()
        QTest.keyClick(QApplication.focusWidget() or self.desk.window, key, modifier)
        self.wait(there)
        self.desk.window.repaint()
        seen, painted = time.perf_counter(), time.thread_time() - used
        self.wait(self.idle)
        QApplication.processEvents()
        spent, calm = time.thread_time() - used - painted, time.perf_counter()
        made = (painted, spent, seen - began, calm - began)
        self.steps.append(Step(name, *(part * 1000 for part in made)))
        self.calm()


@pytest.fixture
def make_bench(
    qtbot: QtBot, qapp: QApplication, portal: RunningSandbox, office: Office
) -> Iterator[Callable[[str], Bench]]:
    """An office with the portal's applications on top of very many cases."""
    with ExitStack() as stack:

        def made(signing: str) -> Bench:
            if signing:
                text = office.profile.read_text()
                assert 'key = "practice"' in text
                office.profile.write_text(text.replace('key = "practice"', signing))
            premises = stack.enter_context(open_premises(office.home, office.profile, lock=True))
            with running_sync(premises) as sync:
                qtbot.waitUntil(lambda: sync.status().phase is SyncPhase.IDLE, timeout=PATIENCE_MS)
            fill_cases(premises.store, CASES)
            ticks = count()
            sync = stack.enter_context(running_sync(premises))
            desk = open_window(replace(shell_for(premises, sync), clock_s=lambda: float(next(ticks))), qapp)
            desk.window.resize(1280, 800)
            desk.window.activateWindow()
            qtbot.waitUntil(desk.window.isActiveWindow, timeout=5_000)
            stack.callback(desk.window.deleteLater)
            stack.callback(desk.bench.close)

            def agreed() -> None:
                desk.quit_guard.agreed = True
                desk.window.close()

            stack.callback(agreed)
            bench = Bench(qtbot, premises, desk)
            bench.until(lambda: sync.status().phase is SyncPhase.IDLE)
            while desk.pages.make_one():  # the window does so while nothing is to be done
                pass
            bench.calm()
            return bench

        yield made


def to_a_routine_case(bench: Bench) -> None:
    """The newest case that can be granted as it is."""
    desk = bench.desk
    for _row in range(60):
        row = desk.flow.row
        assert row is not None
        if row.channel == "idBundDeMailbox" and desk.flow.dossier and desk.flow.why_not_approve() is None:
            return
        QTest.keyClick(QApplication.focusWidget() or desk.window, Key.Key_Down)
        bench.calm()
    raise AssertionError("no routine case among the newest")


def granted(bench: Bench, pin: str = "") -> list[Step]:
    """Reads, decides, signs; every step measured."""
    desk, nothing, ctrl = bench.desk, Modifier.NoModifier, Modifier.ControlModifier
    assert desk.flow.row is not None
    here = desk.flow.row.case_id
    bench.press("Enter: review", Key.Key_Return, nothing, lambda: desk.window.shown is Screen.REVIEW)
    bench.press("Ctrl+Enter: decision", Key.Key_Return, ctrl, lambda: desk.window.shown is Screen.DECISION)

    def gone() -> bool:
        return desk.flow.row is not None and desk.flow.row.case_id != here

    if pin:
        bench.press("Ctrl+Enter: PIN asked", Key.Key_Return, ctrl, lambda: _dialog() is not None)
        dialog = _dialog()
        assert dialog is not None
        QTest.keyClicks(dialog.field, pin)
        bench.press("Enter: signed, next case", Key.Key_Return, nothing, gone)
    else:
        bench.press("Ctrl+Enter: signed, next case", Key.Key_Return, ctrl, gone)
    return bench.steps


def _dialog() -> SignDialog | None:
    found = QApplication.activeModalWidget()
    return found if isinstance(found, SignDialog) else None


def told(steps: list[Step], kind: str) -> None:
    """Prints the figures beside the goal."""
    for step in steps:
        report(
            f"{kind}, {CASES} cases: {step.name}", step.window_ms, GOAL_MS, "ms of window time", goal=1.0,
            behind_ms=round(step.behind_ms), there_ms=round(step.there_ms), calm_ms=round(step.calm_ms),
        )  # fmt: skip


def test_three_keystrokes_grant_a_routine_application(make_bench: Callable[[str], Bench]) -> None:
    bench = make_bench("")
    assert len(bench.premises.store.reads().ids(CaseQuery())) > CASES
    to_a_routine_case(bench)
    steps = granted(bench)
    assert len(steps) == 3
    decided = [e for e in bench.premises.store.reads().outbox() if e.kind is OutboxKind.DECISION]
    assert len(decided) == 1
    told(steps, "3 keystrokes")


def test_four_with_a_pin(make_bench: Callable[[str], Bench], pki: Pki, tmp_path: Path) -> None:
    key = pki.personal_ec.p12(tmp_path)
    bench = make_bench(f'key = "{key}"')
    to_a_routine_case(bench)
    steps = granted(bench, P12_PASSWORD)
    assert len(steps) == 4
    told(steps, "4 keystrokes with PIN")
