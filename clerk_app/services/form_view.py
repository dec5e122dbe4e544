"""The form as labelled rows in order. Known fields have their label, unknown ones their own name made
readable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Generic, TypeVar

from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.service_package import FormGroup, FormRow, FormView, ServiceDescription
from clerk_app.services.form_tree import (
    MalformedFormError,
    Members,
    Node,
    Number,
    folded_name,
    read_form,
    text_of,
    whole,
)

MOST_ROWS = 5_000
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})\Z", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,10})?\Z", re.ASCII)
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}\Z", re.ASCII)
_TRUTHS = {"true": True, "false": False, "1": True, "0": False, "ja": True, "nein": False}
_Found = TypeVar("_Found")
_WORD_BREAK = re.compile(r"(?<=[a-zäöüß0-9])(?=[A-ZÄÖÜ])|(?<=[A-Z])(?=[A-Z][a-z])|[_\-\s]+")


@dataclass(frozen=True)
class ValueWords:
    """How values are written, in the language in force."""

    day: Callable[[date], str]
    moment: Callable[[datetime], str]
    yes_no: Callable[[bool], str]
    decimal: Callable[[Decimal], str]
    euros: Callable[[Decimal], str]


PLAIN_WORDS = ValueWords(
    day=lambda on: on.isoformat(),
    moment=lambda at: at.isoformat(),
    yes_no=lambda value: "true" if value else "false",
    decimal=str,
    euros=lambda value: f"{value} EUR",
)


def view_form(
    content: bytes,
    media_type: str,
    description: ServiceDescription,
    words: ValueWords = PLAIN_WORDS,
    language: str = "de",
) -> FormView:
    """The form as filed. What cannot be taken apart is there as ``raw`` text with the ``problem``."""
    try:
        tree = read_form(content, media_type)
    except MalformedFormError as error:
        raw = whole(content.decode("utf-8", "replace"))
        return FormView((), raw, error.code.value)
    return view_tree(tree, description, words, language, content)


def view_tree(
    tree: Node,
    description: ServiceDescription,
    words: ValueWords = PLAIN_WORDS,
    language: str = "de",
    content: bytes = b"",
) -> FormView:
    """The view of a form that was taken apart already."""
    maker = _Maker(description, words, language)
    groups = tuple(group for group in maker.all_groups(tree) if group.rows or group.title)
    if maker.rows_made > MOST_ROWS:
        raw = whole(content.decode("utf-8", "replace"))
        return FormView(groups, raw, ErrorCode.LIMIT_EXCEEDED.value)
    return FormView(groups)


def form_values(tree: Node, description: ServiceDescription, words: ValueWords) -> Mapping[str, str]:
    """All values by path, written as letters write them: for the blanks of a template."""
    return {row.path: row.value for row in view_tree(tree, description, words).rows() if row.value}


class _Maker:
    """Walks the tree; groups come parents first, each with its own rows before its parts."""

    def __init__(self, description: ServiceDescription, words: ValueWords, language: str) -> None:
        self._description = description
        self._words = words
        self._language = language
        paths = [_folded_path(path) for path in description.order]
        self._order = {path: number for number, path in enumerate(dict.fromkeys(paths))}
        self._labels = _ByPath(description.labels)
        self._groups = _ByPath(description.groups)
        self._values = _ByPath(description.values)
        self._formats = _ByPath(description.formats)
        self.rows_made = 0

    def all_groups(self, tree: Node) -> Iterator[FormGroup]:
        """All sections; technical members (``$schema``) come last in a section of their own."""
        technical: tuple[tuple[str, Node], ...] = ()
        if isinstance(tree, Members):
            technical = tuple(pair for pair in tree.pairs if pair[0].startswith("$"))
            tree = Members(tuple(pair for pair in tree.pairs if not pair[0].startswith("$")))
        yield from self.groups(tree, "", "", 0)
        if technical:
            yield from self.groups(Members(technical), "", self._title("$", "$"), 1)

    def groups(self, node: Node, path: str, title: str, depth: int) -> Iterator[FormGroup]:
        pairs = list(self._sorted(self._numbered(node), path))
        rows: list[FormRow] = []
        parts: list[tuple[str, str, Node]] = []
        for name, value, place in pairs:
            if isinstance(value, Members) and value.pairs:
                parts.append((place, self._title(place, name), value))
            elif isinstance(value, list) and any(isinstance(item, Members | list) for item in value):
                label = self._title(place, name)
                numbers = range(1, len(value) + 1)
                parts += [
                    (f"{place}.{n - 1}", f"{label} {n}", item) for n, item in zip(numbers, value, strict=True)
                ]
            else:
                row = self._row(place, name, value)
                if row is not None:
                    rows.append(row)
        yield FormGroup(title, tuple(rows), path, max(0, depth - 1))
        for place, label, value in parts:
            if self.rows_made <= MOST_ROWS:
                yield from self.groups(value, place, label, depth + 1)

    def _numbered(self, node: Node) -> Iterator[tuple[str, Node]]:
        if isinstance(node, Members):
            seen: dict[str, int] = {}
            for name, value in node.pairs:
                seen[name] = seen.get(name, 0) + 1
                yield (name if seen[name] == 1 else f"{name} ({seen[name]})"), value
        elif isinstance(node, list):
            yield from ((str(number), item) for number, item in enumerate(node))
        else:
            yield "", node

    def _sorted(self, pairs: Iterator[tuple[str, Node]], path: str) -> list[tuple[str, Node, str]]:
        placed = [(name, value, f"{path}.{name}" if path else name) for name, value in pairs]
        return sorted(placed, key=lambda item: self._rank(item[2]))

    def _rank(self, path: str) -> int:
        return self._order.get(_folded_path(path), len(self._order))

    def _row(self, path: str, name: str, value: Node) -> FormRow | None:
        self.rows_made += 1
        if self.rows_made > MOST_ROWS:
            return None
        label, described = self._label(path, name)
        if isinstance(value, list):
            text = "; ".join(self._value(path, item) for item in value)
        else:
            text = self._value(path, value)
        return FormRow(path, label, text, described)

    def _label(self, path: str, name: str) -> tuple[str, bool]:
        found = self._labels.get(path) or self._groups.whole(path)
        return (found.text(self._language), True) if found else (humanised(name), False)

    def _title(self, path: str, name: str) -> str:
        found = self._groups.get(path)
        return found.text(self._language) if found else humanised(name)

    def _value(self, path: str, value: Node) -> str:
        if value is None or isinstance(value, Members | list):
            return ""
        words = self._values.get(path)
        if words is not None:
            found = words.get(text_of(value))
            if found is not None:
                return found.text(self._language)
        return _Writer(self._words).write(self._formats.get(path) or "", value)


@dataclass(frozen=True)
class _Writer:
    """Values by the format a description asks for; what does not have the form stands as it was filed."""

    words: ValueWords

    def write(self, form: str, value: str | bool) -> str:
        if isinstance(value, bool):
            return self.words.yes_no(value)
        text = whole(str(value))
        shown: str | None = None
        match form:
            case "euros" | "number":
                shown = self._amount(form, text.strip())
            case "yes-no":
                truth = _TRUTHS.get(text.strip().casefold())
                shown = None if truth is None else self.words.yes_no(truth)
            case "iban":
                shown = _grouped_iban(text)
            case "lines":
                shown = "\n".join(line.strip() for line in text.splitlines() if line.strip())
        if shown is not None:
            return shown
        if isinstance(value, Number):
            plain = "." not in value or not _DECIMAL.match(value)
            return text if plain else self.words.decimal(Decimal(value))
        return self._moment(text)

    def _amount(self, form: str, text: str) -> str | None:
        if not _DECIMAL.match(text):
            return None
        amount = Decimal(text)
        return self.words.euros(amount) if form == "euros" else self.words.decimal(amount)

    def _moment(self, text: str) -> str:
        try:
            if _DATE.match(text):
                return self.words.day(date.fromisoformat(text))
            if _MOMENT.match(text):
                return self.words.moment(datetime.fromisoformat(text))
        except (ValueError, OverflowError):
            return text
        return text


def _grouped_iban(text: str) -> str | None:
    """Groups of four (DIN 5008)."""
    bare = "".join(text.split()).upper()
    if not _IBAN.match(bare):
        return None
    return " ".join(bare[at : at + 4] for at in range(0, len(bare), 4))


class _ByPath(Generic[_Found]):
    """What a description says of fields: by their whole path without the places in lists, else by their own
    name alone. Names are compared folded."""

    def __init__(self, by_path: Mapping[str, _Found]) -> None:
        self._by_path = {_folded_path(path): found for path, found in by_path.items()}

    def get(self, path: str) -> _Found | None:
        if not self._by_path:
            return None
        folded = _folded_path(path)
        found = self._by_path.get(folded)
        return found if found is not None else self._by_path.get(folded.rpartition(".")[2])

    def whole(self, path: str) -> _Found | None:
        return self._by_path.get(_folded_path(path))


@lru_cache(maxsize=8192)
def _folded_path(path: str) -> str:
    parts = path.removeprefix("**.").split(".")
    return ".".join(folded_name(part) for part in parts if part and part != "*" and not part.isdecimal())


def humanised(name: str) -> str:
    """A field name as words: ``bruttoeinkommenMonat`` becomes ``Bruttoeinkommen Monat``."""
    words = [word for word in _WORD_BREAK.split(name.lstrip("@#$")) if word]
    text = " ".join(words) or name
    return text[:1].upper() + text[1:]
