"""A strip that shows how far something long has come, and stops it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QProgressBar, QPushButton

from clerk_app.texts import _
from clerk_app.ui.message_bar import announce
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import IconLabel, label, restyle, row


class ProgressStrip(QFrame):
    """Hidden until something runs. ``cancelled`` when the clerk wants it to stop."""

    cancelled = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._title = ""
        self.words = label("")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setMaximumHeight(theme.px(12))
        self.button = QPushButton(_("Abbrechen"))
        self.button.clicked.connect(self._cancel)
        layout = row(margins=(14, 6, 8, 6), spacing=12)
        layout.addWidget(IconLabel(theme, "hourglass_empty", "info", 18), 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.words)
        layout.addWidget(self.bar, 1)
        layout.addWidget(self.button)
        self.setLayout(layout)
        restyle(self, "level", "info")
        self.hide()

    def begin(self, title: str) -> None:
        """Something starts; how much there is to do is not known yet."""
        self._title = title
        self.words.setText(f"{title} …")
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(title)
        self.button.setEnabled(True)
        self.show()
        announce(self, title)

    @Slot(int, int)
    def show_progress(self, done: int, total: int) -> None:
        """``done`` of ``total`` are done."""
        if self.isHidden() or not self.button.isEnabled():
            return
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.words.setText(_("{title}: {done} von {total}").format(title=self._title, done=done, total=total))

    def end(self) -> None:
        """It is over."""
        self.hide()

    @Slot()
    def _cancel(self) -> None:
        self.button.setEnabled(False)
        self.words.setText(_("Wird abgebrochen …"))
        self.cancelled.emit()
