"""Every text a widget and its parts show or say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)

from clerk_app.ui.widgets import ElidedLabel

_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.ToolTipRole,
)
_MOST_ROWS = 40
Index = QModelIndex | QPersistentModelIndex


def visible_texts(shown: QWidget) -> Iterator[tuple[str, str]]:
    """(where, text) for all that is in sight: words, names for screen readers, tooltips, rows, menus."""
    for widget in (shown, *shown.findChildren(QWidget)):
        if not widget.isVisible():
            continue
        where = type(widget).__name__
        for text in (
            widget.accessibleName(),
            widget.accessibleDescription(),
            widget.toolTip(),
            *_own(widget),
        ):
            yield where, text
    for action in shown.findChildren(QAction):
        yield "QAction", action.text()


def _own(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, ElidedLabel):
        yield widget.full_text()
    elif isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    elif isinstance(widget, QLineEdit | QPlainTextEdit):
        yield widget.placeholderText()
    elif isinstance(widget, QTabBar):
        yield from (widget.tabText(at) for at in range(widget.count()))
    elif isinstance(widget, QComboBox):
        yield from (widget.itemText(at) for at in range(widget.count()))
    elif isinstance(widget, QAbstractItemView) and not isinstance(widget, QHeaderView):
        # the binding says None for a view without a model, its types say never
        model = cast("QAbstractItemModel | None", widget.model())
        if model is not None:
            yield from _rows(model, QModelIndex())
            yield from _headings(model)


def _columns(model: QAbstractItemModel, parent: Index) -> int:
    return 1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)


def _headings(model: QAbstractItemModel) -> Iterator[str]:
    for at in range(_columns(model, QModelIndex())):
        found = model.headerData(at, Qt.Orientation.Horizontal)
        if isinstance(found, str):
            yield found


def _rows(model: QAbstractItemModel, parent: Index) -> Iterator[str]:
    for row in range(min(model.rowCount(parent), _MOST_ROWS)):
        for column in range(_columns(model, parent)):
            index = model.index(row, column, parent)
            for role in _ROLES:
                found = index.data(role)
                if isinstance(found, str):
                    yield found
            if column == 0 and not isinstance(model, QAbstractListModel):
                yield from _rows(model, index)
