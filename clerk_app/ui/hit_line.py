"""Fundstelle: where in the case the words of the search stand, with some words around them."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QWidget

from clerk_app.domain.attachment_text import HitPlace, SearchHit
from clerk_app.texts import _
from clerk_app.texts.search_words import hit_words
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import IconLabel, column, label, row


class _Snippet(QWidget):
    """Plain text with one part in bold: nothing in it is ever taken for markup."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._text, self._bold = "", (0, 0)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_hit(self, hit: SearchHit) -> None:
        self._text = hit.before + hit.words + hit.after
        self._bold = (len(hit.before.encode("utf-16-le")) // 2, len(hit.words.encode("utf-16-le")) // 2)
        self.setAccessibleName(self._text)
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._laid_out(width)[1]

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(240), self.heightForWidth(self._theme.px(240)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(120), self._theme.px(18))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self._theme.color("text"))
        self._laid_out(self.width())[0].draw(painter, QPointF(0, 0))
        painter.end()

    def _laid_out(self, width: int) -> tuple[QTextLayout, int]:
        layout = QTextLayout(self._text, self._theme.font(13))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        bold = QTextLayout.FormatRange()
        bold.start, bold.length = self._bold
        style = QTextCharFormat()
        style.setFontWeight(QFont.Weight.Bold)
        bold.format = style
        layout.setFormats([bold])
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        return layout, int(height) + 1


class HitLine(QFrame):
    """Hidden until there is a hit. ``attachment_wanted`` carries the id of the attachment it stands in."""

    attachment_wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("level", "info")
        self._hit: SearchHit | None = None
        self.place = label("", "meta", wrap=True)
        self._snippet = _Snippet(theme)
        self.button = QPushButton(_("Anlage öffnen"))
        self.button.clicked.connect(self._open)
        words = column(spacing=2)
        words.addWidget(self.place)
        words.addWidget(self._snippet)
        layout = row(margins=(12, 8, 12, 8), spacing=10)
        layout.addWidget(IconLabel(theme, "search", "info", 18), 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(layout)
        self.hide()

    def show_hit(self, hit: SearchHit | None) -> None:
        """None hides the line."""
        self._hit = hit
        self.setVisible(hit is not None)
        if hit is not None:
            self.place.setText(_("Gefunden: {place}").format(place=hit_words(hit)))
            self._snippet.show_hit(hit)
            self.button.setVisible(hit.place is HitPlace.ATTACHMENT)

    @property
    def text(self) -> str:
        """What is shown, as one sentence."""
        return f"{self.place.text()}: {self._snippet.accessibleName()}"

    @Slot()
    def _open(self) -> None:
        if self._hit is not None and self._hit.attachment_id is not None:
            self.attachment_wanted.emit(self._hit.attachment_id)
