"""What is worth a second look in a package and no reason to refuse it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clerk_app.domain.package import FaultReason as R
from clerk_app.domain.rules import ReferenceKind, Rule, RuleError
from clerk_app.services.packages.book import Book, Entry
from clerk_app.services.packages.files import CHECKS, EVIDENCE, LETTERS, LISTS
from clerk_app.services.rules.language import parse_rule

_LISTS = {"list": ReferenceKind.LIST, "number": ReferenceKind.LIMIT}


def judge_samples_reach(book: Book, shown: Iterable[str], opened: Iterable[str]) -> None:
    """Check points of its own that no sample tries: never with a result (not ``shown``), never open."""
    seen, warned = set(shown), set(opened)
    for entry in book.own(CHECKS, "check"):
        name = entry.item["id"]
        if name not in seen:
            book.findings.add(CHECKS, entry.at("rule"), R.CHECK_SILENT, warning=True, name=name)
        elif name not in warned:
            book.findings.add(CHECKS, entry.at("rule"), R.CHECK_NEVER_OPEN, warning=True, name=name)


def judge_one_sided(book: Book) -> None:
    """What holds in one Land alone and is used in both; a burden nobody is heard about."""
    rules = list(_rules(book))
    for table, kind in _LISTS.items():
        used = {name for rule in rules for name in rule.names(kind)}
        entries: dict[str, list[Entry]] = {}
        for entry in book.own(LISTS, table):
            entries.setdefault(entry.item["name"], []).append(entry)
        for name, group in entries.items():
            lands = {entry.item.get("land") for entry in group}
            if name in used and len(lands) == 1 and None not in lands:
                where = {"name": name, "land": lands.pop()}
                book.findings.add(LISTS, group[0].at("name"), R.LIST_IN_ONE_LAND, warning=True, **where)
    for entry in book.own(LETTERS, "template"):
        if entry.item.get("burdening") is True and entry.item.get("hearing") == "none":
            told = {"name": entry.item["name"]}
            book.findings.add(LETTERS, entry.at("hearing"), R.BURDEN_WITHOUT_HEARING, warning=True, **told)


def _rules(book: Book) -> Iterator[Rule]:
    for entry in (*book.own(CHECKS, "check"), *book.own(CHECKS, "rule"), *book.own(EVIDENCE, "evidence")):
        for key in ("rule", "when", "required"):
            source = entry.item.get(key)
            if isinstance(source, str):
                try:
                    yield parse_rule(source)
                except RuleError:
                    continue  # told already
