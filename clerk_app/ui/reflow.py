"""Layouts that give way: buttons that wrap, and a column that scrolls when it must."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QLayout, QLayoutItem, QScrollArea, QWidget


class WrappingRow(QLayout):
    """Widgets side by side, each in the middle of its line; those that do not fit go to the next one.

    ``between``: pixels between two lines, unless given as many as between two widgets.
    """

    def __init__(
        self, margins: tuple[int, int, int, int], spacing: int, *, between: int | None = None
    ) -> None:
        super().__init__()
        self._between = spacing if between is None else between
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}  # asked for again and again while a window finds its layout
        self._hint: QSize | None = None
        self._least: QSize | None = None
        self.setContentsMargins(*margins)
        self.setSpacing(spacing)

    def invalidate(self) -> None:
        """Measures anew."""
        self._heights.clear()
        self._hint = self._least = None
        super().invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        """See QLayout."""
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        """See QLayout."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """See QLayout."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """See QLayout."""
        self.invalidate()
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Takes no more than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Narrower is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of all lines."""
        if width not in self._heights:
            self._heights[width] = self._arrange(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    def setGeometry(self, rect: QRect) -> None:
        """Puts the widgets into their places."""
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        """All in one line."""
        if self._hint is None:
            hints = [item.sizeHint() for item in self._items]
            width = sum(hint.width() for hint in hints) + self.spacing() * max(0, len(hints) - 1)
            self._hint = self._framed(width, max((hint.height() for hint in hints), default=0))
        return QSize(self._hint)

    def minimumSize(self) -> QSize:
        """The widest one alone."""
        if self._least is None:
            sizes = [item.minimumSize() for item in self._items]
            width = max((size.width() for size in sizes), default=0)
            self._least = self._framed(width, max((size.height() for size in sizes), default=0))
        return QSize(self._least)

    def _framed(self, width: int, height: int) -> QSize:
        margins = self.contentsMargins()
        return QSize(width + margins.left() + margins.right(), height + margins.top() + margins.bottom())

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        margins = self.contentsMargins()
        left, right = rect.x() + margins.left(), rect.right() - margins.right()
        x, y, line_height = left, rect.y() + margins.top(), 0
        line: list[tuple[QLayoutItem, int, QSize]] = []
        for item in self._items:
            if item.isEmpty():
                continue
            hint = item.sizeHint()
            hint.setWidth(min(hint.width(), right - left + 1))
            if x > left and x + hint.width() > right + 1:
                if move:
                    _place(line, y, line_height)
                x, y, line_height = left, y + line_height + self._between, 0
                line = []
            line.append((item, x, hint))
            x += hint.width() + self.spacing()
            line_height = max(line_height, hint.height())
        if move:
            _place(line, y, line_height)
        return y + line_height + margins.bottom() - rect.y()


def _place(line: list[tuple[QLayoutItem, int, QSize]], y: int, height: int) -> None:
    for item, x, size in line:
        item.setGeometry(QRect(QPoint(x, y + (height - size.height()) // 2), size))


class _Filled(QWidget):
    """Filled by its one part, whose wishes for a size stay with it."""

    def __init__(self, part: QWidget) -> None:
        super().__init__()
        self._part = part
        part.setParent(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The part takes all of it."""
        super().resizeEvent(event)
        self._part.setGeometry(self.rect())


class TallRoom(QScrollArea):
    """A screen that is never squeezed below the height it needs: in a window that is too low for the size of
    the text the whole screen scrolls (EN 301 549, 11.1.4.4.1, 11.1.4.10)."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(_Filled(content))  # narrow is for its parts to settle, low is ours
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    def set_least(self, height_px: int) -> None:
        """The height the screen needs."""
        content = self.widget()
        if content is not None:
            content.setMinimumHeight(height_px)

    @Slot(QWidget, QWidget)
    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Where the keyboard goes the screen goes."""
        content = self.widget()
        if content is not None and now is not None and content.isAncestorOf(now):
            self.ensureWidgetVisible(now, 0, 24)


class ScrollingColumn(QScrollArea):
    """A column of widgets that scrolls instead of squeezing wrapped text."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(content)
        content.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Measures again when something inside changed."""
        layout = self._content.layout() if watched is self._content else None
        if layout is not None and event.type() == QEvent.Type.LayoutRequest:
            layout.activate()  # else parts of parts are still as they were
            self._measure()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measures for the new width."""
        super().resizeEvent(event)
        self._measure()

    def minimumSizeHint(self) -> QSize:
        """Wide enough for its content, as low as one likes."""
        return QSize(self._content.minimumSizeHint().width(), 80)

    @Slot()
    def _measure(self) -> None:
        layout = self._content.layout()
        if layout is not None:
            needed = layout.totalMinimumHeightForWidth(self.viewport().width())
            self._content.setMinimumHeight(max(0, needed))


class FollowingColumn(ScrollingColumn):
    """A scrolling column that keeps in sight what has the focus, however it got it. ``followed`` carries that
    widget, for a column around this one."""

    followed = Signal(QWidget)

    def __init__(self, content: QWidget) -> None:
        super().__init__(content)
        self._wanted: QWidget | None = None
        self._later = QTimer(self, singleShot=True, interval=0)  # a field just added has no place yet
        self._later.timeout.connect(self._bring)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)

    @Slot(QWidget, QWidget)
    def _focus_moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._content.isAncestorOf(now):
            self._wanted = now
            self._later.start()

    @Slot()
    def _bring(self) -> None:
        if self._wanted is not None and self._wanted is QApplication.focusWidget():
            self.ensureWidgetVisible(self._wanted, 0, 12)
            self.followed.emit(self._wanted)
        self._wanted = None
