"""Befehlspalette: type a few letters, Enter does it. Greyed-out commands say why."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem

from clerk_app.texts import _
from clerk_app.ui.commands import Command, key_text
from clerk_app.ui.practice import add_practice_band
from clerk_app.ui.widgets import column
from clerk_app.ui.window import MainWindow

_NAME = Qt.ItemDataRole.UserRole


class CommandPalette(QDialog):
    """Search field and hits."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.chosen: str | None = None
        self.setWindowTitle(_("Befehl suchen"))
        self.field = QLineEdit()
        self.field.setAccessibleName(_("Befehl suchen"))
        self.field.setPlaceholderText(_("Befehl suchen …"))
        self.hits = QListWidget()
        self.hits.setAccessibleName(_("Befehle"))
        self.hits.setWordWrap(True)
        self.hits.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        blank = QPixmap(20, 20)
        blank.fill(Qt.GlobalColor.transparent)
        self._blank = QIcon(blank)
        layout = column(spacing=8)
        inner = column(margins=(12, 12, 12, 12), spacing=8)
        inner.addWidget(self.field)
        inner.addWidget(self.hits)
        layout.addLayout(inner)
        add_practice_band(layout, window.bench.office)
        self.setLayout(layout)
        theme = window.bench.theme
        self.resize(theme.px(520), theme.px(420))
        self.field.textChanged.connect(self._search)
        self.field.returnPressed.connect(self._choose)
        self.hits.itemActivated.connect(self._choose)
        self.field.installEventFilter(self)
        self._search("")

    @Slot(str)
    def _search(self, text: str) -> None:
        self.hits.clear()
        words = text.casefold().split()
        seen = set()
        commands = self._window.commands
        # what can be done now comes first
        for command in sorted(commands.all(), key=lambda c: commands.reason(c.command_id) is not None):
            label = command.label.removesuffix(" …")
            if label in seen or not all(word in label.casefold() for word in words):
                continue
            seen.add(label)
            self.hits.addItem(self._item(command, label))
        self.hits.setCurrentRow(0)

    def _item(self, command: Command, label: str) -> QListWidgetItem:
        reason = self._window.commands.reason(command.command_id)
        words = label + (f"   {key_text(command.keys[0])}" if command.keys else "")
        item = QListWidgetItem(f"{words}\n{reason}" if reason else words)
        item.setData(_NAME, command.command_id)
        theme = self._window.bench.theme
        item.setForeground(theme.color("muted" if reason else "text"))
        item.setIcon(theme.icon(command.icon, plain_list=True) if command.icon else self._blank)
        return item

    @Slot()
    def _choose(self) -> None:
        item = self.hits.currentItem()
        if item is not None:
            self.chosen = str(item.data(_NAME))
            self.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list while the field keeps the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            moves: dict[int, int] = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
            by = moves.get(event.key())
            if by is not None:
                row = min(self.hits.count() - 1, max(0, self.hits.currentRow() + by))
                self.hits.setCurrentRow(row)
                return True
        return False


def show_palette(window: MainWindow) -> None:
    """Opens the palette and runs what was chosen after it has gone."""
    palette = CommandPalette(window)

    def finished(_result: int) -> None:
        chosen = palette.chosen
        palette.deleteLater()
        if chosen is not None:
            window.commands.run(chosen)

    palette.finished.connect(finished)
    palette.open()
