"""Single blocks of a letter: where they stand, what stays together, how they are tagged."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.letter import Align, AppealNotice, Enclosures, Paragraph, SignaturePlace, Table
from clerk_app.signing.notice import render
from tests.signing.reading import page_texts, read_aloud
from tests.signing.samples import AT, decision, every_kind


def heard(pdf: bytes) -> list[tuple[str, str]]:
    """(tags without the root, text) in reading order."""
    return [(path.removeprefix("/Document/"), " ".join(text.split())) for path, text in read_aloud(pdf)]


def test_enclosures_stand_after_the_name_wherever_they_were_listed() -> None:
    enclosures = Enclosures(("Lageplan", "Merkblatt"))
    for blocks in (
        (enclosures, Paragraph("Text."), SignaturePlace()),
        (Paragraph("Text."), enclosures, SignaturePlace()),
        (Paragraph("Text."), SignaturePlace(), enclosures),
    ):
        said = heard(render(decision(*blocks), AT).pdf)
        at = said.index(("P", "Jörg Schäfer"))
        assert said[at - 1] == ("Form", "[Elektronische Signatur]")
        assert said[at + 1 : at + 6] == [
            ("H2", "Anlagen"),
            ("L/LI/Lbl", "•"),
            ("L/LI/LBody", "Lageplan"),
            ("L/LI/Lbl", "•"),
            ("L/LI/LBody", "Merkblatt"),
        ]


def test_with_enclosures_too_the_signature_never_stands_alone() -> None:
    for filler in range(10, 34):
        letter = decision(
            *[Paragraph(f"Zeile {number}") for number in range(filler)],
            AppealNotice("Gegen diesen Bescheid kann Widerspruch erhoben werden. " * 3),
            Enclosures(("Lageplan", "Merkblatt")),
            SignaturePlace(),
        )
        pages = page_texts(render(letter, AT).pdf)
        assert "erhoben werden." in next(text for text in pages if "Im Auftrag" in text)
        assert "Jörg Schäfer" in next(text for text in pages if "elektronisch signiert" in text)
        assert "Lageplan" in next(text for text in pages if "Anlagen" in text)


@pytest.mark.parametrize("totals", [1, 2])
def test_sums_stay_with_the_row_before_them(totals: int) -> None:
    sums = (("Zwischensumme", "100,00 €"), ("Summe", "119,00 €"))[-totals:]
    seen_turned = False
    for rows in range(20, 40):
        table = Table(
            ("Wofür", "Betrag"),
            (*((f"Posten {row}.", f"{row},00 €") for row in range(1, rows + 1)), *sums),
            (Align.LEFT, Align.RIGHT),
            totals=totals,
        )
        pages = page_texts(render(decision(table), AT).pdf)
        with_sum = next(text for text in pages if "Summe" in text)
        seen_turned |= len(pages) > 1 and f"Posten {rows}." in pages[1] and "Posten 20." not in pages[1]
        assert f"Posten {rows}." in with_sum
        assert all(words in with_sum for words, _ in sums)
    assert seen_turned


def test_sums_are_bold() -> None:
    def bold_texts(totals: int) -> int:
        table = Table(("Wofür", "Betrag"), (("a", "1"), ("Summe", "1")), totals=totals)
        with pikepdf.open(io.BytesIO(render(decision(table), AT).pdf)) as document:
            page = document.pages[0]
            fonts = {name: str(font.BaseFont) for name, font in page.obj.Resources.Font.items()}
            instructions: Any = pikepdf.parse_content_stream(page)
            return sum(
                "Bold" in fonts[str(operands[0])]
                for operands, operator in instructions
                if str(operator) == "Tf"
            )

    assert bold_texts(1) == bold_texts(0) + 2


def test_more_sums_than_rows_are_refused() -> None:
    with pytest.raises(ClerkError) as caught:
        render(decision(Table(("a",), (("1",),), totals=2)), AT)
    assert caught.value.code is ErrorCode.LETTER_INCOMPLETE


@pytest.mark.parametrize("pages", [1, 6])
def test_every_kind_of_letter_can_be_set_to_be_signed_or_not(pages: int) -> None:
    for to_sign in (True, False):
        for letter in every_kind(pages, to_sign=to_sign).values():
            rendered = render(letter, AT)
            assert rendered.pages == pages
            assert rendered.has_signature_field is to_sign
