"""Errors that stay until they are dealt with, and short sentences that go by themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from clerk_app.domain.errors import ClerkError
from clerk_app.texts import _
from clerk_app.texts.ages import countdown
from clerk_app.texts.errors import sentence
from clerk_app.ui.reflow import WrappingRow
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import IconLabel, column, label, restyle, row, tool_button

TOAST_MS = 10_000


def announce(widget: QWidget, words: str) -> None:
    """Tells a screen reader what happened meanwhile."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))


class MessageBar(QFrame):
    """What, why, what now; "Erneut versuchen" and "Details kopieren"."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._error: ClerkError | None = None
        self._again: Callable[[], None] | None = None
        self.words = label("", wrap=True, selectable=True)
        self.retry = QPushButton(_("Erneut versuchen"))
        self.copy = QPushButton(_("Details kopieren"))
        self.shut = tool_button(theme, "close", _("Meldung schließen"), self.clear)
        self.retry.clicked.connect(self._retry)
        self.copy.clicked.connect(self._copy)
        layout = row(margins=(14, 8, 8, 8), spacing=10)
        layout.addWidget(IconLabel(theme, "error", "bad", 20), 0, Qt.AlignmentFlag.AlignTop)
        lines = column(spacing=6)  # the words get the whole width, however large they are
        lines.addWidget(self.words)
        acts = WrappingRow((0, 0, 0, 0), 8)
        acts.addWidget(self.retry)
        acts.addWidget(self.copy)
        lines.addLayout(acts)
        layout.addLayout(lines, 1)
        layout.addWidget(self.shut, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(layout)
        restyle(self, "level", "bad")
        self.hide()

    @Slot(object, object)
    def show_error(self, error: ClerkError, again: Callable[[], None] | None) -> None:
        """Shows an error until it is closed or another one comes."""
        self._error, self._again = error, again
        words = sentence(error)
        self.words.setText(words)
        self.retry.setVisible(again is not None)
        self.show()
        announce(self, words)

    def details(self) -> str:
        """What a clerk hands on to the support: the code and its params, never personal data."""
        if self._error is None:
            return ""
        params = ", ".join(f"{name}={value}" for name, value in sorted(self._error.params.items()))
        return f"{self._error.code.value} [{self._error.disposition.value}] {params}".rstrip()

    def clear(self) -> None:
        """Takes the message away."""
        self._error = self._again = None
        self.hide()

    @Slot()
    def _retry(self) -> None:
        again = self._again
        self.clear()
        if again is not None:
            again()

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self.words.text()}\n{self.details()}")


class Toast(QFrame):
    """A sentence at the lower edge, perhaps with one button and the time it stays good. ``acted`` on it."""

    acted = Signal()

    def __init__(self, window: QWidget, theme: Theme, now: Callable[[], datetime]) -> None:
        super().__init__(window)
        self._window, self._theme, self._now = window, theme, now
        self._until: datetime | None = None
        self._template = ""
        self.setProperty("area", "toast")
        self.words = label("")
        self.button = QPushButton()
        self.button.clicked.connect(self._act)
        layout = row(margins=(16, 8, 10, 8), spacing=14)
        layout.addWidget(self.words)
        layout.addWidget(self.button)
        self.setLayout(layout)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        self._ticker = QTimer(self, interval=500)
        self._ticker.timeout.connect(self._tick)
        window.installEventFilter(self)
        self.hide()

    def say(self, words: str) -> None:
        """A sentence for a few seconds."""
        self._until = None
        self._ticker.stop()
        self._show(words, "")
        self._timer.start(TOAST_MS)

    def offer(self, template: str, action: str, until: datetime) -> None:
        """A sentence with ``{left}`` in it and a button, until the time is up."""
        self._template, self._until = template, until
        self._timer.stop()
        self._show(template.format(left=self._left()), action)
        self._ticker.start()

    def _show(self, words: str, action: str) -> None:
        self.words.setText(words)
        self.button.setText(action)
        self.button.setVisible(bool(action))
        self.show()
        self.raise_()
        self._place()
        announce(self, words)

    def _left(self) -> str:
        return countdown(self._until - self._now() if self._until else timedelta())

    @Slot()
    def _tick(self) -> None:
        if self._until is None or self._now() >= self._until:
            self._ticker.stop()
            self.hide()
            return
        self.words.setText(self._template.format(left=self._left()))

    @Slot()
    def _act(self) -> None:
        self._ticker.stop()
        self.hide()
        self.acted.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stays at its place when the window changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        self.adjustSize()
        x = (self._window.width() - self.width()) // 2
        self.move(max(0, x), self._window.height() - self.height() - self._theme.px(92))
