"""Entwurfsverlauf: every state of what was typed, what differs from now, and the way back."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QSplitter, QWidget

from clerk_app.domain.typed import TypedState, typed_lines
from clerk_app.texts import _, formats, ngettext
from clerk_app.ui.empty_state import EmptyState
from clerk_app.ui.practice import add_practice_band
from clerk_app.ui.rows_model import Cell, Line, RowsModel, RowsView
from clerk_app.ui.widgets import column, label
from clerk_app.ui.workbench import Workbench

Fields = Mapping[str, object]


def differing_lines(then: Sequence[str], now: Sequence[str]) -> list[str]:
    """The words of then, line by line, with what is not there now marked ``+`` (it would come back) and what
    came since marked ``−`` (it would go)."""
    marks = {"+ ": "+ ", "- ": "− ", "  ": "   "}
    return [marks[line[:2]] + line[2:] for line in difflib.ndiff(list(now), list(then)) if line[:2] in marks]


class DraftHistory(QDialog):
    """States on the left, newest first; on the right the words with what differs. ``restore`` gets the fields
    the clerk wants back."""

    def __init__(
        self,
        parent: QWidget,
        bench: Workbench,
        states: Sequence[TypedState],
        now: Fields,
        restore: Callable[[Fields], None],
    ) -> None:
        super().__init__(parent)
        self._states = [state for state in states if dict(state.fields) != dict(now)]
        self._now, self._restore = now, restore
        self.setWindowTitle(_("Entwurfsverlauf"))
        theme = bench.theme
        self.model = RowsModel(theme, (_("Wann"), _("Umfang"), _("Beginnt mit")))
        self.view = RowsView(theme, self.model, _("Stände des Entwurfs"), 2)
        self.words = QPlainTextEdit()
        self.words.setReadOnly(True)
        self.words.setTabChangesFocus(True)
        self.words.setAccessibleName(_("Text dieses Stands"))
        self._hint = label("", "muted", wrap=True)
        self._build(bench)
        self.model.show([_line(state) for state in self._states])
        self.view.selectionModel().currentRowChanged.connect(self._show)
        if self._states:
            self.view.setCurrentIndex(self.model.index(0, 0))
            self.view.setFocus()
        self._show()

    def _build(self, bench: Workbench) -> None:
        empty = EmptyState(bench.theme)
        empty.show_state(
            "history", _("Es gibt keinen anderen Stand."), _("Getipptes steht hier nach einer Sekunde."), ""
        )
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.view if self._states else empty)
        splitter.addWidget(self.words)
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 1)
        self._buttons = QDialogButtonBox()
        self.back = self._buttons.addButton(
            _("Diesen Stand zurückholen"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.back.setProperty("kind", "primary")
        self.back.setDefault(True)
        self._buttons.addButton(_("Schließen"), QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.accepted.connect(self._take)
        self._buttons.rejected.connect(self.reject)
        body = column(margins=(20, 16, 20, 16), spacing=8)
        body.addWidget(splitter, 1)
        body.addWidget(self._hint)
        body.addWidget(self._buttons)
        layout = column()
        add_practice_band(layout, bench.office)
        layout.addLayout(body)
        self.setLayout(layout)
        self.resize(bench.theme.px(820), bench.theme.px(520))

    def current(self) -> TypedState | None:
        """The state that is looked at."""
        at = self.view.currentIndex().row()
        return self._states[at] if 0 <= at < len(self._states) else None

    @Slot()
    def _show(self) -> None:
        state = self.current()
        self.back.setEnabled(state is not None)
        self.back.setToolTip("" if state is not None else _("Es gibt keinen anderen Stand."))
        if state is None:
            self._hint.setText("")
            return
        lines = differing_lines(typed_lines(state.fields), typed_lines(self._now))
        self.words.setPlainText("\n".join(lines))
        self._hint.setText(_("+ kommt zurück, − ginge weg. Was jetzt da steht, bleibt im Verlauf."))

    @Slot()
    def _take(self) -> None:
        state = self.current()
        if state is not None:
            self.accept()
            self._restore(state.fields)


def _line(state: TypedState) -> Line:
    lines = typed_lines(state.fields)
    size = sum(len(line) for line in lines)
    words = ngettext("{n} Zeichen", "{n} Zeichen", size).format(n=formats.number(size))
    begins = lines[0] if lines else "–"
    return Line(
        str(state.sequence), (Cell(formats.moment_exact(state.at)), Cell(words), Cell(begins, whole=True))
    )
