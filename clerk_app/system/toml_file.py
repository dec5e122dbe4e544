"""Opens a TOML file an office supplies: every way it can fail is named with file and line."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from clerk_app.domain.errors import ClerkError, Disposition
from clerk_app.domain.toml_lines import TomlLines, error_line
from clerk_app.system.profile_values import FileCodes, Section

_LARGEST_BYTES = 1_000_000


def read_file(path: Path, codes: FileCodes) -> bytes:
    """The bytes of the file.

    :raises ClerkError: ``codes.missing``, ``codes.unreadable``
    """
    try:
        with path.open("rb") as source:
            content = source.read(_LARGEST_BYTES + 1)
    except FileNotFoundError as error:
        raise ClerkError(codes.missing, {"path": str(path)}, Disposition.ASK_CLERK) from error
    except OSError as error:
        raise _unreadable(path, codes, None, None) from error
    if len(content) > _LARGEST_BYTES:
        raise _unreadable(path, codes, None, None)
    return content


def parse_file(
    content: bytes, path: Path, codes: FileCodes, parse_float: Callable[[str], Any] = float
) -> Section:
    """The whole file as one section.

    :raises ClerkError: ``codes.unreadable``
    """
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
        tree = tomllib.loads(text, parse_float=parse_float)
    except UnicodeDecodeError as error:
        raise _unreadable(path, codes, content[: error.start].count(b"\n") + 1, None) from error
    except tomllib.TOMLDecodeError as error:
        line = error_line(str(error)) or text.count("\n") + 1
        raise _unreadable(path, codes, line, str(error).split(" (at ")[0]) from error
    except RecursionError as error:
        raise _unreadable(path, codes, None, None) from error
    return Section(tree, (), TomlLines(text), path, codes)


def _unreadable(path: Path, codes: FileCodes, line: int | None, detail: str | None) -> ClerkError:
    params: dict[str, object] = {"path": str(path)}
    if line is not None:
        params["line"] = line
    if detail:
        params["detail"] = detail
    return ClerkError(codes.unreadable, params, Disposition.ASK_CLERK)
