"""Barrierefreiheit prüfen: the checks of the screen behind it, as a table that can be copied."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QWidget

from clerk_app.texts import _
from clerk_app.ui.access_check import AccessLine, Verdict, as_text
from clerk_app.ui.practice import add_practice_band
from clerk_app.ui.rows_model import Cell, Line, RowsModel, RowsView
from clerk_app.ui.widgets import column, label
from clerk_app.ui.workbench import Workbench

_LOOKS = {
    Verdict.MET: ("check_circle", "ok"),
    Verdict.NOT_MET: ("error", "bad"),
    Verdict.NOTE: ("info", "info"),
    Verdict.BY_HAND: ("help", "warn"),
}


class AccessDialog(QDialog):
    """One line for each requirement."""

    def __init__(self, parent: QWidget, bench: Workbench, lines: list[AccessLine]) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setWindowTitle(_("Barrierefreiheit prüfen"))
        headings = (_("Ergebnis"), _("Anforderung"), _("Abschnitt"), _("Einzelheiten"))
        self.model = RowsModel(bench.theme, headings)
        self.view = RowsView(bench.theme, self.model, _("Ergebnisse"), 3)
        words = label(
            _("Geprüft wurde die Ansicht dahinter, so wie sie jetzt steht, nach EN 301 549, Kapitel 11."),
            "muted",
            wrap=True,
        )
        buttons = QDialogButtonBox()
        self.copy = QPushButton(_("Als Text kopieren"))
        buttons.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        self.shut = buttons.addButton(_("Schließen"), QDialogButtonBox.ButtonRole.RejectRole)
        self.copy.clicked.connect(self._copy)
        buttons.rejected.connect(self.reject)
        body = column(margins=(20, 16, 20, 16), spacing=10)
        body.addWidget(words)
        body.addWidget(self.view, 1)
        body.addWidget(buttons)
        layout = column()
        add_practice_band(layout, bench.office)
        layout.addLayout(body)
        self.setLayout(layout)
        self.resize(bench.theme.px(860), bench.theme.px(480))
        self.model.show([_line(at, line) for at, line in enumerate(lines)])
        self.view.setFocus()

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(as_text(self._lines))


def _line(at: int, line: AccessLine) -> Line:
    icon, role = _LOOKS[line.verdict]
    cells = (
        Cell(_(line.verdict.value), icon, role),
        Cell(line.title),
        Cell(line.clause, role="muted"),
        Cell(line.details, role="muted", whole=True),
    )
    return Line(str(at), cells, line)
