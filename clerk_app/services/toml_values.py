"""Single values of descriptions and profiles, as TOML gives them, turned into the domain's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from clerk_app.domain.localized import Localized


class CatalogueError(Exception):
    """Data that ships with the program is not usable; names the file and what is wrong. A defect of the
    build."""


def resources_folder(name: str) -> Path:
    """A folder of data that ships with the program: in an installed package, else in the source tree."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_resources"
    return (installed if installed.is_dir() else package.parent / "resources") / name


def localized(table: object) -> Localized:
    """A text by language. Raises TypeError for anything but a table of texts, ValueError without German."""
    if not isinstance(table, Mapping) or not all(isinstance(word, str) for word in table.values()):
        raise TypeError("not a text by language")
    return Localized(dict(table))


def localized_map(*tables: Mapping[str, Any]) -> dict[str, Localized]:
    """Texts by path or key; later tables win."""
    return {key: localized(table) for found in tables for key, table in found.items()}


def texts(value: object) -> tuple[str, ...]:
    """A list of texts. Raises TypeError for anything else."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise TypeError("not a list of texts")
    if not all(isinstance(each, str) for each in value):
        raise TypeError("not a list of texts")
    return tuple(value)


def day(value: object) -> date:
    """A TOML date. Raises TypeError for anything else."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError("not a date")
    return value


def optional_day(value: object) -> date | None:
    """A TOML date or None."""
    return None if value is None else day(value)


def flag(value: object) -> bool:
    """True or false. Raises TypeError for anything else: 1 is no answer."""
    if not isinstance(value, bool):
        raise TypeError("not true or false")
    return value


def whole_number(value: object) -> int:
    """A whole number. Raises TypeError for anything else."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("not a whole number")
    return value


def in_land(item: Mapping[str, Any], land: str | None) -> bool:
    """Whether an entry belongs to that Land (None: to any)."""
    return land is None or item.get("land") in (None, land)
