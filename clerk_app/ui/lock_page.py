"""What is seen while the program is locked: that it is, and the way back. Nothing of the office."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QWidget

from clerk_app.domain.errors import ClerkError
from clerk_app.texts import _, ngettext
from clerk_app.texts.errors import sentence
from clerk_app.ui.message_bar import announce
from clerk_app.ui.notice import Notice
from clerk_app.ui.practice import practice_band
from clerk_app.ui.reflow import FollowingColumn, WrappingRow
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import IconLabel, column, label, row

_SMALLEST = (480, 360)


class LockPage(QWidget):
    """Sperrbildschirm. A window of its own: it outlives the one it covers. ``unlock_wanted`` and
    ``quit_wanted`` are all a person can do here."""

    unlock_wanted = Signal()
    quit_wanted = Signal()

    def __init__(self, theme: Theme, *, practice: bool, waiting: int = 0) -> None:
        super().__init__()
        self.theme = theme
        self.setWindowTitle(_("Amtsstube – gesperrt"))
        self.setMinimumSize(*_SMALLEST)
        self.title = label(_("Gesperrt"), "title")
        kept = label(
            _("Was Sie geschrieben haben, ist gesichert. Nach dem Entsperren geht es dort weiter."), wrap=True
        )
        rests = label(
            _("Solange gesperrt ist, ruht der Abgleich: Es kommt nichts an und geht nichts hinaus."),
            "muted",
            wrap=True,
        )
        self.waiting = label(_waiting_words(waiting), "warn", wrap=True)
        self.waiting.setVisible(waiting > 0)
        self.state = label("", "muted", wrap=True)
        self.notice = Notice(theme)
        self.unlock = QPushButton(_("&Entsperren"))
        self.unlock.setProperty("kind", "primary")
        self.unlock.setAutoDefault(True)
        self.unlock.setDefault(True)
        self.unlock.setAccessibleDescription(f"{kept.text()} {self.waiting.text()}".strip())
        self.unlock.clicked.connect(self._unlock)
        self.quit = QPushButton(_("&Beenden"))
        self.quit.setAutoDefault(True)
        self.quit.clicked.connect(self.quit_wanted)
        acts = WrappingRow((0, 8, 0, 0), 8)
        acts.addWidget(self.unlock)
        acts.addWidget(self.quit)
        lines = column(margins=(24, 24, 24, 24), spacing=10)
        lines.addStretch(1)
        lines.addWidget(IconLabel(theme, "lock", "act", 32))
        for part in (self.title, kept, rests, self.waiting, self.state, self.notice):
            lines.addWidget(part)
        lines.addLayout(acts)
        lines.addStretch(2)
        inside = QWidget()
        inside.setLayout(lines)
        inside.setMaximumWidth(theme.px(620))
        whole = column()
        if practice:
            whole.addWidget(practice_band())
        middle = QWidget()
        beside = row()
        beside.addStretch(1)
        beside.addWidget(inside, 100)
        beside.addStretch(1)
        middle.setLayout(beside)
        whole.addWidget(FollowingColumn(middle), 1)
        self.setLayout(whole)
        leave = QShortcut(QKeySequence("Ctrl+Q"), self)
        leave.activated.connect(self.quit_wanted)

    def show_closing(self) -> None:
        """What runs is brought to its end first."""
        self._say(_("Laufende Arbeit wird noch beendet …"))

    def show_locked(self) -> None:
        """Everything is closed."""
        self.state.setText("")
        self.state.hide()
        self._wait_for_key()

    def show_opening(self) -> None:
        """The office is being opened; this may take a moment."""
        self.notice.show_words("info", "")
        self._say(_("Wird geöffnet …"))

    def show_error(self, error: ClerkError) -> None:
        """It stays locked: why, and what now."""
        words = _("Es bleibt gesperrt, verloren ist nichts. {why}").format(why=sentence(error))
        self.show_locked()
        self.notice.show_words("bad", words)
        self.unlock.setText(_("&Erneut versuchen"))
        announce(self, words)

    def showEvent(self, event: object) -> None:
        """The keyboard begins at the way back."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._wait_for_key()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing it ends the program."""
        self.quit_wanted.emit()
        super().closeEvent(event)

    @Slot()
    def _unlock(self) -> None:
        self._say(_("Wird geöffnet …"))
        self.unlock_wanted.emit()

    def _wait_for_key(self) -> None:
        self.unlock.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, words: str) -> None:
        self.state.setText(words)
        self.state.show()
        announce(self, words)


def _waiting_words(waiting: int) -> str:
    words = ngettext(
        "{n} Schreiben wartet hier auf den Versand.", "{n} Schreiben warten hier auf den Versand.", waiting
    )
    return words.format(n=waiting) if waiting else ""
