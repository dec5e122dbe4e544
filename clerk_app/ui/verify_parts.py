"""Parts of the verification page: the verdict, and what was looked at."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QWidget

from clerk_app.texts.verdict_checks import checked_points
from clerk_app.texts.verdicts import verdict_sentence, verdict_word
from clerk_app.ui.verify_model import LOOKS, Checked
from clerk_app.ui.widgets import IconLabel, column, label, restyle, row
from clerk_app.ui.workbench import Workbench

_POINT_ICONS = {"ok": "check_circle", "warn": "warning", "bad": "error", "info": "remove"}


class VerdictCard(QFrame):
    """The verdict as icon, word, colour and sentence."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._icon = IconLabel(bench.theme, "", "muted", 32)
        self.word = label("", "title", wrap=True)
        self.sentence = label("", wrap=True, selectable=True)
        words = column(spacing=4)
        words.addWidget(self.word)
        words.addWidget(self.sentence)
        layout = row(margins=(16, 14, 16, 14), spacing=14)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        self.setLayout(layout)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_report(self, checked: Checked) -> None:
        """Another verdict."""
        look = LOOKS[checked.report.verdict]
        restyle(self, "level", look.level)
        self._icon.show_icon(look.icon, look.level)
        self.word.setText(verdict_word(checked.report.verdict))
        self.sentence.setText(verdict_sentence(checked.report))
        self.setAccessibleName(f"{self.word.text()}. {self.sentence.text()}")


class PointList(QWidget):
    """What was looked at, point by point: icon, label, words."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 8, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(2, 1)
        self._rows: list[tuple[IconLabel, QLabel, QLabel]] = []
        self.setLayout(self._grid)

    def show_report(self, checked: Checked) -> None:
        """The points of another report."""
        points = checked_points(checked.report)
        while len(self._rows) < len(points):
            made = (IconLabel(self._bench.theme, "", "muted", 18), label("", "muted"), label("", wrap=True))
            for place, part in enumerate(made):
                self._grid.addWidget(part, len(self._rows), place, Qt.AlignmentFlag.AlignTop)
            self._rows.append(made)
        for at, (icon, name, words) in enumerate(self._rows):
            shown = at < len(points)
            for part in (icon, name, words):
                part.setVisible(shown)
            if shown:
                icon.show_icon(_POINT_ICONS[points[at].level], points[at].level)
                name.setText(points[at].label)
                words.setText(points[at].words)
                words.setAccessibleName(f"{points[at].label}: {points[at].words}")
        self.setVisible(bool(points))
