"""Akteneinsicht on paper: sheets of many documents behind one index, numbered, with bookmarks and manifest.

Pictures of citizens' documents are made of pixels of our own; what was written on them lies invisibly behind
them, so that the bundle can be searched and read out. Signatures of our own letters do not survive: the
originals stay in the file.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.inspection import InspectionHead, InspectionPart, PageImage, Placed
from clerk_app.signing.fonts import LetterFont, fonts_directory, letter_font
from clerk_app.signing.notice import DRAWING
from clerk_app.usecases.inspecting import InspectionWords

MOST_SHEETS = 5_000
_A4 = (595.28, 841.89)
_MARGIN = 28.0
_STAMP_SIZE = 8.0
_STAMP_BAND = 16.0  # white, so that the stamp stands on nothing
_SETTLED_AFTER = 5


class SheetPress:
    """Implements ``usecases.inspecting.InspectionPress``."""

    def bundle(
        self,
        parts: Iterator[InspectionPart],
        index: Callable[[Sequence[Placed]], bytes],
        manifest: Callable[[Sequence[Placed]], bytes],
        head: InspectionHead,
        words: InspectionWords,
    ) -> tuple[bytes, tuple[Placed, ...], int]:
        """See the protocol."""
        import pikepdf

        body = pikepdf.new()
        lengths: list[tuple[Placed, int]] = []
        enclosed: dict[str, bytes] = {}
        for part in parts:
            before = len(body.pages)
            content = part.pdf if part.pdf is not None else _pictures(part.images)
            if content is not None:
                _append(body, content)
            if len(body.pages) > MOST_SHEETS:
                raise ClerkError(ErrorCode.EXPORT_TOO_LARGE, {"limit": MOST_SHEETS}, Disposition.ASK_CLERK)
            if part.enclosed is not None:
                enclosed[_name_of(part)] = part.enclosed
            lengths.append((Placed(part.document, enclosed_as=_name_of(part)), len(body.pages) - before))
        front, placed = _settled(index, lengths)
        joined = pikepdf.new()
        ahead = _append(joined, front)
        joined.pages.extend(body.pages)
        sheets = len(joined.pages)
        stamps = _stamps(placed, ahead, sheets, head, words)
        _stamp(joined, stamps)
        _outline(joined, placed, words)
        for name, content in {"manifest.json": manifest(placed), **enclosed}.items():
            joined.attachments[name] = pikepdf.AttachedFileSpec(
                joined, content, filename=name, mime_type="application/json"
            )
        joined.Root.Lang = pikepdf.String("de-DE")
        joined.Root.PageMode = pikepdf.Name.UseOutlines
        joined.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        with joined.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = f"Akteneinsicht {head.reference}"
            metadata["dc:creator"] = [head.office]
        out = io.BytesIO()
        joined.save(out, deterministic_id=True)
        return out.getvalue(), placed, sheets


def _settled(
    index: Callable[[Sequence[Placed]], bytes], lengths: Sequence[tuple[Placed, int]]
) -> tuple[bytes, tuple[Placed, ...]]:
    """The index that is right about where things stand behind it: its own length moves them."""
    ahead = 1
    for _turn in range(_SETTLED_AFTER):
        placed, at = [], ahead
        for each, length in lengths:
            placed.append(replace(each, first=at + 1, last=at + length) if length else each)
            at += length
        front = index(placed)
        own = _page_count(front)
        if own == ahead:
            return front, tuple(placed)
        ahead = own
    raise ClerkError(ErrorCode.INTERNAL, {"detail": "index does not settle"}, Disposition.BUG)


def _name_of(part: InspectionPart) -> str:
    """How a file is called inside the PDF; nothing for what is no file."""
    return "" if part.enclosed is None else f"{part.document.number:03}-{part.document.filename}"


def _page_count(pdf: bytes) -> int:
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def _append(target: Any, pdf: bytes) -> int:
    """Puts the pages of a PDF of ours behind those of ``target``; how many."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            document.flatten_annotations("print")  # what a signature shows becomes part of the page
            count = len(document.pages)
            for page in document.pages:
                for key in ("/Annots", "/StructParents", "/Tabs"):  # they speak of a document that is gone
                    if key in page:
                        del page[key]
            target.pages.extend(document.pages)
            return count
    except pikepdf.PdfError as error:
        raise ClerkError(ErrorCode.NOT_A_PDF, {"reason": "damaged"}, Disposition.GIVE_UP) from error


def _pictures(images: Sequence[PageImage]) -> bytes | None:
    """A PDF with one page for each picture; None when there is none."""
    if not images:
        return None
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    font = letter_font(fonts_directory())
    out = io.BytesIO()
    with DRAWING:
        canvas: Any = Canvas(out, pagesize=_A4, invariant=1)
        for image in images:
            wide = image.width > image.height
            width, height = (_A4[1], _A4[0]) if wide else _A4
            canvas.setPageSize((width, height))
            room = (width - 2 * _MARGIN, height - 2 * _MARGIN - _STAMP_BAND)
            scale = min(room[0] / image.width, room[1] / image.height)
            box = (image.width * scale, image.height * scale)
            left, bottom = (width - box[0]) / 2, _MARGIN + (room[1] - box[1]) / 2
            _write_invisibly(canvas, font, image.text, left, bottom + box[1])
            canvas.drawImage(ImageReader(io.BytesIO(image.jpeg)), left, bottom, box[0], box[1])
            canvas.showPage()
        canvas.save()
    return out.getvalue()


def _write_invisibly(canvas: Any, font: LetterFont, text: str, left: float, top: float) -> None:
    lines = [font.clean(line) for line in text.splitlines() if line.strip()]
    written = canvas.beginText(left, top - 6)
    written.setFont(font.regular.name, 5)
    written.setTextRenderMode(3)
    for line in lines:
        written.textLine(_settable(font, line))
    canvas.drawText(written)


def _settable(font: LetterFont, line: str) -> str:
    """What the font has; a stranger's sign is no reason to lose the rest of the line."""
    return "".join(char if ord(char) in font.regular.widths else " " for char in line)


def _stamps(
    placed: Sequence[Placed], ahead: int, sheets: int, head: InspectionHead, words: InspectionWords
) -> list[str]:
    stamps = [words.stamp(head, None, sheet, sheets) for sheet in range(1, ahead + 1)]
    for each in placed:
        if each.first:
            stamps += [
                words.stamp(head, each.document, sheet, sheets) for sheet in range(each.first, each.last + 1)
            ]
    return stamps


def _stamp(joined: Any, stamps: Sequence[str]) -> None:
    """Writes each sheet's line onto it, on a white band at its upper edge."""
    import pikepdf
    from reportlab.pdfgen.canvas import Canvas

    font = letter_font(fonts_directory())
    out = io.BytesIO()
    sizes = [tuple(map(float, page.trimbox)) for page in joined.pages]
    with DRAWING:
        canvas: Any = Canvas(out, pagesize=_A4, invariant=1)
        for line, box in zip(stamps, sizes, strict=True):
            width, height = box[2] - box[0], box[3] - box[1]
            canvas.setPageSize((width, height))
            canvas.setFillGray(1)
            canvas.rect(0, height - _STAMP_BAND, width, _STAMP_BAND, stroke=0, fill=1)
            canvas.setFillGray(0)
            canvas.setFont(font.regular.name, _STAMP_SIZE)
            text = _settable(font, font.clean(line))
            canvas.drawRightString(width - _MARGIN, height - _STAMP_BAND + 4, text)
            canvas.showPage()
        canvas.save()
    with pikepdf.open(io.BytesIO(out.getvalue())) as overlays:
        for page, overlay in zip(joined.pages, overlays.pages, strict=True):
            page.add_overlay(overlay)


def _outline(joined: Any, placed: Sequence[Placed], words: InspectionWords) -> None:
    import pikepdf

    with joined.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Verzeichnis", 0))
        for each in placed:
            if each.first:
                outline.root.append(pikepdf.OutlineItem(words.bookmark(each.document), each.first - 1))
