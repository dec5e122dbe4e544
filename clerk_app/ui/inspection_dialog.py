"""Akteneinsicht: who looks into the file, why, and what is not shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QWidget

from clerk_app.domain.inspection import InspectedDocument
from clerk_app.texts import _, formats, ngettext
from clerk_app.ui.filing import InspectionWish
from clerk_app.ui.practice import add_practice_band
from clerk_app.ui.rows_model import Cell, Line
from clerk_app.ui.tick_rows import TickModel, TickView
from clerk_app.ui.widgets import column, label
from clerk_app.ui.workbench import Workbench


class InspectionDialog(QDialog):
    """The documents of the file with a tick each: what is not ticked is named in the index as withheld."""

    def __init__(self, parent: QWidget, bench: Workbench, documents: Sequence[InspectedDocument]) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Akteneinsicht"))
        self._shown = {each.document_id for each in documents}
        self._all = frozenset(self._shown)
        headings = (_("Nr."), _("Dokument"), _("Datum"))
        self.model = TickModel(bench.theme, headings, lambda line: line.key in self._shown)
        self.view = TickView(bench.theme, self.model, _("Dokumente der Akte"), 1)
        self.recipient, self.reason = QLineEdit(), QLineEdit()
        self._count = label("", "muted")
        self._build(bench)
        self.model.show([_line(each) for each in documents])
        self.model.toggled.connect(self._toggle)
        self.view.all_wanted.connect(self._toggle_all)
        if documents:
            self.view.setCurrentIndex(self.model.index(0, 0))
        self._tell()

    def _build(self, bench: Workbench) -> None:
        body = column(margins=(20, 16, 20, 16), spacing=8)
        for words, field in ((_("Wer nimmt Einsicht"), self.recipient), (_("Anlass"), self.reason)):
            caption = label(words)
            caption.setBuddy(field)
            field.setAccessibleName(words)
            field.setMaxLength(200)
            body.addWidget(caption)
            body.addWidget(field)
        hint = _("Was nicht angekreuzt ist, nennt das Verzeichnis als nicht vorgelegt (Leertaste, Strg+A).")
        body.addWidget(label(hint, "muted", wrap=True))
        body.addWidget(self.view, 1)
        body.addWidget(self._count)
        self._buttons = QDialogButtonBox()
        self.make = self._buttons.addButton(_("Zusammenstellen"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.make.setProperty("kind", "primary")
        self.make.setDefault(True)
        self._buttons.addButton(_("Abbrechen"), QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        body.addWidget(self._buttons)
        layout = column()
        add_practice_band(layout, bench.office)
        layout.addLayout(body)
        self.setLayout(layout)
        self.resize(bench.theme.px(680), bench.theme.px(560))
        self.recipient.setFocus()

    def wanted(self) -> InspectionWish:
        """What the clerk chose."""
        return InspectionWish(self._all - self._shown, self.recipient.text(), self.reason.text())

    @Slot(str)
    def _toggle(self, document_id: str) -> None:
        self._shown ^= {document_id}
        self._tell()

    @Slot()
    def _toggle_all(self) -> None:
        self._shown = set() if self._shown == self._all else set(self._all)
        self._tell()

    def _tell(self) -> None:
        self.model.refresh_ticks()
        count = len(self._shown)
        words = ngettext("{n} Dokument wird vorgelegt", "{n} Dokumente werden vorgelegt", count)
        self._count.setText(words.format(n=count))
        self.make.setEnabled(count > 0)
        self.make.setToolTip("" if count else _("Es ist kein Dokument angekreuzt."))


def _line(document: InspectedDocument) -> Line:
    named = document.filename and document.filename not in document.title
    title = f"{document.title} ({document.filename})" if named else document.title
    day = formats.day(document.day) if document.day else ""
    return Line(document.document_id, (Cell(str(document.number)), Cell(title, whole=True), Cell(day)))
