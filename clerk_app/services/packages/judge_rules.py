"""The rules of a package: each can be read, together they end in time, and they ask for fields that exist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from clerk_app.domain.package import FaultReason as R
from clerk_app.domain.rules import Rule, RuleError
from clerk_app.domain.toml_lines import KeyPath
from clerk_app.services.packages.book import Book, Entry
from clerk_app.services.packages.files import BASE, CHECKS, EVIDENCE
from clerk_app.services.rules.language import parse_rule


@dataclass(frozen=True)
class PlacedRule:
    """A rule that could be read, and where it stands."""

    file: str
    path: KeyPath
    rule: Rule


def judge_rules(book: Book) -> None:
    """Adds what is wrong with the rules."""
    placed = [rule for entry, key in _sources(book) if (rule := _read(book, entry, key)) is not None]
    if book.paths:
        for each in placed:
            _judge_fields(book, each)


def _sources(book: Book) -> Iterator[tuple[Entry, str]]:
    """Every rule of the package and of the base under it."""
    for table in ("check", "rule"):
        for entry in book.laid(CHECKS, table, "id"):
            yield entry, "rule"
            if "when" in entry.item:
                yield entry, "when"
    for entry in book.laid(EVIDENCE, "evidence", "key"):
        if isinstance(entry.item.get("required"), str):
            yield entry, "required"


def _read(book: Book, entry: Entry, key: str) -> PlacedRule | None:
    try:
        return PlacedRule(entry.file, entry.at(key), parse_rule(entry.item[key]))
    except RuleError as error:
        params = {"column": error.column, "rule": entry.item[key], **error.params}
        book.findings.add(entry.file, entry.at(key), f"rule-{error.reason.value}", **params)
        book.findings.spoil(entry.file, entry.at(key))
        return None


def _judge_fields(book: Book, placed: PlacedRule) -> None:
    """A rule none of whose alternatives exists would never say anything."""
    if placed.file == BASE:  # made for forms of every kind
        return
    groups = [tuple(path.source for path in placed.rule.shown)] if len(placed.rule.shown) > 1 else []
    together = {path for group in groups for path in group}
    groups += [(path,) for path in placed.rule.fields if path not in together]
    for group in groups:
        if not any(book.paths.has(path) for path in group):
            book.findings.add(placed.file, placed.path, R.PATH_UNKNOWN, field=group[0])
