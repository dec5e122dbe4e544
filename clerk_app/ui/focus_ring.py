"""Where the keyboard is can always be seen (EN 301 549, 11.2.4.7): a ring around lists that show no row of
their own as current, and a current row in every list the keyboard comes to."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView, QPlainTextEdit, QWidget
from shiboken6 import isValid

from clerk_app.ui.theme import Theme

_NONE = QAbstractItemView.SelectionMode.NoSelection


class _Ring(QWidget):
    """Two pixels inside the edge of ``around``, over everything in it: outside there may be no room."""

    def __init__(self, theme: Theme, around: QWidget) -> None:
        super().__init__(around)
        self._theme, self._around = theme, around
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(around.rect())
        around.installEventFilter(self)
        if isinstance(around, QAbstractItemView) and around.selectionModel() is not None:
            around.selectionModel().currentChanged.connect(self._row_moved)
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stays as large as what it is around."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    @Slot()
    def _row_moved(self) -> None:
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Only the line, and none once the list has a row of its own to show."""
        if not _shows_nothing_itself(self._around):
            return
        painter = QPainter(self)
        pen = QPen(self._theme.color("focus"), 2)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()


class FocusTeller(QObject):
    """Follows the focus through the whole program."""

    def __init__(self, app: QApplication, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._ring: _Ring | None = None
        app.focusChanged.connect(self._moved)

    @Slot(QWidget, QWidget)
    def _moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        by_mouse = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        if isinstance(now, QAbstractItemView) and not by_mouse:
            _choose_a_row(now)
        if self._ring is not None and isValid(self._ring):  # a ring goes with what it was around
            self._ring.hide()
            self._ring.deleteLater()
        self._ring = None
        if now is not None and _shows_nothing_itself(now):
            self._ring = _Ring(self._theme, now)


def _choose_a_row(view: QAbstractItemView) -> None:
    model, root = view.model(), view.rootIndex()
    if model is None or not model.rowCount(root) or view.selectionMode() == _NONE:
        return
    if not view.selectionModel().hasSelection():
        at = view.currentIndex()
        view.setCurrentIndex(at if at.isValid() else model.index(0, 0, root))


def _shows_nothing_itself(widget: QWidget) -> bool:
    if isinstance(widget, QAbstractItemView):
        return isinstance(widget, QListView) or not widget.currentIndex().isValid()
    return isinstance(widget, QPlainTextEdit) and widget.property("kind") == "raw"
