"""Where the shipped fonts, icons and colour tokens lie."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def resource_dir(name: str) -> Path:
    """A folder of ``resources``: inside an installed package, else beside it in the source tree."""
    packaged = _PACKAGE / "_resources" / name
    return packaged if packaged.is_dir() else _PACKAGE.parent / "resources" / name
