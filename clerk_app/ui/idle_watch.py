"""Notices that nobody has touched keyboard or mouse for a while."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QWindow

from clerk_app.ui.settings import WindowSettings, lock_minutes

LOOK_S = 15.0
_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.ShortcutOverride,  # all that comes of a key that is a shortcut
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
        QEvent.Type.InputMethod,
    }
)


class IdleWatch(QObject):
    """Emits ``idle``. It listens at the windows' platform side, where keys and mouse come in: a filter on the
    application would be asked about every event there is. ``elsewhere_s`` gives how long ago the person did
    anything at this machine, None where nobody can say: whoever types in the program beside ours is here."""

    idle = Signal()

    def __init__(
        self,
        parent: QObject,
        settings: WindowSettings,
        clock_s: Callable[[], float],
        elsewhere_s: Callable[[], float | None] | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings, self._clock_s, self._elsewhere_s = settings, clock_s, elsewhere_s
        self._touched_s = clock_s()
        self._timer = QTimer(self, interval=round(LOOK_S * 1000))
        self._timer.timeout.connect(self.look)
        self._timer.start()
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self.listen_to)

    @Slot(QWindow)
    def listen_to(self, window: QWindow | None) -> None:
        """Touches of this window count."""
        if window is not None:
            window.installEventFilter(self)  # a second time moves it to the front, no more

    @Slot()
    def look(self) -> None:
        """Whether the time is over."""
        limit_s = lock_minutes(self._settings) * 60.0
        now_s = self._clock_s()
        if not limit_s or now_s - self._touched_s < limit_s:
            return
        elsewhere_s = self._elsewhere_s() if self._elsewhere_s is not None else None
        if elsewhere_s is not None and elsewhere_s < limit_s:
            self._touched_s = now_s - elsewhere_s
            return
        self._touched_s = now_s
        self.idle.emit()

    def end(self) -> None:
        """Looks no more."""
        self._timer.stop()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Keeps the time of every touch. A machine that slept has not looked: its first key locks, and does
        nothing else."""
        if event.type() not in _TOUCHES:
            return False
        limit_s, now_s = lock_minutes(self._settings) * 60.0, self._clock_s()
        overslept = bool(limit_s) and now_s - self._touched_s >= limit_s + 2 * LOOK_S
        self._touched_s = now_s
        if overslept:
            event.accept()  # so that it is no shortcut either
            self.idle.emit()
        return overslept
