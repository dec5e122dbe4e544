"""DIN 5008 form B: where things stand on the sheet, apart from the running text.

Measures from DIN 5008:2020, form B: address field 45 mm from the top, 85 by 45 mm, 20 mm from the left
edge (17.7 mm for return address and remarks, 27.3 mm for six address lines); information block 125 mm from
the left; text from 25 mm from the left to 20 mm from the right; fold marks at 105 and 210 mm, punch mark at
148.5 mm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clerk_app.domain.letter import Letter
from clerk_app.signing.fonts import LetterFont
from clerk_app.signing.tagging import Element, TaggedCanvas
from clerk_app.signing.typeset import PAGE_HEIGHT, SetText, Style, draw_lines

MM = 72 / 25.4
PAGE_WIDTH = 595.28
LEFT = 25 * MM
TEXT_WIDTH = PAGE_WIDTH - LEFT - 20 * MM

_INFO = Style(size=9.5, leading=12.5)
_SMALL = Style(size=8.0, leading=10.5)
_FOOTER = Style(size=7.5, leading=9.8, grey=0.25)
_PRACTICE = Style(size=8.0, leading=10.5, bold=True)
_RETURN = Style(size=7.0, leading=9.0)
_NAME = Style(size=16.0, leading=20.0, bold=True)
_UNIT = Style(size=10.5, leading=14.0)

_ADDRESS_TOP = (45 + 17.7) * MM
_ADDRESS_HEIGHT = 27.3 * MM
_ADDRESS_WIDTH = 80 * MM
_REMARKS_HEIGHT = 12.7 * MM  # part of the return address zone that further address lines may use
_INFO_LEFT = 125 * MM
_INFO_WIDTH = PAGE_WIDTH - _INFO_LEFT - 10 * MM
_INFO_LABEL = 23 * MM
_TEXT_TOP = (45 + 45 + 8.46) * MM
_LATER_TOP = 27 * MM
_FOOTER_BOTTOM = PAGE_HEIGHT - 9 * MM


@dataclass(frozen=True, slots=True)
class Frame:
    """The edges of the text area, from the top of the page."""

    first: tuple[float, float]
    later: tuple[float, float]


class LetterSheet:
    """Everything on the sheet that is not running text, for one letter."""

    def __init__(self, letter: Letter, font: LetterFont, root: Element) -> None:
        self._letter = letter
        self._font = font
        self._root = root
        self._info = [
            (
                font.stacked((label,), _INFO_LABEL - 3, _SMALL.size),
                font.lines(value, _INFO_WIDTH - _INFO_LABEL, _INFO.size),
            )
            for label, value in _info(letter)
        ]
        self._columns = [font.stacked(column, self._column_width, _FOOTER.size) for column in letter.footer]
        self._practice = (
            font.lines(letter.words.practice_notice, TEXT_WIDTH - 16, _PRACTICE.size, bold=True)
            if letter.practice
            else []
        )

    @property
    def frame(self) -> Frame:
        """Where running text may stand: below the address field and information block, above the footer."""
        top = max(_TEXT_TOP, self._info_bottom + 6 * MM)
        return Frame((top, self._text_bottom), (_LATER_TOP, self._text_bottom))

    @property
    def _column_width(self) -> float:
        return TEXT_WIDTH / max(1, len(self._letter.footer)) - 8

    @property
    def _footer_top(self) -> float:
        return _FOOTER_BOTTOM - max(map(len, self._columns), default=0) * _FOOTER.leading

    @property
    def _text_bottom(self) -> float:
        return self._footer_top - 11 * MM

    @property
    def _practice_height(self) -> float:
        return len(self._practice) * _PRACTICE.leading + 6

    @property
    def _info_bottom(self) -> float:
        return 50 * MM + sum(max(len(a), len(b)) * 12.5 + 1.5 for a, b in self._info)

    def draw_first_page(self, canvas: TaggedCanvas) -> None:
        """Letterhead, address, information block, marks; the practice notice."""
        letter, sender = self._letter, self._letter.sender
        self._draw_practice_mark(canvas)
        if self._practice:
            self._draw_practice_notice(canvas)
        top = 17 * MM
        for text, style in ((sender.name, _NAME), (sender.unit, _UNIT)):
            lines = self._font.lines(text, TEXT_WIDTH, style.size, bold=style.bold)[:2]
            self._paragraph(canvas, lines, LEFT, top, style)
            top += len(lines) * style.leading + 1
        with canvas.artifact():
            canvas.saveState()
            canvas.setStrokeGray(0.35)
            canvas.setLineWidth(0.8)
            canvas.line(LEFT, PAGE_HEIGHT - top - 6, LEFT + TEXT_WIDTH, PAGE_HEIGHT - top - 6)
            canvas.setLineWidth(0.3)
            for mark, length in ((105, 5), (148.5, 7), (210, 5)):
                y = PAGE_HEIGHT - mark * MM
                canvas.line(4 * MM, y, (4 + length) * MM, y)
            canvas.restoreState()
        self._draw_return_line(canvas)
        self._draw_address(canvas, letter.recipient)
        top = 50 * MM
        for label, value in self._info:
            pair = self._root.child("P")
            self._paragraph(canvas, label, _INFO_LEFT, top + 1, _SMALL, pair)
            self._paragraph(canvas, value, _INFO_LEFT + _INFO_LABEL, top, _INFO, pair)
            top += max(len(label), len(value)) * 12.5 + 1.5

    def draw_later_page(self, canvas: TaggedCanvas) -> None:
        """The running head that says which letter this sheet belongs to."""
        letter = self._letter
        self._draw_practice_mark(canvas)
        head = (
            f"{letter.sender.name} · {letter.words.reference} {letter.reference} · {letter.date_on:%d.%m.%Y}"
        )
        with canvas.artifact("Pagination"):
            lines = self._font.lines(head, TEXT_WIDTH, _SMALL.size)[:1]
            draw_lines(canvas, self._font, lines, LEFT, 14 * MM, _SMALL)

    def draw_page_number(self, canvas: TaggedCanvas, page: int, pages: int) -> None:
        """``Seite 1 von 2`` above the footer, at the right."""
        text = self._font.typeset(_numbered(self._letter.words.page_of, page, pages))
        x = LEFT + TEXT_WIDTH - self._font.regular.width(text, _SMALL.size)
        with canvas.artifact("Pagination"):
            draw_lines(canvas, self._font, [text], x, self._footer_top - 7.5 * MM, _SMALL)

    def draw_footer(self, canvas: TaggedCanvas, element: Element) -> None:
        """The authority's particulars, below ``element``: content, a bank account must be readable."""
        if not any(self._columns):
            return
        with canvas.artifact():
            canvas.saveState()
            canvas.setStrokeGray(0.6)
            canvas.setLineWidth(0.4)
            y = PAGE_HEIGHT - self._footer_top + 4
            canvas.line(LEFT, y, LEFT + TEXT_WIDTH, y)
            canvas.restoreState()
        for index, lines in enumerate(self._columns):
            if not lines:
                continue
            x = LEFT + index * TEXT_WIDTH / len(self._columns)
            self._paragraph(canvas, lines, x, self._footer_top, _FOOTER, element.child("P"))

    def _paragraph(
        self,
        canvas: TaggedCanvas,
        lines: Sequence[str],
        x: float,
        top: float,
        style: Style,
        element: Element | None = None,
    ) -> None:
        """Lines that are content of ``element``, or of a paragraph of their own."""
        if lines:
            SetText(self._font, element or self._root.child("P"), lines, style).draw(canvas, x, top)

    def _draw_return_line(self, canvas: TaggedCanvas) -> None:
        lines, style = _shrunk(self._font, self._letter.sender.return_address, _ADDRESS_WIDTH, _RETURN)
        top = 45 * MM + 17.7 * MM - style.leading * len(lines) - 3.5
        if len(self._address(self._letter.recipient)[0]) > 6:
            top = 45 * MM
        self._paragraph(canvas, lines, LEFT, top, style)
        with canvas.artifact():
            canvas.saveState()
            canvas.setLineWidth(0.3)
            y = PAGE_HEIGHT - top - style.leading * len(lines) - 0.5
            canvas.line(LEFT, y, LEFT + _ADDRESS_WIDTH, y)
            canvas.restoreState()

    def _address(self, recipient: Sequence[str]) -> tuple[list[str], Style]:
        """The address lines, set smaller until they fit the window."""
        for size in (10.5, 9.5, 8.5, 7.5, 6.5):
            lines = self._font.stacked(recipient, _ADDRESS_WIDTH, size)
            leading = size * 1.22
            room = _ADDRESS_HEIGHT + (_REMARKS_HEIGHT if len(lines) > 6 else 0.0)
            if len(lines) * leading <= room:
                break
        return lines, Style(size=size, leading=leading)

    def _draw_address(self, canvas: TaggedCanvas, recipient: Sequence[str]) -> None:
        lines, style = self._address(recipient)
        top = _ADDRESS_TOP - (_REMARKS_HEIGHT if len(lines) > 6 else 0.0)
        self._paragraph(canvas, lines, LEFT, top, style)

    def _draw_practice_notice(self, canvas: TaggedCanvas) -> None:
        top = 5 * MM
        with canvas.artifact():
            canvas.saveState()
            canvas.setFillGray(0.93)
            canvas.setStrokeGray(0.2)
            canvas.setLineWidth(0.8)
            bottom = PAGE_HEIGHT - top - self._practice_height
            canvas.rect(LEFT, bottom, TEXT_WIDTH, self._practice_height, stroke=1, fill=1)
            canvas.restoreState()
        self._paragraph(canvas, self._practice, LEFT + 8, top + 3, _PRACTICE)

    def _draw_practice_mark(self, canvas: TaggedCanvas) -> None:
        if not self._letter.practice:
            return
        text = self._font.typeset(self._letter.words.practice_mark)
        size = min(46.0, 560.0 / max(1.0, self._font.bold.width(text, 1.0)))
        with canvas.artifact("Background"):
            canvas.saveState()
            canvas.translate(PAGE_WIDTH / 2, PAGE_HEIGHT * 0.4)
            canvas.rotate(48)
            canvas.setFillGray(0.93)
            canvas.setFont(self._font.bold.name, size)
            canvas.drawCentredString(0, 0, text)
            canvas.restoreState()


def _info(letter: Letter) -> list[tuple[str, str]]:
    words = letter.words
    given = dict(letter.info)
    head = [] if words.reference in given else [(words.reference, letter.reference)]
    foot = [] if words.date in given else [(words.date, f"{letter.date_on:%d.%m.%Y}")]
    return [*head, *letter.info, *foot]


def _numbered(pattern: str, page: int, pages: int) -> str:
    return pattern.replace("{page}", str(page)).replace("{pages}", str(pages))


def _shrunk(font: LetterFont, text: str, width: float, style: Style) -> tuple[list[str], Style]:
    """One line, set smaller if need be; two lines when it still does not fit."""
    for size in (style.size, 6.5, 6.0):
        lines = font.lines(text, width, size)
        if len(lines) <= 1:
            return lines, Style(size=size, leading=size * 1.25)
    return lines[:2], Style(size=size, leading=size * 1.25)
