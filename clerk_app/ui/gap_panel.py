"""What is missing in one line, for the review page: how much is there, and when the clock stood."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from clerk_app.texts import _, formats
from clerk_app.texts.gap_words import gap_summary, pause_lines
from clerk_app.ui.dossier import Dossier
from clerk_app.ui.reflow import WrappingRow
from clerk_app.ui.widgets import IconLabel, label
from clerk_app.ui.workbench import Workbench


class GapPanel(QWidget):
    """A DossierPanel. Hidden while the service wants nothing and nothing was asked for."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self._icon = IconLabel(bench.theme, "", "muted", 18)
        self.words = label("", wrap=True)
        self.pause = label("", "muted", wrap=True)
        line = WrappingRow((0, 6, 0, 2), 8, between=2)
        for part in (self._icon, self.words, self.pause):
            line.addWidget(part)
        self.setLayout(line)
        self.hide()

    def show_dossier(self, dossier: Dossier) -> None:
        """Shows how far things have come."""
        found = dossier.gaps
        pauses = pause_lines(found, self._bench.today())
        self.words.setText(gap_summary(found))
        if found.waiting and found.answer_due_on is not None:  # that the target stands says the header
            words = _("Antwort bis {day} erbeten").format(day=formats.day(found.answer_due_on))
        else:
            words = pauses[-1] if pauses else ""
        self.pause.setWordWrap(not found.waiting)
        self.pause.setText(words)
        self.pause.setVisible(bool(words))
        if found.open_items:
            self._icon.show_icon("hourglass_empty" if found.waiting else "report", "muted")
        else:
            self._icon.show_icon("check_circle", "ok")
        self.setVisible(bool(found.items or pauses) and not dossier.decided)
