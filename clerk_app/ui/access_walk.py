"""Walks over the widgets in sight and names what a person with other eyes or hands would stumble over."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QLabel, QPushButton, QTabBar, QWidget

from clerk_app.ui.access_targets import small_ones, targets
from clerk_app.ui.widgets import ElidedLabel


def complaints(window: QWidget) -> list[str]:
    """Names, targets, clipped text."""
    return [*unnamed(window), *small_targets(window), *clipped(window)]


def in_sight(window: QWidget) -> list[QWidget]:
    """Widgets of which more than an edge is to be seen."""
    area = QRect(QPoint(0, 0), window.size())
    found = []
    for widget in window.findChildren(QWidget):
        if widget.isVisible():
            box = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()).intersected(area)
            if box.width() >= 4 and box.height() >= 4:
                found.append(widget)
    return found


def takes_tab(widget: QWidget) -> bool:
    """Whether the Tab key stops there."""
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus)


def unnamed(window: QWidget) -> list[str]:
    """What takes the focus and has nothing a screen reader could say (EN 301 549, 11.4.1.2)."""
    found = []
    for widget in in_sight(window):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not isinstance(widget, QTabBar):
            reading = QAccessible.queryAccessibleInterface(widget)
            name = reading.text(QAccessible.Text.Name) if reading else ""
            if not name and not (isinstance(widget, QAbstractScrollArea) and not widget.isEnabled()):
                found.append(f"no name: {type(widget).__name__} {widget.objectName()}")
    return found


def misnamed(window: QWidget) -> list[str]:
    """Buttons whose spoken name lacks a line that stands on them: who speaks to the machine says what is
    written there (WCAG 2.5.3; EN 301 549, 11.2.5.3)."""
    found = []
    for widget in in_sight(window):
        if not isinstance(widget, QAbstractButton) or not _is_own_button(widget):
            continue
        reading = QAccessible.queryAccessibleInterface(widget)
        spoken = _plain(reading.text(QAccessible.Text.Name)) if reading else ""
        for line in filter(None, map(_plain, widget.text().splitlines())):
            if spoken and line not in spoken:
                found.append(f"label not in name: {line!r} is called {spoken!r}")
    return found


def _plain(text: str) -> str:
    shown = text.replace("&&", "\0").replace("&", "").replace("\0", "&")
    return " ".join(shown.casefold().split()).rstrip(" …×")


def small_targets(window: QWidget) -> list[str]:
    """What is hard to hit, with the exception for spacing (WCAG 2.2, 2.5.8)."""
    return small_ones(targets(window, in_sight(window)))


def clipped(window: QWidget) -> list[str]:
    """Words that do not fit (EN 301 549, 11.1.4.4.1)."""
    found = []
    for widget in in_sight(window):
        if isinstance(widget, QPushButton) and _is_own_button(widget):
            short = widget.minimumSizeHint().width() > widget.width() + 1
            if widget.property("kind") != "card" and short:
                found.append(f"clipped button: {widget.text()}")
        if isinstance(widget, QLabel) and widget.text() and not isinstance(widget, ElidedLabel):
            wraps = widget.wordWrap()
            height = widget.heightForWidth(widget.width()) if wraps else widget.sizeHint().height()
            if height > widget.height() + 1:
                found.append(f"clipped in height {height}>{widget.height()}: {widget.text()[:50]}")
            if not wraps and widget.sizeHint().width() > widget.width() + 1:
                found.append(f"clipped in width: {widget.text()[:50]}")
    return found


def _is_own_button(widget: QWidget) -> bool:
    """The tool buttons inside line edits and calendars are Qt's own."""
    return isinstance(widget, QAbstractButton) and type(widget).__name__ != "QToolButton"
