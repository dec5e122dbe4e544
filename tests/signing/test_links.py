"""Addresses in letters can be followed: where they lead, what shows them, how they are tagged."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

import pikepdf
import pytest
from pikepdf import Dictionary, Name

from clerk_app.domain.letter import (
    Align,
    AppealNotice,
    Block,
    BulletList,
    Letter,
    NumberedList,
    Paragraph,
    SignaturePlace,
    Table,
)
from clerk_app.signing.links import find_links
from clerk_app.signing.notice import render
from tests.signing.reading import read_aloud
from tests.signing.samples import AT, bilingual, decision


@dataclass(frozen=True)
class Followed:
    """One link annotation as a program finds it."""

    page: int
    uri: str
    contents: str
    rect: tuple[float, ...]
    element: object  # the structure element's object number


def followed(pdf: bytes) -> list[Followed]:
    """All link annotations, each checked against the structure tree (PDF/UA-1, 7.18.5)."""
    found = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        numbers = document.Root.StructTreeRoot.ParentTree.Nums
        parents = {int(numbers[at]): numbers[at + 1] for at in range(0, len(numbers), 2)}
        for page, sheet in enumerate(document.pages):
            for annotation in sheet.obj.get("/Annots", []):
                if annotation.Subtype != Name.Link:
                    continue
                element = parents[int(annotation.StructParent)]
                assert Name.Link == element.S
                owned = [kid.Obj.objgen for kid in element.K if isinstance(kid, Dictionary) and "/Obj" in kid]
                assert annotation.objgen in owned
                assert annotation.A.S == Name.URI
                assert int(annotation.F) == 4
                assert sheet.obj.Tabs == Name.S
                found.append(
                    Followed(
                        page,
                        str(annotation.A.URI),
                        str(annotation.Contents),
                        tuple(float(value) for value in annotation.Rect),
                        element.objgen,
                    )
                )
    return found


def uris(*blocks: Block) -> list[str]:
    """Where a letter with these blocks leads to, information block and footer aside."""
    letter = replace(decision(*blocks), info=(), footer=())
    return [link.uri for link in followed(render(letter, AT).pdf)]


def test_addresses_everywhere_in_a_letter_are_links() -> None:
    letter = replace(
        decision(
            Paragraph("Siehe https://eins.example/a?b=c&d=e#f."),
            BulletList(("oder (http://zwei.example)",)),
            NumberedList(("drei@amt.example, gern",)),
            Table(("Amt", "Adresse"), (("x", "https://vier.example"),), (Align.LEFT, Align.RIGHT)),
            AppealNotice("Widerspruch an poststelle@amt.example."),
            SignaturePlace(),
        ),
        info=(("E-Mail", "info@amt.example"),),
        footer=(("https://fuss.example/impressum",),),
    )
    pdf = render(letter, AT).pdf
    assert [(link.uri, link.contents) for link in followed(pdf)] == [
        ("mailto:info@amt.example", "info@amt.example"),
        ("https://eins.example/a?b=c&d=e#f", "https://eins.example/a?b=c&d=e#f"),
        ("http://zwei.example", "http://zwei.example"),
        ("mailto:drei@amt.example", "drei@amt.example"),
        ("https://vier.example", "https://vier.example"),
        ("mailto:poststelle@amt.example", "poststelle@amt.example"),
        ("https://fuss.example/impressum", "https://fuss.example/impressum"),
    ]
    heard = [" ".join(text.split()) for _, text in read_aloud(pdf)]
    assert "Siehe https://eins.example/a?b=c&d=e#f." in heard
    assert "E-Mail info@amt.example" in heard


def test_links_of_the_translation_count_too() -> None:
    assert [link.uri for link in followed(render(bilingual(), AT).pdf) if link.page == 1] == [
        "https://www.sorbisch.example/prawo?%C4%8Do=%C5%99"
    ]


def test_a_link_over_several_lines_is_one_element_with_a_place_on_each_line() -> None:
    address = "https://www.musterhausen.example/" + "/".join(f"abschnitt-{n}" for n in range(20))
    links = followed(render(replace(decision(Paragraph(f"Siehe {address}, bitte.")), info=()), AT).pdf)
    assert len(links) > 2
    assert {link.uri for link in links} == {address}
    assert len({link.element for link in links}) == 1
    tops = [link.rect[3] for link in links]
    assert tops == sorted(tops, reverse=True)
    assert len(set(tops)) == len(tops)


def test_a_link_over_two_pages_is_clickable_on_both() -> None:
    address = "https://www.musterhausen.example/" + "/".join(f"abschnitt-{n}" for n in range(60))
    for filler in range(10, 40):
        text = Paragraph(f"{'Wort ' * 60}{address}{' Ende' * 40}.")
        links = followed(render(replace(decision(*[Paragraph("Zeile")] * filler, text), info=()), AT).pdf)
        assert {link.uri for link in links} == {address}
        if {link.page for link in links} == {0, 1}:
            assert len({link.element for link in links}) == 1
            return
    raise AssertionError("no letter broke the address over two pages")


def test_a_repeated_table_header_is_not_a_second_link() -> None:
    rows = tuple((f"{row}", "x") for row in range(80))
    assert uris(Table(("https://kopf.example", "x"), rows)) == ["https://kopf.example"]


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "JAVASCRIPT://%0aalert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://amt.example",
        "xhttps://amt.example",
        "https://",
        "https://amt.example@boese.example/",
        "https://amt.example:99999/",
        "https://-x.example/",
        "https://amt..example/",
        "https://[::1",
        "http://\ufffc.example",
        "amt@localhost",
        "a..b@amt.example",
        "@amt.example",
        "amt@.example",
        "§ 12@3",
    ],
)
def test_nothing_doubtful_becomes_a_link(text: str) -> None:
    assert find_links([text]) == ()


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("HTTPS://Amt.Example/Weg", "https://amt.example/Weg"),
        ("https://müller.example/ä b", "https://xn--mller-kva.example/%C3%A4"),
        ("https://straße.example", "https://xn--strae-oqa.example"),
        ("https://amt.example:8443/x", "https://amt.example:8443/x"),
        ("https://amt.example/a_(b)", "https://amt.example/a_(b)"),
        ("(https://amt.example/a).", "https://amt.example/a"),
        ("„https://amt.example“", "https://amt.example"),
        ("<https://amt.example>", "https://amt.example"),
        ("https://amt.example/%C3%A4?x=[1]", "https://amt.example/%C3%A4?x=%5B1%5D"),
        ("vor.nach+x@amt.example.", "mailto:vor.nach+x@amt.example"),
        ("mailto:amt@amt.example", "mailto:amt@amt.example"),
    ],
)
def test_where_a_link_leads(text: str, uri: str) -> None:
    assert [link.uri for link in find_links([text])] == [uri]


def test_a_link_shows_where_it_leads() -> None:
    (link,) = find_links(["Siehe https://amt.exam", "ple/weg. ", "Ende"])
    assert link.shown == "https://amt.example/weg"
    assert link.spans == ((0, 6, 22), (1, 0, 7))


def test_an_unbelievably_long_address_takes_no_long_time_and_is_no_link() -> None:
    for text in ("https://" + "a" * 50_000, "a" * 50_000 + "@", "a@" + "b." * 30_000, "http://" * 10_000):
        assert find_links([text]) == ()


def a_letter_with_links() -> Letter:
    """For the judge: links of every sort, over lines and pages."""
    address = "https://www.musterhausen.example/" + "/".join(f"abschnitt-{n}" for n in range(60))
    return replace(
        decision(
            *[Paragraph(f"Wort {address} und amt@musterhausen.example. ")] * 6,
            Table(
                ("https://kopf.example", "B"),
                ((address, "amt@stadt.example"),) * 9,
                (Align.LEFT, Align.RIGHT),
            ),
            SignaturePlace(),
        ),
        footer=(("https://www.stadt.example", "amt@stadt.example"),),
    )
