"""Asks for the password of one document; what stands in the field goes as soon as it is used."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from clerk_app.texts import _
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import column, label, row


class PasswordLine(QWidget):
    """Hidden until a document wants one. ``given`` carries what was typed."""

    given = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(_("Kennwort der Anlage"))
        self.field.setPlaceholderText(_("Kennwort der Anlage"))
        self.field.setMaximumWidth(theme.px(320))
        self.field.returnPressed.connect(self._give)
        self.button = QPushButton(_("Öffnen"))
        self.button.clicked.connect(self._give)
        self.said = label("", "warn", wrap=True)
        self.said.hide()
        hint = _("Das Kennwort wird nicht gespeichert. Es gilt, bis das Fenster geschlossen wird.")
        line = row(spacing=8)
        line.addWidget(self.field, 1)
        line.addWidget(self.button)
        line.addStretch(1)
        lines = column(margins=(16, 0, 16, 8), spacing=4)
        lines.addLayout(line)
        lines.addWidget(self.said)
        lines.addWidget(label(hint, "muted", wrap=True))
        self.setLayout(lines)
        self.hide()

    def begin(self) -> None:
        """Asks; the focus stays where it is, for nobody may have meant to come here."""
        self.said.hide()
        self.show()

    def end(self) -> None:
        """Away with it and with what was typed."""
        self.field.clear()
        self.hide()

    def refuse(self, words: str) -> None:
        """Why it stays closed."""
        self.said.setText(words)
        self.said.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _give(self) -> None:
        typed = self.field.text()
        self.field.clear()
        if typed:
            self.given.emit(typed)
