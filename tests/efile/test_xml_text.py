"""Whatever people wrote stands in the message, or visibly does not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from clerk_app.efile.xml_text import element, escaped, text_element


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_survives_a_parser(text: str) -> None:
    read = etree.fromstring(element("a", escaped(text)).encode()).text or ""

    assert len(read) == len(text)
    for got, wrote in zip(read, text, strict=True):
        assert got in (wrote, "\ufffd")
    kept = [c for c in text if c.isprintable() or c in "\t\r\n"]
    assert [c for c in kept if c not in read] == []


def test_what_xml_cannot_hold_is_seen_to_be_missing() -> None:
    assert escaped("a\x00b\ud800c\uffff") == "a\ufffdb\ufffdc\ufffd"
    assert escaped("<Müller & Söhne>\r") == "&lt;Müller &amp; Söhne&gt;&#13;"


def test_blank_texts_make_no_element() -> None:
    assert text_element("a", None) == text_element("a", " \n") == ""
    assert text_element("a", "x") == "<a>x</a>"
