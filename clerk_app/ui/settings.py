"""What a person may set about the window, and what it remembers between two starts."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Protocol

SMALLEST_SCALE = 0.8
LARGEST_SCALE = 2.0
USUAL_LOCK_MINUTES, MOST_LOCK_MINUTES = 10, 480


class ThemeChoice(StrEnum):
    """Darstellung."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class WindowSettings(Protocol):
    """Settings of one person on one machine. Values are JSON. Used on the UI thread only; never raises."""

    def get(self, name: str, default: object = None) -> object:
        """The value of ``theme``, ``language``, ``font_scale``, ``single_keys`` or ``session``."""
        ...

    def locked(self, name: str) -> str:
        """Who has settled this value for everybody (a file, a place in the registry); empty when nobody."""
        ...

    def set(self, name: str, value: object) -> None:
        """Keeps a value. A machine policy may ignore it: ``get`` then still gives the policy's value."""
        ...


class MemorySettings:
    """Settings that end with the program."""

    def __init__(self, values: Mapping[str, object] | None = None) -> None:
        self._values: dict[str, object] = dict(values or {})

    def get(self, name: str, default: object = None) -> object:
        """See WindowSettings."""
        return self._values.get(name, default)

    def set(self, name: str, value: object) -> None:
        """See WindowSettings."""
        self._values[name] = value

    def locked(self, name: str) -> str:
        """See WindowSettings."""
        return ""


class FileSettings(MemorySettings):
    """Settings in one JSON document. If it is damaged, the window loses its place and starts all the same."""

    def __init__(self, path: Path) -> None:
        values: object = {}
        with contextlib.suppress(OSError, ValueError, RecursionError):
            values = json.loads(path.read_text(encoding="utf-8"))
        super().__init__(values if isinstance(values, dict) else {})
        self._path = path

    def set(self, name: str, value: object) -> None:
        """See WindowSettings."""
        if self._values.get(name) == value:
            return
        super().set(name, value)
        fresh = self._path.with_suffix(".new")
        with contextlib.suppress(OSError, TypeError):
            fresh.write_text(json.dumps(self._values, ensure_ascii=False, indent=1), encoding="utf-8")
            fresh.replace(self._path)


def theme_choice(settings: WindowSettings) -> ThemeChoice:
    """The chosen look; follows the system when nothing sensible was chosen."""
    try:
        return ThemeChoice(str(settings.get("theme", ThemeChoice.SYSTEM)))
    except ValueError:
        return ThemeChoice.SYSTEM


def font_scale(settings: WindowSettings) -> float:
    """The text size factor, between 0.8 and 2.0."""
    value = settings.get("font_scale", 1.0)
    return clamped_scale(value) if isinstance(value, int | float) else 1.0


def clamped_scale(value: float) -> float:
    """``value`` within what the layouts bear, in steps of a tenth."""
    return round(min(LARGEST_SCALE, max(SMALLEST_SCALE, value)), 1)


def lock_minutes(settings: WindowSettings) -> int:
    """After how many minutes without a touch the program locks; 0: never. Nonsense counts as the usual."""
    value = settings.get("lock_minutes", USUAL_LOCK_MINUTES)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_LOCK_MINUTES:
        return USUAL_LOCK_MINUTES
    return value
