"""The form as filed: sections with labelled values, as a tree a keyboard and a screen reader can walk."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Slot
from PySide6.QtGui import (
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPen,
    QResizeEvent,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyledItemDelegate, QTreeView
from PySide6.QtWidgets import QStyleOptionViewItem as Option

from clerk_app.domain.service_package import FormView
from clerk_app.texts import _
from clerk_app.ui.theme import Theme

LABEL_WIDTH = 166
_SECTION = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


def form_model(forms: Sequence[tuple[str, FormView]]) -> QStandardItemModel:
    """Forms as a tree of two columns. Each comes with a heading (empty for the first, the Antrag itself)."""
    model = QStandardItemModel()
    for heading, form in forms:
        if heading:
            model.appendRow([_section(heading, 0), _section("", 0)])
        for group in form.groups:
            title = group.title or _("Angaben")
            parent = _section(title, group.depth)
            for found in group.rows:
                name, value = _cell(found.label), _cell(found.value)
                spoken = f"{found.label}: {found.value or _('keine Angabe')}"
                name.setData(spoken, Qt.ItemDataRole.AccessibleTextRole)
                parent.appendRow([name, value])
            model.appendRow([parent, _section("", group.depth)])
    return model


def _wrapping(metrics: QFontMetrics, text: str, width: int) -> int:
    """Between words; anywhere only when a single word is longer than the line."""
    longest = max((metrics.horizontalAdvance(word) for word in text.split()), default=0)
    return int(Qt.TextFlag.TextWrapAnywhere if longest > width else Qt.TextFlag.TextWordWrap)


def _cell(text: str) -> QStandardItem:
    item = QStandardItem(text)
    item.setEditable(False)
    return item


def _section(title: str, depth: int) -> QStandardItem:
    item = _cell(title)
    item.setData(depth, _SECTION)
    return item


class _FormDelegate(QStyledItemDelegate):
    """Label muted, value beside it, wrapped; a hairline above each section."""

    def __init__(self, view: FormTree, theme: Theme) -> None:
        super().__init__(view)
        self._view, self._theme = view, theme

    def sizeHint(self, option: Option, index: Index) -> QSize:
        theme = self._theme
        if index.data(_SECTION) is not None:
            return QSize(10, theme.px(44 if index.row() else 32))
        width = self._view.columnWidth(index.column()) - theme.px(8)
        font = theme.font(13)
        text = str(index.data() or "")
        metrics = QFontMetrics(font)
        room = QRect(0, 0, max(40, width), 10_000)
        box = metrics.boundingRect(room, _wrapping(metrics, text, room.width()), text)
        return QSize(10, max(theme.px(25), box.height() + theme.px(7)))

    def paint(self, painter: QPainter, option: Option, index: Index) -> None:
        theme = self._theme
        painter.save()
        rect: QRect = option.rect
        if index.data(_SECTION) is not None:
            self._paint_section(painter, rect, index)
        else:
            if option.state & QStyle.StateFlag.State_Selected:
                painter.fillRect(rect, theme.color("sel"))
            painter.setFont(theme.font(13))
            painter.setPen(theme.color("muted" if index.column() == 0 else "text"))
            text = str(index.data() or "") or ("–" if index.column() else "")
            room = rect.adjusted(0, theme.px(3), -theme.px(8), 0)
            painter.drawText(room, _wrapping(painter.fontMetrics(), text, room.width()), text)
        if option.state & QStyle.StateFlag.State_HasFocus and self._view.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 1))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        painter.restore()

    def _paint_section(self, painter: QPainter, rect: QRect, index: Index) -> None:
        theme = self._theme
        if index.column():
            return
        if index.row():
            line = QRect(rect.left(), rect.top() + theme.px(8), self._view.viewport().width(), 1)
            painter.fillRect(line, theme.color("line"))
        painter.setFont(theme.font(13, bold=True))
        painter.setPen(theme.color("text"))
        indent = int(index.data(_SECTION) or 0) * theme.px(12)
        box = QRect(
            rect.left() + indent, rect.bottom() - theme.px(26), self._view.viewport().width(), theme.px(24)
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, str(index.data()))


class FormTree(QTreeView):
    """Form fields. Ctrl+C copies the value of the current line."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "form")
        self.setAccessibleName(_("Angaben im Antrag"))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setItemsExpandable(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setItemDelegate(_FormDelegate(self, theme))
        self._model: QStandardItemModel | None = None
        self.show_forms(())
        theme.changed.connect(self._layout)

    def show_forms(self, forms: Sequence[tuple[str, FormView]]) -> None:
        """Other forms; the view goes to their beginning."""
        old, self._model = self._model, form_model(forms)
        self.setModel(self._model)
        if old is not None:
            old.deleteLater()
        header = self.header()
        header.setStretchLastSection(True)
        if header.count():
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self._layout()
        self.expandAll()
        self.scrollToTop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copies with the usual key."""
        if event.matches(QKeySequence.StandardKey.Copy):
            index = self.currentIndex().siblingAtColumn(1)
            QGuiApplication.clipboard().setText(str(index.data() or self.currentIndex().data() or ""))
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wraps values anew."""
        super().resizeEvent(event)
        self._layout()

    @Slot()
    def _layout(self) -> None:
        if self.header().count():
            self.setColumnWidth(0, min(self._theme.px(LABEL_WIDTH), round(self.viewport().width() * 0.4)))
        self.scheduleDelayedItemsLayout()
