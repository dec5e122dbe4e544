"""Paints one case as a card of three lines. All text is drawn as plain text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from clerk_app.domain.case import CaseRow, CaseStatus
from clerk_app.texts import _, formats
from clerk_app.ui import labels
from clerk_app.ui.case_list_model import ROW_ROLE
from clerk_app.ui.theme import Theme

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

_LEAST_BADGE = 48  # pixels at text size 1: less says nothing


class CaseDelegate(QStyledItemDelegate):
    """Unread dot (a delta for what changed), name, time; service, attachments; status, reference, reminder,
    due date."""

    def __init__(
        self, theme: Theme, now: Callable[[], datetime], today: Callable[[], date], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._now = now
        self._today = today

    def row_height(self) -> int:
        """Height of every card."""
        return self._theme.px(74)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """All cards are of one height."""
        return QSize(self._theme.px(280), self.row_height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """See the class."""
        row = index.data(ROW_ROLE)
        rect: QRect = option.rect
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        self._background(painter, rect, selected, bool(state & QStyle.StateFlag.State_MouseOver))
        if isinstance(row, CaseRow):
            self._lines(painter, rect, row)
        if focused:
            pen = QPen(self._theme.color("focus"), 2)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(1, 1, -1, -2))
        painter.restore()

    def _background(self, painter: QPainter, rect: QRect, selected: bool, hovered: bool) -> None:
        theme = self._theme
        if selected:
            theme.paint_selection(painter, rect)
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), theme.color("act"))
        elif hovered:
            painter.fillRect(rect, theme.color("hover"))
        line = QRect(rect.left() + theme.px(14), rect.bottom(), rect.width(), 1)
        painter.fillRect(line, theme.color("line"))

    def _lines(self, painter: QPainter, rect: QRect, row: CaseRow) -> None:
        theme = self._theme
        left, right = rect.left() + theme.px(24), rect.right() - theme.px(14)
        pitch = theme.px(20)
        top = rect.top() + theme.px(8)
        lines = [QRect(left, top + at * pitch, right - left, pitch) for at in range(3)]
        self._name_line(painter, lines[0], row)
        self._service_line(painter, lines[1], row)
        self._state_line(painter, lines[2], row)

    def _name_line(self, painter: QPainter, line: QRect, row: CaseRow) -> None:
        theme = self._theme
        if row.changed:
            place = QRect(line.left() - theme.px(17), line.top(), theme.px(14), line.height())
            self._text(painter, place, labels.mark(row), 12, "act", bold=True)
        elif row.unread:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("act"))
            radius = theme.px(4)
            painter.drawEllipse(QPoint(line.left() - theme.px(11), line.center().y() + 1), radius, radius)
        when = formats.relative_moment(row.arrived_at, self._now())
        used = self._text(painter, line, when, 12, "muted", align=_RIGHT)
        rest = line.adjusted(0, 0, -used - theme.px(10), 0)
        name = row.applicant or _("Name unbekannt")
        self._text(painter, rest, name, 13, "text", bold=row.unread)

    def _service_line(self, painter: QPainter, line: QRect, row: CaseRow) -> None:
        theme = self._theme
        used = 0
        if row.attachment_count:
            used = self._text(painter, line, str(row.attachment_count), 12, "muted", align=_RIGHT)
            clip = theme.pixmap("attach_file", "muted", 16)
            x = line.right() - used - theme.px(4) - theme.px(16)
            painter.drawPixmap(QPoint(x, line.center().y() - theme.px(8) + 1), clip)
            used += theme.px(24)
        self._text(painter, line.adjusted(0, 0, -used - theme.px(6), 0), row.service, 13, "text")

    def _state_line(self, painter: QPainter, line: QRect, row: CaseRow) -> None:
        theme = self._theme
        words, icon, role = labels.due(row, self._today())
        used = self._text(painter, line, words, 12, role, align=_RIGHT, bold=bool(icon)) if words else 0
        if icon:
            x = line.right() - used - theme.px(5) - theme.px(16)
            painter.drawPixmap(QPoint(x, line.center().y() - theme.px(8) + 1), theme.pixmap(icon, role, 16))
            used += theme.px(24)
        used += self._reminder(painter, line.adjusted(0, 0, -used - theme.px(10), 0), row)
        rest = line.adjusted(0, 0, -used - theme.px(10), 0)
        if row.status is not CaseStatus.NEW:
            rest.setLeft(rest.left() + self._badge(painter, rest, *labels.status(row.status)) + theme.px(8))
        if row.changed and rest.width() >= theme.px(_LEAST_BADGE):  # the sign before the name is always there
            rest.setLeft(rest.left() + self._badge(painter, rest, _("Geändert"), "warn") + theme.px(8))
        self._text(painter, rest, row.case_reference, 12, "muted")

    def _reminder(self, painter: QPainter, line: QRect, row: CaseRow) -> int:
        """A reminder's icon and day; screen readers and the head of the case say which."""
        theme = self._theme
        _word, on, role = labels.reminder(row, self._today())
        if not on:
            return 0
        used = self._text(painter, line, on, 12, role, align=_RIGHT, bold=role == "warn") + theme.px(20)
        x, y = line.right() - used, line.center().y() - theme.px(8) + 1
        painter.drawPixmap(QPoint(x, y), theme.pixmap("event", role, 16))
        return used + theme.px(10)

    def _badge(self, painter: QPainter, line: QRect, word: str, role: str) -> int:
        theme = self._theme
        font = theme.font(11, bold=True)
        width = QFontMetrics(font).horizontalAdvance(word) + theme.px(14)
        width = min(width, line.width())
        height = theme.px(18)
        box = QRect(line.left(), line.center().y() - height // 2 + 1, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color(role), 1))
        painter.setBrush(theme.color(f"{role}_bg"))
        painter.drawRoundedRect(box.adjusted(0, 0, -1, -1), theme.px(4), theme.px(4))
        painter.setFont(font)
        painter.setPen(theme.color("text"))
        inner = box.adjusted(theme.px(6), 0, -theme.px(6), 0)
        text = QFontMetrics(font).elidedText(word, Qt.TextElideMode.ElideRight, inner.width() + theme.px(4))
        painter.drawText(inner, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, text)
        return width

    def _text(
        self,
        painter: QPainter,
        rect: QRect,
        text: str,
        size: int,
        role: str,
        *,
        align: Qt.AlignmentFlag = _LEFT,
        bold: bool = False,
    ) -> int:
        """Draws one line, elided at its end; gives its width."""
        font = self._theme.font(size, bold=bold)
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, rect.width()))
        painter.setFont(font)
        painter.setPen(self._theme.color(role))
        painter.drawText(rect, align | Qt.TextFlag.TextSingleLine, shown)
        return metrics.horizontalAdvance(shown)
