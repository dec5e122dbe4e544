"""How each list is shown: cards or table, columns, widths, order; kept from one start to the next."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QDialog

from clerk_app.ui.case_columns import COLUMNS, ListLook, look_from
from clerk_app.ui.case_delegate import CaseDelegate
from clerk_app.ui.case_list_model import CaseListModel
from clerk_app.ui.case_table import CaseTable, TableDelegate
from clerk_app.ui.columns_dialog import ColumnsDialog
from clerk_app.ui.workbench import Workbench

_LOOKS = "lists"
_KEEP_WIDTH_MS = 500


class ListLooks(QObject):
    """The look of the list in front. ``changed``: cards became a table, or a table cards; ``sorted``: another
    order is asked for. A list never looked at takes over cards or table from the others."""

    changed = Signal()
    sorted = Signal()

    def __init__(self, bench: Workbench, view: CaseTable, model: CaseListModel, name: str) -> None:
        super().__init__(view)
        self._bench, self._view, self._model = bench, view, model
        self._name, self.look = name, self.of(name)
        self._cards = CaseDelegate(bench.theme, bench.now, bench.today, view)
        self._cells = TableDelegate(bench.theme, bench.today, model.cell, view)
        self._widened = QTimer(self, singleShot=True, interval=_KEEP_WIDTH_MS)
        self._widened.timeout.connect(self._keep)
        view.sort_asked.connect(self._sort)
        view.resized.connect(self._widen)
        view.columns_asked.connect(self.choose_columns)

    def of(self, name: str) -> ListLook:
        """The kept look of a list, which is the one in front from now on."""
        self._name = name
        kept = self._all()
        return look_from(kept.get(name) or {"table": kept.get("table")})

    def take(self, look: ListLook) -> None:
        """Shows the list so, without keeping it."""
        before, self.look = self.look, look
        self._widened.stop()
        self._model.set_columns(look.columns if look.table else ())
        self._cells.columns = self._model.columns
        self.dress()
        if before.table is not look.table:
            self.changed.emit()

    def dress(self) -> None:
        """Sizes for the text size in force."""
        theme, columns = self._bench.theme, self._model.columns
        self._view.setItemDelegate(self._cells if self.look.table else self._cards)
        self._view.verticalHeader().setDefaultSectionSize(self.row_height())
        by = [at for at, name in enumerate(columns) if COLUMNS[name].order is self.look.order]
        widths = [theme.px(self.look.width(name)) for name in columns]
        # the dot is sorted by arrival as well; the arrow belongs to the day
        self._view.show_table(widths, by[-1] if by else None, reverse=self.look.reverse)

    def row_height(self) -> int:
        """Height of a row in pixels."""
        return (self._cells if self.look.table else self._cards).row_height()

    def toggle_table(self) -> None:
        """Cards instead of a table, or the other way round."""
        self.choose(replace(self.look, table=not self.look.table))

    def choose(self, look: ListLook) -> None:
        """Shows the list so, from now on."""
        current = self._view.currentIndex().row()
        self.take(look)
        self._keep()
        if current >= 0 and not self._view.currentIndex().isValid():
            self._view.setCurrentIndex(self._model.index(current, 0))

    @Slot()
    def choose_columns(self) -> None:
        """Asks which columns are shown."""
        dialog = ColumnsDialog(self._view.window(), self._bench, self.look.columns)

        def finished(result: int) -> None:
            chosen = dialog.chosen
            dialog.deleteLater()
            if result == QDialog.DialogCode.Accepted and chosen:
                self.choose(replace(self.look, columns=chosen, table=True))

        dialog.finished.connect(finished)
        dialog.open()

    @Slot(int)
    def _sort(self, at: int) -> None:
        self.choose(self.look.sorted_by(COLUMNS[self.look.columns[at]].order))
        self.sorted.emit()

    @Slot(int, int)
    def _widen(self, at: int, width: int) -> None:
        self.look = self.look.with_width(self.look.columns[at], round(width / self._bench.theme.scale))
        self._widened.start()

    @Slot()
    def _keep(self) -> None:
        kept = {**self._all(), self._name: self.look.as_data(), "table": self.look.table}
        self._bench.settings.set(_LOOKS, kept)

    def _all(self) -> dict[str, object]:
        kept = self._bench.settings.get(_LOOKS)
        return kept if isinstance(kept, dict) else {}
