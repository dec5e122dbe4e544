"""What a person set for themselves: small, tolerant to read, written at one stroke."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from clerk_app.system.durable import set_aside, write_durably
from clerk_app.system.paths import Home


class Theme(StrEnum):
    """Light, dark, high contrast or as the system has it."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


@dataclass(frozen=True)
class Settings:
    """Einstellungen of one person. ``take_back_s`` None: as the profile says (seconds, 0 to 900)."""

    language: str = "de"
    theme: Theme = Theme.SYSTEM
    font_scale: float = 1.0  # 0.8 to 2.0
    take_back_s: int | None = None
    single_letter_keys: bool = True  # EN 301 549, 11.2.1.4.1: may be switched off
    open_newest_at_start: bool = True


@dataclass(frozen=True)
class SettingsReading:
    """What reading gave. ``set_aside`` is where a damaged file was put; ``ignored`` names unusable values."""

    settings: Settings
    set_aside: Path | None = None
    ignored: tuple[str, ...] = ()


_VALID: Mapping[str, Callable[[object], bool]] = {
    "language": lambda value: isinstance(value, str) and value in ("de", "en", "hsb"),
    "theme": lambda value: isinstance(value, str) and value in list(Theme),
    "font_scale": lambda value: (
        isinstance(value, int | float) and not isinstance(value, bool) and 0.8 <= value <= 2.0
    ),
    "take_back_s": lambda value: (
        value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 900)
    ),
    "single_letter_keys": lambda value: isinstance(value, bool),
    "open_newest_at_start": lambda value: isinstance(value, bool),
}


def read_settings(home: Home) -> SettingsReading:
    """The settings of this home. Missing: defaults. Damaged: set aside, defaults. Unknown keys are
    ignored.
    """
    try:
        members = json.loads(home.settings.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return SettingsReading(Settings())
    except OSError:
        return SettingsReading(Settings(), ignored=("*",))
    except (ValueError, RecursionError):
        return SettingsReading(Settings(), set_aside(home.settings))
    if not isinstance(members, dict):
        return SettingsReading(Settings(), set_aside(home.settings))
    usable = {name: value for name, value in members.items() if name in _VALID and _VALID[name](value)}
    ignored = tuple(sorted(name for name in members if name in _VALID and name not in usable))
    if "theme" in usable:
        usable["theme"] = Theme(usable["theme"])
    if "font_scale" in usable:
        usable["font_scale"] = float(usable["font_scale"])
    return SettingsReading(Settings(**usable), ignored=ignored)


def write_settings(home: Home, settings: Settings) -> None:
    """Keep the settings; keys a newer version wrote are kept as they are.

    :raises OSError: nothing changed
    """
    members: dict[str, object] = {}
    try:
        found = json.loads(home.settings.read_text(encoding="utf-8"))
        if isinstance(found, dict):
            members = {name: value for name, value in found.items() if name not in _VALID}
    except (OSError, ValueError, RecursionError):
        pass
    members.update(dataclasses.asdict(settings))
    write_durably(
        home.settings, (json.dumps(members, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
    )
