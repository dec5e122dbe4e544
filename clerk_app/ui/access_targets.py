"""Zielgröße: everything in sight that is clicked, and what of it is hard to hit (WCAG 2.2, 2.5.8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QScrollBar,
    QTabBar,
    QTableView,
    QTreeView,
    QWidget,
)

LEAST_TARGET = 24  # pixels
_MOST_ROWS = 80  # of one view: a screen holds no more


@dataclass(frozen=True)
class Target:
    """Something to click, in pixels of its window. ``alone``: the house wants it large wherever it stands."""

    box: QRect
    words: str
    alone: bool = False

    @property
    def small(self) -> bool:
        """Whether it is less than the least in a direction."""
        return self.box.width() < LEAST_TARGET or self.box.height() < LEAST_TARGET

    def near(self, other: Target) -> bool:
        """Whether a circle of the least size around its middle meets the other, or the other's own circle
        where that is small as well: the exception for spacing."""
        middle, radius = self.box.center(), LEAST_TARGET / 2
        if other.small:
            gap = other.box.center() - middle
            return bool(gap.x() ** 2 + gap.y() ** 2 < LEAST_TARGET**2)
        across = max(other.box.left() - middle.x(), middle.x() - other.box.right(), 0)
        along = max(other.box.top() - middle.y(), middle.y() - other.box.bottom(), 0)
        return bool(across**2 + along**2 < radius**2)


def targets(window: QWidget, widgets: list[QWidget]) -> list[Target]:
    """What can be clicked among these widgets of a window: buttons, boxes, fields, rows, headings, tabs,
    sliders, links. Scroll bars are left to the system, and so is what a field holds inside (WCAG names both:
    user agent control, and equivalent, for a number can be typed)."""
    return [each for widget in widgets for each in _of(window, widget)]


def small_ones(found: list[Target]) -> list[str]:
    """Those that are small and have not enough room around them. Buttons get no exception: none needs one."""
    return [
        f"target {each.box.width()}x{each.box.height()}: {each.words}"
        for each in found
        if each.small and (each.alone or any(each is not other and each.near(other) for other in found))
    ]


def _of(window: QWidget, widget: QWidget) -> Iterator[Target]:
    if not widget.isEnabled() or isinstance(widget, QScrollBar):
        return
    if isinstance(widget, QHeaderView):
        yield from _sections(window, widget)
    elif isinstance(widget, QAbstractItemView):
        yield from _rows(window, widget)
    elif isinstance(widget, QTabBar):
        for at in range(widget.count()):
            yield Target(_placed(window, widget, widget.tabRect(at)), widget.tabText(at))
    elif isinstance(widget, QAbstractButton):
        if type(widget).__name__ != "QToolButton":  # those in line edits and calendars are Qt's own
            yield Target(
                _placed(window, widget, widget.rect()), widget.text() or widget.accessibleName(), True
            )
    elif isinstance(widget, QLineEdit):
        parent = widget.parentWidget()
        # the field inside a box is as large as the box for whoever clicks
        if not isinstance(parent, QComboBox) and type(parent).__name__ not in _BOXES:
            yield Target(_placed(window, widget, widget.rect()), widget.accessibleName())
    elif isinstance(widget, QComboBox | QAbstractSlider):
        yield Target(_placed(window, widget, widget.rect()), widget.accessibleName() or type(widget).__name__)
    elif isinstance(widget, QLabel) and widget.textInteractionFlags() & _LINKS and "<a " in widget.text():
        yield Target(_placed(window, widget, widget.rect()), widget.text()[:40])


_BOXES = frozenset({"QSpinBox", "QDoubleSpinBox", "QDateEdit", "QDateTimeEdit", "QTimeEdit"})
_LINKS = Qt.TextInteractionFlag.LinksAccessibleByMouse


def _rows(window: QWidget, view: QAbstractItemView) -> Iterator[Target]:
    """Rows as far as they are in sight: a row is one target, wherever it is clicked."""
    model, area = view.model(), view.viewport().rect()
    if model is None or view.selectionMode() is QAbstractItemView.SelectionMode.NoSelection:
        return
    cells = (
        isinstance(view, QTableView)
        and view.selectionBehavior() is QAbstractItemView.SelectionBehavior.SelectItems
    )
    index = view.indexAt(QPoint(area.width() // 2, 1))
    first = index.row() if index.isValid() and not isinstance(view, QTreeView) else 0
    for row in range(first, min(model.rowCount(), first + _MOST_ROWS)):
        for at in range(model.columnCount() if cells else 1):
            index = model.index(row, at)
            box = view.visualRect(index)
            if not cells:
                box = QRect(0, box.top(), area.width(), box.height())
            if box.height() > 0 and area.contains(box):  # what is cut off by the edge is scrolled into sight
                words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")[:40]
                yield Target(_placed(window, view.viewport(), box), f"{type(view).__name__} row: {words}")


def _sections(window: QWidget, header: QHeaderView) -> Iterator[Target]:
    if not header.sectionsClickable() or header.orientation() is not Qt.Orientation.Horizontal:
        return
    model = header.model()
    for at in range(header.count()):
        if not header.isSectionHidden(at):
            box = QRect(header.sectionViewportPosition(at), 0, header.sectionSize(at), header.height())
            if header.viewport().rect().contains(box):
                words = str(model.headerData(at, Qt.Orientation.Horizontal) or "")
                yield Target(_placed(window, header.viewport(), box), f"heading: {words}")


def _placed(window: QWidget, widget: QWidget, box: QRect) -> QRect:
    return QRect(widget.mapTo(window, box.topLeft()), box.size())
