"""Values of a form by their paths."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import lru_cache

from clerk_app.services.form_tree import Members, Node, folded_name, text_of


class FormTooLargeError(Exception):
    """Looking for something would mean reading too much of the form."""


class FormPaths:
    """A form asked by paths. Remembers what it looked at, so that asking again costs little.

    A path is dotted (``antragsteller.vorname``); numbers choose from lists, ``*`` and a name alike look at
    every element; a leading ``**.`` looks at every depth, shallow ones first. Names are compared folded.
    ``most`` bounds how many values it looks at altogether.
    """

    def __init__(self, tree: Node, most: int | None = None) -> None:
        self._tree = tree
        self._left = most
        self._members: dict[int, dict[str, list[Node]]] = {}
        self._holders: dict[str, list[Members]] | None = None

    def nodes(
        self, parts: tuple[str, ...], start: Node | None = None, *, anywhere: bool = False
    ) -> list[Node]:
        """Everything a path of folded ``parts`` leads to, from ``start`` (None: the form), in its order;
        ``anywhere`` begins at every depth of the form.

        :raises FormTooLargeError: more values than ``most`` would have to be looked at
        """
        if anywhere:
            return [
                found for holder in self._index().get(parts[0], ()) for found in self._from(holder, parts)
            ]
        return self._from(self._tree if start is None else start, parts)

    def elements(self, found: list[Node]) -> list[Node]:
        """``found`` with lists replaced by what is in them, without what is empty."""
        level = found
        while any(isinstance(node, list) for node in level):
            level = [each for node in level for each in (node if isinstance(node, list) else (node,))]
            self.spend(len(level))
        return [node for node in level if isinstance(node, Members) or text_of(node)]

    def filled(self, found: list[Node]) -> bool:
        """Whether any of these holds a value, itself or within."""
        for node in found:
            if text_of(node):
                return True
            queue = deque(_below(node))
            while queue:
                self.spend(1)
                inner = queue.popleft()
                if text_of(inner):
                    return True
                queue.extend(_below(inner))
        return False

    def _from(self, node: Node, parts: tuple[str, ...]) -> list[Node]:
        """As long as there is one way only, it is walked without looking left and right."""
        for at, part in enumerate(parts):
            if type(node) is not Members:
                return self._walk([node], parts[at:])
            found = self._named(node).get(part)
            if found is None:
                return []
            if len(found) > 1:
                return self._walk(found, parts[at + 1 :])
            node = found[0]
        return [node]

    def _walk(self, level: list[Node], parts: tuple[str, ...]) -> list[Node]:
        for part in parts:
            found: list[Node] = []
            for node in level:
                if type(node) is Members:
                    found += self._named(node).get(part, ())
                elif type(node) is list:
                    found += self._chosen(node, part)
            if not found:
                return found
            level = found
        self.spend(len(level))
        return level

    def _chosen(self, items: list[Node], part: str) -> list[Node]:
        self.spend(len(items))
        if part.isdecimal():
            return items[int(part) : int(part) + 1]
        if part == "*":
            return items
        return [found for item in items for found in self._walk([item], (part,))]

    def _named(self, node: Members) -> dict[str, list[Node]]:
        known = self._members.get(id(node))
        if known is None:
            self.spend(len(node.pairs))
            known = self._members[id(node)] = {}
            for name, value in node.pairs:
                known.setdefault(folded_name(name), []).append(value)
        return known

    def _index(self) -> dict[str, list[Members]]:
        if self._holders is None:
            holders: dict[str, list[Members]] = {}
            for node in self._breadth_first():
                for name in self._named(node):
                    holders.setdefault(name, []).append(node)
            self._holders = holders
        return self._holders

    def _breadth_first(self) -> Iterator[Members]:
        """Every object, shallow ones first; the elements of a list stand where the list does."""
        level: list[Node] = [self._tree]
        while level:
            objects = self._objects(level)
            yield from objects
            level = [child for node in objects for child in _below(node)]

    def _objects(self, level: list[Node]) -> list[Members]:
        while any(isinstance(node, list) for node in level):
            self.spend(len(level))
            level = [each for node in level for each in (node if isinstance(node, list) else (node,))]
        return [node for node in level if isinstance(node, Members)]

    def spend(self, values: int) -> None:
        """Counts values looked at.

        :raises FormTooLargeError: they are more than ``most``
        """
        if self._left is not None:
            self._left -= values
            if self._left < 0:
                raise FormTooLargeError


def find_text(tree: Node, paths: tuple[str, ...]) -> tuple[str, str] | None:
    """The first path that leads to a non-empty value, with that value. Paths: see ``FormPaths``."""
    form = FormPaths(tree)
    for path in paths:
        for node in form.nodes(folded_parts(path), anywhere=path.startswith("**.")):
            found = text_of(node)
            if found:
                return path, found
    return None


@lru_cache(maxsize=4096)
def folded_parts(path: str) -> tuple[str, ...]:
    """The folded names of a path, without a leading ``**``."""
    return tuple(folded_name(part) for part in path.removeprefix("**.").split("."))


def _below(node: Node) -> list[Node]:
    if isinstance(node, Members):
        return [value for _name, value in node.pairs]
    return node if isinstance(node, list) else []
