"""Raw data are laid out for reading and lose nothing."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.services.raw_text import readable_text


def test_json_stands_value_by_value_as_it_was_spelled() -> None:
    content = b'{"a":[1,2.50,{"b":"x, {} \\" y"}],"c":{},"d":[],"a":true}'
    assert readable_text(content, "application/json") == (
        '{\n  "a": [\n    1,\n    2.50,\n    {\n      "b": "x, {} \\" y"\n    }\n  ],\n'
        '  "c": {},\n  "d": [],\n  "a": true\n}'
    )


def test_xml_stands_element_by_element() -> None:
    content = b'<?xml version="1.0"?><!-- c --><f a="x>y"><k>text</k><k/><c><![CDATA[<x>]]></c></f>'
    assert readable_text(content, "application/xml") == (
        '<?xml version="1.0"?>\n<!-- c -->\n<f a="x>y">\n  <k>text</k>\n  <k/>\n  '
        "<c><![CDATA[<x>]]></c>\n</f>"
    )


@pytest.mark.parametrize(
    "content", [b'{"a": ', b'{"a', b"]]}}", b"{,,:", b"<a", b"<a><b></a>", b"<!--", b"<![CDATA[x"]
)
def test_what_is_broken_stands_as_it_came(content: bytes) -> None:
    assert readable_text(content, "application/json") == content.decode()


def test_other_text_and_other_bytes_stand_as_they_came() -> None:
    assert readable_text(b"a  b\n\n c", "text/plain") == "a  b\n\n c"
    assert readable_text(b"\xff{", "application/json") == "\ufffd{"


@given(
    st.recursive(
        st.one_of(st.text(), st.integers(), st.booleans(), st.none()),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
        max_leaves=10,
    )
)
def test_json_still_says_the_same(value: object) -> None:
    content = json.dumps(value).encode()
    assert json.loads(readable_text(content, "application/json")) == value


@given(
    st.recursive(
        st.text("ab <>&'=\"", max_size=8).map(lambda text: escape(text)),
        lambda inner: st.lists(inner, max_size=3).map(lambda parts: f"<e a='1>2'>{''.join(parts)}</e>"),
        max_leaves=10,
    )
)
def test_no_sign_of_any_markup_is_lost(inner: str) -> None:
    text = f"<!-- c --><form>{inner}</form>"
    shown = readable_text(text.encode(), "application/xml")
    assert "".join(shown.split()) == "".join(text.split())
    assert shown.count("\n") >= 1
