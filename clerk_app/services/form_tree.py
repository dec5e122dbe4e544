"""A form taken apart without trusting it: JSON or XML becomes one tree of members, lists and texts.

Nothing is lost on the way: members keep their order, a name that occurs twice is there twice, numbers keep
their spelling. XML is read without document types, entities or anything from outside.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias
from xml.parsers import expat

from clerk_app.domain.errors import ErrorCode

LARGEST_FORM_BYTES = 20_000_000
_DEEPEST = 60
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "_": None, "-": None})


class Number(str):
    """A number as it was spelled."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Members:
    """An object: names and values in order."""

    pairs: tuple[tuple[str, Node], ...]


Node: TypeAlias = "Members | list[Node] | str | bool | None"


class MalformedFormError(Exception):
    """The content is no form; ``code`` says why."""

    def __init__(self, code: ErrorCode) -> None:
        super().__init__(code.value)
        self.code = code


def read_form(content: bytes, media_type: str) -> Node:
    """The tree of a form.

    :raises MalformedFormError: CONTENT_MALFORMED, or LIMIT_EXCEEDED when it is too large or too deep
    """
    if len(content) > LARGEST_FORM_BYTES:
        raise MalformedFormError(ErrorCode.LIMIT_EXCEEDED)
    if "xml" in media_type.lower() or content.lstrip()[:1] == b"<":
        tree: Node = _XmlReader().read(content)
    else:
        tree = _read_json(content)
    if _too_deep(tree):
        raise MalformedFormError(ErrorCode.LIMIT_EXCEEDED)
    return tree


def _read_json(content: bytes) -> Node:
    try:
        tree = json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=lambda pairs: Members(tuple((whole(name), value) for name, value in pairs)),
            parse_int=Number,
            parse_float=Number,
            parse_constant=Number,
        )
    except RecursionError as error:
        raise MalformedFormError(ErrorCode.LIMIT_EXCEEDED) from error
    except ValueError as error:
        raise MalformedFormError(ErrorCode.CONTENT_MALFORMED) from error
    return tree  # type: ignore[no-any-return]


def whole(text: str) -> str:
    """``text`` with half surrogates replaced: JSON can spell them, databases and screens cannot take them."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _too_deep(tree: Node) -> bool:
    level: list[Node] = [tree]
    for _ in range(_DEEPEST):
        level = [child for node in level for child in _children(node)]
        if not level:
            return False
    return True


def _children(node: Node) -> Iterator[Node]:
    if isinstance(node, Members):
        yield from (value for _name, value in node.pairs)
    elif isinstance(node, list):
        yield from node


@dataclass
class _Element:
    name: str
    pairs: list[tuple[str, Node]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


class _XmlReader:
    """Elements become members; repeated ones lists; attributes members with ``@``; mixed text ``#text``."""

    def __init__(self) -> None:
        self._open: list[_Element] = [_Element("")]
        self._too_deep = False

    def read(self, content: bytes) -> Node:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        for handler in ("StartDoctypeDeclHandler", "EntityDeclHandler", "ExternalEntityRefHandler"):
            setattr(parser, handler, _forbidden)
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            code = ErrorCode.LIMIT_EXCEEDED if self._too_deep else ErrorCode.CONTENT_MALFORMED
            raise MalformedFormError(code) from error
        return Members(tuple(self._open[0].pairs))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) > _DEEPEST:
            self._too_deep = True
            raise ValueError("too deep")
        element = _Element(name.rpartition(" ")[2])
        element.pairs += [(f"@{key.rpartition(' ')[2]}", value) for key, value in attributes.items()]
        self._open.append(element)

    def _end(self, _name: str) -> None:
        element = self._open.pop()
        text = "".join(element.texts).strip()
        value: Node = text
        if element.pairs:
            pairs = [*element.pairs, ("#text", text)] if text else element.pairs
            value = Members(tuple(_repeated_as_lists(pairs)))
        self._open[-1].pairs.append((element.name, value))

    def _text(self, text: str) -> None:
        self._open[-1].texts.append(text)


def _forbidden(*_arguments: object) -> None:
    raise ValueError("document types and entities are not read")


def _repeated_as_lists(pairs: list[tuple[str, Node]]) -> list[tuple[str, Node]]:
    counts: dict[str, int] = {}
    for name, _value in pairs:
        counts[name] = counts.get(name, 0) + 1
    lists: dict[str, list[Node]] = {}
    merged: list[tuple[str, Node]] = []
    for name, value in pairs:
        if counts[name] == 1:
            merged.append((name, value))
        elif name in lists:
            lists[name].append(value)
        else:
            lists[name] = [value]
            merged.append((name, lists[name]))
    return merged


@lru_cache(maxsize=4096)
def folded_name(name: str) -> str:
    """A field name for comparing: ``Vor_Name`` and ``vorname`` are one."""
    return name.lower().translate(_UMLAUTS)


def _breadth_first(tree: Node) -> Iterator[Node]:
    queue: deque[Node] = deque([tree])
    while queue:
        node = queue.popleft()
        yield node
        queue.extend(child for child in _children(node) if isinstance(child, Members | list))


def text_of(node: Node) -> str:
    """A single value as text; objects and lists have none."""
    if isinstance(node, bool):
        return "true" if node else "false"
    if isinstance(node, str):
        return whole(node.strip())
    return ""


def all_texts(tree: Node) -> Iterator[str]:
    """Every value of the form as text, for searching."""
    for node in _breadth_first(tree):
        for child in _children(node):
            if isinstance(child, str) and child.strip():
                yield text_of(child)
