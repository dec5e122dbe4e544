"""Part "Bezüge" of the review page: other cases that share something with this one. It never blocks."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from clerk_app.domain.relations import RelatedCases
from clerk_app.texts import _
from clerk_app.ui.empty_state import EmptyState
from clerk_app.ui.reflow import ScrollingColumn
from clerk_app.ui.related_list import RelatedList
from clerk_app.ui.related_model import footer, related_lines
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import column, hairline, label
from clerk_app.ui.workbench import Workbench


class _Foot(ScrollingColumn):
    """A few lines below a list; more of them scroll, so that the list keeps its room."""

    def __init__(self, words: QLabel, theme: Theme) -> None:
        inside = QWidget()
        lines = column()
        lines.addWidget(words)
        inside.setLayout(lines)
        super().__init__(inside)
        self._lines, self._theme = lines, theme

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other widths break the lines elsewhere."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """As high as its words, up to three lines."""
        needed = self._lines.totalHeightForWidth(max(80, self.viewport().width()))
        self.setFixedHeight(min(max(0, needed), self._theme.px(74)))


class RelatedPanel(QWidget):
    """``opened`` carries the CaseRow to look at, ``again`` asks to read once more after an error."""

    opened = Signal(object)
    again = Signal()
    chosen = Signal()

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self.view = RelatedList(bench.theme, bench.now, bench.today)
        self.empty = EmptyState(bench.theme)
        self._foot = label("", "muted", wrap=True, selectable=True)
        self._foot.setContentsMargins(20, 8, 16, 10)
        self._foot_scroll = _Foot(self._foot, bench.theme)
        self._rule = hairline()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.view)
        layout = column()
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._rule)
        layout.addWidget(self._foot_scroll)
        self.setLayout(layout)
        self.view.opened.connect(self.opened)
        self.view.chosen.connect(self.chosen)
        self.empty.acted.connect(self.again)
        self.show_loading()

    @Slot()
    def show_loading(self) -> None:
        """Another case: what was shown is not about it."""
        self.view.show_lines(())
        self.empty.show_loading()
        self._stack.setCurrentWidget(self.empty)
        self._show_foot("")

    def show_related(self, found: RelatedCases) -> None:
        """What the case at hand has in common with others."""
        self.view.show_lines(related_lines(found))
        self.empty.show_state(
            "check_circle",
            _("Keine Bezüge zu anderen Vorgängen."),
            _("Gesucht wurde in diesem Büro nach gleicher Person, Anschrift, Organisation und Anlage."),
            "",
        )
        self._stack.setCurrentWidget(self.view if found.cases else self.empty)
        self._show_foot(footer(found))

    def show_failed(self) -> None:
        """Nothing could be read; deciding does not wait for it."""
        self.view.show_lines(())
        self.empty.show_state("error", _("Die Bezüge ließen sich nicht lesen."), "", _("Erneut versuchen"))
        self._stack.setCurrentWidget(self.empty)
        self._show_foot("")

    def take_focus(self) -> None:
        """Puts the focus on the list, or on what stands in its place."""
        if self._stack.currentWidget() is self.view:
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.empty.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_foot(self, words: str) -> None:
        self._foot.setText(words)
        self._foot_scroll.setVisible(bool(words))
        self._foot_scroll.fit()
        self._rule.setVisible(bool(words))
