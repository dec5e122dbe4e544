"""Tells of what arrived through the operating system: one message per round, never with personal data.

Nothing rests on it: many desktops have no place for such messages, and the window shows everything anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.deadlines import office_time
from clerk_app.domain.quiet_hours import quiet_hours
from clerk_app.sync.status import SyncPhase, SyncStatus
from clerk_app.texts import _, formats, ngettext
from clerk_app.ui.attention import Attention
from clerk_app.ui.settings import WindowSettings

_AT_REST = frozenset({SyncPhase.IDLE, SyncPhase.OFFLINE, SyncPhase.DISTURBED, SyncPhase.SIGN_IN_NEEDED})


class Voice(Protocol):
    """The operating system's messages."""

    def say(self, title: str, words: str) -> None:
        """Shows a message for a moment."""
        ...


class TrayVoice:
    """Messages through the tray icon; the icon appears with the first one and brings the window forward."""

    def __init__(self, window: QWidget, icon: QIcon) -> None:
        self._window = window
        self._tray = QSystemTrayIcon(icon, window)
        self._tray.setToolTip("Amtsstube")
        self._tray.activated.connect(self._bring)
        self._tray.messageClicked.connect(self._bring)

    def say(self, title: str, words: str) -> None:
        """See Voice."""
        self._tray.show()
        self._tray.showMessage(title, words, self._tray.icon())

    @Slot()
    def _bring(self, *_reason: object) -> None:
        self._window.showNormal() if self._window.isMinimized() else self._window.show()
        self._window.raise_()
        self._window.activateWindow()


def system_voice(window: QWidget, icon: QIcon) -> Voice | None:
    """None where the desktop has no place for messages."""
    return TrayVoice(window, icon) if QSystemTrayIcon.isSystemTrayAvailable() else None


class Notifier(QObject):
    """Listens on the window's thread. ``looked_at`` says whether the person sees the window now."""

    def __init__(
        self,
        parent: QObject,
        settings: WindowSettings,
        voice: Voice | None,
        now: Callable[[], datetime],
        looked_at: Callable[[], bool],
    ) -> None:
        super().__init__(parent)
        self._settings, self._voice, self._now, self._looked_at = settings, voice, now, looked_at
        self._attention = Attention()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.tell)

    @Slot(object)
    def take_changes(self, changes: ChangeSet) -> None:
        """Something changed; only new cases are told of."""
        self._attention.arrived(len(changes.arrived))

    @Slot(object)
    def take_status(self, status: SyncStatus) -> None:
        """A round has ended: everything it brought is one message."""
        if status.phase in _AT_REST:
            self.tell()

    @Slot()
    def tell(self) -> None:
        """Tells what is to be told now."""
        if self._looked_at():
            self._attention.seen()
            return
        quiet = quiet_hours(self._settings.get("quiet_hours"))
        count, later_s = self._attention.take(quiet, office_time(self._now()))
        if later_s:
            self._later.start(round(later_s * 1000) + 1000)
        if count and self._voice is not None and self._settings.get("tray", True) is not False:
            words = ngettext("{n} neuer Antrag", "{n} neue Anträge", count)
            self._voice.say(_("Amtsstube"), words.format(n=formats.number(count)))
