"""Locking: by command, after a while without a touch, and with the session of the operating system."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from clerk_app.domain.errors import ClerkError
from clerk_app.texts import N_, _
from clerk_app.ui.clipboard_watch import ClipboardWatch
from clerk_app.ui.commands import Command, Menu
from clerk_app.ui.going_on import GoingOn
from clerk_app.ui.held_words import HeldWords, held_now
from clerk_app.ui.idle_watch import IdleWatch
from clerk_app.ui.leaving import keep_all
from clerk_app.ui.lock_screen import LockScreen
from clerk_app.ui.quit_guard import waiting_here

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow

_LOOK_MS = 30


class LockSteps(QObject):
    """Sperren. The window is covered at once and hears nothing more; what runs is brought to its end; then
    the event loop ends, and with it the whole sitting: databases, keys and widgets go (decision 0058)."""

    _session_locked = Signal()  # told on a foreign thread

    def __init__(self, desk: DeskWindow) -> None:
        super().__init__(desk)
        self._desk = desk
        self.locking = False
        self.idle: IdleWatch | None = None
        self.clipboard: ClipboardWatch | None = None
        self._held = HeldWords(desk)
        self._ends: list[Callable[[], None]] = []
        self._settling = QTimer(self, interval=_LOOK_MS)
        self._settling.timeout.connect(self._settle)
        self._session_locked.connect(self.lock, Qt.ConnectionType.QueuedConnection)

    def commands(self) -> list[Command]:
        """The one command."""
        return [
            Command(
                "app.lock", N_("S&perren"), self.lock, Menu.FILE, ("Ctrl+Shift+S",), "lock", self.why_not_lock
            )
        ]

    def why_not_lock(self) -> str | None:
        """Why not; None when it can be locked."""
        return (
            None if self._desk.bench.shell.lock is not None else _("Dieses Fenster lässt sich nicht sperren.")
        )

    def begin(self) -> None:
        """The window is shown: from now on it can be locked. After a lock it goes on where it was."""
        desk, shell = self._desk, self._desk.bench.shell
        self._held.begin()
        if shell.lock is None:
            return
        if shell.lock.screen is not None and desk.place.case_id is not None:
            GoingOn(desk, desk.place.case_id, shell.lock.screen)
        shell.lock.lift()
        self.clipboard = ClipboardWatch(self)
        self.idle = IdleWatch(self, shell.settings, shell.clock_s, shell.elsewhere_s)
        self.idle.idle.connect(self.lock)
        self.idle.listen_to(desk.window.windowHandle())
        if shell.watch_session is not None:
            self._ends.append(shell.watch_session(self._session_locked.emit))
        if sys.platform == "win32":  # pragma: no cover - not run on the build machines
            from clerk_app.ui.windows_session import watch_windows

            self._ends.append(watch_windows(int(desk.window.winId()), self._session_locked.emit))

    def end(self) -> None:
        """Nothing is watched any more."""
        self._settling.stop()
        if self.idle is not None:
            self.idle.end()
        for each in self._ends:
            each()
        self._ends = []

    @Slot()
    def lock(self) -> None:
        """Covers the window now; the rest follows by itself."""
        screen = self._desk.bench.shell.lock
        if self.locking or screen is None:
            return
        self.locking = True
        desk = self._desk
        held = held_now()
        screen.screen = desk.window.shown
        desk.window.commands.shut(_("Das Programm ist gesperrt."))
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)  # what would open late never reaches the screen
        screen.cover(
            desk.window, desk.bench.settings, practice=desk.bench.office.practice, waiting=self._waiting()
        )
        close_dialogs(screen)
        if self.clipboard is not None:
            self.clipboard.empty_ours()
        keep_all(desk)
        if held is not None:
            self._held.keep(held)
        desk.window.hide()
        self.end()
        self._settling.start()

    @Slot()
    def _settle(self) -> None:
        """Looks whether everything has come to its end: acts, signatures, exports."""
        screen, desk = self._desk.bench.shell.lock, self._desk
        assert screen is not None  # noqa: S101
        close_dialogs(screen)
        if not (desk.filing.idle and desk.bench.worker.idle) and not screen.leaving:
            return
        self._settling.stop()
        desk.window.closing.emit()
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
            app.exit(0)

    def _waiting(self) -> int:
        try:
            return len(waiting_here(self._desk.bench.reads.outbox(include_final=False)))
        except ClerkError:
            return 0  # a reader that cannot read must not keep the window open to everybody's eyes

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """An answer that comes after the lock may want to open a dialog."""
        if (
            event.type() == QEvent.Type.Show
            and isinstance(watched, QWidget)
            and watched.isWindow()
            and self._desk.bench.shell.lock is not None
            and watched is not self._desk.bench.shell.lock.page
        ):
            watched.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        return False


def close_dialogs(screen: LockScreen) -> None:
    """Everything in front of the window and beside it goes as if it had been cancelled."""
    for widget in reversed(QApplication.topLevelWidgets()):
        if widget is screen.page or not widget.isVisible():
            continue
        if isinstance(widget, QDialog):
            widget.reject()
        elif widget.windowType() in (Qt.WindowType.Popup, Qt.WindowType.ToolTip, Qt.WindowType.Tool):
            widget.close()
        if isinstance(widget, QDialog) and widget.isVisible():
            widget.hide()
