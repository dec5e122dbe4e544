"""Asks for a name in one line."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QPushButton, QWidget

from clerk_app.texts import _
from clerk_app.ui.practice import add_practice_band
from clerk_app.ui.widgets import column, label
from clerk_app.ui.workbench import Workbench

_LONGEST = 60


class NameDialog(QDialog):
    """One field with a proposal. ``action`` is what the button says; ``note`` says what there is to know."""

    def __init__(
        self,
        parent: QWidget,
        bench: Workbench,
        question: str,
        action: str,
        proposal: str,
        note: str = "",
        longest: int = _LONGEST,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(action)
        self.field = QLineEdit(proposal)
        self.field.setMaxLength(longest)
        self.field.setAccessibleName(question)
        self.field.selectAll()
        words = label(question, wrap=True)
        words.setBuddy(self.field)
        buttons = QDialogButtonBox()
        self.button = QPushButton(action)
        buttons.addButton(self.button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.button.setProperty("kind", "primary")
        self.button.setDefault(True)
        buttons.addButton(_("Abbrechen"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.field.textChanged.connect(self._changed)
        body = column(margins=(20, 16, 20, 16), spacing=10)
        body.addWidget(words)
        body.addWidget(self.field)
        if note:
            body.addWidget(label(note, "muted", wrap=True))
        body.addWidget(buttons)
        layout = column()
        add_practice_band(layout, bench.office)
        layout.addLayout(body)
        self.setLayout(layout)
        self.setMinimumWidth(bench.theme.px(420))
        self._changed()

    @property
    def name(self) -> str:
        """What was typed, with single blanks."""
        return " ".join(self.field.text().split())

    @Slot()
    def _changed(self) -> None:
        self.button.setEnabled(bool(self.name))
