"""Lesemodus: a case as one document from top to bottom, its headings beside it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtWidgets import QSplitter

from clerk_app.texts import _
from clerk_app.ui.blocks import BlockKind
from clerk_app.ui.commands import Commands
from clerk_app.ui.dossier import Dossier
from clerk_app.ui.page import Page
from clerk_app.ui.reading_model import reading_blocks
from clerk_app.ui.reading_text import ReadingText
from clerk_app.ui.rows_model import Cell, Line, RowsModel, RowsView
from clerk_app.ui.widgets import column
from clerk_app.ui.workbench import Workbench


class ReadingPage(Page):
    """Everything of one case. News of the case are put in; the place stays."""

    def __init__(self, bench: Workbench, _commands: Commands) -> None:
        super().__init__()
        self._case_id = ""
        self.text = ReadingText(bench.theme)
        self.model = RowsModel(bench.theme, (_("Überschriften (H und Umschalt+H im Text)"),))
        self.outline = RowsView(bench.theme, self.model, _("Überschriften des Vorgangs"), 0)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.outline)
        self.splitter.addWidget(self.text)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([bench.theme.px(300), bench.theme.px(740)])
        layout = column()
        layout.addWidget(self.splitter)
        self.setLayout(layout)
        self.outline.activated.connect(self._activated)
        self.text.at_heading.connect(self._mark)

    def show_dossier(self, dossier: Dossier) -> None:
        """A case, or the same case with news."""
        blocks = reading_blocks(dossier)
        same = dossier.case.row.case_id == self._case_id
        place = self.text.textCursor().position()
        self._case_id = dossier.case.row.case_id
        self.text.show_blocks(blocks)
        if same:
            cursor = self.text.textCursor()
            cursor.setPosition(min(place, max(0, self.text.document().characterCount() - 1)))
            self.text.setTextCursor(cursor)
        self.model.show(
            [
                Line(f"{at}-{block.text}", (Cell(_indented(block.kind, block.text), whole=True),))
                for at, block in enumerate(self.text.headings())
            ]
        )
        if not self.outline.currentIndex().isValid():
            self.outline.setCurrentIndex(self.model.index(0, 0))

    def focus_content(self) -> None:
        """Puts the focus on the text: reading begins."""
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_narrow(self, narrow: bool) -> None:
        """Little room: the text alone; H still goes from heading to heading."""
        self.outline.setVisible(not narrow)

    @Slot(QModelIndex)
    def _activated(self, index: QModelIndex) -> None:
        self.text.go_to_heading(index.row())
        self.focus_content()

    @Slot(int)
    def _mark(self, number: int) -> None:
        self.outline.setCurrentIndex(self.model.index(number, 0))


def _indented(kind: BlockKind, text: str) -> str:
    return f"    {text}" if kind is BlockKind.SUBHEADING else text
