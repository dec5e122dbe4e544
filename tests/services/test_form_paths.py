"""Paths through forms: what they lead to, in which order, and at what cost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clerk_app.services.form_paths import FormPaths, FormTooLargeError, find_text, folded_parts
from clerk_app.services.form_tree import Members, Node, read_form, text_of


def tree(form: Any) -> Node:
    return read_form(json.dumps(form).encode(), "application/json")


def found(form: Any, path: str) -> list[str]:
    asked = FormPaths(tree(form))
    nodes = asked.nodes(folded_parts(path), anywhere=path.startswith("**."))
    return [text_of(node) or type(node).__name__ for node in nodes]


@pytest.mark.parametrize(
    ("form", "path", "texts"),
    [
        ({"a": {"b": "1"}}, "a.b", ["1"]),
        ({"A_-": {"Ä": "1"}}, "a.ae", ["1"]),
        ({"a": [{"b": "1"}, {"c": "x"}, {"b": "2"}]}, "a.*.b", ["1", "2"]),
        ({"a": [{"b": "1"}, {"b": "2"}]}, "a.b", ["1", "2"]),
        ({"a": [{"b": "1"}, {"b": "2"}]}, "a.1.b", ["2"]),
        ({"a": [{"b": "1"}]}, "a.5.b", []),
        ({"a": [[{"b": "1"}], [{"b": "2"}]]}, "a.b", ["1", "2"]),
        ({"a": {"0": "zero"}}, "a.0", ["zero"]),
        ({"a": {"*": "star"}}, "a.*", ["star"]),
        ({"a": "text"}, "a.b", []),
        ([{"a": "1"}, {"a": "2"}], "a", ["1", "2"]),
        ({"deep": {"x": "2"}, "x": "1"}, "**.x", ["1", "2"]),
        ({"l": [{"x": "1"}, {"x": "2"}], "m": {"x": "3"}}, "**.x", ["1", "2", "3"]),
        ({"a": {"x": {"y": "1"}}, "x": {"y": "0"}}, "**.x.y", ["0", "1"]),
        ({"x": {"x": "in"}}, "**.x", ["Members", "in"]),
    ],
)
def test_what_a_path_leads_to(form: Any, path: str, texts: list[str]) -> None:
    assert found(form, path) == texts


def test_a_name_that_occurs_twice_is_found_twice() -> None:
    asked = FormPaths(
        read_form(b'{"a": "1", "b": {"c": "x"}, "a": "2", "b": {"c": "y"}}', "application/json")
    )
    assert asked.nodes(("a",)) == ["1", "2"]
    assert asked.nodes(("b", "c")) == ["x", "y"]


def test_elements_are_what_is_in_lists_without_what_is_empty() -> None:
    asked = FormPaths(tree({"a": [["1", ""], None, [], {"x": 1}, "2", {}]}))
    elements = asked.elements(asked.nodes(("a",)))
    assert [text_of(each) for each in elements] == ["1", "", "2", ""]
    assert asked.elements(["single", ""]) == ["single"]


@pytest.mark.parametrize(
    ("node", "filled"),
    [("x", True), ("", False), (None, False), (False, True), ([], False), ({}, False), ([{"a": [""]}], False),
     ({"a": [{"b": "x"}]}, True)],
)  # fmt: skip
def test_a_group_is_filled_when_something_in_it_is(node: Any, filled: bool) -> None:
    asked = FormPaths(tree({"n": node}))
    assert asked.filled(asked.nodes(("n",))) is filled


def test_what_is_looked_at_is_counted_and_bounded() -> None:
    form = tree({"a": [{"b": number} for number in range(100)], "c": "x"})
    asked = FormPaths(form, most=50)
    assert asked.nodes(("c",)) == ["x"]
    for path, anywhere in ((("a", "b"), False), (("b",), True)):
        with pytest.raises(FormTooLargeError):
            asked.nodes(path, anywhere=anywhere)
    assert asked.nodes(("c",)) == ["x"], "what is known costs nothing"


def test_xml_is_asked_like_json() -> None:
    content = (
        b'<antrag xmlns="urn:x"><kind alter="3"><name>A</name></kind><kind><name>B</name></kind>'
        b'<miete waehrung="EUR">500</miete></antrag>'
    )
    form = read_form(content, "application/xml")
    assert find_text(form, ("antrag.kind.*.name",)) == ("antrag.kind.*.name", "A")
    assert find_text(form, ("antrag.kind.1.name",)) == ("antrag.kind.1.name", "B")
    assert find_text(form, ("antrag.kind.@alter",)) == ("antrag.kind.@alter", "3")
    assert find_text(form, ("**.miete.#text",)) == ("**.miete.#text", "500")


NAMES = st.sampled_from(["a", "b", "c"])
FORMS = st.recursive(
    st.sampled_from(["", "x", "y", "z"]),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=12,
)


def plainly(node: Node, parts: tuple[str, ...]) -> list[Node]:
    """The same by the words of its description, without remembering anything."""
    if not parts:
        return [node]
    head, rest = parts[0], parts[1:]
    if isinstance(node, Members):
        return [each for name, value in node.pairs if name == head for each in plainly(value, rest)]
    if isinstance(node, list):
        if head.isdecimal():
            return plainly(node[int(head)], rest) if int(head) < len(node) else []
        return [each for item in node for each in plainly(item, rest if head == "*" else parts)]
    return []


@given(FORMS, st.lists(st.one_of(NAMES, st.sampled_from(["*", "0", "1"])), min_size=1, max_size=4))
@settings(max_examples=300, deadline=None)
def test_remembering_changes_nothing(form: Any, parts: list[str]) -> None:
    node = tree(form)
    asked = FormPaths(node)
    wanted = plainly(node, tuple(parts))
    assert asked.nodes(tuple(parts)) == wanted
    assert asked.nodes(tuple(parts)) == wanted
