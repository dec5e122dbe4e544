"""A package laid open for judging: its entries with their places, as far as their shape is sound."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from clerk_app.domain.package import FaultReason as R
from clerk_app.domain.toml_lines import KeyPath
from clerk_app.services.packages.files import BASE, MANIFEST, SAMPLES, PackageFiles
from clerk_app.services.packages.findings import Findings
from clerk_app.services.packages.paths import KnownPaths
from clerk_app.services.packages.trees import PackageTrees, Tree

LANDS = ("BW", "SN")


@dataclass(frozen=True)
class Entry:
    """One table of an array of tables and where it stands."""

    file: str
    path: KeyPath
    item: Tree

    def at(self, *key: str | int) -> KeyPath:
        """The place of something in it."""
        return (*self.path, *key)


class Book:
    """What the judges read, and where they write what they find."""

    def __init__(self, files: PackageFiles, trees: PackageTrees, findings: Findings) -> None:
        self.files = files
        self.trees = trees
        self.findings = findings

    def own(self, file: str, table: str) -> list[Entry]:
        """The package's own entries whose shape is sound."""
        return self._sound(file, table, self.trees[file].get(table, ()))

    def laid(self, file: str, table: str, name: str) -> list[Entry]:
        """Its own, then the base's that it does not hide."""
        own = self.own(file, table)
        names = {entry.item[name] for entry in own}
        return [*own, *(entry for entry in self.base(table) if entry.item[name] not in names)]

    def named(self, file: str, table: str, name: str) -> frozenset[str]:
        """Every name there is, the base's too, even of entries with a fault: that has been told, and who
        refers to such an entry makes no second mistake."""
        items = [*_tables(self.trees[file].get(table)), *_tables(self.trees.base.get(table))]
        return frozenset(item[name] for item in items if isinstance(item.get(name), str))

    def base(self, table: str) -> list[Entry]:
        """The base's entries."""
        return self._sound(BASE, table, self.trees.base.get(table, ()))

    def value(self, file: str, *path: str) -> Any:
        """A single value of the package, None where it is absent or has the wrong shape."""
        node: Any = self.trees[file]
        for key in path:
            if not isinstance(node, Mapping) or key not in node:
                return None
            node = node[key]
        return node if self.findings.is_sound(file, path) else None

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages the package declares beside German."""
        return tuple(code for code in self.value(MANIFEST, "languages") or () if code != "de")

    @cached_property
    def json(self) -> Mapping[str, Any]:
        """The JSON files that can be read; what cannot is a fault."""
        found: dict[str, Any] = {}
        for name in self.files:
            if name.startswith(("samples/", "schemas/")):
                try:
                    found[name] = json.loads(self.files.text(name))
                except json.JSONDecodeError as error:
                    self.findings.add_at(name, error.lineno, R.NOT_JSON, detail=error.msg)
                except (ValueError, RecursionError):
                    self.findings.add_at(name, None, R.NOT_JSON, detail="")
        return found

    @cached_property
    def paths(self) -> KnownPaths:
        """The fields of its forms."""
        forms = [self.json[name] for name in self.json if name.startswith("samples/")]
        schemas = [self.json[name] for name in self.json if name.startswith("schemas/")]
        return KnownPaths(forms, schemas)

    @property
    def samples(self) -> list[Entry]:
        """The samples."""
        return self.own(SAMPLES, "sample")

    def _sound(self, file: str, table: str, items: object) -> list[Entry]:
        if not isinstance(items, Sequence):
            return []
        return [
            Entry(file, (table, number), item)
            for number, item in enumerate(items)
            if self.findings.is_sound(file, (table, number))
        ]

    def each(self, *sources: tuple[str, str]) -> Iterator[Entry]:
        """The package's own entries of several tables."""
        for file, table in sources:
            yield from self.own(file, table)


def _tables(items: object) -> Iterator[Tree]:
    if isinstance(items, Sequence):
        yield from (item for item in items if isinstance(item, Mapping))
