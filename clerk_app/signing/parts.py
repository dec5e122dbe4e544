"""Teile eines Schreibens that flow: paragraphs, headings, list items, table rows, the signature place.

Lengths are points; vertical positions grow downwards from the top of the page until they reach the canvas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clerk_app.domain.letter import Align
from clerk_app.signing.flow import Part, Piece
from clerk_app.signing.fonts import LetterFont
from clerk_app.signing.tagging import Anchor, FieldPlace, TaggedCanvas
from clerk_app.signing.typeset import PAGE_HEIGHT, SetText, Style, draw_lines

_ROW_KEPT_WHOLE = 12  # table rows of up to so many lines are never torn


class TextPart:
    """A paragraph, heading or list item: lines, and for list items a label in front."""

    header: Part | None = None

    def __init__(
        self,
        font: LetterFont,
        anchor: Anchor,
        text: str,
        style: Style,
        x: float,
        width: float,
        *,
        label: str = "",
        indent: float = 0.0,
    ) -> None:
        self._font = font
        self._style = style
        self._x = x
        self._indent = indent
        self._label = font.typeset(label)
        lines = font.lines(text, width - indent, style.size, bold=style.bold)
        self._label_anchor = Anchor(anchor, "Lbl")
        self._text = SetText(font, Anchor(anchor, "LBody") if label else anchor, lines, style)

    def pieces(self) -> Sequence[Piece]:
        """One piece per line; neither the first nor the last line of a paragraph stands alone on a page."""
        style, count = self._style, len(self._text.lines)
        return [
            Piece(
                self,
                index,
                style.leading + (style.after if index == count - 1 else 0.0),
                style.before if index == 0 else 0.0,
                glued=(index == 0 < count - 1)
                or index == count - 2
                or style.with_next
                or (style.tail_with_next and index == count - 1),
            )
            for index in range(count)
        ]

    def draw(self, canvas: TaggedCanvas, top: float, first: int, last: int) -> None:
        """Draw the lines; the label with the first one."""
        style = self._style
        if first == 0 and self._label:
            with canvas.content(self._label_anchor.element()):
                draw_lines(canvas, self._font, [self._label], self._x, top, style)
        self._text.draw(canvas, self._x + self._indent, top, first, last)

    def draw_again(self, canvas: TaggedCanvas, top: float) -> None:
        """Text is never repeated."""
        raise AssertionError("only table headers are repeated")


@dataclass(frozen=True, slots=True)
class Column:
    """A table column: left edge, width, alignment."""

    x: float
    width: float
    align: Align


class TableRow:
    """One row of a table; rows longer than a page are torn between lines."""

    PAD = 3.0

    def __init__(
        self,
        font: LetterFont,
        section: Anchor,
        cells: Sequence[str],
        columns: Sequence[Column],
        style: Style,
        *,
        header: Part | None = None,
        is_header: bool = False,
        is_last: bool = False,
        is_sum: bool = False,
        with_next: bool = False,
    ) -> None:
        self._style = style
        self._columns = columns
        self._is_header = is_header
        self._is_last = is_last
        self._is_sum = is_sum
        self._with_next = with_next  # a sum follows, or more of them
        self.header = header
        row = Anchor(section, "TR")
        scope = {"Scope": "Column"} if is_header else {}
        self._cells: list[tuple[Anchor, SetText]] = []
        for text, column in zip(cells, columns, strict=True):
            cell = Anchor(row, "TH" if is_header else "TD", **scope)
            lines = font.lines(text, column.width - 2 * self.PAD, style.size, bold=style.bold)
            right, width = column.align is Align.RIGHT, column.width - 2 * self.PAD
            self._cells.append((cell, SetText(font, cell, lines, style, right=right, width=width)))
        self._count = max(1, *(len(text.lines) for _, text in self._cells))

    def pieces(self) -> Sequence[Piece]:
        """One piece per line of the longest cell."""
        count, leading = self._count, self._style.leading
        whole = count <= _ROW_KEPT_WHOLE
        return [
            Piece(
                self,
                index,
                leading
                + (self.PAD if index == 0 else 0.0)
                + (self.PAD if index == count - 1 else 0.0)
                + (self._style.after if index == count - 1 and self._is_last else 0.0),
                glued=(index < count - 1 and (whole or index == 0 or index == count - 2))
                or self._is_header
                or (self._with_next and index == count - 1),
            )
            for index in range(count)
        ]

    def draw(self, canvas: TaggedCanvas, top: float, first: int, last: int) -> None:
        """Draw this page's share of every cell, cell by cell in reading order."""
        text_top = top + (self.PAD if first == 0 else 0.0)
        bottom = text_top + (last - first + 1) * self._style.leading
        bottom += self.PAD if last == self._count - 1 else 0.0
        self._draw_ground(canvas, top, bottom)
        for (anchor, text), column in zip(self._cells, self._columns, strict=True):
            anchor.element()  # an empty cell is a cell too
            text.draw(canvas, column.x + self.PAD, text_top, first, last)

    def draw_again(self, canvas: TaggedCanvas, top: float) -> None:
        """The header on a further page: not read out again."""
        bottom = top + 2 * self.PAD + self._count * self._style.leading
        self._draw_ground(canvas, top, bottom)
        with canvas.artifact("Pagination"):
            for (_, text), column in zip(self._cells, self._columns, strict=True):
                text.draw_untagged(canvas, column.x + self.PAD, top + self.PAD)

    def _draw_ground(self, canvas: TaggedCanvas, top: float, bottom: float) -> None:
        left = self._columns[0].x
        right = self._columns[-1].x + self._columns[-1].width
        with canvas.artifact():
            canvas.saveState()
            if self._is_header:
                canvas.setFillGray(0.92)
                canvas.rect(left, PAGE_HEIGHT - bottom, right - left, bottom - top, stroke=0, fill=1)
            canvas.setStrokeGray(0.45)
            canvas.setLineWidth(0.5)
            canvas.line(left, PAGE_HEIGHT - bottom, right, PAGE_HEIGHT - bottom)
            if self._is_sum:
                canvas.setStrokeGray(0.0)
                canvas.setLineWidth(0.9)
                canvas.line(left, PAGE_HEIGHT - top, right, PAGE_HEIGHT - top)
            canvas.restoreState()


class SignatureBox:
    """Where the signature field goes: a thin frame, a sentence, and the empty field over it."""

    WIDTH = 226.0
    HEIGHT = 48.0

    header: Part | None = None

    def __init__(self, font: LetterFont, root: Anchor, text: str, x: float) -> None:
        self._font = font
        self._root = root
        self._style = Style(size=8.5, leading=11.5)
        self._x = x
        self._lines = font.lines(text, self.WIDTH - 20, self._style.size)[:3]

    def pieces(self) -> Sequence[Piece]:
        """One piece, kept with the name below it."""
        return [Piece(self, 0, self.HEIGHT + 8.0, before=2.0, glued=True)]

    def draw(self, canvas: TaggedCanvas, top: float, first: int, last: int) -> None:
        """Draw the frame and remember the place."""
        x, bottom = self._x, PAGE_HEIGHT - top - self.HEIGHT
        with canvas.artifact():
            canvas.saveState()
            canvas.setStrokeGray(0.45)
            canvas.setLineWidth(0.6)
            canvas.roundRect(x, bottom, self.WIDTH, self.HEIGHT, 3)
            canvas.restoreState()
        text_top = top + (self.HEIGHT - len(self._lines) * self._style.leading) / 2
        with canvas.content(self._root.element().child("P")):
            draw_lines(canvas, self._font, self._lines, x + 10, text_top, self._style)
        canvas.signature_place = FieldPlace(
            canvas.page_index,
            (x, bottom, x + self.WIDTH, bottom + self.HEIGHT),
            self._root.element().child("Form"),
        )

    def draw_again(self, canvas: TaggedCanvas, top: float) -> None:
        """There is one signature place only."""
        raise AssertionError("only table headers are repeated")
