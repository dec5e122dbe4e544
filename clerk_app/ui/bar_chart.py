"""A bar chart that can be read without seeing it: arrow keys walk its bars and say them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from clerk_app.texts import _
from clerk_app.ui.message_bar import announce
from clerk_app.ui.theme import Theme

_LEAST_BAR_PX = 2


@dataclass(frozen=True)
class Bar:
    """One place on the axis. ``values`` stand beside each other in the order of the chart's series; None: not
    shown. ``sentence`` is what is read out."""

    label: str
    values: tuple[int | None, ...]
    sentence: str


class BarChart(QWidget):
    """Bars in groups. The second series is hatched, so that no colour is needed. ``walked`` carries the place
    of the bar at hand."""

    walked = Signal(int)

    def __init__(self, theme: Theme, title: str, series: Sequence[str]) -> None:
        super().__init__()
        self._theme, self._title, self._series = theme, title, tuple(series)
        self._bars: tuple[Bar, ...] = ()
        self.at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(title)
        theme.changed.connect(self.update)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Other numbers."""
        self._bars = tuple(bars)
        self.at = min(self.at, max(0, len(self._bars) - 1))
        hint = _("Diagramm mit {n} Stellen; Pfeiltasten gehen von einer zur nächsten.").format(n=len(bars))
        self.setAccessibleDescription(f"{hint} {self.sentence()}".strip())
        self.update()

    def sentence(self) -> str:
        """The bar at hand in words."""
        return self._bars[self.at].sentence if self._bars else ""

    def go_to(self, at: int) -> None:
        """Another bar; it is read out."""
        if self._bars:
            self.at = max(0, min(at, len(self._bars) - 1))
            self.setAccessibleDescription(self.sentence())
            announce(self, self.sentence())
            self.walked.emit(self.at)
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left, right, first, last."""
        steps = {Qt.Key.Key_Left: self.at - 1, Qt.Key.Key_Right: self.at + 1, Qt.Key.Key_Home: 0}
        steps[Qt.Key.Key_End] = len(self._bars) - 1
        key = Qt.Key(event.key())
        if key in steps:
            self.go_to(steps[key])
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The bar under the pointer."""
        super().mousePressEvent(event)
        if self._bars:
            self.go_to(int(event.position().x() / max(1, self.width()) * len(self._bars)))

    def sizeHint(self) -> QSize:
        """Wide and not high."""
        return QSize(self._theme.px(360), self._theme.px(190))

    def minimumSizeHint(self) -> QSize:
        """What can still be read."""
        return QSize(self._theme.px(220), self._theme.px(150))

    def paintEvent(self, event: QPaintEvent) -> None:
        """See the class."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        painter.setFont(theme.font(12))
        line = QFontMetrics(theme.font(12)).height()
        top = self._paint_title(painter, line)
        box = QRectF(0, top, self.width(), self.height() - top - line - theme.px(6))
        most = max((value for bar in self._bars for value in bar.values if value), default=0)
        for at, bar in enumerate(self._bars):
            wide = box.width() / len(self._bars)
            self._paint_bar(painter, bar, QRectF(at * wide, box.top(), wide, box.height()), most, line)
            self._paint_label(painter, bar.label, QRectF(at * wide, box.bottom(), wide, line + theme.px(6)))
            if at == self.at and self.hasFocus():
                painter.setPen(QPen(theme.color("focus"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                ring = QRectF(at * wide + 1, box.top(), wide - 2, self.height() - box.top() - 1)
                painter.drawRoundedRect(ring, 4, 4)
        painter.setPen(QPen(theme.color("border"), 1))
        painter.drawLine(0, int(box.bottom()), self.width(), int(box.bottom()))
        painter.end()

    def _paint_title(self, painter: QPainter, line: int) -> float:
        theme = self._theme
        painter.setPen(theme.color("text"))
        painter.setFont(theme.font(13, bold=True))
        high = QFontMetrics(theme.font(13, bold=True)).height()
        painter.drawText(QRectF(0, 0, self.width(), high), Qt.AlignmentFlag.AlignLeft, self._title)
        painter.setFont(theme.font(12))
        left, top = 0.0, high + theme.px(4)
        for at, name in enumerate(self._series):
            if len(self._series) < 2:
                break
            square = QRectF(left, top + theme.px(2), theme.px(12), theme.px(12))
            painter.setPen(QPen(theme.color("act"), 1))
            painter.setBrush(self._brush(at))
            painter.drawRect(square)
            painter.setPen(theme.color("text"))
            wide = QFontMetrics(theme.font(12)).horizontalAdvance(name)
            painter.drawText(
                QRectF(left + theme.px(18), top, wide + 2, line), Qt.AlignmentFlag.AlignLeft, name
            )
            left += wide + theme.px(36)
        return float(top + (line + theme.px(6) if len(self._series) > 1 else theme.px(6)))

    def _brush(self, series: int) -> QBrush:
        brush = QBrush(self._theme.color("act"))
        if series:
            brush.setStyle(Qt.BrushStyle.BDiagPattern)
        return brush

    def _paint_bar(self, painter: QPainter, bar: Bar, box: QRectF, most: int, line: int) -> None:
        theme = self._theme
        gap = max(2.0, box.width() * 0.12)
        wide = max(3.0, (box.width() - 2 * gap) / max(1, len(bar.values)))
        room = box.height() - line - theme.px(2)
        for at, value in enumerate(bar.values):
            left = box.left() + gap + at * wide
            words = "–" if value is None else str(value)
            high = 0.0 if not value else max(_LEAST_BAR_PX, room * value / most)
            if high:
                painter.setPen(QPen(theme.color("act"), 1))
                painter.setBrush(self._brush(at))
                painter.drawRect(QRectF(left, box.bottom() - high, wide - 2, high))
            painter.setPen(theme.color("text" if value else "muted"))
            if QFontMetrics(theme.font(12)).horizontalAdvance(words) <= wide + gap:
                spot = QRectF(left - gap, box.bottom() - high - line - 1, wide + 2 * gap - 2, line)
                painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_label(self, painter: QPainter, words: str, box: QRectF) -> None:
        painter.setPen(self._theme.color("muted"))
        metrics = QFontMetrics(self._theme.font(12))
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()) - 2)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)
