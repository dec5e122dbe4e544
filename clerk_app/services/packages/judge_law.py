"""Law and fees of a package: everything dated, without gaps and overlaps, and named where it is used."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from clerk_app.domain.package import FaultReason as R
from clerk_app.services.packages.book import LANDS, Book, Entry
from clerk_app.services.packages.files import CHECKS, EVIDENCE, FEES, LETTERS, LISTS, MANIFEST

_Scope = tuple[str, ...]


def judge_dates(book: Book) -> None:
    """Times are the right way round; the times of one key follow each other in every Land."""
    for file, table, key in (
        (MANIFEST, "legal_basis", "key"),
        (FEES, "fee", "key"),
        (LETTERS, "block", "key"),
        (LISTS, "list", "name"),
        (LISTS, "number", "name"),
    ):
        groups: dict[_Scope, list[Entry]] = {}
        for entry in book.own(file, table):
            first, until = entry.item["valid_from"], entry.item.get("valid_until")
            if until is not None and until <= first:
                book.findings.add(file, entry.at("valid_until"), R.DATES_REVERSED, first=first, until=until)
                continue
            for scope in _scopes(entry):
                groups.setdefault((entry.item[key], *scope), []).append(entry)
        for group in groups.values():
            _follow(book, key, group)


def judge_references(book: Book) -> None:
    """What letters, checks and blocks refer to exists, in every Land."""
    bases = book.laid(MANIFEST, "legal_basis", "key")
    for entry in book.each((LETTERS, "template"), (LETTERS, "notice"), (LETTERS, "block")):
        _named(book, entry, "legal_basis", bases, R.LEGAL_BASIS_UNKNOWN, R.LEGAL_BASIS_NOT_IN_LAND)
    for entry in book.own(LETTERS, "template"):
        _named(book, entry, "fees", book.own(FEES, "fee"), R.FEE_UNKNOWN, R.FEE_NOT_IN_LAND)
    evidence = book.named(EVIDENCE, "evidence", "key")
    for entry in book.own(CHECKS, "check"):
        key = entry.item.get("evidence")
        if key is not None and key not in evidence:
            book.findings.add(
                CHECKS, entry.at("evidence"), R.EVIDENCE_UNKNOWN, name=key, check=entry.item["id"]
            )


def _scopes(entry: Entry) -> Iterable[_Scope]:
    """Where an entry holds: Länder, for legal bases also procedure laws."""
    land, law = entry.item.get("land"), entry.item.get("law")
    laws = ("VwVfG", "AO", "SGB X") if entry.path[0] == "legal_basis" and law is None else (law or "",)
    return [(each, law) for each in ((land,) if land is not None else LANDS) for law in laws]


def _follow(book: Book, key: str, group: list[Entry]) -> None:
    ordered = sorted(group, key=_start)
    for earlier, later in pairwise(ordered):
        until, first = earlier.item.get("valid_until"), _start(later)
        if until == first:
            continue
        gap = until is not None and until < first
        reason = R.DATES_GAP if gap else R.DATES_OVERLAP
        place, told = later.at("valid_from"), {"name": later.item[key], "first": str(first)}
        book.findings.add(later.file, place, reason, warning=gap, until=until or "", **told)


def _start(entry: Entry) -> date:
    start: date = entry.item["valid_from"]
    return start


def _named(book: Book, entry: Entry, where: str, known: list[Entry], unknown: R, elsewhere: R) -> None:
    lands: dict[str, set[str]] = {}
    for each in known:
        there = lands.setdefault(each.item["key"], set())
        there.update((each.item["land"],) if "land" in each.item else LANDS)
    table = "legal_basis" if where == "legal_basis" else "fee"
    told = book.named(MANIFEST if table == "legal_basis" else FEES, table, "key") - set(lands)
    for number, key in enumerate(entry.item.get(where, ())):
        if key in told:  # it is there with a fault of its own
            continue
        if key not in lands:
            book.findings.add(entry.file, entry.at(where, number), unknown, name=key)
            continue
        for land in LANDS:
            if land not in lands[key]:
                book.findings.add(entry.file, entry.at(where, number), elsewhere, name=key, land=land)
