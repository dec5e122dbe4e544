"""Left side of the document request: what is missing, a clerk's own lines and words, until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QDate, Qt, Signal, Slot
from PySide6.QtWidgets import QDateEdit, QMenu, QPlainTextEdit, QPushButton, QWidget

from clerk_app.domain.letter_templates import TextBlock
from clerk_app.texts import _, language
from clerk_app.ui.gap_rows import GapRows
from clerk_app.ui.notice import Notice
from clerk_app.ui.reflow import FollowingColumn
from clerk_app.ui.widgets import column, label, row
from clerk_app.ui.workbench import Workbench


class RequestForm(QWidget):
    """Fields of the request. ``changed`` comes with every change by hand."""

    changed = Signal()

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self.due_chosen = False
        self.stand = label("", "section", wrap=True)
        self.pauses = label("", "muted", wrap=True, selectable=True)
        self.sum = QPushButton(_("Rechenweg"))
        self.derivation = label("", "muted", wrap=True, selectable=True)
        self.rows = GapRows(bench.theme)
        self.more = QPlainTextEdit()
        self.note = QPlainTextEdit()
        self.blocks = QPushButton(_("Textbaustein …"))
        self.due = QDateEdit()
        self.due_words = label("", "muted", wrap=True)
        self.way = Notice(bench.theme)
        self._build()
        self.rows.changed.connect(self.changed)
        self.more.textChanged.connect(self.changed)
        self.note.textChanged.connect(self.changed)
        self.due.dateChanged.connect(self._due_changed)

    def _build(self) -> None:
        inside = QWidget()
        lines = column(margins=(20, 14, 20, 14), spacing=8)
        self.sum.setProperty("kind", "flat")
        self.sum.setCheckable(True)
        self.sum.toggled.connect(self.derivation.setVisible)
        self.derivation.hide()
        for part in (self.stand, self.pauses):
            lines.addWidget(part)
        lines.addWidget(self.sum, 0, Qt.AlignmentFlag.AlignLeft)
        lines.addWidget(self.derivation)
        lines.addWidget(self.rows)
        more = label(_("Weitere Unterlagen (eine je Zeile)"), "section")
        more.setBuddy(self.more)
        lines.addWidget(more)
        lines.addWidget(self.more)
        head = row(spacing=8)
        note = label(_("Ihr Text (freiwillig)"), "section")
        note.setBuddy(self.note)
        self.blocks.setProperty("kind", "small")
        head.addWidget(note)
        head.addStretch(1)
        head.addWidget(self.blocks)
        lines.addLayout(head)
        lines.addWidget(self.note)
        self._below_note = column()
        lines.addLayout(self._below_note)
        due = label(_("Frist für die Antwort"), "section")
        due.setBuddy(self.due)
        lines.addWidget(due)
        lines.addWidget(self.due)
        lines.addWidget(self.due_words)
        lines.addWidget(self.way)
        lines.addStretch(1)
        inside.setLayout(lines)
        for field, name in ((self.more, more.text()), (self.note, note.text())):
            field.setAccessibleName(name)
            field.setTabChangesFocus(True)
            field.setFixedHeight(self._bench.theme.px(64))
        self.due.setAccessibleName(due.text())
        self.due.lineEdit().setAccessibleName(due.text())
        self.due.setCalendarPopup(True)
        self.due.setDisplayFormat("dd.MM.yyyy")
        whole = column()
        self.scrolled = FollowingColumn(inside)
        whole.addWidget(self.scrolled)
        self.setLayout(whole)

    def show_pauses(self, words: Sequence[str], sum_: str) -> None:
        """When the office's target stood; the way to the day it came to is one key away."""
        self.pauses.setText("\n".join(words))
        self.pauses.setVisible(bool(words))
        self.derivation.setText(sum_)
        self.sum.setVisible(bool(words and sum_))
        self.derivation.setVisible(self.sum.isChecked() and bool(words and sum_))

    def put_below_note(self, widget: QWidget) -> None:
        """Something about the clerk's own text, right below it."""
        self._below_note.addWidget(widget)

    def clear(self) -> None:
        """Empties what was typed; says nothing of it."""
        self.due_chosen = False
        for field in (self.more, self.note):
            field.blockSignals(True)
            field.clear()
            field.blockSignals(False)

    def fill(self, more: str, note: str, due_on: date | None) -> None:
        """What was typed before."""
        self.more.setPlainText(more)
        self.note.setPlainText(note)
        if due_on is not None:
            self.due.setDate(QDate(due_on.year, due_on.month, due_on.day))

    def show_blocks(self, blocks: Sequence[TextBlock]) -> None:
        """The service's text blocks for a request, to be put into the clerk's own text."""
        menu = QMenu(self.blocks)
        for block in blocks:
            act = menu.addAction(block.title.text(language()).replace("&", "&&"))
            act.triggered.connect(lambda _on=False, text=block.text: self.insert(text))
        old = self.blocks.menu()
        self.blocks.setMenu(menu)
        if old is not None:
            old.deleteLater()
        self.blocks.setVisible(bool(blocks))

    def insert(self, text: str) -> None:
        """Puts a text block at the end of the clerk's own text, as a paragraph."""
        before = self.note.toPlainText().rstrip()
        self.note.setPlainText(f"{before}\n\n{text}" if before else text)

    # the day

    def chosen_day(self) -> date | None:
        """The day a clerk chose, else None."""
        on = self.due.date()
        return date(on.year(), on.month(), on.day()) if self.due_chosen else None

    def propose_day(self, on: date) -> None:
        """Shows the office's proposal unless a clerk chose a day."""
        if not self.due_chosen:
            self.due.blockSignals(True)
            self.due.setDate(QDate(on.year, on.month, on.day))
            self.due.blockSignals(False)
        self.show_due_words()

    def show_due_words(self) -> None:
        """Where the day comes from."""
        chosen = self.chosen_day()
        if chosen is not None and chosen < self._bench.today():
            self.due_words.setText(_("Dieser Tag ist schon vorbei."))
        elif chosen is not None:
            self.due_words.setText(_("Eigene Frist"))
        else:
            self.due_words.setText(_("Vorschlag nach den Regeln der Leistung und dem Kalender des Landes"))

    @Slot()
    def _due_changed(self) -> None:
        self.due_chosen = True
        self.show_due_words()
        self.changed.emit()
