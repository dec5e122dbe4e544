"""Text of untrusted files for the search: what the confined child reads, and what is recognised in pixels."""

from __future__ import annotations

from collections.abc import Iterator

from clerk_app.preview.recogniser import Tesseract, installed
from clerk_app.preview.renderer import Renderer

_LONG_SIDE_PX = 2400  # A4 at about 200 dots per inch
_MOST_RECOGNISED = 30  # pages of one document
_FEWEST_LETTERS = 8  # a page with fewer is a picture, with a page number stamped on it perhaps


class SafeTextReader:
    """Implements ``usecases.reading_texts.TextReader``. ``close`` it when done."""

    def __init__(self, recogniser: Tesseract | None = None) -> None:
        self._renderer = Renderer(kept=1)
        self._recogniser = recogniser

    @staticmethod
    def of_this_machine() -> SafeTextReader:
        """With Tesseract when it is installed."""
        return SafeTextReader(installed())

    @property
    def reads_pixels(self) -> bool:
        """See the protocol."""
        return self._recogniser is not None

    def pages(self, content: bytes) -> Iterator[str]:
        """See the protocol."""
        count = self._renderer.page_count(content)
        texts = self._renderer.text(content).split("\f")[:count]
        texts += [""] * (count - len(texts))
        left = _MOST_RECOGNISED
        for number, text in enumerate(texts):
            if self._recogniser is not None and left and sum(map(str.isalnum, text)) < _FEWEST_LETTERS:
                left -= 1
                page = self._renderer.page(content, "", number, _LONG_SIDE_PX)
                text = f"{text}\n{self._recogniser.text(page)}".strip()  # noqa: PLW2901
            yield text

    def close(self) -> None:
        """Ends the child."""
        self._renderer.close()
