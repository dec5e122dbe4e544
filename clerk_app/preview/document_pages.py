"""Whole documents as pictures with their words: for bundles that are handed out."""

from __future__ import annotations

import io
from collections.abc import Iterator

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.inspection import PageImage
from clerk_app.preview.renderer import Renderer

LONG_SIDE_PX = 1754  # A4 at 150 dots per inch
_QUALITY = 82


class DocumentPages:
    """Implements ``usecases.inspecting.DocumentPages``. The confined child gives pixels; only those are made
    into a picture here."""

    def pages(self, content: bytes, media_type: str) -> Iterator[PageImage]:
        """See the protocol."""
        from PIL import Image

        with Renderer() as renderer:
            count = renderer.page_count(content)
            texts = _texts(renderer, content)
            for number in range(count):
                page = renderer.page(content, media_type, number, LONG_SIDE_PX)
                pixels = Image.frombytes("RGBA", (page.width, page.height), page.rgba).convert("RGB")
                out = io.BytesIO()
                pixels.save(out, "JPEG", quality=_QUALITY)
                text = texts[number] if number < len(texts) else ""
                yield PageImage(page.width, page.height, out.getvalue(), text)


def _texts(renderer: Renderer, content: bytes) -> list[str]:
    try:
        return renderer.text(content).split("\f")
    except ClerkError as error:
        if error.code not in (ErrorCode.PREVIEW_REFUSED, ErrorCode.PREVIEW_FAILED):
            raise
        return []
