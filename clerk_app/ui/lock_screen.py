"""Stands between two sittings: covers the window that goes, waits, and gives way to the one that comes."""

from __future__ import annotations

import gc

from PySide6.QtCore import QEvent, QEventLoop, QObject, Slot
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from clerk_app.domain.errors import ClerkError
from clerk_app.ui.commands import Screen
from clerk_app.ui.lock_page import LockPage
from clerk_app.ui.settings import WindowSettings
from clerk_app.ui.theme import Theme


class LockScreen(QObject):
    """Sperre of one process, on the window's thread. ``covered`` from ``cover`` to ``lift``; whoever opens a
    window meanwhile goes on where the last one was. ``screen``: what was in front when it was covered."""

    def __init__(self) -> None:
        super().__init__()
        self.page: LockPage | None = None
        self.screen: Screen | None = None
        self._answer: bool | None = None
        self._loop: QEventLoop | None = None

    @property
    def covered(self) -> bool:
        """Whether the program is locked, or on its way there or back."""
        return self.page is not None

    @property
    def leaving(self) -> bool:
        """Whether the person wants to end the program instead."""
        return self._answer is False

    def cover(self, window: QWidget, settings: WindowSettings, *, practice: bool, waiting: int) -> None:
        """Puts the lock page where ``window`` is, at once. ``waiting``: letters that wait for being sent."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101 - a window is there
        self._answer = None
        theme = Theme(app, settings)
        theme.refresh()
        page = self.page = LockPage(theme, practice=practice, waiting=waiting)
        page.unlock_wanted.connect(self._unlock)
        page.quit_wanted.connect(self._quit)
        page.restoreGeometry(window.saveGeometry())
        page.show_closing()
        page.show()
        page.activateWindow()
        page.repaint()

    def breathe(self) -> None:
        """Lets the page be painted and answered while somebody waits for a thread."""
        QApplication.processEvents()

    def wait(self) -> bool:
        """Until a person comes back: True to unlock, False to end the program. What the last sitting left
        behind is given back first."""
        page = self.page
        assert page is not None  # noqa: S101
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()
        if self._answer is None:
            page.show_locked()
            self._loop = QEventLoop()
            self._loop.exec()
            self._loop = None
        answer, self._answer = self._answer, None
        if answer:
            page.show_opening()
            page.repaint()
            return True
        self._drop()
        return False

    def tell(self, error: ClerkError) -> None:
        """The office could not be opened."""
        if self.page is not None:
            self.page.show_error(error)

    def lift(self) -> None:
        """A window is there again."""
        self.screen = None
        self._drop()

    def _drop(self) -> None:
        page, self.page = self.page, None
        if page is not None and isValid(page):
            page.quit_wanted.disconnect(self._quit)  # closed by us, not by a person
            page.hide()
            page.deleteLater()

    @Slot()
    def _unlock(self) -> None:
        self._end(unlock=True)

    @Slot()
    def _quit(self) -> None:
        self._end(unlock=False)

    def _end(self, *, unlock: bool) -> None:
        self._answer = unlock
        if self._loop is not None:
            self._loop.quit()
