"""Gesetzter Text: lines on the page, marked with their structure element, and the links in them.

Lengths are points; vertical positions grow downwards from the top of the page until they reach the canvas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clerk_app.signing.fonts import LetterFont
from clerk_app.signing.links import Link, find_links
from clerk_app.signing.tagging import Anchor, Element, LinkPlace, TaggedCanvas

PAGE_HEIGHT = 841.89
_BASELINE = 0.78  # of the leading, from the line's upper edge
_DESCENT = 0.21  # of the size, below the base line


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


def draw_lines(
    canvas: TaggedCanvas, font: LetterFont, lines: Sequence[str], x: float, top: float, style: Style
) -> None:
    """Put lines on the page, the first one's upper edge at ``top``. The caller has opened content."""
    face = font.bold if style.bold else font.regular
    ink = canvas.beginText(x, PAGE_HEIGHT - top - style.leading * _BASELINE)
    ink.setFont(face.name, style.size, style.leading)
    ink.setFillGray(style.grey)
    for line in lines:
        ink.textLine(line)
    canvas.drawText(ink)


class SetText:
    """Lines that belong to one structure element; a link in them is an element of its own below it.

    ``right``: stands against the right edge of ``width`` instead of the left.
    """

    def __init__(
        self,
        font: LetterFont,
        owner: Anchor | Element,
        lines: Sequence[str],
        style: Style,
        *,
        right: bool = False,
        width: float = 0.0,
    ) -> None:
        self.lines = lines
        self._font = font
        self._owner = owner
        self._style = style
        self._right = right
        self._width = width
        self._links: dict[int, list[tuple[int, int, Link, Anchor]]] = {}
        for link in find_links(lines):
            anchor = Anchor(owner, "Link")
            for line, first, behind in link.spans:
                self._links.setdefault(line, []).append((first, behind, link, anchor))

    def draw(
        self, canvas: TaggedCanvas, x: float, top: float, first: int = 0, last: int | None = None
    ) -> None:
        """Draw lines ``first`` to ``last`` as far as there are, the first one's upper edge at ``top``."""
        last = len(self.lines) - 1 if last is None else min(last, len(self.lines) - 1)
        leading = self._style.leading
        begun = first
        for index in range(first, last + 1):
            if index in self._links:
                self._draw_plain(canvas, begun, index, x, top + (begun - first) * leading)
                self._draw_linked(canvas, index, x, top + (index - first) * leading)
                begun = index + 1
        self._draw_plain(canvas, begun, last + 1, x, top + (begun - first) * leading)

    def draw_untagged(self, canvas: TaggedCanvas, x: float, top: float) -> None:
        """Draw all of it once more inside an artifact: for eyes only, nothing to click."""
        self._draw_run(canvas, 0, len(self.lines), x, top)

    def _draw_plain(self, canvas: TaggedCanvas, first: int, behind: int, x: float, top: float) -> None:
        if first >= behind:
            return
        with canvas.content(self._element()):
            self._draw_run(canvas, first, behind, x, top)

    def _draw_run(self, canvas: TaggedCanvas, first: int, behind: int, x: float, top: float) -> None:
        if not self._right:
            draw_lines(canvas, self._font, self.lines[first:behind], x, top, self._style)
            return
        for index in range(first, behind):
            at = top + (index - first) * self._style.leading
            draw_lines(canvas, self._font, [self.lines[index]], self._begin(index, x), at, self._style)

    def _draw_linked(self, canvas: TaggedCanvas, index: int, x: float, top: float) -> None:
        line, style = self.lines[index], self._style
        face = self._font.bold if style.bold else self._font.regular
        x = self._begin(index, x)
        done = 0
        for first, behind, link, anchor in self._links[index]:
            for text, owner in ((line[done:first], None), (line[first:behind], anchor)):
                if not text:
                    continue
                width = face.width(text, style.size)
                element = owner.element() if owner else self._element()
                with canvas.content(element):
                    draw_lines(canvas, self._font, [text], x, top, style)
                if owner:
                    self._make_clickable(canvas, element, link, x, x + width, top)
                x += width
            done = behind
        if line[done:]:
            with canvas.content(self._element()):
                draw_lines(canvas, self._font, [line[done:]], x, top, style)

    def _make_clickable(
        self, canvas: TaggedCanvas, element: Element, link: Link, left: float, right: float, top: float
    ) -> None:
        """The line's share of the link, underlined so that it is seen on paper and without colours too."""
        style = self._style
        base = PAGE_HEIGHT - top - style.leading * _BASELINE
        with canvas.artifact():
            canvas.saveState()
            canvas.setStrokeGray(max(0.45, style.grey))
            canvas.setLineWidth(style.size * 0.05)
            canvas.line(left, base - style.size * 0.12, right, base - style.size * 0.12)
            canvas.restoreState()
        rect = (left, base - style.size * _DESCENT, right, base + style.size * _BASELINE)
        element.children.append(LinkPlace(canvas.page_index, rect, link.uri, link.shown))

    def _begin(self, index: int, x: float) -> float:
        if not self._right:
            return x
        face = self._font.bold if self._style.bold else self._font.regular
        return x + self._width - face.width(self.lines[index].rstrip(" "), self._style.size)

    def _element(self) -> Element:
        return self._owner.element() if isinstance(self._owner, Anchor) else self._owner
