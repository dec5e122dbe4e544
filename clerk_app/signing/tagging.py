"""Tagged PDF for reportlab: a structure tree recorded while drawing.

reportlab draws but does not tag. ``TaggedCanvas`` writes the marked-content operators and remembers which
piece of content belongs to which structure element; ``finish`` turns that memory into the structure tree
(ISO 32000-1, 14.7 and 14.8). Content is either marked with an element or an artifact: PDF/UA-1, 7.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfgen.canvas import Canvas


@dataclass(slots=True, eq=False)
class Element:
    """A structure element: its standard type, its children in reading order, its attributes."""

    tag: str
    # (page index, marked content id) is content; a link place is the annotation that is clicked
    children: list[Element | LinkPlace | tuple[int, int]] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)

    def child(self, tag: str, **attributes: str) -> Element:
        """Append and return a new element."""
        element = Element(tag, attributes=attributes)
        self.children.append(element)
        return element


@dataclass(frozen=True, slots=True)
class LinkPlace:
    """One line's share of a link: page index, rectangle in points from the lower left, target, shown text."""

    page: int
    rect: tuple[float, float, float, float]
    uri: str
    shown: str


class Anchor:
    """A structure element made when its first content is drawn: the tree follows the reading order."""

    def __init__(self, parent: Anchor | Element, tag: str, **attributes: str) -> None:
        self._parent = parent
        self._tag = tag
        self._attributes = attributes
        self._element: Element | None = None

    @classmethod
    def at(cls, element: Element) -> Anchor:
        """An element that is there already."""
        anchor = cls(element, element.tag)
        anchor._element = element
        return anchor

    def element(self) -> Element:
        """The element, made now if need be."""
        if self._element is None:
            parent = self._parent.element() if isinstance(self._parent, Anchor) else self._parent
            self._element = parent.child(self._tag, **self._attributes)
        return self._element


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """Where the signature field goes: page index, rectangle in points from the lower left, its element."""

    page: int
    rect: tuple[float, float, float, float]
    element: Element


class TaggedCanvas(Canvas):
    """A canvas whose every drawing stands between ``content`` or ``artifact``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.root = Element("Document")
        self.content_counts: list[int] = []  # marked content sequences per finished page
        self.signature_place: FieldPlace | None = None
        self._content_count = 0
        self._inside = False

    @property
    def page_index(self) -> int:
        """The page being drawn, from 0."""
        return len(self.content_counts)

    @contextmanager
    def content(self, element: Element) -> Iterator[None]:
        """Mark what is drawn inside as content of ``element``."""
        if self._inside:
            raise AssertionError("marked content does not nest here")
        element.children.append((self.page_index, self._content_count))
        self.addLiteral(f"/{element.tag} <</MCID {self._content_count}>> BDC")
        self._content_count += 1
        self._inside = True
        yield
        self._inside = False
        self.addLiteral("EMC")

    @contextmanager
    def artifact(self, kind: str = "Layout") -> Iterator[None]:
        """Mark what is drawn inside as no content: lines, repeated headers, page numbers."""
        if self._inside:
            raise AssertionError("marked content does not nest here")
        self.addLiteral(f"/Artifact <</Type /{kind}>> BDC")
        self._inside = True
        yield
        self._inside = False
        self.addLiteral("EMC")

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        """Finish the page."""
        self.content_counts.append(self._content_count)
        self._content_count = 0
        super().showPage()
