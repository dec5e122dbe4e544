"""What the window needs from the preview: pages as pixels, and their text. The window parses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class PagePicture(Protocol):
    """One page as pixels: ``rgba`` holds ``width * height * 4`` bytes, opaque, row by row from the top."""

    @property
    def page_count(self) -> int: ...

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...

    @property
    def rgba(self) -> bytes: ...


class PageLetters(Protocol):
    """Text of a page; ``places``: left, top, right, bottom of each letter, as fractions of the page."""

    @property
    def text(self) -> str: ...

    @property
    def places(self) -> Sequence[float]: ...


class Renderer(Protocol):
    """Turns untrusted documents into pixels and text, in another process. ``clerk_app.preview`` has one.

    Raises ClerkError PREVIEW_REFUSED (kind not shown, too large) or PREVIEW_FAILED (the child gave up).
    """

    def page(
        self, content: bytes, media_type: str, page: int = 0, max_px: int = 1600, *, lineage: str = ""
    ) -> PagePicture:
        """Page ``page`` (from 0), its longer side at most ``max_px`` pixels.

        ``lineage`` names a letter of our own whose states are shown one after the other, which is faster.
        """
        ...

    def text(self, content: bytes) -> str:
        """The text of all pages, separated by form feeds; empty when there is none."""
        ...

    def letters(self, content: bytes, page: int) -> PageLetters:
        """The letters of a page with their places."""
        ...

    def unlock(self, content: bytes, password: str) -> None:
        """Opens a document that wants a password; from then on it is shown like any other. The password is
        kept in memory alone, as long as the renderer lives. Raises PREVIEW_REFUSED with ``wrong-password``.
        """
        ...

    def close(self) -> None: ...
