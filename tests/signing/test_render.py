"""What a set letter says: to eyes, to text extraction, to a screen reader, to programs."""

from __future__ import annotations

import io
import json
import threading
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.letter import (
    Align,
    AppealNotice,
    BulletList,
    Heading,
    LetterWords,
    NumberedList,
    Paragraph,
    SignaturePlace,
    Table,
)
from clerk_app.signing.notice import render
from tests.signing.reading import drawn_outside_marks, page_texts, read_aloud, words
from tests.signing.samples import AT, FEE, REASONS, decision, long_decision


def test_a_decision_is_read_aloud_in_order() -> None:
    heard = read_aloud(render(decision(), AT).pdf)
    texts = [" ".join(text.split()) for _, text in heard]
    order = [
        "Stadt Musterhausen",
        "Ordnungsamt – Straßenverkehr",
        "Stadt Musterhausen · Rathausplatz 1 · 12345 Musterhausen",
        "Frau Dženana Müller-Ćwikła Größenstraße 12 12345 Musterhausen",
        "Aktenzeichen 32.1-00001/2026",
        "Auskunft Jörg Schäfer",
        "E-Mail ordnung@musterhausen.example",
        "Datum 24.11.2026",
        "Sondernutzungserlaubnis nach § 18 StrG – Aufstellen eines Baugerüsts",
        "Guten Tag Dženana Müller-Ćwikła,",
        "auf Ihren Antrag vom 2. November 2026 ergeht folgender",
        "Bescheid:",
        "1.",
        "Die Sondernutzung wird für die Zeit vom 1. Dezember 2026 bis 31. Januar 2027 erlaubt.",
        "2.",
        FEE,
        "Begründung",
        REASONS,
        "Rechtsbehelfsbelehrung",
    ]
    assert texts[: len(order)] == order
    assert texts[len(order) + 1 :] == [
        "Mit freundlichen Grüßen Im Auftrag",
        "Dieses Dokument wurde elektronisch signiert.",
        "[Elektronische Signatur]",
        "Jörg Schäfer",
        "Sprechzeiten Mo–Fr 8–12 Uhr",
        "Sparkasse IBAN DE02 1203 0000 0000 2020 51",
    ]


def test_tags_say_what_things_are() -> None:
    letter = decision(
        Heading("H"),
        BulletList(("a", "b")),
        NumberedList(("c",), start=4),
        Table(("Kopf", "Summe"), (("x", "1"), ("", "2")), (Align.LEFT, Align.RIGHT)),
        SignaturePlace(),
    )
    heard = read_aloud(render(letter, AT).pdf)
    tags = [(path.removeprefix("/Document/"), text.strip()) for path, text in heard]
    start = next(index for index, (path, _) in enumerate(tags) if path == "H1")
    assert tags[start + 2 :][:12] == [
        ("H2", "H"),
        ("L/LI/Lbl", "•"),
        ("L/LI/LBody", "a"),
        ("L/LI/Lbl", "•"),
        ("L/LI/LBody", "b"),
        ("L/LI/Lbl", "4."),
        ("L/LI/LBody", "c"),
        ("Table/THead/TR/TH", "Kopf"),
        ("Table/THead/TR/TH", "Summe"),
        ("Table/TBody/TR/TD", "x"),
        ("Table/TBody/TR/TD", "1"),
        ("Table/TBody/TR/TD", ""),
    ]


def test_everything_drawn_is_content_or_artifact() -> None:
    assert drawn_outside_marks(render(long_decision(), AT).pdf) == 0
    assert drawn_outside_marks(render(decision(practice=True), AT).pdf) == 0


def test_a_long_table_repeats_its_header_for_eyes_only() -> None:
    rendered = render(long_decision(90), AT)
    pages = page_texts(rendered.pdf)
    assert rendered.pages == len(pages) >= 4
    with_rows = [text for text in pages if "Tarifstelle 4." in text]
    assert len(with_rows) >= 3
    assert all("Gebührentatbestand" in text for text in with_rows)
    heard = read_aloud(rendered.pdf)
    assert "".join(text for _, text in heard).count("Gebührentatbestand") == 1
    rows = [text.strip() for path, text in heard if path.endswith("/TD")]
    assert rows[::3] == [str(row) for row in range(1, 91)]


def test_every_page_is_numbered_and_names_the_case() -> None:
    pages = page_texts(render(long_decision(), AT).pdf)
    for number, text in enumerate(pages, start=1):
        assert f"Seite {number} von {len(pages)}" in text
        assert "32.1-00001/2026" in text


def test_a_table_row_longer_than_a_page_is_torn_and_complete() -> None:
    long = " ".join(f"Wort{number}" for number in range(2500))
    rendered = render(decision(Table(("Nr.", "Text"), (("1", long), ("2", "kurz")))), AT)
    assert rendered.pages >= 3
    cells = [text.split() for path, text in read_aloud(rendered.pdf) if path.endswith("/TD")]
    assert cells == [["1"], long.split(), ["2"], ["kurz"]]


def test_closing_and_signature_never_stand_alone() -> None:
    for filler in range(12, 34):
        letter = decision(
            *[Paragraph(f"Zeile {number}") for number in range(filler)],
            AppealNotice("Gegen diesen Bescheid kann Widerspruch erhoben werden. " * 3),
            SignaturePlace(),
        )
        pages = page_texts(render(letter, AT).pdf)
        assert "erhoben werden." in next(text for text in pages if "Im Auftrag" in text)
        assert "Jörg Schäfer" in next(text for text in pages if "elektronisch signiert" in text)


def test_a_heading_never_ends_a_page() -> None:
    for filler in range(12, 40):
        letter = decision(
            *[Paragraph(f"Zeile {number}") for number in range(filler)],
            Heading("Begründung"),
            Paragraph(REASONS),
        )
        for text in page_texts(render(letter, AT).pdf):
            assert ("Begründung" in text) == ("Die Voraussetzungen" in text)


def test_long_addresses_and_sums_stay_whole() -> None:
    recipient = (
        "Herrn Prof. Dr.-Ing. habil.",
        "Wolfgang Maximilian Freiherr von und zu Hohenstein-Ćwikła-Übersee",
        "c/o Gesellschaft für angewandte Straßenverkehrsforschung mbH",
        "Hinterhaus, 4. Obergeschoss links",
        "Bürgermeister-Doktor-Müller-Straße 112 a",
        "12345 Musterhausen",
        "DÄNEMARK",
    )
    letter = replace(
        decision(Table(("A", "B"), ((REASONS, "1.234.567,89 €"),), (Align.LEFT, Align.RIGHT))),
        recipient=recipient,
    )
    heard = {text.strip() for _, text in read_aloud(render(letter, AT).pdf)}
    assert words(" ".join(recipient)) in [words(text) for text in heard]
    assert "1.234.567,89 €" in heard


@pytest.mark.parametrize(
    "hostile",
    [
        "<b>fett</b> & <img src='x'/>",
        "]]> <!-- --> &amp; &#x41; <?xml?>",
        "(Klammern) \\ \\) Tj ET EMC",
        "{page} %s {0.__class__} ${x}",
        "<script>alert(1)</script>",
    ],
)
def test_hostile_text_is_only_text(hostile: str) -> None:
    letter = replace(
        decision(
            Paragraph(hostile),
            Heading(hostile),
            BulletList((hostile,)),
            Table((hostile,), ((hostile,),)),
            AppealNotice(hostile, hostile),
            SignaturePlace(hostile),
        ),
        title=hostile,
        subject=hostile,
        recipient=(hostile,),
        signatory=hostile,
        info=((hostile, hostile),),
        footer=((hostile,),),
        facts={"text": hostile},
    )
    pdf = render(letter, AT).pdf
    heard = " ".join(" ".join(text.split()) for _, text in read_aloud(pdf))
    assert heard.count(" ".join(hostile.split())) >= 9
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.docinfo.Title) == " ".join(hostile.split())
        with document.open_metadata() as metadata:
            assert metadata["dc:title"] == " ".join(hostile.split())


LATIN = st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_categories=["Cc", "Cf", "Cn"])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.text(
            st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_categories=["Cc", "Cf", "Cn"]),
            max_size=300,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_latin_text_comes_back_word_for_word(texts: list[str]) -> None:
    letter = decision(*map(Paragraph, texts), BulletList(tuple(texts)))
    heard = [text for path, text in read_aloud(render(letter, AT).pdf)]
    for text in texts:
        said = " ".join(unicodedata.normalize("NFC", text).split())
        if said:
            assert sum(" ".join(each.split()) == said or each.split() == said.split() for each in heard) >= 2


def test_words_stay_apart_at_line_ends() -> None:
    text = " ".join(["Straßenverkehrsbehörde", "und", "Ordnungsamt"] * 60)
    assert words(text) in [words(each) for _, each in read_aloud(render(decision(Paragraph(text)), AT).pdf)]


def test_text_direction_marks_and_controls_are_left_out() -> None:
    text = "Telefon \u202a01234\u202c \u200fmit\u00adten \x07Ende\u2028neu\ttab\ufeff"
    heard = [words(each) for _, each in read_aloud(render(decision(Paragraph(text)), AT).pdf)]
    assert ["Telefon", "01234", "mitten", "Ende", "neu", "tab"] in heard


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("李小龍", "U+5C0F, U+674E, U+9F8D"),
        ("שלום", "U+05D5, U+05DC, U+05E9, U+05DD"),
        ("😀", "U+1F600"),
        ("\ue000", "U+E000"),
        ("\ud800", "U+D800"),
        ("سلام", "U+0627"),
    ],
)
def test_a_missing_glyph_is_an_error_that_names_it(text: str, named: str) -> None:
    for letter in (
        decision(Paragraph(text)),
        replace(decision(), recipient=(f"Frau {text}",)),
        replace(decision(), footer=((text,),)),
    ):
        with pytest.raises(ClerkError) as caught:
            render(letter, AT)
        assert caught.value.code is ErrorCode.GLYPH_MISSING
        assert set(named.split(", ")) <= set(str(caught.value.params["code_points"]).split(", "))


def test_an_incomplete_letter_is_not_set() -> None:
    with pytest.raises(ClerkError) as caught:
        render(replace(decision(), recipient=()), AT)
    assert caught.value.code is ErrorCode.LETTER_INCOMPLETE


def test_practice_letters_say_so_to_eyes_and_ears() -> None:
    pdf = render(decision(practice=True), AT).pdf
    words_ = LetterWords()
    heard = [" ".join(text.split()) for _, text in read_aloud(pdf)]
    assert heard[0] == words_.practice_notice
    for text in page_texts(render(replace(long_decision(), practice=True), AT).pdf):
        assert words_.practice_mark in text
    real = " ".join(page_texts(render(decision(), AT).pdf))
    assert "ÜBUNG" not in real
    assert "Übung" not in real


def test_same_letter_same_moment_same_bytes() -> None:
    assert render(decision(), AT).pdf == render(decision(), AT).pdf
    assert render(long_decision(), AT).pdf == render(long_decision(), AT).pdf
    assert render(decision(), AT).pdf != render(decision(), AT + timedelta(seconds=1)).pdf


def test_threads_may_set_letters_at_the_same_time() -> None:
    expected = [render(decision(Paragraph(f"Nummer {number} Ćwikła")), AT).pdf for number in range(8)]
    made: dict[int, bytes] = {}

    def work(number: int) -> None:
        made[number] = render(decision(Paragraph(f"Nummer {number} Ćwikła")), AT).pdf

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [made[number] for number in range(8)] == expected


def test_the_document_declares_itself() -> None:
    rendered = render(decision(), datetime(2026, 3, 1, 12, 30, tzinfo=UTC))
    with pikepdf.open(io.BytesIO(rendered.pdf)) as document:
        assert str(document.Root.Lang) == "de-DE"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert str(document.docinfo.CreationDate) == "D:20260301123000+00'00'"
        with document.open_metadata() as metadata:
            assert metadata.pdfa_status == "3A"
            assert metadata["xmp:CreateDate"] == "2026-03-01T12:30:00Z"
        attached = document.attachments["entscheidung.json"]
        assert json.loads(attached.get_file().read_bytes()) == dict(decision().facts)
        assert str(document.Root.AF[0].AFRelationship) == "/Data"
        field = document.Root.AcroForm.Fields[0]
        assert (str(field.FT), str(field.T), "/V" in field) == ("/Sig", "Sig1", False)
        fonts = {str(font.BaseFont) for page in document.pages for font in page.obj.Resources.Font.values()}
        assert all("+AmtsstubeSans-" in font for font in fonts), fonts
    assert rendered.has_signature_field


def test_a_letter_without_signature_place_has_no_field() -> None:
    rendered = render(decision(Paragraph("Bitte reichen Sie nach:"), BulletList(("Lageplan",))), AT)
    assert not rendered.has_signature_field
    with pikepdf.open(io.BytesIO(rendered.pdf)) as document:
        assert "/AcroForm" not in document.Root


def test_other_languages_bring_their_own_words() -> None:
    words_ = LetterWords(page_of="Strona {page} z {pages}", reference="Aktowe znamjo", date="Datum")
    letter = replace(decision(), language="hsb", words=words_)
    pdf = render(letter, AT).pdf
    assert "Strona 1 z 1" in page_texts(pdf)[0]
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.Root.Lang) == "hsb"
