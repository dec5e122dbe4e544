"""Befehlspalette: type a few letters, Enter does it. Greyed-out commands say why.

Beside commands it finds kept views by name and cases by a part of their number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem

from clerk_app.domain.case import CaseQuery, CaseRow
from clerk_app.texts import _
from clerk_app.ui.commands import Command, key_text
from clerk_app.ui.practice import add_practice_band
from clerk_app.ui.widgets import column
from clerk_app.ui.window import MainWindow

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow

_RUN = Qt.ItemDataRole.UserRole
_FEWEST_SIGNS = 3  # of a case number
_MOST_CASES = 6


class CommandPalette(QDialog):
    """Search field and hits. ``chosen`` does what was chosen. ``views``: names of kept views, in order."""

    def __init__(
        self,
        window: MainWindow,
        views: Sequence[str],
        show_view: Callable[[str], None],
        go_to_case: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._views, self._show_view, self._go_to_case = views, show_view, go_to_case
        self.chosen: Callable[[], None] | None = None
        self._open = True  # a late answer must not reach for what is gone
        self.finished.connect(self._closed)
        self.setWindowTitle(_("Befehl suchen"))
        self.field = QLineEdit()
        self.field.setAccessibleName(_("Befehl, Ansicht oder Aktenzeichen suchen"))
        self.field.setPlaceholderText(_("Befehl, Ansicht oder Aktenzeichen …"))
        self.hits = QListWidget()
        self.hits.setProperty("kind", "choices")
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
        for name in self._views:
            if all(word in name.casefold() for word in words):
                self._add(
                    _("Ansicht: {name}").format(name=name),
                    "bookmark",
                    lambda name=name: self._show_view(name),  # type: ignore[misc]
                )
        self.hits.setCurrentRow(0)
        self._search_cases(text.strip())

    @Slot()
    def _closed(self) -> None:
        self._open = False

    def _search_cases(self, text: str) -> None:
        if len(text) < _FEWEST_SIGNS or any(c.isspace() for c in text) or not text.isascii():
            return
        query = CaseQuery(text=f"az:{text}", limit=_MOST_CASES)

        def found(rows: Sequence[CaseRow]) -> None:
            if self._open and self.field.text().strip() == text:
                for row in rows:
                    words = f"{row.case_reference}   {row.applicant} · {row.service}"
                    self._add(words, "folder_open", lambda case=row.case_id: self._go_to_case(case))  # type: ignore[misc]
                if self.hits.currentRow() < 0:
                    self.hits.setCurrentRow(0)

        bench = self._window.bench
        bench.queries.submit(lambda reads: reads.list(query), found, lambda _error: None, key="palette")

    def _add(self, words: str, icon: str, run: Callable[[], None]) -> None:
        item = QListWidgetItem(self._window.bench.theme.icon(icon, plain_list=True), words)
        item.setData(_RUN, run)
        self.hits.addItem(item)

    def _item(self, command: Command, label: str) -> QListWidgetItem:
        reason = self._window.commands.reason(command.command_id)
        words = label + (f"   {key_text(command.keys[0])}" if command.keys else "")
        item = QListWidgetItem(f"{words}\n{reason}" if reason else words)
        item.setData(_RUN, lambda: self._window.commands.run(command.command_id))
        theme = self._window.bench.theme
        item.setForeground(theme.color("muted" if reason else "text"))
        item.setIcon(theme.icon(command.icon, plain_list=True) if command.icon else self._blank)
        return item

    @Slot()
    def _choose(self) -> None:
        item = self.hits.currentItem()
        if item is not None:
            self.chosen = item.data(_RUN)
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


def show_palette(desk: DeskWindow) -> None:
    """Opens the palette and runs what was chosen after it has gone."""
    views = [view.name for view in desk.viewing.views]
    palette = CommandPalette(desk.window, views, desk.viewing.show, desk.go_to_case)

    def finished(_result: int) -> None:
        chosen = palette.chosen
        palette.deleteLater()
        if chosen is not None:
            chosen()

    palette.finished.connect(finished)
    palette.open()
