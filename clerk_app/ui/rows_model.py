"""Short tables (attachments, outgoing entries, timeline): rows of cells under a heading, kept by key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from clerk_app.ui.commands import tooltip
from clerk_app.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()


@dataclass(frozen=True)
class Cell:
    """Plain text with an icon and a colour role. ``whole``: may be cut, so its tooltip has all of it."""

    text: str
    icon: str = ""
    role: str = "text"
    bold: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Line:
    """One row. ``key`` stays the same while its cells change; ``subject`` is what it stands for."""

    key: str
    cells: tuple[Cell, ...]
    subject: object = None


class RowsModel(QAbstractTableModel):
    """Lines under headings. ``show`` changes only what differs, so a selection stays."""

    def __init__(self, theme: Theme, headings: Sequence[str]) -> None:
        super().__init__()
        self._theme = theme
        self._headings = tuple(headings)
        self._lines: list[Line] = []
        theme.changed.connect(self._recolour)

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """Number of lines."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        """Number of columns."""
        return 0 if parent.isValid() else len(self._headings)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The headings."""
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self._headings[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, icon, colour and weight of a cell."""
        line = self.line(index.row())
        if line is None:
            return None
        cell = line.cells[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return cell.text
            case Qt.ItemDataRole.DecorationRole if cell.icon:
                return self._theme.icon(cell.icon, cell.role, 18)
            case Qt.ItemDataRole.ForegroundRole:
                return self._theme.color(cell.role)
            case Qt.ItemDataRole.FontRole if cell.bold:
                return self._theme.font(13, bold=True)
            case Qt.ItemDataRole.ToolTipRole if cell.whole:
                return tooltip(cell.text, None)
            case Qt.ItemDataRole.AccessibleTextRole if index.column() == 0:
                return ", ".join(part.text for part in line.cells if part.text)
        return None

    def line(self, position: int) -> Line | None:
        """The line at ``position``, or None."""
        return self._lines[position] if 0 <= position < len(self._lines) else None

    def position_of(self, key: str) -> int:
        """Where a key stands; -1 when it is not there."""
        return next((at for at, line in enumerate(self._lines) if line.key == key), -1)

    def show(self, lines: Sequence[Line]) -> None:
        """Other lines: gone ones are taken out, new ones put in, the rest updated in place."""
        wanted = {line.key for line in lines}
        for at in range(len(self._lines) - 1, -1, -1):
            if self._lines[at].key not in wanted:
                self.beginRemoveRows(NO_PARENT, at, at)
                del self._lines[at]
                self.endRemoveRows()
        for at, line in enumerate(lines):
            place = self.position_of(line.key)
            if place < 0:
                self.beginInsertRows(NO_PARENT, at, at)
                self._lines.insert(at, line)
                self.endInsertRows()
                continue
            if place != at:
                self.beginMoveRows(NO_PARENT, place, place, NO_PARENT, at)
                self._lines.insert(at, self._lines.pop(place))
                self.endMoveRows()
            if self._lines[at] != line:
                self._lines[at] = line
                self.dataChanged.emit(self.index(at, 0), self.index(at, len(self._headings) - 1))

    @Slot()
    def _recolour(self) -> None:
        if self._lines:
            last = self.index(len(self._lines) - 1, len(self._headings) - 1)
            self.dataChanged.emit(self.index(0, 0), last)


class _KeepsColour(QStyledItemDelegate):
    """A chosen row keeps the colours that mean something; the focus goes around the whole row."""

    def __init__(self, view: RowsView, theme: Theme) -> None:
        super().__init__(view)
        self._view, self._theme = view, theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        if option.state & QStyle.StateFlag.State_Selected:
            self._theme.frame_selection(painter, option.rect)
        view = self._view
        if not view.hasFocus() or index.row() != view.currentIndex().row():
            return
        rect: QRect = option.rect
        colour = self._theme.color("focus")
        painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), 2), colour)
        painter.fillRect(QRect(rect.left(), rect.bottom() - 1, rect.width(), 2), colour)
        if index.column() == 0:
            painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), colour)
        if index.column() == view.last_column():
            painter.fillRect(QRect(rect.right() - 1, rect.top(), 2, rect.height()), colour)

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        colour = index.data(Qt.ItemDataRole.ForegroundRole)
        if isinstance(colour, QColor):
            palette: QPalette = option.palette
            palette.setColor(QPalette.ColorRole.HighlightedText, colour)
            option.palette = palette


class RowsView(QTableView):
    """A calm table: whole rows, no grid, the ``stretch`` column takes the room."""

    def __init__(self, theme: Theme, model: RowsModel, name: str, stretch: int) -> None:
        super().__init__()
        self._theme = theme
        self._stretch = stretch
        self.setProperty("kind", "table")
        self.setAccessibleName(name)
        self.setModel(model)
        self.setShowGrid(False)
        self.setItemDelegate(_KeepsColour(self, theme))
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)
        theme.changed.connect(self._resize)
        self._resize()

    def current_line(self) -> Line | None:
        """The line the focus is on."""
        model = self.model()
        return model.line(self.currentIndex().row()) if isinstance(model, RowsModel) else None

    def last_column(self) -> int:
        """The last one that is shown."""
        shown = (at for at in range(self.model().columnCount()) if not self.isColumnHidden(at))
        return max(shown, default=-1)

    @Slot()
    def _resize(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._theme.px(32))
        self.setIconSize(QSize(self._theme.px(16), self._theme.px(16)))
