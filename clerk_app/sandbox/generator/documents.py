"""Citizens' documents: small real PDFs and pictures."""

from __future__ import annotations

import io

MEDIA_TYPES = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg"}


def make_document(form: str, title: str, lines: list[str]) -> bytes:
    """A document with a title and some lines."""
    from reportlab.pdfgen import canvas

    stream = io.BytesIO()
    page = canvas.Canvas(stream, pagesize=(595, 842), invariant=1)
    page.setTitle(title)
    page.drawString(72, 770, title)
    for number, line in enumerate(lines):
        page.drawString(72, 740 - 16 * number, line)
    page.save()
    return stream.getvalue()
