"""Package line in the header: by which version the case is read, and whether new ones go by another."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from clerk_app.ui.basis_model import basis_details, basis_line, newer_words
from clerk_app.ui.commands import Commands, tooltip
from clerk_app.ui.dossier import Dossier
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import CommandButton, ElidedLabel, label, row

MOVE = "case.move_package"


class BasisLine(QWidget):
    """Hidden until there is a case."""

    def __init__(self, theme: Theme, commands: Commands) -> None:
        super().__init__()
        self.words = ElidedLabel("muted")
        self.newer = label("", "warn")
        line = row(spacing=8)
        line.addStretch(1)
        line.addWidget(self.words)
        line.addWidget(self.newer)
        self.move_button = CommandButton(commands, theme, MOVE, "small") if commands.has(MOVE) else None
        if self.move_button is not None:
            line.addWidget(self.move_button)
        self.setLayout(line)
        self.hide()

    def show_dossier(self, dossier: Dossier) -> None:
        """The whole case."""
        basis = dossier.basis
        self.setVisible(basis is not None)
        if basis is None:
            return
        words = basis_line(basis, dossier.case.row.service)
        details = basis_details(basis)
        self.words.set_full_text(words)
        self.setToolTip(tooltip(details, None) if details else "")
        self.words.setAccessibleDescription(details)
        words = newer_words(basis)
        self.newer.setText(words)
        self.newer.setVisible(bool(words))
        if self.move_button is not None:
            self.move_button.setVisible(bool(words))
