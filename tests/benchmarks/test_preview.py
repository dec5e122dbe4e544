"""Looking at attachments: the confined child against PDFium in this process."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from clerk_app.preview.renderer import Renderer
from tests.benchmarks.limits import middle_s, report

PAGES = 500
LONGEST_PX = 1131  # an A4 page 800 pixels wide
TURNS = 60
OPENINGS = 10


def book(mark: int) -> bytes:
    """A page of text, five hundred times; ``mark`` makes it a file of its own."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for number in range(PAGES):
        for line in range(50):
            canvas.drawString(60, 790 - 15 * line, f"{mark}.{number}.{line} Die Miete ist gezahlt")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def bare_page(document: pypdfium2.PdfDocument, number: int) -> bytes:
    """A page by pypdfium2 alone, in the process itself."""
    page = document[number]
    return bytes(page.render(scale=LONGEST_PX / max(page.get_size())).buffer)


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    with Renderer() as opened:
        yield opened


def test_turning_a_page_of_five_hundred(renderer: Renderer) -> None:
    content = book(0)
    document = pypdfium2.PdfDocument(content)
    ours, bare = iter(range(1, PAGES)), iter(range(1, PAGES))
    renderer.page(content, "application/pdf", 0, LONGEST_PX), bare_page(document, 0)
    limit = middle_s(lambda: bare_page(document, next(bare)), TURNS)
    shown = middle_s(lambda: renderer.page(content, "application/pdf", next(ours), LONGEST_PX), TURNS)
    report("turning a page of 500 / bare pypdfium2", shown * 1000, limit * 1000, "ms")


def test_the_first_page_of_five_hundred(renderer: Renderer) -> None:
    """A child is started for each file, which the bare one is spared."""
    books = [book(mark) for mark in range(OPENINGS)]
    ours, bare = iter(books), iter(books)
    limit = middle_s(lambda: bare_page(pypdfium2.PdfDocument(next(bare)), 0), OPENINGS)
    shown = middle_s(lambda: renderer.page(next(ours), "application/pdf", 0, LONGEST_PX), OPENINGS)
    report("first page of 500, child included / bare pypdfium2", shown * 1000, limit * 1000, "ms")
