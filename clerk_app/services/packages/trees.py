"""The TOML files of a package taken apart, and the base that lies under all of them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from clerk_app.domain.package import FaultReason, PackageFault, PackageFaultyError
from clerk_app.domain.toml_lines import error_line
from clerk_app.services.packages.files import BASE, TOML_FILES, PackageFiles
from clerk_app.services.toml_values import resources_folder

Tree: TypeAlias = Mapping[str, Any]
_DEEPEST = 12  # the deepest thing the format knows is six tables down


class PackageTrees:
    """What stands in the files, by file name; a file that is not there is an empty tree."""

    def __init__(self, own: Mapping[str, Tree], base: Tree) -> None:
        self._own = own
        self.base = base

    def __getitem__(self, file: str) -> Tree:
        return self._own.get(file, {})

    def items(self, file: str, table: str) -> Iterator[Tree]:
        """The entries of an array of tables, the package's own alone."""
        yield from self[file].get(table, ())

    def laid(self, file: str, table: str, name: str) -> list[Tree]:
        """The package's own entries, then the base's; one of the package's own hides the base's of that
        ``name``."""
        own = list(self.items(file, table))
        names = {item[name] for item in own}
        return [*own, *(item for item in self.base.get(table, ()) if item[name] not in names)]

    def table(self, file: str, name: str) -> Tree:
        """A table with the base's values where the package says nothing."""
        return {**self.base.get(name, {}), **self[file].get(name, {})}


def take_apart(files: PackageFiles) -> PackageTrees:
    """All trees of a package, with the base it was built with, else the program's.

    :raises PackageFaultyError: a file is no TOML; names each with its line
    """
    trees, faults = take_apart_all(files)
    if faults:
        raise PackageFaultyError(faults)
    return trees


def take_apart_all(files: PackageFiles) -> tuple[PackageTrees, tuple[PackageFault, ...]]:
    """The trees that can be had, and what is wrong with the others."""
    own: dict[str, Tree] = {}
    base: Tree = {}
    faults: list[PackageFault] = []
    for name in (*(each for each in TOML_FILES if each in files), BASE):
        try:
            if name == BASE:
                base = _tree_of(base_bytes(files))
            else:
                own[name] = _parsed(files.text(name))
        except (ValueError, RecursionError) as error:  # a TOML error is a ValueError
            told = (("detail", str(error)),)
            faults.append(PackageFault(name, error_line(str(error)), FaultReason.NOT_TOML, told))
    return PackageTrees(own, base), tuple(faults)


def base_bytes(files: Mapping[str, bytes]) -> bytes:
    """The base a package goes with: its own copy once built, before that the program's."""
    return files[BASE] if BASE in files else bundled_base()


@lru_cache(maxsize=1)
def bundled_base() -> bytes:
    """The base that ships with the program."""
    return (resources_folder("packages") / BASE).read_bytes()


@lru_cache(maxsize=16)
def _tree_of(content: bytes) -> Tree:
    return _parsed(content.decode("utf-8"))


def _parsed(text: str) -> Tree:
    """Raises ValueError for what is no TOML, or nested deeper than anything in a package is."""
    tree = tomllib.loads(text)
    level: list[Any] = [tree]
    for _ in range(_DEEPEST):
        level = [
            below
            for node in level
            for below in (node.values() if isinstance(node, dict) else node)
            if isinstance(below, dict | list)
        ]
        if not level:
            return tree
    raise ValueError("nested too deep")
