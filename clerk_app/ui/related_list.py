"""The list of related cases: cards with their reasons under two headings. All text is drawn as plain text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyleOptionViewItem

from clerk_app.domain.case import CaseRow
from clerk_app.texts import _, formats
from clerk_app.ui import labels
from clerk_app.ui.case_delegate import CaseDelegate
from clerk_app.ui.commands import tooltip
from clerk_app.ui.related_model import Reason, RelatedLine
from clerk_app.ui.theme import Theme

_LINE_ROLE = Qt.ItemDataRole.UserRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()


class RelatedListModel(QAbstractListModel):
    """Headings and cases. The same lines again change nothing, so the selection stays."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[RelatedLine, ...] = ()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """Headings count as well."""
        return 0 if parent.isValid() else len(self.lines)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A heading cannot be chosen."""
        if self.lines[index.row()].row is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The line, and its one sentence for screen readers."""
        if not 0 <= index.row() < len(self.lines):
            return None
        line = self.lines[index.row()]
        if role == _LINE_ROLE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return line.words
        if role == Qt.ItemDataRole.ToolTipRole and line.reasons:  # there may be no room for all of it
            return tooltip("\n".join(reason.words for reason in line.reasons), None)
        return None

    def show(self, lines: Sequence[RelatedLine]) -> bool:
        """Other lines; False when they are the same."""
        if tuple(lines) == self.lines:
            return False
        self.beginResetModel()
        self.lines = tuple(lines)
        self.endResetModel()
        return True

    def place_of(self, case_id: str) -> int:
        """Where a case stands; -1 when it does not."""
        return next(
            (
                at
                for at, line in enumerate(self.lines)
                if line.row is not None and line.row.case_id == case_id
            ),
            -1,
        )

    def first_case(self) -> int:
        """The first line that is a case; -1 when there is none."""
        return next((at for at, line in enumerate(self.lines) if line.row is not None), -1)


class RelatedDelegate(CaseDelegate):
    """A card: applicant and day, service, status with reference, then a line for each reason."""

    def __init__(
        self, theme: Theme, now: Callable[[], datetime], today: Callable[[], date], parent: QObject
    ) -> None:
        super().__init__(theme, now, today, parent)
        self._pitch = 20

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As high as it has reasons."""
        line: RelatedLine = index.data(_LINE_ROLE)
        if line.row is None:
            return QSize(self._theme.px(200), self._theme.px(34))
        return QSize(self._theme.px(200), self._theme.px(20 + (3 + len(line.reasons)) * self._pitch))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """See the class."""
        line: RelatedLine = index.data(_LINE_ROLE)
        rect: QRect = option.rect
        state = option.state
        painter.save()
        if line.row is None:
            self._heading(painter, rect, line)
        else:
            selected = bool(state & QStyle.StateFlag.State_Selected)
            self._background(painter, rect, selected, bool(state & QStyle.StateFlag.State_MouseOver))
            self._card(painter, rect, line.row, line.reasons)
            if selected and state & QStyle.StateFlag.State_HasFocus:
                painter.setPen(QPen(self._theme.color("focus"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(rect.adjusted(1, 1, -1, -2))
        painter.restore()

    def _heading(self, painter: QPainter, rect: QRect, line: RelatedLine) -> None:
        theme = self._theme
        place = rect.adjusted(theme.px(20), theme.px(6), -theme.px(14), 0)
        if line.warns:
            self._icon(painter, place, "warning", "warn")
            place.setLeft(place.left() + theme.px(22))
        self._text(painter, place, line.words, 13, "text", bold=True)

    def _card(self, painter: QPainter, rect: QRect, row: CaseRow, reasons: Sequence[Reason]) -> None:
        theme = self._theme
        left, right, pitch = rect.left() + theme.px(20), rect.right() - theme.px(14), theme.px(self._pitch)
        line = QRect(left, rect.top() + theme.px(8), right - left, pitch)
        used = self._text(painter, line, formats.day(row.arrived_at), 12, "muted", align=_RIGHT)
        name = row.applicant or _("Name unbekannt")
        self._text(painter, line.adjusted(0, 0, -used - theme.px(10), 0), name, 13, "text", bold=True)
        line.translate(0, pitch)
        self._text(painter, line, row.service, 13, "text")
        line.translate(0, pitch)
        badge = self._badge(painter, line, *labels.status(row.status))
        self._text(painter, line.adjusted(badge + theme.px(8), 0, 0, 0), row.case_reference, 12, "muted")
        line.translate(0, theme.px(3))
        for reason in reasons:
            line.translate(0, pitch)
            if reason.icon:
                self._icon(painter, line, reason.icon, reason.role)
            self._text(painter, line.adjusted(theme.px(22), 0, 0, 0), reason.words, 12, reason.role)

    def _icon(self, painter: QPainter, line: QRect, name: str, role: str) -> None:
        top = line.center().y() - self._theme.px(8) + 1
        painter.drawPixmap(QPoint(line.left(), top), self._theme.pixmap(name, role, 16))


class RelatedList(QListView):
    """``opened`` carries the CaseRow that Enter or a double click chose; ``chosen`` comes with every other
    line."""

    opened = Signal(object)
    chosen = Signal()

    def __init__(self, theme: Theme, now: Callable[[], datetime], today: Callable[[], date]) -> None:
        super().__init__()
        self.lines = RelatedListModel()
        self.setModel(self.lines)
        self.setItemDelegate(RelatedDelegate(theme, now, today, self))
        self.setAccessibleName(_("Bezüge zu anderen Vorgängen"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.activated.connect(self._activated)
        self.selectionModel().currentChanged.connect(self.chosen)
        theme.changed.connect(self.scheduleDelayedItemsLayout)

    def current_row(self) -> CaseRow | None:
        """The case the focus is on."""
        at = self.currentIndex().row()
        return self.lines.lines[at].row if 0 <= at < len(self.lines.lines) else None

    def show_lines(self, lines: Sequence[RelatedLine]) -> None:
        """Other lines; the chosen case stays chosen while it is there."""
        before = self.current_row()
        if self.lines.show(lines):
            self.select(before.case_id if before is not None else "")

    def select(self, case_id: str) -> None:
        """Makes a case current; the first one when it is not here."""
        at = self.lines.place_of(case_id)
        at = self.lines.first_case() if at < 0 else at
        if at >= 0:
            self.setCurrentIndex(self.lines.index(at))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cards are as wide as there is room."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def _activated(self, index: QModelIndex) -> None:
        row = self.lines.lines[index.row()].row
        if row is not None:
            self.opened.emit(row)
