"""How the lines of a form are painted: labels, values, headings, complaints, what was searched for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPen,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QTreeView
from PySide6.QtWidgets import QStyleOptionViewItem as Option

from clerk_app.domain.needle import Span
from clerk_app.texts import _
from clerk_app.ui.form_model import COMPLAINT, NOTE, SECTION, UNKNOWN, Index
from clerk_app.ui.theme import Theme

_ICON = 16
_GAP = 6
_MOST_HEIGHTS = 4_000


class FormDelegate(QStyledItemDelegate):
    """Label muted, value beside it, wrapped; a hairline above each section. ``hits`` gives where in a cell
    the words looked for stand, and which of them is the one at hand (-1: none)."""

    def __init__(
        self, view: QTreeView, theme: Theme, hits: Callable[[Index], tuple[Sequence[Span], int]]
    ) -> None:
        super().__init__(view)
        self._view, self._theme, self._hits = view, theme, hits
        self._heights: dict[tuple[str, int], int] = {}  # a tree asks for every line at every change of width
        theme.changed.connect(self._forget)

    def sizeHint(self, option: Option, index: Index) -> QSize:
        """As high as the wrapped text."""
        theme = self._theme
        if index.data(SECTION) is not None:
            return QSize(10, theme.px(44 if index.row() else 32))
        text = str(index.data() or "")
        width = max(40, self._room(index, QRect(0, 0, self._width(index), 0)).width())
        height = self._height(text, width)
        if index.data(UNKNOWN):
            height += QFontMetrics(theme.font(11)).height()
        return QSize(10, max(theme.px(25), height + theme.px(7)))

    @Slot()
    def _forget(self) -> None:
        self._heights.clear()

    def _height(self, text: str, width: int) -> int:
        if (text, width) not in self._heights:
            if len(self._heights) > _MOST_HEIGHTS:
                self._heights.clear()
            self._heights[text, width] = _lines_height(_layout(text, self._theme.font(13), width))
        return self._heights[text, width]

    def _width(self, index: Index) -> int:
        if index.data(NOTE):
            return self._view.viewport().width()
        return self._view.columnWidth(index.column())

    def _room(self, index: Index, rect: QRect) -> QRect:
        """Where the text of a line goes."""
        theme = self._theme
        left = theme.px(_ICON + _GAP) if index.column() and index.data(COMPLAINT) else 0
        return rect.adjusted(left, theme.px(3), -theme.px(8), 0)

    def paint(self, painter: QPainter, option: Option, index: Index) -> None:
        """One cell."""
        theme = self._theme
        painter.save()
        rect: QRect = option.rect
        if index.data(SECTION) is not None:
            self._paint_section(painter, rect, index)
        else:
            if option.state & QStyle.StateFlag.State_Selected:
                theme.paint_selection(painter, rect)
            self._paint_line(painter, rect, index)
        if option.state & QStyle.StateFlag.State_HasFocus and self._view.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 1))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        painter.restore()

    def _paint_line(self, painter: QPainter, rect: QRect, index: Index) -> None:
        theme = self._theme
        room = self._room(index, rect)
        complained = bool(index.column() and index.data(COMPLAINT))
        if complained:
            icon = theme.pixmap("warning-fill", "warn", _ICON)
            painter.drawPixmap(rect.left(), room.top() + theme.px(1), icon)
        muted = index.column() == 0
        text = str(index.data() or "") or ("–" if index.column() else "")
        layout = _layout(text, theme.font(13), max(40, room.width()))
        self._paint_text(painter, layout, room, index, theme.color("muted" if muted else "text"))
        if index.data(UNKNOWN):
            painter.setFont(theme.font(11))
            painter.setPen(theme.color("muted"))
            below = room.adjusted(0, _lines_height(layout), 0, 0)
            words = QFontMetrics(painter.font()).elidedText(
                _("nicht beschrieben"), Qt.TextElideMode.ElideRight, below.width()
            )
            painter.drawText(below, int(Qt.AlignmentFlag.AlignTop), words)

    def _paint_text(
        self, painter: QPainter, layout: QTextLayout, room: QRect, index: Index, color: QColor
    ) -> None:
        spans, at_hand = self._hits(index)
        marks = [
            _mark(layout.text(), span, *self._hit_colors(number == at_hand))
            for number, span in enumerate(spans)
        ]
        painter.setPen(color)
        layout.draw(painter, QPointF(room.topLeft()), marks)

    def _hit_colors(self, at_hand: bool) -> tuple[QColor, QColor]:
        theme = self._theme
        if at_hand:
            return theme.color("act"), theme.color("onact")
        return theme.color("warn_bg"), theme.color("text")

    def _paint_section(self, painter: QPainter, rect: QRect, index: Index) -> None:
        theme = self._theme
        if index.column():
            return
        width = self._view.viewport().width()
        if index.row():
            painter.fillRect(QRect(rect.left(), rect.top() + theme.px(8), width, 1), theme.color("line"))
        indent = int(index.data(SECTION) or 0) * theme.px(12)
        room = QRect(rect.left() + indent, rect.bottom() - theme.px(24), width - indent, theme.px(24))
        layout = _layout(str(index.data() or ""), theme.font(13, bold=True), 100_000)
        painter.setClipRect(QRect(rect.left(), rect.top(), width, rect.height()))
        self._paint_text(painter, layout, room, index, theme.color("text"))


def _layout(text: str, font: QFont, width: int) -> QTextLayout:
    """Wrapped between words; anywhere only where a single word is longer than the line."""
    layout = QTextLayout(text.replace("\n", "\u2028"), font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    y = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, y))
        y += line.height()
    layout.endLayout()
    return layout


def _lines_height(layout: QTextLayout) -> int:
    return round(layout.boundingRect().height())


def _mark(text: str, span: Span, ground: QColor, color: QColor) -> QTextLayout.FormatRange:
    mark = QTextLayout.FormatRange()
    mark.start = _units(text[: span[0]])
    mark.length = _units(text[span[0] : span[1]])
    look = QTextCharFormat()
    look.setBackground(ground)
    look.setForeground(color)
    mark.format = look
    return mark


def _units(text: str) -> int:
    """Qt counts UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
