"""The lock: when it comes, what it covers, what it takes from the clipboard, what it still lets through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from clerk_app.domain.decision import Outcome
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.ui.access_walk import complaints
from clerk_app.ui.application import open_window, put_away
from clerk_app.ui.clipboard_watch import ClipboardWatch
from clerk_app.ui.commands import Screen
from clerk_app.ui.idle_watch import LOOK_S
from clerk_app.ui.lock_page import LockPage
from clerk_app.ui.lock_screen import LockScreen
from clerk_app.ui.lock_steps import LockSteps
from clerk_app.ui.reason_dialog import ReasonDialog
from clerk_app.ui.settings import MemorySettings, lock_minutes
from clerk_app.ui.theme import Theme
from tests.lock_driver import lock_page, main_window, words_of_all_widgets
from tests.ui.conftest import Pilot, shell_of
from tests.ui.fake_store import FakeOffice, case_id_of
from tests.ui.pictures import Album, picture, writing

NAMES = ("Wehner", "Musterweg", "2026-")
LOOKS: dict[str, dict[str, object]] = {
    "light": {"theme": "light"},
    "dark": {"theme": "dark"},
    "large": {"theme": "light", "font_scale": 2.0},
}
LOCK_PICTURES = {f"{look}-{name}" for look in LOOKS for name in ("lock", "lock-error")}


class Session:
    """The operating system's session, as far as it tells of being locked."""

    def __init__(self) -> None:
        self.told: list[Callable[[], None]] = []
        self.touched_s: float | None = None

    def watch(self, locked: Callable[[], None]) -> Callable[[], None]:
        self.told.append(locked)
        return lambda: self.told.remove(locked)


class Sitting:
    """One window after the other over one office, with the lock between them."""

    def __init__(self, qtbot: QtBot, qapp: QApplication, office: FakeOffice) -> None:
        self.qtbot, self.qapp, self.office = qtbot, qapp, office
        self.screen, self.session = LockScreen(), Session()
        self.settings = MemorySettings({"theme": "light"})
        self.pilot: Pilot | None = None

    def open(self) -> Pilot:
        shell = replace(
            shell_of(self.office, self.settings),
            lock=self.screen,
            watch_session=self.session.watch,
            elsewhere_s=lambda: self.session.touched_s,
        )
        desk = open_window(shell, self.qapp)
        desk.window.activateWindow()
        self.qtbot.waitUntil(desk.window.isActiveWindow, timeout=5_000)
        self.pilot = Pilot(self.qtbot, self.office, desk)
        self.pilot.calm()
        return self.pilot

    def settle(self) -> None:
        """The program's own loop: it ends when everything has come to its end."""
        assert self.pilot is not None
        steps = self.pilot.desk.locking
        if not steps.locking or steps._settling.isActive():
            late = QTimer(self.qapp, singleShot=True, interval=10_000)
            late.timeout.connect(lambda: self.qapp.exit(1))
            late.start()
            assert self.qapp.exec() == 0
            late.stop()
        assert steps.locking

    def locked(self) -> LockPage:
        """Waits until everything is closed; what ``application.run`` does at the end of its loop."""
        assert self.pilot is not None
        desk = self.pilot.desk
        self.settle()
        self.pilot = None
        put_away(desk)
        page = self.screen.page
        assert page is not None
        page.show_locked()
        return page

    def close(self) -> None:
        if self.pilot is not None:
            desk = self.pilot.desk
            desk.quit_guard.agreed = True
            desk.window.close()
            desk.locking.locking = True  # as behind the lock: nothing is left for the next test
            put_away(desk)
        self.screen.lift()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QApplication.processEvents()


@pytest.fixture
def sitting(qtbot: QtBot, qapp: QApplication, office: FakeOffice) -> Iterator[Sitting]:
    made = Sitting(qtbot, qapp, office)
    yield made
    made.close()
    QGuiApplication.clipboard().clear()


def pass_time(sitting: Sitting, minutes: float) -> None:
    sitting.office.clock.monotonic_s += minutes * 60


def begun(steps: LockSteps) -> bool:
    """Whether it is locking."""
    return steps.locking


def touch(pilot: Pilot) -> None:
    """A key as it comes from the keyboard, through the platform's side; here a shortcut."""
    QTest.keyClick(pilot.desk.window.windowHandle(), Qt.Key.Key_F6)


def test_ten_minutes_without_a_touch_lock_and_a_touch_begins_them_anew(sitting: Sitting) -> None:
    pilot = sitting.open()
    steps = pilot.desk.locking
    assert steps.idle is not None
    pass_time(sitting, 9.9)
    steps.idle.look()
    assert not begun(steps)
    touch(pilot)
    pass_time(sitting, 9.9)
    steps.idle.look()
    assert not begun(steps)
    pass_time(sitting, 0.1)
    steps.idle.look()
    assert begun(steps)
    page = sitting.locked()
    assert page.isVisible()


def test_whoever_works_in_another_program_is_there(sitting: Sitting) -> None:
    steps = sitting.open().desk.locking
    assert steps.idle is not None
    sitting.session.touched_s = 5.0
    for _ in range(4):
        pass_time(sitting, 10)
        steps.idle.look()
        assert not begun(steps)
    sitting.session.touched_s = 700.0
    pass_time(sitting, 10)
    steps.idle.look()
    assert begun(steps)
    sitting.locked()


def test_the_first_key_after_the_machine_slept_only_locks(sitting: Sitting) -> None:
    pilot = sitting.open()
    before = pilot.desk.window.commands.single_keys_on
    pass_time(sitting, 10 + 3 * LOOK_S / 60)
    QTest.keyClick(pilot.desk.window.windowHandle(), Qt.Key.Key_F1)
    assert pilot.desk.locking.locking
    assert before
    assert pilot.desk.window.shown is Screen.BROWSE, "the key itself did nothing"
    sitting.locked()


@pytest.mark.parametrize(("value", "minutes"), [(0, 0), (5, 5), ("x", 10), (-1, 10), (True, 10), (1000, 10)])
def test_the_setting_or_the_usual(value: object, minutes: int) -> None:
    assert lock_minutes(MemorySettings({"lock_minutes": value})) == minutes


def test_zero_never_locks(sitting: Sitting) -> None:
    sitting.settings.set("lock_minutes", 0)
    steps = sitting.open().desk.locking
    assert steps.idle is not None
    pass_time(sitting, 10_000)
    steps.idle.look()
    assert not begun(steps)


def test_it_locks_with_the_session_of_the_operating_system(sitting: Sitting) -> None:
    sitting.open()
    sitting.session.told[0]()
    sitting.locked()
    assert sitting.session.told == [], "nobody is told any more"


def test_locked_nothing_of_the_office_is_left_and_the_way_back_leads_on(sitting: Sitting) -> None:
    pilot = sitting.open()
    pilot.desk.list.select_case(case_id_of(3))
    pilot.calm()
    assert any(any(name in words for name in NAMES) for words in words_of_all_widgets())
    pilot.desk.write()
    pilot.calm()
    pilot.type_into(pilot.desk.letter.form.text, "Bitte rufen Sie an.")
    dialog = ReasonDialog(pilot.desk.window, pilot.desk.bench, "Warum?", "Weiter")
    dialog.open()
    QTest.keyClicks(dialog.field, "Ein Grund")
    pilot.desk.locking.lock()  # by itself: a command has no way past the dialog
    assert lock_page() is not None
    assert main_window() is None, "at once"
    assert not dialog.isVisible()
    del pilot, dialog
    page = sitting.locked()
    assert [w for w in QApplication.topLevelWidgets() if w.isVisible()] == [page]
    left = [words for words in words_of_all_widgets() if any(name in words for name in NAMES)]
    assert left == []
    assert complaints(page) == []
    assert page.unlock.hasFocus() or page.focusWidget() is page.unlock

    QTest.keyClick(page.unlock, Qt.Key.Key_Return)
    again = sitting.open()
    again.until(lambda: again.shows(Screen.LETTER))
    again.calm()
    assert again.desk.flow.row is not None
    assert again.desk.flow.row.case_id == case_id_of(3)
    assert again.desk.letter.form.text.toPlainText() == "Bitte rufen Sie an."
    again.until(again.desk.window.held.isVisible)
    assert "Ein Grund" in again.desk.window.held.words.text()
    again.desk.window.held.button.click()
    again.calm()
    assert QGuiApplication.clipboard().text() == "Ein Grund"
    assert sitting.office.kept.get(("K. Beispiel", "held")) is None, "it was taken"


def test_while_it_closes_every_command_is_refused_and_nothing_opens(sitting: Sitting) -> None:
    pilot = sitting.open()
    desk = pilot.desk
    waiting: list[int] = []
    desk.bench.worker.submit(lambda at: at.journal.remember("x", 1), lambda _done: waiting.append(1))
    desk.window.commands.run("app.lock")
    refused: list[str] = []
    desk.window.commands.refused.connect(refused.append)
    for command in desk.window.commands.all():
        desk.window.commands.run(command.command_id)
    assert set(refused) == {"Das Programm ist gesperrt."}
    assert len(refused) == len(desk.window.commands.all())
    late = QDialog(desk.window)
    late.open()
    assert late.testAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen), "never on the screen"
    sitting.settle()
    assert not late.isVisible()
    sitting.locked()
    assert waiting, "what had been asked for was done"


def test_a_hidden_field_is_never_kept(sitting: Sitting) -> None:
    from clerk_app.ui.held_words import held_now
    from clerk_app.ui.sign_dialog import SignDialog

    pilot = sitting.open()
    dialog = SignDialog(pilot.desk.window, pilot.desk.bench, sitting.office.outlook, 2)
    dialog.open()
    QTest.keyClicks(dialog.field, "123456")
    assert dialog.field.text() == "123456"
    assert held_now() is None
    dialog.reject()


def test_the_clipboard_loses_ours_and_keeps_that_of_others(sitting: Sitting) -> None:
    pilot = sitting.open()
    board = QGuiApplication.clipboard()
    board.setText("Wehner")
    pilot.desk.window.commands.run("app.lock")
    assert board.text() == ""
    sitting.locked()


def test_what_another_program_copied_stays(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    inactive = Qt.ApplicationState.ApplicationInactive
    monkeypatch.setattr(QGuiApplication, "applicationState", lambda: inactive)
    board = QGuiApplication.clipboard()
    watch = ClipboardWatch(qapp)
    board.setText("von woanders")  # no window of ours is active
    if board.ownsClipboard():
        pytest.skip("this platform knows better")
    watch.empty_ours()
    assert board.text() == "von woanders"
    board.clear()
    watch.deleteLater()


def test_without_a_lock_the_command_says_so(pilot: Pilot) -> None:
    assert pilot.desk.window.commands.reason("app.lock") == "Dieses Fenster lässt sich nicht sperren."


@pytest.mark.parametrize("look", LOOKS)
def test_the_page_looks_as_it_was_accepted(qapp: QApplication, look: str) -> None:
    theme = Theme(qapp, MemorySettings(LOOKS[look]))
    theme.refresh()
    album, told = Album(), []
    for name, waiting, error in (("lock", 0, None), ("lock-error", 3, _no_key())):
        page = LockPage(theme, practice=True, waiting=waiting)
        page.resize(1000, 640)
        page.show()
        page.show_locked()
        if error is not None:
            page.show_error(error)
        QApplication.processEvents()
        assert complaints(page) == []
        shown = picture(page)
        if writing():
            album.keep(f"{look}-{name}", shown)
        else:
            told.append(album.complaint(f"{look}-{name}", shown))
        page.hide()
        page.deleteLater()
    assert [each for each in told if each] == []


def _no_key() -> ClerkError:
    return ClerkError(ErrorCode.KEYRING_UNAVAILABLE, {}, Disposition.ASK_CLERK)


def test_a_decision_is_left_to_the_page_that_keeps_it(sitting: Sitting) -> None:
    """The decision page makes a draft of it; the way back opens that."""
    pilot = sitting.open()
    pilot.desk.list.select_case(case_id_of(1))
    pilot.calm()
    pilot.desk.decide(Outcome.REFUSED)
    pilot.calm()
    pilot.type_into(pilot.desk.decision.reasons, "Die Frist ist um.")
    pilot.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    del pilot
    sitting.locked()
    again = sitting.open()
    again.until(lambda: again.shows(Screen.DECISION))
    again.calm()
    assert again.desk.decision.reasons.toPlainText() == "Die Frist ist um."
