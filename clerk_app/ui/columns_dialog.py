"""Spalten wählen: Space ticks, Alt with an arrow moves."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListWidget, QListWidgetItem, QPushButton, QWidget

from clerk_app.texts import _
from clerk_app.ui.case_columns import COLUMNS, USUAL
from clerk_app.ui.practice import add_practice_band
from clerk_app.ui.widgets import column, label, row
from clerk_app.ui.workbench import Workbench

_NAME = Qt.ItemDataRole.UserRole


class ColumnsDialog(QDialog):
    """``chosen`` are the columns from left to right; at least one stays."""

    def __init__(self, parent: QWidget, bench: Workbench, shown: Sequence[str]) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Spalten"))
        self.list = QListWidget()
        self.list.setProperty("kind", "choices")
        self.list.setAccessibleName(_("Spalten"))
        self.list.installEventFilter(self)
        self.list.itemChanged.connect(self._ticked)
        words = label(_("Leertaste zeigt oder verbirgt, Alt mit Pfeil verschiebt."), "muted", wrap=True)
        words.setBuddy(self.list)
        self._up, self._down = QPushButton(_("Nach oben")), QPushButton(_("Nach unten"))
        self._up.clicked.connect(lambda: self._move(-1))
        self._down.clicked.connect(lambda: self._move(1))
        usual = QPushButton(_("Auf Standard zurücksetzen"))
        usual.clicked.connect(lambda: self._fill(USUAL))
        moving = row(spacing=8)
        for button in (self._up, self._down, usual):
            moving.addWidget(button)
        moving.addStretch(1)
        buttons = QDialogButtonBox()
        self.button = QPushButton(_("Übernehmen"))
        self.button.setProperty("kind", "primary")
        self.button.setDefault(True)
        buttons.addButton(self.button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(_("Abbrechen"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        body = column(margins=(20, 16, 20, 16), spacing=10)
        body.addWidget(words)
        body.addWidget(self.list, 1)
        body.addLayout(moving)
        body.addWidget(buttons)
        layout = column()
        add_practice_band(layout, bench.office)
        layout.addLayout(body)
        self.setLayout(layout)
        self.resize(bench.theme.px(460), bench.theme.px(490))
        self._fill(shown)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ticked columns in order."""
        items = (self.list.item(at) for at in range(self.list.count()))
        return tuple(str(item.data(_NAME)) for item in items if item.checkState() is Qt.CheckState.Checked)

    def _fill(self, shown: Sequence[str]) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for name in (*shown, *(name for name in COLUMNS if name not in shown)):
            item = QListWidgetItem(_(COLUMNS[name].title))
            item.setData(_NAME, name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if name in shown else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.blockSignals(False)
        self._ticked()

    @Slot()
    def _ticked(self) -> None:
        self.button.setEnabled(bool(self.chosen))

    def _move(self, by: int) -> None:
        at = self.list.currentRow()
        to = at + by
        if at >= 0 and 0 <= to < self.list.count():
            item = self.list.takeItem(at)
            self.list.insertItem(to, item)
            self.list.setCurrentRow(to)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Alt with an arrow moves the column."""
        if isinstance(event, QKeyEvent) and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            moves: dict[int, int] = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
            by = moves.get(event.key())
            if by is not None and event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if by is not None and event.type() == QEvent.Type.KeyPress:
                self._move(by)
                return True
        return False
