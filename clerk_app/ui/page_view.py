"""Pages of a document, one below the other, as pictures somebody else made."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea

from clerk_app.texts import _
from clerk_app.ui.rendering import PagePicture
from clerk_app.ui.theme import Theme

A4 = 297 / 210
PICTURES_KEPT_BYTES = 160 * 1024 * 1024  # two pages in sight at the largest size, and the ones around
_LARGEST_PX = 4000
_SMALLEST = 0.2  # a whole page in a flat window
_MARKED, _IN_SIGHT = QColor(255, 190, 0, 110), QColor(30, 30, 60)
ZOOMS = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)


class PageView(QAbstractScrollArea):
    """Shows pages; asks for those in sight with ``wanted(page, longest side in pixels)``."""

    wanted = Signal(int, int)
    zoomed = Signal(float)
    turned = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._count = 0
        self._aspects: dict[int, float] = {}
        self._pictures: OrderedDict[int, QPixmap] = OrderedDict()
        self._asked: set[int] = set()
        self._tops = [0]  # of each page, then where the last one ends with its gap
        self._zoom = 1.0
        self._turns = 0  # quarter turns clockwise
        self._marks: dict[int, list[QRectF]] = {}
        self._mark: tuple[int, QRectF] | None = None  # the hit in sight
        self._words = ""
        self.setAccessibleName(_("Seitenansicht"))
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        theme.changed.connect(self._relayout)

    # content

    def clear(self, words: str = "") -> None:
        """Shows nothing but these words."""
        self._count = 0
        self._aspects.clear()
        self._forget_pictures()
        self._words = words
        self.set_marks({})
        self.viewport().setAccessibleName(words)
        self._relayout()

    def begin(self, *, keep_place: bool = False) -> None:
        """A new document begins with its first page; how many there are comes with the first picture."""
        if not keep_place or not self._count:
            self._aspects.clear()
            self._count = 1
            self._turns = 0
            self.set_marks({})
            self.verticalScrollBar().setValue(0)
            self._pictures.clear()
        self._words = ""
        self._asked.clear()
        self._relayout()

    def show_page(self, number: int, picture: PagePicture) -> None:
        """A picture has come."""
        image = QImage(
            picture.rgba, picture.width, picture.height, picture.width * 4, QImage.Format.Format_RGBA8888
        )
        if self._turns:
            image = image.transformed(QTransform().rotate(90 * self._turns))
        self._pictures[number] = QPixmap.fromImage(image)  # a copy: the bytes may go
        self._pictures.move_to_end(number)
        while len(self._pictures) > 1 and self.kept_bytes > PICTURES_KEPT_BYTES:
            gone, _picture = self._pictures.popitem(last=False)
            self._asked.discard(gone)
        aspect = image.height() / max(1, image.width())
        if self._count != picture.page_count or self._aspects.get(number) != aspect:
            self._count = picture.page_count
            self._aspects[number] = aspect
            self._relayout()
        self.viewport().update()

    @property
    def kept_bytes(self) -> int:
        """What the pictures kept take up, four bytes a pixel."""
        return sum(4 * kept.width() * kept.height() for kept in self._pictures.values())

    @property
    def page_count(self) -> int:
        """Number of pages; 0 when nothing is shown."""
        return self._count

    @property
    def shown(self) -> bool:
        """Whether at least one page is there to be seen."""
        return bool(self._pictures)

    def current_page(self) -> int:
        """The page in the middle of the view, from 0."""
        middle = self.verticalScrollBar().value() + self.viewport().height() // 3
        return max(0, min(bisect_right(self._tops, middle, 1) - 1, self._count - 1))

    def go_to(self, number: int, down: float = 0.0) -> None:
        """Brings a page into sight; ``down``: how far down it, as a fraction."""
        top = self._tops[min(number, len(self._tops) - 1)] - self._gap
        place = top + round(down * self._height(number)) - (self.viewport().height() // 3 if down else 0)
        self.verticalScrollBar().setValue(max(0, place))

    # turning

    @property
    def turns(self) -> int:
        """Quarter turns clockwise, 0 to 3."""
        return self._turns

    def turn(self, turns: int) -> None:
        """Pages turned by so many quarters; the page in sight stays in sight."""
        turns %= 4
        if turns == self._turns or not self._count:
            return
        page, odd = self.current_page(), (turns - self._turns) % 2
        self._turns = turns
        if odd:
            self._aspects = {number: 1 / aspect for number, aspect in self._aspects.items()}
        self._forget_pictures()
        self._relayout()
        self.go_to(page)

    # hits

    def set_marks(self, marks: Mapping[int, Sequence[QRectF]]) -> None:
        """Places of hits by page, as fractions of the page as it was sent."""
        self._marks = {number: list(places) for number, places in marks.items()}
        self._mark = None
        self.viewport().update()

    def show_mark(self, number: int, place: QRectF | None) -> None:
        """Brings a hit into sight; without a place only its page."""
        self._mark = None if place is None else (number, place)
        self.go_to(number, 0.0 if place is None else self._turned(place).top())
        self.viewport().update()

    def _turned(self, place: QRectF) -> QRectF:
        """A place on the page as it is turned now."""
        left, top, right, bottom = place.left(), place.top(), place.right(), place.bottom()
        for _quarter in range(self._turns):
            left, top, right, bottom = 1 - bottom, left, 1 - top, right
        return QRectF(left, top, right - left, bottom - top)

    # zoom

    def fit_page(self) -> None:
        """The whole page in sight is to be seen."""
        at = self.current_page()
        aspect = self._aspects.get(at, self._aspects.get(0, A4))
        whole = (self.viewport().height() - 2 * self._gap) / aspect
        self.set_zoom(whole / max(1, self.viewport().width() - 2 * self._gap))
        self.go_to(at)

    def zoom(self) -> float:
        """1.0 fits the width."""
        return self._zoom

    def set_zoom(self, zoom: float) -> None:
        """Larger or smaller, about the page in sight."""
        zoom = min(ZOOMS[-1], max(_SMALLEST, zoom))
        if zoom == self._zoom:
            return
        bar = self.verticalScrollBar()
        place = bar.value() / max(1, bar.maximum())
        self._zoom = zoom
        self._asked.clear()
        self._relayout()
        bar.setValue(round(place * bar.maximum()))
        self.zoomed.emit(zoom)

    def zoom_by(self, steps: int) -> None:
        """The next step of the scale."""
        near = min(range(len(ZOOMS)), key=lambda at: abs(ZOOMS[at] - self._zoom))
        self.set_zoom(ZOOMS[min(len(ZOOMS) - 1, max(0, near + steps))])

    # geometry

    @property
    def _gap(self) -> int:
        return self._theme.px(16)

    def _width(self) -> int:
        return max(80, round((self.viewport().width() - 2 * self._gap) * self._zoom))

    def _height(self, number: int) -> int:
        return round(self._width() * self._aspects.get(number, self._aspects.get(0, A4)))

    def _rect(self, number: int) -> QRect:
        top = self._tops[min(number, len(self._tops) - 1)]
        left = max(self._gap, (self.viewport().width() - self._width()) // 2)
        x = left - self.horizontalScrollBar().value()
        return QRect(x, top - self.verticalScrollBar().value(), self._width(), self._height(number))

    @Slot()
    def _relayout(self) -> None:
        width, gap, usual = self._width(), self._gap, self._aspects.get(0, A4)
        self._tops = [gap]
        for number in range(self._count):  # once here, not at every paint: five hundred pages stay fluent
            self._tops.append(self._tops[-1] + round(width * self._aspects.get(number, usual)) + gap)
        total = self._tops[-1]
        view = self.viewport().size()
        self.verticalScrollBar().setPageStep(view.height())
        self.verticalScrollBar().setSingleStep(self._theme.px(40))
        self.verticalScrollBar().setRange(0, max(0, total - view.height()) if self._count else 0)
        self.horizontalScrollBar().setPageStep(view.width())
        self.horizontalScrollBar().setRange(0, max(0, self._width() + 2 * self._gap - view.width()))
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Shows the ring."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Takes the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fits the pages to the new width."""
        super().resizeEvent(event)
        self._asked.clear()
        self._relayout()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Pages in sight; for those that have no picture yet, an empty sheet and a question."""
        painter = QPainter(self.viewport())
        theme = self._theme
        painter.fillRect(self.viewport().rect(), theme.color("side"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not self._count:
            painter.setFont(theme.font(13))
            painter.setPen(theme.color("muted"))
            box = self.viewport().rect().adjusted(theme.px(32), 0, -theme.px(32), 0)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(box, int(flags), self._words)
        missing = []
        first = max(0, bisect_right(self._tops, self.verticalScrollBar().value()) - 1)
        for number in range(first, self._count):
            rect = self._rect(number)
            if rect.top() > self.viewport().height():
                break
            if rect.bottom() < 0:
                continue
            picture = self._pictures.get(number)
            if picture is not None:
                self._pictures.move_to_end(number)  # what is in sight goes last
            painter.fillRect(rect.adjusted(-1, -1, 1, 1), theme.color("line"))
            painter.fillRect(rect, Qt.GlobalColor.white)
            if picture is not None:
                painter.drawPixmap(rect, picture)
            self._paint_marks(painter, number, rect)
            if number not in self._asked:
                missing.append(number)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))
        painter.end()
        for number in missing:
            self._ask(number)

    def _paint_marks(self, painter: QPainter, number: int, rect: QRect) -> None:
        """On paper, which is white in every look: the marks are, too, the same in each."""
        for place in self._marks.get(number, ()):
            turned = self._turned(place)
            box = QRectF(
                rect.left() + turned.left() * rect.width(),
                rect.top() + turned.top() * rect.height(),
                max(4.0, turned.width() * rect.width()),
                max(4.0, turned.height() * rect.height()),
            ).adjusted(-2, -2, 2, 2)
            painter.fillRect(box, _MARKED)
            if self._mark == (number, place):
                painter.setPen(QPen(_IN_SIGHT, 2))
                painter.drawRect(box)

    def _ask(self, number: int) -> None:
        self._asked.add(number)
        ratio = self.devicePixelRatioF()
        longest = max(self._width(), self._height(number)) * ratio
        self.wanted.emit(number, min(_LARGEST_PX, round(longest)))

    def _forget_pictures(self) -> None:
        self._pictures.clear()
        self._asked.clear()

    @Slot()
    def _scrolled(self) -> None:
        self.viewport().update()
        self.turned.emit(self.current_page())

    # keys and wheel

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and the page keys read on."""
        bar = self.verticalScrollBar()
        page = self.viewport().height() - self._theme.px(40)
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        moves: dict[int, Callable[[], int]] = {
            Qt.Key.Key_Space: lambda: bar.value() + (-page if back else page),
            Qt.Key.Key_PageDown: lambda: bar.value() + page,
            Qt.Key.Key_PageUp: lambda: bar.value() - page,
            Qt.Key.Key_Down: lambda: bar.value() + bar.singleStep(),
            Qt.Key.Key_Up: lambda: bar.value() - bar.singleStep(),
            Qt.Key.Key_Home: lambda: 0,
            Qt.Key.Key_End: bar.maximum,
        }
        move = moves.get(event.key())
        if move is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
            return
        bar.setValue(move())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl the wheel zooms."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1 if event.angleDelta().y() > 0 else -1)
            return
        super().wheelEvent(event)

    def sizeHint(self) -> QSize:
        """Room for a page."""
        return QSize(self._theme.px(560), self._theme.px(600))
