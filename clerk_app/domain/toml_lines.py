"""On which line of a TOML text a key, table or list element stands, for messages a person can act on.

The text must be valid TOML: it is walked, not judged.
"""

from __future__ import annotations

import re
from bisect import bisect_right

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)+")
_SPACE = re.compile(r"[ \t]*")
_HEADER = re.compile(r"(\[\[?)\s*(.+?)\s*\]\]?(?=\s*(?:#|\n|\Z))")
_KEY = re.compile(
    r"""((?:[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
    r"""(?:[ \t]*\.[ \t]*(?:[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*'))*)[ \t]*="""
)
_PART = re.compile(r"""[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*'""")
_SIMPLE = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|[^,\]}#\n]+",
    re.DOTALL,
)
_ERROR_LINE = re.compile(r"\bat line (\d+)")

KeyPath = tuple[str | int, ...]


class TomlLines:
    """Lines (from 1) of the keys, tables and elements of one text, as ``("mailbox", 0, "client_id")``."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends = [at for at, letter in enumerate(text) if letter == "\n"]
        self._lines: dict[KeyPath, int] = {}
        self._scan()

    def line(self, path: KeyPath) -> int | None:
        """The line of that key, table or element; for an absent one the line of the nearest around it."""
        while path:
            if path in self._lines:
                return self._lines[path]
            path = path[:-1]
        return None

    def _scan(self) -> None:
        table: KeyPath = ()
        counts: dict[KeyPath, int] = {}
        at = self._after_blank(0)
        while at < len(self._text):
            header, key = _HEADER.match(self._text, at), _KEY.match(self._text, at)
            if header and not key:
                table = self._table(header, counts)
                self._note(table, at)
                if isinstance(table[-1], int):
                    self._note(table[:-1], at)
                at = header.end()
            elif key:
                at = self._entry(key, table)
            else:  # no TOML: the rest of the line says nothing
                end = self._text.find("\n", at)
                at = len(self._text) if end < 0 else end
            at = self._after_blank(at)

    def _entry(self, key: re.Match[str], table: KeyPath) -> int:
        path = table + _parts(key.group(1))
        for length in range(len(table) + 1, len(path) + 1):
            self._note(path[:length], key.start())
        return self._value(_SPACE.match(self._text, key.end()).end(), path)  # type: ignore[union-attr]

    def _value(self, at: int, path: KeyPath) -> int:
        """Notes what stands inside the value at ``at``; returns where it ends."""
        opening = self._text[at : at + 1]
        if opening == "[":
            return self._list(at + 1, path)
        if opening == "{":
            return self._inline(at + 1, path)
        found = _SIMPLE.match(self._text, at)
        return found.end() if found else at + 1

    def _list(self, at: int, path: KeyPath) -> int:
        number = 0
        while (at := self._after_blank(at)) < len(self._text):
            if self._text[at] == "]":
                return at + 1
            if self._text[at] == ",":
                at += 1
                continue
            self._note((*path, number), at)
            at = self._value(at, (*path, number))
            number += 1
        return at

    def _inline(self, at: int, path: KeyPath) -> int:
        while (at := self._after_blank(at)) < len(self._text):
            if self._text[at] == "}":
                return at + 1
            key = _KEY.match(self._text, at)
            at = self._entry(key, path) if key else at + 1
        return at

    def _table(self, header: re.Match[str], counts: dict[KeyPath, int]) -> KeyPath:
        parts = _parts(header.group(2))
        path: KeyPath = ()
        for part in parts[:-1]:
            path = (*path, part)
            if path in counts:  # below the latest element of an array of tables
                path = (*path, counts[path] - 1)
        path = (*path, *parts[-1:])
        if header.group(1) == "[[":
            counts[path] = counts.get(path, 0) + 1
            path = (*path, counts[path] - 1)
        return path

    def _note(self, path: KeyPath, at: int) -> None:
        self._lines.setdefault(path, bisect_right(self._ends, at - 1) + 1)

    def _after_blank(self, at: int) -> int:
        found = _BLANK.match(self._text, at)
        return found.end() if found else at


def error_line(message: str) -> int | None:
    """The line a message of ``tomllib`` names."""
    found = _ERROR_LINE.search(message)
    return int(found.group(1)) if found else None


def _parts(dotted: str) -> KeyPath:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))
