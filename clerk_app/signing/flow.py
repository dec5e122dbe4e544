"""Textfluss: blocks of a letter cut into pieces, pieces put on pages, pieces drawn and tagged.

Lengths are points; vertical positions grow downwards from the top of the page until they reach the canvas.
A *part* draws itself from its first to its last *piece*; a piece is what never breaks: a line, a table line,
the signature box.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from clerk_app.domain.letter import Align
from clerk_app.signing.fonts import LetterFont
from clerk_app.signing.tagging import Element, FieldPlace, TaggedCanvas

PAGE_HEIGHT = 841.89
_ROW_KEPT_WHOLE = 12  # table rows of up to so many lines are never torn


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks."""

    size: float = 10.5
    leading: float = 14.0
    before: float = 0.0
    after: float = 7.0
    bold: bool = False
    with_next: bool = False  # all of it stays with what follows
    tail_with_next: bool = False  # its last two lines do
    grey: float = 0.0  # 0 black


class Part(Protocol):
    """Something that flows: knows its pieces and draws a run of them."""

    header: Part | None  # repeated on top of every further page

    def pieces(self) -> Sequence[Piece]:
        """The unbreakable pieces in order."""

    def draw(self, canvas: TaggedCanvas, top: float, first: int, last: int) -> None:
        """Draw pieces ``first`` to ``last`` with the upper edge at ``top``, tagged."""

    def draw_again(self, canvas: TaggedCanvas, top: float) -> None:
        """Draw everything once more as an artifact (a repeated header)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One unbreakable piece of a part. ``before`` is dropped on top of a page."""

    part: Part
    index: int
    height: float
    before: float = 0.0
    glued: bool = False  # must stand on the same page as the next piece


@dataclass(frozen=True, slots=True)
class Placed:
    """A run of pieces of one part on a page."""

    part: Part
    top: float
    first: int
    last: int
    repeated: bool = False


class Anchor:
    """A structure element made when its first content is drawn: the tree follows the reading order."""

    def __init__(self, parent: Anchor | Element, tag: str, **attributes: str) -> None:
        self._parent = parent
        self._tag = tag
        self._attributes = attributes
        self._element: Element | None = None

    def element(self) -> Element:
        """The element, made now if need be."""
        if self._element is None:
            parent = self._parent.element() if isinstance(self._parent, Anchor) else self._parent
            self._element = parent.child(self._tag, **self._attributes)
        return self._element


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
        self._lines = font.lines(text, width - indent, style.size, bold=style.bold)
        if label:
            self._label_anchor = Anchor(anchor, "Lbl")
            self._anchor = Anchor(anchor, "LBody")
        else:
            self._anchor = anchor

    def pieces(self) -> Sequence[Piece]:
        """One piece per line; neither the first nor the last line of a paragraph stands alone on a page."""
        style, count = self._style, len(self._lines)
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
        with canvas.content(self._anchor.element()):
            draw_lines(canvas, self._font, self._lines[first : last + 1], self._x + self._indent, top, style)

    def draw_again(self, canvas: TaggedCanvas, top: float) -> None:
        """Text is never repeated."""
        raise AssertionError("only table headers are repeated")


def draw_lines(
    canvas: TaggedCanvas, font: LetterFont, lines: Sequence[str], x: float, top: float, style: Style
) -> None:
    """Put lines on the page, the first one's upper edge at ``top``. The caller has opened content."""
    face = font.bold if style.bold else font.regular
    ink = canvas.beginText(x, PAGE_HEIGHT - top - style.leading * 0.78)
    ink.setFont(face.name, style.size, style.leading)
    ink.setFillGray(style.grey)
    for line in lines:
        ink.textLine(line)
    canvas.drawText(ink)


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
        with_next: bool = False,
    ) -> None:
        self._font = font
        self._style = style
        self._columns = columns
        self._is_header = is_header
        self._is_last = is_last
        self._with_next = with_next  # a sum follows, or more of them
        self.header = header
        row = Anchor(section, "TR")
        scope = {"Scope": "Column"} if is_header else {}
        self._cells = [
            (
                Anchor(row, "TH" if is_header else "TD", **scope),
                font.lines(text, column.width - 2 * self.PAD, style.size, bold=style.bold),
            )
            for text, column in zip(cells, columns, strict=True)
        ]
        self._count = max(1, *(len(lines) for _, lines in self._cells))

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
        for (anchor, lines), column in zip(self._cells, self._columns, strict=True):
            element = anchor.element()  # an empty cell is a cell too
            share = lines[first : last + 1]
            if share:
                with canvas.content(element):
                    self._draw_cell(canvas, share, column, text_top)

    def draw_again(self, canvas: TaggedCanvas, top: float) -> None:
        """The header on a further page: not read out again."""
        bottom = top + 2 * self.PAD + self._count * self._style.leading
        self._draw_ground(canvas, top, bottom)
        with canvas.artifact("Pagination"):
            for (_, lines), column in zip(self._cells, self._columns, strict=True):
                self._draw_cell(canvas, lines, column, top + self.PAD)

    def _draw_cell(self, canvas: TaggedCanvas, lines: list[str], column: Column, top: float) -> None:
        style = self._style
        if column.align is Align.LEFT:
            draw_lines(canvas, self._font, lines, column.x + self.PAD, top, style)
            return
        face = self._font.bold if style.bold else self._font.regular
        for index, line in enumerate(lines):
            x = column.x + column.width - self.PAD - face.width(line.rstrip(" "), style.size)
            draw_lines(canvas, self._font, [line], x, top + index * style.leading, style)

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
            canvas.restoreState()


class SignatureBox:
    """Where the signature field goes: a thin frame, a sentence, and the empty field over it."""

    WIDTH = 226.0
    HEIGHT = 48.0

    header: Part | None = None

    def __init__(self, font: LetterFont, root: Element, text: str, x: float) -> None:
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
        with canvas.content(self._root.child("P")):
            draw_lines(canvas, self._font, self._lines, x + 10, text_top, self._style)
        canvas.signature_place = FieldPlace(
            canvas.page_index,
            (x, bottom, x + self.WIDTH, bottom + self.HEIGHT),
            self._root.child("Form"),
        )

    def draw_again(self, canvas: TaggedCanvas, top: float) -> None:
        """There is one signature place only."""
        raise AssertionError("only table headers are repeated")


@dataclass(slots=True)
class _Page:
    top: float
    bottom: float
    placed: list[Placed] = field(default_factory=list)
    used: float = 0.0

    @property
    def left(self) -> float:
        return self.bottom - self.top - self.used

    def add(self, piece: Piece) -> None:
        before = piece.before if self.placed else 0.0
        last = self.placed[-1] if self.placed else None
        if (
            last is not None
            and last.part is piece.part
            and not last.repeated
            and last.last == piece.index - 1
        ):
            self.placed[-1] = Placed(last.part, last.top, last.first, piece.index)
        else:
            self.placed.append(Placed(piece.part, self.top + self.used + before, piece.index, piece.index))
        self.used += before + piece.height


def paginate(
    parts: Iterable[Part], first: tuple[float, float], later: tuple[float, float]
) -> list[list[Placed]]:
    """Put parts on pages. ``first`` and ``later`` are the upper and lower edges of the text area."""
    pages = [_Page(*first)]
    for chunk in _chunks([piece for part in parts for piece in part.pieces()]):
        needed = sum(piece.height + piece.before for piece in chunk)
        full = later[1] - later[0]
        if needed <= full:
            if needed > pages[-1].left:
                pages.append(_next_page(later, chunk[0]))
            for piece in chunk:
                pages[-1].add(piece)
            continue
        for piece in chunk:  # more than a page is glued together: let go
            if piece.height + piece.before > pages[-1].left:
                pages.append(_next_page(later, piece))
            pages[-1].add(piece)
    return [page.placed for page in pages]


def _next_page(edges: tuple[float, float], first: Piece) -> _Page:
    page = _Page(*edges)
    header = first.part.header
    if header is not None:
        height = sum(piece.height for piece in header.pieces())
        if height + first.height < (edges[1] - edges[0]) / 2:
            page.placed.append(Placed(header, edges[0], 0, 0, repeated=True))
            page.used = height
    return page


def _chunks(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    chunk: list[Piece] = []
    for piece in pieces:
        chunk.append(piece)
        if not piece.glued:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
