"""Suche im Vorgang: where words stand in a text, whatever way their letters are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

from clerk_app.domain.search_form import folded, search_form

_SPACE = re.compile(r"\s")
Span = tuple[int, int]  # from, to: places in the text as Python counts them


class Needle:
    """What is looked for. ``mueller`` finds Müller, Mueller and MÜLLER, ``muller`` finds Müller too: the
    search form of DIN 91379, and letters without their marks."""

    def __init__(self, words: str) -> None:
        wanted = " ".join(words.split())
        self._wanted = tuple(
            dict.fromkeys((_folds, "".join(_folds(c) for c in _clusters(wanted))) for _folds in _FOLDS)
        )
        self.empty = not wanted

    def spans(self, text: str) -> tuple[Span, ...]:
        """Where it stands in ``text``, from left to right, none inside another."""
        if self.empty or not text:
            return ()
        found: set[Span] = set()
        for folds, wanted in self._wanted:
            found.update(_spans(text, wanted, folds))
        return _apart(sorted(found))


def _spans(text: str, wanted: str, folds: Callable[[str], str]) -> list[Span]:
    if text.isascii():
        flat = _SPACE.sub(" ", text.lower())
        begins: Sequence[int] = range(len(text))
        ends: Sequence[int] = range(1, len(text) + 1)
    else:
        flat, begins, ends = _flattened(text, folds)
    found, at = [], flat.find(wanted)
    while at >= 0:
        found.append((begins[at], ends[at + len(wanted) - 1]))
        at = flat.find(wanted, at + len(wanted))
    return found


@lru_cache(maxsize=4096)
def _flattened(text: str, folds: Callable[[str], str]) -> tuple[str, Sequence[int], Sequence[int]]:
    """The folded text, and for each of its letters where the one it comes from begins and ends."""
    parts: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    at = 0
    for cluster in _clusters(text):
        part = folds(cluster) if not cluster.isspace() else " "
        parts.append(part)
        begins += [at] * len(part)
        at += len(cluster)
        ends += [at] * len(part)
    return "".join(parts), begins, ends


def _clusters(text: str) -> list[str]:
    """Letters with the marks that belong to them."""
    if text.isascii():
        return list(text)
    found: list[str] = []
    for sign in text:
        if found and unicodedata.combining(sign):
            found[-1] += sign
        else:
            found.append(sign)
    return found


def _apart(found: list[Span]) -> tuple[Span, ...]:
    kept: list[Span] = []
    for begin, end in found:
        if not kept or begin >= kept[-1][1]:
            kept.append((begin, end))
    return tuple(kept)


@lru_cache(maxsize=4096)
def _official(cluster: str) -> str:
    return search_form(cluster).lower()


@lru_cache(maxsize=4096)
def _plain(cluster: str) -> str:
    return folded(cluster)


_FOLDS = (_official, _plain)
