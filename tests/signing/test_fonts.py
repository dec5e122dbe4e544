"""The letter font: DIN 91379 in full, in its place, and readable again."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pypdfium2
import pytest

from clerk_app.domain.letter import Heading, Paragraph, SignaturePlace, Table
from clerk_app.signing.fonts import fonts_directory, letter_font
from clerk_app.signing.notice import render
from tests.signing.reading import page_texts, read_aloud
from tests.signing.samples import AT, decision

FONT = letter_font(fonts_directory())

# One or more of every kind of the standard: precomposed, one mark, two marks, marks below and above, Greek
# and Cyrillic for legal persons, signs for technical texts.
SAMPLE = [
    *(
        "Ä",
        "ß",
        "ẞ",
        "Ć",
        "ł",
        "đ",
        "ə",
        "Ǿ",
        "ṩ",
        "ẵ",
        "Ợ",
        "ĳ",
        "ʼ",
        "Ω",
        "ώ",
        "Щ",
        "ж",
        "€",
        "∞",
        "≤",
        "≥",
        "¿",
    ),
    *("C̀", "C̨̆", "J̌", "K͟H", "k͟h", "L̥̄", "M̐", "S̱", "ç̆", "Č̕", "ē̍", "Ī́", "ọ̈", "Ụ̄", "ž̦", "ż", "z̈", "Ạ̈"),
]


def assert_comes_back(entries: list[str]) -> None:
    marked = [unicodedata.normalize("NFC", f"x{entry}y") for entry in entries]
    letter = decision(
        Heading(" ".join(marked[:200])),
        Paragraph(" ".join(marked)),
        Table(("Name",), tuple((each,) for each in marked[:300])),
    )
    pdf = render(letter, AT).pdf
    extracted = {word for text in page_texts(pdf) for word in unicodedata.normalize("NFC", text).split()}
    heard = {word for _, text in read_aloud(pdf) for word in text.split()}
    assert [each for each in marked if each not in extracted] == []
    assert [each for each in marked if each not in heard] == []


def test_a_sample_of_the_standard_comes_back() -> None:
    assert_comes_back(SAMPLE)


def test_the_whole_standard_comes_back(shared_dir: Path) -> None:
    listing = (shared_dir / "reference" / "din91379" / "letters-1.3.txt").read_text(encoding="utf-8")
    codes = [line.split("; ")[2].split() for line in listing.splitlines()]
    entries = ["".join(chr(int(code, 16)) for code in each) for each in codes]
    assert len(entries) == 930
    visible = [each for each in entries if unicodedata.category(each[0]) not in ("Cc", "Zs")]
    assert len(visible) >= 925
    assert_comes_back(visible)
    sequences = {
        unicodedata.normalize("NFC", each) for each in visible if len(unicodedata.normalize("NFC", each)) > 1
    }
    assert sequences == set(FONT.placed)


def test_a_sequence_is_one_glyph_and_its_mark_takes_no_room() -> None:
    for face in (FONT.regular, FONT.bold):
        assert len(FONT.typeset("C̨̆ K͟H")) == len("C K")
        assert face.width(FONT.typeset("T̄"), 10) == face.width("T", 10)


def test_marks_sit_over_their_letters() -> None:
    """The macron of a capital T stands clear above it: two runs of ink from top to bottom."""
    pdf = render(decision(Paragraph("T̄"), SignaturePlace()), AT).pdf
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    text_page = page.get_textpage()
    found = text_page.search("T̄").get_next()
    left, bottom, right, top = text_page.get_charbox(found[0], loose=False)
    picture = page.render(scale=20, grayscale=True)
    pixels, stride = bytes(picture.buffer), picture.stride
    columns = slice(int(left * 20) - 20, int(right * 20) + 20)
    lines = range(picture.height - int(top * 20) - 10, picture.height - int(bottom * 20) + 10)
    inked = [any(value < 128 for value in pixels[y * stride : (y + 1) * stride][columns]) for y in lines]
    runs = "".join("#" if ink else "." for ink in inked).strip(".").split(".")
    text_page.close()
    page.close()
    document.close()
    assert len([run for run in runs if run]) == 2, "the macron stands clear above the letter"


@pytest.mark.parametrize("width", [5.0, 60.0, 467.0])
def test_lines_keep_every_letter_and_fit(width: float) -> None:
    text = (
        "Rechtsschutzversicherungsgesellschaften https://example.org/"
        + "a" * 120
        + " Ć̕ S̱ Müller-Lüdenscheidt Ende"
    )
    lines = FONT.lines(text, width, 10.5)
    assert "".join(lines).replace(" ", "") == FONT.typeset(text).replace(" ", "")
    assert all(len(line) == 1 or FONT.regular.width(line.rstrip(" "), 10.5) <= width for line in lines)


def test_lines_of_nothing() -> None:
    assert FONT.lines("", 100, 10) == []
    assert FONT.lines(" \n ", 100, 10) == []
    assert FONT.lines("a\n\nb", 100, 10) == ["a ", " ", "b"]


def test_amounts_with_protected_spaces_are_not_broken() -> None:
    lines = FONT.lines(
        "eine Gebühr von 1.234,50\u00a0€ wird erhoben",
        FONT.regular.width("eine Gebühr von 1.234,50", 10) + 1,
        10,
    )
    assert any("1.234,50\u00a0€" in line for line in lines)
