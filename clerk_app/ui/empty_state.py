"""What a pane shows when there is nothing to show: empty, loading, filtered away, failed."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from clerk_app.texts import _
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import IconLabel, column, label


class EmptyState(QWidget):
    """One sentence and one action. ``acted`` when the action was chosen."""

    acted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._loading = False
        self._icon = IconLabel(theme, "", "muted", 32)
        self.title = label("", "section", wrap=True)
        self.details = label("", "muted", wrap=True, selectable=True)
        self.button = QPushButton()
        self.button.clicked.connect(self.acted)
        layout = column(margins=(24, 32, 24, 24), spacing=10)
        layout.addStretch(1)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        for words in (self.title, self.details):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(words)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self.setLayout(layout)

    def show_state(self, icon: str, title: str, details: str, action: str) -> None:
        """Words for a state; empty ones are left out."""
        self._loading = False
        self._icon.show_icon(icon, "bad" if icon == "error" else "muted")
        self._icon.show()
        self.title.setText(title)
        self.details.setText(details)
        self.details.setVisible(bool(details))
        self.button.setText(action)
        self.button.setVisible(bool(action))
        self.update()

    def show_loading(self) -> None:
        """Grey rows in place of those that come."""
        self._loading = True
        self._icon.hide()
        self.title.setText("")
        self.details.setText(_("Wird geladen …"))
        self.details.show()
        self.button.hide()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Skeleton rows while loading."""
        super().paintEvent(event)
        if not self._loading:
            return
        painter = QPainter(self)
        theme = self._theme
        first = self.details.geometry().bottom() + theme.px(14)  # below the words, never behind them
        for top in range(first, first + self.height() // 2, theme.px(74)):
            for at, part in enumerate((0.55, 0.4, 0.3)):
                bar = QRect(theme.px(24), top + at * theme.px(20), round(self.width() * part), theme.px(10))
                painter.fillRect(bar, theme.color("line"))
        painter.end()
