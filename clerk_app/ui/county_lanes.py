"""The county's board as columns: each lane with its most urgent cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QWidget

from clerk_app.domain.county import CountyFacts, Lane
from clerk_app.texts import _, county_words
from clerk_app.texts.formats import day
from clerk_app.ui.rows_model import Cell, Line, RowsModel, RowsView
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import column, label, row


class CountyLanes(QWidget):
    """Four columns; what is chosen in any of them is at hand. ``chosen_changed`` tells that it changed."""

    chosen_changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.models: dict[Lane, RowsModel] = {}
        self.views: dict[Lane, RowsView] = {}
        self._captions = {lane: label("", "section") for lane in Lane}
        whole = row(spacing=12)
        for lane in Lane:
            model = self.models[lane] = RowsModel(theme, (_("Vorgang"), _("Frist")))
            view = self.views[lane] = RowsView(theme, model, county_words.lane_word(lane), 0)
            view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
            view.selectionModel().selectionChanged.connect(lambda *_changed: self.chosen_changed.emit())
            lines = column(spacing=4)
            lines.addWidget(self._captions[lane])
            lines.addWidget(view, 1)
            whole.addLayout(lines, 1)
        self.setLayout(whole)

    def show_cases(self, found: Sequence[CountyFacts], counts: Sequence[int], today: date) -> None:
        """``counts``: how many each lane holds, in the order of ``Lane``; here are the most urgent ones."""
        for lane, count in zip(Lane, counts, strict=True):
            self._captions[lane].setText(f"{county_words.lane_word(lane)} ({count})")
            self.models[lane].show([_line(facts) for facts in found if facts.lane(today) is lane])

    def chosen(self) -> list[CountyFacts]:
        """What is selected, column by column."""
        found = []
        for lane, view in self.views.items():
            for row_at in sorted(index.row() for index in view.selectionModel().selectedRows()):
                line = self.models[lane].line(row_at)
                if line is not None and isinstance(line.subject, CountyFacts):
                    found.append(line.subject)
        return found


def _line(facts: CountyFacts) -> Line:
    due = day(facts.due_on) if facts.due_on is not None else ""
    words = f"{facts.office_name}: {facts.service}"
    return Line(f"{facts.key.office_id}/{facts.key.case_id}", (Cell(words, whole=True), Cell(due)), facts)
