"""Text of PDFs comes from the confined child, text of pixels from Tesseract where it is installed."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfgen.canvas import Canvas

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.preview.recogniser import Tesseract, installed
from clerk_app.preview.text_reader import SafeTextReader
from clerk_app.ui.resources import resource_dir

WORDS = "Meldebescheinigung Görlitz"


def picture() -> Image.Image:
    font = ImageFont.truetype(str(next(resource_dir("fonts").glob("NotoSans-Regular*"))), 40)
    made = Image.new("RGB", (1000, 300), "white")
    ImageDraw.Draw(made).text((40, 100), WORDS, fill="black", font=font)
    return made


def pdf_with_a_scan() -> bytes:
    sink = io.BytesIO()
    canvas = Canvas(sink, pagesize=(595, 842))
    canvas.drawString(60, 780, "Mietvertrag, erste Seite")
    canvas.showPage()
    canvas.drawInlineImage(picture(), 20, 500, 500, 150)
    canvas.showPage()
    canvas.save()
    return sink.getvalue()


def png() -> bytes:
    sink = io.BytesIO()
    picture().save(sink, "PNG")
    return sink.getvalue()


@pytest.fixture
def blind() -> Iterator[SafeTextReader]:
    reader = SafeTextReader()
    yield reader
    reader.close()


@pytest.fixture
def eyes() -> Tesseract:
    found = installed()
    if found is None:
        assert os.environ.get("CI") != "true", "under CI=true Tesseract is installed"
        pytest.skip("Tesseract is not installed")
    return found


def test_without_tesseract_pages_are_read_as_far_as_they_hold_text(blind: SafeTextReader) -> None:
    assert not blind.reads_pixels
    first, second = blind.pages(pdf_with_a_scan())
    assert first.strip() == "Mietvertrag, erste Seite"
    assert second.strip() == ""
    assert list(blind.pages(png())) == [""]
    with pytest.raises(ClerkError) as caught:
        list(blind.pages(b"<html>"))
    assert caught.value.code is ErrorCode.PREVIEW_REFUSED


def test_scanned_pages_are_recognised(eyes: Tesseract) -> None:
    assert eyes.languages[0] == "deu"
    reader = SafeTextReader(eyes)
    try:
        assert reader.reads_pixels
        first, second = reader.pages(pdf_with_a_scan())
        assert first.strip() == "Mietvertrag, erste Seite", "what holds text is not guessed at"
        assert WORDS in second
        assert WORDS in "".join(reader.pages(png()))
    finally:
        reader.close()


def test_a_program_that_fails_is_as_good_as_none(
    blind: SafeTextReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    false = shutil.which("false")
    assert false is not None
    from pathlib import Path

    broken = Tesseract(Path(false))
    assert broken.languages == ()
    reader = SafeTextReader(broken)
    assert list(reader.pages(png())) == [""]
    reader.close()
    monkeypatch.setenv("PATH", "/nonexistent")
    assert installed() is None
