"""Citizens' documents: small real PDFs and pictures.

Making one takes some milliseconds, so the first ones bear the applicant's name and later ones come from a
pool of documents without it; five hundred applications are then filed in a few seconds.
"""

from __future__ import annotations

import io
import threading
from functools import cache
from pathlib import Path

MEDIA_TYPES = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg"}
PERSONAL = 60  # so many documents bear a name before the pool is used
POOL = 3  # variants per kind of document
_PACKAGE = Path(__file__).resolve().parents[2]
_FONT_PLACES = (
    _PACKAGE.parent / "resources" / "fonts" / "NotoSans-Regular.ttf",
    _PACKAGE / "_resources" / "fonts" / "NotoSans-Regular.ttf",
)


class DocumentMaker:
    """Makes documents, or hands out pooled ones."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._personal_left = PERSONAL
        self._count = 0
        self._pool: dict[tuple[str, str, int], bytes] = {}

    def make(self, form: str, title: str, person: str, lines: tuple[str, ...] = ()) -> bytes:
        """A document with a title; ``form`` is "pdf", "png" or "jpeg"."""
        with self._lock:
            self._count += 1
            if form == "pdf" and self._personal_left > 0:
                self._personal_left -= 1
                return _pdf(title, (person, *lines))
            key = (form, title, self._count % POOL)
            if key not in self._pool:
                words = (f"Ausfertigung {key[2] + 1}",)
                self._pool[key] = _pdf(title, words) if form == "pdf" else _picture(form, title, key[2])
            return self._pool[key]

    def personal(self, title: str, person: str, lines: tuple[str, ...]) -> bytes:
        """A PDF that is never pooled."""
        with self._lock:
            return _pdf(title, (person, *lines))


@cache
def _font() -> str:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for path in _FONT_PLACES:
        if path.is_file():
            pdfmetrics.registerFont(TTFont("CitizenSans", str(path)))
            return "CitizenSans"
    return "Helvetica"  # without the shipped font: rare letters become boxes, as on many citizens' printers


def _pdf(title: str, lines: tuple[str, ...]) -> bytes:
    from reportlab.pdfgen import canvas

    stream = io.BytesIO()
    page = canvas.Canvas(stream, pagesize=(595, 842), invariant=1)
    page.setTitle(title)
    page.setFont(_font(), 18)
    page.drawString(72, 770, title)
    page.setLineWidth(0.5)
    page.line(72, 760, 523, 760)
    page.setFont(_font(), 11)
    body = (*lines, "", "Diese Unterlage gehört zu einer Übung und ist frei erfunden.", "Betrag: 1.234,56 €")
    for number, line in enumerate(body):
        page.drawString(72, 735 - 17 * number, line)
    page.showPage()
    page.save()
    return stream.getvalue()


def _picture(form: str, title: str, variant: int) -> bytes:
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (480, 320), (225 - 12 * variant, 232, 240))
    draw = ImageDraw.Draw(image)
    font: ImageFont.ImageFont | ImageFont.FreeTypeFont = ImageFont.load_default()
    for path in _FONT_PLACES:
        if path.is_file():
            font = ImageFont.truetype(str(path), 22)
            break
    draw.rectangle((16, 16, 464, 304), outline=(60, 80, 110), width=3)
    draw.ellipse((60, 90, 190, 240), fill=(150, 170 + 20 * variant, 190))
    draw.text((215, 110), title[:22], fill=(20, 30, 50), font=font)
    draw.text((215, 150), "Übung – frei erfunden", fill=(90, 90, 90), font=font)
    stream = io.BytesIO()
    image.save(stream, "JPEG" if form == "jpeg" else "PNG", **({"quality": 80} if form == "jpeg" else {}))
    return stream.getvalue()
