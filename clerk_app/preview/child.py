"""The disposable child: reads framed jobs on standard input, answers with pixels or text on standard output.

The first thing it does is to give up what it can (``confinement``). It opens one document and answers
questions about it until the pipe ends. Whatever a file makes of it, only this process is lost.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator
from typing import Any, Protocol

from clerk_app.preview.confinement import allow_next_job, confine
from clerk_app.preview.kinds import IMAGE, PDF, PHOTO
from clerk_app.preview.wire import LARGEST_DOCUMENT_BYTES, Head, PipeEndedError, read_frame, write_frame

MAX_PAGES = 2_000
_MAX_IMAGE_PIXELS = 100_000_000
_MAX_SIDE_PX = 6_000
_MAX_SCALE = 10.0
_MAX_TEXT_CHARACTERS = 2_000_000
_MAX_OUTLINE_ENTRIES = 500
_MAX_LETTERS = 50_000  # of one page, with places
_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP")


class RefusedError(Exception):
    """The document is not shown; the reason is a code of PREVIEW_REFUSED or PREVIEW_FAILED."""


class Opened(Protocol):
    """A document that was opened."""

    page_count: int

    def pixels(self, page: int, max_px: int) -> tuple[int, int, bytes]:
        """Width, height and RGBA bytes of a page."""

    def text(self) -> str:
        """All text in reading order."""

    def letters(self, page: int) -> tuple[str, bytes]:
        """Text of a page and, of each letter, left, top, right, bottom as fractions of the page (float32)."""

    def outline(self) -> list[tuple[int, int, str]]:
        """Level, page (from 0, -1 unknown) and title."""


class OpenedPdf:
    """A PDF, by PDFium. Scripts, forms and launch actions are not run: the build has no script engine."""

    def __init__(self, content: bytes, password: str | None = None) -> None:
        import pypdfium2
        import pypdfium2.raw as raw

        try:
            self._document = pypdfium2.PdfDocument(content, password)
        except pypdfium2.PdfiumError as error:
            wants_another = raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD
            locked = "encrypted" if password is None else "wrong-password"
            raise RefusedError(locked if wants_another else "damaged") from error
        self._error = pypdfium2.PdfiumError
        self.page_count = len(self._document)
        if self.page_count > MAX_PAGES:
            raise RefusedError("too-many-pages")
        if self.page_count == 0:
            raise RefusedError("damaged")

    def pixels(self, page: int, max_px: int) -> tuple[int, int, bytes]:
        """See ``Opened``."""
        try:
            shown = self._document[page]
            width, height = shown.get_size()
            scale = min(max_px / max(width, height, 1.0), _MAX_SCALE)
            bitmap = shown.render(
                scale=scale, may_draw_forms=False, rev_byteorder=True, prefer_bgrx=True, fill_color=(255,) * 4
            )
        except self._error as error:
            raise RefusedError("damaged") from error
        line = bitmap.width * 4
        rows = memoryview(bitmap.buffer)
        pixels = bytearray(line * bitmap.height)
        for row in range(bitmap.height):
            pixels[row * line : (row + 1) * line] = rows[row * bitmap.stride : row * bitmap.stride + line]
        pixels[3::4] = b"\xff" * (bitmap.width * bitmap.height)
        return bitmap.width, bitmap.height, bytes(pixels)

    def text(self) -> str:
        """See ``Opened``."""
        return "\f".join(self._texts())

    def _texts(self) -> Iterator[str]:
        left = _MAX_TEXT_CHARACTERS
        for page in range(self.page_count):
            try:
                text = self._document[page].get_textpage().get_text_range()[:left]
            except self._error:
                text = ""
            yield text.replace("\r\n", "\n")
            left -= len(text)
            if left <= 0:
                return

    def letters(self, page: int) -> tuple[str, bytes]:
        """See ``Opened``."""
        try:
            shown = self._document[page]
            width, height = shown.get_size()
            textpage = shown.get_textpage()
            raw = textpage.get_text_range()
            if len(raw) != textpage.count_chars() or len(raw) > _MAX_LETTERS:
                return "", b""  # the letters cannot be told apart reliably
            kept: list[str] = []
            places = array("f")
            for at, letter in enumerate(raw):
                if letter == "\r" or not (letter in "\n\f\t" or (letter >= " " and letter != "\x7f")):
                    continue
                left, bottom, right, top = textpage.get_charbox(at)
                kept.append(letter)
                places.extend((left / width, 1 - top / height, right / width, 1 - bottom / height))
        except (self._error, ZeroDivisionError):
            return "", b""
        return "".join(kept), places.tobytes()

    def outline(self) -> list[tuple[int, int, str]]:
        """See ``Opened``."""
        entries: list[tuple[int, int, str]] = []
        try:
            for mark in self._document.get_toc(max_depth=8):
                target = mark.get_dest()
                page = target.get_index() if target is not None else None
                entries.append((mark.level, -1 if page is None else page, mark.get_title()[:200]))
                if len(entries) >= _MAX_OUTLINE_ENTRIES:
                    break
        except self._error:
            return entries
        return entries


class OpenedImage:
    """A PNG, JPEG, TIFF or WebP image, by Pillow; a HEIC photo, by libheif. Frames are pages."""

    def __init__(self, content: bytes, formats: tuple[str, ...] = _FORMATS) -> None:
        import io

        from PIL import Image

        Image.MAX_IMAGE_PIXELS = None  # our own limit is checked below, before anything is unpacked
        try:
            self._image: Any = Image.open(io.BytesIO(content), formats=formats)
            self._check_size()
            self.page_count = int(getattr(self._image, "n_frames", 1))
        except RefusedError:
            raise
        except MemoryError:
            raise
        except Exception as error:
            raise RefusedError("damaged") from error
        if self.page_count > MAX_PAGES:
            raise RefusedError("too-many-pages")

    def _check_size(self) -> None:
        width, height = self._image.size
        if width * height > _MAX_IMAGE_PIXELS:
            raise RefusedError("too-large")

    def pixels(self, page: int, max_px: int) -> tuple[int, int, bytes]:
        """See ``Opened``."""
        from PIL import ImageOps

        try:
            self._image.seek(page)
            self._check_size()
            self._image.draft("RGB", (max_px, max_px))
            image = ImageOps.exif_transpose(self._image)
            image.thumbnail((max_px, max_px))
            image = image.convert("RGBA")
        except (RefusedError, MemoryError):
            raise
        except Exception as error:
            raise RefusedError("damaged") from error
        return image.width, image.height, image.tobytes()

    def text(self) -> str:
        """Images have none."""
        return ""

    def letters(self, page: int) -> tuple[str, bytes]:
        """Images have none."""
        return "", b""

    def outline(self) -> list[tuple[int, int, str]]:
        """Images have none."""
        return []


def main() -> int:
    """Serve one document until the pipe ends."""
    source, target = sys.stdin.buffer, sys.stdout.buffer
    write_frame(target, {"confinement": confine()})
    document: Opened | None = None
    while True:
        try:
            job, body = read_frame(source, LARGEST_DOCUMENT_BYTES)
        except PipeEndedError:
            return 0
        allow_next_job()
        try:
            if job.get("want") == "open":
                document = _opened(job, body)
                del body
                write_frame(target, {"ok": True, "page_count": document.page_count})
            elif document is not None:
                _answer(target, document, job)
            else:
                raise RefusedError("damaged")
        except RefusedError as refused:
            write_frame(target, {"ok": False, "reason": str(refused)})
        except MemoryError:
            write_frame(target, {"ok": False, "reason": "memory"})


def _opened(job: Head, body: bytes) -> Opened:
    if job.get("kind") == PHOTO:
        import pi_heif

        pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
        return OpenedImage(body, ("HEIF",))
    if job.get("kind") != PDF:
        return OpenedImage(body)
    password = job.get("password")
    return OpenedPdf(body, password if isinstance(password, str) else None)


def _answer(target: Any, document: Opened, job: Head) -> None:
    want = job.get("want")
    if want == "pixels":
        page, max_px = int(str(job["page"])), min(max(int(str(job["max_px"])), 16), _MAX_SIDE_PX)
        if not 0 <= page < document.page_count:
            raise RefusedError("no-such-page")
        width, height, pixels = document.pixels(page, max_px)
        write_frame(target, {"ok": True, "width": width, "height": height}, pixels)
    elif want == "letters":
        page = int(str(job["page"]))
        if not 0 <= page < document.page_count:
            raise RefusedError("no-such-page")
        text, places = document.letters(page)
        encoded = text.encode("utf-8", "replace")
        write_frame(target, {"ok": True, "text_bytes": len(encoded)}, encoded + places)
    elif want == "text":
        write_frame(target, {"ok": True}, document.text().encode("utf-8", "replace"))
    else:
        write_frame(target, {"ok": True, "outline": document.outline()[:_MAX_OUTLINE_ENTRIES]})


__all__ = ["IMAGE", "MAX_PAGES", "PDF", "main"]

if __name__ == "__main__":
    sys.exit(main())
