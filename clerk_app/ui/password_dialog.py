"""Asks for the password or PIN of the signing key. It is kept nowhere."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QWidget

from clerk_app.texts import _
from clerk_app.ui.practice import add_practice_band
from clerk_app.ui.widgets import column, label
from clerk_app.ui.workbench import Workbench


class PasswordDialog(QDialog):
    """One field. Enter signs."""

    def __init__(self, parent: QWidget, bench: Workbench) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Signieren"))
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(_("PIN oder Passwort"))
        words = label(_("PIN oder Passwort des Signaturschlüssels"))
        words.setBuddy(self.field)
        buttons = QDialogButtonBox()
        sign = buttons.addButton(_("Signieren"), QDialogButtonBox.ButtonRole.AcceptRole)
        sign.setProperty("kind", "primary")
        sign.setDefault(True)
        buttons.addButton(_("Abbrechen"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        body = column(margins=(20, 16, 20, 16), spacing=10)
        body.addWidget(words)
        body.addWidget(self.field)
        body.addWidget(buttons)
        layout = column()
        add_practice_band(layout, bench.office)
        layout.addLayout(body)
        self.setLayout(layout)
        self.setMinimumWidth(bench.theme.px(340))

    @Slot()
    def _accept(self) -> None:
        if self.field.text():
            self.accept()


def ask_password(parent: QWidget, bench: Workbench) -> str | None:
    """The password, or None when the clerk thought better of it."""
    dialog = PasswordDialog(parent, bench)
    try:
        return dialog.field.text() if dialog.exec() == QDialog.DialogCode.Accepted else None
    finally:
        dialog.field.clear()
        dialog.deleteLater()
