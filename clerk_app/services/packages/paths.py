"""Which fields the forms of a package have, by its schemas and samples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from clerk_app.services.form_tree import folded_name

_MOST_PATHS = 50_000
_DEEPEST = 30


class KnownPaths:
    """The fields, folded as paths are compared; list numbers and ``*`` count for nothing."""

    def __init__(self, forms: Iterable[object] = (), schemas: Iterable[object] = ()) -> None:
        self._written: set[str] = set()
        self._left = _MOST_PATHS
        for form in forms:
            self._take(_form_paths(form, "", 0))
        for schema in schemas:
            self._take(_schema_paths(schema, schema, "", 0))
        self._folded = {folded(path) for path in self._written}
        self._ends = {path.rpartition(".")[2] for path in self._folded}

    def __bool__(self) -> bool:
        return bool(self._written)

    def has(self, path: str) -> bool:
        """Whether any form has a field, or a group of fields, at that path."""
        if path.startswith("**."):
            wanted = folded(path[3:])
            return any(each == wanted or each.endswith(f".{wanted}") for each in self._folded)
        return folded(path) in self._folded

    def has_name(self, name: str) -> bool:
        """Whether any field is called that, wherever it stands."""
        return folded(name) in self._ends

    def has_exactly(self, path: str) -> bool:
        """Whether any form has a field spelled just so: blanks of letters are filled by spelling."""
        return path in self._written

    def _take(self, paths: Iterator[str]) -> None:
        for path in paths:
            self._left -= 1
            if self._left < 0:
                return
            if path:
                self._written.add(path)


def folded(path: str) -> str:
    """A path for comparing."""
    parts = (folded_name(part) for part in path.split("."))
    return ".".join(part for part in parts if part and part != "*" and not part.isdecimal())


def _form_paths(node: object, path: str, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(node, Mapping):
        for name, value in node.items():
            inner = f"{path}.{name}" if path else name
            yield inner
            yield from _form_paths(value, inner, depth + 1)
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield f"{path}.{number}"
            yield from _form_paths(value, f"{path}.{number}", depth + 1)


def _schema_paths(schema: Any, root: Any, path: str, depth: int) -> Iterator[str]:
    """Properties, followed through lists, alternatives and references within the schema."""
    if depth > _DEEPEST or not isinstance(schema, Mapping):
        return
    yield ""  # counts, so that references cannot multiply without end
    for name, inner in _mapping(schema.get("properties")).items():
        place = f"{path}.{name}" if path else str(name)
        yield place
        yield from _schema_paths(inner, root, place, depth + 1)
    below = [schema.get("items"), schema.get("then"), schema.get("else")]
    for word in ("allOf", "anyOf", "oneOf"):
        below += schema.get(word) or [] if isinstance(schema.get(word), list) else []
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/"):
        below.append(_pointed(root, reference))
    for inner in below:
        yield from _schema_paths(inner, root, path, depth + 1)


def _pointed(root: Any, reference: str) -> Any:
    node = root
    for part in reference[2:].split("/"):
        node = node.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(node, Mapping) else None
    return node


def _mapping(value: object) -> Mapping[Any, Any]:
    return value if isinstance(value, Mapping) else {}
