"""Unterschiede between two packages: entry by entry and value by value, whatever the order in the files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from clerk_app.domain.differences import ChangeKind
from clerk_app.domain.package_changes import PackageChange
from clerk_app.domain.package_changes import PackagePart as P
from clerk_app.services.packages.files import (
    CHECKS,
    EVIDENCE,
    FEES,
    FORM,
    LETTERS,
    LISTS,
    MANIFEST,
    SAMPLES,
    PackageFiles,
)
from clerk_app.services.packages.shape import as_json
from clerk_app.services.packages.trees import PackageTrees, Tree, take_apart

# file, table, its part; what names an entry, most telling first (the rest tells dated entries apart)
_ENTRIES: tuple[tuple[str, str, P, tuple[str, ...]], ...] = (
    (MANIFEST, "schema", P.SCHEMA, ("uri",)),
    (MANIFEST, "legal_basis", P.LEGAL_BASIS, ("key", "land", "law", "valid_from")),
    (CHECKS, "check", P.CHECK, ("id",)),
    (CHECKS, "rule", P.RULE, ("id",)),
    (EVIDENCE, "evidence", P.EVIDENCE, ("key",)),
    (LETTERS, "template", P.TEMPLATE, ("name",)),
    (LETTERS, "notice", P.NOTICE, ("kind",)),
    (LETTERS, "block", P.BLOCK, ("key", "valid_from")),
    (FEES, "fee", P.FEE, ("key", "land", "valid_from")),
    (LISTS, "list", P.LIST, ("name", "land", "valid_from")),
    (LISTS, "number", P.NUMBER, ("name", "land", "valid_from")),
    (SAMPLES, "sample", P.SAMPLE, ("name",)),
)
_TABLES: tuple[tuple[str, str, P], ...] = (
    (MANIFEST, "procedure", P.PROCEDURE),
    (MANIFEST, "deadlines", P.DEADLINES),
    (FORM, "labels", P.LABEL),
    (FORM, "groups", P.GROUP),
    (FORM, "formats", P.FORMAT),
    (FORM, "values", P.VALUE),
    (FORM, "person", P.PERSON),
)
_ALONE = {MANIFEST: P.MANIFEST, FORM: P.VIEW}
_TELLING = ("title", "text", "subject", "warning", "rule", "values", "value", "uri")
_Values = Mapping[str, str]


def difference(old: PackageFiles, new: PackageFiles) -> tuple[PackageChange, ...]:
    """Everything in which ``new`` differs from ``old``; the package's own changes before the base's.

    :raises PackageFaultyError: one of them cannot be taken apart
    """
    before, after = take_apart(old), take_apart(new)
    return (
        *_changes(_Side(before), _Side(after), of_base=False),
        *_file_changes(old, new),
        *_changes(_BaseSide(before), _BaseSide(after), of_base=True),
    )


class _Side:
    """The package's own words."""

    def __init__(self, trees: PackageTrees) -> None:
        self.trees = trees

    def tree(self, file: str) -> Tree:
        return self.trees[file]


class _BaseSide(_Side):
    """The base's words: the same tables, all in one file."""

    def tree(self, file: str) -> Tree:
        del file
        return self.trees.base


def _changes(old: _Side, new: _Side, *, of_base: bool) -> Iterator[PackageChange]:
    for file, part in _ALONE.items():
        named = {each[1] for each in _ENTRIES if each[0] == file} | {
            each[1] for each in _TABLES if each[0] == file
        }
        before, after = (_alone(side.tree(file), named, file, of_base) for side in (old, new))
        for key in sorted({*before, *after}):
            yield from _compare(part, key, before.get(key), after.get(key), of_base)
    for file, table, part in _TABLES:
        was, now = (side.tree(file).get(table, {}) for side in (old, new))
        for key in sorted({*was, *now}):
            yield from _compare(part, key, _values(was.get(key)), _values(now.get(key)), of_base)
    for file, table, part, names in _ENTRIES:
        earlier, later = (_entries(side.tree(file).get(table, ()), names) for side in (old, new))
        for name in sorted({*earlier, *later}):
            yield from _compare(part, name, earlier.get(name), later.get(name), of_base)


def _alone(tree: Tree, named: set[str], file: str, of_base: bool) -> Mapping[str, _Values]:
    """Values that stand outside any table. In the base all files are one: each value is told once."""
    of_form = ("order", "letter_facts", "language_paths")
    return {
        key: _values(value) or {}
        for key, value in tree.items()
        if key not in named and not (of_base and (_is_table(value) or (key in of_form) != (file == FORM)))
    }


def _is_table(value: object) -> bool:
    """Whether it is a table of its own (a title is one too, but a text by language)."""
    return (isinstance(value, Mapping) and "de" not in value) or _is_tables(value)


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def _entries(items: Any, names: tuple[str, ...]) -> Mapping[str, _Values]:
    found: dict[str, _Values] = {}
    for item in items:
        name = ", ".join(str(item[key]) for key in names if key in item)
        while name in found:  # twice the same is a fault for lint; here nothing must get lost
            name += " "
        values = _values({key: value for key, value in item.items() if key not in names})
        found[name] = values or {}
    return found


def _values(node: object) -> _Values | None:
    """A value as texts by the keys below it; None for what is not there."""
    if node is None:
        return None
    return dict(_flat(as_json(node), ""))


def _flat(node: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _flat(value, f"{path}.{key}" if path else str(key))
    elif isinstance(node, list) and not _is_tables(node):
        yield path, "\n".join(map(_text, node))
    else:
        yield path, _text(node)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _compare(
    part: P, name: str, before: _Values | None, after: _Values | None, of_base: bool
) -> Iterator[PackageChange]:
    if before is None and after is not None:
        yield PackageChange(part, name, ChangeKind.ADDED, after=_telling(after), of_base=of_base)
    elif after is None and before is not None:
        yield PackageChange(part, name, ChangeKind.REMOVED, before=_telling(before), of_base=of_base)
    elif before is not None and after is not None:
        for field in dict.fromkeys((*before, *after)):
            was, now = before.get(field), after.get(field)
            if was != now:
                yield PackageChange(part, name, _kind(was, now), field, was or "", now or "", of_base)


def _kind(was: str | None, now: str | None) -> ChangeKind:
    if was is None:
        return ChangeKind.ADDED
    return ChangeKind.REMOVED if now is None else ChangeKind.CHANGED


def _telling(values: _Values) -> str:
    """What tells a reader most about a thing that came or went."""
    for key in ("", "de", *(each for name in _TELLING for each in (f"{name}.de", name))):
        if values.get(key):
            return values[key]
    return next(iter(values.values()), "")


def _file_changes(old: PackageFiles, new: PackageFiles) -> Iterator[PackageChange]:
    names = {name for name in (*old, *new) if name.startswith(("samples/", "schemas/"))}
    for name in sorted(names):
        if name not in old:
            yield PackageChange(P.FILE, name, ChangeKind.ADDED)
        elif name not in new:
            yield PackageChange(P.FILE, name, ChangeKind.REMOVED)
        elif old[name] != new[name]:
            yield PackageChange(P.FILE, name, ChangeKind.CHANGED)
