"""Asks for a reason in a few words."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QPushButton, QWidget

from clerk_app.texts import _
from clerk_app.ui.practice import add_practice_band
from clerk_app.ui.widgets import column, label
from clerk_app.ui.workbench import Workbench


class ReasonDialog(QDialog):
    """One field. ``action`` is what the button says; it can be pressed once something is typed."""

    def __init__(self, parent: QWidget, bench: Workbench, question: str, action: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(action)
        self.field = QPlainTextEdit()
        self.field.setAccessibleName(question)
        self.field.setTabChangesFocus(True)
        self.field.setMinimumHeight(bench.theme.px(90))
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
        body.addWidget(self.field, 1)
        body.addWidget(buttons)
        layout = column()
        add_practice_band(layout, bench.office)
        layout.addLayout(body)
        self.setLayout(layout)
        self.setMinimumWidth(bench.theme.px(420))
        self._changed()

    @Slot()
    def _changed(self) -> None:
        self.button.setEnabled(bool(self.field.toPlainText().strip()))


def ask_reason(parent: QWidget, bench: Workbench, question: str, action: str) -> str | None:
    """The reason, or None when the clerk thought better of it."""
    dialog = ReasonDialog(parent, bench, question, action)
    try:
        return dialog.field.toPlainText() if dialog.exec() == QDialog.DialogCode.Accepted else None
    finally:
        dialog.deleteLater()
