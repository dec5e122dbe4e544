"""The words of a package: there in every language it declares, with blanks that somebody fills."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from clerk_app.domain.package import FaultReason as R
from clerk_app.domain.toml_lines import KeyPath
from clerk_app.services.packages.book import Book, Entry
from clerk_app.services.packages.files import CHECKS, EVIDENCE, FORM, LETTERS, MANIFEST

ALWAYS_FILLED = frozenset(
    {"applicant", "service", "reference", "applied_on", "received_on", "date_on", "act", "supervision"}
)
_BLANK = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[a-z][\w.]*\Z")  # what letters fill
_LOCALIZED: Mapping[tuple[str, str], tuple[str, ...]] = {
    (CHECKS, "check"): ("ok", "warning", "advice", "ask"),
    (EVIDENCE, "evidence"): ("title", "request"),
    (LETTERS, "template"): ("title",),
    (LETTERS, "block"): ("title",),
}


def judge_languages(book: Book) -> None:
    """Every label and check point speaks every language the package declares."""
    for file, path, words in _localized(book):
        for code in book.languages:
            if not words.get(code):
                book.findings.add(file, path, R.LANGUAGE_MISSING, language=code)


def judge_blanks(book: Book) -> None:
    """Blanks stand only where somebody fills them."""
    for entry in book.own(CHECKS, "check"):
        for key in ("ok", "warning", "advice", "ask"):
            filled = {"value"} if key in ("ok", "warning") else set()
            for code, text in (entry.item.get(key) or {}).items():
                _judge(book, entry, (key, code), text, filled, forms=False)
    for entry in book.each((LETTERS, "template"), (LETTERS, "block")):
        for place, text in _texts(entry.item):
            _judge(book, entry, place, text, set())
    for entry in book.own(LETTERS, "notice"):
        forwarding = entry.item["kind"] == "forwarding-notice"
        given = {"authority", "first_received_on"} if forwarding else set()
        always = {"due_on"} if entry.item["kind"] in ("document-request", "hearing") else set()
        for place, text in _texts(entry.item):
            _judge(book, entry, place, text, given | always | ({"due_on"} if "with_due" in place else set()))
    for entry in book.own(MANIFEST, "legal_basis"):
        for place, text in _texts({key: entry.item.get(key) for key in ("text", "translations")}):
            _judge(book, entry, place, text, set(), forms=False)


def judge_fields(book: Book) -> None:
    """Fields the form view names exist, and what a letter repeats has a label."""
    if not book.paths:
        return
    for key in ("order", "letter_facts"):
        for number, path in enumerate(book.value(FORM, key) or ()):
            if not book.paths.has(path):
                book.findings.add(FORM, (key, number), R.PATH_UNKNOWN, field=path, warning=key == "order")
    for table in ("labels", "groups", "formats", "values"):
        for path in book.value(FORM, table) or ():
            if not (book.paths.has(path) or ("." not in path and book.paths.has_name(path))):
                book.findings.add(FORM, (table, path), R.PATH_UNKNOWN, field=path, warning=True)
    labels = {*(book.value(FORM, "labels") or ()), *book.trees.base.get("labels", {})}
    for number, path in enumerate(book.value(FORM, "letter_facts") or ()):
        if path not in labels and path.rpartition(".")[2] not in labels:
            book.findings.add(FORM, ("letter_facts", number), R.LABEL_MISSING, field=path)


def _localized(book: Book) -> Iterator[tuple[str, KeyPath, Mapping[str, str]]]:
    title = book.value(MANIFEST, "title")
    if title is not None:
        yield MANIFEST, ("title",), title
    for table in ("labels", "groups"):
        for path, words in _sound_items(book, (table,)):
            yield FORM, (table, path), words
    for path, _words in _sound_items(book, ("values",)):
        for key, words in _sound_items(book, ("values", path)):
            yield FORM, ("values", path, key), words
    for (file, table), keys in _LOCALIZED.items():
        for entry in book.own(file, table):
            for key in keys:
                if key in entry.item:
                    yield file, entry.at(key), entry.item[key]


def _sound_items(book: Book, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    node: Any = book.trees[FORM]
    for key in path:
        node = node.get(key, {}) if isinstance(node, Mapping) else {}
    if isinstance(node, Mapping):
        for key, value in node.items():
            if book.findings.is_sound(FORM, (*path, key)):
                yield key, value


def _texts(item: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """Every text of a letter with its place in the entry, translations too."""
    for key in ("subject", "operative", "reasons", "notes", "opening", "with_due", "closing", "text"):
        value = item.get(key)
        if isinstance(value, str):
            yield (key,), value
        else:
            yield from (((key, number), text) for number, text in enumerate(value or ()))
    for code, words in (item.get("translations") or {}).items():
        if isinstance(words, str):
            yield ("translations", code), words
        else:
            yield from ((("translations", code, *place), text) for place, text in _texts(words))


def _judge(
    book: Book, entry: Entry, place: KeyPath, text: str, filled: Iterable[str], *, forms: bool = True
) -> None:
    rest = _BLANK.sub("", text)
    if "{" in rest or "}" in rest:
        book.findings.add(entry.file, entry.at(*place), R.BLANK_MALFORMED, text=text[:80])
    for blank in dict.fromkeys(_BLANK.findall(text)):
        if blank in filled or (blank in ALWAYS_FILLED and entry.file != CHECKS):
            continue
        if not _NAME.match(blank):
            book.findings.add(entry.file, entry.at(*place), R.BLANK_MALFORMED, text=f"{{{blank}}}")
        elif not (forms and book.paths.has_exactly(blank)):
            book.findings.add(entry.file, entry.at(*place), R.BLANK_UNKNOWN, blank=blank)
