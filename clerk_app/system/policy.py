"""Richtlinie: what the admin of a machine has settled for everybody who works on it.

Linux: a TOML file that only the admin can write. Windows: values below the policies' key of the registry,
where group policies put them. Neither place can be named by an option or a variable: a person who could
choose the policy would have none. Which keys there are stands in ``policy_keys``.
"""

from __future__ import annotations

import os
import stat
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from clerk_app.system.policy_keys import BY_NAME

LINUX_FILE = Path("/etc/amtsstube/policy.toml")
WINDOWS_KEY = r"Software\Policies\Amtsstube"
_LARGEST_BYTES = 64 * 1024
Tree = Mapping[str, object]


@dataclass(frozen=True)
class MachinePolicy:
    """``values`` by the full names of ``policy_keys``; ``source`` is where they come from, empty when there
    is no policy. ``fault``: ``unreadable``, ``syntax`` (``line`` says where) or ``writable`` when there is
    one that counts for nothing. ``unknown``: names in it that mean nothing; ``invalid``: keys whose value is
    none.
    """

    values: Mapping[str, object] = field(default_factory=dict)
    source: str = ""
    fault: str = ""
    unknown: tuple[str, ...] = ()
    invalid: tuple[str, ...] = ()
    changed_at: datetime | None = None
    line: int | None = None

    def text(self, name: str) -> str:
        """A TEXT or CHOICE; empty when nothing is settled."""
        found = self.values.get(name)
        return found if isinstance(found, str) else ""

    def texts(self, name: str) -> tuple[str, ...] | None:
        """TEXTS; None when nothing is settled."""
        found = self.values.get(name)
        return found if isinstance(found, tuple) else None

    def whole(self, name: str) -> int | None:
        """A WHOLE; None when nothing is settled."""
        found = self.values.get(name)
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    def switch(self, name: str) -> bool | None:
        """A SWITCH; None when nothing is settled."""
        found = self.values.get(name)
        return found if isinstance(found, bool) else None

    def section(self, section: str) -> Mapping[str, object]:
        """What is settled in one section, by short names."""
        start = f"{section}."
        return {
            name.removeprefix(start): value for name, value in self.values.items() if name.startswith(start)
        }


NO_POLICY = MachinePolicy()


def machine_policy() -> MachinePolicy:
    """The policy in force. Never raises: a broken policy locks nothing and is told."""
    return _registry_policy() if sys.platform == "win32" else file_policy(LINUX_FILE)


def file_policy(file: Path) -> MachinePolicy:
    """The policy in a TOML file; none when there is no file.

    A file that others than its owner may write, or that belongs to neither the machine's admin nor the person
    who works, is no admin's word: it counts for nothing.
    """
    source = str(file)
    try:
        with file.open("rb") as opened:
            found = os.fstat(opened.fileno())
            changed = datetime.fromtimestamp(found.st_mtime, UTC)
            content = opened.read(_LARGEST_BYTES + 1)
    except FileNotFoundError:
        return NO_POLICY
    except OSError:
        return MachinePolicy(source=source, fault="unreadable")
    if os.name == "posix" and (found.st_mode & stat.S_IWOTH or found.st_uid not in (0, os.geteuid())):
        return MachinePolicy(source=source, fault="writable", changed_at=changed)
    try:
        if len(content) > _LARGEST_BYTES:
            raise ValueError("too large")
        tree = tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # broken UTF-8 and broken TOML are ValueErrors
        return MachinePolicy(source=source, fault="syntax", changed_at=changed, line=_line_of(error))
    return policy_of(tree, source, changed)


def policy_of(tree: Tree, source: str, changed: datetime | None = None) -> MachinePolicy:
    """The policy in a tree of sections; what means nothing in it is named."""
    values: dict[str, object] = {}
    unknown: list[str] = []
    invalid: list[str] = []
    sections = {key.section for key in BY_NAME.values()}
    for section, members in tree.items():
        if section not in sections:
            unknown.append(section)
        elif not isinstance(members, Mapping):
            invalid.append(section)
        else:
            for short, found in members.items():
                name = f"{section}.{short}"
                key = BY_NAME.get(name)
                value = key.read(found) if key is not None else None
                if key is None:
                    unknown.append(name)
                elif value is None:
                    invalid.append(name)
                else:
                    values[name] = value
    return MachinePolicy(values, source, "", tuple(unknown), tuple(invalid), changed)


def _line_of(error: Exception) -> int | None:
    """The line tomllib names in its message (``… (at line 3, column 9)``)."""
    _before, mark, rest = str(error).rpartition("(at line ")
    number = rest.partition(",")[0]
    return int(number) if mark and number.isdigit() else None


if sys.platform == "win32":
    import winreg

    def _registry_policy() -> MachinePolicy:
        """Each section is a key of its own; group policies of the machine only."""
        tree: dict[str, object] = {}
        source = f"HKLM\\{WINDOWS_KEY}"
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, WINDOWS_KEY) as top:
                for at in range(winreg.QueryInfoKey(top)[0]):
                    section = winreg.EnumKey(top, at)
                    with winreg.OpenKey(top, section) as key:
                        count = winreg.QueryInfoKey(key)[1]
                        tree[section] = dict(winreg.EnumValue(key, each)[:2] for each in range(count))
                tree.update((winreg.EnumValue(top, at)[0], None) for at in range(winreg.QueryInfoKey(top)[1]))
        except FileNotFoundError:
            return NO_POLICY
        except OSError:
            return MachinePolicy(source=source, fault="unreadable")
        return policy_of(tree, source)
else:

    def _registry_policy() -> MachinePolicy:
        return NO_POLICY
