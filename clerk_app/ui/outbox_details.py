"""One outgoing entry in full: why it stands where it stands, what comes next, each step, the proof."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from clerk_app.domain.errors import ClerkError
from clerk_app.texts import _
from clerk_app.texts.errors import sentence
from clerk_app.ui.notice import Notice
from clerk_app.ui.outbox_model import facts, step_lines, warning, why_words
from clerk_app.ui.reflow import ScrollingColumn
from clerk_app.ui.rows_model import RowsModel, RowsView
from clerk_app.ui.widgets import column, label, row
from clerk_app.ui.workbench import Workbench
from clerk_app.usecases.outbox_watch import EntryStory, Watched


class OutboxDetails(QWidget):
    """Left the sentences and facts, right the steps."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        theme = bench.theme
        self.title = label("", "section", wrap=True, selectable=True)
        self.warning = Notice(theme)
        self.why = label("", wrap=True, selectable=True)
        self.what_next = label("", wrap=True, selectable=True)
        self.facts = label("", "muted", wrap=True, selectable=True)
        self.facts.setAlignment(Qt.AlignmentFlag.AlignTop)
        told = QWidget()
        lines = column(margins=(20, 10, 12, 10), spacing=6)
        lines.addWidget(self.title)
        lines.addWidget(self.warning)
        self._why_head = label(_("Warum"), "caption")
        self._next_head = label(_("Was jetzt"), "caption")
        for part in (self._why_head, self.why, self._next_head, self.what_next):
            lines.addWidget(part)
        lines.addSpacing(4)
        lines.addWidget(self.facts)
        lines.addStretch(1)
        told.setLayout(lines)
        self.steps = RowsModel(theme, (_("Wann"), _("Schritt"), _("Wer")))
        self.steps_view = RowsView(theme, self.steps, _("Schritte des Eintrags"), 1)
        self.steps_view.horizontalHeader().setResizeContentsPrecision(-1)  # rows out of sight count
        beside = column(margins=(8, 10, 12, 10))
        beside.addWidget(self.steps_view)
        layout = row()
        layout.addWidget(ScrollingColumn(told), 1)
        layout.addLayout(beside, 1)
        self.setLayout(layout)
        self.setMinimumHeight(theme.px(150))

    def show_entry(self, each: Watched | None, now: datetime) -> None:
        """What the list knows already, at once; the story follows."""
        self.title.setText(each.entry.title if each else "")
        why, what_next = why_words(each, now) if each else ("", "")
        for words, text in ((self.why, why), (self.what_next, what_next)):
            if words.text() != text:
                words.setText(text)
        for head in (self._why_head, self._next_head):
            head.setVisible(each is not None)
        level, words_above = warning(each) if each else ("info", "")
        self.warning.show_words(level, words_above)
        if each is None:
            self.facts.setText("")
            self.steps.show([])

    def show_story(self, story: EntryStory, now: datetime) -> None:
        """The entry in full."""
        self.show_entry(story.watched, now)
        self.facts.setText(facts(story))
        self.steps.show(step_lines(story))
        self.steps_view.resizeColumnsToContents()

    def show_trouble(self, error: ClerkError) -> None:
        """The story cannot be told: what, why, what now."""
        self.warning.show_words("bad", sentence(error))
        self.facts.setText("")
        self.steps.show([])
