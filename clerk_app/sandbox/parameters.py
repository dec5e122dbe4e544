"""What the two fictional authorities supply beside their profiles: complete, different, clearly made up."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Town:
    """A place with its postcode."""

    postcode: str
    name: str


def parameters_of(short: str) -> bytes:
    """The parameters file of an authority ("bw", "sn")."""
    packaged = _PACKAGE / "_resources"
    folder = packaged if packaged.is_dir() else _PACKAGE.parent / "resources"
    return (folder / "sandbox" / f"parameters-{short}.toml").read_bytes()


@cache
def neighbours(short: str) -> tuple[Town, ...]:
    """Towns of other authorities in its directory; people there apply in the wrong place now and then."""
    tree = tomllib.loads(parameters_of(short).decode("utf-8"))
    return tuple(
        Town(entry["postcodes"][-1], entry["places"][0])
        for entry in tree["directory"]
        if entry.get("places") and entry.get("postcodes")
    )
