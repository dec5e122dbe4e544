"""What the command line says: one JSON document, or lines a person reads."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import TextIO
from unicodedata import category

from clerk_app.domain.errors import ClerkError
from clerk_app.texts.errors import sentence


def plain(value: object) -> object:
    """``value`` as JSON knows it: times and dates as ISO 8601, enums as their value."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)


def say_json(value: object, out: TextIO | None = None) -> None:
    """One JSON document and nothing else, whatever characters the stream can take."""
    stream, ready = out or sys.stdout, plain(value)
    try:
        stream.write(json.dumps(ready, ensure_ascii=False, indent=2) + "\n")
    except UnicodeEncodeError:  # a lone surrogate in a form, or a terminal without UTF-8
        stream.write(json.dumps(ready, ensure_ascii=True, indent=2) + "\n")
    stream.flush()


def say_lines(lines: Sequence[str], out: TextIO | None = None) -> None:
    """Lines for a person. What citizens wrote cannot steer the terminal."""
    stream = out or sys.stdout
    text = "\n".join(visible(line) for line in lines) + "\n"
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()


def visible(text: str) -> str:
    """``text`` without control characters and without changes of the writing direction."""
    return "".join(
        "�"
        if character not in "\n\t" and (category(character) == "Cc" or character in _DIRECTIONS)
        else character
        for character in text
    )


_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def error_body(error: ClerkError) -> dict[str, object]:
    """The ``error`` member of a JSON answer."""
    return {"code": error.code.value, "message": sentence(error), "params": plain(error.params)}


def say_error(error: ClerkError, *, as_json: bool) -> None:
    """One line on stderr, code first; with ``--json`` also the document on stdout."""
    line = " ".join(sentence(error).split())
    sys.stderr.write(f"{error.code.value}: {line}\n")
    if as_json:
        try:
            say_json({"error": error_body(error)})
        except BrokenPipeError:
            end_output()


def end_output() -> None:
    """Ends well also for a reader who has seen enough (``| head``): what is left then goes nowhere."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def table(rows: Sequence[Sequence[str]], header: Sequence[str]) -> str:
    """Columns under a header, for a terminal."""
    everything = [list(header), *[list(row) for row in rows]]
    widths = [max(len(row[i]) for row in everything) for i in range(len(header))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in everything
    ]
    return "\n".join(line.rstrip() for line in lines)
