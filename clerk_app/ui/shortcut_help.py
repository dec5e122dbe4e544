"""Hilfe: every key, read from the registry."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox

from clerk_app.texts import _
from clerk_app.ui.commands import key_text
from clerk_app.ui.practice import add_practice_band
from clerk_app.ui.rows_model import Cell, Line, RowsModel, RowsView
from clerk_app.ui.widgets import column, label
from clerk_app.ui.window import MainWindow


class ShortcutHelp(QDialog):
    """Table of commands with their keys."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        theme = window.bench.theme
        self.setWindowTitle(_("Tastenkürzel"))
        self.model = RowsModel(theme, (_("Taste"), _("Befehl")))
        fixed = [
            (_("Eingabe"), _("Prüfansicht öffnen")),
            (_("Leertaste"), _("Prüfpunkt abhaken, weiterlesen")),
        ]
        commands = [
            (" / ".join(key_text(key) for key in command.keys), command.label.removesuffix(" …"))
            for command in window.commands.all()
            if command.keys
        ]
        self.model.show(
            [
                Line(f"{at}", (Cell(keys, bold=True), Cell(words)))
                for at, (keys, words) in enumerate(fixed + commands)
            ]
        )
        view = RowsView(theme, self.model, _("Tastenkürzel"), 1)
        buttons = QDialogButtonBox()
        buttons.addButton(_("Schließen"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        inner = column(margins=(16, 12, 16, 12), spacing=10)
        hint = _("Buchstaben allein wirken nur, solange Liste oder Vorgang den Fokus hat.")
        inner.addWidget(label(hint, "muted", wrap=True))
        inner.addWidget(view, 1)
        inner.addWidget(buttons)
        layout = column()
        layout.addLayout(inner)
        add_practice_band(layout, window.bench.office)
        self.setLayout(layout)
        self.resize(theme.px(560), theme.px(520))


def show_shortcuts(window: MainWindow) -> None:
    """Opens the help."""
    page = ShortcutHelp(window)
    page.finished.connect(page.deleteLater)
    page.open()
