"""Both decisions of a case, line by line: what counts, what came back."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QWidget

from clerk_app.texts import _
from clerk_app.ui.practice import add_practice_band
from clerk_app.ui.rows_model import Cell, RowsModel, RowsView
from clerk_app.ui.rows_model import Line as Row
from clerk_app.ui.widgets import column, label
from clerk_app.ui.workbench import Workbench
from clerk_app.usecases.two_decisions import Line, TwoDecisions


class TwoDecisionsDialog(QDialog):
    """A line stands under the decision it belongs to; what both say stands under both."""

    def __init__(self, parent: QWidget, bench: Workbench, found: TwoDecisions) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Zwei Bescheide vergleichen"))
        counts = _("Gilt: von {who}").format(who=found.counts_by)
        returned = _("Nicht abgegangen: von {who}").format(who=found.returned_by)
        self.model = RowsModel(bench.theme, (counts, returned))
        self.view = RowsView(bench.theme, self.model, _("Beide Texte"), 0)
        self.view.horizontalHeader().setSectionResizeMode(1, self.view.horizontalHeader().ResizeMode.Stretch)
        words = (
            _("Farbig ist, was nur in einem von beiden steht.")
            if found.differ
            else _("Beide sagen dasselbe.")
        )
        buttons = QDialogButtonBox()
        self.shut = buttons.addButton(_("Schließen"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        body = column(margins=(20, 16, 20, 16), spacing=10)
        body.addWidget(label(words, "muted", wrap=True))
        body.addWidget(self.view, 1)
        body.addWidget(buttons)
        layout = column()
        add_practice_band(layout, bench.office)
        layout.addLayout(body)
        self.setLayout(layout)
        self.resize(bench.theme.px(900), bench.theme.px(520))
        self.model.show([_row(at, line, text) for at, (line, text) in enumerate(found.lines)])
        self.view.setFocus()


def _row(at: int, line: Line, text: str) -> Row:
    nothing = Cell("")
    if line is Line.SAME:
        return Row(str(at), (Cell(text, role="muted", whole=True), Cell(text, role="muted", whole=True)))
    if line is Line.COUNTS:
        return Row(str(at), (Cell(text, role="ok", bold=True, whole=True), nothing))
    return Row(str(at), (nothing, Cell(text, role="warn", bold=True, whole=True)))
