"""Places in the program, as they may stand in a log: names of modules and functions, no values."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from types import FrameType

_DEEPEST = 12


def place(file_name: str, line: int | None, function: str) -> str:
    """``module:line:function``."""
    return f"{PurePath(file_name).stem}:{line or 0}:{function.strip('<>')}"


def calling_places(frame: FrameType | None, *, without: Iterable[str] = ()) -> list[str]:
    """Where a thread is, innermost last; frames in modules named in ``without`` are left out."""
    left_out = frozenset(without)
    found: list[str] = []
    while frame is not None and len(found) < _DEEPEST:
        code = frame.f_code
        if PurePath(code.co_filename).stem not in left_out:
            found.append(place(code.co_filename, frame.f_lineno, code.co_name))
        frame = frame.f_back
    return found[::-1]
