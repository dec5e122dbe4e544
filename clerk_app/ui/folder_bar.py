"""The bar below the signature folder: what can be done, and how far a run is."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QProgressBar

from clerk_app.ui import folder_model as words
from clerk_app.ui.commands import Commands
from clerk_app.ui.reflow import WrappingRow
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import CommandButton, label


class FolderBar(QFrame):
    """Buttons and progress."""

    def __init__(self, commands: Commands, theme: Theme) -> None:
        super().__init__()
        self.setProperty("area", "bar")
        line = WrappingRow((20, 8, 16, 8), 8)
        self.confirm = CommandButton(commands, theme, "folder.confirm", "primary")
        self._send_back = CommandButton(commands, theme, "folder.send_back")
        self._take_out = CommandButton(commands, theme, "folder.take_out")
        self._stop = CommandButton(commands, theme, "folder.stop")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(theme.px(160))
        self.said = label("", "muted")
        for part in (self.confirm, self._send_back, self._take_out, self._stop, self.progress, self.said):
            line.addWidget(part)
        self.setLayout(line)

    def show_state(self, confirm: str, *, reviewing: bool, running: bool) -> None:
        """Which buttons make sense now; ``confirm`` is what the first one says."""
        self.confirm.show_text(confirm)
        self._send_back.setVisible(reviewing)
        for part in (self._stop, self.progress, self.said):
            part.setVisible(running)

    def show_progress(self, done: int, total: int) -> None:
        """How far a run is."""
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self.progress.setAccessibleName(words.progress_words(done, total))
        self.said.setText(words.progress_words(done, total))
