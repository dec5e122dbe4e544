"""A window over a fake office, without a display."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clerk_app.ui import desk_window
from clerk_app.ui.application import open_window
from clerk_app.ui.ask_dialog import AskDialog
from clerk_app.ui.commands import Screen
from clerk_app.ui.desk_window import DeskWindow
from clerk_app.ui.settings import MemorySettings, WindowSettings
from clerk_app.ui.shell import Presence, Shell
from tests.ui.fake_store import FakeOffice, FakeReads, FakeSync
from tests.ui.fakes import FakeRenderer, open_desk
from tests.ui.policy_sample import STATE
from tests.ui.seeds import fill

_HERE = Path(__file__).resolve().parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The platform without a display remarks on every window that has a smallest size."""
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("propagateSizeHints", extend=True))


def shell_of(office: FakeOffice, settings: WindowSettings | None = None) -> Shell:
    """What the window is given, over this office."""
    return Shell(
        lambda: open_desk(office),
        lambda: FakeReads(office),
        FakeSync(office),
        office.subscribe,
        office.facts,
        FakeRenderer,
        settings or MemorySettings({"theme": "light"}),
        office.clock.now,
        lambda: office.clock.monotonic_s,
        policy=lambda: STATE,
    )


class Pilot:
    """Works a window with the keys a clerk has, and waits for what should come of it."""

    def __init__(self, qtbot: QtBot, office: FakeOffice, desk: DeskWindow) -> None:
        self.qtbot, self.office, self.desk = qtbot, office, desk
        self.keystrokes = 0

    def press(
        self,
        key: Qt.Key,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        *,
        settle: bool = True,
    ) -> None:
        """One keystroke to whatever has the focus; before it, time passes as it does for people."""
        if settle:
            self.office.clock.monotonic_s += 1
        self.keystrokes += 1
        target: QWidget = QApplication.focusWidget() or self.desk.window
        QTest.keyClick(target, key, modifiers)

    def type_into(self, field: QWidget, text: str) -> None:
        """ASCII letters into a field (Qt's tester knows no others); not counted as keystrokes."""
        assert text.isascii()
        QTest.keyClicks(field, text)

    def shows(self, screen: Screen) -> bool:
        """Whether this screen is in front."""
        return self.desk.window.shown is screen

    def ctrl(self, key: Qt.Key, *, settle: bool = True) -> None:
        """One keystroke with Ctrl."""
        self.press(key, Qt.KeyboardModifier.ControlModifier, settle=settle)

    def until(self, done: Callable[[], bool]) -> None:
        """Waits for it."""
        self.qtbot.waitUntil(done, timeout=10_000)

    def calm(self) -> None:
        """Waits until every thread has answered and the answers have arrived."""
        bench = self.desk.bench
        for _turn in range(3):
            self.until(lambda: bench.worker.idle and bench.queries.idle and bench.pictures.idle)
            QApplication.processEvents()


def question(pilot: Pilot) -> AskDialog:
    """The question in front, with the focus in it."""
    found = [dialog for dialog in pilot.desk.window.findChildren(AskDialog) if dialog.isVisible()]
    assert len(found) == 1
    pilot.until(lambda: found[0].isAncestorOf(QApplication.focusWidget() or pilot.desk.window))
    return found[0]


@pytest.fixture(autouse=True)
def pages_when_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Screens are made when a test goes there: making all of them ahead costs every test more than itself.
    That they are made ahead has a test of its own."""
    monkeypatch.setattr(desk_window, "PAGES_AFTER_MS", 3_600_000)


@pytest.fixture
def office() -> FakeOffice:
    """The office of the reference pictures."""
    made = FakeOffice()
    fill(made)
    return made


@pytest.fixture
def open_pilot(qtbot: QtBot, qapp: QApplication) -> Iterator[Callable[..., Pilot]]:
    """Opens windows; closes them afterwards."""
    opened: list[DeskWindow] = []

    def make(
        office: FakeOffice, settings: WindowSettings | None = None, presence: Presence | None = None
    ) -> Pilot:
        desk = open_window(replace(shell_of(office, settings), presence=presence), qapp)
        opened.append(desk)
        desk.window.activateWindow()
        qtbot.waitUntil(desk.window.isActiveWindow, timeout=5_000)
        pilot = Pilot(qtbot, office, desk)
        pilot.calm()
        return pilot

    yield make
    windows = {desk.window for desk in opened}
    strays = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w not in windows]
    assert not strays, "a widget without a parent was shown as a window"
    for desk in opened:
        desk.quit_guard.agreed = True
        desk.window.close()
        desk.bench.close()
        desk.window.deleteLater()
    QApplication.processEvents()
    # now, not inside some later test: what is half gone must not hear of that test's colours
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def pilot(open_pilot: Callable[..., Pilot], office: FakeOffice) -> Pilot:
    """A window over the office of the reference pictures."""
    return open_pilot(office)
