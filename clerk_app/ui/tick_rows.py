"""A short table whose rows can be ticked: with the mouse, with Space, all with Ctrl+A."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from clerk_app.texts import _
from clerk_app.ui.rows_model import NO_PARENT, Index, Line, RowsModel, RowsView
from clerk_app.ui.theme import Theme


class TickModel(RowsModel):
    """Lines with a box in front. ``ticked`` says of a line whether it is ticked; None means: has no box.

    ``toggled`` carries the key of the line whose box was chosen.
    """

    toggled = Signal(str)

    def __init__(self, theme: Theme, headings: Sequence[str], ticked: Callable[[Line], bool | None]) -> None:
        super().__init__(theme, headings)
        self._ticked = ticked

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A box can be ticked where there is one."""
        flags = super().flags(index)
        line = self.line(index.row())
        if index.column() == 0 and line is not None and self._ticked(line) is not None:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The box, and for screen readers a word about it."""
        line = self.line(index.row())
        if line is not None and index.column() == 0:
            ticked = self._ticked(line)
            if role == Qt.ItemDataRole.CheckStateRole and ticked is not None:
                return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
            if role == Qt.ItemDataRole.AccessibleTextRole and ticked is not None:
                words = _("angekreuzt") if ticked else _("nicht angekreuzt")
                return f"{words}, {super().data(index, role)}"
        return super().data(index, role)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A click on the box."""
        line = self.line(index.row())
        if role != Qt.ItemDataRole.CheckStateRole or line is None or self._ticked(line) is None:
            return False
        self.toggled.emit(line.key)
        return True

    def refresh_ticks(self) -> None:
        """The boxes are to be drawn anew."""
        if self.rowCount(NO_PARENT):
            last = self.index(self.rowCount(NO_PARENT) - 1, 0)
            self.dataChanged.emit(self.index(0, 0), last)


class TickView(RowsView):
    """Space ticks the row with the focus. ``all_wanted`` when Ctrl+A was pressed."""

    all_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Ctrl+A; everything else as in every table."""
        model = self.model()
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.all_wanted.emit()
        elif event.key() == Qt.Key.Key_Space and isinstance(model, TickModel):
            at = model.index(self.currentIndex().row(), 0)
            model.setData(at, None, Qt.ItemDataRole.CheckStateRole)
        else:
            super().keyPressEvent(event)
