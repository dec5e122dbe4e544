"""Bescheid und Schreiben: from a letter as data to an unsigned PDF.

``render`` is pure: the same letter and the same ``created_at`` give the same bytes, so a draft can be
compared and a frozen payload can be made again.
"""

from __future__ import annotations

import hashlib
import io
import threading
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from clerk_app.domain.letter import Letter
from clerk_app.signing.finish import Facts, finish
from clerk_app.signing.flow import paginate
from clerk_app.signing.fonts import fonts_directory, letter_font
from clerk_app.signing.layout import letter_sections
from clerk_app.signing.sheet import PAGE_WIDTH, LetterSheet
from clerk_app.signing.tagging import Element, TaggedCanvas
from clerk_app.signing.typeset import PAGE_HEIGHT

DRAWING = threading.Lock()  # reportlab's font objects keep a read position


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """Gesetztes Schreiben: unsigned PDF/A-3a and PDF/UA-1, with an empty field if it is to be signed."""

    pdf: bytes = field(repr=False)
    pages: int
    sha256: str
    facts_sha256: str  # of the attached JSON
    has_signature_field: bool


def render(letter: Letter, created_at: datetime, fonts: Path | None = None) -> RenderedLetter:
    """Set a letter.

    ``created_at`` (aware) becomes the document's creation date; ``fonts`` is where the letter font lies.
    Raises LETTER_INCOMPLETE when a required part is missing, GLYPH_MISSING when a character cannot be set.
    """
    letter.require_complete()
    font = letter_font(fonts or fonts_directory())
    font.require_glyphs(letter.texts())
    with DRAWING:
        raw, canvas = _draw(letter, fonts or fonts_directory())
    facts = letter.facts_json()
    pdf = finish(
        raw,
        canvas.root,
        canvas.content_counts,
        Facts(
            title=_one_line(font.clean(letter.title)),
            author=_one_line(font.clean(letter.sender.name)),
            subject=_one_line(font.clean(letter.subject)),
            languages=_languages(letter),
            created_at=created_at,
            attachment=facts,
            attachment_name=letter.facts_name,
            attachment_label=letter.words.attachment,
            field_label=letter.words.signature_field,
        ),
        canvas.signature_place,
        font.placed,
    )
    return RenderedLetter(
        pdf=pdf,
        pages=len(canvas.content_counts),
        sha256=hashlib.sha256(pdf).hexdigest(),
        facts_sha256=hashlib.sha256(facts).hexdigest(),
        has_signature_field=canvas.signature_place is not None,
    )


def _draw(letter: Letter, fonts: Path) -> tuple[bytes, TaggedCanvas]:
    font = letter_font(fonts)
    stream = io.BytesIO()
    canvas = TaggedCanvas(
        stream,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        invariant=1,
        pageCompression=0,  # pikepdf compresses once, at the end
        initialFontName=font.regular.name,
        initialFontSize=10,
    )
    root = canvas.root
    sheet = LetterSheet(letter, font, root)
    frame = sheet.frame
    pages = paginate(letter_sections(letter, font, root), frame.first, frame.later)
    foot = Element("Div")  # read out last although it stands on the first page
    for index, placed_parts in enumerate(pages):
        if index == 0:
            sheet.draw_first_page(canvas)
        else:
            sheet.draw_later_page(canvas)
        for placed in placed_parts:
            if placed.repeated:
                placed.part.draw_again(canvas, placed.top)
            else:
                placed.part.draw(canvas, placed.top, placed.first, placed.last)
        if index == 0:
            sheet.draw_footer(canvas, foot)
        sheet.draw_page_number(canvas, index + 1, len(pages))
        canvas.showPage()
    if foot.children:
        root.children.append(foot)
    canvas.save()
    return stream.getvalue(), canvas


def _languages(letter: Letter) -> tuple[str, ...]:
    translation = letter.translation
    return (letter.language, translation.language) if translation else (letter.language,)


def _one_line(text: str) -> str:
    return " ".join(text.split())
