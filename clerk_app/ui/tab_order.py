"""Tab goes as one reads: from left to right and from top to bottom, whenever a part was made.

Qt's own order is that in which widgets were made; rows, cards and pages that come later would all stand at
its end, behind the status bar (EN 301 549, 11.2.4.3).
"""

from __future__ import annotations

from functools import cmp_to_key
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QSplitter,
    QStackedWidget,
    QWidget,
)

_WHOLE = (QAbstractItemView, QAbstractSpinBox, QComboBox)  # what is inside these is Qt's own business
_EDGE = 2  # pixels by which neighbours of one line may overlap the line below


def keep_reading_order(window: QWidget) -> None:
    """Chains what takes the Tab key in the order in which it stands on the screen."""
    wanted = reading_order(window)
    if len(wanted) > 1 and wanted != _chain(window, set(wanted)):
        for before, after in pairwise(wanted):
            QWidget.setTabOrder(before, after)


def reading_order(window: QWidget) -> list[QWidget]:
    """What is shown and takes the Tab key, as it is read."""
    found: list[QWidget] = []
    _gather(window, found)
    return found


def _gather(part: QWidget, found: list[QWidget]) -> None:
    takes = part.focusPolicy() & Qt.FocusPolicy.TabFocus
    if takes and not part.isWindow() and part.focusProxy() is None:
        found.append(part)
    if isinstance(part, _WHOLE) and not (isinstance(part, QAbstractItemView) and _has_rows_of_widgets(part)):
        return
    for child in _children(part):
        _gather(child, found)


def _children(part: QWidget) -> list[QWidget]:
    if isinstance(part, QStackedWidget):
        current = part.currentWidget()
        return [current] if current is not None and current.isVisible() else []
    shown = [
        child
        for child in part.children()
        if isinstance(child, QWidget) and child.isVisible() and not child.isWindow()
    ]
    if isinstance(part, QSplitter) and part.orientation() == Qt.Orientation.Horizontal:
        return sorted(shown, key=lambda child: child.x())
    return sorted(shown, key=cmp_to_key(_as_read))


def _has_rows_of_widgets(view: QAbstractItemView) -> bool:
    return any(isinstance(child, QWidget) for child in view.viewport().children())


def _as_read(one: QWidget, other: QWidget) -> int:
    """Below zero when ``one`` is read first: it stands above, or in the same line further left."""
    a, b = one.geometry(), other.geometry()
    if a.bottom() - _EDGE < b.top():
        return -1
    if b.bottom() - _EDGE < a.top():
        return 1
    return (a.left() - b.left()) or (a.top() - b.top())


def _chain(window: QWidget, among: set[QWidget]) -> list[QWidget]:
    """Qt's order of these, beginning after the window."""
    chained: list[QWidget] = []
    at = window.nextInFocusChain()
    while at is not None and at is not window:
        if at in among:
            chained.append(at)
        at = at.nextInFocusChain()
    return chained
