"""A coloured note within a page: icon, sentence, perhaps a button."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton

from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import IconLabel, label, restyle, row

_ICONS = {"bad": "error", "warn": "warning", "info": "info", "ok": "check_circle"}


class Notice(QFrame):
    """Hinweis. Hidden until there is something to say."""

    acted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._icon = IconLabel(theme, "info", "info", 18)
        self.words = label("", wrap=True, selectable=True)
        self.button = QPushButton()
        self.button.clicked.connect(self.acted)
        layout = row(margins=(12, 8, 12, 8), spacing=10)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(layout)
        self.hide()

    def show_words(self, level: str, words: str, action: str = "") -> None:
        """``level`` is bad, warn, info or ok; no words hide the note."""
        restyle(self, "level", level)
        self._icon.show_icon(_ICONS[level], level)
        self.words.setText(words)
        self.button.setText(action)
        self.button.setVisible(bool(action))
        self.setVisible(bool(words))
