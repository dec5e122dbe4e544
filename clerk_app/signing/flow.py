"""Textfluss: pieces put on pages.

Lengths are points; vertical positions grow downwards from the top of the page. A *part* draws itself from its
first to its last *piece*; a piece is what never breaks: a line, a table line, the signature box.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from clerk_app.signing.tagging import TaggedCanvas


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
    sections: Iterable[Iterable[Part]], first: tuple[float, float], later: tuple[float, float]
) -> list[list[Placed]]:
    """Put parts on pages; each section begins on a new one, and no page is ever empty but an only one.

    ``first`` and ``later`` are the upper and lower edges of the text area.
    """
    pages = [_Page(*first)]
    for section in sections:
        pieces = [piece for part in section for piece in part.pieces()]
        if pieces and pages[-1].placed:
            pages.append(_Page(*later))
        _fill(pages, pieces, later)
    return [page.placed for page in pages]


def _fill(pages: list[_Page], pieces: Sequence[Piece], later: tuple[float, float]) -> None:
    for chunk in _chunks(pieces):
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
