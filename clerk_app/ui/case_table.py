"""The list of cases as a view: one column, one height, one announcement for a row."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from clerk_app.texts import _
from clerk_app.ui.case_list_model import ROW_ROLE, Index


class CaseTable(QTableView):
    """The list itself: one column, rows of one height, so that a million rows cost nothing."""

    opened = Signal()
    moved = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Vorgangsliste"))
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.doubleClicked.connect(self._double_clicked)

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

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tells which row is current now."""
        super().currentChanged(current, previous)
        self.moved.emit(current.data(ROW_ROLE) if current.isValid() else None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A list with rows always has a current one."""
        super().focusInEvent(event)
        model = self.model()
        if not self.currentIndex().isValid() and model is not None and model.rowCount():
            self.setCurrentIndex(model.index(0, 0))

    @Slot(QModelIndex)
    def _double_clicked(self, _index: QModelIndex) -> None:
        self.opened.emit()
