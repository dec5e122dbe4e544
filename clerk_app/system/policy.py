"""Richtlinie: what the admin of a machine has settled for everybody who works on it.

Linux: a TOML file that only the admin can write. Windows: values below the policies' key of the registry,
where group policies put them (written after the API's documentation, not yet run on Windows).
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

LINUX_FILE = Path("/etc/amtsstube/policy.toml")
WINDOWS_KEY = r"Software\Policies\Amtsstube"
_SECTION = "window"
_LARGEST_BYTES = 64 * 1024


@dataclass(frozen=True)
class MachinePolicy:
    """``values`` of the window's settings by name; ``source`` is where they come from, empty when there is no
    policy. ``fault``: ``unreadable`` or ``syntax`` when there is one that counts for nothing. ``unknown``:
    names in it that mean nothing."""

    values: Mapping[str, object] = field(default_factory=dict)
    source: str = ""
    fault: str = ""
    unknown: tuple[str, ...] = ()
    changed_at: datetime | None = None


def machine_policy(file: Path = LINUX_FILE) -> MachinePolicy:
    """The policy in force. Never raises: a broken policy locks nothing and is told."""
    return _registry_policy() if sys.platform == "win32" else file_policy(file)


def file_policy(file: Path) -> MachinePolicy:
    """The policy in a TOML file; none when there is no file."""
    source = str(file)
    try:
        with file.open("rb") as opened:
            changed = datetime.fromtimestamp(os.fstat(opened.fileno()).st_mtime, UTC)
            content = opened.read(_LARGEST_BYTES + 1)
    except FileNotFoundError:
        return MachinePolicy()
    except OSError:
        return MachinePolicy(source=source, fault="unreadable")
    try:
        if len(content) > _LARGEST_BYTES:
            raise ValueError("too large")
        found = tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):  # broken UTF-8 and broken TOML are ValueErrors
        return MachinePolicy(source=source, fault="syntax", changed_at=changed)
    section = found.get(_SECTION, {})
    unknown = [name for name in found if name != _SECTION]
    if not isinstance(section, dict):
        return MachinePolicy(source=source, fault="syntax", changed_at=changed)
    plain = {name: value for name, value in section.items() if isinstance(value, str | int | float | bool)}
    unknown += [f"{_SECTION}.{name}" for name in section if name not in plain]
    return MachinePolicy(plain, source, "", tuple(unknown), changed)


if sys.platform == "win32":  # pragma: no cover - not run on the build machines
    import winreg

    def _registry_policy() -> MachinePolicy:
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, WINDOWS_KEY) as key:
                count = winreg.QueryInfoKey(key)[1]
                values = dict(winreg.EnumValue(key, at)[:2] for at in range(count))
        except FileNotFoundError:
            return MachinePolicy()
        except OSError:
            return MachinePolicy(source=WINDOWS_KEY, fault="unreadable")
        plain = {str(name): value for name, value in values.items() if isinstance(value, str | int)}
        return MachinePolicy(plain, WINDOWS_KEY)
else:

    def _registry_policy() -> MachinePolicy:
        return MachinePolicy()
