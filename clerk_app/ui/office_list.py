"""Authorities to choose from: a name, below it why or where, a line between two of them."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QListWidget, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from clerk_app.ui.theme import Theme


class OfficeDelegate(QStyledItemDelegate):
    """Paints the first line of an item's text strongly, the second quietly. Plain text, cut at its end."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def row_height(self) -> int:
        """All are of one height."""
        return self._theme.px(50)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """See ``row_height``."""
        return QSize(self._theme.px(200), self.row_height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """See the class."""
        theme, rect = self._theme, QRect(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            theme.paint_selection(painter, rect)
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), theme.color("act"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.color("hover"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color("line"))
        name, _break, below = str(index.data() or "").partition("\n")
        inner = rect.adjusted(theme.px(12), theme.px(5), -theme.px(12), -theme.px(6))
        half = inner.height() // 2
        upper = QRect(inner.left(), inner.top(), inner.width(), half if below else inner.height())
        self._line(painter, upper, name, 13, "text", bold=True)
        lower = QRect(inner.left(), inner.top() + half, inner.width(), inner.height() - half)
        self._line(painter, lower, " ".join(below.split()), 12, "muted", bold=False)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(1, 1, -1, -2))
        painter.restore()

    def _line(self, painter: QPainter, box: QRect, words: str, size: int, role: str, *, bold: bool) -> None:
        font = self._theme.font(size, bold=bold)
        painter.setFont(font)
        painter.setPen(self._theme.color(role))
        shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)


class OfficeList(QListWidget):
    """Shows whole entries only: what is left of the height below the last one stays empty."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._delegate = OfficeDelegate(theme, self)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme.changed.connect(self._restyled)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measures anew what is left."""
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _restyled(self) -> None:
        self.scheduleDelayedItemsLayout()
        self._fit()

    def _fit(self) -> None:
        left = self.contentsRect().height() % self._delegate.row_height()
        if self.viewportMargins().bottom() != left:
            self.setViewportMargins(0, 0, 0, left)
