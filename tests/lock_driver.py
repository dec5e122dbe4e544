"""Works the real window loop from within: a script that waits for what should come, step by step."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from shiboken6 import isValid

from clerk_app.ui.lock_page import LockPage

PATIENCE_S = 20.0
Script = Generator[Callable[[], bool], None, None]


class Driver(QObject):
    """Runs ``script``: it yields what to wait for. A failure ends every loop and is raised by ``finish``."""

    def __init__(self, script: Script) -> None:
        super().__init__()
        self._script = script
        self._wanted: Callable[[], bool] = lambda: True
        self._since_s = time.monotonic()
        self._inside = False
        self.error: BaseException | None = None
        self.done = False
        self._timer = QTimer(self, interval=10)
        self._timer.timeout.connect(self._step)
        self._timer.start()

    def finish(self) -> None:
        self._timer.stop()
        if self.error is not None:
            raise self.error
        assert self.done, "the program ended before the script did"

    def _step(self) -> None:
        if self._inside or self.done:
            return  # a dialog's own loop runs within a step
        self._inside = True
        try:
            if self._wanted():
                self._wanted = next(self._script)
                self._since_s = time.monotonic()
            elif time.monotonic() - self._since_s > PATIENCE_S:
                frame = getattr(self._script, "gi_frame", None)
                raise AssertionError(f"waited in vain at line {frame.f_lineno if frame else 0}")
        except StopIteration:
            self.done = True
        except BaseException as error:  # noqa: BLE001 - raised again by finish
            self.error, self.done = error, True
            give_up()
        finally:
            self._inside = False


def give_up() -> None:
    page = lock_page()
    if page is not None:
        page.close()
    QApplication.exit(3)


def lock_page() -> LockPage | None:
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, LockPage) and w.isVisible()]
    return found[0] if found else None


def main_window() -> QMainWindow | None:
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMainWindow) and w.isVisible()]
    return found[0] if found else None


def words_of_all_widgets() -> list[str]:
    """Everything any widget of this process says, shown or not: texts, titles, names for screen readers."""
    found = []
    for widget in QApplication.allWidgets():
        if isValid(widget):
            found += list(words_of(widget))
    return found


def words_of(widget: QWidget) -> Iterator[str]:
    yield widget.windowTitle()
    yield widget.accessibleName()
    yield widget.accessibleDescription()
    yield widget.toolTip()
    yield widget.statusTip()
    for getter in ("text", "toPlainText", "placeholderText", "title"):
        found = getattr(widget, getter, None)
        if callable(found):
            said = found()
            if isinstance(said, str):
                yield said
    model = getattr(widget, "model", None)
    if callable(model) and (rows := model()) is not None:
        for at in range(min(rows.rowCount(), 200)):
            for column in range(rows.columnCount()):
                yield str(rows.index(at, column).data() or "")
