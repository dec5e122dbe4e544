"""The real window on a real office beside a real portal: the main job by keyboard, threads and all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clerk_app.bootstrap.premises import Premises, open_premises
from clerk_app.bootstrap.window_side import running_sync, shell_for
from clerk_app.domain.case import CaseQuery, CaseStatus
from clerk_app.domain.ids import CaseId
from clerk_app.domain.outbox import OutboxKind, OutboxState
from clerk_app.sandbox.server import RunningSandbox
from clerk_app.services.packages.packing import pack
from clerk_app.sync.status import SyncPhase
from clerk_app.sync.thread import SyncThread
from clerk_app.ui.application import open_window
from clerk_app.ui.commands import Screen
from clerk_app.ui.desk_window import DeskWindow
from tests.journeys.conftest import Office
from tests.usecases.package_house import shipped, versioned

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
Key, Modifier = Qt.Key, Qt.KeyboardModifier
PATIENCE_MS = 30_000


class Window:
    """An office's window with its sync thread running."""

    def __init__(self, qtbot: QtBot, premises: Premises, sync: SyncThread, desk: DeskWindow) -> None:
        self.qtbot, self.premises, self.sync, self.desk = qtbot, premises, sync, desk

    def until(self, done: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(done, timeout=PATIENCE_MS)

    def calm(self) -> None:
        bench = self.desk.bench
        for _ in range(3):
            self.until(lambda: bench.worker.idle and bench.queries.idle and bench.pictures.idle)
            QApplication.processEvents()

    def shows(self, screen: Screen) -> bool:
        return self.desk.window.shown is screen

    def shown_case(self) -> CaseId | None:
        row = self.desk.flow.row
        return row.case_id if row is not None else None

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Modifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.desk.window, key, modifier)
        self.calm()


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, portal: RunningSandbox, office: Office) -> Iterator[Window]:
    profile = office.profile.read_text() + "\n[delivery]\ntake_back_s = 0\n"
    office.profile.write_text(profile)
    ticks = count()
    with ExitStack() as stack:
        premises = stack.enter_context(open_premises(office.home, office.profile, lock=True))
        sync = stack.enter_context(running_sync(premises))
        # People take longer than 400 ms between two keystrokes; the clock says so without waiting.
        shell = replace(shell_for(premises, sync), clock_s=lambda: float(next(ticks)))
        desk = open_window(shell, qapp)
        desk.window.resize(1280, 800)
        desk.window.activateWindow()
        qtbot.waitUntil(desk.window.isActiveWindow, timeout=5_000)
        opened = Window(qtbot, premises, sync, desk)
        try:
            yield opened
        finally:
            desk.bench.close()
            desk.window.close()
            desk.window.deleteLater()
            qapp.processEvents()


def test_three_keystrokes_bring_a_decision_to_the_citizen(
    window: Window, portal: RunningSandbox, tmp_path: Path
) -> None:
    reads = window.premises.store.reads()
    window.until(lambda: window.sync.status().phase is SyncPhase.IDLE)
    window.until(lambda: window.desk.list.model.rowCount() > 5)
    window.calm()
    assert window.shown_case() is not None, "the newest case is at hand as soon as the first ones arrive"
    wanted = next(row for row in reads.list(CaseQuery()) if row.channel == "idBundDeMailbox")
    for _ in range(40):
        if window.desk.flow.row is not None and window.desk.flow.row.case_id == wanted.case_id:
            break
        window.press(Key.Key_Down)
    assert window.shown_case() == wanted.case_id

    window.press(Key.Key_Return)
    assert window.shows(Screen.REVIEW)
    for _ in range(9):
        if window.desk.flow.why_not_approve() is None:
            break
        window.press(Key.Key_Space)  # an open check point wants its tick
    assert window.desk.flow.why_not_approve() is None
    window.press(Key.Key_Return, Modifier.ControlModifier)
    assert window.shows(Screen.DECISION)
    window.press(Key.Key_Return, Modifier.ControlModifier)

    def decision_state() -> OutboxState | None:
        entries = [e for e in reads.outbox() if e.kind is OutboxKind.DECISION]
        return entries[0].state if entries else None

    window.until(lambda: decision_state() is not None)
    window.sync.sync_now()
    window.until(lambda: decision_state() is OutboxState.DELIVERED)
    row = reads.row(wanted.case_id)
    assert row is not None
    assert row.status is CaseStatus.CLOSED
    case = reads.case_file(wanted.case_id)
    assert case is not None
    assert case.first.reply_channel is not None
    mailbox = portal.citizens.mailbox(str(case.first.reply_channel.address["mailboxUuid"]))
    names = [file.filename for message in mailbox.messages for file in message.files]
    assert names == [f"Bescheid-{wanted.case_reference}.pdf"]


def test_what_arrives_appears_without_moving_what_a_clerk_looks_at(
    window: Window, portal: RunningSandbox
) -> None:
    window.until(lambda: window.desk.list.model.rowCount() > 5)
    window.calm()
    before = window.desk.list.model.rowCount()
    window.press(Key.Key_Down)
    selected = window.desk.flow.row
    assert selected is not None

    portal.file_applications(6, defective=0, authority="bw")
    window.press(Key.Key_F5)
    window.until(lambda: window.desk.list.model.rowCount() == before + 6)
    window.calm()

    assert window.desk.flow.row is not None
    assert window.desk.flow.row.case_id == selected.case_id


def test_unplugged_the_window_says_so_and_goes_on(window: Window, portal: RunningSandbox) -> None:
    window.until(lambda: window.desk.list.model.rowCount() > 5)
    portal.unplug()
    window.press(Key.Key_F5)
    window.until(lambda: window.sync.status().phase is SyncPhase.OFFLINE)
    window.press(Key.Key_Down)
    window.press(Key.Key_Return)
    assert window.shows(Screen.REVIEW)

    portal.plug_in()
    window.press(Key.Key_F5)
    window.until(lambda: window.sync.status().phase is SyncPhase.IDLE)


def test_a_hearing_written_in_the_window_reaches_the_citizen_and_the_answer_comes_back(
    window: Window,
) -> None:
    reads = window.premises.store.reads()
    window.until(lambda: window.desk.list.model.rowCount() > 5)
    window.until(lambda: window.sync.status().phase is SyncPhase.IDLE)
    window.calm()
    wanted = next(row for row in reads.list(CaseQuery()) if row.channel == "idBundDeMailbox")
    window.desk.list.select_case(wanted.case_id)
    window.calm()
    window.press(Key.Key_B, Modifier.ControlModifier | Modifier.ShiftModifier)
    assert window.shows(Screen.LETTER)
    QTest.keyClicks(window.desk.letter.form.text, "Sie wohnen nicht in der Zone.")
    window.until(lambda: window.desk.window.commands.reason("letter.send") is None)
    window.press(Key.Key_Return, Modifier.ControlModifier)

    def status() -> CaseStatus | None:
        row = reads.row(wanted.case_id)
        return row.status if row is not None else None

    window.until(lambda: status() in (CaseStatus.REQUESTED, CaseStatus.ANSWERED))
    window.desk.bench.shell.sync.sync_now()
    window.until(lambda: status() is CaseStatus.ANSWERED)
    kinds = {entry.kind: entry.state for entry in reads.outbox()}
    assert kinds[OutboxKind.LETTER] is OutboxState.DELIVERED


def test_a_package_is_looked_at_tried_and_installed_in_the_window(window: Window, tmp_path: Path) -> None:
    window.until(lambda: window.sync.status().phase is SyncPhase.IDLE)
    window.calm()
    desk = window.desk
    desk.window.commands.run("app.packages")
    page = desk.packaging.page()
    window.until(lambda: page.model.rowCount() >= 10)
    assert "Prüfsumme:" in page.text.toPlainText()
    installed = page.model.rowCount()

    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK no archive")
    page.look_at(broken)
    window.until(lambda: "kein lesbares Leistungspaket" in page.notice.words.text())
    assert not page.install_button.isVisible()

    candidate = tmp_path / "hundesteuer.zip"
    old = shipped()
    candidate.write_bytes(pack(versioned(old, "7.1.0", ("checks.toml", '{ de = "', '{ de = "Neu: '))))
    page.look_at(candidate)
    window.until(lambda: page.candidate is not None)
    assert "7.1.0" in page.text.toPlainText()
    assert "Probe an" in page.text.toPlainText()
    page.drop_button.click()
    assert page.candidate is None
    page.look_at(candidate)
    window.until(lambda: page.candidate is not None)
    page.install_button.click()
    window.until(lambda: page.model.rowCount() == installed + 1)
    assert not page.install_button.isVisible()
    page.look_at(candidate)
    window.until(lambda: "schon eingespielt" in page.notice.words.text())
    assert not page.install_button.isEnabled()
