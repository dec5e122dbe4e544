"""Sprache of a letter: the words it says of itself and how it spells dates, from ``words.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from clerk_app.services.toml_values import CatalogueError, resources_folder

GERMAN = "de"


@dataclass(frozen=True)
class Tongue:
    """One language. ``reviewed`` False: nobody who knows it has read its texts yet."""

    language: str
    words: Mapping[str, str] = field(hash=False)
    months: tuple[str, ...]
    reviewed: bool

    def day_long(self, on: date) -> str:
        """``24. November 2026``."""
        month = self.months[on.month - 1]
        return self.words["date"].format(day=on.day, month=month, year=f"{on.year:04d}")


def load_tongues(folder: Path | None = None) -> Mapping[str, Tongue]:
    """All languages by code. Raises CatalogueError when the file is damaged or lacks a word."""
    return _load(folder if folder is not None else resources_folder("letters"))


@lru_cache(maxsize=4)
def _load(folder: Path) -> Mapping[str, Tongue]:
    try:
        with (folder / "words.toml").open("rb") as source:
            tree = tomllib.load(source)
        found = {}
        for code, words in tree.items():
            lacking = set(tree[GERMAN]) - set(words)
            if lacking or len(words["months"]) != 12:
                raise ValueError(f"{code}: missing {sorted(lacking)}")
            texts = {key: value for key, value in words.items() if isinstance(value, str)}
            found[code] = Tongue(code, texts, tuple(words["months"]), bool(words["reviewed"]))
        return found
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise CatalogueError(f"words.toml: {error!r}") from error
