"""A letter in two languages: the second part on sheets of its own, spoken in its own language."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.letter import Block, Letter, Paragraph, SignaturePlace, Table
from clerk_app.signing.notice import render
from tests.signing.reading import page_texts, read_aloud
from tests.signing.samples import AT, bilingual, decision


def spoken(pdf: bytes) -> list[tuple[str, str]]:
    """(language, element) of every block element of the structure tree, in order."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return list(_languages(document.Root.StructTreeRoot.K[0], str(document.Root.Lang)))


def _languages(element: Any, language: str) -> Iterator[tuple[str, str]]:
    language = str(element.get("/Lang", language))
    yield language, str(element.S)[1:]
    children = element.get("/K", [])
    for child in children if isinstance(children, Array) else [children]:
        if isinstance(child, Dictionary) and child.get("/Type") == Name.StructElem:
            yield from _languages(child, language)


def test_the_translation_stands_on_its_own_page_in_its_own_language() -> None:
    rendered = render(bilingual(), AT)
    pages = page_texts(rendered.pdf)
    assert rendered.pages == 2
    assert "Dowolnosć" not in pages[0]
    assert "Seite 2 von 2" in pages[1]
    part = pages[1][pages[1].index("Übersetzung.") :].split()
    assert part[:11] == [
        "Übersetzung.",
        "Verbindlich",
        "ist",
        "der",
        "deutsche",
        "Text.",
        "Přełožk.",
        "Zwjazowacy",
        "je",
        "němski",
        "tekst.",
    ]
    tags = spoken(rendered.pdf)
    section = tags.index(("hsb", "Sect"))
    assert tags[section + 1 : section + 5] == [("de-DE", "P"), ("hsb", "P"), ("hsb", "H1"), ("hsb", "P")]
    assert {language for language, _ in tags[:section]} == {"de-DE"}
    assert tags[-3] == ("de-DE", "Div")  # the footer, read last
    with pikepdf.open(io.BytesIO(rendered.pdf)) as document, document.open_metadata() as metadata:
        assert metadata["dc:language"] == {"de-DE", "hsb"} or list(metadata["dc:language"]) == [
            "de-DE",
            "hsb",
        ]


def test_only_the_german_part_is_signed() -> None:
    heard = [text for _, text in read_aloud(render(bilingual(), AT).pdf)]
    assert heard.count("[Elektronische Signatur]") == 1
    assert heard.index("[Elektronische Signatur]") < next(
        at for at, each in enumerate(heard) if "Přełožk" in each
    )


def test_no_page_is_ever_blank() -> None:
    for filler in range(8, 60):
        letter = replace(
            bilingual(), blocks=(*[Paragraph(f"Zeile {n}") for n in range(filler)], SignaturePlace())
        )
        pages = page_texts(render(letter, AT).pdf)
        assert all("Zeile" in text for text in pages[:-1])
        assert "Dowolnosć" in pages[-1]


@pytest.mark.parametrize(
    "change",
    [
        {"language": " "},
        {"notice": ""},
        {"subject": ""},
        {"blocks": ()},
        {"blocks": (Paragraph("x"), SignaturePlace())},
        {"blocks": (Table(("a", "b"), (("1",),)),)},
    ],
)
def test_an_incomplete_translation_is_not_set(change: dict[str, Any]) -> None:
    letter = bilingual()
    assert letter.translation is not None
    broken = replace(letter, translation=replace(letter.translation, **change))
    with pytest.raises(ClerkError) as caught:
        render(broken, AT)
    assert caught.value.code is ErrorCode.LETTER_INCOMPLETE
    assert caught.value.params["missing"] == "translation"


@pytest.mark.parametrize("last", [Paragraph("Ende. " * 30), Table(("a",), (("Ende.",),))])
def test_the_translations_closing_never_stands_alone(last: Block) -> None:
    for filler in range(25, 45):
        letter: Letter = bilingual(*[Paragraph(f"Rjadka {number}") for number in range(filler)], last)
        pages = page_texts(render(letter, AT).pdf)
        assert "Ende." in next(text for text in pages if "postrowom" in text)


def test_a_letter_in_one_language_is_unchanged() -> None:
    assert {language for language, _ in spoken(render(decision(), AT).pdf)} == {"de-DE"}
