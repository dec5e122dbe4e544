"""Drucken: what of a case goes on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QButtonGroup, QDialog, QDialogButtonBox, QRadioButton, QWidget

from clerk_app.texts import _
from clerk_app.ui.practice import add_practice_band
from clerk_app.ui.widgets import column, label
from clerk_app.ui.workbench import Workbench

SHEET, LIST, INSPECTION = "sheet", "list", "inspection"
SHEETS, CHOSEN = "sheets", "chosen"  # of several cases


@dataclass(frozen=True)
class PrintChoice:
    """One thing to print. ``key`` is one of the constants, or the id of a document of ours."""

    key: str
    words: str


class PrintDialog(QDialog):
    """One choice, then printer or file. Arrow keys choose, Enter prints."""

    def __init__(self, parent: QWidget, bench: Workbench, choices: Sequence[PrintChoice]) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Drucken"))
        self.saving = False
        self._keys = [choice.key for choice in choices]
        self._group = QButtonGroup(self)
        body = column(margins=(20, 16, 20, 16), spacing=8)
        body.addWidget(label(_("Was soll gedruckt werden?"), "section"))
        for at, choice in enumerate(choices):
            button = QRadioButton(choice.words.replace("&", "&&"))
            button.setAccessibleName(choice.words)
            button.setChecked(at == 0)
            self._group.addButton(button, at)
            body.addWidget(button)
        buttons = QDialogButtonBox()
        self.print = buttons.addButton(_("Drucken …"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.print.setProperty("kind", "primary")
        self.print.setDefault(True)
        self.save = buttons.addButton(_("Als PDF speichern …"), QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(_("Abbrechen"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.save.clicked.connect(self._save)
        body.addSpacing(8)
        body.addWidget(buttons)
        layout = column()
        add_practice_band(layout, bench.office)
        layout.addLayout(body)
        self.setLayout(layout)
        self.setMinimumWidth(bench.theme.px(440))
        self._group.buttons()[0].setFocus()

    def chosen(self) -> str:
        """The key of the choice."""
        return self._keys[self._group.checkedId()]

    def choose(self, key: str) -> None:
        """Makes a choice, as the clerk would."""
        self._group.button(self._keys.index(key)).setChecked(True)

    def _save(self) -> None:
        self.saving = True
        self.accept()
