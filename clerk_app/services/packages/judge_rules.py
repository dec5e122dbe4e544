"""The rules of a package: each can be read, together they end in time, and they ask for fields that exist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from clerk_app.domain.package import FaultReason as R
from clerk_app.domain.rules import ReferenceKind, Rule, RuleError, RuleReason
from clerk_app.domain.toml_lines import KeyPath
from clerk_app.services.packages.book import Book, Entry
from clerk_app.services.packages.files import BASE, CHECKS, EVIDENCE, LISTS
from clerk_app.services.rules.bounds import KnownNames, rule_faults
from clerk_app.services.rules.language import parse_rule

_KINDS = {
    "check": ReferenceKind.CHECK,
    "rule": ReferenceKind.RULE,
    "evidence": ReferenceKind.EVIDENCE,
}


@dataclass(frozen=True)
class PlacedRule:
    """A rule that could be read, and where it stands: in the entry ``name`` of ``kind``, at ``key``."""

    file: str
    path: KeyPath
    rule: Rule
    kind: ReferenceKind
    name: str
    key: str


@dataclass(frozen=True)
class _Point:
    """The rules of a check point."""

    check_id: str
    rule: Rule
    when: Rule | None


def judge_rules(book: Book) -> None:
    """Adds what is wrong with the rules."""
    placed = [rule for entry, key in _sources(book) if (rule := _read(book, entry, key)) is not None]
    _judge_together(book, placed)
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
        rule = parse_rule(entry.item[key])
        kind = _KINDS[str(entry.path[0])]
        name = entry.item["key" if kind is ReferenceKind.EVIDENCE else "id"]
        return PlacedRule(entry.file, entry.at(key), rule, kind, name, key)
    except RuleError as error:
        params = {"column": error.column, "rule": entry.item[key], **error.params}
        book.findings.add(entry.file, entry.at(key), f"rule-{error.reason.value}", **params)
        book.findings.spoil(entry.file, entry.at(key))
        return None


def _judge_together(book: Book, placed: list[PlacedRule]) -> None:
    """Unknown names, circles, and what would take too long. A rule that could not be read has been told of:
    that others name it is no second fault."""
    found = {(each.kind, each.name, each.key): each for each in placed}
    points = [
        _Point(name, each.rule, when.rule if (when := found.get((kind, name, "when"))) else None)
        for (kind, name, key), each in found.items()
        if kind is ReferenceKind.CHECK and key == "rule"
    ]
    named = {each.name: each.rule for each in placed if each.kind is ReferenceKind.RULE}
    required = {each.name: each.rule for each in placed if each.kind is ReferenceKind.EVIDENCE}
    unread = {
        reason: book.named(CHECKS, table, "id")
        for table, reason in (("rule", RuleReason.UNKNOWN_RULE), ("check", RuleReason.UNKNOWN_CHECK))
    }
    known = KnownNames(
        evidence=book.named(EVIDENCE, "evidence", "key"),
        lists=book.named(LISTS, "list", "name"),
        limits=book.named(LISTS, "number", "name"),
    )
    for fault in rule_faults(named, points, known, required):
        if fault.params.get("name") in unread.get(fault.reason, ()):
            continue
        place = found[(fault.owner.kind, fault.owner.name, fault.part)]
        params: dict[str, Any] = {"column": fault.column, "rule": place.rule.source, **fault.params}
        book.findings.add(place.file, place.path, f"rule-{fault.reason.value}", **params)


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
