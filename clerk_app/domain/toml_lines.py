"""On which line of a TOML text a key or table stands, for messages a person can act on."""

from __future__ import annotations

import re

_HEADER = re.compile(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*="""
)
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")
_ERROR_LINE = re.compile(r"\bat line (\d+)")

KeyPath = tuple[str | int, ...]


class TomlLines:
    """Lines (from 1) of the keys and tables of one text, as ``("mailbox", 0, "client_id")``."""

    def __init__(self, text: str) -> None:
        self._lines: dict[KeyPath, int] = {}
        self._scan(text)

    def line(self, path: KeyPath) -> int | None:
        """The line of that key or table; for an absent one the line of the nearest table around it."""
        while path:
            if path in self._lines:
                return self._lines[path]
            path = path[:-1]
        return None

    def _scan(self, text: str) -> None:
        table: KeyPath = ()
        counts: dict[KeyPath, int] = {}
        open_quote, depth = "", 0
        for number, line in enumerate(text.splitlines(), 1):
            if not open_quote and depth == 0:
                header, key = _HEADER.match(line), _KEY.match(line)
                if header:
                    table = self._table(header, counts)
                    self._note(table, 0, number)  # what it stands in too: [[unit]] is where "unit" begins
                elif key:
                    self._note(table + _parts(key.group(1)), len(table), number)
            open_quote, depth = _after(line, open_quote, depth)

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

    def _note(self, path: KeyPath, table_length: int, number: int) -> None:
        for length in range(table_length + 1, len(path) + 1):
            self._lines.setdefault(path[:length], number)


def error_line(message: str) -> int | None:
    """The line a message of ``tomllib`` names."""
    found = _ERROR_LINE.search(message)
    return int(found.group(1)) if found else None


def _parts(dotted: str) -> KeyPath:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _after(line: str, quote: str, depth: int) -> tuple[str, int]:
    """The open multi-line quote and bracket depth after ``line``."""
    position = 0
    while position < len(line):
        rest = line[position:]
        if quote:
            if quote[0] == '"' and rest[0] == "\\":
                position += 2
            elif rest.startswith(quote):
                position, quote = position + len(quote), ""
            else:
                position += 1
            continue
        if rest[0] == "#":
            break
        if rest.startswith(('"""', "'''")):
            quote, position = rest[:3], position + 3
            continue
        if rest[0] in "\"'":
            quote = rest[0]
        elif rest[0] in "[{":
            depth += 1
        elif rest[0] in "]}":
            depth -= 1
        position += 1
    return (quote if len(quote) == 3 else ""), max(depth, 0)
