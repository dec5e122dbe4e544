"""Row 20 after locking: no canary in window, clipboard or objects; and after unlocking nothing is missing."""

from __future__ import annotations

import gc
import os
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from clerk_app.bootstrap import window_side
from clerk_app.bootstrap.pin_memory import PinMemory
from clerk_app.bootstrap.premises import Premises, open_premises
from clerk_app.domain.decision import Outcome
from clerk_app.domain.errors import ClerkError
from clerk_app.store.connection import Connection
from clerk_app.store.home import Store
from clerk_app.store.keys import StoreKeys
from clerk_app.sync.status import SyncPhase
from clerk_app.system import crashes
from clerk_app.system.data_key import obtain
from clerk_app.system.instance import InstanceLock
from clerk_app.system.paths import open_home
from clerk_app.texts.errors import sentence
from clerk_app.ui import application
from clerk_app.ui.commands import Screen
from clerk_app.ui.desk_window import DeskWindow
from clerk_app.ui.reason_dialog import ReasonDialog
from clerk_app.usecases.desk import Desk
from tests.faults.canaries import STEM, TYPED
from tests.faults.test_at_rest import portal_of_canaries
from tests.lock_driver import Driver, Script, lock_page, main_window, words_of_all_widgets
from tests.matrix import record, trials

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
ROW = "20 canaries after locking"
_SECRET = (Premises, Store, StoreKeys, Connection, Desk, DeskWindow)


@pytest.fixture
def desks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[weakref.ref[DeskWindow]]]:
    """Every window that is opened, without keeping it alive."""
    opened: list[weakref.ref[DeskWindow]] = []
    gc.collect()
    _of_others[:] = secrets()
    careful = application.open_window

    def told(*given: object) -> DeskWindow:
        desk = careful(*given)  # type: ignore[arg-type]
        opened.append(weakref.ref(desk))
        return desk

    monkeypatch.setattr(application, "open_window", told)
    monkeypatch.setattr(crashes, "start_window_process", lambda: None)
    monkeypatch.setattr(window_side, "watch_session", lambda _locked: lambda: None)
    monkeypatch.setattr(window_side, "elsewhere_s", lambda: None)
    yield opened
    _of_others.clear()


@pytest.fixture
def office(tmp_path: Path, cache_dir: Path) -> Iterator[tuple[Path, Path]]:
    portal = portal_of_canaries(tmp_path / "portal", cache_dir / "keys", trials(12, 60))
    try:
        yield tmp_path / "home", portal.profiles[0]
    finally:
        portal.__exit__(None, None, None)


def current(desks: list[weakref.ref[DeskWindow]]) -> DeskWindow:
    desk = desks[-1]()
    assert desk is not None
    return desk


def calm(desks: list[weakref.ref[DeskWindow]]) -> bool:
    bench = current(desks).bench
    return bench.worker.idle and bench.queries.idle


def secrets() -> list[object]:
    """Living objects that hold an office."""
    return [each for each in gc.get_objects() if isinstance(each, _SECRET)]


#: What earlier tests of this process left; held, so that their addresses stay theirs.
_of_others: list[object] = []


def canaries_left() -> list[str]:
    """Canaries and secrets that this process still holds in widgets, clipboard and live objects."""
    said = [words for words in words_of_all_widgets() if STEM in words or TYPED in words]
    lain = QGuiApplication.clipboard().text()
    others = {id(each) for each in _of_others}
    alive = [type(each).__name__ for each in secrets() if id(each) not in others]
    return said + ([lain] if STEM in lain or TYPED in lain else []) + alive


def closed() -> bool:
    """Whether the lock page says that all is closed."""
    page = lock_page()
    return page is not None and page.state.isHidden()


def told() -> bool:
    """Whether the lock page tells of an error."""
    page = lock_page()
    return page is not None and page.notice.isVisible()


def run(open_office: window_side.OpenOffice) -> int:
    """The window until its end; what is left of the last sitting goes with the process, here at once."""
    try:
        return window_side.run_office_window(open_office)
    finally:
        for widget in QApplication.topLevelWidgets():
            widget.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()
        gc.disable()  # as tests/conftest.py has it


def leave() -> None:
    window = main_window()
    assert window is not None
    window.may_close = lambda: True  # type: ignore[attr-defined]
    window.close()


def test_a_locked_program_holds_no_person_and_goes_on_where_it_was(
    office: tuple[Path, Path], desks: list[weakref.ref[DeskWindow]], qapp: QApplication
) -> None:
    home, profile = office
    seen: dict[str, object] = {}
    memories: list[weakref.ref[PinMemory]] = []

    def script() -> Script:
        yield lambda: bool(desks) and current(desks).list.model.rowCount() > 3
        yield lambda: current(desks).bench.shell.sync.status().phase is SyncPhase.IDLE
        yield lambda: calm(desks) and current(desks).flow.dossier is not None
        desk = current(desks)
        assert any(STEM in words for words in words_of_all_widgets()), "the walk sees the names"
        row = desk.flow.row
        assert row is not None
        seen["case"] = row.case_id
        desk.open_case()
        yield lambda: calm(desks)
        desk.decide(Outcome.REFUSED)
        yield lambda: calm(desks)
        QTest.keyClicks(desk.decision.reasons, f"{TYPED} Begruendung")
        QGuiApplication.clipboard().setText(f"{row.applicant} {TYPED}")
        dialog = ReasonDialog(desk.window, desk.bench, "Warum?", "Weiter")
        dialog.open()
        QTest.keyClicks(dialog.field, f"{TYPED} Grund")
        memories.append(weakref.ref(_premises().pins))
        memory = memories[0]()
        assert memory is not None
        memory._kept["card"] = ("123456", desk.bench.now())
        del dialog, memory, row
        desk.window.commands.run("app.lock")
        del desk
        page = lock_page()
        assert page is not None
        assert main_window() is None, "the window is gone from the screen at once"
        yield closed
        assert [each for each in QApplication.topLevelWidgets() if each.isVisible()] == [page]
        left = canaries_left()
        record(ROW, len(QApplication.allWidgets()) + 1 + len(_SECRET), len(left))
        assert left == []
        assert memories[0]() is None, "remembered PINs went with the office"
        with InstanceLock(open_home(home)):
            pass  # other programs may work on this home meanwhile
        assert page.windowTitle() == "Amtsstube – gesperrt"
        QTest.keyClick(page.unlock, Qt.Key.Key_Return)
        yield lambda: main_window() is not None and len(desks) == 2
        assert lock_page() is None
        yield lambda: calm(desks) and current(desks).window.shown is Screen.DECISION
        yield lambda: calm(desks)
        again = current(desks)
        assert again.flow.row is not None
        assert again.flow.row.case_id == seen["case"]
        assert f"{TYPED} Begruendung" in again.decision.reasons.toPlainText()
        yield lambda: again.window.held.isVisible()
        assert f"{TYPED} Grund" in again.window.held.words.text()
        again.window.held.button.click()
        assert QGuiApplication.clipboard().text() == f"{TYPED} Grund"
        yield lambda: calm(desks)
        leave()

    driver = Driver(script())
    code = run(lambda: open_premises(home, profile, lock=True))
    driver.finish()
    assert code == 0
    QGuiApplication.clipboard().clear()


def _premises() -> Premises:
    others = {id(each) for each in _of_others}
    return next(each for each in secrets() if isinstance(each, Premises) and id(each) not in others)


def test_without_its_key_it_stays_locked_says_why_and_loses_nothing(
    office: tuple[Path, Path], desks: list[weakref.ref[DeskWindow]], qapp: QApplication
) -> None:
    home, profile = office
    key = open_home(home).keys / "practice.key"

    def script() -> Script:
        yield lambda: bool(desks) and current(desks).list.model.rowCount() > 3
        yield lambda: calm(desks) and current(desks).flow.dossier is not None
        desk = current(desks)
        desk.decide(Outcome.REFUSED)
        yield lambda: calm(desks)
        QTest.keyClicks(desk.decision.reasons, f"{TYPED} Begruendung")
        desk.window.commands.run("app.lock")
        del desk
        page = lock_page()
        assert page is not None
        yield closed
        away = key.read_bytes()
        key.unlink()
        page.unlock.click()
        yield told
        words = page.notice.words.text()
        assert words.startswith("Es bleibt gesperrt, verloren ist nichts.")
        assert words.endswith(sentence(_missing(home)))
        assert main_window() is None
        assert len(desks) == 1
        assert canaries_left() == []
        key.write_bytes(away)
        page.unlock.click()
        yield lambda: main_window() is not None and len(desks) == 2
        yield lambda: calm(desks) and current(desks).window.shown is Screen.DECISION
        yield lambda: calm(desks)
        assert f"{TYPED} Begruendung" in current(desks).decision.reasons.toPlainText()
        leave()

    driver = Driver(script())
    assert run(lambda: open_premises(home, profile, lock=True)) == 0
    driver.finish()


def _missing(home: Path) -> ClerkError:
    with pytest.raises(ClerkError) as found:
        obtain(open_home(home), profile_is_practice=True, create=True)
    return found.value


def test_ended_while_locked_it_ends(
    office: tuple[Path, Path], desks: list[weakref.ref[DeskWindow]], qapp: QApplication
) -> None:
    home, profile = office

    def script() -> Script:
        yield lambda: bool(desks) and calm(desks)
        current(desks).window.commands.run("app.lock")
        page = lock_page()
        assert page is not None
        yield closed
        page.quit.click()

    driver = Driver(script())
    assert run(lambda: open_premises(home, profile, lock=True)) == 0
    driver.finish()
    assert [w for w in QApplication.topLevelWidgets() if w.isVisible()] == []
