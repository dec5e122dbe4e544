"""Altersbild: offices against classes of age, each field as dark as it holds many; with its numbers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clerk_app.texts import _
from clerk_app.ui.theme import Theme

_LEFT, _ROW, _HEAD = 190, 30, 28


class HeatMap(QWidget):
    """Never the only way to the numbers: each field shows its own, and sentences with the same are below."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._columns: Sequence[str] = ()
        self._rows: Sequence[tuple[str, Sequence[int]]] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_numbers(self, columns: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]]) -> None:
        """``rows``: name and one number for each column."""
        self._columns, self._rows = columns, rows
        said = [
            f"{name}: "
            + ", ".join(f"{column} {number}" for column, number in zip(columns, numbers, strict=True))
            for name, numbers in rows
        ]
        self.setAccessibleName(_("Alter der offenen Vorgänge je Stelle"))
        self.setAccessibleDescription("; ".join(said))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """One line for each office."""
        height = self._theme.px(_HEAD + _ROW * max(1, len(self._rows)))
        return QSize(self._theme.px(_LEFT + 80 * max(1, len(self._columns))), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """See the class."""
        theme = self._theme
        painter = QPainter(self)
        painter.setFont(theme.font(12))
        left, row, head = theme.px(_LEFT), theme.px(_ROW), theme.px(_HEAD)
        width = max(theme.px(40), (self.width() - left) // max(1, len(self._columns)))
        metrics = QFontMetrics(theme.font(12))
        painter.setPen(theme.color("muted"))
        for at, column in enumerate(self._columns):
            box = QRect(left + at * width, 0, width, head)
            words = metrics.elidedText(column, Qt.TextElideMode.ElideRight, width - theme.px(4))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        most = max((number for _name, numbers in self._rows for number in numbers), default=0)
        for line, (name, numbers) in enumerate(self._rows):
            top = head + line * row
            painter.setPen(theme.color("text"))
            words = metrics.elidedText(name, Qt.TextElideMode.ElideRight, left - theme.px(8))
            aligned = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(QRect(0, top, left, row), aligned, words)
            for at, number in enumerate(numbers):
                self._field(
                    painter, QRect(left + at * width, top, width, row).adjusted(1, 1, -1, -1), number, most
                )
        painter.end()

    def _field(self, painter: QPainter, box: QRect, number: int, most: int) -> None:
        """As strong as its share of the largest; the number is written in what can be read on it."""
        share = number / most if most else 0.0
        under, over = self._theme.color("bg"), self._theme.color("act")
        colour = _between(under, over, share * 0.85)
        painter.fillRect(box, colour)
        dark = colour.lightnessF() < 0.55
        painter.setPen(QColor("white") if dark else QColor("black"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(number) if number else "")


def _between(under: QColor, over: QColor, share: float) -> QColor:
    parts = [
        round(a + (b - a) * share)
        for a, b in ((under.red(), over.red()), (under.green(), over.green()), (under.blue(), over.blue()))
    ]
    return QColor(*parts)
