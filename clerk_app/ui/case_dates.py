"""Tab "Fristen" of a case: every deadline with its sum and its pauses, and the days clerks entered."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from clerk_app.domain.case_dates import REMINDERS, CaseDate, dates_of
from clerk_app.domain.deadlines import Deadline, DeadlineKind
from clerk_app.texts import _, formats
from clerk_app.texts.dates import date_label
from clerk_app.texts.derivations import deadline_label
from clerk_app.texts.gap_words import pause_lines
from clerk_app.ui.commands import Commands
from clerk_app.ui.dates_model import ground, standing
from clerk_app.ui.dossier import Dossier
from clerk_app.ui.reflow import ScrollingColumn, WrappingRow
from clerk_app.ui.widgets import CommandButton, IconLabel, column, hairline, label, row
from clerk_app.ui.workbench import Workbench


class CaseDates(QWidget):
    """``done_asked`` and ``remove_asked`` carry the id of an entered day."""

    done_asked = Signal(str)
    remove_asked = Signal(str)

    def __init__(self, bench: Workbench, commands: Commands) -> None:
        super().__init__()
        self._bench = bench
        self._lines = column(spacing=12)
        content = QWidget()
        inside = column(margins=(20, 14, 20, 14), spacing=12)
        inside.addLayout(self._lines)
        inside.addStretch(1)
        content.setLayout(inside)
        buttons = WrappingRow((20, 8, 16, 8), 8)
        for command_id in ("dates.follow_up", "dates.enter"):
            buttons.addWidget(CommandButton(commands, bench.theme, command_id))
        layout = column()
        layout.addWidget(ScrollingColumn(content), 1)
        layout.addWidget(hairline())
        layout.addLayout(buttons)
        self.setLayout(layout)

    def show_dossier(self, dossier: Dossier) -> None:
        """Fills the tab."""
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        today = self._bench.today()
        warned = [
            each for each in dossier.deadlines if each.kind is DeadlineKind.WARNING and not each.date_id
        ]
        for deadline in dossier.deadlines:
            reached = any(
                each.due_on <= today and each.steps[: len(deadline.steps)] == deadline.steps
                for each in warned
                if each is not deadline
            )
            self._lines.addWidget(self._deadline(deadline, reached))
            if deadline.kind is DeadlineKind.PROCESSING:
                for words in pause_lines(dossier.gaps, today):
                    self._lines.addWidget(label(words, wrap=True, selectable=True))
        entered = [each for each in dates_of(dossier.case.history) if each.kind not in REMINDERS]
        for each in entered:
            self._lines.addWidget(self._entered(each))
        if not dossier.deadlines and not entered:
            self._lines.addWidget(label(_("Für diesen Vorgang läuft keine Frist."), "muted", wrap=True))

    def _deadline(self, deadline: Deadline, warned: bool) -> QWidget:
        word, icon, role = standing(deadline, self._bench.today(), warned=warned)
        if deadline.kind in (DeadlineKind.NOTIFICATION, DeadlineKind.APPEAL):
            icon, role = "", "muted"  # the other side's day: nothing of ours is late
            word = ""
        title = f"{deadline_label(deadline.kind)} {formats.weekday_day(deadline.due_on)}"
        block, head = self._block(title, word, icon, role, ground(deadline))
        if deadline.date_id:
            head.addWidget(self._button(_("Erledigt"), title, self.done_asked, deadline.date_id))
            head.addWidget(self._button(_("Streichen"), title, self.remove_asked, deadline.date_id))
        return block

    def _entered(self, each: CaseDate) -> QWidget:
        title = f"{date_label(each.kind)} {formats.weekday_day(each.on)}"
        block, head = self._block(title, _("eingetragen"), "edit", "muted", each.text)
        head.addWidget(self._button(_("Streichen"), title, self.remove_asked, each.date_id))
        return block

    def _block(self, title: str, word: str, icon: str, role: str, words: str) -> tuple[QWidget, WrappingRow]:
        block = QWidget()
        lines = column(spacing=4)
        head = WrappingRow((0, 0, 0, 0), 8)
        head.addWidget(label(title, "section"))
        if word:
            mark = QWidget()
            inside = row(spacing=4)
            if icon:
                inside.addWidget(IconLabel(self._bench.theme, icon, role, 18))
            inside.addWidget(label(word, "muted"))
            mark.setLayout(inside)
            head.addWidget(mark)
        lines.addLayout(head)
        if words:
            lines.addWidget(label(words, wrap=True, selectable=True))
        block.setLayout(lines)
        return block, head

    def _button(self, words: str, title: str, signal: object, date_id: str) -> QPushButton:
        button = QPushButton(words)
        button.setProperty("kind", "small")
        button.setAccessibleName(f"{words}: {title}")
        button.clicked.connect(lambda: signal.emit(date_id))  # type: ignore[attr-defined]
        return button
