"""What moving a case to another version of its package would change, before it is moved."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QPushButton, QWidget

from clerk_app.texts import _
from clerk_app.ui.package_model import MovePreview
from clerk_app.ui.practice import add_practice_band
from clerk_app.ui.widgets import column, label
from clerk_app.ui.workbench import Workbench


class PackageDialog(QDialog):
    """A list to read, and whether to go on. Esc leaves everything as it is."""

    def __init__(self, parent: QWidget, bench: Workbench, preview: MovePreview) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Auf neue Fassung umstellen"))
        self.words = label(preview.words, wrap=True)
        self.changes = QPlainTextEdit(preview.changes)
        self.changes.setReadOnly(True)
        self.changes.setTabChangesFocus(True)
        self.changes.setAccessibleName(_("Was sich in diesem Vorgang ändert"))
        self.words.setBuddy(self.changes)
        self.buttons = QDialogButtonBox()
        self.move_button = QPushButton(_("Umstellen"))
        self.move_button.setProperty("kind", "primary")
        self.move_button.setDefault(True)
        self.move_button.setShortcut(QKeySequence("Ctrl+Return"))
        self.buttons.addButton(self.move_button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton(_("Abbrechen"), QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        body = column(margins=(20, 16, 20, 16), spacing=10)
        body.addWidget(self.words)
        body.addWidget(self.changes, 1)
        body.addWidget(label(preview.afterwards, wrap=True))
        body.addWidget(self.buttons)
        layout = column()
        add_practice_band(layout, bench.office)
        layout.addLayout(body)
        self.setLayout(layout)
        self.resize(bench.theme.px(680), bench.theme.px(480))
