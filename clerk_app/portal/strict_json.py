"""JSON from outside, read strictly: no duplicate members, no NaN, no lone surrogates, bounded depth."""

from __future__ import annotations

import json
from typing import NoReturn

MAX_DEPTH = 64


class JsonRejectedError(ValueError):
    """Not JSON, or JSON that two readers could understand differently. ``reason`` is a short code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse(text: bytes, *, max_bytes: int, max_depth: int = MAX_DEPTH) -> object:
    """The value of ``text`` (UTF-8). Raises JsonRejectedError and nothing else."""
    if len(text) > max_bytes:
        raise JsonRejectedError("too large")
    try:
        decoded = text.decode("utf-8")
        value: object = json.loads(decoded, object_pairs_hook=_unique, parse_constant=_no_constant)
    except JsonRejectedError:
        raise
    except RecursionError:
        raise JsonRejectedError("too deep") from None
    except ValueError:  # includes UnicodeDecodeError, JSONDecodeError and over-long integers
        raise JsonRejectedError("not JSON") from None
    if text.count(b"[") + text.count(b"{") > max_depth:
        _check_depth(value, max_depth)
    if b"\\ud" in text or b"\\uD" in text:
        _check_surrogates(value)
    return value


def parse_object(text: bytes, *, max_bytes: int, max_depth: int = MAX_DEPTH) -> dict[str, object]:
    """Like ``parse``, for a JSON object."""
    value = parse(text, max_bytes=max_bytes, max_depth=max_depth)
    if not isinstance(value, dict):
        raise JsonRejectedError("not an object")
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise JsonRejectedError("duplicate member")
    return members


def _no_constant(name: str) -> NoReturn:
    raise JsonRejectedError("not a number")


def _check_depth(value: object, max_depth: int) -> None:
    level = [value]
    for _ in range(max_depth + 1):
        if not level:
            return
        following: list[object] = []
        for item in level:
            if isinstance(item, dict):
                following.extend(v for v in item.values() if isinstance(v, dict | list))
            elif isinstance(item, list):
                following.extend(v for v in item if isinstance(v, dict | list))
        level = following
    raise JsonRejectedError("too deep")


def _check_surrogates(value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise JsonRejectedError("lone surrogate") from None
