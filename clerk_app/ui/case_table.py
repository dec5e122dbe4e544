"""The list of cases as a view, as cards or as a table: rows of one height, one announcement for a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from clerk_app.domain.case import CaseRow
from clerk_app.texts import _
from clerk_app.ui.case_columns import COLUMNS
from clerk_app.ui.case_list_model import ROW_ROLE, Index
from clerk_app.ui.theme import Theme

_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine
_ELIDED = Qt.TextElideMode.ElideRight
_KEEP = QItemSelectionModel.SelectionFlag.NoUpdate
_ALONE = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows


class TableDelegate(QStyledItemDelegate):
    """Cells of the table: what is new is bold, the row shows the focus, a late deadline its colour.

    Painted by hand: the style asks a model for seven things of each cell, and a screen has three hundred.
    """

    def __init__(
        self, theme: Theme, today: Callable[[], date], cell: Callable[[CaseRow, str], str], view: QTableView
    ) -> None:
        super().__init__(view)
        self._theme, self._today, self._cell, self._view = theme, today, cell, view
        self.columns: tuple[str, ...] = ()
        theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        theme = self._theme
        self._fonts = (theme.font(13), theme.font(13, bold=True))
        self._metrics = tuple(QFontMetrics(font) for font in self._fonts)
        self._pad = theme.px(6)

    def row_height(self) -> int:
        """Height of every row."""
        return self._theme.px(28)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """See the class."""
        row, at = index.data(ROW_ROLE), index.column()
        box: QRect = option.rect
        theme = self._theme
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            theme.paint_selection(painter, box)
        if isinstance(row, CaseRow) and at < len(self.columns):
            name = self.columns[at]
            role = COLUMNS[name].role(row, self._today()) or "text"
            painter.setFont(self._fonts[row.unread])
            painter.setPen(theme.color(role))
            words = box.adjusted(self._pad, 0, -self._pad, 0)
            text = self._metrics[row.unread].elidedText(self._cell(row, name), _ELIDED, words.width())
            painter.drawText(words, _MIDDLE, text)
        if self._view.hasFocus() and index.row() == self._view.currentIndex().row():
            painter.fillRect(box.left(), box.top(), box.width(), 2, theme.color("focus"))
            painter.fillRect(box.left(), box.bottom() - 1, box.width(), 2, theme.color("focus"))


class CaseTable(QTableView):
    """The list itself: rows of one height, so that a million rows cost nothing. Shift and Ctrl
    choose several.

    ``moved`` carries the case at hand: the row the cursor is on. Walking beside what is chosen (Ctrl with an
    arrow) leaves it as it is. ``chosen_changed``: other rows are chosen, or another number of them.
    ``sort_asked`` carries the number of a column, ``resized`` its number and its new width in pixels,
    ``columns_asked`` that somebody wants to choose columns.
    """

    opened = Signal()
    moved = Signal(object)
    chosen_changed = Signal()
    sort_asked = Signal(int)
    resized = Signal(int, int)
    columns_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Vorgangsliste"))
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.doubleClicked.connect(self._double_clicked)
        heading = self.horizontalHeader()
        heading.setSectionsClickable(True)
        heading.setHighlightSections(False)
        heading.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        heading.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        heading.customContextMenuRequested.connect(self.columns_asked)
        heading.sectionClicked.connect(self.sort_asked)
        heading.sectionResized.connect(self._resized)
        self._setting = False
        self._at_hand = QPersistentModelIndex()

    def show_table(self, widths: Sequence[int], sorted_by: int | None, *, reverse: bool) -> None:
        """Columns of these widths in pixels; ``sorted_by`` has the arrow. No widths: cards."""
        heading = self.horizontalHeader()
        self._setting = True  # what is set here is nobody's choice
        heading.setVisible(bool(widths))
        stretch, drag = QHeaderView.ResizeMode.Stretch, QHeaderView.ResizeMode.Interactive
        heading.setSectionResizeMode(drag if widths else stretch)
        heading.setStretchLastSection(bool(widths))
        for at, width in enumerate(widths):
            heading.resizeSection(at, width)
        heading.setSortIndicatorShown(sorted_by is not None and bool(widths))
        if sorted_by is not None:
            down = Qt.SortOrder.DescendingOrder
            heading.setSortIndicator(sorted_by, down if reverse else Qt.SortOrder.AscendingOrder)
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if widths else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setHorizontalScrollBarPolicy(policy)
        self._setting = False

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Rows are what is chosen: left and right scroll, Home and End go to the first and last row."""
        bar = self.horizontalScrollBar()
        moves = QAbstractItemView.CursorAction
        if action in (moves.MoveLeft, moves.MoveRight):
            bar.setValue(bar.value() + (40 if action is moves.MoveRight else -40))
            return self.currentIndex()
        if action in (moves.MoveHome, moves.MoveEnd):
            model = self.model()
            return model.index(0 if action is moves.MoveHome else model.rowCount() - 1, 0)
        return super().moveCursor(action, modifiers)

    @Slot(int, int, int)
    def _resized(self, at: int, _before: int, width: int) -> None:
        if not self._setting and not self.horizontalHeader().isHidden():
            self.resized.emit(at, width)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; letters are left to the commands instead of jumping about."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat()
        if enter and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.opened.emit()
            return
        if event.text().strip() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        super().keyPressEvent(event)

    def settle(self) -> None:
        """Lays the rows out now instead of in a moment."""
        self.executeDelayedItemsLayout()
        self.updateGeometries()

    def setCurrentIndex(self, index: Index) -> None:
        """A row is chosen alone, whatever keys are held while the program does it."""
        self.selectionModel().setCurrentIndex(index, _ALONE)

    def chosen_rows(self) -> list[tuple[int, int]]:
        """Places of the chosen rows as (first, last), from top to bottom: all of a million are one pair."""
        parts = self.selectionModel().selection()
        return sorted({(parts.at(at).top(), parts.at(at).bottom()) for at in range(parts.count())})

    def chosen_count(self) -> int:
        """How many rows are chosen."""
        return sum(last - first + 1 for first, last in self.chosen_rows())

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tells which row is current now."""
        super().currentChanged(current, previous)
        if (not previous.isValid() or current.row() != previous.row()) and not self._beside(current):
            self._tell(current)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """A screen reader selects a row without moving the cursor there: the case follows all the same."""
        super().selectionChanged(selected, deselected)
        rows, current = self.chosen_rows(), self.currentIndex()
        if rows and rows[0][0] == rows[-1][1] != current.row():
            if not selected.isEmpty():
                self.selectionModel().setCurrentIndex(self.model().index(rows[0][0], 0), _KEEP)
            else:  # what was chosen beside it was let go
                self._tell(self.model().index(rows[0][0], 0))
        elif current.isValid() and not self._beside(current) and current.row() != self._at_hand.row():
            self._tell(current)
        self.chosen_changed.emit()

    def reset(self) -> None:
        """Another list: nothing of it is chosen yet."""
        super().reset()
        self._at_hand = QPersistentModelIndex()
        self.chosen_changed.emit()

    def _beside(self, current: Index) -> bool:
        """Whether the cursor walks beside what is chosen."""
        chosen = self.selectionModel()
        return current.isValid() and chosen.hasSelection() and not chosen.isRowSelected(current.row())

    def _tell(self, at_hand: Index) -> None:
        self._at_hand = QPersistentModelIndex(at_hand)
        self.moved.emit(at_hand.data(ROW_ROLE) if at_hand.isValid() else None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A list with rows always has a current one."""
        super().focusInEvent(event)
        model = self.model()
        if not self.currentIndex().isValid() and model is not None and model.rowCount():
            self.setCurrentIndex(model.index(0, 0))

    @Slot(QModelIndex)
    def _double_clicked(self, _index: QModelIndex) -> None:
        self.opened.emit()
